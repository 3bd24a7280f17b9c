"""Clients, prospects and leads: opened, created, saved over one another without loss, deleted and brought back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import is_not
from typing import Any

from sqlalchemy import Connection, exists, func, or_, select

from studio_desktop.database.tables.activity import lead
from studio_desktop.database.tables.people import (
    address,
    client,
    client_group_member,
    client_organization,
    client_plan_date,
    client_plan_member,
    client_status,
    client_tag_member,
    email,
    family_member,
    note,
    phone,
    status_assignment,
)
from studio_desktop.database.tables.studio import user
from studio_desktop.domain import merge, names, phones, text
from studio_desktop.domain.balances import NOTHING, Balance
from studio_desktop.domain.completeness import insist
from studio_desktop.domain.errors import Conflict, InvalidFields, InvalidInput, NotFound
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import (
    ClientKind,
    ClientRecord,
    Occasion,
    OrganizationRow,
    PhoneRow,
    PlanDateRow,
    Stage,
)
from studio_desktop.domain.records.consents import Channel, ConsentRecord, Purpose
from studio_desktop.services import balances, consents, images, leads, numbers, statuses
from studio_desktop.services.listings.clients import ACTION_OVERDUE
from studio_desktop.services.listings.declaration import TODAY
from studio_desktop.services.preferences import StudioPreferences, read_preferences
from studio_desktop.services.record_store import MembersOf, RecordStore, RowsOf, row_columns
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.trash import Deletion, hold_present, why_kept
from studio_desktop.services.unit import BATCH, Unit

_referrer = client.alias("referrer")
_sent = client.alias("sent")


def _name_sql(of: Any) -> Any:
    comma = func.coalesce(func.nullif(of.c.first_name, ""), "")
    return func.trim(of.c.last_name + ", " + comma, ", ")


def _status(value: Any) -> Any:
    return select(value).where(client_status.c.id == client.c.status_id).scalar_subquery()


def _user_name(column: Any) -> Any:
    return func.coalesce(select(user.c.name).where(user.c.id == column).scalar_subquery(), "")


STORE = RecordStore(
    ClientRecord,
    client,
    rows={
        "phones": RowsOf(phone, "client_id"),
        "emails": RowsOf(email, "client_id"),
        "addresses": RowsOf(address, "client_id"),
        "family": RowsOf(
            family_member,
            "client_id",
            {"phones": RowsOf(phone, "family_member_id"), "emails": RowsOf(email, "family_member_id")},
        ),
        "organizations": RowsOf(client_organization, "client_id"),
        "plan_dates": RowsOf(client_plan_date, "client_id"),
    },
    members={
        "groups": MembersOf(client_group_member, "client_id", "group_id"),
        "tags": MembersOf(client_tag_member, "client_id", "tag_id"),
        "plans": MembersOf(client_plan_member, "client_id", "plan_id"),
    },
    derived={
        "referred_by": func.coalesce(
            select(func.coalesce(func.nullif(_name_sql(_referrer), ""), _referrer.c.company))
            .where(_referrer.c.id == client.c.referred_by_client_id)
            .scalar_subquery(),
            client.c.referred_by_name,
        ),
        "former_numbers": client.c.former_numbers,
        "data_consent": func.coalesce(consents.answer_sql(Channel.DATA, Purpose.SERVICE), ""),
        "created_at": client.c.created_at,
        "created_by": _user_name(client.c.created_by),
        "updated_at": client.c.updated_at,
        "updated_by": _user_name(client.c.updated_by),
    },
)


@dataclass(frozen=True, slots=True)
class OpenClient:
    """All that a client's window needs at once: the record, and what its tabs count."""

    record: ClientRecord
    deleted: bool
    status: str
    status_colour: str
    status_alert: str
    notes: int
    alerts: int
    leads: int = 0
    """How many leads are open."""
    lead_overdue: bool = False
    """Whether the next action of one of them is."""
    had_leads: bool = False
    """Whether there ever was one."""
    merged_into: int | None = None
    """The client that this one, deleted, is part of (B18)."""
    referred: int = 0
    """How many clients name this one as who sent them (S2-111)."""
    balance: Balance = NOTHING
    """What this one owes, and what is held for it (B7)."""


