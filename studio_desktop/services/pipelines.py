"""What stands in a pipeline: its board, stage by stage, and the figures of what came of its leads (B14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from studio_desktop.database.days import days_between
from studio_desktop.database.tables.activity import lead, lost_reason, pipeline, pipeline_stage
from studio_desktop.database.tables.people import client, lead_source
from studio_desktop.database.tables.studio import user
from studio_desktop.domain.names import NameOrder
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.phones import Phone
from studio_desktop.domain.records.clients import Stage
from studio_desktop.domain.records.leads import Outcome
from studio_desktop.services.listings.clients import ACTION_IN_WORDS, CLIENTS
from studio_desktop.services.listings.declaration import TODAY
from studio_desktop.services.preferences import read_preferences
from studio_desktop.services.service import Service, requires

PAGE = 60
"""Cards of a stage that are read at once."""

CLOSED_SHOWN = timedelta(days=30)
"""How long a won or lost lead stays on the board."""

_OVERDUE = and_(lead.c.closed_on.is_(None), lead.c.next_action_on < TODAY)


@dataclass(frozen=True, slots=True)
class Card:
    """A lead as it stands on the board; `action` says in words what is to be done, `due` until when."""

    id: int
    client_id: int
    name: str
    phone: Phone | None
    call_warning: str
    action: str
    due: date | None
    stage_since: date
    responsible: str


@dataclass(frozen=True, slots=True)
class BoardStage:
    """A stage of a pipeline, how many leads stand there, how many of them are late, and the first of their cards."""

    id: int
    description: str
    outcome: Outcome
    total: int
    overdue: int
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many leads stand at a stage, how many are late, and how many days they have stood there on average."""

    pipeline: str
    stage: str
    outcome: Outcome
    count: int
    overdue: int
    days: float | None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of leads that have something in common; `description` is empty where it is not known."""

    description: str
    counts: Mapping[Outcome, int] = field(default_factory=Counter)


class Pipelines(Service):
    """Reads the pipelines."""

    @requires(Permission.VIEW_CLIENTS)
    def board(self, pipeline_id: int, responsible_id: int | None = None) -> list[BoardStage]:
        """A pipeline's stages in their order, each with its first cards; only what one person is responsible for.

        Inactive stages show while leads stand there. Leads of archived and hidden clients are left out, closed ones
        after a month.
        """

        def load(connection: Connection) -> list[BoardStage]:
            where, values = self._shown(responsible_id), self._values(connection)
            counted = (
                select(lead.c.stage_id, func.count(), func.sum(case((_OVERDUE, 1), else_=0)))
                .join(client, client.c.id == lead.c.client_id)
                .where(lead.c.pipeline_id == pipeline_id, *where)
                .group_by(lead.c.stage_id)
            )
            counts = {row[0]: (row[1], int(row[2])) for row in connection.execute(counted, values)}
            c = pipeline_stage.c
            stages = select(pipeline_stage).where(c.pipeline_id == pipeline_id).order_by(c.position, c.id)
            return [
                BoardStage(
                    row.id, row.description, Outcome(row.outcome), *counts.get(row.id, (0, 0)),
                    _cards(connection, row.id, where, values, 0) if row.id in counts else (),
                )
                for row in connection.execute(stages).all()
                if row.id in counts or not row.inactive
            ]  # fmt: skip

        return self.database.read(load)

    @requires(Permission.VIEW_CLIENTS)
    def cards(self, stage_id: int, offset: int, responsible_id: int | None = None) -> tuple[Card, ...]:
        """Further cards of a stage, as many as `PAGE`."""
        return self.database.read(
            lambda connection: _cards(
                connection, stage_id, self._shown(responsible_id), self._values(connection), offset
            )
        )

    @requires(Permission.VIEW_CLIENTS)
    def stage_counts(self, pipeline_id: int | None = None) -> list[StageCount]:
        """Every stage in use of one pipeline or all, in their order; of the open leads and those closed there."""
        c = pipeline_stage.c
        of_client = and_(client.c.id == lead.c.client_id, client.c.deleted_at.is_(None))
        leads = select(lead.c.stage_id, lead.c.closed_on, lead.c.next_action_on, lead.c.stage_since, lead.c.id)
        here = leads.join(client, of_client).subquery()
        late = and_(here.c.closed_on.is_(None), here.c.next_action_on < TODAY)
        days = func.avg(case((here.c.closed_on.is_(None), days_between(here.c.stage_since, TODAY))))
        query = (
            select(
                pipeline.c.description.label("pipeline"), c.description, c.outcome, func.count(here.c.id),
                func.sum(case((late, 1), else_=0)), days,
            )
            .select_from(pipeline_stage)
            .join(pipeline, pipeline.c.id == c.pipeline_id)
            .outerjoin(here, here.c.stage_id == c.id)
            .where(pipeline.c.id == pipeline_id if pipeline_id is not None else ~pipeline.c.inactive)
            .group_by(pipeline.c.id, pipeline.c.description, pipeline.c.position, c.id, c.description, c.outcome,
                      c.position, c.inactive)
            .having(or_(~c.inactive, func.count(here.c.id) > 0))
            .order_by(pipeline.c.position, pipeline.c.id, c.position, c.id)
        )  # fmt: skip
        today = {"today": self.desk.clock.today()}
        return self.database.read(
            lambda connection: [
                StageCount(
                    name, stage, Outcome(outcome), count, int(late), None if days is None else float(days)
                )
                for name, stage, outcome, count, late, days in connection.execute(query, today)
            ]
        )

    @requires(Permission.VIEW_CLIENTS)
    def by_source(self, first: date, last: date, pipeline_id: int | None = None) -> list[Outcomes]:
        """What came of the leads opened from `first` to `last`, by the lead source of their clients, in its order."""
        at = (lead_source.c.position, lead_source.c.id, lead_source.c.description)
        opened = lead.c.opened_on.between(first, last)
        return self._outcomes(lead_source, client.c.lead_source_id, at, opened, pipeline_id)

    @requires(Permission.VIEW_CLIENTS)
    def by_reason(self, first: date, last: date, pipeline_id: int | None = None) -> list[Outcomes]:
        """Why the leads were lost that were closed from `first` to `last`, by reason in its order."""
        at = (lost_reason.c.position, lost_reason.c.id, lost_reason.c.description)
        lost = and_(lead.c.closed_on.between(first, last), pipeline_stage.c.outcome == Outcome.LOST)
        return self._outcomes(lost_reason, lead.c.lost_reason_id, at, lost, pipeline_id)

    def _outcomes(
        self,
        of: Any,
        key: ColumnElement[Any],
        at: tuple[ColumnElement[Any], ...],
        which: ColumnElement[bool],
        pipeline_id: int | None,
    ) -> list[Outcomes]:
        closed = case((lead.c.closed_on.is_(None), Outcome.OPEN.value), else_=pipeline_stage.c.outcome)
        every = (
            select(*at, closed.label("outcome"))
            .select_from(lead)
            .join(client, and_(client.c.id == lead.c.client_id, client.c.deleted_at.is_(None)))
            .join(pipeline_stage, pipeline_stage.c.id == lead.c.stage_id)
            .outerjoin(of, of.c.id == key)
            .where(which, *([lead.c.pipeline_id == pipeline_id] if pipeline_id is not None else []))
            .subquery()
        )
        # Grouped outside: a server does not see that two parameters of one value are the same.
        position, row_id, description, outcome = every.c
        query = (
            select(func.coalesce(description, ""), outcome, func.count())
            .group_by(position, row_id, description, outcome)
            .order_by(position.asc().nulls_last(), row_id)
        )

        def load(connection: Connection) -> list[Outcomes]:
            found: dict[str, Counter[Outcome]] = {}
            for description, outcome, count in connection.execute(query):
                found.setdefault(description, Counter())[Outcome(outcome)] += count
            return [Outcomes(description, counts) for description, counts in found.items()]

        return self.database.read(load)

    def _shown(self, responsible_id: int | None) -> tuple[ColumnElement[bool], ...]:
        recently = lead.c.closed_on >= self.desk.clock.today() - CLOSED_SHOWN
        shown = (
            client.c.deleted_at.is_(None), client.c.stage == Stage.ACTIVE, or_(lead.c.closed_on.is_(None), recently)
        )  # fmt: skip
        return shown if responsible_id is None else (*shown, lead.c.responsible_id == responsible_id)

    def _values(self, connection: Connection) -> Mapping[str, Any]:
        order = read_preferences(connection).name_order
        return {"today": self.desk.clock.today(), "first_name_first": order == NameOrder.FIRST_LAST}


def _cards(
    connection: Connection, stage_id: int, where: Sequence[ColumnElement[bool]], values: Mapping[str, Any], offset: int
) -> tuple[Card, ...]:
    """What is due first stands first; of what is closed, what was closed last."""
    phone = CLIENTS.column("phone")
    assert phone.shape is not None
    query = (
        select(
            lead.c.id, lead.c.client_id, CLIENTS.column("name").expression, phone.expression, client.c.call_warning,
            ACTION_IN_WORDS, lead.c.next_action_on, lead.c.stage_since, func.coalesce(user.c.name, ""),
        )
        .select_from(lead)
        .join(client, client.c.id == lead.c.client_id)
        .outerjoin(user, user.c.id == lead.c.responsible_id)
        .where(lead.c.stage_id == stage_id, *where)
        .order_by(lead.c.closed_on.desc(), lead.c.next_action_on.asc().nulls_last(), lead.c.id)
        .limit(PAGE)
        .offset(offset)
    )  # fmt: skip
    rows = connection.execute(query, values)
    return tuple(Card(row[0], row[1], row[2], phone.shape(row[3]), *row[4:]) for row in rows)
