"""The last line of a grid: how many rows there are, and the sum of each column that adds up, below its column."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio_desktop.domain.formats import Formats
from studio_desktop.services.listings.service import Totals
from studio_desktop.ui import theme
from studio_desktop.ui.widgets.listing_cells import MARGIN
from studio_desktop.ui.widgets.listing_header import ListingHeader
from studio_desktop.ui.widgets.listing_model import ListingModel

HEIGHT = 24
"""Pixels of the line at 100 %."""


class ListingTotals(QWidget):
    """Paints the totals; a screen reader hears them as one sentence."""

    def __init__(
        self,
        model: ListingModel,
        header: ListingHeader,
        formats: Callable[[], Formats],
        leading: Callable[[], int],
        parent: QWidget,
    ) -> None:
        """`leading` gives the section below which the number of rows stands."""
        super().__init__(parent)
        self._model = model
        self._header = header
        self._formats = formats
        self._leading = leading
        self._texts: dict[int, str] = {}
        header.sectionResized.connect(lambda *_: self.update())
        header.sectionMoved.connect(lambda *_: self.update())
        self.hide()

    def set_totals(self, totals: Totals) -> None:
        """Show these."""
        number = self._formats().number
        rows = self.tr("1 row") if totals.count == 1 else self.tr("{count} rows").format(count=number(totals.count))
        self._texts = {self._model.column_of(key): number(value) for key, value in totals.sums.items()}
        self._texts[0] = rows
        titles = {section: self._model.columns[section - 1].title for section in self._texts if section}
        sums = [f"{titles[section]} {text}" for section, text in self._texts.items() if section]
        self.setAccessibleName(self.tr("Totals: {totals}").format(totals=", ".join([rows, *sums])))
        self.update()

    def texts(self) -> dict[str, str]:
        """What stands below which column, by its key; the number of rows under the empty one."""
        return {self._model.columns[section - 1].key if section else "": text for section, text in self._texts.items()}

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(0, theme.scaled(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.token("window"))
        painter.setPen(theme.token("line"))
        painter.drawLine(0, 0, self.width(), 0)
        painter.setClipRect(0, 0, self._header.width(), self.height())
        painter.setFont(theme.font(theme.BASE, theme.STRONG))
        painter.setPen(theme.token("text"))
        for section, text in self._texts.items():
            at = section or self._leading()
            if not self._header.isSectionHidden(at):
                left, width = self._header.sectionViewportPosition(at), self._header.sectionSize(at)
                side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
                place = QRect(left, 0, width, self.height()).adjusted(MARGIN, 1, -MARGIN, 0)
                painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, text)
