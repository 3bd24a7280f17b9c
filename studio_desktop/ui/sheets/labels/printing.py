"""What becomes of labels: a PDF, a single one on its printer, or the outline of a sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from studio_desktop.domain.errors import StudioError
from studio_desktop.reports.label_sheets import LabelSheet
from studio_desktop.services import Saved, new_request
from studio_desktop.services.mailing import Mailing, MailingRun, RunFacts
from studio_desktop.ui.background import Job
from studio_desktop.ui.documents import dated_path, make_folder, open_document, show_document
from studio_desktop.ui.sheets.labels.stock import Stock
from studio_desktop.ui.sheets.labels.wish import Wish
from studio_desktop.ui.widgets.label_sheet_view import print_labels

if TYPE_CHECKING:
    from studio_desktop.domain.formats import Formats
    from studio_desktop.reports.labels import LaidOut
    from studio_desktop.reports.mailing_labels import MailingResult
    from studio_desktop.ui.page import Shell


@dataclass(frozen=True, slots=True)
class Labels:
    """What is to be printed: the people who get one, as it is wished, and for whom in words."""

    mailing: Mailing
    wish: Wish
    whom: str
    is_single: bool


class LabelPrinting(QObject):
    """Prints and writes labels in the background, and remembers what is proposed next time."""

    said = Signal(str, str)
    """A sentence and its tone."""
    busy_changed = Signal()
    """Labels are being written, or no longer."""
    finished = Signal()
    """They are printed and kept."""

    def __init__(self, shell: Shell, stock: Stock, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._shell = shell
        self._stock = stock
        self._job: Job | None = None

    @property
    def is_busy(self) -> bool:
        """Whether labels are being written."""
        return self._job is not None

    def path(self, labels: Labels) -> Path:
        """Where they are written without being asked."""
        return dated_path(self._shell, self.tr("Labels {whom}").format(whom=labels.whom), ".pdf")

    def print(self, labels: Labels) -> None:
        """Write the PDF into the folder for documents, show it, and remember the next cell.

        A single label goes to its printer at once where this workstation has one for it (S3-06, S3-07).
        """
        settings = self._shell.settings
        if labels.is_single and (settings.single_label_prompt or settings.single_label_printer):
            self._print_single(labels)
        else:
            self._write(labels, self.path(labels), lambda result: self._printed(labels, result))

    def save(self, labels: Labels, path: Path) -> None:
        """Write the PDF there."""
        self._write(labels, path, lambda result: self.said.emit(result.sentence(), "dim"))

    def test_outline(self, sheet: LabelSheet) -> None:
        """One page with the edges of the labels only, to be held against the stock."""
        path = dated_path(self._shell, self.tr("Outline {sheet}").format(sheet=sheet.name), ".pdf")

        def write() -> Path:
            from studio_desktop.reports.labels import write_labels

            make_folder(path.parent)
            write_labels(path, (), sheet, outline=True)
            return path

        shell = self._shell
        shell.tasks.run(self, write, lambda path: open_document(shell, path), self._failed, lane="bulk")

    def cancel(self) -> None:
        """Stop writing; then nothing is written."""
        if self._job is not None:
            self._job.cancel()

    def _print_single(self, labels: Labels) -> None:
        """Send the label to the printer that this workstation has for single ones, or to the one that is chosen."""
        settings, wish = self._shell.settings, labels.wish
        try:
            printer = self._shell.prompts.printer(
                self._parent, settings.single_label_printer, ask=settings.single_label_prompt
            )
        except StudioError as error:
            self._failed(error)
            return
        if printer is None:
            return
        corrected = self._stock.corrected_for(printer.printerName(), wish.sheet)
        lines, count = labels.mailing.addressees[0].lines, corrected.count
        cells = range(wish.start - 1, wish.start - 1 + wish.copies)
        pages = [
            lay_out_page(corrected, {cell % count: lines for cell in cells if cell // count == page})
            for page in range(cells[-1] // count + 1)
        ]
        if not print_labels(printer, pages):
            self._failed(StudioError("The printer {name} took nothing.", name=printer.printerName()))
            return
        self._stock.keep_start(wish.sheet, (cells[-1] + 1) % count + 1)
        said = self.tr("{labels} sent to {printer}.")
        sent = said_labels(wish.copies, self._shell.formats)
        self._shell.say(said.format(labels=sent, printer=printer.printerName()))
        self.finished.emit()

    def _write(self, labels: Labels, path: Path, done: Callable[[MailingResult], None]) -> None:
        sheet, wish, mailing = self._stock.corrected(labels.wish), labels.wish, labels.mailing
        self._job = job = Job()
        job.progressed.connect(self._tell_progress)
        self.said.emit(self.tr("Writing {name} …").format(name=path.name), "dim")
        self.busy_changed.emit()

        def write() -> MailingResult:
            from studio_desktop.reports.mailing_labels import write_mailing

            make_folder(path.parent)
            return write_mailing(
                mailing, path, sheet, start=wish.start, copies=wish.copies, progress=job.report
            )

        self._shell.tasks.run(self, write, done, self._failed, lane="bulk", always=self._end_writing, job=job)

    def _tell_progress(self, done: int, total: int) -> None:
        number = self._shell.formats.number
        said = self.tr("Printing {done} of {total}").format(done=number(done), total=number(total))
        self.said.emit(said, "dim")

    def _end_writing(self) -> None:
        cancelled = self._job is not None and self._job.cancelled
        self._job = None
        self.said.emit(self.tr("Cancelled; nothing was written.") if cancelled else "", "dim")
        self.busy_changed.emit()

    def _printed(self, labels: Labels, result: MailingResult) -> None:
        self._stock.keep(labels.wish, result.next_start, is_single=labels.is_single)
        if len(result.mailing.people) > 1:
            self._keep_run(labels, result)
        else:
            self._show_result(result)

    def _keep_run(self, labels: Labels, result: MailingResult) -> None:
        """A mailing to a group is kept, to be looked up and printed again (B10)."""
        wish, mailings, request = labels.wish, self._shell.services.mailings, new_request()
        facts = RunFacts(labels.whom, wish.sheet, wish.name_line, wish.address_on, wish.copies)

        def kept(saved: Saved[MailingRun]) -> None:
            self._shell.saved("", saved.changes, undoable=False)
            self._show_result(result)

        self._shell.tasks.run(self, lambda: mailings.keep(facts, result.mailing, request), kept, self._failed)

    def _show_result(self, result: MailingResult) -> None:
        name, folder, formats = result.path.name, result.path.parent, self._shell.formats
        labels, pages = said_labels(result.labels.count, formats), said_sheets(result.labels.pages, formats)
        said = self.tr("{labels} on {sheets}: {name}, in the folder {folder}.")
        sentences = [said.format(labels=labels, sheets=pages, name=name, folder=folder)]
        if result.labels.cut:
            cut = self.tr("{count} labels lack some of their text; it is too long.")
            sentences.append(cut.format(count=result.labels.cut))
        if result.labels.replaced_characters:
            replaced = self.tr("{count} characters are in a script no shipped font holds.")
            sentences.append(replaced.format(count=result.labels.replaced_characters))
        show_document(self._shell, " ".join(sentences), result.path)
        self.finished.emit()

    def _failed(self, error: StudioError) -> None:
        self.said.emit(str(error), "red")


def lay_out_page(sheet: LabelSheet, texts: Mapping[int, Sequence[str]]) -> tuple[LabelSheet, dict[int, LaidOut]]:
    """The labels of a page by their cells, and the stock as it is cut for them."""
    from studio_desktop.reports.labels import cut_to, lay_out

    for lines in texts.values():
        sheet = cut_to(lines, sheet)
    return sheet, {cell: lay_out(lines, sheet) for cell, lines in texts.items()}


def said_labels(count: int, formats: Formats) -> str:
    """"1 label", "1,204 labels"."""
    return _tr("1 label") if count == 1 else _tr("{count} labels").format(count=formats.number(count))


def said_sheets(count: int, formats: Formats) -> str:
    """"1 sheet", "41 sheets"."""
    return _tr("1 sheet") if count == 1 else _tr("{count} sheets").format(count=formats.number(count))


def _tr(text: str) -> str:
    return QCoreApplication.translate("LabelPrinting", text)
