"""What a widget lies in, found from above.

Asked from below, by `parentWidget`, PySide 6.11.3 makes the answer the keeper of whoever asked. Of what Qt made itself,
as the inside of a scroll area, it lets go once any widget dies that ever named it, and then of all that it keeps: of a
form whose fields are still on the screen.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def between(around: QWidget, widget: QWidget) -> list[QWidget]:
    """What lies in `around` with the widget in it, from the inside out."""
    inside = [one for one in around.findChildren(QWidget) if one.isAncestorOf(widget)]
    return inside[::-1]
