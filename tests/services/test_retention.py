"""How long the studio keeps people of whom nothing is heard any more (S4-30)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.dates import years_before
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.records.clients import ClientKind, Stage
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.service import Query
from tests.builders import a_client, catalog_id

DUE = Query({"kept_too_long": True})


def due(services: Services) -> list[str]:
    return [str(row[0]) for row in services.listings.stream("clients", DUE, ["name"])]


def test_that_idle_people_are_due_after_the_years_of_their_kind_and_never_without_any(
    services: Services, clock: FixedClock
) -> None:
    """S4-30: a change, a note or a status makes them busy again; all stages are looked at. RELIABILITY 112."""
    begun = clock.instant
    for name in ("Changed", "Idle", "Noted", "Status"):
        a_client(services, last_name=name)
    a_client(services, last_name="Archived", stage=Stage.ARCHIVED)
    a_client(services, last_name="Lead", kind=ClientKind.LEAD)
    a_client(services, last_name="Prospect", kind=ClientKind.PROSPECT)
    by_name = {row[0]: row[1] for row in services.listings.stream("clients", Query(), ["name", "number"])}
    ids = {name: services.clients.by_number(number) or 0 for name, number in by_name.items()}
    clock.instant = begun + timedelta(days=365 * 3)
    assert due(services) == []
    services.preferences.save({"keep_clients": 3, "keep_leads": 2}, new_request())
    changed = services.clients.get(ids["Changed"])
    services.clients.save(changed, replace(changed, nickname="Cy"), new_request())
    services.notes.add(NoteRecord(client_id=ids["Noted"], text="called"), new_request())
    services.statuses.change([ids["Status"]], catalog_id(services, "client_statuses", "Client"), new_request())
    assert due(services) == ["Lead"]
    clock.instant = begun + timedelta(days=365 * 3 + 2)
    assert due(services) == ["Archived", "Idle", "Lead"]


def test_that_who_is_due_is_archived_all_at_once_and_brought_back(services: Services, clock: FixedClock) -> None:
    """S4-30"""
    services.preferences.save({"keep_clients": 1}, new_request())
    idle = [a_client(services, last_name=name).id for name in ("Adams", "Berg")]
    clock.instant += timedelta(days=400)
    archiving = new_request()
    found = services.listings.ids("clients", DUE)
    assert found == idle
    assert services.clients.set_stage(found, Stage.ARCHIVED, archiving).result == 2
    services.history.undo(archiving, new_request())
    assert [services.clients.get(one).stage for one in idle] == [Stage.ACTIVE, Stage.ACTIVE]


@pytest.mark.parametrize("years", [-1, 100])
def test_that_years_are_bounded(services: Services, years: int) -> None:
    """S4-30"""
    with pytest.raises(InvalidInput):
        services.preferences.save({"keep_clients": years}, new_request())


def test_that_a_leap_day_has_a_day_in_every_year() -> None:
    assert years_before(datetime(2024, 2, 29, 8, tzinfo=UTC), 1) == datetime(2023, 2, 28, 8, tzinfo=UTC)
    assert years_before(datetime(2024, 2, 29, 8, tzinfo=UTC), 4) == datetime(2020, 2, 29, 8, tzinfo=UTC)
