"""A sheet is put aside at any moment and comes back to the same character, even after a crash (FRONT_DESK 6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.domain.clock import FixedClock
from studio_desktop.paths import FORMS
from studio_desktop.services import Services
from studio_desktop.ui import places
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.page import ClientInHand, Page, Sheet, Shell
from studio_desktop.ui.widgets.client_line import ClientLine
from tests.builders import a_client
from tests.ui.conftest import sit_down_in

pytestmark = pytest.mark.databases("sqlite")
"""Sheets come and go the same on both databases."""

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Remark(Sheet):
    """Two lines of text; `finish` is refused while the first is empty."""

    name = "remark"

    def __init__(self, shell: Shell, about: str = "", parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self.about = about
        self.line, self.count, self.more = QLineEdit(self), QSpinBox(self), QLineEdit(self)
        column = QVBoxLayout(self)
        for field in (self.line, self.count, self.more):
            column.addWidget(field)

    def title(self) -> str:
        return f"Remark {self.about}".strip()

    def chip(self) -> str:
        return f"Remark: {self.line.text()}"

    def state(self) -> dict[str, Any]:
        texts = {"line": self.line.text(), "more": self.more.text()}
        return texts if any(texts.values()) else {}

    def restore(self, state: dict[str, Any]) -> None:
        self.line.setText(state["line"])
        self.more.setText(state["more"])

    def take_focus(self) -> None:
        self.line.setFocus()

    def finish(self) -> None:
        if self.line.text():
            self.finished.emit()


class Call(Remark):
    """A remark about one client."""

    name = "call"

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent=parent)
        self.client = shell.client_in_hand()

    def client_in_hand(self) -> ClientInHand | None:
        return self.client

    def takes_client(self) -> bool:
        return True

    def lacks_client(self) -> bool:
        return self.client is None

    def set_client(self, client: ClientInHand) -> None:
        self.client = client


class Board(Page):
    """A page with a field, so that there is something to come back to."""

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self.field = QLineEdit(self)

    def title(self) -> str:
        return "Board"

    def take_focus(self) -> None:
        self.field.setFocus()

    def head_height(self) -> int:
        return 108


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page and a sheet of the tests' own in the window's tables."""
    board = places.PagePlace("board", "Board", "list", "clients", Board)
    remark = places.SheetPlace("remark", Remark)
    monkeypatch.setattr(places, "PAGES", (*(one for one in places.PAGES if one.action != "clients"), board))
    monkeypatch.setattr(places, "SHEETS", (*places.SHEETS, remark, places.SheetPlace("call", Call)))


@pytest.fixture
def board(window: MainWindow) -> Board:
    window.open_page("board")
    page = window.book.current()
    assert isinstance(page, Board)
    return page


def begin(window: MainWindow, qtbot: QtBot, text: str, **arguments: Any) -> Remark:
    """A remark with this text typed."""
    window.open_sheet("remark", **arguments)
    qtbot.keyClicks(QApplication.focusWidget(), text)
    sheet = window.sheets.front()
    assert isinstance(sheet, Remark)
    return sheet


def press(qtbot: QtBot, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifiers)


def chips(window: MainWindow) -> list[str]:
    return [begun.chip for begun in window.sheets.begun() if begun.number != window.sheets.front_number()]


def test_that_a_ringing_phone_parks_the_sheet_at_once_and_the_cursor_waits_for_the_caller(
    window: MainWindow, board: Board, qtbot: QtBot
) -> None:
    begin(window, qtbot, "wants album prices")
    press(qtbot, Qt.Key.Key_F12)
    assert window.sheets.front() is None
    assert window.caller_box.hasFocus()
    assert chips(window) == ["Remark: wants album prices"]


def test_that_back_returns_to_the_same_character_with_its_selection(
    window: MainWindow, board: Board, qtbot: QtBot
) -> None:
    sheet = begin(window, qtbot, "wants album prices")
    sheet.line.setSelection(6, 5)
    press(qtbot, Qt.Key.Key_F12)
    window.open_page("home")
    press(qtbot, Qt.Key.Key_Left, ALT)
    assert window.book.current() is board
    assert window.sheets.front() is sheet
    assert sheet.line.hasFocus()
    assert sheet.line.selectedText() == "album"
    press(qtbot, Qt.Key.Key_Z)
    assert sheet.line.text() == "wants z prices"


def test_that_two_interruptions_are_a_stack_and_forward_leads_out_again(
    window: MainWindow, board: Board, qtbot: QtBot
) -> None:
    first = begin(window, qtbot, "one")
    press(qtbot, Qt.Key.Key_F12)
    window.open_page("home")
    second = begin(window, qtbot, "two")
    press(qtbot, Qt.Key.Key_F12)
    window.open_page("board")
    press(qtbot, Qt.Key.Key_Left, ALT)
    assert window.sheets.front() is second
    press(qtbot, Qt.Key.Key_Left, ALT)
    assert window.sheets.front() is first
    assert window.book.current() is board
    press(qtbot, Qt.Key.Key_Right, ALT)
    assert window.sheets.front() is second
    assert chips(window) == ["Remark: one"]


