"""Clients who are related: linked both ways with a word for each side; and a family member made a client (B23)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, case, func, or_, select

from studio_desktop.database.tables.people import client, client_link, relationship
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import ClientRecord, FamilyMember, Stage
from studio_desktop.services import numbers
from studio_desktop.services.clients import STORE
from studio_desktop.services.service import Saved, Service, new_request, requires
from studio_desktop.services.trash import hold_present
from studio_desktop.services.unit import Root, Unit


@dataclass(frozen=True, slots=True)
class LinkedClient:
    """A client who is related to another one; `word` says what the linked one is to the other."""

    id: int
    last_name: str
    first_name: str
    company: str
    word: str
    birthday: PartialDate | None
    stage: Stage


def sides(
    client_id: int, other_id: int, relationship_id: int | None, inverse: bool = False
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two rows of a link: `other_id` is this relation of `client_id`, or with `inverse` the other way round."""
    kept = {"relationship_id": relationship_id}
    return (
        {"client_id": client_id, "other_id": other_id, **kept, "inverse": inverse},
        {"client_id": other_id, "other_id": client_id, **kept, "inverse": not inverse},
    )


class Family(Service):
    """Links between clients. Each is two rows, one for either side, made and removed together."""

    @requires(Permission.VIEW_CLIENTS)
    def links_of(self, client_id: int) -> list[LinkedClient]:
        """The clients linked to this one, in the order they were linked; deleted ones are left out."""
        word = case((client_link.c.inverse, func.nullif(relationship.c.inverse, "")), else_=relationship.c.description)
        query = (
            select(client, func.coalesce(word, relationship.c.description, "").label("word"))
            .join(client_link, client_link.c.other_id == client.c.id)
            .outerjoin(relationship, relationship.c.id == client_link.c.relationship_id)
            .where(client_link.c.client_id == client_id, client.c.deleted_at.is_(None))
            .order_by(client_link.c.id)
        )
        return self.database.read(
            lambda connection: [_linked(row) for row in connection.execute(query).mappings()]
        )

    @requires(Permission.CHANGE_CLIENTS)
    def link(self, client_id: int, other_id: int, relationship_id: int | None, request: str) -> Saved[None]:
        """Say that `other_id` is this relation of `client_id`; the inverse word holds the other way.

        Raises InvalidInput for a link to oneself or a second one, NotFound.
        """
        if client_id == other_id:
            raise InvalidInput("Nobody is related to herself; choose another client.", field="other")

        def work(unit: Unit) -> None:
            for one in sorted((client_id, other_id)):
                hold_present(unit, one)
            if _rows(unit.connection, client_id, other_id):
                raise InvalidInput("These two are linked already.", field="other")
            _insert_link(unit, client_id, other_id, relationship_id, (client_id, other_id))

        payload = (client_id, other_id, relationship_id)
        return self.command(request, "family.link", payload, work, lambda _, __: None)

    @requires(Permission.CHANGE_CLIENTS)
    def unlink(self, client_id: int, other_id: int, request: str) -> Saved[None]:
        """Take a link away, from both sides. Raises NotFound."""

        def work(unit: Unit) -> None:
            rows = _rows(unit.connection, client_id, other_id)
            if not rows:
                raise NotFound("These two are not linked any more.")
            for row in rows:
                unit.remove(client_link, row["id"], Root(client.name, row["client_id"]))

        pair = tuple(sorted((client_id, other_id)))
        return self.command(request, "family.unlink", pair, work, lambda _, __: None)

    @requires(Permission.ADD_CLIENTS)
    def make_client(self, client_id: int, member_uid: str, request: str) -> Saved[ClientRecord]:
        """Make a client of a family member, hidden until there is work for it, and link the two (S0-17, B23).

        Names, birthday, phones, e-mails and the dates to be called about go along; the address is the family's. A
        secondary contact stays in the family as well, for labels name both. Raises NotFound.
        """

        def work(unit: Unit) -> int:
            hold_present(unit, client_id)
            theirs = STORE.load(unit.connection, client_id)
            member = next((one for one in theirs.family if one.uid == member_uid), None)
            if member is None:
                raise NotFound("This family member is no longer there. Save the client first.")
            new_id = STORE.insert(unit, _client_of(theirs, member))
            numbers.give_due(unit, [new_id], new=True)
            if not member.secondary_contact:
                family = tuple(one for one in theirs.family if one.uid != member_uid)
                dates = tuple(row for row in theirs.plan_dates if row.member_uid != member_uid)
                STORE.write(unit, theirs, replace(theirs, family=family, plan_dates=dates))
            # A new client's creation stands for its rows: both are this client's, so that undo takes both away.
            _insert_link(unit, client_id, new_id, member.relationship_id, (client_id, client_id))
            return new_id

        def result(connection: Connection, new_id: int | None) -> ClientRecord:
            assert new_id is not None
            return STORE.load(connection, new_id)

        payload = (client_id, member_uid)
        return self.command(request, "family.make_client", payload, work, result, target_kind=client.name)


def _client_of(theirs: ClientRecord, member: FamilyMember) -> ClientRecord:
    def anew(rows: Any) -> Any:
        return tuple(replace(row, uid=new_request()) for row in rows)

    dates = [replace(row, member_uid="") for row in theirs.plan_dates if row.member_uid == member.uid]
    return ClientRecord(
        last_name=member.last_name,
        first_name=member.first_name,
        birthday=member.birthday,
        stage=Stage.HIDDEN,
        household_name=theirs.household_name,
        do_not_market=theirs.do_not_market,
        phones=anew(member.phones),
        emails=anew(member.emails),
        addresses=anew(theirs.addresses),
        plan_dates=anew(dates),
    )


def _insert_link(
    unit: Unit, client_id: int, other_id: int, relationship_id: int | None, told: tuple[int, int]
) -> None:
    """Both rows; `told` are the clients in whose history they stand."""
    for values, root in zip(sides(client_id, other_id, relationship_id), told, strict=True):
        unit.insert(client_link, values, Root(client.name, root))


def _rows(connection: Connection, one: int, other: int) -> list[Mapping[Any, Any]]:
    table = client_link.c
    pair = or_(
        (table.client_id == one) & (table.other_id == other), (table.client_id == other) & (table.other_id == one)
    )
    return list(connection.execute(select(client_link).where(pair).with_for_update()).mappings())


def _linked(row: Mapping[Any, Any]) -> LinkedClient:
    year, month, day = (row[f"birthday_{part}"] for part in ("year", "month", "day"))
    return LinkedClient(
        row["id"],
        row["last_name"],
        row["first_name"],
        row["company"],
        row["word"],
        PartialDate(month=month, day=day, year=year) if year is not None or month is not None else None,
        Stage(row["stage"]),
    )
