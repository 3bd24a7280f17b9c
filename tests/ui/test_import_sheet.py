"""Clients from a spreadsheet through the window: columns corrected, every row judged, imported, undone (S4-17, B20).

A sheet with its steps in sight stands in a wizard's place, and nobody has to be rid of it (E18, FRONT_DESK 2).
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from studio_desktop.services.imports.plan import Verdict
from studio_desktop.services.listings.service import Query
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.sheets.import_clients import ImportSheet
from tests.builders import a_client
from tests.ui.conftest import Answers, DeskShell

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
TITLES = ["Surname", "Given name", "Tel", "Mail", "Born", "Shoe size"]
ROWS = [
    ["Adams", "Anna", "330 555 0100", "anna@example.com", "03/04/1981", "38"],
    ["Berg", "Bob", "330 555 0101", "", "", ""],
    ["Known", "Kim", "330 555 0102", "", "", ""],
    ["", "", "", "", "", "43"],
    ["Carr", "Cleo", "", "cleo@example.com", "", ""],
]

Open = Callable[..., ImportSheet]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "people.csv", [TITLES, *ROWS])


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as target:
        csv.writer(target).writerows(rows)
    return path


@pytest.fixture
def known(services: Services) -> ClientRecord:
    """Somebody of the file is in the studio already."""
    return a_client(services, last_name="Known", first_name="Kim", phones=["(330) 555-0102"])


@pytest.fixture
def open_sheet(qtbot: QtBot, shell: DeskShell, tmp_path: Path) -> Open:
    """The sheet, shown, with the file judged if there is one."""
    shell.settings = replace(shell.settings, reports_folder=str(tmp_path / "documents"))

    def opened(path: Path | None = None, *, judged: bool = True) -> ImportSheet:
        sheet = ImportSheet(shell, str(path or ""))
        qtbot.addWidget(sheet)
        sheet.resize(1200, 500)
        sheet.show()
        if path is not None and judged:
            qtbot.waitUntil(lambda: sheet.rows.tiles[None].text() != "")
        return sheet

    return opened


def rows(sheet: ImportSheet) -> list[tuple[str, ...]]:
    """What the rows say, column by column."""
    table = sheet.rows.table
    return [tuple(table.cell(row, column).text for column in range(6)) for row in range(table.count())]


def figures(sheet: ImportSheet) -> dict[str, str]:
    shown = ((verdict, tile) for verdict, tile in sheet.rows.tiles.items() if not tile.isHidden())
    return {verdict.value if verdict is not None else "all": tile.text() for verdict, tile in shown}


def goes_to(sheet: ImportSheet) -> dict[str, str]:
    return {column.title: column.said for column in sheet.mapping_table.columns()}


def put(qtbot: QtBot, sheet: ImportSheet, column: int, words: str) -> None:
    """Say by keyboard what a column holds."""
    table = sheet.mapping_table
    table.choose(column)
    qtbot.keyClick(table, Qt.Key.Key_F2)
    choice = table.focusWidget()
    assert choice is not table
    qtbot.keyClicks(choice, words)
    qtbot.keyClick(choice, Qt.Key.Key_Return)


def imported(qtbot: QtBot, sheet: ImportSheet) -> None:
    sheet.finish()
    qtbot.waitUntil(lambda: "imported" in sheet.result_label.text())


def names(services: Services) -> list[str]:
    found = (services.clients.get(client_id) for client_id in services.listings.ids("clients", Query()))
    return [one.last_name for one in found]


# Reading and judging


def test_that_every_row_has_a_verdict_and_a_sentence_before_anything_is_written(
    qtbot: QtBot, open_sheet: Open, known: ClientRecord, services: Services, file: Path
) -> None:
    """S4-16, S4-17, B20."""
    sheet = open_sheet(file)
    assert goes_to(sheet) == {
        "Surname": "Last name", "Given name": "First name", "Tel": "Phone", "Mail": "E-mail", "Born": "Birthday",
        "Shoe size": "kept in a note",
    }  # fmt: skip
    assert figures(sheet) == {"all": "5", "new": "3", "skip": "1", "error": "1"}
    shown = rows(sheet)
    assert shown[0] == ("2", "New", "Adams, Anna", "330 555 0100", "anna@example.com", "new client, with a note")
    assert shown[1][5] == "new client"
    assert shown[2][1] == "Skip"
    assert "the same person as Known, Kim" in shown[2][5]
    assert shown[3][:3] == ("5", "Fault", "")
    assert "name" in shown[3][5]
    assert sheet.kept_label.text() == "Kept in a note: Shoe size."
    assert sheet.notice_label.text() == "Nothing is written yet"
    assert "3 clients" in sheet.import_button.text()
    assert names(services) == ["Known"]


def test_that_a_corrected_column_is_judged_again(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, services: Services, tmp_path: Path
) -> None:
    sheet = open_sheet(write(tmp_path / "list.csv", [["Wer", "Wo", "Name"], ["Adams", "Fairbrook", "Anna"]]))
    assert rows(sheet)[0][2] == "Anna"
    put(qtbot, sheet, 0, "Last")
    put(qtbot, sheet, 2, "First")
    put(qtbot, sheet, 1, "Town")
    assert goes_to(sheet) == {"Wer": "Last name", "Wo": "Town", "Name": "First name"}
    qtbot.waitUntil(lambda: rows(sheet) == [("2", "New", "Adams, Anna", "", "", "new client")])
    imported(qtbot, sheet)
    (anna,) = (services.clients.get(one) for one in services.listings.ids("clients", Query()))
    assert (anna.last_name, anna.addresses[0].town) == ("Adams", "Fairbrook")


def test_that_a_column_is_left_out_or_kept_in_a_note_as_a_person_says(
    qtbot: QtBot, open_sheet: Open, services: Services, file: Path
) -> None:
    sheet = open_sheet(file)
    put(qtbot, sheet, 5, "Leave")
    assert goes_to(sheet)["Shoe size"] == "left out"
    assert sheet.kept_label.text() == ""
    qtbot.waitUntil(lambda: rows(sheet)[0][5] == "new client")
    put(qtbot, sheet, 4, "Keep")
    assert sheet.kept_label.text() == "Kept in a note: Born."
    qtbot.waitUntil(lambda: rows(sheet)[0][5] == "new client, with a note")
    assert not sheet.rules.dates_combo.isEnabled()


def test_that_a_letter_opens_the_choice_and_arrows_choose_in_it(qtbot: QtBot, open_sheet: Open, file: Path) -> None:
    sheet = open_sheet(file)
    table = sheet.mapping_table
    table.choose(5)
    qtbot.keyClick(table, Qt.Key.Key_N)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(table.focusWidget(), key)
    assert goes_to(sheet)["Shoe size"] == "Note"
    assert sheet.focusWidget() is table
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.keyClick(table.focusWidget(), Qt.Key.Key_Escape)
    assert goes_to(sheet)["Shoe size"] == "Note"
    assert sheet.focusWidget() is table


def test_that_the_tiles_show_only_their_rows(qtbot: QtBot, open_sheet: Open, known: ClientRecord, file: Path) -> None:
    sheet = open_sheet(file)
    for verdict, expected in ((Verdict.ERROR, ["5"]), (Verdict.SKIP, ["4"]), (Verdict.NEW, ["2", "3", "6"])):
        sheet.rows.tiles[verdict].click()
        assert [row[0] for row in rows(sheet)] == expected
    sheet.rows.tiles[Verdict.NEW].setFocus()
    qtbot.keyClick(sheet.rows.tiles[Verdict.NEW], Qt.Key.Key_Left)
    assert len(rows(sheet)) == 5


def test_that_control_down_leads_to_the_next_fault(qtbot: QtBot, open_sheet: Open, file: Path) -> None:
    sheet = open_sheet(file)
    qtbot.keyClick(sheet.rows.table, Qt.Key.Key_Down, CONTROL)
    assert rows(sheet)[sheet.rows.table.current()][1] == "Fault"
    qtbot.keyClick(sheet.rows.table, Qt.Key.Key_Down, CONTROL)
    assert sheet.rows.table.current() == 3


def test_that_a_person_says_how_dates_are_read(
    qtbot: QtBot, open_sheet: Open, services: Services, file: Path
) -> None:
    sheet = open_sheet(file)
    assert sheet.rules.dates_combo.currentText() == "as the file shows: month first"
    qtbot.keyClicks(sheet.rules.dates_combo, "day")
    qtbot.waitUntil(sheet.import_button.isEnabled)
    imported(qtbot, sheet)
    anna = services.clients.get(services.listings.ids("clients", Query())[0])
    assert anna.birthday == PartialDate(year=1981, month=4, day=3)


def test_that_a_row_that_another_desk_enters_meanwhile_is_known(
    qtbot: QtBot, open_sheet: Open, other_desk: Services, file: Path
) -> None:
    sheet = open_sheet(file)
    record = ClientRecord(last_name="Berg", first_name="Bob")
    berg = a_client(other_desk, last_name=record.last_name, first_name="Bob", phones=["330 555 0101"])
    saved = other_desk.clients.save(berg, replace(berg, company="Berg Ltd"), new_request())
    sheet.refresh(saved.changes)
    qtbot.waitUntil(lambda: figures(sheet)["skip"] == "1")
    assert "Berg" in rows(sheet)[1][5]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("old.xls", b"\xd0\xcf\x11\xe0old", "cannot be read as a workbook"), ("empty.csv", b"", "is empty"),
     ("nobody.vcf", b"no card at all", "holds no vCard")],
)
def test_that_a_file_that_is_no_spreadsheet_is_said_and_another_can_be_chosen(
    qtbot: QtBot, open_sheet: Open, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    sheet = open_sheet(tmp_path / name, judged=False)
    qtbot.waitUntil(lambda: said in sheet.notice_label.text())
    assert sheet.choose_button.isVisible()
    assert sheet.choose_button.isEnabled()
    assert sheet.state() == {}


def test_that_cards_come_in_as_rows_do_and_one_that_is_nobody_is_a_fault(
    qtbot: QtBot, open_sheet: Open, services: Services, tmp_path: Path
) -> None:
    """B20."""
    (tmp_path / "people.vcf").write_text(
        "BEGIN:VCARD\nVERSION:3.0\nN:Adams;Anna;;;\nTEL;TYPE=CELL:330 555 0100\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:Friends\nEND:VCARD\n"
    )
    sheet = open_sheet(tmp_path / "people.vcf")
    assert [row[:3] for row in rows(sheet)] == [("1", "New", "Adams, Anna"), ("2", "Fault", "")]
    assert "no person" in rows(sheet)[1][5]
    imported(qtbot, sheet)
    (client_id,) = services.listings.ids("clients", Query())
    assert services.clients.get(client_id).phones[0].e164 == "+13305550100"


def test_that_without_any_column_understood_one_is_named_and_all_is_well(
    qtbot: QtBot, open_sheet: Open, tmp_path: Path
) -> None:
    sheet = open_sheet(write(tmp_path / "list.csv", [["Wer", "Wo"], ["Anna Adams", "Rom"]]), judged=False)
    qtbot.waitUntil(lambda: "No column" in sheet.notice_label.text())
    assert not sheet.import_button.isEnabled()
    put(qtbot, sheet, 0, "Whole")
    qtbot.waitUntil(sheet.import_button.isEnabled)
    assert rows(sheet)[0][2] == "Adams, Anna"


def test_that_a_file_is_chosen_or_dropped(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = open_sheet()
    monkeypatch.setattr(shell.prompts, "choose_file", lambda *_: None)
    sheet.choose_button.click()
    assert sheet.state() == {}
    monkeypatch.setattr(shell.prompts, "choose_file", lambda *_: file)
    sheet.choose_button.click()
    qtbot.waitUntil(lambda: figures(sheet)["all"] == "5")
    assert sheet.chip() == "Import: people.csv"
    other = write(tmp_path / "other.csv", [["Name"], ["Dora Dunn"]])
    dragged = QMimeData()
    dragged.setUrls([QUrl.fromLocalFile(str(other))])
    sheet.dropEvent(
        QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, dragged, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0))
    )
    qtbot.waitUntil(lambda: figures(sheet)["all"] == "1")
    assert rows(sheet)[0][2] == "Dunn, Dora"


def test_that_the_verdicts_of_one_file_are_never_shown_for_another(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, file: Path, tmp_path: Path
) -> None:
    sheet, begun, gate = open_sheet(file, judged=False), Event(), Event()
    qtbot.waitUntil(lambda: bool(sheet.mapping_table.columns()))
    shell.tasks.run(sheet, lambda: begun.set() or gate.wait(10), lambda _: None, lane="bulk")
    sheet.open_file(write(tmp_path / "other.csv", [["Name"], ["Dora Dunn"]]))
    qtbot.waitUntil(begun.is_set)
    QApplication.processEvents()
    assert figures(sheet)["all"] == ""
    assert not sheet.import_button.isEnabled()
    gate.set()
    qtbot.waitUntil(lambda: figures(sheet)["all"] == "1")


# Updating, deciding, rules


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    """A client of the studio whom a file knows better."""
    return a_client(services, last_name="Adams", first_name="Anna", number="7", company="Garden")


UPDATES = [["No", "Name", "Firm", "Tel"], ["7", "Anna Adams", "Stones", "330 555 0100"], ["", "Bob Berg", "", ""],
           ["7", "Anna Adams", "Roses", ""]]  # fmt: skip


def choose(qtbot: QtBot, box: QComboBox, words: str) -> None:
    box.setFocus()
    qtbot.keyClicks(box, words)


def test_that_known_clients_are_updated_with_every_change_shown_before(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, services: Services, anna: ClientRecord, tmp_path: Path
) -> None:
    """B20, C15: old and new of each field, one of five ways to find a client, undo puts all back."""
    sheet = open_sheet(write(tmp_path / "list.csv", UPDATES))
    assert figures(sheet) == {"all": "3", "new": "1", "skip": "0", "error": "2"}
    choose(qtbot, sheet.rules.update_combo, "update")
    qtbot.waitUntil(lambda: figures(sheet).get("update") == "1")
    assert rows(sheet)[0][5] == "Company: Garden → Stones; Phone: + 330 555 0100"
    assert sheet.rows.detail_label.text() == "Adams, Anna (7): Company: Garden → Stones · Phone: + 330 555 0100"
    assert rows(sheet)[2][5] == "row 2 says otherwise of Adams, Anna (7): Company: Stones → Roses."
    assert sheet.import_button.text() == "&Import 1 client, update 1"
    imported(qtbot, sheet)
    assert "1 clients imported from list.csv, 1 updated" in sheet.result_label.text()
    assert services.clients.get(anna.id).company == "Stones"
    assert isinstance(shell.prompts, Answers)
    shell.prompts.answers = [0]
    sheet.undo_button.click()
    qtbot.waitUntil(lambda: "is undone" in sheet.notice_label.text())
    assert (services.clients.get(anna.id).company, names(services)) == ("Garden", ["Adams"])


def test_that_a_person_decides_on_rows_by_keyboard_and_it_holds_in_every_order(
    qtbot: QtBot, open_sheet: Open, known: ClientRecord, services: Services, file: Path
) -> None:
    """D9."""
    sheet = open_sheet(file)
    table = sheet.rows.table
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert (rows(sheet)[0][1], rows(sheet)[0][5], table.current()) == ("Skip, chosen", "left out, as you chose", 1)
    table.choose(2)
    assert sheet.rows.new_button.isEnabled()
    sheet.rows.new_button.click()
    assert figures(sheet) == {"all": "5", "new": "3", "skip": "1", "error": "1"}
    choose(qtbot, sheet.rows.order_combo, "by")
    assert [row[:3] for row in rows(sheet)] == [
        ("2", "Skip, chosen", "Adams, Anna"), ("3", "New", "Berg, Bob"), ("6", "New", "Carr, Cleo"),
        ("4", "New, chosen", "Known, Kim"), ("5", "Fault", ""),
    ]  # fmt: skip
    choose(qtbot, sheet.rules.dates_combo, "day")
    qtbot.waitUntil(lambda: figures(sheet)["all"] == "5")
    assert [row[1] for row in rows(sheet)] == ["Skip, chosen", "New", "New", "New, chosen", "Fault"]
    table.choose(3)
    sheet.rows.skip_button.click()
    assert rows(sheet)[3][1] == "Skip"
    sheet.rows.new_button.click()
    imported(qtbot, sheet)
    assert sorted(names(services)) == ["Berg", "Carr", "Known", "Known"]


def test_that_names_country_groups_and_tags_are_as_a_person_says(
    qtbot: QtBot, open_sheet: Open, services: Services, tmp_path: Path
) -> None:
    """B20."""
    sheet = open_sheet(write(tmp_path / "list.csv", [["Name", "Tel"], ["Smith Ann", "0171 5550142"]]))
    choose(qtbot, sheet.rules.names_combo, "last")
    for edit, typed in ((sheet.rules.country_edit, "de"), (sheet.rules.groups_edit, "Weddings; Fair"),
                        (sheet.rules.tags_edit, "VIP")):  # fmt: skip
        edit.setFocus()
        qtbot.keyClicks(edit, typed)
        qtbot.keyClick(edit, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: rows(sheet)[0][5] == "new client, into Weddings, Fair, tagged VIP")
    qtbot.waitUntil(sheet.import_button.isEnabled)
    imported(qtbot, sheet)
    (ann,) = (services.clients.get(one) for one in services.listings.ids("clients", Query()))
    assert (ann.last_name, ann.first_name, ann.phones[0].e164) == ("Smith", "Ann", "+491715550142")
    assert (len(ann.groups), len(ann.tags)) == (2, 1)


def test_that_groups_to_join_are_offered_while_they_are_typed(
    qtbot: QtBot, open_sheet: Open, tmp_path: Path
) -> None:
    """B20: Down and Enter take one of the studio's, another may follow, and a new one may be typed."""
    sheet = open_sheet(write(tmp_path / "list.csv", [["Name"], ["Smith, Ann"]]))
    edit = sheet.rules.groups_edit
    edit.setFocus()
    qtbot.keyClicks(edit, "wed")
    assert edit.offered() == ["Weddings", "New: “wed”"]
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert (edit.text(), edit.offered()) == ("Weddings; ", [])
    qtbot.keyClick(edit, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert "Weddings" not in edit.offered()
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert edit.offered() == []
    assert sheet.isVisible()
    qtbot.keyClicks(edit, "Fair")
    qtbot.keyClick(edit, Qt.Key.Key_Home)
    qtbot.keyClicks(edit, "Old ")
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: rows(sheet)[0][5] == "new client, into Old Weddings, Fair")


