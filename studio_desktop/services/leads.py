"""Leads: opened in a pipeline, moved from stage to stage, won, lost, handed over (S0-08 to S0-13, B14).

A lead belongs to its client: its rows have the client's history, go to another record with a merge, and are erased with
the client. What changes a client's kind tells `follow_kind`, so that kind and leads never contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, select

from studio_desktop.database.tables.activity import lead, pipeline, pipeline_stage
from studio_desktop.database.tables.people import client
from studio_desktop.domain import merge, text
from studio_desktop.domain.dates import WorkCalendar
from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import ClientKind
from studio_desktop.domain.records.leads import LeadRecord, NextAction, Outcome
from studio_desktop.services.preferences import read_calendar
from studio_desktop.services.record_store import RecordStore
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.unit import BATCH, Root, Unit

STORE = RecordStore(LeadRecord, lead)

_Row = Mapping[str, Any]


def follow_kind(unit: Unit, client_ids: Sequence[int], kind: ClientKind) -> None:
    """These clients have become of this kind: open a lead for a lead, close what is open as won or as lost."""
    if kind is ClientKind.LEAD:
        have = {row["client_id"] for row in _open_leads(unit, client_ids)}
        _open(unit, [one for one in client_ids if one not in have], _default_pipeline(unit.connection))
        return
    outcome = Outcome.WON if kind is ClientKind.CLIENT else Outcome.LOST
    stages = _stages(unit.connection)
    together: dict[Stage, list[_Row]] = {}
    for row in _open_leads(unit, client_ids):
        ends = [one for one in stages.values() if (one.pipeline_id, one.outcome) == (row["pipeline_id"], outcome)]
        together.setdefault(ends[0] if ends else stages[row["stage_id"]], []).append(row)
    for stage, rows in together.items():
        _change(unit, rows, _closed(unit, stage))


def open_many(unit: Unit, client_ids: Sequence[int]) -> None:
    """Open leads for clients who are being added in the same write, many at once."""
    pipeline_id = _default_pipeline(unit.connection)
    if client_ids and pipeline_id is not None:
        new = _opened(unit, pipeline_id)
        unit.insert_many(lead, [{**new, "client_id": one} for one in client_ids], parts=True)


def join_pipelines(unit: Unit, gone: int, heir: int) -> None:
    """A pipeline is about to be replaced by another: who has an open lead in both keeps the one in `heir`."""
    doubled = select(lead.c.client_id).where(lead.c.pipeline_id == heir, lead.c.closed_on.is_(None))
    query = select(lead).where(
        lead.c.pipeline_id == gone, lead.c.closed_on.is_(None), lead.c.client_id.in_(doubled)
    )
    doubles = [dict(row) for row in unit.connection.execute(query.with_for_update()).mappings()]
    _change(unit, doubles, {"closed_on": unit.today})


class Leads(Service):
    """The leads of clients."""

    @requires(Permission.VIEW_CLIENTS)
    def of_client(self, client_id: int) -> list[LeadRecord]:
        """A client's leads: the open ones, what is due first before the others, then the closed ones, newest first."""

        def load(connection: Connection) -> list[LeadRecord]:
            order = (
                lead.c.closed_on.desc().nulls_first(), lead.c.next_action_on.asc().nulls_last(), lead.c.id.desc()
            )  # fmt: skip
            query = select(lead.c.id).where(lead.c.client_id == client_id).order_by(*order)
            ids = connection.execute(query).scalars().all()
            found = STORE.load_many(connection, ids)
            return [found[lead_id] for lead_id in ids]

        return self.database.read(load)

    @requires(Permission.CHANGE_CLIENTS)
    def save(self, base: LeadRecord, mine: LeadRecord, request: str) -> Saved[LeadRecord]:
        """Save what somebody typed about a lead; its stage is changed by `move`. Raises Conflict, NotFound."""

        def work(unit: Unit) -> int:
            row = unit.lock(lead, base.id)
            theirs = STORE.load(unit.connection, base.id)
            merged = merge.merge(base, text.clean_record(mine), theirs)
            if merged.next_action is NextAction.NONE:
                merged = replace(merged, next_action_text="", next_action_on=None)
            _change(unit, [row], STORE.columns_of(merged))
            return base.id

        return self.command(request, "leads.save", (base, mine), work, _loaded, target_kind=lead.name)

    @requires(Permission.CHANGE_CLIENTS)
    def move(
        self,
        lead_ids: Sequence[int],
        stage_id: int,
        request: str,
        *,
        lost_reason_id: int | None = None,
        converts: bool = True,
    ) -> Saved[int]:
        """Move leads to a stage of their pipeline, which sets the next action anew; gives how many moved.

        A stage that means won or lost closes them. `converts` makes a client of who was won, a prospect of a lead who
        was lost and is followed up nowhere else, and a lead of a prospect who is followed up again. Raises
        InvalidInput for a stage of another pipeline, NotFound for a stage or lead that is gone.
        """
        wanted = sorted(set(lead_ids))

        def work(unit: Unit) -> int:
            stage = _stage(unit.connection, stage_id)
            rows = _leads(unit, lead.c.id, wanted)
            if not rows:
                raise NotFound("This lead is no longer there.")
            if any(row["pipeline_id"] != stage.pipeline_id for row in rows):
                raise InvalidInput("This stage belongs to another pipeline.", field="stage_id")
            return _move(unit, [(row, stage) for row in rows], lost_reason_id, converts=converts)

        payload = (tuple(wanted), stage_id, lost_reason_id, converts)
        return self.command(request, "leads.move", payload, work, _count)

    @requires(Permission.CHANGE_CLIENTS)
    def move_clients(
        self, client_ids: Sequence[int], stage_id: int, request: str, *, lost_reason_id: int | None = None
    ) -> Saved[int]:
        """Bring clients to a stage, whoever is not in its pipeline yet included; gives how many moved (B14)."""
        wanted = sorted(set(client_ids))

        def work(unit: Unit) -> int:
            stage = _stage(unit.connection, stage_id)
            here = _here(unit, wanted)
            have = {row["client_id"] for row in _in_pipeline(unit, here, stage.pipeline_id)}
            _open(unit, [one for one in here if one not in have], stage.pipeline_id)
            moves = [(row, stage) for row in _in_pipeline(unit, here, stage.pipeline_id)]
            moved = _move(unit, moves, lost_reason_id, converts=True)
            return max(moved, len(here) - len(have))

        payload = (tuple(wanted), stage_id, lost_reason_id)
        return self.command(request, "leads.move_clients", payload, work, _count)

    @requires(Permission.CHANGE_CLIENTS)
    def advance(self, client_ids: Sequence[int], request: str) -> Saved[int]:
        """Move the open leads of clients one stage on; gives how many moved. Who is at the end stays there."""
        wanted = sorted(set(client_ids))

        def work(unit: Unit) -> int:
            stages = _stages(unit.connection)
            moves = []
            for row in _open_leads(unit, _here(unit, wanted)):
                following = _following(stages, row["stage_id"])
                if following is not None:
                    moves.append((row, following))
            return _move(unit, moves, None, converts=True)

        return self.command(request, "leads.advance", tuple(wanted), work, _count)

    @requires(Permission.CHANGE_CLIENTS)
    def put_in(self, client_ids: Sequence[int], pipeline_id: int, request: str) -> Saved[int]:
        """Open a lead in a pipeline for each client who has none open there; gives how many (S0-08, S0-13).

        A prospect becomes a lead by it; a client who asks again stays a client. Raises InvalidInput for a hidden
        pipeline or one without stages.
        """
        wanted = sorted(set(client_ids))

        def work(unit: Unit) -> int:
            _check_offered(unit.connection, pipeline_id)
            here = _here(unit, wanted)
            have = {row["client_id"] for row in _in_pipeline(unit, here, pipeline_id)}
            new = [one for one in here if one not in have]
            _open(unit, new, pipeline_id)
            _convert(unit, new, Outcome.OPEN)
            return len(new)

        return self.command(request, "leads.put_in", (tuple(wanted), pipeline_id), work, _count)

    @requires(Permission.CHANGE_CLIENTS)
    def assign(self, client_ids: Sequence[int], user_id: int | None, request: str) -> Saved[int]:
        """Make somebody responsible for the open leads of clients, or nobody; gives how many changed."""
        wanted = sorted(set(client_ids))

        def work(unit: Unit) -> int:
            rows = _open_leads(unit, _here(unit, wanted))
            return _change(unit, rows, {"responsible_id": user_id})

        return self.command(request, "leads.assign", (tuple(wanted), user_id), work, _count)


