"""The Notes tab: newest first, with an editor beside the list (S3-40, S3-45)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.services import new_request
from studio_desktop.ui.client_window.records_tab import NEW, RecordsTab
from studio_desktop.ui.client_window.tab import tr
from studio_desktop.ui.form import load_form
from studio_desktop.ui.widgets.buttons import BarButton
from studio_desktop.ui.widgets.marks import LightKind
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.plain_list import Line, PlainList

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.services import Saved
    from studio_desktop.services.clients import OpenClient
    from studio_desktop.ui.page import Shell


class NotesTab(RecordsTab[NoteRecord]):
    """The notes of one client."""

    name = "notes"

    def __init__(self, shell: Shell, client_id: int, parent: QWidget) -> None:
        self.body = NotesBody()
        super().__init__(shell, NoteRecord(client_id=client_id), self.body, self.body.notes_list, parent)
        self.body.notes_list.delete_wanted.connect(lambda _: self.delete())
        self.body.notes_list.insert_wanted.connect(self.begin_new)
        self.body.notes_list.taken.connect(lambda _: self.body.text_edit.setFocus())
        self.body.new_button.clicked.connect(self.begin_new)
        self.body.delete_button.clicked.connect(self.delete)
        self.body.text_edit.installEventFilter(self)
        self.show_base()
        self.read()

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

    def word(self) -> str:
        """Note."""
        return self.tr("Note")

    def saved_text(self) -> str:
        """Saved a note."""
        return self.tr("Saved a note")

    def read_all(self) -> list[NoteRecord]:
        """Newest first."""
        return self.shell.services.notes.of_client(self.client_id)

    def write(self, base: NoteRecord, mine: NoteRecord, request: str) -> Saved[NoteRecord]:
        """Add a new note, or save another text."""
        notes = self.shell.services.notes
        return notes.add(mine, request) if base.id == NEW else notes.save(base, mine, request)

    def line(self, record: NoteRecord) -> Line:
        """Its first line, and when it was written by whom."""
        first, _, _ = record.text.partition("\n")
        return Line(record.id, first, second=self._written(record), light="yellow" if record.alert else None)

    def has_something(self) -> bool:
        """A new note without a word or an alert is none."""
        written = self.body.text_edit.toPlainText().strip()
        return super().has_something() or bool(written) or self.body.alert_check.isChecked()

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read."""
        self.read_only = read_only
        self.binder.set_read_only(read_only)
        self.body.new_button.setVisible(not read_only)
        self.body.delete_button.setVisible(not read_only)
        self.body.hint_label.setVisible(not read_only)

    def refresh(self, changes: Changes) -> None:
        """Another note, or another text."""
        if changes.touches("note"):
            self.read()

    def take_focus(self) -> None:
        """Write at once where there is nothing to read yet; else begin in the list."""
        target = self.body.notes_list if self.records else self.body.text_edit
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def begin_new(self) -> None:
        """An empty note to write into; what was open is saved first."""
        if not self.read_only:
            self.save_then(self._open_new)

    def lines(self) -> list[Line]:
        """The notes, below the one that is not saved yet."""
        lines = super().lines()
        if self.base.id == NEW and (lines or self.unsaved()):
            lines.insert(0, Line(NEW, self.tr("New note"), faint=True, second=self.tr("not saved yet")))
        return lines

    def show_list(self) -> None:
        """The list, and what hangs on the note that is open."""
        super().show_list()
        has_lines = bool(self.body.notes_list.lines())
        self.body.empty_label.setText("" if has_lines else self.tr("No notes yet. Write the first one at the right."))
        self.body.delete_button.setEnabled(self.base.id != NEW)
        self.body.written_label.setText(self._written(self.base))

    def delete(self) -> bool:
        """Delete the open note; Undo brings it back."""
        base = self.base
        if base.id == NEW or self.read_only or not self.isVisible():
            return False
        services, request = self.shell.services, new_request()
        self.forget()

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
            and not self.read_only
        ):
            self.body.text_edit.insertPlainText(self._stamp())
            return True
        return False

    def _stamp(self) -> str:
        desk, formats = self.shell.services.desk, self.shell.formats
        initials = "".join(word[0].upper() for word in desk.user_name.split())
        return f"{formats.day(desk.clock.today())} {formats.time(desk.clock.now())} {initials}: "

    def _written(self, note: NoteRecord) -> str:
        if note.created_at is None:
            return ""
        today = self.shell.services.desk.clock.today()
        return f"{self.shell.formats.instant(note.created_at, today)} · {note.created_by}"

    def _open_new(self) -> None:
        self.open(self.blank)
        self.show_list()
        self.body.text_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_after(self, gone: int) -> None:
        ids = list(self.records)
        at = ids.index(gone) if gone in ids else 0
        self.records.pop(gone, None)
        others = list(self.records.values())
        self.open(others[min(at, len(others) - 1)] if others else self.blank)
        self.show_list()


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
