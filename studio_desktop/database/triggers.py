"""What the database itself refuses, whoever asks: rewriting history, and what a client agreed to.

One list for both databases, made anew by every migration, because altering a table on SQLite drops its triggers.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect

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
