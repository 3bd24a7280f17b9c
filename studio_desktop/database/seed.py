"""What a new studio starts with: its owner, the statuses of S1-05, and the first rows of every maintained list.

A list that a later release brought starts with the same rows in a studio that is upgraded.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, literal, select, update

from studio_desktop.database.tables import activity, people, sales, studio
from studio_desktop.domain.records.clients import ClientKind
from studio_desktop.domain.records.leads import NextAction, Outcome

OWNER = "Owner"
"""The name of the person that a new studio's database starts with."""

_STATUSES: tuple[tuple[str, str, int | None, bool, str, tuple[str, ...]], ...] = (
    ("Prospect", "slate", None, False, "", ()),
    ("Web Inquiry", "teal", 2, False, "", ("Portrait", "Wedding", "Commercial", "Price list")),
    ("First-Time Client", "green", 14, True, "", ()),
    ("Client", "blue", None, True, "", ("Session done", "Order placed", "Returning")),
    ("Loyalty Client", "purple", None, True, "", ("Referred 3 or more", "Yearly portrait", "Large orders")),
    (
        "Upset Client", "red", 3, False, "Handle with care.",
        ("Delivery late", "Print quality", "Price", "Photographer", "Billing mistake"),
    ),
    ("Business Partner", "brown", None, False, "", ("Refers clients", "Supplier")),
    (
        "Inactive Client", "grey", None, False, "",
        ("Moved", "No answer", "Other photographer", "Asked not to be contacted"),
    ),
)  # fmt: skip

_LISTS: dict[Table, tuple[str, ...]] = {
    people.lead_source: (
        "Friend or family", "Website", "Search engine", "Social media", "Walk-in", "Wedding fair", "Advertisement",
        "Other",
    ),
    people.phone_label: ("Mobile", "Home", "Work", "Other"),
    people.archive_reason: ("Moved", "Passed away", "Not interested"),
}  # fmt: skip

_Step = tuple[str, str, int | None, bool, bool]

_WORKFLOWS: dict[Table, tuple[_Step, ...]] = {
    activity.communication_status: (
        ("Planned", "slate", None, True, False),
        ("No answer", "orange", 2, False, False),
        ("Waiting for reply", "teal", 5, False, False),
        ("Done", "green", None, False, True),
        ("Cancelled", "grey", None, False, True),
    ),
    activity.photo_session_status: (
        ("Booked", "slate", None, True, False),
        ("Confirmed", "teal", None, False, False),
        ("Photographed", "blue", 3, False, False),
        ("Editing", "purple", 7, False, False),
        ("Ready to view", "orange", 14, False, False),
        ("Order placed", "brown", 21, False, False),
        ("Completed", "green", None, False, True),
        ("Cancelled", "grey", None, False, True),
    ),
    activity.task_status: (
        ("Not started", "slate", None, True, False),
        ("In progress", "blue", None, False, False),
        ("Waiting", "orange", 3, False, False),
        ("Done", "green", None, False, True),
        ("Cancelled", "grey", None, False, True),
    ),
    activity.production_status: (
        ("Order placed", "slate", 1, True, False),
        ("At the lab", "blue", 10, False, False),
        ("Retouching", "purple", 5, False, False),
        ("Quality check", "teal", 1, False, False),
        ("Ready for pickup", "orange", 14, False, False),
        ("Delivered", "green", None, False, True),
        ("Cancelled", "grey", None, False, True),
    ),
    sales.invoice_status: (
        ("Open", "slate", 30, True, False),
        ("Reminder sent", "orange", 14, False, False),
        ("In dispute", "red", 7, False, False),
        ("Settled", "green", None, False, True),
        ("Cancelled", "grey", None, False, True),
    ),
}
"""Each workflow's steps: description, colour, default days, whether it is the first and whether it is a final one."""

_RELATIONSHIPS = {
    "Spouse": "Spouse", "Husband": "Wife", "Wife": "Husband", "Partner": "Partner", "Son": "Parent",
    "Daughter": "Parent", "Child": "Parent", "Mother": "Child", "Father": "Child", "Parent": "Child",
    "Sister": "Sibling", "Brother": "Sibling", "Grandmother": "Grandchild", "Grandfather": "Grandchild", "Other": "",
}  # fmt: skip
"""What a relative is to the client, and the client to the relative (B23)."""

_PLANS = ("Christmas portraits", "Fall colors", "Spring mini sessions", "Family portrait every year")

_PIPELINE = "Inquiries"

_STAGES: tuple[tuple[str, int | None, NextAction, str, Outcome], ...] = (
    ("New inquiry", 1, NextAction.CALL, "Ask what they have in mind", Outcome.OPEN),
    ("Contacted", 3, NextAction.EMAIL, "Send prices and samples", Outcome.OPEN),
    ("Consultation", 7, NextAction.MEETING, "Talk about place, clothes and date", Outcome.OPEN),
    ("Proposal sent", 4, NextAction.CALL, "Ask about the proposal", Outcome.OPEN),
    ("Booked", None, NextAction.NONE, "", Outcome.WON),
    ("Lost", None, NextAction.NONE, "", Outcome.LOST),
)
"""The first pipeline's stages: description, days allowed, next action, its text, what it means for a lead (B14)."""

