"""Addresses are found by their postcode, which brings the town (C2)."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_index("ix_address_place", "address", ["postcode", "town", "region", "country"])
