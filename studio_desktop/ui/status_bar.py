"""The foot of the window: at the left what the page in front is, at the right the health of the system."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.widgets.marks import Dot, Picture
from studio_desktop.ui.widgets.panels import Hairline, Panel
from studio_desktop.ui.widgets.plain_label import PlainLabel, as_tip

SAID_FOR = 8_000
"""Milliseconds that a sentence stands."""


class StatusBar(Panel):
    """*Saved 10:04*, what the page says, a sentence of the moment; connection and backup."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "window", "t")
        self.setAccessibleName(self.tr("Status"))
        self._saved = _Part(self)
        self._page = _Part(self)
        self._said = _Part(self, elided=True)
        self._connection = _Part(self, mark=Dot("faint", size=8))
        self._backup = _Part(self, mark=Picture("shield_checkmark"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 1, 12, 0)
        row.setSpacing(8)
        for part in (self._saved, self._page):
            row.addWidget(part)
        row.addWidget(self._said, 1)
        for part in (self._connection, self._backup):
            row.addWidget(part)
        self._silence = QTimer(self, singleShot=True, interval=SAID_FOR)
        self._silence.timeout.connect(lambda: self._said.show_text(""))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_saved(self, text: str) -> None:
        """When this desk last saved: *Saved 10:04*."""
        self._saved.show_text(text)

    def set_page(self, text: str) -> None:
        """What the page in front says about itself."""
        self._page.show_text(text)

    def say(self, text: str) -> None:
        """A sentence, for some seconds."""
        self._said.show_text(text)
        self._silence.start()

    def set_connection(self, colour: str, text: str, tip: str) -> None:
        """The light of the connection; `colour` is a token and the words say the same."""
        self._connection.set_mark(colour)
        self._connection.show_text(text, tip)

    def set_backup(self, text: str, tip: str = "", tone: str = "dim") -> None:
        """When the last verified backup was made; its shield has the colour of the token `tone`."""
        self._backup.set_mark(tone)
        self._backup.show_text(text, tip)

    def texts(self) -> list[str]:
        """What it says, from left to right."""
        parts = (self._saved, self._page, self._said, self._connection, self._backup)
        return [part.text() for part in parts if part.text()]


class _Part(QWidget):
    """A text with its mark and a hairline before it; hidden while there is nothing to say."""

    def __init__(self, parent: QWidget, *, mark: QWidget | None = None, elided: bool = False) -> None:
        super().__init__(parent)
        self._mark = mark
        self._label = PlainLabel("", self, tone="dim", px=theme.SMALL, elided=elided)
        self._keeps_room = elided
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._hairline = Hairline(self, vertical=True, inset=3)
        self._hairline.setFixedHeight(theme.scaled(18))
        self._row.addWidget(self._hairline)
        if mark is not None:
            self._row.addWidget(mark)
        self._row.addWidget(self._label, 1)
        self.show_text("")

    def show_text(self, text: str, tip: str = "") -> None:
        self._label.setText(text)
        self._label.setAccessibleName(text)
        if tip:
            self.setToolTip(as_tip(tip))
        self._hairline.setVisible(bool(text))
        self.setVisible(bool(text) or self._keeps_room)

    def text(self) -> str:
        return self._label.text()

    def set_mark(self, colour: str) -> None:
        assert isinstance(self._mark, Dot | Picture)
        self._mark.set_colour(colour)
