"""How many people each lead source brought, for the analysis of sales (S2-24); the sources themselves are a catalog."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection, and_, case, func, select

from studio_desktop.database.tables.people import client, lead_source
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import ClientKind
from studio_desktop.services.service import Service, requires


@dataclass(frozen=True, slots=True)
class LeadSourceCounts:
    """A lead source, unused ones too, or none (`id` None); how many people of each kind it brought, how many newly."""

    id: int | None
    description: str
    inactive: bool
    people: Mapping[ClientKind, int] = field(default_factory=Counter)
    new: int = 0

    @property
    def total(self) -> int:
        """People of all kinds."""
        return sum(self.people.values())


class LeadSources(Service):
    """What came of each lead source."""

    @requires(Permission.VIEW_CLIENTS)
    def counts(self, first: date, last: date) -> list[LeadSourceCounts]:
        """Every source in the list's order, then the people without one; new are those entered from `first` to `last`.

        Hidden and archived people count: they came all the same.
        """
        start, end = (self.desk.clock.start_of(day) for day in (first, last + timedelta(days=1)))
        entered = and_(client.c.created_at >= start, client.c.created_at < end)
        of_people = (
            select(client.c.lead_source_id, client.c.kind, func.count(), func.sum(case((entered, 1), else_=0)))
            .where(client.c.deleted_at.is_(None))
            .group_by(client.c.lead_source_id, client.c.kind)
        )
        of_sources = select(lead_source).order_by(lead_source.c.position, lead_source.c.id)

        def load(connection: Connection) -> list[LeadSourceCounts]:
            people: dict[int | None, Counter[ClientKind]] = {}
            new: Counter[int | None] = Counter()
            for source_id, kind, count, entered_now in connection.execute(of_people):
                people.setdefault(source_id, Counter())[ClientKind(kind)] = count
                new[source_id] += int(entered_now)
            sources = [
                LeadSourceCounts(row.id, row.description, row.inactive, people.get(row.id, Counter()), new[row.id])
                for row in connection.execute(of_sources)
            ]
            return [*sources, LeadSourceCounts(None, "", False, people.get(None, Counter()), new[None])]

        return self.database.read(load)
