"""The errors that are ours to explain; anything else is a bug and goes to the crash dialog.

A text is a template with named values, so that a translation later touches no logic:
`InvalidInput("Number {number} belongs to {holder}.", number="1041", holder="Adams, Anna")`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any


class StudioError(Exception):
    """Something that a person can understand and act on; `str()` gives the whole sentence."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template.format(**self.values) if self.values else self.template


class InvalidInput(StudioError):
    """What was typed cannot be kept as it is. `field` names the record's field the sentence belongs beside."""

    def __init__(self, template: str, *, field: str | None = None, **values: object) -> None:
        super().__init__(template, **values)
        self.field = field


class InvalidFields(InvalidInput):
    """Several fields at once: `faults` maps each field's name to its own `InvalidInput`."""

    def __init__(self, faults: Mapping[str, InvalidInput]) -> None:
        super().__init__("{sentences}", field=next(iter(faults)), sentences=" ".join(str(f) for f in faults.values()))
        self.faults = dict(faults)


class Conflict(StudioError):
    """Another desk changed the same fields meanwhile; nothing was written.

    `base` is what this desk had read, `mine` what it wants, `theirs` what stands now; `fields` names what both
    changed and differ in. `who` and `when` say whose change it was, where known.
    """

    def __init__(
        self, base: Any, mine: Any, theirs: Any, fields: tuple[str, ...], *, who: str = "", when: object = None
    ) -> None:
        super().__init__("Changed by another desk meanwhile: {names}.", names=", ".join(fields))
        self.base = base
        self.mine = mine
        self.theirs = theirs
        self.fields = fields
        self.who = who
        self.when = when


class NotAllowed(StudioError):
    """The person at this desk lacks the permission."""


class NotFound(StudioError):
    """The record is gone, or never was."""


class Deleted(NotFound):
    """Somebody put the record into the trash meanwhile: `who` and `when`, where known. It can be brought back."""

    def __init__(self, template: str, *, who: str = "", when: datetime | None = None, **values: object) -> None:
        super().__init__(template, who=who or "Somebody", **values)
        self.who = who
        self.when = when


class InUse(StudioError):
    """A catalog row cannot go while records use it; `count` says how many. Choose a replacement."""

    def __init__(self, template: str, *, count: int, **values: object) -> None:
        super().__init__(template, count=count, **values)
        self.count = count


class DatabaseUnavailable(StudioError):
    """The database cannot be reached or cannot be written now; nothing was saved, and trying again is safe."""


class DatabaseTooNew(StudioError):
    """The database belongs to a newer program; it is not touched."""


class AlreadyOpen(StudioError):
    """Another program has this SQLite file open."""
