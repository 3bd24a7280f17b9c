"""Somebody at the desk of a studio: her hands, what she sees, and the papers that she makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.services import Services
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.command_palette import CommandPalette
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.preview import PreviewPage
from tests.end_to_end.hands import ALT, CONTROL, KEY, SHIFT, Hands


class Desk:
    """Somebody at the desk, her hands, and the papers that she makes."""

    def __init__(self, qtbot: QtBot, window: MainWindow, services: Services, documents: Path) -> None:
        self.hands = Hands(qtbot)
        self.window = window
        self.services = services
        self.documents = documents

    def is_at(self, title: str) -> bool:
        """Whether the page of that title is in front."""
        page = self.window.book.current()
        return page is not None and page.title() == title

    def has_sheet(self, name: str) -> bool:
        """Whether the sheet of that name is the one that keys go to."""
        front = self.window.sheets.front()
        return front is not None and front.name == name

    def open(self, who: str, title: str) -> None:
        """Find somebody from wherever the cursor is, as a ringing phone asks for it."""
        self.hands.press(KEY.Key_F12)
        self.hands.type(who)
        self.hands.until(self.offers_somebody)
        self.hands.press(KEY.Key_Return)
        self.hands.until(lambda: self.is_at(title))

    def find_page(self, who: str, title: str) -> ClientPage:
        """The record of somebody, opened as above."""
        self.open(who, title)
        page = self.window.book.current()
        assert isinstance(page, ClientPage)
        return page

    def run(self, words: str) -> None:
        """Every action by its name, and the lines of its menu, too: the beginnings of some of its words."""
        self.hands.press(KEY.Key_P, CONTROL | SHIFT)
        palette = self.window.findChild(CommandPalette)
        assert palette is not None
        self.hands.until(palette.isVisible)
        self.hands.type(words)
        self.hands.press(KEY.Key_Return)
        self.hands.until(lambda: not palette.isVisible())
        QApplication.processEvents()  # what was chosen runs once the palette is gone

    def settle(self) -> None:
        """Wait until everything that was asked of the database is answered."""
        self.hands.until(lambda: not self.window.tasks.at_work)

    def save(self, page: ClientPage) -> None:
        """Save the record in front, and see that it is done."""
        self.hands.press(KEY.Key_S, CONTROL)
        self.hands.until(lambda: not page.unsaved())

    def close(self) -> None:
        """Close the page in front."""
        closed = self.window.book.current()
        self.hands.press(KEY.Key_W, CONTROL)
        self.hands.until(lambda: self.window.book.current() is not closed)

    def show_tab(self, page: ClientPage, name: str) -> QWidget:
        """A detail tab of the record in front, by its key."""
        self.hands.press(KEY(KEY.Key_0 + page.tabs.ids().index(name) + 1), CONTROL)
        self.hands.until(lambda: page.tabs.current() == name)
        self.settle()
        return page.show_tab(name, focus=False)

    def offers_somebody(self) -> bool:
        """Whether the caller box has an answer."""
        return self.window.caller_box.is_answered() and bool(self.window.caller_box.offered())

    def rest(self) -> None:
        """Where every job begins: at Home, with the cursor in the caller box."""
        self.hands.press(KEY.Key_Home, ALT)
        self.hands.until(lambda: self.is_at("Home"))

    def rings(self) -> None:
        """The phone: its caller is found and opened, and Back leads to the very place of before."""
        before = self.place()
        self.takes_call()
        self.hands.until(lambda: self.place() == before)

    def takes_call(self) -> None:
        """The phone while the program is at work, so that the place of before may be another one by now."""
        self.open("dialer", "Dialer, Dora")
        self.hands.press(KEY.Key_Left, ALT)

    def place(self) -> tuple[Any, ...]:
        """The page, the sheet, the field, its text and where in it the cursor is."""
        page, sheet, field = self.window.book.current(), self.window.sheets.front(), QApplication.focusWidget()
        written: tuple[Any, ...] = ()
        if isinstance(field, QLineEdit):
            written = (field.text(), field.cursorPosition())
        elif isinstance(field, QPlainTextEdit):
            written = (field.toPlainText(), field.textCursor().position())
        return (page and page.title(), sheet and sheet.name, type(field).__name__, *written)

    def preview(self) -> PreviewPage:
        """The preview in front, once its document is there."""
        self.hands.until(lambda: isinstance(self.window.book.current(), PreviewPage))
        page = self.window.book.current()
        assert isinstance(page, PreviewPage)
        self.hands.until(page.print_button.isEnabled)
        return page

    def document(self, pattern: str, seconds: int = 60) -> Path:
        """The one document of that name, once it is written and opened."""
        self.hands.until(lambda: list(self.documents.glob(pattern)), seconds)
        (path,) = self.documents.glob(pattern)
        return path
