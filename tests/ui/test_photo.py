"""The photo of a client through the window: given in every way, cut by keys and mouse, seen, taken away (S2-02)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import event

from studio_desktop.domain.permissions import Role
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from studio_desktop.services.images import Crop, cut
from studio_desktop.ui.client_window.window import ClientPage
from studio_desktop.ui.hubs.client_card import ClientCard
from studio_desktop.ui.hubs.settings.page import SettingsPage
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.sheets.history import HistorySheet
from studio_desktop.ui.sheets.merge import MergeSheet
from studio_desktop.ui.sheets.photo import PhotoSheet
from studio_desktop.ui.widgets.logo_field import LogoField
from studio_desktop.ui.widgets.photo import PhotoButton
from tests.builders import a_client
from tests.pictures import BLUE, GREEN, RED, a_bomb, near, opened, picture, saved, with_orientation
from tests.ui.client_desk import CTRL, Key, open_in, open_page, press
from tests.ui.conftest import DeskShell

pytestmark = [
    pytest.mark.databases("sqlite"),  # what the database does with photos is proven on both with its service
    pytest.mark.qt_log_ignore("This plugin does not support"),  # said for every menu without a screen
]


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    return a_client(services)


@pytest.fixture
def portrayed(services: Services, anna: ClientRecord) -> ClientRecord:
    """Anna with a photo: red at the left, blue at the right."""
    return services.clients.set_photo(anna.id, cut(picture(size=(400, 400))), new_request()).result


def button(page: ClientPage) -> PhotoButton:
    return page.header.view.photo


def colour(widget: QWidget, x: float, y: float = 0.5) -> tuple[int, int, int]:
    """What is seen at a place of the widget, in shares of its sides."""
    image = widget.grab().toImage()
    seen = image.pixelColor(int(x * (image.width() - 1)), int(y * (image.height() - 1)))
    return seen.red(), seen.green(), seen.blue()


def shows(widget: QWidget, left: tuple[int, int, int], right: tuple[int, int, int]) -> bool:
    return near(colour(widget, 0.2), left, 40) and near(colour(widget, 0.8), right, 40)


def sheet_of(qtbot: QtBot, window: MainWindow) -> PhotoSheet:
    """The sheet where the photo is cut, once it is open."""
    qtbot.waitUntil(lambda: isinstance(window.sheets.front(), PhotoSheet))
    sheet = window.sheets.front()
    assert isinstance(sheet, PhotoSheet)
    return sheet


def drop(target: PhotoButton | PhotoSheet, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    drop_mime(target, mime)


def drop_mime(target: PhotoButton | PhotoSheet, mime: QMimeData) -> None:
    middle = QPointF(target.rect().center())
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    target.dropEvent(QDropEvent(middle, Qt.DropAction.CopyAction, mime, left, none))


def test_that_a_pasted_photo_is_cut_kept_seen_and_taken_back_by_keyboard(
    qtbot: QtBot, window: MainWindow, services: Services, anna: ClientRecord
) -> None:
    """S2-02: Ctrl+V on the photo's place, arrows and minus in the sheet, Ctrl+Enter; Undo brings the initials back."""
    page = open_in(qtbot, window, anna)
    initials = colour(button(page), 0.1, 0.1)
    mime = QMimeData()
    mime.setData("image/png", picture("PNG", size=(800, 400)))
    QGuiApplication.clipboard().setMimeData(mime)
    button(page).setFocus()
    press(Key.Key_V, CTRL)
    sheet = sheet_of(qtbot, window)
    assert sheet.client_in_hand() is not None
    assert sheet.cutter.hasFocus()
    assert sheet.cutter.crop() == Crop(200, 0, 400)
    for _ in range(30):
        press(Key.Key_Right)
    assert sheet.cutter.crop() == Crop(400, 0, 400)
    QTest.keyClicks(sheet.cutter, "-")
    assert sheet.cutter.crop().side < 400
    press(Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: near(colour(button(page), 0.5), BLUE, 40))
    kept = services.clients.get(anna.id)
    assert near(opened(services.images.load(kept.image_hash)).getpixel((9, 9)), BLUE)
    assert window.sheets.front() is None
    window.undo_stack.undo()
    qtbot.waitUntil(lambda: colour(button(page), 0.1, 0.1) == initials)
    assert services.clients.get(anna.id).image_hash == ""


