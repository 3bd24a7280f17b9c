"""A Qt object that is destroyed in a lane's thread ends the program; so garbage is collected in the window's."""

from __future__ import annotations

import gc
import threading

import pytest
from pytestqt.qtbot import QtBot

from studio_desktop.ui.garbage import GarbageCollection


class Ring:
    """Reachable only from itself; it says in which thread it was collected."""

    def __init__(self, seen: list[threading.Thread]) -> None:
        self.itself = self
        self.seen = seen

    def __del__(self) -> None:
        self.seen.append(threading.current_thread())


@pytest.mark.usefixtures("qapp")
def test_that_garbage_is_collected_in_the_windows_thread_whoever_allocates(qtbot: QtBot) -> None:
    """RELIABILITY 123."""
    collection, seen, kept = GarbageCollection(), [], []
    Ring(seen)
    lane = threading.Thread(target=lambda: kept.extend([[number] for number in range(50_000)]))
    lane.start()
    lane.join()
    assert seen == []
    qtbot.waitUntil(lambda: seen == [threading.main_thread()])
    collection.close()
    assert gc.isenabled()
