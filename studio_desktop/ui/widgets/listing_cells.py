"""How the cells of a grid are painted: lights, dots, due days, phones, badges, ticks; numbers at the right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from studio_desktop.services.listings.declaration import ColumnKind
from studio_desktop.ui import theme
from studio_desktop.ui.elision import elided
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets.listing_model import TICK, Cell, Index, ListingModel
from studio_desktop.ui.widgets.marks import paint_dot, paint_light
from studio_desktop.ui.widgets.plain_label import as_tip

MARGIN = 8
"""Pixels between a cell's edge and its text."""

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ListingCells(QStyledItemDelegate):
    """Paints the cells over the rows' grounds, which the grid itself paints."""

    def __init__(self, grid: QAbstractItemView, model: ListingModel) -> None:
        super().__init__(grid)
        self._model = model
        self._inks: dict[str, QColor] = {}
        self._faces: dict[tuple[int, int], tuple[QFont, QFontMetrics]] = {}
        self._painters: dict[ColumnKind, Callable[[QPainter, QRect, Cell], None]] = {
            ColumnKind.TEXT: self._paint_text,
            ColumnKind.NUMBER: self._paint_number,
            ColumnKind.LIGHT: self._paint_light,
            ColumnKind.STATUS: self._paint_status,
            ColumnKind.COLOUR: self._paint_colour,
            ColumnKind.DUE: self._paint_due,
            ColumnKind.PHONE: self._paint_phone,
            ColumnKind.FLAG: self._paint_flag,
        }

    def forget_look(self) -> None:
        """The scheme or the text size is another one."""
        self._inks.clear()
        self._faces.clear()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell; of a heading the grid draws the whole row."""
        row, column = index.row(), index.column()
        rect: QRect = option.rect
        if column == TICK:
            if not self._model.heading_at(row):
                paint_tick_box(painter, rect, self._model.is_ticked(row))
            return
        cell = self._model.cell(row, column)
        if cell is None:
            return
        self._write(painter, "dim" if cell.stands_back else "text")
        paint = self._painters.get(self._model.columns[column - 1].kind, self._paint_plain)
        paint(painter, rect.adjusted(MARGIN, 0, -MARGIN, 0), cell)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """The whole text of a cell that is cut, what a sign means, and the call warning behind its mark."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        rect: QRect = option.rect
        QToolTip.showText(event.globalPos(), as_tip(self.tip(index.row(), index.column(), rect.width())), view, rect)
        return True

    def tip(self, row: int, column: int, width: int) -> str:
        """What the mouse is told over a cell of this width; empty where the cell says everything."""
        cell = self._model.cell(row, column) if column != TICK else None
        if cell is None:
            return ""
        kind = self._model.columns[column - 1].kind
        if kind is ColumnKind.LIGHT:
            return cell.text
        if kind is ColumnKind.PHONE and cell.mark:
            return f"{cell.text}: {cell.mark}"
        return cell.text if self._wanted_width(kind, cell) > width - 2 * MARGIN else ""

    def _wanted_width(self, kind: ColumnKind, cell: Cell) -> int:
        weight = theme.STRONG if kind is ColumnKind.DUE else theme.REGULAR
        width = self._face(theme.BASE, weight)[1].horizontalAdvance(cell.text)
        if kind in (ColumnKind.STATUS, ColumnKind.COLOUR):
            return width + theme.scaled(_DOT_ROOM)
        return width + self._badge_width(cell.mark) if kind is ColumnKind.TEXT and cell.mark else width

    def _paint_plain(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        self._put(painter, rect, cell.text)

    def _paint_text(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        if not cell.mark:
            self._put(painter, rect, cell.text)
            return
        room = self._badge_width(cell.mark)
        used = min(painter.fontMetrics().horizontalAdvance(cell.text), max(rect.width() - room, 0))
        self._put(painter, QRect(rect.x(), rect.y(), used + 1, rect.height()), cell.text)
        height = theme.scaled(15)
        box = QRectF(rect.x() + used + 6, rect.center().y() - height // 2 + 1, room - 6, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ink("line"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._write(painter, "text", theme.TINY, theme.STRONG)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cell.mark.capitalize())

    def _paint_number(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        if not cell.value:
            self._write(painter, "dim")
        self._put(painter, rect, cell.text, _RIGHT)

    def _paint_light(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        if cell.value:
            side = theme.scaled(15)
            box = QRectF(rect.center().x() - side // 2, rect.center().y() - side // 2 + 1, side, side)
            paint_light(painter, box, "red" if cell.value == 2 else "yellow")

    def _paint_status(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        if cell.text:
            paint_dot(painter, _dot_box(rect), cell.mark or "slate")
            self._put(painter, rect.adjusted(theme.scaled(_DOT_ROOM), 0, 0, 0), cell.text)

    def _paint_colour(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        if cell.value:
            paint_dot(painter, _dot_box(rect), cell.value)
            self._put(painter, rect.adjusted(theme.scaled(_DOT_ROOM), 0, 0, 0), cell.text)

    def _paint_due(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        if cell.value is None:
            return
        day, late = self._model.texts.due(cell.value)
        if not late:
            self._put(painter, rect, day)
            return
        self._write(painter, "red", theme.BASE, theme.STRONG)
        self._put(painter, rect, day)
        used = painter.fontMetrics().horizontalAdvance(day) + MARGIN
        self._write(painter, "red", theme.SMALL)
        self._put(painter, rect.adjusted(used, 0, 0, 0), late)

    def _paint_phone(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        if not cell.mark or not cell.text:
            self._put(painter, rect, cell.text)
            return
        room = theme.scaled(_ICON) + 6
        used = min(painter.fontMetrics().horizontalAdvance(cell.text), rect.width() - room)
        self._put(painter, rect.adjusted(0, 0, -room, 0), cell.text)
        paint_icon(painter, "warning", rect.x() + used + 6, rect.center().y() + 1, "red", filled=True)

    def _paint_flag(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        if cell.value:
            paint_icon(painter, "checkmark", rect.x(), rect.center().y() + 1)

    def _badge_width(self, badge: str) -> int:
        _, metrics = self._face(theme.TINY, theme.STRONG)
        return metrics.horizontalAdvance(badge.capitalize()) + 18

    def _write(self, painter: QPainter, ink: str, px: int = theme.BASE, weight: int = theme.REGULAR) -> None:
        painter.setPen(self._ink(ink))
        painter.setFont(self._face(px, weight)[0])

    def _put(self, painter: QPainter, rect: QRect, text: str, where: Qt.AlignmentFlag = _LEFT) -> None:
        metrics = painter.fontMetrics()
        if metrics.horizontalAdvance(text) > rect.width():
            text = elided(metrics, text, rect.width())
        painter.drawText(rect, where, text)

    def _ink(self, token: str) -> QColor:
        made = self._inks.get(token)
        if made is None:
            made = self._inks[token] = theme.token(token)
        return made

    def _face(self, px: int, weight: int) -> tuple[QFont, QFontMetrics]:
        made = self._faces.get((px, weight))
        if made is None:
            font = theme.font(px, weight)
            made = self._faces[px, weight] = (font, QFontMetrics(font))
        return made


def paint_tick_box(painter: QPainter, rect: QRect, ticked: bool | None) -> None:
    """A tick box in the middle of `rect`; None is neither."""
    side = theme.scaled(13)
    grown = side / 13
    box = QRectF(rect.center().x() - side / 2 + 0.5, rect.center().y() - side / 2 + 1.5, side, side)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    filled = ticked is not False
    painter.setPen(QPen(theme.token("accent" if filled else "field_edge")))
    painter.setBrush(theme.token("accent" if filled else "field"))
    painter.drawRoundedRect(box, 2, 2)
    painter.setPen(QPen(theme.token("on_accent"), 1.7))
    if ticked:
        corner = box.topLeft()
        points = [corner + QPointF(x, y) * grown for x, y in ((3, 6.5), (5.5, 9.5), (10.5, 3.8))]
        painter.drawPolyline(QPolygonF(points))
    elif ticked is None:
        painter.drawLine(QPointF(box.left() + 3, box.center().y()), QPointF(box.right() - 3, box.center().y()))
    painter.restore()


_ICON = 16
_DOT = 9
_DOT_ROOM = 15


def _dot_box(rect: QRect) -> QRectF:
    side = theme.scaled(_DOT)
    return QRectF(rect.x() + 0.5, rect.center().y() - side / 2 + 1, side, side)

