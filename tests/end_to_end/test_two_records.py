"""Two records of one person, and one record through time: found, merged, parted, restored; by keyboard alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio_desktop.database import check
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.services import Services, new_request
from studio_desktop.ui.sheets.duplicates import DuplicatesSheet
from studio_desktop.ui.sheets.history import HistorySheet
from studio_desktop.ui.sheets.merge import MergeSheet
from tests.builders import a_client, a_member, catalog_id
from tests.end_to_end.desk import Desk
from tests.end_to_end.hands import ALT, CONTROL, KEY

# Said for every menu without a screen.
pytestmark = [pytest.mark.timeout(300), pytest.mark.qt_log_ignore("This plugin does not support")]

BORN = PartialDate(5, 14, 1987)


def test_that_two_records_of_one_person_are_merged_with_nothing_dropped_and_parted_again(
    desk: Desk, services: Services
) -> None:
    """The old number and the old name still find her; one undo, and both are as they were. Two people stay two.

    B17, B18, C1, C9, S4-16, S4-24.
    """
    hands = desk.hands
    wedding, senior = (catalog_id(services, "client_groups", name) for name in ("Weddings", "High School Seniors"))
    married = a_client(
        services, last_name="Adams", first_name="Anna", number="1041", phones=["330 555 0142"], birthday=BORN,
        groups=frozenset({wedding}), emails=["anna@example.com"], family=(a_member("Peter"),), do_not_call=True,
        call_warning="Works nights", custom_text_1="sage",
    )  # fmt: skip
    maiden = a_client(
        services, last_name="Bell", first_name="Anna", number="1055", phones=["330 555 0142", "330 555 0177"],
        birthday=BORN, groups=frozenset({senior}), emails=["bell@example.com"], family=(a_member("Mia"),),
        company="Mill", job_title="Baker", custom_memo_1="Likes the mill.", street="1 Mill Street", town="Fairbrook",
    )  # fmt: skip
    friend = a_client(services, last_name="Cole", first_name="Cy", number="1077", referred_by_client_id=maiden.id)
    services.notes.add(NoteRecord(client_id=married.id, text="Called in March"), new_request())
    before = [content(services, one.id) for one in (married, maiden, friend)]

    sheet = compared(desk)
    assert (sheet.table.count() > 0, sheet.kept_label.text().startswith("Bell, Anna (1055) stays")) == (True, True)
    take_the_other_side(desk, sheet, "Last name")
    hands.press(KEY.Key_Return, CONTROL)
    hands.until(lambda: services.clients.open(married.id).deleted)
    hands.until(lambda: desk.is_at("Adams, Anna"))
    one = services.clients.get(maiden.id)
    assert (one.last_name, one.number, one.former_numbers) == ("Adams", "1055", "1041")
    assert "Bell" in one.former_names
    assert {phone.typed for phone in one.phones} == {"330 555 0142", "330 555 0177"}
    assert {mail.address for mail in one.emails} == {"anna@example.com", "bell@example.com"}
    assert {member.first_name for member in one.family} == {"Peter", "Mia"}
    assert one.groups == {wedding, senior}
    assert (one.call_warning, one.custom_text_1, one.company, one.job_title, one.do_not_call) == (
        "Works nights", "sage", "Mill", "Baker", True,
    )  # fmt: skip
    assert "Called in March" in [found.text for found in services.notes.of_client(one.id)]
    assert services.clients.get(friend.id).referred_by_client_id == one.id
    for sought in ("1041", "1055", "bell", "0177", "peter"):
        desk.rest()
        desk.open(sought, "Adams, Anna")

    desk.run("undo last")
    hands.until(lambda: not services.clients.open(married.id).deleted)
    desk.settle()
    assert [content(services, one.id) for one in (married, maiden, friend)] == before
    assert [found.text for found in services.notes.of_client(married.id)] == ["Called in March"]
    for sought, title in (("1041", "Adams, Anna"), ("1055", "Bell, Anna")):
        desk.rest()
        desk.open(sought, title)

    sheet = compared(desk)
    hands.tab_to("not_same_button")
    hands.press(KEY.Key_Space)
    hands.until(lambda: desk.window.sheets.front() is None)
    assert pairs(desk).table.count() == 0
    assert check.check(services.database) == []


def test_that_the_history_says_who_changed_what_and_brings_back_a_value_or_all_of_it(
    desk: Desk, services: Services, other_desk: Services
) -> None:
    """By the field, though it was changed again since; the whole record; each of it is taken back. C26 (the trail)."""
    hands = desk.hands
    anna = a_client(services, phones=["330 555 0142"], birthday=BORN)
    page = desk.find_page("adams", "Adams, Anna")
    for company in ("Mill", "Bakery"):
        hands.press(KEY.Key_F2)
        hands.tab_to("company_edit")
        hands.retype(company)
        desk.save(page)
    theirs = other_desk.clients.get(anna.id)
    other_desk.clients.save(
        theirs, replace(theirs, call_warning="Works nights", phones=(), birthday=None), new_request()
    )
    desk.settle()

    desk.run("history")
    hands.until(lambda: desk.has_sheet("history"))
    sheet = desk.window.sheets.front()
    assert isinstance(sheet, HistorySheet)
    desk.settle()
    go_to_line(desk, sheet, "Call warning", "Works nights")
    row = sheet.table.currentIndex().row()
    told = [[sheet._cell(at, column).text for column in (1, 2)] for at in range(row + 1)]
    assert ["Sue", "FRONT-2"] in told
    go_to_line(desk, sheet, "Company", "Mill")
    hands.press(KEY.Key_V, ALT)
    hands.until(lambda: services.clients.get(anna.id).company == "")
    desk.settle()
    now = services.clients.get(anna.id)
    assert (now.call_warning, now.phones, now.birthday) == ("Works nights", (), None)
    go_to_line(desk, sheet, "Call warning", "Works nights")
    hands.press(KEY.Key_A, ALT)
    hands.until(lambda: services.clients.get(anna.id).company == "Bakery")
    desk.settle()
    now = services.clients.get(anna.id)
    assert (now.call_warning, [phone.typed for phone in now.phones], now.birthday) == ("", ["330 555 0142"], BORN)
    go_to_line(desk, sheet, "Phone", "330 555 0142", or_holding=True)
    hands.press(KEY.Key_U, ALT)
    hands.until(lambda: services.clients.get(anna.id).phones == ())
    desk.settle()
    now = services.clients.get(anna.id)
    assert (now.company, now.call_warning, now.birthday) == ("", "Works nights", None)
    hands.press(KEY.Key_Escape)
    hands.until(lambda: desk.window.sheets.front() is None)
    hands.until(lambda: page.unsaved() == ())
    assert check.check(services.database) == []


def content(services: Services, client_id: int) -> ClientRecord:
    """A client but for when and how often it was written."""
    return replace(services.clients.get(client_id), version=0, updated_at=None, updated_by="")


def pairs(desk: Desk) -> DuplicatesSheet:
    """The possible duplicates of the studio, once they are listed."""
    desk.run("find duplicates")
    desk.hands.until(lambda: desk.has_sheet("duplicates"))
    desk.settle()
    sheet = desk.window.sheets.front()
    assert isinstance(sheet, DuplicatesSheet)
    return sheet


def compared(desk: Desk) -> MergeSheet:
    """The only pair of the studio side by side."""
    assert pairs(desk).table.count() == 1
    desk.hands.press(KEY.Key_Return)
    desk.hands.until(lambda: desk.has_sheet("merge"))
    desk.settle()
    sheet = desk.window.sheets.front()
    assert isinstance(sheet, MergeSheet)
    return sheet


def take_the_other_side(desk: Desk, sheet: MergeSheet, label: str) -> None:
    """Down to a field, and Space."""
    desk.hands.press(KEY.Key_Home)
    while sheet._lines[sheet.table.current()].label != label:
        desk.hands.press(KEY.Key_Down)
    desk.hands.press(KEY.Key_Space)


def go_to_line(desk: Desk, sheet: HistorySheet, field: str, now: str, *, or_holding: bool = False) -> None:
    """The newest line that says so."""
    desk.hands.tab_to("History, newest first")
    desk.hands.press(KEY.Key_Home)
    for _ in range(sheet.table.count()):
        cells = [sheet._cell(sheet.table.currentIndex().row(), column).text for column in (3, 5)]
        if cells[0] == field and (cells[1] == now or (or_holding and now in cells[1])):
            return
        desk.hands.press(KEY.Key_Down)
    raise AssertionError(f"There is no line {field}: {now}")
