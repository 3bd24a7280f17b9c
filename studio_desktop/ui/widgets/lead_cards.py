"""The cards of one stage on the board of a pipeline: name, phone with its warning, what is to be done until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio_desktop.domain.dates import is_overdue
from studio_desktop.domain.formats import Formats
from studio_desktop.services.pipelines import Card
from studio_desktop.ui import theme
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets.marks import paint_current, paint_focus_ring, paint_text
from studio_desktop.ui.widgets.plain_label import as_tip

_Index = QModelIndex | QPersistentModelIndex
_LEAD = "application/x-studio-lead"

CARD = 62
"""The height of a card at 100 %."""


class LeadCards(QListView):
    """Cards from top to bottom, read on as somebody goes down; moved with Ctrl and an arrow, or dragged."""

    opened = Signal(int)
    """Enter or a double click: the card's client."""
    current_changed = Signal()
    shift_wanted = Signal(int)
    """The current card shall go so many stages to the right."""
    dropped = Signal(int)
    """A lead was dragged here: its id."""
    left = Signal(int)
    """An arrow: on to the stage so many columns to the right."""
    more_wanted = Signal(int)
    """More cards are in sight than were read: how many there are already."""
    menu_wanted = Signal(QPoint)

    def __init__(self, formats: Formats, today: date, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards = _Cards(formats, today, self)
        self.cards.more_wanted.connect(self.more_wanted)
        self.setModel(self.cards)
        self.setItemDelegate(_CardPainter(self, formats, today))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.selectionModel().currentChanged.connect(lambda _new, _old: self.current_changed.emit())

    def show_cards(self, cards: Sequence[Card], total: int) -> None:
        """Show these, the first of `total`; the current card stays current, or its place does."""
        current, row = self.current(), self.currentIndex().row()
        scrolled = self.verticalScrollBar().value()
        self.selectionModel().blockSignals(True)
        self.cards.show(list(cards), total)
        self.selectionModel().blockSignals(False)
        if current is not None and not self.choose(current.id):
            self._choose_row(min(row, len(cards) - 1))
        self.verticalScrollBar().setValue(scrolled)
        self.viewport().update()

    def add_cards(self, cards: Sequence[Card]) -> None:
        """The next ones below."""
        self.cards.add(list(cards))

    def current(self) -> Card | None:
        """The current card."""
        row = self.currentIndex().row()
        return self.cards.rows[row] if 0 <= row < len(self.cards.rows) else None

    def choose(self, lead_id: int) -> bool:
        """Make the card of a lead current; False if it is not among those that were read."""
        row = next((row for row, card in enumerate(self.cards.rows) if card.id == lead_id), -1)
        if row >= 0:
            self._choose_row(row)
        return row >= 0

    def enter(self) -> None:
        """The cursor comes here: at the card where it was, else at the first one."""
        if self.current() is None and self.cards.rows:
            self._choose_row(0)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget_current(self) -> None:
        """No card is current: the cursor is in another stage."""
        self.setCurrentIndex(QModelIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; Left and Right go to the next stage, with Ctrl they take the card along."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        card = self.current()
        if step and held == Qt.KeyboardModifier.ControlModifier:
            self.shift_wanted.emit(step)
        elif step and not held:
            self.left.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held and card is not None:
            self.opened.emit(card.client_id)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the client."""
        card = self.current()
        if self.indexAt(event.position().toPoint()).isValid() and card is not None:
            self.opened.emit(card.client_id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the card."""
        if self.current() is not None:
            self.menu_wanted.emit(event.globalPos())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take leads of another stage."""
        self._accept(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """The same while it moves."""
        self._accept(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """The lead comes to this stage; that it leaves the other one is seen when the board is read again."""
        if event.mimeData().hasFormat(_LEAD) and event.source() is not self:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.dropped.emit(int(bytes(event.mimeData().data(_LEAD).data())))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring, and a card inside it."""
        super().focusInEvent(event)
        if self.current() is None and self.cards.rows and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._choose_row(0)
        self.current_changed.emit()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cards, and the ring around the current one."""
        super().paintEvent(event)
        if self.hasFocus():
            card = self.visualRect(self.currentIndex())
            paint_focus_ring(QPainter(self.viewport()), QRectF(self.viewport().rect() if card.isEmpty() else card), 2)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.scheduleDelayedItemsLayout()

    def _accept(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasFormat(_LEAD) and event.source() is not self:
            event.acceptProposedAction()
        else:
            event.ignore()

    def _choose_row(self, row: int) -> None:
        self.setCurrentIndex(self.cards.index(row) if row >= 0 else QModelIndex())


class _Cards(QAbstractListModel):
    more_wanted = Signal(int)

    def __init__(self, formats: Formats, today: date, parent: QWidget) -> None:
        super().__init__(parent)
        self._formats, self._today = formats, today
        self._asked = 0
        self.rows: list[Card] = []
        self.total = 0

    def show(self, rows: list[Card], total: int) -> None:
        self.beginResetModel()
        self.rows, self.total, self._asked = rows, total, 0
        self.endResetModel()

    def add(self, rows: list[Card]) -> None:
        known = {card.id for card in self.rows}
        new = [card for card in rows if card.id not in known]
        if not new:
            self.total = len(self.rows)
            return
        self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(new) - 1)
        self.rows += new
        self.endInsertRows()

    def canFetchMore(self, parent: _Index) -> bool:
        return not parent.isValid() and len(self.rows) < self.total and self._asked != len(self.rows)

    def fetchMore(self, parent: _Index) -> None:  # noqa: ARG002
        self._asked = len(self.rows)
        self.more_wanted.emit(len(self.rows))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction | Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_LEAD]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(_LEAD, str(self.rows[indexes[0].row()].id).encode())
        return data

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        card = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return card.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            parts = (card.name, _number(card, self._formats), card.call_warning, card.action,
                     _due(card, self._formats, self._today), card.responsible)  # fmt: skip
            told = ", ".join(part for part in parts if part)
            return as_tip(told) if role == Qt.ItemDataRole.ToolTipRole else told
        return None


class _CardPainter(QStyledItemDelegate):
    def __init__(self, view: LeadCards, formats: Formats, today: date) -> None:
        super().__init__(view)
        self._view, self._formats, self._today = view, formats, today

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        return QSize(0, theme.scaled(CARD))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        card, place = self._view.cards.rows[index.row()], QRect(option.rect)
        painter.save()
        if index.row() == self._view.currentIndex().row():
            paint_current(painter, place)
        painter.fillRect(QRect(place.left(), place.bottom(), place.width(), 1), theme.token("line"))
        inside, small = place.adjusted(10, 4, -8, -5), theme.font(theme.SMALL)
        height = inside.height() // 3
        lines = [QRect(inside.left(), inside.top() + at * height, inside.width(), height) for at in range(3)]
        days = (self._today - card.stage_since).days
        aside = self._view.tr("{days} d").format(days=days) if days else self._view.tr("new")
        used = paint_text(painter, lines[0], aside, "faint", small, right=True)
        strong = theme.font(theme.BASE, theme.STRONG)
        paint_text(painter, lines[0].adjusted(0, 0, -used - 6, 0), card.name, "text", strong)
        self._write_phone(painter, lines[1], card)
        is_late = is_overdue(card.due, self._today)
        due = _due(card, self._formats, self._today)
        used = paint_text(painter, lines[2], due, "red" if is_late else "dim", small, right=True)
        paint_text(painter, lines[2].adjusted(0, 0, -used - 6, 0), card.action, "red" if is_late else "text", small)
        painter.restore()

    def _write_phone(self, painter: QPainter, line: QRect, card: Card) -> None:
        """The number; where somebody is to be warned, red behind the sign for it, with the warning's words."""
        number = _number(card, self._formats)
        if not card.call_warning:
            paint_text(painter, line, number, "dim", theme.font(theme.SMALL))
            return
        paint_icon(painter, "warning", line.left(), line.center().y() + 1, "red")
        said = "  ".join(part for part in (number, card.call_warning) if part)
        beside = line.adjusted(theme.scaled(20), 0, 0, 0)
        paint_text(painter, beside, said, "red", theme.font(theme.SMALL, theme.STRONG))


def _number(card: Card, formats: Formats) -> str:
    phone = card.phone
    return "" if phone is None else formats.phone(phone.typed, phone.e164, phone.extension)


def _due(card: Card, formats: Formats, today: date) -> str:
    return "" if card.due is None else formats.late(card.due, today) or formats.in_days(card.due, today)
