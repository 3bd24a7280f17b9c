"""The maintenance window, worked by keys: every list is edited in the same way, at once and safely."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from PySide6.QtCore import QEventLoop, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.fields import Kind
from studio_desktop.domain.permissions import Role
from studio_desktop.services import Services, new_request
from studio_desktop.services.catalogs import CATALOGS, CatalogRow
from studio_desktop.ui import theme
from studio_desktop.ui.background import Lane
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.maintenance.catalog_grid import CatalogGrid
from studio_desktop.ui.maintenance.catalog_list import CatalogList
from studio_desktop.ui.maintenance.window import MaintenancePage
from tests.builders import a_client, catalog_id
from tests.ui.conftest import sit_down_in

# Said for every menu without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
STATUSES = [one.name for one in CATALOGS if one.name.endswith("_statuses")]
LANES: tuple[Lane, ...] = ("write", "read", "bulk")


class Desk:
    """A person with a keyboard at the maintenance window."""

    def __init__(self, window: MainWindow, qtbot: QtBot, services: Services) -> None:
        self.window = window
        self.qtbot = qtbot
        self.services = services

    @property
    def page(self) -> MaintenancePage:
        page = self.window.book.current()
        assert isinstance(page, MaintenancePage)
        return page

    @property
    def list(self) -> CatalogList:
        return self.page.pane.list

    @property
    def reasons(self) -> CatalogList:
        assert self.page.pane.below is not None
        return self.page.pane.below.list

    @property
    def grid(self) -> CatalogGrid:
        return self.list.grid

    def open(self, action: str = "client_statuses") -> None:
        self.window.action_set[action].trigger()
        self.settle()
        self.page.take_focus()

    def settle(self) -> None:
        """Until everything asked for is answered and shown."""
        # A write makes the window read, and what it read makes the page read: each round waits for the lanes once more.
        for _ in range(4):
            for lane in LANES:
                answered = QEventLoop()
                self.window.tasks.run(self.window, lambda: None, lambda _, done=answered: done.quit(), lane=lane)
                answered.exec()
            QApplication.processEvents()

    def kept_print(self, target: Path) -> Path:
        """Print, in the preview Save as PDF, and back."""
        self.window.action_set["print"].trigger()
        self.settle()
        self.window.prompts.answers.append(target)  # type: ignore[attr-defined]
        self.window.action_set["pdf"].trigger()
        self.settle()
        self.close_preview()
        return target

    def close_preview(self) -> None:
        """Esc."""
        self.press(Key.Key_Escape)
        assert isinstance(self.window.book.current(), MaintenancePage)

    def press(self, key: Key, modifiers: Qt.KeyboardModifier = NONE, times: int = 1) -> None:
        for _ in range(times):
            focus = QApplication.focusWidget()
            assert focus is not None
            self.qtbot.keyClick(focus, key, modifiers)
        self.settle()

    def type(self, text: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        self.qtbot.keyClicks(focus, text)

    def go_to(self, text: str, key: str = "description", one: CatalogList | None = None) -> None:
        """Down and right to a cell, from wherever the cursor is in the grid."""
        grid = (one or self.list).grid
        grid.setFocus()
        place = next(at for at, row in enumerate(grid.rows) if row.description == text)
        headings = [grid.model().headerData(at, Qt.Orientation.Horizontal) for at in range(grid.model().columnCount())]
        title = (one or self.list).catalog.field(key).title
        down = place - grid.currentIndex().row()
        right = headings.index(title) - grid.currentIndex().column()
        self.press(Key.Key_Down if down > 0 else Key.Key_Up, times=abs(down))
        self.press(Key.Key_Right if right > 0 else Key.Key_Left, times=abs(right))

    def shown(self, one: CatalogList | None = None) -> list[str]:
        return [row.description for row in (one or self.list).grid.rows]

    def cell(self, text: str, title: str) -> str:
        """What a cell says."""
        model = self.grid.model()
        place = self.shown().index(text)
        headings = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
        return str(model.data(model.index(place, headings.index(title))))

    def kept(self, name: str = "client_statuses") -> list[str]:
        """What the database holds."""
        return [row.description for row in self.services.catalogs.rows(name)]

    def row(self, text: str, name: str = "client_statuses") -> CatalogRow:
        return next(row for row in self.services.catalogs.rows(name) if row.description == text)


@pytest.fixture
def desk(window: MainWindow, qtbot: QtBot, services: Services) -> Desk:
    """The client statuses, open, with the cursor in the list."""
    made = Desk(window, qtbot, services)
    made.open()
    return made


def status(services: Services, text: str) -> int:
    return catalog_id(services, "client_statuses", text)


def test_that_the_client_statuses_open_from_the_ribbon_in_their_order(desk: Desk) -> None:
    """S1-01, S1-02."""
    assert desk.window.windowTitle() == "Client statuses – Studio Desktop"
    assert desk.shown() == desk.kept()
    assert desk.grid.hasFocus()


def test_that_a_status_typed_into_the_top_row_is_added_by_enter_with_all_its_fields(desk: Desk) -> None:
    """S1-06, S1-07, S1-08, S1-12, E14."""
    desk.press(Key.Key_Insert)
    desk.type("VIP")
    desk.press(Key.Key_Tab)
    desk.type("30")
    desk.press(Key.Key_Tab)
    desk.press(Key.Key_Space)
    desk.press(Key.Key_Return)
    values = desk.row("VIP").values
    assert desk.shown()[-1] == "VIP"
    assert (values["default_duration"], values["loyalty"]) == (30, True)
    desk.type("Model")
    desk.press(Key.Key_Return)
    values = desk.row("Model").values
    assert desk.kept()[-2:] == ["VIP", "Model"]
    assert (values["default_duration"], values["loyalty"]) == (None, False)


def test_that_a_status_of_a_name_there_is_already_stays_in_the_top_row_until_it_is_mended(desk: Desk) -> None:
    """E12."""
    before = desk.kept()
    desk.press(Key.Key_Insert)
    desk.type("prospect")
    desk.press(Key.Key_Return)
    assert desk.kept() == before
    assert desk.list.fault.isVisible()
    assert "already" in desk.list.fault.text()
    assert desk.list.new.description_edit.text() == "prospect"
    desk.press(Key.Key_End)
    desk.type("us")
    desk.press(Key.Key_Return)
    assert desk.kept() == [*before, "prospectus"]
    assert not desk.list.fault.isVisible()


@pytest.mark.parametrize("by_mouse", [False, True])
def test_that_a_status_is_renamed_in_the_grid(desk: Desk, by_mouse: bool) -> None:
    """S1-13, S1-17."""
    desk.go_to("Web Inquiry")
    if by_mouse:
        cell = desk.grid.visualRect(desk.grid.currentIndex()).center()
        QTest.mouseClick(desk.grid.viewport(), Qt.MouseButton.LeftButton, NONE, cell)
        QTest.mouseDClick(desk.grid.viewport(), Qt.MouseButton.LeftButton, NONE, cell)
    else:
        desk.press(Key.Key_F2)
    desk.type("Asked online")
    desk.press(Key.Key_Return)
    assert desk.kept()[1] == desk.shown()[1] == "Asked online"
    assert desk.grid.hasFocus()
    desk.press(Key.Key_Z, CONTROL)
    assert desk.kept()[1] == desk.shown()[1] == "Web Inquiry"


def test_that_a_duration_that_is_no_number_is_told_with_the_cure_and_the_editor_stays(desk: Desk) -> None:
    """S1-08, S1-17, E12."""
    desk.go_to("Prospect", "default_duration")
    desk.press(Key.Key_F2)
    desk.type("soon")
    desk.press(Key.Key_Return)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "soon"
    assert "whole number" in desk.list.fault.text()
    editor.selectAll()
    desk.type("9999")
    desk.press(Key.Key_Return)
    assert QApplication.focusWidget() is editor
    assert "3650" in desk.list.fault.text()
    editor.selectAll()
    desk.type("12")
    desk.press(Key.Key_Return)
    assert desk.row("Prospect").values["default_duration"] == 12
    assert not desk.list.fault.isVisible()
    assert not desk.list.is_open()


def test_that_a_name_refused_by_the_studio_keeps_its_editor_and_esc_gives_the_old_one_back(desk: Desk) -> None:
    desk.go_to("Prospect")
    desk.press(Key.Key_F2)
    desk.type("client")
    desk.press(Key.Key_Return)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "client"
    assert "already" in desk.list.fault.text()
    desk.press(Key.Key_Escape)
    assert desk.shown()[0] == "Prospect"
    assert not desk.list.fault.isVisible()
    assert desk.grid.hasFocus()


def test_that_tab_goes_from_cell_to_cell_and_keeps_each(desk: Desk) -> None:
    """S1-17."""
    desk.go_to("Prospect")
    desk.press(Key.Key_F2)
    desk.type("Maybe")
    desk.press(Key.Key_Tab)
    desk.type("5")
    desk.press(Key.Key_Tab)
    desk.press(Key.Key_Space)
    values = desk.row("Maybe").values
    assert (values["default_duration"], values["loyalty"]) == (5, True)


def test_that_an_inactive_status_is_hidden_and_shown_again_by_hide_inactive(desk: Desk) -> None:
    """S1-16, S1-18."""
    desk.go_to("Business Partner", "inactive")
    desk.press(Key.Key_Space)
    assert desk.row("Business Partner").inactive
    assert "Business Partner" not in desk.shown()
    assert desk.list.hidden.link.isVisible()
    assert "7 statuses, 1 hidden" in desk.window.status.texts()
    hide = desk.window.action_set["hide_inactive"]
    assert hide.isChecked()
    hide.trigger()
    assert "Business Partner" in desk.shown()
    assert not desk.list.hidden.link.isVisible()
    hide.trigger()
    desk.list.hidden.link.click()
    assert "Business Partner" in desk.shown()
    assert not hide.isChecked()
    desk.go_to("Business Partner", "inactive")
    desk.press(Key.Key_Space)
    assert not desk.row("Business Partner").inactive


def test_that_rows_are_found_by_their_words_and_what_is_made_meanwhile_shows(desk: Desk, tmp_path: Path) -> None:
    """E5, E14, S1-19: by Ctrl+F in every list; the print has what is shown, and Esc brings back the others."""
    before = desk.shown()
    desk.press(Key.Key_F, CONTROL)
    desk.type("CLIENT loy")
    assert desk.shown() == ["Loyalty Client"]
    assert "1 of 8 statuses" in desk.window.status.texts()
    assert desk.list.hidden.link.text() == "Show all"
    printed = PdfReader(desk.kept_print(tmp_path / "list.pdf")).pages
    paper = "".join(page.extract_text() for page in printed)
    assert "With “CLIENT loy”" in paper
    assert "Loyalty Client" in paper
    assert "Upset Client" not in paper
    desk.press(Key.Key_Down)
    desk.press(Key.Key_F2)
    desk.type("Loyal friend of every client")
    desk.press(Key.Key_Return)
    assert desk.shown() == ["Loyal friend of every client"]
    desk.press(Key.Key_Insert)
    desk.type("Passer-by")
    desk.press(Key.Key_Return)
    renamed = [{"Loyalty Client": "Loyal friend of every client"}.get(one, one) for one in before]
    assert desk.shown() == [*renamed, "Passer-by"]
    assert desk.page.row_edit.text() == ""
    desk.press(Key.Key_F, CONTROL)
    desk.type("nobody")
    assert desk.shown() == []
    desk.press(Key.Key_Escape)
    assert desk.shown() == [*renamed, "Passer-by"]
    desk.press(Key.Key_F, CONTROL)
    desk.type("upset")
    desk.page.wish(catalog="relationships")
    desk.settle()
    assert len(desk.shown()) == len(desk.kept("relationships"))


def test_that_a_flag_is_ticked_by_a_click_too(desk: Desk) -> None:
    """S1-12, S1-17."""
    desk.go_to("Prospect", "loyalty")
    box = desk.grid.visualRect(desk.grid.currentIndex()).center()
    QTest.mouseClick(desk.grid.viewport(), Qt.MouseButton.LeftButton, NONE, box)
    desk.settle()
    assert desk.row("Prospect").values["loyalty"] is True


@pytest.mark.parametrize("by_ribbon", [False, True])
def test_that_a_status_is_deleted_at_once_and_undo_brings_it_back(desk: Desk, by_ribbon: bool) -> None:
    """S1-14, S1-17, E13."""
    before = desk.kept()
    desk.go_to("Upset Client")
    if by_ribbon:
        desk.window.action_set["delete"].trigger()
        desk.settle()
    else:
        desk.press(Key.Key_Delete)
    assert "Upset Client" not in desk.kept()
    assert desk.window.undo_bar.shown() == "Deleted “Upset Client” and its 5 reasons"
    desk.window.undo_bar.undo()
    desk.settle()
    assert desk.kept() == desk.shown() == before


def test_that_deleting_a_status_in_use_asks_by_count_what_its_clients_get_instead(desk: Desk) -> None:
    """B4, S1-14."""
    people = [a_client(desk.services, last_name=name, status_id=status(desk.services, "Prospect")) for name in "ABC"]
    desk.go_to("Prospect")
    desk.press(Key.Key_Delete)
    question = desk.list.replacement
    assert question.isVisible()
    assert question.accessibleName() == "3 records use “Prospect”. What do they get instead?"
    desk.press(Key.Key_Return)
    assert "Prospect" in desk.kept()
    desk.press(Key.Key_Escape)
    assert not question.isVisible()
    assert desk.grid.hasFocus()
    desk.press(Key.Key_Delete)
    desk.type("client")
    desk.press(Key.Key_Return)
    assert "Prospect" not in desk.kept()
    assert {desk.services.clients.open(one.id).status for one in people} == {"Client"}
    assert desk.window.undo_bar.shown() == "Deleted “Prospect”; 3 records have “Client” now"


@pytest.mark.parametrize("by_ribbon", [False, True])
def test_that_a_status_moves_up_and_down(desk: Desk, by_ribbon: bool) -> None:
    """S1-15, S1-17."""
    before = desk.kept()

    def move(down: bool, times: int) -> None:
        if not by_ribbon:
            desk.press(Key.Key_Down if down else Key.Key_Up, ALT, times)
            return
        for _ in range(times):
            desk.window.action_set["move_down" if down else "move_up"].trigger()
        desk.settle()

    desk.go_to(before[1])
    move(True, 2)
    wanted = [before[0], before[2], before[3], before[1], *before[4:]]
    assert desk.kept() == desk.shown() == wanted
    current = desk.list.current()
    assert current is not None
    assert current.description == before[1]
    move(False, 2)
    assert desk.kept() == desk.shown() == before
    desk.go_to(before[0])
    assert not desk.window.action_set["move_up"].isEnabled()
    assert desk.window.action_set["move_down"].isEnabled()


def test_that_a_row_moves_past_hidden_ones_in_one_step(desk: Desk) -> None:
    """S1-15, S1-18."""
    before = desk.kept()
    desk.go_to(before[1], "inactive")
    desk.press(Key.Key_Space)
    desk.go_to(before[0])
    desk.press(Key.Key_Down, ALT)
    assert desk.shown()[:2] == [before[2], before[0]]
    assert desk.kept()[:3] == [before[1], before[2], before[0]]


def test_that_clients_too_long_at_a_status_are_counted_in_red(desk: Desk, clock: FixedClock) -> None:
    """S1-10, S1-11."""
    a_client(desk.services, status_id=status(desk.services, "Web Inquiry"))
    clock.instant += timedelta(days=3)
    desk.press(Key.Key_F5)
    assert desk.cell("Web Inquiry", "Overdue") == "1"
    assert desk.cell("Web Inquiry", "Clients") == "1"
    assert desk.cell("Prospect", "Overdue") == "–"
    model = desk.grid.model()
    late = desk.grid.visualRect(model.index(desk.shown().index("Web Inquiry"), model.columnCount() - 1))
    drawn = desk.grid.viewport().grab(late).toImage()
    inks = {QColor(drawn.pixel(x, y)).name() for x in range(drawn.width()) for y in range(drawn.height())}
    assert theme.token("red").name() in inks


def test_that_reasons_of_the_chosen_status_are_added_renamed_moved_and_deleted_below_it(desk: Desk) -> None:
    """S1-23, S1-24."""
    desk.go_to("Upset Client")
    before = desk.shown(desk.reasons)
    assert before == [
        row.description
        for row in desk.services.catalogs.rows("client_status_reasons", status(desk.services, "Upset Client"))
    ]
    desk.reasons.grid.setFocus()
    desk.press(Key.Key_Insert)
    desk.type("Lost prints")
    desk.press(Key.Key_Return)
    desk.press(Key.Key_Escape)
    assert desk.shown(desk.reasons) == [*before, "Lost prints"]
    desk.press(Key.Key_Up, ALT)
    desk.press(Key.Key_F2)
    desk.type("Prints lost")
    desk.press(Key.Key_Return)
    assert desk.shown(desk.reasons) == [*before[:-1], "Prints lost", before[-1]]
    desk.window.action_set["delete"].trigger()
    desk.settle()
    assert desk.shown(desk.reasons) == before
    assert "Upset Client" in desk.kept()
    desk.go_to("Prospect")
    assert desk.shown(desk.reasons) == []


def test_that_the_reasons_of_all_statuses_are_a_list_of_their_own(desk: Desk) -> None:
    """S1-24."""
    desk.window.action_set["maintained_lists"].trigger()
    desk.page.find_edit.setFocus()
    desk.type("reasons")
    desk.press(Key.Key_Return)
    assert desk.window.windowTitle() == "Client status reasons – Studio Desktop"
    assert len(desk.shown()) == len(desk.kept("client_status_reasons"))
    desk.go_to("Delivery late")
    desk.press(Key.Key_Insert)
    desk.type("Wrong crop")
    desk.press(Key.Key_Return)
    added = desk.row("Wrong crop", "client_status_reasons")
    assert added.parent_id == status(desk.services, "Upset Client")
    assert desk.shown().index("Wrong crop") == desk.shown().index("Billing mistake") + 1


def test_that_all_fields_of_a_status_are_kept_from_its_details(desk: Desk) -> None:
    """S1-07, S1-08, S1-12, B4."""
    desk.go_to("Upset Client")
    details = desk.page.pane.details
    assert details is not None
    details.take_focus("description")
    desk.type("Unhappy")
    desk.press(Key.Key_Tab)
    desk.type("4")
    desk.press(Key.Key_Tab)
    desk.press(Key.Key_Space)
    desk.press(Key.Key_Tab)
    desk.press(Key.Key_Down)
    desk.press(Key.Key_Tab)
    desk.type("Ask Sue first.")
    desk.press(Key.Key_Return)
    assert desk.row("Unhappy").values == {
        "description": "Unhappy", "default_duration": 4, "loyalty": True, "inactive": False, "colour": "green",
        "alert_text": "Ask Sue first.",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed", "cure", "before"),
    [("description", "Client", "already", "Upset Client"), ("default_duration", "soon", "whole number", "3")],
)
def test_that_what_the_details_cannot_keep_comes_back_with_its_row(
    desk: Desk, field: str, typed: str, cure: str, before: str
) -> None:
    """E12."""
    desk.go_to("Upset Client")
    details = desk.page.pane.details
    assert details is not None
    details.take_focus(field)
    desk.type(typed)
    cell = desk.grid.visualRect(desk.grid.model().index(0, 1)).center()
    QTest.mouseClick(desk.grid.viewport(), Qt.MouseButton.LeftButton, NONE, cell)
    desk.grid.setFocus()
    desk.settle()
    current = desk.list.current()
    assert current is not None
    assert current.description == "Upset Client"
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    assert editor.text() == typed
    assert cure in desk.list.fault.text()
    desk.press(Key.Key_Escape)
    assert editor.text() == before


def test_that_another_duration_leaves_due_dates_alone_until_they_are_recalculated(desk: Desk) -> None:
    """B4."""
    inquiry = a_client(desk.services, status_id=status(desk.services, "Web Inquiry"))
    due = desk.services.clients.get(inquiry.id).status_due_on
    desk.press(Key.Key_F5)
    desk.go_to("Web Inquiry", "default_duration")
    desk.press(Key.Key_F2)
    desk.type("3")
    desk.press(Key.Key_Return)
    assert desk.services.clients.get(inquiry.id).status_due_on == due == date(2026, 3, 12)
    assert desk.page.pane.offer.isVisible()
    assert "1 client" in desk.page.pane.offer.text.text()
    desk.window.action_set["recalculate"].trigger()
    desk.settle()
    assert desk.services.clients.get(inquiry.id).status_due_on == date(2026, 3, 13)
    assert not desk.page.pane.offer.isVisible()


@pytest.mark.parametrize("hides", [True, False])
def test_that_print_pdf_and_excel_hold_what_is_shown(desk: Desk, tmp_path: Path, hides: bool) -> None:
    """S1-19, S1-20, S1-21, B12."""
    desk.window.save_settings(dataclasses.replace(desk.window.settings, reports_folder=str(tmp_path)))
    desk.go_to("Business Partner", "inactive")
    desk.press(Key.Key_Space)
    if not hides:
        desk.window.action_set["hide_inactive"].trigger()
    papers = [desk.kept_print(tmp_path / "printed.pdf")]
    desk.window.action_set["pdf"].trigger()
    desk.settle()
    papers += tmp_path.glob("Client statuses 2026-03-10.pdf")
    desk.close_preview()
    desk.window.action_set["excel"].trigger()
    desk.settle()
    (workbook,) = desk.window.prompts.documents  # type: ignore[attr-defined]
    assert len(papers) == 2
    for path in papers:
        text = "".join(page.extract_text() for page in PdfReader(path).pages)
        assert "Web Inquiry" in text
        assert ("Business Partner" in text) is not hides
    cells = [cell for row in load_workbook(workbook).active.iter_rows(values_only=True) for cell in row]
    assert [name for name in desk.kept() if name in cells] == desk.shown()


def test_that_closing_keeps_what_is_being_typed(desk: Desk) -> None:
    """S1-22."""
    desk.go_to("Prospect")
    desk.press(Key.Key_F2)
    desk.type("Perhaps")
    desk.press(Key.Key_W, CONTROL)
    assert desk.kept()[0] == "Perhaps"
    assert not any(isinstance(page, MaintenancePage) for page in desk.window.book)


def test_that_closing_adds_what_stands_in_the_top_row(desk: Desk) -> None:
    """S1-22."""
    desk.press(Key.Key_Insert)
    desk.type("VIP")
    desk.press(Key.Key_W, CONTROL)
    assert desk.kept()[-1] == "VIP"
    assert not any(isinstance(page, MaintenancePage) for page in desk.window.book)


def test_that_the_window_stays_where_something_typed_cannot_be_kept(desk: Desk) -> None:
    """S1-22, E12."""
    desk.go_to("Prospect")
    desk.press(Key.Key_F2)
    desk.type("Client")
    desk.press(Key.Key_W, CONTROL)
    assert desk.page.isVisible()
    assert "already" in desk.list.fault.text()
    desk.window.open_page("maintenance", catalog="holidays")
    desk.settle()
    assert desk.page.pane.catalog.name == "client_statuses"
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "Client"


def test_that_another_desks_change_comes_in_without_disturbing_row_and_editor(
    desk: Desk, other_desk: Services
) -> None:
    """E17. RELIABILITY E19."""
    manager = as_manager(other_desk)
    desk.go_to("Web Inquiry")
    desk.press(Key.Key_F2)
    desk.type("Asked onl")
    row = manager.catalogs.move("client_statuses", desk.row("Web Inquiry").id, 3, new_request())
    desk.window.hear(row.changes)
    saved = manager.catalogs.save("client_statuses", desk.row("Prospect"), {"description": "Maybe"}, new_request())
    desk.window.hear(saved.changes)
    desk.settle()
    assert desk.shown()[0] == "Maybe"
    assert desk.shown()[4] == "Web Inquiry"
    desk.type("ine")
    desk.press(Key.Key_Return)
    assert desk.kept()[4] == desk.shown()[4] == "Asked online"


def test_that_a_value_another_desk_changed_meanwhile_is_told_and_enter_keeps_ones_own(
    desk: Desk, other_desk: Services
) -> None:
    desk.go_to("Web Inquiry", "default_duration")
    desk.press(Key.Key_F2)
    desk.type("7")
    as_manager(other_desk).catalogs.save(
        "client_statuses", desk.row("Web Inquiry"), {"default_duration": 9}, new_request()
    )
    desk.press(Key.Key_Return)
    assert desk.row("Web Inquiry").values["default_duration"] == 9
    assert "“9” at another desk" in desk.list.fault.text()
    desk.press(Key.Key_Return)
    assert desk.row("Web Inquiry").values["default_duration"] == 7
    assert not desk.list.fault.isVisible()


def test_that_who_may_not_change_the_lists_reads_them_only(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    reader = Services(services.database, dataclasses.replace(services.desk, role=Role.FRONT_DESK))
    sit_down_in(window, reader)
    desk = Desk(window, qtbot, services)
    desk.open()
    before = services.catalogs.rows("client_statuses")
    assert not desk.list.new.isVisible()
    for key in (Key.Key_F2, Key.Key_Space, Key.Key_Insert, Key.Key_Delete):
        desk.press(key)
    desk.press(Key.Key_Down, ALT)
    assert services.catalogs.rows("client_statuses") == before
    assert desk.window.action_set.why_not("delete") == "You may not change the maintained lists."


def steps_down_to(name: str) -> int:
    """How far below the first list it stands, with the headings of its sections between."""
    place = next(at for at, one in enumerate(CATALOGS) if one.name == name)
    sections = list(dict.fromkeys(one.section for one in CATALOGS))
    return place + sections.index(CATALOGS[place].section)


@pytest.mark.parametrize("name", [one.name for one in CATALOGS])
def test_that_every_list_is_reached_and_added_to_by_keys_alone(desk: Desk, name: str) -> None:
    """E14."""
    desk.page.tree.setFocus()
    desk.press(Key.Key_Down, times=steps_down_to(name))
    assert desk.page.pane.catalog.name == name
    desk.press(Key.Key_Return)
    if desk.shown():
        desk.press(Key.Key_Insert)
    desk.type("Something new")
    if name == "holidays":
        desk.press(Key.Key_Tab)
        desk.type("3 apr")
    desk.press(Key.Key_Return)
    assert "Something new" in desk.shown()
    assert "Something new" in desk.kept(name)


@pytest.mark.parametrize("name", STATUSES)
def test_that_statuses_of_everything_are_kept_in_the_same_window(desk: Desk, tmp_path: Path, name: str) -> None:
    """S1-03: renamed, given a duration, a mark and a colour, moved, hidden, printed, shown again, deleted, undone."""
    desk.window.save_settings(dataclasses.replace(desk.window.settings, reports_folder=str(tmp_path)))
    desk.window.open_page("maintenance", catalog=name)
    desk.settle()
    desk.page.take_focus()
    before = desk.kept(name)
    assert desk.shown() == before
    first, second = before[:2]
    desk.go_to(second)
    desk.press(Key.Key_F2)
    desk.type("Second thoughts")
    desk.press(Key.Key_Tab)
    desk.type("17")
    desk.press(Key.Key_Tab)
    desk.press(Key.Key_Space)
    flag = next(field.name for field in desk.page.pane.catalog.fields if field.kind is Kind.FLAG)
    values = desk.row("Second thoughts", name).values
    assert (values["default_duration"], values[flag]) == (17, True)
    details = desk.page.pane.details
    assert details is not None
    colour = details.findChild(QComboBox)
    assert isinstance(colour, QComboBox)
    colour.setFocus()
    desk.press(Key.Key_End)
    assert desk.row("Second thoughts", name).values["colour"] == "orange"
    desk.go_to("Second thoughts")
    desk.press(Key.Key_Up, ALT)
    assert desk.kept(name)[:2] == desk.shown()[:2] == ["Second thoughts", first]
    desk.go_to(first, "inactive")
    desk.press(Key.Key_Space)
    assert first not in desk.shown()
    assert first in desk.kept(name)
    paper = desk.kept_print(tmp_path / "printed.pdf")
    desk.window.action_set["excel"].trigger()
    desk.settle()
    (workbook,) = desk.window.prompts.documents  # type: ignore[attr-defined]
    printed = "".join(page.extract_text() for page in PdfReader(paper).pages)
    cells = [cell for row in load_workbook(workbook).active.iter_rows(values_only=True) for cell in row]
    assert "Second thoughts" in printed
    assert [one for one in desk.kept(name) if one in cells] == desk.shown()
    desk.window.action_set["hide_inactive"].trigger()
    assert first in desk.shown()
    desk.go_to(first)
    desk.press(Key.Key_Delete)
    assert first not in desk.kept(name)
    desk.window.undo_bar.undo()
    desk.settle()
    assert first in desk.kept(name)


def test_that_a_new_first_step_takes_the_mark_from_the_old_one(desk: Desk) -> None:
    """S1-03."""
    desk.window.open_page("maintenance", catalog="task_statuses")
    desk.settle()
    desk.page.take_focus()
    desk.go_to("In progress", "first_step")
    desk.press(Key.Key_Space)
    assert (desk.cell("In progress", "First step"), desk.cell("Not started", "First step")) == ("yes", "no")
    desk.window.undo_bar.undo()
    desk.settle()
    assert (desk.cell("In progress", "First step"), desk.cell("Not started", "First step")) == ("no", "yes")


def test_that_a_holiday_is_a_date_and_can_be_corrected(desk: Desk) -> None:
    """B4."""
    desk.window.open_page("maintenance", catalog="holidays")
    desk.settle()
    desk.page.take_focus()
    desk.type("Good Friday")
    desk.press(Key.Key_Tab)
    desk.type("3 apr 2026")
    desk.press(Key.Key_Return)
    assert desk.row("Good Friday", "holidays").values["on_date"] == date(2026, 4, 3)
    desk.go_to("Good Friday", "on_date")
    desk.press(Key.Key_F2)
    desk.type("30 feb")
    desk.press(Key.Key_Return)
    assert desk.list.fault.isVisible()
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    desk.type("4 apr 2026")
    desk.press(Key.Key_Return)
    assert desk.row("Good Friday", "holidays").values["on_date"] == date(2026, 4, 4)


def test_that_the_window_fits_a_small_screen(desk: Desk) -> None:
    desk.window.resize(1280, 720)
    desk.settle()
    for one in CATALOGS:
        desk.window.open_page("maintenance", catalog=one.name)
        desk.settle()
        assert desk.window.minimumSizeHint().width() <= 1280
        assert desk.window.minimumSizeHint().height() <= 720
        foot = desk.page.mapTo(desk.window, QPoint(0, desk.page.height())).y()
        assert foot <= 720


def as_manager(services: Services) -> Services:
    """Somebody who may change the lists, at that desk."""
    return Services(services.database, dataclasses.replace(services.desk, role=Role.MANAGER))
