"""The program with a window: wires settings, log, database, services and window, and takes them apart again.

What the first painting of the window needs is imported here, everything else where it is used (PERFORMANCE G6).
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from studio_desktop.paths import short_name
from studio_desktop.settings import (
    HOME_VARIABLE,
    Settings,
    SettingsFile,
    backup_folder,
    data_folder,
    default_database_url,
)
from studio_desktop.ui.doorbell import doorbell, reached_first_window
from studio_desktop.ui.frame import Frame
from studio_desktop.ui.theme import apply_theme

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

    from studio_desktop.database.changes import Feed
    from studio_desktop.database.engine import Database
    from studio_desktop.domain.changes import Change
    from studio_desktop.domain.errors import StudioError
    from studio_desktop.services import Services
    from studio_desktop.services.users import Person
    from studio_desktop.ui.dialogs.connection import Connection
    from studio_desktop.ui.main_window import MainWindow
    from studio_desktop.ui.prompts import Prompts
    from studio_desktop.ui.studio import Studio

log = logging.getLogger(__name__)

POLLED_EVERY = 10_000
"""Milliseconds after which a shared server is asked for news although it has not called."""

TURN = 0.0005
"""Seconds for which a lane computes before the window has its turn: painting a list asks for hundreds of them."""


def run(url: str | None, caller: str | None = None) -> int:
    """Open the window on a database, or on this workstation's own, until it is closed.

    `caller` is the number whose phone rings: a window of this person on the same studio is given it instead.
    """
    settings_file = SettingsFile()
    settings = settings_file.load()
    if reached_first_window(url or settings.database_url, caller):
        return 0
    program = Program(settings_file, settings, url, caller=caller or "")
    program.start()
    status = QApplication.exec()
    if not program.end():
        os._exit(status)  # a query hangs in a thread, which cannot be ended
    return status


def look(file: Path) -> int:
    """Open the window on a copy of a backup, for looking only, until it is closed; the copy is removed then."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="studio-desktop-", ignore_cleanup_errors=True) as folder:
        settings_file = SettingsFile()
        url = f"sqlite:///{(Path(folder) / file.with_suffix('.db').name).as_posix()}"
        program = Program(settings_file, settings_file.load(), url, looks_at=file)
        program.start()
        status = QApplication.exec()
        program.end()
    return status


def pictures(url: str | None, folder: Path) -> int:
    """Take a picture of every window, tab, sheet and dialog of a studio, light and dark, into `folder`."""
    from studio_desktop.ui.pictures import take_pictures

    with unattended(url) as program:
        refused = program.wait_until_working()
        if refused:
            sys.stderr.write(f"{refused}\n")
            return 1
        taken = take_pictures(program.window, folder)
    sys.stdout.write(f"{len(taken)} pictures in {folder}.\n")
    return 0


