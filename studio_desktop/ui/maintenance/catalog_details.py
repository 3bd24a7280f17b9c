"""All fields of the chosen row of a maintained list, as a form beside its grid; each is kept when it is left."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.fields import Kind
from studio_desktop.services.catalogs import Catalog, CatalogField, CatalogRow
from studio_desktop.ui import theme
from studio_desktop.ui.choices import offered
from studio_desktop.ui.form import dress_form
from studio_desktop.ui.maintenance.field_edit import RedEdge, edit_for, show_value, typed_value
from studio_desktop.ui.page import Shell
from studio_desktop.ui.widgets.combo_box import ComboBox
from studio_desktop.ui.widgets.marks import dot_icon
from studio_desktop.ui.widgets.panels import SectionHeading
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.ticks import TickBox


class CatalogDetails(QWidget):
    """Shows a row's fields and gives out what a person makes of them, one field at a time."""

    value_wanted = Signal(object, str, object)
    """A row shall have another value: the row as it was read, the field, the value."""
    fault_found = Signal(str)
    """What was typed is no value, and how to mend it; empty when it is mended."""
    row_wanted = Signal(int)
    """A value typed for this row was refused, and another row is shown."""

    def __init__(self, shell: Shell, catalog: Catalog, parent: QWidget, *, read_only: bool) -> None:
        super().__init__(parent)
        self._shell = shell
        self._row: CatalogRow | None = None
        self._base: dict[str, CatalogRow] = {}
        self._sent: dict[tuple[int, str], str] = {}
        self._refused: dict[str, str] = {}
        self._edits: dict[str, QLineEdit] = {}
        self._edges: dict[str, RedEdge] = {}
        self._combos: dict[str, QComboBox] = {}
        self._checks: dict[str, QCheckBox] = {}
        self._fields = {field.name: field for field in catalog.fields if field.name != "inactive"}
        self._read_only = read_only
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(SectionHeading(self, self.tr("Details")), 0, 0, 1, 2)
        for field in self._fields.values():
            self._add(field)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        dress_form(self)
        self._follow_theme()
        self.show_row(None)

    def show_row(self, row: CatalogRow | None) -> None:
        """Show a row; what is being typed for the same row stays as it is typed."""
        is_other = row is None or self._row is None or row.id != self._row.id
        if is_other:
            self.commit()
            self._refused.clear()
        for name in self._fields:
            if is_other or row is None or not self._is_touched(name):
                self._show(name, row)
        self._row = row
        self.setEnabled(row is not None)

    def commit(self) -> None:
        """Send everything that is typed to be kept."""
        for name in self._edits:
            self._send(name)

    def is_open(self) -> bool:
        """Whether something typed is not kept."""
        return self._row is not None and any(self._is_touched(name) for name in self._edits)

    def take_focus(self, name: str = "description") -> None:
        """Into a field."""
        self._edits[name].setFocus(Qt.FocusReason.OtherFocusReason)
        self._edits[name].selectAll()

    def kept(self, row: CatalogRow, field: str) -> None:
        """The value stands in `row` now."""
        self._sent.pop((row.id, field), None)
        if self._row is not None and self._row.id == row.id:
            self._row = row
            self._refused.pop(field, None)
            self._show(field, row)

    def refused(self, row_id: int, field: str, theirs: CatalogRow | None = None) -> None:
        """The value cannot be kept: show it again, marked, with the row it was typed for."""
        typed = self._sent.pop((row_id, field), None)
        if self._row is None or self._row.id != row_id:
            self.row_wanted.emit(row_id)
        if typed is None or self._row is None or self._row.id != row_id:
            return
        edit = self._edits[field]
        edit.setText(typed)
        self._base[field] = theirs or self._base[field]
        self._refused[field] = typed
        self._edges[field].show()
        self._edges[field].raise_()
        edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter keeps what is typed, Esc forgets it."""
        name = next((name for name, edit in self._edits.items() if edit is watched), None)
        if name is None or event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _HELD:
            self._send(name)
            self._edits[name].selectAll()
            return True
        if event.key() == Qt.Key.Key_Escape and self._is_touched(name):
            self._refused.pop(name, None)
            self._show(name, self._row)
            self.fault_found.emit("")
            return True
        return False

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_grid"):
            self._follow_theme()

    def _add(self, field: CatalogField) -> None:
        place = self._grid.rowCount()
        if field.kind is Kind.FLAG:
            check = TickBox(field.title, self)
            check.setEnabled(not self._read_only)
            check.clicked.connect(lambda on: self._want(field.name, on))
            self._checks[field.name] = check
            self._grid.addWidget(check, place, 1)
            return
        is_chosen = field.kind in (Kind.CHOICE, Kind.REFERENCE)
        widget: QWidget = self._combo(field) if is_chosen else self._edit(field)
        title = self.tr("Default duration") if field.name == "default_duration" else field.title
        label = PlainLabel(title, self)
        label.setBuddy(widget)
        widget.setAccessibleName(title)
        self._grid.addWidget(label, place, 0)
        if field.kind is Kind.TEXT:
            self._grid.addWidget(widget, place, 1)
            return
        line = QHBoxLayout()
        self._grid.addLayout(line, place, 1)
        line.setSpacing(8)
        line.addWidget(widget)
        unit = PlainLabel(self._unit(field), self, tone="dim")
        unit.setWordWrap(True)
        line.addWidget(unit, 1)

    def _edit(self, field: CatalogField) -> QLineEdit:
        edit = edit_for(field, self._shell, self)
        edit.setReadOnly(self._read_only)
        edit.installEventFilter(self)
        edit.editingFinished.connect(lambda: self._left(field.name))
        edit.textEdited.connect(lambda _: self._mend(field.name))
        self._edits[field.name] = edit
        self._edges[field.name] = RedEdge(edit)
        return edit

    def _combo(self, field: CatalogField) -> QComboBox:
        combo = ComboBox(self)
        combo.setEnabled(not self._read_only)
        for choice in field.choices:
            combo.addItem(choice.capitalize(), choice)
            if field.name == "colour":
                combo.setItemIcon(combo.count() - 1, dot_icon(choice))
        combo.activated.connect(lambda at: self._want(field.name, combo.itemData(at)))
        self._combos[field.name] = combo
        return combo

    def _unit(self, field: CatalogField) -> str:
        if field.unit != "days":
            return field.unit
        if self._shell.preferences.business_days:
            return self.tr("business days, counted from the day it is set")
        return self.tr("days, counted from the day it is set")

    def _show(self, name: str, row: CatalogRow | None) -> None:
        value: Any = None if row is None else row.values[name]
        if row is not None:
            self._base[name] = row
        if name in self._edits:
            show_value(self._edits[name], value)
            self._edges[name].hide()
        elif name in self._checks:
            self._checks[name].setChecked(bool(value))
        else:
            if self._fields[name].kind is Kind.REFERENCE:
                self._offer(name, value)
            self._combos[name].setCurrentIndex(self._combos[name].findData(value))

    def _offer(self, name: str, shown: int | None) -> None:
        """The rows that can be referred to by now, and none of them."""
        combo = self._combos[name]
        combo.clear()
        combo.addItem("", None)
        for row_id, text, _ in offered(self._shell.choices[self._fields[name].of], shown):
            combo.addItem(text, row_id)

    def _is_touched(self, name: str) -> bool:
        if name not in self._edits or name not in self._base:
            return False
        try:
            value = typed_value(self._fields[name], self._edits[name])
        except InvalidInput:
            return True
        return bool(value != self._base[name].values[name])

    def _left(self, name: str) -> None:
        """The cursor left the field; what was refused is not sent a second time by that."""
        if self._edits[name].text() != self._refused.get(name):
            self._send(name)

    def _send(self, name: str) -> None:
        if self._row is None or self._read_only or not self._is_touched(name):
            return
        row_id, text = self._row.id, self._edits[name].text()
        key = (row_id, name)
        if self._sent.get(key) == text:
            return
        try:
            value = typed_value(self._fields[name], self._edits[name])
        except InvalidInput as fault:
            self._sent[key] = text
            self.fault_found.emit(str(fault))
            # Another row may be about to be shown; it goes back once that is done.
            QTimer.singleShot(0, self, lambda: self.refused(row_id, name))
            return
        self._sent[key] = text
        self.value_wanted.emit(self._base[name], name, value)

    def _want(self, name: str, value: Any) -> None:
        if self._row is not None and value != self._row.values[name]:
            self.value_wanted.emit(self._row, name, value)

    def _mend(self, name: str) -> None:
        if self._refused.pop(name, None) is not None:
            self._edges[name].hide()
            self.fault_found.emit("")

    def _follow_theme(self) -> None:
        for name, edit in self._edits.items():
            if self._fields[name].kind is Kind.NUMBER:
                edit.setFixedWidth(theme.scaled(56))
        for combo in self._combos.values():
            combo.setFixedWidth(theme.scaled(130))


_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
