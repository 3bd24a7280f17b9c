"""Wakes this desk when another one has written: PostgreSQL's NOTIFY, heard by a thread of its own.

A notice only says that the feed (`database/changes.py`) is worth a look; what changed is read there. On SQLite one
program writes, and it knows.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy.engine import URL

from studio_desktop.database.changes import CHANNEL
from studio_desktop.database.engine import server_settings
from studio_desktop.database.logins import LoginPause

log = logging.getLogger(__name__)


class Listener:
    """Listens until it is closed, and connects again whenever the connection is lost."""

    def __init__(self, url: URL, password: str | None, heard: Callable[[], None]) -> None:
        """Call `heard`, in the listener's thread, after notices, and after each connect: some may have been missed."""
        dialect: Any = url.get_dialect()()
        _, self._address = dialect.create_connect_args(url)
        self._settings = server_settings(password)
        self._logins = LoginPause()
        self._heard = heard
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening; returns when `heard` will not be called any more."""
        self._closed.set()
        self._thread.join()

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(**self._address, **self._settings, autocommit=True)

    def _listen(self) -> None:
        pause = _FIRST_PAUSE
        while not self._closed.is_set():
            try:
                with self._logins.connect(self._connect) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    pause = _FIRST_PAUSE
                    self._heard()
                    while not self._closed.is_set():
                        # Many notices that came at once are worth one look.
                        if list(connection.notifies(timeout=_LOOK_UP, stop_after=1)):
                            self._heard()
            except psycopg.Error as error:
                log.info("not listening for other desks, next try in %.1f s: %s", pause, error)
                self._closed.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)


_LOOK_UP = 0.5
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 10.0
