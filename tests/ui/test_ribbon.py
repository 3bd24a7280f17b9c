"""The ribbon shows what can be done, in its place, at every width, and is walked by keyboard alone."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QMainWindow, QMenu, QTabBar, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.domain.permissions import Permission
from studio_desktop.ui import theme
from studio_desktop.ui.actions import ACTIONS, ActionSet, MenuEntry
from studio_desktop.ui.ribbon import Ribbon
from studio_desktop.ui.ribbon.buttons import RibbonButton
from studio_desktop.ui.ribbon.file_page import FilePage
from studio_desktop.ui.ribbon.plan import read_plan
from studio_desktop.ui.ribbon.strip import Group, Strip
from studio_desktop.ui.widgets.plain_label import as_tip

PLAN = read_plan()
ROWS = {action.id: action for action in ACTIONS}
PAGES = ("", "home", "clients", "client", "leads", "maintenance")
BUILT = [action.id for action in ACTIONS if not action.reserved]


class Desk:
    """A window with a ribbon over a line of text; its actions write down that they ran."""

    def __init__(self, qtbot: QtBot, *ids: str, allowed: Callable[[Permission], bool] = lambda _: True) -> None:
        self.qtbot = qtbot
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.actions = ActionSet(self.window, allowed)
        self.ran: list[str] = []
        self.bind(*ids)
        self.ribbon = Ribbon(self.actions, self.window)
        self.line = QLineEdit()
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        title = QHBoxLayout()
        title.addWidget(self.ribbon.quick_access)
        title.addStretch(1)
        column.addLayout(title)
        column.addWidget(self.ribbon)
        column.addWidget(self.line)
        column.addStretch(1)
        self.window.setCentralWidget(body)
        self.window.resize(1366, 500)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.line.setFocus()

    def bind(self, *ids: str) -> None:
        for action_id in ids:
            self.actions.bind(action_id, lambda *_, ran=action_id: self.ran.append(ran))

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key as the system sends it: through the window, to whatever has the focus."""
        QTest.keyClick(self.window.windowHandle(), key, modifier)
        QApplication.processEvents()

    def tab_bar(self) -> QTabBar:
        return self.ribbon.findChild(QTabBar)

    def click_tab(self, tab_id: str) -> None:
        index = [tab.id for tab in PLAN.tabs].index(tab_id)
        self.qtbot.mouseClick(self.tab_bar(), Qt.MouseButton.LeftButton, pos=self.tab_bar().tabRect(index).center())
        QApplication.processEvents()

    def strip(self) -> Strip:
        return next(strip for strip in self.window.findChildren(Strip) if strip.isVisible())

    def buttons(self) -> dict[str, RibbonButton]:
        return {button.accessibleName(): button for button in self.strip().targets()}


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Desk:
    theme.apply_theme(qapp, "light")
    return Desk(qtbot, *BUILT)


def prefix_free(codes: list[str]) -> bool:
    return not any(a.startswith(b) for a, b in itertools.permutations(codes, 2))


def test_that_everything_on_the_ribbon_is_in_the_action_table() -> None:
    placed = {action for tab in PLAN.tabs for group in tab.groups for action in group.actions} | set(PLAN.quick)
    assert placed <= ROWS.keys()
    pages = {page for tab in PLAN.tabs for group in tab.groups for page in group.pages}
    assert pages <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_that_no_key_tip_hides_another(page: str) -> None:
    tabs = [tab.key_tip for tab in PLAN.tabs if tab.page in ("", page)]
    assert prefix_free([*tabs, *"123456789"])
    for tab in PLAN.tabs:
        groups = [group for group in tab.groups if not group.pages or page in group.pages]
        actions = [ROWS[action].key_tip for group in groups for action in group.actions]
        assert all(actions), tab.id
        assert prefix_free([*actions, *(group.key_tip for group in groups)]), tab.id


