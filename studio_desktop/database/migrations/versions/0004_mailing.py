"""Mailings are kept: who printed labels for whom, on what, and who was left out."""

import sqlalchemy as sa
from alembic import op

from studio_desktop.database.types import Id, Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    lines = {"whom": 200, "sheet": 80, "name_line": 20}
    op.create_table(
        "mailing_run",
        sa.Column("id", Id, nullable=False),
        *(sa.Column(name, sa.String(limit), nullable=False, server_default="") for name, limit in lines.items()),
        sa.Column("address_on", sa.Date, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("copies", "labels", "left_out")),
        sa.Column("people", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", Id, nullable=True),
        sa.Column("workstation_id", Id, nullable=True),
        *(
            sa.CheckConstraint(f"length({name}) <= {limit}", name=op.f(f"ck_mailing_run_{name}_length"))
            for name, limit in lines.items()
        ),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_mailing_run_created_by")),
        sa.ForeignKeyConstraint(["workstation_id"], ["workstation.id"], name=op.f("fk_mailing_run_workstation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_run")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_mailing_run_created_at"), "mailing_run", ["created_at"])
