"""A list that hangs below a line of text while the cursor stays in it: the caller box and the palette of actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets.marks import paint_current, paint_text
from studio_desktop.ui.widgets.plain_label import as_tip

_Index = QModelIndex | QPersistentModelIndex

ROW = 28
"""Pixels of a row at 100 %."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: what it is, what is added to that, and what stands at the right end. `value` is for the caller.

    `warning` is the call warning of the phone number at the right, shown by a sign before it (S2-35).
    """

    text: str
    value: Any
    aside: str = ""
    right: str = ""
    far_right: str = ""
    badge: str = ""
    icon: str = ""
    enabled: bool = True
    strong: bool = False
    warning: str = ""

    def spoken(self) -> str:
        """All of it, for a screen reader."""
        warned = warned_of(self.warning)
        parts = (self.text, self.aside, self.badge, self.right, warned, self.far_right)
        return ", ".join(part for part in parts if part)


def warned_of(warning: str) -> str:
    """A call warning in words; empty for none."""
    return QCoreApplication.translate("DropDownList", "call warning: {text}").format(text=warning) if warning else ""


class DropDownLine(QLineEdit):
    """A line that a list may hang below: `handle_key` sees each key first and says whether it was meant for the list.

    `left` is called when the cursor goes elsewhere, but not to the list itself.
    """

    def __init__(self, parent: QWidget, handle_key: Callable[[QKeyEvent], bool], left: Callable[[], None]) -> None:
        super().__init__(parent)
        self._handle_key = handle_key
        self._left = left
        self.setTextMargins(3, 0, 0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The list's keys, then those of a line."""
        if self._handle_key(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say that the cursor is elsewhere."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._left()


class DropDownList(QListView):
    """Entries with one of them chosen; it never takes the focus. It is a child of the window, not a window itself."""

    taken = Signal(object)
    """Somebody clicked an entry: its value."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = _Entries(self)
        self.setModel(self._model)
        self.setItemDelegate(_Painter(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.hide()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Offer these, the first that can be taken chosen; an empty list stays away."""
        self._model.set(list(entries))
        first = next((row for row, entry in enumerate(entries) if entry.enabled), -1)
        self.setCurrentIndex(self._model.index(first) if first >= 0 else QModelIndex())
        self.setVisible(bool(entries))
        self.raise_()

    def entries(self) -> list[Entry]:
        """What is offered."""
        return list(self._model.entries)

    def chosen(self) -> Entry | None:
        """The chosen entry, while the list is there."""
        row = self.currentIndex().row()
        return self._model.entries[row] if self.isVisible() and 0 <= row < len(self._model.entries) else None

    def place_under(self, line: QWidget, width: int, rows: int = 10) -> None:
        """Hang it below `line`, right edges in line where the window has room for no other way."""
        window = self.parentWidget()
        assert window is not None
        corner = line.mapTo(window, QPoint(0, line.height() + 2))
        width = min(width, window.width() - 8)
        left = max(4, min(corner.x(), window.width() - width - 4))
        height = theme.scaled(ROW) * min(len(self._model.entries), rows) + 2
        self.setGeometry(left, corner.y(), width, min(height, window.height() - corner.y() - 4))

    def move_choice(self, event: QKeyEvent) -> bool:
        """Follow Up, Down, Page Up and Page Down pressed in the line; whether the key was one of them."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}.get(
            Qt.Key(event.key()), 0
        )
        can = [row for row, entry in enumerate(self._model.entries) if entry.enabled]
        if not step or not can or not self.isVisible() or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        at = can.index(self.currentIndex().row()) if self.currentIndex().row() in can else -1
        to = (at + step) % len(can) if abs(step) == 1 else min(max(at + step, 0), len(can) - 1)
        self.setCurrentIndex(self._model.index(can[to]))
        return True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose what the mouse is over."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._model.entries[index.row()].enabled:
            self.setCurrentIndex(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take what was clicked."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._model.entries[index.row()].enabled:
            self.taken.emit(self._model.entries[index.row()].value)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The entries, with an edge around them."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setPen(QPen(theme.token("edge")))
        painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))


class _Entries(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def set(self, entries: list[Entry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return entry.spoken()
        if role == Qt.ItemDataRole.ToolTipRole and entry.warning:
            return as_tip(entry.warning)
        return None


class _Painter(QStyledItemDelegate):
    def __init__(self, view: DropDownList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        return QSize(0, theme.scaled(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        entry = self._view.entries()[index.row()]
        place: QRect = option.rect
        painter.save()
        painter.fillRect(place, theme.token("raised"))
        if option.state & QStyle.StateFlag.State_Selected and entry.enabled:
            paint_current(painter, place)
        inside = place.adjusted(10, 0, -10, 0)
        entries = self._view.entries()
        if entry.icon:
            tone = "dim" if entry.enabled else "faint"
            paint_icon(painter, entry.icon, inside.left(), inside.center().y() + 1, tone)
        if any(one.icon for one in entries):
            inside.setLeft(inside.left() + theme.scaled(24))
        has_two_columns = any(one.far_right for one in entries)
        for text, room in ((entry.far_right, 96 if has_two_columns else 0), (entry.right, 132)):
            column = inside.adjusted(inside.width() - theme.scaled(room), 0, 0, 0)
            used = paint_text(painter, column, text, "dim", theme.font(), right=not has_two_columns)
            if text or (has_two_columns and room == 96):
                inside.setRight(column.left() - 8)
            if entry.warning and text and room == 132:
                left = column.left() if has_two_columns else column.right() - used
                left -= theme.scaled(22)
                paint_icon(painter, "warning", left, column.center().y() + 1, "red", filled=True)
                inside.setRight(min(inside.right(), left - 6))
        if entry.badge:
            width = QFontMetrics(theme.font(theme.TINY, theme.STRONG)).horizontalAdvance(entry.badge) + 12
            height = theme.scaled(18)
            spot = QRect(inside.right() - width, inside.center().y() - height // 2 + 1, width, height)
            painter.fillRect(spot, theme.token("window"))
            painter.setFont(theme.font(theme.TINY, theme.STRONG))
            painter.setPen(theme.token("dim"))
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, entry.badge)
            inside.setRight(spot.left() - 8)
        tone = "text" if entry.enabled else "faint"
        font = theme.font(theme.BASE, theme.STRONG if entry.strong else theme.REGULAR)
        used = paint_text(painter, inside, entry.text, tone, font)
        if entry.aside:
            paint_text(painter, inside.adjusted(used + 8, 0, 0, 0), entry.aside, "dim", theme.font())
        painter.restore()
