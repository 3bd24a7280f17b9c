"""The open pages as tabs, one page per record: opening it a second time raises it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.page import Page
from studio_desktop.ui.widgets.marks import paint_focus_ring, paint_text
from studio_desktop.ui.widgets.panels import Panel


class PageBook(QWidget):
    """The pages of one window, each known by a key. Some stay for ever and have no cross."""

    current_changed = Signal()
    """Another page is in front, or none."""
    close_wanted = Signal(QWidget)
    """Somebody clicked a page's cross."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: dict[Hashable, Page] = {}
        self._front: QWidget | None = None
        self._tabs = PageTabs(self)
        self._strip = Panel(self, "window", "b")
        self._row = QHBoxLayout(self._strip)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self._tabs, 1)
        self._stack = QStackedWidget(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._strip)
        self._column.addWidget(self._stack, 1)
        self._tabs.currentChanged.connect(self._show)
        self._tabs.tabMoved.connect(self._follow_move)
        self._tabs.cross_clicked.connect(lambda index: self.close_wanted.emit(self._stack.widget(index)))

    @property
    def area(self) -> QWidget:
        """What the pages fill; whatever lies over a page is its child."""
        return self._stack

    @property
    def strip(self) -> QWidget:
        """The row of the tabs."""
        return self._strip

    def stays(self, page: Page) -> bool:
        """Whether the page cannot be closed."""
        return not self._tabs.closable(self._stack.indexOf(page))

    def add_to_strip(self, widget: QWidget) -> None:
        """Put something at the right end of the tabs."""
        self._row.addWidget(widget)

    def add_above_pages(self, widget: QWidget) -> None:
        """Put a bar between the tabs and the pages."""
        self._column.insertWidget(1, widget)

    def __iter__(self) -> Iterator[Page]:
        return iter(self._keys.values())

    def __contains__(self, key: Hashable) -> bool:
        return key in self._keys

    def current(self) -> Page | None:
        """The page in front."""
        page = self._stack.currentWidget()
        return page if isinstance(page, Page) else None

    def key_of(self, page: Page) -> Hashable:
        """The key a page was opened with."""
        return next(key for key, one in self._keys.items() if one is page)

    def open(
        self, key: Hashable, make: Callable[[], Page], *, stays: bool = False, behind: bool = False
    ) -> Page:
        """Raise the page of this key, made if it is not open yet; `behind` leaves the one in front where it is."""
        page = self._keys.get(key)
        if page is None:
            page = self._keys[key] = make()
            page.title_changed.connect(lambda title: self._retitle(page, title))
            self._stack.addWidget(page)
            self._tabs.add(page.title(), page.icon_name(), closable=not stays)
        if behind:
            return page
        index = self._stack.indexOf(page)
        self._tabs.setCurrentIndex(index)
        self._show(index)  # the first tab is current from the beginning and says nothing
        return page

    def remove(self, page: Page) -> None:
        """Take a page away for good."""
        del self._keys[self.key_of(page)]
        index = self._stack.indexOf(page)
        self._tabs.blockSignals(True)  # the next page is known only when both have let this one go
        self._tabs.removeTab(index)
        self._tabs.blockSignals(False)
        self._stack.removeWidget(page)
        self._show(self._tabs.currentIndex())
        page.hide()
        page.deleteLater()

    def turn(self, steps: int) -> None:
        """Raise the next page, or for -1 the one before, round and round."""
        if self._tabs.count():
            self._tabs.setCurrentIndex((self._tabs.currentIndex() + steps) % self._tabs.count())

    def take_tab_focus(self) -> None:
        """Put the focus on the tabs."""
        self._tabs.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show(self, index: int) -> None:
        page = self._stack.widget(index)
        if page is not self._front:
            self._front = page
            if page is not None:
                self._stack.setCurrentWidget(page)
            self.current_changed.emit()

    def _follow_move(self, source: int, target: int) -> None:
        page = self._stack.widget(source)
        assert page is not None
        self._stack.removeWidget(page)
        self._stack.insertWidget(target, page)
        self._stack.setCurrentIndex(self._tabs.currentIndex())

    def _retitle(self, page: Page, title: str) -> None:
        self._tabs.setTabText(self._stack.indexOf(page), title.replace("&", "&&"))
        if page is self.current():
            self.current_changed.emit()


