"""A sheet of labels drawn small: which cell is the first free one, and what will stand on the paper."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio_desktop.paths import RESOURCES
from studio_desktop.ui import theme
from studio_desktop.ui.widgets.marks import paint_focus_ring

if TYPE_CHECKING:  # loads the library that writes documents
    from studio_desktop.reports.label_sheets import LabelSheet
    from studio_desktop.reports.labels import LaidOut


class StartCellView(QWidget):
    """The cells of a sheet: used ones grey, the first free one filled. A click or Enter sets it, arrows move."""

    start_chosen = Signal(int)
    """Somebody set the first free cell, counted from 1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns, self._rows = 1, 1
        self._start = 1
        self._cursor = 1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tell()

    def show_sheet(self, columns: int, rows: int, start: int) -> None:
        """Draw a sheet of so many cells, of which `start` is the first free one."""
        self._columns, self._rows, self._start = columns, rows, start
        if not self.hasFocus():
            self._cursor = start
        self._cursor = min(self._cursor, columns * rows)
        self.setMaximumHeight(theme.scaled(_CELL_HIGH) * rows + 2 * _MARGIN + 1)
        self._tell()
        self.update()

    def start(self) -> int:
        """The first free cell."""
        return self._start

    def sizeHint(self) -> QSize:
        """Room for the numbers."""
        return QSize(theme.scaled(184), theme.scaled(212))

    def minimumSizeHint(self) -> QSize:
        """Cells that can still be hit."""
        return QSize(theme.scaled(120), theme.scaled(80))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.show_sheet(self._columns, self._rows, self._start)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Enter sets."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
            Qt.Key.Key_Home: -self._columns * self._rows,
            Qt.Key.Key_End: self._columns * self._rows,
        }
        key, last = Qt.Key(event.key()), self._columns * self._rows
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.start_chosen.emit(self._cursor)
        elif key in steps:
            wanted = self._cursor + steps[key]
            is_jump = key in (Qt.Key.Key_Home, Qt.Key.Key_End)
            self._cursor = min(max(wanted, 1), last) if is_jump or 1 <= wanted <= last else self._cursor
            self._tell()
            self.update()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The cell that was hit is the first free one."""
        everywhere = range(1, self._columns * self._rows + 1)
        hit = (number for number in everywhere if self._ground(number).contains(event.position()))
        number = next(hit, None)
        if number is not None and event.button() == Qt.MouseButton.LeftButton:
            self._cursor = number
            self.start_chosen.emit(number)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first free cell."""
        self._cursor = self._start
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.token("edge")))
        painter.setBrush(theme.token("field"))
        painter.drawRoundedRect(self._page(), 3, 3)
        for number in range(1, self._columns * self._rows + 1):
            self._paint_cell(painter, number)
        if self.hasFocus():
            paint_focus_ring(painter, self._cell(self._cursor).adjusted(-2, -2, 2, 2), 3)

    def _paint_cell(self, painter: QPainter, number: int) -> None:
        place = self._cell(number)
        if number < self._start:
            fill, edge, ink, text = "line", "line", "faint", self.tr("used")
        elif number == self._start:
            fill, edge, ink, text = "accent", "accent", "on_accent", self.tr("start")
        else:
            fill, edge, ink, text = "alternate", "edge", "dim", str(number)
        painter.setPen(QPen(theme.token(edge)))
        painter.setBrush(theme.token(fill))
        painter.drawRoundedRect(place, 2, 2)
        painter.setFont(theme.font(theme.TINY, theme.STRONG if number == self._start else theme.REGULAR))
        metrics = painter.fontMetrics()
        if metrics.capHeight() + 3 <= place.height() and metrics.horizontalAdvance(text) + 2 <= place.width():
            painter.setPen(theme.token(ink))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _page(self) -> QRectF:
        """Cells of a label's shape, as large as there is room, in the middle."""
        height = min((self.height() - 1 - 2 * _MARGIN) / self._rows, theme.scaled(_CELL_HIGH))
        width = min((self.width() - 1 - 2 * _MARGIN) / self._columns, theme.scaled(_CELL_WIDE) * 3 / self._columns)
        whole = QRectF(0, 0, width * self._columns + 2 * _MARGIN, height * self._rows + 2 * _MARGIN)
        whole.moveCenter(QPointF(self.width() / 2, whole.height() / 2 + 0.5))
        return whole

    def _cell(self, number: int) -> QRectF:
        return self._ground(number).adjusted(2, 1, -2, -1)

    def _ground(self, number: int) -> QRectF:
        """A cell with its half of the gaps around it."""
        page = self._page().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        row, column = divmod(number - 1, self._columns)
        width, height = page.width() / self._columns, page.height() / self._rows
        return QRectF(page.x() + column * width, page.y() + row * height, width, height)

    def _tell(self) -> None:
        said = self.tr("First free label: {start} of {count}").format(
            start=self._start, count=self._columns * self._rows
        )
        self.setAccessibleName(said)
        self.setAccessibleDescription(self.tr("Label {number}; Enter begins here").format(number=self._cursor))


