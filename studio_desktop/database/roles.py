"""Who may do what on a PostgreSQL server (DECISIONS 14).

Two roles: the login that made the tables owns and migrates them, and `studio_program`, which daily work runs in, may
neither alter tables nor rewrite history. One login may be both; a studio that wants desks without the owner's rights
gives them logins of their own that are members of `studio_program`.
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, text

from studio_desktop.database.engine import PROGRAM_ROLE
from studio_desktop.domain.errors import DatabaseUnavailable, NotAllowed

_RIGHTS = {
    "consent": "SELECT, INSERT, DELETE, UPDATE (client_id)",
    "history": "SELECT, INSERT",
    "history_value": "SELECT, INSERT, DELETE",
    "alembic_version": "SELECT",
    "schema_info": "SELECT, UPDATE (search_version)",
}
"""What the program may do with a table; with any other it may read, insert, update and delete."""


def require_program_role(connection: Connection) -> None:
    """Raise DatabaseUnavailable unless an ordinary connection really works in the program's role."""
    login, role = connection.execute(text("SELECT session_user, current_user")).one()
    if role != PROGRAM_ROLE:
        raise DatabaseUnavailable(
            "The login {login} may not use this database yet. An administrator of the server runs: "
            "GRANT {role} TO {quoted};",
            login=login, role=PROGRAM_ROLE, quoted=_quoted(connection, login),
        )  # fmt: skip


def require_owner(connection: Connection, *, empty: bool) -> None:
    """Raise DatabaseUnavailable unless this login may make the tables of an empty database, or alter those it has."""
    login = _login(connection)
    if empty:
        if not connection.execute(text("SELECT has_schema_privilege('public', 'CREATE')")).scalar_one():
            raise DatabaseUnavailable(
                "The login {login} may not make tables in this database. An administrator of the server runs: "
                "ALTER DATABASE {database} OWNER TO {quoted};",
                login=login, quoted=_quoted(connection, login), database=_quoted(connection, _database(connection)),
            )  # fmt: skip
        return
    name, is_ours = _owner(connection)
    if not is_ours:
        raise DatabaseUnavailable(
            "This database must be upgraded first, which only its owner may do: start the program once with the login "
            "{owner}.",
            owner=name,
        )


def require_restorer(connection: Connection) -> None:
    """Raise NotAllowed unless this login, whatever role it works in, may put a backup in the place of the studio."""
    name, is_ours = _owner(connection)
    if not is_ours:
        raise NotAllowed(
            "Only the owner of the database may restore a backup into it: start the program once with the login "
            "{owner}.",
            owner=name,
        )


def _owner(connection: Connection) -> tuple[str, bool]:
    """Whose the tables are, and whether this login may alter them."""
    owner = text(
        "SELECT pg_get_userbyid(relowner), pg_has_role(session_user, relowner, 'USAGE') FROM pg_class "
        "WHERE oid = 'alembic_version'::regclass"
    )
    name, is_ours = connection.execute(owner).one()
    return str(name), bool(is_ours)


def grant(connection: Connection) -> None:
    """Make the program's role where it is missing, and give it its rights in this database anew.

    Raises DatabaseUnavailable with the statements for an administrator when this login may not make roles.
    """
    _make_role(connection)
    run = connection.exec_driver_sql
    may_revoke = text("SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'public'")
    if connection.execute(may_revoke).scalar():
        run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    run(f"GRANT USAGE ON SCHEMA public TO {PROGRAM_ROLE}")
    tables, sequences = _owned(connection, "r"), _owned(connection, "S")
    ordinary = [table for table in tables if table not in _RIGHTS]
    run(f"REVOKE ALL ON {', '.join(tables)} FROM {PROGRAM_ROLE}, PUBLIC")
    run(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(ordinary)} TO {PROGRAM_ROLE}")
    for table, rights in _RIGHTS.items():
        if table not in tables:
            continue  # an older studio does not have all of them yet
        run(f"GRANT {rights} ON {table} TO {PROGRAM_ROLE}")
    run(f"GRANT SELECT, USAGE ON SEQUENCE {', '.join(sequences)} TO {PROGRAM_ROLE}")


def _make_role(connection: Connection) -> None:
    login = _login(connection)
    query = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
    exists = connection.execute(query, {"role": PROGRAM_ROLE}).first() is not None
    # From PostgreSQL 16 on, a member may use a role only when it was granted with SET.
    needed = "SET" if int(connection.execute(text("SHOW server_version_num")).scalar_one()) >= 160_000 else "MEMBER"
    member = text("SELECT pg_has_role(oid, :needed) FROM pg_roles WHERE rolname = :role")
    if exists and connection.execute(member, {"needed": needed, "role": PROGRAM_ROLE}).scalar():
        return
    may = text(
        "SELECT rolsuper OR (rolcreaterole AND (NOT :exists OR pg_has_role(:role, 'MEMBER WITH ADMIN OPTION'))) "
        "FROM pg_roles WHERE rolname = current_user"
    ).bindparams(bindparam("role", PROGRAM_ROLE if exists else login), exists=exists)
    if not connection.execute(may).scalar_one():
        create = "" if exists else f"CREATE ROLE {PROGRAM_ROLE} NOLOGIN; "
        raise DatabaseUnavailable(
            "The login {login} may not make the role that daily work runs in. An administrator of the server runs "
            "once: {create}GRANT {role} TO {quoted};",
            login=login, create=create, role=PROGRAM_ROLE, quoted=_quoted(connection, login),
        )  # fmt: skip
    if not exists:
        connection.exec_driver_sql(_CREATE_ROLE)
    connection.exec_driver_sql(f"GRANT {PROGRAM_ROLE} TO {_quoted(connection, login)}")


# Another database of the same server may be made at this very moment, and roles belong to the server.
_CREATE_ROLE = f"""
DO $$ BEGIN
    CREATE ROLE {PROGRAM_ROLE} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$
"""


def _owned(connection: Connection, kind: str) -> list[str]:
    """The tables or sequences that this login owns, quoted; an administrator may have put others beside them."""
    owned = text(
        "SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = :kind "
        "AND pg_has_role(relowner, 'USAGE') ORDER BY relname"
    )
    return list(connection.execute(owned, {"kind": kind}).scalars())


def _login(connection: Connection) -> str:
    return str(connection.execute(text("SELECT current_user")).scalar_one())


def _database(connection: Connection) -> str:
    return str(connection.execute(text("SELECT current_database()")).scalar_one())


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)
