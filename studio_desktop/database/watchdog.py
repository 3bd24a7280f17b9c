"""Cuts a connection whose server has gone silent.

Neither `statement_timeout` nor TCP's own timers end a wait on a server or middle box that acknowledges packets but
never answers (measured; RELIABILITY 0.7), so the deadline lives in the client: a thread shuts the socket down, and
the waiting call fails at once. What may take as long as it needs has no deadline; while it lasts, the server is knocked
at now and then, and twice without a sign of life the connection is cut, too.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext


class Watchdog:
    """Watches raw psycopg connections while a statement of theirs is under way."""

    def __init__(self, limit: float, is_reached: Callable[[], bool]) -> None:
        """`limit` in seconds, per statement; `is_reached` knocks at the server, whatever it is busy with."""
        self._limit = limit
        self._is_reached = is_reached
        self._deadlines: dict[Any, float] = {}
        self._at_ease: dict[Any, _Ease] = {}
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
        """Let a connection take as long as it needs, and as the server is there: imports, reports, migrations."""
        if connection.dialect.name == "sqlite":
            yield
            return
        raw = connection.connection.driver_connection
        self._stop(raw)
        with self._changed:
            self._at_ease[raw] = _Ease(time.monotonic() + self._limit)
            self._wake()
        try:
            yield
        finally:
            with self._changed:
                self._at_ease.pop(raw, None)

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
            self._wake()

    def _stop(self, raw: Any) -> None:
        with self._changed:
            self._deadlines.pop(raw, None)

    def _wake(self) -> None:
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
            self._thread.start()
        self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                for raw in [raw for raw, deadline in self._deadlines.items() if deadline <= now]:
                    del self._deadlines[raw]
                    _cut(raw)
                for raw, ease in self._at_ease.items():
                    if ease.knock_at <= now:
                        ease.knock_at = float("inf")
                        # A knock takes as long as a connect may; the others' deadlines do not wait for it.
                        threading.Thread(target=self._knock, args=(raw, ease), name="knock", daemon=True).start()
                moments = [*self._deadlines.values(), *(ease.knock_at for ease in self._at_ease.values())]
                soonest = min(moments, default=float("inf"))
                self._changed.wait(None if soonest == float("inf") else max(0.01, soonest - now))

    def _knock(self, raw: Any, ease: _Ease) -> None:
        is_reached = self._is_reached()
        with self._changed:
            if self._at_ease.get(raw) is not ease:
                return
            ease.unanswered = 0 if is_reached else ease.unanswered + 1
            if ease.unanswered == _IN_VAIN:
                _cut(raw)
                return
            ease.knock_at = time.monotonic() + self._limit
            self._changed.notify()


@dataclass(slots=True, eq=False)
class _Ease:
    knock_at: float
    unanswered: int = 0


_IN_VAIN = 2
"""How often in a row nobody answers before the server counts as gone: one knock may fall into a short gap."""


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
