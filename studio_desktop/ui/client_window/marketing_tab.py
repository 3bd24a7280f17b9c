"""The Marketing tab: all plans at the left, the client's at the right; a family birthday is one, too (S3-22, B2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_desktop.domain.occasions import PersonalDate, personal_dates
from studio_desktop.domain.records.clients import ClientRecord, Occasion, PlanDateRow
from studio_desktop.ui import theme
from studio_desktop.ui.client_window.consent_form import CONSENT_WIDTH, ConsentPanel
from studio_desktop.ui.client_window.record_form import RecordForm
from studio_desktop.ui.client_window.tab import Tab, scrolled, tr
from studio_desktop.ui.widgets.rows_editor import Faults, new_uid
from studio_desktop.ui.widgets.two_panel_picker import PickerWords, TwoPanelPicker

if TYPE_CHECKING:
    from datetime import date

    from studio_desktop.domain.errors import StudioError
    from studio_desktop.domain.formats import Formats
    from studio_desktop.services.catalogs import Choice
    from studio_desktop.services.clients import OpenClient
    from studio_desktop.ui.page import Shell

_Date = tuple[str, str]
"""What tells a birthday or anniversary: whose it is, and which of the two."""


class MarketingTab(Tab):
    """Membership in marketing plans, saved with the client; and what the client agreed to, recorded at once (D11)."""

    name = "marketing"

    def __init__(self, shell: Shell, client_id: int, parent: QWidget) -> None:
        super().__init__(shell, client_id, parent)
        self.form = RecordForm(self, shell.formats, shell.services.desk.clock.today)
        self.picker = MarketingPicker(self)
        self.form.add(self.picker)
        self.consent = ConsentPanel(shell, client_id, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 12, 8)
        row.setSpacing(16)
        row.addWidget(self.picker, 1)
        self._consent_area = scrolled(self.consent, self)
        self._consent_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        row.addWidget(self._consent_area)
        self._fit()
        self.form.edited.connect(lambda _: self.counted.emit())
        self.consent.form.edited.connect(lambda _: self.edited.emit())

    @classmethod
    def text(cls) -> str:
        """Marketing."""
        return tr("Marketing")

    @classmethod
    def count(cls, opened: OpenClient) -> int:
        """How many plans and dates the client is to be contacted about."""
        known = {_key(one) for one in personal_dates(opened.record)}
        return len(opened.record.plans) + sum(_key(row) in known for row in opened.record.plan_dates)

    def follow(self, typed: ClientRecord) -> None:
        """Offer the dates of the family as it stands, saved or not."""
        self.picker.offer(
            self.shell.choices["marketing_plans"], typed, self.shell.formats, self.shell.services.desk.clock.today()
        )

    def show_client(self, opened: OpenClient, keep: Iterable[str] = ()) -> None:
        """Show the client's plans among those there are by now."""
        self.follow(opened.record)
        super().show_client(opened, keep)
        self.consent.read()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_consent_area"):
            self._fit()

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read."""
        super().set_read_only(read_only)
        self.consent.set_read_only(read_only)

    def unsaved(self) -> tuple[str, ...]:
        """An answer about consent that stands in its fields and is not recorded."""
        return (self.tr("Consent"),) if self.consent.texts() is not None else ()

    def save(self, done: Callable[[], None], failed: Callable[[StudioError], None]) -> None:
        """Record the answer."""
        if self.unsaved():
            self.consent.save(done, failed)
        else:
            done()

    def forget(self) -> None:
        """Leave the answer out."""
        self.consent.forget()

    def texts(self) -> Any:
        """The answer that is not recorded."""
        return self.consent.texts()

    def restore(self, texts: Any) -> None:
        """Bring it back."""
        self.consent.restore(texts)

    def take_focus(self) -> None:
        """Begin in the filter."""
        self.picker.take_focus()

    def _fit(self) -> None:
        bar = self._consent_area.verticalScrollBar().sizeHint().width()
        self._consent_area.setFixedWidth(theme.scaled(CONSENT_WIDTH) + bar)


class MarketingPicker(TwoPanelPicker):
    """Edits the fields `plans` and `plan_dates`."""

    fields = ("plans", "plan_dates")

    def __init__(self, parent: QWidget) -> None:
        words = PickerWords(
            all=tr("All &plans"),
            own=tr("Plans of &this client"),
            put=tr("Contact the client about it"),
            take=tr("No longer contact the client about it"),
            hint=tr("Enter puts a plan or date to the client, Del takes it away. Double-click does both."),
        )
        super().__init__(words, parent)
        self._uids: dict[_Date, str] = {}

    def offer(self, plans: Sequence[Choice], record: ClientRecord, formats: Formats, today: date) -> None:
        """Offer the dates of these people, then the studio's plans; a date nobody knows stays where it is chosen."""
        dates = list(personal_dates(record))
        self.set_rows(
            [
                *((_key(one), _called(one), _returns(one, formats, today)) for one in dates),
                *((one.id, one.text, "") for one in plans),
            ],
            {
                *(_key(one) for one in dates if one.when is None or one.when.next_occurrence(today) is None),
                *(one.id for one in plans if one.inactive),
            },
        )

    def show_record(self, record: ClientRecord) -> None:
        """Show the client's plans and dates."""
        self._uids |= {_key(row): row.uid for row in record.plan_dates}
        self.set_chosen(record.plans | self._keys(record))

    def read_into(self, record: ClientRecord) -> ClientRecord:
        """The record with these plans and dates; what stays keeps its place, what is new follows."""
        chosen = self.chosen()
        dates = {key for key in chosen if isinstance(key, tuple)}
        rows = [row for row in record.plan_dates if _key(row) in dates]
        rows += [
            PlanDateRow(uid=self._uids.setdefault(key, new_uid()), member_uid=key[0], occasion=Occasion(key[1]))
            for key in sorted(dates - self._keys(record))
        ]
        return replace(record, plans=chosen - dates, plan_dates=tuple(rows))

    def texts(self) -> Any:
        """Ids of plans, and what tells the dates (JSON)."""
        chosen = self.chosen()
        dates = sorted(key for key in chosen if isinstance(key, tuple))
        return {"plans": sorted(chosen - set(dates)), "dates": dates}

    def restore(self, texts: Any) -> None:
        """Bring back what `texts` gave."""
        self.set_chosen({*texts["plans"], *(tuple(key) for key in texts["dates"])})

    def mark(self, faults: Faults, *, focus: bool = True) -> bool:  # noqa: ARG002
        """Only what is offered can be chosen; nothing can be wrong."""
        return False

    def clear_marks(self) -> None:
        """There are none."""

    @staticmethod
    def _keys(record: ClientRecord) -> set[_Date]:
        return {_key(row) for row in record.plan_dates}


def _key(one: PersonalDate | PlanDateRow) -> _Date:
    return (one.member_uid, one.occasion.value)


def _called(one: PersonalDate) -> str:
    is_birthday = one.occasion is Occasion.BIRTHDAY
    return (tr("{name}'s birthday") if is_birthday else tr("{name}'s anniversary")).format(name=one.name)


def _returns(one: PersonalDate, formats: Formats, today: date) -> str:
    """When it comes next, and the how manieth it is."""
    day = one.when.next_occurrence(today) if one.when is not None else None
    if one.when is None or day is None:
        return tr("date not known")
    years = one.when.turns(today)
    said = formats.day(day, today)
    if not years:
        return said
    many = tr("turns {years}") if one.occasion is Occasion.BIRTHDAY else tr("{years} years")
    return f"{said} · {many.format(years=years)}"
