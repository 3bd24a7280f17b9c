"""Who works here, and their PINs: the owner's sheet, and everybody's own (B19, E19)."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_desktop.domain.permissions import Role
from studio_desktop.services import Services
from studio_desktop.ui.sheets.users import UsersSheet
from tests.ui.client_desk import Key, press, retype
from tests.ui.conftest import DeskShell


def shown(qtbot: QtBot, shell: DeskShell) -> UsersSheet:
    sheet = UsersSheet(shell)
    qtbot.addWidget(sheet)
    with qtbot.waitActive(sheet):
        sheet.show()
        sheet.activateWindow()
    qtbot.waitUntil(lambda: bool(sheet.name_edit.text()))
    return sheet


def save(qtbot: QtBot, shell: DeskShell, sheet: UsersSheet) -> None:
    before = len(shell.saves)
    sheet.finish()
    qtbot.waitUntil(lambda: len(shell.saves) > before)


def test_that_the_owner_adds_somebody_with_a_pin_that_no_draft_keeps(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    """E19, B19."""
    sheet = shown(qtbot, shell)
    sheet.new_button.click()
    QApplication.processEvents()
    retype(sheet.name_edit, "Kim")
    sheet.role_combo.setCurrentIndex(sheet.role_combo.findData(Role.MANAGER))
    retype(sheet.pin_edit, "2468")
    retype(sheet.again_edit, "2469")
    assert "2468" not in repr(sheet.state())
    assert sheet.state()["name"] == "Kim"
    sheet.finish()
    assert shell.saves == []
    assert sheet.again_edit.hasFocus()
    retype(sheet.again_edit, "2468")
    save(qtbot, shell, sheet)
    kim = next(one for one in services.users.all() if one.name == "Kim")
    assert (kim.role, kim.has_pin) == (Role.MANAGER, True)
    services.users.prove("Kim", "2468")
    assert (sheet.pin_edit.text(), sheet.again_edit.text(), sheet.state()) == ("", "", {})
    qtbot.waitUntil(lambda: sheet.people_list.lines()[0].aside == "Manager · PIN")
    sheet.forget_button.click()
    qtbot.waitUntil(lambda: not next(one for one in services.users.all() if one.name == "Kim").has_pin)


def test_that_the_last_owner_stays_owner_and_the_field_says_so(qtbot: QtBot, shell: DeskShell) -> None:
    """B19."""
    sheet = shown(qtbot, shell)
    sheet.role_combo.setFocus()
    press(Key.Key_Down)
    sheet.finish()
    qtbot.waitUntil(lambda: "needs an owner" in sheet.role_combo.accessibleDescription())
    assert shell.saves == []


def test_that_who_does_not_manage_users_sets_the_own_pin_and_nothing_else(
    qtbot: QtBot, shell: DeskShell, other_desk: Services
) -> None:
    """E19: the one there is must be known."""
    shell.services = other_desk
    sheet = shown(qtbot, shell)
    assert sheet.title() == "Your PIN"
    hidden: list[Any] = [sheet.people_list, sheet.new_button, sheet.current_edit, sheet.forget_button]
    assert [one for one in hidden if one.isVisible()] == []
    assert not sheet.role_combo.isEnabled()
    retype(sheet.pin_edit, "2468")
    retype(sheet.again_edit, "2468")
    save(qtbot, shell, sheet)
    qtbot.waitUntil(sheet.current_edit.isVisible)
    retype(sheet.pin_edit, "1357")
    retype(sheet.again_edit, "1357")
    sheet.finish()
    qtbot.waitUntil(lambda: "not the PIN" in sheet.current_edit.accessibleDescription())
    retype(sheet.current_edit, "2468")
    save(qtbot, shell, sheet)
    other_desk.users.prove("Sue", "1357")
