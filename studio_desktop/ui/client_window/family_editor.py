"""The family of a client: a list, and below it a card for the member that is open (S2-45 to S2-48, S3-13)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio_desktop.domain import line
from studio_desktop.domain.errors import InvalidFields, InvalidInput
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.line import RELATIONSHIPS, Person, Vocabulary
from studio_desktop.domain.records.clients import ClientRecord, EmailRow, FamilyMember, PhoneRow
from studio_desktop.services.catalogs import Choice
from studio_desktop.ui import theme
from studio_desktop.ui.binder import FormBinder
from studio_desktop.ui.choices import offered
from studio_desktop.ui.client_window.family_list import NAME, MemberList, Members
from studio_desktop.ui.drafts import pack, unpack
from studio_desktop.ui.form import load_form, put_into, tab_after
from studio_desktop.ui.widgets.buttons import BarButton, FlatButton
from studio_desktop.ui.widgets.date_edit import PartialDateEdit
from studio_desktop.ui.widgets.enter import is_enter
from studio_desktop.ui.widgets.panels import SectionHeading
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.rows_editor import EmailRows, Faults, PhoneRows, inside, new_uid

if TYPE_CHECKING:
    from studio_desktop.services.family import LinkedClient


def member_of(person: Person, uid: str = "", label_id: int | None = None) -> FamilyMember:
    """The family member that a line spoke of; phones take the label."""
    return FamilyMember(
        uid=uid or new_uid(),
        first_name=person.first_name,
        last_name=person.last_name,
        relationship_id=person.relationship_id,
        birthday=person.birthday,
        phones=tuple(PhoneRow(uid=new_uid(), typed=typed, label_id=label_id) for typed in person.phones),
        emails=tuple(EmailRow(uid=new_uid(), address=address) for address in person.emails),
    )


class FamilyEditor(QWidget):
    """Adds, opens and removes members; one of them may be the secondary contact. The edited field is `family`."""

    fields = ("family",)
    edited = Signal()
    client_wanted = Signal(int)
    """A linked client is to be opened."""
    link_wanted = Signal()
    """Another client is to be linked."""
    unlink_wanted = Signal(object)
    """A `LinkedClient` is not to be linked any more."""
    own_record_wanted = Signal(object)
    """The chosen member is to have a record of its own."""

    def __init__(
        self,
        parent: QWidget,
        formats: Formats,
        today: Callable[[], date],
        surname: Callable[[], str] = lambda: "",
        *,
        beside: bool = False,
        linking: bool = False,
    ) -> None:
        """`surname` gives the last name that a new member probably has. The card opens below the list or `beside`.

        With `linking` relatives with a record of their own stand in the list, too.
        """
        super().__init__(parent)
        self._formats = formats
        self._today = today
        self._surname = surname
        self._vocabulary = Vocabulary()
        self._read_only = False
        self._model = Members(self, formats, today)
        self.heading = SectionHeading(self, self.tr("&Family"))
        self.add_button = BarButton("add", self.tr("Add"), self.tr("Add a family member (Insert)"), self)
        self.open_button = BarButton("edit", self.tr("Open"), self.tr("Open the member (Enter)"), self)
        self.remove_button = BarButton("delete", self.tr("Remove"), self.tr("Remove, or bring back (Del)"), self)
        self.own_record_button = BarButton(
            "person_add", "", self.tr("Make a client of this member, hidden at first"), self
        )
        self.link_button = BarButton("link", "", self.tr("Link a client who is related"), self)
        self._linking = linking
        self.list = MemberList(self._model, self)
        self.heading.set_buddy(self.list)
        self._card: FamilyCard | None = None
        self._labels: list[Choice] = []
        self._relationships: list[Choice] = []
        self._beside = beside
        self._body = QGridLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.heading)
        self._tools = QHBoxLayout()
        column.addLayout(self._tools)
        self._tools.setContentsMargins(0, 0, 0, 0)
        self._tools.setSpacing(0)
        for button in (self.add_button, self.open_button, self.remove_button, self.own_record_button, self.link_button):
            self._tools.addWidget(button)
        for button in (self.own_record_button, self.link_button):
            button.setVisible(linking)
        self._tools.addStretch(1)
        column.addLayout(self._body)
        self._body.setSpacing(8 if beside else 4)
        self._body.addWidget(self.list, 0, 0, Qt.AlignmentFlag.AlignTop)
        self._body.setColumnStretch(0, 1)
        column.addStretch(1)
        self.add_button.clicked.connect(self.add)
        self.open_button.clicked.connect(self.open_current)
        self.remove_button.clicked.connect(self.remove_current)
        self.own_record_button.clicked.connect(lambda: self.own_record_wanted.emit(self._current()))
        self.link_button.clicked.connect(self.link_wanted)
        self.list.add_wanted.connect(self.add)
        self.list.open_wanted.connect(self.open_current)
        self.list.remove_wanted.connect(self.remove_current)
        self.list.secondary_wanted.connect(self.toggle_secondary)
        self.list.selectionModel().currentRowChanged.connect(self._another_is_current)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        self._tell()

    @property
    def card(self) -> FamilyCard:
        """The card, made when the first member is opened."""
        if self._card is None:
            made = self._card = FamilyCard(self, self._formats, self._today)
            made.hide()
            self._body.addWidget(made, *((0, 1) if self._beside else (1, 0)), Qt.AlignmentFlag.AlignTop)
            tab_after(self.list, made)
            made.set_choices(offered(self._relationships), offered(self._labels))
            made.set_read_only(self._read_only)
            made.edited.connect(self._card_edited)
            made.closed.connect(self.close_card)
        return self._card

    @property
    def opened(self) -> str:
        """The uid of the member in the card; empty for none."""
        return self._card.uid if self._card is not None else ""

    def add_tool(self, widget: QWidget) -> None:
        """Let what belongs to the family as a whole stand right of the buttons."""
        self._tools.addWidget(widget)
        tab_after(self.remove_button, widget)

    def set_choices(self, relationships: list[Choice], phone_labels: list[Choice]) -> None:
        """Offer the studio's relationships and phone labels."""
        self._relationships, self._labels = relationships, phone_labels
        self._model.relations = {one.id: one.text for one in relationships}
        active = [(one.id, one.text) for one in relationships if not one.inactive]
        self._vocabulary = Vocabulary(line.PERSON, {RELATIONSHIPS: active})
        if self._card is not None:
            self._card.set_choices(offered(relationships), offered(phone_labels))
        self._model.refresh()

    def expect(self, member: FamilyMember | None, uid: str = "") -> None:
        """Show a member of whom somebody is just speaking, in the place of `uid`; None takes it away."""
        self._model.drop(uid)
        if member is not None:
            self._model.add(member)
        self._tell()

    def uids(self) -> list[str]:
        """Those that stay, by their uids."""
        return [member.uid for member in self._model.staying()]

    @property
    def vocabulary(self) -> Vocabulary:
        """What a family line may mean here."""
        return self._vocabulary

    def members(self) -> tuple[FamilyMember, ...]:
        """Those that stay, as they stand. Raises `InvalidFields` with paths as `1.birthday`."""
        kept = []
        for member in self._model.staying():
            if member.uid != self.opened:
                kept.append(member)
                continue
            try:
                kept.append(self.card.read())
            except InvalidFields as unclean:
                faults = {f"{len(kept)}.{name}": fault for name, fault in unclean.faults.items()}
                raise InvalidFields(faults) from None
        return tuple(kept)

    def show_record(self, record: ClientRecord) -> None:
        """Show the client's family; the open card stays open while its member is there."""
        self.show_members(record.family)

    def show_members(self, members: tuple[FamilyMember, ...]) -> None:
        """Show these; nobody is removed any more."""
        self._model.show(list(members))
        opened = self._model.find(self.opened)
        if self.opened and opened is None:
            self._hide_card()
        elif opened is not None:
            self.card.show_member(opened)
        self._tell()

    def show_links(self, links: list[LinkedClient]) -> None:
        """Show the relatives with a record of their own."""
        self._model.show_links(links)
        self._tell()

    def read_into(self, record: ClientRecord) -> ClientRecord:
        """The record with this family; raises `InvalidFields` with paths as `family.1.birthday`."""
        try:
            return dataclasses.replace(record, family=self.members())
        except InvalidFields as unclean:
            raise InvalidFields({f"family.{path}": fault for path, fault in unclean.faults.items()}) from None

    def texts(self) -> dict[str, Any]:
        """Members, removed ones and what stands in the open card (JSON)."""
        return {
            "members": [pack(member) for member in self._model.members],
            "removed": sorted(self._model.removed),
            "card": self.card.texts() if self.opened else None,
        }

    def restore(self, texts: Mapping[str, Any]) -> None:
        """Bring back what `texts` gave."""
        self._model.show([unpack(FamilyMember, packed) for packed in texts["members"]], texts["removed"])
        card = texts["card"]
        opened = self._model.find(card["uid"]) if card else None
        if opened is None:
            self._hide_card()
        else:
            self.card.show_member(opened)
            self.card.restore(card)
            self.card.show()
        self._tell()

    def mark(self, faults: Faults, *, focus: bool = True) -> bool:
        """Open the member a fault is about and show it there."""
        for at, member in enumerate(self._model.staying()):
            own = inside(faults, str(at))
            if own:
                if member.uid != self.opened:
                    self._open(member)
                self.card.mark(own, focus=focus)
                return True
        return False

    def clear_marks(self) -> None:
        """Take all marks away."""
        if self._card is not None:
            self._card.clear_marks()

    def set_read_only(self, read_only: bool) -> None:
        """Show the family without letting anybody change it."""
        self._read_only = read_only
        for button in (self.add_button, self.remove_button):
            button.setVisible(not read_only)
        for button in (self.own_record_button, self.link_button):
            button.setVisible(self._linking and not read_only)
        if self._card is not None:
            self._card.set_read_only(read_only)

    def take_focus(self) -> None:
        """Put the cursor into the list."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def add(self) -> None:
        """A new member, with the surname and the relation that its place suggests, open at the first name."""
        if self._read_only or not self.close_card():
            return
        today, place = self._today(), len(self._model.staying())
        nothing = line.understand("", self._vocabulary, today, self._formats)
        guess = line.family_member(nothing, place, self._surname(), self._vocabulary, today)
        member = member_of(guess)
        self._model.add(member)
        self._choose(member.uid)
        self._open(member, new=True)
        self.card.take_focus()

    def open_current(self) -> None:
        """Open the chosen member below the list, or the record of a linked client."""
        linked = self._linked()
        if linked is not None:
            self.client_wanted.emit(linked.id)
            return
        member = self._current()
        if member is None or member.uid in self._model.removed:
            return
        if member.uid != self.opened:
            if not self.close_card():
                return
            self._open(member)
        self.card.take_focus()

    def remove_current(self) -> None:
        """Strike the chosen member out, or bring it back; it goes when the client is saved. A link goes at once."""
        linked = self._linked()
        if linked is not None and not self._read_only:
            self.unlink_wanted.emit(linked)
            return
        member = self._current()
        if member is None or self._read_only:
            return
        if member.uid == self.opened:
            self._hide_card()
        self._model.strike(member.uid)
        self._tell()
        self.edited.emit()

    def toggle_secondary(self) -> None:
        """Make the chosen member the secondary contact, or no longer (S2-47)."""
        member = self._current()
        if member is None or self._read_only or member.uid in self._model.removed:
            return
        self._model.set_secondary(member.uid, not member.secondary_contact)
        if self.opened:
            self.card.set_secondary(self.opened == member.uid and not member.secondary_contact)
        self.edited.emit()

    def close_card(self) -> bool:
        """Close the open card; False if what stands in it is wrong, which is marked there."""
        uid = self.opened
        if not uid:
            return True
        try:
            member = self.card.read()
        except InvalidFields as unclean:
            self.card.mark(unclean.faults)
            return False
        had_focus = self.card.isAncestorOf(self.window().focusWidget() or self)
        said_nothing = self.card.is_untouched_new(member)
        self._hide_card()
        if said_nothing:
            self._model.drop(uid)
        else:
            self._model.put(member)
        self._tell()
        if had_focus:
            self.take_focus()
        return True

    def _open(self, member: FamilyMember, *, new: bool = False) -> None:
        self.card.show_member(member, new=new)
        self.card.show()
        self._choose(member.uid)
        self._tell()
        QTimer.singleShot(0, self.card, self._bring_card_into_sight)

    def _bring_card_into_sight(self) -> None:
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None and self.card.isVisible():
            around.ensureWidgetVisible(self.card, 0, 4)

    def _hide_card(self) -> None:
        if self._card is not None:
            self._card.forget()
            self._card.hide()

    def _card_edited(self) -> None:
        with suppress(InvalidFields):  # half typed; it is said when the cursor leaves, at the latest on saving
            self._model.put(self.card.read())
        self.edited.emit()

    def _another_is_current(self) -> None:
        """Arrows in the list with the card open show the next member in it."""
        member, shown = self._current(), self.opened
        if shown and member is not None and member.uid not in {shown, *self._model.removed}:
            if self.close_card():
                self._open(member)
            else:
                self._choose(shown)
        self._tell()

    def _current(self) -> FamilyMember | None:
        row = self.list.currentIndex().row()
        return self._model.members[row] if 0 <= row < len(self._model.members) else None

    def _linked(self) -> LinkedClient | None:
        return self._model.link_at(self.list.currentIndex().row())

    def _choose(self, uid: str) -> None:
        row = self._model.row_of(uid)
        if row is not None:
            self.list.setCurrentIndex(self._model.index(row, NAME))

    def _tell(self) -> None:
        member = self._current()
        removed = member is not None and member.uid in self._model.removed
        is_link = self._linked() is not None
        self.open_button.setEnabled((member is not None and not removed) or is_link)
        self.own_record_button.setEnabled(member is not None and not removed)
        self.remove_button.setEnabled(member is not None or is_link)
        self.remove_button.setText(
            self.tr("Unlink") if is_link else self.tr("Bring back") if removed else self.tr("Remove")
        )
        self.remove_button.set_icon_name("arrow_undo" if removed else "delete")
        self.list.updateGeometry()


class FamilyCard(QWidget):
    """One member: names, relation, birthday, phones, e-mails (S2-46)."""

    edited = Signal()
    closed = Signal()
    """Done, or Esc."""

    first_name_edit: QLineEdit
    last_name_edit: QLineEdit
    relationship_id_combo: QComboBox
    birthday_edit: PartialDateEdit
    secondary_contact_check: QCheckBox
    phones_label: PlainLabel
    phones_place: QWidget
    emails_label: PlainLabel
    emails_place: QWidget
    done_button: FlatButton

    def __init__(self, parent: QWidget, formats: Formats, today: Callable[[], date]) -> None:
        super().__init__(parent)
        load_form(self, "family_member")
        self.uid = ""
        self._member = FamilyMember()
        self._new = False
        self._binder: FormBinder[FamilyMember] = FormBinder(self, FamilyMember, formats, today)
        self._phones = put_into(self.phones_place, PhoneRows(self.phones_place, formats, today, self))
        self._emails = put_into(self.emails_place, EmailRows(self.emails_place, formats, today, self))
        self.phones_label.setBuddy(self._phones.first_field())
        self.emails_label.setBuddy(self._emails.first_field())
        for label in (self.phones_label, self.emails_label):  # at the height of the first line
            label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            label.setContentsMargins(0, 4, 0, 0)
        self._binder.edited.connect(lambda _: self.edited.emit())
        self._phones.edited.connect(self.edited)
        self._emails.edited.connect(self.edited)
        self.done_button.clicked.connect(self.closed)

    def set_choices(self, relationships: list[tuple[int, str, str]], labels: list[tuple[int, str, str]]) -> None:
        """Offer these."""
        self._binder.set_choices("relationship_id", relationships)
        self._phones.set_labels(labels)

    def show_member(self, member: FamilyMember, *, new: bool = False) -> None:
        """Show a member; a `new` one of whom nothing is typed is forgotten when the card closes."""
        self._new = new or (self._new and self.uid == member.uid)
        self.uid = member.uid
        self._member = member
        self._binder.fill(member)
        self._phones.show_rows(member.phones)
        self._emails.show_rows(member.emails)

    def forget(self) -> None:
        """Show nobody."""
        self.uid = ""
        self._new = False
        self.clear_marks()

    def read(self) -> FamilyMember:
        """The member as the card says. Raises `InvalidFields` with paths as `phones.0.typed`."""
        faults: dict[str, InvalidInput] = {}
        member = self._member
        for field, rows in self._rows().items():
            read: dict[str, Any] = {}
            try:
                member = dataclasses.replace(member, **(read | {field: rows.rows()}))
            except InvalidFields as unclean:
                faults |= {f"{field}.{path}": fault for path, fault in unclean.faults.items()}
        try:
            member = self._binder.read(member)
        except InvalidFields as unclean:
            faults |= unclean.faults
        if faults:
            raise InvalidFields(faults)
        return member

    def is_untouched_new(self, member: FamilyMember) -> bool:
        """Whether nothing was said of a member that was only just added."""
        said = (member.first_name, member.birthday, member.phones, member.emails)
        return self._new and not any(said)

    def set_secondary(self, secondary: bool) -> None:
        """Tick or untick."""
        self._member = dataclasses.replace(self._member, secondary_contact=secondary)
        self._binder.restore({"secondary_contact": secondary})

    def texts(self) -> dict[str, Any]:
        """All that stands here (JSON)."""
        rows = {field: editor.texts() for field, editor in self._rows().items()}
        return {"uid": self.uid, "new": self._new, "plain": self._binder.texts(), **rows}

    def restore(self, texts: Mapping[str, Any]) -> None:
        """Bring back what `texts` gave."""
        self._new = texts["new"]
        self._binder.restore(texts["plain"])
        for field, editor in self._rows().items():
            editor.restore(texts[field])

    def mark(self, faults: Faults, *, focus: bool = True) -> None:
        """Show each fault at its field."""
        plain = {name: fault for name, fault in faults.items() if name in self._binder}
        if plain:
            self._binder.mark(InvalidFields(plain), focus=focus)
        for field, editor in self._rows().items():
            own = inside(faults, field)
            if own:
                editor.mark(own, focus=focus and not plain)

    def clear_marks(self) -> None:
        """Take all marks away."""
        self._binder.clear_marks()
        for editor in self._rows().values():
            editor.clear_marks()

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read."""
        self._binder.set_read_only(read_only)
        for editor in self._rows().values():
            editor.set_read_only(read_only)

    def take_focus(self) -> None:
        """Begin at the first name."""
        self.first_name_edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.first_name_edit.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc and Enter go back to the list."""
        if is_enter(event) or (event.key() == Qt.Key.Key_Escape and not event.modifiers()):
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """A soft card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.token("line")))
        painter.setBrush(theme.token("alternate"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _rows(self) -> dict[str, PhoneRows | EmailRows]:
        return {"phones": self._phones, "emails": self._emails}