class Stage(NamedTuple):
    """A stage of a pipeline, as the rules need it."""

    id: int
    pipeline_id: int
    days: int | None
    next_action: str
    next_action_text: str
    outcome: Outcome
    inactive: bool


def _stages(connection: Connection) -> dict[int, Stage]:
    """Every stage by id, each pipeline's in their order."""
    c = pipeline_stage.c
    query = select(c.id, c.pipeline_id, c.days_allowed, c.next_action, c.next_action_text, c.outcome, c.inactive)
    rows = connection.execute(query.order_by(c.pipeline_id, c.position, c.id))
    return {row.id: Stage(*row[:5], Outcome(row.outcome), row.inactive) for row in rows}


def _stage(connection: Connection, stage_id: int) -> Stage:
    found = _stages(connection).get(stage_id)
    if found is None:
        raise NotFound("This stage is no longer there.")
    return found


def _following(stages: Mapping[int, Stage], stage_id: int) -> Stage | None:
    """The next stage in use on the way to being won; None at the end, and for what is closed."""
    if stages[stage_id].outcome is not Outcome.OPEN:
        return None
    siblings = [one for one in stages.values() if one.pipeline_id == stages[stage_id].pipeline_id]
    after = siblings[siblings.index(stages[stage_id]) + 1 :]
    return next((one for one in after if one.outcome is not Outcome.LOST and not one.inactive), None)


