"""The clients hub: found as somebody types, filters that say what they hide, and what is done with the chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.domain.permissions import Role
from studio_desktop.domain.records.clients import ClientKind, ClientRecord, Stage
from studio_desktop.services import Services, new_request
from studio_desktop.ui.hubs.clients import ClientsPage
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.widgets.buttons import LinkButton
from studio_desktop.ui.widgets.plain_label import PlainLabel
from tests.builders import a_client, a_member, catalog_id
from tests.ui.conftest import Answers, DeskShell

# Said for every menu without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
Hub = Callable[[], ClientsPage]


@pytest.fixture
def hub(qtbot: QtBot, shell: DeskShell) -> Hub:
    """The hub on the screen, loaded."""

    def show() -> ClientsPage:
        page = ClientsPage(shell)
        qtbot.addWidget(page)
        page.resize(1210, 658)
        page.show()
        page.activateWindow()
        page.take_focus()
        said: list[str] = []
        page.status_changed.connect(said.append)
        page.said = said  # type: ignore[attr-defined]
        answered(qtbot, page)
        return page

    return show


@pytest.fixture
def people(services: Services) -> dict[str, ClientRecord]:
    """Anna with her family, an archived and a hidden Smyth, a prospect."""
    return {
        "Anna": a_client(
            services, last_name="Adams", first_name="Anna", company="Adams Garden Design", town="Fairbrook",
            phones=("(330) 555-0142",), emails=("anna@mail.example",), family=(a_member("Peter", last_name="Berg"),),
            status_id=catalog_id(services, "client_statuses", "Client"),
        ),
        "Gordon": a_client(services, last_name="Adams", first_name="Gordon", kind=ClientKind.PROSPECT),
        "Moved": a_client(services, last_name="Smyth", first_name="Moved", stage=Stage.ARCHIVED),
        "Child": a_client(services, last_name="Smyth", first_name="Child", stage=Stage.HIDDEN),
    }  # fmt: skip


def answered(qtbot: QtBot, page: ClientsPage) -> None:
    """The list and the counts answer what was asked last."""
    qtbot.waitUntil(lambda: page.list.is_loaded and page.list.model.is_complete)
    qtbot.waitUntil(lambda: not page._count_timer.isActive() and page._counts.are_known)


def shown(page: ClientsPage) -> list[str]:
    return [page.list.text(row, "name") for row in range(page.list.model.rowCount())]


def type_in(page: ClientsPage, text: str) -> None:
    QTest.keyClicks(page.search_edit, text)


def status(page: ClientsPage) -> str:
    said: list[str] = page.said  # type: ignore[attr-defined]
    return said[-1]


def empty_words(page: ClientsPage) -> str:
    return page.list.findChild(PlainLabel).text() if not shown(page) else ""  # type: ignore[union-attr]


def offered(page: ClientsPage) -> dict[str, LinkButton]:
    return {button.text(): button for button in page.list.findChildren(LinkButton) if button.isVisible()}


def entry(menu: QMenu, *path: str) -> None:
    """Trigger a line of a menu by its words."""
    for words in path[:-1]:
        found = next(line for line in menu.actions() if line.text().replace("&", "") == words).menu()
        assert isinstance(found, QMenu)
        menu = found
    next(line for line in menu.actions() if line.text().replace("&", "") == path[-1]).trigger()


def popup(qtbot: QtBot) -> QMenu:
    """The menu that is open."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_that_only_active_clients_show_at_first_and_the_chip_says_how_many_it_hides(
    hub: Hub, people: dict[str, ClientRecord]
) -> None:
    """S0-15, S0-16, S0-14; DESIGN 4."""
    page = hub()
    assert shown(page) == ["Adams, Anna", "Adams, Gordon"]
    assert page.chips.texts() == ["Active · hides 2"]
    assert status(page) == "2 clients of 4"


def test_that_whoever_is_meant_shows_as_it_is_typed(
    qtbot: QtBot, hub: Hub, people: dict[str, ClientRecord]
) -> None:
    """S4-02; FRONT_DESK job 1: no mode, no format."""
    page = hub()
    for typed in ("ann", "adams anna", "5550142", "garden", "anna@m", "fairb", "berg", "ÄNNA"):
        page.search_edit.clear()
        type_in(page, typed)
        qtbot.waitUntil(lambda: page.list.is_loaded)
        assert shown(page) == ["Adams, Anna"], typed


