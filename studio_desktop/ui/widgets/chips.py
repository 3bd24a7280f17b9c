"""Chips: filters that say what they hide and go with one press, and choices that stand beside one another."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.elision import elided
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets.enter import pressed_by_enter
from studio_desktop.ui.widgets.marks import paint_dot, paint_focus_ring
from studio_desktop.ui.widgets.plain_label import as_tip

_DOT = 15


class Chip(QAbstractButton):
    """A rounded word or two, behind a dot of a `colour` if it has one. A `removable` one has a cross; Del and Backspace
    press it.

    A checkable one is filled with the accent while it is on.
    """

    removed = Signal()
    """Somebody pressed the cross, or Del."""

    def __init__(
        self, text: str, parent: QWidget | None = None, *, removable: bool = False, tip: str = "", colour: str = ""
    ) -> None:
        super().__init__(parent)
        self._colour = colour
        self._over_cross = False
        self.setText(text)
        self.setToolTip(as_tip(tip))
        self.setAccessibleName(text)
        self.set_removable(removable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Say something else, as when another number is hidden."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def set_removable(self, removable: bool) -> None:
        """Let it be taken away, or not."""
        self._removable = removable
        self.setAccessibleDescription(self.tr("Press Delete to take it away") if removable else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """24 pixels high at 100 %, as wide as its text."""
        text = QFontMetrics(theme.font(theme.SMALL, theme.STRONG)).horizontalAdvance(self.text())
        plain = QFontMetrics(theme.font(theme.SMALL)).horizontalAdvance(self.text())
        more = theme.scaled((18 if self._removable else 0) + (_DOT if self._colour else 0))
        return QSize((text if self.isCheckable() else plain) + 16 + more, theme.scaled(24))

    def minimumSizeHint(self) -> QSize:
        """What it says is never cut."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, Del takes it away."""
        if self._removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        elif not pressed_by_enter(self, event):
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
        place = self.rect().adjusted(8, 0, -theme.scaled(18) - 4 if self._removable else -8, 0)
        if self._colour:
            side = theme.scaled(9)
            paint_dot(painter, QRectF(place.x(), place.center().y() - side / 2 + 1, side, side), self._colour)
            place.setLeft(place.left() + theme.scaled(_DOT))
        shown = elided(painter.fontMetrics(), self.text(), place.width() + 2)
        painter.setPen(theme.token("on_accent" if on else "text" if self.isEnabled() else "faint"))
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        if self._removable:
            cross = self._cross()
            tone = "text" if self._over_cross else "dim"
            left = cross.center().x() + 1 - theme.scaled(6)
            paint_icon(painter, "dismiss", left, cross.center().y() + 1, tone, size=12)
        if self.hasFocus():
            paint_focus_ring(painter, ground.adjusted(0.5, 0.5, -0.5, -0.5))

    def _font(self) -> QFont:
        return theme.font(theme.SMALL, theme.STRONG if self.isChecked() else theme.REGULAR)

    def _cross(self) -> QRect:
        side = theme.scaled(22)
        return QRect(self.width() - side, 0, side, self.height()) if self._removable else QRect()
