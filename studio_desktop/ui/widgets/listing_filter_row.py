"""The line of fields under a grid's header: each column is filtered by what is typed there, in words of its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.services.listings.conditions import Terms, condition, offers
from studio_desktop.services.listings.declaration import Column, column_filter
from studio_desktop.ui import theme
from studio_desktop.ui.icons import icon
from studio_desktop.ui.widgets.fault_mark import FaultMark
from studio_desktop.ui.widgets.listing_header import ListingHeader
from studio_desktop.ui.widgets.listing_model import ListingModel

HEIGHT = 28
"""Pixels of the line at 100 %."""


class ListingFilterRow(QWidget):
    """One field for each column in sight. Down and Enter lead into the list, Alt+Down offers, Esc clears and leaves."""

    changed = Signal()
    """Other conditions than before hold now; what is not understood holds nobody back."""
    left_downwards = Signal()
    """Down or Enter: on into the list."""
    left = Signal()
    """Esc in an empty field."""

    def __init__(
        self,
        model: ListingModel,
        header: ListingHeader,
        terms: Callable[[], Terms],
        catalogs: Callable[[str], Sequence[str]],
    ) -> None:
        """`terms` are asked for at each letter, `catalogs` for the texts of a maintained list."""
        super().__init__(header)
        self._model = model
        self._header = header
        self._terms = terms
        self._catalogs = catalogs
        self._fields: dict[str, ConditionEdit] = {}
        self._marks: dict[str, FaultMark] = {}
        self._told: Mapping[str, str] = {}
        self._soon = QTimer(self, singleShot=True, interval=_TELL_AFTER)
        self._soon.timeout.connect(self.tell)
        header.sectionResized.connect(lambda _section, _before, _width: self.arrange())
        header.sectionMoved.connect(lambda _section, _before, _place: self.arrange())
        header.geometriesChanged.connect(self.arrange)
        self.hide()

    def values(self) -> dict[str, str]:
        """What is typed and understood, by the names of the columns' filters."""
        typed = {key: field.text().strip() for key, field in self._fields.items()}
        return {column_filter(key): text for key, text in typed.items() if text and key not in self._marks}

    def set_values(self, values: Mapping[str, str]) -> None:
        """Show these conditions, as when a chip takes one away; what is not understood yet stays where it is typed."""
        for column in self._model.columns:
            wanted = values.get(column_filter(column.key), "")
            field = self._fields.get(column.key) or (self._made(column) if wanted else None)
            if field is not None and column.key not in self._marks and field.text().strip() != wanted:
                field.setText(wanted)
                self._judge(column)
        self._told = self.values()
        self._soon.stop()

    def take_focus(self, key: str = "") -> None:
        """Put the cursor into a column's field, else into the first that has room for words."""
        self.arrange()
        shown = self._in_sight()
        wanted = [one for one in shown if one.key == key] or [one for one in shown if one.width > _WORDS] or shown
        if wanted:
            self._fields[wanted[0].key].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def field(self, key: str) -> QLineEdit:
        """The field of a column."""
        return self._fields[key]

    def tell(self) -> None:
        """Say at once what holds now, if it is something else than was said."""
        self._soon.stop()
        if self.values() != self._told:
            self._told = self.values()
            self.changed.emit()

    def sizeHint(self) -> QSize:
        """One field high."""
        return QSize(0, theme.scaled(HEIGHT))

    def arrange(self) -> None:
        """Put every field below its column's title."""
        if self.isHidden():
            return
        self.setGeometry(0, self._header.title_height(), self._header.width(), theme.scaled(HEIGHT))
        before: QWidget = self._header
        shown = self._in_sight()
        for column in shown:
            field = self._fields.get(column.key) or self._made(column)
            section = self._model.column_of(column.key)
            left, width = self._header.sectionViewportPosition(section), self._header.sectionSize(section)
            field.setGeometry(left + 1, 2, max(width - 2, 0), self.height() - 5)
            field.offers_button.setVisible(width > theme.scaled(_WORDS) or not field.text())
            field.show()
            QWidget.setTabOrder(before, field)
            before = field
        keys = {column.key for column in shown}
        for key, field in self._fields.items():
            if key not in keys:
                field.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The header's ground, with a line below."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.token("window"))
        painter.setPen(theme.token("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    def _in_sight(self) -> list[Column]:
        shown = [one for one in self._model.columns if not self._header.isSectionHidden(self._model.column_of(one.key))]
        return sorted(shown, key=lambda one: self._header.visualIndex(self._model.column_of(one.key)))

    def _made(self, column: Column) -> ConditionEdit:
        field = self._fields[column.key] = ConditionEdit(self, lambda: offers(column, self._catalogs(column.catalog)))
        field.setAccessibleName(self.tr("Filter {column}").format(column=column.title or column.key))
        field.textChanged.connect(lambda _: self._typed(column))
        field.went_down.connect(self._go_down)
        field.left.connect(self.left)
        field.focused.connect(lambda: self._bring_into_sight(column))
        return field

    def _typed(self, column: Column) -> None:
        self._judge(column)
        self._soon.start()

    def _judge(self, column: Column) -> None:
        field, mark = self._fields[column.key], self._marks.pop(column.key, None)
        if mark is not None:
            mark.remove()
        try:
            condition(column, field.text().strip(), self._terms())
        except InvalidInput as fault:
            grid = self._header.parentWidget()
            self._marks[column.key] = FaultMark(field, str(fault), grid.parentWidget() if grid is not None else None)

    def _go_down(self) -> None:
        self.tell()
        self.left_downwards.emit()

    def _bring_into_sight(self, column: Column) -> None:
        self._header.bring_into_sight(self._model.column_of(column.key))


_TELL_AFTER = 250
_WORDS = 50


class ConditionEdit(QLineEdit):
    """A condition; Alt+Down and F4 offer what is worth asking for."""

    went_down = Signal()
    left = Signal()
    focused = Signal()

    def __init__(self, parent: QWidget, offered: Callable[[], Sequence[str]]) -> None:
        super().__init__(parent)
        self._offered = offered
        self.setMaxLength(200)
        self.setTextMargins(1, 0, 0, 0)
        self.offers_button = self.addAction(icon("chevron_down", "dim"), QLineEdit.ActionPosition.TrailingPosition)
        self.offers_button.setToolTip(self.tr("What can be asked for (Alt+Down)"))
        self.offers_button.triggered.connect(self.open_offers)
        self.setToolTip(self.tr("fair · =Bell · > 5 · 10 mar..20 mar · this month · empty · !no"))

    def open_offers(self) -> None:
        """Hang the offers below the field."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text in self._offered():
            menu.addAction(text.replace("&", "&&")).triggered.connect(lambda _on=False, text=text: self.setText(text))
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        if menu.actions():
            menu.setActiveAction(menu.actions()[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that lead out of the field; none of them reaches the header."""
        key = event.key()
        with_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if key == Qt.Key.Key_F4 or (key == Qt.Key.Key_Down and with_alt):
            self.open_offers()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _HELD:
            self.went_down.emit()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key == Qt.Key.Key_Up:
            event.accept()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Told when the cursor comes."""
        if event.type() == QEvent.Type.FocusIn:
            self.focused.emit()
        return super().event(event)


_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
