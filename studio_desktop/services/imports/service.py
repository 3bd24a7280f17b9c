"""Brings a spreadsheet's clients in: a verdict for every row first, then all of them in one transaction (B20, S4-17).

A row becomes a new client, is skipped because the studio knows the person (DECISIONS 26), or is refused with the
reason. What a row says that no field can hold is kept in a note, so that nothing of the file is lost.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from studio_desktop.database.tables.people import (
    client,
    client_group,
    client_status,
    client_tag,
    email,
    lead_source,
    note,
    organization,
    phone,
    phone_label,
    relationship,
)
from studio_desktop.database.tables.studio import import_batch
from studio_desktop.domain import dates, names, phones, text
from studio_desktop.domain.changes import Changes
from studio_desktop.domain.dates import DateOrder, PartialDate
from studio_desktop.domain.errors import InvalidFields, InvalidInput, NotFound
from studio_desktop.domain.fields import specs
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import (
    AddressPurpose,
    AddressRow,
    ClientKind,
    ClientRecord,
    EmailRow,
    FamilyMember,
    OrganizationRow,
    PhoneRow,
)
from studio_desktop.paths import atomic_write
from studio_desktop.services import statuses
from studio_desktop.services.clients import add_many, holder_name, prepared
from studio_desktop.services.history import History
from studio_desktop.services.imports.mapping import TARGETS, Mapped, guess
from studio_desktop.services.imports.reading import Table, guarded, read_table
from studio_desktop.services.preferences import StudioPreferences, formats_of, read_preferences
from studio_desktop.services.service import Saved, Service, new_request, requires
from studio_desktop.services.unit import Unit

_CHUNK = 2000
_BATCH = 400
_TRUE = {"yes", "y", "true", "1", "x", "ja", "on"}
_FALSE = {"", "no", "n", "false", "0", "nein", "off"}
_PIECES = re.compile(r"\s*[;,\n]\s*")
_EMAIL_SPLIT = re.compile(r"\s*:::\s*|[;,\s]+")
_FAMILY_SPLIT = re.compile(r"\s*[,;\n]\s*")
_PHONE_SPLIT = re.compile(r"\s*:::\s*|\s*[;\n|]\s*|\s*,\s*(?=[+(\d])|\s+/\s*|\s*/\s+")
_TEXTS = (
    "company", "salutation", "job_title", "nickname", "former_names", "number", "referred_by_name", "call_warning",
    "household_name", *(f"custom_text_{n}" for n in range(1, 15)), "custom_memo_1", "custom_memo_2",
)  # fmt: skip
_DAYS = ("contract_date", *(f"custom_date_{n}" for n in range(1, 5)))
_FLAGS = ("saturday_only", "do_not_market", "do_not_call", "deceased")
_YEARS = specs(OrganizationRow)["graduation_year"].bounds or (0, 0)
_LINKS = ("website", "facebook", "linkedin", "twitter")
_SYSTEM_GROUP = re.compile(r"^\*|^mycontacts$", re.IGNORECASE)

_NUMERALS = {"phone", "number", "postcode"}
_FLOATING = re.compile(r"(\d+)[.,]0+")
_POWER = re.compile(r"(\d)(?:[.,](\d+))?E\+?(\d{1,2})", re.IGNORECASE)
_SERIAL = re.compile(r"([1-7]\d{4})(?:\.\d+)?")
_STAMP = re.compile(r"(\S.*?)[T ]\s*\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?\s*(?:[AP]M|Z|[+-]\d\d:?\d\d)?", re.IGNORECASE)
_DAY_ZERO = date(1899, 12, 30)  # of Excel and Calc alike

_NO_LABELS = {"main", "other", "voice", "primary"}
_PURPOSES = {
    AddressPurpose.WORK: ("work", "business", "office", "company"),
    AddressPurpose.MAILING: ("mailing", "postal", "post"),
}

_ADDRESS_PARTS = ("line1", "line2", "town", "region", "postcode", "country")

_Slotted = dict[str, dict[str, list[tuple[str, str]]]]
"""What the columns of a row hold of its phones, e-mails and addresses: by target, by slot, each with its label."""

Progress = Callable[[int, int], None]


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    SKIP = "skip"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Judged:
    """A row of the file with its verdict. `number` is the row's number in the spreadsheet; `why` one sentence."""

    number: int
    verdict: Verdict
    name: str
    why: str = ""
    record: ClientRecord | None = None
    groups: tuple[str, ...] = ()
    lead_source: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    organization: str = ""


