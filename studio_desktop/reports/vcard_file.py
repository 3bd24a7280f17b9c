"""Clients as vCards, which phones and mail programs read, and our own import without loss (B20)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.records.clients import AddressPurpose, AddressRow, ClientRecord, PhoneRow
from studio_desktop.paths import atomic_write
from studio_desktop.reports.listing_file import Progress, Written
from studio_desktop.services import Services

VERSIONS = ("3.0", "4.0")
"""3.0 is what every phone reads, and Outlook alone."""


def write_cards(
    services: Services, path: Path, ids: Sequence[int], *, version: str = "3.0", progress: Progress | None = None
) -> Written:
    """Write a card for each client, in their order; for the bulk lane. Raises InvalidInput, NotFound, StudioError."""
    if version not in VERSIONS:
        raise InvalidInput("vCards are written as {versions}.", field="version", versions=" or ".join(VERSIONS))
    cards = _Cards(services, version)
    with atomic_write(path) as file:
        for done, client_id in enumerate(ids, start=1):
            notes = [one.text for one in reversed(services.notes.of_client(client_id))]
            record = services.clients.get(client_id)
            photo = services.images.load(record.image_hash) if record.image_hash else b""
            for line in cards.lines(record, notes, photo):
                file.write(_folded(line))
            if progress is not None:
                progress(done, len(ids))
    return Written(path, len(ids))


_TYPES = {"mobile": "cell", "cell": "cell", "home": "home", "work": "work", "fax": "fax", "pager": "pager"}
_PURPOSES = {AddressPurpose.HOME: "home", AddressPurpose.WORK: "work", AddressPurpose.MAILING: "postal"}
_RELATED = {"spouse", "child"}
_WIDEST = 75  # bytes of a line
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NO_YEAR = 1604  # Apple's


class _Cards:
    """Knows the words of the studio's lists, and writes cards of one version."""

    def __init__(self, services: Services, version: str) -> None:
        choices = services.catalogs.choices()
        self._labels = {choice.id: choice.text for choice in choices["phone_labels"]}
        self._relations = {choice.id: choice.text for choice in choices["relationships"]}
        self._groups = {choice.id: choice.text for choice in choices["client_groups"]}
        self._today = services.desk.clock.today()
        self._version = version

    def lines(self, record: ClientRecord, notes: Sequence[str], photo: bytes = b"") -> Iterator[str]:
        """The lines of a client's card; the photo is a JPEG."""
        is_person = bool(record.first_name or record.last_name)
        shown = f"{record.first_name} {record.last_name}".strip() or record.company
        yield "BEGIN:VCARD"
        yield f"VERSION:{self._version}"
        yield f"FN:{_text(shown)}"
        yield f"N:{_joined(record.last_name, record.first_name, '', record.salutation, '')}"
        if not is_person:
            yield "KIND:org" if self._version == "4.0" else "X-ABShowAs:COMPANY"
        for name, value in (
            ("NICKNAME", record.nickname), ("X-MAIDENNAME", record.former_names), ("ORG", record.company),
            ("TITLE", record.job_title),
        ):  # fmt: skip
            if value:
                yield f"{name}:{_text(value)}"
        yield from self._contacts(record)
        yield from self._days("BDAY", record.birthday)
        yield from self._days("ANNIVERSARY" if self._version == "4.0" else "X-ANNIVERSARY", record.anniversary)
        for network in ("facebook", "linkedin", "twitter"):
            if getattr(record, network):
                yield f"X-SOCIALPROFILE;TYPE={network}:{_link(getattr(record, network))}"
        if record.website:
            yield f"URL:{_link(record.website)}"
        yield from self._family(record)
        if groups := sorted(self._groups[group] for group in record.groups if group in self._groups):
            yield f"CATEGORIES:{','.join(map(_text, groups))}"
        yield from (f"NOTE:{_text(note)}" for note in notes)
        if photo:
            head = "PHOTO:data:image/jpeg;base64," if self._version == "4.0" else "PHOTO;ENCODING=b;TYPE=JPEG:"
            yield head + base64.b64encode(photo).decode()
        if record.do_not_market:
            yield "X-DO-NOT-MARKET:yes"
        if record.do_not_call:
            yield "X-DO-NOT-CALL:yes"
        yield "END:VCARD"

    def _contacts(self, record: ClientRecord) -> Iterator[str]:
        for place, phone in enumerate(record.phones, start=1):
            label = self._labels.get(phone.label_id or 0, "")
            kind = _TYPES.get(label.casefold(), "")
            yield f"phone{place}.TEL{f';TYPE={kind}' if kind else ''}{self._number(phone)}"
            if label and not kind:
                yield f"phone{place}.X-ABLabel:{_text(label)}"
        for email in record.emails:
            yield f"EMAIL{'' if self._version == '4.0' else ';TYPE=internet'}:{_text(email.address)}"
        for address in record.addresses:
            if _holds(address, self._today):
                street = "\n".join(filter(None, (address.line1, address.line2)))
                parts = ("", "", street, address.town, address.region, address.postcode, address.country)
                yield f"ADR;TYPE={_PURPOSES[address.purpose]}:{_joined(*parts)}"

    def _number(self, phone: PhoneRow) -> str:
        if not phone.e164:
            return f":{_text(phone.typed)}"
        if self._version == "4.0":
            return f";VALUE=uri:tel:{phone.e164}{f';ext={phone.extension}' if phone.extension else ''}"
        return f":{phone.e164}{f' ext. {phone.extension}' if phone.extension else ''}"

    def _days(self, name: str, day: PartialDate | None) -> Iterator[str]:
        if day is None:
            return
        if day.day is None or day.month is None:
            yield f"{name}:{day.iso()}"
        elif self._version == "4.0":
            yield f"{name}:{'--' if day.year is None else f'{day.year:04d}'}{day.month:02d}{day.day:02d}"
        elif day.year is None:
            yield f"{name};X-APPLE-OMIT-YEAR={_NO_YEAR}:{_NO_YEAR}-{day.month:02d}-{day.day:02d}"
        else:
            yield f"{name}:{day.iso()}"

    def _family(self, record: ClientRecord) -> Iterator[str]:
        for place, member in enumerate(record.family, start=1):
            name = f"{member.first_name} {member.last_name}".strip()
            relation = self._relations.get(member.relationship_id or 0, "")
            if self._version == "4.0" and relation.casefold() in _RELATED:
                yield f"RELATED;TYPE={relation.casefold()};VALUE=text:{_text(name)}"
            elif name:
                yield f"family{place}.X-ABRELATEDNAMES:{_text(name)}"
                yield f"family{place}.X-ABLabel:{_text(relation or 'Family')}"


def _holds(address: AddressRow, today: date) -> bool:
    begun = address.effective_from is None or address.effective_from <= today
    return begun and (address.effective_to is None or today <= address.effective_to)


def _text(value: str) -> str:
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", lines).translate(_ESCAPES)


def _link(value: str) -> str:
    return _CONTROLS.sub("", value).replace("\n", "")


def _joined(*parts: str) -> str:
    return ";".join(map(_text, parts))


def _folded(line: str) -> bytes:
    """The line in lines of at most 75 bytes, no letter of it cut in two."""
    if line.isascii():
        starts = (0, *range(_WIDEST, len(line), _WIDEST - 1))
        return b"\r\n ".join(line[at:to].encode() for at, to in zip_longest(starts, starts[1:])) + b"\r\n"
    pieces, room = [b""], _WIDEST
    for letter in line:
        encoded = letter.encode()
        if len(pieces[-1]) + len(encoded) > room:
            pieces.append(b"")
            room = _WIDEST - 1
        pieces[-1] += encoded
    return b"\r\n ".join(pieces) + b"\r\n"
