"""The General tab: every field of it round trips, what follows from a field is said, the family is kept in place."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.records.clients import ClientKind, ClientRecord, ClientType
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.service import Query, listing
from studio_desktop.ui.client_window.custom_fields import ON_GENERAL
from studio_desktop.ui.client_window.family_editor import FamilyEditor
from studio_desktop.ui.client_window.family_list import age
from studio_desktop.ui.client_window.general_tab import GeneralBody
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.prompts import Prompts
from tests.builders import a_client, a_member, a_phone, catalog_id
from tests.ui.client_desk import ALT, CTRL, Key, field, open_page, pick, press, retype, save
from tests.ui.conftest import DeskShell

TODAY = date(2026, 3, 10)


pytestmark = pytest.mark.databases("sqlite")
"""That saving holds on both databases is proven with the client's page."""


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    return a_client(
        services,
        family=(
            a_member("Peter", last_name="Adams", birthday=PartialDate(6, 2, 1985), phones=(a_phone("330 555 0143"),)),
            a_member("Lily", last_name="Adams", birthday=PartialDate(3, 12, 2019)),
        ),
    )


@pytest.fixture
def page(qtbot: QtBot, shell: DeskShell, anna: ClientRecord) -> ClientPage:
    return open_page(qtbot, shell, anna)


@pytest.fixture
def body(page: ClientPage) -> GeneralBody:
    return field(page, "GeneralBody")  # type: ignore[no-any-return]


def family(body: GeneralBody) -> FamilyEditor:
    body.family.list.setFocus()
    body.family.list.selectRow(0)
    return body.family


def names(editor: FamilyEditor) -> list[str]:
    return [f"{member.first_name} {member.last_name}" for member in editor.members()]


def test_that_every_field_of_the_tab_is_typed_saved_and_shown_again(
    qtbot: QtBot, page: ClientPage, body: GeneralBody, services: Services, shell: DeskShell
) -> None:
    """S0-21, S2-16, S2-17, S2-19, S2-23, S2-25, S2-28 to S2-32, S2-34, S2-36, S2-37, S2-42, S2-44, S3-10, S3-11."""
    texts = {
        "number_edit": "A-77",
        "birthday_edit": "14 may 1987",
        "anniversary_edit": "22 aug",
        "contract_date_edit": "2/3/2026",
        "website_edit": "adamsgarden.example",
        "facebook_edit": "facebook.com/adams",
        "linkedin_edit": "linkedin.com/in/adams",
        "twitter_edit": "x.com/adams",
        "call_warning_edit": "Works nights",
        "household_name_edit": "The Adams Family",
        "custom_date_1_edit": "20 mar 2026",
        "custom_date_2_edit": "1 apr 2026",
        **{f"custom_text_{number}_edit": f"text {number}" for number in range(1, 5)},
    }
    pick(body.client_type_combo, "Business")
    pick(field(body, "kind_combo"), "Prospect")
    pick(body.status_id_combo, "Client")
    pick(body.status_reason_id_combo, "Returning")
    pick(body.lead_source_id_combo, "Website")
    for name in ("tax_exempt", "saturday_only", "do_not_call", "do_not_market", "deceased"):
        QTest.keyClick(field(body, f"{name}_check"), Key.Key_Space)
    retype(body.tax_exempt_number_edit, "EX-1")
    retype(body.referred_by.name_edit, "Aunt Mary")
    for name, text in texts.items():
        retype(field(body, name), text)
    save(qtbot, page)
    saved = services.clients.get(page.client_id)
    assert (saved.client_type, saved.kind, saved.number) == (ClientType.BUSINESS, ClientKind.PROSPECT, "A-77")
    assert saved.status_id == catalog_id(services, "client_statuses", "Client")
    assert saved.status_reason_id == catalog_id(services, "client_status_reasons", "Returning")
    assert saved.lead_source_id == catalog_id(services, "lead_sources", "Website")
    assert saved.referred_by_name == "Aunt Mary"
    assert (saved.birthday, saved.anniversary) == (PartialDate(5, 14, 1987), PartialDate(8, 22))
    assert (saved.contract_date, saved.custom_date_1, saved.custom_date_2) == (
        date(2026, 2, 3),
        date(2026, 3, 20),
        date(2026, 4, 1),
    )
    customs = (saved.custom_text_1, saved.custom_text_2, saved.custom_text_3, saved.custom_text_4)
    assert customs == ("text 1", "text 2", "text 3", "text 4")
    assert (saved.website, saved.facebook, saved.linkedin, saved.twitter) == (
        "adamsgarden.example",
        "facebook.com/adams",
        "linkedin.com/in/adams",
        "x.com/adams",
    )
    assert saved.tax_exempt
    assert saved.tax_exempt_number == "EX-1"
    assert saved.saturday_only
    assert saved.do_not_call
    assert saved.do_not_market
    assert (saved.deceased, saved.household_name) == (True, "The Adams Family")
    assert saved.call_warning == "Works nights"
    assert page.header.view.warning.text == "Works nights"

    again = open_page(qtbot, shell, saved)
    shown = {name: field(again, name).text() for name in texts}
    assert shown == texts | {
        "birthday_edit": "14 May 1987",
        "anniversary_edit": "22 Aug",
        "contract_date_edit": "3 Feb 2026",
        "custom_date_1_edit": "20 Mar 2026",
        "custom_date_2_edit": "1 Apr 2026",
    }
    assert again.unsaved() == ()


