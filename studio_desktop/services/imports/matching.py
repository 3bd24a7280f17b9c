"""Whom the studio, or an earlier row of the file, knows already: the verdict of every row (B20, DECISIONS 26)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from studio_desktop.database.tables.people import (
    client,
    email,
    note,
    phone,
)
from studio_desktop.domain import names, phones, text
from studio_desktop.domain.errors import InvalidFields
from studio_desktop.domain.records.clients import ClientRecord, PhoneRow
from studio_desktop.services.clients import STORE, check_named, holder_name
from studio_desktop.services.imports.judged import JudgedRows
from studio_desktop.services.imports.plan import FieldChange, Judged, Matching, RowNote, Verdict, Words
from studio_desktop.services.imports.updating import Names, differences, left_aside, updated
from studio_desktop.services.numbers import former_numbers
from studio_desktop.services.preferences import formats_of, read_preferences
from studio_desktop.services.whole_clients import words_of_lists

BATCH = 400
"""Values that one statement asks for."""


def chunks(items: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    """The items in parts of at most this size."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


class Places:
    """What belongs to a key, in the order in which it was added; one thing alone, as nearly always, costs no list."""

    def __init__(self) -> None:
        self._of: dict[Any, int | list[int]] = {}

    def add(self, key: Any, one: int) -> None:
        """Add one thing."""
        known = self._of.setdefault(key, one)
        if isinstance(known, list):
            known.append(one)
        elif known != one:
            self._of[key] = [known, one]

    def of(self, key: Any) -> Sequence[int]:
        """All that belongs to the key."""
        known = self._of.get(key, ())
        return (known,) if isinstance(known, int) else known

    def __iter__(self) -> Iterator[Any]:
        """The keys."""
        return iter(self._of)


class Known:
    """Knows people by a folded name with the same e-mail or phone digits, and clients by what a row is matched by.

    Of the studio it knows at any time whom the rows mean that were looked up last; of the file, all that was judged.
    """

    def __init__(self, connection: Connection, update_by: Matching | None, today: date, rows: JudgedRows) -> None:
        """`update_by` is how rows find the clients that they update; `rows` are those that were judged before."""
        self._connection = connection
        self._rows = rows
        self._people: dict[bytes, _Holder] = {}
        self._numbers: dict[str, str] = {}
        self._former_numbers = _former_numbers(connection)
        self._people_of_file: dict[bytes, int] = {}
        self._numbers_of_file: dict[str, int] = {}
        self._studio = _Studio(connection, update_by, today, rows) if update_by is not None else None

    def look_up(self, rows: Sequence[Judged]) -> None:
        """Fetch who has the e-mails, phones and numbers of these rows, and whom they may update."""
        self._people, self._numbers = {}, {}
        records = [row.record for row in rows if row.record is not None]
        mails = {names.key(row.address) for record in records for row in record.emails}
        digits = {_digits(row) for record in records for row in record.phones}
        numbers = {names.key(record.number) for record in records if record.number}
        former = {names.key(number) for row in rows for number in row.past.former_numbers}
        person = (client.c.id, client.c.last_name, client.c.first_name, client.c.company, client.c.number)
        for table, column, values in ((email, email.c.address_key, mails), (phone, phone.c.digits, digits)):
            for part in chunks(sorted(values - {""}), BATCH):
                query = (
                    select(column, *person)
                    .join(client, client.c.id == table.c.client_id)
                    .where(column.in_(part), client.c.deleted_at.is_(None))
                )
                for row in self._connection.execute(query).mappings():
                    mark = _mark(_folded(row["last_name"], row["first_name"], row["company"]), row[column.name])
                    self._people.setdefault(mark, _Holder(holder_name(row), client_id=row["id"]))
        for part in chunks(sorted(numbers | former), BATCH):
            query = select(client.c.number_key, *person).where(client.c.number_key.in_(part))
            for row in self._connection.execute(query).mappings():
                self._numbers[row["number_key"]] = holder_name(row)
        if self._studio is not None:
            self._studio.look_up(rows)

    def judge(self, row: Judged) -> Judged:
        """The row with its final verdict, as the next one of the file; a new one is known to the rows after it."""
        if row.record is None:
            return row
        if self._studio is not None:
            found = self._studio.judge(row, self._holder_of_number)
            if found is not None:
                return found
            try:
                check_named(row.record)
            except InvalidFields as error:
                why = " ".join(map(str, error.faults.values()))
                return replace(row, verdict=Verdict.ERROR, why=why, record=None)
        return self._judge_new(row, row.record)

    def _judge_new(self, row: Judged, record: ClientRecord) -> Judged:
        name = _folded(record.last_name, record.first_name, record.company)
        contacts = [names.key(one.address) for one in record.emails] + [_digits(one) for one in record.phones]
        marks = [_mark(name, contact) for contact in contacts]
        for mark in marks:
            holder = self._people.get(mark) or self._holder_of_file(mark)
            if holder is not None:
                why = f"the same person as {holder.called}."
                return replace(row, verdict=Verdict.SKIP, why=why, client_id=holder.client_id, twin=holder.row)
        number = names.key(record.number)
        if number and (taken_by := self._holder_of_number(number)):
            why = f"number {record.number} belongs to {taken_by}."
            return replace(row, verdict=Verdict.ERROR, why=why)
        place = len(self._rows)
        for mark in marks:
            self._people_of_file[mark] = place
        if number:
            self._numbers_of_file[number] = place
        return self._with_former_numbers(row, place) if row.past.former_numbers else row

    def _with_former_numbers(self, row: Judged, place: int) -> Judged:
        """The row with those of its former numbers that nobody has; the others are named, and kept in a note."""
        holders = {one: self._holder_of_number(names.key(one)) for one in row.past.former_numbers}
        for one, holder in holders.items():
            if not holder:
                self._numbers_of_file[names.key(one)] = place
        free = tuple(one for one, holder in holders.items() if not holder)
        taken = [one for one, holder in holders.items() if holder]
        row = replace(row, past=replace(row.past, former_numbers=free))
        if not taken:
            return row
        whose = "; ".join(f"{one} belongs to {holders[one]}" for one in taken)
        why = f"{row.why} without the former number: {whose}.".strip()
        return replace(row, why=why, notes=(*row.notes, RowNote(f"Former numbers: {', '.join(taken)}")))

    def _holder_of_number(self, number: str) -> str:
        """Who has a number, as numbers are compared; nobody is ""."""
        held = self._former_numbers.get(number) or self._numbers.get(number, "")
        return held or self._called(self._numbers_of_file.get(number))

    def _holder_of_file(self, mark: bytes) -> _Holder | None:
        place = self._people_of_file.get(mark)
        return _Holder(self._called(place), row=self._rows.number(place)) if place is not None else None

    def _called(self, place: int | None) -> str:
        return f"{self._rows.names[place]} (row {self._rows.number(place)})" if place is not None else ""


