"""The grid that shows every listing: page by page, sorted by the database, laid out as each person left it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from studio_desktop.services.listings.conditions import Terms
from studio_desktop.services.listings.declaration import Column, ColumnKind, Query
from studio_desktop.services.listings.grouping import can_group, group_text
from studio_desktop.services.listings.service import GroupOf, listing
from studio_desktop.ui import theme
from studio_desktop.ui.actions import MenuEntry
from studio_desktop.ui.background import Lane
from studio_desktop.ui.documents import Document
from studio_desktop.ui.widgets.layout_keeper import LayoutKeeper
from studio_desktop.ui.widgets.listing_filter_row import ListingFilterRow
from studio_desktop.ui.widgets.listing_grid import ROW, ListingGrid
from studio_desktop.ui.widgets.listing_layout import ListingLayout, Sort, sorted_by
from studio_desktop.ui.widgets.listing_model import (
    PAGE,
    TICK,
    CellTexts,
    GroupHead,
    GroupRows,
    ListingModel,
    Values,
)
from studio_desktop.ui.widgets.listing_reads import FIRST, MOST_HITS, Answer, Ask, answer
from studio_desktop.ui.widgets.listing_state import BusyLine, EmptyAction, EmptyState
from studio_desktop.ui.widgets.listing_totals import ListingTotals

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.ui.page import Shell


class ListingView(QWidget):
    """One listing as a grid. Nothing is read in the window's thread; the first page shows before the ids are known.

    Rows are ticked by id, so that ticks outlive another order, another search and what other desks change. While the
    list has the focus: Enter opens, Space ticks and goes down, Ctrl+A ticks all, Ctrl+C copies; letters jump to what
    begins so, unless `typing_goes_elsewhere`.
    """

    opened = Signal(int)
    """Enter or a double click on a record."""
    current_changed = Signal(object)
    """The id of another record than before, or None."""
    ticked_changed = Signal()
    counts_changed = Signal()
    """Read anew; perhaps another number of rows."""
    typed_over = Signal(QKeyEvent)
    """Somebody typed while the list had the focus, and typing goes elsewhere."""
    left_upwards = Signal()
    """Up was pressed on the first row."""
    delete_wanted = Signal()
    """Del was pressed."""
    conditions_typed = Signal()
    """Something else is asked in the filter row (`filter_row.values`); whoever asks the list asks it anew."""
    menu_wanted = Signal(QPoint)
    """The rows' menu, at a place on the screen."""

    def __init__(
        self, shell: Shell, name: str, parent: QWidget | None = None, *, typing_goes_elsewhere: bool = False
    ) -> None:
        super().__init__(parent)
        self._services = shell.services
        self._tasks = shell.tasks
        self._listing = listing(name).titled(shell.preferences.named)
        self._typing_goes_elsewhere = typing_goes_elsewhere
        self._texts = CellTexts(lambda: shell.formats, shell.services.desk.clock.today)
        self.model = ListingModel(self._listing, self._texts, self)
        self.grid = ListingGrid(self.model, self._handle_key, self._handle_click, self)
        self.grid.setAccessibleName(self._listing.title)
        self.setFocusProxy(self.grid)
        clock = shell.services.desk.clock
        self.filter_row = ListingFilterRow(
            self.model,
            self.grid.header,
            lambda: Terms(shell.formats, clock),
            lambda catalog: [one.text for one in shell.choices.get(catalog, ()) if not one.inactive],
        )
        self.grid.header.set_foot(self.filter_row)
        self._layout = ListingLayout(self.model, self.grid.header, self)
        self._layout_is_known = False
        self._layout.reset()
        self._keeper = LayoutKeeper(shell, name, self._layout, self)
        self._empty = EmptyState(self)
        self._busy = BusyLine(self)
        self._query = Query()
        self._typed = ""
        self._hit_sort: Sort = ()
        self._limit = FIRST
        self._has_more = False
        self._is_loaded = False
        self._read_number = 0
        self._fetching = False
        self._gone: set[int] = set()
        self._place: _Place | None = None
        self._when_complete: Callable[[], None] | None = None
        self._told_current: int | None = None
        self._groups: GroupRows | None = None
        self._folded: set[object] = set()
        self._shell = shell
        self.totals = ListingTotals(
            self.model, self.grid.header, lambda: shell.formats, self._layout.leading_section, self
        )
        self._connect()
        self.grid.setColumnHidden(TICK, True)

    @property
    def total(self) -> int:
        """How many rows there are, as far as they are known (`model.is_complete`); of a search, the hits read."""
        return self.model.count()

    @property
    def is_loaded(self) -> bool:
        """Whether what is shown answers what was asked last."""
        return self._is_loaded

    @property
    def has_more_hits(self) -> bool:
        """Whether the search found more than were read."""
        return self._has_more

    @property
    def sort(self) -> Sort:
        """The order chosen by the header; empty is the listing's own, or the search's."""
        return self._hit_sort if self._typed else self._layout.sort

    def ask(self, query: Query, typed: str = "") -> None:
        """Show what the query lets through; with `typed` the clients that the text means, best first (SEARCH.md)."""
        self._query, self._typed = query, typed.strip()
        self._hit_sort, self._limit = (), FIRST
        self._when_complete = None
        self._read(keeping=False)

    def reload(self) -> None:
        """Read everything again; the current row, the ticks and the place in the list stay."""
        self._read(keeping=self._is_loaded)

    def refresh(self, changes: Changes) -> None:
        """Read again if the changes touch this listing."""
        if changes.touches("preference"):
            self._listing = self._listing.titled(self._shell.preferences.named)
            self.model.set_titles(self._listing)
        if any(changes.touches(kind) for kind in self._listing.refreshed_by):
            self.reload()

    def current_id(self) -> int | None:
        """The record of the current row."""
        return self.model.id_at(self.grid.currentIndex().row())

    def set_current(self, row: int) -> None:
        """Make a row the current one and bring it into sight."""
        self.grid.setCurrentIndex(self.model.index(row, self._layout.leading_section()))

    def ticked(self) -> list[int]:
        """The ticked records in the order of the list, those it does not show now at the end."""
        ticked = self.model.ticked()
        here = [row_id for row_id in self.model.ids() if row_id in ticked] if ticked else []
        return here + sorted(ticked.difference(here))

    def chosen(self) -> list[int]:
        """What an action is about: the ticked records, else the current one."""
        current = self.current_id()
        return self.ticked() or ([] if current is None else [current])

    def is_anybody_chosen(self) -> bool:
        """Whether `chosen` would give a record; unlike that, no slower with a hundred thousand ticks."""
        return bool(self.model.ticked()) or self.current_id() is not None

    def set_ticked(self, ids: Iterable[int], ticked: bool) -> None:
        """Tick records, or take their ticks away; the column of the ticks shows while there are any."""
        self.model.set_ticked(ids, ticked)
        self.grid.setColumnHidden(TICK, not self.model.ticked())
        self._layout.fit()
        self.grid.header.viewport().update()
        self.ticked_changed.emit()

    def tick_all(self) -> None:
        """Tick every row, or none if every row is ticked; waits for ids that are not known yet."""
        if not self._is_loaded or not self.model.is_complete:
            self._when_complete = self.tick_all
        elif self._has_more and self._limit < MOST_HITS:
            self._read_more_hits(self.tick_all)
        else:
            ids = self.model.ids()
            self.set_ticked(ids, not self.model.ticked().issuperset(ids))

    def show_filter_row(self, shown: bool = True, key: str = "") -> None:
        """Show the fields under the header, with the cursor in one of them, or take them and their conditions away."""
        self._set_filter_row(shown)
        self._keeper.start()
        if shown:
            self.filter_row.take_focus(key)
        else:
            self.filter_row.set_values({})
            self.conditions_typed.emit()

    @property
    def group(self) -> str:
        """The key of the column whose equal values stand together; empty for none, and of a search."""
        return "" if self._typed else self._layout.group

    def set_group(self, key: str) -> None:
        """Put the rows together by a column; an empty key by none."""
        self._layout.group = key
        self._folded.clear()
        self._keeper.start()
        self._read(keeping=False)

    def fold(self, folded: bool, key: object = None) -> None:
        """Fold or unfold a group; without a key all of them."""
        groups = self._groups
        if groups is None:
            return
        keys = {group.key for group in groups.groups} if key is None else {key}
        self._folded = self._folded | keys if folded else self._folded - keys
        here = self.model.group_at(self.grid.currentIndex().row())
        self.model.replace_groups(replace(groups, folded=self._folded))
        row = None if here is None else self.model.heading_row(here.key)
        if row is not None:
            self.set_current(row)
        self._fetch()

    @property
    def has_totals(self) -> bool:
        """Whether the last line with the totals is shown."""
        return self._layout.totals

    def show_totals(self, shown: bool = True) -> None:
        """Show how many rows there are and what they add up to, or no more."""
        self._layout.totals = shown
        self._keeper.start()
        self._arrange()
        self._read_totals()

    def arrange_columns(self) -> None:
        """Open the panel in which the columns are chosen, ordered and made wider."""
        self._keeper.arrange_columns(self.mapToGlobal(QPoint(8, self.grid.header.height())))

    def open_layouts(self) -> None:
        """Open the panel of the layouts that were kept under a name."""
        self._keeper.open_layouts(self.mapToGlobal(QPoint(8, 0)))

    def group_entries(self) -> list[MenuEntry]:
        """The columns that rows can be put together by, as lines of a menu."""
        entries = [MenuEntry(self.tr("No groups"), lambda: self.set_group(""))]
        for column in self._layout.columns():
            if can_group(column):
                entries.append(MenuEntry(column.title or column.key, partial(self.set_group, column.key)))
        if self.group:
            entries.append(MenuEntry(self.tr("Fold all"), lambda: self.fold(True)))
            entries.append(MenuEntry(self.tr("Unfold all"), lambda: self.fold(False)))
        return entries

    @property
    def has_filter_row(self) -> bool:
        """Whether the fields under the header are shown."""
        return not self.filter_row.isHidden()

    def shown_query(self) -> Query:
        """What is shown, as documents ask for it: filters and order; of a search the hits themselves."""
        if self._typed:
            return Query(sort=self.sort, ids=tuple(self.model.ids()))
        return replace(self._query, sort=self.sort, group=self.group)

    def document(self, title: str, subtitles: Sequence[str] = ()) -> Document:
        """What is shown, as a document: the ticked rows, else all of the list with the lines that say what it is."""
        from studio_desktop.reports.listing_file import export_listing

        services, name, totals = self._services, self._listing.name, self.has_totals
        query, keys, ids = self.shown_query(), self.shown_columns(), self.ticked()
        if ids:
            query, subtitles = Query(sort=query.sort, ids=tuple(ids), group=query.group), ()
        return Document(
            title,
            "list",
            lambda path, progress: export_listing(
                services, name, path, query=query, keys=keys, subtitles=subtitles, totals=totals, progress=progress
            ),
        )

    def shown_columns(self) -> list[str]:
        """The keys of the columns in sight, from left to right."""
        return self._layout.shown_keys()

    def text(self, row: int, key: str) -> str:
        """A cell as it reads; empty while it was not read."""
        return self.model.text(row, self.model.column_of(key))

    def copy(self) -> None:
        """Put the ticked rows, else the current one, on the clipboard as a table with its titles."""
        ids = self.chosen()
        known = {row_id: values for row_id in ids if (values := self.model.values(row_id)) is not None}
        missing = [row_id for row_id in ids if row_id not in known]
        keys = [column.key for column in self._listing.columns]
        columns = [(keys.index(key), self._listing.column(key)) for key in self.shown_columns()]
        services, name, texts = self._services, self._listing.name, self._texts

        def as_table() -> str:
            rows = {**known, **services.listings.rows(name, missing)} if missing else known
            lines = [[column.title for _, column in columns]]
            for values in (rows[row_id] for row_id in ids if row_id in rows):
                lines.append([_as_copied(column, texts.text(column, values[place])) for place, column in columns])
            return "".join("\t".join(line) + "\n" for line in lines)

        if ids:
            lane: Lane = "bulk" if len(missing) > MOST_HITS else "read"
            self._tasks.run(self, as_table, QGuiApplication.clipboard().setText, lane=lane)

    def set_empty(self, text: str, *actions: EmptyAction) -> None:
        """What stands in the place of the rows when there are none, and what can be done about it."""
        self._empty.set_content(text, actions)
        self._show_whether_empty()

    def enter(self) -> None:
        """Put the cursor on the current row, else on the first; in an empty list on what can be done about it."""
        if not self._empty.isHidden():
            self._empty.take_focus()
            return
        if self.grid.currentIndex().row() < 0 and self.model.rowCount():
            self.set_current(self.grid.row_after(-1, 1))
        self.grid.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def flush(self) -> None:
        """Keep a changed layout now, if it waits to be kept."""
        self._keeper.flush()

    def fill_columns_menu(self, menu: QMenu) -> None:
        """Add a line for each column there is, ticked if it is shown, and the way back."""
        menu.addAction(self.tr("&Arrange columns …")).triggered.connect(lambda: self.arrange_columns())
        menu.addSeparator()
        self._keeper.fill_columns_menu(menu)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep whole rows."""
        super().resizeEvent(event)
        self._arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        """What was laid out is kept, even if the program ends now."""
        super().hideEvent(event)
        self.flush()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The strip below the last whole row."""
        QPainter(self).fillRect(event.rect(), theme.token("base"))

    def _connect(self) -> None:
        grid = self.grid
        grid.verticalScrollBar().valueChanged.connect(self._scrolled)
        grid.horizontalScrollBar().rangeChanged.connect(lambda: QTimer.singleShot(0, self, self._arrange))
        grid.horizontalScrollBar().valueChanged.connect(lambda _: self.filter_row.arrange())
        grid.horizontalScrollBar().valueChanged.connect(lambda _: self.totals.update())
        self.filter_row.changed.connect(self.conditions_typed)
        self.filter_row.left_downwards.connect(self.enter)
        self.filter_row.left.connect(lambda: self.grid.setFocus(Qt.FocusReason.OtherFocusReason))
        grid.resized.connect(self._layout.fit)
        grid.resized.connect(self._fetch)
        grid.selectionModel().currentChanged.connect(lambda _current, _before: self._tell_current())
        grid.row_opened.connect(self._open)
        grid.menu_wanted.connect(self.menu_wanted)
        grid.header.sort_wanted.connect(self._sort_by)
        grid.header.menu_wanted.connect(self._show_columns_menu)
        self.model.modelAboutToBeReset.connect(self._remember_place)
        self.model.modelReset.connect(self._return_to_place)
        self._keeper.replaced.connect(self._follow_layout)
        self._tasks.busy_changed.connect(self._show_whether_busy)
        look = QApplication.instance().findChild(theme.Theme)  # type: ignore[union-attr]
        assert isinstance(look, theme.Theme)
        look.changed.connect(self._follow_theme)

    def _follow_layout(self) -> None:
        """Read anew as another layout wants it; conditions do not outlive the fields they stand in."""
        self._folded.clear()
        if self._layout.filter_row != self.has_filter_row:
            self._set_filter_row(self._layout.filter_row)
            self.filter_row.set_values({})
            self.conditions_typed.emit()
        self._read(keeping=False)

    def _set_filter_row(self, shown: bool) -> None:
        self._layout.filter_row = shown
        self.filter_row.setVisible(shown)
        self.grid.header.foot_changed()
        self.filter_row.arrange()
        self._arrange()

    def _follow_theme(self) -> None:
        self.grid.follow_theme()
        self._layout.apply()
        self._arrange()

    def _read(self, *, keeping: bool) -> None:
        """Ask for the rows; `keeping` leaves the current row and the place in the list as they are."""
        self._is_loaded = False
        self._read_number += 1
        services = self._services
        in_sight = tuple(self._ids_in_sight()) if keeping else None
        ask = Ask(
            self._listing.name, self._query, self._typed, self.sort, self._limit, in_sight, self._layout_is_known,
            self.group,
        )  # fmt: skip
        self._tasks.latest(self, "rows", lambda: answer(services, ask), lambda found: self._show(found, keeping))

    def _show(self, found: Answer, keeping: bool) -> None:
        if found.layout is not None:
            self._layout_is_known = True
            self._layout.take(found.layout)
            self._set_filter_row(self._layout.filter_row or self.has_filter_row)
        self._gone.clear()
        self._is_loaded = True
        self._has_more = found.has_more
        self.grid.header.set_sort([(self.model.column_of(key), down) for key, down in self._shown_sort()])
        self._groups = None
        if found.order is None:
            self.model.renew(found.rows)
        elif found.groups is not None:
            self._show_groups(found.order, found.groups, found.rows, keeping)
        elif keeping:
            self.model.replace(found.order, found.rows, found.headings, is_complete=found.is_whole)
        else:
            self._place = _TOP
            self.model.replace(found.order, found.rows, found.headings, is_complete=found.is_whole)
            self._place = None
            self._go_to_start()
        self._tell_current()
        self.counts_changed.emit()
        self._show_whether_empty()
        self._read_totals()
        if found.order is not None and self.model.is_complete:
            self._be_complete()
            return
        services, name, query = self._services, self._listing.name, replace(self._query, sort=self.sort)
        # All ids of a long list take a while, and the next letter of a search must not wait for them.
        self._tasks.latest(self, "rows", lambda: services.listings.ids(name, query), self._take_ids, lane="pool")

    def _show_groups(
        self, ids: Sequence[int], groups: Sequence[GroupOf], rows: Mapping[int, Values], keeping: bool
    ) -> None:
        column, formats = self._listing.column(self.group), self._shell.formats
        heads, start = [], 0
        for group in groups:
            text, count = group_text(column, group.value, formats), formats.number(group.count)
            heading = self.tr("{group} · {count}").format(group=text, count=count)
            heads.append(GroupHead(group.value, heading, start, group.count))
            start += group.count
        self._groups = GroupRows(ids, heads, self._folded)
        if not keeping:
            self._place = _TOP
        self.model.replace_groups(self._groups, rows)
        if not keeping:
            self._go_to_start()

    def _read_totals(self) -> None:
        if self.has_totals != (not self.totals.isHidden()):
            self.totals.setVisible(self.has_totals)
            self._arrange()
        if self.has_totals:
            services, name = self._services, self._listing.name
            query = replace(self.shown_query(), group="")
            self._tasks.latest(
                self, "totals", lambda: services.listings.totals(name, query), self.totals.set_totals, lane="pool"
            )

    def _take_ids(self, ids: list[int]) -> None:
        self.model.complete(ids)
        self._tell_current()
        self.counts_changed.emit()
        self._be_complete()

    def _be_complete(self) -> None:
        then, self._when_complete = self._when_complete, None
        if then is not None:
            then()
        self._fetch()

    def _fetch(self) -> None:
        """Read the rows in sight if nobody has brought them yet, and ahead of the wheel a page in both directions.

        Of a short list all are read, for typing jumps among them.
        """
        missing = [] if self._fetching else [row_id for row_id in self._wanted() if row_id not in self._gone]
        if not missing:
            return
        self._fetching = True
        services, name, read_number = self._services, self._listing.name, self._read_number
        self._tasks.latest(
            self,
            "rows in sight",
            lambda: services.listings.rows(name, missing),
            lambda rows: self._take_rows(read_number, missing, rows),
            always=self._end_fetching,
        )

    def _wanted(self) -> list[int]:
        if self.model.rowCount() <= _READ_WHOLE:
            return self.model.missing(0, self.model.rowCount())
        first, last = self.grid.rows_in_sight()
        if self.model.missing(first, last):
            return self.model.missing(first - _NEAR, last + _NEAR)
        is_near = self.model.missing(first - _NEAR, last + _NEAR)
        return self.model.missing(first - PAGE, last + PAGE) if is_near else []

    def _end_fetching(self) -> None:
        self._fetching = False

    def _take_rows(self, read_number: int, asked: list[int], rows: Mapping[int, Values]) -> None:
        if read_number == self._read_number:
            self._gone.update(set(asked).difference(rows))
            self.model.add_rows(rows)
            if not rows.keys().isdisjoint(self._ids_in_sight()):
                self.grid.viewport().update()
        self._fetch()

    def _scrolled(self, value: int) -> None:
        at_the_end = value == self.grid.verticalScrollBar().maximum() > 0
        if at_the_end and self._is_loaded and self._has_more and self._limit < MOST_HITS:
            self._read_more_hits(None)
        else:
            self._fetch()

    def _read_more_hits(self, then: Callable[[], None] | None) -> None:
        self._limit, self._when_complete = MOST_HITS, then
        self._read(keeping=True)

    def _ids_in_sight(self) -> list[int]:
        first, last = self.grid.rows_in_sight()
        ids = {self.model.id_at(row) for row in range(first, last + 1)} | {self.current_id()}
        return [row_id for row_id in ids if row_id is not None]

    def _go_to_start(self) -> None:
        """Of a search the best match is chosen already (FRONT_DESK 2.1); of a list nothing is."""
        self.grid.scrollToTop()
        if self._typed and self.model.rowCount():
            self.set_current(self.grid.row_after(-1, 1))
        else:
            self.grid.setCurrentIndex(QModelIndex())

    def _remember_place(self) -> None:
        if self._place is None:
            top = self.grid.rows_in_sight()[0]
            self._place = _Place(top, self.model.id_at(top), self.grid.currentIndex().row(), self.current_id())

    def _return_to_place(self) -> None:
        place, self._place = self._place, None
        if place is None or not self.model.rowCount():
            return
        if place.row >= 0:
            found = None if place.row_id is None else self.model.row_of(place.row_id)
            self.set_current(min(place.row, self.model.rowCount() - 1) if found is None else found)
        top = None if place.top_id is None else self.model.row_of(place.top_id)
        self.grid.verticalScrollBar().setValue(place.top if top is None else top)

    def _tell_current(self) -> None:
        current = self.current_id()
        if current != self._told_current:
            self._told_current = current
            self.current_changed.emit(current)

    def _sort_by(self, section: int, as_second: bool) -> None:
        if section == TICK:
            self.tick_all()
            return
        sort = sorted_by(self._shown_sort(), self.model.columns[section - 1], as_second)
        if self._typed:
            self._hit_sort = sort
        else:
            self._layout.sort = sort
            self._keeper.start()
        self._read(keeping=False)

    def _shown_sort(self) -> Sort:
        """The order as the header shows it: where none was chosen, the column that leads the listing's own."""
        if self.sort or self._typed:
            return self.sort
        leading = next((one.key for one in self.model.columns if one.sort is self._listing.order[0]), None)
        return () if leading is None else ((leading, False),)

    def _handle_key(self, event: QKeyEvent) -> bool:
        key, row = event.key(), self.grid.currentIndex().row()
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift = held == Qt.KeyboardModifier.ShiftModifier
        group = self.model.group_at(row)
        if group is not None and key in _FOLDS and held in (_NOTHING, Qt.KeyboardModifier.ShiftModifier):
            folded = key == Qt.Key.Key_Left or (key != Qt.Key.Key_Right and not self.model.is_folded(row))
            self.fold(folded, None if shift else group.key)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.tick_all()
        elif event.matches(QKeySequence.StandardKey.Refresh):
            self.reload()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held:
            self._open(row)
        elif key == Qt.Key.Key_Space and not held:
            self._tick_and_go_down(row)
        elif key == Qt.Key.Key_Delete and not held:
            self.delete_wanted.emit()
        elif key == Qt.Key.Key_Up and not held and row <= self.grid.row_after(-1, 1):
            self.left_upwards.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and shift:
            self._tick_span(row, self.grid.row_after(row, 1 if key == Qt.Key.Key_Down else -1))
        elif self._typing_goes_elsewhere and (shift or not held) and _types(event):
            self.typed_over.emit(event)
        else:
            return False
        return True

    def _handle_click(self, row: int, column: int, modifiers: Qt.KeyboardModifier) -> bool:
        row_id, before = self.model.id_at(row), self.grid.currentIndex().row()
        group = self.model.group_at(row)
        if group is not None:
            self.grid.setFocus(Qt.FocusReason.MouseFocusReason)
            self.set_current(row)
            self.fold(not self.model.is_folded(row), group.key)
            return True
        if row_id is None:
            return False
        self.grid.setFocus(Qt.FocusReason.MouseFocusReason)
        if modifiers & Qt.KeyboardModifier.ShiftModifier and before >= 0:
            self._tick_span(before, row)
            return True
        with_control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if not with_control and column != TICK:
            return False
        chosen = self.current_id()
        if with_control and chosen not in (None, row_id) and not self.model.ticked():
            self.set_ticked([chosen], True)
        self.set_ticked([row_id], not self.model.is_ticked(row))
        self.set_current(row)
        return True

    def _tick_and_go_down(self, row: int) -> None:
        row_id = self.model.id_at(row)
        if row_id is not None:
            self.set_ticked([row_id], not self.model.is_ticked(row))
            self.set_current(self.grid.row_after(row, 1))

    def _tick_span(self, first: int, last: int) -> None:
        span = range(min(first, last), max(first, last) + 1)
        self.set_ticked([row_id for row in span if (row_id := self.model.id_at(row)) is not None], True)
        self.set_current(last)

    def _open(self, row: int) -> None:
        row_id = self.model.id_at(row)
        if row_id is not None:
            self.opened.emit(row_id)

    def _show_columns_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_columns_menu(menu)
        menu.popup(place)

    def _arrange(self) -> None:
        """Give the grid the height of whole rows, so that no half line stands at the foot."""
        row, head = theme.row_height(ROW), self.grid.header.sizeHint().height()
        scroll_bar = self.grid.horizontalScrollBar()
        foot = scroll_bar.sizeHint().height() if scroll_bar.maximum() > 0 else 0
        totals = self.totals.sizeHint().height() if self.has_totals else 0
        rows = max(self.height() - head - foot - totals, 0) // row
        self.grid.setGeometry(0, 0, self.width(), head + rows * row + foot)
        self.totals.setGeometry(0, self.grid.geometry().bottom() + 1, self.width(), totals)
        self._busy.setGeometry(0, 0, self.width(), 2)
        self._empty.setGeometry(0, head, self.width(), max(self.height() - head, 0))

    def _show_whether_empty(self) -> None:
        self._empty.setVisible(self._is_loaded and not self.model.rowCount() and self._empty.has_content)

    def _show_whether_busy(self, owner: QObject, busy: bool) -> None:
        if owner is self:
            self._busy.setVisible(busy)


_NOTHING = Qt.KeyboardModifier.NoModifier
_FOLDS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_READ_WHOLE = 8 * PAGE
_NEAR = PAGE // 4


@dataclass(frozen=True, slots=True)
class _Place:
    """Where somebody is in a list: the row at the top and the current one, -1 for none."""

    top: int = 0
    top_id: int | None = None
    row: int = -1
    row_id: int | None = None


_TOP = _Place()


def _types(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Backspace or (bool(event.text()) and event.text().isprintable())


def _as_copied(column: Column, text: str) -> str:
    """A cell on the clipboard: one line, and nothing that a spreadsheet would take for a formula (DECISIONS 22)."""
    text = " ".join(text.split())
    is_free = column.kind in (ColumnKind.NUMBER, ColumnKind.PHONE)
    return f"'{text}" if not is_free and text.lstrip("'").startswith(("=", "+", "-", "@")) else text
