"""The Lead tab: there for leads only, moved by one key, saved with the client (S0-10, S0-11, S0-12, B14)."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientKind, ClientRecord
from studio_desktop.domain.records.leads import LeadRecord, NextAction
from studio_desktop.services import Services
from studio_desktop.ui.client_window.lead_tab import LeadTab
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.main_window import MainWindow
from tests.builders import a_client, a_pipeline, catalog_id
from tests.ui.client_desk import ALT, CTRL, SHIFT, Key, field, open_in, pick, press, press_key_of_tab, retype, save

pytestmark = [
    pytest.mark.databases("sqlite"),
    pytest.mark.qt_log_ignore("This plugin does not support"),  # said for every menu without a screen
]


def lead_tab(qtbot: QtBot, page: ClientPage) -> LeadTab:
    """The tab in front, read."""
    press_key_of_tab(page, "lead")
    qtbot.waitUntil(lambda: page.tabs.current() == "lead")
    tab = page.show_tab("lead", focus=False)
    assert isinstance(tab, LeadTab)
    qtbot.waitUntil(lambda: bool(tab.body.leads_list.lines()))
    return tab


def the_lead(services: Services, client: ClientRecord) -> LeadRecord:
    (found,) = services.leads.of_client(client.id)
    return found


def line(tab: LeadTab) -> str:
    """What the first line of the list says."""
    return tab.body.leads_list.lines()[0].text


def choose(text: str) -> None:
    """Take a line of the menu that is open."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(action for action in menu.actions() if action.text() == text)
    menu.setActiveAction(action)
    QTest.keyClick(menu, Key.Key_Return)


def test_that_only_who_is_or_was_a_lead_has_the_tab_and_other_tabs_keep_their_keys(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """B14."""
    page = open_in(qtbot, window, a_client(services, last_name="Client"))
    of_client = page.tabs.ids()
    assert "lead" not in of_client
    page = open_in(qtbot, window, a_client(services, last_name="Lead", kind=ClientKind.LEAD))
    assert page.tabs.ids() == [*of_client, "lead"]
    window.action_set["to_client"].trigger()
    qtbot.waitUntil(lambda: services.clients.get(page.client_id).kind is ClientKind.CLIENT)
    assert "lead" in page.tabs.ids()


def test_that_one_key_moves_a_lead_on_and_what_was_typed_is_saved_with_the_client(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """S0-10, S0-13, S0-12, B14: at last it is won and a client, and one Undo takes both back."""
    client = a_client(services, kind=ClientKind.LEAD)
    page = open_in(qtbot, window, client)
    tab = lead_tab(qtbot, page)
    assert line(tab) == "New inquiry · Inquiries"
    retype(field(tab, "remark_edit"), "Wedding on 12 September")
    retype(field(tab, "next_action_on_edit"), "20 mar")
    assert page.unsaved() == ("Lead",)
    save(qtbot, page)
    saved = the_lead(services, client)
    assert (saved.remark, saved.next_action_on) == ("Wedding on 12 September", date(2026, 3, 20))
    press(Key.Key_J, CTRL | SHIFT)
    qtbot.waitUntil(lambda: line(tab) == "Contacted · Inquiries")
    assert field(tab, "next_action_combo").currentData() == NextAction.EMAIL
    assert field(tab, "next_action_text_edit").text() == "Send prices and samples"
    for stage in ("Consultation", "Proposal sent", "Booked"):
        press(Key.Key_J, CTRL | SHIFT)
        qtbot.waitUntil(lambda stage=stage: line(tab) == f"{stage} · Inquiries")
    qtbot.waitUntil(lambda: services.clients.get(client.id).kind is ClientKind.CLIENT)
    assert not field(tab, "next_button").isVisible()
    window.action_set["undo_last"].trigger()
    qtbot.waitUntil(lambda: line(tab) == "Proposal sent · Inquiries")
    assert services.clients.get(client.id).kind is ClientKind.LEAD


def test_that_a_stage_is_chosen_and_a_lead_is_lost_with_its_reason_by_keys(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """S0-11, B14."""
    client = a_client(services, kind=ClientKind.LEAD)
    tab = lead_tab(qtbot, open_in(qtbot, window, client))
    pick(field(tab, "stage_combo"), "Consultation")
    qtbot.waitUntil(lambda: line(tab) == "Consultation · Inquiries")
    press(Key.Key_L, ALT)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    choose("Price")
    qtbot.waitUntil(lambda: line(tab) == "Lost · Inquiries")
    lost = the_lead(services, client)
    assert lost.lost_reason_id == catalog_id(services, "lost_reasons", "Price")
    assert services.clients.get(client.id).kind is ClientKind.PROSPECT
    assert tab.body.leads_list.lines()[0].second.endswith("Price")
    pick(field(tab, "lost_reason_id_combo"), "No answer")
    page = window.book.current()
    assert isinstance(page, ClientPage)
    save(qtbot, page)
    assert the_lead(services, client).lost_reason_id == catalog_id(services, "lost_reasons", "No answer")


def test_that_a_lead_may_be_won_without_becoming_a_client(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """B14: conversion is offered, not forced."""
    client = a_client(services, kind=ClientKind.LEAD)
    tab = lead_tab(qtbot, open_in(qtbot, window, client))
    field(tab, "converts_check").setChecked(False)
    pick(field(tab, "stage_combo"), "Booked")
    qtbot.waitUntil(lambda: line(tab) == "Booked · Inquiries")
    assert services.clients.get(client.id).kind is ClientKind.LEAD


def test_that_a_client_is_put_into_another_pipeline_and_each_lead_opens_by_itself(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """S0-13, B14: what is typed about one is saved when another one is opened."""
    schools = a_pipeline(services, "Schools", "Asked")
    window.apply(services.catalogs.save("pipelines", services.catalogs.rows("pipelines")[0], {}, "r-1").changes)
    client = a_client(services, kind=ClientKind.LEAD)
    services.leads.put_in([client.id], schools, "r-2")
    tab = lead_tab(qtbot, open_in(qtbot, window, client))
    qtbot.waitUntil(lambda: len(tab.body.leads_list.lines()) == 2)
    retype(field(tab, "remark_edit"), "Wedding")
    tab.body.leads_list.setFocus()
    press(Key.Key_Down)
    qtbot.waitUntil(lambda: field(tab, "remark_edit").text() == "")
    assert {one.remark for one in services.leads.of_client(client.id)} == {"Wedding", ""}
