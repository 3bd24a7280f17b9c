"""Proves on any database that what must always hold does hold (the invariants of the data model)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, ForeignKeyConstraint, Select, Table, and_, exists, func, or_, select

from studio_desktop.database import search
from studio_desktop.database.concerns import collation
from studio_desktop.database.engine import Database
from studio_desktop.database.tables import metadata
from studio_desktop.database.tables.people import client, client_link, email, phone, status_assignment
from studio_desktop.database.tables.studio import history, history_value, image, preference
from studio_desktop.database.types import instant_text
from studio_desktop.domain.errors import DatabaseUnavailable

EXAMPLES = 10
"""How many rows a finding names."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that should hold and does not: what, in how many rows of which table, and the ids of the first."""

    wrong: str
    table: str = ""
    count: int = 0
    ids: tuple[int, ...] = ()

    def __str__(self) -> str:
        if not self.table:
            return self.wrong
        named = ", ".join(map(str, self.ids)) + (", …" if self.count > len(self.ids) else "")
        return f"{self.wrong} ({self.table}: {self.count}; {named})"


def check(database: Database, progress: Callable[[str], None] | None = None) -> list[Finding]:
    """What is wrong with the database, nothing when all is well. Reads one moment of it and changes nothing.

    Raises DatabaseUnavailable when a server does not answer.
    """
    findings: list[Finding] = []
    try:
        with database.snapshot() as connection:
            for title, rule in _RULES:
                if progress is not None:
                    progress(title)
                findings.extend(rule(connection))
    except DatabaseUnavailable as error:
        if database.dialect != "sqlite":
            raise
        # A damaged file answers some questions and breaks at others.
        findings.append(Finding(str(error)))
    return findings


