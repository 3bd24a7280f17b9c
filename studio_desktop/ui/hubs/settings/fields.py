"""The field of one setting: each shows a value, and tells another one as soon as a person has chosen it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from studio_desktop.domain.completeness import WANTED
from studio_desktop.domain.duplicates import Check
from studio_desktop.reports import label_sheets
from studio_desktop.ui import theme
from studio_desktop.ui.hubs.settings.declared import Declared
from studio_desktop.ui.widgets.buttons import FlatButton
from studio_desktop.ui.widgets.combo_box import ComboBox
from studio_desktop.ui.widgets.country_list import CountryList, country_name
from studio_desktop.ui.widgets.logo_field import LogoField
from studio_desktop.ui.widgets.plain_label import as_tip
from studio_desktop.ui.widgets.ticks import TickBox

if TYPE_CHECKING:
    from studio_desktop.ui.page import Shell

Tell = Callable[[Any], None]


class TickField(TickBox):
    """Yes or no."""

    changed: Tell

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.clicked.connect(lambda on: self.changed(on))

    def show_value(self, value: bool) -> None:
        """Tick it or not."""
        self.setChecked(value)


class NumberField(QSpinBox):
    """A whole number within its bounds; it holds once the cursor leaves, or with Enter."""

    changed: Tell

    def __init__(self, declared: Declared, parent: QWidget) -> None:
        super().__init__(parent)
        low, high = declared.low or 0, declared.high or 9_999
        self.setRange(low, high)
        self.setSingleStep(10 if high - low > 100 else 1)
        self._told = self.value()
        self.editingFinished.connect(self._tell)

    def show_value(self, value: int) -> None:
        """Show it, unless somebody is typing another."""
        if not self.hasFocus() or self.value() == self._told:
            self._told = value
            self.setValue(value)

    def _tell(self) -> None:
        # Whoever only passes through shall not bring back what another desk has changed since.
        if self.value() != self._told:
            self._told = self.value()
            self.changed(self._told)


class TextField(QLineEdit):
    """A line of text; it holds once the cursor leaves, or with Enter."""

    changed: Tell

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._told = ""
        self.editingFinished.connect(self.tell)

    def show_value(self, value: str) -> None:
        """Show it, unless somebody is typing another."""
        if not self.hasFocus() or self.text().strip() == self._told:
            self._told = value
            self.setText(value)
            self.setCursorPosition(0)

    def tell(self) -> None:
        """What stands here holds, if it is something else than before."""
        if self.text().strip() != self._told:
            self._told = self.text().strip()
            self.changed(self._told)


class ChoiceField(ComboBox):
    """One of some values; what `offered` gives is asked each time the field comes in sight.

    A value that is not among them, of a printer that was taken away say, is shown as it is.
    """

    changed: Tell

    def __init__(
        self,
        offered: Callable[[], Iterable[tuple[Any, str]]],
        parent: QWidget,
        same: Callable[[Any], Any] = lambda value: value,
    ) -> None:
        """`same` gives the offered value that stands for one that is written in another way."""
        super().__init__(parent)
        self._offered = offered
        self._same = same
        self._value: Any = None
        self.activated.connect(lambda at: self._choose(self.itemData(at)))

    def show_value(self, value: Any) -> None:
        """Choose it among the lines."""
        self._value = value
        if self.isVisible():
            self._show_lines()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask what there is: looking for printers takes a while that nobody waits for who is elsewhere."""
        super().showEvent(event)
        self._show_lines()

    def _show_lines(self) -> None:
        value = self._same(self._value)
        lines = dict(self._offered())
        if value is not None and value not in lines:
            lines[value] = str(value)
        self.clear()
        for one, text in lines.items():
            self.addItem(text, one)
        self.setCurrentIndex(list(lines).index(value) if value in lines else -1)

    def _choose(self, value: Any) -> None:
        self._value = value
        self.changed(value)


class CountryField(ComboBox):
    """A country by its name; the list that opens, also by a letter, finds it by a part of the name or by its code."""

    changed: Tell

    def __init__(self, shell: Shell, parent: QWidget) -> None:
        super().__init__(parent)
        self._shell = shell

    def show_value(self, region: str) -> None:
        """Show the country of these two letters."""
        self.clear()
        self.addItem(country_name(region), region)

    def showPopup(self) -> None:
        """Hang the list of countries below."""
        self._open("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter opens the list with what begins so."""
        if event.text().isalpha():
            self._open(event.text())
        else:
            super().keyPressEvent(event)

    def _open(self, typed: str) -> None:
        countries = CountryList(self, self._shell.formats.phone_countries, self.currentData())
        countries.taken.connect(lambda region: self.changed(region))
        countries.hang_below(self)
        if typed:
            countries.search_edit.insert(typed)


class FolderField(QWidget):
    """A folder, typed or looked for."""

    changed: Tell

    def __init__(self, declared: Declared, shell: Shell, parent: QWidget) -> None:
        super().__init__(parent)
        self._shell = shell
        self._title = declared.title
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.edit = TextField(self)
        self.edit.changed = lambda folder: self.changed(folder)
        self.edit.setAccessibleName(declared.title)
        self.browse_button = FlatButton(self.tr("Browse…"), self, compact=True)
        self.browse_button.setAccessibleName(self.tr("Browse: {what}").format(what=declared.title))
        self.browse_button.clicked.connect(self._browse)
        row.addWidget(self.edit, 1)
        row.addWidget(self.browse_button)
        self.setFocusProxy(self.edit)

    def show_value(self, value: str) -> None:
        """Show its path."""
        self.edit.show_value(value)
        self.edit.setToolTip(as_tip(value))

    def _browse(self) -> None:
        typed = self.edit.text().strip()
        chosen = self._shell.prompts.choose_folder(self, self._title, Path(typed).expanduser() if typed else None)
        if chosen is not None:
            self.edit.setText(str(chosen))
            self.edit.tell()


class TicksField(QWidget):
    """Ticks side by side; the value is the names of those that are set, or of those that are not."""

    changed: Tell

    def __init__(
        self, parent: QWidget, texts: Mapping[str, str], across: int, separator: str, *, names_unset: bool = False
    ) -> None:
        """`texts` are what stands beside each tick, by its name in the value; so many stand in a row."""
        super().__init__(parent)
        self.ticks = {name: TickBox(text, self) for name, text in texts.items()}
        self._separator = separator
        self._names_unset = names_unset
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        for number, tick in enumerate(self.ticks.values()):
            grid.addWidget(tick, *divmod(number, across))
            tick.clicked.connect(lambda: self.changed(self.value()))
        self.setFocusProxy(next(iter(self.ticks.values())))
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def _measure(self) -> None:
        for row in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, theme.scaled(24))

    def show_value(self, value: str) -> None:
        """Set the ticks as the value says."""
        named = value.split(self._separator) if self._separator else list(value)
        for name, tick in self.ticks.items():
            tick.setChecked((name in named) != self._names_unset)

    def value(self) -> str:
        """The names, in the order of the ticks."""
        return self._separator.join(
            name for name, tick in self.ticks.items() if tick.isChecked() != self._names_unset
        )


