"""PDF in the house style: a canvas that writes any script in embedded fonts, and tables over many pages.

The same input gives the same bytes, so that a reprint can be compared with what was sent (RELIABILITY part D).
Text is drawn as it is and never read as markup: a name such as `<img src="…">` stays a name (RELIABILITY fact 10).
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, BinaryIO

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas

from studio_desktop.reports import fonts
from studio_desktop.reports.files import atomic_file
from studio_desktop.reports.fonts import Line, typeset
from studio_desktop.reports.paper_columns import MARGIN, PADDING, FirstRows, begun, laid_out
from studio_desktop.reports.tables import Align, ColumnKind, Group, Row, Rows, StudioHead, TableDocument


@dataclass(frozen=True, slots=True)
class PdfResult:
    """What was written. `replaced_characters` are those that no shipped font holds."""

    rows: int
    pages: int
    replaced_characters: int


def write_pdf(target: Path | BinaryIO, document: TableDocument, rows: Rows) -> PdfResult:
    """Writes the table.

    How wide its columns have to be is seen by the first rows. Where they need more room the page is turned to
    landscape, then the type gets smaller, and then further columns go on on a page to the right of each page, which
    begins with the first column again. Rows are taken one by one and only finished pages are kept, compressed. Raises
    `StudioError` if a file cannot be written; then there is none.
    """
    first, rows = begun(document, rows)
    if isinstance(target, Path):
        with atomic_file(target) as file:
            return _Table(file, document, first).write(rows)
    return _Table(target, document, first).write(rows)


class PageCanvas(Canvas):  # type: ignore[misc]  # reportlab has no types
    """A reportlab canvas for the shipped fonts: every line goes through `show`, sizes and places are in points.

    Differs from its base in that finished pages are compressed at once, no standard font is ever named, and text is
    encoded by table: reportlab's own way looks at each character of each line in Python.
    """

    def __init__(
        self, target: BinaryIO, page_size: tuple[float, float], title: str, author: str = "", language: str = "en"
    ) -> None:
        fonts.load(fonts.REGULAR)
        super().__init__(
            target, pagesize=page_size, pageCompression=1, invariant=1, initialFontName=fonts.REGULAR, lang=language
        )
        self.setTitle(title)
        self.setAuthor(author)
        self.setCreator("Studio Desktop")
        self.setViewerPreference("DisplayDocTitle", "true")
        self.replaced_characters = 0
        self._encoders: dict[str, _Encoder] = {}
        self._finished: list[Any] = []

    def show(self, lines: Sequence[tuple[float, float, Line]], size: float) -> None:
        """Draws lines, each given with the left end of its baseline."""
        code = ["BT"]
        chosen = ""
        for x, y, line in lines:
            self.replaced_characters += line.replaced
            code.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")
            for run in line.runs:
                for font, digits in self._encoder(run.font).encode(run.text):
                    if font != chosen:
                        chosen = font
                        code.append(f"{font} {size:.2f} Tf")
                    code.append(f"<{digits}> Tj")
        code.append("ET")
        self._code.append(" ".join(code))

    def picture(self, jpeg: bytes, x: float, y: float, width: float, height: float) -> None:
        """Draws a picture, given the place of its lower left corner."""
        self.drawImage(ImageReader(BytesIO(jpeg)), x, y, width, height)

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Ends the page; it is kept compressed from here on."""
        name = self._doc.thisPageName()
        super().showPage()
        page = self._doc.idToObject[name]
        page.Contents = _compressed(page.stream)
        page.stream = None
        self._finished.append(page)

    @property
    def finished(self) -> int:
        """How many pages have ended."""
        return len(self._finished)

    def complete_pages(self, draw: Callable[[int, int], None]) -> None:
        """Calls `draw(page, pages)` for each finished page, from 1, to add what only the end of the document tells."""
        for number, page in enumerate(self._finished, 1):
            draw(number, len(self._finished))
            streams = (page.Contents, _compressed("\n".join(self._code)))
            page.Contents = PDFArray(self._doc.Reference(stream) for stream in streams)
            self._code.clear()

    def save(self) -> None:
        """Writes the document to its target."""
        # To embed a font reportlab moves one cursor through it, whatever document and thread it is for.
        with _EMBEDDING:
            super().save()

    def _encoder(self, font: str) -> _Encoder:
        if font not in self._encoders:
            self._encoders[font] = _Encoder(fonts.load(font), self)
        return self._encoders[font]


