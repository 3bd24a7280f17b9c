"""The tabs of a record in fixed places, so that none moves when a count changes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.widgets.marks import LightKind, paint_focus_ring, paint_light
from studio_desktop.ui.widgets.plain_label import as_tip

PER_ROW = 9
"""Tabs of a row; Ctrl+1 to 9 are the first row, Alt+1 to 9 the second."""
ONE_ROW_FROM = 2200
"""Pixels of width from which all tabs stand in one row."""


class DetailTabs(QWidget):
    """A grid of flat tabs with counts and lights; one is current. The pages are the caller's."""

    chosen = Signal(str)
    """A person chose a tab, by the id it was added with."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs: dict[str, _Tab] = {}
        self._hidden: frozenset[str] = frozenset()
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.setAccessibleName(self.tr("Parts of the record"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def add(self, tab_id: str, text: str) -> None:
        """One more tab after the others; the first is current."""
        tab = _Tab(text, self)
        tab.clicked.connect(lambda: self.chosen.emit(tab_id))
        tab.arrow_pressed.connect(self._walk)
        self._tabs[tab_id] = tab
        self._group.addButton(tab)
        if len(self._tabs) == 1:
            tab.setChecked(True)
        tab.show()
        self._close_up()

    def leave_out(self, tab_ids: Collection[str]) -> None:
        """Show all but these; the others close up, and their keys with them."""
        self._hidden = frozenset(tab_ids)
        for tab_id, tab in self._tabs.items():
            tab.setVisible(tab_id not in self._hidden)
        self._close_up()

    def ids(self) -> list[str]:
        """The tabs that are shown, in their order."""
        return [tab_id for tab_id in self._tabs if tab_id not in self._hidden]

    def current(self) -> str:
        """The id of the current tab."""
        return next(tab_id for tab_id, tab in self._tabs.items() if tab.isChecked())

    def set_current(self, tab_id: str) -> None:
        """Make a tab current."""
        self._tabs[tab_id].setChecked(True)

    def set_count(self, tab_id: str, count: int | None) -> None:
        """Show how many there are: nothing for None, a faint name for 0."""
        self._tabs[tab_id].set_count(count)
        self._lay_out()

    def set_light(self, tab_id: str, kind: LightKind | None, cause: str = "") -> None:
        """Let the tab wear the light it causes; `cause` says why in words."""
        self._tabs[tab_id].set_light(kind, cause)

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(theme.scaled(9 * 90), self._rows() * _row_height() + 1)

    def minimumSizeHint(self) -> QSize:
        """It may become as narrow as the window; its tabs then stand closer."""
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the tabs out."""
        super().resizeEvent(event)
        self._lay_out()
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._lay_out()
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The ground, and a hairline above and below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.token("window"))
        painter.fillRect(0, 0, self.width(), 1, theme.token("line"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.token("line"))

    def _close_up(self) -> None:
        for number, tab in enumerate(self._shown(), 1):
            tab.set_tip(f"Ctrl+{number}" if number <= PER_ROW else f"Alt+{number - PER_ROW}")
        self._lay_out()
        self.updateGeometry()

    def _shown(self) -> list[_Tab]:
        return [self._tabs[tab_id] for tab_id in self.ids()]

    def _per_row(self) -> int:
        return max(len(self._shown()), 1) if self.width() >= ONE_ROW_FROM else PER_ROW

    def _rows(self) -> int:
        return max(1, -(-len(self._shown()) // self._per_row()))

    def _lay_out(self) -> None:
        tabs, per_row = self._shown(), self._per_row()
        columns = [tabs[start::per_row] for start in range(min(per_row, len(tabs)))]
        needed = [max(tab.needed_width() for tab in column) for column in columns]
        spare = self.width() - 2 * _EDGE - sum(needed)
        # A row of few tabs stays together at the left; a full one takes the whole width, or gives way a little.
        share = spare / len(columns) if spare < 0 or len(columns) >= PER_ROW else 0.0
        left = float(_EDGE)
        for column, width in zip(columns, needed, strict=True):
            for row, tab in enumerate(column):
                tab.setGeometry(round(left), 1 + row * _row_height(), round(left + width + share) - round(left), 0)
                tab.resize(tab.width(), _row_height() - (1 if row == 0 else 0))
            left += width + share

    def _walk(self, steps: int) -> None:
        ids = self.ids()
        to = ids.index(self.current()) + (steps if abs(steps) == 1 else steps // 2 * self._per_row())
        if 0 <= to < len(ids):
            tab = self._tabs[ids[to]]
            tab.setFocus(Qt.FocusReason.TabFocusReason)
            tab.click()


_EDGE = 8


def _row_height() -> int:
    return theme.scaled(26)


@dataclass(slots=True)
class _Light:
    kind: LightKind
    cause: str


class _Tab(QAbstractButton):
    arrow_pressed = Signal(int)
    """1 or -1 for the neighbour, 2 or -2 for the one below or above."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._count: int | None = None
        self._light: _Light | None = None
        self._tip = ""
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._tell()

    def set_tip(self, tip: str) -> None:
        self._tip = tip
        self._tell()

    def set_count(self, count: int | None) -> None:
        self._count = count
        self._tell()
        self.update()

    def set_light(self, kind: LightKind | None, cause: str) -> None:
        self._light = None if kind is None else _Light(kind, cause)
        self._tell()
        self.update()

    def needed_width(self) -> int:
        """Room for the name in its strong form, a count of two figures and a light, whether it has them or not."""
        strong, plain = (QFontMetrics(theme.font(theme.SMALL, weight)) for weight in (theme.STRONG, theme.REGULAR))
        counted = 0 if self._count is None else plain.horizontalAdvance(f" ({max(self._count, 10)})")
        return strong.horizontalAdvance(self.text()) + counted + 20 + theme.scaled(14)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -2, Qt.Key.Key_Down: 2}.get(
            Qt.Key(event.key())
        )
        if steps is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.arrow_pressed.emit(steps)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        whole = self.rect()
        if self.isChecked():
            painter.fillRect(whole, theme.token("base"))
            painter.fillRect(QRect(0, self.height() - 2, self.width(), 2), theme.mark_colour())
        elif self.underMouse():
            painter.fillRect(whole, theme.token("hover"))
        painter.setFont(theme.font(theme.SMALL, theme.STRONG if self.isChecked() else theme.REGULAR))
        painter.setPen(theme.token("faint" if self._count == 0 and not self.isChecked() else "text"))
        x = 8
        painter.drawText(whole.adjusted(x, 0, 0, 0), _LEFT, self.text())
        x += painter.fontMetrics().horizontalAdvance(self.text()) + 4
        if self._count:
            painter.setFont(theme.font(theme.SMALL))
            painter.setPen(theme.token("dim"))
            painter.drawText(whole.adjusted(x, 0, 0, 0), _LEFT, f"({self._count})")
            x += painter.fontMetrics().horizontalAdvance(f"({self._count})") + 4
        if self._light is not None:
            side = theme.scaled(13)
            paint_light(painter, QRectF(x, (self.height() - side) / 2, side, side), self._light.kind)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(whole).adjusted(1, 1, -1, -1), 3)

    def _tell(self) -> None:
        """What a screen reader says, and the tip."""
        parts = [self.text()]
        if self._count is not None:
            parts.append(str(self._count))
        if self._light is not None:
            parts.append(self._light.cause)
        self.setAccessibleName(", ".join(parts))
        self.setToolTip(as_tip(self._light.cause if self._light is not None else self._tip))


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
