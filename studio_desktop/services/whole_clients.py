"""Clients with everything that is known of them, one row each: our own export, which our import brings in again.

Which column holds what is said by its title alone, so that the file can be worked on in any spreadsheet; the import
understands the titles (`imports/mapping.py`), and a round trip of every field proves that the two agree (B20). Clients
name one another by number, or by a reference where one has none; photos are files of their own, named in the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, select

from studio_desktop.database.tables.activity import lead, lost_reason, pipeline, pipeline_stage
from studio_desktop.database.tables.people import (
    address,
    archive_reason,
    client,
    client_group,
    client_link,
    client_organization,
    client_status,
    client_status_reason,
    client_tag,
    consent,
    email,
    family_member,
    lead_source,
    marketing_plan,
    note,
    organization,
    phone,
    phone_label,
    relationship,
    status_assignment,
)
from studio_desktop.database.tables.studio import user
from studio_desktop.domain import names
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import ClientRecord, EmailRow, FamilyMember, PhoneRow, PlanDateRow
from studio_desktop.services.clients import STORE
from studio_desktop.services.service import Service, requires
from studio_desktop.services.unit import BATCH

SEPARATOR = " ::: "
"""Between several names in one cell; a comma may stand in a name."""

MOST_NOTES = 1_000
"""Notes that have columns of their own; the last holds all that come after it."""

Row = tuple[Any, ...]
Progress = Callable[[int, int], None]

_OURS = frozenset(("client type", "marketing plans"))


def is_whole(header: Sequence[str]) -> bool:
    """Whether a file with these titles is such an export of ours."""
    return {title.strip().casefold() for title in header} >= _OURS


@dataclass(frozen=True)
class WholeClients:
    """The table: titles, of which `phones` hold phone numbers, and a row for each client, read as it is asked for.

    `photos` are the hashes of all the clients' photos, by the names of the files that they go into.
    """

    titles: tuple[str, ...]
    phones: frozenset[str]
    rows: Iterator[Row]
    photos: Mapping[str, str]


class WholeExports(Service):
    """Gives clients whole."""

    @requires(Permission.EXPORT)
    def gather(self, ids: Sequence[int], progress: Progress | None = None, *, photos: bool = False) -> WholeClients:
        """These clients in their order, those that were deleted left out; for the bulk lane.

        There are as many columns of phones, addresses and so on as the client with the most has, and one for photos if
        they are wanted.
        """
        shape = self.database.read(lambda connection: _Shape.of(connection, ids))
        found = self.database.read(_photos)
        files = {client_id: found[client_id][0] for client_id in ids if client_id in found}
        titles = tuple(title for title in _titles(shape) if photos or title != _PHOTO)
        phones = frozenset(title for title in titles if "Phone" in title and title.endswith("Value"))
        rows = self._rows(titles, ids, files, progress)
        return WholeClients(titles, phones, rows, {file: found[client_id][1] for client_id, file in files.items()})

    def _rows(
        self, titles: tuple[str, ...], ids: Sequence[int], files: Mapping[int, str], progress: Progress | None
    ) -> Iterator[Row]:
        words = self.database.read(words_of_lists)
        done = 0
        for start in range(0, len(ids), BATCH):
            for cells in self.database.read(partial(_cells, words, files, ids[start : start + BATCH])):
                yield tuple(cells.get(title) for title in titles)
                done += 1
            if progress is not None:
                progress(done, len(ids))


_SINGLE: Mapping[str, str] = {
    "last_name": "Last name", "first_name": "First name", "company": "Company", "number": "Client number",
    "client_type": "Client type", "kind": "Kind", "stage": "Stage", "archive_reason_id": "Archive reason",
    "status_id": "Status", "status_reason_id": "Status reason", "status_set_on": "Status set",
    "status_due_on": "Status due", "status_due_set_by_hand": "Due date set by hand", "salutation": "Salutation",
    "job_title": "Job title", "nickname": "Nickname", "former_names": "Former names",
    "household_name": "Household name", "lead_source_id": "Lead source", "referred_by_name": "Referred by",
    "referred_by_client_id": "Referred by client number", "groups": "Groups", "tags": "Tags",
    "plans": "Marketing plans", "plan_dates": "Dates to be called about", "birthday": "Birthday",
    "anniversary": "Anniversary", "contract_date": "Contract", "call_warning": "Call warning",
    "saturday_only": "Saturday only", "do_not_market": "Do not market", "do_not_call": "Do not call",
    "deceased": "Deceased", "tax_exempt": "Tax exempt", "tax_exempt_number": "Exempt number", "website": "Website",
    "facebook": "Facebook", "linkedin": "LinkedIn", "twitter": "Twitter",
    **{f"custom_text_{n}": f"Custom text {n}" for n in range(1, 15)},
    **{f"custom_date_{n}": f"Custom date {n}" for n in range(1, 5)},
    **{f"custom_memo_{n}": f"Custom memo {n}" for n in (1, 2)},
    "former_numbers": "Former numbers", "created_at": "Created", "created_by": "Created by", "updated_at": "Changed",
    "updated_by": "Changed by",
}  # fmt: skip
_REFERENCE, _REFERRER, _PHOTO = (
    "Reference within the file", "Referred by client name", "Photo",
)  # fmt: skip
_ADDRESS = {
    "purpose": "Label", "line1": "Street", "line2": "Extended Address", "town": "City", "region": "Region",
    "postcode": "Postal Code", "country": "Country", "effective_from": "From", "effective_to": "Until",
}  # fmt: skip
_ORGANIZATION = {
    "organization_id": "Name", "role": "Role", "department": "Class or department", "grade": "Grade",
    "graduation_year": "Graduation year", "member_number": "Member number", "remark": "Remark",
}  # fmt: skip
_MEMBER = {
    "first_name": "First name", "last_name": "Last name", "relationship_id": "Relation", "birthday": "Birthday",
    "secondary_contact": "Secondary contact",
}  # fmt: skip
_PHONE_PARTS = ("Value", "Label", "SMS")
_EMAIL = ("Value", "Shared")
_NOTE = ("Text", "Alert", "Written")
_CONSENT = ("Channel", "Purpose", "Answer", "How", "Wording", "When", "Recorded by")
_STATUS = ("Status", "Reason", "From", "Due", "Until", "Set", "Set by")
_LEAD = (
    "Pipeline", "Stage", "Outcome", "Opened", "Stage since", "Next action", "Next action text", "Next action on",
    "Responsible", "Lost reason", "Closed", "Remark",
)  # fmt: skip
_LINK = ("Number", "Name", "Relation", "Inverse", "Other way round", "Order")
_INVERSE = "inverse"
_CALLED = "Dates to be called about"


@dataclass(frozen=True, slots=True)
class _Shape:
    """The most rows of a kind that one client, or one of the family members, has."""

    phones: int
    emails: int
    addresses: int
    organizations: int
    notes: int
    members: int
    consents: int
    links: int
    statuses: int
    leads: int
    member_phones: int
    member_emails: int

    @classmethod
    def of(cls, connection: Connection, ids: Sequence[int]) -> _Shape:
        owner = (phone.c.client_id, email.c.client_id, address.c.client_id, client_organization.c.client_id,
                 note.c.client_id, family_member.c.client_id, consent.c.client_id,
                 client_link.c.client_id, status_assignment.c.client_id, lead.c.client_id)  # fmt: skip
        most = [0] * (len(owner) + 2)
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            counts = [_most(connection, column, column.in_(part)) for column in owner]
            for column in (phone.c.family_member_id, email.c.family_member_id):
                theirs = select(family_member.c.id).where(family_member.c.client_id.in_(part))
                counts.append(_most(connection, column, column.in_(theirs)))
            most = list(map(max, most, counts))
        most[4] = min(most[4], MOST_NOTES)
        return cls(*most)


def _most(connection: Connection, column: Any, condition: Any) -> int:
    counted = select(func.count().label("count")).where(condition).group_by(column).subquery()
    return connection.execute(select(func.max(counted.c.count))).scalar_one() or 0


def _titles(shape: _Shape) -> Iterator[str]:
    """The columns in the order in which a person reads them."""
    yield from _SINGLE.values()
    yield from (_REFERRER, _REFERENCE, _PHOTO)
    yield from _numbered("Phone", shape.phones, _PHONE_PARTS)
    yield from _numbered("E-mail", shape.emails, _EMAIL)
    yield from _numbered("Address", shape.addresses, _ADDRESS.values())
    for member in range(1, shape.members + 1):
        stem = f"Family member {member} - "
        yield from (f"{stem}{said}" for said in (*_MEMBER.values(), _CALLED))
        yield from _numbered(f"{stem}Phone", shape.member_phones, _PHONE_PARTS)
        yield from _numbered(f"{stem}E-mail", shape.member_emails, _EMAIL)
    yield from _numbered("Linked client", shape.links, _LINK)
    yield from _numbered("School", shape.organizations, _ORGANIZATION.values())
    yield from _numbered("Note", shape.notes, _NOTE)
    yield from _numbered("Consent", shape.consents, _CONSENT)
    yield from _numbered("Status over time", shape.statuses, _STATUS)
    yield from _numbered("Lead", shape.leads, _LEAD)


def _numbered(stem: str, count: int, parts: Any) -> Iterator[str]:
    return (f"{stem} {number} - {part}" for number in range(1, count + 1) for part in parts)


def words_of_lists(connection: Connection) -> dict[str, dict[int, str]]:
    """What the ids in clients are called, by the field that holds them."""
    tables: dict[str, Any] = {
        "archive_reason_id": archive_reason, "status_id": client_status, "status_reason_id": client_status_reason,
        "lead_source_id": lead_source, "groups": client_group, "tags": client_tag, "plans": marketing_plan,
        "label_id": phone_label, "relationship_id": relationship, "organization_id": organization,
    }  # fmt: skip
    found = {
        field: {row.id: row.description for row in connection.execute(select(table.c.id, table.c.description))}
        for field, table in tables.items()
    }
    inverses = connection.execute(select(relationship.c.id, relationship.c.inverse).where(relationship.c.inverse != ""))
    return {**found, _INVERSE: {row.id: row.inverse for row in inverses}}


_Words = dict[str, dict[int, str]]


def _shown(words: _Words, field: str, value: Any) -> Any:
    """A field's value as a cell."""
    if value is None or value == "":
        return None
    if isinstance(value, frozenset):
        return SEPARATOR.join(words[field][one] for one in sorted(value)) or None
    if field in words:
        return words[field][value]
    if isinstance(value, PartialDate):
        return value.iso()
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, bool | date) else str(value)


