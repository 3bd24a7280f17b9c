"""What the search box means: what is known of a client, how a question is read, and who answers it, best first.

The indexes of both databases (`database/search`) are built from the `SearchText` of each client and answer a
`Question`; this module alone says what either of them is. It knows no database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from studio_desktop.domain import phones
from studio_desktop.domain.names import key
from studio_desktop.domain.text import fold, words


class Rank(IntEnum):
    """How well a client answers; each stands once, at its best rank, and within a rank in list order."""

    NUMBER = 0
    """The whole text is the client's number."""
    LIST_NAME = 1
    """Every word begins a word of the name or company, one of them begins the name in lists."""
    OWN_NAME = 2
    """Every word begins a word of the name or company."""
    OTHER_NAME = 3
    """As before, counting nickname, former names and family; or a word stands for another, as bob for robert."""
    NAME_AND_MORE = 4
    """One of several words begins the name in lists, every other any word that is known."""
    ANY_WORD = 5
    """Every word begins any word that is known: name, e-mail, town, number."""
    INSIDE = 6
    """Every piece is somewhere inside a name, an e-mail address, a town or a phone number."""
    TYPO = 7
    """A word is one slip of the finger away from a name."""


class Hit(NamedTuple):
    """A client that was found."""

    client_id: int
    rank: Rank


@dataclass(frozen=True, slots=True)
class SearchText:
    """What the search knows of one client: folded words with blanks between, each word in one place only."""

    client_id: int
    sort_key: str
    """The client's place in every list (`names.sort_key`)."""
    own: str
    """Last name, first name, company."""
    alias: str
    """Nickname, former names, family; ä also spelt ae."""
    other: str
    """Words of e-mail addresses, towns, the number and those of records merged into this one."""
    extra: str
    """Whole e-mail addresses, then words of towns."""
    digits: str
    """The digits of each phone number."""
    number: str
    """The client's number as it is compared; the index has it from the client itself."""

    @property
    def inside(self) -> str:
        """The text in which letters are looked for at any place."""
        return f"{self.own} {self.alias} {self.extra}"


