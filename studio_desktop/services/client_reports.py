"""What reports ask about many clients at once and no list shows: occasions of whole families, and who sent whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from studio_desktop.database.tables.people import client, client_status, email, family_member, phone
from studio_desktop.domain import names
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.names import NameOrder
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.phones import Phone
from studio_desktop.domain.records.clients import ClientKind, Occasion, Stage
from studio_desktop.domain.records.consents import Channel
from studio_desktop.services.preferences import read_preferences
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
        None if row.typed is None or row.no_calls else Phone(row.typed, row.e164, row.extension),
        row.call_warning,
        "" if row.no_emails else row.email or "",
        _unreached(row.no_calls, row.no_emails),
    )


def _unreached(no_calls: str | None, no_emails: str | None) -> str:
    if no_calls == no_emails:
        return f"no calls or e-mails: {no_calls}" if no_calls else ""
    told = (("no calls", no_calls), ("no e-mails", no_emails))
    return "; ".join(f"{what}: {why}" for what, why in told if why)
