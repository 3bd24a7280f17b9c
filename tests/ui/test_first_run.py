"""The first start: where the studio is, who sits there, and what is said when it cannot be opened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.engine import make_url

from studio_desktop.app import Program
from studio_desktop.database.check import check
from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import SystemClock
from studio_desktop.domain.permissions import Role
from studio_desktop.services import Services, new_request
from studio_desktop.services.connections import ServerAddress
from studio_desktop.services.users import Person, people, sit_down
from studio_desktop.settings import SettingsFile
from studio_desktop.ui.background import BackgroundTasks
from studio_desktop.ui.dialogs.first_run import FirstRunDialog
from studio_desktop.ui.dialogs.who_sits_here import WhoSitsHereDialog
from tests.builders import a_client
from tests.ui.conftest import Answers, Start


def dialog_of(qtbot: QtBot, kind: type[QWidget]) -> QWidget:
    """The dialog of this kind that is open, as soon as it is."""
    found: list[QWidget] = []

    def look() -> bool:
        found[:] = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]
        return bool(found)

    qtbot.waitUntil(look)
    return found[0]


def wait_for_work(qtbot: QtBot, program: Program) -> None:
    with qtbot.waitSignal(program.working, timeout=20_000):
        pass


def test_that_a_new_workstation_is_asked_and_enter_makes_a_studio_on_this_computer(
    start: Start, qtbot: QtBot, home: Path
) -> None:
    program = start()
    dialog = dialog_of(qtbot, FirstRunDialog)
    assert isinstance(dialog, FirstRunDialog)
    assert Path(dialog.file_edit.text()) == home / "studio.db"
    assert dialog.file_result_label.text() == "A new studio will be made there."
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    wait_for_work(qtbot, program)
    assert (home / "studio.db").exists()
    assert program.window.services.desk.user_name == "Owner"
    assert SettingsFile().load().database_url == f"sqlite:///{(home / 'studio.db').as_posix()}"


def test_that_the_next_start_opens_the_same_studio_without_a_question(
    start: Start, qtbot: QtBot, fresh_studio: Callable[[str], str]
) -> None:
    SettingsFile().change(database_url=fresh_studio("sqlite"))
    patience = sys.getswitchinterval()
    program = start()
    wait_for_work(qtbot, program)
    assert program.window.caller_box.hasFocus()
    assert sys.getswitchinterval() <= patience / 5, "the window has its turn while a report is made"


def test_that_a_database_on_the_command_line_is_not_remembered(
    start: Start, qtbot: QtBot, fresh_studio: Callable[[str], str]
) -> None:
    program = start(fresh_studio("sqlite"))
    wait_for_work(qtbot, program)
    assert SettingsFile().load().database_url == ""


@pytest.mark.usefixtures("look")
def test_that_the_test_of_a_server_says_what_is_there_and_what_is_wrong(
    qtbot: QtBot, fresh_studio: Callable[[str], str], fresh_url: Callable[[str], str]
) -> None:
    tasks = BackgroundTasks(lambda _: None, lambda _: None)
    dialog = FirstRunDialog(tasks, Answers(), fresh_studio("postgresql"), Path("studio.db"))
    qtbot.addWidget(dialog)
    dialog.show()

    def tried() -> str:
        dialog.server.test_button.click()
        qtbot.waitUntil(dialog.server.test_button.isEnabled, timeout=20_000)
        return dialog.server.result_label.text()

    there = ServerAddress.of(fresh_studio("postgresql"))
    assert tried().endswith(" holds a studio.")
    dialog.server.database_edit.setText(ServerAddress.of(fresh_url("postgresql")).database)
    assert tried().endswith(" is empty: a new studio will be made in it.")
    dialog.server.database_edit.setText("nowhere")
    assert tried().startswith(f"{there.host} has no database nowhere yet.")
    dialog.server.host_edit.setText("127.0.0.1")
    dialog.server.port_spin.setValue(1)
    assert tried().startswith("127.0.0.1 is there, but no PostgreSQL answers on port 1.")
    dialog.server.host_edit.setText("no-such-computer.invalid")
    assert tried().startswith("No computer is called no-such-computer.invalid.")
    dialog.server.host_edit.clear()
    assert tried() == "Type the name of the server."
    assert dialog.chosen is None
    assert tasks.close()


def test_that_a_server_asks_who_sits_here_once_and_a_new_name_joins_as_front_desk(
    start: Start, qtbot: QtBot, fresh_studio: Callable[[str], str]
) -> None:
    """DECISIONS 25."""
    SettingsFile().change(database_url=fresh_studio("postgresql"))
    program = start()
    dialog = dialog_of(qtbot, WhoSitsHereDialog)
    assert isinstance(dialog, WhoSitsHereDialog)
    asked = dialog.question
    qtbot.keyClicks(asked.name_edit, "Sue Whitaker")
    assert asked.new_label.text().startswith("Sue Whitaker is new here and joins as front desk")
    qtbot.keyClick(asked.name_edit, Qt.Key.Key_Return)
    wait_for_work(qtbot, program)
    desk = program.window.services.desk
    assert (desk.user_name, desk.role.value) == ("Sue Whitaker", "front desk")
    assert SettingsFile().load().recent_user == desk.user_id


def test_that_a_start_asks_for_the_pin_of_who_sat_here_last(
    start: Start, qtbot: QtBot, studio_url: str
) -> None:
    """E19: closing the program and starting it again does not open a locked desk."""
    database = Database(studio_url)
    here = Services(database, sit_down(database, SystemClock(), "FRONT-1"))
    me = here.users.all()[0]
    here.users.save(me, new_request(), pin="2468")
    sit_down(database, SystemClock(), "FRONT-1", "Sue")
    database.close()
    SettingsFile().change(database_url=studio_url, recent_user=me.id)
    program = start()
    dialog = dialog_of(qtbot, WhoSitsHereDialog)
    assert isinstance(dialog, WhoSitsHereDialog)
    asked = dialog.question
    assert (asked.name(), asked.pin_edit.hasFocus()) == (me.name, True)
    assert not program.window.works
    asked.name_edit.selectAll()
    qtbot.keyClicks(asked.name_edit, "Sue")
    assert not asked.sit_button.isEnabled()
    asked.name_edit.selectAll()
    qtbot.keyClicks(asked.name_edit, me.name)
    qtbot.keyClicks(asked.pin_edit, "2468")
    qtbot.keyClick(asked.pin_edit, Qt.Key.Key_Return)
    wait_for_work(qtbot, program)
    assert program.window.services.desk.user_name == me.name


@pytest.mark.usefixtures("look")
def test_that_the_beginning_of_a_name_chooses_who_sits_here(qtbot: QtBot) -> None:
    people = [Person(at, name, Role.FRONT_DESK) for at, name in enumerate(["Kim", "Owner", "Sue Whitaker"], 1)]
    tasks = BackgroundTasks(lambda _: None, lambda _: None)
    dialog = WhoSitsHereDialog(people, lambda _name, _pin: None, tasks)
    qtbot.addWidget(dialog)
    qtbot.keyClicks(dialog.question.name_edit, "su")
    assert dialog.name() == "Sue Whitaker"
    qtbot.keyClick(dialog.question.name_edit, Qt.Key.Key_Up)
    assert dialog.name() == "Owner"
    assert tasks.close()


def test_that_what_one_desk_of_a_server_saves_reaches_the_other_desks_window(
    start: Start, qtbot: QtBot, fresh_studio: Callable[[str], str]
) -> None:
    """RELIABILITY B3 42."""
    url = fresh_studio("postgresql")
    database = Database(url)
    here = Services(database, sit_down(database, SystemClock(), "FRONT-2", "Owner"))
    SettingsFile().change(database_url=url, recent_user=people(database)[0].id)
    program = start()
    wait_for_work(qtbot, program)
    before = [choice.text for choice in program.window.choices["client_statuses"]]
    here.catalogs.add("client_statuses", {"description": "Bridal"}, new_request())
    qtbot.waitUntil(
        lambda: [choice.text for choice in program.window.choices["client_statuses"]] == [*before, "Bridal"],
        timeout=20_000,
    )
    database.close()


def test_that_a_desk_whose_clock_is_wrong_works_by_the_servers_and_is_told_and_so_is_a_server_that_sorts_otherwise(
    start: Start, qtbot: QtBot, fresh_studio: Callable[[str], str]
) -> None:
    """RELIABILITY 68, 70: what is saved gets the time of the server, an hour and a half ahead of this computer's."""
    url = fresh_studio("postgresql")
    name = make_url(url).database
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS "
                      "$$ SELECT pg_catalog.clock_timestamp() + interval '90 minutes' $$")  # fmt: skip
        admin.execute(f"ALTER DATABASE {name} SET search_path = public, pg_catalog")
        admin.execute("UPDATE pg_database SET datcollversion = '2.31' WHERE datname = %s", (name,))
    database = Database(url)
    SettingsFile().change(database_url=url, recent_user=people(database)[0].id)
    program = start()
    wait_for_work(qtbot, program)
    window = program.window
    qtbot.waitUntil(lambda: len(window.messages.texts()) == 2, timeout=20_000)
    sorts, clock = window.messages.texts()
    assert clock.startswith("This computer's clock is 90 minutes behind the server's.")
    assert f'REINDEX DATABASE "{name}"' in sorts
    a_client(window.services)
    (made,) = window.services.history.of_record("client", 1)
    assert timedelta(minutes=89) < made.at - SystemClock().now() < timedelta(minutes=91)
    assert [str(one) for one in check(database)] == [sorts]
    database.close()


