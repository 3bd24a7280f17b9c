"""What a studio types into the search box, by kind: each kind makes a question out of a client by chance."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from tests.database.search_people import Person


def questions(chance: random.Random, persons: Sequence[Person], of_each: int) -> list[tuple[str, str]]:
    """So many questions of each kind, as (kind, typed)."""
    asked: list[tuple[str, str]] = []
    for kind, make in (ONE_WORD | SEVERAL_WORDS).items():
        made = 0
        while made < of_each:
            typed = make(chance, chance.choice(persons))
            if typed:
                asked.append((kind, typed))
                made += 1
    return asked


def _part(chance: random.Random, text: str, length: int) -> str:
    if len(text) < length:
        return ""
    at = chance.randint(0, len(text) - length)
    return text[at : at + length]


def _first(words: Sequence[str]) -> str:
    return words[0] if words else ""


def _slip(chance: random.Random, word: str) -> str:
    """The word with one letter left out, doubled, replaced, or swapped with the next."""
    if len(word) < 4:
        return ""
    at = chance.randint(1, len(word) - 2)
    return chance.choice(
        (word[:at] + word[at + 1 :], word[:at] + word[at:at + 1] + word[at:],
         word[:at] + chance.choice("aeiourst") + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    )  # fmt: skip


def _phone_as_written(person: Person) -> str:
    digits = _first(person.phones)
    return f"({digits[1:4]}) {digits[4:7]}-{digits[7:]}" if digits.startswith("1") else ""


def _both(one: str, other: str) -> str:
    return f"{one} {other}" if one and other else ""


def _relative(person: Person) -> str:
    return person.family[0].first if person.family else ""


_Make = Callable[[random.Random, Person], str]

ONE_WORD: dict[str, _Make] = {
    "1 letter": lambda chance, p: p.last[:1],
    "2 letters": lambda chance, p: p.last[:2],
    "3 letters": lambda chance, p: p.last[:3],
    "last name": lambda chance, p: p.last,
    "first name": lambda chance, p: p.first,
    "in capitals": lambda chance, p: p.last.upper(),
    "accented": lambda chance, p: p.last if not p.last.isascii() else "",
    "spelt out": lambda chance, p: p.last.replace("ü", "ue").replace("ö", "oe") if not p.last.isascii() else "",
    "company": lambda chance, p: p.company.split()[-1] if p.company else "",
    "nickname": lambda chance, p: chance.choice(("bob", "liz", "kate", "ted", "jim", "peggy")),
    "former name": lambda chance, p: p.former_names,
    "10 digits as written": lambda chance, p: _phone_as_written(p),
    "7 digits in the middle": lambda chance, p: _part(chance, _first(p.phones), 7),
    "4 digits": lambda chance, p: _part(chance, _first(p.phones), 4),
    "3 digits": lambda chance, p: _part(chance, _first(p.phones), 3),
    "with a trunk zero": lambda chance, p: "0" + _first(p.phones)[2:] if _first(p.phones).startswith("49") else "",
    "8 characters of an e-mail": lambda chance, p: _part(chance, _first(p.emails).split("@")[0], 8),
    "e-mail across the @": lambda chance, p: _first(p.emails)[3:-5],
    "whole e-mail": lambda chance, p: _first(p.emails),
    "town": lambda chance, p: _first(p.towns),
    "number": lambda chance, p: p.number,
    "3 letters inside a name": lambda chance, p: _part(chance, p.last[1:].lower(), 3),
    "5 letters inside a name": lambda chance, p: _part(chance, p.last[1:].lower(), 5),
    "typo": lambda chance, p: _slip(chance, p.last.lower()),
    "nobody": lambda chance, p: chance.choice(("qxzvw", "xqj", "zzyzx", "000999", "wq@qw.example")),
}
"""What is one word, or one piece, and means one fact."""

SEVERAL_WORDS: dict[str, _Make] = {
    "first and 2 letters": lambda chance, p: _both(p.first, p.last[:2]),
    "first and 3 letters": lambda chance, p: _both(p.first, p.last[:3]),
    "last and 1 letter": lambda chance, p: _both(p.last, p.first[:1]),
    "2 initials": lambda chance, p: _both(p.first[:1], p.last[:1]),
    "two whole names": lambda chance, p: _both(p.first, p.last),
    "nickname and last name": lambda chance, p: _both(chance.choice(("bob", "liz", "jim", "kate")), p.last),
    "relative and last name": lambda chance, p: _both(_relative(p), p.last),
    "name and last 4 digits": lambda chance, p: _both(p.last, _first(p.phones)[-4:]),
    "name and 3 digits": lambda chance, p: _both(p.last, _part(chance, _first(p.phones), 3)),
    "name and town": lambda chance, p: _both(p.last, _first(p.towns)[:6].strip()),
    "name and number": lambda chance, p: _both(p.last, p.number),
    "typo and first name": lambda chance, p: _both(_slip(chance, p.first.lower()), p.last.lower()),
    "fragment and digits": lambda chance, p: _both(_part(chance, p.last[1:].lower(), 3), _first(p.phones)[-4:]),
    "name and e-mail": lambda chance, p: _both(p.first, _part(chance, _first(p.emails), 9)),
}
"""What is two words or more."""
