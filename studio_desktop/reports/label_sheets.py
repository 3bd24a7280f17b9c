"""The sheets, rolls and envelopes that addresses can be printed on, each a small file (B10).

Those of the shops lie in `resources/labels/`, those of this workstation in the folder `labels` beside its other data.
A new sheet is a new file; `avery-5160.toml` shows every key, `dymo-30252.toml` a roll, `brother-dk-22205.toml` a roll
that is cut to the text, `envelope-dl.toml` a page of its own size with the address as its one label.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from studio_desktop.domain.errors import InvalidInput, StudioError
from studio_desktop.paths import RESOURCES
from studio_desktop.settings import data_folder

POINTS = {"in": 72.0, "mm": 72 / 25.4}
"""What one unit of a sheet file is in points."""

_PAGES = {"letter": (612.0, 792.0), "a4": (210 * POINTS["mm"], 297 * POINTS["mm"])}


class Rect(NamedTuple):
    """A place on the page in points, counted from its top left corner."""

    left: float
    top: float
    width: float
    height: float


class Correction(NamedTuple):
    """How far one printer is off on one stock, in millimetres (B10).

    All labels stand `right` and `down`; each column and each row that much further than the one before it.
    """

    right: float = 0.0
    down: float = 0.0
    per_column: float = 0.0
    per_row: float = 0.0


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """A stock of labels, measured in points. On a roll each label is a page of its own.

    `name` is what people read (`Avery 5160`), `key` what commands and settings say (`avery-5160`). A `continuous` roll
    is cut after the text of each label; its height is that of the shortest piece.
    """

    key: str
    name: str
    description: str
    aliases: tuple[str, ...]
    page_width: float
    page_height: float
    columns: int
    rows: int
    label_width: float
    label_height: float
    margin_left: float
    margin_top: float
    pitch_x: float
    pitch_y: float
    roll: bool = False
    continuous: bool = False

    @property
    def count(self) -> int:
        """How many labels one page holds."""
        return self.columns * self.rows

    @property
    def simple_names(self) -> frozenset[str]:
        """All that it goes by, as `simple` writes it."""
        return frozenset(map(simple, (self.key, self.name, *self.aliases)))

    def cell_rect(self, index: int) -> Rect:
        """The label of that index on its page: 0 is the first, left to right, then top to bottom."""
        if not 0 <= index < self.count:
            raise IndexError(index)
        row, column = divmod(index, self.columns)
        return Rect(
            self.margin_left + column * self.pitch_x,
            self.margin_top + row * self.pitch_y,
            self.label_width,
            self.label_height,
        )

    def corrected(self, by: Correction) -> LabelSheet:
        """The same stock as one printer feeds it: everything printed on it stands as much further as it is off."""
        right, down, per_column, per_row = (millimetres * POINTS["mm"] for millimetres in by)
        return replace(
            self,
            margin_left=self.margin_left + right,
            margin_top=self.margin_top + down,
            pitch_x=self.pitch_x + per_column,
            pitch_y=self.pitch_y + per_row,
        )


def sheet(name: str) -> LabelSheet:
    """The sheet of that key, name or alias; case, blanks and hyphens do not matter.

    Raises `InvalidInput` that lists the sheets there are.
    """
    wanted = simple(name)
    for one in sheets():
        if wanted in one.simple_names:
            return one
    raise InvalidInput(
        "There is no label sheet {name}. There are {sheets}.",
        field="sheet",
        name=name,
        sheets=", ".join(one.key for one in sheets()),
    )


def sheets() -> tuple[LabelSheet, ...]:
    """All sheets, those of this workstation too, by name. One of its own that is wrong is not among them: `faults`."""
    return _stock(RESOURCES / "labels", own_folder()).sheets


def faults() -> tuple[StudioError, ...]:
    """What is wrong with the sheets of this workstation, each error naming the file and the key."""
    return _stock(RESOURCES / "labels", own_folder()).faults


def own_folder() -> Path:
    """Where this workstation keeps sheets of its own."""
    return data_folder() / "labels"


def forget_sheets() -> None:
    """Read the files anew when they are asked for next: there are others."""
    _stock.cache_clear()


def read_sheets(folder: Path) -> tuple[LabelSheet, ...]:
    """The sheets of a folder, by name. Raises `StudioError` that names the file and the key that is wrong."""
    found: list[LabelSheet] = []
    for path in sorted(folder.glob("*.toml")):
        one = read_sheet(path)
        _refuse_namesake(one, found)
        found.append(one)
    return _by_name(found)


def understood(key: str, content: Mapping[str, Any]) -> LabelSheet:
    """The sheet of a file's content. Raises `StudioError` that names the file and the key that is wrong."""
    return _Reader(f"{key}.toml", content).sheet(key)


