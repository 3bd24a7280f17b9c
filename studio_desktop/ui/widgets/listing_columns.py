"""The columns of a grid in a panel: which are shown, in which order, how wide; all by keys alone and at once."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.widgets.buttons import LinkButton
from studio_desktop.ui.widgets.listing_layout import ListingLayout
from studio_desktop.ui.widgets.plain_label import PlainLabel


class ListingColumns(QFrame):
    """Space shows or hides, Alt+Up and Alt+Down or the mouse move, + and − change the width, letters jump."""

    reset_wanted = Signal()
    """The columns shall be as they were declared."""

    def __init__(self, layout: ListingLayout, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._layout = layout
        self._filling = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(self.tr("Columns"))
        self.list = _Lines(self)
        self.list.setAccessibleName(self.tr("Columns of the list"))
        theme.set_colours(self.list, Highlight="accent_soft", HighlightedText="text", Window="dim")
        keys = PlainLabel(self.tr("Space shows · Alt+↑ ↓ moves · + − width"), self, tone="dim", px=theme.SMALL)
        reset = LinkButton(self.tr("As at &first"), self, px=theme.SMALL)
        reset.clicked.connect(self._reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.list)
        foot = QHBoxLayout()
        column.addLayout(foot)
        foot.addWidget(keys, 1)
        foot.addWidget(reset)
        self.list.itemChanged.connect(self._ticked)
        self.list.model().rowsMoved.connect(lambda *_: self._moved())
        self.list.stepped.connect(self._step)
        self.list.widened.connect(self._widen)
        self._fill()
        self.resize(theme.scaled(_WIDTH), theme.scaled(_HEIGHT))

    def open_at(self, place: QPoint) -> None:
        """Show it at a place of the screen, with the cursor on the first column."""
        screen = self.screen().availableGeometry()
        right, bottom = screen.right() - self.width(), screen.bottom() - self.height()
        self.move(max(min(place.x(), right), screen.left()), max(min(place.y(), bottom), screen.top()))
        self.show()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def _fill(self, current: str = "") -> None:
        self._filling = True
        self.list.clear()
        shown = self._layout.shown_keys()
        for column in self._layout.columns():
            item = QListWidgetItem(column.title or column.key, self.list)
            item.setData(_KEY, column.key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDropEnabled)
            item.setCheckState(Qt.CheckState.Checked if column.key in shown else Qt.CheckState.Unchecked)
            item.setSizeHint(QSize(0, theme.row_height(_ROW)))
            if column.key == current or self.list.currentItem() is None:
                self.list.setCurrentItem(item)
        self._filling = False

    def _ticked(self, item: QListWidgetItem) -> None:
        if not self._filling:
            self._layout.set_shown(item.data(_KEY), item.checkState() == Qt.CheckState.Checked)
            if item.data(_KEY) in self._layout.shown_keys() and item.checkState() != Qt.CheckState.Checked:
                self._fill(item.data(_KEY))

    def _keys(self) -> list[str]:
        return [self.list.item(row).data(_KEY) for row in range(self.list.count())]

    def _moved(self) -> None:
        if not self._filling:
            self._layout.set_order(self._keys())

    def _step(self, by: int) -> None:
        row = self.list.currentRow()
        to = row + by
        if row >= 0 and 0 <= to < self.list.count():
            keys = self._keys()
            keys.insert(to, keys.pop(row))
            self._layout.set_order(keys)
            self._fill(keys[to])

    def _widen(self, by: int) -> None:
        item = self.list.currentItem()
        if item is not None:
            key = item.data(_KEY)
            self._layout.set_width(key, self._layout.width(key) + by)

    def _reset(self) -> None:
        self.reset_wanted.emit()
        self._fill()


_KEY = Qt.ItemDataRole.UserRole
_ROW, _WIDTH, _HEIGHT = 22, 380, 420
_WIDER = 10


class _Lines(QListWidget):
    """Lines that can be dragged; keys that move and widen are told."""

    stepped = Signal(int)
    widened = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setUniformItemSizes(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with an arrow moves, plus and minus widen; the rest is a list's own."""
        key, with_alt = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if with_alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self.widened.emit(_WIDER if key == Qt.Key.Key_Plus else -_WIDER)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Alt with an arrow is no shortcut of the window here."""
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if is_key and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)
