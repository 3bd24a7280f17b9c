"""What becomes of somebody: added, followed up, converted, archived, deleted and written to, by keyboard alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from studio_desktop.database import check
from studio_desktop.database.tables.people import note
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.records.clients import ClientKind, Stage
from studio_desktop.domain.records.leads import NextAction
from studio_desktop.services import Services
from studio_desktop.services.bookings import BOOKED_BY
from studio_desktop.services.listings.declaration import Query
from studio_desktop.ui.client_window.family_list import MemberList
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.sheets.trash import TrashSheet
from tests.builders import a_client, a_member
from tests.end_to_end.desk import Desk
from tests.end_to_end.errands import add, choose, described, hub, kept, labels, listed, names, paper, report
from tests.end_to_end.hands import CONTROL, KEY, SHIFT

# Said for every menu without a screen.
pytestmark = [pytest.mark.timeout(300), pytest.mark.qt_log_ignore("This plugin does not support")]

ALL_SIX = (ClientKind.PROSPECT, ClientKind.LEAD, ClientKind.CLIENT, ClientKind.LEAD, ClientKind.PROSPECT,
           ClientKind.CLIENT)  # fmt: skip
CALLED = {ClientKind.CLIENT: "make customer", ClientKind.PROSPECT: "make prospective", ClientKind.LEAD: "make inquiry"}


def test_that_a_client_goes_through_all_kinds_and_stages_and_keeps_everything_else(
    desk: Desk, services: Services
) -> None:
    """Each of the six conversions, hidden, archived with a reason, and back; the lists show who belongs there.

    S0-01, S0-03, S0-08, S0-11, S0-12, S0-14 to S0-16, S0-18, S0-23, S0-26.
    """
    hands = desk.hands
    anna = a_client(services, phones=["330 555 0142"], family=(a_member("Peter"),))
    page = desk.find_page("adams", "Adams, Anna")
    for kind in ALL_SIX:
        desk.run(CALLED[kind])
        hands.until(lambda kind=kind: services.clients.get(anna.id).kind is kind)
        desk.settle()
    for kind, own, other in ((ClientKind.LEAD, KEY.Key_4, KEY.Key_3), (ClientKind.CLIENT, KEY.Key_2, KEY.Key_4)):
        desk.run(CALLED[kind])
        desk.settle()
        assert (names(desk, own), names(desk, other)) == (["Adams, Anna"], [])
        page = desk.find_page("adams", "Adams, Anna")

    desk.run("hide")
    hands.until(lambda: services.clients.get(anna.id).stage is Stage.HIDDEN)
    assert (names(desk, KEY.Key_2), names(desk, KEY.Key_5), names(desk, KEY.Key_1)) == (
        [], ["Adams, Anna"], ["Adams, Anna"],
    )  # fmt: skip
    page = desk.find_page("adams", "Adams, Anna")
    desk.run("archive moved")
    hands.until(lambda: services.clients.get(anna.id).stage is Stage.ARCHIVED)
    assert names(desk, KEY.Key_2) == []
    assert names(desk, KEY.Key_6) == ["Adams, Anna"]
    archived = services.clients.get(anna.id)
    reasons = {one.id: one.text for one in services.catalogs.choices()["archive_reasons"]}
    assert reasons[archived.archive_reason_id or 0] == "Moved"
    page = desk.find_page("adams", "Adams, Anna")
    desk.run("archive bring")
    hands.until(lambda: services.clients.get(anna.id).stage is Stage.ACTIVE)
    assert names(desk, KEY.Key_2) == ["Adams, Anna"]
    now = services.clients.get(anna.id)
    assert (now.phones, now.family, now.archive_reason_id) == (anna.phones, anna.family, None)
    assert page.unsaved() == ()
    assert check.check(services.database) == []


def test_that_a_lead_is_followed_up_stage_by_stage_and_lost_with_its_reason(desk: Desk, services: Services) -> None:
    """Leads without a next action are found, one is moved on by its key and lost: a prospect again, once contacted.

    S0-04, S0-09, S0-10, S0-11, S0-13, B14.
    """
    hands = desk.hands
    prospect = ClientKind.PROSPECT
    anna, bea = (a_client(services, last_name=name, first_name="", kind=prospect) for name in ("Adams", "Berg"))
    for name in ("Adams", "Berg"):
        desk.find_page(name, name)
        desk.run("put pipeline inquiries")
        desk.settle()
    hands.until(lambda: services.clients.get(bea.id).kind is ClientKind.LEAD)
    page = desk.find_page("adams", "Adams")
    hands.press(KEY.Key_J, CONTROL | SHIFT)
    hands.until(lambda: services.leads.of_client(anna.id)[0].next_action is NextAction.EMAIL)
    desk.settle()
    hands.press(KEY.Key_F12, SHIFT)
    choose(desk, "Leads without a next action")
    assert listed(desk) == [one for one, lead in (("Adams", anna), ("Berg", bea)) if not waits(services, lead.id)]
    page = desk.find_page("adams", "Adams")
    desk.run("move lead lost price")
    hands.until(lambda: services.clients.get(anna.id).kind is ClientKind.PROSPECT)
    (lost,) = services.leads.of_client(anna.id)
    assert lost.closed_on is not None
    reasons = {one.id: one.text for one in services.catalogs.choices()["lost_reasons"]}
    assert reasons[lost.lost_reason_id or 0] == "Price"
    assert page.unsaved() == ()


def test_that_guests_become_existing_by_a_booking_and_either_are_targeted(
    desk: Desk, services: Services, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Added with name, phone and e-mail, refused where the e-mail is in use; filters combine, for files and labels.

    S4-04 to S4-12, S4-15, S4-34, S4-37, B16.
    """
    hands = desk.hands
    # A source as photo sessions will be one.
    booking = select(note.c.client_id).where(note.c.deleted_at.is_(None), note.c.text == "Booked a session")
    monkeypatch.setitem(BOOKED_BY, "notes", booking)
    address = {"street": "1 Mill Street", "town": "Fairbrook", "region": "OH", "postcode": "44199"}
    for name in ("Olds", "Oldbooked"):
        a_client(services, last_name=name, first_name="", **address)
    clock.instant += timedelta(days=31)

    add(desk, "ann adams 330 555 0142 ann@example.com")
    add(desk, "bea berg 330 555 0177 bea@example.com")
    hands.press(KEY.Key_N, CONTROL)
    hands.until(lambda: desk.has_sheet("new_client"))
    hands.type("cleo clark ann@example.com")
    hands.press(KEY.Key_Return, CONTROL)
    sheet = desk.window.sheets.front()
    assert sheet is not None
    hands.until(lambda: "Adams, Ann" in described(desk))
    hands.retype("cleo@example.com")
    hands.press(KEY.Key_Return, CONTROL)
    hands.until(lambda: desk.window.sheets.front() is None)
    hands.press(KEY.Key_N, CONTROL)
    hands.until(lambda: desk.has_sheet("new_client"))
    hands.press(KEY.Key_Return, CONTROL)
    hands.until(lambda: "name" in described(desk).casefold())
    hands.press(KEY.Key_Escape)
    hands.until(lambda: desk.window.sheets.front() is None)

    for name, title in (("berg", "Berg, Bea"), ("oldb", "Oldbooked")):
        page = desk.find_page(name, title)
        desk.run("new note")
        hands.type("Booked a session")
        desk.save(page)
    hands.press(KEY.Key_F12, SHIFT)
    found = {}
    for booked in ("Guests (no booking yet)", "Existing (have booked)"):
        choose(desk, "Guest or existing", booked)
        for age in ("New (30 days)", "Old"):
            choose(desk, "New or old", age)
            found[booked[0], age[0]] = listed(desk)
    assert found == {
        ("G", "N"): ["Adams, Ann", "Clark, Cleo"], ("G", "O"): ["Olds"],
        ("E", "N"): ["Berg, Bea"], ("E", "O"): ["Oldbooked"],
    }  # fmt: skip
    hands.press(KEY.Key_X, CONTROL | SHIFT)
    workbook = load_workbook(desk.document("Clients*.xlsx"))
    assert [row for row in workbook.worksheets[0].iter_rows(values_only=True) if "Oldbooked" in row]
    labels(desk, tmp_path / "existing.pdf")
    assert "Oldbooked" in paper(tmp_path / "existing.pdf")
    assert "Olds" not in paper(tmp_path / "existing.pdf")


