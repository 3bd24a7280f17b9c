"""The File page: what concerns the studio and this computer as a whole, over the window, each with its explanation."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.actions import ActionSet
from studio_desktop.ui.ribbon.buttons import ActionButton, RibbonButton
from studio_desktop.ui.ribbon.plan import TabPlan
from studio_desktop.ui.widgets.buttons import paint_flat_ground
from studio_desktop.ui.widgets.panels import Panel
from studio_desktop.ui.widgets.plain_label import PlainLabel


class FilePage(Panel):
    """A column for each group of the File tab. Esc closes it, an action that runs closes it too."""

    closed = Signal()

    def __init__(self, plan: TabPlan, actions: ActionSet, parent: QWidget) -> None:
        super().__init__(parent, "base", "t")
        self.setAccessibleName(plan.name)
        self._columns: list[list[_FileButton]] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(24)
        for group in plan.groups:
            present = [action_id for action_id in group.actions if action_id in actions]
            if present:
                self._add_column(row, group.name, present, actions)
        row.addStretch(1)

    def targets(self) -> list[RibbonButton]:
        """The buttons a person can reach now."""
        return [button for column in self._columns for button in column if button.isEnabled()]

    def take_focus(self) -> None:
        """Put the cursor on the first action."""
        if self.targets():
            self.targets()[0].setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the page below."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _add_column(self, row: QHBoxLayout, name: str, present: list[str], actions: ActionSet) -> None:
        column = QVBoxLayout()
        row.addLayout(column)
        column.setSpacing(4)
        column.addWidget(PlainLabel(name, self, px=theme.TITLE, strong=True))
        column.addSpacing(8)
        buttons = [_FileButton(actions, action_id, self) for action_id in present]
        for button in buttons:
            button.arrow_pressed.connect(lambda key, origin=button: self._walk(origin, key))
            button.defaultAction().triggered.connect(self.closed)
            column.addWidget(button)
        column.addStretch(1)
        self._columns.append(buttons)

    def _walk(self, origin: _FileButton, key: Qt.Key) -> None:
        at = next(i for i, column in enumerate(self._columns) if origin in column)
        column = self._columns[at]
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            to = column.index(origin) + (1 if key == Qt.Key.Key_Down else -1)
            beside = [column[to]] if 0 <= to < len(column) else []
        else:
            to = at + (1 if key == Qt.Key.Key_Right else -1)
            beside = self._columns[to][: column.index(origin) + 1][-1:] if 0 <= to < len(self._columns) else []
        for button in beside:
            button.setFocus(Qt.FocusReason.TabFocusReason)


class _FileButton(ActionButton):
    def __init__(self, actions: ActionSet, action_id: str, parent: QWidget) -> None:
        super().__init__(actions, action_id, parent, large=True)
        self._tip = actions[action_id].statusTip()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def tip_spot(self) -> QPoint:
        return QPoint(28, self.height() // 2 + 16)

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(340), theme.scaled(18) * 3 + 14)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        paint_flat_ground(self, painter)
        mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
        side = theme.scaled(32)
        self.icon().paint(painter, QRect(12, (self.height() - side) // 2, side, side), mode=mode)
        left, line = side + 24, theme.scaled(18)
        room = self.width() - left - 12
        small = theme.font(theme.SMALL)
        wrapped = QFontMetrics(small).boundingRect(QRect(0, 0, room, 2 * line), _WRAPPED, self._tip).height()
        top = (self.height() - line - wrapped) // 2 - 1
        painter.setPen(theme.token("text" if self.isEnabled() else "faint"))
        painter.setFont(theme.font(theme.BASE, theme.STRONG))
        painter.drawText(QRect(left, top, room, line), _WRAPPED, self.defaultAction().text())
        painter.setPen(theme.token("dim"))
        painter.setFont(small)
        painter.drawText(QRect(left, top + line, room, 2 * line), _WRAPPED, self._tip)


_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