@pytest.mark.parametrize(
    ("name", "raw", "left", "right"),
    [
        ("cmyk.jpg", picture("JPEG", mode="CMYK", size=(400, 400)), RED, BLUE),
        ("moving.gif", picture("GIF", size=(400, 400)), RED, BLUE),
        ("sideways.jpg", with_orientation(6), GREEN, GREEN),
    ],
)
def test_that_a_dropped_file_of_any_kind_stands_upright_in_the_sheet(
    qtbot: QtBot, window: MainWindow, anna: ClientRecord, tmp_path: Path, name: str, raw: bytes,
    left: tuple[int, int, int], right: tuple[int, int, int],
) -> None:  # fmt: skip
    """S2-02, RELIABILITY 90."""
    (tmp_path / name).write_bytes(raw)
    page = open_in(qtbot, window, anna)
    drop(button(page), tmp_path / name)
    sheet = sheet_of(qtbot, window)
    inside = sheet.cutter.inside()
    seen = [inside.pixelColor(int(x * inside.width()), inside.height() // 4) for x in (0.2, 0.8)]
    assert near((seen[0].red(), seen[0].green(), seen[0].blue()), left, 60)
    assert near((seen[1].red(), seen[1].green(), seen[1].blue()), right, 60)


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("me.jpg", b"Dear diary, this is a text.", "not a picture"),
        ("half.png", picture("PNG")[:300], "damaged"),
        ("bomb.png", a_bomb(), "million pixels"),
    ],
)
def test_that_what_is_no_fit_picture_is_refused_where_it_was_given(
    qtbot: QtBot, shell: DeskShell, anna: ClientRecord, tmp_path: Path, name: str, raw: bytes, said: str
) -> None:
    """RELIABILITY 90: in the header by the bar, in the sheet at its foot; nothing else changes."""
    (tmp_path / name).write_bytes(raw)
    page = open_page(qtbot, shell, anna)
    drop(button(page), tmp_path / name)
    qtbot.waitUntil(lambda: len(shell.failures) == 1)
    assert said in str(shell.failures[0])
    assert shell.sheets == []
    sheet = PhotoSheet(shell, client_id=anna.id)
    qtbot.addWidget(sheet)
    assert not sheet.use_button.isEnabled()
    drop(sheet, tmp_path / name)
    qtbot.waitUntil(lambda: said in sheet.said_label.text())
    assert not sheet.use_button.isEnabled()
    drop_mime(sheet, QMimeData())
    assert "no picture" in sheet.said_label.text()


def test_that_the_menu_chooses_cuts_and_removes_and_enter_takes_its_first_line(
    qtbot: QtBot, window: MainWindow, services: Services, portrayed: ClientRecord, tmp_path: Path
) -> None:
    """S2-02: by keyboard, and by the drop-down of the ribbon's button."""
    path = tmp_path / "new.png"
    path.write_bytes(picture("PNG", size=(300, 300)))
    page = open_in(qtbot, window, portrayed)
    qtbot.waitUntil(lambda: shows(button(page), RED, BLUE))
    window.prompts.answers = [path]  # type: ignore[attr-defined]
    button(page).setFocus()
    press(Key.Key_Return)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    QTest.keyClick(menu, Key.Key_Return)
    sheet = sheet_of(qtbot, window)
    assert sheet.cutter.picture().width() == 300
    window.sheets.discard(window.sheets.front_number() or 0)
    fill = window.action_set.menu("photo")
    assert fill is not None
    entries = {entry.text: entry for entry in fill()}
    entries["Crop…"].run()
    assert sheet_of(qtbot, window).cutter.picture().width() == 400
    window.sheets.park()
    entries["Remove"].run()
    qtbot.waitUntil(lambda: services.clients.get(portrayed.id).image_hash == "")
    qtbot.waitUntil(lambda: [e.text for e in fill() if e.why_not] == ["Crop…", "Remove"])


