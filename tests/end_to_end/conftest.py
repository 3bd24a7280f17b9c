"""The window of the end-to-end tests, the real one with real lanes on either database, and who sits before it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio_desktop.services import Services
from studio_desktop.ui.main_window import MainWindow
from tests.end_to_end.desk import Desk
from tests.ui.conftest import look, window

__all__ = ["look", "window"]


@pytest.fixture
def desk(qtbot: QtBot, window: MainWindow, services: Services, tmp_path: Path) -> Desk:
    """Somebody in front of the window; what she makes comes into a folder of the test."""
    documents = tmp_path / "documents"
    window.save_settings(dataclasses.replace(window.settings, reports_folder=str(documents)))
    return Desk(qtbot, window, services, documents)
