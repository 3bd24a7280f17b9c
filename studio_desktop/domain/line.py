"""The line: facts in any order, as they are heard at the phone (FRONT_DESK 2.3).

`ann adams 4/3/86` is a name and a birthday, `seniors 4` a group and a cell. What has one meaning becomes a fact; what
has several, or only might be one, is unclear and stays among the words, so that nothing is guessed in silence and
nothing is refused.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from studio_desktop.domain import names, phones
from studio_desktop.domain.dates import DateOrder, PartialDate, parse_partial
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.fields import Kind
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.text import fold, is_email, words

Words = tuple[str, ...]
RELATIONSHIPS = "relationships"
PERSON = frozenset((Kind.PARTIAL_DATE, Kind.PHONE, Kind.EMAIL))


class Span(NamedTuple):
    """Where in the line something stands: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a sheet's line can mean.

    `kinds` are those of the plain facts (`PERSON`); `lists` are the rows (id, text) that words may begin, by the name
    that the record's references give the list (`relationships`); `numbers` are those that mean something by themselves.
    """

    kinds: frozenset[Kind] = frozenset()
    lists: Mapping[str, Sequence[tuple[Hashable, str]]] = field(default_factory=dict)
    numbers: range = range(0)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that was understood. `value` is what the field of that kind holds, `label` how it is shown.

    A phone's value is what was typed, a reference's the id of a row of list `of`.
    """

    kind: Kind
    value: Any
    label: str
    span: Span
    of: str = ""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that could mean something: several facts, one that is there already, or one that is not plausible."""

    text: str
    span: Span
    meanings: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is no fact: of a name or a description."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was understood. Unclear words are among `rest` too, until somebody says what they mean."""

    text: str
    facts: tuple[Fact, ...]
    unclear: tuple[Unclear, ...]
    rest: tuple[Word, ...]

    def of_kind(self, kind: Kind, of: str = "") -> tuple[Fact, ...]:
        """The facts of one kind, references those of one list."""
        return tuple(fact for fact in self.facts if fact.kind is kind and fact.of == of)

    def value(self, kind: Kind, of: str = "") -> Any:
        """The value of the first such fact, or None."""
        return next((fact.value for fact in self.of_kind(kind, of)), None)

    @property
    def description(self) -> str:
        """The words that are no facts, as typed."""
        return " ".join(word.text for word in self.rest)


@dataclass(frozen=True, slots=True)
class Person:
    """What a line said of a person; phones as typed, names with sensible capitals."""

    first_name: str
    last_name: str
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    birthday: PartialDate | None = None
    relationship_id: int | None = None


def understand(
    text: str, vocabulary: Vocabulary, today: date, formats: Formats, chosen: Mapping[str, Fact] | None = None
) -> Line:
    """What a line means. `chosen` gives the meaning a person picked for an unclear text, wherever it stands.

    Phones and e-mail addresses may be many, of every other kind or list the first counts.
    """
    reader = _Reader(text, vocabulary, today, formats, chosen or {})
    facts: dict[tuple[Kind, str, Any], Fact] = {}
    unclear: list[Unclear] = []
    rest: list[Word] = []
    at = 0
    while at < len(reader.chunks):
        reading = reader.read(at)
        count = reading.count if reading else 1
        if not (reading and reading.sure and _taken(reading.meanings[0], facts)):
            rest += reader.chunks[at : at + count]
            if reading:
                span = reader.span(at, count)
                unclear.append(Unclear(text[span.start : span.end], span, reading.meanings))
        at += count
    return Line(text, tuple(facts.values()), tuple(unclear), tuple(rest))


def new_client(line: Line) -> Person:
    """The person of a new client's line; a single word is the last name (job 2)."""
    return _person(line, *_names(line))


def family_member(
    line: Line, position: int, client_last_name: str, vocabulary: Vocabulary, today: date
) -> Person:
    """The person of a family line; the first line (position 0) is the spouse, the next are children (job 2).

    Who is too young for a spouse today is a child at any place, and a word for the relation overrides both. The surname
    is the client's unless the line has one.
    """
    first, last = _names(line)
    person = _person(line, first, last) if first else _person(line, last, client_last_name)
    if person.relationship_id is not None:
        return person
    age = person.birthday.age_on(today) if person.birthday is not None else None
    wanted = _CHILD if position or (age is not None and age < _OLD_ENOUGH) else _SPOUSE
    ids: dict[str, Any] = {fold(text): id_ for id_, text in vocabulary.lists.get(RELATIONSHIPS, ())}
    relation = next((ids[name] for name in wanted if name in ids), None)
    return replace(person, relationship_id=relation)


_MANY = (Kind.PHONE, Kind.EMAIL)
_SPOUSE = ("spouse", "partner")
_CHILD = ("child",)
_OLD_ENOUGH = 16


def _taken(fact: Fact, facts: dict[tuple[Kind, str, Any], Fact]) -> bool:
    """Puts a fact to the others unless its place is taken; a phone said twice is there already, and that is fine."""
    place = (fact.kind, fact.of, fact.value if fact.kind in _MANY else None)
    return facts.setdefault(place, fact) is fact or fact.kind in _MANY