@dataclass(frozen=True)
class Plan:
    """What an import would do. Nothing is written yet."""

    table: Table
    mapped: Mapped
    rows: tuple[Judged, ...]
    date_order: DateOrder

    def count(self, verdict: Verdict) -> int:
        """How many rows have this verdict."""
        return sum(row.verdict is verdict for row in self.rows)

    def summary(self) -> list[str]:
        """What would happen, in lines: the counts, then each row that does not come in, with its reason."""
        counts = ", ".join(f"{self.count(verdict):,} {_WORDS[verdict]}" for verdict in Verdict)
        unused = [title for title, one in zip(self.table.header, self.mapped, strict=True) if one is None and title]
        lines = [f"{self.table.path.name} ({self.table.kind}): {counts}."]
        if unused:
            lines.append(f"Columns kept as notes: {', '.join(unused)}.")
        lines += [f"Row {row.number}, {row.name}: {row.why}" for row in self.rows if row.verdict is not Verdict.NEW]
        return lines


_WORDS = {Verdict.NEW: "new", Verdict.SKIP: "skipped as known", Verdict.ERROR: "with errors"}


@dataclass(frozen=True, slots=True)
class ImportResult:
    """A carried out import, or an earlier one of the list."""

    id: int
    file_name: str
    request: str
    imported: int
    skipped: int
    failed: int
    at: datetime
    undone_at: datetime | None

    def sentence(self) -> str:
        """What happened, with counts."""
        return (
            f"{self.imported:,} clients imported from {self.file_name}, "
            f"{self.skipped:,} skipped as known, {self.failed:,} with errors."
        )


