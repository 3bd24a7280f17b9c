"""Carries a plan out, inside the one transaction of its command: new clients all at once, changed ones one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, select

from studio_desktop.database.tables.activity import lead, lost_reason, pipeline
from studio_desktop.database.tables.people import client, client_status, consent, note, status_assignment
from studio_desktop.database.tables.studio import user
from studio_desktop.domain import names
from studio_desktop.domain.errors import StudioError
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.domain.records.consents import Answer, ConsentRecord
from studio_desktop.services import images, leads, numbers, statuses
from studio_desktop.services.clients import STORE, add_many, check_named
from studio_desktop.services.imports import ties
from studio_desktop.services.imports.list_rows import ListRows
from studio_desktop.services.imports.matching import BATCH, Places, chunks
from studio_desktop.services.imports.plan import NO_PAST, Judged, PastLead, Plan, Progress, RowNote, Verdict
from studio_desktop.services.imports.updating import left_aside, updated
from studio_desktop.services.unit import Unit

_CHUNK = 2000


class ChangedMeanwhile(StudioError):
    """Somebody changed, at another desk or in another window, what the rows were judged by: they are judged again."""


def write(unit: Unit, plan: Plan, batch_id: int, progress: Progress | None) -> None:
    """Write what comes in and what is updated. Raises ChangedMeanwhile, and nothing is written.

    That everybody is found takes nearly as long as the rows themselves, so each is half of what `progress` hears.
    """
    total, done = plan.writes, 0
    tied = [tie for row in plan.rows.at(plan.rows.tied) for tie in row.ties]
    lists = ListRows(unit, {names.key(tie.relation): tie.inverse for tie in tied if tie.inverse})
    for rows in _updates(unit, plan):
        _change(unit, plan, lists, rows)
        done += sum(map(len, rows.values()))
        if progress is not None:
            progress(done // 2, total)
    ids_by_row: dict[int, int] = {}
    users = _users(unit.connection)
    for new in _new(unit.connection, plan):
        records = [_settled(unit, lists, row) for row in new]
        _keep_photos(unit, plan, records)
        client_ids = add_many(
            unit, records, _past_columns(unit, new, users, batch_id),
            statuses_follow={place for place, row in enumerate(new) if row.past.statuses},
            leads_follow={place for place, row in enumerate(new) if row.past.leads},
        )  # fmt: skip
        past = {client_id: row for client_id, row in zip(client_ids, new, strict=True) if row.past is not NO_PAST}
        _write_past(unit, lists, past, dict(zip(client_ids, records, strict=True)), users)
        notes = [_note_columns(unit, client_id, one) for client_id, row in zip(client_ids, new, strict=True)
                 for one in row.notes]  # fmt: skip
        unit.insert_many(note, notes, parts=True)
        answers = [_answer_columns(unit, client_id, one, users) for client_id, row in zip(client_ids, new, strict=True)
                   for one in row.answers]  # fmt: skip
        unit.insert_many(consent, answers, parts=True)
        if tied:
            ids_by_row |= {row.number: client_id for client_id, row in zip(client_ids, new, strict=True)}
        done += len(new)
        if progress is not None:
            progress(done // 2, total)
    if tied:
        ties.make(unit, plan, ids_by_row, lists.relation)
    if progress is not None:
        unit.make_found(lambda found, of: progress(total // 2 + total * found // (2 * max(of, 1)), total))
        progress(total, total)


def _updates(unit: Unit, plan: Plan) -> Iterator[dict[int, list[Judged]]]:
    """The rows that update, by their clients, in parts; all of a client's rows come with the first of them.

    The clients are held in the order of their ids before any is changed, so that two desks do not wait for each other.
    """
    by_client = Places()
    for place in plan.places(Verdict.UPDATE):
        by_client.add(plan.rows.client_id(place), place)
    for ids in chunks(sorted(by_client), BATCH):
        held = select(client.c.id).where(client.c.id.in_(ids)).order_by(client.c.id).with_for_update()
        unit.connection.execute(held)
    firsts = (place for place in plan.places(Verdict.UPDATE) if by_client.of(plan.rows.client_id(place))[0] == place)
    while part := list(islice(firsts, BATCH)):
        ids = [plan.rows.client_id(place) for place in part]
        yield {client_id: list(plan.rows.at(by_client.of(client_id))) for client_id in ids}


def _new(connection: Connection, plan: Plan) -> Iterator[list[Judged]]:
    """The rows that come in, in parts; those with a number of their own first, before it is given to others."""
    contested = _contested(connection, plan)
    numbered = (place for place in plan.places(Verdict.NEW) if plan.rows.has_number(place))
    without: list[Judged] = []
    while part := list(islice(numbered, _CHUNK)):
        rows = _with_free_numbers(connection, plan, list(plan.rows.at(part)), contested)
        without += [row for row in rows if row.record is not None and not row.record.number]
        yield [row for row in rows if row.record is not None and row.record.number]
    others = plan.rows.at(place for place in plan.places(Verdict.NEW) if not plan.rows.has_number(place))
    rest = chain(without, others)
    while rows := list(islice(rest, _CHUNK)):
        yield rows


def _users(connection: Connection) -> dict[str, int]:
    """Who works here, by name."""
    return {names.key(row.name): row.id for row in connection.execute(select(user.c.id, user.c.name))}


def _past_columns(
    unit: Unit, rows: Sequence[Judged], users: Mapping[str, int], batch_id: int
) -> list[dict[str, Any]]:
    """What the rows bring that no field of a record holds."""
    batch = {"import_batch_id": batch_id}
    if all(row.past is NO_PAST for row in rows):
        return [batch] * len(rows)
    return [
        {
            **batch, "former_numbers": ", ".join(row.past.former_numbers),
            **_stamp("created", row.past.created_at, row.past.created_by, unit, users),
            **_stamp("updated", row.past.updated_at, row.past.updated_by, unit, users),
        }
        for row in rows
    ]  # fmt: skip


def _write_past(
    unit: Unit,
    lists: ListRows,
    rows: Mapping[int, Judged],
    records: Mapping[int, ClientRecord],
    users: Mapping[str, int],
) -> None:
    """The statuses and leads that new clients had elsewhere."""
    assignments: list[dict[str, Any]] = []
    followed: list[dict[str, Any]] = []
    for client_id, row in rows.items():
        current = {**statuses.assignment(unit, client_id, records[client_id]), "until_on": None}
        for one in row.past.statuses:
            status_id = lists.ensure(client_status, one.status)
            set_by = users.get(names.key(one.set_by)) if one.set_by else None
            stamp = {"set_at": one.set_at or unit.now, "set_by": set_by}
            if one.until_on is None and status_id == current["status_id"]:
                current |= stamp
            else:
                assignments.append({
                    "client_id": client_id, "status_id": status_id,
                    "reason_id": lists.reason(status_id, one.reason) if one.reason else None,
                    "from_on": one.from_on, "due_on": one.due_on,
                    "until_on": one.until_on or current["from_on"] or unit.today, **stamp,
                })  # fmt: skip
        if row.past.statuses and current["status_id"] is not None:
            assignments.append(current)
        followed += [_lead_columns(lists, client_id, one, users) for one in row.past.leads]
    unit.insert_many(status_assignment, assignments, parts=True)
    unit.insert_many(lead, followed, parts=True)


def _lead_columns(lists: ListRows, client_id: int, one: PastLead, users: Mapping[str, int]) -> dict[str, Any]:
    pipeline_id = lists.ensure(pipeline, one.pipeline)
    return {
        "client_id": client_id, "pipeline_id": pipeline_id,
        "stage_id": lists.stage(pipeline_id, one.stage, one.outcome),
        "opened_on": one.opened_on, "stage_since": one.stage_since, "next_action": one.next_action.value,
        "next_action_text": one.next_action_text, "next_action_on": one.next_action_on,
        "responsible_id": users.get(names.key(one.responsible)) if one.responsible else None,
        "lost_reason_id": lists.ensure(lost_reason, one.lost_reason) if one.lost_reason else None,
        "closed_on": one.closed_on, "remark": one.remark,
    }  # fmt: skip


def _stamp(verb: str, at: datetime | None, name: str, unit: Unit, users: Mapping[str, int]) -> dict[str, Any]:
    """When and by whom, as the file says it; without that it is this import."""
    who = users.get(names.key(name)) if name else unit.desk.user_id
    return {f"{verb}_at": at or unit.now, f"{verb}_by": who}


def _keep_photos(unit: Unit, plan: Plan, records: Sequence[ClientRecord]) -> None:
    for image_hash in {record.image_hash for record in records} - {""}:
        assert plan.table.photos is not None, "a photo was taken from somewhere"
        images.keep(unit.connection, plan.table.photos.picture(image_hash), unit.now)


def _change(unit: Unit, plan: Plan, lists: ListRows, by_client: Mapping[int, Sequence[Judged]]) -> None:
    """Bring the rows over their clients, each client written once however many rows speak of it."""
    ids = list(by_client)
    stands = STORE.load_many(unit.connection, ids)
    gone = select(client.c.id).where(client.c.id.in_(ids), client.c.deleted_at.is_not(None))
    deleted = set(unit.connection.execute(gone).scalars())
    known_notes: dict[int, set[str]] = {}
    for client_id, said in unit.connection.execute(
        select(note.c.client_id, note.c.text).where(note.c.client_id.in_(ids), note.c.deleted_at.is_(None))
    ):
        known_notes.setdefault(client_id, set()).add(said)
    matching = plan.rules.update_by
    assert matching is not None, "only who asks for it updates"
    for client_id, own in by_client.items():
        theirs = stands.get(client_id)
        if theirs is None or client_id in deleted or theirs.version != own[0].version:
            raise ChangedMeanwhile(
                "{name} (row {row}) was changed since the rows were checked, so nothing was written. They are checked "
                "again: look at them, then import.",
                name=own[0].name, row=own[0].number,
            )  # fmt: skip
        merged = theirs
        for row in own:
            for one in (*(RowNote(said) for said in left_aside(merged, row)), *row.notes):
                if one.text not in known_notes.setdefault(client_id, set()):
                    known_notes[client_id].add(one.text)
                    unit.insert(note, _note_columns(unit, client_id, one))
                    unit.touch(note.name)
            merged = updated(merged, replace(row, record=lists.resolved(row)), matching, unit.today)
        settled = statuses.settle(unit, theirs, merged)
        check_named(settled)
        if settled.image_hash != theirs.image_hash:
            _keep_photos(unit, plan, [settled])
        if settled.kind is not theirs.kind:
            leads.follow_kind(unit, [client_id], settled.kind)
        if STORE.write(unit, theirs, settled):
            statuses.record_assignment(unit, client_id, theirs, settled)
    numbers.give_due(unit, ids)


def _contested(connection: Connection, plan: Plan) -> set[str]:
    """The numbers of rows that come in by a person's choice, which somebody else has, here or in the file."""
    chosen = [row for row in plan.rows.at(_chosen(plan)) if row.record is not None and row.record.number]
    wanted = {names.key(row.record.number) for row in chosen if row.record is not None}
    if not wanted:
        return set()
    own = (row for row in plan.rows.at(plan.places(Verdict.NEW)) if row.number not in plan.choices)
    numbers_of_file = {names.key(row.record.number) for row in own if row.record is not None}
    return (wanted & numbers_of_file) | _taken(connection, wanted)


