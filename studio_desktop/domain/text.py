"""The one border that text crosses on its way into a record, and the folding by which it is found again."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from itertools import compress
from operator import is_not
from typing import TYPE_CHECKING, Any, TypeVar

from studio_desktop.domain import fields
from studio_desktop.domain.errors import InvalidFields, InvalidInput
from studio_desktop.domain.fields import Kind

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")


def clean_line(text: str, limit: int, field: str | None = None, *, label: str = "This") -> str:
    """`text` as one line can be kept: NFC, without control characters, stripped, at most `limit` code points.

    Line breaks and tabs become a blank. Raises `InvalidInput` that names `field` and begins with `label`.
    """
    return _fitting(_BREAK.sub(" ", text), limit, field, label)


def clean_note(text: str, limit: int, field: str | None = None, *, label: str = "This") -> str:
    r"""As `clean_line`, for text of many lines: every kind of line break becomes `\n`, a tab a blank."""
    return _fitting(_BREAK.sub(_note_break, text), limit, field, label)


def clean_record(record: Record) -> Record:
    """The record with all its text cleaned, rows included.

    Raises `InvalidFields` with a sentence for each field that cannot be kept; a fault inside rows is named by its
    path, as `phones.1.typed`. Payment card numbers are refused in every field, and numbers beyond their bounds.
    """
    faults: dict[str, InvalidInput] = {}
    cleaned = _cleaned(record, "", faults)
    if faults:
        raise InvalidFields(faults)
    return cleaned


def is_email(text: str) -> bool:
    """Whether this is exactly one e-mail address."""
    return _MAIL.fullmatch(text) is not None


def fold(text: str) -> str:
    """Text as it is searched and sorted: case, accents and apostrophes away, Latin letters in ASCII.

    Folding what is folded changes nothing.
    """
    if _is_plain_ascii(text):
        return text.lower()
    bare = unicodedata.normalize("NFKD", text.casefold().translate(_SPELLED_OUT))
    letters = "".join([c for c in bare if not unicodedata.combining(c)])
    # Compatibility letters (a bold or circled A) only become capitals by NFKD, hence the second casefold.
    return letters.lower() if _is_plain_ascii(letters) else letters.casefold().translate(_SPELLED_OUT)


def words(text: str) -> list[str]:
    """The folded words: runs of letters and digits."""
    return _WORD.findall(fold(text))


def has_words_beginning(sought: list[str], text: str) -> bool:
    """Whether each of these folded beginnings begins a word of the text."""
    known = words(text)
    return all(any(word.startswith(part) for word in known) for part in sought)


def _is_plain_ascii(text: str) -> bool:
    return text.isascii() and "'" not in text and "`" not in text


_SPELLED_OUT = str.maketrans(
    {
        "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ß": "ss",
        "'": None, "’": None, "`": None, "ʼ": None,
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")

_BREAK = re.compile("\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
_DROPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\u202a-\u202e\u2066-\u2069]")
_LAST_OF_PLANES = "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
_UNKEEPABLE = re.compile(f"[\ud800-\udfff\ufdd0-\ufdef{_LAST_OF_PLANES}]")


def _note_break(match: re.Match[str]) -> str:
    return " " if match[0] == "\t" else "\n"


def _fitting(text: str, limit: int, field: str | None, label: str) -> str:
    unkeepable = _UNKEEPABLE.search(text)
    if unkeepable:
        raise InvalidInput(
            "{label} holds a damaged character ({code}) after {place}. Delete it and type it again.",
            field=field,
            label=label,
            code=f"U+{ord(unkeepable[0]):04X}",
            place=f"{unkeepable.start()} others",
        )
    text = unicodedata.normalize("NFC", _DROPPED.sub("", text)).strip()
    excess = len(text) - limit
    if excess > 0:
        raise InvalidInput(
            "{label} is {excess} too long; at most {limit} fit.",
            field=field,
            label=label,
            excess="1 character" if excess == 1 else f"{excess} characters",
            limit=limit,
        )
    return text


def _cleaned(record: Record, path: str, faults: dict[str, InvalidInput]) -> Record:
    cleaned: dict[str, Any] = {}
    checked, values_of, bounded = _checked_fields(type(record))
    for spec, (lowest, highest) in bounded:
        value = getattr(record, spec.name)
        if value is not None and not lowest <= value <= highest:
            faults[path + spec.name] = _beyond(spec, path + spec.name)
    values = values_of(record)
    for spec, value in compress(zip(checked, values, strict=True), values):  # most are empty
        where = path + spec.name
        if spec.kind is Kind.ROWS:
            rows = tuple([_cleaned(row, f"{where}.{at}.", faults) for at, row in enumerate(value)])
            if any(map(is_not, rows, value)):
                cleaned[spec.name] = rows
        elif not _is_plain(value, spec):
            try:
                after = _cleaned_text(value, spec, where)
            except InvalidInput as fault:
                faults[where] = fault
            else:
                if after != value:
                    cleaned[spec.name] = after
    return dataclasses.replace(record, **cleaned) if cleaned else record


def _is_plain(text: str, spec: fields.FieldSpec) -> bool:
    """Whether a text has nothing to mend or refuse, as nearly all that an import brings."""
    return (
        len(text) <= spec.limit
        and text.isascii()
        and text.isprintable()
        and text[0] != " " != text[-1]
        and (len(text) < _SHORTEST_CARD or _DIGIT_RUN.search(text) is None)
        and (spec.kind in _OF_ANY_LINE or (spec.kind is Kind.EMAIL and is_email(text)))
    )


@cache
def _checked_fields(
    record: type,
) -> tuple[list[fields.FieldSpec], Callable[[Any], tuple[Any, ...]], list[tuple[fields.FieldSpec, tuple[int, int]]]]:
    """The fields of a record that are cleaned or refused, what takes their values, and the numbers with bounds."""
    specs = [spec for spec in fields.specs(record).values() if not spec.derived]
    checked = [spec for spec in specs if spec.kind is Kind.ROWS or spec.kind in _CLEANERS]
    bounded = [(spec, spec.bounds) for spec in specs if spec.bounds is not None]
    return checked, fields.values_of([spec.name for spec in checked]), bounded


def _beyond(spec: fields.FieldSpec, where: str) -> InvalidInput:
    lowest, highest = spec.bounds or (0, 0)
    return InvalidInput(
        "{label} is a whole number from {lowest} to {highest}, or empty.",
        field=where,
        label=spec.label,
        lowest=lowest,
        highest=highest,
    )


def _cleaned_text(value: str, spec: fields.FieldSpec, where: str) -> str:
    text = _CLEANERS[spec.kind](value, spec.limit, where, label=spec.label)
    if spec.of is Kind.IDENTITY:  # one in ten thousand of them reads like a card's number
        return text
    if len(text) >= _SHORTEST_CARD and _has_card_number(text, 14 if spec.kind is Kind.PHONE else _SHORTEST_CARD):
        raise InvalidInput(
            "{label} holds what looks like a payment card number. Card numbers are not kept here; "
            "write its last four digits only.",
            field=where,
            label=spec.label,
        )
    if text and spec.kind is Kind.EMAIL:
        _check_email(text, where)
    elif text and spec.kind is Kind.LINK:
        _check_link(text, where, spec.label)
    return text


_CLEANERS = {
    Kind.TEXT: clean_line,
    Kind.NOTE: clean_note,
    Kind.PHONE: clean_line,
    Kind.EMAIL: clean_line,
    Kind.LINK: clean_line,
}

_OF_ANY_LINE = (Kind.TEXT, Kind.PHONE)
_DIGIT_RUN = re.compile(r"(?<![\d=/])\+?\d(?:[ \u00a0.–-]{0,3}\d){12,18}(?!\d)")
_LONGEST_PHONE = 15  # E.164
_SHORTEST_CARD = 13

# Issuer prefixes as (first, last, lengths): Visa, Mastercard, American Express, Discover, Diners Club, JCB, UnionPay,
# Maestro.
_ISSUERS = (
    (4, 4, {13, 16, 19}),
    (51, 55, {16}),
    (2221, 2720, {16}),
    (34, 34, {15}),
    (37, 37, {15}),
    (6011, 6011, {16, 19}),
    (644, 659, {16, 19}),
    (300, 305, {14, 16, 19}),
    (36, 36, {14, 16, 19}),
    (38, 39, {14, 16, 19}),
    (3528, 3589, {16, 19}),
    (62, 62, {16, 17, 18, 19}),
    (50, 50, {13, 14, 15, 16, 17, 18, 19}),
    (56, 58, {13, 14, 15, 16, 17, 18, 19}),
    (6759, 6763, {13, 14, 15, 16, 17, 18, 19}),
)


def _has_card_number(text: str, shortest: int) -> bool:
    """Whether a run of digits has a card's length, grouping, issuer and check digit (RELIABILITY case 103)."""
    return any(_is_card_number(run, shortest) for run in _digit_runs(text))


