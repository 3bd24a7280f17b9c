"""Carries a plan out, inside the one transaction of its command: new clients all at once, changed ones one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, select

from studio_desktop.database.tables.people import (
    archive_reason,
    client,
    client_group,
    client_status,
    client_status_reason,
    client_tag,
    consent,
    lead_source,
    marketing_plan,
    note,
    organization,
    phone_label,
    relationship,
)
from studio_desktop.database.tables.studio import user
from studio_desktop.domain import names, text
from studio_desktop.domain.errors import StudioError
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.domain.records.consents import Answer, ConsentRecord
from studio_desktop.services import images, leads, numbers, statuses
from studio_desktop.services.clients import STORE, add_many, check_named
from studio_desktop.services.imports import ties
from studio_desktop.services.imports.matching import BATCH, Places, chunks
from studio_desktop.services.imports.plan import NO_PAST, Judged, Plan, Progress, RowNote, Verdict
from studio_desktop.services.imports.rows import ids_by_name
from studio_desktop.services.imports.updating import left_aside, updated
from studio_desktop.services.unit import Unit

_CHUNK = 2000


class ChangedMeanwhile(StudioError):
    """Somebody changed, at another desk or in another window, what the rows were judged by: they are judged again."""


def write(unit: Unit, plan: Plan, batch_id: int, progress: Progress | None) -> None:
    """Write what comes in and what is updated. Raises ChangedMeanwhile, and nothing is written.

    That everybody is found takes nearly as long as the rows themselves, so each is half of what `progress` hears.
    """
    total, done = plan.writes, 0
    tied = [tie for row in plan.rows.at(plan.rows.tied) for tie in row.ties]
    lists = _Lists(unit, {names.key(tie.relation): tie.inverse for tie in tied if tie.inverse})
    for rows in _updates(unit, plan):
        _change(unit, plan, lists, rows)
        done += sum(map(len, rows.values()))
        if progress is not None:
            progress(done // 2, total)
    ids_by_row: dict[int, int] = {}
    users = _users(unit.connection)
    for new in _new(unit.connection, plan):
        records = [_settled(unit, lists, row) for row in new]
        _keep_photos(unit, plan, records)
        client_ids = add_many(unit, records, _past_columns(unit, new, users, batch_id))
        notes = [_note_columns(unit, client_id, one) for client_id, row in zip(client_ids, new, strict=True)
                 for one in row.notes]  # fmt: skip
        unit.insert_many(note, notes, parts=True)
        answers = [_answer_columns(unit, client_id, one) for client_id, row in zip(client_ids, new, strict=True)
                   for one in row.answers]  # fmt: skip
        unit.insert_many(consent, answers, parts=True)
        if tied:
            ids_by_row |= {row.number: client_id for client_id, row in zip(client_ids, new, strict=True)}
        done += len(new)
        if progress is not None:
            progress(done // 2, total)
    if tied:
        ties.make(unit, plan, ids_by_row, lists.relation)
    if progress is not None:
        unit.make_found(lambda found, of: progress(total // 2 + total * found // (2 * max(of, 1)), total))
        progress(total, total)


def _updates(unit: Unit, plan: Plan) -> Iterator[dict[int, list[Judged]]]:
    """The rows that update, by their clients, in parts; all of a client's rows come with the first of them.

    The clients are held in the order of their ids before any is changed, so that two desks do not wait for each other.
    """
    by_client = Places()
    for place in plan.places(Verdict.UPDATE):
        by_client.add(plan.rows.client_id(place), place)
    for ids in chunks(sorted(by_client), BATCH):
        held = select(client.c.id).where(client.c.id.in_(ids)).order_by(client.c.id).with_for_update()
        unit.connection.execute(held)
    firsts = (place for place in plan.places(Verdict.UPDATE) if by_client.of(plan.rows.client_id(place))[0] == place)
    while part := list(islice(firsts, BATCH)):
        ids = [plan.rows.client_id(place) for place in part]
        yield {client_id: list(plan.rows.at(by_client.of(client_id))) for client_id in ids}


def _new(connection: Connection, plan: Plan) -> Iterator[list[Judged]]:
    """The rows that come in, in parts; those with a number of their own first, before it is given to others."""
    contested = _contested(connection, plan)
    numbered = (place for place in plan.places(Verdict.NEW) if plan.rows.has_number(place))
    without: list[Judged] = []
    while part := list(islice(numbered, _CHUNK)):
        rows = _with_free_numbers(connection, plan, list(plan.rows.at(part)), contested)
        without += [row for row in rows if row.record is not None and not row.record.number]
        yield [row for row in rows if row.record is not None and row.record.number]
    others = plan.rows.at(place for place in plan.places(Verdict.NEW) if not plan.rows.has_number(place))
    rest = chain(without, others)
    while rows := list(islice(rest, _CHUNK)):
        yield rows


def _users(connection: Connection) -> dict[str, int]:
    """Who works here, by name."""
    return {names.key(row.name): row.id for row in connection.execute(select(user.c.id, user.c.name))}


def _past_columns(
    unit: Unit, rows: Sequence[Judged], users: Mapping[str, int], batch_id: int
) -> list[dict[str, Any]]:
    """What the rows bring that no field of a record holds."""
    batch = {"import_batch_id": batch_id}
    if all(row.past is NO_PAST for row in rows):
        return [batch] * len(rows)
    return [
        {
            **batch, "former_numbers": ", ".join(row.past.former_numbers),
            **_stamp("created", row.past.created_at, row.past.created_by, unit, users),
            **_stamp("updated", row.past.updated_at, row.past.updated_by, unit, users),
        }
        for row in rows
    ]  # fmt: skip


def _stamp(verb: str, at: datetime | None, name: str, unit: Unit, users: Mapping[str, int]) -> dict[str, Any]:
    """When and by whom, as the file says it; without that it is this import."""
    who = users.get(names.key(name)) if name else unit.desk.user_id
    return {f"{verb}_at": at or unit.now, f"{verb}_by": who}


def _keep_photos(unit: Unit, plan: Plan, records: Sequence[ClientRecord]) -> None:
    for image_hash in {record.image_hash for record in records} - {""}:
        assert plan.table.photos is not None, "a photo was taken from somewhere"
        images.keep(unit.connection, plan.table.photos.picture(image_hash), unit.now)


def _change(unit: Unit, plan: Plan, lists: _Lists, by_client: Mapping[int, Sequence[Judged]]) -> None:
    """Bring the rows over their clients, each client written once however many rows speak of it."""
    ids = list(by_client)
    stands = STORE.load_many(unit.connection, ids)
    gone = select(client.c.id).where(client.c.id.in_(ids), client.c.deleted_at.is_not(None))
    deleted = set(unit.connection.execute(gone).scalars())
    known_notes: dict[int, set[str]] = {}
    for client_id, said in unit.connection.execute(
        select(note.c.client_id, note.c.text).where(note.c.client_id.in_(ids), note.c.deleted_at.is_(None))
    ):
        known_notes.setdefault(client_id, set()).add(said)
    matching = plan.rules.update_by
    assert matching is not None, "only who asks for it updates"
    for client_id, own in by_client.items():
        theirs = stands.get(client_id)
        if theirs is None or client_id in deleted or theirs.version != own[0].version:
            raise ChangedMeanwhile(
                "{name} (row {row}) was changed since the rows were checked, so nothing was written. They are checked "
                "again: look at them, then import.",
                name=own[0].name, row=own[0].number,
            )  # fmt: skip
        merged = theirs
        for row in own:
            for one in (*(RowNote(said) for said in left_aside(merged, row)), *row.notes):
                if one.text not in known_notes.setdefault(client_id, set()):
                    known_notes[client_id].add(one.text)
                    unit.insert(note, _note_columns(unit, client_id, one))
                    unit.touch(note.name)
            merged = updated(merged, replace(row, record=lists.resolved(row)), matching, unit.today)
        settled = statuses.settle(unit, theirs, merged)
        check_named(settled)
        if settled.image_hash != theirs.image_hash:
            _keep_photos(unit, plan, [settled])
        if settled.kind is not theirs.kind:
            leads.follow_kind(unit, [client_id], settled.kind)
        if STORE.write(unit, theirs, settled):
            statuses.record_assignment(unit, client_id, theirs, settled)
    numbers.give_due(unit, ids)


def _contested(connection: Connection, plan: Plan) -> set[str]:
    """The numbers of rows that come in by a person's choice, which somebody else has, here or in the file."""
    chosen = [row for row in plan.rows.at(_chosen(plan)) if row.record is not None and row.record.number]
    wanted = {names.key(row.record.number) for row in chosen if row.record is not None}
    if not wanted:
        return set()
    own = (row for row in plan.rows.at(plan.places(Verdict.NEW)) if row.number not in plan.choices)
    numbers_of_file = {names.key(row.record.number) for row in own if row.record is not None}
    return (wanted & numbers_of_file) | _taken(connection, wanted)