def test_that_the_deleted_come_back_or_are_erased_and_who_sent_others_is_archived(
    desk: Desk, services: Services
) -> None:
    """S0-20, S4-19, S4-20, B15, C16."""
    hands = desk.hands
    anna, bea = a_client(services), a_client(services, last_name="Berg", first_name="Bea")
    sender = a_client(services, last_name="Sender", first_name="Sue")
    a_client(services, last_name="Sent", first_name="Sam", referred_by_client_id=sender.id)
    for name, title in (("adams", "Adams, Anna"), ("berg", "Berg, Bea")):
        desk.find_page(name, title)
        desk.run("delete")
        hands.until(lambda title=title: not desk.is_at(title))
    assert names(desk, KEY.Key_1) == ["Sender, Sue", "Sent, Sam"]
    desk.run("trash")
    trash = trash_of(desk, 2)
    hands.press(KEY.Key_Space)
    hands.press(KEY.Key_Return)
    hands.until(lambda: trash.table.count() == 1)
    back, gone = (anna, bea) if not services.clients.open(anna.id).deleted else (bea, anna)
    hands.tab_to("word_edit")
    hands.type("ERASE")
    hands.press(KEY.Key_Return)
    hands.until(lambda: trash.table.count() == 0)
    hands.press(KEY.Key_Escape)
    assert services.trash.clients() == []
    assert not services.clients.open(back.id).deleted
    assert gone.id not in services.listings.ids("clients", Query())

    desk.find_page("sender", "Sender, Sue")
    desk.run("delete")
    hands.until(lambda: "sent other clients" in desk.window.undo_bar.shown())
    assert services.clients.get(sender.id).stage is Stage.ARCHIVED
    assert check.check(services.database) == []


