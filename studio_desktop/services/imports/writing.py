"""Carries a plan out, inside the one transaction of its command: new clients all at once, changed ones one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, select, update

from studio_desktop.database.tables.people import (
    archive_reason,
    client,
    client_group,
    client_status,
    client_status_reason,
    client_tag,
    consent,
    lead_source,
    marketing_plan,
    note,
    organization,
    phone_label,
    relationship,
)
from studio_desktop.domain import names, text
from studio_desktop.domain.errors import StudioError
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.domain.records.consents import Answer, ConsentRecord
from studio_desktop.services import leads, numbers, statuses
from studio_desktop.services.clients import STORE, add_many, check_named
from studio_desktop.services.imports.matching import BATCH, chunks
from studio_desktop.services.imports.plan import Judged, Plan, Progress, RowNote, Verdict
from studio_desktop.services.imports.rows import ids_by_name
from studio_desktop.services.imports.updating import left_aside, updated
from studio_desktop.services.unit import Unit

_CHUNK = 2000


class ChangedMeanwhile(StudioError):
    """Somebody changed, at another desk or in another window, what the rows were judged by: they are judged again."""


def write(unit: Unit, plan: Plan, batch_id: int, progress: Progress | None) -> None:
    """Write what comes in and what is updated. Raises ChangedMeanwhile, and nothing is written."""
    new = [row for row in plan.rows if plan.verdict(row) is Verdict.NEW]
    changed = [row for row in plan.rows if plan.verdict(row) is Verdict.UPDATE]
    lists = _Lists(unit)
    total, done = len(new) + len(changed), 0
    by_client: dict[int, list[Judged]] = {}
    for row in changed:
        by_client.setdefault(row.client_id, []).append(row)
    for ids in chunks(sorted(by_client), BATCH):
        _change(unit, plan, lists, {client_id: by_client[client_id] for client_id in ids})
        done += sum(len(by_client[client_id]) for client_id in ids)
        if progress is not None:
            progress(done, total)
    referred: list[tuple[int, str]] = []
    for rows in chunks(_with_free_numbers(unit.connection, plan, new), _CHUNK):
        records = [_settled(unit, lists, row) for row in rows]
        client_ids = add_many(unit, records, batch_id)
        notes = [_note_columns(unit, client_id, one) for client_id, row in zip(client_ids, rows, strict=True)
                 for one in row.notes]  # fmt: skip
        unit.insert_many(note, notes, parts=True)
        answers = [_answer_columns(unit, client_id, one) for client_id, row in zip(client_ids, rows, strict=True)
                   for one in row.answers]  # fmt: skip
        unit.insert_many(consent, answers, parts=True)
        referred += [(client_id, row.referrer) for client_id, row in zip(client_ids, rows, strict=True) if row.referrer]
        done += len(rows)
        if progress is not None:
            progress(done, total)
    _refer(unit.connection, referred)


def _change(unit: Unit, plan: Plan, lists: _Lists, by_client: Mapping[int, Sequence[Judged]]) -> None:
    """Bring the rows over their clients, each client written once however many rows speak of it."""
    ids = list(by_client)
    unit.connection.execute(select(client.c.id).where(client.c.id.in_(ids)).order_by(client.c.id).with_for_update())
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
        if settled.kind is not theirs.kind:
            leads.follow_kind(unit, [client_id], settled.kind)
        if STORE.write(unit, theirs, settled):
            statuses.record_assignment(unit, client_id, theirs, settled)
    numbers.give_due(unit, ids)


def _with_free_numbers(connection: Connection, plan: Plan, new: list[Judged]) -> list[Judged]:
    """Who comes in as new by a person's choice gets a number of its own where the file's is somebody's.

    Any other number that was taken since the rows were judged is a reason to judge them again.
    """
    numbered = [(names.key(row.record.number), row) for row in new if row.record is not None and row.record.number]
    wanted = {number for number, _ in numbered}
    taken: set[str] = set()
    for part in chunks(sorted(wanted), BATCH):
        query = select(client.c.number_key).where(client.c.number_key.in_(part))
        taken.update(connection.execute(query).scalars())
    used = {number for number, row in numbered if row.number not in plan.choices}
    return [_with_free_number(row, taken, used, chosen=row.number in plan.choices) for row in new]


def _with_free_number(row: Judged, taken: set[str], used: set[str], *, chosen: bool) -> Judged:
    assert row.record is not None, "a new row has its record"
    number = names.key(row.record.number)
    if chosen and number and (number in taken or number in used):
        told = RowNote(f"Client number: {row.record.number}")
        return replace(row, record=replace(row.record, number=""), notes=(*row.notes, told))
    if number in taken:
        raise ChangedMeanwhile(
            "Number {number} (row {row}) was given away since the rows were checked, so nothing was written. They are "
            "checked again: look at them, then import.",
            number=row.record.number, row=row.number,
        )  # fmt: skip
    used.add(number)
    return row


def _settled(unit: Unit, lists: _Lists, row: Judged) -> ClientRecord:
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


def _answer_columns(unit: Unit, client_id: int, one: ConsentRecord) -> dict[str, Any]:
    return {
        "client_id": client_id, "channel": one.channel.value, "purpose": one.purpose.value, "answer": one.answer.value,
        "way": "" if one.answer is Answer.NOT_ASKED else one.way.value, "wording": one.wording,
        "at": one.at or unit.now, "recorded_by": unit.desk.user_id,
    }  # fmt: skip


def _refer(connection: Connection, referred: Sequence[tuple[int, str]]) -> None:
    """Who came by whom, told by the number that a client has; a client's creation stands for it in history."""
    wanted = {names.key(number) for _, number in referred}
    found: dict[str, int] = {}
    for part in chunks(sorted(wanted), BATCH):
        query = select(client.c.number_key, client.c.id).where(client.c.number_key.in_(part))
        found |= {row.number_key: row.id for row in connection.execute(query)}
    for client_id, number in referred:
        referrer = found.get(names.key(number))
        if referrer is not None and referrer != client_id:
            connection.execute(update(client).where(client.c.id == client_id).values(referred_by_client_id=referrer))


