"""Who is this: the card beside a list, in the order that is asked on the phone (DESIGN 4, clients hub)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_desktop.domain.completeness import still_to_ask
from studio_desktop.domain.dates import days_late
from studio_desktop.domain.errors import StudioError
from studio_desktop.domain.names import full_name
from studio_desktop.domain.records.clients import ClientRecord, FamilyMember, PhoneRow, Stage
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.ui import theme
from studio_desktop.ui.alike import balance_in_words
from studio_desktop.ui.form import load_form
from studio_desktop.ui.widgets.buttons import FlatButton, LinkButton, PrimaryButton
from studio_desktop.ui.widgets.marks import Badge, Dot, Light, LightKind, Picture
from studio_desktop.ui.widgets.panels import Panel, SectionHeading
from studio_desktop.ui.widgets.photo import Photo
from studio_desktop.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.services import Services
    from studio_desktop.services.clients import OpenClient
    from studio_desktop.ui.page import Shell

WIDTH = 264
"""Pixels at 100 %."""

_BIRTHDAY_SOON = 14
_NOTES_SHOWN = 3
_PHONES_SHOWN = 4


class ClientCard(Panel):
    """Warning, phones, attention, family and notes of one client; sections go when there is no room for them.

    The buttons stay in their places whatever the client.
    """

    open_wanted = Signal(int)
    label_wanted = Signal(int)

    column: QVBoxLayout
    nobody_label: PlainLabel
    body: QWidget
    body_column: QVBoxLayout
    open_button: PrimaryButton
    copy_button: FlatButton
    label_button: FlatButton

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent, "base", "l")
        self._shell = shell
        self._client_id: int | None = None
        self._facts: _Facts | None = None
        self._droppable: list[QWidget] = []
        load_form(self, "client_card")
        self.setAccessibleName(self.tr("Who is this"))
        self.setFixedWidth(theme.scaled(WIDTH))
        self.open_button.clicked.connect(lambda: self._tell(self.open_wanted.emit))
        self.label_button.clicked.connect(lambda: self._tell(self.label_wanted.emit))
        self.copy_button.clicked.connect(self._copy_number)
        self._show(None)

    def show_client(self, client_id: int | None) -> None:
        """Show another client, or nobody; what is shown stays until the answer is there."""
        self._client_id = client_id
        if client_id is None:
            self._show(None)
            return
        services, tasks = self._shell.services, self._shell.tasks
        tasks.latest(self, "card", lambda: _read(services, client_id), self._show, lambda _: self._show(None))

    def shown_id(self) -> int | None:
        """Whom the card shows now."""
        return None if self._facts is None else self._facts.client.record.id

    def refresh(self, changes: Changes) -> None:
        """Look again if the changes touch this client or what its record names."""
        client_id = self._client_id
        touched = changes.touches("client", client_id) or any(changes.touches(kind) for kind in _NAMING_KINDS)
        if client_id is not None and touched:
            self.show_client(client_id)

    def follow_theme(self) -> None:
        """Another scheme or text size."""
        self.setFixedWidth(theme.scaled(WIDTH))
        self._show(self._facts)

    def minimumSizeHint(self) -> QSize:
        """Whoever is shown, the window may become low."""
        return QSize(self.width(), self.open_button.sizeHint().height() + theme.scaled(100))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop sections, or bring them back."""
        super().resizeEvent(event)
        self._fit()

    def _show(self, facts: _Facts | None) -> None:
        self._facts = facts
        self._clear()
        self.nobody_label.setVisible(facts is None)
        self.body.setVisible(facts is not None)
        for button in (self.open_button, self.label_button):
            button.setEnabled(facts is not None)
        self.copy_button.setEnabled(facts is not None and bool(facts.client.record.phones))
        if facts is not None:
            self._compose(facts)
            self._fit()

    def _clear(self) -> None:
        self._droppable = []
        while (item := self.body_column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _compose(self, facts: _Facts) -> None:
        record, today = facts.client.record, self._shell.services.desk.clock.today()
        self._add(self._head(facts))
        if record.call_warning:
            self._add(CallWarning(record.call_warning, self.body))
        if record.phones:
            self._add(_rows(self.body, [self._phone(row) for row in record.phones[:_PHONES_SHOWN]], 0))
        sections = {
            self.tr("Attention"): self._attention(facts, today),
            self.tr("Family"): [self._relative(member, today) for member in record.family],
            self.tr("Last notes"): [self._note(note, today) for note in facts.notes[:_NOTES_SHOWN]],
            self.tr("Last change"): self._change(record, today),
        }
        for title, rows in sections.items():
            if rows:
                section = _section(self.body, title, rows)
                self._add(section)
                self._droppable.insert(0, section)
        missing = still_to_ask(record)
        if missing:
            words = self.tr("Still to ask: {facts}").format(facts=", ".join(missing))
            asked = PlainLabel(words, self.body, tone="dim", px=theme.SMALL, elided=True)
            self._add(asked)
            self._droppable.insert(0, asked)
        self.body_column.addStretch(1)

    def _add(self, widget: QWidget) -> None:
        self.body_column.addWidget(widget)
        widget.show()

    def _fit(self) -> None:
        """Hide what matters least, from the foot upwards, until the rest has room."""
        margins = self.column.contentsMargins()
        taken = margins.top() + margins.bottom() + self.column.spacing() + self.open_button.sizeHint().height()
        width = self.width() - margins.left() - margins.right()
        for section in self._droppable:
            section.show()
        for section in self._droppable:
            if self.body_column.totalMinimumHeightForWidth(width) <= self.height() - taken:
                return
            section.hide()

    def _head(self, facts: _Facts) -> QWidget:
        record = facts.client.record
        name = self._shell.formats.name(record.last_name, record.first_name, record.company)
        head = QWidget(self.body)
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        photo = Photo(self._shell, theme.scaled(64), head)
        photo.show_person(name, record.image_hash)
        row.addWidget(photo, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        row.addLayout(words, 1)
        words.setSpacing(2)
        words.addWidget(PlainLabel(name, head, px=theme.TITLE, strong=True, elided=True))
        if record.company and record.company != name:
            words.addWidget(PlainLabel(record.company, head, tone="dim", px=theme.SMALL, elided=True))
        if facts.client.status:
            dot = Dot(facts.client.status_colour or "slate", head)
            status = PlainLabel(facts.client.status, head, tone="dim", elided=True)
            _add_line(words, dot, status)
        if record.stage is not Stage.ACTIVE:
            words.addWidget(Badge(record.stage.value.capitalize(), head))
        words.addStretch(1)
        return head

    def _phone(self, phone: PhoneRow) -> _Row:
        shown = self._shell.formats.phone(phone.typed, phone.e164, phone.extension)
        number = LinkButton(shown.replace("&", "&&"), self.body)
        number.setToolTip(self.tr("Call this number"))
        number.clicked.connect(lambda: self._dial(phone))
        labels = [one.text for one in self._shell.choices["phone_labels"] if one.id == phone.label_id]
        said = ", ".join([*labels, *([self.tr("SMS")] if phone.sms else [])])
        return _Row(Picture("call", "link", self.body), number, said)

    def _attention(self, facts: _Facts, today: date) -> list[_Row]:
        record, client = facts.client.record, facts.client
        lines: list[tuple[LightKind, str]] = []
        if record.status_id is not None and record.status_due_on is not None and days_late(record.status_due_on, today):
            due = self._shell.formats.day(record.status_due_on, today)
            late = self._shell.formats.late(record.status_due_on, today)
            lines.append(("red", self.tr("Status due {due}, {late}").format(due=due, late=late)))
        for kind, word, amount in balance_in_words(client.balance, self._shell.formats):
            lines.append((kind, f"{word} {amount}"))
        if client.status_alert:
            lines.append(("yellow", client.status_alert))
        lines += [("yellow", _first_line(note.text)) for note in facts.notes if note.alert][:2]
        flags = {
            self.tr("Do not call"): record.do_not_call,
            self.tr("Do not market"): record.do_not_market,
            self.tr("Saturday only"): record.saturday_only,
        }
        lines += [("yellow", text) for text, flagged in flags.items() if flagged]
        return [self._cause(kind, text) for kind, text in lines]

    def _cause(self, kind: LightKind, text: str) -> _Row:
        words = PlainLabel(text, self.body, tone=kind, strong=kind == "red", elided=True)
        return _Row(Light(kind, text, self.body), words)

    def _relative(self, member: FamilyMember, today: date) -> _Row:
        relations = {one.id: one.text for one in self._shell.choices["relationships"]}
        surname = "" if member.last_name == self._surname() else member.last_name
        name = full_name(member.first_name, surname)
        relation = relations.get(member.relationship_id or 0, "").lower()
        said = f"{name}, {relation}" if relation else name
        birthday = self._birthday_soon(member, today)
        aside = [self._age(member, today), self.tr("secondary") if member.secondary_contact else ""]
        return _Row(None, PlainLabel(said, self.body, elided=True), birthday or " · ".join(filter(None, aside)))

    def _surname(self) -> str:
        return self._facts.client.record.last_name if self._facts is not None else ""

    def _birthday_soon(self, member: FamilyMember, today: date) -> str:
        """What is worth saying on the phone in the days before: "7 on 12 Mar"."""
        soon = None if member.birthday is None else member.birthday.next_occurrence(today)
        turns = "" if member.birthday is None else self._shell.formats.age(member.birthday.turns(today))
        if soon is None or not turns or (soon - today).days > _BIRTHDAY_SOON:
            return ""
        return self.tr("{age} on {day}").format(age=turns, day=self._shell.formats.day(soon, today))

    def _age(self, member: FamilyMember, today: date) -> str:
        """How old somebody is; without a year the day, and nothing beyond the studio's limit."""
        if member.birthday is None:
            return ""
        years, formats = member.birthday.age_on(today), self._shell.formats
        return formats.partial(member.birthday) if years is None else formats.age(years)

    def _note(self, note: NoteRecord, today: date) -> _Row:
        day = "" if note.created_at is None else self._shell.formats.day(note.created_at.astimezone().date(), today)
        text = PlainLabel(_first_line(note.text), self.body, elided=True)
        return _Row(Picture("note", "dim", self.body), text, day)

    def _change(self, record: ClientRecord, today: date) -> list[_Row]:
        if record.updated_at is None:
            return []
        who = PlainLabel(record.updated_by, self.body, elided=True)
        when = self._shell.formats.instant(record.updated_at, today)
        return [_Row(Picture("history", "dim", self.body), who, when)]

    def _dial(self, phone: PhoneRow) -> None:
        try:
            self._shell.prompts.open_external(f"tel:{phone.e164 or phone.typed}")
        except StudioError as error:
            self._shell.failed(error)

    def _copy_number(self) -> None:
        if self._facts is None or not self._facts.client.record.phones:
            return
        phone = self._facts.client.record.phones[0]
        shown = self._shell.formats.phone(phone.typed, phone.e164, phone.extension)
        QGuiApplication.clipboard().setText(shown)
        self._shell.say(self.tr("{number} is on the clipboard.").format(number=shown))

    def _tell(self, emit: Callable[[int], None]) -> None:
        shown = self.shown_id()
        if shown is not None:
            emit(shown)


class CallWarning(QWidget):
    """What must be seen before anybody dials: white on red, as many lines as it takes (S2-01, S3-49)."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        words = PlainLabel(text, self, tone="on_alarm", strong=True)
        words.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(6)
        row.addWidget(Picture("warning", "on_alarm", self), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        self.setAccessibleName(self.tr("Call warning: {text}").format(text=text))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.token("alarm"))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)


_NAMING_KINDS = ("note", "client_status", "phone_label", "relationship", "preference")


@dataclass(frozen=True, slots=True)
class _Facts:
    client: OpenClient
    notes: Sequence[NoteRecord]


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a section: a sign, words, and an aside at the right."""

    sign: QWidget | None
    words: QWidget
    aside: str = ""


def _read(services: Services, client_id: int) -> _Facts:
    """Three statements."""
    return _Facts(services.clients.open(client_id), services.notes.of_client(client_id))


def _section(parent: QWidget, title: str, rows: Sequence[_Row]) -> QWidget:
    section = QWidget(parent)
    column = QVBoxLayout(section)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addWidget(SectionHeading(section, title))
    column.addWidget(_rows(section, rows))
    return section


def _rows(parent: QWidget, rows: Sequence[_Row], spacing: int = 3) -> QWidget:
    table = QWidget(parent)
    column = QVBoxLayout(table)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(spacing)
    for row in rows:
        line = _add_line(column, *([row.sign] if row.sign is not None else []), row.words)
        is_cut = isinstance(row.words, PlainLabel)  # a phone number never is: what it is called gives way
        aside = PlainLabel(row.aside, table, tone="dim", px=theme.SMALL, elided=not is_cut)
        aside.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)
        line.addWidget(aside)
        line.setStretchFactor(row.words if is_cut else aside, 1)
    return table


def _add_line(column: QVBoxLayout, *widgets: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    column.addLayout(line)
    line.setSpacing(6)
    for widget in widgets:
        line.addWidget(widget)
    return line


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
