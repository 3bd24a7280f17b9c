"""The shipped fonts, and any text made ready to be drawn in them, whatever its script.

`typeset` splits a line into runs of one font each, joins Arabic letters and brings right-to-left text into the order
in which it is drawn. Standard PDF fonts are never used: they are not embedded and lack most of the world's letters.
What no shipped font holds becomes a visible replacement and is counted (DECISIONS 27).
"""

from __future__ import annotations

import re
import threading
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from arabic_reshaper import ArabicReshaper
from bidi import get_base_level
from bidi.algorithm import get_display  # the other one of this package leaves brackets as they are
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from studio_desktop.paths import RESOURCES

REGULAR = "NotoSans-Regular"
BOLD = "NotoSans-Bold"
REPLACEMENT = "\ufffd"
ELLIPSIS = "…"


class Run(NamedTuple):
    """Neighbouring characters that one font draws, from left to right."""

    font: str
    text: str


class Line(NamedTuple):
    """A line ready to be drawn. `width` is in ems: times the type size it is points.

    `replaced` counts the characters that no shipped font holds.
    """

    runs: tuple[Run, ...]
    width: float
    right_to_left: bool = False
    replaced: int = 0


def typeset(text: str, bold: bool = False, right_to_left: bool | None = None) -> Line:
    """`text` as one line in regular or bold type; breaks and tabs count as blanks.

    `right_to_left` is the direction of the paragraph the line belongs to; None takes it from the first strong letter.
    """
    main = load(BOLD if bold else REGULAR)
    if not right_to_left and main.plain.issuperset(text):
        return Line((Run(main.name, text),), sum(map(main.widths.__getitem__, text)))
    if _ISOLATING.search(text):
        return _typeset_parts(text, bold, right_to_left)
    return (_remembered if len(text) <= _MEMORABLE else _typeset_any_script)(text, bold, right_to_left)


def beside(facts: Sequence[str]) -> str:
    """Facts one after the other with commas between them, for `typeset`.

    Each runs in its own direction and keeps its place: after an Arabic word a date would else be torn apart.
    """
    return ", ".join(f"\u2068{_EMBEDDING.sub('', fact)}\u2069" for fact in facts)


def width(text: str, bold: bool = False) -> float:
    """The width of `text` on one line, in ems."""
    main = load(BOLD if bold else REGULAR)
    if main.plain.issuperset(text):
        return sum(map(main.widths.__getitem__, text))
    return typeset(text, bold).width


def wrap(text: str, limit: float, at_most: int, bold: bool = False) -> list[str]:
    """`text` broken into lines at most `limit` ems wide: between words and ideographs, inside a word only if it must.

    A hyphen before a letter ends a word. Of more than `at_most` lines the rest is left out and the last ends with an
    ellipsis. The lines are in reading order and still to be typeset.
    """
    limit += _ROUNDING
    lines = [""]
    used = 0.0
    for match in _BREAKABLE.finditer(text):
        piece = match[0] if lines[-1] else match[0].lstrip()
        needed = width(piece, bold)
        if lines[-1] and used + needed > limit:
            lines.append("")
            used, piece = 0.0, piece.lstrip()
            needed = width(piece, bold)
        while needed > limit and len(piece) > 1 and len(lines) <= at_most:
            fitting = max(1, _fitting(piece, limit, bold))
            lines[-1:] = [piece[:fitting], ""]
            used, piece = 0.0, piece[fitting:]
            needed = width(piece, bold)
        if len(lines) > at_most:
            return [*lines[: at_most - 1], elide(lines[at_most - 1] + ELLIPSIS, limit, bold)]
        lines[-1] += piece
        used += needed
    return lines


def elide(text: str, limit: float, bold: bool = False) -> str:
    """`text` as it is if it fits into `limit` ems, else its beginning and an ellipsis."""
    limit += _ROUNDING
    if width(text, bold) <= limit:
        return text
    return text[: _fitting(text, limit - width(ELLIPSIS, bold), bold)].rstrip() + ELLIPSIS