@pytest.mark.parametrize("percent", [100, 150])
@pytest.mark.parametrize("width", [620, 900, 1180, 1280, 1366, 1920])
def test_that_nothing_is_cut_off_at_any_width(desk: Desk, qapp: QApplication, width: int, percent: int) -> None:
    desk.window.resize(width, 500)
    desk.actions.set_page("client")
    theme.apply_theme(qapp, "light", text_percent=percent)
    QApplication.processEvents()
    for tab_id in desk.ribbon.visible_tabs():
        if tab_id == "file":
            continue
        desk.ribbon.show_tab(tab_id)
        QApplication.processEvents()
        groups = desk.strip().groups()
        edges = [(group.x(), group.x() + group.width()) for group in groups]
        assert edges == sorted(edges)
        assert all(left[1] <= right[0] for left, right in itertools.pairwise(edges))
        if width >= 900 and percent == 100:
            assert edges[-1][1] <= width
        for group in groups:
            for button in group.targets():
                assert group.rect().contains(button.geometry())
                assert button.width() >= button.sizeHint().width()
    theme.apply_theme(qapp, "light")


def test_that_groups_shrink_from_the_right_before_they_become_one_drop_down(desk: Desk) -> None:
    desk.actions.set_page("client")
    rooms = []
    for width in (1366, 760, 660, 560):
        desk.window.resize(width, 500)
        QApplication.processEvents()
        rooms.append([group.room for group in desk.strip().findChildren(Group) if group.isVisible()])
    assert set(rooms[0]) == {0}
    assert rooms[1][0] == 0
    assert rooms[1][-1] > 0
    assert rooms[-1][-1] == 2
    assert all(sum(wide) <= sum(narrow) for wide, narrow in itertools.pairwise(rooms))


def test_that_a_group_without_room_still_offers_all_it_has(desk: Desk) -> None:
    desk.actions.set_page("client")
    desk.window.resize(560, 500)
    QApplication.processEvents()
    collapsed = desk.buttons()["This client"]
    lines = [action.text() for action in collapsed.menu().actions()]
    assert lines == [
        "Change status", "Dial", "Write an e-mail", "New note", "Groups of this client", "History", "Archive",
    ]  # fmt: skip


def test_that_what_nobody_carries_out_is_not_there(qtbot: QtBot) -> None:
    desk = Desk(qtbot, "save", "labels")
    assert [group.plan.name for group in desk.strip().groups()] == ["File", "Print"]
    assert set(desk.buttons()) == {"Save", "Mailing labels"}
    assert desk.ribbon.visible_tabs() == ["home", "clients", "reports"]
    desk.bind("about")
    QApplication.processEvents()
    assert "file" in desk.ribbon.visible_tabs()


def test_that_home_follows_the_page_and_keeps_its_fixed_groups_in_place(desk: Desk) -> None:
    places = []
    for page in PAGES:
        desk.actions.set_page(page)
        groups = desk.strip().groups()
        places.append([(group.plan.name, group.x()) for group in groups[:4]])
        assert [name for name, _ in places[-1]] == ["File", "Clipboard", "New", "Print"]
    assert all(place == places[0] for place in places)
    desk.actions.set_page("client")
    assert "This client" in [group.plan.name for group in desk.strip().groups()]
    desk.actions.set_page("clients")
    assert "This client" not in [group.plan.name for group in desk.strip().groups()]


def test_that_the_tab_of_a_record_is_there_while_a_record_is_in_front(desk: Desk) -> None:
    assert "record" not in desk.ribbon.visible_tabs()
    desk.actions.set_page("client")
    assert "record" in desk.ribbon.visible_tabs()
    desk.ribbon.show_tab("record")
    desk.actions.set_page("clients")
    assert desk.ribbon.current_tab == "home"


