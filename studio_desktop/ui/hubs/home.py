"""Home: the place of rest, and what waits. Every line leads to what it speaks of; only what fits is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_desktop.domain.records.clients import ClientKind, Stage
from studio_desktop.services.listings.service import Query, listing
from studio_desktop.ui import places, theme
from studio_desktop.ui.page import Page, Shell
from studio_desktop.ui.widgets.buttons import FlatButton, LinkButton, PrimaryButton
from studio_desktop.ui.widgets.enter import pressed_by_enter
from studio_desktop.ui.widgets.marks import Light, LightKind, paint_dot, paint_focus_ring, paint_text
from studio_desktop.ui.widgets.panels import Panel
from studio_desktop.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.services import Services

LINES_READ = 24
"""Overdue clients read; no card has room for more."""

LINE = 24
"""Pixels of a line at 100 %."""


class HomePage(Page):
    """The day, on one page."""

    context = "home"

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self._day = PlainLabel("", self, px=theme.NAME, strong=True)
        self._summary = PlainLabel("", self, tone="dim", elided=True)
        self._overdue = _Card(self.tr("Overdue statuses"), "red")
        self._overdue.all_wanted.clicked.connect(lambda: shell.open_page("clients", filters={"overdue": True}))
        self._people = _Card(self.tr("Clients"))
        self._people.all_wanted.clicked.connect(lambda: shell.open_page("clients"))
        self._aside = _Card(self.tr("Put aside"))
        self._begin = _FirstSteps(shell)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        column.addLayout(head)
        head.setSpacing(16)
        head.addWidget(self._day)
        head.addWidget(self._summary, 1)
        columns = QHBoxLayout()
        column.addLayout(columns, 1)
        columns.setSpacing(8)
        columns.addWidget(self._overdue, 3, Qt.AlignmentFlag.AlignTop)
        right = QVBoxLayout()
        columns.addLayout(right, 2)
        right.setSpacing(8)
        right.addWidget(self._begin)
        right.addWidget(self._people)
        right.addWidget(self._aside)
        right.addStretch(1)
        shell.parked_changed.connect(self._show_parked)
        self._show_parked()
        self._read()

    def title(self) -> str:
        """Home."""
        return self.tr("Home")

    def icon_name(self) -> str:
        """A house."""
        return "home"

    def handlers(self) -> dict[str, Callable[..., object]]:
        """Read again on F5."""
        return {"refresh": self._read}

    def take_focus(self) -> None:
        """The cursor rests in the caller box; here only Tab and F6 lead."""
        self._overdue.take_focus()

    def refresh(self, changes: Changes) -> None:
        """Follow what happens to clients."""
        if any(changes.touches(kind) for kind in ("client", "client_status", "preference")):
            self._read()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The ground."""
        QPainter(self).fillRect(self.rect(), theme.token("window"))

    def _read(self) -> None:
        services = self.shell.services
        self.shell.tasks.latest(self, "day", lambda: _Day.read(services), self._show)

    def _show(self, day: _Day) -> None:
        formats, today = self.shell.formats, day.today
        self._day.setText(f"{_WEEKDAYS[today.weekday()]} {formats.day(today, today)}")
        late = formats.number(day.overdue)
        waiting = self.tr("No status is overdue.")
        if day.overdue:
            one = self.tr("One client is at a status longer than it should be.")
            many = self.tr("{n} clients are at a status longer than they should be.")
            waiting = one if day.overdue == 1 else many.format(n=late)
        self._summary.setText(waiting)
        self._overdue.show_count(late if day.overdue else "", self.tr("All {n}").format(n=late) if day.overdue else "")
        self._overdue.show_lines([self._late(one, today) for one in day.late], self.tr("Nothing is overdue."))
        counted = [
            _Line(text, partial(self.shell.open_page, "clients", filters=wish), right=formats.number(count))
            for text, count, wish in (
                (self.tr("Active clients"), day.clients, {"kind": "client", "stage": "active"}),
                (self.tr("Prospects"), day.prospects, {"kind": "prospect", "stage": "active"}),
                (self.tr("Leads"), day.leads, {"kind": "lead", "stage": "active"}),
                (self.tr("Archived"), day.archived, {"stage": "archived"}),
            )
            if count or wish.get("kind") == "client"
        ]
        self._people.show_count("", self.tr("Clients"))
        self._people.show_lines(counted, "")
        is_new = not (day.clients or day.prospects or day.leads or day.archived)
        self._begin.setVisible(is_new and self._begin.has_steps)
        self._people.setVisible(not is_new)

    def _late(self, row: dict[str, Any], today: date) -> _Line:
        return _Line(
            row["name"],
            lambda: self.shell.open_client(row["id"]),
            middle=row["status"] or "",
            dot=row["status_colour"] or "",
            right=self.shell.formats.day(row["due"], today),
            far_right=self.shell.formats.late(row["due"], today),
            strong=True,
        )

    def _show_parked(self) -> None:
        parked = self.shell.parked_sheets()
        self._aside.setVisible(bool(parked))
        self._aside.show_count(str(len(parked)), "")
        lines = [_Line(one.text, partial(self.shell.go_on_with, one.number), right=one.since) for one in parked]
        self._aside.show_lines(lines, "")


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class _Day:
    """What the page shows."""

    today: date
    overdue: int
    late: list[dict[str, Any]]
    clients: int
    prospects: int
    leads: int
    archived: int

    @classmethod
    def read(cls, services: Services) -> _Day:
        """In the reading lane."""
        keys = [column.key for column in listing("clients").columns]
        shown = Query({"overdue": True, "stage": Stage.ACTIVE}, sort=(("due", False),))
        page = services.listings.first_page("clients", shown, LINES_READ)
        late = [{"id": row_id, **dict(zip(keys, values, strict=True))} for row_id, values in page.rows]

        def count(**filters: Any) -> int:
            return services.listings.first_page("clients", Query(filters), 1).total

        return cls(
            services.desk.clock.today(),
            page.total,
            late,
            clients=count(kind=ClientKind.CLIENT, stage=Stage.ACTIVE),
            prospects=count(kind=ClientKind.PROSPECT, stage=Stage.ACTIVE),
            leads=count(kind=ClientKind.LEAD, stage=Stage.ACTIVE),
            archived=count(stage=Stage.ARCHIVED),
        )


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a card."""

    text: str
    open: Callable[[], object]
    middle: str = ""
    dot: str = ""
    right: str = ""
    far_right: str = ""
    strong: bool = False


class _Card(Panel):
    """A heading with its count and a link to the whole list, and as many lines as fit."""

    def __init__(self, title: str, light: LightKind | None = None) -> None:
        super().__init__(None, "base", rounded=True)
        self._count = PlainLabel("", self, tone="dim")
        self._light = Light(light, title, self) if light is not None else None
        self.all_wanted = LinkButton("", self, px=theme.SMALL)
        self._list = _Lines(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 8, 4, 8)
        column.setSpacing(4)
        head = QHBoxLayout()
        column.addLayout(head)
        head.setSpacing(6)
        head.setContentsMargins(8, 0, 8, 0)
        if self._light is not None:
            head.addWidget(self._light)
        head.addWidget(PlainLabel(title, self, strong=True))
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.all_wanted)
        column.addWidget(self._list, 1)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def show_count(self, count: str, link: str) -> None:
        self._count.setText(count)
        self.all_wanted.setText(link)
        self.all_wanted.setVisible(bool(link))
        if self._light is not None:
            self._light.setVisible(bool(count))

    def show_lines(self, lines: Sequence[_Line], nothing: str) -> None:
        self._list.show_lines(lines, nothing)

    def take_focus(self) -> None:
        self._list.take_focus()


class _Lines(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._buttons: list[_LineButton] = []
        self._nothing = PlainLabel("", self, tone="dim")
        self._nothing.setContentsMargins(8, 4, 8, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def show_lines(self, lines: Sequence[_Line], nothing: str) -> None:
        focused = next((at for at, button in enumerate(self._buttons) if button.hasFocus()), None)
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [_LineButton(line, self) for line in lines]
        self._nothing.setText(nothing)
        self._nothing.setVisible(not lines and bool(nothing))
        self._arrange()
        if focused is not None and self._buttons:
            self._buttons[min(focused, len(self._buttons) - 1)].setFocus()
        self.updateGeometry()

    def take_focus(self) -> None:
        if self._buttons:
            self._buttons[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(300), theme.scaled(LINE) * max(len(self._buttons), 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scaled(200), theme.scaled(LINE) * min(max(len(self._buttons), 1), 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        shown = [button for button in self._buttons if button.isVisible()]
        at = next((at for at, button in enumerate(shown) if button.hasFocus()), None)
        if step and at is not None:
            shown[(at + step) % len(shown)].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def _arrange(self) -> None:
        height = theme.scaled(LINE)
        self._nothing.resize(self.width(), height)
        for at, button in enumerate(self._buttons):
            button.setGeometry(0, at * height, self.width(), height)
            button.setVisible((at + 1) * height <= max(self.height(), height))


class _LineButton(QAbstractButton):
    def __init__(self, line: _Line, parent: QWidget) -> None:
        super().__init__(parent)
        self._line = line
        spoken = (line.text, line.middle, line.right, line.far_right)
        self.setAccessibleName(", ".join(part for part in spoken if part))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(lambda: line.open())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            event.ignore()
        elif not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.token("hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        place = self.rect().adjusted(8, 0, -8, 0)
        line, plain, strong = self._line, theme.font(), theme.font(theme.BASE, theme.STRONG)
        if line.far_right:
            room, small = theme.scaled(88), theme.font(theme.SMALL)
            paint_text(painter, place.adjusted(place.width() - room, 0, 0, 0), line.far_right, "red", small)
            place.setRight(place.right() - room)
        if line.right:
            tone, font = ("red", strong) if line.far_right else ("text", plain)
            room = theme.scaled(84)
            column = place.adjusted(place.width() - room, 0, 0, 0)
            paint_text(painter, column, line.right, tone, font, right=not line.far_right)
            place.setRight(column.left() - 8)
        if line.middle:
            half = place.width() // 2
            column = place.adjusted(half, 0, 0, 0)
            if line.dot:
                side = theme.scaled(9)
                paint_dot(painter, QRectF(column.left(), column.center().y() - side / 2 + 1, side, side), line.dot)
            paint_text(painter, column.adjusted(theme.scaled(16), 0, 0, 0), line.middle, "text", plain)
            place.setRight(column.left() - 8)
        paint_text(painter, place, line.text, "text", strong if line.strong else plain)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()))


class _FirstSteps(Panel):
    """What a studio without clients does first."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(None, "base", rounded=True)
        there = {place.name for place in places.SHEETS}
        self.has_steps = bool(there & {"new_client", "import"})
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(8)
        column.addWidget(PlainLabel(self.tr("No clients yet"), self, strong=True))
        text = PlainLabel(self.tr("Type in the first one, or bring them in from a spreadsheet."), self, tone="dim")
        text.setWordWrap(True)
        column.addWidget(text)
        buttons = QHBoxLayout()
        column.addLayout(buttons)
        buttons.setSpacing(8)
        if "new_client" in there:
            new = PrimaryButton(self.tr("&New client"), self)
            new.clicked.connect(lambda: shell.open_sheet("new_client"))
            buttons.addWidget(new)
        if "import" in there:
            bring = FlatButton(self.tr("&Import a file…"), self)
            bring.clicked.connect(lambda: shell.open_sheet("import"))
            buttons.addWidget(bring)
        buttons.addStretch(1)
