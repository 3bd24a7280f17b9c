"""The connection holds what it promises: three lanes, sentences for what goes wrong, and nothing lost or done twice.

RELIABILITY B2 (15, 16, 20, 21, 23 to 25), B5 (56 to 59, 62).
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError

from studio_desktop.database import engine
from studio_desktop.database.engine import Database, checked_url
from studio_desktop.database.tables.people import client, note
from studio_desktop.database.tables.studio import studio
from studio_desktop.domain.errors import AlreadyOpen, DatabaseUnavailable, InvalidInput, NotAllowed, NotFound
from studio_desktop.services import Services
from studio_desktop.services.listings.declaration import Query
from studio_desktop.services.users import sit_down
from tests.builders import a_client
from tests.conftest import NOW
from tests.protection import small_disk, write_protected


@pytest.fixture
def file_studio(fresh_studio):
    """A studio in a SQLite file, open."""
    database = Database(fresh_studio("sqlite"))
    yield database
    database.close()


@pytest.fixture
def server_studio(fresh_studio):
    """A studio on the server, open."""
    database = Database(fresh_studio("postgresql"))
    yield database
    database.close()


def rename(name):
    return lambda connection: connection.execute(update(studio).values(name=name))


def name_of(database):
    return database.read(lambda connection: connection.execute(select(studio.c.name)).scalar_one())


def add_person(connection, name="Adams"):
    made = insert(client).values(last_name=name, created_at=NOW, updated_at=NOW)
    return connection.execute(made.returning(client.c.id)).scalar_one()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("studio.db", "not a database address"),
        ("mysql://desk@server/studio", "not a database address"),
        ("sqlite://", "not a database address"),
        ("sqlite:///:memory:", "not a database address"),
        ("postgresql://desk@server", "not a database address"),
        ("postgresql://desk:secret@server/studio", "must not hold a password"),
    ],
)
def test_that_an_address_that_cannot_be_used_says_why(url, said):
    with pytest.raises(InvalidInput, match=said) as refused:
        checked_url(url)
    assert "secret" not in str(refused.value)


def test_that_a_write_is_one_transaction(database):
    def work(connection):
        rename("Half done")(connection)
        raise InvalidInput("no")

    with pytest.raises(InvalidInput):
        database.write(work)
    assert name_of(database) == ""
    database.write(rename("Whole"))
    assert name_of(database) == "Whole"


def test_that_the_reading_lane_cannot_write(database):
    if database.dialect == "sqlite":
        with pytest.raises(DatabaseUnavailable, match="only be read"):
            database.read(rename("No"))
    with pytest.raises(DatabaseUnavailable, match="only be read"), database.snapshot() as connection:
        rename("No")(connection)
    assert name_of(database) == ""


def test_that_a_snapshot_sees_one_moment_while_saves_go_on(database):
    with database.snapshot() as connection:
        before = connection.execute(select(studio.c.name)).scalar_one()
        database.write(rename("Later"))
        assert name_of(database) == "Later"
        assert connection.execute(select(studio.c.name)).scalar_one() == before


def test_that_a_fault_of_the_program_is_not_explained_away(database):
    for lane in (database.read, database.write):
        with pytest.raises(DBAPIError):
            lane(lambda connection: connection.execute(text("SELECT nonsense FROM nowhere")))


def test_that_a_file_may_have_any_name(tmp_path):
    path = tmp_path / "what? 100% Ünsere #1.db"
    database = Database(engine.URL.create("sqlite", database=str(path)), create=True)
    database.close()
    assert path.exists()


def test_that_a_missing_file_is_not_made_by_accident(tmp_path):
    with pytest.raises(NotFound, match=r"nothing\.db"):
        Database(f"sqlite:///{tmp_path / 'nothing.db'}")
    assert list(tmp_path.iterdir()) == []


def test_that_a_second_program_is_refused_and_reading_beside_works(file_studio):
    """RELIABILITY 23."""
    file_studio.write(rename("Ours"))
    with pytest.raises(AlreadyOpen):
        Database(file_studio.url)
    beside = Database(file_studio.url, read_only=True)
    assert name_of(beside) == "Ours"
    with pytest.raises(NotAllowed, match="only looked at"):
        beside.write(rename("Theirs"))
    beside.close()


HOLD = """
import sqlite3, sys, time
other = sqlite3.connect(sys.argv[1], isolation_level=None)
other.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""


@contextmanager
def held_by_another_program(database, seconds):
    command = [sys.executable, "-c", HOLD, str(database.path), str(seconds)]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "held\n"
        yield
    finally:
        holder.kill()
        holder.communicate()


def test_that_a_save_waits_for_a_program_that_holds_the_file_for_three_seconds(file_studio):
    """RELIABILITY case 24."""
    with held_by_another_program(file_studio, 3):
        file_studio.write(rename("Patience"))
    assert name_of(file_studio) == "Patience"


