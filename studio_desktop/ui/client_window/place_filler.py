"""A postcode that the studio knows brings its town, region and country, into fields that are empty (C2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from studio_desktop.ui import theme

if TYPE_CHECKING:
    from studio_desktop.domain.records.clients import AddressRow
    from studio_desktop.services.habits import Place
    from studio_desktop.ui.binder import FormBinder
    from studio_desktop.ui.page import Shell

FILLED = ("town", "region", "country")
"""The fields that a postcode may fill."""


class PlaceFiller(QObject):
    """Watches the postcode of one address. What it fills is tinted; F3 or Ctrl+Z in the field takes it back."""

    def __init__(self, shell: Shell, binder: FormBinder[AddressRow]) -> None:
        super().__init__(binder)
        self._shell = shell
        self._postcode = _line(binder.widget("postcode"))
        self._fields = {name: _line(binder.widget(name)) for name in FILLED}
        self._brought: dict[str, str] = {}
        self._postcode.editingFinished.connect(self._look_up)
        for name, field in self._fields.items():
            field.textChanged.connect(lambda text, name=name: self._was_changed(name, text))
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """F3 empties a field that was filled."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F3:
            name = next((name for name, field in self._fields.items() if field is watched), "")
            if name in self._brought and not event.modifiers():
                _type(self._fields[name], "")
                return True
        return False

    def forget(self) -> None:
        """Another address is shown, or what was filled is saved by now."""
        for name in list(self._brought):
            self._untint(name)

    def _look_up(self) -> None:
        typed = self._postcode.text().strip()
        is_wanted = self._shell.preferences.fill_places and typed and self._postcode.isModified()
        if not is_wanted or not any(not field.text() for field in self._fields.values()):
            return
        habits = self._shell.services.habits
        self._shell.tasks.latest(
            self, "place", lambda: habits.place_of(typed), lambda place: self._fill(typed, place)
        )

    def _fill(self, postcode: str, place: Place | None) -> None:
        """Only what is empty still, and only while the postcode is the same: whoever types is right."""
        if place is None or self._postcode.text().strip() != postcode:
            return
        for name, field in self._fields.items():
            known = getattr(place, name)
            if known and not field.text():
                self._brought[name] = known
                _type(field, known)
                theme.set_colours(field, Base="accent_soft")
                if field.hasFocus():
                    field.selectAll()  # the next key replaces it

    def _was_changed(self, name: str, text: str) -> None:
        if name in self._brought and text != self._brought[name]:
            self._untint(name)

    def _untint(self, name: str) -> None:
        del self._brought[name]
        theme.set_colours(self._fields[name])


def _line(widget: Any) -> QLineEdit:
    assert isinstance(widget, QLineEdit)
    return widget


def _type(field: QLineEdit, text: str) -> None:
    """As a person does, so that the form is changed and Ctrl+Z takes it back."""
    field.selectAll()
    field.insert(text)
    if not field.hasFocus():
        field.setCursorPosition(0)
