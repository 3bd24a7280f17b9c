"""What the program tidies up in the pauses of a day, so that no save and no search ever waits for it."""

from __future__ import annotations

from studio_desktop.database import search
from studio_desktop.domain.permissions import Permission
from studio_desktop.services.service import Service, requires


class Upkeep(Service):
    """Small steps between two saves; a server does its own."""

    @property
    def is_needed(self) -> bool:
        """Whether saves leave something behind here: in a file that this desk may write."""
        return self.database.path is not None and not self.desk.only_reads and not self.database.read_only

    @requires(Permission.SIGN_IN)
    def tidy(self) -> bool:
        """Take one step; whether there is more to do. For the lane that writes, when nothing waits there."""
        with self.database.migrating() as connection:
            return search.idle(connection)
