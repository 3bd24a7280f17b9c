"""A form file becomes a window, its fields a record, and what is wrong is marked where it is wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from studio_desktop.domain import fields
from studio_desktop.domain.dates import DateOrder, PartialDate
from studio_desktop.domain.errors import InvalidFields, InvalidInput
from studio_desktop.domain.formats import Formats
from studio_desktop.ui import form as form_module
from studio_desktop.ui.binder import FormBinder
from studio_desktop.ui.form import FormError, load_form
from studio_desktop.ui.widgets.date_edit import DateEdit, PartialDateEdit
from studio_desktop.ui.widgets.phone_edit import PhoneEdit
from studio_desktop.ui.widgets.plain_label import PlainLabel

TODAY = date(2026, 3, 10)


class Mood(StrEnum):
    GLAD = "glad"
    VERY_UPSET = "very_upset"


@dataclass(frozen=True, slots=True)
class Guest:
    id: int = fields.identity()
    name: str = fields.text("Name", 10, capitals=fields.Capitals.PERSON)
    remarks: str = fields.note("Remarks")
    age: int | None = fields.number("Age")
    regular: bool = fields.flag("Regular")
    visit_on: date | None = fields.day("Visit")
    birthday: PartialDate | None = fields.partial_date("Birthday")
    mood: Mood = fields.choice("Mood", Mood.GLAD)
    status_id: int | None = fields.reference("Status", "client_statuses")
    phone: str = fields.phone("Phone")
    email: str = fields.email("E-mail")
    website: str = fields.link("Website")
    town: str = fields.text("Town", 20)
    seen_by: str = fields.text("Seen by", 20, derived=True)


ROWS = {
    "name_edit": "QLineEdit",
    "remarks_edit": "QPlainTextEdit",
    "age_edit": "QLineEdit",
    "visit_on_date": "DateEdit",
    "birthday_date": "PartialDateEdit",
    "mood_combo": "QComboBox",
    "status_id_combo": "QComboBox",
    "phone_edit": "PhoneEdit",
    "email_edit": "QLineEdit",
    "website_edit": "QLineEdit",
    "seen_by_edit": "QLineEdit",
}


def form_file(rows: dict[str, str], more: str = "") -> str:
    items = [
        f'<item row="{at}" column="0"><widget class="QLabel" name="{name}_label">'
        f'<property name="text"><string>&amp;{name}</string></property>'
        f'<property name="buddy"><cstring>{name}</cstring></property></widget></item>'
        f'<item row="{at}" column="1"><widget class="{kind}" name="{name}"/></item>'
        for at, (name, kind) in enumerate(rows.items())
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?><ui version="4.0"><class>Form</class>'
        '<widget class="QWidget" name="Form">'
        f'<layout class="QGridLayout">{"".join(items)}{more}</layout></widget></ui>'
    )


REGULAR = (
    '<item row="90" column="1"><widget class="QCheckBox" name="regular_check">'
    '<property name="text"><string>&amp;Regular</string></property></widget></item>'
)


@pytest.fixture
def forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    monkeypatch.setattr(form_module, "FORMS", tmp_path)
    return lambda name, text: (tmp_path / f"{name}.ui").write_text(text, encoding="utf-8") and None


class GuestForm(QWidget):
    name_edit: QLineEdit
    remarks_edit: QPlainTextEdit
    mood_combo: QComboBox
    status_id_combo: QComboBox
    regular_check: QCheckBox
    visit_on_date: DateEdit
    birthday_date: PartialDateEdit
    phone_edit: PhoneEdit
    age_edit: QLineEdit
    email_edit: QLineEdit

    def __init__(self) -> None:
        super().__init__()
        load_form(self, "guest")
        self.binder = FormBinder(self, Guest, Formats(date_order=DateOrder.DMY), lambda: TODAY)
        self.binder.set_choices("status_id", [(7, "Client", "blue"), (9, "Upset Client", "red")])


@pytest.fixture
def guest(qtbot: QtBot, forms: Callable[[str, str], None]) -> GuestForm:
    forms("guest", form_file(ROWS, REGULAR))
    made = GuestForm()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


FULL = Guest(
    id=4,
    name="Adams",
    remarks="likes\nwalnut",
    age=39,
    regular=True,
    visit_on=date(2026, 4, 1),
    birthday=PartialDate(5, 14),
    mood=Mood.VERY_UPSET,
    status_id=9,
    phone="330 555 0142",
    email="anna@example.com",
    website="adams.example",
    town="Fairbrook",
    seen_by="Sue",
)


def test_that_what_is_filled_in_is_read_back_the_same(guest: GuestForm) -> None:
    guest.binder.fill(FULL)
    assert guest.binder.read(FULL) == FULL
    assert not guest.binder.modified(FULL)
    guest.binder.fill(Guest())
    assert guest.binder.read(Guest()) == Guest()


def test_that_fields_without_a_widget_stay_what_they_are(guest: GuestForm) -> None:
    guest.binder.fill(Guest())
    assert guest.binder.read(FULL).town == "Fairbrook"
    assert guest.binder.read(FULL).id == 4


def test_that_every_kind_is_read_as_typed_values(qtbot: QtBot, guest: GuestForm) -> None:
    guest.binder.fill(Guest())
    qtbot.keyClicks(guest.name_edit, "  Bennett ")
    qtbot.keyClicks(guest.age_edit, "41")
    qtbot.keyClicks(guest.visit_on_date, "1/4")
    qtbot.keyClicks(guest.birthday_date, "14 may")
    qtbot.keyClicks(guest.phone_edit, "3305550142")
    qtbot.keyClicks(guest.mood_combo, "very")
    qtbot.keyClicks(guest.status_id_combo, "upset")
    guest.regular_check.click()
    read = guest.binder.read(Guest())
    assert read == Guest(
        name="Bennett",
        age=41,
        visit_on=date(2026, 4, 1),
        birthday=PartialDate(5, 14),
        phone="3305550142",
        mood=Mood.VERY_UPSET,
        status_id=9,
        regular=True,
    )
    assert set(guest.binder.changed_fields(Guest())) == {
        "name",
        "age",
        "visit_on",
        "birthday",
        "phone",
        "mood",
        "status_id",
        "regular",
    }


def test_that_text_in_the_field_with_the_cursor_counts(qtbot: QtBot, guest: GuestForm) -> None:
    """RELIABILITY B9 118: editing is not finished when the window closes."""
    guest.binder.fill(FULL)
    guest.name_edit.setFocus()
    qtbot.keyClicks(guest.name_edit, "X")
    assert guest.name_edit.hasFocus()
    assert guest.binder.modified(FULL)
    assert guest.binder.read(FULL).name == "AdamsX"


def test_that_only_a_person_edits(qtbot: QtBot, guest: GuestForm) -> None:
    edited: list[str] = []
    guest.binder.edited.connect(edited.append)
    guest.binder.fill(FULL)
    guest.binder.set_choices("status_id", [(9, "Upset", "red")])
    assert edited == []
    qtbot.keyClicks(guest.name_edit, "y")
    guest.regular_check.click()
    guest.remarks_edit.insertPlainText("more")
    assert edited == ["name", "regular", "remarks"]


def test_that_filling_again_leaves_cursor_and_selection_of_what_did_not_change(guest: GuestForm) -> None:
    guest.binder.fill(FULL)
    guest.name_edit.setFocus()
    guest.name_edit.setSelection(1, 2)
    guest.binder.fill(dataclasses.replace(FULL, town="Oakhurst", age=40))
    assert guest.name_edit.selectedText() == "da"
    assert guest.age_edit.text() == "40"


def test_that_a_value_no_longer_offered_is_kept_until_another_is_chosen(guest: GuestForm) -> None:
    guest.binder.fill(dataclasses.replace(FULL, status_id=3))
    assert guest.binder.read(FULL).status_id == 3
    guest.binder.set_choices("status_id", [(7, "Client", "blue")])
    assert guest.binder.read(FULL).status_id == 3


def test_that_what_cannot_be_kept_is_refused_with_a_cure_for_each_field(qtbot: QtBot, guest: GuestForm) -> None:
    guest.binder.fill(Guest())
    qtbot.keyClicks(guest.name_edit, "Wolfeschlegelstein")
    qtbot.keyClicks(guest.visit_on_date, "31/2")
    qtbot.keyClicks(guest.age_edit, "old")
    qtbot.keyClicks(guest.email_edit, "anna")
    with pytest.raises(InvalidFields) as refused:
        guest.binder.read(Guest())
    assert set(refused.value.faults) == {"name", "visit_on", "age", "email"}
    assert "February has 29 days" in str(refused.value.faults["visit_on"])
    assert guest.binder.modified(Guest())


def test_that_faults_are_marked_and_the_cursor_goes_to_the_first(qtbot: QtBot, guest: GuestForm) -> None:
    guest.binder.fill(Guest())
    faults = {
        "email": InvalidInput("An e-mail address needs an @."),
        "name": InvalidInput("Number {n} is taken.", n=4),
        "phones.1.typed": InvalidInput("Too long."),
    }
    rest = guest.binder.mark(InvalidFields(faults))
    assert rest == "Too long.", "what this form does not show is left to say"
    assert guest.name_edit.hasFocus()
    assert guest.name_edit.accessibleDescription() == "Number 4 is taken."
    assert guest.email_edit.accessibleDescription() == "An e-mail address needs an @."
    shown = [label.text() for label in guest.findChildren(PlainLabel) if label.isVisible()]
    assert "Number 4 is taken." in shown
    assert "An e-mail address needs an @." not in shown, "one sentence at a time, where the cursor is"


def test_that_a_mark_goes_when_the_field_is_mended(qtbot: QtBot, guest: GuestForm) -> None:
    guest.binder.fill(Guest())
    guest.binder.mark(InvalidInput("Taken.", field="name"))
    qtbot.keyClicks(guest.name_edit, "B")
    assert guest.name_edit.accessibleDescription() == ""
    guest.binder.mark(InvalidInput("Taken.", field="name"))
    guest.binder.clear_marks()
    assert guest.name_edit.accessibleDescription() == ""
    assert guest.name_edit.toolTip() == ""


def test_that_cheap_rules_speak_when_the_cursor_leaves(qtbot: QtBot, guest: GuestForm) -> None:
    guest.binder.fill(Guest())
    guest.email_edit.setFocus()
    qtbot.keyClicks(guest.email_edit, "anna.example.com")
    qtbot.keyClick(guest.email_edit, Qt.Key.Key_Tab)
    assert "@" in guest.email_edit.accessibleDescription()
    assert not guest.email_edit.hasFocus(), "it says so, and holds nobody up"


def test_that_a_limit_speaks_while_somebody_types(qtbot: QtBot, guest: GuestForm) -> None:
    """RELIABILITY 71: the text stays, and the excess is named until it is gone."""
    guest.binder.fill(Guest())
    guest.name_edit.setFocus()
    qtbot.keyClicks(guest.name_edit, "Wolfeschle")
    assert guest.name_edit.accessibleDescription() == ""
    qtbot.keyClicks(guest.name_edit, "g")
    assert "1 character too long; at most 10 fit" in guest.name_edit.accessibleDescription()
    qtbot.keyClick(guest.name_edit, Qt.Key.Key_Backspace)
    assert guest.name_edit.accessibleDescription() == ""
    guest.remarks_edit.setPlainText("words" * 1_000 + "\nwords" * 9_833 + "!!")
    guest.remarks_edit.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(guest.remarks_edit, "y")
    assert "1 character too long; at most 64000 fit" in guest.remarks_edit.accessibleDescription()
    assert guest.remarks_edit.toPlainText().endswith("!!y")


@pytest.mark.parametrize("pasted", ["x" * 1_000_000, "word " * 2_000_000], ids=["one word", "10 MB"])
def test_that_a_text_without_room_is_not_pasted_and_never_cut(qtbot: QtBot, guest: GuestForm, pasted: str) -> None:
    """RELIABILITY 71: said at the field; a line of a million characters would hold up the window for minutes."""
    guest.binder.fill(Guest())
    guest.remarks_edit.setFocus()
    qtbot.keyClicks(guest.remarks_edit, "likes walnut")
    QGuiApplication.clipboard().setText(pasted)
    qtbot.keyClick(guest.remarks_edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert guest.remarks_edit.toPlainText() == "likes walnut"
    assert "has room for 64,000" in guest.remarks_edit.accessibleDescription()
    assert QGuiApplication.clipboard().text() == pasted
    guest.remarks_edit.selectAll()
    QGuiApplication.clipboard().setText(pasted[:64_000])
    qtbot.keyClick(guest.remarks_edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert guest.remarks_edit.toPlainText() == pasted[:64_000]
    assert guest.remarks_edit.accessibleDescription() == ""


def test_that_derived_fields_are_shown_and_never_written(guest: GuestForm) -> None:
    guest.binder.fill(FULL)
    seen_by = guest.binder.widget("seen_by")
    assert isinstance(seen_by, QLineEdit)
    assert seen_by.text() == "Sue"
    assert seen_by.isReadOnly()


def test_that_a_draft_brings_back_what_was_half_typed(qtbot: QtBot, guest: GuestForm) -> None:
    guest.binder.fill(FULL)
    qtbot.keyClicks(guest.name_edit, " jun")
    guest.visit_on_date.clear()
    qtbot.keyClicks(guest.visit_on_date, "31/")
    draft = guest.binder.texts()
    guest.binder.fill(FULL)
    guest.binder.restore({**draft, "gone_field": "x"})
    assert guest.name_edit.text() == "Adams jun"
    assert guest.visit_on_date.text() == "31/"
    assert guest.binder.changed_fields(FULL) == ("name", "visit_on")


def test_that_the_wheel_over_a_form_changes_no_value(guest: GuestForm) -> None:
    guest.binder.fill(FULL)
    guest.name_edit.setFocus()
    spot = QPointF(5, 5)
    wheel = QWheelEvent(
        spot,
        guest.status_id_combo.mapToGlobal(spot),
        QPoint(0, 0),
        QPoint(0, -240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(guest.status_id_combo, wheel)
    assert guest.binder.read(FULL) == FULL


def test_that_a_read_only_form_can_be_read_but_not_changed(qtbot: QtBot, guest: GuestForm) -> None:
    guest.binder.fill(FULL)
    guest.binder.set_read_only(True)
    qtbot.keyClicks(guest.name_edit, "x")
    qtbot.mouseClick(guest.regular_check, Qt.MouseButton.LeftButton)
    assert guest.binder.read(FULL) == FULL
    guest.binder.set_read_only(False)
    qtbot.keyClicks(guest.name_edit, "x")
    assert guest.binder.modified(FULL)


def test_that_a_label_never_reads_text_as_markup(guest: GuestForm) -> None:
    label = guest.findChild(PlainLabel, "name_edit_label")
    assert label is not None
    assert label.textFormat() == Qt.TextFormat.PlainText


class Sloppy(QWidget):
    missing_edit: QLineEdit


def test_that_a_declared_widget_missing_in_the_file_is_an_error(
    qtbot: QtBot, forms: Callable[[str, str], None]
) -> None:
    forms("sloppy", form_file({"name_edit": "QLineEdit"}))
    sloppy = Sloppy()
    qtbot.addWidget(sloppy)
    with pytest.raises(FormError, match="missing_edit"):
        load_form(sloppy, "sloppy")


def test_that_a_field_nobody_can_name_is_an_error(qtbot: QtBot, forms: Callable[[str, str], None]) -> None:
    forms("nameless", form_file({}, '<item><widget class="QLineEdit" name="secret_edit"/></item>'))
    nameless = QWidget()
    qtbot.addWidget(nameless)
    with pytest.raises(FormError, match="secret_edit"):
        load_form(nameless, "nameless")


def test_that_a_widget_that_cannot_show_its_field_is_an_error(
    qtbot: QtBot, forms: Callable[[str, str], None]
) -> None:
    forms("wrong", form_file({"birthday_edit": "QLineEdit"}))
    wrong = QWidget()
    qtbot.addWidget(wrong)
    load_form(wrong, "wrong")
    with pytest.raises(FormError, match="birthday"):
        FormBinder(wrong, Guest, Formats(), lambda: TODAY)


def test_that_a_form_file_that_is_not_there_is_an_error(qtbot: QtBot, forms: Callable[[str, str], None]) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    with pytest.raises(FormError, match="nowhere"):
        load_form(widget, "nowhere")


def test_that_a_field_stays_in_hand_when_its_label_goes(
    forms: Callable[[str, str], None], qtbot: QtBot
) -> None:
    """PySide lets go of a widget of Qt's own making together with any widget that ever named it."""
    forms("guest", form_file(ROWS, REGULAR))
    guest = GuestForm()
    qtbot.addWidget(guest)
    label = guest.findChild(PlainLabel, "name_edit_label")
    assert label.buddy() is guest.name_edit
    label.deleteLater()
    QCoreApplication.sendPostedEvents(label, QEvent.Type.DeferredDelete)
    assert not isValid(label)
    assert guest.name_edit.text() == ""
