"""The cells of a file's row as a client's record; what no field can hold becomes a note, so that nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from textwrap import shorten
from typing import Any

from sqlalchemy import Connection, select

from studio_desktop.database.tables.people import client_group, client_status, client_tag, phone_label, relationship
from studio_desktop.domain import names, phones, text
from studio_desktop.domain.dates import DateOrder
from studio_desktop.domain.errors import InvalidFields, InvalidInput
from studio_desktop.domain.fields import specs
from studio_desktop.domain.records.clients import (
    ClientKind,
    ClientRecord,
    ClientType,
    FamilyMember,
    Occasion,
    OrganizationRow,
    PhoneRow,
    PlanDateRow,
    Stage,
)
from studio_desktop.domain.records.consents import PURPOSES, Answer, Channel, ConsentRecord, Way
from studio_desktop.services.clients import prepared
from studio_desktop.services.imports.cells import (
    DAYS,
    Slotted,
    first_of,
    is_true,
    member_slots,
    moment,
    note_text,
    several,
    whole_number,
)
from studio_desktop.services.imports.contacts import Contacts
from studio_desktop.services.imports.mapping import Mapped
from studio_desktop.services.imports.pasts import OF_THE_PAST, Pasts
from studio_desktop.services.imports.photos import Photos
from studio_desktop.services.imports.plan import (
    NO_PAST,
    NO_WORDS,
    Judged,
    Matching,
    NameRule,
    RowNote,
    Rules,
    Tie,
    Verdict,
    Words,
)
from studio_desktop.services.imports.values import TITLES, Values
from studio_desktop.services.preferences import StudioPreferences
from studio_desktop.services.service import new_request
from studio_desktop.services.whole_clients import is_whole

_FAMILY_SPLIT = re.compile(r"\s*[,;\n]\s*")
_LINKS = ("website", "facebook", "linkedin", "twitter")
_PLAIN = frozenset((
    "company", "salutation", "job_title", "nickname", "former_names", "number", "referred_by_name", "call_warning",
    "household_name", "tax_exempt_number", *(f"custom_text_{n}" for n in range(1, 15)), "custom_memo_1",
    "custom_memo_2", *_LINKS,
))  # fmt: skip
_FLAGS = ("saturday_only", "do_not_market", "do_not_call", "deceased", "tax_exempt", "status_due_set_by_hand")
_YEARS = specs(OrganizationRow)["graduation_year"].bounds or (0, 0)
_SYSTEM_GROUP = re.compile(r"^\*|^mycontacts$", re.IGNORECASE)

_NUMERALS = {"phone", "number", "postcode", "family_phone", "referred_by_number", "link_number"}
_WEB_ADDRESS = re.compile(r"https?:", re.IGNORECASE)

_ORGANIZATION_TEXTS = {
    "role": "organization_role", "department": "organization_department", "grade": "grade",
    "member_number": "organization_member_number", "remark": "organization_remark",
}  # fmt: skip

_OF_ORGANIZATIONS = ("organization", "graduation_year", *_ORGANIZATION_TEXTS.values())
_NAMED_IN_WORDS = 0
"""The id of an organization that is looked up only when the row is written."""

_TOLD = 80
"""Characters of a value that the preview says."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The rows of the studio's lists by their folded names."""

    statuses: dict[str, int]
    labels: dict[str, int]
    relations: dict[str, int]
    groups: dict[str, int]
    tags: dict[str, int]

    @classmethod
    def read(cls, connection: Connection) -> Lists:
        """The lists as they stand."""
        tables = (client_status, phone_label, relationship, client_group, client_tag)
        return cls(*(ids_by_name(connection, table) for table in tables))


def ids_by_name(connection: Connection, table: Any) -> dict[str, int]:
    """The rows of a list by their folded names."""
    return {row.description_key: row.id for row in connection.execute(select(table.c.description_key, table.c.id))}