class Imports(Service):
    """Imports of clients and their undo."""

    @requires(Permission.IMPORT)
    def read(self, path: Path) -> Table:
        """Open a CSV, XLSX, XLS, ODS or VCF file. Raises InvalidInput with what is wrong."""
        return read_table(path)

    @requires(Permission.IMPORT)
    def judge(
        self,
        table: Table,
        mapped: Mapped | None = None,
        progress: Progress | None = None,
        *,
        date_order: DateOrder | None = None,
    ) -> Plan:
        """A verdict for every row, by the columns' guessed or corrected meaning; writes nothing.

        `date_order` says how the file's dates are to be read; without it the file's own dates say it.
        """
        mapped = guess(table.header) if mapped is None else mapped
        if not any(one is not None for one in mapped):
            raise InvalidInput(
                "No column of {name} is understood. Say for each column what it holds.",
                field="mapping", name=table.path.name,
            )  # fmt: skip
        return self.database.read(lambda connection: self._judged(connection, table, mapped, progress, date_order))

    @requires(Permission.IMPORT)
    def carry_out(self, plan: Plan, request: str, progress: Progress | None = None) -> Saved[ImportResult]:
        """Write the plan's new rows in one transaction, as a batch that can be undone; for the bulk lane.

        Groups and lead sources that the studio lacks are added. Raises InvalidInput when nothing is new.
        """
        new = [row for row in plan.rows if row.verdict is Verdict.NEW]
        if not new:
            raise InvalidInput(
                "No row of {name} is new; nothing was imported.", field="file", name=plan.table.path.name
            )

        def work(unit: Unit) -> int:
            batch = {
                "file_name": plan.table.path.name[:255], "request_id": request, "imported": len(new),
                "skipped": plan.count(Verdict.SKIP), "failed": plan.count(Verdict.ERROR), "created_at": unit.now,
                "created_by": self.desk.user_id,
            }  # fmt: skip
            added = insert(import_batch).values(batch).returning(import_batch.c.id)
            batch_id = int(unit.connection.execute(added).scalar_one())
            catalogs = _Catalogs(unit)
            done = 0
            for rows in _chunks(new, _CHUNK):
                records = [_settled(unit, catalogs, row) for row in rows]
                ids = add_many(unit, records, batch_id)
                notes = [
                    {"client_id": client_id, "text": row.note}
                    for client_id, row in zip(ids, rows, strict=True)
                    if row.note
                ]
                unit.insert_many(note, notes, parts=True)
                done += len(rows)
                if progress is not None:
                    progress(done, len(new))
            return batch_id

        payload = (plan.table.path.name, len(plan.rows), request)
        return self.command(request, "imports.carry_out", payload, work, _loaded, patient=True)

    @requires(Permission.IMPORT)
    def batches(self) -> list[ImportResult]:
        """All imports, newest first."""
        query = select(import_batch).order_by(import_batch.c.id.desc())
        return self.database.read(lambda connection: [_result(row) for row in connection.execute(query).mappings()])

    @requires(Permission.IMPORT)
    def undo(self, batch_id: int, request: str) -> Saved[tuple[int, ...]]:
        """Take an import back: clients nobody touched since go; the ids of the others, which stay, are the result."""
        batch = self.database.read(lambda connection: _loaded(connection, batch_id))
        if batch.undone_at is not None:
            raise NotFound("The import of {file} was undone already.", file=batch.file_name)
        saved = History(self.database, self.desk).undo(batch.request, request, partial=True)
        self.database.write(
            lambda connection: connection.execute(
                update(import_batch).where(import_batch.c.id == batch_id).values(undone_at=self.desk.clock.now())
            )
        )
        return Saved(saved.result, Changes(request, saved.changes.changes))

    @requires(Permission.IMPORT)
    def write_errors(self, plan: Plan, path: Path) -> int:
        """Write the rows that do not come in as CSV, with the file's own columns and the reason; returns how many.

        The file can be mended and imported again.
        """
        refused = [row for row in plan.rows if row.verdict is Verdict.ERROR]
        text_file = io.StringIO(newline="")
        writer = csv.writer(text_file)
        writer.writerow(map(guarded, (*plan.table.header, "Why it was not imported")))
        for row in refused:
            writer.writerow(map(guarded, (*plan.table.rows[row.number - plan.table.first_row], row.why)))
        with atomic_write(path) as file:
            file.write(text_file.getvalue().encode("utf-8-sig"))
        return len(refused)

    def _judged(
        self,
        connection: Connection,
        table: Table,
        mapped: Mapped,
        progress: Progress | None,
        date_order: DateOrder | None,
    ) -> Plan:
        preferences = read_preferences(connection)
        order = date_order or _date_order(table, mapped, formats_of(preferences).date_order)
        reader = _RowReader(connection, mapped, table.header, preferences, order, self.desk.clock.today())
        known = _Known(connection)
        judged: list[Judged] = []
        for chunk in _chunks(list(enumerate(table.rows, start=table.first_row)), _CHUNK):
            read = [
                _refused(number, table.faults[number]) if number in table.faults else reader.read(number, cells)
                for number, cells in chunk
                if number in table.faults or any(cell.strip() for cell in cells)
            ]
            known.look_up([row.record for row in read if row.record is not None])
            judged += [known.judge(row) for row in read]
            if progress is not None:
                progress(len(judged), len(table.rows))
        return Plan(table, mapped, tuple(judged), order)


def _refused(number: int, why: str) -> Judged:
    return Judged(number, Verdict.ERROR, f"row {number}", why)


