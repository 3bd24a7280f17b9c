"""Reports by keyboard: which one, its options as last time, as PDF or Excel, opened at once (FRONT_DESK job 9)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientKind
from studio_desktop.reports import REPORTS
from studio_desktop.services import Services, new_request
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.page import ClientInHand
from studio_desktop.ui.sheets.report import ReportSheet
from tests.builders import a_client, catalog_id
from tests.reports.reading import page_texts
from tests.ui.conftest import Answers, DeskShell

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

Open = Callable[..., ReportSheet]


@pytest.fixture
def open_sheet(qtbot: QtBot, shell: DeskShell, tmp_path: Path) -> Open:
    shell.settings = dataclasses.replace(shell.settings, reports_folder=str(tmp_path / "documents"))

    def opened(**arguments: Any) -> ReportSheet:
        sheet = ReportSheet(shell, **arguments)
        qtbot.addWidget(sheet)
        sheet.resize(1000, 300)
        sheet.show()
        sheet.take_focus()
        return sheet

    return opened


def documents(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "documents").glob("*"))


def combo(sheet: ReportSheet, name: str) -> QComboBox:
    found = sheet.findChild(QComboBox, f"{name}_combo")
    assert isinstance(found, QComboBox)
    return found


def finished(qtbot: QtBot, sheet: ReportSheet) -> None:
    """Ctrl+Enter, and where that leads to the preview, Save as PDF there."""
    shell = sheet.shell
    assert isinstance(shell, DeskShell)
    before = len(shell.previews)
    with qtbot.waitSignal(sheet.finished):
        sheet.finish()
        if len(shell.previews) > before:
            shell.keep_previewed()


def cells(path: Path) -> list[Any]:
    return [cell for row in load_workbook(path).worksheets[0].iter_rows(values_only=True) for cell in row]


def test_that_every_report_is_offered_with_what_it_is_for(open_sheet: Open) -> None:
    sheet = open_sheet()
    assert [line.text for line in sheet.list.lines()] == [report.title for report in REPORTS]
    assert [line.second for line in sheet.list.lines()] == [report.purpose for report in REPORTS]
    assert sheet.focusWidget() is sheet.list


def test_that_control_enter_shows_the_report_and_keeping_it_ends_the_sheet(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, tmp_path: Path
) -> None:
    """S1-19, S1-20: the studio's statuses."""
    sheet = open_sheet()
    sheet.finish()
    assert sheet.isVisible()
    with qtbot.waitSignal(sheet.finished):
        path = shell.keep_previewed()
    assert path.name == "Client statuses 2026-03-10.pdf"
    (page,) = page_texts(path)
    assert "Prospect" in page
    assert "Loyalty Client" in page


def test_that_pdf_is_a_dated_file_at_once_which_is_shown(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, tmp_path: Path
) -> None:
    """FRONT_DESK job 9."""
    sheet = open_sheet()
    with qtbot.waitSignal(sheet.finished):
        sheet.handlers()["pdf"]()
    (path,) = documents(tmp_path)
    assert path.name == "Client statuses 2026-03-10.pdf"
    assert [where for _, where in shell.previews] == [path]
    assert "Client statuses 2026-03-10.pdf" in shell.said[-1]


def test_that_excel_gives_a_workbook_with_real_days_and_numbers(
    qtbot: QtBot, open_sheet: Open, services: Services, tmp_path: Path
) -> None:
    """S1-21."""
    prospect = catalog_id(services, "client_statuses", "Prospect")
    made = a_client(services, last_name="Adams", first_name="Anna")
    services.statuses.change((made.id,), prospect, new_request())
    sheet = open_sheet(report="clients-by-status")
    sheet.excel_radio.click()
    assert "workbook" in sheet.make_button.text()
    finished(qtbot, sheet)
    (path,) = documents(tmp_path)
    found = cells(path)
    assert path.suffix == ".xlsx"
    assert "Adams, Anna" in found
    assert datetime(2026, 3, 10) in found  # noqa: DTZ001 - Excel knows no zones


def test_that_the_options_decide_what_stands_in_the_report(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, services: Services, tmp_path: Path
) -> None:
    """S1-19: the report of statuses with or without inactive ones; a list of one kind and group."""
    group = catalog_id(services, "client_groups", "Weddings")
    a_client(services, last_name="Member", groups=frozenset({group}), kind=ClientKind.PROSPECT)
    a_client(services, last_name="Other", kind=ClientKind.PROSPECT)
    a_client(services, last_name="Client", groups=frozenset({group}))
    sheet = open_sheet(report="client-list")
    for name, typed in (("kind", "pro"), ("group_id", "wed")):
        combo(sheet, name).setFocus()
        qtbot.keyClicks(combo(sheet, name), typed)
    sheet.excel_radio.click()
    finished(qtbot, sheet)
    found = cells(documents(tmp_path)[0])
    assert [name in found for name in ("Member", "Other", "Client")] == [True, False, False]


def test_that_a_report_is_offered_as_it_was_made_last(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, tmp_path: Path
) -> None:
    sheet = open_sheet(report="clients-by-status")
    overdue = sheet.findChild(QCheckBox, "overdue_only_check")
    assert isinstance(overdue, QCheckBox)
    overdue.click()
    sheet.excel_radio.click()
    finished(qtbot, sheet)
    again = open_sheet()
    line = again.list.current()
    assert line is not None
    assert line.value == "clients-by-status"
    tick = again.findChild(QCheckBox, "overdue_only_check")
    assert isinstance(tick, QCheckBox)
    assert tick.isChecked()
    assert again.excel_radio.isChecked()
    assert again.state() == {}


