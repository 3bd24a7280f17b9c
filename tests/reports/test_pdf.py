"""Lists as PDF: complete, readable by anyone, literal, and the same again when printed again."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.phones import Phone
from studio_desktop.reports import fonts
from studio_desktop.reports.pdf import PdfResult, write_pdf
from studio_desktop.reports.tables import Align, ColumnKind, ColumnSpec, Group, StudioHead, TableDocument
from tests.pictures import picture
from tests.reports import reading
from tests.reports.reading import CLIENTS, NAUGHTY, SCRIPTS, STUDIO, client_row


def written(
    path: Path, rows: Iterable[Any], document: TableDocument = CLIENTS
) -> tuple[PdfResult, list[str]]:
    result = write_pdf(path / "list.pdf", document, rows)
    return result, reading.page_texts(path / "list.pdf")


def one_column(kind: ColumnKind, width: int = 10, **options: Any) -> TableDocument:
    return TableDocument("Test", (ColumnSpec("value", "Value", kind, width, **options),), STUDIO)


def test_that_each_row_is_there_once_and_each_page_says_what_and_where_it_is(tmp_path: Path) -> None:
    """B12: studio, report header, time stamp, page n of m."""
    result, pages = written(tmp_path, (client_row(number, f"Client <{number}>") for number in range(200)))
    assert (result.rows, result.pages, result.replaced_characters) == (200, len(pages), 0)
    assert len(pages) > 2
    text = "".join(pages)
    assert all(text.count(f"Client <{number}>") == 1 for number in range(200))
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Client list" in page
        assert "Larkspur Portraits" in page
        assert "Main phone" in page
        assert "Printed 10 Mar 2026, 10:04" in page
    assert "All active clients" in pages[0]
    assert "19 Mill Street" in pages[0]


def test_that_every_font_is_in_the_file_and_none_is_a_standard_one(tmp_path: Path) -> None:
    written(tmp_path, (client_row(1, name) for name in SCRIPTS.values()))
    used = reading.embedded_fonts(tmp_path / "list.pdf")
    assert len(used) >= 5
    assert all(used.values())


@pytest.mark.parametrize("script", SCRIPTS)
def test_that_a_name_of_any_script_reads_back_as_it_is(tmp_path: Path, script: str) -> None:
    """RELIABILITY row 75."""
    name = SCRIPTS[script]
    result, pages = written(tmp_path, [client_row(1, name)])
    assert result.replaced_characters == 0
    assert reading.plain_letters(name) in reading.plain_letters(pages[0])


def test_that_what_no_font_holds_is_shown_as_replaced_and_counted(tmp_path: Path) -> None:
    """RELIABILITY 75."""
    result, pages = written(tmp_path, [client_row(1, "😀 Smile"), client_row(2, "ไทย")])
    assert result.replaced_characters == 4
    assert "\ufffd Smile" in pages[0]


def test_that_markup_is_printed_literally_and_opens_no_file(tmp_path: Path) -> None:
    """RELIABILITY row 76, fact 10."""
    document = replace(CLIENTS, title="<b>List</b>", subtitles=NAUGHTY)
    _, pages = written(tmp_path, (client_row(1, text) for text in NAUGHTY), document)
    drawn = [piece.text for piece in reading.placed(tmp_path / "list.pdf")]
    for text in NAUGHTY:
        assert drawn.count(text) == 2, text
    assert "<b>List</b>" in pages[0]
    for page in PdfReader(tmp_path / "list.pdf").pages:
        assert "/XObject" not in page["/Resources"]


def test_that_control_characters_and_damaged_text_do_not_stop_the_print(tmp_path: Path) -> None:
    _, pages = written(tmp_path, [client_row(1, "a\x00b\ud800c\x1bd"), client_row(2, "Zofia")])
    assert "Zofia" in pages[0]


def test_that_a_reprint_is_equal_byte_for_byte() -> None:
    def once() -> bytes:
        memory = BytesIO()
        write_pdf(memory, CLIENTS, (client_row(number, name) for number, name in enumerate(SCRIPTS.values())))
        return memory.getvalue()

    assert once() == once()


def test_that_documents_written_at_the_same_time_do_not_disturb_each_other() -> None:
    def write(memory: BytesIO) -> None:
        write_pdf(memory, CLIENTS, (client_row(number, name) for name in SCRIPTS.values() for number in range(20)))

    alone = BytesIO()
    write(alone)
    together = [BytesIO() for _ in range(4)]
    threads = [threading.Thread(target=write, args=(memory,)) for memory in together]
    patience = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(patience)
    assert all(memory.getvalue() == alone.getvalue() for memory in together)


def test_that_title_author_and_language_stand_in_the_file(tmp_path: Path) -> None:
    written(tmp_path, [], replace(CLIENTS, language="pl"))
    reader = PdfReader(tmp_path / "list.pdf")
    assert reader.metadata is not None
    assert reader.metadata.title == "Client list"
    assert reader.metadata.author == "Larkspur Portraits"
    assert reader.trailer["/Root"]["/Lang"] == "pl"
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]


def test_that_a_list_without_rows_says_so(tmp_path: Path) -> None:
    result, pages = written(tmp_path, [])
    assert result == PdfResult(0, 1, 0)
    assert "Nothing to list." in pages[0]


def test_that_the_page_is_the_one_asked_for_and_lies_down_for_many_columns(tmp_path: Path) -> None:
    def size(document: TableDocument) -> tuple[float, float]:
        written(tmp_path, [], document)
        box = PdfReader(tmp_path / "list.pdf").pages[0].mediabox
        return round(box.width), round(box.height)

    narrow = one_column(ColumnKind.TEXT)
    wide = replace(narrow, columns=tuple(ColumnSpec(str(n), f"Column {n}", width=20) for n in range(7)))
    assert size(narrow) == (612, 792)
    assert size(replace(narrow, paper="a4")) == (595, 842)
    assert size(replace(wide, paper="a4")) == (842, 595)


@pytest.mark.parametrize("count", [1, 5, 12, 40])
def test_that_nothing_is_printed_beyond_the_margins(tmp_path: Path, count: int) -> None:
    kinds = list(ColumnKind)
    columns = tuple(ColumnSpec(str(n), f"Title of column {n}", kinds[n % len(kinds)], 12) for n in range(count))
    values = {
        ColumnKind.TEXT: "Featherstonehaugh-Cholmondeley",
        ColumnKind.NUMBER: 1_234_567,
        ColumnKind.DAY: date(2025, 11, 29),
        ColumnKind.PARTIAL_DATE: PartialDate(11, 29),
        ColumnKind.INSTANT: datetime(2025, 11, 29, 12, tzinfo=UTC),
        ColumnKind.FLAG: True,
        ColumnKind.PHONE: "(330) 555-0119 ext 12",
    }
    row = tuple(values[column.kind] for column in columns)
    document = replace(CLIENTS, columns=columns, title="Title " * 40, subtitles=("Subtitle " * 60,))
    written(tmp_path, [row] * 3, document)
    page = PdfReader(tmp_path / "list.pdf").pages[0]
    for piece in reading.placed(tmp_path / "list.pdf"):
        assert piece.x >= 36
        assert 20 <= piece.y <= page.mediabox.height - 36
        assert piece.x + piece.width <= page.mediabox.width - 36


def thirty(rows: int) -> tuple[TableDocument, list[tuple[str, ...]]]:
    """A list of thirty columns and so many rows, each value naming its row and column."""
    others = (ColumnSpec(f"c{n}", f"Column {n}", width=14) for n in range(1, 30))
    columns = (ColumnSpec("name", "Name", width=24), *others)
    values = [(f"Client {row}", *(f"r{row} c{column} of it" for column in range(1, 30))) for row in range(rows)]
    return replace(CLIENTS, columns=columns), values


def test_that_more_columns_than_fit_go_on_to_the_right_with_the_first_one_repeated(tmp_path: Path) -> None:
    """A list prints as a spreadsheet does: nothing is squeezed until it cannot be read."""
    document, rows = thirty(80)
    result, pages = written(tmp_path, rows, document)
    assert (result.rows, result.pages) == (80, len(pages))
    assert len(pages) > 4
    pieces = reading.placed(tmp_path / "list.pdf")
    assert min(piece.size for piece in pieces) >= 7
    texts = [piece.text for piece in pieces]
    for row in rows:
        assert all(texts.count(value) == 1 for value in row[1:])
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Name" in page
    # A row stands at the same height on each of its pages, behind its name.
    for piece in pieces:
        if piece.text.startswith("r40 "):
            name = next(one for one in pieces if one.page == piece.page and one.text == "Client 40")
            assert name.y == pytest.approx(piece.y, abs=0.05)
            assert name.x < piece.x
    assert "part 2 of" in pages[1]


def test_that_pages_to_the_right_have_the_groups_and_the_sums_too(tmp_path: Path) -> None:
    document, rows = thirty(3)
    document = replace(document, group_title="Status", total=("Total", *(f"sum {n}" for n in range(1, 30))))
    _, pages = written(tmp_path, [Group("Prospects"), *rows], document)
    assert len(pages) > 1
    assert all("Prospects" in page and "Total" in page for page in pages)
    assert "sum 1" in pages[0]
    assert "sum 29" in pages[-1]


def test_that_a_few_columns_too_many_give_way_before_a_second_page_is_taken(tmp_path: Path) -> None:
    columns = tuple(ColumnSpec(str(n), f"Column {n}", width=18) for n in range(11))
    result, _ = written(tmp_path, [("word " * 4,) * 11], replace(CLIENTS, columns=columns))
    assert result.pages == 1


def test_that_a_column_that_gives_way_never_breaks_a_word_of_its_title(tmp_path: Path) -> None:
    titles = ("Number", "Postcode", "Salutation")
    columns = (
        *(ColumnSpec(title, title, width=4) for title in titles),
        *(ColumnSpec(str(n), "Name", width=18) for n in range(8)),
    )
    result, [page] = written(tmp_path, [("x",) * 11], replace(CLIENTS, columns=columns))
    assert set(titles) <= set(page.split())
    assert result.pages == 1


def test_that_a_word_of_the_first_rows_stays_whole_while_columns_beside_it_have_room(tmp_path: Path) -> None:
    columns = tuple(ColumnSpec(title, title, width=width) for title, width in (("State", 6), ("Remarks", 70)))
    written(tmp_path, [("Województwo świętokrzyskie", "none")] * 3, TableDocument("List", columns, STUDIO))
    assert "świętokrzyskie" in reading.page_texts(tmp_path / "list.pdf")[0]


def test_that_a_column_of_which_nothing_is_seen_leaves_its_room_to_the_others(tmp_path: Path) -> None:
    mail = "a.very.long.address@photographers-of-the-town.example"
    columns = tuple(ColumnSpec(title, title, width=40) for title in ("Name", "E-mail", "Remarks", "Warning"))
    written(tmp_path, [("Anna Adams", mail, "", "")] * 3, TableDocument("List", columns, STUDIO))
    assert mail in reading.page_texts(tmp_path / "list.pdf")[0]


def test_that_long_heads_at_both_sides_do_not_run_into_each_other(tmp_path: Path) -> None:
    studio = StudioHead("Studio " * 40, ("Street " * 60,))
    document = replace(CLIENTS, title="Title " * 60, studio=studio, printed_at="Printed " * 60)
    written(tmp_path, map(client_row, range(80)), document)
    rows: dict[tuple[int, float], list[reading.Placed]] = {}
    for piece in reading.placed(tmp_path / "list.pdf"):
        rows.setdefault((piece.page, piece.y), []).append(piece)
    for row in rows.values():
        row.sort(key=lambda piece: piece.x)
        assert all(left.x + left.width < right.x for left, right in pairwise(row))


@pytest.mark.parametrize("size", [(400, 100), (100, 400)])
def test_that_a_logo_and_a_picture_push_words_aside_and_are_where_they_belong(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    """B12: a wide logo, and one that is higher than it may be."""
    studio = replace(STUDIO, name="Studio " * 40, logo=picture(size=size), logo_width=60)
    document = replace(CLIENTS, title="Title " * 60, studio=studio, picture=picture(size=(200, 200)))
    written(tmp_path, map(client_row, range(3)), document)
    written_again = (tmp_path / "list.pdf").read_bytes()
    written(tmp_path, map(client_row, range(3)), document)
    assert (tmp_path / "list.pdf").read_bytes() == written_again
    logo, photo = reading.pictures(tmp_path / "list.pdf")
    millimetre = 72 / 25.4
    assert logo.width == pytest.approx(60 * millimetre if size[0] > size[1] else 7.5 * millimetre, abs=0.1)
    assert logo.height == pytest.approx(logo.width * size[1] / size[0], abs=0.1)
    assert (photo.width, photo.x + photo.width) == (photo.height, pytest.approx(612 - 42))
    for piece in reading.placed(tmp_path / "list.pdf"):
        for drawn in (logo, photo):
            beside = piece.x >= drawn.x + drawn.width or piece.x + piece.width <= drawn.x
            assert beside or piece.y >= drawn.y + drawn.height or piece.y + piece.size <= drawn.y, piece


def test_that_a_phone_a_day_or_a_number_is_never_cut_even_in_a_narrow_column(tmp_path: Path) -> None:
    document = replace(
        CLIENTS,
        columns=(
            ColumnSpec("phone", "P", ColumnKind.PHONE, 12),
            ColumnSpec("due", "D", ColumnKind.DAY, 8),
            ColumnSpec("number", "N", ColumnKind.NUMBER, 7),
        ),
    )
    _, [page] = written(tmp_path, [("(330) 555-0119 x12", date(2025, 11, 29), 1_234_567)], document)
    for whole in ("(330) 555-0119 x12", "29 Nov 2025", "1,234,567"):
        assert whole in page


def test_that_long_text_wraps_and_only_then_is_cut_with_an_ellipsis(tmp_path: Path) -> None:
    columns = (ColumnSpec("a", "A", width=20), *(ColumnSpec(str(n), "N", ColumnKind.PHONE, 14) for n in range(5)))
    document = replace(CLIENTS, columns=columns)
    rest = (None,) * 5
    _, [page] = written(tmp_path, [("first second third fourth fifth", *rest), ("word " * 100, *rest)], document)
    assert "fifth" in page
    assert page.count("…") == 1
    assert 3 < page.count("word") < 100


def test_that_values_read_as_the_studio_writes_them(tmp_path: Path) -> None:
    columns = tuple(ColumnSpec(kind, kind.title(), kind, 18) for kind in ColumnKind if kind is not ColumnKind.TEXT)
    document = replace(CLIENTS, columns=columns, zone=UTC)
    row = (
        1204,
        date(2026, 3, 14),
        PartialDate(2, 29),
        datetime(2026, 3, 10, 10, 4, tzinfo=UTC),
        True,
        Phone("330 5550119", "+13305550119", "12"),
    )
    _, [page] = written(tmp_path, [row], document)
    for shown in ("1,204", "14 Mar 2026", "29 Feb", "10 Mar 2026 10:04", "Yes", "(330) 555-0119 ext 12"):
        assert shown in page


@pytest.mark.parametrize(
    ("kind", "align", "edge"),
    [
        (ColumnKind.TEXT, None, Align.LEFT),
        (ColumnKind.NUMBER, None, Align.RIGHT),
        (ColumnKind.FLAG, None, Align.CENTER),
        (ColumnKind.NUMBER, Align.LEFT, Align.LEFT),
    ],
)
def test_that_cells_stand_where_their_kind_wants_them(
    tmp_path: Path, kind: ColumnKind, align: Align | None, edge: Align
) -> None:
    written(tmp_path, [("i",), ("WWWW",)], one_column(kind, align=align))
    short, long = (piece for piece in reading.placed(tmp_path / "list.pdf") if piece.text in ("i", "WWWW"))
    share = {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}[edge]

    def anchor(piece: reading.Placed) -> float:
        return piece.x + share * piece.width

    assert anchor(short) == pytest.approx(anchor(long), abs=0.1)
    assert short.y > long.y


def test_that_a_group_heads_its_rows_and_goes_on_on_the_next_page(tmp_path: Path) -> None:
    document = replace(CLIENTS, group_title="Status")
    rows = [Group("Overdue"), *map(client_row, range(60)), Group("Client"), client_row(60)]
    result, pages = written(tmp_path, rows, document)
    assert result.rows == 61
    assert pages[0].index("Overdue") < pages[0].index("Anna Adams")
    assert "Overdue (continued)" in pages[1]
    assert "(continued)" not in pages[0]


def test_that_sums_stand_bold_below_the_last_row_and_outside_its_group(tmp_path: Path) -> None:
    columns = (ColumnSpec("what", "What"), ColumnSpec("count", "Count", ColumnKind.NUMBER))
    document = TableDocument("Test", columns, STUDIO, group_title="Group", total=("Total", 1234))
    result, _ = written(tmp_path, [Group("Ones"), ("one", 4711)], document)
    assert result.rows == 1
    placed = {piece.text: piece for piece in reading.placed(tmp_path / "list.pdf")}
    last, total = placed["4,711"], placed["1,234"]
    assert total.y < last.y
    assert total.width == pytest.approx(fonts.width("1,234", True) * total.size)
    assert last.width == pytest.approx(fonts.width("4,711") * last.size)
    assert total.x + total.width == pytest.approx(last.x + last.width, abs=0.1)


def test_that_a_group_is_never_parted_from_its_first_row(tmp_path: Path) -> None:
    document = replace(CLIENTS, group_title="Status")
    for before in range(28, 42):
        rows = [*map(client_row, range(before)), Group("Loyalty"), client_row(1, "Zofia")]
        _, pages = written(tmp_path, rows, document)
        [page] = [page for page in pages if "Zofia" in page]
        assert "Loyalty" in page
        assert "continued" not in page


def test_that_a_group_is_not_parted_from_a_first_row_of_several_lines(tmp_path: Path) -> None:
    columns = (ColumnSpec("what", "What", width=16, lines=6), ColumnSpec("more", "More", width=60))
    document = TableDocument("Test", columns, STUDIO, group_title="Status")
    for before in range(28, 42):
        rows = [*(("one", "line"),) * before, Group("Loyalty"), ("Zofia " + "word " * 40, "")]
        _, pages = written(tmp_path, rows, document)
        [page] = [page for page in pages if "Zofia" in page]
        assert "Loyalty" in page


def test_that_a_group_without_rows_has_its_heading(tmp_path: Path) -> None:
    document = replace(CLIENTS, group_title="Status")
    _, pages = written(tmp_path, [Group("Nobody"), Group("Loyalty"), client_row(1), Group("Lost")], document)
    assert pages[0].index("Nobody") < pages[0].index("Loyalty") < pages[0].index("Lost")


def test_that_a_long_name_of_the_studio_and_its_address_stand_whole_below_each_other(tmp_path: Path) -> None:
    """B12."""
    name = "Pracownia Fotograficzna „Gęsia Szyja” w Szczebrzeszynie"
    address = "ul. Świętojańska 15, 22-460 Szczebrzeszyn, tel. +48 84 555 01 42, studio@gesia-szyja.example"
    written(tmp_path, [client_row(1)], replace(CLIENTS, studio=StudioHead(name, (address,), picture(), 60)))
    placed = {piece.text: piece for piece in reading.placed(tmp_path / "list.pdf")}
    assert placed[address].y < placed[name].y
    assert placed[address].x == pytest.approx(placed[name].x, abs=0.1)


def test_that_a_cell_of_an_unknown_kind_is_a_fault_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="object"):
        written(tmp_path, [(object(),)], one_column(ColumnKind.TEXT))
    with pytest.raises(ValueError, match="column"):
        replace(CLIENTS, columns=())
