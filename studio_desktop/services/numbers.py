"""The numbers of clients: by which rule they are given, which comes next, and who holds one (B5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, literal_column, or_, select, update

from studio_desktop.database.tables.people import client
from studio_desktop.database.tables.studio import counter
from studio_desktop.domain import names
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services.preferences import NumberRule, read_preferences
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.unit import BATCH, Unit

FIRST = 1001
"""The number that a studio begins with."""

LONGEST = 12
"""Digits of a number that the counter may stand at."""


def give_due(unit: Unit, client_ids: Sequence[int], *, new: bool = False) -> None:
    """Number those clients that have no number and ought to have one by the studio's rule, as a write's last step.

    Call it for `new` clients, and for those whose status was changed.
    """
    preferences = read_preferences(unit.connection)
    rule = preferences.number_clients
    if rule == NumberRule.NEVER or (rule == NumberRule.ON_CREATE and not new):
        return
    due: list[Mapping[Any, Any]] = []
    for start in range(0, len(client_ids), BATCH):
        part = client.c.id.in_(client_ids[start : start + BATCH])
        query = select(client).where(part, client.c.number_key.is_(None)).order_by(client.c.id).with_for_update()
        if rule == NumberRule.ON_STATUS:
            query = query.where(client.c.status_id == preferences.number_status)
        due += unit.connection.execute(query).mappings().all()
    for row, number in zip(due, take(unit.connection, len(due)), strict=True):
        if new:  # its creation is one row of history, whatever it came with
            keys = client.info["derive"]({**row, "number": number})
            unit.connection.execute(update(client).where(client.c.id == row["id"]).values(number=number, **keys))
        else:
            unit.update(client, row["id"], {"number": number}, current=row)
    unit.touch_search(row["id"] for row in due)


def of_new(connection: Connection, records: Sequence[ClientRecord]) -> list[str]:
    """The number of each of these clients that are about to be added: its own, else one by the studio's rule, or ''."""
    preferences = read_preferences(connection)
    rule = preferences.number_clients
    due = [
        not record.number
        and (
            rule == NumberRule.ON_CREATE
            or (rule == NumberRule.ON_STATUS and record.status_id == preferences.number_status)
        )
        for record in records
    ]
    free = iter(take(connection, sum(due)))
    return [next(free) if wants else record.number for record, wants in zip(records, due, strict=True)]


def take(connection: Connection, count: int) -> list[str]:
    """The next free numbers, as the last step of a transaction: no other desk gets any until it is done.

    What anybody has is skipped: active, hidden, archived, deleted and merged clients.
    """
    if not count:
        return []
    held = update(counter).where(_IS_OURS).values(next=counter.c.next).returning(counter.c.next)
    at = connection.execute(held).scalar_one_or_none()
    if at is None:
        connection.execute(insert(counter).values(series="client", year=0, next=FIRST))
        at = FIRST
    free = _free_from(connection, at, count)
    connection.execute(update(counter).where(_IS_OURS).values(next=int(free[-1]) + 1))
    return free


def holder(connection: Connection, number: str, other_than: int | None = None) -> Mapping[Any, Any] | None:
    """The client who has this number, or had it before a merge, however it is written; None if it is free (S2-18)."""
    former = former_numbers(connection).get(names.key(number), 0)
    held = or_(client.c.number_key == names.key(number), client.c.id == former)
    query = select(client).where(held, client.c.id != (other_than or 0))
    return connection.execute(query).mappings().first()


def former_numbers(connection: Connection) -> dict[str, int]:
    """The numbers of clients that were merged, as numbers are compared, and who has taken them over."""
    # As the index of just these few says it, and as a range: else SQLite looks through all clients, at each new number.
    nothing: ColumnElement[str] = literal_column("''")
    some = (client.c.former_numbers != nothing) & (client.c.former_numbers > nothing)
    query = select(client.c.id, client.c.former_numbers).where(some, client.c.deleted_at.is_(None))
    return {names.key(number): row.id for row in connection.execute(query) for number in row.former_numbers.split(", ")}


class Numbers(Service):
    """Where the counter of client numbers stands."""

    @requires(Permission.VIEW_CLIENTS)
    def next(self) -> int:
        """The number that the next client would get."""

        def load(connection: Connection) -> int:
            at = connection.execute(select(counter.c.next).where(_IS_OURS)).scalar_one_or_none()
            return int(_free_from(connection, at or FIRST, 1)[0])

        return self.database.read(load)

    @requires(Permission.PREFERENCES)
    def set_next(self, typed: str, request: str) -> Saved[int]:
        """Count on from this number. Raises InvalidInput unless it is digits only."""
        wanted = typed.strip()
        if not (wanted.isascii() and wanted.isdecimal() and len(wanted) <= LONGEST and int(wanted)):
            raise InvalidInput(
                "The next client number is of digits only, at most {longest}, as in 1001.",
                field="next_number",
                longest=LONGEST,
            )

        def work(unit: Unit) -> int:
            moved = unit.connection.execute(update(counter).where(_IS_OURS).values(next=int(wanted)))
            if not moved.rowcount:
                unit.connection.execute(insert(counter).values(series="client", year=0, next=int(wanted)))
            unit.touch("preference")
            return int(wanted)

        return self.command(request, "numbers.set_next", wanted, work, lambda _, number: number or 0)


_IS_OURS = (counter.c.series == "client") & (counter.c.year == 0)


def _free_from(connection: Connection, at: int, count: int) -> list[str]:
    former = former_numbers(connection)
    free: list[str] = []
    while len(free) < count:
        drawn = [str(number) for number in range(at, at + BATCH)]
        at += BATCH
        taken = set(connection.execute(select(client.c.number_key).where(client.c.number_key.in_(drawn))).scalars())
        free += [number for number in drawn if number not in taken and number not in former]
    return free[:count]
