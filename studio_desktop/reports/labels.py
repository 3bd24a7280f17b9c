"""Mailing labels as PDF, for any sheet and any script (B10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from reportlab.lib.colors import HexColor

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.reports import fonts
from studio_desktop.reports.files import atomic_file
from studio_desktop.reports.fonts import Line, typeset
from studio_desktop.reports.label_sheets import LabelSheet, Rect
from studio_desktop.reports.pdf import PageCanvas


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on one label; blank lines close up, and the last line is the one that must not be lost."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelResult:
    """What was printed, copies included: `shrunk` labels are in smaller type, `cut` ones lack some of their text.

    `replaced_characters` are those that no shipped font holds.
    """

    count: int
    pages: int
    shrunk: int
    cut: int
    replaced_characters: int


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A label as it stands in its cell: each line with its left end and baseline, in points from the cell's top left.

    `complete` is False where some of the text found no room.
    """

    lines: tuple[tuple[float, float, Line], ...]
    size: float
    complete: bool


def lay_out(lines: Sequence[str], sheet: LabelSheet) -> LaidOut:
    """The lines in the largest type in which they fit: they shrink, wrap, share a line, and only then are cut."""
    width, height = sheet.label_width - 2 * _PADDING_X, sheet.label_height - 2 * _PADDING_Y
    typeset_lines, size, complete = _set([line for line in lines if line.strip()], width, height)
    leading = size * _LEADING
    first_baseline = (sheet.label_height - len(typeset_lines) * leading) / 2 + size * 0.86
    # An address is one block: its numbers and foreign lines stand on the side of most of its lines.
    at_right = 2 * sum(line.right_to_left for line in typeset_lines) > len(typeset_lines)
    placed = (
        (_PADDING_X + (width - line.width * size if at_right else 0), first_baseline + at * leading, line)
        for at, line in enumerate(typeset_lines)
    )
    return LaidOut(tuple(placed), size, complete)


def cut_to(lines: Sequence[str], sheet: LabelSheet) -> LabelSheet:
    """The stock as it is for these lines: of a continuous roll the piece that they need, else all of it."""
    if not sheet.continuous:
        return sheet
    needed = sum(bool(line.strip()) for line in lines) * _LARGEST * _LEADING + 2 * _PADDING_Y
    height = max(sheet.label_height, needed)
    return replace(sheet, label_height=height, page_height=height)


def write_labels(
    target: Path | BinaryIO,
    labels: Iterable[Label],
    sheet: LabelSheet,
    *,
    start: int = 1,
    copies: int = 1,
    outline: bool = False,
) -> LabelResult:
    """Writes the labels from left to right and top to bottom, each `copies` times.

    `start` is the first free label of the first page, counted from 1; later pages begin at 1. For a printer that is
    off, give the sheet as corrected for it. Long text shrinks, then wraps, then is cut with an ellipsis and counted.
    `outline` draws the edges of the labels; without any label that is a test print of one page. A label without text
    takes no place.

    Labels are taken one by one and not kept. Raises `InvalidInput` for a start that the sheet does not have, for less
    than one copy and for no labels at all, and `StudioError` if a file cannot be written; then there is none.
    """
    if not 1 <= start <= sheet.count:
        raise InvalidInput(
            "{sheet} has {count} labels on a page: start at 1 to {count}, not at {start}."
            if sheet.count > 1
            else "{sheet} has one label on a page: start at 1.",
            field="start",
            sheet=sheet.name,
            count=sheet.count,
            start=start,
        )
    if copies < 1:
        raise InvalidInput("Print at least one copy of each label.", field="copies")
    if isinstance(target, Path):
        with atomic_file(target) as file:
            return _Printer(file, sheet, outline).write(labels, start, copies)
    return _Printer(target, sheet, outline).write(labels, start, copies)


_LARGEST = 11.0  # points
_WRAPPED_SIZES = (8.0, 7.5, 7.0, 6.5)  # a line that would be smaller than the first is wrapped; 6.5 can still be read
_LEADING = 1.2  # of the type size, from baseline to baseline
_PADDING_X, _PADDING_Y = 9.0, 4.0  # points that stay free inside each edge
_EDGE = HexColor("#A0A7AF")


