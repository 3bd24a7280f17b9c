"""The question under a list when a row that is in use shall go: what do its records get instead (B4)?"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_desktop.services.catalogs import CatalogRow
from studio_desktop.ui.form import dress_form
from studio_desktop.ui.widgets.buttons import FlatButton
from studio_desktop.ui.widgets.combo_box import ComboBox
from studio_desktop.ui.widgets.marks import dot_icon
from studio_desktop.ui.widgets.panels import Panel
from studio_desktop.ui.widgets.plain_label import PlainLabel


class ReplacementBar(Panel):
    """Names the count and offers the other rows; nothing is chosen at first. Enter does it, Esc does not."""

    chosen = Signal(object, int)
    """The row that goes, and the id of the one that takes its place."""
    left = Signal()
    """It was answered, or nothing shall happen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "yellow_soft", "b")
        self._going: CatalogRow | None = None
        self._text = PlainLabel("", self, tone="yellow", elided=True)
        self.combo = ComboBox(self)
        self.combo.setMinimumContentsLength(14)
        self.combo.setAccessibleName(self.tr("What they get instead"))
        self._go = FlatButton(self.tr("Replace and delete"), self, compact=True)
        self._go.clicked.connect(self._answer)
        self.combo.currentIndexChanged.connect(lambda at: self._go.setEnabled(at >= 0))
        self._cancel = FlatButton(self.tr("Keep it"), self, compact=True)
        self._cancel.clicked.connect(self._leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(8)
        row.addWidget(self._text, 1)
        row.addWidget(self.combo)
        row.addWidget(self._go)
        row.addWidget(self._cancel)
        dress_form(self)
        self.hide()

    def ask(self, going: CatalogRow, count: int, others: Sequence[CatalogRow]) -> None:
        """Ask about a row that `count` records use."""
        self._going = going
        one = self.tr("One record uses “{row}”. What does it get instead?")
        many = self.tr("{count} records use “{row}”. What do they get instead?")
        nothing = self.tr("{count} in use: “{row}”. Nothing else is in the list to take its place; make it inactive.")
        sentence = nothing if not others else one if count == 1 else many
        self._text.setText(sentence.format(count=count, row=going.description))
        self.setAccessibleName(self._text.text())
        self.combo.clear()
        for other in others:
            colour = other.values.get("colour", "")
            if colour:
                self.combo.addItem(dot_icon(colour), other.description, other.id)
            else:
                self.combo.addItem(other.description, other.id)
        self.combo.setPlaceholderText(self.tr("Choose…"))
        self.combo.setCurrentIndex(-1)
        for widget in (self.combo, self._go):
            widget.setVisible(bool(others))
        self._go.setEnabled(False)
        self.show()
        (self.combo if others else self._cancel).setFocus(Qt.FocusReason.OtherFocusReason)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter answers, Esc leaves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._answer()
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def _answer(self) -> None:
        if self._going is not None and self.combo.currentIndex() >= 0:
            going, replacement = self._going, self.combo.currentData()
            self._leave()
            self.chosen.emit(going, replacement)

    def _leave(self) -> None:
        self.hide()
        self.left.emit()
