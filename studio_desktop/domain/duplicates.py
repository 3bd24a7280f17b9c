"""Whether two records are probably one person, by one rule for typing, saving and the whole studio (B17).

What is compared is normalised first: case and accents, nicknames, the digits of phones, "St." and "Street". The answer
is a score with its reasons in words, so that a person can judge it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.names import key
from studio_desktop.domain.search import is_one_edit, nicknames
from studio_desktop.domain.text import words

LISTED_FROM = 65
"""The score from which two records of the studio are listed as probably one."""

SHOWN_FROM = 30
"""The score from which somebody is shown while a record is typed, when little is known yet."""


class Reason(StrEnum):
    """Why two records are probably one."""

    SAME_NAME = "same name"
    NICKNAME = "short form of the name"
    SWAPPED_NAMES = "first and last name swapped"
    SIMILAR_NAME = "nearly the same name"
    SAME_COMPANY = "same company"
    SAME_LAST_NAME = "same last name"
    SAME_FIRST_NAME = "same first name"
    SAME_EMAIL = "same e-mail"
    SAME_PHONE = "same phone"
    SAME_BIRTHDAY = "same birthday"
    SAME_ADDRESS = "same address"
    SAME_TOWN = "same town"


class Check(StrEnum):
    """A kind of fact by which somebody is looked for; a studio can leave some out while a client is typed (B25)."""

    NAME = "name"
    COMPANY = "company"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    BIRTHDAY = "birthday"


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a record is compared, normalised by `traits`."""

    last: str = ""
    lasts: frozenset[str] = frozenset()
    """The last name and former ones."""
    first: str = ""
    firsts: frozenset[str] = frozenset()
    """The first of the first names with all that stands for it; and the nickname."""
    company: str = ""
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    streets: frozenset[str] = frozenset()
    """Streets with house number."""
    towns: frozenset[str] = frozenset()
    """Towns and postcodes."""
    birthday: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two records are, 0 to 100, and why."""

    score: int
    reasons: tuple[Reason, ...] = ()


def traits(
    *,
    last_name: str = "",
    first_name: str = "",
    company: str = "",
    former_names: str = "",
    nickname: str = "",
    phone_digits: Iterable[str] = (),
    emails: Iterable[str] = (),
    places: Iterable[tuple[str, str, str]] = (),
    birthday: PartialDate | None = None,
) -> Traits:
    """The traits of a record; `places` are its addresses as street, town and postcode."""
    last, given = _joined(last_name), words(first_name)
    firsts = {name for spoken in (given[:1], words(nickname)[:1]) for name in spoken}
    streets: set[str] = set()
    towns: set[str] = set()
    for street, town, postcode in places:
        streets.add(street_key(street))
        towns.update((_joined(town), _joined(postcode).replace(" ", "")))
    return Traits(
        last=last,
        lasts=frozenset({last, *(_joined(name) for name in re.split(r"[,;/]", former_names))} - {""}),
        first=" ".join(given),
        firsts=frozenset(firsts.union(*(nicknames(name) for name in firsts))),
        company=_joined(company),
        phones=frozenset(number for number in phone_digits if len(number) >= _FEWEST_DIGITS),
        emails=frozenset(key(address) for address in emails if address),
        streets=frozenset(streets - {""}),
        towns=frozenset(towns - {""}),
        birthday=birthday,
    )


def compare(one: Traits, other: Traits) -> Likeness:
    """How alike two records are. People of one household with different first names are not one person."""
    score, of_names, are_two = _compare_names(one, other)
    reasons: list[Reason] = []
    for points, reason, holds in (
        (45, Reason.SAME_EMAIL, one.emails & other.emails),
        (35, Reason.SAME_PHONE, _same_number(one.phones, other.phones)),
        (30, Reason.SAME_ADDRESS, one.streets & other.streets and _same_place(one, other)),
    ):
        if holds:
            score += points
            reasons.append(reason)
    if one.birthday is not None and other.birthday is not None:
        if _same_day(one.birthday, other.birthday):
            score += 30 if one.birthday.year and other.birthday.year else 20
            reasons.append(Reason.SAME_BIRTHDAY)
        elif one.birthday.year and other.birthday.year and not _one_part_differs(one.birthday, other.birthday):
            score -= 30
    if Reason.SAME_ADDRESS not in reasons and one.towns & other.towns:
        score += 10
        reasons.append(Reason.SAME_TOWN)
    if are_two:
        score = min(score, LISTED_FROM - 5)
    return Likeness(max(0, min(score, 100)), (*reasons, *of_names))


def is_shown(one: Likeness) -> bool:
    """Whether somebody is shown while a record is typed: likely enough, or with the very same phone or e-mail (B17)."""
    return one.score >= SHOWN_FROM or Reason.SAME_PHONE in one.reasons or Reason.SAME_EMAIL in one.reasons


def only(one: Traits, checks: Collection[Check]) -> Traits:
    """The traits of these kinds alone."""
    left_out = [name for check, known in _TRAITS.items() if check not in checks for name in known]
    return replace(one, **{name: getattr(_NOTHING_KNOWN, name) for name in left_out})


def keys(one: Traits) -> Iterator[Hashable]:
    """What two records must have one of in common to reach `LISTED_FROM`; so only those that do are compared.

    Names and companies alone do not suffice, nor with a town: there are two Ann Smiths in many a town.
    """
    for name in ("phones", "emails"):
        for value in getattr(one, name):
            yield name, value
    for street in one.streets:
        for town in one.towns or ("",):
            yield "place", street, town
    born = one.birthday
    if born is not None and born.day:
        for name in {*one.lasts, one.first, one.company}:
            if name:
                yield "born", born.month, born.day, name[:_FEWEST_LETTERS]
    if one.company:
        for last in one.lasts:
            yield "at", one.company, last


def street_key(street: str) -> str:
    """A street and house number as compared: `12 North St.` and `12 north street` are one, in any order of words."""
    spoken = _joined(street)
    if "str" in spoken:
        spoken = _STRASSE.sub(r"\1 strasse", spoken)
    return " ".join(sorted([word for part in spoken.split() if (word := _STREET_WORDS.get(part, part))]))


def _compare_names(one: Traits, other: Traits) -> tuple[int, list[Reason], bool]:
    """Points, reasons, and whether the names are those of two different people."""
    if not (one.first and other.first) and one.company and one.company == other.company:
        same_person = one.last == other.last
        return (50 if same_person else 30), [Reason.SAME_COMPANY], False
    if not (one.last or one.first) or not (other.last or other.first):
        return 0, [], False
    points, reasons, are_two = _compare_people(one, other)
    if one.company and one.company == other.company:
        points += 10
        reasons.append(Reason.SAME_COMPANY)
    return points, reasons, are_two


def _compare_people(one: Traits, other: Traits) -> tuple[int, list[Reason], bool]:
    same_last = bool(one.lasts & other.lasts)
    if not one.first or not other.first:
        return (30, [Reason.SAME_LAST_NAME], False) if same_last else (0, [], bool(one.last and other.last))
    same_first = bool(one.firsts & other.firsts)
    if same_last and one.first == other.first:
        return 50, [Reason.SAME_NAME], False
    if same_last and same_first:
        return 46, [Reason.NICKNAME], False
    if one.first == other.last and one.last == other.first:
        return 46, [Reason.SWAPPED_NAMES], False
    like_first = same_first or _begins(one.first, other.first) or is_one_edit(one.first, other.first)
    like_last = same_last or _similar(one.last, other.last)
    if like_first and like_last:
        return (42 if same_first or same_last else 34), [Reason.SIMILAR_NAME], False
    if same_last:
        return 0, [Reason.SAME_LAST_NAME], True
    if same_first:
        return 20, [Reason.SAME_FIRST_NAME], False
    return -20, [], True


def _similar(one: str, other: str) -> bool:
    """One slip of the finger; half typed; or one of the parts of a double name."""
    if not one or not other:
        return False
    half_typed = min(len(one), len(other)) >= _FEWEST_LETTERS and _begins(one, other)
    return half_typed or is_one_edit(one, other) or bool(set(one.split()) & set(other.split()) - _PARTICLES)


def _begins(one: str, other: str) -> bool:
    """`A` for `Anna`, `Ann` for `Anna`, `Anna Maria` for `Anna`."""
    return one.startswith(other) or other.startswith(one)


def _same_number(some: frozenset[str], others: frozenset[str]) -> bool:
    """The same digits; or those of a local number at the end of the whole one."""
    if some & others:
        return True
    return any(
        min(len(one), len(other)) >= _LOCAL_DIGITS and (one.endswith(other) or other.endswith(one))
        for one in some
        for other in others
    )


def _same_place(one: Traits, other: Traits) -> bool:
    return not one.towns or not other.towns or bool(one.towns & other.towns)


def _same_day(one: PartialDate, other: PartialDate) -> bool:
    same_year = one.year == other.year or one.year is None or other.year is None
    return same_year and one.day is not None and (one.month, one.day) == (other.month, other.day)


def _one_part_differs(one: PartialDate, other: PartialDate) -> bool:
    """As after a slip: another year, or another day, or day and month swapped."""
    parts = zip((one.year, one.month, one.day), (other.year, other.month, other.day), strict=True)
    swapped = one.year == other.year and (one.month, one.day) == (other.day, other.month)
    return swapped or sum(a != b for a, b in parts) == 1


@lru_cache(maxsize=10_000)
def _joined(text: str) -> str:
    return " ".join(words(text))


_NOTHING_KNOWN = Traits()
_TRAITS: Mapping[Check, tuple[str, ...]] = {
    Check.NAME: ("last", "lasts", "first", "firsts"),
    Check.COMPANY: ("company",),
    Check.PHONE: ("phones",),
    Check.EMAIL: ("emails",),
    Check.ADDRESS: ("streets", "towns"),
    Check.BIRTHDAY: ("birthday",),
}
_FEWEST_DIGITS = 5
_LOCAL_DIGITS = 7
_FEWEST_LETTERS = 3
_PARTICLES = frozenset(("de", "der", "van", "von", "la", "le", "di", "da", "del", "zu"))
_STRASSE = re.compile(r"(\w{2,})(?:strasse|str)\b")
_STREET_WORDS = {
    "st": "street", "str": "strasse", "rd": "road", "ave": "avenue", "av": "avenue", "blvd": "boulevard",
    "dr": "drive", "ln": "lane", "ct": "court", "pl": "place", "sq": "square", "hwy": "highway", "pkwy": "parkway",
    "ter": "terrace", "cir": "circle", "apt": "apartment", "ste": "suite", "no": "", "nr": "",
    "n": "north", "s": "south", "e": "east", "w": "west", "ul": "ulica", "pk": "park",
}  # fmt: skip
