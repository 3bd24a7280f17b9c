"""The underlined letters of labels and buttons: shown while Alt is held, so that pages stay calm.

A sheet over a record, and the record's header over its tab, may have the same letter: the nearest to the cursor is
meant.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcutEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget


def are_shown() -> bool:
    """Whether Alt is held."""
    return bool(QApplication.instance().property(_SHOWN))  # type: ignore[union-attr]


def flag() -> Qt.TextFlag:
    """How a text with a mnemonic is drawn now."""
    return Qt.TextFlag.TextShowMnemonic if are_shown() else Qt.TextFlag.TextHideMnemonic


def watch(widget: QWidget) -> None:
    """Let the window of `widget`, which is on the screen, notice Alt."""
    handle = widget.window().windowHandle()
    app = QGuiApplication.instance()
    if handle is None or app is None:
        return
    watcher = app.findChild(_Watcher) or _Watcher(app)
    handle.installEventFilter(watcher)  # a second time does no harm: Qt keeps one


def leads(widget: QWidget, event: QEvent) -> bool:
    """Where an event is a letter that `widget` shares with others in sight, go to the nearest of them to the cursor.

    For the `event` of everything that has a mnemonic: Qt by itself would go to each in turn.
    """
    if not isinstance(event, QShortcutEvent) or not event.isAmbiguous():
        return False
    sharing = [one for one in widget.window().findChildren(QWidget) if _letter(one) == event.key() and _is_free(one)]
    around = QApplication.focusWidget()
    while around is not None and not any(around.isAncestorOf(one) for one in sharing):
        around = around.parentWidget()
    _follow(next((one for one in sharing if around is None or around.isAncestorOf(one)), widget))
    return True


def _letter(widget: QWidget) -> QKeySequence:
    return QKeySequence.mnemonic(widget.text() if isinstance(widget, QAbstractButton | QLabel) else "")


def _is_free(widget: QWidget) -> bool:
    """Whether its letter leads somewhere."""
    if not widget.isVisible() or not widget.isEnabled():
        return False
    return not isinstance(widget, QLabel) or widget.buddy() is not None


def _follow(widget: QWidget) -> None:
    if isinstance(widget, QAbstractButton):
        widget.animateClick()
    elif isinstance(widget, QLabel):
        widget.buddy().setFocus(Qt.FocusReason.ShortcutFocusReason)


_SHOWN = "studio_mnemonics_shown"


class _Watcher(QObject):
    """Listens to the windows' native handles, which every key passes first."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        kind = event.type()
        if kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease) and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Alt:
                self._show(kind == QEvent.Type.KeyPress)
            else:  # Alt may have been released where nobody heard it
                self._show(bool(event.modifiers() & Qt.KeyboardModifier.AltModifier))
        elif kind == QEvent.Type.FocusOut:
            self._show(False)
        return False

    def _show(self, shown: bool) -> None:
        if shown != are_shown():
            QApplication.instance().setProperty(_SHOWN, shown)  # type: ignore[union-attr]
            for window in QApplication.topLevelWidgets():
                window.update()
