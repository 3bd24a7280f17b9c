"""What the tests of a client's page and sheets share: opening it, typing like a person, waiting for what follows."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.page import Page, Shell

Key = Qt.Key
CTRL, ALT, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)


def open_page(qtbot: QtBot, shell: Shell, client: ClientRecord, neighbours: list[int] | None = None) -> ClientPage:
    """The client's page by itself, read and in front."""
    page = ClientPage(shell, client.id, neighbours)
    qtbot.addWidget(page)
    page.resize(1210, 590)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.take_focus()
    is_read(qtbot, page)
    return page


def crash(page: ClientPage) -> None:
    """The program is gone: nothing is saved, nothing is left properly."""
    page.hide()
    page._draft._soon.stop()


def open_in(qtbot: QtBot, window: MainWindow, client: ClientRecord, neighbours: list[int] | None = None) -> ClientPage:
    """The client's page in the window, read and in front."""
    window.open_client(client.id, neighbours)
    page = window.book.current()
    assert isinstance(page, ClientPage)
    is_read(qtbot, page)
    return page


def is_read(qtbot: QtBot, page: Page) -> None:
    """Wait until the page shows its client and has looked for drafts."""
    assert isinstance(page, ClientPage)
    qtbot.waitUntil(lambda: page.title() != "…")
    QApplication.processEvents()


def field(page: QWidget, name: str) -> Any:
    """The widget of this name."""
    found = page.findChild(QWidget, name)
    assert found is not None, name
    return found


def retype(widget: QWidget, text: str) -> None:
    """Replace what stands in a field, key by key, and leave the cursor in it."""
    widget.setFocus()
    QTest.keyClick(widget, Key.Key_A, CTRL)
    QTest.keyClick(widget, Key.Key_Delete)
    QTest.keyClicks(widget, text)


def pick(combo: QComboBox, text: str) -> None:
    """Choose a line of a combo box as by its first letters."""
    combo.setFocus()
    at = combo.findText(text)
    assert at >= 0, f"{text} is not offered, but {[combo.itemText(i) for i in range(combo.count())]}"
    combo.setCurrentIndex(at)
    combo.activated.emit(at)


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """A key where the cursor is."""
    target = QApplication.focusWidget() or QApplication.activeWindow()
    assert target is not None
    QTest.keyClick(target, key, modifiers)


def save(qtbot: QtBot, page: ClientPage) -> None:
    """Save, and wait until it is done."""
    page.save()
    qtbot.waitUntil(lambda: not page.unsaved())


def press_key_of_tab(page: ClientPage, name: str) -> None:
    """Show a detail tab of a page in the window by its key."""
    press(Key(Key.Key_0 + page.tabs.ids().index(name) + 1), CTRL)
