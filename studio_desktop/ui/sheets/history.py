"""What happened to a client: who, when, where, which field from what to what; and the way back (RELIABILITY E6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from studio_desktop.domain.errors import Conflict, StudioError
from studio_desktop.domain.fields import Kind, specs
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import (
    AddressRow,
    ClientRecord,
    EmailRow,
    FamilyMember,
    OrganizationRow,
    PhoneRow,
    PlanDateRow,
)
from studio_desktop.domain.records.consents import ConsentRecord
from studio_desktop.domain.text import fold
from studio_desktop.services import new_request
from studio_desktop.ui import theme
from studio_desktop.ui.form import load_form, put_into
from studio_desktop.ui.page import ClientInHand, Sheet, Shell
from studio_desktop.ui.widgets.buttons import FlatButton
from studio_desktop.ui.widgets.plain_label import PlainLabel, as_tip
from studio_desktop.ui.widgets.small_table import Cell, Head, SmallTable

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.domain.formats import Formats
    from studio_desktop.services import Saved
    from studio_desktop.services.history import HistoryLine
    from studio_desktop.services.preferences import StudioPreferences
    from studio_desktop.services.versions import Version


def tr(text: str) -> str:
    """The text in the language of the window."""
    return QCoreApplication.translate("History", text)


@dataclass(frozen=True, slots=True)
class _Fact:
    """One line as it is read; `first` begins what one request did."""

    entry: int
    at: datetime
    request: str
    when: str
    who: str
    where: str
    field: str
    before: str
    now: str
    first: bool

    def holds(self, sought: str) -> bool:
        return sought in fold(" ".join((self.when, self.who, self.where, self.field, self.before, self.now)))


class HistorySheet(Sheet):
    """The history of one client, newest first, what one request did together."""

    name = "history"

    filter_edit: QLineEdit
    count_label: PlainLabel
    table_place: QWidget
    value_button: FlatButton
    version_button: FlatButton
    undo_button: FlatButton

    def __init__(self, shell: Shell, client_id: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        in_hand = shell.client_in_hand()
        self._client_id = client_id or (in_hand.id if in_hand is not None else 0)
        self._client = in_hand if in_hand is not None and in_hand.id == self._client_id else None
        self._all: list[_Fact] = []
        self._shown: list[_Fact] = []
        load_form(self, "history_sheet")
        heads = (
            Head(tr("When"), 116),
            Head(tr("Who"), 116),
            Head(tr("Where"), 90),
            Head(tr("What"), 132),
            Head(tr("Before"), 160, stretches=True),
            Head(tr("Now"), 160, stretches=True),
        )
        self.table: SmallTable = put_into(self.table_place, SmallTable(heads, self._cell, self.table_place))
        self.table.setAccessibleName(self.tr("History, newest first"))
        self.filter_edit.textChanged.connect(lambda _: self._show())
        self.table.selectionModel().currentChanged.connect(lambda _new, _old: self._tell())
        self.undo_button.clicked.connect(self.undo_chosen)
        self.undo_button.setVisible(shell.services.desk.may(Permission.UNDO))
        self.value_button.clicked.connect(self.restore_value)
        self.version_button.clicked.connect(self.restore_version)
        for button in (self.value_button, self.version_button):
            button.setVisible(shell.services.desk.may(Permission.CHANGE_CLIENTS))
        self._read()

    def title(self) -> str:
        """Whose history."""
        return self.tr("History of {name}").format(name=self._client.name) if self._client else self.tr("History")

    def client_in_hand(self) -> ClientInHand | None:
        """Whose history."""
        return self._client

    def takes_client(self) -> bool:
        """Anybody's history can be read."""
        return True

    def lacks_client(self) -> bool:
        """Nobody was in hand."""
        return not self._client_id

    def set_client(self, client: ClientInHand) -> None:
        """Read this one's."""
        self._client_id, self._client = client.id, client
        self._read()

    def finish(self) -> None:
        """Nothing is typed here: it only closes."""
        self.finished.emit()

    def take_focus(self) -> None:
        """Into the list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self, changes: Changes) -> None:
        """Something was added."""
        if changes.touches("client", self._client_id):
            self._read()

    def sizeHint(self) -> QSize:
        """Room for about fifteen lines."""
        return QSize(theme.scaled(900), theme.scaled(400))

    def undo_chosen(self) -> None:
        """Take back all that the request of the chosen line did."""
        fact = self._chosen()
        if fact is None:
            return
        services, request = self.shell.services, new_request()

        def done(saved: Saved[tuple[int, ...]]) -> None:
            self.shell.saved(self.tr("Undone: {what}").format(what=self._named(fact.request)), saved.changes)
            self._read()

        def failed(error: StudioError) -> None:
            if isinstance(error, Conflict):
                called = (field_name("", field, self.shell.preferences) for field in error.fields)
                names = ", ".join(dict.fromkeys(called))
                error = StudioError(
                    "This cannot be undone: {names} was changed again since. Undo the newer change first, or type the "
                    "old value again.",
                    names=names,
                )
            self.shell.failed(error)

        self.shell.tasks.run(self, lambda: services.history.undo(fact.request, request), done, failed)

    def restore_value(self) -> None:
        """Bring back the value that the chosen line replaced, whatever stands there now (D12)."""
        fact = self._chosen()
        if fact is not None:
            versions, client_id = self.shell.services.versions, self._client_id
            self._restore(
                lambda: versions.with_value(client_id, fact.entry), self.tr("Restored: {what}").format(what=fact.field)
            )

    def restore_version(self) -> None:
        """Bring back the whole record as it was before the change of the chosen line."""
        fact = self._chosen()
        if fact is not None:
            versions, client_id = self.shell.services.versions, self._client_id
            when = self.shell.formats.instant(fact.at, self.shell.services.desk.clock.today())
            self._restore(
                lambda: versions.before(client_id, fact.request),
                self.tr("Restored as before {when}").format(when=when),
            )

    def _restore(self, version: Callable[[], Version], said: str) -> None:
        clients, request = self.shell.services.clients, new_request()

        def work() -> Saved[ClientRecord] | None:
            found = version()
            return None if found.then == found.now else clients.save(found.now, found.then, request)

        def done(saved: Saved[ClientRecord] | None) -> None:
            if saved is None:
                self.shell.say(self.tr("This is as it was then already."))
            else:
                self.shell.saved(said, saved.changes)
                self._read()

        self.shell.tasks.run(self, work, done, self.shell.failed)

    def _read(self) -> None:
        history, client_id = self.shell.services.history, self._client_id
        self.shell.tasks.latest(self, "history", lambda: history.of_record("client", client_id), self._was_read)

    def _was_read(self, lines: Sequence[HistoryLine]) -> None:
        formats, today = self.shell.formats, self.shell.services.desk.clock.today()
        self._all, request = [], ""
        for line in lines:
            field = field_name(line.table, line.field, self.shell.preferences)
            self._all.append(_fact(line, field, formats, today, first=line.request != request))
            request = line.request
        self._show()

    def _show(self) -> None:
        sought = fold(self.filter_edit.text().strip())
        self._shown = [fact for fact in self._all if not sought or fact.holds(sought)]
        self.table.show_rows(len(self._shown))
        many = self.tr("{count} changes").format(count=self.shell.formats.number(len(self._shown)))
        self.count_label.setText(many if len(self._shown) != 1 else self.tr("1 change"))
        self._tell()

    def _tell(self) -> None:
        fact = self._chosen()
        for button in (self.undo_button, self.value_button, self.version_button):
            button.setEnabled(fact is not None)
        before = self.tr("Before: {value}").format(value=fact.before) if fact is not None else ""
        self.value_button.setToolTip(as_tip(before))
        self.version_button.setToolTip(self.tr("The whole client as before this change"))
        tip = self.tr("Take back: {what}").format(what=self._named(fact.request)) if fact is not None else ""
        self.undo_button.setToolTip(as_tip(tip))

    def _named(self, request: str) -> str:
        fields = dict.fromkeys(fact.field for fact in self._all if fact.request == request)
        return ", ".join(fields)

    def _chosen(self) -> _Fact | None:
        row = self.table.currentIndex().row()
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def _cell(self, row: int, column: int) -> Cell:
        fact = self._shown[row]
        is_first = fact.first or row == 0 or self._shown[row - 1].request != fact.request
        if column < 3:
            text = (fact.when, fact.who, fact.where)[column]
            return Cell(text if is_first else "", "text" if column == 0 else "dim")
        return Cell((fact.field, fact.before, fact.now)[column - 3], "dim" if column == 4 else "text")


_RECORDS: Mapping[str, tuple[str, type]] = {
    "client": ("", ClientRecord),
    "phone": ("Phone", PhoneRow),
    "email": ("E-mail", EmailRow),
    "address": ("Address", AddressRow),
    "family_member": ("Family member", FamilyMember),
    "client_organization": ("Organization", OrganizationRow),
    "client_plan_date": ("Marketing plan", PlanDateRow),
    "consent": ("Consent", ConsentRecord),
}
"""What the rows of a table are called, and the record that names their fields."""

_MEMBERSHIPS = {
    "client_group_member": "Group",
    "client_tag_member": "Tag",
    "client_plan_member": "Marketing plan",
    "client_link": "Linked client",
}
"""What a client joins or leaves, by the table that keeps it."""

_PARTS = {"year": "year", "month": "month", "day": "day"}


def field_name(table: str, field: str, preferences: StudioPreferences) -> str:
    """What a person calls the field of a table, a custom one by the studio's name for it; '' is the row itself."""
    row, record = _RECORDS.get(table, ("", ClientRecord))
    if table in _MEMBERSHIPS:
        return tr(_MEMBERSHIPS[table])
    if not field:
        return tr(row) if row else tr("Client")
    if field == "deleted_at":
        return tr("Deleted")
    declared = specs(record)
    if field in declared:
        label = preferences.label(declared[field])
        return f"{tr(row)}: {label}" if row and label != row else label
    whole, _, part = field.rpartition("_")
    if whole in declared and part in _PARTS:
        return f"{declared[whole].label} ({_PARTS[part]})"
    return field.replace("_", " ").capitalize()


def _fact(line: HistoryLine, field: str, formats: Formats, today: date, *, first: bool) -> _Fact:
    before, now = _words(line.old, formats), _words(line.new, formats)
    _, record = _RECORDS.get(line.table, ("", ClientRecord))
    if line.field in specs(record) and specs(record)[line.field].kind is Kind.IMAGE:
        before, now = tr("a picture") if line.old else before, tr("a picture") if line.new else now
        now = tr("another picture") if line.old and line.new else now
    if not line.field:
        now = {"create": tr("added"), "remove": tr("removed")}[line.action] if line.new is None else now
    return _Fact(
        line.id,
        line.at,
        line.request,
        formats.instant(line.at, today),
        line.user,
        line.workstation,
        field,
        before,
        now,
        first,
    )


def _words(value: Any, formats: Formats) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, datetime):
        return formats.instant(value)
    if isinstance(value, date):
        return formats.day(value)
    return str(value)
