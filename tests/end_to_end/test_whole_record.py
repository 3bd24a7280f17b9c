"""Every field of every tab of a client, reached by Tab and typed into, is there when the record is opened again.

The walk knows no field by its name: one that is new is typed into as all the others, and one that Tab does not reach,
that is lost, or that nothing is ever typed into fails the test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from studio_desktop.database import check
from studio_desktop.domain.fields import FieldSpec, Kind, specs
from studio_desktop.domain.records.clients import (
    AddressRow,
    ClientKind,
    ClientRecord,
    EmailRow,
    FamilyMember,
    OrganizationRow,
    PhoneRow,
)
from studio_desktop.domain.records.leads import LeadRecord
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.services import Services, new_request
from studio_desktop.ui.client_window.family_list import MemberList
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.widgets.client_picker import ClientPicker
from studio_desktop.ui.widgets.plain_list import PlainList
from studio_desktop.ui.widgets.two_panel_picker import TwoPanelPicker
from tests.builders import a_client
from tests.end_to_end.desk import Desk
from tests.end_to_end.hands import CONTROL, KEY, NONE, SHIFT
from tests.pictures import picture

pytestmark = pytest.mark.timeout(300)

STEPS = 120
"""More than anything has fields."""

FIELDS = (QLineEdit, QPlainTextEdit, QComboBox, QCheckBox)

RECORDS = (LeadRecord, NoteRecord, PhoneRow, EmailRow, AddressRow, FamilyMember, OrganizationRow, ClientRecord)
DECLARED: dict[str, FieldSpec] = {name: spec for record in RECORDS for name, spec in specs(record).items()}

LETTERS = {"kind_combo": "lead", "status_id_combo": "web", "country_edit": "Poland"}
"""What is chosen where the next line would not do: the status has reasons, and a lead has a tab more."""

MOVES = {"stage_combo", "converts_check"}
"""Not fields of a record: moving the lead is a command of its own."""

RECORDED = {"answer_combo", "way_combo", "purpose_combo", "wording_edit", "Tags"}
"""What is saved here joins a list of answers or tags, and the field is free for the next one."""

APART = {"stage", "archive_reason_id", "emails.shared", "family.emails.shared"}
"""What is set by commands of its own, and what is asked only where somebody else has the e-mail already."""

Shown = dict[tuple[str, int], str]
"""What each field shows, by its name and the how manieth of that name it is."""


def test_that_whatever_is_typed_into_any_field_is_there_when_the_client_is_opened_again(
    desk: Desk, services: Services
) -> None:
    """The header, each tab, the family's card, tags, groups, plans, a note, a lead and the photo, by keys alone.

    S0-24, S2-02, S2-03, S2-05 to S2-07, S2-09 to S2-12, S2-14, S2-16, S2-19 to S2-23, S2-25, S2-26, S2-28 to S2-32,
    S2-34, S2-36, S2-37, S2-42, S2-44 to S2-47, S2-49, S3-10, S3-11, S3-13 to S3-17, S3-19, S3-21 to S3-23,
    S4-26, C29.
    """
    for word in ("Central High", "Lakeview College"):
        desk.window.apply(services.catalogs.add("organizations", {"description": word}, new_request()).changes)
    laura = a_client(services, last_name="Bennett", first_name="Laura", emails=["home@example.com"])
    before = a_client(services)
    page = desk.find_page("adams", "Adams, Anna")
    hands = desk.hands

    typed = everywhere(desk, page, write)
    desk.save(page)
    kept = services.clients.get(before.id)
    assert kept.kind is ClientKind.LEAD
    paste_photo(desk, page)
    hands.until(lambda: services.clients.get(before.id).image_hash != "")

    page = again(desk, page)
    assert everywhere(desk, page, look) == typed
    assert page.unsaved() == ()
    about_lead = everywhere(desk, page, write, only="lead")
    fill(desk, page, "general", "Referred by", "benn")
    hands.until(lambda: page.findChild(ClientPicker).offered())
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_F2)
    hands.tab_to("new_address_button")
    hands.press(KEY.Key_Space)
    hands.type("9 New Street")
    hands.tab_to("effective_from_edit")
    hands.retype("1 Sep 2026")
    desk.save(page)
    page = again(desk, page)
    assert everywhere(desk, page, look, only="lead") == about_lead

    everything = services.clients.get(before.id)
    assert untouched([kept, everything]) == APART
    assert everything.referred_by_client_id == laura.id
    assert [(one.line1, one.effective_from) for one in everything.addresses][1] == ("9 New Street", date(2026, 9, 1))
    (answer,) = services.consents.of_client(before.id)
    assert answer.wording.startswith("w")
    (note,) = services.notes.of_client(before.id)
    assert note.alert
    assert untouched(services.leads.of_client(before.id)) == {"lost_reason_id", "closed_on"}
    assert [tag.text for tag in services.catalogs.choices()["client_tags"] if tag.id in kept.tags] == ["T1 ż \"o'ne\""]
    assert check.check(services.database) == []


def untouched(records: Sequence[Any]) -> set[str]:
    """The fields that a person can fill and that hold in none of the records, nor in their rows, more than at first."""
    left: set[str] = set()
    for name, spec in specs(type(records[0])).items():
        if spec.kind in (Kind.IDENTITY, Kind.INSTANT) or spec.derived:
            continue
        values = [getattr(record, name) for record in records]
        if all(value == getattr(type(records[0])(), name) for value in values):
            left.add(name)
        elif spec.kind is Kind.ROWS:
            left |= {f"{name}.{part}" for part in untouched([row for rows in values for row in rows])}
    return left


def everywhere(desk: Desk, page: ClientPage, visit: Any, only: str = "") -> Shown:
    """Visit every field of the header and the tabs, or of one tab only; what they show at the end."""
    shown: Shown = {}
    if not only:
        desk.hands.press(KEY.Key_F2)
        desk.hands.until(lambda: page.header.editing)
        shown |= walk(desk, page.header.editor, visit)
    for name in [only] if only else page.tabs.ids():
        if name != "lead" or only:
            shown |= walk(desk, desk.show_tab(page, name), visit)
    return shown


def walk(desk: Desk, area: QWidget, visit: Any) -> Shown:
    """Go through an area by Tab from its beginning to its end, and see that no field was left out."""
    met: list[QWidget] = []
    names: Counter[str] = Counter()
    for field in tabbed(desk, area):
        if field not in met:
            met.append(field)
            visit(desk, field, names)
    missed = [name_of(one) for one in area.findChildren(QWidget) if is_field(one) and one not in met]
    assert missed == []
    shown: Shown = {}
    counted: Counter[str] = Counter()
    for field in met:
        name = name_of(field)
        if (is_field(field) or name == "own_list") and name not in RECORDED:
            counted[name] += 1
            shown[name, counted[name]] = text_of(field)
    return shown


def tabbed(desk: Desk, area: QWidget) -> Iterator[QWidget]:
    """What has the cursor, from the first in the area on, until Tab leads out of it."""
    trail: list[str] = []
    for key, shift, is_inside in ((KEY.Key_Backtab, SHIFT, True), (KEY.Key_Tab, NONE, False)):
        for _ in range(STEPS):
            if area.isAncestorOf(focus()) is is_inside:
                desk.hands.press(key, shift)
        assert area.isAncestorOf(focus()) is not is_inside, f"Shift+Tab never leads out before {name_of(focus())}"
    for _ in range(STEPS):
        if not area.isAncestorOf(field := focus()):
            return
        trail.append(name_of(field))
        yield field
        if focus() is field:
            desk.hands.press(KEY.Key_Tab)
    raise AssertionError(f"Tab leads in a circle: {trail}")


def focus() -> QWidget:
    """Where the cursor is."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def is_field(widget: QWidget) -> bool:
    """Whether somebody can put something into it now."""
    if not isinstance(widget, FIELDS) or not widget.isVisible() or not widget.isEnabled():
        return False
    if isinstance(widget, QLineEdit | QPlainTextEdit) and widget.isReadOnly():
        return False
    return widget.parent().__class__ is not QComboBox


