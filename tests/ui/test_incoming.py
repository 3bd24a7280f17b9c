"""Callers announced from outside: a copied number, a link, another program (FRONT_DESK job 1)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services
from studio_desktop.ui import caller_box
from studio_desktop.ui.incoming import told_number
from studio_desktop.ui.main_window import MainWindow
from tests.builders import a_client, a_member, a_phone

pytestmark = pytest.mark.databases("sqlite")
"""A number finds the same people on both databases, as the tests of the search prove."""

# Said without a screen for every window that is to come to the front.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

KEY = Qt.Key


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    a_client(services, last_name="Berg", phones=("(330) 555-0199",))
    return a_client(services, phones=("(330) 555-0142",))


@pytest.fixture
def listening(window: MainWindow) -> MainWindow:
    """A window at a desk where copied numbers are callers."""
    window.save_settings(replace(window.settings, copied_number_calls=True))
    return window


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def copy(text: str) -> None:
    QApplication.clipboard().clear()
    QApplication.clipboard().setText(text)


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("tel:+13305550142", "+13305550142"),
        ("TEL://%2B1-330-555-0142;ext=7", "+1-330-555-0142"),
        ("(330) 555-0142\n", "(330) 555-0142"),
        ("anonymous", ""),
        ("tel:", ""),
        ("<b>1</b>" * 40, ""),
    ],
)
def test_that_a_number_is_taken_out_of_whatever_another_program_says(told: str, number: str) -> None:
    assert told_number(told) == number


def test_that_a_number_just_copied_is_shown_by_f12_and_opened_by_enter(
    listening: MainWindow, anna: ClientRecord, qtbot: QtBot
) -> None:
    copy("tel:+1-330-555-0142")
    QTest.keyClick(focused(), KEY.Key_F12)
    box = listening.caller_box
    assert box.text() == "(330) 555-0142"
    qtbot.waitUntil(lambda: [entry.text for entry in box.offered()] == ["Adams, Anna"])
    QTest.keyClick(focused(), KEY.Key_Return)
    qtbot.waitUntil(lambda: ("client", anna.id) in listening.book)
    QTest.keyClick(focused(), KEY.Key_F12)
    assert box.text() == "", "one copy is one caller"


@pytest.mark.parametrize("text", ["2026-03-10", "1,234.50", "1041, 1055", "Anna Adams", "330 555 0142 is hers"])
def test_that_nothing_else_that_is_copied_is_a_caller(listening: MainWindow, text: str) -> None:
    copy(text)
    QTest.keyClick(focused(), KEY.Key_F12)
    assert listening.caller_box.text() == ""


def test_that_copied_numbers_are_left_alone_unless_this_desk_wants_them(window: MainWindow) -> None:
    copy("(330) 555-0142")
    QTest.keyClick(focused(), KEY.Key_F12)
    assert window.caller_box.text() == ""


def test_that_f12_alone_opens_a_caller_another_program_announced(
    window: MainWindow, anna: ClientRecord, qtbot: QtBot
) -> None:
    """FRONT_DESK 3.1: with caller ID one step."""
    window.announce("tel:+13305550142")
    QTest.keyClick(focused(), KEY.Key_F12)
    qtbot.waitUntil(lambda: ("client", anna.id) in window.book)
    assert window.caller_box.text() == ""


def test_that_a_caller_announced_long_ago_is_not_opened_instead_of_the_next_one(
    window: MainWindow, anna: ClientRecord, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.announce("3305550142")
    monkeypatch.setattr(caller_box, "ANNOUNCED_FOR", -1)
    QTest.keyClick(focused(), KEY.Key_F12)
    QTest.keyClicks(focused(), "0199")
    assert window.caller_box.text() == "0199", "what is typed takes its place"


def test_that_the_wife_who_calls_opens_her_familys_record(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    home = "(330) 555-0160"
    family = a_client(services, last_name="Cole", phones=(home,), family=(a_member("Eve", phones=(a_phone(home),)),))
    window.announce(home)
    QTest.keyClick(focused(), KEY.Key_F12)
    qtbot.waitUntil(lambda: ("client", family.id) in window.book)


def test_that_of_several_who_share_a_number_none_is_opened_unasked(
    window: MainWindow, anna: ClientRecord, services: Services, qtbot: QtBot
) -> None:
    """FRONT_DESK 3.1: Down picks."""
    other = a_client(services, last_name="Adler", phones=("(330) 555-0142",))
    window.announce("3305550142")
    QTest.keyClick(focused(), KEY.Key_F12)
    qtbot.waitUntil(lambda: len(window.caller_box.offered()) == 2)
    assert not {("client", anna.id), ("client", other.id)} & set(map(window.book.key_of, window.book))


def test_that_an_unknown_caller_begins_a_new_client_with_the_number(window: MainWindow, qtbot: QtBot) -> None:
    window.announce("+442079460018")
    QTest.keyClick(focused(), KEY.Key_F12)
    qtbot.waitUntil(lambda: [entry.text for entry in window.caller_box.offered()] == ["New client “+44 20 7946 0018”"])
    QTest.keyClick(focused(), KEY.Key_Return)
    sheet = window.sheets.front()
    assert sheet is not None
    assert sheet.name == "new_client"


def test_that_who_is_typing_goes_on_typing_until_f12(window: MainWindow, anna: ClientRecord, qtbot: QtBot) -> None:
    """FRONT_DESK 6.1: nothing typed goes astray when the phone rings."""
    window.open_sheet("new_client")
    QTest.keyClicks(focused(), "ann ")
    window.announce("(330) 555-0142")
    QTest.keyClicks(focused(), "adams")
    assert "(330) 555-0142 is calling; F12 opens the caller." in window.status.texts()
    assert window.caller_box.text() == "(330) 555-0142"
    QTest.keyClick(focused(), KEY.Key_F12)
    qtbot.waitUntil(lambda: ("client", anna.id) in window.book)
    (parked,) = window.parked_sheets()
    assert "ann adams" in parked.text.lower()
