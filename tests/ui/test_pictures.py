"""The command that pictures every view, as the demo does where there is no screen."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import SystemClock
from studio_desktop.services import Services
from studio_desktop.services.users import sit_down
from studio_desktop.ui import places
from studio_desktop.ui.hubs.settings.declared import SECTIONS
from studio_desktop.ui.pictures import SIZE
from tests.builders import a_client


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_that_every_page_sheet_and_dialog_is_pictured_in_both_schemes(
    fresh_studio: Callable[[str], str], tmp_path: Path, home: Path
) -> None:
    url = fresh_studio("sqlite")
    database = Database(url)
    a_client(Services(database, sit_down(database, SystemClock(), "FRONT-1")), call_warning="Works nights")
    database.close()
    command = [sys.executable, "-m", "studio_desktop", "--database", url, "pictures", "--output", str(tmp_path / "out")]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr + (home / "crash.log").read_text()
    names = {path.stem for path in (tmp_path / "out").glob("*.png")}
    sheets = [f"sheet-{place.name.replace('_', '-')}" for place in places.SHEETS]
    sections = [f"settings-{section.name}" for section in SECTIONS[1:]]
    views = [place.name for place in places.PAGES] + sheets + sections + ["clients-card", "client-edit"]
    for view in [*views, "client-01", "palette", "caller-box", "dialog-first-run", "dialog-conflict", "dialog-crash"]:
        light, dark = (QImage(str(tmp_path / "out" / f"{view}-{scheme}.png")) for scheme in ("light", "dark"))
        assert not light.isNull(), view
        assert light.pixelColor(4, 4).lightness() > 200 > dark.pixelColor(4, 4).lightness(), view
        if not view.startswith("dialog"):
            assert (light.width(), light.height()) == SIZE, view
    assert f"{len(names)} pictures in" in done.stdout
