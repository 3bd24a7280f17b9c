"""The filters in force as a row of chips; those that find no room stand in a menu."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.widgets.buttons import BarButton
from studio_desktop.ui.widgets.chips import Chip


class FilterChips(QWidget):
    """Removable chips by name, followed by the button that adds one; never wider than what it is given."""

    removed = Signal(str)
    """The cross of a chip was pressed."""
    pressed = Signal(str)
    """A chip was pressed: it shall let something else through."""

    def __init__(self, add_button: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[str, Chip] = {}
        self._add_button = add_button
        add_button.setParent(self)
        self._more = BarButton("", "+", self.tr("More filters"), self)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setMenu(QMenu(self._more))
        self.setAccessibleName(self.tr("Filters"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_chips(self, texts: Mapping[str, str]) -> None:
        """Show these filters in their order; a chip that was there stays, with its focus."""
        for name in self._chips.keys() - texts.keys():
            chip = self._chips.pop(name)
            chip.hide()
            chip.deleteLater()
        for name, text in texts.items():
            if name not in self._chips:
                self._chips[name] = self._made(name, text)
            self._chips[name].set_text(text)
        self._chips = {name: self._chips[name] for name in texts}
        self._lay_out()

    def chip(self, name: str) -> Chip:
        """The chip of a filter in force; KeyError for one that is not."""
        return self._chips[name]

    def texts(self) -> list[str]:
        """What the chips say."""
        return [chip.text() for chip in self._chips.values()]

    def sizeHint(self) -> QSize:
        """Room for every chip."""
        width = sum(chip.sizeHint().width() + _GAP for chip in self._chips.values())
        return QSize(width + self._add_button.sizeHint().width(), theme.scaled(24))

    def minimumSizeHint(self) -> QSize:
        """Room for the menu of all chips and the button."""
        return QSize(self._more.sizeHint().width() + _GAP + self._add_button.sizeHint().width(), theme.scaled(24))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as find room."""
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._lay_out()
            self.updateGeometry()

    def _made(self, name: str, text: str) -> Chip:
        chip = Chip(text, self, removable=True, tip=self.tr("Choose something else; the cross takes the filter away"))
        chip.removed.connect(lambda: self.removed.emit(name))
        chip.clicked.connect(lambda: self.pressed.emit(name))
        return chip

    def _lay_out(self) -> None:
        room = self.width() - self._add_button.sizeHint().width() - _GAP
        wanted = {name: chip.sizeHint().width() + _GAP for name, chip in self._chips.items()}
        fits_all = sum(wanted.values()) <= room
        room -= 0 if fits_all else self._more.sizeHint().width() + _GAP
        left = 0
        hidden: list[str] = []
        for name, chip in self._chips.items():
            fits = left + wanted[name] <= room and not hidden
            chip.setVisible(fits)
            if fits:
                chip.setGeometry(left, 0, chip.sizeHint().width(), self.height())
                left += wanted[name]
            else:
                hidden.append(name)
        self._offer(hidden)
        self._more.setVisible(bool(hidden))
        if hidden:
            self._more.setGeometry(left, 0, self._more.sizeHint().width(), self.height())
            left += self._more.width() + _GAP
        self._add_button.setGeometry(left, 0, self._add_button.sizeHint().width(), self.height())
        before: QWidget = self
        for widget in (*self._chips.values(), self._more, self._add_button):
            QWidget.setTabOrder(before, widget)
            before = widget

    def _offer(self, names: list[str]) -> None:
        menu = self._more.menu()
        menu.clear()
        self._more.setText(f"+ {len(names)}")
        for name in names:
            line = menu.addAction(self.tr("Take away: {filter}").format(filter=self._chips[name].text()))
            line.triggered.connect(lambda _checked=False, name=name: self.removed.emit(name))


_GAP = 6
