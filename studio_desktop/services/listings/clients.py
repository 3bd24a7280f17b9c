"""The listing of clients, prospects and leads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, Text, and_, case, cast, exists, func, literal, not_, null, or_, select
from sqlalchemy.sql import ColumnElement

from studio_desktop.database.days import days_between
from studio_desktop.database.tables.activity import lead, pipeline, pipeline_stage
from studio_desktop.database.tables.people import (
    address,
    client,
    client_group,
    client_group_member,
    client_organization,
    client_plan_member,
    client_status,
    client_status_reason,
    client_tag,
    client_tag_member,
    email,
    family_member,
    lead_source,
    note,
    organization,
    phone,
)
from studio_desktop.database.tables.studio import user
from studio_desktop.domain import names
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.phones import Phone
from studio_desktop.domain.records.clients import KIND_WORDS, ClientKind, Stage
from studio_desktop.domain.records.consents import PURPOSES, Answer, Channel
from studio_desktop.domain.records.leads import NextAction
from studio_desktop.services.bookings import has_booked
from studio_desktop.services.consents import answer_sql
from studio_desktop.services.listings.declaration import (
    FIRST_NAME_FIRST,
    IDLE_SINCE,
    NEW_SINCE,
    TODAY,
    Column,
    ColumnKind,
    Filter,
    Listing,
)
from studio_desktop.services.reach import RUN_CHANNELS, Barrier, barrier_sql

_SEPARATOR = "\x1f"


def shown_name(table: Any) -> ColumnElement[str]:
    """A person's name in the studio's order, else the company."""
    last_first = func.trim(table.c.last_name + literal(", ") + table.c.first_name, ", ")
    first_last = func.trim(table.c.first_name + literal(" ") + table.c.last_name)
    name = case((FIRST_NAME_FIRST, first_last), else_=last_first)
    return func.coalesce(func.nullif(name, ""), table.c.company) if "company" in table.c else name


def _first(table: Any, value: ColumnElement[Any]) -> ColumnElement[Any]:
    query: Select[Any] = select(value).where(table.c.client_id == client.c.id).order_by(table.c.position, table.c.id)
    return query.limit(1).scalar_subquery()


def main_address(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column of the address in force today: the newest that has begun and has not ended (B22)."""
    in_force = and_(
        address.c.client_id == client.c.id,
        or_(address.c.effective_from.is_(None), address.c.effective_from <= TODAY),
        or_(address.c.effective_to.is_(None), address.c.effective_to >= TODAY),
    )
    newest = func.coalesce(address.c.effective_from, func.date("0001-01-01")).desc()
    return select(value).where(in_force).order_by(newest, address.c.position, address.c.id).limit(1).scalar_subquery()


