"""Layouts and filters kept under a name: saved, used and removed in one panel, by keys alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientKind, Stage
from studio_desktop.services import Services
from studio_desktop.services.layouts import Kept
from studio_desktop.ui.hubs.clients import ClientsPage
from studio_desktop.ui.widgets.kept_panel import KeptPanel
from tests.builders import a_client
from tests.ui.conftest import DeskShell

# Said for every popup without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key
Hub = Callable[[], ClientsPage]


@pytest.fixture
def hub(qtbot: QtBot, shell: DeskShell, services: Services) -> Hub:
    """The hub with two leads and a client."""
    a_client(services, last_name="Abel", town="Fairbrook")
    a_client(services, last_name="Bell", town="Fairbrook", kind=ClientKind.LEAD)
    a_client(services, last_name="Chen", town="Lodz", kind=ClientKind.LEAD)

    def show() -> ClientsPage:
        page = ClientsPage(shell)
        qtbot.addWidget(page)
        page.resize(1210, 658)
        page.show()
        page.activateWindow()
        loaded(qtbot, page)
        return page

    return show


def loaded(qtbot: QtBot, page: ClientsPage) -> None:
    qtbot.waitUntil(lambda: page.list.is_loaded and page.list.model.is_complete)


def names(page: ClientsPage) -> list[str]:
    return [page.list.text(row, "name") for row in range(page.list.model.rowCount())]


def panel() -> KeptPanel:
    found = QApplication.activePopupWidget()
    assert isinstance(found, KeptPanel)
    return found


def test_that_a_layout_is_kept_under_a_name_used_again_and_removed(
    qtbot: QtBot, hub: Hub, services: Services
) -> None:
    """E6: named layouts."""
    page = hub()
    page.list._layout.set_shown("number", True)
    page.list.set_group("kind")
    page.handlers()["layouts"]()
    QTest.keyClicks(panel().name_edit, "By kind")
    QTest.keyClick(panel().name_edit, Key.Key_Return)
    qtbot.waitUntil(lambda: len(services.layouts.named(Kept.LAYOUT, "clients")) == 1)
    page.list._layout.set_shown("number", False)
    page.list.set_group("")
    loaded(qtbot, page)
    page.handlers()["layouts"]()
    open_panel = panel()
    qtbot.waitUntil(lambda: open_panel.list.count() == 1)
    QTest.keyClick(open_panel.list, Key.Key_Return)
    qtbot.waitUntil(lambda: page.list.model.is_grouped)
    assert "number" in page.list.shown_columns()
    page.handlers()["layouts"]()
    again = panel()
    qtbot.waitUntil(lambda: again.list.count() == 1)
    QTest.keyClick(again.list, Key.Key_Delete)
    qtbot.waitUntil(lambda: again.list.count() == 0)
    again.close()


def test_that_filters_are_kept_under_a_name_shared_and_shown_as_a_chip(
    qtbot: QtBot, hub: Hub, shell: DeskShell, other_desk: Services
) -> None:
    """B13, S4-03; S0-16: who is hidden stays so, unless the filter says otherwise."""
    page = hub()
    page.wish(filters={"kind": "lead", "column:town": "fair"})
    loaded(qtbot, page)
    page.handlers()["saved_filters"]()
    QTest.keyClicks(panel().name_edit, "Leads here")
    panel().shared_box.setChecked(True)
    panel().save_button.click()
    qtbot.waitUntil(lambda: shell.said[-1:] == ["Filter “Leads here” is kept."])
    assert [one.name for one in other_desk.layouts.named(Kept.FILTER, "clients")] == ["Leads here"]
    page.wish()
    loaded(qtbot, page)
    assert len(names(page)) == 3
    page.handlers()["saved_filters"]()
    open_panel = panel()
    qtbot.waitUntil(lambda: open_panel.list.count() == 1)
    assert open_panel.list.item(0).text() == "Leads here · shared"
    QTest.keyClick(open_panel.list, Key.Key_Return)
    qtbot.waitUntil(lambda: names(page) == ["Bell"])
    qtbot.waitUntil(lambda: page.chips.texts() == ["Active", "Leads here · hides 2"])
    page.filters.use_saved("Leads here", [[("stage", ["hidden"])]])
    assert page.filters.values == {"saved": "Leads here"}
    page.filters.use_saved("Leads here", [[("kind", "lead")]])
    assert page.filters.values == {"stage": (Stage.ACTIVE,), "saved": "Leads here"}
    page.filters.replace({"saved": "Leads here", "overdue": True})
    page.handlers()["saved_filters"]()
    QTest.keyClicks(panel().name_edit, "Late leads")
    QTest.keyClick(panel().name_edit, Key.Key_Return)
    qtbot.waitUntil(lambda: shell.said[-1:] == ["Filter “Late leads” is kept."])
    late = next(one for one in shell.services.layouts.named(Kept.FILTER, "clients") if one.name == "Late leads")
    assert late.value["alternatives"] == [[["kind", "lead"], ["column:town", "fair"], ["overdue", True]]]
