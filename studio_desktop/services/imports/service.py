"""Brings clients in from files: a verdict for every row first, then all of them in one transaction (B20, S4-17).

A row becomes a new client, changes one that the studio has (`updating.py`), is skipped because the studio knows the
person, or is refused with the reason. A person may decide otherwise row by row. It can be undone whole, after days too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from studio_desktop.database.tables.people import client
from studio_desktop.database.tables.studio import import_batch, user
from studio_desktop.domain import names
from studio_desktop.domain.changes import Changes
from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.fields import specs
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.paths import atomic_write
from studio_desktop.services.alone import alone
from studio_desktop.services.clients import holder_name
from studio_desktop.services.history import History
from studio_desktop.services.imports import ties
from studio_desktop.services.imports.cells import guessed_date_order
from studio_desktop.services.imports.judged import JudgedRows
from studio_desktop.services.imports.mapping import Mapped, from_saved, guess, same_titles, to_saved
from studio_desktop.services.imports.matching import Known, chunks
from studio_desktop.services.imports.plan import (
    NO_PAST,
    ImportResult,
    Judged,
    Plan,
    Progress,
    Rules,
    UndoForeseen,
    Verdict,
)
from studio_desktop.services.imports.reading import Table, guarded, read_table
from studio_desktop.services.imports.rows import Lists, RowReader
from studio_desktop.services.imports.writing import write
from studio_desktop.services.layouts import Kept, Layouts, Named
from studio_desktop.services.preferences import formats_of, read_preferences
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.unit import BATCH, Unit

_CHUNK = 2000
_NO_RULES = Rules()
_LISTING = "import"
"""Under which name saved mappings are kept beside the layouts of lists."""


class Imports(Service):
    """Imports of clients and their undo."""

    @requires(Permission.IMPORT)
    def read(self, path: Path) -> Table:
        """Open a CSV, XLSX, XLS, ODS or VCF file. Raises InvalidInput with what is wrong."""
        return read_table(path)

    @requires(Permission.IMPORT)
    def guess(self, table: Table) -> Mapped:
        """What a file's columns hold by their titles, the studio's own names for its custom fields included."""
        preferences = self.database.read(read_preferences)
        own = {name: preferences.label(spec) for name, spec in specs(ClientRecord).items() if "custom_" in name}
        return guess(table.header, own)

    @requires(Permission.IMPORT)
    def judge(
        self, table: Table, mapped: Mapped | None = None, progress: Progress | None = None, *, rules: Rules = _NO_RULES
    ) -> Plan:
        """A verdict for every row, by the columns' guessed or corrected meaning; writes nothing.

        What `rules` leave open is guessed from the file. Raises InvalidInput where no column is understood, and for a
        country that has no phone numbers.
        """
        mapped = self.guess(table) if mapped is None else mapped
        if not any(one is not None for one in mapped):
            raise InvalidInput(
                "No column of {name} is understood. Say for each column what it holds.",
                field="mapping", name=table.path.name,
            )  # fmt: skip
        rules = replace(rules, country=_checked_country(rules.country))
        return self.database.read(lambda connection: self._judged(connection, table, mapped, rules, progress))

    @requires(Permission.IMPORT)
    def carry_out(self, plan: Plan, request: str, progress: Progress | None = None) -> Saved[ImportResult]:
        """Write the plan's new and updated rows in one transaction, as a batch that can be undone; for the bulk lane.

        Groups, tags and lead sources that the studio lacks are added. Raises InvalidInput when nothing would be
        written, ChangedMeanwhile when a client was changed since the rows were judged, UnderWay while another desk
        imports.
        """
        if not plan.writes:
            raise InvalidInput(
                "No row of {name} is new; nothing was imported.", field="file", name=plan.table.path.name
            )

        def work(unit: Unit) -> int:
            alone(
                unit, "import",
                "{desk} has been importing clients since {since}; nothing was written here. Wait until it is done: "
                "these rows are then checked again.",
            )  # fmt: skip
            batch = {
                "file_name": plan.table.path.name[:255], "request_id": request, "imported": plan.count(Verdict.NEW),
                "updated": plan.count(Verdict.UPDATE), "skipped": plan.count(Verdict.SKIP),
                "failed": plan.count(Verdict.ERROR), "created_at": unit.now, "created_by": self.desk.user_id,
            }  # fmt: skip
            added = insert(import_batch).values(batch).returning(import_batch.c.id)
            batch_id = int(unit.connection.execute(added).scalar_one())
            write(unit, plan, batch_id, progress)
            return batch_id

        payload = (plan.table.path.name, len(plan.rows), request)
        return self.command(request, "imports.carry_out", payload, work, _loaded, patient=True)

    @requires(Permission.IMPORT)
    def batches(self) -> list[ImportResult]:
        """All imports, newest first."""
        query = _BATCHES.order_by(import_batch.c.id.desc())
        return self.database.read(lambda connection: [_result(row) for row in connection.execute(query).mappings()])

    @requires(Permission.IMPORT)
    def foresee_undo(self, batch_id: int) -> UndoForeseen:
        """What undoing an import would do now, for the question before it."""

        def look(connection: Connection) -> UndoForeseen:
            batch = _standing(connection, batch_id)
            foreseen = History(self.database, self.desk).foresee(connection, batch.request, client.name)
            return UndoForeseen(foreseen.goes, foreseen.restored, _called(connection, foreseen.stays))

        return self.database.read(look)

    @requires(Permission.IMPORT)
    def undo(self, batch_id: int, request: str) -> Saved[tuple[int, ...]]:
        """Take an import back: clients nobody touched since go, or are as they were; the ids of the others result."""
        batch = self.database.read(lambda connection: _standing(connection, batch_id))
        saved = History(self.database, self.desk).undo(batch.request, request, partial=True)
        self.database.write(
            lambda connection: connection.execute(
                update(import_batch).where(import_batch.c.id == batch_id).values(undone_at=self.desk.clock.now())
            )
        )
        return Saved(saved.result, Changes(request, saved.changes.changes))

    @requires(Permission.IMPORT)
    def named(self, client_ids: tuple[int, ...]) -> tuple[str, ...]:
        """The clients of these ids, as people know them."""
        return self.database.read(lambda connection: _called(connection, client_ids))

    @requires(Permission.IMPORT)
    def write_errors(self, plan: Plan, path: Path) -> int:
        """Write the rows that do not come in as CSV, with the file's own columns and the reason; returns how many.

        The file can be mended and imported again.
        """
        refused = 0
        with atomic_write(path) as file:
            text_file = io.TextIOWrapper(file, "utf-8-sig", newline="")
            writer = csv.writer(text_file)
            writer.writerow(map(guarded, (*plan.table.header, "Why it was not imported")))
            for row in plan.rows.at(plan.places(Verdict.ERROR)):
                writer.writerow(map(guarded, (*plan.table.rows[row.number - plan.table.first_row], row.why)))
                refused += 1
            text_file.detach()
        return refused

    # Saved mappings

    @requires(Permission.IMPORT)
    def mappings(self) -> list[Named]:
        """What was kept under a name of columns and rules, the whole studio's."""
        return Layouts(self.database, self.desk).named(Kept.MAPPING, _LISTING)

    @requires(Permission.IMPORT)
    def keep_mapping(self, name: str, table: Table, mapped: Mapped, rules: Rules) -> str:
        """Keep what a person made of a file's columns and how it is read, for everybody; gives the cleaned name."""
        value = {"columns": to_saved(table.header, mapped), "rules": rules.to_saved()}
        return Layouts(self.database, self.desk).keep_named(Kept.MAPPING, _LISTING, name, value, shared=True)

    @requires(Permission.IMPORT)
    def rename_mapping(self, name: str, new_name: str) -> str:
        """Call a mapping otherwise; gives the cleaned name. Raises NotFound where it is not this person's own."""
        return Layouts(self.database, self.desk).rename_named(Kept.MAPPING, _LISTING, name, new_name)

    @requires(Permission.IMPORT)
    def forget_mapping(self, name: str) -> None:
        """Remove a mapping. Raises NotFound where it is not this person's own."""
        Layouts(self.database, self.desk).forget_named(Kept.MAPPING, _LISTING, name)

    def _judged(
        self, connection: Connection, table: Table, mapped: Mapped, rules: Rules, progress: Progress | None
    ) -> Plan:
        preferences, today = read_preferences(connection), self.desk.clock.today()
        order = rules.date_order or guessed_date_order(table, mapped, formats_of(preferences).date_order)
        reader = RowReader(mapped, table.header, Lists.read(connection), preferences, rules, order, today, table.photos)
        judged, strangers = JudgedRows(), _Strangers(connection)
        known = Known(connection, rules.update_by, today, judged)
        numbered = enumerate(table.rows, start=table.first_row)
        while chunk := list(islice(numbered, _CHUNK)):
            read = [
                _refused(number, table.faults[number]) if number in table.faults else reader.read(number, cells)
                for number, cells in chunk
                if number in table.faults or any(cell.strip() for cell in cells)
            ]
            known.look_up(read)
            for row in read:
                judged.append(known.judge(row))
                strangers.hear(row)
            if progress is not None:
                progress(chunk[-1][0] - table.first_row + 1, len(table.rows))
        del known  # its memory of a million people is wanted no more
        judged = ties.foretold(connection, judged)
        judged.finish()
        country = rules.country or preferences.phone_region
        return Plan(table, mapped, judged, rules, order, country, tuple(strangers.told()))