def test_that_enter_opens_the_best_match_even_when_typed_faster_than_found(
    qtbot: QtBot, hub: Hub, shell: DeskShell, people: dict[str, ClientRecord]
) -> None:
    """FRONT_DESK job 1: two steps."""
    page = hub()
    type_in(page, "adams")
    QTest.keyClick(page.search_edit, Key.Key_Return)
    qtbot.waitUntil(lambda: bool(shell.opened))
    assert shell.opened == [(people["Anna"].id, [people["Anna"].id, people["Gordon"].id])]


def test_that_down_enters_the_list_up_leaves_it_and_letters_typed_there_search_on(
    qtbot: QtBot, hub: Hub, shell: DeskShell, people: dict[str, ClientRecord]
) -> None:
    """DESIGN 4: typing anywhere searches, down enters the grid, Enter opens."""
    page = hub()
    type_in(page, "ad")
    qtbot.waitUntil(lambda: page.list.is_loaded)
    QTest.keyClick(page.search_edit, Key.Key_Down)
    assert page.list.grid.hasFocus()
    QTest.keyClick(page.list.grid, Key.Key_Down)
    QTest.keyClick(page.list.grid, Key.Key_Return)
    assert shell.opened[-1][0] == people["Gordon"].id
    QTest.keyClicks(page.list.grid, "a")
    assert page.search_edit.hasFocus()
    QTest.keyClicks(page.search_edit, "ms go")
    qtbot.waitUntil(lambda: page.list.is_loaded)
    assert shown(page) == ["Adams, Gordon"]
    page.list.enter()
    QTest.keyClick(page.list.grid, Key.Key_Up)
    assert page.search_edit.hasFocus()
    assert page.search_edit.text() == "adams go"


def test_that_esc_clears_the_search_then_the_filters_that_were_added(
    qtbot: QtBot, hub: Hub, people: dict[str, ClientRecord]
) -> None:
    """DESIGN 4; FRONT_DESK 4."""
    page = hub()
    page.filters.set("kind", "prospect")
    type_in(page, "ann")
    page.list.enter()
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Escape)
    assert page.search_edit.text() == ""
    assert page.search_edit.hasFocus()
    answered(qtbot, page)
    assert shown(page) == ["Adams, Gordon"]
    QTest.keyClick(page.search_edit, Key.Key_Escape)
    answered(qtbot, page)
    assert page.chips.texts() == ["Active · hides 2"]
    assert shown(page) == ["Adams, Anna", "Adams, Gordon"]


def test_that_each_chip_says_what_it_alone_hides_and_its_cross_takes_it_away(
    qtbot: QtBot, hub: Hub, people: dict[str, ClientRecord]
) -> None:
    """S0-14, S0-16, S0-23, S4-11: filters combine."""
    page = hub()
    page.filters.set("kind", "prospect")
    answered(qtbot, page)
    assert page.chips.texts() == ["Active", "Prospects · hides 1"]
    assert status(page) == "1 client of 4"
    chip = page.chips.chip("stage")
    chip.setFocus()
    QTest.keyClick(chip, Key.Key_Delete)
    answered(qtbot, page)
    assert page.chips.texts() == ["Prospects · hides 3"]
    QTest.mouseClick(page.chips.chip("kind"), Qt.MouseButton.LeftButton, pos=page.chips.chip("kind").rect().center())
    entry(popup(qtbot), "Leads")
    answered(qtbot, page)
    assert page.chips.texts() == ["Leads · hides 4"]


def test_that_the_filter_menu_offers_everything_by_keyboard(
    qtbot: QtBot, hub: Hub, shell: DeskShell, services: Services, people: dict[str, ClientRecord]
) -> None:
    """S0-16, S0-23; Ctrl+F."""
    group = catalog_id(services, "client_groups", "High School Seniors")
    services.groups.add([people["Anna"].id], group, new_request())
    page = hub()
    page.handlers()["filter"]()
    entry(popup(qtbot), "Group", "High School Seniors")
    answered(qtbot, page)
    assert shown(page) == ["Adams, Anna"]
    page.handlers()["filter"]()
    entry(popup(qtbot), "Stage", "Archived")
    answered(qtbot, page)
    assert shown(page) == []
    assert page.chips.texts() == ["Archived · hides 1", "High School Seniors · hides 1"]


