"""The sheets and rolls of labels that can be printed on, each a small file in `resources/labels/` (B10).

A new sheet is a new file; `avery-5160.toml` shows every key, `dymo-30252.toml` a roll.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from studio_desktop.domain.errors import InvalidInput, StudioError
from studio_desktop.paths import RESOURCES

POINTS = {"in": 72.0, "mm": 72 / 25.4}
"""What one unit of a sheet file is in points."""

_PAGES = {"letter": (612.0, 792.0), "a4": (210 * POINTS["mm"], 297 * POINTS["mm"])}


class Rect(NamedTuple):
    """A place on the page in points, counted from its top left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """A stock of labels, measured in points. On a roll each label is a page of its own.

    `name` is what people read (`Avery 5160`), `key` what commands and settings say (`avery-5160`).
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

    @property
    def count(self) -> int:
        """How many labels one page holds."""
        return self.columns * self.rows

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


def sheet(name: str) -> LabelSheet:
    """The sheet of that key, name or alias; case, blanks and hyphens do not matter.

    Raises `InvalidInput` that lists the sheets there are.
    """
    wanted = _simple(name)
    for one in sheets():
        if wanted in map(_simple, (one.key, one.name, *one.aliases)):
            return one
    raise InvalidInput(
        "There is no label sheet {name}. There are {sheets}.",
        field="sheet",
        name=name,
        sheets=", ".join(one.key for one in sheets()),
    )


@cache
def sheets(folder: Path = RESOURCES / "labels") -> tuple[LabelSheet, ...]:
    """All sheets, by name. Raises `StudioError` that names the file and the key that is wrong."""
    found = sorted((read_sheet(path) for path in folder.glob("*.toml")), key=lambda one: one.name)
    names: dict[str, str] = {}
    for one in found:
        for name in {_simple(name) for name in (one.key, one.name, *one.aliases)}:
            if names.setdefault(name, one.key) != one.key:
                raise StudioError(
                    "Two label sheets are called {name}: {first}.toml and {second}.toml.",
                    name=name,
                    first=names[name],
                    second=one.key,
                )
    return tuple(found)


def read_sheet(path: Path) -> LabelSheet:
    """The sheet that a file describes. Raises `StudioError` that names the file and the key that is wrong."""
    try:
        return _Reader(path.name, tomllib.loads(path.read_text("utf-8"))).sheet(path.stem)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudioError("The label sheet {file} cannot be read: {reason}.", file=path.name, reason=error) from error


def _simple(name: str) -> str:
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
        if roll := self._is_roll():
            page, columns, rows, margin, pitch = (width, height), 1, 1, (0.0, 0.0), (width, height)
        else:
            page = _PAGES[self._one_of("page", _PAGES)]
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

    def _is_roll(self) -> bool:
        value = self._values.pop("roll", False)
        if not isinstance(value, bool):
            raise self._fault("roll", "must be true or false")
        return value

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
