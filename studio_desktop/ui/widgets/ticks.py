"""Check boxes and radio buttons that grow with the text, with mnemonics while Alt is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton

from studio_desktop.ui import theme
from studio_desktop.ui.elision import in_its_direction
from studio_desktop.ui.widgets import mnemonics
from studio_desktop.ui.widgets.marks import paint_focus_ring

# To Python a part of either kind of button: PySide takes no second base that is Qt's.
if TYPE_CHECKING:
    _Base = QAbstractButton
else:
    _Base = object


class _Drawn(_Base):
    def event(self, event: QEvent) -> bool:
        """The nearest of a letter is meant."""
        return mnemonics.leads(self, event) or super().event(event)

    def sizeHint(self) -> QSize:
        """Mark and text."""
        metrics, text = QFontMetrics(theme.font()), self.text()
        words = metrics.size(Qt.TextFlag.TextShowMnemonic, text).width() + _GAP if text else 0
        return QSize(_EDGE + theme.scaled(_SIDE) + words + 3, max(theme.scaled(20), metrics.height()))

    def minimumSizeHint(self) -> QSize:
        """Its text is never cut."""
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        """Mark and text, not what is free beside them."""
        return self._place().contains(pos)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def _place(self) -> QRect:
        """What can be clicked: as wide as is asked for, as high as the button is."""
        return QRect(0, 0, min(self.sizeHint().width(), self.width()), self.height())

    def _paint_face(self, painter: QPainter, radius: float) -> QRectF:
        """All but what says that it is set, for which the pen is ready; gives the box."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.scaled(_SIDE)
        box = QRectF(_EDGE + 0.5, (self.height() - side) // 2 + 0.5, side - 1, side - 1)
        enabled = self.isEnabled()
        lit = enabled and (self.underMouse() or self.isDown())
        painter.setPen(QPen(theme.mark_colour() if lit else theme.token("field_edge" if enabled else "edge")))
        painter.setBrush(theme.token("field" if enabled else "window"))
        painter.drawRoundedRect(box, radius, radius)
        ink = theme.token("text" if enabled else "faint")
        if self.text():
            painter.setFont(theme.font())
            painter.setPen(ink)
            words = self.rect().adjusted(_EDGE + side + _GAP, 0, 0, 0)
            painter.drawText(words, _BESIDE | mnemonics.flag(), in_its_direction(self.text()))
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self._place()).adjusted(0, 0.5, 0, -0.5), 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, side * 0.13))
        return box


class TickBox(_Drawn, QCheckBox):
    """A check box."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QPainter(self)
        box = self._paint_face(painter, 2)
        if self.isChecked():
            grown = box.width() / _SIDE
            corner = box.topLeft()
            painter.drawPolyline(QPolygonF([corner + QPointF(x, y) * grown for x, y in _TICK]))


class RadioButton(_Drawn, QRadioButton):
    """A radio button."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QPainter(self)
        box = self._paint_face(painter, theme.scaled(_SIDE) / 2)
        if self.isChecked():
            painter.setBrush(painter.pen().color())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(box.center(), box.width() * 0.24, box.width() * 0.24)


_SIDE = 13
_GAP = 6
_EDGE = 1
_TICK = ((3.0, 6.8), (5.5, 9.6), (10.2, 3.8))
_BESIDE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
