"""Whom the studio, or an earlier row of the file, knows already: the verdict of every row (B20, DECISIONS 26)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


class Known:
    """Knows people by a folded name with the same e-mail or phone digits, and clients by what a row is matched by."""

    def __init__(self, connection: Connection, update_by: Matching | None, today: date) -> None:
        """`update_by` is how rows find the clients that they update; without it none does."""
        self._connection = connection
        self._people: dict[tuple[str, str], _Holder] = {}
        self._numbers: dict[str, str] = {}
        self._read_former_numbers()
        self._studio = _Studio(connection, update_by, today) if update_by is not None else None

    def look_up(self, rows: Sequence[Judged]) -> None:
        """Fetch who has the e-mails, phones and numbers of these rows, and whom they may update."""
        records = [row.record for row in rows if row.record is not None]
        mails = {names.key(row.address) for record in records for row in record.emails}
        digits = {_digits(row) for record in records for row in record.phones}
        numbers = {names.key(record.number) for record in records if record.number}
        person = (client.c.id, client.c.last_name, client.c.first_name, client.c.company, client.c.number)
        for table, column, values in ((email, email.c.address_key, mails), (phone, phone.c.digits, digits)):
            for part in chunks(sorted(values - {""}), BATCH):
                query = (
                    select(column, *person)
                    .join(client, client.c.id == table.c.client_id)
                    .where(column.in_(part), client.c.deleted_at.is_(None))
                )
                for row in self._connection.execute(query).mappings():
                    key = (_folded(row["last_name"], row["first_name"], row["company"]), row[column.name])
                    self._people.setdefault(key, _Holder(holder_name(row), client_id=row["id"]))
        for part in chunks(sorted(numbers), BATCH):
            query = select(client.c.number_key, *person).where(client.c.number_key.in_(part))
            for row in self._connection.execute(query).mappings():
                self._numbers.setdefault(row["number_key"], holder_name(row))
        if self._studio is not None:
            self._studio.look_up(rows)

    def judge(self, row: Judged) -> Judged:
        """The row with its final verdict; a new one is known to the rows after it."""
        if row.record is None:
            return row
        if self._studio is not None:
            found = self._studio.judge(row, self._numbers)
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
        for contact in contacts:
            if (name, contact) in self._people:
                holder = self._people[name, contact]
                why = f"the same person as {holder.called}."
                return replace(row, verdict=Verdict.SKIP, why=why, client_id=holder.client_id, twin=holder.row)
        number = names.key(record.number)
        if number and number in self._numbers:
            why = f"number {record.number} belongs to {self._numbers[number]}."
            return replace(row, verdict=Verdict.ERROR, why=why)
        told = f"{row.name} (row {row.number})"
        if contacts:
            holder = _Holder(told, row=row.number)
            for contact in contacts:
                self._people[name, contact] = holder
        if number:
            self._numbers[number] = told
        return self._with_former_numbers(row, told) if row.past.former_numbers else row

    def _with_former_numbers(self, row: Judged, told: str) -> Judged:
        """The row with those of its former numbers that nobody has; the others are named, and kept in a note."""
        free = [one for one in row.past.former_numbers if names.key(one) not in self._numbers]
        taken = [one for one in row.past.former_numbers if one not in free]
        self._numbers |= {names.key(one): told for one in free}
        row = replace(row, past=replace(row.past, former_numbers=tuple(free)))
        if not taken:
            return row
        whose = "; ".join(f"{one} belongs to {self._numbers[names.key(one)]}" for one in taken)
        why = f"{row.why} without the former number: {whose}.".strip()
        return replace(row, why=why, notes=(*row.notes, RowNote(f"Former numbers: {', '.join(taken)}")))

    def _read_former_numbers(self) -> None:
        """A number that was somebody's before a merge is hers for good."""
        former = former_numbers(self._connection)
        for part in chunks(sorted(set(former.values())), BATCH):
            query = select(client.c.id, client.c.last_name, client.c.first_name, client.c.company, client.c.number)
            found = self._connection.execute(query.where(client.c.id.in_(part))).mappings()
            called = {row["id"]: holder_name(row) for row in found}
            self._numbers |= {key: called[owner] for key, owner in former.items() if owner in called}


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
    """The clients that rows may update."""

    def __init__(self, connection: Connection, matching: Matching, today: date) -> None:
        self._connection = connection
        self._matching = matching
        self._today = today
        self._found: dict[str, list[int]] = {}
        self._pending: dict[int, _Pending] = {}
        self._called = Names(words_of_lists(connection), formats_of(read_preferences(connection)))
        self._ids = {
            field: {names.key(called): row_id for row_id, called in of.items()}
            for field, of in self._called.of.items()
        }
        if matching in (Matching.NAME, Matching.NAME_COMPANY):
            self._read_names()
        self._former = former_numbers(connection) if matching in (Matching.NUMBER, Matching.NUMBER_NAME) else {}

    def look_up(self, rows: Sequence[Judged]) -> None:
        """Fetch whom these rows mean, with all that may change."""
        keys = {key for row in rows if row.record is not None for key in self._keys(row.record)} - self._found.keys()
        if self._matching is Matching.EMAIL:
            self._fetch(keys, email.c.address_key, email.c.client_id)
        elif self._matching in (Matching.NUMBER, Matching.NUMBER_NAME):
            self._fetch(keys, client.c.number_key, client.c.id)
            for key in keys & self._former.keys():
                self._found.setdefault(key, [self._former[key]])
        ids = {client_id for row in rows if row.record is not None for client_id in self._candidates(row.record)}
        self._load(sorted(ids - self._pending.keys()))

    def judge(self, row: Judged, numbers: Mapping[str, str]) -> Judged | None:
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
        return self._update(row, pending, holder, numbers)

    def _update(self, row: Judged, pending: _Pending, holder: str, numbers: Mapping[str, str]) -> Judged:
        record = row.record
        assert record is not None, "only such rows are judged"
        after = updated(pending.record, self._with_ids(row), self._matching, self._today)
        number = names.key(after.number)
        if number != names.key(pending.record.number) and number in numbers:
            why = f"number {after.number} belongs to {numbers[number]}."
            return replace(row, verdict=Verdict.ERROR, why=why)
        changes = tuple(differences(pending.record, after, self._called))
        contradicted = next((one for one in changes if one.old and one.label in pending.said), None)
        if contradicted is not None:
            other = pending.said[contradicted.label]
            why = f"row {other} says otherwise of {holder}: {contradicted}."
            return replace(row, verdict=Verdict.ERROR, why=why)
        changes += tuple(self._word_changes(row.words, pending))
        notes = [RowNote(one) for one in left_aside(pending.record, row)] + list(row.notes)
        new_notes = [one for one in notes if one.text not in pending.notes]
        changes += tuple(FieldChange("Note", "", one.text) for one in new_notes)
        if not changes:
            return replace(
                row, verdict=Verdict.SKIP, why=f"nothing that {holder} does not have already.",
                client_id=pending.stands.id, version=pending.stands.version,
            )  # fmt: skip
        pending.record = after
        pending.said |= {one.label: row.number for one in changes if one.label not in _ADDED}
        pending.notes |= {one.text for one in new_notes}
        return replace(
            row, verdict=Verdict.UPDATE, name=_name(record) or _name(pending.stands), why=holder, notes=tuple(notes),
            client_id=pending.stands.id, version=pending.stands.version, changes=changes,
        )  # fmt: skip

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
        for label, field, named in (
            ("Groups", "groups", words.groups), ("Tags", "tags", words.tags), ("Marketing plans", "plans", words.plans)
        ):  # fmt: skip
            of = self._called.of[field]
            mine = {names.key(of[one]) for one in getattr(pending.stands, field) if one in of}
            known = mine | {one.removeprefix(f"{field} ") for one in pending.words if one.startswith(f"{field} ")}
            new = [one for one in named if names.key(one) not in known]
            pending.words |= {f"{field} {names.key(one)}" for one in new}
            if new:
                yield FieldChange(label, "", ", ".join(new))
        stands = self._called.shown("lead_source_id", pending.stands.lead_source_id)
        source = f"lead_source {names.key(words.lead_source)}"
        if words.lead_source and names.key(words.lead_source) != names.key(stands) and source not in pending.words:
            pending.words.add(source)
            yield FieldChange("Lead source", stands, words.lead_source)

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
        return list(dict.fromkeys(one for key in self._keys(record) for one in self._found.get(key, ())))

    def _fetch(self, keys: set[str], column: Any, owner: Any) -> None:
        for part in chunks(sorted(keys - {""}), BATCH):
            query = select(column, client.c.id).where(column.in_(part), client.c.deleted_at.is_(None))
            if owner.table is not client:
                query = query.join(client, client.c.id == owner)
            for key, client_id in self._connection.execute(query.order_by(client.c.id)):
                self._found.setdefault(key, []).append(client_id)

    def _read_names(self) -> None:
        query = select(client.c.id, client.c.last_name, client.c.first_name, client.c.company).where(
            client.c.deleted_at.is_(None)
        )
        for client_id, last, first, company in self._connection.execute(query.order_by(client.c.id)):
            key = _folded(last, first, "")
            if self._matching is Matching.NAME_COMPANY:
                key = f"{key}\t{' '.join(text.words(company))}"
            if key.strip():
                self._found.setdefault(key, []).append(client_id)

    def _load(self, ids: Sequence[int]) -> None:
        notes: dict[int, set[str]] = {}
        for part in chunks(ids, BATCH):
            query = select(note.c.client_id, note.c.text).where(note.c.client_id.in_(part), note.c.deleted_at.is_(None))
            for client_id, said in self._connection.execute(query):
                notes.setdefault(client_id, set()).add(said)
            for client_id, record in STORE.load_many(self._connection, part).items():
                self._pending[client_id] = _Pending(record, record, set(), notes.get(client_id, set()), {})


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