def _digit_runs(text: str) -> Iterator[str]:
    return (match[0] for match in _DIGIT_RUN.finditer(text))


def _is_card_number(run: str, shortest: int) -> bool:
    groups = [len(group) for group in re.findall(r"\d+", run)]
    if len(groups) > 1 and (groups[0] != 4 or min(groups[1:-1], default=4) < 3):
        return False  # two dates, or a phone's country and area code
    digits = [int(c) for c in run if c.isdecimal()]
    if len(digits) < shortest or (run[0] == "+" and len(digits) <= _LONGEST_PHONE):
        return False
    number = "".join(map(str, digits))
    issued = any(
        first <= int(number[: len(str(first))]) <= last and len(number) in lengths for first, last, lengths in _ISSUERS
    )
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return issued and (sum(doubled) + sum(digits[::-2])) % 10 == 0


_MAIL_NAME = re.compile(r"[^\s@,;:<>()\[\]\\\"]{1,64}")
_MAIL_DOMAIN = re.compile(r"(?:[\w](?:[\w-]*[\w])?\.)+[^\W\d_](?:[\w-]*[\w])")
_MAIL = re.compile(rf"(?!\.|.*\.[.@]){_MAIL_NAME.pattern}@{_MAIL_DOMAIN.pattern}")


def _check_email(text: str, where: str) -> None:
    if is_email(text):
        return
    if text.count("@") > 1 or re.search(r"[\s,;<>]", text):
        raise InvalidInput("Write one e-mail address and nothing else, as in ann@example.com.", field=where)
    name, at, _ = text.partition("@")
    if not at:
        raise InvalidInput("An e-mail address needs an @, as in ann@example.com.", field=where)
    if not _MAIL_NAME.fullmatch(name) or name[0] == "." or name[-1] == "." or ".." in name:
        raise InvalidInput("What stands before the @ is not the name of a mailbox, as in ann@example.com.", field=where)
    raise InvalidInput("What stands after the @ is not a mail domain, as in ann@example.com.", field=where)


_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!\d+(?:[/?#]|$))")
_ADDRESS = re.compile(r"(?:https?://)?[^\s/?#@:]+\.[^\s/?#@:.]+(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)


def _check_link(text: str, where: str, label: str) -> None:
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise InvalidInput(
            "{label} may begin with http:// or https://, not with {scheme}:",
            field=where,
            label=label,
            scheme=scheme[1],
        )
    if not _ADDRESS.fullmatch(text):
        raise InvalidInput("Write the web address without blanks, as in www.example.com/ann.", field=where)