class Font:
    """One shipped font: what it holds and how wide that is."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.outlines = TTFont(name, RESOURCES / "fonts" / f"{name}.ttf")
        pdfmetrics.registerFont(self.outlines)
        face = self.outlines.face
        held = (code for code in face.charToGlyph if code not in _UNSHAPED)
        self.widths: dict[str, float] = {chr(code): face.getCharWidth(code) / 1000 for code in held}
        # What needs no thought: neither direction nor joining nor marks nor invisible signs.
        self.plain = frozenset(c for c in self.widths if not _NEEDS_CARE.match(c) and not unicodedata.combining(c))


def load(name: str) -> Font:
    """The shipped font of that name, read once and known to reportlab from then on."""
    font = _loaded.get(name)
    if font is None:
        with _LOADING:
            if name not in _loaded:
                _loaded[name] = Font(name)
            font = _loaded[name]
    return font


# Two threads must not read a font twice: reportlab cannot draw a document with two objects of the same font.
_LOADING = threading.Lock()
_loaded: dict[str, Font] = {}

_FALLBACKS = {
    False: (REGULAR, "NotoSansArabic-Regular", "NotoSansHebrew-Regular", "DroidSansFallbackFull"),
    True: (BOLD, "NotoSansArabic-Bold", "NotoSansHebrew-Bold", "DroidSansFallbackFull"),
}

# Devanagari letters change their shapes and places in a word; drawn one by one they would be wrong without a warning.
_UNSHAPED = range(0x0900, 0x0980)

_BLANK = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]")
_UNDRAWABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_EMBEDDING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ISOLATING = re.compile("[\u2068\u2069]")
# Of a line that was wrapped the beginning or the end may stand on another one.
_ISOLATED = re.compile("(?:^|\u2068)([^\u2068\u2069]*)(?:\u2069|$)")
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_NEEDS_CARE = re.compile("|".join(p.pattern for p in (_BLANK, _UNDRAWABLE, _EMBEDDING, _INVISIBLE, _RIGHT_TO_LEFT)))

_IDEOGRAPH = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff"
_BREAKABLE = re.compile(rf"\s*(?:[{_IDEOGRAPH}]|[^\s{_IDEOGRAPH}]+?(?:-(?=[^\W\d_])|(?=[\s{_IDEOGRAPH}]|$)))")
_PRIVATE = 0x0F0000  # where characters of one's own begin, which run from left to right
_ROUNDING = 1e-6  # ems: a size chosen so that a line just fits must not be found too large


@cache
def _reshaper() -> ArabicReshaper:
    return ArabicReshaper(configuration={"delete_harakat": False})


def _as_displayed(text: str, base_dir: str) -> str:
    """The characters in the order in which they stand on paper."""
    # Of characters that Unicode has not named yet nobody knows a direction, and the algorithm has none for them.
    nameless = sorted({ord(char) for char in text if not unicodedata.bidirectional(char)})
    stand_ins = dict(zip(nameless, range(_PRIVATE, _PRIVATE + len(nameless)), strict=True))
    displayed = str(get_display(text.translate(stand_ins), base_dir=base_dir))
    return displayed.translate({stand_in: char for char, stand_in in stand_ins.items()})


def _typeset_parts(text: str, bold: bool, right_to_left: bool | None) -> Line:
    """A line with isolated parts, which follow one another from the right only where all run to the left."""
    parts = [part.strip("\u2068\u2069") for part in _ISOLATED.split(text)]  # each second one is isolated
    if right_to_left is None:
        lettered = [part for part in parts if any(map(str.isalpha, part))]
        right_to_left = bool(lettered) and all(get_base_level(part) == 1 for part in lettered)
    lines = [typeset(part, bold, None if at % 2 else right_to_left) for at, part in enumerate(parts)]
    ordered = lines[::-1] if right_to_left else lines
    runs = tuple(run for line in ordered for run in line.runs if run.text)
    return Line(runs, sum(line.width for line in lines), right_to_left, sum(line.replaced for line in lines))


def _typeset_any_script(text: str, bold: bool, right_to_left: bool | None) -> Line:
    text = unicodedata.normalize("NFC", _BLANK.sub(" ", text))
    # Embeddings and overrides can make a name read as another one; plain letters carry their own direction.
    text = _EMBEDDING.sub("", text)
    text, replaced = _UNDRAWABLE.subn(REPLACEMENT, text)
    if right_to_left is None:
        right_to_left = get_base_level(text) == 1
    if right_to_left or _RIGHT_TO_LEFT.search(text):
        text = _as_displayed(_reshaper().reshape(text), "R" if right_to_left else "L")
    fonts = [load(name) for name in _FALLBACKS[bold][:-1]]
    runs: list[Run] = []
    total = 0.0
    current = fonts[0]
    waiting = ""
    for char in _INVISIBLE.sub("", text):
        font = current if char in current.widths else _holding(char, fonts, bold)
        if font is None:
            char, font = REPLACEMENT, fonts[0]
            replaced += 1
        if font is not current and waiting:
            runs.append(Run(current.name, waiting))
            waiting = ""
        current = font
        waiting += char
        total += font.widths[char]
    runs.append(Run(current.name, waiting))
    return Line(tuple(runs), total, right_to_left, replaced)


_MEMORABLE = 200  # characters; names and addresses come back, long notes do not
_remembered = lru_cache(maxsize=8192)(_typeset_any_script)


def _holding(char: str, fonts: list[Font], bold: bool) -> Font | None:
    for font in fonts:
        if char in font.widths:
            return font
    # The ideographs take longest to read and are wanted rarely.
    ideographs = load(_FALLBACKS[bold][-1])
    return ideographs if char in ideographs.widths else None


def _fitting(text: str, limit: float, bold: bool) -> int:
    """How many leading characters fit into `limit` ems; a mark is not torn from its letter."""
    beyond = 16
    while beyond < len(text) and width(text[:beyond], bold) <= limit:
        beyond *= 2
    lengths = range(1, min(beyond, len(text)) + 1)
    count = bisect_right(lengths, limit, key=lambda length: width(text[:length], bold))
    while 0 < count < len(text) and unicodedata.combining(text[count]):
        count -= 1
    return count
