"""What clients agreed to, kept answer by answer (D11)."""

import sqlalchemy as sa
from alembic import op

from studio_desktop.database.types import Id, Instant

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    lines = {"channel": 20, "purpose": 20, "answer": 20, "way": 20, "wording": 500}
    op.create_table(
        "consent",
        sa.Column("id", Id, nullable=False),
        sa.Column("client_id", Id, nullable=False),
        *(sa.Column(name, sa.String(limit), nullable=False, server_default="") for name, limit in lines.items()),
        sa.Column("at", Instant, nullable=False),
        sa.Column("recorded_by", Id, nullable=True),
        *(
            sa.CheckConstraint(f"length({name}) <= {limit}", name=op.f(f"ck_consent_{name}_length"))
            for name, limit in lines.items()
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_consent_client_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_consent_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_consent_newest", "consent", ["client_id", "channel", "purpose", "id"])