class _RowReader:
    """Turns the cells of a row into a client's record, and what no field holds into a note."""

    def __init__(
        self,
        connection: Connection,
        mapped: Mapped,
        header: Sequence[str],
        preferences: StudioPreferences,
        order: DateOrder,
        today: date,
    ) -> None:
        self._columns = [
            (place, assignment, header[place])
            for place, assignment in enumerate(mapped)
            if assignment is None or assignment.target != "nothing"
        ]
        self._preferences = preferences
        self._order = order
        self._today = today
        self._statuses = _ids(connection, client_status)
        self._labels = _ids(connection, phone_label)
        self._relations = _ids(connection, relationship)
        self._titles = {target.key: target.title for target in TARGETS}

    def read(self, number: int, cells: Sequence[str]) -> Judged:
        """The row as a new client; `Verdict.ERROR` with the reason when it cannot be one."""
        facts: dict[str, str] = {}
        slotted: _Slotted = {}
        remarks: list[str] = []
        for place, assignment, title in self._columns:
            value = cells[place].strip()
            if not value:
                continue
            if assignment is None:
                remarks.append(f"{title}: {value}")
                continue
            if assignment.target in _NUMERALS:
                value = _whole(value)
            if assignment.slot:
                slots = slotted.setdefault(assignment.target, {})
                slots.setdefault(assignment.slot, []).append((value, assignment.label))
            elif assignment.target in facts:
                facts[assignment.target] += f"\n{value}"
            else:
                facts[assignment.target] = value
        name = " ".join(filter(None, (facts.get("first_name"), facts.get("last_name")))) or facts.get("name", "")
        name = name or facts.get("company", "") or f"row {number}"
        try:
            record = self._prepared(self._record(facts, slotted, remarks), remarks)
        except InvalidFields as error:
            return Judged(number, Verdict.ERROR, name, " ".join(map(str, error.faults.values())))
        except InvalidInput as error:
            return Judged(number, Verdict.ERROR, name, str(error))
        shown = names.list_name(record.last_name, record.first_name, record.company) or name
        return Judged(
            number, Verdict.NEW, shown, "", record,
            tuple(group for group in _pieces(facts.get("groups", "")) if not _SYSTEM_GROUP.match(group)),
            facts.get("lead_source", ""), "\n".join([*facts.get("note", "").splitlines(), *remarks]),
            tuple(_pieces(facts.get("tags", ""))), facts.get("organization", ""),
        )  # fmt: skip

    def _prepared(self, record: ClientRecord, remarks: list[str]) -> ClientRecord:
        """The record cleaned; a web address that is none goes into the note rather than stop the client."""
        try:
            return prepared(record, self._preferences)
        except InvalidFields as error:
            if not error.faults.keys() <= set(_LINKS):
                raise
            remarks += [f"{self._titles[name]}: {getattr(record, name)}" for name in error.faults]
            without: dict[str, Any] = dict.fromkeys(error.faults, "")
            return prepared(replace(record, **without), self._preferences)

    def _record(self, facts: dict[str, str], slotted: _Slotted, remarks: list[str]) -> ClientRecord:
        first, last = facts.get("first_name", ""), facts.get("last_name", "")
        if facts.get("middle_name"):
            first = f"{first} {facts['middle_name']}".strip()
        if not first and not last and facts.get("name") and facts["name"] != facts.get("company"):
            first, last = names.split_name(facts["name"])
        plain: dict[str, Any] = {key: facts[key] for key in (*_TEXTS, *_LINKS) if key in facts}
        plain |= {key: self._day(key, facts, remarks) for key in _DAYS if key in facts}
        plain |= {key: self._flag(key, facts, remarks) for key in _FLAGS if key in facts}
        return ClientRecord(
            last_name=last,
            first_name=first,
            kind=self._kind(facts, remarks),
            status_id=self._status(facts, remarks),
            birthday=self._partial("birthday", facts, remarks),
            anniversary=self._partial("anniversary", facts, remarks),
            phones=tuple(self._phones(slotted, remarks)),
            emails=tuple(self._emails(slotted, remarks)),
            addresses=tuple(self._addresses(slotted)),
            family=tuple(self._family(facts, last)),
            organizations=tuple(self._at_organization(facts, remarks)),
            **plain,
        )

    def _at_organization(self, facts: dict[str, str], remarks: list[str]) -> Iterator[OrganizationRow]:
        """What the row says of a school or company, whose name is looked up when it comes in."""
        grade, year = facts.get("grade", ""), facts.get("graduation_year", "")
        lowest, highest = _YEARS
        is_year = year.isascii() and year.isdigit() and lowest <= int(year) <= highest
        if year and not is_year:
            remarks.append(f"Graduation year: {year}")
        if grade or is_year:
            yield OrganizationRow(uid=new_request(), grade=grade, graduation_year=int(year) if is_year else None)

    def _kind(self, facts: dict[str, str], remarks: list[str]) -> ClientKind:
        typed = facts.get("kind", "")
        if not typed:
            return ClientKind.CLIENT
        try:
            return ClientKind(typed.casefold())
        except ValueError:
            remarks.append(f"Kind: {typed}")
            return ClientKind.CLIENT

    def _status(self, facts: dict[str, str], remarks: list[str]) -> int | None:
        named = facts.get("status", "")
        found = self._statuses.get(names.key(named)) if named else None
        if named and found is None:
            remarks.append(f"Status: {named}")
        return found

    def _partial(self, key: str, facts: dict[str, str], remarks: list[str]) -> PartialDate | None:
        typed = facts.get(key, "")
        if not typed:
            return None
        day = _without_time(typed)
        try:
            return PartialDate.parse(day)
        except (ValueError, InvalidInput):
            pass
        try:
            return dates.parse_partial(day, self._today, self._order)
        except InvalidInput:
            remarks.append(f"{self._titles[key]}: {typed}")
            return None

    def _day(self, key: str, facts: dict[str, str], remarks: list[str]) -> date | None:
        typed = facts[key]
        try:
            return dates.parse_day(_without_time(typed), self._today, self._order)
        except InvalidInput:
            remarks.append(f"{self._titles[key]}: {typed}")
            return None

    def _flag(self, key: str, facts: dict[str, str], remarks: list[str]) -> bool:
        typed = facts[key].casefold()
        if typed in _TRUE:
            return True
        if typed not in _FALSE:
            remarks.append(f"{self._titles[key]}: {facts[key]}")
        return False

    def _phones(self, slotted: _Slotted, remarks: list[str]) -> Iterator[PhoneRow]:
        seen: set[str] = set()
        labels = slotted.get("phone_label", {})
        for slot, values in slotted.get("phone", {}).items():
            named = self._label_words(labels[slot][0][0]) if slot in labels else []
            for value, label in values:
                for place, typed in enumerate(_phone_pieces(value)):
                    digits = phones.digits(typed)
                    if not digits or _POWER.fullmatch(typed):
                        remarks.append(f"Phone: {typed}")
                    elif digits not in seen:
                        seen.add(digits)
                        wanted = label or (named[min(place, len(named) - 1)] if named else "")
                        label_id = self._label(wanted)
                        if wanted and label_id is None and wanted.strip("* ").casefold() not in _NO_LABELS:
                            remarks.append(f"Phone {typed}: {wanted}")
                        yield PhoneRow(uid=new_request(), label_id=label_id, typed=typed)

    def _label_words(self, value: str) -> list[str]:
        """The labels of several numbers in one cell; one that the studio has is one, whatever signs are in it."""
        return [value] if self._label(value) is not None else _pieces(value)

    def _label(self, wanted: str) -> int | None:
        word = wanted.strip("* ").casefold()
        word = {"cell": "mobile", "main": "", "business": "work", "office": "work"}.get(word, word)
        return self._labels.get(word)

    def _emails(self, slotted: _Slotted, remarks: list[str]) -> Iterator[EmailRow]:
        seen: set[str] = set()
        for value in (value for values in slotted.get("email", {}).values() for value, _ in values):
            pieces = [piece for piece in _EMAIL_SPLIT.split(value) if piece]
            understood = list(filter(text.is_email, pieces))
            if understood != pieces:
                remarks.append(f"E-mail: {value}")
            for typed in understood:
                key = names.key(typed)
                if key not in seen:
                    seen.add(key)
                    yield EmailRow(uid=new_request(), address=typed)

    def _addresses(self, slotted: _Slotted) -> Iterator[AddressRow]:
        by_part = {part: slotted.get(part, {}) for part in _ADDRESS_PARTS}
        for slot in dict.fromkeys(slot for slots in by_part.values() for slot in slots):
            values: dict[str, Any] = {
                part: ", ".join([value for value, _ in slots.get(slot, ())]) for part, slots in by_part.items()
            }
            if set(filter(None, values.values())) == {values["country"]}:
                continue
            lines = list(filter(None, map(str.strip, values["line1"].splitlines())))
            if len(lines) > 1:
                values["line1"] = lines[0]
                values["line2"] = ", ".join(filter(None, (*lines[1:], values["line2"])))
            labels = slotted.get("address_label", {}).get(slot, [(slot, "")])
            yield AddressRow(uid=new_request(), purpose=_purpose(labels[0][0]), **values)

    def _family(self, facts: dict[str, str], last: str) -> Iterator[FamilyMember]:
        for relation in filter(facts.__contains__, ("spouse", "child")):
            for place, piece in enumerate(_FAMILY_SPLIT.split(facts[relation])):
                if piece:
                    first, own_last = names.split_name(piece) if " " in piece else (piece, last)
                    yield FamilyMember(
                        uid=new_request(), first_name=first, last_name=own_last,
                        relationship_id=self._relations.get(relation),
                        secondary_contact=relation == "spouse" and place == 0,
                    )  # fmt: skip


