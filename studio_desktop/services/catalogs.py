"""Every maintained list, declared once; one service and one window keep them all (S1-06 to S1-24).

A catalog names its table, its fields, and where its rows are used. A row in use is deleted only with a replacement,
and the count is told; a row that is no longer wanted is made inactive and still shows on the records that have it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, and_, func, or_, select, true
from sqlalchemy.sql import ColumnElement

from studio_desktop.database.tables.activity import (
    communication_status,
    lead,
    lost_reason,
    photo_session_status,
    pipeline,
    pipeline_stage,
    production_status,
    task_status,
)
from studio_desktop.database.tables.people import (
    archive_reason,
    client,
    client_group,
    client_group_member,
    client_link,
    client_organization,
    client_plan_member,
    client_status,
    client_status_reason,
    client_tag,
    client_tag_member,
    family_member,
    holiday,
    lead_source,
    marketing_plan,
    organization,
    phone,
    phone_label,
    relationship,
    status_assignment,
)
from studio_desktop.database.tables.sales import invoice_status
from studio_desktop.database.tables.studio import user
from studio_desktop.domain import names, text
from studio_desktop.domain.errors import Conflict, InUse, InvalidInput, NotFound
from studio_desktop.domain.fields import Kind
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.leads import NextAction, Outcome
from studio_desktop.services.leads import join_pipelines
from studio_desktop.services.listings.clients import OVERDUE
from studio_desktop.services.listings.declaration import Column, ColumnKind, Filter, Listing
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.unit import Root, Unit, count_rows

COLOURS = ("slate", "blue", "purple", "teal", "grey", "red", "green", "brown", "pink", "orange")
"""The colour tokens a studio may choose from; the theme knows their shades."""


@dataclass(frozen=True, slots=True)
class CatalogField:
    """One editable column of a catalog. `unit` stands behind a number ("days"); only one row has a flag `alone`.

    One row always has a flag that is `needed`. A choice is one of `choices`; a reference is the id of a row of `of`,
    by the name that `Catalogs.choices` has for it.
    """

    name: str
    title: str
    kind: Kind
    limit: int = 0
    lowest: int = 0
    highest: int = 0
    required: bool = False
    width: int = 120
    unit: str = ""
    alone: bool = False
    needed: bool = False
    choices: tuple[str, ...] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A column that points at a catalog's rows; `link` tables hold membership, which goes with the row.

    `before_replacing` clears the way for a replacement, given the ids of the row that goes and of its heir.
    """

    table: Table
    column: str
    counted: bool = True
    link: bool = False
    before_replacing: Callable[[Unit, int, int], None] | None = None


@dataclass(frozen=True)
class Catalog:
    """A maintained list. `parent` is the catalog whose rows this one's rows belong to, by column `parent_column`."""

    name: str
    title: str
    singular: str
    purpose: str
    table: Table
    fields: tuple[CatalogField, ...]
    uses: tuple[Use, ...] = ()
    parent: str = ""
    parent_column: str = ""
    counts: Mapping[str, tuple[str, ColumnElement[Any]]] = field(default_factory=dict)
    section: str = "Clients"

    def field(self, name: str) -> CatalogField:
        """The field of that name."""
        return next(one for one in self.fields if one.name == name)


@dataclass(frozen=True, slots=True)
class CatalogRow:
    """One row with its editable values by field name; `counts` tells how much it is used."""

    id: int
    version: int
    description: str
    inactive: bool
    position: int
    values: Mapping[str, Any]
    parent_id: int | None
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """A catalog row as a combo offers it."""

    id: int
    text: str
    inactive: bool
    colour: str = ""
    parent_id: int | None = None
    outcome: str = ""
    """Of a pipeline's stage: what it means for a lead."""


_DESCRIPTION = CatalogField("description", "Description", Kind.TEXT, limit=80, required=True, width=240)
_INACTIVE = CatalogField("inactive", "Inactive", Kind.FLAG, width=80)
_DURATION = CatalogField("default_duration", "Default days", Kind.NUMBER, highest=3650, width=110, unit="days")
_COLOUR = CatalogField("colour", "Colour", Kind.CHOICE, width=90, choices=COLOURS)


