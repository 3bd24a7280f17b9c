"""Who works, where and when. Switching the user makes a new desk and new services; nothing is global."""

from __future__ import annotations

from dataclasses import dataclass

from studio_desktop.domain.clock import Clock
from studio_desktop.domain.permissions import PERMISSIONS, Permission, Role


@dataclass(frozen=True, slots=True)
class Desk:
    """One person at one workstation."""

    user_id: int
    user_name: str
    role: Role
    workstation_id: int
    workstation_name: str
    clock: Clock

    def may(self, permission: Permission) -> bool:
        """Whether this person has the permission."""
        return permission in PERMISSIONS[self.role]
