"""A line that finds one client as somebody types: the best match is already chosen, Enter takes it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.drop_down import DropDownList, Entry
from studio_desktop.ui.page import ClientInHand, Shell
from studio_desktop.ui.widgets.client_picker import Known, known_clients
from studio_desktop.ui.widgets.search_sign import add_search_sign


class ClientLine(QLineEdit):
    """Stands where it is only while somebody is sought."""

    chosen = Signal(object)
    """The client who was taken, as a `ClientInHand`."""
    left = Signal()
    """Esc: it stays as it was."""
    lost = Signal()
    """The cursor went elsewhere: the same."""

    def __init__(self, window: QWidget, parent: QWidget) -> None:
        """The list below is a child of `window`, so that nothing cuts it off."""
        super().__init__(parent)
        self._shell: Shell | None = None
        self._answered = ""
        self._entering = False
        self._list = DropDownList(window)
        self._list.setAccessibleName(self.tr("Who is meant"))
        self._list.taken.connect(self._take)
        self.setTextMargins(3, 0, 0, 0)
        self.setMaxLength(200)
        self.setPlaceholderText(self.tr("Name or number of the client"))
        self.setAccessibleName(self.tr("Client of this sheet"))
        add_search_sign(self)
        self.textEdited.connect(self._look)

    def ask(self, shell: Shell) -> None:
        """Come up empty and take the cursor."""
        self._shell = shell
        self.clear()
        self._answered = ""
        self.show()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def offered(self) -> list[Entry]:
        """What the list below offers now."""
        return self._list.entries() if self._list.isVisible() else []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes, Down picks, Esc leaves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif event.key() == Qt.Key.Key_Escape:
            self._end()
            self.left.emit()
        elif not self._list.move_choice(event):
            super().keyPressEvent(event)
            return
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever goes elsewhere means the same client as before."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason and self.isVisible():
            self._end()
            self.lost.emit()

    def _look(self, typed: str) -> None:
        self._entering = False
        shell = self._shell
        if shell is None or not typed.strip():
            self._list.hide()
            return
        services, formats = shell.services, shell.formats
        shell.tasks.latest(
            self, "clients", lambda: known_clients(services, formats, typed), lambda found: self._show(typed, found)
        )

    def _show(self, typed: str, found: list[Entry]) -> None:
        if typed != self.text() or not self.hasFocus():
            return
        self._answered = typed
        self._list.show_entries(found or [Entry(self.tr("Nobody is found"), None, enabled=False)])
        self._list.place_under(self, theme.scaled(440))
        if self._entering:
            self._enter()

    def _enter(self) -> None:
        entry = self._list.chosen()
        if self._answered != self.text():
            self._entering = True  # typed faster than found
        elif entry is not None and entry.enabled:
            self._take(entry.value)

    def _take(self, known: Known) -> None:
        self._end()
        self.chosen.emit(ClientInHand(known.id, known.name))

    def _end(self) -> None:
        self._entering = False
        self._list.hide()
        self.hide()
