"""Wherever a client's phone number is listed, the call warning stands next to it (S2-35)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.reports import REPORTS
from studio_desktop.reports.listing_file import export_listing
from studio_desktop.reports.report import find_report, write_report
from studio_desktop.services import Services
from studio_desktop.services.listings.service import Query, listing
from studio_desktop.services.preferences import formats_of
from studio_desktop.ui.caller_box import CallerBox
from studio_desktop.ui.drop_down import Entry
from studio_desktop.ui.hubs.client_card import CallWarning as CardWarning
from studio_desktop.ui.hubs.client_card import ClientCard
from studio_desktop.ui.sheets.new_client import NewClientSheet
from studio_desktop.ui.widgets.client_line import ClientLine
from studio_desktop.ui.widgets.client_picker import ClientPicker
from studio_desktop.ui.widgets.listing_model import CellTexts, ListingModel
from tests.builders import a_client, catalog_id
from tests.ui.client_desk import open_page
from tests.ui.conftest import DeskShell

WARNING = "Works nights"
NUMBER = "(330) 555-0142"


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    """With a warning; Bert, of the same name, has none."""
    status = catalog_id(services, "client_statuses", "Prospect")
    a_client(services, last_name="Adams", first_name="Bert", phones=["(330) 555-0177"], status_id=status)
    return a_client(
        services, last_name="Adams", first_name="Anna", phones=[NUMBER], call_warning=WARNING, status_id=status
    )


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(900, 600)
    QVBoxLayout(made)
    qtbot.addWidget(made)
    return made


def show(qtbot: QtBot, window: QWidget, part: Any) -> Any:
    column = window.layout()
    assert column is not None
    column.addWidget(part)
    with qtbot.waitActive(window):
        window.show()
    return part


def assert_warned(entries: list[Entry]) -> None:
    """Only she who has a warning is warned of, by a sign, its tip and in words."""
    assert {entry.text: entry.warning for entry in entries} == {"Adams, Anna": WARNING, "Adams, Bert": ""}
    anna = next(entry for entry in entries if entry.warning)
    assert anna.right == NUMBER
    assert f"{NUMBER}, call warning: {WARNING}" in anna.spoken()


def test_that_the_header_warns_above_the_numbers_and_above_their_fields(
    qtbot: QtBot, shell: DeskShell, anna: ClientRecord
) -> None:
    page = open_page(qtbot, shell, anna)
    seen = page.header.view.warning
    assert (seen.isVisible(), seen.text) == (True, WARNING)
    page.edit_header()
    seen = page.header.editor.warning
    assert (seen.isVisible(), seen.text) == (True, WARNING)
    fields = page.header.editor.phones
    assert seen.mapTo(page, seen.rect().bottomLeft()).y() < fields.mapTo(page, fields.rect().topLeft()).y()


def test_that_the_list_of_clients_has_a_sign_beside_the_number(services: Services, anna: ClientRecord) -> None:
    clients = listing("clients")
    formats = formats_of(services.preferences.get())
    model = ListingModel(clients, CellTexts(lambda: formats, services.desk.clock.today))
    ids = services.listings.ids("clients", Query())
    model.replace(ids, services.listings.rows("clients", ids))
    place = model.index(ids.index(anna.id), model.column_of("phone"))
    assert WARNING in model.data(place, Qt.ItemDataRole.AccessibleTextRole)


def test_that_the_card_warns(qtbot: QtBot, shell: DeskShell, window: QWidget, anna: ClientRecord) -> None:
    card = show(qtbot, window, ClientCard(shell))
    card.show_client(anna.id)
    qtbot.waitUntil(lambda: card.shown_id() == anna.id)
    assert card.findChildren(CardWarning)


def test_that_the_caller_box_warns(qtbot: QtBot, shell: DeskShell, window: QWidget, anna: ClientRecord) -> None:
    box = CallerBox(window)
    box.start(shell, list)
    show(qtbot, window, box).take_focus()
    qtbot.keyClicks(box, "adams")
    qtbot.waitUntil(lambda: bool(box.offered()) and box.is_answered())
    assert_warned(box.offered())


def test_that_who_picks_a_client_is_warned(
    qtbot: QtBot, shell: DeskShell, window: QWidget, anna: ClientRecord
) -> None:
    picker = show(qtbot, window, ClientPicker(shell, window))
    picker.name_edit.setFocus()
    qtbot.keyClicks(picker.name_edit, "adams")
    qtbot.waitUntil(lambda: len(picker.offered()) == 2)
    assert_warned(picker.offered())


def test_that_who_moves_a_sheet_to_another_client_is_warned(
    qtbot: QtBot, shell: DeskShell, window: QWidget, anna: ClientRecord
) -> None:
    line = show(qtbot, window, ClientLine(window, window))
    line.ask(shell)
    qtbot.keyClicks(line, "adams")
    qtbot.waitUntil(lambda: len(line.offered()) == 2)
    assert_warned(line.offered())


def test_that_a_new_client_who_may_be_known_is_shown_with_the_warning(
    qtbot: QtBot, shell: DeskShell, window: QWidget, anna: ClientRecord
) -> None:
    sheet = show(qtbot, window, NewClientSheet(shell))
    sheet.last_name_edit.setFocus()
    qtbot.keyClicks(sheet.last_name_edit, "Adams")
    qtbot.waitUntil(lambda: len(sheet.known_list.lines()) == 2)
    said = {line.text: (WARNING in line.spoken(), line.light) for line in sheet.known_list.lines()}
    assert said == {"Adams, Anna": (True, "red"), "Adams, Bert": (False, None)}


def rows(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        return list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    return [[str(cell) for cell in row] for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)]


@pytest.mark.parametrize("what", ["clients", "client-list", "clients-by-status"])
@pytest.mark.parametrize("ending", [".pdf", ".xlsx", ".csv"])
def test_that_documents_have_the_warning_beside_the_number(
    services: Services, anna: ClientRecord, tmp_path: Path, what: str, ending: str
) -> None:
    path = tmp_path / f"list{ending}"
    if what == "clients":
        export_listing(services, what, path)
    else:
        report = find_report(REPORTS, what)
        write_report(report, services, report.options(), path)
    if ending == ".pdf":
        text = PdfReader(path).pages[0].extract_text()
        assert "Call warning" in text
        assert WARNING in text
        return
    titles = next(row for row in rows(path) if "Main phone" in row)
    row = next(row for row in rows(path) if "Adams, Anna" in row)
    assert titles[titles.index("Main phone") + 1] == "Call warning"
    assert row[titles.index("Main phone") + 1] == WARNING


def test_that_who_chose_the_columns_has_the_warning_once(
    services: Services, anna: ClientRecord, tmp_path: Path
) -> None:
    export_listing(services, "clients", tmp_path / "a.csv", keys=["call_warning", "name", "phone"])
    assert rows(tmp_path / "a.csv")[0] == ["Call warning", "Name", "Main phone"]
    export_listing(services, "clients", tmp_path / "b.csv", keys=["name", "number"])
    assert rows(tmp_path / "b.csv")[0] == ["Name", "Number"]
