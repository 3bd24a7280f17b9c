"""Consent on the screen: the fields of one answer, and the panel with what a client agreed to so far (D11, S4-25)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studio_desktop.domain.errors import InvalidFields, InvalidInput, StudioError
from studio_desktop.domain.records.consents import PURPOSES, Answer, Channel, ConsentRecord, Purpose
from studio_desktop.services import new_request
from studio_desktop.ui import theme
from studio_desktop.ui.binder import FormBinder
from studio_desktop.ui.form import dress_form
from studio_desktop.ui.widgets.buttons import FlatButton
from studio_desktop.ui.widgets.combo_box import ComboBox
from studio_desktop.ui.widgets.enter import is_enter
from studio_desktop.ui.widgets.panels import SectionHeading
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.plain_list import ROW, Line, PlainList

if TYPE_CHECKING:
    from studio_desktop.services import Saved
    from studio_desktop.ui.page import Shell


class ConsentForm(QWidget):
    """What the client answered, how and to which words: in one row, or as a block with the purpose."""

    def __init__(self, shell: Shell, parent: QWidget, *, in_a_row: bool = False) -> None:
        super().__init__(parent)
        self.answer_combo, self.way_combo = ComboBox(self), ComboBox(self)
        self.answer_combo.setObjectName("answer_combo")
        self.way_combo.setObjectName("way_combo")
        self.purpose_combo: QComboBox | None = None
        self.wording_edit = QLineEdit(self)
        self.wording_edit.setObjectName("wording_edit")
        self.wording_edit.setPlaceholderText(_tr("The words the client was asked in"))
        if in_a_row:
            self._lay_out_row()
        else:
            self.purpose_combo = ComboBox(self)
            self.purpose_combo.setObjectName("purpose_combo")
            self._lay_out_block(self.purpose_combo)
        dress_form(self)
        self._record = ConsentRecord()
        self._binder: FormBinder[ConsentRecord] = FormBinder(
            self, ConsentRecord, shell.formats, shell.services.desk.clock.today
        )
        self.edited = self._binder.edited
        self.ask_about(Channel.DATA)

    def ask_about(self, channel: Channel) -> None:
        """Begin an answer about this channel."""
        purposes = PURPOSES[channel]
        self._record = ConsentRecord(channel=channel, purpose=purposes[0])
        if self.purpose_combo is not None:
            self._binder.set_choices("purpose", [(one, one.capitalize(), "") for one in purposes], None)
            self.purpose_combo.setEnabled(len(purposes) > 1)
        self._binder.fill(self._record)

    @property
    def channel(self) -> Channel:
        """What the client is asked about."""
        return self._record.channel

    def is_begun(self) -> bool:
        """Whether anything was chosen or typed."""
        return self._binder.modified(self._record)

    def read(self) -> ConsentRecord:
        """The answer as it stands. Raises `InvalidFields`."""
        return self._binder.read(self._record)

    def mark(self, error: InvalidInput) -> str:
        """Show faults at their fields; gives the sentences of others."""
        return self._binder.mark(error)

    def texts(self) -> dict[str, Any]:
        """What stands here and what it is about (JSON)."""
        return {"channel": self._record.channel.value, **self._binder.texts()}

    def restore(self, texts: Mapping[str, Any]) -> None:
        """Bring back what `texts` gave."""
        self.ask_about(Channel(texts["channel"]))
        self._binder.restore({name: text for name, text in texts.items() if name != "channel"})

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read."""
        self._binder.set_read_only(read_only)

    def _lay_out_row(self) -> None:
        self.answer_combo.setAccessibleName(_tr("Consent to keep data"))
        self.way_combo.setAccessibleName(_tr("How the client was asked"))
        self.wording_edit.setAccessibleName(_tr("Wording"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        label = PlainLabel(_tr("Keeping data a&greed"), self)
        label.setBuddy(self.answer_combo)
        for widget in (label, self.answer_combo, self.way_combo):
            row.addWidget(widget)
        row.addWidget(self.wording_edit, 1)

    def _lay_out_block(self, purpose: QComboBox) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        places = (
            (_tr("Ans&wer"), self.answer_combo, 0, 0, 1), (_tr("H&ow"), self.way_combo, 0, 2, 1),
            (_tr("Fo&r"), purpose, 1, 0, 1), (_tr("Wor&ding"), self.wording_edit, 2, 0, 3),
        )  # fmt: skip
        for text, field, row, column, span in places:
            label = PlainLabel(text, self)
            label.setBuddy(field)
            grid.addWidget(label, row, column)
            grid.addWidget(field, row, column + 1, 1, span)


CONSENT_WIDTH = 380
"""Pixels at 100 % that the panel is wide."""


class ConsentPanel(QWidget):
    """One line for each channel with the answer that holds; below it the next answer, and those before."""

    def __init__(self, shell: Shell, client_id: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._shell = shell
        self._client_id = client_id
        self._answers: list[ConsentRecord] = []
        self._request = ""
        self.heading = SectionHeading(self, _tr("Co&nsent"))
        self.list = PlainList(self)
        self.list.setAccessibleName(_tr("Consent by channel"))
        self.heading.set_buddy(self.list)
        self.form = ConsentForm(shell, self)
        self.record_button = FlatButton(_tr("Record &answer"), self, compact=True)
        self.before = PlainList(self)
        self.before.set_tall(True)
        self.before.setAccessibleName(_tr("All answers, newest first"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.heading)
        column.addWidget(self.list, 1)
        column.addWidget(self.form)
        column.addWidget(self.record_button, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.before, 1)
        self._fit()
        self.list.current_changed.connect(self._another_is_chosen)
        self.list.taken.connect(lambda _: self.form.answer_combo.setFocus(Qt.FocusReason.OtherFocusReason))
        self.record_button.clicked.connect(self.record)

    def read(self) -> None:
        """Read the client's answers."""
        consents, client_id = self._shell.services.consents, self._client_id
        self._shell.tasks.latest(self, "consents", lambda: consents.of_client(client_id), self._show)

    def record(self) -> None:
        """Keep the answer that stands in the fields."""
        self.save(lambda: None, self._refused)

    def save(self, done: Callable[[], None], failed: Callable[[StudioError], None]) -> None:
        """As `record`, for the page; then call one of the two. Nothing happens while one is on its way."""
        if self._request:
            return
        try:
            answer = self.form.read()
        except InvalidFields as unclean:
            failed(unclean)
            return
        consents, client_id = self._shell.services.consents, self._client_id
        request = self._request = new_request()

        def saved(kept: Saved[None]) -> None:
            self.form.ask_about(answer.channel)
            said = _tr("Consent to {channel}: {answer}").format(channel=answer.channel, answer=answer.answer)
            self._shell.saved(said, kept.changes, undoable=False)
            self.read()
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            done()

        self._shell.tasks.run(
            self, lambda: consents.record(client_id, (answer,), request), saved, failed, always=self._free
        )

    def texts(self) -> Any:
        """What stands in the fields and is not recorded (JSON); None for nothing."""
        return self.form.texts() if self.form.is_begun() else None

    def restore(self, texts: Any) -> None:
        """Bring back what `texts` gave."""
        self.form.restore(texts)

    def forget(self) -> None:
        """Leave out what stands in the fields."""
        self.form.ask_about(self.form.channel)

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read."""
        self.form.set_read_only(read_only)
        self.record_button.setEnabled(not read_only)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "before"):
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field records the answer."""
        if is_enter(event):
            self.record()
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        self.setFixedWidth(theme.scaled(CONSENT_WIDTH))
        self.list.setMinimumHeight(theme.row_height(ROW) * len(PURPOSES) + 4)

    def _free(self) -> None:
        self._request = ""

    def _refused(self, error: StudioError) -> None:
        unshown = self.form.mark(error) if isinstance(error, InvalidInput) else str(error)
        if unshown:
            self._shell.failed(error)

    def _show(self, answers: list[ConsentRecord]) -> None:
        self._answers = answers
        newest: dict[tuple[Channel, Purpose], ConsentRecord] = {}
        for one in reversed(answers):
            newest[one.channel, one.purpose] = one
        places = [
            (channel, purpose)
            for channel, purposes in PURPOSES.items()
            for purpose in purposes
            if purpose is purposes[0] or (channel, purpose) in newest
        ]
        self.list.show_lines([self._line(place, newest.get(place)) for place in places])
        if self.list.current() is None:
            self.list.choose_first()
        self._show_before()

    def _line(self, place: tuple[Channel, Purpose], holds: ConsentRecord | None) -> Line:
        channel, purpose = place
        text = f"{channel.capitalize()} · {purpose}"
        if holds is None:
            return Line(place, text, _tr("nothing recorded"), faint=True)
        return Line(place, text, _answered(holds))

    def _past(self, answer: ConsentRecord) -> Line:
        """What was answered and how; below it when, who recorded it, and to which words."""
        assert answer.at is not None
        day = self._shell.formats.instant(answer.at, self._shell.services.desk.clock.today())
        words = f"“{answer.wording}”" if answer.wording else ""
        told = ", ".join(part for part in (day, answer.by, words) if part)
        return Line(answer.id, _answered(answer).capitalize(), second=told)

    def _another_is_chosen(self) -> None:
        chosen = self.list.current()
        if chosen is not None and not self.form.is_begun():
            self.form.ask_about(chosen.value[0])
        self._show_before()

    def _show_before(self) -> None:
        chosen = self.list.current()
        told = [one for one in self._answers if chosen is not None and (one.channel, one.purpose) == chosen.value]
        self.before.show_lines([self._past(one) for one in told])


def _answered(answer: ConsentRecord) -> str:
    way = "" if answer.answer is Answer.NOT_ASKED else answer.way
    return ", ".join(part for part in (answer.answer, way) if part)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Consent", text)

