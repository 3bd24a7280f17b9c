"""What a row makes of a client that the studio has: it adds and corrects, and never erases or lifts a protection.

An empty cell changes nothing. Ticks are set, never taken away: who must not be called or sent anything stays so,
whatever a file says (B20, D9), and what was answered about consent is not touched. Phones, e-mails, family members,
groups and tags are added to those that are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from studio_desktop.domain import addresses, names, phones, text
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.fields import Kind, specs
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.records.clients import (
    AddressRow,
    ClientRecord,
    EmailRow,
    FamilyMember,
    OrganizationRow,
    PhoneRow,
    Stage,
)
from studio_desktop.services.imports.plan import FieldChange, Judged, Matching

NAMES = ("last_name", "first_name")


def updated(theirs: ClientRecord, row: Judged, matching: Matching, today: date) -> ClientRecord:
    """The client once the row's record has come over it. What it was found by stays as the studio writes it."""
    given = row.record
    assert given is not None, "a row that updates has its record"
    kept = _FOUND_BY[matching]
    changes: dict[str, Any] = {}
    for name, spec in specs(ClientRecord).items():
        mine, said = getattr(theirs, name), getattr(given, name)
        if spec.derived or name in kept or name in _WITH_CARE or spec.kind in (Kind.IDENTITY, Kind.ROWS):
            continue
        if spec.kind is Kind.MEMBERS:
            changes[name] = mine | said
        elif spec.kind is Kind.FLAG:
            changes[name] = mine or (said and name in row.given)
        elif spec.kind is Kind.CHOICE:
            changes[name] = _choice(name, mine, said, row)
        elif spec.kind is Kind.PARTIAL_DATE:
            changes[name] = _fuller(mine, said)
        elif said not in (None, ""):
            changes[name] = said
    changes |= _status(theirs, given)
    if given.referred_by_name and theirs.referred_by_client_id is None:
        changes["referred_by_name"] = given.referred_by_name
    if given.call_warning and not theirs.call_warning:
        changes["call_warning"] = given.call_warning
    changes["phones"] = _phones(theirs.phones, given.phones)
    changes["emails"] = _emails(theirs.emails, given.emails)
    changes["addresses"] = _addresses(theirs.addresses, given.addresses, today)
    changes["family"] = _family(theirs.family, given.family)
    changes["organizations"] = _organizations(theirs.organizations, given.organizations)
    changes["plan_dates"] = _plan_dates(theirs, given)
    return replace(theirs, **changes)


def left_aside(theirs: ClientRecord, row: Judged) -> list[str]:
    """What the row says and the client must not lose for it: a warning before calling stays the studio's own.

    Former numbers are those of the studio's own merges.
    """
    said = row.record.call_warning if row.record is not None else ""
    differs = said and theirs.call_warning and said != theirs.call_warning
    aside = [f"Call warning: {said}"] if differs else []
    known = {names.key(one) for one in (*theirs.former_numbers.split(", "), theirs.number)}
    unknown = [one for one in row.past.former_numbers if names.key(one) not in known]
    return [*aside, f"Former numbers: {', '.join(unknown)}"] if unknown else aside


@dataclass(frozen=True)
class Names:
    """What ids in a record are called, by the field that holds them, and how the studio writes values."""

    of: Mapping[str, dict[int, str]]
    formats: Formats

    def shown(self, field: str, value: Any) -> str:
        """A value as a person reads it."""
        if value is None or value == "" or value is False:
            return ""
        if field in self.of:
            return self.of[field].get(value, "")
        if value is True:
            return "yes"
        if isinstance(value, PartialDate):
            return self.formats.partial(value)
        return self.formats.day(value) if isinstance(value, date) else str(value)