_EMBEDDING = threading.Lock()


def _compressed(code: str) -> PDFStream:
    return PDFStream(PDFDictionary({"Filter": PDFName("FlateDecode")}), zlib.compress(code.encode("latin-1")))


class _Encoder(dict[int, int]):
    """The codes of one font's characters in one document: subset × 256 + place, given out as they are first used."""

    def __init__(self, font: fonts.Font, canvas: PageCanvas) -> None:
        super().__init__()
        self._outlines = font.outlines
        self._document = canvas._doc  # noqa: SLF001 - subsets belong to reportlab's document, which has no public name
        self._names: dict[int, str] = {}

    def __missing__(self, character: int) -> int:
        subset: int
        place: bytes
        [(subset, place)] = self._outlines.splitString(chr(character), self._document)
        self[character] = code = subset << 8 | place[0]
        return code

    def encode(self, text: str) -> list[tuple[str, str]]:
        """The text as pieces of one subset each: the subset's name on the page and the codes in hexadecimal."""
        codes = text.translate(self)
        try:
            return [(self._name(0), codes.encode("latin-1").hex())]
        except UnicodeEncodeError:
            return [
                (self._name(subset), bytes(ord(code) & 0xFF for code in piece).hex())
                for subset, piece in groupby(codes, lambda code: ord(code) >> 8)
            ]

    def _name(self, subset: int) -> str:
        if subset not in self._names:
            self._names[subset] = self._outlines.getSubsetInternalName(subset, self._document)
        return self._names[subset]


_INK = HexColor("#1B1F24")
_DIM = HexColor("#59616B")
_HAIRLINE = HexColor("#DEE2E7")

_FOOT = 28.0
_LEADING = 1.32
_MOST_LINES = 3
_HANDWRITTEN = 24.0
_HIGHEST_LOGO = 30 * mm
_PICTURE = 72.0
_PAPERS = {"letter": LETTER, "a4": A4}