def search_text(
    client_id: int,
    sort_key: str,
    last: str,
    first: str,
    company: str,
    *,
    nickname: str = "",
    former_names: str = "",
    family_names: Iterable[str] = (),
    phone_digits: Iterable[str] = (),
    emails: Iterable[str] = (),
    towns: Iterable[str] = (),
    number: str = "",
    former_numbers: str = "",
) -> SearchText:
    """The search text of a client; the order of rows (phones, family, …) makes no difference to it."""
    called = f"{last} {first} {company}"
    own = dict.fromkeys(search_words(called))
    also = f"{nickname} {former_names} {' '.join(family_names)}".strip()
    alias = sorted({*search_words(also), *_spelt_out(f"{called} {also}")}.difference(own))
    addresses = sorted({fold(email) for email in emails if email})
    town_words = set(search_words(" ".join(towns))).difference(own, alias)
    numbers = f"{number} {former_numbers}".strip()
    other = {*search_words(" ".join(addresses)), *search_words(numbers)}.difference(own, alias)
    return SearchText(
        client_id=client_id,
        sort_key=sort_key,
        own=" ".join(own),
        alias=" ".join(alias),
        other=" ".join(sorted(other | town_words)),
        extra=" ".join([*addresses, *sorted(town_words)]),
        digits=" ".join(sorted({digits for digits in phone_digits if digits})),
        number=key(number),
    )


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, taken apart."""

    number: str
    """The whole text, as client numbers are compared."""
    words: tuple[str, ...]
    """What must begin words, all-digit words included."""
    stand_ins: Mapping[str, tuple[str, ...]]
    """For some of the words: whole words that answer as well (nicknames, the other spelling of an umlaut)."""
    letters: tuple[str, ...]
    """What must be inside the text, for rank INSIDE."""
    digits: tuple[tuple[str, ...], ...]
    """The all-digit pieces, each in its spellings: with a trunk zero and without. One must be inside a phone number."""
    is_email: bool
    """An @ was typed: only whole pieces count, no names."""

    @property
    def asks_words(self) -> bool:
        """Whether ranks LIST_NAME to ANY_WORD and TYPO apply."""
        return bool(self.words) and not self.is_email

    @property
    def asks_inside(self) -> bool:
        """Whether rank INSIDE applies: no piece is short, or four digits make up for short letters."""
        if any(len(spellings[0]) < _SHORT for spellings in self.digits):
            return False
        return bool(self.letters or self.digits) and (not self.short_letters or self.has_telling_digits)

    @property
    def has_telling_digits(self) -> bool:
        """Whether there is a piece of four digits or more, which few phone numbers have."""
        return any(len(spellings[0]) > _SHORT for spellings in self.digits)

    @property
    def long_letters(self) -> tuple[str, ...]:
        """The pieces that may stand anywhere in the text."""
        return tuple(piece for piece in self.letters if len(piece) >= _SHORT)

    @property
    def short_letters(self) -> tuple[str, ...]:
        """The pieces that must begin a name, for they are inside nearly every text."""
        return tuple(piece for piece in self.letters if len(piece) < _SHORT)

    @property
    def leaders(self) -> tuple[str, ...]:
        """The words one of which must begin the name in lists: ascending, none of them beginning with another."""
        return tuple(
            word for word in sorted(self.words) if not any(word != w and word.startswith(w) for w in self.words)
        )

    @property
    def typo_words(self) -> tuple[str, ...]:
        """The words in which a slip is looked for."""
        return tuple(word for word in self.words if len(word) > _SHORT and has_typo_form(word))


def parse(typed: str) -> Question:
    """Read what was typed into the search box; nothing is refused, and what is beyond all sense finds nobody."""
    typed = _UNSEARCHABLE.sub(" ", typed[:_LONGEST_QUESTION])
    text = unicodedata.normalize("NFKC", typed).strip()
    found: dict[str, None] = {}
    letters: dict[str, None] = {}
    digits: dict[tuple[str, ...], None] = {}
    stand_ins: dict[str, tuple[str, ...]] = {}
    for piece in _pieces(text):
        if _is_digits(piece):
            word = piece[:_LONGEST_WORD]
            found[word] = None
            digits[_spellings(word)] = None
            continue
        of_piece = search_words(piece)
        found.update(dict.fromkeys(of_piece))
        for word, spelt_out in zip(of_piece, _spelt_out(piece) or of_piece, strict=False):
            others = _NICKNAMES.get(word, frozenset()) | ({spelt_out} - {word})
            if others:
                stand_ins[word] = tuple(sorted(others))
        raw = fold(piece)
        letters.update(dict.fromkeys([raw] if _ADDRESS_MARK.search(raw) and len(raw) >= _SHORT else of_piece))
    return Question(
        number=key(typed),
        words=tuple(found)[:_MOST_WORDS],
        stand_ins=stand_ins,
        letters=tuple(letters)[:_MOST_WORDS],
        digits=tuple(digits)[:_MOST_WORDS],
        is_email="@" in text,
    )


def search_words(text: str) -> list[str]:
    """The folded words of a text, of the length that the indexes can take."""
    return [word[:_LONGEST_WORD] for word in words(text)] if text else []


TYPO_BELOW = 5
"""Slips are looked for when fewer clients than this were found as typed."""

GRAM = 4
"""How many neighbouring digits of a phone number the indexes know together."""


def digit_grams(digits: str) -> list[str]:
    """Every four neighbouring digits of each number.

    An `e` ends a number, so that three digits begin a gram wherever they stand.
    """
    numbers = (f"{number}e" for number in digits.split())
    return list(dict.fromkeys(n[at : at + GRAM] for n in numbers for at in range(len(n) - GRAM + 1)))


def inner_grams(digits: str) -> list[str]:
    """The grams that a number holding these (four or more) digits must have."""
    return [digits[at : at + GRAM] for at in range(len(digits) - GRAM + 1)]


def has_typo_form(word: str) -> bool:
    """Whether a slip in this word is forgiven: three letters or more, and no digit."""
    return len(word) >= _SHORT and (word.isalpha() or not any(c.isdigit() for c in word))


def typo_forms(word: str) -> set[str]:
    """The word and what is left of it without any one letter.

    Two words that are one edit apart share such a form; so `is_one_edit` need only judge those that do.
    """
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


def is_one_edit(a: str, b: str) -> bool:
    """Whether one insertion, deletion, replacement or swap of neighbours makes `a` of `b`."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    at = 0
    while at < min(len(a), len(b)) and a[at] == b[at]:
        at += 1
    if len(a) == len(b):
        swapped = a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
        return swapped or a[at + 1 :] == b[at + 1 :]
    return a[at + 1 :] == b[at:] if len(a) > len(b) else a[at:] == b[at + 1 :]


