"""A screen reader finds a name for every control of every page, tab, sheet and dialog (UX E10)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import SystemClock
from studio_desktop.domain.records.clients import Stage
from studio_desktop.services import Services, new_request
from studio_desktop.services.users import sit_down
from studio_desktop.ui import places
from studio_desktop.ui.client_window import TABS
from tests.accessibility import screen_reader
from tests.builders import everything

ROOT = Path(__file__).parents[2]

CONTROLS = {
    "push button", "button", "toggle button", "check box", "radio button", "combo box", "entry", "text", "spin button",
    "slider", "menu item", "check menu item", "page tab", "list", "table", "tree", "tree table", "link", "dial",
    "password text", "date editor",
}  # fmt: skip
"""What a person can act on, by the roles of AT-SPI."""


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.skipif(
    bool(screen_reader.lacking()),
    reason=f"a screen reader's bus needs these Debian packages: {', '.join(screen_reader.lacking())}",
)
def test_that_a_screen_reader_finds_a_name_for_every_control(
    fresh_studio: Callable[[str], str], tmp_path: Path
) -> None:
    url = fresh_studio("sqlite")
    database = Database(url)
    services = Services(database, sit_down(database, SystemClock(), "FRONT-1"))
    whole = replace(everything(services), stage=Stage.ACTIVE, archive_reason_id=None)
    services.clients.create(whole, new_request())
    database.close()
    nameless: list[str] = []
    seen: dict[str, int] = {}
    command = [sys.executable, "-m", "tests.accessibility.tour", url]
    pipe = subprocess.PIPE
    with (
        screen_reader.screen(tmp_path) as environment,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True) as program,
    ):
        assert program.stdin is not None
        assert program.stdout is not None
        for line in program.stdout:
            view = line.strip()
            with closing(screen_reader.Reader(environment)) as reader:
                controls = [thing for thing in reader.things() if thing.role in CONTROLS]
            seen[view] = len(controls)
            nameless += [f"{view}: {thing.role} in {' > '.join(thing.within)}" for thing in controls if not thing.name]
            program.stdin.write("\n")
            program.stdin.flush()
    assert program.returncode == 0
    wanted = [place.name for place in places.PAGES] + [f"sheet-{one.name.replace('_', '-')}" for one in places.SHEETS]
    wanted += [f"client-{number:02d}" for number in range(1, len(TABS) + 1)]
    assert set(wanted) <= set(seen)
    assert min(seen.values()) > 1, seen
    assert not nameless, "\n".join(nameless)
