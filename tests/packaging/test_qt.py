"""The Qt that is installed is one the program can run on for a whole day, and what it is never asked to do."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject

import studio_desktop


def test_that_qt_calls_do_not_use_up_the_one_none(qapp):
    """RELIABILITY 123."""
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


def test_that_no_name_can_be_markup_in_a_label_or_a_tip():
    """RELIABILITY 77: Qt's own labels and tips take any text with a tag for HTML, pictures from the disk included."""
    texts = {path: path.read_text(encoding="utf-8") for path in (_PROGRAM / "ui").rglob("*.py")}
    trees = {path: ast.parse(text) for path, text in texts.items() if "ToolTip" in text or "QLabel(" in text}
    calls = [(path, call) for path, tree in trees.items() for call in ast.walk(tree) if isinstance(call, ast.Call)]
    labels = {path.name for path, call in calls if _called(call) == "QLabel"}
    assert labels == set()
    tips = [f"{path.name}:{call.lineno}" for path, call in calls if not all(map(_is_plain, _tips(call)))]
    assert tips == []


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _tips(call: ast.Call) -> Iterator[ast.expr]:
    """What a call gives Qt to show as a tip."""
    if _called(call) == "setToolTip":
        yield call.args[-1]
    if isinstance(call.func, ast.Attribute) and ast.unparse(call.func) == "QToolTip.showText":
        yield call.args[1]


def _is_plain(tip: ast.expr) -> bool:
    """A text of the program's own, or one that went through `as_tip` or is put back as it was."""
    if isinstance(tip, ast.IfExp):
        return _is_plain(tip.body) and _is_plain(tip.orelse)
    if isinstance(tip, ast.Call) and _called(tip) in ("tr", "_tr"):
        return all(isinstance(part, ast.Constant) for part in tip.args)
    made = isinstance(tip, ast.Call) and _called(tip) in ("as_tip", "_super_tip", "toolTip")
    return made or isinstance(tip, ast.Constant) or ast.unparse(tip) == "self._tip"


_PROGRAM = Path(studio_desktop.__file__).parent
