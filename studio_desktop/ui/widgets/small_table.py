"""A table of a few columns inside a sheet: flat head, hairlines, whole rows, ticks; fed by any list of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from studio_desktop.ui import theme
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets.listing_cells import MARGIN, paint_tick_box
from studio_desktop.ui.widgets.marks import paint_current, paint_dot, paint_focus_ring, paint_text
from studio_desktop.ui.widgets.plain_label import as_tip

_Index = QModelIndex | QPersistentModelIndex

ROW = 22
"""The height of a row at 100 % in the dense setting."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its title and its width in pixels at 100 %; one that `stretches` shares what is left."""

    title: str
    width: int
    stretches: bool = False
    right: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place. `tick` is a tick box, on or off; `dot` a colour's and `icon` an icon's name."""

    text: str = ""
    tone: str = "text"
    dot: str = ""
    icon: str = ""
    tick: bool | None = None


class SmallTable(QTableView):
    """Shows `count` rows, asking for the cells it paints only."""

    ticked = Signal(int)
    """Space, or a click on a tick box, at this row."""
    taken = Signal(int)
    """Enter or a double click on this row."""

    def __init__(self, heads: Sequence[Head], cell: Callable[[int, int], Cell], parent: QWidget | None = None) -> None:
        """`cell` gives what stands in a row and column."""
        super().__init__(parent)
        self.heads = heads
        self._empty = ""
        self.cell = cell
        self._cells = _Cells(heads, cell, self)
        self._header = _Header(heads, self)
        self.setModel(self._cells)
        self.setItemDelegate(_CellPainter(self))
        self.setHorizontalHeader(self._header)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameStyle(QFrame.Shape.Box | QFrame.Shadow.Plain)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(lambda _new, _old: self.viewport().update())
        self._follow_text_size()
        theme.set_colours(self, WindowText="line")

    def show_rows(self, count: int) -> None:
        """There are this many rows now; the current one stays where it is."""
        row = self.currentIndex().row()
        self._cells.reset(count)
        if count:
            self.choose(min(max(row, 0), count - 1))

    def set_empty(self, text: str) -> None:
        """Say this where there are no rows: what comes here, and how."""
        self._empty = text
        self.setAccessibleDescription(text)
        self.viewport().update()

    def look_again(self) -> None:
        """The cells are others, the rows are as many."""
        self.viewport().update()

    def count(self) -> int:
        """How many rows there are."""
        return self._cells.rowCount()

    def current(self) -> int:
        """The current row; -1 for none."""
        return self.currentIndex().row()

    def choose(self, row: int) -> None:
        """Make this row current and bring it into sight."""
        self.setCurrentIndex(self._cells.index(row, 0))
        self.scrollTo(self._cells.index(row, 0))

    def minimumSizeHint(self) -> QSize:
        """The head and two rows."""
        return QSize(theme.scaled(160), theme.scaled(ROW) + 2 * theme.row_height(ROW) + 2)

    def sizeHint(self) -> QSize:
        """The head and some rows."""
        return QSize(theme.scaled(240), theme.scaled(ROW) + 6 * theme.row_height(ROW) + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks and goes down, Enter takes, Home and End are those of the list."""
        row, plain = self.current(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() == Qt.Key.Key_Space and row >= 0:
            self.ticked.emit(row)
            self.choose(min(row + 1, self.count() - 1))
        elif plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self.taken.emit(row)
        elif plain and event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and self.count():
            self.choose(0 if event.key() == Qt.Key.Key_Home else self.count() - 1)
        elif plain and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
            return
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a tick box ticks; any click makes the row current."""
        index = self.indexAt(event.position().toPoint())
        super().mousePressEvent(event)
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.setCurrentIndex(index)
            if self.cell(index.row(), index.column()).tick is not None:
                self.ticked.emit(index.row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the row; on a tick box it is two clicks."""
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            super().mouseDoubleClickEvent(event)
        elif self.cell(index.row(), index.column()).tick is not None:
            self.mousePressEvent(event)
        else:
            self.taken.emit(index.row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width."""
        super().resizeEvent(event)
        self._share_width()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._follow_text_size()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the rows, the cells over them, and the ring; half a row at the foot is left out."""
        painter = QPainter(self.viewport())
        current = self.visualRect(self.currentIndex())
        if not current.isEmpty():
            row = QRect(0, current.y(), self.viewport().width(), current.height())
            paint_current(painter, row)
        painter.end()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        height = theme.row_height(ROW)
        whole_rows = self.viewport().height() // height * height
        painter.fillRect(0, whole_rows, self.viewport().width(), height, theme.token("base"))
        if self._empty and not self.count():
            painter.setPen(theme.token("dim"))
            place = self.viewport().rect().adjusted(MARGIN, theme.scaled(8), -MARGIN, 0)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, self._empty)
        if self.hasFocus():
            whole = self.viewport().rect()
            ring = QRectF(0, current.y(), whole.width(), current.height()) if not current.isEmpty() else QRectF(whole)
            paint_focus_ring(painter, ring, 2)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first row."""
        super().focusInEvent(event)
        if self.current() < 0 and self.count():
            self.choose(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _follow_text_size(self) -> None:
        self.verticalHeader().setDefaultSectionSize(theme.row_height(ROW))
        self._share_width()
        self.updateGeometry()

    def _share_width(self) -> None:
        fixed = sum(theme.scaled(head.width) for head in self.heads if not head.stretches)
        stretching = [head for head in self.heads if head.stretches]
        wanted = sum(theme.scaled(head.width) for head in stretching)
        room = max(self.viewport().width() - fixed, 0)
        for column, head in enumerate(self.heads):
            width = theme.scaled(head.width)
            self.setColumnWidth(column, room * width // wanted if head.stretches and wanted else width)


class _Cells(QAbstractTableModel):
    def __init__(self, heads: Sequence[Head], cell: Callable[[int, int], Cell], parent: QWidget) -> None:
        super().__init__(parent)
        self._heads = heads
        self._count = 0
        self.cell = cell

    def reset(self, count: int) -> None:
        self.beginResetModel()
        self._count = count
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._heads)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        cell = self.cell(index.row(), index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole and cell.tick is not None:
            return self.tr("ticked") if cell.tick else self.tr("not ticked")
        return cell.text

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        is_title = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._heads[section].title if is_title else None


class _Header(QHeaderView):
    def __init__(self, heads: Sequence[Head], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._heads = heads
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSectionSize(1)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme.scaled(ROW))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        painter.fillRect(rect, theme.token("window"))
        painter.setPen(theme.token("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if section and self._heads[section - 1].title:
            painter.drawLine(rect.x(), rect.y() + 5, rect.x(), rect.bottom() - 5)
        head, inside = self._heads[section], rect.adjusted(MARGIN, 0, -MARGIN, 0)
        paint_text(painter, inside, head.title, "dim", theme.font(theme.SMALL, theme.STRONG), right=head.right)
        painter.restore()


class _CellPainter(QStyledItemDelegate):
    def __init__(self, table: SmallTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        cells, place = self._table.model(), QRect(option.rect)
        assert isinstance(cells, _Cells)
        cell = cells.cell(index.row(), index.column())
        painter.save()
        painter.fillRect(QRect(place.left(), place.bottom(), place.width(), 1), theme.token("line"))
        if cell.tick is not None:
            paint_tick_box(painter, place, cell.tick)
        inside = place.adjusted(MARGIN, 0, -MARGIN, 0)
        if cell.dot:
            side = theme.scaled(9)
            paint_dot(painter, QRectF(inside.x() + 0.5, inside.center().y() - side / 2 + 1, side, side), cell.dot)
            inside.setLeft(inside.left() + theme.scaled(15))
        elif cell.icon:
            paint_icon(painter, cell.icon, inside.left(), inside.center().y() + 1, cell.tone)
            inside.setLeft(inside.left() + theme.scaled(22))
        right = self._table.heads[index.column()].right
        paint_text(painter, inside, cell.text, cell.tone, theme.font(), right=right)
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        text, rect = str(index.data() or ""), QRect(option.rect)
        is_cut = QFontMetrics(theme.font()).horizontalAdvance(text) > rect.width() - 2 * MARGIN
        QToolTip.showText(event.globalPos(), as_tip(text) if is_cut else "", view, rect)
        return True
