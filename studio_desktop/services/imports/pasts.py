"""How a row's client was kept elsewhere, as our own export tells it: who entered it, its statuses over time, leads."""

from __future__ import annotations

from collections.abc import Iterator

from studio_desktop.domain import text
from studio_desktop.domain.records.leads import NextAction, Outcome
from studio_desktop.services.imports.cells import Slotted, first_of, moment, pieces
from studio_desktop.services.imports.plan import NO_PAST, Past, PastLead, PastStatus
from studio_desktop.services.imports.values import TITLES, Values

_FACTS = ("reference", "former_numbers", "created_at", "created_by", "updated_at", "updated_by")
_STATUS = ("status", "status_reason", "status_from", "status_due", "status_until", "status_set", "status_by")
_LEAD = (
    "pipeline", "stage", "outcome", "opened", "since", "action", "action_text", "action_on", "responsible",
    "lost_reason", "closed", "remark",
)  # fmt: skip

OF_THE_PAST = (*_FACTS, "past_status", "lead_pipeline")
"""What a column must hold for there to be anything to read."""


class Pasts:
    """Reads what rows say of the past; what makes no sense is kept in the note."""

    def __init__(self, values: Values, *, is_ours: bool) -> None:
        self._values = values
        self._is_ours = is_ours

    def read(self, facts: dict[str, str], slotted: Slotted, remarks: list[str]) -> Past:
        """All of it. A stranger's file tells numbers and when somebody was entered, nothing else."""
        has_rows = "past_status" in slotted or "lead_pipeline" in slotted
        if not has_rows and not any(key in facts for key in _FACTS):
            return NO_PAST
        former = tuple(pieces(facts.get("former_numbers", "")))
        created_at = self._values.stamp("created_at", facts, remarks)
        if not self._is_ours:
            strange = (key for key in ("created_by", "updated_at", "updated_by") if key in facts)
            remarks += [f"{TITLES[key]}: {facts[key]}" for key in strange]
            return Past(former_numbers=former, created_at=created_at)
        return Past(
            facts.get("reference", ""), former, created_at, facts.get("created_by", ""),
            self._values.stamp("updated_at", facts, remarks), facts.get("updated_by", ""),
            tuple(self._statuses(slotted, remarks)), tuple(self._leads(slotted, remarks)),
        )  # fmt: skip

    def _statuses(self, slotted: Slotted, remarks: list[str]) -> Iterator[PastStatus]:
        has_current = False
        for slot in slotted.get("past_status", {}):
            said = {part: first_of(slotted, f"past_{part}", slot) for part in _STATUS}
            days = {part: self._values.day(f"past_{part}", said[part], remarks) if said[part] else None
                    for part in ("status_from", "status_due", "status_until")}  # fmt: skip
            since, until = days["status_from"], days["status_until"]
            if since is None or (until is None and has_current):
                remarks.append(f"Status over time: {', '.join(filter(None, said.values()))}")
                continue
            has_current |= until is None
            yield PastStatus(
                said["status"], said["status_reason"], since, days["status_due"], until, moment(said["status_set"]),
                said["status_by"],
            )  # fmt: skip

    def _leads(self, slotted: Slotted, remarks: list[str]) -> Iterator[PastLead]:
        open_in: set[str] = set()
        for slot in slotted.get("lead_pipeline", {}):
            said = {part: first_of(slotted, f"lead_{part}", slot) for part in _LEAD}
            days = {part: self._values.day(f"lead_{part}", said[part], remarks) if said[part] else None
                    for part in ("opened", "since", "action_on", "closed")}  # fmt: skip
            opened, pipeline = days["opened"], text.fold(said["pipeline"])
            is_double = days["closed"] is None and pipeline in open_in
            if opened is None or not said["stage"] or is_double:
                remarks.append(f"Lead: {', '.join(filter(None, said.values()))}")
                continue
            if days["closed"] is None:
                open_in.add(pipeline)
            yield PastLead(
                said["pipeline"], said["stage"],
                self._values.choice("lead_outcome", Outcome, said["outcome"] or Outcome.OPEN, remarks),
                opened, days["since"] or opened,
                self._values.choice("lead_action", NextAction, said["action"] or NextAction.NONE, remarks),
                text.clean_line(said["action_text"], 200), days["action_on"], said["responsible"],
                said["lost_reason"], days["closed"], text.clean_line(said["remark"], 300),
            )  # fmt: skip