_EXTRA: Mapping[str, Any] = {
    "deleted": client.c.deleted_at.is_not(None),
    "merged_into": client.c.merged_into_id,
    "referred": select(func.count())
    .select_from(_sent)
    .where(_sent.c.referred_by_client_id == client.c.id, _sent.c.deleted_at.is_(None))
    .scalar_subquery(),
    "status": _status(client_status.c.description),
    "status_colour": _status(client_status.c.colour),
    "status_alert": _status(client_status.c.alert_text),
    "notes": select(func.count())
    .select_from(note)
    .where(note.c.client_id == client.c.id, note.c.deleted_at.is_(None))
    .scalar_subquery(),
    "alerts": select(func.count())
    .select_from(note)
    .where(note.c.client_id == client.c.id, note.c.deleted_at.is_(None), note.c.alert)
    .scalar_subquery(),
    "leads": select(func.count())
    .select_from(lead)
    .where(lead.c.client_id == client.c.id, lead.c.closed_on.is_(None))
    .scalar_subquery(),
    "lead_overdue": ACTION_OVERDUE,
    "had_leads": exists().where(lead.c.client_id == client.c.id),
    "past_due": balances.past_due(client.c.id, TODAY),
    "not_yet_due": balances.not_yet_due(client.c.id, TODAY),
    "credit": balances.credit(client.c.id, TODAY),
}


def add_many(
    unit: Unit,
    records: Sequence[ClientRecord],
    more: Sequence[Mapping[str, Any]] | None = None,
    *,
    statuses_follow: Collection[int] = (),
    leads_follow: Collection[int] = (),
) -> list[int]:
    """Add prepared records at once, with numbers, statuses and search texts; returns their ids in order.

    For imports and the demo: each client's creation is one row of history, and rows are written table by table.
    `more` are columns that no field holds, the same for each of them. At the places `statuses_follow` and
    `leads_follow` stand those whose line of statuses, and whose leads, the caller writes: they have a past.
    """
    given = numbers.of_new(unit.connection, records)
    rows = [
        STORE.columns_of(one, **columns, number=number)
        for one, number, columns in zip(records, given, more or [{}] * len(records), strict=True)
    ]
    ids = unit.insert_many(client, rows)
    own = (("organizations", client_organization), ("plan_dates", client_plan_date))
    parts: dict[Any, list[dict[str, Any]]] = {phone: [], email: [], address: []} | {table: [] for _, table in own}
    members = [
        (member, row_columns(member, client_id=client_id, position=position))
        for client_id, record in zip(ids, records, strict=True)
        for position, member in enumerate(record.family)
    ]
    member_ids = unit.insert_many(family_member, [columns for _, columns in members], parts=True)
    for client_id, record in zip(ids, records, strict=True):
        for table, owned in ((phone, record.phones), (email, record.emails), (address, record.addresses)):
            parts[table] += _owned_rows(owned, client_id, None)
        for name, table in own:
            parts[table] += [
                row_columns(row, client_id=client_id, position=position)
                for position, row in enumerate(getattr(record, name))
            ]
    for member_id, (member, _) in zip(member_ids, members, strict=True):
        parts[phone] += _owned_rows(member.phones, None, member_id)
        parts[email] += _owned_rows(member.emails, None, member_id)
    for table, columns in parts.items():
        unit.insert_many(table, columns, parts=True)
    for name, link in STORE.members.items():
        memberships = [
            {link.owner: client_id, link.member: member_id}
            for client_id, record in zip(ids, records, strict=True)
            for member_id in sorted(getattr(record, name))
        ]
        unit.insert_many(link.table, memberships, parts=True)
    assignments = [
        statuses.assignment(unit, client_id, record)
        for place, (client_id, record) in enumerate(zip(ids, records, strict=True))
        if record.status_id is not None and place not in statuses_follow
    ]
    unit.insert_many(status_assignment, assignments, parts=True)
    followed_up = [
        client_id
        for place, (client_id, record) in enumerate(zip(ids, records, strict=True))
        if record.kind is ClientKind.LEAD and place not in leads_follow
    ]
    leads.open_many(unit, followed_up)
    unit.touch_search(ids)
    return ids


