"""The topmost row of the window: quick access, where in the list, what is open, the caller box, who works here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.caller_box import CallerBox
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets.buttons import BarButton, paint_flat_ground
from studio_desktop.ui.widgets.enter import pressed_by_enter
from studio_desktop.ui.widgets.marks import Avatar, Picture, paint_text
from studio_desktop.ui.widgets.panels import Hairline, Panel
from studio_desktop.ui.widgets.plain_label import PlainLabel


class TitleRow(Panel):
    """Made before any action exists; `add_arrows` adds those of the record."""

    def __init__(self, quick_access: QWidget, caller_box: CallerBox, parent: QWidget | None = None) -> None:
        super().__init__(parent, "window")
        self._arrows = QWidget(self)
        arrows = QHBoxLayout(self._arrows)
        arrows.setContentsMargins(0, 0, 0, 0)
        arrows.setSpacing(4)
        arrows.addWidget(Hairline(self, vertical=True, inset=8))
        self._place = PlainLabel("", self, tone="dim", px=theme.SMALL)
        self._arrow_row = arrows
        self._title = PlainLabel("", self, strong=True, elided=True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._caller_box = caller_box
        caller_box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._user = _UserButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(8)
        row.addWidget(Picture("camera", "link", filled=True))
        row.addWidget(quick_access)
        row.addWidget(self._arrows)
        row.addWidget(self._title, 1)
        row.addWidget(caller_box, 1)
        row.addWidget(self._user)
        self._arrows.hide()
        self._user.hide()
        self._fit()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self._caller_box.setMinimumWidth(theme.scaled(160))
        self._caller_box.setMaximumWidth(theme.scaled(288))

    def add_arrows(self, previous: QAction, following: QAction) -> None:
        """Put the arrows of the record in their places."""
        self._arrow_row.addWidget(_ActionButton(previous, "chevron_left"))
        self._arrow_row.addWidget(self._place)
        self._arrow_row.addWidget(_ActionButton(following, "chevron_right"))

    def set_title(self, title: str) -> None:
        """What is open."""
        self._title.setText(title)

    def set_place(self, place: tuple[int, int] | None) -> None:
        """Which record of how many this is; nothing where it was opened by itself."""
        self._arrows.setVisible(place is not None)
        if place is not None:
            self._place.setText(self.tr("{one} of {all}").format(one=place[0], all=place[1]))

    def set_user(self, name: str, menu: Callable[[], Iterable[QAction]]) -> None:
        """Who works here; `menu` gives what stands below the name."""
        self._user.show_user(name, menu)


class _ActionButton(BarButton):
    """A small button that follows its action."""

    def __init__(self, action: QAction, icon_name: str) -> None:
        super().__init__(icon_name, "", action.toolTip())
        self._action = action
        self.setAccessibleName(action.text())
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())


class _UserButton(QToolButton):
    """The avatar and name of who works here, with a menu."""

    def __init__(self) -> None:
        super().__init__()
        self._avatar = Avatar("", 20, self)
        self._avatar.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._give_actions: Callable[[], Iterable[QAction]] = lambda: ()
        menu = QMenu(self)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._fit()

    def show_user(self, name: str, menu: Callable[[], Iterable[QAction]]) -> None:
        self.setText(name)
        self.setAccessibleName(self.tr("{name} works here").format(name=name))
        self._avatar.set_name(name)
        self._give_actions = menu
        self.setVisible(bool(name))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(theme.font(theme.SMALL)).horizontalAdvance(self.text())
        return QSize(min(words, theme.scaled(160)) + theme.scaled(52), theme.scaled(24))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        paint_flat_ground(self, painter)
        room = self.rect().adjusted(theme.scaled(30), 0, -theme.scaled(20), 0)
        paint_text(painter, room, self.text(), "text", theme.font(theme.SMALL))
        paint_icon(painter, "chevron_down", self.width() - theme.scaled(16), self.height() / 2, "dim", size=12)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(theme.scaled(24))
        self._avatar.move(4, theme.scaled(2))
        self.updateGeometry()

    def _fill(self) -> None:
        self.menu().clear()
        for action in self._give_actions():
            self.menu().addAction(action)
