"""The head of a client's page: who it is, what to know before dialling, and what needs attention. It never scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio_desktop.domain import addresses
from studio_desktop.domain.completeness import still_to_ask
from studio_desktop.domain.dates import PartialDate, is_overdue
from studio_desktop.domain.names import full_name
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import AddressRow, ClientRecord, ClientType, Stage
from studio_desktop.ui import theme
from studio_desktop.ui.alike import balance_in_words, reasons_in_words
from studio_desktop.ui.client_window.contact_links import dial_link, mail_link, map_link
from studio_desktop.ui.client_window.header_editor import HeaderEditor
from studio_desktop.ui.client_window.record_form import RecordForm
from studio_desktop.ui.form import tab_after
from studio_desktop.ui.presence import present_in_short, present_in_words
from studio_desktop.ui.widgets.buttons import BarButton
from studio_desktop.ui.widgets.call_warning import CallWarning
from studio_desktop.ui.widgets.flowing_columns import room_in
from studio_desktop.ui.widgets.links import FactLink, LightLink
from studio_desktop.ui.widgets.marks import Badge, Picture
from studio_desktop.ui.widgets.panels import Hairline, Panel
from studio_desktop.ui.widgets.photo import PhotoButton
from studio_desktop.ui.widgets.plain_label import PlainLabel, as_tip
from studio_desktop.ui.widgets.ticks import TickBox

if TYPE_CHECKING:
    from studio_desktop.services.clients import OpenClient
    from studio_desktop.services.duplicates import Pair
    from studio_desktop.services.presence import Present
    from studio_desktop.ui.page import Shell

HEIGHT = 108
"""Pixels at 100 % while nothing is edited."""

_MOST_OF_PAGE = 0.7  # that the fields may cover
_NUMBER = 216  # a long number with country code and extension; what it is called gives way to it

STATUS, NOTES, NAME, ADDRESS, EMAIL = "status", "notes", "name", "address", "email"
DUPLICATES, SUMMARY = "duplicates", "summary"
"""Where the lights and gaps of the header lead."""


class ClientHeader(Panel):
    """Shows the record, and edits its names, addresses, phones and e-mails in place."""

    link_wanted = Signal(str)
    """Something is to be opened outside: tel:, mailto:, https:."""
    sms_ticked = Signal(str, bool)
    """A phone, by its uid, shall take text messages or no longer."""
    place_wanted = Signal(str)
    """A light was pressed: one of the places above."""
    edit_wanted = Signal()
    edited = Signal()
    """A person changed one of the fields."""
    done = Signal()
    """Nobody wants to type in the fields any more."""

    def __init__(self, shell: Shell, parent: QWidget) -> None:
        super().__init__(parent, "base", "")
        self._shell = shell
        self._opened: OpenClient | None = None
        self._editor: HeaderEditor | None = None
        self._area: _EditorArea | None = None
        self._alike: Sequence[Pair] = ()
        self._others: Sequence[Present] = ()
        self.view = _View(shell, self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.view)
        self.view.edit_button.clicked.connect(self.edit_wanted)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def editor(self) -> HeaderEditor:
        """The fields, made when somebody needs them first: most clients are opened to be read."""
        if self._editor is None:
            made = self._editor = HeaderEditor(self._shell, self)
            self._area = _EditorArea(made, self)
            self._area.hide()
            self._column.addWidget(self._area)
            tab_after(self.view, made)
            if self._opened is not None:
                self._show_fields(made, self._opened, frozenset())
            made.form.edited.connect(lambda _: self.edited.emit())
            made.done.connect(self.done)
        return self._editor

    @property
    def form(self) -> RecordForm | None:
        """What edits the fields; None as long as nobody needed them."""
        return self._editor.form if self._editor is not None else None

    @property
    def editing(self) -> bool:
        """Whether the fields are shown instead of the facts."""
        return self._area is not None and not self._area.isHidden()

    def set_editing(self, editing: bool) -> None:
        """Show the fields, or the facts."""
        if editing:
            self.editor.show()
        if self._area is not None:
            self._area.setVisible(editing)
            self.view.setVisible(not editing)

    def show_client(self, opened: OpenClient, keep: frozenset[str]) -> None:
        """Show the facts of this client as saved, and the fields but for those in `keep`."""
        self._opened = opened
        if self._editor is not None:
            self._show_fields(self._editor, opened, keep)
        self.view.clear()
        self._show_view(opened)

    def _show_view(self, opened: OpenClient) -> None:
        record, may_change = opened.record, self._shell.services.desk.may(Permission.CHANGE_CLIENTS)
        self._show_name(opened, may_change)
        self._show_facts(record)
        self.view.warning.show_text(record.call_warning)
        self._show_phones(record, may_change=may_change and not opened.deleted)
        self._show_lights(opened)
        self.view.settle()
        self.view.edit_button.setVisible(may_change and not opened.deleted and record.stage is not Stage.ARCHIVED)

    def show_duplicates(self, pairs: Sequence[Pair]) -> None:
        """Say that these pairs are probably one person each, with a light that leads to them (B6, B17)."""
        is_new, self._alike = list(pairs) != list(self._alike), pairs
        if is_new and self._opened is not None:
            self.view.clear()
            self._show_view(self._opened)

    def show_present(self, others: Sequence[Present]) -> None:
        """Say who else has this client open: in yellow who is changing it."""
        is_new, self._others = list(others) != list(self._others), others
        if is_new and self._opened is not None:
            self.view.clear()
            self._show_view(self._opened)

    def _show_fields(self, editor: HeaderEditor, opened: OpenClient, keep: frozenset[str]) -> None:
        editor.set_choices(self._shell.choices)
        editor.form.show(opened.record, keep)
        editor.warning.show_text(opened.record.call_warning)

    def _show_name(self, opened: OpenClient, may_change: bool) -> None:
        record, view = opened.record, self.view
        view.photo.show_person(full_name(record.first_name, record.last_name) or record.company, record.image_hash)
        view.photo.set_changeable(may_change and not opened.deleted)
        view.name_label.setText(shown_name(self._shell, record))
        view.add_badge(record.kind.value.capitalize())
        if opened.deleted:
            view.add_badge(self.tr("Deleted"), "red", "red_soft")
        elif record.stage is not Stage.ACTIVE:
            view.add_badge(record.stage.value.capitalize(), "yellow", "yellow_soft")
        elif not may_change:
            view.add_badge(self.tr("View only"))
        if record.deceased:
            view.add_badge(self.tr("Deceased"), "yellow", "yellow_soft")
        for is_set, text in (
            (record.saturday_only, self.tr("Saturday only")),
            (record.do_not_call, self.tr("Do not call")),
            (record.do_not_market, self.tr("Do not market")),
        ):
            if is_set:
                view.add_badge(text)
        for other in self._others:
            tone = ("yellow", "yellow_soft") if other.is_changing else ("dim", "window")
            view.add_badge(present_in_short(other), *tone, whole=present_in_words(other, self._shell.formats))
        for tag in self._shell.choices["client_tags"]:
            if tag.id in record.tags:
                view.add_tag(tag.text)
        view.number_label.setText(self.tr("No. {number}").format(number=record.number) if record.number else "")
        view.number_label.setToolTip(as_tip(self._since(record)))

    def _since(self, record: ClientRecord) -> str:
        if record.created_at is None:
            return ""
        day = self._shell.formats.day(record.created_at.astimezone().date())
        return self.tr("Here since {day}, added by {who}").format(day=day, who=record.created_by)

    def _show_facts(self, record: ClientRecord) -> None:
        view, formats, today = self.view, self._shell.formats, self._shell.services.desk.clock.today()
        person = full_name(record.first_name, record.last_name)
        if record.client_type is ClientType.BUSINESS and record.company:
            view.set_second_name("person", ", ".join(part for part in (person, record.job_title) if part))
        else:
            view.set_second_name("building", ", ".join(part for part in (record.job_title, record.company) if part))
        address = addresses.current(record.addresses, today)
        if address is not None:
            lines = ", ".join(addresses.postal_lines(address, formats.phone_region))
            link = FactLink(lines, "location", self.tr("Show on the map"), view, filled=True)
            link.clicked.connect(lambda: self.link_wanted.emit(map_link(address, formats.phone_region)))
            view.add_line(link, self._in_force_since(address))
        if record.emails:
            first, *others = record.emails
            link = FactLink(first.address, "mail", self.tr("Write an e-mail"), view)
            link.clicked.connect(lambda: self.link_wanted.emit(mail_link(first.address)))
            more = self.tr("and {count} more").format(count=len(others)) if others else ""
            view.add_line(link, more, ", ".join(row.address for row in others))

    def _in_force_since(self, address: AddressRow) -> str:
        began = address.effective_from
        if began is None:
            return ""
        month = PartialDate(began.month, None, began.year)
        return self.tr("since {month}").format(month=self._shell.formats.partial(month))

    def _show_phones(self, record: ClientRecord, *, may_change: bool) -> None:
        view, formats = self.view, self._shell.formats
        labels = {one.id: one.text for one in self._shell.choices["phone_labels"]}
        room = 3 if record.call_warning else 4
        shown = record.phones if len(record.phones) <= room else record.phones[: room - 1]
        for at, row in enumerate(shown):
            number = formats.phone(row.typed, row.e164, row.extension)
            link = FactLink(number, "call", self.tr("Dial"), view, strong=at == 0)
            link.clicked.connect(lambda _=False, row=row: self.link_wanted.emit(dial_link(row)))
            tick = TickBox(self.tr("SMS"), view)
            tick.setChecked(row.sms)
            tick.setEnabled(may_change)
            tick.setFont(theme.font(theme.SMALL))
            tick.setAccessibleName(self.tr("Text messages to {number}").format(number=number))
            tick.toggled.connect(lambda on, uid=row.uid: self.sms_ticked.emit(uid, on))
            view.add_phone(labels.get(row.label_id or 0, ""), link, tick)
        if len(shown) < len(record.phones):
            others = ", ".join(formats.phone(one.typed, one.e164, one.extension) for one in record.phones[len(shown) :])
            count = len(record.phones) - len(shown)
            view.add_more_phones(self.tr("and {count} more (F2)").format(count=count), others)

    def _show_lights(self, opened: OpenClient) -> None:
        """S3-41, B6: red is to be acted on, yellow to be known; each says its cause and leads to it."""
        record, formats, today = opened.record, self._shell.formats, self._shell.services.desk.clock.today()
        if record.status_id is not None and is_overdue(record.status_due_on, today):
            assert record.status_due_on is not None
            since = self.tr("{status}, due {day}").format(
                status=opened.status, day=formats.day(record.status_due_on, today)
            )
            self._add_light(LightLink("red", self.tr("Status overdue"), since, STATUS, self.view))
        for kind, word, amount in balance_in_words(opened.balance, formats):
            self._add_light(LightLink(kind, word, amount, SUMMARY, self.view))
        if opened.status_alert:
            self._add_light(LightLink("yellow", opened.status_alert, opened.status, STATUS, self.view))
        if opened.alerts:
            many = self.tr("{count} notes to look at").format(count=opened.alerts)
            words = self.tr("Note to look at") if opened.alerts == 1 else many
            self._add_light(LightLink("yellow", words, "", NOTES, self.view))
        coming = addresses.coming(record.addresses, today)
        if coming is not None and coming.effective_from is not None:
            day = self.tr("from {day}").format(day=formats.day(coming.effective_from, today))
            place = ", ".join(part for part in (coming.line1, coming.town) if part)
            self._add_light(LightLink("yellow", self.tr("New address"), f"{day}: {place}", ADDRESS, self.view))
        if self._alike:
            self._show_alike(self._alike)
        missing = still_to_ask(record)
        if missing:
            self.view.set_missing(self.tr("Still to ask: {facts}").format(facts=", ".join(missing)))

    def _show_alike(self, pairs: Sequence[Pair]) -> None:
        other, why = pairs[0].other, reasons_in_words(pairs[0].likeness)
        name = self._shell.formats.name(other.last_name, other.first_name, other.company) or other.number
        many = self.tr("{count} possible duplicates").format(count=len(pairs))
        words = self.tr("Possible duplicate") if len(pairs) == 1 else many
        self._add_light(LightLink("yellow", words, f"{name}: {why}", DUPLICATES, self.view))

    def _add_light(self, light: LightLink) -> None:
        light.asked.connect(self.place_wanted)
        self.view.add_light(light)


class _EditorArea(QScrollArea):
    """As high as the fields; of a low page it leaves a part, and scrolls them."""

    def __init__(self, editor: HeaderEditor, header: ClientHeader) -> None:
        super().__init__(header)
        self._fields, self._header = editor, header
        self.setWidget(editor)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        editor.setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        page = self._header.parentWidget()
        most = round(page.height() * _MOST_OF_PAGE) if page is not None else 0
        wanted = self._fields.minimumSizeHint().height()
        return QSize(theme.scaled(600), min(wanted, max(most, theme.scaled(HEIGHT))))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scaled(300), self.sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_asked = watched is self._fields and event.type() == QEvent.Type.LayoutRequest
        if is_asked and shiboken6.isValid(self._fields.columns):  # what goes tells its area so
            self._fields.fit_into(room_in(self))
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fields.fit_into(room_in(self))
        self.updateGeometry()
        super().resizeEvent(event)


def shown_name(shell: Shell, record: ClientRecord) -> str:
    """What the client is called: a business by its company, a person in the studio's name order (S2-03, S2-04)."""
    if record.client_type is ClientType.BUSINESS and record.company:
        return record.company
    name = shell.formats.name(record.last_name, record.first_name, record.company)
    return name or (record.emails[0].address if record.emails else record.number)


