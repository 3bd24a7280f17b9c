"""What the server refuses whoever sits at the desk (DECISIONS 14): no altering of tables, no rewriting of history."""

from __future__ import annotations

import uuid
from datetime import date

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from studio_desktop import __version__
from studio_desktop.database import migrate
from studio_desktop.database.engine import Database
from studio_desktop.database.tables.studio import history, history_value, schema_info
from studio_desktop.domain.errors import DatabaseUnavailable
from studio_desktop.services import Services
from studio_desktop.services.users import sit_down
from tests.builders import a_client


@pytest.fixture
def server_studio(fresh_studio):
    """A studio on the server."""
    return fresh_studio("postgresql")


@pytest.fixture
def login(postgres_server):
    """`login(attributes)` makes a login of the server that is nobody yet, and gives its name."""
    made = []

    def make(attributes=""):
        made.append(f"studio_test_login_{uuid.uuid4().hex[:8]}")
        with psycopg.connect(postgres_server.url, autocommit=True) as server:
            server.execute(sql.SQL("CREATE ROLE {} LOGIN " + attributes).format(sql.Identifier(made[-1])))
        return made[-1]

    yield make
    with psycopg.connect(postgres_server.url, autocommit=True) as server:
        databases = [name for (name,) in server.execute("SELECT datname FROM pg_database WHERE datallowconn")]
        for name in made:
            server.execute(sql.SQL("REVOKE studio_program FROM {}").format(sql.Identifier(name)))
            for database in databases:
                with psycopg.connect(postgres_server.database_url(database), autocommit=True) as inside:
                    inside.execute(sql.SQL("REASSIGN OWNED BY {} TO current_user").format(sql.Identifier(name)))
                    inside.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(name)))
            server.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def as_login(url, name):
    return make_url(url).set(username=name).render_as_string()


def prepare(url, tmp_path, **options):
    return migrate.prepare(url, program_version=__version__, backup_folder=tmp_path, **options)


def run(url, *statements):
    with psycopg.connect(url, autocommit=True) as server:
        for statement in statements:
            server.execute(statement)


def test_that_daily_work_runs_in_the_programs_role(server_studio, tmp_path):
    """RELIABILITY 99."""
    database = prepare(server_studio, tmp_path)
    assert database.read(lambda c: c.execute(text("SELECT current_user")).scalar_one()) == "studio_program"
    assert database.write(lambda c: c.execute(text("SELECT current_user")).scalar_one()) == "studio_program"
    database.close()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.anything (id int)",
        "ALTER TABLE client ADD COLUMN anything int",
        "DROP TABLE note",
        "DROP TRIGGER history_refuse_update ON history",
        "CREATE FUNCTION public.anything() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "TRUNCATE history",
        "UPDATE history SET field = ''",
        "DELETE FROM history",
        "UPDATE history_value SET new = ''",
        "UPDATE alembic_version SET version_num = ''",
        "UPDATE schema_info SET lowest_program = ''",
    ],
)
def test_that_the_programs_role_may_not(server_studio, tmp_path, statement):
    """RELIABILITY 97, 99."""
    database = prepare(server_studio, tmp_path)
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        database.write(lambda connection: connection.exec_driver_sql(statement))
    database.close()


@pytest.mark.parametrize(
    "rewriting",
    [history.update().values(field="x"), history.delete(), history_value.update().values(new="x")],
    ids=["change a line", "remove a line", "change a value"],
)
def test_that_history_cannot_be_rewritten_even_by_the_owner_of_the_tables(studio_url, services, rewriting):
    """RELIABILITY 100."""
    saved = a_client(services, last_name="Adams")
    services.statuses.change([saved.id], 1, str(uuid.uuid4()))
    services.database.close()
    owner = Database(studio_url, as_owner=True)
    with pytest.raises(DBAPIError, match="is kept as it was written"):
        owner.write(lambda connection: connection.execute(rewriting))
    owner.close()


