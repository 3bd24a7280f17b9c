"""Enter presses whatever button has the focus, as Space does (E1; FRONT_DESK 4: the keypad's Enter, too)."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from studio_desktop.ui.widgets.buttons import BarButton, FlatButton, LinkButton, PrimaryButton
from studio_desktop.ui.widgets.chips import Chip
from studio_desktop.ui.widgets.links import FactLink, LightLink
from studio_desktop.ui.widgets.tiles import Tile

RETURN = (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
KEYPAD = (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
HELD = (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def buttons() -> list[QAbstractButton]:
    return [
        FlatButton("&Add"),
        PrimaryButton("&Save"),
        LinkButton("All"),
        BarButton("edit", "", "Edit"),
        Chip("VIP"),
        Tile("green", "new clients"),
        FactLink("a@example.com", "mail", "Write an e-mail"),
        LightLink("red", "Status overdue", "", "status"),
    ]


@pytest.mark.parametrize(
    ("pressed", "times"),
    [([(*RETURN, False)], 1), ([(*KEYPAD, False)], 1), ([(*RETURN, False), (*RETURN, True)], 1), ([(*HELD, False)], 0)],
    ids=["Return", "Enter of the keypad", "held down", "with Ctrl"],
)
def test_that_enter_presses_every_kind_of_button_once(
    qtbot: QtBot, pressed: list[tuple[Qt.Key, Qt.KeyboardModifier, bool]], times: int
) -> None:
    for button in buttons():
        qtbot.addWidget(button)
        clicks: list[bool] = []
        button.clicked.connect(lambda _=False, clicks=clicks: clicks.append(True))
        for key, modifiers, repeats in pressed:
            QApplication.sendEvent(button, QKeyEvent(QEvent.Type.KeyPress, key, modifiers, "", repeats))
        assert len(clicks) == times, type(button).__name__
