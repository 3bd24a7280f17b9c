"""Python's collection of garbage, in the window's thread only.

Left to itself it happens in whichever thread allocates next. If that is a lane's, every Qt object in a cycle that has
become unreachable is destroyed there, which ends the program sooner or later.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOKED_AT_EVERY = 500
"""Milliseconds."""


class GarbageCollection(QObject):
    """From its making until `close`; what is there already is never looked at again, for a program's modules stay."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        gc.collect()
        gc.freeze()
        self._timer = QTimer(self, interval=LOOKED_AT_EVERY)
        self._timer.timeout.connect(collect)
        self._timer.start()

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()


def collect() -> None:
    """What Python would do by itself: the young objects when there are many, the older ones less often."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return
