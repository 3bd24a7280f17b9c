"""A short list of lines with hairlines, an accent bar before the current one, and the keys that all lists have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets.marks import (
    LightKind,
    paint_current,
    paint_dot,
    paint_focus_ring,
    paint_light,
    paint_text,
)

_Index = QModelIndex | QPersistentModelIndex

ROW, TALL_ROW = 24, 44
_POINT = " · "


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `value` is for the caller, `second` stands below in a tall list, `aside` at the right end.

    `dot` is the colour of a dot before the text; what is `indented` belongs to a line above. Where there is little
    room, an aside of several parts with ` · ` between them loses the last ones.
    """

    value: Any
    text: str
    aside: str = ""
    second: str = ""
    icon: str = ""
    light: LightKind | None = None
    dot: str = ""
    indented: bool = False
    faint: bool = False

    def spoken(self) -> str:
        """All of it, for a screen reader."""
        return ", ".join(part for part in (self.text, self.second, self.aside) if part)


class PlainList(QListView):
    """Lines to choose among. A `tall` one has room for two texts in each."""

    current_changed = Signal()
    """Another line is current, or none."""
    taken = Signal(object)
    """Enter or a double click: the line's value."""
    delete_wanted = Signal(object)
    insert_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tall = False
        self._lines = _Lines(self)
        self.setModel(self._lines)
        self.setItemDelegate(_LinePainter(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(lambda _new, _old: self.current_changed.emit())

    @property
    def tall(self) -> bool:
        """Whether its lines have two texts."""
        return self._tall

    def set_tall(self, tall: bool) -> None:
        """Give each line room for a second text."""
        self._tall = tall
        self.scheduleDelayedItemsLayout()

    def show_lines(self, lines: Sequence[Line], current: object = None) -> None:
        """Show these, the line of value `current` as the current one.

        Without it the current value stays current if it is still there, else its place does.
        """
        before, row = self.current(), self.currentIndex().row()
        wanted = current if current is not None else before.value if before is not None else None
        values = [line.value for line in lines]
        self.selectionModel().blockSignals(True)
        self._lines.show(list(lines))
        if wanted in values:
            self._choose_row(values.index(wanted))
        elif row >= 0 and lines:
            self._choose_row(min(row, len(lines) - 1))
        self.selectionModel().blockSignals(False)
        self.viewport().update()
        if self.current() != before:
            self.current_changed.emit()

    def lines(self) -> list[Line]:
        """What is shown."""
        return list(self._lines.lines)

    def current(self) -> Line | None:
        """The current line."""
        row = self.currentIndex().row()
        return self._lines.lines[row] if 0 <= row < len(self._lines.lines) else None

    def choose(self, value: object) -> None:
        """Make the line of this value current; None makes none current."""
        row = next((row for row, line in enumerate(self._lines.lines) if line.value == value), -1)
        self._choose_row(row)

    def choose_first(self) -> None:
        """Make the first line current."""
        self._choose_row(0 if self._lines.lines else -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes, Del and Insert ask their owner."""
        line, plain = self.current(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and line is not None:
            self.taken.emit(line.value)
        elif plain and event.key() == Qt.Key.Key_Delete and line is not None:
            self.delete_wanted.emit(line.value)
        elif plain and event.key() == Qt.Key.Key_Insert:
            self.insert_wanted.emit()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the line."""
        line = self.current()
        if self.indexAt(event.position().toPoint()).isValid() and line is not None:
            self.taken.emit(line.value)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The lines, an edge around them, and the ring."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        whole = self.viewport().rect()
        painter.setPen(theme.token("line"))
        painter.drawRect(whole.adjusted(0, 0, -1, -1))
        if self.hasFocus():
            row = self.visualRect(self.currentIndex())
            paint_focus_ring(painter, QRectF(whole if row.isEmpty() else row), 2)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.scheduleDelayedItemsLayout()

    def _choose_row(self, row: int) -> None:
        self.setCurrentIndex(self._lines.index(row) if row >= 0 else QModelIndex())


class _Lines(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []

    def show(self, lines: list[Line]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.text
        return line.spoken() if role == Qt.ItemDataRole.AccessibleTextRole else None


class _LinePainter(QStyledItemDelegate):
    def __init__(self, view: PlainList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        return QSize(0, theme.row_height(TALL_ROW if self._view.tall else ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line, place = self._view.lines()[index.row()], QRect(option.rect)
        if place.top() > 0 and place.bottom() >= self._view.viewport().height():
            return  # half a line at the foot tells nothing
        painter.save()
        is_current = index.row() == self._view.currentIndex().row()
        if is_current:
            paint_current(painter, place)
        painter.fillRect(QRect(place.left(), place.bottom(), place.width(), 1), theme.token("line"))
        inside, small = place.adjusted(10, 0, -10, 0), theme.font(theme.SMALL)
        first, second = inside, QRect()
        if self._view.tall:
            half = inside.height() // 2
            first = QRect(inside.left(), inside.top() + 3, inside.width(), half - 2)
            second = QRect(inside.left(), first.bottom(), inside.width(), half - 2)
        if line.light is not None:
            side = theme.scaled(14)
            paint_light(painter, QRectF(first.left(), first.center().y() - side / 2 + 1, side, side), line.light)
            first.setLeft(first.left() + theme.scaled(22))
        elif line.icon:
            paint_icon(painter, line.icon, first.left(), first.center().y() + 1, "dim")
            first.setLeft(first.left() + theme.scaled(22))
        elif line.dot:
            side = theme.scaled(9)
            paint_dot(painter, QRectF(first.left() + 0.5, first.center().y() + 1 - side / 2, side, side), line.dot)
        if line.dot or line.indented:
            first.setLeft(first.left() + theme.scaled(15))
        if line.aside:
            aside = _aside_beside(line, first.width())
            used = paint_text(painter, first, aside, "dim", small, right=True)
            first.setRight(first.right() - used - 8)
        # Faint would be too weak on the ground of the current one.
        tone = "text" if not line.faint else "dim" if is_current else "faint"
        paint_text(painter, first, line.text, tone, theme.font())
        paint_text(painter, second, line.second, "dim", small)
        painter.restore()


def _aside_beside(line: Line, room: int) -> str:
    """As many parts of what stands aside, which a point divides, as leave the text its room or half of all."""
    text = min(QFontMetrics(theme.font()).horizontalAdvance(line.text), room // 2) + 8
    metrics, parts = QFontMetrics(theme.font(theme.SMALL)), line.aside.split(_POINT)
    while len(parts) > 1 and metrics.horizontalAdvance(_POINT.join(parts)) > room - text:
        parts.pop()
    return _POINT.join(parts)
