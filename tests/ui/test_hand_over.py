"""All data of a client as one file, from the record's ribbon."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio_desktop.services import Services
from tests.builders import a_client
from tests.ui.client_desk import open_page
from tests.ui.conftest import DeskShell

pytestmark = pytest.mark.parametrize("studio_url", ["sqlite"], indirect=True)  # what is in it is proven in services


def test_that_the_record_writes_all_that_is_kept_about_its_client_where_somebody_wants_it(
    qtbot: QtBot, shell: DeskShell, services: Services, tmp_path: Path
) -> None:
    """S4-31: Cancel writes nothing."""
    page = open_page(qtbot, shell, a_client(services))
    shell.prompts.answers = [None, tmp_path / "anna.zip"]
    hand_over = page.handlers()["export_person"]
    hand_over()
    assert list(tmp_path.glob("*.zip")) == []
    hand_over()
    qtbot.waitUntil(lambda: shell.files == [tmp_path / "anna.zip"], timeout=20_000)
    assert zipfile.is_zipfile(tmp_path / "anna.zip")
