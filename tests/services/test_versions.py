"""A client as it was: any version and any single value of the past come back by the rules of every save (D12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from tests.builders import a_client, a_phone, catalog_id, everything
from tests.services.test_history import FACTS, as_typed, content


def changed(services: Services, client_id: int, **facts: Any) -> str:
    """Change a client; gives the request."""
    base = services.clients.get(client_id)
    return services.clients.save(base, replace(base, **facts), new_request()).changes.request


def entry_of(services: Services, client_id: int, request: str, field: str, table: str = "client") -> int:
    """The entry of a request about one field."""
    lines = services.history.of_record("client", client_id)
    return next(one.id for one in lines if (one.request, one.field, one.table) == (request, field, table))


def restored(services: Services, client_id: int, request: str) -> ClientRecord:
    """The client once it is saved as it was before a request."""
    version = services.versions.before(client_id, request)
    return services.clients.save(version.now, version.then, new_request()).result


@given(edits=st.lists(FACTS, min_size=1, max_size=4), place=st.integers(0, 3))
# Each example makes its own client in the same studio.
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_that_every_version_comes_back_and_undo_brings_the_newest_again(
    services: Services, edits: list[dict[str, Any]], place: int
) -> None:
    states = [a_client(services, last_name="Versions")]
    requests = []
    rows: dict[str, Any] = {}
    for facts in edits:
        saved = services.clients.save(states[-1], replace(states[-1], **as_typed(facts, rows)), new_request())
        states.append(saved.result)
        requests.append(saved.changes.request)
    at = place % len(edits)
    if not [one for one in services.history.of_record("client", states[0].id) if one.request == requests[at]]:
        return  # nothing was changed by it
    version = services.versions.before(states[0].id, requests[at])
    assert content(version.then) == content(states[at])
    back = services.clients.save(version.now, version.then, new_request())
    assert content(back.result) == content(states[at])
    if back.changes.changes:
        services.history.undo(back.changes.request, new_request())
    assert content(services.clients.get(states[0].id)) == content(states[-1])


def test_that_everything_that_a_record_holds_comes_back(services: Services) -> None:
    """Rows, rows within rows, memberships, and dates of which a part is known."""
    whole = services.clients.create(everything(services), new_request()).result
    bare = ClientRecord(id=whole.id, version=whole.version, last_name="Bare")
    emptied = services.clients.save(whole, bare, new_request()).changes.request
    changed(services, whole.id, company="Mill")
    assert content(restored(services, whole.id, emptied)) == content(whole)


def test_that_one_value_comes_back_however_often_it_was_changed_since_and_nothing_else(services: Services) -> None:
    """A partial date and what hangs together come whole; a phone that went comes back, one that came goes.

    RELIABILITY E6.
    """
    anna = a_client(services, birthday=PartialDate(5, 14, 1987), phones=["330 555 0142"])
    other = (a_phone("330 555 0177"),)
    first = changed(services, anna.id, birthday=PartialDate(6, 1, 1990), company="Mill", phones=other)
    changed(services, anna.id, birthday=PartialDate(7, 2, 1991), company="Bakery")
    found = {}
    for field in ("birthday_day", "company"):
        version = services.versions.with_value(anna.id, entry_of(services, anna.id, first, field))
        found[field] = (version.then.birthday, version.then.company, len(version.then.phones))
    assert found == {
        "birthday_day": (PartialDate(5, 14, 1987), "Bakery", 1), "company": (PartialDate(7, 2, 1991), "", 1),
    }  # fmt: skip
    lines = [one for one in services.history.of_record("client", anna.id) if one.table == "phone"]
    for one in lines:
        version = services.versions.with_value(anna.id, one.id)
        services.clients.save(version.now, version.then, new_request())
    assert [row.typed for row in services.clients.get(anna.id).phones] == ["330 555 0142"]


def test_that_a_status_comes_back_with_its_reason_and_due_date(services: Services, clock: FixedClock) -> None:
    web, upset = (catalog_id(services, "client_statuses", name) for name in ("Web Inquiry", "Upset Client"))
    anna = a_client(services, status_id=web)
    request = changed(services, anna.id, status_id=upset)
    clock.instant += timedelta(days=1)
    version = services.versions.with_value(anna.id, entry_of(services, anna.id, request, "status_id"))
    back = services.clients.save(version.now, version.then, new_request()).result
    assert (back.status_id, back.status_due_on) == (web, anna.status_due_on)


def test_that_what_is_gone_or_somebody_elses_by_now_is_left_out_or_said(services: Services) -> None:
    """A group that was deleted is nobody's any more; a number that somebody else has is refused with the holder."""
    made = services.catalogs.add("client_groups", {"description": "Short lived"}, new_request()).result
    anna = a_client(services, number="77", groups=frozenset({made.id}))
    request = changed(services, anna.id, number="78", groups=frozenset(), company="Mill")
    services.catalogs.delete("client_groups", made.id, new_request())
    a_client(services, last_name="Berg", first_name="Bea", number="77")
    assert services.versions.before(anna.id, request).then.groups == frozenset()
    with pytest.raises(InvalidInput, match="Number 77 belongs to Berg, Bea"):
        restored(services, anna.id, request)


def test_that_before_its_creation_there_is_no_version(services: Services) -> None:
    anna = a_client(services)
    (made,) = services.history.of_record("client", anna.id)
    with pytest.raises(NotFound, match="was not there yet"):
        services.versions.before(anna.id, made.request)
    with pytest.raises(NotFound, match="no longer there"):
        services.versions.before(anna.id, new_request())
