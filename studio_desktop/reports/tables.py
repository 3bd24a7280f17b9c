"""A table as plain data, before it becomes a PDF, a workbook or a CSV file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.phones import Phone


class ColumnKind(StrEnum):
    """What a column's cells hold: the type named, or None where there is nothing."""

    TEXT = "text"  # str, or a tuple of str: facts side by side
    NUMBER = "number"  # int or Decimal
    DAY = "day"  # datetime.date
    PARTIAL_DATE = "partial_date"  # PartialDate
    INSTANT = "instant"  # aware datetime
    FLAG = "flag"  # bool
    PHONE = "phone"  # Phone, or str as typed


class Align(StrEnum):
    """Where text stands in its cell."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column. `width` is that of its widest usual value, in characters; on paper a text has at most `lines`."""

    key: str
    title: str
    kind: ColumnKind = ColumnKind.TEXT
    width: int = 16
    align: Align | None = None
    lines: int = 5

    @property
    def alignment(self) -> Align:
        """The alignment asked for, else that of the kind: numbers at the right, flags in the middle."""
        return self.align or _BY_KIND.get(self.kind, Align.LEFT)


_BY_KIND = {ColumnKind.NUMBER: Align.RIGHT, ColumnKind.FLAG: Align.CENTER}


@dataclass(frozen=True, slots=True)
class StudioHead:
    """Whose document it is: the studio's name, lines such as its address and phone, and for paper its logo as JPEG.

    `logo_width` is in millimetres.
    """

    name: str
    lines: tuple[str, ...] = ()
    logo: bytes = b""
    logo_width: int = 30


@dataclass(frozen=True, slots=True)
class Group:
    """Stands between rows: those that follow, up to the next group, belong under this heading."""

    title: str


@dataclass(frozen=True, slots=True)
class TableDocument:
    """All that a list or report says besides its rows (B12), and how its values read.

    `language` is a code such as `en` or `de-AT`; `zone` None is the computer's own. `group_title` names what the rows
    are grouped by and must be given where groups occur: a PDF shows each group as a heading, a workbook and a CSV file
    show it in a first column of that title, so that sorting keeps it. `total` is a last row of sums, which paper and
    workbook set apart from the others, so that sorting leaves it; a CSV file holds the bare rows. On paper the rows of
    a `handwritten` document leave room to write in, and beside the title stands the `picture`, a JPEG.
    """

    title: str
    columns: tuple[ColumnSpec, ...]
    studio: StudioHead
    subtitles: tuple[str, ...] = ()
    printed_at: str = ""
    group_title: str = ""
    total: Sequence[object] = ()
    language: str = "en"
    formats: Formats = field(default_factory=Formats)
    zone: tzinfo | None = None
    handwritten: bool = False
    picture: bytes = b""
    paper: Literal["letter", "a4"] = "letter"

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("a table needs a column")

    def shown(self, value: object) -> str:
        """A cell as it reads on paper, in the studio's formats; None is empty, and so is a flag that is not set."""
        match value:
            case str():
                return value
            case tuple():
                return ", ".join(value)
            case None | False:
                return ""
            case True:
                return "Yes"
            case int() | Decimal():
                return self.formats.number(value)
            case datetime():
                return self.formats.instant(value, zone=self.zone)
            case date():
                return self.formats.day(value)
            case PartialDate():
                return self.formats.partial(value)
            case Phone():
                return self.formats.phone(value.typed, value.e164, value.extension)
            case _:
                raise TypeError(f"a cell cannot hold {type(value).__name__}")


Row = Sequence[object]
Rows = Iterable[Row | Group]


def grouped_columns(document: TableDocument) -> tuple[ColumnSpec, ...]:
    """The columns where a group is a column of its own."""
    if not document.group_title:
        return document.columns
    return (ColumnSpec("group", document.group_title, width=20), *document.columns)


def rows_with_group(document: TableDocument, rows: Rows) -> Iterable[Row]:
    """The rows with their group's title as first cell, if the document is grouped."""
    group = ""
    for row in rows:
        if isinstance(row, Group):
            group = row.title
        else:
            yield (group, *row) if document.group_title else row
