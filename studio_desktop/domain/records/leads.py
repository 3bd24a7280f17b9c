"""A lead: an inquiry of a client that somebody follows up, stage by stage of a pipeline (S0-09, S0-13, B14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from studio_desktop.domain import fields


class NextAction(StrEnum):
    """What is to be done next for a lead (S0-10)."""

    NONE = "none"
    CALL = "call"
    EMAIL = "e-mail"
    LETTER = "letter"
    TASK = "task"
    MEETING = "meeting"


class Outcome(StrEnum):
    """What a stage means for the lead that reaches it: it goes on, or it has ended."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class LeadRecord:
    """One inquiry in one pipeline; closed once it was won, lost, or given up."""

    id: int = fields.identity()
    client_id: int = fields.identity()
    pipeline_id: int | None = fields.reference("Pipeline", "pipelines")
    stage_id: int | None = fields.reference("Stage", "pipeline_stages")
    opened_on: date | None = fields.day("Since")
    stage_since: date | None = fields.day("At this stage since")
    next_action: NextAction = fields.choice("Next action", NextAction.NONE)
    next_action_text: str = fields.text("What", 200)
    next_action_on: date | None = fields.day("Due")
    responsible_id: int | None = fields.reference("Responsible", "users")
    lost_reason_id: int | None = fields.reference("Lost reason", "lost_reasons")
    closed_on: date | None = fields.day("Closed")
    remark: str = fields.text("About", 300)
