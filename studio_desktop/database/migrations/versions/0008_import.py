"""Imports that change clients whom the studio has: how many of them an import changed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("import_batch", sa.Column("updated", sa.Integer, nullable=False, server_default="0"))
