"""The line to the server falls silent under the window: it stays alive, says so, keeps what is typed, and works on."""

from __future__ import annotations

import time

import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import FixedClock
from studio_desktop.services import Services
from studio_desktop.services.users import sit_down
from studio_desktop.settings import Settings, SettingsFile
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.theme import Theme
from tests.builders import a_client
from tests.proxy import Proxy
from tests.ui.client_desk import field, open_in, retype
from tests.ui.conftest import PATIENCE, Answers, sit_down_in


class Heartbeat:
    """Beats in the window's thread; the longest time between two beats is how long nothing was drawn or heard."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.monotonic()
        self._timer = QTimer(interval=5)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.monotonic()
        self.longest, self._last = max(self.longest, now - self._last), now


def test_that_the_window_lives_through_a_silent_line_and_saves_what_was_typed_once_it_is_back(
    qtbot: QtBot, look: Theme, network: tuple[Database, Proxy], clock: FixedClock
) -> None:
    """RELIABILITY 59, E1: no answer for the limit of a second; the person waits for nothing and loses nothing."""
    database, proxy = network
    services = Services(database, sit_down(database, clock, "FRONT-1"))
    anna = a_client(services, last_name="Adams", first_name="Anna")
    bugs: list[BaseException] = []
    window = MainWindow(SettingsFile(), Settings(theme="light"), look, Answers(), bugs.append)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    sit_down_in(window, services)
    page = open_in(qtbot, window, anna)
    edit = field(page, "custom_text_1_edit")
    retype(edit, "sage")
    proxy.fall_silent()
    heart = Heartbeat()
    page.save()
    QTest.keyClicks(edit, " and cream")
    qtbot.waitUntil(lambda: "Connected" not in window.status.texts(), timeout=20_000)
    qtbot.waitUntil(lambda: any("Not connected since" in one for one in window.messages.texts()), timeout=20_000)
    assert heart.longest < 1.0, "the window stood still"
    assert edit.text() == "sage and cream"
    assert page.unsaved() == ("Custom 1",)
    proxy.heal()
    qtbot.waitUntil(lambda: "Connected" in window.status.texts(), timeout=20_000)
    page.save()
    qtbot.waitUntil(lambda: not page.unsaved(), timeout=20_000)
    assert services.clients.get(anna.id).custom_text_1 == "sage and cream"
    assert window.tasks.close(PATIENCE)
    window.close()
    shiboken6.delete(window)
    assert bugs == []