class LabelPreview(QWidget):
    """One page as it will be printed: paper is white in the dark scheme too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet: LabelSheet | None = None
        self._labels: Mapping[int, LaidOut] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_page(self, sheet: LabelSheet, labels: Mapping[int, LaidOut]) -> None:
        """Draw these labels by the index of their cell, on the sheet as it is corrected for a printer."""
        self._sheet, self._labels = sheet, labels
        self.update()

    def sizeHint(self) -> QSize:
        """A sheet on which names can be told apart."""
        return QSize(theme.scaled(330), theme.scaled(428))

    def minimumSizeHint(self) -> QSize:
        """A sheet on which blocks of text can be seen."""
        return QSize(theme.scaled(160), theme.scaled(120))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        sheet = self._sheet
        if sheet is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = min((self.width() - 2) / sheet.page_width, (self.height() - 2) / sheet.page_height)
        painter.translate((self.width() - sheet.page_width * scale) / 2, 1)
        painter.scale(scale, scale)
        painter.setPen(QPen(theme.token("edge"), 1 / scale))
        painter.setBrush(_PAPER)
        page = QRectF(0, 0, sheet.page_width, sheet.page_height)
        painter.drawRect(page)
        painter.setClipRect(page)
        outline = QPen(_OUTLINE, 1 / scale, Qt.PenStyle.DotLine)
        for index in range(sheet.count):
            left, top, width, height = sheet.cell_rect(index)
            painter.setPen(outline)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(left, top, width, height), 4, 4)
            if index in self._labels:
                _paint_label(painter, self._labels[index], QPointF(left, top))


def _paint_label(painter: QPainter, label: LaidOut, corner: QPointF) -> None:
    painter.save()
    painter.setPen(_INK)
    painter.translate(corner)
    # Type sizes are whole pixels, so the page is drawn many times too large and scaled down.
    painter.scale(1 / _FINER, 1 / _FINER)
    for left, baseline, line in label.lines:
        x = left * _FINER
        for run in line.runs:
            font = QFont(_family(run.font))
            font.setPixelSize(max(round(label.size * _FINER), 1))
            painter.setFont(font)
            # The run is in the order in which it stands on paper; the override keeps Qt from turning it again.
            text = f"\u202d{run.text}\u202c"
            painter.drawText(QPointF(x, baseline * _FINER), text)
            x += QFontMetricsF(font).horizontalAdvance(text)
    painter.restore()


_MARGIN = 8
_CELL_WIDE, _CELL_HIGH = 56, 19
_FINER = 16
_PAPER, _INK, _OUTLINE = QColor("#FFFFFF"), QColor("#1B1F24"), QColor("#C3C9D1")


@cache
def _family(name: str) -> str:
    """The family of a font that documents are set in, by the name of its file."""
    number = QFontDatabase.addApplicationFont(str(RESOURCES / "fonts" / f"{name}.ttf"))
    families = QFontDatabase.applicationFontFamilies(number)
    return families[0] if families else ""
