"""Icons by name, from `resources/icons/`: single-colour ones follow the palette, coloured ones grey when disabled.

One name stands for all sizes: at 32 pixels `icon("phone")` is the coloured drawing, at 16 the plain one. Sizes are
those at 100 %: what is painted grows with the text.
"""

from __future__ import annotations

import tomllib
from functools import cache

from PySide6.QtCore import QByteArray, QPoint, QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QImage, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from studio_desktop.paths import RESOURCES
from studio_desktop.ui import theme


def icon(name: str, colour: str = "text", *, filled: bool = False) -> QIcon:
    """The icon `name` of icons.toml, its single-colour drawings in the token `colour`; KeyError for an unknown name."""
    _drawings(name)
    return QIcon(SvgIconEngine(name, colour, filled))


def pixmap(name: str, size: int = 16, colour: str = "text", *, filled: bool = False) -> QPixmap:
    """The icon painted once, `size` logical pixels wide at 100 %, sharp on the densest screen."""
    ratio = QGuiApplication.instance().devicePixelRatio()  # type: ignore[union-attr]
    return _rendered(name, theme.scaled(size), colour, filled, False, ratio)


def paint_icon(
    painter: QPainter, name: str, left: float, middle: float, colour: str = "text", *, size: int = 16,
    filled: bool = False,
) -> None:  # fmt: skip
    """Paint the icon with its left edge at `left`, its centre at the height `middle`; for painters of cells."""
    top = round(middle - theme.scaled(size) / 2)
    painter.drawPixmap(QPointF(left, top), pixmap(name, size, colour, filled=filled))


def names() -> frozenset[str]:
    """Every name there is."""
    return frozenset(_table())


class SvgIconEngine(QIconEngine):
    """Draws one named icon at the size and in the colours of the moment."""

    def __init__(self, name: str, colour: str, filled: bool) -> None:
        super().__init__()
        self._name = name
        self._colour = colour
        self._filled = filled

    def clone(self) -> SvgIconEngine:
        """The same again, for a QIcon that is about to change."""
        return SvgIconEngine(self._name, self._colour, self._filled)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw into `rect`, square and centred."""
        side = min(rect.width(), rect.height())
        square = QRect(0, 0, side, side)
        square.moveCenter(rect.center())
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(square, self.scaledPixmap(square.size(), mode, state, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The drawing at `size` for a screen of one device pixel per pixel."""
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:  # noqa: ARG002
        """The drawing at `size` logical pixels with `scale` device pixels to each."""
        disabled = mode == QIcon.Mode.Disabled
        colour = "faint" if disabled else "on_accent" if mode == QIcon.Mode.Selected else self._colour
        return _rendered(self._name, min(size.width(), size.height()), colour, self._filled, disabled, scale)


@cache
def _table() -> dict[str, list[str]]:
    return tomllib.loads((RESOURCES / "icons" / "icons.toml").read_text(encoding="utf-8"))


@cache
def _drawings(name: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(size), style) for size, _, style in (each.partition("_") for each in _table()[name]))


def _drawing(name: str, size: int, filled: bool) -> tuple[int, str]:
    """The drawing made for the size nearest to `size`, which is that at 100 %.

    Coloured from 24 pixels up, filled where asked for and drawn.
    """
    preferred = ["filled", "regular", "color"] if filled else ["regular", "color", "filled"]
    if size >= 24:
        preferred.insert(0, "color")

    def fitness(drawing: tuple[int, str]) -> tuple[int, bool, int]:
        drawn, style = drawing
        return preferred.index(style), drawn > size, abs(drawn - size)

    return min(_drawings(name), key=fitness)


@cache
def _svg(name: str, size: int, style: str) -> QByteArray:
    return QByteArray((RESOURCES / "icons" / f"{name}_{size}_{style}.svg").read_bytes())


def _rendered(name: str, size: int, colour: str, filled: bool, disabled: bool, scale: float) -> QPixmap:
    drawn, style = _drawing(name, round(size / theme.scale()), filled)
    ink = theme.token(colour)
    key = f"studio-icon {name} {drawn} {style} {size} {ink.name()} {disabled} {scale}"
    made = QPixmap()
    if QPixmapCache.find(key, made):
        return made
    side = round(size * scale)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(_svg(name, drawn, style)).render(painter, QRectF(QPoint(0, 0), image.size()))
    if style != "color":
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(image.rect(), ink)
    painter.end()
    if disabled and style == "color":
        image = _greyed(image)
    made = QPixmap.fromImage(image)
    made.setDevicePixelRatio(scale)
    QPixmapCache.insert(key, made)
    return made


def _greyed(image: QImage) -> QImage:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8).convertToFormat(
        QImage.Format.Format_ARGB32_Premultiplied
    )
    grey.setAlphaChannel(image.convertToFormat(QImage.Format.Format_Alpha8))
    pale = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    pale.fill(0)
    painter = QPainter(pale)
    painter.setOpacity(0.5)
    painter.drawImage(0, 0, grey)
    painter.end()
    return pale
