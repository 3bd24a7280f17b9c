"""Which column of a stranger's spreadsheet holds what: the titles of the products people come from, and our own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import dropwhile

from studio_desktop.domain.text import fold
from studio_desktop.paths import RESOURCES


@dataclass(frozen=True, slots=True)
class Target:
    """Something a column can hold. `key` is a client's field or a part of one; `many` may stand in several columns."""

    key: str
    title: str
    many: bool = False


TARGETS: tuple[Target, ...] = (
    Target("last_name", "Last name"),
    Target("first_name", "First name"),
    Target("middle_name", "Middle name"),
    Target("name", "Whole name"),
    Target("company", "Company"),
    Target("salutation", "Salutation"),
    Target("job_title", "Job title"),
    Target("nickname", "Nickname"),
    Target("former_names", "Former names"),
    Target("number", "Client number"),
    Target("client_type", "Client type"),
    Target("kind", "Kind"),
    Target("stage", "Stage"),
    Target("archive_reason", "Archive reason"),
    Target("status", "Status"),
    Target("status_reason", "Status reason"),
    Target("status_set_on", "Status set"),
    Target("status_due_on", "Status due"),
    Target("status_due_set_by_hand", "Due date set by hand"),
    Target("lead_source", "Lead source"),
    Target("referred_by_name", "Referred by"),
    Target("referred_by_number", "Referred by client number"),
    Target("referred_by_client_name", "Referred by client name"),
    Target("link_number", "Linked client: number", many=True),
    Target("link_name", "Linked client: name", many=True),
    Target("link_relation", "Linked client: relation", many=True),
    Target("link_inverse", "Linked client: inverse relation", many=True),
    Target("link_is_inverse", "Linked client: relation the other way round", many=True),
    Target("link_order", "Linked client: order", many=True),
    Target("reference", "Reference within the file"),
    Target("former_numbers", "Former numbers"),
    Target("created_at", "Created"),
    Target("created_by", "Created by"),
    Target("updated_at", "Changed"),
    Target("updated_by", "Changed by"),
    Target("photo", "Photo"),
    Target("groups", "Groups", many=True),
    Target("tags", "Tags", many=True),
    Target("plans", "Marketing plans", many=True),
    Target("called_about", "Dates to be called about"),
    Target("household_name", "Household name"),
    Target("organization", "School or organization", many=True),
    Target("organization_role", "School: role", many=True),
    Target("organization_department", "School: class or department", many=True),
    Target("grade", "Grade", many=True),
    Target("graduation_year", "Graduation year", many=True),
    Target("organization_member_number", "School: student or member number", many=True),
    Target("organization_remark", "School: remark", many=True),
    Target("phone", "Phone", many=True),
    Target("phone_label", "Phone label", many=True),
    Target("phone_sms", "Phone takes SMS", many=True),
    Target("email", "E-mail", many=True),
    Target("email_shared", "E-mail is shared", many=True),
    Target("address_label", "Address label", many=True),
    Target("line1", "Street", many=True),
    Target("line2", "Address line 2", many=True),
    Target("town", "Town", many=True),
    Target("region", "State or region", many=True),
    Target("postcode", "Postcode", many=True),
    Target("country", "Country", many=True),
    Target("address_from", "Address from", many=True),
    Target("address_until", "Address until", many=True),
    Target("birthday", "Birthday"),
    Target("anniversary", "Anniversary"),
    Target("contract_date", "Contract"),
    Target("spouse", "Spouse"),
    Target("child", "Child", many=True),
    Target("family_first_name", "Family member: first name", many=True),
    Target("family_last_name", "Family member: last name", many=True),
    Target("family_relation", "Family member: relation", many=True),
    Target("family_birthday", "Family member: birthday", many=True),
    Target("family_secondary", "Family member: secondary contact", many=True),
    Target("family_called_about", "Family member: dates to be called about", many=True),
    Target("family_phone", "Family member: phone", many=True),
    Target("family_phone_label", "Family member: phone label", many=True),
    Target("family_phone_sms", "Family member: phone takes SMS", many=True),
    Target("family_email", "Family member: e-mail", many=True),
    Target("family_email_shared", "Family member: e-mail is shared", many=True),
    Target("call_warning", "Call warning"),
    Target("tax_exempt", "Tax exempt"),
    Target("tax_exempt_number", "Exempt number"),
    Target("saturday_only", "Saturday only"),
    Target("do_not_market", "Do not market"),
    Target("do_not_call", "Do not call"),
    Target("deceased", "Deceased"),
    Target("website", "Website"),
    Target("facebook", "Facebook"),
    Target("linkedin", "LinkedIn"),
    Target("twitter", "Twitter"),
    *(Target(f"custom_text_{n}", f"Custom text {n}") for n in range(1, 15)),
    *(Target(f"custom_date_{n}", f"Custom date {n}") for n in range(1, 5)),
    *(Target(f"custom_memo_{n}", f"Custom memo {n}") for n in (1, 2)),
    Target("note", "Note", many=True),
    Target("note_text", "One of several notes", many=True),
    Target("note_alert", "Note is an alert", many=True),
    Target("note_written", "Note written", many=True),
    Target("consent_channel", "Consent: channel", many=True),
    Target("consent_purpose", "Consent: purpose", many=True),
    Target("consent_answer", "Consent: answer", many=True),
    Target("consent_way", "Consent: how", many=True),
    Target("consent_wording", "Consent: wording", many=True),
    Target("consent_at", "Consent: when", many=True),
    Target("consent_by", "Consent: recorded by", many=True),
    Target("past_status", "Status over time: status", many=True),
    Target("past_status_reason", "Status over time: reason", many=True),
    Target("past_status_from", "Status over time: from", many=True),
    Target("past_status_due", "Status over time: due", many=True),
    Target("past_status_until", "Status over time: until", many=True),
    Target("past_status_set", "Status over time: set", many=True),
    Target("past_status_by", "Status over time: set by", many=True),
    Target("lead_pipeline", "Lead: pipeline", many=True),
    Target("lead_stage", "Lead: stage", many=True),
    Target("lead_outcome", "Lead: outcome", many=True),
    Target("lead_opened", "Lead: opened", many=True),
    Target("lead_since", "Lead: stage since", many=True),
    Target("lead_action", "Lead: next action", many=True),
    Target("lead_action_text", "Lead: next action text", many=True),
    Target("lead_action_on", "Lead: next action on", many=True),
    Target("lead_responsible", "Lead: responsible", many=True),
    Target("lead_lost_reason", "Lead: lost reason", many=True),
    Target("lead_closed", "Lead: closed", many=True),
    Target("lead_remark", "Lead: remark", many=True),
    Target("nothing", "Leave out", many=True),
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a column holds. `slot` keeps the parts of one phone or address together; `label` names the phone."""

    target: str
    slot: str = ""
    label: str = ""


Mapped = tuple[Assignment | None, ...]
"""One entry a column; None leaves the column out."""

_TITLES: Mapping[str, tuple[str, ...]] = {
    "last_name": ("last name", "lastname", "surname", "family name", "last", "nachname", "name last",
                  "client last name"),
    "first_name": ("first name", "firstname", "given name", "forename", "first", "vorname",
                   "name first", "client first name"),
    "middle_name": ("middle name", "additional name"),
    "name": ("name", "full name", "display name", "client", "client name", "contact", "contact name", "customer",
             "customer name"),
    "company": ("company", "company name", "organization", "organisation", "organization name", "organization 1 name",
                "business", "business name", "firm", "firma"),
    "salutation": ("salutation", "title", "prefix", "name prefix", "anrede"),
    "job_title": ("job title", "organization title", "organization 1 title", "position", "role"),
    "nickname": ("nickname", "nick name", "preferred name", "known as"),
    "former_names": ("former names", "former name", "maiden name", "birth name"),
    "number": ("number", "client number", "client no", "client id", "customer number", "customer no", "id", "no"),
    "client_type": ("client type",),
    "kind": ("kind", "record type"),
    "stage": ("stage",),
    "archive_reason": ("archive reason",),
    "status_reason": ("status reason",),
    "status_set_on": ("status set",),
    "status_due_on": ("status due",),
    "status_due_set_by_hand": ("due date set by hand",),
    "plans": ("marketing plans", "marketing plan"),
    "called_about": ("dates to be called about",),
    "tax_exempt": ("tax exempt",),
    "tax_exempt_number": ("exempt number", "tax exempt number"),
    "referred_by_number": ("referred by client number",),
    "referred_by_client_name": ("referred by client name",),
    "reference": ("reference within the file",),
    "former_numbers": ("former numbers", "former number"),
    "created_at": ("created", "created at", "created on", "create date", "creation date", "date created"),
    "created_by": ("created by",),
    "updated_at": ("changed",),
    "updated_by": ("changed by",),
    "photo": ("photo", "photo file", "picture"),
    "status": ("status", "client status", "lead status", "lifecycle stage"),
    "lead_source": ("lead source", "source", "how did you hear about us", "referral source"),
    "referred_by_name": ("referred by", "referrer", "referral"),
    "groups": ("groups", "group", "group membership", "labels", "categories", "category"),
    "tags": ("tags", "tag", "keywords"),
    "household_name": ("household name", "household"),
    "organization": ("school or organization", "school", "school name", "high school", "college", "university"),
    "grade": ("grade", "school grade"),
    "graduation_year": ("graduation year", "grad year", "class of", "year of graduation"),
    "phone": ("phone", "phone number", "telephone", "telephone number", "tel", "main phone", "phones", "primary phone",
              "telefon", "other phone"),
    "email": ("email", "e mail", "email address", "e mail address", "mail", "primary email", "emails"),
    "line1": ("address", "street", "street address", "address line 1", "address 1", "address1", "mailing address",
              "strasse", "line 1"),
    "line2": ("address line 2", "address 2", "address2", "street 2", "extended address", "apartment",
              "suite", "line 2"),
    "town": ("town", "city", "locality", "ort", "stadt"),
    "region": ("state", "region", "province", "county", "state region", "state province", "state or region"),
    "postcode": ("postcode", "postal code", "zip", "zip code", "zipcode", "plz"),
    "country": ("country", "country region", "land"),
    "birthday": ("birthday", "birth date", "birthdate", "date of birth", "dob", "born", "geburtstag", "geboren"),
    "anniversary": ("anniversary", "anniversary date", "wedding date"),
    "contract_date": ("contract", "contract date"),
    "spouse": ("spouse", "partner", "husband", "wife", "secondary", "secondary contact", "spouse name", "partner name"),
    "child": ("children", "child", "kids", "child name"),
    "call_warning": ("call warning",),
    "saturday_only": ("saturday only",),
    "do_not_market": ("do not market", "no marketing", "opted out", "unsubscribed"),
    "do_not_call": ("do not call",),
    "deceased": ("deceased",),
    "website": ("website", "web page", "web site", "url", "homepage", "website 1 value", "website url"),
    "facebook": ("facebook",),
    "linkedin": ("linkedin", "linkedin url"),
    "twitter": ("twitter", "twitter username"),
    **{f"custom_{kind}_{n}": (f"custom {kind} {n}",)
       for kind, count in (("text", 14), ("date", 4), ("memo", 2)) for n in range(1, count + 1)},
    "note": ("note", "notes", "comment", "comments", "remarks", "memo"),
}  # fmt: skip

_KIND_WORDS = {
    "mobile": "Mobile", "cell": "Mobile", "cellular": "Mobile", "handy": "Mobile", "car": "Mobile", "home": "Home",
    "private": "Home", "business": "Work", "work": "Work", "office": "Work", "company": "Work", "main": "",
    "primary": "", "other": "Other", "fax": "Other", "mailing": "Mailing", "secondary": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Words:
    """What the titles of columns mean, in every language that is known: whole ones, and words for a kind of phone."""

    targets: Mapping[str, str]
    kinds: Mapping[str, str]


@cache
def _words() -> _Words:
    """English first: what another language has for the same word does not change it."""
    foreign = tomllib.loads((RESOURCES / "import_titles.toml").read_text(encoding="utf-8"))
    targets = {title: target for target, titles in _TITLES.items() for title in titles}
    for language in foreign["titles"].values():
        for target, titles in language.items():
            for title in titles:
                targets.setdefault(_plain(title), target)
    kinds = dict(_KIND_WORDS)
    for kind, words in foreign["kinds"].items():
        for word in words:
            kinds.setdefault(_plain(word), kind)
    return _Words(targets, kinds)


_HEADINGS = {"address", "client", "contact", "customer", "data", "details", "information", "name", "person", "personal"}
_SLOTTED = {target.key for target in TARGETS if target.many} - {
    "groups", "tags", "plans", "note", "child", "nothing",
}  # fmt: skip
_NUMBERED = re.compile(
    r"^(phone|e mail|email|address|website|organization|custom field|relation|event|family member|linked client|school"
    r"|note|consent|status over time|lead) (\d+) (.+)$"
)
_PARTS_NUMBERED: Mapping[str, Mapping[str, str]] = {
    "phone": {"value": "phone", "label": "phone_label", "type": "phone_label", "sms": "phone_sms"},
    "email": {"value": "email", "shared": "email_shared", "label": "nothing", "type": "nothing"},
    "address": {
        "label": "address_label", "type": "address_label", "street": "line1", "extended address": "line2",
        "po box": "line2", "city": "town", "region": "region", "postal code": "postcode", "country": "country",
        "from": "address_from", "until": "address_until", "formatted": "nothing",
    },
    "school": {
        "name": "organization", "role": "organization_role", "class or department": "organization_department",
        "grade": "grade", "graduation year": "graduation_year", "member number": "organization_member_number",
        "remark": "organization_remark",
    },
    "family member": {
        "first name": "family_first_name", "last name": "family_last_name", "relation": "family_relation",
        "birthday": "family_birthday", "secondary contact": "family_secondary",
        "dates to be called about": "family_called_about",
    },
    "linked client": {
        "number": "link_number", "name": "link_name", "relation": "link_relation", "inverse": "link_inverse",
        "other way round": "link_is_inverse", "order": "link_order",
    },
    "note": {"text": "note_text", "alert": "note_alert", "written": "note_written"},
    "consent": {
        "channel": "consent_channel", "purpose": "consent_purpose", "answer": "consent_answer", "how": "consent_way",
        "wording": "consent_wording", "when": "consent_at", "recorded by": "consent_by",
    },
    "status over time": {
        "status": "past_status", "reason": "past_status_reason", "from": "past_status_from", "due": "past_status_due",
        "until": "past_status_until", "set": "past_status_set", "set by": "past_status_by",
    },
    "lead": {
        "pipeline": "lead_pipeline", "stage": "lead_stage", "outcome": "lead_outcome", "opened": "lead_opened",
        "stage since": "lead_since", "next action": "lead_action", "next action text": "lead_action_text",
        "next action on": "lead_action_on", "responsible": "lead_responsible", "lost reason": "lead_lost_reason",
        "closed": "lead_closed", "remark": "lead_remark",
    },
    "website": {"value": "website", "label": "nothing", "type": "nothing"},
    "organization": {
        "name": "company", "title": "job_title", "label": "nothing", "type": "nothing", "formatted": "nothing",
    },
}  # fmt: skip
"""What the titles of Google's contacts mean by their parts, "Phone 1 - Value", and those of our own whole export."""

_RELATIVES_OWN = re.compile(r"(phone|e mail) (\d+) (value|label|sms|shared)")


def guess(header: Sequence[str], called: Mapping[str, str] | None = None) -> Mapped:
    """The assignment of every column whose title is understood; a target that may stand once goes to its first.

    `called` are the studio's own names for its custom fields, by target: our lists are exported with those.
    """
    own = {_plain(name): target for target, name in (called or {}).items()}
    taken: set[str] = set()
    mapped: list[Assignment | None] = []
    for title in header:
        plain = _plain(title)
        found = Assignment(own[plain]) if plain in own and plain not in _words().targets else _understood(plain)
        if found is not None and found.target not in _MANY:
            if found.target in taken:
                found = None
            else:
                taken.add(found.target)
        mapped.append(found)
    if "first_name" in taken and "last_name" not in taken:
        # "Name" beside "First name" is the last name.
        return tuple(Assignment("last_name") if one == Assignment("name") else one for one in mapped)
    return tuple(mapped)


def headings(row: Sequence[str]) -> bool:
    """Whether a row of cells is one of column titles: most of what is filled names what a column can hold."""
    titles = [title for title in map(_plain, row) if title]
    targets = _words().targets
    known = {targets[title] for title in titles if title in targets}
    return len(known) >= 2 and 2 * len(known) > len(titles)


def to_saved(header: Sequence[str], mapped: Mapped) -> list[list[str]]:
    """What a person made of the columns, as JSON holds it: for each title its target, slot and label."""
    return [
        [title] if one is None else [title, one.target, one.slot, one.label]
        for title, one in zip(header, mapped, strict=True)
    ]


def from_saved(header: Sequence[str], saved: Sequence[Sequence[str]]) -> Mapped:
    """The columns of a file by their titles, in whatever order they stand now; one that is new is guessed."""
    waiting: dict[str, list[Assignment | None]] = {}
    for title, *one in saved:
        waiting.setdefault(_plain(title), []).append(Assignment(*one) if one else None)
    guessed = guess(header)
    return tuple(
        waiting[_plain(title)].pop(0) if waiting.get(_plain(title)) else guessed[place]
        for place, title in enumerate(header)
    )


def same_titles(header: Sequence[str], saved: Sequence[Sequence[str]]) -> bool:
    """Whether a file has just the columns that something was saved of, in whatever order."""
    return sorted(map(_plain, header)) == sorted(_plain(title) for title, *_ in saved)


def understood(header: Sequence[str]) -> int:
    """How many columns have titles that are understood."""
    return sum(one is not None for one in guess(header))


def assign(mapped: Mapped, place: int, target: str | None) -> Mapped:
    """The columns once somebody says what the column at `place` holds; None keeps it in a note.

    What may stand only once is taken from the column that had it. A part of a phone or of an address joins the first
    one that lacks it.
    """
    columns = list(mapped)
    columns[place] = None
    if target is not None and target not in _MANY:
        columns = [None if one is not None and one.target == target else one for one in columns]
    if target is not None:
        columns[place] = Assignment(target, _free_slot(columns, target) if target in _SLOTTED else "")
    return tuple(columns)


_PARTS = (
    ("phone", "phone_label", "phone_sms"),
    ("email", "email_shared"),
    ("address_label", "line1", "line2", "town", "region", "postcode", "country", "address_from", "address_until"),
    tuple(_PARTS_NUMBERED["school"].values()),
    tuple(target.key for target in TARGETS if target.key.startswith("family_")),
    tuple(_PARTS_NUMBERED["linked client"].values()),
    ("note_text", "note_alert", "note_written"),
    *(tuple(_PARTS_NUMBERED[what].values()) for what in ("consent", "status over time", "lead")),
)


def _free_slot(columns: Sequence[Assignment | None], target: str) -> str:
    together = next(parts for parts in _PARTS if target in parts)
    begun = [one for one in columns if one is not None and one.target in together]
    taken = {one.slot for one in begun if one.target == target}
    known = dict.fromkeys(one.slot for one in begun)
    numbers = map(str, range(1, len(begun) + 2))
    return next((slot for slot in known if slot not in taken), next(one for one in numbers if one not in known))


_MANY = {target.key for target in TARGETS if target.many}


def _plain(title: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", fold(title).replace("_", " ")).split())


def _understood(title: str) -> Assignment | None:
    if (numbered := _NUMBERED.match(title)) is not None:
        return _numbered(*numbered.groups())
    targets, kinds = _words().targets, _words().kinds
    if title in targets:
        target = targets[title]
        return Assignment(target, "1" if target in _SLOTTED else "")
    words = title.split()
    slot = next((word for word in words if word.isdigit()), "")
    label = next((kinds[word] for word in words if word in kinds), "")
    rest = " ".join(word for word in words if not word.isdigit() and word not in kinds)
    if rest not in targets:
        # "Home address City", as titles merged over others are read, and "Customer e-mail".
        rest = " ".join(dropwhile(_HEADINGS.__contains__, rest.split()))
        if rest in targets and not label and not slot and targets[rest] not in _SLOTTED:
            return Assignment(targets[rest])
    target = targets.get(rest or title, "phone" if label and not rest else "")
    if target not in _SLOTTED or target == "phone_label":
        return None
    if target in ("phone", "email"):
        return Assignment(target, f"{label}{slot}" or "1", label if target == "phone" else "")
    # Outlook's "Business Street 2" is the second line of the business address.
    if target == "line1" and slot in ("2", "3"):
        return Assignment("line2", label or "1")
    return Assignment(target, label or slot or "1")


def _numbered(what: str, number: str, part: str) -> Assignment | None:
    """Google's "Phone 1 - Value" and its kin, and "Family member 1 - Phone 2 - Label" of our own."""
    thing = {"e mail": "email"}.get(what, what)
    own = _RELATIVES_OWN.fullmatch(part) if thing == "family member" else None
    if own is not None:
        kind, of_its_own, said = own.groups()
        target = "family_phone" if kind == "phone" else "family_email"
        return Assignment(target if said == "value" else f"{target}_{said}", f"{number}.{of_its_own}")
    # Outlook's "E-mail 2 Address".
    meant = _PARTS_NUMBERED.get(thing, {}).get(part, thing if thing in ("phone", "email") else "")
    if not meant:
        return None
    return Assignment(meant, number if meant in _SLOTTED else "")