class _Known:
    """Whom the studio, or an earlier row, knows already: a folded name with the same e-mail or phone digits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._people: dict[tuple[str, str], str] = {}
        self._numbers: dict[str, str] = {}

    def look_up(self, records: Sequence[ClientRecord]) -> None:
        """Fetch who has the e-mails, phones and numbers of these records."""
        mails = {names.key(row.address) for record in records for row in record.emails}
        digits = {_digits(row) for record in records for row in record.phones}
        numbers = {names.key(record.number) for record in records if record.number}
        person = (client.c.last_name, client.c.first_name, client.c.company, client.c.number)
        for table, column, values in ((email, email.c.address_key, mails), (phone, phone.c.digits, digits)):
            for part in _chunks(sorted(values - {""}), _BATCH):
                query = (
                    select(column, *person)
                    .join(client, client.c.id == table.c.client_id)
                    .where(column.in_(part), client.c.deleted_at.is_(None))
                )
                for row in self._connection.execute(query).mappings():
                    key = (_folded(row["last_name"], row["first_name"], row["company"]), row[column.name])
                    self._people.setdefault(key, holder_name(row))
        for part in _chunks(sorted(numbers), _BATCH):
            query = select(client.c.number_key, *person).where(client.c.number_key.in_(part))
            for row in self._connection.execute(query).mappings():
                self._numbers.setdefault(row["number_key"], holder_name(row))

    def judge(self, row: Judged) -> Judged:
        """The row with its final verdict; a new one is known to the rows after it."""
        record = row.record
        if record is None:
            return row
        name = _folded(record.last_name, record.first_name, record.company)
        contacts = [names.key(one.address) for one in record.emails] + [_digits(one) for one in record.phones]
        for contact in contacts:
            if (name, contact) in self._people:
                holder = self._people[name, contact]
                return replace(row, verdict=Verdict.SKIP, why=f"the same person as {holder}.", record=None)
        number = names.key(record.number)
        if number and number in self._numbers:
            why = f"number {record.number} belongs to {self._numbers[number]}."
            return replace(row, verdict=Verdict.ERROR, why=why, record=None)
        told = f"{row.name} (row {row.number})"
        for contact in contacts:
            self._people[name, contact] = told
        if number:
            self._numbers[number] = told
        return row


@dataclass
class _Catalogs:
    """Rows of catalogs by name, added where the studio lacks them, in the import's own transaction."""

    unit: Unit
    found: dict[str, dict[str, int]] = field(default_factory=dict)

    def ensure(self, table: Any, description: str) -> int:
        """The id of the row of that name."""
        cleaned = text.clean_line(description, 80)[:80]
        if table.name not in self.found:
            self.found[table.name] = _ids(self.unit.connection, table)
        ids = self.found[table.name]
        key = names.key(cleaned)
        if key not in ids:
            colour = {"colour": "slate"} if "colour" in table.c else {}
            ids[key] = self.unit.insert(table, {"description": cleaned, "position": len(ids) + 1, **colour})
        return ids[key]


