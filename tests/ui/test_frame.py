"""The window of the program itself: it is always where somebody can see it."""

from __future__ import annotations

import base64

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from studio_desktop.ui.frame import Frame


def test_that_a_window_left_on_a_screen_that_is_gone_comes_back_to_one_that_is_there(qtbot: QtBot) -> None:
    """RELIABILITY 122."""
    first = Frame("")
    qtbot.addWidget(first)
    first.setGeometry(6000, 4000, 700, 500)
    again = Frame(base64.b64encode(bytes(first.saveGeometry().data())).decode())
    qtbot.addWidget(again)
    with qtbot.waitExposed(again):
        again.show()
    assert QGuiApplication.primaryScreen().availableGeometry().contains(again.geometry().topLeft())
    assert (again.width(), again.height()) == (700, 500)
