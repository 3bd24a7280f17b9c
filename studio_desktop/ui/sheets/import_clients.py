"""Clients from a spreadsheet or vCards: the file, its columns, a verdict for every row, then all at once (B20)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio_desktop.domain.errors import DatabaseUnavailable, StudioError
from studio_desktop.services import new_request
from studio_desktop.services.imports.mapping import TARGETS, Assignment, Mapped, assign
from studio_desktop.services.imports.plan import ImportResult, Plan, Rules, Verdict
from studio_desktop.services.imports.service import applied, fitting
from studio_desktop.services.imports.writing import ChangedMeanwhile
from studio_desktop.ui import theme
from studio_desktop.ui.background import Job
from studio_desktop.ui.client_window.tab import scrolled
from studio_desktop.ui.documents import dated_path, make_folder, open_document
from studio_desktop.ui.form import load_form
from studio_desktop.ui.page import Sheet, Shell
from studio_desktop.ui.sheets.import_batches import ImportBatches
from studio_desktop.ui.sheets.import_rows import ImportRows
from studio_desktop.ui.sheets.import_rules import ImportRules
from studio_desktop.ui.widgets.buttons import FlatButton, LinkButton, PrimaryButton
from studio_desktop.ui.widgets.mapping_table import MappedColumn, MappingTable
from studio_desktop.ui.widgets.marks import Picture
from studio_desktop.ui.widgets.panels import Panel
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.step_mark import StepMark

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.services import Saved
    from studio_desktop.services.imports.reading import Table
    from studio_desktop.services.layouts import Named

KINDS = (".csv", ".xlsx", ".xls", ".ods", ".vcf", ".zip", ".txt", ".tsv")
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
    file_column: QVBoxLayout
    rows_page: Panel
    rows_column: QVBoxLayout
    mapping_column: QVBoxLayout
    rules_column: QVBoxLayout
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
        self._guessed: Mapped = ()
        self._plan: Plan | None = None
        self._choices: Mapping[int, Verdict] = {}
        self._request = ""
        self._judging: Job | None = None
        self._job: Job | None = None
        self._batch: ImportResult | None = None
        self._wanted: dict[str, Any] = {}
        self._is_stale = False
        self._judge_again = QTimer(self, singleShot=True, interval=_SETTLED_AFTER)
        self._judge_again.timeout.connect(self._judge_if_stale)
        load_form(self, "import_sheet")
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self._turn_to(_FILE)
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
            "detail_tab_12": lambda: self._focus_rows(self.rows.table),
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
        """The file, what a person decided about it and where he looks; nothing before a file and after the import."""
        if not self._path or self._batch is not None:
            return {}
        return {
            "path": self._path,
            "columns": [None if one is None else [one.target, one.slot, one.label] for one in self._mapped],
            "rules": self.rules.rules.to_saved(),
            "choices": [[number, choice.value] for number, choice in self._choices.items()],
            "shown": self.rows.verdict.value if self.rows.verdict is not None else None,
            "order": self.rows.order,
            "row": self.rows.table.current(),
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
            self.batches.read()
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

        def read() -> tuple[Table, Mapped, list[Named]]:
            table = imports.read(path)
            return table, imports.guess(table), imports.mappings()

        self.shell.tasks.latest(self, "file", read, self._take_file, self._cannot_read, lane="bulk")

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

    # Building

    def _build(self) -> None:
        titles = (self.tr("File"), self.tr("Columns"), self.tr("Check rows"), self.tr("Import"))
        self.steps = [StepMark(number, title, self) for number, title in enumerate(titles, start=1)]
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
        self.pages.removeWidget(self.rows_page)
        self._area = scrolled(self.rows_page, self.pages)
        self.pages.insertWidget(_ROWS, self._area)
        self.rules = ImportRules(self.shell, self)
        self.rules_column.insertWidget(0, self.rules)
        self.rows = ImportRows(self.shell.formats, self)
        self.rows_column.addWidget(self.rows, 1)
        self.rows_column.setStretch(0, 0)
        QWidget.setTabOrder(self.mapping_table, self.rules)
        QWidget.setTabOrder(self.rules, self.rows)
        self.batches = ImportBatches(self.shell, self)
        self.file_column.addWidget(self.batches, 100)
        self.file_column.addStretch(1)
        self.safe_row.insertWidget(0, Picture("shield_checkmark", "green", self), 0, Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        self.choose_button.clicked.connect(self._choose_file)
        self.next_button.clicked.connect(partial(self._turn_to, _ROWS))
        self.mapping_table.assigned.connect(self._assign)
        self.rules.changed.connect(self._corrected)
        self.rules.mapping_chosen.connect(self._use_mapping)
        self.rules.said.connect(self._say)
        self.rows.decided.connect(self._decide)
        self.faults_button.clicked.connect(self._save_faults)
        self.cancel_button.clicked.connect(self._cancel)
        self.back_button.clicked.connect(partial(self._turn_to, _FILE))
        self.import_button.clicked.connect(self.finish)
        self.undo_button.clicked.connect(self._undo)
        self.another_button.clicked.connect(self._begin_again)
        self.batches.said.connect(self._say)
        self.batches.busy_changed.connect(self._allow)
        self.batches.undone.connect(self._undone)

    # The file and its columns

    def _choose_file(self) -> None:
        patterns = " ".join(f"*{kind}" for kind in KINDS)
        spreadsheets = self.tr("Spreadsheets and vCards ({patterns})").format(patterns=patterns)
        kinds = f"{spreadsheets};;{self.tr('All files (*)')}"
        folder = Path(self._path).parent if self._path else None
        path = self.shell.prompts.choose_file(self, self.tr("Import clients from"), kinds, folder)
        if path is not None:
            self.open_file(path)

    def _take_file(self, read: tuple[Table, Mapped, list[Named]]) -> None:
        """A file is read. One with the columns of a saved mapping is understood as that says."""
        self._table, self._guessed, kept = read
        table = self._table
        self.rules.show_mappings(kept)
        wanted, self._wanted = self._wanted, {}
        self._request, self._choices = new_request(), {}
        # A sheet that an older program parked knows no rules; its file is understood anew.
        if "rules" in wanted and len(wanted["columns"]) == len(table.header):
            self._mapped = tuple(None if one is None else Assignment(*one) for one in wanted["columns"])
            self.rules.show_rules(Rules.from_saved(wanted["rules"]))
            self._choices = {number: Verdict(choice) for number, choice in wanted["choices"]}
            self._request = wanted["request"]
            shown = Verdict(wanted["shown"]) if wanted["shown"] else None
            self.rows.show_only(shown, wanted["order"], wanted["row"])
        else:
            fits = fitting(table, kept)
            self._take_mapping(fits)
            self.rules.show_mappings(kept, fits.name if fits is not None else "")
        self._turn_to(wanted.get("page", _ROWS))
        self._show_columns()
        self._judge()

    def _take_mapping(self, kept: Named | None) -> None:
        table = self._table
        assert table is not None, "there is a file"
        self._mapped, rules = applied(table, kept) if kept is not None else (self._guessed, Rules())
        self.rules.show_rules(rules)

    def _cannot_read(self, error: StudioError) -> None:
        self._path = ""
        self._turn_to(_FILE)
        self._say(str(error), "red")
        self.chip_changed.emit(self.chip())

    def _show_columns(self) -> None:
        table = self._table
        assert table is not None
        self.mapping_table.show_columns([self._column(table, place) for place in range(len(table.header))])
        self.rules.set_columns(table, self._mapped)
        self._tell_kept(())
        self._tell_steps()

    def _tell_kept(self, remarks: tuple[str, ...]) -> None:
        """What of the file has no place of its own."""
        titles = self._table.header if self._table is not None else ()
        kept = [title for title, one in zip(titles, self._mapped, strict=True) if one is None and title]
        said = [self.tr("Kept in a note: {titles}.").format(titles=", ".join(kept))] if kept else []
        self.kept_label.setText(" ".join((*said, *remarks)))

    def _column(self, table: Table, place: int) -> MappedColumn:
        one = self._mapped[place]
        samples: list[str] = []
        for cells in islice(table.rows, 200):
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
        self._show_columns()
        self._corrected()

    def _corrected(self) -> None:
        """Something is understood otherwise now: the rows are judged again, as another import."""
        self._request = new_request()
        self._judge()

    def _use_mapping(self, kept: Named | None) -> None:
        if self._table is not None:
            self._take_mapping(kept)
            self._show_columns()
            self._corrected()

    # The verdicts

    def _judge(self) -> None:
        table, mapped, rules, imports = self._table, self._mapped, self.rules.rules, self.shell.services.imports
        if table is None:
            return
        if self._judging is not None:
            self._judging.cancel()
        self._judging = job = Job()
        job.progressed.connect(lambda done, total: self._tell_judging(job, done, total))
        before, self._plan, self._is_stale = self._plan, None, False
        if before is not None:
            self.rows.show_plan(before, is_current=False)
        self._say(self.tr("Checking the rows …"))
        self._tell_steps()
        self.shell.tasks.latest(
            self,
            "plan",
            lambda: imports.judge(table, mapped, job.report, rules=rules),
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
        for number, choice in self._choices.items():
            place = plan.rows.place_of(number)
            if place is not None and choice in plan.offers(plan.rows[place]):
                plan = plan.choose(plan.rows[place], choice)
        self._plan = plan
        self._tell_kept(plan.remarks)
        self.rules.show_guesses(plan)
        self._say("")
        self.rows.show_plan(plan, is_current=True)
        self._tell_steps()

    def _cannot_judge(self, error: StudioError) -> None:
        self._tell_steps()
        if isinstance(error, DatabaseUnavailable):
            self.shell.failed(error, self._judge)
        self._say(str(error), "red")

    def _decide(self, plan: Plan) -> None:
        """A person chose otherwise for a row; that holds however the file is read afterwards."""
        if self._plan is None or self._job is not None:
            return
        self._plan, self._choices = plan, plan.choices
        self._request = new_request()
        self.rows.show_plan(plan, is_current=True)
        self._tell_steps()

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
        if plan is None or self._job is not None or not plan.writes:
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
        if isinstance(error, ChangedMeanwhile):
            self._request = new_request()
            self._judge()
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
        self.batches.read()

    def _undo(self) -> None:
        if self._batch is not None:
            self.batches.undo(self._batch)

    def _undone(self, batch: ImportResult, said: str) -> None:
        if self._batch is not None and batch.id == self._batch.id:
            self._forget_file()
            self._turn_to(_FILE)
        self._say(said)

    def _begin_again(self) -> None:
        self._forget_file()
        self._turn_to(_FILE)
        self._say("")

    def _forget_file(self) -> None:
        self._path, self._table, self._batch, self._mapped = "", None, None, ()
        self._plan, self._choices = None, {}
        self.rules.show_rules(Rules())
        self.rows.show_plan(None, is_current=True)

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
            self._area.ensureWidgetVisible(widget)

    def _tell_steps(self) -> None:
        """Where the import stands, with what is known of each step."""
        page, table, plan, number = self.pages.currentIndex(), self._table, self._plan, self.shell.formats.number
        columns = self.tr("{matched} of {count} have a place").format(
            matched=sum(one is not None and one.target != _LEFT_OUT for one in self._mapped), count=len(self._mapped)
        )
        rows, imported = "", self.tr("can be undone")
        if plan is not None:
            many = self.tr("{count} rows").format(count=number(len(plan.rows)))
            rows = self.tr("1 row") if len(plan.rows) == 1 else many
        if self._batch is not None:
            written = self._batch.imported + self._batch.updated
            many = self.tr("{count} clients").format(count=number(written))
            imported = self.tr("1 client") if written == 1 else many
        is_read = table is not None
        self.steps[0].show_state(Path(self._path).name, done=is_read, current=page == _FILE)
        self.steps[1].show_state(columns if is_read else "", done=is_read, current=False)
        self.steps[2].show_state(rows, done=self._batch is not None, current=page == _ROWS)
        self.steps[3].show_state(imported, done=self._batch is not None, current=page == _RESULT)
        self._allow()

    def _allow(self) -> None:
        """What can be pressed now, and what the button writes."""
        page, plan = self.pages.currentIndex(), self._plan
        is_idle = self._job is None and not self.batches.busy
        new = plan.count(Verdict.NEW) if plan is not None else 0
        updated = plan.count(Verdict.UPDATE) if plan is not None else 0
        faults = plan.count(Verdict.ERROR) if plan is not None else 0
        number = self.shell.formats.number
        clients = self.tr("1 client") if new == 1 else self.tr("{count} clients").format(count=number(new))
        said = self.tr("&Import {clients}").format(clients=clients) if new else self.tr("Nothing to import")
        if updated:
            more = self.tr("&Import {clients}, update {count}") if new else self.tr("&Import: update {count}")
            said = more.format(clients=clients, count=number(updated))
        self.import_button.setText(self.tr("&Done") if page == _RESULT else said)
        self.import_button.setVisible(page != _FILE)
        self.import_button.setEnabled(page == _RESULT or (is_idle and new + updated > 0))
        self.back_button.setVisible(page == _ROWS)
        self.back_button.setEnabled(is_idle)
        self.cancel_button.setVisible(self._job is not None and page == _ROWS)
        self.next_button.setVisible(self._table is not None)
        self.faults_button.setVisible(page != _FILE and faults > 0)
        many = self.tr("&Save the {count} faults as a file").format(count=number(faults))
        self.faults_button.setText(self.tr("&Save the fault as a file") if faults == 1 else many)
        self.choose_button.setEnabled(is_idle)
        self.batches.set_idle(is_idle)
        self.undo_button.setEnabled(is_idle)
        self.mapping_table.setEnabled(is_idle)
        self.rules.set_idle(is_idle)
        if page == _ROWS and is_idle and plan is not None and not self.notice_label.text():
            self._say(self.tr("Nothing is written yet"))

    def _say(self, sentence: str, tone: str = "dim") -> None:
        self.notice_label.set_look(tone=tone)
        self.notice_label.setText(sentence)
