"""Who calls, told from outside: a number that was just copied, a `tel:` link, another program (FRONT_DESK job 1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from PySide6.QtCore import QElapsedTimer, QObject
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit

from studio_desktop.domain import phones

if TYPE_CHECKING:
    from studio_desktop.ui.caller_box import CallerBox
    from studio_desktop.ui.main_window import MainWindow

JUST = 120_000
"""Milliseconds after it was copied in which a number is taken for that of a caller."""

LONGEST = 40
"""Characters of a number; what is longer is none."""


def told_number(told: str) -> str:
    """The number in what another program says: `tel:+1-330-555-0142;ext=7`, `%2B13305550142`, `(330) 555-0142`."""
    number = re.sub(r"^\s*tel:(//)?", "", unquote(told), flags=re.IGNORECASE).partition(";")[0]
    kept = "".join(one for one in number if one.isdecimal() or one in "+()-./ ").strip()
    return kept if phones.digits(kept) and len(kept) <= LONGEST else ""


class IncomingCalls(QObject):
    """What the telephone and other programs tell the window, until somebody answers."""

    def __init__(self, window: MainWindow, caller_box: CallerBox) -> None:
        super().__init__(window)
        self._window = window
        self._box = caller_box
        self._copied = CopiedNumber(self)
        self._before_work = ""

    def announce(self, told: str) -> None:
        """Another program says whose phone rings: the window comes to the front with the caller in the box.

        Whoever is typing in a field goes on typing there. Before a studio is open it waits for `begin`.
        """
        window, number, is_typing = self._window, told_number(told), self._is_typed_in()
        window.come_to_front()
        if not window.works:
            self._before_work = number
        elif number:
            shown = self._shown(number)
            self._box.announce(shown)
            window.say(self.tr("{number} is calling; F12 opens the caller.").format(number=shown))
            if not is_typing:
                self._box.take_focus()

    def begin(self) -> None:
        """A studio is open now."""
        told, self._before_work = self._before_work, ""
        if told:
            self.announce(told)

    def answer(self) -> None:
        """Show whose number was just copied, or open whom another program announced; else ask who calls."""
        window = self._window
        wants_copied = window.settings.copied_number_calls
        copied = self._copied.take(window.preferences.phone_region) if wants_copied else ""
        if copied:
            self._box.announce(self._shown(copied))
            self._box.take_focus()
        elif self._box.is_announced():
            self._box.open_announced()
        else:
            self._box.ring()

    def _is_typed_in(self) -> bool:
        focus = QApplication.focusWidget()
        is_field = isinstance(focus, QLineEdit | QTextEdit | QPlainTextEdit) and focus is not self._box
        return is_field and self._window.isActiveWindow()

    def _shown(self, number: str) -> str:
        phone = phones.parse(number, self._window.preferences.phone_region)
        return self._window.formats.phone(phone.typed, phone.e164, phone.extension)


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
