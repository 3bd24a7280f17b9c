"""How one person has laid a listing out: which columns, in which order, how wide, sorted by what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio_desktop.services.listings.declaration import Column, ColumnKind
from studio_desktop.ui import theme
from studio_desktop.ui.widgets.listing_header import ListingHeader
from studio_desktop.ui.widgets.listing_model import TICK, ListingModel

Sort = tuple[tuple[str, bool], ...]
"""Columns by key with True for descending, the leading one first."""


class ListingLayout(QObject):
    """Keeps the header as somebody left it, and the whole width used: the stretching columns take what is over."""

    changed = Signal()
    """A person moved, resized, hid or showed a column."""

    def __init__(self, model: ListingModel, header: ListingHeader, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._header = header
        self._widths: dict[str, int] = {}
        self._arranging = False
        self.sort: Sort = ()
        self.group = ""
        self.totals = False
        self.filter_row = False
        header.sectionResized.connect(self._was_resized)
        header.sectionMoved.connect(self._was_moved)

    def value(self) -> dict[str, Any]:
        """The layout as it is kept; widths are those at 100 %."""
        columns = [
            {"key": column.key, "width": self._widths[column.key], "shown": not self._is_hidden(column)}
            for column in self._in_order()
        ]
        sort = [list(level) for level in self.sort]
        shown = {"totals": self.totals, "filter_row": self.filter_row}
        return {"columns": columns, "sort": sort, "group": self.group, **shown}

    def take(self, value: Mapping[str, Any]) -> None:
        """Lay out as it was kept; columns that came into the program since then stand where they are declared."""
        kept = {entry["key"]: entry for entry in value.get("columns", ())}
        keys = [column.key for column in self._model.columns]
        self.sort, self.group = kept_sort(value, keys), kept_group(value, keys)
        self.totals, self.filter_row = bool(value.get("totals")), bool(value.get("filter_row"))
        order = list(self._model.columns)
        known = iter([column for key in kept for column in order if column.key == key])
        order = [next(known) if column.key in kept else column for column in order]
        with self._arrange():
            for place, column in enumerate(order, start=1):
                self._header.moveSection(self._header.visualIndex(self._section(column)), place)
                entry = kept.get(column.key, {})
                self._widths[column.key] = max(int(entry.get("width", column.width)), _NARROWEST)
                self._header.setSectionHidden(self._section(column), not entry.get("shown", column.shown))
        self.apply()

    def reset(self) -> None:
        """As the listing is declared; fields to filter by stay."""
        self.take({"filter_row": self.filter_row})

    def apply(self) -> None:
        """Give every column its width at the text size in force."""
        with self._arrange():
            self._header.resizeSection(TICK, theme.scaled(_TICK_WIDTH))
            for column in self._model.columns:
                self._header.resizeSection(self._section(column), theme.scaled(self._widths[column.key]))
        self.fit()

    def fit(self) -> None:
        """Share what is over among the columns that stretch."""
        stretching = [column for column in self._model.columns if column.stretches and not self._is_hidden(column)]
        if not stretching or self._arranging:
            return
        least = {column.key: theme.scaled(self._widths[column.key]) for column in stretching}
        sections = [section for section in range(self._header.count()) if not self._header.isSectionHidden(section)]
        others = set(sections).difference(self._section(column) for column in stretching)
        over = self._header.width() - sum(map(self._header.sectionSize, others)) - sum(least.values())
        with self._arrange():
            for place, column in enumerate(stretching, start=1):
                share = max(over, 0) // len(stretching) if place < len(stretching) else max(over, 0)
                over -= share
                self._header.resizeSection(self._section(column), least[column.key] + share)

    def shown_keys(self) -> list[str]:
        """The keys of the columns in sight, from left to right."""
        return [column.key for column in self._in_order() if not self._is_hidden(column)]

    def set_shown(self, key: str, shown: bool) -> None:
        """Show or hide a column; the last one stays."""
        if not shown and self.shown_keys() == [key]:
            return
        self._header.setSectionHidden(self._model.column_of(key), not shown)
        self.apply()
        self.changed.emit()

    def columns(self) -> list[Column]:
        """All columns from left to right, those that are not shown among them."""
        return self._in_order()

    def width(self, key: str) -> int:
        """A column's width at 100 %."""
        return self._widths[key]

    def set_width(self, key: str, width: int) -> None:
        """Make a column wider or narrower."""
        self._widths[key] = max(width, _NARROWEST)
        self.apply()
        self.changed.emit()

    def set_order(self, keys: Sequence[str]) -> None:
        """Let the columns stand in this order."""
        with self._arrange():
            for place, key in enumerate(keys, start=1):
                self._header.moveSection(self._header.visualIndex(self._model.column_of(key)), place)
        self.changed.emit()

    def leading_section(self) -> int:
        """The section in sight whose text names a row: the one that stretches, else the first."""
        shown = self.shown_keys()
        naming = next((one.key for one in self._model.columns if one.stretches and one.key in shown), None)
        return self._model.column_of(naming or shown[0])

    def _was_resized(self, section: int, _before: int, width: int) -> None:
        if self._arranging or section == TICK or not width:
            return
        self._widths[self._model.columns[section - 1].key] = max(round(width / theme.scaled(100) * 100), _NARROWEST)
        self.fit()
        self.changed.emit()

    def _was_moved(self) -> None:
        if self._arranging:
            return
        with self._arrange():
            self._header.moveSection(self._header.visualIndex(TICK), 0)
        self.changed.emit()

    def _in_order(self) -> list[Column]:
        return sorted(self._model.columns, key=lambda column: self._header.visualIndex(self._section(column)))

    def _section(self, column: Column) -> int:
        return self._model.column_of(column.key)

    def _is_hidden(self, column: Column) -> bool:
        return self._header.isSectionHidden(self._section(column))

    @contextmanager
    def _arrange(self) -> Iterator[None]:
        """What moves meanwhile was not moved by a person."""
        before, self._arranging = self._arranging, True
        try:
            yield
        finally:
            self._arranging = before


def kept_sort(value: Mapping[str, Any], keys: list[str]) -> Sort:
    """The order in a kept layout, without columns that the program no longer has."""
    return tuple((key, bool(descending)) for key, descending in value.get("sort", ()) if key in keys)


def kept_group(value: Mapping[str, Any], keys: list[str]) -> str:
    """The column that a kept layout puts rows together by; empty for none, or one the program no longer has."""
    key = value.get("group", "")
    return key if key in keys else ""


def sorted_by(sort: Sort, column: Column, as_second: bool) -> Sort:
    """The order after a click: by another column, or the same one the other way round; with Shift as one level more.

    Red lights come first.
    """
    levels = dict(sort)
    key = column.key
    level = (key, not levels[key] if key in levels else column.kind is ColumnKind.LIGHT)
    if as_second and key in levels:
        return tuple(level if one[0] == key else one for one in sort)
    if as_second and sort:
        return (*sort, level)
    if sort and sort[0][0] == key:
        return (level,)
    return ((key, column.kind is ColumnKind.LIGHT),)


_TICK_WIDTH = 28
_NARROWEST = 20
