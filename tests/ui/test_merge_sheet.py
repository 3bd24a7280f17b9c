"""Merging two clients by keyboard: side by side, chosen field by field, undone at once (B18)."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.sheets.duplicates import DuplicatesSheet
from studio_desktop.ui.sheets.merge import MergeSheet
from tests.builders import a_client
from tests.ui.client_desk import CTRL, Key, open_in, press


@pytest.fixture
def twins(services: Services) -> tuple[ClientRecord, ClientRecord]:
    return (
        a_client(services, last_name="Adams", first_name="Bob", number="1041", phones=["330 555 0142"]),
        a_client(
            services, last_name="Adams", first_name="Robert", number="1055", phones=["330 555 0142", "330 555 0177"],
            job_title="Baker",
        ),
    )  # fmt: skip


def compared(qtbot: QtBot, window: MainWindow) -> MergeSheet:
    qtbot.waitUntil(lambda: isinstance(window.sheets.front(), MergeSheet) and bool(window.sheets.front().table.count()))
    sheet = window.sheets.front()
    assert isinstance(sheet, MergeSheet)
    return sheet


def go_to(sheet: MergeSheet, label: str) -> None:
    """Down to the field of this label."""
    press(Key.Key_Home)
    for _ in range(sheet.table.count()):
        if sheet._lines[sheet.table.current()].label == label:
            return
        press(Key.Key_Down)
    raise AssertionError(label)


def test_that_a_pair_of_the_list_is_merged_by_keyboard_with_fields_chosen_and_undone(
    qtbot: QtBot, window: MainWindow, services: Services, twins: tuple[ClientRecord, ClientRecord]
) -> None:
    """B18: the fuller one stays unless chosen otherwise, field by field, one Undo."""
    bob, robert = twins
    window.action_set["find_duplicates"].trigger()
    qtbot.waitUntil(
        lambda: isinstance(window.sheets.front(), DuplicatesSheet) and window.sheets.front().table.count() == 1
    )
    press(Key.Key_Return)
    sheet = compared(qtbot, window)
    assert sheet.kept_label.text().startswith("Adams, Robert (1055) stays; Adams, Bob (1041) goes into it.")
    assert sheet.table.hasFocus()
    go_to(sheet, "First name")
    press(Key.Key_Space)
    press(Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: services.clients.open(bob.id).deleted)
    kept = services.clients.get(robert.id)
    assert (kept.first_name, kept.job_title, kept.former_numbers) == ("Bob", "Baker", "1041")
    qtbot.waitUntil(lambda: window.book.current().title() == "Adams, Bob")
    assert window.undo_bar.shown() == "Merged Adams, Bob (1041) into Adams, Robert (1055)"
    window.undo_stack.undo()
    qtbot.waitUntil(lambda: not services.clients.open(bob.id).deleted)
    assert services.clients.get(robert.id).first_name == "Robert"


def test_that_the_other_one_can_be_kept_and_left_and_right_choose_a_side(
    qtbot: QtBot, window: MainWindow, services: Services, twins: tuple[ClientRecord, ClientRecord]
) -> None:
    """B18: direction chosen."""
    bob, robert = twins
    window.open_sheet("merge", client_ids=[bob.id, robert.id])
    sheet = compared(qtbot, window)
    sheet.swap_button.click()
    assert sheet.kept_label.text().startswith("Adams, Bob (1041) stays")
    sheet.take_focus()
    go_to(sheet, "First name")
    press(Key.Key_Right)
    press(Key.Key_Left)
    press(Key.Key_Right)
    press(Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: services.clients.open(robert.id).deleted)
    kept = services.clients.get(bob.id)
    assert (kept.first_name, kept.job_title, kept.number) == ("Robert", "Baker", "1041")
    assert [row.typed for row in kept.phones] == ["330 555 0142", "330 555 0177"]


def test_that_for_one_client_in_hand_the_second_one_is_named_by_typing(
    qtbot: QtBot, window: MainWindow, services: Services, twins: tuple[ClientRecord, ClientRecord]
) -> None:
    open_in(qtbot, window, twins[0])
    window.action_set["merge_clients"].trigger()
    qtbot.waitUntil(lambda: isinstance(window.sheets.front(), MergeSheet))
    sheet = window.sheets.front()
    assert isinstance(sheet, MergeSheet)
    assert sheet.second.name_edit.hasFocus()
    QTest.keyClicks(QApplication.focusWidget(), "robert")
    qtbot.waitUntil(lambda: bool(sheet.second.offered()))
    press(Key.Key_Down)
    press(Key.Key_Return)
    assert compared(qtbot, window) is sheet
    press(Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: services.clients.open(twins[0].id).deleted)


def test_that_opening_the_merged_client_later_leads_to_the_one_that_was_kept(
    qtbot: QtBot, window: MainWindow, services: Services, twins: tuple[ClientRecord, ClientRecord]
) -> None:
    """B18."""
    bob, robert = twins
    services.merges.merge(robert, bob, {}, "00000000-0000-4000-8000-000000000001")
    window.open_client(bob.id)
    qtbot.waitUntil(lambda: window.book.current().title() == "Adams, Robert")
    assert ("client", bob.id) not in window.book
