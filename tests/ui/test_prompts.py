"""Questions have a harmless default, and only what is safe is opened outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices  # noqa: TID251 - the test stands where the system stands
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMessageBox, QWidget  # noqa: TID251
from pytestqt.qtbot import QtBot

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.ui.prompts import EXTERNAL_SCHEMES, Prompts, external_url
from studio_desktop.ui.widgets.link_edit import LinkEdit
from studio_desktop.ui.widgets.plain_label import as_tip


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("www.example.com/anna", "https://www.example.com/anna"),
        ("adams.example", "https://adams.example"),
        ("studio.example:8080/a", "https://studio.example:8080/a"),
        ("http://example.com", "http://example.com"),
        ("HTTPS://EXAMPLE.com", "https://example.com"),
        (" mailto:anna@example.com ", "mailto:anna@example.com"),
        ("tel:+13305550142", "tel:+13305550142"),
        ("tel:3305550142", "tel:3305550142"),
    ],
)
def test_that_links_to_people_and_pages_are_opened(link: str, address: str) -> None:
    assert external_url(link).toString() == address


@pytest.mark.parametrize(
    "link",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "javascript:alert(1)",
        "smb://server/share",
        "ms-msdt:/id",
        "//server/share",
        r"\\server\share",
        "C:\\Windows\\calc.exe",
        "vbscript:x",
        "data:text/html,x",
        "https:",
        "http:///x",
        "",
        "://",
        "JaVaScRiPt:alert(1)",
        " java\nscript:alert(1)",
        "\x00javascript:alert(1)",
        "search-ms:query=x",
        "mailto:?bcc=eve@example.com",
        "mailto:anna@example.com?bcc=eve@example.com",
        "mailto:anna@example.com,eve@example.com",
        "mailto:anna@example.com%0D%0ABcc:eve@example.com",
        "http://bank.example@evil.example",
        "https://exa\u202emple.com",
        f"https://example.com/{10_000 * 'x'}",
    ],
)
def test_that_nothing_else_is_ever_opened(link: str) -> None:
    """RELIABILITY 83."""
    with pytest.raises(InvalidInput):
        external_url(link)


def test_that_the_button_of_a_web_address_says_where_it_leads(qtbot: QtBot) -> None:
    """RELIABILITY 83: the host is seen before it is opened, letters that only look like others too."""
    edit = LinkEdit()
    qtbot.addWidget(edit)
    (button,) = edit.actions()
    for link, said in (
        ("www.example.com/anna", "Open www.example.com (Alt+Down)"),
        ("https://\u0430pple.com", "Open \u0430pple.com = xn--pple-43d.com (Alt+Down)"),
        ("javascript:alert(1)", "Open (Alt+Down)"),
    ):
        edit.setText(link)
        assert button.toolTip() == as_tip(said)


class Browser(QWidget):
    """Stands where the system's programs stand."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toString())


def test_that_links_and_documents_reach_the_systems_programs(qtbot: QtBot, tmp_path: Path) -> None:
    browser = Browser()
    qtbot.addWidget(browser)
    for scheme in (*EXTERNAL_SCHEMES, "file"):
        QDesktopServices.setUrlHandler(scheme, browser, "open")
    try:
        Prompts().open_external("www.example.com")
        document = tmp_path / "labels & more.pdf"
        document.touch()
        Prompts().open_document(document)
    finally:
        for scheme in (*EXTERNAL_SCHEMES, "file"):
            QDesktopServices.unsetUrlHandler(scheme)
    assert browser.opened == ["https://www.example.com", QUrl.fromLocalFile(str(document)).toString()]


def answering(act: Callable[[QDialog], None]) -> None:
    """Do this as soon as a question is on the screen."""

    def now() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        act(dialog)

    QTimer.singleShot(0, QApplication.instance(), now)


def press(name: str) -> Callable[[QDialog], None]:
    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, QMessageBox)
        next(button for button in dialog.buttons() if button.text().replace("&", "") == name).click()

    return act


def key(key: Qt.Key) -> Callable[[QDialog], None]:
    return lambda dialog: QTest.keyClick(QApplication.focusWidget() or dialog, key)


def test_that_enter_and_esc_never_do_the_dangerous_thing(qtbot: QtBot) -> None:
    """RELIABILITY E9, E20."""
    for harmless in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        answering(key(harmless))
        assert not Prompts().confirm(None, "Delete 3 clients?", "Undo brings them back.", "Delete 3 clients")
    answering(press("Delete 3 clients"))
    assert Prompts().confirm(None, "Delete 3 clients?", "Undo brings them back.", "Delete 3 clients")


def test_that_a_question_gives_the_answer_pressed(qtbot: QtBot) -> None:
    answering(press("Replace"))
    assert Prompts().choose(None, "The file exists.", "", ("Keep both", "Replace")) == 1
    answering(press("Cancel"))
    assert Prompts().choose(None, "The file exists.", "", ("Keep both", "Replace")) is None


def test_that_a_question_names_what_it_is_about_as_plain_text(qtbot: QtBot) -> None:
    """RELIABILITY 77."""
    said: list[str] = []

    def read(dialog: QDialog) -> None:
        assert isinstance(dialog, QMessageBox)
        assert dialog.textFormat() == Qt.TextFormat.PlainText
        said.extend([dialog.text(), dialog.informativeText()])
        dialog.reject()

    answering(read)
    Prompts().choose(None, "<b>Adams</b> could not be saved.", "Not saved: <i>Birthday</i>.", ("Discard",))
    assert said == ["<b>Adams</b> could not be saved.", "Not saved: <i>Birthday</i>."]


def test_that_a_line_of_text_is_asked_with_one_to_begin_with(qtbot: QtBot) -> None:
    def rename(dialog: QDialog) -> None:
        edit = dialog.findChild(QLineEdit)
        assert edit.text() == "Near Fairbrook"
        edit.setText("Near Oakhurst")
        QTest.keyClick(edit, Qt.Key.Key_Return)

    answering(rename)
    assert Prompts().ask_text(None, "Saved filter", "&Name", "Near Fairbrook") == "Near Oakhurst"
    answering(key(Qt.Key.Key_Escape))
    assert Prompts().ask_text(None, "Saved filter", "&Name") is None