def test_that_a_button_runs_its_action_and_is_grey_when_it_cannot(qtbot: QtBot) -> None:
    desk = Desk(qtbot, "new_client", "import_clients", allowed=lambda right: right is not Permission.IMPORT)
    qtbot.mouseClick(desk.buttons()["New client"], Qt.MouseButton.LeftButton)
    assert desk.ran == ["new_client"]
    desk.ribbon.show_tab("clients")
    assert not desk.buttons()["Import clients"].isEnabled()


def test_that_every_button_has_a_name_and_a_tip_with_its_key(desk: Desk) -> None:
    for button in desk.window.findChildren(RibbonButton):
        assert button.accessibleName()
        assert button.toolTip()
    assert "Ctrl+S" in desk.buttons()["Save"].toolTip()


def test_that_alt_alone_shows_letters_and_two_of_them_reach_an_action(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Alt)
    assert set(desk.ribbon.key_tips.letters) == {"F", "H", "C", "R", "M", "L", "1", "2", "3"}
    desk.key(Qt.Key.Key_C)
    assert desk.ribbon.current_tab == "clients"
    assert "N" in desk.ribbon.key_tips.letters
    desk.key(Qt.Key.Key_N)
    assert desk.ran == ["new_client"]
    assert desk.ribbon.key_tips.letters == ()
    assert desk.line.text() == ""


def test_that_quick_access_has_numbers(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Alt)
    desk.key(Qt.Key.Key_1)
    assert desk.ran == ["save"]


def choose_in_menu(desk: Desk, button: QWidget, begins: str) -> None:
    """The menu of a button by the menu key, and the line that begins so."""
    place = button.rect().center()
    key = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(button, QContextMenuEvent(key, place, button.mapToGlobal(place)))
    menu = next(one for one in desk.window.findChildren(QMenu) if one.isVisible())
    line = next(one for one in menu.actions() if one.text().replace("&", "").startswith(begins))
    assert line.isEnabled()
    menu.setActiveAction(line)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    QApplication.processEvents()


def quick(desk: Desk) -> list[str]:
    return [button.accessibleName() for button in desk.ribbon.quick_access.buttons]


@pytest.mark.qt_log_ignore("This plugin does not support")  # a menu without a screen
def test_that_any_action_is_put_into_quick_access_moved_and_taken_away_by_keys(desk: Desk) -> None:
    """Issue 3, preferences: the user's own quick access."""
    told: list[tuple[str, ...]] = []
    desk.ribbon.quick_access.changed.connect(told.append)
    choose_in_menu(desk, desk.buttons()["Copy"], "Add")
    assert quick(desk) == ["Save", "Undo", "Redo", "Copy"]
    desk.key(Qt.Key.Key_Alt)
    desk.key(Qt.Key.Key_4)
    assert desk.ran == ["copy"]
    choose_in_menu(desk, desk.ribbon.quick_access.buttons[3], "Move to the left")
    choose_in_menu(desk, desk.ribbon.quick_access.buttons[0], "Remove")
    assert quick(desk) == ["Undo", "Copy", "Redo"]
    assert told[-1] == ("undo", "copy", "redo")
    choose_in_menu(desk, desk.buttons()["Copy"], "Quick access as at first")
    assert quick(desk) == ["Save", "Undo", "Redo"]


def test_that_tips_of_two_letters_are_typed_one_after_the_other(desk: Desk) -> None:
    desk.actions.set_page("clients")
    for key in (Qt.Key.Key_Alt, Qt.Key.Key_H, Qt.Key.Key_H):
        desk.key(key)
    assert desk.ran == []
    desk.key(Qt.Key.Key_A)
    assert desk.ran == ["show_archived"]


def test_that_esc_goes_back_one_level_and_then_out(desk: Desk) -> None:
    tips = desk.ribbon.key_tips
    desk.key(Qt.Key.Key_Alt)
    desk.key(Qt.Key.Key_H)
    assert "S" in tips.letters
    desk.key(Qt.Key.Key_Escape)
    assert "C" in tips.letters
    desk.key(Qt.Key.Key_Escape)
    assert tips.letters == ()
    desk.key(Qt.Key.Key_A)
    assert desk.line.text() == "a"


