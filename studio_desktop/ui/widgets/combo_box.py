"""The combo box of all forms: a text without room ends in an ellipsis where reading ends, and arrow and dots grow."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QHelpEvent, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QToolTip, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.elision import elided
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets.plain_label import as_tip


class ComboBox(QComboBox):
    """A combo box whose lines may have dots (`dot_icon`). What is cut is its tip, if it has no other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fit()

    def shown_text(self) -> str:
        """What stands in it: its text as far as there is room."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return elided(self.fontMetrics(), self._text(), self._room(option).width())

    def minimumSizeHint(self) -> QSize:
        """A short choice is never cut."""
        least = super().minimumSizeHint()
        if self.sizeAdjustPolicy() == QComboBox.SizeAdjustPolicy.AdjustToContentsOnFirstShow:
            least.setWidth(max(least.width(), min(self.sizeHint().width(), theme.scaled(_SHORT))))
        return least

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def event(self, event: QEvent) -> bool:
        """The tip gives the text where it is cut."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and not self.toolTip():
            is_cut = self.shown_text() != self._text()
            QToolTip.showText(event.globalPos(), as_tip(self._text()) if is_cut else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.subControls &= ~QStyle.SubControl.SC_ComboBoxArrow
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        tone = "dim" if self.isEnabled() else "faint"
        paint_icon(painter, "chevron_down", self._arrow(option).left(), self.height() / 2, tone, size=12)
        option.currentText = self.shown_text()
        if self.currentIndex() < 0 and self.placeholderText():
            placeholder = option.palette.brush(QPalette.ColorRole.PlaceholderText)
            option.palette.setBrush(QPalette.ColorRole.ButtonText, placeholder)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def _text(self) -> str:
        return self.placeholderText() if self.currentIndex() < 0 else self.currentText()

    def _arrow(self, option: QStyleOptionComboBox) -> QRect:
        side = theme.scaled(12)
        return QStyle.visualRect(
            option.direction, self.rect(), QRect(self.width() - side - 6, (self.height() - side) // 2, side, side)
        )

    def _room(self, option: QStyleOptionComboBox) -> QRect:
        """Where the style draws the text, behind the dot."""
        control, field = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(control, option, field, self).adjusted(1, 0, -1, 0)
        if not option.currentIcon.isNull():
            room.setLeft(room.left() + option.iconSize.width() + 4)
        return room

    def _fit(self) -> None:
        side = theme.scaled(12)
        self.setIconSize(QSize(side, side))


_SHORT = 96  # pixels at 100 %
