"""What becomes of labels: the preview and a PDF, a single one on its printer, or the outline of a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from studio_desktop.domain.errors import StudioError
from studio_desktop.reports.label_sheets import LabelSheet
from studio_desktop.services import Saved, new_request
from studio_desktop.services.mailing import Mailing, MailingRun, RunFacts
from studio_desktop.ui.background import Job
from studio_desktop.ui.documents import Document, Progress, dated_path, make_folder
from studio_desktop.ui.sheets.labels.stock import Stock
from studio_desktop.ui.sheets.labels.wish import ANY_PRINTER, Wish

if TYPE_CHECKING:
    from studio_desktop.domain.formats import Formats
    from studio_desktop.reports.labels import LaidOut
    from studio_desktop.ui.page import Shell


@dataclass(frozen=True, slots=True)
class Labels:
    """What is to be printed: the people who get one, as it is wished, and for whom in words."""

    mailing: Mailing
    wish: Wish
    whom: str
    is_single: bool


class LabelPrinting(QObject):
    """Has labels looked at and printed, in the background, and remembers what is proposed next time."""

    said = Signal(str, str)
    """A sentence and its tone."""
    busy_changed = Signal()
    """Labels are being printed or written, or no longer."""
    finished = Signal()
    """They are on paper, or in a file that is kept."""

    def __init__(self, shell: Shell, stock: Stock, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._shell = shell
        self._stock = stock
        self._job: Job | None = None

    @property
    def is_busy(self) -> bool:
        """Whether labels are being printed or written."""
        return self._job is not None

    def path(self, labels: Labels) -> Path:
        """Where they are written without being asked."""
        return dated_path(self._shell, self._title(labels), ".pdf")

    def print(self, labels: Labels) -> None:
        """Show them in the preview; what they used of the stock is remembered once they are printed or kept.

        A single label goes to its printer at once where this workstation has one for it (S3-06, S3-07).
        """
        settings = self._shell.settings
        if not labels.mailing.addressees:
            self.said.emit(self.tr("Nobody gets a label."), "red")
            return
        if labels.is_single and (settings.single_label_prompt or settings.single_label_printer):
            self._print_single(labels)
            return
        shell, stock = self._shell, self._stock
        sheet = stock.corrected(labels.wish)

        def used() -> None:
            if shiboken6.isValid(self):
                self.finished.emit()
            _keep(shell, stock, labels)

        shell.preview(
            Document(
                self._title(labels),
                f"labels {sheet.key}",
                lambda path, progress: _written(labels, path, sheet, progress),
                has_workbook=False,
                is_full_size=True,
                printer="" if labels.wish.printer == ANY_PRINTER else labels.wish.printer,
                used=used,
            )
        )

    def save(self, labels: Labels, path: Path) -> None:
        """Write the PDF there."""
        sheet, shell = self._stock.corrected(labels.wish), self._shell
        self._begin(self.tr("Writing {name} …").format(name=path.name))
        job = self._job
        assert job is not None

        def write() -> LabelFile:
            make_folder(path.parent)
            return _written(labels, path, sheet, job.report)

        def done(file: LabelFile) -> None:
            said = self.tr("{labels} in {name}, in the folder {folder}.").format(
                labels=said_labels(file.rows, shell.formats), name=path.name, folder=path.parent
            )
            self.said.emit(" ".join((said, *file.remarks)), "dim")

        shell.tasks.run(self, write, done, self._failed, lane="bulk", always=self._end, job=job)

    def test_outline(self, sheet: LabelSheet) -> None:
        """One page with the edges of the labels only, to be held against the stock."""

        def write(path: Path, _progress: Progress) -> LabelFile:
            from studio_desktop.reports.labels import write_labels

            write_labels(path, (), sheet, outline=True)
            return LabelFile(0)

        title = self.tr("Outline {sheet}").format(sheet=sheet.name)
        kind = f"labels {sheet.key}"
        self._shell.preview(Document(title, kind, write, has_workbook=False, is_full_size=True))

    def cancel(self) -> None:
        """Stop printing or writing."""
        if self._job is not None:
            self._job.cancel()

    def _print_single(self, labels: Labels) -> None:
        """Send the label to the printer that this workstation has for single ones, or to the one that is chosen."""
        from studio_desktop.ui.printing import print_pdf, set_paper

        settings, stock, shell = self._shell.settings, self._stock, self._shell
        plain = stock.sheet(labels.wish.sheet)
        try:
            printer = shell.prompts.printer(
                self._parent,
                settings.single_label_printer,
                lambda one: set_paper(one, plain.page_width, plain.page_height, exactly=True),
                ask=settings.single_label_prompt,
            )
        except StudioError as error:
            self._failed(error)
            return
        if printer is None:
            return
        name = printer.printerName()
        sheet = stock.corrected_for(name, labels.wish.sheet)
        self._begin(self.tr("Printing…"))
        job = self._job
        assert job is not None

        def send() -> None:
            with TemporaryDirectory(prefix="studio-desktop-", ignore_cleanup_errors=True) as folder:
                path = Path(folder) / "label.pdf"
                _written(labels, path, sheet, job.report)
                print_pdf(path, printer, is_full_size=True, progress=job.report)

        def sent(_: None) -> None:
            stock.keep_start(labels.wish.sheet, _next_start(labels, sheet))
            said = self.tr("{labels} sent to {printer}.")
            shell.say(said.format(labels=said_labels(labels.wish.copies, shell.formats), printer=name))
            self.finished.emit()

        shell.tasks.run(self, send, sent, self._failed, lane="bulk", always=self._end, job=job)

    def _title(self, labels: Labels) -> str:
        return self.tr("Labels {whom}").format(whom=labels.whom)

    def _begin(self, sentence: str) -> None:
        self._job = Job()
        self._job.progressed.connect(self._tell_progress)
        self.said.emit(sentence, "dim")
        self.busy_changed.emit()

    def _tell_progress(self, done: int, total: int) -> None:
        number = self._shell.formats.number
        said = self.tr("Printing {done} of {total}").format(done=number(done), total=number(total))
        self.said.emit(said, "dim")

    def _end(self) -> None:
        cancelled = self._job is not None and self._job.cancelled
        self._job = None
        self.said.emit(self.tr("Cancelled; nothing was written.") if cancelled else "", "dim")
        self.busy_changed.emit()

    def _failed(self, error: StudioError) -> None:
        self.said.emit(str(error), "red")


@dataclass(frozen=True, slots=True)
class LabelFile:
    """A written file of so many labels. `remarks` say what it could not hold as it is."""

    rows: int
    remarks: tuple[str, ...] = ()


def _written(labels: Labels, path: Path, sheet: LabelSheet, progress: Progress) -> LabelFile:
    from studio_desktop.reports.mailing_labels import write_mailing

    wish = labels.wish
    result = write_mailing(
        labels.mailing, path, sheet, start=wish.start, copies=wish.copies, progress=progress
    ).labels
    remarks = []
    if result.cut:
        many = _tr("{count} labels lack some of their text; it is too long.").format(count=result.cut)
        remarks.append(_tr("1 label lacks some of its text; it is too long.") if result.cut == 1 else many)
    if result.replaced_characters:
        many = _tr("{count} characters are in a script no shipped font holds.").format(count=result.replaced_characters)
        one = _tr("1 character is in a script no shipped font holds.")
        remarks.append(one if result.replaced_characters == 1 else many)
    return LabelFile(result.count, tuple(remarks))


def _next_start(labels: Labels, sheet: LabelSheet) -> int:
    """The first cell that these labels leave free on the last page."""
    printed = len(labels.mailing.addressees) * labels.wish.copies
    return (labels.wish.start - 1 + printed) % sheet.count + 1


def _keep(shell: Shell, stock: Stock, labels: Labels) -> None:
    """Remember the stock for next time; a mailing to a group is kept, to be looked up and printed again (B10)."""
    wish = labels.wish
    stock.keep(wish, _next_start(labels, stock.sheet(wish.sheet)), is_single=labels.is_single)
    if len(labels.mailing.people) == 1:
        return
    mailings, request = shell.services.mailings, new_request()
    facts = RunFacts(labels.whom, wish.sheet, wish.name_line, wish.address_on, wish.copies)

    def kept(saved: Saved[MailingRun]) -> None:
        shell.saved("", saved.changes, undoable=False)

    # The sheet may be gone before the run is kept, and its preview too.
    shell.tasks.run(shell.tasks, lambda: mailings.keep(facts, labels.mailing, request), kept)


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