_LOST_REASONS = (
    "Price", "Date not free", "Other photographer", "No answer", "Plans changed", "Not now, maybe later",
)  # fmt: skip

_GROUPS = (
    ("High School Seniors", "Seniors"), ("Portrait families", ""), ("Weddings", ""), ("Commercial", ""),
    ("Prospects", ""), ("Problem clients", ""),
)  # fmt: skip

_FIRST_NUMBERS = {"client": 1001}


def plant(connection: Connection, now: datetime) -> None:
    """Fill the empty tables of a new studio."""
    connection.execute(insert(studio.studio).values(uid=str(uuid.uuid4()), created_at=now))
    _add(connection, now, studio.user, [{"name": OWNER, "role": "owner"}])
    _statuses(connection, now)
    for table, descriptions in _LISTS.items():
        _add(connection, now, table, _in_order({"description": description} for description in descriptions))
    _add(connection, now, people.client_group, _in_order({"description": d, "remark": r} for d, r in _GROUPS))
    _add(connection, now, people.relationship, _in_order(
        {"description": description, "inverse": inverse} for description, inverse in _RELATIONSHIPS.items()
    ))  # fmt: skip
    _workflows(connection, now)
    _plans(connection, now)
    _pipeline(connection, now)
    series = [{"series": name, "year": 0, "next": first} for name, first in _FIRST_NUMBERS.items()]
    connection.execute(insert(studio.counter), series)


def plant_since(connection: Connection, revision: str, now: datetime) -> None:
    """Fill the lists that a studio of the schema `revision` did not have before it was upgraded."""
    if revision < "0002":
        _workflows(connection, now)
    if revision < "0003":
        _plans(connection, now)
        _inverses(connection)
    if revision < "0010":
        _pipeline(connection, now)
        _put_leads_in(connection, now)


def _statuses(connection: Connection, now: datetime) -> None:
    table = people.client_status
    rows = [
        {"description": name, "colour": colour, "default_duration": days, "loyalty": loyalty, "alert_text": alert}
        for name, colour, days, loyalty, alert, _ in _STATUSES
    ]
    _add(connection, now, table, _in_order(rows))
    ids = {row.description: row.id for row in connection.execute(select(table.c.description, table.c.id))}
    for description, *_, reasons in _STATUSES:
        of_status = [{"status_id": ids[description], "description": reason} for reason in reasons]
        _add(connection, now, people.client_status_reason, _in_order(of_status))


def _pipeline(connection: Connection, now: datetime) -> None:
    first = {"description": _PIPELINE, "for_new_leads": True, "colour": "blue"}
    _add(connection, now, activity.pipeline, _in_order([first]))
    pipeline_id = connection.execute(select(activity.pipeline.c.id)).scalar_one()
    _add(connection, now, activity.pipeline_stage, _in_order(
        {
            "pipeline_id": pipeline_id, "description": name, "days_allowed": days, "next_action": action.value,
            "next_action_text": text, "outcome": outcome.value,
        }
        for name, days, action, text, outcome in _STAGES
    ))  # fmt: skip
    reasons = _in_order({"description": description} for description in _LOST_REASONS)
    _add(connection, now, activity.lost_reason, reasons)


def _put_leads_in(connection: Connection, now: datetime) -> None:
    """Who was a lead before there were pipelines begins today at the first stage."""
    client, stage, lead = people.client.c, activity.pipeline_stage.c, activity.lead
    day = literal(now.date(), lead.c.opened_on.type)
    first = (
        select(client.id, stage.pipeline_id, stage.id, day, day, stage.next_action, stage.next_action_text, day)
        .join_from(people.client, activity.pipeline_stage, stage.position == 1)
        .where(client.kind == ClientKind.LEAD, client.deleted_at.is_(None))
    )
    columns = (
        "client_id", "pipeline_id", "stage_id", "opened_on", "stage_since", "next_action", "next_action_text",
        "next_action_on",
    )  # fmt: skip
    connection.execute(insert(lead).from_select(columns, first))


def _plans(connection: Connection, now: datetime) -> None:
    _add(connection, now, people.marketing_plan, _in_order({"description": description} for description in _PLANS))


def _inverses(connection: Connection) -> None:
    """What a studio calls its relationships is its own; those it still calls as they came get their other side."""
    table = people.relationship
    for description, inverse in _RELATIONSHIPS.items():
        named = update(table).where(table.c.description == description)
        connection.execute(named.values(inverse=inverse))


def _workflows(connection: Connection, now: datetime) -> None:
    for table, steps in _WORKFLOWS.items():
        rows = [
            {"description": name, "colour": colour, "default_duration": days, "first_step": first, "final_step": final}
            for name, colour, days, first, final in steps
        ]
        _add(connection, now, table, _in_order(rows))


def _in_order(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "position": position} for position, row in enumerate(rows, start=1)]


def _add(connection: Connection, now: datetime, table: Table, rows: list[dict[str, Any]]) -> None:
    complete = [{**row, **table.info["derive"](row), "created_at": now, "updated_at": now} for row in rows]
    if complete:
        connection.execute(insert(table), complete)
