"""Designer forms: loaded into the class that shows them, checked, and bound to the fields of a record.

The widgets of a form carry the record's field names (`last_name_edit` shows `last_name`): one binder serves them all.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_type_hints

from PySide6 import QtWidgets
from PySide6.QtCore import QCoreApplication, QEvent, QFile, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtUiTools import QUiLoader
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QSpinBox,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from studio_desktop.domain import fields
from studio_desktop.domain.errors import InvalidFields, InvalidInput
from studio_desktop.domain.fields import Capitals, FieldSpec, Kind
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.names import capitalised
from studio_desktop.domain.text import clean_record
from studio_desktop.paths import FORMS
from studio_desktop.ui import theme
from studio_desktop.ui.reading import follow_direction
from studio_desktop.ui.widgets import mnemonics
from studio_desktop.ui.widgets.buttons import BarButton, FlatButton, LinkButton, PrimaryButton
from studio_desktop.ui.widgets.date_edit import DateEdit, PartialDateEdit
from studio_desktop.ui.widgets.fact_line import FactLine
from studio_desktop.ui.widgets.link_edit import LinkEdit
from studio_desktop.ui.widgets.marks import dot_icon
from studio_desktop.ui.widgets.mnemonics import RadioButton, TickBox
from studio_desktop.ui.widgets.names_line import NamesLine
from studio_desktop.ui.widgets.panels import Hairline, Panel, SectionHeading
from studio_desktop.ui.widgets.phone_edit import PhoneEdit
from studio_desktop.ui.widgets.plain_label import PlainLabel, as_tip
from studio_desktop.ui.widgets.plain_list import PlainList

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")
Part = TypeVar("Part", bound=QWidget)
Choices = Iterable[tuple[Any, str, str]]
"""Lines of a combo box: what it stands for (an id, a member of an enumeration), its text, its colour's name or ''."""


class FormError(Exception):
    """A form file does not hold what the class beside it declares, or what every form must have."""


def load_form(target: QWidget, name: str) -> None:
    """Fill `target` with `forms/<name>.ui` and set its declared widgets as attributes.

    A widget declared in the class (`save_button: FlatButton`) must be in the file by that name and type. Every field
    needs a label that is its buddy, with a mnemonic, or an accessible name. Raises `FormError`.
    """
    path = FORMS / f"{name}.ui"
    file = QFile(str(path))
    if not file.open(QFile.OpenModeFlag.ReadOnly):
        raise FormError(f"{path.name}: {file.errorString()}")
    loader = _Loader(target)
    loaded = loader.load(file)
    file.close()
    if loaded is None:
        raise FormError(f"{path.name}: {loader.errorString()}")
    loader.deleteLater()
    for attribute, kind in get_type_hints(type(target)).items():
        if isinstance(kind, type) and issubclass(kind, QObject) and not hasattr(target, attribute):
            child = target.findChild(kind, attribute)
            if child is None:
                raise FormError(f"{path.name} has no {kind.__name__} named {attribute!r}")
            setattr(target, attribute, child)
    if isinstance(target, QDialog):
        target.resize(theme.scaled(target.width()), theme.scaled(target.height()))
    dress_form(target)
    unnamed = unnamed_fields(target)
    if unnamed:
        raise FormError(f"{path.name}: neither a label's buddy nor an accessible name has {', '.join(unnamed)}")


def put_into(place: QWidget, widget: Part) -> Part:
    """Let a widget made in code fill the place that a form keeps for it; gives the widget."""
    box = QVBoxLayout(place)
    box.setContentsMargins(0, 0, 0, 0)
    box.addWidget(widget)
    tab_after(place, widget)
    return widget