def test_that_hidden_and_archived_clients_show_with_a_badge_when_somebody_wants_them(
    qtbot: QtBot, hub: Hub, people: dict[str, ClientRecord]
) -> None:
    """S0-14, S0-16, S0-18; DECISIONS 8."""
    page = hub()
    show_hidden: Callable[[bool], None] = page.handlers()["show_hidden"]  # type: ignore[assignment]
    show_hidden(True)
    answered(qtbot, page)
    assert page.chips.texts() == ["Active, Hidden · hides 1"]
    assert list(page.ticked()) == ["who_is_this", "show_hidden"]
    assert shown(page) == ["Adams, Anna", "Adams, Gordon", "Smyth, Child"]
    assert page.list.model.value(people["Child"].id, "stage_badge") == "hidden"
    show_hidden(False)
    answered(qtbot, page)
    assert page.chips.texts() == ["Active · hides 2"]


def test_that_no_match_says_how_many_filters_hide_and_shows_them(
    qtbot: QtBot, hub: Hub, shell: DeskShell, people: dict[str, ClientRecord]
) -> None:
    """S4-35."""
    page = hub()
    type_in(page, "smyth")
    answered(qtbot, page)
    assert empty_words(page) == "No one matches “smyth”. 2 are hidden by filters."
    assert list(offered(page)) == ["Show them", "New client “smyth”"]
    QTest.keyClick(page.search_edit, Key.Key_Return)
    assert offered(page)["Show them"].hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Space)
    answered(qtbot, page)
    assert shown(page) == ["Smyth, Child", "Smyth, Moved"]
    assert page.chips.texts() == []


def test_that_a_stranger_is_offered_as_a_new_client(
    qtbot: QtBot, hub: Hub, shell: DeskShell, people: dict[str, ClientRecord]
) -> None:
    """FRONT_DESK 2.1: no match, Enter offers it."""
    page = hub()
    type_in(page, "555 9999")
    answered(qtbot, page)
    QTest.keyClick(page.search_edit, Key.Key_Return)
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Space)
    assert shell.sheets == [("new_client", {"typed": "555 9999"})]


def test_that_an_empty_studio_offers_its_beginning(hub: Hub, shell: DeskShell) -> None:
    """DESIGN 5."""
    page = hub()
    assert empty_words(page) == "No clients yet."
    offered(page)["Import a file"].click()
    offered(page)["New client"].click()
    assert shell.sheets == [("import", {}), ("new_client", {})]


def test_that_numbers_separated_by_commas_find_exactly_those_clients(
    qtbot: QtBot, hub: Hub, shell: DeskShell, people: dict[str, ClientRecord]
) -> None:
    """FRONT_DESK job 7, from a paper list: four steps with Ctrl+A and Ctrl+J."""
    page = hub()
    numbers = [people[name].number for name in ("Gordon", "Moved", "Anna")]
    type_in(page, ", ".join([*numbers, "9999"]))
    QTest.keyClick(page.search_edit, Key.Key_A, CONTROL)
    qtbot.waitUntil(lambda: len(page.chosen_clients()) == 3)
    assert shown(page) == ["Adams, Anna", "Adams, Gordon", "Smyth, Moved"]
    assert status(page) == "3 of 4 numbers found · nobody has 9999 · 3 ticked"
    assert page.chips.texts() == []
    page.handlers()["change_status"]()
    assert shell.sheets == [("status", {"client_ids": [people[name].id for name in ("Anna", "Gordon", "Moved")]})]


def test_that_ctrl_a_in_the_box_selects_its_text_first_and_the_list_next(
    qtbot: QtBot, hub: Hub, people: dict[str, ClientRecord]
) -> None:
    page = hub()
    type_in(page, "adams")
    qtbot.waitUntil(lambda: page.list.is_loaded)
    QTest.keyClick(page.search_edit, Key.Key_A, CONTROL)
    assert page.search_edit.selectedText() == "adams"
    assert page.list.ticked() == []
    QTest.keyClick(page.search_edit, Key.Key_A, CONTROL)
    assert len(page.list.ticked()) == 2


