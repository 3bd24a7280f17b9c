"""What a maintained list's grid shows: its columns, made from the catalog, and the texts of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from studio_desktop.domain.fields import Kind
from studio_desktop.services import catalogs
from studio_desktop.services.catalogs import Catalog, CatalogField, CatalogRow, Choice
from studio_desktop.ui.page import Shell

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class GridColumn:
    """One column: its number in the order (`place`), the row this one belongs to, a field, or a count."""

    key: str
    title: str
    width: int
    field: CatalogField | None = None

    @property
    def is_flag(self) -> bool:
        """Whether it is ticked rather than typed."""
        return self.field is not None and self.field.kind is Kind.FLAG

    @property
    def is_typed(self) -> bool:
        """Whether F2 opens an editor here."""
        return self.field is not None and self.field.kind in (Kind.TEXT, Kind.NUMBER, Kind.DAY)

    @property
    def is_number(self) -> bool:
        """Whether it stands at the right."""
        return self.field.kind is Kind.NUMBER if self.field is not None else self.key not in ("place", "parent")


def columns_of(catalog: Catalog, *, of_one_parent: bool, has_details: bool) -> tuple[GridColumn, ...]:
    """The columns of a catalog's grid; what stands in the details beside it is not shown twice."""
    made = [GridColumn("place", "#", 40)]
    if catalog.parent and not of_one_parent:
        made.append(GridColumn("parent", catalogs.catalog(catalog.parent).singular.capitalize(), 180))
    for field in catalog.fields:
        is_extra = field.name != "description" and field.kind in (Kind.TEXT, Kind.CHOICE, Kind.REFERENCE)
        if not (has_details and is_extra):
            made.append(GridColumn(field.name, field.title, field.width, field))
    made += [GridColumn(key, title, 74) for key, (title, _) in catalog.counts.items()]
    return tuple(made)


class CatalogModel(QAbstractTableModel):
    """The rows that are shown, as texts."""

    def __init__(self, shell: Shell, catalog: Catalog, columns: Sequence[GridColumn], parent: QObject) -> None:
        super().__init__(parent)
        self._shell = shell
        self._catalog = catalog
        self.columns = tuple(columns)
        self.rows: list[CatalogRow] = []

    def show_rows(self, rows: Sequence[CatalogRow]) -> None:
        """Show these."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def place_of(self, row_id: int) -> int | None:
        """Where the row of that id stands; None if it is not shown."""
        return next((place for place, row in enumerate(self.rows) if row.id == row_id), None)

    def value(self, place: int, column: int) -> Any:
        """The value behind a cell."""
        row, key = self.rows[place], self.columns[column].key
        if key == "place":
            return place + 1
        if key == "parent":
            owner = self.owner(row)
            return owner.text if owner is not None else ""
        return row.values[key] if self.columns[column].field is not None else row.counts[key]

    def owner(self, row: CatalogRow) -> Choice | None:
        """The row that this one belongs to."""
        owners = self._shell.choices.get(self._catalog.parent, [])
        return next((one for one in owners if one.id == row.parent_id), None)

    def text(self, place: int, column: int) -> str:
        """What a cell says; zero is a dash."""
        value, shown = self.value(place, column), self.columns[column]
        if shown.is_flag:
            return self.tr("yes") if value else self.tr("no")
        if value is None:
            return ""
        if shown.field is None and shown.is_number:
            return self._shell.formats.number(value) if value else "–"
        if shown.field is not None and shown.field.kind is Kind.DAY:
            return self._shell.formats.day(value)
        if shown.field is not None and shown.field.kind is Kind.REFERENCE:
            return next((one.text for one in self._shell.choices[shown.field.of] if one.id == value), "")
        return str(value)

    def words(self, row: CatalogRow) -> list[str]:
        """What the row says, its numbers and ticks left aside; it need not be shown."""
        found = [str(value) for value in row.values.values() if isinstance(value, str)]
        for field in self._catalog.fields:
            if field.kind is Kind.DAY and row.values[field.name] is not None:
                found.append(self._shell.formats.day(row.values[field.name]))
            elif field.kind is Kind.REFERENCE:
                found += [one.text for one in self._shell.choices[field.of] if one.id == row.values[field.name]]
        owner = self.owner(row)
        return found if owner is None else [*found, owner.text]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A column's title."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text; for a screen reader with its column's title."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.columns[index.column()].title}: {self.text(index.row(), index.column())}"
        return None
