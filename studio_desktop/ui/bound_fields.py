"""The fields of a record and the widgets that show them, kind by kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QSpinBox, QWidget

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.fields import Capitals, FieldSpec, Kind
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.names import capitalised
from studio_desktop.ui import theme
from studio_desktop.ui.form import FormError
from studio_desktop.ui.widgets.date_edit import DateEdit, PartialDateEdit
from studio_desktop.ui.widgets.marks import dot_icon
from studio_desktop.ui.widgets.note_edit import NoteEdit
from studio_desktop.ui.widgets.phone_edit import PhoneEdit

Choices = Iterable[tuple[Any, str, str]]
"""Lines of a combo box: what it stands for (an id, a member of an enumeration), its text, its colour's name or ''."""


class Bound(ABC):
    """One field of the record and its widget. `raw` is what stands there, `value` what it means."""

    def __init__(self, widget: Any, spec: FieldSpec) -> None:
        self.widget: Any = widget
        self.spec = spec

    def show(self, value: Any) -> None:
        """Show what the record holds."""
        self.set_raw(value)

    def value(self) -> Any:
        """What it means. Raises `InvalidInput` for what means nothing."""
        return self.raw()

    @abstractmethod
    def raw(self) -> Any:
        """What stands there, as a draft keeps it (JSON)."""

    @abstractmethod
    def set_raw(self, raw: Any) -> None:
        """Put back what `raw` gave."""

    def differs(self, from_value: Any) -> bool:
        """Whether it says something else than this value, or nothing that can be understood."""
        try:
            mine = self.value()
        except InvalidInput:
            return True
        return bool((mine.strip() if isinstance(mine, str) else mine) != from_value)

    def on_edit(self, told: Callable[[], None]) -> None:
        """Tell when a person changes it."""
        self.widget.textEdited.connect(lambda: told())

    def on_leave(self, told: Callable[[], None]) -> None:
        """Tell when the cursor leaves it."""
        self.widget.editingFinished.connect(told)

    def is_full(self) -> bool:
        """Whether more stands there than can be kept."""
        return False

    def set_read_only(self, read_only: bool) -> None:
        """Let nobody change it, or let them again."""
        self.widget.setReadOnly(read_only)
        theme.set_colours(self.widget, **({"Base": "window"} if read_only else {}))


class _LineBound(Bound):
    def raw(self) -> str:
        return str(self.widget.text())

    def is_full(self) -> bool:
        return 0 < self.spec.limit < len(self.widget.text())

    def set_raw(self, raw: Any) -> None:
        if raw != self.widget.text():
            self.widget.setText(raw)
            if not self.widget.hasFocus():
                self.widget.setCursorPosition(0)


class _NameBound(_LineBound):
    """What it means has its capitals already while what stands there is still being typed."""

    def __init__(self, widget: QLineEdit, spec: FieldSpec) -> None:
        super().__init__(widget, spec)
        self._hand = _NameHand(widget, spec.capitals or Capitals.PERSON)

    def value(self) -> str:
        return self._hand.meant()

    def set_raw(self, raw: Any) -> None:
        if raw != self.widget.text():
            at = self.widget.cursorPosition()
            same = raw.casefold() == self.widget.text().casefold()
            self._hand.forget()
            super().set_raw(raw)
            if same:
                self.widget.setCursorPosition(at)


