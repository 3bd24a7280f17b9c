"""Clients from a spreadsheet or vCards: the file, its columns, a verdict for every row, then all at once (B20)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from studio_desktop.domain.dates import DateOrder
from studio_desktop.domain.errors import DatabaseUnavailable, StudioError
from studio_desktop.services import new_request
from studio_desktop.services.imports.mapping import TARGETS, Assignment, Mapped, assign, guess
from studio_desktop.services.imports.service import ImportResult, Judged, Plan, Verdict
from studio_desktop.ui import theme
from studio_desktop.ui.background import Job
from studio_desktop.ui.documents import dated_path, make_folder, open_document
from studio_desktop.ui.form import load_form
from studio_desktop.ui.icons import pixmap
from studio_desktop.ui.page import Sheet, Shell
from studio_desktop.ui.widgets.buttons import FlatButton, LinkButton, PrimaryButton
from studio_desktop.ui.widgets.mapping_table import MappedColumn, MappingTable
from studio_desktop.ui.widgets.panels import Panel, SectionHeading
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.small_table import Cell, Head, SmallTable
from studio_desktop.ui.widgets.tiles import Tile

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.services import Saved
    from studio_desktop.services.imports.reading import Table

KINDS = (".csv", ".xlsx", ".xls", ".ods", ".vcf", ".txt", ".tsv")
"""Files that are offered; whatever is in them, reading says what is wrong."""

_FILE, _ROWS, _RESULT = range(3)
_IN_A_NOTE, _LEFT_OUT = "", "nothing"
_SAMPLES = 3
_SETTLED_AFTER = 1000  # milliseconds without another change


class ImportSheet(Sheet):
    """Nothing is written before the button that says how many clients it writes; then the whole batch can be undone."""

    name = "import"

    steps_column: QVBoxLayout
    pages: QStackedWidget
    choose_button: PrimaryButton
    next_button: FlatButton
    earlier_heading: SectionHeading
    earlier_label: PlainLabel
    undo_earlier_button: FlatButton
    file_column: QVBoxLayout
    rows_column: QVBoxLayout
    mapping_column: QVBoxLayout
    tiles_row: QHBoxLayout
    dates_combo: QComboBox
    safe_panel: Panel
    safe_row: QHBoxLayout
    kept_label: PlainLabel
    result_label: PlainLabel
    result_more_label: PlainLabel
    undo_button: FlatButton
    another_button: FlatButton
    faults_button: LinkButton
    notice_label: PlainLabel
    cancel_button: FlatButton
    back_button: FlatButton
    import_button: PrimaryButton

    def __init__(self, shell: Shell, path: str = "", parent: QWidget | None = None) -> None:
        """`path` is a file to begin with."""
        super().__init__(shell, parent)
        self._path = ""
        self._table: Table | None = None
        self._mapped: Mapped = ()
        self._date_order: DateOrder | None = None
        self._plan: Plan | None = None
        self._listed: Plan | None = None
        self._request = ""
        self._shown: Verdict | None = None
        self._rows: list[Judged] = []
        self._row = 0
        self._judging: Job | None = None
        self._job: Job | None = None
        self._batch: ImportResult | None = None
        self._batches: list[ImportResult] = []
        self._wanted: dict[str, Any] = {}
        self._is_stale = False
        self._judge_again = QTimer(self, singleShot=True, interval=_SETTLED_AFTER)
        self._judge_again.timeout.connect(self._judge_if_stale)
        load_form(self, "import_sheet")
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self._turn_to(_FILE)
        self._read_batches()
        if path:
            self.open_file(Path(path))

    def title(self) -> str:
        """Import clients."""
        return self.tr("Import clients")

    def chip(self) -> str:
        """From which file."""
        return self.tr("Import: {file}").format(file=Path(self._path).name) if self._path else self.title()

    def handlers(self) -> Mapping[str, Callable[..., object]]:
        """Alt with a digit to each step."""
        return {
            "detail_tab_10": self._focus_file,
            "detail_tab_11": lambda: self._focus_rows(self.mapping_table),
            "detail_tab_12": lambda: self._focus_rows(self.rows_table),
            "detail_tab_13": lambda: self._focus_rows(self.import_button),
        }

    def finish(self) -> None:
        """What the filled button of the step does: go on, import, or be done."""
        if self.pages.currentIndex() == _RESULT:
            self.finished.emit()
        elif self.pages.currentIndex() == _FILE and self._table is not None:
            self._turn_to(_ROWS)
        elif self.pages.currentIndex() == _ROWS:
            self._import()

    def state(self) -> dict[str, Any]:
        """The file, what its columns hold and where a person looks; nothing before a file and after the import."""
        if not self._path or self._batch is not None:
            return {}
        return {
            "path": self._path,
            "columns": [None if one is None else [one.target, one.slot, one.label] for one in self._mapped],
            "date_order": self._date_order.value if self._date_order is not None else None,
            "shown": self._shown.value if self._shown is not None else None,
            "row": self.rows_table.current(),
            "page": self.pages.currentIndex(),
            "request": self._request,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Read the file again and bring back all that was said of it."""
        if state:
            self._wanted = state
            self.open_file(Path(state["path"]))

    def take_focus(self) -> None:
        """To what comes next."""
        first = {_FILE: self.choose_button, _ROWS: self.mapping_table, _RESULT: self.import_button}
        first[self.pages.currentIndex()].setFocus()

    def refresh(self, changes: Changes) -> None:
        """The studio may know by now whom the file holds."""
        if changes.touches("import_batch") or changes.touches("client"):
            self._read_batches()
            self._is_stale = True
            self._judge_again.start()

    def open_file(self, path: Path) -> None:
        """Read a file and judge its rows."""
        if self._job is not None:
            return
        imports = self.shell.services.imports
        self._forget_file()
        self._path = str(path)
        self._say(self.tr("Reading {name} …").format(name=path.name))
        self.chip_changed.emit(self.chip())
        self._tell_steps()
        self.shell.tasks.latest(
            self, "file", lambda: imports.read(path), self._take_table, self._cannot_read, lane="bulk"
        )

    # Qt

    def sizeHint(self) -> QSize:
        """All the room there is, for the rows."""
        return QSize(theme.scaled(1060), theme.scaled(640))

    def showEvent(self, event: QShowEvent) -> None:
        """Back in front: what changed meanwhile counts."""
        super().showEvent(event)
        self._judge_if_stale()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file, nothing else."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the file that was dropped."""
        dropped = next(url for url in event.mimeData().urls() if url.isLocalFile())
        event.acceptProposedAction()
        self.open_file(Path(dropped.toLocalFile()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Down in the rows leads to the next fault, Ctrl+Up to the one before."""
        is_key = watched is self.rows_table and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if is_key and event.modifiers() == Qt.KeyboardModifier.ControlModifier:  # type: ignore[attr-defined]
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(event.key(), 0)  # type: ignore[attr-defined]
            if step:
                self._choose_fault(step)
                return True
        return super().eventFilter(watched, event)

    # Building

    def _build(self) -> None:
        titles = (self.tr("File"), self.tr("Columns"), self.tr("Check rows"), self.tr("Import"))
        self.steps = [_Step(number, title, self) for number, title in enumerate(titles, start=1)]
        for place, step in enumerate(self.steps):
            self.steps_column.insertWidget(place, step)
        self.mapping_table = MappingTable(self)
        self.mapping_table.offer(
            [
                (_IN_A_NOTE, self.tr("Keep in a note")),
                (_LEFT_OUT, self.tr("Leave out")),
                *((target.key, target.title) for target in TARGETS if target.key != _LEFT_OUT),
            ]
        )
        self.mapping_column.addWidget(self.mapping_table)
        captions: tuple[tuple[Verdict | None, str, str], ...] = (
            (None, "slate", self.tr("all rows")),
            (Verdict.NEW, "green", self.tr("new clients")),
            (Verdict.SKIP, "grey", self.tr("skip, known already")),
            (Verdict.ERROR, "red", self.tr("faults")),
        )
        self.tiles = {verdict: Tile(colour, caption, self.pages) for verdict, colour, caption in captions}
        for tile in self.tiles.values():
            self.tiles_row.addWidget(tile)
        self.tiles[None].setChecked(True)
        heads = (
            Head(self.tr("Row"), 56, right=True),
            Head(self.tr("Verdict"), 88),
            Head(self.tr("Name"), 130, stretches=True),
            Head(self.tr("Phone"), 138),
            Head(self.tr("E-mail"), 150, stretches=True),
            Head(self.tr("What will happen"), 290, stretches=True),
        )
        self.rows_table = SmallTable(heads, self._row_cell, self)
        self.rows_table.setAccessibleName(self.tr("Rows of the file"))
        self.rows_column.addWidget(self.rows_table, 1)
        self.rows_column.setStretch(0, 0)
        earlier = (
            Head(self.tr("File"), 200, stretches=True),
            Head(self.tr("When"), 150),
            Head(self.tr("Clients"), 80, right=True),
            Head(self.tr("Skipped"), 80, right=True),
            Head(self.tr("Faults"), 80, right=True),
            Head(self.tr("Undone"), 150),
        )
        self.earlier_table = SmallTable(earlier, self._batch_cell, self)
        self.earlier_table.setAccessibleName(self.tr("Earlier imports"))
        self.file_column.insertWidget(self.file_column.count() - 1, self.earlier_table, 100)
        self.file_column.addStretch(1)
        self.safe_row.insertWidget(0, _Shield(self), 0, Qt.AlignmentFlag.AlignTop)
        self._offer_date_orders()

    def _connect(self) -> None:
        self.choose_button.clicked.connect(self._choose_file)
        self.next_button.clicked.connect(partial(self._turn_to, _ROWS))
        self.mapping_table.assigned.connect(self._assign)
        self.dates_combo.activated.connect(lambda _: self._order_dates(self.dates_combo.currentData()))
        for verdict, tile in self.tiles.items():
            tile.toggled.connect(lambda on, verdict=verdict: self._filter(verdict) if on else None)
        self.rows_table.installEventFilter(self)
        self.faults_button.clicked.connect(self._save_faults)
        self.cancel_button.clicked.connect(self._cancel)
        self.back_button.clicked.connect(partial(self._turn_to, _FILE))
        self.import_button.clicked.connect(self.finish)
        self.undo_button.clicked.connect(lambda: self._undo(self._batch))
        self.another_button.clicked.connect(self._begin_again)
        self.undo_earlier_button.clicked.connect(lambda: self._undo(self._chosen_batch()))
        self.earlier_table.taken.connect(lambda _: self._undo(self._chosen_batch()))
        self.earlier_table.selectionModel().currentChanged.connect(lambda _new, _old: self._allow())

    # The file and its columns

    def _choose_file(self) -> None:
        patterns = " ".join(f"*{kind}" for kind in KINDS)
        spreadsheets = self.tr("Spreadsheets and vCards ({patterns})").format(patterns=patterns)
        kinds = f"{spreadsheets};;{self.tr('All files (*)')}"
        folder = Path(self._path).parent if self._path else None
        path = self.shell.prompts.choose_file(self, self.tr("Import clients from"), kinds, folder)
        if path is not None:
            self.open_file(path)

    def _take_table(self, table: Table) -> None:
        self._table = table
        wanted, self._wanted = self._wanted, {}
        self._mapped, self._date_order = guess(table.header), None
        self._request = new_request()
        if wanted and len(wanted["columns"]) == len(table.header):
            self._mapped = tuple(None if one is None else Assignment(*one) for one in wanted["columns"])
            self._date_order = DateOrder(wanted["date_order"]) if wanted["date_order"] else None
            self._request = wanted["request"]
            self.tiles[Verdict(wanted["shown"]) if wanted["shown"] else None].setChecked(True)
            self._row = wanted["row"]
        self._turn_to(wanted.get("page", _ROWS))
        self._show_columns()
        self._judge()

    def _cannot_read(self, error: StudioError) -> None:
        self._path = ""
        self._turn_to(_FILE)
        self._say(str(error), "red")
        self.chip_changed.emit(self.chip())

    def _show_columns(self) -> None:
        table = self._table
        assert table is not None
        self.mapping_table.show_columns([self._column(table, place) for place in range(len(table.header))])
        kept = [title for title, one in zip(table.header, self._mapped, strict=True) if one is None and title]
        self.kept_label.setText(self.tr("Kept in a note: {titles}.").format(titles=", ".join(kept)) if kept else "")
        has_dates = any(one is not None and one.target in _DATES for one in self._mapped)
        self.dates_combo.setEnabled(has_dates)
        order = self._date_order.value if self._date_order is not None else None
        self.dates_combo.setCurrentIndex(self.dates_combo.findData(order))
        self._tell_steps()

    def _column(self, table: Table, place: int) -> MappedColumn:
        one = self._mapped[place]
        samples: list[str] = []
        for cells in table.rows[:200]:
            value = " ".join(cells[place].split())
            if value and value not in samples:
                samples.append(value)
            if len(samples) == _SAMPLES:
                break
        if one is None:
            return MappedColumn(table.header[place], " · ".join(samples), _IN_A_NOTE, self.tr("kept in a note"), False)
        if one.target == _LEFT_OUT:
            return MappedColumn(table.header[place], " · ".join(samples), _LEFT_OUT, self.tr("left out"), False)
        title = next(target.title for target in TARGETS if target.key == one.target)
        which = one.label or ("" if one.slot.isdigit() and one.slot == "1" else one.slot)
        said = f"{title}, {which}" if which else title
        return MappedColumn(table.header[place], " · ".join(samples), one.target, said, True)

    def _assign(self, place: int, key: str) -> None:
        self._mapped = assign(self._mapped, place, key or None)
        self._request = new_request()
        self._show_columns()
        self._judge()

    def _offer_date_orders(self) -> None:
        self.dates_combo.addItem(self.tr("as the file shows"), None)
        self.dates_combo.addItem(self.tr("day first, 03/04 = 3 April"), DateOrder.DMY.value)
        self.dates_combo.addItem(self.tr("month first, 03/04 = 4 March"), DateOrder.MDY.value)
        self.dates_combo.addItem(self.tr("year first, 81/03/04 = 4 March"), DateOrder.YMD.value)

    def _order_dates(self, kept: str | None) -> None:
        order = DateOrder(kept) if kept else None
        if order is not self._date_order:
            self._date_order = order
            self._request = new_request()
            self._judge()

    # The verdicts

    def _judge(self) -> None:
        table, mapped, order, imports = self._table, self._mapped, self._date_order, self.shell.services.imports
        if table is None:
            return
        if self._judging is not None:
            self._judging.cancel()
        self._judging = job = Job()
        job.progressed.connect(lambda done, total: self._tell_judging(job, done, total))
        self._plan, self._is_stale = None, False
        self._say(self.tr("Checking the rows …"))
        self._tell_steps()
        self.shell.tasks.latest(
            self,
            "plan",
            lambda: imports.judge(table, mapped, job.report, date_order=order),
            self._take_plan,
            self._cannot_judge,
            lane="bulk",
        )

    def _judge_if_stale(self) -> None:
        """What was saved meanwhile may make a row known; while nobody looks, that waits."""
        if self._is_stale and self.isVisible() and self._job is None and self._batch is None:
            self._judge()

    def _tell_judging(self, job: Job, done: int, total: int) -> None:
        if job is self._judging and self._plan is None:
            number = self.shell.formats.number
            self._say(self.tr("Checking {done} of {total} rows").format(done=number(done), total=number(total)))

    def _take_plan(self, plan: Plan) -> None:
        if plan.table is not self._table:
            return  # another file was opened meanwhile
        self._plan = plan
        orders = {
            DateOrder.DMY: self.tr("as the file shows: day first"),
            DateOrder.MDY: self.tr("as the file shows: month first"),
            DateOrder.YMD: self.tr("as the file shows: year first"),
        }
        if self._date_order is None:
            self.dates_combo.setItemText(0, orders[plan.date_order])
        self._say("")
        self._list_rows()
        self._tell_steps()

    def _cannot_judge(self, error: StudioError) -> None:
        self._list_rows()
        self._tell_steps()
        if isinstance(error, DatabaseUnavailable):
            self.shell.failed(error, self._judge)
        self._say(str(error), "red")

    def _filter(self, verdict: Verdict | None) -> None:
        self._shown = verdict
        self._list_rows()

    def _list_rows(self) -> None:
        plan = self._listed = self._plan or self._listed
        self._rows = [row for row in plan.rows if self._shown in (None, row.verdict)] if plan is not None else []
        self.rows_table.show_rows(len(self._rows))
        if 0 < self._row < len(self._rows):
            self.rows_table.choose(self._row)
        self._row = 0

    def _row_cell(self, row: int, column: int) -> Cell:
        judged = self._rows[row]
        if column == 0:
            return Cell(str(judged.number), "dim")
        if column == 1:
            word, colour = {
                Verdict.NEW: (self.tr("New"), "green"),
                Verdict.SKIP: (self.tr("Skip"), "grey"),
                Verdict.ERROR: (self.tr("Fault"), "red"),
            }[judged.verdict]
            return Cell(word, dot=colour)
        if column == 2:
            return Cell("" if judged.name == f"row {judged.number}" else judged.name)
        if column in (3, 4):
            return Cell(self._value(judged, "phone" if column == 3 else "email"))
        return self._consequence(judged)

    def _value(self, judged: Judged, target: str) -> str:
        """What the file has in the first filled column of a target."""
        plan = self._listed
        assert plan is not None, "there is a row"
        cells = plan.table.rows[judged.number - plan.table.first_row]
        places = (place for place, one in enumerate(plan.mapped) if one is not None and one.target == target)
        return next((" ".join(cells[place].split()) for place in places if cells[place].strip()), "")

    def _consequence(self, judged: Judged) -> Cell:
        """One sentence on what happens to a row."""
        if judged.verdict is Verdict.ERROR:
            return Cell(judged.why, "red")
        if judged.verdict is Verdict.SKIP:
            return Cell(judged.why, "dim")
        more = []
        if judged.groups:
            more.append(self.tr("into {groups}").format(groups=", ".join(judged.groups)))
        if judged.tags:
            more.append(self.tr("tagged {tags}").format(tags=", ".join(judged.tags)))
        if judged.note:
            more.append(self.tr("with a note"))
        return Cell(", ".join((self.tr("new client"), *more)))

    def _choose_fault(self, step: int) -> None:
        places = range(self.rows_table.current() + step, len(self._rows) if step > 0 else -1, step)
        fault = next((place for place in places if self._rows[place].verdict is Verdict.ERROR), None)
        if fault is not None:
            self.rows_table.choose(fault)

    def _save_faults(self) -> None:
        """The rows with faults as a file that can be mended and imported again."""
        plan, imports = self._plan, self.shell.services.imports
        if plan is None:
            return
        title = self.tr("{file} faults").format(file=plan.table.path.stem)
        path = dated_path(self.shell, title, ".csv")

        def write() -> Path:
            make_folder(path.parent)
            try:
                imports.write_errors(plan, path)
            except OSError as error:
                raise StudioError("{file} was not written: {why}.", file=path.name, why=error.strerror) from error
            return path

        def done(written: Path) -> None:
            said = self.tr("{name}, in the folder {folder}: mend it and import it again.")
            self._say(said.format(name=written.name, folder=written.parent))
            open_document(self.shell, written)

        self.shell.tasks.run(self, write, done, lambda error: self._say(str(error), "red"), lane="bulk")

    # Importing and undoing

    def _import(self) -> None:
        plan, request, imports = self._plan, self._request, self.shell.services.imports
        if plan is None or self._job is not None or not plan.count(Verdict.NEW):
            return
        self._job = job = Job()
        job.progressed.connect(self._tell_progress)
        self._say(self.tr("Importing …"))
        self._allow()
        self.shell.tasks.run(
            self,
            lambda: imports.carry_out(plan, request, job.report),
            self._imported,
            self._cannot_import,
            lane="bulk",
            always=self._end_job,
            job=job,
        )

    def _tell_progress(self, done: int, total: int) -> None:
        if self._job is not None:
            number = self.shell.formats.number
            self._say(self.tr("Importing {done} of {total}").format(done=number(done), total=number(total)))

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._say(self.tr("Cancelling …"))

    def _end_job(self) -> None:
        cancelled = self._job is not None and self._job.cancelled
        self._job = None
        self._say(self.tr("Cancelled; nothing was written.") if cancelled else "")
        self._allow()

    def _cannot_import(self, error: StudioError) -> None:
        if isinstance(error, DatabaseUnavailable):
            self.shell.failed(error, self._import)
        self._say(str(error), "red")

    def _imported(self, saved: Saved[ImportResult]) -> None:
        self._batch = saved.result
        self.result_label.setText(saved.result.sentence())
        self.result_more_label.setText(
            self.tr("The batch can be undone here, and later from the list of earlier imports.")
        )
        self._turn_to(_RESULT)
        self._say("")
        self.shell.saved(saved.result.sentence(), saved.changes, undoable=False)
        self._read_batches()

    def _undo(self, batch: ImportResult | None) -> None:
        """Take a batch back, after a question: clients that somebody changed since stay."""
        if batch is None or batch.undone_at is not None or self._job is not None:
            return
        number, imports, request = self.shell.formats.number, self.shell.services.imports, new_request()
        question = self.tr("Undo the import of {file}?").format(file=batch.file_name)
        explanation = self.tr("{count} clients go. Those that somebody changed since then stay and are counted.")
        explanation = explanation.format(count=number(batch.imported))
        if not self.shell.prompts.confirm(self, question, explanation, self.tr("Undo the import")):
            return
        self._job = Job()
        self._say(self.tr("Undoing the import of {file} …").format(file=batch.file_name))
        self._allow()

        def done(saved: Saved[tuple[int, ...]]) -> None:
            said = self.tr("The import of {file} is undone.").format(file=batch.file_name)
            if saved.result:
                stayed = self.tr("{count} clients stay: somebody changed them since.")
                said += " " + stayed.format(count=number(len(saved.result)))
            self.shell.saved(said, saved.changes, undoable=False)
            if batch is self._batch:
                self._forget_file()
            self._turn_to(_FILE)
            self._read_batches()
            self._say(said)

        self.shell.tasks.run(
            self,
            lambda: imports.undo(batch.id, request),
            done,
            lambda error: self._say(str(error), "red"),
            lane="bulk",
            always=self._end_job,
        )

    def _begin_again(self) -> None:
        self._forget_file()
        self._turn_to(_FILE)
        self._say("")

    def _forget_file(self) -> None:
        self._path, self._table, self._batch, self._mapped = "", None, None, ()
        self._plan = self._listed = None
        self._list_rows()

    # Earlier imports

    def _read_batches(self) -> None:
        imports = self.shell.services.imports
        self.shell.tasks.latest(self, "batches", imports.batches, self._take_batches)

    def _take_batches(self, batches: list[ImportResult]) -> None:
        self._batches = batches
        self.earlier_table.show_rows(len(batches))
        for widget in (self.earlier_table, self.earlier_heading, self.undo_earlier_button):
            widget.setVisible(bool(batches))
        self._allow()

    def _batch_cell(self, row: int, column: int) -> Cell:
        batch, formats = self._batches[row], self.shell.formats
        today = self.shell.services.desk.clock.today()
        undone = batch.undone_at
        texts = (
            batch.file_name,
            formats.instant(batch.at, today),
            formats.number(batch.imported),
            formats.number(batch.skipped),
            formats.number(batch.failed),
            formats.instant(undone, today) if undone is not None else "",
        )
        return Cell(texts[column], "text" if undone is None else "dim")

    def _chosen_batch(self) -> ImportResult | None:
        row = self.earlier_table.current()
        return self._batches[row] if 0 <= row < len(self._batches) else None

    # What is shown

    def _turn_to(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self._tell_steps()
        if self.isVisible():
            self.take_focus()

    def _focus_file(self) -> None:
        if self._job is None and self._batch is None:
            self._turn_to(_FILE)

    def _focus_rows(self, widget: QWidget) -> None:
        if self._table is not None and self._batch is None:
            self.pages.setCurrentIndex(_ROWS)
            self._tell_steps()
            widget.setFocus()

    def _tell_steps(self) -> None:
        """Where the import stands, with what is known of each step."""
        page, table, plan, number = self.pages.currentIndex(), self._table, self._plan, self.shell.formats.number
        columns = self.tr("{matched} of {count} have a place").format(
            matched=sum(one is not None and one.target != _LEFT_OUT for one in self._mapped), count=len(self._mapped)
        )
        rows = self.tr("{count} rows").format(count=number(len(plan.rows))) if plan is not None else ""
        count = number(self._batch.imported) if self._batch is not None else ""
        imported = self.tr("{count} clients").format(count=count) if count else self.tr("can be undone")
        is_read = table is not None
        self.steps[0].show_state(Path(self._path).name, done=is_read, current=page == _FILE)
        self.steps[1].show_state(columns if is_read else "", done=is_read, current=False)
        self.steps[2].show_state(rows, done=self._batch is not None, current=page == _ROWS)
        self.steps[3].show_state(imported, done=self._batch is not None, current=page == _RESULT)
        for verdict, tile in self.tiles.items():
            figure = len(plan.rows) if plan is not None and verdict is None else None
            if plan is not None and verdict is not None:
                figure = plan.count(verdict)
            tile.set_figure(number(figure) if figure is not None else "")
        self._allow()

    def _allow(self) -> None:
        """What can be pressed now, and what the button writes."""
        page, plan, is_idle = self.pages.currentIndex(), self._plan, self._job is None
        new = plan.count(Verdict.NEW) if plan is not None else 0
        faults = plan.count(Verdict.ERROR) if plan is not None else 0
        number, batch = self.shell.formats.number, self._chosen_batch()
        clients = self.tr("1 client") if new == 1 else self.tr("{count} clients").format(count=number(new))
        said = self.tr("&Import {clients}").format(clients=clients) if new else self.tr("Nothing to import")
        self.import_button.setText(self.tr("&Done") if page == _RESULT else said)
        self.import_button.setVisible(page != _FILE)
        self.import_button.setEnabled(page == _RESULT or (is_idle and new > 0))
        self.back_button.setVisible(page == _ROWS)
        self.back_button.setEnabled(is_idle)
        self.cancel_button.setVisible(self._job is not None and page == _ROWS)
        self.next_button.setVisible(self._table is not None)
        self.faults_button.setVisible(page != _FILE and faults > 0)
        many = self.tr("&Save the {count} faults as a file").format(count=number(faults))
        self.faults_button.setText(self.tr("&Save the fault as a file") if faults == 1 else many)
        self.choose_button.setEnabled(is_idle)
        self.undo_earlier_button.setEnabled(is_idle and batch is not None and batch.undone_at is None)
        self.undo_button.setEnabled(is_idle)
        for widget in (self.mapping_table, self.dates_combo):
            widget.setEnabled(is_idle and (widget is not self.dates_combo or self._has_dates()))
        if page == _ROWS and is_idle and plan is not None and not self.notice_label.text():
            self._say(self.tr("Nothing is written yet"))

    def _has_dates(self) -> bool:
        return any(one is not None and one.target in _DATES for one in self._mapped)

    def _say(self, sentence: str, tone: str = "dim") -> None:
        self.notice_label.set_look(tone=tone)
        self.notice_label.setText(sentence)


_DATES = ("birthday", "anniversary", "contract_date")


class _Step(QWidget):
    """A numbered step with what is known of it: done, where a person is, or still to come."""

    def __init__(self, number: int, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._number = number
        self._title = title
        self._more = ""
        self._done = self._current = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_state(self, more: str, *, done: bool, current: bool) -> None:
        self._more, self._done, self._current = more, done, current
        self.setAccessibleName(f"{self._number}. {self._title}")
        self.setAccessibleDescription(more)
        self.setToolTip(more)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(150), theme.scaled(36))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.scaled(20)
        mark = self.rect().adjusted(0, 4, 0, 0)
        mark.setSize(QSize(side, side))
        if self._done and not self._current:
            drawn = pixmap("checkmark_circle", 16, "green")
            painter.drawPixmap(QPoint(mark.center().x() - 7, mark.center().y() - 7), drawn)
        else:
            painter.setPen(theme.token("accent" if self._current else "edge"))
            painter.setBrush(theme.token("accent" if self._current else "base"))
            painter.drawRoundedRect(mark, 4, 4)
            painter.setPen(theme.token("on_accent" if self._current else "dim"))
            painter.setFont(theme.font(theme.TINY, theme.STRONG))
            painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, str(self._number))
        left, half = side + 8, self.height() // 2
        room = self.width() - left
        painter.setPen(theme.token("text" if self._current or self._done else "dim"))
        painter.setFont(theme.font(theme.BASE, theme.STRONG if self._current else theme.REGULAR))
        top_line = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(left, 0, room, half, top_line, self._title)
        painter.setPen(theme.token("dim"))
        painter.setFont(theme.font(theme.SMALL))
        more = painter.fontMetrics().elidedText(self._more, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(left, half, room, half, top_line, more)


class _Shield(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(16, 16)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        QPainter(self).drawPixmap(QPoint(0, 0), pixmap("shield_checkmark", 16, "green"))
