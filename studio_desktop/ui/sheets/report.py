"""Reports: which one, its options as last time, and in the preview or as Excel (FRONT_DESK job 9)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QLineEdit,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio_desktop.domain import fields
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.fields import FieldSpec, Kind
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.reports import REPORTS
from studio_desktop.reports.report import Report, find_report, write_report
from studio_desktop.ui import theme
from studio_desktop.ui.binder import FormBinder
from studio_desktop.ui.documents import PDF, WORKBOOK, Document, dated_path, make_document
from studio_desktop.ui.form import dress_form, load_form
from studio_desktop.ui.page import Sheet, Shell
from studio_desktop.ui.widgets.buttons import FlatButton, PrimaryButton
from studio_desktop.ui.widgets.combo_box import ComboBox
from studio_desktop.ui.widgets.date_edit import DateEdit
from studio_desktop.ui.widgets.note_edit import NoteEdit
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.plain_list import Line, PlainList
from studio_desktop.ui.widgets.ticks import TickBox

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes

_ENDING = "ending"
_CLIENT = "client"
"""The option that names one client."""


def write_as_last_time(shell: Shell, owner: QObject, name: str, ending: str) -> None:
    """Write a report as a file at once with the options it had last, and show it."""
    report = find_report(REPORTS, name)
    form = OptionsForm(shell, report)
    options = form.options()
    form.deleteLater()
    make_document(shell, owner, report_document(shell, report, options), ending)


def report_document(shell: Shell, report: Report, options: Any) -> Document:
    """A report with these options, to be looked at, printed or kept."""
    services = shell.services
    return Document(
        report.title,
        f"report {report.name}",
        lambda path, progress: write_report(report, services, options, path, progress),
    )


class ReportSheet(Sheet):
    """A report is chosen in the list, its options stand beside; Ctrl+Enter shows it, as paper or as a workbook."""

    name = "report"

    reports_label: PlainLabel
    which_column: QVBoxLayout
    options_column: QVBoxLayout
    title_label: PlainLabel
    purpose_label: PlainLabel
    pdf_radio: QRadioButton
    excel_radio: QRadioButton
    notice_label: PlainLabel
    save_button: FlatButton
    make_button: PrimaryButton

    def __init__(self, shell: Shell, report: str = "", parent: QWidget | None = None) -> None:
        """`report` is the name of the one to begin with; without it the last one is."""
        super().__init__(shell, parent)
        self._forms: dict[str, OptionsForm] = {}
        self._is_writing = False
        load_form(self, "report_sheet")
        self.list = PlainList(self)
        self.list.setAccessibleName(self.tr("Reports"))
        self.list.set_tall(True)
        self.reports_label.setBuddy(self.list)
        self.which_column.addWidget(self.list, 1)
        self.list.show_lines([Line(one.name, one.title, second=one.purpose) for one in REPORTS])
        self._first_report = report or next(reversed([*shell.settings.report_options]), "") or REPORTS[0].name
        self.list.choose(self._first_report)
        if self.list.current() is None:
            self._first_report = REPORTS[0].name
            self.list.choose_first()
        last = shell.settings.report_options.get(self._first_report, {})
        self._first_ending = WORKBOOK if last.get(_ENDING) == WORKBOOK else PDF
        self._set_ending(self._first_ending)
        self._show_report()
        self.list.current_changed.connect(self._show_report)
        self.list.taken.connect(lambda _: self.finish())
        self.pdf_radio.toggled.connect(self._tell)
        self.make_button.clicked.connect(self.finish)
        self.save_button.clicked.connect(self.save_as)
        QWidget.setTabOrder(self.list, self._form())

    def title(self) -> str:
        """Report."""
        return self.tr("Report")

    def chip(self) -> str:
        """Which one."""
        return self.tr("Report: {title}").format(title=self._report().title)

    def handlers(self) -> Mapping[str, Callable[..., object]]:
        """Print is the preview; PDF and Excel are files at once."""
        return {
            "print": lambda: self._finish_as(PDF),
            "pdf": lambda: self._write(dated_path(self.shell, self._report().title, PDF)),
            "excel": lambda: self._finish_as(WORKBOOK),
        }

    def finish(self) -> None:
        """Show it in the preview; as a workbook write it under a dated name in the folder for documents."""
        self._write(None)

    def save_as(self) -> None:
        """Make it where a person says."""
        ending = self._ending()
        kinds = self.tr("PDF (*.pdf)") if ending == PDF else self.tr("Excel workbooks (*.xlsx)")
        suggested = dated_path(self.shell, self._report().title, ending)
        path = self.shell.prompts.save_file(self, self.tr("Save the report"), kinds, suggested)
        if path is not None:
            self._write(path)

    def state(self) -> dict[str, Any]:
        """What was chosen; nothing while all is as it was proposed."""
        changed = {name: form.texts() for name, form in self._forms.items() if form.is_changed()}
        is_touched = changed or self._report().name != self._first_report or self._ending() != self._first_ending
        if not is_touched:
            return {}
        return {"report": self._report().name, "ending": self._ending(), "options": changed}

    def restore(self, state: dict[str, Any]) -> None:
        """Bring it back."""
        if not state:
            return
        for name, texts in state["options"].items():
            self._form(name).restore(texts)
        self.list.choose(state["report"])
        self._set_ending(state["ending"])
        self._show_report()

    def take_focus(self) -> None:
        """Into the list of reports."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self, changes: Changes) -> None:
        """Other rows to choose among."""
        if any(changes.touches(kind) for kind in ("client_group", "client_status", "marketing_plan")):
            for form in self._forms.values():
                form.offer_choices()

    def _report(self) -> Report:
        line = self.list.current()
        return find_report(REPORTS, line.value if line is not None else REPORTS[0].name)

    def _form(self, name: str = "") -> OptionsForm:
        """The options of a report, that of the chosen one at first; made when it is first shown."""
        report = find_report(REPORTS, name) if name else self._report()
        if report.name not in self._forms:
            form = OptionsForm(self.shell, report, self)
            form.hide()
            self._forms[report.name] = form
            self.options_column.insertWidget(self.options_column.count() - 1, form)
        return self._forms[report.name]

    def _show_report(self) -> None:
        shown = self._form()
        for form in self._forms.values():
            form.setVisible(form is shown)
        self.title_label.setText(self._report().title)
        self.purpose_label.setText(self._report().purpose)
        self.chip_changed.emit(self.chip())
        self._tell()

    def _ending(self) -> str:
        return WORKBOOK if self.excel_radio.isChecked() else PDF

    def _set_ending(self, ending: str) -> None:
        (self.excel_radio if ending == WORKBOOK else self.pdf_radio).setChecked(True)

    def _finish_as(self, ending: str) -> None:
        self._set_ending(ending)
        self.finish()

    def _tell(self) -> None:
        self.make_button.set_icon_name("print" if self._ending() == PDF else "table_arrow_up")
        self.make_button.setText(self.tr("Pre&view") if self._ending() == PDF else self.tr("&Make the workbook"))
        for button in (self.make_button, self.save_button):
            button.setEnabled(not self._is_writing)

    def _write(self, path: Path | None) -> None:
        if self._is_writing:
            return
        report, form = self._report(), self._form()
        ending = path.suffix.lower() if path is not None else self._ending()
        self.notice_label.setText("")
        try:
            options = form.options()
        except InvalidInput as error:
            self._say(form.mark(error))
            return
        self._remember(report, form, ending)
        document = report_document(self.shell, report, options)
        if path is None and ending == PDF:
            self.shell.preview(dataclasses.replace(document, used=self._used))
            return
        self._is_writing = True
        self._tell()
        make_document(
            self.shell,
            self,
            document,
            ending,
            path=path,
            then=self.finished.emit,
            failed=lambda error: self._say(str(error)),
            always=self._end_writing,
        )

    def _used(self) -> None:
        """It is printed or kept; who did not like it came back and chose something else."""
        if shiboken6.isValid(self):
            self.finished.emit()

    def _end_writing(self) -> None:
        self._is_writing = False
        self._tell()

    def _remember(self, report: Report, form: OptionsForm, ending: str) -> None:
        """The report made last stands last, with its options and what it was made as."""
        others = {name: kept for name, kept in self.shell.settings.report_options.items() if name != report.name}
        kept = {name: value for name, value in form.texts().items() if value is not None}
        options = {**others, report.name: {**kept, _ENDING: ending}}
        self.shell.save_settings(dataclasses.replace(self.shell.settings, report_options=options))

    def _say(self, sentence: str) -> None:
        self.notice_label.set_look(tone="red")
        self.notice_label.setText(sentence)