def _week(parent: QWidget) -> TicksField:
    """Seven days; the value is the digits of the ticked ones, Monday is 0."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    return TicksField(parent, {str(number): name for number, name in enumerate(days)}, across=7, separator="")


def _client_tabs(parent: QWidget) -> TicksField:
    """The tabs of a client but for the first; the value is the names of those that are not ticked (S3-09)."""
    from studio_desktop.ui.client_window import TABS

    names = {tab.name: tab.text() for tab in TABS[1:]}
    return TicksField(parent, names, across=3, separator=",", names_unset=True)


def _checks(parent: QWidget) -> TicksField:
    """What is compared while a client is typed; the value is the names of what is not ticked."""
    words = {
        Check.NAME: "Name", Check.COMPANY: "Company", Check.PHONE: "Phone", Check.EMAIL: "E-mail",
        Check.ADDRESS: "Address", Check.BIRTHDAY: "Birthday",
    }  # fmt: skip
    return TicksField(parent, {str(check): text for check, text in words.items()}, 3, ",", names_unset=True)


def _required(parent: QWidget) -> TicksField:
    """What every client is asked for; the value is the names of the fields that are ticked."""
    return TicksField(parent, {name: word.capitalize() for name, word in WANTED.items()}, across=4, separator=",")


Field = TickField | NumberField | TextField | ChoiceField | CountryField | FolderField | TicksField | LogoField


def field_of(declared: Declared, shell: Shell, parent: QWidget) -> Field:
    """The field that fits what a setting is declared to be."""
    if declared.name in _FIELDS:
        return _FIELDS[declared.name](declared, shell, parent)
    if isinstance(declared.default, bool):
        return TickField(parent)
    if declared.choices:
        return ChoiceField(lambda: [(one, _WORDS.get(one, str(one))) for one in declared.choices], parent)
    return NumberField(declared, parent) if isinstance(declared.default, int) else TextField(parent)


_WORDS = {
    "system": "As the system", "light": "Light", "dark": "Dark", "letter": "Letter", "a4": "A4",
    0: "Dense", 4: "Medium", 8: "Airy",
    "last_first": "Adams, Anna", "first_last": "Anna Adams",
    "mdy": "Month, day, year", "dmy": "Day, month, year", "ymd": "Year, month, day",
    "on create": "When a client is added", "on status": "When a status is set", "never": "Never",
    "few": "Few", "usual": "As usual", "all": "All of them",
}  # fmt: skip
"""What the choices are called."""


def _statuses(shell: Shell) -> list[tuple[int, str]]:
    shown = shell.preferences.number_status
    rows = [one for one in shell.choices["client_statuses"] if not one.inactive or one.id == shown]
    return [(0, "No status"), *((one.id, one.text) for one in rows)]


def _printers(shell: Shell) -> list[tuple[str, str]]:
    return [("", "None, a PDF"), *((name, name) for name in shell.prompts.printers())]


def _sheets() -> list[tuple[str, str]]:
    return [("", "The one that was used last"), *((one.key, one.name) for one in label_sheets.sheets())]


def _key_of_sheet(name: str) -> str:
    wanted = label_sheets.simple(name)
    return next((one.key for one in label_sheets.sheets() if wanted in one.simple_names), name) if name else ""


_FIELDS: Mapping[str, Callable[[Declared, Shell, QWidget], Field]] = {
    "work_week": lambda _declared, _shell, parent: _week(parent),
    "required": lambda _declared, _shell, parent: _required(parent),
    "unchecked": lambda _declared, _shell, parent: _checks(parent),
    "hidden_tabs": lambda _declared, _shell, parent: _client_tabs(parent),
    "logo": lambda declared, shell, parent: LogoField(shell, declared.help, parent),
    "phone_region": lambda _declared, shell, parent: CountryField(shell, parent),
    "number_status": lambda _declared, shell, parent: ChoiceField(lambda: _statuses(shell), parent),
    "single_label_sheet": lambda _declared, _shell, parent: ChoiceField(_sheets, parent, _key_of_sheet),
    "single_label_printer": lambda _declared, shell, parent: ChoiceField(lambda: _printers(shell), parent),
    "reports_folder": FolderField,
    "backups_folder": FolderField,
}
"""Of the settings that are more than their type tells."""
