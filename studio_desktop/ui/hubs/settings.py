"""Settings: what holds for this computer and what the whole studio agrees on, each built from its declaration.

There is nothing to save: what is chosen holds at once, and a change of the studio's preferences can be undone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio_desktop.domain.errors import InvalidInput, StudioError
from studio_desktop.domain.permissions import Permission
from studio_desktop.services import Saved, new_request
from studio_desktop.services.preferences import StudioPreferences
from studio_desktop.settings import DECLARATIONS
from studio_desktop.ui import theme
from studio_desktop.ui.choices import offered
from studio_desktop.ui.form import dress_form
from studio_desktop.ui.page import Page, Shell
from studio_desktop.ui.widgets.logo_field import LogoField
from studio_desktop.ui.widgets.panels import Panel, SectionHeading
from studio_desktop.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes

_WORDS = {
    "system": "As the system", "light": "Light", "dark": "Dark", "letter": "Letter", "a4": "A4",
    0: "Dense", 4: "Medium", 8: "Airy",
    "last_first": "Adams, Anna", "first_last": "Anna Adams",
    "mdy": "Month, day, year", "dmy": "Day, month, year", "ymd": "Year, month, day",
    "on create": "When a client is added", "on status": "When a status is set", "never": "Never",
    "few": "Few", "usual": "As usual", "all": "All of them",
}  # fmt: skip
"""What the choices are called."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class SettingsPage(Page):
    """Two columns of settings with their explanations."""

    context = "settings"

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self._rows: dict[str, _Row] = {}
        self._next_number = ""
        body = Panel(self, "base")
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        self._here = SectionHeading(body, self.tr("This computer"))
        self._studio = SectionHeading(body, self.tr("The studio, at every desk"))
        column.addWidget(self._here)
        self._add_grid(column, body, list(_of_this_computer()), self._set_here)
        column.addSpacing(8)
        column.addWidget(self._studio)
        self._add_grid(column, body, list(_of_the_studio()), self._set_studio)
        column.addStretch(1)
        self._area = QScrollArea(self)
        self._area.setWidget(body)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._area)
        dress_form(self)
        self._fill()

    def title(self) -> str:
        """Settings."""
        return self.tr("Settings")

    def icon_name(self) -> str:
        """A wheel."""
        return "settings"

    def wish(self, **wish: Any) -> None:
        """Go to the settings `of` "computer", "backups" or "studio"."""
        first = {"studio": "studio_name", "backups": "backups_folder"}.get(wish["of"], "workstation")
        self._area.verticalScrollBar().setValue(self._studio.y() - 8 if wish["of"] == "studio" else 0)
        self._rows[first].field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def take_focus(self) -> None:
        """Into the first field."""
        next(iter(self._rows.values())).field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refresh(self, changes: Changes) -> None:
        """Another desk changed what the studio agrees on."""
        if changes.touches("preference") or changes.touches("client_status"):
            self._fill()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The ground."""
        QPainter(self).fillRect(self.rect(), theme.token("base"))

    def _add_grid(
        self, column: QVBoxLayout, body: QWidget, declared: list[_Declared], change: Callable[[str, Any], None]
    ) -> None:
        grid = QGridLayout()
        column.addLayout(grid)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, theme.scaled(170))
        grid.setColumnStretch(2, 1)
        for number, one in enumerate(declared):
            row = _Row(one, self.shell, body, change)
            self._rows[one.name] = row
            label = PlainLabel(one.title, body)
            row.field.setAccessibleName(one.title)
            row.field.setAccessibleDescription(one.help)
            label.setBuddy(row.field)
            grid.setRowMinimumHeight(number, theme.scaled(24))
            grid.addWidget(label, number, 0)
            if isinstance(row.field, _Ticks | LogoField):  # it says itself what it is
                grid.addWidget(row.field, number, 1, 1, 2, Qt.AlignmentFlag.AlignLeft)
                continue
            help_text = PlainLabel(one.help, body, tone="dim", px=theme.SMALL)
            help_text.setWordWrap(True)
            help_text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            grid.addWidget(row.field, number, 1, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(help_text, number, 2)

    def _fill(self) -> None:
        may = self.shell.services.desk.may(Permission.PREFERENCES)
        chosen = self.shell.preferences.number_status
        statuses = [(one, text) for one, text, _ in offered(self.shell.choices["client_statuses"], chosen or None)]
        self._rows["number_status"].offer([(0, self.tr("No status")), *statuses])
        for name, row in self._rows.items():
            if name in _OF_STUDIO:
                row.field.setEnabled(may)
            if name != NEXT_NUMBER:
                row.show(self._known(name))
        self.shell.tasks.latest(self, "next number", self.shell.services.numbers.next, self._show_next_number)

    def _show_next_number(self, number: int) -> None:
        self._next_number = str(number)
        self._rows[NEXT_NUMBER].show(self._next_number)

    def _known(self, name: str) -> Any:
        if name == NEXT_NUMBER:
            return self._next_number
        return getattr(self.shell.preferences if name in _OF_STUDIO else self.shell.settings, name)

    def _set_here(self, name: str, value: Any) -> None:
        if value != getattr(self.shell.settings, name):
            self.shell.save_settings(dataclasses.replace(self.shell.settings, **{name: value}))

    def _set_studio(self, name: str, value: Any) -> None:
        if value == self._known(name):
            return
        services, request, row = self.shell.services, new_request(), self._rows[name]
        is_counter = name == NEXT_NUMBER

        def done(saved: Saved[Any]) -> None:
            said = self.tr("{what} changed").format(what=row.declared.title)
            self.shell.saved(said, saved.changes, undoable=not is_counter)

        def failed(error: StudioError) -> None:
            if not isinstance(error, InvalidInput):
                row.show(self._known(name))
            self.shell.failed(error)

        def work() -> Saved[Any]:
            if is_counter:
                return services.numbers.set_next(value, request)
            return services.preferences.save({name: value}, request)

        self.shell.tasks.run(self, work, done, failed)


@dataclass(frozen=True, slots=True)
class _Declared:
    """One setting, of this computer or of the studio."""

    name: str
    title: str
    help: str
    default: Any
    choices: tuple[Any, ...]
    low: int | None = None
    high: int | None = None


NEXT_NUMBER = "next_number"
"""Where the counter stands is no preference, but is set among them (B5)."""

_OF_STUDIO = frozenset((NEXT_NUMBER, *(field.name for field in dataclasses.fields(StudioPreferences))))


def _of_this_computer() -> list[_Declared]:
    # Where the data is, is asked at the start; the sheet of labels remembers itself; phones are the studio's affair.
    return [
        _Declared(name, one.title, one.help, one.default, one.choices, one.low, one.high)
        for name, one in DECLARATIONS.items()
        if one.title and name not in ("database_url", "label_sheet", *_OF_STUDIO)
    ]


def _of_the_studio() -> list[_Declared]:
    declared = [
        _Declared(
            field.name, field.metadata["label"], field.metadata["help"], field.default, field.metadata["choices"],
            *field.metadata["bounds"],
        )
        for field in dataclasses.fields(StudioPreferences)
    ]
    after = next(at for at, one in enumerate(declared, 1) if one.name == "number_status")
    help_text = "Digits only; numbers that somebody has are skipped."
    declared.insert(after, _Declared(NEXT_NUMBER, "Next client number", help_text, "", ()))
    return declared


class _Row:
    """The field of one setting; `change` hears its name and new value once a person has chosen."""

    def __init__(
        self, declared: _Declared, shell: Shell, parent: QWidget, change: Callable[[str, Any], None]
    ) -> None:
        self.declared = declared
        self._shell = shell
        self._change = change
        self.field: QWidget = self._made(parent)

    def show(self, value: Any) -> None:
        field = self.field
        field.blockSignals(True)
        if isinstance(field, QCheckBox):
            field.setChecked(value)
        elif isinstance(field, QComboBox):
            field.setCurrentIndex(field.findData(value))
        elif isinstance(field, QSpinBox):
            field.setValue(value)
        elif isinstance(field, _Ticks | LogoField):
            field.show_value(value)
        elif isinstance(field, QLineEdit) and not field.hasFocus():
            field.setText(value)
            field.setCursorPosition(0)
        field.blockSignals(False)

    def offer(self, lines: Sequence[tuple[Any, str]]) -> None:
        """Of a combo box whose lines the studio maintains: what each stands for, and its text."""
        assert isinstance(self.field, QComboBox)
        self.field.clear()
        for value, text in lines:
            self.field.addItem(text, value)

    def _made(self, parent: QWidget) -> QWidget:
        declared = self.declared
        if declared.name in ("work_week", "hidden_tabs"):
            ticks = _Week(parent) if declared.name == "work_week" else _ClientTabs(parent)
            ticks.changed = self._tell
            return ticks
        if declared.name == "logo":
            logo = LogoField(self._shell, declared.help, parent)
            logo.changed = self._tell
            return logo
        if isinstance(declared.default, bool):
            check = QCheckBox(parent)
            check.toggled.connect(self._tell)
            return check
        if declared.choices or declared.name == "number_status":
            combo = QComboBox(parent)
            for choice in declared.choices:
                combo.addItem(_WORDS.get(choice, str(choice)), choice)
            combo.activated.connect(lambda at: self._tell(combo.itemData(at)))
            combo.setFixedWidth(theme.scaled(220))
            return combo
        if isinstance(declared.default, int):
            spin = QSpinBox(parent)
            low, high = declared.low or 0, declared.high or 9_999
            spin.setRange(low, high)
            spin.setSingleStep(10 if high - low > 100 else 1)
            spin.editingFinished.connect(lambda: self._tell(spin.value()))
            spin.setFixedWidth(theme.scaled(80))
            return spin
        edit = QLineEdit(parent)
        edit.editingFinished.connect(lambda: self._tell(edit.text().strip()))
        edit.setFixedWidth(theme.scaled(220))
        return edit

    def _tell(self, value: Any) -> None:
        self._change(self.declared.name, value)


class _Ticks(QWidget):
    """Ticks side by side; their value is one text."""

    changed: Callable[[str], None]

    def __init__(self, parent: QWidget, texts: Mapping[str, str]) -> None:
        """`texts` are what stands beside each tick, by what it is in the value."""
        super().__init__(parent)
        self.ticks = {key: QCheckBox(text, self) for key, text in texts.items()}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for tick in self.ticks.values():
            row.addWidget(tick)
            tick.clicked.connect(lambda: self.changed(self.value()))
        self.setFocusProxy(next(iter(self.ticks.values())))

    def show_value(self, value: str) -> None:
        """Tick what the value says."""
        raise NotImplementedError

    def value(self) -> str:
        """What is ticked."""
        raise NotImplementedError


class _Week(_Ticks):
    """Seven days; the value is the digits of the ticked ones, Monday is 0."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, {str(number): name for number, name in enumerate(_DAYS)})

    def show_value(self, value: str) -> None:
        for digit, tick in self.ticks.items():
            tick.setChecked(digit in value)

    def value(self) -> str:
        return "".join(digit for digit, tick in self.ticks.items() if tick.isChecked())


class _ClientTabs(_Ticks):
    """The tabs of a client but for the first; the value is the names of those that are not ticked (S3-09)."""

    def __init__(self, parent: QWidget) -> None:
        from studio_desktop.ui.client_window import TABS

        super().__init__(parent, {tab.name: tab.text() for tab in TABS[1:]})

    def show_value(self, value: str) -> None:
        hidden = value.split(",")
        for name, tick in self.ticks.items():
            tick.setChecked(name not in hidden)

    def value(self) -> str:
        return ",".join(name for name, tick in self.ticks.items() if not tick.isChecked())
