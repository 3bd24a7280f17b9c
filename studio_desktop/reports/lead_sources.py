"""Where people heard about the studio, and how many came from there (S2-24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from studio_desktop.domain import fields
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.records.clients import ClientKind
from studio_desktop.reports.listing_file import head
from studio_desktop.reports.report import Gathered
from studio_desktop.reports.tables import ColumnKind, ColumnSpec
from studio_desktop.services import Services
from studio_desktop.services.preferences import formats_of


@dataclass(frozen=True, slots=True)
class LeadSourcesOptions:
    """The period in which people are new; without a first day the year of the last one, without a last day today."""

    first: date | None = fields.day("New from")
    last: date | None = fields.day("New until")


class LeadSources:
    """Clients, prospects and leads by where they heard about the studio."""

    name = "lead-sources"
    title = "Lead sources"
    purpose = "How many clients, prospects and leads each source brought, and how many of them in a period"
    options = LeadSourcesOptions

    def gather(self, services: Services, options: LeadSourcesOptions) -> Gathered:
        """One row a source in the list's order, unused ones too, then those without one. Raises InvalidInput."""
        last = options.last or services.desk.clock.today()
        first = options.first or date(last.year, 1, 1)
        if first > last:
            raise InvalidInput("The period ends before it begins.", field="last")
        sources = services.lead_sources.counts(first, last)
        columns = (
            ColumnSpec("description", "Lead source", width=30),
            ColumnSpec("clients", "Clients", ColumnKind.NUMBER, 10),
            ColumnSpec("prospects", "Prospects", ColumnKind.NUMBER, 10),
            ColumnSpec("leads", "Leads", ColumnKind.NUMBER, 10),
            ColumnSpec("total", "Total", ColumnKind.NUMBER, 10),
            ColumnSpec("share", "Share %", ColumnKind.NUMBER, 10),
            ColumnSpec("new", "New", ColumnKind.NUMBER, 10),
        )
        everybody = sum(source.total for source in sources)
        rows = [
            (
                source.description if source.id is not None else "Not known",
                *(source.people.get(kind, 0) for kind in _KINDS),
                source.total, _share(source.total, everybody), source.new,
            )
            for source in sources
            if source.total or not source.inactive
        ]  # fmt: skip
        total = (
            "Total",
            *(sum(source.people.get(kind, 0) for source in sources) for kind in _KINDS),
            everybody, _share(everybody, everybody), sum(source.new for source in sources),
        )  # fmt: skip
        formats = formats_of(services.preferences.get())
        period = f"New: entered from {formats.day(first)} to {formats.day(last)}"
        return Gathered(head(services, self.title, columns, (period,), total=total), rows)


_KINDS = (ClientKind.CLIENT, ClientKind.PROSPECT, ClientKind.LEAD)


def _share(count: int, of: int) -> Decimal | None:
    """In percent, to one decimal."""
    return (Decimal(count * 100) / of).quantize(Decimal("0.1"), ROUND_HALF_UP) if of else None