def _settled(unit: Unit, catalogs: _Catalogs, row: Judged) -> ClientRecord:
    """The record of a new row with its status's dates, and with what it names of the studio's lists."""
    assert row.record is not None, "a new row has its record"
    record = statuses.settle(unit, None, row.record)
    named: dict[str, Any] = {}
    if row.groups:
        named["groups"] = frozenset(catalogs.ensure(client_group, group) for group in row.groups)
    if row.tags:
        named["tags"] = frozenset(catalogs.ensure(client_tag, tag) for tag in row.tags)
    if row.lead_source:
        named["lead_source_id"] = catalogs.ensure(lead_source, row.lead_source)
    if row.organization:
        at = next(iter(record.organizations), OrganizationRow(uid=new_request()))
        named["organizations"] = (replace(at, organization_id=catalogs.ensure(organization, row.organization)),)
    return replace(record, **named) if named else record


def _ids(connection: Connection, table: Any) -> dict[str, int]:
    return {row.description_key: row.id for row in connection.execute(select(table.c.description_key, table.c.id))}


def _date_order(table: Table, mapped: Mapped, preferred: DateOrder) -> DateOrder:
    """Day or month first, as the file's own dates say: a first number over 12 is a day; else the studio's order."""
    places = [
        place for place, one in enumerate(mapped)
        if one is not None and one.target in ("birthday", "anniversary", *_DAYS)
    ]  # fmt: skip
    seen: Counter[DateOrder] = Counter()
    for cells in table.rows:
        for place in places:
            parts = re.split(r"[/.\-\s]", cells[place].strip())
            if len(parts) >= 2 and parts[0].isdigit() and parts[1].isdigit() and len(parts[0]) <= 2:
                if int(parts[0]) > 12:
                    seen[DateOrder.DMY] += 1
                elif int(parts[1]) > 12:
                    seen[DateOrder.MDY] += 1
    return seen.most_common(1)[0][0] if seen else preferred


