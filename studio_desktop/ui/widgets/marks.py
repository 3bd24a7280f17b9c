"""What is painted the same everywhere: lines of text, lights, status dots, badges, avatars, and where the cursor is."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetrics,
    QIcon,
    QIconEngine,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.elision import elided
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets.plain_label import as_tip

LightKind = Literal["red", "yellow"]


def paint_light(painter: QPainter, rect: QRectF, kind: LightKind) -> None:
    """Red is a disc, yellow a triangle, each with a stroke: never colour alone (DESIGN 3)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = min(rect.width(), rect.height())
    middle = rect.center()
    if kind == "red":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.token("red"))
        painter.drawEllipse(middle, side * 0.42, side * 0.42)
        ink, drop = theme.token("on_red"), 0.0
    else:
        painter.setPen(_round_pen(theme.token("yellow_line"), 1.1))
        painter.setBrush(theme.token("yellow_fill"))
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(middle.x(), middle.y() - side * 0.42),
                    QPointF(middle.x() + side * 0.46, middle.y() + side * 0.38),
                    QPointF(middle.x() - side * 0.46, middle.y() + side * 0.38),
                ]
            )
        )
        ink, drop = theme.token("on_yellow_fill"), side * 0.07
    painter.setPen(_round_pen(ink, side * 0.115))
    painter.drawLine(
        QPointF(middle.x(), middle.y() - side * 0.2 + drop), QPointF(middle.x(), middle.y() + side * 0.05 + drop)
    )
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawEllipse(QPointF(middle.x(), middle.y() + side * 0.22 + drop * 0.7), side * 0.07, side * 0.07)
    painter.restore()


def paint_dot(painter: QPainter, rect: QRectF, colour: str) -> None:
    """The dot before a status or type, in its colour's name or any token."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.token(colour))
    painter.drawEllipse(rect)
    painter.restore()


def paint_text(painter: QPainter, place: QRect, text: str, tone: str, font: QFont, *, right: bool = False) -> int:
    """One line of text, cut with an ellipsis where it is too long; gives the pixels that it takes."""
    if place.width() <= 0 or not text:
        return 0
    painter.setFont(font)
    painter.setPen(theme.token(tone))
    metrics = QFontMetrics(font)
    shown = elided(metrics, text, place.width())
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return metrics.horizontalAdvance(shown)


def paint_current(painter: QPainter, row: QRect) -> None:
    """The ground of the current row of a list, with the accent's bar before it."""
    painter.fillRect(row, theme.token("accent_soft"))
    painter.fillRect(QRect(row.left(), row.top(), 3, row.height()), theme.mark_colour())


def paint_focus_ring(painter: QPainter, rect: QRectF, radius: float = 4) -> None:
    """Two pixels of accent inside the control that has the focus."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.mark_colour(), 2))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()


def paint_fault_edge(painter: QPainter, rect: QRectF) -> None:
    """The red edge inside a field whose text cannot be kept."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.token("red"), 1.5))
    painter.drawRoundedRect(rect.adjusted(0.75, 0.75, -0.75, -0.75), 3, 3)


def dot_icon(colour: str) -> QIcon:
    """A status dot as the icon of a line of a combo box or menu, in the colours of whichever scheme is in force."""
    return QIcon(_DotEngine(colour))


class _DotEngine(QIconEngine):
    """Draws the dot anew each time: what was drawn in the light scheme would be too dark in the other."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self._colour = colour

    def clone(self) -> _DotEngine:
        return _DotEngine(self._colour)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002
        side = min(rect.width(), rect.height(), theme.scaled(9))
        dot = QRectF(0, 0, side, side)
        dot.moveCenter(QRectF(rect).center())
        paint_dot(painter, dot, self._colour)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        drawn = QPixmap(size * scale)
        drawn.setDevicePixelRatio(scale)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, QRect(QPoint(), size), mode, state)
        painter.end()
        return drawn


def paint_initials(painter: QPainter, rect: QRectF, name: str) -> None:
    """What stands for a person who has no picture, in a colour that goes with the name."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    last, _, first = name.partition(",")  # the same person, whichever name stands first
    words = f"{first} {last}".split()
    hue = sum(map(ord, "".join(words))) * 7 % 360
    dark = theme.is_dark()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor.fromHsv(hue, 90 if dark else 60, 90 if dark else 214))
    painter.drawRoundedRect(rect, 4, 4)
    painter.setPen(QColor("white") if dark else QColor.fromHsv(hue, 150, 80))
    letters = theme.font(theme.BASE, theme.STRONG)
    letters.setPixelSize(max(round(rect.width() * 0.4), 1))
    painter.setFont(letters)
    initials = "".join(word[0] for word in words[:2])
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, initials.upper())
    painter.restore()


class _Mark(QWidget):
    """A small square sign, `size` pixels at 100 % and as much larger as the text is."""

    def __init__(self, size: int, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._size = size
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self.setFixedSize(theme.scaled(self._size), theme.scaled(self._size))


class Light(_Mark):
    """A red or yellow light; its accessible name and tip say the cause."""

    def __init__(self, kind: LightKind, cause: str, parent: QWidget | None = None) -> None:
        super().__init__(16, parent)
        self._kind: LightKind = kind
        self.setToolTip(as_tip(cause))
        self.setAccessibleName(cause)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        paint_light(QPainter(self), QRectF(self.rect()), self._kind)


class Picture(_Mark):
    """A single-colour icon in a token's colour."""

    def __init__(self, icon: str, colour: str = "dim", parent: QWidget | None = None, *, filled: bool = False) -> None:
        super().__init__(16, parent)
        self._icon, self._colour, self._filled = icon, colour, filled

    def set_colour(self, colour: str) -> None:
        """Show it in another token's colour."""
        self._colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        paint_icon(QPainter(self), self._icon, 0, self.height() / 2, self._colour, filled=self._filled)


class Dot(_Mark):
    """A dot in a token's or status colour."""

    def __init__(self, colour: str, parent: QWidget | None = None, size: int = 9) -> None:
        super().__init__(size, parent)
        self._colour = colour

    def set_colour(self, colour: str) -> None:
        """Show another colour."""
        self._colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        paint_dot(QPainter(self), QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), self._colour)


class Badge(QWidget):
    """A short word on a soft ground beside a name: a kind, a flag that changes behaviour."""

    def __init__(self, text: str, parent: QWidget | None = None, *, tone: str = "dim", ground: str = "window") -> None:
        super().__init__(parent)
        self._text = text
        self._tone = tone
        self._ground = ground
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as its word."""
        return QSize(QFontMetrics(self._font()).horizontalAdvance(self._text) + 12, theme.scaled(18))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.token(self._ground))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        painter.setPen(theme.token(self._tone))
        painter.setFont(self._font())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)

    def _font(self) -> QFont:
        return theme.font(theme.TINY, theme.STRONG)


class Avatar(_Mark):
    """The initials of a person who has no picture."""

    def __init__(self, name: str, size: int, parent: QWidget | None = None) -> None:
        super().__init__(size, parent)
        self._name = name

    def set_name(self, name: str) -> None:
        """Show another person's initials."""
        self._name = name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        paint_initials(QPainter(self), QRectF(self.rect()), self._name)


def _round_pen(colour: QColor, width: float) -> QPen:
    return QPen(QBrush(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
