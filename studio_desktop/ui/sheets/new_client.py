"""A new client with family, as it is heard at the phone: one line for each person, or field by field (job 2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QScrollArea, QSizePolicy, QWidget

from studio_desktop.domain.errors import DatabaseUnavailable, InvalidFields, InvalidInput, StudioError
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.line import PERSON, Line, Person, Vocabulary, family_member, new_client
from studio_desktop.domain.names import full_name, split_name
from studio_desktop.domain.phones import digits
from studio_desktop.domain.records.clients import AddressRow, ClientRecord, EmailRow, PhoneRow
from studio_desktop.ui import theme
from studio_desktop.ui.alike import reasons_in_words
from studio_desktop.ui.binder import FormBinder
from studio_desktop.ui.choices import offered
from studio_desktop.ui.client_window.consent_form import ConsentForm
from studio_desktop.ui.client_window.family_editor import FamilyEditor, member_of
from studio_desktop.ui.client_window.place_filler import PlaceFiller
from studio_desktop.ui.client_window.record_form import RecordForm
from studio_desktop.ui.client_window.row_fields import RowsField
from studio_desktop.ui.client_window.saver import Saver
from studio_desktop.ui.drop_down import Entry, warned_of
from studio_desktop.ui.form import load_form, put_into
from studio_desktop.ui.page import Sheet, Shell
from studio_desktop.ui.widgets.buttons import PrimaryButton
from studio_desktop.ui.widgets.client_picker import entries_of
from studio_desktop.ui.widgets.date_edit import PartialDateEdit
from studio_desktop.ui.widgets.fact_line import FactLine
from studio_desktop.ui.widgets.flowing_columns import FlowingColumns
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.plain_list import Line as ListLine
from studio_desktop.ui.widgets.plain_list import PlainList
from studio_desktop.ui.widgets.rows_editor import EmailRows, Faults, PhoneRows, RowsEditor, inside, new_uid

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.services import Saved, Services

FEWEST_DIGITS = 6
"""Of a phone number, before anybody is looked for by it."""

FEWEST_LETTERS = 3
"""Of a name, likewise."""

SHOWN = 6
"""Possible duplicates at most."""


class NewClientSheet(Sheet):
    """`typed` is what was looked for and not found. Nothing is required but a name or a number."""

    name = "new_client"

    line_label: PlainLabel
    line_edit: FactLine
    hint_label: PlainLabel
    last_name_edit: QLineEdit
    first_name_edit: QLineEdit
    company_edit: QLineEdit
    birthday_edit: PartialDateEdit
    line1_edit: QLineEdit
    town_edit: QLineEdit
    postcode_edit: QLineEdit
    area: QScrollArea
    columns: QGridLayout
    known_column: QWidget
    body: QWidget
    phones_label: PlainLabel
    phones_place: QWidget
    emails_label: PlainLabel
    emails_place: QWidget
    consent_place: QWidget
    family_place: QWidget
    known_label: PlainLabel
    known_list: PlainList
    save_button: PrimaryButton

    def __init__(self, shell: Shell, typed: str = "", parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        load_form(self, "new_client_sheet")
        formats, self._today = shell.formats, shell.services.desk.clock.today
        self.form = RecordForm(self, formats, self._today)
        address = _OneAddress(self)
        self.phones: PhoneRows = put_into(self.phones_place, PhoneRows(self.phones_place, formats, self._today, self))
        self.emails: EmailRows = put_into(self.emails_place, EmailRows(self.emails_place, formats, self._today, self))
        self.family: FamilyEditor = put_into(
            self.family_place, FamilyEditor(self.family_place, formats, self._today, self._surname, beside=True)
        )
        self.consent: ConsentForm = put_into(self.consent_place, ConsentForm(shell, self.consent_place, in_a_row=True))
        self.consent_place.setVisible(shell.preferences.ask_consent)
        self.phones_label.setBuddy(self.phones.first_field())
        self.emails_label.setBuddy(self.emails.first_field())
        self.area.viewport().setAutoFillBackground(False)
        self.body.setAutoFillBackground(False)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.known_list.set_tall(True)
        self.known_list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        FlowingColumns(self.columns, self.known_column, self.area)
        self.form.add(
            RowsField[PhoneRow](self.phones, "phones"),
            RowsField[EmailRow](self.emails, "emails"),
            address,
            self.family,
        )
        self._blank = ClientRecord(do_not_market=not shell.preferences.allow_marketing)
        self._heard = _Heard(self)
        self._about_family = False
        self._saver: Saver[ClientRecord] = Saver(shell, self)
        self._then: Callable[[int], None] = shell.open_client
        self._cursor: tuple[str, int] | None = None
        self._offer_choices()
        self.form.show(self._blank)
        self._ask()
        self._connect()
        if typed:
            self.line_edit.setText(f"{typed} ")

    # What the window asks of a sheet.

    def title(self) -> str:
        """New client."""
        return self.tr("New client")

    def chip(self) -> str:
        """Who it is going to be."""
        name = full_name(self.first_name_edit.text(), self.last_name_edit.text())
        return self.tr("New client: {name}").format(name=name or self.line_edit.text().strip() or "…")

    def handlers(self) -> Mapping[str, Callable[..., object]]:
        """Saving, in its three ways."""
        return {"save": self.finish, "finish": self.finish, "finish_and_new": self._finish_and_new}

    def finish(self) -> None:
        """Save and open the client."""
        self._save(self.shell.open_client)

    def take_focus(self) -> None:
        """Into the line, or where the cursor was before a crash."""
        place, self._cursor = self._cursor, None
        field = self.findChild(QLineEdit, place[0]) if place is not None else None
        if place is not None and isinstance(field, QLineEdit):
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            field.setCursorPosition(place[1])
        else:
            self.line_edit.setFocus(Qt.FocusReason.OtherFocusReason)
            self.line_edit.end(False)

    def state(self) -> dict[str, Any]:
        """Everything typed, what of it the line brought, and the cursor."""
        if not self._is_begun():
            return {}
        focus = self.focusWidget()
        cursor = [focus.objectName(), focus.cursorPosition()] if isinstance(focus, QLineEdit) else None
        return {
            "line": self.line_edit.draft(),
            "about_family": self._about_family,
            "heard": self._heard.state(),
            "fields": self.form.texts(),
            "consent": self.consent.texts(),
            "cursor": cursor,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Bring back what `state` gave."""
        self.form.restore(state["fields"])
        self.consent.restore(state["consent"])
        self._heard.restore(state["heard"])
        self._about_family = state["about_family"]
        self._ask()
        self.line_edit.restore(state["line"])
        self._cursor = (state["cursor"][0], state["cursor"][1]) if state["cursor"] else None
        self._look_for_duplicates()

    def refresh(self, changes: Changes) -> None:
        """The studio's lists, or who is known already, may be others."""
        self._offer_choices()
        if changes.touches("client"):
            self._look_for_duplicates()

    def sizeHint(self) -> QSize:
        """Room for four of a family without scrolling."""
        return QSize(theme.scaled(1100), theme.scaled(484))

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down out of the line leads to who is known already; F3 keeps the capitals of the line as typed."""
        in_line = self.line_edit.hasFocus()
        if event.key() == Qt.Key.Key_F3 and in_line:
            self._heard.as_typed = True
            self._show_line()
        elif event.key() == Qt.Key.Key_Down and in_line and self.known_list.lines():
            self.known_list.choose_first()
            self.known_list.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """Up from the first of those known, and Esc, lead back to the line."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            is_first = self.known_list.currentIndex().row() <= 0
            if event.key() == Qt.Key.Key_Escape or (event.key() == Qt.Key.Key_Up and is_first):
                self.line_edit.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False

    # The line

    def _connect(self) -> None:
        self.line_edit.understood.connect(self._show_line)
        self.line_edit.taken.connect(self._take_line)
        self.form.edited.connect(self._was_edited)
        self.known_list.taken.connect(lambda known: self.shell.open_client(known.id))
        self.known_list.installEventFilter(self)
        self.save_button.clicked.connect(self.finish)

    def _offer_choices(self) -> None:
        choices = self.shell.choices
        self.phones.set_labels(offered(choices["phone_labels"]))
        self.family.set_choices(choices["relationships"], choices["phone_labels"])
        self.form.set_choices("lead_source_id", offered(choices["lead_sources"]))
        self.labels = [one for one, _, _ in offered(choices["phone_labels"])]

    def _ask(self) -> None:
        """Say whom the line is about, and let it understand what fits there."""
        family = self._about_family
        self.line_label.setText(self.tr("Famil&y") if family else self.tr("Clien&t"))
        example = self.tr("bob 0171 5550142 9/9/84") if family else self.tr("ann adams 4/3/86 330 555 0142")
        self.line_edit.setPlaceholderText(self.tr("{example}  then Enter").format(example=example))
        vocabulary = self.family.vocabulary if family else Vocabulary(PERSON)
        self.line_edit.use(vocabulary, self._today(), self.shell.formats)
        self._hint()

    def _hint(self) -> None:
        unclear = self.line_edit.said_unclear()
        help_text = (
            self.tr("The next of the family: the first is the spouse, the others children; a relation says otherwise.")
            if self._about_family
            else self.tr("Name, birthday, phones, e-mail in any order. Enter takes the line; then the family.")
        )
        self.hint_label.setText(unclear or help_text)
        self.hint_label.set_look(tone="yellow" if unclear else "dim")

    def _show_line(self) -> None:
        """Everything understood appears at once in its field, marked."""
        line = self.line_edit.line()
        if self._about_family:
            self._heard.show_member(self._spoken_of(line) if line.text.strip() else None)
        else:
            self._heard.show_client(self._spoken_of(line))
        self._hint()
        self._look_for_duplicates()

    def _spoken_of(self, line: Line) -> Person:
        """The person of the line; with F3 the capitals are as they were typed."""
        if self._about_family:
            place, vocabulary = self._heard.members_before(), self.family.vocabulary
            person = family_member(line, place, self._surname(), vocabulary, self._today())
        else:
            person = new_client(line)
        if self._heard.as_typed or not self.shell.formats.capitals:
            first, last = split_name(line.description)
            if self._about_family and not first:
                first, last = last, self._surname()
            person = replace(person, first_name=first, last_name=last)
        return person

    def _take_line(self) -> None:
        """Enter: this person is said; the next line is about the family."""
        if not self.line_edit.text().strip():
            return
        self._heard.keep()
        self._about_family = True
        self.line_edit.clear()
        self._ask()

    def _surname(self) -> str:
        return self.last_name_edit.text().strip()

    # Duplicates

    def _was_edited(self, field: str) -> None:
        self._heard.typed_by_hand(field)
        self.chip_changed.emit(self.chip())
        self._look_for_duplicates()

    def _look_for_duplicates(self) -> None:
        """B17, S4-15, RELIABILITY E14: who may be meant is shown while typing, and why; it never stops anybody."""
        record, services, formats = self._record_so_far(), self.shell.services, self.shell.formats
        self.shell.tasks.latest(self, "duplicates", lambda: _known(services, formats, record), self._show_known)

    def _record_so_far(self) -> ClientRecord:
        """What can be compared of what is typed, however little it is."""
        first, last = self.first_name_edit.text(), self.last_name_edit.text()
        is_named = len(full_name(first, last)) >= FEWEST_LETTERS
        birthday = None
        with suppress(InvalidInput):
            birthday = self.birthday_edit.partial()
        place = AddressRow(
            line1=self.line1_edit.text(), town=self.town_edit.text(), postcode=self.postcode_edit.text()
        )
        numbers = [row["typed"] for row in self.phones.texts() if len(digits(row["typed"])) >= FEWEST_DIGITS]
        mails = [row for row in self.emails.texts() if "@" in row["address"]]
        return ClientRecord(
            last_name=last if is_named else "",
            first_name=first if is_named else "",
            company=self.company_edit.text(),
            birthday=birthday,
            phones=tuple(PhoneRow(typed=number) for number in numbers),
            emails=tuple(EmailRow(address=row["address"], shared=row["shared"]) for row in mails),
            addresses=(place,),
        )

    def _show_known(self, found: tuple[list[tuple[Entry, str]], dict[str, str]]) -> None:
        entries, holders = found
        self.known_list.show_lines(
            [
                ListLine(
                    entry.value,
                    entry.text,
                    second=", ".join(filter(None, (warned_of(entry.warning), why, entry.right, entry.far_right))),
                    light="red" if entry.warning else None,
                )
                for entry, why in entries
            ]
        )
        if not self.known_list.hasFocus():
            self.known_list.choose(None)
        count = len(entries)
        self.known_label.setText(
            self.tr("&Known already? (Down)") if count else self.tr("Nobody like this is &known yet")
        )
        self.known_label.set_look(tone="yellow" if count else "dim")
        for at, row in enumerate(self.emails.texts()):
            holder = holders.get(row["address"]) if not row["shared"] else None
            if holder is not None:
                sentence = "{email} is already the e-mail of {holder}. Tick Shared if both have it."
                fault = InvalidInput(sentence, field="emails", email=row["address"], holder=holder)
                self.emails.mark({f"{at}.address": fault}, focus=False)

    # Saving

    def _finish_and_new(self) -> None:
        self._save(lambda _: self.shell.open_sheet("new_client"))

    def _save(self, then: Callable[[int], None]) -> None:
        """Save once, however often it is asked for; `then` gets the new client's id."""
        self._take_line()
        self._then = then
        try:
            record = self.form.read(self._blank)
        except InvalidFields as unclean:
            self.form.mark(unclean)
            return
        try:
            answers = (self.consent.read(),) if self.consent.is_begun() else ()
        except InvalidFields as unclean:
            self.consent.mark(unclean)
            return
        clients = self.shell.services.clients
        self._saver.save(
            lambda _base, mine, request: clients.create(mine, request, answers),
            self._blank,
            record,
            self._saved,
            self._refused,
            lambda _conflict, _save: None,
        )

    def _saved(self, saved: Saved[ClientRecord]) -> None:
        record, then = saved.result, self._then
        name = self.shell.formats.name(record.last_name, record.first_name, record.company)
        self.shell.saved(self.tr("New client: {name}").format(name=name or record.number), saved.changes)
        self.finished.emit()
        then(record.id)

    def _refused(self, error: StudioError) -> None:
        if isinstance(error, InvalidInput):
            faults = error.faults if isinstance(error, InvalidFields) else {error.field or "": error}
            if self.form.mark(InvalidFields(faults)):
                return
        self.shell.failed(error, self.finish if isinstance(error, DatabaseUnavailable) else None)

    def _is_begun(self) -> bool:
        said = self.line_edit.text().strip() or self._about_family or self.consent.is_begun()
        return bool(said or self.form.changed(self._blank))