def test_that_ticks_outlive_another_search(qtbot: QtBot, hub: Hub, people: dict[str, ClientRecord]) -> None:
    """FRONT_DESK 6.7: nothing ticked is lost."""
    page = hub()
    type_in(page, "anna")
    qtbot.waitUntil(lambda: page.list.is_loaded)
    page.list.enter()
    QTest.keyClick(page.list.grid, Key.Key_Space)
    page.search_edit.setText("gordon")
    qtbot.waitUntil(lambda: page.list.is_loaded)
    page.list.enter()
    QTest.keyClick(page.list.grid, Key.Key_Space)
    assert sorted(page.chosen_clients()) == sorted([people["Anna"].id, people["Gordon"].id])
    assert status(page).endswith("2 ticked")


def test_that_the_row_chosen_is_the_client_in_hand(
    qtbot: QtBot, hub: Hub, people: dict[str, ClientRecord]
) -> None:
    """FRONT_DESK 2.2."""
    page = hub()
    assert page.client_in_hand() is None
    assert page.why_not("change_status") == "Choose a client first."
    page.list.enter()
    in_hand = page.client_in_hand()
    assert in_hand is not None
    assert (in_hand.id, in_hand.name) == (people["Anna"].id, "Adams, Anna")
    assert page.why_not("change_status") == ""
    qtbot.waitUntil(lambda: page.card.shown_id() == people["Anna"].id)


def test_that_a_deletion_is_one_key_and_can_be_undone(
    qtbot: QtBot, hub: Hub, shell: DeskShell, services: Services, people: dict[str, ClientRecord]
) -> None:
    """E13, S4-19."""
    page = hub()
    page.list.enter()
    QTest.keyClick(page.list.grid, Key.Key_Delete)
    qtbot.waitUntil(lambda: bool(shell.saves))
    text, changes = shell.saves[0]
    assert text == "Deleted Adams, Anna"
    page.refresh(changes)
    qtbot.waitUntil(lambda: shown(page) == ["Adams, Gordon"])
    page.refresh(services.history.undo(changes.request, new_request()).changes)
    qtbot.waitUntil(lambda: shown(page) == ["Adams, Anna", "Adams, Gordon"])


def test_that_a_large_deletion_is_asked_about(
    qtbot: QtBot, hub: Hub, shell: DeskShell, services: Services
) -> None:
    for number in range(21):
        a_client(services, last_name=f"Adams{number:02}")
    page = hub()
    page.list.tick_all()
    shell.prompts.answers = [None]
    page.handlers()["delete"]()
    assert shell.prompts.asked == ["Delete 21 clients?"]
    assert shell.saves == []
    assert len(services.listings.ids("clients", page.list.shown_query())) == 21


def test_that_whoever_may_not_delete_is_told(hub: Hub, shell: DeskShell, people: dict[str, ClientRecord]) -> None:
    """S4-18."""
    shell.services = Services(shell.services.database, replace(shell.services.desk, role=Role.FRONT_DESK))
    page = hub()
    page.list.enter()
    assert page.why_not("delete") == "You may not delete clients."
    QTest.keyClick(page.list.grid, Key.Key_Delete)
    assert shown(page) == ["Adams, Anna", "Adams, Gordon"]


def test_that_the_ticked_join_and_leave_a_group(
    qtbot: QtBot, hub: Hub, shell: DeskShell, services: Services, people: dict[str, ClientRecord]
) -> None:
    """S2-49, S2-50, S4-33."""
    page = hub()
    page.list.tick_all()
    lines = {line.text: line for line in page.menus()["groups"]()}
    lines["Add to High School Seniors"].run()
    qtbot.waitUntil(lambda: len(shell.saves) == 1)
    assert shell.saves[0][0] == "Added 2 clients to High School Seniors"
    group = catalog_id(services, "client_groups", "High School Seniors")
    assert services.clients.get(people["Gordon"].id).groups == {group}
    lines["Add to High School Seniors"].run()
    qtbot.waitUntil(lambda: shell.said == ["All of them are in High School Seniors already."])
    lines["Take out of High School Seniors"].run()
    qtbot.waitUntil(lambda: len(shell.saves) == 2)
    assert services.clients.get(people["Gordon"].id).groups == frozenset()


