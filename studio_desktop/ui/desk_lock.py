"""Locks the desk: nothing of the studio is on the screen until somebody who works here says who sits there (E19).

What is behind it stays as it is, to the half-typed word and the cursor in it. Whoever was there comes back to it;
for somebody else the window begins anew, and what was typed waits in the drafts of who typed it (RELIABILITY 102).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QWindow
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget

from studio_desktop.domain.errors import StudioError
from studio_desktop.ui import theme
from studio_desktop.ui.dialogs.who_sits_here import HEIGHT, WIDTH, WhoSitsHere
from studio_desktop.ui.widgets.panels import Panel

if TYPE_CHECKING:
    from studio_desktop.services.users import Person
    from studio_desktop.ui.main_window import MainWindow

MINUTE = 60_000
"""Milliseconds."""

ASKED_AGAIN_AFTER = 2_000
"""Milliseconds until a database that did not answer is asked again who works here."""

_AROUND = 16  # pixels left around the card where the text is so large that it fills the window

_ACTIVITY = frozenset({
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
})  # fmt: skip


class DeskLock(QWidget):
    """Covers the whole window while it is closed; closes it by itself when nobody touched anything for a while."""

    changed = Signal()
    """The desk was locked, or opened again."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.is_closed = False
        self._question: WhoSitsHere | None = None
        self._behind: list[QWidget] = []
        self._cursor: QWidget | None = None
        self._since = ""
        self._idle = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._idle.timeout.connect(self.close_desk)
        self._watched: QWindow | None = None
        self._card = Panel(self, rounded=True)
        self._inside = QVBoxLayout(self._card)
        self._inside.setContentsMargins(1, 1, 1, 1)
        column = QVBoxLayout(self)
        column.addWidget(self._card, 0, Qt.AlignmentFlag.AlignCenter)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.connect(self._look_at)
        window.installEventFilter(self)
        self.hide()

    def watch(self, minutes: int) -> None:
        """Close the desk after so many minutes without a key or a movement; 0 never does."""
        self._idle.setInterval(minutes * MINUTE)
        self._idle.stop()
        if minutes:
            self._idle.start()
        self._look_at(QGuiApplication.focusWindow())

    def close_desk(self) -> None:
        """Take everything off the screen at once, and ask who sits here."""
        if self.is_closed or not self._window.works:
            return
        self.is_closed = True
        self._idle.stop()
        window = self._window
        self._since = window.formats.time(window.services.desk.clock.now())
        self._cursor = window.focusWidget()
        self._card.hide()
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # a field that it leaves keeps what is typed
        children = [child for child in window.children() if isinstance(child, QWidget)]
        self._behind = [child for child in children if child is not self and not child.isHidden()]
        for child in self._behind:
            child.hide()
        self._hide_other_windows()
        self.changed.emit()
        self._read_people()

    def open_desk(self) -> None:
        """Somebody who may sits here; what was behind comes back, and the cursor to where it was."""
        if not self.is_closed:
            return
        self.is_closed = False
        self._drop_question()
        self.hide()
        for child in self._behind:
            if shiboken6.isValid(child):
                child.show()
        self._behind.clear()
        cursor, self._cursor = self._cursor, None
        if cursor is not None and shiboken6.isValid(cursor) and cursor.isVisible():
            cursor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()
        if self._idle.interval():
            self._idle.start()

    def complain(self, why: str) -> None:
        """Somebody cannot sit down, and why."""
        if self._question is not None:
            self._question.complain(why)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the window whatever its size, and notice that somebody is there."""
        if watched is self._window:
            if event.type() == QEvent.Type.Resize:
                self.setGeometry(self._window.rect())
        elif event.type() in _ACTIVITY and self._idle.isActive():
            self._idle.start()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The ground of the window, and nothing else."""
        QPainter(self).fillRect(self.rect(), theme.token("window"))

    def _look_at(self, front: QWindow | None) -> None:
        """Another window of the program is in front: watch that one, or take it away while the desk is closed."""
        if self.is_closed:
            self._hide_other_windows()
        if self._watched is not None and shiboken6.isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = front if self._idle.interval() else None
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def _hide_other_windows(self) -> None:
        """Menus and lists close, a question that was open is answered as by Esc."""
        own = self._window.window()
        for widget in QApplication.topLevelWidgets():
            if widget is own or not widget.isVisible():
                continue
            if isinstance(widget, QDialog):
                widget.reject()
            else:
                widget.close()

    def _read_people(self) -> None:
        window = self._window
        users = window.services.users
        window.tasks.latest(self, "people", users.all, self._ask, self._cannot_ask)

    def _ask(self, people: list[Person]) -> None:
        if not self.is_closed:
            return
        self._drop_question()
        window = self._window
        users, mine = window.services.users, window.services.desk.user_name
        last = next((one for one in people if one.name == mine), None)
        question = self._question = WhoSitsHere(people, users.prove, window.tasks, last, self)
        question.say(
            self.tr("This desk is locked"),
            self.tr("Since {time}. What {name} was doing waits as it was left.").format(time=self._since, name=mine),
        )
        question.cancel_button.hide()
        question.foot.set_fill("base")
        question.foot.set_lines("")
        question.sit_button.setText(self.tr("&Unlock"))
        question.setFixedSize(theme.scaled(WIDTH), min(theme.scaled(HEIGHT), self.height() - 2 * _AROUND))
        question.decided.connect(self._decided)
        self._inside.addWidget(question)
        self._card.show()
        question.show()
        question.take_focus()

    def _cannot_ask(self, error: StudioError) -> None:  # noqa: ARG002 - the status bar says it, once it is seen
        if self.is_closed and self._question is None:
            QTimer.singleShot(ASKED_AGAIN_AFTER, self, self._read_people)

    def _decided(self, name: str) -> None:
        if name == self._window.services.desk.user_name:
            self.open_desk()
        else:
            self._window.user_change_wanted.emit(name)

    def _drop_question(self) -> None:
        if self._question is not None:
            self._question.hide()
            self._question.deleteLater()
            self._question = None
