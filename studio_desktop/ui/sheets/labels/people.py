"""Who gets a label and who does not: everybody asked for, each with a tick."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from studio_desktop.services.mailing import Mailing
from studio_desktop.ui.widgets.small_table import Cell, Head, SmallTable


class PeopleTable(SmallTable):
    """The people of a mailing. A tick takes somebody in or leaves somebody out, whatever the rules say."""

    picked_changed = Signal()
    """Others get a label than before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.mailing = self.picked = Mailing(())
        self.shows_left_out = False
        self._unticked: set[int] = set()
        self._ticked: set[int] = set()
        self._rows: list[int] = []
        self._row = -1
        heads = (
            Head("", 30),
            Head(_tr("Name on the label"), 160, stretches=True),
            Head(_tr("Town"), 130),
        )
        super().__init__(heads, self._cell, parent)
        self.setAccessibleName(self.tr("People"))
        self.ticked.connect(self._tick)

    def show_mailing(self, mailing: Mailing) -> None:
        """Show these people, ticked as the rules and a person say."""
        self.mailing = mailing
        self._pick()
        self._list()

    def toggle_left_out(self) -> None:
        """Show those left out only, or all again."""
        self.shows_left_out = not self.shows_left_out
        self._list()

    def is_touched(self) -> bool:
        """Whether a person ticked something."""
        return bool(self._unticked or self._ticked)

    def choices(self) -> dict[str, Any]:
        """The ticks, the row and what is shown, as JSON values."""
        return {
            "unticked": sorted(self._unticked),
            "ticked": sorted(self._ticked),
            "row": self.current(),
            "left_out_only": self.shows_left_out,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Bring back what `choices` gave; the row once people are shown."""
        self._unticked, self._ticked = set(state["unticked"]), set(state["ticked"])
        self.shows_left_out, self._row = state["left_out_only"], state["row"]

    def _pick(self) -> None:
        self.picked = self.mailing.picked(self._unticked, self._ticked)

    def _list(self) -> None:
        everybody = range(len(self.mailing.people))
        self._rows = [row for row in everybody if self.picked.people[row].because] if self.shows_left_out else [
            *everybody
        ]  # fmt: skip
        self.show_rows(len(self._rows))
        if 0 <= self._row < len(self._rows):
            self.choose(self._row)
        self._row = -1

    def _cell(self, row: int, column: int) -> Cell:
        one, because = self.mailing.people[self._rows[row]], self.picked.people[self._rows[row]].because
        if column == 0:
            return Cell(tick=because is None)
        if column == 1:
            return Cell(one.lines[0] if one.lines else one.name, "text" if because is None else "dim")
        return Cell(one.town) if because is None else Cell(str(because), "dim")

    def _tick(self, row: int) -> None:
        """Leave somebody out, or take somebody in who was left out."""
        at = self._rows[row]
        one, is_ticked = self.mailing.people[at], self.picked.people[at].because is None
        by_rule = one.because is not None
        changed = self._ticked if by_rule else self._unticked
        (changed.add if is_ticked != by_rule else changed.discard)(one.client_id)
        self._pick()
        self.look_again()
        self.picked_changed.emit()


def _tr(text: str) -> str:
    return QCoreApplication.translate("PeopleTable", text)
