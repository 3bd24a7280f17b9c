"""The Custom tab: ten texts, two dates and two memos by the studio's own names."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from studio_desktop.ui.client_window.custom_fields import ON_CUSTOM
from studio_desktop.ui.client_window.custom_tab import CustomBody
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.sheets.history import HistorySheet
from tests.builders import a_client
from tests.ui.client_desk import Key, crash, field, open_page, press, retype, save
from tests.ui.conftest import DeskShell

TEXTS = {f"custom_text_{number}_edit": f"text {number}" for number in range(5, 15)}
DATES = {"custom_date_3_edit": "20 mar 2026", "custom_date_4_edit": "4/1/2026"}


pytestmark = pytest.mark.databases("sqlite")
"""That saving holds on both databases is proven with the client's page."""


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    return a_client(services)


@pytest.fixture
def page(qtbot: QtBot, shell: DeskShell, anna: ClientRecord) -> ClientPage:
    return open_page(qtbot, shell, anna)


@pytest.fixture
def body(page: ClientPage) -> CustomBody:
    page.show_tab("custom")
    return field(page, "CustomBody")  # type: ignore[no-any-return]


def test_that_every_field_of_the_tab_is_typed_saved_and_shown_again(
    qtbot: QtBot, page: ClientPage, body: CustomBody, services: Services, shell: DeskShell
) -> None:
    """S3-15, S3-16, S3-17."""
    for name, text in {**TEXTS, **DATES}.items():
        retype(field(body, name), text)
    long_memo = "\n".join(f"Line {number} of what she told us" for number in range(1000))
    field(body, "custom_memo_1_edit").setPlainText(long_memo)
    retype(field(body, "custom_memo_2_edit"), "Second")
    press(Key.Key_Return)
    QTest.keyClicks(field(body, "custom_memo_2_edit"), "and third")
    save(qtbot, page)
    saved = services.clients.get(page.client_id)
    assert [getattr(saved, f"custom_text_{number}") for number in range(5, 15)] == list(TEXTS.values())
    assert (saved.custom_date_3, saved.custom_date_4) == (date(2026, 3, 20), date(2026, 4, 1))
    assert (saved.custom_memo_1, saved.custom_memo_2) == (long_memo, "Second\nand third")

    again = open_page(qtbot, shell, saved)
    again.show_tab("custom")
    assert {name: field(again, name).text() for name in TEXTS} == TEXTS
    assert field(again, "custom_date_4_edit").text() == "1 Apr 2026"
    assert field(again, "custom_memo_2_edit").toPlainText() == "Second\nand third"
    assert again.unsaved() == ()


def test_that_tab_leads_from_the_first_text_through_dates_and_memos_and_out_again(body: CustomBody) -> None:
    assert body.custom_text_5_edit.hasFocus()
    for name in ON_CUSTOM[1:]:
        press(Key.Key_Tab)
        assert field(body, f"{name}_edit").hasFocus(), name
    press(Key.Key_Tab)
    assert not field(body, "custom_memo_2_edit").hasFocus()


def test_that_fields_are_called_as_the_studio_calls_them_and_follow_when_it_changes_its_mind(
    qtbot: QtBot, page: ClientPage, body: CustomBody, services: Services, shell: DeskShell
) -> None:
    """S3-18."""
    called = {name: f"Our & {name}" for name in ON_CUSTOM}
    saved = services.preferences.save(called, new_request())
    shell.preferences = saved.result
    page.refresh(saved.changes)
    qtbot.waitUntil(lambda: field(body, "custom_text_5_label").text() == "Our && custom_text_5")
    assert [field(body, f"{name}_label").text() for name in ON_CUSTOM] == [
        text.replace("&", "&&") for text in called.values()
    ]
    assert field(body, "custom_memo_2_edit").accessibleName() == "Our & custom_memo_2"


def test_that_a_wrong_date_is_marked_at_its_field_though_another_tab_is_in_front(
    qtbot: QtBot, page: ClientPage, body: CustomBody
) -> None:
    retype(field(body, "custom_date_3_edit"), "31 feb")
    page.show_tab("general")
    page.save()
    qtbot.waitUntil(lambda: page.tabs.current() == "custom")
    assert field(body, "custom_date_3_edit").hasFocus()
    assert "February" in field(body, "custom_date_3_edit").accessibleDescription()
    assert page.unsaved()


def test_that_what_two_desks_typed_in_different_fields_both_stands(
    qtbot: QtBot, page: ClientPage, body: CustomBody, services: Services, other_desk: Services, anna: ClientRecord
) -> None:
    retype(body.custom_text_5_edit, "mine")
    theirs = other_desk.clients.get(anna.id)
    other_desk.clients.save(theirs, replace(theirs, custom_memo_1="theirs"), new_request())
    save(qtbot, page)
    saved = services.clients.get(anna.id)
    assert (saved.custom_text_5, saved.custom_memo_1) == ("mine", "theirs")


def test_that_a_half_typed_tab_is_there_again_after_a_crash(
    qtbot: QtBot, page: ClientPage, body: CustomBody, shell: DeskShell, anna: ClientRecord
) -> None:
    retype(field(body, "custom_date_3_edit"), "20 ma")
    retype(body.custom_memo_1_edit, "She said")
    page._draft.keep()
    page._draft.flush()
    crash(page)
    again = open_page(qtbot, shell, anna)
    qtbot.waitUntil(lambda: again.tabs.current() == "custom")
    assert field(again, "custom_date_3_edit").text() == "20 ma"
    assert field(again, "custom_memo_1_edit").toPlainText() == "She said"


def test_that_history_tells_of_a_custom_field_by_the_studios_name_and_takes_it_back(
    qtbot: QtBot, page: ClientPage, body: CustomBody, services: Services, shell: DeskShell
) -> None:
    shell.preferences = dataclasses.replace(shell.preferences, custom_text_5="Frames")
    retype(body.custom_text_5_edit, "walnut")
    save(qtbot, page)
    sheet = HistorySheet(shell, page.client_id)
    qtbot.addWidget(sheet)
    qtbot.waitUntil(lambda: sheet.table.count() > 1)
    assert [sheet.table.cell(0, column).text for column in (3, 4, 5)] == ["Frames", "–", "walnut"]
    sheet.table.choose(0)
    sheet.undo_chosen()
    qtbot.waitUntil(lambda: services.clients.get(page.client_id).custom_text_5 == "")
