"""What rows of a listing are put together by: a column's value, or of a day the month it is in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, cast, extract, func
from sqlalchemy.sql import ColumnElement

from studio_desktop.domain.dates import MONTHS
from studio_desktop.domain.formats import Formats
from studio_desktop.services.listings.declaration import Column, ColumnKind


def can_group(column: Column) -> bool:
    """Whether rows can be put together by a column: no two people share a phone or a moment."""
    return column.chosen and column.kind not in (ColumnKind.PHONE, ColumnKind.INSTANT)


def group_value(column: Column) -> ColumnElement[Any]:
    """What the rows of one group have in common; days have their month, birthdays the month of any year."""
    value = column.expression
    if column.kind in (ColumnKind.DAY, ColumnKind.DUE):
        return cast(extract("year", value) * 100 + extract("month", value), Integer)
    if column.kind is ColumnKind.PARTIAL_DATE and column.sort is not None:
        return column.sort // 100
    return value if column.kind not in _TEXTS else func.coalesce(value, "")


def group_place(column: Column) -> ColumnElement[Any]:
    """Where a group stands among the others: statuses by their place in the workflow, names by their letters."""
    return column.sort if column.sort is not None and column.kind in _TEXTS else group_value(column)


def in_group_order(column: Column, place: ColumnElement[Any], value: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """The order of the groups by their place and value; red lights come first, what is empty last."""
    first = place.desc() if column.kind is ColumnKind.LIGHT else place.asc()
    return [first.nulls_last(), value.asc().nulls_last()]


def group_text(column: Column, value: Any, formats: Formats) -> str:
    """How a group is headed."""
    if value is None or value == "":
        return f"No {column.title.lower()}"
    if column.words or column.kind is ColumnKind.LIGHT:
        return column.words.get(value, f"No {column.title.lower()}")
    if column.kind is ColumnKind.FLAG:
        return f"{column.title}: yes" if value else f"{column.title}: no"
    if column.kind in (ColumnKind.DAY, ColumnKind.DUE):
        return f"{MONTHS[value % 100 - 1]} {value // 100}"
    if column.kind is ColumnKind.PARTIAL_DATE:
        return MONTHS[value - 1]
    return formats.number(value) if column.kind is ColumnKind.NUMBER else str(value)


_TEXTS = (ColumnKind.TEXT, ColumnKind.STATUS, ColumnKind.COLOUR)