class PageTabs(QTabBar):
    """Flat tabs; the current one is joined to the page below and has a bar of accent above."""

    cross_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setMovable(True)
        self.setUsesScrollButtons(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setAccessibleName(self.tr("Open pages"))

    def add(self, title: str, icon: str, *, closable: bool) -> None:
        """One more tab at the right."""
        self.blockSignals(True)  # the first one would be shown before it is complete
        self.setTabData(self.addTab(title.replace("&", "&&")), (icon, closable))
        self.blockSignals(False)

    def closable(self, index: int) -> bool:
        """Whether the tab has a cross."""
        return index >= 0 and bool(self.tabData(index)[1])

    def tabSizeHint(self, index: int) -> QSize:
        """As wide as its title in bold, so that nothing moves when it comes to the front."""
        width = QFontMetrics(theme.font(theme.SMALL, theme.STRONG)).horizontalAdvance(self._title(index))
        return QSize(min(width, theme.scaled(220)) + theme.scaled(38) + 16, theme.scaled(28))

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Some letters of its title."""
        return QSize(min(self.tabSizeHint(index).width(), theme.scaled(90)), theme.scaled(28))

    def sizeHint(self) -> QSize:
        """The strip's height even while it is empty."""
        return QSize(super().sizeHint().width(), theme.scaled(28))

    def minimumSizeHint(self) -> QSize:
        """Narrow enough to give way."""
        return QSize(theme.scaled(120), theme.scaled(28))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setFont(theme.font(theme.SMALL))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Only the left button chooses."""
        if event.button() == Qt.MouseButton.LeftButton and self._cross_at(event.position().toPoint()) is None:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Close at the cross, and anywhere by the middle button."""
        at = event.position().toPoint()
        crossed = self._cross_at(at)
        if event.button() == Qt.MouseButton.MiddleButton and self.closable(self.tabAt(at)):
            crossed = self.tabAt(at)
        if crossed is not None:
            self.cross_clicked.emit(crossed)
            return
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the cross under the mouse."""
        super().mouseMoveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw them all."""
        painter = QPainter(self)
        foot = self.height() - 1
        painter.setPen(theme.token("line"))
        painter.drawLine(0, foot, self.width(), foot)
        for index in range(self.count()):
            self._paint_tab(painter, index)

    def _paint_tab(self, painter: QPainter, index: int) -> None:
        place, current = self.tabRect(index), index == self.currentIndex()
        icon, closable = self.tabData(index)
        line = theme.token("line")
        if current:
            painter.fillRect(place.adjusted(0, 2, 0, 0), theme.token("base"))
            painter.setPen(line)
            painter.drawLine(place.left(), 3, place.left(), place.bottom())
            painter.drawLine(place.right(), 3, place.right(), place.bottom())
            painter.fillRect(QRect(place.left(), 2, place.width(), 2), theme.mark_colour())
        elif index and index - 1 != self.currentIndex():
            painter.setPen(line)
            painter.drawLine(place.left(), 9, place.left(), place.bottom() - 8)
        middle = place.center().y() + 1
        paint_icon(painter, icon, place.left() + 10, middle, "text" if current else "dim")
        font = theme.font(theme.SMALL, theme.STRONG if current else theme.REGULAR)
        text = place.adjusted(theme.scaled(20) + 10, 1, -theme.scaled(18) - 4, 1)
        paint_text(painter, text, self._title(index), "text" if current else "dim", font)
        if closable:
            cross = self._cross(index)
            if cross.contains(self.mapFromGlobal(self.cursor().pos())):
                painter.fillRect(cross, theme.token("line"))
            paint_icon(painter, "dismiss", cross.left() + theme.scaled(2), cross.center().y() + 1, "dim", size=12)
        if current and self.hasFocus():
            paint_focus_ring(painter, place.toRectF())

    def _title(self, index: int) -> str:
        return self.tabText(index).replace("&&", "&")


    def _cross(self, index: int) -> QRect:
        place, side = self.tabRect(index), theme.scaled(16)
        return QRect(place.right() - side - 5, place.center().y() - side // 2 + 1, side, side)

    def _cross_at(self, at: QPoint) -> int | None:
        index = self.tabAt(at)
        return index if self.closable(index) and self._cross(index).contains(at) else None
