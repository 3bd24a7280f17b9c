"""Columns that flow find their place in one go, whatever the window's width and height and the text size."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QGridLayout, QScrollArea, QSizePolicy, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.theme import Theme
from studio_desktop.ui.widgets.flowing_columns import FlowingColumns
from tests.builders import a_client
from tests.ui.client_desk import open_page
from tests.ui.conftest import DeskShell


class _Column(QWidget):
    """As wide as its contents, though they could do with less."""

    def __init__(self, parent: QWidget, width: int, height: int) -> None:
        super().__init__(parent)
        self._wanted = QSize(width, height)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Minimum)

    def sizeHint(self) -> QSize:  # noqa: N802
        return self._wanted

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._wanted.width() // 2, self._wanted.height())


@pytest.mark.usefixtures("look")
def test_that_the_last_column_goes_below_exactly_where_it_has_no_room_and_stays_there(qtbot: QtBot) -> None:
    area, body = QScrollArea(), QWidget()
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    grid = QGridLayout(body)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(24)
    last = _Column(body, 200, 300)
    grid.addWidget(_Column(body, 300, 300), 0, 0)
    grid.addWidget(last, 0, 1)
    area.setWidget(body)
    flowing = FlowingColumns(grid, last, area)
    area.show()
    bar = area.verticalScrollBar().sizeHint().width()
    for height in (250, 320, 700):
        for room in (*range(480, 570, 3), *range(570, 480, -3)):
            area.resize(room + bar + 2 * area.frameWidth(), height)
            QApplication.processEvents()
            assert flowing.is_below == (room < 300 + 24 + 200), (room, height)


@pytest.mark.databases("sqlite")
def test_that_a_client_settles_at_every_text_size_and_width(
    qtbot: QtBot, shell: DeskShell, services: Services, look: Theme
) -> None:
    """Once at 110 % of text the columns of a deleted client were laid out until the program's stack was full."""
    client: ClientRecord = a_client(services, last_name="Berg")
    services.clients.delete([client.id], new_request())
    deleted: ClientPage = open_page(qtbot, shell, client)
    edited: ClientPage = open_page(qtbot, shell, a_client(services, last_name="Adams"))
    edited.edit_header()
    for percent in Theme.TEXT_SIZES:
        look.set_text_percent(percent)
        for page in (deleted, edited):
            for width in range(900, 1700, 40):
                page.resize(width, 640)
                QApplication.processEvents()
                assert page.width() >= width