class _View(QWidget):
    """The facts, laid out; what is added goes with `clear`."""

    def __init__(self, shell: Shell, parent: QWidget) -> None:
        super().__init__(parent)
        self._made: list[QWidget] = []
        self._phone_rows = 0
        self.photo = PhotoButton(shell, theme.scaled(92), self)
        self.name_label = PlainLabel("", self, px=theme.NAME, strong=True, elided=True)
        self.number_label = PlainLabel("", self, tone="dim", px=theme.SMALL)
        self.warning = CallWarning(self)
        self.edit_button = BarButton("edit", "", self.tr("Edit name, address and phones (F2)"), self)
        self._names = _Names(self.name_label, self.number_label, self)
        self._missing = PlainLabel("", self, tone="dim", px=theme.SMALL, elided=True)
        self._middle, self._right = QWidget(self), QWidget(self)
        self._lay_out()
        self._fit()

    def clear(self) -> None:
        for widget in self._made:
            widget.hide()
            widget.deleteLater()
        self._made.clear()
        self._names.clear()
        self._phone_rows = 0
        self._missing.setText("")

    def add_badge(self, text: str, tone: str = "dim", ground: str = "window", *, whole: str = "") -> None:
        """`whole` says more than there is room for: to whoever points at it, and to a screen reader."""
        badge = Badge(text, self._names, tone=tone, ground=ground)
        if whole:
            badge.setAccessibleName(whole)
            badge.setToolTip(as_tip(whole))
        self._names.add_badge(badge)
        self._made.append(badge)

    def add_tag(self, text: str) -> None:
        tag = Badge(text, self._names, tone="link", ground="accent_soft")
        self._names.add_tag(tag)
        self._made.append(tag)

    def set_second_name(self, icon: str, text: str) -> None:
        if text:
            row = self._row_of(Picture(icon, parent=self), PlainLabel(text, self, elided=True))
            row.setAccessibleName(text)
            row.setParent(self._names)
            self._names.set_tail(row)
            self._made.append(row)

    def settle(self) -> None:
        """All is added; give everything its place, for the eye and for Tab."""
        # A column with nothing in it gives its room to the address and the e-mail.
        has_lights = self._lights.count() > _WITHOUT_LIGHTS or bool(self._missing.text())
        for part in (self._right, self._before_right):
            part.setVisible(has_lights)
        self._names.flow()
        self._give_phones_room()
        tab_after(self, self.photo, *self._made, self.edit_button)

    def add_line(self, link: FactLink, aside: str, tip: str = "") -> None:
        words = PlainLabel(aside, self, tone="dim", px=theme.SMALL)
        words.setToolTip(as_tip(tip))
        row = self._row_of(link, words)
        self._facts.addWidget(row)
        self._made.append(row)

    def add_phone(self, label: str, link: FactLink, sms: QWidget) -> None:
        name = PlainLabel(label, self._middle, tone="dim", elided=True)
        link.keep_whole(_NUMBER)
        for column, widget in enumerate((name, link, sms)):
            self._phones.addWidget(widget, self._phone_rows, column, Qt.AlignmentFlag.AlignLeft)
            widget.show()  # a layout counts only what is shown, and its page may be shown later
            self._made.append(widget)
        self._phone_rows += 1

    def add_more_phones(self, text: str, tip: str) -> None:
        label = PlainLabel(text, self._middle, tone="dim", px=theme.SMALL)
        label.setToolTip(as_tip(tip))
        self._phones.addWidget(label, self._phone_rows, 1)
        self._made.append(label)

    def add_light(self, light: QWidget) -> None:
        self._lights.insertWidget(self._lights.count() - 2, light)
        self._made.append(light)

    def set_missing(self, text: str) -> None:
        self._missing.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _row_of(self, first: QWidget, second: QWidget) -> QWidget:
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(first)
        row.addWidget(second)
        row.addStretch(1)
        return holder

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, _EDGE, 8, _EDGE)
        row.setSpacing(12)
        row.addWidget(self.photo)
        who = QVBoxLayout()
        row.addLayout(who, 3)
        who.setSpacing(2)
        who.addWidget(self._names)
        self._facts = QVBoxLayout()
        who.addLayout(self._facts)
        self._facts.setSpacing(0)
        who.addStretch(1)
        phones = QVBoxLayout(self._middle)
        _bare(phones)
        phones.setSpacing(_BELOW_WARNING)
        phones.addWidget(self.warning)
        self._phones = QGridLayout()
        phones.addLayout(self._phones)
        self._phones.setHorizontalSpacing(10)
        self._phones.setVerticalSpacing(0)
        self._phones.setColumnStretch(1, 1)
        phones.addStretch(1)
        self._lights = QVBoxLayout(self._right)
        _bare(self._lights)
        self._lights.setSpacing(2)
        self._lights.addStretch(1)
        self._lights.addWidget(self._missing)
        row.addWidget(Hairline(self, vertical=True, inset=4))
        row.addWidget(self._middle)
        self._before_right = Hairline(self, vertical=True, inset=4)
        row.addWidget(self._before_right)
        row.addWidget(self._right, 2)
        row.addWidget(self.edit_button, 0, Qt.AlignmentFlag.AlignTop)

    def _fit(self) -> None:
        self.photo.setFixedSize(theme.scaled(92), theme.scaled(92))
        self._give_phones_room()
        self._right.setMinimumWidth(theme.scaled(150))
        self._right.setMaximumWidth(theme.scaled(276))
        self._phones.setColumnMinimumWidth(0, theme.scaled(52))

    def _give_phones_room(self) -> None:
        """As much as makes the warning wide enough, and every number whole."""
        self._middle.setFixedWidth(max(theme.scaled(304), self._phones.minimumSize().width()))
        warning = self.warning.sizeHint().height() + _BELOW_WARNING if self.warning.isVisibleTo(self) else 0
        needed = 2 * _EDGE + warning + self._phone_rows * theme.scaled(_LEAST_LINE)
        self.setFixedHeight(max(theme.scaled(HEIGHT), needed))


