"""Whom the studio knows and what it may do with it: vendors, who moved away, who said no, who goes; by keys alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from studio_desktop.database import check
from studio_desktop.database.tables.people import note
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.errors import NotFound
from studio_desktop.domain.records.clients import ClientKind, Stage
from studio_desktop.domain.records.consents import Answer, Channel
from studio_desktop.services import Services
from studio_desktop.services.bookings import BOOKED_BY
from studio_desktop.ui.client_window.consent_form import ConsentPanel
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.sheets.trash import TrashSheet
from studio_desktop.ui.widgets.plain_list import PlainList
from tests.builders import a_client, a_member, catalog_id
from tests.end_to_end.desk import Desk
from tests.end_to_end.errands import add, choose, fill, hub, labels, listed, names, paper
from tests.end_to_end.hands import ALT, CONTROL, KEY, SHIFT
from tests.end_to_end.test_maintained import setting
from tests.ui.conftest import Answers

# Said for every menu without a screen.
pytestmark = [pytest.mark.timeout(300), pytest.mark.qt_log_ignore("This plugin does not support")]

HOME = {"street": "1 Mill Street", "town": "Fairbrook", "region": "OH", "postcode": "44199"}


def test_that_whoever_pays_is_booked_or_supplies_is_a_client_and_only_prospects_and_leads_are_not(
    desk: Desk, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A frame maker, a booked client and a new one stand in one list; the other kinds in theirs. S0-02, S0-21."""
    hands = desk.hands
    monkeypatch.setitem(BOOKED_BY, "notes", select(note.c.client_id).where(note.c.deleted_at.is_(None)))
    add(desk, "fred framer fred@frames.example")
    page = desk.window.book.current()
    assert isinstance(page, ClientPage)
    hands.press(KEY.Key_J, CONTROL)
    hands.until(lambda: desk.has_sheet("status"))
    hands.type("business\n")
    partner = catalog_id(services, "client_statuses", "Business Partner")
    hands.until(lambda: services.clients.get(page.client_id).status_id == partner)
    hands.until(lambda: desk.window.sheets.front() is None)
    fill(desk, page, "general", "client_type_combo", "b", back=True)
    hands.press(KEY.Key_F2)
    hands.tab_to("company_edit")
    hands.type("Oak Frames")
    desk.save(page)
    for line, words in (("bea booked", ""), ("pat prospect", "make prospective"), ("lea lead", "make inquiry")):
        add(desk, line)
        if words:
            desk.run(words)
            desk.settle()
        else:
            desk.run("new note")
            hands.type("Booked a session")
            current = desk.window.book.current()
            assert isinstance(current, ClientPage)
            desk.save(current)
    assert (names(desk, KEY.Key_2), names(desk, KEY.Key_3), names(desk, KEY.Key_4)) == (
        ["Booked, Bea", "Framer, Fred"], ["Prospect, Pat"], ["Lead, Lea"],
    )  # fmt: skip
    assert names(desk, KEY.Key_1) == ["Booked, Bea", "Framer, Fred", "Lead, Lea", "Prospect, Pat"]
    kinds = {services.clients.get(one).kind for one in services.listings.ids("clients", hub(desk).list.shown_query())}
    assert kinds == set(ClientKind)


