"""Layouts are attached before they are filled.

PySide keeps a wrapper for each item of a layout that is filled before it has a parent. It outlives the item, and what
Qt later makes at the same address is then taken for a QWidgetItem: anything at all may come back as one.
"""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLayout, QLayoutItem
from pytestqt.qtbot import QtBot

import studio_desktop.ui
from studio_desktop.services import Services
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.pictures import views

SOURCES = Path(studio_desktop.ui.__file__).parent
ATTACHING = {"addLayout", "insertLayout"}
FILLING = ("add", "insert")


def kept_items() -> list[str]:
    """The wrappers of layout items that Python holds; none is needed once a layout is filled."""
    gc.collect()
    return [
        type(one).__name__
        for one in gc.get_objects()
        if isinstance(one, QLayoutItem) and not isinstance(one, QLayout)
    ]


@pytest.mark.parametrize("studio_url", ["sqlite"], indirect=True)
def test_that_no_view_of_the_window_leaves_a_wrapper_of_a_layout_item(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    services.demo.fill(20, seed=1)
    leaving = {}
    before = len(kept_items())
    assert before == 0, "before any page is opened"
    for name, _ in views(window):
        now = len(kept_items())
        if now > before:
            leaving[name] = now - before
        before = now
    assert leaving == {}


def functions_with_new_layouts() -> Iterator[tuple[str, str, list[ast.Call]]]:
    """Where, the name of a layout made without a parent, and the calls in its function in the order they are made."""
    for path in sorted(SOURCES.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
            calls.sort(key=lambda call: (call.lineno, call.col_offset))
            for node in ast.walk(function):
                if isinstance(node, ast.Assign) and _is_loose_layout(node.value):
                    later = [call for call in calls if call.lineno > node.lineno]
                    yield f"{path.relative_to(SOURCES)}:{node.lineno}", ast.unparse(node.targets[0]), later


def _is_loose_layout(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call)
        and not value.args
        and isinstance(value.func, ast.Name)
        and value.func.id.startswith("Q")
        and value.func.id.endswith("Layout")
    )


def _is_attached_first(layout: str, calls: list[ast.Call]) -> bool:
    for call in calls:
        if not isinstance(call.func, ast.Attribute):
            continue
        if call.func.attr in ATTACHING and layout in map(ast.unparse, call.args):
            return True
        if ast.unparse(call.func.value) == layout and call.func.attr.startswith(FILLING):
            return False
    return False


def test_that_every_layout_made_loose_is_attached_before_it_is_filled() -> None:
    loose = list(functions_with_new_layouts())
    assert loose, "nothing was looked at"
    assert [f"{where} {layout}" for where, layout, calls in loose if not _is_attached_first(layout, calls)] == []
