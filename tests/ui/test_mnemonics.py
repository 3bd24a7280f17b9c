"""Alt and a letter lead to one place: no view of the window gives a letter twice (E1)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import Stage
from studio_desktop.services import Services, new_request
from studio_desktop.ui import places
from studio_desktop.ui.client_window import TABS
from studio_desktop.ui.client_window.header_editor import HeaderEditor
from studio_desktop.ui.client_window.tab import Tab
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.page import Page, Sheet
from studio_desktop.ui.pictures import settle, views
from tests.builders import everything

# Said for every menu without a screen.
pytestmark = [
    pytest.mark.databases("sqlite"),
    pytest.mark.timeout(300),
    pytest.mark.qt_log_ignore("This plugin does not support"),
]

PARTS = (Sheet, HeaderEditor, Tab, Page, QDialog)
"""What has letters of its own: of one that several have, the part with the cursor is meant."""


def test_that_no_view_gives_a_letter_to_two_places(window: MainWindow, services: Services) -> None:
    """Every page, tab, sheet and dialog; the keys of actions count as well."""
    window.apply(services.preferences.save({"ask_consent": True}, new_request()).changes)
    whole = replace(everything(services), stage=Stage.ACTIVE, archive_reason_id=None)
    window.apply(services.clients.create(whole, new_request()).changes)
    doubles, seen = [], set()
    for name, view in views(window):
        seen.add(name)
        for part, letters in given_in(view, window):
            twice = {one: texts for one, texts in letters.items() if len(texts) > 1}
            doubles += [f"{name}, {type(part).__name__}: {one} is for {texts}" for one, texts in twice.items()]
    assert not doubles, "\n".join(doubles)
    wanted = [place.name for place in places.PAGES] + [f"sheet-{one.name.replace('_', '-')}" for one in places.SHEETS]
    assert {*wanted, *(f"client-{number:02d}" for number in range(1, len(TABS) + 1))} <= seen


def test_that_a_letter_of_two_parts_leads_to_the_one_with_the_cursor(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    """The street of the header while that is edited, the status of the tab; the sheet's own while one is open."""
    anna = services.clients.create(replace(everything(services), stage=Stage.ACTIVE, archive_reason_id=None), "r1")
    window.apply(anna.changes)
    window.open_client(anna.result.id)
    settle(window)
    page = window.book.current()
    assert isinstance(page, ClientPage)
    page.edit_header()
    settle(window)
    status = page.findChild(QComboBox, "status_id_combo")
    street = next(one for one in page.header.editor.findChildren(QLineEdit) if one.objectName() == "line1_edit")
    assert status is not None
    for field, other in ((status, street), (street, status)):
        at = page.findChild(QLineEdit, "custom_text_1_edit" if field is status else "last_name_edit")
        assert at is not None
        at.setFocus()
        QTest.keyClick(at, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
        assert field.hasFocus()
        assert not other.hasFocus()
    window.open_sheet("new_client")
    settle(window)
    sheet = window.sheets.front()
    assert sheet is not None
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    assert sheet.isAncestorOf(QApplication.focusWidget())


def given_in(view: QWidget, window: MainWindow) -> list[tuple[QWidget, dict[str, list[str]]]]:
    """What Alt and a letter can lead to: for each part that is shown, each letter with the texts that give it.

    The frame around the page, and the keys of actions, are in every part.
    """
    everywhere = [] if isinstance(view, QDialog) else of_actions(window)
    found: dict[QWidget, list[tuple[str, str]]] = {}
    for one in view.findChildren(QWidget):
        text = one.text() if isinstance(one, QAbstractButton | QLabel) else ""
        letter = QKeySequence.mnemonic(text).toString()
        if not letter or not one.isVisible() or not one.isEnabled():
            continue
        if isinstance(one, QLabel) and one.buddy() is None:
            continue
        part: QWidget | None = one
        while part is not None and not isinstance(part, PARTS):
            part = part.parentWidget()
        if part is None:
            everywhere.append((letter, text))
        else:
            found.setdefault(part, []).append((letter, text))
    given = []
    for part, letters in found.items():
        texts: dict[str, list[str]] = {}
        for letter, text in (*letters, *everywhere):
            texts.setdefault(letter, []).append(text)
        given.append((part, texts))
    return given


def of_actions(window: MainWindow) -> list[tuple[str, str]]:
    """The keys that actions have by themselves."""
    able = [window.action_set[one] for one in window.action_set if window.action_set[one].isEnabled()]
    return [(key.toString(), action.text()) for action in able for key in action.shortcuts()]