def tab_after(before: QWidget, *widgets: QWidget) -> None:
    """Let Tab reach what is inside these, in this order, after what is inside `before`; made late, they would be last.

    Where nothing inside `before` takes the focus, they come in its place.
    """
    for whole in (one for widget in widgets for one in (widget, *widget.findChildren(QWidget))):
        part = whole.focusProxy()
        if part is not None and whole.isAncestorOf(part):
            # Left behind, it would lead Tab from where it stays back to its part, round and round.
            whole.setFocusPolicy(part.focusPolicy())
    moved = [field for widget in widgets for field in _fields_inside(widget)]
    inside = [field for field in _fields_inside(before) if field not in moved]
    last = inside[-1] if inside else _field_before(before, moved)
    for field in moved:
        if last is not None and field is not last:
            QWidget.setTabOrder(last, field)
        last = field


def _fields_inside(widget: QWidget) -> list[QWidget]:
    """What takes the focus by Tab, the widget itself included, in the order of the focus."""
    window = widget.window()
    reached = [
        one
        for one in (widget, *widget.findChildren(QWidget))
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.window() is window  # the list of a combo box is not
    ]
    missing = set(reached) - {widget}
    found = reached[:1] if widget in reached else []
    following = widget.nextInFocusChain()
    while missing and following is not None and following is not widget:
        if following in missing:
            missing.remove(following)
            found.append(following)
        following = following.nextInFocusChain()
    return found


def _field_before(widget: QWidget, but: Collection[QWidget]) -> QWidget | None:
    previous = widget.previousInFocusChain()
    while previous is not None and previous is not widget:
        if previous.focusPolicy() & Qt.FocusPolicy.TabFocus and previous not in but:
            return previous
        previous = previous.previousInFocusChain()
    return None


def dress_form(target: QWidget) -> None:
    """Give the fields inside `target` the height, margins and manners all fields have; for forms made in code too."""
    for label in target.findChildren(PlainLabel):
        if label.buddy() is not None:
            label.set_look(tone="dim")
    _Manners(target)


def unnamed_fields(target: QWidget) -> list[str]:
    """The names of the fields that a screen reader could not name (DECISIONS 20)."""
    labelled = {id(label.buddy()) for label in target.findChildren(QLabel) if "&" in label.text().replace("&&", "")}
    return [
        f"{widget.objectName() or '?'} ({type(widget).__name__})"
        for widget in target.findChildren(QWidget)
        if _needs_a_name(widget) and id(widget) not in labelled and not widget.accessibleName()
    ]


