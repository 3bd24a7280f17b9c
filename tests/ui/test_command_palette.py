"""Every action is found by the beginnings of its words, and Enter does it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot

from studio_desktop.domain.permissions import Permission
from studio_desktop.ui.actions import ACTIONS, ActionSet, MenuEntry
from studio_desktop.ui.command_palette import Command, CommandPalette, found
from studio_desktop.ui.theme import apply_theme

NAMES = [
    "New client",
    "Change status",
    "Client statuses",
    "Report: Client status report, Excel",
    "Report: Client status report, PDF",
    "Report: Client list, Excel",
    "Save and close",
    "Straße wählen",
]


def names(typed: str, *more: Command) -> list[str]:
    return [command.text for command in found(typed, [*(Command(name, lambda: None) for name in NAMES), *more])]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("status ex", "Report: Client status report, Excel"),
        ("stat pdf", "Report: Client status report, PDF"),
        ("new", "New client"),
        ("n c", "New client"),
        ("CLOSE", "Save and close"),
        ("strasse wa", "Straße wählen"),
        ("status change", "Change status"),
        ("client", "Client statuses"),
    ],
)
def test_that_beginnings_of_words_find_it(typed: str, first: str) -> None:
    assert names(typed)[0] == first


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("list inquiries", "List the leads"), ("list prospective clients", "List the prospects"),
        ("make prospective", "Make a prospect"), ("make inquiry", "Make a lead"), ("make customer", "Make a client"),
    ],
)  # fmt: skip
def test_that_the_kinds_are_found_by_the_words_of_the_manual(typed: str, text: str) -> None:
    """S0-03."""
    commands = [Command(row.text, lambda: None, also=row.also) for row in ACTIONS]
    assert found(typed, commands)[0].text == text


def test_that_each_word_typed_needs_a_word_of_its_own() -> None:
    assert names("client client") == []
    assert names("lient") == []
    assert names("c c") == names("cl c") == []


def test_that_nothing_typed_offers_everything_in_the_order_of_the_table() -> None:
    assert names("") == NAMES
    assert names("  ") == NAMES


def test_that_what_cannot_be_done_now_comes_last() -> None:
    barred = Command("Client", lambda: None, why_not="You may not.")
    assert names("client", barred)[-1] == "Client"


class Desk:
    def __init__(self, qtbot: QtBot) -> None:
        self.window = QMainWindow()
        self.line = QLineEdit()
        self.window.setCentralWidget(self.line)
        qtbot.addWidget(self.window)
        self.ran: list[str] = []
        self.actions = ActionSet(self.window, lambda right: right is not Permission.IMPORT)
        for action_id in ("new_client", "labels", "import_clients", "save"):
            self.actions.bind(action_id, lambda ran=action_id: self.ran.append(ran))
        self.actions.bind(
            "report",
            lambda: self.ran.append("report"),
            menu=lambda: [MenuEntry("Client statuses, Excel", lambda: self.ran.append("statuses"))],
        )
        self.palette = CommandPalette(self.actions, self.window)
        self.actions.bind("palette", self.palette.open)
        self.window.resize(1000, 700)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.line.setFocus()

    def type(self, qtbot: QtBot, text: str) -> None:
        qtbot.keyClick(self.line, "p", Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        qtbot.keyClicks(QApplication.focusWidget(), text)


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Desk:
    apply_theme(qapp, "light")
    return Desk(qtbot)


def test_that_key_letters_and_enter_do_it_and_the_cursor_is_back(qtbot: QtBot, desk: Desk) -> None:
    desk.type(qtbot, "mail lab")
    assert desk.palette.offered() == ["Mailing labels"]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert desk.line.hasFocus()
    assert not desk.palette.isVisible()
    qtbot.waitUntil(lambda: desk.ran == ["labels"])


def test_that_the_lines_of_a_drop_down_are_found_too(qtbot: QtBot, desk: Desk) -> None:
    desk.type(qtbot, "status ex")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Enter)
    qtbot.waitUntil(lambda: desk.ran == ["statuses"])


def test_that_down_chooses_another(qtbot: QtBot, desk: Desk) -> None:
    desk.type(qtbot, "")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    second = desk.palette.offered()[1]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(desk.ran) == 1)
    assert desk.actions[desk.ran[0]].text() == second


def test_that_what_is_not_allowed_is_shown_and_not_done(qtbot: QtBot, desk: Desk) -> None:
    desk.type(qtbot, "import")
    assert desk.palette.offered() == ["Import clients"]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert desk.ran == []


def test_that_esc_and_a_second_call_close_it_and_give_the_cursor_back(qtbot: QtBot, desk: Desk) -> None:
    desk.type(qtbot, "x")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not desk.palette.isVisible()
    assert desk.line.hasFocus()
    desk.palette.open()
    desk.palette.open()
    assert not desk.palette.isVisible()
    assert desk.line.hasFocus()


def test_that_shortcuts_work_while_it_is_open(qtbot: QtBot, desk: Desk) -> None:
    desk.type(qtbot, "x")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert desk.ran == ["new_client"]
