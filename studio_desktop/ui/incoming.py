"""Who calls, told from outside: a number that was just copied, a `tel:` link, another program (FRONT_DESK job 1)."""

from __future__ import annotations

import re
from urllib.parse import unquote

from PySide6.QtCore import QElapsedTimer, QObject
from PySide6.QtWidgets import QApplication

from studio_desktop.domain import phones

JUST = 120_000
"""Milliseconds after it was copied in which a number is taken for that of a caller."""

LONGEST = 40
"""Characters of a number; what is longer is none."""


def told_number(told: str) -> str:
    """The number in what another program says: `tel:+1-330-555-0142;ext=7`, `%2B13305550142`, `(330) 555-0142`."""
    number = re.sub(r"^\s*tel:(//)?", "", unquote(told), flags=re.IGNORECASE).partition(";")[0]
    kept = "".join(one for one in number if one.isdecimal() or one in "+()-./ ").strip()
    return kept if phones.digits(kept) and len(kept) <= LONGEST else ""


class CopiedNumber(QObject):
    """Watches the clipboard for phone numbers. Each is a caller once, and only for a while."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._age = QElapsedTimer()
        self._clipboard = QApplication.clipboard()
        self._clipboard.dataChanged.connect(self._copied)

    def take(self, region: str) -> str:
        """The number that was just copied, as somebody in `region` means it; empty when there is none."""
        is_fresh = self._age.isValid() and not self._age.hasExpired(JUST)
        self._age.invalidate()
        if not is_fresh:
            return ""
        text = self._clipboard.text().strip()
        number = told_number(text) if len(text) <= LONGEST else ""
        is_all = number == text or text.lower().startswith("tel:")
        # Dates and sums have digits, too: only what can be dialled is a number.
        return number if number and is_all and phones.parse(number, region).e164 else ""

    def _copied(self) -> None:
        self._age.start()
