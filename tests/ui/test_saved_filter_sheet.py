"""A filter with “and” and “or” on every field: made by keys, counted while it is typed, changed again later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientKind
from studio_desktop.services import Services
from studio_desktop.services.layouts import Kept, Named
from studio_desktop.services.listings.declaration import Query
from studio_desktop.ui.hubs.clients import ClientsPage
from studio_desktop.ui.sheets.saved_filter import SavedFilterSheet
from studio_desktop.ui.widgets.kept_panel import KeptPanel
from tests.builders import a_client, catalog_id
from tests.ui.client_desk import pick
from tests.ui.conftest import DeskShell

# Said for every popup without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key
Open = Callable[..., SavedFilterSheet]


@pytest.fixture
def sheet(qtbot: QtBot, shell: DeskShell) -> Open:
    """The sheet on the screen."""

    def show(kept: Named | None = None) -> SavedFilterSheet:
        made = SavedFilterSheet(shell, **(begun(kept) if kept else {}))
        qtbot.addWidget(made)
        made.resize(1000, 300)
        with qtbot.waitActive(made):
            made.show()
            made.activateWindow()
        made.take_focus()
        return made

    return show


def begun(one: Named) -> dict[str, Any]:
    return {"kept_name": one.name, "shared": one.shared, **one.value}


def kept(services: Services) -> list[Named]:
    return services.layouts.named(Kept.FILTER, "clients")


def test_that_conditions_are_joined_by_and_and_or_and_kept_under_a_name(
    qtbot: QtBot, sheet: Open, services: Services
) -> None:
    """Issue 3, 2: saved filters with conditions on every field, and/or; B13, C20."""
    weddings = catalog_id(services, "client_groups", "Weddings")
    ids = [a_client(services, last_name="Abel", groups=frozenset({weddings})).id,
           a_client(services, last_name="Bell", town="Fairbrook", kind=ClientKind.LEAD).id]  # fmt: skip
    a_client(services, last_name="Chen", town="Lodz", kind=ClientKind.LEAD)
    made = sheet()
    QTest.keyClicks(made.name_edit, "Spring")
    first = made._lines[0]
    pick(first.field_combo, "Is in group")
    pick(first.choice_combo, "Weddings")
    made.add_button.click()
    second = made._lines[1]
    pick(second.joint_combo, "or")
    pick(second.field_combo, "Town")
    QTest.keyClicks(second.value_edit, "fair")
    made.add_button.click()
    third = made._lines[2]
    pick(third.field_combo, "Kind")
    QTest.keyClicks(third.value_edit, "=lead")
    qtbot.waitUntil(lambda: made.count_label.text() == "2 clients")
    with qtbot.waitSignal(made.finished):
        made.finish()
    (found,) = kept(services)
    assert found.value["alternatives"] == [[["group", weddings]], [["column:town", "fair"], ["column:kind", "=lead"]]]
    assert services.listings.ids("clients", Query({"saved": "Spring"})) == ids


def test_that_a_kept_filter_is_changed_in_its_place(qtbot: QtBot, sheet: Open, services: Services) -> None:
    """What was saved from the chips can be edited too."""
    alternatives = [[["kind", "lead"], ["stage", ["active", "hidden"]], ["overdue", True]], [["group", 99_999]]]
    services.layouts.keep_named(Kept.FILTER, "clients", "Leads", {"alternatives": alternatives}, shared=True)
    made = sheet(kept(services)[0])
    assert made.alternatives() == alternatives
    made._lines[3].remove_button.click()
    assert made.shared_box.isChecked()
    assert not made._lines[0].joint_combo.isVisible()
    with qtbot.waitSignal(made.finished):
        made.finish()
    (found,) = kept(services)
    assert found.value["alternatives"] == alternatives[:1]


def test_that_a_condition_that_means_nothing_is_said_at_its_field_and_nothing_is_kept(
    qtbot: QtBot, sheet: Open, services: Services
) -> None:
    made = sheet()
    pick(made._lines[0].field_combo, "Due")
    QTest.keyClicks(made._lines[0].value_edit, "soon")
    QTest.keyClicks(made.name_edit, "Late")
    assert "soon is not a date" in made._lines[0].value_edit.accessibleDescription()
    made.finish()
    assert QApplication.focusWidget() is made._lines[0].value_edit
    made._lines[0].value_edit.setText("late")
    made.name_edit.clear()
    made.finish()
    qtbot.waitUntil(lambda: "Type a name" in made.count_label.text())
    assert kept(services) == []


def test_that_a_filter_by_a_field_that_there_is_not_says_so_and_can_be_mended(
    qtbot: QtBot, sheet: Open, shell: DeskShell, services: Services
) -> None:
    """It was kept by another version of the program: whoever uses it reads why, and nothing else of it is lost."""
    alternatives = [[["column:mood", "sunny"], ["kind", "lead"], ["wears_hats", True]]]
    services.layouts.keep_named(Kept.FILTER, "clients", "Odd", {"alternatives": alternatives}, shared=False)
    hub = ClientsPage(shell)
    qtbot.addWidget(hub)
    hub.show()
    hub.filters.use_saved("Odd", alternatives)
    qtbot.waitUntil(lambda: [str(one) for one in shell.failures] != [])
    assert {str(one) for one in shell.failures} == {
        "Clients have no field “mood”. Choose another one, or take the condition away."
    }
    made = sheet(kept(services)[0])
    assert made.alternatives() == alternatives
    assert "no field “mood”" in made._lines[0].field_combo.accessibleDescription()
    made.finish()
    assert QApplication.focusWidget() is made._lines[0].field_combo
    pick(made._lines[0].field_combo, "Town")
    made._lines[2].remove_button.click()
    with qtbot.waitSignal(made.finished):
        made.finish()
    assert kept(services)[0].value["alternatives"] == [[["column:town", "sunny"], ["kind", "lead"]]]


def test_that_what_is_typed_comes_back_after_it_was_parked(qtbot: QtBot, sheet: Open) -> None:
    """FRONT_DESK 6."""
    before = sheet()
    assert before.state() == {}
    QTest.keyClicks(before.name_edit, "Spring")
    QTest.keyClicks(before._lines[0].value_edit, "bell")
    after = sheet()
    after.restore(before.state())
    assert after.title() == "Filter: Spring"
    assert after.alternatives() == [[["column:name", "bell"]]]


def test_that_the_panel_of_saved_filters_leads_here(qtbot: QtBot, shell: DeskShell, services: Services) -> None:
    services.layouts.keep_named(Kept.FILTER, "clients", "Leads", {"alternatives": [[["kind", "lead"]]]})
    page = ClientsPage(shell)
    qtbot.addWidget(page)
    page.show()
    page.handlers()["saved_filters"]()
    panel = QApplication.activePopupWidget()
    assert isinstance(panel, KeptPanel)
    qtbot.waitUntil(lambda: panel.list.count() == 1)
    QTest.keyClick(panel.list, Key.Key_F2)
    assert shell.sheets[-1] == ("saved_filter", begun(kept(services)[0]))
    page.handlers()["saved_filters"]()
    panel = QApplication.activePopupWidget()
    assert isinstance(panel, KeptPanel)
    panel.edit_link.click()
    assert shell.sheets[-1] == ("saved_filter", {})
