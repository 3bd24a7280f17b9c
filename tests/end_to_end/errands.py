"""What is done at the desk again and again: lists looked at and narrowed, papers kept, reports chosen."""

from __future__ import annotations

from pathlib import Path

from pypdf import PdfReader
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.hubs.clients import ClientsPage
from studio_desktop.ui.sheets.report import ReportSheet
from tests.end_to_end.desk import Desk
from tests.end_to_end.hands import ALT, CONTROL, KEY, SHIFT
from tests.ui.conftest import Answers


def add(desk: Desk, line: str) -> None:
    """A new client of one line."""
    desk.hands.press(KEY.Key_N, CONTROL)
    desk.hands.until(lambda: desk.has_sheet("new_client"))
    desk.hands.type(line)
    desk.hands.press(KEY.Key_Return, CONTROL)
    desk.hands.until(lambda: desk.window.sheets.front() is None)
    desk.settle()


def described(desk: Desk) -> str:
    """What is said about the field with the cursor."""
    return str(desk.hands.cursor().accessibleDescription())


def hub(desk: Desk) -> ClientsPage:
    """The list of clients in front."""
    page = desk.window.book.current()
    assert isinstance(page, ClientsPage)
    return page


def names(desk: Desk, key: KEY) -> list[str]:
    """Who is in one of the studio's lists."""
    desk.hands.press(KEY.Key_F12, SHIFT)
    desk.hands.until(lambda: desk.is_at("Clients"))
    desk.hands.press(key, CONTROL)
    return listed(desk)


def listed(desk: Desk) -> list[str]:
    """Whom the list in front shows, by name."""
    desk.settle()
    shown = hub(desk).list
    desk.hands.until(lambda: shown.is_loaded and shown.model.is_complete)
    return sorted(shown.text(row, "name") for row in range(shown.model.rowCount()))


def choose(desk: Desk, *path: str) -> None:
    """A line of the list's filter menu, by arrows and Enter."""
    desk.hands.until(lambda: desk.is_at("Clients"))
    desk.settle()
    desk.hands.press(KEY.Key_F, CONTROL)
    before: QMenu | None = None
    for words in path:
        desk.hands.until(lambda before=before: QApplication.activePopupWidget() not in (None, before))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        for _ in menu.actions():
            active = menu.activeAction()
            if active is not None and active.text().replace("&", "") == words:
                break
            QTest.keyClick(menu, KEY.Key_Down)
        QTest.keyClick(menu, KEY.Key_Return)
        before = menu
    desk.hands.until(lambda: QApplication.activePopupWidget() is None)
    # Without a window system nobody gives the window its keys back once a menu is closed.
    desk.hands.until(lambda: desk.window.activateWindow() or desk.window.isActiveWindow())
    desk.settle()


def labels(desk: Desk, path: Path, line: str = "") -> None:
    """Labels for whom the list shows, or whom the line says, kept as a PDF."""
    desk.hands.press(KEY.Key_L, CONTROL)
    desk.hands.until(lambda: desk.has_sheet("labels"))
    desk.settle()
    desk.hands.type(line)
    desk.settle()
    desk.hands.press(KEY.Key_Return, CONTROL)
    kept(desk, path)


def kept(desk: Desk, path: Path) -> None:
    """The document in the preview, kept as a PDF; then back to where it was asked for."""
    desk.preview()
    assert isinstance(desk.window.prompts, Answers)
    desk.window.prompts.answers.append(path)
    desk.hands.press(KEY.Key_S, ALT)
    desk.hands.until(path.exists)
    desk.settle()
    desk.close()


def paper(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def fill(desk: Desk, page: ClientPage, tab: str, name: str, text: str, *, back: bool = False) -> None:
    """Another text in a field of a tab, or `back` from where it begins; the cursor is there then."""
    desk.show_tab(page, tab)
    desk.hands.tab_to(name, back=back)
    desk.hands.retype(text)


def report(desk: Desk, title: str) -> ReportSheet:
    """The sheet of reports, with this one chosen."""
    desk.run("report")
    desk.hands.until(lambda: desk.has_sheet("report"))
    desk.settle()
    sheet = desk.window.sheets.front()
    assert isinstance(sheet, ReportSheet)
    desk.hands.press(KEY.Key_Home)
    for _ in sheet.list.lines():
        line = sheet.list.current()
        if line is not None and line.text == title:
            desk.settle()
            return sheet
        desk.hands.press(KEY.Key_Down)
    raise AssertionError(f"There is no report {title}")