def _chosen(plan: Plan) -> Iterator[int]:
    places = (plan.rows.place_of(number) for number, verdict in plan.choices.items() if verdict is Verdict.NEW)
    return (place for place in places if place is not None)


def _taken(connection: Connection, wanted: Iterable[str]) -> set[str]:
    taken: set[str] = set()
    for part in chunks(sorted(wanted), BATCH):
        query = select(client.c.number_key).where(client.c.number_key.in_(part))
        taken.update(connection.execute(query).scalars())
    return taken


def _with_free_numbers(
    connection: Connection, plan: Plan, rows: Sequence[Judged], contested: set[str]
) -> list[Judged]:
    """Who comes in as new by a person's choice gets a number of its own where the file's is `contested`.

    Any other number that was taken since the rows were judged is a reason to judge them again.
    """
    numbers_of = [names.key(row.record.number) if row.record is not None else "" for row in rows]
    taken = _taken(connection, numbers_of)
    free: list[Judged] = []
    for row, number in zip(rows, numbers_of, strict=True):
        assert row.record is not None, "a new row has its record"
        if row.number in plan.choices and number in contested:
            told = RowNote(f"Client number: {row.record.number}")
            free.append(replace(row, record=replace(row.record, number=""), notes=(*row.notes, told)))
        elif number in taken:
            raise ChangedMeanwhile(
                "Number {number} (row {row}) was given away since the rows were checked, so nothing was written. They "
                "are checked again: look at them, then import.",
                number=row.record.number, row=row.number,
            )  # fmt: skip
        else:
            free.append(row)
            if row.number in plan.choices:
                contested.add(number)
    return free


