"""The imports there were, each with who, when and how many, and the way back from each, after days too (B20, D1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio_desktop.services import new_request
from studio_desktop.services.imports.plan import ImportResult, UndoForeseen
from studio_desktop.ui.background import Job
from studio_desktop.ui.form import load_form
from studio_desktop.ui.page import Shell
from studio_desktop.ui.widgets.buttons import FlatButton
from studio_desktop.ui.widgets.small_table import Cell, Head, SmallTable

if TYPE_CHECKING:
    from studio_desktop.domain.errors import StudioError
    from studio_desktop.services import Saved

_NAMED = 8


class ImportBatches(QWidget):
    """Enter, a double click or the button below undoes an import, after a question that says what will happen."""

    table_column: QVBoxLayout
    undo_button: FlatButton

    said = Signal(str, str)
    """What is going on, in a tone."""
    busy_changed = Signal()
    undone = Signal(object, str)
    """An import (`ImportResult`) was taken back, with what there is to say of it."""

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shell = shell
        self._batches: list[ImportResult] = []
        self._job: Job | None = None
        self._idle = True
        load_form(self, "import_batches")
        heads = (
            Head(self.tr("File"), 180, stretches=True),
            Head(self.tr("When"), 130),
            Head(self.tr("Who"), 100),
            Head(self.tr("New"), 70, right=True),
            Head(self.tr("Updated"), 70, right=True),
            Head(self.tr("Skipped"), 70, right=True),
            Head(self.tr("Faults"), 70, right=True),
            Head(self.tr("Undone"), 130),
        )
        self.table = SmallTable(heads, self._cell, self)
        self.table.setAccessibleName(self.tr("Earlier imports"))
        self.table_column.addWidget(self.table)
        QWidget.setTabOrder(self.table, self.undo_button)
        self.undo_button.clicked.connect(self._undo_current)
        self.table.taken.connect(lambda _: self._undo_current())
        self.table.selectionModel().currentChanged.connect(lambda _new, _old: self._allow())
        self.read()

    @property
    def busy(self) -> bool:
        """Whether an import is being taken back."""
        return self._job is not None

    def set_idle(self, idle: bool) -> None:
        """Whether anything can be undone now."""
        self._idle = idle
        self._allow()

    def read(self) -> None:
        """Look what imports there are."""
        self._shell.tasks.latest(self, "batches", self._shell.services.imports.batches, self._take)

    def undo(self, batch: ImportResult) -> None:
        """Take a batch back, after a question that says what will happen."""
        if batch.undone_at is not None or self._job is not None:
            return
        imports = self._shell.services.imports
        self._begin(self.tr("Looking what the import of {file} left …").format(file=batch.file_name))
        self._shell.tasks.run(
            self,
            lambda: imports.foresee_undo(batch.id),
            lambda foreseen: self._ask(batch, foreseen),
            self._cannot,
            lane="bulk",
            always=self._end,
        )

    def _take(self, batches: list[ImportResult]) -> None:
        self._batches = batches
        self.table.show_rows(len(batches))
        self.setVisible(bool(batches))
        self._allow()

    def _cell(self, row: int, column: int) -> Cell:
        batch, formats = self._batches[row], self._shell.formats
        today = self._shell.services.desk.clock.today()
        undone = batch.undone_at
        texts = (
            batch.file_name,
            formats.instant(batch.at, today),
            batch.by,
            formats.number(batch.imported),
            formats.number(batch.updated),
            formats.number(batch.skipped),
            formats.number(batch.failed),
            formats.instant(undone, today) if undone is not None else "",
        )
        return Cell(texts[column], "text" if undone is None else "dim")

    def _current(self) -> ImportResult | None:
        row = self.table.current()
        return self._batches[row] if 0 <= row < len(self._batches) else None

    def _allow(self) -> None:
        batch = self._current()
        self.undo_button.setEnabled(self._idle and batch is not None and batch.undone_at is None)

    def _undo_current(self) -> None:
        batch = self._current()
        if batch is not None:
            self.undo(batch)

    def _ask(self, batch: ImportResult, foreseen: UndoForeseen) -> None:
        question = self.tr("Undo the import of {file}?").format(file=batch.file_name)
        one_goes, many_go = self.tr("1 client goes."), self.tr("{count} clients go.")
        one_back, many_back = self.tr("1 is as it was before."), self.tr("{count} are as they were before.")
        said = [
            self._counted(foreseen.goes, one_goes, many_go) if foreseen.goes else "",
            self._counted(foreseen.restored, one_back, many_back) if foreseen.restored else "",
            self._stay(foreseen.stays) or self.tr("Nobody changed any of them since."),
        ]
        if self._shell.prompts.confirm(self, question, " ".join(filter(None, said)), self.tr("Undo the import")):
            self._take_back(batch)

    def _take_back(self, batch: ImportResult) -> None:
        imports, request = self._shell.services.imports, new_request()
        self._begin(self.tr("Undoing the import of {file} …").format(file=batch.file_name))

        def work() -> tuple[Saved[tuple[int, ...]], tuple[str, ...]]:
            saved = imports.undo(batch.id, request)
            return saved, imports.named(saved.result)

        def done(outcome: tuple[Saved[tuple[int, ...]], tuple[str, ...]]) -> None:
            saved, names = outcome
            said = self.tr("The import of {file} is undone.").format(file=batch.file_name)
            said = " ".join(filter(None, (said, self._stay(names))))
            self._shell.saved(said, saved.changes, undoable=False)
            self.read()
            self.undone.emit(batch, said)

        self._shell.tasks.run(self, work, done, self._cannot, lane="bulk", always=self._end)

    def _stay(self, named: tuple[str, ...]) -> str:
        """Who stays as somebody changed them since, by name as far as a sentence goes."""
        if not named:
            return ""
        shown = ", ".join(named[:_NAMED])
        if len(named) > _NAMED:
            more = self._shell.formats.number(len(named) - _NAMED)
            shown = self.tr("{names} and {count} more").format(names=shown, count=more)
        one = self.tr("1 client stays, because somebody changed it since: {names}.")
        many = self.tr("{count} clients stay, because somebody changed them since: {names}.")
        return self._counted(len(named), one, many, names=shown)

    def _counted(self, count: int, one: str, many: str, **more: str) -> str:
        return (one if count == 1 else many).format(count=self._shell.formats.number(count), **more)

    def _begin(self, said: str) -> None:
        self._job = Job()
        self.said.emit(said, "dim")
        self.busy_changed.emit()

    def _end(self) -> None:
        self._job = None
        self.said.emit("", "dim")
        self.busy_changed.emit()

    def _cannot(self, error: StudioError) -> None:
        self.said.emit(str(error), "red")
