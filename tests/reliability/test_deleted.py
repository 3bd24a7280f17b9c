"""One desk deletes a client while another one works with it: one of them is told, and nothing hangs in the air."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from studio_desktop.database import check
from studio_desktop.database.engine import Database
from studio_desktop.database.tables.people import client
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.errors import Deleted, InvalidInput, NotFound
from studio_desktop.domain.records.consents import Answer, Channel, ConsentRecord
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.services import Services, new_request
from studio_desktop.services.unit import Unit
from studio_desktop.services.users import sit_down
from tests.builders import a_client, catalog_id
from tests.postgres import Server


def test_that_whatever_is_saved_for_a_deleted_client_is_refused_with_who_and_when_and_goes_through_once_it_is_back(
    services: Services, other_desk: Services, clock: FixedClock
) -> None:
    """RELIABILITY 31."""
    anna = a_client(services)
    services.clients.delete([anna.id], new_request())
    asked = replace(ConsentRecord(), channel=Channel.DATA, answer=Answer.GIVEN)
    saves: list[Callable[[], Any]] = [
        lambda: other_desk.clients.save(anna, replace(anna, custom_text_1="mine"), new_request()),
        lambda: other_desk.notes.add(NoteRecord(client_id=anna.id, text="called"), new_request()),
        lambda: other_desk.consents.record(anna.id, [asked], new_request()),
        lambda: other_desk.clients.set_photo(anna.id, None, new_request()),
    ]
    for save in saves:
        with pytest.raises(Deleted, match="Owner deleted this client meanwhile") as refused:
            save()
        assert (refused.value.who, refused.value.when) == ("Owner", clock.now())
    status = catalog_id(services, "client_statuses", "Client")
    assert other_desk.statuses.change([anna.id], status, new_request()).result == 0
    services.trash.restore([anna.id], new_request())
    for save in saves:
        save()
    assert services.clients.get(anna.id).custom_text_1 == "mine"
    assert check.check(services.database) == []


@pytest.fixture
def two_desks(
    fresh_studio: Callable[[str], str], clock: FixedClock, postgres_server: Server
) -> Iterator[tuple[Services, Services, Callable[[], None]]]:
    """Two desks on a server, and what waits until one of them waits for the other."""
    url = fresh_studio("postgresql")
    databases = [Database(url), Database(url)]
    one, other = (Services(database, sit_down(database, clock, "FRONT")) for database in databases)

    yield one, other, lambda: postgres_server.wait_until_blocked(str(databases[0].url.database))
    for database in databases:
        database.close()


def meanwhile(holding: Services, client_id: int, change: dict[str, Any], waits: Callable[[], None], work: Any) -> Any:
    """Begin to change the client, let `work` come up against it, then commit; what `work` gave or raised."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(work())
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=run)

    def write(connection: Any) -> None:
        unit = Unit(connection, holding.desk, new_request())
        unit.update(client, client_id, change)
        thread.start()
        waits()
        unit.finish()

    holding.database.write(write)
    thread.join(30)
    return outcome[0]


def test_that_a_note_written_while_its_client_is_being_deleted_is_refused(
    two_desks: tuple[Services, Services, Callable[[], None]], clock: FixedClock
) -> None:
    """RELIABILITY 32: the row lock lets one of them go first."""
    one, other, waits = two_desks
    anna = a_client(one)
    gone = {"deleted_at": clock.now(), "deleted_by": one.desk.user_id}
    note = NoteRecord(client_id=anna.id, text="called")
    outcome = meanwhile(one, anna.id, gone, waits, lambda: other.notes.add(note, new_request()))
    assert isinstance(outcome, Deleted)
    assert one.notes.of_client(anna.id) == []


def test_that_a_client_who_is_just_being_brought_back_is_not_erased(
    two_desks: tuple[Services, Services, Callable[[], None]],
) -> None:
    """RELIABILITY 32: erasing looks at what the other desk has made of it, not at what stood before."""
    one, other, waits = two_desks
    anna = a_client(one, phones=["330 555 0142"])
    one.clients.delete([anna.id], new_request())
    back = {"deleted_at": None, "deleted_by": None}
    outcome = meanwhile(one, anna.id, back, waits, lambda: other.trash.erase([anna.id], new_request()))
    assert isinstance(outcome, InvalidInput)
    assert one.clients.get(anna.id).phones == anna.phones
    one.clients.delete([anna.id], new_request())
    other.trash.erase([anna.id], new_request())
    with pytest.raises(NotFound):
        one.notes.add(NoteRecord(client_id=anna.id, text="called"), new_request())
    assert one.database.read(lambda connection: connection.execute(select(client.c.id)).all()) == []
    assert a_client(one).id > anna.id, "RELIABILITY 33: what was erased lends its id to nobody"
