"""The buttons of the ribbon: large with the text below, small with the text beside, and a whole group as one."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QFontMetrics, QIcon, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.actions import ActionSet, MenuEntry
from studio_desktop.ui.icons import icon, paint_icon
from studio_desktop.ui.widgets.buttons import paint_flat_ground
from studio_desktop.ui.widgets.enter import pressed_by_enter
from studio_desktop.ui.widgets.plain_label import as_tip

ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


class RibbonButton(QToolButton):
    """A flat button that follows one action; the two sizes differ in how they are laid out and painted."""

    arrow_pressed = Signal(object)
    """An arrow key was pressed here (a `Qt.Key`); the page decides where the focus goes."""
    menu_asked = Signal(str, QPoint)
    """Its own menu is wanted, by the right button or the menu key: the action's id, and where on the screen."""

    def __init__(self, parent: QWidget, key_tip: str) -> None:
        super().__init__(parent)
        self.key_tip = key_tip
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk over the ribbon, Enter presses like Space."""
        if event.key() in ARROWS and event.modifiers() in (_NO_MODIFIER, Qt.KeyboardModifier.KeypadModifier):
            self.arrow_pressed.emit(event.key())
        elif not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def tip_spot(self) -> QPoint:
        """Where the middle of its key tip goes: over the icon, so that the text stays readable."""
        return QPoint(self.width() // 2, theme.scaled(23) + 4)

    def press(self) -> None:
        """Do what a click does."""
        if self.menu() is not None:
            self.showMenu()
        else:
            self.click()


class ActionButton(RibbonButton):
    """The button of one action; `large` may change with the room there is."""

    def __init__(self, actions: ActionSet, action_id: str, parent: QWidget, *, large: bool) -> None:
        super().__init__(parent, actions.row(action_id).key_tip)
        self._actions = actions
        self.action_id = action_id
        self.large = large
        self._lines: list[str] = []
        action = actions[action_id]
        self.setDefaultAction(action)
        self.setAccessibleName(action.text())
        self.setAccessibleDescription(action.statusTip())
        self.refresh_menu()

    def refresh_menu(self) -> None:
        """Take the drop-down the action has on the page in front."""
        fill = self._actions.menu(self.action_id)
        if fill is None:
            self.setMenu(None)  # type: ignore[arg-type] # the stubs forget that a button may lose its menu
        elif self.menu() is None:
            menu = QMenu(self)
            menu.setToolTipsVisible(True)
            menu.aboutToShow.connect(self._fill_menu)
            self.setMenu(menu)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for what can be done with the button itself."""
        self.menu_asked.emit(self.action_id, event.globalPos())
        event.accept()

    def tip_spot(self) -> QPoint:
        """Over the icon."""
        return super().tip_spot() if self.large else QPoint(theme.scaled(8) + 6, self.height() // 2)

    def sizeHint(self) -> QSize:
        """72 or 24 pixels high at 100 %, as wide as its text."""
        measure = QFontMetrics(theme.font(theme.SMALL))
        drop = self.menu() is not None
        if not self.large:
            text = measure.horizontalAdvance(self.text())
            return QSize(text + theme.scaled(16) + 18 + (theme.scaled(14) if drop else 0), theme.scaled(24))
        self._lines = _two_lines(self.text(), measure)
        text = max(measure.horizontalAdvance(line) for line in self._lines)
        arrow = theme.scaled(10) if drop and len(self._lines) > 1 else 0
        return QSize(max(theme.scaled(44), text + 14 + arrow), content_height())

    def minimumSizeHint(self) -> QSize:
        """Its text is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QPainter(self)
        paint_flat_ground(self, painter)
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.token("text" if self.isEnabled() else "faint"))
        if self.large:
            self._paint_large(painter)
        else:
            self._paint_small(painter)

    def _paint_large(self, painter: QPainter) -> None:
        _paint_icon(self, painter, _large_icon(self))
        below = _below_icon()
        height = _line_height()
        drop = self.menu() is not None
        for at, line in enumerate(self._lines):
            arrow_follows = drop and at == 1
            place = QRect(0, below + height * at, self.width() - (theme.scaled(10) if arrow_follows else 0), height)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, line)
            if arrow_follows:
                text = painter.fontMetrics().horizontalAdvance(line)
                _paint_arrow(painter, place.center().x() + text // 2 + 3, place.top() + height / 2)
        if drop and len(self._lines) == 1:
            _paint_arrow(painter, (self.width() - theme.scaled(12)) // 2, below + height * 1.5)

    def _paint_small(self, painter: QPainter) -> None:
        side = theme.scaled(16)
        _paint_icon(self, painter, QRect(6, (self.height() - side) // 2, side, side))
        painter.drawText(self.rect().adjusted(side + 12, 0, 0, 0), _LEFT, self.text())
        if self.menu() is not None:
            _paint_arrow(painter, self.width() - theme.scaled(12) - 5, self.height() / 2)

    def _fill_menu(self) -> None:
        fill = self._actions.menu(self.action_id)
        if fill is not None:
            fill_menu(self.menu(), fill())


class GroupButton(RibbonButton):
    """A group for which there is no room: one button with all its actions below."""

    def __init__(self, name: str, key_tip: str, actions: list[QAction], parent: QWidget) -> None:
        super().__init__(parent, key_tip)
        self.setText(name)
        self.setAccessibleName(name)
        self.setToolTip(as_tip(name))
        self._icon = actions[0].icon()
        menu = QMenu(self)
        menu.addActions(actions)
        self.setMenu(menu)

    def sizeHint(self) -> QSize:
        """As high as a page of the ribbon."""
        text = QFontMetrics(theme.font(theme.SMALL)).horizontalAdvance(self.text())
        return QSize(max(theme.scaled(44), text + 14), content_height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QPainter(self)
        paint_flat_ground(self, painter)
        self._icon.paint(painter, _large_icon(self))
        below = _below_icon()
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.token("text"))
        height = _line_height()
        painter.drawText(QRect(0, below, self.width(), height), Qt.AlignmentFlag.AlignCenter, self.text())
        _paint_arrow(painter, (self.width() - theme.scaled(12)) // 2, below + height * 1.5)


def content_height() -> int:
    """What a strip is high without its caption: three small buttons, or an icon with two lines below, 72 at 100 %."""
    return max(3 * theme.scaled(24), _below_icon() + 2 + 2 * _line_height())


def fill_menu(menu: QMenu, entries: Iterable[MenuEntry]) -> None:
    """Put these lines into a menu that is about to open."""
    menu.clear()
    for entry in entries:
        line = menu.addAction(entry.text.replace("&", "&&"))
        if entry.icon:
            line.setIcon(icon(entry.icon, entry.colour))
        line.setEnabled(not entry.why_not)
        line.setToolTip(as_tip(entry.why_not or entry.text))
        line.triggered.connect(lambda _=False, run=entry.run: run())


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier
_WIDEST_LINE = 62


def _line_height() -> int:
    return theme.scaled(16)


def _large_icon(button: QToolButton) -> QRect:
    side = theme.scaled(32)
    return QRect((button.width() - side) // 2, 4, side, side)


def _below_icon() -> int:
    return theme.scaled(32) + 6


def _two_lines(text: str, measure: QFontMetrics) -> list[str]:
    """The text, broken at the blank that gives the narrowest pair of lines where one would be too wide."""
    words = text.split(" ")
    if len(words) == 1 or measure.horizontalAdvance(text) <= theme.scaled(_WIDEST_LINE):
        return [text]
    pairs = [[" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words))]
    return min(pairs, key=lambda pair: max(measure.horizontalAdvance(line) for line in pair))


def _paint_icon(button: QToolButton, painter: QPainter, place: QRect) -> None:
    mode = QIcon.Mode.Normal if button.isEnabled() else QIcon.Mode.Disabled
    button.icon().paint(painter, place, mode=mode)


def _paint_arrow(painter: QPainter, x: int, middle: float) -> None:
    paint_icon(painter, "chevron_down", x, middle, "dim", size=12)
