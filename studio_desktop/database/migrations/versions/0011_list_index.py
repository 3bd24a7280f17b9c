"""The list's own index answers its counts by itself: it knows kind and stage, and leaves deleted clients out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.drop_index("ix_client_list", "client")
    is_there = sa.text("deleted_at IS NULL")
    op.create_index(
        "ix_client_list", "client", ["sort_key", "id", "kind", "stage"], sqlite_where=is_there,
        postgresql_where=is_there,
    )  # fmt: skip
