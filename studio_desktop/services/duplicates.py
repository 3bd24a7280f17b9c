"""Who is probably one person twice: while typing, beside an open record, over the whole studio (B17, S4-15, S4-16)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from studio_desktop.database import search
from studio_desktop.database.tables.people import address, client, duplicate_verdict, email, phone
from studio_desktop.domain import names, phones
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.duplicates import (
    LISTED_FROM,
    Check,
    Likeness,
    Traits,
    compare,
    is_shown,
    keys,
    only,
    traits,
)
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services.clients import STORE
from studio_desktop.services.preferences import read_preferences
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.unit import BATCH, Unit

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Alike:
    """A client that somebody else probably is, and why."""

    id: int
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Person:
    """One of a pair, as lists name it."""

    id: int
    last_name: str
    first_name: str
    company: str
    number: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two clients that are probably one, the older record first."""

    one: Person
    other: Person
    likeness: Likeness


class Duplicates(Service):
    """Finds records of one person, and remembers who is not."""

    @requires(Permission.VIEW_CLIENTS)
    def like(self, record: ClientRecord, limit: int = 6) -> list[Alike]:
        """Who a record, half typed or saved, may be another one of, best first; never the client itself.

        By those facts that the studio wants to be compared while somebody is typed (B25).
        """

        def load(connection: Connection) -> list[Alike]:
            checks = read_preferences(connection).checks()
            return [one for one in _alike(connection, record, checks) if is_shown(one.likeness)][:limit]

        return self.database.read(load)

    @requires(Permission.VIEW_CLIENTS)
    def of_client(self, client_id: int) -> list[Pair]:
        """Who a client probably is another record of, best first; the client is the first of each pair."""

        def load(connection: Connection) -> list[Pair]:
            record = STORE.load(connection, client_id)
            alike = [one for one in _alike(connection, record) if one.likeness.score >= LISTED_FROM]
            people = _people(connection, [client_id, *(one.id for one in alike)]) if alike else {}
            return [Pair(people[client_id], people[one.id], one.likeness) for one in alike]

        return self.database.read(load)

    @requires(Permission.VIEW_CLIENTS)
    def everywhere(self, progress: Progress | None = None) -> list[Pair]:
        """All pairs of the studio from `LISTED_FROM` on, best first; for the bulk lane.

        Only those are compared that share what a pair must share, so the work grows with the studio, not its square.
        """
        tell = progress or (lambda _done, _total: None)
        with self.database.snapshot() as connection:
            known = _traits(connection, client.c.deleted_at.is_(None))
            judged = _verdicts(connection)
        likely: list[tuple[int, int, Likeness]] = []
        candidates = _candidates(known)
        for done, (one, other) in enumerate(candidates):
            if done % _TOLD_EVERY == 0:
                tell(done, len(candidates))
            likeness = compare(known[one], known[other])
            if likeness.score >= LISTED_FROM and (one, other) not in judged:
                likely.append((one, other, likeness))
        tell(len(candidates), len(candidates))
        likely.sort(key=lambda pair: (-pair[2].score, pair[0], pair[1]))
        ids = {client_id for one, other, _ in likely for client_id in (one, other)}
        people = self.database.read(lambda connection: _people(connection, ids))
        return [
            Pair(people[one], people[other], likeness)
            for one, other, likeness in likely
            if one in people and other in people
        ]

    @requires(Permission.CHANGE_CLIENTS)
    def not_the_same(self, one: int, other: int, request: str) -> Saved[None]:
        """Remember that two clients are two people; they are not shown as a pair any more, in either order."""
        if one == other:
            raise InvalidInput("Choose two clients.")
        first, second = sorted((one, other))

        def work(unit: Unit) -> None:
            known = select(duplicate_verdict.c.id).where(
                duplicate_verdict.c.first_id == first, duplicate_verdict.c.second_id == second
            )
            unit.lock(client, first)
            if unit.connection.execute(known).first() is None:
                unit.insert(duplicate_verdict, {"first_id": first, "second_id": second})

        return self.command(request, "duplicates.not_the_same", (first, second), work, lambda _, __: None)


def _alike(
    connection: Connection, record: ClientRecord, checks: Collection[Check] = frozenset(Check)
) -> list[Alike]:
    """Everybody who may be another record of this one, compared by these kinds of facts, the likest first."""
    own = only(_traits_of(record, read_preferences(connection).phone_region), checks)
    ids = _possible(connection, record, own) - {record.id}
    judged = _verdicts(connection, record.id) if record.id else set()
    others = {client_id for client_id in ids if tuple(sorted((client_id, record.id))) not in judged}
    found = [Alike(client_id, compare(own, one)) for client_id, one in _traits_by_id(connection, others).items()]
    return sorted(found, key=lambda one: (-one.likeness.score, one.id))


def _traits_of(record: ClientRecord, region: str) -> Traits:
    return traits(
        last_name=record.last_name,
        first_name=record.first_name,
        company=record.company,
        former_names=record.former_names,
        nickname=record.nickname,
        phone_digits=[phones.search_digits(phones.parse(row.typed, region)) for row in record.phones],
        emails=[row.address for row in record.emails],
        places=[(row.line1, row.town, row.postcode) for row in record.addresses],
        birthday=record.birthday,
    )


