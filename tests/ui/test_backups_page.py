"""The page of backups: made, read again, looked at, deleted and restored by keyboard (DECISIONS 11, RELIABILITY D)."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from studio_desktop import __version__
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.permissions import Role
from studio_desktop.services import Services
from studio_desktop.services.backups import BackupKind, Keep
from studio_desktop.settings import data_folder
from studio_desktop.ui.hubs.backups import BackupsPage
from tests.builders import a_client
from tests.ui.conftest import Answers, DeskShell


@pytest.fixture
def folder() -> Path:
    return data_folder() / "backups"


@pytest.fixture
def page(qtbot: QtBot, shell: DeskShell) -> BackupsPage:
    return opened(qtbot, shell)


def opened(qtbot: QtBot, shell: DeskShell) -> BackupsPage:
    made = BackupsPage(shell)
    qtbot.addWidget(made)
    made.resize(1000, 500)
    made.show()
    made.take_focus()
    return made


def shown(page: BackupsPage) -> list[tuple[str, ...]]:
    """Why each was made, whether it is whole, and its program and file."""
    cells = [[page.table.cell(row, column) for column in range(7)] for row in range(page.table.count())]
    return [(row[1].text, row[3].dot, row[5].text, row[6].text) for row in cells]


def test_that_one_is_made_verified_looked_at_and_listed_with_what_is_known_of_it(
    qtbot: QtBot, page: BackupsPage, shell: DeskShell, folder: Path, clock: FixedClock
) -> None:
    """RELIABILITY E16."""
    assert page.table.accessibleDescription() == "No backup yet. “Back up now” makes one and reads it back."
    assert not page.restore_panel.isVisible()
    qtbot.keyClick(page.make_button, Qt.Key.Key_Space)
    assert not page.make_button.isEnabled()
    qtbot.waitUntil(lambda: page.table.count() == 1, timeout=20_000)
    (file,) = [path for path in folder.iterdir() if path.suffix in (".db", ".zip")]
    assert shown(page) == [("By hand", "green", __version__, file.name)]
    assert "Backed up and verified" in page.notice_label.text()
    assert shell.backups == 1
    clock.instant += timedelta(hours=3)
    page.take_focus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "is whole" in page.notice_label.text(), timeout=20_000)
    qtbot.waitUntil(lambda: shell.formats.instant(clock.now()) == page.table.cell(0, 3).text)
    qtbot.keyClick(page.look_button, Qt.Key.Key_Space)
    assert isinstance(shell.prompts, Answers)
    assert shell.prompts.started == [("look", str(file))]


def test_that_one_that_was_harmed_is_found_and_cannot_be_restored(
    qtbot: QtBot, services: Services, shell: DeskShell, folder: Path
) -> None:
    made = services.backups.make(folder, kind=BackupKind.DAILY).path
    page = opened(qtbot, shell)
    qtbot.waitUntil(lambda: page.table.count() == 1)
    whole = made.read_bytes()
    made.write_bytes(whole[: len(whole) // 2])
    page.verify_button.click()
    qtbot.waitUntil(lambda: "is not whole" in page.notice_label.text(), timeout=20_000)
    qtbot.waitUntil(lambda: shown(page)[0][:2] == ("Every day", "red"))
    assert not page.word_edit.isEnabled()
    assert services.backups.newest(folder) is None


def test_that_the_studio_itself_is_checked_and_what_does_not_fit_is_said(
    qtbot: QtBot, page: BackupsPage, services: Services
) -> None:
    """RELIABILITY E17."""
    client = a_client(services, last_name="Adams", phones=["330 555 0142"])
    qtbot.keyClick(page.check_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.notice_label.text() == "Everything in the studio fits together.", timeout=20_000)
    harm = text("UPDATE client SET sort_key = 'zzz' WHERE id = :id")
    services.database.write(lambda connection: connection.execute(harm, {"id": client.id}))
    qtbot.keyClick(page.check_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.notice_label.text().startswith("The studio is not sound: "), timeout=20_000)
    assert str(client.id) in page.notice_label.toolTip()


def test_that_a_restore_says_what_is_lost_and_wants_its_word(
    qtbot: QtBot, services: Services, shell: DeskShell, folder: Path, clock: FixedClock
) -> None:
    made = services.backups.make(folder).path
    clock.instant += timedelta(minutes=5)
    for name in ("Adams", "Berg"):
        a_client(services, last_name=name)
    page = opened(qtbot, shell)
    qtbot.waitUntil(lambda: "2 changes saved since then would be lost, the last one by Owner" in page.lost_label.text())
    assert not page.restore_button.isEnabled()
    page.word_edit.setFocus()
    qtbot.keyClicks(page.word_edit, "RESTOR")
    qtbot.keyClick(page.word_edit, Qt.Key.Key_Return)
    assert shell.restored == []
    qtbot.keyClicks(page.word_edit, "E")
    qtbot.keyClick(page.word_edit, Qt.Key.Key_Return)
    assert shell.restored == [made]


def test_that_one_is_deleted_once_that_is_confirmed_and_the_last_one_never(
    qtbot: QtBot, services: Services, shell: DeskShell, folder: Path, clock: FixedClock
) -> None:
    first = services.backups.make(folder).path
    clock.instant += timedelta(minutes=5)
    second = services.backups.make(folder).path
    page = opened(qtbot, shell)
    qtbot.waitUntil(lambda: page.table.count() == 2)
    assert isinstance(shell.prompts, Answers)
    shell.prompts.answers = [None, 0, 0]
    page.delete_button.click()
    assert second.exists()
    page.delete_button.click()
    qtbot.waitUntil(lambda: page.table.count() == 1 and page.delete_button.isEnabled(), timeout=10_000)
    assert (first.exists(), second.exists()) == (True, False)
    page.delete_button.click()
    qtbot.waitUntil(lambda: "is the only backup that is left" in page.notice_label.text())
    assert first.exists()


@pytest.mark.databases("sqlite")
def test_that_the_front_desk_makes_backups_and_restores_none(
    qtbot: QtBot, services: Services, shell: DeskShell, folder: Path
) -> None:
    services.backups.make(folder)
    shell.services = Services(services.database, dataclasses.replace(services.desk, role=Role.FRONT_DESK))
    page = opened(qtbot, shell)
    qtbot.waitUntil(lambda: page.table.count() == 1)
    assert page.make_button.isEnabled()
    assert not page.restore_panel.isVisible()
    assert not page.delete_button.isEnabled()
    assert "may not delete backups" in page.why_not("delete")


@pytest.mark.databases("sqlite")
def test_that_the_folder_and_how_many_stay_are_settings(
    qtbot: QtBot, services: Services, shell: DeskShell, tmp_path: Path, clock: FixedClock
) -> None:
    shell.settings = dataclasses.replace(shell.settings, backups_folder=str(tmp_path / "elsewhere"), backups_kept="few")
    clock.instant -= timedelta(days=40)
    for _ in range(40):
        services.backups.make(tmp_path / "elsewhere", keep=Keep.ALL)
        clock.instant += timedelta(days=1)
    page = opened(qtbot, shell)
    assert "elsewhere" in page.place_label.text()
    qtbot.waitUntil(lambda: page.table.count() == 40, timeout=10_000)
    page.make_button.click()
    qtbot.waitUntil(lambda: 0 < page.table.count() < 15, timeout=20_000)
    page.settings_button.click()
    assert (shell.pages, shell.wishes) == (["settings"], [{"section": "backups"}])
