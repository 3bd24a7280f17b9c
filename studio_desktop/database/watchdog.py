"""Cuts a connection whose server has gone silent.

Neither `statement_timeout` nor TCP's own timers end a wait on a server or middle box that acknowledges packets but
never answers (measured; RELIABILITY 0.7), so the deadline lives in the client: a thread shuts the socket down, and
the waiting call fails at once.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext


class Watchdog:
    """Watches raw psycopg connections while a statement of theirs is under way."""

    def __init__(self, limit: float) -> None:
        """`limit` in seconds, per statement."""
        self._limit = limit
        self._deadlines: dict[Any, float] = {}
        self._at_ease: set[Any] = set()
        self._changed = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    def guard(self, engine: Engine) -> None:
        """Watch every statement and commit of an engine's connections."""

        @event.listens_for(engine, "before_cursor_execute")
        def started(connection: Connection, *_: Any) -> None:
            self._start(connection.connection.driver_connection)

        @event.listens_for(engine, "after_cursor_execute")
        def answered(connection: Connection, *_: Any) -> None:
            self._stop(connection.connection.driver_connection)

        @event.listens_for(engine, "handle_error")
        def refused(context: ExceptionContext) -> None:
            if context.connection is not None and not context.connection.invalidated:
                self._stop(context.connection.connection.driver_connection)

        @event.listens_for(engine, "commit")
        def committing(connection: Connection) -> None:
            self._start(connection.connection.driver_connection)

        @event.listens_for(engine, "checkin")
        def returned(raw: Any, _record: Any) -> None:
            self._stop(raw)

        @event.listens_for(engine, "invalidate")
        def lost(raw: Any, *_: Any) -> None:
            self._stop(raw)

    @contextmanager
    def guarding(self, raw: Any) -> Iterator[None]:
        """Watch one raw connection for the length of the block."""
        self._start(raw)
        try:
            yield
        finally:
            self._stop(raw)

    @contextmanager
    def at_ease(self, connection: Connection) -> Iterator[None]:
        """Let a connection take as long as it needs: imports, reports, migrations."""
        raw = connection.connection.driver_connection
        with self._changed:
            self._at_ease.add(raw)
        self._stop(raw)
        try:
            yield
        finally:
            with self._changed:
                self._at_ease.discard(raw)

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _start(self, raw: Any) -> None:
        with self._changed:
            if raw in self._at_ease or self._closed:
                return
            self._deadlines[raw] = time.monotonic() + self._limit
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _stop(self, raw: Any) -> None:
        with self._changed:
            self._deadlines.pop(raw, None)

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                for raw in [raw for raw, deadline in self._deadlines.items() if deadline <= now]:
                    del self._deadlines[raw]
                    _cut(raw)
                next_deadline = min(self._deadlines.values(), default=None)
                self._changed.wait(None if next_deadline is None else max(0.01, next_deadline - now))


def _cut(raw: Any) -> None:
    import psycopg  # only here: a studio on SQLite never loads it

    # Whoever was faster, the server or the caller: then there is no line any more.
    with suppress(OSError, psycopg.Error):
        line = socket.socket(fileno=raw.fileno())
        try:
            line.shutdown(socket.SHUT_RDWR)
        finally:
            # The connection's own descriptor: it closes it.
            line.detach()
