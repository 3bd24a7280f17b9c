"""Who works here, what each may do, and their PINs; who does not manage users finds herself alone (B19, E19)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from studio_desktop.domain.errors import DatabaseUnavailable, InvalidInput, StudioError
from studio_desktop.domain.permissions import Permission, Role
from studio_desktop.services import new_request
from studio_desktop.services.users import Person
from studio_desktop.ui import theme
from studio_desktop.ui.form import load_form
from studio_desktop.ui.page import Sheet, Shell
from studio_desktop.ui.widgets.buttons import FlatButton, PrimaryButton
from studio_desktop.ui.widgets.fault_mark import FaultMark
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.plain_list import Line, PlainList

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.services import Saved

_NOBODY = Person(0, "", Role.FRONT_DESK)


class UsersSheet(Sheet):
    """The people at the left, the chosen one at the right. A PIN that is typed is in no draft."""

    name = "users"

    people_list: PlainList
    name_edit: QLineEdit
    role_combo: QComboBox
    inactive_tick: QCheckBox
    current_label: PlainLabel
    current_edit: QLineEdit
    pin_edit: QLineEdit
    again_edit: QLineEdit
    note_label: PlainLabel
    new_button: FlatButton
    forget_button: FlatButton
    save_button: PrimaryButton

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self._people: dict[int, Person] = {}
        self._shown = _NOBODY
        self._request = new_request()
        self._mark: FaultMark | None = None
        self._manages = shell.services.desk.may(Permission.USERS)
        load_form(self, "users_sheet")
        for role, text in (
            (Role.OWNER, self.tr("Owner: everything")),
            (Role.MANAGER, self.tr("Manager: all but users, erasing and restoring")),
            (Role.FRONT_DESK, self.tr("Front desk: daily work")),
            (Role.VIEWER, self.tr("Viewer: look, and change nothing")),
        ):
            self.role_combo.addItem(text, role)
        self.people_list.current_changed.connect(self._choose)
        self.people_list.taken.connect(lambda _: self.take_focus())
        self.new_button.clicked.connect(self._begin_new)
        self.forget_button.clicked.connect(lambda: self._save(""))
        self.save_button.clicked.connect(self.finish)
        for field in (self.name_edit, self.role_combo, self.inactive_tick):
            field.setEnabled(self._manages)
        self.new_button.setVisible(self._manages)
        self.people_list.setVisible(self._manages)
        self._show(_NOBODY)
        self._read(shell.services.desk.user_id)

    def title(self) -> str:
        """Users, or for who does not manage them the own PIN."""
        return self.tr("Users") if self._manages else self.tr("Your PIN")

    def finish(self) -> None:
        """Save who is shown; the sheet stays for the next one."""
        self._save(self.pin_edit.text() or None)

    def state(self) -> dict[str, Any]:
        """Whose facts are changed, and to what; never a PIN."""
        typed = self._typed()
        if typed == self._shown:
            return {}
        return {"id": typed.id, "name": typed.name, "role": typed.role.value, "inactive": typed.inactive}

    def restore(self, state: dict[str, Any]) -> None:
        """Bring back what `state` gave."""
        self._shown = self._people.get(state["id"], replace(_NOBODY, id=state["id"]))
        self._fill(Person(state["id"], state["name"], Role(state["role"]), inactive=state["inactive"]))

    def take_focus(self) -> None:
        """Into the name, or for who does not manage users into the PIN."""
        first = self.current_edit if self.current_edit.isVisibleTo(self) else self.pin_edit
        (self.name_edit if self._manages else first).setFocus(Qt.FocusReason.OtherFocusReason)

    def sizeHint(self) -> QSize:
        """Some people and six fields."""
        return QSize(theme.scaled(760), theme.scaled(310))

    def refresh(self, changes: Changes) -> None:
        """Another desk changed who works here."""
        if changes.touches("user"):
            self._read(self._shown.id)

    def _read(self, wanted: int) -> None:
        users = self.shell.services.users
        everyone = users.everyone if self._manages else users.all
        self.shell.tasks.latest(self, "people", everyone, lambda people: self._take(people, wanted))

    def _take(self, people: list[Person], wanted: int) -> None:
        self._people = {one.id: one for one in people}
        found = self._people.get(wanted, _NOBODY)
        if found != self._shown and not self._is_begun():
            self._show(found)
        self.people_list.blockSignals(True)
        self.people_list.show_lines([self._line(one) for one in people], self._shown.id)
        self.people_list.blockSignals(False)

    def _line(self, person: Person) -> Line:
        told = [person.role.value.capitalize(), *([self.tr("PIN")] if person.has_pin else [])]
        aside = self.tr("works here no longer") if person.inactive else " · ".join(told)
        return Line(person.id, person.name, aside, icon="person", faint=person.inactive)

    def _choose(self) -> None:
        line = self.people_list.current()
        if line is not None and line.value != self._shown.id:
            self._show(self._people[line.value])

    def _begin_new(self) -> None:
        self.people_list.choose(None)
        self._show(_NOBODY)
        self.name_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, person: Person) -> None:
        self._shown = person
        self._request = new_request()
        self._fill(person)
        for edit in (self.current_edit, self.pin_edit, self.again_edit):
            edit.clear()

    def _fill(self, person: Person) -> None:
        self._unmark()
        self.name_edit.setText(person.name)
        self.role_combo.setCurrentIndex(self.role_combo.findData(person.role))
        self.inactive_tick.setChecked(person.inactive)
        is_own = self._shown.id == self.shell.services.desk.user_id
        for widget in (self.current_label, self.current_edit):
            widget.setVisible(is_own and self._shown.has_pin)
        self.forget_button.setVisible(self._shown.has_pin)
        self.note_label.setText(self._note())

    def _note(self) -> str:
        if not self._shown.has_pin:
            return self.tr("Without a PIN, Enter opens a locked desk. With one, only who has a PIN comes in there.")
        return self.tr("A PIN is asked for at the start and at a locked desk. Leave it empty to keep the one there is.")

    def _typed(self) -> Person:
        return replace(
            self._shown,
            name=self.name_edit.text().strip(),
            role=Role(self.role_combo.currentData()),
            inactive=self.inactive_tick.isChecked(),
        )

    def _is_begun(self) -> bool:
        return bool(self.state()) or any(edit.text() for edit in (self.current_edit, self.pin_edit, self.again_edit))

    def _save(self, pin: str | None) -> None:
        self._unmark()
        if pin and pin != self.again_edit.text():
            self._complain(self.again_edit, self.tr("This is not the same PIN. Type it once more."))
            return
        users, request = self.shell.services.users, self._request
        person, current = self._typed(), self.current_edit.text()

        def done(saved: Saved[Person]) -> None:
            self._show(saved.result)
            self.shell.saved(self.tr("Saved {name}").format(name=saved.result.name), saved.changes, undoable=False)
            self._read(saved.result.id)

        work = lambda: users.save(person, request, pin=pin, current_pin=current)  # noqa: E731
        self.shell.tasks.run(self, work, done, self._failed)

    def _failed(self, error: StudioError) -> None:
        self._request = new_request()
        fields: dict[str | None, QWidget] = {
            "name": self.name_edit, "role": self.role_combo, "inactive": self.inactive_tick,
            "pin": self.pin_edit, "current_pin": self.current_edit,
        }  # fmt: skip
        if isinstance(error, InvalidInput) and error.field in fields:
            self._complain(fields[error.field], str(error))
        else:
            self.shell.failed(error, self.finish if isinstance(error, DatabaseUnavailable) else None)

    def _complain(self, field: QWidget, sentence: str) -> None:
        self._mark = FaultMark(field, sentence, self)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _unmark(self) -> None:
        if self._mark is not None:
            self._mark.remove()
            self._mark = None
