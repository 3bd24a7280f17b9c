"""What is owed and what is held, from one place, on the record and on the card (B6, B7, D17)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from sqlalchemy import Date, Integer, Select, case, cast, literal, select

from studio_desktop.database.tables.people import note
from studio_desktop.domain.balances import Balance
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.services import Services, new_request
from studio_desktop.services.balances import BALANCED_BY
from studio_desktop.ui.hubs.client_card import ClientCard
from studio_desktop.ui.widgets.links import LightLink
from studio_desktop.ui.widgets.marks import Light
from tests.builders import a_client
from tests.ui.client_desk import open_page
from tests.ui.conftest import DeskShell

TODAY = date(2026, 3, 10)
YESTERDAY = date(2026, 3, 9)
SAID = ("Past due", "Not yet due", "Credit available")


def source(is_late: bool) -> Select[Any]:
    """As invoices will be one: notes with a sum for text; alerts are due yesterday, the others today or at no day."""
    due_on = case((note.c.alert, literal(YESTERDAY, Date)), else_=literal(None if is_late else TODAY, Date))
    amount = cast(note.c.text, Integer).label("amount")
    return select(note.c.client_id, amount, due_on.label("due_on")).where(
        note.c.deleted_at.is_(None), note.c.alert.is_(is_late)
    )


@pytest.fixture
def _notes_are_invoices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BALANCED_BY, "late ones", source(True))
    monkeypatch.setitem(BALANCED_BY, "the others", source(False))


def enter(services: Services, client_id: int, amount: int, *, late: bool = False) -> None:
    services.notes.add(NoteRecord(client_id=client_id, text=str(amount), alert=late), new_request())


@pytest.mark.usefixtures("_notes_are_invoices")
def test_that_past_due_not_yet_due_and_credit_are_told_apart_and_never_netted(services: Services) -> None:
    """B7: Bob of its example owes 340; what is due today is not late yet, a credit stands by itself."""
    bob, ann = a_client(services, last_name="Bob"), a_client(services, last_name="Ann")
    enter(services, bob.id, 34_000, late=True)
    enter(services, bob.id, 10_000)
    enter(services, bob.id, 2_550)
    enter(services, bob.id, -10_800)
    balance = services.clients.open(bob.id).balance
    assert balance == Balance(past_due=34_000, not_yet_due=12_550, credit=10_800)
    assert (balance.open, balance.net) == (46_550, 35_750)
    assert services.clients.open(ann.id).balance == Balance()


def test_that_nobody_owes_anything_where_nothing_has_a_balance(services: Services) -> None:
    assert services.clients.open(a_client(services, last_name="Ann").id).balance == Balance()


@pytest.mark.usefixtures("_notes_are_invoices")
def test_that_the_record_and_the_card_say_what_is_owed_with_lights_that_lead_to_the_summary(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    bob = a_client(services, last_name="Bob")
    enter(services, bob.id, 34_000, late=True)
    enter(services, bob.id, -120_450)
    page = open_page(qtbot, shell, bob)
    found = {light.cause: light for light in page.findChildren(LightLink)}
    assert {cause: light.accessibleName() for cause, light in found.items() if cause in SAID} == {
        "Past due": "Past due 340.00",
        "Credit available": "Credit available 1,204.50",
    }
    QTest.keyClick(found["Past due"], Qt.Key.Key_Return)
    assert page.tabs.current() == "summary"
    card = ClientCard(shell)
    qtbot.addWidget(card)
    card.resize(card.width(), 640)
    card.show()
    card.show_client(bob.id)
    qtbot.waitUntil(lambda: card.shown_id() == bob.id)
    causes = [light.accessibleName() for light in card.findChildren(Light)]
    assert causes[:2] == ["Past due 340.00", "Credit available 1,204.50"]
