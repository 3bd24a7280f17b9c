"""The Custom tab: ten texts, two dates and two memos that the studio names itself (S3-15 to S3-18)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.client_window.custom_fields import ON_CUSTOM, name_custom_fields
from studio_desktop.ui.client_window.record_form import RecordForm
from studio_desktop.ui.client_window.tab import Tab, scrolled, tr
from studio_desktop.ui.form import load_form
from studio_desktop.ui.widgets.date_edit import DateEdit

if TYPE_CHECKING:
    from studio_desktop.services.clients import OpenClient
    from studio_desktop.ui.page import Shell


class CustomTab(Tab):
    """Custom fields beyond those of the General tab."""

    name = "custom"

    def __init__(self, shell: Shell, client_id: int, parent: QWidget) -> None:
        super().__init__(shell, client_id, parent)
        self.body = CustomBody()
        self.form = RecordForm(self.body, shell.formats, shell.services.desk.clock.today)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(self.body, self))

    @classmethod
    def text(cls) -> str:
        """Custom."""
        return tr("Custom")

    def show_client(self, opened: OpenClient, keep: Iterable[str] = ()) -> None:
        """Show the fields by the names they have by now."""
        name_custom_fields(self.body, ON_CUSTOM, self.shell.preferences)
        super().show_client(opened, keep)

    def take_focus(self) -> None:
        """Begin with the first text."""
        self.body.custom_text_5_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)


class CustomBody(QWidget):
    """The form inside the scrolling area."""

    custom_text_5_edit: QLineEdit
    custom_memo_1_edit: QPlainTextEdit
    column_a: QWidget

    def __init__(self) -> None:
        super().__init__()
        load_form(self, "custom_tab")
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "column_a"):
            self._fit()

    def _fit(self) -> None:
        self.column_a.setFixedWidth(theme.scaled(440))
        for dated in self.findChildren(DateEdit):
            dated.setFixedWidth(theme.scaled(128))
