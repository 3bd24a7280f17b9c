"""Flat buttons: the filled one that finishes, the plain ones beside it, links, and the small ones in bars."""

from __future__ import annotations

from PySide6.QtCore import Property, QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QToolButton, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.icons import icon as named_icon
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets import mnemonics
from studio_desktop.ui.widgets.enter import pressed_by_enter
from studio_desktop.ui.widgets.marks import paint_focus_ring
from studio_desktop.ui.widgets.plain_label import as_tip


class FlatButton(QPushButton):
    """A push button with a hairline around it; `compact` is 24 instead of 28 pixels high, for bars."""

    primary = False

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, icon: str = "", compact: bool = False
    ) -> None:
        super().__init__(text, parent)
        self._compact = compact
        self._icon_name = ""
        self.set_icon_name(icon)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_icon_name(self, name: str) -> None:
        """Show this icon before the text."""
        self._icon_name = name
        self.setIcon(named_icon(name, "on_accent" if self.primary else "text") if name else QIcon())

    def set_compact(self, compact: bool) -> None:
        """Make it 24 or 28 pixels high."""
        self._compact = compact
        self.updateGeometry()

    iconName = Property(str, lambda self: self._icon_name, set_icon_name)  # noqa: N815 - a property of form files
    compact = Property(bool, lambda self: self._compact, set_compact)

    def sizeHint(self) -> QSize:
        """Its text with room at both sides, never narrower than a word of some length; a sign is no word."""
        height = theme.scaled(24 if self._compact else 28)
        if not self.text():
            return QSize(height, height)
        width = _text_width(self, self._font()) + 28 + (theme.scaled(16) + 4 if not self.icon().isNull() else 0)
        least = 72 if len(self.text().replace("&", "")) > 1 else 32
        return QSize(max(width, theme.scaled(least)), height)

    def minimumSizeHint(self) -> QSize:
        """Its text is never cut."""
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        """The nearest of a letter is meant."""
        return mnemonics.leads(self, event) or super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.primary and self.isEnabled():
            fill = theme.token("accent")
            fill = fill.darker(115) if self.isDown() else fill.lighter(112) if self.underMouse() else fill
            edge, ink = fill, theme.token("on_accent")
        else:
            lit = self.isEnabled() and (self.underMouse() or self.isDown())
            fill = theme.token("hover" if lit else "button")
            edge, ink = theme.token("edge"), theme.token("text" if self.isEnabled() else "faint")
        painter.setPen(QPen(edge))
        painter.setBrush(fill)
        painter.drawRoundedRect(outline, 4, 4)
        painter.setFont(self._font())
        painter.setPen(ink)
        _paint_icon_and_text(self, painter, self._font())
        if self.hasFocus():
            # On the filled button a ring of its own colour would not be seen.
            ring = outline.adjusted(2.5, 2.5, -2.5, -2.5) if self.primary else outline
            if self.primary:
                painter.setPen(QPen(theme.token("on_accent"), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(ring, 3, 3)
            else:
                paint_focus_ring(painter, ring)

    def _font(self) -> QFont:
        return theme.font(theme.BASE, theme.STRONG if self.primary else theme.REGULAR)


class PrimaryButton(FlatButton):
    """The one button of a sheet or dialog that does what it is for: filled with the accent."""

    primary = True


class LinkButton(QPushButton):
    """Words that lead somewhere, in the link colour; reached and pressed by the keyboard like any button."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, px: int = theme.BASE) -> None:
        super().__init__(text, parent)
        self._px = px
        self.setFlat(True)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Its text and the ring around it."""
        wanted = theme.font(self._px)
        return QSize(_text_width(self, wanted) + 8, QFontMetrics(wanted).height() + 6)

    def minimumSizeHint(self) -> QSize:
        """Its text is never cut."""
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        """The nearest of a letter is meant."""
        return mnemonics.leads(self, event) or super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QPainter(self)
        drawn = theme.font(self._px)
        drawn.setUnderline(self.underMouse() and self.isEnabled())
        painter.setFont(drawn)
        painter.setPen(theme.token("link" if self.isEnabled() else "faint"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | mnemonics.flag(), self.text())
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()), 3)


class BarButton(QToolButton):
    """A small flat button of a bar: a single-colour icon of 16 pixels, with its word or without."""

    def __init__(
        self, icon: str = "", text: str = "", tip: str = "", parent: QWidget | None = None, *, tone: str = "text"
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        self._icon_name = ""
        self.set_icon_name(icon)
        self.setText(text)
        self.setToolTip(as_tip(tip))
        self.setAccessibleName(text.replace("&", "") or tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoRaise(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon_name(self, name: str) -> None:
        """Show this icon."""
        self._icon_name = name
        self.setIcon(named_icon(name, self._tone) if name else QIcon())

    iconName = Property(str, lambda self: self._icon_name, set_icon_name)  # noqa: N815 - a property of form files

    def sizeHint(self) -> QSize:
        """24 high, as wide as icon and word."""
        height = theme.scaled(24)
        width = height
        if self.text():
            width = _text_width(self, self._font()) + (theme.scaled(16) + 16 if not self.icon().isNull() else 16)
        return QSize(width + (theme.scaled(16) if self.menu() is not None else 0), height)

    def minimumSizeHint(self) -> QSize:
        """Its word is never cut."""
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        """The nearest of a letter is meant."""
        return mnemonics.leads(self, event) or super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QPainter(self)
        paint_flat_ground(self, painter)
        painter.setFont(self._font())
        painter.setPen(theme.token("text" if self.isEnabled() else "faint"))
        arrow = theme.scaled(16) if self.menu() is not None else 0
        _paint_icon_and_text(self, painter, self._font(), arrow)
        if arrow:
            paint_icon(painter, "chevron_down", self.width() - arrow, self.height() / 2, "dim", size=12)

    def _font(self) -> QFont:
        return theme.font(theme.SMALL)


def paint_flat_ground(button: QAbstractButton, painter: QPainter) -> None:
    """What lies behind a flat button: nothing at rest, soft under the mouse, accent when ticked, a ring with focus."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ground = QRectF(button.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
    if button.isChecked():
        painter.setPen(QPen(theme.mark_colour()))
        painter.setBrush(theme.token("accent_soft"))
        painter.drawRoundedRect(ground, 4, 4)
    elif button.isEnabled() and (button.underMouse() or button.isDown()):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.token("line" if button.isDown() else "hover"))
        painter.drawRoundedRect(ground, 4, 4)
    if button.hasFocus():
        paint_focus_ring(painter, ground)


def _paint_icon_and_text(button: QAbstractButton, painter: QPainter, font: QFont, arrow: int = 0) -> None:
    has_icon = not button.icon().isNull()
    text_width = _text_width(button, font) if button.text() else 0
    side = theme.scaled(16)
    total = text_width + (side if has_icon else 0) + (4 if has_icon and text_width else 0)
    left = (button.width() - arrow - total) // 2
    if has_icon:
        mode = QIcon.Mode.Normal if button.isEnabled() else QIcon.Mode.Disabled
        button.icon().paint(painter, QRect(left, (button.height() - side) // 2, side, side), mode=mode)
        left += side + 4
    if text_width:
        place = QRect(left, 0, text_width + 4, button.height())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | mnemonics.flag()
        painter.drawText(place, flags, button.text())


def _text_width(button: QAbstractButton, font: QFont) -> int:
    return QFontMetrics(font).size(Qt.TextFlag.TextShowMnemonic, button.text()).width()

