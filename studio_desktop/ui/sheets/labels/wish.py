"""What a person chooses for labels, and how a draft keeps it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from studio_desktop.domain.records.clients import ClientKind
from studio_desktop.services.mailing import MailingOrder, NameLine, Recipients

ANY_PRINTER = "PDF"
"""What corrections belong to that are meant for no printer in particular."""


class Whom(StrEnum):
    """Whom labels are for."""

    CHOSEN = "chosen"
    GROUP = "group"
    STATUS = "status"
    TAG = "tag"
    PLAN = "plan"
    FILTER = "filter"
    ALL = "all"
    AGAIN = "again"
    """Those of a mailing that was printed before."""


@dataclass(frozen=True, slots=True)
class Wish:
    """All that a person can choose but the ticks."""

    whom: Whom
    group_id: int | None
    status_id: int | None
    sheet: str
    start: int
    name_line: NameLine
    order: MailingOrder
    address_on: date
    run_id: int | None = None
    copies: int = 1
    printer: str = ANY_PRINTER
    right: float = 0.0
    down: float = 0.0
    per_column: float = 0.0
    per_row: float = 0.0
    tag_id: int | None = None
    plan_id: int | None = None
    saved_filter: str | None = None
    kind: ClientKind = ClientKind.CLIENT
    """Of those who are all meant (S0-05)."""

    def recipients(self, chosen: tuple[int, ...]) -> Recipients:
        """Whom the services are asked for; `chosen` are the chosen clients."""
        if self.whom is Whom.GROUP:
            return Recipients(group_id=self.group_id)
        if self.whom is Whom.STATUS:
            return Recipients(status_id=self.status_id)
        if self.whom is Whom.TAG:
            return Recipients(tag_id=self.tag_id)
        if self.whom is Whom.PLAN:
            return Recipients(plan_id=self.plan_id)
        if self.whom is Whom.FILTER:
            return Recipients(saved_filter=self.saved_filter)
        if self.whom is Whom.CHOSEN:
            # A single label is asked for by name and always prints (B10).
            always = frozenset(chosen) if len(chosen) == 1 else frozenset()
            return Recipients(client_ids=chosen, always=always)
        return Recipients(kind=self.kind)

    def kept(self) -> dict[str, Any]:
        """As JSON values."""
        return {**dataclasses.asdict(self), "address_on": self.address_on.isoformat()}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Wish:
        """What `kept` gave."""
        read = {
            "whom": Whom, "order": MailingOrder, "name_line": NameLine, "address_on": date.fromisoformat,
            "kind": ClientKind,
        }  # fmt: skip
        return cls(**{**kept, **{name: make(kept[name]) for name, make in read.items()}})
