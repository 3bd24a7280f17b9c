"""The Groups tab: all groups left, the client's own right, moved by keys, buttons and double click (S2-49, S2-50)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from studio_desktop.ui.client_window.groups_tab import GroupsPicker
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.widgets.plain_list import PlainList
from tests.builders import a_client, catalog_id
from tests.ui.client_desk import Key, open_page, press, save
from tests.ui.conftest import DeskShell

pytestmark = pytest.mark.databases("sqlite")
"""That saving holds on both databases is proven with the client's page."""


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    return a_client(services, groups=frozenset({catalog_id(services, "client_groups", "Weddings")}))


@pytest.fixture
def page(qtbot: QtBot, shell: DeskShell, anna: ClientRecord) -> ClientPage:
    return open_page(qtbot, shell, anna)


@pytest.fixture
def picker(page: ClientPage) -> GroupsPicker:
    page.show_tab("groups")
    found = page.findChild(GroupsPicker)
    assert isinstance(found, GroupsPicker)
    return found


def texts(of: PlainList) -> list[str]:
    return [line.text for line in of.lines()]


def groups(services: Services, page: ClientPage) -> set[str]:
    named = {one.id: one.text for one in services.catalogs.choices()["client_groups"]}
    return {named[one] for one in services.clients.get(page.client_id).groups}


def double_click(of: PlainList, text: str) -> None:
    row = texts(of).index(text)
    of.choose(of.lines()[row].value)
    place = of.visualRect(of.model().index(row, 0)).center()
    QTest.mouseDClick(of.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(place))


def test_that_all_groups_stand_left_and_the_clients_own_right(picker: GroupsPicker, page: ClientPage) -> None:
    """S2-49, S3-21."""
    assert texts(picker.all_list) == [
        "High School Seniors", "Portrait families", "Weddings", "Commercial", "Prospects", "Problem clients",
    ]  # fmt: skip
    assert texts(picker.own_list) == ["Weddings"]
    assert page.tabs._tabs["groups"].accessibleName() == "Groups, 1"


def test_that_the_filter_and_enter_put_a_group_to_the_client(
    qtbot: QtBot, picker: GroupsPicker, page: ClientPage, services: Services
) -> None:
    assert picker.filter_edit.hasFocus()
    QTest.keyClicks(picker.filter_edit, "fam")
    assert texts(picker.all_list) == ["Portrait families"]
    press(Key.Key_Return)
    assert texts(picker.own_list) == ["Portrait families", "Weddings"]
    assert page.unsaved() == ("Groups",)
    assert page.tabs._tabs["groups"].accessibleName() == "Groups, 2"
    save(qtbot, page)
    assert groups(services, page) == {"Portrait families", "Weddings"}


def test_that_arrows_enter_and_del_move_between_the_panels(
    qtbot: QtBot, picker: GroupsPicker, page: ClientPage, services: Services
) -> None:
    press(Key.Key_Down)
    assert picker.all_list.hasFocus()
    press(Key.Key_Return)
    picker.own_list.setFocus()
    picker.own_list.choose(catalog_id(services, "client_groups", "Weddings"))
    press(Key.Key_Delete)
    save(qtbot, page)
    assert groups(services, page) == {"High School Seniors"}


def test_that_buttons_and_double_click_move_too(
    qtbot: QtBot, picker: GroupsPicker, page: ClientPage, services: Services
) -> None:
    picker.all_list.choose(catalog_id(services, "client_groups", "Prospects"))
    QTest.mouseClick(picker.add_button, Qt.MouseButton.LeftButton)
    double_click(picker.all_list, "Commercial")
    double_click(picker.own_list, "Weddings")
    picker.own_list.choose(catalog_id(services, "client_groups", "Prospects"))
    QTest.mouseClick(picker.remove_button, Qt.MouseButton.LeftButton)
    save(qtbot, page)
    assert groups(services, page) == {"Commercial"}


def test_that_buttons_are_grey_where_there_is_nothing_to_move(picker: GroupsPicker, services: Services) -> None:
    assert not picker.add_button.isEnabled()
    assert not picker.remove_button.isEnabled()
    picker.all_list.choose(catalog_id(services, "client_groups", "Weddings"))
    assert not picker.add_button.isEnabled()


def test_that_groups_of_two_desks_are_joined(
    qtbot: QtBot, picker: GroupsPicker, page: ClientPage, services: Services, other_desk: Services
) -> None:
    QTest.keyClicks(picker.filter_edit, "comm")
    press(Key.Key_Return)
    theirs = other_desk.clients.get(page.client_id)
    theirs_too = theirs.groups | {catalog_id(services, "client_groups", "Prospects")}
    other_desk.clients.save(theirs, replace(theirs, groups=theirs_too), new_request())
    save(qtbot, page)
    assert groups(services, page) == {"Weddings", "Commercial", "Prospects"}
    assert texts(picker.own_list) == ["Weddings", "Commercial", "Prospects"]


def test_that_a_group_added_in_maintenance_is_there_without_opening_anew(
    qtbot: QtBot, picker: GroupsPicker, page: ClientPage, services: Services, shell: DeskShell
) -> None:
    """S2-50."""
    saved = services.catalogs.add("client_groups", {"description": "Newborns"}, new_request())
    shell.choices = services.catalogs.choices()
    page.refresh(saved.changes)
    qtbot.waitUntil(lambda: "Newborns" in texts(picker.all_list))


def test_that_an_inactive_group_stays_with_its_clients_but_is_not_offered(
    qtbot: QtBot, shell: DeskShell, services: Services, anna: ClientRecord
) -> None:
    row = next(one for one in services.catalogs.rows("client_groups") if one.description == "Weddings")
    services.catalogs.save("client_groups", row, {"inactive": True}, new_request())
    shell.choices = services.catalogs.choices()
    page = open_page(qtbot, shell, anna)
    page.show_tab("groups")
    picker = page.findChild(GroupsPicker)
    assert isinstance(picker, GroupsPicker)
    assert "Weddings" not in texts(picker.all_list)
    assert texts(picker.own_list) == ["Weddings"]
