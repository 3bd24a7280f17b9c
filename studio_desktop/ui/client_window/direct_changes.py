"""Changes of a client that are saved at once and by themselves, whatever else is typed: an SMS tick, archiving."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio_desktop.domain.errors import StudioError
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.ui.client_window.saver import Saver

if TYPE_CHECKING:
    from studio_desktop.services import Saved
    from studio_desktop.ui.page import Shell

Change = Callable[[ClientRecord], ClientRecord]


class DirectChanges(QObject):
    """One after the other, each made of the record as it stands by then."""

    saved = Signal(object, str)
    """What the service gave back, and what is said about it."""
    refused = Signal()
    """A change was not made, nor are those that waited behind it."""

    def __init__(self, shell: Shell, parent: QObject, record: Callable[[], ClientRecord | None]) -> None:
        """`record` gives the client as it stands."""
        super().__init__(parent)
        self._shell = shell
        self._record = record
        self._saver: Saver[ClientRecord] = Saver(shell, self)
        self._waiting: deque[tuple[Change, str]] = deque()

    def change(self, change: Change, said: str) -> None:
        """Make this change."""
        self._waiting.append((change, said))
        self._next()

    def _next(self) -> None:
        before = self._record()
        if self._saver.busy or not self._waiting or before is None:
            return
        change, said = self._waiting.popleft()

        def done(saved: Saved[ClientRecord]) -> None:
            self.saved.emit(saved, said)
            self._next()

        save = self._shell.services.clients.save
        self._saver.save(save, before, change(before), done, self._failed, lambda _conflict, _save: None)

    def _failed(self, error: StudioError) -> None:
        self._waiting.clear()
        self.refused.emit()
        self._shell.failed(error)
