"""A client's page: shows the record, saves what is typed once and without loss, and keeps up with other desks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from studio_desktop.domain.errors import DatabaseUnavailable
from studio_desktop.domain.fields import Kind, specs
from studio_desktop.domain.permissions import Role
from studio_desktop.domain.records.clients import AddressRow, ClientRecord, ClientType, Stage
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.services import Services, new_request
from studio_desktop.ui import theme
from studio_desktop.ui.client_window import TABS
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.dialogs.conflict import ConflictDialog
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.widgets.links import FactLink, LightLink
from tests.builders import a_client, a_phone, catalog_id, everything
from tests.ui.client_desk import (
    CTRL,
    Key,
    crash,
    field,
    is_read,
    open_in,
    open_page,
    press,
    press_key_of_tab,
    retype,
    save,
)
from tests.ui.conftest import PATIENCE, Answers, DeskShell

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # raising a menu without a screen


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    """A client with everything that the header shows."""
    return a_client(
        services,
        last_name="Adams",
        first_name="Anna",
        company="Adams Garden Design",
        number="10482",
        call_warning="Works nights – call after 5 pm",
        saturday_only=True,
        phones=[
            a_phone("330 555 0142", label_id=catalog_id(services, "phone_labels", "Mobile"), sms=True),
            a_phone("(330) 555-0119 ext 12", label_id=catalog_id(services, "phone_labels", "Work")),
        ],
        emails=["anna.adams@example.com"],
        street="418 Larkspur Lane",
        town="Fairbrook",
        region="OH",
        postcode="44199",
    )


@pytest.fixture
def page(qtbot: QtBot, shell: DeskShell, anna: ClientRecord) -> ClientPage:
    return open_page(qtbot, shell, anna)


def links(page: ClientPage) -> list[FactLink]:
    """The links of the header as the eye goes over them: column by column, downwards."""
    shown = [link for link in page.header.findChildren(FactLink) if link.isVisible()]
    middle = page.header.view.warning.parentWidget()
    assert middle is not None
    return sorted(shown, key=lambda link: (middle.isAncestorOf(link), link.mapTo(page, QPoint(0, 0)).y()))


def lights(page: ClientPage) -> list[str]:
    shown = [light for light in page.header.findChildren(LightLink) if light.isVisible()]
    return [light.accessibleName() for light in sorted(shown, key=LightLink.y)]


def badges(page: ClientPage) -> list[str]:
    names = page.header.view._names
    return [badge.accessibleName() for badge in names._badges if badge.isVisible()]


# What is seen


def test_that_the_header_shows_name_company_address_phones_e_mail_and_the_call_warning(page: ClientPage) -> None:
    """S2-01, S2-03, S2-05, S2-06, S2-09 to S2-11, S2-34, S3-49."""
    view = page.header.view
    assert page.title() == "Adams, Anna"
    assert view.name_label.text() == "Adams, Anna"
    assert view.number_label.text() == "No. 10482"
    assert badges(page) == ["Client", "Saturday only"]
    assert [link.label for link in links(page)] == [
        "418 Larkspur Lane, Fairbrook, OH 44199",
        "anna.adams@example.com",
        "(330) 555-0142",
        "(330) 555-0119 ext 12",
    ]
    assert view.warning.isVisible()
    assert view.warning.text == "Works nights – call after 5 pm"
    phone = next(link for link in page.findChildren(FactLink) if link.label == "(330) 555-0142")
    assert 0 <= phone.mapTo(page, QPoint(0, 0)).y() - view.warning.mapTo(page, QPoint(0, view.warning.height())).y() < 8


def test_that_the_call_warning_flashes_three_times_when_the_client_opens_and_then_rests(
    qtbot: QtBot, page: ClientPage
) -> None:
    """S3-12, S3-49."""
    warning = page.header.view.warning
    assert warning.flashing
    seen = {warning._halves}

    def rests() -> bool:
        seen.add(warning._halves)
        return not warning.flashing

    qtbot.waitUntil(rests, timeout=5000)
    assert max(seen) == 6  # three times pale, three times red


def test_that_the_call_warning_stays_steady_where_the_desk_wants_it_so(
    qtbot: QtBot, shell: DeskShell, anna: ClientRecord
) -> None:
    """S3-12: flashing can be turned off."""
    shell.settings = dataclasses.replace(shell.settings, flash_call_warning=False)
    warning = open_page(qtbot, shell, anna).header.view.warning
    assert warning.isVisible()
    assert not warning.flashing


def test_that_first_names_come_first_where_the_studio_wants_it_so(
    qtbot: QtBot, services: Services, anna: ClientRecord
) -> None:
    """S2-04."""
    services.preferences.save({"name_order": "first_last"}, new_request())
    shell = DeskShell(services)
    page = open_page(qtbot, shell, anna)
    assert page.title() == "Anna Adams"
    page.edit_header()
    assert field(page, "first_name_edit").hasFocus()
    assert field(page, "first_name_edit").y() < field(page, "last_name_edit").y()
    shell.tasks.close()


def test_that_a_business_is_called_by_its_company(qtbot: QtBot, shell: DeskShell, services: Services) -> None:
    """S2-16: the client type adapts the record."""
    chen = a_client(
        services, last_name="陳", first_name="美玲", company="光影攝影工作室", client_type=ClientType.BUSINESS
    )
    page = open_page(qtbot, shell, chen)
    assert page.title() == "光影攝影工作室"
    assert page.header.view.name_label.text() == "光影攝影工作室"
    assert field(page, "dates_heading").get_text() == "Dates of the contact"


def test_that_each_light_says_its_cause_and_leads_to_it(qtbot: QtBot, shell: DeskShell, services: Services) -> None:
    """B6, S3-45: status overdue, a status to handle with care, a note to look at, an address to come."""
    upset = a_client(
        services,
        last_name="Reed",
        status_id=catalog_id(services, "client_statuses", "Upset Client"),
        status_due_on=date(2026, 3, 6),
        lead_source_id=catalog_id(services, "lead_sources", "Website"),
        phones=["330 555 0181"],
        emails=["reed@example.com"],
        addresses=(
            AddressRow("a", "1 Old Street", town="Fairbrook"),
            AddressRow("b", "2 New Street", town="Lakemont", effective_from=date(2026, 4, 1)),
        ),
    )
    services.notes.add(NoteRecord(client_id=upset.id, text="Allergic to lilies", alert=True), new_request())
    page = open_page(qtbot, shell, upset)
    assert lights(page) == [
        "Status overdue Upset Client, due 6 Mar",
        "Handle with care. Upset Client",
        "Note to look at",
        "New address from 1 Apr: 2 New Street, Lakemont",
    ]
    note = next(one for one in page.findChildren(LightLink) if one.cause == "Note to look at")
    QTest.keyClick(note, Key.Key_Return)
    assert page.tabs.current() == "notes"
    status = next(one for one in page.findChildren(LightLink) if one.cause == "Status overdue")
    QTest.mouseClick(status, Qt.MouseButton.LeftButton)
    assert page.tabs.current() == "general"
    assert field(page, "status_id_combo").hasFocus()


def test_that_what_is_not_known_yet_is_listed_to_be_asked(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    page = open_page(qtbot, shell, a_client(services, last_name="Reed"))
    assert page.header.view._missing.text() == "Still to ask: phone, address, e-mail, lead source"


def test_that_both_addresses_show_before_the_new_one_is_in_force_and_then_the_new_one(
    qtbot: QtBot, shell: DeskShell, services: Services, clock: Any
) -> None:
    """S2-07, B22."""
    reed = a_client(
        services,
        last_name="Reed",
        addresses=(
            AddressRow("a", "1 Old Street", town="Fairbrook"),
            AddressRow("b", "2 New Street", town="Lakemont", effective_from=date(2026, 4, 1)),
        ),
    )
    page = open_page(qtbot, shell, reed)
    assert links(page)[0].label == "1 Old Street, Fairbrook"
    assert lights(page) == ["New address from 1 Apr: 2 New Street, Lakemont"]
    clock.instant = clock.instant.replace(month=4, day=1)
    page = open_page(qtbot, shell, reed)
    assert links(page)[0].label == "2 New Street, Lakemont"
    assert lights(page) == []


def test_that_the_page_fits_a_small_screen_with_its_header_open_or_not(page: ClientPage) -> None:
    """DESIGN 6: 1280 × 720 with the navigation narrowed and the ribbon open."""
    for editing in (False, True):
        page.set_editing(editing)
        QApplication.processEvents()
        smallest = page.minimumSizeHint()
        assert smallest.width() <= 1280 - 48
        assert smallest.height() <= 720 - 183 - 22


# What leads outside


def test_that_address_number_and_e_mail_open_map_phone_and_mail(page: ClientPage, shell: DeskShell) -> None:
    """S2-08: the pin opens the address on the map."""
    opened: list[str] = []
    shell.prompts.open_external = opened.append  # type: ignore[method-assign]
    for link in links(page):
        QTest.keyClick(link, Key.Key_Return)
    assert opened == [
        "https://www.google.com/maps/search/?api=1&query=418%20Larkspur%20Lane%2C%20Fairbrook%2C%20OH%2044199",
        "mailto:anna.adams@example.com",
        "tel:+13305550142",
        "tel:+13305550119;ext=12",
    ]


def test_that_a_number_is_copied_where_the_focus_is(page: ClientPage) -> None:
    number = next(link for link in page.findChildren(FactLink) if link.label == "(330) 555-0142")
    number.setFocus()
    QTest.keyClick(number, Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == "(330) 555-0142"


# Editing the header


def test_that_the_sms_tick_of_the_header_is_saved_at_once_though_other_fields_are_not(
    qtbot: QtBot, page: ClientPage, shell: DeskShell, services: Services
) -> None:
    """S2-12: several numbers may be ticked, and the tick works directly."""
    retype(field(page, "custom_text_1_edit"), "half typed")
    ticks = [tick for tick in page.header.view.findChildren(QCheckBox) if tick.isVisible()]
    assert [tick.isChecked() for tick in ticks] == [True, False]
    ticks[1].setFocus()
    QTest.keyClick(ticks[1], Key.Key_Space)
    qtbot.waitUntil(lambda: len(shell.saves) == 1)
    saved = services.clients.get(page.client_id)
    assert [row.sms for row in saved.phones] == [True, True]
    assert saved.custom_text_1 == ""
    assert field(page, "custom_text_1_edit").text() == "half typed"


def test_that_two_ticks_in_a_row_are_both_saved(qtbot: QtBot, page: ClientPage, services: Services) -> None:
    for tick in [tick for tick in page.header.view.findChildren(QCheckBox) if tick.isVisible()]:
        QTest.keyClick(tick, Key.Key_Space)
    qtbot.waitUntil(lambda: [row.sms for row in services.clients.get(page.client_id).phones] == [False, True])


def test_that_f2_edits_the_header_in_place_and_saving_shows_the_facts_again(
    qtbot: QtBot, window: MainWindow, services: Services, anna: ClientRecord
) -> None:
    """S2-03, S2-05, S2-06, S2-10, S2-11: name, company, address, phones and e-mails by keyboard alone."""
    page = open_in(qtbot, window, anna)
    press(Key.Key_F2)
    assert field(page, "last_name_edit").hasFocus()
    retype(field(page, "last_name_edit"), "o'brien")
    retype(field(page, "line1_edit"), "9 Mill Street")
    blank = page.header.editor.phones._lines[-1]
    assert blank.is_blank()
    retype(blank.field(), "330 555 0177")
    press(Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: not page.header.editing)
    saved = services.clients.get(anna.id)
    assert saved.last_name == "O'Brien"
    assert saved.addresses[0].line1 == "9 Mill Street"
    assert [row.e164 for row in saved.phones] == ["+13305550142", "+13305550119", "+13305550177"]
    labels = {one.id: one.text for one in services.catalogs.choices()["phone_labels"]}
    assert labels[saved.phones[2].label_id or 0] == "Home"  # the first that no other number has
    assert page.header.view.name_label.text() == "O'Brien, Anna"
    assert window.windowTitle() == "O'Brien, Anna – Studio Desktop"


def test_that_f3_keeps_a_name_as_it_was_typed(qtbot: QtBot, page: ClientPage, services: Services) -> None:
    page.edit_header()
    retype(field(page, "last_name_edit"), "macadams")
    press(Key.Key_F3)
    press(Key.Key_Tab)
    save(qtbot, page)
    assert services.clients.get(page.client_id).last_name == "macadams"


def test_that_an_emptied_phone_goes_and_the_other_keeps_its_row(
    qtbot: QtBot, page: ClientPage, services: Services, anna: ClientRecord
) -> None:
    page.edit_header()
    retype(page.header.editor.phones._lines[0].field(), "")
    save(qtbot, page)
    assert [row.uid for row in services.clients.get(anna.id).phones] == [anna.phones[1].uid]


def test_that_a_day_without_its_address_is_refused_at_its_field(
    qtbot: QtBot, page: ClientPage, services: Services
) -> None:
    """B22: nothing that was typed goes without a word."""
    page.edit_header()
    QTest.mouseClick(field(page, "new_address_button"), Qt.MouseButton.LeftButton)
    retype(field(page, "effective_from_edit"), "1 May 2026")
    page.save()
    until = "Type the address that this day belongs to, or empty the day."
    qtbot.waitUntil(lambda: field(page, "effective_from_edit").accessibleDescription() == until)
    assert len(services.clients.get(page.client_id).addresses) == 1
    retype(field(page, "effective_from_edit"), "")
    save(qtbot, page)
    assert len(services.clients.get(page.client_id).addresses) == 1


def test_that_a_new_address_stands_beside_the_old_one_from_its_day_on(
    qtbot: QtBot, page: ClientPage, services: Services
) -> None:
    """S2-07."""
    page.edit_header()
    QTest.mouseClick(field(page, "new_address_button"), Qt.MouseButton.LeftButton)
    assert field(page, "line1_edit").hasFocus()
    QTest.keyClicks(field(page, "line1_edit"), "2 New Street")
    retype(field(page, "town_edit"), "Lakemont")
    retype(field(page, "effective_from_edit"), "4/1")
    save(qtbot, page)
    old, new = services.clients.get(page.client_id).addresses
    assert (old.line1, old.effective_from) == ("418 Larkspur Lane", None)
    assert (new.line1, new.town, new.effective_from) == ("2 New Street", "Lakemont", date(2026, 4, 1))


def test_that_esc_in_the_header_saves_rather_than_hiding_what_is_not_saved(
    qtbot: QtBot, page: ClientPage, services: Services
) -> None:
    """RELIABILITY E20."""
    page.edit_header()
    retype(field(page, "company_edit"), "Adams & Sons")
    press(Key.Key_Escape)
    qtbot.waitUntil(lambda: not page.header.editing)
    assert services.clients.get(page.client_id).company == "Adams & Sons"


# Saving


def test_that_ctrl_s_saves_what_is_typed_and_says_when(
    qtbot: QtBot, window: MainWindow, services: Services, anna: ClientRecord
) -> None:
    """RELIABILITY E1."""
    page = open_in(qtbot, window, anna)
    retype(field(page, "custom_text_1_edit"), "sage, cream")
    qtbot.waitUntil(lambda: window.status._page._label.text() == "Not saved yet")
    press(Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: window.status._saved._label.text().startswith("Saved "))
    assert services.clients.get(anna.id).custom_text_1 == "sage, cream"
    assert window.status._page._label.text() == ""
    assert field(page, "custom_text_1_edit").hasFocus()


def test_that_pressing_save_twice_saves_once(
    qtbot: QtBot, page: ClientPage, shell: DeskShell, services: Services
) -> None:
    """RELIABILITY 117."""
    before = services.clients.get(page.client_id).version
    retype(field(page, "custom_text_1_edit"), "sage")
    page.save()
    page.save()
    qtbot.waitUntil(lambda: not page.unsaved())
    assert services.clients.get(page.client_id).version == before + 1
    assert len(shell.saves) == 1


def test_that_saving_nothing_writes_nothing(qtbot: QtBot, page: ClientPage, shell: DeskShell) -> None:
    done: list[bool] = []
    page.save(lambda: done.append(True))
    assert done == [True]
    assert shell.saves == []


def test_that_what_is_typed_while_it_is_being_saved_stays_and_is_not_saved_yet(
    qtbot: QtBot, page: ClientPage, services: Services
) -> None:
    """RELIABILITY 119."""
    edit = field(page, "custom_text_1_edit")
    retype(edit, "sage")
    page.save()
    QTest.keyClicks(edit, ", cream")
    qtbot.waitUntil(lambda: services.clients.get(page.client_id).custom_text_1 == "sage")
    qtbot.waitUntil(lambda: not page._saving.is_under_way)
    assert edit.text() == "sage, cream"
    assert page.unsaved() == ("Custom 1",)
    save(qtbot, page)
    assert services.clients.get(page.client_id).custom_text_1 == "sage, cream"


def test_that_a_save_whose_answer_was_lost_is_made_once(
    qtbot: QtBot, page: ClientPage, shell: DeskShell, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RELIABILITY: trying again repeats the request."""
    before = services.clients.get(page.client_id).version
    really, requests = services.clients.save, []

    def save_and_lose_the_answer(base: Any, mine: Any, request: str) -> Any:
        requests.append(request)
        saved = really(base, mine, request)
        if len(requests) == 1:
            raise DatabaseUnavailable("The server did not answer.")
        return saved

    monkeypatch.setattr(services.clients, "save", save_and_lose_the_answer)
    states: list[str] = []
    page.status_changed.connect(states.append)
    edit = field(page, "custom_text_1_edit")
    retype(edit, "sage")
    page.save()
    qtbot.waitUntil(lambda: len(shell.failures) == 1)
    assert states[-1] == "Not saved yet", "the banner says why; it is so when the banner is gone, too"
    assert edit.text() == "sage"
    assert page.unsaved() == ("Custom 1",)
    save(qtbot, page)
    assert requests[0] == requests[1]
    assert services.clients.get(page.client_id).version == before + 1


