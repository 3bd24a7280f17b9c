"""Chips: filters that say what they hide and go with one press, and choices that stand beside one another."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.icons import pixmap
from studio_desktop.ui.widgets.marks import paint_focus_ring


class Chip(QAbstractButton):
    """A rounded word or two. A `removable` one has a cross; Del and Backspace press it.

    A checkable one is filled with the accent while it is on.
    """

    removed = Signal()
    """Somebody pressed the cross, or Del."""

    def __init__(self, text: str, parent: QWidget | None = None, *, removable: bool = False, tip: str = "") -> None:
        super().__init__(parent)
        self._removable = removable
        self._over_cross = False
        self.setText(text)
        self.setToolTip(tip)
        self.setAccessibleName(text)
        if removable:
            self.setAccessibleDescription(self.tr("Press Delete to take this filter away"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Say something else, as when another number is hidden."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """24 pixels high at 100 %, as wide as its text."""
        text = QFontMetrics(theme.font(theme.SMALL, theme.STRONG)).horizontalAdvance(self.text())
        plain = QFontMetrics(theme.font(theme.SMALL)).horizontalAdvance(self.text())
        return QSize((text if self.isCheckable() else plain) + 16 + (18 if self._removable else 0), theme.scaled(24))

    def minimumSizeHint(self) -> QSize:
        """What it says is never cut."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del takes it away."""
        if self._removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the cross up."""
        super().mouseMoveEvent(event)
        self._over_cross = self._cross().contains(event.position().toPoint())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is gone."""
        super().leaveEvent(event)
        self._over_cross = False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """On the cross it goes, elsewhere it is pressed."""
        if self._removable and self.isDown() and self._cross().contains(event.position().toPoint()):
            self.setDown(False)
            self.removed.emit()
        else:
            super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect())
        on = self.isChecked()
        fill = "accent" if on else "accent_soft" if self._removable else "window"
        if self.underMouse() and not on and not self._removable:
            fill = "hover"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.token(fill))
        painter.drawRoundedRect(ground, 4, 4)
        painter.setFont(self._font())
        painter.setPen(theme.token("on_accent" if on else "text" if self.isEnabled() else "faint"))
        place = self.rect().adjusted(8, 0, 0, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._removable:
            cross = self._cross()
            tone = "text" if self._over_cross else "dim"
            painter.drawPixmap(QPoint(cross.center().x() - 5, cross.center().y() - 5), pixmap("dismiss", 12, tone))
        if self.hasFocus():
            paint_focus_ring(painter, ground.adjusted(0.5, 0.5, -0.5, -0.5))

    def _font(self) -> QFont:
        return theme.font(theme.SMALL, theme.STRONG if self.isChecked() else theme.REGULAR)

    def _cross(self) -> QRect:
        return QRect(self.width() - 22, 0, 22, self.height()) if self._removable else QRect()
