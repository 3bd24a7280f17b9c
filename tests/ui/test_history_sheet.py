"""The history of a client: who, when, where, from what to what, and the way back (RELIABILITY E6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from studio_desktop.services.preferences import StudioPreferences
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.page import ClientInHand
from studio_desktop.ui.sheets.history import HistorySheet, field_name
from studio_desktop.ui.widgets.plain_label import as_tip
from tests.builders import a_client, a_phone, catalog_id
from tests.ui.client_desk import Key, open_in, press
from tests.ui.conftest import DeskShell

pytestmark = pytest.mark.databases("sqlite")
"""What history holds and undoes is proven on both databases with its service."""


def change(services: Services, client_id: int, **facts: Any) -> str:
    """Change a client; gives the request."""
    base = services.clients.get(client_id)
    return services.clients.save(base, replace(base, **facts), new_request()).changes.request


def shown(qtbot: QtBot, shell: DeskShell, client: ClientRecord, lines: int) -> HistorySheet:
    """The sheet, once it lists so many lines."""
    shell.in_hand = ClientInHand(client.id, "Adams, Anna")
    sheet = HistorySheet(shell, client_id=client.id)
    qtbot.addWidget(sheet)
    sheet.resize(1200, 400)
    with qtbot.waitActive(sheet):
        sheet.show()
        sheet.activateWindow()
    sheet.take_focus()
    qtbot.waitUntil(lambda: sheet.table.count() == lines)
    return sheet


def rows(sheet: HistorySheet) -> list[list[str]]:
    return [[sheet._cell(row, column).text for column in range(6)] for row in range(sheet.table.count())]


def test_that_each_change_says_who_when_where_and_from_what_to_what_with_names_for_ids(
    qtbot: QtBot, shell: DeskShell, services: Services, other_desk: Services
) -> None:
    """RELIABILITY E6."""
    anna = a_client(services)
    change(services, anna.id, company="Adams & Sons", birthday=PartialDate(5, 14, 1987))
    change(other_desk, anna.id, lead_source_id=catalog_id(services, "lead_sources", "Website"), saturday_only=True)
    sheet = shown(qtbot, shell, anna, 7)
    assert sheet.title() == "History of Adams, Anna"
    formats, desk = shell.formats, services.desk
    when = formats.instant(desk.clock.now(), desk.clock.today())
    told = rows(sheet)
    assert told[0][:3] == [when, "Sue", "FRONT-2"]
    assert told[1][:3] == ["", "", ""]  # what one request did stands together
    assert sorted(line[3:] for line in told[:2]) == [["Lead source", "–", "Website"], ["Saturday only", "no", "yes"]]
    assert told[2][:3] == [when, "Owner", "FRONT-1"]
    assert ["Company", "–", "Adams & Sons"] in [line[3:] for line in told[2:6]]
    assert ["Birthday (year)", "–", "1987"] in [line[3:] for line in told[2:6]]
    assert told[6][3:] == ["Client", "–", "added"]


def test_that_rows_added_changed_and_removed_are_told(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    anna = a_client(services, phones=["330 555 0142"])
    change(services, anna.id, phones=())
    change(services, anna.id, phones=(a_phone("330 555 0177"),))
    told = [line[3:] for line in rows(shown(qtbot, shell, anna, 3))]
    assert told[0][0] == told[1][0] == "Phone"
    assert "330 555 0177" in told[0][2]
    assert "330 555 0142" in told[1][1]
    assert told[1][2] == "removed"


def test_that_undo_takes_back_what_the_chosen_request_did_and_is_itself_told(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    anna = a_client(services)
    change(services, anna.id, company="Adams & Sons", custom_text_1="sage")
    change(services, anna.id, number="77")
    sheet = shown(qtbot, shell, anna, 4)
    press(Key.Key_Down)
    assert sheet.undo_button.toolTip() in map(as_tip, ("Take back: Company, Custom 1", "Take back: Custom 1, Company"))
    QTest.mouseClick(sheet.undo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sheet.table.count() == 6)
    now = services.clients.get(anna.id)
    assert (now.company, now.custom_text_1, now.number) == ("", "", "77")
    assert shell.saves[-1][0].startswith("Undone: ")


def test_that_undoing_what_was_changed_again_since_is_refused_and_explained(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    anna = a_client(services)
    change(services, anna.id, company="Adams & Sons")
    change(services, anna.id, company="Adams Garden Design")
    sheet = shown(qtbot, shell, anna, 3)
    press(Key.Key_Down)
    sheet.undo_chosen()
    qtbot.waitUntil(lambda: bool(shell.failures))
    assert str(shell.failures[0]).startswith("This cannot be undone: Company was changed again since.")
    assert services.clients.get(anna.id).company == "Adams Garden Design"


def test_that_the_filter_finds_a_field_a_person_or_a_value(
    qtbot: QtBot, shell: DeskShell, services: Services, other_desk: Services
) -> None:
    anna = a_client(services)
    change(services, anna.id, company="Adams & Sons")
    change(other_desk, anna.id, number="77")
    sheet = shown(qtbot, shell, anna, 3)
    for sought, found in (("compa", ["Company"]), ("sue", ["Client number"]), ("SONS", ["Company"]), ("xyz", [])):
        sheet.filter_edit.setText(sought)
        assert [line[3] for line in rows(sheet)] == found
    assert sheet.count_label.text() == "0 changes"


def test_that_history_opens_over_the_record_by_its_action_and_goes_by_esc(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """DECISIONS 24: history opens as a sheet."""
    page = open_in(qtbot, window, a_client(services))
    window.action_set["history"].trigger()
    sheet = window.sheets.front()
    assert isinstance(sheet, HistorySheet)
    qtbot.waitUntil(lambda: sheet.table.count() == 1)
    assert sheet.table.hasFocus()
    press(Key.Key_Escape)
    assert window.sheets.front() is None
    assert window.sheets.begun() == []
    assert window.book.current() is page


def test_that_a_new_change_appears_while_the_sheet_is_open(
    qtbot: QtBot, shell: DeskShell, services: Services, other_desk: Services
) -> None:
    anna = a_client(services)
    sheet = shown(qtbot, shell, anna, 1)
    base = other_desk.clients.get(anna.id)
    saved = other_desk.clients.save(base, replace(base, number="77"), new_request())
    sheet.refresh(saved.changes)
    qtbot.waitUntil(lambda: sheet.table.count() == 2)


PREFERENCES = StudioPreferences()


def test_that_fields_are_called_as_on_the_form() -> None:
    assert field_name("client", "status_due_on", PREFERENCES) == "Status due"
    assert field_name("client", "anniversary_month", PREFERENCES) == "Anniversary (month)"
    assert field_name("phone", "sms", PREFERENCES) == "Phone: SMS"
    assert field_name("family_member", "first_name", PREFERENCES) == "Family member: First name"
    assert field_name("client_group_member", "", PREFERENCES) == "Group"
    assert field_name("client_tag_member", "", PREFERENCES) == "Tag"
    assert field_name("client_organization", "graduation_year", PREFERENCES) == "Organization: Graduation year"
    assert field_name("client", "custom_text_5", PREFERENCES) == "Custom 5"
    assert field_name("client", "deleted_at", PREFERENCES) == "Deleted"
