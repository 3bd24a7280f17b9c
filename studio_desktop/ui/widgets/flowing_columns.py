"""Columns that stand beside each other, the last one below the others where there is no room for it."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget, QWidgetItem


class FlowingColumns(QObject):
    """Lets the `last` column of a `grid` of one row go below the others as soon as `area`, which scrolls them, is too
    narrow for all: what is typed in is looked for further down, never at the side. The others share the width then.
    """

    below_changed = Signal(bool)
    """It stands below the others, or beside them again."""

    def __init__(self, grid: QGridLayout, last: QWidget, area: QScrollArea) -> None:
        super().__init__(area)
        self._grid, self._last, self._area = grid, last, area
        self._columns = grid.columnCount()
        self._stretches = [grid.columnStretch(column) for column in range(self._columns)]
        self.is_below = False
        body = area.widget()
        assert body is not None
        area.viewport().installEventFilter(self)
        body.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look again when the window, the text size or what stands in a column is another one."""
        is_asked = event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest)
        if is_asked and shiboken6.isValid(self._grid):  # what goes tells its area so
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        # What is needed must not depend on where the column stands now: if each place asked for the other one, Qt would
        # lay out for ever. So the column counts as its layout will count it.
        needed = self._grid.minimumSize().width()
        if self.is_below:  # it spans the columns then, so that the space before its own is counted already
            needed += QWidgetItem(self._last).minimumSize().width()
        is_below = needed > room_in(self._area)
        if is_below == self.is_below:
            return
        self.is_below = is_below
        self._grid.removeWidget(self._last)
        if is_below:
            self._grid.addWidget(self._last, 1, 0, 1, self._columns)
        else:
            self._grid.addWidget(self._last, 0, self._columns - 1)
        for column, beside in enumerate(self._stretches):
            below = 0 if column == self._columns - 1 else 1
            self._grid.setColumnStretch(column, below if is_below else beside)
        self.below_changed.emit(is_below)


def room_in(area: QScrollArea) -> int:
    """The width for what `area` scrolls up and down, whether its scroll bar is there now or not.

    Who arranges by it does not answer to a bar that comes and goes with the height of the arrangement.
    """
    return area.maximumViewportSize().width() - area.verticalScrollBar().sizeHint().width()
