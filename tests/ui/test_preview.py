"""The preview: what is seen there is what the printer gets, page for page and to the millimetre (B10, B12, E11)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPageRanges, QPageSize, QWheelEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_desktop.domain.errors import StudioError
from studio_desktop.reports.fonts import typeset
from studio_desktop.reports.label_sheets import sheets
from studio_desktop.reports.labels import Label, write_labels
from studio_desktop.reports.listing_file import Written
from studio_desktop.reports.pdf import PageCanvas
from studio_desktop.services import Services
from studio_desktop.ui.documents import Document, Progress
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.preview import PreviewPage
from tests.builders import a_client
from tests.ui.conftest import Answers, DeskShell
from tests.ui.paper import ink

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LETTER = (612.0, 792.0)

pytestmark = pytest.mark.databases("sqlite")

Show = Callable[..., PreviewPage]


def paper(path: Path, pages: int = 3, size: tuple[float, float] = LETTER) -> Written:
    """Pages that say which they are, each at another place."""
    with path.open("wb") as file:
        canvas = PageCanvas(file, size, "Pages")
        for number in range(pages):
            canvas.show([(72, size[1] - 72 - 90 * number, typeset(f"Page {number + 1} of Anna"))], 24)
            canvas.showPage()
        canvas.save()
    return Written(path, pages, ("One remark.",))


@pytest.fixture
def show(qtbot: QtBot, shell: DeskShell, tmp_path: Path) -> Iterator[Show]:
    """A preview by itself, once its document is there."""
    shell.settings = dataclasses.replace(shell.settings, reports_folder=str(tmp_path / "documents"))

    def shown(write: Callable[[Path, Progress], Written] | None = None, *, ready: bool = True, **facts: object):  # type: ignore[no-untyped-def]
        document = Document("Pages", "report pages", write or (lambda path, _: paper(path)), **facts)  # type: ignore[arg-type]
        page = PreviewPage(shell, document)
        qtbot.addWidget(page)
        page.resize(900, 600)
        page.show()
        page.take_focus()
        if ready:
            qtbot.waitUntil(page.print_button.isEnabled)
        return page

    return shown


def press(qtbot: QtBot, page: PreviewPage, key: Qt.Key) -> None:
    qtbot.keyClick(page.pages, key)


def test_that_a_list_is_looked_at_by_keyboard_and_leaves_nothing_behind(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """Ctrl+P, pages, zoom and search by keys; Esc leads back, and the temporary file is gone."""
    for number in range(90):
        a_client(services, last_name=f"Adams{number:02}", first_name="Anna")
    window.open_page("clients")
    hub = window.book.current()
    qtbot.waitUntil(lambda: hub.list.is_loaded)  # type: ignore[union-attr]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_P, CONTROL)
    page = window.book.current()
    assert isinstance(page, PreviewPage)
    qtbot.waitUntil(page.print_button.isEnabled)
    assert page.title() == "Preview: Clients"
    assert page.pages.hasFocus()
    count = page.page_spin.maximum()
    assert count > 2
    turns = {Qt.Key.Key_PageDown: 2, Qt.Key.Key_End: count, Qt.Key.Key_PageUp: count - 1, Qt.Key.Key_Home: 1}
    for key, at in turns.items():
        press(qtbot, page, key)
        qtbot.waitUntil(lambda at=at: page.page_spin.value() == at)  # type: ignore[misc]
    page.page_spin.setValue(3)
    qtbot.waitUntil(lambda: page.pages.page() == 2)
    assert page.zoom_combo.currentText() == "Full width"
    qtbot.keyClick(page.pages, Qt.Key.Key_Equal, CONTROL)
    larger = page.pages.zoom()
    qtbot.keyClick(page.pages, Qt.Key.Key_Minus, CONTROL)
    assert isinstance(larger, int)
    assert larger > page.pages.zoom()  # type: ignore[operator]
    qtbot.keyClick(page.pages, Qt.Key.Key_F, CONTROL)
    qtbot.keyClicks(QApplication.focusWidget(), "Adams8")
    qtbot.waitUntil(lambda: page.hits_label.text() == "1 of 10")
    qtbot.keyClick(page.search_edit, Qt.Key.Key_Return)
    assert page.hits_label.text() == "2 of 10"
    for _ in range(2):
        qtbot.keyClick(page.search_edit, Qt.Key.Key_Return, SHIFT)
    assert page.hits_label.text() == "10 of 10"
    qtbot.waitUntil(lambda: page.page_spin.value() > 1)
    page.search_edit.setText("Zzyzx")
    qtbot.waitUntil(lambda: page.hits_label.text() == "not found")
    qtbot.keyClick(page.search_edit, Qt.Key.Key_Escape)
    page.viewer_button.click()
    assert isinstance(window.prompts, Answers)
    (file,) = window.prompts.documents
    assert file.is_file()
    press(qtbot, page, Qt.Key.Key_Escape)
    assert window.book.current() is hub
    qtbot.waitUntil(lambda: not file.parent.exists())
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert window.book.current() is hub


def test_that_the_wheel_with_control_enlarges(qtbot: QtBot, show: Show) -> None:
    page = show()
    page.pages.set_zoom(100)
    at = QPointF(200, 200)
    for turn, expected in ((120, 125), (-120, 100)):
        event = QWheelEvent(
            at, at, QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, CONTROL, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(page.pages.viewport(), event)
        assert page.pages.zoom() == expected
    assert page.zoom_combo.currentText() == "100 %"


def test_that_the_paper_is_what_was_seen_and_its_printer_is_remembered(
    qtbot: QtBot, show: Show, shell: DeskShell, tmp_path: Path
) -> None:
    """B10: preview = print = PDF. Pages 2 to 3 of 3, twice; proposed again for this kind of document (E11).

    RELIABILITY E15.
    """

    def choose(printer: QPrinter) -> None:
        printer.setResolution(150)
        printer.setPageRanges(QPageRanges.fromString("2-3"))
        printer.setCopyCount(2)

    assert isinstance(shell.prompts, Answers)
    shell.settings = dataclasses.replace(shell.settings, printers={"report pages": {"printer": "Laser", "new": 1}})
    shell.prompts.answers = [tmp_path / "paper.pdf", None]
    shell.prompts.choose_in_dialog = choose
    used: list[str] = []
    page = show(used=lambda: used.append("used"))
    assert page.notice_label.text() == "One remark."
    page.print_button.click()
    qtbot.waitUntil(lambda: "4 pages sent to" in page.notice_label.text(), timeout=30_000)
    assert used == ["used"]
    paper(tmp_path / "seen.pdf")
    printed = PdfReader(tmp_path / "paper.pdf").pages
    for sheet in printed:
        size = (float(sheet.mediabox.width), float(sheet.mediabox.height))
        assert size == pytest.approx(LETTER, abs=1)
    for at, seen in enumerate((1, 2, 1, 2)):
        assert ink(tmp_path / "paper.pdf", at) == pytest.approx(ink(tmp_path / "seen.pdf", seen), abs=1)
    assert len(printed) == 4
    assert shell.prompts.proposed == ["Laser"]
    assert shell.settings.printers["report pages"]["copies"] == 2
    proposed: list[tuple[int, bool]] = []
    shell.prompts.answers = [tmp_path / "never.pdf"]

    def look(printer: QPrinter) -> None:
        proposed.append((printer.copyCount(), printer.pageRanges().isEmpty()))
        printer.setResolution(72)

    shell.prompts.choose_in_dialog = look
    again = show()
    again.print_button.click()
    qtbot.waitUntil(lambda: "6 pages sent to" in again.notice_label.text(), timeout=30_000)
    assert proposed == [(2, True)]


def test_that_a_smaller_paper_takes_the_whole_page_and_labels_are_never_shrunk(
    qtbot: QtBot, show: Show, shell: DeskShell, tmp_path: Path
) -> None:
    """B10: 100 % scale, each label where its cell is, at the finest that is drawn."""
    assert isinstance(shell.prompts, Answers)
    stock = next(one for one in sheets() if one.key == "avery-5160")

    def labels(path: Path, _progress: Progress) -> Written:
        write_labels(path, [Label(("Anna Adams", "1 Mill Street"))] * 30, stock)
        return Written(path, 30)

    def choose_small_paper(printer: QPrinter) -> None:
        printer.setResolution(150)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
        printer.setPageRanges(QPageRanges.fromString("1"))

    shell.prompts.answers = [tmp_path / "small.pdf", tmp_path / "labels.pdf"]
    shell.prompts.choose_in_dialog = choose_small_paper
    page = show()
    page.print_button.click()
    qtbot.waitUntil(lambda: "1 page sent to" in page.notice_label.text(), timeout=30_000)
    (small,) = PdfReader(tmp_path / "small.pdf").pages
    paper(tmp_path / "seen.pdf")
    (left, _, right, _), (first, _, last, _) = ink(tmp_path / "small.pdf", 0), ink(tmp_path / "seen.pdf", 0)
    scale = min(float(small.mediabox.width) / LETTER[0], float(small.mediabox.height) / LETTER[1])
    assert right - left == pytest.approx((last - first) * scale, abs=2)
    shell.prompts.choose_in_dialog = lambda _: None
    page = show(labels, is_full_size=True, has_workbook=False)
    assert not page.excel_button.isVisible()
    page.print_button.click()
    qtbot.waitUntil(lambda: "sent to" in page.notice_label.text(), timeout=30_000)
    labels(tmp_path / "cells.pdf", lambda *_: None)
    assert ink(tmp_path / "labels.pdf", 0) == pytest.approx(ink(tmp_path / "cells.pdf", 0), abs=1)


def test_that_cancel_in_the_dialog_prints_nothing(qtbot: QtBot, show: Show, shell: DeskShell) -> None:
    assert isinstance(shell.prompts, Answers)
    shell.prompts.answers = [None]
    used: list[str] = []
    page = show(used=lambda: used.append("used"))
    page.print_button.click()
    assert used == []
    assert page.print_button.isEnabled()
    assert shell.settings.printers == {}


def test_that_a_computer_without_a_printer_says_so_and_offers_the_file(
    qtbot: QtBot, show: Show, shell: DeskShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RELIABILITY 121."""
    assert isinstance(shell.prompts, Answers)
    monkeypatch.setattr(shell.prompts, "printers", list)
    shell.prompts.answers = [tmp_path / "kept.pdf"]
    used: list[str] = []
    page = show(used=lambda: used.append("used"))
    page.print_button.click()
    assert page.notice_label.text() == "This computer has no printer. Save it as PDF and print it elsewhere."
    assert page.save_button.hasFocus()
    qtbot.keyClick(page.save_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(shell.files))
    assert shell.files == [tmp_path / "kept.pdf"]
    assert len(PdfReader(tmp_path / "kept.pdf").pages) == 3
    assert used == ["used"]


