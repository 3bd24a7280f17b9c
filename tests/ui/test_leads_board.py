"""The board of a pipeline, worked by the keyboard and by dragging (B14)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.records.clients import ClientKind
from studio_desktop.services import Services
from studio_desktop.services.pipelines import PAGE
from studio_desktop.ui.hubs.leads_board import LeadsBoardPage
from studio_desktop.ui.main_window import MainWindow
from tests.builders import a_client, a_phone, add_clients, client_record
from tests.ui.client_desk import ALT, CTRL, Key, press

pytestmark = pytest.mark.databases("sqlite")

STAGES = ["New inquiry", "Contacted", "Consultation", "Proposal sent", "Booked", "Lost"]


def board(qtbot: QtBot, window: MainWindow) -> LeadsBoardPage:
    """The board, read, with the cursor on its cards."""
    window.open_page("leads")
    page = window.book.current()
    assert isinstance(page, LeadsBoardPage)
    qtbot.waitUntil(lambda: [column.description for column in page.columns] == STAGES)
    page.take_focus()
    return page


def names(page: LeadsBoardPage) -> list[list[str]]:
    """Who stands at each stage."""
    return [[card.name for card in column.cards.cards.rows] for column in page.columns]


def test_that_a_card_is_moved_by_keys_and_undo_moves_it_back(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """B14: the cursor goes along; won becomes a client, and one Undo takes it back."""
    anna = a_client(services, last_name="Adams", kind=ClientKind.LEAD)
    a_client(services, last_name="Bell", kind=ClientKind.LEAD)
    page = board(qtbot, window)
    assert names(page)[0] == ["Adams", "Bell"]
    press(Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: names(page)[:2] == [["Bell"], ["Adams"]])
    current = page.current()
    assert current is not None
    assert (current.client_id, page.columns[1].cards.hasFocus()) == (anna.id, True)
    press(Key.Key_Left)
    current = page.current()
    assert current is not None
    assert current.name == "Bell"
    press(Key.Key_Right)
    for place in (2, 3, 4):
        press(Key.Key_Right, CTRL)
        qtbot.waitUntil(lambda place=place: names(page)[place] == ["Adams"])
    qtbot.waitUntil(lambda: services.clients.get(anna.id).kind is ClientKind.CLIENT)
    window.action_set["undo_last"].trigger()
    qtbot.waitUntil(lambda: names(page)[3] == ["Adams"])
    assert services.clients.get(anna.id).kind is ClientKind.LEAD
    page.columns[3].cards.enter()
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: window.book.current() is not page)
    client = window.client_in_hand()
    assert client is not None
    assert client.id == anna.id


def test_that_a_card_is_dragged_to_another_stage(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    """B14."""
    anna = a_client(services, last_name="Adams", kind=ClientKind.LEAD)
    page = board(qtbot, window)
    source, target = page.columns[0].cards, page.columns[2].cards
    dragged: QMimeData = source.model().mimeData([source.model().index(0, 0)])
    held = (Qt.DropAction.MoveAction, dragged, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(20, 20), *held)
    QApplication.sendEvent(target.viewport(), enter)
    assert enter.isAccepted()
    QApplication.sendEvent(target.viewport(), QDropEvent(QPointF(20, 20), *held))
    qtbot.waitUntil(lambda: names(page)[2] == ["Adams"])
    (lead,) = services.leads.of_client(anna.id)
    assert lead.stage_id == page.columns[2].stage_id


def test_that_what_is_late_and_whom_to_warn_of_is_said_on_the_card(
    qtbot: QtBot, window: MainWindow, services: Services, clock: FixedClock
) -> None:
    """B14, S2-34: a screen reader hears it, too; the status bar counts."""
    a_client(
        services, last_name="Adams", kind=ClientKind.LEAD, call_warning="Works nights", phones=[a_phone("330 555 0142")]
    )
    clock.instant += timedelta(days=2)
    page = board(qtbot, window)
    cards = page.columns[0].cards
    assert cards.accessibleName() == "New inquiry: 1 lead, 1 overdue"
    spoken = cards.model().data(cards.model().index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Adams, (330) 555-0142, Works nights, Call: Ask what they have in mind")
    assert QAccessible.queryAccessibleInterface(cards) is not None


def test_that_a_stage_is_read_on_as_somebody_goes_down(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    """B14: 2,000 leads on one board."""
    add_clients(services, [client_record(last_name=f"Lead {n:04}", kind=ClientKind.LEAD) for n in range(2 * PAGE + 9)])
    page = board(qtbot, window)
    cards = page.columns[0].cards
    assert len(cards.cards.rows) >= PAGE
    QTest.keyClick(cards, Key.Key_End)
    qtbot.waitUntil(lambda: len(cards.cards.rows) == 2 * PAGE)
    QTest.keyClick(cards, Key.Key_End)
    qtbot.waitUntil(lambda: len(cards.cards.rows) == 2 * PAGE + 9)
    assert len({card.id for card in cards.cards.rows}) == 2 * PAGE + 9


def test_that_the_list_beside_the_board_shows_the_same_leads(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """B14: list view; and back by its action."""
    anna = a_client(services, last_name="Adams", kind=ClientKind.LEAD)
    a_client(services, last_name="Client")
    board(qtbot, window)
    press(Key.Key_V, ALT)
    qtbot.waitUntil(lambda: window.book.current().context == "clients")
    hub = window.book.current()
    qtbot.waitUntil(lambda: hub.list.model.ids() == [anna.id])
