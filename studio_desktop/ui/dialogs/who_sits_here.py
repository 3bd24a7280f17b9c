"""Who sits at this desk: one of the studio's people, by a PIN if there is one, or somebody new (DECISIONS 25, E19)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout, QWidget

from studio_desktop.domain.errors import StudioError
from studio_desktop.domain.names import key
from studio_desktop.ui import theme
from studio_desktop.ui.form import load_form
from studio_desktop.ui.widgets.buttons import FlatButton, PrimaryButton
from studio_desktop.ui.widgets.panels import Panel
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.plain_list import Line, PlainList

if TYPE_CHECKING:
    from studio_desktop.services.users import Person
    from studio_desktop.ui.background import BackgroundTasks

Prove = Callable[[str, str], None]
"""Raises InvalidInput unless the second is the PIN of whom the first names; run in the background."""

WIDTH, HEIGHT = 420, 430


class WhoSitsHere(QWidget):
    """A list to choose from and a line to type into; typing chooses the name that begins so.

    Where who sat here last has a PIN, only who has one comes in: else Enter would open what a PIN has closed.
    """

    decided = Signal(str)
    """This person sits here, and the PIN was right."""

    title_label: PlainLabel
    note_label: PlainLabel
    people_list: PlainList
    name_edit: QLineEdit
    pin_label: PlainLabel
    pin_edit: QLineEdit
    new_label: PlainLabel
    foot: Panel
    cancel_button: FlatButton
    sit_button: PrimaryButton

    def __init__(
        self,
        people: Sequence[Person],
        prove: Prove,
        tasks: BackgroundTasks,
        last: Person | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`last` is who sat here until now."""
        super().__init__(parent)
        load_form(self, "who_sits_here")
        self._people = {one.name: one for one in people}
        self._prove = prove
        self._tasks = tasks
        self._last = last
        lines = [Line(one.name, one.name, self.tr("PIN") if one.has_pin else "", icon="person") for one in people]
        self.people_list.show_lines(lines)
        self.people_list.clicked.connect(lambda index: self._choose(index.data()))
        self.people_list.taken.connect(lambda name: self._choose(name, take=True))
        self.name_edit.textEdited.connect(self._follow)
        self.name_edit.returnPressed.connect(self._go_on)
        self.name_edit.installEventFilter(self)
        self.pin_edit.returnPressed.connect(self._go_on)
        self.pin_edit.textEdited.connect(lambda _: self._follow(self.name_edit.text()))
        self.sit_button.clicked.connect(self._go_on)
        self.say(
            self.tr("Who sits here?"),
            self.tr("Your name stands beside what you change, and your parked sheets wait for you."),
        )
        if last is None:
            self._follow("")
        else:
            self._choose(last.name)

    def say(self, title: str, note: str) -> None:
        """What stands above the list."""
        self.title_label.setText(title)
        self.note_label.setText(note)

    def complain(self, why: str) -> None:
        """It did not go on, and why."""
        self.new_label.set_look(tone="red")
        self.new_label.setText(why)

    def name(self) -> str:
        """The person chosen in the list, else the new name that is typed."""
        chosen = self.people_list.current()
        return chosen.text if chosen is not None else self.name_edit.text().strip()

    def take_focus(self) -> None:
        """Where the next sign belongs."""
        wants_pin = self.pin_edit.isVisibleTo(self)
        (self.pin_edit if wants_pin else self.name_edit).setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """Up and Down in the line walk through the list."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() not in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return False
        QApplication.sendEvent(self.people_list, event)
        line = self.people_list.current()
        if line is not None:
            self._choose(line.text)
        return True

    def _choose(self, name: str, *, take: bool = False) -> None:
        self.name_edit.setText(name)
        self._follow(name)
        if take:
            self._go_on()

    def _follow(self, typed: str) -> None:
        """Choose whose name begins so, ask for the PIN if there is one, and say what is in the way."""
        sought = key(typed)
        beginning = [name for name in self._people if sought and key(name).startswith(sought)]
        self.people_list.choose(beginning[0] if beginning else None)
        person = self._people.get(self.name())
        for widget in (self.pin_label, self.pin_edit):
            widget.setVisible(person is not None and person.has_pin)
        self.new_label.set_look(tone="dim")
        self.new_label.setText(self._remark(typed.strip(), person) if sought else "")
        self.sit_button.setEnabled(bool(sought) and (not self._only_pins() or (person is not None and person.has_pin)))

    def _remark(self, typed: str, person: Person | None) -> str:
        if person is None and self._only_pins():
            return self.tr("Nobody here is called {name}. The owner adds people under Users.").format(name=typed)
        if person is None:
            return self.tr("{name} is new here and joins as front desk; the owner can change that.").format(name=typed)
        if not person.has_pin and self._only_pins():
            return self.tr("{name} has no PIN yet, and this desk is closed with one.").format(name=person.name)
        return ""

    def _only_pins(self) -> bool:
        return self._last is not None and self._last.has_pin

    def _go_on(self) -> None:
        if not self.sit_button.isEnabled():
            return
        name, pin, prove = self.name(), self.pin_edit.text(), self._prove
        person = self._people.get(name)
        if person is None or not person.has_pin:
            self.decided.emit(name)
        elif not pin:
            self.take_focus()
        else:
            self.sit_button.setEnabled(False)
            self._tasks.run(self, lambda: prove(name, pin), lambda _: self.decided.emit(name), self._refused)

    def _refused(self, error: StudioError) -> None:
        self.pin_edit.clear()
        self._follow(self.name_edit.text())
        self.complain(str(error))
        self.take_focus()


class WhoSitsHereDialog(QDialog):
    """The same question before there is a window to work in."""

    def __init__(
        self,
        people: Sequence[Person],
        prove: Prove,
        tasks: BackgroundTasks,
        last: Person | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(QApplication.applicationName())
        self.question = WhoSitsHere(people, prove, tasks, last, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.question)
        self.resize(theme.scaled(WIDTH), theme.scaled(HEIGHT))
        self.question.decided.connect(lambda _: self.accept())
        self.question.cancel_button.clicked.connect(self.reject)
        self.question.take_focus()

    def name(self) -> str:
        """Who was decided on."""
        return self.question.name()
