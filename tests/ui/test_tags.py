"""Tags: chips on the Groups tab, offered while typing, made of a new word, taken away by Del or the cross."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from studio_desktop.ui.client_window.tags_editor import TagsEditor
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.hubs.clients import ClientsPage
from studio_desktop.ui.widgets.chips import Chip
from studio_desktop.ui.widgets.marks import Badge
from tests.builders import a_client, catalog_id
from tests.ui.client_desk import Key, crash, open_page, press, save
from tests.ui.conftest import DeskShell

pytestmark = pytest.mark.databases("sqlite")
"""That saving holds on both databases is proven with the client's page."""


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    """Tagged as VIP; the studio has "Wall art" and "Slow payer" besides."""
    ids = [services.catalogs.tag(word, new_request()).result.id for word in ("VIP", "Wall art", "Slow payer")]
    return a_client(services, tags=frozenset(ids[:1]))


@pytest.fixture
def page(qtbot: QtBot, shell: DeskShell, anna: ClientRecord) -> ClientPage:
    shell.choices = shell.services.catalogs.choices()
    return open_page(qtbot, shell, anna)


@pytest.fixture
def tags(page: ClientPage) -> TagsEditor:
    return of(page)


def of(page: ClientPage) -> TagsEditor:
    page.show_tab("groups")
    found = page.findChild(TagsEditor)
    assert isinstance(found, TagsEditor)
    found.line.setFocus()
    return found


def words(services: Services, client: int) -> set[str]:
    named = {one.id: one.text for one in services.catalogs.choices()["client_tags"]}
    return {named[one] for one in services.clients.get(client).tags}


def test_that_a_known_tag_is_offered_while_typing_and_enter_takes_it(
    qtbot: QtBot, page: ClientPage, tags: TagsEditor, services: Services
) -> None:
    """S0-22, S4-26."""
    assert tags.texts_of_chips() == ["VIP"]
    QTest.keyClicks(tags.line, "ar")
    assert tags.offered() == ["Wall art", "New tag “ar”"]
    press(Key.Key_Return)
    assert tags.texts_of_chips() == ["VIP", "Wall art"]
    assert page.unsaved() == ("Tags",)
    save(qtbot, page)
    assert words(services, page.client_id) == {"VIP", "Wall art"}


def test_that_a_new_word_makes_a_tag_for_the_whole_studio(
    qtbot: QtBot, page: ClientPage, tags: TagsEditor, services: Services, shell: DeskShell
) -> None:
    """S0-06, S0-22, B13."""
    QTest.keyClicks(tags.line, "Newborn 2026")
    assert tags.offered() == ["New tag “Newborn 2026”"]
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: tags.texts_of_chips() == ["VIP", "Newborn 2026"])
    assert tags.line.text() == ""
    assert [text for text, _ in shell.saves] == ["New tag: Newborn 2026"]
    save(qtbot, page)
    assert words(services, page.client_id) == {"VIP", "Newborn 2026"}


def test_that_saving_takes_over_what_is_typed_and_leaves_no_word_behind(
    qtbot: QtBot, page: ClientPage, tags: TagsEditor, services: Services
) -> None:
    QTest.keyClicks(tags.line, "slow payer")
    QTest.keyClick(tags.line, Key.Key_Comma)
    QTest.keyClicks(tags.line, "Twins")
    assert page.unsaved() == ("Tags",)
    done: list[bool] = []
    page.save(lambda: done.append(True))
    qtbot.waitUntil(lambda: done == [True])
    assert page.unsaved() == ()
    assert words(services, page.client_id) == {"VIP", "Slow payer", "Twins"}


def test_that_a_tag_that_another_desk_made_meanwhile_is_taken_and_not_made_twice(
    qtbot: QtBot, page: ClientPage, tags: TagsEditor, services: Services, other_desk: Services
) -> None:
    other_desk.catalogs.tag("Twins", new_request())
    QTest.keyClicks(tags.line, "twins")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: tags.texts_of_chips() == ["VIP", "Twins"])
    known = [one.text for one in services.catalogs.choices()["client_tags"]]
    assert known == ["VIP", "Wall art", "Slow payer", "Twins"]


def test_that_backspace_leads_to_the_last_chip_and_del_takes_it_away(
    qtbot: QtBot, page: ClientPage, tags: TagsEditor, services: Services
) -> None:
    press(Key.Key_Backspace)
    assert QApplication.focusWidget().text() == "VIP"  # type: ignore[union-attr]
    press(Key.Key_Delete)
    assert tags.texts_of_chips() == []
    assert tags.line.hasFocus()
    save(qtbot, page)
    assert words(services, page.client_id) == set()


