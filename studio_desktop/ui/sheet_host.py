"""Sheets over the page in front: they park themselves when the phone rings and come back to the same character.

A parked sheet stays alive behind its chip, with cursor and scroll; what is typed in it is also kept on this
workstation, so that it is there again after a crash (FRONT_DESK 6).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio_desktop.ui import places, theme
from studio_desktop.ui.draft_keeper import DraftKeeper
from studio_desktop.ui.drafts import Draft, Drafts
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.page import ParkedSheet, Sheet
from studio_desktop.ui.widgets.buttons import BarButton
from studio_desktop.ui.widgets.client_line import ClientLine
from studio_desktop.ui.widgets.enter import pressed_by_enter
from studio_desktop.ui.widgets.marks import paint_focus_ring, paint_text
from studio_desktop.ui.widgets.panels import Panel
from studio_desktop.ui.widgets.plain_label import PlainLabel, as_tip

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.ui.page import ClientInHand, Shell

HEAD = 36
"""Pixels of the strip at a sheet's head at 100 %."""

LOWEST = 0.45
"""The least share of the page that a sheet covers."""

_SLIVER = 72  # pixels at 100 %: less of a page below its head shows lines cut in two, and tells nothing


LOOKED_AT_EVERY = 1_000
"""Milliseconds after which what was typed is compared with its draft; two seconds are promised."""

_KIND = "sheet:"


@dataclass(slots=True, eq=False)
class Begun:
    """A sheet that is not finished: alive, or after a restart only its state. `key` is that of its draft."""

    number: int
    key: str
    name: str
    since: datetime
    chip: str
    arguments: Mapping[str, Any]
    state: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    sheet: Sheet | None = None
    focus: QWidget | None = None
    selection: tuple[int, int] | None = None


