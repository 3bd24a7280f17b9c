"""The board of a pipeline: its stages side by side with the cards of their leads, moved by keys or dragged (B14)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio_desktop.domain.errors import StudioError
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.leads import Outcome
from studio_desktop.services import new_request
from studio_desktop.ui import theme
from studio_desktop.ui.actions import MenuEntry
from studio_desktop.ui.choices import offered
from studio_desktop.ui.form import dress_form
from studio_desktop.ui.lead_actions import LeadActions, show_entries
from studio_desktop.ui.page import ClientInHand, Page, Shell
from studio_desktop.ui.widgets.buttons import LinkButton
from studio_desktop.ui.widgets.combo_box import ComboBox
from studio_desktop.ui.widgets.lead_cards import LeadCards
from studio_desktop.ui.widgets.panels import Panel
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.ticks import TickBox

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.services import Saved
    from studio_desktop.services.pipelines import BoardStage, Card

_BAR, _HEAD, _COLUMN = 36, 28, 190
_PAGE_LAYOUT = "leads board"
_SHOWN_KINDS = ("client", "pipeline", "pipeline_stage", "user", "preference")


class LeadsBoardPage(Page):
    """Arrows walk over the cards; Ctrl with Left or Right moves one, and Undo takes that back."""

    context = "leads"

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self.columns: list[StageColumn] = []
        self._lead_actions = LeadActions(self, lambda _: self._name())
        self._follows = 0
        self._at = 0
        self.pipeline_combo = ComboBox(self)
        self.responsible_combo = ComboBox(self)
        self.converts_check: QCheckBox = TickBox(self.tr("&Won becomes a client, lost a prospect"), self)
        self.list_button = LinkButton(self.tr("List &view"), self)
        self.empty_label = PlainLabel("", self, tone="dim")
        self._bar = Panel(self, "base", "b")
        self._board = QWidget(self)
        self._row = QHBoxLayout(self._board)
        self._build()
        self._follow_theme()
        self._offer()
        self._read_layout()

    def title(self) -> str:
        """Leads."""
        return self.tr("Leads")

    def icon_name(self) -> str:
        """A board."""
        return "board"

    def handlers(self) -> Mapping[str, Callable[..., object]]:
        """What the ribbon does with the current card."""
        return {
            "open": self._open_current,
            "dial": self._dial,
            **{name: run for name, run in self._lead_actions.handlers().items() if name != "into_pipeline"},
            "next_stage": self._go_on,
            "refresh": self._read,
        }

    def why_not(self, action_id: str) -> str:
        """No card is current, or it stands at the end already."""
        card = self.current()
        if action_id == "refresh":
            return ""
        if card is None:
            return self.tr("Choose a lead first.")
        if action_id == "dial":
            return "" if card.phone is not None else self.tr("No phone number is known.")
        if action_id == "next_stage":
            return "" if self._following() is not None else self.tr("The lead is at the end already.")
        return ""

    def menus(self) -> Mapping[str, Callable[[], Iterable[MenuEntry]]]:
        """Stages and people."""
        return {name: menu for name, menu in self._lead_actions.menus().items() if name != "into_pipeline"}

    def client_in_hand(self) -> ClientInHand | None:
        """The client of the current card."""
        card = self.current()
        return None if card is None else ClientInHand(card.client_id, card.name)

    def current(self) -> Card | None:
        """The card with the cursor."""
        return self.columns[self._at].cards.current() if self._at < len(self.columns) else None

    def take_focus(self) -> None:
        """On the cards."""
        if self.columns:
            self.columns[self._at].cards.enter()
        else:
            self.pipeline_combo.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refresh(self, changes: Changes) -> None:
        """Look again, in place."""
        if changes.touches("pipeline") or changes.touches("user"):
            self._offer()
        if any(changes.touches(kind) for kind in _SHOWN_KINDS):
            self._read()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(event.rect(), theme.token("base"))

    def _build(self) -> None:
        bar = self._bar
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        for text, combo in ((self.tr("Pipe&line"), self.pipeline_combo), (self.tr("&Of"), self.responsible_combo)):
            label = PlainLabel(text, bar)
            label.setBuddy(combo)
            combo.setAccessibleName(text.replace("&", ""))
            row.addWidget(label)
            row.addWidget(combo)
        self.converts_check.setChecked(True)
        self.converts_check.setVisible(self.shell.services.desk.may(Permission.CHANGE_CLIENTS))
        row.addSpacing(8)
        row.addWidget(self.converts_check)
        hint = PlainLabel(self.tr("Ctrl+← Ctrl+→ moves a lead"), bar, tone="dim", px=theme.SMALL)
        hint.show_whole_or_not_at_all()
        hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(hint, 1)
        row.addWidget(self.list_button)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        area = QScrollArea(self)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._board)
        self.empty_label.setContentsMargins(16, 12, 16, 12)
        self.empty_label.setWordWrap(True)
        self.empty_label.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.empty_label)
        column.addWidget(area, 1)
        dress_form(bar)
        self.pipeline_combo.activated.connect(lambda _: self._choose())
        self.responsible_combo.activated.connect(lambda _: self._choose())
        self.list_button.clicked.connect(self._show_list)
        look = QApplication.instance().findChild(theme.Theme)  # type: ignore[union-attr]
        assert isinstance(look, theme.Theme)
        look.changed.connect(self._follow_theme)

    def _follow_theme(self) -> None:
        self._bar.setFixedHeight(theme.scaled(_BAR))
        for combo in (self.pipeline_combo, self.responsible_combo):
            combo.setFixedWidth(theme.scaled(160))
        for column in self.columns:
            column.follow_theme()

    def _offer(self) -> None:
        """The pipelines and people there are by now; what is chosen stays."""
        chosen = self.pipeline_combo.currentData(), self.responsible_combo.currentData()
        self.pipeline_combo.clear()
        for row_id, text, _ in offered(self.shell.choices["pipelines"], chosen[0]):
            self.pipeline_combo.addItem(text, row_id)
        self.responsible_combo.clear()
        self.responsible_combo.addItem(self.tr("Everybody"), None)
        for row_id, text, _ in offered(self.shell.choices["users"], chosen[1]):
            self.responsible_combo.addItem(text, row_id)
        self._choose_in_combos(*chosen)

    def _choose_in_combos(self, pipeline_id: int | None, user_id: int | None) -> None:
        for combo, wanted in ((self.pipeline_combo, pipeline_id), (self.responsible_combo, user_id)):
            combo.setCurrentIndex(max(combo.findData(wanted), 0) if combo.count() else -1)

    def _read_layout(self) -> None:
        """The pipeline this person looked at last."""
        layouts = self.shell.services.layouts

        def take(kept: dict[str, Any]) -> None:
            self._choose_in_combos(kept.get("pipeline"), kept.get("responsible"))
            self._read()

        self.shell.tasks.latest(self, "layout", lambda: layouts.get(_PAGE_LAYOUT), take)

    def _choose(self) -> None:
        chosen = {"pipeline": self.pipeline_combo.currentData(), "responsible": self.responsible_combo.currentData()}
        layouts = self.shell.services.layouts
        self.shell.tasks.run(self, lambda: layouts.keep(_PAGE_LAYOUT, chosen), lambda _: None)
        self._at = 0
        self._read()

    def _read(self) -> None:
        pipeline_id, user_id = self.pipeline_combo.currentData(), self.responsible_combo.currentData()
        if pipeline_id is None:
            self._show([])
            return
        pipelines = self.shell.services.pipelines
        self.shell.tasks.latest(self, "board", lambda: pipelines.board(pipeline_id, user_id), self._show)

    def _show(self, stages: list[BoardStage]) -> None:
        if [column.stage_id for column in self.columns] != [stage.id for stage in stages]:
            self._make_columns(stages)
        for column, stage in zip(self.columns, stages, strict=True):
            column.show_stage(stage)
        self._say_what_is_lacking(stages)
        self._follow_moved()
        total = sum(stage.total for stage in stages if stage.outcome is Outcome.OPEN)
        late = sum(stage.overdue for stage in stages)
        number = self.shell.formats.number
        said = self.tr("1 open lead") if total == 1 else self.tr("{count} open leads").format(count=number(total))
        said += self.tr(" · {count} overdue").format(count=number(late)) if late else ""
        self.status_changed.emit(said)
        self.actions_changed.emit()

    def _say_what_is_lacking(self, stages: list[BoardStage]) -> None:
        nobody = self.tr(
            "Nobody is followed up here yet. A new client of the kind Lead comes by itself; for somebody the studio "
            "knows, choose Into a pipeline on the ribbon's Clients tab."
        )
        nothing = self.tr("There is no pipeline with stages yet. Make one in Maintenance, among the lists of leads.")
        self.empty_label.setText(nobody if stages else nothing)
        self.empty_label.setVisible(not any(stage.total for stage in stages))

    def _make_columns(self, stages: list[BoardStage]) -> None:
        had_focus = any(column.cards.hasFocus() for column in self.columns)
        for column in self.columns:
            self._row.removeWidget(column)
            column.hide()
            column.deleteLater()
        self.columns = [StageColumn(self.shell, stage.id, self) for stage in stages]
        self._at = min(self._at, max(len(stages) - 1, 0))
        for at, column in enumerate(self.columns):
            self._row.addWidget(column, 1)
            cards = column.cards
            cards.opened.connect(self.shell.open_client)
            cards.current_changed.connect(partial(self._came_to, at))
            cards.shift_wanted.connect(self._shift)
            cards.left.connect(partial(self._walk, at))
            cards.dropped.connect(partial(self._move, column))
            cards.more_wanted.connect(partial(self._read_more, column))
            cards.menu_wanted.connect(self._show_menu)
        if had_focus:
            self.take_focus()

    def _read_more(self, column: StageColumn, offset: int) -> None:
        pipelines, user_id = self.shell.services.pipelines, self.responsible_combo.currentData()
        self.shell.tasks.latest(
            column, "more", lambda: pipelines.cards(column.stage_id, offset, user_id), column.cards.add_cards
        )

    def _came_to(self, at: int) -> None:
        """One card of the board is current: that where the cursor is."""
        if self.columns[at].cards.hasFocus() and at != self._at:
            before, self._at = self._at, at
            self.columns[before].cards.forget_current()
        self.actions_changed.emit()

    def _walk(self, at: int, step: int) -> None:
        to = at + step
        if 0 <= to < len(self.columns):
            self.columns[to].cards.enter()

    def _shift(self, step: int) -> None:
        card, to = self.current(), self._at + step
        if card is not None and 0 <= to < len(self.columns):
            self._move(self.columns[to], card.id)

    def _following(self) -> StageColumn | None:
        if not self.columns or self.columns[self._at].outcome is not Outcome.OPEN:
            return None
        rest = self.columns[self._at + 1 :]
        return next((column for column in rest if column.outcome is not Outcome.LOST), None)

    def _go_on(self) -> None:
        card, column = self.current(), self._following()
        if card is not None and column is not None:
            self._move(column, card.id)

    def _move(self, column: StageColumn, lead_id: int) -> None:
        """To another stage, at once; the cursor goes along."""
        if not self.shell.services.desk.may(Permission.CHANGE_CLIENTS):
            self.shell.say(self.tr("You may not move leads. The owner of the studio can change that."))
            return
        leads, request = self.shell.services.leads, new_request()
        converts, stage = self.converts_check.isChecked(), column.description
        name = next((card.name for one in self.columns for card in one.cards.cards.rows if card.id == lead_id), "")

        def moved(saved: Saved[int]) -> None:
            self._follows = lead_id
            self.shell.saved(self.tr("{name}: {stage}").format(name=name, stage=stage), saved.changes)

        self.shell.tasks.run(
            self, lambda: leads.move([lead_id], column.stage_id, request, converts=converts), moved
        )

    def _follow_moved(self) -> None:
        if self._follows:
            at = next((at for at, one in enumerate(self.columns) if one.cards.choose(self._follows)), None)
            self._follows = 0
            if at is not None:
                self.columns[at].cards.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_current(self) -> None:
        card = self.current()
        if card is not None:
            self.shell.open_client(card.client_id)

    def _dial(self) -> None:
        card = self.current()
        if card is None or card.phone is None:
            return
        try:
            self.shell.prompts.open_external(f"tel:{card.phone.e164 or card.phone.typed}")
        except StudioError as error:
            self.shell.failed(error)

    def _show_menu(self, place: QPoint) -> None:
        """What the ribbon offers for a card."""
        entries = [MenuEntry(self.tr("Open"), self._open_current)]
        if not self.why_not("dial"):
            entries.append(MenuEntry(self.tr("Call"), self._dial))
        if self.shell.services.desk.may(Permission.CHANGE_CLIENTS):
            entries += [
                MenuEntry(self.tr("To {stage}").format(stage=column.description), partial(self._move_current, column))
                for at, column in enumerate(self.columns)
                if at != self._at
            ]
        show_entries(self, entries, place)

    def _move_current(self, column: StageColumn) -> None:
        card = self.current()
        if card is not None:
            self._move(column, card.id)

    def _show_list(self) -> None:
        """The same leads as a list, with all its columns and filters."""
        filters = {
            "stage": ("active",), "pipeline": self.pipeline_combo.currentData(),
            "responsible": self.responsible_combo.currentData(),
        }  # fmt: skip
        self.shell.open_page("clients", filters={name: value for name, value in filters.items() if value is not None})

    def _name(self) -> str:
        card = self.current()
        return card.name if card is not None else ""


class StageColumn(Panel):
    """A stage: its name, how many leads stand there and how many are late, and their cards."""

    def __init__(self, shell: Shell, stage_id: int, parent: QWidget) -> None:
        super().__init__(parent, "base", "r")
        self._shell = shell
        self.stage_id = stage_id
        self.description = ""
        self.outcome = Outcome.OPEN
        self.cards = LeadCards(shell.formats, shell.services.desk.clock.today(), self)
        self._name = PlainLabel("", self, strong=True, elided=True)
        self._count = PlainLabel("", self, tone="dim", px=theme.SMALL)
        self._late = PlainLabel("", self, tone="red", px=theme.SMALL, strong=True)
        self._head = Panel(self, "window", "b")
        row = QHBoxLayout(self._head)
        row.setContentsMargins(10, 0, 8, 0)
        row.setSpacing(6)
        row.addWidget(self._name, 1)
        row.addWidget(self._late)
        row.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.cards, 1)
        self.follow_theme()

    def follow_theme(self) -> None:
        """Another scheme or text size."""
        self.setMinimumWidth(theme.scaled(_COLUMN))
        self._head.setFixedHeight(theme.scaled(_HEAD))

    def show_stage(self, stage: BoardStage) -> None:
        """Show how it stands by now."""
        number = self._shell.formats.number
        self.description, self.outcome = stage.description, stage.outcome
        self._name.setText(stage.description)
        self._count.setText(number(stage.total) if stage.total else "–")
        self._late.setText(self.tr("{count} late").format(count=number(stage.overdue)) if stage.overdue else "")
        one, many = self.tr("{stage}: 1 lead, {late} overdue"), self.tr("{stage}: {count} leads, {late} overdue")
        said = one if stage.total == 1 else many
        self.cards.setAccessibleName(
            said.format(stage=stage.description, count=number(stage.total), late=number(stage.overdue))
        )
        self.cards.show_cards(stage.cards, stage.total)
