"""Editors for the fields of a maintained list, wherever they stand: in a cell, in the row for new ones, in details."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.fields import Kind
from studio_desktop.services.catalogs import CatalogField
from studio_desktop.ui.page import Shell
from studio_desktop.ui.widgets.date_edit import DateEdit
from studio_desktop.ui.widgets.marks import paint_fault_edge


def typed_value(field: CatalogField, edit: QLineEdit) -> Any:
    """What stands in an editor of this field. Raises `InvalidInput` with the cure."""
    if isinstance(edit, DateEdit):
        return edit.day()
    text = edit.text().strip()
    if field.kind is not Kind.NUMBER:
        return text
    try:
        return int(text) if text else None
    except ValueError:
        cure = "{title} is a whole number, as in 14, or empty."
        raise InvalidInput(cure, field=field.name, title=field.title) from None


def edit_for(field: CatalogField, shell: Shell, parent: QWidget) -> QLineEdit:
    """An editor for a field that is typed."""
    if field.kind is Kind.DAY:
        day = DateEdit(parent)
        day.use(shell.formats, shell.services.desk.clock.today)
        return day
    edit = QLineEdit(parent)
    edit.setTextMargins(3, 0, 0, 0)
    if field.kind is Kind.NUMBER:
        edit.setAlignment(Qt.AlignmentFlag.AlignRight)
    return edit


def show_value(edit: QLineEdit, value: Any) -> None:
    """Show a stored value in an editor."""
    if isinstance(edit, DateEdit):
        edit.set_day(value)
        return
    text = "" if value is None else str(value)
    if text != edit.text():
        edit.setText(text)
        if not edit.hasFocus():
            edit.setCursorPosition(0)


class RedEdge(QWidget):
    """A red edge over an editor whose text cannot be kept."""

    def __init__(self, edit: QWidget) -> None:
        super().__init__(edit)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        edit.installEventFilter(self)
        self.resize(edit.size())
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the size of the editor."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.resize(watched.size())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        paint_fault_edge(QPainter(self), QRectF(self.rect()))
