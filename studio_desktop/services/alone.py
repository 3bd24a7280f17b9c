"""What only one desk at a time may do, however many press the button: an import by two desks would bring all twice."""

from __future__ import annotations

import re
import zlib
from datetime import datetime

from sqlalchemy import text

from studio_desktop.domain.errors import StudioError
from studio_desktop.services.preferences import formats_of, read_preferences
from studio_desktop.services.unit import Unit


class UnderWay(StudioError):
    """Another desk is doing just this; nothing was written."""


def alone(unit: Unit, action: str, template: str) -> None:
    """Let this write be the only one of its `action` until it ends. Raises UnderWay, who and since when in `template`.

    On SQLite one program writes, and one write at a time. On a server the lock goes with the transaction, however it
    ends; the name under which the server lists this connection says whose it is.
    """
    connection = unit.connection
    if connection.dialect.name == "sqlite":
        return
    key = {"family": _FAMILY, "action": zlib.crc32(action.encode()) & 0x7FFFFFFF}
    while not connection.execute(_TAKE, key).scalar_one():
        # Nobody is named where it ended between the two questions, or has only just begun.
        named = re.fullmatch(r"(.*) at (\S+)", connection.execute(_HOLDER, key).scalar() or "")
        if named is not None:
            formats = formats_of(read_preferences(connection))
            raise UnderWay(template, desk=named[1], since=formats.time(datetime.fromisoformat(named[2])))
    desk = unit.desk.workstation_name.encode()[:_NAME_BYTES].decode(errors="ignore")
    connection.execute(_CALL, {"name": f"{desk} at {unit.now.isoformat(timespec='seconds')}"})


_FAMILY = 0x53445631
"""Keeps these locks apart from those of other programs on the server."""

_NAME_BYTES = 32
"""Of 63 that the server keeps; the moment has the others."""

_TAKE = text("SELECT pg_try_advisory_xact_lock(:family, :action)")
_CALL = text("SELECT set_config('application_name', :name, true)")
_HOLDER = text(
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' "
    "AND l.granted AND l.classid = :family AND l.objid = :action AND a.datname = current_database()"
)
