"""Two clients that are one person are made one record; nothing is dropped, and one undo takes it all back (B18)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, Table, or_, select

from studio_desktop.database.tables import metadata
from studio_desktop.database.tables.activity import lead
from studio_desktop.database.tables.people import (
    address,
    client,
    client_group_member,
    client_link,
    client_organization,
    client_plan_date,
    client_plan_member,
    client_tag_member,
    duplicate_verdict,
    email,
    family_member,
    note,
    phone,
    status_assignment,
)
from studio_desktop.domain import joining, names
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.duplicates import street_key
from studio_desktop.domain.errors import InvalidInput, NotFound, StudioError
from studio_desktop.domain.fields import FieldSpec, Kind
from studio_desktop.domain.joining import Side
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.domain.text import fold
from studio_desktop.services import statuses
from studio_desktop.services.catalogs import catalog
from studio_desktop.services.clients import STORE
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.unit import Root, Unit

_Same = Callable[[Mapping[Any, Any]], Hashable]

_ROWS: Mapping[Table, _Same] = {
    phone: lambda row: row["digits"] or fold(row["typed"]),
    email: lambda row: row["address_key"],
    address: lambda row: (street_key(row["line1"]), fold(row["line2"]), row["town_key"], row["postcode"]),
    client_organization: lambda row: (row["organization_id"], fold(row["role"]), fold(row["department"])),
    client_group_member: lambda row: row["group_id"],
    client_tag_member: lambda row: row["tag_id"],
    client_plan_member: lambda row: row["plan_id"],
}
"""Rows that move unless the kept record has the same already, and what makes them the same."""

_STAYING = (client, status_assignment, duplicate_verdict, client_link, family_member, client_plan_date, lead)
"""Tables that refer to clients in ways of their own; see `_Merge`."""


class Merges(Service):
    """Makes one client of two."""

    @requires(Permission.MERGE)
    def merge(
        self, kept: ClientRecord, other: ClientRecord, picks: Mapping[str, Side], request: str
    ) -> Saved[ClientRecord]:
        """Merge `other` into `kept`, both as they were read; `picks` says which side a choice follows (`joining`).

        What the other one had moves, doubles stay with it; it is deleted and leads to the kept one from then on. Its
        number and name stay findable. Raises NotFound, and StudioError when one was changed since it was read.
        """
        if kept.id == other.id:
            raise InvalidInput("Choose two clients.")

        def work(unit: Unit) -> int:
            for one in sorted((kept, other), key=lambda record: record.id):
                row = unit.lock(client, one.id)
                name = names.list_name(row["last_name"], row["first_name"], row["company"])
                if row["deleted_at"] is not None:
                    raise NotFound("{name} was deleted meanwhile.", name=name)
                if row["version"] != one.version:
                    raise StudioError("{name} was changed meanwhile. Look at both again.", name=name)
            _Merge(unit, STORE.load(unit.connection, kept.id), STORE.load(unit.connection, other.id)).run(picks)
            return kept.id

        payload = (kept.id, other.id, tuple(sorted(picks.items())))
        return self.command(
            request, "merges.merge", payload, work, lambda connection, _: STORE.load(connection, kept.id)
        )


class _Merge:
    """One merge inside its transaction. Each row is changed once only, so that undo finds what it had made."""

    def __init__(self, unit: Unit, kept: ClientRecord, other: ClientRecord) -> None:
        self._unit = unit
        self._kept, self._other = kept, other
        self._root = Root(client.name, kept.id)

    def run(self, picks: Mapping[str, Side]) -> None:
        kept, other = self._kept, self._other
        result = joining.joined(kept, other, picks)
        result = replace(result, number=result.number or other.number)
        numbers = [*kept.former_numbers.split(", "), *other.former_numbers.split(", "), kept.number, other.number]
        former = ", ".join(dict.fromkeys(number for number in numbers if number and number != result.number))
        self._retire(takes_number=bool(other.number) and result.number == other.number)
        self._move_rows()
        members = self._move_family()
        self._move_plan_dates(members)
        self._move_links()
        self._move_leads()
        self._move_references()
        theirs = STORE.load(self._unit.connection, kept.id)
        plain = {spec.name: getattr(result, spec.name) for choice in joining.choices() for spec in choice.fields}
        more = {name: getattr(result, name) for name in (*joining.STRICT, "former_names", *_MEMOS)}
        merged = replace(theirs, **plain, **more)
        STORE.write(self._unit, theirs, merged)
        statuses.record_assignment(self._unit, kept.id, theirs, merged)
        self._unit.update(client, kept.id, {"former_numbers": former}, self._root)
        self._write_note(result)
        self._unit.touch_search([kept.id, other.id])

    def _retire(self, *, takes_number: bool) -> None:
        values: dict[str, Any] = {
            "deleted_at": self._unit.now,
            "deleted_by": self._unit.desk.user_id,
            "merged_into_id": self._kept.id,
        }
        if takes_number:  # a number belongs to one record
            values["number"] = ""
        self._unit.update(client, self._other.id, values)

    def _move_rows(self) -> None:
        for table, same in _ROWS.items():
            mine = self._rows(table, "client_id", self._kept.id)
            known, position = {same(row) for row in mine}, len(mine)
            for row in self._rows(table, "client_id", self._other.id):
                if same(row) not in known:
                    known.add(same(row))
                    self._move(table, row, position)
                    position += 1

    def _move_family(self) -> dict[str, str]:
        """Who is in both families is one member with both's phones; gives whose uid is whose now."""
        mine = {_member_key(row): row for row in self._rows(family_member, "client_id", self._kept.id)}
        has_secondary = any(row["secondary_contact"] for row in mine.values())
        uids: dict[str, str] = {}
        for row in self._rows(family_member, "client_id", self._other.id):
            twin = mine.get(_member_key(row))
            if twin is None:
                mine[_member_key(row)] = row
                more = {"secondary_contact": False} if has_secondary else {}
                has_secondary = has_secondary or row["secondary_contact"]
                self._move(family_member, row, len(mine), **more)
                continue
            uids[row["uid"]] = twin["uid"]
            for table in (phone, email):
                self._move_reach(table, row["id"], twin["id"])
            unknown = {
                name: row[name]
                for name in ("relationship_id", "birthday_year", "birthday_month", "birthday_day")
                if twin[name] is None
            }
            if twin["birthday_month"] is not None:  # a date is taken whole
                unknown = {name: value for name, value in unknown.items() if not name.startswith("birthday")}
            self._unit.update(family_member, twin["id"], unknown, self._root, current=twin)
        return uids

    def _move_reach(self, table: Table, source: int, target: int) -> None:
        mine = self._rows(table, "family_member_id", target)
        known, position = {_ROWS[table](row) for row in mine}, len(mine)
        for row in self._rows(table, "family_member_id", source):
            if _ROWS[table](row) not in known:
                values = {"family_member_id": target, "position": position}
                self._unit.update(table, row["id"], values, self._root, current=row)
                position += 1

    def _move_plan_dates(self, uids: Mapping[str, str]) -> None:
        mine = self._rows(client_plan_date, "client_id", self._kept.id)
        known, position = {(row["member_uid"], row["occasion"]) for row in mine}, len(mine)
        for row in self._rows(client_plan_date, "client_id", self._other.id):
            uid = uids.get(row["member_uid"], row["member_uid"])
            if (uid, row["occasion"]) not in known:
                self._move(client_plan_date, row, position, member_uid=uid)
                position += 1

    def _move_links(self) -> None:
        connection, kept, other = self._unit.connection, self._kept.id, self._other.id
        table = client_link.c
        linked = set(connection.execute(select(table.other_id).where(table.client_id == kept)).scalars())
        both = or_(table.client_id == other, table.other_id == other)
        query = select(client_link).where(both).order_by(table.id).with_for_update()
        for row in connection.execute(query).mappings().all():
            pair = {name: kept if row[name] == other else row[name] for name in ("client_id", "other_id")}
            third = row["other_id"] if row["client_id"] == other else row["client_id"]
            if third != kept and third not in linked:
                self._unit.update(client_link, row["id"], pair, Root(client.name, pair["client_id"]), current=row)

    def _move_leads(self) -> None:
        """Two open leads in one pipeline are one inquiry: the kept one goes on, the other stands closed beside it."""
        mine = {row["pipeline_id"] for row in self._rows(lead, "client_id", self._kept.id) if row["closed_on"] is None}
        for row in self._rows(lead, "client_id", self._other.id):
            is_double = row["closed_on"] is None and row["pipeline_id"] in mine
            self._move(lead, row, 0, **({"closed_on": self._unit.today} if is_double else {}))

    def _move_references(self) -> None:
        """Whom the other one sent was sent by the kept one; and whatever else belongs to a client moves as it is."""
        for table, column in _references():
            query = select(table).where(column == self._other.id).with_for_update()
            for row in self._unit.connection.execute(query).mappings().all():
                if table is client and row["id"] == self._kept.id:
                    continue  # nobody sent herself
                owner = Root(client.name, row["id"]) if table is client else self._root
                self._unit.update(table, row["id"], {column.name: self._kept.id}, owner, current=row)

    def _write_note(self, result: ClientRecord) -> None:
        """What no field holds any more is said in a note; nothing is dropped."""
        other = self._other
        name = names.list_name(other.last_name, other.first_name, other.company)
        said = [f"Merged with {name} ({other.number})." if other.number else f"Merged with {name}."]
        left = [
            f"{spec.label}: {self._in_words(spec, value)}"
            for spec, value in joining.left_behind(self._kept, other, result)
            if spec.kind is not Kind.CHOICE and spec.name != "number"
        ]
        if left:
            said.append("Not taken over: " + "; ".join(left) + ".")
        values = {"client_id": self._kept.id, "text": " ".join(said)[:64_000], "alert": False}
        self._unit.insert(note, values, self._root)

    def _in_words(self, spec: FieldSpec, value: Any) -> str:
        if spec.name == "referred_by_client_id":
            return next(one.referred_by for one in (self._kept, self._other) if one.referred_by_client_id == value)
        if spec.kind is Kind.REFERENCE:
            table = catalog(spec.of).table
            query = select(table.c.description).where(table.c.id == value)
            return str(self._unit.connection.execute(query).scalar_one())
        if spec.kind is Kind.IMAGE:
            return "another picture"
        if isinstance(value, PartialDate):
            return value.iso()
        return "yes" if value is True else str(value)

    def _rows(self, table: Table, owner: str, owner_id: int) -> list[dict[str, Any]]:
        order = [table.c.position, table.c.id] if "position" in table.c else [table.c.id]
        query = select(table).where(table.c[owner] == owner_id).order_by(*order).with_for_update()
        return [dict(row) for row in self._unit.connection.execute(query).mappings()]

    def _move(self, table: Table, row: Mapping[str, Any], position: int, **more: Any) -> None:
        values = {"client_id": self._kept.id, **more}
        if "position" in table.c:
            values["position"] = position
        self._unit.update(table, row["id"], values, self._root, current=row)


def _references() -> list[tuple[Table, Column[Any]]]:
    """Every column that names a client and has no rule of its own: notes, and what later parts add."""
    found = [(client, client.c.referred_by_client_id)]
    for table in metadata.sorted_tables:
        if table in _ROWS or table in _STAYING:
            continue
        found += [(table, one.parent) for one in table.foreign_keys if one.column.table is client]
    return found


def _member_key(row: Mapping[str, Any]) -> str:
    return str(row["sort_key"])


_MEMOS = ("custom_memo_1", "custom_memo_2")
