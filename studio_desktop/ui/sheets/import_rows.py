"""Every row of a file with its verdict, what it would do, and what a person decides otherwise (B20, D9)."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from studio_desktop.services.imports.plan import Judged, Plan, Verdict
from studio_desktop.ui import theme
from studio_desktop.ui.form import load_form
from studio_desktop.ui.widgets.buttons import FlatButton
from studio_desktop.ui.widgets.plain_label import PlainLabel, as_tip
from studio_desktop.ui.widgets.small_table import ROW, Cell, Head, SmallTable
from studio_desktop.ui.widgets.tiles import Tile

if TYPE_CHECKING:
    from studio_desktop.domain.formats import Formats

_IN_FILE, _BY_VERDICT, _BY_NAME = "file", "verdict", "name"
_LINES, _ROWS = 3, 5
_ORDER_OF_VERDICTS = (Verdict.ERROR, Verdict.UPDATE, Verdict.SKIP, Verdict.NEW)


class ImportRows(QWidget):
    """Shows a plan. Space skips a row or takes the decision back, Ctrl+Down leads to the next fault."""

    tiles_row: QHBoxLayout
    order_combo: QComboBox
    table_column: QVBoxLayout
    detail_label: PlainLabel
    skip_button: FlatButton
    new_button: FlatButton

    decided = Signal(object)
    """A person decided on a row: the plan as it is now."""

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats = formats
        self._plan: Plan | None = None
        self._places: Sequence[int] = ()
        """Where in the plan the rows stand that are shown."""
        self._verdict: Verdict | None = None
        self._waits_at = 0
        self._is_built = False
        load_form(self, "import_rows")
        self._build()
        self._is_built = True
        self._connect()

    @property
    def verdict(self) -> Verdict | None:
        """The verdict whose rows are shown; None for all."""
        return self._verdict

    @property
    def order(self) -> str:
        """In which order they are shown."""
        return str(self.order_combo.currentData())

    def show_plan(self, plan: Plan | None, *, is_current: bool) -> None:
        """Show the rows of a plan; one that is not current any more shows no counts and takes no decisions."""
        self._plan = plan
        for verdict, tile in self.tiles.items():
            figure = None
            if plan is not None and is_current:
                figure = len(plan.rows) if verdict is None else plan.count(verdict)
            tile.set_figure(self._formats.number(figure) if figure is not None else "")
        self.tiles[Verdict.UPDATE].setVisible(plan is not None and plan.rules.update_by is not None)
        self._list_rows()

    def show_only(self, verdict: Verdict | None, order: str, row: int) -> None:
        """Show the rows of a verdict in an order, and come to a row as soon as there are so many."""
        self.order_combo.setCurrentIndex(max(self.order_combo.findData(order), 0))
        self._waits_at = row
        self.tiles[verdict].setChecked(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Down in the rows leads to the next fault, Ctrl+Up to the one before."""
        is_key = watched is self.table and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if is_key and event.modifiers() == Qt.KeyboardModifier.ControlModifier:  # type: ignore[attr-defined]
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(event.key(), 0)  # type: ignore[attr-defined]
            if step:
                self._choose_fault(step)
                return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._is_built:
            self._follow_text_size()

    def _follow_text_size(self) -> None:
        """Room for a few lines on the current row, however much it would change; the rest is in the tip."""
        self.detail_label.setFixedHeight(_LINES * QFontMetrics(theme.font(theme.SMALL)).lineSpacing())
        self.table.setMinimumHeight(_ROWS * theme.row_height(ROW))

    def _build(self) -> None:
        captions: tuple[tuple[Verdict | None, str, str], ...] = (
            (None, "slate", self.tr("all rows")),
            (Verdict.NEW, "green", self.tr("new clients")),
            (Verdict.UPDATE, "blue", self.tr("updated")),
            (Verdict.SKIP, "grey", self.tr("known, skipped")),
            (Verdict.ERROR, "red", self.tr("faults")),
        )
        self.tiles = {verdict: Tile(colour, caption, self) for verdict, colour, caption in captions}
        for tile in self.tiles.values():
            self.tiles_row.addWidget(tile)
        self.tiles[None].setChecked(True)
        self.tiles[Verdict.UPDATE].hide()
        self.order_combo.addItem(self.tr("as in the file"), _IN_FILE)
        self.order_combo.addItem(self.tr("faults first, by verdict"), _BY_VERDICT)
        self.order_combo.addItem(self.tr("by name"), _BY_NAME)
        heads = (
            Head(self.tr("Row"), 56, right=True),
            Head(self.tr("Verdict"), 104),
            Head(self.tr("Name"), 130, stretches=True),
            Head(self.tr("Phone"), 138),
            Head(self.tr("E-mail"), 150, stretches=True),
            Head(self.tr("What will happen"), 290, stretches=True),
        )
        self.table = SmallTable(heads, self._cell, self)
        self.table.setAccessibleName(self.tr("Rows of the file"))
        self.table_column.addWidget(self.table)
        self._follow_text_size()
        QWidget.setTabOrder(self.table, self.order_combo)
        QWidget.setTabOrder(self.order_combo, self.skip_button)

    def _connect(self) -> None:
        for verdict, tile in self.tiles.items():
            tile.toggled.connect(lambda on, verdict=verdict: self._filter(verdict) if on else None)
        self.order_combo.activated.connect(lambda _: self._list_rows())
        self.table.installEventFilter(self)
        self.table.selectionModel().currentChanged.connect(lambda _new, _old: self._tell_row())
        self.table.ticked.connect(self._tick)
        self.skip_button.clicked.connect(lambda: self._decide(Verdict.SKIP))
        self.new_button.clicked.connect(lambda: self._decide(Verdict.NEW))

    # What is shown

    def _filter(self, verdict: Verdict | None) -> None:
        self._verdict = verdict
        self._list_rows()

    def _list_rows(self) -> None:
        plan = self._plan
        self._places = ()
        if plan is not None:
            wanted = _ORDER_OF_VERDICTS if self._verdict is None else (self._verdict,)
            if self.order == _BY_NAME:
                self._places = array("L", (at for at in plan.rows.by_name() if plan.verdict_at(at) in wanted))
            elif self.order == _BY_VERDICT:
                self._places = array("L", chain.from_iterable(map(plan.places, wanted)))
            else:
                self._places = array("L", plan.places(*wanted))
        self.table.show_rows(len(self._places))
        if 0 < self._waits_at < len(self._places):
            self.table.choose(self._waits_at)
            self._waits_at = 0
        self._tell_row()

    def _cell(self, row: int, column: int) -> Cell:
        plan = self._plan
        assert plan is not None, "there is a row"
        judged = plan.rows[self._places[row]]
        if column == 0:
            return Cell(str(judged.number), "dim")
        if column == 1:
            word, colour = {
                Verdict.NEW: (self.tr("New"), "green"),
                Verdict.UPDATE: (self.tr("Update"), "blue"),
                Verdict.SKIP: (self.tr("Skip"), "grey"),
                Verdict.ERROR: (self.tr("Fault"), "red"),
            }[plan.verdict(judged)]
            chosen = self.tr("{verdict}, chosen").format(verdict=word)
            return Cell(chosen if judged.number in plan.choices else word, dot=colour)
        if column == 2:
            return Cell("" if judged.name == f"row {judged.number}" else judged.name)
        if column in (3, 4):
            return Cell(self._value(plan, judged, "phone" if column == 3 else "email"))
        return self._consequence(plan, judged)

    def _value(self, plan: Plan, judged: Judged, target: str) -> str:
        """What the file has in the first filled column of a target."""
        cells = plan.table.rows[judged.number - plan.table.first_row]
        places = (place for place, one in enumerate(plan.mapped) if one is not None and one.target == target)
        return next((" ".join(cells[place].split()) for place in places if cells[place].strip()), "")

    def _consequence(self, plan: Plan, judged: Judged) -> Cell:
        """One sentence on what happens to a row."""
        verdict = plan.verdict(judged)
        if verdict is Verdict.ERROR:
            return Cell(judged.why, "red")
        if verdict is Verdict.SKIP:
            return Cell(self.tr("left out, as you chose") if judged.number in plan.choices else judged.why, "dim")
        if verdict is Verdict.UPDATE:
            return Cell("; ".join(map(str, judged.changes)))
        more = []
        if judged.words.groups:
            more.append(self.tr("into {groups}").format(groups=", ".join(judged.words.groups)))
        if judged.words.tags:
            more.append(self.tr("tagged {tags}").format(tags=", ".join(judged.words.tags)))
        if judged.notes:
            more.append(self.tr("with a note"))
        if judged.record is not None and judged.record.image_hash:
            more.append(self.tr("with a photo"))
        said = ", ".join((self.tr("new client"), *more))
        return Cell(f"{said}; {judged.why}" if judged.why and judged.verdict is Verdict.NEW else said)

    # The current row

    def _current(self) -> Judged | None:
        row = self.table.current()
        return self._plan.rows[self._places[row]] if self._plan is not None and 0 <= row < len(self._places) else None

    def _tell_row(self) -> None:
        """All that the row would do, which its cell may have no room for, and what can be decided on it."""
        judged, plan = self._current(), self._plan
        offers = plan.offers(judged) if plan is not None and judged is not None else ()
        is_chosen = plan is not None and judged is not None and judged.number in plan.choices
        self.skip_button.setText(self.tr("As &proposed") if is_chosen else self.tr("Ski&p this row"))
        self.skip_button.setEnabled(is_chosen or Verdict.SKIP in offers)
        self.new_button.setEnabled(Verdict.NEW in offers)
        said = ""
        if judged is not None and plan is not None:
            said = self._consequence(plan, judged).text
            if plan.verdict(judged) is Verdict.UPDATE:
                said = f"{judged.why}: {' · '.join(map(str, judged.changes))}"
        self.detail_label.setText(said)
        self.detail_label.setToolTip(as_tip(said))

    def _tick(self, row: int) -> None:
        """Space: leave the row out, or take back what was decided on it."""
        plan = self._plan
        if plan is None:
            return
        judged = plan.rows[self._places[row]]
        if judged.number in plan.choices or Verdict.SKIP in plan.offers(judged):
            self._decide(Verdict.SKIP, judged)

    def _decide(self, wanted: Verdict, judged: Judged | None = None) -> None:
        judged, plan = judged or self._current(), self._plan
        if judged is None or plan is None:
            return
        takes_back = wanted is Verdict.SKIP and judged.number in plan.choices
        self.decided.emit(plan.choose(judged, None if takes_back else wanted))

    def _choose_fault(self, step: int) -> None:
        plan = self._plan
        if plan is None:
            return
        rows = range(self.table.current() + step, len(self._places) if step > 0 else -1, step)
        fault = next((row for row in rows if plan.verdict_at(self._places[row]) is Verdict.ERROR), None)
        if fault is not None:
            self.table.choose(fault)
