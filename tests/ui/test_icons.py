"""Icons are drawn in the colours of the moment, and nothing is shipped that is not ours to ship."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

from studio_desktop.paths import RESOURCES
from studio_desktop.ui import icons
from studio_desktop.ui.theme import Theme, apply_theme, token


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Theme]:
    yield apply_theme(qapp, "light")
    apply_theme(qapp, "light")


def ink(image: QImage) -> set[str]:
    """The colours that are fully there."""
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
               if image.pixelColor(x, y).alpha() == 255}  # fmt: skip
    assert colours
    return colours


def drawn(icon: QIcon, size: int, mode: QIcon.Mode = QIcon.Mode.Normal) -> QImage:
    return icon.pixmap(QSize(size, size), 1.0, mode).toImage()


def test_that_every_name_is_drawn_at_every_size(look: Theme) -> None:
    for name in icons.names():
        for size in (16, 20, 32):
            image = drawn(icons.icon(name), size)
            assert image.size() == QSize(size, size)
            assert any(image.pixelColor(x, y).alpha() for x in range(size) for y in range(size)), name


def test_that_every_drawing_shipped_is_one_we_name(look: Theme) -> None:
    shipped = {file.stem for file in (RESOURCES / "icons").glob("*.svg")}
    named = {f"{name}_{size}_{style}" for name in icons.names() for size, style in icons._drawings(name)}
    assert shipped == named


def test_that_the_licences_of_icons_and_font_are_shipped() -> None:
    icons_licence = (RESOURCES / "licenses" / "fluent-icons.txt").read_text(encoding="utf-8")
    assert "MIT License" in icons_licence
    assert "Microsoft" in icons_licence
    assert "SIL Open Font License" in (RESOURCES / "licenses" / "inter-font.txt").read_text(encoding="utf-8")


def test_that_a_single_colour_icon_follows_the_scheme(look: Theme) -> None:
    save = icons.icon("save")
    assert ink(drawn(save, 16)) == {token("text").name()}
    look.set_scheme("dark")
    assert ink(drawn(save, 16)) == {token("text").name()}


def test_that_an_icon_takes_the_token_it_is_asked_in(look: Theme) -> None:
    assert ink(drawn(icons.icon("warning", "red", filled=True), 32)) == {token("red").name()}


def test_that_a_large_icon_has_its_own_colours_and_a_small_one_has_not(look: Theme) -> None:
    phone = icons.icon("phone")
    assert len(ink(drawn(phone, 32))) > 5
    assert ink(drawn(phone, 16)) == {token("text").name()}


def test_that_what_cannot_be_done_is_grey(look: Theme) -> None:
    coloured = drawn(icons.icon("phone"), 32, QIcon.Mode.Disabled)
    for x in range(32):
        for y in range(32):
            pixel: QColor = coloured.pixelColor(x, y)
            assert max(pixel.red(), pixel.green(), pixel.blue()) - min(pixel.red(), pixel.green(), pixel.blue()) <= 2
    assert ink(drawn(icons.icon("save"), 16, QIcon.Mode.Disabled)) == {token("faint").name()}


def test_that_an_icon_in_a_chosen_menu_line_stands_out(look: Theme) -> None:
    assert ink(drawn(icons.icon("save"), 16, QIcon.Mode.Selected)) == {token("on_accent").name()}


def test_that_icons_are_sharp_on_dense_screens(look: Theme) -> None:
    image = icons.icon("save").pixmap(QSize(16, 16), 1.5)
    assert image.size() == QSize(24, 24)
    assert image.devicePixelRatio() == 1.5


def test_that_icons_grow_with_the_text_and_stay_the_drawing_they_are(look: Theme) -> None:
    small = icons.pixmap("phone", 16)
    look.set_text_percent(150)
    try:
        large = icons.pixmap("phone", 16)
        assert large.width() >= 1.4 * small.width()
        assert ink(large.toImage()) == {token("text").name()}, "a small icon does not become the coloured one"
    finally:
        look.set_text_percent(100)


def test_that_a_name_that_is_not_there_is_an_error(look: Theme) -> None:
    with pytest.raises(KeyError):
        icons.icon("unicorn")
