"""What the studio does with its clients: leads, mailings, and the steps that messages, sessions and orders pass."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, Text

from studio_desktop.database.tables.base import catalog, one_of, table, user_id, workflow, yes_no
from studio_desktop.database.types import Id, Instant, line
from studio_desktop.domain.records.leads import NextAction, Outcome

communication_status = workflow("communication_status")
photo_session_status = workflow("photo_session_status")
task_status = workflow("task_status")
production_status = workflow("production_status")

# An inactive pipeline is hidden: its leads stay, no new ones come.
pipeline = catalog("pipeline", yes_no("for_new_leads"), user_id("responsible_id"), line("colour", 20))
pipeline_stage = catalog(
    "pipeline_stage",
    Column("pipeline_id", Id, ForeignKey("pipeline.id"), nullable=False),
    Column("days_allowed", Integer, CheckConstraint("days_allowed BETWEEN 0 AND 3650", name="days_allowed")),
    one_of("next_action", NextAction, NextAction.NONE),
    line("next_action_text", 200),
    one_of("outcome", Outcome, Outcome.OPEN),
    unique_with="pipeline_id",
)
lost_reason = catalog("lost_reason")

lead = table(
    "lead",
    Column("client_id", Id, ForeignKey("client.id"), nullable=False, index=True),
    Column("pipeline_id", Id, ForeignKey("pipeline.id"), nullable=False),
    Column("stage_id", Id, ForeignKey("pipeline_stage.id"), nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("stage_since", Date, nullable=False),
    one_of("next_action", NextAction, NextAction.NONE),
    line("next_action_text", 200),
    Column("next_action_on", Date),
    user_id("responsible_id"),
    Column("lost_reason_id", Id, ForeignKey("lost_reason.id")),
    Column("closed_on", Date),
    line("remark", 300),
)
Index("ix_lead_stage", lead.c.stage_id, lead.c.next_action_on)
Index(
    "uq_lead_open", lead.c.client_id, lead.c.pipeline_id, unique=True,
    sqlite_where=lead.c.closed_on.is_(None), postgresql_where=lead.c.closed_on.is_(None),
)  # fmt: skip

mailing_run = table(
    "mailing_run",
    line("whom", 200),
    line("sheet", 80),
    line("name_line", 20),
    Column("address_on", Date, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("labels", Integer, nullable=False),
    Column("left_out", Integer, nullable=False),
    # JSON, in the order of the labels: client id, why there was none, whether a person decided it. No names: whoever
    # is erased is gone here too.
    Column("people", Text, nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    user_id("created_by"),
    Column("workstation_id", Id, ForeignKey("workstation.id")),
)
