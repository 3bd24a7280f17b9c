"""Labels by keyboard: who, which cell, what is printed, and who is left out and why (S2-36 to S2-38, B10)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import AddressRow, ClientKind, ClientRecord
from studio_desktop.reports.label_sheets import sheets
from studio_desktop.reports.labels import Label, write_labels
from studio_desktop.services import Services, new_request
from studio_desktop.services.layouts import Kept
from studio_desktop.settings import shift_key
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.page import ClientInHand
from studio_desktop.ui.preview import PreviewPage
from studio_desktop.ui.sheets.labels import LabelsSheet
from studio_desktop.ui.sheets.labels.wish import ANY_PRINTER
from tests.builders import a_client, a_member, catalog_id
from tests.reports.reading import page_texts, placed
from tests.ui.client_desk import pick
from tests.ui.conftest import Answers, DeskShell
from tests.ui.paper import ink

HOME: dict[str, Any] = {"street": "1 Mill Street", "town": "Fairbrook", "region": "OH", "postcode": "44199"}
SHEETS = {one.key: one for one in sheets()}
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@dataclasses.dataclass
class Studio:
    """Seniors: Adams, Berg and Carr may be written to, Quinn not, Nemo lives nowhere."""

    adams: ClientRecord
    berg: ClientRecord
    carr: ClientRecord
    quinn: ClientRecord
    nemo: ClientRecord


@pytest.fixture
def studio(services: Services) -> Studio:
    group = catalog_id(services, "client_groups", "High School Seniors")
    facts = {"groups": frozenset({group}), **HOME}
    return Studio(
        a_client(services, last_name="Adams", first_name="Anna", **{**facts, "postcode": "44300"},
                 family=(a_member("Peter", last_name="Adams", secondary_contact=True),)),
        a_client(services, last_name="Berg", first_name="Bob", **facts),
        a_client(services, last_name="Carr", first_name="Cleo", **facts),
        a_client(services, last_name="Quinn", first_name="Quentin", do_not_market=True, **facts),
        a_client(services, last_name="Nemo", first_name="Nora", groups=frozenset({group})),
    )  # fmt: skip


Open = Callable[..., LabelsSheet]


@pytest.fixture
def open_sheet(qtbot: QtBot, shell: DeskShell, tmp_path: Path) -> Open:
    """The sheet, shown, once it knows whom it is for."""
    shell.settings = dataclasses.replace(shell.settings, reports_folder=str(tmp_path / "documents"))

    def opened(*ids: int, gathered: bool = True) -> LabelsSheet:
        sheet = LabelsSheet(shell, ids)
        qtbot.addWidget(sheet)
        sheet.resize(1200, 500)
        sheet.show()
        sheet.take_focus()
        if gathered:
            qtbot.waitUntil(lambda: bool(sheet.of_label.text()))
        return sheet

    return opened


def said(sheet: LabelsSheet) -> str:
    return f"{sheet.count_label.text()} {sheet.of_label.text()}"


def people(sheet: LabelsSheet) -> list[tuple[bool, str, str]]:
    """Ticked or not, the name on the label, and the town or why there is none."""
    table = sheet.people_table
    cells = [[table.cell(row, column) for column in range(3)] for row in range(table.count())]
    return [(bool(tick.tick), name.text, town.text) for tick, name, town in cells]


def documents(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "documents").glob("*"))


def finished(qtbot: QtBot, sheet: LabelsSheet) -> None:
    """Ctrl+Enter, and in the preview Save as PDF; a single label may go to its printer at once."""
    shell = sheet.shell
    assert isinstance(shell, DeskShell)
    before = len(shell.previews)
    with qtbot.waitSignal(sheet.finished, timeout=10_000) as ended:
        sheet.finish()
        qtbot.waitUntil(lambda: ended.signal_triggered or len(shell.previews) > before)
        if not ended.signal_triggered:
            shell.keep_previewed()


# Whom


def test_that_a_group_shows_who_gets_a_label_and_who_does_not_and_why(
    qtbot: QtBot, open_sheet: Open, studio: Studio
) -> None:
    """S2-37, S2-38. RELIABILITY E13."""
    sheet = open_sheet()
    qtbot.keyClicks(sheet.line, "seniors")
    qtbot.waitUntil(lambda: said(sheet) == "3 labels of 5 people, 1 sheet")
    assert people(sheet) == [
        (True, "Anna & Peter Adams", "Fairbrook"),
        (True, "Bob Berg", "Fairbrook"),
        (True, "Cleo Carr", "Fairbrook"),
        (False, "Nora Nemo", "no complete address"),
        (False, "Quentin Quinn", "do not market"),
    ]
    assert sheet.left_out_label.text() == "2 left out"
    assert sheet.reasons_label.text() == "1 no complete address, 1 do not market"
    assert "3 labels" in sheet.print_button.text()


def test_that_chosen_clients_are_meant_at_first_then_the_client_in_hand_then_all(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio
) -> None:
    """S2-36."""
    assert said(open_sheet(studio.carr.id, studio.adams.id)) == "2 labels of 2 people, 1 sheet"
    shell.in_hand = ClientInHand(studio.berg.id, "Berg, Bob")
    alone = open_sheet()
    assert said(alone) == "1 label of 1 person, 1 sheet"
    assert alone.chosen_radio.text() == "Berg, Bob"
    assert alone.client_in_hand() == shell.in_hand
    shell.in_hand = None
    assert said(open_sheet()) == "3 labels of 5 people, 1 sheet"


def test_that_a_single_label_prints_whatever_speaks_against_it(open_sheet: Open, studio: Studio) -> None:
    """B10."""
    sheet = open_sheet(studio.quinn.id)
    assert people(sheet) == [(True, "Quentin Quinn", "Fairbrook")]
    assert not sheet.left_out_panel.isVisible()


def test_that_a_tick_takes_somebody_in_who_was_left_out_and_leaves_another_out(
    qtbot: QtBot, open_sheet: Open, studio: Studio, tmp_path: Path
) -> None:
    """S2-38: a person decides, and sees it counted."""
    sheet = open_sheet()
    sheet.people_table.setFocus()
    for key in (Qt.Key.Key_End, Qt.Key.Key_Space, Qt.Key.Key_Home, Qt.Key.Key_Space):
        qtbot.keyClick(sheet.people_table, key)
    assert people(sheet)[-1] == (True, "Quentin Quinn", "Fairbrook")
    assert people(sheet)[0] == (False, "Anna & Peter Adams", "unticked")
    assert sheet.reasons_label.text() == "1 unticked, 1 no complete address"
    finished(qtbot, sheet)
    (text,) = page_texts(documents(tmp_path)[0])
    assert [name in text for name in ("Adams", "Berg", "Carr", "Quinn", "Nemo")] == [False, True, True, True, False]


def test_that_only_those_left_out_are_shown_until_all_are_wanted_again(
    qtbot: QtBot, open_sheet: Open, studio: Studio
) -> None:
    """RELIABILITY E13."""
    sheet = open_sheet()
    sheet.show_button.click()
    assert [name for _, name, _ in people(sheet)] == ["Nora Nemo", "Quentin Quinn"]
    qtbot.keyClick(sheet.people_table, Qt.Key.Key_Space)
    assert [name for _, name, _ in people(sheet)] == ["Nora Nemo", "Quentin Quinn"]
    sheet.show_button.click()
    assert len(people(sheet)) == 5


def test_that_couples_order_and_copies_are_as_chosen(
    qtbot: QtBot, open_sheet: Open, studio: Studio, tmp_path: Path
) -> None:
    """B10."""
    sheet = open_sheet(studio.adams.id, studio.carr.id, studio.berg.id)
    sheet.name_line_combo.setFocus()
    qtbot.keyClick(sheet.name_line_combo, Qt.Key.Key_Down)
    qtbot.keyClicks(sheet.order_combo, "post")
    sheet.copies_spin.setValue(2)
    qtbot.waitUntil(lambda: [name for _, name, _ in people(sheet)] == ["Bob Berg", "Cleo Carr", "Anna Adams"])
    assert said(sheet) == "6 labels of 3 people, 1 sheet"
    finished(qtbot, sheet)
    names = [piece.text for piece in placed(documents(tmp_path)[0]) if piece.text[0] in "ABC"]
    assert names == ["Bob Berg", "Bob Berg", "Cleo Carr", "Cleo Carr", "Anna Adams", "Anna Adams"]


def test_that_another_desks_change_is_seen_at_once(
    qtbot: QtBot, open_sheet: Open, studio: Studio, services: Services
) -> None:
    sheet = open_sheet()
    saved = services.clients.save(
        studio.berg, dataclasses.replace(studio.berg, do_not_market=True), new_request()
    )
    sheet.refresh(saved.changes)
    qtbot.waitUntil(lambda: said(sheet) == "2 labels of 5 people, 1 sheet")
    assert (False, "Bob Berg", "do not market") in people(sheet)


# The line


def test_that_the_line_fills_the_fields_as_it_is_typed_and_empties_them_again(
    qtbot: QtBot, open_sheet: Open, studio: Studio
) -> None:
    """FRONT_DESK 2.3."""
    sheet = open_sheet(studio.adams.id)
    qtbot.keyClicks(sheet.line, "seniors 4")
    assert sheet.group_radio.isChecked()
    assert sheet.group_combo.currentText() == "High School Seniors"
    assert (sheet.start_spin.value(), sheet.cells.start()) == (4, 4)
    for _ in "seniors 4":
        qtbot.keyClick(sheet.line, Qt.Key.Key_Backspace)
    assert sheet.chosen_radio.isChecked()
    assert sheet.start_spin.value() == 1


def test_that_the_line_knows_statuses_sheets_and_everybody(qtbot: QtBot, open_sheet: Open, studio: Studio) -> None:
    sheet = open_sheet(studio.adams.id)
    qtbot.keyClicks(sheet.line, "upset l7163 14")
    assert sheet.status_radio.isChecked()
    assert sheet.status_combo.currentText() == "Upset Client"
    assert "L7163" in sheet.sheet_combo.currentText()
    assert sheet.start_spin.value() == 14
    sheet.line.setText("20 l7163 seniors")  # pasted at once
    assert (sheet.start_spin.value(), sheet.start_spin.maximum()) == (1, 14)
    assert sheet.unclear_label.text() == "“20” is not understood."
    sheet.line.clear()
    qtbot.keyClicks(sheet.line, "all")
    assert sheet.all_radio.isChecked()


def test_that_labels_are_for_a_tag_a_saved_filter_or_a_kind_by_hand_and_by_line(
    qtbot: QtBot, open_sheet: Open, studio: Studio, services: Services, shell: DeskShell
) -> None:
    """S0-05, S0-06: what there is to choose by appears with it."""
    bare = open_sheet(studio.adams.id)
    assert not bare.tag_combo.isVisible()
    qtbot.waitUntil(lambda: not shell.tasks.at_work)
    assert not bare.filter_combo.isVisible()
    bare.close()
    vip = frozenset({services.catalogs.tag("VIP", new_request()).result.id})
    a_client(services, last_name="Price", first_name="Pia", kind=ClientKind.PROSPECT, tags=vip, **HOME)
    bunnies = frozenset({catalog_id(services, "marketing_plans", "Spring mini sessions")})
    a_client(services, last_name="Rossi", first_name="Rita", kind=ClientKind.PROSPECT, plans=bunnies, **HOME)
    kept = {"alternatives": [[["column:town", "fair"], ["kind", "prospect"]]]}
    services.layouts.keep_named(Kept.FILTER, "clients", "Prospects near by", kept)
    shell.choices = services.catalogs.choices()
    sheet = open_sheet(studio.adams.id)
    qtbot.waitUntil(sheet.filter_combo.isVisible)

    def are_for(*names: str) -> None:
        qtbot.waitUntil(lambda: sorted(name for _, name, _ in people(sheet)) == sorted(names))

    pick(sheet.tag_combo, "VIP")
    assert sheet.tag_radio.isChecked()
    are_for("Pia Price")
    pick(sheet.filter_combo, "Prospects near by")
    assert sheet.filter_radio.isChecked()
    are_for("Pia Price", "Rita Rossi")
    pick(sheet.kind_combo, "clients")
    assert sheet.all_radio.isChecked()
    are_for("Anna & Peter Adams", "Bob Berg", "Cleo Carr", "Nora Nemo", "Quentin Quinn")
    qtbot.keyClicks(sheet.line, "vip 7")
    assert sheet.tag_radio.isChecked()
    assert sheet.start_spin.value() == 7
    are_for("Pia Price")
    sheet.line.clear()
    qtbot.keyClicks(sheet.line, "spring mini 3")
    assert sheet.plan_radio.isChecked()
    are_for("Rita Rossi")
    sheet.line.clear()
    pick(sheet.status_combo, "Client")
    pick(sheet.plan_combo, "Spring mini sessions")
    assert sheet.plan_radio.isChecked()
    are_for("Rita Rossi")
    sheet.line.clear()
    qtbot.keyClicks(sheet.line, "near by")
    assert sheet.filter_radio.isChecked()
    are_for("Pia Price", "Rita Rossi")


def test_that_what_is_unclear_is_said_and_down_lists_its_meanings(
    qtbot: QtBot, open_sheet: Open, studio: Studio
) -> None:
    """FRONT_DESK 2.3: nothing is guessed in silence."""
    sheet = open_sheet()
    qtbot.keyClicks(sheet.line, "pro 99")
    assert sheet.unclear_label.text() == "“pro” can mean several things: press Down."
    assert sheet.all_radio.isChecked()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(sheet.line, key)
    assert sheet.group_radio.isChecked()
    assert sheet.group_combo.currentText() == "Problem clients"
    assert sheet.unclear_label.text() == "“99” is not understood."
    assert sheet.line.text() == "pro 99"


def test_that_enter_takes_the_line_and_a_field_changed_by_hand_stays(
    qtbot: QtBot, open_sheet: Open, studio: Studio
) -> None:
    sheet = open_sheet()
    qtbot.keyClicks(sheet.line, "seniors 4")
    qtbot.keyClick(sheet.line, Qt.Key.Key_Return)
    assert (sheet.line.text(), sheet.start_spin.value()) == ("", 4)
    qtbot.keyClicks(sheet.line, "9")
    sheet.start_spin.setValue(6)
    assert (sheet.line.text(), sheet.start_spin.value()) == ("", 6)
    assert sheet.group_radio.isChecked()


# The sheet


def test_that_arrows_and_enter_or_a_click_set_the_first_free_cell(
    qtbot: QtBot, open_sheet: Open, studio: Studio
) -> None:
    """B10."""
    sheet = open_sheet()
    sheet.cells.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(sheet.cells, key)
    assert sheet.start_spin.value() == 6
    below_the_middle = sheet.cells.rect().center() + QPoint(0, 4)
    qtbot.mouseClick(sheet.cells, Qt.MouseButton.LeftButton, pos=below_the_middle)
    assert sheet.start_spin.value() == 17
    assert sheet.cells.accessibleName() == "First free label: 17 of 30"


def test_that_sheets_are_counted_from_the_first_free_cell(
    qtbot: QtBot, open_sheet: Open, studio: Studio
) -> None:
    """B10."""
    sheet = open_sheet()
    sheet.start_spin.setValue(29)
    assert said(sheet) == "3 labels of 5 people, 2 sheets"
    assert sheet.page_label.text() == "Sheet 1 of 2"
    sheet.later_button.click()
    assert sheet.page_label.text() == "Sheet 2 of 2"
    assert not sheet.later_button.isEnabled()


def test_that_each_stock_begins_at_its_own_next_free_cell(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio
) -> None:
    shell.settings = dataclasses.replace(
        shell.settings, label_start={"avery-5160": 8, "avery-l7163": 3, "avery-5163": 99},
        label_shift={shift_key(ANY_PRINTER, "avery-l7163"): (1.5, -0.5)},
    )  # fmt: skip
    sheet = open_sheet()
    assert sheet.start_spin.value() == 8
    sheet.start_spin.setValue(2)
    assert "8" in sheet.next_free_button.text()
    sheet.next_free_button.click()
    assert sheet.start_spin.value() == 8
    qtbot.keyClicks(sheet.line, "l7163")
    assert (sheet.start_spin.value(), sheet.start_spin.maximum()) == (3, 14)
    sheet.line.clear()
    qtbot.keyClicks(sheet.line, "5163")
    assert (sheet.start_spin.value(), sheet.start_spin.maximum()) == (10, 10)


def test_that_sheets_come_in_from_a_file_of_glabels(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio, tmp_path: Path
) -> None:
    """B10: what cannot come in is said."""
    assert isinstance(shell.prompts, Answers)
    file = tmp_path / "ours.template"
    file.write_text(OURS, encoding="utf-8")
    shell.prompts.answers = [file]
    sheet = open_sheet()
    sheet.add_sheet_button.click()
    qtbot.waitUntil(lambda: sheet.sheet_combo.currentText() == "Our 12, 2 × 6, 90 × 40 mm")
    assert sheet.start_spin.maximum() == 12
    assert sheet.notice_label.text() == (
        "Label sheets added: Our 12. Not added: Our disc: its labels are not rectangles"
    )
    sheet.start_spin.setValue(12)
    finished(qtbot, sheet)
    assert open_sheet().sheet_combo.currentText().startswith("Our 12")


def test_that_a_file_of_another_program_is_said_to_be_one(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio, tmp_path: Path
) -> None:
    assert isinstance(shell.prompts, Answers)
    (tmp_path / "people.csv").write_text("name", encoding="utf-8")
    shell.prompts.answers = [tmp_path / "people.csv"]
    sheet = open_sheet()
    sheet.add_sheet_button.click()
    qtbot.waitUntil(lambda: "people.csv is no file of gLabels" in sheet.notice_label.text())


OURS = """<Glabels-templates>
  <Template brand="Our" part="12" size="A4">
    <Label-rectangle id="0" width="90mm" height="40mm">
      <Layout nx="2" ny="6" x0="12mm" y0="10mm" dx="95mm" dy="45mm"/>
    </Label-rectangle>
  </Template>
  <Template brand="Our" part="disc" size="A4">
    <Label-cd id="0" radius="165pt" hole="58pt"><Layout nx="1" ny="2" dx="349pt" dy="392pt"/></Label-cd>
  </Template>
