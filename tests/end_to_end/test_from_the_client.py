"""From one client to all that is known of it and back, and from an interest or a birthday to the phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QPushButton

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.records.clients import Occasion, PlanDateRow
from studio_desktop.services import Services, new_request
from studio_desktop.ui.client_window.window import ClientPage
from tests.builders import a_client, a_member, catalog_id
from tests.end_to_end.desk import Desk
from tests.end_to_end.errands import choose, hub, kept, labels, listed, paper, report
from tests.end_to_end.test_maintained import setting

KEY = Qt.Key
ALT, CONTROL, SHIFT = (
    Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier,
)  # fmt: skip
HOME = {"street": "1 Mill Street", "town": "Fairbrook", "region": "OH", "postcode": "44199"}

pytestmark = [pytest.mark.timeout(300), pytest.mark.qt_log_ignore("This plugin does not support")]


def test_that_all_of_a_client_is_one_step_away_and_leads_back(desk: Desk, services: Services) -> None:
    """Every tab by one key, every errand by one press; who was sent leads to who sent, and sheets say whose they are.

    E15.
    """
    hands, window = desk.hands, desk.window
    anna = a_client(
        services, phones=["330 555 0142"], emails=["anna@example.com"], website="www.example.com", **HOME
    )
    a_client(services, last_name="Cole", first_name="Cora", referred_by_client_id=anna.id)
    page = desk.find_page("adams", "Adams, Anna")
    for name in page.tabs.ids():
        desk.show_tab(page, name)
    for errand in (
        "dial", "email", "open_map", "open_website", "new_note", "groups", "history", "link_client", "change_status",
        "edit_header", "photo", "labels", "client_label", "archive", "delete", "merge_clients",
    ):  # fmt: skip
        assert window.action_set[errand].isEnabled(), errand
    for errand in ("history", "change_status", "link_client"):
        window.action_set[errand].trigger()
        sheet = window.sheets.front()
        assert sheet is not None
        client = sheet.client_in_hand() or window.client_in_hand()
        assert client is not None
        assert client.id == anna.id
        desk.settle()
        window.sheets.park()

    desk.show_tab(page, "referrals")
    hands.press(KEY.Key_Return)
    hands.until(lambda: desk.is_at("Cole, Cora"))
    sent = window.book.current()
    assert isinstance(sent, ClientPage)
    hands.until(lambda: sent.title() == "Cole, Cora")
    back = desk.show_tab(sent, "summary").findChild(QPushButton, "Referred by")
    assert back is not None
    back.setFocus()
    hands.press(KEY.Key_Space)
    hands.until(lambda: desk.is_at("Adams, Anna"))
    hands.press(KEY.Key_Left, ALT)
    hands.until(lambda: desk.is_at("Cole, Cora"))


def test_that_an_interest_and_a_birthday_lead_to_whom_to_call_and_who_is_left_out(
    desk: Desk, services: Services, tmp_path: Path
) -> None:
    """An empty week is filled from an interest by phone and by post; a date that is a plan calls before its day.

    S3-24, S3-25, S3-26, S3-27, S2-43 and B2, the rules: calls and messages that are kept come later.
    """
    hands = desk.hands
    fall = frozenset({catalog_id(services, "marketing_plans", "Fall colors")})
    peter = a_member("Peter", birthday=PartialDate(3, 19, 2019))
    planned = (PlanDateRow(uid=new_request(), member_uid=peter.uid, occasion=Occasion.BIRTHDAY),)
    a_client(services, phones=["330 555 0142"], plans=fall, family=(peter,), plan_dates=planned, **HOME)
    own = (PlanDateRow(uid=new_request(), occasion=Occasion.BIRTHDAY),)
    a_client(
        services, last_name="Quiet", first_name="Quinn", phones=["330 555 0143"], do_not_call=True,
        birthday=PartialDate(3, 12, 1980), plan_dates=own, **HOME,
    )  # fmt: skip
    a_client(services, last_name="Berg", first_name="Bea", do_not_market=True, plans=fall, **HOME)
    hands.press(KEY.Key_F12, SHIFT)
    choose(desk, "Marketing plan", "Fall colors")
    assert listed(desk) == ["Adams, Anna", "Berg, Bea"]
    labels(desk, tmp_path / "fall.pdf")
    assert ("Anna" in paper(tmp_path / "fall.pdf"), "Berg" in paper(tmp_path / "fall.pdf")) == (True, False)

    report(desk, "Calls for birthdays and anniversaries")
    hands.press(KEY.Key_Return, CONTROL)
    kept(desk, tmp_path / "week.pdf")
    told = paper(tmp_path / "week.pdf")
    assert "Peter" in told
    assert ("Quiet, Quinn" in told, "(330) 555-0143" in told, "do not call" in told) == (True, False, True)
    setting(desk, "Days before a birthday")
    hands.retype("1\n")
    hands.until(lambda: services.preferences.get().birthday_days == 1)
    desk.settle()
    report(desk, "Calls for birthdays and anniversaries")
    hands.press(KEY.Key_Return, CONTROL)
    kept(desk, tmp_path / "day.pdf")
    assert "Quiet, Quinn" in paper(tmp_path / "day.pdf")
    assert "Peter" not in paper(tmp_path / "day.pdf")


def test_that_the_list_says_whom_a_run_for_many_leaves_out_by_which_channel(desk: Desk, services: Services) -> None:
    """By letter, e-mail, text and phone; ticking Do not market on the client's page changes all four.

    S2-38, S2-39, S2-40, S2-41, S2-43, B10, the rule: labels ask it, and so will the runs that a later part sends.
    """
    hands = desk.hands
    a_client(services, **HOME)
    a_client(services, last_name="Quiet", first_name="Quinn", do_not_call=True, **HOME)
    hands.press(KEY.Key_F12, SHIFT)
    assert listed(desk) == ["Adams, Anna", "Quiet, Quinn"]
    menu = QMenu(desk.window)
    hub(desk).list.fill_columns_menu(menu)
    for action in menu.actions():
        if action.text().startswith("Left out of group"):
            action.trigger()
    columns = [f"left_out_{channel}" for channel in ("letter", "email", "sms", "call")]

    def left_out() -> dict[str, list[str]]:
        names = listed(desk)
        shown = hub(desk).list
        return {name: [shown.text(row, one) for one in columns] for row, name in enumerate(names)}

    assert left_out() == {"Adams, Anna": [""] * 4, "Quiet, Quinn": ["", "", "", "do not call"]}
    page = desk.find_page("adams", "Adams, Anna")
    desk.show_tab(page, "general")
    hands.tab_to("do_not_market_check")
    hands.press(KEY.Key_Space)
    desk.save(page)
    hands.press(KEY.Key_F12, SHIFT)
    hands.until(lambda: desk.is_at("Clients"))
    assert left_out()["Adams, Anna"] == ["do not market"] * 4