def _clients_with(column: ColumnElement[Any], key: ColumnElement[Any], *more: ColumnElement[bool]) -> Any:
    return (
        select(func.count())
        .select_from(client)
        .where(column == key, client.c.deleted_at.is_(None), *more)
        .scalar_subquery()
    )


def _workflow(name: str, title: str, purpose: str, table: Table, section: str) -> Catalog:
    """The steps of something the studio works on; a new one begins at the first step and is done at a final one."""
    first = CatalogField("first_step", "First step", Kind.FLAG, width=90, alone=True)
    final = CatalogField("final_step", "Final step", Kind.FLAG, width=90)
    fields = (_DESCRIPTION, _DURATION, first, final, _INACTIVE, _COLOUR)
    return Catalog(name, title, "status", purpose, table, fields, section=section)


def _leads_at(column: ColumnElement[Any], key: ColumnElement[Any], *more: ColumnElement[bool]) -> Any:
    """How many leads, those of deleted clients left out."""
    of_client = and_(client.c.id == lead.c.client_id, client.c.deleted_at.is_(None))
    return select(func.count()).select_from(lead).join(client, of_client).where(column == key, *more).scalar_subquery()


def _members(link: Table, column: str, of: Table) -> Any:
    """How many clients, deleted ones left out, a link table gives to a row."""
    return (
        select(func.count(link.c.client_id.distinct()))
        .join(client, and_(client.c.id == link.c.client_id, client.c.deleted_at.is_(None)))
        .where(link.c[column] == of.c.id)
        .scalar_subquery()
    )


