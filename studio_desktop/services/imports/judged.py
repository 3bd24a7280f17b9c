"""The judged rows of a file: on the disk, with the few bytes of each in memory by which they are counted and found."""

from __future__ import annotations

import dataclasses
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress
from operator import attrgetter, is_not
from typing import Any

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.records.clients import (
    AddressRow,
    ClientRecord,
    EmailRow,
    FamilyMember,
    OrganizationRow,
    PhoneRow,
    PlanDateRow,
)
from studio_desktop.domain.text import fold
from studio_desktop.services.imports.plan import VERDICTS, FieldChange, Judged, Past, RowNote, Tie, Words
from studio_desktop.services.imports.spool import Spool


class JudgedRows:
    """Rows in the order of the file, each at a place from 0; read them in that order where many are wanted."""

    def __init__(self) -> None:
        self._rows: Spool[Judged] = Spool(reducers=_REDUCERS)
        self.verdicts = bytearray()
        """The verdict of each, as a place in `VERDICTS`."""
        self._numbers = array("L")
        self._clients = array("q")
        self._with_number = bytearray()
        self._by_name = array("L")
        self.names: list[str] = []
        """What each is called, until `finish`: who knows them need not look them up on the disk."""
        self.tied = array("L")
        """The places of rows that name other clients."""

    def append(self, row: Judged) -> None:
        """Add the next row of the file."""
        if row.ties:
            self.tied.append(len(self))
        self._rows.append(row)
        self.verdicts.append(VERDICTS.index(row.verdict))
        self._numbers.append(row.number)
        self._clients.append(row.client_id)
        self._with_number.append(row.record is not None and bool(row.record.number))
        self.names.append(row.name)

    def finish(self) -> None:
        """All rows are there: put them in order."""
        folded = list(map(fold, self.names))
        self._by_name = array("L", sorted(range(len(folded)), key=folded.__getitem__))
        self.names = []

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def __getitem__(self, place: int) -> Judged:
        """The row at a place. Raises IndexError."""
        return self._rows[place]

    def __iter__(self) -> Iterator[Judged]:
        """All rows in the order of the file."""
        return iter(self._rows)

    def at(self, places: Iterable[int]) -> Iterator[Judged]:
        """The rows at these places."""
        return map(self._rows.__getitem__, places)

    def place_of(self, number: int) -> int | None:
        """Where the row of this number in the spreadsheet stands; None for one that is not here."""
        place = bisect_left(self._numbers, number)
        return place if place < len(self) and self._numbers[place] == number else None

    def number(self, place: int) -> int:
        """The number in the spreadsheet of the row at a place."""
        return self._numbers[place]

    def client_id(self, place: int) -> int:
        """The client of the studio whom the row at a place means, or 0."""
        return self._clients[place]

    def has_number(self, place: int) -> bool:
        """Whether the row at a place brings a client's number."""
        return bool(self._with_number[place])

    def by_name(self) -> Sequence[int]:
        """All places, in the order of names."""
        return self._by_name


def _sparse(kind: Any) -> Callable[[Any], Any]:
    """Of many fields most are as nobody filled them: only the others are kept."""
    fields = dataclasses.fields(kind)
    names = tuple(field.name for field in fields)
    usual = tuple(field.default for field in fields)
    values_of = attrgetter(*names)

    def reduced(record: Any) -> Any:
        values = values_of(record)
        return _made, (kind, dict(compress(zip(names, values, strict=True), map(is_not, values, usual))))

    return reduced


def _made(kind: Callable[..., Any], values: dict[str, Any]) -> Any:
    return kind(**values)


def _whole(kind: Any) -> Callable[[Any], Any]:
    values_of = attrgetter(*(field.name for field in dataclasses.fields(kind)))
    return lambda record: (kind, values_of(record))


_REDUCERS: dict[type, Callable[[Any], Any]] = {
    **{kind: _sparse(kind) for kind in (Judged, ClientRecord, Words, Past)},
    **{
        kind: _whole(kind)
        for kind in (
            PhoneRow, EmailRow, AddressRow, FamilyMember, OrganizationRow, PlanDateRow, PartialDate, RowNote, Tie,
            FieldChange,
        )
    },
}  # fmt: skip
"""A dataclass is pickled field by field otherwise, past its lock, which takes twice as long."""
