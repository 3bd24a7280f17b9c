"""The underlined letters of labels and buttons: shown while Alt is held, so that pages stay calm."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
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


class TickBox(QCheckBox):
    """A check box whose mnemonic shows while Alt is held."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = drawn(self.text())
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_CheckBox, option)


class RadioButton(QRadioButton):
    """A radio button whose mnemonic shows while Alt is held."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = drawn(self.text())
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_RadioButton, option)


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
