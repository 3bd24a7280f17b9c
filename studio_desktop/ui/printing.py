"""PDF pages on a printer: drawn in the background from the very file that the preview shows (B10, E11).

What a person chose for one kind of document, that workstation proposes for it again.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument, QPdfDocumentRenderOptions
from PySide6.QtPrintSupport import QPrinter

from studio_desktop.domain.errors import StudioError
from studio_desktop.ui.documents import Progress

if TYPE_CHECKING:
    from studio_desktop.ui.page import Shell

FINEST = 600
"""Dots per inch that pages are drawn with at most: finer ones cost memory and cannot be told apart on paper."""


@dataclass(frozen=True, slots=True)
class PrintWish:
    """How somebody wants to print. Which pages is asked each time, for the next document has others."""

    printer: str = ""
    copies: int = 1
    duplex: str = QPrinter.DuplexMode.DuplexNone.name
    tray: str = QPrinter.PaperSource.Auto.name

    @classmethod
    def remembered(cls, shell: Shell, kind: str, printer: str = "") -> PrintWish:
        """As this kind of document was printed here last; `printer` is the one it was made for."""
        usual = cls()
        known = {name: type(value) for name, value in dataclasses.asdict(usual).items()}
        kept = shell.settings.printers.get(kind, {})
        # What another version of the program keeps there is left alone.
        wish = {name: value for name, value in kept.items() if type(value) is known.get(name)}
        return dataclasses.replace(usual, **{**wish, **({"printer": printer} if printer else {})})

    @classmethod
    def of(cls, printer: QPrinter) -> PrintWish:
        """What stands in the system's dialog once it was answered."""
        return cls(printer.printerName(), printer.copyCount(), printer.duplex().name, printer.paperSource().name)

    def remember(self, shell: Shell, kind: str) -> None:
        """Propose it for this kind of document from now on."""
        printers = {**shell.settings.printers, kind: dataclasses.asdict(self)}
        shell.save_settings(dataclasses.replace(shell.settings, printers=printers))

    def put_into(self, printer: QPrinter) -> None:
        """Prepare a printer that was found by its name."""
        printer.setCopyCount(max(self.copies, 1))
        if self.duplex in QPrinter.DuplexMode.__members__:
            printer.setDuplex(QPrinter.DuplexMode[self.duplex])
        if self.tray in QPrinter.PaperSource.__members__:
            printer.setPaperSource(QPrinter.PaperSource[self.tray])


def set_paper(printer: QPrinter, width: float, height: float, *, exactly: bool) -> None:
    """Ask for the paper of a page of so many points; `exactly` for stock that no other size may stand for."""
    if exactly:
        size = QPageSize(QSizeF(width, height), QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
        printer.setPageSize(size)
    else:
        upright = QSizeF(min(width, height), max(width, height))
        printer.setPageSize(QPageSize(upright, QPageSize.Unit.Point))
        is_wide = width > height
        printer.setPageOrientation(QPageLayout.Orientation.Landscape if is_wide else QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)


def print_pdf(path: Path, printer: QPrinter, *, is_full_size: bool, progress: Progress) -> int:
    """Draw the pages that the printer was told on it, and give how many; for a lane for long work.

    Pages are drawn at 100 %. Only where the paper is smaller they are made to fit, and those of `is_full_size` not
    even then. What `progress` raises ends the job; the printer then throws away what it has.
    """
    document = QPdfDocument()
    if document.load(str(path)) is not QPdfDocument.Error.None_:
        raise StudioError("{name} cannot be read any more; make it again.", name=path.name)
    pages = _pages(printer, document.pageCount())
    painter = QPainter()
    try:
        for number, page in enumerate(pages):
            progress(number, len(pages))
            _begin_page(painter, printer, number)
            _draw(painter, printer, document, page, is_full_size=is_full_size)
    except BaseException:
        printer.abort()
        raise
    finally:
        if painter.isActive():
            painter.end()
    progress(len(pages), len(pages))
    return len(pages)


def _begin_page(painter: QPainter, printer: QPrinter, number: int) -> None:
    if not (printer.newPage() if number else painter.begin(printer)):
        if not printer.printerName():
            raise StudioError("The printer took nothing. Look whether it is there and switched on, and print again.")
        raise StudioError(
            "The printer {name} took nothing. Look whether it is there and switched on, and print again.",
            name=printer.printerName(),
        )
    # Without it bands go to the printer as JPEG: twice as large, with grey around each letter.
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)


def _pages(printer: QPrinter, count: int) -> list[int]:
    """The indexes of the pages in the order they are drawn in; copies that the printer cannot make itself too."""
    ranges = printer.pageRanges()
    wanted = [page for page in range(count) if ranges.isEmpty() or ranges.contains(page + 1)]
    if printer.pageOrder() == QPrinter.PageOrder.LastPageFirst:
        wanted.reverse()
    copies = 1 if printer.supportsMultipleCopies() else max(printer.copyCount(), 1)
    return wanted * copies if printer.collateCopies() else [page for page in wanted for _ in range(copies)]


def _draw(painter: QPainter, printer: QPrinter, document: QPdfDocument, page: int, *, is_full_size: bool) -> None:
    step = -(-printer.resolution() // FINEST)  # dots of the printer for one of ours: a whole number, so that bands join
    dots_per_inch = printer.resolution() / step
    paper = printer.paperRect(QPrinter.Unit.DevicePixel)
    size = document.pagePointSize(page) * (dots_per_inch / 72)
    fit = 1.0 if is_full_size else min(1.0, paper.width() / step / size.width(), paper.height() / step / size.height())
    whole = QSize(round(size.width() * fit), round(size.height() * fit))
    corner = QPointF(0, 0)
    if not is_full_size:
        corner = QPointF((paper.width() - whole.width() * step) / 2, (paper.height() - whole.height() * step) / 2)
    for top in range(0, whole.height(), _BAND):
        part = QRect(0, top, whole.width(), min(_BAND, whole.height() - top))
        target = QRectF(corner + QPointF(0, top * step), QSizeF(part.size()) * step)
        painter.drawImage(target, _band(document, page, whole, part))


_BAND = 512
"""Rows that are drawn at a time: a whole page at 600 dots per inch would be 130 MB."""


def _band(document: QPdfDocument, page: int, whole: QSize, part: QRect) -> QImage:
    options = QPdfDocumentRenderOptions()
    options.setScaledSize(whole)
    options.setScaledClipRect(part)
    image = document.render(page, part.size(), options)
    ground = QPainter(image)
    ground.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOver)
    ground.fillRect(image.rect(), Qt.GlobalColor.white)
    ground.end()
    # Without its alpha channel it is a fifth of the size for the printer.
    return image.convertToFormat(QImage.Format.Format_RGB32)