def test_that_a_mapping_is_saved_used_by_itself_renamed_and_forgotten(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B20."""
    path = write(tmp_path / "list.csv", [["Wer", "Wo"], ["Anna Adams", "Rom"]])
    sheet = open_sheet(path, judged=False)
    qtbot.waitUntil(lambda: "No column" in sheet.notice_label.text())
    put(qtbot, sheet, 0, "Whole")
    put(qtbot, sheet, 1, "Town")
    answers = iter(["Old program", "Lab"])
    monkeypatch.setattr(shell.prompts, "ask_text", lambda *_: next(answers))
    qtbot.waitUntil(sheet.rules.keep_button.isEnabled)
    sheet.rules.keep_button.click()
    qtbot.waitUntil(lambda: sheet.rules.mapping_combo.currentText() == "Old program")
    again = open_sheet(write(tmp_path / "next.csv", [["WO", "Wer"], ["Paris", "Bob Berg"]]))
    assert goes_to(again) == {"WO": "Town", "Wer": "Whole name"}
    assert again.rules.mapping_combo.currentText() == "Old program"
    choose(qtbot, again.rules.mapping_combo, "as")
    assert goes_to(again)["Wer"] == "kept in a note"
    qtbot.keyClick(again.rules.mapping_combo, Qt.Key.Key_Down)
    assert goes_to(again)["Wer"] == "Whole name"
    qtbot.waitUntil(again.rules.rename_button.isEnabled)
    again.rules.rename_button.click()
    qtbot.waitUntil(lambda: again.rules.mapping_combo.currentText() == "Lab")
    again.rules.forget_button.click()
    qtbot.waitUntil(lambda: again.rules.mapping_combo.count() == 1)
    assert goes_to(again)["Wer"] == "Whole name"


def test_that_a_client_changed_meanwhile_is_judged_again_and_nothing_was_written(
    qtbot: QtBot, open_sheet: Open, other_desk: Services, services: Services, anna: ClientRecord, tmp_path: Path
) -> None:
    sheet = open_sheet(write(tmp_path / "list.csv", UPDATES[:3]))
    choose(qtbot, sheet.rules.update_combo, "update")
    qtbot.waitUntil(lambda: figures(sheet).get("update") == "1")
    other_desk.clients.save(anna, replace(anna, company="By hand"), new_request())
    sheet.finish()
    qtbot.waitUntil(lambda: rows(sheet)[0][5].startswith("Company: By hand → Stones"))
    assert names(services) == ["Adams"]
    imported(qtbot, sheet)
    assert services.clients.get(anna.id).company == "Stones"


# Importing


def test_that_the_new_rows_come_in_and_the_rest_is_counted(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, services: Services, known: ClientRecord, file: Path
) -> None:
    """S4-17."""
    sheet = open_sheet(file)
    imported(qtbot, sheet)
    assert sheet.result_label.text() == "3 clients imported from people.csv, 1 skipped as known, 1 with errors."
    assert sorted(names(services)) == ["Adams", "Berg", "Carr", "Known"]
    (saved,) = shell.saves
    assert saved[1].touches("client")
    assert sheet.state() == {}
    with qtbot.waitSignal(sheet.finished):
        sheet.finish()


def test_that_an_import_before_it_has_begun_is_cancelled_and_writes_nothing(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, services: Services, file: Path
) -> None:
    """RELIABILITY E12."""
    sheet, gate = open_sheet(file), Event()
    shell.tasks.run(sheet, lambda: gate.wait(10), lambda _: None, lane="bulk")
    sheet.finish()
    assert not sheet.import_button.isEnabled()
    sheet.finish()
    sheet.cancel_button.click()
    gate.set()
    qtbot.waitUntil(lambda: sheet.notice_label.text() == "Cancelled; nothing was written.")
    assert names(services) == []
    imported(qtbot, sheet)
    assert len(names(services)) == 4


def test_that_the_faults_go_into_a_file_that_can_be_mended(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, file: Path, tmp_path: Path
) -> None:
    sheet = open_sheet(file)
    sheet.faults_button.click()
    assert isinstance(shell.prompts, Answers)
    qtbot.waitUntil(lambda: bool(shell.prompts.documents))  # type: ignore[attr-defined]
    (path,) = shell.prompts.documents
    assert path == tmp_path / "documents" / "people faults 2026-03-10.csv"
    written = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    assert [row[:6] for row in written] == [TITLES, ROWS[3]]
    assert "name" in written[1][6]
    assert path.name in sheet.notice_label.text()


# Undoing


def test_that_an_import_is_taken_back_but_for_whom_somebody_touched(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, services: Services, file: Path
) -> None:
    """S4-17, B20."""
    sheet = open_sheet(file)
    imported(qtbot, sheet)
    berg = next(one for one in map(services.clients.get, services.listings.ids("clients", Query()))
                if one.last_name == "Berg")  # fmt: skip
    services.clients.save(berg, replace(berg, company="Kept"), new_request())
    assert isinstance(shell.prompts, Answers)
    shell.prompts.answers = [None]
    sheet.undo_button.click()
    qtbot.waitUntil(sheet.undo_button.isEnabled)
    assert (len(names(services)), len(shell.prompts.asked)) == (4, 1)
    shell.prompts.answers = [0]
    sheet.undo_button.click()
    qtbot.waitUntil(lambda: "is undone" in sheet.notice_label.text())
    assert names(services) == ["Berg"]
    assert "1 client stays, because somebody changed it since: Berg, Bob" in shell.saves[-1][0]
    assert shell.prompts.asked == ["Undo the import of people.csv?"] * 2


def test_that_an_earlier_import_is_listed_and_taken_back(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, services: Services, file: Path
) -> None:
    imports = services.imports
    imports.carry_out(imports.judge(imports.read(file)), new_request())
    sheet = open_sheet()
    qtbot.waitUntil(lambda: sheet.batches.table.count() == 1)
    shown = [sheet.batches.table.cell(0, column).text for column in range(8)]
    assert (shown[0], shown[2:]) == ("people.csv", ["Owner", "4", "0", "0", "1", ""])
    assert isinstance(shell.prompts, Answers)
    shell.prompts.answers = [0]
    sheet.batches.table.setFocus()
    sheet.batches.undo_button.click()
    qtbot.waitUntil(lambda: sheet.batches.table.cell(0, 7).text != "")
    assert names(services) == []
    assert not sheet.batches.undo_button.isEnabled()


# Put aside


def test_that_an_untouched_sheet_has_nothing_to_keep(open_sheet: Open) -> None:
    assert open_sheet().state() == {}


def test_that_file_columns_dates_and_place_come_back(
    qtbot: QtBot, open_sheet: Open, services: Services, file: Path
) -> None:
    """FRONT_DESK 6."""
    sheet = open_sheet(file)
    put(qtbot, sheet, 5, "Nick")
    qtbot.keyClicks(sheet.rules.dates_combo, "day")
    qtbot.waitUntil(sheet.import_button.isEnabled)
    sheet.rows.tiles[Verdict.NEW].click()
    sheet.rows.table.choose(2)
    state, shown = sheet.state(), (goes_to(sheet), rows(sheet))
    again = open_sheet()
    again.restore(state)
    qtbot.waitUntil(again.import_button.isEnabled)
    assert (goes_to(again), rows(again)) == shown
    assert again.state() == state
    assert again.rows.table.current() == 2


def test_that_a_file_that_is_gone_is_said_when_the_sheet_comes_back(
    qtbot: QtBot, open_sheet: Open, file: Path
) -> None:
    state = open_sheet(file).state()
    file.unlink()
    again = open_sheet()
    again.restore(state)
    qtbot.waitUntil(lambda: "There is no file" in again.notice_label.text())


def test_that_it_works_in_the_window_by_keyboard_alone(
    qtbot: QtBot, window: MainWindow, services: Services, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S4-17: from the palette to the clients in the list; Alt with a digit leads to each step."""
    monkeypatch.setattr(window.prompts, "choose_file", lambda *_: file)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_P, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(QApplication.focusWidget(), "import cl")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.sheets.front() is not None)
    sheet: Any = window.sheets.front()
    assert isinstance(sheet, ImportSheet)
    qtbot.waitUntil(sheet.choose_button.hasFocus)
    qtbot.keyClick(sheet.choose_button, Qt.Key.Key_Space)
    qtbot.waitUntil(sheet.import_button.isEnabled)
    for digit, inside in ((Qt.Key.Key_3, sheet.rows.table), (Qt.Key.Key_2, sheet.mapping_table)):
        qtbot.keyClick(QApplication.focusWidget(), digit, ALT)
        assert inside.hasFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "imported" in sheet.result_label.text())
    assert len(names(services)) == 4
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CONTROL)
    assert window.sheets.front() is None