</Glabels-templates>
"""


def test_that_the_preview_holds_what_the_page_will_hold(
    qtbot: QtBot, open_sheet: Open, studio: Studio
) -> None:
    sheet = open_sheet()

    def written_cells() -> list[int]:
        """The cells of an Avery 5160 in which there is ink."""
        picture = sheet.preview.grab().toImage()
        scale = min((picture.width() - 2) / 612, (picture.height() - 2) / 792)
        corner = (picture.width() - 612 * scale) / 2, 1.0
        found = []
        for cell in range(30):
            left, top = 13.5 + cell % 3 * 198, 36 + cell // 3 * 72
            columns = range(round(corner[0] + (left + 9) * scale), round(corner[0] + (left + 100) * scale))
            lines = range(round(corner[1] + (top + 8) * scale), round(corner[1] + (top + 64) * scale))
            if any(picture.pixelColor(x, y).lightness() < 128 for x in columns for y in lines):
                found.append(cell + 1)
        return found

    qtbot.waitUntil(lambda: written_cells() == [1, 2, 3])
    sheet.start_spin.setValue(8)
    qtbot.waitUntil(lambda: written_cells() == [8, 9, 10])
    assert sheet.preview.accessibleName() == "What will be printed: Sheet 1 of 1"


# Printing


def test_that_seniors_4_and_control_enter_preview_from_the_fourth_cell(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio, tmp_path: Path
) -> None:
    """FRONT_DESK job 8: who only looks uses nothing of the stock; who keeps or prints them finds its next free cell."""
    sheet = open_sheet()
    qtbot.keyClicks(sheet.line, "seniors 4")
    sheet.finish()
    qtbot.waitUntil(lambda: bool(shell.previews))
    assert shell.settings.label_start == {}
    assert sheet.isVisible()
    finished(qtbot, sheet)
    (path,) = documents(tmp_path)
    assert path.name == "Labels High School Seniors 2026-03-10.pdf"
    first = next(piece for piece in placed(path) if piece.text == "Anna & Peter Adams")
    assert 9 < first.x < 40
    assert 792 - 36 - 2 * 72 < first.y < 792 - 36 - 72
    assert shell.settings.label_start == {"avery-5160": 7}
    assert open_sheet().start_spin.value() == 7


def test_that_order_sheet_and_shift_are_proposed_again(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio
) -> None:
    sheet = open_sheet()
    qtbot.keyClicks(sheet.line, "l7160")
    qtbot.keyClicks(sheet.order_combo, "post")
    sheet.right_spin.setValue(0.5)
    sheet.down_spin.setValue(-0.3)
    finished(qtbot, sheet)
    again = open_sheet()
    assert "L7160" in again.sheet_combo.currentText()
    assert again.order_combo.currentText() == "Postcode"
    assert (again.right_spin.value(), again.down_spin.value()) == (0.5, -0.3)
    assert again.state() == {}


def test_that_the_shift_moves_what_is_printed(
    qtbot: QtBot, open_sheet: Open, studio: Studio, tmp_path: Path
) -> None:
    left_ends = []
    for shift in (0.0, 2.0):
        sheet = open_sheet(studio.berg.id)
        sheet.start_spin.setValue(1)
        sheet.right_spin.setValue(shift)
        before = documents(tmp_path)
        finished(qtbot, sheet)
        (path,) = set(documents(tmp_path)) - set(before)
        left_ends.append(placed(path)[0].x)
    assert left_ends[1] - left_ends[0] == pytest.approx(2 * 72 / 25.4, abs=0.1)


def test_that_corrections_belong_to_a_printer_and_a_stock_and_are_kept_on_this_workstation(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio, tmp_path: Path
) -> None:
    """B10: x/y offset and pitch correction per printer, proven by what is printed."""
    sheet = open_sheet()
    assert [sheet.printer_combo.itemText(at) for at in range(sheet.printer_combo.count())] == [
        "any printer (PDF)", "Laser", "Label maker",
    ]  # fmt: skip
    qtbot.keyClicks(sheet.printer_combo, "Laser")
    sheet.right_spin.setValue(1.0)
    sheet.per_column_spin.setValue(0.25)
    sheet.per_row_spin.setValue(-0.1)
    finished(qtbot, sheet)
    straight = SHEETS["avery-5160"]
    first, second = (
        next(one for one in placed(documents(tmp_path)[0]) if one.text == name)
        for name in ("Anna & Peter Adams", "Bob Berg")
    )
    assert (second.x - first.x) == pytest.approx(straight.pitch_x + 0.25 * 72 / 25.4, abs=0.1)
    again = open_sheet()
    assert again.printer_combo.currentText() == "Laser"
    spins = (again.right_spin, again.down_spin, again.per_column_spin, again.per_row_spin)
    assert [spin.value() for spin in spins] == [1.0, 0.0, 0.25, -0.1]
    qtbot.keyClicks(again.printer_combo, "Label")
    assert [spin.value() for spin in spins] == [0.0] * 4
    qtbot.keyClicks(again.line, "dymo 30252")
    assert not again.per_column_spin.isEnabled()


def test_that_labels_prepared_for_a_later_day_bear_the_address_of_that_day(
    qtbot: QtBot, open_sheet: Open, studio: Studio, services: Services
) -> None:
    """B10, B22: labels use the print date."""
    berg = services.clients.get(studio.berg.id)
    new = AddressRow(uid=new_request(), line1="9 Chapel Hill", town="Oakhurst", postcode="44198",
                     effective_from=date(2026, 4, 1))  # fmt: skip
    services.clients.save(berg, dataclasses.replace(berg, addresses=(*berg.addresses, new)), new_request())
    sheet = open_sheet(studio.berg.id, studio.carr.id)
    assert people(sheet)[0] == (True, "Bob Berg", "Fairbrook")
    sheet.address_edit.setFocus()
    sheet.address_edit.selectAll()
    qtbot.keyClicks(sheet.address_edit, "4/1")
    qtbot.waitUntil(lambda: people(sheet)[0] == (True, "Bob Berg", "Oakhurst"))
    parked = sheet.state()
    other = open_sheet(studio.berg.id, studio.carr.id)
    other.restore(parked)
    qtbot.waitUntil(lambda: people(other)[0] == (True, "Bob Berg", "Oakhurst"))


def test_that_one_household_gets_one_label_and_the_other_is_listed(
    qtbot: QtBot, open_sheet: Open, studio: Studio, services: Services
) -> None:
    """B10: duplicates of one household are left out, listed, and can be ticked."""
    twin = a_client(services, last_name="Berg", first_name="Zita", **HOME)
    sheet = open_sheet(studio.berg.id, twin.id, studio.carr.id)
    assert people(sheet) == [
        (True, "Bob Berg", "Fairbrook"), (False, "Zita Berg", "same household"), (True, "Cleo Carr", "Fairbrook"),
    ]  # fmt: skip
    assert sheet.left_out_label.text() == "1 left out"
    sheet.people_table.choose(1)
    qtbot.keyClick(sheet.people_table, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: said(sheet) == "3 labels of 3 people, 1 sheet")


def test_that_a_mailing_is_kept_and_printed_again_by_keyboard(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio, services: Services, tmp_path: Path
) -> None:
    """B10: each group run is one batch in the history, reprintable. RELIABILITY E15."""
    sheet = open_sheet()
    assert not sheet.again_radio.isVisible()
    qtbot.keyClicks(sheet.line, "seniors")
    finished(qtbot, sheet)
    qtbot.waitUntil(lambda: bool(services.mailings.runs()))
    (run,) = services.mailings.runs()
    assert (run.facts.whom, run.facts.sheet, run.labels, run.left_out) == ("High School Seniors", "avery-5160", 3, 2)
    a_client(services, last_name="Abel", first_name="Abe", groups=studio.adams.groups, **HOME)
    again = open_sheet()
    qtbot.waitUntil(lambda: again.again_radio.isVisible())
    assert again.again_combo.currentText() == (
        f"High School Seniors, {shell.formats.instant(run.at)}, 3 labels, {run.user}"
    )
    qtbot.keyClick(again, Qt.Key.Key_B, ALT)
    qtbot.waitUntil(lambda: said(again) == "3 labels of 5 people, 1 sheet")
    assert [name for ticked, name, _ in people(again) if ticked] == ["Anna & Peter Adams", "Bob Berg", "Cleo Carr"]
    assert {why for ticked, _, why in people(again) if not ticked} == {"no complete address", "do not market"}
    finished(qtbot, again)
    assert len(documents(tmp_path)) == 2
    qtbot.waitUntil(lambda: [one.facts.whom for one in services.mailings.runs()] == ["High School Seniors"] * 2)


def test_that_a_single_label_goes_to_its_printer_on_its_roll(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio, tmp_path: Path
) -> None:
    """S3-07: a label printer of this workstation; groups keep their sheet."""
    assert isinstance(shell.prompts, Answers)
    shell.prompts.paper = tmp_path / "paper.pdf"
    shell.settings = dataclasses.replace(
        shell.settings, single_label_sheet="Dymo 99012", single_label_printer="Label maker"
    )
    sheet = open_sheet(studio.quinn.id)
    assert sheet.sheet_combo.currentText().startswith("Dymo 99012")
    finished(qtbot, sheet)
    (page,) = PdfReader(tmp_path / "paper.pdf").pages
    assert [float(length) * 25.4 / 72 for length in (page.mediabox.width, page.mediabox.height)] == pytest.approx(
        [89, 36], abs=0.5
    )
    lines = ("Quentin Quinn", "1 Mill Street", "Fairbrook, OH 44199")
    write_labels(tmp_path / "meant.pdf", [Label(lines)], SHEETS["dymo-99012"])
    assert ink(tmp_path / "paper.pdf", 0) == pytest.approx(ink(tmp_path / "meant.pdf", 0), abs=1)
    assert "1 label sent to" in shell.said[-1]
    assert documents(tmp_path) == []
    assert open_sheet(studio.berg.id, studio.carr.id).sheet_combo.currentText().startswith("Avery 5160")


def test_that_the_printer_of_a_single_label_is_asked_for_where_that_is_wished(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio, tmp_path: Path
) -> None:
    """S3-06: Prompt for Printer; Cancel prints nothing and the sheet stays."""
    assert isinstance(shell.prompts, Answers)
    shell.prompts.answers = [None, tmp_path / "paper.pdf"]
    shell.settings = dataclasses.replace(shell.settings, single_label_prompt=True)
    sheet = open_sheet(studio.berg.id)
    sheet.start_spin.setValue(5)
    sheet.finish()
    assert sheet.isVisible()
    assert not (tmp_path / "paper.pdf").exists()
    finished(qtbot, sheet)
    first, high, last, low = ink(tmp_path / "paper.pdf", 0)
    left, top, width, height = SHEETS["avery-5160"].cell_rect(4)
    assert left < first < last < left + width
    assert top < high < low < top + height
    assert shell.settings.label_start == {"avery-5160": 6}


def test_that_a_printer_that_is_gone_is_said_and_nothing_is_lost(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio
) -> None:
    """S3-06. RELIABILITY 121."""
    shell.settings = dataclasses.replace(shell.settings, single_label_printer="Old printer")
    sheet = open_sheet(studio.berg.id)
    sheet.finish()
    assert sheet.notice_label.text() == "There is no printer Old printer here. Choose one in Settings."
    assert sheet.isVisible()


def test_that_a_single_label_is_no_batch(
    qtbot: QtBot, open_sheet: Open, studio: Studio, services: Services
) -> None:
    finished(qtbot, open_sheet(studio.quinn.id))
    assert services.mailings.runs() == []


def test_that_a_test_outline_shows_the_edges_only(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio, tmp_path: Path
) -> None:
    sheet = open_sheet()
    sheet.outline_button.click()
    shell.keep_previewed()
    assert [path.name for path in documents(tmp_path)] == ["Outline Avery 5160 2026-03-10.pdf"]
    assert page_texts(documents(tmp_path)[0]) == [""]
    assert shell.settings.label_start == {}


def test_that_a_pdf_is_saved_where_a_person_says_and_the_sheet_stays(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio, tmp_path: Path
) -> None:
    assert isinstance(shell.prompts, Answers)
    shell.prompts.answers = [tmp_path / "mine.pdf"]
    sheet = open_sheet()
    sheet.save_button.click()
    qtbot.waitUntil(lambda: "mine.pdf" in sheet.notice_label.text() and sheet.save_button.isEnabled())
    assert len(page_texts(tmp_path / "mine.pdf")) == 1
    assert shell.prompts.documents == []
    assert sheet.isVisible()


def test_that_control_enter_waits_for_the_people_it_is_faster_than(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio, tmp_path: Path
) -> None:
    sheet = open_sheet(gathered=False)
    sheet.finish()
    qtbot.waitUntil(lambda: bool(shell.previews))
    assert len(page_texts(shell.keep_previewed())) == 1


def test_that_a_cancelled_run_writes_nothing_and_the_sheet_stays(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio, tmp_path: Path
) -> None:
    assert isinstance(shell.prompts, Answers)
    shell.prompts.answers = [tmp_path / "documents" / "mine.pdf"]
    sheet, gate = open_sheet(), Event()
    shell.tasks.run(sheet, lambda: gate.wait(10), lambda _: None, lane="bulk")
    sheet.save_as()
    assert not sheet.print_button.isEnabled()
    sheet.cancel_button.click()
    gate.set()
    qtbot.waitUntil(lambda: sheet.notice_label.text() == "Cancelled; nothing was written.")
    assert documents(tmp_path) == []
    assert shell.settings.label_start == {}
    assert sheet.print_button.isEnabled()


def test_that_nobody_to_print_for_is_said_and_writes_nothing(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio, tmp_path: Path
) -> None:
    sheet = open_sheet()
    qtbot.keyClicks(sheet.line, "upset")
    qtbot.waitUntil(lambda: said(sheet) == "0 labels of 0 people, 0 sheets")
    sheet.finish()
    assert "Nobody gets a label" in sheet.notice_label.text()
    assert shell.previews == []
    assert shell.settings.label_start == {}


def test_that_a_folder_that_cannot_be_made_is_said_and_the_sheet_stays(
    qtbot: QtBot, open_sheet: Open, shell: DeskShell, studio: Studio, tmp_path: Path
) -> None:
    (tmp_path / "documents").write_text("a file of that name")
    assert isinstance(shell.prompts, Answers)
    shell.prompts.answers = [tmp_path / "documents" / "mine.pdf"]
    sheet = open_sheet()
    sheet.save_as()
    qtbot.waitUntil(lambda: "documents" in sheet.notice_label.text() and sheet.print_button.isEnabled())


# Put aside


def test_that_an_untouched_sheet_has_nothing_to_keep(open_sheet: Open, studio: Studio) -> None:
    assert open_sheet(studio.adams.id).state() == {}


def test_that_everything_chosen_typed_and_ticked_comes_back(
    qtbot: QtBot, open_sheet: Open, studio: Studio
) -> None:
    """FRONT_DESK 6."""
    sheet = open_sheet(studio.adams.id, studio.berg.id, studio.quinn.id)
    sheet.copies_spin.setValue(3)
    sheet.right_spin.setValue(1.5)
    sheet.start_spin.setValue(29)
    sheet.people_table.setFocus()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_End, Qt.Key.Key_Space):
        qtbot.keyClick(sheet.people_table, key)
    qtbot.keyClicks(sheet.line, "pro seniors")
    qtbot.waitUntil(lambda: "of 5 people" in said(sheet))
    sheet.later_button.click()
    state, shown = sheet.state(), (people(sheet), said(sheet))
    again = open_sheet(studio.adams.id, studio.berg.id, studio.quinn.id)
    again.restore(state)
    qtbot.waitUntil(lambda: (people(again), said(again)) == shown)
    assert again.state() == state
    assert again.line.text() == "pro seniors"
    assert (again.copies_spin.value(), again.right_spin.value(), again.start_spin.value()) == (3, 1.5, 29)
    assert again.page_label.text() == sheet.page_label.text()
    again.line.clear()
    assert again.chosen_radio.isChecked()


def test_that_it_works_in_the_window_with_the_keys_of_the_desk(
    qtbot: QtBot, window: MainWindow, studio: Studio, tmp_path: Path
) -> None:
    """FRONT_DESK job 8, from any page: Ctrl+L, `seniors 4`, Ctrl+Enter; Alt with a digit to each column."""
    window.save_settings(dataclasses.replace(window.settings, reports_folder=str(tmp_path / "documents")))
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_L, CONTROL)
    sheet = window.sheets.front()
    assert isinstance(sheet, LabelsSheet)
    assert sheet.line.hasFocus()
    for digit, inside in ((Qt.Key.Key_2, sheet.cells), (Qt.Key.Key_1, sheet.all_radio)):
        qtbot.keyClick(QApplication.focusWidget(), digit, ALT)
        assert inside.hasFocus()
    sheet.take_focus()
    qtbot.keyClicks(QApplication.focusWidget(), "seniors 4")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: isinstance(window.book.current(), PreviewPage))
    preview = window.book.current()
    assert isinstance(preview, PreviewPage)
    qtbot.waitUntil(preview.print_button.isEnabled)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert window.sheets.front() is sheet
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CONTROL)
    preview = window.book.current()
    assert isinstance(preview, PreviewPage)
    qtbot.waitUntil(preview.print_button.isEnabled)
    assert isinstance(window.prompts, Answers)
    window.prompts.answers = [tmp_path / "printed.pdf"]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_P, CONTROL)
    qtbot.waitUntil(lambda: window.settings.label_start == {"avery-5160": 7})
    assert window.sheets.begun() == []
    assert len(PdfReader(tmp_path / "printed.pdf").pages) == 1
