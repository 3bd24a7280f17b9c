"""Possible duplicates: found, explained, opened, and said to be two people, by keyboard alone (B17)."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services
from studio_desktop.services.listings.declaration import Query
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.sheets.duplicates import DuplicatesSheet
from studio_desktop.ui.sheets.new_client import NewClientSheet
from studio_desktop.ui.widgets.links import LightLink
from tests.builders import a_client
from tests.ui.client_desk import CTRL, Key, open_in, press, retype, save


@pytest.fixture
def twins(services: Services) -> tuple[ClientRecord, ClientRecord]:
    return (
        a_client(services, last_name="Adams", first_name="Robert", phones=["330 555 0142"]),
        a_client(services, last_name="Adams", first_name="Bob", phones=["(330) 555-0142"]),
    )


def listed(qtbot: QtBot, window: MainWindow, count: int) -> DuplicatesSheet:
    qtbot.waitUntil(lambda: isinstance(window.sheets.front(), DuplicatesSheet))
    sheet = window.sheets.front()
    assert isinstance(sheet, DuplicatesSheet)
    qtbot.waitUntil(lambda: sheet.table.count() == count)
    return sheet


def lights(window: MainWindow) -> list[str]:
    page = window.book.current()
    assert page is not None
    return [light.accessibleName() for light in page.findChildren(LightLink) if not light.isHidden()]


def test_that_the_studio_is_searched_by_name_of_the_action_and_a_pair_is_opened(
    qtbot: QtBot, window: MainWindow, twins: tuple[ClientRecord, ClientRecord]
) -> None:
    """B17, S4-24."""
    window.action_set["find_duplicates"].trigger()
    sheet = listed(qtbot, window, 1)
    cells = [sheet._cell(0, column).text for column in range(6)]
    assert (cells[1], cells[3]) == ("Adams, Robert", "Adams, Bob")
    assert cells[5] == "same phone, short form of the name"
    assert sheet.table.hasFocus()
    sheet.open_other_button.click()
    qtbot.waitUntil(lambda: window.book.current().title() == "Adams, Bob")


def test_that_two_people_are_told_apart_by_del_and_undo_brings_the_pair_back(
    qtbot: QtBot, window: MainWindow, services: Services, twins: tuple[ClientRecord, ClientRecord]
) -> None:
    """B17: "not a duplicate" remembered."""
    window.action_set["find_duplicates"].trigger()
    sheet = listed(qtbot, window, 1)
    press(Key.Key_Delete)
    qtbot.waitUntil(lambda: sheet.table.count() == 0)
    assert services.duplicates.everywhere() == []
    assert window.undo_bar.shown() == "Adams, Robert and Adams, Bob are two people"
    window.undo_stack.undo()
    qtbot.waitUntil(lambda: len(services.duplicates.everywhere()) == 1)


def test_that_an_open_client_says_who_it_probably_is_too_and_leads_there(
    qtbot: QtBot, window: MainWindow, twins: tuple[ClientRecord, ClientRecord]
) -> None:
    """B6: a possible duplicate is a yellow light; B17: looked at anew when a changed record was saved."""
    page = open_in(qtbot, window, twins[0])
    qtbot.waitUntil(lambda: any("Possible duplicate" in text for text in lights(window)))
    page.edit_header()
    retype(page.header.editor.form.widget("first_name"), "Zacharias")
    save(qtbot, page)
    qtbot.waitUntil(lambda: not any("Possible duplicate" in text for text in lights(window)))
    page.edit_header()
    retype(page.header.editor.form.widget("first_name"), "Rob")
    save(qtbot, page)
    qtbot.waitUntil(lambda: any("Possible duplicate" in text for text in lights(window)))
    page._go_to("duplicates")
    listed(qtbot, window, 1)


def test_that_while_typing_the_reasons_are_said(
    qtbot: QtBot, window: MainWindow, twins: tuple[ClientRecord, ClientRecord]
) -> None:
    """B17, S4-15. RELIABILITY E14."""
    press(Key.Key_N, CTRL)
    QTest.keyClicks(QApplication.focusWidget(), "rob adams 330 555 0142")
    sheet = window.sheets.front()
    assert isinstance(sheet, NewClientSheet)
    qtbot.waitUntil(lambda: len(sheet.known_list.lines()) == 2)
    assert all("same phone" in line.second for line in sheet.known_list.lines())


def test_that_a_shared_e_mail_is_said_with_a_tick_and_saved(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """B17: an e-mail somebody has is blocked unless it is the family's."""
    a_client(services, last_name="Adams", first_name="Anna", emails=["home@example.com"])
    press(Key.Key_N, CTRL)
    sheet = window.sheets.front()
    assert isinstance(sheet, NewClientSheet)
    QTest.keyClicks(QApplication.focusWidget(), "bob adams home@example.com")
    mail = sheet.emails.first_field()
    qtbot.waitUntil(lambda: "Adams, Anna" in mail.accessibleDescription())
    press(Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: "tick Shared" in mail.accessibleDescription() or mail.hasFocus())
    mail.setFocus(Qt.FocusReason.OtherFocusReason)
    press(Key.Key_Tab)
    press(Key.Key_Space)
    press(Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: window.sheets.front() is None)
    assert len(services.listings.find("home@example.com", Query())) == 2
