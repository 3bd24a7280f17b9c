"""A new client with family, heard at the phone: lines in any order of facts, or field by field (FRONT_DESK job 2)."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.errors import DatabaseUnavailable
from studio_desktop.domain.records.clients import ClientKind, ClientRecord
from studio_desktop.services import Services
from studio_desktop.services.listings.service import Query
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.sheets.new_client import NewClientSheet
from tests.builders import a_client, catalog_id
from tests.ui.client_desk import CTRL, SHIFT, Key, field, pick, press, retype
from tests.ui.conftest import DeskShell


@pytest.fixture
def sheet(qtbot: QtBot, shell: DeskShell) -> NewClientSheet:
    return opened(qtbot, shell)


def opened(qtbot: QtBot, shell: DeskShell, typed: str = "") -> NewClientSheet:
    return in_front(qtbot, NewClientSheet(shell, typed=typed))


def in_front(qtbot: QtBot, sheet: NewClientSheet) -> NewClientSheet:
    qtbot.addWidget(sheet)
    sheet.resize(1210, 480)
    with qtbot.waitActive(sheet):
        sheet.show()
        sheet.activateWindow()
    sheet.take_focus()
    return sheet


def say(sheet: NewClientSheet, line: str, *, enter: bool = True) -> None:
    """Type a line as it is heard."""
    assert sheet.line_edit.hasFocus()
    QTest.keyClicks(sheet.line_edit, line)
    if enter:
        press(Key.Key_Return)


def finish(qtbot: QtBot, sheet: NewClientSheet) -> None:
    with qtbot.waitSignal(sheet.finished):
        sheet.finish()


def only_client(services: Services) -> ClientRecord:
    (found,) = [services.clients.get(hit.id) for hit in services.listings.find("adams", Query())]
    return found


def known(sheet: NewClientSheet) -> list[str]:
    return [line.text for line in sheet.known_list.lines()]


def test_that_client_spouse_and_two_children_take_six_steps_in_the_window(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """FRONT_DESK job 2: Ctrl+N, four lines, Ctrl+Enter; S2-45, S2-46."""
    press(Key.Key_N, CTRL)  # 1
    for line in ("ann adams 4/3/86", "bob 0171 5550142 9/9/84", "peter 3/12/19"):  # 2 to 4
        QTest.keyClicks(QApplication.focusWidget(), line)
        press(Key.Key_Return)
    QTest.keyClicks(QApplication.focusWidget(), "mia 6/5/21")  # 5
    press(Key.Key_Return, CTRL)  # 6
    qtbot.waitUntil(lambda: isinstance(window.book.current(), ClientPage))
    ann = only_client(services)
    assert (ann.first_name, ann.last_name, ann.birthday) == ("Ann", "Adams", PartialDate(4, 3, 1986))
    bob, peter, mia = ann.family
    relations = {one.id: one.text for one in services.catalogs.choices()["relationships"]}
    assert [relations[member.relationship_id or 0] for member in ann.family] == ["Spouse", "Child", "Child"]
    names = [f"{member.first_name} {member.last_name}" for member in ann.family]
    assert names == ["Bob Adams", "Peter Adams", "Mia Adams"]
    assert bob.phones[0].typed == "0171 5550142"
    assert (peter.birthday, mia.birthday) == (PartialDate(3, 12, 2019), PartialDate(6, 5, 2021))
    assert window.sheets.begun() == []
    assert window.undo_bar.shown() == "New client: Adams, Ann"


def test_that_each_fact_shows_at_once_in_its_field_and_goes_with_its_word(sheet: NewClientSheet) -> None:
    """FRONT_DESK 2.3."""
    say(sheet, "ann adams 4/3/86 330 555 0142 ann@example.com", enter=False)
    assert (sheet.first_name_edit.text(), sheet.last_name_edit.text()) == ("Ann", "Adams")
    assert field(sheet, "birthday_edit").text() == "3 Apr 1986"
    assert [row["typed"] for row in sheet.phones.texts()] == ["330 555 0142"]
    assert [row["address"] for row in sheet.emails.texts()] == ["ann@example.com"]
    retype(sheet.line_edit, "ann adams")
    assert field(sheet, "birthday_edit").text() == ""
    assert sheet.phones.texts() == []
    assert sheet.emails.texts() == []


def test_that_what_a_hand_typed_is_never_replaced_by_the_line(sheet: NewClientSheet) -> None:
    say(sheet, "ann adams", enter=False)
    retype(sheet.first_name_edit, "Anneliese")
    sheet.line_edit.setFocus()
    sheet.line_edit.end(False)
    say(sheet, " 4/3/86", enter=False)
    assert sheet.first_name_edit.text() == "Anneliese"
    assert field(sheet, "birthday_edit").text() == "3 Apr 1986"


def test_that_what_was_looked_for_and_not_found_is_typed_already(qtbot: QtBot, shell: DeskShell) -> None:
    """FRONT_DESK 5: the number or name from the search."""
    sheet = opened(qtbot, shell, "330 555 0142")
    assert [row["typed"] for row in sheet.phones.texts()] == ["330 555 0142"]
    say(sheet, "ann adams", enter=False)
    assert sheet.last_name_edit.text() == "Adams"
    assert sheet.line_edit.text() == "330 555 0142 ann adams"


def test_that_enter_in_the_caller_box_leads_here_when_nobody_is_found(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    QTest.keyClicks(window.caller_box, "0142 nobody")
    qtbot.waitUntil(lambda: bool(window.caller_box.offered()))
    press(Key.Key_Return)
    sheet = window.sheets.front()
    assert isinstance(sheet, NewClientSheet)
    assert sheet.line_edit.text() == "0142 nobody "


def test_that_an_unclear_word_is_named_and_down_lists_its_meanings(qtbot: QtBot, sheet: NewClientSheet) -> None:
    say(sheet, "ann adams")
    say(sheet, "ruth mo", enter=False)
    assert sheet.hint_label.text() == "“mo” can mean several things: press Down."
    press(Key.Key_Down)
    press(Key.Key_Return)
    assert sheet.hint_label.text().startswith("The next of the family")
    (ruth,) = sheet.family.members()
    mother = next(one.id for one in sheet.shell.choices["relationships"] if one.text == "Mother")
    assert (ruth.first_name, ruth.last_name, ruth.relationship_id) == ("Ruth", "Adams", mother)


def test_that_f3_keeps_the_capitals_as_they_were_said(qtbot: QtBot, sheet: NewClientSheet, services: Services) -> None:
    say(sheet, "anna van der adams", enter=False)
    assert sheet.last_name_edit.text() == "van der Adams"
    retype(sheet.line_edit, "anna macADAMS")
    retype(sheet.line_edit, "anna adams")
    press(Key.Key_F3)
    assert (sheet.first_name_edit.text(), sheet.last_name_edit.text()) == ("anna", "adams")
    finish(qtbot, sheet)
    assert only_client(services).last_name == "adams"


def test_that_it_works_field_by_field_without_the_line(
    qtbot: QtBot, sheet: NewClientSheet, shell: DeskShell, services: Services
) -> None:
    """Job 2, field by field; S0-21: a prospect is made here, too."""
    press(Key.Key_Tab)
    assert sheet.last_name_edit.hasFocus()
    QTest.keyClicks(sheet.last_name_edit, "adams")
    press(Key.Key_Tab)
    QTest.keyClicks(QApplication.focusWidget(), "ann")
    retype(field(sheet, "company_edit"), "Adams Garden Design")
    retype(field(sheet, "birthday_edit"), "4/3/86")
    pick(field(sheet, "kind_combo"), "Prospect")
    pick(field(sheet, "lead_source_id_combo"), "Website")
    retype(sheet.phones.first_field(), "330 555 0142")
    retype(sheet.emails.first_field(), "ann@example.com")
    retype(sheet.line1_edit, "418 Larkspur Lane")
    retype(field(sheet, "town_edit"), "Fairbrook")
    retype(field(sheet, "region_edit"), "OH")
    retype(field(sheet, "postcode_edit"), "44199")
    retype(field(sheet, "call_warning_edit"), "Works nights")
    sheet.family.list.setFocus()
    press(Key.Key_Insert)
    QTest.keyClicks(QApplication.focusWidget(), "bob")
    finish(qtbot, sheet)
    ann = only_client(services)
    assert (ann.last_name, ann.first_name, ann.company) == ("Adams", "Ann", "Adams Garden Design")
    assert (ann.kind, ann.call_warning) == (ClientKind.PROSPECT, "Works nights")
    assert ann.lead_source_id == catalog_id(services, "lead_sources", "Website")
    assert (ann.phones[0].e164, ann.emails[0].address) == ("+13305550142", "ann@example.com")
    address = ann.addresses[0]
    assert (address.line1, address.town, address.region, address.postcode) == (
        "418 Larkspur Lane",
        "Fairbrook",
        "OH",
        "44199",
    )
    assert [(member.first_name, member.last_name) for member in ann.family] == [("Bob", "Adams")]
    assert shell.opened == [(ann.id, None)]


def test_that_a_name_or_a_number_is_enough(qtbot: QtBot, sheet: NewClientSheet, services: Services) -> None:
    say(sheet, "330 555 0142", enter=False)
    finish(qtbot, sheet)
    (hit,) = services.listings.find("5550142", Query())
    assert services.clients.get(hit.id).number  # given by the studio's rule (S2-17, B5)


def test_that_nothing_at_all_is_refused_beside_the_name(qtbot: QtBot, sheet: NewClientSheet) -> None:
    sheet.finish()
    qtbot.waitUntil(lambda: "Type a name" in sheet.last_name_edit.accessibleDescription())
    assert sheet.last_name_edit.hasFocus()


def test_that_who_may_be_meant_shows_while_typing_and_opens_by_down_and_enter(
    qtbot: QtBot, sheet: NewClientSheet, shell: DeskShell, services: Services
) -> None:
    """S4-15, RELIABILITY E14: by name, by phone; it never stops anybody."""
    anna = a_client(services, last_name="Adams", first_name="Anna", phones=["330 555 0142"])
    a_client(services, last_name="Reed", phones=["330 555 0181"])
    say(sheet, "ann ada", enter=False)
    qtbot.waitUntil(lambda: known(sheet) == ["Adams, Anna"])
    retype(sheet.line_edit, "zoe 330 555 0181")
    qtbot.waitUntil(lambda: known(sheet) == ["Reed"])
    retype(sheet.line_edit, "ann adams")
    qtbot.waitUntil(lambda: known(sheet) == ["Adams, Anna"])
    press(Key.Key_Down)
    assert sheet.known_list.hasFocus()
    press(Key.Key_Return)
    assert shell.opened == [(anna.id, None)]
    press(Key.Key_Up)
    assert sheet.line_edit.hasFocus()


def test_that_an_e_mail_somebody_has_is_marked_naming_the_holder_before_saving(
    qtbot: QtBot, sheet: NewClientSheet, services: Services
) -> None:
    """S4-15."""
    a_client(services, last_name="Adams", first_name="Anna", emails=["anna@example.com"])
    say(sheet, "zoe anna@example.com", enter=False)
    mail = sheet.emails.first_field()
    qtbot.waitUntil(lambda: "Adams, Anna" in mail.accessibleDescription())
    assert sheet.line_edit.hasFocus()


def test_that_save_and_new_begins_the_next(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    press(Key.Key_N, CTRL)
    QTest.keyClicks(QApplication.focusWidget(), "ann adams")
    first = window.sheets.front()
    press(Key.Key_Return, CTRL | SHIFT)
    qtbot.waitUntil(lambda: window.sheets.front() not in (None, first))
    following = window.sheets.front()
    assert isinstance(following, NewClientSheet)
    assert following.line_edit.text() == ""
    assert following.line_edit.hasFocus()
    assert only_client(services).last_name == "Adams"


def test_that_finishing_twice_makes_one_client(
    qtbot: QtBot, sheet: NewClientSheet, services: Services, shell: DeskShell
) -> None:
    """RELIABILITY 117, E20."""
    say(sheet, "ann adams", enter=False)
    with qtbot.waitSignal(sheet.finished):
        sheet.finish()
        sheet.finish()
    assert only_client(services).first_name == "Ann"
    assert len(shell.saves) == 1


def test_that_an_answer_lost_makes_one_client_and_trying_again_opens_it(
    qtbot: QtBot, sheet: NewClientSheet, services: Services, shell: DeskShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, requests = services.clients.create, []

    def create_and_lose_the_answer(record: ClientRecord, request: str, *more: Any) -> Any:
        requests.append(request)
        saved = really(record, request, *more)
        if len(requests) == 1:
            raise DatabaseUnavailable("The server did not answer.")
        return saved

    monkeypatch.setattr(services.clients, "create", create_and_lose_the_answer)
    say(sheet, "ann adams", enter=False)
    sheet.finish()
    qtbot.waitUntil(lambda: len(shell.failures) == 1)
    assert sheet.last_name_edit.text() == "Adams"
    finish(qtbot, sheet)
    assert requests[0] == requests[1]
    assert only_client(services).first_name == "Ann"


def test_that_everything_typed_comes_back_to_the_character_after_a_crash(
    qtbot: QtBot, sheet: NewClientSheet, shell: DeskShell, services: Services
) -> None:
    """FRONT_DESK 6."""
    say(sheet, "ann adams 4/3/86 330 555 0142")
    say(sheet, "bob 9/9/84")
    retype(field(sheet, "town_edit"), "Fairbrook")
    retype(field(sheet, "birthday_edit"), "31 feb")
    sheet.line_edit.setFocus()
    say(sheet, "peter 3/12", enter=False)
    sheet.line_edit.setCursorPosition(3)
    state = sheet.state()
    assert sheet.chip() == "New client: Ann Adams"
    again = NewClientSheet(shell)
    again.restore(state)
    in_front(qtbot, again)
    assert again.line_edit.text() == "peter 3/12"
    assert again.line_edit.cursorPosition() == 3
    assert again.line_edit.hasFocus()
    assert field(again, "birthday_edit").text() == "31 feb"
    assert field(again, "town_edit").text() == "Fairbrook"
    assert [member.first_name for member in again.family.members()] == ["Bob", "Peter"]
    retype(field(again, "birthday_edit"), "4/3/86")
    again.line_edit.setFocus()
    again.line_edit.end(False)
    say(again, "/19")
    finish(qtbot, again)
    ann = only_client(services)
    assert (ann.addresses[0].town, ann.phones[0].e164) == ("Fairbrook", "+13305550142")
    assert [member.birthday for member in ann.family] == [PartialDate(9, 9, 1984), PartialDate(3, 12, 2019)]


def test_that_an_untouched_sheet_has_nothing_to_lose(sheet: NewClientSheet) -> None:
    assert sheet.state() == {}


def test_that_a_ringing_phone_parks_it_and_back_leads_to_the_same_word(
    qtbot: QtBot, window: MainWindow
) -> None:
    press(Key.Key_N, CTRL)
    QTest.keyClicks(QApplication.focusWidget(), "ann adams 4/3")
    press(Key.Key_F12)
    assert window.caller_box.hasFocus()
    press(Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLineEdit)
    assert focus.text() == "ann adams 4/3"
    QTest.keyClicks(focus, "/86")
    sheet = window.sheets.front()
    assert field(sheet, "birthday_edit").text() == "3 Apr 1986"  # type: ignore[arg-type]


def test_that_wrong_input_is_marked_where_it_stands(sheet: NewClientSheet) -> None:
    say(sheet, "ann adams")
    retype(field(sheet, "birthday_edit"), "31 feb")
    sheet.line_edit.setFocus()
    sheet.finish()
    birthday = field(sheet, "birthday_edit")
    assert birthday.hasFocus()
    assert "February" in birthday.accessibleDescription()


def test_that_who_may_not_add_clients_is_told_so_and_keeps_the_text(
    qtbot: QtBot, services: Services
) -> None:
    looker = dataclasses.replace(services.desk, role=type(services.desk.role).VIEWER)
    shell = DeskShell(Services(services.database, looker))
    sheet = opened(qtbot, shell)
    say(sheet, "ann adams", enter=False)
    sheet.finish()
    qtbot.waitUntil(lambda: bool(shell.failures))
    assert "may not add clients" in str(shell.failures[0])
    assert sheet.last_name_edit.text() == "Adams"
    shell.tasks.close()