CATALOGS: tuple[Catalog, ...] = (
    Catalog(
        "client_statuses", "Client statuses", "status", "The steps a client passes through, from first to last",
        client_status,
        (
            _DESCRIPTION,
            _DURATION,
            CatalogField("loyalty", "Loyalty rewards", Kind.FLAG, width=120),
            _INACTIVE,
            _COLOUR,
            CatalogField("alert_text", "Alert text", Kind.TEXT, limit=200, width=220),
        ),
        (Use(client, "status_id"), Use(status_assignment, "status_id", counted=False)),
        counts={
            "reasons": ("Reasons", select(func.count()).select_from(client_status_reason)
                        .where(client_status_reason.c.status_id == client_status.c.id).scalar_subquery()),
            "clients": ("Clients", _clients_with(client.c.status_id, client_status.c.id)),
            "overdue": ("Overdue", _clients_with(client.c.status_id, client_status.c.id, OVERDUE)),
        },
    ),
    Catalog(
        "client_status_reasons", "Client status reasons", "reason", "Why a client is at a status",
        client_status_reason, (_DESCRIPTION, _INACTIVE),
        (Use(client, "status_reason_id"), Use(status_assignment, "reason_id", counted=False)),
        parent="client_statuses", parent_column="status_id",
        counts={"clients": ("Clients", _clients_with(client.c.status_reason_id, client_status_reason.c.id))},
    ),
    Catalog(
        "lead_sources", "Lead sources", "lead source", "How clients heard about the studio", lead_source,
        (_DESCRIPTION, _INACTIVE), (Use(client, "lead_source_id"),),
        counts={"clients": ("Clients", _clients_with(client.c.lead_source_id, lead_source.c.id))},
    ),
    Catalog(
        "client_groups", "Groups", "group", "What clients are gathered into for mailings and lists", client_group,
        (_DESCRIPTION, CatalogField("remark", "Remark", Kind.TEXT, limit=200, width=260), _INACTIVE),
        (Use(client_group_member, "group_id", link=True),),
        counts={"clients": ("Clients", _members(client_group_member, "group_id", client_group))},
    ),
    Catalog(
        "client_tags", "Tags", "tag", "Short words that mark clients and find them again", client_tag,
        (_DESCRIPTION, _COLOUR, _INACTIVE),
        (Use(client_tag_member, "tag_id", link=True),),
        counts={"clients": ("Clients", _members(client_tag_member, "tag_id", client_tag))},
    ),
    Catalog(
        "marketing_plans", "Marketing plans", "plan", "Interests and events that clients are contacted about",
        marketing_plan, (_DESCRIPTION, CatalogField("remark", "Remark", Kind.TEXT, limit=200, width=260), _INACTIVE),
        (Use(client_plan_member, "plan_id", link=True),),
        counts={"clients": ("Clients", _members(client_plan_member, "plan_id", marketing_plan))},
    ),
    Catalog(
        "organizations", "Organizations", "organization", "Schools and companies that clients belong to", organization,
        (
            _DESCRIPTION,
            CatalogField("town", "Town", Kind.TEXT, limit=80, width=140),
            CatalogField("remark", "Remark", Kind.TEXT, limit=200, width=260),
            _INACTIVE,
        ),
        (Use(client_organization, "organization_id"),),
        counts={"clients": ("Clients", _members(client_organization, "organization_id", organization))},
    ),
    Catalog(
        "phone_labels", "Phone labels", "label", "What kinds of phone numbers there are", phone_label,
        (_DESCRIPTION, _INACTIVE), (Use(phone, "label_id"),),
        counts={"phones": ("Phones", select(func.count()).select_from(phone)
                           .where(phone.c.label_id == phone_label.c.id).scalar_subquery())},
    ),
    Catalog(
        "relationships", "Relationships", "relationship", "How family members belong to the client", relationship,
        (_DESCRIPTION, CatalogField("inverse", "The other way round", Kind.TEXT, limit=80, width=180), _INACTIVE),
        (Use(family_member, "relationship_id"), Use(client_link, "relationship_id")),
        counts={"members": ("Family members", select(func.count()).select_from(family_member)
                            .where(family_member.c.relationship_id == relationship.c.id).scalar_subquery())},
    ),
    Catalog(
        "archive_reasons", "Archive reasons", "reason", "Why the studio no longer works with somebody",
        archive_reason, (_DESCRIPTION, _INACTIVE), (Use(client, "archive_reason_id"),),
        counts={"clients": ("Clients", _clients_with(client.c.archive_reason_id, archive_reason.c.id))},
    ),
    Catalog(
        "pipelines", "Pipelines", "pipeline", "The ways of a lead from its first inquiry to being won or lost",
        pipeline,
        (
            _DESCRIPTION,
            CatalogField("for_new_leads", "For new leads", Kind.FLAG, width=110, alone=True, needed=True),
            _INACTIVE,
            CatalogField("responsible_id", "Responsible", Kind.REFERENCE, width=140, of="users"),
            _COLOUR,
        ),
        (Use(lead, "pipeline_id", before_replacing=join_pipelines),),
        counts={
            "stages": ("Stages", select(func.count()).select_from(pipeline_stage)
                       .where(pipeline_stage.c.pipeline_id == pipeline.c.id).scalar_subquery()),
            "leads": ("Open leads", _leads_at(lead.c.pipeline_id, pipeline.c.id, lead.c.closed_on.is_(None))),
        },
        section="Leads",
    ),
    Catalog(
        "pipeline_stages", "Pipeline stages", "stage", "The steps of a pipeline, and what is to be done at each",
        pipeline_stage,
        (
            _DESCRIPTION,
            CatalogField("days_allowed", "Days allowed", Kind.NUMBER, highest=3650, width=110, unit="days"),
            CatalogField("next_action", "Next action", Kind.CHOICE, width=110, choices=tuple(NextAction)),
            CatalogField("next_action_text", "What to do", Kind.TEXT, limit=200, width=220),
            CatalogField("outcome", "Means", Kind.CHOICE, width=90, choices=tuple(Outcome)),
            _INACTIVE,
        ),
        (Use(lead, "stage_id"),),
        parent="pipelines", parent_column="pipeline_id",
        counts={"leads": ("Leads", _leads_at(lead.c.stage_id, pipeline_stage.c.id))},
        section="Leads",
    ),
    Catalog(
        "lost_reasons", "Lost reasons", "reason", "Why an inquiry came to nothing", lost_reason,
        (_DESCRIPTION, _INACTIVE), (Use(lead, "lost_reason_id"),),
        counts={"leads": ("Leads", _leads_at(lead.c.lost_reason_id, lost_reason.c.id))},
        section="Leads",
    ),
    _workflow(
        "communication_statuses", "Communication statuses", "How far a call, letter, e-mail or text message is",
        communication_status, "Communication",
    ),
    _workflow(
        "photo_session_statuses", "Session statuses", "The way of a session from its booking to the last print",
        photo_session_status, "Sessions",
    ),
    _workflow(
        "invoice_statuses", "Invoice statuses", "How far an invoice is from being settled", invoice_status, "Invoices",
    ),
    _workflow("task_statuses", "Task statuses", "How far a task is", task_status, "Tasks"),
    _workflow(
        "production_statuses", "Production statuses", "The way of an order through lab and workshop",
        production_status, "Production",
    ),
    Catalog(
        "holidays", "Holidays", "holiday", "Days that due dates skip", holiday,
        (_DESCRIPTION, CatalogField("on_date", "Date", Kind.DAY, required=True, width=120), _INACTIVE),
        section="Studio",
    ),
)  # fmt: skip


