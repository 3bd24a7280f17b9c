"""The first whole job, as somebody does it who has never seen the program: by keyboard alone, on both databases."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from studio_desktop.database import check
from studio_desktop.services import Services
from studio_desktop.services.listings.service import Query
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.preview import PreviewPage
from studio_desktop.ui.sheets.import_clients import ImportSheet
from tests.end_to_end.hands import ALT, CONTROL, KEY, SHIFT, Hands
from tests.ui.conftest import Answers

CONTACTS = """First name;Last name;Phone;E-mail;Street;City;State;ZIP;Birthday;Groups
Anna;Adams;(330) 555-0142;anna@example.com;418 Larkspur Lane;Fairbrook;OH;44199;5/14/1987;Seniors
Bob;Berg;(330) 555-0177;bob@example.com;9 Mill Street;Oakhurst;OH;44198;12/25/1970;Seniors
Cleo;Clark;(234) 671-0100;cleo@example.com;1 Quarry Road;Lakemont;OH;44196;;Seniors
Anna;Adams;+1 330 555 0142;;;;;;;
;;;;;;;;;
;;;nobody@;;;;;;
"""


@pytest.mark.timeout(300)
def test_that_a_new_user_goes_from_a_contacts_file_to_labels_and_the_status_report(
    qtbot: QtBot, window: MainWindow, services: Services, tmp_path: Path
) -> None:
    """Import a file, find a person by three middle digits, correct the address, set a status and see its due date,
    print labels from the fourth cell, and have the status report as PDF and Excel (S4-17, S2-06, S2-22, S1-20, S1-21).
    """
    hands = Hands(qtbot)
    documents = tmp_path / "documents"
    window.save_settings(dataclasses.replace(window.settings, reports_folder=str(documents)))
    contacts = tmp_path / "contacts.csv"
    contacts.write_text(CONTACTS, "utf-8")

    import_contacts(hands, window, contacts)
    assert len(services.listings.ids("clients", Query())) == 3

    hands.press(KEY.Key_F12)
    hands.type("671")
    hands.until(lambda: window.caller_box.is_answered() and window.caller_box.offered())
    hands.press(KEY.Key_Return)
    hands.until(lambda: (page := window.book.current()) is not None and page.title() == "Clark, Cleo")
    page = window.book.current()
    assert isinstance(page, ClientPage)

    hands.press(KEY.Key_F2)
    hands.tab_to("line1_edit")
    hands.retype("77 Chapel Hill")
    hands.press(KEY.Key_S, CONTROL)
    hands.until(lambda: services.clients.get(page.client_id).addresses[0].line1 == "77 Chapel Hill")
    hands.until(lambda: not page.unsaved())

    hands.press(KEY.Key_J, CONTROL)
    hands.until(lambda: in_front(window, "status"))
    hands.type("web")
    hands.press(KEY.Key_Return)
    hands.until(lambda: services.clients.open(page.client_id).status == "Web Inquiry")
    # Tuesday 10 March 2026 and two business days.
    hands.until(lambda: shown_due(page).startswith("12 Mar"))

    hands.until(lambda: window.sheets.front() is None)
    hands.press(KEY.Key_L, CONTROL)
    hands.until(lambda: in_front(window, "labels"))
    hands.type("seniors 4")
    hands.press(KEY.Key_Return, CONTROL)
    hands.until(lambda: isinstance(window.book.current(), PreviewPage))
    preview = window.book.current()
    assert isinstance(preview, PreviewPage)
    hands.until(preview.print_button.isEnabled)
    labels = documents / "labels.pdf"
    documents.mkdir(exist_ok=True)
    window.prompts.answers.append(labels)
    hands.press(KEY.Key_S, ALT)
    hands.until(labels.exists)
    (sheet,) = PdfReader(labels).pages
    written = sheet.extract_text()
    assert "77 Chapel Hill" in written
    assert written.index("Anna Adams") < written.index("Bob Berg") < written.index("Cleo Clark")

    for typed, ending in (("status ex", ".xlsx"), ("status report to pdf", ".pdf")):
        hands.press(KEY.Key_P, CONTROL | SHIFT)
        hands.type(typed)
        hands.press(KEY.Key_Return)
        hands.until(lambda ending=ending: list(documents.glob(f"Client statuses*{ending}")))
    (workbook,) = documents.glob("Client statuses*.xlsx")
    rows = list(load_workbook(workbook).worksheets[0].iter_rows(values_only=True))
    assert next(row for row in rows if "Web Inquiry" in row)[-2] == 1
    (report,) = documents.glob("Client statuses*.pdf")
    assert "Web Inquiry" in PdfReader(report).pages[0].extract_text()
    assert check.check(services.database) == []


def in_front(window: MainWindow, name: str) -> bool:
    """Whether the sheet of that name is the one that keys go to."""
    front = window.sheets.front()
    return front is not None and front.name == name


def shown_due(page: ClientPage) -> str:
    """The due date as the General tab shows it."""
    field = page.findChild(QLineEdit, "status_due_on_edit")
    assert field is not None
    return str(field.text())


def import_contacts(hands: Hands, window: MainWindow, contacts: Path) -> None:
    """By the command's name, the file, Ctrl+Enter once the verdicts are seen, and again once it is done."""
    assert isinstance(window.prompts, Answers)
    window.prompts.answers.append(contacts)
    hands.press(KEY.Key_P, CONTROL | SHIFT)
    hands.type("import")
    hands.press(KEY.Key_Return)
    hands.until(lambda: in_front(window, "import"))
    sheet = window.sheets.front()
    assert isinstance(sheet, ImportSheet)
    hands.tab_to("choose_button")
    hands.press(KEY.Key_Space)
    hands.until(lambda: sheet.import_button.isEnabled())
    hands.press(KEY.Key_Return, CONTROL)
    hands.until(sheet.undo_button.isVisible)
    hands.press(KEY.Key_Return, CONTROL)
    hands.until(lambda: window.sheets.front() is None)