def test_that_f10_does_the_same_as_alt(qtbot: QtBot) -> None:
    desk = Desk(qtbot, "save", "help")
    desk.actions.bind("key_tips", desk.ribbon.key_tips.show_first)
    desk.key(Qt.Key.Key_F10)
    desk.key(Qt.Key.Key_L)
    desk.key(Qt.Key.Key_H)
    desk.key(Qt.Key.Key_E)
    assert desk.ran == ["help"]


def test_that_alt_with_another_key_is_no_wish_for_letters(desk: Desk) -> None:
    QTest.keyPress(desk.window.windowHandle(), Qt.Key.Key_Alt)
    QTest.sendKeyEvent(
        QTest.KeyAction.Press, desk.window.windowHandle(), Qt.Key.Key_Left, "", Qt.KeyboardModifier.AltModifier
    )
    QTest.keyRelease(desk.window.windowHandle(), Qt.Key.Key_Alt)
    assert desk.ribbon.key_tips.letters == ()
    assert desk.ran == ["back"]


def test_that_a_click_takes_the_letters_away(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Alt)
    QTest.mouseClick(desk.window.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(700, 400))
    assert desk.ribbon.key_tips.letters == ()


def test_that_a_letter_that_means_nothing_ends_it_and_types_nothing(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Alt)
    desk.key(Qt.Key.Key_Q)
    assert desk.ribbon.key_tips.letters == ()
    assert desk.line.text() == ""


def test_that_folded_it_shows_tabs_only_and_a_strip_while_one_is_used(desk: Desk) -> None:
    tall = desk.ribbon.height()
    desk.ribbon.set_folded(True)
    desk.qtbot.waitUntil(lambda: desk.ribbon.height() < tall / 2)
    below = desk.line.y()
    desk.click_tab("clients")
    assert desk.strip().plan.id == "clients"
    assert desk.line.y() == below, "the strip lies over the page and moves nothing"
    desk.qtbot.mouseClick(desk.buttons()["New client"], Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert desk.ran == ["new_client"]
    assert not any(strip.isVisible() for strip in desk.window.findChildren(Strip))


def test_that_the_floating_strip_goes_by_a_click_elsewhere_and_by_esc(desk: Desk) -> None:
    desk.ribbon.set_folded(True)
    desk.click_tab("clients")
    QTest.mouseClick(desk.window.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(700, 450))
    assert not any(strip.isVisible() for strip in desk.window.findChildren(Strip))
    desk.click_tab("reports")
    assert desk.strip().plan.id == "reports"
    desk.key(Qt.Key.Key_Escape)
    assert not any(strip.isVisible() for strip in desk.window.findChildren(Strip))


def test_that_folded_it_is_still_reached_by_letters(desk: Desk) -> None:
    desk.ribbon.set_folded(True)
    for key in (Qt.Key.Key_Alt, Qt.Key.Key_C, Qt.Key.Key_N):
        desk.key(key)
    assert desk.ran == ["new_client"]


def test_that_a_double_click_folds_and_unfolds(desk: Desk) -> None:
    told: list[bool] = []
    desk.ribbon.folded_changed.connect(told.append)
    spot = desk.tab_bar().tabRect(1).center()
    desk.qtbot.mouseDClick(desk.tab_bar(), Qt.MouseButton.LeftButton, pos=spot)
    assert desk.ribbon.folded
    desk.qtbot.mouseDClick(desk.tab_bar(), Qt.MouseButton.LeftButton, pos=spot)
    assert not desk.ribbon.folded
    assert told == [True, False]


def test_that_arrow_keys_walk_from_the_tabs_through_the_strip_and_back(desk: Desk) -> None:
    desk.tab_bar().setFocus()
    desk.key(Qt.Key.Key_Down)
    walked = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right):
        walked.append(QApplication.focusWidget().accessibleName())
        desk.key(key)
    walked.append(QApplication.focusWidget().accessibleName())
    assert walked == ["Save", "Save and new", "Delete", "Paste"]
    for _ in range(3):
        desk.key(Qt.Key.Key_Up)
    assert QApplication.focusWidget() is desk.tab_bar()