_WITHOUT_LIGHTS = 2  # items in their column: a stretch, and the line of what is missing
_EDGE = 8
_BELOW_WARNING = 3
_LEAST_LINE = 17  # of a phone, in pixels at 100 %
_LEAST_TAIL = 48  # pixels at 100 %: fewer say nothing of a name


class _Names(QWidget):
    """The name with its badges, and below it the second name; badges without room go down, before that.

    Number and tags come last, as many as find room: all of them stand on the tabs. What else has none is in the tip.
    """

    def __init__(self, name: PlainLabel, number: PlainLabel, parent: QWidget) -> None:
        super().__init__(parent)
        self._name, self._number = name, number
        self._badges: list[QWidget] = []
        self._tags: list[QWidget] = []
        self._tail: QWidget | None = None
        for label in (name, number):
            label.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def clear(self) -> None:
        self._badges.clear()
        self._tags.clear()
        self._tail = None

    def add_badge(self, badge: QWidget) -> None:
        self._badges.append(badge)
        badge.show()

    def add_tag(self, tag: QWidget) -> None:
        self._tags.append(tag)

    def set_tail(self, tail: QWidget) -> None:
        self._tail = tail
        tail.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.flow()

    def flow(self) -> None:
        first, second = theme.scaled(26), theme.scaled(20)
        width = min(self._name.sizeHint().width(), self.width())
        self._name.setGeometry(0, 0, width, first)
        x, down = width + 8, False
        badges = self._badges
        if sum(badge.sizeHint().width() + 6 for badge in badges) > self.width():
            badges = [*badges[1:], *badges[:1]]  # what it is matters less than what must not be done
        left_out = []
        for part in (*badges, self._number, *self._tags):
            size = part.sizeHint()
            if part is self._number and self._takes_the_tails_room(x, down):
                part.hide()
                left_out.append(self._number.text())
                continue
            if not down and x + size.width() > self.width() and not (part in self._tags and self._tail is not None):
                x, down = 0, True
            part.setVisible(x + size.width() <= self.width())
            if x + size.width() > self.width():
                left_out.append(part.accessibleName() or self._number.text())
                continue
            top = first + (second - size.height()) // 2 if down else (first - size.height()) // 2 + 1
            part.setGeometry(x, top, size.width(), size.height())
            x += size.width() + 6
        if self._tail is not None:
            left = x + 2 if down else 0
            self._tail.setVisible(self.width() - left >= theme.scaled(_LEAST_TAIL))
            if self._tail.isHidden():
                left_out.append(self._tail.accessibleName())
            self._tail.setGeometry(left, first, max(self.width() - left, 0), second)
        self.setToolTip(as_tip(" · ".join(filter(None, left_out))))
        self.setFixedHeight(first + (second if down or self._tail is not None else 0))

    def _takes_the_tails_room(self, x: int, down: bool) -> bool:
        """Whether the number would have the second name cut, which tells more."""
        used = self._number.sizeHint().width() + 8
        if self._tail is None or (not down and x + used <= self.width()):
            return False
        return (x if down else 0) + used + self._tail.sizeHint().width() > self.width()


def _bare(layout: QLayout) -> None:
    layout.setContentsMargins(0, 0, 0, 0)