def nicknames(word: str) -> frozenset[str]:
    """The other first names that somebody of this folded name may go by, as bob for robert."""
    return _NICKNAMES.get(word, frozenset())


_SHORT = 3  # pieces below this must begin a name; slips are forgiven in longer words only
_LONGEST_QUESTION = 200
_MOST_WORDS = 10
_LONGEST_WORD = 64  # an index row of PostgreSQL holds two of them

_PHONE_LIKE = re.compile(r"[\d\s()+./\u2010-\u2015\u2212-]*\d[\d\s()+./\u2010-\u2015\u2212-]*")  # any kind of dash
_PHONE_MARKS = re.compile(r"[\s()+./\u2010-\u2015\u2212-]")
_ADDRESS_MARK = re.compile(r"[@._]")
_UNSEARCHABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # neither database takes NUL or half a character


def _spelt_out(text: str) -> list[str]:
    """The words with ä as ae and the like; none if there is no such letter."""
    if text.isascii():
        return []
    lower = unicodedata.normalize("NFC", text).casefold()
    spelt_out = lower.translate(_UMLAUTS)
    return search_words(spelt_out) if spelt_out != lower else []


def _pieces(text: str) -> list[str]:
    """What stands between blanks; digits beside digits are one piece, for people group phone numbers as they like."""
    if _PHONE_LIKE.fullmatch(text):
        return [phones.digits(text)]
    pieces: list[str] = []
    for piece in text.split():
        bare = _PHONE_MARKS.sub("", piece)
        if not bare.isdecimal():
            pieces.append(piece)
            continue
        bare = phones.digits(bare)
        if pieces and _is_digits(pieces[-1]):
            pieces[-1] += bare
        else:
            pieces.append(bare)
    return pieces


def _is_digits(word: str) -> bool:
    return word.isascii() and word.isdigit()


def _spellings(digits: str) -> tuple[str, ...]:
    """A number as typed; and without a trunk or exit prefix, which E.164 does not have."""
    bare = digits.lstrip("0")
    return (digits, bare) if digits != bare and len(bare) > GRAM else (digits,)


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})

_NICKNAME_GROUPS = """
    abigail abby | alexander alex | alexandra alex sandra | amanda mandy | andrew andy drew | angela angie | anna annie
    anthony tony | barbara barb | benjamin ben benny | catherine katherine kate katie kathy cathy
    charles charlie chuck | christopher chris kit | christine christina chris tina | cynthia cindy | daniel dan danny
    david dave | deborah debra debbie deb | donald don donnie | dorothy dot dolly | douglas doug
    edward ed eddie ted | eleanor ellie nell | elizabeth liz beth betty eliza lizzie
    frances fran | francis frank | franklin frank
    frederick fred freddie | gabriel gabe | gerald gerry jerry | gregory greg | harold harry hal | henry harry hank
    isabella bella izzy | jacob jake | jacqueline jackie | james jim jimmy jamie | janet jan | jeffrey geoffrey jeff
    jennifer jen jenny | jessica jess jessie | john jack johnny | jonathan jon | joseph joe joey | joshua josh
    kenneth ken kenny | kimberly kim | lawrence laurence larry | leonard leo lenny | louis lou | louise lou
    margaret maggie meg peggy | martin marty | matthew matt | maximilian max | maxwell max | melanie mel | melissa mel
    michael mike mick | nathaniel nathan nate | nicholas nick | olivia liv | pamela pam | patricia pat patty trish
    patrick pat paddy | peter pete | philip phillip phil | randall randy | raymond ray | rebecca becky becca
    richard rick dick rich | robert bob bobby rob robbie | ronald ron ronnie | russell russ | samantha sam
    samuel sam sammy | sarah sally | sebastian seb | stephanie steph | steven stephen steve | susan susanne sue susie
    teresa theresa tess terry | terence terry | theodore ted theo | thomas tom tommy | timothy tim | valerie val
    victoria vicky | vincent vince | virginia ginny | walter walt | william bill billy will liam | zachary zach zack
"""


def _nicknames() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group in _NICKNAME_GROUPS.replace("\n", "|").split("|"):
        members = frozenset(group.split())
        for name in members:
            found[name] = found.get(name, frozenset()) | members - {name}
    return found


_NICKNAMES = _nicknames()
