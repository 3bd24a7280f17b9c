"""Two desks press the same button at once: it happens once, and the second one is told who is at it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import select, update

from studio_desktop.database.engine import Database
from studio_desktop.database.tables.people import client
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.errors import NotFound
from studio_desktop.services import Services, new_request
from studio_desktop.services.alone import UnderWay
from studio_desktop.services.imports.plan import Plan
from studio_desktop.services.listings.declaration import Query
from studio_desktop.services.preferences import formats_of
from studio_desktop.services.users import sit_down
from tests.postgres import Server

pytestmark = pytest.mark.databases("postgresql")


@pytest.fixture
def plan(services: Services, tmp_path: Path) -> Plan:
    """A list of three people, judged."""
    file = tmp_path / "contacts.csv"
    file.write_text("Last name,First name\nAdams,Anna\nBennett,Laura\nClark,Tom\n")
    return services.imports.judge(services.imports.read(file))


def test_that_an_import_that_another_desk_is_at_is_refused_naming_it_and_the_time(
    services: Services, database: Database, clock: FixedClock, plan: Plan
) -> None:
    """RELIABILITY 45: else everybody would come in twice."""
    other = Services(database, sit_down(database, clock, "FRONT-2"))
    refusals: list[str] = []

    def press_too(done: int, total: int) -> None:
        if not refusals:
            with pytest.raises(UnderWay) as refused:
                other.imports.carry_out(plan, new_request())
            refusals.append(str(refused.value))

    services.imports.carry_out(plan, new_request(), press_too)
    time = formats_of(services.preferences.get()).time(clock.now())
    (said,) = refusals
    assert said.startswith(f"FRONT-1 has been importing clients since {time}; nothing was written here.")
    assert len(services.listings.ids("clients", Query())) == 3
    with pytest.raises(InterruptedError):
        other.imports.carry_out(plan, new_request(), _interrupt)
    assert len(services.imports.batches()) == 1, "one that was stopped holds nobody up, and leaves nothing"
    services.imports.carry_out(plan, new_request())


def _interrupt(_done: int, _total: int) -> None:
    raise InterruptedError


def test_that_an_import_two_desks_take_back_at_once_is_taken_back_once(
    services: Services, database: Database, plan: Plan, postgres_server: Server
) -> None:
    """RELIABILITY 45."""
    batch = services.imports.carry_out(plan, new_request()).result
    outcomes: list[object] = []

    def take_back() -> None:
        try:
            outcomes.append(services.imports.undo(batch.id, new_request()).result)
        except NotFound as error:
            outcomes.append(str(error))

    desks = [threading.Thread(target=take_back) for _ in range(2)]
    with database.migrating() as connection, connection.begin():
        # Somebody has one of the clients in hand, so that both desks come as far as they can.
        connection.execute(update(client).where(client.c.last_name == "Adams").values(nickname="Annie"))
        for desk in desks:
            desk.start()
        postgres_server.wait_until_blocked(str(database.url.database), desks=2)
    for desk in desks:
        desk.join(30)
    assert sorted(map(str, outcomes)) == ["()", "This action was undone already."]
    deleted = select(client.c.id).where(client.c.deleted_at.is_not(None))
    assert len(database.read(lambda connection: connection.execute(deleted).all())) == 3