def _mark(name: str, contact: str) -> bytes:
    """A person's name with an e-mail or a number, in a few bytes: of a million rows all are remembered."""
    return hashlib.blake2b(f"{name}\t{contact}".encode(), digest_size=12).digest()


def _former_numbers(connection: Connection) -> dict[str, str]:
    """Whose a number is that was somebody's before a merge: it is hers for good."""
    former = former_numbers(connection)
    called: dict[int, str] = {}
    for part in chunks(sorted(set(former.values())), BATCH):
        query = select(client.c.id, client.c.last_name, client.c.first_name, client.c.company, client.c.number)
        found = connection.execute(query.where(client.c.id.in_(part))).mappings()
        called |= {row["id"]: holder_name(row) for row in found}
    return {key: called[owner] for key, owner in former.items() if owner in called}


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who has an e-mail or a phone: a client of the studio, or the client of an earlier row."""

    called: str
    client_id: int = 0
    row: int = 0


@dataclass(slots=True)
class _Pending:
    """A client as the rows before leave it: who it was, who it will be, and which row says so of which field."""

    stands: ClientRecord
    record: ClientRecord
    words: set[str]
    notes: set[str]
    said: dict[str, int]


class _Studio:
    """The clients that rows may update: those whom the rows mean that were looked up last."""

    def __init__(self, connection: Connection, matching: Matching, today: date, rows: JudgedRows) -> None:
        self._connection = connection
        self._matching = matching
        self._today = today
        self._rows = rows
        self._has_all = matching in (Matching.NAME, Matching.NAME_COMPANY)
        self._found = Places()
        self._pending: dict[int, _Pending] = {}
        self._updated_by = Places()
        self._called = Names(words_of_lists(connection), formats_of(read_preferences(connection)))
        self._ids = {
            field: {names.key(called): row_id for row_id, called in of.items()}
            for field, of in self._called.of.items()
        }
        if self._has_all:
            self._read_names()
        self._former = former_numbers(connection) if matching in (Matching.NUMBER, Matching.NUMBER_NAME) else {}

    def look_up(self, rows: Sequence[Judged]) -> None:
        """Fetch whom these rows mean, with all that may change."""
        records = [row.record for row in rows if row.record is not None]
        keys = {key for record in records for key in self._keys(record)}
        if not self._has_all:
            self._found = Places()
        if self._matching is Matching.EMAIL:
            self._fetch(keys, email.c.address_key, email.c.client_id)
        elif self._matching in (Matching.NUMBER, Matching.NUMBER_NAME):
            self._fetch(keys, client.c.number_key, client.c.id)
            for key in keys & self._former.keys():
                if not self._found.of(key):
                    self._found.add(key, self._former[key])
        self._pending = {}
        self._load(sorted({client_id for record in records for client_id in self._candidates(record)}))

    def judge(self, row: Judged, holder_of_number: Callable[[str], str]) -> Judged | None:
        """The row as an update, or why it is none; None for one that means no client of the studio."""
        record = row.record
        assert record is not None, "only such rows are judged"
        ids = self._candidates(record)
        if len(ids) > 1:
            holders = ", ".join(_holder(self._pending[one].stands) for one in ids[:_NAMED])
            more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
            return replace(row, verdict=Verdict.ERROR, why=f"several clients match: {holders}{more}.")
        if not ids:
            return None
        pending = self._pending[ids[0]]
        holder = _holder(pending.stands)
        if self._matching is Matching.NUMBER_NAME and not _same_name(pending.stands, record):
            return replace(row, verdict=Verdict.ERROR, why=f"number {record.number} belongs to {holder}.")
        return self._update(row, pending, holder, holder_of_number)

    def _update(
        self, row: Judged, pending: _Pending, holder: str, holder_of_number: Callable[[str], str]
    ) -> Judged:
        record = row.record
        assert record is not None, "only such rows are judged"
        after = updated(pending.record, self._with_ids(row), self._matching, self._today)
        number = names.key(after.number)
        taken_by = holder_of_number(number) if number != names.key(pending.record.number) else ""
        if taken_by:
            return replace(row, verdict=Verdict.ERROR, why=f"number {after.number} belongs to {taken_by}.")
        changes = tuple(differences(pending.record, after, self._called))
        contradicted = next((one for one in changes if one.old and one.label in pending.said), None)
        if contradicted is not None:
            other = pending.said[contradicted.label]
            why = f"row {other} says otherwise of {holder}: {contradicted}."
            return replace(row, verdict=Verdict.ERROR, why=why)
        changes += tuple(self._word_changes(row.words, pending))
        notes = [RowNote(one) for one in left_aside(pending.record, row)] + list(row.notes)
        changes += tuple(FieldChange("Note", "", one.text) for one in notes if one.text not in pending.notes)
        if not changes:
            return replace(
                row, verdict=Verdict.SKIP, why=f"nothing that {holder} does not have already.",
                client_id=pending.stands.id, version=pending.stands.version,
            )  # fmt: skip
        self._updated_by.add(pending.stands.id, len(self._rows))
        judged = replace(
            row, verdict=Verdict.UPDATE, name=_name(record) or _name(pending.stands), why=holder, notes=tuple(notes),
            client_id=pending.stands.id, version=pending.stands.version, changes=changes,
        )  # fmt: skip
        self._carry_on(pending, judged, after)
        return judged

    def _carry_on(self, pending: _Pending, judged: Judged, after: ClientRecord) -> None:
        """What a row makes of its client holds for the rows after it."""
        pending.record = after
        pending.said |= {one.label: judged.number for one in judged.changes if one.label not in _ADDED}
        pending.notes |= {one.text for one in judged.notes}
        for field, named in _named(judged.words):
            pending.words |= {f"{field} {names.key(one)}" for one in named}

    def _with_ids(self, row: Judged) -> Judged:
        """The row with what the studio's lists know of its words; a school that they lack is another than all there."""
        words, record = row.words, row.record
        assert record is not None, "only such rows are judged"
        if not words.organizations:
            return row
        known, called = self._ids["organization_id"], self._called.of["organization_id"]
        places = []
        for one in record.organizations:
            name = words.organizations.get(one.uid, "")
            if name and names.key(name) not in known:
                known[names.key(name)] = -len(known) - 1
                called[known[names.key(name)]] = name
            places.append(replace(one, organization_id=known.get(names.key(name))))
        return replace(row, record=replace(record, organizations=tuple(places)))

    def _word_changes(self, words: Words, pending: _Pending) -> Iterator[FieldChange]:
        """What joins the client of the studio's lists, known to them or not."""
        for field, named in _named(words):
            if field == _SOURCE:
                stands = self._called.shown("lead_source_id", pending.stands.lead_source_id)
                known, old = {names.key(stands)}, stands
            else:
                of = self._called.of[field]
                known, old = {names.key(of[one]) for one in getattr(pending.stands, field) if one in of}, ""
            known |= {one.removeprefix(f"{field} ") for one in pending.words if one.startswith(f"{field} ")}
            new = [one for one in named if names.key(one) not in known]
            if new:
                yield FieldChange(_LABELS[field], old, ", ".join(new))

    def _keys(self, record: ClientRecord) -> list[str]:
        if self._matching is Matching.EMAIL:
            return [names.key(one.address) for one in record.emails]
        if self._matching in (Matching.NUMBER, Matching.NUMBER_NAME):
            return [names.key(record.number)] if record.number else []
        name = _folded(record.last_name, record.first_name, "")
        company = " ".join(text.words(record.company))
        if self._matching is Matching.NAME:
            return [name] if name else []
        return [f"{name}\t{company}"] if name or company else []

    def _candidates(self, record: ClientRecord) -> list[int]:
        return list(dict.fromkeys(one for key in self._keys(record) for one in self._found.of(key)))

    def _fetch(self, keys: set[str], column: Any, owner: Any) -> None:
        for part in chunks(sorted(keys - {""}), BATCH):
            query = select(column, client.c.id).where(column.in_(part), client.c.deleted_at.is_(None))
            if owner.table is not client:
                query = query.join(client, client.c.id == owner)
            for key, client_id in self._connection.execute(query.order_by(client.c.id)):
                self._found.add(key, client_id)

    def _read_names(self) -> None:
        query = select(client.c.id, client.c.last_name, client.c.first_name, client.c.company).where(
            client.c.deleted_at.is_(None)
        )
        for client_id, last, first, company in self._connection.execute(query.order_by(client.c.id)):
            key = _folded(last, first, "")
            if self._matching is Matching.NAME_COMPANY:
                key = f"{key}\t{' '.join(text.words(company))}"
            if key.strip():
                self._found.add(key, client_id)

    def _load(self, ids: Sequence[int]) -> None:
        notes: dict[int, set[str]] = {}
        for part in chunks(ids, BATCH):
            query = select(note.c.client_id, note.c.text).where(note.c.client_id.in_(part), note.c.deleted_at.is_(None))
            for client_id, said in self._connection.execute(query):
                notes.setdefault(client_id, set()).add(said)
            for client_id, record in STORE.load_many(self._connection, part).items():
                pending = _Pending(record, record, set(), notes.get(client_id, set()), {})
                self._pending[client_id] = pending
                for judged in self._rows.at(self._updated_by.of(client_id)):
                    after = updated(pending.record, self._with_ids(judged), self._matching, self._today)
                    self._carry_on(pending, judged, after)


