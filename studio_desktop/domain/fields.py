"""What kind of fact each field of a record holds, declared once as metadata of its dataclass.

Forms, the line, imports, history and the merge all read the same declaration:

    @dataclass(frozen=True, slots=True)
    class TaskRecord:
        subject: str = text("Subject", limit=120)
        due_on: date | None = day("Due")
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from functools import cache
from operator import attrgetter
from typing import Any

from studio_desktop.domain.dates import PartialDate


class Kind(Enum):
    """The kinds of facts a field can hold."""

    IDENTITY = "identity"  # id, version, uid: never merged, never shown in history
    TEXT = "text"  # one line
    NOTE = "note"  # many lines
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"  # datetime.date
    PARTIAL_DATE = "partial_date"  # PartialDate: the year may be missing
    INSTANT = "instant"  # datetime, UTC
    CHOICE = "choice"  # a StrEnum
    REFERENCE = "reference"  # id of a catalog row or another record
    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    IMAGE = "image"  # the hash of a picture that is kept apart, or ""
    ROWS = "rows"  # tuple of records of their own, told apart by uid
    MEMBERS = "members"  # frozenset of ids


class Capitals(Enum):
    """What is named by a text, and so how it gets its capitals where somebody typed small letters (S4-23)."""

    PERSON = "person"
    COMPANY = "company"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """The declaration of one field. `limit` is a length in code points; `couple` names fields that merge as one.

    `bounds` are the lowest and the highest number there may be.
    `capitals` are given to a name typed in small letters.
    `derived` fields are computed by the service: shown, but never written from a form and never compared.
    `of` is the catalog's name for a reference or members, the StrEnum for a choice, the row's class for rows, and of a
    text `Kind.IDENTITY` where it is no person's words but another row's uid.
    """

    name: str
    kind: Kind
    label: str
    limit: int = 0
    of: Any = None
    couple: str = ""
    derived: bool = False
    capitals: Capitals | None = None
    bounds: tuple[int, int] | None = None


_KEY = "studio.field"


def _declare(
    kind: Kind,
    label: str,
    default: Any,
    *,
    limit: int = 0,
    of: Any = None,
    couple: str = "",
    derived: bool = False,
    capitals: Capitals | None = None,
    bounds: tuple[int, int] | None = None,
) -> Any:
    spec = FieldSpec("", kind, label, limit, of, couple, derived, capitals, bounds)
    return dataclasses.field(default=default, compare=not derived, metadata={_KEY: spec})


def identity(default: Any = 0) -> Any:
    """A key or version; not a fact about the record."""
    return _declare(Kind.IDENTITY, "", default)


def text(
    label: str, limit: int = 100, *, couple: str = "", derived: bool = False, capitals: Capitals | None = None
) -> Any:
    """One line of text; a name says by `capitals` of what."""
    return _declare(Kind.TEXT, label, "", limit=limit, couple=couple, derived=derived, capitals=capitals)


def row_uid(label: str) -> Any:
    """The uid of another row of the record, made by the program; empty for the record itself."""
    return _declare(Kind.TEXT, label, "", limit=36, of=Kind.IDENTITY)


def note(label: str, limit: int = 64_000) -> Any:
    """Text of many lines."""
    return _declare(Kind.NOTE, label, "", limit=limit)


def number(label: str, *, couple: str = "", derived: bool = False, bounds: tuple[int, int] | None = None) -> Any:
    """A whole number, or None; within `bounds`, both included."""
    return _declare(Kind.NUMBER, label, None, couple=couple, derived=derived, bounds=bounds)


def flag(label: str, default: bool = False, *, couple: str = "") -> Any:
    """Yes or no."""
    return _declare(Kind.FLAG, label, default, couple=couple)


def day(label: str, *, couple: str = "") -> Any:
    """A date, or None."""
    return _declare(Kind.DAY, label, None, couple=couple)


def partial_date(label: str) -> Any:
    """A date whose year may be unknown, or None."""
    return _declare(Kind.PARTIAL_DATE, label, None)


def instant(label: str, *, derived: bool = True) -> Any:
    """A moment in UTC, or None."""
    return _declare(Kind.INSTANT, label, None, derived=derived)


def choice(label: str, default: StrEnum, *, couple: str = "") -> Any:
    """One of an enumeration's members."""
    return _declare(Kind.CHOICE, label, default, of=type(default), couple=couple)


def reference(label: str, of: str, *, couple: str = "") -> Any:
    """The id of a row of catalog or table `of`, or None."""
    return _declare(Kind.REFERENCE, label, None, of=of, couple=couple)


def phone(label: str, limit: int = 60) -> Any:
    """A phone number as typed; never refused."""
    return _declare(Kind.PHONE, label, "", limit=limit)


def email(label: str, limit: int = 254) -> Any:
    """An e-mail address."""
    return _declare(Kind.EMAIL, label, "", limit=limit)


def link(label: str, limit: int = 300) -> Any:
    """A web address."""
    return _declare(Kind.LINK, label, "", limit=limit)


def image(label: str) -> Any:
    """A picture, by the hash under which it is kept; "" is none."""
    return _declare(Kind.IMAGE, label, "")


def rows(label: str, of: type) -> Any:
    """A tuple of records of class `of`, each with a `uid`."""
    return _declare(Kind.ROWS, label, (), of=of)


def members(label: str, of: str) -> Any:
    """A frozenset of ids of catalog `of`."""
    return _declare(Kind.MEMBERS, label, frozenset(), of=of)


def specs(record: Any) -> Mapping[str, FieldSpec]:
    """The declarations of a record class by field name, in their order."""
    return _specs(record)


def values_of(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What takes these attributes of a record all at once."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)


@cache
def _specs(record: Any) -> Mapping[str, FieldSpec]:
    return {
        f.name: dataclasses.replace(f.metadata[_KEY], name=f.name)
        for f in dataclasses.fields(record)
        if _KEY in f.metadata
    }


Value = None | str | int | bool | date | datetime | PartialDate | StrEnum | tuple[Any, ...] | frozenset[int]
