"""What tests of the window have: a shell with real services and lanes which remembers what it was asked, and a window.

A page or sheet by itself is tested in the `shell`; what it does together with the frame in the `window`.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_desktop.__main__ import NAME
from studio_desktop.app import Program
from studio_desktop.domain.changes import Changes
from studio_desktop.domain.errors import StudioError
from studio_desktop.services import Services
from studio_desktop.services.catalogs import Choice
from studio_desktop.services.preferences import formats_of
from studio_desktop.settings import Settings, SettingsFile, data_folder
from studio_desktop.ui import theme
from studio_desktop.ui.background import BackgroundTasks
from studio_desktop.ui.documents import Document, dated_path, make_folder
from studio_desktop.ui.drafts import Drafts
from studio_desktop.ui.garbage import collect
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.message_bar import Ways
from studio_desktop.ui.page import ClientInHand, ParkedSheet
from studio_desktop.ui.prompts import Prompts
from studio_desktop.ui.studio import Studio

PATIENCE = 30.0
"""Seconds for the lanes to end; the program itself gives them three, which is for a machine that is not so busy."""


class Answers(Prompts):
    """The person at the desk: gives the next of `answers`, and remembers what was opened outside."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.asked: list[str] = []
        self.explained: list[str] = []
        self.offered: tuple[str, ...] = ()
        self.documents: list[Path] = []
        self.paper = Path()
        self.proposed: list[str] = []
        self.started: list[tuple[str, ...]] = []
        self.choose_in_dialog: Callable[[QPrinter], None] = lambda _: None

    def choose(self, _parent: Any, question: str, explanation: str, answers: Any) -> int | None:
        self.asked.append(question)
        self.explained.append(explanation)
        self.offered = tuple(answers)
        return self.answers.pop(0)

    def choose_file(self, _parent: Any, _title: str, _kinds: str, _folder: Path | None = None) -> Path | None:
        return self.answers.pop(0)

    def save_file(self, _parent: Any, _title: str, _kinds: str, _suggested: Path) -> Path | None:
        return self.answers.pop(0)

    def choose_folder(self, _parent: Any, _title: str, _folder: Path | None = None) -> Path | None:
        return self.answers.pop(0)

    def printers(self) -> list[str]:
        return ["Laser", "Label maker"]

    def printer(
        self, parent: Any, name: str, prepare: Callable[[QPrinter], None], *, ask: bool, pages: int = 1
    ) -> QPrinter | None:
        """A file stands for the printer: the next answer when somebody is asked, else `paper`."""
        if not ask and name != "Label maker":
            return super().printer(parent, name, prepare, ask=ask, pages=pages)
        self.proposed.append(name)
        target = self.answers.pop(0) if ask else self.paper
        if target is None:
            return None
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(target))
        prepare(printer)
        self.choose_in_dialog(printer)
        return printer

    def start_program(self, *words: str) -> None:
        self.started.append(words)

    def open_document(self, path: Path) -> None:
        self.documents.append(path)


class _Signals(QObject):
    parked_changed = Signal()


