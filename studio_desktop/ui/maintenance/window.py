"""The one maintenance window: every list the studio keeps itself, edited in the same way (S1-01 to S1-24, E14)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from studio_desktop.services.catalogs import CATALOGS, catalog, listing_of
from studio_desktop.services.listings.declaration import Query
from studio_desktop.ui import theme
from studio_desktop.ui.documents import Document, make_document
from studio_desktop.ui.form import dress_form
from studio_desktop.ui.maintenance.catalog_list import counted
from studio_desktop.ui.maintenance.catalog_pane import CatalogPane
from studio_desktop.ui.maintenance.catalog_tree import CatalogTree
from studio_desktop.ui.page import Page, Shell
from studio_desktop.ui.widgets.panels import Panel
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.search_sign import add_search_sign

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes


class MaintenancePage(Page):
    """The catalogs at the left, the chosen one at the right; whatever is changed here is kept at once (S1-22)."""

    context = "maintenance"

    def __init__(self, shell: Shell, catalog: str = CATALOGS[0].name, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self._hides_inactive = True
        self._panes: dict[str, CatalogPane] = {}
        self.find_edit = QLineEdit(self)
        self.tree = CatalogTree(self)
        self.row_edit = QLineEdit(self)
        self._title = PlainLabel("", self, px=theme.TITLE, strong=True)
        self._purpose = PlainLabel("", self, tone="dim")
        self._purpose.show_whole_or_not_at_all()
        self._stack = QStackedWidget(self)
        self._build()
        self._connect()
        self._show(catalog)

    @property
    def pane(self) -> CatalogPane:
        """The list that is shown, with what belongs to it."""
        pane = self._stack.currentWidget()
        assert isinstance(pane, CatalogPane)
        return pane

    def title(self) -> str:
        """The list's name."""
        return self.pane.catalog.title

    def icon_name(self) -> str:
        """A list."""
        return "text_bullet_list_square"

    def handlers(self) -> Mapping[str, Callable[..., object]]:
        """What the ribbon does here; with the cursor among the reasons, it does it there."""
        return {
            "new_row": lambda: self.pane.in_hand.new_row(),
            "delete": lambda: self.pane.in_hand.delete_row(),
            "move_up": lambda: self.pane.in_hand.move_row(-1),
            "move_down": lambda: self.pane.in_hand.move_row(1),
            "hide_inactive": self._hide_inactive,
            "recalculate": lambda: self.pane.recalculate(),
            "save": lambda: self.pane.commit(),
            "refresh": lambda: self.pane.read(),
            "filter": self._find_rows,
            "print": lambda: self.shell.preview(self._document()),
            "pdf": partial(self._write, ".pdf"),
            "excel": partial(self._write, ".xlsx"),
            "csv": partial(self._write, ".csv"),
        }

    def why_not(self, action_id: str) -> str:
        """No right, no row, or no further in this direction."""
        chosen = self.pane.in_hand
        if action_id in _CHANGING and not chosen.may_change:
            return self.tr("You may not change the maintained lists.")
        if action_id in _PAPER:
            return "" if self.pane.list.grid.rows else self.tr("The list is empty.")
        if action_id == "recalculate" and not self.pane.has_due_dates:
            return self.tr("Only client statuses have due dates.")
        if action_id in _OF_ROW and chosen.current() is None:
            return self.tr("Choose a row first.")
        if action_id == "move_up" and chosen.neighbour(-1) is None:
            return self.tr("The row is the first already.")
        if action_id == "move_down" and chosen.neighbour(1) is None:
            return self.tr("The row is the last already.")
        return ""

    def ticked(self) -> Collection[str]:
        """Whether inactive rows are hidden."""
        return ["hide_inactive"] if self._hides_inactive else []

    def wish(self, **wish: Any) -> None:
        """Show the list named by `catalog`."""
        self._turn_to(wish["catalog"])

    def take_focus(self) -> None:
        """Into the list."""
        self.pane.list.take_focus()

    def refresh(self, changes: Changes) -> None:
        """Look again, in place."""
        for pane in self._panes.values():
            pane.refresh(changes)

    def leave(self, then: Callable[[], None]) -> None:
        """Keep what is typed; stay where something cannot be kept."""
        self.pane.keep(then)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the boxes that find a list, and rows in it."""
        if watched is self.row_edit and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and self.row_edit.text():
                self.row_edit.clear()
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
                self.pane.list.grid.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        if watched is self.find_edit and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.tree.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.tree.choose_first()
                self.take_focus()
                return True
            if event.key() == Qt.Key.Key_Escape and self.find_edit.text():
                self.find_edit.clear()
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(event.rect(), theme.token("base"))

    def _build(self) -> None:
        side = Panel(self, "window", "r")
        side.setFixedWidth(theme.scaled(208))
        self.find_edit.setPlaceholderText(self.tr("Find a list"))
        self.find_edit.setAccessibleName(self.tr("Find a list"))
        self.find_edit.setClearButtonEnabled(True)
        add_search_sign(self.find_edit)
        self.find_edit.installEventFilter(self)
        side_column = QVBoxLayout(side)
        side_column.setContentsMargins(8, 8, 8, 8)
        side_column.setSpacing(6)
        side_column.addWidget(self.find_edit)
        side_column.addWidget(self.tree, 1)
        dress_form(side)
        head = Panel(self, "base", "b")
        head.setFixedHeight(theme.scaled(40))
        head_row = QHBoxLayout(head)
        head_row.setContentsMargins(12, 0, 16, 0)
        head_row.setSpacing(12)
        head_row.addWidget(self._title)
        head_row.addWidget(self._purpose, 1)
        kept = PlainLabel(self.tr("Changes are kept as you make them"), head, tone="dim", px=theme.SMALL)
        kept.show_whole_or_not_at_all()
        head_row.addWidget(kept)
        self.row_edit.setPlaceholderText(self.tr("Find in this list"))
        self.row_edit.setAccessibleName(self.tr("Find in this list"))
        self.row_edit.setClearButtonEnabled(True)
        self.row_edit.setFixedWidth(theme.scaled(200))
        add_search_sign(self.row_edit)
        self.row_edit.installEventFilter(self)
        head_row.addWidget(self.row_edit)
        dress_form(head)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        right = QVBoxLayout()
        row.addLayout(right, 1)
        right.setSpacing(0)
        right.addWidget(head)
        right.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.find_edit.textChanged.connect(self.tree.show_matching)
        self.row_edit.textChanged.connect(lambda typed: self.pane.list.look_for(typed))
        self.tree.chosen.connect(self._turn_to)
        self.tree.entered.connect(self.take_focus)

    def _turn_to(self, name: str) -> None:
        """Show another list, once what is typed in this one is kept."""
        if name == self.pane.catalog.name:
            return
        self.tree.mark(self.pane.catalog.name)
        self.pane.keep(lambda: self._show(name))

    def _show(self, name: str) -> None:
        pane = self._panes.get(name)
        if pane is None:
            pane = self._panes[name] = CatalogPane(self.shell, catalog(name), self._stack)
            pane.changed.connect(self._tell)
            pane.show_inactive_wanted.connect(lambda: self._hide_inactive(False))
            pane.list.find_ended.connect(self.row_edit.clear)
            pane.hide_inactive(self._hides_inactive)
            self._stack.addWidget(pane)
        if self._stack.currentWidget() is not pane:
            self.row_edit.clear()
        self._stack.setCurrentWidget(pane)
        pane.read()
        self.tree.mark(name)
        self._title.setText(pane.catalog.title)
        self._purpose.setText(pane.catalog.purpose)
        self.title_changed.emit(pane.catalog.title)
        self._tell()

    def _hide_inactive(self, hides: bool) -> None:
        self._hides_inactive = hides
        for pane in self._panes.values():
            pane.hide_inactive(hides)
        self._tell()

    def _tell(self) -> None:
        if self._stack.currentWidget() is None:
            return
        rows, hidden = self.pane.list.rows(), self.pane.list.hidden_count()
        said = counted(len(rows) - hidden, self.pane.catalog.singular)
        if self.pane.list.is_finding:
            said = self.tr("{count} of {rows}").format(count=len(self.pane.list.grid.rows), rows=said)
        self.status_changed.emit(said + self.tr(", {count} hidden").format(count=hidden) if hidden else said)
        self.actions_changed.emit()

    def _find_rows(self) -> None:
        self.row_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.row_edit.selectAll()

    def _write(self, ending: str) -> None:
        make_document(self.shell, self, self._document(), ending)

    def _document(self) -> Document:
        """The list on paper or as a file, without what is hidden or not looked for (S1-19 to S1-21, B12)."""
        from studio_desktop.reports.listing_file import export_listing

        services, listing = self.shell.services, listing_of(self.pane.catalog)
        hides, subtitles = self.pane.list.hidden_count() > 0, []
        if hides:
            subtitles.append(self.tr("Without inactive ones"))
        ids = None
        if self.pane.list.is_finding:
            ids = tuple(row.id for row in self.pane.list.grid.rows)
            subtitles.append(self.tr("With “{words}”").format(words=self.row_edit.text().strip()))
        query = Query({"active": True} if hides else {}, ids=ids)
        return Document(
            self.pane.catalog.title,
            "list",
            lambda path, progress: export_listing(
                services, listing.name, path, query=query, subtitles=subtitles, progress=progress
            ),
        )


_CHANGING = ("new_row", "delete", "move_up", "move_down", "recalculate")
_OF_ROW = ("delete", "move_up", "move_down", "recalculate")
_PAPER = ("print", "pdf", "excel", "csv")
