"""How everything looks: the colours by name in light and dark, the palettes, the font, its size and the row density.

Screens name tokens (`token("dim")`), never colours. The scheme in force is read from the application's palette and the
text size from its font, so nothing here remembers anything. Widgets that paint or measure by themselves follow by
`changeEvent`: PaletteChange and FontChange reach them all.
"""

from __future__ import annotations

import sys
from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from studio_desktop.paths import RESOURCES

Scheme = Literal["system", "light", "dark"]

BASE, SMALL, TINY = 13, 12, 11
"""Type sizes in pixels at 100 %: text and fields; tabs, captions, asides; ribbon group captions."""
TITLE, FIGURE, NAME = 16, 18, 20
"""Type sizes in pixels at 100 %: page and card titles; the few large figures; the client's name."""
REGULAR, STRONG = 400, 600
"""The two weights there are."""

STATUS_COLOURS = ("slate", "blue", "purple", "teal", "grey", "red", "green", "brown", "pink", "orange")
"""The colours a studio may give its statuses and types; the database stores these names."""


def token(name: str) -> QColor:
    """The colour of a token or of a status colour's name in the scheme in force; KeyError for an unknown name."""
    return QColor((_DARK if is_dark() else _LIGHT)[name])


def is_dark() -> bool:
    """Whether the dark scheme is in force."""
    return QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def mark_colour() -> QColor:
    """The accent as a thin mark (bars, underlines): in dark the fill colour would be too weak for a line."""
    return token("link")


def font(px: int = BASE, weight: int = REGULAR) -> QFont:
    """The application's font at `px` (its size at 100 %) and `weight`."""
    made = QFont(QApplication.font())
    made.setPixelSize(scaled(px))
    made.setWeight(QFont.Weight(weight))
    return made


def set_colours(widget: QWidget, **tokens: str) -> None:
    """Give some roles of a widget's palette the colours of tokens, `Base="window"`, in whichever scheme is in force.

    All other roles are those of every such widget; without tokens all are. A palette that was read from a widget,
    changed and set again would keep the scheme of that moment for ever.
    """
    widget.setProperty(_TOKENS, tokens)
    palette = QPalette()
    for role, name in tokens.items():
        palette.setColor(QPalette.ColorRole[role], token(name))
    widget.setPalette(palette)


def scale() -> float:
    """How much larger than at 100 % the text is."""
    return max(QApplication.font().pixelSize(), 1) / BASE


def scaled(px: int) -> int:
    """A height or width that grows with the text size: `px` at 100 %."""
    return round(px * scale())


def row_height(px: int) -> int:
    """The height of a list's row of `px` at 100 % and the dense setting."""
    return scaled(px) + int(QApplication.instance().property(_DENSITY) or 0)  # type: ignore[union-attr]


