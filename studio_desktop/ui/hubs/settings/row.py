"""One setting on the page: its title, its field, and its explanation; a fault stays at the field until it is mended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.hubs.settings.declared import Declared
from studio_desktop.ui.hubs.settings.fields import FolderField, NumberField, TickField, TicksField, field_of
from studio_desktop.ui.widgets.fault_mark import FaultMark
from studio_desktop.ui.widgets.logo_field import LogoField
from studio_desktop.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from studio_desktop.ui.page import Shell

_TITLE, _FIELD, _NUMBER, _BESIDE = 190, 240, 80, 700


class SettingRow(QWidget):
    """`change` hears the row and the new value once a person has chosen it."""

    def __init__(
        self, declared: Declared, shell: Shell, parent: QWidget, change: Callable[[SettingRow, Any], None]
    ) -> None:
        super().__init__(parent)
        self.declared = declared
        self.field = field_of(declared, shell, self)
        self.field.changed = lambda value: change(self, value)
        if not isinstance(self.field, FolderField):  # its line has the name
            self.field.setAccessibleName(declared.title)
        self.field.setAccessibleDescription(declared.help)
        self._fault: FaultMark | None = None
        self._title = PlainLabel(declared.title, self)
        self._title.setBuddy(self.field)
        self._help = PlainLabel(declared.help, self, tone="dim", px=theme.SMALL)
        self._help.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._help.setWordWrap(True)  # after the policy, which knows nothing of the height of what is wrapped
        self._is_wide = isinstance(self.field, TicksField | LogoField)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        self._place = QWidget(self)
        place = QHBoxLayout(self._place)
        place.setContentsMargins(0, 0, 0, 0)
        place.addWidget(self.field)
        if isinstance(self.field, TicksField | TickField | NumberField):
            place.addStretch(1)
        self._column = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        row.addLayout(self._column, 1)
        self._column.setSpacing(2)
        self._column.addWidget(self._place, 0, Qt.AlignmentFlag.AlignTop)
        if isinstance(self.field, LogoField):  # it says itself what it is for
            self._help.hide()
        else:
            self._column.addWidget(self._help, 1)
        self._measure()

    @property
    def has_fault(self) -> bool:
        """Whether what stands in the field could not be kept."""
        return self._fault is not None

    def show_value(self, value: Any) -> None:
        """Show what holds; what somebody still has to mend stays as it was typed."""
        if self._fault is None:
            self.field.show_value(value)

    def mark(self, sentence: str) -> None:
        """Say at the field why it could not be kept."""
        self.unmark()
        self._fault = FaultMark(self.field.edit if isinstance(self.field, FolderField) else self.field, sentence)

    def unmark(self) -> None:
        """There is no fault, or none any more."""
        if self._fault is not None:
            self._fault.remove()
            self._fault = None

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size, which is among what is set here."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_column"):
            self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The explanation stands beside the field where there is room, else below it."""
        super().resizeEvent(event)
        self._arrange()

    def _measure(self) -> None:
        height = theme.scaled(24)
        self._title.setFixedSize(theme.scaled(_TITLE), height)
        if not self._is_wide:
            self._place.setFixedSize(theme.scaled(_FIELD), height)
        if isinstance(self.field, NumberField):
            self.field.setFixedWidth(theme.scaled(_NUMBER))
        self._arrange()

    def _arrange(self) -> None:
        beside = not self._is_wide and self.width() >= theme.scaled(_BESIDE)
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._column.setDirection(direction)
        self._column.setSpacing(12 if beside else 2)
        self._help.setMinimumHeight(theme.scaled(24) if beside else 0)