class _Printer:
    """One run of labels on its way to paper."""

    def __init__(self, target: BinaryIO, sheet: LabelSheet, outline: bool) -> None:
        self._sheet = sheet
        self._canvas = PageCanvas(target, (sheet.page_width, sheet.page_height), f"Labels on {sheet.name}")
        # A viewer that fits the page to the paper would move every label.
        self._canvas.setViewerPreference("PrintScaling", "None")
        self._outline = outline

    def write(self, labels: Iterable[Label], start: int, copies: int) -> LabelResult:
        """Draws everything and saves."""
        pages = count = shrunk = cut = 0
        for label in labels:
            if not any(line.strip() for line in label.lines):
                continue
            piece = cut_to(label.lines, self._sheet)
            laid = lay_out(label.lines, piece)
            shrunk += copies * (laid.size < _LARGEST)
            cut += copies * (not laid.complete)
            for _ in range(copies):
                cell = (start - 1 + count) % piece.count
                if not pages or cell == 0:
                    pages = self._begin_page(pages, piece)
                self._draw(laid, piece.cell_rect(cell), piece.page_height)
                count += 1
        if not pages:
            if not self._outline:
                raise InvalidInput("There are no labels to print.")
            pages = self._begin_page(pages, self._sheet)
        self._canvas.showPage()
        self._canvas.save()
        return LabelResult(count, pages, shrunk, cut, self._canvas.replaced_characters)

    def _begin_page(self, pages: int, piece: LabelSheet) -> int:
        if pages:
            self._canvas.showPage()
        self._canvas.setPageSize((piece.page_width, piece.page_height))
        if self._outline:
            self._canvas.setLineWidth(0.5)
            self._canvas.setStrokeColor(_EDGE)
            for left, top, width, height in map(piece.cell_rect, range(piece.count)):
                self._canvas.rect(left, piece.page_height - top - height, width, height)
        return pages + 1

    def _draw(self, laid: LaidOut, cell: Rect, page_height: float) -> None:
        left, top = cell.left, page_height - cell.top
        self._canvas.show([(left + x, top - baseline, line) for x, baseline, line in laid.lines], laid.size)


def _set(text: list[str], width: float, height: float) -> tuple[list[Line], float, bool]:
    """The lines of a label, the largest type in which they fit, and whether all of the text is there."""
    lines = [typeset(line) for line in text]
    widest = max((line.width for line in lines), default=0) or 1.0  # a line of invisible signs has no width
    size = min(_LARGEST, height / (max(len(lines), 1) * _LEADING), width / widest)
    if size >= _WRAPPED_SIZES[0]:
        return lines, size, True
    for size in _WRAPPED_SIZES:
        rows = max(1, int(height / (size * _LEADING)))
        wrapped = [fonts.wrap(line, width / size, rows + 1) for line in text]
        if sum(map(len, wrapped)) <= rows:
            return _typeset(text, wrapped), size, True
    joined = [typeset(line) for line in _joined(text, rows)]
    if max(line.width for line in joined) * size <= width:
        return joined, size, True
    kept = text if len(text) <= rows else [*text[: rows - 1], text[-1]]
    return _typeset(kept, _cut(kept, width / size, rows)), size, False


def _joined(text: list[str], rows: int) -> list[str]:
    """No more lines than a low label has rows: neighbours that are short together share one, first those within.

    The name and the town keep lines of their own as long as others can share.
    """
    text = list(text)
    while len(text) > rows:
        within = range(1, len(text) - 2) or range(len(text) - 1)
        at = min(within, key=lambda at: typeset(f"{text[at]}, {text[at + 1]}").width)
        text[at : at + 2] = [f"{text[at]}, {text[at + 1]}"]
    return text


def _cut(text: list[str], limit: float, rows: int) -> list[list[str]]:
    """The lines wrapped into what rows there are: the first to need more get them, each keeps its own."""
    spare = rows - len(text)
    wrapped = []
    for line in text:
        wrapped.append(fonts.wrap(line, limit, 1 + spare))
        spare -= len(wrapped[-1]) - 1
    return wrapped


def _typeset(text: list[str], wrapped: list[list[str]]) -> list[Line]:
    return [
        typeset(piece, right_to_left=typeset(line).right_to_left)
        for line, pieces in zip(text, wrapped, strict=True)
        for piece in pieces
    ]