def test_that_wrong_input_is_marked_with_the_cure_and_gets_the_cursor(qtbot: QtBot, page: ClientPage) -> None:
    states: list[str] = []
    page.status_changed.connect(states.append)
    retype(field(page, "birthday_edit"), "31 feb")
    field(page, "number_edit").setFocus()
    page.save()
    birthday = field(page, "birthday_edit")
    assert birthday.hasFocus()
    assert birthday.text() == "31 feb"
    assert "February" in birthday.accessibleDescription()
    assert states[-1].startswith("Not saved: ")


def test_that_a_number_of_somebody_else_is_refused_beside_the_field_naming_the_holder(
    qtbot: QtBot, page: ClientPage, services: Services
) -> None:
    """S2-18."""
    a_client(services, last_name="Bennett", first_name="Laura", number="77")
    retype(field(page, "number_edit"), "77")
    page.show_tab("groups")
    page.save()
    number = field(page, "number_edit")
    qtbot.waitUntil(lambda: "Bennett, Laura" in number.accessibleDescription())
    assert page.tabs.current() == "general"
    assert number.hasFocus()


def test_that_an_e_mail_of_somebody_else_opens_the_header_where_it_is_wrong(
    qtbot: QtBot, page: ClientPage, services: Services
) -> None:
    """S4-15."""
    a_client(services, last_name="Bennett", first_name="Laura", emails=["laura@example.com"])
    page.edit_header()
    second = page.header.editor.emails._lines[1].field()
    retype(second, "laura@example.com")
    page.set_editing(False)
    page.save()
    qtbot.waitUntil(lambda: "Bennett, Laura" in second.accessibleDescription())
    assert page.header.editing
    assert second.hasFocus()


