"""Which column of a stranger's spreadsheet holds what: the titles of the products people come from, and our own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile

from studio_desktop.domain.text import fold


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
    Target("kind", "Kind"),
    Target("status", "Status"),
    Target("lead_source", "Lead source"),
    Target("referred_by_name", "Referred by"),
    Target("groups", "Groups", many=True),
    Target("tags", "Tags", many=True),
    Target("household_name", "Household name"),
    Target("organization", "School or organization"),
    Target("grade", "Grade"),
    Target("graduation_year", "Graduation year"),
    Target("phone", "Phone", many=True),
    Target("phone_label", "Phone label", many=True),
    Target("email", "E-mail", many=True),
    Target("address_label", "Address label", many=True),
    Target("line1", "Street", many=True),
    Target("line2", "Address line 2", many=True),
    Target("town", "Town", many=True),
    Target("region", "State or region", many=True),
    Target("postcode", "Postcode", many=True),
    Target("country", "Country", many=True),
    Target("birthday", "Birthday"),
    Target("anniversary", "Anniversary"),
    Target("contract_date", "Contract"),
    Target("spouse", "Spouse"),
    Target("child", "Child", many=True),
    Target("call_warning", "Call warning"),
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
    "kind": ("kind", "record type"),
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

_BY_TITLE = {title: target for target, titles in _TITLES.items() for title in titles}
_KIND_WORDS = {
    "mobile": "Mobile", "cell": "Mobile", "cellular": "Mobile", "handy": "Mobile", "car": "Mobile", "home": "Home",
    "private": "Home", "business": "Work", "work": "Work", "office": "Work", "company": "Work", "main": "",
    "primary": "", "other": "Other", "fax": "Other", "mailing": "Mailing", "secondary": "",
}  # fmt: skip
_HEADINGS = {"address", "client", "contact", "customer", "data", "details", "information", "name", "person", "personal"}
_SLOTTED = {target.key for target in TARGETS if target.many} - {"groups", "tags", "note", "child", "nothing"}
_NUMBERED = re.compile(
    r"^(phone|e mail|email|address|website|organization|custom field|relation|event) (\d+) (.+)$"
)
_PART = {
    "value": "", "type": "label", "label": "label", "formatted": "skip", "po box": "line2", "street": "line1",
    "extended address": "line2", "city": "town", "region": "region", "postal code": "postcode", "country": "country",
}  # fmt: skip


def guess(header: Sequence[str]) -> Mapped:
    """The assignment of every column whose title is understood; a target that may stand once goes to its first."""
    taken: set[str] = set()
    mapped: list[Assignment | None] = []
    for title in header:
        found = _understood(_plain(title))
        if found is not None and found.target not in _MANY:
            if found.target in taken:
                found = None
            else:
                taken.add(found.target)
        mapped.append(found)
    return tuple(mapped)


def headings(row: Sequence[str]) -> bool:
    """Whether a row of cells is one of column titles: most of what is filled names what a column can hold."""
    titles = [title for title in map(_plain, row) if title]
    known = {_BY_TITLE[title] for title in titles if title in _BY_TITLE}
    return len(known) >= 2 and 2 * len(known) > len(titles)


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


_PARTS = (("phone", "phone_label"), ("email",),
          ("address_label", "line1", "line2", "town", "region", "postcode", "country"))  # fmt: skip


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
    if title in _BY_TITLE:
        target = _BY_TITLE[title]
        return Assignment(target, "1" if target in _SLOTTED else "")
    words = title.split()
    slot = next((word for word in words if word.isdigit()), "")
    label = next((_KIND_WORDS[word] for word in words if word in _KIND_WORDS), "")
    rest = " ".join(word for word in words if not word.isdigit() and word not in _KIND_WORDS)
    if rest not in _BY_TITLE:
        # "Home address City", as titles merged over others are read, and "Customer e-mail".
        rest = " ".join(dropwhile(_HEADINGS.__contains__, rest.split()))
        if rest in _BY_TITLE and not label and not slot and _BY_TITLE[rest] not in _SLOTTED:
            return Assignment(_BY_TITLE[rest])
    target = _BY_TITLE.get(rest or title, "phone" if label and not rest else "")
    if target not in _SLOTTED or target == "phone_label":
        return None
    if target in ("phone", "email"):
        return Assignment(target, f"{label}{slot}" or "1", label if target == "phone" else "")
    # Outlook's "Business Street 2" is the second line of the business address.
    if target == "line1" and slot in ("2", "3"):
        return Assignment("line2", label or "1")
    return Assignment(target, label or slot or "1")


def _numbered(what: str, number: str, part: str) -> Assignment | None:
    """Google's "Phone 1 - Value" and its kin."""
    name = {"e mail": "email", "address": "line1"}.get(what, what)
    part = _PART.get(part, part)
    if name in ("custom field", "relation", "event"):
        return None
    if part == "label" and name == "line1":
        return Assignment("address_label", number)
    if part == "skip" or (part == "label" and name != "phone"):
        return Assignment("nothing")
    if name == "phone":
        return Assignment("phone_label" if part == "label" else "phone", number)
    if name == "email":
        return Assignment("email", number)
    if name == "line1":
        return Assignment(part, number) if part in _MANY else None
    if name == "website":
        return Assignment("website") if part == "" else None
    return Assignment(_BY_TITLE[f"{what} 1 {part}"]) if f"{what} 1 {part}" in _BY_TITLE else None
