"""Lists as CSV: RFC 4180, UTF-8, and nothing that a spreadsheet would run (DECISIONS 22)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.phones import Phone
from studio_desktop.reports.csv_file import write_csv
from studio_desktop.reports.tables import ColumnKind, ColumnSpec, Group, TableDocument
from tests.reports.reading import CLIENTS, NAUGHTY, SCRIPTS, STUDIO, client_row


def written(rows: Iterable[Any], document: TableDocument = CLIENTS, **options: Any) -> bytes:
    memory = io.BytesIO()
    write_csv(memory, document, rows, **options)
    return memory.getvalue()


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def one(kind: ColumnKind, value: object) -> str:
    document = TableDocument("T", (ColumnSpec("a", "A"), ColumnSpec("v", "V", kind)), STUDIO, zone=UTC)
    return cells(written([("", value)], document))[1][1]


def test_that_rows_follow_their_titles_and_lines_end_as_the_standard_says() -> None:
    content = written([client_row(4, "Adams, Anna"), client_row(5, 'Ann "Nan"\nAdams')], bom=False)
    assert content.decode() == (
        "Number,Name,Due date,Main phone,Do not market\r\n"
        '4,"Adams, Anna",2026-03-14,(330) 555-0119,Yes\r\n'
        '5,"Ann ""Nan""\nAdams",2026-03-14,(330) 555-0119,No\r\n'
    )


def test_that_the_byte_order_mark_can_be_left_out() -> None:
    assert written([], bom=True) == b"\xef\xbb\xbf" + written([], bom=False)
    assert written([])[:3] == b"\xef\xbb\xbf"


@pytest.mark.parametrize("text", [*(text for text in NAUGHTY if text[0] not in "=+-@"), *SCRIPTS.values(), "😀", " a "])
def test_that_other_text_is_written_as_it_is(text: str) -> None:
    assert one(ColumnKind.TEXT, text) == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x","y")'])
def test_that_a_text_like_a_formula_is_guarded(text: str) -> None:
    """RELIABILITY row 78."""
    assert one(ColumnKind.TEXT, text) == f"'{text}"


def test_that_the_guard_can_be_taken_off_again_without_loss() -> None:
    """One apostrophe comes off where a sign follows the apostrophes: then every text is what it was."""
    for text in ("=1", "'=1", "''=1", "'Anna'", "'", ""):
        shown = one(ColumnKind.TEXT, text)
        bare = shown.lstrip("'")
        taken_off = shown[1:] if shown[:1] == "'" and bare[:1] in ("=", "+", "-", "@", "\t", "\r") and bare else shown
        assert taken_off == text


def test_that_phones_and_numbers_are_not_guarded() -> None:
    assert one(ColumnKind.PHONE, "+44 20 7946 0018") == "+44 20 7946 0018"
    assert one(ColumnKind.PHONE, Phone("020 7946 0018", "+442079460018")) == "+44 20 7946 0018"
    assert one(ColumnKind.NUMBER, -5) == "-5"


def test_that_titles_are_guarded_too() -> None:
    document = replace(CLIENTS, columns=(ColumnSpec("a", "=1+1"),))
    assert cells(written([], document)) == [["'=1+1"]]


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (ColumnKind.NUMBER, 1_204, "1204"),
        (ColumnKind.DAY, date(2026, 3, 10), "2026-03-10"),
        (ColumnKind.PARTIAL_DATE, PartialDate(2, 29), "29 Feb"),
        (ColumnKind.INSTANT, datetime(2026, 3, 10, 10, 4, tzinfo=UTC), "10 Mar 2026 10:04"),
        (ColumnKind.FLAG, True, "Yes"),
        (ColumnKind.FLAG, False, "No"),
        (ColumnKind.TEXT, None, ""),
        (ColumnKind.NUMBER, None, ""),
        (ColumnKind.TEXT, "Ann\ud800a", "Ann\ufffda"),
    ],
)
def test_that_values_mean_the_same_in_every_country(kind: ColumnKind, value: object, shown: str) -> None:
    assert one(kind, value) == shown


def test_that_a_group_is_a_column_of_its_own() -> None:
    rows = [Group("Overdue"), client_row(1), Group("Client"), client_row(2)]
    content = cells(written(rows, replace(CLIENTS, group_title="Status")))
    assert [row[:2] for row in content] == [["Status", "Number"], ["Overdue", "1"], ["Client", "2"]]


def test_that_the_rows_are_counted() -> None:
    assert write_csv(io.BytesIO(), CLIENTS, map(client_row, range(7))) == 7
