"""One maintained list as it is worked with: its rows read and written, what is hidden, refused or in use told below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_desktop.domain.errors import Conflict, DatabaseUnavailable, InUse, InvalidInput, StudioError
from studio_desktop.domain.fields import Kind
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.text import fold
from studio_desktop.services import new_request
from studio_desktop.services.catalogs import CATALOGS, Catalog, CatalogField, CatalogRow
from studio_desktop.ui import theme
from studio_desktop.ui.maintenance.catalog_grid import CatalogGrid
from studio_desktop.ui.maintenance.catalog_model import columns_of
from studio_desktop.ui.maintenance.new_row import NewRow
from studio_desktop.ui.maintenance.replacement_bar import ReplacementBar
from studio_desktop.ui.page import Shell
from studio_desktop.ui.widgets.buttons import LinkButton
from studio_desktop.ui.widgets.marks import Picture
from studio_desktop.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.services import Saved


def plural(noun: str) -> str:
    """More than one of a catalog's rows."""
    return noun + ("es" if noun.endswith("s") else "s")


def counted(count: int, noun: str) -> str:
    """`1 reason`, `5 reasons`."""
    return f"{count} {noun if count == 1 else plural(noun)}"


class ValueEditor(Protocol):
    """Where a value was typed: it hears what became of it."""

    def kept(self, row: CatalogRow, field: str) -> None:
        """The value stands in `row` now."""

    def refused(self, row_id: int, field: str, theirs: CatalogRow | None = None) -> None:
        """The value cannot be kept; with `theirs`, another desk's stands there now."""


