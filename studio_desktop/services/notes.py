"""Notes on clients: written, changed over one another without loss, deleted and brought back."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from studio_desktop.database.tables.people import note
from studio_desktop.database.tables.studio import user
from studio_desktop.domain import merge, text
from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.services.record_store import RecordStore
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.trash import hold_present
from studio_desktop.services.unit import Unit

STORE = RecordStore(
    NoteRecord,
    note,
    derived={
        "created_at": note.c.created_at,
        "created_by": func.coalesce(select(user.c.name).where(user.c.id == note.c.created_by).scalar_subquery(), ""),
        "updated_at": note.c.updated_at,
    },
)


class Notes(Service):
    """The notes of clients."""

    @requires(Permission.VIEW_CLIENTS)
    def of_client(self, client_id: int) -> list[NoteRecord]:
        """A client's notes, newest first."""

        def load(connection: Connection) -> list[NoteRecord]:
            query = select(note.c.id).where(note.c.client_id == client_id, note.c.deleted_at.is_(None))
            ids = connection.execute(query.order_by(note.c.id.desc())).scalars().all()
            found = STORE.load_many(connection, ids)
            return [found[note_id] for note_id in ids]

        return self.database.read(load)

    @requires(Permission.CHANGE_CLIENTS)
    def add(self, record: NoteRecord, request: str) -> Saved[NoteRecord]:
        """Add a note to `record.client_id`. Raises InvalidInput when it is empty, NotFound."""

        def work(unit: Unit) -> int:
            hold_present(unit, record.client_id)
            note_id = STORE.insert(unit, _checked(record), client_id=record.client_id)
            unit.touch(note.name)
            return note_id

        return self.command(request, "notes.add", record, work, _loaded, target_kind=note.name)

    @requires(Permission.CHANGE_CLIENTS)
    def save(self, base: NoteRecord, mine: NoteRecord, request: str) -> Saved[NoteRecord]:
        """Save a changed note. Raises Conflict, InvalidInput, NotFound."""

        def work(unit: Unit) -> int:
            if unit.lock(note, base.id)["deleted_at"] is not None:
                raise NotFound("This note was deleted meanwhile.")
            theirs = STORE.load(unit.connection, base.id)
            STORE.write(unit, theirs, merge.merge(base, _checked(mine), theirs))
            return base.id

        return self.command(request, "notes.save", (base, mine), work, _loaded, target_kind=note.name)

    @requires(Permission.CHANGE_CLIENTS)
    def delete(self, note_id: int, request: str) -> Saved[None]:
        """Mark a note as deleted; undoing the request brings it back."""

        def work(unit: Unit) -> int:
            unit.update(note, note_id, {"deleted_at": unit.now, "deleted_by": self.desk.user_id})
            return note_id

        return self.command(request, "notes.delete", note_id, work, lambda _, __: None, target_kind=note.name)


def _checked(record: NoteRecord) -> NoteRecord:
    cleaned = text.clean_record(record)
    if not cleaned.text:
        raise InvalidInput("Write something, or leave the note out.", field="text")
    return cleaned


def _loaded(connection: Connection, note_id: int | None) -> NoteRecord:
    assert note_id is not None
    return STORE.load(connection, note_id)
