"""The row above a maintained list: what is typed there is added by Enter (E14)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.fields import Kind
from studio_desktop.services import catalogs
from studio_desktop.services.catalogs import Catalog, CatalogField
from studio_desktop.ui import theme
from studio_desktop.ui.form import dress_form
from studio_desktop.ui.maintenance.field_edit import RedEdge, edit_for, show_value, typed_value
from studio_desktop.ui.page import Shell
from studio_desktop.ui.widgets.combo_box import ComboBox
from studio_desktop.ui.widgets.marks import Picture, dot_icon
from studio_desktop.ui.widgets.panels import Panel
from studio_desktop.ui.widgets.ticks import TickBox


class NewRow(Panel):
    """A field for the description, then those for numbers, dates and flags."""

    add_wanted = Signal(dict, object)
    """A row shall be added: its values by field, and the row it belongs to (None for none)."""
    fault_found = Signal(str)
    """What was typed is no value, and how to mend it; empty when it is mended."""
    left_downwards = Signal()
    """Down: on into the list."""
    left = Signal()
    """Esc."""

    def __init__(self, shell: Shell, catalog: Catalog, parent: QWidget, *, asks_parent: bool) -> None:
        super().__init__(parent, "alternate", "b")
        self._shell = shell
        self._catalog = catalog
        self._edits: dict[str, QLineEdit] = {}
        self._edges: dict[str, RedEdge] = {}
        self._checks: dict[str, QCheckBox] = {}
        self._parent_combo = ComboBox(self) if asks_parent else None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 0, 12, 0)
        self._row.setSpacing(8)
        self._row.addWidget(Picture("add", "link", self))
        self._build()
        dress_form(self)
        self._follow_theme()

    @property
    def description_edit(self) -> QLineEdit:
        """Where a new row begins."""
        return self._edits["description"]

    def add_at_end(self, widget: QWidget) -> None:
        """Put something at the right end."""
        self._row.addWidget(widget)

    def offer_parents(self) -> None:
        """Offer the rows that a new one can belong to, as they are now; the chosen one stays chosen."""
        if self._parent_combo is None:
            return
        chosen = self._parent_combo.currentData()
        self._parent_combo.clear()
        for one in self._shell.choices[self._catalog.parent]:
            if not one.inactive:
                self._parent_combo.addItem(dot_icon(one.colour or "slate"), one.text, one.id)
        self._parent_combo.setCurrentIndex(max(self._parent_combo.findData(chosen), 0))

    def choose_parent(self, parent_id: int | None) -> None:
        """Let the next row belong to this one."""
        if self._parent_combo is not None and (at := self._parent_combo.findData(parent_id)) >= 0:
            self._parent_combo.setCurrentIndex(at)

    def take_focus(self) -> None:
        """Into the description."""
        self.description_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.description_edit.selectAll()

    def is_open(self) -> bool:
        """Whether something is typed and not added yet."""
        return any(edit.text().strip() for edit in self._edits.values())

    def commit(self) -> None:
        """Ask for the row that stands here."""
        values: dict[str, Any] = {name: check.isChecked() for name, check in self._checks.items()}
        try:
            for name, edit in self._edits.items():
                values[name] = typed_value(self._catalog.field(name), edit)
        except InvalidInput as fault:
            self.fault_found.emit(str(fault))
            self.refused(fault.field or "description")
            return
        owner = self._parent_combo.currentData() if self._parent_combo is not None else None
        self.add_wanted.emit(values, owner)

    def added(self) -> None:
        """The row is kept: be ready for the next."""
        for name, edit in self._edits.items():
            show_value(edit, None)
            self._edges[name].hide()
        for check in self._checks.values():
            check.setChecked(False)
        if any(field.hasFocus() for field in (*self._edits.values(), *self._checks.values())):
            self.take_focus()

    def refused(self, field: str) -> None:
        """The row cannot be kept because of this field."""
        name = field if field in self._edits else "description"
        self._edges[name].show()
        self._edges[name].raise_()
        self._edits[name].setFocus(Qt.FocusReason.OtherFocusReason)
        self._edits[name].selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of its fields."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _HELD:
            self.commit()
        elif key == Qt.Key.Key_Down and not event.modifiers() & _HELD and isinstance(watched, QLineEdit):
            self.left_downwards.emit()
        elif key == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        else:
            return False
        return True

    def clear(self) -> None:
        """Forget what is typed here."""
        for name, edit in self._edits.items():
            edit.clear()
            self._edges[name].hide()
        self.fault_found.emit("")

    def changeEvent(self, event: QEvent) -> None:
        """Follow the scheme and the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_edits"):
            self._follow_theme()

    def _build(self) -> None:
        if self._parent_combo is not None:
            self._parent_combo.setAccessibleName(catalogs.catalog(self._catalog.parent).singular.capitalize())
            self._parent_combo.setMinimumContentsLength(16)
            self._row.addWidget(self._parent_combo)
            self.offer_parents()
        for field in self._catalog.fields:
            if field.name == "description" or field.kind in (Kind.NUMBER, Kind.DAY):
                self._add_edit(field)
            elif field.kind is Kind.FLAG and field.name != "inactive":
                check = TickBox(field.title, self)
                self._checks[field.name] = check
                check.installEventFilter(self)
                self._row.addWidget(check)
        self._row.addStretch(1)

    def _add_edit(self, field: CatalogField) -> None:
        edit = edit_for(field, self._shell, self)
        edit.setAccessibleName(self.tr("New {row}: {field}").format(row=self._catalog.singular, field=field.title))
        if field.name == "description":
            edit.setPlaceholderText(self.tr("Type a new {row} and press Enter").format(row=self._catalog.singular))
        elif field.unit:
            edit.setPlaceholderText(field.unit)
        edit.installEventFilter(self)
        edit.textEdited.connect(lambda _: self._mend(field.name))
        self._edits[field.name] = edit
        self._edges[field.name] = RedEdge(edit)
        self._row.addWidget(edit, 1000 if field.name == "description" else 0)

    def _mend(self, name: str) -> None:
        if self._edges[name].isVisibleTo(self):
            self._edges[name].hide()
            self.fault_found.emit("")

    def _follow_theme(self) -> None:
        self.setFixedHeight(theme.scaled(32))
        for name, edit in self._edits.items():
            width = {Kind.NUMBER: 64, Kind.DAY: 130}.get(self._catalog.field(name).kind, 250)
            wanted = edit.fontMetrics().horizontalAdvance(edit.placeholderText()) + _BESIDE_TEXT
            edit.setMinimumWidth(max(theme.scaled(min(width, 150)), wanted))
            edit.setMaximumWidth(max(theme.scaled(width), wanted))
            if name != "description":
                edit.setFixedWidth(theme.scaled(width))


_BESIDE_TEXT = 20  # pixels of frame and margins around what is typed
_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
