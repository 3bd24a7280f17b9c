"""What a person may do, and which role may do it. Services check it; the window reads the same table."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """One right each; every public method of a service names the one it needs (default: refuse)."""

    VIEW_CLIENTS = "view clients"
    ADD_CLIENTS = "add clients"
    CHANGE_CLIENTS = "change clients"
    DELETE_CLIENTS = "delete clients"
    MERGE = "merge clients"
    PURGE = "erase clients for good"
    IMPORT = "import clients"
    EXPORT = "export and print lists"
    UNDO = "undo"
    VIEW_MAINTENANCE = "see the maintained lists"
    MAINTENANCE = "change the maintained lists"
    PREFERENCES = "change the studio's preferences"
    USERS = "manage users"
    BACKUP = "back up"
    RESTORE = "restore"
    SIGN_IN = "sign in"


_VIEWER = {Permission.VIEW_CLIENTS, Permission.VIEW_MAINTENANCE, Permission.SIGN_IN}
_FRONT_DESK = _VIEWER | {
    Permission.ADD_CLIENTS,
    Permission.CHANGE_CLIENTS,
    Permission.EXPORT,
    Permission.UNDO,
    Permission.BACKUP,
}
_MANAGER = _FRONT_DESK | {
    Permission.DELETE_CLIENTS,
    Permission.MERGE,
    Permission.IMPORT,
    Permission.MAINTENANCE,
    Permission.PREFERENCES,
}


class Role(StrEnum):
    """The roles a studio starts with."""

    OWNER = "owner"
    MANAGER = "manager"
    FRONT_DESK = "front desk"
    VIEWER = "viewer"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MANAGER: frozenset(_MANAGER),
    Role.FRONT_DESK: frozenset(_FRONT_DESK),
    Role.VIEWER: frozenset(_VIEWER),
}

READING = frozenset({
    Permission.VIEW_CLIENTS, Permission.VIEW_MAINTENANCE, Permission.EXPORT, Permission.BACKUP, Permission.SIGN_IN,
})  # fmt: skip
"""What anybody may do at most where a studio can only be read: a backup that is looked at, a write-protected file."""