def catalog(name: str) -> Catalog:
    """The catalog of that name."""
    return next(one for one in CATALOGS if one.name == name)


class Catalogs(Service):
    """Reads and keeps the maintained lists."""

    @requires(Permission.VIEW_CLIENTS)
    def choices(self) -> dict[str, list[Choice]]:
        """The rows of every catalog in their order, inactive ones too, and the users, for combos and names."""

        def load(connection: Connection) -> dict[str, list[Choice]]:
            found = {}
            for one in CATALOGS:
                table = one.table
                columns: list[Any] = [table.c.id, table.c.description, table.c.inactive]
                columns += [table.c[extra] for extra in ("colour", "outcome") if extra in table.c]
                columns += [table.c[one.parent_column].label("parent_id")] if one.parent else []
                query = select(*columns).order_by(table.c.position, table.c.id)
                found[one.name] = [
                    Choice(
                        row["id"], row["description"], row["inactive"], row.get("colour", ""), row.get("parent_id"),
                        row.get("outcome", ""),
                    )
                    for row in connection.execute(query).mappings()
                ]
            people = select(user.c.id, user.c.name, user.c.inactive).order_by(user.c.name_key)
            found["users"] = [Choice(*row) for row in connection.execute(people)]
            return found

        return self.database.read(load)

    @requires(Permission.VIEW_MAINTENANCE)
    def rows(self, name: str, parent_id: int | None = None) -> list[CatalogRow]:
        """A catalog's rows in their order with how much each is used; those of one parent if it has parents."""
        one = catalog(name)
        query = _query(one)
        if parent_id is not None:
            query = query.where(one.table.c[one.parent_column] == parent_id)
        today = {"today": self.desk.clock.today()}
        return self.database.read(
            lambda connection: [_row(one, row) for row in connection.execute(query, today).mappings()]
        )

    @requires(Permission.MAINTENANCE)
    def add(
        self, name: str, values: Mapping[str, Any], request: str, *, parent_id: int | None = None
    ) -> Saved[CatalogRow]:
        """Add a row at the end of its list. Raises InvalidInput naming the field."""
        one = catalog(name)
        cleaned = _checked(one, values)
        _require(one, cleaned)

        payload = (name, parent_id, cleaned)
        return self.command(
            request, "catalogs.add", payload, lambda unit: _append(unit, one, cleaned, parent_id), self._loaded(one)
        )

    @requires(Permission.CHANGE_CLIENTS)
    def tag(self, word: str, request: str) -> Saved[Choice]:
        """The tag of this word, made where the studio has none: who may change clients may coin one (B13).

        Raises InvalidInput for the field `tags` where the word is too long.
        """
        one = catalog("client_tags")
        cleaned = text.clean_line(word, 80, "tags", label="A tag")
        table = one.table

        def work(unit: Unit) -> int:
            same = select(table.c.id).where(table.c.description_key == names.key(cleaned))
            known = unit.connection.execute(same).scalar_one_or_none()
            return known if known is not None else _append(unit, one, {"description": cleaned}, None)

        def load(connection: Connection, row_id: int | None) -> Choice:
            row = connection.execute(select(table).where(table.c.id == row_id)).mappings().one()
            return Choice(row["id"], row["description"], row["inactive"], row["colour"])

        return self.command(request, "catalogs.tag", cleaned, work, load)

    @requires(Permission.MAINTENANCE)
    def save(self, name: str, base: CatalogRow, values: Mapping[str, Any], request: str) -> Saved[CatalogRow]:
        """Change fields of a row; other fields keep what other desks made of them.

        Raises Conflict when another desk changed the same field, InvalidInput, NotFound.
        """
        one = catalog(name)
        cleaned = _checked(one, values)

        def work(unit: Unit) -> int:
            current = unit.lock(one.table, base.id)
            differing = {key: value for key, value in cleaned.items() if base.values[key] != value}
            clash = tuple(key for key, value in differing.items() if current[key] not in (base.values[key], value))
            if clash:
                theirs = _row(one, {**current, **{f"count_{key}": 0 for key in one.counts}})
                raise Conflict(base, cleaned, theirs, clash)
            _require(one, {**current, **differing})
            _keep_marks(one, differing)
            _check_unique(unit, one, {**current, **differing}, base.id)
            _take_marks(unit, one, differing)
            unit.update(one.table, base.id, differing, current=current)
            return base.id

        return self.command(request, "catalogs.save", (name, base, cleaned), work, self._loaded(one))

    @requires(Permission.MAINTENANCE)
    def move(self, name: str, row_id: int, steps: int, request: str) -> Saved[None]:
        """Move a row up (negative) or down among its siblings; rows outside `steps` keep their order (S1-15)."""
        one = catalog(name)

        def work(unit: Unit) -> int:
            row = unit.lock(one.table, row_id)
            parent_id = row[one.parent_column] if one.parent else None
            query = select(one.table.c.id).where(_siblings(one, parent_id))
            ids = list(unit.connection.execute(query.order_by(one.table.c.position, one.table.c.id)).scalars())
            place = ids.index(row_id)
            ids.insert(max(0, min(len(ids) - 1, place + steps)), ids.pop(place))
            for position, sibling in enumerate(ids, start=1):
                unit.update(one.table, sibling, {"position": position})
            unit.touch(one.table.name)
            return row_id

        return self.command(request, "catalogs.move", (name, row_id, steps), work, lambda _, __: None)

    @requires(Permission.MAINTENANCE)
    def delete(self, name: str, row_id: int, request: str, *, replacement: int | None = None) -> Saved[int]:
        """Delete a row; records that use it get the replacement. Gives how many got it.

        Raises InUse with the count when records use it and no replacement was named (B4). Membership goes with its
        group.
        """
        one = catalog(name)

        def work(unit: Unit) -> int:
            unit.lock(one.table, row_id)
            users = _used(unit.connection, one, row_id)
            if users and replacement is None:
                raise InUse(
                    "{count} records use “{row}”. Choose what they get instead.",
                    count=users, row=_description(unit.connection, one, row_id),
                )  # fmt: skip
            for use in one.uses:
                if use.before_replacing is not None and replacement is not None:
                    use.before_replacing(unit, row_id, replacement)
                _relink(unit, use, row_id, replacement)
            for child in CATALOGS:
                if child.parent == name:
                    for child_id in _children(unit.connection, child, row_id):
                        _drop_child(unit, child, child_id, replacement)
            unit.remove(one.table, row_id)
            return users

        payload = (name, row_id, replacement)
        return self.command(request, "catalogs.delete", payload, work, lambda _, users: users or 0)

    def _loaded(self, one: Catalog) -> Any:
        def load(connection: Connection, row_id: int | None) -> CatalogRow:
            query = _query(one).where(one.table.c.id == row_id)
            row = connection.execute(query, {"today": self.desk.clock.today()}).mappings().one()
            return _row(one, row)

        return load


