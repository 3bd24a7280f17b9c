"""The Qt that is installed is one the program can run on for a whole day."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject

import studio_desktop


def test_that_qt_calls_do_not_use_up_the_one_none(qapp):
    # PySide6 6.12 on Python 3.11 loses a reference to None with every call, until the interpreter aborts.
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("name")
        thing.parent()
    assert abs(sys.getrefcount(None) - before) < 100


def test_that_nobody_asks_a_widget_for_its_neighbour():
    """Decision 0015: it would belong to whoever asked, and be lost with it."""
    sources = Path(studio_desktop.__file__).parent.rglob("*.py")
    asking = {source.name for source in sources if "InFocusChain" in source.read_text(encoding="utf-8")}
    assert asking == {"focus_ring.py"}