def self_test() -> int:
    """Open every window and tab on a temporary studio and render every report; a line for each, 1 if any fails."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="studio-desktop-") as folder:
        os.environ[HOME_VARIABLE] = folder
        with unattended(default_database_url()) as program:
            return _SelfTest(program, Path(folder)).run()


class Program(QObject):
    """One run of the program: finds the studio, opens it, seats the person, and hears of other desks."""

    working = Signal()
    """A studio is open in the window."""
    stuck = Signal(str)
    """The studio could not be opened, and why; the window says so and offers ways on."""

    window: MainWindow
    """There once the frame was painted."""

    _told = Signal(str)

    def __init__(
        self,
        settings_file: SettingsFile,
        settings: Settings,
        url: str | None,
        prompts: Prompts | None = None,
        caller: str = "",
        looks_at: Path | None = None,
    ) -> None:
        """`url` overrides the workstation's own database and is not remembered; `caller` is whose phone rings.

        `looks_at` is a backup: `url` becomes a studio made from it, which can only be read.
        """
        super().__init__()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.unattended = False
        self._theme = apply_theme(
            application, settings.theme, text_percent=settings.text_size, density=settings.density
        )
        self._settings_file = settings_file
        self._settings = settings
        self._prompts = prompts
        self._caller = caller
        self._looks_at = looks_at
        self._is_own = url is None
        self._url = url or settings.database_url
        self._password: str | None = None
        self._database: Database | None = None
        self._feed: Feed | None = None
        self._other_desks: _OtherDesks | None = None
        self._doorbell: QLocalServer | None = None
        self._lanes_are_idle = True
        self._at_the_end = ExitStack()
        self.frame = Frame(settings.window_geometry)
        self.frame.painted.connect(self._begin)

    def start(self) -> None:
        """Show the window; once it is painted, open the studio, or ask where it is."""
        self.frame.show()

    def _begin(self) -> None:
        from studio_desktop import logs
        from studio_desktop.ui.crash_dialog import install_crash_handling
        from studio_desktop.ui.garbage import GarbageCollection
        from studio_desktop.ui.main_window import MainWindow
        from studio_desktop.ui.prompts import Prompts

        self._at_the_end.enter_context(_ending_by_signal(self.frame.close))
        self._at_the_end.enter_context(logs.configure(data_folder()))
        self._at_the_end.callback(install_crash_handling(self._show_crash))
        window = self.window = MainWindow(
            self._settings_file, self._settings, self._theme, self._prompts or Prompts(), self._unexpected, self.frame
        )
        self._at_the_end.callback(GarbageCollection(self).close)
        self._at_the_end.callback(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(TURN)
        self.frame.fill(window)
        self._told.connect(lambda text: window.opening.show_progress(self.tr("One moment"), text))
        window.closed.connect(self._window_closed)
        window.user_change_wanted.connect(self._seat)
        window.restore_wanted.connect(self._restore)
        if self._caller:
            window.announce(self._caller)
        if self._settings_file.complaint:
            window.messages.show_message("settings", self._settings_file.complaint)
        (self._open if self._url else self._ask_where)()

    def wait_until_working(self) -> str:
        """Open the studio before anything else happens; gives why it cannot be opened, or nothing."""
        loop = QEventLoop()
        refused: list[str] = []
        self.working.connect(loop.quit)
        self.stuck.connect(refused.append)
        self.stuck.connect(loop.quit)
        self.start()
        loop.exec()
        return "".join(refused)

    def end(self) -> bool:
        """Close the database; False, with nothing closed, if a lane is still at work."""
        self._at_the_end.close()
        if self._lanes_are_idle and self._database is not None:
            self._database.close()
            self._database = None
        return self._lanes_are_idle

    def _open(self) -> None:
        self.window.opening.show_progress(self.tr("Opening the studio…"), "")
        url, password, tell, looks_at = self._url, self._password, self._told.emit, self._looks_at
        if looks_at is not None:
            self.window.tasks.run(self, lambda: _opened_copy(looks_at, url, tell), self._opened, self._cannot_open)
            return
        self.window.tasks.run(self, lambda: _opened(url, password, tell), self._opened, self._cannot_open)

    def _restore(self, backup: Path) -> None:
        """Put a backup in the place of the studio in the window, and open that."""
        window, database, services = self.window, self._database, self.window.services
        assert database is not None
        if self._other_desks is not None:
            self._other_desks.close()
            self._other_desks = None
        window.backups.stop()
        window.clear()
        window.setEnabled(False)
        window.opening.show_progress(self.tr("Restoring {name}…").format(name=backup.name), "")
        url, password, tell, user = self._url, self._password, self._told.emit, services.desk.user_name

        def restored(outcome: _Restored) -> None:
            window.setEnabled(True)
            self._database, self._feed = outcome.opened.database, outcome.opened.feed
            if outcome.refused is not None:
                window.failed(outcome.refused)
            else:
                window.messages.show_message(
                    "restored", self.tr("The backup {name} was restored.").format(name=backup.name), tone="green",
                    passing=True,
                )  # fmt: skip
            self._seat(None if self._database.path is not None else user)

        def lost(error: StudioError) -> None:
            window.setEnabled(True)
            self._database = None
            self._cannot_open(error)

        window.tasks.run(self, lambda: _restored(backup, services, url, password, tell), restored, lost)

    def _opened(self, opened: _Opened) -> None:
        from studio_desktop.domain.permissions import Role

        self._database, self._feed, people = opened.database, opened.feed, opened.people
        if self._is_own:
            self._keep(database_url=self._url)
        if self._database.path is not None:
            self._doorbell = doorbell(self._url, self.window, self.window.announce)
            owners = [one for one in people if one.role is Role.OWNER]
            last: Person | None = min(owners, key=lambda one: one.id)
        else:
            recent = self.window.settings.recent_user if self._is_own else 0
            last = next((one for one in people if one.id == recent), None)
        if self.unattended:
            self._seat((last or people[0]).name)
        elif last is None or last.has_pin:
            self._ask_who_sits_here(people, last)
        else:
            self._seat(last.name)

    def _cannot_open(self, error: StudioError) -> None:
        from studio_desktop.domain.errors import AlreadyOpen

        if isinstance(error, AlreadyOpen) and reached_first_window(self._url, self._caller or None):
            self.frame.close()
            return
        ways = [
            (self.tr("&Try again"), self._open),
            (self.tr("&Choose another place…"), self._ask_where),
            (self.tr("&Quit"), self._quit),
        ]
        self.window.opening.show_trouble(self.tr("The studio cannot be opened"), str(error), ways)
        self.stuck.emit(str(error))

    def _ask_where(self) -> None:
        from PySide6.QtWidgets import QDialog

        from studio_desktop.ui.dialogs.first_run import FirstRunDialog

        window = self.window
        default = Path(default_database_url().removeprefix("sqlite:///"))
        dialog = FirstRunDialog(window.tasks, window.prompts, self._url, default, window)

        def answered(result: int) -> None:
            dialog.deleteLater()
            if result == QDialog.DialogCode.Accepted and dialog.chosen is not None:
                self._choose(dialog.chosen)
            else:
                self._quit()

        window.opening.show_progress(self.tr("Welcome"), "")
        dialog.finished.connect(answered)
        dialog.open()

    def _choose(self, chosen: Connection) -> None:
        from studio_desktop.services.connections import remember_password

        self._url, self._is_own = chosen.url, True
        self._password = chosen.password or None
        if chosen.password and chosen.keep_password and not remember_password(chosen.url, chosen.password):
            self.window.messages.show_message(
                "keyring", self.tr("This computer has no keyring; the password is asked again at the next start.")
            )
        self._open()

    def _ask_who_sits_here(self, people: list[Person], last: Person | None) -> None:
        from PySide6.QtWidgets import QDialog

        from studio_desktop.services.users import prove
        from studio_desktop.ui.dialogs.who_sits_here import WhoSitsHereDialog

        database, window = self._database, self.window
        assert database is not None
        dialog = WhoSitsHereDialog(
            people, lambda name, pin: prove(database, database.clock(), name, pin), window.tasks, last, window
        )

        def answered(result: int) -> None:
            dialog.deleteLater()
            if result == QDialog.DialogCode.Accepted:
                self._seat(dialog.name())
            else:
                self._quit()

        dialog.finished.connect(answered)
        dialog.open()

    def _seat(self, name: str | None) -> None:
        import platform

        database, workstation = self._database, self.window.settings.workstation or platform.node()
        assert database is not None
        self.window.tasks.run(self, lambda: _seated(database, workstation, name), self._work)

    def _work(self, studio: Studio) -> None:
        from studio_desktop.database.concerns import concerns
        from studio_desktop.ui.drafts import Drafts

        database = self._database
        assert database is not None
        if self._is_own:
            self._keep(recent_user=studio.services.desk.user_id)
        drafts = Drafts(data_folder() / "drafts" / short_name(self._url), studio.services.desk.clock)
        self.window.work(studio, database.name, drafts)
        if self._doorbell is None:
            self._doorbell = doorbell(self._url, self.window, self.window.announce)
        if self._feed is not None and self._other_desks is None:
            password = _password(self._url, self._password)
            self._other_desks = _OtherDesks(database, self._feed, password, self.window)
        self.working.emit()
        clock = studio.services.desk.clock
        self.window.tasks.run(self.window, lambda: concerns(database, clock), self._tell_concerns, lane="pool")

    def _tell_concerns(self, sentences: tuple[str, ...]) -> None:
        for number, sentence in enumerate(sentences):
            self.window.messages.show_message(f"concern {number}", sentence)

    def _keep(self, **values: object) -> None:
        import dataclasses

        self.window.save_settings(dataclasses.replace(self.window.settings, **values))  # type: ignore[arg-type]

    def _quit(self) -> None:
        self.frame.close()

    def _window_closed(self, lanes_are_idle: bool) -> None:
        self._lanes_are_idle = lanes_are_idle
        if self._other_desks is not None:
            self._other_desks.close()
        if self._doorbell is not None:
            self._doorbell.close()
        self.frame.hide()
        QApplication.quit()

    def _unexpected(self, error: BaseException) -> None:
        log.critical("Not caught", exc_info=error)
        self._show_crash(error)

    def _show_crash(self, error: BaseException) -> None:
        from studio_desktop.ui.crash_dialog import show_crash

        show_crash(error, self.window)


class _SelfTest:
    """Shows and writes everything there is once, and tells of each how it went."""

    def __init__(self, program: Program, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._complaints: list[str] = []
        self._failed = False

    def run(self) -> int:
        """The exit status."""
        listener = logging.Handler(logging.WARNING)
        listener.emit = lambda record: self._complaints.append(record.getMessage())  # type: ignore[method-assign]
        logging.getLogger().addHandler(listener)
        try:
            refused = self._program.wait_until_working()
            self._tell("database", refused)
            if not refused:
                self._windows()
                self._documents()
        except Exception as error:
            log.exception("self-test")
            self._tell("the self-test itself", f"{type(error).__name__}: {error}")
        finally:
            logging.getLogger().removeHandler(listener)
        return 1 if self._failed else 0

    def _windows(self) -> None:
        from studio_desktop.ui.pictures import settle, views

        window = self._program.window
        window.services.demo.fill(60, seed=1)
        settle(window)
        for name, view in views(window):
            picture = view.grab()
            self._tell(f"window {name}", "" if not picture.isNull() else "nothing was painted")

    def _documents(self) -> None:
        from studio_desktop.domain import fields
        from studio_desktop.reports import REPORTS
        from studio_desktop.reports.report import options_of, write_report
        from studio_desktop.services.listings.declaration import Query

        services = self._program.window.services
        first = services.clients.get(services.listings.ids("clients", Query())[0])
        for report in REPORTS:
            asked = {"client": first.number} if "client" in fields.specs(report.options) else {}
            options = options_of(report, asked, services)
            for ending in (".pdf", ".xlsx"):
                file = self._folder / f"{report.name}{ending}"
                write_report(report, services, options, file)
                self._tell(f"report {file.name}", "" if file.stat().st_size else "the file is empty")

    def _tell(self, what: str, why_not: str) -> None:
        why_not = "; ".join([*([why_not] if why_not else []), *self._complaints])
        self._complaints.clear()
        self._failed = self._failed or bool(why_not)
        sys.stdout.write(f"FAILED  {what}: {why_not}\n" if why_not else f"ok      {what}\n")
        sys.stdout.flush()


class _OtherDesks(QObject):
    """Tells the window what the other desks of a server change; the server calls, and is asked every ten seconds."""

    _called = Signal()

    def __init__(self, database: Database, feed: Feed, password: str | None, window: MainWindow) -> None:
        super().__init__(window)
        from studio_desktop.database.notifications import Listener

        self._database = database
        self._window = window
        self._feed = feed
        self._asking = False
        self._called_meanwhile = False
        self._called.connect(self._ask)
        self._poll = QTimer(self, interval=POLLED_EVERY)
        self._poll.timeout.connect(self._ask)
        self._poll.start()
        self._listener = Listener(database.url, password, self._called.emit)

    def close(self) -> None:
        """Hear no more."""
        self._poll.stop()
        self._listener.close()

    def _ask(self) -> None:
        if self._asking:
            self._called_meanwhile = True
            return
        self._asking = True
        news: Callable[[], list[tuple[str, Change]]] = lambda: self._database.read(self._feed.news)  # noqa: E731
        self._window.tasks.run(self, news, self._tell, lane="read", always=self._answered)

    def _answered(self) -> None:
        self._asking = False
        if self._called_meanwhile:
            self._called_meanwhile = False
            self._ask()

    def _tell(self, news: list[tuple[str, Change]]) -> None:
        from studio_desktop.domain.changes import Changes

        by_request: dict[str, set[Change]] = {}
        for request, change in news:
            by_request.setdefault(request, set()).add(change)
        for request, changes in by_request.items():
            self._window.hear(Changes(request, frozenset(changes)))


@contextmanager
def unattended(url: str | None) -> Iterator[Program]:
    """A program that nobody sits at, closed at the end."""
    settings_file = SettingsFile()
    settings = settings_file.load()
    program = Program(settings_file, settings, url or settings.database_url or default_database_url())
    program.unattended = True
    try:
        yield program
    finally:
        program.frame.close()
        QApplication.processEvents()
        program.end()


class _Opened(NamedTuple):
    """A database that is open, who works in that studio and, on a server, what tells of other desks from now on."""

    database: Database
    people: list[Person]
    feed: Feed | None


def _opened(url: str, password: str | None, tell: Callable[[str], None]) -> _Opened:
    """Off the window's thread: open the database at this program's schema."""
    from studio_desktop import __version__
    from studio_desktop.database.migrate import prepare
    from studio_desktop.services.users import people

    database = prepare(
        url,
        program_version=__version__,
        backup_folder=backup_folder(SettingsFile().load()),
        password=_password(url, password),
        create=True,
        progress=tell,
    )
    feed = None
    if database.path is None:
        from studio_desktop.database.changes import Feed

        # Before anything is read for the window, so that nothing that changes later is missed.
        feed = database.read(Feed)
    return _Opened(database, people(database), feed)


def _opened_copy(backup: Path, url: str, tell: Callable[[str], None]) -> _Opened:
    """Off the window's thread: make a studio from a backup and open it for reading only."""
    from studio_desktop import __version__
    from studio_desktop.database.migrate import prepare
    from studio_desktop.database.restore import restore
    from studio_desktop.services.users import people

    folder = backup_folder(SettingsFile().load())
    restore(backup, url, backup_folder=folder, progress=tell)
    database = prepare(url, program_version=__version__, backup_folder=folder, read_only=True)
    return _Opened(database, people(database), None)


