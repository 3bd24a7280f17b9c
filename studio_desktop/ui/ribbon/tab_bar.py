"""The tabs of the ribbon; those of an open record stand behind a hairline under an accent line."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QTabBar, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.widgets.marks import paint_focus_ring


class RibbonTabBar(QTabBar):
    """Flat tabs; before the first contextual one stands the word for the kind of record."""

    entered = Signal()
    """Somebody wants down into the strip, by arrow key or Enter."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words: dict[int, str] = {}
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Ribbon tabs"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_word(self, index: int, word: str) -> None:
        """Make the tab a contextual one that begins with `word`, or continues those before it if `word` is empty."""
        self._words[index] = word

    def tip_spot(self, index: int) -> QPoint:
        """Where the middle of a tab's key tip goes: below its text."""
        tab = self.tabRect(index).adjusted(self._lead(index), 0, 0, 0)
        return QPoint(tab.center().x(), tab.bottom() - 3)

    def tabSizeHint(self, index: int) -> QSize:
        """28 pixels high at 100 %, as wide as the strong text, so that nothing moves when another is chosen."""
        text = QFontMetrics(theme.font(theme.BASE, theme.STRONG)).horizontalAdvance(self.tabText(index))
        return QSize(text + 24 + self._lead(index), theme.scaled(28))

    def minimumTabSizeHint(self, index: int) -> QSize:
        """No tab is cut."""
        return self.tabSizeHint(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right choose, down enters the strip."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw them."""
        painter = QPainter(self)
        for index in range(self.count()):
            if self.isTabVisible(index):
                self._paint_tab(painter, index)
        contextual = [self.tabRect(index) for index in self._words if self.isTabVisible(index)]
        if contextual:
            left, right = contextual[0].left() + _BEFORE_WORD, contextual[-1].right()
            painter.fillRect(QRect(left, 0, right - left, 2), theme.mark_colour())

    def _paint_tab(self, painter: QPainter, index: int) -> None:
        whole, lead = self.tabRect(index), self._lead(index)
        current = index == self.currentIndex()
        if lead:
            painter.setPen(theme.token("line"))
            painter.drawLine(whole.left() + _BEFORE_WORD // 2, 6, whole.left() + _BEFORE_WORD // 2, whole.height() - 6)
            painter.setPen(theme.token("dim"))
            painter.setFont(theme.font(theme.SMALL, theme.STRONG))
            word = QRect(whole.left() + _BEFORE_WORD, 0, lead - _BEFORE_WORD, whole.height() - 2)
            painter.drawText(word, Qt.AlignmentFlag.AlignCenter, self._words[index])
        tab = whole.adjusted(lead, 0, 0, 0)
        painter.setPen(theme.token("link" if index in self._words else "text"))
        painter.setFont(theme.font(theme.BASE, theme.STRONG if current else theme.REGULAR))
        painter.drawText(tab.adjusted(0, 0, 0, -2), Qt.AlignmentFlag.AlignCenter, self.tabText(index))
        if current:
            painter.fillRect(tab.left() + 10, whole.height() - 3, tab.width() - 20, 3, theme.mark_colour())
            if self.hasFocus():
                paint_focus_ring(painter, QRectF(tab).adjusted(2, 2, -2, -2))

    def _lead(self, index: int) -> int:
        """How much of a tab's width its word takes."""
        word = self._words.get(index, "")
        if not word:
            return 0
        return _BEFORE_WORD + QFontMetrics(theme.font(theme.SMALL, theme.STRONG)).horizontalAdvance(word) + 16


_BEFORE_WORD = 16
