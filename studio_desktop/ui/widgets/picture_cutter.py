"""A picture with a square on it that is moved and sized by mouse or keys: what is inside the square is kept."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio_desktop.services.images import Crop
from studio_desktop.ui import theme
from studio_desktop.ui.widgets.marks import paint_focus_ring

LEAST = 48
"""The smallest square in pixels of the picture: less would be a blur."""

_HANDLE = 12  # pixels around a corner that take hold of it
_STEPS = 25  # presses of a key that lead through the picture

_SHADE = QColor(0, 0, 0, 140)  # over the picture's own light, so the same in both schemes

_Corner = Literal["", "move", "top left", "top right", "bottom left", "bottom right"]


class PictureCutter(QWidget):
    """Arrows move the square, with Shift by a pixel; + and − size it; a dragged corner leaves the opposite one."""

    changed = Signal()
    """Another part of the picture is inside the square."""

    def __init__(self, empty: str, parent: QWidget | None = None) -> None:
        """`empty` stands there as long as there is no picture."""
        super().__init__(parent)
        self._empty = empty
        self._given = self._turned = QImage()
        self._crop = Crop(0, 0, 0)
        self._held: _Corner = ""
        self._grip = QPointF()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Picture; arrows move the square, plus and minus size it"))

    def show_picture(self, picture: QImage, crop: Crop | None = None) -> None:
        """Show a picture with this square on it, at first the largest there is."""
        self._given = picture
        self._turn_to(crop.turns if crop is not None else 0)
        self._set(crop or self._largest(0))

    def picture(self) -> QImage:
        """The picture as it was given; null for none."""
        return self._given

    def crop(self) -> Crop:
        """The square."""
        return self._crop

    def inside(self) -> QImage:
        """What is inside the square."""
        crop = self._crop
        return self._turned.copy(crop.left, crop.top, crop.side, crop.side)

    def turn(self, quarters: int) -> None:
        """Turn the picture clockwise; the square begins anew."""
        if not self._given.isNull():
            turns = (self._crop.turns + quarters) % 4
            self._turn_to(turns)
            self._set(self._largest(turns))

    def grow(self, steps: int) -> None:
        """Make the square larger or smaller around its middle."""
        crop = self._crop
        by = steps * max(2, min(self._turned.width(), self._turned.height()) // _STEPS)
        side = self._possible(crop.side + by)
        drift = (crop.side - side) // 2
        self._set(Crop(crop.left + drift, crop.top + drift, side, crop.turns))

    def sizeHint(self) -> QSize:
        """Enough to see a face."""
        return QSize(theme.scaled(480), theme.scaled(320))

    def minimumSizeHint(self) -> QSize:
        """Less on a small screen."""
        return QSize(theme.scaled(200), theme.scaled(160))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move and size."""
        key, shift = Qt.Key(event.key()), event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if self._given.isNull() or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif key in _MOVES:
            step = 1 if shift else max(2, min(self._turned.width(), self._turned.height()) // _STEPS)
            across, down = _MOVES[key]
            crop = self._crop
            self._set(Crop(crop.left + across * step, crop.top + down * step, crop.side, crop.turns))
        elif event.text() in ("+", "="):
            self.grow(1)
        elif event.text() in ("-", "−", "_"):
            self.grow(-1)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the square or a corner of it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = self._at(event.position())
            self._grip = self._in_picture(event.position()) - QPointF(self._crop.left, self._crop.top)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held."""
        point, crop = self._in_picture(event.position()), self._crop
        if not self._held:
            self.setCursor(_CURSORS[self._at(event.position())])
        elif self._held == "move":
            corner = point - self._grip
            self._set(Crop(round(corner.x()), round(corner.y()), crop.side, crop.turns))
        else:
            self._drag_corner(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        """Let go."""
        self._held = ""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The picture, dimmed around the square."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.token("window"))
        if self._turned.isNull():
            painter.setPen(theme.token("dim"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            frame, square = self._frame(), self._square()
            painter.drawImage(frame, self._turned)
            around = QPainterPath()
            around.addRect(frame)
            around.addRect(square)
            painter.fillPath(around, _SHADE)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(Qt.GlobalColor.white, 2))
            painter.drawRect(square)
            painter.setBrush(Qt.GlobalColor.white)
            for corner in (square.topLeft(), square.topRight(), square.bottomLeft(), square.bottomRight()):
                painter.drawEllipse(corner, 4, 4)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()))

    def _turn_to(self, turns: int) -> None:
        self._turned = self._given.transformed(QTransform().rotate(90 * turns)) if turns else self._given

    def _largest(self, turns: int) -> Crop:
        """As much as there is; of an upright picture its upper part, where a face mostly is."""
        width, height = self._turned.width(), self._turned.height()
        side = min(width, height)
        return Crop((width - side) // 2, (height - side) // 4, side, turns)

    def _set(self, crop: Crop) -> None:
        """Keep the square inside the picture."""
        left = max(0, min(crop.left, self._turned.width() - crop.side))
        top = max(0, min(crop.top, self._turned.height() - crop.side))
        self._crop = Crop(left, top, crop.side, crop.turns)
        said = self.tr("{side} of {width} by {height} pixels, {left} from the left, {top} from the top")
        self.setAccessibleDescription(
            said.format(side=crop.side, width=self._turned.width(), height=self._turned.height(), left=left, top=top)
        )
        self.update()
        self.changed.emit()

    def _possible(self, side: float) -> int:
        largest = min(self._turned.width(), self._turned.height())
        return round(max(min(LEAST, largest), min(side, largest)))

    def _drag_corner(self, point: QPointF) -> None:
        crop = self._crop
        right, bottom = crop.left + crop.side, crop.top + crop.side
        from_left, from_top = "right" in self._held, "bottom" in self._held
        across = point.x() - crop.left if from_left else right - point.x()
        down = point.y() - crop.top if from_top else bottom - point.y()
        room = min(
            self._turned.width() - crop.left if from_left else right,
            self._turned.height() - crop.top if from_top else bottom,
        )
        side = min(self._possible(max(across, down)), room)
        left = crop.left if from_left else right - side
        top = crop.top if from_top else bottom - side
        self._set(Crop(left, top, side, crop.turns))

    def _scale(self) -> float:
        """Pixels of the screen to one of the picture."""
        return min(self.width() / self._turned.width(), self.height() / self._turned.height(), 2.0)

    def _frame(self) -> QRectF:
        """Where the picture is drawn."""
        frame = QRectF(0, 0, self._turned.width() * self._scale(), self._turned.height() * self._scale())
        frame.moveCenter(QRectF(self.rect()).center())
        return frame

    def _square(self) -> QRectF:
        frame, scale = self._frame(), self._scale()
        crop = self._crop
        return QRectF(frame.x() + crop.left * scale, frame.y() + crop.top * scale, crop.side * scale, crop.side * scale)

    def _in_picture(self, point: QPointF) -> QPointF:
        return QPointF() if self._turned.isNull() else (point - self._frame().topLeft()) / self._scale()

    def _at(self, point: QPointF) -> _Corner:
        """What the mouse takes hold of here."""
        if self._turned.isNull():
            return ""
        square = self._square()
        corners: dict[_Corner, QPointF] = {
            "top left": square.topLeft(), "top right": square.topRight(),
            "bottom left": square.bottomLeft(), "bottom right": square.bottomRight(),
        }  # fmt: skip
        for name, corner in corners.items():
            if (point - corner).manhattanLength() <= _HANDLE:
                return name
        return "move" if square.contains(point) else ""


_MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}

_CURSORS: dict[_Corner, Qt.CursorShape] = {
    "": Qt.CursorShape.ArrowCursor,
    "move": Qt.CursorShape.SizeAllCursor,
    "top left": Qt.CursorShape.SizeFDiagCursor,
    "bottom right": Qt.CursorShape.SizeFDiagCursor,
    "top right": Qt.CursorShape.SizeBDiagCursor,
    "bottom left": Qt.CursorShape.SizeBDiagCursor,
}