class _Heard:
    """What the line put into the fields: the next word said replaces it, what a hand typed stays."""

    def __init__(self, sheet: NewClientSheet) -> None:
        self._sheet = sheet
        self._texts: dict[str, str] = {}
        self._rows: dict[str, list[str]] = {"phones": [], "emails": []}
        self._member = ""
        self.as_typed = False

    def state(self) -> dict[str, Any]:
        return {"texts": self._texts, "rows": self._rows, "member": self._member, "as_typed": self.as_typed}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._texts, self._rows = dict(state["texts"]), {name: list(uids) for name, uids in state["rows"].items()}
        self._member, self.as_typed = state["member"], state["as_typed"]

    def show_client(self, person: Person) -> None:
        """Put a person's facts into the fields that no hand has touched."""
        birthday = "" if person.birthday is None else self._sheet.shell.formats.partial(person.birthday)
        self._put_texts({"last_name": person.last_name, "first_name": person.first_name, "birthday": birthday})
        self._put_rows("phones", self._sheet.phones, person.phones, self._sheet.labels)
        self._put_rows("emails", self._sheet.emails, person.emails, [])

    def show_member(self, person: Person | None) -> None:
        """Show a member of the family of whom somebody speaks."""
        uid = self._member or new_uid()
        label = next(iter(self._sheet.labels), None)
        self._sheet.family.expect(None if person is None else member_of(person, uid, label), self._member)
        self._member = "" if person is None else uid

    def members_before(self) -> int:
        """How many of the family were said before the one now."""
        return len([uid for uid in self._sheet.family.uids() if uid != self._member])

    def keep(self) -> None:
        """The line is said: what it brought is as good as typed."""
        for widget in self._marked():
            _tint(widget, on=False)
        self._texts.clear()
        self._rows = {"phones": [], "emails": []}
        self._member = ""
        self.as_typed = False

    def typed_by_hand(self, field: str) -> None:
        """A person changed what the line had brought; it is hers now."""
        for widget in self._marked():
            _tint(widget, on=False)
        self._texts.pop(field, None)
        if field in self._rows:
            self._rows[field] = []
        for widget in self._marked():
            _tint(widget, on=True)

    def _put_texts(self, facts: Mapping[str, str]) -> None:
        shown = self._sheet.form.texts()
        for field, text in facts.items():
            mine = self._texts.get(field, "")
            if shown[field] == mine and text != mine:
                self._sheet.form.restore({field: text})
                self._texts[field] = text
            widget = self._sheet.form.widget(field)
            if widget is not None:
                _tint(widget, on=bool(self._texts.get(field)))

    def _put_rows(
        self, field: str, editor: RowsEditor[Any], facts: Iterable[str], labels: list[int]
    ) -> None:
        shown = editor.texts()
        by_line = {row["uid"]: row for row in shown if row["uid"] in self._rows[field]}
        by_hand = [row for row in shown if row["uid"] not in by_line]
        free = [label for label in labels if label not in {row.get("label_id") for row in by_hand}]
        rows, uids = [], list(by_line)
        for at, fact in enumerate(facts):
            row = {"uid": uids[at] if at < len(uids) else new_uid()}
            if field == "phones":
                row |= {"typed": fact, "label_id": free[at] if at < len(free) else None, "sms": False}
            else:
                row |= {"address": fact}
            rows.append(row)
        if rows != list(by_line.values()):
            editor.restore([*by_hand, *rows])
        self._rows[field] = [row["uid"] for row in rows]
        for uid in self._rows[field]:
            widget = editor.field_of(uid)
            if widget is not None:
                _tint(widget, on=True)

    def _marked(self) -> list[QWidget]:
        widgets = [self._sheet.form.widget(field) for field, text in self._texts.items() if text]
        for field, editor in (("phones", self._sheet.phones), ("emails", self._sheet.emails)):
            widgets += [editor.field_of(uid) for uid in self._rows[field]]
        return [widget for widget in widgets if widget is not None]


