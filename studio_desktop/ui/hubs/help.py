"""Help: how things are done here in a few sentences, and every key there is."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.actions import ACTIONS, key_sequences, tr
from studio_desktop.ui.page import Page, Shell
from studio_desktop.ui.widgets.panels import Panel, SectionHeading
from studio_desktop.ui.widgets.plain_label import PlainLabel

COLUMNS = 3
"""How many keys stand beside each other; one fewer where the window is narrow for its text."""

_WIDE = 1000  # pixels at 100 %


class HelpPage(Page):
    """Read, not clicked; what it names can all be done from the palette (Ctrl+Shift+P)."""

    context = "help"

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        body = Panel(self, "base")
        self._tables: list[_KeyTable] = []
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addWidget(SectionHeading(body, self.tr("How things are done here")))
        for sentence in self._sentences():
            label = PlainLabel(sentence, body)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addSpacing(8)
        column.addWidget(SectionHeading(body, self.tr("Keys everywhere")))
        self._add_table(column, body, list(_keys_of_actions()))
        column.addSpacing(8)
        column.addWidget(SectionHeading(body, self.tr("Keys in fields, lists and sheets")))
        self._add_table(column, body, self._keys_of_widgets())
        column.addStretch(1)
        self._area = QScrollArea(self)
        self._area.setWidget(body)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(self.tr("Help"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._area)

    def title(self) -> str:
        """Help."""
        return self.tr("Help")

    def icon_name(self) -> str:
        """A question."""
        return "question_circle"

    def take_focus(self) -> None:
        """So that the arrows scroll."""
        self._area.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The ground."""
        QPainter(self).fillRect(self.rect(), theme.token("base"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer columns where there is less room."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_tables"):
            self._arrange()

    def _arrange(self) -> None:
        columns = COLUMNS if self.width() >= theme.scaled(_WIDE) else COLUMNS - 1
        for table in self._tables:
            table.arrange(columns)

    def _sentences(self) -> list[str]:
        return [
            self.tr(
                "The phone rings: type a number or a name into the box at the top right, wherever you are (F12), and "
                "press Enter. Any part of a number and half a name are enough; the family is found too."
            ),
            self.tr(
                "Nothing typed is lost. A sheet you leave waits behind its chip beside the tabs, even after a power "
                "cut; Alt+Left leads back to it. Whatever was saved can be undone with Ctrl+Shift+Backspace."
            ),
            self.tr(
                "You need no mouse: Alt shows letters over the ribbon, F6 goes from part to part, and Ctrl+Shift+P "
                "finds everything that can be done by its name."
            ),
        ]

    def _keys_of_widgets(self) -> list[tuple[str, str]]:
        return [
            ("Esc", self.tr("Close the list, then leave the field, then park the sheet; never discards")),
            ("Enter", self.tr("Open what is chosen")),
            ("Space", self.tr("Tick the row and go down")),
            ("Ctrl+A", self.tr("Tick all rows")),
            ("F2", self.tr("Edit the row or the header")),
            ("Insert", self.tr("Add a row")),
            ("Del", self.tr("Delete; Undo brings it back")),
            ("Alt+Up, Alt+Down", self.tr("Move a row of a maintained list")),
            ("Shift+F10", self.tr("The menu of what is chosen")),
            ("Alt+Down, F4", self.tr("Open the drop-down")),
            ("t, +, −", self.tr("In a date: today, a day later, a day earlier")),
            ("Alt+letter", self.tr("To the field or button whose letter is underlined")),
        ]

    def _add_table(self, below: QVBoxLayout, body: QWidget, keys: list[tuple[str, str]]) -> None:
        table = _KeyTable(keys, body)
        below.addWidget(table)
        self._tables.append(table)


class _KeyTable(QWidget):
    """Keys with what they do, in so many columns of both as `arrange` is told, filled one after the other."""

    def __init__(self, keys: list[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self._pairs = [(PlainLabel(key, self, strong=True), PlainLabel(text, self)) for key, text in keys]
        for _, label in self._pairs:
            label.setWordWrap(True)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)

    def arrange(self, columns: int) -> None:
        rows = -(-len(self._pairs) // columns)
        for number, (key, text) in enumerate(self._pairs):
            column, row = divmod(number, rows)
            for place, label in ((2 * column, key), (2 * column + 1, text)):
                self._grid.removeWidget(label)
                self._grid.addWidget(label, row, place, Qt.AlignmentFlag.AlignTop)
        for column in range(COLUMNS):
            self._grid.setColumnMinimumWidth(2 * column, theme.scaled(130) if column < columns else 0)
            self._grid.setColumnStretch(2 * column + 1, 1 if column < columns else 0)


def _keys_of_actions() -> Iterator[tuple[str, str]]:
    keys = key_sequences()
    yield "Ctrl+1…9, Alt+1…9", tr("The tabs of a client, first and second row")
    for action in ACTIONS:
        if action.keys and not action.reserved and not action.id.startswith("detail_tab_"):
            own = keys[action.id][: len(action.keys)]
            shown = ", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in own)
            yield shown, tr(action.text)
