"""Label sheets out of files of gLabels: its lists (`*-templates.xml`, `*.template`) and documents (`*.glabels`).

Every sheet that is a grid of rectangles becomes a sheet file of this workstation; what is not is named with the reason.
A roll or a card that is higher than wide is turned, so that an address runs along its longer side.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat

import tomli_w

from studio_desktop.domain.errors import StudioError
from studio_desktop.reports.files import atomic_file
from studio_desktop.reports.label_sheets import LabelSheet, forget_sheets, own_folder, sheets, simple, understood

LARGEST = 20_000_000
"""Bytes of a file when it is unpacked; the largest list of gLabels has 60,000."""


@dataclass(frozen=True, slots=True)
class AddedSheets:
    """What a file brought: the sheets added, and for each that was not its name and why."""

    added: tuple[LabelSheet, ...]
    left_out: tuple[tuple[str, str], ...]


def add_sheets(path: Path) -> AddedSheets:
    """Add the sheets of a gLabels file to those of this workstation; one of the same name as before replaces it.

    Raises `StudioError` when the file cannot be read, is no file of gLabels, or a sheet cannot be written.
    """
    known = {name for one in sheets() if not (own_folder() / f"{one.key}.toml").exists() for name in one.simple_names}
    added: list[LabelSheet] = []
    left_out: list[tuple[str, str]] = []
    for template in _templates(path):
        if simple(template.name) in known:
            left_out.append((template.name, "is there already"))
            continue
        try:
            content = _sheet_file(template, known)
            added.append(understood(template.key, content))
        except (_NotPossible, StudioError) as why:
            left_out.append((template.name, str(why)))
            continue
        _keep(template.key, content)
    forget_sheets()
    return AddedSheets(tuple(added), tuple(left_out))


@dataclass(slots=True)
class _Template:
    """A `Template` element: its attributes, its labels and their layouts, and the parts that equal it."""

    attributes: Mapping[str, str]
    labels: list[tuple[str, Mapping[str, str]]]
    layouts: list[Mapping[str, str]]
    equals: list[str]

    @property
    def name(self) -> str:
        brand_and_part = " ".join(filter(None, (self.attributes.get("brand"), self.attributes.get("part"))))
        return brand_and_part or self.attributes.get("name", "")

    @property
    def key(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", self.name.casefold()).strip("-")[:80] or "sheet"


class _NotPossible(Exception):
    """A sheet that cannot be one of ours, with the reason."""


def _templates(path: Path) -> Iterable[_Template]:
    """The templates of a file in its order. Raises StudioError."""
    found: list[_Template] = []
    by_name: dict[str, _Template] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "Template":
            template = _Template(attributes, [], [], [])
            twin = by_name.get(simple(f"{attributes.get('brand', '')} {attributes.get('equiv', '')}"))
            if "equiv" in attributes:
                if twin is not None:
                    twin.equals.append(attributes.get("part", ""))
                return
            found.append(template)
            by_name[simple(template.name)] = template
        elif found and tag.startswith("Label-"):
            found[-1].labels.append((tag, attributes))
        elif found and tag == "Layout":
            found[-1].layouts.append(attributes)

    def refuse(*_: Any) -> None:
        raise StudioError("{file} declares entities, as no file of gLabels does.", file=path.name)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(_unpacked(path), True)
    except expat.ExpatError as error:
        raise StudioError("{file} is no file of gLabels: {reason}.", file=path.name, reason=error) from error
    if not found:
        raise StudioError("{file} holds no label sheets of gLabels.", file=path.name)
    return found


def _unpacked(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        if content[:2] == b"\x1f\x8b":
            with gzip.open(path) as file:
                content = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise StudioError("{file} cannot be read: {reason}.", file=path.name, reason=error) from error
    if len(content) > LARGEST:
        raise StudioError("{file} is too large for a list of label sheets.", file=path.name)
    return content


_MILLIMETRES = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "pc": 25.4 / 6, "": 25.4 / 72}
_LENGTH = re.compile(r"\s*([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)\s*([a-z]*)\s*")
_PAPERS = {
    "a4": (210.0, 297.0), "a5": (148.0, 210.0), "a6": (105.0, 148.0), "b5": (176.0, 250.0),
    "us-letter": (215.9, 279.4), "us-legal": (215.9, 355.6), "us-executive": (184.15, 266.7),
    "number10": (104.775, 241.3), "monarch": (98.425, 190.5), "dl": (110.0, 220.0), "c5": (162.0, 229.0),
    "c6": (114.0, 162.0),
}  # fmt: skip


def _sheet_file(template: _Template, known: set[str]) -> dict[str, Any]:
    """What our file of the sheet says, in millimetres."""
    if [tag for tag, _ in template.labels] != ["Label-rectangle"]:
        raise _NotPossible("its labels are not rectangles")
    if len(template.layouts) != 1:
        raise _NotPossible("its labels lie in more than one grid")
    label, layout = template.labels[0][1], template.layouts[0]
    columns, rows = (_count(layout.get(name, "")) for name in ("nx", "ny"))
    width, height = _length(label, "width"), _length(label, "height")
    left, top = _length(layout, "x0", 0.0), _length(layout, "y0", 0.0)
    across, down = _length(layout, "dx", 0.0), _length(layout, "dy", 0.0)
    page = _paper(template.attributes)
    is_roll = template.attributes.get("size", "").casefold() in ("roll", "other") and (columns, rows) == (1, 1)
    if (columns, rows) == (1, 1) and page[1] > page[0] and height > width:
        width, height, left, top, page = height, width, top, left, page[::-1]
    said = f"{width:.4g} × {height:.4g} mm"
    what = template.attributes.get("_description") or template.attributes.get("description") or "Labels"
    aliases = [f"{template.attributes.get('brand', '')} {part}".strip() for part in template.equals if part]
    content: dict[str, Any] = {
        "name": template.name,
        "description": f"{what}, {said}" if is_roll else f"{what}, {columns} × {rows}, {said}",
        "aliases": sorted({alias for alias in aliases if simple(alias) not in known}),
        "unit": "mm",
        "label": _measured(width=width, height=height),
    }
    if is_roll and (left, top) == (0, 0):
        return {**content, "roll": True}
    return {
        **content,
        "page": _measured(width=page[0], height=page[1]),
        "columns": columns,
        "rows": rows,
        "margin": _measured(left=left, top=top),
        # A grid of one column needs no pitch, and lists say 0 or nonsense.
        "pitch": _measured(x=across if columns > 1 else width, y=down if rows > 1 else height),
    }


def _paper(attributes: Mapping[str, str]) -> tuple[float, float]:
    named = attributes.get("size", "").casefold()
    if named in _PAPERS:
        return _PAPERS[named]
    if named in ("other", "roll"):
        return _length(attributes, "width"), _length(attributes, "height")
    raise _NotPossible(f"its paper {attributes.get('size') or 'without a name'} is not known here")


def _length(attributes: Mapping[str, str], name: str, default: float | None = None) -> float:
    """A length in millimetres; without a unit it is in points, as gLabels reads it."""
    text = attributes.get(name, "")
    if not text.strip() and default is not None:
        return default
    found = _LENGTH.fullmatch(text)
    if found is None or found[2] not in _MILLIMETRES:
        raise _NotPossible(f"its {name} cannot be read: {text or 'nothing'}")
    return float(found[1]) * _MILLIMETRES[found[2]]


def _count(text: str) -> int:
    if not text.strip().isdecimal() or not 1 <= int(text) <= 999:
        raise _NotPossible(f"its number of labels cannot be read: {text or 'nothing'}")
    return int(text)


def _measured(**lengths: float) -> dict[str, float]:
    return {name: round(value, 3) for name, value in lengths.items()}


def _keep(key: str, content: Mapping[str, Any]) -> None:
    """Write our file beside those there are."""
    folder = own_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(
            "There is no folder {folder}, and it cannot be made: {why}.", folder=folder, why=error.strerror
        ) from error
    with atomic_file(folder / f"{key}.toml") as file:
        tomli_w.dump(content, file)