def test_that_a_studio_that_cannot_be_opened_says_why_and_offers_ways_on(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"not a database, whatever its name says" * 40)
    program = start(f"sqlite:///{broken}")
    with qtbot.waitSignal(program.stuck, timeout=20_000):
        pass
    assert "damaged" in program.window.opening.text()
    broken.unlink()
    program.window.opening.press("&Try again")
    wait_for_work(qtbot, program)


def test_that_a_second_start_on_the_same_file_brings_the_first_window_to_the_front(
    start: Start, qtbot: QtBot, fresh_studio: Callable[[str], str]
) -> None:
    """RELIABILITY 23; DECISIONS 18."""
    url = fresh_studio("sqlite")
    program = start(url)
    wait_for_work(qtbot, program)
    program.frame.showMinimized()
    start_beside(qtbot, "--database", url)
    qtbot.waitUntil(lambda: not program.frame.isMinimized())


def start_beside(qtbot: QtBot, *words: str) -> None:
    """Run the program's command while a window is open; it hands over and ends."""
    second = subprocess.Popen(
        [sys.executable, "-m", "studio_desktop", *words],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
    )
    try:
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=30_000)
    finally:
        second.kill()
    _, said = second.communicate()
    assert second.returncode == 0, said


@pytest.mark.parametrize("words", [("tel:+13305550142",), ("call", "(330) 555-0142")])
def test_that_a_number_from_another_program_reaches_the_window_on_the_same_studio(
    start: Start, qtbot: QtBot, studio_url: str, words: tuple[str, ...]
) -> None:
    """FRONT_DESK 3.1: a telephone system or a `tel:` link names the caller."""
    database = Database(studio_url)
    SettingsFile().change(database_url=studio_url, recent_user=people(database)[0].id)
    database.close()
    program = start()
    wait_for_work(qtbot, program)
    program.frame.showMinimized()
    start_beside(qtbot, *words)
    qtbot.waitUntil(lambda: program.window.caller_box.text() == "(330) 555-0142")
    assert not program.frame.isMinimized()


