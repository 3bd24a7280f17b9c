"""The mark at a field whose text cannot be kept, with the sentence that says why and what to do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.widgets.marks import paint_fault_edge
from studio_desktop.ui.widgets.plain_label import PlainLabel, as_tip


class FaultMark(QWidget):
    """A red edge over a field and, while the cursor or the mouse is there, one line with the cure below it.

    It lies over the layout, so that nothing jumps.
    """

    def __init__(self, field: QWidget, sentence: str, around: QWidget | None = None) -> None:
        around = around or field.parentWidget()
        if around is None:
            raise ValueError(f"{field.objectName()} stands in no form")
        super().__init__(around)
        self._around = around
        self._field = field
        self._description = field.accessibleDescription()
        self._tip = field.toolTip()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._line = _CureLine(around, sentence)
        field.setAccessibleDescription(sentence)
        field.setToolTip(as_tip(sentence))
        self._watched = [field] + ([field.viewport()] if isinstance(field, QAbstractScrollArea) else [])
        between = field.parentWidget()
        while between is not None and between is not around:
            self._watched.append(between)
            between = between.parentWidget()
        for each in self._watched:
            each.installEventFilter(self)
        self._follow()
        self.show()

    def remove(self) -> None:
        """Take it away."""
        for each in self._watched:
            each.removeEventFilter(self)
        self._field.setAccessibleDescription(self._description)
        self._field.setToolTip(self._tip)
        self._line.hide()
        self._line.deleteLater()
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """Stay over the field."""
        if event.type() in _MOVED:
            self._follow()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The red edge."""
        paint_fault_edge(QPainter(self), QRectF(self.rect()))

    def _follow(self) -> None:
        place = _place_in(self._around, self._field)
        self.setGeometry(place)
        self.setVisible(self._field.isVisibleTo(self._around))
        self.raise_()
        self._line.setVisible(self._field.hasFocus() or self._field.underMouse())
        self._line.place_at(place)


def _place_in(around: QWidget, field: QWidget) -> QRect:
    return QRect(field.mapTo(around, QPoint(0, 0)), field.size())


_MOVED = frozenset(
    {
        QEvent.Type.Move,
        QEvent.Type.Resize,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.FocusIn,
        QEvent.Type.FocusOut,
        QEvent.Type.Enter,
        QEvent.Type.Leave,
    }
)


class _CureLine(PlainLabel):
    def __init__(self, parent: QWidget, sentence: str) -> None:
        super().__init__(sentence, parent, tone="red", px=theme.SMALL)
        self._around = parent
        self.setContentsMargins(6, 3, 6, 3)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setWordWrap(True)

    def place_at(self, beside: QRect) -> None:
        room = self._around.rect()
        whole = self.fontMetrics().horizontalAdvance(self.text()) + 14
        width = min(whole, room.width() - 8)
        self.resize(width, self.heightForWidth(width))
        top = beside.bottom() + 2
        if top + self.height() > room.bottom():
            top = beside.top() - 2 - self.height()
        self.move(max(4, min(beside.left(), room.right() - 4 - width)), max(0, top))
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.token("red")))
        painter.setBrush(theme.token("red_soft"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.end()
        super().paintEvent(event)
