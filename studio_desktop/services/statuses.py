"""Where a client stands in its life-cycle: setting a status, its reason and its due date (B4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from studio_desktop.database.tables.people import client, client_status, client_status_reason, status_assignment
from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import numbers
from studio_desktop.services.preferences import read_calendar
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.unit import Root, Unit


def settle(unit: Unit, theirs: ClientRecord | None, merged: ClientRecord) -> ClientRecord:
    """The record with the dates that its status asks for, by the rules of B4.

    A new status is set today and due after its default duration, unless the due date was typed; choosing the same
    status again changes nothing; a typed due date stays until the status changes; a reason that belongs to another
    status is cleared.
    """
    if (status_id := merged.status_id) is None:
        nothing = (merged.status_reason_id, merged.status_set_on, merged.status_due_on) == (None, None, None)
        if nothing and not merged.status_due_set_by_hand:
            return merged  # as most rows of an import have it
        return replace(
            merged, status_reason_id=None, status_set_on=None, status_due_on=None, status_due_set_by_hand=False
        )
    if merged.status_reason_id is not None:
        belongs = unit.connection.execute(
            select(client_status_reason.c.status_id).where(client_status_reason.c.id == merged.status_reason_id)
        ).scalar_one_or_none()
        if belongs != merged.status_id:
            merged = replace(merged, status_reason_id=None)
    before = theirs or ClientRecord()
    typed_due = merged.status_due_on != before.status_due_on
    if merged.status_id != before.status_id:
        duration = _duration(unit.connection, status_id)
        due = merged.status_due_on if typed_due else read_calendar(unit.connection).due(unit.today, duration)
        return replace(
            merged, status_set_on=unit.today, status_due_on=due, status_due_set_by_hand=typed_due and due is not None
        )
    if typed_due:
        return replace(merged, status_due_set_by_hand=True)
    return merged


def record_assignment(unit: Unit, client_id: int, theirs: ClientRecord | None, saved: ClientRecord) -> None:
    """Keep the line of statuses: each setting is a row of its own, the current one without an end."""
    before = theirs or ClientRecord()
    facts = ("status_id", "status_reason_id", "status_due_on")
    if all(getattr(before, fact) == getattr(saved, fact) for fact in facts):
        return
    root = Root(client.name, client_id)
    query = select(status_assignment).where(
        status_assignment.c.client_id == client_id, status_assignment.c.until_on.is_(None)
    )
    current = unit.connection.execute(query).mappings().first()
    if current is not None and saved.status_id == current["status_id"]:
        values = {"reason_id": saved.status_reason_id, "due_on": saved.status_due_on}
        unit.update(status_assignment, current["id"], values, root, current=current)
        return
    if current is not None:
        unit.update(status_assignment, current["id"], {"until_on": unit.today}, root, current=current)
    if saved.status_id is not None:
        unit.insert(status_assignment, assignment(unit, client_id, saved), root)


def assignment(unit: Unit, client_id: int, saved: ClientRecord) -> dict[str, Any]:
    """The columns of a current assignment."""
    return {
        "client_id": client_id,
        "status_id": saved.status_id,
        "reason_id": saved.status_reason_id,
        "from_on": saved.status_set_on,
        "due_on": saved.status_due_on,
        "set_at": unit.now,
        "set_by": unit.desk.user_id,
    }


class Statuses(Service):
    """Changes the status of clients, one or many at a time."""

    @requires(Permission.CHANGE_CLIENTS)
    def change(
        self,
        client_ids: Sequence[int],
        status_id: int,
        request: str,
        *,
        reason_id: int | None = None,
        due_on: date | None = None,
    ) -> Saved[int]:
        """Put clients at a status; gives how many changed. `due_on` overrides the computed due date.

        Clients already at the status stay as they are, as do those deleted meanwhile. Raises InvalidInput for an
        inactive or missing status.
        """
        from studio_desktop.services.clients import STORE

        def work(unit: Unit) -> int:
            _check_offered(unit.connection, status_id)
            changed: list[int] = []
            for client_id in sorted(set(client_ids)):
                if unit.lock(client, client_id)["deleted_at"] is not None:
                    continue
                theirs = STORE.load(unit.connection, client_id)
                if theirs.status_id == status_id and reason_id is None and due_on is None:
                    continue
                wanted = replace(theirs, status_id=status_id, status_reason_id=reason_id)
                if due_on is not None:
                    wanted = replace(wanted, status_due_on=due_on)
                settled = settle(unit, theirs, wanted)
                if STORE.write(unit, theirs, settled):
                    record_assignment(unit, client_id, theirs, settled)
                    changed.append(client_id)
            numbers.give_due(unit, changed)
            return len(changed)

        payload = (tuple(sorted(set(client_ids))), status_id, reason_id, due_on)
        return self.command(request, "statuses.change", payload, work, lambda _, changed: changed or 0)

    @requires(Permission.CHANGE_CLIENTS)
    def recalculate(self, status_id: int, request: str) -> Saved[int]:
        """Compute due dates anew for the clients at a status, typed ones excepted; gives how many changed (B4)."""
        from studio_desktop.services.clients import STORE

        def work(unit: Unit) -> int:
            calendar, duration = read_calendar(unit.connection), _duration(unit.connection, status_id)
            query = select(client.c.id).where(
                client.c.status_id == status_id, ~client.c.status_due_set_by_hand, client.c.deleted_at.is_(None)
            )
            changed = 0
            for client_id in unit.connection.execute(query.order_by(client.c.id)).scalars().all():
                theirs = STORE.load(unit.connection, client_id)
                due = calendar.due(theirs.status_set_on or unit.today, duration)
                moved = replace(theirs, status_due_on=due)
                if STORE.write(unit, theirs, moved):
                    record_assignment(unit, client_id, theirs, moved)
                    changed += 1
            return changed

        return self.command(request, "statuses.recalculate", status_id, work, lambda _, changed: changed or 0)

    @requires(Permission.VIEW_CLIENTS)
    def next_after(self, status_id: int | None) -> int | None:
        """The active status that follows in the workflow, or the first one; None at its end."""
        ids = self.database.read(
            lambda connection: connection.execute(
                select(client_status.c.id)
                .where(~client_status.c.inactive | (client_status.c.id == status_id))
                .order_by(client_status.c.position, client_status.c.id)
            ).scalars().all()
        )  # fmt: skip
        place = ids.index(status_id) + 1 if status_id in ids else 0
        return ids[place] if place < len(ids) else None

    @requires(Permission.VIEW_CLIENTS)
    def log(self, client_id: int) -> list[Mapping[str, Any]]:
        """Every status the client was ever at, newest first: status, reason, from, due, until, who, when."""
        from studio_desktop.database.tables.studio import user

        query = (
            select(
                client_status.c.description.label("status"), client_status_reason.c.description.label("reason"),
                status_assignment.c.from_on, status_assignment.c.due_on, status_assignment.c.until_on,
                status_assignment.c.set_at, user.c.name.label("set_by"),
            )
            .join(client_status, client_status.c.id == status_assignment.c.status_id)
            .outerjoin(client_status_reason, client_status_reason.c.id == status_assignment.c.reason_id)
            .outerjoin(user, user.c.id == status_assignment.c.set_by)
            .where(status_assignment.c.client_id == client_id)
            .order_by(status_assignment.c.id.desc())
        )  # fmt: skip
        return self.database.read(lambda connection: [dict(row) for row in connection.execute(query).mappings()])


def _duration(connection: Connection, status_id: int) -> int | None:
    row = connection.execute(
        select(client_status.c.default_duration).where(client_status.c.id == status_id)
    ).first()
    if row is None:
        raise NotFound("This status is no longer there.")
    duration: int | None = row.default_duration
    return duration


def _check_offered(connection: Connection, status_id: int) -> None:
    row = connection.execute(
        select(client_status.c.inactive, client_status.c.description).where(client_status.c.id == status_id)
    ).first()
    if row is None:
        raise NotFound("This status is no longer there.")
    if row.inactive:
        raise InvalidInput(
            "{status} is no longer in use; choose another status.", field="status_id", status=row.description
        )
