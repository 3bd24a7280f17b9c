"""What the database itself refuses, whoever asks: rewriting history or what a client agreed to, days of no calendar.

One list for both databases, made anew by every migration, because altering a table on SQLite drops its triggers.
"""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import IntegrityError

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

    A row that has one already must not stop an upgrade; the next one that would have one is refused all the same.
    """
    columns: dict[str, list[str]] = {}
    for table, column in connection.exec_driver_sql(_DAYS):
        columns.setdefault(table, []).append(column)
    for table, days in columns.items():
        altered, name = f'ALTER TABLE "{table}"', f"ck_{table}_calendar"
        limits = " AND ".join(f"\"{day}\" BETWEEN '0001-01-01' AND '9999-12-31'" for day in days)
        connection.exec_driver_sql(f"{altered} DROP CONSTRAINT IF EXISTS {name}")
        connection.exec_driver_sql(f"{altered} ADD CONSTRAINT {name} CHECK ({limits}) NOT VALID")
        with suppress(IntegrityError), connection.begin_nested():
            connection.exec_driver_sql(f"{altered} VALIDATE CONSTRAINT {name}")


_DAYS = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND data_type IN ('date', 'timestamp with time zone')
    ORDER BY table_name, column_name
"""

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