class DeskShell:
    """A `Shell` without a window around it."""

    def __init__(self, services: Services) -> None:
        self._signals = _Signals()
        self.bugs: list[BaseException] = []
        self.failures: list[StudioError] = []
        self.opened: list[tuple[int, list[int] | None]] = []
        self.pages: list[str] = []
        self.wishes: list[dict[str, Any]] = []
        self.parked: list[ParkedSheet] = []
        self.parked_changed = self._signals.parked_changed
        self.sheets: list[tuple[str, dict[str, Any]]] = []
        self.saves: list[tuple[str, Changes]] = []
        self.said: list[str] = []
        self.offers: list[tuple[str, Ways]] = []
        self.files: list[Path] = []
        self.backups = 0
        self.restored: list[Path] = []
        self.previews: list[tuple[Document, Path | None]] = []
        self.in_hand: ClientInHand | None = None
        self.services = services
        self.prompts = Answers()
        self.settings = Settings()
        self.preferences = services.preferences.get()
        self.formats = formats_of(self.preferences)
        self.choices: Mapping[str, list[Choice]] = services.catalogs.choices()
        self.drafts = Drafts(data_folder() / "drafts", services.desk.clock)
        self.tasks = BackgroundTasks(self.failures.append, self.bugs.append)

    def open_client(self, client_id: int, neighbours: list[int] | None = None) -> None:
        self.opened.append((client_id, neighbours))

    def open_page(self, name: str, **wish: Any) -> None:
        self.pages.append(name)
        self.wishes.append(wish)

    def open_sheet(self, name: str, **arguments: Any) -> None:
        self.sheets.append((name, arguments))

    def parked_sheets(self) -> list[ParkedSheet]:
        return self.parked

    def go_on_with(self, number: int) -> None:
        self.sheets.append(("parked", {"number": number}))

    def client_in_hand(self) -> ClientInHand | None:
        return self.in_hand

    def chosen_clients(self) -> list[int]:
        return [] if self.in_hand is None else [self.in_hand.id]

    def saved(self, text: str, changes: Changes, *, undoable: bool = True) -> None:
        self.saves.append((text, changes))

    def say(self, text: str) -> None:
        self.said.append(text)

    def written(self, text: str, path: Path) -> None:
        self.said.append(text)
        self.files.append(path)

    def offer(self, key: str, text: str, ways: Ways) -> None:
        self.offers.append((text, ways))

    def backed_up(self) -> None:
        self.backups += 1

    def restore(self, backup: Path) -> None:
        self.restored.append(backup)

    def preview(self, document: Document, path: Path | None = None) -> None:
        self.previews.append((document, path))

    def keep_previewed(self) -> Path:
        """What somebody does who saves the document in front under the name that is proposed."""
        document, _ = self.previews[-1]
        path = dated_path(self, document.title, ".pdf")
        make_folder(path.parent)
        document.write(path, lambda *_: None)
        if document.used is not None:
            document.used()
        return path

    def failed(self, error: StudioError, retry: Callable[[], None] | None = None) -> None:
        self.failures.append(error)

    def save_settings(self, settings: Settings) -> None:
        self.settings = settings


@pytest.fixture(autouse=True)
def _garbage_in_this_thread() -> Iterator[None]:
    """As in the program: no Qt object is ever destroyed in a lane's thread."""
    gc.disable()
    yield
    collect()
    gc.enable()


@pytest.fixture
def look(qapp: QApplication) -> theme.Theme:
    """The name and the look of the program as it comes, in light, whatever a test before has set."""
    qapp.setApplicationName(NAME)
    return theme.apply_theme(qapp, "light")


@pytest.fixture
def shell(qtbot: QtBot, services: Services, look: theme.Theme) -> Iterator[DeskShell]:
    """A desk with real services and lanes, on either database; a bug or an error nobody took fails the test."""
    made = DeskShell(services)
    yield made
    assert made.tasks.close(PATIENCE)
    assert made.bugs == []


def sit_down_in(window: MainWindow, services: Services) -> None:
    """What the program does once a studio is open: this desk's person works in the window."""
    folder = data_folder()
    window.work(Studio.read(services), "studio.db", Drafts(folder / "drafts", services.desk.clock))


@pytest.fixture
def window(qtbot: QtBot, services: Services, look: theme.Theme) -> Iterator[MainWindow]:
    """The whole window on a new studio on either database; a bug fails the test. Its person is `Answers`."""
    bugs: list[BaseException] = []
    made = MainWindow(SettingsFile(), Settings(theme="light"), look, Answers(), bugs.append)
    made.resize(1366, 768)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    sit_down_in(made, services)
    yield made
    assert made.tasks.close(PATIENCE)
    made.close()
    shiboken6.delete(made)
    assert bugs == []


Start = Callable[..., Program]


@pytest.fixture
def start(qtbot: QtBot, look: theme.Theme) -> Iterator[Start]:
    """`start(url)` starts the program as its command does, on this test's own workstation."""
    started: list[Program] = []

    def begin(
        url: str | None = None, caller: str = "", looks_at: Path | None = None, *, unattended: bool = False
    ) -> Program:
        file = SettingsFile()
        program = Program(file, file.load(), url, Answers(), caller, looks_at)
        program.unattended = unattended
        started.append(program)
        program.start()
        return program

    yield begin
    for program in started:
        program.frame.close()
        qtbot.waitUntil(lambda program=program: not program.frame.isVisible())
        assert program.end()
        shiboken6.delete(program.frame)
