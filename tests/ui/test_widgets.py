"""Fields for dates and phones, tabs in fixed places, chips, labels and buttons behave as hands expect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCalendarWidget, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.domain.dates import DateOrder, PartialDate
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.formats import Formats
from studio_desktop.ui.elision import elided
from studio_desktop.ui.reading import follow_direction
from studio_desktop.ui.theme import apply_theme, token
from studio_desktop.ui.widgets import mnemonics
from studio_desktop.ui.widgets.buttons import BarButton, FlatButton, LinkButton, PrimaryButton
from studio_desktop.ui.widgets.chips import Chip
from studio_desktop.ui.widgets.combo_box import ComboBox
from studio_desktop.ui.widgets.date_edit import DateEdit, PartialDateEdit
from studio_desktop.ui.widgets.detail_tabs import DetailTabs
from studio_desktop.ui.widgets.marks import dot_icon
from studio_desktop.ui.widgets.phone_edit import PhoneEdit
from studio_desktop.ui.widgets.plain_label import PlainLabel, as_tip
from studio_desktop.ui.widgets.ticks import RadioButton, TickBox

TODAY = date(2026, 3, 10)
Shown = Callable[[QWidget], None]


@pytest.fixture
def show(qtbot: QtBot, qapp: QApplication) -> Shown:
    apply_theme(qapp, "light")

    def shown(widget: QWidget) -> None:
        qtbot.addWidget(widget)
        widget.move(300, 300)  # away from the mouse
        with qtbot.waitActive(widget):
            widget.show()
            widget.activateWindow()
        widget.setFocus()

    return shown


@pytest.fixture
def day_edit(show: Shown) -> DateEdit:
    edit = DateEdit()
    edit.use(Formats(date_order=DateOrder.DMY), lambda: TODAY)
    show(edit)
    return edit


@pytest.fixture
def partial_edit(show: Shown) -> PartialDateEdit:
    edit = PartialDateEdit()
    edit.use(Formats(date_order=DateOrder.DMY), lambda: TODAY)
    show(edit)
    return edit


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12/3", date(2026, 3, 12)),
        ("14 mar", date(2026, 3, 14)),
        ("2026-03-10", date(2026, 3, 10)),
        ("3/12/19", date(2019, 12, 3)),
        ("+3", date(2026, 3, 13)),
        ("t", TODAY),
        ("T", TODAY),
        ("t+", date(2026, 3, 11)),
        ("t--", date(2026, 3, 8)),
        ("", None),
    ],
)
def test_that_a_date_is_typed_as_people_type(
    qtbot: QtBot, day_edit: DateEdit, typed: str, meant: date | None
) -> None:
    """E9"""
    qtbot.keyClicks(day_edit, typed)
    assert day_edit.day() == meant



def test_that_the_ellipsis_stands_where_reading_ends_in_arabic_too(qapp: QApplication) -> None:
    """RELIABILITY H12: in a line that runs from left to right, only marks keep it at the left of the words."""
    metrics = QFontMetrics(qapp.font())
    assert elided(metrics, "Adams", 1000) == "Adams"
    assert elided(metrics, "Szczęsny-Brzęczyszczykiewicz", 60).endswith("…")
    arabic = "عبد الرحمن بن محمد الأنصاري"
    assert elided(metrics, arabic, 60).endswith("…\u2069")
    assert elided(metrics, f"{arabic}!", 1000) == f"\u2067{arabic}!\u2069", "so does what ends the sentence"
    mixed = f"{arabic}'s birthday"
    assert elided(metrics, mixed, 1000) == mixed, "a sentence of the program's, with somebody's name"
    assert elided(metrics, mixed, 60).endswith("…\u200f")
    of_millions = elided(metrics, "a" * 3_000_000, 1_000_000)
    assert of_millions.endswith("…")
    assert len(of_millions) < 10_000, "the window would stand still while it is measured"


def test_that_what_was_understood_is_shown_when_the_cursor_leaves(qtbot: QtBot, day_edit: DateEdit) -> None:
    qtbot.keyClicks(day_edit, "1/4")
    day_edit.clearFocus()
    assert day_edit.text() == "1 Apr 2026"
    assert day_edit.day() == date(2026, 4, 1)


def test_that_what_was_not_understood_stays_as_typed_and_says_the_cure(qtbot: QtBot, day_edit: DateEdit) -> None:
    qtbot.keyClicks(day_edit, "31/2")
    day_edit.clearFocus()
    assert day_edit.text() == "31/2"
    with pytest.raises(InvalidInput, match="February has"):
        day_edit.day()


def test_that_a_date_that_stands_there_is_stepped_and_one_being_typed_is_not(qtbot: QtBot, day_edit: DateEdit) -> None:
    day_edit.set_day(date(2026, 2, 28))
    edited: list[str] = []
    day_edit.textEdited.connect(edited.append)
    qtbot.keyClick(day_edit, Qt.Key.Key_Plus)
    assert day_edit.day() == date(2026, 3, 1)
    qtbot.keyClick(day_edit, Qt.Key.Key_Minus)
    assert day_edit.day() == date(2026, 2, 28)
    assert len(edited) == 2, "a step counts as typing, so that the form knows it was changed"
    day_edit.selectAll()
    qtbot.keyClicks(day_edit, "2026-04-01")
    assert day_edit.day() == date(2026, 4, 1)


def test_that_a_step_can_be_undone(qtbot: QtBot, day_edit: DateEdit) -> None:
    day_edit.set_day(date(2026, 2, 28))
    qtbot.keyClick(day_edit, Qt.Key.Key_Plus)
    day_edit.undo()
    assert day_edit.day() == date(2026, 2, 28)


def test_that_the_last_day_there_is_has_no_next(qtbot: QtBot, day_edit: DateEdit) -> None:
    day_edit.set_day(date.max)
    qtbot.keyClick(day_edit, Qt.Key.Key_Plus)
    assert day_edit.day() == date.max


@pytest.mark.parametrize(
    ("key", "modifier"),
    [(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier), (Qt.Key.Key_F4, Qt.KeyboardModifier.NoModifier)],
)
@pytest.mark.filterwarnings("default")
@pytest.mark.qt_log_ignore("This plugin does not support")
def test_that_the_calendar_opens_by_key_and_enter_takes_its_day(
    qtbot: QtBot, day_edit: DateEdit, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    day_edit.set_day(date(2026, 7, 11))
    qtbot.keyClick(day_edit, key, modifier)
    calendar = day_edit.findChild(QCalendarWidget)
    assert calendar.selectedDate().toPython() == date(2026, 7, 11)
    inner = calendar.findChild(QWidget, "qt_calendar_calendarview")
    qtbot.keyClick(inner, Qt.Key.Key_Right)
    qtbot.keyClick(inner, Qt.Key.Key_Return)
    assert day_edit.day() == date(2026, 7, 12)
    assert day_edit.text() == "12 Jul 2026"


def test_that_a_field_that_may_not_be_changed_has_no_calendar_and_no_steps(qtbot: QtBot, day_edit: DateEdit) -> None:
    day_edit.set_day(TODAY)
    day_edit.setReadOnly(True)
    qtbot.keyClick(day_edit, Qt.Key.Key_F4)
    qtbot.keyClick(day_edit, Qt.Key.Key_Plus)
    assert day_edit.findChild(QCalendarWidget) is None
    assert day_edit.day() == TODAY


@pytest.mark.parametrize(
    ("typed", "meant", "shown"),
    [
        ("14 may", PartialDate(5, 14), "14 May"),
        ("14/5/87", PartialDate(5, 14, 1987), "14 May 1987"),
        ("1987", PartialDate(None, None, 1987), "1987"),
        ("5/1987", PartialDate(5, None, 1987), "May 1987"),
    ],
)
def test_that_a_birthday_may_lack_a_part(
    qtbot: QtBot, partial_edit: PartialDateEdit, typed: str, meant: PartialDate, shown: str
) -> None:
    qtbot.keyClicks(partial_edit, typed)
    assert partial_edit.partial() == meant
    partial_edit.clearFocus()
    assert partial_edit.text() == shown
    partial_edit.set_partial(None)
    assert partial_edit.partial() is None


def test_that_a_step_never_invents_a_year(qtbot: QtBot, partial_edit: PartialDateEdit) -> None:
    partial_edit.set_partial(PartialDate(5, 14))
    qtbot.keyClick(partial_edit, Qt.Key.Key_Plus)
    assert partial_edit.partial() == PartialDate(5, 14)
    partial_edit.set_partial(PartialDate(5, 14, 1987))
    qtbot.keyClick(partial_edit, Qt.Key.Key_Plus)
    assert partial_edit.partial() == PartialDate(5, 15, 1987)


def test_that_a_phone_is_formatted_when_the_cursor_leaves_and_kept_as_typed(qtbot: QtBot, show: Shown) -> None:
    """S2-10, S2-11"""
    edit = PhoneEdit()
    edit.use(Formats(phone_region="US"))
    show(edit)
    qtbot.keyClicks(edit, "330 5550119 x12")
    edit.clearFocus()
    assert edit.text() == "(330) 555-0119 ext 12"
    assert edit.typed() == "330 5550119 x12"


def test_that_no_number_is_refused_or_spoilt(qtbot: QtBot, show: Shown) -> None:
    """S2-12"""
    edit = PhoneEdit()
    edit.use(Formats(phone_region="US"))
    show(edit)
    for odd in ("ask Ann", "12", "+44 20 7946 0018", "911"):
        edit.clear()
        edit.setFocus()
        qtbot.keyClicks(edit, odd)
        edit.clearFocus()
        assert edit.typed() == odd
        edit.setFocus()
        edit.clearFocus()
        assert edit.typed() == odd, "passing through changes nothing"


TABS = [f"Tab {number}" for number in range(1, 19)]


@pytest.fixture
def tabs(show: Shown) -> DetailTabs:
    made = DetailTabs()
    for name in TABS:
        made.add(name, name)
        made.set_count(name, 0)
    made.resize(1200, 60)
    show(made)
    return made


def places(tabs: DetailTabs) -> list[tuple[int, int]]:
    return [(child.x(), child.y()) for child in tabs.findChildren(QWidget)]


def test_that_no_tab_moves_when_a_count_or_a_light_comes(tabs: DetailTabs) -> None:
    before = places(tabs)
    tabs.set_count("Tab 3", 14)
    tabs.set_light("Tab 5", "red", "Past due")
    tabs.set_current("Tab 12")
    assert places(tabs) == before
    assert len({y for _, y in before}) == 2
    assert [x for x, _ in before[:9]] == [x for x, _ in before[9:]]


def test_that_a_very_wide_window_has_them_in_one_row(qtbot: QtBot, tabs: DetailTabs) -> None:
    tabs.resize(2300, 60)
    assert len({y for _, y in places(tabs)}) == 1


def test_that_tabs_are_chosen_by_mouse_and_arrow_keys(qtbot: QtBot, tabs: DetailTabs) -> None:
    chosen: list[str] = []
    tabs.chosen.connect(chosen.append)
    second = tabs.findChildren(QWidget)[1]
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    second.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(QApplication.focusWidget(), key)
    assert chosen == ["Tab 2", "Tab 3", "Tab 12", "Tab 11", "Tab 2"]
    assert tabs.current() == "Tab 2"


def test_that_a_tab_says_its_count_and_its_light_in_words(tabs: DetailTabs) -> None:
    tabs.set_count("Tab 1", 3)
    tabs.set_light("Tab 1", "red", "Call overdue since Fri 6 Mar")
    first = tabs.findChildren(QWidget)[0]
    assert first.accessibleName() == "Tab 1, 3, Call overdue since Fri 6 Mar"
    assert first.toolTip() == as_tip("Call overdue since Fri 6 Mar")
    tabs.set_light("Tab 1", None)
    assert first.accessibleName() == "Tab 1, 3"


def test_that_a_filter_goes_by_its_cross_and_by_delete(qtbot: QtBot, show: Shown) -> None:
    chip = Chip("Active · hides 212", removable=True)
    show(chip)
    removed: list[str] = []
    pressed: list[str] = []
    chip.removed.connect(lambda: removed.append("removed"))
    chip.clicked.connect(lambda: pressed.append("pressed"))
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert (pressed, removed) == (["pressed"], [])
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 10, 10))
    qtbot.keyClick(chip, Qt.Key.Key_Delete)
    assert (pressed, removed) == (["pressed"], ["removed"] * 2)


def test_that_text_in_labels_is_never_markup(show: Shown) -> None:
    """RELIABILITY 77."""
    label = PlainLabel("<img src=x><b>Adams</b>", elided=True)
    show(label)
    label.resize(40, 20)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert "<b>" not in label.toolTip()
    assert "&lt;b&gt;Adams&lt;/b&gt;" in label.toolTip()


def test_that_a_name_in_arabic_stands_beside_what_it_belongs_to(show: Shown) -> None:
    """RELIABILITY H12."""
    label = PlainLabel("محمد")
    show(label)
    label.resize(400, 20)
    inked = label.grab().toImage()
    columns = [x for x in range(inked.width()) if any(inked.pixelColor(x, y).lightness() < 128 for y in range(20))]
    assert 0 < max(columns) < 200


def test_that_lines_from_right_to_left_begin_at_the_right_and_others_at_the_left(show: Shown) -> None:
    """RELIABILITY H12."""
    edit = QPlainTextEdit()
    follow_direction(edit)
    show(edit)
    for text, side in (("جاءت مع ابنتها", "right"), ("Came with her daughter", "left"), ("", "left")):
        edit.setPlainText(text)
        line = edit.firstVisibleBlock().layout().lineAt(0).naturalTextRect()
        assert (line.left() > 100) is (side == "right")


def test_that_a_hint_without_room_is_left_out_and_told_by_its_tip(show: Shown) -> None:
    label = PlainLabel("Ctrl+Left moves a lead")
    label.show_whole_or_not_at_all()
    show(label)
    for width, is_shown in ((60, False), (400, True)):
        label.resize(width, 20)
        painted = label.grab().toImage()
        colours = {painted.pixel(x, y) for x in range(60) for y in range(20)}
        assert (len(colours) > 1) is is_shown
        assert ("moves a lead" in label.toolTip()) is not is_shown


def test_that_what_is_cut_gives_the_whole_as_its_tip_and_what_fits_does_not(show: Shown) -> None:
    label = PlainLabel("Wolfeschlegelsteinhausenbergerdorff", elided=True)
    show(label)
    label.resize(60, 20)
    assert "Wolfeschlegelsteinhausenbergerdorff" in label.toolTip()
    label.resize(600, 20)
    assert label.toolTip() == ""


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


@pytest.mark.parametrize(
    "make",
    [
        lambda: FlatButton("&Print"),
        lambda: PrimaryButton("&Save"),
        lambda: LinkButton("&Show"),
        lambda: BarButton("add", "&Add"),
        lambda: TickBox("&SMS"),
    ],
)
def test_that_mnemonics_are_underlined_while_alt_is_held(show: Shown, make: Callable[[], QWidget]) -> None:
    widget = make()
    show(widget)
    mnemonics.watch(widget)
    QTest.keyClick(widget.windowHandle(), Qt.Key.Key_F15)
    QApplication.processEvents()
    calm = picture(widget)
    QTest.keyPress(widget.windowHandle(), Qt.Key.Key_Alt)
    underlined = picture(widget)
    QTest.keyRelease(widget.windowHandle(), Qt.Key.Key_Alt)
    assert underlined != calm
    assert picture(widget) == calm


@pytest.mark.parametrize("kind", [FlatButton, PrimaryButton, LinkButton])
@pytest.mark.parametrize("text", ["Save", "Datensatz speichern und schließen", "Zapisz i zamknij", "保存して閉じる"])
def test_that_no_button_cuts_its_text(show: Shown, kind: type[QWidget], text: str) -> None:
    button = kind(text)  # type: ignore[arg-type]
    show(button)
    assert button.minimumSizeHint().width() >= button.fontMetrics().horizontalAdvance(text)


def test_that_the_button_with_the_focus_shows_it(show: Shown) -> None:
    for button in (FlatButton("Print"), PrimaryButton("Save"), LinkButton("Show"), BarButton("add", "Add")):
        show(button)
        button.clearFocus()
        without = picture(button)
        button.setFocus()
        assert picture(button) != without


def test_that_a_combo_box_ends_a_long_text_with_an_ellipsis_where_reading_ends(show: Shown) -> None:
    combo = ComboBox()
    combo.addItems(["Home", "Recommendation in the shop for wedding dresses", "مدرسة الأمير سلطان الثانوية للبنات"])
    show(combo)
    combo.setFixedWidth(120)
    assert combo.shown_text() == "Home"
    combo.setCurrentIndex(1)
    assert combo.shown_text().startswith("Recom")
    assert combo.shown_text().endswith("…")
    combo.setCurrentIndex(2)
    assert combo.shown_text().strip("\u2067").startswith("مدرسة"), "its beginning is what is read first"


def test_that_short_choices_make_a_combo_box_wide_enough_for_them(show: Shown) -> None:
    combo = ComboBox()
    combo.addItems(["Consumer", "Business"])
    show(combo)
    combo.setFixedWidth(combo.minimumSizeHint().width())
    assert combo.shown_text() == "Consumer"


def test_that_the_dots_of_a_combo_box_follow_the_scheme(show: Shown, qapp: QApplication) -> None:
    combo = ComboBox()
    combo.addItem(dot_icon("purple"), "Loyalty")
    show(combo)
    try:
        for scheme in ("light", "dark", "light"):
            apply_theme(qapp, scheme)
            drawn = combo.grab().toImage()
            colours = {drawn.pixelColor(x, drawn.height() // 2).name() for x in range(4, 20)}
            assert token("purple").name() in colours, scheme
    finally:
        apply_theme(qapp, "light")


@pytest.mark.parametrize("kind", [TickBox, RadioButton])
def test_that_ticks_grow_with_the_text_and_are_set_by_a_click_on_their_words(
    qtbot: QtBot, show: Shown, qapp: QApplication, kind: type[TickBox | RadioButton]
) -> None:
    small, large = kind("Text messages").sizeHint(), kind("Text messages")
    try:
        apply_theme(qapp, "light", text_percent=150)
        show(large)
        large.resize(600, 40)
        assert large.sizeHint().width() >= 1.4 * small.width()
        qtbot.mouseClick(large, Qt.MouseButton.LeftButton, pos=QPoint(500, 20))
        assert not large.isChecked(), "not where nothing stands"
        qtbot.mouseClick(large, Qt.MouseButton.LeftButton, pos=QPoint(large.sizeHint().width() - 6, 20))
        assert large.isChecked()
    finally:
        apply_theme(qapp, "light")
