"""What a studio sets up for itself, by keyboard alone: its lists, its plans, its numbers, its preferences."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QApplication, QCheckBox

from studio_desktop.database import check
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.records.clients import Occasion
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.declaration import Query
from studio_desktop.ui.client_window.marketing_tab import MarketingPicker
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.maintenance.window import MaintenancePage
from studio_desktop.ui.sheets.new_client import NewClientSheet
from tests.builders import a_client, a_member, catalog_id
from tests.end_to_end.desk import Desk
from tests.end_to_end.errands import add, choose, described, fill, kept, labels, listed, paper, report
from tests.end_to_end.hands import ALT, CONTROL, KEY, SHIFT

# Said for every menu without a screen.
pytestmark = [pytest.mark.timeout(300), pytest.mark.qt_log_ignore("This plugin does not support")]


def test_that_lists_are_kept_by_the_studio_and_feed_clients_labels_and_reports(
    desk: Desk, services: Services, tmp_path: Path
) -> None:
    """A lead source and a marketing plan are added, renamed, moved and put out of use, and whoever has them counts.

    S2-24, S3-22, S3-28, B2, B10, B24, E11 (preview, PDF and Excel), E14.
    """
    hands = desk.hands
    address = {"street": "1 Mill Street", "town": "Fairbrook", "region": "OH", "postcode": "44199"}
    a_client(services, **address)
    a_client(services, last_name="Berg", first_name="Bea", **address)
    page = maintain(desk, "lead sources")
    hands.press(KEY.Key_Insert)
    hands.type("Podcast\n")
    hands.until(lambda: "Podcast" in rows(services, "lead_sources"))
    desk.settle()
    go_to_row(desk, page, "Website")
    hands.press(KEY.Key_F2)
    hands.retype("Our own website\n")
    hands.until(lambda: "Our own website" in rows(services, "lead_sources"))
    desk.settle()
    before = rows(services, "lead_sources").index("Podcast")
    go_to_row(desk, page, "Podcast")
    hands.press(KEY.Key_Up, ALT)
    hands.until(lambda: rows(services, "lead_sources").index("Podcast") == before - 1)
    desk.settle()

    page = maintain(desk, "marketing plans")
    hands.press(KEY.Key_Insert)
    hands.type("Baby's first year\n")
    hands.until(lambda: "Baby's first year" in rows(services, "marketing_plans"))
    desk.settle()
    go_to_row(desk, page, "Christmas portraits")
    go_to_column(desk, page, "Inactive")
    hands.press(KEY.Key_Space)
    hands.until(lambda: page.pane.list.hidden_count() == 1)
    desk.settle()

    client = desk.find_page("adams", "Adams, Anna")
    desk.show_tab(client, "general")
    hands.tab_to("lead_source_id_combo")
    hands.type("pod")
    area = desk.show_tab(client, "marketing")
    hands.tab_to("filter_edit")
    offered = area.findChild(MarketingPicker).all_list.lines()
    assert "Christmas portraits" not in [line.text for line in offered]
    hands.type("baby\n")
    desk.save(client)
    saved = services.clients.get(client.client_id)
    assert saved.lead_source_id == catalog_id(services, "lead_sources", "Podcast")
    assert saved.plans == {catalog_id(services, "marketing_plans", "Baby's first year")}

    hands.press(KEY.Key_F12, SHIFT)
    choose(desk, "Marketing plan", "Baby's first year")
    assert listed(desk) == ["Adams, Anna"]
    hands.press(KEY.Key_F12, SHIFT)
    hands.press(KEY.Key_2, CONTROL)
    assert listed(desk) == ["Adams, Anna", "Berg, Bea"]
    labels(desk, tmp_path / "plan.pdf", "baby's first")
    assert "Anna Adams" in paper(tmp_path / "plan.pdf")
    assert "Berg" not in paper(tmp_path / "plan.pdf")

    report(desk, "Lead sources")
    hands.press(KEY.Key_Return, CONTROL)
    kept(desk, tmp_path / "sources.pdf")
    assert "Podcast" in paper(tmp_path / "sources.pdf")
    report(desk, "Lead sources")
    desk.run("excel")
    found = list(load_workbook(desk.document("Lead sources*.xlsx")).worksheets[0].iter_rows(values_only=True))
    (podcast,) = [row for row in found if "Podcast" in row]
    (own,) = [row for row in found if "Our own website" in row]
    assert (podcast[1], own[1]) == (1, 0)
    report(desk, "Members")
    hands.tab_to("of_combo")
    hands.type("marketing")
    hands.press(KEY.Key_P, CONTROL)
    kept(desk, tmp_path / "members.pdf")
    assert "Baby's first year: 1" in paper(tmp_path / "members.pdf")
    assert check.check(services.database) == []


def test_that_everybody_of_the_family_has_plans_of_their_own_dates(
    desk: Desk, services: Services, tmp_path: Path
) -> None:
    """Only dates that are known are offered; what is put to the client stays, moves with the date, and goes with whom
    it is about; an interest has no date (B2, B23, S3-22, S3-23, S0-17).
    """
    hands = desk.hands
    anna = a_client(
        services,
        anniversary=PartialDate(month=2, day=1, year=2014),
        family=(
            a_member("Peter", last_name="Adams", birthday=PartialDate(month=3, day=12, year=2019)),
            a_member("Lily", last_name="Adams", birthday=PartialDate(month=2, day=29)),
            a_member("Max", last_name="Adams"),
        ),
    )
    page = desk.find_page("adams", "Adams, Anna")
    assert dates_offered(desk, page) == {
        "Anna's anniversary": "1 Feb 2027 · 13 years", "Peter's birthday": "12 Mar · turns 7",
        "Lily's birthday": "28 Feb 2027",
    }  # fmt: skip
    for word in ("peter", "lily", "spring"):
        hands.retype(f"{word}\n")
    desk.save(page)
    peter, lily, _ = anna.family
    assert planned(services, anna.id) == {(peter.uid, Occasion.BIRTHDAY), (lily.uid, Occasion.BIRTHDAY)}
    assert services.clients.get(anna.id).plans == {catalog_id(services, "marketing_plans", "Spring mini sessions")}

    desk.show_tab(page, "general")
    hands.tab_to("Family members")
    hands.press(KEY.Key_Home)
    hands.press(KEY.Key_Return)
    hands.tab_to("birthday_edit")
    hands.retype("13 mar 2019")
    hands.press(KEY.Key_Tab)
    assert dates_offered(desk, page)["Peter's birthday"] == "13 Mar · turns 7"
    desk.save(page)
    assert (peter.uid, Occasion.BIRTHDAY) in planned(services, anna.id)

    desk.show_tab(page, "general")
    hands.tab_to("Family members")
    hands.press(KEY.Key_Home)
    hands.tab_to("Make a client of this member, hidden at first", back=True)
    hands.press(KEY.Key_Space)
    hands.until(lambda: len(services.clients.get(anna.id).family) == 2)
    desk.settle()
    (found,) = [one for one in services.listings.ids("clients", Query()) if one != anna.id]
    own = services.clients.get(found)
    assert (own.first_name, own.stage.value, own.birthday) == ("Peter", "hidden", PartialDate(3, 13, 2019))
    assert planned(services, own.id) == {("", Occasion.BIRTHDAY)}
    assert planned(services, anna.id) == {(lily.uid, Occasion.BIRTHDAY)}

    desk.show_tab(page, "general")
    hands.tab_to("Family members")
    hands.press(KEY.Key_Home)
    hands.press(KEY.Key_Delete)
    desk.save(page)
    assert planned(services, anna.id) == set()
    assert "Lily's birthday" not in dates_offered(desk, page)
    assert check.check(services.database) == []


def test_that_numbers_are_given_by_the_studios_rule_skip_what_anybody_has_and_are_never_given_twice(
    desk: Desk, services: Services
) -> None:
    """From the settings to the clients: at once, at a status, never; a typed one is unique, whoever has it.

    B5, S2-17, S2-18, S3-10.
    """
    hands = desk.hands
    setting(desk, "Next client number")
    hands.retype("5000")
    hands.press(KEY.Key_Return)
    hands.until(lambda: services.numbers.next() == 5000)
    taken = a_client(services, last_name="Taken", first_name="", number="5001")
    services.clients.delete([taken.id], new_request())
    numbers = [new_number(desk, services, line) for line in ("ann abel", "bea bell", "cleo clark")]
    assert numbers == ["5000", "5002", "5003"]

    page = desk.find_page("bell", "Bell, Bea")
    for typed, said in ((" 5000 ", "Number 5000 belongs to Abel, Ann"), ("5001", "5001 belongs to Taken")):
        fill(desk, page, "general", "number_edit", typed, back=True)
        hands.press(KEY.Key_S, CONTROL)
        hands.until(lambda said=said: said in described(desk))
    assert services.clients.get(page.client_id).number == "5002"
    fill(desk, page, "general", "number_edit", "7000", back=True)
    desk.save(page)
    hands.until(lambda: "Number 7000 is above the next one, 5004." in said_above(desk))
    hands.press(KEY.Key_C, ALT)
    hands.until(lambda: services.numbers.next() == 7001)
    assert new_number(desk, services, "dan dunn") == "7001"

    setting(desk, "Client numbers")
    hands.press(KEY.Key_Down)
    hands.until(lambda: services.preferences.get().number_clients == "on status")
    setting(desk, "Status for a number")
    hands.type("first")
    hands.until(lambda: services.preferences.get().number_status != 0)
    assert new_number(desk, services, "eve ellis") == ""
    page = desk.find_page("ellis", "Ellis, Eve")
    hands.press(KEY.Key_J, CONTROL)
    hands.until(lambda: desk.has_sheet("status"))
    hands.type("first\n")
    hands.until(lambda: services.clients.get(page.client_id).number == "7002")
    setting(desk, "Client numbers")
    hands.type("n")
    hands.until(lambda: services.preferences.get().number_clients == "never")
    assert new_number(desk, services, "fay fox") == ""
    assert check.check(services.database) == []


def test_that_a_new_client_begins_as_the_studio_prefers(desk: Desk, services: Services) -> None:
    """Who is known already is looked for by what is ticked, what is required is asked for, marketing is allowed or not.

    B17, B25, C1, C2, C10, S4-15, S4-16, S4-23, S4-29, S4-34.
    """
    hands = desk.hands
    a_client(services, last_name="Adams", first_name="Anna", phones=["330 555 0142"], emails=["anna@example.com"],
             street="1 Mill Street", town="Fairbrook", region="OH", postcode="44199")  # fmt: skip
    for lines, found in (("zoe miller 330 555 0142", True), ("ana adams", True), ("zoe miller", False)):
        assert bool(known(desk, lines)) is found, lines
    for name in ("Phone", "Name"):
        setting(desk, "Look for duplicates by", tick=name)
        hands.press(KEY.Key_Space)
        hands.until(lambda name=name: name.casefold() in services.preferences.get().unchecked)
        desk.settle()
    for lines, found in (("zoe miller 330 555 0142", False), ("ana adams", False)):
        assert bool(known(desk, lines)) is found, lines

    setting(desk, "Required of clients", tick="Phone")
    hands.press(KEY.Key_Space)
    hands.until(lambda: services.preferences.get().required == "phones")
    desk.settle()
    for title in ("Allow marketing", "Ask for consent"):
        setting(desk, title)
        hands.press(KEY.Key_Space)
        desk.settle()
    chosen = services.preferences.get()
    assert (chosen.allow_marketing, chosen.ask_consent) == (False, True)
    hands.press(KEY.Key_N, CONTROL)
    hands.until(lambda: desk.has_sheet("new_client"))
    hands.type("mary mcadam anna@example.com")
    hands.press(KEY.Key_Return, CONTROL)
    hands.until(lambda: "asks every client for this: phone" in described(desk))
    hands.type("234 671 0100")
    hands.press(KEY.Key_Return, CONTROL)
    hands.until(lambda: "Adams, Anna" in described(desk))
    hands.retype("mary@example.com")
    hands.tab_to("postcode_edit")
    hands.type("44199")
    hands.press(KEY.Key_Tab)
    desk.settle()
    hands.tab_to("answer_combo")
    hands.type("given")
    hands.tab_to("wording_edit")
    hands.type("May we keep your data?")
    hands.press(KEY.Key_Return, CONTROL)
    hands.until(lambda: desk.window.sheets.front() is None)
    hands.until(lambda: desk.is_at("McAdam, Mary"))
    page = desk.window.book.current()
    assert isinstance(page, ClientPage)
    mary = services.clients.get(page.client_id)
    assert mary.do_not_market
    assert (mary.addresses[0].town, mary.addresses[0].region) == ("Fairbrook", "OH")
    assert [one.wording for one in services.consents.of_client(mary.id)] == ["May we keep your data?"]
    hands.press(KEY.Key_F2)
    hands.tab_to("company_edit")
    hands.type("mill bakery")
    hands.press(KEY.Key_Tab)
    hands.press(KEY.Key_Tab, SHIFT)
    hands.press(KEY.Key_F3)
    desk.save(page)
    assert services.clients.get(mary.id).company == "mill bakery"


def maintain(desk: Desk, name: str) -> MaintenancePage:
    """A maintained list by a part of its name; the cursor is in its grid."""
    desk.run("maintained lists")
    desk.hands.until(lambda: isinstance(desk.window.book.current(), MaintenancePage))
    page = desk.window.book.current()
    assert isinstance(page, MaintenancePage)
    desk.settle()
    desk.hands.tab_to("Find a list")
    desk.hands.retype(f"{name}\n")
    desk.hands.until(lambda: page.title().casefold() == name)
    desk.settle()
    return page


def rows(services: Services, name: str) -> list[str]:
    """What a maintained list holds, in its order."""
    return [row.description for row in services.catalogs.rows(name)]


def go_to_row(desk: Desk, page: MaintenancePage, text: str) -> None:
    """Find a row of the list in front by Ctrl+F, and let all be shown again around it."""
    desk.hands.press(KEY.Key_F, CONTROL)
    desk.hands.retype(text)
    desk.hands.press(KEY.Key_Down)
    desk.hands.press(KEY.Key_F, CONTROL)
    desk.hands.press(KEY.Key_Escape)
    desk.hands.press(KEY.Key_Down)
    row = page.pane.list.current()
    assert row is not None
    assert row.description == text
    go_to_column(desk, page, "Description")


def go_to_column(desk: Desk, page: MaintenancePage, title: str) -> None:
    """Left or right to a column of the grid."""
    grid = page.pane.list.grid
    titles = [column.title for column in grid.model().columns]  # type: ignore[attr-defined]
    while (away := titles.index(title) - grid.currentIndex().column()) != 0:
        desk.hands.press(KEY.Key_Right if away > 0 else KEY.Key_Left)


def dates_offered(desk: Desk, page: ClientPage) -> dict[str, str]:
    """The dates of the family among the plans to choose, each with what is said of it; the cursor is in the filter."""
    area = desk.show_tab(page, "marketing")
    desk.hands.tab_to("filter_edit")
    desk.hands.press(KEY.Key_A, CONTROL)
    desk.hands.press(KEY.Key_Delete)
    picker = area.findChild(MarketingPicker)
    assert picker is not None
    return {line.text: line.aside for line in picker.all_list.lines() if "'s " in line.text}


def planned(services: Services, client_id: int) -> set[tuple[str, Occasion]]:
    """Whose dates the client is to be contacted about."""
    return {(row.member_uid, row.occasion) for row in services.clients.get(client_id).plan_dates}


def setting(desk: Desk, title: str, *, tick: str = "") -> None:
    """The cursor in the field of a setting, found by its words; of several ticks in the one that is called so."""
    desk.run("preferences")
    desk.hands.until(lambda: desk.is_at("Settings"))
    desk.settle()
    desk.hands.press(KEY.Key_F, CONTROL)
    desk.hands.retype(f"{title}\n")
    if not tick:
        desk.hands.tab_to(title)
        return
    while not (isinstance(at := QApplication.focusWidget(), QCheckBox) and at.text() == tick):
        desk.hands.press(KEY.Key_Tab)


def new_number(desk: Desk, services: Services, line: str) -> str:
    """The number of a new client of one line."""
    add(desk, line)
    page = desk.window.book.current()
    assert isinstance(page, ClientPage)
    return services.clients.get(page.client_id).number


def known(desk: Desk, line: str) -> list[str]:
    """Who is taken for known already while a new client's line is typed; nothing of it stays."""
    desk.hands.press(KEY.Key_N, CONTROL)
    desk.hands.until(lambda: desk.has_sheet("new_client"))
    sheet = desk.window.sheets.front()
    assert isinstance(sheet, NewClientSheet)
    desk.hands.type(line)
    desk.settle()
    found = [one.text for one in sheet.known_list.lines()]
    desk.hands.retype("")
    desk.hands.press(KEY.Key_Delete)
    desk.hands.press(KEY.Key_Escape)
    desk.hands.until(lambda: desk.window.sheets.front() is None)
    return found


def said_above(desk: Desk) -> str:
    """What stands in the banners over the page."""
    return " ".join(desk.window.messages.texts())
