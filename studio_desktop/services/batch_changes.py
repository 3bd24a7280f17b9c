"""One field of many clients changed at once: seen before it happens, one request, one Undo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select

from studio_desktop.database.tables.people import client
from studio_desktop.domain import fields, text
from studio_desktop.domain.errors import InvalidFields, InvalidInput, NotFound
from studio_desktop.domain.fields import FieldSpec, Kind
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import ClientKind, ClientRecord
from studio_desktop.services import leads
from studio_desktop.services.catalogs import catalog
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.unit import BATCH, Unit


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do: to how many clients, how many have the value already, and how many are gone."""

    changed: int
    same: int
    gone: int


def changeable() -> Mapping[str, FieldSpec]:
    """The fields of a client that many clients can share a value of, by name, in the record's order.

    Names and numbers are each client's own; what belongs together (a status and its dates, a stage and its reason,
    a tax exemption and its number) has commands of its own.
    """
    return {
        name: spec
        for name, spec in fields.specs(ClientRecord).items()
        if spec.kind in _KINDS and not (spec.derived or spec.couple or spec.capitals) and name != "number"
    }


class BatchChanges(Service):
    """Changes a field of many clients."""

    @requires(Permission.VIEW_CLIENTS)
    def preview(self, client_ids: Sequence[int], field: str, value: Any) -> Preview:
        """What `change` would do now. Raises InvalidInput where the field cannot hold the value."""

        def load(connection: Connection) -> Preview:
            stored = _stored(connection, field, value)
            asked = sorted(set(client_ids))
            there = changed = 0
            for part in _batches(asked):
                column, alive = client.c[field], client.c.deleted_at.is_(None)
                differs = func.count().filter(column.is_distinct_from(stored))
                query = select(func.count(), differs).where(client.c.id.in_(part), alive)
                counted = connection.execute(query).one()
                there, changed = there + counted[0], changed + counted[1]
            return Preview(changed, there - changed, len(asked) - there)

        return self.database.read(load)

    @requires(Permission.CHANGE_CLIENTS)
    def change(self, client_ids: Sequence[int], field: str, value: Any, request: str) -> Saved[int]:
        """Give these clients the same value of a field; gives how many changed.

        Who was deleted meanwhile stays as it is. Raises InvalidInput where the field cannot hold the value.
        """

        def work(unit: Unit) -> int:
            stored = _stored(unit.connection, field, value)
            wanted: list[int] = []
            for part in _batches(sorted(set(client_ids))):
                concerned = client.c.deleted_at.is_(None) & client.c[field].is_distinct_from(stored)
                query = select(client.c.id).where(client.c.id.in_(part), concerned).order_by(client.c.id)
                wanted += unit.connection.execute(query).scalars()
            if field == "kind":
                leads.follow_kind(unit, wanted, ClientKind(stored))
            return unit.update_many(client, wanted, {field: stored})

        payload = (tuple(sorted(set(client_ids))), field, value)
        return self.command(request, "clients.change_many", payload, work, lambda _, changed: changed or 0)


def _stored(connection: Connection, field: str, value: Any) -> Any:
    """The value as its column holds it, cleaned by the same rules as in a form."""
    spec = changeable().get(field)
    if spec is None:
        raise InvalidInput("“{field}” cannot be changed for many clients at once.", field="field_combo")
    if spec.kind is Kind.REFERENCE:
        table = catalog(spec.of).table
        there = value is None or connection.execute(select(table.c.id).where(table.c.id == value)).first() is not None
        if not there:
            raise NotFound("The chosen {label} is gone. Choose another one.", label=spec.label.lower())
        return value
    if spec.kind is Kind.CHOICE:
        return spec.of(value).value
    try:
        record = text.clean_record(replace(ClientRecord(), **{field: value}))
    except InvalidFields as faults:
        raise InvalidInput(str(faults.faults[field]), field="value") from None
    cleaned = getattr(record, field)
    return cleaned.value if isinstance(cleaned, StrEnum) else cleaned


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


_KINDS = (Kind.TEXT, Kind.NOTE, Kind.LINK, Kind.FLAG, Kind.DAY, Kind.CHOICE, Kind.REFERENCE)
