"""The Summary tab: the client's story at a glance, and the ways to what stands behind it (S3-34)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio_desktop.domain import addresses
from studio_desktop.domain.completeness import still_to_ask
from studio_desktop.ui import theme
from studio_desktop.ui.client_window.tab import Tab, scrolled, tr
from studio_desktop.ui.elision import elided
from studio_desktop.ui.widgets.buttons import LinkButton
from studio_desktop.ui.widgets.panels import SectionHeading
from studio_desktop.ui.widgets.plain_label import PlainLabel, as_tip

if TYPE_CHECKING:
    from datetime import date, datetime

    from studio_desktop.services.clients import OpenClient
    from studio_desktop.ui.page import Shell


_WIDEST = 220
"""Pixels at 100 % that a value may take when it leads somewhere."""
_RING = 4
"""Pixels that a link keeps around its words for the ring of the focus."""
_AT_THE_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute


@dataclass(frozen=True)
class _Fact:
    """One line: what is told, and where it leads when it is pressed."""

    label: str
    value: str
    leads: Callable[[], object] | None = None
    tone: str = "text"


class SummaryTab(Tab):
    """Dates, referrals and the profile in blocks from left to right; a fact that stands elsewhere leads there."""

    name = "summary"

    def __init__(self, shell: Shell, client_id: int, parent: QWidget) -> None:
        super().__init__(shell, client_id, parent)
        self._body = QWidget()
        self._blocks = QHBoxLayout(self._body)
        self._blocks.setContentsMargins(16, 6, 16, 8)
        self._blocks.setSpacing(28)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(self._body, self))

    @classmethod
    def text(cls) -> str:
        """Summary."""
        return tr("Summary")

    def show_client(self, opened: OpenClient, keep: Iterable[str] = ()) -> None:  # noqa: ARG002
        """Tell the client anew."""
        within = self.focusWidget()
        held = within.objectName() if within is not None else ""
        while (item := self._blocks.takeAt(0)) is not None:
            block = item.widget()
            if block is not None:
                block.hide()
                block.deleteLater()
        for title, facts in (
            (self.tr("Dates"), self._dates(opened)),
            (self.tr("Referrals"), self._referrals(opened)),
            (self.tr("Profile"), self._profile(opened)),
        ):
            block = _Block(title, facts, self._body)
            self._blocks.addWidget(block, 1, Qt.AlignmentFlag.AlignTop)
            block.show()
        for link in self._links():
            if held and link.objectName() == held:
                link.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_focus(self) -> None:
        """Begin with the first fact that leads somewhere."""
        for link in self._links():
            link.setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().take_focus()

    def _links(self) -> list[QAbstractButton]:
        return [link for link in self._body.findChildren(QAbstractButton) if not link.isHidden()]

    def _dates(self, opened: OpenClient) -> list[_Fact]:
        """S2-98, S2-99, and when what stands now began."""
        record, today = opened.record, self.shell.services.desk.clock.today()
        formats = self.shell.formats
        facts = [
            _Fact(self.tr("Created"), self._when(record.created_at, record.created_by)),
            _Fact(self.tr("Last changed"), self._when(record.updated_at, record.updated_by), self._open_history),
        ]
        if opened.status:
            facts.append(_Fact(self.tr("Status"), opened.status, self._lead_to("general")))
            facts += self._day(self.tr("At it since"), record.status_set_on)
            late = formats.late(record.status_due_on, today) if record.status_due_on is not None else ""
            if record.status_due_on is not None:
                said = " · ".join(part for part in (formats.day(record.status_due_on, today), late) if part)
                facts.append(_Fact(self.tr("Due"), said, tone="red" if late else "text"))
        facts += self._day(self.tr("Contract"), record.contract_date)
        address = addresses.current(record.addresses, today)
        facts += self._day(self.tr("At this address since"), address.effective_from if address is not None else None)
        return facts

    def _referrals(self, opened: OpenClient) -> list[_Fact]:
        """S2-111, and how the client came."""
        record = opened.record
        facts = [
            _Fact(
                self.tr("Clients referred"),
                str(opened.referred),
                self._lead_to("referrals") if opened.referred else None,
            )
        ]
        if record.referred_by:
            sender = record.referred_by_client_id
            open_sender = None if sender is None else lambda: self.shell.open_client(sender)
            facts.append(_Fact(self.tr("Referred by"), record.referred_by, open_sender))
        source = self._named("lead_sources", record.lead_source_id)
        return [*facts, *([_Fact(self.tr("Lead source"), source)] if source else [])]

    def _profile(self, opened: OpenClient) -> list[_Fact]:
        """What is known, what is still to be asked (S4-22), and what the client does not want."""
        record = opened.record
        counts = (
            (self.tr("Family members"), len(record.family), "general"),
            (self.tr("Organizations"), len(record.organizations), "organization"),
            (self.tr("Groups"), len(record.groups), "groups"),
            (self.tr("Marketing plans"), len(record.plans) + len(record.plan_dates), "marketing"),
            (self.tr("Notes"), opened.notes, "notes"),
        )
        facts = [_Fact(label, str(count), self._lead_to(tab)) for label, count, tab in counts if count]
        refused = [
            text
            for is_set, text in (
                (record.do_not_market, self.tr("marketing")),
                (record.do_not_call, self.tr("calls")),
            )
            if is_set
        ]
        if refused:
            facts.append(_Fact(self.tr("Does not want"), ", ".join(refused)))
        if record.former_numbers:
            facts.append(_Fact(self.tr("Former numbers"), record.former_numbers))
        missing = still_to_ask(record)
        return [_Fact(self.tr("Still to ask"), ", ".join(missing) or self.tr("nothing")), *facts]

    def _day(self, label: str, day: date | None) -> list[_Fact]:
        today = self.shell.services.desk.clock.today()
        return [_Fact(label, self.shell.formats.day(day, today))] if day is not None else []

    def _when(self, at: datetime | None, by: str) -> str:
        if at is None:
            return ""
        day = self.shell.formats.day(at.astimezone().date(), self.shell.services.desk.clock.today())
        return self.tr("{day} by {who}").format(day=day, who=by) if by else day

    def _named(self, catalog: str, row_id: int | None) -> str:
        return next((one.text for one in self.shell.choices[catalog] if one.id == row_id), "")

    def _lead_to(self, tab: str) -> Callable[[], object]:
        return lambda: self.tab_wanted.emit(tab)

    def _open_history(self) -> None:
        self.shell.open_sheet("history", client_id=self.client_id)


class _Block(QWidget):
    """A heading with its facts below: labels at the left, values at the right."""

    def __init__(self, title: str, facts: Sequence[_Fact], parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(SectionHeading(self, title))
        lines = QGridLayout()
        column.addLayout(lines)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setHorizontalSpacing(16)
        lines.setVerticalSpacing(0)
        lines.setColumnStretch(1, 1)
        for at, fact in enumerate(facts):
            label = PlainLabel(fact.label, self, tone="dim")
            label.setMinimumHeight(theme.scaled(24))
            lines.addWidget(label, at, 0)
            value, right = self._value(fact), Qt.AlignmentFlag.AlignRight
            lines.addWidget(value, at, 1, right if fact.leads is not None else Qt.AlignmentFlag(0))

    def _value(self, fact: _Fact) -> QWidget:
        if fact.leads is None:
            told = PlainLabel(fact.value, self, tone=fact.tone, elided=True)
            told.setAccessibleName(f"{fact.label}: {fact.value}")
            told.setAlignment(_AT_THE_RIGHT)
            told.setContentsMargins(0, 0, _RING, 0)
            return told
        widest = theme.scaled(_WIDEST)
        shown = elided(self.fontMetrics(), fact.value, widest)
        link = LinkButton(shown.replace("&", "&&"), self)
        link.setToolTip(as_tip(fact.value) if shown != fact.value else "")
        link.setObjectName(fact.label)
        link.setAccessibleName(f"{fact.label}: {fact.value}")
        link.clicked.connect(lambda: fact.leads() if fact.leads is not None else None)
        return link
