"""Clients that are probably the same person, over the whole studio or of one client, best first (B17, S4-24)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from studio_desktop.domain.errors import StudioError
from studio_desktop.domain.permissions import Permission
from studio_desktop.services import new_request
from studio_desktop.ui import theme
from studio_desktop.ui.alike import reasons_in_words
from studio_desktop.ui.background import Job
from studio_desktop.ui.form import load_form, put_into
from studio_desktop.ui.page import Sheet, Shell
from studio_desktop.ui.widgets.buttons import FlatButton
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.small_table import Cell, Head, SmallTable

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.services import Saved
    from studio_desktop.services.duplicates import Pair, Person

_SCORE, _ONE, _ONE_NUMBER, _OTHER, _OTHER_NUMBER, _WHY = range(6)


class DuplicatesSheet(Sheet):
    """Lists the pairs; each is merged, opened, or said to be two people, which is remembered."""

    name = "duplicates"

    count_label: PlainLabel
    table_place: QWidget
    merge_button: FlatButton
    open_button: FlatButton
    open_other_button: FlatButton
    not_same_button: FlatButton

    def __init__(self, shell: Shell, client_id: int | None = None, parent: QWidget | None = None) -> None:
        """Of the whole studio, or of one client."""
        super().__init__(shell, parent)
        self._client_id = client_id
        self._pairs: list[Pair] = []
        self._job: Job | None = None
        load_form(self, "duplicates_sheet")
        heads = (
            Head(self.tr("Alike"), 64, right=True),
            Head(self.tr("Client"), 150, stretches=True),
            Head(self.tr("Number"), 76),
            Head(self.tr("Probably also"), 150, stretches=True),
            Head(self.tr("Number"), 76),
            Head(self.tr("Why"), 260, stretches=True),
        )
        self.table: SmallTable = put_into(self.table_place, SmallTable(heads, self._cell, self.table_place))
        self.table.setAccessibleName(self.tr("Pairs of clients, likeliest first"))
        self.table.taken.connect(lambda _: self._compare())
        self.merge_button.clicked.connect(self._compare)
        self.merge_button.setVisible(shell.services.desk.may(Permission.MERGE))
        self.table.selectionModel().currentChanged.connect(lambda _new, _old: self._tell())
        self.open_button.clicked.connect(lambda: self._open(first=True))
        self.open_other_button.clicked.connect(lambda: self._open(first=False))
        self.not_same_button.clicked.connect(self._not_the_same)
        self._tell()
        self._look()

    def title(self) -> str:
        """What is looked for."""
        return self.tr("Possible duplicates")

    def finish(self) -> None:
        """Nothing is typed here: it only closes."""
        self._stop()
        self.finished.emit()

    def take_focus(self) -> None:
        """Into the list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self, changes: Changes) -> None:
        """Of one client it is looked again at once; of the whole studio a pair that was changed leaves the list."""
        if self._client_id is not None and changes.touches("client"):
            self._look()
            return
        gone = {one.record_id for one in changes.changes if one.kind == "client"}
        if gone:
            self._show([pair for pair in self._pairs if not {pair.one.id, pair.other.id} & gone])

    def sizeHint(self) -> QSize:
        """Room for about twelve pairs."""
        return QSize(theme.scaled(900), theme.scaled(360))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del says that they are two people."""
        if event.key() == Qt.Key.Key_Delete and self.table.hasFocus() and self.not_same_button.isEnabled():
            self._not_the_same()
        else:
            super().keyPressEvent(event)

    def pairs(self) -> Sequence[Pair]:
        """What is listed."""
        return tuple(self._pairs)

    def _look(self) -> None:
        duplicates, client_id = self.shell.services.duplicates, self._client_id
        if client_id is not None:
            self.shell.tasks.latest(self, "pairs", lambda: duplicates.of_client(client_id), self._show)
            return
        self._stop()
        job = self._job = Job()
        job.progressed.connect(self._progressed)
        self.count_label.setText(self.tr("Comparing …"))
        self.shell.tasks.run(
            self, lambda: duplicates.everywhere(job.report), self._show, self._failed, lane="bulk", job=job
        )

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _progressed(self, done: int, total: int) -> None:
        if total and done < total:
            self.count_label.setText(self.tr("Comparing … {percent} %").format(percent=100 * done // total))

    def _failed(self, error: StudioError) -> None:
        self.count_label.setText("")
        self.shell.failed(error, self._look)

    def _show(self, pairs: list[Pair]) -> None:
        self._pairs = pairs
        self.table.show_rows(len(pairs))
        count = self.shell.formats.number(len(pairs))
        many = self.tr("{count} pairs are probably one person each").format(count=count)
        one = self.tr("1 pair is probably one person")
        none = self.tr("No two clients are alike enough to be one person.")
        self.count_label.setText(none if not pairs else one if len(pairs) == 1 else many)
        self._tell()

    def _tell(self) -> None:
        is_chosen, may = self._chosen() is not None, self.shell.services.desk.may
        for button in (self.merge_button, self.open_button, self.open_other_button):
            button.setEnabled(is_chosen)
        self.not_same_button.setEnabled(is_chosen and may(Permission.CHANGE_CLIENTS))

    def _chosen(self) -> Pair | None:
        row = self.table.current()
        return self._pairs[row] if 0 <= row < len(self._pairs) else None

    def _compare(self) -> None:
        """Side by side; who may not merge sees the first of them."""
        pair = self._chosen()
        if pair is not None and self.shell.services.desk.may(Permission.MERGE):
            self.shell.open_sheet("merge", client_ids=[pair.one.id, pair.other.id])
        else:
            self._open(first=True)

    def _open(self, *, first: bool) -> None:
        pair = self._chosen()
        if pair is not None:
            self.shell.open_client(pair.one.id if first else pair.other.id)

    def _not_the_same(self) -> None:
        pair = self._chosen()
        if pair is None:
            return
        duplicates, request = self.shell.services.duplicates, new_request()
        one, other = self._named(pair.one), self._named(pair.other)

        def done(saved: Saved[None]) -> None:
            self._show([each for each in self._pairs if each != pair])
            said = self.tr("{one} and {other} are two people").format(one=one, other=other)
            self.shell.saved(said, saved.changes)

        self.shell.tasks.run(self, lambda: duplicates.not_the_same(pair.one.id, pair.other.id, request), done)

    def _named(self, person: Person) -> str:
        return self.shell.formats.name(person.last_name, person.first_name, person.company) or person.number

    def _cell(self, row: int, column: int) -> Cell:
        pair = self._pairs[row]
        texts = {
            _SCORE: self.tr("{score} %").format(score=pair.likeness.score),
            _ONE: self._named(pair.one),
            _ONE_NUMBER: pair.one.number,
            _OTHER: self._named(pair.other),
            _OTHER_NUMBER: pair.other.number,
            _WHY: reasons_in_words(pair.likeness),
        }
        return Cell(texts[column], "text" if column in (_ONE, _OTHER) else "dim")