# Leaving


def test_that_closing_the_page_saves_first(
    qtbot: QtBot, window: MainWindow, services: Services, anna: ClientRecord
) -> None:
    """RELIABILITY 118."""
    page = open_in(qtbot, window, anna)
    retype(field(page, "custom_text_1_edit"), "sage")
    press(Key.Key_W, CTRL)
    qtbot.waitUntil(lambda: ("client", anna.id) not in window.book)
    assert services.clients.get(anna.id).custom_text_1 == "sage"


def test_that_the_page_stays_with_its_text_when_it_cannot_be_saved(
    qtbot: QtBot, window: MainWindow, anna: ClientRecord
) -> None:
    """RELIABILITY 118."""
    page = open_in(qtbot, window, anna)
    retype(field(page, "birthday_edit"), "31 feb")
    press(Key.Key_W, CTRL)
    assert window.book.current() is page
    assert field(page, "birthday_edit").text() == "31 feb"


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kept", [True, False], ids=["draft", "discard"])
def test_that_without_a_server_every_way_of_leaving_asks_and_cancel_stays(
    qtbot: QtBot,
    window: MainWindow,
    services: Services,
    anna: ClientRecord,
    monkeypatch: pytest.MonkeyPatch,
    kept: bool,
) -> None:
    """RELIABILITY 118, E9: record and fields are named; the text of the field with the cursor counts."""

    def cut(*_: object) -> None:
        raise DatabaseUnavailable("The server cannot be reached.")

    monkeypatch.setattr(services.clients, "save", cut)
    prompts = cast(Answers, window.prompts)
    page = open_in(qtbot, window, anna, [anna.id, a_client(services, last_name="Bennett").id])
    typed = field(page, "custom_text_1_edit")
    retype(typed, "sage")
    ways: list[Callable[[], object]] = [
        lambda: press(Key.Key_W, CTRL),
        lambda: press(Key.Key_PageDown, CTRL),
        window.close,
    ]
    for tried, leave in enumerate(ways, 1):
        prompts.answers = [None]
        leave()
        qtbot.waitUntil(lambda tried=tried: len(prompts.asked) == tried)
        assert window.isVisible()
        assert window.book.current() is page
        assert typed.text() == "sage"
    assert set(prompts.asked) == {"Adams, Anna could not be saved."}
    assert set(prompts.explained) == {"The server cannot be reached. Not saved: Custom 1."}
    prompts.answers = [0 if kept else 1]
    ways[0]()
    qtbot.waitUntil(lambda: ("client", anna.id) not in window.book)
    drafts = window.drafts.of(services.desk.user_name)
    assert [draft.record_id for draft in drafts] == ([anna.id] if kept else [])


