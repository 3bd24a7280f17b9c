"""Verified backups of the studio, as people ask for them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select

from studio_desktop.database import backup, backup_folder, check, roles
from studio_desktop.database.backup import BackupResult
from studio_desktop.database.backup_folder import BackupKind, Keep, KeptBackup
from studio_desktop.database.check import Finding
from studio_desktop.database.tables.studio import request, user
from studio_desktop.domain.errors import NotAllowed
from studio_desktop.domain.permissions import Permission
from studio_desktop.services.service import Service, requires

__all__ = ["BackupKind", "BackupResult", "Backups", "Finding", "Keep", "KeptBackup", "LostSince"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LostSince:
    """What was saved after a moment: how often, and when and by whom last."""

    count: int
    last_at: datetime | None = None
    last_by: str = ""


class Backups(Service):
    """Makes, reads and finds them in a folder of this workstation."""

    @requires(Permission.BACKUP)
    def make(
        self,
        folder: Path,
        progress: Callable[[str], None] | None = None,
        *,
        kind: BackupKind = BackupKind.HAND,
        keep: Keep = Keep.USUAL,
    ) -> BackupResult:
        """Copy everything into `folder`, read it back, and thin what lies there; for the bulk lane.

        Raises DatabaseUnavailable; a failed backup removes no older one.
        """
        self._refuse_where_only_looked()
        return backup.backup(
            self.database, folder=folder, kind=kind, keep=keep, clock=self.desk.clock, progress=progress
        )

    @requires(Permission.SIGN_IN)
    def newest(self, folder: Path) -> KeptBackup | None:
        """The newest backup of this studio in `folder` that nothing is known to be wrong with.

        One that is more than a day ahead was made while a clock was wrong: no day is backed up by it.
        """
        return backup_folder.latest(self.database, folder, self.desk.clock.now() + timedelta(days=1))

    @requires(Permission.BACKUP)
    def all(self, folder: Path) -> list[tuple[KeptBackup, str]]:
        """The backups of this studio in `folder`, newest first, each with the revision of its schema."""
        return [(one, backup_folder.revision(one.path)) for one in backup_folder.kept(self.database, folder)]

    @requires(Permission.BACKUP)
    def verify(self, path: Path) -> str:
        """Read a backup through, remember the outcome, and give what is wrong with it; nothing if it is whole."""
        wrong = backup.verify(path)
        backup_folder.note(path, self.desk.clock.now(), wrong=wrong)
        return wrong

    @requires(Permission.BACKUP)
    def check_studio(self) -> list[Finding]:
        """What does not fit together in the studio itself, nothing when all is well; for the bulk lane."""
        findings = check.check(self.database)
        for finding in findings:
            log.info("the check found: %s", finding)
        return findings

    @requires(Permission.RESTORE)
    def remove(self, folder: Path, path: Path) -> None:
        """Delete a backup. Raises NotAllowed for the only whole one, NotFound for what is none of this studio's."""
        self._refuse_where_only_looked()
        backup_folder.remove(self.database, folder, path)

    @requires(Permission.RESTORE)
    def lost_since(self, moment: datetime) -> LostSince:
        """What a restore of a backup made at that moment would lose.

        Raises NotAllowed where this login may not restore, and says who may.
        """
        self._refuse_where_only_looked()
        newer = request.c.at > moment
        saved = select(request.c.at, user.c.name).join_from(request, user, user.c.id == request.c.user_id)

        def ask(connection: Connection) -> LostSince:
            if self.database.dialect == "postgresql":
                roles.require_restorer(connection)
            count = connection.execute(select(func.count()).select_from(request).where(newer)).scalar_one()
            last = connection.execute(saved.where(newer).order_by(request.c.at.desc()).limit(1)).first()
            return LostSince(count, last.at, last.name) if last is not None else LostSince(count)

        return self.database.read(ask)

    def _refuse_where_only_looked(self) -> None:
        if self.database.is_protected:
            self.database.require_writable()
        if self.database.read_only:
            raise NotAllowed("{name} is a backup itself, and only looked at.", name=self.database.name)
