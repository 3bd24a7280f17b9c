"""Reads the listings: by page, by id, by search, or as a stream for documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Text, and_, false, func, or_, select, true, type_coerce
from sqlalchemy.sql import ColumnElement, visitors

from studio_desktop.database import search
from studio_desktop.domain import names
from studio_desktop.domain.dates import years_before
from studio_desktop.domain.errors import NotAllowed, NotFound
from studio_desktop.domain.names import NameOrder
from studio_desktop.domain.permissions import Permission
from studio_desktop.services.bookings import NEW_FOR
from studio_desktop.services.catalogs import CATALOGS, listing_of
from studio_desktop.services.layouts import Kept, read_named
from studio_desktop.services.listings.clients import CLIENTS
from studio_desktop.services.listings.conditions import Terms, condition
from studio_desktop.services.listings.declaration import (
    ANY_OF,
    IDLE_SINCE,
    SAVED,
    Alternatives,
    Column,
    ColumnKind,
    Filter,
    Listing,
    Query,
)
from studio_desktop.services.listings.grouping import group_place, group_value, in_group_order
from studio_desktop.services.listings.referrals import REFERRALS
from studio_desktop.services.preferences import StudioPreferences, formats_of, read_preferences
from studio_desktop.services.service import Service, requires

__all__ = ["LISTINGS", "Column", "ColumnKind", "Filter", "Found", "Listing", "Listings", "Page", "Query", "listing"]

LISTINGS: tuple[Listing, ...] = (CLIENTS, REFERRALS, *(listing_of(one) for one in CATALOGS))

PAGE = 128
"""Rows a grid fetches at once."""

_STREAM = 1000
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Page:
    """The first rows of a list and how many there are: ids with their values in the order of the columns."""

    rows: tuple[tuple[int, tuple[Any, ...]], ...]
    total: int


@dataclass(frozen=True, slots=True)
class GroupOf:
    """Rows that stand together: what they have in common (`grouping.group_text` words it), and how many they are."""

    value: Any
    count: int


@dataclass(frozen=True, slots=True)
class Grouped:
    """The ids of all rows, group after group."""

    ids: list[int]
    groups: tuple[GroupOf, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """How many rows there are, and the sums of the columns that add up, by their keys."""

    count: int
    sums: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A search hit. `similar` hits hold what was typed inside a word, or nearly; they show under a quiet heading."""

    id: int
    rank: int

    @property
    def similar(self) -> bool:
        """Whether the hit is less than a beginning of a word."""
        return self.rank >= 6


@dataclass(frozen=True, slots=True)
class Hits:
    """Who was found, best first, and the values of the first of them by id, as their list shows them."""

    found: list[Found]
    rows: dict[int, tuple[Any, ...]]


def listing(name: str) -> Listing:
    """The listing of that name. Raises NotFound, naming those there are."""
    for one in LISTINGS:
        if one.name == name:
            return one
    raise NotFound(
        "There is no list “{name}”. There are: {names}.", name=name, names=", ".join(one.name for one in LISTINGS)
    )


