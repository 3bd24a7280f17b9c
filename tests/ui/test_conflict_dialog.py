"""What two desks changed at once: asked field by field, nothing chosen at first, nothing lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_desktop.domain.errors import Conflict
from studio_desktop.domain.records.clients import ClientRecord, PlanDateRow
from studio_desktop.services import Services, new_request
from studio_desktop.ui.dialogs.conflict import ConflictDialog, settle_conflict
from studio_desktop.ui.widgets.plain_label import PlainLabel
from tests.builders import a_client, a_member, a_phone
from tests.ui.conftest import DeskShell

CONTROL = Qt.KeyboardModifier.ControlModifier


def conflicting(services: Services, other_desk: Services) -> tuple[ClientRecord, Conflict]:
    """Both desks change phone, address and call warning of one client; each something else besides."""
    base = a_client(
        services, last_name="Adams", first_name="Anna", phones=["330 555 0142"], street="418 Larkspur Lane",
        town="Fairbrook", region="OH", postcode="44199", call_warning="Call after 5",
    )  # fmt: skip
    phone, address = base.phones[0], base.addresses[0]
    other_desk.clients.save(
        base,
        replace(
            base,
            phones=(replace(phone, typed="330 555 0124"),),
            addresses=(replace(address, line1="27 Orchard Way", town="Milton Falls"),),
            call_warning="Works nights",
            website="adamsgarden.example",
        ),
        new_request(),
    )
    mine = replace(
        base,
        phones=(replace(phone, typed="330 555 0149"), a_phone("330 555 0177")),
        addresses=(replace(address, line2="Apt 2"),),
        call_warning="Ask for Peter",
        saturday_only=True,
        contract_date=date(2026, 2, 3),
    )
    with pytest.raises(Conflict) as caught:
        services.clients.save(base, mine, new_request())
    return base, caught.value


@pytest.fixture
def dialog(shell: DeskShell, services: Services, other_desk: Services, qtbot: QtBot) -> ConflictDialog:
    _, conflict = conflicting(services, other_desk)
    made = ConflictDialog(shell, "Adams, Anna", conflict)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    return made


def press(qtbot: QtBot, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget(), key, modifiers)


def test_that_it_says_who_and_how_much_merged_by_itself(dialog: ConflictDialog) -> None:
    assert dialog.windowTitle() == "Adams, Anna was changed on another desk"
    assert dialog.who_label.text().startswith("Sue saved this record at ")
    assert dialog.count_label.text() == "3 other changes do not overlap and are kept. Choose for these 3."


def test_that_save_waits_until_every_field_has_a_side(dialog: ConflictDialog, qtbot: QtBot) -> None:
    """RELIABILITY E8: nothing is chosen at first."""
    assert not dialog.save_button.isEnabled()
    dialog.choose(0, "mine")
    dialog.choose(1, "theirs")
    press(qtbot, Qt.Key.Key_Return, modifiers=CONTROL)
    assert dialog.isVisible()
    dialog.choose(2, "theirs")
    assert dialog.save_button.isEnabled()


def test_that_the_arrows_choose_and_ctrl_enter_saves(dialog: ConflictDialog, qtbot: QtBot) -> None:
    """RELIABILITY E8: by keyboard alone."""
    key = Qt.Key
    press(qtbot, key.Key_Right, key.Key_Down, key.Key_Left, key.Key_Down, key.Key_Right)
    press(qtbot, key.Key_Enter, modifiers=CONTROL)
    assert dialog.result() == ConflictDialog.DialogCode.Accepted
    record = dialog.resolved()
    assert record.call_warning == "Ask for Peter"
    assert sorted(phone.typed for phone in record.phones) == ["330 555 0124", "330 555 0177"]
    assert (record.addresses[0].line1, record.addresses[0].line2) == ("418 Larkspur Lane", "Apt 2")


def test_that_enter_without_ctrl_saves_nothing(dialog: ConflictDialog, qtbot: QtBot) -> None:
    dialog.theirs_button.click()
    press(qtbot, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_that_what_follows_saves_over_theirs_and_loses_neither_sides_other_changes(
    shell: DeskShell, services: Services, other_desk: Services, qtbot: QtBot
) -> None:
    """C25."""
    base, conflict = conflicting(services, other_desk)
    settled: list[ClientRecord] = []
    settle_conflict(shell, QApplication.activeWindow(), "Adams, Anna", conflict, settled.append)  # type: ignore[arg-type]
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, ConflictDialog) and one.isVisible())
    dialog.mine_button.click()
    dialog.save_button.click()
    saved = services.clients.save(conflict.theirs, settled[0], new_request()).result
    assert (saved.call_warning, saved.website) == ("Ask for Peter", "adamsgarden.example")
    assert (saved.saturday_only, saved.contract_date) == (True, date(2026, 2, 3))
    assert saved.id == base.id


def test_that_what_is_given_up_for_theirs_is_on_the_clipboard(
    shell: DeskShell, services: Services, other_desk: Services, qtbot: QtBot
) -> None:
    """RELIABILITY row 29: neither value is lost, theirs stands in the history and ours can be pasted."""
    _, conflict = conflicting(services, other_desk)
    settled: list[ClientRecord] = []
    settle_conflict(shell, QApplication.activeWindow(), "Adams, Anna", conflict, settled.append)  # type: ignore[arg-type]
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, ConflictDialog) and one.isVisible())
    dialog.mine_button.click()
    dialog.choose(0, "theirs")
    dialog.save_button.click()
    assert settled[0].call_warning == "Works nights"
    assert QApplication.clipboard().text() == "Call warning: Ask for Peter"
    assert shell.said == ["What you had typed and did not keep is on the clipboard."]


def test_that_esc_goes_back_to_the_form(
    shell: DeskShell, services: Services, other_desk: Services, qtbot: QtBot
) -> None:
    """RELIABILITY E8: cancelling leaves the text."""
    _, conflict = conflicting(services, other_desk)
    settled: list[ClientRecord] = []
    settle_conflict(shell, QApplication.activeWindow(), "Adams, Anna", conflict, settled.append)  # type: ignore[arg-type]
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, ConflictDialog) and one.isVisible())
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert settled == []


def test_that_custom_fields_have_the_studios_names_and_chosen_birthdays_those_of_the_people(
    shell: DeskShell, services: Services, other_desk: Services, qtbot: QtBot
) -> None:
    shell.preferences = services.preferences.save({"custom_text_7": "Frames"}, new_request()).result
    base = a_client(services, family=(a_member("Peter"),))
    theirs = (PlanDateRow(uid=new_request(), member_uid=base.family[0].uid),)
    other_desk.clients.save(base, replace(base, custom_text_7="walnut", plan_dates=theirs), new_request())
    with pytest.raises(Conflict) as caught:
        services.clients.save(base, replace(base, custom_text_7="oak"), new_request())
    dialog = ConflictDialog(shell, "Adams, Anna", caught.value)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    texts = [label.text() for label in dialog.findChildren(PlainLabel)]
    assert "Frames" in texts
    assert "Peter, birthday" in texts
