"""The frame: pages as tabs, keys that work everywhere, what is said of the database, and how it ends."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_desktop.ui.main_window import MainWindow

NONE = Qt.KeyboardModifier.NoModifier


def press(qtbot: QtBot, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """A key pressed where the cursor is."""
    qtbot.keyClick(QApplication.focusWidget(), key, modifiers)


def test_that_the_cursor_rests_in_the_caller_box_at_the_start(window: MainWindow) -> None:
    assert window.caller_box.hasFocus()
    assert window.windowTitle() == "Home – Studio Desktop"
