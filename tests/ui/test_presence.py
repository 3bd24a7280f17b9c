"""Who else is at a client: the program at one desk of a server, and Sue at another (RELIABILITY E7, D2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio_desktop.app import Program
from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import SystemClock
from studio_desktop.services import Services
from studio_desktop.services.users import sit_down
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.widgets.marks import Badge
from tests.builders import a_client
from tests.ui.client_desk import CTRL, field, is_read, press, retype
from tests.ui.conftest import Start


@pytest.fixture
def url(fresh_studio: Callable[[str], str]) -> str:
    return fresh_studio("postgresql")


@pytest.fixture
def sue(url: str) -> Iterator[Services]:
    database = Database(url)
    yield Services(database, sit_down(database, SystemClock(), "FRONT-2", "Sue"))
    database.close()


@pytest.fixture
def program(qtbot: QtBot, start: Start, url: str) -> Program:
    """At work, as the studio's first person."""
    program = start(url, unattended=True)
    qtbot.waitUntil(lambda: hasattr(program, "window") and program.window.book.current() is not None, timeout=20_000)
    return program


def open_client(qtbot: QtBot, window: MainWindow, client_id: int) -> ClientPage:
    window.open_client(client_id)
    page = window.book.current()
    assert isinstance(page, ClientPage)
    is_read(qtbot, page)
    return page


def badge_of_sue(page: ClientPage) -> str:
    said = [badge.accessibleName() for badge in page.findChildren(Badge) if badge.isVisible()]
    return "".join(text for text in said if text.startswith("Sue"))


def heard(sue: Services, client_id: int) -> list[bool]:
    """Whether each other desk at this client changes it, as Sue's desk is told."""
    others = sue.presence.say("hers", {("client", client_id): False})
    return [one.is_changing for one in others["client", client_id]]


def test_that_a_page_says_who_else_has_its_client_open_or_is_changing_it(
    qtbot: QtBot, program: Program, sue: Services
) -> None:
    """RELIABILITY E7."""
    client = a_client(sue, last_name="Adams", first_name="Anna")
    page = open_client(qtbot, program.window, client.id)
    assert badge_of_sue(page) == ""
    retype(field(page, "custom_text_1_edit"), "half ty")
    sue.presence.say("hers", {("client", client.id): False})
    qtbot.waitUntil(lambda: badge_of_sue(page).startswith("Sue has this open (FRONT-2, since "), timeout=10_000)
    sue.presence.say("hers", {("client", client.id): True})
    qtbot.waitUntil(lambda: badge_of_sue(page).startswith("Sue is changing this (FRONT-2, since "), timeout=10_000)
    assert any("Not saved yet · Sue is changing this" in text for text in program.window.status.texts())
    assert field(page, "custom_text_1_edit").text() == "half ty"
    assert field(page, "custom_text_1_edit").hasFocus()
    press(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: not page.unsaved(), timeout=10_000)
    assert sue.clients.get(client.id).custom_text_1 == "half ty"
    sue.presence.say("hers", {})
    qtbot.waitUntil(lambda: badge_of_sue(page) == "", timeout=10_000)
    assert not any("Sue" in text for text in program.window.status.texts())


def test_that_the_other_desks_hear_what_is_open_here_until_it_is_closed(
    qtbot: QtBot, program: Program, sue: Services
) -> None:
    client = a_client(sue, last_name="Adams", first_name="Anna")
    window = program.window
    page = open_client(qtbot, window, client.id)
    qtbot.waitUntil(lambda: heard(sue, client.id) == [False], timeout=10_000)
    retype(field(page, "custom_text_1_edit"), "half ty")
    qtbot.waitUntil(lambda: heard(sue, client.id) == [True], timeout=10_000)
    press(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: heard(sue, client.id) == [False], timeout=10_000)
    window.close_page(page)
    qtbot.waitUntil(lambda: heard(sue, client.id) == [], timeout=10_000)
    open_client(qtbot, window, client.id)
    qtbot.waitUntil(lambda: heard(sue, client.id) == [False], timeout=10_000)
    program.frame.close()
    assert program.end()
    assert heard(sue, client.id) == [], "whoever closes the program is not there any more"
