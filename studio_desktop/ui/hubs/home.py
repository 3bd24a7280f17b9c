"""Home: the place of rest, with what waits: sheets put aside and statuses overdue; each line opens its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.page import Page, Shell
from studio_desktop.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    pass


class HomePage(Page):
    """The day."""

    context = "home"

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self._day = PlainLabel("", self, px=theme.NAME, strong=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self._day)
        column.addStretch(1)

    def title(self) -> str:
        """Home."""
        return self.tr("Home")

    def icon_name(self) -> str:
        """A house."""
        return "home"

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The ground."""
        QPainter(self).fillRect(self.rect(), theme.token("window"))
