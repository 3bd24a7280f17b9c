"""Client numbers by keyboard: the rule and the next number in the settings, a typed one that is above the counter."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.services import Services
from studio_desktop.ui.hubs.settings.page import SettingsPage
from tests.builders import a_client, catalog_id
from tests.ui.client_desk import Key, field, open_page, pick, press, retype, save
from tests.ui.conftest import DeskShell

pytestmark = pytest.mark.parametrize("studio_url", ["sqlite"], indirect=True)  # the rules are proven in services


@pytest.fixture
def settings(shell: DeskShell, qtbot: QtBot) -> SettingsPage:
    made = SettingsPage(shell)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def setting(page: SettingsPage, title: str) -> QWidget:
    return next(one for one in page.findChildren(QWidget) if one.accessibleName() == title)


def test_that_the_rule_its_status_and_the_next_number_are_set_in_the_settings(
    settings: SettingsPage, shell: DeskShell, services: Services, qtbot: QtBot
) -> None:
    """B5, B25"""
    rule, status = setting(settings, "Client numbers"), setting(settings, "Status for a number")
    number = setting(settings, "Next client number")
    assert isinstance(rule, QComboBox)
    assert isinstance(status, QComboBox)
    assert isinstance(number, QLineEdit)
    qtbot.waitUntil(lambda: number.text() == str(services.numbers.next()))
    settings.wish(section="numbers")
    pick(rule, "When a status is set")
    pick(status, "First-Time Client")
    retype(number, "5000")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: services.numbers.next() == 5000)
    qtbot.waitUntil(lambda: len(shell.saves) == 3)
    chosen = services.preferences.get()
    first_time = catalog_id(services, "client_statuses", "First-Time Client")
    assert (chosen.number_clients, chosen.number_status) == ("on status", first_time)
    retype(number, "next")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: "digits only" in number.accessibleDescription())
    assert (number.text(), services.numbers.next()) == ("next", 5000)


@pytest.mark.parametrize("agreed", [True, False])
def test_that_a_number_typed_above_the_counter_asks_whether_to_count_on_from_there(
    qtbot: QtBot, shell: DeskShell, services: Services, agreed: bool
) -> None:
    """B5: in a banner that stops nobody."""
    page = open_page(qtbot, shell, a_client(services))
    before = services.numbers.next()
    retype(field(page, "number_edit"), "7000")
    save(qtbot, page)
    qtbot.waitUntil(lambda: len(shell.offers) == 1)
    text, ((way, count_on),) = shell.offers[0]
    assert text == f"Number 7000 is above the next one, {before}."
    assert way == "&Count on from 7001"
    if agreed:
        count_on()
        qtbot.waitUntil(lambda: "The next client gets number 7001" in [said for said, _ in shell.saves])
    assert services.numbers.next() == (7001 if agreed else before)


def test_that_a_number_below_the_counter_or_with_letters_asks_nothing(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    """B5"""
    page = open_page(qtbot, shell, a_client(services))
    for typed in ("A-7000", "7"):
        retype(field(page, "number_edit"), typed)
        QTest.keyClick(field(page, "number_edit"), Key.Key_Tab)
        save(qtbot, page)
    services.numbers.next()
    qtbot.wait(50)
    assert shell.offers == []
