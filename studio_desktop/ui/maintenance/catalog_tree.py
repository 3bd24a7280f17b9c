"""The maintained lists by section, at the left of their window."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from studio_desktop.domain import names
from studio_desktop.services.catalogs import CATALOGS
from studio_desktop.ui import theme
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets.marks import paint_focus_ring, paint_text
from studio_desktop.ui.widgets.plain_label import as_tip

_NAME = Qt.ItemDataRole.UserRole


class CatalogTree(QTreeWidget):
    """Arrows go through the lists and show each at once; Enter leads into it."""

    chosen = Signal(str)
    """A list shall be shown: its name."""
    entered = Signal()
    """Enter: on into the list that is shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Lists"))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setExpandsOnDoubleClick(False)
        self.viewport().setAutoFillBackground(False)
        self.setItemDelegate(_Lines(self))
        self._lines: dict[str, QTreeWidgetItem] = {}
        sections: dict[str, QTreeWidgetItem] = {}
        for catalog in CATALOGS:
            section = sections.get(catalog.section)
            if section is None:
                section = sections[catalog.section] = QTreeWidgetItem(self, [catalog.section])
                section.setExpanded(True)
            line = QTreeWidgetItem(section, [catalog.title])
            line.setData(0, _NAME, catalog.name)
            line.setToolTip(0, as_tip(catalog.purpose))
            self._lines[catalog.name] = line
        self._sections = list(sections.values())
        self.currentItemChanged.connect(self._moved)

    def mark(self, name: str) -> None:
        """Say which list is shown."""
        blocked = self.blockSignals(True)
        self.setCurrentItem(self._lines[name])
        self.blockSignals(blocked)
        self.viewport().update()

    def show_matching(self, typed: str) -> None:
        """Leave only the lists in whose name or purpose this occurs."""
        wanted = names.key(typed)
        for line in self._lines.values():
            line.setHidden(wanted not in names.key(f"{line.text(0)} {line.toolTip(0)}"))
        for section in self._sections:
            lines = [section.child(place) for place in range(section.childCount())]
            section.setHidden(all(line is None or line.isHidden() for line in lines))
            if wanted:
                section.setExpanded(True)

    def choose_first(self) -> None:
        """Show the first list that is left."""
        left = next((name for name, line in self._lines.items() if not line.isHidden()), None)
        if left is not None:
            self.chosen.emit(left)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter leads into the list; on a section it folds it."""
        item = self.currentItem()
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) or item is None:
            super().keyPressEvent(event)
        elif item.data(0, _NAME):
            self.entered.emit()
        else:
            item.setExpanded(not item.isExpanded())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a section folds it."""
        item = self.itemAt(event.position().toPoint())
        if item is not None and not item.data(0, _NAME):
            item.setExpanded(not item.isExpanded())
        else:
            super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _moved(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and item.data(0, _NAME):
            self.chosen.emit(item.data(0, _NAME))


class _Lines(QStyledItemDelegate):
    def __init__(self, tree: CatalogTree) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), theme.scaled(24))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        item = self._tree.itemFromIndex(index)
        place: QRect = option.rect
        current = self._tree.currentItem()
        is_current, is_section = item is current, not item.data(0, _NAME)
        holds_current = current is not None and current.parent() is item
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_current and not is_section:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.token("accent_soft"))
            painter.drawRoundedRect(QRectF(place), 4, 4)
        if is_section:
            drawing = "chevron_down" if item.isExpanded() else "chevron_right"
            paint_icon(painter, drawing, place.x() + 4, place.center().y() + 1, "dim", size=12)
        strong = is_current or holds_current
        font = theme.font(theme.BASE, theme.STRONG if strong else theme.REGULAR)
        paint_text(painter, place.adjusted(theme.scaled(22), 0, -4, 0), item.text(0), "text", font)
        if is_current and self._tree.hasFocus():
            paint_focus_ring(painter, QRectF(place))
        painter.restore()
