"""What every tab is that lists records of a client and edits one of them beside the list (notes, leads)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio_desktop.domain.errors import Conflict, InvalidFields, InvalidInput, StudioError
from studio_desktop.ui.binder import FormBinder
from studio_desktop.ui.client_window.saver import Saver
from studio_desktop.ui.client_window.tab import Tab
from studio_desktop.ui.dialogs.conflict import settle_conflict
from studio_desktop.ui.drafts import pack, unpack
from studio_desktop.ui.widgets.plain_list import Line, PlainList

if TYPE_CHECKING:
    from studio_desktop.services import Saved
    from studio_desktop.ui.page import Shell

NEW = 0
"""The id of a record that is not saved yet."""


class _Owned(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> int: ...

    @property
    def client_id(self) -> int: ...


Owned = TypeVar("Owned", bound=_Owned)


class RecordsTab(Tab, Generic[Owned]):
    """The open record is saved with the client, and before another one is opened.

    A subclass tells how records are read, written and listed, and what its form shows besides the bound fields.
    """

    def __init__(self, shell: Shell, blank: Owned, body: QWidget, records_list: PlainList, parent: QWidget) -> None:
        """`blank` is a new record of the client; `body` has the list and the fields."""
        super().__init__(shell, blank.client_id, parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(body)
        self.blank = blank
        self.base = blank
        """The open record as it was read."""
        self.records: dict[int, Owned] = {}
        self.read_only = False
        today = shell.services.desk.clock.today
        self.binder: FormBinder[Owned] = FormBinder(body, type(blank), shell.formats, today)
        self._list = records_list
        self._saver: Saver[Owned] = Saver(shell, self)
        self.binder.edited.connect(lambda _: self._was_edited())
        records_list.current_changed.connect(self._another_is_current)

    # What a subclass tells.

    def word(self) -> str:
        """What one record is called."""
        raise TypeError(f"{type(self).__name__} needs a word for a record")

    def saved_text(self) -> str:
        """What is said once the record was saved."""
        raise TypeError(f"{type(self).__name__} needs words for a saved record")

    def read_all(self) -> list[Owned]:
        """The client's records in the order of the list; called on a lane."""
        raise TypeError(f"{type(self).__name__} needs a way to read")

    def write(self, base: Owned, mine: Owned, request: str) -> Saved[Owned]:  # noqa: ARG002
        """Save a record; called on a lane."""
        raise TypeError(f"{type(self).__name__} needs a way to write")

    def line(self, record: Owned) -> Line:  # noqa: ARG002
        """A record in the list."""
        raise TypeError(f"{type(self).__name__} needs lines")

    def has_something(self) -> bool:
        """Whether the open record is worth saving once it was changed."""
        return self.base.id != NEW

    def show_base(self, keep: tuple[str, ...] = ()) -> None:
        """The form shows `base`, but for what was typed into the fields `keep`."""
        self.binder.fill(self.base, keep)
        self.follow_fields()

    def follow_fields(self) -> None:
        """Show what follows from the fields as they stand."""

    def lines(self) -> list[Line]:
        """What the list shows."""
        return [self.line(record) for record in self.records.values()]

    def show_list(self) -> None:
        """The list shows the records as they stand."""
        self._list.show_lines(self.lines(), self.base.id)

    # What it does with them.

    def read(self) -> None:
        """Read the records again; what was typed stays."""
        self.shell.tasks.latest(self, "records", self.read_all, self._were_read)

    def open(self, record: Owned, keep: Mapping[str, Any] | None = None) -> None:
        """Show a record; `keep` has the values of before of the fields that were typed into."""
        # A field that was touched keeps its value from before: saving merges, or says where two want different.
        self.base = replace(record, **(keep or {}))
        self.show_base(tuple(keep or ()))

    def save_then(self, then: Callable[[], None]) -> None:
        """Save what is open, then go on; stay where it cannot be saved."""

        def stay(error: StudioError) -> None:
            self._list.choose(self.base.id)
            if not isinstance(error, InvalidInput | Conflict):
                self.shell.failed(error)

        self.save(then, stay)

    # What the client's page asks of a tab.

    def unsaved(self) -> tuple[str, ...]:
        """The open record, if anything in it was changed."""
        return (self.word(),) if self.has_something() and self.binder.modified(self.base) else ()

    def save(self, done: Callable[[], None], failed: Callable[[StudioError], None]) -> None:
        """Save the open record."""
        if not self.unsaved():
            done()
            return
        base = self.base
        try:
            mine = self.binder.read(base)
        except InvalidFields as unclean:
            self._mark(unclean)
            failed(unclean)
            return

        def saved(result: Saved[Owned]) -> None:
            self._was_saved(mine, result)
            done()

        def refused(error: StudioError) -> None:
            if isinstance(error, InvalidInput):
                self._mark(error)
            failed(error)

        def settle(conflict: Conflict, save: Callable[[Owned], None]) -> None:
            settle_conflict(self.shell, self, self.word(), conflict, save)

        self._saver.save(self.write, base, mine, saved, refused, settle)

    def forget(self) -> None:
        """Throw away what was typed into the open record."""
        self.show_base()

    def texts(self) -> Any:
        """The open record, if it is not saved."""
        return {"base": pack(self.base), "texts": self.binder.texts()} if self.unsaved() else None

    def restore(self, texts: Any) -> None:
        """Open the record again with what was typed."""
        self.open(unpack(type(self.base), texts["base"]))
        self.binder.restore(texts["texts"])
        self.follow_fields()
        self.show_list()

    # Details

    def _mark(self, error: InvalidInput) -> None:
        """Say each fault at its field; what has no field here is said by the window."""
        if self.binder.mark(error):
            self.shell.failed(error)

    def _was_edited(self) -> None:
        self.follow_fields()
        self.edited.emit()

    def _were_read(self, records: list[Owned]) -> None:
        had_none = not self.records
        self.records = {record.id: record for record in records}
        if self.base.id in self.records:
            typed = self.binder.changed_fields(self.base)
            self.open(self.records[self.base.id], {name: getattr(self.base, name) for name in typed})
        elif not self.unsaved() and (had_none or self.base.id != NEW):
            self.open(records[0] if records else self.blank)
        self.show_list()

    def _another_is_current(self) -> None:
        line = self._list.current()
        if line is None or line.value == self.base.id:
            return

        def go() -> None:
            self.open(self.records.get(line.value, self.blank))
            self.show_list()

        self.save_then(go)

    def _was_saved(self, sent: Owned, saved: Saved[Owned]) -> None:
        """What was typed since it was sent stays, and is unsaved again."""
        typed_since = self.binder.changed_fields(sent)
        is_new = saved.result.id not in self.records
        self.records = {saved.result.id: saved.result} | self.records if is_new else self.records
        self.records[saved.result.id] = self.base = saved.result
        self.show_base(typed_since)
        self.show_list()
        self.shell.saved(self.saved_text(), saved.changes)
