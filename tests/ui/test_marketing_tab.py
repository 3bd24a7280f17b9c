"""The Marketing tab: plans and the family's own dates left, the client's right; what is typed elsewhere counts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.records.clients import ClientRecord, Occasion, PlanDateRow
from studio_desktop.services import Services, new_request
from studio_desktop.ui.client_window.marketing_tab import MarketingPicker
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.sheets.history import HistorySheet
from tests.builders import a_client, a_member, catalog_id
from tests.ui.client_desk import Key, crash, field, open_page, press, retype, save
from tests.ui.conftest import DeskShell

pytestmark = pytest.mark.databases("sqlite")
"""That saving holds on both databases is proven with the client's page."""


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    """Today is 10 March 2026: Peter turns 7 on the 12th, Anna 39 in May; Lily's year is unknown, Max has no date."""
    return a_client(
        services,
        birthday=PartialDate(5, 14, 1987),
        anniversary=PartialDate(2, 1, 2014),
        family=(
            a_member("Peter", birthday=PartialDate(3, 12, 2019)),
            a_member("Lily", birthday=PartialDate(9, 30)),
            a_member("Max"),
        ),
        plans=frozenset({catalog_id(services, "marketing_plans", "Fall colors")}),
    )


@pytest.fixture
def page(qtbot: QtBot, shell: DeskShell, anna: ClientRecord) -> ClientPage:
    return open_page(qtbot, shell, anna)


@pytest.fixture
def picker(page: ClientPage) -> MarketingPicker:
    return marketing(page)


def marketing(page: ClientPage) -> MarketingPicker:
    page.show_tab("marketing")
    found = page.findChild(MarketingPicker)
    assert isinstance(found, MarketingPicker)
    return found


def offered(picker: MarketingPicker) -> dict[str, str]:
    return {line.text: line.aside for line in picker.all_list.lines()}


def own(picker: MarketingPicker) -> list[str]:
    return [line.text for line in picker.own_list.lines()]


def put(picker: MarketingPicker, typed: str) -> None:
    picker.filter_edit.clear()
    QTest.keyClicks(picker.filter_edit, typed)
    QTest.keyClick(picker.filter_edit, Key.Key_Return)
    picker.filter_edit.clear()


def test_that_plans_and_the_familys_dates_are_offered_with_the_next_day_and_the_age(
    picker: MarketingPicker, page: ClientPage
) -> None:
    """S3-22, B2: only those with a date; the age is left out where the year is unknown."""
    assert offered(picker) == {
        "Anna's birthday": "14 May · turns 39",
        "Anna's anniversary": "1 Feb 2027 · 13 years",
        "Peter's birthday": "12 Mar · turns 7",
        "Lily's birthday": "30 Sep",
        "Christmas portraits": "",
        "Fall colors": "",
        "Spring mini sessions": "",
        "Family portrait every year": "",
    }
    assert own(picker) == ["Fall colors"]
    assert page.tabs._tabs["marketing"].accessibleName() == "Marketing, 1"


def test_that_plans_and_dates_are_put_to_the_client_and_taken_away_by_keyboard(
    qtbot: QtBot, picker: MarketingPicker, page: ClientPage, services: Services, shell: DeskShell, anna: ClientRecord
) -> None:
    """S3-22, S3-23, S0-24: interests and dates."""
    put(picker, "peter")
    put(picker, "spring")
    put(picker, "anniv")
    assert picker.read_into(anna) == picker.read_into(anna)  # a save that is tried again sends the same
    assert page.tabs._tabs["marketing"].accessibleName() == "Marketing, 4"
    save(qtbot, page)
    saved = services.clients.get(anna.id)
    assert {(row.member_uid, row.occasion) for row in saved.plan_dates} == {
        (anna.family[0].uid, Occasion.BIRTHDAY),
        ("", Occasion.ANNIVERSARY),
    }
    assert len(saved.plans) == 2
    again = marketing(open_page(qtbot, shell, saved))
    assert own(again) == ["Anna's anniversary", "Peter's birthday", "Fall colors", "Spring mini sessions"]
    again.own_list.setFocus()
    again.own_list.choose_first()
    press(Key.Key_Delete)
    press(Key.Key_Delete)
    page_again = again.window()
    assert isinstance(page_again, ClientPage)
    save(qtbot, page_again)
    assert services.clients.get(anna.id).plan_dates == ()