def _owned_rows(rows: Sequence[Any], client_id: int | None, member_id: int | None) -> list[dict[str, Any]]:
    return [
        row_columns(row, client_id=client_id, family_member_id=member_id, position=position)
        for position, row in enumerate(rows)
    ]


class Clients(Service):
    """The studio's clients."""

    @requires(Permission.VIEW_CLIENTS)
    def open(self, client_id: int) -> OpenClient:
        """Everything a client's window shows at first, in one statement. Raises NotFound."""

        def load(connection: Connection) -> OpenClient:
            record, row = STORE.load_with(connection, client_id, _EXTRA, {"today": self.desk.clock.today()})
            return OpenClient(
                record,
                bool(row["deleted"]),
                row["status"] or "",
                row["status_colour"] or "",
                row["status_alert"] or "",
                row["notes"],
                row["alerts"],
                row["leads"],
                bool(row["lead_overdue"]),
                bool(row["had_leads"]),
                row["merged_into"],
                row["referred"],
                Balance(row["past_due"], row["not_yet_due"], row["credit"]),
            )

        return self.database.read(load)

    @requires(Permission.VIEW_CLIENTS)
    def get(self, client_id: int) -> ClientRecord:
        """The record alone. Raises NotFound."""
        return self.database.read(lambda connection: STORE.load(connection, client_id))

    @requires(Permission.VIEW_CLIENTS)
    def by_number(self, number: str) -> int | None:
        """The id of the client with this number, archived ones included; or with it before a merge (B18)."""
        query = select(client.c.id).where(client.c.number_key == names.key(number), client.c.deleted_at.is_(None))

        def find(connection: Connection) -> int | None:
            found = connection.execute(query).scalar_one_or_none()
            return found if found is not None else numbers.former_numbers(connection).get(names.key(number))

        return self.database.read(find)

    @requires(Permission.ADD_CLIENTS)
    def create(
        self, record: ClientRecord, request: str, answers: Sequence[ConsentRecord] = ()
    ) -> Saved[ClientRecord]:
        """Add a client. It gets a number by the studio's rule unless one was typed (B5).

        `answers` are what the client said about consent; a studio that asks keeps it, too, if nobody did (S4-29).
        Raises InvalidFields or InvalidInput naming the field: no name at all, an e-mail or number someone has.
        """

        def work(unit: Unit) -> int:
            preferences = read_preferences(unit.connection)
            ready = statuses.settle(unit, None, prepared(record, preferences))
            insist(preferences.insisted_on(), ready)
            _check_free(unit.connection, ready, None)
            _check_photo(unit.connection, ready.image_hash)
            client_id = STORE.insert(unit, ready)
            statuses.record_assignment(unit, client_id, None, ready)
            if ready.kind is ClientKind.LEAD:
                leads.follow_kind(unit, [client_id], ready.kind)
            unasked = preferences.ask_consent and not any(one.channel is Channel.DATA for one in answers)
            consents.insert_answers(unit, client_id, (*answers, ConsentRecord()) if unasked else answers)
            if not ready.number:
                numbers.give_due(unit, [client_id], new=True)
            return client_id

        payload = (record, tuple(answers)) if answers else record
        return self.command(request, "clients.create", payload, work, _loaded, target_kind=client.name)

    @requires(Permission.CHANGE_CLIENTS)
    def save(self, base: ClientRecord, mine: ClientRecord, request: str) -> Saved[ClientRecord]:
        """Save what this desk made (`mine`) of what it had read (`base`) over what stands by now.

        What only one of the desks changed is kept; what both changed and differ in raises Conflict, and nothing is
        written. Raises InvalidFields, InvalidInput, NotFound, Conflict.
        """

        def work(unit: Unit) -> int:
            hold_present(unit, base.id)
            theirs = STORE.load(unit.connection, base.id)
            preferences = read_preferences(unit.connection)
            cleaned = replace(prepared(mine, preferences), id=base.id, version=base.version)
            try:
                merged = merge.merge(base, cleaned, theirs)
            except Conflict as conflict:
                raise Conflict(
                    base, cleaned, theirs, conflict.fields, who=theirs.updated_by, when=theirs.updated_at
                ) from None
            merged = _with_dates_of_its_people(_one_secondary(theirs, merged), theirs)
            settled = statuses.settle(unit, theirs, merged)
            check_named(settled)
            insist(preferences.insisted_on(), settled, theirs)
            _check_free(unit.connection, settled, theirs)
            if settled.image_hash != theirs.image_hash:
                _check_photo(unit.connection, settled.image_hash)
            if settled.kind is not theirs.kind:
                leads.follow_kind(unit, [base.id], settled.kind)
            if STORE.write(unit, theirs, settled):
                statuses.record_assignment(unit, base.id, theirs, settled)
            if settled.status_id != theirs.status_id:
                numbers.give_due(unit, [base.id])
            return base.id

        return self.command(request, "clients.save", (base, mine), work, _loaded, target_kind=client.name)

    @requires(Permission.CHANGE_CLIENTS)
    def set_photo(self, client_id: int, photo: images.Picture | None, request: str) -> Saved[ClientRecord]:
        """Give a client this photo, whatever there was before; None takes it away (S2-02).

        Raises NotFound for a client that is gone.
        """
        image_hash = photo.hash if photo is not None else ""

        def work(unit: Unit) -> int:
            row = hold_present(unit, client_id)
            if photo is not None:
                images.keep(unit.connection, photo, unit.now)
            unit.update(client, client_id, {"image_hash": image_hash}, current=row)
            return client_id

        payload = (client_id, image_hash)
        return self.command(request, "clients.set_photo", payload, work, _loaded, target_kind=client.name)

    @requires(Permission.DELETE_CLIENTS)
    def delete(self, client_ids: Sequence[int], request: str) -> Saved[Deletion]:
        """Put clients into the trash, but archive those who have something that must stay (S0-20, B15).

        Undoing the request brings all back.
        """
        wanted = sorted(set(client_ids))

        def work(unit: Unit) -> None:
            kept = why_kept(unit.connection, wanted)
            gone = [client_id for client_id in wanted if client_id not in kept]
            unit.update_many(client, gone, {"deleted_at": unit.now, "deleted_by": self.desk.user_id})
            unit.update_many(client, sorted(kept), {"stage": Stage.ARCHIVED.value})
            unit.touch_search(gone)

        def outcome(connection: Connection, _: int | None) -> Deletion:
            kept = why_kept(connection, wanted)
            reasons = tuple(dict.fromkeys(reason for one in kept.values() for reason in one))
            return Deletion(len(wanted) - len(kept), len(kept), reasons)

        return self.command(request, "clients.delete", tuple(client_ids), work, outcome)

    @requires(Permission.CHANGE_CLIENTS)
    def set_kind(self, client_ids: Sequence[int], kind: ClientKind, request: str) -> Saved[int]:
        """Make clients, prospects or leads of records, all else kept; gives how many changed (S0-08 to S0-12, B14).

        A lead begins in the pipeline for new ones; the open leads of who becomes a client are won, of who becomes a
        prospect lost.
        """
        wanted = sorted(set(client_ids))

        def work(unit: Unit) -> int:
            others: list[int] = []
            for start in range(0, len(wanted), BATCH):
                part = client.c.id.in_(wanted[start : start + BATCH])
                query = select(client.c.id).where(part, client.c.deleted_at.is_(None), client.c.kind != kind)
                others += unit.connection.execute(query.order_by(client.c.id).with_for_update()).scalars()
            leads.follow_kind(unit, others, kind)
            return unit.update_many(client, others, {"kind": kind.value})

        payload = (tuple(wanted), kind)
        return self.command(request, "clients.set_kind", payload, work, lambda _, changed: changed or 0)

    @requires(Permission.CHANGE_CLIENTS)
    def set_stage(
        self, client_ids: Sequence[int], stage: Stage, request: str, *, reason_id: int | None = None
    ) -> Saved[int]:
        """Archive or hide clients, or bring them back into the lists; gives how many changed (S0-14 to S0-18).

        `reason_id` says why they are archived. Without one, who is archived already keeps the reason; who was deleted
        meanwhile stays as it is.
        """
        concerned = client.c.stage != stage
        if reason_id is not None:
            concerned = or_(concerned, client.c.archive_reason_id.is_distinct_from(reason_id))

        def work(unit: Unit) -> int:
            wanted: list[int] = []
            asked = sorted(set(client_ids))
            for start in range(0, len(asked), BATCH):
                part = client.c.id.in_(asked[start : start + BATCH])
                query = select(client.c.id).where(part, client.c.deleted_at.is_(None), concerned)
                wanted += unit.connection.execute(query.order_by(client.c.id)).scalars()
            return unit.update_many(client, wanted, {"stage": stage.value, "archive_reason_id": reason_id})

        payload = (tuple(sorted(set(client_ids))), stage, reason_id)
        return self.command(request, "clients.set_stage", payload, work, lambda _, changed: changed or 0)

    @requires(Permission.VIEW_CLIENTS)
    def email_holder(self, typed: str, other_than: int | None = None) -> str | None:
        """Who has this e-mail address already, for the warning while typing (S4-15)."""
        return self.database.read(lambda connection: _email_holder(connection, typed, other_than))


