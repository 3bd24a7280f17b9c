"""Who sits at this desk: one of the studio's people, or somebody new (DECISIONS 25)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget

from studio_desktop.domain.names import key
from studio_desktop.ui.form import load_form
from studio_desktop.ui.widgets.buttons import FlatButton, PrimaryButton
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.plain_list import Line, PlainList


class WhoSitsHereDialog(QDialog):
    """A list to choose from and a line to type into; typing chooses the name that begins so."""

    people_list: PlainList
    name_edit: QLineEdit
    new_label: PlainLabel
    cancel_button: FlatButton
    sit_button: PrimaryButton

    def __init__(self, people: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_form(self, "who_sits_here")
        self._people = list(people)
        self.people_list.show_lines([Line(name, name, icon="person") for name in self._people])
        self.people_list.clicked.connect(lambda index: self._choose(index.data()))
        self.people_list.taken.connect(lambda _: self.accept())
        self.name_edit.textEdited.connect(self._follow)
        self.name_edit.installEventFilter(self)
        self.sit_button.clicked.connect(self.accept)
        self.sit_button.setDefault(True)
        self.cancel_button.clicked.connect(self.reject)
        self._follow("")
        self.name_edit.setFocus()

    def name(self) -> str:
        """The person chosen in the list, else the new name that is typed."""
        chosen = self.people_list.current()
        return chosen.text if chosen is not None else self.name_edit.text().strip()

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

    def _choose(self, name: str) -> None:
        self.name_edit.setText(name)
        self._follow(name)

    def _follow(self, typed: str) -> None:
        sought = key(typed)
        beginning = [name for name in self._people if sought and key(name).startswith(sought)]
        self.people_list.choose(beginning[0] if beginning else None)
        sentence = self.tr("{name} is new here and joins as front desk; the owner can change that.")
        self.new_label.setText(sentence.format(name=typed.strip()) if sought and not beginning else "")
        self.sit_button.setEnabled(bool(sought))