def _file(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name == "sqlite":
        for (said,) in connection.exec_driver_sql(f"PRAGMA integrity_check({EXAMPLES})"):
            if said != "ok":
                yield Finding(f"The file is damaged: {said}")


def _references(connection: Connection) -> Iterator[Finding]:
    for table in metadata.sorted_tables:
        for link in sorted(table.foreign_key_constraints, key=lambda link: str(link.name)):
            wrong = f"{link.column_keys[0]} names a row that is not there"
            yield from _listed(connection, wrong, _orphans(table, link))


def _orphans(table: Table, link: ForeignKeyConstraint) -> Select[Any]:
    element = link.elements[0]
    parent = element.column.table.alias()
    found = exists().where(parent.c[element.column.name] == element.parent)
    key = next(iter(table.primary_key.columns))
    return select(key).where(element.parent.is_not(None), ~found)


def _people(connection: Connection) -> Iterator[Finding]:
    unknown = select(client.c.id).where(
        client.c.deleted_at.is_(None), client.c.last_name == "", client.c.first_name == "", client.c.company == "",
        ~exists().where(phone.c.client_id == client.c.id), ~exists().where(email.c.client_id == client.c.id),
    )  # fmt: skip
    yield from _listed(connection, "Clients have neither a name, a company, a phone nor an e-mail", unknown)
    twice = select(client.c.number_key).group_by(client.c.number_key).having(func.count() > 1)
    yield from _listed(connection, "Clients share a number", select(client.c.id).where(client.c.number_key.in_(twice)))


def _images(connection: Connection) -> Iterator[Finding]:
    kept = exists().where(image.c.hash == client.c.image_hash)
    lost = select(client.c.id).where(client.c.image_hash != "", ~kept)
    yield from _listed(connection, "Clients have a photo that is not there", lost)
    logos = select(preference.c.id, preference.c.value).where(preference.c.key == "logo")
    for row in connection.execute(logos):
        name = json.loads(row.value)
        if name and connection.execute(select(image.c.id).where(image.c.hash == name)).first() is None:
            yield Finding("The studio's logo is not there", preference.name, 1, (row.id,))
    pictures = connection.execute(select(image.c.id, image.c.hash, image.c.data), execution_options=_PAGED)
    changed = [row.id for row in pictures if not _is_whole(row.hash, row.data)]
    yield from _counted("Pictures are not what was kept", image.name, changed)


def _is_whole(name: str, data: str) -> bool:
    try:
        return hashlib.sha256(base64.b64decode(data, validate=True)).hexdigest() == name
    except ValueError:
        return False


def _links(connection: Connection) -> Iterator[Finding]:
    other = client_link.alias("other")
    answered = exists().where(
        other.c.client_id == client_link.c.other_id, other.c.other_id == client_link.c.client_id,
        other.c.inverse != client_link.c.inverse, _same(other.c.relationship_id, client_link.c.relationship_id),
    )  # fmt: skip
    yield from _listed(connection, "Clients are linked from one side only", select(client_link.c.id).where(~answered))


def _statuses(connection: Connection) -> Iterator[Finding]:
    current = status_assignment.c.until_on.is_(None)
    twice = select(status_assignment.c.client_id).where(current).group_by(status_assignment.c.client_id)
    yield from _listed(connection, "Clients have more than one current status", twice.having(func.count() > 1))
    pairs = (
        (status_assignment.c.status_id, client.c.status_id),
        (status_assignment.c.reason_id, client.c.status_reason_id),
        (status_assignment.c.from_on, client.c.status_set_on),
        (status_assignment.c.due_on, client.c.status_due_on),
    )
    same = and_(*(_same(assigned, kept) for assigned, kept in pairs))
    at_status = exists().where(current, status_assignment.c.client_id == client.c.id)
    wrong = or_(
        and_(client.c.status_id.is_not(None), ~at_status.where(same)), and_(client.c.status_id.is_(None), at_status)
    )
    yield from _listed(
        connection, "Clients show another status than the one last set", select(client.c.id).where(wrong)
    )


def _same(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    return one.is_not_distinct_from(other)


def _derived(connection: Connection) -> Iterator[Finding]:
    for table in metadata.sorted_tables:
        derive = table.info.get("derive")
        if derive is None:
            continue
        wrong: list[int] = []
        for row in connection.execute(select(table), execution_options=_PAGED).mappings():
            if any(row[name] != value for name, value in derive(row).items()):
                wrong.append(row["id"])
        yield from _counted("Sort keys or other computed values differ from what they are made of", table.name, wrong)


def _search(connection: Connection) -> Iterator[Finding]:
    yield from _counted(
        "The search index differs from what it is made of", client.name, search.verify(connection)
    )


def _history(connection: Connection) -> Iterator[Finding]:
    newest = (
        select(func.max(history.c.id)).where(history.c.action == "change")
        .group_by(history.c.table_name, history.c.row_id, history.c.field)
    )  # fmt: skip
    later = history.alias()
    made_anew = exists().where(
        later.c.table_name == history.c.table_name, later.c.row_id == history.c.row_id, later.c.action != "change",
        later.c.id > history.c.id,
    )  # fmt: skip
    query = (
        select(history.c.table_name, history.c.row_id, history.c.field, history_value.c.new)
        .join(history_value, history_value.c.history_id == history.c.id)
        .where(history.c.id.in_(newest), ~made_anew)
        .order_by(history.c.table_name, history.c.row_id)
    )
    rows = connection.execute(query, execution_options=_PAGED)
    for name, told in groupby(rows, key=lambda row: str(row.table_name)):
        table = metadata.tables.get(name)
        if table is not None:
            wrong = sorted(set(_contradicted(connection, table, told)))
            yield from _counted("The newest history differs from the field", name, wrong)


def _contradicted(connection: Connection, table: Table, told: Iterable[Any]) -> Iterator[int]:
    """The ids of rows that do not hold what their history says they were last changed to."""
    for page in _pages(told):
        ids = {row.row_id for row in page}
        found = connection.execute(select(table).where(table.c.id.in_(ids))).mappings()
        holds = {row["id"]: row for row in found}
        for row in page:
            kept = holds.get(row.row_id)
            wanted = json.loads(row.new) if row.new is not None else None
            if kept is None or (row.field in kept and _as_told(kept[row.field]) != wanted):
                yield row.row_id


def _as_told(value: Any) -> Any:
    """A column's value the way history writes it."""
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _pages(rows: Iterable[Any]) -> Iterator[list[Any]]:
    page = []
    for row in rows:
        page.append(row)
        if len(page) == _PAGED["yield_per"]:
            yield page
            page = []
    if page:
        yield page


def _listed(connection: Connection, wrong: str, ids: Select[Any]) -> Iterator[Finding]:
    table = ids.selected_columns[0].table
    yield from _counted(wrong, table.name, connection.execute(ids.order_by(*ids.selected_columns)).scalars().all())


def _counted(wrong: str, table: str, ids: Iterable[int]) -> Iterator[Finding]:
    found = list(ids)
    if found:
        yield Finding(wrong, table, len(found), tuple(found[:EXAMPLES]))


_PAGED = {"yield_per": 500}

_RULES: tuple[tuple[str, Callable[[Connection], Iterator[Finding]]], ...] = (
    ("Reading the whole file…", _file),
    ("Looking at how text is sorted…", lambda connection: map(Finding, collation(connection))),
    ("Following every reference…", _references),
    ("Looking at clients…", _people),
    ("Looking at photos…", _images),
    ("Looking at links between clients…", _links),
    ("Looking at statuses…", _statuses),
    ("Computing keys anew…", _derived),
    ("Looking at the search index…", _search),
    ("Comparing history with the present…", _history),
)
