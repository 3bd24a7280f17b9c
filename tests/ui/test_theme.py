"""Both schemes can be read, and what is on the screen follows scheme, text size and density at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from studio_desktop.ui import icons, theme
from studio_desktop.ui.theme import STATUS_COLOURS, Theme, apply_theme, token
from studio_desktop.ui.widgets.buttons import FlatButton
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.ticks import TickBox


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Theme]:
    yield apply_theme(qapp, "light")
    apply_theme(qapp, "light")


def luminance(colour: QColor) -> float:
    channels = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


READ = [
    ("text", "base"), ("text", "window"), ("text", "accent_soft"), ("text", "raised"), ("text", "field"),
    ("dim", "base"), ("dim", "window"), ("dim", "accent_soft"), ("faint", "base"), ("faint", "window"),
    ("link", "base"), ("link", "window"), ("on_accent", "accent"), ("on_alarm", "alarm"),
    ("red", "base"), ("red", "red_soft"), ("yellow", "base"), ("yellow", "yellow_soft"),
    ("green", "base"), ("green", "green_soft"), ("on_red", "red"), ("on_yellow_fill", "yellow_fill"),
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), READ)
def test_that_all_text_stands_out_enough_to_be_read(look: Theme, scheme: theme.Scheme, ink: str, ground: str) -> None:
    look.set_scheme(scheme)
    assert contrast(token(ink), token(ground)) >= 4.5


MARKS = [
    *((mark, ground) for mark in ("field_edge", "link", "red", "green", "yellow_line")
      for ground in ("base", "window", "raised", "field")),
    ("link", "accent_soft"), ("red", "accent_soft"), ("red", "alternate"), ("yellow_line", "accent_soft"),
    ("on_red", "red"), ("on_yellow_fill", "yellow_fill"), ("on_accent", "accent"),
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), MARKS)
def test_that_signs_and_edges_stand_out_enough_to_be_seen(
    look: Theme, scheme: theme.Scheme, ink: str, ground: str
) -> None:
    """WCAG 1.4.11."""
    look.set_scheme(scheme)
    assert contrast(token(ink), token(ground)) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("size", "grounds"), [(16, ("base", "window", "raised", "accent_soft")), (32, ("base",))])
def test_that_every_icon_is_seen_where_it_stands(
    look: Theme, scheme: theme.Scheme, size: int, grounds: tuple[str, ...]
) -> None:
    """Large ones have their own colours and stand on the ribbon only."""
    look.set_scheme(scheme)
    for name in icons.names():
        drawn = icons.icon(name).pixmap(QSize(size, size), 1.0).toImage()
        inks = [drawn.pixelColor(x, y) for x in range(size) for y in range(size)]
        strong = [ink for ink in inks if ink.alpha() > 128]
        for ground in grounds:
            assert max((contrast(ink, token(ground)) for ink in strong), default=0) >= 3, (name, ground)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_that_every_colour_a_studio_may_choose_can_be_read_in_lists_and_chosen_rows(
    look: Theme, scheme: theme.Scheme
) -> None:
    look.set_scheme(scheme)
    for name in STATUS_COLOURS:
        for ground in ("base", "alternate", "accent_soft"):
            assert contrast(token(name), token(ground)) >= 4.5, (name, ground)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_that_the_edge_of_a_field_is_seen(look: Theme, qtbot: QtBot, scheme: theme.Scheme) -> None:
    look.set_scheme(scheme)
    for field in (QLineEdit("Adams"), TickBox("SMS")):
        qtbot.addWidget(field)
        field.show()
        QApplication.processEvents()
        drawn = field.grab().toImage()
        across = [drawn.pixelColor(x, drawn.height() // 2) for x in range(6)]
        assert max(contrast(pixel, token("base")) for pixel in across) >= 2.9


def test_that_the_scheme_reaches_windows_that_are_open(look: Theme, qtbot: QtBot) -> None:
    shown, waiting = PlainLabel("late 4 d", tone="red"), PlainLabel("late 6 d", tone="red")
    qtbot.addWidget(shown)
    qtbot.addWidget(waiting)
    shown.show()
    light = token("red")
    look.set_scheme("dark")
    waiting.show()
    QApplication.processEvents()
    assert theme.is_dark()
    for label in (shown, waiting):
        assert label.palette().color(QPalette.ColorRole.WindowText) == token("red") != light


def test_that_following_the_system_means_light_where_the_system_says_nothing(look: Theme) -> None:
    look.set_scheme("dark")
    look.set_scheme("system")
    assert look.scheme == "system"
    assert not theme.is_dark()


def test_that_the_text_size_reaches_every_kind_of_text_at_once(look: Theme, qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    name = PlainLabel("Adams, Anna", page, px=theme.NAME, strong=True)
    button = FlatButton("Save", page)
    field = QLineEdit(page)
    page.show()
    before = (name.font().pixelSize(), button.sizeHint().height(), field.font().pixelSize())
    look.set_text_percent(150)
    QApplication.processEvents()
    after = (name.font().pixelSize(), button.sizeHint().height(), field.font().pixelSize())
    assert after == pytest.approx([1.5 * size for size in before], abs=1)


def test_that_larger_and_smaller_stop_at_the_ends(look: Theme) -> None:
    for _ in range(20):
        look.enlarge()
    assert look.text_percent == 200
    for _ in range(20):
        look.shrink()
    assert look.text_percent == 80
    look.set_text_percent(100)
    look.enlarge()
    look.shrink()
    assert look.text_percent == 100


def test_that_density_adds_to_rows_and_to_nothing_else(look: Theme) -> None:
    plain = theme.row_height(20)
    look.set_density(8)
    assert theme.row_height(20) == plain + 8
    assert theme.scaled(20) == plain


def test_that_whoever_lays_out_by_density_is_told(look: Theme, qtbot: QtBot) -> None:
    with qtbot.waitSignal(look.changed):
        look.set_density(4)


def test_that_there_is_one_theme_for_the_program(look: Theme, qapp: QApplication) -> None:
    assert apply_theme(qapp, "light") is look


def test_that_figures_stand_in_columns(look: Theme) -> None:
    for weight in (theme.REGULAR, theme.STRONG):
        measure = QFontMetrics(theme.font(theme.BASE, weight))
        assert len({measure.horizontalAdvance(figure * 10) for figure in "0123456789"}) == 1


def test_that_no_screen_names_a_colour_that_is_not_there(look: Theme) -> None:
    with pytest.raises(KeyError):
        token("mauve")
    look.set_scheme("dark")
    for name in STATUS_COLOURS:
        assert icons.pixmap("person", 16, name).width()
