"""Mailing labels: who, on which sheet from which cell, and what will be printed (FRONT_DESK job 8, B10)."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio_desktop.domain.errors import InvalidInput, StudioError
from studio_desktop.domain.records.clients import ClientKind
from studio_desktop.reports.label_sheets import LabelSheet, faults
from studio_desktop.services.layouts import Kept, Named
from studio_desktop.services.listings.clients import CLIENTS
from studio_desktop.services.mailing import Mailing, MailingOrder, MailingRun, NameLine
from studio_desktop.ui import theme
from studio_desktop.ui.elision import elided
from studio_desktop.ui.form import load_form
from studio_desktop.ui.page import ClientInHand, Sheet, Shell
from studio_desktop.ui.sheets.labels.line import CELL, LabelLine
from studio_desktop.ui.sheets.labels.people import PeopleTable
from studio_desktop.ui.sheets.labels.printing import LabelPrinting, Labels, lay_out_page, said_labels, said_sheets
from studio_desktop.ui.sheets.labels.stock import Stock
from studio_desktop.ui.sheets.labels.wish import ANY_PRINTER, Whom, Wish
from studio_desktop.ui.widgets.buttons import BarButton, FlatButton, LinkButton, PrimaryButton
from studio_desktop.ui.widgets.date_edit import DateEdit
from studio_desktop.ui.widgets.flowing_columns import FlowingColumns
from studio_desktop.ui.widgets.label_sheet_view import LabelPreview, StartCellView
from studio_desktop.ui.widgets.marks import Badge, Light, dot_icon
from studio_desktop.ui.widgets.panels import Hairline, Panel
from studio_desktop.ui.widgets.plain_label import PlainLabel, as_tip

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.reports.glabels import AddedSheets

_LOW = 420
_LONGEST_NAME = 200  # pixels at 100 %; the tip has the whole


class LabelsSheet(Sheet):
    """Shows at once who gets a label, who does not and why, and the pages as they will come out of the printer."""

    name = "labels"

    line_row: QHBoxLayout
    line_label: PlainLabel
    unclear_label: PlainLabel
    columns_area: QScrollArea
    columns: QGridLayout
    result_panel: Panel
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
    kind_combo: QComboBox
    tag_radio: QRadioButton
    tag_combo: QComboBox
    plan_radio: QRadioButton
    plan_combo: QComboBox
    filter_radio: QRadioButton
    filter_combo: QComboBox
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
        self._stock = Stock(shell)
        self._asked: tuple[Any, ...] | None = None
        self._is_gathered = False
        self._page = 0
        self._before_line: Wish | None = None
        self._finishes_when_ready = False
        load_form(self, "labels_sheet")
        self._build()
        self._offer_choices()
        self._wish = self._first = self._usual()
        self._connect()
        self._show()
        self._ask_for_runs()
        self._ask_for_filters()

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
        """Print them."""
        if self._is_ready():
            self._printing.print(self._labels())
        else:
            self._finishes_when_ready = not self._printing.is_busy

    def save_as(self) -> None:
        """Write the PDF where a person says; the sheet stays."""
        if not self._is_ready():
            return
        title, kinds = self.tr("Save labels"), self.tr("PDF (*.pdf)")
        labels = self._labels()
        path = self.shell.prompts.save_file(self, title, kinds, self._printing.path(labels))
        if path is not None:
            self._printing.save(labels, path)

    def state(self) -> dict[str, Any]:
        """What was chosen, ticked and typed; nothing while all is as it was proposed."""
        is_ticked = self.people_table.is_touched()
        if not (is_ticked or self.line.text() or self._page or self._wish != self._first):
            return {}
        before = self._before_line
        return {
            "ids": list(self._ids),
            "wish": self._wish.kept(),
            "before_line": before.kept() if before is not None else None,
            "line": self.line.draft(),
            "page": self._page,
            **self.people_table.choices(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Bring back all of it."""
        if not state:
            return
        self._ids = tuple(state["ids"])
        self.people_table.restore(state)
        self._page = state["page"]
        self._wish = Wish.of(state["wish"])
        self.line.blockSignals(True)
        self.line.restore(state["line"])
        self.line.blockSignals(False)
        self._before_line = Wish.of(state["before_line"]) if state["before_line"] is not None else None
        self._show(page=self._page)

    def take_focus(self) -> None:
        """Into the line."""
        self.line.setFocus()

    def refresh(self, changes: Changes) -> None:
        """Other groups, statuses, tags and plans to choose, other people to write to."""
        if any(changes.touches(kind) for kind in ("client_group", "client_status", "client_tag", "marketing_plan")):
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
        for widget in (self.again_radio, self.again_combo, self.filter_radio, self.filter_combo):
            widget.hide()
        for kind, text in _kinds().items():
            self.kind_combo.addItem(text, kind.value)
        self.line = LabelLine(self)
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
        self.people_table = PeopleTable(self)
        self.who_column.insertWidget(self.who_column.count() - 1, self.people_table, 1)
        self.left_out_row.insertWidget(0, Light("yellow", self.tr("Left out"), self))
        self.cells = StartCellView(self)
        self.sheet_column.insertWidget(3, self.cells, 8)
        self.sheet_column.addStretch(1)
        self.preview = LabelPreview(self)
        self.result_column.insertWidget(1, self.preview, 1)
        self._printing = LabelPrinting(self.shell, self._stock, self)
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
            self.line, self.chosen_radio, self.all_radio, self.kind_combo, self.group_radio, self.group_combo,
            self.status_radio, self.status_combo, self.tag_radio, self.tag_combo, self.plan_radio, self.plan_combo,
            self.filter_radio, self.filter_combo, self.again_radio, self.again_combo, self.show_button,
            self.people_table, self.name_line_combo, self.order_combo, self.copies_spin, self.address_edit,
            self.sheet_combo, self.add_sheet_button, self.cells, self.start_spin, self.next_free_button,
            self.printer_combo, self.right_spin, self.down_spin, self.per_column_spin, self.per_row_spin,
            self.outline_button, self.earlier_button, self.later_button, self.save_button, self.print_button,
        )  # fmt: skip
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
        self.columns_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        FlowingColumns(self.columns, self.result_panel, self.columns_area)

    def _toggle_left_out(self) -> None:
        self.people_table.toggle_left_out()
        self._count()
        self.people_table.setFocus()

    def _connect(self) -> None:
        self.line.understood.connect(self._follow_line)
        self.line.taken.connect(self._take_line)
        for whom, radio in self._radios().items():
            radio.clicked.connect(lambda _=False, whom=whom: self._change(whom=whom))
        for whom, combo in self._combos().items():
            combo.activated.connect(lambda _, whom=whom: self._change(whom=whom))
        self.name_line_combo.activated.connect(
            lambda _: self._change(name_line=NameLine(self.name_line_combo.currentData()))
        )
        self.address_edit.textChanged.connect(self._change_day)
        self.order_combo.activated.connect(lambda _: self._change(order=MailingOrder(self.order_combo.currentData())))
        self.copies_spin.valueChanged.connect(lambda value: self._change(copies=value))
        self.sheet_combo.activated.connect(lambda _: self._change_sheet(self.sheet_combo.currentData()))
        self.add_sheet_button.clicked.connect(self._add_sheets)
        self.start_spin.valueChanged.connect(lambda value: self._change(start=value))
        self.cells.start_chosen.connect(lambda number: self._change(start=number))
        self.next_free_button.clicked.connect(lambda: self._change(start=self._stock.next_free(self._wish.sheet)))
        self.printer_combo.activated.connect(
            lambda _: self._change(**self._stock.off_on(self._printer(), self._wish.sheet))
        )
        self.right_spin.valueChanged.connect(lambda value: self._change(right=value))
        self.down_spin.valueChanged.connect(lambda value: self._change(down=value))
        self.per_column_spin.valueChanged.connect(lambda value: self._change(per_column=value))
        self.per_row_spin.valueChanged.connect(lambda value: self._change(per_row=value))
        self.outline_button.clicked.connect(self._test_outline)
        self.people_table.picked_changed.connect(self._count)
        self.show_button.clicked.connect(self._toggle_left_out)
        self.earlier_button.clicked.connect(lambda: self._turn(-1))
        self.later_button.clicked.connect(lambda: self._turn(1))
        self.print_button.clicked.connect(self.finish)
        self.save_button.clicked.connect(self.save_as)
        self.cancel_button.clicked.connect(self._printing.cancel)
        self._printing.said.connect(self._say)
        self._printing.busy_changed.connect(self._allow)
        self._printing.finished.connect(self.finished)

    def _radios(self) -> Mapping[Whom, QRadioButton]:
        return {
            Whom.CHOSEN: self.chosen_radio,
            Whom.GROUP: self.group_radio,
            Whom.STATUS: self.status_radio,
            Whom.TAG: self.tag_radio,
            Whom.PLAN: self.plan_radio,
            Whom.FILTER: self.filter_radio,
            Whom.ALL: self.all_radio,
            Whom.AGAIN: self.again_radio,
        }

    def _combos(self) -> Mapping[Whom, QComboBox]:
        """Which of them, where that is to be said."""
        return {
            Whom.GROUP: self.group_combo,
            Whom.STATUS: self.status_combo,
            Whom.TAG: self.tag_combo,
            Whom.PLAN: self.plan_combo,
            Whom.FILTER: self.filter_combo,
            Whom.ALL: self.kind_combo,
            Whom.AGAIN: self.again_combo,
        }

    def _offer_choices(self) -> None:
        catalogs = {
            self.group_combo: "client_groups", self.status_combo: "client_statuses", self.tag_combo: "client_tags",
            self.plan_combo: "marketing_plans",
        }  # fmt: skip
        for combo, catalog in catalogs.items():
            chosen = combo.currentData()
            combo.clear()
            for one in self.shell.choices[catalog]:
                if not one.inactive:
                    combo.addItem(one.text, one.id)
                    if one.colour:
                        combo.setItemIcon(combo.count() - 1, dot_icon(one.colour))
            combo.setCurrentIndex(max(combo.findData(chosen), 0) if combo.count() else -1)
        self.group_radio.setEnabled(self.group_combo.count() > 0)
        self.group_combo.setEnabled(self.group_combo.count() > 0)
        for radio, combo in ((self.tag_radio, self.tag_combo), (self.plan_radio, self.plan_combo)):
            radio.setVisible(combo.count() > 0)
            combo.setVisible(combo.count() > 0)

    def _offer_printers(self) -> None:
        """The printers that corrections can be for; one that was used and is gone still has its corrections."""
        names = [ANY_PRINTER, *self.shell.prompts.printers()]
        last = self.shell.settings.label_printer
        for name in (*names, *([last] if last not in names else [])):
            self.printer_combo.addItem(self.tr("any printer (PDF)") if name == ANY_PRINTER else name, name)
        self.printer_combo.setCurrentIndex(self.printer_combo.findData(last))

    def _ask_for_filters(self) -> None:
        layouts = self.shell.services.layouts
        self.shell.tasks.latest(
            self, "filters", lambda: layouts.named(Kept.FILTER, CLIENTS.name), self._offer_filters
        )

    def _offer_filters(self, kept: list[Named]) -> None:
        """The filters that somebody saved (S0-06)."""
        self.filter_combo.clear()
        for one in kept:
            self.filter_combo.addItem(one.name, one.name)
        self.filter_combo.setCurrentIndex(max(self.filter_combo.findData(self._wish.saved_filter), 0) if kept else -1)
        for widget in (self.filter_radio, self.filter_combo):
            widget.setVisible(bool(kept))
        self._teach_line()

    def _ask_for_runs(self) -> None:
        self.shell.tasks.latest(self, "runs", self.shell.services.mailings.runs, self._offer_runs)

    def _offer_runs(self, runs: list[MailingRun]) -> None:
        """The mailings that can be printed again, newest first."""
        self._runs = tuple(runs)
        chosen, formats = self._wish.run_id, self.shell.formats
        self.again_combo.clear()
        for run in runs:
            said = self.tr("{whom}, {at}, {labels}, {user}").format(
                at=formats.instant(run.at), whom=run.facts.whom, labels=said_labels(run.labels, formats), user=run.user
            )
            self.again_combo.addItem(said, run.id)
        self.again_combo.view().setMinimumWidth(self.again_combo.view().sizeHintForColumn(0) + theme.scaled(24))
        self.again_combo.setCurrentIndex(max(self.again_combo.findData(chosen), 0) if runs else -1)
        for widget in (self.again_radio, self.again_combo):
            widget.setVisible(bool(runs))

    def _offer_sheets(self) -> None:
        self.sheet_combo.clear()
        for one in self._stock.sheets:
            self.sheet_combo.addItem(self.tr("{name}, {what}").format(name=one.name, what=_measures(one)), one.key)
        if faults():
            self._say(" ".join(map(str, faults())), "red")

    def _usual(self) -> Wish:
        """What is proposed: the chosen clients, the sheet and order of last time, its next free cell."""
        settings = self.shell.settings
        key = self._stock.usual_key(is_single=len(self._ids) == 1)
        return Wish(
            whom=Whom.CHOSEN if self._ids else Whom.ALL,
            group_id=self.group_combo.currentData(),
            status_id=self.status_combo.currentData(),
            tag_id=self.tag_combo.currentData(),
            plan_id=self.plan_combo.currentData(),
            name_line=NameLine(settings.label_name_line),
            order=MailingOrder(settings.label_order),
            address_on=self.shell.services.desk.clock.today(),
            **self._stock.of_sheet(key, self._printer()),
        )

    def _printer(self) -> str:
        """The printer that corrections are for: as chosen here, or as last time if it is still there."""
        chosen = self.printer_combo.currentData()
        return str(chosen) if chosen is not None else ANY_PRINTER

    # What is wished

    def _change(self, **facts: Any) -> None:
        """A person changed a field; the line, if something stands in it, is taken as it is."""
        facts.setdefault("group_id", self.group_combo.currentData())
        facts.setdefault("status_id", self.status_combo.currentData())
        facts.setdefault("tag_id", self.tag_combo.currentData())
        facts.setdefault("plan_id", self.plan_combo.currentData())
        facts.setdefault("saved_filter", self.filter_combo.currentData())
        facts.setdefault("kind", ClientKind(self.kind_combo.currentData()))
        facts.setdefault("run_id", self.again_combo.currentData())
        wish = dataclasses.replace(self._wish, **facts)
        if wish != self._wish:
            self._take_line()
            self._wish = wish
            self._show()

    def _change_sheet(self, key: str) -> None:
        self._change(**self._stock.of_sheet(key, self._printer()))

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
        wish = dataclasses.replace(base, **self._said_in_line())
        if wish.sheet != self._wish.sheet:
            # A number is a cell of the sheet that is meant, not of the one that was.
            self._wish = wish
            self._teach_line()
            wish = dataclasses.replace(base, **self._said_in_line())
        self._wish = wish
        self._show()

    def _said_in_line(self) -> dict[str, Any]:
        return self.line.said(lambda key: self._stock.of_sheet(key, self._printer()))

    def _teach_line(self) -> None:
        cells = self._sheet().count
        filters = [self.filter_combo.itemText(at) for at in range(self.filter_combo.count())]
        self.line.use_for(self.shell, self._stock.sheets, cells, filters, has_chosen=bool(self._ids))
        self.unclear_label.setText(self.line.said_unclear())

    def _take_line(self) -> None:
        """What the line said stands in the fields; the line is free for more."""
        self._before_line = None
        self.line.clear()
        self._mark_said()

    def _sheet(self) -> LabelSheet:
        return self._stock.sheet(self._wish.sheet)

    # What is shown

    def _show(self, page: int = 0) -> None:
        """Show the wish in every field, gather whom it means, and draw the pages."""
        wish, sheet = self._wish, self._sheet()
        self._radios()[wish.whom].setChecked(True)
        self.chosen_radio.setVisible(bool(self._ids))
        self._say_chosen()
        for combo, value in (
            (self.group_combo, wish.group_id),
            (self.status_combo, wish.status_id),
            (self.tag_combo, wish.tag_id),
            (self.plan_combo, wish.plan_id),
            (self.filter_combo, wish.saved_filter),
            (self.kind_combo, wish.kind.value),
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
        next_free = self._stock.next_free(wish.sheet)
        self.next_free_button.setText(self.tr("Ne&xt free is {cell}").format(cell=next_free))
        self.next_free_button.setVisible(next_free != wish.start)
        self.hint_label.setVisible(sheet.count > 1 and self.height() >= theme.scaled(_LOW))
        self._teach_line()
        self._mark_said()
        self._page = page
        self._gather()
        self._count()

    def _mark_said(self) -> None:
        """The fields that the line filled are tinted."""
        said = self.line.said_fields()
        fields: dict[str, QWidget] = {
            "client_groups": self.group_combo,
            "client_statuses": self.status_combo,
            "client_tags": self.tag_combo,
            "marketing_plans": self.plan_combo,
            "saved_filters": self.filter_combo,
            "sheets": self.sheet_combo,
            CELL: self.start_spin,
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
        wish, recipients = self._wish, self._wish.recipients(self._ids)
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
        self._is_gathered = True
        if len(self._ids) == 1 and self._wish.whom is Whom.CHOSEN and mailing.people:
            self._one_name = mailing.people[0].name
            self._say_chosen()
        self.people_table.show_mailing(mailing)
        self._count()
        self.chip_changed.emit(self.chip())
        if self._finishes_when_ready:
            self._finishes_when_ready = False
            self.finish()

    def _cannot_gather(self, error: StudioError) -> None:
        self._asked, self._finishes_when_ready = None, False
        self.shell.failed(error, self._gather)

    def _count(self) -> None:
        """How many labels on how many sheets, who is left out, and what the button therefore says."""
        number = self.shell.formats.number
        picked = self.people_table.picked
        addressees, left_out = len(picked.addressees), picked.left_out
        labels = addressees * self._wish.copies
        self.count_label.setText(said_labels(labels, self.shell.formats))
        asked = len(picked.people)
        people = self.tr("1 person") if asked == 1 else self.tr("{count} people").format(count=number(asked))
        on_sheets = said_sheets(self._pages(), self.shell.formats)
        of = self.tr("of {people}, {sheets}").format(people=people, sheets=on_sheets)
        self.of_label.setText(of if self._is_gathered else "")
        reasons = Counter(str(one.because) for one in left_out)
        self.left_out_panel.setVisible(bool(left_out) or self.people_table.shows_left_out)
        self.left_out_label.setText(self.tr("{count} left out").format(count=number(len(left_out))))
        self.reasons_label.setText(
            ", ".join(f"{number(count)} {reason}" for reason, count in reasons.most_common())
        )
        self.show_button.setText(self.tr("Sho&w all") if self.people_table.shows_left_out else self.tr("Sho&w"))
        self.print_button.setText(self.tr("&Print {labels}").format(labels=said_labels(labels, self.shell.formats)))
        self._allow()
        self._draw()

    def _pages(self) -> int:
        sheet = self._sheet()
        labels = len(self.people_table.picked.addressees) * self._wish.copies
        return -(-(self._wish.start - 1 + labels) // sheet.count) if labels else 0

    def _draw(self) -> None:
        """The page in front, as the PDF will have it."""
        sheet, wish, pages = self._stock.corrected(self._wish), self._wish, self._pages()
        self._page = max(0, min(self._page, pages - 1)) if self._is_gathered else self._page
        self.earlier_button.setEnabled(self._page > 0)
        self.later_button.setEnabled(self._page < pages - 1)
        self.page_label.setText(
            self.tr("Sheet {page} of {pages}").format(page=min(self._page + 1, pages), pages=pages) if pages else ""
        )
        self.preview.setAccessibleName(self.tr("What will be printed: {page}").format(page=self.page_label.text()))
        addressees = self.people_table.picked.addressees
        first = self._page * sheet.count - (wish.start - 1)
        texts = {
            cell: addressees[(first + cell) // wish.copies].lines
            for cell in range(sheet.count)
            if 0 <= first + cell < len(addressees) * wish.copies
        }
        self.shell.tasks.latest(
            self, "page", lambda: lay_out_page(sheet, texts), lambda page: self.preview.show_page(*page), lane="pool"
        )

    def _turn(self, step: int) -> None:
        self._page += step
        self._draw()

    def _said_whom(self) -> str:
        wish = self._wish
        if wish.whom is Whom.CHOSEN:
            return self._one_name or self.tr("{count} clients").format(count=len(self._ids))
        if wish.whom is Whom.ALL:
            return self.tr("all active {kind}").format(kind=_kinds()[wish.kind])
        if wish.whom is Whom.AGAIN:
            return next((run.facts.whom for run in self._runs if run.id == wish.run_id), "")
        if wish.whom is Whom.FILTER:
            return wish.saved_filter or ""
        combo = self._combos()[wish.whom]
        value = {
            Whom.GROUP: wish.group_id, Whom.STATUS: wish.status_id, Whom.TAG: wish.tag_id, Whom.PLAN: wish.plan_id
        }[wish.whom]  # fmt: skip
        return combo.itemText(combo.findData(value))

    def _say_chosen(self) -> None:
        name, radio = self._one_name if len(self._ids) == 1 else "", self.chosen_radio
        if name:
            said = elided(radio.fontMetrics(), name, theme.scaled(_LONGEST_NAME))
            radio.setText(said.replace("&", "&&"))
        elif len(self._ids) == 1:
            radio.setText(self.tr("1 se&lected client"))
        else:
            radio.setText(
                self.tr("{count} se&lected clients").format(count=self.shell.formats.number(len(self._ids)))
            )
        radio.setAccessibleName(name)
        radio.setToolTip(as_tip(name))

    def _focus_whom(self) -> None:
        self._radios()[self._wish.whom].setFocus()

    def _focus_pages(self) -> None:
        (self.later_button if self.later_button.isEnabled() else self.print_button).setFocus()

    def _labels(self) -> Labels:
        is_single = self._wish.whom is Whom.CHOSEN and len(self._ids) == 1
        return Labels(self.people_table.picked, self._wish, self._said_whom(), is_single)

    def _is_ready(self) -> bool:
        return self._is_gathered and not self._printing.is_busy

    def _allow(self) -> None:
        is_busy = self._printing.is_busy
        for button in (self.print_button, self.save_button):
            button.setEnabled(not is_busy and bool(self.people_table.picked.addressees))
        self.cancel_button.setVisible(is_busy)

    def _test_outline(self) -> None:
        self._printing.test_outline(self._stock.corrected(self._wish))

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
        self._stock.read_again()
        self._offer_sheets()
        if brought.added:
            self._change_sheet(brought.added[0].key)
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


def _kinds() -> Mapping[ClientKind, str]:
    tr = partial(QCoreApplication.translate, "LabelsSheet")
    return {ClientKind.CLIENT: tr("clients"), ClientKind.PROSPECT: tr("prospects"), ClientKind.LEAD: tr("leads")}


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
