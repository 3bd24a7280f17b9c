"""What reports ask about many clients at once and no list shows: occasions of whole families, and who sent whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, case, or_, select

from studio_desktop.database.tables.people import client, client_plan_date, client_status, email, family_member, phone
from studio_desktop.domain import names
from studio_desktop.domain.dates import PARTS, PartialDate
from studio_desktop.domain.names import NameOrder
from studio_desktop.domain.occasions import call_due
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.phones import Phone
from studio_desktop.domain.records.clients import ClientKind, Occasion, Stage
from studio_desktop.domain.records.consents import Channel
from studio_desktop.services.preferences import read_calendar, read_preferences
from studio_desktop.services.reach import barrier_sql
from studio_desktop.services.service import Service, requires


@dataclass(frozen=True, slots=True)
class Celebration:
    """A birthday or anniversary of a client or of somebody in the family; `person` is empty for the client.

    Phone and e-mail are those that may be used; `unreached` says why one is not among them.
    """

    client_id: int
    client: str
    person: str
    occasion: Occasion
    when: PartialDate
    phone: Phone | None
    call_warning: str
    email: str
    unreached: str


@dataclass(frozen=True, slots=True)
class DueCall:
    """A call for a date that is a marketing plan; `left_out` says why it is not to be made.

    `years` are those that the person turns or the marriage lasts, where known. Who is left out has no phone here.
    """

    client_id: int
    client: str
    person: str
    occasion: Occasion
    celebrated_on: date
    years: int | None
    due_on: date
    phone: Phone | None
    call_warning: str
    left_out: str


@dataclass(frozen=True, slots=True)
class Referral:
    """Somebody who came by word of mouth, and who sent them; a referrer who is no client has no number."""

    referrer: str
    referrer_number: str
    client: str
    number: str
    kind: ClientKind
    status: str
    entered: datetime


class ClientReports(Service):
    """Reads for reports; for the bulk lane."""

    @requires(Permission.VIEW_CLIENTS)
    def celebrations(self, *, family: bool = True) -> list[Celebration]:
        """All birthdays and anniversaries with a known month, by month and day, then by name.

        Of active and hidden clients who live. Who is archived is not congratulated, nor is their family.
        """

        def load(connection: Connection) -> list[Celebration]:
            order = NameOrder(read_preferences(connection).name_order)
            found = [
                *_of_clients(connection, Occasion.BIRTHDAY, order),
                *_of_clients(connection, Occasion.ANNIVERSARY, order),
                *(_of_families(connection, order) if family else ()),
            ]
            found.sort(key=lambda one: (one.when.month or 0, one.when.day or 0, names.key(one.client), one.person))
            return found

        return self.database.read(load)

    @requires(Permission.VIEW_CLIENTS)
    def due_calls(self, ahead: int) -> list[DueCall]:
        """The calls for birthdays and anniversaries that are due by now or within so many days, the first due first.

        Of the dates that somebody made a marketing plan of their client; a date that is past calls next year (B2,
        S3-24, S3-25). Who may not be called is listed with the reason.
        """
        today = self.desk.clock.today()

        def load(connection: Connection) -> list[DueCall]:
            preferences = read_preferences(connection)
            days = {
                Occasion.BIRTHDAY: preferences.birthday_days,
                Occasion.ANNIVERSARY: preferences.anniversary_days,
            }
            calendar = read_calendar(connection) if preferences.call_on_working_days else None
            order = NameOrder(preferences.name_order)
            found = []
            for row in connection.execute(_planned_dates()):
                occasion, when = Occasion(row.occasion), PartialDate(month=row.month, day=row.day, year=row.year)
                on = when.next_occurrence(today)
                due = call_due(on, days[occasion], calendar) if on is not None else None
                if on is not None and due is not None and due <= today + timedelta(days=ahead):
                    found.append(_due_call(row, order, occasion, on, when.turns(today), due))
            return sorted(found, key=lambda one: (one.due_on, one.celebrated_on, names.key(one.client), one.person))

        return self.database.read(load)

    @requires(Permission.VIEW_CLIENTS)
    def referrals(self) -> list[Referral]:
        """Everybody whom somebody sent, by who sent them: clients first, then the names of others."""
        sender = client.alias("sender")
        query = (
            select(
                *_name_of(client), client.c.number, client.c.kind, client.c.created_at, client.c.referred_by_name,
                sender.c.id.label("sender_id"), sender.c.last_name.label("sender_last"),
                sender.c.first_name.label("sender_first"), sender.c.company.label("sender_company"),
                sender.c.number.label("sender_number"), client_status.c.description.label("status"),
            )
            .select_from(
                client.outerjoin(sender, sender.c.id == client.c.referred_by_client_id).outerjoin(
                    client_status, client_status.c.id == client.c.status_id
                )
            )
            .where(
                client.c.deleted_at.is_(None),
                client.c.referred_by_client_id.is_not(None) | (client.c.referred_by_name != ""),
            )
            .order_by(
                sender.c.id.is_(None), sender.c.sort_key, sender.c.id, client.c.referred_by_name, client.c.sort_key,
                client.c.id,
            )
        )  # fmt: skip

        def load(connection: Connection) -> list[Referral]:
            order = NameOrder(read_preferences(connection).name_order)
            return [
                Referral(
                    names.list_name(row.sender_last, row.sender_first, row.sender_company, order)
                    if row.sender_id is not None
                    else row.referred_by_name,
                    row.sender_number or "",
                    names.list_name(row.last_name, row.first_name, row.company, order),
                    row.number,
                    ClientKind(row.kind),
                    row.status or "",
                    row.created_at,
                )
                for row in connection.execute(query)
            ]

        return self.database.read(load)


def _name_of(table: Any) -> tuple[Any, ...]:
    return table.c.last_name, table.c.first_name, table.c.company


def _first(table: Any, column: Any) -> Any:
    query = select(column).where(table.c.client_id == client.c.id).order_by(table.c.position, table.c.id).limit(1)
    return query.scalar_subquery()


_REACHED = (
    client.c.id,
    *_name_of(client),
    client.c.call_warning,
    _first(phone, phone.c.typed).label("typed"),
    _first(phone, phone.c.e164).label("e164"),
    _first(phone, phone.c.extension).label("extension"),
    _first(email, email.c.address).label("email"),
    barrier_sql(Channel.CALL).label("no_calls"),
    barrier_sql(Channel.EMAIL).label("no_emails"),
)
_MEANT = (client.c.deleted_at.is_(None), client.c.stage != Stage.ARCHIVED, ~client.c.deceased)


def _planned_dates() -> Select[Any]:
    """The dates that are plans, of clients and of their families, each with its parts."""
    plan, of_client = client_plan_date, client_plan_date.c.member_uid == ""
    is_birthday = plan.c.occasion == Occasion.BIRTHDAY.value
    parts = [
        case(
            (~of_client, family_member.c[f"birthday_{part}"]),
            (is_birthday, client.c[f"birthday_{part}"]),
            else_=client.c[f"anniversary_{part}"],
        ).label(part)
        for part in PARTS
    ]
    members = and_(family_member.c.client_id == plan.c.client_id, family_member.c.uid == plan.c.member_uid)
    return (
        select(
            *_REACHED, *parts, plan.c.occasion,
            family_member.c.first_name.label("member_first"), family_member.c.last_name.label("member_last"),
        )
        .select_from(plan.join(client, client.c.id == plan.c.client_id).outerjoin(family_member, members))
        .where(client.c.deleted_at.is_(None), or_(of_client, family_member.c.id.is_not(None)))
    )  # fmt: skip


def _due_call(row: Any, order: NameOrder, occasion: Occasion, on: date, years: int | None, due: date) -> DueCall:
    return DueCall(
        row.id,
        names.list_name(row.last_name, row.first_name, row.company, order),
        names.full_name(row.member_first or "", row.member_last or ""),
        occasion,
        on,
        years or None,
        due,
        _phone(row),
        row.call_warning,
        row.no_calls or "",
    )


def _phone(row: Any) -> Phone | None:
    """The first one, of who may be called."""
    return None if row.typed is None or row.no_calls else Phone(row.typed, row.e164, row.extension)


def _of_clients(connection: Connection, occasion: Occasion, order: NameOrder) -> Iterator[Celebration]:
    parts = [client.c[f"{occasion.value}_{part}"].label(part) for part in ("year", "month", "day")]
    query = select(*_REACHED, *parts).where(*_MEANT, client.c[f"{occasion.value}_month"].is_not(None))
    for row in connection.execute(query):
        yield _celebration(row, "", occasion, order)


def _of_families(connection: Connection, order: NameOrder) -> Iterator[Celebration]:
    parts = [family_member.c[f"birthday_{part}"].label(part) for part in ("year", "month", "day")]
    member = family_member.c.first_name.label("member_first"), family_member.c.last_name.label("member_last")
    query = (
        select(*_REACHED, *parts, *member)
        .select_from(client.join(family_member, family_member.c.client_id == client.c.id))
        .where(*_MEANT, family_member.c.birthday_month.is_not(None))
    )
    for row in connection.execute(query):
        yield _celebration(row, names.full_name(row.member_first, row.member_last), Occasion.BIRTHDAY, order)


def _celebration(row: Any, person: str, occasion: Occasion, order: NameOrder) -> Celebration:
    return Celebration(
        row.id,
        names.list_name(row.last_name, row.first_name, row.company, order),
        person,
        occasion,
        PartialDate(month=row.month, day=row.day, year=row.year),
        _phone(row),
        row.call_warning,
        "" if row.no_emails else row.email or "",
        _unreached(row.no_calls, row.no_emails),
    )


def _unreached(no_calls: str | None, no_emails: str | None) -> str:
    if no_calls == no_emails:
        return f"no calls or e-mails: {no_calls}" if no_calls else ""
    told = (("no calls", no_calls), ("no e-mails", no_emails))
    return "; ".join(f"{what}: {why}" for what, why in told if why)
