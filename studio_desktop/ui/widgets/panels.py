"""Filled areas, hairlines and section headings: what divides a page without boxes."""

from __future__ import annotations

from PySide6.QtCore import Property, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.widgets.plain_label import PlainLabel


class Panel(QWidget):
    """An area filled with a token, with hairlines at the sides named in `lines` (of `t r b l`).

    With `rounded` corners it has a hairline all around.
    """

    def __init__(
        self, parent: QWidget | None = None, fill: str = "base", lines: str = "", *, rounded: bool = False
    ) -> None:
        super().__init__(parent)
        self._fill = fill
        self._lines = lines
        self._rounded = rounded

    def set_fill(self, token: str) -> None:
        """Fill it with another token."""
        self._fill = token
        self.update()

    def set_lines(self, lines: str) -> None:
        """Draw hairlines at these sides."""
        self._lines = lines
        self.update()

    fill = Property(str, lambda self: self._fill, set_fill)
    lines = Property(str, lambda self: self._lines, set_lines)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QPainter(self)
        whole = self.rect()
        if self._rounded:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.token("line")))
            painter.setBrush(theme.token(self._fill))
            painter.drawRoundedRect(QRectF(whole).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            return
        painter.fillRect(whole, theme.token(self._fill))
        painter.setPen(theme.token("line"))
        if "t" in self._lines:
            painter.drawLine(whole.topLeft(), whole.topRight())
        if "b" in self._lines:
            painter.drawLine(whole.bottomLeft(), whole.bottomRight())
        if "l" in self._lines:
            painter.drawLine(whole.topLeft(), whole.bottomLeft())
        if "r" in self._lines:
            painter.drawLine(whole.topRight(), whole.bottomRight())


class Hairline(QFrame):
    """A line one pixel wide; upright with `vertical`."""

    def __init__(self, parent: QWidget | None = None, *, vertical: bool = False, inset: int = 0) -> None:
        super().__init__(parent)
        self._inset = inset
        self._vertical = vertical
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        inset = (0, self._inset, 0, -self._inset) if self._vertical else (self._inset, 0, -self._inset, 0)
        QPainter(self).fillRect(self.rect().adjusted(*inset), theme.token("line"))


class SectionHeading(QWidget):
    """The caption of a section with a hairline that runs to the edge; `add` puts links after it."""

    def __init__(self, parent: QWidget | None = None, text: str = "") -> None:
        super().__init__(parent)
        self._label = PlainLabel(text, self, tone="dim", px=theme.SMALL, strong=True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self._label)
        self._row.addWidget(Hairline(self), 1, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def get_text(self) -> str:
        """The caption."""
        return self._label.text()

    def set_text(self, text: str) -> None:
        """Show another caption."""
        self._label.setText(text)

    text = Property(str, get_text, set_text)

    def set_buddy(self, widget: QWidget) -> None:
        """Let the caption's mnemonic lead to the section's first field or list."""
        self._label.setBuddy(widget)

    def add(self, widget: QWidget) -> None:
        """Put a link or small button at the right end."""
        self._row.addWidget(widget)
