"""Labels lie on the stock where they belong, whole, in any script, and what does not fit is counted (B10)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.reports.label_sheets import Correction, LabelSheet, Rect, sheets
from studio_desktop.reports.labels import Label, LabelResult, write_labels
from tests.reports import reading
from tests.reports.reading import NAUGHTY, SCRIPTS, Placed

ADDRESS = ("12 Larkspur Lane", "Fairbrook, OH 44199")
SHEETS = {one.key: one for one in sheets()}
AVERY = SHEETS["avery-5160"]
DYMO = SHEETS["dymo-30252"]
SMALL = ("avery-5167", "avery-l7651")
"""On these an ordinary address is set smaller than elsewhere."""
KINDS = [
    SHEETS[key]
    for key in ("avery-5160", "avery-l7160", "avery-5163", *SMALL, "dymo-30252", "dymo-11352", "envelope-dl")
]


def printed(
    path: Path, labels: Iterable[Label], stock: LabelSheet = AVERY, **options: Any
) -> tuple[LabelResult, list[Placed]]:
    result = write_labels(path / "labels.pdf", labels, stock, **options)
    return result, reading.placed(path / "labels.pdf")


def numbered(count: int) -> list[Label]:
    return [Label((f"Client {number}", *ADDRESS)) for number in range(1, count + 1)]


def cell_of(piece: Placed, stock: LabelSheet, shift: tuple[float, float] = (0, 0)) -> int:
    """The cell in which a piece of text lies whole, counted from 1."""
    top = stock.page_height - piece.y - shift[1]
    left = piece.x - shift[0]
    [cell] = [
        index + 1
        for index in range(stock.count)
        if holds(stock.cell_rect(index), left, top, piece.width, piece.size)
    ]
    return cell


def holds(rect: Rect, left: float, baseline: float, width: float, size: float) -> bool:
    return (
        rect.left <= left
        and left + width <= rect.left + rect.width + 0.1
        and rect.top <= baseline - 0.72 * size  # the height of capitals
        and baseline + 0.22 * size <= rect.top + rect.height
    )


@pytest.mark.parametrize("stock", SHEETS.values(), ids=SHEETS)
def test_that_labels_fill_the_stock_in_order_each_inside_its_cell(tmp_path: Path, stock: LabelSheet) -> None:
    """B10: left to right, top to bottom."""
    count = 2 * stock.count + 1
    result, pieces = printed(tmp_path, numbered(count), stock)
    shrunk = count if stock.key in SMALL else 0
    assert result == LabelResult(count=count, pages=3, shrunk=shrunk, cut=0, replaced_characters=0)
    assert len(pieces) == 3 * count
    places = {piece.text: (piece.page, cell_of(piece, stock)) for piece in pieces if piece.text.startswith("Client")}
    for number in range(count):
        assert places[f"Client {number + 1}"] == (number // stock.count + 1, number % stock.count + 1)
    for page in PdfReader(tmp_path / "labels.pdf").pages:
        size = page.mediabox.width, page.mediabox.height
        assert size == pytest.approx((stock.page_width, stock.page_height), abs=0.1)


def test_that_the_first_sheet_begins_at_the_cell_asked_for_and_the_next_at_its_first(tmp_path: Path) -> None:
    """B10: start position on the first sheet only."""
    result, pieces = printed(tmp_path, numbered(29), start=4)
    assert result.pages == 2
    places = {piece.text: (piece.page, cell_of(piece, AVERY)) for piece in pieces}
    assert places["Client 1"] == (1, 4)
    assert places["Client 27"] == (1, 30)
    assert places["Client 28"] == (2, 1)


def test_that_the_last_cell_can_be_the_first(tmp_path: Path) -> None:
    result, pieces = printed(tmp_path, numbered(2), start=30)
    assert result.pages == 2
    assert [(piece.page, cell_of(piece, AVERY)) for piece in pieces if "Client" in piece.text] == [(1, 30), (2, 1)]


@pytest.mark.parametrize("start", [0, -1, 31])
def test_that_a_start_beyond_the_sheet_is_refused_and_nothing_is_written(tmp_path: Path, start: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        printed(tmp_path, numbered(1), start=start)
    assert refused.value.field == "start"
    assert "Avery 5160" in str(refused.value)
    assert "30" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_that_a_roll_has_no_other_start_than_its_first_label(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="start at 1"):
        printed(tmp_path, numbered(1), DYMO, start=2)


def test_that_copies_stand_side_by_side(tmp_path: Path) -> None:
    result, pieces = printed(tmp_path, numbered(2), copies=3)
    assert result.count == 6
    names = sorted((cell_of(piece, AVERY), piece.text) for piece in pieces if "Client" in piece.text)
    assert [name for _, name in names] == ["Client 1"] * 3 + ["Client 2"] * 3
    with pytest.raises(InvalidInput) as refused:
        printed(tmp_path, numbered(2), copies=0)
    assert refused.value.field == "copies"


@pytest.mark.parametrize("shift", [(0.5, -0.3), (-2.0, 3.0)])
def test_that_a_shift_moves_text_and_outline_right_and_down_by_millimetres(
    tmp_path: Path, shift: tuple[float, float]
) -> None:
    _, straight = printed(tmp_path, numbered(3), outline=True)
    edges = outlines(tmp_path / "labels.pdf")
    _, shifted = printed(tmp_path, numbered(3), AVERY.corrected(Correction(*shift)), outline=True)
    moved_edges = outlines(tmp_path / "labels.pdf")
    right, up = shift[0] * 72 / 25.4, -shift[1] * 72 / 25.4
    for before, after in zip(straight, shifted, strict=True):
        assert (after.x - before.x, after.y - before.y) == pytest.approx((right, up), abs=0.02)
    for edge, moved in zip(edges, moved_edges, strict=True):
        assert (moved[0] - edge[0], moved[1] - edge[1]) == pytest.approx((right, up), abs=0.02)


def test_that_a_pitch_correction_grows_from_column_to_column_and_from_row_to_row(tmp_path: Path) -> None:
    """B10."""
    printed(tmp_path, [], outline=True)
    straight = outlines(tmp_path / "labels.pdf")
    printed(tmp_path, [], AVERY.corrected(Correction(per_column=0.4, per_row=-0.1)), outline=True)
    corrected = outlines(tmp_path / "labels.pdf")
    for cell, (before, after) in enumerate(zip(straight, corrected, strict=True)):
        row, column = divmod(cell, 3)
        right, down = (after[0] - before[0]) * 25.4 / 72, (before[1] - after[1]) * 25.4 / 72
        assert (right, down) == pytest.approx((0.4 * column, -0.1 * row), abs=0.02)


def test_that_a_continuous_roll_is_cut_to_the_text_of_each_label(tmp_path: Path) -> None:
    """B10."""
    roll = SHEETS["brother-dk-22205"]
    long = Label(("Ann & Bob Smith", "Smith and Daughters", "c/o Mill House", *ADDRESS, "United States"))
    result, pieces = printed(tmp_path, [Label(("Ann", *ADDRESS)), long], roll)
    assert (result.count, result.pages, result.shrunk) == (2, 2, 0)
    short, tall = (page.mediabox for page in PdfReader(tmp_path / "labels.pdf").pages)
    assert float(short.width) == float(tall.width) == pytest.approx(62 * 72 / 25.4, abs=0.01)
    assert float(short.height) == pytest.approx(72, abs=0.1)
    assert 84 < float(tall.height) < 110
    assert all(0 < piece.y < float(tall.height) for piece in pieces)


def outlines(path: Path, page: int = 0) -> list[tuple[float, ...]]:
    """The rectangles drawn on a page: left, bottom, width, height."""
    words = reading.operators(path, page)
    return [tuple(map(float, words[at - 4 : at])) for at, word in enumerate(words) if word == b"re"]


def test_that_an_outline_is_drawn_around_every_cell_of_every_page(tmp_path: Path) -> None:
    printed(tmp_path, numbered(31), outline=True)
    for page in (0, 1):
        drawn = outlines(tmp_path / "labels.pdf", page)
        for index in range(AVERY.count):
            left, top, width, height = AVERY.cell_rect(index)
            expected = (left, AVERY.page_height - top - height, width, height)
            assert any(rectangle == pytest.approx(expected, abs=0.02) for rectangle in drawn)
        assert len(drawn) == AVERY.count
    printed(tmp_path, numbered(1))
    assert outlines(tmp_path / "labels.pdf") == []


def test_that_a_test_print_needs_no_labels_but_labels_are_needed_otherwise(tmp_path: Path) -> None:
    result, pieces = printed(tmp_path, [], outline=True)
    assert (result.count, result.pages, pieces) == (0, 1, [])
    (tmp_path / "labels.pdf").unlink()
    for nobody in ([], [Label(())], [Label(("", "  "))]):
        with pytest.raises(InvalidInput):
            printed(tmp_path, nobody)
    assert list(tmp_path.iterdir()) == []


def test_that_blank_lines_close_up_and_a_label_without_text_takes_no_cell(tmp_path: Path) -> None:
    """B10."""
    labels = [Label(("Ann", "", "  ", *ADDRESS)), Label(("", "")), Label(("Ben", *ADDRESS))]
    result, pieces = printed(tmp_path, labels)
    assert result.count == 2
    ann, street, town, ben = pieces[:4]
    assert ann.y - street.y == pytest.approx(street.y - town.y, abs=0.02)
    assert ben.y == ann.y
    assert cell_of(ben, AVERY) == 2


def test_that_long_text_shrinks_and_everything_stays_inside_the_label(tmp_path: Path) -> None:
    long_name = "Featherstonehaugh-Cholmondeley family"
    result, pieces = printed(tmp_path, [Label(("Grace & Tom Abbott", *ADDRESS)), Label((long_name, *ADDRESS))])
    assert (result.shrunk, result.cut) == (1, 0)
    usual, long = pieces[0], pieces[3]
    assert long.text == long_name
    assert long.size < usual.size
    assert [cell_of(piece, AVERY) for piece in pieces] == [1, 1, 1, 2, 2, 2]


def test_that_longer_text_wraps_without_loss(tmp_path: Path) -> None:
    name = "The Featherstonehaugh-Cholmondeley Family & Friends of the Larkspur Garden Society of Fairbrook"
    result, pieces = printed(tmp_path, [Label((name, *ADDRESS))])
    assert (result.shrunk, result.cut) == (1, 0)
    assert " ".join(piece.text for piece in pieces) == " ".join((name, *ADDRESS))
    assert len(pieces) > 3
    assert {cell_of(piece, AVERY) for piece in pieces} == {1}


@pytest.mark.parametrize("stock", KINDS, ids=lambda stock: stock.key)
@pytest.mark.parametrize(
    "lines",
    [
        ("x" * 400, *ADDRESS),
        ("word " * 200, "word " * 200, *ADDRESS),
        (*(f"line {number}" for number in range(40)), *ADDRESS),
        ("陳" * 400, *ADDRESS),
        ("محمد علي " * 60, *ADDRESS),
    ],
    ids=["one word", "long lines", "many lines", "ideographs", "Arabic"],
)
def test_that_text_beyond_the_label_is_cut_counted_and_keeps_the_town(
    tmp_path: Path, stock: LabelSheet, lines: tuple[str, ...]
) -> None:
    """B10: shrinks, wraps, shares lines with a comma between, then warns."""
    result, pieces = printed(tmp_path, [Label(lines), Label(("Ann",))], stock, copies=2)
    assert result.shrunk == 2
    first = [piece.text for piece in pieces if piece.page == 1 and cell_of(piece, stock) == 1]
    assert first[-1] == ADDRESS[-1]
    shown, wanted = (
        text.replace(" ", "").replace(",", "") for text in (reading.plain_letters("".join(first)), "".join(lines))
    )
    assert result.cut == (0 if shown == wanted else 2)


def test_that_lines_of_a_low_label_share_one_before_any_is_lost(tmp_path: Path) -> None:
    """B10: a half-inch label has room for three; name and town stay by themselves."""
    low = next(stock for stock in KINDS if stock.key == "avery-5167")
    lines = ("Anna Adams", "Rear house", "418 Mill St", "Fairbrook, OH 44199")
    result, pieces = printed(tmp_path, [Label(lines)], low)
    assert [piece.text for piece in pieces] == ["Anna Adams", "Rear house, 418 Mill St", "Fairbrook, OH 44199"]
    assert (result.shrunk, result.cut) == (1, 0)


def test_that_every_font_is_in_the_file(tmp_path: Path) -> None:
    printed(tmp_path, [Label((name, *ADDRESS)) for name in SCRIPTS.values()])
    used = reading.embedded_fonts(tmp_path / "labels.pdf")
    assert len(used) >= 4
    assert all(used.values())


@pytest.mark.parametrize("script", SCRIPTS)
def test_that_a_name_of_any_script_is_printed(tmp_path: Path, script: str) -> None:
    """RELIABILITY row 75, DECISIONS 27."""
    result, _ = printed(tmp_path, [Label((SCRIPTS[script], *ADDRESS))])
    assert result.replaced_characters == 0
    [page] = reading.page_texts(tmp_path / "labels.pdf")
    assert reading.plain_letters(SCRIPTS[script]) in reading.plain_letters(page)


def test_that_what_no_font_holds_is_replaced_and_counted_for_each_copy(tmp_path: Path) -> None:
    result, pieces = printed(tmp_path, [Label(("😀 Smile", *ADDRESS))], copies=2)
    assert result.replaced_characters == 2
    assert "\ufffd Smile" in [piece.text for piece in pieces]


@pytest.mark.parametrize("text", [*NAUGHTY, "a\x00b", "tab\there", "\ud800"])
def test_that_names_are_printed_literally(tmp_path: Path, text: str) -> None:
    """RELIABILITY rows 76, 77."""
    _, pieces = printed(tmp_path, [Label((text, *ADDRESS))])
    literal = text.replace("\t", " ").replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
    assert pieces[0].text == literal


def test_that_a_label_of_invisible_signs_does_not_stop_the_run(tmp_path: Path) -> None:
    result, pieces = printed(tmp_path, [Label(("\u200b", "\ufeff")), Label(("Ann", *ADDRESS))])
    assert (result.count, result.replaced_characters) == (2, 0)
    assert pieces[0].text == "Ann"


def test_that_a_right_to_left_address_stands_at_the_right(tmp_path: Path) -> None:
    hebrew = Label(("שרה כהן", "רחוב הרצל 5", "61000"))
    mixed = Label(("שרה כהן", *ADDRESS))
    _, pieces = printed(tmp_path, [hebrew, mixed])
    lines: dict[tuple[int, float], tuple[float, float]] = {}
    for piece in pieces:  # a line of several fonts comes in pieces, each with the place of the line
        row = cell_of(piece, AVERY), piece.y
        lines[row] = piece.x, lines.get(row, (0, piece.x))[1] + piece.width
    rights = [right for (cell, _), (_, right) in lines.items() if cell == 1]
    assert rights == pytest.approx([rights[0]] * 3, abs=0.1)
    assert rights[0] > AVERY.cell_rect(0).left + 0.9 * AVERY.label_width
    lefts = [left for (cell, _), (left, _) in lines.items() if cell == 2]
    assert lefts == pytest.approx([lefts[0]] * 3, abs=0.1)
    assert lefts[0] < AVERY.cell_rect(1).left + 0.1 * AVERY.label_width


def test_that_a_viewer_is_asked_to_print_at_full_size(tmp_path: Path) -> None:
    """B10: 100 % scale."""
    printed(tmp_path, numbered(1))
    root = PdfReader(tmp_path / "labels.pdf").trailer["/Root"]
    assert root["/ViewerPreferences"]["/PrintScaling"] == "/None"


def test_that_a_reprint_is_equal_byte_for_byte(tmp_path: Path) -> None:
    labels = [Label((name, *ADDRESS)) for name in SCRIPTS.values()]
    printed(tmp_path, labels)
    first = (tmp_path / "labels.pdf").read_bytes()
    printed(tmp_path, labels)
    assert (tmp_path / "labels.pdf").read_bytes() == first
