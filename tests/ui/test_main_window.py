"""The frame: pages as tabs, keys that work everywhere, undo, what is said of the database, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import psycopg
import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.engine import make_url

from studio_desktop.database.engine import Database
from studio_desktop.domain.changes import Change, Changes
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.errors import DatabaseUnavailable, StudioError
from studio_desktop.domain.permissions import Role
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Saved, Services, new_request
from studio_desktop.services.users import sit_down
from studio_desktop.settings import Settings, SettingsFile
from studio_desktop.ui import places
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.page import ClientInHand, Page, Shell
from studio_desktop.ui.theme import Theme
from tests.builders import a_client
from tests.ui.conftest import PATIENCE, Answers, sit_down_in

pytestmark = pytest.mark.databases("sqlite")
"""What the frame does is the same on both databases; what it says of a lost server is tried on a server here."""

KEY = Qt.Key
NONE, CONTROL, ALT, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


class Ledger(Page):
    """A page with a field; it remembers what it was told."""

    context = "ledger"

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self.field = QLineEdit(self)
        self.told: list[Changes] = []
        self.status_names: list[str] = []
        self.wished: dict[str, object] = {}
        self.saves = 0
        self.can_be_left = True
        self.hand: ClientInHand | None = None
        self.reason = ""

    def title(self) -> str:
        return "Ledger"

    def handlers(self) -> Mapping[str, Callable[..., object]]:
        return {"save": self._save}

    def why_not(self, action_id: str) -> str:
        return self.reason

    def wish(self, **wish: object) -> None:
        self.wished = wish

    def client_in_hand(self) -> ClientInHand | None:
        return self.hand

    def take_focus(self) -> None:
        self.field.setFocus()

    def refresh(self, changes: Changes) -> None:
        self.told.append(changes)
        self.status_names = [choice.text for choice in self.shell.choices["client_statuses"]]

    def leave(self, then: Callable[[], None]) -> None:
        if self.can_be_left:
            then()

    def _save(self) -> None:
        self.saves += 1


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of the tests' own in the window's table, in the place of the clients."""
    ledger = places.PagePlace("ledger", "Ledger", "list", "clients", Ledger)
    monkeypatch.setattr(places, "PAGES", (*(one for one in places.PAGES if one.action != "clients"), ledger))


@pytest.fixture
def ledger(window: MainWindow) -> Ledger:
    window.open_page("ledger")
    page = window.book.current()
    assert isinstance(page, Ledger)
    return page


