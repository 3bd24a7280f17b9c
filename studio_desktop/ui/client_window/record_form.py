"""A part of the client's record on the screen: plain fields by the binder, rows and pickers by editors of their own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from studio_desktop.domain.errors import InvalidFields, InvalidInput
from studio_desktop.domain.fields import specs
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.ui.binder import FormBinder
from studio_desktop.ui.bound_fields import Choices
from studio_desktop.ui.widgets.flash import flash
from studio_desktop.ui.widgets.rows_editor import Faults, inside


class FieldEditor(Protocol):
    """Edits fields that no plain widget can show."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The record's fields that it edits."""

    @property
    def edited(self) -> SignalInstance:
        """Emitted when a person changed them."""

    def show_record(self, record: ClientRecord) -> None:
        """Show what the record holds."""

    def read_into(self, record: ClientRecord) -> ClientRecord:
        """The record with what is shown; raises `InvalidFields` with paths that begin with the field."""

    def texts(self) -> Any:
        """What stands there, half typed or not (JSON)."""

    def restore(self, texts: Any) -> None:
        """Bring back what `texts` gave."""

    def mark(self, faults: Faults, *, focus: bool = True) -> bool:
        """Show faults of the fields; whether there was one to show."""

    def clear_marks(self) -> None:
        """Take all marks away."""

    def set_read_only(self, read_only: bool) -> None:
        """Show the fields without letting anybody type."""


class RecordForm(QObject):
    """Shows, reads and marks some fields of the client; every other field passes through untouched."""

    edited = Signal(str)
    """A person changed the field of this name."""

    def __init__(self, form: QWidget, formats: Formats, today: Callable[[], date]) -> None:
        """`form` holds the plain fields by their names; what shows the others comes by `add`.

        Make it before anything is put into the form whose own fields have such names too: a family member's birthday.
        """
        super().__init__(form)
        self.binder = FormBinder(form, ClientRecord, formats, today)
        self.editors: tuple[FieldEditor, ...] = ()
        self.binder.edited.connect(self.edited)

    def add(self, *editors: FieldEditor) -> None:
        """Let these edit what no plain field can show."""
        self.editors += editors
        for editor in editors:
            editor.edited.connect(lambda name=editor.fields[0]: self.edited.emit(name))

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields edited here."""
        written = [name for name in self.binder.fields if not specs(ClientRecord)[name].derived]
        return (*written, *(name for editor in self.editors for name in editor.fields))

    def show(self, record: ClientRecord, keep: Collection[str] = ()) -> None:
        """Show the record but for the fields in `keep`, which stay as they are, cursor and all."""
        self.binder.fill(record, keep)
        for editor in self.editors:
            if not set(editor.fields) & set(keep):
                editor.show_record(record)

    def read(self, base: ClientRecord) -> ClientRecord:
        """`base` with what stands here. Raises `InvalidFields`."""
        faults: dict[str, InvalidInput] = {}
        record = base
        for editor in self.editors:
            try:
                record = editor.read_into(record)
            except InvalidFields as unclean:
                faults |= unclean.faults
        try:
            record = self.binder.read(record)
        except InvalidFields as unclean:
            faults |= unclean.faults
        if faults:
            raise InvalidFields(faults)
        return record

    def changed(self, base: ClientRecord) -> tuple[str, ...]:
        """The fields that hold something else than `base`, unreadable ones included."""
        changed = list(self.binder.changed_fields(base))
        for editor in self.editors:
            try:
                mine = editor.read_into(base)
            except InvalidFields:
                changed += editor.fields
                continue
            changed += [name for name in editor.fields if getattr(mine, name) != getattr(base, name)]
        return tuple(changed)

    def texts(self) -> dict[str, Any]:
        """All that stands here, half typed or not (JSON)."""
        return self.binder.texts() | {editor.fields[0]: editor.texts() for editor in self.editors}

    def restore(self, texts: Mapping[str, Any]) -> None:
        """Bring back what `texts` gave, or a part of it."""
        self.binder.restore(texts)
        for editor in self.editors:
            if editor.fields[0] in texts:
                editor.restore(texts[editor.fields[0]])

    def mark(self, error: InvalidFields, *, focus: bool = True) -> bool:
        """Show the faults of the fields that are edited here; whether there was one to show."""
        plain = {name: fault for name, fault in error.faults.items() if name in self.binder}
        if plain:
            self.binder.mark(InvalidFields(plain), focus=focus)
        marked = bool(plain)
        for editor in self.editors:
            for field in editor.fields:
                own = inside(error.faults, field)
                if own:
                    marked = editor.mark(own, focus=focus and not marked) or marked
        return marked

    def clear_marks(self) -> None:
        """Take all marks away."""
        self.binder.clear_marks()
        for editor in self.editors:
            editor.clear_marks()

    def set_read_only(self, read_only: bool) -> None:
        """Show the fields without letting anybody type."""
        self.binder.set_read_only(read_only)
        for editor in self.editors:
            editor.set_read_only(read_only)

    def set_choices(self, field: str, choices: Choices, blank: str | None = "") -> None:
        """Offer these lines in the field's combo box."""
        self.binder.set_choices(field, choices, blank)

    def widget(self, field: str) -> QWidget | None:
        """What shows the field; None where there is nothing of the kind."""
        with suppress(KeyError):
            return self.binder.widget(field)
        for editor in self.editors:
            if field in editor.fields and isinstance(editor, QWidget):
                return editor
        return None

    def flash(self, fields: Iterable[str]) -> None:
        """Let the fields that another desk changed light up once."""
        for field in fields:
            widget = self.widget(field)
            if widget is not None and widget.isVisible():
                flash(widget)
