"""Who was kept too long, from the settings to the list that names them and puts them away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.records.clients import Stage
from studio_desktop.services import Services, new_request
from studio_desktop.ui.hubs.clients import ClientsPage
from tests.builders import a_client
from tests.ui.client_desk import CTRL, Key, press
from tests.ui.conftest import DeskShell

pytestmark = pytest.mark.parametrize("studio_url", ["sqlite"], indirect=True)  # the rule is proven in services


def filters_of(page: ClientsPage) -> dict[str, QAction]:
    return {line.text().replace("&", ""): line for line in page.filters.menu(page).actions()}


def test_that_a_studio_that_keeps_nobody_for_ever_finds_and_archives_who_is_due(
    qtbot: QtBot, shell: DeskShell, services: Services, clock: FixedClock
) -> None:
    """S4-30. RELIABILITY 112."""
    idle = a_client(services, last_name="Idle")
    page = ClientsPage(shell)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    assert "Kept too long" not in filters_of(page)
    services.preferences.save({"keep_clients": 2}, new_request())
    shell.preferences = services.preferences.get()
    clock.instant += timedelta(days=800)
    a_client(services, last_name="New")
    filters_of(page)["Kept too long"].trigger()
    qtbot.waitUntil(lambda: page.list.model.rowCount() == 1 and page.list.model.is_complete)
    page.list.enter()
    press(Key.Key_A, CTRL)
    qtbot.waitUntil(lambda: page.chosen_clients() == [idle.id])
    page.handlers()["archive"]()
    qtbot.waitUntil(lambda: services.clients.get(idle.id).stage is Stage.ARCHIVED)
