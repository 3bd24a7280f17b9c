"""An editor of rows as a field of the client's record."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from studio_desktop.domain.errors import InvalidFields
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.ui.widgets.rows_editor import Faults, RowsEditor

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row = TypeVar("Row", bound="DataclassInstance")


class RowsField(QObject, Generic[Row]):
    """Lets a `RowsEditor` show and read one field."""

    edited = Signal()

    def __init__(self, editor: RowsEditor[Row], field: str) -> None:
        super().__init__(editor)
        self._editor = editor
        self.fields: tuple[str, ...] = (field,)
        editor.edited.connect(self.edited)

    def show_record(self, record: ClientRecord) -> None:
        """Show the record's rows."""
        self._editor.show_rows(getattr(record, self.fields[0]))

    def read_into(self, record: ClientRecord) -> ClientRecord:
        """The record with the rows as they stand."""
        try:
            rows: Any = {self.fields[0]: self._editor.rows()}
        except InvalidFields as unclean:
            faults = {f"{self.fields[0]}.{path}": fault for path, fault in unclean.faults.items()}
            raise InvalidFields(faults) from None
        return dataclasses.replace(record, **rows)

    def texts(self) -> Any:
        """What stands in the lines (JSON)."""
        return self._editor.texts()

    def restore(self, texts: Any) -> None:
        """Bring back what `texts` gave."""
        self._editor.restore(texts)

    def mark(self, faults: Faults, *, focus: bool = True) -> bool:
        """Show faults at their lines."""
        return self._editor.mark(faults, focus=focus)

    def clear_marks(self) -> None:
        """Take all marks away."""
        self._editor.clear_marks()

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read."""
        self._editor.set_read_only(read_only)
