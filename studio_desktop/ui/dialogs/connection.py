"""The studio's server: where it is, who asks, and a test that says what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QSpinBox, QWidget

from studio_desktop.domain.errors import InvalidInput, StudioError
from studio_desktop.ui.form import load_form
from studio_desktop.ui.widgets.buttons import FlatButton
from studio_desktop.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from studio_desktop.ui.background import BackgroundTasks


@dataclass(frozen=True, slots=True)
class Connection:
    """Which studio to open. An empty password leaves it to what this computer knows (keyring, .pgpass)."""

    url: str
    password: str = ""
    keep_password: bool = False


class ServerForm(QWidget):
    """The address of a server with its test; part of the first run's dialog."""

    edited = Signal()

    host_edit: QLineEdit
    port_spin: QSpinBox
    database_edit: QLineEdit
    user_edit: QLineEdit
    password_edit: QLineEdit
    keep_check: QCheckBox
    test_button: FlatButton
    result_label: PlainLabel

    def __init__(self, tasks: BackgroundTasks, url: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from studio_desktop.services.connections import ServerAddress

        self._tasks = tasks
        load_form(self, "connection")
        address = ServerAddress.of(url)
        self.host_edit.setText(address.host)
        self.port_spin.setValue(address.port)
        self.database_edit.setText(address.database)
        self.user_edit.setText(address.user)
        self.test_button.clicked.connect(lambda: self.test(lambda _: None))
        for edit in (self.host_edit, self.database_edit, self.user_edit, self.password_edit):
            edit.textEdited.connect(self._was_edited)
        self.port_spin.valueChanged.connect(self._was_edited)

    def connection(self) -> Connection:
        """What is typed. Raises InvalidInput naming the part that is missing."""
        from studio_desktop.services.connections import ServerAddress

        address = ServerAddress(
            self.host_edit.text(), self.database_edit.text(), self.user_edit.text(), self.port_spin.value()
        )
        return Connection(address.url(), self.password_edit.text(), self.keep_check.isChecked())

    def test(self, works: Callable[[Connection], None]) -> None:
        """Look whether it answers and say what is there or what is wrong; `works` is called when it does."""
        from studio_desktop.services.connections import look, password_for

        try:
            typed = self.connection()
        except InvalidInput as error:
            self._say("red", str(error))
            edit = self.findChild(QLineEdit, f"{error.field}_edit")
            if isinstance(edit, QLineEdit):
                edit.setFocus()
            return

        def answered(sentence: str) -> None:
            self._say("green", sentence)
            works(typed)

        def failed(error: StudioError) -> None:
            self._say("red", str(error))

        self._say("dim", self.tr("Asking {host}…").format(host=self.host_edit.text().strip()))
        self.test_button.setEnabled(False)
        self._tasks.run(
            self,
            lambda: look(typed.url, typed.password or password_for(typed.url)),
            answered,
            failed,
            lane="pool",
            always=lambda: self.test_button.setEnabled(True),
        )

    def _was_edited(self) -> None:
        self._say("dim", "")
        self.edited.emit()

    def _say(self, tone: str, text: str) -> None:
        self.result_label.set_look(tone=tone)
        self.result_label.setText(text)
