"""Text on a window that is never markup, in a token's colour and at a size that follows the text size."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Property, QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.elision import elided
from studio_desktop.ui.widgets import mnemonics


class PlainLabel(QLabel):
    """A label that shows `<b>` as three characters, whoever typed them (RELIABILITY B6).

    `tone` is a token, `px` one of the theme's type sizes. An `elided` one may become narrower than its text, ends in
    an ellipsis then and gives the whole text as its tip. A form file may set all of these as properties.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        tone: str = "text",
        px: int = theme.BASE,
        strong: bool = False,
        elided: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._tone = tone
        self._px = px
        self._strong = strong
        self._elided = elided
        self._whole_or_nothing = False
        # Else Arabic and Hebrew would go to the far end of the room, away from what they belong to.
        self.setAlignment(_BESIDE_ITS_NEIGHBOUR)
        self.setText(text)
        self._dress()

    tone = Property(str, lambda self: self._tone, lambda self, tone: self.set_look(tone=tone))
    px = Property(int, lambda self: self._px, lambda self, px: self.set_look(px=px))
    strong = Property(bool, lambda self: self._strong, lambda self, strong: self.set_look(strong=strong))
    elided = Property(bool, lambda self: self._elided, lambda self, elided: self.set_look(elided=elided))

    def set_look(
        self, *, tone: str | None = None, px: int | None = None, strong: bool | None = None, elided: bool | None = None
    ) -> None:
        """Change what is given of its look."""
        self._tone = self._tone if tone is None else tone
        self._px = self._px if px is None else px
        self._strong = self._strong if strong is None else strong
        self._elided = self._elided if elided is None else elided
        self._dress()
        self.updateGeometry()

    def show_whole_or_not_at_all(self) -> None:
        """Be a hint that gives its room to everything else: where it would be cut, only its tip is left of it."""
        self._whole_or_nothing = True
        self.set_look(elided=True)

    def setText(self, text: str) -> None:
        """Show the text."""
        super().setText(text)
        self._tell_whole_text()

    def minimumSizeHint(self) -> QSize:
        """Three characters are enough for an elided one."""
        hint = super().minimumSizeHint()
        if self._elided:
            hint.setWidth(self.fontMetrics().averageCharWidth() * 3)
        return hint

    def paintEvent(self, event: QPaintEvent) -> None:
        """As every label, or cut with an ellipsis, or with its mnemonic only while Alt is held."""
        cut_off = self._elided and self._is_cut()
        if cut_off and self._whole_or_nothing:
            return
        if not cut_off and (self.buddy() is None or self.wordWrap()):
            super().paintEvent(event)
            return
        painter = QPainter(self)
        group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(self.palette().color(group, QPalette.ColorRole.WindowText))
        if not cut_off:
            painter.drawText(self.contentsRect(), self.alignment() | mnemonics.flag(), self.text())
            return
        cut = elided(self.fontMetrics(), self.text(), self.contentsRect().width())
        painter.drawText(self.contentsRect(), self.alignment(), cut)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the whole text as tip as soon as it is cut."""
        super().resizeEvent(event)
        self._tell_whole_text()

    def showEvent(self, event: QShowEvent) -> None:
        """Take the scheme and text size of now; a label that was never shown heard of no change."""
        self._dress()
        super().showEvent(event)

    def event(self, event: QEvent) -> bool:
        """The nearest of a letter is meant."""
        return mnemonics.leads(self, event) or super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the scheme and the text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def _dress(self) -> None:
        self.setFont(theme.font(self._px, theme.STRONG if self._strong else theme.REGULAR))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.token(self._tone))
        self.setPalette(palette)

    def _is_cut(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()

    def _tell_whole_text(self) -> None:
        if self._elided:
            self.setToolTip(as_tip(self.text()) if self._is_cut() else "")


_BESIDE_ITS_NEIGHBOUR = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute


def as_tip(text: str) -> str:
    """The text as a tool tip that shows it as it is, wrapped where it is long (RELIABILITY 77)."""
    shown = escape(text).replace("\n", "<br>")
    return f"<qt>{shown}</qt>" if text else ""