class RowReader:
    """Turns the cells of a row into a client's record with what belongs to it."""

    def __init__(
        self,
        mapped: Mapped,
        header: Sequence[str],
        lists: Lists,
        preferences: StudioPreferences,
        rules: Rules,
        order: DateOrder,
        today: date,
        photos: Photos | None,
    ) -> None:
        """`order` is the one that dates are read by, whether it was asked for or guessed."""
        self._columns = [
            (place, assignment, header[place])
            for place, assignment in enumerate(mapped)
            if assignment is None or assignment.target != "nothing"
        ]
        # Most files have none of these; a hundred thousand rows need not look for them.
        targets = {one.target for one in mapped if one is not None}
        self._has_members = any(target.startswith("family_") for target in targets)
        self._has_organizations = not targets.isdisjoint(_OF_ORGANIZATIONS)
        self._has_answers = "consent_answer" in targets
        self._has_plan_dates = "called_about" in targets or "family_called_about" in targets
        self._has_links = "link_number" in targets
        self._has_past = not targets.isdisjoint(OF_THE_PAST)
        self._photos = photos
        self._studio_region = preferences.phone_region
        self._region = rules.country or preferences.phone_region
        self._preferences = replace(preferences, phone_region=self._region)
        self._rules = rules
        self._lists = lists
        self._is_ours = is_whole(header)
        self._given: dict[tuple[str, ...], frozenset[str]] = {}
        # Ascending, so that a million of them are written one after the other and not all over an index.
        self._uids = map(f"{new_request()[:16]}{{:016x}}".format, count())
        self._values = Values(order, today)
        self._pasts = Pasts(self._values, is_ours=self._is_ours)
        self._contacts = Contacts(lists.labels, self._region, self._values, self._uids, is_ours=self._is_ours)

    def read(self, number: int, cells: Sequence[str]) -> Judged:
        """The row as a new client; `Verdict.ERROR` with the reason when it cannot be one."""
        facts: dict[str, str] = {}
        slotted: Slotted = {}
        remarks: list[str] = []
        told: list[str] = []
        for place, assignment, title in self._columns:
            value = cells[place].strip()
            if not value:
                continue
            if assignment is None:
                remarks.append(f"{title}: {value}")
                continue
            if assignment.target in _NUMERALS and not self._is_ours:
                value = whole_number(value)
            if assignment.slot:
                slots = slotted.setdefault(assignment.target, {})
                slots.setdefault(assignment.slot, []).append((value, assignment.label))
            elif assignment.target in facts:
                facts[assignment.target] += f"\n{value}"
            else:
                facts[assignment.target] = value
        without_place = len(remarks)
        name = " ".join(filter(None, (facts.get("first_name"), facts.get("last_name")))) or facts.get("name", "")
        name = name or facts.get("company", "") or f"row {number}"
        try:
            words = _WordsFound(self._groups(facts), self._tags(facts))
            record = self._prepared(self._record(facts, slotted, words, remarks), remarks)
            if "photo" in facts:
                record = replace(record, image_hash=self._photo(facts["photo"], remarks, told))
            if "referred_by_client_name" in facts and "referred_by_number" not in facts:
                remarks.append(f"Referred by client: {facts['referred_by_client_name']}")
            past = self._pasts.read(facts, slotted, remarks) if self._has_past else NO_PAST
            answers = tuple(_answers(slotted, remarks)) if self._has_answers else ()
            strange = [one for one in remarks[without_place:] if not one.startswith("Photo: ")]
            if strange:
                told.insert(0, f"in the note: {'; '.join(shorten(one, _TOLD, placeholder='…') for one in strange)}")
            notes = tuple(self._notes(facts, slotted, remarks))
        except InvalidFields as error:
            return Judged(number, Verdict.ERROR, name, " ".join(map(str, error.faults.values())))
        except InvalidInput as error:
            return Judged(number, Verdict.ERROR, name, str(error))
        shown = names.list_name(record.last_name, record.first_name, record.company) or name
        return Judged(
            number, Verdict.NEW, shown, "; ".join(told), record, words.found(), notes, self._given_of(facts),
            tuple(self._ties(facts, slotted)), answers, past,
        )  # fmt: skip

    def _given_of(self, facts: dict[str, str]) -> frozenset[str]:
        """Which single fields the row fills, for who updates; rows of a file are alike, so that few sets are kept."""
        if self._rules.update_by is None:
            return frozenset()
        key = tuple(facts)
        return self._given.setdefault(key, frozenset(key))

    def _prepared(self, record: ClientRecord, remarks: list[str]) -> ClientRecord:
        """The record cleaned; a web address that is none goes into the note rather than stop the client."""
        # A number alone says whom a row updates.
        named = not (record.number and self._rules.update_by in (Matching.NUMBER, Matching.NUMBER_NAME))
        try:
            ready = prepared(record, self._preferences, named=named)
        except InvalidFields as error:
            if not error.faults.keys() <= set(_LINKS):
                raise
            remarks += [f"{TITLES[name]}: {getattr(record, name)}" for name in error.faults]
            without: dict[str, Any] = dict.fromkeys(error.faults, "")
            ready = prepared(replace(record, **without), self._preferences, named=named)
        if self._region == self._studio_region:
            return ready
        return replace(ready, phones=tuple(map(self._as_from_abroad, ready.phones)))

    def _as_from_abroad(self, row: PhoneRow) -> PhoneRow:
        """A number of another country with its code: what is typed is understood anew whenever the client is saved."""
        shown = phones.display(row.typed, row.e164, row.extension, self._studio_region)
        return replace(row, typed=shown) if row.e164 else row

    def _record(
        self, facts: dict[str, str], slotted: Slotted, words: _WordsFound, remarks: list[str]
    ) -> ClientRecord:
        person = self._person(facts)
        plain: dict[str, Any] = {key: said for key, said in facts.items() if key in _PLAIN}
        plain |= {key: self._values.day(key, said, remarks) for key, said in facts.items() if key in DAYS}
        plain["do_not_market"] = not self._preferences.allow_marketing
        plain |= {key: self._values.flag(key, said, remarks) for key, said in facts.items() if key in _FLAGS}
        for key, choices in (("kind", ClientKind), ("client_type", ClientType), ("stage", Stage)):
            if key in facts:
                plain[key] = self._values.choice(key, choices, facts[key], remarks)
        if person.salutation and not plain.get("salutation"):
            plain["salutation"] = person.salutation
        if person.company and not plain.get("company"):
            plain["company"] = person.company
        words.lead_source = facts.get("lead_source", "")
        words.plans = several(facts.get("plans", ""), ours=self._is_ours)
        if self._is_ours:
            words.archive_reason = facts.get("archive_reason", "")
        elif "archive_reason" in facts:
            remarks.append(f"Archive reason: {facts['archive_reason']}")
        family = tuple(self._family(facts, person, slotted, words, remarks))
        return ClientRecord(
            last_name=person.last,
            first_name=person.first,
            status_id=self._status(facts, words, remarks),
            birthday=self._values.partial("birthday", facts.get("birthday", ""), remarks),
            anniversary=self._values.partial("anniversary", facts.get("anniversary", ""), remarks),
            phones=tuple(self._contacts.phones(slotted, "phone", "", words.labels, remarks)),
            emails=tuple(self._contacts.emails(slotted, "email", "", remarks)),
            addresses=tuple(self._contacts.addresses(slotted, remarks)),
            family=family,
            organizations=tuple(self._organizations(slotted, words, remarks)) if self._has_organizations else (),
            plan_dates=tuple(self._plan_dates(facts, slotted, family)) if self._has_plan_dates else (),
            **plain,
        )

    # Who it is

    def _person(self, facts: dict[str, str]) -> names.SplitName:
        """The person by the cells of the name; a couple in them is two people."""
        first, last = facts.get("first_name", ""), facts.get("last_name", "")
        rule = self._rules.names
        if facts.get("middle_name"):
            first = f"{first} {facts['middle_name']}".strip()
        if first or last:
            if rule is not NameRule.WHOLE and not self._is_ours and last and names.is_couple(first):
                return names.split_couple(first, last)
            return names.SplitName(first, last)
        whole = facts.get("name", "")
        if not whole or whole == facts.get("company"):
            return names.SplitName("", "")
        if rule is NameRule.WHOLE:
            return names.SplitName("", whole)
        return names.split_people(whole, last_first=rule is NameRule.LAST_FIRST)

    def _family(
        self,
        facts: dict[str, str],
        person: names.SplitName,
        slotted: Slotted,
        words: _WordsFound,
        remarks: list[str],
    ) -> Iterator[FamilyMember]:
        known: set[str] = set()
        spouse = self._lists.relations.get("spouse")
        for relation in filter(facts.__contains__, ("spouse", "child")):
            for place, piece in enumerate(_FAMILY_SPLIT.split(facts[relation])):
                if piece:
                    first, own_last = names.split_name(piece) if " " in piece else (piece, person.last)
                    known.add(text.fold(first))
                    yield FamilyMember(
                        uid=next(self._uids), first_name=first, last_name=own_last,
                        relationship_id=self._lists.relations.get(relation),
                        secondary_contact=relation == "spouse" and place == 0,
                    )  # fmt: skip
        if person.other_first and text.fold(person.other_first) not in known:
            yield FamilyMember(
                uid=next(self._uids), first_name=person.other_first, last_name=person.other_last,
                relationship_id=spouse, secondary_contact="spouse" not in facts,
            )  # fmt: skip
        if self._has_members:
            yield from self._members(slotted, words, remarks)

    def _members(self, slotted: Slotted, words: _WordsFound, remarks: list[str]) -> Iterator[FamilyMember]:
        """Family members that have columns of their own."""
        for slot in member_slots(slotted):
            uid, relation = next(self._uids), first_of(slotted, "family_relation", slot)
            relation_id = self._lists.relations.get(names.key(relation)) if relation else None
            if relation and relation_id is None:
                words.relations[uid] = relation
            yield FamilyMember(
                uid=uid, relationship_id=relation_id,
                first_name=first_of(slotted, "family_first_name", slot),
                last_name=first_of(slotted, "family_last_name", slot),
                birthday=self._values.partial("family_birthday", first_of(slotted, "family_birthday", slot), remarks),
                secondary_contact=is_true(first_of(slotted, "family_secondary", slot)),
                phones=tuple(self._contacts.phones(slotted, "family_phone", slot, words.labels, remarks)),
                emails=tuple(self._contacts.emails(slotted, "family_email", slot, remarks)),
            )  # fmt: skip

    def _plan_dates(
        self, facts: dict[str, str], slotted: Slotted, family: Sequence[FamilyMember]
    ) -> Iterator[PlanDateRow]:
        called = [("", facts.get("called_about", ""))]
        by_slot = slotted.get("family_called_about", {})
        of_columns = family[len(family) - len(member_slots(slotted)):]
        called += [(member.uid, by_slot[slot][0][0])
                   for slot, member in zip(member_slots(slotted), of_columns, strict=True) if slot in by_slot]
        for member_uid, said in called:
            for occasion in Occasion:
                if occasion.value in said.casefold():
                    yield PlanDateRow(uid=next(self._uids), member_uid=member_uid, occasion=occasion)

    # Whom and what else the row brings

    def _ties(self, facts: dict[str, str], slotted: Slotted) -> Iterator[Tie]:
        if "referred_by_number" in facts:
            yield Tie(facts["referred_by_number"], facts.get("referred_by_client_name", ""), refers=True)
        if self._has_links:
            for slot, ((number, _), *_more) in slotted.get("link_number", {}).items():
                name, relation, inverse, is_inverse = (
                    first_of(slotted, f"link_{part}", slot) for part in ("name", "relation", "inverse", "is_inverse")
                )
                order = first_of(slotted, "link_order", slot)
                place = int(order) if order.isascii() and order.isdigit() else 0
                yield Tie(number, name, relation, inverse, is_true(is_inverse), order=place)

    def _photo(self, named: str, remarks: list[str], told: list[str]) -> str:
        """The picture's hash; one that cannot be taken is named, and stops nobody."""
        if self._photos is not None and not _WEB_ADDRESS.match(named):
            try:
                return self._photos.take(named)
            except InvalidInput as fault:
                told.append(f"without the photo {named}: {fault}")
        remarks.append(f"Photo: {named}")
        return ""

    # What else there is of them

    def _organizations(
        self, slotted: Slotted, words: _WordsFound, remarks: list[str]
    ) -> Iterator[OrganizationRow]:
        """What the row says of schools and companies, whose names are looked up when it comes in."""
        lowest, highest = _YEARS
        for slot in sorted({slot for key in _OF_ORGANIZATIONS for slot in slotted.get(key, {})}):
            year = first_of(slotted, "graduation_year", slot)
            is_year = year.isascii() and year.isdigit() and lowest <= int(year) <= highest
            if year and not is_year:
                remarks.append(f"Graduation year: {year}")
            texts: dict[str, Any] = {field: first_of(slotted, key, slot) for field, key in _ORGANIZATION_TEXTS.items()}
            names_of = [value for value, _ in slotted.get("organization", {}).get(slot, ())]
            row = OrganizationRow(
                uid=next(self._uids), organization_id=_NAMED_IN_WORDS if names_of else None,
                graduation_year=int(year) if is_year else None, **texts,
            )  # fmt: skip
            remarks += [f"School or organization: {name}" for name in names_of[1:]]
            if names_of:
                words.organizations[row.uid] = names_of[0]
            if row != OrganizationRow(uid=row.uid):
                yield row

    def _notes(self, facts: dict[str, str], slotted: Slotted, remarks: list[str]) -> Iterator[RowNote]:
        for slot, ((said, _), *_more) in slotted.get("note_text", {}).items():
            alert, written = first_of(slotted, "note_alert", slot), first_of(slotted, "note_written", slot)
            yield RowNote(note_text(said), is_true(alert), moment(written))
        said = "\n".join([*facts.get("note", "").splitlines(), *remarks])
        if said:
            yield RowNote(note_text(said))

    def _groups(self, facts: dict[str, str]) -> tuple[str, ...]:
        named = several(facts.get("groups", ""), ours=self._is_ours)
        kept = (group for group in named if self._is_ours or not _SYSTEM_GROUP.match(group))
        return tuple(dict.fromkeys((*kept, *self._rules.groups)))

    def _tags(self, facts: dict[str, str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*several(facts.get("tags", ""), ours=self._is_ours), *self._rules.tags)))

    def _status(self, facts: dict[str, str], words: _WordsFound, remarks: list[str]) -> int | None:
        named, reason = facts.get("status", ""), facts.get("status_reason", "")
        found = self._lists.statuses.get(names.key(named)) if named else None
        if self._is_ours:
            words.status, words.status_reason = ("" if found is not None else named), reason
            return found
        if named and found is None:
            remarks.append(f"Status: {named}")
        if reason:
            remarks.append(f"Status reason: {reason}")
        if found is None:
            dated = filter(facts.__contains__, ("status_set_on", "status_due_on"))
            remarks += [f"{TITLES[key]}: {facts[key]}" for key in dated]
        return found