def test_that_a_new_status_is_due_after_its_days_and_one_that_was_typed_stays(
    qtbot: QtBot, page: ClientPage, body: GeneralBody, services: Services
) -> None:
    """B4, S1-09, S2-19, S2-22: Web Inquiry lasts two business days."""
    pick(body.status_id_combo, "Web Inquiry")
    assert body.status_due_on_edit.text() == ""
    assert body.due_aside.text() == "set when saved"
    save(qtbot, page)
    saved = services.clients.get(page.client_id)
    assert saved.status_due_on == date(2026, 3, 12)
    assert not saved.status_due_set_by_hand
    assert body.status_due_on_edit.text() == "12 Mar 2026"
    assert body.due_aside.text() == "in 2 days"
    pick(body.status_id_combo, "Upset Client")
    retype(body.status_due_on_edit, "+5")
    save(qtbot, page)
    saved = services.clients.get(page.client_id)
    assert saved.status_due_on == date(2026, 3, 15)
    assert saved.status_due_set_by_hand
    pick(body.status_id_combo, "Web Inquiry")  # the typed date was that of the status before
    save(qtbot, page)
    saved = services.clients.get(page.client_id)
    assert saved.status_due_on == date(2026, 3, 12)
    assert not saved.status_due_set_by_hand


def test_that_going_back_to_the_old_status_brings_its_due_date_and_reason_back(
    page: ClientPage, body: GeneralBody, services: Services, qtbot: QtBot
) -> None:
    pick(body.status_id_combo, "Client")
    pick(body.status_reason_id_combo, "Returning")
    retype(body.status_due_on_edit, "4/1/2026")
    save(qtbot, page)
    pick(body.status_id_combo, "Upset Client")
    assert body.status_reason_id_combo.currentText() == ""
    pick(body.status_id_combo, "Client")
    assert body.status_reason_id_combo.currentText() == "Returning"
    assert body.status_due_on_edit.text() == "1 Apr 2026"
    assert page.unsaved() == ()


def test_that_the_reason_shows_only_where_the_status_has_reasons_and_nothing_below_moves(
    page: ClientPage, body: GeneralBody
) -> None:
    """S2-20, S2-21."""
    pick(body.status_id_combo, "Prospect")
    QApplication.processEvents()
    below = body.lead_source_id_combo.y()
    assert not body.status_reason_id_combo.isVisible()
    pick(body.status_id_combo, "Web Inquiry")
    QApplication.processEvents()
    assert body.status_reason_id_combo.isVisible()
    combo = body.status_reason_id_combo
    offered = [combo.itemText(at) for at in range(combo.count())]
    assert offered == ["", "Portrait", "Wedding", "Commercial", "Price list"]
    assert body.lead_source_id_combo.y() == below


