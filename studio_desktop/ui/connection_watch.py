"""Whether the database answers: the light in the status bar, one banner while it does not, and asking until it does."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from studio_desktop.domain.errors import DatabaseUnavailable, StudioError

if TYPE_CHECKING:
    from studio_desktop.ui.message_bar import MessageBar
    from studio_desktop.ui.page import Shell
    from studio_desktop.ui.status_bar import StatusBar

ASK_AGAIN_AFTER = 2_000
"""Milliseconds between two attempts to reach a lost database."""


class ConnectionWatch(QObject):
    """Says a lost database once, however many questions it leaves without an answer."""

    regained = Signal()
    """The database answers again; what was asked meanwhile may be asked anew."""

    def __init__(self, shell: Shell, status: StatusBar, messages: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._shell = shell
        self._status = status
        self._messages = messages
        self._place = ""
        self._lost_since = ""
        self._refusals: set[str] = set()
        self._retry: Callable[[], None] | None = None
        self._ping = QTimer(self, interval=ASK_AGAIN_AFTER)
        self._ping.timeout.connect(self._ask_again)

    def start(self, place: str) -> None:
        """A studio was opened; `place` is what its database is called."""
        self._place = place
        self._say_connected()

    def failed(self, error: DatabaseUnavailable, retry: Callable[[], None] | None) -> None:
        """Something could not be asked or written; `retry` tries that again."""
        if not self._lost_since:
            self._messages.show_error(str(error), retry)
            self._status.set_connection("yellow", self.tr("Asking the database…"), str(error))
        self._retry = retry or self._retry
        self._refusals.add(str(error))
        self._ask_again()

    def solved(self, others: Collection[str] = ()) -> None:
        """What the database refused is done since, or is said by another banner."""
        self._messages.clear_errors({*self._refusals, *others})
        self._refusals.clear()

    def _ask_again(self) -> None:
        """Look whether the database answers, for the light and the banner."""
        get = self._shell.services.preferences.get
        self._shell.tasks.latest(self, "ping", get, lambda _: self._say_connected(), self._say_lost)

    def _say_connected(self) -> None:
        self._status.set_connection("green", self.tr("Connected"), self._place)
        self._ping.stop()
        self._retry = None
        if self._lost_since:
            self._lost_since = ""
            self._shell.tasks.ask_again()
            self._messages.clear("lost")
            self._shell.say(self.tr("Connected again"))
            self.regained.emit()

    def _say_lost(self, error: StudioError) -> None:
        now = self._shell.formats.time(self._shell.services.desk.clock.now())
        self.solved({str(error)})
        self._lost_since = self._lost_since or now
        since = self.tr("Not connected since {time}").format(time=self._lost_since)
        self._status.set_connection("red", since, str(error))
        sentence = self.tr("{since}. What you type is kept here. {why}").format(since=since, why=error)
        ways = [(self.tr("&Try again"), self._retry or self._ask_again)]
        self._messages.show_message("lost", sentence, ways=ways, closable=False)
        self._ping.start()
