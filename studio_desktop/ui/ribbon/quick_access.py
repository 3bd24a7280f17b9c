"""The small buttons in the title row that each person chooses: any action of the ribbon, in any order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from studio_desktop.ui.actions import ActionSet
from studio_desktop.ui.widgets.buttons import BarButton

MOST = 9
"""As many as Alt and a digit can press."""


class QuickAccess(QWidget):
    """The ribbon makes it, the title row holds it. Its menu, and that of each button of the ribbon, changes it."""

    changed = Signal(tuple)
    """A person chose other actions, or another order: their ids."""

    def __init__(self, at_first: tuple[str, ...], parent: QWidget | None = None) -> None:
        """`at_first` are the actions of whoever has chosen none."""
        super().__init__(parent)
        self._at_first = at_first
        self._ids = at_first
        self._buttons: list[_QuickButton] = []
        self._actions: ActionSet | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)

    @property
    def buttons(self) -> list[BarButton]:
        """From left to right; Alt and their number press them."""
        return list(self._buttons)

    def set_actions(self, actions: ActionSet) -> None:
        """Show those of the chosen actions that there are now."""
        self._actions = actions
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = []
        for action_id in self._ids:
            if action_id in actions:
                button = _QuickButton(actions[action_id], partial(self.open_menu, action_id), self)
                self._row.addWidget(button)
                self._buttons.append(button)

    def choose(self, ids: tuple[str, ...]) -> None:
        """Show these actions, none for those of the beginning."""
        self._ids = ids or self._at_first
        if self._actions is not None:
            self.set_actions(self._actions)

    def open_menu(self, action_id: str, place: QPoint) -> None:
        """What can be done with an action's place here, at a place on the screen."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ids = self._ids
        if action_id not in ids:
            add = menu.addAction(self.tr("&Add to quick access"), partial(self._take, (*ids, action_id)))
            add.setEnabled(len(ids) < MOST)
        else:
            at = ids.index(action_id)
            others = (*ids[:at], *ids[at + 1 :])
            menu.addAction(self.tr("&Remove from quick access"), partial(self._take, others)).setEnabled(bool(others))
            for text, to in ((self.tr("Move to the &left"), at - 1), (self.tr("Move to the ri&ght"), at + 1)):
                moved = (*others[: max(to, 0)], action_id, *others[max(to, 0) :])
                menu.addAction(text, partial(self._take, moved)).setEnabled(0 <= to < len(ids))
        menu.addSeparator()
        reset = menu.addAction(self.tr("Quick access as at &first"), partial(self._take, self._at_first))
        reset.setEnabled(ids != self._at_first)
        menu.popup(place)

    def _take(self, ids: tuple[str, ...]) -> None:
        self.choose(ids)
        self.changed.emit(ids)


class _QuickButton(BarButton):
    def __init__(self, action: QAction, open_menu: Callable[[QPoint], None], parent: QWidget) -> None:
        super().__init__(parent=parent)
        self._open_menu = open_menu
        self.setDefaultAction(action)
        self.setAccessibleName(action.text())
        action.changed.connect(self._show_icon_only)
        self._show_icon_only()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._open_menu(event.globalPos())
        event.accept()

    def _show_icon_only(self) -> None:
        """Each change of its action brings the text back."""
        self.setText("")