class FormBinder(QObject, Generic[Record]):
    """Fills a form from a record and reads it back.

    A field of the record belongs to the child named after it with a suffix: `last_name_edit`, `birthday_edit`,
    `status_id_combo`, `do_not_call_check`, `text_edit`. Fields without a widget stay what they are.
    """

    edited = Signal(str)
    """A person changed the field of this name."""

    def __init__(
        self,
        form: QWidget,
        record_class: type[Record],
        formats: Formats,
        today: Callable[[], date],
        *,
        around: QWidget | None = None,
    ) -> None:
        """`around` is what faults are shown in where the form itself is too small for that: one line of a list."""
        super().__init__(form)
        self._form = form
        self._around = around
        self._class = record_class
        self._filled: Record | None = None
        self._filling = False
        self._bound: dict[str, _Bound] = {}
        self._marks: dict[str, FaultMark] = {}
        for name, spec in fields.specs(record_class).items():
            widget = _widget_of(form, name)
            if widget is not None:
                self._bind(_bound(widget, spec, formats, today))

    def __contains__(self, field: str) -> bool:
        return field in self._bound

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields this form shows."""
        return tuple(self._bound)

    def widget(self, field: str) -> QWidget:
        """The widget of a field; KeyError if the form does not show it."""
        widget: QWidget = self._bound[field].widget
        return widget

    def set_choices(self, field: str, choices: Choices, blank: str | None = "") -> None:
        """Offer these lines in the field's combo box; the one chosen stays chosen.

        `blank` is the text of the line for nothing; None leaves that line out.
        """
        bound = self._bound[field]
        if not isinstance(bound, _ComboBound):
            raise FormError(f"{bound.widget.objectName()} is no combo box")
        with self._quietly():
            bound.offer(choices, blank)

    def fill(self, record: Record, keep: Collection[str] = ()) -> None:
        """Show the record; a field that shows its value already is left alone, with cursor and selection.

        The fields in `keep` are left alone whatever they show.
        """
        self._filled = record
        with self._quietly():
            for name, bound in self._bound.items():
                if name not in keep:
                    bound.show(getattr(record, name))
                    self._unmark(name)

    def read(self, base: Record) -> Record:
        """`base` with what the form shows, cleaned, the text of the field with the cursor included.

        Raises `InvalidFields` for what cannot be kept as it is.
        """
        values: dict[str, Any] = {}
        faults: dict[str, InvalidInput] = {}
        for name, bound in self._bound.items():
            if bound.spec.derived:
                continue
            try:
                values[name] = bound.value()
            except InvalidInput as fault:
                faults[name] = fault
        try:
            record = clean_record(dataclasses.replace(base, **values))
        except InvalidFields as unclean:
            raise InvalidFields({**unclean.faults, **faults}) from None
        if faults:
            raise InvalidFields(faults)
        return record

    def changed_fields(self, base: Record) -> tuple[str, ...]:
        """The names of the fields that show something else than `base` holds, unreadable ones included."""
        return tuple(name for name, bound in self._bound.items() if bound.differs(getattr(base, name)))

    def modified(self, base: Record) -> bool:
        """Whether anything was changed; told from the widgets themselves, so that nothing typed is overlooked."""
        return bool(self.changed_fields(base))

    def texts(self) -> dict[str, Any]:
        """What stands in the form, half typed or not, as a draft keeps it (JSON)."""
        return {name: bound.raw() for name, bound in self._bound.items() if not bound.spec.derived}

    def restore(self, texts: Mapping[str, Any]) -> None:
        """Put back what `texts` gave; what the form does not know is left out."""
        with self._quietly():
            for name in texts.keys() & self._bound.keys():
                self._bound[name].set_raw(texts[name])

    def set_read_only(self, read_only: bool) -> None:
        """Show the record without letting anybody type."""
        for bound in self._bound.values():
            bound.set_read_only(read_only or bound.spec.derived)

    def mark(self, error: InvalidInput, *, focus: bool = True) -> str:
        """Show each fault at its field and put the cursor into the first; gives the sentences of fields not shown."""
        faults = error.faults if isinstance(error, InvalidFields) else {error.field or "": error}
        for name, fault in faults.items():
            if name in self._bound:
                self._mark(name, str(fault))
        marked = [bound.widget for name, bound in self._bound.items() if name in faults]
        if focus and marked:
            min(marked, key=self._place).setFocus(Qt.FocusReason.OtherFocusReason)
        return " ".join(str(fault) for name, fault in faults.items() if name not in self._bound)

    def clear_marks(self) -> None:
        """Take all marks away."""
        for name in list(self._marks):
            self._unmark(name)

    def _bind(self, bound: _Bound) -> None:
        name = bound.spec.name
        self._bound[name] = bound
        bound.on_edit(lambda: self._was_edited(name))
        bound.on_leave(lambda: self._check(name))
        if bound.spec.derived:
            bound.set_read_only(True)

    def _was_edited(self, name: str) -> None:
        if self._filling:
            return
        self._unmark(name)
        self.edited.emit(name)

    def _check(self, name: str) -> None:
        """The rules that need no database, when the cursor leaves."""
        bound = self._bound[name]
        if self._filled is None or bound.spec.derived or not bound.differs(getattr(self._filled, name)):
            return
        try:
            clean_record(dataclasses.replace(self._filled, **{name: bound.value()}))
        except InvalidFields as unclean:
            if name in unclean.faults:
                self._mark(name, str(unclean.faults[name]))
        except InvalidInput as fault:
            self._mark(name, str(fault))

    def _mark(self, name: str, sentence: str) -> None:
        self._unmark(name)
        self._marks[name] = FaultMark(self._bound[name].widget, sentence, self._around)

    def _unmark(self, name: str) -> None:
        if name in self._marks:
            self._marks.pop(name).remove()

    def _place(self, widget: QWidget) -> tuple[int, int]:
        corner = widget.mapTo(self._form, QPoint(0, 0))
        return corner.y(), corner.x()

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """What changes meanwhile was not changed by a person."""
        self._filling = True
        try:
            yield
        finally:
            self._filling = False


_CUSTOM_WIDGETS: dict[str, type[QWidget]] = {
    kind.__name__: kind
    for kind in (
        BarButton,
        DateEdit,
        FactLine,
        FlatButton,
        Hairline,
        LinkButton,
        LinkEdit,
        NamesLine,
        Panel,
        PartialDateEdit,
        PhoneEdit,
        PlainLabel,
        PlainList,
        PrimaryButton,
        SectionHeading,
    )
} | {"QLabel": PlainLabel, "QCheckBox": TickBox, "QRadioButton": RadioButton}
"""What a form file may name, and what takes the place of Qt's own."""


