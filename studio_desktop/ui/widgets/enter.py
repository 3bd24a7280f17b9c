"""Enter presses a button, as Space does. Qt leaves that to the desktop, and some desktops know Space alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QToolButton


def is_enter(event: QKeyEvent) -> bool:
    """Whether it is Enter of either part of the keyboard, with nothing held beside it."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held


def pressed_by_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Whether the key was Enter, which then has pressed the button: once, however long it is held down."""
    if not is_enter(event):
        return False
    event.accept()
    if not event.isAutoRepeat():
        if isinstance(button, QToolButton) and button.menu() is not None:
            button.showMenu()
        else:
            button.click()
    return True
