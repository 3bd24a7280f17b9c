"""The client as a person works with it: header, General tab, family, groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from studio_desktop.domain import fields
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.fields import Capitals
from studio_desktop.domain.text import fold


class ClientType(StrEnum):
    """Which form the record takes (S2-16)."""

    CONSUMER = "consumer"
    BUSINESS = "business"


class ClientKind(StrEnum):
    """What the person is to the studio (S0-01)."""

    CLIENT = "client"
    PROSPECT = "prospect"
    LEAD = "lead"


KIND_WORDS: Mapping[ClientKind, tuple[str, ...]] = {
    ClientKind.CLIENT: ("client", "clients", "customer", "customers", "contact", "contacts"),
    ClientKind.PROSPECT: (
        "prospect", "prospects", "prospective client", "prospective clients", "prospective lead", "prospective leads",
    ),
    ClientKind.LEAD: ("lead", "leads", "inquiry", "inquiries", "enquiry", "enquiries"),
}  # fmt: skip
"""What people call the kinds (S0-03)."""


def kind_called(words: str) -> ClientKind | None:
    """The kind that is called so, in whatever case; None for what is no kind's name."""
    wanted = fold(" ".join(words.split()))
    return next((kind for kind, called in KIND_WORDS.items() if wanted in called), None)


class Stage(StrEnum):
    """Where the record shows (S0-14)."""

    ACTIVE = "active"
    HIDDEN = "hidden"
    ARCHIVED = "archived"


class Occasion(StrEnum):
    """A date of a person that makes a marketing plan of its own (B2)."""

    BIRTHDAY = "birthday"
    ANNIVERSARY = "anniversary"


class AddressPurpose(StrEnum):
    """What an address is for; labels prefer a mailing address (B10)."""

    HOME = "home"
    MAILING = "mailing"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """One phone number. `typed` is kept as it was entered; E.164 and extension are derived from it (S2-10 to 12)."""

    uid: str = fields.identity("")
    label_id: int | None = fields.reference("Label", "phone_labels")
    typed: str = fields.phone("Phone")
    sms: bool = fields.flag("SMS")
    e164: str = fields.text("International", 20, derived=True)
    extension: str = fields.text("Extension", 12, derived=True)


