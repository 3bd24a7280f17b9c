"""The addresses of a client, one shown at a time; a new one may be in force from a day to come (S2-07, B22)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from studio_desktop.domain import addresses
from studio_desktop.domain.errors import InvalidFields, InvalidInput
from studio_desktop.domain.fields import specs
from studio_desktop.domain.records.clients import AddressRow, ClientRecord
from studio_desktop.ui.binder import FormBinder
from studio_desktop.ui.client_window.place_filler import PlaceFiller
from studio_desktop.ui.drafts import pack, unpack
from studio_desktop.ui.widgets.rows_editor import Faults, inside, new_uid

if TYPE_CHECKING:
    from studio_desktop.ui.client_window.header_editor import HeaderEditor
    from studio_desktop.ui.page import Shell


class AddressEditor(QObject):
    """Works on the widgets that the header's form has for an address. The edited field is `addresses`."""

    fields = ("addresses",)
    edited = Signal()

    def __init__(self, form: HeaderEditor, shell: Shell) -> None:
        super().__init__(form)
        self._form = form
        self._formats = shell.formats
        self._today = shell.services.desk.clock.today
        self._rows = [AddressRow(uid=new_uid())]
        self._at = 0
        self._saved: set[str] = set()
        self._binder: FormBinder[AddressRow] = FormBinder(form, AddressRow, self._formats, self._today)
        self._binder.edited.connect(self._was_edited)
        self._filler = PlaceFiller(shell, self._binder)
        form.address_choice_combo.activated.connect(self._switch)
        form.new_address_button.clicked.connect(self.begin_new)

    def show_record(self, record: ClientRecord) -> None:
        """Show the address in force today; the one shown stays shown while it is there."""
        shown = self._rows[self._at].uid
        rows = list(record.addresses)
        self._saved = {row.uid for row in rows}
        current = addresses.current(rows, self._today()) or (rows[0] if rows else None)
        wanted = next((row for row in rows if row.uid == shown), current)
        self._rows = rows or [AddressRow(uid=new_uid())]
        self._at = self._rows.index(wanted) if wanted is not None else 0
        self._show()

    def read_into(self, record: ClientRecord) -> ClientRecord:
        """The record with these addresses, empty ones left out."""
        try:
            rows = [*self._rows]
            rows[self._at] = self._read_shown()
        except InvalidFields as unclean:
            at = len([row for row in self._rows[: self._at] if _filled(row)])
            faults = {f"addresses.{at}.{name}": fault for name, fault in unclean.faults.items()}
            raise InvalidFields(faults) from None
        return dataclasses.replace(record, addresses=tuple(row for row in rows if _filled(row)))

    def texts(self) -> dict[str, Any]:
        """All addresses, and what stands in the form (JSON)."""
        return {"rows": [pack(row) for row in self._rows], "at": self._at, "shown": self._binder.texts()}

    def restore(self, texts: Mapping[str, Any]) -> None:
        """Bring back what `texts` gave."""
        self._rows = [unpack(AddressRow, row) for row in texts["rows"]]
        self._at = texts["at"]
        self._show()
        self._binder.restore(texts["shown"])

    def mark(self, faults: Faults, *, focus: bool = True) -> bool:
        """Show the address that a fault is about, and the fault."""
        filled = [row for at, row in enumerate(self._rows) if _filled(row) or at == self._at]
        for at, row in enumerate(filled):
            own = inside(faults, str(at))
            if own:
                if row is not self._rows[self._at]:
                    self._switch(self._rows.index(row))
                self._binder.mark(InvalidFields(own), focus=focus)
                return True
        return False

    def clear_marks(self) -> None:
        """Take all marks away."""
        self._binder.clear_marks()

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read."""
        self._binder.set_read_only(read_only)
        self._form.new_address_button.setVisible(not read_only)

    def begin_new(self) -> None:
        """A new address beside the others, in force from today unless another day is typed."""
        if not self._keep_shown():
            return
        if _filled(self._rows[self._at]):
            self._rows.append(AddressRow(uid=new_uid(), effective_from=self._today()))
            self._at = len(self._rows) - 1
            self._show()
            self.edited.emit()
        self._form.line1_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _switch(self, to: int) -> None:
        if self._keep_shown():
            self._at = to
        self._show()

    def _keep_shown(self) -> bool:
        """Take over what stands in the form; False if it is wrong, which is marked."""
        try:
            self._rows[self._at] = self._read_shown()
        except InvalidFields as unclean:
            self._binder.mark(unclean)
            return False
        return True

    def _read_shown(self) -> AddressRow:
        """What stands in the form. Raises `InvalidFields`, also for a day that was typed before its address."""
        row = self._binder.read(self._rows[self._at])
        if row.uid in self._saved or _filled(row):
            return row
        for name in ("effective_from", "effective_to"):
            if getattr(row, name) not in (None, self._today()):
                fault = InvalidInput("Type the address that this day belongs to, or empty the day.", field=name)
                raise InvalidFields({name: fault})
        return row

    def _show(self) -> None:
        self._filler.forget()
        self._binder.fill(self._rows[self._at])
        self._name_all()

    def _was_edited(self) -> None:
        self.edited.emit()

    def _name_all(self) -> None:
        combo, today = self._form.address_choice_combo, self._today()
        current = addresses.current(self._rows, today)
        combo.clear()
        for row in self._rows:
            combo.addItem(self._name(row, is_current=row is current))
        combo.setCurrentIndex(self._at)
        combo.setEnabled(len(self._rows) > 1)

    def _name(self, row: AddressRow, *, is_current: bool) -> str:
        place = ", ".join(part for part in (row.line1, row.town) if part)
        if row.effective_from is not None and row.effective_from > self._today():
            when = self._form.tr("from {day}").format(day=self._formats.day(row.effective_from, self._today()))
        else:
            when = self._form.tr("now") if is_current else self._form.tr("before")
        return f"{place} ({when})" if place else self._form.tr("No address yet")


def _filled(row: AddressRow) -> bool:
    return any(getattr(row, name) for name in specs(AddressRow) if name in _POSTAL)


_POSTAL = ("line1", "line2", "town", "region", "postcode", "country")