def prepared(record: ClientRecord, preferences: StudioPreferences, *, named: bool = True) -> ClientRecord:
    """The record cleaned and complete: texts by one rule, phones understood. Raises InvalidFields.

    What is not `named` may lack whatever a client is found by, as part of one that has it.
    """
    cleaned = text.clean_record(record)
    region = preferences.phone_region
    rows: dict[str, Any] = {
        "phones": _understood(cleaned.phones, region),
        "emails": tuple([row for row in cleaned.emails if row.address]),
        "addresses": tuple([row for row in cleaned.addresses if _filled(row)]),
    }
    if cleaned.family:
        rows["family"] = tuple(
            replace(
                member,
                phones=_understood(member.phones, region),
                emails=tuple(row for row in member.emails if row.address),
            )
            for member in cleaned.family
            if member.first_name or member.last_name
        )
    if cleaned.organizations:
        rows["organizations"] = tuple([row for row in cleaned.organizations if row != OrganizationRow(uid=row.uid)])
    # A record has so many fields that copying one costs as much as all else here; most that an import makes are ready.
    differing = {name: after for name, after in rows.items() if _others(after, getattr(cleaned, name))}
    ready = replace(cleaned, **differing) if differing else cleaned
    if named:
        check_named(ready)
    return _with_dates_of_its_people(ready)


