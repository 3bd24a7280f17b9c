"""The numbers of clients: by which rule they are given, and that nobody gets one twice (B5)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from studio_desktop import __version__
from studio_desktop.database.engine import Database
from studio_desktop.database.migrate import prepare
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.records.clients import Stage
from studio_desktop.services import Services, new_request
from studio_desktop.services.clients import add_many
from studio_desktop.services.listings.service import Query
from studio_desktop.services.numbers import former_numbers
from studio_desktop.services.unit import Unit
from studio_desktop.services.users import sit_down
from tests.builders import a_client, a_member, catalog_id, client_record


@pytest.fixture
def far_desk(studio_url: str, database: Database, clock: FixedClock) -> Iterator[Services]:
    """Sue at a desk with connections of her own, where the database allows that."""
    if database.dialect == "sqlite":
        yield Services(database, sit_down(database, clock, "FRONT-2", "Sue"))
        return
    own = Database(studio_url)
    yield Services(own, sit_down(own, clock, "FRONT-2", "Sue"))
    own.close()


def prefer(services: Services, **values: object) -> None:
    services.preferences.save(values, new_request())


def test_that_a_studio_may_number_nobody_by_itself(services: Services) -> None:
    """B5, S2-17: neither a new client nor a relative who becomes one; a typed number holds."""
    prefer(services, number_clients="never")
    anna = a_client(services, family=(a_member("Bob"),))
    own = services.family.make_client(anna.id, anna.family[0].uid, new_request()).result
    assert (anna.number, own.number) == ("", "")
    assert a_client(services, number="7").number == "7"


def test_that_a_status_may_give_the_number(services: Services) -> None:
    """B5, S2-17: when it is set, by whatever way; once, and taken back with the status."""
    chosen = catalog_id(services, "client_statuses", "First-Time Client")
    other = catalog_id(services, "client_statuses", "Prospect")
    prefer(services, number_clients="on status", number_status=chosen)
    due = str(services.numbers.next())
    anna, bea = a_client(services, status_id=other), a_client(services, last_name="Berg")
    assert (anna.number, bea.number) == ("", "")
    anna = services.clients.save(anna, replace(anna, status_id=chosen), new_request()).result
    assert anna.number == due
    change = new_request()
    services.statuses.change([anna.id, bea.id], chosen, change)
    assert services.clients.get(anna.id).number == due
    assert services.clients.get(bea.id).number == str(int(due) + 1)
    assert a_client(services, last_name="Clark", status_id=chosen).number == str(int(due) + 2)
    services.history.undo(change, new_request())
    undone = services.clients.get(bea.id)
    assert (undone.status_id, undone.number) == (None, "")


def test_that_many_clients_at_once_are_numbered_by_the_same_rule(services: Services) -> None:
    """B5: as an import brings them."""
    chosen = catalog_id(services, "client_statuses", "Client")
    records = [client_record(status_id=chosen), client_record(), client_record(number="A-7", status_id=chosen)]

    def numbers(**preferences: object) -> list[str]:
        prefer(services, **preferences)

        def work(unit: Unit) -> None:
            ids.extend(add_many(unit, [replace(one, status_set_on=unit.today) for one in records]))

        ids: list[int] = []
        request = new_request()
        services.clients.command(request, "test", None, work, lambda _, __: None)
        found = [services.clients.get(client_id).number for client_id in ids]
        services.history.undo(request, new_request())
        records[2] = replace(records[2], number=records[2].number + "1")
        return found

    first = str(services.numbers.next())
    assert numbers(number_clients="on status", number_status=chosen) == [first, "", "A-7"]
    assert numbers(number_clients="never") == ["", "", "A-71"]
    assert numbers(number_clients="on create") == [str(int(first) + 1), str(int(first) + 2), "A-711"]


def test_that_the_next_number_is_set_and_skips_what_anybody_has(services: Services) -> None:
    """B5, S2-17: archived, hidden, deleted and merged clients included."""
    a_client(services, last_name="Archer", number="50", stage=Stage.ARCHIVED)
    a_client(services, last_name="Hidden", number=" 51 ", stage=Stage.HIDDEN)
    gone = a_client(services, last_name="Gone", number="52")
    services.clients.delete([gone.id], new_request())
    kept, merged = a_client(services, number="9001"), a_client(services, number="53")
    services.merges.merge(kept, merged, {}, new_request())
    services.numbers.set_next("50", new_request())
    assert services.numbers.next() == 54
    assert [a_client(services).number, a_client(services).number] == ["54", "55"]


@pytest.mark.parametrize("typed", ["", "A-7", "12a", "-5", "1.5", "0", "١٢", "1" * 13])
def test_that_the_next_number_is_of_digits_only(services: Services, typed: str) -> None:
    """B5"""
    before = services.numbers.next()
    with pytest.raises(InvalidInput, match="digits only") as refused:
        services.numbers.set_next(typed, new_request())
    assert refused.value.field == "next_number"
    assert services.numbers.next() == before


def test_that_two_desks_at_once_never_give_the_same_number(services: Services, far_desk: Services) -> None:
    """RELIABILITY 39; B5, S2-17: eight clients each, while a third hand types the numbers that are about to come."""
    first = services.numbers.next()
    begin = threading.Barrier(3)
    problems: list[BaseException] = []

    def make(desk: Services, typed: int | None) -> None:
        begin.wait()
        for at in range(8):
            try:
                a_client(desk, number="" if typed is None else str(typed + 3 * at))
            except InvalidInput:
                pass  # somebody else has it already, and is named
            except BaseException as problem:
                problems.append(problem)

    desks = ((services, None), (far_desk, None), (far_desk, first))
    hands = [threading.Thread(target=make, args=desk) for desk in desks]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert problems == []
    ids = services.listings.ids("clients", Query())
    numbers = [services.clients.get(client_id).number for client_id in ids]
    assert len(numbers) >= 16
    assert all(numbers)
    assert len(set(numbers)) == len(numbers)


def test_that_giving_a_number_looks_only_at_clients_who_had_one_before(tmp_path: Path) -> None:
    """B5: it happens for every client of an import, among a million others. PostgreSQL goes by its own statistics."""
    url = f"sqlite:///{tmp_path / 'studio.db'}"
    prepare(url, program_version=__version__, backup_folder=tmp_path, create=True).close()
    with closing(Database(url)) as database, database.snapshot() as connection:
        asked: list[str] = []
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2]))
        former_numbers(connection)
        plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}")]
    assert [step.split("USING")[0].strip() for step in plan] == ["SEARCH client"]
