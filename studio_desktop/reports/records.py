"""Reports on the records themselves: one client whole, the form to check it with, and which records lack what."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from studio_desktop.domain import fields, names
from studio_desktop.domain.addresses import current, postal_lines
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.fields import FieldSpec, Kind
from studio_desktop.domain.records.clients import ClientKind, ClientRecord, FamilyMember, PhoneRow, Stage
from studio_desktop.domain.records.consents import Answer
from studio_desktop.reports.listing_file import head
from studio_desktop.reports.report import Gathered
from studio_desktop.reports.tables import ColumnKind, ColumnSpec, Group, Row
from studio_desktop.services import Services
from studio_desktop.services.listings.declaration import Query
from studio_desktop.services.listings.service import listing
from studio_desktop.services.preferences import formats_of

_PIECE = 1500
"""Characters of a long text that stand in one row: more would be higher than a page."""


@dataclass(frozen=True, slots=True)
class OneClientOptions:
    """Whose record."""

    client: str = fields.text("Client, by number or name")


class ClientProfile:
    """Everything on the record of one client (B24)."""

    name = "client-profile"
    title = "Client profile"
    purpose = "One client with everything on the record: person, family, addresses, groups, notes"
    options = OneClientOptions

    def gather(self, services: Services, options: OneClientOptions) -> Gathered:
        """A row a fact, what is empty left out. Raises InvalidInput when no client or several are meant."""
        return self.about(services, the_client(services, options.client))

    def about(self, services: Services, record: ClientRecord) -> Gathered:
        """The same of a record at hand."""
        columns = (ColumnSpec("what", "What", width=22), ColumnSpec("value", "As recorded", width=70, lines=40))
        name = formats_of(services.preferences.get()).name(record.last_name, record.first_name, record.company)
        document = head(services, f"{self.title}: {name}", columns, group="Part")
        if record.image_hash:
            document = replace(document, picture=services.images.load(record.image_hash))
        return Gathered(document, list(_Facts(services, record).profile()))


class CheckDetails:
    """A sheet on which a client checks and corrects by hand what the studio knows (S4-21)."""

    name = "check-your-details"
    title = "Please check your details"
    purpose = "A form that one client fills in by hand, with what is known"
    options = OneClientOptions

    def gather(self, services: Services, options: OneClientOptions) -> Gathered:
        """What is known beside room for corrections. Raises InvalidInput when no client or several are meant."""
        record = the_client(services, options.client)
        columns = (
            ColumnSpec("what", "Detail", width=20),
            ColumnSpec("known", "What we have", width=34),
            ColumnSpec("correction", "Correction or addition", width=40),
        )
        preferences = services.preferences.get()
        greeting = f"For {names.full_name(record.first_name, record.last_name) or record.company}"
        asked = f"Please correct what is wrong, add what is missing, and give this back to {preferences.studio_name}."
        document = replace(head(services, self.title, columns, (greeting, asked), "Part"), handwritten=True)
        return Gathered(document, list(_Facts(services, record).form()))


@dataclass(frozen=True, slots=True)
class IncompleteOptions:
    """Whose records, and what they should hold."""

    kind: ClientKind = fields.choice("Kind", ClientKind.CLIENT)
    address: bool = fields.flag("Address", True)
    phone: bool = fields.flag("Phone", True)
    email: bool = fields.flag("E-mail", True)
    status: bool = fields.flag("Status", True)
    lead_source: bool = fields.flag("Lead source", True)
    birthday: bool = fields.flag("Birthday")
    consent: bool = fields.flag("Consent", True)


class IncompleteRecords:
    """Active clients whose records lack something, and what (B24, S4-22)."""

    name = "incomplete-records"
    title = "Incomplete records"
    purpose = "Which records lack an address, a phone, an e-mail or another ticked field"
    options = IncompleteOptions

    def gather(self, services: Services, options: IncompleteOptions) -> Gathered:
        """One row a client. Raises InvalidInput when nothing is looked for."""
        wanted = [name for name in _NEEDED if getattr(options, name)]
        if not wanted:
            raise InvalidInput("Tick at least one field that a record should hold.", field="address")
        columns = (
            ColumnSpec("name", "Name", width=28),
            ColumnSpec("number", "Number", width=9),
            ColumnSpec("missing", "Missing", width=44),
            ColumnSpec("count", "How many", ColumnKind.NUMBER, 9),
        )
        looked = ", ".join(fields.specs(IncompleteOptions)[name].label.lower() for name in wanted)
        subtitle = f"Active {options.kind.value}s; looked for: {looked}"
        return Gathered(head(services, self.title, columns, (subtitle,)), self._rows(services, options, wanted))

    def _rows(self, services: Services, options: IncompleteOptions, wanted: Sequence[str]) -> Iterator[Row]:
        labels = fields.specs(IncompleteOptions)
        keys = ["name", "number", *dict.fromkeys(key for name in wanted for key in _NEEDED[name])]
        query = Query({"kind": options.kind, "stage": Stage.ACTIVE})
        for row in services.listings.stream("clients", query, keys):
            values = dict(zip(keys, row, strict=True))
            missing = [labels[name].label for name in wanted if not _is_there(name, values)]
            if missing:
                yield (values["name"], values["number"], ", ".join(missing), len(missing))


_NEEDED = {
    "address": ("street", "town", "postcode"),
    "phone": ("phone",),
    "email": ("email",),
    "status": ("status",),
    "lead_source": ("lead_source",),
    "birthday": ("birthday",),
    "consent": ("consent_data",),
}
"""The columns of the list of clients that tell whether a record has it."""


def _is_there(name: str, values: dict[str, Any]) -> bool:
    if name == "address":
        return bool(values["street"] and (values["town"] or values["postcode"]))
    if name == "consent":  # a studio that does not ask has no such answer
        return bool(values["consent_data"] != Answer.NOT_ASKED)
    return all(values[key] for key in _NEEDED[name])


def the_client(services: Services, typed: str) -> ClientRecord:
    """The one client that a number or a name means. Raises InvalidInput when there is none, or several."""
    if not typed.strip():
        raise InvalidInput("Say which client, by number or name.", field="client")
    client_id = services.clients.by_number(typed)
    if client_id is None:
        hits = [hit for hit in services.listings.find(typed, Query(), limit=6) if not hit.similar]
        hits = [hit for hit in hits if hit.rank == hits[0].rank]
        if not hits:
            raise InvalidInput("There is no client “{typed}”.", field="client", typed=typed)
        if len(hits) > 1:
            raise InvalidInput(
                "“{typed}” may be {names}. Give the number.",
                field="client", typed=typed, names=_either(services, [hit.id for hit in hits]),
            )  # fmt: skip
        client_id = hits[0].id
    return services.clients.get(client_id)


def _either(services: Services, ids: Sequence[int]) -> str:
    columns = [column.key for column in listing("clients").columns]
    name, number = columns.index("name"), columns.index("number")
    rows = services.listings.rows("clients", ids)
    said = [f"{row[name]} ({row[number] or 'without a number'})" for row in map(rows.__getitem__, ids)]
    return " or ".join((", ".join(said[:-1]), said[-1]))


_PLAIN = {Kind.TEXT, Kind.NOTE, Kind.NUMBER, Kind.FLAG, Kind.DAY, Kind.PARTIAL_DATE, Kind.CHOICE, Kind.LINK}
_NAMED = {Kind.REFERENCE}
_ELSEWHERE = {
    "referred_by_client_id", "referred_by_name", "last_name", "first_name", "company", "created_by", "updated_by",
}  # fmt: skip
"""What the profile shows at another place."""


_Told = str | tuple[str, ...]
"""Words, or facts that stand side by side."""


class _Facts:
    """One record as rows of words."""

    def __init__(self, services: Services, record: ClientRecord) -> None:
        self._record = record
        self._services = services
        self._preferences = services.preferences.get()
        self._formats = formats_of(self._preferences)
        self._choices = services.catalogs.choices()
        self._today = services.desk.clock.today()

    def profile(self) -> Iterator[Row | Group]:
        """Everything that is known."""
        record = self._record
        yield Group("Person")
        for what, value in (("Last name", record.last_name), ("First name", record.first_name),
                            ("Company", record.company)):  # fmt: skip
            yield from self._row(what, value)
        for name, spec in fields.specs(ClientRecord).items():
            if spec.kind in _PLAIN | _NAMED and name not in _ELSEWHERE:
                yield from self._row(self._label(name, spec), self._shown(spec, getattr(record, name)))
        yield from self._part("Phones and e-mail", self._reached(record))
        yield from self._part("Addresses", ((self._when(one), self._lines(one)) for one in record.addresses))
        yield from self._part("Family", ((self._member_name(one), self._member(one)) for one in record.family))
        yield from self._part("Organizations", (("", self._facts(one)) for one in record.organizations))
        specs = fields.specs(ClientRecord)
        members = [(specs[name].label, self._shown(specs[name], getattr(record, name))) for name in _MEMBERSHIPS]
        yield from self._part("Groups, tags and plans", (*members, *self._called_about()))
        yield from self._part("Notes", self._notes())
        stamps = ((record.created_at, record.created_by), (record.updated_at, record.updated_by))
        said = [f"{self._formats.instant(at)} {by}".strip() if at else "" for at, by in stamps]
        yield from self._part("This record", zip(("Created", "Changed"), said, strict=True))

    def form(self) -> Iterator[Row | Group]:
        """What a client can check, with empty lines for what is not known."""
        record = self._record
        yield Group("You")
        for what, value in (
            ("First name", record.first_name), ("Last name", record.last_name), ("Company", record.company),
            ("Birthday", self._formats.partial(record.birthday) if record.birthday else ""),
            ("Anniversary", self._formats.partial(record.anniversary) if record.anniversary else ""),
        ):  # fmt: skip
            yield (what, value, "")
        yield Group("How we reach you")
        for number, (what, told) in enumerate(_padded(self._phones(record.phones), 3), 1):
            yield (what or f"Phone {number}", told, "")
        for number, (_, told) in enumerate(_padded([("", one.address) for one in record.emails], 2), 1):
            yield (f"E-mail {number}", told, "")
        address = current(record.addresses, self._today)
        yield Group("Where you live")
        for what, told in (
            ("Street", tuple(filter(None, (address.line1, address.line2))) if address else ""),
            ("Town", address.town if address else ""),
            ("State or region", address.region if address else ""),
            ("Postcode", address.postcode if address else ""),
            ("Country", address.country if address else ""),
        ):  # fmt: skip
            yield (what, told, "")
        yield Group("Your family")
        family = [replace(one, secondary_contact=False) for one in record.family]
        for what, told in _padded([(self._member_name(one), self._member(one)) for one in family], 3):
            yield (what or "Name, birthday", told, "")

    def _row(self, what: str, value: _Told) -> Iterator[Row]:
        """One fact or several short ones; a long text in as many rows as it has paragraphs."""
        if isinstance(value, tuple):
            if sum(map(len, value)) <= _PIECE:
                yield from [(what, value)] if value else []
                return
            value = ", ".join(value)
        for paragraph in filter(None, map(str.strip, value.splitlines())):
            for piece in textwrap.wrap(paragraph, _PIECE, drop_whitespace=False) if len(paragraph) > _PIECE else [
                paragraph
            ]:  # fmt: skip
                yield (what, piece)
                what = ""

    def _part(self, title: str, facts: Iterable[tuple[str, _Told]]) -> Iterator[Row | Group]:
        rows = [row for what, value in facts for row in self._row(what, value)]
        if rows:
            yield Group(title)
            yield from rows

    def _label(self, name: str, spec: FieldSpec) -> str:
        """What the studio calls it: custom fields have names of its own."""
        return str(getattr(self._preferences, name, spec.label)) if name.startswith("custom_") else spec.label

    def _shown(self, spec: FieldSpec, value: Any) -> _Told:
        if value is None or value is False or value == "":
            return ""
        match spec.kind:
            case Kind.FLAG:
                return "Yes"
            case Kind.NUMBER:
                return str(value)
            case Kind.DAY:
                return self._formats.day(value)
            case Kind.PARTIAL_DATE:
                return self._formats.partial(value)
            case Kind.CHOICE:
                return str(value.value).capitalize()
            case Kind.REFERENCE:
                return next((one.text for one in self._choices.get(spec.of, ()) if one.id == value), "")
            case Kind.MEMBERS:
                return tuple(one.text for one in self._choices[spec.of] if one.id in value)
            case _:
                return str(value)

    def _facts(self, row: Any) -> tuple[str, ...]:
        """All that a row of the record says, in the order of its fields."""
        specs = fields.specs(type(row))
        shown = (self._shown(spec, getattr(row, name)) for name, spec in specs.items() if spec.kind in _PLAIN | _NAMED)
        return tuple(str(one) for one in shown if one)

    def _phones(self, rows: Sequence[PhoneRow]) -> list[tuple[str, str]]:
        labels = {one.id: one.text for one in self._choices["phone_labels"]}
        return [
            (
                labels.get(row.label_id or 0, "Phone"),
                self._formats.phone(row.typed, row.e164, row.extension) + (", text messages" if row.sms else ""),
            )
            for row in rows
        ]

    def _reached(self, of: ClientRecord | FamilyMember) -> list[tuple[str, str]]:
        return [*self._phones(of.phones), *(("E-mail", one.address) for one in of.emails)]

    def _when(self, address: Any) -> str:
        days = [
            f"{word} {self._formats.day(day)}"
            for word, day in (("from", address.effective_from), ("until", address.effective_to))
            if day is not None
        ]
        return " ".join((address.purpose.value.capitalize(), *days))

    def _lines(self, address: Any) -> tuple[str, ...]:
        return postal_lines(address, self._preferences.phone_region)

    def _member_name(self, member: FamilyMember) -> str:
        return names.full_name(member.first_name, member.last_name)

    def _member(self, member: FamilyMember) -> _Told:
        relation = str(self._shown(fields.specs(FamilyMember)["relationship_id"], member.relationship_id))
        born = self._formats.partial(member.birthday) if member.birthday else ""
        age = self._formats.age(member.birthday.age_on(self._today)) if member.birthday else ""
        facts = (
            relation, "secondary contact" if member.secondary_contact else "",
            f"{born} ({age})" if age else born, *(value for _, value in self._reached(member)),
        )  # fmt: skip
        return tuple(filter(None, facts)) or "Family"

    def _called_about(self) -> Iterator[tuple[str, str]]:
        family = {member.uid: self._member_name(member) for member in self._record.family}
        for one in self._record.plan_dates:
            yield "Called about", f"{one.occasion.value.capitalize()} {family.get(one.member_uid, '')}".strip()

    def _notes(self) -> Iterator[tuple[str, str]]:
        for note in self._services.notes.of_client(self._record.id):
            stamp = self._formats.instant(note.created_at) if note.created_at else ""
            yield " ".join(filter(None, (stamp, note.created_by, "ALERT" if note.alert else ""))), note.text


_MEMBERSHIPS = ("groups", "tags", "plans")


def _padded(rows: Sequence[tuple[str, _Told]], least: int) -> list[tuple[str, _Told]]:
    """The rows and one empty one, so many at least."""
    return [*rows, *[("", "")] * max(1, least - len(rows))]
