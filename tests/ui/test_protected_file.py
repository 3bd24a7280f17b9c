"""A studio whose file may not be written opens all the same, and says from the start that it can only be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy.engine import make_url

from studio_desktop.domain.errors import NotAllowed
from studio_desktop.services import Services
from studio_desktop.ui.client_window.window import ClientPage
from tests.builders import a_client
from tests.protection import write_protected
from tests.ui.conftest import Start


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("part", ["file", "folder"])
def test_that_a_protected_studio_is_seen_and_read_and_offers_no_change(
    services: Services, studio_url: str, qtbot: QtBot, start: Start, part: str
) -> None:
    """RELIABILITY row 20: the reason is shown, Save is off, and whatever else would write is refused."""
    anna = a_client(services, last_name="Adams", first_name="Anna")
    services.database.close()
    file = Path(str(make_url(studio_url).database))
    with write_protected(file if part == "file" else file.parent):
        program = start(studio_url, unattended=True)
        with qtbot.waitSignal(program.working, timeout=60_000):
            pass
        window = program.window
        assert "write-protected: it can be read, but nothing can be changed" in " ".join(window.messages.texts())
        window.open_client(anna.id)
        page = window.book.current()
        assert isinstance(page, ClientPage)
        qtbot.waitUntil(lambda: page.title() == "Adams, Anna")
        qtbot.waitUntil(window.action_set["labels"].isEnabled)
        for name in ("save", "new_client", "change_status", "delete"):
            assert not window.action_set[name].isEnabled(), name
        with pytest.raises(NotAllowed, match="write-protected"):
            a_client(window.services, last_name="Berg")
        program.frame.close()
        qtbot.waitUntil(lambda: not program.frame.isVisible())
        assert program.end()
