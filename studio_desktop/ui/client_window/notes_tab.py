"""The Notes tab: newest first, with an editor beside the list (S3-40, S3-45)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QVBoxLayout, QWidget

from studio_desktop.domain.errors import Conflict, InvalidFields, InvalidInput, StudioError
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.services import new_request
from studio_desktop.ui.client_window.saver import Saver
from studio_desktop.ui.client_window.tab import Tab, tr
from studio_desktop.ui.dialogs.conflict import settle_conflict
from studio_desktop.ui.drafts import pack, unpack
from studio_desktop.ui.form import FormBinder, load_form
from studio_desktop.ui.widgets.buttons import BarButton
from studio_desktop.ui.widgets.marks import LightKind
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.plain_list import Line, PlainList

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.services import Saved
    from studio_desktop.services.clients import OpenClient
    from studio_desktop.ui.page import Shell

NEW = 0
"""The id of a note that is not saved yet."""


class NotesTab(Tab):
    """The notes of one client; the one that is open is saved with the client, or when another one is opened."""

    name = "notes"

    def __init__(self, shell: Shell, client_id: int, parent: QWidget) -> None:
        super().__init__(shell, client_id, parent)
        self.body = NotesBody()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.body)
        today = shell.services.desk.clock.today
        self._binder: FormBinder[NoteRecord] = FormBinder(self.body, NoteRecord, shell.formats, today)
        self._saver: Saver[NoteRecord] = Saver(shell, self)
        self._notes: dict[int, NoteRecord] = {}
        self._base = NoteRecord(client_id=client_id)
        self._read_only = False
        self._binder.fill(self._base)
        self._binder.edited.connect(lambda _: self.edited.emit())
        self.body.notes_list.current_changed.connect(self._another_is_current)
        self.body.notes_list.delete_wanted.connect(lambda _: self.delete())
        self.body.notes_list.insert_wanted.connect(self.begin_new)
        self.body.notes_list.taken.connect(lambda _: self.body.text_edit.setFocus())
        self.body.new_button.clicked.connect(self.begin_new)
        self.body.delete_button.clicked.connect(self.delete)
        self.body.text_edit.installEventFilter(self)
        self._read()

    @classmethod
    def text(cls) -> str:
        """Notes."""
        return tr("Notes")

    @classmethod
    def count(cls, opened: OpenClient) -> int:
        """How many notes there are."""
        return opened.notes

    @classmethod
    def light(cls, opened: OpenClient) -> tuple[LightKind, str] | None:
        """A note that asks to be looked at."""
        return ("yellow", tr("Note to look at")) if opened.alerts else None

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read."""
        self._read_only = read_only
        self._binder.set_read_only(read_only)
        self.body.new_button.setVisible(not read_only)
        self.body.delete_button.setVisible(not read_only)
        self.body.hint_label.setVisible(not read_only)

    def refresh(self, changes: Changes) -> None:
        """Another note, or another text."""
        if changes.touches("note"):
            self._read()

    def take_focus(self) -> None:
        """Write at once where there is nothing to read yet; else begin in the list."""
        target = self.body.notes_list if self._notes else self.body.text_edit
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def begin_new(self) -> None:
        """An empty note to write into; what was open is saved first."""
        if not self._read_only:
            self._leave_then(lambda: self._open(NoteRecord(client_id=self.client_id), focus=True))

    def unsaved(self) -> tuple[str, ...]:
        """The open note, if its text or alert was changed."""
        changed = self._binder.modified(self._base)
        is_something = self._base.id != NEW or bool(self.body.text_edit.toPlainText().strip())
        return (self.tr("Note"),) if changed and is_something else ()

    def save(self, done: Callable[[], None], failed: Callable[[StudioError], None]) -> None:
        """Save the open note."""
        if not self.unsaved():
            done()
            return
        base = self._base
        try:
            mine = self._binder.read(base)
        except InvalidFields as unclean:
            self._binder.mark(unclean)
            failed(unclean)
            return
        notes = self.shell.services.notes

        def write(base: NoteRecord, mine: NoteRecord, request: str) -> Saved[NoteRecord]:
            return notes.add(mine, request) if base.id == NEW else notes.save(base, mine, request)

        def saved(result: Saved[NoteRecord]) -> None:
            self._was_saved(mine, result)
            done()

        def refused(error: StudioError) -> None:
            if isinstance(error, InvalidInput):
                self._binder.mark(error)
            failed(error)

        def settle(conflict: Conflict, save: Callable[[NoteRecord], None]) -> None:
            settle_conflict(self.shell, self, self.tr("Note"), conflict, save)

        self._saver.save(write, base, mine, saved, refused, settle)

    def forget(self) -> None:
        """Throw away what was typed into the open note."""
        self._binder.fill(self._base)

    def texts(self) -> Any:
        """The open note, if it is not saved."""
        return {"base": pack(self._base), "texts": self._binder.texts()} if self.unsaved() else None

    def restore(self, texts: Any) -> None:
        """Open the note again with what was typed."""
        self._base = unpack(NoteRecord, texts["base"])
        self._binder.fill(self._base)
        self._binder.restore(texts["texts"])
        self._show_list()

    def delete(self) -> bool:
        """Delete the open note; Undo brings it back."""
        base = self._base
        if base.id == NEW or self._read_only or not self.isVisible():
            return False
        services, request = self.shell.services, new_request()
        self._binder.fill(base)

        def deleted(saved: Saved[None]) -> None:
            self._open_after(base.id)
            self.shell.saved(self.tr("Deleted a note"), saved.changes)

        self.shell.tasks.run(self, lambda: services.notes.delete(base.id, request), deleted)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """Ctrl+T stamps date, time and initials at the cursor."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_T
            and event.modifiers() == Qt.KeyboardModifier.ControlModifier
            and not self._read_only
        ):
            self.body.text_edit.insertPlainText(self._stamp())
            return True
        return False

    def _stamp(self) -> str:
        desk, formats = self.shell.services.desk, self.shell.formats
        initials = "".join(word[0].upper() for word in desk.user_name.split())
        return f"{formats.day(desk.clock.today())} {formats.time(desk.clock.now())} {initials}: "

    def _read(self) -> None:
        notes, client_id = self.shell.services.notes, self.client_id
        self.shell.tasks.latest(self, "notes", lambda: notes.of_client(client_id), self._were_read)

    def _were_read(self, notes: list[NoteRecord]) -> None:
        first_time = not self._notes
        self._notes = {note.id: note for note in notes}
        if self._base.id in self._notes:
            if not self.unsaved():
                self._base = self._notes[self._base.id]
                self._binder.fill(self._base)
        elif not self.unsaved() and (first_time or self._base.id != NEW):
            self._open(notes[0] if notes else NoteRecord(client_id=self.client_id))
        self._show_list()

    def _show_list(self) -> None:
        lines = [self._line(note) for note in self._notes.values()]
        if self._base.id == NEW and (self._notes or self.unsaved()):
            lines.insert(0, Line(NEW, self.tr("New note"), faint=True, second=self.tr("not saved yet")))
        self.body.notes_list.show_lines(lines, self._base.id)
        self.body.empty_label.setText("" if lines else self.tr("No notes yet. Write the first one at the right."))
        self.body.delete_button.setEnabled(self._base.id != NEW)
        self._tell_written()

    def _line(self, note: NoteRecord) -> Line:
        first, _, _ = note.text.partition("\n")
        return Line(note.id, first, second=self._written(note), light="yellow" if note.alert else None)

    def _written(self, note: NoteRecord) -> str:
        if note.created_at is None:
            return ""
        today = self.shell.services.desk.clock.today()
        return f"{self.shell.formats.instant(note.created_at, today)} · {note.created_by}"

    def _tell_written(self) -> None:
        self.body.written_label.setText(self._written(self._base))

    def _another_is_current(self) -> None:
        line = self.body.notes_list.current()
        if line is None or line.value == self._base.id:
            return
        wanted = self._notes.get(line.value, NoteRecord(client_id=self.client_id))
        self._leave_then(lambda: self._open(wanted))

    def _leave_then(self, then: Callable[[], None]) -> None:
        """Save what is open, then go on; stay where it cannot be saved."""

        def stay(error: StudioError) -> None:
            self.body.notes_list.choose(self._base.id)
            if not isinstance(error, InvalidInput | Conflict):
                self.shell.failed(error)

        self.save(then, stay)

    def _open(self, note: NoteRecord, *, focus: bool = False) -> None:
        self._base = note
        self._binder.fill(note)
        self._show_list()
        if focus:
            self.body.text_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_after(self, gone: int) -> None:
        ids = list(self._notes)
        at = ids.index(gone) if gone in ids else 0
        self._notes.pop(gone, None)
        others = list(self._notes.values())
        self._open(others[min(at, len(others) - 1)] if others else NoteRecord(client_id=self.client_id))

    def _was_saved(self, sent: NoteRecord, saved: Saved[NoteRecord]) -> None:
        """What was typed since it was sent stays, and is unsaved again."""
        typed_since = self._binder.changed_fields(sent)
        self._base = saved.result
        known = saved.result.id in self._notes
        self._notes = self._notes if known else {saved.result.id: saved.result} | self._notes
        self._notes[saved.result.id] = saved.result
        self._binder.fill(saved.result, typed_since)
        self._show_list()
        self.shell.saved(self.tr("Saved a note"), saved.changes)


class NotesBody(QWidget):
    """The list and the editor."""

    notes_list: PlainList
    empty_label: PlainLabel
    new_button: BarButton
    delete_button: BarButton
    text_edit: QPlainTextEdit
    alert_check: QCheckBox
    written_label: PlainLabel
    hint_label: PlainLabel

    def __init__(self) -> None:
        super().__init__()
        load_form(self, "notes_tab")
        self.notes_list.set_tall(True)
        self.text_edit.document().setDocumentMargin(6)
