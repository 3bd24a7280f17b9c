"""The line that a sheet begins with: it shows what it understood while somebody types (FRONT_DESK 2.3)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from studio_desktop.domain.line import Fact, Line, Span, Unclear, Vocabulary, understand
from studio_desktop.ui import theme
from studio_desktop.ui.drop_down import DropDownList, Entry


class FactLine(QLineEdit):
    """Facts in any order. What is understood is underlined in the accent, what is unclear in amber.

    Down lists the meanings of what is unclear; Enter takes the line.
    """

    understood = Signal()
    """The line means something else than before; `line` says what."""
    taken = Signal()
    """Enter: the line is said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._understand: Callable[[str], Line] = lambda text: Line(text, (), (), ())
        self._titles: Mapping[str, str] = {}
        self._chosen: dict[str, Fact] = {}
        self._line = Line("", (), (), ())
        self._meanings: DropDownList | None = None
        self.setTextMargins(3, 0, 0, 0)
        self.setMaxLength(500)
        self.textChanged.connect(self._read)

    def use(
        self, vocabulary: Vocabulary, today: date, formats: Any, titles: Mapping[str, str] | None = None
    ) -> None:
        """What the line can mean now; `titles` say what the rows of each list are (*Group*)."""
        self._understand = lambda text: understand(text, vocabulary, today, formats, self._chosen)
        self._titles = titles or {}
        self._read()

    def line(self) -> Line:
        """What stands there, as it was understood."""
        return self._line

    def draft(self) -> dict[str, Any]:
        """What is typed and which meanings were picked, as JSON values."""
        return {"text": self.text(), "meant": {said: [fact.of, fact.label] for said, fact in self._chosen.items()}}

    def restore(self, draft: Mapping[str, Any]) -> None:
        """Bring back what `draft` gave; a meaning that there is no longer is unclear again."""
        self.setText(draft["text"])
        self._read()
        for said, meant in draft["meant"].items():
            meanings = [fact for one in self._line.unclear if one.text == said for fact in one.meanings]
            for fact in meanings:
                if [fact.of, fact.label] == list(meant):
                    self._chosen[said] = fact
        self._read()

    def said_unclear(self) -> str:
        """One sentence about what is not understood; empty if all is."""
        if not self._line.unclear:
            return ""
        first = self._line.unclear[0]
        if not first.meanings:
            return self.tr("“{words}” is not understood.").format(words=first.text)
        return self.tr("“{words}” can mean several things: press Down.").format(words=first.text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes a meaning or the line, Down lists meanings, Esc closes the list."""
        listed = self._meanings if self._meanings is not None and self._meanings.isVisible() else None
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _HELD:
            if listed is None:
                self.taken.emit()
            else:
                self._take_chosen()
        elif event.key() == Qt.Key.Key_Escape and listed is not None:
            self._close_meanings()
        elif not self._moved(event, listed):
            super().keyPressEvent(event)
            return
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The list goes with the cursor."""
        super().focusOutEvent(event)
        self._close_meanings()

    def hideEvent(self, event: QHideEvent) -> None:
        """So does it when the sheet is put aside."""
        super().hideEvent(event)
        self._close_meanings()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the marks under their words in another size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, and a line under each word that means something."""
        super().paintEvent(event)
        if any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in self.text()):
            return  # where words run both ways, their places are not those of their letters counted from the left
        painter = QPainter(self)
        painter.setClipRect(self.rect().adjusted(4, 0, -4, 0))
        for fact in self._line.facts:
            self._underline(painter, fact.span, "link")
        for unclear in self._line.unclear:
            self._underline(painter, unclear.span, "yellow_line")

    def _underline(self, painter: QPainter, span: Span, tone: str) -> None:
        metrics = QFontMetrics(self.font())
        cursor = self.cursorRect()
        text = self.text()
        left_of_text = cursor.center().x() - metrics.horizontalAdvance(text[: self.cursorPosition()])
        left = left_of_text + metrics.horizontalAdvance(text[: span.start])
        width = metrics.horizontalAdvance(text[span.start : span.end])
        painter.fillRect(QRectF(left, cursor.bottom() - 2, width, 2), theme.token(tone))

    def _read(self) -> None:
        before = self._line
        self._line = self._understand(self.text())
        self.setAccessibleDescription(
            ", ".join(fact.label for fact in self._line.facts) + (" " + self.said_unclear()).rstrip()
        )
        self._close_meanings()
        self.update()
        if self._line != before:
            self.understood.emit()

    def _moved(self, event: QKeyEvent, listed: DropDownList | None) -> bool:
        """Down lists the meanings, and moves in the list that stands there."""
        if listed is not None:
            return listed.move_choice(event)
        return event.key() == Qt.Key.Key_Down and self._offer_meanings()

    def _unclear_at_cursor(self) -> Unclear | None:
        can = [one for one in self._line.unclear if one.meanings]
        at = self.cursorPosition()
        here = (one for one in can if one.span.start <= at <= one.span.end)
        return next(here, can[0] if can else None)

    def _offer_meanings(self) -> bool:
        unclear = self._unclear_at_cursor()
        if unclear is None:
            return False
        if self._meanings is None:
            # A child of the window, so that the sheet's edge does not cut it.
            self._meanings = DropDownList(self.window())
            self._meanings.setAccessibleName(self.tr("What is meant"))
            self._meanings.taken.connect(self._take_meaning)
            self.destroyed.connect(self._meanings.deleteLater)
        self._meanings.show_entries(
            [Entry(fact.label, (unclear, fact), self._titles.get(fact.of, "")) for fact in unclear.meanings]
        )
        self._meanings.place_under(self, self.width())
        return True

    def _take_chosen(self) -> None:
        chosen = self._meanings.chosen() if self._meanings is not None else None
        if chosen is not None:
            self._take_meaning(chosen.value)

    def _take_meaning(self, value: tuple[Unclear, Fact]) -> None:
        unclear, fact = value
        self._chosen[unclear.text] = fact
        self._read()

    def _close_meanings(self) -> None:
        if self._meanings is not None:
            self._meanings.hide()


_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier

