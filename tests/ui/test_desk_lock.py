"""Privacy at the counter: the desk locks at once or by itself, and opens for who works here (E19, RELIABILITY 102)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.services import Services, new_request
from studio_desktop.services.users import Person
from studio_desktop.ui import desk_lock
from studio_desktop.ui.dialogs.who_sits_here import WhoSitsHere
from studio_desktop.ui.main_window import MainWindow
from tests.builders import a_client
from tests.ui.client_desk import CTRL, SHIFT, Key, field, open_in, press, retype
from tests.ui.conftest import sit_down_in

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # a menu that pops up without a screen


def lock(qtbot: QtBot, window: MainWindow) -> WhoSitsHere:
    """Lock by key, and wait for the question."""
    press(Key.Key_L, CTRL | SHIFT)
    return question(qtbot, window)


def question(qtbot: QtBot, window: MainWindow) -> WhoSitsHere:
    qtbot.waitUntil(lambda: bool(window.desk_lock.findChildren(WhoSitsHere)))
    return window.desk_lock.findChildren(WhoSitsHere)[-1]


def in_sight(window: MainWindow) -> set[QWidget]:
    """What of the window is on the screen beside the lock."""
    lock = window.desk_lock
    parts = window.findChildren(QWidget)
    return {one for one in parts if one.isVisible() and one is not lock and not lock.isAncestorOf(one)}


def with_pin(services: Services, name: str, pin: str) -> Person:
    person = next(one for one in services.users.everyone() if one.name == name)
    return services.users.save(person, new_request(), pin=pin).result


def test_that_a_locked_desk_shows_nothing_and_comes_back_to_the_character(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """E19, RELIABILITY 102: the pages, a menu, a dialog and the window's title; what is half typed stays."""
    page = open_in(qtbot, window, a_client(services, last_name="Adams", first_name="Anna"))
    warning = field(page, "call_warning_edit")
    retype(warning, "Works ni")
    dialog = QDialog(window)
    dialog.setModal(False)
    dialog.show()
    menu = QMenu(window)
    menu.addAction("Adams, Anna")
    menu.popup(window.mapToGlobal(window.rect().center()))
    window.desk_lock.close_desk()
    asked = question(qtbot, window)
    assert in_sight(window) == set()
    assert not dialog.isVisible()
    assert not menu.isVisible()
    assert "Adams" not in window.windowTitle()
    press(Key.Key_N, CTRL)
    press(Key.Key_F12)
    press(Key.Key_Escape)
    assert in_sight(window) == set()
    assert window.sheets.front() is None
    qtbot.keyClick(asked.name_edit, Key.Key_Return)
    assert not window.desk_lock.is_closed
    assert "Adams" in window.windowTitle()
    assert window.focusWidget() is warning
    QTest.keyClicks(warning, "ghts")
    assert warning.text() == "Works nights"


def test_that_a_pin_is_asked_for_and_nobody_without_one_gets_past_it(
    qtbot: QtBot, window: MainWindow, services: Services, other_desk: Services
) -> None:
    """E19: neither by a wrong PIN, nor as somebody who has none, nor under a new name."""
    with_pin(services, services.desk.user_name, "2468")
    asked = lock(qtbot, window)
    assert asked.pin_edit.hasFocus()
    qtbot.keyClicks(asked.pin_edit, "1111")
    qtbot.keyClick(asked.pin_edit, Key.Key_Return)
    qtbot.waitUntil(lambda: "not the PIN" in asked.new_label.text())
    assert asked.pin_edit.text() == ""
    for name, why in (("Sue", "Sue has no PIN yet"), ("Mallory", "Nobody here is called Mallory")):
        asked.name_edit.setFocus()
        asked.name_edit.selectAll()
        qtbot.keyClicks(asked.name_edit, name)
        assert asked.new_label.text().startswith(why)
        qtbot.keyClick(asked.name_edit, Key.Key_Return)
        assert window.desk_lock.is_closed
    asked.name_edit.selectAll()
    qtbot.keyClicks(asked.name_edit, services.desk.user_name[:3])
    qtbot.keyClick(asked.name_edit, Key.Key_Return)
    assert asked.pin_edit.hasFocus()
    qtbot.keyClicks(asked.pin_edit, "2468")
    qtbot.keyClick(asked.pin_edit, Key.Key_Return)
    qtbot.waitUntil(lambda: not window.desk_lock.is_closed)
    assert [one.name for one in services.users.all() if one.name == "Mallory"] == []


def test_that_who_sits_down_instead_begins_anew_and_what_was_typed_waits_for_its_author(
    qtbot: QtBot, window: MainWindow, services: Services, other_desk: Services
) -> None:
    """E19, RELIABILITY 102, FRONT_DESK 6.7: not saved by the other's hand, and not shown to her."""
    client = a_client(services, last_name="Adams", first_name="Anna")
    page = open_in(qtbot, window, client)
    retype(field(page, "call_warning_edit"), "Works nights")
    wanted: list[str] = []
    window.user_change_wanted.connect(wanted.append)
    asked = lock(qtbot, window)
    asked.name_edit.setFocus()
    asked.name_edit.selectAll()
    qtbot.keyClicks(asked.name_edit, "sue")
    qtbot.keyClick(asked.name_edit, Key.Key_Return)
    assert wanted == ["Sue"]
    sit_down_in(window, other_desk)
    assert not window.desk_lock.is_closed
    assert [one.title() for one in window.book] == ["Home"]
    assert services.clients.get(client.id).call_warning == ""
    lock(qtbot, window)
    sit_down_in(window, services)
    qtbot.waitUntil(lambda: "Adams, Anna" in " ".join(window.messages.texts()))
    page = open_in(qtbot, window, client)
    assert field(page, "call_warning_edit").text() == "Works nights"


@pytest.mark.databases("sqlite")
def test_that_the_desk_locks_by_itself_when_nobody_touches_it(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """E19: a key begins the wait anew; 0 minutes never lock."""
    idle = window.desk_lock._idle
    assert not idle.isActive()
    monkeypatch.setattr(desk_lock, "MINUTE", 60_000)
    window.save_settings(replace(window.settings, lock_after=5))
    assert idle.remainingTime() > 4 * 60_000
    qtbot.waitUntil(lambda: idle.remainingTime() < 5 * 60_000 - 50)
    left = idle.remainingTime()
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    assert idle.remainingTime() > left
    monkeypatch.setattr(desk_lock, "MINUTE", 40)
    window.save_settings(replace(window.settings, lock_after=1))
    qtbot.waitUntil(lambda: window.desk_lock.is_closed)
    asked = question(qtbot, window)
    qtbot.keyClick(asked.findChild(QLineEdit, "name_edit"), Key.Key_Return)
    window.save_settings(replace(window.settings, lock_after=0))
    assert not idle.isActive()
