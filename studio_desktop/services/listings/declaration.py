"""What a listing is: its columns, filters and order, declared once for grid, PDF, Excel, CSV and command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import Boolean, Date, FromClause, Table, bindparam
from sqlalchemy.sql import ColumnElement

from studio_desktop.database.types import Instant
from studio_desktop.domain.errors import NotFound
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import ClientKind

Part = TypeVar("Part")

TODAY = bindparam("today", type_=Date)
"""The desk's date, in any expression of a listing."""

FIRST_NAME_FIRST = bindparam("first_name_first", type_=Boolean)
"""Whether the studio shows first names first (S2-04)."""

IDLE_SINCE = {kind: bindparam(f"idle_{kind.value}_since", type_=Instant) for kind in ClientKind}
"""Before which moment the last change of somebody of a kind lies who was kept too long; NULL is for ever (S4-30)."""


NEW_SINCE = bindparam("new_since", type_=Instant)
"""The moment from which on somebody entered counts as new (S4-09)."""


class ColumnKind(StrEnum):
    """How a value is shown, aligned and typed in Excel."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    PARTIAL_DATE = "partial date"
    INSTANT = "instant"
    FLAG = "flag"
    PHONE = "phone"
    DUE = "due"  # a day that is late once it has passed
    STATUS = "status"  # text behind a coloured dot
    LIGHT = "light"  # 2 red, 1 yellow, 0 none
    COLOUR = "colour"  # a token's name


@dataclass(frozen=True)
class Column:
    """One column. `width` in pixels at 100 %; `sort` where the shown value is not what it is sorted by.

    `marks` names another column whose value decorates this one: a status's colour, a phone's call warning. Such a
    column has `chosen=False`: it is fetched, but never shown or exported by itself. What marks a text is a badge, a
    word or empty, and a row with a badge stands back. `words` say what a value means that is shown as a sign. `shape`
    turns the database's value into the domain's. `offers` are texts worth offering to whoever filters by the column,
    those of the maintained list `catalog` besides; `synonyms` are other words for a text, folded; `lists` says that its
    text is several, separated by commas. The numbers of a column that `adds_up` have a sum that means something.
    """

    key: str
    title: str
    expression: ColumnElement[Any]
    kind: ColumnKind = ColumnKind.TEXT
    width: int = 120
    sort: ColumnElement[Any] | None = None
    shown: bool = True
    stretches: bool = False
    chosen: bool = True
    marks: str = ""
    words: Mapping[Any, str] = field(default_factory=dict)
    shape: Callable[[Any], Any] | None = None
    offers: tuple[str, ...] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict)
    catalog: str = ""
    lists: bool = False
    adds_up: bool = False


@dataclass(frozen=True)
class Filter:
    """A named condition that a chip, a report or the command line can set. `label` says what it lets through."""

    name: str
    label: Callable[[Any], str]
    condition: Callable[[Any], ColumnElement[bool]]


@dataclass(frozen=True)
class Listing:
    """A grid of records. `kind` is what a double click opens and which changes refresh it."""

    name: str
    title: str
    kind: str
    table: Table
    columns: tuple[Column, ...]
    source: FromClause
    order: tuple[ColumnElement[Any], ...]
    base: tuple[ColumnElement[bool], ...] = ()
    filters: tuple[Filter, ...] = ()
    permission: Permission = Permission.VIEW_CLIENTS
    refreshed_by: frozenset[str] = field(default_factory=frozenset)

    def column(self, key: str) -> Column:
        """The column of that key. Raises NotFound."""
        return self._known(key, {one.key: one for one in self.columns})

    def titled(self, named: Callable[[str, str], str]) -> Listing:
        """The same with columns called as `named` says, which gets the key and the title of each."""
        return replace(self, columns=tuple(replace(one, title=named(one.key, one.title)) for one in self.columns))

    def filter(self, name: str) -> Filter:
        """The filter of that name. Raises NotFound."""
        return self._known(name, {one.name: one for one in self.filters})

    def filtered_column(self, name: str) -> Column | None:
        """The column whose typed condition a filter of that name is (`column_filter`); None for a declared filter.

        Raises NotFound for a column that there is not: what was saved may be from another version of the program.
        """
        mark, _, key = name.partition(":")
        return self.column(key) if mark == _COLUMN else None

    def _known(self, name: str, there_are: Mapping[str, Part]) -> Part:
        if name not in there_are:
            raise NotFound(
                "{list} have no field “{name}”. Choose another one, or take the condition away.",
                list=self.title, name=name,
            )  # fmt: skip
        return there_are[name]


def column_filter(key: str) -> str:
    """The name under which what is typed into a column's field stands among the filters of a query."""
    return f"{_COLUMN}:{key}"


SAVED = "saved"
"""The name of the filter, on every listing, whose value is the name of a saved filter."""

ANY_OF = "any_of"
"""The name of the filter whose value are alternatives that nobody has saved yet."""

Alternatives = Sequence[Sequence[tuple[str, Any]]]
"""A saved filter: of the alternatives one must hold, and of an alternative all its filters, each a name and a value."""

_COLUMN = "column"


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a listing: values of its filters, the order, and ids where only some records are meant.

    Besides the declared filters there is one for each column, named by `column_filter`: its value is what was typed.
    """

    filters: Mapping[str, Any] = field(default_factory=dict)
    sort: tuple[tuple[str, bool], ...] = ()
    """Column keys with True for descending, the first one first."""
    group: str = ""
    """The key of the column whose equal values stand together, before any other order."""
    ids: tuple[int, ...] | None = None
