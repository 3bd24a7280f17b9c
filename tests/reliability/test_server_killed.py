"""The PostgreSQL server dies under desks that save: what was answered is there, and they work on without a restart."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from studio_desktop import __version__
from studio_desktop.database import check
from studio_desktop.database.engine import Database
from studio_desktop.database.migrate import prepare
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.errors import DatabaseUnavailable
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from studio_desktop.services.users import sit_down
from tests.builders import a_client
from tests.postgres import own_server

KILLS = 10
DESKS = 4


class SavingDesk(threading.Thread):
    """A desk whose person saves again and again, and presses Retry when the database does not answer."""

    def __init__(self, database: Database, name: str, client: ClientRecord, clock: FixedClock) -> None:
        super().__init__(name=name)
        self.services = Services(database, sit_down(database, clock, name))
        self.client = client
        self.retries = 0
        self.told: set[str] = set()
        self.stopped = threading.Event()
        self.saved_once = threading.Event()

    def run(self) -> None:
        while not self.stopped.is_set():
            count = int(self.client.first_name) + 1
            mine = replace(self.client, first_name=str(count), call_warning=f"Saved {count}")
            request = new_request()
            while True:
                try:
                    # The same request id on every attempt: an answer lost at COMMIT is given again.
                    self.client = self.services.clients.save(self.client, mine, request).result
                    break
                except DatabaseUnavailable as error:
                    self.retries += 1
                    self.told.add(str(error).partition(":")[0])
                    self.stopped.wait(0.05)
            self.saved_once.set()


@pytest.mark.timeout(600)
def test_that_no_answered_save_is_lost_when_the_server_is_killed_and_desks_go_on(
    tmp_path: Path, clock: FixedClock
) -> None:
    """RELIABILITY 3, 60: meanwhile they are told that the server does not answer or is being started."""
    with own_server(durable=True) as server:
        url = server.create()
        database = prepare(url, program_version=__version__, backup_folder=tmp_path, create=True)
        owner = Services(database, sit_down(database, clock, "FRONT-0"))
        desks = [
            SavingDesk(Database(url), f"FRONT-{n}", a_client(owner, first_name="0", last_name=f"Desk {n}"), clock)
            for n in range(1, DESKS + 1)
        ]
        for desk in desks:
            desk.start()
        for _ in range(KILLS):
            for desk in desks:
                desk.saved_once.clear()
            assert all(desk.saved_once.wait(60) for desk in desks)
            server.kill()
            server.start()
        for desk in desks:
            desk.saved_once.clear()
        began = time.monotonic()
        assert all(desk.saved_once.wait(60) for desk in desks), "a desk did not come back by itself"
        back_after = time.monotonic() - began
        for desk in desks:
            desk.stopped.set()
        for desk in desks:
            desk.join(60)
            record = owner.clients.get(desk.client.id)
            assert record.first_name == desk.client.first_name, desk.name
            assert record.call_warning == f"Saved {record.first_name}"
            desk.services.database.close()
        assert set().union(*(desk.told for desk in desks)) <= {
            "The database does not answer",
            "The server is being started or shut down; nothing was saved. Try again in a moment.",
        }
        assert sum(desk.retries for desk in desks) > 0, f"no kill was felt; back after {back_after:.1f} s"
        assert check.check(database) == []
        database.close()