def test_that_esc_leaves_the_field_then_parks_and_never_discards(
    window: MainWindow, board: Board, qtbot: QtBot
) -> None:
    sheet = begin(window, qtbot, "half a th")
    press(qtbot, Qt.Key.Key_Escape)
    assert window.sheets.front() is sheet
    assert not sheet.line.hasFocus()
    press(qtbot, Qt.Key.Key_Escape)
    assert window.sheets.front() is None
    assert chips(window) == ["Remark: half a th"]


def test_that_an_untouched_sheet_simply_goes(window: MainWindow, board: Board, qtbot: QtBot) -> None:
    begin(window, qtbot, "")
    press(qtbot, Qt.Key.Key_Escape)
    assert window.sheets.front() is None
    assert window.sheets.begun() == []
    assert board.field.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_that_ctrl_enter_of_either_kind_finishes_and_takes_it_away(
    window: MainWindow, board: Board, qtbot: QtBot, key: Qt.Key
) -> None:
    begin(window, qtbot, "done")
    press(qtbot, key, CONTROL)
    assert window.sheets.begun() == []
    assert board.field.hasFocus()


def test_that_what_cannot_be_finished_stays(window: MainWindow, board: Board, qtbot: QtBot) -> None:
    sheet = begin(window, qtbot, "")
    press(qtbot, Qt.Key.Key_Return, CONTROL)
    assert window.sheets.front() is sheet


def test_that_a_thrown_away_sheet_comes_back_by_undo(window: MainWindow, board: Board, qtbot: QtBot) -> None:
    begin(window, qtbot, "not so fast", about="Anna")
    number = window.sheets.front_number()
    assert number is not None
    window.sheets.discard(number)
    assert window.sheets.begun() == []
    assert window.undo_bar.shown() == "Discarded: Remark: not so fast"
    window.undo_bar.undo()
    again = window.sheets.front()
    assert isinstance(again, Remark)
    assert (again.line.text(), again.about) == ("not so fast", "Anna")


def line_of(window: MainWindow) -> ClientLine:
    found = window.sheets.findChild(ClientLine)
    assert isinstance(found, ClientLine)
    return found


