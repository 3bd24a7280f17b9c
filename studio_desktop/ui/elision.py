"""Text as it is drawn on one line: in its own direction, and cut with an ellipsis where reading ends."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

_RIGHT_TO_LEFT_MARK = "\u200f"
_ISOLATED = "\u2067{text}\u2069"
_MOST_LETTERS = 4_000
"""More than any place has room for; measuring millions of them would stop the window for seconds."""


def elided(metrics: QFontMetrics, text: str, width: int) -> str:
    """As much of the text as has room in so many pixels, in its own direction."""
    if len(text) > _MOST_LETTERS:
        text = f"{text[:_MOST_LETTERS]}…"
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(width, 0))
    if shown != text and runs_to_the_left(text) and _has_left_to_right(text):
        return shown + _RIGHT_TO_LEFT_MARK
    return in_its_direction(shown)


def in_its_direction(text: str) -> str:
    """The text for a painter, whose lines run from left to right: what ends one from right to left stands at the left.

    Without it an ellipsis, a full stop or a bracket at the end would stand before the first word.
    """
    # A sentence of the program's may begin with a name of this script.
    is_theirs = runs_to_the_left(text) and not _has_left_to_right(text)
    return _ISOLATED.format(text=text) if is_theirs else text


def runs_to_the_left(text: str) -> bool:
    """Whether its first letter is of a script that is read from right to left."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind in ("R", "AL") for kind in strong if kind in ("L", "R", "AL")), False)


def _has_left_to_right(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) == "L" for letter in text)