@dataclass(frozen=True, slots=True)
class EmailRow:
    """One e-mail address; the first is the primary one (S2-09). A `shared` one may be others' too (B17)."""

    uid: str = fields.identity("")
    address: str = fields.email("E-mail")
    shared: bool = fields.flag("Shared family e-mail")


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One postal address, merged as a whole. `effective_from` lies ahead for an address yet to come (S2-07, B22)."""

    uid: str = fields.identity("")
    line1: str = fields.text("Address", couple="address")
    line2: str = fields.text("Address line 2", couple="address")
    town: str = fields.text("Town", 80, couple="address", capitals=Capitals.PLACE)
    region: str = fields.text("State or region", 60, couple="address")
    postcode: str = fields.text("Postcode", 20, couple="address")
    country: str = fields.text("Country", 60, couple="address", capitals=Capitals.PLACE)
    purpose: AddressPurpose = fields.choice("Purpose", AddressPurpose.HOME, couple="address")
    effective_from: date | None = fields.day("From", couple="address")
    effective_to: date | None = fields.day("Until", couple="address")


@dataclass(frozen=True, slots=True)
class FamilyMember:
    """A relative inside the client; at most one is the secondary contact (S2-45 to 48)."""

    uid: str = fields.identity("")
    first_name: str = fields.text("First name", 60, capitals=Capitals.PERSON)
    last_name: str = fields.text("Last name", 80, capitals=Capitals.PERSON)
    relationship_id: int | None = fields.reference("Relation", "relationships")
    birthday: PartialDate | None = fields.partial_date("Birthday")
    secondary_contact: bool = fields.flag("Secondary contact")
    phones: tuple[PhoneRow, ...] = fields.rows("Phones", PhoneRow)
    emails: tuple[EmailRow, ...] = fields.rows("E-mails", EmailRow)


@dataclass(frozen=True, slots=True)
class PlanDateRow:
    """A birthday or anniversary that the client is to be called about, the client's own or a relative's (B2)."""

    uid: str = fields.identity("")
    member_uid: str = fields.row_uid("Family member")
    occasion: Occasion = fields.choice("Occasion", Occasion.BIRTHDAY)


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """A school or company that the client belongs to, and as what (S3-19)."""

    uid: str = fields.identity("")
    organization_id: int | None = fields.reference("Organization", "organizations")
    role: str = fields.text("Role", 80)
    department: str = fields.text("Class or department", 80)
    grade: str = fields.text("Grade", 20)
    graduation_year: int | None = fields.number("Graduation year", bounds=(1900, 2200))
    member_number: str = fields.text("Student or member number", 40)
    remark: str = fields.text("Remark", 200)


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """A client, prospect or lead with everything about the person that the tabs of the record show."""

    id: int = fields.identity()
    version: int = fields.identity()
    last_name: str = fields.text("Last name", 80, capitals=Capitals.PERSON)
    first_name: str = fields.text("First name", 60, capitals=Capitals.PERSON)
    company: str = fields.text("Company", 120, capitals=Capitals.COMPANY)
    salutation: str = fields.text("Salutation", 40)
    job_title: str = fields.text("Job title", 80)
    nickname: str = fields.text("Nickname", 60, capitals=Capitals.PERSON)
    former_names: str = fields.text("Former names", 120, capitals=Capitals.PERSON)
    client_type: ClientType = fields.choice("Client type", ClientType.CONSUMER)
    kind: ClientKind = fields.choice("Kind", ClientKind.CLIENT)
    stage: Stage = fields.choice("Stage", Stage.ACTIVE, couple="stage")
    archive_reason_id: int | None = fields.reference("Archive reason", "archive_reasons", couple="stage")
    number: str = fields.text("Client number", 30)
    status_id: int | None = fields.reference("Status", "client_statuses", couple="status")
    status_reason_id: int | None = fields.reference("Reason", "client_status_reasons", couple="status")
    status_set_on: date | None = fields.day("Status set", couple="status")
    status_due_on: date | None = fields.day("Status due", couple="status")
    status_due_set_by_hand: bool = fields.flag("Due date set by hand", couple="status")
    lead_source_id: int | None = fields.reference("Lead source", "lead_sources")
    referred_by_client_id: int | None = fields.reference("Referred by client", "clients", couple="referred_by")
    referred_by_name: str = fields.text("Referred by", 120, couple="referred_by")
    birthday: PartialDate | None = fields.partial_date("Birthday")
    anniversary: PartialDate | None = fields.partial_date("Anniversary")
    contract_date: date | None = fields.day("Contract")
    custom_text_1: str = fields.text("Custom text 1", 200)
    custom_text_2: str = fields.text("Custom text 2", 200)
    custom_text_3: str = fields.text("Custom text 3", 200)
    custom_text_4: str = fields.text("Custom text 4", 200)
    custom_text_5: str = fields.text("Custom text 5", 200)
    custom_text_6: str = fields.text("Custom text 6", 200)
    custom_text_7: str = fields.text("Custom text 7", 200)
    custom_text_8: str = fields.text("Custom text 8", 200)
    custom_text_9: str = fields.text("Custom text 9", 200)
    custom_text_10: str = fields.text("Custom text 10", 200)
    custom_text_11: str = fields.text("Custom text 11", 200)
    custom_text_12: str = fields.text("Custom text 12", 200)
    custom_text_13: str = fields.text("Custom text 13", 200)
    custom_text_14: str = fields.text("Custom text 14", 200)
    custom_date_1: date | None = fields.day("Custom date 1")
    custom_date_2: date | None = fields.day("Custom date 2")
    custom_date_3: date | None = fields.day("Custom date 3")
    custom_date_4: date | None = fields.day("Custom date 4")
    custom_memo_1: str = fields.note("Custom memo 1")
    custom_memo_2: str = fields.note("Custom memo 2")
    tax_exempt: bool = fields.flag("Tax exempt", couple="tax")
    tax_exempt_number: str = fields.text("Exempt number", 40, couple="tax")
    call_warning: str = fields.text("Call warning", 120)
    saturday_only: bool = fields.flag("Saturday only")
    do_not_market: bool = fields.flag("Do not market")
    do_not_call: bool = fields.flag("Do not call")
    deceased: bool = fields.flag("Deceased")
    household_name: str = fields.text("Household name", 120)
    image_hash: str = fields.image("Photo")
    website: str = fields.link("Website")
    facebook: str = fields.link("Facebook")
    linkedin: str = fields.link("LinkedIn")
    twitter: str = fields.link("Twitter")
    phones: tuple[PhoneRow, ...] = fields.rows("Phones", PhoneRow)
    emails: tuple[EmailRow, ...] = fields.rows("E-mails", EmailRow)
    addresses: tuple[AddressRow, ...] = fields.rows("Addresses", AddressRow)
    family: tuple[FamilyMember, ...] = fields.rows("Family", FamilyMember)
    organizations: tuple[OrganizationRow, ...] = fields.rows("Organizations", OrganizationRow)
    groups: frozenset[int] = fields.members("Groups", "client_groups")
    tags: frozenset[int] = fields.members("Tags", "client_tags")
    plans: frozenset[int] = fields.members("Marketing plans", "marketing_plans")
    plan_dates: tuple[PlanDateRow, ...] = fields.rows("Dates to be called about", PlanDateRow)
    former_numbers: str = fields.text("Former numbers", 200, derived=True)
    data_consent: str = fields.text("Consent to keep data", 20, derived=True)
    referred_by: str = fields.text("Referred by, as shown", 250, derived=True)
    created_at: datetime | None = fields.instant("Created")
    created_by: str = fields.text("Created by", 80, derived=True)
    updated_at: datetime | None = fields.instant("Changed")
    updated_by: str = fields.text("Changed by", 80, derived=True)
