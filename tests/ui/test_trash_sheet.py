"""Deleting, the trash, and kinds from record and list, by keyboard (B14, B15, S0-20, S4-20)."""

from __future__ import annotations

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientKind, Stage
from studio_desktop.services import Services, new_request
from studio_desktop.ui.hubs.clients import ClientsPage
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.sheets.trash import TrashSheet
from tests.builders import a_client
from tests.ui.client_desk import Key, open_in, press


def trash_of(qtbot: QtBot, window: MainWindow, count: int) -> TrashSheet:
    window.action_set["trash"].trigger()
    qtbot.waitUntil(lambda: isinstance(window.sheets.front(), TrashSheet))
    sheet = window.sheets.front()
    assert isinstance(sheet, TrashSheet)
    qtbot.waitUntil(lambda: sheet.table.count() == count)
    return sheet


def test_that_deleted_clients_are_ticked_and_brought_back_by_keyboard(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """B15: restore for thirty days."""
    ids = [a_client(services, last_name=f"Gone {at}").id for at in range(3)]
    services.clients.delete(ids, new_request())
    sheet = trash_of(qtbot, window, 3)
    assert sheet.table.hasFocus()
    press(Key.Key_Space)
    press(Key.Key_Space)
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: sheet.table.count() == 1)
    qtbot.waitUntil(lambda: window.undo_bar.shown() == "Brought back 2 clients")
    assert [services.clients.open(one).deleted for one in ids] == [True, False, False]
    window.undo_stack.undo()
    qtbot.waitUntil(lambda: sheet.table.count() == 3)


def test_that_erasing_wants_the_word_typed(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    """S4-20: typed confirmation. RELIABILITY 97."""
    anna = a_client(services)
    services.clients.delete([anna.id], new_request())
    sheet = trash_of(qtbot, window, 1)
    assert "erase Adams, Anna for good" in sheet.word_label.text().replace("&", "")
    sheet.word_edit.setFocus()
    QTest.keyClicks(sheet.word_edit, "erase")
    press(Key.Key_Return)
    assert not sheet.erase_button.isEnabled()
    sheet.word_edit.clear()
    QTest.keyClicks(sheet.word_edit, "ERASE")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: sheet.table.count() == 0)
    assert services.trash.clients() == []
    assert window.undo_stack.next_undo() == ""


def test_that_a_client_who_sent_others_is_archived_and_the_window_says_so(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """S0-20."""
    anna = a_client(services)
    a_client(services, last_name="Sent", referred_by_client_id=anna.id)
    page = open_in(qtbot, window, anna)
    window.action_set["delete"].trigger()
    qtbot.waitUntil(lambda: services.clients.get(anna.id).stage is Stage.ARCHIVED)
    qtbot.waitUntil(
        lambda: window.undo_bar.shown() == "Archived instead of deleted: Adams, Anna (sent other clients)"
    )
    assert window.book.current() is page


def test_that_the_record_and_the_list_change_kinds_with_one_undo(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """S0-08, S0-11, S0-12, B14."""
    anna, bob = a_client(services, first_name="Anna"), a_client(services, first_name="Bob")
    open_in(qtbot, window, anna)
    assert "already" in window.action_set.why_not("to_client")
    window.action_set["to_lead"].trigger()
    qtbot.waitUntil(lambda: services.clients.get(anna.id).kind is ClientKind.LEAD)
    qtbot.waitUntil(lambda: window.undo_bar.shown() == "Anna: now lead")
    window.open_page("clients", filters={})
    page = window.book.current()
    assert isinstance(page, ClientsPage)
    qtbot.waitUntil(lambda: page.list.total == 2 and page.list.is_loaded)
    page.list.tick_all()
    window.action_set["to_prospect"].trigger()
    kinds = [ClientKind.PROSPECT] * 2
    qtbot.waitUntil(lambda: [services.clients.get(one.id).kind for one in (anna, bob)] == kinds)
    qtbot.waitUntil(lambda: window.undo_bar.shown() == "2 clients: now prospect")
    window.undo_stack.undo()
    before = [ClientKind.LEAD, ClientKind.CLIENT]
    qtbot.waitUntil(lambda: [services.clients.get(one.id).kind for one in (anna, bob)] == before)
