"""Counts that filter: a dot, a figure and what it counts; one of them is chosen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.widgets.enter import pressed_by_enter
from studio_desktop.ui.widgets.marks import paint_dot, paint_focus_ring


class Tile(QAbstractButton):
    """Put several into one parent: they exclude one another, and arrows go from one to the next."""

    def __init__(self, colour: str, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = colour
        self._caption = caption
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_figure("")

    def set_figure(self, figure: str) -> None:
        """Show this count."""
        self.setText(figure)
        self.setAccessibleName(f"{figure} {self._caption}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        """A figure over a line of small text."""
        return QSize(theme.scaled(120), theme.scaled(42))

    def minimumSizeHint(self) -> QSize:
        """Its caption is never cut."""
        text = QFontMetrics(theme.font(theme.SMALL)).horizontalAdvance(self._caption)
        return QSize(text + theme.scaled(32) + 8, theme.scaled(42))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.mark_colour() if self.isChecked() else theme.token("line")))
        lit = self.underMouse() and self.isEnabled()
        painter.setBrush(theme.token("accent_soft" if self.isChecked() else "hover" if lit else "base"))
        painter.drawRoundedRect(outline, 4, 4)
        paint_dot(painter, QRectF(theme.scaled(12), self.height() / 2 - 4.5, 9, 9), self._colour)
        left, half = theme.scaled(32), self.height() // 2
        painter.setPen(theme.token("text" if self.isEnabled() else "faint"))
        painter.setFont(theme.font(theme.TITLE, theme.STRONG))
        upper = QRect(left, 3, self.width() - left - 4, half - 1)
        painter.drawText(upper, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text() or "–")
        painter.setPen(theme.token("dim"))
        painter.setFont(theme.font(theme.SMALL))
        lower = QRect(left, half + 1, self.width() - left - 4, half - 5)
        painter.drawText(lower, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._caption)
        if self.hasFocus():
            paint_focus_ring(painter, outline)