def test_that_a_status_no_longer_in_use_still_shows_but_is_not_offered_to_others(
    qtbot: QtBot, shell: DeskShell, services: Services, page: ClientPage, body: GeneralBody
) -> None:
    """S1-16, B4."""
    row = next(one for one in services.catalogs.rows("client_statuses") if one.description == "Prospect")
    old = a_client(services, last_name="Reed", status_id=row.id)
    services.catalogs.save("client_statuses", row, {"inactive": True}, new_request())
    shell.choices = services.catalogs.choices()
    theirs = open_page(qtbot, shell, old)
    assert field(theirs, "status_id_combo").currentText() == "Prospect"
    page.read_again()
    qtbot.waitUntil(lambda: body.status_id_combo.findText("Prospect") < 0)


def test_that_what_follows_from_a_date_stands_beside_it(page: ClientPage, body: GeneralBody) -> None:
    """DESIGN 4: turns 39, 12 years, in 22 days, late."""
    for edit, text, aside, said in (
        (body.birthday_edit, "14 may 1987", body.birthday_aside, "turns 39"),
        (body.birthday_edit, "8 jan", body.birthday_aside, ""),
        (body.anniversary_edit, "22 aug 2014", body.anniversary_aside, "12 years"),
        (body.contract_date_edit, "3 feb 2026", body.contract_aside, "received"),
        (body.status_due_on_edit, "1 apr 2026", body.due_aside, "in 22 days"),
        (body.status_due_on_edit, "6 mar 2026", body.due_aside, "late 4 d"),
    ):
        retype(edit, text)
        assert aside.text() == said


def test_that_the_exempt_number_is_asked_for_only_where_there_is_an_exemption(body: GeneralBody) -> None:
    """S2-32."""
    assert not body.tax_exempt_number_edit.isEnabled()
    QTest.keyClick(body.tax_exempt_check, Key.Key_Space)
    assert body.tax_exempt_number_edit.isEnabled()


def test_that_custom_fields_are_called_what_the_studio_calls_them(
    qtbot: QtBot, shell: DeskShell, services: Services, anna: ClientRecord
) -> None:
    """S2-31, S3-18: four texts and two dates."""
    own = ("Wall colours", "Frames", "Pets & co", "Newsletter", "Album due", "Wall visit")
    called = dict(zip(ON_GENERAL, own, strict=True))
    shell.preferences = dataclasses.replace(shell.preferences, **called)
    page = open_page(qtbot, shell, anna)
    assert [field(page, f"{name}_label").text() for name in ON_GENERAL] == [
        text.replace("&", "&&") for text in called.values()
    ]
    assert field(page, "custom_text_3_edit").accessibleName() == "Pets & co"