def listing_of(one: Catalog) -> Listing:
    """The listing that prints and exports a catalog: its fields, then how much each row is used (B12)."""
    kinds = {Kind.NUMBER: ColumnKind.NUMBER, Kind.FLAG: ColumnKind.FLAG, Kind.DAY: ColumnKind.DAY}
    table = one.table
    columns = [Column("position", "#", _place(one), ColumnKind.NUMBER, 40)]
    if one.parent:
        parent = catalog(one.parent).table
        owner = select(parent.c.description).where(parent.c.id == table.c[one.parent_column]).scalar_subquery()
        columns.append(Column("parent", catalog(one.parent).singular.capitalize(), owner, width=160))
    columns += [
        Column(item.name, item.title, _shown(table, item), kinds.get(item.kind, ColumnKind.TEXT), item.width,
               sort=table.c.description_key if item.name == "description" else None,
               stretches=item.name == "description", shown=item.name != "colour")
        for item in one.fields
    ]  # fmt: skip
    columns += [
        Column(key, title, sql, ColumnKind.NUMBER, 80, adds_up=True) for key, (title, sql) in one.counts.items()
    ]
    order: tuple[ColumnElement[Any], ...] = ()
    if one.parent:
        parent = catalog(one.parent).table
        owner_place = select(parent.c.position).where(parent.c.id == table.c[one.parent_column]).scalar_subquery()
        order = (owner_place, table.c[one.parent_column])
    return Listing(
        name=one.name.replace("_", "-"),
        title=one.title,
        kind=table.name,
        table=table,
        source=table,
        columns=tuple(columns),
        order=(*order, table.c.position, table.c.id),
        filters=(Filter("active", lambda _: "In use", lambda _: ~table.c.inactive),),
        permission=Permission.VIEW_MAINTENANCE,
        refreshed_by=frozenset({table.name, "client"}),
    )