def _default_pipeline(connection: Connection) -> int | None:
    """Where new leads go: the pipeline marked for them, else the first in use that has a stage to begin at."""
    begins = exists().where(
        pipeline_stage.c.pipeline_id == pipeline.c.id, pipeline_stage.c.outcome == Outcome.OPEN,
        ~pipeline_stage.c.inactive,
    )  # fmt: skip
    order = (pipeline.c.for_new_leads.desc(), pipeline.c.position, pipeline.c.id)
    query = select(pipeline.c.id).where(~pipeline.c.inactive, begins).order_by(*order).limit(1)
    return connection.execute(query).scalar_one_or_none()


def _check_offered(connection: Connection, pipeline_id: int) -> None:
    row = connection.execute(select(pipeline).where(pipeline.c.id == pipeline_id)).mappings().first()
    if row is None:
        raise NotFound("This pipeline is no longer there.")
    if row["inactive"]:
        raise InvalidInput(
            "{pipeline} is no longer in use; choose another pipeline.", field="pipeline_id", pipeline=row["description"]
        )


def _open(unit: Unit, client_ids: Iterable[int], pipeline_id: int | None) -> None:
    if pipeline_id is None:
        return  # a studio without pipelines; who has no next action is found by its filter
    new = _opened(unit, pipeline_id)
    for client_id in client_ids:
        unit.insert(lead, {**new, "client_id": client_id}, Root(client.name, client_id))


def _opened(unit: Unit, pipeline_id: int) -> dict[str, Any]:
    """The columns of a lead that begins today, but for whose it is."""
    stages = _stages(unit.connection).values()
    begins = [one for one in stages if one.pipeline_id == pipeline_id and one.outcome is Outcome.OPEN]
    first = next((one for one in begins if not one.inactive), None)
    if first is None:
        raise InvalidInput("This pipeline has no stage to begin at. Add one in Maintenance.", field="pipeline_id")
    responsible = select(pipeline.c.responsible_id).where(pipeline.c.id == pipeline_id)
    return {
        "pipeline_id": pipeline_id,
        "opened_on": unit.today,
        "responsible_id": unit.connection.execute(responsible).scalar_one(),
        "lost_reason_id": None,
        "closed_on": None,
        "remark": "",
        **_at(unit, first, read_calendar(unit.connection)),
    }


def _at(unit: Unit, stage: Stage, calendar: WorkCalendar) -> dict[str, Any]:
    """What a stage asks of a lead that comes to it today."""
    acts = stage.next_action != NextAction.NONE
    return {
        "stage_id": stage.id,
        "stage_since": unit.today,
        "next_action": stage.next_action,
        "next_action_text": stage.next_action_text if acts else "",
        "next_action_on": calendar.due(unit.today, stage.days) if acts else None,
    }


def _closed(unit: Unit, stage: Stage) -> dict[str, Any]:
    nothing = {"next_action": NextAction.NONE.value, "next_action_text": "", "next_action_on": None}
    return {"stage_id": stage.id, "stage_since": unit.today, **nothing, "closed_on": unit.today}