def test_that_the_ticked_are_archived_with_a_reason_and_one_undo_brings_them_back(
    qtbot: QtBot, window: MainWindow, services: Services, people: dict[str, ClientRecord]
) -> None:
    """S0-14, S0-15, S0-26, E13."""
    window.open_page("clients")
    page = window.book.current()
    assert isinstance(page, ClientsPage)
    qtbot.waitUntil(lambda: page.list.total == 2)
    page.list.enter()
    QTest.keyClick(focused(), Key.Key_Space)
    QTest.keyClick(focused(), Key.Key_Space)
    moved = next(line for line in page.menus()["archive"]() if line.text == "Moved")
    moved.run()
    qtbot.waitUntil(lambda: page.list.total == 0 and page.list.is_loaded)
    assert window.undo_bar.shown() == "Archived 2 clients"
    anna = services.clients.get(people["Anna"].id)
    reason = catalog_id(services, "archive_reasons", "Moved")
    assert (anna.stage, anna.archive_reason_id) == (Stage.ARCHIVED, reason)
    QTest.keyClick(focused(), Key.Key_Backspace, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: page.list.total == 2)
    assert services.clients.get(people["Gordon"].id).stage is Stage.ACTIVE


def test_that_hide_brings_back_those_who_are_all_hidden(
    qtbot: QtBot, hub: Hub, shell: DeskShell, services: Services, people: dict[str, ClientRecord]
) -> None:
    """S0-14, S0-18."""
    page = hub()
    page.list.enter()
    page.handlers()["hide"]()
    qtbot.waitUntil(lambda: len(shell.saves) == 1)
    assert shell.saves[0][0] == "Hidden: Adams, Anna"
    assert services.clients.get(people["Anna"].id).stage is Stage.HIDDEN
    page.handlers()["hide"]()
    qtbot.waitUntil(lambda: len(shell.saves) == 2)
    assert shell.saves[1][0] == "Adams, Anna: in the lists again"
    assert services.clients.get(people["Anna"].id).stage is Stage.ACTIVE


def test_that_archiving_many_is_asked_about_first(hub: Hub, shell: DeskShell, services: Services) -> None:
    for number in range(21):
        a_client(services, last_name=f"Adams{number:02}")
    page = hub()
    page.list.tick_all()
    shell.prompts.answers = [None]
    page.handlers()["archive"]()
    assert shell.prompts.asked == ["Archive 21 clients?"]
    assert len(services.listings.ids("clients", page.list.shown_query())) == 21


def test_that_excel_holds_what_is_shown_and_opens_without_a_question(
    qtbot: QtBot, hub: Hub, shell: DeskShell, people: dict[str, ClientRecord], tmp_path: Path
) -> None:
    """S4-12; FRONT_DESK job 9: Shift+F12, Ctrl+Shift+X."""
    shell.settings = replace(shell.settings, reports_folder=str(tmp_path / "reports"))
    page = hub()
    for expected in ("Clients 2026-03-10.xlsx", "Clients 2026-03-10 (2).xlsx"):
        shell.prompts.documents.clear()
        page.handlers()["excel"]()
        qtbot.waitUntil(lambda: bool(shell.prompts.documents))
        assert shell.prompts.documents == [tmp_path / "reports" / expected]
    rows = list(load_workbook(shell.prompts.documents[0]).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    titles = rows.index(("Light", "Name", "Secondary", "Status", "Due", "Main phone", "Call warning", "Town"))
    assert [row[1] for row in rows[titles + 1 :]] == ["Adams, Anna", "Adams, Gordon"]
    assert shell.said[-1].startswith("2 rows in Clients 2026-03-10 (2).xlsx")


def test_that_a_sorted_search_is_written_as_it_stands(
    qtbot: QtBot, hub: Hub, shell: DeskShell, people: dict[str, ClientRecord], tmp_path: Path
) -> None:
    shell.settings = replace(shell.settings, reports_folder=str(tmp_path))
    page = hub()
    type_in(page, "gordon")
    qtbot.waitUntil(lambda: page.list.is_loaded)
    page.handlers()["csv"]()
    qtbot.waitUntil(lambda: bool(shell.prompts.documents))
    lines = shell.prompts.documents[0].read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[1].strip('"') for line in lines[1:]] == ["Adams"]


def test_that_the_ticked_clients_are_written_as_vcards(
    qtbot: QtBot, hub: Hub, shell: DeskShell, people: dict[str, ClientRecord], tmp_path: Path
) -> None:
    """B20."""
    shell.settings = replace(shell.settings, reports_folder=str(tmp_path))
    page = hub()
    gordon = next(one for one in people.values() if one.first_name == "Gordon")
    page.list.set_ticked([gordon.id], True)
    page.handlers()["vcard"]()
    qtbot.waitUntil(lambda: bool(shell.prompts.documents))
    lines = shell.prompts.documents[0].read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("FN:")] == [f"FN:Gordon {gordon.last_name}"]