def _named(words: Words) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a row names of the lists that a client joins, by the field of the record."""
    yield from (("groups", words.groups), ("tags", words.tags), ("plans", words.plans))
    if words.lead_source:
        yield _SOURCE, (words.lead_source,)


_SOURCE = "lead_source_id"
_LABELS = {"groups": "Groups", "tags": "Tags", "plans": "Marketing plans", _SOURCE: "Lead source"}

_NAMED = 3
_ADDED = frozenset((
    "Phone", "E-mail", "Family", "Groups", "Tags", "Marketing plans", "Note", "Date to be called about",
))  # fmt: skip
"""What a client may have several of, so that one row's adds to another's."""


def _name(record: ClientRecord) -> str:
    return names.list_name(record.last_name, record.first_name, record.company)


def _holder(record: ClientRecord) -> str:
    return holder_name({
        "last_name": record.last_name, "first_name": record.first_name, "company": record.company,
        "number": record.number,
    })  # fmt: skip


def _same_name(mine: ClientRecord, said: ClientRecord) -> bool:
    return _folded(mine.last_name, mine.first_name, mine.company) == _folded(
        said.last_name, said.first_name, said.company
    )


def _folded(last: str, first: str, company: str) -> str:
    return " ".join(sorted(text.words(f"{last} {first}"))) or " ".join(text.words(company))


def _digits(row: PhoneRow) -> str:
    return phones.search_digits(phones.Phone(row.typed, row.e164, row.extension))