class CatalogList(QWidget):
    """A catalog's rows, or those of one row of its parent; everything done here is written at once.

    What is typed and cannot be kept stays where it was typed, with the cure in one line below the grid.
    """

    current_changed = Signal()
    """Another row is the current one, or it says something else."""
    rows_changed = Signal()
    """There are other rows than before, or what can be done is something else."""
    entered = Signal()
    """The cursor came into the grid."""
    show_inactive_wanted = Signal()
    find_ended = Signal()
    """All rows are shown again that were left out by `look_for`."""
    duration_changed = Signal(object)
    """A row that clients are at has another default duration: the row."""

    def __init__(
        self, shell: Shell, catalog: Catalog, parent: QWidget, *, of_one_parent: bool = False, has_details: bool = False
    ) -> None:
        super().__init__(parent)
        self.catalog = catalog
        self._shell = shell
        self._of_one_parent = of_one_parent
        self._parent_id: int | None = None
        self._rows: list[CatalogRow] = []
        self._hides_inactive = True
        self._wanted: Sequence[str] = ()
        self._writing = 0
        self._outdated = False
        self._adding = False
        self.may_change = shell.services.desk.may(Permission.MAINTENANCE)
        asks_parent = bool(catalog.parent) and not of_one_parent
        self.new = NewRow(shell, catalog, self, asks_parent=asks_parent)
        columns = columns_of(catalog, of_one_parent=of_one_parent, has_details=has_details)
        self.grid = CatalogGrid(shell, catalog, columns, self)
        self.grid.editable = self.may_change
        self.fault = PlainLabel("", self, tone="red", px=theme.SMALL)
        self.replacement = ReplacementBar(self)
        self.hidden = _HiddenLine(self)
        self._build()
        self._connect()

    def rows(self) -> list[CatalogRow]:
        """Every row, hidden ones too."""
        return self._rows

    def current(self) -> CatalogRow | None:
        """The current row."""
        return self.grid.current()

    def hidden_count(self) -> int:
        """How many rows are inactive and hidden."""
        return sum(row.inactive for row in self._rows) if self._hides_inactive else 0

    @property
    def is_finding(self) -> bool:
        """Whether only rows are shown that hold what somebody looks for."""
        return bool(self._wanted)

    def look_for(self, typed: str) -> None:
        """Show only the rows in which each of the words occurs; empty for all."""
        self._wanted = fold(typed).split()
        self._show()

    def show_parent(self, parent_id: int | None) -> None:
        """Show the rows of this row of the parent catalog."""
        if parent_id == self._parent_id:
            return
        self._parent_id = parent_id
        self.replacement.hide()
        self._take([])
        self.read()

    def hide_inactive(self, hides: bool) -> None:
        """Leave inactive rows out, or show them too (S1-18)."""
        self._hides_inactive = hides
        self._show()

    def read(self) -> None:
        """Read the rows again; the current one stays current, and an open editor open."""
        if self._of_one_parent and self._parent_id is None:
            self._take([])
            return
        services, name, parent_id = self._shell.services, self.catalog.name, self._parent_id
        self._shell.tasks.latest(self, "rows", lambda: services.catalogs.rows(name, parent_id), self._take_if_current)

    def refresh(self, changes: Changes) -> None:
        """Follow what changed, here or at another desk."""
        kinds = {self.catalog.table.name, "client", *(use.table.name for use in self.catalog.uses)}
        for one in CATALOGS:
            if self.catalog.name == one.parent or self.catalog.parent == one.name:
                kinds.add(one.table.name)
        if any(changes.touches(kind) for kind in kinds):
            self.new.offer_parents()
            self.read()

    def save(self, row: CatalogRow, field: str, value: Any, editor: ValueEditor) -> None:
        """Keep a value of a row; `editor` hears whether it is kept (S1-17)."""
        services, name, request = self._shell.services, self.catalog.name, new_request()

        def done(saved: Saved[CatalogRow]) -> None:
            self.say_fault("")
            self._replace(saved.result)
            editor.kept(saved.result, field)
            if field == "default_duration" and saved.result.counts.get("clients"):
                self.duration_changed.emit(saved.result)
            self._shell.saved(self._said(row, field, value), saved.changes)

        def failed(error: StudioError) -> None:
            if isinstance(error, Conflict):
                self.say_fault(self._conflict(row, field, error.theirs))
                editor.refused(row.id, field, error.theirs)
            elif isinstance(error, InvalidInput):
                self.say_fault(str(error))
                editor.refused(row.id, field)
            elif isinstance(error, DatabaseUnavailable):
                self._shell.failed(error, attempt)
            else:
                self._shell.failed(error)
                self._outdated = True
                self._settle()

        def attempt() -> None:
            self._write(lambda: services.catalogs.save(name, row, {field: value}, request), done, failed)

        attempt()

    def add(self, values: Mapping[str, Any], parent_id: int | None) -> None:
        """Add a row at the end (S1-06)."""
        if self._adding:
            return
        services, name, request = self._shell.services, self.catalog.name, new_request()
        owner = self._parent_id if self._of_one_parent else parent_id
        self._adding = True

        def done(saved: Saved[CatalogRow]) -> None:
            self._adding = False
            self.say_fault("")
            self._rows = self._in_order([*self._rows, saved.result])
            if not self._holds_wanted(saved.result):
                self._end_finding()
            self._show()
            self.grid.select(saved.result.id)
            self.new.added()
            text = self.tr("Added the {row} “{name}”")
            text = text.format(row=self.catalog.singular, name=saved.result.description)
            self._shell.saved(text, saved.changes)

        def failed(error: StudioError) -> None:
            self._adding = False
            if isinstance(error, InvalidInput):
                self.say_fault(str(error))
                self.new.refused(error.field or "description")
            else:
                self._shell.failed(error, attempt if isinstance(error, DatabaseUnavailable) else None)

        def attempt() -> None:
            self._write(lambda: services.catalogs.add(name, values, request, parent_id=owner), done, failed)

        attempt()

    def new_row(self) -> None:
        """Put the cursor where a new row is typed."""
        if self.may_change:
            self.new.show()
            current = self.current()
            self.new.choose_parent(current.parent_id if current is not None else None)
            self.new.take_focus()

    def delete_row(self) -> None:
        """Delete the current row; while records use it, ask what they get instead (S1-14, B4)."""
        row = self.current()
        if row is not None and self.may_change:
            self._delete(row, None)

    def move_row(self, step: int) -> None:
        """Move the current row past its neighbour that is shown (S1-15)."""
        row, target = self.current(), self.neighbour(step)
        if row is None or target is None or not self.may_change:
            return
        services, name, request = self._shell.services, self.catalog.name, new_request()
        family = [one.id for one in self._rows if one.parent_id == row.parent_id]
        steps = family.index(target.id) - family.index(row.id)
        at = self._rows.index(target)
        self._rows.remove(row)
        self._rows.insert(at, row)
        self._rows = [replace(one, position=place) for place, one in enumerate(self._rows, start=1)]
        self._show()

        def done(saved: Saved[None]) -> None:
            text = self.tr("Moved “{row}” up") if step < 0 else self.tr("Moved “{row}” down")
            self._shell.saved(text.format(row=row.description), saved.changes)

        def failed(error: StudioError) -> None:
            self._outdated = True
            self._settle()
            self._shell.failed(error)

        self._write(lambda: services.catalogs.move(name, row.id, steps, request), done, failed)

    def neighbour(self, step: int) -> CatalogRow | None:
        """The shown row that the current one would change places with."""
        row = self.current()
        if row is None:
            return None
        shown = [one for one in self.grid.rows if one.parent_id == row.parent_id]
        at = shown.index(row) + step
        return shown[at] if 0 <= at < len(shown) else None

    def commit(self) -> None:
        """Send everything that is typed to be kept."""
        self.grid.commit()
        if self.new.is_open():
            self.new.commit()

    def is_open(self) -> bool:
        """Whether something typed is not kept."""
        return self.grid.is_open() or self.new.is_open()

    def say_fault(self, sentence: str) -> None:
        """Show what cannot be kept and how to mend it, in one line below the grid; empty for nothing."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))
        if sentence:
            QAccessible.updateAccessibility(QAccessibleEvent(self.fault, QAccessible.Event.Alert))

    def fit_into(self, height: int) -> None:
        """Be as high as the rows and what stands around them, in at most this many pixels."""
        around = [one for one in (self.new, self.fault, self.replacement, self.hidden) if one.isVisibleTo(self)]
        taken = sum(one.sizeHint().height() for one in around)
        self.grid.fit_into(height - taken)

    def take_focus(self) -> None:
        """Into the grid; into the row for new ones while there is none."""
        if self.grid.rows or not self.may_change:
            self.grid.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.new_row()

    def _build(self) -> None:
        self.fault.setContentsMargins(12, 4, 12, 2)
        self.fault.setWordWrap(True)
        self.fault.hide()
        self.new.setVisible(self.may_change and not self._of_one_parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.new)
        column.addWidget(self.grid, 1)
        column.addWidget(self.fault)
        column.addWidget(self.replacement)
        column.addWidget(self.hidden)
        if not self._of_one_parent:
            keys = self.tr("F2 edits a cell   Alt+↑ Alt+↓ moves the row")
            hint = PlainLabel(keys, self, tone="dim", px=theme.SMALL)
            hint.show_whole_or_not_at_all()
            self.new.add_at_end(hint)

    def _connect(self) -> None:
        self.grid.value_wanted.connect(lambda row, field, value: self.save(row, field, value, self.grid))
        self.grid.fault_found.connect(self.say_fault)
        self.grid.current_changed.connect(self.current_changed)
        self.grid.move_wanted.connect(self.move_row)
        self.grid.delete_wanted.connect(self.delete_row)
        self.grid.new_wanted.connect(self.new_row)
        self.grid.entered.connect(self.entered)
        self.new.add_wanted.connect(self.add)
        self.new.fault_found.connect(self.say_fault)
        self.new.left_downwards.connect(self._enter_grid)
        self.new.left.connect(self._leave_new)
        self.replacement.chosen.connect(self._delete)
        self.replacement.left.connect(self._enter_grid)
        self.hidden.show_wanted.connect(self._show_hidden)

    def _enter_grid(self) -> None:
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave_new(self) -> None:
        if self._of_one_parent:
            self.new.hide()
        self._enter_grid()

    def _delete(self, row: CatalogRow, replacement: int | None) -> None:
        services, name, request = self._shell.services, self.catalog.name, new_request()
        instead = next((one.description for one in self._rows if one.id == replacement), "")

        def done(saved: Saved[int]) -> None:
            self.say_fault("")
            self._rows = [one for one in self._rows if one.id != row.id]
            self._show()
            self._shell.saved(self._said_deleted(row, saved.result, instead), saved.changes)

        def failed(error: StudioError) -> None:
            if isinstance(error, InUse):
                others = [
                    one for one in self._rows
                    if one.id != row.id and not one.inactive and one.parent_id == row.parent_id
                ]  # fmt: skip
                self.replacement.ask(row, error.count, others)
                return
            self._outdated = True
            self._settle()
            self._shell.failed(error)

        self._write(lambda: services.catalogs.delete(name, row.id, request, replacement=replacement), done, failed)

    def _write(
        self, work: Callable[[], Saved[Any]], done: Callable[[Saved[Any]], None], failed: Callable[[StudioError], None]
    ) -> None:
        def ended() -> None:
            self._writing -= 1

        def kept(saved: Saved[Any]) -> None:
            done(saved)
            self._settle()

        self._writing += 1
        self._shell.tasks.run(self, work, kept, failed, always=ended)

    def _settle(self) -> None:
        """Read again what was read while something was being written."""
        if self._outdated and not self._writing:
            self._outdated = False
            self.read()

    def _take_if_current(self, rows: list[CatalogRow]) -> None:
        if self._writing:
            self._outdated = True
        else:
            self._take(rows)

    def _take(self, rows: list[CatalogRow]) -> None:
        self._rows = self._in_order(rows)
        self._show()

    def _in_order(self, rows: list[CatalogRow]) -> list[CatalogRow]:
        """Rows of several parents stand under one another in the order of these."""
        owners = {one.id: place for place, one in enumerate(self._shell.choices.get(self.catalog.parent, []))}
        return sorted(rows, key=lambda row: (owners.get(row.parent_id or 0, 0), row.position, row.id))

    def _replace(self, row: CatalogRow) -> None:
        self._rows = [row if one.id == row.id else one for one in self._rows]
        self._show()

    def _show(self) -> None:
        used = [row for row in self._rows if not (row.inactive and self._hides_inactive)]
        being_edited = self.grid.edited_rows()
        shown = [row for row in used if self._holds_wanted(row) or row.id in being_edited]
        self.grid.set_empty(self._said_empty())
        self.grid.show_rows(shown)
        if len(shown) < len(used):
            left_out = counted(len(used) - len(shown), f"other {self.catalog.singular}")
            self.hidden.say(self.tr("{rows} not shown").format(rows=left_out), self.tr("Show all"))
        elif len(used) < len(self._rows):
            inactive = counted(len(self._rows) - len(used), f"inactive {self.catalog.singular}")
            self.hidden.say(self.tr("{rows} hidden").format(rows=inactive), self.tr("Show"))
        else:
            self.hidden.say("", "")
        self.rows_changed.emit()

    def _holds_wanted(self, row: CatalogRow) -> bool:
        said = fold(" ".join(self.grid.words(row)))
        return all(word in said for word in self._wanted)

    def _show_hidden(self) -> None:
        if self.is_finding:
            self._end_finding()
            self._show()
        else:
            self.show_inactive_wanted.emit()

    def _end_finding(self) -> None:
        self._wanted = ()
        self.find_ended.emit()

    def _said_empty(self) -> str:
        if self.is_finding and self._rows:
            return self.tr("No {row} holds these words.").format(row=self.catalog.singular)
        if self._of_one_parent and self._parent_id is None:
            return ""
        nothing = self.tr("No {rows} yet.").format(rows=plural(self.catalog.singular))
        if not self.may_change:
            return nothing
        how = self.tr("Insert adds one.") if self._of_one_parent else self.tr("Type the first above.")
        return f"{nothing} {how}"

    def _said(self, row: CatalogRow, field: str, value: Any) -> str:
        if field == "description":
            return self.tr("“{old}” is called “{new}” now").format(old=row.description, new=value)
        if field == "inactive":
            text = self.tr("“{row}” is inactive now") if value else self.tr("“{row}” is in use again")
            return text.format(row=row.description)
        title = self.catalog.field(field).title
        return self.tr("{field} of “{row}” changed").format(field=title, row=row.description)

    def _said_deleted(self, row: CatalogRow, replaced: int, instead: str) -> str:
        said = self.tr("Deleted “{row}”").format(row=row.description)
        if replaced:
            one = self.tr("one record has “{other}” now")
            many = self.tr("{count} records have “{other}” now")
            return f"{said}; " + (one if replaced == 1 else many).format(count=replaced, other=instead)
        reasons, members = row.counts.get("reasons", 0), row.counts.get("clients", 0)
        if reasons:
            return f"{said} " + self.tr("and its {reasons}").format(reasons=counted(reasons, "reason"))
        if members and any(use.link for use in self.catalog.uses):
            return f"{said}; " + self.tr("{clients} left it").format(clients=counted(members, "client"))
        return said

    def _conflict(self, row: CatalogRow, field: str, theirs: CatalogRow) -> str:
        declared = self.catalog.field(field)
        return self.tr(
            "{field} of “{row}” was changed to {theirs} at another desk meanwhile. Enter keeps yours, Esc takes theirs."
        ).format(field=declared.title, row=row.description, theirs=self._value_text(declared, theirs.values[field]))

    def _value_text(self, field: CatalogField, value: Any) -> str:
        if value in (None, ""):
            return self.tr("nothing")
        return self._shell.formats.day(value) if field.kind is Kind.DAY else f"“{value}”"


class _HiddenLine(QWidget):
    """How many rows are not shown, and the way to see them; it keeps its place when there are none."""

    show_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sign = Picture("eye_off", parent=self)
        self._text = PlainLabel("", self, tone="dim", px=theme.SMALL)
        self.link = LinkButton("", self, px=theme.SMALL)
        self.link.clicked.connect(self.show_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 2)
        row.setSpacing(6)
        row.addWidget(self._sign)
        row.addWidget(self._text)
        row.addWidget(self.link)
        row.addStretch(1)
        self.say("", "")

    def say(self, text: str, way: str) -> None:
        self._text.setText(text)
        self.link.setText(way)
        for widget in (self._sign, self._text, self.link):
            widget.setVisible(bool(text))
        self.setFixedHeight(theme.scaled(28))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setFixedHeight(theme.scaled(28))