class _NameHand(QObject):
    """Watches a name being typed: in small letters it gets capitals on leaving; F3 brings back what was typed (E2)."""

    def __init__(self, field: QLineEdit, named: Capitals) -> None:
        super().__init__(field)
        self._field = field
        self._named = named
        self._typed = ""
        self._as_typed = False
        self._giving = False
        field.textEdited.connect(self._note)
        field.editingFinished.connect(lambda: self._put(self.meant()))
        field.installEventFilter(self)

    def meant(self) -> str:
        text = self._field.text()
        return text if self._as_typed or text != self._typed else capitalised(text, self._named)

    def forget(self) -> None:
        self._typed = ""
        self._as_typed = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() != Qt.Key.Key_F3 or event.modifiers() or self._field.isReadOnly():
            return False
        self._as_typed = True
        if self._typed.casefold() == self._field.text().casefold():
            self._put(self._typed)
        return True

    def _note(self, typed: str) -> None:
        if not self._giving:
            self._typed = typed
            self._as_typed = self._as_typed and bool(typed)

    def _put(self, text: str) -> None:
        """As somebody would type it, so that Ctrl+Z takes it back."""
        if text == self._field.text():
            return
        at, self._giving = self._field.cursorPosition(), True
        self._field.selectAll()
        self._field.insert(text)
        self._field.setCursorPosition(at)
        self._giving = False


class _PhoneBound(_LineBound):
    def show(self, value: Any) -> None:
        self.widget.set_typed(value)

    def value(self) -> Any:
        return self.widget.typed()

    def raw(self) -> str:
        return str(self.widget.draft())


class _NumberBound(_LineBound):
    def show(self, value: Any) -> None:
        self.set_raw("" if value is None else str(value))

    def value(self) -> Any:
        text = self.raw().strip().replace("−", "-")
        if not text:
            return None
        try:
            return int(text)
        except ValueError:
            raise InvalidInput("Type a whole number, as in 14.") from None


class _DayBound(_LineBound):
    def show(self, value: Any) -> None:
        self.widget.set_day(value)

    def value(self) -> Any:
        return self.widget.day()


class _PartialDateBound(_LineBound):
    def show(self, value: Any) -> None:
        self.widget.set_partial(value)

    def value(self) -> Any:
        return self.widget.partial()


class NoteBound(Bound):
    """Text of many lines."""

    def __init__(self, widget: NoteEdit, spec: FieldSpec) -> None:
        super().__init__(widget, spec)
        widget.set_limit(spec.limit)

    def raw(self) -> str:
        """What stands there."""
        return str(self.widget.toPlainText())

    def set_raw(self, raw: Any) -> None:
        """Put it there."""
        if raw != self.widget.toPlainText():
            self.widget.setPlainText(raw)

    def on_edit(self, told: Callable[[], None]) -> None:
        """Tell when a person changes it."""
        self.widget.textChanged.connect(told)

    def on_leave(self, told: Callable[[], None]) -> None:
        """Never: what a note may hold is checked when it is saved."""

    def on_no_room(self, told: Callable[[str], None]) -> None:
        """Tell that something was not pasted, and why."""
        sentence = self.widget.tr("{pasted} characters were not pasted: {label} has room for {limit}. Paste fewer.")

        def refused(pasted: int) -> None:
            told(sentence.format(pasted=f"{pasted:,}", label=self.spec.label, limit=f"{self.spec.limit:,}"))

        self.widget.not_pasted.connect(refused)

    def is_full(self) -> bool:
        """Whether more stands there than can be kept."""
        # Counted by the document: to ask for the text at each key would take as long as the text is.
        return bool(self.spec.limit) and self.widget.document().characterCount() - 1 > self.spec.limit


class _SpinBound(Bound):
    def raw(self) -> int:
        self.widget.interpretText()
        return int(self.widget.value())

    def set_raw(self, raw: Any) -> None:
        self.widget.setValue(raw or 0)

    def on_edit(self, told: Callable[[], None]) -> None:
        self.widget.valueChanged.connect(lambda: told())


class _FlagBound(Bound):
    def raw(self) -> bool:
        return bool(self.widget.isChecked())

    def set_raw(self, raw: Any) -> None:
        self.widget.setChecked(bool(raw))

    def on_edit(self, told: Callable[[], None]) -> None:
        self.widget.toggled.connect(lambda: told())

    def on_leave(self, told: Callable[[], None]) -> None:
        pass  # a tick is never wrong by itself

    def set_read_only(self, read_only: bool) -> None:
        self.widget.setEnabled(not read_only)