def test_that_alt_c_moves_all_of_a_sheet_to_the_right_client_and_her_record_behind_it(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    """FRONT_DESK 2.2, 6.2: wrong Adams in hand."""
    wrong = a_client(services, last_name="Adams", first_name="Alan")
    right = a_client(services, last_name="Adams", first_name="Anna")
    window.open_client(wrong.id)
    window.open_sheet("call")
    sheet = window.sheets.front()
    assert isinstance(sheet, Call)
    qtbot.keyClicks(QApplication.focusWidget(), "wants album prices")
    sheet.line.setSelection(6, 5)
    press(qtbot, Qt.Key.Key_C, ALT)
    qtbot.keyClicks(QApplication.focusWidget(), "adams anna")
    press(qtbot, Qt.Key.Key_Return)  # before anybody is found
    qtbot.waitUntil(lambda: sheet.client == ClientInHand(right.id, "Adams, Anna"))
    assert window.sheets.front() is sheet
    assert (sheet.line.text(), sheet.line.selectedText()) == ("wants album prices", "album")
    assert sheet.line.hasFocus()
    page = window.book.current()
    assert page is not None
    assert window.book.key_of(page) == ("client", right.id)
    press(qtbot, Qt.Key.Key_Left, ALT)
    page = window.book.current()
    assert page is not None
    assert window.book.key_of(page) == ("client", wrong.id)
    assert window.sheets.front() is None, "nothing of it is left with the wrong one"


def test_that_esc_leaves_the_sheet_with_its_client_at_the_same_character(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    window.open_client(a_client(services).id)
    window.open_sheet("call")
    sheet = window.sheets.front()
    assert isinstance(sheet, Call)
    before = sheet.client
    qtbot.keyClicks(QApplication.focusWidget(), "prices")
    press(qtbot, Qt.Key.Key_Home)
    press(qtbot, Qt.Key.Key_C, ALT)
    qtbot.keyClicks(QApplication.focusWidget(), "nobody")
    qtbot.waitUntil(lambda: bool(line_of(window).offered()))
    press(qtbot, Qt.Key.Key_Return)
    assert line_of(window).hasFocus(), "nobody is no client"
    press(qtbot, Qt.Key.Key_Escape)
    assert (sheet.client, sheet.line.cursorPosition(), sheet.line.hasFocus()) == (before, 0, True)


def test_that_with_nobody_in_hand_a_sheet_begins_by_asking_whom_it_is_about(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    """FRONT_DESK 2.2."""
    anna = a_client(services)
    window.open_sheet("call")
    sheet = window.sheets.front()
    assert isinstance(sheet, Call)
    assert line_of(window).hasFocus()
    qtbot.keyClicks(QApplication.focusWidget(), anna.number)
    press(qtbot, Qt.Key.Key_Enter)
    qtbot.waitUntil(lambda: sheet.client == ClientInHand(anna.id, "Adams, Anna"))
    assert sheet.line.hasFocus()


WITHOUT_A_CLIENT_SHEET = {
    "conflict", "connection", "crash_dialog", "first_run", "import_sheet", "labels_sheet", "new_client_sheet",
    "report_sheet", "who_sits_here",
}  # fmt: skip
"""Forms that never stand in a window together with a sheet whose client can be changed."""


def test_that_no_field_beside_such_a_sheet_has_the_same_key() -> None:
    """FRONT_DESK 4: Alt and a letter lead to a field, but Alt+C changes the client."""
    beside = [form for form in FORMS.glob("*.ui") if form.stem not in WITHOUT_A_CLIENT_SHEET]
    assert beside
    assert [form.name for form in beside if "&amp;c" in form.read_text("utf-8").lower()] == []


def test_that_a_sheet_about_nobody_has_no_client_to_change(window: MainWindow, board: Board, qtbot: QtBot) -> None:
    sheet = begin(window, qtbot, "note")
    press(qtbot, Qt.Key.Key_C, ALT)
    assert sheet.line.hasFocus()
    assert not line_of(window).isVisible()


def test_that_opening_another_page_parks_the_sheet(window: MainWindow, board: Board, qtbot: QtBot) -> None:
    begin(window, qtbot, "later")
    press(qtbot, Qt.Key.Key_Home, ALT)
    assert window.sheets.front() is None
    assert chips(window) == ["Remark: later"]


def test_that_the_head_of_the_page_stays_in_sight_and_tab_stays_in_the_sheet(
    window: MainWindow, board: Board, qtbot: QtBot
) -> None:
    sheet = begin(window, qtbot, "x")
    assert window.sheets.y() >= 108
    for _ in range(8):
        press(qtbot, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert window.sheets.isAncestorOf(focus)
    assert sheet.line.text() == "x"


def test_that_tab_goes_on_from_a_box_with_arrows_in_both_directions(
    window: MainWindow, board: Board, qtbot: QtBot
) -> None:
    """UX: no field keeps the cursor for ever."""
    sheet = begin(window, qtbot, "x")
    for key, field in ((Qt.Key.Key_Tab, sheet.count), (Qt.Key.Key_Tab, sheet.more), (Qt.Key.Key_Backtab, sheet.count),
                       (Qt.Key.Key_Backtab, sheet.line)):  # fmt: skip
        press(qtbot, key)
        assert QApplication.focusWidget() is field


def restart(window: MainWindow, services: Services) -> None:
    """What a new program does: it knows only what lies in the drafts."""
    window.sheets.stand_up()
    sit_down_in(window, services)


def test_that_a_draft_is_on_the_disk_within_two_seconds_of_the_last_key(
    window: MainWindow, board: Board, qtbot: QtBot, services: Services
) -> None:
    sheet = begin(window, qtbot, "kept")
    qtbot.waitUntil(lambda: len(window.drafts.of("Owner")) == 1, timeout=2000)
    sheet.more.setText("and more")
    qtbot.waitUntil(lambda: window.drafts.of("Owner")[0].state["typed"]["more"] == "and more", timeout=2000)


def test_that_a_parked_sheet_is_offered_again_after_a_restart(
    window: MainWindow, board: Board, qtbot: QtBot, services: Services
) -> None:
    begin(window, qtbot, "finish this call", about="Anna")
    press(qtbot, Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: len(window.drafts.of("Owner")) == 1)
    restart(window, services)
    qtbot.waitUntil(lambda: chips(window) == ["Remark: finish this call"])
    window.sheets.unpark(window.sheets.begun()[0].number)
    sheet = window.sheets.front()
    assert isinstance(sheet, Remark)
    assert (sheet.line.text(), sheet.about) == ("finish this call", "Anna")


def test_that_a_finished_sheet_leaves_no_draft(window: MainWindow, board: Board, qtbot: QtBot) -> None:
    begin(window, qtbot, "done")
    qtbot.waitUntil(lambda: len(window.drafts.of("Owner")) == 1)
    press(qtbot, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: window.drafts.of("Owner") == [])


def test_that_parked_sheets_belong_to_their_person_and_are_kept_for_seven_days(
    window: MainWindow, board: Board, qtbot: QtBot, services: Services, other_desk: Services, clock: FixedClock
) -> None:
    begin(window, qtbot, "mine")
    press(qtbot, Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: len(window.drafts.of("Owner")) == 1)
    restart(window, other_desk)
    assert chips(window) == []
    clock.instant += timedelta(days=6, hours=23)
    restart(window, services)
    qtbot.waitUntil(lambda: chips(window) == ["Remark: mine"])
    clock.instant += timedelta(hours=2)
    assert window.drafts.of("Owner") == []