def test_that_enter_on_a_button_presses_it_and_esc_goes_back_to_work(desk: Desk) -> None:
    desk.tab_bar().setFocus(Qt.FocusReason.TabFocusReason)
    desk.line.setFocus()
    desk.key(Qt.Key.Key_F6)  # no pane changes here; the cursor stays in the line
    desk.tab_bar().entered.emit()
    desk.key(Qt.Key.Key_Return)
    assert desk.ran[-1] == "save"
    desk.key(Qt.Key.Key_Escape)
    assert desk.line.hasFocus()


def test_that_the_wheel_walks_through_the_tabs_but_not_into_the_file_page(desk: Desk) -> None:
    def wheel(up: bool) -> None:
        spot = QPointF(desk.strip().rect().center())
        turn = QPoint(0, 120 if up else -120)
        QApplication.sendEvent(
            desk.ribbon,
            QWheelEvent(
                spot,
                desk.ribbon.mapToGlobal(spot),
                QPoint(),
                turn,
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            ),
        )

    wheel(up=False)
    assert desk.ribbon.current_tab == "clients"
    wheel(up=True)
    wheel(up=True)
    assert desk.ribbon.current_tab == "home"


def test_that_file_opens_a_page_over_the_window_and_esc_closes_it(desk: Desk) -> None:
    desk.click_tab("file")
    page = desk.window.findChild(FilePage)
    assert page.isVisible()
    assert page.isAncestorOf(QApplication.focusWidget())
    desk.key(Qt.Key.Key_Escape)
    assert desk.window.findChild(FilePage) is None or not desk.window.findChild(FilePage).isVisible()
    assert desk.ribbon.current_tab == "home"
    assert desk.line.hasFocus()


def test_that_an_action_of_the_file_page_runs_and_closes_it(desk: Desk) -> None:
    for key in (Qt.Key.Key_Alt, Qt.Key.Key_F, Qt.Key.Key_A, Qt.Key.Key_B):
        desk.key(key)
    assert desk.ran == ["about"]
    assert desk.ribbon.current_tab == "home"


def test_that_the_file_page_is_walked_by_arrows_and_pressed_by_enter(desk: Desk) -> None:
    desk.click_tab("file")
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Right)
    desk.key(Qt.Key.Key_Return)
    assert desk.ran == ["appearance"]


def test_that_a_drop_down_is_filled_when_it_opens(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    reports = ["Client statuses"]
    chosen: list[str] = []
    desk.actions.bind(
        "report",
        lambda: None,
        menu=lambda: [
            *(MenuEntry(name, lambda name=name: chosen.append(name)) for name in reports),
            MenuEntry("R & D", lambda: None, why_not="Nothing is ticked."),
        ],
    )
    QApplication.processEvents()
    menu = desk.buttons()["Report"].menu()
    reports.append("Client list")
    menu.aboutToShow.emit()
    assert [(line.text(), line.isEnabled(), line.toolTip()) for line in menu.actions()] == [
        ("Client statuses", True, as_tip("Client statuses")),
        ("Client list", True, as_tip("Client list")),
        ("R && D", False, as_tip("Nothing is ticked.")),
    ]
    menu.actions()[1].trigger()
    assert chosen == ["Client list"]


def test_that_it_follows_the_scheme(desk: Desk, qapp: QApplication) -> None:
    spot = QPoint(1200, 20)
    assert desk.strip().grab().toImage().pixelColor(spot).lightness() > 200
    theme.apply_theme(qapp, "dark")
    dark = desk.window.grab().toImage().pixelColor(desk.strip().mapTo(desk.window, spot))
    assert dark == theme.token("base")
    theme.apply_theme(qapp, "light")