def test_that_an_erasure_may_remove_old_and_new_values(services):
    """DECISIONS 12: only the values of history, never its lines."""
    saved = a_client(services, last_name="Adams")
    services.statuses.change([saved.id], 1, str(uuid.uuid4()))
    removed = services.database.write(lambda connection: connection.execute(history_value.delete()).rowcount)
    assert removed > 0
    assert services.database.read(lambda connection: connection.execute(select(history.c.id)).first())


def test_that_a_desk_with_a_login_of_its_own_works_but_cannot_become_the_owner(server_studio, login, tmp_path):
    name = login()
    run(server_studio, f"GRANT studio_program TO {name}")
    database = prepare(as_login(server_studio, name), tmp_path)
    assert database.read(lambda c: c.execute(select(schema_info.c.id)).scalar_one()) == 1
    with pytest.raises(DBAPIError, match="permission denied"):
        database.write(lambda connection: connection.exec_driver_sql("RESET ROLE; DELETE FROM history"))
    database.close()


def test_that_a_login_without_the_role_is_told_what_an_administrator_runs(server_studio, login, tmp_path):
    name = login()
    with pytest.raises(DatabaseUnavailable, match=f"GRANT studio_program TO {name};"):
        prepare(as_login(server_studio, name), tmp_path)


def test_that_only_the_owner_upgrades_and_others_are_told_who_that_is(server_studio, login, tmp_path, monkeypatch):
    name = login()
    run(server_studio, f"GRANT studio_program TO {name}")
    monkeypatch.setattr(migrate, "HEAD", "9999")
    with pytest.raises(DatabaseUnavailable, match="its owner may do: start the program once with the login postgres"):
        prepare(as_login(server_studio, name), tmp_path)


def test_that_a_login_that_may_make_no_tables_is_told_what_an_administrator_runs(fresh_url, login, tmp_path):
    url = fresh_url("postgresql")
    name = login()
    with pytest.raises(DatabaseUnavailable, match=f"ALTER DATABASE {make_url(url).database} OWNER TO {name};"):
        prepare(as_login(url, name), tmp_path, create=True)


def test_that_an_owner_who_may_make_no_roles_is_told_what_an_administrator_runs_and_then_works(
    fresh_url, login, server_studio, tmp_path
):
    url = fresh_url("postgresql")
    name = login()
    run(url, f"ALTER DATABASE {make_url(url).database} OWNER TO {name}")
    with pytest.raises(DatabaseUnavailable, match=f"GRANT studio_program TO {name};"):
        prepare(as_login(url, name), tmp_path, create=True)
    run(url, f"GRANT studio_program TO {name}")
    database = prepare(as_login(url, name), tmp_path, create=True)
    assert database.read(lambda c: c.execute(text("SELECT current_user")).scalar_one()) == "studio_program"
    database.close()


def test_that_an_owner_who_may_make_roles_needs_nobody(fresh_url, login, server_studio, tmp_path):
    url = fresh_url("postgresql")
    name = login("CREATEROLE")
    # Only who made a role, or was given it with ADMIN OPTION, may hand it on.
    run(url, f"ALTER DATABASE {make_url(url).database} OWNER TO {name}")
    run(url, f"GRANT studio_program TO {name} WITH ADMIN OPTION")
    database = prepare(as_login(url, name), tmp_path, create=True)
    assert database.read(lambda c: c.execute(text("SELECT current_user")).scalar_one()) == "studio_program"
    database.close()


@pytest.mark.parametrize("day", ["infinity", "-infinity", "10000-01-01", "0044-03-15 BC"])
def test_that_a_day_of_no_calendar_is_refused_whoever_writes_it(server_studio, clock, day):
    """RELIABILITY 87: no desk could read the list with such a row."""
    database = Database(server_studio)
    services = Services(database, sit_down(database, clock, "FRONT-1"))
    anna = a_client(services, contract_date=date(9999, 12, 31))
    for column in ("contract_date", "created_at"):
        with psycopg.connect(server_studio) as psql, pytest.raises(psycopg.errors.CheckViolation):
            psql.execute(sql.SQL("UPDATE client SET {} = {}").format(sql.Identifier(column), sql.Literal(day)))
    assert services.clients.get(anna.id) == anna
    database.close()
