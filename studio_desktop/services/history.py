"""What happened to a record, field by field; and the one function that undoes any request."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, exists, false, func, select
from sqlalchemy.exc import IntegrityError

from studio_desktop.database.tables import metadata
from studio_desktop.database.tables.activity import lost_reason, pipeline, pipeline_stage
from studio_desktop.database.tables.people import (
    archive_reason,
    client,
    client_group,
    client_group_member,
    client_plan_member,
    client_status,
    client_status_reason,
    client_tag,
    client_tag_member,
    family_member,
    lead_source,
    marketing_plan,
    organization,
    phone_label,
    relationship,
)
from studio_desktop.database.tables.studio import history, history_value, user, workstation
from studio_desktop.database.tables.studio import request as request_table
from studio_desktop.domain.changes import Changes
from studio_desktop.domain.errors import Conflict, NotFound, StudioError
from studio_desktop.domain.permissions import Permission
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.unit import BATCH, Root, Unit, decoded, whole_row

_NAMED: Mapping[str, Table] = {
    "status_id": client_status,
    "status_reason_id": client_status_reason,
    "reason_id": client_status_reason,
    "lead_source_id": lead_source,
    "archive_reason_id": archive_reason,
    "label_id": phone_label,
    "relationship_id": relationship,
    "group_id": client_group,
    "tag_id": client_tag,
    "plan_id": marketing_plan,
    "organization_id": organization,
    "referred_by_client_id": client,
    "merged_into_id": client,
    "pipeline_id": pipeline,
    "stage_id": pipeline_stage,
    "lost_reason_id": lost_reason,
    "responsible_id": user,
    "other_id": client,
}
"""The tables that ids in history are names of."""

_MEMBER = "member_uid"
"""What tells a family member; the name of one who is gone is no longer known."""

_ONLY_FOR_THE_PROGRAM = ("deleted_by", "client_id", "family_member_id", "other_id")
"""Who deleted is said by the line itself; that a row moved, by the merge that moved it."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One fact of the past: who set what from what to what, when and where. `action` is create, change or remove."""

    id: int
    request: str
    at: datetime
    user: str
    workstation: str
    action: str
    table: str
    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What undoing a request as far as possible would do to the records of a kind; `stays` are their ids."""

    goes: int
    restored: int
    stays: tuple[int, ...]


class History(Service):
    """The past of records, and the way back."""

    @requires(Permission.VIEW_CLIENTS)
    def of_record(self, kind: str, record_id: int, limit: int = 1000) -> list[HistoryLine]:
        """What happened to a record and its rows, newest first; ids of catalog rows are given by their names."""
        query = (
            select(
                history.c.id, history.c.request_id, history.c.at,
                user.c.name.label("user"), workstation.c.name.label("workstation"),
                history.c.action, history.c.table_name, history.c.row_id, history.c.field,
                history_value.c.old, history_value.c.new,
            )
            .outerjoin(history_value, history_value.c.history_id == history.c.id)
            .outerjoin(user, user.c.id == history.c.user_id)
            .outerjoin(workstation, workstation.c.id == history.c.workstation_id)
            .where(history.c.record == kind, history.c.record_id == record_id)
            .order_by(history.c.id.desc())
            .limit(limit)
        )  # fmt: skip

        def load(connection: Connection) -> list[HistoryLine]:
            rows = connection.execute(query).mappings().all()
            names = _names(connection, rows)
            return [line for row in rows if (line := _line(row, names)) is not None]

        return self.database.read(load)

    @requires(Permission.UNDO)
    def undo(self, undone: str, request: str, *, partial: bool = False) -> Saved[tuple[int, ...]]:
        """Take back what request `undone` did; undoing the undo does it again.

        Values changed since then raise Conflict and nothing is written. With `partial` the result are the ids of
        clients that are left as they are: those that the request made and anybody touched since, and those of which
        something that it changed was changed since (undo of an import, B20). Rows of maintained lists that came with
        it and are in use stay. Raises NotFound for an unknown one.
        """
        left: list[int] = []

        def work(unit: Unit) -> int | None:
            # Held, so that of two desks that undo the same the second one finds it done.
            known = select(request_table.c.id).where(request_table.c.id == undone).with_for_update()
            if unit.connection.execute(known).first() is None:
                raise NotFound("This action can no longer be undone.")
            already = select(request_table.c.id).where(request_table.c.undoes == undone)
            if unit.connection.execute(already).first() is not None:
                raise NotFound("This action was undone already.")
            try:
                left.extend(_undo(unit, undone, partial))
            except IntegrityError:  # what was free for it is taken since: another open lead, another number
                raise _conflict([]) from None
            return None

        saved = self.command(
            request, "undo", (undone, partial), work, lambda _, __: None, undoes=undone, patient=partial
        )
        return Saved(tuple(left), Changes(request, saved.changes.changes))

    @requires(Permission.UNDO)
    def foresee(self, connection: Connection, undone: str, kind: str) -> Foreseen:
        """What a partial undo of a request would do now to the records of a kind."""
        made = _created_records(connection, undone)
        touched = {root for root in _touched_since(connection, undone, made) if root.kind == kind}
        changed: set[int] = set()
        left = set(touched)
        for entries in _entries_of_others(connection, undone, made):
            changed.update(entry.record_id for entry in entries if entry.record == kind)
            left |= {root for root in _changed_since(connection, entries) if root.kind == kind}
        goes = len(made.get(kind, ())) - len(touched)
        return Foreseen(goes, len(changed) - len(left - touched), tuple(sorted(root.id for root in left)))


_Made = Mapping[str, set[int]]
"""The records that a request made, by their kinds."""


def _undo(unit: Unit, undone: str, partial: bool) -> list[int]:
    made = _created_records(unit.connection, undone)
    touched = _touched_since(unit.connection, undone, made)
    if touched and not partial:
        raise _conflict([f"{root.kind} {root.id}" for root in sorted(touched, key=lambda root: (root.kind, root.id))])
    left: set[Root] = set()
    if partial:
        for entries in _entries_of_others(unit.connection, undone, made):
            left |= _changed_since(unit.connection, entries)
    goes = {kind: sorted(ids - {root.id for root in touched if root.kind == kind}) for kind, ids in made.items()}
    lists = {kind: goes.pop(kind) for kind in list(goes) if "deleted_at" not in metadata.tables[kind].c}
    for kind, ids in sorted(goes.items()):
        _mark_deleted(unit, metadata.tables[kind], ids)
    faults: list[str] = []
    for entries in _entries_of_others(unit.connection, undone, made):
        faults += _take_back(unit, [entry for entry in entries if _root(entry) not in left])
    if faults:
        raise _conflict(faults)
    for kind in sorted(lists, key=_DEPENDENT_FIRST.index):
        ids = lists[kind]
        _remove_from_list(unit, metadata.tables[kind], ids, goes.get(client.name, []), partial)
    return sorted({root.id for root in {*touched, *left} if root.kind == client.name})


def _take_back(unit: Unit, entries: Iterable[Any]) -> list[str]:
    """Bring the rows back to what they were; names what is no longer as the request had made it."""
    changes: dict[tuple[str, int], dict[str, Any]] = {}
    faults: list[str] = []
    for entry in entries:
        root = _root(entry)
        table = metadata.tables[entry.table_name]
        if entry.action == "change":
            changes.setdefault((entry.table_name, entry.row_id), {})[entry.field] = entry
            continue
        faults += _apply_changes(unit, changes)
        if entry.action == "create":
            faults += _take_away(unit, table, entry)
        elif entry.old is None:
            raise _erased()
        else:
            unit.restore(table, entry.row_id, whole_row(table, entry.old), root)
    return faults + _apply_changes(unit, changes)


def _root(entry: Any) -> Root:
    return Root(entry.record, entry.record_id)


def _changed_since(connection: Connection, entries: Iterable[Any]) -> set[Root]:
    """The records of which something is no longer as the request left it, a row that is gone or is back included."""
    by_table: dict[str, list[Any]] = {}
    for entry in entries:
        by_table.setdefault(entry.table_name, []).append(entry)
    found: set[Root] = set()
    for name, own in by_table.items():
        table = metadata.tables[name]
        stands: dict[int, Mapping[Any, Any]] = {}
        ids = sorted({entry.row_id for entry in own})
        for start in range(0, len(ids), BATCH):
            query = select(table).where(table.c.id.in_(ids[start : start + BATCH]))
            stands |= {row["id"]: row for row in connection.execute(query).mappings()}
        found |= {_root(entry) for entry in own if not _stands(table, entry, stands.get(entry.row_id))}
    return found


def _stands(table: Table, entry: Any, row: Mapping[Any, Any] | None) -> bool:
    """Whether a row is as the entry says that the request left it."""
    if entry.action == "remove" or row is None:
        return bool(entry.action == "remove") == (row is None)
    left = {entry.field: decoded(table, entry.field, entry.new)} if entry.field else whole_row(table, entry.new)
    return all(row[column] == value for column, value in left.items())


def _apply_changes(unit: Unit, changes: dict[tuple[str, int], dict[str, Any]]) -> list[str]:
    """Set the old values of the gathered rows; names what no longer is what the request had made it."""
    faults = []
    for (name, row_id), by_field in changes.items():
        table = metadata.tables[name]
        current = unit.lock(table, row_id)
        old = {}
        for field, entry in by_field.items():
            if current[field] != decoded(table, field, entry.new):
                faults.append(field)
            old[field] = decoded(table, field, entry.old)
        any_entry = next(iter(by_field.values()))
        if not faults:
            unit.update(table, row_id, old, Root(any_entry.record, any_entry.record_id), current=current)
    changes.clear()
    return faults


def _take_away(unit: Unit, table: Table, entry: Any) -> list[str]:
    if table.info.get("appended"):
        raise StudioError("An answer about consent stays as it was given. Record the client's new answer instead.")
    current = unit.lock(table, entry.row_id)
    for column, value in whole_row(table, entry.new).items():
        if current[column] != value:
            return [column]
    unit.remove(table, entry.row_id, Root(entry.record, entry.record_id))
    return []


def _mark_deleted(unit: Unit, table: Table, ids: list[int]) -> None:
    if unit.update_many(table, ids, {"deleted_at": unit.now, "deleted_by": unit.desk.user_id}) < len(ids):
        raise _erased()
    if table is client:
        unit.touch_search(ids)


def _remove_from_list(unit: Unit, table: Table, ids: list[int], deleted: list[int], partial: bool) -> None:
    """Take rows of a maintained list away, which nothing marks; `partial` leaves those that are in use.

    Clients who are deleted by the same undo leave the groups and tags that came with them. What only clients in the
    trash still have is no longer offered, and goes for good when they do (`trash.py`): they may come back with it.
    """
    if partial:
        gone = frozenset(deleted)
        for link, column in _LINKS.get(table.name, ()):
            query = select(link.c.id, link.c.client_id).where(link.c[column].in_(ids))
            for rows in _pages(unit.connection, query, link.c.id):
                roots = {row.id: Root(client.name, row.client_id) for row in rows if row.client_id in gone}
                unit.remove_many(link, roots)
    for row_id in ids:
        try:
            with unit.connection.begin_nested():
                unit.remove(table, row_id)
        except IntegrityError:
            if not partial:
                raise _conflict([f"{table.name} {row_id}"]) from None
            if not _has_living_use(unit.connection, table, row_id):
                unit.update(table, row_id, {"inactive": True})


def _has_living_use(connection: Connection, table: Table, row_id: int) -> bool:
    """Whether anything but clients in the trash, and what is inactive itself, refers to a row of a list."""
    for other in metadata.sorted_tables:
        for link in other.foreign_keys:
            if link.column.table is table:
                used = select(other.c.id).where(link.parent == row_id, *(~gone for gone in _of_the_gone(other)))
                if connection.execute(used.limit(1)).first() is not None:
                    return True
    return False


def _of_the_gone(table: Table) -> list[ColumnElement[bool]]:
    """Whether a row is one of, or belongs to, a client in the trash, in each way in which it may."""
    gone = select(client.c.id).where(client.c.deleted_at.is_not(None))
    if table is client:
        return [client.c.deleted_at.is_not(None)]
    found: list[ColumnElement[bool]] = []
    if "client_id" in table.c:
        found.append(func.coalesce(table.c.client_id.in_(gone), false()))
    if "family_member_id" in table.c:
        members = select(family_member.c.id).where(family_member.c.client_id.in_(gone))
        found.append(func.coalesce(table.c.family_member_id.in_(members), false()))
    return found or ([table.c.inactive] if "inactive" in table.c else [])


_DEPENDENT_FIRST = [table.name for table in reversed(metadata.sorted_tables)]
_LINKS = {
    client_group.name: ((client_group_member, "group_id"),),
    client_tag.name: ((client_tag_member, "tag_id"),),
    marketing_plan.name: ((client_plan_member, "plan_id"),),
}


def _entries_of_others(connection: Connection, undone: str, made: _Made) -> Iterator[list[Any]]:
    """What a request did to records that were there before it, last first, in parts.

    The creations of records are left out: they are undone as a whole.
    """
    query = (
        select(history, history_value.c.old, history_value.c.new)
        .outerjoin(history_value, history_value.c.history_id == history.c.id)
        .where(history.c.request_id == undone, (history.c.action != "create") | history_value.c.new.is_not(None))
    )
    for entries in _pages(connection, query, history.c.id, descending=True):
        yield [entry for entry in entries if entry.record_id not in made.get(entry.record, ())]


def _pages(
    connection: Connection, query: Select[Any], key: ColumnElement[int], *, descending: bool = False
) -> Iterator[Sequence[Any]]:
    """The rows of a query in parts, by a column of them that is unique: an import has written millions."""
    ordered = query.order_by(key.desc() if descending else key).limit(_PAGE)
    rows = connection.execute(ordered).all()
    while rows:
        yield rows
        last = rows[-1].id
        rows = connection.execute(ordered.where(key < last if descending else key > last)).all()


_PAGE = 2_000


def _created_records(connection: Connection, request: str) -> dict[str, set[int]]:
    query = select(history.c.record, history.c.record_id).where(
        history.c.request_id == request,
        history.c.action == "create",
        history.c.table_name == history.c.record,
        history.c.row_id == history.c.record_id,
        ~exists().where(history_value.c.history_id == history.c.id),
    )
    made: dict[str, set[int]] = {}
    for kind, record_id in connection.execute(query):
        made.setdefault(kind, set()).add(record_id)
    return made


def _touched_since(connection: Connection, request: str, made: _Made) -> set[Root]:
    if not made:
        return set()
    later = history.alias("later")
    query = (
        select(later.c.record, later.c.record_id)
        .distinct()
        .join(history, (history.c.record == later.c.record) & (history.c.record_id == later.c.record_id))
        .where(history.c.request_id == request, history.c.action == "create", later.c.request_id != request)
    )
    found = connection.execute(query)
    return {Root(kind, record_id) for kind, record_id in found if record_id in made.get(kind, ())}


def _erased() -> NotFound:
    return NotFound("What this did was erased for good and cannot be undone.")


def _conflict(fields: list[str]) -> Conflict:
    return Conflict(None, None, None, tuple(dict.fromkeys(fields)))


def _names(connection: Connection, rows: Iterable[Mapping[Any, Any]]) -> dict[tuple[str, Any], str]:
    """The names of all catalog rows, clients and family members that the values speak of."""
    wanted: dict[str, set[int]] = {}
    members: set[str] = set()
    for row in rows:
        for value in (row["old"], row["new"]):
            if value is None:
                continue
            kept = json.loads(value)
            for field, one in (kept.items() if isinstance(kept, dict) else [(row["field"], kept)]):
                if field in _NAMED and isinstance(one, int):
                    wanted.setdefault(field, set()).add(one)
                elif field == _MEMBER and one:
                    members.add(one)
    names: dict[tuple[str, Any], str] = {}
    for field, ids in wanted.items():
        table = _NAMED[field]
        called = next((name for name in ("description", "name") if name in table.c), None)
        label: Any = table.c[called] if called else table.c.last_name + ", " + table.c.first_name
        for row_id, name in connection.execute(select(table.c.id, label).where(table.c.id.in_(ids))):
            names[field, row_id] = name
    if members:
        query = select(family_member.c.uid, family_member.c.first_name).where(family_member.c.uid.in_(members))
        names |= {(_MEMBER, uid): name for uid, name in connection.execute(query)}
    return names


def _line(row: Mapping[Any, Any], names: Mapping[tuple[str, Any], str]) -> HistoryLine | None:
    """A line as a person reads it, or None for what only the program needs (positions, who deleted)."""
    table = metadata.tables[row["table_name"]]
    field = row["field"]
    quiet = field and (table.c[field].info.get("quiet") or field in _ONLY_FOR_THE_PROGRAM)
    if quiet or table.info.get("quiet"):
        return None
    old, new = (_shown(table, row["field"], value, names) for value in (row["old"], row["new"]))
    return HistoryLine(
        row["id"], row["request_id"], row["at"], row["user"] or "", row["workstation"] or "",
        row["action"], row["table_name"], row["field"], old, new,
    )  # fmt: skip


def _shown(table: Table, field: str, kept: str | None, names: Mapping[tuple[str, Any], str]) -> Any:
    if kept is None:
        return None
    if field:
        value = decoded(table, field, kept)
        return names.get((field, value), value) if field in _NAMED else value
    row = {
        column: names.get((column, value), "" if column == _MEMBER else value)
        for column, value in whole_row(table, kept).items()
        if value not in (None, "", False)
        and not table.c[column].info.get("quiet")
        and column not in ("uid", "client_id", "family_member_id")
    }
    return ", ".join(str(value) for value in row.values() if value != "")
