"""The countries of phone numbers, found by a part of the name, by their letters or by their code (S4-36)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QLocale, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from studio_desktop.domain import phones
from studio_desktop.domain.text import fold
from studio_desktop.ui import theme
from studio_desktop.ui.drop_down import ROW, DropDownList, Entry

ROWS = 8
"""How many are seen at once."""


class CountryList(QFrame):
    """Hangs below a phone number until a country is taken, Esc is pressed or something else is clicked."""

    taken = Signal(str)
    """The country's two letters."""

    def __init__(self, parent: QWidget, first: Sequence[str], chosen: str) -> None:
        """`first` are those that this studio uses most; the one `chosen` so far is offered to begin with."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(self.tr("Countries"))
        self._entries = _entries(tuple(first))
        self.search_edit = QLineEdit(self)
        self.search_edit.setTextMargins(3, 0, 0, 0)
        self.search_edit.setAccessibleName(self.tr("Country or code"))
        self.search_edit.setPlaceholderText(self.tr("Country or code"))
        self.search_edit.setFixedHeight(theme.scaled(24))
        self.list = DropDownList(self)
        self.list.setFixedHeight(theme.scaled(ROW) * ROWS + 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(4)
        column.addWidget(self.search_edit)
        column.addWidget(self.list)
        self.search_edit.textEdited.connect(self._search)
        self.search_edit.setFocus()
        self.setFocusProxy(self.search_edit)
        self.list.taken.connect(self._take)
        self._search("")
        rows = [entry.value for entry in self.list.entries()]
        if chosen in rows:
            self.list.setCurrentIndex(self.list.model().index(rows.index(chosen), 0))

    def hang_below(self, field: QWidget) -> None:
        """Show it there."""
        self.adjustSize()
        self.move(field.mapToGlobal(QPoint(0, field.height() + 2)))
        self.show()
        self.search_edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def sizeHint(self) -> QSize:
        """Room for the longest names that people live in."""
        return QSize(theme.scaled(300), theme.scaled(ROW) * ROWS + theme.scaled(24) + 14)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down choose, Enter takes; all else is typed."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            chosen = self.list.chosen()
            if chosen is None:
                self.close()
            else:
                self._take(chosen.value)
        elif not self.list.move_choice(event):
            super().keyPressEvent(event)

    def _search(self, typed: str) -> None:
        wanted, code = fold(typed).strip(), phones.digits(typed)
        found = [entry for entry in self._entries if _fits(entry, wanted, code)]
        found.sort(key=lambda entry: not fold(entry.text).startswith(wanted))
        self.list.show_entries(found)
        self.list.show()

    def _take(self, region: str) -> None:
        self.close()
        self.taken.emit(region)


def code_and_region(region: str) -> str:
    """How a country is named where there is little room: `+48 PL`."""
    return f"+{phones.country_code(region)} {region}"


def country_name(region: str) -> str:
    """What the country is called."""
    return QLocale.territoryToString(QLocale.codeToTerritory(region))


@lru_cache(maxsize=4)
def _entries(first: tuple[str, ...]) -> tuple[Entry, ...]:
    known = phones.regions()
    by_name = sorted(known, key=lambda region: fold(country_name(region)))
    used = [region for region in first if region in known]
    return tuple(
        Entry(country_name(region), region, right=f"+{known[region]} {region}", strong=region in used)
        for region in (*used, *(region for region in by_name if region not in used))
    )


def _fits(entry: Entry, wanted: str, code: str) -> bool:
    if code:
        return entry.right.startswith(f"+{code}")
    name = fold(entry.text)
    return not wanted or wanted == entry.value.lower() or name.startswith(wanted) or f" {wanted}" in name
