"""The program with a window: wires settings, log, database, services and window, and takes them apart again."""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from studio_desktop import __version__, logs
from studio_desktop.domain.errors import StudioError
from studio_desktop.settings import Settings, SettingsFile, data_folder
from studio_desktop.ui.drafts import Drafts
from studio_desktop.ui.main_window import MainWindow, Studio, Where
from studio_desktop.ui.prompts import Prompts
from studio_desktop.ui.theme import apply_theme

if TYPE_CHECKING:
    from studio_desktop.database.engine import Database

log = logging.getLogger(__name__)


def run(url: str | None) -> int:
    """Open the window on a database, or on this workstation's own, until it is closed."""
    settings_file = SettingsFile()
    settings = settings_file.load()
    with logs.configure(data_folder()):
        program = Program(settings_file, settings, url or settings.database_url)
        program.start()
        status = QApplication.exec()
        program.end()
        return status


class Program(QObject):
    """One run of the program."""

    _told = Signal(str)

    def __init__(self, settings_file: SettingsFile, settings: Settings, url: str) -> None:
        super().__init__()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        theme = apply_theme(
            application, settings.theme, text_percent=settings.text_size, density=settings.density
        )
        self._url = url
        self._database: Database | None = None
        self.window = MainWindow(settings_file, settings, theme, Prompts(), self._unexpected)
        self._told.connect(lambda text: self.window.opening.show_progress(self.tr("One moment"), text))
        self.window.closed.connect(lambda _: QApplication.quit())

    def start(self) -> None:
        """Show the window, then open the studio."""
        self.window.opening.show_progress(self.tr("Opening the studio…"), "")
        self.window.show()
        url, tell = self._url, self._told.emit
        self.window.tasks.run(self, lambda: _opened(url, tell), self._work, self._cannot_open)

    def end(self) -> None:
        """Close the database."""
        if self._database is not None:
            self._database.close()

    def _work(self, opened: tuple[Database, Studio]) -> None:
        self._database, studio = opened
        where = Where(self._database.name, str(self._database.url), lambda: ("", ""))
        self.window.work(studio, where, Drafts(data_folder() / "drafts", studio.services.desk.clock))

    def _cannot_open(self, error: StudioError) -> None:
        self.window.opening.show_trouble(self.tr("The studio cannot be opened"), str(error), [])

    def _unexpected(self, error: BaseException) -> None:
        log.error("unexpected", exc_info=error)


def _opened(url: str, tell: Callable[[str], None]) -> tuple[Database, Studio]:
    """Off the window's thread: the database at this program's schema, the desk, and what the window needs."""
    from studio_desktop.database.migrate import prepare
    from studio_desktop.domain.clock import SystemClock
    from studio_desktop.services import Services
    from studio_desktop.services.users import sit_down

    database = prepare(
        url,
        program_version=__version__,
        backup_folder=data_folder() / "backups",
        password=os.environ.get("STUDIO_DB_PASSWORD"),
        create=True,
        progress=tell,
    )
    desk = sit_down(database, SystemClock(), platform.node())
    return database, Studio.read(Services(database, desk))
