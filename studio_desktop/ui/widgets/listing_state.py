"""What a list shows beside its rows: that there are none and what can be done about it, and that it waits for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.widgets.buttons import LinkButton
from studio_desktop.ui.widgets.plain_label import PlainLabel

EmptyAction = tuple[str, Callable[[], object]]
"""What can be done about an empty list: its words, and what they do."""


class EmptyState(QWidget):
    """One line what goes here, and what can be done about it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._label = PlainLabel("", self, tone="dim")
        self._label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._label.setWordWrap(True)
        self._offered: list[LinkButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 48, 16, 16)
        column.setSpacing(8)
        column.addWidget(self._label)
        self._buttons = QHBoxLayout()
        column.addLayout(self._buttons)
        self._buttons.setSpacing(12)
        self._buttons.addStretch(1)
        self._buttons.addStretch(1)
        column.addStretch(1)
        self.hide()

    @property
    def has_content(self) -> bool:
        """Whether there is anything to say."""
        return bool(self._label.text())

    def set_content(self, text: str, actions: Sequence[EmptyAction]) -> None:
        """Say this and offer that; what is offered already stays, with its focus."""
        self._label.setText(text)
        if [words for words, _ in actions] == [button.text() for button in self._offered]:
            return
        for button in self._offered:
            button.hide()
            button.deleteLater()
        self._offered = [self._button(words, act) for words, act in actions]

    def take_focus(self) -> None:
        """Put the cursor on the first thing that can be done."""
        if self._offered:
            self._offered[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _button(self, words: str, act: Callable[[], object]) -> LinkButton:
        button = LinkButton(words.replace("&", "&&"), self)
        button.clicked.connect(lambda: act())
        self._buttons.insertWidget(self._buttons.count() - 1, button)
        button.show()
        return button


class BusyLine(QWidget):
    """Two pixels of accent while the list waits for its rows; the old rows stay (DESIGN 5)."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        QPainter(self).fillRect(event.rect(), theme.mark_colour())
