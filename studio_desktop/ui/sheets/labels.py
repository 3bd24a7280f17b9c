"""Mailing labels: who, on which sheet from which cell, and what will be printed (FRONT_DESK job 8, B10)."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio_desktop.domain.errors import InvalidInput, StudioError
from studio_desktop.domain.fields import Kind
from studio_desktop.domain.line import Vocabulary
from studio_desktop.reports.label_sheets import Correction, LabelSheet, faults, sheets, simple
from studio_desktop.services import Saved, new_request
from studio_desktop.services.mailing import Mailing, MailingOrder, MailingRun, NameLine, Recipients, RunFacts
from studio_desktop.settings import shift_key
from studio_desktop.ui import theme
from studio_desktop.ui.background import Job
from studio_desktop.ui.documents import dated_path, make_folder, open_document, show_document
from studio_desktop.ui.form import load_form
from studio_desktop.ui.page import ClientInHand, Sheet, Shell
from studio_desktop.ui.widgets.buttons import BarButton, FlatButton, LinkButton, PrimaryButton
from studio_desktop.ui.widgets.date_edit import DateEdit
from studio_desktop.ui.widgets.fact_line import FactLine
from studio_desktop.ui.widgets.label_sheet_view import LabelPreview, StartCellView, print_labels
from studio_desktop.ui.widgets.marks import Badge, Light, dot_icon
from studio_desktop.ui.widgets.panels import Hairline, Panel
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.small_table import Cell, Head, SmallTable

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.reports.glabels import AddedSheets
    from studio_desktop.reports.labels import LaidOut
    from studio_desktop.reports.mailing_labels import MailingResult

PRINTER = "PDF"
"""What corrections belong to that are meant for no printer in particular."""

_LOW = 420


class Whom(StrEnum):
    """Whom labels are for."""

    CHOSEN = "chosen"
    GROUP = "group"
    STATUS = "status"
    ALL = "all"
    AGAIN = "again"
    """Those of a mailing that was printed before."""


@dataclass(frozen=True, slots=True)
class Wish:
    """All that a person can choose here but the ticks."""

    whom: Whom
    group_id: int | None
    status_id: int | None
    sheet: str
    start: int
    name_line: NameLine
    order: MailingOrder
    address_on: date
    run_id: int | None = None
    copies: int = 1
    printer: str = PRINTER
    right: float = 0.0
    down: float = 0.0
    per_column: float = 0.0
    per_row: float = 0.0


class LabelsSheet(Sheet):
    """Shows at once who gets a label, who does not and why, and the pages as they will come out of the printer."""

    name = "labels"

    line_row: QHBoxLayout
    line_label: PlainLabel
    unclear_label: PlainLabel
    who_column: QVBoxLayout
    sheet_column: QVBoxLayout
    result_column: QVBoxLayout
    whom_grid: QGridLayout
    chosen_radio: QRadioButton
    all_radio: QRadioButton
    group_radio: QRadioButton
    status_radio: QRadioButton
    group_combo: QComboBox
    status_combo: QComboBox
    again_radio: QRadioButton
    again_combo: QComboBox
    count_label: PlainLabel
    of_label: PlainLabel
    left_out_panel: Panel
    left_out_row: QHBoxLayout
    left_out_column: QVBoxLayout
    who_line: Hairline
    left_out_label: PlainLabel
    reasons_label: PlainLabel
    show_button: LinkButton
    name_line_combo: QComboBox
    date_row: QHBoxLayout
    address_label: PlainLabel
    order_combo: QComboBox
    copies_spin: QSpinBox
    sheet_combo: QComboBox
    add_sheet_button: LinkButton
    hint_label: PlainLabel
    start_spin: QSpinBox
    start_of_label: PlainLabel
    next_free_button: LinkButton
    printer_combo: QComboBox
    right_spin: QDoubleSpinBox
    down_spin: QDoubleSpinBox
    per_column_spin: QDoubleSpinBox
    per_row_spin: QDoubleSpinBox
    outline_button: LinkButton
    earlier_button: BarButton
    later_button: BarButton
    page_label: PlainLabel
    notice_label: PlainLabel
    cancel_button: FlatButton
    save_button: FlatButton
    print_button: PrimaryButton

    def __init__(self, shell: Shell, client_ids: Sequence[int] = (), parent: QWidget | None = None) -> None:
        """`client_ids` are whom it is for at first; without them the chosen clients of the page in front are."""
        super().__init__(shell, parent)
        self._ids = tuple(client_ids) or tuple(shell.chosen_clients())
        in_hand = shell.client_in_hand()
        self._runs: tuple[MailingRun, ...] = ()
        self._one_name = in_hand.name if in_hand is not None and self._ids == (in_hand.id,) else ""
        self._sheets: tuple[LabelSheet, ...] = ()
        self._mailing = self._picked = Mailing(())
        self._asked: tuple[Any, ...] | None = None
        self._is_gathered = False
        self._unticked: set[int] = set()
        self._ticked: set[int] = set()
        self._rows: list[int] = []
        self._row = -1
        self._shows_left_out = False
        self._page = 0
        self._before_line: Wish | None = None
        self._job: Job | None = None
        self._finishes_when_ready = False
        load_form(self, "labels_sheet")
        self._build()
        self._offer_choices()
        self._wish = self._first = self._usual()
        self._connect()
        self._show()
        self._ask_for_runs()

    def title(self) -> str:
        """Mailing labels."""
        return self.tr("Mailing labels")

    def chip(self) -> str:
        """For whom."""
        return self.tr("Labels: {whom}").format(whom=self._said_whom())

    def client_in_hand(self) -> ClientInHand | None:
        """The one client, if labels are for one."""
        is_one = self._wish.whom is Whom.CHOSEN and len(self._ids) == 1 and self._one_name
        return ClientInHand(self._ids[0], self._one_name) if is_one else None

    def handlers(self) -> Mapping[str, Callable[..., object]]:
        """Print, PDF, and Alt with a digit to each column."""
        return {
            "print": self.finish,
            "pdf": self.save_as,
            "detail_tab_10": self._focus_whom,
            "detail_tab_11": self.cells.setFocus,
            "detail_tab_12": self._focus_pages,
        }

    def finish(self) -> None:
        """Write the PDF into the folder for documents, show it in the system's viewer, and remember the next cell.

        A single label goes to its printer at once where this workstation has one for it (S3-06, S3-07).
        """
        settings = self.shell.settings
        if not self._is_ready():
            self._finishes_when_ready = self._job is None
        elif self._is_single() and (settings.single_label_prompt or settings.single_label_printer):
            self._print_single()
        else:
            self._write(self._dated_path(), self._printed)

    def save_as(self) -> None:
        """Write the PDF where a person says; the sheet stays."""
        if not self._is_ready():
            return
        title, kinds = self.tr("Save labels"), self.tr("PDF (*.pdf)")
        path = self.shell.prompts.save_file(self, title, kinds, self._dated_path())
        if path is not None:
            self._write(path, lambda result: self._say(result.sentence()))

    def state(self) -> dict[str, Any]:
        """What was chosen, ticked and typed; nothing while all is as it was proposed."""
        is_touched = self._unticked or self._ticked or self.line.text() or self._page or self._wish != self._first
        if not is_touched:
            return {}
        before = self._before_line
        return {
            "ids": list(self._ids),
            "wish": _kept(self._wish),
            "before_line": _kept(before) if before is not None else None,
            "line": self.line.draft(),
            "unticked": sorted(self._unticked),
            "ticked": sorted(self._ticked),
            "row": self.people_table.current(),
            "left_out_only": self._shows_left_out,
            "page": self._page,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Bring back all of it."""
        if not state:
            return
        self._ids = tuple(state["ids"])
        self._unticked, self._ticked = set(state["unticked"]), set(state["ticked"])
        self._shows_left_out, self._page = state["left_out_only"], state["page"]
        self._wish = _wish(state["wish"])
        self.line.blockSignals(True)
        self.line.restore(state["line"])
        self.line.blockSignals(False)
        self._before_line = _wish(state["before_line"]) if state["before_line"] is not None else None
        self._row = state["row"]
        self._show(page=self._page)

    def take_focus(self) -> None:
        """Into the line."""
        self.line.setFocus()

    def refresh(self, changes: Changes) -> None:
        """Other groups and statuses to choose, other people to write to."""
        if changes.touches("client_group") or changes.touches("client_status"):
            self._offer_choices()
            self._show()
        if changes.touches("mailing_run"):
            self._ask_for_runs()
        if changes.touches("client") or changes.touches("client_group") or changes.touches("preference"):
            self._asked = None
            self._gather()

    def sizeHint(self) -> QSize:
        """All the room there is: a page that can be read."""
        return QSize(theme.scaled(1120), theme.scaled(640))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the rows that only explain give way to the people."""
        super().resizeEvent(event)
        is_low = self.height() < theme.scaled(_LOW)
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self.left_out_column.setDirection(beside if is_low else below)
        self.left_out_column.setSpacing(8 if is_low else 0)
        self.who_line.setVisible(not is_low)
        self.hint_label.setVisible(not is_low and self._sheet().count > 1)

    # Building

    def _build(self) -> None:
        self._offer_sheets()
        self._offer_printers()
        self.again_radio.setEnabled(False)
        self.again_combo.setEnabled(False)
        self.line = FactLine(self)
        self.line.setAccessibleName(self.tr("Whom, and the first free label"))
        self.line.setPlaceholderText(self.tr("Whom, and the first free label: seniors 4"))
        self.line.setFixedSize(theme.scaled(420), theme.scaled(24))
        self.line_label.setBuddy(self.line)
        self.line_row.insertWidget(1, self.line)
        headings = (
            (self.who_column, self.tr("Who")),
            (self.sheet_column, self.tr("Sheet and start")),
            (self.result_column, self.tr("What will be printed")),
        )
        for number, (column, text) in enumerate(headings, start=1):
            _head(column, number, text, self)
        heads = (
            Head("", 30),
            Head(self.tr("Name on the label"), 160, stretches=True),
            Head(self.tr("Town"), 130),
        )
        self.people_table = SmallTable(heads, self._cell, self)
        self.people_table.setAccessibleName(self.tr("People"))
        self.who_column.insertWidget(self.who_column.count() - 1, self.people_table, 1)
        self.left_out_row.insertWidget(0, Light("yellow", self.tr("Left out"), self))
        self.cells = StartCellView(self)
        self.sheet_column.insertWidget(3, self.cells, 8)
        self.sheet_column.addStretch(1)
        self.preview = LabelPreview(self)
        self.result_column.insertWidget(1, self.preview, 1)
        self.cancel_button.hide()
        self.address_edit = DateEdit(self)
        self.address_edit.setObjectName("address_edit")
        self.address_edit.use(self.shell.formats, self.shell.services.desk.clock.today)
        self.address_edit.set_day(self.shell.services.desk.clock.today())
        self.date_row.addWidget(self.address_edit)
        self.address_label.setBuddy(self.address_edit)
        self.name_line_combo.addItem(self.tr("Couple: Ann & Bob Smith"), NameLine.COUPLE.value)
        self.name_line_combo.addItem(self.tr("Person: Ann Smith"), NameLine.PERSON.value)
        self.name_line_combo.addItem(self.tr("Household: The Smith Family"), NameLine.HOUSEHOLD.value)
        self.order_combo.addItem(self.tr("Last name"), MailingOrder.LAST_NAME.value)
        self.order_combo.addItem(self.tr("Postcode"), MailingOrder.POSTCODE.value)
        self.order_combo.addItem(self.tr("As in the list"), MailingOrder.AS_CHOSEN.value)
        order = (
            self.line, self.chosen_radio, self.all_radio, self.group_radio, self.group_combo, self.status_radio,
            self.status_combo, self.again_radio, self.again_combo, self.show_button, self.people_table,
            self.name_line_combo, self.order_combo, self.copies_spin, self.address_edit, self.sheet_combo,
            self.add_sheet_button, self.cells, self.start_spin, self.next_free_button, self.printer_combo,
            self.right_spin, self.down_spin, self.per_column_spin, self.per_row_spin, self.outline_button,
            self.earlier_button, self.later_button, self.save_button, self.print_button,
        )  # fmt: skip
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        self.line.understood.connect(self._follow_line)
        self.line.taken.connect(self._take_line)
        for whom, radio in self._radios().items():
            radio.clicked.connect(lambda _=False, whom=whom: self._change(whom=whom))
        self.group_combo.activated.connect(lambda _: self._change(whom=Whom.GROUP))
        self.status_combo.activated.connect(lambda _: self._change(whom=Whom.STATUS))
        self.again_combo.activated.connect(lambda _: self._change(whom=Whom.AGAIN))
        self.name_line_combo.activated.connect(
            lambda _: self._change(name_line=NameLine(self.name_line_combo.currentData()))
        )
        self.address_edit.textChanged.connect(self._change_day)
        self.order_combo.activated.connect(lambda _: self._change(order=MailingOrder(self.order_combo.currentData())))
        self.copies_spin.valueChanged.connect(lambda value: self._change(copies=value))
        self.sheet_combo.activated.connect(lambda _: self._change(**self._of_sheet(self.sheet_combo.currentData())))
        self.add_sheet_button.clicked.connect(self._add_sheets)
        self.start_spin.valueChanged.connect(lambda value: self._change(start=value))
        self.cells.start_chosen.connect(lambda number: self._change(start=number))
        self.next_free_button.clicked.connect(lambda: self._change(start=self._next_free(self._wish.sheet)))
        self.printer_combo.activated.connect(
            lambda _: self._change(**self._of_printer(self.printer_combo.currentData(), self._wish.sheet))
        )
        self.right_spin.valueChanged.connect(lambda value: self._change(right=value))
        self.down_spin.valueChanged.connect(lambda value: self._change(down=value))
        self.per_column_spin.valueChanged.connect(lambda value: self._change(per_column=value))
        self.per_row_spin.valueChanged.connect(lambda value: self._change(per_row=value))
        self.outline_button.clicked.connect(self._test_outline)
        self.people_table.ticked.connect(self._tick)
        self.show_button.clicked.connect(self._toggle_left_out)
        self.earlier_button.clicked.connect(lambda: self._turn(-1))
        self.later_button.clicked.connect(lambda: self._turn(1))
        self.print_button.clicked.connect(self.finish)
        self.save_button.clicked.connect(self.save_as)
        self.cancel_button.clicked.connect(self._cancel)

    def _radios(self) -> Mapping[Whom, QRadioButton]:
        return {
            Whom.CHOSEN: self.chosen_radio,
            Whom.GROUP: self.group_radio,
            Whom.STATUS: self.status_radio,
            Whom.ALL: self.all_radio,
            Whom.AGAIN: self.again_radio,
        }

    def _offer_choices(self) -> None:
        for combo, catalog in ((self.group_combo, "client_groups"), (self.status_combo, "client_statuses")):
            chosen = combo.currentData()
            combo.clear()
            combo.setIconSize(QSize(10, 10))
            for one in self.shell.choices[catalog]:
                if not one.inactive:
                    combo.addItem(one.text, one.id)
                    if one.colour:
                        combo.setItemIcon(combo.count() - 1, dot_icon(one.colour))
            combo.setCurrentIndex(max(combo.findData(chosen), 0) if combo.count() else -1)
        self.group_radio.setEnabled(self.group_combo.count() > 0)
        self.group_combo.setEnabled(self.group_combo.count() > 0)

    def _offer_printers(self) -> None:
        """The printers that corrections can be for; one that was used and is gone still has its corrections."""
        names = [PRINTER, *self.shell.prompts.printers()]
        last = self.shell.settings.label_printer
        for name in (*names, *([last] if last not in names else [])):
            self.printer_combo.addItem(self.tr("any printer (PDF)") if name == PRINTER else name, name)
        self.printer_combo.setCurrentIndex(self.printer_combo.findData(last))

    def _ask_for_runs(self) -> None:
        self.shell.tasks.latest(self, "runs", self.shell.services.mailings.runs, self._offer_runs)

    def _offer_runs(self, runs: list[MailingRun]) -> None:
        """The mailings that can be printed again, newest first."""
        self._runs = tuple(runs)
        chosen, formats = self._wish.run_id, self.shell.formats
        self.again_combo.clear()
        for run in runs:
            said = self.tr("{whom}, {at}, {labels}, {user}").format(
                at=formats.instant(run.at), whom=run.facts.whom, labels=self._labels(run.labels), user=run.user
            )
            self.again_combo.addItem(said, run.id)
        self.again_combo.view().setMinimumWidth(self.again_combo.view().sizeHintForColumn(0) + theme.scaled(24))
        self.again_combo.setCurrentIndex(max(self.again_combo.findData(chosen), 0) if runs else -1)
        for widget in (self.again_radio, self.again_combo):
            widget.setEnabled(bool(runs))

    def _offer_sheets(self) -> None:
        self._sheets = sheets()
        self.sheet_combo.clear()
        for one in self._sheets:
            self.sheet_combo.addItem(self.tr("{name}, {what}").format(name=one.name, what=_measures(one)), one.key)
        if faults():
            self._say(" ".join(map(str, faults())), "red")

    def _usual(self) -> Wish:
        """What is proposed: the chosen clients, the sheet and order of last time, its next free cell."""
        settings = self.shell.settings
        # The file of the sheet that was used last time may be gone.
        key = next((one.key for one in self._sheets if one.key == settings.label_sheet), self._sheets[0].key)
        if len(self._ids) == 1 and settings.single_label_sheet:
            wanted = simple(settings.single_label_sheet)
            key = next((one.key for one in self._sheets if wanted in one.simple_names), key)
        return Wish(
            whom=Whom.CHOSEN if self._ids else Whom.ALL,
            group_id=self.group_combo.currentData(),
            status_id=self.status_combo.currentData(),
            name_line=NameLine(settings.label_name_line),
            order=MailingOrder(settings.label_order),
            address_on=self.shell.services.desk.clock.today(),
            **self._of_sheet(key),
        )

    def _of_sheet(self, key: str) -> dict[str, Any]:
        """What goes along with a sheet: its next free cell, and how the printer is off on it."""
        return {"sheet": key, "start": self._next_free(key), **self._of_printer(self._printer(), key)}

    def _printer(self) -> str:
        """The printer that corrections are for: as chosen here, or as last time if it is still there."""
        chosen = self.printer_combo.currentData()
        return str(chosen) if chosen is not None else PRINTER

    def _of_printer(self, printer: str, key: str) -> dict[str, Any]:
        settings, at = self.shell.settings, shift_key(printer, key)
        right, down = settings.label_shift.get(at, (0.0, 0.0))
        per_column, per_row = settings.label_pitch.get(at, (0.0, 0.0))
        return {"printer": printer, "right": right, "down": down, "per_column": per_column, "per_row": per_row}

    def _next_free(self, key: str) -> int:
        count = next(one.count for one in self._sheets if one.key == key)
        return min(self.shell.settings.label_start.get(key, 1), count)

    # What is wished

    def _change(self, **facts: Any) -> None:
        """A person changed a field; the line, if something stands in it, is taken as it is."""
        facts.setdefault("group_id", self.group_combo.currentData())
        facts.setdefault("status_id", self.status_combo.currentData())
        facts.setdefault("run_id", self.again_combo.currentData())
        wish = dataclasses.replace(self._wish, **facts)
        if wish != self._wish:
            self._take_line()
            self._wish = wish
            self._show()

    def _change_day(self) -> None:
        if (day := self._typed_day()) is not None:
            self._change(address_on=day)

    def _typed_day(self) -> date | None:
        """The day whose addresses are meant; today while nothing stands there, None while it cannot be understood."""
        try:
            return self.address_edit.day() or self.shell.services.desk.clock.today()
        except InvalidInput:
            return None

    def _show_day(self) -> None:
        if self._typed_day() != self._wish.address_on:
            self.address_edit.set_day(self._wish.address_on)

    def _follow_line(self) -> None:
        """What the line says goes into the fields at once; what is taken out of it again goes back."""
        self.unclear_label.setText(self.line.said_unclear())
        if not self.line.text() and self._before_line is None:
            return
        base = self._before_line or self._wish
        self._before_line = base if self.line.text() else None
        wish = dataclasses.replace(base, **self._said())
        if wish.sheet != self._wish.sheet:
            # A number is a cell of the sheet that is meant, not of the one that was.
            self._wish = wish
            self._use_vocabulary()
            wish = dataclasses.replace(base, **self._said())
        self._wish = wish
        self._show()

    def _said(self) -> dict[str, Any]:
        """What the facts of the line put into the wish."""
        wished: dict[str, Any] = {}
        for fact in sorted(self.line.line().facts, key=lambda fact: fact.span):
            if fact.of == "sheets":
                wished = {**self._of_sheet(fact.value), **wished}
            elif fact.kind is Kind.NUMBER:
                wished["start"] = fact.value
            elif fact.of == "client_groups":
                wished |= {"whom": Whom.GROUP, "group_id": fact.value}
            elif fact.of == "client_statuses":
                wished |= {"whom": Whom.STATUS, "status_id": fact.value}
            else:
                wished["whom"] = Whom(fact.value)
        return wished

    def _take_line(self) -> None:
        """What the line said stands in the fields; the line is free for more."""
        self._before_line = None
        self.line.clear()
        self._mark_said()

    def _vocabulary(self) -> Vocabulary:
        whom: list[tuple[str, str]] = [(Whom.ALL, self.tr("All active clients"))]
        if self._ids:
            whom.append((Whom.CHOSEN, self.tr("Selected clients")))
        choices = self.shell.choices
        lists: dict[str, Sequence[tuple[Any, str]]] = {
            name: [(one.id, one.text) for one in choices[name] if not one.inactive]
            for name in ("client_groups", "client_statuses")
        }
        lists |= {"sheets": [(one.key, one.name) for one in self._sheets], "whom": whom}
        return Vocabulary(lists=lists, numbers=range(1, self._sheet().count + 1))

    def _recipients(self) -> Recipients:
        wish = self._wish
        if wish.whom is Whom.GROUP:
            return Recipients(group_id=wish.group_id)
        if wish.whom is Whom.STATUS:
            return Recipients(status_id=wish.status_id)
        if wish.whom is Whom.CHOSEN:
            # A single label is asked for by name and always prints (B10).
            always = frozenset(self._ids) if len(self._ids) == 1 else frozenset()
            return Recipients(client_ids=self._ids, always=always)
        return Recipients()

    def _sheet(self) -> LabelSheet:
        return next(one for one in self._sheets if one.key == self._wish.sheet)

    def _corrected(self) -> LabelSheet:
        """The sheet as the printer feeds it."""
        wish = self._wish
        return self._sheet().corrected(Correction(wish.right, wish.down, wish.per_column, wish.per_row))

    # What is shown

    def _show(self, page: int = 0) -> None:
        """Show the wish in every field, gather whom it means, and draw the pages."""
        wish, sheet = self._wish, self._sheet()
        self._radios()[wish.whom].setChecked(True)
        self.chosen_radio.setVisible(bool(self._ids))
        self.chosen_radio.setText(self._said_chosen())
        for combo, value in (
            (self.group_combo, wish.group_id),
            (self.status_combo, wish.status_id),
            (self.again_combo, wish.run_id),
            (self.name_line_combo, wish.name_line.value),
            (self.printer_combo, wish.printer),
            (self.order_combo, wish.order.value),
            (self.sheet_combo, wish.sheet),
        ):
            combo.setCurrentIndex(combo.findData(value))
        self._put(self.copies_spin, wish.copies)
        self._put(self.right_spin, wish.right)
        self._put(self.down_spin, wish.down)
        self._put(self.per_column_spin, wish.per_column)
        self._put(self.per_row_spin, wish.per_row)
        self.per_column_spin.setEnabled(sheet.columns > 1)
        self.per_row_spin.setEnabled(sheet.rows > 1)
        self._show_day()
        self.start_spin.setMaximum(sheet.count)
        self._put(self.start_spin, wish.start)
        self.start_of_label.setText(self.tr("of {count}").format(count=sheet.count))
        self.cells.show_sheet(sheet.columns, sheet.rows, wish.start)
        next_free = self._next_free(wish.sheet)
        self.next_free_button.setText(self.tr("Ne&xt free is {cell}").format(cell=next_free))
        self.next_free_button.setVisible(next_free != wish.start)
        self.hint_label.setVisible(sheet.count > 1 and self.height() >= theme.scaled(_LOW))
        self._use_vocabulary()
        self._mark_said()
        self._page = page
        self._gather()
        self._count()

    def _use_vocabulary(self) -> None:
        titles = {
            "client_groups": self.tr("Group"),
            "client_statuses": self.tr("Status"),
            "sheets": self.tr("Label sheet"),
        }
        self.line.blockSignals(True)
        self.line.use(self._vocabulary(), self.shell.services.desk.clock.today(), self.shell.formats, titles)
        self.line.blockSignals(False)
        self.unclear_label.setText(self.line.said_unclear())

    def _mark_said(self) -> None:
        """The fields that the line filled are tinted."""
        said = {fact.of or fact.kind.value for fact in self.line.line().facts}
        fields: dict[str, QWidget] = {
            "client_groups": self.group_combo,
            "client_statuses": self.status_combo,
            "sheets": self.sheet_combo,
            Kind.NUMBER.value: self.start_spin,
        }
        for name, field in fields.items():
            theme.set_colours(field, **({"Base": "accent_soft", "Button": "accent_soft"} if name in said else {}))

    @staticmethod
    def _put(spin: QSpinBox | QDoubleSpinBox, value: Any) -> None:
        spin.blockSignals(True)
        spin.setValue(value)
        spin.blockSignals(False)

    def _gather(self) -> None:
        """Ask for the people again if others may be meant than were asked for last."""
        wish, recipients = self._wish, self._recipients()
        run_id = wish.run_id if wish.whom is Whom.AGAIN else None
        asked = (recipients, run_id) if run_id is not None else (
            recipients, wish.order, wish.name_line, wish.address_on
        )  # fmt: skip
        if asked == self._asked:
            return
        self._asked, self._is_gathered = asked, False
        mailings = self.shell.services.mailings

        def gather() -> Mailing:
            if run_id is not None:
                return mailings.again(run_id)[1]
            return mailings.gather(recipients, order=wish.order, name_line=wish.name_line, on=wish.address_on)

        self.shell.tasks.latest(
            self, "people", gather, self._take_people, self._cannot_gather, lane="bulk"
        )

    def _take_people(self, mailing: Mailing) -> None:
        self._mailing, self._is_gathered = mailing, True
        if len(self._ids) == 1 and self._wish.whom is Whom.CHOSEN and mailing.people:
            self._one_name = mailing.people[0].name
            self.chosen_radio.setText(self._said_chosen())
        self._pick()
        self._list_people()
        self.chip_changed.emit(self.chip())
        if self._finishes_when_ready:
            self._finishes_when_ready = False
            self.finish()

    def _cannot_gather(self, error: StudioError) -> None:
        self._asked, self._finishes_when_ready = None, False
        self.shell.failed(error, self._gather)

    def _pick(self) -> None:
        self._picked = self._mailing.picked(self._unticked, self._ticked)
        self._count()

    def _list_people(self) -> None:
        everybody = range(len(self._mailing.people))
        self._rows = [row for row in everybody if self._picked.people[row].because] if self._shows_left_out else [
            *everybody
        ]  # fmt: skip
        self.people_table.show_rows(len(self._rows))
        if 0 <= self._row < len(self._rows):
            self.people_table.choose(self._row)
        self._row = -1

    def _cell(self, row: int, column: int) -> Cell:
        one, because = self._mailing.people[self._rows[row]], self._picked.people[self._rows[row]].because
        if column == 0:
            return Cell(tick=because is None)
        if column == 1:
            return Cell(one.lines[0] if one.lines else one.name, "text" if because is None else "dim")
        return Cell(one.town) if because is None else Cell(str(because), "dim")

    def _tick(self, row: int) -> None:
        """Leave somebody out, or take somebody in who was left out."""
        at = self._rows[row]
        one, is_ticked = self._mailing.people[at], self._picked.people[at].because is None
        by_rule = one.because is not None
        changed = self._ticked if by_rule else self._unticked
        (changed.add if is_ticked != by_rule else changed.discard)(one.client_id)
        self._pick()
        self.people_table.look_again()

    def _toggle_left_out(self) -> None:
        self._shows_left_out = not self._shows_left_out
        self._list_people()
        self._count()
        self.people_table.setFocus()

    def _count(self) -> None:
        """How many labels on how many sheets, who is left out, and what the button therefore says."""
        number = self.shell.formats.number
        addressees, left_out = len(self._picked.addressees), self._picked.left_out
        labels = addressees * self._wish.copies
        self.count_label.setText(self._labels(labels))
        asked = len(self._mailing.people)
        people = self.tr("1 person") if asked == 1 else self.tr("{count} people").format(count=number(asked))
        of = self.tr("of {people}, {sheets}").format(people=people, sheets=self._said_sheets(self._pages()))
        self.of_label.setText(of if self._is_gathered else "")
        reasons = Counter(str(one.because) for one in left_out)
        self.left_out_panel.setVisible(bool(left_out) or self._shows_left_out)
        self.left_out_label.setText(self.tr("{count} left out").format(count=number(len(left_out))))
        self.reasons_label.setText(
            ", ".join(f"{number(count)} {reason}" for reason, count in reasons.most_common())
        )
        self.show_button.setText(self.tr("Sho&w all") if self._shows_left_out else self.tr("Sho&w"))
        self.print_button.setText(self.tr("&Print {labels}").format(labels=self._labels(labels)))
        self._allow()
        self._draw()

    def _labels(self, count: int) -> str:
        return self.tr("1 label") if count == 1 else self.tr("{count} labels").format(
            count=self.shell.formats.number(count)
        )  # fmt: skip

    def _said_sheets(self, count: int) -> str:
        return self.tr("1 sheet") if count == 1 else self.tr("{count} sheets").format(
            count=self.shell.formats.number(count)
        )  # fmt: skip

    def _pages(self) -> int:
        sheet = self._sheet()
        labels = len(self._picked.addressees) * self._wish.copies
        return -(-(self._wish.start - 1 + labels) // sheet.count) if labels else 0

    def _draw(self) -> None:
        """The page in front, as the PDF will have it."""
        sheet, wish, pages = self._corrected(), self._wish, self._pages()
        self._page = max(0, min(self._page, pages - 1)) if self._is_gathered else self._page
        self.earlier_button.setEnabled(self._page > 0)
        self.later_button.setEnabled(self._page < pages - 1)
        self.page_label.setText(
            self.tr("Sheet {page} of {pages}").format(page=min(self._page + 1, pages), pages=pages) if pages else ""
        )
        self.preview.setAccessibleName(self.tr("What will be printed: {page}").format(page=self.page_label.text()))
        addressees = self._picked.addressees
        first = self._page * sheet.count - (wish.start - 1)
        texts = {
            cell: addressees[(first + cell) // wish.copies].lines
            for cell in range(sheet.count)
            if 0 <= first + cell < len(addressees) * wish.copies
        }
        self.shell.tasks.latest(
            self, "page", lambda: _lay_out(sheet, texts), lambda page: self.preview.show_page(*page), lane="pool"
        )

    def _turn(self, step: int) -> None:
        self._page += step
        self._draw()

    def _said_whom(self) -> str:
        wish = self._wish
        if wish.whom is Whom.CHOSEN:
            return self._one_name or self.tr("{count} clients").format(count=len(self._ids))
        if wish.whom is Whom.ALL:
            return self.tr("all active clients")
        if wish.whom is Whom.AGAIN:
            return next((run.facts.whom for run in self._runs if run.id == wish.run_id), "")
        combo, value = (
            (self.group_combo, wish.group_id) if wish.whom is Whom.GROUP else (self.status_combo, wish.status_id)
        )
        return combo.itemText(combo.findData(value))

    def _said_chosen(self) -> str:
        if len(self._ids) == 1:
            return self._one_name.replace("&", "&&") or self.tr("1 se&lected client")
        return self.tr("{count} se&lected clients").format(count=self.shell.formats.number(len(self._ids)))

    def _focus_whom(self) -> None:
        self._radios()[self._wish.whom].setFocus()

    def _focus_pages(self) -> None:
        (self.later_button if self.later_button.isEnabled() else self.print_button).setFocus()

    # Writing

    def _is_single(self) -> bool:
        return self._wish.whom is Whom.CHOSEN and len(self._ids) == 1

    def _print_single(self) -> None:
        """Send the label to the printer that this workstation has for single ones, or to the one that is chosen."""
        settings, wish, sheet = self.shell.settings, self._wish, self._sheet()
        try:
            printer = self.shell.prompts.printer(
                self, settings.single_label_printer, ask=settings.single_label_prompt
            )
        except StudioError as error:
            self._failed(error)
            return
        if printer is None:
            return
        off = self._of_printer(printer.printerName(), sheet.key)
        corrected = sheet.corrected(Correction(off["right"], off["down"], off["per_column"], off["per_row"]))
        lines = self._picked.addressees[0].lines
        cells = range(wish.start - 1, wish.start - 1 + wish.copies)
        pages = [
            _lay_out(corrected, {cell % sheet.count: lines for cell in cells if cell // sheet.count == page})
            for page in range(cells[-1] // sheet.count + 1)
        ]
        if not print_labels(printer, pages):
            self._failed(StudioError("The printer {name} took nothing.", name=printer.printerName()))
            return
        start = {**settings.label_start, sheet.key: (cells[-1] + 1) % sheet.count + 1}
        self.shell.save_settings(dataclasses.replace(settings, label_start=start))
        said = self.tr("{labels} sent to {printer}.")
        self.shell.say(said.format(labels=self._labels(wish.copies), printer=printer.printerName()))
        self.finished.emit()

    def _is_ready(self) -> bool:
        return self._job is None and self._is_gathered

    def _dated_path(self) -> Path:
        return dated_path(self.shell, self.tr("Labels {whom}").format(whom=self._said_whom()), ".pdf")

    def _allow(self) -> None:
        can = self._job is None and bool(self._picked.addressees)
        for button in (self.print_button, self.save_button):
            button.setEnabled(can)
        self.cancel_button.setVisible(self._job is not None)

    def _write(self, path: Path, done: Callable[[MailingResult], None]) -> None:
        sheet, wish, mailing = self._corrected(), self._wish, self._picked
        self._job = job = Job()
        job.progressed.connect(self._tell_progress)
        self._say(self.tr("Writing {name} …").format(name=path.name))
        self._allow()

        def write() -> MailingResult:
            from studio_desktop.reports.mailing_labels import write_mailing

            make_folder(path.parent)
            return write_mailing(
                mailing, path, sheet, start=wish.start, copies=wish.copies, progress=job.report
            )

        self.shell.tasks.run(self, write, done, self._failed, lane="bulk", always=self._end_writing, job=job)

    def _tell_progress(self, done: int, total: int) -> None:
        number = self.shell.formats.number
        self._say(self.tr("Printing {done} of {total}").format(done=number(done), total=number(total)))

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _end_writing(self) -> None:
        cancelled = self._job is not None and self._job.cancelled
        self._job = None
        self._say(self.tr("Cancelled; nothing was written.") if cancelled else "")
        self._allow()

    def _printed(self, result: MailingResult) -> None:
        self._remember(result)
        if len(result.mailing.people) > 1:
            self._keep_run(result)
        else:
            self._show_result(result)

    def _keep_run(self, result: MailingResult) -> None:
        """A mailing to a group is kept, to be looked up and printed again (B10)."""
        wish, mailings, request = self._wish, self.shell.services.mailings, new_request()
        facts = RunFacts(self._said_whom(), wish.sheet, wish.name_line, wish.address_on, wish.copies)

        def kept(saved: Saved[MailingRun]) -> None:
            self.shell.saved("", saved.changes, undoable=False)
            self._show_result(result)

        self.shell.tasks.run(self, lambda: mailings.keep(facts, result.mailing, request), kept, self._failed)

    def _show_result(self, result: MailingResult) -> None:
        name, folder = result.path.name, result.path.parent
        labels, pages = self._labels(result.labels.count), self._said_sheets(result.labels.pages)
        said = self.tr("{labels} on {sheets}: {name}, in the folder {folder}.")
        sentences = [said.format(labels=labels, sheets=pages, name=name, folder=folder)]
        if result.labels.cut:
            cut = self.tr("{count} labels lack some of their text; it is too long.")
            sentences.append(cut.format(count=result.labels.cut))
        if result.labels.replaced_characters:
            replaced = self.tr("{count} characters are in a script no shipped font holds.")
            sentences.append(replaced.format(count=result.labels.replaced_characters))
        show_document(self.shell, " ".join(sentences), result.path)
        self.finished.emit()

    def _remember(self, result: MailingResult) -> None:
        """The sheet, the order and the next free cell are those that are proposed next time."""
        settings, wish = self.shell.settings, self._wish
        at = shift_key(wish.printer, wish.sheet)
        self.shell.save_settings(
            dataclasses.replace(
                settings,
                # A roll for single labels is not what a group is printed on next time.
                label_sheet=settings.label_sheet if self._is_single() and settings.single_label_sheet else wish.sheet,
                label_order=wish.order.value,
                label_name_line=wish.name_line.value,
                label_printer=wish.printer,
                label_start={**settings.label_start, wish.sheet: result.next_start},
                label_shift={**settings.label_shift, at: (wish.right, wish.down)},
                label_pitch={**settings.label_pitch, at: (wish.per_column, wish.per_row)},
            )
        )

    def _test_outline(self) -> None:
        """One page with the edges of the labels only, to be held against the stock."""
        sheet = self._corrected()
        path = dated_path(self.shell, self.tr("Outline {sheet}").format(sheet=sheet.name), ".pdf")

        def write() -> Path:
            from studio_desktop.reports.labels import write_labels

            make_folder(path.parent)
            write_labels(path, (), sheet, outline=True)
            return path

        self.shell.tasks.run(self, write, lambda path: open_document(self.shell, path), self._failed, lane="bulk")

    def _add_sheets(self) -> None:
        """Sheets out of a file of gLabels; the first of them is chosen."""
        title, kinds = self.tr("Add label sheets"), self.tr("Files of gLabels (*.xml *.template *.glabels)")
        path = self.shell.prompts.choose_file(self, title, kinds)
        if path is None:
            return

        def read() -> AddedSheets:
            from studio_desktop.reports.glabels import add_sheets

            return add_sheets(path)

        self.shell.tasks.run(self, read, self._take_sheets, self._failed, lane="bulk")

    def _take_sheets(self, brought: AddedSheets) -> None:
        self._offer_sheets()
        if brought.added:
            self._change(**self._of_sheet(brought.added[0].key))
        names = ", ".join(one.name for one in brought.added) or self.tr("none")
        left_out = "; ".join(f"{name}: {why}" for name, why in brought.left_out)
        said = self.tr("Label sheets added: {names}.").format(names=names)
        self._show()
        self._say(" ".join(filter(None, (said, left_out and self.tr("Not added: {which}").format(which=left_out)))))

    def _failed(self, error: StudioError) -> None:
        self._say(str(error), "red")

    def _say(self, sentence: str, tone: str = "dim") -> None:
        self.notice_label.set_look(tone=tone)
        self.notice_label.setText(sentence)


def _kept(wish: Wish) -> dict[str, Any]:
    return {**dataclasses.asdict(wish), "address_on": wish.address_on.isoformat()}


def _wish(kept: Mapping[str, Any]) -> Wish:
    read = {"whom": Whom, "order": MailingOrder, "name_line": NameLine, "address_on": date.fromisoformat}
    return Wish(**{**kept, **{name: make(kept[name]) for name, make in read.items()}})


def _lay_out(sheet: LabelSheet, texts: Mapping[int, Sequence[str]]) -> tuple[LabelSheet, dict[int, LaidOut]]:
    """The labels of a page, and the stock as it is cut for them."""
    from studio_desktop.reports.labels import cut_to, lay_out

    for lines in texts.values():
        sheet = cut_to(lines, sheet)
    return sheet, {cell: lay_out(lines, sheet) for cell, lines in texts.items()}


def _measures(sheet: LabelSheet) -> str:
    """"3 × 10, 2⅝ × 1 in" of "Address labels, 3 × 10, 2⅝ × 1 in"."""
    return sheet.description.partition(", ")[2] or sheet.description


def _head(column: QVBoxLayout, number: int, text: str, parent: QWidget) -> None:
    row = QHBoxLayout()
    column.insertLayout(0, row)
    row.setSpacing(8)
    heading: QLabel = PlainLabel(text, parent, strong=True)
    row.addWidget(Badge(str(number), parent, tone="on_accent", ground="accent"))
    row.addWidget(heading, 1)
