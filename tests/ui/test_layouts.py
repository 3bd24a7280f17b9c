"""Layouts are attached before they are filled, and what they hold has room in a small window at a large text size.

PySide keeps a wrapper for each item of a layout that is filled before it has a parent. It outlives the item, and what
Qt later makes at the same address is then taken for a QWidgetItem: anything at all may come back as one.
"""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLayout,
    QLayoutItem,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QStackedWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

import studio_desktop.ui
from studio_desktop.domain.records.clients import ClientType
from studio_desktop.services import Services, new_request
from studio_desktop.ui import theme
from studio_desktop.ui.command_palette import CommandPalette
from studio_desktop.ui.drop_down import DropDownList
from studio_desktop.ui.hubs.leads_board import LeadsBoardPage
from studio_desktop.ui.main_window import MainWindow
from studio_desktop.ui.pictures import SIZE, views
from studio_desktop.ui.widgets.buttons import BarButton, LinkButton
from studio_desktop.ui.widgets.combo_box import ComboBox
from studio_desktop.ui.widgets.links import FactLink
from studio_desktop.ui.widgets.plain_label import PlainLabel
from tests.builders import a_client, a_member, a_phone

SOURCES = Path(studio_desktop.ui.__file__).parent
ATTACHING = {"addLayout", "insertLayout"}
FILLING = ("add", "insert")
OVER_OTHERS = (CommandPalette, DropDownList)


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
    assert kept_items() == [], "before any page is opened"
    # Looking through all objects after each view would tell which one it was, and take minutes.
    assert len([name for name, _ in views(window)]) > 20
    assert kept_items() == []


@pytest.mark.parametrize("studio_url", ["sqlite"], indirect=True)
def test_that_at_150_per_cent_every_view_fits_into_a_small_screen_and_nothing_is_cut_off_or_overlaps(
    qtbot: QtBot, window: MainWindow, services: Services, look: theme.Theme
) -> None:
    """RELIABILITY 122."""
    a_long_client(services)
    look.set_text_percent(150)
    window.resize(*SIZE)
    try:
        found = {name: faults for name, view in views(window) if (faults := [*faults_of(view), *overlaps_in(view)])}
    finally:
        look.set_text_percent(100)
    assert found == {}


@pytest.mark.parametrize("studio_url", ["sqlite"], indirect=True)
def test_that_nothing_is_cut_off_at_100_per_cent_either(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    """RELIABILITY 122."""
    a_long_client(services)
    window.resize(*SIZE)
    assert {name: faults for name, view in views(window) if (faults := faults_of(view))} == {}


def a_long_client(services: Services) -> None:
    """One whose every line is longer than any usual one, in three scripts."""
    word = "Konstantynopolitańczykowianeczkówna"
    tags = [
        services.catalogs.add("client_tags", {"description": text}, new_request()).result.id
        for text in (word, "شركة الخليج العالمية للتصوير الفوتوغرافي", "人工智能摄影机器人工程师协会会员")
    ]
    label = services.catalogs.add("phone_labels", {"description": word}, new_request()).result.id
    a_client(
        services, last_name="Szczęsny-Brzęczyszczykiewicz", first_name="محمد صلاح الدين", job_title=word,
        company="北京东方红日照相摄影艺术文化传播有限责任公司上海浦东分公司", client_type=ClientType.BUSINESS,
        phones=[a_phone("+48 22 555 01 42", label_id=label), "+966 11 555 0142"],
        emails=[f"{word}@example.com"], street=word * 2, town=word,
        call_warning="Zażółć gęślą jaźń! " * 5, saturday_only=True, do_not_call=True, do_not_market=True,
        tags=frozenset(tags), household_name=word, family=(a_member("欧阳上官司马诸葛", last_name=word),),
    )  # fmt: skip


def faults_of(view: QWidget) -> list[str]:
    """What is larger than the screen, wider than what scrolls it, or narrower than its text."""
    found = [] if view.width() <= SIZE[0] and view.height() <= SIZE[1] else [f"as large as {view.size().toTuple()}"]
    for widget in (one for one in view.findChildren(QWidget) if one.isVisibleTo(view)):
        is_board = isinstance(widget.parentWidget(), LeadsBoardPage)  # has as many columns as there are statuses
        if isinstance(widget, QScrollArea) and widget.horizontalScrollBar().maximum() and not is_board:
            found.append(f"{_place_of(widget)} scrolls sideways by {widget.horizontalScrollBar().maximum()}")
        if _needs_more_width(widget):
            found.append(f"{_place_of(widget)} is too narrow")
    return found


def overlaps_in(view: QWidget) -> list[str]:
    """What is laid out over its neighbour.

    What is asked for its layout here loses it for Python soon after (PySide 6.11.3), so nothing may be laid out anew.
    """
    found = []
    for widget in (one for one in view.findChildren(QWidget) if one.isVisibleTo(view)):
        inside = [
            one
            for one in widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if one.isVisibleTo(view) and not one.isWindow() and not isinstance(one, OVER_OTHERS)
        ]
        if not isinstance(widget, QStackedWidget) and widget.layout() is not None:
            found += [
                f"{_place_of(one)} overlaps {_place_of(other)}"
                for one, other in combinations(inside, 2)
                if one.geometry().intersects(other.geometry())
            ]
    return found


def _needs_more_width(widget: QWidget) -> bool:
    if isinstance(widget, PlainLabel) and not widget.wordWrap():
        needed = widget.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, widget.text()).width()
        return needed > widget.contentsRect().width() and not widget.toolTip()
    if isinstance(widget, QComboBox):  # cut with an ellipsis and told by its tip, and never a short one
        assert isinstance(widget, ComboBox), _place_of(widget)
        is_cut = widget.shown_text() != widget.currentText()
        return is_cut and widget.fontMetrics().horizontalAdvance(widget.currentText()) < theme.scaled(60)
    if isinstance(widget, BarButton):
        return widget.width() < widget.sizeHint().width()
    if isinstance(widget, FactLink):
        return not widget.toolTip() and widget.width() < widget.sizeHint().width()
    if isinstance(widget, (QPushButton, QCheckBox, QRadioButton, LinkButton)):
        needed = widget.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, widget.text()).width()
        return needed > widget.width()
    return False


def _place_of(widget: QWidget) -> str:
    parent = widget.parentWidget()
    return f"{type(parent).__name__} / {type(widget).__name__} {widget.objectName()}"


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