class _Restored(NamedTuple):
    """The studio that is open after a restore: the restored one, or that of before where it was `refused`."""

    opened: _Opened
    refused: StudioError | None


def _restored(
    backup: Path, services: Services, url: str, password: str | None, tell: Callable[[str], None]
) -> _Restored:
    """Off the window's thread: a backup of how it stands, then the restore, then the studio again."""
    from studio_desktop.database.restore import restore
    from studio_desktop.domain.errors import StudioError
    from studio_desktop.services.backups import BackupKind

    folder, refused, is_file = backup_folder(SettingsFile().load()), None, services.database.path is not None
    try:
        if is_file:  # on a server the restore makes it
            services.backups.make(folder, tell, kind=BackupKind.RESTORE)
        services.database.close()
        restore(backup, url, backup_folder=folder, password=_password(url, password), replace=True, progress=tell)
    except StudioError as error:
        refused = error
    services.database.close()
    return _Restored(_opened(url, password, tell), refused)


def _seated(database: Database, workstation: str, name: str | None) -> Studio:
    """Off the window's thread: the person's desk, and what the window needs of the studio."""
    from studio_desktop.services import Services
    from studio_desktop.services.users import sit_down
    from studio_desktop.ui.studio import Studio

    return Studio.read(Services(database, sit_down(database, database.clock(), workstation, name)))


def _password(url: str, typed: str | None) -> str | None:
    from studio_desktop.services.connections import password_for

    return typed or password_for(url)


@contextmanager
def _ending_by_signal(end: Callable[[], object]) -> Iterator[None]:
    """SIGTERM and Ctrl+C in the terminal close the window as a click would."""
    import signal
    import socket

    from PySide6.QtCore import QSocketNotifier

    hears, calls = socket.socketpair()
    calls.setblocking(False)
    notifier = QSocketNotifier(hears.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: (hears.recv(64), end()))
    kinds = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(kind, lambda *_: None) for kind in kinds]
    wakeup = signal.set_wakeup_fd(calls.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        for kind, handler in zip(kinds, before, strict=True):
            signal.signal(kind, handler)
        notifier.setEnabled(False)
        hears.close()
        calls.close()
