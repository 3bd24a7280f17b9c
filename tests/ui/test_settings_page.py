"""Settings hold at once: those of this computer in its file, those of the studio for every desk."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.domain.changes import Change, Changes
from studio_desktop.domain.permissions import Role
from studio_desktop.services import Services, new_request
from studio_desktop.ui.hubs.help import HelpPage
from studio_desktop.ui.hubs.settings import SettingsPage
from studio_desktop.ui.widgets.plain_label import PlainLabel
from tests.ui.conftest import DeskShell


@pytest.fixture
def page(shell: DeskShell, qtbot: QtBot) -> SettingsPage:
    made = SettingsPage(shell)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    return made


def field(page: SettingsPage, title: str) -> QWidget:
    return next(one for one in page.findChildren(QWidget) if one.accessibleName() == title)


def test_that_a_setting_of_this_computer_holds_at_once(page: SettingsPage, shell: DeskShell, qtbot: QtBot) -> None:
    warning = field(page, "Flashing call warning")
    assert isinstance(warning, QCheckBox)
    warning.click()
    desk = field(page, "Name of this desk")
    assert isinstance(desk, QLineEdit)
    qtbot.keyClicks(desk, "Front desk 2")
    qtbot.keyClick(desk, Qt.Key.Key_Return)
    assert (shell.settings.flash_call_warning, shell.settings.workstation) == (False, "Front desk 2")


def test_that_a_preference_of_the_studio_is_saved_for_every_desk_and_can_be_undone(
    page: SettingsPage, shell: DeskShell, services: Services, qtbot: QtBot
) -> None:
    order = field(page, "Name order")
    assert isinstance(order, QComboBox)
    order.setCurrentIndex(1)
    order.activated.emit(1)
    qtbot.waitUntil(lambda: len(shell.saves) == 1)
    assert services.preferences.get().name_order == "first_last"
    text, changes = shell.saves[0]
    assert text == "Name order changed"
    services.history.undo(changes.request, new_request())
    assert services.preferences.get().name_order == "last_first"


def test_that_working_days_are_ticked_and_none_at_all_is_refused(
    page: SettingsPage, shell: DeskShell, services: Services, qtbot: QtBot
) -> None:
    saturday = next(one for one in page.findChildren(QCheckBox) if one.text() == "Sat")
    saturday.click()
    qtbot.waitUntil(lambda: services.preferences.get().work_week == "012345")
    for day in page.findChildren(QCheckBox):
        if day.text() in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat"):
            day.click()
    qtbot.waitUntil(lambda: [str(error) for error in shell.failures] == ["Choose at least one working day."])


def test_that_tabs_of_a_client_are_ticked_and_those_that_are_not_are_hidden(
    page: SettingsPage, shell: DeskShell, services: Services, qtbot: QtBot
) -> None:
    """S3-09: the first tab is none of them, it always shows."""
    ticks = {one.text(): one for one in page.findChildren(QCheckBox)}
    assert "General" not in ticks
    assert all(ticks[name].isChecked() for name in ("Custom", "Organization", "Groups", "Marketing", "Notes"))
    ticks["Organization"].click()
    ticks["Marketing"].click()
    qtbot.waitUntil(lambda: services.preferences.get().hidden_tabs == "organization,marketing")


def test_that_what_another_desk_prefers_shows_and_who_may_not_change_it_only_reads(
    shell: DeskShell, services: Services, qtbot: QtBot
) -> None:
    shell.services = Services(services.database, replace(services.desk, role=Role.FRONT_DESK))
    page = SettingsPage(shell)
    qtbot.addWidget(page)
    name = field(page, "Studio name")
    assert isinstance(name, QLineEdit)
    assert not name.isEnabled()
    services.preferences.save({"studio_name": "Larkspur Portraits"}, new_request())
    shell.preferences = services.preferences.get()
    page.refresh(Changes("theirs", frozenset({Change("preference")})))
    assert name.text() == "Larkspur Portraits"


def test_that_a_wish_leads_to_the_studios_part(page: SettingsPage, qtbot: QtBot) -> None:
    page.wish(of="studio")
    qtbot.waitUntil(lambda: page.focusWidget() is field(page, "Studio name"))


def test_that_help_names_every_key_that_works(shell: DeskShell, qtbot: QtBot) -> None:
    page = HelpPage(shell)
    qtbot.addWidget(page)

    told = {label.text() for label in page.findChildren(PlainLabel)}
    assert {"F12, Ctrl+K", "Find anyone or anything", "Ctrl+Shift+P", "Every action by name"} <= told
    assert "Book a session" not in told
