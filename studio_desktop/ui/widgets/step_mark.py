"""The steps of long work, one below the other: a number, or a tick, beside what the step is and what is known of it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets.plain_label import as_tip


class StepMark(QWidget):
    """A numbered step with what is known of it: done, where a person is, or still to come."""

    def __init__(self, number: int, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._number = number
        self._title = title
        self._more = ""
        self._done = self._current = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, more: str, *, done: bool, current: bool) -> None:
        """Say what is known of it, and where it stands."""
        self._more, self._done, self._current = more, done, current
        self.setAccessibleName(f"{self._number}. {self._title}")
        self.setAccessibleDescription(more)
        self.setToolTip(as_tip(more))
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines beside the number."""
        return QSize(theme.scaled(156), theme.scaled(36))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.scaled(20)
        mark = self.rect().adjusted(0, 4, 0, 0)
        mark.setSize(QSize(side, side))
        if self._done and not self._current:
            paint_icon(painter, "checkmark_circle", mark.left() + theme.scaled(2), mark.center().y() + 1, "green")
        else:
            painter.setPen(theme.token("accent" if self._current else "edge"))
            painter.setBrush(theme.token("accent" if self._current else "base"))
            painter.drawRoundedRect(mark, 4, 4)
            painter.setPen(theme.token("on_accent" if self._current else "dim"))
            painter.setFont(theme.font(theme.TINY, theme.STRONG))
            painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, str(self._number))
        left, half = side + 8, self.height() // 2
        room = self.width() - left
        painter.setPen(theme.token("text" if self._current or self._done else "dim"))
        painter.setFont(theme.font(theme.BASE, theme.STRONG if self._current else theme.REGULAR))
        top_line = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(left, 0, room, half, top_line, self._title)
        painter.setPen(theme.token("dim"))
        painter.setFont(theme.font(theme.SMALL))
        more = painter.fontMetrics().elidedText(self._more, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(left, half, room, half, top_line, more)