class _OneAddress(QObject):
    """The first address of a client; edits the field `addresses`."""

    fields = ("addresses",)
    edited = Signal()

    def __init__(self, sheet: NewClientSheet) -> None:
        super().__init__(sheet)
        self._row = AddressRow(uid=new_uid())
        today = sheet.shell.services.desk.clock.today
        self._binder: FormBinder[AddressRow] = FormBinder(sheet, AddressRow, sheet.shell.formats, today)
        self._binder.fill(self._row)
        self._binder.edited.connect(lambda _: self.edited.emit())
        PlaceFiller(sheet.shell, self._binder)

    def show_record(self, record: ClientRecord) -> None:
        """Show the record's first address."""
        self._row = next(iter(record.addresses), AddressRow(uid=new_uid()))
        self._binder.fill(self._row)

    def read_into(self, record: ClientRecord) -> ClientRecord:
        """The record with the address, if there is one."""
        try:
            row = self._binder.read(self._row)
        except InvalidFields as unclean:
            faults = {f"addresses.0.{name}": fault for name, fault in unclean.faults.items()}
            raise InvalidFields(faults) from None
        return replace(record, addresses=(row,) if self._binder.modified(AddressRow()) else ())

    def texts(self) -> dict[str, Any]:
        """What stands there (JSON)."""
        return self._binder.texts()

    def restore(self, texts: Mapping[str, Any]) -> None:
        """Bring back what `texts` gave."""
        self._binder.restore(texts)

    def mark(self, faults: Faults, *, focus: bool = True) -> bool:
        """Show faults at their fields."""
        own = inside(faults, "0")
        if own:
            self._binder.mark(InvalidFields(own), focus=focus)
        return bool(own)

    def clear_marks(self) -> None:
        """Take all marks away."""
        self._binder.clear_marks()

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read."""
        self._binder.set_read_only(read_only)


def _tint(widget: QWidget, *, on: bool) -> None:
    """Mark a field whose text comes from the line."""
    theme.set_colours(widget, **({"Base": "accent_soft"} if on else {}))


def _known(
    services: Services, formats: Formats, record: ClientRecord
) -> tuple[list[tuple[Entry, str]], dict[str, str]]:
    """Who may be meant and why, best first; and who holds which e-mail address."""
    alike = services.duplicates.like(record, SHOWN)
    entries = entries_of(services, formats, [one.id for one in alike])
    known = [(entries[one.id], reasons_in_words(one.likeness)) for one in alike if one.id in entries]
    holders = {row.address: services.clients.email_holder(row.address) for row in record.emails if not row.shared}
    return known, {mail: holder for mail, holder in holders.items() if holder is not None}