def test_that_rules_choices_and_undo_are_reached_without_the_mouse(
    qtbot: QtBot, window: MainWindow, services: Services, anna: ClientRecord, tmp_path: Path
) -> None:
    """B20, D9: Tab goes through the rules, letters choose, Space decides on a row, Enter undoes from the list."""
    window.open_sheet("import", path=str(write(tmp_path / "list.csv", UPDATES[:3])))
    sheet: Any = window.sheets.front()
    qtbot.waitUntil(sheet.import_button.isEnabled)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_2, ALT)
    for _ in range(12):
        if QApplication.focusWidget() is sheet.rules.update_combo:
            break
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClicks(QApplication.focusWidget(), "update")
    qtbot.waitUntil(lambda: figures(sheet).get("update") == "1")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_3, ALT)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert figures(sheet) == {"all": "2", "new": "0", "update": "1", "skip": "1", "error": "0"}
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "1 updated" in sheet.result_label.text())
    assert (services.clients.get(anna.id).company, names(services)) == ("Stones", ["Adams"])
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CONTROL)
    assert isinstance(window.prompts, Answers)
    window.prompts.answers = [0]
    window.open_sheet("import")
    again: Any = window.sheets.front()
    qtbot.waitUntil(lambda: again.batches.table.count() == 1)
    again.batches.table.setFocus()
    qtbot.keyClick(again.batches.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: services.clients.get(anna.id).company == "Garden")
