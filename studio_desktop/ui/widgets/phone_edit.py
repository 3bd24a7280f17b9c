"""A field for a phone number: anything is taken, and shown as numbers are written here once the cursor has left."""

from __future__ import annotations

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from studio_desktop.domain import phones
from studio_desktop.domain.formats import Formats


class PhoneEdit(QLineEdit):
    """A phone number; what was typed is kept beside what is shown (S2-10 to 12)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats = Formats()
        self._typed = ""
        self._shown = ""
        self.setTextMargins(3, 0, 0, 0)

    def use(self, formats: Formats) -> None:
        """Take the studio's country for numbers without a prefix."""
        self._formats = formats

    def typed(self) -> str:
        """The number as somebody typed it, though it may be shown in another form."""
        return self._typed if self.text() == self._shown else self.text().strip()

    def set_typed(self, typed: str) -> None:
        """Show a number that was typed before."""
        number = phones.parse(typed, self._formats.phone_region)
        self._typed = typed
        self._shown = self._formats.phone(typed, number.e164, number.extension)
        if self.text() != self._shown:
            self.setText(self._shown)
            if not self.hasFocus():
                self.setCursorPosition(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show what was typed as numbers are written here."""
        super().focusOutEvent(event)
        self.set_typed(self.typed())
