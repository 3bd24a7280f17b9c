"""Leads by stage, and what came of them by lead source or by the reason they were lost (B14)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from studio_desktop.domain import fields
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.records.leads import Outcome
from studio_desktop.reports.listing_file import head
from studio_desktop.reports.report import Gathered
from studio_desktop.reports.tables import ColumnKind, ColumnSpec, Group, Row
from studio_desktop.services import Services
from studio_desktop.services.pipelines import Outcomes, StageCount
from studio_desktop.services.preferences import formats_of


class By(StrEnum):
    """How leads are gathered."""

    STAGE = "stage"
    SOURCE = "lead source"
    REASON = "lost reason"


@dataclass(frozen=True, slots=True)
class LeadsOptions:
    """By what, in which pipeline (all without one), and for sources and reasons in which period: by default this year.

    A source counts leads that were opened in the period, a reason those that were lost in it.
    """

    by: By = fields.choice("By", By.STAGE)
    pipeline_id: int | None = fields.reference("Pipeline", "pipelines")
    first: date | None = fields.day("From")
    last: date | None = fields.day("Until")


class Leads:
    """How many leads stand where, or what came of them."""

    name = "leads"
    title = "Leads"
    purpose = "How many leads stand at each stage, how many are late, and what came of them by lead source or reason"
    options = LeadsOptions

    def gather(self, services: Services, options: LeadsOptions) -> Gathered:
        """One row a stage, lead source or reason. Raises InvalidInput for a period that ends before it begins."""
        if options.by is By.STAGE:
            return self._by_stage(services, options.pipeline_id)
        last = options.last or services.desk.clock.today()
        first = options.first or date(last.year, 1, 1)
        if first > last:
            raise InvalidInput("The period ends before it begins.", field="last")
        formats = formats_of(services.preferences.get())
        period = f"{formats.day(first)} to {formats.day(last)}"
        if options.by is By.SOURCE:
            found = services.pipelines.by_source(first, last, options.pipeline_id)
            return self._by_source(services, found, f"Opened from {period}")
        found = services.pipelines.by_reason(first, last, options.pipeline_id)
        return self._by_reason(services, found, f"Lost from {period}")

    def _by_stage(self, services: Services, pipeline_id: int | None) -> Gathered:
        stages = services.pipelines.stage_counts(pipeline_id)
        columns = (
            ColumnSpec("stage", "Stage", width=30),
            ColumnSpec("leads", "Leads", ColumnKind.NUMBER, 10),
            ColumnSpec("overdue", "Overdue", ColumnKind.NUMBER, 10),
            ColumnSpec("days", "Days in stage", ColumnKind.NUMBER, 14),
        )

        def rows() -> Iterator[Row | Group]:
            pipeline = ""
            for one in stages:
                if one.pipeline != pipeline:
                    pipeline = one.pipeline
                    of_it = [stage for stage in stages if stage.pipeline == pipeline]
                    open_leads = sum(stage.count for stage in of_it if stage.outcome is Outcome.OPEN)
                    yield Group(f"{pipeline}: {open_leads:,} open {'lead' if open_leads == 1 else 'leads'}")
                yield (one.stage, one.count, one.overdue, _rounded(one.days))

        at_work = [stage for stage in stages if stage.outcome is Outcome.OPEN]
        total = ("Open", sum(one.count for one in at_work), sum(one.overdue for one in at_work), _average(at_work))
        today = formats_of(services.preferences.get()).day(services.desk.clock.today())
        document = head(
            services, f"{self.title} by stage", columns, (f"As of {today}",), "Pipeline", total
        )
        return Gathered(document, rows())

    def _by_source(self, services: Services, found: list[Outcomes], period: str) -> Gathered:
        columns = (
            ColumnSpec("source", "Lead source", width=30),
            *(ColumnSpec(outcome.value, outcome.value.capitalize(), ColumnKind.NUMBER, 10) for outcome in _ORDER),
            ColumnSpec("total", "Leads", ColumnKind.NUMBER, 10),
            ColumnSpec("share", "Won %", ColumnKind.NUMBER, 10),
        )
        every = Outcomes("Total", {outcome: sum(one.counts.get(outcome, 0) for one in found) for outcome in _ORDER})
        rows = [_outcome_row(one) for one in found]
        return Gathered(
            head(services, f"{self.title} by lead source", columns, (period,), total=_outcome_row(every)), rows
        )

    def _by_reason(self, services: Services, found: list[Outcomes], period: str) -> Gathered:
        columns = (
            ColumnSpec("reason", "Lost because", width=30),
            ColumnSpec("lost", "Leads", ColumnKind.NUMBER, 10),
            ColumnSpec("share", "Share %", ColumnKind.NUMBER, 10),
        )
        lost = sum(one.counts[Outcome.LOST] for one in found)
        rows = [
            (one.description or "Not said", one.counts[Outcome.LOST], _share(one.counts[Outcome.LOST], lost))
            for one in found
        ]
        total = ("Total", lost, _share(lost, lost))
        return Gathered(head(services, f"{self.title} by lost reason", columns, (period,), total=total), rows)


_ORDER = (Outcome.WON, Outcome.LOST, Outcome.OPEN)


def _outcome_row(one: Outcomes) -> tuple[str | int | Decimal | None, ...]:
    """Of those that have ended, how many were won."""
    counts = [one.counts.get(outcome, 0) for outcome in _ORDER]
    return (one.description or "Not known", *counts, sum(counts), _share(counts[0], counts[0] + counts[1]))


def _average(stages: list[StageCount]) -> Decimal | None:
    stood = [(one.days, one.count) for one in stages if one.days is not None]
    leads = sum(count for _, count in stood)
    return _rounded(sum(days * count for days, count in stood) / leads) if leads else None


def _rounded(days: float | None) -> Decimal | None:
    return None if days is None else Decimal(days).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _share(count: int, of: int) -> Decimal | None:
    """In percent, to one decimal."""
    return (Decimal(count * 100) / of).quantize(Decimal("0.1"), ROUND_HALF_UP) if of else None
