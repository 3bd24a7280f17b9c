"""The table widget inside a listing view: paints whole rows, and hands keys and clicks to who knows what they mean."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets.listing_cells import MARGIN, ListingCells
from studio_desktop.ui.widgets.listing_header import ListingHeader
from studio_desktop.ui.widgets.listing_model import TICK, ListingModel
from studio_desktop.ui.widgets.marks import paint_current, paint_focus_ring

ROW = 20
"""The height of a row at 100 % in the dense setting."""

KeyHandler = Callable[[QKeyEvent], bool]
ClickHandler = Callable[[int, int, Qt.KeyboardModifier], bool]


class ListingGrid(QTableView):
    """Rows of one height with zebra, an accent bar before the current one, and headings across the whole width."""

    row_opened = Signal(int)
    menu_wanted = Signal(QPoint)
    resized = Signal()

    def __init__(self, model: ListingModel, on_key: KeyHandler, on_click: ClickHandler, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = model
        self._on_key = on_key
        self._on_click = on_click
        self._cells = ListingCells(self, model)
        self.header = ListingHeader(model, self)
        self.setModel(model)
        self.setItemDelegate(self._cells)
        self.setHorizontalHeader(self.header)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.selectionModel().currentChanged.connect(self._repaint_rows)
        self.follow_theme()

    def follow_theme(self) -> None:
        """Another scheme, text size or density."""
        self._cells.forget_look()
        self.verticalHeader().setDefaultSectionSize(theme.row_height(ROW))
        self.viewport().update()

    def rows_in_sight(self) -> tuple[int, int]:
        """The first and the last place in sight; the last is less than the first when there is none."""
        first = self.verticalScrollBar().value()
        return first, min(first + self.viewport().height() // theme.row_height(ROW), self._rows.rowCount()) - 1

    def row_after(self, row: int, step: int) -> int:
        """The next place in a direction that can be chosen; `row` itself at the end."""
        place = row + step
        while not self._rows.is_grouped and 0 <= place < self._rows.rowCount() and self._rows.heading_at(place):
            place += step
        return place if 0 <= place < self._rows.rowCount() else row

    def paintEvent(self, event: QPaintEvent) -> None:
        """The grounds of the rows, then the cells over them."""
        painter = QPainter(self.viewport())
        current = self.currentIndex().row()
        first, _ = self.rows_in_sight()
        top, bottom = event.rect().top(), event.rect().bottom()
        height, width = theme.row_height(ROW), self.viewport().width()
        for row in range(first + max(top, 0) // height, min(first + bottom // height + 1, self._rows.rowCount())):
            self._paint_ground(painter, row, QRect(0, (row - first) * height, width, height), row == current)
        painter.end()
        super().paintEvent(event)
        if self.hasFocus() and current >= first:
            painter = QPainter(self.viewport())
            paint_focus_ring(painter, QRectF(0, (current - first) * height, width, height), 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End are those of the list, not of a row."""
        if self._on_key(event):
            event.accept()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and not event.modifiers():
            end = event.key() == Qt.Key.Key_End
            row = self.row_after(self._rows.rowCount(), -1) if end else self.row_after(-1, 1)
            self.setCurrentIndex(self._rows.index(row, self.currentIndex().column()))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a tick, or with Ctrl or Shift, ticks; any other chooses."""
        index = self.indexAt(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        if left and index.isValid() and self._on_click(index.row(), index.column(), event.modifiers()):
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a row; on a tick it is two clicks."""
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            super().mouseDoubleClickEvent(event)
        elif index.column() == TICK:
            self.mousePressEvent(event)
        else:
            self.row_opened.emit(index.row())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the mouse where it is, by the keyboard below the current row."""
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu_wanted.emit(place)
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Copy means the rows while the list has the focus, whatever the window does with the key."""
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if is_key and event.matches(QKeySequence.StandardKey.Copy):  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell who shares the width."""
        super().resizeEvent(event)
        self.resized.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _paint_ground(self, painter: QPainter, row: int, place: QRect, is_current: bool) -> None:
        if is_current:
            paint_current(painter, place)
        elif row % 2:
            painter.fillRect(place, theme.token("alternate"))
        heading = self._rows.heading_at(row)
        if heading:
            inner = place.adjusted(MARGIN, 0, -MARGIN, 0)
            if self._rows.is_grouped:
                sign = "chevron_right" if self._rows.is_folded(row) else "chevron_down"
                paint_icon(painter, sign, inner.x(), place.center().y() + 1, size=12)
                inner.setLeft(inner.x() + theme.scaled(12) + 6)
            painter.setFont(theme.font(theme.SMALL, theme.STRONG))
            painter.setPen(theme.token("text" if self._rows.is_grouped else "dim"))
            painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, heading)
            used = painter.fontMetrics().horizontalAdvance(heading) + MARGIN
            middle = place.center().y()
            painter.fillRect(QRect(inner.x() + used, middle, inner.width() - used, 1), theme.token("line"))

    def _repaint_rows(self, current: QModelIndex, before: QModelIndex) -> None:
        for index in (current, before):
            if index.isValid():
                row = self.visualRect(index)
                self.viewport().update(0, row.y(), self.viewport().width(), row.height())
