"""The grid that every maintained list is edited in: cells in place, flags by Space, rows moved by Alt+Up and Alt+Down.

It knows nothing of the database. What a person wants comes out as signals, and an editor stays open until whoever keeps
the list says that its value is kept, so that nothing typed is lost when it is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
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
    QLineEdit,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.services.catalogs import Catalog, CatalogRow
from studio_desktop.ui import theme
from studio_desktop.ui.maintenance.catalog_model import CatalogModel, GridColumn, Index
from studio_desktop.ui.maintenance.field_edit import RedEdge, edit_for, show_value, typed_value
from studio_desktop.ui.page import Shell
from studio_desktop.ui.widgets.listing_cells import MARGIN, paint_tick_box
from studio_desktop.ui.widgets.marks import paint_current, paint_dot, paint_focus_ring, paint_text
from studio_desktop.ui.widgets.plain_label import as_tip

ROW = 24
"""The height of a row and of the head at 100 %."""

_LEAST, _DESCRIPTION = 30, 160  # pixels at 100 % of the narrowest column, and of the description while others have air

@dataclass(slots=True)
class _Open:
    """An open editor: the row as it stood when it was opened, and what was last refused."""

    edit: QLineEdit
    edge: RedEdge
    base: CatalogRow
    column: int
    sent: bool = False
    refused: str | None = None


class CatalogGrid(QTableView):
    """Rows with hairlines; the current one has an accent bar, its current cell the ring of the focus."""

    value_wanted = Signal(object, str, object)
    """A row shall have another value: the row as it was read, the field, the value."""
    fault_found = Signal(str)
    """What was typed is no value, and how to mend it; empty when it is mended."""
    current_changed = Signal()
    move_wanted = Signal(int)
    """The current row, so many places down."""
    delete_wanted = Signal()
    new_wanted = Signal()
    entered = Signal()
    """The cursor came into it."""

    def __init__(self, shell: Shell, catalog: Catalog, columns: Sequence[GridColumn], parent: QWidget) -> None:
        super().__init__(parent)
        self._shell = shell
        self._rows = CatalogModel(shell, catalog, columns, self)
        self._open: dict[tuple[int, str], _Open] = {}
        self._pressed_flag: Index | None = None
        self._empty = ""
        self.editable = True
        self.setModel(self._rows)
        self.setItemDelegate(_Cells(self, self._rows))
        self.setHorizontalHeader(_Head(self._rows, self))
        self.setAccessibleName(catalog.title)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._description = next(at for at, column in enumerate(self._rows.columns) if column.key == "description")
        self.selectionModel().currentChanged.connect(self._moved)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._place_editors())
        self._follow_theme()

    @property
    def rows(self) -> Sequence[CatalogRow]:
        """The rows that are shown."""
        return self._rows.rows

    def edited_rows(self) -> set[int]:
        """The ids of the rows in which something is typed that is not kept yet."""
        return {row_id for row_id, _ in self._open}

    def words(self, row: CatalogRow) -> list[str]:
        """What a row says, be it shown or not."""
        return self._rows.words(row)

    def set_empty(self, text: str) -> None:
        """What stands there while there is no row."""
        self._empty = text
        self.viewport().update()

    def show_rows(self, rows: Sequence[CatalogRow]) -> None:
        """Show these; the current row stays current, and open editors stay at their rows."""
        current, place = self.current(), max(self.currentIndex().row(), 0)
        column = self.currentIndex().column() if self.currentIndex().isValid() else self._description
        blocked = self.blockSignals(True)
        self._rows.show_rows(rows)
        for row_id, field in [key for key in self._open if self._rows.place_of(key[0]) is None]:
            self._close(row_id, field)
        if rows:
            kept = self._rows.place_of(current.id) if current is not None else None
            place = min(place, len(rows) - 1) if kept is None else kept
            self.setCurrentIndex(self._rows.index(place, column))
        self.blockSignals(blocked)
        self._place_editors()
        self.updateGeometry()
        self.current_changed.emit()

    def current(self) -> CatalogRow | None:
        """The current row."""
        place = self.currentIndex().row()
        return self._rows.rows[place] if 0 <= place < len(self._rows.rows) else None

    def select(self, row_id: int, key: str = "") -> None:
        """Make a row the current one, and the column of that key."""
        place = self._rows.place_of(row_id)
        keys = [column.key for column in self._rows.columns]
        if place is not None:
            column = keys.index(key) if key in keys else max(self.currentIndex().column(), self._description)
            self.setCurrentIndex(self._rows.index(place, column))

    def edit_cell(self, column: int | None = None) -> None:
        """Open an editor in the current row: in this column, the current one, or that of the description."""
        row = self.current()
        column = self.currentIndex().column() if column is None else column
        if row is None or not self.editable:
            return
        if not self._rows.columns[column].is_typed:
            column = self._description
        field = self._rows.columns[column].field
        assert field is not None
        opened = self._open.get((row.id, field.name))
        if opened is None:
            edit = edit_for(field, self._shell, self.viewport())
            edit.setFont(theme.font())
            edit.setAccessibleName(f"{field.title}, {row.description}")
            show_value(edit, row.values[field.name])
            opened = self._open[row.id, field.name] = _Open(edit, RedEdge(edit), row, column)
            edit.installEventFilter(self)
            edit.textEdited.connect(lambda _: self._mend(row.id, field.name))
            edit.show()
        self.setCurrentIndex(self._rows.index(self.currentIndex().row(), column))
        self._place_editors()
        opened.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        opened.edit.selectAll()

    def commit(self) -> None:
        """Send what stands in open editors to be kept."""
        for row_id, field in list(self._open):
            self._send(row_id, field)

    def is_open(self) -> bool:
        """Whether something typed is not kept yet."""
        return bool(self._open)

    def kept(self, row: CatalogRow, field: str) -> None:
        """The value of an editor is kept: close it."""
        self._close(row.id, field)

    def refused(self, row_id: int, field: str, theirs: CatalogRow | None = None) -> None:
        """The value of an editor cannot be kept; with `theirs`, the next attempt goes over what stands there now."""
        opened = self._open.get((row_id, field))
        if opened is None:
            return
        opened.sent = False
        opened.refused = opened.edit.text()
        opened.base = theirs or opened.base
        opened.edge.show()
        opened.edge.raise_()
        self.select(row_id, field)
        opened.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of an open editor, and its leaving."""
        key = next((key for key, opened in self._open.items() if opened.edit is watched), None)
        if key is None:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._handle_editor_key(key, event)
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            opened = self._open[key]
            stays = event.reason() in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
            if not stays and opened.edit.text() != opened.refused:
                self._send(*key)
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of a list (E14)."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and modifiers == Qt.KeyboardModifier.AltModifier:
            self.move_wanted.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif modifiers:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit_cell()
        elif key == Qt.Key.Key_Space:
            self._toggle(self.currentIndex())
        elif key == Qt.Key.Key_Insert:
            self.new_wanted.emit()
        elif key == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember which flag was pressed."""
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        self._pressed_flag = index if event.button() == Qt.MouseButton.LeftButton else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a flag ticks it."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if self._pressed_flag is not None and index == self._pressed_flag:
            self._toggle(index)
        self._pressed_flag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click edits; on a flag it is two clicks."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._rows.columns[index.column()].is_flag:
            self.mousePressEvent(event)
        elif index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.setCurrentIndex(index)
            self.edit_cell()

    def sizeHint(self) -> QSize:
        """Its rows and its head, as far as they fit."""
        return QSize(theme.scaled(400), min(self._height_of(max(len(self._rows.rows), 1)), self.maximumHeight()))

    def minimumSizeHint(self) -> QSize:
        """One row: the window stays as low as somebody makes it."""
        return QSize(theme.scaled(200), self._height_of(1))

    def fit_into(self, height: int) -> None:
        """Be as high as all rows at most, or as those that fit whole into this many pixels."""
        fitting = (height - theme.scaled(ROW)) // theme.row_height(ROW)
        self.setMaximumHeight(self._height_of(max(3, min(len(self._rows.rows), fitting))))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The grounds of the rows, then the cells over them, then the ring around the current one."""
        painter = QPainter(self.viewport())
        width, height = self.viewport().width(), theme.row_height(ROW)
        current, first = self.currentIndex().row(), self.verticalScrollBar().value()
        in_sight = self.viewport().height() // height
        for place in range(first, min(first + in_sight, len(self._rows.rows))):
            ground = QRect(0, (place - first) * height, width, height)
            if place == current:
                paint_current(painter, ground)
            painter.setPen(theme.token("line"))
            painter.drawLine(ground.bottomLeft(), ground.bottomRight())
        if not self._rows.rows and self._empty:
            painter.setPen(theme.token("dim"))
            painter.setFont(theme.font())
            inner = QRect(MARGIN + 4, 0, width - 2 * MARGIN, 2 * height)
            painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._empty)
        painter.end()
        # Whole rows only, never half a line at the foot.
        super().paintEvent(QPaintEvent(event.region().intersected(QRect(0, 0, width, in_sight * height))))
        if self.hasFocus() and self.currentIndex().isValid():
            painter = QPainter(self.viewport())
            paint_focus_ring(painter, QRectF(self.visualRect(self.currentIndex())), 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the editors at their cells."""
        super().resizeEvent(event)
        self._share_width()
        self._place_editors()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the scheme and the text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange) and hasattr(self, "_description"):
            self._follow_theme()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.viewport().update()
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _handle_editor_key(self, key: tuple[int, str], event: QKeyEvent) -> bool:
        pressed = event.key()
        if pressed in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _HELD:
            self._leave_editor(key, 0)
        elif pressed in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._leave_editor(key, 1 if pressed == Qt.Key.Key_Tab else -1)
        elif pressed == Qt.Key.Key_Escape:
            self._close(*key)
            self.fault_found.emit("")
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            return False
        return True

    def _leave_editor(self, key: tuple[int, str], step: int) -> None:
        """Send the value; the next keys already belong to the grid, or to the next cell."""
        column = self._open[key].column
        if not self._send(*key):
            return
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        fields = [at for at, one in enumerate(self._rows.columns) if one.field is not None]
        at = fields.index(column) + step
        if step and 0 <= at < len(fields):
            self.setCurrentIndex(self._rows.index(self.currentIndex().row(), fields[at]))
            if self._rows.columns[fields[at]].is_typed:
                self.edit_cell(fields[at])

    def _send(self, row_id: int, name: str) -> bool:
        """Ask for the value to be kept; False for what is no value, which stays where it is."""
        opened = self._open[row_id, name]
        field = self._rows.columns[opened.column].field
        assert field is not None
        if opened.sent:
            return True
        try:
            value = typed_value(field, opened.edit)
        except InvalidInput as fault:
            self.fault_found.emit(str(fault))
            self.refused(row_id, name)
            return False
        self.fault_found.emit("")
        if value == opened.base.values[name]:
            self._close(row_id, name)
        else:
            opened.sent = True
            self.value_wanted.emit(opened.base, name, value)
        return True

    def _mend(self, row_id: int, field: str) -> None:
        opened = self._open.get((row_id, field))
        if opened is not None and opened.refused is not None:
            opened.refused = None
            opened.edge.hide()
            self.fault_found.emit("")

    def _close(self, row_id: int, field: str) -> None:
        opened = self._open.pop((row_id, field), None)
        if opened is not None:
            had_focus = opened.edit.hasFocus()
            opened.edit.hide()
            opened.edit.deleteLater()
            if had_focus:
                self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _toggle(self, index: Index) -> None:
        row = self._rows.rows[index.row()] if index.isValid() else None
        if row is None or not self.editable or not self._rows.columns[index.column()].is_flag:
            return
        field = self._rows.columns[index.column()].key
        self.value_wanted.emit(row, field, not row.values[field])

    def _place_editors(self) -> None:
        for (row_id, _), opened in self._open.items():
            place = self._rows.place_of(row_id)
            cell = QRect() if place is None else self.visualRect(self._rows.index(place, opened.column))
            opened.edit.setGeometry(cell)

    def _height_of(self, rows: int) -> int:
        return theme.row_height(ROW) * rows + theme.scaled(ROW)

    def _follow_theme(self) -> None:
        header = self.horizontalHeader()
        header.setMinimumSectionSize(theme.scaled(24))
        self.verticalHeader().setDefaultSectionSize(theme.row_height(ROW))
        self._share_width()
        self.updateGeometry()

    def _share_width(self) -> None:
        """The description takes what the others leave; where that is little, they give up the air by their titles."""
        header, columns = self.horizontalHeader(), self._rows.columns
        metrics = QFontMetrics(theme.font(theme.SMALL, theme.STRONG))
        least = [max(metrics.horizontalAdvance(one.title) + 2 * MARGIN, theme.scaled(_LEAST)) for one in columns]
        usual = [max(theme.scaled(one.width), width) for one, width in zip(columns, least, strict=True)]
        left = self.viewport().width() - sum(usual) + usual[self._description]
        widths = usual if left >= theme.scaled(_DESCRIPTION) else least
        for at, width in enumerate(widths):
            stretches = at == self._description
            mode = QHeaderView.ResizeMode.Stretch if stretches else QHeaderView.ResizeMode.Fixed
            header.setSectionResizeMode(at, mode)
            if not stretches:
                self.setColumnWidth(at, width)

    def _moved(self, current: QModelIndex, before: QModelIndex) -> None:
        self.viewport().update()
        if current.row() != before.row():
            self.current_changed.emit()


_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_DOT = 9
_DOT_ROOM = 15


class _Cells(QStyledItemDelegate):
    def __init__(self, grid: QWidget, rows: CatalogModel) -> None:
        super().__init__(grid)
        self._rows = rows

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        place, at = index.row(), index.column()
        row, column = self._rows.rows[place], self._rows.columns[at]
        rect: QRect = option.rect
        if column.is_flag:
            paint_tick_box(painter, rect, bool(self._rows.value(place, at)))
            return
        inner = rect.adjusted(MARGIN, 0, -MARGIN, 0)
        value, colour = self._rows.value(place, at), ""
        if column.key == "description":
            colour = row.values.get("colour", "")
        elif column.key == "parent":
            owner = self._rows.owner(row)
            colour = owner.colour if owner is not None else ""
        if colour:
            side = theme.scaled(_DOT)
            paint_dot(painter, QRectF(inner.x() + 0.5, inner.center().y() - side / 2 + 1, side, side), colour)
            inner.setLeft(inner.left() + theme.scaled(_DOT_ROOM))
        is_late = column.key == "overdue" and bool(value)
        stands_back = row.inactive or column.key == "place" or (column.field is None and not value)
        tone = "red" if is_late else "dim" if stands_back else "text"
        paint_text(painter, inner, self._rows.text(place, at), tone, theme.font(), right=column.is_number)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """The whole text of a cell that is cut."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        rect: QRect = option.rect
        text = self._rows.text(index.row(), index.column())
        fits = QFontMetrics(theme.font()).horizontalAdvance(text) <= rect.width() - 2 * MARGIN - theme.scaled(_DOT_ROOM)
        QToolTip.showText(event.globalPos(), "" if fits else as_tip(text), view, rect)
        return True


class _Head(QHeaderView):
    def __init__(self, rows: CatalogModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._rows = rows
        self.setHighlightSections(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme.scaled(ROW))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        column = self._rows.columns[section]
        painter.save()
        painter.fillRect(rect, theme.token("window"))
        painter.setPen(theme.token("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if section:
            painter.drawLine(rect.x(), rect.y() + 5, rect.x(), rect.bottom() - 5)
        painter.setFont(theme.font(theme.SMALL, theme.STRONG))
        painter.setPen(theme.token("dim"))
        where = _RIGHT if column.is_number else Qt.AlignmentFlag.AlignCenter if column.is_flag else _LEFT
        painter.drawText(rect.adjusted(MARGIN, 0, -MARGIN, -1), where, column.title)
        painter.restore()
