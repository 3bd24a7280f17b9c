"""kill -9 of the program while it saves, and of the server under it: what was answered is there, whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from studio_desktop.database import check
from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import FixedClock
from studio_desktop.services import Services
from studio_desktop.services.users import sit_down
from tests.builders import a_client

KILLS = int(os.environ.get("STUDIO_KILLS", "40"))
"""How many kills on each database; the figure of the reliability plan is 1,000."""

PROGRAM = Path(__file__).with_name("saving_program.py")


@contextmanager
def saving_program(url: str, client_id: int) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(PROGRAM.parents[2])}
    program = subprocess.Popen(
        [sys.executable, str(PROGRAM), url, str(client_id)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=environment,
    )  # fmt: skip
    try:
        yield program
    finally:
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdin.close()
        program.stdout.close()
        program.wait(30)


def killed_after(program: subprocess.Popen[str], saves: int, seed: random.Random) -> int:
    """Start a worker, kill it a random moment after so many answered saves; the last save it answered."""
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write("go\n")
    child, answered = 0, 0
    for line in program.stdout:
        word, _, number = line.partition(" ")
        if word == "child":
            child = int(number)
        elif word == "saved":
            answered = int(number)
            saves -= 1
            if saves == 0:
                # A spin of chance length: the kill falls anywhere between two answers.
                for _ in range(seed.randrange(200_000)):
                    pass
                os.kill(child, signal.SIGKILL)
        elif word.strip() == "gone":
            return answered
    raise AssertionError("the program ended by itself")


@pytest.mark.timeout(300 + 10 * KILLS)
def test_that_no_answered_save_is_lost_when_the_program_is_killed(studio_url: str, clock: FixedClock) -> None:
    """RELIABILITY case 1: acknowledged saves are there, none is half-written, the file is sound."""
    seed = random.Random(20260310)
    database = Database(studio_url)
    client = a_client(Services(database, sit_down(database, clock, "FRONT-1")), first_name="0", last_name="Saved")
    database.close()
    with saving_program(studio_url, client.id) as program:
        for run in range(KILLS):
            answered = killed_after(program, seed.randrange(1, 4), seed)
            database = Database(studio_url)
            record = Services(database, sit_down(database, clock, "FRONT-1")).clients.get(client.id)
            saved = int(record.first_name)
            # A save whose answer the kill swallowed may stand; a save that was answered must.
            assert saved in (answered, answered + 1), f"run {run}"
            assert record.call_warning == f"Saved {saved}", f"run {run}"
            assert record.phones[-1].typed == f"330 555 {saved % 10_000:04}", f"run {run}"
            if run % 50 == 49 or run == KILLS - 1:
                assert check.check(database) == []
            database.close()
