"""The rows of a listing as a grid asks for them: ids in order, and of those in sight their values."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from studio_desktop.domain.formats import Formats
from studio_desktop.domain.text import fold
from studio_desktop.services.listings.declaration import Column, ColumnKind, Listing

TICK = 0
"""The column of the ticks; the listing's columns follow it."""

PAGE = 128
"""Rows that are read at once."""

Index = QModelIndex | QPersistentModelIndex
Values = Sequence[Any]
_ROOT = QModelIndex()


class CellTexts:
    """How the values of a listing read, on the screen and on the clipboard. Safe to use in any thread."""

    def __init__(self, formats: Callable[[], Formats], today: Callable[[], date]) -> None:
        """Both are asked for each cell: a preference may change, and a night may pass."""
        self._formats = formats
        self._today = today
        self._show: Mapping[ColumnKind, Callable[[Any], str]] = {
            ColumnKind.NUMBER: lambda value: formats().number(value),
            ColumnKind.DAY: lambda value: formats().day(value, today()),
            ColumnKind.PARTIAL_DATE: lambda value: formats().partial(value),
            ColumnKind.INSTANT: lambda value: formats().instant(value, today()),
            ColumnKind.FLAG: lambda value: _tr("Yes") if value else "",
            ColumnKind.PHONE: lambda value: formats().phone(value.typed, value.e164, value.extension),
            ColumnKind.DUE: lambda value: "  ".join(part for part in self.due(value) if part),
            ColumnKind.LIGHT: lambda value: {2: _tr("Red light"), 1: _tr("Yellow light")}.get(value, ""),
        }

    def text(self, column: Column, value: Any) -> str:
        """One cell."""
        if column.words:
            return column.words.get(value, "")
        return "" if value is None else self._show.get(column.kind, str)(value)

    def due(self, day: date) -> tuple[str, str]:
        """A day something is due, as `("6 Mar", "late 4 d")`; the second is empty until it is late."""
        today = self._today()
        return self._formats().day(day, today), self._formats().late(day, today)


@dataclass(frozen=True, slots=True)
class GroupHead:
    """A group: what tells it from the others, what its heading says, and which of all rows are its own."""

    key: object
    heading: str
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class GroupRows:
    """All rows, group after group, and the keys of the groups that are folded."""

    ids: Sequence[int]
    groups: Sequence[GroupHead]
    folded: Collection[object] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell's painter needs: its text, its value and what marks it; `stands_back` holds for its whole row."""

    text: str
    value: Any
    mark: Any
    stands_back: bool