class SheetHost(QWidget):
    """Lies over the lower part of `area`; shows one sheet, and knows the parked ones."""

    opened = Signal(int)
    parked = Signal(int)
    ended = Signal(int)
    """A sheet is finished, or was thrown away; its number leads nowhere any more."""
    discarded = Signal(str, object)
    """A sheet was thrown away: its chip's text, and a function that brings it back."""
    chips_changed = Signal()
    client_chosen = Signal(object)
    """The sheet in front is to be about another client, a `ClientInHand`."""

    def __init__(self, area: QWidget, head_height: Callable[[], int]) -> None:
        """`head_height` gives how much of the page in front stays in sight."""
        # Of this kind, Tab stays inside: the covered part of the page is not to be typed into.
        super().__init__(area, Qt.WindowType.SubWindow)
        self._area = area
        self._head_height = head_height
        self._shell: Shell | None = None
        self._all: list[Begun] = []
        self._front: Begun | None = None
        self._numbers = 0
        self._keeper: DraftKeeper | None = None
        self._looking = QTimer(self, interval=LOOKED_AT_EVERY)
        self._looking.timeout.connect(self._keep_front)
        self._head = _Head(area.window(), self)
        self._head.park_button.clicked.connect(self.park)
        self._head.discard_button.clicked.connect(self._discard_front)
        self._head.client_button.clicked.connect(self.ask_client)
        self._head.client_line.chosen.connect(self._client_chosen)
        self._head.client_line.left.connect(self._stop_asking)
        self._head.client_line.lost.connect(self._show_client)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._head)
        area.installEventFilter(self)
        self.hide()

    def start(self, shell: Shell) -> None:
        """Make sheets for whoever sits at this shell now."""
        self._shell = shell
        self._keeper = self._keeper or DraftKeeper(shell, self)
        self._looking.start()

    def front(self) -> Sheet | None:
        """The sheet in front."""
        return self._front.sheet if self._front is not None else None

    def front_number(self) -> int | None:
        """The number of the sheet in front."""
        return self._front.number if self._front is not None else None

    def begun(self) -> list[Begun]:
        """Every sheet that is not finished, the one in front included, in the order they were begun."""
        return list(self._all)

    def open(self, name: str, arguments: Mapping[str, Any]) -> None:
        """Begin a sheet; the one in front is parked."""
        shell = self._require_shell()
        sheet = places.sheet_place(name).make(shell, **arguments)
        self.park()
        begun = self._add(name, arguments, shell.services.desk.clock.now(), Drafts.new_key())
        begun.sheet = sheet
        self._connect(begun)
        self._bring(begun)
        sheet.take_focus()
        if sheet.lacks_client():
            self.ask_client()

    def unpark(self, number: int) -> None:
        """Bring a parked sheet back to the character where it was left; nothing happens if it is gone."""
        begun = next((one for one in self._all if one.number == number), None)
        if begun is None or begun is self._front:
            return
        self.park()
        if begun.sheet is None:
            begun.sheet = places.sheet_place(begun.name).make(self._require_shell(), **begun.arguments)
            self._connect(begun)
            begun.sheet.restore(begun.state)
        self._bring(begun)
        self._return_to_cursor(begun)

    def ask_client(self) -> None:
        """Ask whom the sheet in front is about; Esc leaves it as it is."""
        begun = self._front
        if begun is not None and begun.sheet is not None and begun.sheet.takes_client():
            self._remember_cursor(begun)
            self._head.ask_client(self._require_shell())

    def tell_client(self) -> None:
        """The sheet in front is about another client now: say so, and keep it."""
        if self._front is not None and self._front.sheet is not None:
            self._rechip(self._front, self._front.sheet.chip())
            self._keep(self._front)

    def park(self, *, untouched_too: bool = False) -> None:
        """Put the sheet in front behind its chip, at once and without a question.

        An untouched one simply goes, unless the phone interrupted it: whom it was for would have to be said again.
        """
        begun = self._front
        if begun is None or begun.sheet is None:
            return
        self._remember_cursor(begun)
        self._keep(begun)
        self._front = None
        self.hide()
        if begun.state or untouched_too:
            begun.sheet.hide()
            self.parked.emit(begun.number)
            self.chips_changed.emit()
        else:
            self._end(begun)

    def discard(self, number: int) -> None:
        """Throw a sheet away; `discarded` offers to bring it back."""
        begun = next((one for one in self._all if one.number == number), None)
        if begun is None:
            return
        if begun.sheet is not None:
            begun.state, begun.chip = begun.sheet.state(), begun.sheet.chip()
        if begun is self._front:
            self._front = None
            self.hide()

        def bring_back() -> None:
            again = self._add(begun.name, begun.arguments, begun.since, Drafts.new_key())
            again.state, again.chip = begun.state, begun.chip
            self.unpark(again.number)

        self._end(begun)
        if begun.state:
            self.discarded.emit(begun.chip, bring_back)

    def offer_again(self, drafts: list[Draft]) -> None:
        """What this person had begun before, newest first, as chips; drafts of anything but sheets are left out."""
        for draft in reversed(drafts):
            if draft.kind in {f"{_KIND}{place.name}" for place in places.SHEETS}:
                since = datetime.fromisoformat(draft.state["since"])
                begun = self._add(draft.kind.removeprefix(_KIND), draft.state["arguments"], since, draft.key)
                begun.state = begun.kept = draft.state["typed"]
                begun.chip = draft.title
        self.chips_changed.emit()

    def stand_up(self) -> None:
        """The person leaves: what is begun stays in the drafts, for this person only."""
        self.park()
        self._looking.stop()
        for begun in list(self._all):
            self._remove(begun)

    def flush(self) -> None:
        """Write what is not yet in its draft, here and now."""
        if self._keeper is not None:
            self._keeper.flush()

    def refresh(self, changes: Changes) -> None:
        """Tell every living sheet that something changed."""
        for begun in self._all:
            if begun.sheet is not None:
                begun.sheet.refresh(changes)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """Cover the same part of the page whatever its size."""
        if event.type() == QEvent.Type.Resize and self._front is not None:
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc first leaves the field, then parks."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._nothing_typed() or self.hasFocus():
            self.park()
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The sheet's ground, with a bar of accent above."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.token("base"))
        painter.fillRect(0, 0, self.width(), 2, theme.mark_colour())
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()))

    def _require_shell(self) -> Shell:
        assert self._shell is not None, "no studio is open"
        return self._shell

    def _connect(self, begun: Begun) -> None:
        sheet = begun.sheet
        assert sheet is not None
        sheet.setParent(self)
        self._column.addWidget(sheet, 1)
        sheet.finished.connect(lambda: self._finished(begun))
        sheet.chip_changed.connect(lambda text: self._rechip(begun, text))

    def _bring(self, begun: Begun) -> None:
        assert begun.sheet is not None
        self._front = begun
        self._head.show_sheet(begun.sheet)
        begun.sheet.show()
        self._place()
        self.show()
        self.opened.emit(begun.number)
        self.chips_changed.emit()

    def _place(self) -> None:
        assert self._front is not None
        assert self._front.sheet is not None
        whole = self._area.rect()
        highest = max(self._head_height(), theme.scaled(HEAD))
        wanted = self._head.sizeHint().height() + self._front.sheet.sizeHint().height()
        top = max(highest, whole.height() - max(wanted, round(whole.height() * LOWEST)))
        if top < highest + theme.scaled(_SLIVER):
            top = highest
        self.setGeometry(whole.adjusted(0, top, 0, 0))
        self.raise_()

    def _add(self, name: str, arguments: Mapping[str, Any], since: datetime, key: str) -> Begun:
        self._numbers += 1
        begun = Begun(self._numbers, key, name, since, "", dict(arguments))
        self._all.append(begun)
        return begun

    def _keep_front(self) -> None:
        if self._front is not None:
            self._keep(self._front)

    def _keep(self, begun: Begun) -> None:
        """Take what is typed over into the draft."""
        assert begun.sheet is not None
        assert self._keeper is not None
        begun.state, begun.chip = begun.sheet.state(), begun.sheet.chip()
        if begun.state == begun.kept:
            return
        begun.kept = begun.state
        if begun.state:
            told = {"typed": begun.state, "arguments": dict(begun.arguments), "since": begun.since.isoformat()}
            self._keeper.keep(begun.key, f"{_KIND}{begun.name}", begun.chip, told)
        else:
            self._keeper.discard(begun.key)

    def _nothing_typed(self) -> bool:
        sheet = self.front()
        return sheet is not None and not sheet.state()

    def _finished(self, begun: Begun) -> None:
        if begun is self._front:
            self._front = None
            self.hide()
        self._end(begun)

    def _end(self, begun: Begun) -> None:
        """It is over, and so is its draft."""
        if begun.kept and self._keeper is not None:
            self._keeper.discard(begun.key)
        self._remove(begun)

    def _remove(self, begun: Begun) -> None:
        self._all.remove(begun)
        if begun.sheet is not None:
            begun.sheet.hide()
            begun.sheet.deleteLater()
            begun.sheet = None
        self.ended.emit(begun.number)
        self.chips_changed.emit()

    def _rechip(self, begun: Begun, text: str) -> None:
        begun.chip = text
        if begun is self._front and begun.sheet is not None:
            self._head.show_sheet(begun.sheet)
        self.chips_changed.emit()

    def _client_chosen(self, client: ClientInHand) -> None:
        self._stop_asking()
        self.client_chosen.emit(client)

    def _show_client(self) -> None:
        sheet = self.front()
        if sheet is not None:
            self._head.show_sheet(sheet)

    def _stop_asking(self) -> None:
        """Back to the field where the cursor was."""
        if self._front is not None:
            self._show_client()
            self._return_to_cursor(self._front)

    def _remember_cursor(self, begun: Begun) -> None:
        focus = self.focusWidget()
        if focus is None or begun.sheet is None or not begun.sheet.isAncestorOf(focus):
            return
        begun.focus, begun.selection = focus, None
        if isinstance(focus, QLineEdit):  # it forgets its selection when it loses the cursor
            start, length = focus.selectionStart(), focus.selectionLength()
            backwards = focus.cursorPosition() == start
            begun.selection = (start + length, -length) if backwards else (start, length)

    def _return_to_cursor(self, begun: Begun) -> None:
        assert begun.sheet is not None
        focus = begun.focus
        if focus is None or not shiboken6.isValid(focus) or not focus.isVisibleTo(self):
            begun.sheet.take_focus()
            return
        # Any other reason would select the whole text.
        focus.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(focus, QLineEdit) and begun.selection is not None and begun.selection[1]:
            focus.setSelection(*begun.selection)

    def _discard_front(self) -> None:
        if self._front is not None:
            self.discard(self._front.number)


