"""The preview: a document page by page, as it will be printed, with its search, and what can be done with it (E11).

Loads the library that reads PDF, so only who opens a preview waits for it (PERFORMANCE G6).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtPdf import QPdfDocument, QPdfSearchModel
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio_desktop.domain.errors import StudioError
from studio_desktop.ui import theme
from studio_desktop.ui.background import Job
from studio_desktop.ui.documents import (
    PDF,
    WORKBOOK,
    Document,
    WrittenFile,
    dated_path,
    make_document,
    open_document,
    save_copy,
)
from studio_desktop.ui.form import dress_form
from studio_desktop.ui.page import Page, Shell
from studio_desktop.ui.printing import PrintWish, print_pdf, set_paper
from studio_desktop.ui.widgets.buttons import BarButton, FlatButton, PrimaryButton
from studio_desktop.ui.widgets.combo_box import ComboBox
from studio_desktop.ui.widgets.panels import Hairline, Panel
from studio_desktop.ui.widgets.pdf_pages import PdfPages, Zoom
from studio_desktop.ui.widgets.plain_label import PlainLabel


class PreviewPage(Page):
    """A document that is made in the background and then shown; its file goes when the page does.

    A document that lies somewhere already stays there.
    """

    context = "preview"

    def __init__(
        self, shell: Shell, document: Document, path: Path | None = None, parent: QWidget | None = None
    ) -> None:
        """`path` is where the document lies, if it is one that is kept."""
        super().__init__(shell, parent)
        self._document = document
        self._folder: TemporaryDirectory[str] | None = None
        self._path = path or self._temporary_path()
        self._is_used = path is not None
        self._job: Job | None = None
        self._pdf = QPdfDocument(self)
        self._found = QPdfSearchModel(self)
        self._hit = -1
        self._build()
        self._connect()
        if path is None:
            self._make()
        else:
            self._show()

    def title(self) -> str:
        """What is shown."""
        return self.tr("Preview: {title}").format(title=self._document.title)

    def icon_name(self) -> str:
        """A page."""
        return "document_pdf"

    def handlers(self) -> Mapping[str, Callable[..., object]]:
        """Print, the files, search and zoom by the keys that they have everywhere."""
        files = {"excel": self._write_workbook} if self._document.has_workbook else {}
        return {
            "print": self.print,
            "pdf": self.save_as,
            "filter": self._begin_search,
            "larger_text": lambda: self.pages.zoom_by(1),
            "smaller_text": lambda: self.pages.zoom_by(-1),
            "normal_text": lambda: self.pages.set_zoom(Zoom.WIDTH),
            **files,
        }

    def why_not(self, action_id: str) -> str:
        """Nothing can be done with a document that is not there yet, nor printed while it is being printed."""
        if not self._is_there():
            return self.tr("The document is being made.")
        return self.tr("It is being printed.") if action_id == "print" and self._job is not None else ""

    def take_focus(self) -> None:
        """Onto the pages, or what can be done while there are none."""
        if self._is_there():
            self.pages.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self, then: Callable[[], None]) -> None:
        """What is being made or printed is given up."""
        if self._job is not None:
            self._job.cancel()
        then()

    def print(self) -> None:
        """Ask for the printer, the one of last time first, and send it the pages in the background."""
        if not self._is_there() or self._job is not None:
            return
        prompts, document = self.shell.prompts, self._document
        if not prompts.printers():
            self._say(self.tr("This computer has no printer. Save it as PDF and print it elsewhere."), "red")
            self.save_button.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        wish = PrintWish.remembered(self.shell, document.kind, document.printer)
        size = self._pdf.pagePointSize(0)

        def prepare(printer: QPrinter) -> None:
            set_paper(printer, size.width(), size.height(), exactly=document.is_full_size)
            wish.put_into(printer)

        try:
            printer = prompts.printer(self, wish.printer, prepare, ask=True, pages=self._pdf.pageCount())
        except StudioError as error:
            self._failed(error)
            return
        if printer is not None:
            PrintWish.of(printer).remember(self.shell, document.kind)
            self._send(printer)

    def save_as(self) -> None:
        """Keep it where a person says."""
        if not self._is_there():
            return
        said = self.tr("{name}, in the folder {folder}.")

        def kept(target: Path) -> None:
            self.shell.written(said.format(name=target.name, folder=target.parent), target)
            self._use()

        suggested = dated_path(self.shell, self._document.title, PDF)
        save_copy(self.shell, self, self._path, suggested, self.tr("Save as PDF"), kept)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc that nothing else needed closes the page."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_wanted.emit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Shift+Enter in the search go through what was found, Esc leads back to the pages."""
        if watched is self.search_edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._go_to_hit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.search_edit.clear()
                self.take_focus()
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(event.rect(), theme.token("base"))

    # Building

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        bar = Panel(self, "window", "b")
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        self._add_ways(bar, row)
        row.addStretch(1)
        self._add_navigation(bar, row)
        row.addStretch(1)
        self._add_search(bar, row)
        whole.addWidget(bar)
        self.notice_label = PlainLabel("", self, tone="dim", elided=True)
        self.notice_label.setContentsMargins(12, 4, 12, 4)
        self.notice_label.hide()
        whole.addWidget(self.notice_label)
        self._stack = QStackedWidget(self)
        whole.addWidget(self._stack, 1)
        self._stack.addWidget(self._waiting())
        self.pages = PdfPages(self)
        self.pages.setAccessibleName(self.tr("Pages of {title}").format(title=self._document.title))
        self._stack.addWidget(self.pages)
        dress_form(self)

    def _add_ways(self, bar: Panel, row: QHBoxLayout) -> None:
        self.print_button = PrimaryButton(self.tr("&Print…"), bar)
        self.print_button.set_icon_name("print")
        self.save_button = FlatButton(self.tr("&Save as PDF…"), bar)
        self.save_button.set_icon_name("document_pdf")
        self.excel_button = FlatButton(self.tr("E&xcel"), bar)
        self.excel_button.set_icon_name("table_arrow_up")
        self.excel_button.setVisible(self._document.has_workbook)
        tip = self.tr("Open it in this computer's own program for PDF")
        self.viewer_button = BarButton("open", "", tip, bar)
        for button in (self.print_button, self.save_button, self.excel_button):
            button.set_compact(True)
            row.addWidget(button)
        row.addWidget(self.viewer_button)

    def _add_navigation(self, bar: Panel, row: QHBoxLayout) -> None:
        self.earlier_button = BarButton("chevron_left", "", self.tr("The page before; PgUp"), bar)
        self.page_spin = QSpinBox(bar)
        self.page_spin.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.page_spin.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.page_spin.setFixedWidth(theme.scaled(44))
        self.page_spin.setKeyboardTracking(False)
        self.page_spin.setAccessibleName(self.tr("Page"))
        self.count_label = PlainLabel("", bar, tone="dim")
        self.later_button = BarButton("chevron_right", "", self.tr("The next page; PgDn"), bar)
        self.smaller_button = BarButton("zoom_out", "", self.tr("Smaller; Ctrl+−"), bar)
        self.zoom_combo = ComboBox(bar)
        self.zoom_combo.setAccessibleName(self.tr("Zoom"))
        self.zoom_combo.setMinimumWidth(theme.scaled(92))
        self.zoom_combo.addItem(self.tr("Full width"), Zoom.WIDTH)
        self.zoom_combo.addItem(self.tr("Whole page"), Zoom.PAGE)
        for percent in (50, 75, 100, 125, 150, 200, 400):
            self.zoom_combo.addItem(f"{percent} %", percent)
        self.larger_button = BarButton("zoom_in", "", self.tr("Larger; Ctrl++"), bar)
        turning: tuple[QWidget, ...] = (self.earlier_button, self.page_spin, self.count_label, self.later_button)
        zooming: tuple[QWidget, ...] = (self.smaller_button, self.zoom_combo, self.larger_button)
        for widget in (*turning, Hairline(bar, vertical=True, inset=4), *zooming):
            row.addWidget(widget)

    def _add_search(self, bar: Panel, row: QHBoxLayout) -> None:
        self.search_edit = QLineEdit(bar)
        self.search_edit.setPlaceholderText(self.tr("Find (Ctrl+F)"))
        self.search_edit.setAccessibleName(self.tr("Find in the text"))
        self.search_edit.setClearButtonEnabled(True)
        self.search_edit.setMinimumWidth(theme.scaled(110))
        self.search_edit.setMaximumWidth(theme.scaled(200))
        self.hits_label = PlainLabel("", bar, tone="dim")
        self.hits_label.setMinimumWidth(theme.scaled(44))
        self.previous_button = BarButton("chevron_up", "", self.tr("Where it stands before; Shift+Enter"), bar)
        self.next_button = BarButton("chevron_down", "", self.tr("Where it stands next; Enter"), bar)
        row.addWidget(self.search_edit, 4)
        for widget in (self.hits_label, self.previous_button, self.next_button):
            row.addWidget(widget)

    def _waiting(self) -> QWidget:
        """What stands in the place of the pages until there are some."""
        waiting = QWidget(self)
        middle = QWidget(waiting)
        column = QVBoxLayout(middle)
        column.setSpacing(12)
        self._making_label = PlainLabel("", middle, px=theme.TITLE, strong=True)
        self._progress_label = PlainLabel("", middle, tone="dim")
        self._progress_label.setWordWrap(True)
        self._progress = QProgressBar(middle)
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(4)
        self._progress.setAccessibleName(self.tr("How far the document is"))
        self.cancel_button = FlatButton(self.tr("&Cancel"), middle)
        self.again_button = PrimaryButton(self.tr("&Try again"), middle)
        buttons = QHBoxLayout()
        for widget in (self._making_label, self._progress_label, self._progress):
            column.addWidget(widget)
        column.addLayout(buttons)
        buttons.addStretch(1)
        buttons.addWidget(self.again_button)
        buttons.addWidget(self.cancel_button)
        middle.setFixedWidth(theme.scaled(420))
        whole = QVBoxLayout(waiting)
        whole.addStretch(2)
        whole.addWidget(middle, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(3)
        return waiting

    def _connect(self) -> None:
        if self._folder is not None:
            self.destroyed.connect(self._folder.cleanup)
        self.print_button.clicked.connect(self.print)
        self.save_button.clicked.connect(self.save_as)
        self.excel_button.clicked.connect(self._write_workbook)
        self.viewer_button.clicked.connect(lambda: open_document(self.shell, self._path))
        self.earlier_button.clicked.connect(lambda: self.pages.turn(-1))
        self.later_button.clicked.connect(lambda: self.pages.turn(1))
        self.page_spin.valueChanged.connect(lambda number: self.pages.go_to(number - 1))
        self.smaller_button.clicked.connect(lambda: self.pages.zoom_by(-1))
        self.larger_button.clicked.connect(lambda: self.pages.zoom_by(1))
        self.zoom_combo.activated.connect(lambda _: self.pages.set_zoom(self.zoom_combo.currentData()))
        self.pages.page_changed.connect(self._show_page_number)
        self.pages.zoom_changed.connect(self._show_zoom)
        self.search_edit.installEventFilter(self)
        self.search_edit.textChanged.connect(self._search)
        self.previous_button.clicked.connect(lambda: self._go_to_hit(-1))
        self.next_button.clicked.connect(lambda: self._go_to_hit(1))
        self._found.countChanged.connect(self._count_hits)
        self.cancel_button.clicked.connect(self.close_wanted)
        self.again_button.clicked.connect(self._make)

    # Making

    def _temporary_path(self) -> Path:
        """Where nobody but this person looks, under the name that a viewer shows."""
        self._folder = TemporaryDirectory(prefix="studio-desktop-", ignore_cleanup_errors=True)
        return Path(self._folder.name) / dated_path(self.shell, self._document.title, PDF).name

    def _make(self) -> None:
        self._job = job = Job()
        job.progressed.connect(self._tell_progress)
        self._stack.setCurrentIndex(0)
        self._making_label.setText(self.tr("Making “{title}”…").format(title=self._document.title))
        self._progress_label.setText("")
        self._progress_label.set_look(tone="dim")
        self._progress.setRange(0, 0)
        self._progress.show()
        self.again_button.hide()
        document, path = self._document, self._path
        self.shell.tasks.run(
            self, lambda: document.write(path, job.report), self._made, self._not_made, lane="bulk",
            always=self._end_job, job=job,
        )  # fmt: skip
        self._allow()

    def _tell_progress(self, done: int, total: int) -> None:
        number = self.shell.formats.number
        said = self.tr("{done} of {total}") if total else self.tr("{done} rows")
        self._progress_label.setText(said.format(done=number(done), total=number(total)))
        self._progress.setRange(0, total)
        self._progress.setValue(done)

    def _made(self, file: WrittenFile) -> None:
        self._show()
        if file.remarks:
            self._say(" ".join(file.remarks))

    def _not_made(self, error: StudioError) -> None:
        self._making_label.setText(self.tr("“{title}” could not be made").format(title=self._document.title))
        self._progress_label.setText(str(error))
        self._progress_label.set_look(tone="red")
        self._progress.hide()
        self.again_button.show()
        self.again_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        if self._pdf.load(str(self._path)) is not QPdfDocument.Error.None_:
            self._not_made(StudioError("{name} cannot be read.", name=self._path.name))
            return
        self.pages.show_document(self._pdf)
        self._found.setDocument(self._pdf)
        self.pages.setSearchModel(self._found)
        count = self._pdf.pageCount()
        self.page_spin.setRange(1, count)
        self.count_label.setText(self.tr("of {count}").format(count=self.shell.formats.number(count)))
        self._stack.setCurrentWidget(self.pages)
        self._show_page_number(0)
        self._show_zoom()
        self._allow()
        pages = self.tr("1 page") if count == 1 else self.tr("{count} pages")
        self.status_changed.emit(pages.format(count=self.shell.formats.number(count)))
        if self.isVisible() and (self.cancel_button.hasFocus() or self.focusWidget() is None):
            self.take_focus()

    def _is_there(self) -> bool:
        return self._pdf.status() is QPdfDocument.Status.Ready

    def _allow(self) -> None:
        is_there = self._is_there()
        for widget in (
            self.save_button, self.excel_button, self.viewer_button, self.page_spin, self.zoom_combo,
            self.smaller_button, self.larger_button, self.search_edit,
        ):  # fmt: skip
            widget.setEnabled(is_there)
        self.print_button.setEnabled(is_there and self._job is None)
        self._allow_turning()
        self._allow_hits()
        self.actions_changed.emit()

    # Looking

    def _show_page_number(self, page: int) -> None:
        self.page_spin.blockSignals(True)
        self.page_spin.setValue(page + 1)
        self.page_spin.blockSignals(False)
        self._allow_turning()

    def _allow_turning(self) -> None:
        at = self.page_spin.value()
        self.earlier_button.setEnabled(self._is_there() and at > 1)
        self.later_button.setEnabled(self._is_there() and at < self._pdf.pageCount())

    def _show_zoom(self) -> None:
        zoom: Any = self.pages.zoom()
        at = self.zoom_combo.findData(zoom)
        self.zoom_combo.setPlaceholderText("" if isinstance(zoom, Zoom) else f"{zoom} %")
        self.zoom_combo.setCurrentIndex(at)

    def _begin_search(self) -> None:
        self.search_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_edit.selectAll()

    def _search(self, text: str) -> None:
        self._hit = -1
        self.pages.setCurrentSearchResultIndex(-1)
        self._found.setSearchString(text.strip())
        self._count_hits()

    def _count_hits(self) -> None:
        """Pages are searched one after the other; the first place is shown as soon as it is known."""
        if self._hit < 0 and self._hits():
            self._go_to_hit(1)
        self._say_hits()

    def _hits(self) -> int:
        return self._found.rowCount(self._found.index(-1, -1))

    def _go_to_hit(self, step: int) -> None:
        if not self._hits():
            return
        self._hit = (self._hit + step) % self._hits() if self._hit >= 0 else 0
        self.pages.setCurrentSearchResultIndex(self._hit)
        place = self._found.resultAtIndex(self._hit)
        self.pages.bring_into_sight(place.page(), place.location().y())
        self._say_hits()

    def _say_hits(self) -> None:
        number, sought = self.shell.formats.number, self.search_edit.text().strip()
        said = self.tr("{at} of {count}").format(at=number(self._hit + 1), count=number(self._hits()))
        self.hits_label.setText((said if self._hits() else self.tr("not found")) if sought else "")
        self._allow_hits()

    def _allow_hits(self) -> None:
        for button in (self.previous_button, self.next_button):
            button.setEnabled(self._hits() > 0)

    # Printing and keeping

    def _send(self, printer: QPrinter) -> None:
        self._job = job = Job()
        path, is_full_size, name = self._path, self._document.is_full_size, printer.printerName()
        number = self.shell.formats.number
        sending = self.tr("Printing page {done} of {total}…")
        job.progressed.connect(lambda done, total: self._say(sending.format(done=number(done), total=number(total))))
        self._say(self.tr("Printing…"))
        self._allow()

        def sent(pages: int) -> None:
            said = self.tr("1 page sent to {printer}.") if pages == 1 else self.tr("{count} pages sent to {printer}.")
            self._say(said.format(count=number(pages), printer=name))
            self._use()

        self.shell.tasks.run(
            self, lambda: print_pdf(path, printer, is_full_size=is_full_size, progress=job.report), sent,
            self._failed, lane="pool", always=self._end_job, job=job,
        )  # fmt: skip

    def _end_job(self) -> None:
        self._job = None
        self._allow()

    def _write_workbook(self) -> None:
        make_document(self.shell, self, self._document, WORKBOOK)

    def _use(self) -> None:
        """It is on paper or kept now: whoever had it made is told, once."""
        if not self._is_used:
            self._is_used = True
            if self._document.used is not None:
                self._document.used()

    def _failed(self, error: StudioError) -> None:
        self._say(str(error), "red")

    def _say(self, sentence: str, tone: str = "dim") -> None:
        self.notice_label.set_look(tone=tone)
        self.notice_label.setText(sentence)
        self.notice_label.setVisible(bool(sentence))