class _Table:
    """One table on its way to paper; `_y` is where the next thing begins, counted from the foot of the page."""

    def __init__(self, target: BinaryIO, document: TableDocument, first: FirstRows) -> None:
        self._document = document
        self._page_size, self._size, widths, self._spreads = laid_out(document.columns, first, _PAPERS[document.paper])
        self._leading = self._size * _LEADING
        self._left = MARGIN
        self._right = self._page_size[0] - MARGIN
        lefts = [self._left] * len(widths)
        for spread in self._spreads:
            for before, index in pairwise(spread):
                lefts[index] = lefts[before] + widths[before]
        self._cells = [(left + PADDING, width - 2 * PADDING) for left, width in zip(lefts, widths, strict=True)]
        self._titles = [
            [typeset(line, bold=True) for line in fonts.wrap(column.title, width / self._size, 2, bold=True)]
            for column, (_, width) in zip(document.columns, self._cells, strict=True)
        ]
        self._canvas = PageCanvas(target, self._page_size, document.title, document.studio.name, document.language)
        self._pages = 0
        self._y = self._titles_at = 0.0
        self._group = ""
        self._is_heading_due = False
        self._to_the_right: list[Callable[[Sequence[int]], None]] = []

    def write(self, rows: Rows) -> PdfResult:
        """Draws everything and saves."""
        count = 0
        self._begin_page()
        for row in rows:
            if isinstance(row, Group):
                self._draw_heading_due()
                self._group, self._is_heading_due = row.title, True
            else:
                self._draw_row(row)
                count += 1
        self._draw_heading_due()
        if not count:
            self._text(self._cells[0][0], self._y - self._leading, "Nothing to list.", self._size, _DIM)
        if self._document.total:
            self._draw_total(self._document.total)
        self._end_page()
        self._canvas.complete_pages(self._draw_foot)
        self._canvas.save()
        return PdfResult(count, self._canvas.finished, self._canvas.replaced_characters)

    def _begin_page(self) -> None:
        self._pages += 1
        self._canvas.setLineWidth(0.5)
        self._y = self._page_size[1] - MARGIN
        if self._pages == 1:
            self._draw_head()
        else:
            self._draw_running_head()
        self._titles_at = self._y
        self._y = self._draw_titles(self._spreads[0])

    def _end_page(self) -> None:
        """End the page, and draw those to its right: the same rows at the same height, with further columns."""
        self._canvas.showPage()
        for number, spread in enumerate(self._spreads[1:], 2):
            self._canvas.setLineWidth(0.5)
            self._y = self._page_size[1] - MARGIN
            self._draw_running_head(f", part {number} of {len(self._spreads)} of its columns")
            self._draw_titles(spread)
            for draw in self._to_the_right:
                draw(spread)
            self._canvas.showPage()
        self._to_the_right.clear()

    def _draw(self, draw: Callable[[Sequence[int]], None]) -> None:
        """Draw on this page, and later the same on those to its right; `draw` is told which columns they show."""
        draw(self._spreads[0])
        if len(self._spreads) > 1:
            self._to_the_right.append(draw)

    def _draw_foot(self, page: int, pages: int) -> None:
        self._text(self._left, _FOOT, self._document.printed_at, 8, _DIM, share=0.7)
        self._text(self._right, _FOOT, f"Page {page} of {pages}", 8, _DIM, Align.RIGHT)

    def _draw_head(self) -> None:
        studio = self._document.studio
        logo_width, below_logo = self._draw_logo(studio)
        room = self._right - self._left - logo_width
        beside = max((fonts.width(line) * 8 for line in studio.lines), default=0.0)
        is_below = fonts.width(studio.name, bold=True) * 11 + 16 + beside > room
        words = 11 + 12 * len(studio.lines) if is_below else max(11, 10 * len(studio.lines))
        self._y -= 9 + max(0.0, (self._y - below_logo - 8 - words) / 2)
        left, share = self._left + logo_width, room / (self._right - self._left)
        self._text(left, self._y, studio.name, 11, _INK, bold=True, share=share)
        for line in studio.lines:
            if is_below:
                self._y -= 12
                self._text(left, self._y, line, 8, _DIM, share=share)
            else:
                self._text(self._right, self._y, line, 8, _DIM, Align.RIGHT)
                self._y -= 10
        self._y -= 8 if is_below or not studio.lines else -2
        self._y = min(self._y, below_logo)
        self._rule(self._y, _HAIRLINE)
        self._y -= 8
        below_picture, room = self._draw_picture()
        self._paragraph(self._document.title, 17, _INK, room, bold=True)
        for subtitle in self._document.subtitles:
            self._paragraph(subtitle, 9, _DIM, room)
        self._y = min(self._y, below_picture) - 12

    def _draw_logo(self, studio: StudioHead) -> tuple[float, float]:
        """The studio's logo in the corner; gives how much of the line it takes, and where it ends."""
        if not studio.logo:
            return 0.0, self._y
        across, down = ImageReader(BytesIO(studio.logo)).getSize()
        width = min(studio.logo_width * mm, _HIGHEST_LOGO * across / down)
        height = width * down / across
        self._canvas.picture(studio.logo, self._left, self._y - height, width, height)
        return width + 10, self._y - height - 8

    def _draw_picture(self) -> tuple[float, float]:
        """The picture at the right of the title; gives where it ends, and the room that is left beside it."""
        room = self._right - self._left
        if not self._document.picture:
            return self._y, room
        lower = self._y - _PICTURE
        self._canvas.picture(self._document.picture, self._right - _PICTURE, lower, _PICTURE, _PICTURE)
        return lower, room - _PICTURE - 12

    def _draw_running_head(self, part: str = "") -> None:
        self._y -= 8
        title = self._document.title + part
        name, room = self._document.studio.name, (self._right - self._left) / 8
        share = max(0.58, 0.96 - fonts.width(name) / room)
        self._text(self._left, self._y, title, 8, _DIM, bold=True, share=share)
        share = max(0.38, 0.96 - fonts.width(title, bold=True) / room)
        self._text(self._right, self._y, name, 8, _DIM, Align.RIGHT, share=share)
        self._y -= 12

    def _draw_titles(self, columns: Sequence[int]) -> float:
        """The titles of the columns; gives where the rows begin."""
        tallest = max(map(len, self._titles))
        self._canvas.setFillColor(_DIM)
        for index in columns:
            # Titles of one line stand beside the last line of longer ones.
            lines = self._titles[index]
            self._draw_lines(index, lines, self._titles_at - (tallest - len(lines)) * self._leading, self._size)
        below = self._titles_at - tallest * self._leading - PADDING
        self._rule(below, _DIM)
        return below

    def _draw_heading_due(self) -> None:
        """The heading of a group that has no rows."""
        if self._is_heading_due:
            self._break_page_before(self._heading_height)
            self._draw_group_heading(self._group)

    @property
    def _heading_height(self) -> float:
        return self._leading * 2 + PADDING + 1

    def _draw_group_heading(self, title: str) -> None:
        self._is_heading_due = False
        baseline, below = self._y - self._leading * 2, self._y - self._heading_height

        def draw(_: Sequence[int]) -> None:
            self._text(self._left + PADDING, baseline, title, self._size + 1, _INK, bold=True)
            self._rule(below, _HAIRLINE)

        self._draw(draw)
        self._y = below

    def _draw_total(self, row: Row) -> None:
        self._group = ""
        self._break_page_before(self._leading * 2)
        self._y -= 1
        above = self._y
        self._draw(lambda _: self._rule(above, _DIM))
        self._draw_row(row, bold=True)

    def _draw_row(self, row: Row, *, bold: bool = False) -> None:
        cells = [self._set_cell(index, value, bold) for index, value in enumerate(row)]
        height = max(len(lines) for lines, _ in cells) * self._leading + PADDING
        if self._document.handwritten:
            height = max(height, _HANDWRITTEN)
        # A heading never stands alone at the foot of a page.
        needed = height + self._heading_height if self._is_heading_due else height
        if self._break_page_before(needed) and self._group and not self._is_heading_due:
            self._draw_group_heading(f"{self._group} (continued)")
        if self._is_heading_due:
            self._draw_group_heading(self._group)
        top, below = self._y - PADDING / 2, self._y - height

        def draw(columns: Sequence[int]) -> None:
            self._canvas.setFillColor(_INK)
            for index in columns:
                lines, size = cells[index]
                self._draw_lines(index, lines, top, size)
            self._rule(below, _HAIRLINE)

        self._draw(draw)
        self._y = below

    def _break_page_before(self, height: float) -> bool:
        if self._y - height >= _FOOT + 18:
            return False
        self._end_page()
        self._begin_page()
        return True

    def _set_cell(self, index: int, value: object, bold: bool) -> tuple[list[Line], float]:
        """The lines of a cell and their size: text wraps, what must be read whole shrinks instead."""
        text = fonts.beside(value) if isinstance(value, tuple) else self._document.shown(value)
        line = typeset(text, bold=bold)
        width = self._cells[index][1]
        if line.width * self._size <= width:
            return [line], self._size
        if self._document.columns[index].kind is ColumnKind.TEXT:
            pieces = fonts.wrap(text, width / self._size, self._document.columns[index].lines, bold)
            return [typeset(piece, bold, right_to_left=line.right_to_left) for piece in pieces], self._size
        size = max(width / line.width, self._size * 0.6)
        return [typeset(fonts.elide(text, width / size, bold), bold)], size

    def _draw_lines(self, index: int, lines: Sequence[Line], top: float, size: float) -> None:
        left, width = self._cells[index]
        slack = _SLACK[self._document.columns[index].alignment]
        baseline = top - self._leading * 0.78
        self._canvas.show(
            [
                (left + (width - line.width * size) * slack, baseline - at * self._leading, line)
                for at, line in enumerate(lines)
            ],
            size,
        )

    def _paragraph(self, text: str, size: float, ink: Color, room: float, *, bold: bool = False) -> None:
        for line in fonts.wrap(text, room / size, _MOST_LINES, bold):
            self._y -= size * 1.15
            self._text(self._left, self._y, line, size, ink, bold=bold)
        self._y -= size * 0.3

    def _text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        ink: Color,
        align: Align = Align.LEFT,
        *,
        bold: bool = False,
        share: float = 1.0,
    ) -> None:
        """One line, elided to its share of the width of the page."""
        line = typeset(fonts.elide(text, (self._right - self._left) * share / size, bold), bold)
        self._canvas.setFillColor(ink)
        self._canvas.show([(x - line.width * size * _SLACK[align], y, line)], size)

    def _rule(self, y: float, ink: Color) -> None:
        self._canvas.setStrokeColor(ink)
        self._canvas.line(self._left, y, self._right, y)


_SLACK = {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}  # the share of free room at the left of a line
