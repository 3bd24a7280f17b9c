"""Ctrl+J: the status of one client or of many, by first letters and Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.page import ClientInHand
from studio_desktop.ui.sheets.status import StatusSheet
from tests.builders import a_client, catalog_id
from tests.ui.conftest import DeskShell

Key = Qt.Key
Opened = Callable[[Sequence[ClientRecord]], StatusSheet]


@pytest.fixture
def opened(qtbot: QtBot, shell: DeskShell) -> Opened:
    """The sheet for some clients, with its proposal."""

    def show(clients: Sequence[ClientRecord]) -> StatusSheet:
        sheet = StatusSheet(shell, client_ids=[one.id for one in clients])
        qtbot.addWidget(sheet)
        sheet.resize(1000, 260)
        sheet.show()
        sheet.activateWindow()
        sheet.take_focus()
        qtbot.waitUntil(lambda: sheet._facts is not None)
        return sheet

    return show


def status(services: Services, text: str) -> int:
    return catalog_id(services, "client_statuses", text)


def at(services: Services, text: str, **facts: str) -> ClientRecord:
    return a_client(services, status_id=status(services, text), **facts)


def lines(sheet: StatusSheet) -> list[str]:
    return [line.text for line in sheet.choice_list.lines()]


def chosen(sheet: StatusSheet) -> str:
    line = sheet.choice_list.current()
    assert line is not None
    return line.text


def press(sheet: StatusSheet, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(sheet.choice_list, key)


def test_that_enter_alone_moves_a_client_to_the_next_status_in_order(
    qtbot: QtBot, shell: DeskShell, services: Services, opened: Opened
) -> None:
    """S1-06, B4; FRONT_DESK job 7: the next in order is already chosen."""
    client = at(services, "First-Time Client", last_name="Adams", first_name="Anna")
    sheet = opened([client])
    assert "First-Time Client · now" in lines(sheet)
    assert chosen(sheet) == "Client"
    with qtbot.waitSignal(sheet.finished):
        press(sheet, Key.Key_Return)
    assert services.clients.get(client.id).status_id == status(services, "Client")
    assert shell.saves[0][0] == "Adams, Anna: Client"
    services.history.undo(shell.saves[0][1].request, new_request())
    assert services.clients.get(client.id).status_id == client.status_id


def test_that_first_letters_choose_and_enter_applies_to_all_with_one_undo(
    qtbot: QtBot, shell: DeskShell, services: Services, opened: Opened
) -> None:
    """FRONT_DESK job 7; S4-33."""
    clients = [at(services, "Client", last_name=name) for name in ("Adams", "Baker", "Chen")]
    sheet = opened(clients)
    QTest.keyClicks(sheet.choice_list, "bus")
    assert chosen(sheet) == "Business Partner"
    with qtbot.waitSignal(sheet.finished):
        press(sheet, Key.Key_Enter)
    assert {services.clients.get(one.id).status_id for one in clients} == {status(services, "Business Partner")}
    assert [text for text, _ in shell.saves] == ["3 clients: Business Partner"]
    services.history.undo(shell.saves[0][1].request, new_request())
    assert {services.clients.get(one.id).status_id for one in clients} == {status(services, "Client")}


def test_that_the_due_date_is_told_before_it_is_set(
    qtbot: QtBot, services: Services, opened: Opened
) -> None:
    """B4: two business days from Tuesday."""
    client = a_client(services)
    sheet = opened([client])
    QTest.keyClicks(sheet.choice_list, "web")
    assert sheet.due_label.text() == "Due 12 Mar 2026, in 2 days"
    sheet.finish()
    qtbot.waitUntil(lambda: services.clients.get(client.id).status_due_on == date(2026, 3, 12))


def test_that_reasons_stand_below_their_status_and_nobody_has_to_give_one(
    qtbot: QtBot, services: Services, opened: Opened
) -> None:
    """S1-07, S1-08; FRONT_DESK job 7: in the same list, only where that status has reasons."""
    client = at(services, "Prospect")
    sheet = opened([client])
    QTest.keyClicks(sheet.choice_list, "first")
    statuses = lines(sheet)
    QTest.keyClick(sheet.choice_list, Key.Key_Up)
    assert chosen(sheet) == "Web Inquiry"
    reasons = [line for line in lines(sheet) if line not in statuses]
    assert "Portrait" in reasons
    assert lines(sheet).index("Portrait") > lines(sheet).index("Web Inquiry")
    press(sheet, *[Key.Key_Down] * (1 + reasons.index("Portrait")))
    assert sheet.result_label.text() == "Adams, Anna → Web Inquiry, Portrait"
    with qtbot.waitSignal(sheet.finished):
        press(sheet, Key.Key_Return)
    saved = services.clients.get(client.id)
    assert saved.status_id == status(services, "Web Inquiry")
    assert saved.status_reason_id == catalog_id(services, "client_status_reasons", "Portrait")


def test_that_letters_mean_a_status_before_a_reason(services: Services, opened: Opened) -> None:
    sheet = opened([at(services, "Web Inquiry")])
    QTest.keyClicks(sheet.choice_list, "web")
    QTest.keyClicks(sheet.choice_list, "x")
    assert chosen(sheet) == "Web Inquiry · now", "nothing begins so"
    sheet._forget_letters()
    QTest.keyClicks(sheet.choice_list, "por")
    assert chosen(sheet) == "Portrait"
    sheet._forget_letters()
    QTest.keyClicks(sheet.choice_list, "p")
    assert chosen(sheet) == "Prospect"


def test_that_of_clients_at_several_statuses_the_one_after_most_is_proposed(
    services: Services, opened: Opened
) -> None:
    names = ("Prospect", "Web Inquiry", "Web Inquiry")
    sheet = opened([at(services, name, last_name=f"Adams{place}") for place, name in enumerate(names)])
    assert chosen(sheet) == "First-Time Client"
    assert [line for line in lines(sheet) if "now" in line] == []


def test_that_enter_before_the_proposal_is_known_waits_for_it(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    client = at(services, "First-Time Client")
    sheet = StatusSheet(shell, client_ids=[client.id])
    qtbot.addWidget(sheet)
    sheet.show()
    sheet.take_focus()
    with qtbot.waitSignal(sheet.finished):
        press(sheet, Key.Key_Return)
    assert services.clients.get(client.id).status_id == status(services, "Client")


def test_that_above_twenty_the_count_is_confirmed_in_the_sheet(
    qtbot: QtBot, services: Services, shell: DeskShell, opened: Opened
) -> None:
    """FRONT_DESK job 7."""
    clients = [at(services, "Client", last_name=f"Adams{number}") for number in range(21)]
    sheet = opened(clients)
    QTest.keyClicks(sheet.choice_list, "loy")
    press(sheet, Key.Key_Return)
    assert sheet.notice_label.text() == "21 clients become “Loyalty Client”. Press Enter to change them."
    assert services.clients.get(clients[0].id).status_id == status(services, "Client")
    with qtbot.waitSignal(sheet.finished):
        press(sheet, Key.Key_Return)
    assert {services.clients.get(one.id).status_id for one in clients} == {status(services, "Loyalty Client")}


def test_that_another_choice_has_to_be_confirmed_anew(
    qtbot: QtBot, services: Services, shell: DeskShell, opened: Opened
) -> None:
    clients = [at(services, "Client", last_name=f"Adams{number}") for number in range(21)]
    sheet = opened(clients)
    QTest.keyClicks(sheet.choice_list, "loy")
    press(sheet, Key.Key_Return)
    press(sheet, Key.Key_Home)
    assert sheet.notice_label.text() == ""
    press(sheet, Key.Key_Return)
    assert "Prospect" in sheet.notice_label.text()
    assert shell.saves == []


def test_that_inactive_statuses_are_not_offered(
    shell: DeskShell, services: Services, opened: Opened
) -> None:
    """S1-11, B4."""
    row = next(one for one in services.catalogs.rows("client_statuses") if one.description == "Upset Client")
    services.catalogs.save("client_statuses", row, {"inactive": True}, new_request())
    shell.choices = services.catalogs.choices()
    assert "Upset Client" not in lines(opened([at(services, "Client")]))


def test_that_a_status_made_inactive_meanwhile_is_refused_in_place(
    qtbot: QtBot, services: Services, opened: Opened
) -> None:
    """E12: the cure beside it, nothing lost."""
    client = at(services, "Client")
    sheet = opened([client])
    row = next(one for one in services.catalogs.rows("client_statuses") if one.description == "Loyalty Client")
    services.catalogs.save("client_statuses", row, {"inactive": True}, new_request())
    QTest.keyClicks(sheet.choice_list, "loy")
    press(sheet, Key.Key_Return)
    qtbot.waitUntil(lambda: sheet.notice_label.text() != "")
    assert sheet.notice_label.text() == "Loyalty Client is no longer in use; choose another status."
    sheet._forget_letters()
    QTest.keyClicks(sheet.choice_list, "bus")
    with qtbot.waitSignal(sheet.finished):
        press(sheet, Key.Key_Return)


def test_that_the_same_status_changes_nothing(
    qtbot: QtBot, services: Services, shell: DeskShell, opened: Opened
) -> None:
    """B4: re-selecting the same status changes nothing."""
    client = at(services, "Client")
    sheet = opened([client])
    QTest.keyClicks(sheet.choice_list, "cli")
    with qtbot.waitSignal(sheet.finished):
        press(sheet, Key.Key_Return)
    assert shell.said == ["Already Client; nothing changed."]
    assert services.clients.get(client.id).version == client.version


def test_that_what_was_chosen_survives_being_parked_and_a_mere_proposal_is_nothing_to_keep(
    qtbot: QtBot, shell: DeskShell, services: Services, opened: Opened
) -> None:
    """FRONT_DESK 6.1."""
    client = at(services, "Prospect")
    sheet = opened([client])
    assert sheet.state() == {}
    QTest.keyClicks(sheet.choice_list, "web")
    press(sheet, Key.Key_Down)
    reason = chosen(sheet)
    again = StatusSheet(shell, client_ids=[client.id])
    qtbot.addWidget(again)
    again.restore(sheet.state())
    assert chosen(again) == reason
    qtbot.waitUntil(lambda: again.title() == "Status of Adams, Anna")
    assert chosen(again) == reason, "the proposal does not replace it"
    with qtbot.waitSignal(again.finished):
        press(again, Key.Key_Return)
    assert services.clients.get(client.id).status_reason_id is not None


def test_that_a_double_press_saves_once(qtbot: QtBot, services: Services, shell: DeskShell, opened: Opened) -> None:
    client = at(services, "First-Time Client")
    sheet = opened([client])
    with qtbot.waitSignal(sheet.finished):
        press(sheet, Key.Key_Return, Key.Key_Return)
    assert len(shell.saves) == 1
    assert services.clients.get(client.id).status_id == status(services, "Client")


def test_that_the_client_in_hand_is_meant_when_nobody_is_named(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    """FRONT_DESK 2.2."""
    client = at(services, "Client", last_name="Adams")
    shell.in_hand = ClientInHand(client.id, "Adams")
    sheet = StatusSheet(shell)
    qtbot.addWidget(sheet)
    assert sheet.title() == "Status of Adams"
    assert sheet.client_in_hand() == shell.in_hand


def test_that_a_status_chosen_for_the_wrong_client_is_moved_to_the_right_one_and_survives_a_crash_there(
    qtbot: QtBot, shell: DeskShell, services: Services, opened: Opened
) -> None:
    """FRONT_DESK 6.2."""
    wrong = at(services, "Client", last_name="Adams", first_name="Alan")
    right = at(services, "Client", last_name="Adams", first_name="Anna")
    sheet = opened([wrong])
    QTest.keyClicks(sheet.choice_list, "upset")
    sheet.set_client(ClientInHand(right.id, "Adams, Anna"))
    assert (chosen(sheet), sheet.title()) == ("Upset Client", "Status of Adams, Anna")
    again = opened([wrong])
    again.restore(sheet.state())
    qtbot.waitUntil(lambda: "Client · now" in lines(again))
    assert (chosen(again), again.title()) == ("Upset Client", "Status of Adams, Anna")
    with qtbot.waitSignal(again.finished):
        press(again, Key.Key_Return)
    assert services.clients.get(right.id).status_id == status(services, "Upset Client")
    assert services.clients.get(wrong.id).status_id == status(services, "Client")


def test_that_with_nobody_chosen_the_sheet_asks_for_whom_and_goes_on(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """FRONT_DESK 2.2."""
    anna = at(services, "First-Time Client", last_name="Adams", first_name="Anna")
    QTest.keyClick(QApplication.focusWidget(), Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(QApplication.focusWidget(), "adams")
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return)
    sheet = window.sheets.front()
    assert isinstance(sheet, StatusSheet)
    qtbot.waitUntil(lambda: sheet.client_in_hand() == ClientInHand(anna.id, "Adams, Anna"))
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return)
    qtbot.waitUntil(lambda: services.clients.get(anna.id).status_id == status(services, "Client"))


def test_that_five_clients_take_seven_steps_in_the_window(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """FRONT_DESK job 7: five times Space, Ctrl+J, the status and Enter; then Undo stands at the foot."""
    clients = [at(services, "Client", last_name=f"Adams{number}") for number in range(6)]
    window.open_page("clients")
    page = window.book.current()
    qtbot.waitUntil(lambda: page.list.total == 6 and page.list.model.is_complete)  # type: ignore[union-attr]

    def focus() -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    QTest.keyClick(focus(), Key.Key_Down)
    for _ in range(5):
        QTest.keyClick(focus(), Key.Key_Space)
    QTest.keyClick(focus(), Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    sheet = window.sheets.front()
    assert isinstance(sheet, StatusSheet)
    QTest.keyClicks(focus(), "loy")
    QTest.keyClick(focus(), Key.Key_Return)
    qtbot.waitUntil(lambda: window.undo_bar.shown() == "5 clients: Loyalty Client")
    now = [services.clients.get(one.id).status_id for one in clients]
    assert now == [status(services, "Loyalty Client")] * 5 + [status(services, "Client")]
    assert len(page.chosen_clients()) == 5  # type: ignore[union-attr]
