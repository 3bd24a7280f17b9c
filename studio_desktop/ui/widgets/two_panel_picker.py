"""All there is at the left, what is chosen at the right, and ways to move between them."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from studio_desktop.domain.text import has_words_beginning, words
from studio_desktop.ui.form import load_form
from studio_desktop.ui.widgets.buttons import FlatButton
from studio_desktop.ui.widgets.plain_label import PlainLabel, as_tip
from studio_desktop.ui.widgets.plain_list import Line, PlainList


@dataclass(frozen=True, slots=True)
class PickerWords:
    """What the panels are called, with mnemonics, and what the keys and buttons do."""

    all: str
    own: str
    put: str
    take: str
    hint: str


class TwoPanelPicker(QWidget):
    """Chooses some of a list's rows (S2-49). Enter and double click put in, Del and double click take out.

    In the filter Enter puts in the first that is found. A row is known by its key: an id, or whatever tells it.
    """

    edited = Signal()

    all_label: PlainLabel
    own_label: PlainLabel
    hint_label: PlainLabel
    filter_edit: QLineEdit
    all_list: PlainList
    own_list: PlainList
    add_button: FlatButton
    remove_button: FlatButton

    def __init__(self, words: PickerWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_form(self, "two_panel_picker")
        self._rows: list[tuple[Hashable, str, str]] = []
        self._inactive: frozenset[Hashable] = frozenset()
        self._chosen: set[Any] = set()
        self._read_only = False
        self.filter_edit.textChanged.connect(lambda _: self._show())
        self.filter_edit.installEventFilter(self)
        self.all_list.taken.connect(self._put)
        self.own_list.taken.connect(self._take)
        self.own_list.delete_wanted.connect(self._take)
        self.all_list.current_changed.connect(self._tell)
        self.own_list.current_changed.connect(self._tell)
        self.add_button.clicked.connect(lambda: self._with_current(self.all_list, self._put))
        self.remove_button.clicked.connect(lambda: self._with_current(self.own_list, self._take))
        self._name(words)
        self._tell()

    def set_rows(self, rows: Sequence[tuple[Hashable, str, str]], inactive: Collection[Hashable] = ()) -> None:
        """Offer these: key, text, remark. Inactive ones are not offered, but stay where they are chosen."""
        self._rows = list(rows)
        self._inactive = frozenset(inactive)
        self._show()

    def chosen(self) -> frozenset[Any]:
        """The keys at the right."""
        return frozenset(self._chosen)

    def set_chosen(self, chosen: Collection[Hashable]) -> None:
        """Put these at the right."""
        self._chosen = set(chosen)
        self._show()

    def set_read_only(self, read_only: bool) -> None:
        """Only to be looked at."""
        self._read_only = read_only
        self.hint_label.setVisible(not read_only)
        self._tell()

    def take_focus(self) -> None:
        """Begin in the filter."""
        self.filter_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """Down leads from the filter into the list, Enter takes the first, Esc empties the filter."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or event.modifiers():
            return False
        if event.key() == Qt.Key.Key_Down:
            if self.all_list.current() is None:
                self.all_list.choose_first()
            self.all_list.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.filter_edit.text():
            free = next((line for line in self.all_list.lines() if line.value not in self._chosen), None)
            if free is not None:
                self._put(free.value)
                self.filter_edit.selectAll()
        elif event.key() == Qt.Key.Key_Escape and self.filter_edit.text():
            self.filter_edit.clear()
        else:
            return False
        return True

    def _name(self, words: PickerWords) -> None:
        for label, of, text in ((self.all_label, self.all_list, words.all), (self.own_label, self.own_list, words.own)):
            label.setText(text)
            of.setAccessibleName(text.replace("&", ""))
        for button, text, key in ((self.add_button, words.put, "Enter"), (self.remove_button, words.take, "Del")):
            button.setAccessibleName(text)
            button.setToolTip(as_tip(f"{text} ({key})"))
        self.hint_label.setText(words.hint)

    def _show(self) -> None:
        sought = words(self.filter_edit.text())
        self.all_list.show_lines(
            [
                Line(key, text, remark, icon="checkmark" if key in self._chosen else "", faint=key in self._chosen)
                for key, text, remark in self._rows
                if key not in self._inactive and has_words_beginning(sought, f"{text} {remark}")
            ]
        )
        own = [Line(key, text, remark) for key, text, remark in self._rows if key in self._chosen]
        self.own_list.show_lines(own)
        self._tell()

    def _with_current(self, of: PlainList, move: object) -> None:
        line = of.current()
        if line is not None and callable(move):
            move(line.value)

    def _put(self, key: Hashable) -> None:
        if key not in self._chosen:
            self._move(key)

    def _take(self, key: Hashable) -> None:
        self._move(key)

    def _move(self, key: Hashable) -> None:
        if not self._read_only:
            self._chosen ^= {key}
            self._show()
            self.edited.emit()

    def _tell(self) -> None:
        first, second = self.all_list.current(), self.own_list.current()
        can_add = first is not None and first.value not in self._chosen
        self.add_button.setEnabled(can_add and not self._read_only)
        self.remove_button.setEnabled(second is not None and not self._read_only)
