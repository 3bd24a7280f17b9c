"""The order in which Tab goes through a window, asked without harm."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def focus_ring(widget: QWidget) -> list[QWidget]:
    """All widgets of the window in the order of the focus, from this one on.

    PySide 6.11.3 holds what a method gives for a part of whom it was asked of. So the neighbour in the ring, which may
    lie in quite another part of the window, goes with the asker: once that dies, what Qt made inside the neighbour, as
    the line of a spin box, is "already deleted" though it is on the screen. Asked for all its children, the window has
    each of them back.
    """
    ring = [widget]
    following = widget.nextInFocusChain()
    while following is not None and following is not widget:
        ring.append(following)
        following = following.nextInFocusChain()
    window = widget.window()
    window.findChildren(QWidget)
    window.setParent(window.parentWidget())
    return ring
