"""What the ribbon offers for an open client, worked by its letters, and the detail tabs below the header."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.ribbon.buttons import RibbonButton
from studio_desktop.ui.ribbon.strip import Strip
from tests.builders import a_client, a_phone, catalog_id
from tests.ui.client_desk import CTRL, open_in

# Said for every menu without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key


class Desk:
    """A window with a client open, and what was opened outside."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot = qtbot
        self.window = window
        self.opened: list[str] = []
        window.prompts.open_external = self.opened.append  # type: ignore[method-assign]

    def open(self, client: ClientRecord) -> ClientPage:
        return open_in(self.qtbot, self.window, client)

    def page_of(self, tab: str) -> Strip:
        self.window.ribbon.show_tab(tab)
        QApplication.processEvents()
        return next(strip for strip in self.window.findChildren(Strip) if strip.isVisible())

    def type_letters(self, letters: str) -> None:
        """Alt, then the letters, as the system sends keys."""
        for key in (Key.Key_Alt, *(Key(ord(letter)) for letter in letters)):
            QTest.keyClick(self.window.window().windowHandle(), key)
            QApplication.processEvents()


@pytest.fixture
def desk(qtbot: QtBot, window: MainWindow) -> Desk:
    return Desk(qtbot, window)


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    """Everything that leads outside."""
    home = catalog_id(services, "phone_labels", "Home")
    return a_client(
        services, last_name="Adams", first_name="Anna", call_warning="Works nights",
        phones=[a_phone("330 555 0142"), a_phone("330 555 0177", label_id=home), a_phone("330 555 0188")],
        emails=["anna@example.com"], street="1 Mill Street", town="Fairbrook", region="OH", postcode="44199",
        website="www.example.com", facebook="https://facebook.com/anna", linkedin="https://linkedin.com/in/anna",
        twitter="https://x.com/anna",
    )  # fmt: skip


@pytest.fixture
def bare(services: Services) -> ClientRecord:
    return a_client(services, last_name="Bare")


def groups(strip: Strip) -> list[str]:
    return [group.plan.name for group in strip.groups()]


def test_that_an_open_client_brings_the_tabs_record_communication_and_online(desk: Desk, anna: ClientRecord) -> None:
    """S3-02, S3-04."""
    bar = desk.window.ribbon.findChild(QTabBar)
    assert isinstance(bar, QTabBar)

    def names() -> list[str]:
        return [bar.tabText(at) for at in range(bar.count()) if bar.isTabVisible(at)]

    before = names()
    assert "Home" in before
    desk.open(anna)
    assert names() == [*before, "Record", "Communication", "Online"]
    assert groups(desk.page_of("client_communication")) == ["Phone Calls", "Messages", "Letters", "Notes"]
    desk.window.open_page("clients")
    assert names() == before


def test_that_every_button_of_every_tab_says_what_it_does(desk: Desk, anna: ClientRecord) -> None:
    """S3-02."""
    desk.open(anna)
    for tab in desk.window.ribbon.visible_tabs():
        if tab == "file":
            continue
        for button in desk.page_of(tab).findChildren(RibbonButton):
            action = button.defaultAction()
            if action is not None:
                title, *text = button.toolTip().split("<br>")
                assert title, tab
                assert text, f"{action.objectName()} on {tab}"


@pytest.mark.parametrize(
    ("letters", "link"),
    [
        ("JCK", "tel:+13305550142"),
        ("JCM", "mailto:anna@example.com"),
        ("JOHS", "www.example.com"),
        ("JOHB", "https://facebook.com/anna"),
        ("JOHK", "https://linkedin.com/in/anna"),
        ("JOHX", "https://x.com/anna"),
        ("JOHM", "https://www.google.com/maps/search/?api=1&query=1%20Mill%20Street%2C%20Fairbrook%2C%20OH%2044199"),
    ],
)
def test_that_letters_lead_outside_to_whatever_the_client_has(
    desk: Desk, anna: ClientRecord, letters: str, link: str
) -> None:
    """S3-02."""
    desk.open(anna)
    desk.type_letters(letters)
    desk.qtbot.waitUntil(lambda: desk.opened == [link])


def test_that_another_number_is_called_from_a_drop_down_with_the_call_warning(desk: Desk, anna: ClientRecord) -> None:
    """S2-35, S3-04."""
    desk.open(anna)
    fill = desk.window.action_set.menu("dial_other")
    assert fill is not None
    entries = list(fill())
    said = ["Home  (330) 555-0177  Works nights", "(330) 555-0188  Works nights"]
    assert [(entry.text, entry.icon) for entry in entries] == [(text, "warning") for text in said]
    entries[1].run()
    assert desk.opened == ["tel:+13305550188"]
    desk.window.action_set["dial_other"].trigger()
    assert desk.opened[1:] == ["tel:+13305550177"]


@pytest.mark.parametrize(
    ("action", "why"),
    [
        ("dial", "No phone number is known."),
        ("dial_other", "No other phone number is known."),
        ("email", "No e-mail address is known."),
        ("client_label", "No address is known."),
        ("open_website", "Website is not known."),
        ("open_facebook", "Facebook is not known."),
        ("open_linkedin", "LinkedIn is not known."),
        ("open_twitter", "Twitter is not known."),
        ("open_map", "No address is known."),
    ],
)
def test_that_what_a_client_does_not_have_is_grey_and_says_why(
    desk: Desk, anna: ClientRecord, bare: ClientRecord, action: str, why: str
) -> None:
    """S3-02."""
    desk.open(bare)
    assert not desk.window.action_set[action].isEnabled()
    assert why in desk.window.action_set[action].toolTip()
    desk.open(anna)
    assert desk.window.action_set[action].isEnabled()


def test_that_label_and_note_are_for_the_client_in_front(desk: Desk, anna: ClientRecord) -> None:
    """S3-04."""
    page = desk.open(anna)
    desk.window.action_set["new_note"].trigger()
    assert page.tabs.current() == "notes"
    desk.window.action_set["client_label"].trigger()
    sheet = desk.window.sheets.front()
    assert sheet is not None
    assert (sheet.name, sheet.chip()) == ("labels", "Labels: Adams, Anna")


def test_that_detail_tabs_across_the_lower_half_hold_what_belongs_to_the_client(
    desk: Desk, anna: ClientRecord
) -> None:
    """S2-14: each is reached by its key, fills the page below the header from edge to edge, and the header stays."""
    page = desk.open(anna)

    def place(widget: QWidget) -> QRect:
        return QRect(widget.mapTo(page, QPoint(0, 0)), widget.size())

    header = place(page.header)
    for number, name in enumerate(page.tabs.ids(), 1):
        QTest.keyClick(QApplication.focusWidget() or page, Key(Key.Key_0 + number), CTRL)
        desk.qtbot.waitUntil(_is_shown(page, name))
        shown = place(page.show_tab(name, focus=False))
        assert place(page.header) == header
        assert header.bottom() < place(page.tabs).top() <= place(page.tabs).bottom() < shown.top()
        assert (shown.left(), shown.right(), shown.bottom()) == (0, page.width() - 1, page.height() - 1)
        assert shown.height() > page.height() / 2


def _is_shown(page: ClientPage, name: str) -> Callable[[], bool]:
    return lambda: page.tabs.current() == name and page.show_tab(name, focus=False).isVisible()
