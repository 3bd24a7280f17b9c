"""Binds the widgets of a form to the fields of a record.

The widgets carry the record's field names (`last_name_edit` shows `last_name`): one binder serves all forms.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from studio_desktop.domain import fields
from studio_desktop.domain.errors import InvalidFields, InvalidInput
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.text import clean_record
from studio_desktop.ui.bound_fields import Bound, Choices, ComboBound, NoteBound, bound_to
from studio_desktop.ui.form import FormError
from studio_desktop.ui.widgets.fault_mark import FaultMark

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")


class FormBinder(QObject, Generic[Record]):
    """Fills a form from a record and reads it back.

    A field of the record belongs to the child named after it with a suffix: `last_name_edit`, `birthday_edit`,
    `status_id_combo`, `do_not_call_check`, `text_edit`. Fields without a widget stay what they are.
    """

    edited = Signal(str)
    """A person changed the field of this name."""

    def __init__(
        self,
        form: QWidget,
        record_class: type[Record],
        formats: Formats,
        today: Callable[[], date],
        *,
        around: QWidget | None = None,
    ) -> None:
        """`around` is what faults are shown in where the form itself is too small for that: one line of a list."""
        super().__init__(form)
        self._form = form
        self._around = around
        self._class = record_class
        self._filled: Record | None = None
        self._filling = False
        self._bound: dict[str, Bound] = {}
        self._marks: dict[str, FaultMark] = {}
        for name, spec in fields.specs(record_class).items():
            widget = _widget_of(form, name)
            if widget is not None:
                self._bind(bound_to(widget, spec, formats, today))

    def __contains__(self, field: str) -> bool:
        return field in self._bound

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields this form shows."""
        return tuple(self._bound)

    def widget(self, field: str) -> QWidget:
        """The widget of a field; KeyError if the form does not show it."""
        widget: QWidget = self._bound[field].widget
        return widget

    def set_choices(self, field: str, choices: Choices, blank: str | None = "") -> None:
        """Offer these lines in the field's combo box; the one chosen stays chosen.

        `blank` is the text of the line for nothing; None leaves that line out.
        """
        bound = self._bound[field]
        if not isinstance(bound, ComboBound):
            raise FormError(f"{bound.widget.objectName()} is no combo box")
        with self._quietly():
            bound.offer(choices, blank)

    def fill(self, record: Record, keep: Collection[str] = ()) -> None:
        """Show the record; a field that shows its value already is left alone, with cursor and selection.

        The fields in `keep` are left alone whatever they show.
        """
        self._filled = record
        with self._quietly():
            for name, bound in self._bound.items():
                if name not in keep:
                    bound.show(getattr(record, name))
                    self._unmark(name)

    def read(self, base: Record) -> Record:
        """`base` with what the form shows, cleaned, the text of the field with the cursor included.

        Raises `InvalidFields` for what cannot be kept as it is.
        """
        values: dict[str, Any] = {}
        faults: dict[str, InvalidInput] = {}
        for name, bound in self._bound.items():
            if bound.spec.derived:
                continue
            try:
                values[name] = bound.value()
            except InvalidInput as fault:
                faults[name] = fault
        try:
            record = clean_record(dataclasses.replace(base, **values))
        except InvalidFields as unclean:
            raise InvalidFields({**unclean.faults, **faults}) from None
        if faults:
            raise InvalidFields(faults)
        return record

    def changed_fields(self, base: Record) -> tuple[str, ...]:
        """The names of the fields that show something else than `base` holds, unreadable ones included."""
        return tuple(name for name, bound in self._bound.items() if bound.differs(getattr(base, name)))

    def modified(self, base: Record) -> bool:
        """Whether anything was changed; told from the widgets themselves, so that nothing typed is overlooked."""
        return bool(self.changed_fields(base))

    def texts(self) -> dict[str, Any]:
        """What stands in the form, half typed or not, as a draft keeps it (JSON)."""
        return {name: bound.raw() for name, bound in self._bound.items() if not bound.spec.derived}

    def restore(self, texts: Mapping[str, Any]) -> None:
        """Put back what `texts` gave; what the form does not know is left out."""
        with self._quietly():
            for name in texts.keys() & self._bound.keys():
                self._bound[name].set_raw(texts[name])

    def set_read_only(self, read_only: bool) -> None:
        """Show the record without letting anybody type."""
        for bound in self._bound.values():
            bound.set_read_only(read_only or bound.spec.derived)

    def mark(self, error: InvalidInput, *, focus: bool = True) -> str:
        """Show each fault at its field and put the cursor into the first; gives the sentences of fields not shown."""
        faults = error.faults if isinstance(error, InvalidFields) else {error.field or "": error}
        for name, fault in faults.items():
            if name in self._bound:
                self._mark(name, str(fault))
        marked = [bound.widget for name, bound in self._bound.items() if name in faults]
        if focus and marked:
            min(marked, key=self._place).setFocus(Qt.FocusReason.OtherFocusReason)
        return " ".join(str(fault) for name, fault in faults.items() if name not in self._bound)

    def clear_marks(self) -> None:
        """Take all marks away."""
        for name in list(self._marks):
            self._unmark(name)

    def _bind(self, bound: Bound) -> None:
        name = bound.spec.name
        self._bound[name] = bound
        bound.on_edit(lambda: self._was_edited(name))
        bound.on_leave(lambda: self._check(name))
        if isinstance(bound, NoteBound):
            bound.on_no_room(lambda sentence: self._mark(name, sentence))
        if bound.spec.derived:
            bound.set_read_only(True)

    def _was_edited(self, name: str) -> None:
        if self._filling:
            return
        self._unmark(name)
        if self._bound[name].is_full():
            self._check(name)
        self.edited.emit(name)

    def _check(self, name: str) -> None:
        """The rules that need no database, when the cursor leaves."""
        bound = self._bound[name]
        if self._filled is None or bound.spec.derived or not bound.differs(getattr(self._filled, name)):
            return
        try:
            clean_record(dataclasses.replace(self._filled, **{name: bound.value()}))
        except InvalidFields as unclean:
            if name in unclean.faults:
                self._mark(name, str(unclean.faults[name]))
        except InvalidInput as fault:
            self._mark(name, str(fault))

    def _mark(self, name: str, sentence: str) -> None:
        self._unmark(name)
        self._marks[name] = FaultMark(self._bound[name].widget, sentence, self._around)

    def _unmark(self, name: str) -> None:
        if name in self._marks:
            self._marks.pop(name).remove()

    def _place(self, widget: QWidget) -> tuple[int, int]:
        corner = widget.mapTo(self._form, QPoint(0, 0))
        return corner.y(), corner.x()

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """What changes meanwhile was not changed by a person."""
        self._filling = True
        try:
            yield
        finally:
            self._filling = False


_SUFFIXES = ("edit", "combo", "check", "date", "text", "spin")


def _widget_of(form: QWidget, field: str) -> QWidget | None:
    for suffix in _SUFFIXES:
        widget = form.findChild(QWidget, f"{field}_{suffix}")
        if isinstance(widget, QWidget):
            return widget
    return None