class ComboBound(Bound):
    """A choice among lines that come from a catalog or an enumeration."""

    def __init__(self, widget: QComboBox, spec: FieldSpec) -> None:
        super().__init__(widget, spec)
        if spec.kind is Kind.CHOICE:
            self.offer(((member, _as_words(member.value), "") for member in spec.of), None)
        else:
            self.offer((), "")

    def offer(self, choices: Choices, blank: str | None) -> None:
        """Let these be chosen; `blank` is the text of the line for nothing, None for no such line."""
        chosen = self.raw() if self.widget.count() else None
        self.widget.clear()
        if blank is not None:
            self.widget.addItem(blank, None)
        for value, text, colour in choices:
            if colour:
                self.widget.addItem(dot_icon(colour), text, _plain(value))
            else:
                self.widget.addItem(text, _plain(value))
        self.set_raw(chosen)

    def value(self) -> Any:
        """An id, or the member of an enumeration."""
        raw = self.raw()
        return self.spec.of(raw) if self.spec.kind is Kind.CHOICE else raw

    def raw(self) -> Any:
        """What the line stands for."""
        return self.widget.currentData()

    def set_raw(self, raw: Any) -> None:
        """Choose the line that stands for it."""
        at = next((i for i in range(self.widget.count()) if self.widget.itemData(i) == _plain(raw)), -1)
        if at < 0 and raw is not None:
            # A value that is no longer offered must stay what it is until somebody chooses another.
            self.widget.addItem(self.widget.tr("(no longer in the list)"), _plain(raw))
            at = self.widget.count() - 1
        self.widget.setCurrentIndex(at)

    def on_edit(self, told: Callable[[], None]) -> None:
        """Tell when a person chooses."""
        self.widget.activated.connect(lambda: told())

    def on_leave(self, told: Callable[[], None]) -> None:
        """Never: only what is offered can be chosen."""

    def set_read_only(self, read_only: bool) -> None:
        """Let nobody choose."""
        self.widget.setEnabled(not read_only)


def _plain(value: Any) -> Any:
    """What Qt keeps of it unchanged: the value of an enumeration's member, else the value itself."""
    return getattr(value, "value", value)


def _as_words(value: str) -> str:
    return value.replace("_", " ").capitalize()


_FITTING: dict[Kind, tuple[tuple[type[QWidget], type[Bound]], ...]] = {
    Kind.TEXT: ((QLineEdit, _LineBound),),
    Kind.EMAIL: ((QLineEdit, _LineBound),),
    Kind.LINK: ((QLineEdit, _LineBound),),
    Kind.PHONE: ((PhoneEdit, _PhoneBound),),
    Kind.NOTE: ((NoteEdit, NoteBound),),
    Kind.NUMBER: ((QSpinBox, _SpinBound), (QLineEdit, _NumberBound)),
    Kind.FLAG: ((QAbstractButton, _FlagBound),),
    Kind.PARTIAL_DATE: ((PartialDateEdit, _PartialDateBound),),
    Kind.DAY: ((DateEdit, _DayBound),),
    Kind.CHOICE: ((QComboBox, ComboBound),),
    Kind.REFERENCE: ((QComboBox, ComboBound),),
}


def bound_to(widget: QWidget, spec: FieldSpec, formats: Formats, today: Callable[[], date]) -> Bound:
    """Bind a widget to a field of its kind. Raises `FormError` where it cannot show one."""
    if isinstance(widget, DateEdit):
        widget.use(formats, today)
    elif isinstance(widget, PhoneEdit):
        widget.use(formats)
    if spec.capitals is not None and formats.capitals and isinstance(widget, QLineEdit):
        return _NameBound(widget, spec)
    for kind, bound in _FITTING.get(spec.kind, ()):
        if isinstance(widget, kind):
            return bound(widget, spec)
    raise FormError(
        f"{widget.objectName()} is a {type(widget).__name__}, which cannot show {spec.name}, a {spec.kind.value}"
    )
