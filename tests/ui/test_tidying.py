"""The search index of a file is tidied up in the pauses after saves (SEARCH, G14)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from studio_desktop.database.engine import Database
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.declaration import Query
from studio_desktop.ui.main_window import MainWindow
from tests.builders import a_client

SEGMENTS = "SELECT count(DISTINCT segid) FROM search_words_idx"


def segments(database: Database) -> int:
    """In how many pieces the index of words lies: each save adds one."""
    return int(database.read(lambda connection: connection.exec_driver_sql(SEGMENTS).scalar_one()))


@pytest.mark.databases("sqlite")
def test_that_what_saves_leave_in_the_index_is_merged_once_nobody_saves(
    qtbot: QtBot, window: MainWindow, services: Services, database: Database
) -> None:
    client = a_client(services, last_name="Adams")
    for name in ("Berg", "Clark", "Dietz", "Ebner", "Falk", "Gray", "Hart", "Igel", "Jung", "Kern", "Lang", "Marx"):
        saved = services.clients.save(client, replace(client, last_name=name), new_request())
        client = saved.result
    scattered = segments(database)
    assert scattered > 8
    window.saved("Renamed", saved.changes)
    qtbot.waitUntil(lambda: segments(database) < scattered // 2, timeout=20_000)
    qtbot.waitUntil(lambda: not window.tasks.at_work)
    assert [hit.id for hit in services.listings.hits("marx", Query()).found] == [client.id]
