"""Which records desks have open, so that the others see it before two people change the same thing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from studio_desktop.database.types import Id, Instant

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("id", Id, nullable=False),
        sa.Column("session", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("record_id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("workstation_id", Id, nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("changing_since", Instant, nullable=True),
        sa.Column("seen_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_presence_user_id")),
        sa.ForeignKeyConstraint(["workstation_id"], ["workstation.id"], name=op.f("fk_presence_workstation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence")),
        sa.UniqueConstraint("session", "kind", "record_id", name=op.f("uq_presence_session_kind_record_id")),
        sqlite_autoincrement=True,
    )
