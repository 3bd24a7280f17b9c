"""The General tab: status and source, tax and web, dates, custom fields, preferences, call warning, family."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.errors import InvalidFields, InvalidInput
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.names import full_name
from studio_desktop.domain.records.clients import ClientRecord, ClientType, FamilyMember
from studio_desktop.services import new_request
from studio_desktop.ui import theme
from studio_desktop.ui.choices import offered
from studio_desktop.ui.client_window.custom_fields import ON_GENERAL, name_custom_fields
from studio_desktop.ui.client_window.family_editor import FamilyEditor
from studio_desktop.ui.client_window.record_form import RecordForm
from studio_desktop.ui.client_window.tab import Tab, scrolled, tr
from studio_desktop.ui.form import load_form, put_into
from studio_desktop.ui.widgets.client_picker import ClientPicker
from studio_desktop.ui.widgets.date_edit import DateEdit, PartialDateEdit
from studio_desktop.ui.widgets.flowing_columns import FlowingColumns
from studio_desktop.ui.widgets.link_edit import LinkEdit
from studio_desktop.ui.widgets.panels import SectionHeading
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.rows_editor import Faults

if TYPE_CHECKING:
    from studio_desktop.services.clients import OpenClient
    from studio_desktop.services.family import LinkedClient
    from studio_desktop.ui.page import Shell


_ANY_WIDTH = 16_777_215  # Qt's own
_CUSTOM_LABEL = 100  # pixels at 100 %: a longer name leaves its room to what stands beside the dates


class GeneralTab(Tab):
    """What a client's record holds besides its header (S3-10, S3-11)."""

    name = "general"

    def __init__(self, shell: Shell, client_id: int, parent: QWidget) -> None:
        super().__init__(shell, client_id, parent)
        self.body = GeneralBody(shell, client_id)
        self.form = self.body.form
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        area = scrolled(self.body, self)
        column.addWidget(area)
        columns = FlowingColumns(self.body.columns, self.body.column_c, area)
        columns.below_changed.connect(self.body.fill_width)

    @classmethod
    def text(cls) -> str:
        """General."""
        return tr("General")

    def show_client(self, opened: OpenClient, keep: Iterable[str] = ()) -> None:
        """Show the record, with what the studio's lists offer by now."""
        self.body.show_record(opened.record, frozenset(keep))

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read."""
        self.body.set_read_only(read_only)

    def take_focus(self) -> None:
        """Begin with the status, which is changed most."""
        self.body.status_id_combo.setFocus(Qt.FocusReason.ShortcutFocusReason)


class GeneralBody(QWidget):
    """The form inside the scrolling area."""

    client_type_combo: QComboBox
    number_edit: QLineEdit
    status_id_combo: QComboBox
    status_reason_id_combo: QComboBox
    status_reason_id_label: PlainLabel
    status_due_on_edit: DateEdit
    due_aside: PlainLabel
    lead_source_id_combo: QComboBox
    referred_by_label: PlainLabel
    referred_by_place: QWidget
    tax_exempt_check: QCheckBox
    tax_exempt_number_edit: QLineEdit
    website_edit: LinkEdit
    birthday_edit: PartialDateEdit
    birthday_label: PlainLabel
    birthday_aside: PlainLabel
    anniversary_edit: PartialDateEdit
    anniversary_aside: PlainLabel
    contract_date_edit: DateEdit
    contract_aside: PlainLabel
    dates_heading: SectionHeading
    call_warning_edit: QLineEdit
    family_place: QWidget
    household_place: QWidget
    column_a: QWidget
    column_b: QWidget
    column_c: QWidget
    columns: QGridLayout

    def __init__(self, shell: Shell, client_id: int) -> None:
        super().__init__()
        self._shell = shell
        self._today = shell.services.desk.clock.today
        self._fills_width = False
        load_form(self, "general_tab")
        formats = shell.formats
        self.form = _GeneralForm(self, formats, self._today)
        self.referred_by = put_into(
            self.referred_by_place, ReferredByEditor(shell, self.referred_by_place, client_id)
        )
        self.referred_by_label.setBuddy(self.referred_by)
        self.referred_by.name_edit.setAccessibleName(self.tr("Referred by"))
        self.family = put_into(
            self.family_place,
            FamilyEditor(self.family_place, formats, self._today, lambda: self._surname, linking=True),
        )
        self.family.add_tool(self.household_place)
        self._client_id = client_id
        self._surname = ""
        self.form.add(self.referred_by, self.family)
        self._base = ClientRecord()
        keeping = self.status_reason_id_combo.sizePolicy()
        keeping.setRetainSizeWhenHidden(True)
        self.status_reason_id_combo.setSizePolicy(keeping)
        self._dress()
        self._connect()

    def show_record(self, record: ClientRecord, keep: frozenset[str]) -> None:
        """Show the record but for the fields in `keep`."""
        choices = self._shell.choices
        self._base = record
        self._surname = record.last_name
        name_custom_fields(self, ON_GENERAL, self._shell.preferences)
        self.form.set_choices("status_id", offered(choices["client_statuses"], record.status_id))
        self.form.set_choices("lead_source_id", offered(choices["lead_sources"], record.lead_source_id))
        self.family.set_choices(choices["relationships"], choices["phone_labels"])
        if "status_id" not in keep:
            self.form.due_follows = False
            self._offer_reasons(record.status_id, record.status_reason_id)
        self.form.show(record, keep)
        self._follow()
        self._read_links()

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read."""
        self.form.set_read_only(read_only)
        ground = {"Base": "window"} if read_only else {}
        theme.set_colours(self.call_warning_edit, Text="red", **ground)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "form"):
            self._dress()

    def fill_width(self, fill: bool) -> None:
        """Let the first two columns share the whole width, or be no wider than they need."""
        self._fills_width = fill
        self._dress()

    def _dress(self) -> None:
        for column, width in ((self.column_a, 300), (self.column_b, 296)):
            column.setMinimumWidth(theme.scaled(width))
            column.setMaximumWidth(_ANY_WIDTH if self._fills_width else theme.scaled(width))
        for name in ON_GENERAL:
            label = self.findChild(PlainLabel, f"{name}_label")
            assert isinstance(label, PlainLabel)
            label.setMaximumWidth(theme.scaled(_CUSTOM_LABEL))
        self.column_c.setMinimumWidth(theme.scaled(516))
        self.household_place.setFixedWidth(theme.scaled(250))
        for dated in self.findChildren(DateEdit):
            dated.setFixedWidth(theme.scaled(128))
        self.call_warning_edit.setFont(theme.font(theme.BASE, theme.STRONG))
        theme.set_colours(self.call_warning_edit, Text="red")

    def _connect(self) -> None:
        self.form.edited.connect(self._was_edited)
        self.status_id_combo.activated.connect(self._status_chosen)
        self.tax_exempt_check.toggled.connect(self.tax_exempt_number_edit.setEnabled)
        self.referred_by.open_wanted.connect(self._shell.open_client)
        self.family.client_wanted.connect(self._shell.open_client)
        self.family.link_wanted.connect(self._link)
        self.family.unlink_wanted.connect(self._unlink)
        self.family.own_record_wanted.connect(self._make_own_record)
        for link in self.findChildren(LinkEdit):
            link.open_wanted.connect(partial(self._open, link))

    def _read_links(self) -> None:
        """B23: relatives with a record of their own stand in the same list."""
        family, client_id = self._shell.services.family, self._client_id
        self._shell.tasks.latest(
            self, "links", lambda: family.links_of(client_id), self.family.show_links, lane="pool"
        )

    def _link(self) -> None:
        self._shell.open_sheet("link", client_id=self._client_id)

    def _unlink(self, linked: LinkedClient) -> None:
        family, client_id, request = self._shell.services.family, self._client_id, new_request()
        name = self._shell.formats.name(linked.last_name, linked.first_name, linked.company)
        said = self.tr("{name} is linked no more").format(name=name)
        self._shell.tasks.run(
            self,
            lambda: family.unlink(client_id, linked.id, request),
            lambda saved: self._shell.saved(said, saved.changes),
        )

    def _make_own_record(self, member: FamilyMember) -> None:
        """S0-17: of a member as it is saved; what is typed has to be saved first."""
        name = full_name(member.first_name, member.last_name)
        if member not in self._base.family:
            said = self.tr("Save the client first (Ctrl+S), then make an own record for {name}.")
            self._shell.say(said.format(name=name))
            return
        family, client_id, request = self._shell.services.family, self._client_id, new_request()
        said = self.tr("{name} has an own record, hidden for now").format(name=name)
        self._shell.tasks.run(
            self,
            lambda: family.make_client(client_id, member.uid, request),
            lambda saved: self._shell.saved(said, saved.changes),
        )

    def _open(self, link: LinkEdit, address: str) -> None:
        """Only web addresses are opened (RELIABILITY B6)."""
        try:
            self._shell.prompts.open_external(address)
        except InvalidInput as refused:
            self.form.mark(InvalidFields({link.objectName().removesuffix("_edit"): refused}))

    def _status_chosen(self) -> None:
        """B4: another status has its own reasons, and its due date is computed when it is saved."""
        base, chosen = self._base, self.status_id_combo.currentData()
        same = chosen == base.status_id
        reason = base.status_reason_id if same else None
        self._offer_reasons(chosen, reason)
        self.form.due_follows = not same
        self.form.restore({"status_due_on": self._due_text() if same else "", "status_reason_id": reason})
        self._follow()

    def _due_text(self) -> str:
        due = self._base.status_due_on
        return "" if due is None else self._shell.formats.day(due)

    def _offer_reasons(self, status_id: int | None, shown: int | None) -> None:
        """S2-20: the box shows only where the status has reasons."""
        reasons = [one for one in self._shell.choices["client_status_reasons"] if one.parent_id == status_id]
        lines = offered(reasons, shown)
        self.form.restore({"status_reason_id": None})
        self.form.set_choices("status_reason_id", lines)
        self.status_reason_id_combo.setVisible(bool(lines))
        self.status_reason_id_label.setVisible(bool(lines))

    def _was_edited(self, field: str) -> None:
        if field == "status_due_on":
            self.form.due_follows = False
        self._follow()

    def _follow(self) -> None:
        """The facts that follow from the fields."""
        formats, today = self._shell.formats, self._today()
        due = _understood(self.status_due_on_edit.day)
        if self.form.due_follows:
            self.due_aside.setText(self.tr("set when saved"))
            self.due_aside.set_look(tone="dim")
        else:
            late = formats.late(due, today)
            self.due_aside.setText(late or ("" if due is None else formats.in_days(due, today)))
            self.due_aside.set_look(tone="red" if late else "dim")
        self.birthday_aside.setText(_turning(_understood(self.birthday_edit.partial), today))
        self.anniversary_aside.setText(_years(_understood(self.anniversary_edit.partial), today))
        signed = _understood(self.contract_date_edit.day)
        self.contract_aside.setText("" if signed is None else self.tr("received") if signed <= today else "")
        business = self.client_type_combo.currentData() == ClientType.BUSINESS.value
        self.family.heading.set_text(self.tr("&People") if business else self.tr("&Family"))
        self.dates_heading.set_text(self.tr("Dates of the contact") if business else self.tr("Dates"))
        # The number is asked for only where there is an exemption; it keeps its place.
        self.tax_exempt_number_edit.setEnabled(self.tax_exempt_check.isChecked())


