"""The Notes tab: written, changed, deleted with undo, and never lost (S3-40, S3-45, S4-26)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.errors import DatabaseUnavailable
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.services import Services, new_request
from studio_desktop.ui.client_window.notes_tab import NotesTab
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.main_window import MainWindow
from tests.builders import a_client
from tests.ui.client_desk import CTRL, Key, open_in, open_page, press, press_key_of_tab, retype, save
from tests.ui.conftest import DeskShell

pytestmark = pytest.mark.databases("sqlite")
"""That saving holds on both databases is proven with the client's page."""


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    return a_client(services)


@pytest.fixture
def page(qtbot: QtBot, shell: DeskShell, anna: ClientRecord) -> ClientPage:
    return open_page(qtbot, shell, anna)


def written(services: Services, client: ClientRecord, text: str, *, alert: bool = False) -> NoteRecord:
    return services.notes.add(NoteRecord(client_id=client.id, text=text, alert=alert), new_request()).result


def notes_of(qtbot: QtBot, page: ClientPage, *texts: str) -> NotesTab:
    """The tab, once it lists these notes."""
    tab = page.show_tab("notes")
    assert isinstance(tab, NotesTab)
    qtbot.waitUntil(lambda: listed(tab) == list(texts))
    return tab


def listed(tab: NotesTab) -> list[str]:
    return [line.text for line in tab.body.notes_list.lines()]


def kept(services: Services, page: ClientPage) -> list[str]:
    return [note.text for note in services.notes.of_client(page.client_id)]


def test_that_notes_are_listed_newest_first_with_who_and_when_and_the_newest_open(
    qtbot: QtBot, page: ClientPage, services: Services, anna: ClientRecord, clock: FixedClock
) -> None:
    written(services, anna, "Prefers sage\nand cream", alert=True)
    clock.instant += timedelta(minutes=14)
    written(services, anna, "Album sent")
    tab = notes_of(qtbot, page, "Album sent", "Prefers sage")
    assert tab.body.text_edit.toPlainText() == "Album sent"
    lines = tab.body.notes_list.lines()
    assert lines[0].second == f"{page.shell.formats.instant(clock.instant, clock.today())} · Owner"
    assert [line.light for line in lines] == [None, "yellow"]


def test_that_the_first_note_is_written_at_once_and_saved_with_the_client(
    qtbot: QtBot, page: ClientPage, services: Services
) -> None:
    tab = notes_of(qtbot, page)
    assert tab.body.text_edit.hasFocus()
    QTest.keyClicks(tab.body.text_edit, "Allergic to lilies")
    QTest.keyClick(tab.body.alert_check, Key.Key_Space)
    assert page.unsaved() == ("Note",)
    save(qtbot, page)
    (note,) = services.notes.of_client(page.client_id)
    assert (note.text, note.alert) == ("Allergic to lilies", True)
    assert listed(tab) == ["Allergic to lilies"]


def test_that_an_alert_lights_the_tab_and_the_header(
    qtbot: QtBot, window: MainWindow, services: Services, anna: ClientRecord
) -> None:
    """S3-45: the light says its cause and goes with the alert."""
    page = open_in(qtbot, window, anna)
    press_key_of_tab(page, "notes")
    tab = page._tab("notes")
    assert isinstance(tab, NotesTab)
    QTest.keyClicks(tab.body.text_edit, "Look at this")
    QTest.keyClick(tab.body.alert_check, Key.Key_Space)
    press(Key.Key_S, CTRL)
    name = page.tabs._tabs["notes"].accessibleName
    qtbot.waitUntil(lambda: name() == "Notes, 1, Note to look at")
    QTest.keyClick(tab.body.alert_check, Key.Key_Space)
    press(Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: name() == "Notes, 1")


def test_that_opening_another_note_saves_the_one_that_was_changed(
    qtbot: QtBot, page: ClientPage, services: Services, anna: ClientRecord
) -> None:
    written(services, anna, "first")
    written(services, anna, "second")
    tab = notes_of(qtbot, page, "second", "first")
    retype(tab.body.text_edit, "second, changed")
    tab.body.notes_list.setFocus()
    press(Key.Key_Down)
    qtbot.waitUntil(lambda: tab.body.text_edit.toPlainText() == "first")
    assert kept(services, page) == ["second, changed", "first"]
    assert listed(tab) == ["second, changed", "first"]


def test_that_ctrl_t_stamps_date_time_and_initials_at_the_cursor(
    qtbot: QtBot, page: ClientPage, services: Services, clock: FixedClock
) -> None:
    tab = notes_of(qtbot, page)
    QTest.keyClicks(tab.body.text_edit, "x")
    press(Key.Key_Home)
    press(Key.Key_T, CTRL)
    time = page.shell.formats.time(clock.now())
    assert tab.body.text_edit.toPlainText() == f"10 Mar 2026 {time} O: x"


def test_that_a_deleted_note_comes_back_by_undo(
    qtbot: QtBot, window: MainWindow, services: Services, anna: ClientRecord
) -> None:
    written(services, anna, "first")
    written(services, anna, "second")
    page = open_in(qtbot, window, anna)
    tab = notes_of(qtbot, page, "second", "first")
    tab.body.notes_list.setFocus()
    press(Key.Key_Delete)
    qtbot.waitUntil(lambda: listed(tab) == ["first"])
    assert tab.body.text_edit.toPlainText() == "first"
    assert window.undo_bar.shown() == "Deleted a note"
    window.undo_bar.undo()
    qtbot.waitUntil(lambda: listed(tab) == ["second", "first"])


