"""A backup a day, made while work goes on; what is said of it, and what when it fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.permissions import Role
from studio_desktop.services import Services
from studio_desktop.settings import data_folder
from studio_desktop.ui.main_window import MainWindow
from tests.ui.conftest import sit_down_in


@pytest.fixture
def folder() -> Path:
    return data_folder() / "backups"


def made(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*") if path.suffix in (".db", ".zip"))


def is_at_rest(window: MainWindow) -> bool:
    """Nothing is on its way in the lanes."""
    return not window.tasks._tasks


def test_that_there_is_one_backup_of_each_day_without_anybody_asking(
    window: MainWindow, clock: FixedClock, folder: Path, qtbot: QtBot
) -> None:
    """RELIABILITY D, E3."""
    qtbot.waitUntil(lambda: "No backup yet" in window.status.texts())
    window.backups.look()
    qtbot.waitUntil(lambda: window.status.texts()[-1].startswith("Backed up today"), timeout=20_000)
    clock.instant += timedelta(hours=5)
    window.backups.look()
    qtbot.waitUntil(lambda: is_at_rest(window))
    assert len(made(folder)) == 1
    clock.instant += timedelta(days=1)
    window.backups.look()
    qtbot.waitUntil(lambda: len(made(folder)) == 2, timeout=20_000)


def test_that_a_clock_set_back_by_a_year_stops_no_backups(
    window: MainWindow, clock: FixedClock, folder: Path, qtbot: QtBot
) -> None:
    """RELIABILITY row 69: made while the clock was wrong, a backup says nothing of today."""
    clock.instant += timedelta(days=365)
    window.backups.look()
    qtbot.waitUntil(lambda: window.status.texts()[-1].startswith("Backed up today"), timeout=20_000)
    clock.instant -= timedelta(days=365)
    for _ in range(2):  # once, and not at each look again
        window.backups.look()
        qtbot.waitUntil(lambda: len(made(folder)) == 2, timeout=20_000)
        qtbot.waitUntil(lambda: is_at_rest(window))
    assert len(made(folder)) == 2
    assert window.status.texts()[-1].startswith("Backed up today")


def test_that_none_is_made_where_it_is_not_wanted_or_may_not_be_made(
    window: MainWindow, services: Services, folder: Path, qtbot: QtBot
) -> None:
    """S4-18."""
    window.save_settings(replace(window.settings, daily_backup=False))
    window.backups.look()
    window.save_settings(replace(window.settings, daily_backup=True))
    sit_down_in(window, Services(services.database, replace(services.desk, role=Role.VIEWER)))
    window.backups.look()
    qtbot.waitUntil(lambda: is_at_rest(window))
    assert made(folder) == []
    assert window.messages.texts() == []


def test_that_a_failure_is_said_once_and_is_over_when_the_next_one_succeeds(
    window: MainWindow, clock: FixedClock, folder: Path, qtbot: QtBot
) -> None:
    """RELIABILITY B 17."""
    folder.write_text("in the way")
    window.backups.look()
    qtbot.waitUntil(lambda: "Today's backup was not made" in "".join(window.messages.texts()))
    qtbot.waitUntil(lambda: "No backup yet" in window.status.texts())
    for later in (timedelta(minutes=10), timedelta(hours=2)):
        clock.instant += later
        window.backups.look()
        qtbot.waitUntil(lambda: is_at_rest(window))
    assert len(window.messages.texts()) == 1
    folder.unlink()
    clock.instant += timedelta(hours=2)
    window.backups.look()
    qtbot.waitUntil(lambda: window.messages.texts() == [], timeout=20_000)
    assert len(made(folder)) == 1
