"""Writes the drafts of sheets and pages without making anybody wait, each in its order."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from studio_desktop.domain.errors import StudioError

if TYPE_CHECKING:
    from studio_desktop.ui.page import Shell

log = logging.getLogger(__name__)


class DraftKeeper(QObject):
    """One write after the other, off the window's thread; of one draft only the newest state waits."""

    def __init__(self, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._shell = shell
        self._waiting: deque[tuple[str, Callable[[], object]]] = deque()
        self._queue = threading.Lock()
        self._writing = threading.Lock()

    def keep(self, key: str, kind: str, title: str, state: dict[str, Any], **record: Any) -> None:
        """Write this state in the place of the draft's earlier one; `record` is what `Drafts.keep` takes beyond it."""
        user, drafts = self._shell.services.desk.user_name, self._shell.drafts
        self._put(key, lambda: drafts.keep(key, user=user, kind=kind, title=title, state=state, **record))

    def discard(self, key: str) -> None:
        """Forget a draft."""
        drafts = self._shell.drafts
        self._put(key, lambda: drafts.discard(key))

    def flush(self) -> None:
        """Write what waits, here and now, and wait for what is being written: the window is about to close."""
        while self._write_next():
            pass

    def _put(self, key: str, work: Callable[[], object]) -> None:
        with self._queue:
            self._waiting = deque(one for one in self._waiting if one[0] != key)
            self._waiting.append((key, work))
        # Carried out even if the page closes meanwhile: a draft that was saved must not stay.
        self._shell.tasks.run(self, self._write_next, lambda _: None, lane="pool")

    def _write_next(self) -> bool:
        """In whatever thread: what waits longest; whether there was anything."""
        with self._writing:
            with self._queue:
                work = self._waiting.popleft()[1] if self._waiting else None
            if work is not None:
                self._write(work)
            return work is not None

    def _write(self, work: Callable[[], object]) -> None:
        try:
            work()
        except OSError as error:
            raise StudioError(
                "What you type cannot be kept on this computer until it is saved: {why}.", why=error.strerror
            ) from error
