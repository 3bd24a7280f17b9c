"""What a maintained list is shown with: below it the rows that belong to the chosen one, and all of its fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from studio_desktop.domain.fields import Kind
from studio_desktop.domain.permissions import Permission
from studio_desktop.services import new_request
from studio_desktop.services.catalogs import CATALOGS, Catalog, CatalogRow
from studio_desktop.ui import theme
from studio_desktop.ui.maintenance.catalog_details import CatalogDetails
from studio_desktop.ui.maintenance.catalog_list import CatalogList, counted, plural
from studio_desktop.ui.page import Shell
from studio_desktop.ui.widgets.buttons import BarButton, LinkButton
from studio_desktop.ui.widgets.marks import Dot
from studio_desktop.ui.widgets.panels import Hairline, Panel
from studio_desktop.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.services import Saved


class CatalogPane(QWidget):
    """One list. The lower half has the rows of another list that belong to the chosen one (reasons to statuses), and
    those of its fields that the grid has no place for."""

    changed = Signal()
    """Something is shown, or can be done, that was not."""
    show_inactive_wanted = Signal()

    def __init__(self, shell: Shell, catalog: Catalog, parent: QWidget) -> None:
        super().__init__(parent)
        self.catalog = catalog
        self._shell = shell
        child = next((one for one in CATALOGS if one.parent == catalog.name), None)
        has_details = child is not None or _has_choices(catalog)
        self.list = CatalogList(shell, catalog, self, has_details=has_details)
        self.in_hand = self.list
        self.below: _BelongingRows | None = None
        self.details: CatalogDetails | None = None
        self.offer = _RecalculateBar(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.list, 1)
        self._column.addWidget(self.offer)
        if has_details:
            self._build_lower_half(child)
        self._connect(self.list)
        self.list.current_changed.connect(self._show_current)
        self.list.duration_changed.connect(self._offer_to_recalculate)
        self.offer.wanted.connect(self.recalculate)

    @property
    def has_due_dates(self) -> bool:
        """Whether clients come due at the rows of this list."""
        return "overdue" in self.catalog.counts

    def read(self) -> None:
        """Read everything again."""
        self.list.read()
        if self.below is not None:
            self.below.list.read()

    def refresh(self, changes: Changes) -> None:
        """Follow what changed, here or at another desk."""
        self.list.refresh(changes)
        if self.below is not None:
            self.below.list.refresh(changes)

    def hide_inactive(self, hides: bool) -> None:
        """Leave inactive rows out, or show them too."""
        for one in self._lists():
            one.hide_inactive(hides)

    def commit(self) -> None:
        """Send everything that is typed to be kept."""
        for one in self._lists():
            one.commit()
        if self.details is not None:
            self.details.commit()

    def keep(self, then: Callable[[], None]) -> None:
        """Keep what is typed and then go on; not, where something cannot be kept (S1-22)."""
        self.commit()
        if self._is_open():
            # Behind the writes that were just asked for: the lane keeps the order.
            self._shell.tasks.run(self, lambda: None, lambda _: None if self._is_open() else then())
        else:
            then()

    def recalculate(self) -> None:
        """Compute the due dates of the clients at the current status anew; typed ones stay (B4)."""
        row = self.list.current()
        if row is None:
            return
        services, request = self._shell.services, new_request()
        self.offer.hide()

        def done(saved: Saved[int]) -> None:
            if saved.result:
                text = self.tr("Due dates of {clients} at “{status}” recalculated")
                self._shell.saved(
                    text.format(clients=counted(saved.result, "client"), status=row.description), saved.changes
                )
            else:
                text = self.tr("Every due date at “{status}” is as it should be.")
                self._shell.say(text.format(status=row.description))

        self._shell.tasks.run(self, lambda: services.statuses.recalculate(row.id, request), done)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list gets what its rows need, the lower half the rest."""
        super().resizeEvent(event)
        self._share_height()

    def event(self, event: QEvent) -> bool:
        """The same when a line comes or goes, or the text size is another one."""
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.FontChange) and hasattr(self, "_column"):
            self._share_height()
        return done

    def _lists(self) -> list[CatalogList]:
        return [self.list] if self.below is None else [self.list, self.below.list]

    def _is_open(self) -> bool:
        return any(one.is_open() for one in self._lists()) or (self.details is not None and self.details.is_open())

    def _build_lower_half(self, child: Catalog | None) -> None:
        if child is not None:
            self.below = _BelongingRows(self._shell, child, self)
            self._connect(self.below.list)
        self.details = CatalogDetails(self._shell, self.catalog, self, read_only=not self.list.may_change)
        scrolled = QScrollArea(self)
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setWidgetResizable(True)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scrolled.viewport().setAutoFillBackground(False)
        scrolled.setWidget(self.details)
        self.details.setAutoFillBackground(False)
        lower = Panel(self, "base", "t")
        lower.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        row = QHBoxLayout(lower)
        row.setContentsMargins(12, 6, 16, 4)
        row.setSpacing(16)
        if self.below is not None:
            row.addWidget(self.below, 44)
            row.addWidget(Hairline(lower, vertical=True))
        row.addWidget(scrolled, 56)
        self._column.setStretchFactor(self.list, 0)
        self._column.addWidget(lower, 1)
        self.details.value_wanted.connect(lambda row, field, value: self.list.save(row, field, value, self.details))
        self.details.fault_found.connect(self.list.say_fault)
        self.details.row_wanted.connect(self.list.grid.select)

    def _connect(self, one: CatalogList) -> None:
        one.current_changed.connect(self.changed)
        one.rows_changed.connect(self.changed)
        one.rows_changed.connect(self._share_height)
        one.show_inactive_wanted.connect(self.show_inactive_wanted)
        one.entered.connect(lambda: self._take_in_hand(one))

    def _take_in_hand(self, one: CatalogList) -> None:
        self.in_hand = one
        self.changed.emit()

    def _show_current(self) -> None:
        row = self.list.current()
        if self.below is not None:
            self.below.show_owner(row)
        if self.details is not None:
            self.details.show_row(row)

    def _offer_to_recalculate(self, row: CatalogRow) -> None:
        if self._shell.services.desk.may(Permission.CHANGE_CLIENTS):
            self.offer.say(row)

    def _share_height(self) -> None:
        if self.details is None:
            return
        offer = self.offer.sizeHint().height() if self.offer.isVisibleTo(self) else 0
        self.list.fit_into(self.height() - min(theme.scaled(176), self.height() // 2) - offer)


def _has_choices(catalog: Catalog) -> bool:
    """Whether it has fields that are chosen beside its own list, for no cell of a grid offers a choice."""
    return any(field.kind in (Kind.CHOICE, Kind.REFERENCE) for field in catalog.fields)


class _BelongingRows(QWidget):
    """The rows that belong to the chosen one, with small buttons above them."""

    def __init__(self, shell: Shell, catalog: Catalog, parent: QWidget) -> None:
        super().__init__(parent)
        self._catalog = catalog
        self.list = CatalogList(shell, catalog, self, of_one_parent=True, has_details=_has_choices(catalog))
        self._heading = PlainLabel("", self, strong=True)
        self._dot = Dot("slate", self)
        self._owner = PlainLabel("", self, strong=True, elided=True)
        row_name = catalog.singular
        self._add = BarButton("add", "", self.tr("Add a {row}").format(row=row_name), self)
        self._delete = BarButton("delete", "", self.tr("Delete the {row}").format(row=row_name), self)
        self._up = BarButton("arrow_up", "", self.tr("Move the {row} up").format(row=row_name), self)
        self._down = BarButton("arrow_down", "", self.tr("Move the {row} down").format(row=row_name), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        column.addLayout(head)
        head.setSpacing(6)
        for widget in (self._heading, self._dot):
            head.addWidget(widget)
        head.addWidget(self._owner, 1)
        for button in (self._add, self._delete, self._up, self._down):
            button.setVisible(self.list.may_change)
            head.addWidget(button)
        column.addWidget(self.list, 1)
        self._add.clicked.connect(self.list.new_row)
        self._delete.clicked.connect(self.list.delete_row)
        self._up.clicked.connect(lambda: self.list.move_row(-1))
        self._down.clicked.connect(lambda: self.list.move_row(1))
        self.list.current_changed.connect(self._show_what_can_be_done)
        self.list.rows_changed.connect(self._show_what_can_be_done)

    def show_owner(self, row: CatalogRow | None) -> None:
        """Show the rows that belong to this one."""
        self._heading.setText(self.tr("{rows} for").format(rows=plural(self._catalog.singular).capitalize()))
        self._owner.setText(row.description if row is not None else "")
        self._dot.set_colour(row.values.get("colour") or "slate" if row is not None else "base")
        self._add.setEnabled(row is not None)
        self.list.show_parent(row.id if row is not None else None)

    def _show_what_can_be_done(self) -> None:
        self._delete.setEnabled(self.list.current() is not None)
        self._up.setEnabled(self.list.neighbour(-1) is not None)
        self._down.setEnabled(self.list.neighbour(1) is not None)


class _RecalculateBar(Panel):
    """After another default duration: clients keep their due dates until somebody wants them computed anew (B4)."""

    wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "accent_soft", "t")
        self.text = PlainLabel("", self, elided=True)
        self.link = LinkButton(self.tr("Recalculate due dates"), self)
        self.link.clicked.connect(self.wanted)
        close = BarButton("dismiss", "", self.tr("Close"), self, tone="dim")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 8, 2)
        row.setSpacing(12)
        row.addWidget(self.text)
        row.addWidget(self.link)
        row.addStretch(1)
        row.addWidget(close)
        self.hide()

    def say(self, row: CatalogRow) -> None:
        clients = counted(row.counts["clients"], "client")
        text = self.tr("The due dates of {clients} at “{status}” stay as they are.")
        self.text.setText(text.format(clients=clients, status=row.description))
        self.show()