def _move(
    unit: Unit, moves: Sequence[tuple[_Row, Stage]], lost_reason_id: int | None, *, converts: bool
) -> int:
    calendar = read_calendar(unit.connection)
    moved: dict[Outcome, list[int]] = {outcome: [] for outcome in Outcome}
    together: dict[Stage, list[_Row]] = {}
    count = 0

    def arrived(stage: Stage) -> dict[str, Any]:
        is_lost, is_open = stage.outcome is Outcome.LOST, stage.outcome is Outcome.OPEN
        values = _at(unit, stage, calendar) | {"closed_on": None} if is_open else _closed(unit, stage)
        return values | {"lost_reason_id": lost_reason_id if is_lost else None}

    for row, stage in moves:
        is_open = stage.outcome is Outcome.OPEN
        if row["stage_id"] == stage.id and (row["closed_on"] is None) == is_open:
            continue
        if is_open and row["closed_on"] is not None:
            _check_free(unit, row)  # of those that are opened here as well
            count += _change(unit, [row], arrived(stage))
        else:
            together.setdefault(stage, []).append(row)
        moved[stage.outcome].append(row["client_id"])
    count += sum(_change(unit, rows, arrived(stage)) for stage, rows in together.items())
    if converts:
        for outcome, client_ids in moved.items():
            _convert(unit, client_ids, outcome)
    return count


def _check_free(unit: Unit, row: _Row) -> None:
    """A closed lead is opened again only where no other one has taken its place."""
    if _in_pipeline(unit, [row["client_id"]], row["pipeline_id"]):
        raise InvalidInput("The client has another open lead in this pipeline; move that one.", field="stage_id")


def _convert(unit: Unit, client_ids: Sequence[int], outcome: Outcome) -> None:
    """Make of clients what their leads have become (S0-11, S0-12); the lead itself is settled already."""
    wanted = {Outcome.WON: ClientKind.CLIENT, Outcome.LOST: ClientKind.PROSPECT, Outcome.OPEN: ClientKind.LEAD}[outcome]
    before = [ClientKind.LEAD, ClientKind.PROSPECT] if outcome is Outcome.WON else [
        ClientKind.LEAD if outcome is Outcome.LOST else ClientKind.PROSPECT
    ]  # fmt: skip
    still = {row["client_id"] for row in _open_leads(unit, client_ids)} if outcome is Outcome.LOST else set()
    concerned: list[int] = []
    for part in _batches(sorted(set(client_ids) - still)):
        query = select(client.c.id).where(client.c.id.in_(part), client.c.kind.in_(before))
        concerned += unit.connection.execute(query.order_by(client.c.id)).scalars()
    unit.update_many(client, concerned, {"kind": wanted.value})


def _change(unit: Unit, rows: Sequence[_Row], values: Mapping[str, Any]) -> int:
    roots = {row["id"]: Root(client.name, row["client_id"]) for row in rows}
    return unit.update_many(lead, roots, values, roots)


def _here(unit: Unit, client_ids: Sequence[int]) -> list[int]:
    """Those who are not deleted, held against other desks."""
    found: list[int] = []
    for part in _batches(client_ids):
        query = select(client.c.id).where(client.c.id.in_(part), client.c.deleted_at.is_(None))
        found += unit.connection.execute(query.order_by(client.c.id).with_for_update()).scalars()
    return found


def _open_leads(unit: Unit, client_ids: Sequence[int]) -> list[_Row]:
    return [row for row in _leads(unit, lead.c.client_id, client_ids) if row["closed_on"] is None]


def _in_pipeline(unit: Unit, client_ids: Sequence[int], pipeline_id: int) -> list[_Row]:
    return [row for row in _open_leads(unit, client_ids) if row["pipeline_id"] == pipeline_id]


def _leads(unit: Unit, key: Any, ids: Sequence[int]) -> list[_Row]:
    found: list[_Row] = []
    for part in _batches(ids):
        query = select(lead).where(key.in_(part)).order_by(lead.c.id).with_for_update()
        found += [dict(row) for row in unit.connection.execute(query).mappings()]
    return found


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _count(_: Connection, changed: int | None) -> int:
    return changed or 0


def _loaded(connection: Connection, lead_id: int | None) -> LeadRecord:
    assert lead_id is not None
    return STORE.load(connection, lead_id)
