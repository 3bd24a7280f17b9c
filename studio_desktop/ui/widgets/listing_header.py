"""The head of a listing's grid: flat, with the order shown, reached and worked by the keyboard too."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from studio_desktop.services.listings.declaration import ColumnKind
from studio_desktop.ui import theme
from studio_desktop.ui.elision import elided
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets.listing_cells import MARGIN, paint_tick_box
from studio_desktop.ui.widgets.listing_model import TICK, ListingModel
from studio_desktop.ui.widgets.marks import paint_focus_ring


class ListingHeader(QHeaderView):
    """Titles with the order they sort by; the head of the ticks ticks all or none."""

    sort_wanted = Signal(int, bool)
    """A column was clicked, with True where it shall only order what the first one leaves equal (Shift)."""
    menu_wanted = Signal(QPoint)
    """The columns' menu, at a place on the screen."""

    def __init__(self, model: ListingModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._rows = model
        self._sort: Sequence[tuple[int, bool]] = ()
        self._current = 1
        self._pressed = -1
        self._pressed_at = QPoint()
        self._on_edge = False
        self._foot: QWidget | None = None
        self.setAccessibleName(self.tr("Columns"))
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(theme.scaled(20))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_for_menu)

    def set_sort(self, sort: Sequence[tuple[int, bool]]) -> None:
        """Show the order: sections with True where the highest value stands first, the leading section first."""
        self._sort = sort
        self.viewport().update()

    def set_foot(self, foot: QWidget) -> None:
        """What stands below the titles while it is shown; it lays itself out when the header tells its geometry."""
        self._foot = foot

    def foot_changed(self) -> None:
        """The foot was shown or hidden."""
        self.updateGeometries()
        self.geometriesChanged.emit()
        self.updateGeometry()

    def title_height(self) -> int:
        """22 pixels at 100 %."""
        return theme.scaled(22)

    def bring_into_sight(self, section: int) -> None:
        """Scroll to a column."""
        grid = self.parentWidget()
        bar = grid.horizontalScrollBar() if isinstance(grid, QTableView) else None
        left, right = self.sectionViewportPosition(section), self.sectionViewportPosition(section)
        right += self.sectionSize(section)
        if bar is not None and (left < 0 or right > self.width()):
            bar.setValue(bar.value() + (left if left < 0 else right - self.width()))

    def sizeHint(self) -> QSize:
        """The titles, and what stands below them."""
        return QSize(super().sizeHint().width(), self.title_height() + self._foot_height())

    def updateGeometries(self) -> None:
        """Leave room for the foot."""
        self.setViewportMargins(0, 0, 0, self._foot_height())
        super().updateGeometries()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that neither moved nor resized a column sorts by it."""
        clicked = event.button() == Qt.MouseButton.LeftButton and not self._dragging(event.position().toPoint())
        section = self.logicalIndexAt(event.position().toPoint())
        super().mouseReleaseEvent(event)
        if clicked and section >= 0 and section == self._pressed:
            self._act(section, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where it began."""
        self._pressed = self.logicalIndexAt(event.position().toPoint())
        self._pressed_at = event.position().toPoint()
        self._on_edge = self.cursor().shape() == Qt.CursorShape.SplitHCursor
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right choose a column, Space sorts by it, with Shift as second (DESIGN 4, Summary)."""
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._act(self._current, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at a column that is shown."""
        super().focusInEvent(event)
        if self.isSectionHidden(self._current):
            self._step(1)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setMinimumSectionSize(theme.scaled(20))
            self.updateGeometry()

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw a title; the column that leads the order is darker, with an arrow."""
        painter.save()
        painter.fillRect(rect, theme.token("window"))
        painter.setPen(theme.token("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if self.visualIndex(section) > 0 and rect.x() > 0:
            painter.drawLine(rect.x(), rect.y() + 5, rect.x(), rect.bottom() - 5)
        if section == TICK:
            self._paint_ticks(painter, rect)
        else:
            self._paint_title(painter, rect, section)
        if self.hasFocus() and section == self._current:
            paint_focus_ring(painter, QRectF(rect), 3)
        painter.restore()

    def _foot_height(self) -> int:
        foot = self._foot
        return foot.sizeHint().height() if foot is not None and not foot.isHidden() else 0

    def _paint_ticks(self, painter: QPainter, rect: QRect) -> None:
        ticked, shown = self._rows.ticked(), self._rows.count()
        paint_tick_box(painter, rect, None if 0 < len(ticked) < shown else bool(ticked))

    def _paint_title(self, painter: QPainter, rect: QRect, section: int) -> None:
        column = self._rows.columns[section - 1]
        level = next((place for place, (sorted_by, _) in enumerate(self._sort) if sorted_by == section), None)
        if column.kind is ColumnKind.LIGHT:
            colour = "dim" if level is None else "text"
            paint_icon(painter, "alert", rect.center().x() + 1 - theme.scaled(16) // 2, rect.center().y() + 1, colour)
            return
        painter.setFont(theme.font(theme.SMALL, theme.STRONG))
        painter.setPen(theme.token("dim" if level is None else "text"))
        metrics = QFontMetrics(painter.font())
        inner = rect.adjusted(MARGIN, 0, -MARGIN, -1)
        arrow = 0 if level is None else theme.scaled(26 if level else 18)
        title = elided(metrics, column.title, inner.width() - arrow)
        at_right = column.kind is ColumnKind.NUMBER
        place = inner.adjusted(0, 0, -arrow if at_right else 0, 0)
        side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, title)
        if level is None:
            return
        x = inner.right() - theme.scaled(13) if at_right else inner.x() + metrics.horizontalAdvance(title) + 5
        descending = self._sort[level][1]
        sign = "chevron_down" if descending else "chevron_up"
        paint_icon(painter, sign, x, rect.center().y() + 1, "dim" if level else "text", size=12)
        if level and not at_right:
            painter.setFont(theme.font(theme.TINY))
            painter.drawText(QPoint(x + theme.scaled(13), rect.center().y() + 5), str(level + 1))

    def _dragging(self, position: QPoint) -> bool:
        return self._on_edge or abs(position.x() - self._pressed_at.x()) > 4

    def _act(self, section: int, second: bool) -> None:
        self._current = section
        self.sort_wanted.emit(section, second)

    def _step(self, by: int) -> None:
        places = [place for place in range(self.count()) if not self.isSectionHidden(self.logicalIndex(place))]
        here = self.visualIndex(self._current)
        beyond = [place for place in places if (place - here) * by > 0]
        if beyond:
            self._current = self.logicalIndex(min(beyond, key=lambda place: abs(place - here)))
        self.viewport().update()

    def _ask_for_menu(self, place: QPoint) -> None:
        self.menu_wanted.emit(self.viewport().mapToGlobal(place))

