"""Who works in the studio may have a PIN."""

import sqlalchemy as sa
from alembic import op

from studio_desktop.database.types import Id, Instant

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "user_pin",
        sa.Column("user_id", Id, autoincrement=False, nullable=False),
        sa.Column("kept", sa.String(200), nullable=False, server_default=""),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("wait_until", Instant, nullable=True),
        sa.CheckConstraint("length(kept) <= 200", name=op.f("ck_user_pin_kept_length")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_pin_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_pin")),
    )
