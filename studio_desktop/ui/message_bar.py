"""Banners over the page: what failed stays until it is solved, with the way to solve it beside it (RELIABILITY E2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_desktop.ui.widgets.buttons import BarButton, FlatButton
from studio_desktop.ui.widgets.marks import Light, Picture
from studio_desktop.ui.widgets.panels import Panel
from studio_desktop.ui.widgets.plain_label import PlainLabel

Tone = Literal["red", "yellow", "green"]
Ways = Sequence[tuple[str, Callable[[], object]]]
"""Buttons of a banner: the text and what it does. Pressing one takes the banner away first."""


PASSING_FOR = 20_000
"""Milliseconds that a banner stands which nobody has to read."""


class MessageBar(QWidget):
    """The banners of one window, newest on top; no banner, no height."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._banners: dict[str, _Banner] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_message(
        self,
        key: str,
        text: str,
        *,
        tone: Tone = "yellow",
        ways: Ways = (),
        closable: bool = True,
        passing: bool = False,
    ) -> None:
        """Show a banner, in the place of the one of the same `key` if it stands there.

        What must not be overlooked is not `closable`: it goes by `clear` when it is solved. One that is `passing`
        goes by itself once nobody is at it. Red is *act now*, yellow *know this*, green *this is done*.
        """
        self.clear(key)
        banner = _Banner(text, tone, ways, self, lambda: self.clear(key), closable=closable)
        self._banners[key] = banner
        self._column.insertWidget(0, banner)
        self.show()
        if passing:
            banner.passed.timeout.connect(lambda: self._pass(key, banner))
            banner.passed.start()
        QAccessible.updateAccessibility(QAccessibleEvent(banner, QAccessible.Event.Alert))

    def show_error(self, text: str, retry: Callable[[], object] | None = None) -> None:
        """Show a failure, with *Try again* where trying again may help; the same sentence stands there once."""
        ways = [(self.tr("&Try again"), retry)] if retry is not None else []
        self.show_message(f"error: {text}", text, tone="red", ways=ways)

    def clear(self, key: str) -> None:
        """Take a banner away: it is solved, or somebody closed it."""
        banner = self._banners.pop(key, None)
        if banner is not None:
            self._column.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
            self.setVisible(bool(self._banners))

    def clear_errors(self, texts: Iterable[str]) -> None:
        """Take these failures away: they are solved, or said by another banner."""
        for text in texts:
            self.clear(f"error: {text}")

    def can_take_focus(self) -> bool:
        """Whether a banner stands there with something to press."""
        return bool(self._buttons())

    def take_focus(self) -> None:
        """Put the focus on the first button of the newest banner that has one."""
        self._buttons()[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def texts(self) -> list[str]:
        """What stands there, newest first."""
        return [banner.text for banner in reversed(self._banners.values())]

    def _buttons(self) -> list[QAbstractButton]:
        newest_first = reversed(self._banners.values())
        return [button for banner in newest_first for button in banner.findChildren(QAbstractButton)]

    def _pass(self, key: str, banner: _Banner) -> None:
        focus = QApplication.focusWidget()
        is_used = banner.underMouse() or (focus is not None and banner.isAncestorOf(focus))
        if is_used:
            banner.passed.start()
        else:
            self.clear(key)


class _Banner(Panel):
    def __init__(
        self, text: str, tone: Tone, ways: Ways, parent: QWidget, close: Callable[[], None], *, closable: bool
    ) -> None:
        super().__init__(parent, f"{tone}_soft", "b")
        self.text = text
        self.passed = QTimer(self, singleShot=True, interval=PASSING_FOR)
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(8)
        sign = Picture("checkmark_circle", "green", self) if tone == "green" else Light(tone, "", self)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignVCenter)
        label = PlainLabel(text, self, tone=tone, strong=tone == "red")
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(label, 1)
        for way, run in ways:
            button = FlatButton(way, self, compact=True)
            button.clicked.connect(close)
            button.clicked.connect(lambda _=False, run=run: run())
            row.addWidget(button)
        if closable:
            dismiss = BarButton("dismiss", tip=self.tr("Close"), parent=self, tone="dim")
            dismiss.clicked.connect(close)
            row.addWidget(dismiss)




