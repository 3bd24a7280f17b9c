"""What the database itself refuses, whoever asks: rewriting history or what a client agreed to, days of no calendar.

One list for both databases, made anew by every migration, because altering a table on SQLite drops its triggers.
"""

from __future__ import annotations

from sqlalchemy import Connection, Date, inspect

from studio_desktop.database.tables import metadata
from studio_desktop.database.types import Instant

REFUSED: tuple[tuple[str, str, str], ...] = (
    ("history", "UPDATE", ""),
    ("history", "DELETE", ""),
    ("history_value", "UPDATE", ""),
    ("consent", "UPDATE", " OF id, channel, purpose, answer, way, wording, at, recorded_by"),
)
"""Table, statement and, where only some columns are kept, which.

The old and new values of history may go, for an erasure removes them (DECISIONS 12); so do the answers of a client
who is erased. Whose answer it is changes when two records of one client are merged.
"""


def create(connection: Connection) -> None:
    """Make every trigger of the list anew."""
    drop(connection)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_REFUSE)
        _limit_days(connection)
    there = inspect(connection)
    for table, action, columns in REFUSED:
        if not there.has_table(table):
            continue  # an older studio does not have all of them yet
        trigger = _TRIGGER[connection.dialect.name].format(table=table, action=action, columns=columns)
        connection.exec_driver_sql(trigger)


def drop(connection: Connection) -> None:
    """Remove every trigger of the list that is there, so that a migration may alter the tables."""
    for table, action, _ in REFUSED:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_refuse_{action}")
        elif connection.exec_driver_sql("SELECT to_regclass(%s)", (table,)).scalar_one() is not None:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_refuse_{action} ON {table}")


def _limit_days(connection: Connection) -> None:
    """PostgreSQL knows `infinity` and years beyond 9999, which no program in Python can read (RELIABILITY 87).

    What stands there already is not looked at, so that an upgrade takes no time.
    """
    there = inspect(connection)
    for table in metadata.sorted_tables:
        days = [column.name for column in table.columns if isinstance(column.type, Date | Instant)]
        if days and there.has_table(table.name):
            name = f'"{table.name}"'
            limits = " AND ".join(f"\"{day}\" BETWEEN '0001-01-01' AND '9999-12-31'" for day in days)
            dropped = f"DROP CONSTRAINT IF EXISTS ck_{table.name}_calendar"
            added = f"ADD CONSTRAINT ck_{table.name}_calendar CHECK ({limits}) NOT VALID"
            connection.exec_driver_sql(f"ALTER TABLE {name} {dropped}, {added}")


_TRIGGER = {
    "sqlite": "CREATE TRIGGER {table}_refuse_{action} BEFORE {action}{columns} ON {table} "
    "BEGIN SELECT RAISE(ABORT, '{table} is kept as it was written'); END",
    "postgresql": "CREATE TRIGGER {table}_refuse_{action} BEFORE {action}{columns} ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()",
}

_REFUSE = """
CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE restrict_violation USING MESSAGE = TG_TABLE_NAME || ' is kept as it was written';
END $$
"""