def test_that_the_ribbons_delete_means_the_note_while_the_cursor_is_at_the_notes(
    qtbot: QtBot, window: MainWindow, services: Services, anna: ClientRecord
) -> None:
    written(services, anna, "only")
    page = open_in(qtbot, window, anna)
    tab = notes_of(qtbot, page, "only")
    tab.body.text_edit.setFocus()
    window.action_set["delete"].trigger()
    qtbot.waitUntil(lambda: kept(services, page) == [])
    assert not services.clients.open(anna.id).deleted


def test_that_a_note_in_progress_stays_while_another_desk_writes(
    qtbot: QtBot, page: ClientPage, services: Services, other_desk: Services, anna: ClientRecord
) -> None:
    written(services, anna, "first")
    tab = notes_of(qtbot, page, "first")
    retype(tab.body.text_edit, "first, half ty")
    saved = other_desk.notes.add(NoteRecord(client_id=anna.id, text="theirs"), new_request())
    page.refresh(saved.changes)
    qtbot.waitUntil(lambda: listed(tab) == ["theirs", "first"])
    assert tab.body.text_edit.toPlainText() == "first, half ty"
    assert tab.body.notes_list.current().value != saved.result.id  # type: ignore[union-attr]


def test_that_a_note_that_cannot_be_saved_stays_open_with_its_text(
    qtbot: QtBot, page: ClientPage, services: Services, anna: ClientRecord, monkeypatch: pytest.MonkeyPatch,
    shell: DeskShell,
) -> None:  # fmt: skip
    written(services, anna, "first")
    written(services, anna, "second")
    tab = notes_of(qtbot, page, "second", "first")

    def cut(*_: object) -> None:
        raise DatabaseUnavailable("The server cannot be reached.")

    monkeypatch.setattr(services.notes, "save", cut)
    retype(tab.body.text_edit, "second, changed")
    tab.body.notes_list.setFocus()
    press(Key.Key_Down)
    qtbot.waitUntil(lambda: bool(shell.failures))
    assert tab.body.text_edit.toPlainText() == "second, changed"
    assert tab.body.notes_list.current().text == "second"  # type: ignore[union-attr]


def test_that_a_new_note_begins_from_everywhere_and_an_empty_one_is_nothing(
    qtbot: QtBot, window: MainWindow, services: Services, anna: ClientRecord
) -> None:
    written(services, anna, "first")
    page = open_in(qtbot, window, anna)
    notes_of(qtbot, page, "first")
    page.show_tab("general")
    window.action_set["new_note"].trigger()
    tab = page._tab("notes")
    assert isinstance(tab, NotesTab)
    assert tab.body.text_edit.hasFocus()
    assert page.unsaved() == ()
    QTest.keyClicks(tab.body.text_edit, "second")
    press(Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: listed(tab) == ["second", "first"])
    assert kept(services, page) == ["second", "first"]
    assert tab.body.text_edit.hasFocus()


def test_that_an_emptied_note_is_refused_beside_its_text(
    qtbot: QtBot, page: ClientPage, services: Services, anna: ClientRecord
) -> None:
    written(services, anna, "first")
    tab = notes_of(qtbot, page, "first")
    retype(tab.body.text_edit, "")
    page.save()
    qtbot.waitUntil(lambda: "Write something" in tab.body.text_edit.accessibleDescription())
    assert kept(services, page) == ["first"]


def test_that_an_alert_without_a_word_asks_for_the_word(qtbot: QtBot, page: ClientPage, services: Services) -> None:
    tab = notes_of(qtbot, page)
    QTest.keyClick(tab.body.alert_check, Key.Key_Space)
    assert page.unsaved() == ("Note",)
    page.save()
    qtbot.waitUntil(lambda: "Write something" in tab.body.text_edit.accessibleDescription())
    assert kept(services, page) == []


def test_that_a_note_that_is_refused_comes_to_the_front(
    qtbot: QtBot, page: ClientPage, services: Services, shell: DeskShell, anna: ClientRecord
) -> None:
    written(services, anna, "first")
    tab = notes_of(qtbot, page, "first")
    retype(tab.body.text_edit, "")
    page.show_tab("general")
    page.save()
    qtbot.waitUntil(lambda: page.tabs.current() == "notes")
    assert tab.body.text_edit.hasFocus()
    assert "Write something" in tab.body.text_edit.accessibleDescription()
    assert shell.failures == []


def test_that_a_very_long_note_in_any_script_is_kept_to_the_letter(
    qtbot: QtBot, page: ClientPage, services: Services
) -> None:
    tab = notes_of(qtbot, page)
    text = "\n".join(("Zażółć gęślą jaźń", "اتصل بعد الخامسة", "光影攝影工作室", "<b>not bold</b> & 'quoted'")) * 500
    tab.body.text_edit.setPlainText(text)
    save(qtbot, page)
    assert kept(services, page) == [text]


def test_that_the_list_leads_to_the_editor_by_enter_and_insert_begins_a_note(
    qtbot: QtBot, page: ClientPage, services: Services, anna: ClientRecord
) -> None:
    written(services, anna, "first")
    tab = notes_of(qtbot, page, "first")
    tab.body.notes_list.setFocus()
    press(Key.Key_Return)
    assert tab.body.text_edit.hasFocus()
    tab.body.notes_list.setFocus(Qt.FocusReason.TabFocusReason)
    press(Key.Key_Insert)
    assert tab.body.text_edit.hasFocus()
    assert tab.body.text_edit.toPlainText() == ""
