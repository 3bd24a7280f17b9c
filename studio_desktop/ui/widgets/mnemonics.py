"""The underlined letters of labels and buttons: shown while Alt is held, so that pages stay calm.

A sheet over a record, and the record's header over its tab, may have the same letter: the nearest to the cursor is
meant.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPaintEvent, QShortcutEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QLabel,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)


def are_shown() -> bool:
    """Whether Alt is held."""
    return bool(QApplication.instance().property(_SHOWN))  # type: ignore[union-attr]


def flag() -> Qt.TextFlag:
    """How a text with a mnemonic is drawn now."""
    return Qt.TextFlag.TextShowMnemonic if are_shown() else Qt.TextFlag.TextHideMnemonic


def drawn(text: str) -> str:
    """The text as it is handed to a style that underlines what follows `&`: without it while none are shown."""
    return text if are_shown() else text.replace("&&", "\0").replace("&", "").replace("\0", "&&")


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


class TickBox(QCheckBox):
    """A check box whose mnemonic shows while Alt is held."""

    def event(self, event: QEvent) -> bool:
        """The nearest of a letter is meant."""
        return leads(self, event) or super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = drawn(self.text())
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_CheckBox, option)


class RadioButton(QRadioButton):
    """A radio button whose mnemonic shows while Alt is held."""

    def event(self, event: QEvent) -> bool:
        """The nearest of a letter is meant."""
        return leads(self, event) or super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = drawn(self.text())
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_RadioButton, option)


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