def _answers(slotted: Slotted, remarks: list[str]) -> Iterator[ConsentRecord]:
    """What the client said about consent; an answer that is not understood whole is kept in the note."""
    for slot in slotted.get("consent_answer", {}):
        said = {part: first_of(slotted, f"consent_{part}", slot) for part in _CONSENT}
        try:
            channel = Channel(said["channel"])
            about = {one.value: one for one in PURPOSES[channel]}[said["purpose"]]
            way = Way(said["way"]) if said["way"] else Way.IN_PERSON
            answer, at = Answer(said["answer"]), moment(said["at"])
            one = ConsentRecord(0, channel, about, answer, way, said["wording"], at, said["by"])
        except (KeyError, ValueError):
            remarks.append(f"Consent: {', '.join(filter(None, said.values()))}")
        else:
            yield text.clean_record(one)


_CONSENT = ("channel", "purpose", "answer", "way", "wording", "at", "by")


class _WordsFound:
    """Gathers the `Words` of a row; most rows have few or none, and share the empty ones."""

    def __init__(self, groups: tuple[str, ...], tags: tuple[str, ...]) -> None:
        self.groups, self.tags = groups, tags
        self.plans: tuple[str, ...] = ()
        self.lead_source = self.status = self.status_reason = self.archive_reason = ""
        self.labels: dict[str, str] = {}
        self.relations: dict[str, str] = {}
        self.organizations: dict[str, str] = {}

    def found(self) -> Words:
        """What was gathered."""
        gathered = vars(self)
        return Words(**gathered) if any(gathered.values()) else NO_WORDS
