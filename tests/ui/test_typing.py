"""How fields behave while staff type: capitals, a town by its postcode, phone numbers of other countries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from studio_desktop.services.preferences import formats_of
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.sheets.new_client import NewClientSheet
from studio_desktop.ui.widgets.country_list import CountryList
from studio_desktop.ui.widgets.phone_edit import CountryButton, PhoneEdit
from tests.builders import a_client
from tests.ui.client_desk import ALT, CTRL, Key, field, open_page, press, retype, save
from tests.ui.conftest import DeskShell

pytestmark = [
    pytest.mark.parametrize("studio_url", ["sqlite"], indirect=True),  # what is asked is proven in services
    pytest.mark.qt_log_ignore("This plugin does not support"),  # a list that pops up without a screen
]


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    return a_client(services, last_name="Adams", first_name="Anna")


@pytest.fixture
def page(qtbot: QtBot, shell: DeskShell, anna: ClientRecord) -> ClientPage:
    made = open_page(qtbot, shell, anna)
    made.edit_header()
    return made


@pytest.fixture
def sheet(qtbot: QtBot, shell: DeskShell) -> Callable[[], NewClientSheet]:
    def show() -> NewClientSheet:
        made = NewClientSheet(shell)
        qtbot.addWidget(made)
        made.resize(1210, 500)
        with qtbot.waitActive(made):
            made.show()
            made.activateWindow()
        made.take_focus()
        return made

    return show


def prefer(shell: DeskShell, services: Services, **values: object) -> None:
    services.preferences.save(values, new_request())
    shell.preferences = services.preferences.get()
    shell.formats = formats_of(shell.preferences)


def test_that_every_name_typed_in_small_letters_gets_its_capitals_when_the_cursor_leaves(
    qtbot: QtBot, page: ClientPage, services: Services
) -> None:
    """S4-23, C2: the header's names, company and town; a family member's."""
    typed = {
        "last_name": ("van der berg", "van der Berg"),
        "first_name": ("jean-luc", "Jean-Luc"),
        "company": ("studio of light", "Studio of Light"),
        "nickname": ("LuLu", "LuLu"),
        "town": ("stoke-on-trent", "Stoke-on-Trent"),
        "job_title": ("gardener", "gardener"),
    }
    for name, (written, meant) in typed.items():
        retype(field(page, f"{name}_edit"), written)
        press(Key.Key_Tab)
        assert field(page, f"{name}_edit").text() == meant
    general = page.show_tab("general")
    general.body.family.add()  # type: ignore[attr-defined]
    QTest.keyClicks(QApplication.focusWidget(), "o'neil")
    save(qtbot, page)  # the cursor is in the name still
    record = services.clients.get(page.client_id)
    assert (record.last_name, record.first_name, record.company) == ("van der Berg", "Jean-Luc", "Studio of Light")
    assert (record.addresses[0].town, record.family[0].first_name) == ("Stoke-on-Trent", "O'Neil")


def test_that_f3_brings_back_what_was_typed_and_keeps_it_however_often_the_cursor_passes(
    qtbot: QtBot, page: ClientPage, services: Services
) -> None:
    """S4-23, E2: while typing, and in a name that has its capitals already."""
    name = field(page, "last_name_edit")
    retype(name, "mcadams")
    press(Key.Key_Tab)
    assert name.text() == "McAdams"
    name.setFocus()
    press(Key.Key_F3)
    assert name.text() == "mcadams"
    for _ in range(2):
        press(Key.Key_Tab)
        name.setFocus()
    save(qtbot, page)
    assert services.clients.get(page.client_id).last_name == "mcadams"


def test_that_ctrl_z_takes_the_capitals_back_like_anything_typed(page: ClientPage) -> None:
    name = field(page, "last_name_edit")
    retype(name, "mcadams")
    press(Key.Key_Tab)
    name.setFocus()
    press(Key.Key_Z, CTRL)
    assert name.text() == "mcadams"


def test_that_a_studio_without_capitals_has_names_as_they_are_typed(
    qtbot: QtBot, shell: DeskShell, services: Services, anna: ClientRecord, sheet: Callable[[], NewClientSheet]
) -> None:
    """S4-23, B25: auto-capitalise off, field by field and by the line."""
    prefer(shell, services, capitals=False)
    page = open_page(qtbot, shell, anna)
    page.edit_header()
    retype(field(page, "last_name_edit"), "mcadams")
    press(Key.Key_Tab)
    assert field(page, "last_name_edit").text() == "mcadams"
    new = sheet()
    QTest.keyClicks(new.line_edit, "ann mcadams ")
    assert (new.first_name_edit.text(), new.last_name_edit.text()) == ("ann", "mcadams")


def test_that_a_known_postcode_fills_what_is_empty_of_its_place(
    qtbot: QtBot, page: ClientPage, services: Services
) -> None:
    """C2"""
    a_client(services, town="Fairbrook", region="OH", country="USA", postcode="44199")
    retype(field(page, "region_edit"), "Ohio")
    retype(field(page, "postcode_edit"), "44199")
    press(Key.Key_Tab)
    qtbot.waitUntil(lambda: field(page, "town_edit").text() == "Fairbrook")
    assert (field(page, "region_edit").text(), field(page, "country_edit").text()) == ("Ohio", "USA")
    field(page, "country_edit").setFocus()
    press(Key.Key_F3)
    assert field(page, "country_edit").text() == ""
    field(page, "town_edit").setFocus()
    press(Key.Key_Z, CTRL)
    assert field(page, "town_edit").text() == ""
    press(Key.Key_Y, CTRL)
    save(qtbot, page)
    (address,) = services.clients.get(page.client_id).addresses
    assert (address.town, address.region, address.postcode, address.country) == ("Fairbrook", "Ohio", "44199", "")


def test_that_a_postcode_never_overwrites_and_can_be_told_to_fill_nothing(
    qtbot: QtBot, shell: DeskShell, services: Services, sheet: Callable[[], NewClientSheet]
) -> None:
    """C2, B25: what is typed while it is looked up stays."""
    a_client(services, town="Fairbrook", region="OH", postcode="44199")
    new = sheet()
    retype(new.postcode_edit, "44199")
    press(Key.Key_Tab)
    QTest.keyClicks(new.town_edit, "Lakemont")
    qtbot.waitUntil(lambda: field(new, "region_edit").text() == "OH")
    assert new.town_edit.text() == "Lakemont"
    prefer(shell, services, fill_places=False)
    other = sheet()
    retype(other.postcode_edit, "44199")
    press(Key.Key_Tab)
    with qtbot.assertNotEmitted(field(other, "region_edit").textChanged, wait=100):
        pass


def number_of(page: ClientPage) -> PhoneEdit:
    found = page.header.editor.phones.first_field()
    assert isinstance(found, PhoneEdit)
    return found


def country_of(page: ClientPage) -> str:
    found = page.header.editor.phones.findChild(CountryButton)
    assert isinstance(found, CountryButton)
    return found.text()


def countries() -> CountryList:
    found = QApplication.activePopupWidget()
    assert isinstance(found, CountryList)
    return found


@pytest.mark.parametrize("sought", ["pol", "+48", "48", "pl"])
def test_that_a_number_is_given_to_a_country_found_by_name_or_code(
    qtbot: QtBot, page: ClientPage, services: Services, sought: str
) -> None:
    """S4-36: by keyboard, E.164 follows."""
    number = number_of(page)
    assert country_of(page) == "+1 US"
    retype(number, "601 234 567")
    press(Key.Key_Down, ALT)
    QTest.keyClicks(countries().search_edit, sought)
    QTest.keyClick(countries().search_edit, Key.Key_Return)
    assert number.hasFocus()
    assert (country_of(page), number.text()) == ("+48 PL", "+48 601 234 567")
    press(Key.Key_Tab)
    save(qtbot, page)
    (saved,) = services.clients.get(page.client_id).phones
    assert (saved.typed, saved.e164) == ("+48 601 234 567", "+48601234567")


def test_that_a_country_chosen_before_the_number_holds_for_what_is_typed_then(
    qtbot: QtBot, page: ClientPage, services: Services
) -> None:
    """S4-36: and a draft of half the number keeps it."""
    number = number_of(page)
    number.setFocus()
    press(Key.Key_F4)
    QTest.keyClicks(countries().search_edit, "united k")
    QTest.keyClick(countries().search_edit, Key.Key_Return)
    QTest.keyClicks(number, "020 79")
    assert page.header.editor.phones.texts()[0]["typed"] == "+44 020 79"
    QTest.keyClicks(number, "46 0018")
    press(Key.Key_Tab)
    assert (country_of(page), number.text()) == ("+44 GB", "+44 20 7946 0018")
    save(qtbot, page)
    assert services.clients.get(page.client_id).phones[0].e164 == "+442079460018"


@pytest.mark.parametrize("typed", ["+48 601 234 567", "0048 601 234 567"])
def test_that_the_beginning_of_a_number_moves_the_country(
    qtbot: QtBot, page: ClientPage, services: Services, typed: str
) -> None:
    """S4-36, S4-23: and back; what was typed is kept."""
    number = number_of(page)
    retype(number, typed[:4])
    assert country_of(page) == "+48 PL"
    QTest.keyClicks(number, typed[4:])
    press(Key.Key_Tab)
    assert number.text() == "+48 601 234 567"
    save(qtbot, page)
    (saved,) = services.clients.get(page.client_id).phones
    assert (saved.typed, saved.e164) == (typed, "+48601234567")
    retype(number, "+1 330 5550142")
    press(Key.Key_Tab)
    assert (country_of(page), number.text()) == ("+1 US", "(330) 555-0142")


def test_that_the_studios_own_country_and_those_it_calls_most_are_offered_first(shell: DeskShell) -> None:
    """S4-36"""
    offered = CountryList(QLineEdit(), ("US", "PL", "GB"), "US").list.entries()
    assert [entry.text for entry in offered[:4]] == ["United States", "Poland", "United Kingdom", "Afghanistan"]
    assert len({entry.value for entry in offered}) == len(offered) > 200
