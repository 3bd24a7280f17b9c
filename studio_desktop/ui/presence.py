"""Says to the other desks which records are open here, and to each page who else is at its record (RELIABILITY E7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.domain.formats import Formats
    from studio_desktop.services.presence import Place, Present
    from studio_desktop.ui.page import Page, Shell

SETTLES = 300
"""Milliseconds in which pages that are opened and closed, or a first key, are said together."""


def tr(text: str) -> str:
    """The text in the language of the window."""
    return QCoreApplication.translate("Presence", text)


class PresenceWatch(QObject):
    """Speaks for one window. `pages` are those that are open; on a file, which has one desk, it is silent."""

    def __init__(self, shell: Shell, pages: Iterable[Page], parent: QObject) -> None:
        super().__init__(parent)
        self._shell = shell
        self._pages = pages
        self._session = ""
        self._said: dict[Place, bool] = {}
        self._is_behind = False
        self._soon = QTimer(self, interval=SETTLES, singleShot=True)
        self._soon.timeout.connect(self._say_news)
        self._again = QTimer(self)
        self._again.timeout.connect(self._say)

    def start(self) -> str:
        """Somebody works here from now on; gives the request by which the feed tells of what is said here."""
        from studio_desktop.services import new_request
        from studio_desktop.services.presence import SAID_EVERY

        self._session = new_request()
        if self._shell.services.presence.is_shared:
            self._again.start(int(SAID_EVERY.total_seconds() * 1_000))
            self._soon.start()
        return self._session

    def stop(self) -> None:
        """Nobody is here any more; nothing is open."""
        was_there = bool(self._said)
        self._soon.stop()
        self._again.stop()
        if was_there:
            self._said = {}
            say, session = self._shell.services.presence.say, self._session
            self._shell.tasks.run(self, lambda: say(session, {}), lambda _: None)

    def notice(self) -> None:
        """Something was opened or closed, or is changed, or no longer."""
        if self._again.isActive():
            self._soon.start()

    def refresh(self, changes: Changes) -> None:
        """Another desk may have come to a record that is open here, or left it."""
        if any(changes.touches("presence", record_id) for _, record_id in self._here()):
            self._is_behind = True
            self.notice()

    def _here(self) -> dict[Place, bool]:
        return {place: page.is_changed() for page in self._pages if (place := page.record()) is not None}

    def _say_news(self) -> None:
        if self._is_behind or self._here() != self._said:
            self._say()

    def _say(self) -> None:
        here = self._here()
        if here or self._said:
            self._said, self._is_behind = here, False
            say, session = self._shell.services.presence.say, self._session
            # Not behind what is being saved, and nothing that is saved behind it.
            self._shell.tasks.latest(self, "presence", lambda: say(session, here), self._show, lane="pool")

    def _show(self, others: dict[Place, tuple[Present, ...]]) -> None:
        for page in list(self._pages):
            place = page.record()
            if place is not None:
                page.show_present(others.get(place, ()))


def present_in_short(present: Present) -> str:
    """*Sue is changing this*."""
    said = tr("{user} is changing this") if present.is_changing else tr("{user} has this open")
    return said.format(user=present.user)


def present_in_words(present: Present, formats: Formats) -> str:
    """*Sue is changing this (FRONT-2, since 10:02)*."""
    where = tr("{workstation}, since {time}").format(
        workstation=present.workstation, time=formats.time(present.since)
    )
    return f"{present_in_short(present)} ({where})"
