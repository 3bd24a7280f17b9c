"""Who was erased is known by id, so that restoring an older backup brings nobody back."""

import sqlalchemy as sa
from alembic import op

from studio_desktop.database.types import Id, Instant

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", Id, nullable=False),
        sa.Column("client_id", Id, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sqlite_autoincrement=True,
    )
