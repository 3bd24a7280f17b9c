"""The Qt that is installed is one the program can run on for a whole day."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject


def test_that_qt_calls_do_not_use_up_the_one_none(qapp):
    # PySide6 6.12 on Python 3.11 loses a reference to None with every call, until the interpreter aborts.
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("name")
        thing.parent()
    assert abs(sys.getrefcount(None) - before) < 100