def test_that_the_square_follows_the_mouse_and_the_picture_turns(qtbot: QtBot, shell: DeskShell) -> None:
    """S2-02: the corner at the right below is dragged, then the square, then the picture is turned."""
    sheet = PhotoSheet(shell, client_id=1)
    qtbot.addWidget(sheet)
    sheet.resize(900, 500)
    sheet.show()
    sheet.take(picture(size=(800, 400)))
    qtbot.waitUntil(lambda: not sheet.cutter.picture().isNull())
    cutter, begun = sheet.cutter, sheet.cutter.crop()
    square = cutter._square()
    corner = square.bottomRight().toPoint()
    drag(cutter, corner, corner - QPoint(60, 60))
    smaller = cutter.crop()
    assert (smaller.left, smaller.top) == (begun.left, begun.top)
    assert smaller.side < begun.side
    middle = cutter._square().center().toPoint()
    drag(cutter, middle, middle - QPoint(2000, 0))
    assert cutter.crop() == replace(smaller, left=0)
    sheet.right_button.click()
    assert (cutter.crop().turns, cutter.crop().side) == (1, 400)
    inside = cutter.inside()
    assert near(rgb(inside.pixelColor(200, 5)), RED, 40)
    sheet.left_button.click()
    assert cutter.crop() == begun


def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(widget, end)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)


def rgb(seen: QColor) -> tuple[int, int, int]:
    return seen.red(), seen.green(), seen.blue()


def test_that_a_begun_photo_is_parked_and_comes_back_as_it_was(
    qtbot: QtBot, window: MainWindow, anna: ClientRecord
) -> None:
    """FRONT_DESK 6: also after a crash, out of its draft."""
    page = open_in(qtbot, window, anna)
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(QColor(*GREEN))
    QGuiApplication.clipboard().setImage(image)
    button(page).setFocus()
    press(Key.Key_V, CTRL)
    sheet = sheet_of(qtbot, window)
    press(Key.Key_Left)
    before, state = sheet.cutter.crop(), sheet.state()
    number = window.sheets.front_number() or 0
    press(Key.Key_Escape)
    press(Key.Key_Escape)
    assert window.sheets.front() is None
    window.go_on_with(number)
    assert sheet.cutter.crop() == before
    again = PhotoSheet(window, client_id=anna.id)
    qtbot.addWidget(again)
    again.restore(state)
    assert again.cutter.crop() == before
    assert again.state() == state
    assert again.client_in_hand() == sheet.client_in_hand()


def test_that_a_client_without_a_photo_costs_no_statement_more_and_one_with_a_photo_a_single_one(
    qtbot: QtBot, shell: DeskShell, services: Services, anna: ClientRecord
) -> None:
    """PERFORMANCE G5: it is read after the client is shown, and never again."""
    with pictures_read(services) as read:
        page = open_page(qtbot, shell, anna)
        assert read == []
        services.clients.set_photo(anna.id, cut(picture(size=(400, 400))), new_request())
        del read[:]
        page.read_again()
        qtbot.waitUntil(lambda: shows(button(page), RED, BLUE))
        page.read_again()
        qtbot.wait(50)
        assert len(read) == 1


@contextmanager
def pictures_read(services: Services) -> Iterator[list[str]]:
    """The statements that read pictures meanwhile."""
    found: list[str] = []

    def note(*call: Any) -> None:
        if "image.data" in call[2]:
            found.append(call[2])

    engine = services.database._read
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def test_that_who_may_only_look_sees_the_photo_and_cannot_change_it(
    qtbot: QtBot, shell: DeskShell, services: Services, portrayed: ClientRecord, tmp_path: Path
) -> None:
    shell.services = Services(services.database, replace(services.desk, role=Role.VIEWER))
    page = open_page(qtbot, shell, portrayed)
    qtbot.waitUntil(lambda: shows(button(page), RED, BLUE))
    assert not button(page).isEnabled()
    assert not button(page).acceptDrops()
    assert button(page).focusPolicy() is Qt.FocusPolicy.NoFocus


