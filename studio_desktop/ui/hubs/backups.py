"""Backups: which there are, made, read again, looked at and restored, each in the background (DECISIONS 11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from studio_desktop.domain.errors import StudioError
from studio_desktop.domain.permissions import Permission
from studio_desktop.services.backups import BackupKind, Finding, Keep, KeptBackup, LostSince
from studio_desktop.settings import backup_folder
from studio_desktop.ui import theme
from studio_desktop.ui.form import dress_form
from studio_desktop.ui.page import Page, Shell
from studio_desktop.ui.widgets.buttons import FlatButton, LinkButton, PrimaryButton
from studio_desktop.ui.widgets.panels import Panel
from studio_desktop.ui.widgets.plain_label import PlainLabel, as_tip
from studio_desktop.ui.widgets.small_table import Cell, Head, SmallTable

if TYPE_CHECKING:
    from studio_desktop.services.backups import BackupResult

T = TypeVar("T")


class BackupsPage(Page):
    """Enter reads a backup again; restoring one wants a word typed, and the right to do it."""

    context = "backups"

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self._rows: list[tuple[KeptBackup, str]] = []
        self._lost: LostSince | None = None
        self._is_busy = False
        self._build()
        self._connect()
        self._tell()
        self._read()

    def title(self) -> str:
        """Backups."""
        return self.tr("Backups")

    def icon_name(self) -> str:
        """A cylinder."""
        return "database"

    def handlers(self) -> Mapping[str, Callable[..., object]]:
        """Make, delete, and look again."""
        return {"back_up": self.make, "delete": self.delete, "refresh": self._read}

    def why_not(self, action_id: str) -> str:
        """One thing at a time, and only what there is."""
        if self._is_busy:
            return self.tr("A backup is being worked on.")
        if action_id == "delete":
            if not self.shell.services.desk.may(Permission.RESTORE):
                return self.tr("You may not delete backups. The owner of the studio can change that.")
            return "" if self._chosen() is not None else self.tr("Choose a backup first.")
        return ""

    def take_focus(self) -> None:
        """Into the list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def make(self) -> None:
        """Make one now."""
        backups, folder = self.shell.services.backups, self._folder()
        keep = Keep(self.shell.settings.backups_kept)

        def made(result: BackupResult) -> None:
            self._say(self.tr("Backed up and verified: {file}").format(file=result.path.name))
            self.shell.backed_up()

        self._run(self.tr("Making a backup and reading it back…"), lambda: backups.make(folder, keep=keep), made)

    def verify(self) -> None:
        """Read the chosen one through again."""
        chosen, backups = self._chosen(), self.shell.services.backups
        if chosen is None:
            return
        path = chosen.path

        def verified(wrong: str) -> None:
            whole, broken = self.tr("{file} was read through and is whole."), self.tr("{file} is not whole: {why}")
            self._say((broken if wrong else whole).format(file=path.name, why=wrong), "red" if wrong else "green")
            self.shell.backed_up()

        self._run(self.tr("Reading {file}…").format(file=path.name), lambda: backups.verify(path), verified)

    def check(self) -> None:
        """Prove that everything in the studio itself fits together (RELIABILITY E17)."""
        backups = self.shell.services.backups

        def checked(findings: list[Finding]) -> None:
            if not findings:
                self._say(self.tr("Everything in the studio fits together."), "green")
                return
            more = self.tr("and {count} more").format(count=len(findings) - 1) if len(findings) > 1 else ""
            first = self.tr("The studio is not sound: {what}").format(what=findings[0])
            self._say(", ".join(filter(None, (first, more))), "red", "\n".join(map(str, findings)))

        self._run(self.tr("Checking everything in the studio…"), backups.check_studio, checked)

    def look(self) -> None:
        """Open the chosen one in a window of its own, where nothing can be changed."""
        chosen = self._chosen()
        if chosen is None:
            return
        try:
            self.shell.prompts.start_program("look", str(chosen.path))
        except StudioError as error:
            self._say(str(error), "red")
            return
        self._say(self.tr("{file} opens in a window of its own, for looking only.").format(file=chosen.path.name))

    def delete(self) -> None:
        """Delete the chosen one, once that is confirmed."""
        chosen, backups, folder = self._chosen(), self.shell.services.backups, self._folder()
        if chosen is None or self.why_not("delete"):
            return
        path = chosen.path
        question = self.tr("Delete the backup of {moment}?").format(moment=self._moment(chosen))
        explanation = self.tr("{file} goes for good; this cannot be undone.").format(file=path.name)
        if not self.shell.prompts.confirm(self, question, explanation, self.tr("Delete the backup")):
            return

        def deleted(_: None) -> None:
            self._say(self.tr("Deleted {file}.").format(file=path.name))
            self.shell.backed_up()

        self._run(self.tr("Deleting…"), lambda: backups.remove(folder, path), deleted)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(event.rect(), theme.token("base"))

    # Building

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        body = QVBoxLayout()
        whole.addLayout(body, 1)
        body.setContentsMargins(16, 12, 16, 8)
        body.setSpacing(8)
        head = QHBoxLayout()
        body.addLayout(head)
        head.setSpacing(8)
        self.place_label = PlainLabel("", self, tone="dim", elided=True)
        self.settings_button = LinkButton(self.tr("Change the folder, and &how many are kept"), self)
        head.addWidget(self.place_label, 1)
        head.addWidget(self.settings_button)
        heads = (
            Head(self.tr("Made"), 170),
            Head(self.tr("Why"), 150),
            Head(self.tr("Size"), 80, right=True),
            Head(self.tr("Read through"), 190),
            Head(self.tr("Schema"), 70),
            Head(self.tr("Program"), 80),
            Head(self.tr("File"), 220, stretches=True),
        )
        self.table = SmallTable(heads, self._cell, self)
        self.table.setAccessibleName(self.tr("Backups, newest first"))
        self.table.set_empty(self.tr("No backup yet. “Back up now” makes one and reads it back."))
        body.addWidget(self.table, 1)
        row = QHBoxLayout()
        body.addLayout(row)
        row.setSpacing(8)
        self.make_button = PrimaryButton(self.tr("&Back up now"), self)
        self.make_button.set_icon_name("shield_checkmark")
        self.verify_button = FlatButton(self.tr("&Verify"), self)
        self.look_button = FlatButton(self.tr("&Look at it"), self)
        self.look_button.set_icon_name("eye")
        self.delete_button = FlatButton(self.tr("&Delete…"), self)
        self.delete_button.set_icon_name("delete")
        for button in (self.make_button, self.verify_button, self.look_button, self.delete_button):
            row.addWidget(button)
        self.check_button = FlatButton(self.tr("&Check the studio"), self)
        self.check_button.setToolTip(self.tr("Whether all that is kept fits together; nothing is changed"))
        row.addSpacing(8)
        row.addWidget(self.check_button)
        self.notice_label = PlainLabel("", self, tone="dim", elided=True)
        row.addWidget(self.notice_label, 1)
        self._progress = QProgressBar(self)
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(4)
        self._progress.setAccessibleName(self.tr("A backup is being worked on"))
        self._progress.hide()
        body.addWidget(self._progress)
        whole.addWidget(self._restoring())
        dress_form(self)

    def _restoring(self) -> QWidget:
        """What a restore would lose, and the word that is to be typed before it."""
        self.restore_panel = Panel(self, "window", "t")
        column = QVBoxLayout(self.restore_panel)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(6)
        self.lost_label = PlainLabel("", self.restore_panel)
        self.lost_label.setWordWrap(True)
        column.addWidget(self.lost_label)
        row = QHBoxLayout()
        column.addLayout(row)
        row.setSpacing(8)
        self.word_label = PlainLabel("", self.restore_panel, tone="dim")
        self.word_edit = QLineEdit(self.restore_panel)
        self.word_edit.setFixedWidth(theme.scaled(120))
        self.word_label.setBuddy(self.word_edit)
        self.restore_button = FlatButton(self.tr("Restore it"), self.restore_panel)
        self.restore_button.set_icon_name("history")
        row.addWidget(self.word_label)
        row.addWidget(self.word_edit)
        row.addWidget(self.restore_button)
        row.addStretch(1)
        return self.restore_panel

    def _connect(self) -> None:
        self.settings_button.clicked.connect(lambda: self.shell.open_page("settings", section="backups"))
        self.table.selectionModel().currentChanged.connect(lambda _new, _old: self._choose())
        self.table.taken.connect(lambda _: self.verify())
        self.make_button.clicked.connect(self.make)
        self.verify_button.clicked.connect(self.verify)
        self.look_button.clicked.connect(self.look)
        self.check_button.clicked.connect(self.check)
        self.delete_button.clicked.connect(self.delete)
        self.word_edit.textChanged.connect(lambda _: self._tell())
        self.word_edit.returnPressed.connect(self._restore)
        self.restore_button.clicked.connect(self._restore)

    # Showing

    def _folder(self) -> Path:
        return backup_folder(self.shell.settings)

    def _read(self) -> None:
        backups, folder = self.shell.services.backups, self._folder()
        self.place_label.setText(self.tr("Kept in {folder}").format(folder=folder))
        self.shell.tasks.latest(self, "backups", lambda: backups.all(folder), self._show, lane="pool")

    def _show(self, rows: list[tuple[KeptBackup, str]]) -> None:
        self._rows = rows
        self.table.show_rows(len(rows))
        count = self.shell.formats.number(len(rows))
        one = self.tr("1 backup")
        self.status_changed.emit(one if len(rows) == 1 else self.tr("{count} backups").format(count=count))
        self._choose()

    def _cell(self, row: int, column: int) -> Cell:
        one, revision = self._rows[row]
        if column == 0:
            return Cell(self._moment(one))
        if column == 1:
            return Cell(self._said_kind(one.kind))
        if column == 2:
            return Cell(self._size(one.size))
        if column == 3:
            if one.wrong:
                return Cell(self.tr("not whole"), "red", dot="red")
            return Cell(self.shell.formats.instant(one.verified_at), dot="green")
        return Cell((revision, one.program, one.path.name)[column - 4], "dim")

    def _said_kind(self, kind: BackupKind | None) -> str:
        said = {
            BackupKind.HAND: self.tr("By hand"),
            BackupKind.DAILY: self.tr("Every day"),
            BackupKind.UPGRADE: self.tr("Before an upgrade"),
            BackupKind.RESTORE: self.tr("Before a restore"),
        }
        return said[kind] if kind is not None else ""

    def _size(self, size: int) -> str:
        return self.tr("{size} MB").format(size=self.shell.formats.number(round(Decimal(size) / 1_000_000, 1)))

    def _moment(self, one: KeptBackup) -> str:
        return self.shell.formats.instant(one.made_at)

    def _chosen(self) -> KeptBackup | None:
        row = self.table.current()
        return self._rows[row][0] if 0 <= row < len(self._rows) else None

    def _choose(self) -> None:
        """Another one is chosen: ask what a restore of it would lose."""
        chosen, backups = self._chosen(), self.shell.services.backups
        self._lost = None
        self.word_edit.clear()
        self.lost_label.setText("")
        self._tell()
        if chosen is not None and self.shell.services.desk.may(Permission.RESTORE):
            moment = chosen.made_at
            self.shell.tasks.latest(
                self, "lost", lambda: backups.lost_since(moment), self._show_lost, self._may_not_restore
            )

    def _show_lost(self, lost: LostSince) -> None:
        self._lost = lost
        if lost.last_at is None:
            said = self.tr("Nothing was saved since this backup was made.")
        else:
            count = self.tr("1 change") if lost.count == 1 else self.tr("{count} changes").format(
                count=self.shell.formats.number(lost.count)
            )  # fmt: skip
            said = self.tr("{count} saved since then would be lost, the last one by {name}, {moment}.").format(
                count=count, name=lost.last_by, moment=self.shell.formats.instant(lost.last_at)
            )
        before = self.tr("A backup of how it stands now is made first. Other desks must be closed.")
        self.lost_label.setText(f"{said} {before}")
        self._tell()

    def _may_not_restore(self, error: StudioError) -> None:
        self.lost_label.setText(str(error))
        self._tell()

    def _word(self) -> str:
        """What is to be typed before anything is replaced."""
        return self.tr("RESTORE")

    def _tell(self) -> None:
        chosen, may = self._chosen(), self.shell.services.desk.may(Permission.RESTORE)
        is_free = not self._is_busy and chosen is not None
        self.make_button.setEnabled(not self._is_busy)
        self.check_button.setEnabled(not self._is_busy)
        self.verify_button.setEnabled(is_free)
        self.look_button.setEnabled(is_free)
        self.delete_button.setEnabled(is_free and may)
        self.restore_panel.setVisible(may and chosen is not None)
        if chosen is not None:
            said = self.tr("To &put the backup of {moment} in the place of the studio, type {word}")
            self.word_label.setText(said.format(moment=self._moment(chosen), word=self._word()))
        can = is_free and self._lost is not None and chosen is not None and not chosen.wrong
        self.word_edit.setEnabled(can)
        self.restore_button.setEnabled(can and self.word_edit.text().strip() == self._word())
        self.actions_changed.emit()

    # Doing

    def _restore(self) -> None:
        chosen = self._chosen()
        if chosen is not None and self.restore_button.isEnabled():
            self.shell.restore(chosen.path)

    def _run(self, sentence: str, work: Callable[[], T], done: Callable[[T], None]) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        self._progress.show()
        self._say(sentence)
        self._tell()

        def failed(error: StudioError) -> None:
            self._say(str(error), "red")

        self.shell.tasks.run(self, work, done, failed, lane="bulk", always=self._end)

    def _end(self) -> None:
        self._is_busy = False
        self._progress.hide()
        self._say("")
        self._tell()
        self._read()

    def _say(self, sentence: str, tone: str = "dim", tip: str = "") -> None:
        self.notice_label.set_look(tone=tone)
        self.notice_label.setText(sentence)
        self.notice_label.setToolTip(as_tip(tip or sentence))
