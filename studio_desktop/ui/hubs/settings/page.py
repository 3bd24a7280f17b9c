"""Settings: what holds for this computer and what the whole studio agrees on, by subject.

There is nothing to save: what is chosen holds at once, and a change of the studio's preferences can be undone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from studio_desktop.domain.errors import InvalidInput, StudioError
from studio_desktop.domain.permissions import Permission
from studio_desktop.services import Saved, new_request
from studio_desktop.settings import Section
from studio_desktop.ui import theme
from studio_desktop.ui.form import dress_form
from studio_desktop.ui.hubs.settings.declared import NEXT_NUMBER, SECTIONS, Declared, SectionOfSettings, declared_in
from studio_desktop.ui.hubs.settings.row import SettingRow
from studio_desktop.ui.page import Page, Shell
from studio_desktop.ui.widgets.panels import Panel, SectionHeading
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.plain_list import Line, PlainList
from studio_desktop.ui.widgets.search_sign import add_search_sign

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes


class SettingsPage(Page):
    """The sections at the left, the settings of the chosen one at the right, or those of all that are searched for."""

    context = "settings"

    _groups: Sequence[_Group] = ()  # a font may come before the first of them is made

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self._section = SECTIONS[0]
        self._next_number = ""
        self.find_edit = QLineEdit(self)
        self.sections = PlainList(self)
        self._title = PlainLabel("", self, px=theme.TITLE, strong=True)
        self._purpose = PlainLabel("", self, tone="dim", elided=True)
        self._area = QScrollArea(self)
        self._body = Panel(self, "base")
        self._nothing = PlainLabel(self.tr("No setting has these words."), self._body, tone="dim")
        self._build()
        self._connect()
        dress_form(self)
        self._fill()
        self._show()

    def title(self) -> str:
        """Settings."""
        return self.tr("Settings")

    def icon_name(self) -> str:
        """A wheel."""
        return "settings"

    def handlers(self) -> Mapping[str, Callable[..., object]]:
        """Ctrl+F searches among the settings."""
        return {"filter": self._search}

    def wish(self, **wish: Any) -> None:
        """Go to the `section` of this name."""
        self._turn_to(wish["section"])
        self.take_focus()

    def take_focus(self) -> None:
        """Into the first field that is shown."""
        for row in self._rows():
            if not row.isHidden() and row.field.isEnabled():
                row.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return
        self.sections.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refresh(self, changes: Changes) -> None:
        """Another desk changed what the studio agrees on."""
        if changes.touches("preference") or changes.touches("client_status"):
            self._fill()

    def leave(self, then: Callable[[], None]) -> None:
        """What is typed in the field with the cursor holds from now on."""
        self.sections.setFocus(Qt.FocusReason.OtherFocusReason)
        then()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the line that finds a setting."""
        if watched is self.find_edit and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            is_down = event.key() == Qt.Key.Key_Down
            if is_down and not self.find_edit.text():
                self.sections.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if is_down or event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.take_focus()
                return True
            if event.key() == Qt.Key.Key_Escape and self.find_edit.text():
                self.find_edit.clear()
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(event.rect(), theme.token("base"))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size and the colours, which keys and the ribbon set too."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange) and self._groups:
            self._measure()
            QTimer.singleShot(0, self, self._fill_here)  # the look changes first, then what is set

    def showEvent(self, event: QShowEvent) -> None:
        """Look again at what other places set."""
        super().showEvent(event)
        self._fill_here()

    def _build(self) -> None:
        self._side = Panel(self, "window", "r")
        self.find_edit.setPlaceholderText(self.tr("Find a setting"))
        self.find_edit.setAccessibleName(self.tr("Find a setting"))
        self.find_edit.setClearButtonEnabled(True)
        add_search_sign(self.find_edit)
        self.sections.setAccessibleName(self.tr("Sections"))
        self.sections.show_lines([Line(one, one.title, icon=one.icon) for one in SECTIONS], self._section)
        side_column = QVBoxLayout(self._side)
        side_column.setContentsMargins(8, 8, 8, 8)
        side_column.setSpacing(6)
        side_column.addWidget(self.find_edit)
        side_column.addWidget(self.sections, 1)
        self._head = Panel(self, "base", "b")
        head_row = QHBoxLayout(self._head)
        head_row.setContentsMargins(16, 0, 16, 0)
        head_row.setSpacing(12)
        head_row.addWidget(self._title)
        head_row.addWidget(self._purpose, 1)
        head_row.addWidget(
            PlainLabel(self.tr("What is chosen holds at once"), self._head, tone="dim", px=theme.SMALL)
        )
        column = QVBoxLayout(self._body)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(16)
        column.addWidget(self._nothing)
        groups = []
        for section in SECTIONS:
            declared = declared_in(section.name)
            for of_studio in (False, True):
                inside = [one for one in declared if one.of_studio is of_studio]
                if inside:
                    group = _Group(section, inside, self._row, self._body)
                    groups.append(group)
                    column.addWidget(group)
        self._groups = groups
        column.addStretch(1)
        self._area.setWidget(self._body)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._side)
        right = QVBoxLayout()
        row.addLayout(right, 1)
        right.setSpacing(0)
        right.addWidget(self._head)
        right.addWidget(self._area, 1)
        self._measure()

    def _measure(self) -> None:
        self._side.setFixedWidth(theme.scaled(224))
        self._head.setFixedHeight(theme.scaled(40))

    def _connect(self) -> None:
        self.find_edit.installEventFilter(self)
        self.find_edit.textChanged.connect(self._show)
        self.sections.current_changed.connect(self._section_was_chosen)
        self.sections.taken.connect(lambda _: self.take_focus())

    def _row(self, declared: Declared, parent: QWidget) -> SettingRow:
        return SettingRow(declared, self.shell, parent, self._set_studio if declared.of_studio else self._set_here)

    def _rows(self) -> Iterator[SettingRow]:
        for group in self._groups:
            yield from group.rows

    def _search(self) -> None:
        self.find_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.find_edit.selectAll()

    def _section_was_chosen(self) -> None:
        line = self.sections.current()
        if line is not None:
            self._turn_to(line.value.name)

    def _turn_to(self, name: Section) -> None:
        self._section = next(one for one in SECTIONS if one.name == name)
        self.find_edit.clear()
        self._show()

    def _show(self) -> None:
        """The section, or over all of them the settings that have the words that are searched for."""
        wanted = self.find_edit.text().strip()
        found = sum(
            group.show_found(wanted) if wanted else group.show_all(self._section) for group in self._groups
        )
        self._nothing.setVisible(not found)
        self._title.setText(self.tr("Found") if wanted else self._section.title)
        self._purpose.setText(f"“{wanted}”" if wanted else self._section.purpose)
        self.sections.blockSignals(True)
        self.sections.choose(None if wanted else self._section)
        self.sections.blockSignals(False)
        self._area.verticalScrollBar().setValue(0)
        count = self.tr("1 setting") if found == 1 else self.tr("{count} settings").format(count=found)
        self.status_changed.emit(count)

    def _fill(self) -> None:
        may = self.shell.services.desk.may(Permission.PREFERENCES)
        for row in self._rows():
            row.field.setEnabled(may or not row.declared.of_studio)
            if row.declared.name != NEXT_NUMBER:
                row.show_value(self._known(row.declared))
        self.shell.tasks.latest(self, "next number", self.shell.services.numbers.next, self._show_next_number)

    def _fill_here(self) -> None:
        for row in self._rows():
            if not row.declared.of_studio:
                row.show_value(self._known(row.declared))

    def _show_next_number(self, number: int) -> None:
        self._next_number = str(number)
        next(row for row in self._rows() if row.declared.name == NEXT_NUMBER).show_value(self._next_number)

    def _known(self, declared: Declared) -> Any:
        if declared.name == NEXT_NUMBER:
            return self._next_number
        return getattr(self.shell.preferences if declared.of_studio else self.shell.settings, declared.name)

    def _set_here(self, row: SettingRow, value: Any) -> None:
        if value != self._known(row.declared):
            self.shell.save_settings(dataclasses.replace(self.shell.settings, **{row.declared.name: value}))

    def _set_studio(self, row: SettingRow, value: Any) -> None:
        declared = row.declared
        row.unmark()
        if value == self._known(declared):
            return
        services, request = self.shell.services, new_request()
        is_counter = declared.name == NEXT_NUMBER

        def done(saved: Saved[Any]) -> None:
            said = self.tr("{what} changed").format(what=declared.title)
            self.shell.saved(said, saved.changes, undoable=not is_counter)

        def failed(error: StudioError) -> None:
            if not isinstance(error, InvalidInput):
                row.show_value(self._known(declared))
                self.shell.failed(error)
                return
            row.mark(str(error))
            if not row.isVisible():  # somebody went on to another section
                self.shell.failed(error)

        def work() -> Saved[Any]:
            if is_counter:
                return services.numbers.set_next(value, request)
            return services.preferences.save({declared.name: value}, request)

        self.shell.tasks.run(self, work, done, failed)


class _Group(QWidget):
    """The settings of a section that hold for this computer, or those that hold at every desk."""

    def __init__(
        self,
        section: SectionOfSettings,
        declared: list[Declared],
        make: Callable[[Declared, QWidget], SettingRow],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._section = section
        self._holds = self.tr("At every desk") if declared[0].of_studio else self.tr("At this computer only")
        self._heading = SectionHeading(self, self._holds)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._heading)
        self.rows = [make(one, self) for one in declared]
        for row in self.rows:
            column.addWidget(row)

    def show_all(self, section: SectionOfSettings) -> int:
        """Show it if it is of that section; gives how many settings are shown."""
        self._heading.set_text(self._holds)
        return self._show([row for row in self.rows if section is self._section])

    def show_found(self, words: str) -> int:
        """Show the settings that these words are about; gives how many those are."""
        self._heading.set_text(f"{self._section.title} · {self._holds}")
        return self._show([row for row in self.rows if row.declared.is_about(words)])

    def _show(self, shown: list[SettingRow]) -> int:
        for row in self.rows:
            row.setVisible(row in shown)
        self.setVisible(bool(shown))
        return len(shown)
