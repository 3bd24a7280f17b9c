"""Job 1 of the front desk: a number or a name, Enter, and the caller is open (FRONT_DESK 2.1, 3.1)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import Stage
from studio_desktop.services import Services
from studio_desktop.ui.caller_box import CallerBox
from studio_desktop.ui.main_window import MainWindow
from tests.builders import a_client, a_member, a_phone
from tests.ui.conftest import DeskShell

ENTER, DOWN, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Escape


class Desk:
    """A caller box in a window of its own, and what it asked for."""

    def __init__(self, qtbot: QtBot, shell: DeskShell) -> None:
        self.qtbot = qtbot
        self.window = QWidget()
        self.window.resize(900, 600)
        self.box = CallerBox(self.window)
        self.page = QWidget(self.window)
        column = QVBoxLayout(self.window)
        column.addWidget(self.box)
        column.addWidget(self.page, 1)
        ways = [("clients", "Clients", "people", "customers"), ("preferences", "Preferences", "settings", "")]
        self.box.start(shell, lambda: ways)  # type: ignore[arg-type]
        self.opened: list[int] = []
        self.new: list[str] = []
        self.acted: list[str] = []
        self.left: list[bool] = []
        self.box.client_wanted.connect(self.opened.append)
        self.box.new_client_wanted.connect(self.new.append)
        self.box.action_wanted.connect(self.acted.append)
        self.box.left.connect(lambda: self.left.append(True))
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
        self.box.take_focus()

    def type(self, text: str) -> list[str]:
        """Type, wait for the answer, and say what is offered, word for word."""
        self.qtbot.keyClicks(self.box, text)
        self.qtbot.waitUntil(lambda: bool(self.box.offered()))
        self.qtbot.waitUntil(lambda: self.box.is_answered())
        return [entry.spoken() for entry in self.box.offered()]

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            self.qtbot.keyClick(self.box, key)


@pytest.fixture
def desk(qtbot: QtBot, shell: DeskShell) -> Desk:
    return Desk(qtbot, shell)


def test_that_a_name_and_enter_open_the_best_match(desk: Desk, services: Services) -> None:
    anna = a_client(services, last_name="Adams", first_name="Anna", phones=["330 555 0142"], town="Fairbrook")
    a_client(services, last_name="Badams", first_name="Zoe")
    assert desk.type("adam")[0] == "Adams, Anna, (330) 555-0142, Fairbrook"
    desk.press(ENTER)
    assert desk.opened == [anna.id]
    assert desk.box.text() == ""


def test_that_three_digits_from_the_middle_of_a_phone_open_its_owner(desk: Desk, services: Services) -> None:
    """S4-02."""
    anna = a_client(services, last_name="Adams", phones=["(330) 847-0142"])
    a_client(services, last_name="Berg", phones=["(330) 555-0177"])
    desk.type("847")
    desk.press(ENTER)
    assert desk.opened == [anna.id]


def test_that_enter_pressed_before_the_answer_opens_as_soon_as_it_is_there(
    desk: Desk, services: Services, qtbot: QtBot
) -> None:
    anna = a_client(services, last_name="Adams")
    qtbot.keyClicks(desk.box, "adams")
    desk.press(ENTER)
    qtbot.waitUntil(lambda: desk.opened == [anna.id])


def test_that_down_picks_another_one(desk: Desk, services: Services) -> None:
    a_client(services, last_name="Adams", first_name="Anna")
    bert = a_client(services, last_name="Adams", first_name="Bert")
    desk.type("adams")
    desk.press(DOWN, ENTER)
    assert desk.opened == [bert.id]


def test_that_a_family_member_is_found_with_the_phone_that_rings(desk: Desk, services: Services) -> None:
    """The child calls; the client is opened."""
    lily = replace(a_member("Lily", last_name="Morgan"), phones=(a_phone("330 555 0181"),))
    anna = a_client(services, last_name="Adams", first_name="Anna", phones=["330 555 0142"], family=(lily,))
    assert desk.type("5550181")[0] == "Lily Morgan, family of Adams, Anna, (330) 555-0181"
    desk.press(ENTER)
    assert desk.opened == [anna.id]


def test_that_each_of_a_household_who_answers_is_a_row_of_its_own(desk: Desk, services: Services) -> None:
    members = tuple(
        replace(a_member(name, last_name="Morgan"), phones=(a_phone(number),))
        for name, number in (("Lily", "330 555 0181"), ("Noah", "330 555 0182"))
    )
    a_client(services, last_name="Adams", first_name="Anna", family=members)
    assert desk.type("morgan")[:2] == [
        "Lily Morgan, family of Adams, Anna, (330) 555-0181",
        "Noah Morgan, family of Adams, Anna, (330) 555-0182",
    ]


def test_that_an_archived_client_is_found_and_says_so(desk: Desk, services: Services) -> None:
    a_client(services, last_name="Adams", first_name="Anna", stage=Stage.ARCHIVED)
    assert desk.type("adams")[0] == "Adams, Anna, Archived"


def test_that_enter_on_nobody_offers_a_new_client_with_what_was_typed(desk: Desk) -> None:
    assert desk.type("330 555 0199") == ["New client “330 555 0199”, nobody matches"]
    desk.press(ENTER)
    assert desk.new == ["330 555 0199"]


def test_that_a_place_of_the_program_is_found_after_the_clients(desk: Desk, services: Services) -> None:
    a_client(services, last_name="Prefontaine")
    assert desk.type("pref") == ["Prefontaine", "Preferences"]
    desk.press(DOWN, ENTER)
    assert desk.acted == ["preferences"]


def test_that_a_place_is_found_by_another_word_for_it(desk: Desk) -> None:
    """FRONT_DESK 2.1: who calls them customers need not learn another word first."""
    assert desk.type("custom")[0] == "Clients"
    desk.press(ENTER)
    assert desk.acted == ["clients"]


def test_that_the_places_of_the_program_have_the_words_of_other_programs(
    window: MainWindow, qtbot: QtBot
) -> None:
    """The board of leads by the words that Spectra and its like have for them."""
    box = window.caller_box
    for word in ("inquiries", "enquiry", "pipeline"):
        box.clear()
        qtbot.keyClicks(box, word)
        qtbot.waitUntil(box.is_answered)
        assert "Pipeline board" in [entry.text for entry in box.offered()], word


def test_that_esc_closes_the_list_then_empties_the_box_then_leaves_it(desk: Desk, services: Services) -> None:
    a_client(services, last_name="Adams")
    desk.type("ad")
    desk.press(ESCAPE)
    assert (desk.box.offered(), desk.box.text()) == ([], "ad")
    desk.press(ESCAPE)
    assert (desk.box.text(), desk.left) == ("", [])
    desk.press(ESCAPE)
    assert desk.left == [True]


def test_that_down_brings_back_a_list_that_was_closed(desk: Desk, services: Services, qtbot: QtBot) -> None:
    anna = a_client(services, last_name="Adams")
    offered = desk.type("ad")
    desk.press(ESCAPE)
    desk.press(DOWN)
    qtbot.waitUntil(lambda: [str(entry.text) for entry in desk.box.offered()] != [])
    assert desk.opened == [], "Down opens nobody"
    assert len(desk.box.offered()) == len(offered)
    desk.press(ENTER)
    assert desk.opened == [anna.id]


def test_that_no_text_ever_typed_is_refused(desk: Desk, qtbot: QtBot) -> None:
    """RELIABILITY H12. RELIABILITY 92."""
    for text in ("'; DROP TABLE client; --", "%_\\", "\u202eRTL", "🎉" * 50, "a" * 500, "((("):
        desk.box.clear()
        desk.box.setText(text)
        desk.box.textEdited.emit(desk.box.text())
        qtbot.waitUntil(desk.box.is_answered)
