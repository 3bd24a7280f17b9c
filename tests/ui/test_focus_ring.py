"""The ring of the focus: asked in the order of Tab, and nobody belongs to a neighbour afterwards."""

from __future__ import annotations

import gc

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.ui.focus_ring import focus_ring


def test_that_the_ring_has_every_widget_of_the_window_once_in_the_order_of_tab(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    first, second, third = QLineEdit(window), QLineEdit(window), QLineEdit(window)
    QWidget.setTabOrder(first, third)
    assert focus_ring(first, lambda one: one is window) == [first, third, second, window]
    assert focus_ring(first, lambda one: one is third) == [first, third]
    assert focus_ring(first, lambda one: one is third, backwards=True) == [first, window, second, third]
    assert focus_ring(first, lambda _: False) == [first, third, second, window]


@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
@pytest.mark.parametrize("how_far", ["one step", "all round"])
def test_that_what_qt_made_lives_on_when_a_neighbour_in_the_ring_is_gone(
    qtbot: QtBot, backwards: bool, how_far: str
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    sheet = QWidget(window)
    field = QLineEdit(sheet)
    frame = QWidget(window)
    number, other = QSpinBox(frame), QSpinBox(window)
    for first, second in ((number, field), (field, other)):
        QWidget.setTabOrder(first, second)
    insides = [one.findChild(QLineEdit) for one in (number, other)]
    focus_ring(field, lambda one: how_far == "one step", backwards=backwards)
    sheet.deleteLater()
    del sheet, field
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert all(inside is not None and shiboken6.isValid(inside) for inside in insides)
    assert shiboken6.isValid(window)
