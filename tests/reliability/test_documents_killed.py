"""kill -9 while a document is written: no half file under its name, and nothing counts as printed that was not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from studio_desktop.__main__ import main
from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import FixedClock
from studio_desktop.failpoints import VARIABLE
from studio_desktop.services import Services
from studio_desktop.services.users import sit_down
from tests.builders import add_clients, client_record

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGKILL")
@pytest.mark.parametrize(
    "words", [("export", "clients", "--output", "clients.xlsx"), ("labels", "--keep", "--output", "labels.pdf")]
)
def test_that_a_document_whose_writing_is_killed_leaves_the_one_before_and_counts_as_not_made(
    fresh_studio: Callable[[str], str], tmp_path: Path, clock: FixedClock, words: tuple[str, ...]
) -> None:
    """RELIABILITY 7, 8: the mailing is not among those printed, so that it is simply printed again."""
    url = fresh_studio("sqlite")
    database = Database(url)
    services = Services(database, sit_down(database, clock, "FRONT-1"))
    place = {"street": "418 Larkspur Lane", "town": "Fairbrook", "region": "OH", "postcode": "44199"}
    add_clients(services, [client_record(last_name=f"Adams {number}", **place) for number in range(40)])
    database.close()
    file = tmp_path / words[-1]
    file.write_bytes(b"the one before")

    command = ["--database", url, *words[:-1], str(file)]
    killed = subprocess.run(
        [sys.executable, "-m", "studio_desktop", *command], cwd=ROOT, capture_output=True, timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT), VARIABLE: "document.written:kill"},
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert file.read_bytes() == b"the one before"
    assert main(command) == 0
    assert len(file.read_bytes()) > 2_000
    database = Database(url)
    runs = Services(database, sit_down(database, clock, "FRONT-1")).mailings.runs()
    assert [one.labels for one in runs] == ([40] if "--keep" in words else [])
    database.close()
