"""A backup put in the place of the studio, or opened beside it to look at, by the whole program (DECISIONS 11)."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio_desktop.app import Program
from studio_desktop.domain.errors import NotAllowed
from studio_desktop.services import Services
from studio_desktop.services.backups import BackupKind
from studio_desktop.services.listings.declaration import Query
from studio_desktop.settings import data_folder
from studio_desktop.ui.hubs.backups import BackupsPage
from tests.builders import a_client
from tests.ui.conftest import Start


def working(qtbot: QtBot, program: Program) -> Program:
    with qtbot.waitSignal(program.working, timeout=20_000):
        pass
    return program


def test_that_a_backup_is_restored_in_the_window_and_what_stood_there_is_kept(
    studio_url: str, qtbot: QtBot, start: Start
) -> None:
    """DECISIONS 11: on the page of backups, on both databases; the studio goes on with what the backup held.

    RELIABILITY E16.
    """
    program = working(qtbot, start(studio_url, unattended=True))
    window = program.window
    services = window.services
    a_client(services, last_name="Adams", first_name="Anna")
    folder = data_folder() / "backups"
    made = services.backups.make(folder).path
    berg = a_client(services, last_name="Berg", first_name="Bob")
    window.open_client(berg.id)
    window.open_page("backups")
    page = window.book.current()
    assert isinstance(page, BackupsPage)
    qtbot.waitUntil(page.word_edit.isEnabled, timeout=10_000)
    page.word_edit.setText("RESTORE")
    qtbot.keyClick(page.word_edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.services is not services and window.isEnabled(), timeout=30_000)
    qtbot.waitUntil(lambda: "was restored" in " ".join(window.messages.texts()))
    names = [window.services.clients.get(one).last_name for one in window.services.listings.ids("clients", Query())]
    assert names == ["Adams"]
    kinds = [one.kind for one, _ in window.services.backups.all(folder)]
    assert (kinds.count(BackupKind.RESTORE), made.exists()) == (1, True)
    a_client(window.services, last_name="Carr")


@pytest.mark.databases("sqlite")
def test_that_a_backup_that_is_not_whole_is_refused_and_the_studio_goes_on(
    studio_url: str, qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = working(qtbot, start(studio_url, unattended=True))
    window = program.window
    a_client(window.services, last_name="Adams")
    (tmp_path / "broken.zip").write_bytes(b"no backup")
    window.restore(tmp_path / "broken.zip")
    qtbot.waitUntil(lambda: "is not a whole backup" in " ".join(window.messages.texts()), timeout=30_000)
    qtbot.waitUntil(window.isEnabled)
    qtbot.waitUntil(lambda: len(window.services.listings.ids("clients", Query())) == 1)


def test_that_a_backup_is_looked_at_in_a_window_where_nothing_can_be_changed(
    services: Services, qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    """A backup of either database opens, is marked, and refuses each write with a sentence. RELIABILITY E16."""
    anna = a_client(services, last_name="Adams", first_name="Anna")
    made = services.backups.make(tmp_path / "backups").path
    url = f"sqlite:///{(tmp_path / 'copy.db').as_posix()}"
    program = working(qtbot, start(url, looks_at=made, unattended=True))
    window = program.window
    assert "nothing can be changed here" in " ".join(window.messages.texts())
    assert window.services.clients.get(anna.id).last_name == "Adams"
    with pytest.raises(NotAllowed, match="only looked at"):
        a_client(window.services, last_name="Berg")
    with pytest.raises(NotAllowed, match="is a backup itself"):
        window.services.backups.make(tmp_path / "backups")
    window.open_page("backups")
    page = window.book.current()
    assert isinstance(page, BackupsPage)
    assert not page.restore_panel.isVisible()
    window.backups.look()
    assert window.services.backups.newest(data_folder() / "backups") is None
