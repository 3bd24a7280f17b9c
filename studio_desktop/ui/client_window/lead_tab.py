"""The Lead tab: where the inquiry stands, what is to be done next, until when and by whom (S0-10, S0-13, B14)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QWidget

from studio_desktop.domain.errors import InvalidInput, StudioError
from studio_desktop.domain.records.clients import ClientKind
from studio_desktop.domain.records.leads import LeadRecord, NextAction, Outcome
from studio_desktop.services import new_request
from studio_desktop.ui import theme
from studio_desktop.ui.actions import MenuEntry
from studio_desktop.ui.choices import offered
from studio_desktop.ui.client_window.records_tab import RecordsTab
from studio_desktop.ui.client_window.tab import tr
from studio_desktop.ui.form import load_form
from studio_desktop.ui.lead_actions import show_entries
from studio_desktop.ui.widgets.buttons import BarButton, FlatButton, PrimaryButton
from studio_desktop.ui.widgets.date_edit import DateEdit
from studio_desktop.ui.widgets.marks import LightKind
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.plain_list import Line, PlainList

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.services import Saved
    from studio_desktop.services.catalogs import Choice
    from studio_desktop.services.clients import OpenClient
    from studio_desktop.ui.page import Shell


class LeadTab(RecordsTab[LeadRecord]):
    """The client's leads. What is typed about the one that is open is saved with the client, a stage at once."""

    name = "lead"

    def __init__(self, shell: Shell, client_id: int, parent: QWidget) -> None:
        self.body = LeadBody()
        super().__init__(shell, LeadRecord(client_id=client_id), self.body, self.body.leads_list, parent)
        self.body.leads_list.insert_wanted.connect(self._offer_pipelines)
        self.body.leads_list.taken.connect(lambda _: self.body.next_action_combo.setFocus())
        self.body.new_button.clicked.connect(self._offer_pipelines)
        self.body.next_button.clicked.connect(self._go_on)
        self.body.lost_button.clicked.connect(self._offer_reasons)
        self.body.stage_combo.activated.connect(lambda _: self._choose_stage())
        look = QApplication.instance().findChild(theme.Theme)  # type: ignore[union-attr]
        assert isinstance(look, theme.Theme)
        look.changed.connect(self._dress)
        self._dress()
        self.show_base()
        self.read()

    @classmethod
    def text(cls) -> str:
        """Lead."""
        return tr("Lead")

    @classmethod
    def is_needed(cls, opened: OpenClient) -> bool:
        """Only who is a lead, or was one, has anything here."""
        return opened.had_leads or opened.record.kind is ClientKind.LEAD

    @classmethod
    def count(cls, opened: OpenClient) -> int:
        """How many are open."""
        return opened.leads

    @classmethod
    def light(cls, opened: OpenClient) -> tuple[LightKind, str] | None:
        """Something should have been done by now."""
        return ("red", tr("Next action overdue")) if opened.lead_overdue else None

    def word(self) -> str:
        """Lead."""
        return self.tr("Lead")

    def saved_text(self) -> str:
        """Saved the lead."""
        return self.tr("Saved the lead")

    def read_all(self) -> list[LeadRecord]:
        """Open ones first."""
        return self.shell.services.leads.of_client(self.client_id)

    def write(self, base: LeadRecord, mine: LeadRecord, request: str) -> Saved[LeadRecord]:
        """Save what was typed about it."""
        return self.shell.services.leads.save(base, mine, request)

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read."""
        self.read_only = read_only
        self._show_what_can_be_done()

    def refresh(self, changes: Changes) -> None:
        """Another stage, another responsible, another name of either."""
        kinds = ("pipeline", "pipeline_stage", "lost_reason", "preference")
        if changes.touches("client", self.client_id) or any(changes.touches(kind) for kind in kinds):
            self.read()

    def take_focus(self) -> None:
        """To the way on."""
        button = self.body.next_button
        (button if button.isVisibleTo(self) and button.isEnabled() else self.body.leads_list).setFocus()

    def line(self, record: LeadRecord) -> Line:
        """Its stage and pipeline, and what is late, or since when; of a closed one how it ended."""
        formats, today = self.shell.formats, self.shell.services.desk.clock.today()
        named = (self._choice("pipeline_stages", record.stage_id), self._choice("pipelines", record.pipeline_id))
        called = " · ".join(one.text for one in named if one is not None)
        if record.closed_on is not None:
            reason = self._choice("lost_reasons", record.lost_reason_id)
            said = [self.tr("closed {day}").format(day=formats.day(record.closed_on, today))]
            said += [reason.text] if reason is not None else []
            return Line(record.id, called, second=", ".join(said), faint=True)
        assert record.opened_on is not None
        late = formats.late(record.next_action_on, today)
        begun = self.tr("since {day}").format(day=formats.day(record.opened_on, today))
        return Line(record.id, called, second=late or begun, light="red" if late else None)

    def _choice(self, catalog: str, row_id: int | None) -> Choice | None:
        return next((one for one in self.shell.choices[catalog] if one.id == row_id), None)

    def _stages(self) -> list[Choice]:
        rows = self.shell.choices["pipeline_stages"]
        return [
            one for one in rows
            if one.parent_id == self.base.pipeline_id and (not one.inactive or one.id == self.base.stage_id)
        ]  # fmt: skip

    def show_base(self, keep: tuple[str, ...] = ()) -> None:
        """The lead, among what can be chosen for it."""
        for field, catalog in (("responsible_id", "users"), ("lost_reason_id", "lost_reasons")):
            self.binder.set_choices(field, offered(self.shell.choices[catalog], getattr(self.base, field)))
        combo = self.body.stage_combo
        combo.clear()
        for stage in self._stages():
            combo.addItem(stage.text, stage.id)
        combo.setCurrentIndex(combo.findData(self.base.stage_id))
        self._show_what_can_be_done()
        super().show_base(keep)

    def show_list(self) -> None:
        """The list, or what to do while there is nothing in it."""
        super().show_list()
        nothing = self.tr("Nobody follows up. Put the client into a pipeline to plan what is to be done next.")
        self.body.empty_label.setText("" if self.records else nothing)

    def _show_what_can_be_done(self) -> None:
        body, stage, following = self.body, self._choice("pipeline_stages", self.base.stage_id), self._following()
        is_open = bool(self.base.id) and self.base.closed_on is None and not self.read_only
        self.binder.set_read_only(self.read_only or not self.base.id)
        body.lead_place.setVisible(bool(self.base.id))
        body.next_button.setVisible(is_open and following is not None)
        body.lost_button.setVisible(is_open and any(one.outcome == Outcome.LOST for one in self._stages()))
        body.converts_check.setVisible(bool(self.base.id) and not self.read_only)
        body.stage_combo.setEnabled(not self.read_only)
        body.new_button.setVisible(not self.read_only)
        if following is not None:
            words = self.tr("Ne&xt: {stage}").format(stage=following.text.replace("&", "&&"))
            body.next_button.setText(words)
            body.next_button.setToolTip(self.tr("Move the lead to this stage (Ctrl+Shift+J)"))
        is_lost = stage is not None and stage.outcome == Outcome.LOST
        of_reason: tuple[QWidget, ...] = (body.lost_reason_id_label, body.lost_reason_id_combo)
        for widget in of_reason:
            widget.setVisible(is_lost)
        of_action: tuple[QWidget, ...] = (body.next_action_label, body.next_action_combo, body.next_action_text_edit,
                     body.next_action_on_label, body.next_action_on_edit, body.due_aside)  # fmt: skip
        for widget in of_action:
            widget.setVisible(self.base.closed_on is None)

    def _following(self) -> Choice | None:
        stages = [one for one in self._stages() if one.outcome != Outcome.LOST]
        ids = [one.id for one in stages]
        if self.base.closed_on is not None or self.base.stage_id not in ids:
            return None
        rest = stages[ids.index(self.base.stage_id) + 1 :]
        return rest[0] if rest else None

    def follow_fields(self) -> None:
        """How long it has stood here, how late it is, and what the next action needs."""
        formats, today, body = self.shell.formats, self.shell.services.desk.clock.today(), self.body
        since = self.base.stage_since
        days = (today - since).days if since is not None else 0
        said = {0: self.tr("since today"), 1: self.tr("for 1 day")}
        body.stage_aside.setText(said.get(days, self.tr("for {days} days").format(days=formats.number(days))))
        try:
            due = body.next_action_on_edit.day()
        except InvalidInput:
            due = None
        late = formats.late(due, today)
        body.due_aside.setText(late or ("" if due is None else formats.in_days(due, today)))
        body.due_aside.set_look(tone="red" if late else "dim")
        acts = body.next_action_combo.currentData() != NextAction.NONE
        for field in (body.next_action_text_edit, body.next_action_on_edit):
            field.setEnabled(acts)

    def _go_on(self) -> None:
        following = self._following()
        if following is not None:
            self._move(following)

    def _choose_stage(self) -> None:
        stage = self._choice("pipeline_stages", self.body.stage_combo.currentData())
        if stage is not None and stage.id != self.base.stage_id:
            self._move(stage)

    def _offer_reasons(self) -> None:
        """Lost, and why; without a reason, too."""
        lost = next(one for one in self._stages() if one.outcome == Outcome.LOST)
        reasons = [one for one in self.shell.choices["lost_reasons"] if not one.inactive]
        entries = [MenuEntry(one.text, partial(self._move, lost, one)) for one in reasons]
        entries.append(MenuEntry(self.tr("Without a reason"), partial(self._move, lost)))
        self._show_entries(entries, self.body.lost_button)

    def _move(self, stage: Choice, reason: Choice | None = None) -> None:
        leads, lead_id, request = self.shell.services.leads, self.base.id, new_request()
        converts, reason_id = self.body.converts_check.isChecked(), reason.id if reason is not None else None

        def moved(saved: Saved[int]) -> None:
            self.shell.saved(self.tr("Lead: {stage}").format(stage=stage.text), saved.changes)

        def refused(error: StudioError) -> None:
            self.shell.failed(error)
            self.read()

        self.save_then(
            lambda: self.shell.tasks.run(
                self,
                lambda: leads.move([lead_id], stage.id, request, lost_reason_id=reason_id, converts=converts),
                moved,
                refused,
            )
        )

    def _offer_pipelines(self) -> None:
        if self.read_only:
            return
        pipelines = [one for one in self.shell.choices["pipelines"] if not one.inactive]
        entries = [MenuEntry(one.text, partial(self._put_in, one)) for one in pipelines]
        self._show_entries(entries, self.body.new_button)

    def _put_in(self, pipeline: Choice) -> None:
        leads, client_id, request = self.shell.services.leads, self.client_id, new_request()

        def put(saved: Saved[int]) -> None:
            if saved.result:
                said = self.tr("Now in {pipeline}").format(pipeline=pipeline.text)
                self.shell.saved(said, saved.changes)
            else:
                self.shell.say(self.tr("There is an open lead in {pipeline} already.").format(pipeline=pipeline.text))

        self.shell.tasks.run(self, lambda: leads.put_in([client_id], pipeline.id, request), put)

    def _show_entries(self, entries: list[MenuEntry], button: QWidget) -> None:
        show_entries(self, entries, button.mapToGlobal(QPoint(0, button.height())))

    def _dress(self) -> None:
        for widget in (self.body.stage_combo, self.body.next_action_combo, self.body.responsible_id_combo,
                       self.body.lost_reason_id_combo, self.body.next_action_on_edit):  # fmt: skip
            widget.setFixedWidth(theme.scaled(180))


class LeadBody(QWidget):
    """The list of leads, and the fields of one."""

    new_button: BarButton
    next_button: PrimaryButton
    lost_button: FlatButton
    converts_check: QCheckBox
    leads_list: PlainList
    lead_place: QWidget
    stage_combo: QComboBox
    stage_aside: PlainLabel
    lost_reason_id_label: PlainLabel
    lost_reason_id_combo: QComboBox
    next_action_label: PlainLabel
    next_action_combo: QComboBox
    next_action_text_edit: QLineEdit
    next_action_on_label: PlainLabel
    next_action_on_edit: DateEdit
    due_aside: PlainLabel
    responsible_id_combo: QComboBox
    remark_edit: QLineEdit
    empty_label: PlainLabel

    def __init__(self) -> None:
        super().__init__()
        load_form(self, "lead_tab")
        self.leads_list.set_tall(True)
