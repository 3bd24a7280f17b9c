"""A few rows of one kind, one line each, as phones and e-mails have: a blank line below takes the next one."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from studio_desktop.domain.errors import InvalidFields, InvalidInput
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.records.clients import EmailRow, PhoneRow
from studio_desktop.ui import theme
from studio_desktop.ui.binder import FormBinder
from studio_desktop.ui.bound_fields import Choices
from studio_desktop.ui.form import dress_form, tab_after
from studio_desktop.ui.widgets.buttons import BarButton
from studio_desktop.ui.widgets.combo_box import ComboBox
from studio_desktop.ui.widgets.phone_edit import CountryButton, PhoneEdit
from studio_desktop.ui.widgets.ticks import TickBox

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row = TypeVar("Row", bound="DataclassInstance")

Faults = Mapping[str, InvalidInput]
"""Sentences by the path inside the rows: `1.typed` is the field `typed` of the second."""


def new_uid() -> str:
    """What tells a new row apart from all others, at every desk."""
    return str(uuid.uuid4())


def inside(faults: Faults, field: str) -> dict[str, InvalidInput]:
    """The faults of one field, their paths without its name; a fault of the field itself is under ''."""
    return {
        path.removeprefix(field).removeprefix("."): fault
        for path, fault in faults.items()
        if path == field or path.startswith(f"{field}.")
    }


class RowLine(QWidget):
    """One line; its widgets carry the field names of the row."""

    removed = Signal()
    """Somebody took the line away."""

    fact: ClassVar = ""
    """The field without which the row is nothing."""

    binder: FormBinder[Any]
    row: Any

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(4)
        self.remove_button = BarButton("dismiss", "", self.tr("Remove; an emptied line goes, too"), self, tone="dim")
        self.remove_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.remove_button.clicked.connect(self.removed)
        policy = self.remove_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.remove_button.setSizePolicy(policy)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_row(self, row: Any) -> None:
        """Show this row; what is read later is made from it."""
        self.row = row
        self.binder.fill(row)

    def notice_fault(self) -> None:
        """Something is wrong here; offer what mends it."""

    def is_blank(self) -> bool:
        """Whether there is no row here."""
        return not self.text()

    def text(self) -> str:
        """What is typed as its fact, whatever its capitals."""
        found = self.field()
        assert isinstance(found, QLineEdit)
        return found.text().strip().casefold()

    def field(self) -> QWidget:
        """Where its fact is given."""
        found = self.binder.widget(self.fact)
        assert isinstance(found, QWidget)
        return found


class PhoneLine(RowLine):
    """Label, country, number, and whether it takes text messages (S2-10 to 12, S4-36)."""

    fact = "typed"

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.label_combo = ComboBox(self)
        self.label_combo.setObjectName("label_id_combo")
        self.label_combo.setAccessibleName(self.tr("Phone label"))
        self.label_combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.label_combo.setMinimumContentsLength(5)
        number = PhoneEdit(self)
        number.setObjectName("typed_edit")
        number.setAccessibleName(self.tr("Phone"))
        number.setMinimumWidth(theme.scaled(120))
        sms = TickBox(self.tr("SMS"), self)
        sms.setObjectName("sms_check")
        self._line.addWidget(self.label_combo)
        self._line.addWidget(CountryButton(number, self))
        self._line.addWidget(number, 1)
        self._line.addWidget(sms)
        self._line.addWidget(self.remove_button)


class EmailLine(RowLine):
    """An e-mail address (S2-09); once somebody else has it, it can be said that the family shares it (B17)."""

    fact = "address"

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        address = QLineEdit(self)
        address.setObjectName("address_edit")
        address.setAccessibleName(self.tr("E-mail"))
        address.setMinimumWidth(theme.scaled(150))
        self._address = address
        self._shared = TickBox(self.tr("Shared"), self)
        self._shared.setObjectName("shared_check")
        self._shared.setAccessibleName(self.tr("Shared family e-mail"))
        self._shared.setToolTip(self.tr("Others of the family have this address, too"))
        self._shared.toggled.connect(lambda on: self._offer_sharing() if on else None)
        self._shared.hide()
        self._line.addWidget(address, 1)
        self._line.addWidget(self._shared)
        self._line.addWidget(self.remove_button)

    def show_row(self, row: Any) -> None:
        """Show this row; the tick only if it says something."""
        self._shared.hide()
        self._address.setMinimumWidth(theme.scaled(150))
        super().show_row(row)
        if row.shared:
            self._offer_sharing()

    def notice_fault(self) -> None:
        """Perhaps somebody has this address already."""
        self._offer_sharing()

    def _offer_sharing(self) -> None:
        # The tick takes its room from the address, so that the page stays as wide as it is.
        self._address.setMinimumWidth(theme.scaled(80))
        self._shared.show()


class RowsEditor(QWidget, Generic[Row]):
    """Edits a tuple of rows; each keeps its uid, so that two desks' changes of different rows both stand."""

    edited = Signal()

    row_class: ClassVar[type[Any]]
    line_class: ClassVar[type[RowLine]]

    def __init__(
        self, parent: QWidget, formats: Formats, today: Callable[[], date], around: QWidget | None = None
    ) -> None:
        """`around` is what the sentences about faults are shown in."""
        super().__init__(parent)
        self._formats = formats
        self._today = today
        self._around = around or parent
        self._lines: list[RowLine] = []
        self._read_only = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._add(self._blank())

    def show_rows(self, rows: Iterable[Row]) -> None:
        """Show these, in their order, and a blank line."""
        self._show(list(rows))
        self._tidy()

    def rows(self) -> tuple[Row, ...]:
        """The rows as they stand, blank ones left out. Raises `InvalidFields` with paths as `1.typed`."""
        read: list[Row] = []
        faults: dict[str, InvalidInput] = {}
        for at, line in enumerate(self._filled()):
            try:
                read.append(line.binder.read(line.row))
            except InvalidFields as unclean:
                faults |= {f"{at}.{name}": fault for name, fault in unclean.faults.items()}
        if faults:
            raise InvalidFields(faults)
        return tuple(read)

    def texts(self) -> list[dict[str, Any]]:
        """What stands in the lines, half typed or not (JSON)."""
        return [{"uid": line.row.uid, **line.binder.texts()} for line in self._filled()]

    def restore(self, texts: Iterable[Mapping[str, Any]]) -> None:
        """Bring back what `texts` gave; rows shown already keep what else they hold."""
        known = {line.row.uid: line.row for line in self._lines}
        told = list(texts)
        self._show([known.get(one["uid"], self.row_class(uid=one["uid"])) for one in told])
        for line, one in zip(self._lines, told, strict=False):
            line.binder.restore({name: value for name, value in one.items() if name != "uid"})
        self._tidy()

    def mark(self, faults: Faults, *, focus: bool = True) -> bool:
        """Show each fault at its field; whether there was one to show."""
        marked = False
        for at, line in enumerate(self._filled() or self._lines[:1]):
            own = {path or line.fact: fault for path, fault in inside(faults, str(at)).items()}
            if not own and "" in faults and self._is_meant(faults[""], line, at):
                own = {line.fact: faults[""]}
            if own:
                line.binder.mark(InvalidFields(own), focus=focus and not marked)
                line.notice_fault()
                marked = True
        return marked

    def clear_marks(self) -> None:
        """Take all marks away."""
        for line in self._lines:
            line.binder.clear_marks()

    def set_read_only(self, read_only: bool) -> None:
        """Show the rows without letting anybody type."""
        self._read_only = read_only
        for line in self._lines:
            line.binder.set_read_only(read_only)
        self._tidy()

    def take_focus(self, at: int = 0) -> None:
        """Put the cursor into a line's fact."""
        self._lines[min(at, len(self._lines) - 1)].field().setFocus(Qt.FocusReason.OtherFocusReason)

    def field_of(self, uid: str) -> QWidget | None:
        """Where the fact of the row with this uid is given."""
        return next((line.field() for line in self._lines if line.row.uid == uid), None)

    def first_field(self) -> QWidget:
        """The field that a label's mnemonic leads to."""
        return self._lines[0].field()

    def _show(self, rows: list[Row]) -> None:
        # One line always stays: where it stands in the order of the focus, the others follow.
        while len(self._lines) > len(rows) + 1:
            self._drop(self._lines[-1])
        for line in self._lines[len(rows) :]:
            line.show_row(self.row_class(uid=new_uid()))
        for at, row in enumerate(rows):
            if at == len(self._lines):
                self._add(row)
            else:
                self._lines[at].show_row(row)

    def _blank(self) -> Row:
        blank: Row = self.row_class(uid=new_uid())
        return blank

    def _dress(self, line: RowLine) -> None:
        """What a new line needs before it shows a row."""

    def _add(self, row: Row) -> None:
        line = self.line_class(self)
        self._column.addWidget(line)
        dress_form(line)
        line.binder = FormBinder(line, self.row_class, self._formats, self._today, around=self._around)
        self._dress(line)
        line.show_row(row)
        line.binder.set_read_only(self._read_only)
        line.binder.edited.connect(self._was_edited)
        line.removed.connect(lambda: self._remove(line))
        if self._lines:
            tab_after(self._lines[-1], line)
        self._lines.append(line)
        line.show()

    def _remove(self, line: RowLine) -> None:
        if self._read_only or line.is_blank():
            return
        at, focus = self._lines.index(line), self.window().focusWidget()
        self._drop(line)
        self._tidy()
        if focus is not None and line.isAncestorOf(focus):
            self.take_focus(at)
        self.edited.emit()

    def _drop(self, line: RowLine) -> None:
        self._lines.remove(line)
        line.binder.clear_marks()
        self._column.removeWidget(line)
        line.hide()
        line.deleteLater()

    def _was_edited(self) -> None:
        self._tidy()
        self.edited.emit()

    def _tidy(self) -> None:
        """One blank line at the end, and a cross at each that is none."""
        blank = self._blank()
        if not self._lines[-1].is_blank():
            self._add(blank)
        elif not self._lines[-1].isAncestorOf(self.window().focusWidget() or self):
            self._lines[-1].show_row(blank)
        for at, line in enumerate(self._lines):
            line.remove_button.setVisible(not self._read_only and not line.is_blank())
            line.setVisible(not self._read_only or at == 0 or not line.is_blank())
        self.updateGeometry()

    def _filled(self) -> list[RowLine]:
        return [line for line in self._lines if not line.is_blank()]

    def _is_meant(self, fault: InvalidInput, line: RowLine, at: int) -> bool:
        """Whether a fault of all rows is about this one: the one it quotes, else the first."""
        quoted = {str(value).casefold() for value in fault.values.values()}
        typed = {one.text() for one in self._filled()}
        return line.text() in quoted if quoted & typed else at == 0


class PhoneRows(RowsEditor[PhoneRow]):
    """Phones; a new one takes the next label of the studio's list."""

    row_class = PhoneRow
    line_class = PhoneLine

    _choices: tuple[tuple[Any, str, str], ...] = ()

    def set_labels(self, choices: Choices) -> None:
        """Offer these labels, in their order."""
        self._choices = tuple(choices)
        for line in self._lines:
            line.binder.set_choices("label_id", self._choices)
        self._tidy()

    def _dress(self, line: RowLine) -> None:
        line.binder.set_choices("label_id", self._choices)

    def _tidy(self) -> None:
        super()._tidy()
        buttons = self.findChildren(CountryButton)
        widest = max(button.sizeHint().width() for button in buttons)
        for button in buttons:  # so that the numbers begin below each other
            button.setFixedWidth(widest)

    def _blank(self) -> PhoneRow:
        used = {line.binder.texts()["label_id"] for line in self._filled()}
        unused = (choice[0] for choice in self._choices if choice[0] not in used)
        return PhoneRow(uid=new_uid(), label_id=next(unused, None))


class EmailRows(RowsEditor[EmailRow]):
    """E-mail addresses; the first is the primary one."""

    row_class = EmailRow
    line_class = EmailLine