def test_that_the_arrows_save_and_show_the_neighbour_in_the_list(
    qtbot: QtBot, window: MainWindow, services: Services, anna: ClientRecord
) -> None:
    """S3-08. RELIABILITY 119."""
    bennett = a_client(services, last_name="Bennett")
    page = open_in(qtbot, window, anna, [anna.id, bennett.id])
    assert page.place_in_list() == (1, 2)
    assert page.why_not("previous_record")
    retype(field(page, "custom_text_1_edit"), "sage")
    press(Key.Key_PageDown, CTRL)
    qtbot.waitUntil(lambda: ("client", bennett.id) in window.book and ("client", anna.id) not in window.book)
    following = window.book.current()
    assert isinstance(following, ClientPage)
    is_read(qtbot, following)
    assert following.place_in_list() == (2, 2)
    assert services.clients.get(anna.id).custom_text_1 == "sage"


# Other desks


def test_that_another_desks_change_shows_at_once_and_never_over_what_is_typed(
    qtbot: QtBot, page: ClientPage, shell: DeskShell, other_desk: Services
) -> None:
    """RELIABILITY row 43."""
    typed = field(page, "custom_text_1_edit")
    retype(typed, "half ty")
    typed.setCursorPosition(4)
    theirs = other_desk.clients.get(page.client_id)
    saved = other_desk.clients.save(
        theirs, replace(theirs, custom_text_1="theirs", custom_text_2="walnut"), new_request()
    )
    page.refresh(saved.changes)
    qtbot.waitUntil(lambda: field(page, "custom_text_2_edit").text() == "walnut")
    assert (typed.text(), typed.cursorPosition()) == ("half ty", 4)
    assert typed.hasFocus()
    assert shell.said[-1] == "Sue changed Custom 1, Custom 2."
    assert page.unsaved() == ("Custom 1",)