def test_that_the_workbook_of_a_report_is_one_key_away(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    """E11: each report in the preview, on paper, as PDF and as Excel."""
    window.save_settings(dataclasses.replace(window.settings, reports_folder=str(tmp_path / "documents")))
    window.open_sheet("report", report="client-statuses")
    sheet = window.sheets.front()
    assert sheet is not None
    sheet.finish()
    page = window.book.current()
    assert isinstance(page, PreviewPage)
    qtbot.waitUntil(page.print_button.isEnabled)
    qtbot.keyClick(page.pages, Qt.Key.Key_X, CONTROL | SHIFT)
    assert isinstance(window.prompts, Answers)
    prompts = window.prompts
    qtbot.waitUntil(lambda: bool(prompts.documents))
    cells = [cell for row in load_workbook(prompts.documents[0]).active.iter_rows(values_only=True) for cell in row]  # type: ignore[union-attr]
    assert "Prospect" in cells
    qtbot.keyClick(page.pages, Qt.Key.Key_Escape)
    assert window.sheets.front() is sheet


def test_that_a_profile_is_previewed_from_the_clients_page(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """B24."""
    anna = a_client(services, last_name="Adams", first_name="Anna")
    window.open_client(anna.id)
    qtbot.waitUntil(lambda: window.action_set["print"].isEnabled())
    window.action_set["print"].trigger()
    page = window.book.current()
    assert isinstance(page, PreviewPage)
    qtbot.waitUntil(page.print_button.isEnabled)
    page.search_edit.setText("Client profile: Adams, Anna")
    qtbot.waitUntil(lambda: page.hits_label.text() == "1 of 1")
    press(qtbot, page, Qt.Key.Key_Escape)
    assert window.book.current().client_in_hand().id == anna.id  # type: ignore[union-attr]


def test_that_progress_is_shown_and_cancel_stops_the_work(qtbot: QtBot, show: Show) -> None:
    """RELIABILITY E12."""
    began, stopped = Event(), Event()

    def endless(path: Path, progress: Progress) -> Written:
        try:
            for done in range(1, 1_000_000):
                progress(done, 0)
                began.set()
                stopped.wait(0.001)
        finally:
            stopped.set()
        return paper(path)

    page = show(endless, ready=False)
    assert page.focusWidget() is page.cancel_button
    assert page.why_not("print") == "The document is being made."
    qtbot.waitUntil(began.is_set)
    with qtbot.waitSignal(page.close_wanted):
        qtbot.keyClick(page.cancel_button, Qt.Key.Key_Space)
    page.leave(lambda: None)
    qtbot.waitUntil(stopped.is_set)


def test_that_what_cannot_be_made_says_why_and_is_tried_again(qtbot: QtBot, show: Show) -> None:
    tries: list[int] = []

    def at_the_second_try(path: Path, _progress: Progress) -> Written:
        tries.append(1)
        if len(tries) == 1:
            raise StudioError("The disk is full.")
        return paper(path)

    page = show(at_the_second_try, ready=False)
    qtbot.waitUntil(page.again_button.isVisible)
    assert "The disk is full." in [label.text() for label in page.findChildren(type(page.notice_label))]
    qtbot.keyClick(page.again_button, Qt.Key.Key_Space)
    qtbot.waitUntil(page.print_button.isEnabled)
