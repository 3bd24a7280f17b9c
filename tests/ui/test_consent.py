"""Consent by keyboard: the panel on the Marketing tab, and the line of the new-client sheet."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.consents import Answer, Channel, Purpose, Way
from studio_desktop.services import Services, new_request
from studio_desktop.ui.client_window.consent_form import ConsentPanel
from studio_desktop.ui.client_window.marketing_tab import MarketingTab
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.sheets.new_client import NewClientSheet
from tests.builders import a_client
from tests.ui.client_desk import Key, crash, field, open_page, pick, press, retype
from tests.ui.conftest import DeskShell

pytestmark = pytest.mark.parametrize("studio_url", ["sqlite"], indirect=True)  # the rules are proven in services


def consent_of(page: ClientPage) -> ConsentPanel:
    tab = page.show_tab("marketing")
    assert isinstance(tab, MarketingTab)
    return tab.consent


def test_that_an_answer_is_recorded_by_keyboard_and_stands_with_its_history(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    """S4-25, D11"""
    anna = a_client(services)
    panel = consent_of(open_page(qtbot, shell, anna))
    qtbot.waitUntil(lambda: len(panel.list.lines()) == len(Channel))
    assert {line.aside for line in panel.list.lines()} == {"nothing recorded"}
    panel.list.setFocus()
    while panel.list.current().value != (Channel.LETTER, Purpose.MARKETING):  # type: ignore[union-attr]
        press(Key.Key_Down)
    press(Key.Key_Return)
    assert panel.form.answer_combo.hasFocus()
    for answer in ("Given", "Refused"):
        pick(panel.form.answer_combo, answer)
        pick(panel.form.way_combo, "By phone")
        retype(panel.form.wording_edit, "May we write?")
        press(Key.Key_Return)
        told = "Consent to letters: " + answer.lower()
        qtbot.waitUntil(lambda told=told: told in [said for said, _ in shell.saves])  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(panel.before.lines()) == 2)
    line = panel.list.current()
    assert line is not None
    assert (line.text, line.aside) == ("Letters · marketing", "refused, by phone")
    assert [one.text for one in panel.before.lines()] == ["Refused, by phone", "Given, by phone"]
    assert panel.before.lines()[0].second.endswith(", Owner, “May we write?”")
    newest = services.consents.of_client(anna.id)[0]
    assert (newest.channel, newest.answer, newest.way) == (Channel.LETTER, Answer.REFUSED, Way.PHONE)


def test_that_an_answer_that_is_not_recorded_yet_is_saved_with_the_client_and_survives_a_crash(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    """S4-25: no field can be typed that is lost."""
    anna = a_client(services)
    page = open_page(qtbot, shell, anna)
    panel = consent_of(page)
    qtbot.waitUntil(lambda: bool(panel.list.lines()))
    retype(panel.form.wording_edit, "May we keep your data?")
    pick(panel.form.answer_combo, "Given")
    qtbot.waitUntil(lambda: any("May we keep" in str(one.state) for one in shell.drafts.of("Owner")), timeout=5000)
    crash(page)
    again = open_page(qtbot, shell, anna)
    tab = again.show_tab("marketing")
    assert isinstance(tab, MarketingTab)
    assert tab.unsaved() == ("Consent",)
    again.save()
    qtbot.waitUntil(lambda: not again.unsaved())
    (answer,) = services.consents.of_client(anna.id)
    assert (answer.channel, answer.answer, answer.wording) == (Channel.DATA, Answer.GIVEN, "May we keep your data?")


@pytest.mark.parametrize("asked", [True, False])
def test_that_the_new_client_sheet_asks_where_the_studio_wants_it(
    qtbot: QtBot, shell: DeskShell, services: Services, asked: bool
) -> None:
    """S4-29"""
    services.preferences.save({"ask_consent": asked}, new_request())
    shell.preferences = services.preferences.get()
    sheet = NewClientSheet(shell)
    qtbot.addWidget(sheet)
    sheet.resize(1210, 500)
    with qtbot.waitActive(sheet):
        sheet.show()
        sheet.activateWindow()
    sheet.take_focus()
    assert sheet.consent.isVisible() == asked
    QTest.keyClicks(sheet.line_edit, "ann adams")
    if asked:
        pick(field(sheet, "answer_combo"), "Given")
        retype(field(sheet, "wording_edit"), "May we keep your data?")
        state = sheet.state()
        sheet.restore(state)
    with qtbot.waitSignal(sheet.finished):
        sheet.finish()
    client_id, _ = shell.opened[-1]
    told = [(one.channel, one.answer, one.wording) for one in services.consents.of_client(client_id)]
    assert told == ([(Channel.DATA, Answer.GIVEN, "May we keep your data?")] if asked else [])