def test_that_a_page_on_which_something_changes_while_it_opens_is_opened_whole(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    """Another desk saves at the moment in which somebody opens the client here."""
    client = a_client(services, last_name="Adams", first_name="Anna")
    saved = services.clients.save(client, replace(client, custom_text_1="theirs"), new_request())
    page = ClientPage(shell, client.id)
    qtbot.addWidget(page)
    page.show()
    page.refresh(saved.changes)
    is_read(qtbot, page)
    assert page.tabs.current() == "general"
    assert field(page, "custom_text_1_edit").text() == "theirs"


def test_that_changes_of_different_fields_by_two_desks_both_stand(
    qtbot: QtBot, page: ClientPage, services: Services, other_desk: Services
) -> None:
    """RELIABILITY row 28."""
    retype(field(page, "custom_text_1_edit"), "mine")
    theirs = other_desk.clients.get(page.client_id)
    other_desk.clients.save(theirs, replace(theirs, custom_text_2="theirs"), new_request())
    save(qtbot, page)
    saved = services.clients.get(page.client_id)
    assert (saved.custom_text_1, saved.custom_text_2) == ("mine", "theirs")
    assert field(page, "custom_text_2_edit").text() == "theirs"


@pytest.mark.parametrize("told_before", [True, False], ids=["known before saving", "found while saving"])
def test_that_the_same_field_changed_by_two_desks_is_asked_about_and_the_choice_is_saved(
    qtbot: QtBot, page: ClientPage, services: Services, other_desk: Services, told_before: bool
) -> None:
    """RELIABILITY row 29."""
    retype(field(page, "custom_text_1_edit"), "mine")
    theirs = other_desk.clients.get(page.client_id)
    saved = other_desk.clients.save(theirs, replace(theirs, custom_text_1="theirs", number="99"), new_request())
    if told_before:
        page.refresh(saved.changes)
        qtbot.waitUntil(lambda: field(page, "number_edit").text() == "99")
    page.save()
    qtbot.waitUntil(lambda: page.findChild(ConflictDialog) is not None)
    dialog = page.findChild(ConflictDialog)
    assert isinstance(dialog, ConflictDialog)
    assert field(page, "custom_text_1_edit").text() == "mine"
    dialog.choose(0, "mine")
    dialog.save_button.click()
    qtbot.waitUntil(lambda: not page.unsaved())
    now = services.clients.get(page.client_id)
    assert (now.custom_text_1, now.number) == ("mine", "99")


def test_that_a_conflict_left_open_keeps_what_is_typed(
    qtbot: QtBot, page: ClientPage, services: Services, other_desk: Services
) -> None:
    retype(field(page, "custom_text_1_edit"), "mine")
    theirs = other_desk.clients.get(page.client_id)
    other_desk.clients.save(theirs, replace(theirs, custom_text_1="theirs"), new_request())
    page.save()
    qtbot.waitUntil(lambda: page.findChild(ConflictDialog) is not None)
    dialog = page.findChild(ConflictDialog)
    assert isinstance(dialog, ConflictDialog)
    dialog.reject()
    assert page.unsaved() == ("Custom 1",)
    assert field(page, "custom_text_1_edit").text() == "mine"
    assert services.clients.get(page.client_id).custom_text_1 == "theirs"


def test_that_a_client_deleted_at_another_desk_can_only_be_read(
    qtbot: QtBot, page: ClientPage, other_desk: Services, services: Services
) -> None:
    page.refresh(services.clients.delete([page.client_id], new_request()).changes)
    qtbot.waitUntil(lambda: "Deleted" in badges(page))
    assert field(page, "number_edit").isReadOnly()
    assert page.why_not("edit_header")


def test_that_what_is_typed_outlives_the_deletion_of_its_client_who_is_brought_back_with_it(
    qtbot: QtBot, window: MainWindow, services: Services, other_desk: Services, anna: ClientRecord
) -> None:
    """RELIABILITY 31: saving says who deleted the client and when, and offers both ways."""
    prompts = window.prompts
    assert isinstance(prompts, Answers)
    page = open_in(qtbot, window, anna)
    retype(field(page, "custom_text_1_edit"), "mine")
    sue = Services(services.database, dataclasses.replace(other_desk.desk, role=Role.MANAGER))
    deletion = sue.clients.delete([anna.id], new_request()).changes
    at = window.formats.time(services.desk.clock.now())
    prompts.answers = [None, 0]
    page.save()
    qtbot.waitUntil(lambda: not prompts.answers[1:])
    assert prompts.asked == [f"Sue deleted Adams, Anna on 10 Mar {at}, while you were editing it."]
    assert prompts.offered == ("&Restore and save", "&Discard what is typed")
    assert services.clients.open(anna.id).deleted
    page.refresh(deletion)
    qtbot.waitUntil(lambda: "Deleted" in badges(page))
    assert field(page, "custom_text_1_edit").text() == "mine"
    press(Key.Key_W, CTRL)
    qtbot.waitUntil(lambda: ("client", anna.id) not in window.book)
    now = services.clients.open(anna.id)
    assert (now.deleted, now.record.custom_text_1) == (False, "mine")


def test_that_who_may_not_bring_a_deleted_client_back_can_drop_what_is_typed(
    qtbot: QtBot, look: theme.Theme, services: Services, other_desk: Services, anna: ClientRecord
) -> None:
    """RELIABILITY 31: a note typed for a client who is gone is as safe as a field."""
    shell = DeskShell(other_desk)
    page = open_page(qtbot, shell, anna)
    services.clients.delete([anna.id], new_request())
    notes = page.show_tab("notes")
    QTest.keyClicks(field(notes, "text_edit"), "half a note")
    shell.prompts.answers = [0]
    page.save()
    qtbot.waitUntil(lambda: "Deleted" in badges(page))
    assert shell.prompts.offered == ("&Discard what is typed",)
    assert page.unsaved() == ()
    assert services.notes.of_client(anna.id) == []
    assert shell.failures == []
    assert shell.tasks.close(PATIENCE)


# Drafts


def test_that_what_was_typed_and_not_saved_is_there_again_after_a_crash_and_another_one(
    qtbot: QtBot, shell: DeskShell, services: Services, other_desk: Services, anna: ClientRecord
) -> None:
    """RELIABILITY 10, 11, E10: header, fields, family, groups and a note come back, also after a crash while they
    were coming back; what others changed is new."""
    page = open_page(qtbot, shell, anna)
    page.edit_header()
    retype(field(page, "company_edit"), "Adams & Sons")
    retype(field(page, "birthday_edit"), "14 ma")
    family = page._tab("general").body.family  # type: ignore[attr-defined]
    family.add()
    QTest.keyClicks(family.card.first_name_edit, "peter")
    groups = page.show_tab("groups")
    QTest.keyClicks(field(groups, "filter_edit"), "wed")
    press(Key.Key_Return)
    notes = page.show_tab("notes")
    QTest.keyClicks(field(notes, "text_edit"), "half a no")
    qtbot.waitUntil(lambda: bool(shell.drafts.of(services.desk.user_name)), timeout=3000)
    page._draft.keep()
    qtbot.waitUntil(lambda: bool(shell.drafts.of(services.desk.user_name)[0].state["tabs"]))
    crash(page)
    theirs = other_desk.clients.get(anna.id)
    other_desk.clients.save(theirs, replace(theirs, custom_text_2="theirs"), new_request())

    recovered = open_page(qtbot, shell, anna)
    qtbot.waitUntil(lambda: bool(recovered.unsaved()))
    crash(recovered)
    again = open_page(qtbot, shell, anna)
    qtbot.waitUntil(lambda: bool(again.unsaved()))
    assert field(again, "company_edit").text() == "Adams & Sons"
    assert field(again, "birthday_edit").text() == "14 ma"
    assert field(again, "custom_text_2_edit").text() == "theirs"
    assert again.header.editing
    assert again.tabs.current() == "notes"
    assert field(again, "text_edit").toPlainText() == "half a no"
    assert set(again.unsaved()) == {"Company", "Birthday", "Family", "Groups", "Note"}
    retype(field(again, "birthday_edit"), "14 may")
    save(qtbot, again)
    saved = services.clients.get(anna.id)
    assert saved.company == "Adams & Sons"
    assert [member.first_name for member in saved.family] == ["Peter"]
    assert len(saved.groups) == 1
    assert [note.text for note in services.notes.of_client(anna.id)] == ["half a no"]
    qtbot.waitUntil(lambda: shell.drafts.of(services.desk.user_name) == [])


def test_that_a_draft_of_what_was_saved_after_all_is_forgotten(
    qtbot: QtBot, shell: DeskShell, services: Services, anna: ClientRecord
) -> None:
    """RELIABILITY E10."""
    page = open_page(qtbot, shell, anna)
    retype(field(page, "custom_text_1_edit"), "sage")
    page._draft.keep()
    page._draft.flush()
    crash(page)
    base = services.clients.get(anna.id)
    services.clients.save(base, replace(base, custom_text_1="sage"), new_request())
    again = open_page(qtbot, shell, anna)
    qtbot.waitUntil(lambda: shell.drafts.of(services.desk.user_name) == [])
    assert again.unsaved() == ()
    assert field(again, "custom_text_1_edit").text() == "sage"


def test_that_revert_goes_back_to_what_is_saved(qtbot: QtBot, page: ClientPage, shell: DeskShell) -> None:
    """RELIABILITY E5."""
    retype(field(page, "custom_text_1_edit"), "sage")
    page.handlers()["revert"]()
    assert field(page, "custom_text_1_edit").text() == ""
    assert page.unsaved() == ()


# Actions


def test_that_every_ribbon_action_of_a_client_is_in_its_menu_too(
    qtbot: QtBot, window: MainWindow, anna: ClientRecord
) -> None:
    """S3-48; S3-03 and S3-46: file, clipboard, print and new have their places for every record."""
    page = open_in(qtbot, window, anna)
    on_ribbon = {
        action.objectName() for group in page._ribbon_groups() for action in group
    }
    assert {"save", "finish", "delete", "cut", "copy", "paste", "new_client", "change_status", "history"} <= on_ribbon
    where = QPoint(40, 40)
    QApplication.sendEvent(page, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, where, page.mapToGlobal(where)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert {action.objectName() for action in menu.actions() if not action.isSeparator()} == on_ribbon
    menu.close()


def test_that_ctrl_and_a_digit_shows_a_tab_which_is_made_only_then(
    qtbot: QtBot, window: MainWindow, anna: ClientRecord
) -> None:
    """G8."""
    page = open_in(qtbot, window, anna)
    assert list(page._built) == ["general"]
    press_key_of_tab(page, "groups")
    assert page.tabs.current() == "groups"
    assert list(page._built) == ["general", "groups"]
    press_key_of_tab(page, "notes")
    assert page.tabs.current() == "notes"
    assert page.tabs.ids() == [tab.name for tab in TABS if tab.name != "lead"]


def test_that_every_field_of_a_client_stands_on_the_page_and_is_read_from_it_as_it_was(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    """No field is without its place, and none changes by being shown; stage, reason and photo are set by actions."""
    full = replace(everything(services), stage=Stage.ACTIVE, archive_reason_id=None)
    shell.choices = services.catalogs.choices()
    saved = services.clients.create(full, new_request()).result
    page = open_page(qtbot, shell, saved)
    page.edit_header()
    for name in page.tabs.ids():
        page.show_tab(name)
    assert page.unsaved() == ()
    blank, edited = ClientRecord(id=saved.id, version=saved.version), set()
    read = replace(blank, phones=saved.phones, emails=saved.emails)  # rows keep what is derived from them
    for form in page._typed.forms():
        read = form.read(read)
        edited |= set(form.fields)
    by_rule = {"stage", "archive_reason_id", "status_set_on", "status_due_set_by_hand", "image_hash"}
    known = specs(ClientRecord).values()
    assert {spec.name for spec in known if not spec.derived and spec.kind is not Kind.IDENTITY} == edited | by_rule
    assert {name for name in edited if getattr(read, name) != getattr(saved, name)} == set()


def test_that_tabs_the_studio_does_without_close_up_with_their_keys_and_come_when_asked_for(
    qtbot: QtBot, window: MainWindow, anna: ClientRecord, services: Services
) -> None:
    """S3-09, DECISIONS 23."""
    page = open_in(qtbot, window, anna)
    press_key_of_tab(page, "organization")
    before = page.tabs.ids()
    saved = services.preferences.save({"hidden_tabs": "custom,organization,groups"}, new_request())
    window.saved("", saved.changes)
    others = [name for name in before if name not in ("custom", "organization", "groups")]
    qtbot.waitUntil(lambda: page.tabs.ids() == ["general", "organization", *others[1:]])
    assert page.tabs.current() == "organization"  # somebody is at it
    press(Key.Key_3, CTRL)
    assert page.tabs.current() == "marketing"
    window.action_set["groups"].trigger()
    assert page.tabs.current() == "groups"
    assert page.tabs.ids() == ["general", "organization", "groups", *others[1:]]
    other = open_in(qtbot, window, a_client(services, last_name="Berg"))
    assert other.tabs.ids() == others
    saved = services.preferences.save({"hidden_tabs": ""}, new_request())
    window.saved("", saved.changes)
    qtbot.waitUntil(lambda: other.tabs.ids() == before)


def test_that_a_client_is_archived_with_a_reason_kept_unchanged_and_brought_back(
    qtbot: QtBot, page: ClientPage, services: Services
) -> None:
    """S0-14, S0-18, S0-26."""
    moved = next(entry for entry in page.menus()["archive"]() if entry.text == "Moved")
    moved.run()
    qtbot.waitUntil(lambda: "Archived" in badges(page))
    saved = services.clients.get(page.client_id)
    assert (saved.stage, saved.archive_reason_id) == (
        Stage.ARCHIVED,
        catalog_id(services, "archive_reasons", "Moved"),
    )
    assert field(page, "number_edit").isReadOnly()
    page.handlers()["archive"]()
    qtbot.waitUntil(lambda: services.clients.get(page.client_id).stage is Stage.ACTIVE)


def test_that_a_deleted_client_closes_and_undo_brings_it_back(
    qtbot: QtBot, window: MainWindow, services: Services, anna: ClientRecord
) -> None:
    page = open_in(qtbot, window, anna)
    page.take_focus()
    window.action_set["delete"].trigger()
    qtbot.waitUntil(lambda: ("client", anna.id) not in window.book)
    assert services.clients.open(anna.id).deleted
    assert window.undo_bar.shown() == "Deleted Adams, Anna"
    window.undo_bar.undo()
    qtbot.waitUntil(lambda: not services.clients.open(anna.id).deleted)


def test_that_save_and_close_and_save_and_new_do_what_they_say(
    qtbot: QtBot, window: MainWindow, services: Services, anna: ClientRecord
) -> None:
    page = open_in(qtbot, window, anna)
    retype(field(page, "custom_text_1_edit"), "sage")
    press(Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: ("client", anna.id) not in window.book)
    assert services.clients.get(anna.id).custom_text_1 == "sage"
    page = open_in(qtbot, window, anna)
    window.action_set["finish_and_new"].trigger()
    qtbot.waitUntil(lambda: window.sheets.front() is not None)
    assert window.sheets.front().name == "new_client"  # type: ignore[union-attr]


def test_that_text_is_cut_and_pasted_between_fields_from_the_ribbon(
    qtbot: QtBot, window: MainWindow, anna: ClientRecord
) -> None:
    """S3-46."""
    page = open_in(qtbot, window, anna)
    source, target = field(page, "custom_text_1_edit"), field(page, "custom_text_2_edit")
    retype(source, "walnut")
    source.selectAll()
    window.action_set["cut"].trigger()
    assert source.text() == ""
    target.setFocus()
    window.action_set["paste"].trigger()
    assert target.text() == "walnut"
    target.selectAll()
    window.action_set["copy"].trigger()
    assert QApplication.clipboard().text() == "walnut"


def test_that_ctrl_z_in_a_field_takes_back_its_text_and_not_the_last_save(
    qtbot: QtBot, window: MainWindow, services: Services, anna: ClientRecord
) -> None:
    page = open_in(qtbot, window, anna)
    edit = field(page, "custom_text_1_edit")
    retype(edit, "sage")
    press(Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: not page.unsaved())
    QTest.keyClicks(edit, "s")
    press(Key.Key_Z, CTRL)
    assert edit.text() != "sages"
    assert services.clients.get(anna.id).custom_text_1 == "sage"


def test_that_a_sheet_and_another_page_bring_the_cursor_back_where_it_was(
    qtbot: QtBot, window: MainWindow, anna: ClientRecord
) -> None:
    page = open_in(qtbot, window, anna)
    edit = field(page, "custom_text_3_edit")
    retype(edit, "biscuit")
    edit.setCursorPosition(3)
    window.open_page("home")
    press(Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert QApplication.focusWidget() is edit
    assert edit.cursorPosition() == 3


def test_that_who_may_only_look_sees_text_and_no_boxes_to_type_in(
    qtbot: QtBot, services: Services, anna: ClientRecord
) -> None:
    """Read-only by rights: a badge says so and no field can be edited."""
    looker = dataclasses.replace(services.desk, role=type(services.desk.role).VIEWER)
    shell = DeskShell(Services(services.database, looker))
    page = open_page(qtbot, shell, anna)
    assert "View only" in badges(page)
    edits = [edit for edit in page._tab("general").findChildren(QLineEdit) if edit.objectName().endswith("_edit")]
    assert len(edits) > 10
    assert all(edit.isReadOnly() or not edit.isEnabled() for edit in edits)
    page.edit_header()
    assert not page.header.editing
    shell.tasks.close()
