"""Every action by name (Ctrl+Shift+P): type the beginnings of some of its words, Enter does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from studio_desktop.domain.text import words
from studio_desktop.ui import theme
from studio_desktop.ui.actions import ActionSet
from studio_desktop.ui.drop_down import DropDownLine, DropDownList, Entry
from studio_desktop.ui.widgets.panels import Panel
from studio_desktop.ui.widgets.search_sign import add_search_sign


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be run by its name; `why_not` says why it cannot be just now."""

    text: str
    run: Callable[[], object]
    keys: str = ""
    icon: str = ""
    why_not: str = ""
    also: str = ""
    """Further words by which it is found."""


class CommandPalette(Panel):
    """One line over the window and the actions that answer to it, those that can be done now first.

    It is a child of the window and no window itself, so that every shortcut still works.
    """

    def __init__(self, actions: ActionSet, window: QWidget) -> None:
        super().__init__(window, "raised", rounded=True)
        self._actions = actions
        self._window = window
        self._focus_before: QWidget | None = None
        self._line = DropDownLine(self, self._handle_key, self.close_palette)
        self._line.setPlaceholderText(self.tr("What do you want to do?"))
        self._line.setAccessibleName(self.tr("Action by name"))
        add_search_sign(self._line)
        self._line.textEdited.connect(self._look)
        self._list = DropDownList(window)
        self._list.setAccessibleName(self.tr("Actions"))
        self._list.taken.connect(self._take)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._line)
        self.hide()

    def open(self) -> None:
        """Come to the front with everything that can be done now; a second call closes it."""
        if self.isVisible():
            self.close_palette()
            return
        self._focus_before = QApplication.focusWidget()
        self._line.setFixedHeight(theme.scaled(28))
        width = min(theme.scaled(560), self._window.width() - 16)
        left = (self._window.width() - width) // 2
        self.setGeometry(left, theme.scaled(64), width, theme.scaled(28) + 16)
        self._line.clear()
        self.show()
        self.raise_()
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._look("")

    def offered(self) -> list[str]:
        """The texts of what is offered now."""
        return [entry.text for entry in self._list.entries()] if self._list.isVisible() else []

    def close_palette(self) -> None:
        """Go away and give the cursor back."""
        if not self.isVisible():
            return
        self._list.hide()
        had_focus = self._line.hasFocus()
        self.hide()
        if had_focus and self._focus_before is not None:
            self._focus_before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focus_before = None

    def _handle_key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            chosen = self._list.chosen()
            if chosen is not None:
                self._take(chosen.value)
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.close_palette()
            return True
        return self._list.move_choice(event)

    def _look(self, typed: str) -> None:
        entries = [
            Entry(
                command.text,
                command,
                aside=command.why_not,
                right=command.keys,
                icon=command.icon,
                enabled=not command.why_not,
            )
            for command in found(typed, self._commands())
        ]
        self._list.show_entries(entries)
        self._list.place_under(self, self.width(), rows=12)

    def _take(self, command: Command) -> None:
        self.close_palette()
        # The palette must be gone before what it runs opens something of its own.
        QTimer.singleShot(0, self, lambda: command.run())

    def _commands(self) -> Iterator[Command]:
        for action_id in self._actions:
            if action_id == "palette":
                continue
            action, row = self._actions[action_id], self._actions.row(action_id)
            why_not = self._actions.why_not(action_id)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            yield Command(action.text(), action.trigger, keys, row.icon, why_not, row.also)
            fill = self._actions.menu(action_id)
            for entry in fill() if fill is not None and not why_not else ():
                text = f"{action.text()}: {entry.text}"
                yield Command(text, entry.run, icon=entry.icon or row.icon, why_not=entry.why_not)


def found(typed: str, commands: Iterable[Command]) -> list[Command]:
    """The commands of which every word typed begins a word of its own; what can be done now and fits best first.

    Words in the order of the name, and nearer its beginning, fit better. Nothing typed finds all.
    """
    sought = words(typed)
    fitting = []
    for number, command in enumerate(commands):
        places = _places(sought, [*words(command.text), *words(command.also)])
        if places is not None:
            in_order = places == sorted(places)
            fit = (bool(command.why_not), not in_order, sum(places), len(command.text) if sought else 0, number)
            fitting.append((fit, command))
    return [command for _, command in sorted(fitting, key=lambda each: each[0])]


def _places(sought: list[str], name: list[str]) -> list[int] | None:
    """At which word of the name each word sought begins, each at another; None if one begins nowhere."""
    if not sought:
        return []
    for at, word in enumerate(name):
        if word.startswith(sought[0]):
            rest = _places(sought[1:], [*name[:at], "", *name[at + 1 :]])
            if rest is not None:
                return [at, *rest]
    return None
