"""Where the studio's data is: asked at the first start, and whenever it cannot be opened there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from studio_desktop.ui.dialogs.connection import Connection, ServerForm
from studio_desktop.ui.form import load_form
from studio_desktop.ui.widgets.buttons import FlatButton, PrimaryButton
from studio_desktop.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from studio_desktop.ui.background import BackgroundTasks
    from studio_desktop.ui.prompts import Prompts


class FirstRunDialog(QDialog):
    """On this computer, which is the usual way, or on the studio's server. `chosen` is there once it is accepted."""

    here_radio: QRadioButton
    server_radio: QRadioButton
    file_edit: QLineEdit
    browse_button: FlatButton
    file_result_label: PlainLabel
    server_column: QVBoxLayout
    quit_button: FlatButton
    open_button: PrimaryButton

    def __init__(
        self, tasks: BackgroundTasks, prompts: Prompts, url: str, default_file: Path, parent: QWidget | None = None
    ) -> None:
        """`url` is what was chosen before, or nothing."""
        super().__init__(parent)
        load_form(self, "first_run")
        self._prompts = prompts
        self.chosen: Connection | None = None
        self.server = ServerForm(tasks, url, self)
        self.server_column.addWidget(self.server)
        self.file_edit.setText(url.removeprefix("sqlite:///") if url.startswith("sqlite") else str(default_file))
        self.server_radio.setChecked(url.startswith("postgresql"))
        self.here_radio.toggled.connect(self._follow)
        self.file_edit.textChanged.connect(self._follow)
        self.server.edited.connect(self._follow)
        self.browse_button.clicked.connect(self._browse)
        self.quit_button.clicked.connect(self.reject)
        self.open_button.clicked.connect(self._open)
        self.open_button.setDefault(True)
        self._follow()
        (self.server.host_edit if self.server_radio.isChecked() else self.open_button).setFocus()

    def _follow(self) -> None:
        here = self.here_radio.isChecked()
        for widget in (self.file_edit, self.browse_button):
            widget.setEnabled(here)
        self.server.setEnabled(not here)
        path = Path(self.file_edit.text().strip()).expanduser()
        there = bool(self.file_edit.text().strip()) and path.is_file()
        self.file_result_label.setText(
            self.tr("The studio in this file will be opened.") if there else self.tr("A new studio will be made there.")
        )
        self.file_result_label.setVisible(here)

    def _browse(self) -> None:
        path = Path(self.file_edit.text().strip()).expanduser()
        chosen = self._prompts.save_file(self, self.tr("The studio's file"), self.tr("Studios (*.db)"), path)
        if chosen is not None:
            self.file_edit.setText(str(chosen))

    def _open(self) -> None:
        if self.server_radio.isChecked():
            self.server.test(self._take)
        elif self.file_edit.text().strip():
            path = Path(self.file_edit.text().strip()).expanduser().absolute()
            self._take(Connection(f"sqlite:///{path.as_posix()}"))
        else:
            self.file_edit.setFocus()

    def _take(self, connection: Connection) -> None:
        self.chosen = connection
        self.accept()
