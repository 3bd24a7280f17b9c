"""Whom the rows of a file mean when they name another client: who sent one, and who is related (B20, B23).

A number in a file means first who has it in that file, whatever becomes of him in this studio; only then a client of
the studio. So it is looked up when all rows are judged, and written when all are in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, select, update

from studio_desktop.database.tables.people import client, client_link, note
from studio_desktop.domain import names
from studio_desktop.services.clients import holder_name
from studio_desktop.services.family import sides
from studio_desktop.services.imports.judged import JudgedRows
from studio_desktop.services.imports.plan import FieldChange, Judged, Plan, Tie, Verdict
from studio_desktop.services.numbers import former_numbers
from studio_desktop.services.unit import BATCH, Root, Unit


@dataclass(frozen=True, slots=True)
class _Other:
    """Whom a tie means: a client of the studio, or who comes in with a row."""

    client_id: int = 0
    row: int = 0


def foretold(connection: Connection, rows: JudgedRows) -> JudgedRows:
    """The judged rows of a file, each with what becomes of its ties; one that only adds a tie is an update."""
    if not rows.tied:
        return rows
    found = _Others(connection, rows, lambda row: row.verdict)
    told = JudgedRows()
    for places in _parts(range(len(rows))):
        part = list(rows.at(places))
        studio = _Studio(connection, [row.client_id for row in part if row.ties and row.client_id])
        for row in part:
            told.append(_foretold(row, found, studio) if row.ties else row)
    return told


def make(unit: Unit, plan: Plan, new: Mapping[int, int], relation: Callable[[str], int]) -> None:
    """Write the ties of all that came in or are changed; `new` are the ids of new clients by their rows.

    `relation` gives the id of a relationship by its word.
    """
    found = _Others(unit.connection, plan.rows, plan.verdict)
    written = (Verdict.NEW, Verdict.UPDATE)
    fresh: dict[tuple[int, int], _Link] = {}
    for places in _parts([place for place in plan.rows.tied if plan.verdict_at(place) in written]):
        _make(unit, plan, list(plan.rows.at(places)), new, found, fresh, relation)
    for links in _parts(sorted(fresh.values(), key=attrgetter("order"))):
        both = [sides(one.client_id, one.other_id, one.relation_id, one.is_inverse) for one in links]
        unit.insert_many(client_link, list(chain.from_iterable(both)), parts=True)


@dataclass(frozen=True, slots=True)
class _Link:
    """Two clients who are related from now on, one of whom is new: the creation stands in history for the link."""

    order: int
    client_id: int
    other_id: int
    relation_id: int | None
    is_inverse: bool


def _make(
    unit: Unit,
    plan: Plan,
    rows: Sequence[Judged],
    new: Mapping[int, int],
    found: _Others,
    fresh: dict[tuple[int, int], _Link],
    relation: Callable[[str], int],
) -> None:
    ids = {row.number: row.client_id if plan.verdict(row) is Verdict.UPDATE else new[row.number] for row in rows}
    studio = _Studio(unit.connection, list(ids.values()))
    notes: list[dict[str, Any]] = []
    for row in rows:
        client_id, is_new = ids[row.number], plan.verdict(row) is Verdict.NEW
        for tie in row.ties:
            meant = found.of(tie)
            other_id = new.get(meant.row, meant.client_id) if meant is not None else 0
            if meant is None or not other_id:
                if is_new and tie.refers and tie.name and not studio.has_referrer(client_id):
                    _set(unit, client_id, {"referred_by_name": tie.name[:120]})
                elif (text := _left_note(tie)) not in studio.notes(client_id):
                    left = {"client_id": client_id, "text": text, "alert": False}
                    if is_new:
                        notes.append(left)
                    else:
                        unit.insert(note, left)
                        unit.touch(note.name)
            elif other_id == client_id:
                continue
            elif tie.refers:
                if is_new:
                    _set(unit, client_id, {"referred_by_client_id": other_id})
                elif not studio.has_referrer(client_id):
                    unit.update(client, client_id, {"referred_by_client_id": other_id})
            elif (pair := (min(client_id, other_id), max(client_id, other_id))) in fresh:
                continue
            elif studio.link(client_id, other_id):
                relation_id = relation(tie.relation) if tie.relation else None
                if is_new or meant.row:
                    fresh[pair] = _Link(tie.order, client_id, other_id, relation_id, tie.is_inverse)
                else:
                    for one in sides(client_id, other_id, relation_id, tie.is_inverse):
                        unit.insert(client_link, one, Root(client.name, one["client_id"]))
    unit.insert_many(note, notes, parts=True)


class _Others:
    """Finds whom ties mean."""

    def __init__(self, connection: Connection, rows: JudgedRows, verdict: Callable[[Judged], Verdict]) -> None:
        wanted = {names.key(tie.to) for row in rows.at(rows.tied) for tie in row.ties}
        self._rows = rows
        self._verdict = verdict
        self._file: dict[str, int] = {}
        self._studio: dict[str, int] = {}
        for place, row in enumerate(rows):
            for said in (row.record.number if row.record is not None else "", row.past.reference):
                if said and names.key(said) in wanted:
                    self._file.setdefault(names.key(said), place)
        former = former_numbers(connection)
        self._studio = {key: former[key] for key in wanted & former.keys()}
        query = select(client.c.number_key, client.c.id).where(client.c.deleted_at.is_(None))
        for part in _parts(sorted(wanted)):
            for key, client_id in connection.execute(query.where(client.c.number_key.in_(part))):
                self._studio[key] = client_id

    def of(self, tie: Tie) -> _Other | None:
        """Whom a tie means; None where that is nobody here."""
        key = names.key(tie.to)
        if key in self._file:
            return self._come(self._file[key])
        return _Other(client_id=self._studio[key]) if key in self._studio else None

    def _come(self, place: int) -> _Other | None:
        row = self._rows[place]
        verdict = self._verdict(row)
        if verdict is Verdict.NEW:
            return _Other(row=row.number)
        if verdict is Verdict.ERROR or (verdict is Verdict.SKIP and not row.client_id and not row.twin):
            return None
        twin = self._rows.place_of(row.twin)
        return _Other(client_id=row.client_id) if row.client_id or twin is None else self._come(twin)


class _Studio:
    """Which ties some clients of the studio have already."""

    def __init__(self, connection: Connection, ids: Sequence[int]) -> None:
        self._links: set[tuple[int, int]] = set()
        self._referred: set[int] = set()
        self._notes: dict[int, set[str]] = {}
        self._called: dict[int, str] = {}
        for part in _parts(sorted(set(ids))):
            links = select(client_link.c.client_id, client_link.c.other_id).where(client_link.c.client_id.in_(part))
            self._links |= {(one, other) for one, other in connection.execute(links)}
            for row in connection.execute(select(client).where(client.c.id.in_(part))).mappings():
                self._called[row["id"]] = holder_name(row)
                if row["referred_by_client_id"] is not None or row["referred_by_name"]:
                    self._referred.add(row["id"])
            noted = select(note.c.client_id, note.c.text).where(note.c.client_id.in_(part), note.c.deleted_at.is_(None))
            for client_id, text in connection.execute(noted):
                self._notes.setdefault(client_id, set()).add(text)

    def called(self, client_id: int) -> str:
        """The client as people know her."""
        return self._called[client_id]

    def has_referrer(self, client_id: int) -> bool:
        """Whether it is known who sent the client."""
        return client_id in self._referred

    def is_linked(self, client_id: int, other_id: int) -> bool:
        """Whether two are related already."""
        return (client_id, other_id) in self._links

    def link(self, client_id: int, other_id: int) -> bool:
        """Remember that two are related; whether that is new."""
        is_new = not self.is_linked(client_id, other_id)
        self._links |= {(client_id, other_id), (other_id, client_id)}
        return is_new

    def notes(self, client_id: int) -> set[str]:
        """What the client's notes say."""
        return self._notes.get(client_id, set())