@contextmanager
def server_shut(url: str) -> Iterator[None]:
    """Meanwhile the server lets nobody into this database, as when it is restarted."""
    name = make_url(url).database
    address = make_url(url).set(database="postgres").render_as_string().replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        yield
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def press(qtbot: QtBot, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """A key pressed where the cursor is."""
    qtbot.keyClick(QApplication.focusWidget(), key, modifiers)


def renamed(services: Services, record: ClientRecord, last_name: str) -> Saved[ClientRecord]:
    return services.clients.save(record, replace(record, last_name=last_name), new_request())


def test_that_the_cursor_rests_in_the_caller_box_at_the_start(window: MainWindow) -> None:
    assert window.caller_box.hasFocus()
    assert window.windowTitle() == "Home – Studio Desktop"


def test_that_a_page_opened_twice_is_raised_and_not_made_again(window: MainWindow, ledger: Ledger) -> None:
    window.open_page("home")
    window.open_page("ledger", filters={"overdue": True})
    assert window.book.current() is ledger
    assert len(list(window.book)) == 2
    assert ledger.wished == {"filters": {"overdue": True}}


def test_that_ctrl_tab_goes_round_and_ctrl_w_closes_all_but_home(
    window: MainWindow, ledger: Ledger, qtbot: QtBot
) -> None:
    press(qtbot, KEY.Key_Tab, CONTROL)
    assert window.windowTitle() == "Home – Studio Desktop"
    press(qtbot, KEY.Key_Tab, CONTROL | SHIFT)
    assert window.book.current() is ledger
    press(qtbot, KEY.Key_W, CONTROL)
    press(qtbot, KEY.Key_W, CONTROL)
    assert [page.title() for page in window.book] == ["Home"]


def test_that_back_and_forward_walk_through_the_pages_closed_ones_included(
    window: MainWindow, ledger: Ledger, qtbot: QtBot
) -> None:
    press(qtbot, KEY.Key_W, CONTROL)
    press(qtbot, KEY.Key_Left, ALT)
    assert window.windowTitle() == "Ledger – Studio Desktop"
    press(qtbot, KEY.Key_Left, ALT)
    assert window.windowTitle() == "Home – Studio Desktop"
    press(qtbot, KEY.Key_Right, ALT)
    assert window.windowTitle() == "Ledger – Studio Desktop"


def test_that_a_page_that_cannot_be_left_stays_open(window: MainWindow, ledger: Ledger, qtbot: QtBot) -> None:
    ledger.can_be_left = False
    press(qtbot, KEY.Key_W, CONTROL)
    assert window.book.current() is ledger


def test_that_f12_reaches_the_caller_box_from_a_field_and_esc_goes_back_to_it(
    window: MainWindow, ledger: Ledger, qtbot: QtBot
) -> None:
    press(qtbot, KEY.Key_F12)
    assert window.caller_box.hasFocus()
    press(qtbot, KEY.Key_Escape)
    assert ledger.field.hasFocus()
    press(qtbot, KEY.Key_Escape)
    assert window.caller_box.hasFocus()


def test_that_f6_goes_through_the_parts_of_the_window_and_back(
    window: MainWindow, ledger: Ledger, qtbot: QtBot
) -> None:
    parts = []
    for _ in range(5):
        press(qtbot, KEY.Key_F6)
        parts.append(QApplication.focusWidget())
    assert parts[0] is window.caller_box
    assert window.ribbon.isAncestorOf(parts[1])
    assert window.navigation.isAncestorOf(parts[2])
    assert window.book.strip.isAncestorOf(parts[3])
    assert parts[4] is ledger.field
    press(qtbot, KEY.Key_F6, SHIFT)
    assert QApplication.focusWidget() is parts[3]


def test_that_the_page_in_front_carries_out_what_it_says_it_can(
    window: MainWindow, ledger: Ledger, qtbot: QtBot
) -> None:
    press(qtbot, KEY.Key_S, CONTROL)
    assert ledger.saves == 1
    ledger.reason = "Nothing is typed."
    ledger.actions_changed.emit()
    assert not window.action_set["save"].isEnabled()
    assert "Nothing is typed." in window.action_set["save"].toolTip()
    window.open_page("home")
    assert not window.action_set["save"].isEnabled()


def test_that_the_keys_of_later_parts_do_nothing_yet(window: MainWindow, ledger: Ledger, qtbot: QtBot) -> None:
    """DECISIONS 23."""
    for key in (KEY.Key_F7, KEY.Key_F8, KEY.Key_F9):
        press(qtbot, key)
        press(qtbot, key, SHIFT)
    assert window.book.current() is ledger
    assert not {"till", "book_session", "log_call", "calendar", "invoices", "calls"} & set(window.action_set)


def test_that_a_save_tells_every_screen_and_can_be_undone_and_done_again_by_keys(
    window: MainWindow, ledger: Ledger, services: Services, qtbot: QtBot
) -> None:
    """RELIABILITY E5."""
    saved = renamed(services, a_client(services, last_name="Adams"), "Berg")
    window.saved("Renamed to Berg", saved.changes)
    assert ledger.told == [saved.changes]
    assert window.undo_bar.shown() == "Renamed to Berg"
    press(qtbot, KEY.Key_Backspace, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: services.clients.get(saved.result.id).last_name == "Adams")
    qtbot.waitUntil(lambda: len(ledger.told) == 2)
    assert ledger.told[1].touches("client", saved.result.id)
    qtbot.waitUntil(window.action_set["redo"].isEnabled)
    window.navigation.take_focus()  # in a field Ctrl+Y belongs to its text
    press(qtbot, KEY.Key_Y, CONTROL)
    qtbot.waitUntil(lambda: services.clients.get(saved.result.id).last_name == "Berg")


def test_that_ctrl_z_in_a_field_takes_back_its_text_only(
    window: MainWindow, ledger: Ledger, services: Services, qtbot: QtBot
) -> None:
    saved = renamed(services, a_client(services), "Berg")
    window.saved("Renamed", saved.changes)
    qtbot.keyClicks(ledger.field, "typed")
    press(qtbot, KEY.Key_Z, CONTROL)
    assert ledger.field.text() == ""
    assert services.clients.get(saved.result.id).last_name == "Berg"


def test_that_what_was_taken_back_cannot_be_done_again_after_something_new(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    saved = renamed(services, a_client(services), "Berg")
    window.saved("Renamed", saved.changes)
    window.undo_stack.undo()
    qtbot.waitUntil(window.action_set["redo"].isEnabled)
    window.saved("Renamed again", renamed(services, services.clients.get(saved.result.id), "Clark").changes)
    assert not window.action_set["redo"].isEnabled()


def test_that_going_home_is_going_to_the_place_of_rest(window: MainWindow, ledger: Ledger, qtbot: QtBot) -> None:
    press(qtbot, KEY.Key_Home, ALT)
    assert window.caller_box.hasFocus()


def test_that_what_a_page_says_of_itself_is_there_again_when_it_comes_back(
    window: MainWindow, ledger: Ledger
) -> None:
    ledger.status_changed.emit("7 rows")
    window.open_page("home")
    assert "7 rows" not in window.status.texts()
    window.open_page("ledger")
    assert "7 rows" in window.status.texts()


def test_that_what_was_changed_again_since_is_not_undone_and_the_window_says_so(
    window: MainWindow, ledger: Ledger, services: Services, other_desk: Services, qtbot: QtBot
) -> None:
    saved = renamed(services, a_client(services, last_name="Adams"), "Berg")
    window.saved("Renamed to Berg", saved.changes)
    renamed(other_desk, saved.result, "Clark")
    window.undo_stack.undo()
    sentence = "“Renamed to Berg” cannot be undone: it was changed again since."
    qtbot.waitUntil(lambda: window.messages.texts() == [sentence])
    assert services.clients.get(saved.result.id).last_name == "Clark"
    qtbot.waitUntil(lambda: not window.action_set["undo_last"].isEnabled())


def test_that_another_desks_change_reaches_every_screen_and_ones_own_is_told_once(
    window: MainWindow, ledger: Ledger, services: Services
) -> None:
    theirs = Changes("theirs", frozenset({Change("client", 7)}))
    window.hear(theirs)
    own = renamed(services, a_client(services), "Berg").changes
    window.saved("Renamed", own)
    window.hear(own)
    assert ledger.told == [theirs, own]


def test_that_screens_hear_of_a_changed_list_only_when_its_rows_are_there(
    window: MainWindow, ledger: Ledger, services: Services, other_desk: Services, qtbot: QtBot
) -> None:
    changes = services.catalogs.add("client_statuses", {"description": "Bridal"}, new_request()).changes
    window.hear(changes)
    qtbot.waitUntil(lambda: ledger.told == [changes])
    assert "Bridal" in ledger.status_names


def test_that_the_quick_access_somebody_chose_is_there_again_tomorrow(window: MainWindow, look: Theme) -> None:
    window.ribbon.quick_access.choose(("undo", "copy"))
    window.ribbon.quick_access.changed.emit(("undo", "copy"))
    kept = SettingsFile().load()
    again = MainWindow(SettingsFile(), kept, look, Answers(), lambda error: None)
    sit_down_in(again, window.services)
    QApplication.processEvents()
    assert [button.accessibleName() for button in again.ribbon.quick_access.buttons] == ["Undo", "Copy"]
    assert again.tasks.close()
    shiboken6.delete(again)


def test_that_a_failure_while_the_database_answers_stays_until_it_is_read(window: MainWindow, qtbot: QtBot) -> None:
    """RELIABILITY E2: a full disk is no lost connection."""
    tried: list[bool] = []
    window.failed(DatabaseUnavailable("The disk is full."), lambda: tried.append(True))
    qtbot.waitUntil(lambda: "Connected" in window.status.texts())
    assert window.messages.texts() == ["The disk is full."]


def test_that_a_failure_to_save_is_over_with_the_next_save(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    """RELIABILITY B15, E1: *nothing was saved* does not stand beside *Saved 10:04*."""
    window.failed(DatabaseUnavailable("The disk is full; nothing was saved."))
    window.failed(StudioError("The reports folder cannot be made."))
    qtbot.waitUntil(lambda: "Connected" in window.status.texts())
    window.saved("Renamed", renamed(services, a_client(services), "Berg").changes)
    assert window.messages.texts() == ["The reports folder cannot be made."]


def test_that_a_lost_server_is_said_until_it_answers_again_and_nothing_is_missed(
    qtbot: QtBot, look: Theme, fresh_studio: Callable[[str], str], clock: FixedClock
) -> None:
    """RELIABILITY E1, E3, E4; the server shuts this database for a while."""
    url = fresh_studio("postgresql")
    database = Database(url)
    services = Services(database, sit_down(database, clock, "FRONT-1"))
    window = MainWindow(SettingsFile(), Settings(theme="light"), look, Answers(), lambda error: None)
    window.show()
    sit_down_in(window, services)
    window.open_page("ledger")
    ledger = window.book.current()
    assert isinstance(ledger, Ledger)
    client = a_client(services, last_name="Adams", first_name="Anna")
    changes = services.catalogs.add("client_statuses", {"description": "Bridal"}, new_request()).changes
    with server_shut(url):
        window.hear(changes)
        window.open_client(client.id)
        page = window.book.current()
        assert isinstance(page, ClientPage)
        qtbot.waitUntil(lambda: "Connected" not in window.status.texts(), timeout=20_000)
        qtbot.waitUntil(
            lambda: any(text.startswith("Not connected since ") for text in window.messages.texts()), timeout=20_000
        )
        window.failed(DatabaseUnavailable("Another read found no server."))
        assert len(window.messages.texts()) == 1, "a lost server is said once"
        assert ledger.told == []
    qtbot.waitUntil(lambda: window.messages.texts() == [], timeout=20_000)
    qtbot.waitUntil(lambda: ledger.told == [changes])
    qtbot.waitUntil(lambda: page.title() == "Adams, Anna", timeout=20_000)
    assert page.tabs.current() == "general"
    assert window.tasks.close(PATIENCE)
    window.close()
    database.close()
    shiboken6.delete(window)


def test_that_the_client_in_hand_is_the_record_in_front_and_then_the_last_caller(
    window: MainWindow, ledger: Ledger
) -> None:
    assert window.chosen_clients() == []
    ledger.hand = ClientInHand(7, "Adams, Anna")
    assert window.client_in_hand() == ClientInHand(7, "Adams, Anna")
    assert window.chosen_clients() == [7]


def test_that_who_lacks_a_right_finds_its_actions_grey_with_the_reason(
    window: MainWindow, services: Services
) -> None:
    sit_down_in(window, Services(services.database, replace(services.desk, role=Role.VIEWER)))
    assert not window.action_set["back_up"].isEnabled()
    assert "You may not back up" in window.action_set["back_up"].toolTip()


def test_that_another_person_gets_fresh_pages_even_where_one_could_not_be_left(
    window: MainWindow, ledger: Ledger, other_desk: Services
) -> None:
    ledger.can_be_left = False
    window.desk_lock.close_desk()
    sit_down_in(window, other_desk)
    assert [page.title() for page in window.book] == ["Home"]
    assert window.services.desk.user_name == "Sue"


def test_that_text_size_and_ribbon_are_kept_on_this_computer(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, KEY.Key_Plus, CONTROL)
    press(qtbot, KEY.Key_F1, CONTROL)
    kept = SettingsFile().load()
    assert (kept.text_size, kept.ribbon_folded) == (110, True)
    press(qtbot, KEY.Key_0, CONTROL)
    assert SettingsFile().load().text_size == 100


def test_that_the_ribbon_folds_where_a_large_text_leaves_the_page_little_height_and_only_there(
    window: MainWindow, look: Theme, qtbot: QtBot
) -> None:
    assert not window.ribbon.folded
    try:
        look.set_text_percent(150)
        assert window.ribbon.folded
        assert not SettingsFile().load().ribbon_folded
        press(qtbot, KEY.Key_F1, CONTROL)
        assert not window.ribbon.folded, "who wants it has it"
        window.resize(1300, 768)
        assert not window.ribbon.folded
    finally:
        look.set_text_percent(100)
    assert not window.ribbon.folded


@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (1920, 1080)])
def test_that_the_window_fits_every_screen_and_narrows_its_places_on_small_ones(
    window: MainWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window.resize(*size)
    QApplication.processEvents()
    assert (window.width(), window.height()) == size
    assert (window.navigation.width() < 60) == (size[0] < 1340)


def test_that_closing_waits_for_every_page_and_keeps_the_windows_place(
    window: MainWindow, ledger: Ledger, qtbot: QtBot
) -> None:
    ledger.can_be_left = False
    window.open_page("home")
    window.close()
    assert window.isVisible()
    assert window.book.current() is ledger, "what keeps the window open is seen"
    assert ledger.field.hasFocus()
    ledger.can_be_left = True
    with qtbot.waitSignal(window.closed) as closed:
        window.close()
    assert closed.args == [True]
    assert not window.isVisible()
    assert SettingsFile().load().window_geometry


def test_that_a_window_closed_while_it_reads_drops_the_answer(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    """RELIABILITY B9 115."""
    late: list[object] = []
    for _ in range(20):
        window.tasks.run(window, services.catalogs.choices, late.append, lane="read")
    with qtbot.waitSignal(window.closed):
        window.close()
    QApplication.processEvents()
    assert len(late) < 20


def test_that_a_client_with_unsaved_typing_is_named_at_the_next_start(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    """RELIABILITY 10."""
    window.drafts.keep("client-7-1", user="Owner", kind="client", title="Adams, Anna", state={"x": "y"}, record_id=7)
    sit_down_in(window, services)
    sentence = "You typed this and did not save it: Adams, Anna."
    qtbot.waitUntil(lambda: window.messages.texts() == [sentence])


def test_that_a_backup_is_made_and_said(window: MainWindow, qtbot: QtBot) -> None:
    assert window.action_set["back_up"].isEnabled()
    window.action_set["back_up"].trigger()
    qtbot.waitUntil(lambda: window.status.texts()[-1].startswith("Backed up today "), timeout=20_000)