def test_that_without_a_window_the_call_opens_one_with_the_caller_in_the_box(
    start: Start, qtbot: QtBot, fresh_studio: Callable[[str], str]
) -> None:
    program = start(fresh_studio("sqlite"), caller="tel:+13305550142")
    wait_for_work(qtbot, program)
    assert program.window.caller_box.text() == "(330) 555-0142"
    assert program.window.caller_box.hasFocus()


def test_that_without_a_display_one_sentence_says_so() -> None:
    bare = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    bare.pop("QT_QPA_PLATFORM", None)
    if sys.platform != "linux":
        pytest.skip("other systems always have a screen")
    done = subprocess.run(
        [sys.executable, "-m", "studio_desktop"], env=bare, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "needs a screen" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
def test_that_sigterm_closes_the_window_as_a_click_would(fresh_studio: Callable[[str], str], tmp_path: Path) -> None:
    """RELIABILITY B9 116."""
    url = fresh_studio("sqlite")
    running = subprocess.Popen(
        [sys.executable, "-m", "studio_desktop", "--database", url],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 30
    while not Path(url.removeprefix("sqlite:///") + ".lock").exists() and time.monotonic() < deadline:
        assert running.poll() is None
        threading.Event().wait(0.05)
    running.send_signal(signal.SIGTERM)
    try:
        _, said = running.communicate(timeout=20)
    finally:
        running.kill()
    assert running.returncode == 0, said
