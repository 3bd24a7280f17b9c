"""Home shows what waits, and every line of it leads there."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.domain.changes import Change, Changes
from studio_desktop.domain.records.clients import ClientKind, Stage
from studio_desktop.services import Services
from studio_desktop.ui.hubs.home import HomePage
from studio_desktop.ui.page import ParkedSheet
from tests.builders import a_client, catalog_id
from tests.ui.conftest import DeskShell


def home(shell: DeskShell, qtbot: QtBot) -> HomePage:
    page = HomePage(shell)
    qtbot.addWidget(page)
    page.resize(1200, 560)
    page.show()
    return page


def lines(page: QWidget) -> list[str]:
    """What can be read and clicked, from the top of each card."""
    buttons = [one for one in page.findChildren(QAbstractButton) if one.isVisible() and one.accessibleName()]
    return [one.accessibleName() for one in buttons]


def line(page: QWidget, beginning: str) -> QAbstractButton:
    buttons = page.findChildren(QAbstractButton)
    return next(one for one in buttons if one.isVisible() and one.accessibleName().startswith(beginning))


@pytest.fixture
def overdue(services: Services) -> list[int]:
    """Two clients whose status is due since 6 and 4 March; today is the 10th."""
    status = catalog_id(services, "client_statuses", "Web Inquiry")
    return [
        a_client(
            services, last_name=name, status_id=status, status_set_on=date(2026, 2, 1), status_due_on=due,
            status_due_set_by_hand=True,
        ).id
        for name, due in (("Alvarez", date(2026, 3, 6)), ("Brandt", date(2026, 3, 4)))
    ]  # fmt: skip


def test_that_overdue_statuses_stand_there_the_latest_first_and_open(
    shell: DeskShell, qtbot: QtBot, overdue: list[int]
) -> None:
    """S1-10."""
    page = home(shell, qtbot)
    latest_first = ["Brandt, Web Inquiry, 4 Mar, late 6 d", "Alvarez, Web Inquiry, 6 Mar, late 4 d"]
    qtbot.waitUntil(lambda: lines(page)[:2] == latest_first)
    page.take_focus()
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Down)
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    assert shell.opened == [(overdue[0], None)]


def test_that_counts_lead_to_the_list_they_count(shell: DeskShell, qtbot: QtBot, services: Services) -> None:
    a_client(services, last_name="Adams")
    a_client(services, last_name="Berg", kind=ClientKind.PROSPECT)
    a_client(services, last_name="Clark", stage=Stage.ARCHIVED)
    page = home(shell, qtbot)
    qtbot.waitUntil(lambda: lines(page) == ["Active clients, 1", "Prospects, 1", "Archived, 1"])
    line(page, "Prospects").click()
    assert shell.pages == ["clients"]
    assert shell.wishes == [{"filters": {"kind": "prospect", "stage": "active"}}]


def test_that_a_status_that_fell_due_elsewhere_shows_at_once(
    shell: DeskShell, qtbot: QtBot, services: Services
) -> None:
    page = home(shell, qtbot)
    status = catalog_id(services, "client_statuses", "Web Inquiry")
    a_client(services, last_name="Noor", status_id=status, status_due_on=date(2026, 3, 9), status_due_set_by_hand=True)
    page.refresh(Changes("theirs", frozenset({Change("client")})))
    qtbot.waitUntil(lambda: "Noor, Web Inquiry, 9 Mar, late 1 d" in lines(page))


def test_that_a_parked_sheet_is_gone_on_with_from_here(shell: DeskShell, qtbot: QtBot) -> None:
    page = home(shell, qtbot)
    shell.parked.append(ParkedSheet(3, "New client: Ann", "10:42"))
    shell.parked_changed.emit()
    line(page, "New client: Ann, 10:42").click()
    assert shell.sheets == [("parked", {"number": 3})]


def test_that_a_new_studio_says_what_to_do_first(shell: DeskShell, qtbot: QtBot) -> None:
    page = home(shell, qtbot)
    button = next(one for one in page.findChildren(QAbstractButton) if one.text() == "&New client")
    qtbot.waitUntil(button.isVisible)
    button.click()
    assert shell.sheets == [("new_client", {})]