def _whole(value: str) -> str:
    """The digits of a number that a spreadsheet took for a quantity: 3305550142.0, 3.305550142E+09.

    One of which digits are lost, as in 3.30555E+09, stays as it is.
    """
    if floating := _FLOATING.fullmatch(value):
        return floating[1]
    power = _POWER.fullmatch(value)
    if power and len(power[2] or "") == int(power[3]):
        return power[1] + (power[2] or "")
    return value


def _without_time(typed: str) -> str:
    """The day of a stamp with a time, or of the number of days that a workbook keeps for it."""
    if serial := _SERIAL.fullmatch(typed):
        return (_DAY_ZERO + timedelta(days=int(serial[1]))).isoformat()
    stamp = _STAMP.fullmatch(typed)
    return stamp[1] if stamp else typed


def _folded(last: str, first: str, company: str) -> str:
    return " ".join(sorted(text.words(f"{last} {first}"))) or " ".join(text.words(company))


def _purpose(label: str) -> AddressPurpose:
    """What an address is for by the word beside it; a home where that says nothing else."""
    word = label.strip("* ").casefold()
    return next((purpose for purpose, said in _PURPOSES.items() if word in said), AddressPurpose.HOME)


def _digits(row: PhoneRow) -> str:
    return phones.search_digits(phones.Phone(row.typed, row.e164, row.extension))


def _pieces(value: str) -> list[str]:
    if ":::" in value:
        return [piece for piece in map(str.strip, value.split(":::")) if piece]
    return [piece for piece in _PIECES.split(value) if piece]


def _phone_pieces(value: str) -> list[str]:
    """Several numbers in one cell; a piece too short to be a number belongs to the one before it."""
    pieces: list[str] = []
    for piece in _PHONE_SPLIT.split(value):
        if pieces and len(phones.digits(piece)) < 5:
            pieces[-1] += f" {piece}"
        elif piece.strip():
            pieces.append(piece.strip())
    return pieces


def _chunks(items: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _loaded(connection: Connection, batch_id: int | None) -> ImportResult:
    row = connection.execute(select(import_batch).where(import_batch.c.id == batch_id)).mappings().first()
    if row is None:
        raise NotFound("There is no such import.")
    return _result(row)


def _result(row: Mapping[Any, Any]) -> ImportResult:
    return ImportResult(
        row["id"], row["file_name"], row["request_id"], row["imported"], row["skipped"], row["failed"],
        row["created_at"], row["undone_at"],
    )  # fmt: skip