def test_that_prospects_and_their_tag_are_written_to_and_exported_as_a_group(
    desk: Desk, services: Services, tmp_path: Path
) -> None:
    """Tagged by typing, chosen by the tag, for labels and a workbook; who wants none is left out; a tag goes again.

    S0-05, S0-06, S0-07, S0-22, S2-37, S2-38, S4-03, S4-26.
    """
    hands = desk.hands
    address = {"street": "1 Mill Street", "town": "Fairbrook", "region": "OH", "postcode": "44199"}
    facts = {"first_name": "", "kind": ClientKind.PROSPECT, **address}
    for name, quiet in (("Alef", False), ("Bet", True), ("Gimel", False), ("Dalet", False)):
        a_client(services, last_name=name, do_not_market=quiet, **facts)
    for name in ("Alef", "Bet", "Gimel"):
        page = desk.find_page(name.casefold(), name)
        tags(desk, page)
        hands.type("Mini session")
        hands.press(KEY.Key_Return)
        desk.save(page)
    tags(desk, page)
    hands.press(KEY.Key_Backspace)
    hands.press(KEY.Key_Delete)
    desk.save(page)
    hands.press(KEY.Key_F12, SHIFT)
    hands.press(KEY.Key_3, CONTROL)
    assert listed(desk) == ["Alef", "Bet", "Dalet", "Gimel"]
    labels(desk, tmp_path / "prospects.pdf")
    written = paper(tmp_path / "prospects.pdf")
    assert [name in written for name in ("Alef", "Bet", "Gimel", "Dalet")] == [True, False, True, True]
    hands.press(KEY.Key_F12, SHIFT)
    choose(desk, "Tag", "Mini session")
    assert listed(desk) == ["Alef", "Bet"]
    labels(desk, tmp_path / "tagged.pdf")
    assert "Alef" in paper(tmp_path / "tagged.pdf")
    assert "Dalet" not in paper(tmp_path / "tagged.pdf")
    hands.press(KEY.Key_F12, SHIFT)
    hands.until(lambda: desk.is_at("Clients"))
    hands.press(KEY.Key_X, CONTROL | SHIFT)
    rows = list(load_workbook(desk.document("Clients*.xlsx")).worksheets[0].iter_rows(values_only=True))
    assert [name for name in ("Alef", "Bet", "Gimel", "Dalet") if any(name in row for row in rows)] == ["Alef", "Bet"]


def test_that_lists_and_papers_show_the_second_contact_and_what_is_to_be_checked(
    desk: Desk, services: Services, tmp_path: Path
) -> None:
    """The secondary contact in the list of clients; the form to check one's details, for the client in front.

    S2-47, S2-48, S4-21.
    """
    hands = desk.hands
    family = (a_member("Peter", last_name="Adams"), a_member("Lily", last_name="Adams"))
    a_client(services, phones=["330 555 0142"], family=family)
    page = desk.find_page("adams", "Adams, Anna")
    area = desk.show_tab(page, "general")
    while not (isinstance(at := QApplication.focusWidget(), MemberList) and area.isAncestorOf(at)):
        hands.press(KEY.Key_Tab)
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_Space)
    desk.save(page)
    assert names(desk, KEY.Key_2) == ["Adams, Anna"]
    assert hub(desk).list.text(0, "secondary") == "Adams, Lily"

    page = desk.find_page("adams", "Adams, Anna")
    report(desk, "Please check your details")
    hands.press(KEY.Key_Return, CONTROL)
    kept(desk, tmp_path / "details.pdf")
    assert "555-0142" in paper(tmp_path / "details.pdf")
    assert "Lily" in paper(tmp_path / "details.pdf")


def waits(services: Services, client_id: int) -> bool:
    """Whether something is to be done next for the client's lead."""
    return services.leads.of_client(client_id)[0].next_action is not NextAction.NONE


def tags(desk: Desk, page: ClientPage) -> None:
    """The cursor in the line for tags."""
    area = desk.show_tab(page, "groups")
    for _ in range(40):
        at = QApplication.focusWidget()
        if at is not None and area.isAncestorOf(at) and at.accessibleName() == "Tags":
            return
        desk.hands.press(KEY.Key_Backtab, SHIFT)
    raise AssertionError("Shift+Tab never reaches the tags")


def trash_of(desk: Desk, count: int) -> TrashSheet:
    """The trash in front, once it lists so many."""
    desk.hands.until(lambda: desk.has_sheet("trash"))
    sheet = desk.window.sheets.front()
    assert isinstance(sheet, TrashSheet)
    desk.hands.until(lambda: sheet.table.count() == count)
    return sheet
