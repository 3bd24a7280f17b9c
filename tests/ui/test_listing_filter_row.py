"""The filter row: typed under a column's title, worked by keys alone, and told by chips as every other filter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientRecord, Stage
from studio_desktop.services import Services
from studio_desktop.ui.hubs.clients import ClientsPage
from studio_desktop.ui.main_window import MainWindow
from tests.builders import a_client
from tests.ui.conftest import DeskShell

# Said for every menu without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key
Hub = Callable[[], ClientsPage]


@pytest.fixture
def people(services: Services) -> list[ClientRecord]:
    """Three in Fairbrook, one of them hidden, and one in Łódź."""
    return [
        a_client(services, last_name="Abbott", town="Fairbrook", phones=["330 555 0142"]),
        a_client(services, last_name="Baker", town="Łódź"),
        a_client(services, last_name="Chen", town="Fairbrook"),
        a_client(services, last_name="Dalton", town="Fairbrook", stage=Stage.HIDDEN),
    ]


@pytest.fixture
def hub(qtbot: QtBot, shell: DeskShell) -> Hub:
    """The hub on the screen, loaded."""

    def show() -> ClientsPage:
        page = ClientsPage(shell)
        qtbot.addWidget(page)
        page.resize(1210, 658)
        page.show()
        page.activateWindow()
        page.take_focus()
        read(qtbot, page)
        return page

    return show


def read(qtbot: QtBot, page: ClientsPage) -> None:
    """The list and the counts answer what was typed last."""
    qtbot.waitUntil(lambda: not page.list.filter_row._soon.isActive())
    qtbot.waitUntil(lambda: page.list.is_loaded and page.list.model.is_complete)
    qtbot.waitUntil(lambda: not page._count_timer.isActive() and page._counts.are_known)


def names(page: ClientsPage) -> list[str]:
    return [page.list.text(row, "name").split(",")[0] for row in range(page.list.model.rowCount())]


def cursor() -> QLineEdit:
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit), field
    return field


def test_that_a_field_under_each_title_filters_and_a_chip_says_what_it_hides(
    qtbot: QtBot, hub: Hub, people: list[ClientRecord]
) -> None:
    """E5, S4-02, S4-35: with the chips and the search, never instead of them."""
    page = hub()
    page.handlers()["filter_row"]()
    QTest.keyClicks(page.list.filter_row.field("town"), "lodz")
    read(qtbot, page)
    assert names(page) == ["Baker"]
    assert page.chips.texts() == ["Active", "Town: lodz · hides 2"] or "Town: lodz · hides 2" in page.chips.texts()
    page.list.filter_row.field("town").clear()
    QTest.keyClicks(page.list.filter_row.field("town"), "fair")
    read(qtbot, page)
    assert names(page) == ["Abbott", "Chen"]
    assert page.chips.texts() == ["Active · hides 1", "Town: fair · hides 1"]
    QTest.keyClicks(page.search_edit, "chen")
    read(qtbot, page)
    assert names(page) == ["Chen"]


def test_that_the_row_is_worked_by_keys_alone(qtbot: QtBot, hub: Hub, people: list[ClientRecord]) -> None:
    """Issue 3, 6: none needs the mouse. The cursor begins at the first column of words; Tab goes on; Enter lists."""
    page = hub()
    page.handlers()["filter"]()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    letters = [QKeySequence.mnemonic(line.text()).toString() for line in menu.actions() if not line.isSeparator()]
    assert len(letters) == len({*letters} - {""}), letters
    QTest.keyClick(menu, Key.Key_R)
    with qtbot.waitActive(page):
        page.activateWindow()
    assert cursor() is page.list.filter_row.field("name")
    QTest.keyClicks(cursor(), "bak*")
    QTest.keyClick(cursor(), Key.Key_Return)
    read(qtbot, page)
    assert names(page) == ["Baker"]
    assert page.list.grid.hasFocus()
    page.list.filter_row.take_focus("name")
    QTest.keyClick(cursor(), Key.Key_Escape)
    read(qtbot, page)
    assert names(page) == ["Abbott", "Baker", "Chen"]
    QTest.keyClick(cursor(), Key.Key_Tab)
    assert cursor() is page.list.filter_row.field("secondary")
    QTest.keyClick(cursor(), Key.Key_Escape)
    assert page.list.grid.hasFocus()


def test_that_esc_on_the_page_clears_what_is_typed_under_the_titles_too(
    qtbot: QtBot, hub: Hub, people: list[ClientRecord]
) -> None:
    page = hub()
    page.handlers()["filter_row"]()
    QTest.keyClicks(page.list.filter_row.field("town"), "lodz")
    read(qtbot, page)
    page.take_focus()
    QTest.keyClick(page.search_edit, Key.Key_Escape)
    read(qtbot, page)
    assert names(page) == ["Abbott", "Baker", "Chen"]
    assert page.list.filter_row.field("town").text() == ""


def test_that_what_is_not_understood_is_said_at_its_field_and_hides_nobody(
    qtbot: QtBot, hub: Hub, people: list[ClientRecord]
) -> None:
    """Issue 3, 6: a clear sentence at its place; RELIABILITY B6."""
    page = hub()
    page.handlers()["filter_row"]()
    field = page.list.filter_row.field("phone")
    QTest.keyClicks(field, "abc")
    assert "part of a phone number" in field.accessibleDescription()
    read(qtbot, page)
    assert len(names(page)) == 3
    field.setText("0142")
    assert "part of a phone number" not in field.accessibleDescription()
    read(qtbot, page)
    assert names(page) == ["Abbott"]


def test_that_each_field_offers_what_is_worth_asking_for(
    qtbot: QtBot, hub: Hub, people: list[ClientRecord]
) -> None:
    page = hub()
    page.handlers()["filter_row"]()
    QTest.keyClick(page.list.filter_row.field("status"), Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    offered = [line.text() for line in menu.actions()]
    assert "=Web Inquiry" in offered
    QTest.keyClick(menu, Key.Key_Up)
    QTest.keyClick(menu, Key.Key_Up)
    QTest.keyClick(menu, Key.Key_Return)
    assert page.list.filter_row.field("status").text() == offered[-2] == "empty"
    read(qtbot, page)
    assert len(names(page)) == 3


def test_that_the_cross_of_a_chip_empties_its_field_and_a_press_leads_there(
    qtbot: QtBot, hub: Hub, people: list[ClientRecord]
) -> None:
    page = hub()
    page.wish(filters={"stage": Stage.ACTIVE, "column:town": "fair"})
    read(qtbot, page)
    assert names(page) == ["Abbott", "Chen"]
    assert not page.list.has_filter_row
    QTest.mouseClick(page.chips.chip("column:town"), Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert cursor() is page.list.filter_row.field("town")
    assert cursor().text() == "fair"
    page.chips.removed.emit("column:town")
    read(qtbot, page)
    assert page.list.filter_row.field("town").text() == ""
    assert len(names(page)) == 3


def test_that_the_row_is_there_again_for_who_left_it_shown_and_its_fields_follow_their_columns(
    qtbot: QtBot, hub: Hub, people: list[ClientRecord]
) -> None:
    """E6."""
    page = hub()
    page.handlers()["filter_row"]()
    header, field = page.list.grid.header, page.list.filter_row.field("town")
    section = page.list.model.column_of("town")
    assert field.x() == header.sectionViewportPosition(section) + 1
    header.moveSection(header.visualIndex(section), 1)
    assert field.x() == header.sectionViewportPosition(section) + 1 < 40
    header.resizeSection(section, 200)
    assert field.width() == 198
    grid = page.list.grid
    assert grid.viewport().y() == header.height() == 50
    page.list.flush()
    again = hub()
    assert again.list.has_filter_row
    again.handlers()["filter_row"](False)
    assert not again.list.has_filter_row
    assert again.list.grid.header.height() == 22


def test_that_the_action_of_the_window_shows_it(qtbot: QtBot, window: MainWindow, people: list[ClientRecord]) -> None:
    window.open_page("clients")
    page = window.book.current()
    assert isinstance(page, ClientsPage)
    window.action_set["filter_row"].trigger()
    assert cursor() is page.list.filter_row.field("name")
    assert window.action_set["filter_row"].isChecked()
    window.action_set["filter_row"].trigger()
    assert not page.list.has_filter_row