def test_that_a_save_says_so_when_the_file_stays_held_and_works_afterwards(file_studio):
    """RELIABILITY case 24."""
    with held_by_another_program(file_studio, 60):
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable, match="Another program holds the database; nothing was saved"):
            file_studio.write(rename("Now"))
        assert time.monotonic() - began < 9
        assert name_of(file_studio) == ""
    file_studio.write(rename("Later"))
    assert name_of(file_studio) == "Later"


def test_that_eight_threads_that_read_and_then_write_never_meet_a_busy_file(file_studio):
    """RELIABILITY case 25: a reader that becomes a writer is refused at once, whatever the time-out."""
    failed = []

    def count_up():
        for _ in range(10):
            try:
                file_studio.write(_raise_name)
            except Exception as error:
                failed.append(error)

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    file_studio.write(rename("0"))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert name_of(file_studio) == "80"


def _raise_name(connection):
    present = connection.execute(select(studio.c.name)).scalar_one()
    connection.execute(update(studio).values(name=str(int(present) + 1)))


def test_that_a_full_disk_is_said_and_saving_goes_on_when_there_is_room(file_studio, tmp_path):
    """RELIABILITY 15, 16: deleting needs room as well."""
    file_studio.close()
    with small_disk(tmp_path / "small", "3m") as small:
        (small / "studio.db").write_bytes(file_studio.path.read_bytes())
        ballast = small / "ballast"
        ballast.write_bytes(bytes(500_000))
        database = Database(f"sqlite:///{small / 'studio.db'}")
        person = database.write(add_person)
        saved = []

        def add_note(connection):
            long = insert(note).values(client_id=person, text="x" * 60_000, created_at=NOW, updated_at=NOW)
            return connection.execute(long.returning(note.c.id)).scalar_one()

        with pytest.raises(DatabaseUnavailable, match="The disk is full; nothing was saved"):
            saved.extend(database.write(add_note) for _ in range(200))
        with pytest.raises(DatabaseUnavailable, match="The disk is full"):
            database.write(lambda connection: connection.execute(note.delete()))
        ballast.unlink()
        saved.append(database.write(add_note))
        assert database.read(lambda connection: connection.execute(select(note.c.id)).scalars().all()) == saved
        assert database.read(lambda c: c.exec_driver_sql("PRAGMA integrity_check").scalar_one()) == "ok"
        database.close()


@pytest.mark.parametrize("part", ["file", "folder"])
def test_that_a_file_that_may_not_be_written_is_read_and_a_save_says_so(file_studio, part):
    """RELIABILITY case 20."""
    file_studio.close()
    with write_protected(file_studio.path if part == "file" else file_studio.path.parent):
        database = Database(file_studio.url)
        assert name_of(database) == ""
        with pytest.raises(NotAllowed, match="write-protected: it can be read, but nothing can be changed"):
            database.write(rename("No"))
        database.close()


@pytest.mark.parametrize(
    "contents",
    [b"not a database", b"SQLite format 3\0" + b"\xff" * 4096, b"\0" * 8192],
    ids=["text", "header", "zeros"],
)
def test_that_a_file_that_is_no_studio_is_refused_and_not_touched(tmp_path, contents):
    """RELIABILITY case 21."""
    path = tmp_path / "studio.db"
    path.write_bytes(contents)
    with pytest.raises((DatabaseUnavailable, InvalidInput), match=r"damaged|not a Studio Desktop file"):
        Database(f"sqlite:///{path}", create=True)
    assert path.read_bytes() == contents


def test_that_a_truncated_file_says_so(file_studio):
    """RELIABILITY 21, 27."""
    path = file_studio.path
    file_studio.close()
    path.write_bytes(path.read_bytes()[:-20_000])
    with pytest.raises(DatabaseUnavailable, match="damaged"):
        Database(file_studio.url)


def test_that_a_file_in_which_a_letter_of_a_tables_definition_is_harmed_says_so(file_studio):
    """RELIABILITY 21, C16: SQLite's own words for it are no text any more."""
    path = file_studio.path
    file_studio.close()
    path.write_bytes(path.read_bytes().replace(b"REFERENCES", b"REFE\xeeENCES", 1))
    with pytest.raises(DatabaseUnavailable, match="damaged"):
        Database(file_studio.url)


def test_that_a_server_that_is_not_there_says_so():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(DatabaseUnavailable, match="refused"):
        Database(f"postgresql://desk@127.0.0.1:{port}/studio")