def _settled(unit: Unit, lists: _Lists, row: Judged) -> ClientRecord:
    """The record of a new row with its status's dates, which stay as the file has them."""
    record = lists.resolved(row)
    settled = statuses.settle(unit, None, record)
    if record.status_id is None or record.status_set_on is None:
        return settled
    return replace(
        settled, status_set_on=record.status_set_on, status_due_on=record.status_due_on or settled.status_due_on,
        status_due_set_by_hand=record.status_due_set_by_hand,
    )  # fmt: skip


def _note_columns(unit: Unit, client_id: int, one: RowNote) -> dict[str, Any]:
    return {"client_id": client_id, "text": one.text, "alert": one.alert, "created_at": one.written or unit.now}


def _answer_columns(unit: Unit, client_id: int, one: ConsentRecord) -> dict[str, Any]:
    return {
        "client_id": client_id, "channel": one.channel.value, "purpose": one.purpose.value, "answer": one.answer.value,
        "way": "" if one.answer is Answer.NOT_ASKED else one.way.value, "wording": one.wording,
        "at": one.at or unit.now, "recorded_by": unit.desk.user_id,
    }  # fmt: skip


@dataclass
class _Lists:
    """Rows of the studio's lists by name, added where it lacks them, in the import's own transaction."""

    unit: Unit
    inverses: Mapping[str, str] = field(default_factory=dict)
    """The other side of relationships, by the keys of their words."""
    found: dict[str, dict[str, int]] = field(default_factory=dict)
    reasons: dict[tuple[int, str], int] = field(default_factory=dict)

    def resolved(self, row: Judged) -> ClientRecord:
        """The row's record with the ids of what it names."""
        record, words = row.record, row.words
        assert record is not None, "only a row with its record is written"
        named: dict[str, Any] = {}
        for name, table, described in (
            ("groups", client_group, words.groups), ("tags", client_tag, words.tags),
            ("plans", marketing_plan, words.plans),
        ):  # fmt: skip
            if described:
                named[name] = frozenset(self._ensure(table, one) for one in described)
        if words.lead_source:
            named["lead_source_id"] = self._ensure(lead_source, words.lead_source)
        if words.archive_reason:
            named["archive_reason_id"] = self._ensure(archive_reason, words.archive_reason)
        if words.status:
            named["status_id"] = self._ensure(client_status, words.status)
        status_id = named.get("status_id", record.status_id)
        if words.status_reason and status_id is not None:
            named["status_reason_id"] = self._reason(status_id, words.status_reason)
        if words.labels:
            named["phones"] = self._labelled(record.phones, words.labels)
        if words.relations or words.labels:
            named["family"] = tuple(
                replace(
                    member,
                    phones=self._labelled(member.phones, words.labels),
                    relationship_id=self._ensure(relationship, words.relations[member.uid])
                    if member.uid in words.relations else member.relationship_id,
                )
                for member in record.family
            )  # fmt: skip
        if words.organizations:
            named["organizations"] = tuple(
                replace(at, organization_id=self._ensure(organization, words.organizations[at.uid]))
                if at.uid in words.organizations else at
                for at in record.organizations
            )  # fmt: skip
        return replace(record, **named) if named else record

    def relation(self, word: str) -> int:
        """A relationship by its word."""
        return self._ensure(relationship, word)

    def _labelled(self, phones: tuple[Any, ...], labels: Any) -> tuple[Any, ...]:
        return tuple(
            replace(one, label_id=self._ensure(phone_label, labels[one.uid])) if one.uid in labels else one
            for one in phones
        )

    def _ensure(self, table: Any, description: str) -> int:
        cleaned = text.clean_line(description, 80)[:80]
        if table.name not in self.found:
            self.found[table.name] = ids_by_name(self.unit.connection, table)
        ids = self.found[table.name]
        key = names.key(cleaned)
        if key not in ids:
            more = {"colour": "slate"} if "colour" in table.c else {}
            if table is relationship:
                more = {"inverse": text.clean_line(self.inverses.get(key, ""), 80)[:80]}
            ids[key] = self.unit.insert(table, {"description": cleaned, "position": len(ids) + 1, **more})
        return ids[key]

    def _reason(self, status_id: int, description: str) -> int:
        table = client_status_reason
        if not self.reasons:
            rows = self.unit.connection.execute(select(table.c.status_id, table.c.description_key, table.c.id))
            self.reasons = {(row.status_id, row.description_key): row.id for row in rows}
        key = (status_id, names.key(description))
        if key not in self.reasons:
            values = {"status_id": status_id, "description": description, "position": len(self.reasons) + 1}
            self.reasons[key] = self.unit.insert(table, values)
        return self.reasons[key]

