"""Many clients by keys: the studio's lists, and one field of all that are ticked, seen before it is changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientKind, ClientRecord, Stage
from studio_desktop.services import Services
from studio_desktop.ui.hubs.clients import ClientsPage
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.sheets.change_many import ChangeManySheet
from tests.builders import a_client
from tests.ui.client_desk import CTRL, pick, press
from tests.ui.conftest import DeskShell

# Said for every menu without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key
Open = Callable[..., ChangeManySheet]


@pytest.fixture
def three(services: Services) -> list[ClientRecord]:
    """Three clients, one of whom already has the warning."""
    return [a_client(services, last_name=f"C{n}", call_warning="Dog" if n == 0 else "") for n in range(3)]


@pytest.fixture
def sheet(qtbot: QtBot, shell: DeskShell) -> Open:
    """The sheet on the screen."""

    def show(ids: list[int]) -> ChangeManySheet:
        made = ChangeManySheet(shell, client_ids=ids)
        qtbot.addWidget(made)
        made.resize(900, 260)
        with qtbot.waitActive(made):
            made.show()
            made.activateWindow()
        made.take_focus()
        return made

    return show


def test_that_what_a_change_would_do_is_said_before_it_is_made(
    qtbot: QtBot, sheet: Open, shell: DeskShell, services: Services, three: list[ClientRecord]
) -> None:
    """Issue 3, 2: preview and undo."""
    open_sheet = sheet([one.id for one in three])
    pick(open_sheet.field_combo, "Call warning")
    press(Key.Key_Tab)
    QTest.keyClicks(open_sheet.text_edit, "Dog")
    qtbot.waitUntil(lambda: open_sheet.preview_label.text().startswith("2 change · 1 has this value already"))
    assert open_sheet.apply_button.text() == "C&hange 2"
    with qtbot.waitSignal(open_sheet.finished):
        open_sheet.finish()
    assert [services.clients.get(one.id).call_warning for one in three] == ["Dog"] * 3
    assert shell.saves[-1][0] == "Call warning: 2 clients"


def test_that_every_kind_of_field_has_its_own_editor(
    qtbot: QtBot, sheet: Open, services: Services, three: list[ClientRecord]
) -> None:
    one = three[0]
    for label, change, field in (
        ("Saturday only", lambda made: pick(made.choice_combo, "Yes"), "saturday_only"),
        ("Kind", lambda made: pick(made.choice_combo, "Lead"), "kind"),
        ("Contract", lambda made: QTest.keyClicks(made.day_edit, "14 mar"), "contract_date"),
        ("Custom memo 1", lambda made: QTest.keyClicks(made.memo_edit, "By hand"), "custom_memo_1"),
    ):
        made = sheet([one.id])
        pick(made.field_combo, label)
        change(made)
        qtbot.waitUntil(lambda made=made: made.apply_button.isEnabled())
        before = getattr(services.clients.get(one.id), field)
        with qtbot.waitSignal(made.finished):
            made.finish()
        assert getattr(services.clients.get(one.id), field) != before


def test_that_a_value_no_field_can_hold_is_explained_and_nothing_is_changed(
    qtbot: QtBot, sheet: Open, services: Services, three: list[ClientRecord]
) -> None:
    open_sheet = sheet([one.id for one in three])
    pick(open_sheet.field_combo, "Contract")
    QTest.keyClicks(open_sheet.day_edit, "soon")
    qtbot.waitUntil(lambda: "soon is not a date" in open_sheet.preview_label.text())
    assert not open_sheet.apply_button.isEnabled()
    open_sheet.finish()
    pick(open_sheet.field_combo, "Call warning")
    QTest.keyClicks(open_sheet.text_edit, "4111 1111 1111 1111")
    qtbot.waitUntil(lambda: "card" in open_sheet.preview_label.text())
    assert [services.clients.get(one.id) for one in three] == three


def test_that_what_is_typed_comes_back_after_it_was_parked(
    qtbot: QtBot, sheet: Open, three: list[ClientRecord]
) -> None:
    """FRONT_DESK 6."""
    before = sheet([one.id for one in three])
    assert before.state() == {}
    pick(before.field_combo, "Contract")
    QTest.keyClicks(before.day_edit, "14 mar")
    after = sheet([])
    after.restore(before.state())
    assert after.field_combo.currentText() == "Contract"
    assert after.day_edit.text() == before.day_edit.text()
    assert after.title() == "Change many: 3 clients"


def test_that_the_lists_of_the_studio_are_one_key_each(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """S0-23: separate lists for clients, prospects and leads, plus one for all; hidden and archived besides."""
    for kind in ClientKind:
        a_client(services, last_name=kind.value, kind=kind)
    a_client(services, last_name="hidden", stage=Stage.HIDDEN)
    a_client(services, last_name="archived", stage=Stage.ARCHIVED)
    window.open_page("clients")
    page = window.book.current()
    assert isinstance(page, ClientsPage)
    page.take_focus()
    wanted = [["archived", "client", "hidden", "lead", "prospect"], ["client"], ["prospect"], ["lead"], ["hidden"],
              ["archived"]]  # fmt: skip
    for number, names in enumerate(wanted, start=1):
        press(Key(Key.Key_0 + number), CTRL)
        qtbot.waitUntil(
            lambda names=names: [page.list.text(row, "name") for row in range(page.list.model.rowCount())] == names
        )
    assert window.action_set["list_archived"].isChecked()
    window.action_set["list_leads"].trigger()
    qtbot.waitUntil(lambda: page.list.text(0, "name") == "lead")
    assert not window.action_set["list_archived"].isChecked()


def test_that_the_ticked_are_changed_from_the_list_and_one_undo_takes_it_back(
    qtbot: QtBot, window: MainWindow, services: Services, three: list[ClientRecord]
) -> None:
    window.open_page("clients")
    page = window.book.current()
    assert isinstance(page, ClientsPage)
    qtbot.waitUntil(lambda: page.list.is_loaded and page.list.model.is_complete)
    page.list.tick_all()
    window.action_set["change_many"].trigger()
    open_sheet = window.sheets.front()
    assert isinstance(open_sheet, ChangeManySheet)
    pick(open_sheet.field_combo, "Do not call")
    qtbot.waitUntil(lambda: open_sheet.preview_label.text().startswith("3 change"))
    press(Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: window.sheets.front() is None)
    assert [services.clients.get(one.id).do_not_call for one in three] == [True] * 3
    window.action_set["undo_last"].trigger()
    qtbot.waitUntil(lambda: not services.clients.get(three[0].id).do_not_call)
    assert [services.clients.get(one.id).do_not_call for one in three] == [False] * 3