def differences(before: ClientRecord, after: ClientRecord, called: Names) -> Iterator[FieldChange]:
    """What differs, field by field and row by row; what the program derives by itself is left out."""
    for name, spec in specs(ClientRecord).items():
        old, new = getattr(before, name), getattr(after, name)
        if spec.derived or old == new or spec.kind in (Kind.IDENTITY, Kind.MEMBERS):
            continue
        if spec.kind is Kind.ROWS:
            yield from _row_differences(_ROW_LABELS.get(name, spec.label), old, new, called)
        else:
            if spec.kind is Kind.IMAGE:
                yield FieldChange(spec.label, "a picture" if old else "", "another picture" if old else "a picture")
                continue
            yield FieldChange(spec.label, called.shown(name, old), called.shown(name, new))


_FOUND_BY = {
    Matching.NUMBER: frozenset(("number",)),
    Matching.NUMBER_NAME: frozenset(("number", *NAMES)),
    Matching.NAME: frozenset(NAMES),
    Matching.NAME_COMPANY: frozenset((*NAMES, "company")),
    Matching.EMAIL: frozenset[str](),
}
_STATUS = ("status_id", "status_reason_id", "status_set_on", "status_due_on", "status_due_set_by_hand")
_WITH_CARE = frozenset((*_STATUS, "referred_by_name", "referred_by_client_id", "call_warning"))
_ROW_LABELS = {
    "phones": "Phone", "emails": "E-mail", "addresses": "Address", "family": "Family",
    "organizations": "School or organization", "plan_dates": "Date to be called about",
}  # fmt: skip
_PARTS = ("line1", "line2", "town", "region", "postcode", "country")


def _choice(name: str, mine: Any, said: Any, row: Judged) -> Any:
    """Who was put aside is not brought back by a file."""
    if name == "stage" and mine is not Stage.ACTIVE:
        return mine
    return said if name in row.given else mine


def _fuller(mine: PartialDate | None, said: PartialDate | None) -> PartialDate | None:
    """The date that is said, unless it is what is known already with less of it."""
    if mine is None or said is None:
        return said or mine
    parts = ((mine.year, said.year), (mine.month, said.month), (mine.day, said.day))
    return mine if all(their is None or own == their for own, their in parts) else said


def _status(theirs: ClientRecord, given: ClientRecord) -> dict[str, Any]:
    if given.status_id is None:
        return {}
    dated = {name: getattr(given, name) for name in _STATUS[1:4] if getattr(given, name) is not None}
    if given.status_id == theirs.status_id:
        return dated
    return {"status_id": given.status_id, "status_reason_id": None, **dated}


def _phones(mine: tuple[PhoneRow, ...], said: tuple[PhoneRow, ...]) -> tuple[PhoneRow, ...]:
    """A number that is there gets the label and the tick that the row knows; another one is added."""
    heard = {_number(row): row for row in reversed(said)}
    own = tuple(_corrected(row, heard.get(_number(row))) for row in mine)
    known = set(map(_number, mine))
    return (*own, *(row for row in said if _number(row) not in known))


def _corrected(mine: PhoneRow, said: PhoneRow | None) -> PhoneRow:
    if said is None:
        return mine
    label_id = said.label_id if said.label_id is not None else mine.label_id
    return replace(mine, label_id=label_id, sms=mine.sms or said.sms)


def _number(row: PhoneRow) -> tuple[str, str]:
    return phones.search_digits(phones.Phone(row.typed, row.e164, row.extension)) or row.typed, row.extension


def _emails(mine: tuple[EmailRow, ...], said: tuple[EmailRow, ...]) -> tuple[EmailRow, ...]:
    shared = {names.key(row.address): row.shared for row in said}
    own = tuple(replace(row, shared=row.shared or shared.get(names.key(row.address), False)) for row in mine)
    known = {names.key(row.address) for row in mine}
    return (*own, *(row for row in said if names.key(row.address) not in known))


