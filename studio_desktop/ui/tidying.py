"""Tidies up behind saves, as soon as nobody has saved anything for a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from studio_desktop.ui.page import Shell

PAUSE = 200
"""Milliseconds after a save, and after each step, in which nobody saved anything."""


class Tidying(QObject):
    """Begins anew with every save, and ends when there is nothing left to tidy up."""

    def __init__(self, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._shell = shell
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._tidy)

    def soon(self) -> None:
        """Something was saved."""
        if self._shell.services.upkeep.is_needed:
            self._pause.start()

    def stop(self) -> None:
        """The studio is closed, or another one takes its place."""
        self._pause.stop()

    def _tidy(self) -> None:
        tidy = self._shell.services.upkeep.tidy
        self._shell.tasks.latest(self, "tidy", tidy, lambda more: self.soon() if more else None, lane="write")