def name_of(widget: QWidget) -> str:
    return widget.objectName() or widget.accessibleName() or type(widget).__name__


def text_of(widget: QWidget) -> str:
    """What a field shows, whatever its capitals."""
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QCheckBox):
        return "ticked" if widget.isChecked() else ""
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    if isinstance(widget, PlainList):
        return "\n".join(line.text for line in widget.lines())
    assert isinstance(widget, QLineEdit)
    return widget.text().casefold()


def look(desk: Desk, field: QWidget, names: Counter[str]) -> None:
    """Only open what is closed."""
    if isinstance(field, MemberList):
        desk.hands.press(KEY.Key_Return)


def write(desk: Desk, field: QWidget, names: Counter[str]) -> None:
    """Put something into a field that is not there yet, as its kind asks for it."""
    hands, name = desk.hands, name_of(field)
    names[name] += 1
    if isinstance(field, MemberList):
        hands.press(KEY.Key_Insert)
    if names[name] > 2 or name in MOVES:
        return
    if isinstance(field, PlainList) and name == "all_list":
        for _ in field.lines():
            hands.press(KEY.Key_Return)
            hands.press(KEY.Key_Down)
    if not is_field(field) or isinstance(field.parent(), TwoPanelPicker):
        return
    before = text_of(field)
    if isinstance(field, QCheckBox):
        hands.press(KEY.Key_Space)
    elif isinstance(field, QComboBox):
        if name in LETTERS:
            hands.type(LETTERS[name])
        else:
            hands.press(KEY.Key_Down)
        if text_of(field) == before:
            hands.press(KEY.Key_Up)
    else:
        hands.retype(LETTERS.get(name) or text_for(name, sum(names.values())))
    is_only_one = isinstance(field, QComboBox) and field.count() < 2
    assert text_of(field) != before or is_only_one, f"{name} takes nothing"


