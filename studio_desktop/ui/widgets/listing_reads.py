"""What a listing view asks of the services, off the window's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QCoreApplication

from studio_desktop.domain.search import Rank
from studio_desktop.services import Services
from studio_desktop.services.listings.declaration import Query
from studio_desktop.services.listings.service import Found, GroupOf, listing
from studio_desktop.ui.widgets.listing_layout import Sort, kept_group, kept_sort
from studio_desktop.ui.widgets.listing_model import Values

FIRST = 50
"""Rows, or hits of a search, that are read at first: a screen full."""

MOST_HITS = 1000
"""Hits that are read at most; another order than the search's is made of these (DECISIONS 8)."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be read; `in_sight` are the rows to read anew, None where the list begins from its first page."""

    name: str
    query: Query
    typed: str
    sort: Sort
    limit: int
    in_sight: tuple[int, ...] | None
    layout_is_known: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What there is to show: ids in order, with 0 where a heading stands, and values of those in sight.

    Without `order` the rows stand where they stood. `is_whole` says that no ids follow those of `order`. `layout` is
    the person's layout of this listing, if it was read.
    """

    order: Sequence[int] | None
    rows: Mapping[int, Values]
    is_whole: bool = True
    headings: Mapping[int, str] = field(default_factory=dict)
    has_more: bool = False
    layout: Mapping[str, Any] | None = None
    groups: tuple[GroupOf, ...] | None = None
    """The groups of `order`, whose ids then stand group after group."""


def answer(services: Services, ask: Ask) -> Answer:
    """Reads what is to be shown at once, in the lane of the reads; of a list all ids follow by themselves."""
    layout = None if ask.layout_is_known else services.layouts.get(ask.name)
    if layout is not None and not ask.typed:
        keys = [column.key for column in listing(ask.name).columns if column.chosen]
        ask = replace(ask, sort=kept_sort(layout, keys), group=kept_group(layout, keys))
    return replace(_hits(services, ask) if ask.typed else _rows(services, ask), layout=layout)


def _rows(services: Services, ask: Ask) -> Answer:
    if ask.group:
        found = services.listings.grouped(ask.name, replace(ask.query, sort=ask.sort, group=ask.group))
        wanted = {*(ask.in_sight or ()), *found.ids[:FIRST]}.intersection(found.ids)
        return Answer(found.ids, services.listings.rows(ask.name, list(wanted)), groups=found.groups)
    if ask.in_sight is not None:
        return Answer(None, services.listings.rows(ask.name, ask.in_sight))
    # How many there are the ids will say; to count them first would keep the first rows waiting.
    first = services.listings.first_rows(ask.name, replace(ask.query, sort=ask.sort), FIRST)
    return Answer(list(first), first, len(first) < FIRST)


def _hits(services: Services, ask: Ask) -> Answer:
    if ask.sort:
        found = services.listings.find(ask.typed, ask.query, limit=MOST_HITS + 1)
        ids = tuple(hit.id for hit in found[:MOST_HITS])
        rows = services.listings.first_rows(ask.name, replace(ask.query, sort=ask.sort, ids=ids), MOST_HITS)
        return Answer(list(rows), rows, has_more=len(found) > MOST_HITS)
    in_sight = frozenset(ask.in_sight or ())
    hits = services.listings.hits(ask.typed, ask.query, limit=ask.limit + 1, shown=FIRST, others=in_sight)
    order, headings = _with_headings(hits.found[: ask.limit])
    return Answer(order, hits.rows, headings=headings, has_more=len(hits.found) > ask.limit)


def _with_headings(hits: Sequence[Found]) -> tuple[list[int], dict[int, str]]:
    """The hits with a heading before those that only contain the text, and before those that are merely similar.

    Where everything contains it (the digits of a phone), that needs no saying.
    """
    order: list[int] = []
    headings: dict[int, str] = {}
    for hit in hits:
        wanted = _heading(hit.rank)
        said = next(reversed(headings.values()), "")
        if wanted != said and (order or hit.rank == Rank.TYPO):
            headings[len(order)] = wanted
            order.append(0)
        order.append(hit.id)
    return order, headings


def _heading(rank: int) -> str:
    if rank == Rank.TYPO:
        return QCoreApplication.translate("ListingView", "similar")
    return QCoreApplication.translate("ListingView", "contains") if rank == Rank.INSIDE else ""
