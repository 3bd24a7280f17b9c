"""Backups of the studio in the window: one a day by itself, others when asked for, and what the status bar says of it.

They are made in the lane for long work, so nobody waits for them. How many are kept is the backups' own rule.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from studio_desktop.domain.errors import StudioError
from studio_desktop.domain.permissions import Permission
from studio_desktop.settings import backup_folder

if TYPE_CHECKING:
    from studio_desktop.services.backups import BackupResult, KeptBackup
    from studio_desktop.ui.message_bar import MessageBar
    from studio_desktop.ui.page import Shell
    from studio_desktop.ui.status_bar import StatusBar

FIRST_LOOK = 60_000
"""Milliseconds after the studio was opened until it is looked whether there is a backup of today: pages come first."""

LOOKED_AT_EVERY = 600_000
"""Milliseconds between further looks, for a new day."""

AGAIN_AFTER = timedelta(hours=1)
"""How long after a failure it is tried again."""

AMBER_AFTER, RED_AFTER = timedelta(days=3), timedelta(days=7)
"""Ages of the newest backup from which its mark is amber, and red."""

_BANNER = "backup"


class DailyBackup(QObject):
    """Makes today's backup if there is none yet. A failure is said once and tried again in silence."""

    def __init__(self, shell: Shell, status: StatusBar, messages: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._shell = shell
        self._status = status
        self._messages = messages
        self._failed_at: datetime | None = None
        self._is_running = False
        self._looks = QTimer(self)
        self._looks.timeout.connect(self.look)

    def start(self) -> None:
        """A studio was opened, or somebody else sits down."""
        self._failed_at = None
        self._ask_newest(self._tell)
        self._looks.start(FIRST_LOOK)

    def look(self) -> None:
        """Make today's backup if it is wanted at this desk, may be made here, and is missing."""
        self._looks.setInterval(LOOKED_AT_EVERY)
        desk, settings = self._shell.services.desk, self._shell.settings
        # Either way round, for the clock may have been set back since.
        has_just_failed = self._failed_at is not None and abs(desk.clock.now() - self._failed_at) < AGAIN_AFTER
        if not settings.daily_backup or self._is_running or has_just_failed or not desk.may(Permission.BACKUP):
            return

        def judge(newest: KeptBackup | None) -> None:
            self._tell(newest)
            if newest is None or _day(newest) < desk.clock.today():
                self._make(lambda _: None, self._failed, is_daily=True)

        self._ask_newest(judge)

    def make(self) -> None:
        """Make one now because somebody wants it, and say so."""
        said = self.tr("Backed up and verified: {file}")

        def done(result: BackupResult) -> None:
            self._shell.say(said.format(file=result.path.name))

        self._make(done, self._shell.failed)

    def look_again(self) -> None:
        """There are other backups than before."""
        self._ask_newest(self._tell)

    def stop(self) -> None:
        """Make none by itself any more, until `start`."""
        self._looks.stop()

    @property
    def _folder(self) -> Path:
        return backup_folder(self._shell.settings)

    def _make(
        self, done: Callable[[BackupResult], None], failed: Callable[[StudioError], None], *, is_daily: bool = False
    ) -> None:
        # The window is painted before the database layer is loaded.
        from studio_desktop.services.backups import BackupKind, Keep

        if self._is_running:
            return
        kind = BackupKind.DAILY if is_daily else BackupKind.HAND
        self._is_running = True
        services, folder, keep = self._shell.services, self._folder, Keep(self._shell.settings.backups_kept)
        self._status.set_backup(self.tr("Backing up…"), str(folder))

        def made(result: BackupResult) -> None:
            self._failed_at = None
            self._messages.clear(_BANNER)
            done(result)

        def ended() -> None:
            self._is_running = False
            self._ask_newest(self._tell)

        def make() -> BackupResult:
            return services.backups.make(folder, kind=kind, keep=keep)

        self._shell.tasks.run(self, make, made, failed, "bulk", always=ended)

    def _failed(self, error: StudioError) -> None:
        is_known = self._failed_at is not None
        self._failed_at = self._shell.services.desk.clock.now()
        if not is_known:
            sentence = self.tr("Today's backup was not made: {why}").format(why=error)
            self._messages.show_message(_BANNER, sentence, ways=[(self.tr("&Try again"), self.make)])

    def _ask_newest(self, then: Callable[[KeptBackup | None], None]) -> None:
        services, folder = self._shell.services, self._folder
        self._shell.tasks.run(self, lambda: services.backups.newest(folder), then, lane="pool")

    def _tell(self, newest: KeptBackup | None) -> None:
        if self._is_running:
            return
        if newest is None:
            self._status.set_backup(self.tr("No backup yet"), str(self._folder))
            return
        clock, formats = self._shell.services.desk.clock, self._shell.formats
        day, age = _day(newest), clock.now() - newest.made_at
        shown = self.tr("today") if day == clock.today() else formats.day(day, clock.today())
        said = self.tr("Backed up {day} {time}").format(day=shown, time=formats.time(newest.made_at))
        tone = "red" if age > RED_AFTER else "yellow" if age > AMBER_AFTER else "dim"
        self._status.set_backup(said, self.tr("Read back and found whole: {file}").format(file=newest.path), tone)


def _day(one: KeptBackup) -> date:
    return one.made_at.astimezone().date()