def text_for(name: str, number: int) -> str:
    """Something to type into the field of that name, another one each time."""
    spec = DECLARED.get(name.removesuffix("_edit"))
    kind = spec.kind if spec is not None else Kind.TEXT
    day = date(2026, 4, 1) + timedelta(days=number)
    return {
        Kind.DAY: f"{day.day} {day:%b %Y}",
        Kind.PARTIAL_DATE: f"{day.day} {day:%b} 1987",
        Kind.PHONE: f"(330) 555-{1000 + number}",
        Kind.EMAIL: f"mail{number}@example.com",
        Kind.LINK: f"example.com/{number}",
        Kind.NUMBER: f"{2000 + number}",
        Kind.NOTE: f"Line {number}\nand one below it: 'ä€ß'",
    }.get(kind, f"{name[0]}{number} ż \"o'ne\"" if spec is None or spec.limit > 20 else f"{number}")


def fill(desk: Desk, page: ClientPage, tab: str, name: str, text: str) -> None:
    """Another text in one field of a tab."""
    area = desk.show_tab(page, tab)
    for field in tabbed(desk, area):
        if name_of(field) == name:
            desk.hands.retype(text)
            return
    raise AssertionError(f"{tab} has no {name}")


def paste_photo(desk: Desk, page: ClientPage) -> None:
    """Ctrl+V on the photo's place, and Ctrl+Enter."""
    mime = QMimeData()
    mime.setData("image/png", picture("PNG", size=(80, 60)))
    QGuiApplication.clipboard().setMimeData(mime)
    for _ in range(40):
        if focus() is page.header.view.photo:
            break
        desk.hands.press(KEY.Key_Backtab, SHIFT)
    desk.hands.press(KEY.Key_V, CONTROL)
    desk.hands.until(lambda: desk.has_sheet("photo"))
    desk.hands.press(KEY.Key_Return, CONTROL)
    desk.hands.until(lambda: desk.window.sheets.front() is None)


def again(desk: Desk, page: ClientPage) -> ClientPage:
    """The record closed and opened again."""
    title = page.title()
    desk.settle()
    desk.close()
    return desk.find_page(title, title)