def _addresses(mine: tuple[AddressRow, ...], said: tuple[AddressRow, ...], today: date) -> tuple[AddressRow, ...]:
    """An address in another street is a new one, in force from today, and ends the old one; else parts are filled."""
    rows = list(mine)
    for row in said:
        own = next((one for one in rows if _same_place(one, row)), None)
        if own is not None:
            parts: dict[str, Any] = {part: getattr(row, part) or getattr(own, part) for part in _PARTS}
            rows[rows.index(own)] = replace(own, **parts)
            continue
        of_purpose = [one for one in rows if one.purpose is row.purpose]
        old = addresses.current(of_purpose, today)
        if old is None or row.effective_from is not None:
            rows.append(row)
        elif (old.effective_from or date.min) >= today:
            rows[rows.index(old)] = replace(row, uid=old.uid, effective_from=old.effective_from)
        else:
            rows[rows.index(old)] = replace(old, effective_to=today - timedelta(days=1))
            rows.append(replace(row, effective_from=today))
    return tuple(rows)


def _same_place(mine: AddressRow, said: AddressRow) -> bool:
    """Whether both mean one address: no part that both have differs, but for its spelling; a town may be corrected."""
    if mine.purpose is not said.purpose:
        return False
    streets = (text.words(mine.line1), text.words(said.line1))
    return not all(streets) or streets[0] == streets[1]


def _family(mine: tuple[FamilyMember, ...], said: tuple[FamilyMember, ...]) -> tuple[FamilyMember, ...]:
    """A member of that first name gets what is not known of him; another one is added."""
    rows = list(mine)
    for row in said:
        own = next((one for one in rows if text.words(one.first_name) == text.words(row.first_name)), None)
        has_secondary = any(one.secondary_contact for one in rows)
        if own is None:
            rows.append(replace(row, secondary_contact=row.secondary_contact and not has_secondary))
            continue
        filled = replace(
            own,
            last_name=own.last_name or row.last_name,
            relationship_id=own.relationship_id if own.relationship_id is not None else row.relationship_id,
            birthday=_fuller(own.birthday, row.birthday),
            secondary_contact=own.secondary_contact or (row.secondary_contact and not has_secondary),
            phones=_phones(own.phones, row.phones),
            emails=_emails(own.emails, row.emails),
        )
        rows[rows.index(own)] = filled
    return tuple(rows)


def _organizations(
    mine: tuple[OrganizationRow, ...], said: tuple[OrganizationRow, ...]
) -> tuple[OrganizationRow, ...]:
    rows = list(mine)
    for row in said:
        own = next((one for one in rows if one.organization_id == row.organization_id), None)
        if own is None:
            rows.append(row)
            continue
        filled: dict[str, Any] = {
            name: getattr(row, name) if getattr(row, name) not in (None, "") else getattr(own, name)
            for name, spec in specs(OrganizationRow).items()
            if spec.kind is not Kind.IDENTITY
        }
        rows[rows.index(own)] = replace(own, **filled)
    return tuple(rows)


def _plan_dates(theirs: ClientRecord, given: ClientRecord) -> Any:
    """The client's own dates to be called about; those of family members stay with who chose them."""
    known = {(row.member_uid, row.occasion) for row in theirs.plan_dates}
    added = (row for row in given.plan_dates if not row.member_uid and ("", row.occasion) not in known)
    return (*theirs.plan_dates, *added)


def _row_differences(
    label: str, before: tuple[Any, ...], after: tuple[Any, ...], called: Names
) -> Iterator[FieldChange]:
    known = {row.uid: row for row in before}
    for row in after:
        old = known.get(row.uid)
        if old is None:
            yield FieldChange(label, "", _told(row, called))
        elif old != row:
            yield FieldChange(label, _told(old, called), _told(row, called))


def _told(row: Any, called: Names) -> str:
    """A row in a line: its values, the rows within it included."""
    said: list[str] = []
    for name, spec in specs(type(row)).items():
        value = getattr(row, name)
        if spec.kind is Kind.ROWS:
            said += [_told(one, called) for one in value]
        elif spec.kind is Kind.FLAG:
            said += [spec.label] if value else []
        elif spec.kind is Kind.DAY:
            said += [f"{spec.label.lower()} {called.shown(name, value)}"] if value is not None else []
        elif spec.kind is not Kind.IDENTITY and not spec.derived and not (name == "purpose" and value == "home"):
            said.append(called.shown(name, value))
    return ", ".join(filter(None, said))