class _Loader(QUiLoader):
    def __init__(self, target: QWidget) -> None:
        # Qt's loader brings in every plugin of its Designer, a web browser among them; no form names anything of those.
        paths = QCoreApplication.libraryPaths()
        QCoreApplication.setLibraryPaths([])
        super().__init__(target)
        QCoreApplication.setLibraryPaths(paths)
        self._target = target

    def createWidget(self, class_name: str, parent: QWidget | None = None, name: str = "") -> QWidget:
        if parent is None:
            return self._target
        # Qt's own are made here too. PySide lets go of a widget that Qt made as soon as any widget dies that ever
        # named it, as what follows in the order of the focus or as a label's buddy (6.11.3).
        kind = _CUSTOM_WIDGETS.get(class_name) or getattr(QtWidgets, class_name)
        widget: QWidget = kind(parent=parent)
        widget.setObjectName(name)
        return widget


class _Manners(QObject):
    """Fields of one height whatever the font, mnemonics while Alt is held, and a wheel that changes no value."""

    def __init__(self, form: QWidget) -> None:
        super().__init__(form)
        for field in self._fields():
            if isinstance(field, QLineEdit):
                field.setTextMargins(3, 0, 0, 0)
            else:
                field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                field.installEventFilter(self)
        for note in form.findChildren(QPlainTextEdit):
            follow_direction(note)
        form.installEventFilter(self)
        self._set_heights()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch the form for another font and its window, its fields for the wheel."""
        if watched is self.parent():
            if event.type() == QEvent.Type.FontChange:
                self._set_heights()
            elif event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
                mnemonics.watch(watched)
        elif event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False

    def _fields(self) -> list[QWidget]:
        # Asked of the form each time: while a window is taken apart, what is kept here would be gone before the form.
        form = self.parent()
        if form is None:
            return []
        return [
            field
            for kind in (QLineEdit, QComboBox, QAbstractSpinBox)
            for field in form.findChildren(kind)
            if not isinstance(field.parent(), QComboBox | QAbstractSpinBox)
        ]

    def _set_heights(self) -> None:
        for field in self._fields():
            field.setFixedHeight(theme.scaled(24))


def _needs_a_name(widget: QWidget) -> bool:
    if widget.objectName().startswith("qt_") or isinstance(widget.parent(), QComboBox | QAbstractSpinBox):
        return False
    if isinstance(widget, QCheckBox | QRadioButton):
        return not widget.text()
    return isinstance(widget, QLineEdit | QComboBox | QAbstractSpinBox | QPlainTextEdit | QTextEdit)


_SUFFIXES = ("edit", "combo", "check", "date", "text", "spin")


def _widget_of(form: QWidget, field: str) -> QWidget | None:
    for suffix in _SUFFIXES:
        widget = form.findChild(QWidget, f"{field}_{suffix}")
        if isinstance(widget, QWidget):
            return widget
    return None


class _Bound(ABC):
    """One field of the record and its widget. `raw` is what stands there, `value` what it means."""

    def __init__(self, widget: Any, spec: FieldSpec) -> None:
        self.widget: Any = widget
        self.spec = spec

    def show(self, value: Any) -> None:
        self.set_raw(value)

    def value(self) -> Any:
        return self.raw()

    @abstractmethod
    def raw(self) -> Any: ...

    @abstractmethod
    def set_raw(self, raw: Any) -> None: ...

    def differs(self, from_value: Any) -> bool:
        try:
            mine = self.value()
        except InvalidInput:
            return True
        return bool((mine.strip() if isinstance(mine, str) else mine) != from_value)

    def on_edit(self, told: Callable[[], None]) -> None:
        self.widget.textEdited.connect(lambda: told())

    def on_leave(self, told: Callable[[], None]) -> None:
        self.widget.editingFinished.connect(told)

    def set_read_only(self, read_only: bool) -> None:
        self.widget.setReadOnly(read_only)
        theme.set_colours(self.widget, **({"Base": "window"} if read_only else {}))


class _LineBound(_Bound):
    def raw(self) -> str:
        return str(self.widget.text())

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


class _NoteBound(_Bound):
    def raw(self) -> str:
        return str(self.widget.toPlainText())

    def set_raw(self, raw: Any) -> None:
        if raw != self.widget.toPlainText():
            self.widget.setPlainText(raw)

    def on_edit(self, told: Callable[[], None]) -> None:
        self.widget.textChanged.connect(told)

    def on_leave(self, told: Callable[[], None]) -> None:
        pass  # what a note may hold is checked when it is saved


class _SpinBound(_Bound):
    def raw(self) -> int:
        self.widget.interpretText()
        return int(self.widget.value())

    def set_raw(self, raw: Any) -> None:
        self.widget.setValue(raw or 0)

    def on_edit(self, told: Callable[[], None]) -> None:
        self.widget.valueChanged.connect(lambda: told())


class _FlagBound(_Bound):
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


class _ComboBound(_Bound):
    def __init__(self, widget: QComboBox, spec: FieldSpec) -> None:
        super().__init__(widget, spec)
        if spec.kind is Kind.CHOICE:
            self.offer(((member, _as_words(member.value), "") for member in spec.of), None)
        else:
            self.offer((), "")

    def offer(self, choices: Choices, blank: str | None) -> None:
        chosen = self.raw() if self.widget.count() else None
        self.widget.clear()
        self.widget.setIconSize(QSize(10, 10))
        if blank is not None:
            self.widget.addItem(blank, None)
        for value, text, colour in choices:
            if colour:
                self.widget.addItem(dot_icon(colour), text, _plain(value))
            else:
                self.widget.addItem(text, _plain(value))
        self.set_raw(chosen)

    def value(self) -> Any:
        raw = self.raw()
        return self.spec.of(raw) if self.spec.kind is Kind.CHOICE else raw

    def raw(self) -> Any:
        return self.widget.currentData()

    def set_raw(self, raw: Any) -> None:
        at = next((i for i in range(self.widget.count()) if self.widget.itemData(i) == _plain(raw)), -1)
        if at < 0 and raw is not None:
            # A value that is no longer offered must stay what it is until somebody chooses another.
            self.widget.addItem(self.widget.tr("(no longer in the list)"), _plain(raw))
            at = self.widget.count() - 1
        self.widget.setCurrentIndex(at)

    def on_edit(self, told: Callable[[], None]) -> None:
        self.widget.activated.connect(lambda: told())

    def on_leave(self, told: Callable[[], None]) -> None:
        pass  # only what is offered can be chosen

    def set_read_only(self, read_only: bool) -> None:
        self.widget.setEnabled(not read_only)


def _plain(value: Any) -> Any:
    """What Qt keeps of it unchanged: the value of an enumeration's member, else the value itself."""
    return getattr(value, "value", value)