def test_that_the_cross_takes_a_tag_away(page: ClientPage, tags: TagsEditor) -> None:
    chip = tags.findChild(Chip)
    assert isinstance(chip, Chip)
    place = QPoint(chip.width() - 11, chip.height() // 2)
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert tags.texts_of_chips() == []
    assert page.unsaved() == ("Tags",)


def test_that_a_word_that_is_too_long_is_marked_at_the_line_and_stays(
    qtbot: QtBot, page: ClientPage, tags: TagsEditor, services: Services
) -> None:
    tags.line.setText("x" * 81)
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: tags.line.accessibleDescription() == "A tag is 1 character too long; at most 80 fit.")
    page.save()
    qtbot.waitUntil(lambda: not page._saving.is_under_way)
    assert len(tags.line.text()) == 81
    assert words(services, page.client_id) == {"VIP"}


def test_that_tags_of_two_desks_are_joined(
    qtbot: QtBot, page: ClientPage, tags: TagsEditor, services: Services, other_desk: Services
) -> None:
    QTest.keyClicks(tags.line, "wall art")
    press(Key.Key_Return)
    theirs = other_desk.clients.get(page.client_id)
    slow = catalog_id(services, "client_tags", "Slow payer")
    other_desk.clients.save(theirs, replace(theirs, tags=theirs.tags | {slow}), new_request())
    save(qtbot, page)
    assert words(services, page.client_id) == {"VIP", "Wall art", "Slow payer"}


def test_that_chips_and_a_half_typed_word_are_there_again_after_a_crash(
    qtbot: QtBot, page: ClientPage, tags: TagsEditor, shell: DeskShell, anna: ClientRecord
) -> None:
    QTest.keyClicks(tags.line, "wall")
    press(Key.Key_Return)
    QTest.keyClicks(tags.line, "new wo")
    page._draft.keep()
    page._draft.flush()
    crash(page)
    again = open_page(qtbot, shell, anna)
    qtbot.waitUntil(lambda: again.tabs.current() == "groups")
    assert of(again).texts_of_chips() == ["VIP", "Wall art"]
    assert of(again).line.text() == "new wo"


def test_that_who_may_not_change_clients_can_take_nothing_away(
    qtbot: QtBot, shell: DeskShell, services: Services, anna: ClientRecord
) -> None:
    services.clients.delete([anna.id], new_request())
    shell.choices = services.catalogs.choices()
    page = open_page(qtbot, shell, anna)
    page.show_tab("groups")
    tags = page.findChild(TagsEditor)
    assert isinstance(tags, TagsEditor)
    assert not tags.line.isVisible()
    chip = tags.findChild(Chip)
    assert isinstance(chip, Chip)
    QTest.keyClick(chip, Key.Key_Delete)
    assert tags.texts_of_chips() == ["VIP"]


def test_that_the_header_shows_the_tags_that_find_room_and_follows_them(
    qtbot: QtBot, page: ClientPage, tags: TagsEditor, services: Services, shell: DeskShell
) -> None:
    """S0-22: a tag is seen on every tab."""

    def in_header() -> list[str]:
        return [badge.accessibleName() for badge in page.header.findChildren(Badge) if badge.isVisible()]

    assert in_header() == ["Client", "VIP"]
    for word in ("slow", "wall"):
        QTest.keyClicks(tags.line, word)
        press(Key.Key_Return)
    save(qtbot, page)
    qtbot.waitUntil(lambda: in_header() == ["Client", "VIP", "Wall art", "Slow payer"])
    for badge in page.header.findChildren(Badge):
        assert badge.parentWidget().rect().contains(badge.geometry())
    many = [services.catalogs.tag(f"A rather long word {n}", new_request()).result.id for n in range(9)]
    shell.choices = services.catalogs.choices()
    page = open_page(qtbot, shell, a_client(services, last_name="Berg", tags=frozenset(many)))
    assert 1 < len(in_header()) < 10
    for badge in page.header.findChildren(Badge):
        assert not badge.isVisible() or badge.parentWidget().rect().contains(badge.geometry())


def test_that_a_tag_filters_the_list_of_clients_and_labels_go_to_whoever_is_left(
    qtbot: QtBot, shell: DeskShell, services: Services, anna: ClientRecord
) -> None:
    """S0-06, S0-07."""
    a_client(services, last_name="Berg")
    shell.choices = services.catalogs.choices()
    page = ClientsPage(shell)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.list.is_loaded and len(page.list.model.ids()) == 2)
    (by_tag,) = (action.menu() for action in page.filters.menu(page).actions() if action.text() == "&Tag")
    next(line for line in by_tag.actions() if line.text() == "VIP").trigger()
    qtbot.waitUntil(lambda: page.list.is_loaded and page.list.model.ids() == [anna.id])
    qtbot.waitUntil(lambda: page.chips.texts()[-1] == "VIP · hides 1")
    page.handlers()["labels"]()
    assert shell.sheets == [("labels", {"client_ids": [anna.id]})]