class OptionsForm(QWidget):
    """The options of a report, one field for each that its dataclass declares, filled as last time."""

    def __init__(self, shell: Shell, report: Report, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shell = shell
        self._specs = fields.specs(report.options)
        self._defaults = report.options()
        rows = QFormLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setHorizontalSpacing(12)
        rows.setVerticalSpacing(4)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        for name, spec in self._specs.items():
            self._add(rows, name, spec)
        dress_form(self)
        self._binder = FormBinder(self, report.options, shell.formats, shell.services.desk.clock.today)
        self.offer_choices()
        self._binder.fill(self._defaults)
        self._binder.restore(self._still_there(shell.settings.report_options.get(report.name, {})))
        self._first = self.texts()
        self._fill_in_client()

    def options(self) -> Any:
        """What is chosen. Raises InvalidFields."""
        return self._binder.read(self._defaults)

    def mark(self, error: InvalidInput) -> str:
        """Show what is wrong beside its field; gives the sentences that belong to none."""
        return self._binder.mark(error)

    def texts(self) -> dict[str, Any]:
        """What stands there, as JSON values."""
        return self._binder.texts()

    def restore(self, texts: Mapping[str, Any]) -> None:
        """Bring back what `texts` gave."""
        self._binder.restore(self._still_there(texts))

    def is_changed(self) -> bool:
        """Whether a person chose something else than last time."""
        return self.texts() != self._first

    def offer_choices(self) -> None:
        """The rows of the lists that options choose from."""
        for name, spec in self._specs.items():
            if spec.kind is Kind.REFERENCE:
                rows = [(one.id, one.text, one.colour) for one in self._shell.choices[spec.of] if not one.inactive]
                self._binder.set_choices(name, rows, self.tr("All"))

    def _fill_in_client(self) -> None:
        """A report on one client is on the client in hand, until somebody says another."""
        in_hand = self._shell.client_in_hand()
        if _CLIENT not in self._specs or in_hand is None:
            return
        # At once by name, so that nobody is quick enough to get a report on the one of last time.
        self._binder.restore({_CLIENT: in_hand.name})
        self._first = self.texts()
        clients, before = self._shell.services.clients, self.texts()[_CLIENT]

        def fill(record: ClientRecord) -> None:
            if self.texts()[_CLIENT] == before:
                self._binder.restore({_CLIENT: record.number or in_hand.name})
                self._first = self.texts()

        self._shell.tasks.run(self, lambda: clients.get(in_hand.id), fill, lane="read")

    def _still_there(self, texts: Mapping[str, Any]) -> dict[str, Any]:
        """Without rows of lists that are gone, and without options that the report no longer has."""
        kept = {}
        for name, value in texts.items():
            spec = self._specs.get(name)
            if spec is not None and spec.kind is Kind.REFERENCE:
                value = value if any(one.id == value for one in self._shell.choices[spec.of]) else None
            if spec is not None and (spec.kind is not Kind.CHOICE or value in set(spec.of)):
                kept[name] = value
        return kept

    def _add(self, rows: QFormLayout, name: str, spec: FieldSpec) -> None:
        if spec.kind is Kind.FLAG:
            tick = TickBox(spec.label, self)
            tick.setObjectName(f"{name}_check")
            rows.addRow(tick)
            return
        kind, suffix = _WIDGETS[spec.kind]
        field = kind(self)
        field.setObjectName(f"{name}_{suffix}")
        field.setMinimumWidth(theme.scaled(220))
        field.setAccessibleName(spec.label)
        label = PlainLabel(spec.label, self, tone="dim")
        label.setBuddy(field)
        rows.addRow(label, field)


_WIDGETS: Mapping[Kind, tuple[type[QWidget], str]] = {
    Kind.CHOICE: (ComboBox, "combo"),
    Kind.REFERENCE: (ComboBox, "combo"),
    Kind.TEXT: (QLineEdit, "edit"),
    Kind.NOTE: (NoteEdit, "text"),
    Kind.NUMBER: (QSpinBox, "spin"),
    Kind.DAY: (DateEdit, "date"),
}
"""The widgets of options by their kind, and the endings of their names, which the form's binder knows."""