def applied(table: Table, kept: Named) -> tuple[Mapped, Rules]:
    """The columns and rules that a saved mapping means for a file."""
    return from_saved(table.header, kept.value["columns"]), Rules.from_saved(kept.value["rules"])


def fitting(table: Table, kept: Sequence[Named]) -> Named | None:
    """The mapping that was saved of a file with just these columns, a person's own before others'."""
    found = [one for one in kept if same_titles(table.header, one.value["columns"])]
    return next((one for one in found if one.mine), found[0] if found else None)


class _Strangers:
    """Who entered or changed clients elsewhere, and is no user here."""

    def __init__(self, connection: Connection) -> None:
        self._known = {names.key(name) for name in connection.execute(select(user.c.name)).scalars()}
        self._found: set[str] = set()

    def hear(self, row: Judged) -> None:
        """Look at who did what with a row's client."""
        if row.past is not NO_PAST or row.answers:
            told = row.past.users | {one.by for one in row.answers if one.by}
            self._found.update(name for name in told if names.key(name) not in self._known)

    def told(self) -> Iterator[str]:
        """A sentence about them, if there are any."""
        if self._found:
            shown = ", ".join(sorted(self._found)[:_NAMED])
            more = f" and {len(self._found) - _NAMED} more" if len(self._found) > _NAMED else ""
            yield f"Not users here, so that what they entered or changed comes in without their names: {shown}{more}."