def test_that_an_archived_client_keeps_all_that_hangs_on_it(
    desk: Desk, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who booked, whom the client sent, relatives, notes, groups: all there while archived, and after.

    S0-17, S0-19, B15, B23, S2-27.
    """
    hands = desk.hands
    # A source as photo sessions will be one.
    monkeypatch.setitem(BOOKED_BY, "notes", select(note.c.client_id).where(note.c.deleted_at.is_(None)))
    group = catalog_id(services, "client_groups", "Weddings")
    anna = a_client(services, groups=frozenset({group}), family=(a_member("Peter", last_name="Adams"),))
    friend = a_client(services, last_name="Cole", first_name="Cy", referred_by_client_id=anna.id)
    page = desk.find_page("adams", "Adams, Anna")
    desk.run("new note")
    hands.type("Booked a session")
    desk.save(page)
    desk.show_tab(page, "general")
    hands.tab_to("Family members")
    hands.press(KEY.Key_Home)
    hands.tab_to("Make a client of this member, hidden at first", back=True)
    hands.press(KEY.Key_Space)
    hands.until(lambda: services.clients.get(anna.id).family == ())
    desk.settle()
    desk.run("archive moved")
    hands.until(lambda: services.clients.get(anna.id).stage is Stage.ARCHIVED)
    desk.settle()
    assert names(desk, KEY.Key_6) == ["Adams, Anna"]
    choose(desk, "Guest or existing", "Existing (have booked)")
    assert listed(desk) == ["Adams, Anna"]
    page = desk.find_page("adams", "Adams, Anna")
    assert kept_with(desk, page, services, anna.id) == (1, ["Cole, Cy"], ["Peter Adams"], {group})
    desk.run("archive bring")
    hands.until(lambda: services.clients.get(anna.id).stage is Stage.ACTIVE)
    desk.settle()
    assert kept_with(desk, page, services, anna.id) == (1, ["Cole, Cy"], ["Peter Adams"], {group})
    assert services.clients.get(friend.id).referred_by_client_id == anna.id
    assert names(desk, KEY.Key_5) == ["Adams, Peter"]
    page = desk.find_page("peter", "Adams, Peter")
    assert [one.first_name for one in services.family.links_of(page.client_id)] == ["Anna"]
    assert check.check(services.database) == []


def test_that_what_a_client_agreed_to_is_kept_respected_handed_over_and_erased(
    desk: Desk, services: Services, clock: FixedClock, tmp_path: Path
) -> None:
    """Who refused letters gets no label; who was kept too long is found; all data of one goes out, and then for good.

    S4-20, S4-25, S4-30, S4-31, B10, C27.
    """
    hands = desk.hands
    anna = a_client(services, phones=["330 555 0142"], birthday=PartialDate(5, 14, 1987), **HOME)
    a_client(services, last_name="Berg", first_name="Bea", **HOME)
    page = desk.find_page("adams", "Adams, Anna")
    area = desk.show_tab(page, "marketing")
    panel = area.findChild(ConsentPanel)
    assert panel is not None
    hands.until(lambda: panel.list.lines())
    while not (isinstance(at := QApplication.focusWidget(), PlainList) and at is panel.list):
        hands.press(KEY.Key_Tab)
    hands.press(KEY.Key_Home)
    while (line := panel.list.current()) is None or line.text != "Letters · marketing":
        hands.press(KEY.Key_Down)
    hands.press(KEY.Key_Return)
    hands.type("refused")
    hands.tab_to("wording_edit")
    hands.type("May we write?")
    hands.press(KEY.Key_Return)
    hands.until(lambda: services.consents.of_client(anna.id))
    desk.settle()
    (answer,) = services.consents.of_client(anna.id)
    assert (answer.channel, answer.answer, answer.wording) == (Channel.LETTER, Answer.REFUSED, "May we write?")
    hands.press(KEY.Key_F12, SHIFT)
    hands.press(KEY.Key_2, CONTROL)
    assert listed(desk) == ["Adams, Anna", "Berg, Bea"]
    labels(desk, tmp_path / "all.pdf")
    assert "Bea Berg" in paper(tmp_path / "all.pdf")
    assert "Adams" not in paper(tmp_path / "all.pdf")

    page = desk.find_page("adams", "Adams, Anna")
    assert isinstance(desk.window.prompts, Answers)
    desk.window.prompts.answers.append(tmp_path / "anna.zip")
    desk.run("all data of the client")
    hands.until((tmp_path / "anna.zip").exists)
    desk.settle()
    with ZipFile(tmp_path / "anna.zip") as file:
        told = b"".join(file.read(name) for name in file.namelist() if not name.endswith(".pdf")).decode()
    assert ("May we write?" in told, "330" in told) == (True, True)

    setting(desk, "Keep idle clients for")
    hands.type("2")
    hands.press(KEY.Key_Return)
    hands.until(lambda: services.preferences.get().keep_clients == 2)
    desk.settle()
    clock.instant += timedelta(days=800)
    a_client(services, last_name="New", first_name="Nora")
    hands.press(KEY.Key_F12, SHIFT)
    hands.until(lambda: desk.is_at("Clients"))
    choose(desk, "Kept too long")
    assert listed(desk) == ["Adams, Anna", "Berg, Bea"]
    desk.find_page("adams", "Adams, Anna")
    desk.run("delete")
    hands.until(lambda: not desk.is_at("Adams, Anna"))
    desk.settle()
    desk.run("trash")
    hands.until(lambda: desk.has_sheet("trash"))
    trash = desk.window.sheets.front()
    assert isinstance(trash, TrashSheet)
    hands.until(lambda: trash.table.count() == 1)
    hands.tab_to("word_edit")
    hands.type("ERASE\n")
    hands.until(lambda: trash.table.count() == 0)
    with pytest.raises(NotFound):
        services.personal_data.of_client(anna.id)
    assert check.check(services.database) == []


def test_that_what_is_typed_takes_its_form_as_the_cursor_leaves(desk: Desk, services: Services) -> None:
    """A number is given to its country, which a list offers; a note gets its stamp; the next client is one key away.

    S3-08, S4-23, S4-26, S4-36, C3 (the stamp), C23, E1, E2, E9.
    """
    hands = desk.hands
    anna = a_client(services)
    a_client(services, last_name="Berg", first_name="Bea")
    hands.press(KEY.Key_F12, SHIFT)
    hands.press(KEY.Key_2, CONTROL)
    assert listed(desk) == ["Adams, Anna", "Berg, Bea"]
    hub(desk).list.enter()
    hands.press(KEY.Key_Home)
    hands.press(KEY.Key_Return)
    hands.until(lambda: desk.is_at("Adams, Anna"))
    page = desk.window.book.current()
    assert isinstance(page, ClientPage)
    desk.settle()
    hands.press(KEY.Key_F2)
    hands.tab_to("typed_edit")
    hands.type("601 234 567")
    hands.press(KEY.Key_Down, ALT)
    hands.type("pol\n")
    hands.until(lambda: QApplication.activePopupWidget() is None)
    # Without a window system nobody gives the window its keys back once a list is closed.
    hands.until(lambda: desk.window.activateWindow() or desk.window.isActiveWindow())
    hands.press(KEY.Key_Tab)
    hands.tab_to("last_name_edit", back=True)
    hands.retype("mcadams")
    desk.save(page)
    saved = services.clients.get(anna.id)
    assert (saved.last_name, [(one.typed, one.e164) for one in saved.phones]) == (
        "McAdams", [("+48 601 234 567", "+48601234567")],
    )  # fmt: skip
    fill(desk, page, "general", "birthday_edit", "14 may 1987")
    desk.save(page)
    desk.run("new note")
    hands.press(KEY.Key_T, CONTROL)
    hands.type("called")
    desk.save(page)
    (written,) = services.notes.of_client(anna.id)
    today = desk.window.formats.day(services.desk.clock.today())
    assert written.text.startswith(today)
    assert written.text.endswith(" O: called")
    assert services.clients.get(anna.id).birthday == PartialDate(5, 14, 1987)
    hands.press(KEY.Key_PageDown, CONTROL)
    hands.until(lambda: desk.is_at("Berg, Bea"))
    hands.press(KEY.Key_PageUp, CONTROL)
    hands.until(lambda: desk.is_at("McAdams, Anna"))
    hands.press(KEY.Key_F1)
    hands.until(lambda: desk.is_at("Help"))
    hands.press(KEY.Key_K, CONTROL)
    hands.type("berg")
    hands.until(desk.offers_somebody)
    hands.press(KEY.Key_Return)
    hands.until(lambda: desk.is_at("Berg, Bea"))
    desk.run("delete")
    hands.until(lambda: not desk.is_at("Berg, Bea"))
    desk.settle()
    hands.press(KEY.Key_Backspace, CONTROL | SHIFT)
    hands.until(lambda: not services.trash.clients())


def kept_with(
    desk: Desk, page: ClientPage, services: Services, client_id: int
) -> tuple[int, list[str], list[str], frozenset[int]]:
    """How many notes, whom the client sent, who is linked, and the groups."""
    area = desk.show_tab(page, "referrals")
    rows = area.list  # type: ignore[attr-defined]
    desk.hands.until(lambda: rows.is_loaded)
    sent = [f"{rows.text(row, 'last_name')}, {rows.text(row, 'first_name')}" for row in range(rows.model.rowCount())]
    linked = [f"{one.first_name} {one.last_name}" for one in services.family.links_of(client_id)]
    notes = [one.text for one in services.notes.of_client(client_id) if one.text == "Booked a session"]
    return len(notes), sent, linked, services.clients.get(client_id).groups