def _shown(table: Table, item: CatalogField) -> ColumnElement[Any]:
    """A field as it is read: of a user the name."""
    if item.kind is not Kind.REFERENCE:
        return table.c[item.name]
    return select(user.c.name).where(user.c.id == table.c[item.name]).scalar_subquery()


def _place(one: Catalog) -> ColumnElement[Any]:
    """Where a row stands among its siblings, counted from 1; positions themselves may have gaps."""
    table, before = one.table, one.table.alias("before")
    earlier = or_(
        before.c.position < table.c.position, and_(before.c.position == table.c.position, before.c.id <= table.c.id)
    )
    same = before.c[one.parent_column] == table.c[one.parent_column] if one.parent else true()
    return select(func.count()).select_from(before).where(earlier, same).scalar_subquery()


def _query(one: Catalog) -> Any:
    counts = [sql.label(f"count_{key}") for key, (_, sql) in one.counts.items()]
    return select(one.table, *counts).order_by(one.table.c.position, one.table.c.id)


def _row(one: Catalog, row: Mapping[Any, Any]) -> CatalogRow:
    return CatalogRow(
        row["id"],
        row["version"],
        row["description"],
        row["inactive"],
        row["position"],
        {item.name: row[item.name] for item in one.fields},
        row[one.parent_column] if one.parent else None,
        {key: row[f"count_{key}"] for key in one.counts},
    )


