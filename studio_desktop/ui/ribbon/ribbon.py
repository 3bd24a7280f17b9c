"""The ribbon as the window holds it: tabs, their strips, the File page, folding and key tips."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent, QWheelEvent, QWindow
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio_desktop.ui.actions import ActionSet
from studio_desktop.ui.icons import icon
from studio_desktop.ui.ribbon.file_page import FilePage
from studio_desktop.ui.ribbon.key_tips import KeyTips, Target
from studio_desktop.ui.ribbon.plan import RibbonPlan, TabPlan, read_plan
from studio_desktop.ui.ribbon.quick_access import QuickAccess
from studio_desktop.ui.ribbon.strip import Strip, strip_height
from studio_desktop.ui.ribbon.tab_bar import RibbonTabBar
from studio_desktop.ui.widgets.buttons import BarButton
from studio_desktop.ui.widgets.panels import Panel

FILE = "file"


class Ribbon(Panel):
    """The ribbon of one window. It shows the actions there are, and follows `ActionSet.page`.

    Put `quick_access` into the title row. `set_folded` leaves the tabs only: a click on one then shows its strip over
    the page until something is chosen.
    """

    folded_changed = Signal(bool)
    """It was folded or unfolded, by whom and how ever."""

    def __init__(self, actions: ActionSet, parent: QWidget | None = None, plan: RibbonPlan | None = None) -> None:
        super().__init__(parent, "window", "b")
        self._actions = actions
        self._plan = plan or read_plan()
        self._folded = False
        self._stale = False
        self._file_page: FilePage | None = None
        self._before_file = self._index_of("home")
        self._focus_before: QWidget | None = None
        self.quick_access = QuickAccess(self._plan.quick)
        self._tabs = RibbonTabBar(self)
        self._body = _Body(self)
        self._key_tips = KeyTips(self, self)
        for index, tab in enumerate(self._plan.tabs):
            self._tabs.addTab(tab.name)
            if tab.page:
                self._tabs.set_word(index, tab.word)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 1)
        column.setSpacing(0)
        row = QHBoxLayout()
        column.addLayout(row)
        row.setContentsMargins(8, 0, 8, 0)
        row.addWidget(self._tabs)
        row.addStretch(1)
        column.addWidget(self._body)
        self._tabs.setCurrentIndex(self._index_of("home"))
        self._tabs.currentChanged.connect(self._tab_chosen)
        self._tabs.tabBarClicked.connect(self._tab_clicked)
        self._tabs.tabBarDoubleClicked.connect(lambda _: self.set_folded(not self._folded))
        self._tabs.entered.connect(self._enter_strip)
        self._body.fold_button.clicked.connect(lambda: self.set_folded(not self._folded))
        actions.bound_changed.connect(self._build_soon)
        actions.page_changed.connect(self._follow)
        self._build()

    @property
    def folded(self) -> bool:
        """Whether only the tabs are shown."""
        return self._folded

    @property
    def current_tab(self) -> str:
        """The id of the tab in front."""
        return self._plan.tabs[self._tabs.currentIndex()].id

    @property
    def key_tips(self) -> KeyTips:
        """The letters over the ribbon; F10 calls their `show_first`."""
        return self._key_tips

    def set_folded(self, folded: bool) -> None:
        """Show the tabs only, or the strip of the current tab as well."""
        if folded == self._folded:
            return
        self._folded = folded
        self._body.rest(shown=not folded)
        self.folded_changed.emit(folded)

    def show_tab(self, tab_id: str) -> None:
        """Bring a tab to the front."""
        self._tabs.setCurrentIndex(self._index_of(tab_id))

    def visible_tabs(self) -> list[str]:
        """The ids of the tabs that can be chosen now."""
        return [tab.id for index, tab in enumerate(self._plan.tabs) if self._tabs.isTabVisible(index)]

    def close_file_page(self) -> None:
        """Go back from the File page to the page below it."""
        if self._file_page is None:
            return
        page, self._file_page = self._file_page, None
        page.hide()
        page.deleteLater()
        self._tabs.setCurrentIndex(self._before_file)
        self._give_focus_back()

    def first_targets(self) -> Mapping[str, Target]:
        """Tabs and quick access by their letters."""
        targets = {
            tab.key_tip: Target(
                self._tabs, self._tabs.tip_spot(index), functools.partial(self._show_strip, index), opens_more=True
            )
            for index, tab in enumerate(self._plan.tabs)
            if self._tabs.isTabVisible(index)
        }
        for number, button in enumerate(self.quick_access.buttons, 1):
            if button.isEnabled() and button.window() is self.window():
                targets[str(number)] = Target(button, QPoint(button.width() // 2, button.height() - 4), button.click)
        return targets

    def second_targets(self) -> Mapping[str, Target]:
        """The buttons of the strip or the File page in front by their letters."""
        self._finish_building()
        buttons = self._file_page.targets() if self._file_page is not None else self._strip().targets()
        return {
            button.key_tip: Target(button, button.tip_spot(), button.press)
            for button in buttons
            if button.isEnabled() and button.key_tip
        }

    def showEvent(self, event: QShowEvent) -> None:
        """From now on the window has a handle that hears Alt."""
        super().showEvent(event)
        self._key_tips.watch()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Walk through the tabs."""
        step = -1 if event.angleDelta().y() > 0 else 1
        index = self._tabs.currentIndex() + step
        while 0 <= index < self._tabs.count() and not self._tabs.isTabVisible(index):
            index += step
        if 0 <= index < self._tabs.count() and self._plan.tabs[index].id != FILE and not self._folded:
            self._tabs.setCurrentIndex(index)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the ribbon for where the cursor was."""
        if event.key() == Qt.Key.Key_Escape:
            self._body.rest(shown=not self._folded)
            self._give_focus_back()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._build_soon()

    def _index_of(self, tab_id: str) -> int:
        return next(index for index, tab in enumerate(self._plan.tabs) if tab.id == tab_id)

    def _strip(self) -> Strip:
        return self._body.strip(self._tabs.currentIndex())

    def _build_soon(self) -> None:
        """Once for all actions that are bound in a row."""
        if not self._stale:
            self._stale = True
            QTimer.singleShot(0, self, self._finish_building)

    def _finish_building(self) -> None:
        if self._stale:
            self._build()

    def _build(self) -> None:
        self._stale = False
        self._body.show_strips([Strip(tab, self._actions, self._body) for tab in self._plan.tabs])
        for strip in self._body.strips():
            strip.left_upwards.connect(self._tabs.setFocus)
            strip.menu_asked.connect(self.quick_access.open_menu)
        self.quick_access.set_actions(self._actions)
        self._follow(self._actions.page)

    def _follow(self, page: str) -> None:
        """Show the tabs and groups for the kind of page in front."""
        if not self._is_shown(self._plan.tabs[self._tabs.currentIndex()], page):
            self.show_tab("home")
        for index, tab in enumerate(self._plan.tabs):
            self._tabs.setTabVisible(index, self._is_shown(tab, page))
        self._tabs.updateGeometry()  # Qt does not by itself
        for strip in self._body.strips():
            strip.follow(page)
        self._body.set_current(self._tabs.currentIndex())

    def _is_shown(self, tab: TabPlan, page: str) -> bool:
        present = any(action_id in self._actions for group in tab.groups for action_id in group.actions)
        return (present or tab.id == "home") and (not tab.page or tab.page == page)

    def _tab_chosen(self, index: int) -> None:
        if self._plan.tabs[index].id == FILE:
            return
        self._before_file = index
        if self._file_page is not None:
            self.close_file_page()
        self._body.set_current(index)

    def _tab_clicked(self, index: int) -> None:
        if index < 0:
            return
        if self._plan.tabs[index].id == FILE:
            # The bar makes it current only after this signal.
            QTimer.singleShot(0, self, self._open_file_page)
        elif self._file_page is not None and index == self._before_file:
            self.close_file_page()
        elif self._folded:
            QTimer.singleShot(0, self, lambda: self._show_strip(index))

    def _show_strip(self, index: int) -> None:
        """Bring a tab's strip to the front, over the page if the ribbon is folded."""
        if self._plan.tabs[index].id == FILE:
            self._open_file_page()
            return
        self._tabs.setCurrentIndex(index)
        if self._folded:
            self._body.float_below(self._tabs)

    def _enter_strip(self) -> None:
        if self.current_tab == FILE:
            self._open_file_page()
            return
        self._remember_focus()
        self._show_strip(self._tabs.currentIndex())
        reachable = [button for button in self._strip().targets() if button.isEnabled()]
        if reachable:
            reachable[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _open_file_page(self) -> None:
        if self._file_page is not None:
            self.close_file_page()
            return
        self._finish_building()
        self._remember_focus()
        index = self._index_of(FILE)
        self._tabs.setCurrentIndex(index)
        window = self.window()
        self._file_page = FilePage(self._plan.tabs[index], self._actions, window)
        self._file_page.closed.connect(self.close_file_page)
        top = self._tabs.mapTo(window, QPoint(0, self._tabs.height())).y()
        self._file_page.setGeometry(QRect(0, top, window.width(), window.height() - top))
        self._file_page.show()
        self._file_page.raise_()
        self._file_page.take_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what lies over the window as wide as it."""
        super().resizeEvent(event)
        window = self.window()
        if self._file_page is not None:
            top = self._file_page.y()
            self._file_page.setGeometry(QRect(0, top, window.width(), window.height() - top))
        if self._folded:
            self._body.rest(shown=False)

    def _remember_focus(self) -> None:
        focus = QApplication.focusWidget()
        if focus is not None and not self.isAncestorOf(focus):
            self._focus_before = focus

    def _give_focus_back(self) -> None:
        focus, self._focus_before = self._focus_before, None
        if focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)


class _Body(Panel):
    """The strips, and the small button that folds them away. Folded, it floats over the page while it is used."""

    def __init__(self, ribbon: Ribbon) -> None:
        super().__init__(ribbon, "base", "t")
        self._ribbon = ribbon
        self._floating = False
        self._stack = QStackedWidget(self)
        self.fold_button = BarButton("chevron_up", tip=self.tr("Fold the ribbon (Ctrl+F1)"), parent=self, tone="dim")
        self.setFixedHeight(strip_height())

    def strips(self) -> list[Strip]:
        return [strip for at in range(self._stack.count()) if isinstance(strip := self._stack.widget(at), Strip)]

    def strip(self, index: int) -> Strip:
        return self.strips()[index]

    def show_strips(self, strips: list[Strip]) -> None:
        for old in self.strips():
            self._stack.removeWidget(old)
            old.deleteLater()
        for strip in strips:
            self._stack.addWidget(strip)
            for button in strip.all_buttons():
                button.triggered.connect(self._chosen)
        self.setFixedHeight(strip_height())
        self._place()

    def set_current(self, index: int) -> None:
        self._stack.setCurrentIndex(index)

    def rest(self, *, shown: bool) -> None:
        """Stand in the ribbon, or be folded away."""
        if self._floating:
            self._floating = False
            self._handle().removeEventFilter(self)
            self.setParent(self._ribbon)
            self._ribbon.layout().addWidget(self)  # type: ignore[union-attr]
        self.fold_button.setIcon(icon("chevron_up", "dim"))
        self.setVisible(shown)

    def float_below(self, tabs: QWidget) -> None:
        """Lie over the page until something is chosen or somebody clicks elsewhere."""
        if self._floating:
            return
        window = self._ribbon.window()
        top = tabs.mapTo(window, QPoint(0, tabs.height())).y()
        self.setParent(window)
        self.setGeometry(0, top, window.width(), self.height())
        self.fold_button.setIcon(icon("chevron_down", "dim"))
        self.show()
        self.raise_()
        self._floating = True
        self._handle().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """Of the window's native handle: fold it away on Esc, on a click beside it and when the window is left."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            spot = event.position().toPoint()
            inside = self.geometry().contains(spot)
            ribbon = QRect(self._ribbon.mapTo(self._ribbon.window(), QPoint(0, 0)), self._ribbon.size())
            if not inside and not ribbon.contains(spot):
                self.rest(shown=False)
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.rest(shown=False)
        elif event.type() == QEvent.Type.FocusOut and QApplication.activePopupWidget() is None:
            self.rest(shown=False)
        return False

    def _handle(self) -> QWindow:
        return self._ribbon.window().windowHandle()

    def _chosen(self) -> None:
        if self._floating:
            self.rest(shown=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        self._stack.setGeometry(0, 1, self.width(), self.height() - 1)
        side = self.fold_button.sizeHint()
        self.fold_button.setGeometry(QRect(QPoint(0, 0), side))
        self.fold_button.move(self.width() - side.width() - 4, self.height() - side.height() - 2)
        self.fold_button.raise_()