def test_that_links_are_opened_and_other_schemes_refused_beside_the_field(
    page: ClientPage, body: GeneralBody, shell: DeskShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S2-44: only web addresses open, whatever is typed."""
    opened: list[str] = []
    monkeypatch.setattr(Prompts, "_open", lambda _self, url, _shown: opened.append(url.toString()))
    retype(body.website_edit, "adamsgarden.example")
    press(Key.Key_Down, ALT)
    assert opened == ["https://adamsgarden.example"]
    retype(body.website_edit, "file:///etc/passwd")
    press(Key.Key_F4)
    assert opened == ["https://adamsgarden.example"]
    assert "file:" in body.website_edit.accessibleDescription()


def test_that_referred_by_takes_a_free_name_or_finds_an_existing_client(
    qtbot: QtBot, page: ClientPage, body: GeneralBody, services: Services
) -> None:
    """S2-25, S2-26: Down and Enter take who is found; typing again makes it a name alone."""
    bennett = a_client(services, last_name="Bennett", first_name="Laura")
    picker = body.referred_by
    retype(picker.name_edit, "benn")
    qtbot.waitUntil(lambda: [entry.text for entry in picker.offered()] == ["Bennett, Laura"])
    press(Key.Key_Down)
    press(Key.Key_Return)
    assert picker.name_edit.text() == "Bennett, Laura"
    save(qtbot, page)
    saved = services.clients.get(page.client_id)
    assert (saved.referred_by_client_id, saved.referred_by) == (bennett.id, "Bennett, Laura")
    retype(picker.name_edit, "Laura B.")
    save(qtbot, page)
    saved = services.clients.get(page.client_id)
    assert (saved.referred_by_client_id, saved.referred_by_name) == (None, "Laura B.")


def test_that_enter_or_tab_in_a_free_name_do_not_take_a_client_by_chance(
    qtbot: QtBot, page: ClientPage, body: GeneralBody, services: Services
) -> None:
    a_client(services, last_name="Bennett", first_name="Laura")
    picker = body.referred_by
    retype(picker.name_edit, "ben")
    qtbot.waitUntil(lambda: bool(picker.offered()))
    press(Key.Key_Return)
    press(Key.Key_Tab)
    assert picker.client_id is None
    assert picker.name_edit.text() == "ben"
    assert picker.offered() == []


def test_that_nobody_is_offered_as_her_own_referrer(
    qtbot: QtBot, page: ClientPage, body: GeneralBody, services: Services
) -> None:
    a_client(services, last_name="Adams", first_name="Peter")
    picker = body.referred_by
    retype(picker.name_edit, "adams")
    qtbot.waitUntil(lambda: [entry.text for entry in picker.offered()] == ["Adams, Peter"])


# Family


def test_that_a_family_member_is_added_by_keys_alone_with_surname_and_relation_by_position(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    """S2-45, S2-46, S3-13, B23: name, relation, birthday, phones, e-mail."""
    page = open_page(qtbot, shell, a_client(services, last_name="Reed"))
    editor = field(page, "GeneralBody").family
    editor.list.setFocus()
    press(Key.Key_Insert)
    assert editor.card.first_name_edit.hasFocus()
    QTest.keyClicks(editor.card.first_name_edit, "peter")
    assert editor.card.last_name_edit.text() == "Reed"
    assert editor.card.relationship_id_combo.currentText() == "Spouse"
    retype(editor.card.birthday_edit, "6/2/1985")
    retype(editor.card._phones.first_field(), "330 555 0143")
    retype(editor.card._emails.first_field(), "peter@example.com")
    press(Key.Key_Escape)
    assert editor.list.hasFocus()
    assert not editor.card.isVisible()
    press(Key.Key_Insert)
    assert editor.card.relationship_id_combo.currentText() == "Child"
    QTest.keyClicks(editor.card.first_name_edit, "lily")
    save(qtbot, page)
    spouse, child = services.clients.get(page.client_id).family
    assert (spouse.first_name, spouse.last_name, spouse.birthday) == ("Peter", "Reed", PartialDate(6, 2, 1985))
    assert spouse.phones[0].e164 == "+13305550143"
    assert spouse.emails[0].address == "peter@example.com"
    assert (child.first_name, child.relationship_id) == ("Lily", catalog_id(services, "relationships", "Child"))


def test_that_insert_and_esc_leave_nobody_behind(page: ClientPage, body: GeneralBody) -> None:
    editor = family(body)
    press(Key.Key_Insert)
    press(Key.Key_Escape)
    assert names(editor) == ["Peter Adams", "Lily Adams"]
    assert page.unsaved() == ()


def test_that_space_makes_one_member_the_secondary_contact(
    qtbot: QtBot, page: ClientPage, body: GeneralBody, services: Services
) -> None:
    """S2-47, S2-48: one at most, and the hub's column shows who."""
    editor = family(body)
    press(Key.Key_Space)
    press(Key.Key_Down)
    press(Key.Key_Space)
    assert [member.secondary_contact for member in editor.members()] == [False, True]
    save(qtbot, page)
    assert [member.secondary_contact for member in services.clients.get(page.client_id).family] == [False, True]
    at = [column.key for column in listing("clients").columns].index("secondary")
    assert services.listings.first_page("clients", Query()).rows[0][1][at] == "Adams, Lily"


def test_that_del_strikes_a_member_out_del_again_brings_back_and_saving_removes(
    qtbot: QtBot, page: ClientPage, body: GeneralBody, services: Services
) -> None:
    editor = family(body)
    press(Key.Key_Delete)
    assert names(editor) == ["Lily Adams"]
    press(Key.Key_Delete)
    assert names(editor) == ["Peter Adams", "Lily Adams"]
    press(Key.Key_Delete)
    save(qtbot, page)
    assert [member.first_name for member in services.clients.get(page.client_id).family] == ["Lily"]
    assert names(editor) == ["Lily Adams"]


def test_that_arrows_with_the_card_open_show_the_next_member_and_keep_what_was_typed(
    page: ClientPage, body: GeneralBody
) -> None:
    editor = family(body)
    press(Key.Key_Return)
    retype(editor.card.first_name_edit, "Pete")
    editor.list.setFocus()
    press(Key.Key_Down)
    assert editor.card.first_name_edit.text() == "Lily"
    assert names(editor) == ["Pete Adams", "Lily Adams"]


def test_that_a_wrong_birthday_keeps_the_card_open_and_saving_points_to_it(
    page: ClientPage, body: GeneralBody
) -> None:
    editor = family(body)
    press(Key.Key_Return)
    retype(editor.card.birthday_edit, "31 feb")
    editor.card.closed.emit()
    assert editor.card.isVisible()
    body.number_edit.setFocus()
    page.save()
    assert editor.card.birthday_edit.hasFocus()
    assert "February" in editor.card.birthday_edit.accessibleDescription()


def test_that_ages_are_those_of_today_and_a_birthday_within_a_week_is_announced() -> None:
    """B2: 29 February falls on the 28th in common years. B23, B25: beyond the studio's limit there is no age."""
    assert age(PartialDate(6, 2, 1985), TODAY, Formats()) == "40"
    assert age(PartialDate(3, 12, 2019), TODAY, Formats()) == "7 on Thu"
    assert age(PartialDate(3, 17, 2019), TODAY, Formats()) == "7 on Tue"
    assert age(PartialDate(3, 18, 2019), TODAY, Formats()) == "6"
    assert age(PartialDate(3, 10, 2019), TODAY, Formats()) == "7"
    assert age(PartialDate(1, 8), TODAY, Formats()) == ""
    assert age(PartialDate(2, 29, 2020), date(2026, 2, 23), Formats()) == "6 on Sat"
    shown = [age(PartialDate(3, 12, year), TODAY, Formats(age_limit=18)) for year in (2008, 2006)]
    assert shown == ["18 on Thu", ""]


def test_that_two_desks_may_change_different_members_at_once(
    qtbot: QtBot, page: ClientPage, body: GeneralBody, services: Services, other_desk: Services
) -> None:
    editor = family(body)
    press(Key.Key_Return)
    retype(editor.card.first_name_edit, "Pete")
    theirs = other_desk.clients.get(page.client_id)
    changed = tuple(
        replace(member, birthday=PartialDate(3, 13, 2019)) if member.first_name == "Lily" else member
        for member in theirs.family
    )
    other_desk.clients.save(theirs, replace(theirs, family=changed), new_request())
    save(qtbot, page)
    pete, lily = services.clients.get(page.client_id).family
    assert (pete.first_name, lily.birthday) == ("Pete", PartialDate(3, 13, 2019))


def test_that_mnemonics_lead_to_the_fields_and_none_is_given_twice(page: ClientPage, body: GeneralBody) -> None:
    letters = [QKeySequence.mnemonic(label.text()).toString() for label in body.findChildren(QLabel) if label.buddy()]
    letters += [QKeySequence.mnemonic(tick.text()).toString() for tick in body.findChildren(QCheckBox)]
    given = [letter for letter in letters if letter]
    assert len(given) >= 20
    assert sorted(given) == sorted(set(given))
    press(Key.Key_S, ALT)
    assert body.status_id_combo.hasFocus()
    press(Key.Key_F, ALT)
    assert body.family.list.hasFocus()


def test_that_ctrl_z_takes_back_what_was_typed_in_the_field(page: ClientPage, body: GeneralBody) -> None:
    edit = field(body, "custom_text_1_edit")
    edit.setFocus()
    QTest.keyClicks(edit, "sage")
    press(Key.Key_Z, CTRL)
    assert edit.text() == ""
