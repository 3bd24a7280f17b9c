"""How many clients a list does not show, and because of which filter (E3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from studio_desktop.services import Services
from studio_desktop.services.listings.clients import CLIENTS
from studio_desktop.services.listings.declaration import Query
from studio_desktop.ui.widgets.listing_reads import MOST_HITS


@dataclass(frozen=True, slots=True)
class Counts:
    """How many clients there are (of a search: hits), how many the filters hide of them, and each by itself.

    Of a search with more hits than are ever read nobody knows.
    """

    everyone: int = 0
    hidden: int = 0
    hidden_by: Mapping[str, int] = field(default_factory=dict)
    are_known: bool = False


def count(services: Services, filters: Mapping[str, Any], typed: str) -> Counts:
    """Ask the database; for a lane."""
    listings, name = services.listings, CLIENTS.name
    if typed:
        found = listings.find(typed, Query(), limit=MOST_HITS)
        if len(found) == MOST_HITS:
            return Counts(are_known=True)
        query = Query(filters, ids=tuple(hit.id for hit in found))
        everyone, shown = len(found), len(listings.ids(name, query))
    else:
        query = Query(filters)
        everyone, shown = listings.first_page(name, Query(), 1).total, listings.first_page(name, query, 1).total
    return Counts(everyone, everyone - shown, listings.hidden(name, query) if filters else {}, are_known=True)