class Listings(Service):
    """Reads the listings. A listing's own permission is asked besides the method's."""

    @requires(Permission.SIGN_IN)
    def first_page(self, name: str, query: Query, size: int = PAGE) -> Page:
        """The first rows in order, and the number of all."""
        one = self._allowed(name)

        def load(connection: Connection) -> Page:
            asked = self._asked(connection, one, query)
            rows = tuple(asked.first_rows(connection, size).items())
            if len(rows) < size:
                return Page(rows, len(rows))
            counted = select(func.count()).select_from(one.source).where(*asked.conditions)
            return Page(rows, connection.execute(counted, asked.values).scalar_one())

        return self.database.read(load)

    @requires(Permission.SIGN_IN)
    def first_rows(self, name: str, query: Query, size: int = PAGE) -> dict[int, tuple[Any, ...]]:
        """The values of the first rows by id, in order."""
        one = self._allowed(name)
        return self.database.read(
            lambda connection: self._asked(connection, one, query).first_rows(connection, size)
        )

    @requires(Permission.SIGN_IN)
    def ids(self, name: str, query: Query) -> list[int]:
        """The ids of all rows in order."""
        one = self._allowed(name)

        def load(connection: Connection) -> list[int]:
            asked = self._asked(connection, one, query)
            every = select(one.table.c.id).select_from(one.source).where(*asked.conditions)
            ordered = every.order_by(*asked.order).subquery()
            # As one text, which takes less time, and leaves the interpreter to those who type meanwhile.
            gather = func.json_group_array if connection.dialect.name == "sqlite" else func.json_agg
            whole = select(type_coerce(gather(ordered.c.id), Text))
            found = connection.execute(whole, asked.values).scalar_one()
            ids: list[int] = json.loads(found) if isinstance(found, str) else found or []
            return ids

        return self.database.read(load, patient=True)

    @requires(Permission.SIGN_IN)
    def grouped(self, name: str, query: Query) -> Grouped:
        """The ids of all rows in the order of the query's groups, and the groups, of one moment of the database."""
        one = self._allowed(name)
        column = one.column(query.group)

        def load(connection: Connection) -> Grouped:
            asked = self._asked(connection, one, query)
            sqlite = connection.dialect.name == "sqlite"
            gather = func.json_group_array if sqlite else func.json_agg
            pair = func.json_array if sqlite else func.json_build_array
            every = select(one.table.c.id).select_from(one.source).where(*asked.conditions)
            ordered = every.order_by(*asked.order).subquery()
            # As columns of a part of their own: a server does not see that two parameters of one value are the same.
            terms = (group_place(column).label("place"), group_value(column).label("value"))
            valued = select(*terms).select_from(one.source).where(*asked.conditions).subquery()
            place, value = valued.c.place, valued.c.value
            counted = select(value, func.count().label("count")).group_by(place, value)
            groups = counted.order_by(*in_group_order(column, place, value)).subquery()
            parts = (gather(ordered.c.id), gather(pair(groups.c.value, groups.c["count"])))
            found = connection.execute(
                select(*(type_coerce(select(part).scalar_subquery(), Text) for part in parts)), asked.values
            ).one()
            ids, counts = (json.loads(text) if isinstance(text, str) else text or [] for text in found)
            return Grouped(ids, tuple(GroupOf(value, count) for value, count in counts))

        return self.database.read(load, patient=True)

    @requires(Permission.SIGN_IN)
    def totals(self, name: str, query: Query) -> Totals:
        """How many rows there are and what they add up to."""
        one = self._allowed(name)
        summed = [column for column in one.columns if column.adds_up]

        def load(connection: Connection) -> Totals:
            asked = self._asked(connection, one, query)
            rows = select(one.table.c.id, *_labelled(summed)).select_from(one.source).where(*asked.conditions)
            inside = rows.subquery()
            sums = [func.coalesce(func.sum(inside.c[f"column_{column.key}"]), 0) for column in summed]
            count, *found = connection.execute(select(func.count(), *sums).select_from(inside), asked.values).one()
            return Totals(count, {column.key: int(value) for column, value in zip(summed, found, strict=True)})

        return self.database.read(load)

    @requires(Permission.SIGN_IN)
    def rows(self, name: str, ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        """The values of these rows by id; rows that are gone are left out."""
        one = self._allowed(name)

        return self.database.read(
            lambda connection: _rows(connection, one, ids, self._values(read_preferences(connection)))
        )

    @requires(Permission.SIGN_IN)
    def find(self, typed: str, query: Query, *, limit: int = 50, offset: int = 0) -> list[Found]:
        """The clients that the typed text means, best first, within the query's filters (SEARCH.md)."""
        one = self._allowed(CLIENTS.name)
        return self.database.read(
            lambda connection: self._find(connection, one, typed, query, limit, offset, read_preferences(connection))
        )

    @requires(Permission.SIGN_IN)
    def hits(
        self, typed: str, query: Query, *, limit: int = 50, shown: int | None = None, others: Collection[int] = ()
    ) -> Hits:
        """As `find`, with the values of the first `shown` of them (all), and of those of `others` that were found.

        Two statements beside those of the search: each letter typed asks this, perhaps of a distant server.
        """
        one = self._allowed(CLIENTS.name)

        def load(connection: Connection) -> Hits:
            preferences = read_preferences(connection)
            found = self._find(connection, one, typed, query, limit, 0, preferences)
            ids = [hit.id for place, hit in enumerate(found) if shown is None or place < shown or hit.id in others]
            return Hits(found, _rows(connection, one, ids, self._values(preferences)))

        return self.database.read(load)

    @requires(Permission.SIGN_IN)
    def hidden(self, name: str, query: Query) -> dict[str, int]:
        """How many rows each filter by itself hides from the list, for its chip."""
        one = self._allowed(name)
        without = {
            removed: Query({key: value for key, value in query.filters.items() if key != removed}, ids=query.ids)
            for removed in query.filters
        }

        def load(connection: Connection) -> dict[str, int]:
            asked = {key: self._asked(connection, one, part) for key, part in {"": query, **without}.items()}
            parts = [
                select(func.count()).select_from(one.source).where(*part.conditions).scalar_subquery().label(key)
                for key, part in asked.items()
            ]
            shown, *others = connection.execute(select(*parts), asked[""].values).one()
            return {key: count - shown for key, count in zip(without, others, strict=True)}

        return self.database.read(load)

    @requires(Permission.EXPORT)
    def stream(self, name: str, query: Query, keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """All rows with the values of some columns, from one moment of the database; for the bulk lane.

        Behind the values of a grouped query stands that of the row's group.
        """
        one = self._allowed(name)
        columns = [one.column(key) for key in keys]
        group = [group_value(one.column(query.group)).label("group_value")] if query.group else []

        def rows() -> Iterator[tuple[Any, ...]]:
            with self.database.snapshot() as connection:
                asked = self._asked(connection, one, query)
                chosen = select(*_labelled(columns), *group).select_from(one.source).where(*asked.conditions)
                chosen = chosen.order_by(*asked.order)
                result = connection.execution_options(yield_per=_STREAM).execute(chosen, asked.values)
                shaped = _shaper(columns)
                for row in result:
                    yield shaped(row)

        return rows()

    def _allowed(self, name: str) -> Listing:
        one = listing(name)
        if not self.desk.may(one.permission):
            raise NotAllowed("{user} may not see {list}.", user=self.desk.user_name, list=one.title.lower())
        return one

    def _find(
        self, connection: Connection, one: Listing, typed: str, query: Query, limit: int, offset: int,
        preferences: StudioPreferences,
    ) -> list[Found]:  # fmt: skip
        # Who is in the list at all, the index knows by itself.
        conditions = self._conditions(connection, one, query, preferences)
        where = _bound(and_(*conditions), self._values(preferences)) if conditions else None
        return [Found(hit.client_id, hit.rank) for hit in search.find(connection, typed, limit, offset, where)]

    def _asked(self, connection: Connection, one: Listing, query: Query) -> _Asked:
        preferences = read_preferences(connection)
        conditions = [*one.base, *self._conditions(connection, one, query, preferences)]
        return _Asked(one, query, conditions, _order(one, query), self._values(preferences))

    def _conditions(
        self, connection: Connection, one: Listing, query: Query, preferences: StudioPreferences
    ) -> list[Any]:
        """What the query asks of a row beside being in the list."""
        terms = Terms(formats_of(preferences), self.desk.clock)
        saved: dict[str, Alternatives] = {}
        if SAVED in query.filters:
            kept = read_named(connection, self.desk.user_id, Kept.FILTER, one.name)
            saved = {names.key(found.name): found.value["alternatives"] for found in kept}
        return _conditions(one, query, terms, saved)

    def _values(self, preferences: StudioPreferences) -> Mapping[str, Any]:
        """What the expressions of the listings leave open."""
        now = self.desk.clock.now()
        since = {
            IDLE_SINCE[kind].key: years_before(now, years) if years else None
            for kind, years in preferences.years_kept().items()
        }
        first_name_first = preferences.name_order == NameOrder.FIRST_LAST
        today = self.desk.clock.today()
        new_since = self.desk.clock.start_of(today - NEW_FOR)
        return {"today": today, "first_name_first": first_name_first, "new_since": new_since, **since}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query as the database is asked it."""

    listing: Listing
    query: Query
    conditions: list[Any]
    order: list[Any]
    values: Mapping[str, Any]

    def first_rows(self, connection: Connection, size: int) -> dict[int, tuple[Any, ...]]:
        """Found by id first, so that no row's values are computed but theirs."""
        one, row_id = self.listing, self.listing.table.c.id
        first = select(row_id).select_from(one.source).where(*self.conditions).order_by(*self.order).limit(size)
        chosen = select(row_id, *_labelled(one.columns)).select_from(one.source)
        rows = connection.execute(chosen.where(row_id.in_(first)).order_by(*self.order), self.values)
        shaped = _shaper(one.columns)
        return {row[0]: shaped(row[1:]) for row in rows}


def _rows(
    connection: Connection, one: Listing, ids: Sequence[int], values: Mapping[str, Any]
) -> dict[int, tuple[Any, ...]]:
    found, shaped = {}, _shaper(one.columns)
    for start in range(0, len(ids), _BATCH):
        part = select(one.table.c.id, *_labelled(one.columns)).select_from(one.source)
        part = part.where(one.table.c.id.in_(ids[start : start + _BATCH]))
        found.update({row[0]: shaped(row[1:]) for row in connection.execute(part, values)})
    return found


def _labelled(columns: Sequence[Column]) -> list[Any]:
    return [column.expression.label(f"column_{column.key}") for column in columns]


def _conditions(one: Listing, query: Query, terms: Terms, saved: Mapping[str, Alternatives]) -> list[Any]:
    conditions = []
    for name, value in query.filters.items():
        if name == SAVED:
            conditions.append(_any_of(one, _found(one, saved, value), terms))
        elif name == ANY_OF:
            conditions.append(_any_of(one, value, terms))
        else:
            conditions.append(_condition(one, name, value, terms))
    return conditions if query.ids is None else [*conditions, one.table.c.id.in_(query.ids)]


def _condition(one: Listing, name: str, value: Any, terms: Terms) -> Any:
    column = one.filtered_column(name)
    return one.filter(name).condition(value) if column is None else condition(column, value, terms)


def _found(one: Listing, saved: Mapping[str, Alternatives], name: str) -> Alternatives:
    alternatives = saved.get(names.key(name))
    if alternatives is None:
        raise NotFound("There is no saved filter “{name}” for {list}.", name=name, list=one.title.lower())
    return alternatives


def _any_of(one: Listing, alternatives: Alternatives, terms: Terms) -> Any:
    return or_(
        false(), *(and_(true(), *(_condition(one, *part, terms) for part in parts)) for parts in alternatives)
    )


def _order(one: Listing, query: Query) -> list[Any]:
    chosen = []
    if query.group:
        column = one.column(query.group)
        chosen += in_group_order(column, group_place(column), group_value(column))
    for key, descending in query.sort:
        column = one.column(key)
        expression = column.sort if column.sort is not None else column.expression
        chosen.append(expression.desc().nulls_last() if descending else expression.asc().nulls_last())
    return [*chosen, *one.order]


def _bound(condition: ColumnElement[bool], values: Mapping[str, Any]) -> ColumnElement[bool]:
    """The condition with its named values inside, for a statement that somebody else executes."""

    def fill(parameter: Any) -> None:
        if parameter.key in values:
            parameter.value = values[parameter.key]
            parameter.required = False

    return visitors.cloned_traverse(condition, {}, {"bindparam": fill})


def _shaper(columns: Sequence[Column]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """What gives a row's values the form that lists show; few columns have another one than the database's."""
    shapes = [
        (place, column.shape or bool)
        for place, column in enumerate(columns)
        if column.shape is not None or column.kind is ColumnKind.FLAG
    ]

    def shaped(values: Sequence[Any]) -> tuple[Any, ...]:
        row = list(values)
        for place, shape in shapes:
            row[place] = shape(row[place])
        return tuple(row)

    return shaped
