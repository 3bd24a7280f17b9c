"""One tab's strip of groups, which shrink from the right when the window narrows."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.actions import ActionSet
from studio_desktop.ui.ribbon.buttons import ActionButton, GroupButton, RibbonButton, content_height
from studio_desktop.ui.ribbon.plan import GroupPlan, TabPlan


class Room(IntEnum):
    """How much room a group has."""

    LARGE = 0
    SMALL = 1
    NONE = 2


def strip_height() -> int:
    """94 pixels at 100 %: buttons, caption and the room around them."""
    return content_height() + theme.scaled(14) + 8


class Group(QWidget):
    """A group with its caption: as planned, with all its buttons small, or as one drop-down."""

    def __init__(self, plan: GroupPlan, actions: ActionSet, parent: QWidget) -> None:
        super().__init__(parent)
        self.plan = plan
        self.room = Room.LARGE
        self.setAccessibleName(plan.name)
        present = [action_id for action_id in plan.actions if action_id in actions]
        self._buttons = [
            ActionButton(actions, action_id, self, large=action_id in plan.large) for action_id in present
        ]
        self._as_one = GroupButton(plan.name, plan.key_tip, [actions[action_id] for action_id in present], self)
        self._as_one.hide()

    def targets(self) -> list[RibbonButton]:
        """The buttons a person can reach now."""
        return [self._as_one] if self.room is Room.NONE else list(self._buttons)

    def all_buttons(self) -> list[RibbonButton]:
        """Every button there is, shown or not."""
        return [*self._buttons, self._as_one]

    def refresh_menus(self) -> None:
        """Let each button take the drop-down it has on the page in front."""
        for button in self._buttons:
            button.refresh_menu()

    def width_with(self, room: Room) -> int:
        """How wide it is with so much room."""
        if room is Room.NONE:
            return self._as_one.sizeHint().width() + 2 * _MARGIN
        self._resize_buttons(room)
        right = max(place.right() for place in self._places())
        caption = QFontMetrics(theme.font(theme.TINY)).horizontalAdvance(self.plan.name)
        return max(right + 1 + _MARGIN, caption + 2 * _MARGIN)

    def arrange(self, room: Room) -> None:
        """Lay the buttons out for so much room."""
        self.room = room
        collapsed = room is Room.NONE
        self._as_one.setVisible(collapsed)
        self._as_one.setGeometry(QRect(QPoint(_MARGIN, _TOP), self._as_one.sizeHint()))
        self._resize_buttons(room)
        for button, place in zip(self._buttons, self._places(), strict=True):
            button.setVisible(not collapsed)
            button.setGeometry(place)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw the caption, and the hairline to the next group."""
        painter = QPainter(self)
        painter.setFont(theme.font(theme.TINY))
        painter.setPen(theme.token("dim"))
        if self.room is not Room.NONE:
            height = theme.scaled(14)
            place = QRect(0, self.height() - height - 3, self.width() - 1, height)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self.plan.name)
        painter.setPen(theme.token("line"))
        painter.drawLine(self.width() - 1, 8, self.width() - 1, self.height() - 9)

    def _resize_buttons(self, room: Room) -> None:
        for button in self._buttons:
            button.large = room is Room.LARGE and button.action_id in self.plan.large

    def _places(self) -> list[QRect]:
        """Where each button stands: large ones side by side, small ones in columns of three."""
        places: list[QRect] = []
        x, column = _MARGIN, []  # type: int, list[int]
        for button in self._buttons:
            size = button.sizeHint()
            if button.large:
                places.append(QRect(QPoint(x, _TOP), size))
                x += size.width()
                continue
            if len(column) == _ROWS:
                x += max(column)
                column = []
            places.append(QRect(QPoint(x, _TOP + len(column) * size.height()), size))
            column.append(size.width())
        return places


class Strip(QWidget):
    """The groups of one tab that have something to offer on the page in front."""

    left_upwards = Signal()
    """Somebody walked up out of the strip by arrow key."""
    menu_asked = Signal(str, QPoint)
    """Somebody wants the menu of a button: its action's id, and where on the screen."""

    def __init__(self, plan: TabPlan, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plan = plan
        self.setAccessibleName(plan.name)
        self._groups = [
            Group(group, actions, self)
            for group in plan.groups
            if any(action_id in actions for action_id in group.actions)
        ]
        for button in self.all_buttons():
            button.arrow_pressed.connect(lambda key, origin=button: self._walk(origin, key))
            button.menu_asked.connect(self.menu_asked)
        self.setMinimumWidth(0)
        self.follow(actions.page)

    def groups(self) -> list[Group]:
        """The groups shown for the page in front."""
        return [group for group in self._groups if group.isVisibleTo(self)]

    def targets(self) -> list[RibbonButton]:
        """The buttons a person can reach now, from left to right."""
        return [button for group in self.groups() for button in group.targets()]

    def all_buttons(self) -> list[RibbonButton]:
        """Every button there is, shown or not."""
        return [button for group in self._groups for button in group.all_buttons()]

    def follow(self, page: str) -> None:
        """Show what is for this kind of page."""
        for group in self._groups:
            group.setVisible(not group.plan.pages or page in group.plan.pages)
            group.refresh_menus()
        self.fit()

    def fit(self) -> None:
        """Give every group what it plans; then take from the right until all fit."""
        groups = self.groups()
        rooms = dict.fromkeys(groups, Room.LARGE)
        widths = {group: group.width_with(Room.LARGE) for group in groups}
        for room in (Room.SMALL, Room.NONE):
            for group in reversed(groups):
                if sum(widths.values()) + _EDGE <= self.width():
                    break
                narrower = group.width_with(room)
                if narrower < widths[group]:
                    rooms[group], widths[group] = room, narrower
        x = _EDGE // 2
        for group in groups:
            group.setGeometry(x, 0, widths[group], self.height())
            group.arrange(rooms[group])
            x += widths[group]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the groups in."""
        super().resizeEvent(event)
        self.fit()

    def _walk(self, origin: RibbonButton, key: Qt.Key) -> None:
        """Put the focus on the nearest button in that direction; up out of the topmost row leaves the strip."""
        here = self._place_of(origin)
        nearest: list[tuple[int, RibbonButton]] = []
        for button in self.targets():
            there = self._place_of(button)
            along, across = {
                Qt.Key.Key_Left: (here.left() - there.right(), there.center().y() - here.center().y()),
                Qt.Key.Key_Right: (there.left() - here.right(), there.center().y() - here.center().y()),
                Qt.Key.Key_Up: (here.top() - there.bottom(), max(here.left(), there.left()) - there.right()),
                Qt.Key.Key_Down: (there.top() - here.bottom(), max(here.left(), there.left()) - there.right()),
            }[key]
            beside = key in (Qt.Key.Key_Left, Qt.Key.Key_Right)
            # Sideways, what is level comes before what is near; up and down stay in the column.
            if button.isEnabled() and along >= 0 and (beside or (across < 0 and there.left() < here.right())):
                nearest.append((along + 3 * abs(across) if beside else along, button))
        if nearest:
            min(nearest, key=lambda each: each[0])[1].setFocus(Qt.FocusReason.TabFocusReason)
        elif key == Qt.Key.Key_Up:
            self.left_upwards.emit()

    def _place_of(self, button: QWidget) -> QRect:
        return QRect(button.mapTo(self, QPoint(0, 0)), button.size())


_MARGIN = 6
_TOP = 3
_ROWS = 3
_EDGE = 8
