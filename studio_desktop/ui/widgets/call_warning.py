"""The call warning: white on red above the phones; it flashes three times when its client is opened, then rests."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.elision import in_its_direction
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets.marks import paint_text
from studio_desktop.ui.widgets.plain_label import as_tip

FLASHES = 3
HALF_A_FLASH = 280
"""Milliseconds that it stays light or dark; three flashes take longer than a second, for those whom flashing harms."""


class CallWarning(QWidget):
    """What must be known before dialling (S2-34, S2-35, S3-12, S3-49); a long one takes up to three lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._halves = 0
        self._beat = QTimer(self, interval=HALF_A_FLASH)
        self._beat.timeout.connect(self._next_half)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.hide()

    @property
    def flashing(self) -> bool:
        """Whether it is still drawing the eye."""
        return self._halves > 0

    @property
    def text(self) -> str:
        """What is warned of; empty for nothing."""
        return self._text

    def show_text(self, text: str) -> None:
        """Warn of this, or of nothing."""
        self._text = text
        self.setAccessibleName(self.tr("Call warning: {text}").format(text=text))
        self.setToolTip(as_tip(text))
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def flash(self) -> None:
        """Draw the eye, where the system does not ask for less motion; and tell a screen reader."""
        if not self._text:
            return
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        if self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration):
            self._halves = 2 * FLASHES
            self._beat.start()
            self.update()

    def sizeHint(self) -> QSize:
        """One line if the place is wide enough, else as many as the text needs."""
        width = QFontMetrics(self._font(theme.BASE)).horizontalAdvance(self._text) + _room()
        widest = self._widest()
        if width <= widest:
            return QSize(width, theme.scaled(24))
        metrics = QFontMetrics(self._font(theme.SMALL))
        room = QRect(0, 0, widest - _room(), 10_000)
        lines = -(-metrics.boundingRect(room, _WRAPPED, self._text).height() // metrics.height())
        return QSize(widest, min(lines, 3) * metrics.height() + 6)

    def minimumSizeHint(self) -> QSize:
        """It may be narrower than its text."""
        return QSize(theme.scaled(80), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pale = self._halves % 2 == 1
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.token("red_soft" if pale else "alarm"))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        ink = "red" if pale else "on_alarm"
        paint_icon(painter, "warning", 10, self.height() / 2, ink)
        place = self.rect().adjusted(_room() - 10, 0, -6, 0)
        if self.height() < theme.scaled(30):
            paint_text(painter, place, self._text, ink, self._font(theme.BASE))
        else:
            painter.setPen(theme.token(ink))
            painter.setFont(self._font(theme.SMALL))
            painter.drawText(place, _WRAPPED, in_its_direction(self._text))

    def _next_half(self) -> None:
        self._halves -= 1
        if self._halves <= 0:
            self._beat.stop()
        self.update()

    def _widest(self) -> int:
        parent = self.parentWidget()
        return parent.width() if parent is not None else self.width()

    def _font(self, px: int) -> QFont:
        return theme.font(px, theme.STRONG)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_WRAPPED = _LEFT | Qt.TextFlag.TextWordWrap

def _room() -> int:
    """What the sign and the edges take of the width."""
    return theme.scaled(22) + 20
