"""Undo of any request, by one function: what it brings back, and when it refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio_desktop.domain.errors import Conflict, NotFound
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.service import Query
from tests.builders import a_client, a_member, a_phone, catalog_id

FACTS = st.fixed_dictionaries(
    {},
    optional={
        "first_name": st.sampled_from(["Anna", "Bea", "Zoë", ""]),
        "call_warning": st.sampled_from(["", "Works nights", "Ring twice"]),
        "do_not_market": st.booleans(),
        "phones": st.lists(st.sampled_from(["330 555 0100", "330 555 0111"]), unique=True),
        "family": st.lists(st.sampled_from(["Bob", "Mia"]), unique=True),
    },
)


def as_typed(facts: dict[str, Any], rows: dict[str, Any]) -> dict[str, Any]:
    """The facts with rows as a form makes them; a row keeps its uid through the edits of one client."""
    made = dict(facts)
    if "phones" in facts:
        made["phones"] = tuple(rows.setdefault(typed, a_phone(typed)) for typed in facts["phones"])
    if "family" in facts:
        made["family"] = tuple(
            rows.setdefault(name, a_member(name, phones=(a_phone("330 555 0122"),))) for name in facts["family"]
        )
    return made


def content(record: ClientRecord) -> ClientRecord:
    return replace(record, version=0)


@given(edits=st.lists(FACTS, min_size=1, max_size=4))
# Each example makes its own client in the same studio.
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_that_undoing_edits_newest_first_brings_back_every_state_and_redo_the_last(
    services: Services, edits: list[dict[str, Any]]
) -> None:
    states = [a_client(services, last_name="Undone")]
    requests = []
    rows: dict[str, Any] = {}
    for facts in edits:
        saved = services.clients.save(states[-1], replace(states[-1], **as_typed(facts, rows)), new_request())
        states.append(saved.result)
        requests.append(saved.changes.request)
    undone = [services.history.undo(request, new_request()).changes.request for request in reversed(requests)]
    assert content(services.clients.get(states[0].id)) == content(states[0])
    for request in reversed(undone):
        services.history.undo(request, new_request())
    assert content(services.clients.get(states[0].id)) == content(states[-1])


def test_that_undo_refuses_what_changed_since_and_writes_nothing(services: Services, other_desk: Services) -> None:
    base = a_client(services)
    first = services.clients.save(base, replace(base, call_warning="One", first_name="Bea"), new_request())
    second = replace(first.result, call_warning="Two")
    other_desk.clients.save(first.result, second, new_request())
    with pytest.raises(Conflict) as conflict:
        services.history.undo(first.changes.request, new_request())
    assert conflict.value.fields == ("call_warning",)
    assert services.clients.get(base.id).first_name == "Bea"


def test_that_a_request_is_undone_once(services: Services) -> None:
    base = a_client(services)
    saved = services.clients.save(base, replace(base, first_name="Bea"), new_request())
    again = new_request()
    services.history.undo(saved.changes.request, again)
    services.history.undo(saved.changes.request, again)
    with pytest.raises(NotFound, match="already"):
        services.history.undo(saved.changes.request, new_request())
    assert services.clients.get(base.id).first_name == "Anna"


def test_that_undoing_a_creation_takes_the_client_away_and_redo_brings_it_back(services: Services) -> None:
    created = services.clients.create(ClientRecord(last_name="Brief"), new_request())
    undone = services.history.undo(created.changes.request, new_request())
    assert services.listings.ids("clients", Query()) == []
    services.history.undo(undone.changes.request, new_request())
    assert services.listings.ids("clients", Query()) == [created.result.id]


def test_that_undoing_a_creation_is_refused_once_somebody_worked_with_the_client(services: Services) -> None:
    created = services.clients.create(ClientRecord(last_name="Used"), new_request())
    services.clients.save(created.result, replace(created.result, first_name="Ute"), new_request())
    with pytest.raises(Conflict):
        services.history.undo(created.changes.request, new_request())
    assert services.listings.ids("clients", Query()) == [created.result.id]


def test_that_group_membership_given_in_a_batch_is_undone_at_once(services: Services) -> None:
    weddings = catalog_id(services, "client_groups", "Weddings")
    inside = a_client(services, last_name="In", groups=frozenset({weddings}))
    outside = a_client(services, last_name="Out")
    added = services.groups.add([inside.id, outside.id], weddings, new_request())
    assert added.result == 1
    services.history.undo(added.changes.request, new_request())
    assert services.clients.get(inside.id).groups == {weddings}
    assert services.clients.get(outside.id).groups == frozenset()


def test_that_undone_names_are_found_again_by_search(services: Services) -> None:
    base = a_client(services, last_name="Before")
    renamed = services.clients.save(base, replace(base, last_name="Afterwards"), new_request())
    services.history.undo(renamed.changes.request, new_request())
    assert [hit.id for hit in services.listings.find("before", Query())] == [base.id]
    assert services.listings.find("afterwards", Query()) == []
