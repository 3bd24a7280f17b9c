"""Photos of clients, and other pictures of the studio."""

import sqlalchemy as sa
from alembic import op

from studio_desktop.database.migrations import altered
from studio_desktop.database.types import Id, Instant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "image",
        sa.Column("id", Id, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image")),
        sa.UniqueConstraint("hash", name=op.f("uq_image_hash")),
        sqlite_autoincrement=True,
    )
    with altered("client") as client:
        client.add_column(sa.Column("image_hash", sa.String(64), nullable=False, server_default=""))
        client.create_check_constraint("image_hash_length", "length(image_hash) <= 64")
