"""Ten fingers on the keyboard, which count what they do as FRONT_DESK section 1 counts it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

KEY = Qt.Key
NONE, CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Hands:
    """Keys go to where the cursor is, and every wait is for something to be seen.

    `steps` counts an entry for each field filled or thing picked, and an act for each other key. What is `between`
    happens after every key: a phone that rings.
    """

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.entries = 0
        self.acts = 0
        self.between: Callable[[], None] | None = None

    @property
    def steps(self) -> int:
        """Entries and acts so far."""
        return self.entries + self.acts

    def enter(self, text: str) -> None:
        """Fill the field with the cursor: one entry, however many letters."""
        self.entries += 1
        self.type(text)

    def pick(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Choose a thing by one key: one entry."""
        self.entries += 1
        self.press(key, modifiers)

    def act(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Give a command: one act."""
        self.acts += 1
        self.press(key, modifiers)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """One key, not counted: it belongs to an entry, or nobody counts."""
        QTest.keyClick(self.cursor(), key, modifiers)
        self._ring()

    def type(self, text: str) -> None:
        """Letter by letter, not counted."""
        for letter in text:
            if letter == "\n":
                QTest.keyClick(self.cursor(), KEY.Key_Return)
            elif letter.isascii():
                QTest.keyClicks(self.cursor(), letter)
            else:  # QTest knows the keys of Latin letters only
                typed = QKeyEvent(QKeyEvent.Type.KeyPress, KEY.Key_unknown, NONE, letter)
                QApplication.sendEvent(self.cursor(), typed)
            self._ring()

    def retype(self, text: str) -> None:
        """Another text instead of the one in the field."""
        self.press(KEY.Key_A, CONTROL)
        self.type(text)

    def tab_to(self, name: str, *, back: bool = False) -> None:
        """Go from field to field until the cursor is in the one of that name, the program's or a screen reader's."""
        for _ in range(60):
            if name in (self.cursor().objectName(), self.cursor().accessibleName()):
                return
            self.press(*((KEY.Key_Backtab, SHIFT) if back else (KEY.Key_Tab, NONE)))
        raise AssertionError(f"Tab never reaches {name}")

    def until(self, seen: Callable[[], Any], seconds: int = 60) -> None:
        """Wait until something is seen; the seconds only end a test in which it never is."""
        self._qtbot.waitUntil(lambda: bool(seen()), timeout=1000 * seconds)

    def cursor(self) -> QWidget:
        """Where keys go."""
        popup = QApplication.activePopupWidget()
        inside = popup.focusWidget() if popup is not None else None
        target = inside or popup or QApplication.focusWidget() or QApplication.activeWindow()
        assert target is not None
        return target

    def _ring(self) -> None:
        between, self.between = self.between, None
        if between is not None:
            between()
            self.between = between
