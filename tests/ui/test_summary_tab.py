"""The Summary tab tells the client's story, the Referrals tab whom the client has sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from studio_desktop.ui.client_window.referrals_tab import ReferralsTab
from studio_desktop.ui.client_window.summary_tab import SummaryTab
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.widgets.plain_label import PlainLabel
from tests.builders import a_client, a_member, catalog_id
from tests.ui.client_desk import CTRL, Key, open_in, open_page, press, press_key_of_tab
from tests.ui.conftest import DeskShell


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    sender = a_client(services, last_name="Bennett", first_name="Laura")
    return a_client(
        services, last_name="Adams", first_name="Anna", phones=["330 555 0142"], family=(a_member("Lily"),),
        referred_by_client_id=sender.id, lead_source_id=catalog_id(services, "lead_sources", "Friend or family"),
        contract_date=date(2025, 8, 14), do_not_call=True,
    )  # fmt: skip


def told(page: ClientPage) -> dict[str, str]:
    """Each fact of the Summary tab by its label."""
    tab = page.show_tab("summary")
    assert isinstance(tab, SummaryTab)
    shown = [
        one.accessibleName()
        for kind in (PlainLabel, QAbstractButton)
        for one in tab.findChildren(kind)
        if one.isVisible() and ": " in one.accessibleName()
    ]
    return dict(line.split(": ", 1) for line in shown)


def test_that_the_summary_tells_when_by_whom_and_who_was_sent(
    qtbot: QtBot, shell: DeskShell, anna: ClientRecord, services: Services
) -> None:
    """S2-98, S2-99, S2-111, S3-34, S4-22."""
    sent = a_client(services, last_name="Cole", referred_by_client_id=anna.id)
    a_client(services, last_name="Diaz", referred_by_client_id=anna.id)
    gone = a_client(services, last_name="Gone", referred_by_client_id=anna.id)
    services.clients.delete([gone.id], new_request())
    page = open_page(qtbot, shell, anna)
    facts = told(page)
    today = shell.formats.day(services.desk.clock.today(), services.desk.clock.today())
    assert facts["Created"] == f"{today} by {services.desk.user_name}"
    assert facts["Clients referred"] == "2"
    assert "Bennett" in facts["Referred by"]
    assert facts["Lead source"] == "Friend or family"
    assert facts["Contract"] == shell.formats.day(date(2025, 8, 14), services.desk.clock.today())
    assert facts["Family members"] == "1"
    assert facts["Does not want"] == "calls"
    assert facts["Still to ask"] == "address, e-mail"
    base = services.clients.get(sent.id)
    changes = services.clients.save(base, replace(base, referred_by_client_id=None), new_request()).changes
    page.refresh(changes)
    other = services.clients.get(anna.id)
    page.refresh(services.clients.save(other, replace(other, do_not_call=False), new_request()).changes)
    qtbot.waitUntil(lambda: "Does not want" not in told(page))
    assert told(page)["Clients referred"] == "1"


def test_that_a_fact_that_stands_elsewhere_leads_there_by_keyboard(
    qtbot: QtBot, window: MainWindow, anna: ClientRecord, services: Services
) -> None:
    a_client(services, last_name="Cole", referred_by_client_id=anna.id)
    page = open_in(qtbot, window, anna)
    press_key_of_tab(page, "summary")
    links = {link.objectName(): link for link in page._tab("summary").findChildren(QAbstractButton)}
    links["Clients referred"].setFocus()
    press(Key.Key_Space)
    assert page.tabs.current() == "referrals"
    page.show_tab("summary")
    links["Referred by"].setFocus()
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: "Bennett" in window.book.current().title())


def test_that_the_referrals_tab_lists_and_sorts_whom_the_client_sent_and_opens_them(
    qtbot: QtBot, window: MainWindow, anna: ClientRecord, services: Services, tmp_path: Path
) -> None:
    """S2-15, S2-27, S2-115: first name, last name, main phone; and as a file, as any list."""
    window.save_settings(replace(window.settings, reports_folder=str(tmp_path)))
    for first, last, phone in (("Cora", "Zimmer", "330 555 0101"), ("Zoe", "Cole", "330 555 0102")):
        a_client(services, first_name=first, last_name=last, phones=[phone], referred_by_client_id=anna.id)
    a_client(services, last_name="Stranger", referred_by_name="somebody")
    page = open_in(qtbot, window, anna)
    assert page.tabs._tabs["referrals"].accessibleName() == "Referrals, 2"
    press_key_of_tab(page, "referrals")
    tab = page._tab("referrals")
    assert isinstance(tab, ReferralsTab)
    qtbot.waitUntil(lambda: tab.list.is_loaded and tab.list.total == 2)

    def shown(key: str) -> list[str]:
        return [tab.list.text(row, key) for row in range(tab.list.total)]

    tab.list.grid.header.sort_wanted.emit(tab.list.model.column_of("first_name"), False)
    qtbot.waitUntil(lambda: shown("first_name") == ["Cora", "Zoe"])
    assert shown("last_name") == ["Zimmer", "Cole"]
    assert shown("phone") == ["(330) 555-0101", "(330) 555-0102"]
    window.action_set["csv"].trigger()
    qtbot.waitUntil(lambda: bool(list(tmp_path.glob("Referrals of*.csv"))))
    (written,) = tmp_path.glob("Referrals of*.csv")
    qtbot.waitUntil(lambda: len(written.read_text("utf-8-sig").splitlines()) == 3)
    page.show_tab("summary")
    assert not window.action_set["csv"].isEnabled()
    page.show_tab("referrals")
    tab.take_focus()
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: "Zimmer" in window.book.current().title())
    press(Key.Key_PageDown, CTRL)
    qtbot.waitUntil(lambda: "Cole" in window.book.current().title())


def test_that_nobody_sent_says_how_somebody_comes_into_the_list(
    qtbot: QtBot, shell: DeskShell, services: Services
) -> None:
    lonely = a_client(services, last_name="Lonely")
    page = open_page(qtbot, shell, lonely)
    tab = page.show_tab("referrals")
    qtbot.waitUntil(lambda: any("sent nobody" in one.text() for one in tab.findChildren(PlainLabel) if one.isVisible()))
    assert page.tabs._tabs["referrals"].accessibleName() == "Referrals, 0"