class ReferredByEditor(ClientPicker):
    """Who sent the client: a free name, or an existing client (S2-25, S2-26)."""

    fields = ("referred_by_client_id", "referred_by_name")

    def show_record(self, record: ClientRecord) -> None:
        """Show who it was."""
        self.show_choice(record.referred_by_client_id, record.referred_by)

    def read_into(self, record: ClientRecord) -> ClientRecord:
        """The record with who it was."""
        if self.client_id is not None:
            return replace(record, referred_by_client_id=self.client_id, referred_by_name="")
        return replace(record, referred_by_client_id=None, referred_by_name=self.name())

    def texts(self) -> Any:
        """The client and the name (JSON)."""
        return [self.client_id, self.name()]

    def restore(self, texts: Any) -> None:
        """Bring back what `texts` gave."""
        self.show_choice(*texts)

    def mark(self, faults: Faults, *, focus: bool = True) -> bool:
        """Show what is wrong with the name."""
        self.mark_name(" ".join(str(fault) for fault in faults.values()))
        if focus:
            self.name_edit.setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(faults)


class _GeneralForm(RecordForm):
    """As any form of the record; a due date that nobody typed after choosing another status is left to be computed."""

    def __init__(self, form: QWidget, formats: Formats, today: Callable[[], date]) -> None:
        super().__init__(form, formats, today)
        self.due_follows = False

    def read(self, base: ClientRecord) -> ClientRecord:
        record = super().read(base)
        return replace(record, status_due_on=base.status_due_on) if self.due_follows else record

    def changed(self, base: ClientRecord) -> tuple[str, ...]:
        return tuple(name for name in super().changed(base) if not (self.due_follows and name == "status_due_on"))

    def texts(self) -> dict[str, Any]:
        return super().texts() | {"due_follows": self.due_follows}

    def restore(self, texts: Mapping[str, Any]) -> None:
        self.due_follows = texts.get("due_follows", self.due_follows)
        super().restore(texts)


def _understood(read: Callable[[], Any]) -> Any:
    """What stands in a field; None while it is half typed."""
    try:
        return read()
    except InvalidInput:
        return None


def _turning(born: PartialDate | None, today: date) -> str:
    turns = born.turns(today) if born is not None else None
    if born is None or turns is None:
        years = born.age_on(today) if born is not None else None
        return "" if years is None else f"{years} years"
    return f"turns {turns}"


def _years(began: PartialDate | None, today: date) -> str:
    years = began.turns(today) if began is not None else None
    return f"{years} years" if years else ""
