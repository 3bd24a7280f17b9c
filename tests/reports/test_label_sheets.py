"""The label sheets measure what the stock in the shop measures (B10), and a faulty sheet file says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio_desktop.domain.errors import InvalidInput, StudioError
from studio_desktop.reports.label_sheets import LabelSheet, read_sheet, sheet, sheets

INCH, MILLIMETRE = 72.0, 72 / 25.4
LETTER, A4 = (612.0, 792.0), (210 * MILLIMETRE, 297 * MILLIMETRE)

# columns, rows, label, margin at the left and at the top, pitch: from B10 and the makers' sheets
INCHES = {
    "avery-5160": (3, 10, (2 + 5 / 8, 1), (3 / 16, 1 / 2), (2 + 3 / 4, 1)),
    "avery-5161": (2, 10, (4, 1), (5 / 32, 1 / 2), (4 + 3 / 16, 1)),
    "avery-5162": (2, 7, (4, 1 + 1 / 3), (5 / 32, 5 / 6), (4 + 3 / 16, 1 + 1 / 3)),
    "avery-5163": (2, 5, (4, 2), (5 / 32, 1 / 2), (4 + 3 / 16, 2)),
}
MILLIMETRES = {
    "avery-l7159": (3, 8, (63.5, 33.9), (7.2, 12.9), (66.04, 33.9)),
    "avery-l7160": (3, 7, (63.5, 38.1), (7.2, 15.15), (66.04, 38.1)),
    "avery-l7163": (2, 7, (99.1, 38.1), (4.65, 15.15), (101.6, 38.1)),
}

GOOD = """
name = "Test"
description = "Of a test"
unit = "mm"
page = "a4"
columns = 2
rows = 3
label = { width = 90, height = 40 }
margin = { left = 10, top = 10 }
pitch = { x = 95, y = 45 }
"""


@pytest.mark.parametrize(
    ("name", "unit", "page", "measures"),
    [(name, INCH, LETTER, measures) for name, measures in INCHES.items()]
    + [(name, MILLIMETRE, A4, measures) for name, measures in MILLIMETRES.items()],
)
def test_that_a_sheet_has_the_measures_of_its_stock(
    name: str, unit: float, page: tuple[float, float], measures: tuple[int, int, *tuple[tuple[float, float], ...]]
) -> None:
    """B10."""
    columns, rows, label, margin, pitch = measures
    one = sheet(name)
    assert (one.page_width, one.page_height) == pytest.approx(page)
    assert (one.columns, one.rows, one.count) == (columns, rows, columns * rows)
    first, last = one.cell_rect(0), one.cell_rect(one.count - 1)
    assert first == pytest.approx((margin[0] * unit, margin[1] * unit, label[0] * unit, label[1] * unit), abs=0.02)
    assert last.left - first.left == pytest.approx((columns - 1) * pitch[0] * unit, abs=0.02)
    assert last.top - first.top == pytest.approx((rows - 1) * pitch[1] * unit, abs=0.05)
    # Stock is cut alike on both sides.
    assert page[0] - last.left - last.width == pytest.approx(first.left, abs=0.3)
    assert page[1] - last.top - last.height == pytest.approx(first.top, abs=0.3)


def test_that_a_roll_has_one_label_a_page() -> None:
    roll = sheet("dymo-30252")
    assert roll.roll
    assert roll.count == 1
    assert (roll.page_width, roll.page_height) == pytest.approx((3.5 * INCH, 1.125 * INCH))
    assert roll.cell_rect(0) == pytest.approx((0, 0, 3.5 * INCH, 1.125 * INCH))


def test_that_cells_run_from_left_to_right_and_then_down() -> None:
    one = sheet("avery-5160")
    assert one.cell_rect(1).left > one.cell_rect(0).left
    assert one.cell_rect(1).top == one.cell_rect(0).top
    assert one.cell_rect(3).left == one.cell_rect(0).left
    assert one.cell_rect(3).top > one.cell_rect(0).top
    with pytest.raises(IndexError):
        one.cell_rect(30)
    with pytest.raises(IndexError):
        one.cell_rect(-1)


@pytest.mark.parametrize("name", ["avery-5160", "Avery 5160", "AVERY5160", "5160", "8160", " 5160 "])
def test_that_a_sheet_goes_by_key_name_and_the_numbers_of_equal_stock(name: str) -> None:
    assert sheet(name).key == "avery-5160"


def test_that_an_unknown_sheet_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidInput) as refused:
        sheet("avery-9999")
    assert refused.value.field == "sheet"
    assert "avery-9999" in str(refused.value)
    assert all(one.key in str(refused.value) for one in sheets())


def test_that_all_sheets_of_the_first_release_are_there() -> None:
    assert {one.key for one in sheets()} >= {*INCHES, *MILLIMETRES, "dymo-30252"}
    assert [one.name for one in sheets()] == sorted(one.name for one in sheets())
    assert all(one.description for one in sheets())


def test_that_a_new_file_is_a_new_sheet(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(GOOD, encoding="utf-8")
    [ours] = sheets(tmp_path)
    assert isinstance(ours, LabelSheet)
    assert (ours.key, ours.name, ours.count) == ("ours", "Test", 6)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "Test"', "", "name is missing"),
        ('name = "Test"', "name = 5160", "name must be a text"),
        ("label = { width = 90, height = 40 }", "label = { width = 90 }", "label.height is missing"),
        ("width = 90", 'width = "90"', "label.width must be a number"),
        ("width = 90", "width = true", "label.width must be a number"),
        ("width = 90", "width = 0", "label.width must be above 0"),
        ("left = 10", "left = -1", "margin.left cannot be below 0"),
        ("x = 95", "x = 80", "pitch.x cannot be less than the label"),
        ("columns = 2", "columns = 2.5", "columns must be a whole number"),
        ("rows = 3", "rows = 0", "rows must be a whole number"),
        ("columns = 2", "columns = 3", "columns is more than the page is wide"),
        ("rows = 3", "rows = 9", "rows is more than the page is high"),
        ('unit = "mm"', 'unit = "cm"', "unit must be in or mm"),
        ('page = "a4"', 'page = "a5"', "page must be letter or a4"),
        ("rows = 3", "rows = 3\nheight = 2", "height is not known"),
        ("rows = 3", 'rows = 3\nroll = "yes"', "roll must be true or false"),
        ("rows = 3", 'rows = 3\naliases = "5160"', "aliases must be a list"),
        ("rows = 3", "rows = ", "cannot be read"),
    ],
)
def test_that_a_faulty_file_names_itself_and_the_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    path = tmp_path / "ours.toml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(StudioError) as refused:
        read_sheet(path)
    assert "ours.toml" in str(refused.value)
    assert said in str(refused.value)


def test_that_a_file_that_is_no_text_names_itself(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StudioError, match=r"ours\.toml"):
        read_sheet(tmp_path / "ours.toml")


def test_that_two_sheets_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "two.toml").write_text(GOOD.replace('"Test"', '"Other"\naliases = ["TEST"]'), encoding="utf-8")
    with pytest.raises(StudioError) as refused:
        sheets(tmp_path)
    assert "one.toml" in str(refused.value)
    assert "two.toml" in str(refused.value)
