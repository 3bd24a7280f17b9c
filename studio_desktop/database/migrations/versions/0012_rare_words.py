"""A PostgreSQL server learns how rare a rare word is, or it walks the whole list of clients for one that nobody has."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    # A new studio gets the tables of its search, and this with them, after all steps.
    if connection.exec_driver_sql("SELECT to_regclass('client_search')").scalar_one() is not None:
        op.execute("ALTER TABLE client_search ALTER tokens SET STATISTICS 1000")
        op.execute("ANALYZE client_search")
