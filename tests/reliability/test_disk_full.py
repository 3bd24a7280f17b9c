"""A disk with ever less room, here and on the server: what was answered is there, and no file is half of one."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from string import ascii_letters

import psycopg
import pytest
from openpyxl import load_workbook

from studio_desktop.database import backup, check
from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.errors import StudioError
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.reports.listing_file import export_listing
from studio_desktop.services import Services, new_request
from studio_desktop.services.users import sit_down
from tests.builders import a_client
from tests.postgres import OwnServer, Server
from tests.protection import leave_free, small_disk


def sentence(work: Callable[[], object]) -> str:
    """What was said where it could not be done; nothing where it was."""
    try:
        work()
    except StudioError as error:
        return str(error)
    return ""


STEPS = int(os.environ.get("STUDIO_STEPS", "6"))
"""In how many steps the room shrinks from 2 MB to nothing; the reliability plan's are of 4 KB each, 512."""


@pytest.mark.timeout(60 + STEPS)
def test_that_a_disk_that_fills_up_loses_no_answered_save_and_leaves_no_half_file(
    fresh_studio: Callable[[str], str], tmp_path: Path, clock: FixedClock
) -> None:
    """RELIABILITY 15, 17, 18, C17."""
    made = Path(fresh_studio("sqlite").removeprefix("sqlite:///"))
    refused: set[str] = set()
    with small_disk(tmp_path / "small", "64m") as disk:
        file = disk / "studio.db"
        shutil.copyfile(made, file)
        database = Database(f"sqlite:///{file}")
        services = Services(database, sit_down(database, clock, "FRONT-1"))
        client = a_client(services, phones=["330 555 0142"])
        backups, ballast, workbook = disk / "backups", disk / "ballast", disk / "clients.xlsx"
        older = backup.backup(database, folder=backups, clock=clock).path
        export_listing(services, "clients", workbook)
        for step in range(STEPS, -1, -1):
            leave_free(ballast, step * 2 * 1024 * 1024 // STEPS)
            mine = replace(client, custom_memo_1=f"{step} " + "x" * 9_000, first_name=f"Anna {step}")
            said = sentence(partial(services.clients.save, client, mine, new_request()))
            refused |= {f"save: {said}"}
            now = services.clients.get(client.id)
            assert now.first_name == (client if said else mine).first_name
            client = now

            before = workbook.read_bytes()
            said = sentence(lambda: export_listing(services, "clients", workbook))
            refused |= {f"export: {said}"}
            assert not said or workbook.read_bytes() == before
            load_workbook(workbook).close()

            said = sentence(lambda: backup.backup(database, folder=backups, clock=clock))
            # At some sizes it is SQLite's log beside the copy that finds no room, which it calls otherwise.
            why = said.partition(" could not be written: ")[2].replace("disk I/O error", "database or disk is full")
            refused |= {f"backup: {why}"}
            newer = set(backups.glob("*.db")) - {older}
            assert bool(said) is not bool(newer)
            for one in (older, *newer):
                backup.verify_sqlite(one)
            for one in newer:
                one.unlink()
            assert not list(disk.glob("**/*.part*"))
        ballast.unlink()
        saved = services.clients.save(client, replace(client, first_name="Room again"), new_request()).result
        assert services.clients.get(client.id) == saved
        assert check.check(database) == []
        database.close()
    assert {one for one in refused if not one.endswith(": ")} == {
        "save: The disk is full; nothing was saved. Make room and save again.",
        f"export: The disk is full: clients.xlsx was not written. Make room in {disk} and try again.",
        "backup: database or disk is full. What was there before is untouched.",
    }


@pytest.fixture
def small_server_disk(postgres_server: Server) -> Iterator[Callable[[str], Path]]:
    """Moves a studio to a disk of the server that is nearly full; gives what fills it."""
    if not isinstance(postgres_server, OwnServer):
        pytest.skip("the disks of a server that is not the tests' own are left alone")
    # Where the server's own system user can go.
    above = Path(tempfile.mkdtemp(prefix="studio-disk-", dir="/tmp"))
    above.chmod(0o755)
    moved = []
    with small_disk(above / "disk", "96m") as disk, psycopg.connect(postgres_server.url, autocommit=True) as admin:
        place = disk / "tables"
        place.mkdir(mode=0o700)
        shutil.chown(place, "nobody")
        admin.execute(f"CREATE TABLESPACE small LOCATION '{place}'")

        def move(url: str) -> Path:
            name = url.rpartition("/")[2].partition("?")[0]
            admin.execute(f"ALTER DATABASE {name} SET TABLESPACE small")
            moved.append(url)
            leave_free(disk / "ballast", 1_000_000)
            return disk / "ballast"

        yield move
        for url in moved:
            postgres_server.drop(url)
        admin.execute("DROP TABLESPACE small")
    shutil.rmtree(above)


def test_that_a_full_disk_of_the_server_is_said_and_every_desk_works_on_when_there_is_room(
    small_server_disk: Callable[[str], Path], fresh_studio: Callable[[str], str], clock: FixedClock
) -> None:
    """RELIABILITY 19: without a restart of anything."""
    url = fresh_studio("postgresql")
    ballast = small_server_disk(url)
    database = Database(url)
    services = Services(database, sit_down(database, clock, "FRONT-1"))
    anna = a_client(services)
    saved: list[int] = []

    letters = random.Random(20260310)
    said = ""

    def write_much() -> None:
        # Of chance letters, which the server cannot make small.
        note = NoteRecord(client_id=anna.id, text="".join(letters.choices(ascii_letters, k=30_000)))
        saved.append(services.notes.add(note, new_request()).result.id)

    while not said:
        said = sentence(write_much)
    assert said == "The disk is full; nothing was saved. Make room and save again."
    assert saved
    ballast.unlink()
    write_much()
    assert [note.id for note in reversed(services.notes.of_client(anna.id))] == saved
    assert check.check(database) == []
    database.close()
