"""Backups are verified, never half there, and go back into either database (DECISIONS 11; RELIABILITY B1, B2, D)."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import zipfile
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.engine import make_url

from studio_desktop import __version__
from studio_desktop.database import backup, migrate, search
from studio_desktop.database.backup_folder import kept, latest, to_keep
from studio_desktop.database.check import check
from studio_desktop.database.engine import Database
from studio_desktop.database.restore import restore
from studio_desktop.database.tables.people import client
from studio_desktop.domain.errors import (
    AlreadyOpen,
    DatabaseTooNew,
    DatabaseUnavailable,
    InvalidInput,
    NotFound,
)
from studio_desktop.failpoints import VARIABLE
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.declaration import Query
from studio_desktop.services.users import sit_down
from tests.builders import a_client, a_member
from tests.conftest import ENGINES
from tests.database.schema import counts, described
from tests.pictures import picture
from tests.protection import small_disk

ROOT = Path(__file__).parents[2]
NAUGHTY = "Ünïcødé 😀 \\N \\. \\t \"quoted\" 'single' \u202eright\u202c NULL"


@pytest.fixture
def folder(tmp_path):
    """Where backups go."""
    return tmp_path / "backups"


@pytest.fixture
def populated(services):
    """A studio with people in it, one of whom is gone again."""
    ann = a_client(
        services, last_name="Adams", first_name="Anna", phones=["+1 201 555 0123", "555 0124"],
        emails=["ann@example.com"], town="Brookfield", birthday=None, contract_date=date(2024, 2, 29), tax_exempt=True,
        family=(a_member("Peter"),), image_hash=services.images.store(picture()),
    )  # fmt: skip
    a_client(services, last_name=NAUGHTY[:80], referred_by_client_id=ann.id)
    gone = a_client(services, last_name="Zuckerman")
    services.database.write(lambda connection: connection.execute(client.delete().where(client.c.id == gone.id)))
    services.database.write(lambda connection: search.update(connection, [gone.id]))
    return services.database


def rows(archive):
    """Every row that an archive holds, as it is written there."""
    with zipfile.ZipFile(archive) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist() if name != "manifest.json"}


def opened(url, folder):
    return migrate.prepare(url, program_version=__version__, backup_folder=folder)


def test_that_a_backup_is_a_verified_copy_that_only_its_owner_can_read(populated, folder, clock):
    """RELIABILITY 106."""
    result = backup.backup(populated, folder=folder, clock=clock)
    assert result.verified_at == clock.now()
    assert result.counts["client"] == 2
    assert latest(populated, folder).path == result.path
    if os.name == "posix":
        assert result.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("target", ENGINES)
def test_that_a_studio_moves_between_databases_and_back_without_losing_a_row(
    populated, studio_url, target, fresh_url, folder, tmp_path
):
    there, back = fresh_url(target), fresh_url(make_url(studio_url).drivername)
    first = backup.backup(populated, tmp_path / "first.zip")
    restore(first.path, there, backup_folder=folder)
    moved = opened(there, folder)
    assert check(moved) == []
    second = backup.backup(moved, tmp_path / "second.zip")
    moved.close()
    restore(second.path, back, backup_folder=folder)
    again = opened(back, folder)
    third = backup.backup(again, tmp_path / "third.zip")
    again.close()
    assert rows(first.path) == rows(second.path) == rows(third.path)
    assert described(back) == described(studio_url)


@pytest.mark.parametrize("target", ENGINES)
def test_that_a_restored_studio_is_found_edited_and_never_gives_an_id_twice(
    populated, target, fresh_url, folder, tmp_path, clock
):
    made = backup.backup(populated, tmp_path / "studio.zip")
    highest = populated.read(lambda c: c.execute(select(client.c.id).order_by(client.c.id.desc())).scalars().first())
    url = fresh_url(target)
    restore(made.path, url, backup_folder=folder)
    database = opened(url, folder)
    services = Services(database, sit_down(database, clock, "FRONT-1"))
    assert [hit.client_id for hit in database.read(lambda connection: search.find(connection, "555 0123"))] == [1]
    assert a_client(services, last_name="Clark").id == highest + 2
    assert check(database) == []
    database.close()


def test_that_a_sqlite_backup_also_goes_to_a_server(fresh_studio, fresh_url, folder, tmp_path, clock):
    database = Database(fresh_studio("sqlite"))
    a_client(Services(database, sit_down(database, clock, "FRONT-1")), last_name="Adams")
    made = backup.backup(database, tmp_path / "copy.db")
    database.close()
    url = fresh_url("postgresql")
    assert restore(made.path, url, backup_folder=folder).counts["client"] == 1
    assert counts(url)["client"] == 1


def test_that_a_backup_holds_one_moment_while_saves_go_on(populated, folder, clock, tmp_path):
    services = Services(populated, sit_down(populated, clock, "FRONT-1"))
    made, failed = [], []
    enough = threading.Event()

    def save():
        try:
            while not enough.is_set():
                made.append(a_client(services, last_name="Busy", phones=["555 0999"]).id)
        except Exception as error:
            failed.append(error)

    saving = threading.Thread(target=save)
    saving.start()
    try:
        results = [backup.backup(populated, tmp_path / f"{number}.zip") for number in range(3)]
    finally:
        enough.set()
        saving.join()
    assert failed == []
    for result in results:
        assert result.counts["client"] - 2 == result.counts["phone"] - 2


def test_that_restoring_keeps_the_present_file_beside(fresh_studio, folder, tmp_path, clock):
    url = fresh_studio("sqlite")
    database = Database(url)
    made = backup.backup(database, tmp_path / "what? before 100% #1.db")
    a_client(Services(database, sit_down(database, clock, "FRONT-1")), last_name="Later")
    path = database.path
    database.close()
    first = restore(made.path, url, backup_folder=folder)
    second = restore(made.path, url, backup_folder=folder)
    assert counts(url)["client"] == 0
    assert counts(f"sqlite:///{first.kept}")["client"] == 1
    assert second.kept != first.kept
    assert {one.name for one in path.parent.glob(f"{path.name}*")} == {
        path.name, f"{path.name}.lock", first.kept.name, second.kept.name,
    }  # fmt: skip


@pytest.mark.parametrize("kind", ENGINES)
def test_that_an_older_backup_brings_back_nobody_who_was_erased_since(kind, fresh_studio, folder, tmp_path, clock):
    """RELIABILITY case 109: by id and age, for whoever gets the id of one who was erased is somebody else."""
    url = fresh_studio(kind)

    def at_work():
        database = Database(url)
        return database, Services(database, sit_down(database, clock, "FRONT-1"))

    database, services = at_work()
    empty = backup.backup(database, tmp_path / "empty")
    anna, bob = a_client(services, last_name="Goneforever"), a_client(services, last_name="Berg")
    full = backup.backup(database, tmp_path / "full")
    services.clients.delete([anna.id], new_request())
    services.trash.erase([anna.id], new_request())
    database.close()
    for _ in range(2):  # what was erased again is still known the next time
        restore(full.path, url, backup_folder=folder, replace=True)
        database, services = at_work()
        assert database.read(lambda one: one.execute(select(client.c.last_name)).scalars().all()) == ["Berg"]
        assert services.listings.find("goneforever", Query()) == []
        assert [hit.id for hit in services.listings.find("berg", Query())] == [bob.id]
        assert check(database) == []
        database.close()

    restore(empty.path, url, backup_folder=folder, replace=True)
    clock.instant += timedelta(days=1)
    database, services = at_work()
    carl = a_client(services, last_name="Carl")
    later = backup.backup(database, tmp_path / "later")
    database.close()
    assert carl.id == anna.id
    restore(later.path, url, backup_folder=folder, replace=True)
    assert counts(url)["client"] == 1


def test_that_a_servers_studio_is_replaced_only_when_told_and_after_a_backup_of_it(
    fresh_studio, folder, tmp_path, clock
):
    url = fresh_studio("postgresql")
    database = Database(url)
    made = backup.backup(database, tmp_path / "empty.zip")
    a_client(Services(database, sit_down(database, clock, "FRONT-1")), last_name="Adams")
    database.close()
    with pytest.raises(InvalidInput, match="holds a studio already"):
        restore(made.path, url, backup_folder=folder)
    assert counts(url)["client"] == 1
    restored = restore(made.path, url, backup_folder=folder, replace=True)
    assert counts(url)["client"] == 0
    restore(restored.kept, url, backup_folder=folder, replace=True)
    assert counts(url)["client"] == 1


def test_that_a_file_in_use_is_not_restored_over(fresh_studio, tmp_path):
    database = Database(fresh_studio("sqlite"))
    made = backup.backup(database, tmp_path / "copy.db")
    with pytest.raises(AlreadyOpen):
        restore(made.path, str(database.url), backup_folder=tmp_path)
    assert check(database) == []
    database.close()


def test_that_a_damaged_studio_is_kept_as_it_is_and_replaced(fresh_studio, tmp_path):
    """RELIABILITY case 21: the damaged original is never deleted."""
    url = fresh_studio("sqlite")
    database = Database(url)
    made = backup.backup(database, tmp_path / "good.db")
    path = database.path
    database.close()
    damaged = b"not a database at all" * 1000
    path.write_bytes(damaged)
    log = path.with_name(path.name + "-wal")
    log.write_bytes(b"its log")
    result = restore(made.path, url, backup_folder=tmp_path)
    assert not log.exists()
    assert result.kept.read_bytes() == damaged
    assert result.kept.with_name(result.kept.name + "-wal").read_bytes() == b"its log"
    restored = Database(url)
    assert check(restored) == []
    restored.close()


def _truncated(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _overwritten(path):
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 10_000] = b"\xa5" * 10_000
    path.write_bytes(data)


def _emptied(path):
    path.write_bytes(b"")


def _a_letter(path):
    path.write_text("Dear studio, here is the backup you asked for.")


@pytest.mark.parametrize("harm", [_truncated, _overwritten, _emptied, _a_letter])
@pytest.mark.parametrize("name", ["harmed.zip", "harmed.db"])
def test_that_a_harmed_backup_is_refused_and_nothing_is_touched(populated, tmp_path, fresh_studio, harm, name):
    made = backup.backup(populated, tmp_path / name)
    harm(made.path)
    target = fresh_studio("sqlite")
    before = counts(target)
    with pytest.raises((InvalidInput, DatabaseUnavailable)):
        restore(made.path, target, backup_folder=tmp_path)
    assert counts(target) == before
    assert not list(tmp_path.glob("*.part*"))


def test_that_a_backup_of_a_newer_program_is_refused(populated, tmp_path, fresh_url, monkeypatch):
    made = backup.backup(populated, tmp_path / "newer.zip")
    monkeypatch.setattr(migrate, "HEAD", "0000")
    with pytest.raises(DatabaseTooNew):
        restore(made.path, fresh_url("sqlite"), backup_folder=tmp_path)


def test_that_restoring_what_is_not_there_says_so(tmp_path, fresh_url):
    with pytest.raises(NotFound):
        restore(tmp_path / "nothing.zip", fresh_url("sqlite"), backup_folder=tmp_path)


def test_that_the_database_itself_is_no_place_for_its_backup(fresh_studio, tmp_path):
    database = Database(fresh_studio("sqlite"))
    with pytest.raises(InvalidInput):
        backup.backup(database, database.path)
    path = database.path
    database.close()
    with pytest.raises(InvalidInput):
        restore(path, f"sqlite:///{path}", backup_folder=tmp_path)


def test_that_a_full_disk_leaves_no_half_backup_and_the_older_ones(populated, tmp_path, clock):
    """RELIABILITY 17: the backup interface itself leaves a broken file when the disk is full."""
    with small_disk(tmp_path / "small", "64k") as small:
        older = small / "studio-20260301T100000Z.db"
        older.write_bytes(b"older")
        (small / "filling").write_bytes(os.urandom(50_000))
        with pytest.raises(DatabaseUnavailable, match=r"No space left|disk is full"):
            backup.backup(populated, folder=small, clock=clock)
        assert {one.name for one in small.iterdir()} == {older.name, "filling", "backup.lock"}


BACKUP = """
import sys
from pathlib import Path
from studio_desktop.database.backup import backup
from studio_desktop.database.engine import Database
backup(Database(sys.argv[1]), folder=Path(sys.argv[2]))
"""
RESTORE = """
import sys
from pathlib import Path
from studio_desktop.database.restore import restore
restore(Path(sys.argv[3]), sys.argv[1], backup_folder=Path(sys.argv[2]))
"""


def killed(script, plan, *arguments):
    ended = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], cwd=ROOT, env={**os.environ, VARIABLE: plan}, timeout=60,
        capture_output=True,
    )  # fmt: skip
    assert ended.returncode not in (0, 1), ended.stderr


@pytest.mark.parametrize("place", ["backup.pages", "backup.verified"])
def test_that_kill_9_during_a_backup_leaves_no_file_of_its_name_and_the_next_one_tidies_up(
    populated, studio_url, folder, place
):
    """RELIABILITY case 5."""
    earlier = backup.backup(populated, folder=folder)
    populated.close()
    killed(BACKUP, f"{place}:kill", studio_url, folder)
    assert [one.path for one in kept(populated, folder)] == [earlier.path]
    assert list(folder.glob("*.part"))
    database = opened(studio_url, folder)
    newer = backup.backup(database, folder=folder)
    database.close()
    assert latest(database, folder).path == newer.path
    assert not list(folder.glob("*.part*"))


@pytest.mark.parametrize("place", ["migrate.statement:kill:3", "restore.kept:kill", "backup.verified:kill:2"])
def test_that_kill_9_during_a_restore_leaves_the_old_studio_whole(fresh_studio, folder, tmp_path, clock, place):
    """RELIABILITY case 6: never a mix with a stale log of the old file."""
    url = fresh_studio("sqlite")
    database = Database(url)
    made = backup.backup(database, tmp_path / "good.db")
    a_client(Services(database, sit_down(database, clock, "FRONT-1")), last_name="Adams")
    database.close()
    killed(RESTORE, place, url, folder, made.path)
    studio = opened(url, folder)
    assert check(studio) == []
    studio.close()
    assert counts(url)["client"] == 1
    restore(made.path, url, backup_folder=folder)
    assert counts(url)["client"] == 0


def test_that_a_damaged_studio_is_never_backed_up_as_a_good_one(fresh_studio, folder):
    """RELIABILITY 21."""
    url = fresh_studio("sqlite")
    path = Path(make_url(url).database)
    with sqlite3.connect(path) as raw:
        (page,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_client_list'").fetchone()
        (size,) = raw.execute("PRAGMA page_size").fetchone()
    raw.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * 100)
    database = Database(url)
    with pytest.raises(DatabaseUnavailable, match="not whole"):
        backup.backup(database, folder=folder)
    database.close()
    assert kept(database, folder) == []
    damaged = Database(url, read_only=True)
    assert any("damaged" in str(finding) for finding in check(damaged))
    damaged.close()


def test_that_names_never_collide_and_each_studio_is_thinned_by_itself(fresh_studio, folder, clock):
    """RELIABILITY 69."""
    database = Database(fresh_studio("sqlite"))
    first = backup.backup(database, folder=folder, clock=clock)
    second = backup.backup(database, folder=folder, clock=clock)
    assert [one.path for one in kept(database, folder)] == [second.path, first.path]
    stem = database.path.stem
    for hour in range(24):
        for studio in (stem, "other", f"{stem}-2"):
            (folder / f"{studio}-20250101T{hour:02}0000Z.db").touch()
    (folder / "notes about backups.txt").touch()
    backup.backup(database, folder=folder, clock=clock)
    names = [one.name for one in folder.iterdir()]
    assert [name for name in names if name.startswith(f"{stem}-20250101")] == [f"{stem}-20250101T230000Z.db"]
    assert sum(name.startswith(("other", f"{stem}-2-")) for name in names) == 48
    assert "notes about backups.txt" in names
    database.close()


DAY = datetime(2026, 3, 10, 9, tzinfo=UTC)


def test_that_backups_thin_out_to_days_weeks_and_months():
    every_hour = [DAY - timedelta(hours=hours) for hours in range(24 * 500)]
    keep = sorted(to_keep(every_hour, DAY), reverse=True)
    recent = [moment for moment in keep if moment > DAY - timedelta(days=2)]
    assert len(recent) == 48
    assert len(keep) == 48 + 12 + 10 + 9
    days = keep[48:60]
    assert {later.date() - earlier.date() for later, earlier in pairwise(days)} == {timedelta(days=1)}
    months = {(moment.year, moment.month) for moment in keep[70:]}
    assert len(months) == 9


@given(st.lists(st.integers(0, 24 * 600), unique=True, min_size=1), st.integers(0, 48))
def test_that_thinning_again_takes_nothing_more_and_the_newest_always_stays(hours, later):
    moments = {DAY - timedelta(hours=hour) for hour in hours}
    now = DAY + timedelta(hours=later)
    keep = to_keep(moments, now)
    assert max(moments) in keep
    assert keep <= moments
    assert to_keep(keep, now) == keep


def test_that_a_backup_into_no_folder_says_why(fresh_studio, tmp_path):
    database = Database(fresh_studio("sqlite"))
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnavailable, match="cannot be made"):
        backup.backup(database, folder=tmp_path / "file" / "folder")
    with pytest.raises(DatabaseUnavailable, match="could not be written"):
        backup.backup(database, tmp_path / "nowhere" / "backup.db")
    database.close()


def test_that_two_programs_do_not_back_up_into_one_folder_at_once(fresh_studio, folder):
    database = Database(fresh_studio("sqlite"))
    folder.mkdir()
    with backup.FileLock(folder / "backup.lock"), pytest.raises(DatabaseUnavailable, match="under way"):
        backup.backup(database, folder=folder)
    database.close()