@dataclass(frozen=True, slots=True)
class _Other:
    """Another client as a row names it."""

    number: str
    name: str


def _photos(connection: Connection) -> dict[int, tuple[str, str]]:
    """The file into which a client's photo goes, and the photo's hash, by the clients' ids."""
    person = (client.c.last_name, client.c.first_name, client.c.company)
    query = select(client.c.id, client.c.image_hash, *person)
    found: dict[int, tuple[str, str]] = {}
    for client_id, image_hash, *name in connection.execute(
        query.where(client.c.image_hash != "", client.c.deleted_at.is_(None))
    ):
        told = _NOT_IN_NAMES.sub("-", names.list_name(*name)).strip(" .-")[:80].strip()
        # Two people may have one name, and some systems do not tell A from a.
        found[client_id] = (f"photos/{told} ({client_id}).jpg", image_hash)
    return found


_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]+')


def _cells(
    words: _Words, files: Mapping[int, str], ids: Sequence[int], connection: Connection
) -> list[dict[str, Any]]:
    """The filled cells of some clients by their titles."""
    alive = connection.execute(select(client.c.id).where(client.c.id.in_(ids), client.c.deleted_at.is_(None)))
    records = STORE.load_many(connection, alive.scalars().all())
    links = _grouped(connection, select(
        client_link.c.client_id, client_link.c.other_id, client_link.c.relationship_id, client_link.c.inverse,
        client_link.c.id,
    ).where(client_link.c.client_id.in_(ids)).order_by(client_link.c.id))  # fmt: skip
    others = _others(connection, {one.referred_by_client_id for one in records.values() if one.referred_by_client_id}
                     | {other for own in links.values() for other, *_ in own})  # fmt: skip
    notes = _grouped(connection, select(
        note.c.client_id, note.c.text, note.c.alert, note.c.created_at,
    ).where(note.c.client_id.in_(ids), note.c.deleted_at.is_(None)).order_by(note.c.id))  # fmt: skip
    answers = _grouped(connection, select(
        consent.c.client_id, consent.c.channel, consent.c.purpose, consent.c.answer, consent.c.way, consent.c.wording,
        consent.c.at, user.c.name,
    ).outerjoin(user, user.c.id == consent.c.recorded_by)
     .where(consent.c.client_id.in_(ids)).order_by(consent.c.id))  # fmt: skip
    assigned = _grouped(connection, select(
        status_assignment.c.client_id, client_status.c.description, client_status_reason.c.description,
        status_assignment.c.from_on, status_assignment.c.due_on, status_assignment.c.until_on,
        status_assignment.c.set_at, user.c.name,
    ).join(client_status, client_status.c.id == status_assignment.c.status_id)
     .outerjoin(client_status_reason, client_status_reason.c.id == status_assignment.c.reason_id)
     .outerjoin(user, user.c.id == status_assignment.c.set_by)
     .where(status_assignment.c.client_id.in_(ids)).order_by(status_assignment.c.id))  # fmt: skip
    followed = _grouped(connection, select(
        lead.c.client_id, pipeline.c.description, pipeline_stage.c.description, pipeline_stage.c.outcome,
        lead.c.opened_on, lead.c.stage_since, lead.c.next_action, lead.c.next_action_text, lead.c.next_action_on,
        user.c.name, lost_reason.c.description, lead.c.closed_on, lead.c.remark,
    ).join(pipeline, pipeline.c.id == lead.c.pipeline_id).join(pipeline_stage, pipeline_stage.c.id == lead.c.stage_id)
     .outerjoin(user, user.c.id == lead.c.responsible_id)
     .outerjoin(lost_reason, lost_reason.c.id == lead.c.lost_reason_id)
     .where(lead.c.client_id.in_(ids)).order_by(lead.c.id))  # fmt: skip
    found = []
    for record in (records[client_id] for client_id in ids if client_id in records):
        cells = dict(_filled(record, words, others, notes.get(record.id, ())))
        cells |= _in_columns("Consent", _CONSENT, answers.get(record.id, ()))
        cells |= _in_columns("Status over time", _STATUS, assigned.get(record.id, ()))
        cells |= _in_columns("Lead", _LEAD, followed.get(record.id, ()))
        cells |= _linked(links.get(record.id, ()), others, words)
        found.append({**cells, _PHOTO: files.get(record.id)})
    return found