def _foretold(row: Judged, found: _Others, studio: _Studio) -> Judged:
    missing = [tie for tie in row.ties if found.of(tie) is None]
    if row.verdict is Verdict.NEW:
        said = "; ".join(f"{_as(tie)} {tie} is not in the file and not in the studio" for tie in missing)
        return replace(row, why=f"{row.why} {said}.".strip()) if said else row
    if not row.client_id or row.verdict is Verdict.ERROR or not row.version:
        return row
    changes = tuple(_added(row, missing, found, studio))
    if not changes:
        return row
    holder = row.why if row.verdict is Verdict.UPDATE else studio.called(row.client_id)
    return replace(row, verdict=Verdict.UPDATE, why=holder, changes=(*row.changes, *changes))


def _added(row: Judged, missing: Sequence[Tie], found: _Others, studio: _Studio) -> Iterator[FieldChange]:
    """What the ties of a row would bring to a client of the studio."""
    for tie in row.ties:
        meant = found.of(tie)
        if tie in missing:
            text = _left_note(tie)
            if text not in studio.notes(row.client_id):
                yield FieldChange("Note", "", text)
        elif meant is None or meant.client_id == row.client_id:
            continue
        elif tie.refers and not studio.has_referrer(row.client_id):
            yield FieldChange("Referred by client", "", str(tie))
        elif not tie.refers and not (meant.client_id and studio.is_linked(row.client_id, meant.client_id)):
            yield FieldChange("Linked client", "", str(tie))


def _as(tie: Tie) -> str:
    return "referred by:" if tie.refers else "linked client"


def _left_note(tie: Tie) -> str:
    """What a client keeps of a tie to somebody who is not here."""
    if tie.refers:
        return f"Referred by client: {tie}"
    word = f"{tie.relation} of" if tie.is_inverse and tie.relation else tie.relation
    return f"Linked client: {tie}{f', {word}' if word else ''}"


def _set(unit: Unit, client_id: int, values: Mapping[str, Any]) -> None:
    """Of a client that is just coming in; its creation stands for it in history."""
    unit.connection.execute(update(client).where(client.c.id == client_id).values(values))


def _parts(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
