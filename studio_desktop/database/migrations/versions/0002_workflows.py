"""The steps that communications, photo sessions, invoices, tasks and production orders pass through (S1-03)."""

import sqlalchemy as sa
from alembic import op

from studio_desktop.database.types import Id, Instant, Key

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for name in (
        "communication_status", "photo_session_status", "task_status", "production_status", "invoice_status",
    ):  # fmt: skip
        _create_workflow(name)


def _create_workflow(name: str) -> None:
    op.create_table(
        name,
        sa.Column("id", Id, nullable=False),
        sa.Column("description", sa.String(80), nullable=False, server_default=""),
        sa.Column("description_key", Key, nullable=False, server_default=""),
        sa.Column("position", sa.Integer, nullable=False, server_default="0"),
        sa.Column("inactive", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("default_duration", sa.Integer, nullable=True),
        sa.Column("first_step", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("final_step", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("colour", sa.String(20), nullable=False, server_default=""),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", Id, nullable=True),
        sa.Column("updated_at", Instant, nullable=False),
        sa.Column("updated_by", Id, nullable=True),
        sa.CheckConstraint("length(description) <= 80", name=op.f(f"ck_{name}_description_length")),
        sa.CheckConstraint("default_duration BETWEEN 0 AND 3650", name=op.f(f"ck_{name}_duration")),
        sa.CheckConstraint("length(colour) <= 20", name=op.f(f"ck_{name}_colour_length")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f(f"fk_{name}_created_by")),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name=op.f(f"fk_{name}_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("description_key", name=op.f(f"uq_{name}_description_key")),
        sqlite_autoincrement=True,
    )
