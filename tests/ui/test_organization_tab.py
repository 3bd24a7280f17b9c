"""The Organization tab: schools and companies line by line, with what the client is there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientRecord, OrganizationRow
from studio_desktop.services import Services, new_request
from studio_desktop.ui.client_window.organization_tab import OrganizationRows, OrganizationTab
from studio_desktop.ui.client_window.window import ClientPage
from tests.builders import a_client, catalog_id
from tests.ui.client_desk import SHIFT, Key, crash, open_page, press, save
from tests.ui.conftest import DeskShell

pytestmark = pytest.mark.databases("sqlite")
"""That saving holds on both databases is proven with the client's page."""


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    for school in ("Central High School", "Lakeview College", "Rotary Club"):
        services.catalogs.add("organizations", {"description": school}, new_request())
    return a_client(services)


@pytest.fixture
def page(qtbot: QtBot, shell: DeskShell, anna: ClientRecord) -> ClientPage:
    shell.choices = shell.services.catalogs.choices()
    return open_page(qtbot, shell, anna)


@pytest.fixture
def tab(page: ClientPage) -> OrganizationTab:
    shown = page.show_tab("organization")
    assert isinstance(shown, OrganizationTab)
    return shown


def type_on(*texts: str) -> None:
    """Type where the cursor is; Tab leads from one text to the next."""
    for at, text in enumerate(texts):
        if at:
            press(Key.Key_Tab)
        QTest.keyClicks(QApplication.focusWidget(), text)


def lines(rows: OrganizationRows) -> list[str]:
    """What each line with something in it says, from left to right."""
    shown = []
    for line in rows._lines:
        if not line.is_blank():
            texts = line.binder.texts()
            shown.append(", ".join([line.text(), *(texts[name] for name in texts if name != line.fact)]))
    return shown


def test_that_two_organizations_are_entered_by_keyboard_alone_saved_and_shown_again(
    qtbot: QtBot, page: ClientPage, tab: OrganizationTab, services: Services, shell: DeskShell
) -> None:
    """S3-19: organization, role, class, grade, graduation year, student number, remark; a blank line for the next."""
    type_on("lake", "Student", "Fine arts", "12", "2027", "A-4711", "plays the cello")
    type_on("", "rot")
    type_on("", "Treasurer")
    save(qtbot, page)
    saved = services.clients.get(page.client_id).organizations
    assert [replace(row, uid="") for row in saved] == [
        OrganizationRow(
            organization_id=catalog_id(services, "organizations", "Lakeview College"), role="Student",
            department="Fine arts", grade="12", graduation_year=2027, member_number="A-4711", remark="plays the cello",
        ),
        OrganizationRow(organization_id=catalog_id(services, "organizations", "Rotary Club"), role="Treasurer"),
    ]  # fmt: skip
    assert page.tabs._tabs["organization"].accessibleName() == "Organization, 2"
    again = open_page(qtbot, shell, services.clients.get(page.client_id))
    shown = again.show_tab("organization")
    assert isinstance(shown, OrganizationTab)
    assert lines(shown.rows) == [
        "lakeview college, Student, Fine arts, 12, 2027, A-4711, plays the cello",
        "rotary club, Treasurer, , , , , ",
    ]
    assert again.unsaved() == ()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1899", "Graduation year is a whole number from 1900 to 2200, or empty."),
        ("0", "Graduation year is a whole number from 1900 to 2200, or empty."),
        ("next", "Type a whole number, as in 14."),
    ],
)
def test_that_a_year_that_is_none_is_marked_at_its_place_and_nothing_is_lost(
    qtbot: QtBot, page: ClientPage, tab: OrganizationTab, services: Services, typed: str, sentence: str
) -> None:
    type_on("cent", "Student", "", "", typed)
    year = QApplication.focusWidget()
    press(Key.Key_Tab)
    assert year.accessibleDescription() == sentence
    page.show_tab("general")
    page.save()
    qtbot.waitUntil(lambda: page.tabs.current() == "organization")
    assert QApplication.focusWidget() is year
    assert services.clients.get(page.client_id).organizations == ()
    QTest.keyClick(year, Key.Key_Home)
    QTest.keyClick(year, Key.Key_End, SHIFT)
    QTest.keyClicks(year, "2027")
    save(qtbot, page)
    assert [row.graduation_year for row in services.clients.get(page.client_id).organizations] == [2027]


def test_that_a_line_is_taken_away_and_one_without_an_organization_is_kept(
    qtbot: QtBot, page: ClientPage, tab: OrganizationTab, services: Services
) -> None:
    type_on("cent", "Student")
    tab.rows.take_focus(1)
    type_on("", "Home schooled")
    save(qtbot, page)
    QTest.mouseClick(tab.rows._lines[0].remove_button, Qt.MouseButton.LeftButton)
    save(qtbot, page)
    assert [row.role for row in services.clients.get(page.client_id).organizations] == ["Home schooled"]


def test_that_an_organization_no_longer_in_use_stays_with_its_clients_but_is_not_offered(
    qtbot: QtBot, page: ClientPage, tab: OrganizationTab, services: Services, shell: DeskShell
) -> None:
    type_on("rot")
    save(qtbot, page)
    row = next(one for one in services.catalogs.rows("organizations") if one.description == "Rotary Club")
    services.catalogs.save("organizations", row, {"inactive": True}, new_request())
    shell.choices = services.catalogs.choices()
    again = open_page(qtbot, shell, services.clients.get(page.client_id))
    shown = again.show_tab("organization")
    assert isinstance(shown, OrganizationTab)
    own, blank = ([line.field().itemText(at) for at in range(1, 4)] for line in shown.rows._lines)  # type: ignore[attr-defined]
    assert own == ["Central High School", "Lakeview College", "Rotary Club"]
    assert blank == ["Central High School", "Lakeview College", ""]


def test_that_rows_of_two_desks_both_stand(
    qtbot: QtBot, page: ClientPage, tab: OrganizationTab, services: Services, other_desk: Services
) -> None:
    type_on("cent", "Student")
    theirs = other_desk.clients.get(page.client_id)
    added = (OrganizationRow(uid=new_request(), role="Coach"),)
    other_desk.clients.save(theirs, replace(theirs, organizations=added), new_request())
    save(qtbot, page)
    assert {row.role for row in services.clients.get(page.client_id).organizations} == {"Student", "Coach"}


def test_that_half_typed_lines_are_there_again_after_a_crash(
    qtbot: QtBot, page: ClientPage, tab: OrganizationTab, shell: DeskShell, anna: ClientRecord
) -> None:
    type_on("cent", "Student", "", "", "20")
    page._draft.keep()
    page._draft.flush()
    crash(page)
    again = open_page(qtbot, shell, anna)
    qtbot.waitUntil(lambda: again.tabs.current() == "organization")
    shown = again._built["organization"]
    assert isinstance(shown, OrganizationTab)
    assert lines(shown.rows) == ["central high school, Student, , , 20, , "]


def test_that_the_studios_list_of_organizations_is_one_step_away(tab: OrganizationTab, shell: DeskShell) -> None:
    tab.list_button.setFocus()
    press(Key.Key_Space)
    assert (shell.pages, shell.wishes) == (["maintenance"], [{"catalog": "organizations"}])