def test_that_a_remembered_option_that_is_gone_means_all(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, tmp_path: Path
) -> None:
    kept = {"status_id": 999, "kind": "stranger", "old_option": 1, "ending": ".xlsx"}
    shell.settings = dataclasses.replace(shell.settings, report_options={"client-list": kept})
    sheet = open_sheet()
    assert combo(sheet, "status_id").currentText() == "All"
    assert combo(sheet, "kind").currentText() == "Client"
    finished(qtbot, sheet)
    assert len(documents(tmp_path)) == 1


def test_that_a_report_that_is_gone_is_no_hindrance(open_sheet: Open, shell: DeskShell) -> None:
    shell.settings = dataclasses.replace(shell.settings, report_options={"invoices": {"ending": ".pdf"}})
    line = open_sheet().list.current()
    assert line is not None
    assert line.value == REPORTS[0].name


def test_that_a_report_goes_where_a_person_says(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, tmp_path: Path
) -> None:
    assert isinstance(shell.prompts, Answers)
    shell.prompts.answers = [tmp_path / "mine.xlsx"]
    sheet = open_sheet()
    with qtbot.waitSignal(sheet.finished):
        sheet.save_button.click()
    assert "Prospect" in cells(tmp_path / "mine.xlsx")
    assert documents(tmp_path) == []


def test_that_what_cannot_be_written_is_said_and_the_sheet_stays(
    qtbot: QtBot, open_sheet: Open, tmp_path: Path
) -> None:
    (tmp_path / "documents").write_text("a file of that name")
    sheet = open_sheet()
    sheet.excel_radio.click()
    sheet.finish()
    assert not sheet.make_button.isEnabled()
    qtbot.waitUntil(lambda: "documents" in sheet.notice_label.text())
    assert sheet.make_button.isEnabled()


def test_that_everything_chosen_comes_back(qtbot: QtBot, open_sheet: Open, services: Services) -> None:
    """FRONT_DESK 6."""
    sheet = open_sheet()
    assert sheet.state() == {}
    qtbot.keyClick(sheet.list, Qt.Key.Key_Down)
    overdue = sheet.findChild(QCheckBox, "overdue_only_check")
    assert isinstance(overdue, QCheckBox)
    overdue.click()
    qtbot.keyClick(sheet.list, Qt.Key.Key_Down)
    qtbot.keyClicks(combo(sheet, "stage"), "arch")
    sheet.excel_radio.click()
    state = sheet.state()
    again = open_sheet()
    again.restore(state)
    assert again.state() == state
    assert again.title_label.text() == "Client list"
    assert combo(again, "stage").currentText() == "Archived"
    assert again.chip() == "Report: Client list"


def test_that_status_ex_in_the_palette_makes_the_workbook(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    """FRONT_DESK job 9: Ctrl+Shift+P, `status ex`, Enter."""
    window.save_settings(dataclasses.replace(window.settings, reports_folder=str(tmp_path / "documents")))
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_P, CONTROL | SHIFT)
    qtbot.keyClicks(QApplication.focusWidget(), "status ex")
    assert window.commands.offered()[0] == "Client status report to Excel"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert isinstance(window.prompts, Answers)
    qtbot.waitUntil(lambda: bool(window.prompts.documents))  # type: ignore[attr-defined]
    assert [path.name for path in documents(tmp_path)] == ["Client statuses 2026-03-10.xlsx"]
    assert "Prospect" in cells(documents(tmp_path)[0])


def test_that_a_report_on_one_client_is_on_the_client_in_hand(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, services: Services, tmp_path: Path
) -> None:
    """B24: the profile, from the client's window, without typing a number."""
    a_client(services, last_name="Berg", number="7")
    anna = a_client(services, last_name="Adams", first_name="Anna", number="1042")
    shell.in_hand = ClientInHand(anna.id, "Adams, Anna")
    sheet = open_sheet(report="client-profile")
    typed = sheet.findChild(QLineEdit, "client_edit")
    assert isinstance(typed, QLineEdit)
    qtbot.waitUntil(lambda: typed.text() == "1042")
    assert sheet.state() == {}
    finished(qtbot, sheet)
    (path,) = documents(tmp_path)
    assert "Client profile: Adams, Anna" in page_texts(path)[0]
    shell.in_hand = ClientInHand(services.clients.by_number("7") or 0, "Berg")
    again = open_sheet(report="client-profile")
    typed = again.findChild(QLineEdit, "client_edit")
    assert isinstance(typed, QLineEdit)
    qtbot.waitUntil(lambda: typed.text() == "7")


def test_that_a_client_that_is_not_there_is_said_beside_the_field(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, services: Services, tmp_path: Path
) -> None:
    sheet = open_sheet(report="check-your-details")
    typed = sheet.findChild(QLineEdit, "client_edit")
    assert isinstance(typed, QLineEdit)
    qtbot.keyClicks(typed, "Zzyzx")
    sheet.excel_radio.click()
    sheet.finish()
    qtbot.waitUntil(lambda: "There is no client “Zzyzx”" in sheet.notice_label.text())
    assert documents(tmp_path) == []
