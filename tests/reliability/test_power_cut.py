"""The power fails while the program saves into its file: what was answered is there, whole, and the file is sound."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from studio_desktop.database import check
from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import FixedClock
from studio_desktop.services import Services
from studio_desktop.services.users import sit_down
from tests.builders import a_client
from tests.reliability.power_cut import Disk, can_trace, each_cut, read, traced
from tests.reliability.test_kill import PROGRAM

IMAGES = int(os.environ.get("STUDIO_IMAGES", "60"))
"""At how many moments; the figure of the reliability plan is 20,000."""

SAVES = 60


@pytest.mark.skipif(not can_trace(), reason="what a program tells its disk is read by strace")
@pytest.mark.timeout(120 + IMAGES // 10)
def test_that_no_answered_save_is_lost_when_the_power_fails(
    fresh_studio: Callable[[str], str], tmp_path: Path, clock: FixedClock
) -> None:
    """RELIABILITY 2, C2: with every write that was not synced lost, kept or torn by chance."""
    made = Path(fresh_studio("sqlite").removeprefix("sqlite:///"))
    folder = tmp_path / "power"
    folder.mkdir()
    url = f"sqlite:///{shutil.copyfile(made, folder / 'studio.db')}"
    database = Database(url)
    client = a_client(Services(database, sit_down(database, clock, "FRONT-1")), first_name="0", last_name="Saved")
    database.close()
    disk, log = Disk.of(folder), tmp_path / "trace"
    program = subprocess.Popen(
        traced([sys.executable, str(PROGRAM), url, str(client.id)], log),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        env={**os.environ, "PYTHONPATH": str(PROGRAM.parents[2])},
    )  # fmt: skip
    assert program.stdin is not None
    assert program.stdout is not None
    with program, program.stdin, program.stdout:
        program.stdin.write("go\n")
        child = int(program.stdout.readline().split()[1])
        for line in program.stdout:
            if line == f"saved {SAVES}\n":
                os.kill(child, signal.SIGKILL)
            elif line == "gone\n":
                break
        program.stdin.close()
    told = read(log, folder)
    assert sum(one.what == "write" and one.file == "studio.db" for one in told) > 20, "no checkpoint fell into it"

    def look(at: Path, said: bytes) -> None:
        answered = int(said.split()[1]) if said.startswith(b"saved") else 0
        with closing(sqlite3.connect(at / "studio.db")) as file:
            assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            ((first_name, warning),) = file.execute("SELECT first_name, call_warning FROM client").fetchall()
            phones = [typed for (typed,) in file.execute("SELECT typed FROM phone ORDER BY position")]
        saved = int(first_name)
        assert saved in (answered, answered + 1)
        assert saved == 0 or (warning, phones[-1]) == (f"Saved {saved}", f"330 555 {saved:04}")

    at = tmp_path / "after"
    each_cut(disk, told, IMAGES, random.Random(20260310), look, at)
    database = Database(f"sqlite:///{at / 'studio.db'}")
    assert check.check(database) == []
    database.close()