def test_that_the_ticked_clients_are_written_whole_with_photos_as_workbook_and_as_text(
    qtbot: QtBot, hub: Hub, shell: DeskShell, people: dict[str, ClientRecord], tmp_path: Path
) -> None:
    """B20."""
    shell.settings = replace(shell.settings, reports_folder=str(tmp_path))
    page = hub()
    gordon = next(one for one in people.values() if one.first_name == "Gordon")
    page.list.set_ticked([gordon.id], True)
    for entry in page.menus()["whole"]():
        entry.run()
    qtbot.waitUntil(lambda: len(shell.prompts.documents) == 3)
    assert [path.name for path in shell.prompts.documents] == [
        f"Clients whole 2026-03-10.{ending}" for ending in ("zip", "xlsx", "csv")
    ]
    for path in shell.prompts.documents:
        table = shell.services.imports.read(path)
        assert [row[table.header.index("First name")] for row in table.rows] == ["Gordon"]


def test_that_labels_are_for_the_ticked_else_for_what_the_search_left(
    qtbot: QtBot, hub: Hub, shell: DeskShell, people: dict[str, ClientRecord]
) -> None:
    """FRONT_DESK job 8: whom is prefilled."""
    page = hub()
    page.list.enter()
    page.handlers()["labels"]()
    type_in(page, "adams")
    qtbot.waitUntil(lambda: page.list.is_loaded)
    page.handlers()["labels"]()
    page.list.set_ticked([people["Gordon"].id], True)
    page.handlers()["labels"]()
    anna, gordon = people["Anna"].id, people["Gordon"].id
    assert [arguments["client_ids"] for _, arguments in shell.sheets] == [[anna], [anna, gordon], [gordon]]


def test_that_searches_are_saved_found_again_and_forgotten(
    qtbot: QtBot, hub: Hub, services: Services, people: dict[str, ClientRecord]
) -> None:
    page = hub()
    type_in(page, "anna & co")
    page.saved_button.click()
    entry(popup(qtbot), "Save this search")
    qtbot.waitUntil(lambda: services.layouts.searches("clients") == ["anna & co"])
    qtbot.waitUntil(lambda: page._saved == ["anna & co"])
    QApplication.activePopupWidget().close()
    page.search_edit.clear()
    page.saved_button.click()
    next(line for line in popup(qtbot).actions() if line.text() == "anna && co").trigger()
    assert page.search_edit.text() == "anna & co"
    QApplication.activePopupWidget().close()
    page.saved_button.click()
    menu = popup(qtbot)
    forget = next(line for line in menu.actions() if line.text() == "&Forget").menu()
    assert isinstance(forget, QMenu)
    forget.actions()[0].trigger()
    qtbot.waitUntil(lambda: services.layouts.searches("clients") == [])
    QApplication.activePopupWidget().close()


def test_that_the_card_goes_in_a_narrow_window_and_when_somebody_wants_it_gone(
    qtbot: QtBot, hub: Hub, services: Services, people: dict[str, ClientRecord]
) -> None:
    page = hub()
    assert page.card.isVisible()
    page.resize(1099, 658)
    assert not page.card.isVisible()
    page.resize(1210, 658)
    toggle: Callable[[bool], None] = page.handlers()["who_is_this"]  # type: ignore[assignment]
    toggle(False)
    assert not page.card.isVisible()
    assert "who_is_this" not in page.ticked()
    qtbot.waitUntil(lambda: services.layouts.get("clients page") == {"card": False})
    again = hub()
    qtbot.waitUntil(lambda: not again.card.isVisible())


def test_that_home_can_ask_for_some_clients(qtbot: QtBot, hub: Hub, people: dict[str, ClientRecord]) -> None:
    page = hub()
    page.wish(filters={"kind": "prospect", "stage": "active"})
    answered(qtbot, page)
    assert shown(page) == ["Adams, Gordon"]
    assert page.chips.texts() == ["Prospects · hides 1", "Active"]