def check_named(record: ClientRecord) -> None:
    """A client needs something to be found by: a name, a company, a phone or an e-mail. Raises InvalidFields."""
    if record.last_name or record.first_name or record.company or record.phones or record.emails:
        return
    fault = InvalidInput("Type a name, a company, a phone number or an e-mail address.", field="last_name")
    raise InvalidFields({"last_name": fault})


def holder_name(row: Mapping[Any, Any]) -> str:
    """How an error names the client that holds what was typed."""
    name = names.list_name(row["last_name"], row["first_name"], row["company"])
    return f"{name} ({row['number']})" if row["number"] else name


def _understood(rows: tuple[PhoneRow, ...], region: str) -> tuple[PhoneRow, ...]:
    understood = []
    for row in rows:
        if row.typed:
            parsed = phones.parse(row.typed, region)
            is_known = (row.e164, row.extension) == (parsed.e164, parsed.extension)
            understood.append(row if is_known else replace(row, e164=parsed.e164, extension=parsed.extension))
    return tuple(understood)


def _others(after: Sequence[Any], before: Sequence[Any]) -> bool:
    """Whether these are other rows: what is derived in them, as a number's E.164, makes no row unequal."""
    return len(after) != len(before) or any(map(is_not, after, before))


def _filled(row: Any) -> bool:
    return bool(row.line1 or row.line2 or row.town or row.region or row.postcode or row.country)


