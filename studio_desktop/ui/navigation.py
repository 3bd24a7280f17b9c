"""The places of the window at its left edge."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets.enter import pressed_by_enter
from studio_desktop.ui.widgets.marks import paint_focus_ring
from studio_desktop.ui.widgets.panels import Hairline, Panel
from studio_desktop.ui.widgets.plain_label import as_tip

WIDE, NARROW = 156, 48
"""Pixels at 100 %."""


class Navigation(Panel):
    """One button for each place; the current one is marked. Narrow, it shows icons only."""

    chosen = Signal(str)
    """A place, by the name it was added with."""
    narrowed = Signal(bool)
    """Somebody pressed the button at the foot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "window", "r")
        self.setAccessibleName(self.tr("Places"))
        self._narrow = False
        self._buttons: dict[str, _PlaceButton] = {}
        self._group = QButtonGroup(self)
        self._places = QVBoxLayout()
        self._places.setSpacing(2)
        self._fold = _PlaceButton(self.tr("Narrow"), "panel_left_contract", dim=True)
        self._fold.clicked.connect(lambda: self.narrowed.emit(not self._narrow))
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 8, 7, 6)
        column.setSpacing(4)
        column.addLayout(self._places)
        column.addStretch(1)
        column.addWidget(Hairline(self, inset=6))
        column.addWidget(self._fold)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def add(self, name: str, text: str, icon: str, keys: str = "") -> None:
        """One more place below the others; `keys` stand in its tip."""
        button = _PlaceButton(text, icon, keys)
        button.setCheckable(True)
        button.set_narrow(self._narrow)
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._group.addButton(button)
        self._buttons[name] = button
        self._places.addWidget(button)

    def mark(self, name: str) -> None:
        """Say which place is in front; an unknown name marks none."""
        button = self._buttons.get(name)
        if button is not None:
            button.setChecked(True)
        elif (checked := self._group.checkedButton()) is not None:
            self._group.setExclusive(False)
            checked.setChecked(False)
            self._group.setExclusive(True)

    def set_narrow(self, narrow: bool) -> None:
        """Show icons only, or their names too."""
        self._narrow = narrow
        for button in (*self._buttons.values(), self._fold):
            button.set_narrow(narrow)
        self._fold.set_face(
            self.tr("Widen") if narrow else self.tr("Narrow"),
            "panel_left_expand" if narrow else "panel_left_contract",
        )
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As wide as its state says."""
        return QSize(NARROW if self._narrow else theme.scaled(WIDE), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """As wide as its state says."""
        return QSize(self.sizeHint().width(), super().minimumSizeHint().height())

    def take_focus(self) -> None:
        """Put the focus on the current place."""
        button = self._group.checkedButton() or next(iter(self._buttons.values()))
        button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down go from place to place."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        buttons = [*self._buttons.values(), self._fold]
        at = next((index for index, button in enumerate(buttons) if button.hasFocus()), None)
        if not steps or at is None:
            super().keyPressEvent(event)
            return
        buttons[(at + steps) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)


class _PlaceButton(QAbstractButton):
    def __init__(self, text: str, icon: str, keys: str = "", *, dim: bool = False) -> None:
        super().__init__()
        self._keys = keys
        self._dim = dim
        self._narrow = False
        self.set_face(text, icon)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_face(self, text: str, icon: str) -> None:
        self.setText(text)
        self._icon = icon
        self.setAccessibleName(text)
        self._set_tip()
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self._set_tip()
        self.update()

    def _set_tip(self) -> None:
        self.setToolTip(as_tip("  ".join(part for part in (self.text() if self._narrow else "", self._keys) if part)))

    def sizeHint(self) -> QSize:
        return QSize(0, theme.scaled(30))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = self.isChecked()
        ground = QRectF(self.rect())
        if current or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.token("accent_soft" if current else "hover"))
            painter.drawRoundedRect(ground, 4, 4)
        if current:
            painter.setBrush(theme.mark_colour())
            painter.drawRoundedRect(QRectF(0, (self.height() - theme.scaled(16)) / 2, 3, theme.scaled(16)), 1.5, 1.5)
        ink = "link" if current else "dim" if self._dim else "text"
        left = (self.width() - theme.scaled(20)) // 2 if self._narrow else 10
        paint_icon(painter, self._icon, left, self.height() / 2, ink, size=20, filled=current)
        if not self._narrow:
            painter.setPen(theme.token("dim" if self._dim else "text"))
            weight = theme.STRONG if current else theme.REGULAR
            painter.setFont(theme.font(theme.SMALL if self._dim else theme.BASE, weight))
            place = self.rect().adjusted(theme.scaled(38), 0, 0, 0)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            paint_focus_ring(painter, ground)
