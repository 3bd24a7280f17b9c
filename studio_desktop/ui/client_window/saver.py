"""Saves one record from a form: once however often it is asked to, and over another desk's change without loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject

from studio_desktop.domain.errors import Conflict, StudioError
from studio_desktop.services import Saved, new_request

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from studio_desktop.ui.page import Shell

Record = TypeVar("Record", bound="DataclassInstance")
Write = Callable[[Record, Record, str], Saved[Record]]
"""What writes: the record as it was read, the record wanted, the request id."""


class Saver(QObject, Generic[Record]):
    """One attempt at a time. Trying the same again repeats the request, so that an answer lost costs nothing."""

    def __init__(self, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._shell = shell
        self._attempt: tuple[str, Any, Any] | None = None
        self.busy = False

    def save(
        self,
        write: Write[Record],
        base: Record,
        mine: Record,
        done: Callable[[Saved[Record]], None],
        failed: Callable[[StudioError], None],
        settle: Callable[[Conflict, Callable[[Record], None]], None],
    ) -> None:
        """Write `mine`; nothing happens while an attempt is under way.

        A conflict goes to `failed`, and then to `settle`, which asks the person and may hand on the record to save
        instead, over what stands now.
        """
        if self.busy:
            return
        self.busy = True
        request = self._request(base, mine)

        def finished(saved: Saved[Record]) -> None:
            self._attempt = None
            done(saved)

        def refused(error: StudioError) -> None:
            failed(error)
            if isinstance(error, Conflict):
                theirs = error.theirs
                settle(error, lambda settled: self.save(write, theirs, settled, done, failed, settle))

        self._shell.tasks.run(
            self, lambda: write(base, mine, request), finished, refused, always=self._free
        )

    def _free(self) -> None:
        self.busy = False

    def _request(self, base: Record, mine: Record) -> str:
        if self._attempt is None or self._attempt[1:] != (base, mine):
            self._attempt = (new_request(), base, mine)
        return self._attempt[0]