_NAMED = 5
_BATCHES = select(import_batch, user.c.name.label("user_name")).outerjoin(user, user.c.id == import_batch.c.created_by)


def _refused(number: int, why: str) -> Judged:
    return Judged(number, Verdict.ERROR, f"row {number}", why)


def _checked_country(typed: str) -> str:
    code = typed.strip().upper()
    if not code:
        return ""
    import phonenumbers

    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise InvalidInput(
            "{code} is no country with phone numbers. Give its two letters, as US or DE.", field="country", code=typed
        )
    return code


def _called(connection: Connection, ids: tuple[int, ...]) -> tuple[str, ...]:
    found: list[Any] = []
    for part in chunks(ids, BATCH):
        query = select(client.c.last_name, client.c.first_name, client.c.company, client.c.number, client.c.sort_key)
        found += connection.execute(query.where(client.c.id.in_(part))).mappings()
    return tuple(holder_name(row) for row in sorted(found, key=lambda row: row["sort_key"]))


def _standing(connection: Connection, batch_id: int) -> ImportResult:
    batch = _loaded(connection, batch_id)
    if batch.undone_at is not None:
        raise NotFound("The import of {file} was undone already.", file=batch.file_name)
    return batch


def _loaded(connection: Connection, batch_id: int | None) -> ImportResult:
    row = connection.execute(_BATCHES.where(import_batch.c.id == batch_id)).mappings().first()
    if row is None:
        raise NotFound("There is no such import.")
    return _result(row)


def _result(row: Mapping[Any, Any]) -> ImportResult:
    return ImportResult(
        row["id"], row["file_name"], row["request_id"], row["imported"], row["updated"], row["skipped"],
        row["failed"], row["created_at"], row["user_name"] or "", row["undone_at"],
    )  # fmt: skip
