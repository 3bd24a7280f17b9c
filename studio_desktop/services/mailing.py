"""Who gets a label, what stands on it, and who is left out and why (B10, S2-38)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, case, exists, func, or_, select

from studio_desktop.database.tables.people import address, client, client_group_member, family_member
from studio_desktop.domain import addresses, names
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import AddressPurpose, ClientKind, Stage
from studio_desktop.services.listings.declaration import TODAY
from studio_desktop.services.preferences import read_preferences
from studio_desktop.services.service import Service, requires

_BATCH = 500


class LeftOutBecause(StrEnum):
    """Why somebody who was asked for gets no label."""

    DO_NOT_MARKET = "do not market"
    ARCHIVED = "archived"
    NO_ADDRESS = "no complete address"
    UNTICKED = "unticked"


class MailingOrder(StrEnum):
    """How labels are sorted. As chosen is the order of `Recipients.client_ids`, by name where there are none."""

    LAST_NAME = "last name"
    POSTCODE = "postcode"
    AS_CHOSEN = "as chosen"


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom a mailing is for: a group, a status, chosen clients, or (none of them) all active clients.

    `always` names clients who get a label whatever speaks against it: the single label, and `--client`.
    """

    group_id: int | None = None
    status_id: int | None = None
    client_ids: tuple[int, ...] | None = None
    always: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was asked for: whose label it is, its lines, and why there is none if there is none."""

    client_id: int
    name: str
    town: str
    lines: tuple[str, ...]
    because: LeftOutBecause | None = None


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
                return replace(one, because=None) if one.because is not None else one
            if one.client_id in without and one.because is None:
                return replace(one, because=LeftOutBecause.UNTICKED)
            return one

        return Mailing(tuple(map(decided, self.people))) if without or always else self


class Mailings(Service):
    """Chooses the recipients of mailings."""

    @requires(Permission.EXPORT)
    def gather(
        self, recipients: Recipients, *, order: MailingOrder = MailingOrder.LAST_NAME, couples: bool = True
    ) -> Mailing:
        """The labels of a mailing; for the bulk lane. `couples` puts the secondary contact on the name line."""
        with self.database.snapshot() as connection:
            region = read_preferences(connection).phone_region
            people = [_person(row, couples, region) for row in self._rows(connection, recipients, order)]
        return Mailing(tuple(people)).picked(without=(), always=recipients.always)

    def _rows(self, connection: Connection, recipients: Recipients, order: MailingOrder) -> Sequence[Any]:
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
        query = (
            select(
                client.c.id, client.c.last_name, client.c.first_name, client.c.company, client.c.do_not_market,
                client.c.stage, family_member.c.first_name.label("second_first"),
                family_member.c.last_name.label("second_last"), address.c.line1, address.c.line2, address.c.town,
                address.c.region, address.c.postcode, address.c.country, client.c.sort_key,
            )
            .select_from(client)
            .outerjoin(address, address.c.id == used)
            .outerjoin(
                family_member, and_(family_member.c.client_id == client.c.id, family_member.c.secondary_contact)
            )
            .where(client.c.deleted_at.is_(None))
            .order_by(*_order(order))
        )  # fmt: skip
        today = {"today": self.desk.clock.today()}
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


def _person(row: Any, couples: bool, region: str) -> Person:
    name = names.list_name(row["last_name"], row["first_name"], row["company"])
    lines = (*_name_lines(row, couples), *addresses.postal_lines(_Place(row), region))
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
    return [client.c.kind == ClientKind.CLIENT, client.c.stage == Stage.ACTIVE]


def _order(order: MailingOrder) -> tuple[Any, ...]:
    by_name = (client.c.sort_key, client.c.id)
    return (func.coalesce(address.c.postcode, ""), *by_name) if order is MailingOrder.POSTCODE else by_name


def _reason(row: Any) -> LeftOutBecause | None:
    if row["do_not_market"]:
        return LeftOutBecause.DO_NOT_MARKET
    if row["stage"] == Stage.ARCHIVED:
        return LeftOutBecause.ARCHIVED
    return None if addresses.is_complete(_Place(row)) else LeftOutBecause.NO_ADDRESS


def _name_lines(row: Any, couples: bool) -> tuple[str, ...]:
    person = names.full_name(row["first_name"], row["last_name"])
    if couples and person and row["second_first"] is not None:
        person = names.couple_line(
            row["first_name"], row["last_name"], row["second_first"], row["second_last"] or row["last_name"]
        )
    return tuple(line for line in (person, row["company"]) if line)
