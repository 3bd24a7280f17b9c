"""The tags of a client as chips, with a line that offers the studio's tags and makes a new one of a new word (B13)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio_desktop.domain.errors import InvalidFields, InvalidInput, StudioError
from studio_desktop.domain.names import key
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.domain.text import has_words_beginning, words
from studio_desktop.services import new_request
from studio_desktop.ui import theme
from studio_desktop.ui.drop_down import DropDownLine, DropDownList, Entry
from studio_desktop.ui.widgets.chips import Chip
from studio_desktop.ui.widgets.enter import is_enter
from studio_desktop.ui.widgets.fault_mark import FaultMark
from studio_desktop.ui.widgets.rows_editor import Faults

if TYPE_CHECKING:
    from studio_desktop.services import Saved
    from studio_desktop.services.catalogs import Choice
    from studio_desktop.ui.page import Shell

OFFERED = 8
"""Tags offered at once."""

_GAP = 6
_WIDEST = 4096  # pixels: no chip is wider


class TagsEditor(QWidget):
    """Edits the field `tags`. Enter or a comma takes over what is typed; Del or the cross takes a tag away."""

    fields = ("tags",)
    edited = Signal()

    def __init__(self, shell: Shell, parent: QWidget) -> None:
        super().__init__(parent)
        self._shell = shell
        self._known: dict[int, Choice] = {}
        self._chosen: set[int] = set()
        self._chips: dict[int, Chip] = {}
        self._list: DropDownList | None = None
        self._mark: FaultMark | None = None
        self._read_only = False
        self.line = DropDownLine(self, self.handle_key, self._close_list)
        self.line.setAccessibleName(self.tr("Tags"))
        self.line.setPlaceholderText(self.tr("Add a tag"))
        self.line.textEdited.connect(self._typed)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.line)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """The studio's tags; one that was just made is known already."""
        self._known |= {one.id: one for one in choices}
        self._show()

    def texts_of_chips(self) -> list[str]:
        """What the chips say."""
        return [chip.text() for chip in self._chips.values()]

    def offered(self) -> list[str]:
        """What hangs below the line now."""
        is_shown = self._list is not None and self._list.isVisible()
        return [entry.text for entry in self._list.entries()] if self._list is not None and is_shown else []

    # What a form asks of the editor of a field.

    def show_record(self, record: ClientRecord) -> None:
        """Show the client's tags, and an empty line."""
        self._chosen = set(record.tags)
        self._empty_line()
        self._show()

    def read_into(self, record: ClientRecord) -> ClientRecord:
        """The record with these tags. Raises `InvalidFields` while a word is typed that is no tag yet."""
        if self._words():
            fault = InvalidInput("Press Enter to take over what is typed as a tag, or empty the line.", field="tags")
            raise InvalidFields({"tags": fault})
        return replace(record, tags=frozenset(self._chosen))

    def texts(self) -> Any:
        """The tags' ids, and what is typed (JSON)."""
        return {"ids": sorted(self._chosen), "typed": self.line.text()}

    def restore(self, texts: Any) -> None:
        """Bring back what `texts` gave."""
        self._chosen = set(texts["ids"])
        self.line.setText(texts["typed"])
        self._show()

    def mark(self, faults: Faults, *, focus: bool = True) -> bool:
        """Say at the line what is wrong."""
        self.clear_marks()
        if faults:
            self._mark = FaultMark(self.line, " ".join(map(str, faults.values())), self.parentWidget())
            if focus:
                self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(faults)

    def clear_marks(self) -> None:
        """Nothing is wrong."""
        if self._mark is not None:
            self._mark.remove()
            self._mark = None

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read."""
        self._read_only = read_only
        self.line.setVisible(not read_only)
        self._show()

    # Words that become tags.

    def is_settled(self) -> bool:
        """Whether nothing is typed that is no tag yet."""
        return not self._words()

    def settle(self, done: Callable[[], None], failed: Callable[[StudioError], None]) -> None:
        """Make tags of the words that are typed, those new to the studio too; then call one of the two."""
        self._close_list()
        by_word = {key(one.text): one.id for one in self._known.values()}
        typed = self._words()
        new = [word for word in typed if key(word) not in by_word]
        ids = {by_word[key(word)] for word in typed} if not new else set()
        if not new:
            self._take_over(ids)
            done()
            return
        requests = [(word, new_request()) for word in typed]
        catalogs = self._shell.services.catalogs

        def made(saved: list[Saved[Choice]]) -> None:
            self._known |= {one.result.id: one.result for one in saved}
            self._take_over({one.result.id for one in saved})
            for one in saved:
                if one.changes.changes:
                    said = self.tr("New tag: {word}").format(word=one.result.text)
                    self._shell.saved(said, one.changes, undoable=False)
            done()

        self._shell.tasks.run(
            self, lambda: [catalogs.tag(word, request) for word, request in requests], made, failed
        )

    def handle_key(self, event: QKeyEvent) -> bool:
        """A key pressed in the line; whether it was for the tags."""
        pressed, typed = event.key(), self.line.text()
        if is_enter(event) and typed.strip():
            chosen = self._list.chosen() if self._list is not None else None
            if chosen is not None and chosen.value is not None:
                self._take(chosen.value)
            else:
                self._settle_here()
            return True
        if event.text() in (",", ";"):
            self._settle_here()
            return True
        if pressed == Qt.Key.Key_Escape and typed:
            self._empty_line()
            self.edited.emit()
            return True
        if pressed == Qt.Key.Key_Backspace and not typed and self._chips:
            list(self._chips.values())[-1].setFocus(Qt.FocusReason.BacktabFocusReason)
            return True
        return self._list is not None and self._list.move_choice(event)

    # Qt

    def sizeHint(self) -> QSize:
        """As many rows of chips as the width needs."""
        # The width that Qt gives a new widget would ask for many rows, and the window would grow for them.
        is_placed = self.testAttribute(Qt.WidgetAttribute.WA_Resized)
        width = max(self.width(), theme.scaled(200)) if is_placed else _WIDEST
        return QSize(theme.scaled(300), self._lay_out(width, move=False))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Flow anew."""
        super().resizeEvent(event)
        self._flow()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "line"):
            self._flow()

    # Details

    def _words(self) -> list[str]:
        return [word.strip() for word in re.split("[,;]", self.line.text()) if word.strip()]

    def _typed(self) -> None:
        self.clear_marks()
        self.edited.emit()
        typed = self.line.text().strip()
        if not typed:
            self._close_list()
            return
        sought = words(typed)
        free = [one for one in self._known.values() if one.id not in self._chosen and not one.inactive]
        found = [one for one in free if has_words_beginning(sought, one.text)][:OFFERED]
        entries = [Entry(one.text, one.id) for one in found]
        if key(typed) not in {key(one.text) for one in self._known.values()}:
            entries.append(Entry(self.tr("New tag “{word}”").format(word=typed), None, icon="add"))
        if self._list is None:
            self._list = DropDownList(self.window())
            self._list.setAccessibleName(self.tr("Tags to choose from"))
            self._list.taken.connect(self._clicked)
        self._list.show_entries(entries)
        self._list.place_under(self.line, theme.scaled(240))

    def _clicked(self, tag_id: int | None) -> None:
        if tag_id is None:
            self._settle_here()
        else:
            self._take(tag_id)

    def _settle_here(self) -> None:
        self.settle(lambda: None, self._refused)

    def _refused(self, error: StudioError) -> None:
        if isinstance(error, InvalidInput):
            self.mark({"tags": error})
        else:
            self._shell.failed(error)

    def _take(self, tag_id: int) -> None:
        self._take_over({tag_id})

    def _take_over(self, ids: set[int]) -> None:
        self._chosen |= ids
        self._empty_line()
        self._show()
        self.edited.emit()

    def _remove(self, tag_id: int) -> None:
        if self._read_only:
            return
        order = list(self._chips)
        after = order[order.index(tag_id) + 1 :]
        self._chosen.discard(tag_id)
        self._show()
        (self._chips[after[0]] if after else self.line).setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _empty_line(self) -> None:
        self.line.clear()
        self.clear_marks()
        self._close_list()

    def _close_list(self) -> None:
        if self._list is not None:
            self._list.hide()

    def _show(self) -> None:
        """One chip for each tag, in the studio's order; those that stay keep the focus."""
        wanted = [one.id for one in self._known.values() if one.id in self._chosen]
        for tag_id in self._chips.keys() - set(wanted):
            chip = self._chips.pop(tag_id)
            chip.hide()
            chip.deleteLater()
        for tag_id in wanted:
            if tag_id not in self._chips:
                self._chips[tag_id] = self._made(tag_id)
        self._chips = {tag_id: self._chips[tag_id] for tag_id in wanted}
        before: QWidget = self
        for widget in (*self._chips.values(), self.line):
            QWidget.setTabOrder(before, widget)
            before = widget
        for chip in self._chips.values():
            chip.set_removable(not self._read_only)
        self._flow()

    def _made(self, tag_id: int) -> Chip:
        known = self._known[tag_id]
        chip = Chip(known.text, self, removable=True, colour=known.colour)
        chip.removed.connect(lambda: self._remove(tag_id))
        chip.show()
        return chip

    def _flow(self) -> None:
        self._lay_out(self.width(), move=True)
        self.updateGeometry()

    def _lay_out(self, width: int, *, move: bool) -> int:
        """Chips from left to right, then the line; gives the height they need."""
        left, top, height = 0, 0, theme.scaled(24)
        for widget in (*self._chips.values(), self.line):
            wanted = min(theme.scaled(180) if widget is self.line else widget.sizeHint().width(), width)
            if left and left + wanted > width:
                left, top = 0, top + height + 4
            if move:
                widget.setGeometry(QRect(left, top, wanted, height))
            left += wanted + _GAP
        return top + height
