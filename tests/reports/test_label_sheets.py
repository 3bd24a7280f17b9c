"""The label sheets measure what the stock in the shop measures (B10), and a faulty sheet file says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio_desktop.domain.errors import InvalidInput, StudioError
from studio_desktop.paths import RESOURCES
from studio_desktop.reports.label_sheets import LabelSheet, faults, own_folder, read_sheet, read_sheets, sheet, sheets

INCH, MILLIMETRE = 72.0, 72 / 25.4
LETTER, A4 = (612.0, 792.0), (210 * MILLIMETRE, 297 * MILLIMETRE)

# columns, rows, label, margin at the left and at the top, pitch: from B10 and the makers' sheets
INCHES = {
    "avery-5126": (1, 2, (8.5, 5.5), (0, 0), (8.5, 5.5)),
    "avery-5159": (2, 7, (4, 1.5), (5 / 32, 1 / 4), (4 + 3 / 16, 1.5)),
    "avery-5160": (3, 10, (2 + 5 / 8, 1), (3 / 16, 1 / 2), (2 + 3 / 4, 1)),
    "avery-5161": (2, 10, (4, 1), (5 / 32, 1 / 2), (4 + 3 / 16, 1)),
    "avery-5162": (2, 7, (4, 1 + 1 / 3), (5 / 32, 5 / 6), (4 + 3 / 16, 1 + 1 / 3)),
    "avery-5163": (2, 5, (4, 2), (5 / 32, 1 / 2), (4 + 3 / 16, 2)),
    "avery-5164": (2, 3, (4, 3 + 1 / 3), (5 / 32, 1 / 2), (4 + 3 / 16, 3 + 1 / 3)),
    "avery-5165": (1, 1, (8.5, 11), (0, 0), (8.5, 11)),
    "avery-5167": (4, 20, (1.75, 0.5), (9 / 32, 1 / 2), (2 + 1 / 16, 0.5)),
    "avery-5168": (2, 2, (3.5, 5), (1 / 2, 1 / 2), (4, 5)),
    "avery-5366": (2, 15, (3 + 7 / 16, 2 / 3), (17 / 32, 1 / 2), (4, 2 / 3)),
    "avery-5371": (2, 5, (3.5, 2), (3 / 4, 1 / 2), (3.5, 2)),
}
MILLIMETRES = {
    "avery-l7159": (3, 8, (63.5, 33.9), (7.2, 12.9), (66.04, 33.9)),
    "avery-l7160": (3, 7, (63.5, 38.1), (7.2, 15.15), (66.04, 38.1)),
    "avery-l7161": (3, 6, (63.5, 46.6), (7.2, 8.8), (66.04, 46.56)),
    "avery-l7162": (2, 8, (99.1, 33.9), (4.65, 13.0), (101.6, 33.87)),
    "avery-l7163": (2, 7, (99.1, 38.1), (4.65, 15.15), (101.6, 38.1)),
    "avery-l7164": (3, 4, (63.5, 72), (7.2, 4.55), (66.04, 71.97)),
    "avery-l7165": (2, 4, (99.1, 67.7), (4.65, 13.05), (101.6, 67.73)),
    "avery-l7166": (2, 3, (99.1, 93.1), (4.65, 8.8), (101.6, 93.13)),
    "avery-l7168": (1, 2, (199.6, 143.5), (5.2, 5.0), (199.6, 143.53)),
    "avery-l7169": (2, 2, (99.1, 139), (4.63, 9.5), (101.64, 139)),
    "avery-l7651": (5, 13, (38.1, 21.2), (4.67, 10.9), (40.64, 21.17)),
    "zweckform-3475": (3, 8, (70, 36), (0, 4.5), (70, 36)),
    "herma-4625": (2, 7, (105, 42.3), (0, 0.45), (105, 42.3)),
}
ROLLS = {
    "dymo-30252": (3.5 * 25.4, 1.125 * 25.4),
    "dymo-30256": (4 * 25.4, 2.3125 * 25.4),
    "dymo-99010": (89, 28),
    "dymo-99012": (89, 36),
    "dymo-99014": (101, 54),
    "dymo-11354": (57, 32),
    "brother-dk-11201": (90, 29),
    "brother-dk-11202": (100, 62),
    "brother-dk-11208": (90, 38),
    "brother-dk-11209": (62, 29),
}
ENVELOPES = {
    "envelope-10": (9.5 * 25.4, 4.125 * 25.4),
    "envelope-monarch": (7.5 * 25.4, 3.875 * 25.4),
    "envelope-dl": (220, 110),
    "envelope-c5": (229, 162),
    "envelope-c6": (162, 114),
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
    # Makers round to a tenth of a millimetre.
    assert first == pytest.approx((margin[0] * unit, margin[1] * unit, label[0] * unit, label[1] * unit), abs=0.2)
    assert last.left - first.left == pytest.approx((columns - 1) * pitch[0] * unit, abs=0.1)
    assert last.top - first.top == pytest.approx((rows - 1) * pitch[1] * unit, abs=0.1)
    # Stock is cut alike on both sides.
    assert page[0] - last.left - last.width == pytest.approx(first.left, abs=0.5)
    assert page[1] - last.top - last.height == pytest.approx(first.top, abs=0.5)


@pytest.mark.parametrize("name", ROLLS)
def test_that_a_roll_has_one_label_a_page(name: str) -> None:
    """B10."""
    roll, measures = sheet(name), tuple(length * MILLIMETRE for length in ROLLS[name])
    assert roll.roll
    assert roll.count == 1
    assert (roll.page_width, roll.page_height) == pytest.approx(measures)
    assert roll.cell_rect(0) == pytest.approx((0, 0, *measures))


@pytest.mark.parametrize("name", ENVELOPES)
def test_that_an_envelope_has_the_address_right_of_the_middle_and_clear_of_the_edges(name: str) -> None:
    """B10; postal services read the lower right."""
    envelope, (width, height) = sheet(name), (length * MILLIMETRE for length in ENVELOPES[name])
    assert (envelope.page_width, envelope.page_height) == pytest.approx((width, height))
    block = envelope.cell_rect(0)
    assert block.left >= 0.4 * width
    assert block.top >= 0.4 * height
    assert width - block.left - block.width >= 5 * MILLIMETRE
    assert height - block.top - block.height >= 10 * MILLIMETRE


@pytest.mark.parametrize("one", sheets(), ids=lambda one: one.key)
def test_that_every_stock_lies_on_its_paper_and_no_label_over_another(one: LabelSheet) -> None:
    """B10."""
    cells = [one.cell_rect(index) for index in range(one.count)]
    for cell in cells:
        assert cell.left >= 0
        assert cell.top >= 0
        assert cell.left + cell.width <= one.page_width + 0.5
        assert cell.top + cell.height <= one.page_height + 0.5
    assert one.pitch_x >= one.label_width - 0.5
    assert one.pitch_y >= one.label_height - 0.5
    # What it is called is what it measures.
    if one.count > 1:
        assert f"{one.columns} × {one.rows}" in one.description


def test_that_there_are_sheets_for_both_papers_rolls_and_envelopes() -> None:
    """B10: about 40."""
    assert len(sheets()) >= 40
    numbers = ("5260", "8160", "5066", "5309", "L7651", "J8160", "30320", "30321", "30256", "99010", "DK22205", "DL")
    assert all(sheet(number).name for number in numbers)


def test_that_every_file_says_where_its_measures_come_from() -> None:
    files = sorted((RESOURCES / "labels").glob("*.toml"))
    assert len(files) == len(sheets())
    assert [path.name for path in files if "# Measures: " not in path.read_text("utf-8")] == []


def test_that_a_sheet_of_this_workstation_stands_among_those_of_the_shops() -> None:
    own_folder().mkdir(parents=True)
    (own_folder() / "ours.toml").write_text(GOOD, encoding="utf-8")
    assert sheet("Test").key == "ours"
    assert faults() == ()


def test_that_a_wrong_sheet_of_this_workstation_is_named_and_hinders_no_other() -> None:
    own_folder().mkdir(parents=True)
    (own_folder() / "ours.toml").write_text(GOOD.replace("rows = 3", ""), encoding="utf-8")
    (own_folder() / "theirs.toml").write_text(GOOD.replace('"Test"', '"Avery 5160"'), encoding="utf-8")
    assert sheet("5160").key == "avery-5160"
    assert [str(fault) for fault in faults()] == [
        "In the label sheet ours.toml, rows is missing.",
        "Two label sheets are called avery5160: avery-5160.toml and theirs.toml.",
    ]


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
    assert {one.key for one in sheets()} >= {*INCHES, *MILLIMETRES, *ROLLS, *ENVELOPES}
    assert [one.name for one in sheets()] == sorted(one.name for one in sheets())
    assert all(one.description for one in sheets())


def test_that_a_new_file_is_a_new_sheet(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(GOOD, encoding="utf-8")
    [ours] = read_sheets(tmp_path)
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
        ('page = "a4"', "page = { width = 210 }", "page.height is missing"),
        ('page = "a4"', "page = { width = 210, height = 0 }", "page.height must be above 0"),
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
        read_sheets(tmp_path)
    assert "one.toml" in str(refused.value)
    assert "two.toml" in str(refused.value)
