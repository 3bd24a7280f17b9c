"""Lists as Excel workbooks: typed cells, literal text, and a note of each cell that Excel cannot hold as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.errors import StudioError
from studio_desktop.domain.phones import Phone
from studio_desktop.reports import spreadsheet
from studio_desktop.reports.spreadsheet import WorkbookResult, write_workbook
from studio_desktop.reports.tables import ColumnKind, ColumnSpec, Group, TableDocument
from tests.reports.reading import CLIENTS, NAUGHTY, SCRIPTS, STUDIO, client_row

VALUE = TableDocument("Values", (ColumnSpec("value", "Value", ColumnKind.TEXT, 10),), STUDIO)


def written(
    path: Path, rows: Iterable[Any], document: TableDocument = VALUE, **options: Any
) -> tuple[WorkbookResult, Workbook]:
    result = write_workbook(path / "list.xlsx", document, rows, **{"headed": False, **options})
    return result, load_workbook(path / "list.xlsx")


def only_cell(path: Path, value: object, document: TableDocument = VALUE) -> Any:
    _, book = written(path, [(value,)], document)
    return book.worksheets[0]["A2"]


def notes(book: Workbook) -> list[Sequence[object]]:
    return list(book["Notes"].iter_rows(min_row=2, values_only=True))


def test_that_each_value_arrives_as_what_it_is(tmp_path: Path) -> None:
    """S1-21: real numbers, days and flags."""
    result, book = written(tmp_path, [client_row(4), client_row(5)], CLIENTS)
    assert result == WorkbookResult(2, 0)
    assert list(book.worksheets[0].values) == [
        ("Number", "Name", "Due date", "Main phone", "Do not market"),
        (4, "Anna Adams", datetime.fromisoformat("2026-03-14"), "(330) 555-0119", True),
        (5, "Anna Adams", datetime.fromisoformat("2026-03-14"), "(330) 555-0119", False),
    ]
    assert book.worksheets[0]["C2"].is_date
    assert book.sheetnames == ["Client list"]


def test_that_another_reader_sees_the_same(tmp_path: Path) -> None:
    written(tmp_path, [client_row(4)], CLIENTS)
    [_, row] = CalamineWorkbook.from_path(tmp_path / "list.xlsx").get_sheet_by_index(0).to_python()
    assert row == [4, "Anna Adams", date(2026, 3, 14), "(330) 555-0119", True]


@pytest.mark.parametrize("text", [*NAUGHTY, *SCRIPTS.values(), "=", "'=1+1", " blanks ", "two\nlines", "😀"])
def test_that_text_stays_text_whatever_it_begins_with(tmp_path: Path, text: str) -> None:
    """RELIABILITY row 78, fact 9."""
    cell = only_cell(tmp_path, text)
    assert (cell.value, cell.data_type) == (text, "s")


def test_that_a_text_like_a_formula_stays_text_after_somebody_edits_it_in_excel(tmp_path: Path) -> None:
    assert only_cell(tmp_path, "=1+1").quotePrefix
    assert not only_cell(tmp_path, "1+1").quotePrefix


@pytest.mark.parametrize("number", [-5, 0, 10**12])
def test_that_a_number_stays_a_number(tmp_path: Path, number: int) -> None:
    """RELIABILITY 78."""
    cell = only_cell(tmp_path, number)
    assert (cell.value, cell.data_type) == (number, "n")


def test_that_what_has_no_type_in_excel_reads_as_on_paper(tmp_path: Path) -> None:
    assert only_cell(tmp_path, PartialDate(2, 29)).value == "29 Feb"
    assert only_cell(tmp_path, Phone("3305550119", "+13305550119", "12")).value == "(330) 555-0119 ext 12"


def test_that_a_moment_is_shown_on_the_studios_clock(tmp_path: Path) -> None:
    there = replace(VALUE, zone=ZoneInfo("America/New_York"))
    moment = datetime(2026, 3, 10, 2, 30, tzinfo=UTC)
    assert only_cell(tmp_path, moment, there).value == datetime.fromisoformat("2026-03-09T22:30")


@pytest.mark.parametrize(
    ("value", "kept", "why"),
    [
        ("a\x00b\x1bc", "abc", "2 control or damaged characters"),
        ("Ann\ud800a", "Anna", "1 control or damaged character "),
        ("x" * 40_000, "x" * 32_767, "40,000"),
        (date(1, 1, 1), "1 Jan 0001", "1900"),
        (date(1899, 12, 31), "31 Dec 1899", "1900"),
        (datetime(1850, 6, 1, 12, tzinfo=UTC), "1 Jun 1850 12:00", "1900"),
    ],
)
def test_that_what_excel_cannot_hold_is_changed_and_listed(tmp_path: Path, value: object, kept: str, why: str) -> None:
    """RELIABILITY row 79."""
    document = replace(VALUE, columns=(*VALUE.columns, ColumnSpec("b", "=Other")), zone=UTC)
    result, book = written(tmp_path, [("first", "fine"), ("second", value)], document)
    assert book.worksheets[0]["B3"].value == kept
    assert result.changes == 1
    [(cell, column, change)] = notes(book)
    assert (cell, column) == ("B3", "=Other")
    assert why in str(change)


def test_that_emoji_are_cut_by_the_length_that_excel_counts(tmp_path: Path) -> None:
    assert only_cell(tmp_path, "😀" * 20_000).value == "😀" * (32_767 // 2)


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1), date(9999, 12, 31)])
def test_that_the_first_and_last_days_of_excel_are_days(tmp_path: Path, day: date) -> None:
    assert only_cell(tmp_path, day).value == datetime.fromisoformat(day.isoformat())


def test_that_line_breaks_of_any_system_become_those_of_excel(tmp_path: Path) -> None:
    result, book = written(tmp_path, [("one\r\ntwo\rthree",)])
    assert book.worksheets[0]["A2"].value == "one\ntwo\nthree"
    assert result.changes == 0


def test_that_titles_are_bold_stay_in_sight_and_filter(tmp_path: Path) -> None:
    _, book = written(tmp_path, map(client_row, range(20)), CLIENTS, headed=True)
    sheet = book.worksheets[0]
    [at] = [row for row in range(1, 20) if sheet.cell(row, 1).value == "Number"]
    assert all(sheet.cell(at, column).font.bold for column in range(1, 6))
    assert sheet.freeze_panes == f"A{at + 1}"
    assert sheet.auto_filter.ref == f"A{at}:E{at + 20}"
    assert sheet.print_title_rows == f"${at}:${at}"
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["A"].width
    assert sheet.max_row == at + 20


def test_that_sums_are_bold_and_stay_where_they_are_when_the_rows_are_sorted(tmp_path: Path) -> None:
    columns = (ColumnSpec("what", "What"), ColumnSpec("count", "Count", ColumnKind.NUMBER))
    document = TableDocument("Test", columns, STUDIO, total=("Total", 3))
    result, book = written(tmp_path, [("one", 1), ("two", 2)], document)
    sheet = book.worksheets[0]
    assert result.rows == 2
    assert sheet.auto_filter.ref == "A1:B3"
    assert [cell.value for cell in sheet[4]] == [None, None]
    assert [(cell.value, cell.font.bold) for cell in sheet[5]] == [("Total", True), (3, True)]


def test_that_a_report_has_the_same_head_as_on_paper(tmp_path: Path) -> None:
    """B12."""
    document = replace(CLIENTS, title="=Clients & <friends>", subtitles=("=1+1",), printed_at="Printed & now")
    _, book = written(tmp_path, [client_row(1)], document, headed=True)
    sheet = book.worksheets[0]
    head = [sheet.cell(row, 1).value for row in range(1, sheet.max_row - 1)]
    assert head == [
        "Larkspur Portraits", "=Clients & <friends>", *STUDIO.lines, "=1+1", "Printed & now", None,
    ]  # fmt: skip
    assert all(sheet.cell(row, 1).data_type != "f" for row in range(1, sheet.max_row))
    assert sheet.oddFooter.right.text == "Printed && now"
    assert book.properties.title == "=Clients & <friends>"


@pytest.mark.parametrize("title", ["Clients: [all] / *new*?", "'quoted'", "x" * 60, "", "\x07", "Notes"])
def test_that_any_title_gives_a_sheet_that_excel_opens(tmp_path: Path, title: str) -> None:
    _, book = written(tmp_path, [("\x00",)], replace(VALUE, title=title))
    for name in book.sheetnames:
        assert 1 <= len(name) <= 31
        assert not set("[]:*?/\\\x07") & set(name)
        assert name.strip("'") == name


def test_that_a_group_is_a_column_of_its_own(tmp_path: Path) -> None:
    rows = [Group("Overdue"), client_row(1), client_row(2), Group("=Client"), client_row(3)]
    _, book = written(tmp_path, rows, replace(CLIENTS, group_title="Status"))
    assert [row[:2] for row in book.worksheets[0].values] == [
        ("Status", "Number"),
        ("Overdue", 1),
        ("Overdue", 2),
        ("=Client", 3),
    ]


def test_that_a_list_without_rows_has_its_titles(tmp_path: Path) -> None:
    result, book = written(tmp_path, [], CLIENTS)
    assert result.rows == 0
    assert book.worksheets[0].max_row == 1


def test_that_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "_MOST_ROWS", 10)
    assert written(tmp_path, map(client_row, range(9)), CLIENTS)[0].rows == 9
    with pytest.raises(StudioError, match="CSV"):
        written(tmp_path, map(client_row, range(10)), CLIENTS)
