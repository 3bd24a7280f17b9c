"""What every service shares: its permission check, and the command that makes a write repeatable and undoable."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from sqlalchemy import Connection, insert, select

from studio_desktop import __version__
from studio_desktop.database.engine import Database
from studio_desktop.database.migrate import require_program
from studio_desktop.database.tables.studio import request as request_table
from studio_desktop.database.tables.studio import schema_info
from studio_desktop.domain.changes import Changes
from studio_desktop.domain.errors import NotAllowed, StudioError
from studio_desktop.domain.permissions import Permission
from studio_desktop.services.desk import Desk
from studio_desktop.services.unit import Unit

T = TypeVar("T")
S = TypeVar("S", bound="Service")
P = ParamSpec("P")

REQUESTS_KEPT = timedelta(days=30)
"""How long a request can be repeated or undone."""


@dataclass(frozen=True, slots=True)
class Saved(Generic[T]):
    """What a write gives back: the record (or another result) as it now stands, and what changed."""

    result: T
    changes: Changes


def new_request() -> str:
    """A request id, made by the form before its first attempt and kept for every further one."""
    return os.urandom(16).hex()


def requires(
    permission: Permission,
) -> Callable[[Callable[Concatenate[S, P], T]], Callable[Concatenate[S, P], T]]:
    """Let a service's method run only for who has the permission. Raises NotAllowed."""

    def decorate(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
        @functools.wraps(method)
        def checked(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
            if not self.desk.may(permission):
                self.database.require_writable()
                raise NotAllowed(
                    "{user} may not {action}. Ask the owner or a manager.",
                    user=self.desk.user_name,
                    action=permission.value,
                )
            return method(self, *args, **kwargs)

        checked.required_permission = permission  # type: ignore[attr-defined]
        return checked

    return decorate


class Service:
    """One subject of the studio, on one database, for one desk."""

    def __init__(self, database: Database, desk: Desk) -> None:
        """Take what every service needs."""
        self.database = database
        self.desk = desk

    def command(
        self,
        request: str,
        kind: str,
        payload: Any,
        work: Callable[[Unit], int | None],
        result: Callable[[Connection, int | None], T],
        *,
        target_kind: str = "",
        undoes: str | None = None,
        patient: bool = False,
    ) -> Saved[T]:
        """Carry out a write once, however often it is asked for.

        `work` writes through the unit and returns the id of the record it was about; `result` reads what the caller
        gets. When `request` was carried out before (a double click, a retry, an answer lost at COMMIT), only
        `result` runs, and the first write's outcome is given again.
        """
        digest = hashlib.sha256(repr((kind, payload)).encode("utf-8", "surrogatepass")).hexdigest()

        def once(connection: Connection) -> Saved[T]:
            # One question for both: on a far server each one is felt.
            both = schema_info.outerjoin(request_table, request_table.c.id == request)
            query = select(schema_info.c.lowest_program, request_table).select_from(both)
            known = connection.execute(query).one()
            require_program(known.lowest_program, __version__)
            if known.id is not None:
                if known.digest != digest:
                    raise StudioError("This was already saved with other contents; reload and save again.")
                return Saved(result(connection, known.target_id), Changes(request, frozenset()))
            unit = Unit(connection, self.desk, request)
            target = work(unit)
            changes = unit.finish()
            connection.execute(
                insert(request_table).values(
                    id=request,
                    kind=kind,
                    target_kind=target_kind,
                    target_id=target,
                    digest=digest,
                    undoes=undoes,
                    at=unit.now,
                    expires_at=unit.now + REQUESTS_KEPT,
                    user_id=self.desk.user_id,
                    workstation_id=self.desk.workstation_id,
                )
            )
            return Saved(result(connection, target), Changes(request, changes))

        return self.database.write(once, patient=patient)
