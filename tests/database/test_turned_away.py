"""A server turns a desk away: each reason has its sentence, nobody knocks without end, and work goes on afterwards.

RELIABILITY 60, 63.
"""

from __future__ import annotations

from itertools import pairwise

import psycopg
import pytest
from sqlalchemy import text

from studio_desktop.database.engine import Database, checked_url
from studio_desktop.database.logins import LoginPause
from studio_desktop.domain.errors import DatabaseUnavailable
from studio_desktop.services import Services, new_request
from studio_desktop.services.users import sit_down
from tests.builders import a_client
from tests.postgres import OwnServer
from tests.proxy import Proxy


@pytest.fixture
def server(postgres_server):
    """The tests' own server, which asks for a password by TCP."""
    if not isinstance(postgres_server, OwnServer):
        pytest.skip("another server may let everybody in")
    return postgres_server


@pytest.fixture
def admin(server):
    """Who looks after the server."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE front_desk LOGIN PASSWORD 'first'")
        yield connection
        connection.execute("DROP ROLE front_desk")


@pytest.fixture
def desk(server, admin, fresh_url):
    """A desk with a login of its own on an empty database, by TCP, and the way it takes."""
    proxy = Proxy(server.port)
    url = checked_url(server.tcp_url(fresh_url("postgresql"))).set(username="front_desk", port=proxy.port)
    database = Database(url, password="first")
    yield database, proxy
    database.close()
    proxy.close()


def ask(database):
    return database.read(lambda connection: connection.execute(text("SELECT 42")).scalar_one())


def test_that_each_way_of_being_turned_away_has_its_sentence(server, fresh_url):
    """RELIABILITY 60."""
    url = checked_url(server.tcp_url(fresh_url("postgresql")))
    with pytest.raises(DatabaseUnavailable, match="does not accept this user name and password"):
        Database(url, password="wrong")
    with pytest.raises(DatabaseUnavailable, match="does not accept this user name and password"):
        Database(url.set(username="stranger"), password="wrong")
    with pytest.raises(DatabaseUnavailable, match="no database of this name"):
        Database(url.set(database="nowhere"), password=server.password)
    Database(url, password=server.password).close()


def test_that_a_desk_whose_password_was_changed_does_not_try_the_old_one_without_end(server, admin, desk):
    """RELIABILITY 60: no login loop that locks the account."""
    database, proxy = desk
    admin.execute("ALTER ROLE front_desk PASSWORD 'second'")
    server.disconnect(database.url.database)
    before = proxy.visitors
    for _ in range(5):
        with pytest.raises(DatabaseUnavailable, match="does not accept this user name and password"):
            ask(database)
    assert proxy.visitors == before + 1


def test_that_a_refused_login_is_tried_again_after_pauses_that_grow_until_it_is_let_in():
    """RELIABILITY 60."""
    moment, right, tried = 0.0, False, []
    logins = LoginPause(lambda: moment)

    def connect():
        tried.append(moment)
        if not right:
            raise psycopg.OperationalError('FATAL:  password authentication failed for user "desk"')
        return "in"

    while moment < 3600:
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            logins.connect(connect)
        moment += 5
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert pauses == sorted(pauses)
    assert len(tried) < 12
    right, moment = True, moment + 900
    assert [logins.connect(connect), logins.connect(connect)] == ["in", "in"]


def test_that_a_database_that_is_closed_or_gone_under_a_desk_is_said_as_what_it_is(server, admin, desk):
    """RELIABILITY 60: after the restart, the closed and the dropped database each have their own sentence."""
    database, _ = desk
    name = database.url.database
    server.disconnect(name)
    assert ask(database) == 42
    admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    server.disconnect(name)
    with pytest.raises(DatabaseUnavailable, match="lets nobody into this database just now"):
        ask(database)
    admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert ask(database) == 42
    server.drop(server.database_url(name))
    with pytest.raises(DatabaseUnavailable, match="no database of this name"):
        ask(database)


def test_that_a_server_without_a_free_connection_says_so_and_work_goes_on_when_there_is_one(admin, desk):
    """RELIABILITY 63."""
    database, _ = desk
    admin.execute("ALTER ROLE front_desk CONNECTION LIMIT 1")
    assert ask(database) == 42
    with pytest.raises(DatabaseUnavailable, match="no free connection left"):
        database.write(ask_in)
    admin.execute("ALTER ROLE front_desk CONNECTION LIMIT 10")
    assert database.write(ask_in) == 42


def ask_in(connection):
    return connection.execute(text("SELECT 42")).scalar_one()


def test_that_no_transaction_stays_open_while_a_record_is_shown(server, fresh_studio, clock):
    """RELIABILITY 63: what was read and saved holds nothing, so that idle desks leave the server free."""
    database = Database(fresh_studio("postgresql"))
    services = Services(database, sit_down(database, clock, "FRONT-1"))
    client = a_client(services)
    services.clients.open(client.id)
    services.clients.delete([client.id], new_request())
    with psycopg.connect(server.url, autocommit=True) as admin:
        query = "SELECT state FROM pg_stat_activity WHERE datname = %s"
        states = {state for (state,) in admin.execute(query, (database.url.database,))}
    assert states == {"idle"}
    database.close()