def _checked(one: Catalog, values: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = {}
    for name, value in values.items():
        item = one.field(name)
        if item.kind is Kind.TEXT:
            value = text.clean_line(value, item.limit, name)
        elif item.kind is Kind.NUMBER and value is not None and not item.lowest <= value <= item.highest:
            raise InvalidInput(
                "{title} is a whole number from {lowest} to {highest}, or empty.",
                field=name, title=item.title, lowest=item.lowest, highest=item.highest,
            )  # fmt: skip
        elif item.kind is Kind.CHOICE and value not in item.choices:
            raise InvalidInput(
                "{title} is one of: {choices}.", field=name, title=item.title, choices=", ".join(item.choices)
            )
        cleaned[name] = value
    return cleaned


def _require(one: Catalog, values: Mapping[str, Any]) -> None:
    for item in one.fields:
        if item.required and not values.get(item.name):
            raise InvalidInput(
                "Type the {title} of the {row}.", field=item.name, title=item.title.lower(), row=one.singular
            )


def _check_unique(unit: Unit, one: Catalog, values: Mapping[str, Any], own_id: int | None) -> None:
    table = one.table
    parent_id = values[one.parent_column] if one.parent else None
    same = table.c.description_key == names.key(values["description"])
    if "on_date" in table.c:
        same = table.c.on_date == values["on_date"]
    query = select(table.c.description).where(same, _siblings(one, parent_id), table.c.id != (own_id or 0))
    taken = unit.connection.execute(query).scalar_one_or_none()
    if taken is not None:
        raise InvalidInput(
            "There is a {row} “{taken}” already.", field="description", row=one.singular, taken=taken
        )


def _keep_marks(one: Catalog, values: Mapping[str, Any]) -> None:
    for item in one.fields:
        if item.needed and values.get(item.name) is False:
            raise InvalidInput(
                "One {row} always has “{title}”. Tick it at another {row}, which takes it from this one.",
                field=item.name, row=one.singular, title=item.title,
            )  # fmt: skip


def _take_marks(unit: Unit, one: Catalog, values: Mapping[str, Any]) -> None:
    """Take a mark that only one row has from the row that had it."""
    for item in one.fields:
        if item.alone and values.get(item.name):
            query = select(one.table).where(one.table.c[item.name])
            for row in unit.connection.execute(query).mappings().all():
                unit.update(one.table, row["id"], {item.name: False}, current=row)


def _append(unit: Unit, one: Catalog, values: Mapping[str, Any], parent_id: int | None) -> int:
    last = unit.connection.execute(select(func.max(one.table.c.position)).where(_siblings(one, parent_id))).scalar()
    full = {"position": (last or 0) + 1, **values}
    if one.parent:
        full[one.parent_column] = parent_id
    if "colour" in one.table.c:
        full.setdefault("colour", "slate")
    _check_unique(unit, one, full, None)
    _take_marks(unit, one, full)
    return unit.insert(one.table, full)


def _siblings(one: Catalog, parent_id: int | None) -> ColumnElement[bool]:
    return one.table.c[one.parent_column] == parent_id if one.parent else true()


def _used(connection: Connection, one: Catalog, row_id: int) -> int:
    return sum(
        count_rows(connection, use.table, use.table.c[use.column] == row_id)
        for use in one.uses
        if use.counted and not use.link
    )


def _description(connection: Connection, one: Catalog, row_id: int) -> str:
    found = connection.execute(select(one.table.c.description).where(one.table.c.id == row_id)).scalar_one_or_none()
    if found is None:
        raise NotFound("This row is no longer there.")
    return str(found)


def _relink(unit: Unit, use: Use, row_id: int, replacement: int | None) -> None:
    owner = "client_id" if "client_id" in use.table.c else "id"
    query = select(use.table).where(use.table.c[use.column] == row_id)
    for row in unit.connection.execute(query).mappings().all():
        root = Root(client.name, row[owner] or 0) if "client_id" in use.table.c or use.table is client else None
        if use.link:
            unit.remove(use.table, row["id"], root)
        else:
            unit.update(use.table, row["id"], {use.column: replacement}, root, current=row)


def _children(connection: Connection, child: Catalog, row_id: int) -> list[int]:
    query = select(child.table.c.id).where(child.table.c[child.parent_column] == row_id)
    return list(connection.execute(query.order_by(child.table.c.position, child.table.c.id)).scalars())


def _drop_child(unit: Unit, child: Catalog, child_id: int, replacement: int | None) -> None:
    """Whoever cannot be without such a row gets the first one of the parent's replacement."""
    for use in child.uses:
        heir = None
        if not use.table.c[use.column].nullable and _used(unit.connection, child, child_id):
            heirs = _children(unit.connection, child, replacement) if replacement is not None else []
            if not heirs:
                raise InvalidInput("What shall be used instead has no {row} yet. Add one first.", row=child.singular)
            heir = heirs[0]
        _relink(unit, use, child_id, heir)
    unit.remove(child.table, child_id)
