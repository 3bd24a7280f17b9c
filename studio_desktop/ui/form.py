"""Designer forms: loaded into the class that shows them, checked, and given the manners that all forms have."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar, get_type_hints

from PySide6 import QtWidgets
from PySide6.QtCore import QCoreApplication, QEvent, QFile, QObject, Qt
from PySide6.QtUiTools import QUiLoader
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from studio_desktop.paths import FORMS
from studio_desktop.ui import theme
from studio_desktop.ui.focus_ring import focus_ring
from studio_desktop.ui.reading import follow_direction
from studio_desktop.ui.widgets import mnemonics
from studio_desktop.ui.widgets.buttons import BarButton, FlatButton, LinkButton, PrimaryButton
from studio_desktop.ui.widgets.combo_box import ComboBox
from studio_desktop.ui.widgets.date_edit import DateEdit, PartialDateEdit
from studio_desktop.ui.widgets.fact_line import FactLine
from studio_desktop.ui.widgets.link_edit import LinkEdit
from studio_desktop.ui.widgets.names_line import NamesLine
from studio_desktop.ui.widgets.note_edit import NoteEdit
from studio_desktop.ui.widgets.panels import Hairline, Panel, SectionHeading
from studio_desktop.ui.widgets.phone_edit import PhoneEdit
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.plain_list import PlainList
from studio_desktop.ui.widgets.ticks import RadioButton, TickBox

Part = TypeVar("Part", bound=QWidget)


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
    if len(reached) < 2:
        return reached
    left = set(reached)

    def is_last(one: QWidget) -> bool:
        left.discard(one)
        return not left

    inside = frozenset(reached)
    return [one for one in focus_ring(widget, is_last) if one in inside]


def _field_before(widget: QWidget, but: Collection[QWidget]) -> QWidget | None:
    def is_field(one: QWidget) -> bool:
        return one is not widget and bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus) and one not in but

    last = focus_ring(widget, is_field, backwards=True)[-1]
    return last if is_field(last) else None


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
} | {
    "QComboBox": ComboBox,
    "QLabel": PlainLabel,
    "QPlainTextEdit": NoteEdit,
    "QCheckBox": TickBox,
    "QRadioButton": RadioButton,
}
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
