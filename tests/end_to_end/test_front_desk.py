"""The jobs of the front desk by keyboard alone, in no more steps than their targets, whatever rings in between.

FRONT_DESK sections 1, 3, 6 and 7. STUDIO_CLIENTS says among how many clients; the figure of the plan is 100,000.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy.engine import make_url

from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.dates import PartialDate
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.declaration import Query
from studio_desktop.services.users import sit_down
from studio_desktop.ui.hubs.clients import ClientsPage
from tests.builders import a_client, catalog_id
from tests.conftest import ENGINES, NOW
from tests.end_to_end.desk import Desk
from tests.end_to_end.hands import ALT, CONTROL, KEY, SHIFT
from tests.postgres import Server
from tests.ui.conftest import Answers

CLIENTS = int(os.environ.get("STUDIO_CLIENTS", "300"))
"""Among how many other clients the jobs are done."""

GROUP = "Vernissage"
"""A group of the studio that nobody is in, however many clients there are."""

pytestmark = pytest.mark.timeout(600 + CLIENTS // 25)


@pytest.fixture(scope="session")
def _full_sqlite_studio(_new_sqlite_studio: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    full = tmp_path_factory.mktemp("full-studio") / "studio.db"
    shutil.copyfile(str(make_url(_new_sqlite_studio).database), full)
    return _filled(f"sqlite:///{full.as_posix()}")


@pytest.fixture(scope="session")
def _full_postgresql_studio(postgres_server: Server, _new_postgresql_studio: str) -> Iterator[str]:
    url = postgres_server.create(str(make_url(_new_postgresql_studio).database))
    yield _filled(url)
    postgres_server.drop(url)


def _filled(url: str) -> str:
    database = Database(url)
    services = Services(database, sit_down(database, FixedClock(NOW), "FRONT-1"))
    services.demo.fill(CLIENTS, seed=20260310)
    services.catalogs.add("client_groups", {"description": GROUP}, new_request())
    database.close()
    return url


@pytest.fixture(params=ENGINES)
def studio_url(request: pytest.FixtureRequest, fresh_studio: Callable[..., str]) -> str:
    """A studio with its clients; the test runs once on SQLite and once on PostgreSQL."""
    return fresh_studio(request.param, "full")


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """At rest, and Dora may ring."""
    a_client(desk.services, last_name="Dialer", first_name="Dora", phones=["330 555 9977"])
    desk.rest()
    return desk


@pytest.fixture(params=["quiet", "ringing"])
def ring(request: pytest.FixtureRequest, desk: Desk) -> Callable[[], None] | None:
    """Nothing, or a phone that rings after every key of the job."""
    return desk.rings if request.param == "ringing" else None


@pytest.mark.parametrize("said", ["(419) 767 1012", "7671012", "zybrowska", "zybrowska wan"])
def test_that_a_callers_number_or_name_opens_the_record_in_two_steps(
    desk: Desk, said: str, ring: Callable[[], None] | None
) -> None:
    """Job 1 (S4-02): say who, confirm; who was being sought is still in the box after the next call."""
    a_client(desk.services, last_name="Żybrowska", first_name="Wanda", phones=["419 767 1012"])
    desk.hands.between = ring
    desk.hands.enter(said)
    desk.hands.until(desk.offers_somebody)
    desk.hands.between = ring and desk.takes_call
    desk.hands.act(KEY.Key_Return)
    desk.hands.until(lambda: desk.is_at("Żybrowska, Wanda"))
    assert desk.hands.steps == 2


def test_that_a_caller_is_opened_out_of_a_form_in_three_steps(desk: Desk) -> None:
    """Job 1: F12 first; what was typed waits where it was."""
    a_client(desk.services, last_name="Żybrowska", first_name="Wanda", phones=["419 767 1012"])
    desk.hands.press(KEY.Key_N, CONTROL)
    desk.hands.until(lambda: desk.has_sheet("new_client"))
    desk.hands.type("ann adams 4/3/86")
    before = desk.place()
    desk.hands.act(KEY.Key_F12)
    desk.hands.enter("7671012")
    desk.hands.until(desk.offers_somebody)
    desk.hands.act(KEY.Key_Return)
    desk.hands.until(lambda: desk.is_at("Żybrowska, Wanda"))
    assert desk.hands.steps == 3
    desk.hands.press(KEY.Key_Left, ALT)
    desk.hands.until(lambda: desk.place() == before)


@pytest.mark.qt_log_ignore("This plugin does not support")  # raising the window without a screen
def test_that_a_caller_whom_the_telephone_names_is_opened_in_one_step(desk: Desk) -> None:
    """Job 1 with caller ID: F12 alone, out of whatever is typed."""
    a_client(desk.services, last_name="Żybrowska", first_name="Wanda", phones=["419 767 1012"])
    desk.hands.press(KEY.Key_N, CONTROL)
    desk.hands.until(lambda: desk.has_sheet("new_client"))
    desk.hands.type("ann adams")
    before = desk.place()
    desk.window.announce("tel:+14197671012")
    desk.hands.act(KEY.Key_F12)
    desk.hands.until(lambda: desk.is_at("Żybrowska, Wanda"))
    assert desk.hands.steps == 1
    desk.hands.press(KEY.Key_Left, ALT)
    desk.hands.until(lambda: desk.place() == before)


def test_that_a_new_client_with_a_family_takes_six_steps(desk: Desk, ring: Callable[[], None] | None) -> None:
    """Job 2 (S2-45, S2-46): the number that nobody has, four people with birthdays and phones."""
    begin_new_client(desk, ring)
    for line in ("ann adamczewska 4/3/86", "bob 0171 5550142 9/9/84", "peter 3/12/19"):
        desk.hands.enter(line)
        desk.hands.press(KEY.Key_Return)
    desk.hands.enter("mia 6/5/21")
    desk.hands.between = ring and desk.takes_call
    desk.hands.act(KEY.Key_Return, CONTROL)
    assert_family_is_known(desk)
    assert desk.hands.steps == 6


def test_that_a_new_client_with_a_family_takes_twelve_steps_field_by_field(desk: Desk) -> None:
    """Job 2 without the line, but for the number that it brought: each fact in its own field."""
    hands = desk.hands
    begin_new_client(desk)
    for field, text in (("last_name_edit", "adamczewska"), ("first_name_edit", "ann"), ("birthday_edit", "4/3/86")):
        hands.tab_to(field)
        hands.enter(text)
    family: tuple[tuple[str, str, str], ...] = (
        ("bob", "9/9/84", "0171 5550142"), ("peter", "3/12/19", ""), ("mia", "6/5/21", "")
    )  # fmt: skip
    for name, birthday, phone in family:
        hands.tab_to("Family members")
        hands.press(KEY.Key_Insert)  # how the first field of the next one is reached
        hands.enter(name)
        hands.tab_to("birthday_edit")
        hands.enter(birthday)
        if phone:
            hands.tab_to("typed_edit")
            hands.enter(phone)
    hands.act(KEY.Key_Return, CONTROL)
    assert_family_is_known(desk)
    assert hands.steps == 12


def begin_new_client(desk: Desk, ring: Callable[[], None] | None = None) -> None:
    """Nobody has the number that called."""
    desk.hands.between = ring
    desk.hands.type("330 424 8088")
    desk.hands.until(desk.window.caller_box.is_answered)
    desk.hands.act(KEY.Key_N, CONTROL)
    desk.hands.until(lambda: desk.has_sheet("new_client"))


def assert_family_is_known(desk: Desk) -> None:
    """Ann, her spouse and two children, as they were said at the telephone."""
    desk.hands.until(lambda: desk.window.sheets.front() is None)
    (found,) = desk.services.listings.find("adamczewska", Query())
    record = desk.services.clients.get(found.id)
    assert (record.first_name, record.last_name, record.birthday) == ("Ann", "Adamczewska", PartialDate(4, 3, 1986))
    assert [phone.typed for phone in record.phones] == ["330 424 8088"]
    relations = {choice.id: choice.text for choice in desk.services.catalogs.choices()["relationships"]}
    family = [(one.first_name, relations[one.relationship_id or 0], one.birthday) for one in record.family]
    assert family == [
        ("Bob", "Spouse", PartialDate(9, 9, 1984)),
        ("Peter", "Child", PartialDate(3, 12, 2019)),
        ("Mia", "Child", PartialDate(6, 5, 2021)),
    ]
    assert [phone.typed for phone in record.family[0].phones] == ["0171 5550142"]


def test_that_the_status_of_five_clients_takes_seven_steps(desk: Desk, ring: Callable[[], None] | None) -> None:
    """Job 7 (S2-19): five ticks, the key, and the status by its first letters."""
    desk.hands.press(KEY.Key_F12, SHIFT)
    desk.hands.until(lambda: desk.is_at("Clients"))
    page = desk.window.book.current()
    assert isinstance(page, ClientsPage)
    desk.hands.until(lambda: page.list.is_loaded)
    desk.hands.press(KEY.Key_Down)
    desk.hands.between = ring
    for _ in range(5):
        desk.hands.pick(KEY.Key_Space)
    chosen = desk.window.chosen_clients()
    assert len(chosen) == 5
    desk.hands.act(KEY.Key_J, CONTROL)
    desk.hands.until(lambda: desk.has_sheet("status"))
    desk.hands.enter("upset")
    desk.hands.between = ring and desk.takes_call
    desk.hands.press(KEY.Key_Return)
    desk.hands.until(lambda: {desk.services.clients.open(one).status for one in chosen} == {"Upset Client"})
    assert desk.hands.steps == 7


def test_that_the_status_of_five_clients_on_a_paper_list_takes_four_steps(
    desk: Desk, ring: Callable[[], None] | None
) -> None:
    """Job 7 (S2-19): their numbers in the box of the list, all of them, the key, the status."""
    five = [a_client(desk.services, last_name=f"Paper {place}") for place in range(5)]
    desk.hands.press(KEY.Key_F12, SHIFT)
    desk.hands.until(lambda: desk.is_at("Clients"))
    page = desk.window.book.current()
    assert isinstance(page, ClientsPage)
    desk.hands.between = ring
    desk.hands.enter(", ".join(one.number for one in five))
    desk.hands.until(lambda: page.list.is_loaded and page.list.total == 5)
    desk.hands.act(KEY.Key_A, CONTROL)
    desk.hands.until(lambda: len(desk.window.chosen_clients()) == 5)
    desk.hands.act(KEY.Key_J, CONTROL)
    desk.hands.until(lambda: desk.has_sheet("status"))
    desk.hands.enter("upset")
    desk.hands.between = ring and desk.takes_call
    desk.hands.press(KEY.Key_Return)
    desk.hands.until(lambda: {desk.services.clients.open(one.id).status for one in five} == {"Upset Client"})
    assert desk.hands.steps == 4


def test_that_labels_for_a_group_from_the_fourth_cell_take_three_steps(
    desk: Desk, ring: Callable[[], None] | None
) -> None:
    """Job 8 (S4-17, S2-38): whom and which cell, one key before and one behind; then Ctrl+P and the paper."""
    begin_labels(desk, ring)
    desk.hands.enter("vernissage 4")
    desk.hands.between = ring and desk.takes_call
    desk.hands.act(KEY.Key_Return, CONTROL)
    desk.hands.between = None
    assert_labels_come_from_the_fourth_cell(desk)
    assert desk.hands.steps == 3


def test_that_labels_take_one_step_more_field_by_field(desk: Desk) -> None:
    """Job 8 without the line: the group by its first letters, then the cell."""
    begin_labels(desk)
    desk.hands.tab_to("group_combo")
    desk.hands.enter("vern")
    desk.hands.tab_to("start_spin")
    desk.hands.enter("4")
    desk.hands.act(KEY.Key_Return, CONTROL)
    assert_labels_come_from_the_fourth_cell(desk)
    assert desk.hands.steps == 4


def begin_labels(desk: Desk, ring: Callable[[], None] | None = None) -> None:
    """A group with three who live somewhere, and the sheet of labels."""
    group = catalog_id(desk.services, "client_groups", GROUP)
    for name in ("Alef", "Bet", "Gimel"):
        made = a_client(desk.services, last_name=name, first_name="", street="1 Mill Street", town="Fairbrook",
                        postcode="44199", region="OH")  # fmt: skip
        desk.services.groups.add([made.id], group, new_request())
    desk.hands.between = ring
    desk.hands.act(KEY.Key_L, CONTROL)
    desk.hands.until(lambda: desk.has_sheet("labels"))


def assert_labels_come_from_the_fourth_cell(desk: Desk) -> None:
    """On the paper of the printer and in the file the first label stands where the fourth has its place."""
    preview = desk.preview()
    assert isinstance(desk.window.prompts, Answers)
    paper = desk.documents.with_name("labels on paper.pdf")
    desk.window.prompts.answers.append(paper)
    desk.hands.press(KEY.Key_P, CONTROL)
    desk.hands.until(lambda: "sent to" in preview.notice_label.text())
    assert len(PdfReader(paper).pages) == 1
    desk.window.prompts.answers.append(desk.documents / "Labels.pdf")
    desk.documents.mkdir(exist_ok=True)
    preview.save_button.click()
    sheet = PdfReader(desk.document("Labels*.pdf")).pages[0]
    from_top, from_left = min((float(sheet.mediabox.height) - y, x) for x, y, text in _written(sheet) if text.strip())
    # Of Avery 5160's labels, an inch high from half an inch and three in a row, the fourth begins the second row.
    assert 108 < from_top < 180
    assert from_left < 190


def test_that_the_client_list_is_a_workbook_in_two_steps(desk: Desk, ring: Callable[[], None] | None) -> None:
    """Job 9 (S4-15): the list, its workbook; one step when it is on the screen already."""
    desk.hands.between = ring
    desk.hands.act(KEY.Key_F12, SHIFT)
    desk.hands.until(lambda: desk.is_at("Clients"))
    desk.hands.between = ring and desk.takes_call
    desk.hands.act(KEY.Key_X, CONTROL | SHIFT)
    workbook = load_workbook(desk.document("Clients*.xlsx", 60 + CLIENTS // 250), read_only=True)
    assert desk.hands.steps == 2
    rows = [row for row in workbook.worksheets[0].iter_rows(values_only=True) if "Dialer, Dora" in row]
    assert len(rows) == 1


def test_that_the_status_report_is_a_workbook_in_three_steps(desk: Desk) -> None:
    """Job 9 (S1-21): every action by name, half its name, Enter."""
    desk.hands.act(KEY.Key_P, CONTROL | SHIFT)
    desk.hands.enter("status ex")
    desk.hands.act(KEY.Key_Return)
    workbook = load_workbook(desk.document("Client statuses*.xlsx"))
    assert desk.hands.steps == 3
    rows = list(workbook.worksheets[0].iter_rows(values_only=True))
    assert any("Web Inquiry" in row for row in rows)


def _written(page: Any) -> list[tuple[float, float, str]]:
    """Each text of a page with its place in points from the lower left corner."""
    found: list[tuple[float, float, str]] = []
    page.extract_text(visitor_text=lambda text, _, matrix, *__: found.append((matrix[4], matrix[5], text)))
    return found