def _possible(connection: Connection, record: ClientRecord, own: Traits) -> set[int]:
    """Who shares an indexed fact with the record, or is found by the search."""
    found: set[int] = set()
    for column, owner, values in (
        (phone.c.digits, phone.c.client_id, own.phones),
        (email.c.address_key, email.c.client_id, own.emails),
    ):
        if values:
            query = select(owner).where(column.in_(values), owner.is_not(None)).limit(_MOST)
            found.update(connection.execute(query).scalars())
    last, company = (names.sort_key(name, "", "") for name in (record.last_name, record.company))
    if last:
        found |= _of_this_name(connection, own, last)
    if company:
        query = select(client.c.id).where(_begins_with(client.c.sort_key, company)).limit(_MOST)
        found.update(connection.execute(query).scalars())
    typed = [names.full_name(record.first_name, record.last_name), record.company, *own.phones, *own.emails]
    for text in typed:
        if len(text) >= _FEWEST_LETTERS:
            found.update(hit.client_id for hit in search.find(connection, text, _HITS))
    return found


def _of_this_name(connection: Connection, own: Traits, last: str) -> set[int]:
    """Those of the last name whose first names are likest; of a Smith there may be thousands."""
    query = select(client.c.id, client.c.last_name, client.c.first_name, client.c.nickname).where(
        _begins_with(client.c.sort_key, last), client.c.deleted_at.is_(None)
    )
    scored = [
        (compare(own, traits(last_name=row.last_name, first_name=row.first_name, nickname=row.nickname)).score, row.id)
        for row in connection.execute(query)
    ]
    return {client_id for _, client_id in sorted(scored, reverse=True)[:_MOST]}


def _begins_with(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """The sort key is this name, or it and a TAB before more: a range of the list's own index."""
    return or_(column == name, and_(column > f"{name}\t", column < f"{name}\n"))


def _traits_by_id(connection: Connection, ids: Collection[int]) -> dict[int, Traits]:
    found: dict[int, Traits] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), BATCH):
        these = client.c.id.in_(wanted[start : start + BATCH])
        found |= _traits(connection, and_(these, client.c.deleted_at.is_(None)))
    return found


def _traits(connection: Connection, which: ColumnElement[bool]) -> dict[int, Traits]:
    """The traits of clients, read table by table."""
    c = client.c
    numbers = _owned(connection, phone, which, phone.c.digits)
    mails = _owned(connection, email, which, email.c.address_key)
    places = _owned(connection, address, which, address.c.line1, address.c.town, address.c.postcode)
    query = select(
        c.id, c.last_name, c.first_name, c.company, c.former_names, c.nickname,
        c.birthday_year, c.birthday_month, c.birthday_day,
    ).where(which)  # fmt: skip
    found = {}
    for client_id, last, first, company, former, nickname, year, month, day in connection.execute(query):
        found[client_id] = traits(
            last_name=last,
            first_name=first,
            company=company,
            former_names=former,
            nickname=nickname,
            phone_digits=[digits for (digits,) in numbers.get(client_id, ())],
            emails=[mail for (mail,) in mails.get(client_id, ())],
            places=places.get(client_id, ()),
            birthday=PartialDate(month=month, day=day, year=year) if month is not None or year is not None else None,
        )
    return found


def _owned(
    connection: Connection, table: Any, which: ColumnElement[bool], *columns: ColumnElement[str]
) -> dict[int, list[Any]]:
    query = select(table.c.client_id, *columns).join(client, client.c.id == table.c.client_id).where(which)
    found: dict[int, list[Any]] = {}
    for client_id, *values in connection.execute(query):
        found.setdefault(client_id, []).append(tuple(values))
    return found


def _candidates(known: dict[int, Traits]) -> list[tuple[int, int]]:
    """Every two that share a key, each pair once, the lower id first."""
    sharing: dict[Hashable, list[int]] = {}
    for client_id in sorted(known):
        for key in dict.fromkeys(keys(known[client_id])):
            sharing.setdefault(key, []).append(client_id)
    pairs: set[tuple[int, int]] = set()
    for ids in sharing.values():
        if len(ids) <= _TELLING:
            pairs.update(combinations(ids, 2))
            continue
        # What so many share, as the number of a switchboard, says something only of those of one name.
        by_name: dict[str, list[int]] = {}
        for client_id in ids:
            for name in known[client_id].lasts:
                by_name.setdefault(name, []).append(client_id)
        for of_one_name in by_name.values():
            pairs.update(combinations(of_one_name, 2))
    return sorted(pairs)


def _verdicts(connection: Connection, client_id: int | None = None) -> set[tuple[int, ...]]:
    table = duplicate_verdict.c
    query = select(table.first_id, table.second_id)
    if client_id is not None:
        query = query.where(or_(table.first_id == client_id, table.second_id == client_id))
    return {(first, second) for first, second in connection.execute(query)}


def _people(connection: Connection, ids: Collection[int]) -> dict[int, Person]:
    c = client.c
    query = select(c.id, c.last_name, c.first_name, c.company, c.number).where(c.deleted_at.is_(None))
    found, wanted = {}, sorted(ids)
    for start in range(0, len(wanted), BATCH):
        for row in connection.execute(query.where(c.id.in_(wanted[start : start + BATCH]))):
            found[row.id] = Person(*row)
    return found


_TELLING = 50
_MOST = 60
_HITS = 20
_FEWEST_LETTERS = 3
_TOLD_EVERY = 2_000
