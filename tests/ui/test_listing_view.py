"""The grid: page by page, sorted by the database, worked by keys, and kept in its place while data changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from studio_desktop.domain.changes import Changes
from studio_desktop.domain.records.clients import ClientRecord, Stage
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.reports.listing_file import export_listing
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.declaration import Query
from studio_desktop.services.preferences import formats_of
from studio_desktop.services.users import sit_down
from studio_desktop.ui import theme
from studio_desktop.ui.widgets.buttons import LinkButton
from studio_desktop.ui.widgets.listing_model import PAGE, TICK
from studio_desktop.ui.widgets.listing_reads import FIRST
from studio_desktop.ui.widgets.listing_view import ListingView
from studio_desktop.ui.widgets.plain_label import PlainLabel
from tests.builders import a_client, catalog_id, client_record
from tests.ui.conftest import DeskShell

Key = Qt.Key
Shown = Callable[..., ListingView]


@pytest.fixture
def shown(qtbot: QtBot, shell: DeskShell) -> Shown:
    """A listing on the screen, with its first answer in it."""

    def show(query: Query | None = None, name: str = "clients", typed: str = "", **options: bool) -> ListingView:
        view = ListingView(shell, name, **options)
        qtbot.addWidget(view)
        view.resize(946, 322)
        view.ask(query or Query(), typed)
        view.show()
        qtbot.waitUntil(lambda: view.is_loaded and view.model.is_complete)
        return view

    return show


@pytest.fixture
def five(services: Services) -> list[ClientRecord]:
    """Five clients, in the order of the list."""
    names = ("Abbott", "Adams", "Baker", "Chen", "Dalton")
    return [a_client(services, last_name=name, first_name="Kim") for name in names]


def many(services: Services, count: int) -> None:
    from studio_desktop.services.demo import Demo

    Demo(services.database, services.desk).fill(count, seed=1)


def column(view: ListingView, key: str = "name") -> list[str]:
    return [view.text(row, key) for row in range(view.model.rowCount())]


def press(view: ListingView, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(view.grid, key, held)


def click_header(view: ListingView, key: str, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    header = view.grid.header
    section = view.model.column_of(key)
    place = QPoint(header.sectionViewportPosition(section) + 30, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, held, place)


def click_row(view: ListingView, row: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    index = view.model.index(row, view.model.column_of("name"))
    place = view.grid.visualRect(index).center()
    QTest.mouseClick(view.grid.viewport(), Qt.MouseButton.LeftButton, held, place)


def top_line(view: ListingView) -> QColor:
    return view.grab(QRect(0, 0, 50, 2)).toImage().pixelColor(10, 0)


def loaded(qtbot: QtBot, view: ListingView) -> None:
    qtbot.waitUntil(lambda: view.is_loaded and view.model.is_complete)


def test_that_the_first_page_shows_before_all_ids_are_known_and_every_row_when_it_comes_into_sight(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    """S4-32; PERFORMANCE: ids in order plus pages. RELIABILITY 93."""
    many(services, 3 * PAGE)
    expected = services.listings.ids("clients", Query())
    view = ListingView(shell, "clients")
    qtbot.addWidget(view)
    view.resize(900, 300)
    view.show()
    totals: list[int] = []
    view.counts_changed.connect(lambda: totals.append(view.total))
    view.ask(Query())
    qtbot.waitUntil(lambda: len(totals) == 2)
    assert totals == [FIRST, len(expected)]
    assert view.model.ids() == expected
    view.enter()
    press(view, Key.Key_End)
    last = len(expected) - 1
    qtbot.waitUntil(lambda: view.text(last, "name") != "")
    assert view.current_id() == expected[-1]


def test_that_only_whole_rows_are_shown_whatever_the_height_and_the_text_size(
    qtbot: QtBot, shown: Shown, five: list[ClientRecord]
) -> None:
    view = shown()
    for height in (322, 329, 341):
        view.resize(view.width(), height)
        qtbot.waitUntil(lambda: view.grid.viewport().height() % theme.row_height(20) == 0)
        assert view.grid.viewport().height() == (height - 22) // 20 * 20


def test_that_a_header_click_sorts_in_the_database_and_a_second_click_turns_it_round(
    qtbot: QtBot, shown: Shown, services: Services
) -> None:
    """E5; S1-06 names the order of statuses: they sort by their place in the workflow, not by the alphabet."""
    for name, status in (("Adams", "Loyalty Client"), ("Baker", "Prospect"), ("Chen", "Client")):
        a_client(services, last_name=name, status_id=catalog_id(services, "client_statuses", status))
    view = shown()
    click_header(view, "status")
    loaded(qtbot, view)
    assert column(view) == ["Baker", "Chen", "Adams"]
    click_header(view, "status")
    loaded(qtbot, view)
    assert column(view) == ["Adams", "Chen", "Baker"]
    assert view.sort == (("status", True),)


def test_that_shift_click_orders_what_the_first_column_leaves_equal(
    qtbot: QtBot, shown: Shown, services: Services
) -> None:
    """E5."""
    for name, town in (("Adams", "Oakhurst"), ("Baker", "Fairbrook"), ("Chen", "Oakhurst"), ("Dalton", "Fairbrook")):
        a_client(services, last_name=name, town=town)
    view = shown()
    click_header(view, "town")
    click_header(view, "name", Qt.KeyboardModifier.ShiftModifier)
    loaded(qtbot, view)
    assert column(view) == ["Baker", "Dalton", "Adams", "Chen"]
    click_header(view, "name", Qt.KeyboardModifier.ShiftModifier)
    loaded(qtbot, view)
    assert column(view) == ["Dalton", "Baker", "Chen", "Adams"]


def test_that_the_header_is_worked_by_keys_too(qtbot: QtBot, shown: Shown, five: list[ClientRecord]) -> None:
    view = shown()
    view.grid.header.setFocus()
    QTest.keyClick(view.grid.header, Key.Key_Space)
    QTest.keyClick(view.grid.header, Key.Key_Right)
    loaded(qtbot, view)
    assert view.sort == (("light", True),), "red lights come first"
    QTest.keyClick(view.grid.header, Key.Key_Space)
    loaded(qtbot, view)
    assert view.sort == (("name", False),)


def test_that_columns_and_order_are_each_persons_own_and_kept(
    qtbot: QtBot, shell: DeskShell, shown: Shown, five: list[ClientRecord]
) -> None:
    """E6."""
    view = shown()
    header, name = view.grid.header, view.model.column_of("town")
    header.resizeSection(name, 201)
    header.moveSection(header.visualIndex(name), 1)
    menu = QMenu()
    view.fill_columns_menu(menu)
    next(action for action in menu.actions() if action.text() == "E-mail").trigger()
    click_header(view, "status")
    view.hide()
    qtbot.waitUntil(lambda: bool(shell.services.layouts.get("clients")))
    again = shown()
    assert again.shown_columns() == ["town", "light", "name", "secondary", "status", "due", "phone", "email"]
    assert again.grid.columnWidth(again.model.column_of("town")) == 201
    assert again.sort == (("status", False),)
    other = Services(shell.services.database, sit_down(shell.services.database, shell.services.desk.clock, "F2", "Sue"))
    assert other.layouts.get("clients") == {}


def test_that_custom_columns_are_called_as_the_studio_calls_them_on_screen_and_in_files(
    qtbot: QtBot, shell: DeskShell, shown: Shown, services: Services, five: list[ClientRecord], tmp_path: Path
) -> None:
    """S0-25, S3-18: the grid, its menu and a file say what the studio calls its fields, from the moment it does."""
    view = shown()
    menu = QMenu()
    view.fill_columns_menu(menu)
    next(action for action in menu.actions() if action.text() == "Custom 1").trigger()
    saved = services.preferences.save({"custom_text_1": "Frames"}, new_request())
    shell.preferences = saved.result
    view.refresh(saved.changes)
    assert view.model.headerData(view.model.column_of("custom_text_1"), Qt.Orientation.Horizontal) == "Frames"
    again = QMenu()
    view.fill_columns_menu(again)
    assert "Frames" in [action.text() for action in again.actions()]
    export_listing(services, "clients", tmp_path / "clients.csv", keys=view.shown_columns())
    assert "Frames" in (tmp_path / "clients.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    loaded(qtbot, view)


def test_that_a_kept_layout_of_an_older_program_leads_to_no_column_that_is_gone(
    shell: DeskShell, shown: Shown, five: list[ClientRecord]
) -> None:
    columns = [{"key": "fax", "width": 90, "shown": True}, {"key": "town", "width": 1, "shown": True}]
    shell.services.layouts.keep("clients", {"columns": columns, "sort": [["fax", False], ["town", True]]})
    view = shown()
    assert "fax" not in view.shown_columns()
    assert view.sort == (("town", True),)
    assert view.grid.columnWidth(view.model.column_of("town")) >= 20


def test_that_the_last_column_in_sight_cannot_be_hidden(shown: Shown, five: list[ClientRecord]) -> None:
    view = shown()
    menu = QMenu()
    view.fill_columns_menu(menu)
    for line in menu.actions():
        if line.isChecked() and line.isCheckable():
            line.trigger()
    assert len(view.shown_columns()) == 1


def test_that_space_ticks_and_goes_down_and_the_ticks_have_a_column_while_there_are_any(
    shown: Shown, five: list[ClientRecord]
) -> None:
    """FRONT_DESK job 7; E5."""
    view = shown()
    view.enter()
    assert view.grid.isColumnHidden(TICK)
    press(view, Key.Key_Space, Key.Key_Down, Key.Key_Space)
    assert view.ticked() == [five[0].id, five[2].id]
    assert view.chosen() == view.ticked()
    assert not view.grid.isColumnHidden(TICK)
    assert view.current_id() == five[3].id
    press(view, Key.Key_Up, Key.Key_Space)
    press(view, Key.Key_Home, Key.Key_Space)
    assert view.ticked() == []
    assert view.grid.isColumnHidden(TICK)


def test_that_asking_what_can_be_done_goes_through_no_ticks(shown: Shown, five: list[ClientRecord]) -> None:
    """B10: with a hundred thousand ticked rows every sheet and page would open late."""
    view = shown()
    assert not view.is_anybody_chosen()
    view.set_ticked([five[0].id, five[2].id], True)
    assert view.is_anybody_chosen()
    assert view.model.ticked() is view.model.ticked()
    view.set_ticked([five[0].id, five[2].id], False)
    assert not view.is_anybody_chosen()
    view.enter()
    assert view.is_anybody_chosen()


def test_that_ctrl_a_ticks_all_and_again_none(qtbot: QtBot, shown: Shown, services: Services) -> None:
    many(services, 2 * PAGE + 5)
    view = shown(Query({"stage": "active"}))
    press(view, Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
    assert view.ticked() == services.listings.ids("clients", Query({"stage": "active"}))
    press(view, Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
    assert view.ticked() == []


def test_that_ctrl_a_before_the_ids_are_known_ticks_all_the_same(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    many(services, PAGE + 40)
    view = ListingView(shell, "clients")
    qtbot.addWidget(view)
    view.ask(Query())
    view.tick_all()
    qtbot.waitUntil(lambda: len(view.ticked()) == PAGE + 40)


def test_that_clicks_with_ctrl_and_shift_tick(shown: Shown, five: list[ClientRecord]) -> None:
    view = shown()
    click_row(view, 0)
    click_row(view, 2, Qt.KeyboardModifier.ControlModifier)
    assert view.ticked() == [five[0].id, five[2].id], "the row that was chosen belongs to it"
    click_row(view, 4, Qt.KeyboardModifier.ShiftModifier)
    assert view.ticked() == [five[0].id, *(one.id for one in five[2:])]
    view.set_ticked([one.id for one in five], False)
    click_row(view, 1)
    press(view, Key.Key_Down, Key.Key_Down, held=Qt.KeyboardModifier.ShiftModifier)
    assert view.ticked() == [one.id for one in five[1:4]]


def test_that_a_click_on_the_box_ticks_and_a_double_click_elsewhere_opens(
    qtbot: QtBot, shown: Shown, five: list[ClientRecord]
) -> None:
    """E7."""
    view = shown()
    view.set_ticked([five[0].id], True)
    box = view.grid.visualRect(view.model.index(1, TICK)).center()
    opened: list[int] = []
    view.opened.connect(opened.append)
    QTest.mouseClick(view.grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, box)
    assert view.ticked() == [five[0].id, five[1].id]
    name = view.grid.visualRect(view.model.index(3, view.model.column_of("name"))).center()
    QTest.mouseClick(view.grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, name)
    QTest.mouseDClick(view.grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, name)
    assert opened == [five[3].id]


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter])
def test_that_both_enters_open_the_current_row(shown: Shown, five: list[ClientRecord], key: Qt.Key) -> None:
    """E7; FRONT_DESK 4."""
    view = shown()
    opened: list[int] = []
    view.opened.connect(opened.append)
    view.enter()
    press(view, Key.Key_Down)
    on_keypad = key == Key.Key_Enter
    held = Qt.KeyboardModifier.KeypadModifier if on_keypad else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(view.grid, key, held)
    assert opened == [five[1].id]


def test_that_what_is_typed_jumps_to_what_begins_so(shown: Shown, services: Services) -> None:
    """E5: type-ahead in the list."""
    view = shown(name="client-statuses")
    view.enter()
    QTest.keyClicks(view.grid, "upset")
    row = view.grid.currentIndex().row()
    assert view.text(row, "description") == "Upset Client"


def test_that_typing_may_go_elsewhere(shown: Shown, five: list[ClientRecord]) -> None:
    view = shown(typing_goes_elsewhere=True)
    typed: list[str] = []
    view.typed_over.connect(lambda event: typed.append(event.text()))
    view.enter()
    QTest.keyClicks(view.grid, "Sm")
    QTest.keyClick(view.grid, Key.Key_Backspace)
    assert typed == ["S", "m", "\b"]
    assert view.grid.currentIndex().row() == 0


def test_that_refreshing_keeps_the_current_row_the_ticks_and_the_place_in_the_list(
    qtbot: QtBot, shown: Shown, services: Services, other_desk: Services
) -> None:
    """E17; S4-32. RELIABILITY E19."""
    many(services, 3 * PAGE)
    view = shown()
    ids = view.model.ids()
    view.enter()
    view.grid.verticalScrollBar().setValue(200)
    view.set_current(205)
    view.set_ticked([ids[3], ids[204]], True)
    told: list[int | None] = []
    view.current_changed.connect(told.append)
    new = other_desk.clients.create(client_record(last_name="Aaaron"), new_request())
    view.refresh(new.changes)
    qtbot.waitUntil(lambda: view.model.ids()[0] == new.result.id)
    loaded(qtbot, view)
    assert view.current_id() == ids[205]
    assert view.grid.rows_in_sight()[0] == 201, "the rows in sight are the same ones"
    assert view.ticked() == [ids[3], ids[204]]
    assert told == []


def test_that_another_desks_change_of_a_value_shows_without_a_jump(
    qtbot: QtBot, shown: Shown, five: list[ClientRecord], other_desk: Services
) -> None:
    view = shown()
    view.set_current(3)
    base = other_desk.clients.get(five[3].id)
    saved = other_desk.clients.save(base, replace(base, call_warning="After 5"), new_request())
    resets: list[bool] = []
    view.model.modelReset.connect(lambda: resets.append(True))
    view.refresh(saved.changes)
    qtbot.waitUntil(lambda: view.model.value(five[3].id, "call_warning") == "After 5")
    loaded(qtbot, view)
    assert resets == []
    assert view.current_id() == five[3].id


def test_that_another_preference_shows_in_every_cell(
    qtbot: QtBot, shell: DeskShell, shown: Shown, services: Services
) -> None:
    """S2-04, B25: first names first, and days as the studio writes them."""
    inquiry = catalog_id(services, "client_statuses", "Web Inquiry")
    a_client(services, last_name="Adams", first_name="Anna", status_id=inquiry)
    view = shown()
    assert (view.text(0, "name"), view.text(0, "due")) == ("Adams, Anna", "12 Mar")
    wanted = {"name_order": "first_last", "date_order": "ymd"}
    saved = services.preferences.save(wanted, new_request())
    shell.formats = formats_of(saved.result)
    view.refresh(saved.changes)
    qtbot.waitUntil(lambda: view.text(0, "name") == "Anna Adams")
    assert view.text(0, "due") == "03-12"


def test_that_a_change_of_something_else_reads_nothing(shown: Shown, five: list[ClientRecord]) -> None:
    view = shown()
    view.refresh(Changes(new_request(), frozenset()))
    assert view.is_loaded


def test_that_the_next_row_takes_the_place_of_a_deleted_one(
    qtbot: QtBot, shown: Shown, services: Services, five: list[ClientRecord]
) -> None:
    view = shown()
    view.set_current(1)
    view.refresh(services.clients.delete([five[1].id], new_request()).changes)
    qtbot.waitUntil(lambda: view.total == 4)
    assert view.current_id() == five[2].id


def test_that_a_search_shows_the_best_first_and_says_quietly_where_they_only_contain_or_resemble(
    qtbot: QtBot, shown: Shown, services: Services
) -> None:
    """SEARCH 2; B17: tolerant of spelling."""
    smith = a_client(services, last_name="Smith")
    inside = a_client(services, last_name="Hammersmith")
    similar = a_client(services, last_name="Smyth")
    view = shown(typed="smith")
    rows = [view.model.id_at(row) or view.model.heading_at(row) for row in range(view.model.rowCount())]
    assert rows == [smith.id, "contains", inside.id, "similar", similar.id]
    assert view.current_id() == smith.id
    assert view.total == 3
    view.enter()
    press(view, Key.Key_Down)
    assert view.current_id() == inside.id, "a heading is passed over"
    press(view, Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
    assert view.ticked() == [smith.id, inside.id, similar.id]
    press(view, Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
    press(view, Key.Key_Home, Key.Key_Space, Key.Key_Space, Key.Key_Space)
    assert view.ticked() == [smith.id, inside.id, similar.id], "Space goes over headings as well"


def test_that_the_first_of_merely_similar_hits_is_chosen_below_its_heading(shown: Shown, services: Services) -> None:
    similar = a_client(services, last_name="Smyth")
    view = shown(typed="smith")
    assert view.model.heading_at(0) == "similar"
    assert view.current_id() == similar.id


def test_that_digits_in_the_middle_of_a_phone_need_no_heading(shown: Shown, services: Services) -> None:
    found = a_client(services, phones=("(330) 555-0142",))
    view = shown(typed="5550142")
    assert [view.model.id_at(row) for row in range(view.model.rowCount())] == [found.id]


def test_that_hits_beyond_the_first_are_read_at_the_end_of_the_list(
    qtbot: QtBot, shown: Shown, services: Services
) -> None:
    for number in range(60):
        a_client(services, last_name="Adams", first_name=f"K{number:02}")
    view = shown(typed="adams")
    assert view.has_more_hits
    assert view.total == 50
    bar = view.grid.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: view.total == 60)
    loaded(qtbot, view)
    assert not view.has_more_hits
    view.ask(Query(), "adams k")
    view.tick_all()
    qtbot.waitUntil(lambda: len(view.ticked()) == 60)


def test_that_a_header_click_sorts_all_hits(qtbot: QtBot, shown: Shown, services: Services) -> None:
    """DECISIONS 8."""
    for number in range(60):
        a_client(services, last_name="Adams", first_name=f"K{number:02}", town=f"T{99 - number}")
    view = shown(typed="adams")
    click_header(view, "town")
    loaded(qtbot, view)
    assert view.total == 60
    assert column(view, "town") == sorted(column(view, "town"))
    view.ask(Query(), "adams k07")
    loaded(qtbot, view)
    assert view.sort == (), "the next search is in its own order again"


def test_that_copying_gives_a_table_that_no_spreadsheet_runs(
    qtbot: QtBot, shown: Shown, services: Services
) -> None:
    """E5; DECISIONS 22. RELIABILITY 78."""
    a_client(services, last_name="=1+1", first_name="", phones=("+1 330 555 0142",), town="Two\twords")
    a_client(services, last_name="Baker", town="-5")
    view = shown()
    view.enter()
    press(view, Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
    QGuiApplication.clipboard().clear()
    press(view, Key.Key_C, held=Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() != "")
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert lines[0] == ["Light", "Name", "Secondary", "Status", "Due", "Main phone", "Town"]
    assert [line[1] for line in lines[1:]] == ["'=1+1", "Baker"]
    assert [line[5] for line in lines[1:]] == ["(330) 555-0142", ""]
    assert [line[6] for line in lines[1:]] == ["Two words", "'-5"]


def test_that_rows_out_of_sight_are_copied_too(qtbot: QtBot, shown: Shown, services: Services) -> None:
    many(services, 1100)
    view = shown()
    view.tick_all()
    QGuiApplication.clipboard().clear()
    view.copy()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() != "")
    assert len(QGuiApplication.clipboard().text().splitlines()) == 1101


def test_that_signs_are_words_for_a_screen_reader(
    qtbot: QtBot, shown: Shown, services: Services, shell: DeskShell
) -> None:
    """E10, B6: never colour alone; UX: accessible names."""
    shell.services.desk.clock.instant = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    late = a_client(
        services, last_name="Alvarez", status_id=catalog_id(services, "client_statuses", "Web Inquiry"),
        phones=("(330) 555-0171",), call_warning="Works nights",
    )  # fmt: skip
    noted = a_client(services, last_name="Baker")
    services.notes.add(NoteRecord(client_id=noted.id, text="Bring the dog", alert=True), new_request())
    archived = a_client(services, last_name="Cohen", stage=Stage.ARCHIVED)
    shell.services.desk.clock.instant = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    view = shown()

    def spoken(row: int, key: str) -> str:
        index = view.model.index(row, view.model.column_of(key))
        return str(index.data(Qt.ItemDataRole.AccessibleTextRole))

    assert view.model.ids() == [late.id, noted.id, archived.id]
    assert spoken(0, "light") == "Status overdue"
    assert spoken(1, "light") == "Note to look at"
    assert spoken(0, "due") == "4 Mar  late 6 d"
    assert spoken(0, "phone") == "(330) 555-0171, call warning: Works nights"
    assert spoken(2, "name") == "Cohen, archived"


def test_that_a_cell_that_is_cut_tells_its_whole_text_and_a_mark_what_it_means(
    shown: Shown, services: Services
) -> None:
    """DESIGN 6; RELIABILITY B6: the tip is text, whatever was typed."""
    long = "<b>" + "Featherstonehaugh " * 4
    a_client(services, last_name=long, phones=("(330) 555-0171",), call_warning="Works nights")
    a_client(services, last_name="Short")
    view = shown()
    cells = view.grid.itemDelegate()

    def tip(row: int, key: str) -> str:
        section = view.model.column_of(key)
        return str(cells.tip(row, section, view.grid.columnWidth(section)))

    assert tip(0, "name") == long.strip()
    assert tip(0, "phone") == "(330) 555-0171: Works nights"
    assert tip(1, "name") == ""


def test_that_an_empty_list_says_what_goes_here_and_offers_it(qtbot: QtBot, shown: Shown) -> None:
    """DESIGN 5."""
    view = shown()
    done: list[str] = []
    view.set_empty("No clients yet.", ("New client", lambda: done.append("new")))
    said = [label.text() for label in view.findChildren(PlainLabel) if label.isVisible()]
    assert said == ["No clients yet."]
    view.enter()
    button = view.findChild(LinkButton)
    assert isinstance(button, LinkButton)
    assert button.hasFocus()
    QTest.keyClick(button, Key.Key_Space)
    assert done == ["new"]


def test_that_a_list_that_waits_shows_a_line_and_keeps_its_rows(
    qtbot: QtBot, shell: DeskShell, shown: Shown, five: list[ClientRecord]
) -> None:
    """DESIGN 5: after 200 ms."""
    view = shown()
    go_on = threading.Event()
    shell.tasks.run(shell.tasks, lambda: go_on.wait(20), lambda _: None, lane="read")
    with qtbot.waitSignal(shell.tasks.busy_changed, check_params_cb=lambda owner, busy: owner is view and busy):
        view.reload()
    assert column(view) == [f"{one.last_name}, Kim" for one in five]
    assert top_line(view) == theme.mark_colour()
    go_on.set()
    qtbot.waitUntil(lambda: top_line(view) != theme.mark_colour())


def test_that_the_grid_looks_the_same_after_another_text_size_and_density(
    qtbot: QtBot, shown: Shown, five: list[ClientRecord], look: theme.Theme
) -> None:
    """S0: density 4 or 8 more pixels; E10 scales to 200 %."""
    view = shown()
    try:
        look.set_density(8)
        assert view.grid.rowHeight(0) == 28
        look.set_text_percent(200)
        assert view.grid.rowHeight(0) == 48
        assert view.grid.header.height() == 44
        assert view.grid.columnWidth(view.model.column_of("town")) == 220
    finally:
        look.set_density(0)
        look.set_text_percent(100)


def test_that_an_answer_to_an_older_question_is_not_shown(
    qtbot: QtBot, shell: DeskShell, shown: Shown, five: list[ClientRecord]
) -> None:
    view = shown()
    for typed in ("a", "ad", "ada"):
        view.ask(Query(), typed)
    loaded(qtbot, view)
    assert view.model.ids() == [five[1].id]
