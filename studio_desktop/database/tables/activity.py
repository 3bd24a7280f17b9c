"""What the studio does with its clients: mailings, and the steps that messages, photo sessions and orders pass."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, Text

from studio_desktop.database.tables.base import table, user_id, workflow
from studio_desktop.database.types import Id, Instant, line

communication_status = workflow("communication_status")
photo_session_status = workflow("photo_session_status")
task_status = workflow("task_status")
production_status = workflow("production_status")

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