def read_sheet(path: Path) -> LabelSheet:
    """The sheet that a file describes. Raises `StudioError` that names the file and the key that is wrong."""
    try:
        return understood(path.stem, tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudioError("The label sheet {file} cannot be read: {reason}.", file=path.name, reason=error) from error


class _Stock(NamedTuple):
    sheets: tuple[LabelSheet, ...]
    faults: tuple[StudioError, ...]


@cache
def _stock(shipped: Path, own: Path) -> _Stock:
    found, faults = [*read_sheets(shipped)], []
    for path in sorted(own.glob("*.toml")):
        try:
            one = read_sheet(path)
            _refuse_namesake(one, found)
            found.append(one)
        except StudioError as error:
            faults.append(error)
    return _Stock(_by_name(found), tuple(faults))


def _by_name(found: Iterable[LabelSheet]) -> tuple[LabelSheet, ...]:
    return tuple(sorted(found, key=lambda one: one.name))


def _refuse_namesake(one: LabelSheet, others: Iterable[LabelSheet]) -> None:
    for other in others:
        if shared := one.simple_names & other.simple_names:
            raise StudioError(
                "Two label sheets are called {name}: {first}.toml and {second}.toml.",
                name=min(shared), first=other.key, second=one.key,
            )  # fmt: skip


def simple(name: str) -> str:
    """A name by which a sheet is found: without case, blanks and hyphens."""
    return "".join(c for c in name.casefold() if c.isalnum())


_SLACK = 0.5  # points: printed measures are rounded


class _Reader:
    """Takes one key after the other out of a sheet file and complains of what is missing, wrong or left over."""

    def __init__(self, file: str, content: Mapping[str, Any]) -> None:
        self._file = file
        self._values = dict(_flattened(content))

    def sheet(self, key: str) -> LabelSheet:
        """The whole sheet."""
        name = self._text("name")
        description = self._text("description")
        aliases = self._aliases()
        points = POINTS[self._one_of("unit", POINTS)]
        width, height = (self._length(f"label.{side}", points) for side in ("width", "height"))
        continuous = False
        if roll := self._is_true("roll"):
            page, columns, rows, margin, pitch = (width, height), 1, 1, (0.0, 0.0), (width, height)
            continuous = self._is_true("continuous")
        else:
            page = self._page(points)
            columns, rows = self._count("columns"), self._count("rows")
            margin = self._length("margin.left", points, least=0), self._length("margin.top", points, least=0)
            pitch = self._length("pitch.x", points, least=width), self._length("pitch.y", points, least=height)
        found = LabelSheet(
            key=key,
            name=name,
            description=description,
            aliases=aliases,
            page_width=page[0],
            page_height=page[1],
            columns=columns,
            rows=rows,
            label_width=width,
            label_height=height,
            margin_left=margin[0],
            margin_top=margin[1],
            pitch_x=pitch[0],
            pitch_y=pitch[1],
            roll=roll,
            continuous=continuous,
        )
        for left_over in self._values:
            raise self._fault(left_over, "is not known here")
        last = found.cell_rect(found.count - 1)
        if last.left + last.width > found.page_width + _SLACK:
            raise self._fault("columns", "is more than the page is wide, with these measures")
        if last.top + last.height > found.page_height + _SLACK:
            raise self._fault("rows", "is more than the page is high, with these measures")
        return found

    def _take(self, key: str) -> Any:
        if key not in self._values:
            raise self._fault(key, "is missing")
        return self._values.pop(key)

    def _text(self, key: str) -> str:
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            raise self._fault(key, "must be a text in quotes")
        return value

    def _is_true(self, key: str) -> bool:
        value = self._values.pop(key, False)
        if not isinstance(value, bool):
            raise self._fault(key, "must be true or false")
        return value

    def _page(self, points: float) -> tuple[float, float]:
        """Paper of a name or of measures."""
        if "page.width" in self._values or "page.height" in self._values:
            return self._length("page.width", points), self._length("page.height", points)
        return _PAGES[self._one_of("page", _PAGES)]

    def _aliases(self) -> tuple[str, ...]:
        value = self._values.pop("aliases", [])
        if not isinstance(value, list) or not all(isinstance(alias, str) for alias in value):
            raise self._fault("aliases", 'must be a list of texts, as in ["5160", "8160"]')
        return tuple(value)

    def _one_of(self, key: str, choices: Iterable[str]) -> str:
        value = self._take(key)
        if value not in choices:
            raise self._fault(key, f"must be {' or '.join(choices)}")
        return str(value)

    def _length(self, key: str, points: float, least: float | None = None) -> float:
        """A length in points; it must be above 0, or at least `least` points."""
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._fault(key, "must be a number")
        if least is None and value <= 0:
            raise self._fault(key, "must be above 0")
        if least is not None and value * points < least - _SLACK:
            raise self._fault(key, "cannot be below 0" if least == 0 else "cannot be less than the label itself")
        return value * points

    def _count(self, key: str) -> int:
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise self._fault(key, "must be a whole number above 0")
        return value

    def _fault(self, key: str, fault: str) -> StudioError:
        return StudioError("In the label sheet {file}, {key} {fault}.", file=self._file, key=key, fault=fault)


def _flattened(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in content.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{inner}", one) for inner, one in value.items())
        else:
            yield key, value
