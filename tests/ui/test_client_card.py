"""The card beside a list: who is this, in the order that is asked on the phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import event

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.records.clients import ClientRecord, Stage
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.services import Services, new_request
from studio_desktop.ui import theme
from studio_desktop.ui.hubs.client_card import CallWarning, ClientCard
from studio_desktop.ui.widgets.buttons import LinkButton
from studio_desktop.ui.widgets.marks import Badge, Light
from studio_desktop.ui.widgets.panels import SectionHeading
from tests.builders import a_client, a_member, a_phone, catalog_id
from tests.ui.conftest import DeskShell

Shown = Callable[[ClientRecord], ClientCard]


@pytest.fixture
def card(qtbot: QtBot, shell: DeskShell) -> ClientCard:
    made = ClientCard(shell)
    qtbot.addWidget(made)
    made.resize(made.width(), 640)
    made.show()
    return made


@pytest.fixture
def shown(qtbot: QtBot, card: ClientCard) -> Shown:
    """The card with a client on it."""

    def show(client: ClientRecord) -> ClientCard:
        card.show_client(client.id)
        qtbot.waitUntil(lambda: card.shown_id() == client.id)
        return card

    return show


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    """Everything the card can tell."""
    relation = {text: catalog_id(services, "relationships", text) for text in ("Husband", "Daughter", "Son", "Mother")}
    client = a_client(
        services, last_name="Adams", first_name="Anna", company="Adams Garden Design",
        call_warning="Works nights – call after 5 pm", do_not_market=True,
        status_id=catalog_id(services, "client_statuses", "Loyalty Client"), status_due_on=date(2026, 3, 6),
        phones=(
            a_phone("(330) 555-0142", label_id=catalog_id(services, "phone_labels", "Mobile"), sms=True),
            a_phone("(330) 555-0177", label_id=catalog_id(services, "phone_labels", "Home")),
        ),
        family=(
            a_member("Peter", last_name="Adams", relationship_id=relation["Husband"], secondary_contact=True,
                     birthday=PartialDate(5, 1, 1985)),
            a_member("Lily", last_name="Adams", relationship_id=relation["Daughter"],
                     birthday=PartialDate(3, 12, 2019)),
            a_member("Noah", last_name="Adams", relationship_id=relation["Son"], birthday=PartialDate(6, 5, 2021)),
            a_member("Ruth", last_name="Morgan", relationship_id=relation["Mother"], birthday=PartialDate(1, 8)),
        ),
    )  # fmt: skip
    note = NoteRecord(client_id=client.id, text="Bring the dog.\nAnd the oak frame.", alert=True)
    services.notes.add(note, new_request())
    return client


def words(card: ClientCard) -> list[str]:
    """Every text in sight, from top to bottom and left to right."""
    found = [
        (widget.mapTo(card, widget.rect().topLeft()), widget.text())
        for kind in (QLabel, LinkButton)
        for widget in card.findChildren(kind)
        if widget.isVisible() and widget.text()
    ]
    return [text for _, text in sorted(found, key=lambda one: (one[0].y() // 8, one[0].x()))]


def sections(card: ClientCard) -> list[str]:
    return [heading.get_text() for heading in card.findChildren(SectionHeading) if heading.isVisible()]


def test_that_it_answers_in_the_order_asked_on_the_phone(shown: Shown, anna: ClientRecord) -> None:
    """DESIGN 4; S2-01, S2-47, S3-49, S4-22."""
    assert words(shown(anna)) == [
        "Adams, Anna", "Adams Garden Design", "Loyalty Client",
        "Works nights – call after 5 pm",
        "(330) 555-0142", "Mobile, SMS", "(330) 555-0177", "Home",
        "Attention", "Status due 6 Mar, late 4 d", "Bring the dog.", "Do not market",
        "Family", "Peter, husband", "40 · secondary", "Lily, daughter", "7 on 12 Mar", "Noah, son", "4",
        "Ruth Morgan, mother", "8 Jan",
        "Last notes", "Bring the dog.", "10 Mar",
        "Last change", "Owner", "10 Mar 10:00",
        "Still to ask: address, e-mail, lead source",
    ]  # fmt: skip


def test_that_the_warning_is_white_on_red_and_wraps(shown: Shown, services: Services) -> None:
    long = "Works nights and sleeps until noon, ring twice, never before 5 pm, and ask for Peter if she is out"
    found = shown(a_client(services, call_warning=long)).findChild(CallWarning)
    assert isinstance(found, CallWarning)
    picture = found.grab().toImage()
    assert picture.pixelColor(3, picture.height() // 2) == theme.token("alarm")
    assert found.height() > 3 * 16
    assert found.accessibleName() == f"Call warning: {long}"


def test_that_causes_are_words_beside_signs_of_two_shapes(shown: Shown, anna: ClientRecord) -> None:
    """E10: never colour alone."""
    lights = [light.accessibleName() for light in shown(anna).findChildren(Light) if light.isVisible()]
    assert lights == ["Status due 6 Mar, late 4 d", "Bring the dog.", "Do not market"]


def test_that_sections_go_when_the_window_is_low_and_come_back(
    qtbot: QtBot, shown: Shown, anna: ClientRecord
) -> None:
    """DESIGN 4: the buttons never scroll."""
    card = shown(anna)
    assert sections(card) == ["Attention", "Family", "Last notes", "Last change"]
    heights = {}
    for height in range(640, 220, -10):
        card.resize(card.width(), height)
        heights.setdefault(tuple(sections(card)), height)
        bottom = card.open_button.mapTo(card, card.open_button.rect().bottomLeft()).y()
        assert bottom <= height
    assert list(heights) == [
        ("Attention", "Family", "Last notes", "Last change"),
        ("Attention", "Family", "Last notes"),
        ("Attention", "Family"),
        ("Attention",),
        (),
    ]
    assert card.minimumSizeHint().height() < 200, "no client makes the window high"
    card.resize(card.width(), 640)
    assert sections(card) == ["Attention", "Family", "Last notes", "Last change"]


def test_that_its_buttons_open_copy_and_label(qtbot: QtBot, shell: DeskShell, shown: Shown, anna: ClientRecord) -> None:
    card = shown(anna)
    opened: list[int] = []
    labelled: list[int] = []
    card.open_wanted.connect(opened.append)
    card.label_wanted.connect(labelled.append)
    for button in (card.open_button, card.copy_button, card.label_button):
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)
    assert (opened, labelled) == ([anna.id], [anna.id])
    assert QGuiApplication.clipboard().text() == "(330) 555-0142"
    assert shell.said == ["(330) 555-0142 is on the clipboard."]


def test_that_a_number_dials(
    qtbot: QtBot, shell: DeskShell, shown: Shown, anna: ClientRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """E8: a tel: link."""
    opened: list[str] = []
    monkeypatch.setattr(shell.prompts, "open_external", opened.append)
    number = next(one for one in shown(anna).findChildren(LinkButton) if one.text() == "(330) 555-0177")
    number.click()
    assert opened == ["tel:+13305550177"]


def test_that_it_looks_again_when_the_client_changes_and_only_then(
    qtbot: QtBot, shell: DeskShell, card: ClientCard, shown: Shown, anna: ClientRecord, other_desk: Services
) -> None:
    """E17."""
    shown(anna)
    other = a_client(other_desk, last_name="Baker")
    base = other_desk.clients.get(anna.id)
    saved = other_desk.clients.save(base, replace(base, stage=Stage.ARCHIVED), new_request())
    card.refresh(saved.changes)
    qtbot.waitUntil(lambda: "Archived" in [badge.accessibleName() for badge in card.findChildren(Badge)])
    other_base = other_desk.clients.get(other.id)
    changed = other_desk.clients.save(other_base, replace(other_base, nickname="Bob"), new_request())
    with reading(shell) as statements:
        card.refresh(changed.changes)
        with qtbot.waitCallback() as read_on:
            shell.tasks.run(card, lambda: None, read_on, lane="read")
    assert statements == []


def test_that_nobody_chosen_leaves_nothing_to_press(card: ClientCard, shown: Shown, anna: ClientRecord) -> None:
    shown(anna)
    card.show_client(None)
    assert words(card) == ["Choose a row to see who it is."]
    assert not any(button.isEnabled() for button in (card.open_button, card.copy_button, card.label_button))


def test_that_only_the_last_of_many_rows_is_read(
    qtbot: QtBot, card: ClientCard, services: Services, anna: ClientRecord
) -> None:
    others = [a_client(services, last_name=f"Baker{number}") for number in range(5)]
    for client in (*others, anna):
        card.show_client(client.id)
    qtbot.waitUntil(lambda: card.shown_id() == anna.id)


def test_that_a_deleted_client_leaves_an_empty_card(
    qtbot: QtBot, shell: DeskShell, card: ClientCard, shown: Shown, anna: ClientRecord
) -> None:
    shown(anna)
    card.show_client(anna.id + 1000)
    qtbot.waitUntil(lambda: card.shown_id() is None)
    assert shell.failures == []


def test_that_the_card_reads_three_statements(shell: DeskShell, shown: Shown, anna: ClientRecord) -> None:
    """PERFORMANCE: round trips are the cost on a network."""
    with reading(shell) as statements:
        shown(anna)
    assert len(statements) == 3


@contextmanager
def reading(shell: DeskShell) -> Iterator[list[str]]:
    """The statements that were read meanwhile."""
    statements: list[str] = []
    engine = shell.services.database._read

    def note(*call: Any) -> None:
        if call[2].startswith("SELECT"):
            statements.append(call[2])

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)
