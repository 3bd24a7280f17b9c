"""How people and companies are called: in lists, on labels, as typed at the desk, and as unique keys."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from studio_desktop.domain.fields import Capitals
from studio_desktop.domain.text import fold, words


class NameOrder(StrEnum):
    """Which name stands first in lists (B25)."""

    LAST_FIRST = "last_first"
    FIRST_LAST = "first_last"


def sort_key(last: str, first: str, company: str) -> str:
    """What lists are ordered by, code point by code point: folded words, a TAB between last name, first name, company.

    The TAB sorts below the blank, so that `Smith, Zoe` stands before `Smith-Jones, Anna`. At most 200 characters, for
    the size of PostgreSQL's index rows.
    """
    parts = [" ".join(words(part)) for part in (last, first, company) if part]
    return "\t".join([part for part in parts if part])[:200]


def list_name(last: str, first: str, company: str, order: NameOrder = NameOrder.LAST_FIRST) -> str:
    """A person as lists show them, `Adams, Anna`; the company where no name is known."""
    last, first = last.strip(), first.strip()
    if order is NameOrder.FIRST_LAST:
        return full_name(first, last) or company.strip()
    return ", ".join(part for part in (last, first) if part) or company.strip()


def full_name(first: str, last: str) -> str:
    """`Anna Adams`, or what there is of it."""
    return f"{first.strip()} {last.strip()}".strip()


def split_name(text: str) -> tuple[str, str]:
    """First and last name of a name in one piece: `Anna van der Berg`, `Berg, Anna`; a single word is the last name."""
    last, comma, first = text.partition(",")
    if comma and last.strip() and first.strip(" ,"):
        return first.strip(" ,"), last.strip()
    spoken = text.replace(",", " ").split()
    particle = next((at for at, word in enumerate(spoken[1:-1], 1) if word.lower() in _PARTICLES), 0)
    suffixed = len(spoken) > 2 and spoken[-1].lower().rstrip(".") in _SUFFIXES
    cut = particle or len(spoken) - (2 if suffixed else 1)
    return " ".join(spoken[:cut]), " ".join(spoken[cut:])


@dataclass(frozen=True, slots=True)
class SplitName:
    """What a name in one cell says: a person, perhaps with a title and with whom; or a company."""

    first: str
    last: str
    salutation: str = ""
    other_first: str = ""
    other_last: str = ""
    company: str = ""


def split_people(text: str, *, last_first: bool = False) -> SplitName:
    """A name as strangers' lists write it: `Smith, Ann`, `Dr. Ann Smith`, `Ann & Bob Smith`, `Smith, Ann & Bob`.

    `last_first` says that the last name stands first without a comma, as in `Smith Ann`.
    """
    text = " ".join(text.split())
    last, comma, spoken = (part.strip() for part in text.partition(","))
    if comma and last and spoken:
        return split_couple(spoken, last) if is_couple(spoken) else SplitName(*_untitled(spoken, last))
    if is_couple(text):
        return _split_spoken_couple(text, last_first=last_first)
    salutation, rest = _title_of(text)
    if last_first:
        last, _, first = rest.partition(" ")
        return SplitName(first, last, salutation)
    return SplitName(*split_name(rest), salutation)


def is_couple(text: str) -> bool:
    """Whether two people stand in it: `Ann & Bob`, `Ann und Bob`."""
    return _TOGETHER.search(text) is not None


def split_couple(firsts: str, last: str) -> SplitName:
    """Two first names with their one last name; titles are the salutation of both, `Mr. & Mrs.`"""
    one, other = _TOGETHER.split(firsts, maxsplit=1)
    (title, one), (other_title, other) = _title_of(one), _title_of(other)
    together = _TOGETHER.search(firsts)
    salutation = f"{title}{together[0]}{other_title}" if title and other_title and together else title or other_title
    if not one:
        return SplitName(other, last, salutation)  # Mr. & Mrs. John Smith: who she is nobody has said
    return SplitName(one, last, salutation, other, last if other else "")


def couple_line(first: str, last: str, other_first: str, other_last: str) -> str:
    """Two people on one label (B10): `Ann & Bob Smith` of one surname, else `Ann Smith & Bob Jones`.

    A partner whose surname is unknown has the first one's. One of them unknown: the other alone.
    """
    if first.strip() and other_first.strip() and fold(other_last.strip()) in ("", fold(last.strip())):
        return full_name(f"{first.strip()} & {other_first.strip()}", last)
    if not first.strip() and fold(last.strip()) == fold(other_last.strip()):
        return full_name(other_first, last)
    return " & ".join(name for name in (full_name(first, last), full_name(other_first, other_last)) if name)


def household_line(last: str) -> str:
    """A whole household on one label: `The Smith Family`."""
    return f"The {last.strip()} Family" if last.strip() else ""


def capitalised(text: str, named: Capitals = Capitals.PERSON) -> str:
    """A name typed in small letters with sensible capitals (S4-23): `o'brien` → `O'Brien`.

    What is `named` decides about the words in between: `frankfurt am main` → `Frankfurt am Main`. One capital
    anywhere, or a letter that is not Latin, and the text is as its writer meant it.
    """
    if not text.islower() or "ı" in text or not all(_is_latin(letter) for letter in text):
        return text  # Turkish i: which capital belongs to which cannot be known
    pieces = re.split(r"(\s+)", text)
    spoken = [at for at, piece in enumerate(pieces) if piece and not piece.isspace()]
    give = _RULES[named]
    for at in spoken:
        pieces[at] = give(pieces[at], at == spoken[0], at == spoken[-1])
    return "".join(pieces)


def key(text: str) -> str:
    """What a unique name or number is compared by: trimmed, case ignored."""
    if text.isascii():
        return text.strip().lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).strip().casefold())


_TOGETHER = re.compile(r"\s*(?:&|\+)\s*|\s+(?:and|und)\s+", re.IGNORECASE)
_TITLES = frozenset((
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "reverend", "hon", "sir", "dame", "lady", "fr",
    "herr", "frau", "pan", "pani", "mme", "mlle",
))  # fmt: skip
_COMPANY_WORDS = frozenset((
    "sons", "son", "daughters", "bros", "brothers", "co", "company", "inc", "llc", "ltd", "gmbh", "kg", "partners",
    "associates", "partner",
))  # fmt: skip


def _title_of(text: str) -> tuple[str, str]:
    """The titles that a name begins with, and the name."""
    spoken = text.split()
    count = next((at for at, word in enumerate(spoken) if word.lower().rstrip(".") not in _TITLES), len(spoken))
    return " ".join(spoken[:count]), " ".join(spoken[count:])


def _untitled(first: str, last: str) -> tuple[str, str, str]:
    title, first = _title_of(first)
    return first, last, title


def _split_spoken_couple(text: str, *, last_first: bool) -> SplitName:
    one, other = _TOGETHER.split(text, maxsplit=1)
    (title, own), (other_title, others) = _title_of(one), _title_of(other)
    if words(other) and words(other)[-1] in _COMPANY_WORDS:
        return SplitName("", "", company=text)
    if last_first and " " in own:
        last, _, first = own.partition(" ")
        return split_couple(f"{f'{title} ' if title else ''}{first} & {other}", last)
    if " " not in others and own:
        return SplitName("", text)  # Ann & Bob, or Marks & Spencer
    first, last = split_name(others)
    if " " in own:
        own_first, own_last = split_name(own)
        return SplitName(own_first, own_last, title, first or last, last if first else own_last)
    together = _TOGETHER.search(text)
    pair = f"{title}{together[0]}{other_title}" if title and other_title and together else title or other_title
    return SplitName(own, last, pair, first, last) if own else SplitName(first, last, pair)


_PARTICLES = frozenset(
    (
        "af", "av", "da", "das", "de", "del", "della", "den", "der", "di", "dos", "du",
        "te", "ten", "ter", "van", "vom", "von", "zu", "zum", "zur",
    )
)  # fmt: skip
_INNER = frozenset(("and", "bin", "bint", "e", "el", "ibn", "la", "las", "le", "los", "und", "y"))
_OF_COMPANIES = frozenset(("and", "by", "de", "et", "for", "in", "of", "the", "und", "y"))
_LEGAL_FORMS = {"gmbh": "GmbH", "llc": "LLC", "llp": "LLP", "plc": "PLC"}
_OF_PLACES = frozenset(
    (
        "a", "am", "an", "auf", "aux", "bei", "da", "de", "del", "della", "den", "der", "des", "di", "do", "dos", "du",
        "en", "im", "in", "la", "le", "les", "los", "near", "ob", "of", "on", "op", "sous", "sur", "the", "under",
        "upon", "vor",
    )
)  # fmt: skip
_GENERATIONS = frozenset(("ii", "iii", "iv"))
_SUFFIXES = _GENERATIONS | {"jr", "sr"}
_PART = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")


def _is_latin(letter: str) -> bool:
    return not letter.isalpha() or letter < "\u0250" or "\u1e00" <= letter <= "\u1eff"


def _of_person(word: str, is_first: bool, is_last: bool) -> str:
    if not is_last and (word in _PARTICLES or (word in _INNER and not is_first)):
        return word
    if not is_first and word in _GENERATIONS:
        return word.upper()
    return _in_parts(word, _name_part)


def _of_company(word: str, is_first: bool, _is_last: bool) -> str:
    if word in _OF_COMPANIES and not is_first:
        return word
    return _LEGAL_FORMS.get(word) or _in_parts(word, _name_part)


def _of_place(word: str, is_first: bool, is_last: bool) -> str:
    if word in _OF_PLACES and not (is_first or is_last):
        return word
    parts = word.split("-")
    inner = range(1, len(parts) - 1)
    return "-".join(
        part if at in inner and part in _OF_PLACES else _in_parts(part, _name_part) for at, part in enumerate(parts)
    )


def _in_parts(word: str, give: Callable[[str], str]) -> str:
    """Each run of letters in a word; the one letter of `'t Hart` and `'s-Hertogenbosch` stays small."""

    def given(part: re.Match[str]) -> str:
        is_short_article = part.start() == 1 and word[0] in _APOSTROPHES and len(part[0]) == 1
        return part[0] if is_short_article else give(part[0])

    return _PART.sub(given, word)


def _name_part(part: str) -> str:
    head, mark, tail = part[:1], part[1:2], part[2:]
    if mark and mark in _APOSTROPHES and len(tail) > 1:
        return head.title() + mark + _name_part(tail)
    if part.startswith("mc") and len(part) > 4:
        return "Mc" + part[2:].capitalize()
    return part[:1].title() + part[1:]


_APOSTROPHES = "'’ʼ"
_RULES = {Capitals.PERSON: _of_person, Capitals.COMPANY: _of_company, Capitals.PLACE: _of_place}
