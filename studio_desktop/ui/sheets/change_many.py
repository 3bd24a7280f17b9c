"""One field of the ticked clients: chosen, given a new value, and seen before it is changed; one Undo takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio_desktop.domain.errors import InvalidInput, StudioError
from studio_desktop.domain.fields import FieldSpec, Kind
from studio_desktop.services import new_request
from studio_desktop.services.batch_changes import Preview, changeable
from studio_desktop.ui import theme
from studio_desktop.ui.form import dress_form
from studio_desktop.ui.page import Sheet, Shell
from studio_desktop.ui.widgets.buttons import PrimaryButton
from studio_desktop.ui.widgets.combo_box import ComboBox
from studio_desktop.ui.widgets.date_edit import DateEdit
from studio_desktop.ui.widgets.note_edit import NoteEdit
from studio_desktop.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from studio_desktop.services import Saved


class ChangeManySheet(Sheet):
    """The field at the left, its new value beside it, below what it would do; Ctrl+Enter changes."""

    name = "change_many"

    def __init__(self, shell: Shell, client_ids: Sequence[int] = (), parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self._ids = list(client_ids) or shell.chosen_clients()
        self._fields = changeable()
        self._request = new_request()
        self._is_saving = False
        self._soon = QTimer(self, singleShot=True, interval=_PREVIEW_AFTER)
        self._build()
        self._soon.timeout.connect(self._read)
        self._show_editor()

    def title(self) -> str:
        """Whose field."""
        return self.tr("Change many: {clients}").format(clients=self._clients(len(self._ids)))

    def finish(self) -> None:
        """Change them."""
        if self._is_saving or not self._ids:
            return
        try:
            value = self._value()
        except InvalidInput as fault:
            self._refuse(fault)
            return
        services, ids, field, request = self.shell.services, tuple(self._ids), self._field().name, self._request
        self._is_saving = True
        self.apply_button.setEnabled(False)
        self.shell.tasks.run(
            self,
            lambda: services.batch.change(ids, field, value, request),
            self._done,
            self._refuse,
            always=self._end_saving,
        )

    def state(self) -> dict[str, Any]:
        """Whom, which field, and what was typed."""
        texts = {"text": self.text_edit.text(), "memo": self.memo_edit.toPlainText(), "day": self.day_edit.text()}
        chosen = self.choice_combo.currentIndex()
        if not any(texts.values()) and chosen <= 0 and self.field_combo.currentIndex() == 0:
            return {}
        return {"ids": self._ids, "field": self._field().name, "choice": chosen, **texts}

    def restore(self, state: dict[str, Any]) -> None:
        """Bring it back."""
        if state:
            self._ids = list(state["ids"])
            self.field_combo.setCurrentIndex(max(self.field_combo.findData(state["field"]), 0))
            self._show_editor()
            self.text_edit.setText(state["text"])
            self.memo_edit.setPlainText(state["memo"])
            self.day_edit.setText(state["day"])
            self.choice_combo.setCurrentIndex(state["choice"])

    def take_focus(self) -> None:
        """Into the choice of the field."""
        self.field_combo.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        self.field_combo = ComboBox(self)
        for name, spec in self._fields.items():
            self.field_combo.addItem(spec.label, name)
        self.text_edit, self.memo_edit = QLineEdit(self), NoteEdit(self)
        self.choice_combo, self.day_edit = ComboBox(self), DateEdit(self)
        self.memo_edit.setTabChangesFocus(True)
        self.day_edit.use(self.shell.formats, self.shell.services.desk.clock.today)
        self.editors = QStackedWidget(self)
        for editor in (self.text_edit, self.memo_edit, self.choice_combo, self.day_edit):
            editor.setAccessibleName(self.tr("New value"))
            page = QWidget(self.editors)
            box = QVBoxLayout(page)
            box.setContentsMargins(0, 0, 0, 0)
            box.addWidget(editor)
            if editor is not self.memo_edit:
                box.addStretch(1)
            self.editors.addWidget(page)
        field_label, value_label = PlainLabel(self.tr("&Field"), self), PlainLabel(self.tr("New &value"), self)
        field_label.setBuddy(self.field_combo)
        value_label.setBuddy(self.text_edit)
        self.preview_label = PlainLabel("", self)
        self.preview_label.setWordWrap(True)
        self.apply_button = PrimaryButton(self.tr("C&hange"), self)
        self.apply_button.setEnabled(False)
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 8, 16, 12)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        grid.addWidget(field_label, 0, 0)
        grid.addWidget(value_label, 0, 1)
        grid.addWidget(self.field_combo, 1, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.editors, 1, 1)
        grid.addWidget(self.preview_label, 2, 0, 1, 3)
        foot = QHBoxLayout()
        grid.addLayout(foot, 3, 0, 1, 3)
        foot.addWidget(self.apply_button)
        foot.addStretch(1)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(4, 1)
        self.editors.setFixedWidth(theme.scaled(_VALUE_WIDTH))
        self.editors.setMaximumHeight(theme.scaled(_VALUE_HEIGHT))
        self.field_combo.setMinimumWidth(theme.scaled(_FIELD_WIDTH))
        self._value_label = value_label
        dress_form(self)
        for before, after in ((self.field_combo, self.text_edit), (self.text_edit, self.memo_edit),
                              (self.memo_edit, self.choice_combo), (self.choice_combo, self.day_edit),
                              (self.day_edit, self.apply_button)):  # fmt: skip
            QWidget.setTabOrder(before, after)
        self.field_combo.currentIndexChanged.connect(lambda _: self._show_editor())
        self.text_edit.textChanged.connect(lambda _: self._typed())
        self.memo_edit.textChanged.connect(self._typed)
        self.memo_edit.not_pasted.connect(self._tell_no_room)
        self.choice_combo.currentIndexChanged.connect(lambda _: self._typed())
        self.day_edit.textChanged.connect(lambda _: self._typed())
        self.apply_button.clicked.connect(self.finish)

    def _field(self) -> FieldSpec:
        return self._fields[self.field_combo.currentData()]

    def _show_editor(self) -> None:
        """The editor of the field's kind, with nothing typed."""
        spec = self._field()
        at = {Kind.NOTE: 1, Kind.FLAG: 2, Kind.CHOICE: 2, Kind.REFERENCE: 2, Kind.DAY: 3}.get(spec.kind, 0)
        self.editors.setCurrentIndex(at)
        self._value_label.setBuddy((self.text_edit, self.memo_edit, self.choice_combo, self.day_edit)[at])
        self.memo_edit.set_limit(spec.limit)
        for editor in (self.text_edit, self.memo_edit, self.day_edit):
            editor.clear()
        self.choice_combo.clear()
        for words, value in self._choices(spec):
            self.choice_combo.addItem(words, value)
        self._typed()

    def _choices(self, spec: FieldSpec) -> list[tuple[str, Any]]:
        if spec.kind is Kind.FLAG:
            return [(self.tr("Yes"), True), (self.tr("No"), False)]
        if spec.kind is Kind.CHOICE:
            return [(one.value.capitalize(), one.value) for one in spec.of]
        if spec.kind is Kind.REFERENCE:
            offered = [(one.text, one.id) for one in self.shell.choices[spec.of] if not one.inactive]
            return [*offered, (self.tr("None"), None)]
        return []

    def _value(self) -> Any:
        kind = self._field().kind
        if kind in (Kind.FLAG, Kind.CHOICE, Kind.REFERENCE):
            return self.choice_combo.currentData()
        if kind is Kind.DAY:
            day: date | None = self.day_edit.day()
            return day
        return self.memo_edit.toPlainText() if kind is Kind.NOTE else self.text_edit.text()

    def _typed(self) -> None:
        """Something else is meant than what a request was made for."""
        self._request = new_request()
        self.apply_button.setEnabled(False)
        self._soon.start()

    def _read(self) -> None:
        try:
            value = self._value()
        except InvalidInput as fault:
            self._refuse(fault)
            return
        services, ids, field = self.shell.services, tuple(self._ids), self._field().name
        self.shell.tasks.latest(
            self, "preview", lambda: services.batch.preview(ids, field, value), self._tell, self._refuse
        )

    def _tell(self, preview: Preview) -> None:
        number = self.shell.formats.number
        said = [self.tr("{count} change").format(count=number(preview.changed))]
        if preview.same:
            many = self.tr("{count} have this value already").format(count=number(preview.same))
            said.append(self.tr("1 has this value already") if preview.same == 1 else many)
        if preview.gone:
            said.append(self.tr("{count} are deleted meanwhile").format(count=number(preview.gone)))
        self.preview_label.set_look(tone="text")
        self.preview_label.setText(" · ".join(said) + self.tr(". Undo takes it back."))
        self.apply_button.setText(self.tr("C&hange {count}").format(count=number(preview.changed)))
        self.apply_button.setEnabled(preview.changed > 0 and not self._is_saving)

    def _tell_no_room(self, pasted: int) -> None:
        number, limit = self.shell.formats.number, self._field().limit
        sentence = self.tr("{pasted} characters were not pasted: there is room for {limit}. Paste fewer.")
        self._refuse(InvalidInput(sentence, pasted=number(pasted), limit=number(limit)))

    def _refuse(self, error: StudioError) -> None:
        self.apply_button.setEnabled(False)
        self.preview_label.set_look(tone="red")
        self.preview_label.setText(str(error))

    def _clients(self, count: int) -> str:
        many = self.tr("{count} clients").format(count=self.shell.formats.number(count))
        return self.tr("1 client") if count == 1 else many

    def _end_saving(self) -> None:
        self._is_saving = False

    def _done(self, saved: Saved[int]) -> None:
        label, clients = self._field().label, self._clients(saved.result)
        if saved.result:
            self.shell.saved(self.tr("{label}: {clients}").format(label=label, clients=clients), saved.changes)
        else:
            self.shell.say(self.tr("Nothing changed."))
        self.finished.emit()


_PREVIEW_AFTER = 200
_FIELD_WIDTH = 240
_VALUE_WIDTH, _VALUE_HEIGHT = 420, 84