def _as_words(value: str) -> str:
    return value.replace("_", " ").capitalize()


_FITTING: dict[Kind, tuple[tuple[type[QWidget], type[_Bound]], ...]] = {
    Kind.TEXT: ((QLineEdit, _LineBound),),
    Kind.EMAIL: ((QLineEdit, _LineBound),),
    Kind.LINK: ((QLineEdit, _LineBound),),
    Kind.PHONE: ((PhoneEdit, _PhoneBound),),
    Kind.NOTE: ((QPlainTextEdit, _NoteBound),),
    Kind.NUMBER: ((QSpinBox, _SpinBound), (QLineEdit, _NumberBound)),
    Kind.FLAG: ((QAbstractButton, _FlagBound),),
    Kind.PARTIAL_DATE: ((PartialDateEdit, _PartialDateBound),),
    Kind.DAY: ((DateEdit, _DayBound),),
    Kind.CHOICE: ((QComboBox, _ComboBound),),
    Kind.REFERENCE: ((QComboBox, _ComboBound),),
}


def _bound(widget: QWidget, spec: FieldSpec, formats: Formats, today: Callable[[], date]) -> _Bound:
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


class FaultMark(QWidget):
    """A red edge over a field and, while the cursor or the mouse is there, one line with the cure below it.

    It lies over the layout, so that nothing jumps.
    """

    def __init__(self, field: QWidget, sentence: str, around: QWidget | None = None) -> None:
        around = around or field.parentWidget()
        if around is None:
            raise FormError(f"{field.objectName()} stands in no form")
        super().__init__(around)
        self._around = around
        self._field = field
        self._description = field.accessibleDescription()
        self._tip = field.toolTip()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._line = _CureLine(around, sentence)
        field.setAccessibleDescription(sentence)
        field.setToolTip(as_tip(sentence))
        self._watched = [field] + ([field.viewport()] if isinstance(field, QAbstractScrollArea) else [])
        between = field.parentWidget()
        while between is not None and between is not around:
            self._watched.append(between)
            between = between.parentWidget()
        for each in self._watched:
            each.installEventFilter(self)
        self._follow()
        self.show()

    def remove(self) -> None:
        """Take it away."""
        for each in self._watched:
            each.removeEventFilter(self)
        self._field.setAccessibleDescription(self._description)
        self._field.setToolTip(self._tip)
        self._line.hide()
        self._line.deleteLater()
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """Stay over the field."""
        if event.type() in _MOVED:
            self._follow()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The red edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.token("red"), 1.5))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), 3, 3)

    def _follow(self) -> None:
        place = _place_in(self._around, self._field)
        self.setGeometry(place)
        self.setVisible(self._field.isVisibleTo(self._around))
        self.raise_()
        self._line.setVisible(self._field.hasFocus() or self._field.underMouse())
        self._line.place_at(place)


def _place_in(around: QWidget, field: QWidget) -> QRect:
    return QRect(field.mapTo(around, QPoint(0, 0)), field.size())


_MOVED = frozenset(
    {
        QEvent.Type.Move,
        QEvent.Type.Resize,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.FocusIn,
        QEvent.Type.FocusOut,
        QEvent.Type.Enter,
        QEvent.Type.Leave,
    }
)


class _CureLine(PlainLabel):
    def __init__(self, parent: QWidget, sentence: str) -> None:
        super().__init__(sentence, parent, tone="red", px=theme.SMALL)
        self._around = parent
        self.setContentsMargins(6, 3, 6, 3)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setWordWrap(True)

    def place_at(self, beside: QRect) -> None:
        room = self._around.rect()
        whole = self.fontMetrics().horizontalAdvance(self.text()) + 14
        width = min(whole, room.width() - 8)
        self.resize(width, self.heightForWidth(width))
        top = beside.bottom() + 2
        if top + self.height() > room.bottom():
            top = beside.top() - 2 - self.height()
        self.move(max(4, min(beside.left(), room.right() - 4 - width)), max(0, top))
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.token("red")))
        painter.setBrush(theme.token("red_soft"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.end()
        super().paintEvent(event)
