"""A line of several names, with a semicolon between them, that offers those the studio has while one is typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from studio_desktop.domain.names import key
from studio_desktop.domain.text import has_words_beginning, words
from studio_desktop.ui import theme
from studio_desktop.ui.drop_down import DropDownLine, DropDownList, Entry
from studio_desktop.ui.widgets.enter import is_enter

SEPARATOR = "; "
OFFERED = 8
"""Names offered at once."""


class NamesLine(DropDownLine):
    """Down and Enter take a name that is offered, Alt+Down offers all; a name that nobody has yet may be typed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, self.handle_key, self._close)
        self._known: Callable[[], Iterable[str]] = tuple
        self._list: DropDownList | None = None
        self.textEdited.connect(lambda _: self._offer(everything=False))

    def set_known(self, known: Callable[[], Iterable[str]]) -> None:
        """Where the names that are offered come from, asked whenever something is typed."""
        self._known = known

    def offered(self) -> list[str]:
        """What hangs below the line now."""
        return [entry.text for entry in self._list.entries()] if self._list and self._list.isVisible() else []

    def several(self) -> tuple[str, ...]:
        """The names that stand there, each once."""
        named = (" ".join(one.split()) for one in re.split(r"[;,]", self.text()))
        return tuple(dict.fromkeys(filter(None, named)))

    def handle_key(self, event: QKeyEvent) -> bool:
        """A key pressed in the line; whether it was for the list."""
        pressed = event.key()
        if pressed == Qt.Key.Key_Down and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            self._offer(everything=True)
            return True
        if self._list is None or not self._list.isVisible():
            return False
        if pressed == Qt.Key.Key_Escape:
            self._close()
            return True
        chosen = self._list.chosen()
        if is_enter(event) and chosen is not None:
            self._take(chosen.value)
            return True
        return self._list.move_choice(event)

    def _offer(self, *, everything: bool) -> None:
        """What begins as the name at the cursor does, and that name itself where it is new."""
        typed = self._at_cursor()
        if not typed and not everything:
            self._close()
            return
        taken = {key(one) for one in self.several()} - {key(typed)}
        free = [one for one in self._known() if key(one) not in taken]
        sought = words(typed)
        entries = [Entry(one, one) for one in free if not sought or has_words_beginning(sought, one)]
        entries = entries if everything else entries[:OFFERED]
        if typed and key(typed) not in {key(one) for one in free}:
            entries.append(Entry(self.tr("New: “{name}”").format(name=typed), typed, icon="add"))
        if self._list is None:
            self._list = DropDownList(self.window())
            self._list.setAccessibleName(self.tr("Names to choose from"))
            self._list.taken.connect(self._take)
        self._list.show_entries(entries)
        self._list.place_under(self, theme.scaled(240))

    def _span(self) -> tuple[int, int]:
        """Where the name at the cursor begins and ends."""
        text, at = self.text(), self.cursorPosition()
        begin = max(text.rfind(sign, 0, at) for sign in ";,") + 1
        ends = [place for sign in ";," if (place := text.find(sign, at)) >= 0]
        return begin, min(ends, default=len(text))

    def _at_cursor(self) -> str:
        begin, end = self._span()
        return self.text()[begin:end].strip()

    def _take(self, name: str) -> None:
        """Put a name in place of what is typed of it; another one may follow."""
        begin, end = self._span()
        text = self.text()
        before = f"{text[:begin].rstrip()} " if begin else ""
        after = text[end:].lstrip(" ;,")
        self.setText(f"{before}{name}{SEPARATOR}{after}")
        self.setCursorPosition(len(before) + len(name) + len(SEPARATOR))
        self._close()

    def _close(self) -> None:
        if self._list is not None:
            self._list.hide()
