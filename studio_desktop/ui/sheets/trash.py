"""The trash: deleted clients of the last thirty days, brought back with Enter or erased for good (B15, S4-20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from studio_desktop.domain.permissions import Permission
from studio_desktop.services import new_request
from studio_desktop.ui import theme
from studio_desktop.ui.form import load_form, put_into
from studio_desktop.ui.page import Sheet, Shell
from studio_desktop.ui.widgets.buttons import FlatButton, PrimaryButton
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.small_table import Cell, Head, SmallTable

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.services import Saved
    from studio_desktop.services.trash import Trashed


class TrashSheet(Sheet):
    """Space ticks, Enter brings back; erasing wants a word typed, and the right to do it."""

    name = "trash"

    count_label: PlainLabel
    table_place: QWidget
    word_label: PlainLabel
    word_edit: QLineEdit
    erase_button: FlatButton
    restore_button: PrimaryButton

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self._rows: list[Trashed] = []
        self._ticked: set[int] = set()
        load_form(self, "trash_sheet")
        heads = (
            Head("", 30),
            Head(self.tr("Client"), 200, stretches=True),
            Head(self.tr("Number"), 90),
            Head(self.tr("Deleted"), 160),
            Head(self.tr("By"), 140),
        )
        self.table: SmallTable = put_into(self.table_place, SmallTable(heads, self._cell, self.table_place))
        self.table.setAccessibleName(self.tr("Deleted clients, newest first"))
        self.table.ticked.connect(self._tick)
        self.table.taken.connect(lambda _: self.finish())
        self.table.selectionModel().currentChanged.connect(lambda _new, _old: self._tell())
        self.word_edit.textChanged.connect(lambda _: self._tell())
        self.word_edit.returnPressed.connect(self._erase)
        self.erase_button.clicked.connect(self._erase)
        self.restore_button.clicked.connect(self.finish)
        may_erase = shell.services.desk.may(Permission.PURGE)
        for widget in (self.word_label, self.word_edit, self.erase_button):
            widget.setVisible(may_erase)
        self._tell()
        self._read()

    def title(self) -> str:
        """The trash."""
        return self.tr("Trash")

    def finish(self) -> None:
        """Bring back the ticked ones, else the current one; the sheet stays for more."""
        ids, trash, request = self._chosen(), self.shell.services.trash, new_request()
        if not ids or not self.shell.services.desk.may(Permission.DELETE_CLIENTS):
            return
        whom = self._named(ids)

        def done(saved: Saved[int]) -> None:
            self._ticked.clear()
            self.shell.saved(self.tr("Brought back {whom}").format(whom=whom), saved.changes)
            self._read()

        self.shell.tasks.run(self, lambda: trash.restore(ids, request), done)

    def take_focus(self) -> None:
        """Into the list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self, changes: Changes) -> None:
        """Somebody was deleted or brought back."""
        if changes.touches("client"):
            self._read()

    def sizeHint(self) -> QSize:
        """Room for about ten."""
        return QSize(theme.scaled(800), theme.scaled(340))

    def _read(self) -> None:
        trash = self.shell.services.trash
        self.shell.tasks.latest(self, "trash", trash.clients, self._show)

    def _show(self, rows: list[Trashed]) -> None:
        self._rows = rows
        self._ticked &= {row.id for row in rows}
        self.table.show_rows(len(rows))
        count = self.shell.formats.number(len(rows))
        many = self.tr("{count} clients were deleted in the last 30 days. Enter brings back.").format(count=count)
        self.count_label.setText(many if rows else self.tr("Nobody was deleted in the last 30 days."))
        self._tell()

    def _tick(self, row: int) -> None:
        self._ticked ^= {self._rows[row].id}
        self.table.look_again()
        self._tell()

    def _chosen(self) -> list[int]:
        if self._ticked:
            return sorted(self._ticked)
        row = self.table.current()
        return [self._rows[row].id] if 0 <= row < len(self._rows) else []

    def _word(self) -> str:
        """What is to be typed before anything is erased."""
        return self.tr("ERASE")

    def _tell(self) -> None:
        ids, may = self._chosen(), self.shell.services.desk.may
        said = self.tr("To er&ase {whom} for good, type {word}")
        whom = self._named(ids) if ids else self.tr("somebody")
        self.word_label.setText(said.format(whom=whom.replace("&", "&&"), word=self._word()))
        self.erase_button.setEnabled(bool(ids) and self.word_edit.text().strip() == self._word())
        self.restore_button.setEnabled(bool(ids) and may(Permission.DELETE_CLIENTS))

    def _erase(self) -> None:
        ids, trash, request = self._chosen(), self.shell.services.trash, new_request()
        if not self.erase_button.isEnabled():
            return
        whom = self._named(ids)

        def done(saved: Saved[int]) -> None:
            self._ticked.clear()
            self.word_edit.clear()
            said = self.tr("Erased {whom} for good").format(whom=whom)
            self.shell.saved(said, saved.changes, undoable=False)
            self._read()
            self.take_focus()

        self.shell.tasks.run(self, lambda: trash.erase(ids, request), done)

    def _named(self, ids: list[int]) -> str:
        if len(ids) != 1:
            return self.tr("{count} clients").format(count=self.shell.formats.number(len(ids)))
        row = next(one for one in self._rows if one.id == ids[0])
        return self.shell.formats.name(row.last_name, row.first_name, row.company) or row.number

    def _cell(self, row: int, column: int) -> Cell:
        one, today = self._rows[row], self.shell.services.desk.clock.today()
        if column == 0:
            return Cell(tick=one.id in self._ticked)
        name = self.shell.formats.name(one.last_name, one.first_name, one.company)
        texts = (name, one.number, self.shell.formats.instant(one.deleted_at, today), one.deleted_by)
        return Cell(texts[column - 1], "text" if column == 1 else "dim")
