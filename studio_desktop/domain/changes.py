"""What a write changed, told to every open screen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """A record that is no longer what it was. `record_id` None: any number of records of that kind."""

    kind: str
    record_id: int | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """All that one request changed; `request` undoes it."""

    request: str
    changes: frozenset[Change]

    def touches(self, kind: str, record_id: int | None = None) -> bool:
        """Whether a screen that shows this kind (and record) has to look again."""
        return any(
            change.kind == kind and (record_id is None or change.record_id in (None, record_id))
            for change in self.changes
        )
