"""The ring of the focus: asked in the order of Tab, and nobody belongs to a neighbour afterwards."""

from __future__ import annotations

import gc

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
    assert focus_ring(first) == [first, third, second, window]


def test_that_what_qt_made_lives_on_when_a_neighbour_in_the_ring_is_gone(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    sheet = QWidget(window)
    field = QLineEdit(sheet)
    number = QSpinBox(window)
    inside = number.findChild(QLineEdit)
    focus_ring(field)
    sheet.deleteLater()
    del sheet, field
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert inside is not None
    assert shiboken6.isValid(inside)
    assert shiboken6.isValid(window)
