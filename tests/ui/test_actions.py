"""The key table holds: one action per key, none of the keys left to others, and each fires wherever the cursor is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QTableWidget,
    QTextEdit,
    QTreeWidget,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio_desktop.domain.permissions import Permission
from studio_desktop.ui import icons
from studio_desktop.ui.actions import (
    ACTIONS,
    FORBIDDEN,
    TEXT_KEYS,
    WIDGET_KEYS,
    Action,
    ActionSet,
    key_sequences,
)

# Qt knows the platform's keys only once there is an application.
pytestmark = pytest.mark.usefixtures("qapp")


def spelled(keys: list[QKeySequence]) -> list[str]:
    return [key.toString() for key in keys]


def test_that_no_key_and_no_id_is_given_twice() -> None:
    keys = [key for sequences in key_sequences().values() for key in spelled(sequences)]
    assert sorted(keys) == sorted(set(keys))
    ids = [action.id for action in ACTIONS]
    assert len(ids) == len(set(ids))


def test_that_keys_that_mean_something_else_where_people_type_stay_free() -> None:
    for action_id, sequences in key_sequences().items():
        for key in spelled(sequences):
            assert key not in FORBIDDEN, action_id
            assert key not in WIDGET_KEYS, action_id
            assert not key.startswith("Ctrl+Alt+"), action_id


def test_that_every_key_is_one_that_qt_understands() -> None:
    for action in ACTIONS:
        for key in action.keys:
            assert QKeySequence(key).toString() == key, action.id


def test_that_what_is_finished_by_return_is_finished_by_the_keypads_enter_too() -> None:
    for action in ACTIONS:
        for key in action.keys:
            assert key.replace("Return", "Enter") in action.keys, action.id


# The table of FRONT_DESK 4, as it stands there.
EVERYWHERE = """
F12 find · Ctrl+K find · Shift+F12 clients · F7 till · Ctrl+Shift+I till · Shift+F7 invoices · F8 book_session ·
Ctrl+Shift+B book_session · Shift+F8 calendar · F9 log_call · Ctrl+Shift+C log_call · Shift+F9 calls ·
Ctrl+N new_client · Ctrl+Shift+T new_task · Ctrl+Return finish · Ctrl+Shift+Return finish_and_new · Ctrl+S save ·
Alt+Left back · Alt+Right forward · Ctrl+Tab next_page · Ctrl+W close_page · Ctrl+J change_status ·
Ctrl+L labels · Ctrl+P print ·
Ctrl+Shift+X excel · Ctrl+Shift+D dial · Ctrl+Shift+P palette · Ctrl+Z undo · Ctrl+Y redo ·
Ctrl+Shift+Backspace undo_last · Ctrl+Shift+H hide_money · Ctrl+Shift+L change_user · F6 next_pane ·
Shift+F6 previous_pane · Alt+Home home · F1 help · F5 refresh · F11 full_screen · F10 key_tips · Ctrl+F1 fold_ribbon ·
Ctrl++ larger_text · Ctrl+- smaller_text · Ctrl+0 normal_text · Ctrl+PgUp previous_record · Ctrl+PgDown next_record ·
Ctrl+F filter · Ctrl+O open · Ctrl+1 detail_tab_1 · Ctrl+9 detail_tab_9 · Alt+1 detail_tab_10 · Alt+9 detail_tab_18
"""


@pytest.mark.parametrize("line", [" ".join(each.split()) for each in EVERYWHERE.split("·")])
def test_that_the_key_of_the_front_desks_table_does_what_it_says(line: str) -> None:
    key, action_id = line.split()
    assert QKeySequence(key).toString() in spelled(key_sequences()[action_id])


def test_that_every_action_has_a_drawing_that_exists_and_says_what_it_does() -> None:
    for action in ACTIONS:
        assert not action.icon or action.icon in icons.names(), action.id
        assert action.text, action.id
        assert not action.text.endswith("."), action.id
        assert action.tip or action.reserved, f"{action.id} has no tip (S3-02)"


class Desk:
    """A window whose actions write down that they ran."""

    def __init__(self, qtbot: QtBot, allowed: Callable[[Permission], bool] = lambda _: True) -> None:
        self.window = QMainWindow()
        self.body = QWidget()
        self.window.setCentralWidget(self.body)
        QVBoxLayout(self.body)
        qtbot.addWidget(self.window)
        self.actions = ActionSet(self.window, allowed)
        self.ran: list[str] = []

    def bind(self, *ids: str) -> None:
        for action_id in ids:
            self.actions.bind(action_id, lambda *_, ran=action_id: self.ran.append(ran))

    def show(self, qtbot: QtBot) -> None:
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


BUILT = [action.id for action in ACTIONS if not action.reserved]
CURSORS = {
    "line": QLineEdit,
    "note": QPlainTextEdit,
    "letter": QTextEdit,
    "combo": QComboBox,
    "editable combo": lambda: (box := QComboBox(), box.setEditable(True))[0],
    "number": QSpinBox,
    "check": QCheckBox,
    "radio": QRadioButton,
    "button": QPushButton,
    "grid": lambda: QTableWidget(3, 3),
    "tree": QTreeWidget,
}
EDITS_TEXT = ("line", "note", "letter", "editable combo", "number")


@pytest.mark.parametrize("cursor", CURSORS)
def test_that_every_key_fires_from_every_kind_of_widget_except_what_a_field_keeps_for_its_text(
    qtbot: QtBot, desk: Desk, cursor: str
) -> None:
    widget: QWidget = CURSORS[cursor]()
    desk.body.layout().addWidget(widget)
    desk.bind(*BUILT)
    desk.show(qtbot)
    widget.setFocus()
    for action_id, sequences in key_sequences().items():
        if action_id not in desk.actions:
            continue
        for key in sequences:
            combination = key[0]
            on_a_multimedia_keyboard_only = combination.key() >= Qt.Key.Key_Back
            if on_a_multimedia_keyboard_only or (action_id in TEXT_KEYS and cursor in EDITS_TEXT):
                continue
            desk.ran.clear()
            qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())
            assert desk.ran == [action_id], f"{key.toString()} in a {cursor}"


def test_that_a_field_keeps_undo_for_its_own_text(qtbot: QtBot, desk: Desk) -> None:
    edit = QLineEdit()
    desk.body.layout().addWidget(edit)
    desk.bind("undo")
    desk.show(qtbot)
    edit.setFocus()
    qtbot.keyClicks(edit, "Adams")
    qtbot.keyClick(edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert edit.text() == ""
    assert desk.ran == []


def test_that_what_nobody_does_yet_does_not_exist(desk: Desk) -> None:
    desk.bind("save")
    assert "save" in desk.actions
    assert "labels" not in desk.actions
    assert list(desk.actions) == ["save"]


def test_that_a_reserved_key_cannot_be_bound_in_passing(desk: Desk) -> None:
    with pytest.raises(ValueError, match="reserved"):
        desk.bind("till")
    with pytest.raises(ValueError, match="reserved"):
        desk.actions.set_page("client", {"log_call": lambda: None})
    desk.bind("save")
    with pytest.raises(ValueError, match="already"):
        desk.bind("save")


def test_that_without_the_right_an_action_is_grey_and_says_why(qtbot: QtBot) -> None:
    desk = Desk(qtbot, allowed=lambda right: right is not Permission.IMPORT)
    desk.bind("import_clients", "labels")
    assert not desk.actions["import_clients"].isEnabled()
    assert "You may not import clients." in desk.actions["import_clients"].toolTip()
    assert desk.actions["labels"].isEnabled()


def test_that_an_action_of_a_page_works_while_that_page_is_in_front(desk: Desk) -> None:
    assert "history" not in desk.actions
    desk.actions.set_page("client", {"history": lambda: desk.ran.append("history of a client")})
    desk.actions["history"].trigger()
    desk.actions.set_page("clients")
    desk.actions["history"].trigger()
    assert desk.ran == ["history of a client"]
    assert "Not on this page." in desk.actions["history"].toolTip()


def test_that_a_page_may_do_in_its_own_way_what_can_be_done_from_everywhere(desk: Desk) -> None:
    desk.bind("refresh")
    desk.actions.set_page("clients", {"refresh": lambda: desk.ran.append("refresh of the list")})
    desk.actions["refresh"].trigger()
    desk.actions.set_page("client")
    desk.actions["refresh"].trigger()
    assert desk.ran == ["refresh of the list", "refresh"]


def test_that_a_page_says_why_it_cannot_do_something_now(desk: Desk) -> None:
    desk.actions.set_page("clients", {"hide": lambda: None}, lambda action_id: f"No row to {action_id}.")
    assert not desk.actions["hide"].isEnabled()
    assert "No row to hide." in desk.actions["hide"].toolTip()


def test_that_a_state_of_the_page_can_grey_an_action_with_a_reason(desk: Desk) -> None:
    reasons = ["Nothing is ticked."]
    desk.actions.bind("labels", lambda: None, why_not=lambda: reasons[0])
    assert not desk.actions["labels"].isEnabled()
    assert "Nothing is ticked." in desk.actions["labels"].toolTip()
    reasons[0] = ""
    desk.actions.refresh()
    assert desk.actions["labels"].isEnabled()
    assert "Nothing is ticked." not in desk.actions["labels"].toolTip()


def test_that_a_tip_gives_title_key_and_text_as_text(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    row = Action("sales", "Sales & <b>more</b>", tip="This & last year.", keys=("Ctrl+S",))
    actions = ActionSet(window, lambda _: True, [row])
    tip = actions.bind("sales", lambda: None).toolTip()
    assert "Sales &amp; &lt;b&gt;more&lt;/b&gt;" in tip
    assert "Ctrl+S" in tip
    assert "This &amp; last year." in tip


def test_that_a_ticked_action_gives_its_new_state(desk: Desk) -> None:
    states: list[bool] = []
    action = desk.actions.bind("who_is_this", states.append)
    action.trigger()
    action.trigger()
    assert states == [True, False]
