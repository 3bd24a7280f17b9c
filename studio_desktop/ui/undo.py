"""Undo and redo of what this desk saved, newest first, and the bar that offers it for some seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_desktop.domain.changes import Changes
from studio_desktop.domain.errors import Conflict, NotFound, StudioError
from studio_desktop.ui.widgets.buttons import BarButton, LinkButton
from studio_desktop.ui.widgets.panels import Panel
from studio_desktop.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from studio_desktop.services import Saved
    from studio_desktop.ui.page import Shell

OFFERED_FOR = 10_000
"""Milliseconds that the bar stands (RELIABILITY E5)."""


@dataclass(frozen=True, slots=True)
class Done:
    """Something this desk did: what it was, in words, and the request that undoes it."""

    text: str
    request: str


class UndoStack(QObject):
    """What this desk did since it sat down. Undoing is a command like any other: to do it again is to undo that."""

    changed = Signal()
    """What can be undone or redone is something else."""

    def __init__(self, shell: Shell, applied: Callable[[Changes], None], parent: QObject) -> None:
        """`applied` hears what an undo changed."""
        super().__init__(parent)
        self._shell = shell
        self._applied = applied
        self._undoable: list[Done] = []
        self._redoable: list[Done] = []
        self._busy = False

    def did(self, text: str, request: str) -> None:
        """Something new was done; what had been undone can no longer be done again."""
        self._undoable.append(Done(text, request))
        self._redoable.clear()
        self.changed.emit()

    def clear(self) -> None:
        """Somebody else sits down: what was done is not hers to take back."""
        self._undoable.clear()
        self._redoable.clear()
        self.changed.emit()

    def next_undo(self) -> str:
        """What `undo` would take back; empty for nothing."""
        return self._undoable[-1].text if self._undoable and not self._busy else ""

    def next_redo(self) -> str:
        """What `redo` would do again; empty for nothing."""
        return self._redoable[-1].text if self._redoable and not self._busy else ""

    def undo(self) -> None:
        """Take back the last thing done."""
        self._run(self._undoable, self._redoable, self.tr("Undone: {what}"))

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._run(self._redoable, self._undoable, self.tr("Done again: {what}"))

    def _run(self, source: list[Done], target: list[Done], sentence: str) -> None:
        if self._busy or not source:
            return
        from studio_desktop.services import new_request

        one, request, services = source[-1], new_request(), self._shell.services
        self._busy = True
        self.changed.emit()

        def done(saved: Saved[tuple[int, ...]]) -> None:
            source.remove(one)
            target.append(Done(one.text, request))
            self._applied(saved.changes)
            self._shell.say(sentence.format(what=one.text))

        def failed(error: StudioError) -> None:
            if isinstance(error, Conflict):
                source.remove(one)
                error = StudioError("“{what}” cannot be undone: it was changed again since.", what=one.text)
            elif isinstance(error, NotFound):
                source.remove(one)
            self._shell.failed(error)

        self._shell.tasks.run(
            self, lambda: services.history.undo(one.request, request), done, failed, always=self._free
        )

    def _free(self) -> None:
        self._busy = False
        QTimer.singleShot(0, self, self.changed.emit)


class UndoBar(Panel):
    """A bar over the foot of the page with what happened and *Undo*, for ten seconds; it moves nothing."""

    def __init__(self, area: QWidget) -> None:
        super().__init__(area, "raised", rounded=True)
        self._area = area
        self._act: Callable[[], None] = lambda: None
        self._text = PlainLabel("", self, elided=True)
        self._undo = LinkButton(self.tr("&Undo"), self)
        self._undo.clicked.connect(self.undo)
        close = BarButton("dismiss", "", self.tr("Close"), self, tone="dim")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(16)
        row.addWidget(self._text, 1)
        row.addWidget(self._undo)
        row.addWidget(close)
        self._end = QTimer(self, singleShot=True, interval=OFFERED_FOR)
        self._end.timeout.connect(self.hide)
        area.installEventFilter(self)
        self.setAccessibleName(self.tr("Undo"))
        self.hide()

    def offer(self, text: str, undo: Callable[[], None]) -> None:
        """Show what happened; `undo` takes it back."""
        self._act = undo
        self._text.setText(text)
        self.show()
        self._place()
        self._end.start()

    def shown(self) -> str:
        """What is offered to be undone; empty for nothing."""
        return self._text.text() if self.isVisible() else ""

    def undo(self) -> None:
        """What its button does."""
        self.hide()
        self._act()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """Stay at the foot."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        wanted = self.sizeHint()
        wanted.setWidth(max(200, min(wanted.width() + 24, self._area.width() - 32)))
        self.resize(wanted)
        self.move(QPoint((self._area.width() - wanted.width()) // 2, self._area.height() - wanted.height() - 12))
        self.raise_()
