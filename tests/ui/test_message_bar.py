"""Banners stay until what they say is solved."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from studio_desktop.ui import message_bar
from studio_desktop.ui.message_bar import MessageBar
from studio_desktop.ui.theme import apply_theme
from studio_desktop.ui.widgets.plain_label import PlainLabel


@pytest.fixture
def bar(qtbot: QtBot, qapp: QApplication) -> MessageBar:
    apply_theme(qapp, "light")
    made = MessageBar()
    qtbot.addWidget(made)
    return made


def shown_buttons(bar: MessageBar) -> dict[str, QPushButton]:
    return {button.text().replace("&", ""): button for button in bar.findChildren(QPushButton) if button.isVisible()}


def test_that_without_a_message_there_is_no_bar(bar: MessageBar) -> None:
    assert not bar.isVisible()
    bar.show_message("connection", "Not connected since 10:14.")
    assert bar.isVisible()
    bar.clear("connection")
    assert not bar.isVisible()


def test_that_a_failure_offers_to_try_again_and_goes_when_pressed(qtbot: QtBot, bar: MessageBar) -> None:
    """RELIABILITY E2."""
    tried: list[list[str]] = []
    bar.show_error("Not saved.", lambda: tried.append(bar.texts()))
    qtbot.mouseClick(shown_buttons(bar)["Try again"], Qt.MouseButton.LeftButton)
    assert tried == [[]], "the banner is gone before it is tried, so that a second failure shows again"


def test_that_the_same_failure_stands_there_once(bar: MessageBar) -> None:
    bar.show_error("Not saved.")
    bar.show_error("The printer is empty.")
    bar.show_error("Not saved.")
    assert sorted(bar.texts()) == ["Not saved.", "The printer is empty."]
    assert bar.texts()[0] == "Not saved.", "newest first"


def test_that_failures_that_are_solved_leave_and_the_rest_stays(bar: MessageBar) -> None:
    """RELIABILITY E2."""
    bar.show_message("newer", "A newer version is there.")
    bar.show_error("Not saved.")
    bar.show_error("The printer is empty.")
    bar.clear_errors(["Not saved.", "The disk is full."])
    assert bar.texts() == ["The printer is empty.", "A newer version is there."]


def test_that_what_must_not_be_overlooked_cannot_be_closed(qtbot: QtBot, bar: MessageBar) -> None:
    bar.show_message("connection", "Not connected since 10:14.", closable=False)
    assert not any(button.isVisible() for button in bar.findChildren(QToolButton))
    bar.show_message("connection", "Not connected since 10:14.")
    (close,) = [button for button in bar.findChildren(QToolButton) if button.isVisible()]
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert bar.texts() == []


def test_that_what_nobody_must_read_goes_by_itself_once_nobody_is_at_it(
    qtbot: QtBot, bar: MessageBar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_bar, "PASSING_FOR", 30)
    said = "Clients.xlsx lies in Reports."
    bar.move(300, 300)  # not under the mouse
    bar.show_message("document", said, ways=[("Save elsewhere", lambda: None)], passing=True)
    with qtbot.waitActive(bar):
        bar.activateWindow()
    bar.take_focus()
    assert QApplication.focusWidget() is shown_buttons(bar)["Save elsewhere"]
    for _ in range(2):
        qtbot.waitSignal(bar.findChild(QTimer).timeout).wait()
    assert bar.texts() == [said]
    shown_buttons(bar)["Save elsewhere"].clearFocus()
    qtbot.waitUntil(lambda: bar.texts() == [])


def test_that_a_message_is_never_read_as_markup(bar: MessageBar) -> None:
    """RELIABILITY 77."""
    bar.show_error("Not saved: <b>Adams</b>.")
    (label,) = [label for label in bar.findChildren(PlainLabel) if label.text()]
    assert label.textFormat() == Qt.TextFormat.PlainText
