"""Which column of a stranger's file holds what: title, first values, and a choice for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from studio_desktop.domain.text import fold, words
from studio_desktop.ui import theme
from studio_desktop.ui.drop_down import DropDownList, Entry
from studio_desktop.ui.widgets.small_table import Cell, Head, SmallTable

Choices = Sequence[tuple[str, str]]
"""What a column can hold: keys and words."""


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column of the file: its title, some of its values, and what it holds now, by key and in words.

    A column whose values are `used` in some field is darker than one that is kept aside.
    """

    title: str
    values: str
    target: str
    said: str
    used: bool


class MappingTable(SmallTable):
    """Enter, F2, Alt+Down, a letter or a click on the right column opens what a column can hold."""

    assigned = Signal(int, str)
    """Somebody said what the column at this place holds: the key of the choice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._columns: Sequence[MappedColumn] = ()
        heads = (
            Head(_tr("Column in the file"), 150, stretches=True),
            Head(_tr("First values"), 150, stretches=True),
            Head(_tr("Goes to"), 190, stretches=True),
        )
        super().__init__(heads, self._cell, parent)
        self.setAccessibleName(_tr("What the columns hold"))
        self._choices: Choices = ()
        self._choice = _Choice(self.viewport())
        self._choice.taken.connect(self._take)
        self._choice.given_up.connect(self.setFocus)
        self.taken.connect(self._open)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._choice.hide())

    def offer(self, choices: Choices) -> None:
        """What a column can hold."""
        self._choices = choices

    def show_columns(self, columns: Sequence[MappedColumn]) -> None:
        """Show these; the current row stays."""
        self._columns = columns
        if len(columns) == self.count():
            self.look_again()
        else:
            self._choice.hide()
            self.show_rows(len(columns))

    def columns(self) -> Sequence[MappedColumn]:
        """What is shown."""
        return self._columns

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the choice of the current column; a letter is the first of what is sought in it."""
        is_letter = event.text().isalpha() and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        alt_down = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        if self.current() >= 0 and (event.key() == Qt.Key.Key_F2 or alt_down or is_letter):
            self._open(self.current(), event.text() if is_letter else "")
            event.accept()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on what a column holds opens the choice."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == _GOES_TO and event.button() == Qt.MouseButton.LeftButton:
            self._open(index.row())

    def _cell(self, row: int, column: int) -> Cell:
        one = self._columns[row]
        if column == 0:
            return Cell(one.title, "text" if one.used else "dim")
        if column == 1:
            return Cell(one.values, "dim")
        return Cell(one.said, "text" if one.used else "dim", icon="arrow_right" if one.used else "note")

    def _open(self, row: int, typed: str = "") -> None:
        self.choose(row)
        self._choice.setGeometry(self.visualRect(self.model().index(row, _GOES_TO)))
        self._choice.begin(self._choices, self._columns[row].target, typed)

    def _take(self, key: str) -> None:
        row = self.current()
        self.setFocus()
        if key != self._columns[row].target:
            self.assigned.emit(row, key)


class _Choice(QLineEdit):
    """A line over a cell with the list of what can be chosen below it; typing leaves what answers to it.

    The list is a child of the window and no window itself, so that every shortcut still works.
    """

    taken = Signal(str)
    given_up = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._choices: Choices = ()
        self._list: DropDownList | None = None
        self.setAccessibleName(_tr("Goes to"))
        self.setTextMargins(3, 0, 0, 0)
        self.textEdited.connect(self._look)
        self.hide()

    def begin(self, choices: Choices, chosen: str, typed: str) -> None:
        """Offer these, with the one `chosen` now, or what answers to what was typed already."""
        self._choices = choices
        self.setPlaceholderText(next((said for key, said in choices if key == chosen), ""))
        self.setText(typed)
        self.show()
        self.setFocus()
        self._look(typed)
        offered = self._offered()
        at = next((row for row, entry in enumerate(offered.entries()) if entry.value == chosen), 0)
        if not typed:
            offered.setCurrentIndex(offered.model().index(at, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes, Up and Down choose, Esc gives up."""
        offered = self._offered()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            chosen = offered.chosen()
            if chosen is not None:
                self._take(chosen.value)
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.given_up.emit()
        elif not offered.move_choice(event):
            super().keyPressEvent(event)
            return
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Go when the cursor goes."""
        super().focusOutEvent(event)
        self.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        """The list goes along."""
        super().hideEvent(event)
        if self._list is not None:
            self._list.hide()

    def _offered(self) -> DropDownList:
        if self._list is None:
            self._list = DropDownList(self.window())
            self._list.setAccessibleName(_tr("What the column can hold"))
            self._list.taken.connect(self._take)
            self.destroyed.connect(self._list.deleteLater)
        return self._list

    def _look(self, typed: str) -> None:
        sought = words(typed)
        fitting = [
            Entry(said, key)
            for key, said in self._choices
            if all(any(word.startswith(part) for word in words(said)) for part in sought)
        ]
        fitting.sort(key=lambda entry: not fold(entry.text).startswith(fold(typed)))
        self._offered().show_entries(fitting)
        self._offered().place_under(self, max(self.width(), theme.scaled(220)), rows=12)

    def _take(self, key: str) -> None:
        self.hide()
        self.taken.emit(key)


_GOES_TO = 2


def _tr(text: str) -> str:
    return QCoreApplication.translate("MappingTable", text)