def test_that_the_card_shows_the_photo_and_history_says_that_it_changed(
    qtbot: QtBot, shell: DeskShell, services: Services, portrayed: ClientRecord
) -> None:
    """S2-02; RELIABILITY E6."""
    card = ClientCard(shell)
    qtbot.addWidget(card)
    card.resize(card.width(), 600)
    card.show()
    card.show_client(portrayed.id)
    qtbot.waitUntil(lambda: card.shown_id() == portrayed.id)
    qtbot.waitUntil(lambda: near(colour(card, 40 / card.width(), 40 / 600), RED, 40))
    services.clients.set_photo(portrayed.id, cut(picture(size=(300, 300))), new_request())
    services.clients.set_photo(portrayed.id, None, new_request())
    sheet = HistorySheet(shell, client_id=portrayed.id)
    qtbot.addWidget(sheet)
    qtbot.waitUntil(lambda: sheet.table.count() == 4)
    said = [tuple(sheet.table.cell(row, column).text for column in (3, 4, 5)) for row in range(3)]
    assert said == [
        ("Photo", "a picture", "–"), ("Photo", "a picture", "another picture"), ("Photo", "–", "a picture"),
    ]  # fmt: skip
    sheet.table.choose(0)
    sheet.undo_chosen()
    qtbot.waitUntil(lambda: services.clients.get(portrayed.id).image_hash != "")


def test_that_two_photos_are_seen_side_by_side_before_one_is_chosen(
    qtbot: QtBot, shell: DeskShell, services: Services, portrayed: ClientRecord
) -> None:
    """B18: in the order of the columns; without any there is no room taken."""
    bob, carl = (a_client(services, last_name="Other", first_name=name) for name in ("Bob", "Carl"))
    green = cut(saved(Image.new("RGB", (300, 300), GREEN)))
    services.clients.set_photo(bob.id, green, new_request())
    sheet = MergeSheet(shell, client_ids=[portrayed.id, bob.id])
    qtbot.addWidget(sheet)
    sheet.resize(900, 400)
    sheet.show()
    left, right = sheet.photos
    qtbot.waitUntil(lambda: shows(left, RED, BLUE) and shows(right, GREEN, GREEN))
    sheet.swap_button.click()
    qtbot.waitUntil(lambda: shows(left, GREEN, GREEN) and shows(right, RED, BLUE))
    bare = MergeSheet(shell, client_ids=[carl.id, a_client(services, last_name="Other", first_name="Dan").id])
    qtbot.addWidget(bare)
    bare.show()
    qtbot.waitUntil(lambda: bare.table.count() > 0)
    assert not bare.photos[0].isVisible()


def test_that_a_logo_is_chosen_seen_and_removed_in_the_settings(
    qtbot: QtBot, shell: DeskShell, services: Services, tmp_path: Path
) -> None:
    """B12, B25."""
    path = tmp_path / "logo.png"
    path.write_bytes(picture("PNG", size=(400, 100)))
    page = SettingsPage(shell)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    page.wish(section="reports")
    logo = page.findChild(LogoField)
    assert isinstance(logo, LogoField)
    assert not logo.remove_button.isVisible()
    shell.prompts.answers = [path]
    logo.choose_button.click()
    qtbot.waitUntil(lambda: len(shell.saves) == 1)
    shell.preferences = services.preferences.get()
    page.refresh(shell.saves[-1][1])
    qtbot.waitUntil(lambda: shows(logo._picture, RED, BLUE))
    logo.remove_button.click()
    qtbot.waitUntil(lambda: services.preferences.get().logo == "")
    (tmp_path / "logo.jpg").write_bytes(saved(opened(picture()))[:900])
    shell.prompts.answers = [tmp_path / "logo.jpg"]
    logo.choose_button.click()
    qtbot.waitUntil(lambda: ["damaged" in str(error) for error in shell.failures] == [True])