def _with_dates_of_its_people(record: ClientRecord, before: ClientRecord | None = None) -> ClientRecord:
    """B2: the dates of a removed family member go; one that two desks chose is there once, as it was `before`."""
    if not record.plan_dates:
        return record
    people = {"", *(member.uid for member in record.family)}
    known = {row.uid for row in before.plan_dates} if before is not None else set()
    kept: dict[tuple[str, Occasion], PlanDateRow] = {}
    for row in sorted(record.plan_dates, key=lambda row: row.uid not in known):
        if row.member_uid in people:
            kept.setdefault((row.member_uid, row.occasion), row)
    uids = {row.uid for row in kept.values()}
    return replace(record, plan_dates=tuple(row for row in record.plan_dates if row.uid in uids))


def _one_secondary(theirs: ClientRecord, merged: ClientRecord) -> ClientRecord:
    """Two desks may each name a secondary contact; the newer choice holds, since there is one place for it."""
    chosen = [member for member in merged.family if member.secondary_contact]
    if len(chosen) < 2:
        return merged
    before = {member.uid for member in theirs.family if member.secondary_contact}
    kept = next((member for member in chosen if member.uid not in before), chosen[0])
    return replace(
        merged, family=tuple(replace(m, secondary_contact=m.uid == kept.uid) for m in merged.family)
    )


def _loaded(connection: Connection, client_id: int | None) -> ClientRecord:
    assert client_id is not None
    return STORE.load(connection, client_id)


def _check_photo(connection: Connection, image_hash: str) -> None:
    if image_hash and not images.is_kept(connection, image_hash):
        raise NotFound("This photo is no longer there. Choose it again.")


def _check_free(connection: Connection, record: ClientRecord, theirs: ClientRecord | None) -> None:
    """Refuse a number or an e-mail address that somebody else has, naming the holder (S2-18, S4-15)."""
    own_id = theirs.id if theirs is not None else None
    if record.number and (theirs is None or names.key(record.number) != names.key(theirs.number)):
        holder = numbers.holder(connection, record.number, own_id)
        if holder is not None:
            raise InvalidInput(
                "Number {number} belongs to {holder}. Choose another number.",
                field="number",
                number=record.number,
                holder=holder_name(holder),
            )
    before = {names.key(row.address) for row in theirs.emails if not row.shared} if theirs is not None else set()
    for row in record.emails:
        if row.shared or names.key(row.address) in before:
            continue
        taken_by = _email_holder(connection, row.address, own_id)
        if taken_by is not None:
            raise InvalidInput(
                "{email} is already the e-mail of {holder}. Open that client, use another address, or tick Shared.",
                field="emails",
                email=row.address,
                holder=taken_by,
            )


def _email_holder(connection: Connection, typed: str, other_than: int | None) -> str | None:
    query = (
        select(client.c.last_name, client.c.first_name, client.c.company, client.c.number)
        .join(email, email.c.client_id == client.c.id)
        .where(
            email.c.address_key == names.key(typed), client.c.id != (other_than or 0), client.c.deleted_at.is_(None)
        )
    )
    row = connection.execute(query.limit(1)).mappings().first()
    return holder_name(row) if row is not None else None