def _chosen(plan: Plan) -> Iterator[int]:
    places = (plan.rows.place_of(number) for number, verdict in plan.choices.items() if verdict is Verdict.NEW)
    return (place for place in places if place is not None)


def _taken(connection: Connection, wanted: Iterable[str]) -> set[str]:
    taken: set[str] = set()
    for part in chunks(sorted(wanted), BATCH):
        query = select(client.c.number_key).where(client.c.number_key.in_(part))
        taken.update(connection.execute(query).scalars())
    return taken


def _with_free_numbers(
    connection: Connection, plan: Plan, rows: Sequence[Judged], contested: set[str]
) -> list[Judged]:
    """Who comes in as new by a person's choice gets a number of its own where the file's is `contested`.

    Any other number that was taken since the rows were judged is a reason to judge them again.
    """
    numbers_of = [names.key(row.record.number) if row.record is not None else "" for row in rows]
    taken = _taken(connection, numbers_of)
    free: list[Judged] = []
    for row, number in zip(rows, numbers_of, strict=True):
        assert row.record is not None, "a new row has its record"
        if row.number in plan.choices and number in contested:
            told = RowNote(f"Client number: {row.record.number}")
            free.append(replace(row, record=replace(row.record, number=""), notes=(*row.notes, told)))
        elif number in taken:
            raise ChangedMeanwhile(
                "Number {number} (row {row}) was given away since the rows were checked, so nothing was written. They "
                "are checked again: look at them, then import.",
                number=row.record.number, row=row.number,
            )  # fmt: skip
        else:
            free.append(row)
            if row.number in plan.choices:
                contested.add(number)
    return free


def _settled(unit: Unit, lists: ListRows, row: Judged) -> ClientRecord:
    """The record of a new row with its status's dates, which stay as the file has them."""
    record = lists.resolved(row)
    settled = statuses.settle(unit, None, record)
    if record.status_id is None or record.status_set_on is None:
        return settled
    return replace(
        settled, status_set_on=record.status_set_on, status_due_on=record.status_due_on or settled.status_due_on,
        status_due_set_by_hand=record.status_due_set_by_hand,
    )  # fmt: skip


def _note_columns(unit: Unit, client_id: int, one: RowNote) -> dict[str, Any]:
    return {"client_id": client_id, "text": one.text, "alert": one.alert, "created_at": one.written or unit.now}


def _answer_columns(unit: Unit, client_id: int, one: ConsentRecord, users: Mapping[str, int]) -> dict[str, Any]:
    recorded_by = users.get(names.key(one.by)) if one.by else unit.desk.user_id
    return {
        "client_id": client_id, "channel": one.channel.value, "purpose": one.purpose.value, "answer": one.answer.value,
        "way": "" if one.answer is Answer.NOT_ASKED else one.way.value, "wording": one.wording,
        "at": one.at or unit.now, "recorded_by": recorded_by,
    }  # fmt: skip
