"""A note on a client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from studio_desktop.domain import fields


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """What somebody wrote down about a client; an alert asks to be looked at (S4-26, S3-40)."""

    id: int = fields.identity()
    version: int = fields.identity()
    client_id: int = fields.identity()
    text: str = fields.note("Note")
    alert: bool = fields.flag("Alert")
    created_at: datetime | None = fields.instant("Written")
    created_by: str = fields.text("Written by", 80, derived=True)
    updated_at: datetime | None = fields.instant("Changed")
