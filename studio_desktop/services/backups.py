"""Verified backups of the studio, as people ask for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from studio_desktop.database import backup
from studio_desktop.database.backup import BackupResult, KeptBackup
from studio_desktop.domain.permissions import Permission
from studio_desktop.services.service import Service, requires

__all__ = ["BackupResult", "Backups", "KeptBackup"]


class Backups(Service):
    """Makes and finds them in a folder of this workstation."""

    @requires(Permission.BACKUP)
    def make(self, folder: Path, progress: Callable[[str], None] | None = None) -> BackupResult:
        """Copy everything into `folder`, read it back, and thin what lies there; for the bulk lane.

        Raises DatabaseUnavailable; a failed backup removes no older one.
        """
        return backup.backup(self.database, folder=folder, clock=self.desk.clock, progress=progress)

    @requires(Permission.SIGN_IN)
    def newest(self, folder: Path) -> KeptBackup | None:
        """The newest verified backup of this studio in `folder`."""
        return backup.latest(self.database, folder)