class ListingModel(QAbstractTableModel):
    """Ids, and the values of those rows that were added; it reads nothing itself (PERFORMANCE: tables).

    A row is known by its id only until its values arrive; while the list is not `is_complete`, more ids follow.
    Between the hits of a search stand headings, which nobody can choose; the headings of groups fold and can.
    """

    def __init__(self, listing: Listing, texts: CellTexts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = tuple(column for column in listing.columns if column.chosen)
        self.texts = texts
        places = {column.key: place for place, column in enumerate(listing.columns)}
        self._places = places
        self._column_places = [places[column.key] for column in self.columns]
        self._mark_places = [places[column.marks] if column.marks else None for column in self.columns]
        self._badge_places = [
            places[column.marks] for column in self.columns if column.marks and column.kind is ColumnKind.TEXT
        ]
        self.is_complete = False
        self._order: array[int] = array("q")
        self._rows: dict[int, _Row] = {}
        self._headings: Mapping[int, str] = {}
        self._groups: GroupRows | None = None
        self._heading_rows: list[int] = []
        self._ticked: frozenset[int] = frozenset()

    def set_titles(self, listing: Listing) -> None:
        """Call the columns as this listing, otherwise the same, does."""
        self.columns = tuple(column for column in listing.columns if column.chosen)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 1, len(self.columns))

    def column_of(self, key: str) -> int:
        """The model's column of a listing's column; StopIteration for one that is never shown by itself."""
        return next(place for place, column in enumerate(self.columns, start=1) if column.key == key)

    def replace(
        self,
        order: Sequence[int],
        rows: Mapping[int, Values],
        headings: Mapping[int, str] | None = None,
        *,
        is_complete: bool = True,
    ) -> None:
        """Show these rows instead of those before; at the places of `headings` the order has 0."""
        self.is_complete = is_complete
        self._groups = None
        ordered, headings = array("q", order), headings or {}
        if (ordered, headings) == (self._order, self._headings):
            self.renew(rows)
            return
        self.beginResetModel()
        self._order, self._headings = ordered, headings
        self._rows = self._made(rows)
        self.endResetModel()

    def replace_groups(self, groups: GroupRows, rows: Mapping[int, Values] | None = None) -> None:
        """Show groups below their headings, those that are folded without their rows; `rows` None keeps the values."""
        self.beginResetModel()
        self.is_complete, self._groups = True, groups
        order, headings = array("q"), {}
        for group in groups.groups:
            headings[len(order)] = group.heading
            order.append(0)
            if group.key not in groups.folded:
                order.extend(groups.ids[group.start : group.start + group.count])
        self._order, self._headings, self._heading_rows = order, headings, list(headings)
        self._rows = self._rows if rows is None else self._made(rows)
        self.endResetModel()

    def group_at(self, row: int) -> GroupHead | None:
        """The group whose heading stands at a place."""
        if self._groups is None or row not in self._headings:
            return None
        return self._groups.groups[bisect_left(self._heading_rows, row)]

    def heading_row(self, key: object) -> int | None:
        """Where the heading of a group stands."""
        if self._groups is None:
            return None
        keys = [group.key for group in self._groups.groups]
        return self._heading_rows[keys.index(key)] if key in keys else None

    def is_folded(self, row: int) -> bool:
        """Whether the group headed at a place is folded."""
        group = self.group_at(row)
        return group is not None and self._groups is not None and group.key in self._groups.folded

    @property
    def is_grouped(self) -> bool:
        """Whether the rows stand in groups, whose headings can be chosen."""
        return self._groups is not None

    def renew(self, rows: Mapping[int, Values]) -> None:
        """The rows stand where they stood, with these values; all others have to be brought again."""
        self._rows = self._made(rows)
        self._tell_changed(TICK, len(self.columns))

    def complete(self, order: Sequence[int]) -> None:
        """The ids of all rows have arrived; rows that are known stay."""
        self.is_complete = True
        whole, known = array("q", order), len(self._order)
        if whole[:known] != self._order:
            self.beginResetModel()
            self._order = whole
            self.endResetModel()
        elif len(whole) > known:
            self.beginInsertRows(_ROOT, known, len(whole) - 1)
            self._order = whole
            self.endInsertRows()

    def add_rows(self, rows: Mapping[int, Values]) -> None:
        """The values of some rows have arrived. Whoever has them in sight paints them; those ahead change nothing."""
        self._rows.update(self._made(rows))
        if len(self._rows) > _ROWS_KEPT:
            for row_id in list(self._rows)[: len(self._rows) - _ROWS_KEPT // 2]:
                del self._rows[row_id]

    def missing(self, first: int, last: int) -> list[int]:
        """The ids between these places, both included, whose values nobody has brought yet."""
        wanted = self._order[max(first, 0) : max(last + 1, 0)]
        return [row_id for row_id in wanted if row_id and row_id not in self._rows]

    def ids(self) -> list[int]:
        """The known ids in order, those of folded groups included."""
        if self._groups is not None:
            return list(self._groups.ids)
        return [row_id for row_id in self._order if row_id] if self._headings else self._order.tolist()

    def count(self) -> int:
        """How many records are known, those of folded groups included and headings left aside."""
        return len(self._groups.ids) if self._groups is not None else len(self._order) - len(self._headings)

    def id_at(self, row: int) -> int | None:
        """The id at a place; None for a heading, and outside the list."""
        return (self._order[row] or None) if 0 <= row < len(self._order) else None

    def row_of(self, row_id: int) -> int | None:
        """The place of a known id."""
        try:
            return self._order.index(row_id)
        except ValueError:
            return None

    def heading_at(self, row: int) -> str:
        """The heading at a place, if one stands there."""
        return self._headings.get(row, "")

    def values(self, row_id: int) -> Values | None:
        """The values of a row in the order of the listing's columns, if they are known."""
        row = self._rows.get(row_id)
        return None if row is None else row.values

    def value(self, row_id: int, key: str) -> Any:
        """One value of a row by its column's key; None while it is not known."""
        values = self.values(row_id)
        return None if values is None else values[self._places[key]]

    def cell(self, row: int, column: int) -> Cell | None:
        """What is to be painted; None while it is not known."""
        found = self._rows.get(self._order[row]) if row < len(self._order) else None
        if found is None:
            return None
        cell = found.cells.get(column)
        if cell is None:
            mark_place = self._mark_places[column - 1]
            value = found.values[self._column_places[column - 1]]
            cell = found.cells[column] = Cell(
                self.texts.text(self.columns[column - 1], value),
                value,
                None if mark_place is None else found.values[mark_place],
                found.stands_back,
            )
        return cell

    def text(self, row: int, column: int) -> str:
        """A cell as it reads; empty while its row is not known."""
        cell = self.cell(row, column)
        return "" if cell is None else cell.text

    def ticked(self) -> frozenset[int]:
        """The ids that are ticked, those not in the list now included."""
        return self._ticked

    def is_ticked(self, row: int) -> bool:
        """Whether the row at this place is ticked."""
        return row < len(self._order) and self._order[row] in self._ticked

    def set_ticked(self, ids: Iterable[int], ticked: bool) -> None:
        """Tick these rows, or take their ticks away."""
        self._ticked = self._ticked.union(ids) if ticked else self._ticked.difference(ids)
        self._tell_changed(TICK, TICK)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """All rows, known or not."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """The ticks and the listing's columns."""
        return 0 if parent.isValid() else 1 + len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text; for a screen reader with what its signs mean."""
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.CheckStateRole and column == TICK:
            return Qt.CheckState.Checked if self.is_ticked(row) else Qt.CheckState.Unchecked
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if row in self._headings:
            if not self.is_grouped or role == Qt.ItemDataRole.DisplayRole:
                return self._headings[row]
            folded = _tr("{heading}, folded") if self.is_folded(row) else _tr("{heading}, unfolded")
            return folded.format(heading=self._headings[row])
        if column == TICK:
            return _tr("ticked") if self.is_ticked(row) else ""
        return self.text(row, column) if role == Qt.ItemDataRole.DisplayRole else self._spoken(row, column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' titles."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.columns[section - 1].title if section != TICK else _tr("Ticked")

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every row can be chosen, headings excepted."""
        if index.row() in self._headings and not self.is_grouped:
            return Qt.ItemFlag.NoItemFlags
        return _OF_A_ROW

    def match(
        self,
        start: Index,
        role: int,  # noqa: ARG002
        value: Any,
        hits: int = 1,
        flags: Qt.MatchFlag = Qt.MatchFlag.MatchStartsWith,  # noqa: ARG002
    ) -> list[QModelIndex]:
        """The next rows, of those that are known, whose cell in the column of `start` begins with the text."""
        wanted, column, found = fold(str(value)), start.column(), []
        for place in range(len(self._order)):
            row = (start.row() + place) % len(self._order)
            if self._order[row] in self._rows:
                if fold(self.text(row, column)).startswith(wanted):
                    found.append(self.index(row, column))
                if len(found) == hits:
                    break
        return found

    def _made(self, rows: Mapping[int, Values]) -> dict[int, _Row]:
        badges = self._badge_places
        return {row_id: _Row(values, any(values[place] for place in badges)) for row_id, values in rows.items()}

    def _tell_changed(self, first: int, last: int) -> None:
        if self._order:
            self.dataChanged.emit(self.index(0, first), self.index(len(self._order) - 1, last))

    def _spoken(self, row: int, column: int) -> str:
        cell = self.cell(row, column)
        if cell is None:
            return ""
        kind = self.columns[column - 1].kind
        if kind is ColumnKind.PHONE and cell.mark:
            return _tr("{phone}, call warning: {warning}").format(phone=cell.text, warning=cell.mark)
        return f"{cell.text}, {cell.mark}" if kind is ColumnKind.TEXT and cell.mark else cell.text


_ROWS_KEPT = 40 * PAGE
_OF_A_ROW = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


@dataclass(slots=True)
class _Row:
    values: Values
    stands_back: bool
    cells: dict[int, Cell] = field(default_factory=dict)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ListingModel", text)