class _Head(Panel):
    """What the sheet is for, whom it is about, and the two ways out that are not finishing it."""

    def __init__(self, window: QWidget, parent: QWidget) -> None:
        super().__init__(parent, "", "b")
        self._title = PlainLabel("", self, px=theme.TITLE, strong=True, elided=True)
        self._about = PlainLabel("", self, tone="dim", elided=True)
        self.client_line = ClientLine(window, self)
        self.client_button = BarButton(
            "person_swap", self.tr("Change client"), self.tr("Move all of this to another client (Alt+C)")
        )
        self.discard_button = BarButton("delete", self.tr("Discard"), self.tr("Throw this away; Undo brings it back"))
        self.park_button = BarButton("chevron_down", self.tr("Park"), self.tr("Put it aside for now (Esc)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 12, 2)
        row.setSpacing(8)
        row.addWidget(self._title)
        row.addWidget(self.client_line)
        row.addWidget(self._about, 1)
        row.addWidget(self.client_button)
        row.addWidget(self.discard_button)
        self.client_line.hide()
        row.addWidget(self.park_button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def ask_client(self, shell: Shell) -> None:
        self._about.setText("")
        self.client_line.setFixedWidth(theme.scaled(288))
        self.client_line.ask(shell)

    def show_sheet(self, sheet: Sheet) -> None:
        client = sheet.client_in_hand()
        self.client_button.setVisible(sheet.takes_client())
        self._title.setText(sheet.title())
        self._about.setText(client.name if client is not None and client.name not in sheet.title() else "")

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme.scaled(HEAD))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, theme.token("line"))


class ChipBar(QWidget):
    """The chips of the parked sheets, newest at the left; those that find no room are in a menu."""

    chosen = Signal(int)
    discard_wanted = Signal(int)

    SHOWN = 3

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Parked sheets"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 0, 8, 0)
        self._row.setSpacing(6)
        self._chips: list[QWidget] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.hide()

    def show_chips(self, parked: list[ParkedSheet]) -> None:
        """Show these."""
        for chip in self._chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [self._chip(sheet) for sheet in parked[: self.SHOWN]]
        if len(parked) > self.SHOWN:
            self._chips.append(self._more(parked[self.SHOWN :]))
        for chip in self._chips:
            self._row.addWidget(chip)
        self.setVisible(bool(parked))

    def _chip(self, sheet: ParkedSheet) -> QWidget:
        chip = _Chip(sheet, self)
        chip.clicked.connect(lambda: self.chosen.emit(sheet.number))
        chip.discard_wanted.connect(lambda: self.discard_wanted.emit(sheet.number))
        return chip

    def _more(self, parked: list[ParkedSheet]) -> QWidget:
        button = BarButton("", self.tr("+ {count}").format(count=len(parked)), self.tr("More parked sheets"))
        menu = QMenu(button)
        for sheet in parked:
            text = f"{sheet.text}  {sheet.since}".replace("&", "&&")
            menu.addAction(text, partial(self.chosen.emit, sheet.number))
        button.setMenu(menu)
        button.setPopupMode(button.ToolButtonPopupMode.InstantPopup)
        return button


class _Chip(QAbstractButton):
    discard_wanted = Signal()

    def __init__(self, sheet: ParkedSheet, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = sheet.text
        self._since = sheet.since
        self.setAccessibleName(self.tr("Parked: {what}, {time}").format(what=sheet.text, time=sheet.since))
        self.setToolTip(as_tip(self.tr("{what}: go on; Alt+Left leads back, too").format(what=sheet.text)))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        measure = QFontMetrics(theme.font(theme.SMALL))
        words = min(measure.horizontalAdvance(self._text), theme.scaled(170))
        return QSize(words + measure.horizontalAdvance(self._since) + theme.scaled(20) + 24, theme.scaled(22))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addAction(self.tr("Go on"), self.click)
        menu.addAction(self.tr("Discard"), self.discard_wanted.emit)
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.discard_wanted.emit()
        elif not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.token("accent_soft"))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        paint_icon(painter, "pause", 8, self.height() / 2, "link")
        font = theme.font(theme.SMALL)
        room = self.rect().adjusted(theme.scaled(20) + 8, 0, -8, 0)
        used = paint_text(painter, room, self._since, "dim", font, right=True)
        paint_text(painter, room.adjusted(0, 0, -used - 8, 0), self._text, "text", font)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()))
