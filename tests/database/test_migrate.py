"""A studio's tables are made, upgraded after a verified backup, or left alone (DECISIONS 4, 11; RELIABILITY B1, B5)."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
import sys
import threading
import uuid
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from studio_desktop import __version__
from studio_desktop.database import archive, backup_folder, migrate, roles, search, triggers
from studio_desktop.database.check import check
from studio_desktop.database.engine import Database, checked_url
from studio_desktop.database.restore import restore
from studio_desktop.database.tables import metadata
from studio_desktop.database.tables.people import client, client_status, phone
from studio_desktop.database.tables.studio import history, schema_info
from studio_desktop.domain.errors import DatabaseTooNew, DatabaseUnavailable, InvalidInput, NotFound
from studio_desktop.failpoints import VARIABLE, InjectedError
from tests.builders import a_client
from tests.conftest import NOW
from tests.database import upgrades
from tests.database.schema import counts, described

ROOT = Path(__file__).parents[2]
FIRST_RELEASE = Path(__file__).with_name("studios") / "0001.zip"


@pytest.fixture
def prepare(tmp_path):
    """Open as a program does that is about to work, with the folder `backups` beside."""
    opened = []

    def prepared(url, **options):
        options = {"program_version": __version__, "backup_folder": tmp_path / "backups"} | options
        opened.append(migrate.prepare(url, **options))
        return opened[-1]

    yield prepared
    for database in opened:
        database.close()


@pytest.fixture
def next_release(_new_sqlite_studio, _new_postgresql_studio, tmp_path, monkeypatch):
    """The program is the next release: its schema is one step ahead of every studio there is."""
    scripts = upgrades.next_scripts(tmp_path / "next")
    monkeypatch.setattr(migrate, "SCRIPTS", scripts)
    monkeypatch.setattr(migrate, "HEAD", upgrades.NEXT)
    return scripts


def revision(database):
    return database.read(migrate.revision_of)


def values(database, query):
    return database.read(lambda connection: connection.execute(query).scalars().all())


def rows_of(url):
    """Every row of every table, in the order of their ids, without what is made anew from the rows."""
    engine = create_engine(checked_url(url))
    with engine.connect() as connection:
        found = archive.of_database(connection)
        rows = {name: [json.loads(line) for line in found.lines(name)] for name in found.tables}
    engine.dispose()
    return rows


def facts(rows):
    """What rows say, whenever they were made."""
    return [{name: value for name, value in row.items() if not name.endswith("_at")} for row in rows]


def desk(*arguments):
    command = [sys.executable, "-m", "tests.database.upgrades", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_that_a_new_studio_has_the_eight_statuses_of_the_life_cycle_in_order(database):
    """S1-05, with the colours, durations and loyalty ticks that the design shows."""
    rows = database.read(
        lambda connection: connection.execute(
            select(client_status.c.description, client_status.c.default_duration, client_status.c.loyalty)
            .order_by(client_status.c.position)
        ).all()
    )  # fmt: skip
    assert [tuple(row) for row in rows] == [
        ("Prospect", None, False), ("Web Inquiry", 2, False), ("First-Time Client", 14, True), ("Client", None, True),
        ("Loyalty Client", None, True), ("Upset Client", 3, False), ("Business Partner", None, False),
        ("Inactive Client", None, False),
    ]  # fmt: skip


def test_that_a_new_studio_can_be_worked_in_at_once(services):
    saved = a_client(services, last_name="Adams", first_name="Anna", phones=["555 0123"])
    assert saved.number == "1001"


def test_that_migrated_tables_are_the_declared_ones(studio_url, fresh_url):
    url = fresh_url(make_url(studio_url).drivername)
    declared = create_engine(checked_url(url))
    metadata.create_all(declared)
    with declared.begin() as connection:
        triggers.create(connection)
    declared.dispose()
    wanted, found = described(url), described(studio_url)
    assert {name: found[name] for name in metadata.tables} == {name: wanted[name] for name in metadata.tables}
    assert found["triggers"] == wanted["triggers"]
    assert len(found["triggers"]) == len(triggers.REFUSED)
    if "never used twice" in found:
        assert found["never used twice"] == wanted["never used twice"]
        assert found["partial"] == wanted["partial"]


def test_that_alembic_finds_nothing_left_to_do(database):
    def ours(_object, name, kind, _reflected, _compared):
        return kind != "table" or name in metadata.tables

    with database.snapshot() as connection:
        options = {"include_object": ours, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_that_the_schema_of_this_program_is_the_newest_step():
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [migrate.HEAD]


def test_that_an_ordinary_start_does_not_load_alembic(fresh_studio, tmp_path):
    script = (
        "import sys; from pathlib import Path; from studio_desktop.database.migrate import prepare\n"
        "prepare(sys.argv[1], program_version='0.1.0', backup_folder=Path(sys.argv[2])).close()\n"
        "sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script, fresh_studio("sqlite"), tmp_path], cwd=ROOT, check=True, timeout=60)


def test_that_nothing_is_made_unless_it_is_allowed(database_url, prepare):
    with pytest.raises(NotFound):
        prepare(database_url)
    with pytest.raises(NotFound):
        prepare(database_url, read_only=True)
    assert prepare(database_url, create=True)


def test_that_a_newer_schema_is_refused_and_not_touched(studio_url, prepare):
    """RELIABILITY case 64."""
    owner = Database(studio_url, as_owner=True)
    owner.write(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    owner.close()
    before = described(studio_url), counts(studio_url)
    with pytest.raises(DatabaseTooNew, match="9999"):
        prepare(studio_url)
    assert (described(studio_url), counts(studio_url)) == before


def test_that_a_program_older_than_the_lowest_allowed_is_refused(studio_url, prepare):
    """RELIABILITY case 66."""
    owner = Database(studio_url, as_owner=True)
    owner.write(lambda connection: connection.execute(schema_info.update().values(lowest_program="0.10.0")))
    owner.close()
    with pytest.raises(DatabaseTooNew, match=r"needs Studio Desktop 0\.10\.0 or newer; this is 0\.9\.0"):
        prepare(studio_url, program_version="0.9.0")
    assert prepare(studio_url, program_version="0.10.0")


def test_that_a_desk_left_open_while_another_upgraded_saves_nothing_more(services, studio_url):
    """RELIABILITY case 66."""
    a_client(services, last_name="Before")
    newer = schema_info.update().values(lowest_program="99.0")
    if services.database.dialect == "postgresql":
        owner = Database(studio_url, as_owner=True)
        owner.write(lambda connection: connection.execute(newer))
        owner.close()
    else:
        services.database.write(lambda connection: connection.execute(newer))
    with pytest.raises(DatabaseTooNew, match=r"needs Studio Desktop 99\.0"):
        a_client(services, last_name="After")
    assert counts(studio_url)["client"] == 1


def test_that_a_file_of_another_program_is_refused_and_not_touched(tmp_path, prepare):
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE bookmark (url TEXT)")
    other.close()
    before = file.read_bytes()
    with pytest.raises(InvalidInput, match="not a Studio Desktop file"):
        prepare(f"sqlite:///{file}", create=True)
    assert file.read_bytes() == before
    assert not file.with_name("other.db-wal").exists()


def test_that_a_server_database_of_another_program_is_refused(fresh_url, prepare):
    url = fresh_url("postgresql")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE bookmark (url text)")
    with pytest.raises(InvalidInput, match="another program"):
        prepare(url, create=True)
    assert set(counts(url)) == {"bookmark"}


def test_that_an_upgrade_keeps_every_row_and_ends_like_a_new_studio(
    studio_url, fresh_url, services, prepare, next_release
):
    """RELIABILITY 67, DECISIONS 4: altering a table on SQLite loses no child row, no trigger and no AUTOINCREMENT."""
    kept = a_client(services, last_name="Adams", phones=["555 0123", "555 0124"], emails=["ann@example.com"])
    gone = a_client(services, last_name="Brown")
    services.database.write(lambda connection: connection.execute(client.delete().where(client.c.id == gone.id)))
    services.database.close()
    before = counts(studio_url)

    upgraded = prepare(studio_url)
    assert counts(studio_url) == before | {"studio_room": 0}
    assert values(upgraded, select(phone.c.typed).order_by(phone.c.id)) == ["555 0123", "555 0124"]
    assert values(upgraded, text("SELECT pronoun FROM client")) == ["they"]
    new_url = fresh_url(make_url(studio_url).drivername)
    prepare(new_url, create=True)
    assert described(studio_url) == described(new_url)

    def add(connection):
        made = insert(client).values(last_name="Clark", created_at=NOW, updated_at=NOW)
        return connection.execute(made.returning(client.c.id)).scalar_one()

    new_id = upgraded.write(add)
    assert new_id > gone.id > kept.id
    with pytest.raises(DBAPIError):
        upgraded.write(lambda connection: connection.execute(history.delete()))


def as_before(rows, before):
    """The rows without the columns that came later."""
    known = before[0].keys() if before else ()
    return [{name: row[name] for name in known} for row in rows] if before else rows


def finish_as_then(connection):
    """What that release made of its tables; its index is not ours to make, but an older one is made anew anyway."""
    triggers.create(connection)
    search.create(connection)
    connection.execute(
        insert(schema_info).values(id=1, lowest_program="0.1.0", search_version=search.SEARCH_VERSION - 1)
    )
    if connection.dialect.name == "postgresql":
        roles.grant(connection)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_that_a_studio_of_the_first_release_keeps_every_row_and_becomes_like_a_new_one(
    kind, fresh_url, fresh_studio, prepare
):
    """RELIABILITY 67: that release made the file; what a list starts with that came later, it starts with here too."""
    new_url, url = fresh_studio(kind), fresh_url(kind)
    with (
        archive.opened(FIRST_RELEASE) as source,
        migrate.owned(url, None, create=True) as owner,
        migrate.changing_tables(owner) as connection,
    ):
        migrate.build(connection, source.revision)
        archive.load(connection, source, lambda _: None)
        finish_as_then(connection)
    before = rows_of(url)
    assert len(before["client"]) == 14

    database = prepare(url)
    assert revision(database) == migrate.HEAD
    after = rows_of(url)
    assert {name: as_before(rows, before[name]) for name, rows in after.items() if name in before} == before
    new = rows_of(new_url)
    came = sorted(set(after) - set(before))
    assert came
    assert all(facts(after[name]) == facts(new[name]) for name in came)
    assert described(url) == described(new_url)
    assert check(database) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_that_a_backup_of_the_first_release_is_restored_with_what_later_lists_start_with(
    kind, fresh_url, fresh_studio, tmp_path
):
    new_url, url = fresh_studio(kind), fresh_url(kind)
    restored = restore(FIRST_RELEASE, url, backup_folder=tmp_path)
    after, new = rows_of(url), rows_of(new_url)
    assert all(len(after[name]) == count for name, count in restored.counts.items())
    came = set(after) - set(restored.counts)
    assert {"task_status", "invoice_status"} <= came
    assert all(facts(after[name]) == facts(new[name]) for name in came)


def test_that_an_upgrade_begins_with_a_verified_backup_of_the_old_schema(
    studio_url, fresh_url, services, prepare, next_release, tmp_path, monkeypatch
):
    a_client(services, last_name="Adams")
    services.database.close()
    told = []
    prepare(studio_url, progress=told.append)
    made = backup_folder.latest(services.database, tmp_path / "backups")
    assert made is not None
    assert told[0] == "Backing up before the upgrade…"
    monkeypatch.undo()
    again = fresh_url("sqlite")
    restore(made.path, again, backup_folder=tmp_path)
    assert counts(again)["client"] == 1
    assert "studio_room" not in counts(again)


def test_that_nothing_migrates_without_a_backup(studio_url, prepare, next_release, tmp_path):
    blocked = tmp_path / "a file, not a folder"
    blocked.touch()
    before = described(studio_url)
    with pytest.raises(DatabaseUnavailable):
        prepare(studio_url, backup_folder=blocked)
    assert described(studio_url) == before


@pytest.mark.parametrize("statement", [1, 5, 20])
def test_that_a_failed_upgrade_leaves_the_database_as_it_was(studio_url, prepare, next_release, monkeypatch, statement):
    before = described(studio_url), counts(studio_url)
    with monkeypatch.context() as failing:
        # The second entry makes the plan this test's own, whose passages are counted from one.
        failing.setenv(VARIABLE, f"migrate.statement:raise:{statement},{uuid.uuid4()}:raise")
        with pytest.raises(InjectedError):
            prepare(studio_url)
    assert (described(studio_url), counts(studio_url)) == before
    assert revision(prepare(studio_url)) == upgrades.NEXT


def test_that_a_step_that_leaves_a_row_without_what_it_refers_to_is_taken_back(fresh_studio, prepare, next_release):
    url = fresh_studio("sqlite")
    with (next_release / "versions" / upgrades.NEXT_STEP).open("a") as step:
        step.write("    op.execute(\"INSERT INTO phone (uid, client_id) VALUES ('x', 4711)\")\n")
    with pytest.raises(DatabaseUnavailable, match="A row of phone refers to a row of client"):
        prepare(url)
    database = Database(url)
    assert revision(database) != upgrades.NEXT
    database.close()


def test_that_an_older_program_leaves_an_upgraded_studio_alone(studio_url, prepare, tmp_path, monkeypatch):
    """RELIABILITY E18."""
    with monkeypatch.context() as newer:
        newer.setattr(migrate, "SCRIPTS", upgrades.next_scripts(tmp_path / "next"))
        newer.setattr(migrate, "HEAD", upgrades.NEXT)
        prepare(studio_url).close()
    with pytest.raises(DatabaseTooNew):
        prepare(studio_url)


def test_that_a_reading_command_upgrades_first_and_then_only_reads(studio_url, prepare, next_release):
    database = prepare(studio_url, read_only=True)
    assert revision(database) == upgrades.NEXT


@pytest.mark.parametrize("first", ["new studio", "upgrade"])
def test_that_of_five_desks_that_start_at_once_one_migrates_and_the_others_wait(
    first, fresh_url, fresh_studio, next_release, tmp_path
):
    """RELIABILITY case 65: a second migration would fail at its first table, a second planting at its first name."""
    url = fresh_url("postgresql") if first == "new studio" else fresh_studio("postgresql")
    folders = [tmp_path / f"desk-{number}" for number in range(5)]
    desks = [desk("start", url, folder, next_release) for folder in folders]
    said = [one.communicate(timeout=60) for one in desks]
    assert [one.returncode for one in desks] == [0] * 5, said
    lines = [out.splitlines() for out, _ in said]
    assert all(one[-1] == "ready" for one in lines)
    changed = "Making a new studio…" if first == "new studio" else "Upgrading the database…"
    assert sum(changed in one for one in lines) == 1
    made = [file for folder in folders for file in folder.glob("*.zip")]
    assert len(made) == (0 if first == "new studio" else 1)
    assert counts(url)["studio"] == 1


def test_that_a_waiting_desk_says_who_upgrades(fresh_studio, prepare, next_release):
    """RELIABILITY 45, 65, E18."""
    url = fresh_studio("postgresql")
    told = threading.Event()
    sentences = []

    def hear(sentence):
        sentences.append(sentence)
        told.set()

    with migrate.owned(url, None) as owner:
        with migrate.turn(owner, sentences.append):
            waiting = threading.Thread(target=lambda: prepare(url, progress=hear))
            waiting.start()
            assert told.wait(30)
        waiting.join(30)
    assert sentences[0] == f"{platform.node()} is upgrading the database…"
    assert not waiting.is_alive()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes are forked with everything loaded")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("case", ["new studio", "upgrade"])
def test_that_kill_9_during_an_upgrade_leaves_the_old_schema_whole_and_the_next_start_completes_it(
    case, kind, fresh_url, fresh_studio, next_release, tmp_path
):
    """RELIABILITY case 4."""
    old = fresh_url(kind) if case == "new studio" else fresh_studio(kind)
    folder = tmp_path / "kills"
    folder.mkdir()
    # Every statement takes minutes (python -m tests.database.upgrades kills …); a walk in steps takes seconds.
    stride = 13 if case == "upgrade" else 31
    running = desk("kills", kind, old, 1, stride, folder, next_release)
    out, err = running.communicate(timeout=110)
    assert running.returncode == 0, err
    result = json.loads(out.splitlines()[-1])
    assert result["wrong"] == []
    assert result["killed"] >= 5
