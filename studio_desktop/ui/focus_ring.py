"""The order in which Tab goes through a window, asked without harm."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget


def focus_ring(widget: QWidget, is_enough: Callable[[QWidget], bool], *, backwards: bool = False) -> list[QWidget]:
    """The widgets of the window in the order of the focus from this one on, up to the first that `is_enough`.

    PySide 6.11.3 holds what a method gives for a part of whom it was asked of. So the neighbour in the ring, which may
    lie in quite another part of the window, goes with the asker: once that dies, what Qt made inside the neighbour, as
    the line of a spin box, is "already deleted" though it is on the screen. Told anew whose it is, each belongs there.
    """
    ring = [widget]
    neighbour = _neighbour(widget, backwards)
    while not is_enough(ring[-1]) and neighbour is not widget:
        ring.append(neighbour)
        neighbour = _neighbour(neighbour, backwards)
    for one in (*ring, neighbour):
        one.setParent(one.parentWidget())
    return ring


def _neighbour(widget: QWidget, backwards: bool) -> QWidget:
    neighbour = widget.previousInFocusChain() if backwards else widget.nextInFocusChain()
    assert neighbour is not None, "a widget by itself is its own neighbour"
    return neighbour
