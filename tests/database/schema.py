"""What a database looks like, in words that are the same however it came to look so."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, create_engine, func, inspect, select, table
from sqlalchemy.pool import NullPool

from studio_desktop.database.engine import checked_url


def described(url: str) -> dict[str, Any]:
    """Everything that tables, indexes, triggers and grants of a database say; the order of tables' parts left out."""
    engine = create_engine(checked_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        inspector = inspect(connection)
        found = {name: _table(inspector, name) for name in inspector.get_table_names()}
        if connection.dialect.name == "sqlite":
            return found | _sqlite_extras(connection)
        return found | _postgresql_extras(connection)


def counts(url: str) -> dict[str, int]:
    """The rows of each table."""
    engine = create_engine(checked_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        count = select(func.count())
        return {name: connection.execute(count.select_from(table(name))).scalar_one() for name in names}


def fingerprint(url: str) -> list[Any]:
    """Schema and number of rows of a database, to see whether it is still the same one; much faster to get."""
    engine = create_engine(checked_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            objects = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master ORDER BY name").all()
            tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        else:
            objects = [_postgresql_extras(connection)]
            tables = connection.exec_driver_sql(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            ).scalars().all()
        count = select(func.count())
        rows = [connection.execute(count.select_from(table(name))).scalar_one() for name in sorted(tables)]
        return [objects, rows]


def _table(inspector: Any, name: str) -> dict[str, Any]:
    return {
        "columns": {
            column["name"]: (str(column["type"]), column["nullable"], column["default"])
            for column in inspector.get_columns(name)
        },
        "key": _plain(inspector.get_pk_constraint(name)),
        "links": sorted(map(_plain, inspector.get_foreign_keys(name))),
        "unique": sorted(map(_plain, inspector.get_unique_constraints(name))),
        "checks": sorted(map(_plain, inspector.get_check_constraints(name))),
        "indexes": sorted(map(_plain, inspector.get_indexes(name))),
    }


def _plain(value: Any) -> str:
    """A reflected part as text that can be compared: its facts by name, SQL expressions by what they say."""
    if isinstance(value, dict):
        return str(sorted((key, _plain(fact)) for key, fact in value.items()))
    return str(value)


def _sqlite_extras(connection: Connection) -> dict[str, Any]:
    rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").all()
    return {
        "never used twice": sorted(name for kind, name, sql in rows if kind == "table" and "AUTOINCREMENT" in sql),
        "triggers": sorted((name, sql) for kind, name, sql in rows if kind == "trigger"),
        "partial": sorted((name, sql) for _, name, sql in rows if sql.startswith("CREATE UNIQUE") and " WHERE " in sql),
        "virtual": sorted((name, sql) for _, name, sql in rows if sql.startswith("CREATE VIRTUAL")),
    }


def _postgresql_extras(connection: Connection) -> dict[str, Any]:
    def rows(query: str) -> list[tuple[Any, ...]]:
        return sorted(tuple(row) for row in connection.exec_driver_sql(query))

    return {
        "triggers": rows(
            "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
        ),
        "functions": rows(
            "SELECT proname, prosrc FROM pg_proc p WHERE pronamespace = 'public'::regnamespace "
            "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        ),
        "rights": rows(
            "SELECT relname, coalesce(relacl::text, '') FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'S')"
        ),
        "columns": rows(
            "SELECT attrelid::regclass::text, attname, coalesce(attacl::text, ''), attcollation::regcollation::text, "
            "attstattarget FROM pg_attribute JOIN pg_class c ON c.oid = attrelid "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND attnum > 0 AND NOT attisdropped"
        ),
        "indexes": rows("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"),
    }