def _secondary(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return (
        select(value)
        .where(family_member.c.client_id == client.c.id, family_member.c.secondary_contact)
        .limit(1)
        .scalar_subquery()
    )


def _catalog(table: Any, key: ColumnElement[Any], value: ColumnElement[Any]) -> ColumnElement[Any]:
    return select(value).where(table.c.id == key).scalar_subquery()


def _phone(text: str | None) -> Phone | None:
    return None if text is None else Phone(*text.split(_SEPARATOR))


def _partial(text: str | None) -> PartialDate | None:
    if text is None:
        return None
    year, month, day = (int(part) if part else None for part in text.split("-"))
    return PartialDate(month=month, day=day, year=year)


def _partial_sql(name: str) -> ColumnElement[Any]:
    year, month, day = (client.c[f"{name}_{part}"] for part in ("year", "month", "day"))
    texts = [func.coalesce(cast(part, Text), "") for part in (year, month, day)]
    unknown = and_(year.is_(None), month.is_(None))
    return case((unknown, null()), else_=texts[0] + "-" + texts[1] + "-" + texts[2])


OVERDUE = and_(client.c.status_due_on.is_not(None), client.c.status_due_on < TODAY, client.c.status_id.is_not(None))
"""A client that has been at its status longer than it should (S1-10)."""

KEPT_TOO_LONG = or_(
    *(
        and_(
            client.c.kind == kind,
            client.c.updated_at < since,
            ~exists().where(note.c.client_id == client.c.id, note.c.updated_at >= since),
        )
        for kind, since in IDLE_SINCE.items()
    )
)
"""A client of whom nothing was changed or noted for longer than the studio keeps idle ones of the kind (S4-30)."""

_OPEN_LEAD = and_(lead.c.client_id == client.c.id, lead.c.closed_on.is_(None))

ACTION_OVERDUE = exists().where(_OPEN_LEAD, lead.c.next_action_on < TODAY)
"""A client for whose lead something should have been done by now (S0-10)."""

_HAS_ACTION = exists().where(_OPEN_LEAD, lead.c.next_action != NextAction.NONE)

ACTION_IN_WORDS = case(
    {one.value: one.value.capitalize() for one in NextAction if one is not NextAction.NONE},
    value=lead.c.next_action, else_="",
) + case((lead.c.next_action_text == "", ""), else_=literal(": ") + lead.c.next_action_text)  # fmt: skip
"""What is to be done next for a lead."""


def _of_lead(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column of the client's open lead, of several the one for which something is due first."""
    return (
        select(value)
        .select_from(lead)
        .join(pipeline, pipeline.c.id == lead.c.pipeline_id)
        .join(pipeline_stage, pipeline_stage.c.id == lead.c.stage_id)
        .outerjoin(user, user.c.id == lead.c.responsible_id)
        .where(_OPEN_LEAD)
        .order_by(lead.c.next_action_on.asc().nulls_last(), lead.c.id)
        .limit(1)
        .scalar_subquery()
    )


_EXISTING = has_booked(client.c.id)
_NEW = client.c.created_at >= NEW_SINCE

_ALERT = exists().where(note.c.client_id == client.c.id, note.c.alert, note.c.deleted_at.is_(None))
_MEMBERS = (
    select(func.coalesce(func.count(), 0))
    .where(client_group_member.c.client_id == client.c.id)
    .scalar_subquery()
)

_TAGS_IN_ORDER = (
    select(client_tag.c.description)
    .join(client_tag_member, client_tag_member.c.tag_id == client_tag.c.id)
    .where(client_tag_member.c.client_id == client.c.id)
    .order_by(client_tag.c.position, client_tag.c.id)
    .correlate(client)
    .subquery()
)
_TAGS = select(func.aggregate_strings(_TAGS_IN_ORDER.c.description, ", ")).scalar_subquery()


def _of_organization(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column of the client's first organization."""
    return (
        select(value)
        .select_from(client_organization)
        .outerjoin(organization, organization.c.id == client_organization.c.organization_id)
        .where(client_organization.c.client_id == client.c.id)
        .order_by(client_organization.c.position, client_organization.c.id)
        .limit(1)
        .scalar_subquery()
    )


_CUSTOM = (
    *(Column(f"custom_text_{n}", f"Custom text {n}", client.c[f"custom_text_{n}"], width=140, shown=False)
      for n in range(1, 15)),
    *(Column(f"custom_date_{n}", f"Custom date {n}", client.c[f"custom_date_{n}"], ColumnKind.DAY, 100, shown=False)
      for n in range(1, 5)),
)  # fmt: skip

_CONSENTS = tuple(
    Column(f"consent_{channel.name.lower()}", f"Consent: {channel}",
           func.coalesce(answer_sql(channel, PURPOSES[channel][0]), ""), width=110, shown=False, offers=tuple(Answer))
    for channel in Channel
)  # fmt: skip

_LEFT_OUT = tuple(
    Column(f"left_out_{channel.name.lower()}", f"Left out of group {channel}", func.coalesce(barrier_sql(channel), ""),
           width=140, shown=False, offers=tuple(Barrier))
    for channel in RUN_CHANNELS
)  # fmt: skip

COLUMNS = (
    Column("light", "Light", case((OVERDUE, 2), (_ALERT, 1), else_=0), ColumnKind.LIGHT, 28,
           words={2: "Status overdue", 1: "Note to look at"}),
    Column("name", "Name", shown_name(client), width=160, sort=client.c.sort_key, stretches=True, marks="stage_badge"),
    Column("secondary", "Secondary", _secondary(shown_name(family_member)), width=120,
           sort=_secondary(family_member.c.sort_key)),
    Column("company", "Company", client.c.company, width=140, sort=client.c.company_key, shown=False),
    Column("number", "Number", client.c.number, width=80, sort=client.c.number_sort, shown=False),
    Column("kind", "Kind", client.c.kind, width=80, shown=False, offers=tuple(ClientKind),
           synonyms={word: kind.value for kind, words in KIND_WORDS.items() for word in words}),
    Column("stage", "Stage", client.c.stage, width=80, shown=False, offers=tuple(Stage)),
    Column("status", "Status", _catalog(client_status, client.c.status_id, client_status.c.description),
           ColumnKind.STATUS, 140, sort=_catalog(client_status, client.c.status_id, client_status.c.position),
           marks="status_colour", catalog="client_statuses"),
    Column("reason", "Reason", _catalog(client_status_reason, client.c.status_reason_id,
           client_status_reason.c.description), width=140, shown=False, catalog="client_status_reasons"),
    Column("since", "Since", client.c.status_set_on, ColumnKind.DAY, 100, shown=False),
    Column("due", "Due", client.c.status_due_on, ColumnKind.DUE, 150),
    Column("phone", "Main phone",
           _first(phone, phone.c.typed + _SEPARATOR + phone.c.e164 + _SEPARATOR + phone.c.extension),
           ColumnKind.PHONE, 176, sort=_first(phone, phone.c.digits), marks="call_warning", shape=_phone),
    Column("email", "E-mail", _first(email, email.c.address), width=180, sort=_first(email, email.c.address_key),
           shown=False),
    Column("town", "Town", main_address(address.c.town), width=110, sort=main_address(address.c.town_key)),
    Column("street", "Address", main_address(address.c.line1), width=160, shown=False),
    Column("street2", "Address line 2", main_address(address.c.line2), width=120, shown=False),
    Column("region", "State", main_address(address.c.region), width=60, shown=False),
    Column("postcode", "Postcode", main_address(address.c.postcode), width=80, shown=False),
    Column("country", "Country", main_address(address.c.country), width=90, shown=False),
    Column("lead_source", "Lead source", _catalog(lead_source, client.c.lead_source_id, lead_source.c.description),
           width=120, shown=False, catalog="lead_sources"),
    Column("birthday", "Birthday", _partial_sql("birthday"), ColumnKind.PARTIAL_DATE, 100, shown=False,
           sort=client.c.birthday_month * 100 + func.coalesce(client.c.birthday_day, 0), shape=_partial),
    Column("anniversary", "Anniversary", _partial_sql("anniversary"), ColumnKind.PARTIAL_DATE, 100, shown=False,
           sort=client.c.anniversary_month * 100 + func.coalesce(client.c.anniversary_day, 0), shape=_partial),
    Column("contract", "Contract", client.c.contract_date, ColumnKind.DAY, 100, shown=False),
    Column("saturday_only", "Saturday only", client.c.saturday_only, ColumnKind.FLAG, 90, shown=False),
    Column("do_not_market", "Do not market", client.c.do_not_market, ColumnKind.FLAG, 90, shown=False),
    Column("do_not_call", "Do not call", client.c.do_not_call, ColumnKind.FLAG, 90, shown=False),
    Column("groups", "Groups", _MEMBERS, ColumnKind.NUMBER, 70, shown=False, adds_up=True),
    Column("tags", "Tags", _TAGS, width=160, shown=False),
    Column("household", "Household name", client.c.household_name, width=160, shown=False),
    Column("organization", "School or organization", _of_organization(organization.c.description), width=160,
           sort=_of_organization(organization.c.description_key), shown=False),
    Column("graduation_year", "Graduation year", _of_organization(cast(client_organization.c.graduation_year, Text)),
           width=110, shown=False),
    Column("deceased", "Deceased", client.c.deceased, ColumnKind.FLAG, 90, shown=False),
    *_CUSTOM,
    *_CONSENTS,
    *_LEFT_OUT,
    Column("pipeline", "Pipeline", _of_lead(pipeline.c.description), width=110, shown=False, catalog="pipelines"),
    Column("lead_stage", "Lead stage", _of_lead(pipeline_stage.c.description), width=110, shown=False,
           sort=_of_lead(pipeline_stage.c.position), catalog="pipeline_stages"),
    Column("next_action", "Next action", _of_lead(ACTION_IN_WORDS), width=200, shown=False),
    Column("next_action_due", "Next action due", _of_lead(lead.c.next_action_on), ColumnKind.DUE, 150, shown=False),
    Column("days_in_stage", "Days in stage", _of_lead(days_between(lead.c.stage_since, TODAY)), ColumnKind.NUMBER, 90,
           shown=False),
    Column("responsible", "Responsible", _of_lead(user.c.name), width=110, shown=False, catalog="users"),
    Column("booked", "Guest/Existing", case((_EXISTING, "Existing"), else_="Guest"), width=100, shown=False,
           offers=("Guest", "Existing")),
    Column("age", "New/Old", case((_NEW, "New"), else_="Old"), width=80, shown=False, offers=("New", "Old")),
    Column("created", "Created", client.c.created_at, ColumnKind.INSTANT, 130, shown=False),
    Column("call_warning", "Call warning", client.c.call_warning, width=180, shown=False),
    Column("status_colour", "", _catalog(client_status, client.c.status_id, client_status.c.colour), chosen=False),
    Column("stage_badge", "", case((client.c.stage == Stage.ACTIVE, ""), else_=client.c.stage), chosen=False),
)  # fmt: skip


def _in_group(group_id: Any) -> ColumnElement[bool]:
    return exists().where(
        client_group_member.c.client_id == client.c.id, client_group_member.c.group_id == group_id
    )


def _tagged(tag_id: Any) -> ColumnElement[bool]:
    return exists().where(client_tag_member.c.client_id == client.c.id, client_tag_member.c.tag_id == tag_id)


def _planned(plan_id: Any) -> ColumnElement[bool]:
    return exists().where(client_plan_member.c.client_id == client.c.id, client_plan_member.c.plan_id == plan_id)


def _in_pipeline(pipeline_id: Any) -> ColumnElement[bool]:
    return exists().where(_OPEN_LEAD, lead.c.pipeline_id == pipeline_id)


def _at_stage(stage_id: Any) -> ColumnElement[bool]:
    return exists().where(_OPEN_LEAD, lead.c.stage_id == stage_id)


def _led_by(user_id: Any) -> ColumnElement[bool]:
    return exists().where(_OPEN_LEAD, lead.c.responsible_id == user_id)


def _stages(value: Stage | str | Iterable[Stage | str]) -> list[Stage]:
    return [Stage(one) for one in ([value] if isinstance(value, str) else value)]


def _numbered(numbers: Iterable[str]) -> ColumnElement[bool]:
    return client.c.number_key.in_([names.key(number) for number in numbers])


CLIENTS = Listing(
    name="clients",
    title="Clients",
    kind="client",
    table=client,
    source=client,
    columns=COLUMNS,
    order=(client.c.sort_key, client.c.id),
    base=(client.c.deleted_at.is_(None),),
    filters=(
        Filter("kind", lambda kind: f"{ClientKind(kind).value.capitalize()}s", lambda kind: client.c.kind == kind),
        Filter("stage", lambda stages: ", ".join(_stages(stages)).capitalize(),
               lambda stages: client.c.stage.in_(_stages(stages))),
        Filter("status", lambda _: "Status", lambda status_id: client.c.status_id == status_id),
        Filter("group", lambda _: "Group", _in_group),
        Filter("tag", lambda _: "Tag", _tagged),
        Filter("plan", lambda _: "Marketing plan", _planned),
        Filter("overdue", lambda _: "Status overdue", lambda _: OVERDUE),
        Filter("numbers", lambda numbers: ", ".join(numbers), _numbered),
        Filter("kept_too_long", lambda _: "Kept too long", lambda _: KEPT_TOO_LONG),
        Filter("pipeline", lambda _: "Pipeline", _in_pipeline),
        Filter("lead_stage", lambda _: "Lead stage", _at_stage),
        Filter("responsible", lambda _: "Responsible", _led_by),
        Filter("action_overdue", lambda _: "Next action overdue", lambda _: ACTION_OVERDUE),
        Filter("no_action", lambda _: "Leads without a next action",
               lambda _: and_(client.c.kind == ClientKind.LEAD, ~_HAS_ACTION)),
        Filter("booked", lambda booked: str(booked).capitalize() + "s" * (booked == "guest"),
               lambda booked: _EXISTING if booked == "existing" else not_(_EXISTING)),
        Filter("age", lambda age: f"{age} clients".capitalize(), lambda age: _NEW if age == "new" else not_(_NEW)),
        Filter("marketable", lambda _: "May be marketed to", lambda _: ~client.c.do_not_market),
    ),
    refreshed_by=frozenset({
        "client", "note", client_status.name, client_group.name, client_tag.name, organization.name, lead_source.name,
        pipeline.name, pipeline_stage.name, "preference",
    }),
)
