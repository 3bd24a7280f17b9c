"""A field for text of many lines."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget


class NoteEdit(QPlainTextEdit):
    """Text up to a limit. More than has room is not pasted at all (RELIABILITY 71).

    What was cut off would be missed by nobody, and a line of a million characters would hold up the window.
    """

    not_pasted = Signal(int)
    """Somebody pasted or dropped so many characters, for which there is no room; the clipboard still has them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limit = 0

    def set_limit(self, limit: int) -> None:
        """How many characters have room; 0 sets no limit."""
        self._limit = limit

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste or drop, if there is room."""
        pasted = len(source.text())
        stays = len(self.toPlainText()) - len(self.textCursor().selectedText())
        if self._limit and stays + pasted > self._limit:
            self.not_pasted.emit(pasted)
        else:
            super().insertFromMimeData(source)
