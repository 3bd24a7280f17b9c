"""Letters over the ribbon: Alt alone or F10, then the letter of a tab, then that of a button; Esc goes back a level."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.widgets import mnemonics


@dataclass(frozen=True, slots=True)
class Target:
    """What a key tip stands for: the widget, where in it the tip's middle goes, and what happens.

    With `opens_more` the next level is shown after it.
    """

    widget: QWidget
    spot: QPoint
    run: Callable[[], None]
    opens_more: bool = False


class HasKeyTips(Protocol):
    """What key tips ask of a ribbon."""

    def first_targets(self) -> Mapping[str, Target]:
        """Tabs and quick access by their letters."""

    def second_targets(self) -> Mapping[str, Target]:
        """The buttons of the tab in front by their letters."""


class KeyTips(QObject):
    """Shows the letters in the window of `host` and takes the keys while they are shown.

    It listens to the window's native handle, which every key passes first, so that nothing is slowed by it; only while
    Alt is held it looks at the whole program, for a key that is a shortcut never comes by the window.
    """

    def __init__(self, host: QWidget, source: HasKeyTips) -> None:
        super().__init__(host)
        self._host = host
        self._source = source
        self._shown: dict[str, tuple[_Tip, Target]] = {}
        self._level = 0
        self._typed = ""
        self._alt_alone = False
        # By its address: Python's own object for a native handle may be given up while the handle lives on.
        self._watched = 0

    @property
    def letters(self) -> tuple[str, ...]:
        """What can be typed now; empty when no tips are shown."""
        return tuple(self._shown)

    def watch(self) -> None:
        """Begin to listen for Alt; called when the window is shown and has its handle."""
        handle = self._host.window().windowHandle()
        if handle is not None and _address(handle) != self._watched:
            self._watched = _address(handle)
            handle.installEventFilter(self)
            mnemonics.watch(self._host)

    def show_first(self) -> None:
        """Show the letters of the tabs; hide them if they are shown."""
        if self._shown:
            self.hide()
        else:
            self._show(1, self._source.first_targets())

    def show_second(self) -> None:
        """Show the letters of the buttons of the tab in front."""
        self._show(2, self._source.second_targets())

    def hide(self) -> None:
        """Take the letters away."""
        for tip, _ in self._shown.values():
            tip.hide()
            tip.deleteLater()
        self._shown.clear()
        self._typed = ""
        self._level = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt alone shows the letters; while they are shown, keys are theirs."""
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() != Qt.Key.Key_Alt:
                self._set_alt_alone(False)
        elif _address(watched) != self._watched:
            return False
        elif kind in _ENDS:
            self._set_alt_alone(False)
            self.hide()
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._pressed(event)
        elif kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            return self._released(event)
        return False

    def _pressed(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Alt:
            only = event.modifiers() in (Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier)
            self._set_alt_alone(only)
            return bool(self._shown)
        self._set_alt_alone(False)
        if not self._shown or event.key() in _MODIFIERS:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self._back()
            return True
        if event.text() and event.text().isalnum():
            self._type(event.text().upper())
            return True
        self.hide()
        return False

    def _released(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Alt or not self._alt_alone or event.isAutoRepeat():
            return False
        self._set_alt_alone(False)
        self.show_first()
        return True

    def _set_alt_alone(self, alone: bool) -> None:
        app = QCoreApplication.instance()
        if alone != self._alt_alone and app is not None:
            self._alt_alone = alone
            if alone:
                app.installEventFilter(self)
            else:
                app.removeEventFilter(self)

    def _type(self, letter: str) -> None:
        self._typed += letter
        hit = self._shown.get(self._typed)
        if hit is not None:
            target = hit[1]
            self.hide()
            # The key must be over before a menu opens or a dialog takes the events.
            QTimer.singleShot(0, self, lambda: self._run(target))
        elif any(letters.startswith(self._typed) for letters in self._shown):
            for letters, (tip, _) in self._shown.items():
                tip.setVisible(letters.startswith(self._typed))
        else:
            self.hide()

    def _run(self, target: Target) -> None:
        target.run()
        if target.opens_more:
            self.show_second()

    def _back(self) -> None:
        if self._typed:
            self._typed = ""
            for tip, _ in self._shown.values():
                tip.show()
        elif self._level > 1:
            self._show(1, self._source.first_targets())
        else:
            self.hide()

    def _show(self, level: int, targets: Mapping[str, Target]) -> None:
        self.hide()
        self._level = level
        window = self._host.window()
        for letters, target in targets.items():
            tip = _Tip(letters, window)
            corner = target.widget.mapTo(window, target.spot) - tip.rect().center()
            tip.move(
                min(max(0, corner.x()), window.width() - tip.width()),
                min(max(0, corner.y()), window.height() - tip.height()),
            )
            tip.show()
            tip.raise_()
            self._shown[letters] = (tip, target)


_ENDS = frozenset(
    {QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.FocusOut, QEvent.Type.Resize, QEvent.Type.TouchBegin}
)
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Meta, Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock)


def _address(of: QObject) -> int:
    return int(shiboken6.getCppPointer(of)[0])


class _Tip(QWidget):
    def __init__(self, letters: str, window: QWidget) -> None:
        super().__init__(window)
        self._letters = letters
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(letters)
        measure = QFontMetrics(theme.font(theme.SMALL, theme.STRONG))
        self.resize(max(measure.horizontalAdvance(letters) + 10, theme.scaled(18)), theme.scaled(18))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        # Turned round against the window, so that they stand out over everything.
        palette = self.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(palette.color(QPalette.ColorRole.Window))
        painter.setBrush(palette.color(QPalette.ColorRole.WindowText))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 3, 3)
        painter.setFont(theme.font(theme.SMALL, theme.STRONG))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letters)
