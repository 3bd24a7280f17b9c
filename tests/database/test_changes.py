"""Every desk hears every change once, also those that commit late, and after its line was cut (RELIABILITY case 42)."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import insert, text

from studio_desktop.database.changes import CHANNEL, Feed
from studio_desktop.database.engine import Database
from studio_desktop.database.notifications import Listener
from studio_desktop.database.tables.studio import change
from studio_desktop.domain.changes import Change
from studio_desktop.services import Services
from studio_desktop.services.users import sit_down
from tests.builders import a_client
from tests.conftest import NOW


def feed_of(database):
    return database.read(Feed)


def news(database, feed):
    return [told.record_id for _, told in database.read(feed.news)]


def tell(connection, *record_ids):
    rows = [{"kind": "client", "record_id": one, "request_id": f"request {one}", "at": NOW} for one in record_ids]
    connection.execute(insert(change), rows)


@pytest.fixture
def server(fresh_studio):
    """A studio on the server, open."""
    opened = Database(fresh_studio("postgresql"))
    yield opened
    opened.close()


@contextmanager
def slow_desk(database, record_id):
    """A desk whose transaction has its number already and commits when the block ends."""
    desk = Database(str(database.url))
    with desk.migrating() as connection, connection.begin():
        connection.execute(text("UPDATE studio SET name = 'slow'"))
        tell(connection, record_id)
        yield
    desk.close()


def test_that_a_reader_begins_with_the_present_and_is_told_each_change_once(services):
    database = services.database
    a_client(services, last_name="Before")
    feed = feed_of(database)
    assert database.read(feed.news) == []
    saved = a_client(services, last_name="After")
    told = database.read(feed.news)
    assert Change("client", saved.id) in [one for _, one in told]
    assert len({request for request, _ in told}) == 1
    assert database.read(feed.news) == []


def test_that_changes_come_in_the_order_they_were_made(database):
    feed = feed_of(database)
    database.write(lambda connection: tell(connection, 1, 2))
    database.write(lambda connection: tell(connection, 3))
    assert news(database, feed) == [1, 2, 3]


def test_that_a_change_that_commits_after_later_ones_is_still_told(server):
    feed = feed_of(server)
    with slow_desk(server, 1):
        server.write(lambda connection: tell(connection, 2))
        assert news(server, feed) == [2]
        for number in range(3, 30):
            server.write(lambda connection, number=number: tell(connection, number))
            assert news(server, feed) == [number]
    assert news(server, feed) == [1]
    assert news(server, feed) == []


def test_that_a_change_under_way_when_the_reader_began_is_told(server):
    server.write(lambda connection: tell(connection, 1))
    with slow_desk(server, 2):
        server.write(lambda connection: tell(connection, 3))
        feed = feed_of(server)
        assert news(server, feed) == []
    assert news(server, feed) == [2]


def test_that_many_desks_at_once_lose_nothing(server):
    feed = feed_of(server)
    heard = []
    writers = [
        threading.Thread(target=lambda first=first: _write_many(server, range(first, first + 40)))
        for first in (100, 200, 300)
    ]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        heard += news(server, feed)
    heard += news(server, feed)
    assert sorted(heard) == [*range(100, 140), *range(200, 240), *range(300, 340)]


def _write_many(database, numbers):
    def write(connection, number):
        # As a unit of work does, which writes the rows themselves before it tells of them.
        connection.execute(text("SELECT pg_current_xact_id()"))
        tell(connection, number)

    desk = Database(str(database.url))
    for number in numbers:
        desk.write(lambda connection, number=number: write(connection, number))
    desk.close()


def test_that_what_is_settled_is_not_read_again(server):
    feed = feed_of(server)
    for number in range(1, 50):
        server.write(lambda connection, number=number: tell(connection, number))
        news(server, feed)
    assert len(feed._told) < 5


class Ear:
    """Counts how often it was called."""

    def __init__(self):
        self._called = threading.Semaphore(0)

    def __call__(self):
        self._called.release()

    def heard(self, seconds=20):
        return self._called.acquire(timeout=seconds)

    def forget(self):
        while self._called.acquire(timeout=0.7):
            pass


@pytest.fixture
def listening(server):
    """A listener that is connected, and the ear that it calls."""
    ear = Ear()
    listener = Listener(server.url, None, ear)
    assert ear.heard()
    yield ear
    listener.close()


def _notify(database):
    database.write(lambda connection: connection.exec_driver_sql(f"NOTIFY {CHANNEL}"))


def test_that_a_listener_hears_a_commit_of_another_desk(server, listening):
    _notify(server)
    assert listening.heard()


def test_that_a_save_through_the_services_is_heard(server, listening, clock):
    a_client(Services(server, sit_down(server, clock, "FRONT-1")), last_name="Adams")
    assert listening.heard()


def test_that_a_listener_whose_connection_is_cut_connects_again_and_looks(server, listening, postgres_server):
    listening.forget()
    with psycopg.connect(postgres_server.url, autocommit=True) as admin:
        (cut,) = admin.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = %s AND query LIKE 'LISTEN%%'",
            (server.url.database,),
        ).fetchone()
    assert cut == 1
    assert listening.heard()
    _notify(server)
    assert listening.heard()


def test_that_a_listener_without_a_server_gives_up_only_when_closed(server, caplog):
    ear = Ear()
    listener = Listener(server.url.set(database="no such database"), None, ear)
    assert not ear.heard(0.5)
    listener.close()