def _names(line: Line) -> tuple[str, str]:
    first, last = names.split_name(line.description)
    return names.capitalised(first), names.capitalised(last)


def _person(line: Line, first: str, last: str) -> Person:
    return Person(
        first,
        last,
        tuple(fact.value for fact in line.of_kind(Kind.PHONE)),
        tuple(fact.value for fact in line.of_kind(Kind.EMAIL)),
        line.value(Kind.PARTIAL_DATE),
        line.value(Kind.REFERENCE, RELATIONSHIPS),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """The first `count` chunks mean one thing for sure, or are unclear: they might mean some, or none."""

    count: int
    meanings: tuple[Fact, ...] = ()
    sure: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    of: str
    id: Hashable
    text: str
    words: Words


_STOPS = ",;"
_MOST_WORDS = 6  # of a list's row said in one line
_SHORTEST_BEGINNING = 3  # of a row, to be a fact: "mo" is rather a name than a mother
_MOST_MEANINGS = 9
_OLDEST = 130

_AGE = re.compile(r"(\d{1,3})\s?(?:y|yo|yrs?|years?)", re.IGNORECASE)
_DATE_LIKE = re.compile(r"\d{1,2}[/.-]\d{1,2}(?:[/.-](?:\d{2}|\d{4}))?|\d{4}-\d{1,2}-\d{1,2}")
_PHONE_CHUNK = re.compile(r"[+(]{0,2}\d[\d().+/-]*")
_EXTENSION = re.compile(r"(?:x|ext\.?)(\d{1,7})?", re.IGNORECASE)
_MOST_CHUNKS = 8  # of a phone: +33 6 12 34 56 78 has six
_FEWEST_DIGITS, _MOST_DIGITS = 6, 15


class _Reader:
    """Reads a line chunk by chunk; a chunk is what stands between blanks."""

    def __init__(
        self, text: str, vocabulary: Vocabulary, today: date, formats: Formats, chosen: Mapping[str, Fact]
    ) -> None:
        self.text = text
        self.chunks = [Word(match[0], Span(*match.span())) for match in re.finditer(r"\S+", text)]
        self.today = today
        self.formats = formats
        self.kinds = vocabulary.kinds
        self.numbers = vocabulary.numbers
        self.chosen = {fold(said.rstrip(_STOPS)): fact for said, fact in chosen.items()}
        self.entries = [
            _Entry(of, id_, text, _row_words(text)) for of, rows in vocabulary.lists.items() for id_, text in rows
        ]

    def span(self, at: int, count: int) -> Span:
        return Span(self.chunks[at].span.start, self.chunks[at + count - 1].span.end)

    def said(self, at: int, count: int) -> str:
        start, end = self.span(at, count)
        return self.text[start:end].rstrip(_STOPS)

    def read(self, at: int) -> _Reading | None:
        """What the chunks at `at` mean; None if the first of them is just a word."""
        readings = (self._as_chosen, self._as_email, self._as_birthday, self._as_phone, self._as_row_or_number)
        return next((found for reading in readings if (found := reading(at))), None)

    def _windows(self, at: int, longest: int) -> Iterable[tuple[int, str]]:
        """What the next chunks say, the longest first."""
        for count in range(min(longest, len(self.chunks) - at), 0, -1):
            yield count, self.said(at, count)

    def _fact(self, kind: Kind, value: Any, label: str, at: int, count: int, of: str = "") -> Fact:
        return Fact(kind, value, label, self.span(at, count), of)

    def _as_chosen(self, at: int) -> _Reading | None:
        for count, said in self._windows(at, _MOST_WORDS) if self.chosen else ():
            fact = self.chosen.get(fold(said))
            if fact:
                return _Reading(count, (replace(fact, span=self.span(at, count)),), sure=True)
        return None

    def _as_email(self, at: int) -> _Reading | None:
        said = self.said(at, 1)
        if Kind.EMAIL not in self.kinds or "@" not in said:
            return None
        return _Reading(1, (self._fact(Kind.EMAIL, said, said, at, 1),), sure=True) if is_email(said) else _Reading(1)

    def _as_birthday(self, at: int) -> _Reading | None:
        if Kind.PARTIAL_DATE not in self.kinds:
            return None
        for count, said in self._windows(at, 3):
            born = self._born(said, self.formats.date_order)
            if born:
                sure = self._is_plausible(born)
                if sure or _DATE_LIKE.fullmatch(said):
                    return _Reading(count, (self._birthday(born, at, count),), sure)
        if _DATE_LIKE.fullmatch(self.said(at, 1)):
            others = (self._born(self.said(at, 1), order) for order in DateOrder)
            return _Reading(1, tuple(self._birthday(born, at, 1) for born in dict.fromkeys(others) if born))
        return None

    def _birthday(self, born: PartialDate, at: int, count: int) -> Fact:
        return self._fact(Kind.PARTIAL_DATE, born, self.formats.partial(born), at, count)

    def _born(self, said: str, order: DateOrder) -> PartialDate | None:
        age = _AGE.fullmatch(said)
        if age:  # the birthday itself is not known, and half the time the year is the one before
            return PartialDate(None, None, self.today.year - int(age[1]))
        if not any(c.isdecimal() for c in said):
            return None  # May and June are names
        try:
            return parse_partial(said, self.today, order, relative=False)
        except InvalidInput:
            return None

    def _is_plausible(self, born: PartialDate) -> bool:
        if born.year is None:
            return True
        earliest = date(born.year, born.month or 1, born.day or 1)
        return earliest <= self.today and born.year >= self.today.year - _OLDEST

    def _as_phone(self, at: int) -> _Reading | None:
        if Kind.PHONE not in self.kinds:
            return None
        longest = self._phone_chunks(at)
        fitting = [count for count, said in self._windows(at, longest) if phones.parse(said, self._region).e164]
        fitting += [
            count
            for count, said in self._windows(at, longest)
            if _FEWEST_DIGITS <= len(phones.digits(said)) <= _MOST_DIGITS
        ]
        if not fitting:
            return _Reading(1) if longest else None
        count = fitting[0] + self._extension_chunks(at + fitting[0])
        phone = phones.parse(self.said(at, count), self._region)
        label = self.formats.phone(phone.typed, phone.e164, phone.extension)
        return _Reading(count, (self._fact(Kind.PHONE, phone.typed, label, at, count),), sure=True)

    @property
    def _region(self) -> str:
        return self.formats.phone_region

    def _phone_chunks(self, at: int) -> int:
        """How many chunks at `at` may be one phone: of digits and their signs, no date, up to a comma."""
        for count, chunk in enumerate(self.chunks[at : at + _MOST_CHUNKS]):
            said = chunk.text.rstrip(_STOPS)
            if not _PHONE_CHUNK.fullmatch(said) or _DATE_LIKE.fullmatch(said):
                return count
            if said != chunk.text:
                return count + 1
        return min(_MOST_CHUNKS, len(self.chunks) - at)

    def _extension_chunks(self, at: int) -> int:
        """How many chunks at `at` are a phone's extension: `x12`, `ext 12`."""
        if at >= len(self.chunks):
            return 0
        extension = _EXTENSION.fullmatch(self.said(at, 1))
        if not extension:
            return 0
        if extension[1]:
            return 1
        return 2 if at + 1 < len(self.chunks) and self.said(at + 1, 1).isdecimal() else 0

    def _as_row_or_number(self, at: int) -> _Reading | None:
        row, number = self._as_row(at), self._as_number(at)
        if row is None or number is None or row.count > 1:
            return row or number
        exact = tuple(fact for fact in row.meanings if fold(fact.label) == fold(self.said(at, 1)))
        if not number.sure:
            return row
        return _Reading(1, number.meanings + exact) if exact else number

    def _as_row(self, at: int) -> _Reading | None:
        first = words(self.said(at, 1))
        if not first:
            return None
        near = [entry for entry in self.entries if any(word.startswith(first[0]) for word in entry.words)]
        for count, said in self._windows(at, _MOST_WORDS) if near else ():
            spoken = tuple(words(said))
            matched = _best_matches(spoken, near)
            if matched:
                facts = tuple(self._fact(Kind.REFERENCE, e.id, e.text, at, count, e.of) for e in matched)
                long_enough = sum(map(len, spoken)) >= _SHORTEST_BEGINNING or matched[0].words == spoken
                return _Reading(count, facts[:_MOST_MEANINGS], sure=len(facts) == 1 and long_enough)
        return None

    def _as_number(self, at: int) -> _Reading | None:
        said = self.said(at, 1)
        if not self.numbers or not re.fullmatch(r"[0-9]{1,9}", said):
            return None
        if int(said) not in self.numbers:
            return _Reading(1)
        return _Reading(1, (self._fact(Kind.NUMBER, int(said), said, at, 1),), sure=True)


@lru_cache(maxsize=4096)
def _row_words(text: str) -> Words:
    return tuple(words(text))


def _best_matches(spoken: Words, entries: list[_Entry]) -> list[_Entry]:
    """The rows that are these words; else those that begin with them; else those that have them further on."""
    exact = [entry for entry in entries if entry.words == spoken]
    if exact or len("".join(spoken)) < 2:
        return exact
    beginning = [entry for entry in entries if _begins(entry.words, spoken)]
    return beginning or [
        entry for entry in entries if any(_begins(entry.words[at:], spoken) for at in range(1, len(entry.words)))
    ]


def _begins(entry: Words, spoken: Words) -> bool:
    """Whether a row begins with the words said, the last of them perhaps cut short; numbers are never cut short."""
    whole, last = spoken[:-1], spoken[-1]
    if len(entry) < len(spoken) or entry[: len(whole)] != whole:
        return False
    return entry[len(whole)] == last or (not last.isdecimal() and entry[len(whole)].startswith(last))
