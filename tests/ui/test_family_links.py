"""Relatives with a record of their own, in the family list and by keyboard (B23, S0-17)."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_desktop.services import Services
from studio_desktop.ui.client_window.family_editor import FamilyEditor
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.page import Page
from studio_desktop.ui.sheets.link import LinkSheet
from tests.builders import a_client, a_member, catalog_id
from tests.ui.client_desk import CTRL, Key, open_in, pick, press


def family_of(page: Page) -> FamilyEditor:
    editor = page.findChild(FamilyEditor)
    assert isinstance(editor, FamilyEditor)
    return editor


def lines(editor: FamilyEditor) -> list[str]:
    model = editor.list.model()
    return [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]


def test_that_a_relative_is_linked_shown_opened_and_unlinked_by_keyboard(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """B23."""
    anna = a_client(services, last_name="Adams", first_name="Anna", family=(a_member("Tom"),))
    mia = a_client(services, last_name="Reed", first_name="Mia")
    page = open_in(qtbot, window, anna)
    family_of(page).link_button.click()
    qtbot.waitUntil(lambda: isinstance(window.sheets.front(), LinkSheet))
    sheet = window.sheets.front()
    assert isinstance(sheet, LinkSheet)
    QTest.keyClicks(QApplication.focusWidget(), "mia")
    qtbot.waitUntil(lambda: bool(sheet.who.offered()))
    press(Key.Key_Down)
    press(Key.Key_Return)
    pick(sheet.relation_combo, "Child")
    qtbot.waitUntil(
        lambda: sheet.said_label.text() == "Reed, Mia: Child of Adams, Anna; Adams, Anna: Parent of Reed, Mia"
    )
    press(Key.Key_Return, CTRL)
    editor = family_of(page)
    qtbot.waitUntil(lambda: lines(editor)[1:] == ["Mia Reed, Child, own record"])
    editor.take_focus()
    press(Key.Key_Down)
    press(Key.Key_Down)
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: window.book.current().title() == "Reed, Mia")
    other = family_of(window.book.current())
    qtbot.waitUntil(lambda: lines(other) == ["Anna Adams, Parent, own record"])
    other.take_focus()
    press(Key.Key_Down)
    press(Key.Key_Delete)
    qtbot.waitUntil(lambda: lines(other) == [] and services.family.links_of(anna.id) == [])
    window.undo_stack.undo()
    qtbot.waitUntil(lambda: lines(other) == ["Anna Adams, Parent, own record"])
    assert [one.id for one in services.family.links_of(anna.id)] == [mia.id]


def test_that_a_member_gets_a_record_of_its_own_hidden_and_linked(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """S0-17, B23."""
    child = catalog_id(services, "relationships", "Child")
    anna = a_client(
        services, last_name="Adams", first_name="Anna",
        family=(a_member("Mia", last_name="Adams", relationship_id=child),),
    )  # fmt: skip
    page = open_in(qtbot, window, anna)
    editor = family_of(page)
    editor.take_focus()
    press(Key.Key_Down)
    editor.own_record_button.click()
    qtbot.waitUntil(lambda: lines(editor) == ["Mia Adams, Child, own record, hidden"])
    assert services.clients.get(anna.id).family == ()
    window.undo_stack.undo()
    qtbot.waitUntil(lambda: lines(editor) == ["Mia Adams, Child"])