def test_that_a_birthday_that_is_typed_and_not_saved_is_offered_and_saved_with_its_plan(
    qtbot: QtBot, page: ClientPage, services: Services
) -> None:
    family = page._tab("general").body.family  # type: ignore[attr-defined]
    family.add()
    QTest.keyClicks(family.card.first_name_edit, "Zoe")
    retype(field(family, "birthday_edit"), "1 jul 2020")
    picker = marketing(page)
    assert offered(picker)["Zoe's birthday"] == "1 Jul · turns 6"
    put(picker, "zoe")
    save(qtbot, page)
    saved = services.clients.get(page.client_id)
    assert [row.member_uid for row in saved.plan_dates] == [saved.family[-1].uid]
    assert saved.family[-1].first_name == "Zoe"


def test_that_a_date_that_is_no_longer_known_stays_with_the_client_and_can_be_taken_away(
    qtbot: QtBot, shell: DeskShell, services: Services, anna: ClientRecord
) -> None:
    chosen = (PlanDateRow(uid=new_request(), occasion=Occasion.ANNIVERSARY),)
    saved = services.clients.save(anna, replace(anna, plan_dates=chosen, anniversary=None), new_request()).result
    page = open_page(qtbot, shell, saved)
    picker = marketing(page)
    assert "Anna's anniversary" not in offered(picker)
    first = picker.own_list.lines()[0]
    assert (first.text, first.aside) == ("Anna's anniversary", "date not known")
    picker.own_list.setFocus()
    picker.own_list.choose_first()
    press(Key.Key_Delete)
    save(qtbot, page)
    assert services.clients.get(anna.id).plan_dates == ()


def test_that_plans_of_two_desks_are_joined(
    qtbot: QtBot, picker: MarketingPicker, page: ClientPage, services: Services, other_desk: Services
) -> None:
    put(picker, "peter")
    theirs = other_desk.clients.get(page.client_id)
    added = theirs.plans | {catalog_id(services, "marketing_plans", "Christmas portraits")}
    other_desk.clients.save(theirs, replace(theirs, plans=added), new_request())
    save(qtbot, page)
    assert own(picker) == ["Peter's birthday", "Christmas portraits", "Fall colors"]


def test_that_chosen_dates_are_there_again_after_a_crash(
    qtbot: QtBot, picker: MarketingPicker, page: ClientPage, shell: DeskShell, anna: ClientRecord
) -> None:
    put(picker, "peter")
    put(picker, "spring")
    page._draft.keep()
    page._draft.flush()
    crash(page)
    again = open_page(qtbot, shell, anna)
    qtbot.waitUntil(lambda: again.tabs.current() == "marketing")
    assert own(marketing(again)) == ["Peter's birthday", "Fall colors", "Spring mini sessions"]


def test_that_history_names_the_plan_and_whose_birthday_it_is_and_takes_both_back(
    qtbot: QtBot, picker: MarketingPicker, page: ClientPage, services: Services, shell: DeskShell
) -> None:
    put(picker, "peter")
    put(picker, "spring")
    save(qtbot, page)
    sheet = HistorySheet(shell, page.client_id)
    qtbot.addWidget(sheet)
    qtbot.waitUntil(lambda: sheet.table.count() > 1)
    lines = {(sheet.table.cell(row, 3).text, sheet.table.cell(row, 5).text) for row in (0, 1)}
    assert lines == {("Marketing plan", "Peter, birthday"), ("Marketing plan", "Spring mini sessions")}
    sheet.table.choose(0)
    sheet.undo_chosen()
    qtbot.waitUntil(lambda: services.clients.get(page.client_id).plan_dates == ())
    assert len(services.clients.get(page.client_id).plans) == 1