def _grouped(connection: Connection, query: Any) -> dict[int, list[tuple[Any, ...]]]:
    """Rows by their first column."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    for owner, *row in connection.execute(query):
        found.setdefault(owner, []).append(tuple(row))
    return found


def _others(connection: Connection, ids: set[int]) -> dict[int, _Other]:
    query = select(
        client.c.id, client.c.number, client.c.last_name, client.c.first_name, client.c.company
    ).where(client.c.id.in_(sorted(ids)), client.c.deleted_at.is_(None))  # fmt: skip
    return {
        row.id: _Other(row.number or _reference(row.id), names.list_name(row.last_name, row.first_name, row.company))
        for row in connection.execute(query)
    }


def _reference(client_id: int) -> str:
    """What a client without a number is called within the file."""
    return f"client {client_id}"


def _linked(
    links: Sequence[tuple[Any, ...]], others: Mapping[int, _Other], words: _Words
) -> Iterator[tuple[str, Any]]:
    present = [link for link in links if link[0] in others]
    for place, (other_id, relation_id, inverse, order) in enumerate(present, start=1):
        other, word = others[other_id], words["relationship_id"].get(relation_id)
        said = (other.number, other.name, word, words[_INVERSE].get(relation_id), inverse, str(order))
        yield from zip((f"Linked client {place} - {part}" for part in _LINK), said, strict=True)


def _filled(
    record: ClientRecord, words: _Words, others: Mapping[int, _Other], notes: Sequence[tuple[Any, ...]]
) -> Iterator[tuple[str, Any]]:
    referrer = others.get(record.referred_by_client_id or 0)
    yield _REFERRER, referrer.name if referrer is not None else None
    yield _REFERENCE, None if record.number else _reference(record.id)
    for field, title in _SINGLE.items():
        if field == "referred_by_client_id":
            yield title, referrer.number if referrer is not None else None
        elif field == "plan_dates":
            yield title, _called_about(record.plan_dates, "")
        else:
            yield title, _shown(words, field, getattr(record, field))
    yield from _contacts("", record.phones, record.emails, words)
    for place, row in enumerate(record.addresses, start=1):
        yield from ((f"Address {place} - {said}", _shown(words, field, getattr(row, field)))
                    for field, said in _ADDRESS.items())  # fmt: skip
    for place, member in enumerate(record.family, start=1):
        yield from _member(f"Family member {place} - ", member, record, words)
    for place, at in enumerate(record.organizations, start=1):
        yield from ((f"School {place} - {said}", _shown(words, field, getattr(at, field)))
                    for field, said in _ORGANIZATION.items())  # fmt: skip
    own, rest = notes[: MOST_NOTES - 1], notes[MOST_NOTES - 1 :]
    if rest:
        texts = "\n\n".join(text for text, *_ in rest)
        own = [*own, (texts, any(alert for _, alert, _ in rest), rest[0][2])]
    for place, (text, alert, written) in enumerate(own, start=1):
        yield from zip((f"Note {place} - {part}" for part in _NOTE), (text, alert, written.isoformat()), strict=True)


def _in_columns(stem: str, parts: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[str, Any]]:
    """Rows of another table, each part of each in a column of its own."""
    for place, row in enumerate(rows, start=1):
        for part, value in zip(parts, row, strict=True):
            yield f"{stem} {place} - {part}", value.isoformat() if isinstance(value, date) else value or None


def _member(stem: str, member: FamilyMember, record: ClientRecord, words: _Words) -> Iterator[tuple[str, Any]]:
    for field, said in _MEMBER.items():
        yield f"{stem}{said}", _shown(words, field, getattr(member, field))
    yield f"{stem}{_CALLED}", _called_about(record.plan_dates, member.uid)
    yield from _contacts(stem, member.phones, member.emails, words)


def _contacts(
    stem: str, phones: Sequence[PhoneRow], emails: Sequence[EmailRow], words: _Words
) -> Iterator[tuple[str, Any]]:
    for place, row in enumerate(phones, start=1):
        values = (row.typed, _shown(words, "label_id", row.label_id), row.sms)
        yield from zip((f"{stem}Phone {place} - {part}" for part in _PHONE_PARTS), values, strict=True)
    for place, mail in enumerate(emails, start=1):
        told = (mail.address, mail.shared)
        yield from zip((f"{stem}E-mail {place} - {part}" for part in _EMAIL), told, strict=True)


def _called_about(rows: Sequence[PlanDateRow], member_uid: str) -> str | None:
    return ", ".join(row.occasion.value for row in rows if row.member_uid == member_uid) or None