def test_that_a_database_in_another_encoding_is_refused(postgres_server):
    name = "studio_test_latin"
    with psycopg.connect(postgres_server.url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    url = postgres_server.database_url(name)
    try:
        with pytest.raises(DatabaseUnavailable, match="encoded in SQL_ASCII"):
            Database(url)
    finally:
        postgres_server.drop(url)


def test_that_a_desk_whose_connections_were_ended_reads_and_saves_on(server_studio, postgres_server):
    """RELIABILITY cases 56 and 60."""
    server_studio.write(rename("Before"))
    assert postgres_server.disconnect(server_studio.url.database) >= 2
    assert name_of(server_studio) == "Before"
    assert postgres_server.disconnect(server_studio.url.database) >= 1
    server_studio.write(rename("After"))
    assert name_of(server_studio) == "After"


def test_that_a_connection_ended_in_mid_transaction_leaves_nothing_half_done(server_studio, postgres_server):
    """RELIABILITY case 57."""
    passes = []

    def work(connection):
        passes.append(add_person(connection, f"Attempt {len(passes)}"))
        if len(passes) == 1:
            assert postgres_server.disconnect(server_studio.url.database) >= 1
        rename("Done")(connection)

    server_studio.write(work)
    people = server_studio.read(lambda connection: connection.execute(select(client.c.last_name)).scalars().all())
    assert people == ["Attempt 1"]


def test_that_two_saves_that_wait_for_each_other_both_succeed(server_studio):
    """RELIABILITY case 44."""
    first, second = server_studio.write(add_person), server_studio.write(add_person)
    met = threading.Barrier(2)
    failed = []

    def save(one, other):
        tried = []

        def work(connection):
            connection.execute(update(client).where(client.c.id == one).values(nickname="x"))
            if not tried:
                tried.append(True)
                met.wait(10)
            connection.execute(update(client).where(client.c.id == other).values(nickname="x"))

        try:
            server_studio.write(work)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=save, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []


def test_that_a_statement_that_takes_too_long_is_given_up_and_imports_are_not(server_studio):
    with pytest.raises(DatabaseUnavailable, match="took too long"):
        server_studio.read(lambda connection: connection.execute(text("SELECT pg_sleep(30)")))

    def limits(connection):
        names = ("statement_timeout", "lock_timeout")
        return [connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in names]

    assert server_studio.write(limits, patient=True) == ["0", "0"]
    assert "0" not in server_studio.write(limits)


def test_that_a_silent_network_never_holds_a_desk_for_ever(network):
    """RELIABILITY case 59: neither the server's limit nor TCP's own ends this wait."""
    database, proxy = network
    database.write(rename("Before"))
    proxy.fall_silent()
    began = time.monotonic()
    for lane in (name_of, lambda one: one.write(rename("Lost"))):
        with pytest.raises(DatabaseUnavailable):
            lane(database)
    assert time.monotonic() - began < 30
    proxy.heal()
    assert name_of(database) == "Before"
    database.write(rename("After"))
    assert name_of(database) == "After"


def test_that_a_long_read_may_be_silent_for_longer_than_a_save(network):
    database, _ = network
    with database.snapshot() as connection:
        assert connection.execute(text("SELECT 1 FROM pg_sleep(2.5)")).scalar_one() == 1


def test_that_a_long_list_comes_over_a_slow_line_and_other_answers_have_their_limit(network, clock):
    """RELIABILITY case 62: all ids of a list take longer than an answer may."""
    database, proxy = network
    services = Services(database, sit_down(database, clock, "FRONT-1"))
    database.write(lambda connection: [add_person(connection, f"Person {number:03}") for number in range(400)])
    proxy.be_slow(1_000)
    assert len(services.listings.ids("clients", Query())) == 400
    with pytest.raises(DatabaseUnavailable):
        database.read(lambda connection: connection.execute(text("SELECT repeat('x', 3000)")).scalar_one())


def test_that_a_statement_the_server_refuses_does_not_get_a_later_wait_cut(network):
    """What ends in an error has ended: its deadline must not strike while the desk computes."""
    database, _ = network
    passes = []

    def work(connection):
        passes.append(connection)
        with pytest.raises(DBAPIError):
            connection.execute(text("SELECT 1 / 0"))
        threading.Event().wait(1.5)
        return connection.execute(text("SELECT 'computed'")).scalar_one()

    assert database.read(work) == "computed"
    assert len(passes) == 1


def test_that_a_save_whose_answer_was_lost_is_done_once(network, clock):
    """RELIABILITY case 58: the line is cut after the server committed and before the desk heard of it."""
    database, proxy = network
    services = Services(database, sit_down(database, clock, "FRONT-1"))
    for number in range(5):
        proxy.lose_next_commit()
        assert a_client(services, last_name=f"Person {number}").last_name == f"Person {number}"
    people = database.read(lambda connection: connection.execute(select(client.c.last_name)).scalars().all())
    assert sorted(people) == [f"Person {number}" for number in range(5)]


def test_that_a_cut_while_nobody_works_goes_unnoticed(network):
    """RELIABILITY 56."""
    database, proxy = network
    database.write(rename("Before"))
    proxy.cut()
    database.write(rename("After"))
    proxy.cut()
    assert name_of(database) == "After"


def test_that_the_clock_of_the_server_is_compared_with_ours(database):
    assert abs(database.clock_offset().total_seconds()) < 5
