"""Tables as Excel workbooks: typed cells, and no text that could ever be taken for a formula."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import WorkbookAlreadySaved
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter

from studio_desktop.domain.errors import StudioError
from studio_desktop.reports.files import atomic_file
from studio_desktop.reports.tables import Rows, TableDocument, grouped_columns, rows_with_group


@dataclass(frozen=True, slots=True)
class WorkbookResult:
    """What was written. `changes` counts the cells that Excel cannot hold as they are, each listed on sheet Notes."""

    rows: int
    changes: int


def write_workbook(
    target: Path | BinaryIO, document: TableDocument, rows: Rows, *, headed: bool = True
) -> WorkbookResult:
    """Writes numbers, days and flags as what they are, and text as text whatever it begins with (RELIABILITY 78, 79).

    `headed` puts the studio, the title and the time stamp above the column titles; without it these are the first
    row, as an import wants them. Rows are taken one by one and not kept. Raises `StudioError` for more rows than a
    sheet holds and if a file cannot be written; then there is none.
    """
    if isinstance(target, Path):
        with atomic_file(target) as file:
            return _Book(document).write(file, rows, headed)
    return _Book(document).write(target, rows, headed)


_MOST_ROWS = 1_048_576
_LONGEST_TEXT = 32_767
_LONGEST_SHEET_NAME = 31
_SMALL = 9  # points
_FIRST_DAY = date(1900, 1, 1)
# Excel shows these as the short date and time of the computer it runs on.
_DAY_FORMAT, _INSTANT_FORMAT = "mm-dd-yy", "m/d/yy h:mm"

_UNKEEPABLE = re.compile(ILLEGAL_CHARACTERS_RE.pattern + "|[\ud800-\udfff\ufffe\uffff]")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']|" + _UNKEEPABLE.pattern)


class _Book:
    """One workbook on its way to disk, row by row."""

    def __init__(self, document: TableDocument) -> None:
        self._document = document
        self._columns = grouped_columns(document)
        self._book = Workbook(write_only=True)
        self._book.properties.title = _UNKEEPABLE.sub("", document.title)
        self._book.properties.creator = "Studio Desktop"
        name = _NOT_IN_SHEET_NAMES.sub(" ", document.title)[:_LONGEST_SHEET_NAME].strip()
        self._sheet = self._book.create_sheet(name or "List")
        self._notes: Any = None
        self._changes = 0
        self._row = 0
        self._formatted: dict[tuple[int, str], Cell] = {}

    def write(self, target: BinaryIO, rows: Rows, headed: bool) -> WorkbookResult:
        """Writes everything and saves."""
        try:
            count = self._write_rows(rows, headed)
            with ZipFile(target, "w", ZIP_DEFLATED) as archive:
                ExcelWriter(self._book, archive).save()
        except BaseException:
            self._abandon()
            raise
        return WorkbookResult(count, self._changes)

    def _write_rows(self, rows: Rows, headed: bool) -> int:
        titles_at = 1 + (len(self._head()) + 1 if headed else 0)
        self._lay_out(titles_at)
        if headed:
            for text, size in self._head():
                self._append([self._title(text, size, bold=size > _SMALL)])
            self._append([])
        self._append([self._title(column.title) for column in self._columns])
        for row in rows_with_group(self._document, rows):
            if self._row == _MOST_ROWS:
                raise StudioError(
                    "An Excel sheet holds {count} rows, and there are more. Choose CSV, or fewer rows.",
                    count=self._document.formats.number(_MOST_ROWS),
                )
            self._append([self._cell(index, value) for index, value in enumerate(row)])
        last = get_column_letter(len(self._columns))
        self._sheet.auto_filter.ref = f"A{titles_at}:{last}{self._row}"
        count = self._row - titles_at
        if self._document.total:
            # Not next to the rows, or sorting would take it along.
            self._append([])
            total = ("", *self._document.total) if self._document.group_title else self._document.total
            self._append([self._bold(index, value) for index, value in enumerate(total)])
        return count

    def _abandon(self) -> None:
        """Takes away the temporary file that openpyxl keeps for each sheet until it is saved."""
        for sheet in self._book.worksheets:
            with contextlib.suppress(OSError, WorkbookAlreadySaved):
                sheet.close()
            written = sheet._writer  # noqa: SLF001 - it has no public name
            if written and Path(written.out).exists():
                written.cleanup()

    def _head(self) -> list[tuple[str, int]]:
        document = self._document
        small = (*document.studio.lines, *document.subtitles, document.printed_at)
        return [(document.studio.name, 11), (document.title, 16), *((text, _SMALL) for text in small if text)]

    def _lay_out(self, titles_at: int) -> None:
        """What a write-only sheet must know before its first row."""
        sheet = self._sheet
        sheet.freeze_panes = f"A{titles_at + 1}"
        sheet.print_title_rows = f"{titles_at}:{titles_at}"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.HeaderFooter.oddFooter.left.text = "Page &P of &N"
        sheet.HeaderFooter.oddFooter.right.text = self._document.printed_at.replace("&", "&&")
        for index, column in enumerate(self._columns, 1):
            width = max(column.width, len(column.title) + 2)  # the filter's arrow needs room beside the title
            sheet.column_dimensions[get_column_letter(index)].width = width + 2

    def _append(self, cells: list[Any]) -> None:
        self._row += 1
        self._sheet.append(cells)

    def _cell(self, index: int, value: object) -> Any:
        match value:
            case None | bool() | int() | Decimal():
                return value
            case datetime():
                local = value.astimezone(self._document.zone).replace(tzinfo=None)
                return self._dated(index, value, local, local.date(), _INSTANT_FORMAT)
            case date():
                return self._dated(index, value, value, value, _DAY_FORMAT)
            case _:
                return self._text(index, self._document.shown(value))

    def _dated(self, index: int, value: date, local: date, day: date, number_format: str) -> Any:
        if day < _FIRST_DAY:
            self._note(index, "written as text: Excel has no days before 1900")
            return self._text(index, self._document.shown(value))
        # Choosing a format takes longer than writing; a cell that has one is used again for its column's next row.
        cell = self._formatted.get((index, number_format))
        if cell is None:
            cell = self._formatted[index, number_format] = WriteOnlyCell(self._sheet)
            cell.number_format = number_format
        cell.value = local
        return cell

    def _text(self, index: int, text: str) -> Any:
        if len(text) > _LONGEST_TEXT // 2 or _UNKEEPABLE.search(text) or "\r" in text:
            text = self._keepable(index, text)
        return self._literal(text) if text[:1] == "=" or text in ERROR_CODES else text

    def _keepable(self, index: int, text: str) -> str:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        kept = _UNKEEPABLE.sub("", text)
        if len(kept) < len(text):
            count = len(text) - len(kept)
            self._note(index, f"{count} control or damaged {'character' if count == 1 else 'characters'} left out")
        units = kept.encode("utf-16-le")  # what Excel counts
        if len(units) > 2 * _LONGEST_TEXT:
            number = self._document.formats.number
            length, most = number(len(units) // 2), number(_LONGEST_TEXT)
            self._note(index, f"cut: it has {length} characters, and Excel holds {most}")
            kept = units[: 2 * _LONGEST_TEXT].decode("utf-16-le", "ignore")
        return kept

    def _literal(self, text: str, font: Font | None = None) -> Cell:
        """A cell that stays text, in Excel also after somebody has edited it."""
        cell = WriteOnlyCell(self._sheet, text)
        cell.data_type = "s"
        cell.quotePrefix = text[:1] == "="
        if font:
            cell.font = font
        return cell

    def _title(self, text: str, size: int = 11, *, bold: bool = True) -> Cell:
        return self._literal(_UNKEEPABLE.sub("", text)[:_LONGEST_TEXT], Font(bold=bold, size=size))

    def _bold(self, index: int, value: object) -> Cell:
        cell = self._cell(index, value)
        if not isinstance(cell, Cell):
            cell = WriteOnlyCell(self._sheet, cell)
        cell.font = Font(bold=True)
        return cell

    def _note(self, index: int, change: str) -> None:
        if self._notes is None:
            self._notes = self._book.create_sheet("Notes")
            for letter, width in (("A", 10), ("B", 24), ("C", 70)):
                self._notes.column_dimensions[letter].width = width
            self._notes.append([self._title(title) for title in ("Cell", "Column", "What was changed")])
        self._changes += 1
        place = f"{get_column_letter(index + 1)}{self._row + 1}"
        self._notes.append([place, self._title(self._columns[index].title, bold=False), change])
