"""Who gets a label, what stands on it, and who is left out and why; each run for a group is kept (B10, S2-38)."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select, true

from studio_desktop.database.tables.activity import mailing_run
from studio_desktop.database.tables.people import address, client, client_group_member, family_member
from studio_desktop.database.tables.studio import user
from studio_desktop.domain import addresses, names, text
from studio_desktop.domain.errors import NotFound
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import AddressPurpose, ClientKind, Stage
from studio_desktop.domain.records.consents import Channel
from studio_desktop.services.listings.clients import CLIENTS
from studio_desktop.services.listings.declaration import SAVED, TODAY, Query
from studio_desktop.services.listings.service import Listings
from studio_desktop.services.preferences import read_preferences
from studio_desktop.services.reach import Barrier, barrier_sql
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.unit import Unit

_BATCH = 500


class LeftOutBecause(StrEnum):
    """Why somebody who was asked for gets no label."""

    DECEASED = "deceased"
    DO_NOT_MARKET = "do not market"
    REFUSED_LETTERS = "refused letters"
    ARCHIVED = "archived"
    NO_ADDRESS = "no complete address"
    SAME_HOUSEHOLD = "same household"
    UNTICKED = "unticked"


class MailingOrder(StrEnum):
    """How labels are sorted. As chosen is the order of `Recipients.client_ids`, by name where there are none."""

    LAST_NAME = "last name"
    POSTCODE = "postcode"
    AS_CHOSEN = "as chosen"


class NameLine(StrEnum):
    """Who is addressed: `Ann Smith`, `Ann & Bob Smith`, or `The Smith Family`; what is not known falls back."""

    PERSON = "person"
    COUPLE = "couple"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom a mailing is for: a group, a status, a tag, a marketing plan, those a saved filter finds, chosen clients.

    Of none of them it is for everybody active of one `kind` (S0-05, S0-06). `always` names clients who get a label
    whatever speaks against it: the single label, and `--client`.
    """

    group_id: int | None = None
    status_id: int | None = None
    tag_id: int | None = None
    plan_id: int | None = None
    saved_filter: str | None = None
    kind: ClientKind = ClientKind.CLIENT
    client_ids: tuple[int, ...] | None = None
    always: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was asked for: whose label it is, its lines, and why there is none if there is none.

    `by_hand` is set where a person at the desk decided against the rules, either way.
    """

    client_id: int
    name: str
    town: str
    lines: tuple[str, ...]
    because: LeftOutBecause | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Mailing:
    """Everybody asked for, in order."""

    people: tuple[Person, ...]

    @property
    def addressees(self) -> tuple[Person, ...]:
        """Who gets a label."""
        return tuple(one for one in self.people if one.because is None)

    @property
    def left_out(self) -> tuple[Person, ...]:
        """Who gets none."""
        return tuple(one for one in self.people if one.because is not None)

    def picked(self, without: Collection[int], always: Collection[int]) -> Mailing:
        """The mailing as a person changed it: clients `without` get no label, those of `always` get one whatever
        speaks against it, if there is anything to print.
        """

        def decided(one: Person) -> Person:
            if one.client_id in always and one.lines:
                return replace(one, because=None, by_hand=True) if one.because is not None else one
            if one.client_id in without and one.because is None:
                return replace(one, because=LeftOutBecause.UNTICKED, by_hand=True)
            return one

        return Mailing(tuple(map(decided, self.people))) if without or always else self


@dataclass(frozen=True, slots=True)
class RunFacts:
    """How a mailing was printed: for whom in words, the key of the sheet, and what its labels are made with."""

    whom: str
    sheet: str
    name_line: NameLine
    address_on: date
    copies: int = 1


@dataclass(frozen=True, slots=True)
class MailingRun:
    """A mailing that was printed: when and by whom, its facts, how many clients got a label and how many did not."""

    id: int
    at: datetime
    user: str
    facts: RunFacts
    labels: int
    left_out: int


class Mailings(Service):
    """Chooses the recipients of mailings, and keeps what was printed for a group."""

    @requires(Permission.EXPORT)
    def gather(
        self,
        recipients: Recipients,
        *,
        order: MailingOrder = MailingOrder.LAST_NAME,
        name_line: NameLine = NameLine.COUPLE,
        on: date | None = None,
    ) -> Mailing:
        """The labels of a mailing with the addresses in force on a day, today if none is given; for the bulk lane.

        A household gets one label: whoever lives at the same address under the same name as somebody before is left
        out, except from labels for single persons. A couple's label comes before those of its two.
        """
        if recipients.saved_filter is not None:
            found = Listings(self.database, self.desk).ids(CLIENTS.name, Query({SAVED: recipients.saved_filter}))
            recipients = replace(recipients, client_ids=tuple(found))
        with self.database.snapshot() as connection:
            region = read_preferences(connection).phone_region
            rows = self._rows(connection, recipients, order, on or self.desk.clock.today())
        people = [_person(row, name_line, region) for row in rows]
        if name_line is not NameLine.PERSON:
            people = _once_each(rows, people)
        return Mailing(tuple(people)).picked(without=(), always=recipients.always)

    @requires(Permission.EXPORT)
    def keep(self, facts: RunFacts, mailing: Mailing, request: str) -> Saved[MailingRun]:
        """Keep a mailing that was printed, so that it can be looked up and printed again (B10)."""
        people = [(one.client_id, one.because, int(one.by_hand)) for one in mailing.people]

        def work(unit: Unit) -> int:
            return unit.insert(
                mailing_run,
                {
                    "whom": facts.whom[:200],
                    "sheet": facts.sheet,
                    "name_line": facts.name_line.value,
                    "address_on": facts.address_on,
                    "copies": facts.copies,
                    "labels": len(mailing.addressees),
                    "left_out": len(mailing.left_out),
                    "people": json.dumps(people, separators=(",", ":")),
                    "created_at": unit.now,
                    "created_by": self.desk.user_id,
                    "workstation_id": self.desk.workstation_id,
                },
            )

        def result(connection: Connection, run_id: int | None) -> MailingRun:
            [run] = _runs(connection, mailing_run.c.id == run_id)
            return run

        return self.command(request, "mailings.keep", (facts, people), work, result, target_kind=mailing_run.name)

    @requires(Permission.EXPORT)
    def runs(self, limit: int = 50) -> list[MailingRun]:
        """The mailings printed last, newest first."""
        return self.database.read(lambda connection: _runs(connection, true(), limit))

    @requires(Permission.EXPORT)
    def again(self, run_id: int) -> tuple[MailingRun, Mailing]:
        """A mailing as it was printed, in its order, with the addresses of its day. Raises NotFound.

        Who was left out still is. Who asked for no more mail since, or was archived, is left out too; who is no longer
        there is missing.
        """

        def load(connection: Connection) -> tuple[MailingRun, str]:
            for run in _runs(connection, mailing_run.c.id == run_id):
                kept = select(mailing_run.c.people).where(mailing_run.c.id == run_id)
                return run, connection.execute(kept).scalar_one()
            raise NotFound("This mailing is no longer there.")

        run, kept = self.database.read(load)
        decisions = {client_id: (because, bool(by_hand)) for client_id, because, by_hand in json.loads(kept)}
        mailing = self.gather(
            Recipients(client_ids=tuple(decisions)),
            order=MailingOrder.AS_CHOSEN,
            name_line=run.facts.name_line,
            on=run.facts.address_on,
        )

        def decided(one: Person) -> Person:
            because, by_hand = decisions[one.client_id]
            if because is not None:
                return replace(one, because=LeftOutBecause(because), by_hand=by_hand)
            is_still_meant = (by_hand or one.because is LeftOutBecause.SAME_HOUSEHOLD) and one.lines
            return replace(one, because=None, by_hand=by_hand) if is_still_meant else one

        return run, Mailing(tuple(map(decided, mailing.people)))

    def _rows(
        self, connection: Connection, recipients: Recipients, order: MailingOrder, on: date
    ) -> Sequence[Any]:
        in_force = and_(
            address.c.client_id == client.c.id,
            or_(address.c.effective_from.is_(None), address.c.effective_from <= TODAY),
            or_(address.c.effective_to.is_(None), address.c.effective_to >= TODAY),
        )
        mailing_first = case((address.c.purpose == AddressPurpose.MAILING, 0), else_=1)
        newest = case((address.c.effective_from.is_(None), 1), else_=0), address.c.effective_from.desc()
        used = (
            select(address.c.id)
            .where(in_force)
            .order_by(mailing_first, *newest, address.c.position, address.c.id)
            .limit(1)
            .correlate(client)
            .scalar_subquery()
        )
        has_family = exists().where(family_member.c.client_id == client.c.id).correlate(client).label("has_family")
        query = (
            select(
                client.c.id, client.c.last_name, client.c.first_name, client.c.company,
                family_member.c.first_name.label("second_first"),
                family_member.c.last_name.label("second_last"), address.c.line1, address.c.line2, address.c.town,
                address.c.region, address.c.postcode, address.c.country, client.c.sort_key, has_family,
                client.c.household_name,
                barrier_sql(Channel.LETTER).label("barrier"),
            )
            .select_from(client)
            .outerjoin(address, address.c.id == used)
            .outerjoin(
                family_member, and_(family_member.c.client_id == client.c.id, family_member.c.secondary_contact)
            )
            .where(client.c.deleted_at.is_(None))
            .order_by(*_order(order))
        )  # fmt: skip
        today = {"today": on}
        if recipients.client_ids is None:
            return connection.execute(query.where(*_meant(recipients)), today).mappings().all()
        rows: list[Any] = []
        for start in range(0, len(recipients.client_ids), _BATCH):
            part = query.where(client.c.id.in_(recipients.client_ids[start : start + _BATCH]))
            rows += connection.execute(part, today).mappings()
        if order is MailingOrder.AS_CHOSEN:
            place = {client_id: index for index, client_id in enumerate(recipients.client_ids)}
            return sorted(rows, key=lambda row: place[row["id"]])
        rows.sort(key=lambda row: (row["sort_key"], row["id"]))
        return sorted(rows, key=lambda row: row["postcode"] or "") if order is MailingOrder.POSTCODE else rows


def _runs(connection: Connection, where: ColumnElement[bool], limit: int = 1) -> list[MailingRun]:
    query = (
        select(mailing_run, user.c.name.label("user"))
        .select_from(mailing_run.outerjoin(user, user.c.id == mailing_run.c.created_by))
        .where(where)
        .order_by(mailing_run.c.created_at.desc(), mailing_run.c.id.desc())
        .limit(limit)
    )
    return [
        MailingRun(
            row.id, row.created_at, row.user or "",
            RunFacts(row.whom, row.sheet, NameLine(row.name_line), row.address_on, row.copies),
            row.labels, row.left_out,
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def _once_each(rows: Sequence[Any], people: Sequence[Person]) -> list[Person]:
    """One label a household: couples first, for theirs speaks to both, then in order."""
    claimed: set[tuple[str, ...]] = set()
    once = list(people)
    for at in sorted(range(len(once)), key=lambda at: (rows[at]["second_first"] is None, at)):
        if once[at].because is not None:
            continue
        households = _households(rows[at])
        if households & claimed:
            once[at] = replace(once[at], because=LeftOutBecause.SAME_HOUSEHOLD)
        claimed |= households
    return once


def _households(row: Any) -> set[tuple[str, ...]]:
    """By which names at which address the people of a client may stand in another record again."""
    place = tuple(" ".join(text.words(row[part])) for part in ("line1", "line2", "town", "postcode", "country"))
    surnames = (row["last_name"] or row["company"], row["second_last"])
    return {(" ".join(text.words(name)), *place) for name in surnames if name}


def _person(row: Any, name_line: NameLine, region: str) -> Person:
    name = names.list_name(row["last_name"], row["first_name"], row["company"])
    lines = (*_name_lines(row, name_line), *addresses.postal_lines(_Place(row), region))
    return Person(row["id"], name, row["town"] or "", lines, _reason(row))


class _Place:
    """The address part of a row, empty where there is none."""

    def __init__(self, row: Any) -> None:
        self.line1 = row["line1"] or ""
        self.line2 = row["line2"] or ""
        self.town = row["town"] or ""
        self.region = row["region"] or ""
        self.postcode = row["postcode"] or ""
        self.country = row["country"] or ""


def _meant(recipients: Recipients) -> list[Any]:
    if recipients.group_id is not None:
        return [
            exists().where(
                client_group_member.c.client_id == client.c.id,
                client_group_member.c.group_id == recipients.group_id,
            )
        ]
    if recipients.status_id is not None:
        return [client.c.status_id == recipients.status_id]
    if recipients.tag_id is not None:
        return [CLIENTS.filter("tag").condition(recipients.tag_id)]
    if recipients.plan_id is not None:
        return [CLIENTS.filter("plan").condition(recipients.plan_id)]
    return [client.c.kind == recipients.kind, client.c.stage == Stage.ACTIVE]


def _order(order: MailingOrder) -> tuple[Any, ...]:
    by_name = (client.c.sort_key, client.c.id)
    return (func.coalesce(address.c.postcode, ""), *by_name) if order is MailingOrder.POSTCODE else by_name


def _reason(row: Any) -> LeftOutBecause | None:
    if row["barrier"] is not None:
        return _BARRED[row["barrier"]]
    return None if addresses.is_complete(_Place(row)) else LeftOutBecause.NO_ADDRESS


_BARRED = {
    Barrier.DECEASED: LeftOutBecause.DECEASED,
    Barrier.DO_NOT_MARKET: LeftOutBecause.DO_NOT_MARKET,
    Barrier.REFUSED: LeftOutBecause.REFUSED_LETTERS,
    Barrier.ARCHIVED: LeftOutBecause.ARCHIVED,
}


def _name_lines(row: Any, name_line: NameLine) -> tuple[str, ...]:
    person = names.full_name(row["first_name"], row["last_name"])
    if name_line is NameLine.HOUSEHOLD and row["household_name"]:
        person = row["household_name"]
    elif name_line is NameLine.HOUSEHOLD and person and row["has_family"]:
        person = names.household_line(row["last_name"]) or person
    elif name_line is not NameLine.PERSON and person and row["second_first"] is not None:
        person = names.couple_line(
            row["first_name"], row["last_name"], row["second_first"], row["second_last"] or row["last_name"]
        )
    return tuple(line for line in (person, row["company"]) if line)
