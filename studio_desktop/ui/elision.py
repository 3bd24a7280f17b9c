"""Text that is shorter than it is, with an ellipsis where reading ends."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

_RIGHT_TO_LEFT_MARK = "\u200f"


def elided(metrics: QFontMetrics, text: str, width: int) -> str:
    """As much of the text as has room in so many pixels; of Arabic and Hebrew the ellipsis stands at the left."""
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(width, 0))
    # Without the mark the ellipsis would belong to the line, which runs from left to right, and stand before the words.
    return shown + _RIGHT_TO_LEFT_MARK if shown != text and _runs_to_the_left(text) else shown


def _runs_to_the_left(text: str) -> bool:
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind in ("R", "AL") for kind in strong if kind in ("L", "R", "AL")), False)