class Theme(QObject):
    """Holds the application to the chosen scheme, text size and density, and follows the system where asked to."""

    TEXT_SIZES = (80, 90, 100, 110, 125, 150, 175, 200)
    DENSITIES = (0, 4, 8)

    changed = Signal()
    """The scheme, the text size or the density is another one; palettes and fonts are already set."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._scheme: Scheme = "system"
        self._text_percent = 100
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        _load_fonts()
        app.setStyle("Fusion")

    @property
    def scheme(self) -> Scheme:
        """What was chosen; `is_dark` tells what is in force."""
        return self._scheme

    @property
    def text_percent(self) -> int:
        """The text size."""
        return self._text_percent

    @property
    def density(self) -> int:
        """How many pixels rows are higher than in the dense setting."""
        return int(self._app.property(_DENSITY) or 0)

    def set_scheme(self, scheme: Scheme) -> None:
        """Take the light or dark colours, or those the system has."""
        self._scheme = scheme
        hints = self._app.styleHints()
        if scheme == "system":
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if scheme == "dark" else Qt.ColorScheme.Light)
        self._colour()
        self.changed.emit()

    def set_text_percent(self, percent: int) -> None:
        """Set the text size; everything that depends on it follows."""
        self._text_percent = min(max(percent, self.TEXT_SIZES[0]), self.TEXT_SIZES[-1])
        self._app.setFont(_base_font(round(BASE * self._text_percent / 100)))
        for widget in self._app.allWidgets():
            # Qt tells only those that have no font of their own.
            if widget.testAttribute(Qt.WidgetAttribute.WA_SetFont):
                self._app.sendEvent(widget, QEvent(QEvent.Type.FontChange))
        self.changed.emit()

    def enlarge(self) -> None:
        """The next larger text size."""
        self.set_text_percent(next((p for p in self.TEXT_SIZES if p > self._text_percent), self._text_percent))

    def shrink(self) -> None:
        """The next smaller text size."""
        smaller = (p for p in reversed(self.TEXT_SIZES) if p < self._text_percent)
        self.set_text_percent(next(smaller, self._text_percent))

    def set_density(self, extra: int) -> None:
        """Make the rows of all lists `extra` pixels higher than in the dense setting (one of `DENSITIES`)."""
        self._app.setProperty(_DENSITY, extra)
        self.changed.emit()

    def _system_changed(self) -> None:
        if self._scheme == "system":
            self._colour()
            self.changed.emit()

    def _colour(self) -> None:
        dark = self._scheme == "dark"
        if self._scheme == "system":
            dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        colours = _DARK if dark else _LIGHT
        palette = _palette(colours)
        self._app.setPalette(palette)
        for widget_class in _FIELD_CLASSES:
            # PySide's stubs ask for bytes, its code for str.
            self._app.setPalette(_field_palette(palette, colours), widget_class)  # type: ignore[arg-type]
        QToolTip.setPalette(palette)
        for widget in self._app.allWidgets():
            tokens = widget.property(_TOKENS)
            if tokens:
                set_colours(widget, **tokens)


def apply_theme(app: QApplication, scheme: Scheme = "system", *, text_percent: int = 100, density: int = 0) -> Theme:
    """Put the application into Fusion with our palettes and font; gives its one `Theme`, made at the first call."""
    # findChild would cost a start of the program more than all the colours.
    theme = next((child for child in app.children() if isinstance(child, Theme)), None) or Theme(app)
    theme.set_scheme(scheme)
    theme.set_text_percent(text_percent)
    theme.set_density(density)
    return theme


_DENSITY = "studio_row_density"
_TOKENS = "studio_colours"

_LIGHT = {
    "window": "#F3F4F6",
    "base": "#FFFFFF",
    "alternate": "#F8F9FB",
    "raised": "#FFFFFF",
    "field": "#FFFFFF",
    "field_edge": "#838B95",
    "button": "#FFFFFF",
    "combo": "#FFFFFF",
    "edge": "#B4BAC2",
    "hover": "#EAEEF1",
    "text": "#1B1F24",
    "dim": "#59616B",
    "faint": "#666E78",
    "line": "#DEE2E7",
    "accent": "#0B6A82",
    "on_accent": "#FFFFFF",
    "link": "#0B6A82",
    "accent_soft": "#E0F0F4",
    "alarm": "#C42B1C",
    "on_alarm": "#FFFFFF",
    "red": "#C42B1C",
    "on_red": "#FFFFFF",
    "red_soft": "#FDE9E7",
    "yellow": "#7A5700",
    "yellow_fill": "#F5C518",
    "yellow_line": "#7A5700",
    "on_yellow_fill": "#3A2A00",
    "yellow_soft": "#FFF5D6",
    "green": "#1F7A3D",
    "green_soft": "#E4F4E9",
    "slate": "#54627A",
    "blue": "#2563B8",
    "purple": "#7A3FB0",
    "teal": "#0B7570",
    "grey": "#62666D",
    "brown": "#8A5A14",
    "pink": "#B0306F",
    "orange": "#B04A00",
}
_DARK = {
    "window": "#1D2024",
    "base": "#25292E",
    "alternate": "#2A2E34",
    "raised": "#2C3137",
    "field": "#1A1D21",
    "field_edge": "#757E89",
    "button": "#353A41",
    "combo": "#24282D",
    "edge": "#58606A",
    "hover": "#31363D",
    "text": "#E8EAED",
    "dim": "#A9B1BB",
    "faint": "#949DA8",
    "line": "#3A4047",
    "accent": "#12798F",
    "on_accent": "#FFFFFF",
    "link": "#63C5DA",
    "accent_soft": "#173C46",
    "alarm": "#CF3527",
    "on_alarm": "#FFFFFF",
    "red": "#FF8A7D",
    "on_red": "#2A0905",
    "red_soft": "#47231F",
    "yellow": "#F2CC5A",
    "yellow_fill": "#F5C518",
    "yellow_line": "#F5C518",
    "on_yellow_fill": "#3A2A00",
    "yellow_soft": "#3C3213",
    "green": "#7BD196",
    "green_soft": "#1F3A2A",
    "slate": "#A3B3CC",
    "blue": "#7FB2FF",
    "purple": "#C9A0F5",
    "teal": "#5FD0C8",
    "grey": "#A4A9B0",
    "brown": "#DDB074",
    "pink": "#F59AC6",
    "orange": "#FFA766",
}

# Fusion draws the outline of a field in its Window colour, darker(140): black on black in the dark scheme. So fields
# get a Window of their own, as much brighter than the edge we want.
_FIELD_CLASSES = ("QLineEdit", "QComboBox", "QAbstractSpinBox", "QPlainTextEdit")
_BRIGHTER = 1.4
_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "base",
    QPalette.ColorRole.AlternateBase: "alternate",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "button",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "link",
    QPalette.ColorRole.LinkVisited: "link",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "faint",
    QPalette.ColorRole.BrightText: "red",
    QPalette.ColorRole.Light: "raised",
    QPalette.ColorRole.Midlight: "line",
    QPalette.ColorRole.Mid: "edge",
    QPalette.ColorRole.Dark: "edge",
    QPalette.ColorRole.Shadow: "edge",
}


def _palette(colours: dict[str, str]) -> QPalette:
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(role, QColor(colours[name]))
    disabled = QPalette.ColorGroup.Disabled
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(disabled, role, QColor(colours["faint"]))
    palette.setColor(disabled, QPalette.ColorRole.Base, QColor(colours["window"]))
    return palette


def _field_palette(palette: QPalette, colours: dict[str, str]) -> QPalette:
    field = QPalette(palette)
    field.setColor(QPalette.ColorRole.Base, QColor(colours["field"]))
    field.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Base, QColor(colours["window"]))
    edge = QColor(colours["field_edge"])
    channels = [min(255, round(channel * _BRIGHTER)) for channel in (edge.red(), edge.green(), edge.blue())]
    field.setColor(QPalette.ColorRole.Window, QColor(*channels))
    field.setColor(QPalette.ColorRole.Button, QColor(colours["combo"]))
    return field


_INTER = "Inter"


def _load_fonts() -> None:
    for file in sorted((RESOURCES / "fonts" / "ui").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def _base_font(px: int) -> QFont:
    # Windows and macOS have one good interface font. Elsewhere it may be anything, up to a quarter wider than what the
    # windows were measured with, so there the font comes along.
    if sys.platform in ("win32", "darwin"):
        made = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    else:
        made = QFont(_INTER)
    made.setPixelSize(px)
    made.setFeature(QFont.Tag("tnum"), 1)
    made.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return made
