"""Who works, where and when. Switching the user makes a new desk and new services; nothing is global."""

from __future__ import annotations

from dataclasses import dataclass

from studio_desktop.domain.clock import Clock
from studio_desktop.domain.permissions import PERMISSIONS, READING, Permission, Role


@dataclass(frozen=True, slots=True)
class Desk:
    """One person at one workstation."""

    user_id: int
    user_name: str
    role: Role
    workstation_id: int
    workstation_name: str
    clock: Clock
    only_reads: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether this person has the permission, and the studio can be written where it needs that."""
        return permission in PERMISSIONS[self.role] and (permission in READING or not self.only_reads)
