"""Help: how things are done here in a few sentences, and every key there is."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.actions import ACTIONS, key_sequences, tr
from studio_desktop.ui.page import Page, Shell
from studio_desktop.ui.widgets.panels import Panel, SectionHeading
from studio_desktop.ui.widgets.plain_label import PlainLabel

COLUMNS = 3


class HelpPage(Page):
    """Read, not clicked; what it names can all be done from the palette (Ctrl+Shift+P)."""

    context = "help"

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        body = Panel(self, "base")
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
        grid = QGridLayout()
        below.addLayout(grid)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        rows = -(-len(keys) // COLUMNS)
        for number, (key, text) in enumerate(keys):
            column, row = divmod(number, rows)
            label = PlainLabel(text, body)
            label.setWordWrap(True)
            grid.addWidget(PlainLabel(key, body, strong=True), row, 2 * column, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label, row, 2 * column + 1, Qt.AlignmentFlag.AlignTop)
        for column in range(COLUMNS):
            grid.setColumnMinimumWidth(2 * column, theme.scaled(130))
            grid.setColumnStretch(2 * column + 1, 1)


def _keys_of_actions() -> Iterator[tuple[str, str]]:
    keys = key_sequences()
    yield "Ctrl+1…9, Alt+1…9", tr("The tabs of a client, first and second row")
    for action in ACTIONS:
        if action.keys and not action.reserved and not action.id.startswith("detail_tab_"):
            own = keys[action.id][: len(action.keys)]
            shown = ", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in own)
            yield shown, tr(action.text)
