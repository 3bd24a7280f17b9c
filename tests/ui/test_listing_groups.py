"""Columns chosen and ordered, rows under headings that fold, totals below: by keys and by the mouse, remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_desktop.services import Services
from studio_desktop.services.listings.declaration import Query
from studio_desktop.ui.hubs.clients import ClientsPage
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.widgets.listing_columns import ListingColumns
from studio_desktop.ui.widgets.listing_view import ListingView
from tests.builders import a_client, catalog_id
from tests.ui.conftest import Answers, DeskShell

# Said for every popup without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
Shown = Callable[..., ListingView]


@pytest.fixture
def shown(qtbot: QtBot, shell: DeskShell) -> Shown:
    """The list on the screen, with its first answer in it."""

    def show() -> ListingView:
        view = ListingView(shell, "clients")
        qtbot.addWidget(view)
        view.resize(946, 400)
        view.ask(Query())
        view.show()
        view.activateWindow()
        loaded(qtbot, view)
        return view

    return show


@pytest.fixture
def five(services: Services) -> None:
    """Three at Web Inquiry, one loyal, one without a status; two in a group."""
    web, loyal = (catalog_id(services, "client_statuses", name) for name in ("Web Inquiry", "Loyalty Client"))
    weddings = frozenset({catalog_id(services, "client_groups", "Weddings")})
    for name, status, groups in (("Abel", loyal, ()), ("Bell", web, weddings), ("Chen", None, ()),
                                 ("Dahl", web, weddings), ("Eden", web, ())):  # fmt: skip
        a_client(services, last_name=name, status_id=status, groups=frozenset(groups))


def loaded(qtbot: QtBot, view: ListingView) -> None:
    qtbot.waitUntil(lambda: view.is_loaded and view.model.is_complete)


def lines(view: ListingView) -> list[str]:
    model = view.model
    return [model.heading_at(row) or view.text(row, "name") for row in range(model.rowCount())]


def press(view: ListingView, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(view.grid, key, held)


def panel() -> ListingColumns:
    found = QApplication.activePopupWidget()
    assert isinstance(found, ListingColumns)
    return found


ALL = ["Web Inquiry · 3", "Bell", "Dahl", "Eden", "Loyalty Client · 1", "Abel", "No status · 1", "Chen"]


@pytest.mark.usefixtures("five")
def test_that_rows_stand_under_headings_that_fold_by_keys(qtbot: QtBot, shown: Shown) -> None:
    """E5: grouping, by the keyboard alone."""
    view = shown()
    view.set_group("status")
    loaded(qtbot, view)
    assert lines(view) == ALL
    view.enter()
    assert view.current_id() is None
    press(view, Key.Key_Left)
    assert lines(view) == ["Web Inquiry · 3", *ALL[4:]]
    press(view, Key.Key_Down)
    press(view, Key.Key_Space)
    assert lines(view) == ["Web Inquiry · 3", "Loyalty Client · 1", "No status · 1", "Chen"]
    press(view, Key.Key_Right)
    assert lines(view) == ["Web Inquiry · 3", *ALL[4:]]
    press(view, Key.Key_Left, held=SHIFT)
    assert lines(view) == ["Web Inquiry · 3", "Loyalty Client · 1", "No status · 1"]
    assert view.total == 5
    view.tick_all()
    assert len(view.ticked()) == 5
    press(view, Key.Key_Right, held=SHIFT)
    assert lines(view) == ALL
    view.set_group("")
    loaded(qtbot, view)
    assert lines(view) == ["Abel", "Bell", "Chen", "Dahl", "Eden"]


@pytest.mark.usefixtures("five")
def test_that_a_click_on_a_heading_folds_and_what_is_folded_stays_so_when_the_list_is_read_again(
    qtbot: QtBot, shown: Shown, services: Services
) -> None:
    view = shown()
    view.set_group("status")
    loaded(qtbot, view)
    place = QPoint(100, view.grid.rowViewportPosition(0) + 8)
    QTest.mouseClick(view.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert lines(view) == ["Web Inquiry · 3", *ALL[4:]]
    a_client(services, last_name="Fox")
    view.reload()
    loaded(qtbot, view)
    assert lines(view) == ["Web Inquiry · 3", "Loyalty Client · 1", "Abel", "No status · 2", "Chen", "Fox"]


@pytest.mark.usefixtures("five")
def test_that_a_screen_reader_hears_whether_a_heading_is_folded(qtbot: QtBot, shown: Shown) -> None:
    view = shown()
    view.set_group("status")
    loaded(qtbot, view)
    heard = Qt.ItemDataRole.AccessibleTextRole
    assert view.model.data(view.model.index(0, 1), heard) == "Web Inquiry · 3, unfolded"
    view.fold(True)
    assert view.model.data(view.model.index(0, 1), heard) == "Web Inquiry · 3, folded"


@pytest.mark.usefixtures("five")
def test_that_totals_stand_below_their_columns_and_follow_what_is_shown(qtbot: QtBot, shown: Shown) -> None:
    """E5: the totals footer."""
    view = shown()
    view.show_totals()
    qtbot.waitUntil(lambda: view.totals.texts() == {"": "5 rows", "groups": "2"})
    assert view.grid.geometry().bottom() < view.totals.geometry().top()
    view.ask(Query({"column:name": "bell"}))
    qtbot.waitUntil(lambda: view.totals.texts() == {"": "1 row", "groups": "1"})
    assert "1 row" in view.totals.accessibleName()
    view.ask(Query(), "dahl")
    qtbot.waitUntil(lambda: view.totals.texts() == {"": "1 row", "groups": "1"})
    view.show_totals(False)
    assert view.totals.isHidden()


@pytest.mark.usefixtures("five")
def test_that_columns_are_chosen_moved_and_widened_by_keys(qtbot: QtBot, shown: Shown) -> None:
    """E5, S2-15: the column chooser without the mouse, at once and remembered."""
    view = shown()
    view.arrange_columns()
    chooser = panel().list
    assert view.shown_columns()[:4] == ["light", "name", "secondary", "status"]
    QTest.keyClicks(chooser, "comp")
    QTest.keyClick(chooser, Key.Key_Space)
    assert "company" in view.shown_columns()
    for _ in range(3):
        QTest.keyClick(chooser, Key.Key_Up, ALT)
    assert view.shown_columns()[:3] == ["company", "light", "name"]
    before = view._layout.width("company")
    QTest.keyClick(chooser, Key.Key_Plus)
    assert view._layout.width("company") == before + 10
    panel().close()
    view.flush()
    again = shown()
    assert again.shown_columns()[:3] == ["company", "light", "name"]
    again.arrange_columns()
    panel().reset_wanted.emit()
    assert again.shown_columns()[:4] == ["light", "name", "secondary", "status"]
    panel().close()


@pytest.mark.usefixtures("five")
def test_that_the_last_column_stays_ticked_in_the_panel(shown: Shown) -> None:
    view = shown()
    view.arrange_columns()
    chooser = panel().list
    for row in range(chooser.count()):
        chooser.item(row).setCheckState(Qt.CheckState.Unchecked)
    ticked = [row for row in range(chooser.count()) if chooser.item(row).checkState() == Qt.CheckState.Checked]
    assert len(view.shown_columns()) == len(ticked) == 1
    panel().close()


@pytest.mark.usefixtures("five")
def test_that_shift_adds_one_level_of_order_after_the_other(qtbot: QtBot, shown: Shown, services: Services) -> None:
    """E5: Shift+click adds a level; by keys Shift+Space."""
    view = shown()
    header = view.grid.header
    for key in ("status", "town", "name"):
        section = view.model.column_of(key)
        place = QPoint(header.sectionViewportPosition(section) + 30, header.height() // 2)
        held = SHIFT if key != "status" else Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, held, place)
        loaded(qtbot, view)
    assert view.sort == (("status", False), ("town", False), ("name", False))
    header.setFocus()
    QTest.keyClick(header, Key.Key_Space, SHIFT)
    loaded(qtbot, view)
    assert view.sort == (("status", False), ("town", False), ("name", True))
    assert lines(view) == ["Eden", "Dahl", "Bell", "Abel", "Chen"]


@pytest.mark.usefixtures("five")
def test_that_groups_totals_and_columns_are_remembered_and_written_as_shown(
    qtbot: QtBot, window: MainWindow
) -> None:
    """E6, S4-12: every format holds what is shown; the window's own actions lead there."""
    window.open_page("clients")
    page = window.book.current()
    assert isinstance(page, ClientsPage)
    loaded(qtbot, page.list)
    entries = {entry.text: entry.run for entry in page.menus()["group_by"]()}
    entries["Status"]()
    window.action_set["totals"].trigger()
    loaded(qtbot, page.list)
    page.list.flush()
    assert isinstance(window.prompts, Answers)
    window.action_set["excel"].trigger()
    prompts = window.prompts
    qtbot.waitUntil(lambda: len(prompts.documents) == 1)
    rows = list(load_workbook(Path(prompts.documents[0])).active.values)  # type: ignore[union-attr]
    assert rows[0][:3] == ("Status", "Light", "Name")
    assert [row[0] for row in rows[1:6]] == ["Web Inquiry"] * 3 + ["Loyalty Client", "No status"]
    assert "5 rows" in rows[-1]
    assert window.services.layouts.get("clients")["group"] == "status"
    assert window.services.layouts.get("clients")["totals"] is True