@dataclass
class _Lists:
    """Rows of the studio's lists by name, added where it lacks them, in the import's own transaction."""

    unit: Unit
    found: dict[str, dict[str, int]] = field(default_factory=dict)
    reasons: dict[tuple[int, str], int] = field(default_factory=dict)

    def resolved(self, row: Judged) -> ClientRecord:
        """The row's record with the ids of what it names."""
        record, words = row.record, row.words
        assert record is not None, "only a row with its record is written"
        named: dict[str, Any] = {}
        for name, table, described in (
            ("groups", client_group, words.groups), ("tags", client_tag, words.tags),
            ("plans", marketing_plan, words.plans),
        ):  # fmt: skip
            if described:
                named[name] = frozenset(self._ensure(table, one) for one in described)
        if words.lead_source:
            named["lead_source_id"] = self._ensure(lead_source, words.lead_source)
        if words.archive_reason:
            named["archive_reason_id"] = self._ensure(archive_reason, words.archive_reason)
        if words.status:
            named["status_id"] = self._ensure(client_status, words.status)
        status_id = named.get("status_id", record.status_id)
        if words.status_reason and status_id is not None:
            named["status_reason_id"] = self._reason(status_id, words.status_reason)
        if words.labels:
            named["phones"] = self._labelled(record.phones, words.labels)
        if words.relations or words.labels:
            named["family"] = tuple(
                replace(
                    member,
                    phones=self._labelled(member.phones, words.labels),
                    relationship_id=self._ensure(relationship, words.relations[member.uid])
                    if member.uid in words.relations else member.relationship_id,
                )
                for member in record.family
            )  # fmt: skip
        if words.organizations:
            named["organizations"] = tuple(
                replace(at, organization_id=self._ensure(organization, words.organizations[at.uid]))
                if at.uid in words.organizations else at
                for at in record.organizations
            )  # fmt: skip
        return replace(record, **named) if named else record

    def _labelled(self, phones: tuple[Any, ...], labels: Any) -> tuple[Any, ...]:
        return tuple(
            replace(one, label_id=self._ensure(phone_label, labels[one.uid])) if one.uid in labels else one
            for one in phones
        )

    def _ensure(self, table: Any, description: str) -> int:
        cleaned = text.clean_line(description, 80)[:80]
        if table.name not in self.found:
            self.found[table.name] = ids_by_name(self.unit.connection, table)
        ids = self.found[table.name]
        key = names.key(cleaned)
        if key not in ids:
            colour = {"colour": "slate"} if "colour" in table.c else {}
            ids[key] = self.unit.insert(table, {"description": cleaned, "position": len(ids) + 1, **colour})
        return ids[key]

    def _reason(self, status_id: int, description: str) -> int:
        table = client_status_reason
        if not self.reasons:
            rows = self.unit.connection.execute(select(table.c.status_id, table.c.description_key, table.c.id))
            self.reasons = {(row.status_id, row.description_key): row.id for row in rows}
        key = (status_id, names.key(description))
        if key not in self.reasons:
            values = {"status_id": status_id, "description": description, "position": len(self.reasons) + 1}
            self.reasons[key] = self.unit.insert(table, values)
        return self.reasons[key]