def test_that_the_page_fits_the_smallest_window(hub: Hub, people: dict[str, ClientRecord]) -> None:
    """DESIGN 6: minimumSizeHint against 1280 × 720 with navigation narrowed."""
    page = hub()
    for name, value in (("kind", "prospect"), ("status", 1), ("group", 1), ("overdue", True), ("marketable", True)):
        page.filters.set(name, value)
    assert page.minimumSizeHint().width() <= 1280 - 48
    page.resize(700, 400)
    hidden = [chip for chip in page.chips.findChildren(QWidget) if chip.x() + chip.width() > page.chips.width()]
    assert [chip for chip in hidden if chip.isVisible()] == []
    assert [page.chips._more.isVisible(), page.filter_button.isVisible()] == [True, True]


def test_that_the_rows_menu_does_what_the_ribbon_does(
    qtbot: QtBot, hub: Hub, shell: DeskShell, people: dict[str, ClientRecord]
) -> None:
    """E5, S3-48: nothing is mouse-only, nothing keyboard-only."""
    page = hub()
    page.list.enter()
    page.list.menu_wanted.emit(page.mapToGlobal(page.rect().center()))
    menu = popup(qtbot)
    words = [line.text() for line in menu.actions() if not line.isSeparator()]
    assert words == [
        "Open", "Change status", "Change many", "Groups", "Lead stage", "Labels", "Copy", "Archive", "Hide", "Delete",
        "Columns",
    ]  # fmt: skip
    menu.actions()[0].trigger()
    assert shell.opened[-1][0] == people["Anna"].id
    menu.close()


def test_that_two_keys_give_the_list_in_excel(
    qtbot: QtBot, window: MainWindow, people: dict[str, ClientRecord], tmp_path: Path
) -> None:
    """FRONT_DESK job 9: Shift+F12, Ctrl+Shift+X; S4-12."""
    window.settings = replace(window.settings, reports_folder=str(tmp_path))
    QTest.keyClick(focused(), Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
    page = window.book.current()
    assert isinstance(page, ClientsPage)
    qtbot.waitUntil(lambda: page.list.total == 2)
    QTest.keyClick(focused(), Key.Key_X, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    person = window.prompts
    assert isinstance(person, Answers)
    written = tmp_path / "Clients 2026-03-10.xlsx"
    qtbot.waitUntil(lambda: person.documents == [written])
    (said,) = window.messages.texts()
    assert said.startswith("2 rows in Clients 2026-03-10.xlsx, in the folder")


@pytest.mark.parametrize("can_be_written", [True, False])
def test_that_a_document_can_be_saved_elsewhere_from_the_bar(
    qtbot: QtBot, window: MainWindow, people: dict[str, ClientRecord], tmp_path: Path, can_be_written: bool
) -> None:
    """FRONT_DESK job 9: no file question first, and *Save elsewhere* after it, by keyboard too."""
    window.settings = replace(window.settings, reports_folder=str(tmp_path))
    person, copy = window.prompts, tmp_path / "stick" / "for Tom.csv"
    assert isinstance(person, Answers)
    if can_be_written:
        copy.parent.mkdir()
    window.open_page("clients")
    page = window.book.current()
    assert isinstance(page, ClientsPage)
    qtbot.waitUntil(lambda: page.list.total == 2)
    window.action_set["csv"].trigger()
    qtbot.waitUntil(lambda: bool(window.messages.texts()))
    person.answers = [copy]
    QTest.keyClick(focused(), Key.Key_F6)
    QTest.keyClick(focused(), Key.Key_Space)
    if can_be_written:
        qtbot.waitUntil(lambda: f"Saved as for Tom.csv, in the folder {copy.parent}." in window.status.texts())
        assert copy.read_bytes() == (tmp_path / "Clients 2026-03-10.csv").read_bytes()
    else:
        qtbot.waitUntil(lambda: "for Tom.csv could not be saved" in "".join(window.messages.texts()))


def test_that_esc_on_an_untouched_list_rests_in_its_search_box(
    qtbot: QtBot, window: MainWindow, people: dict[str, ClientRecord]
) -> None:
    """FRONT_DESK 2.1: on a hub its own box is the place of rest."""
    window.open_page("clients")
    page = window.book.current()
    assert isinstance(page, ClientsPage)
    qtbot.waitUntil(lambda: page.list.total == 2)
    page.list.enter()
    QTest.keyClick(focused(), Key.Key_Escape)
    assert page.search_edit.hasFocus()
    window.open_page("home")
    window.open_page("clients")
    qtbot.waitUntil(lambda: "2 clients of 4 · 1 selected" in window.status.texts())
    assert window.action_set["change_status"].isEnabled()
    assert window.client_in_hand() == page.client_in_hand()


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found
