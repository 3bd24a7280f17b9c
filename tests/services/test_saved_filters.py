"""Layouts and filters under a name: a person's own, or shared with the studio; filters hold wherever a list is read."""

from __future__ import annotations

import threading

import pytest

from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.records.clients import ClientKind
from studio_desktop.services import Services
from studio_desktop.services.layouts import Kept
from studio_desktop.services.listings.declaration import Query
from tests.builders import a_client, catalog_id


def names(services: Services, kind: Kept) -> list[tuple[str, bool, bool]]:
    return [(one.name, one.shared, one.mine) for one in services.layouts.named(kind, "clients")]


def test_that_a_layout_is_a_persons_own_until_it_is_shared(services: Services, other_desk: Services) -> None:
    """E6: named layouts; issue 3, 2: per person and list, named and shared."""
    layouts, sues = services.layouts, other_desk.layouts
    layouts.keep_named(Kept.LAYOUT, "clients", "  Phone\tlist ", {"sort": []})
    layouts.keep_named(Kept.LAYOUT, "clients", "For all", {"sort": [["town", False]]}, shared=True)
    assert names(services, Kept.LAYOUT) == [("For all", True, True), ("Phone list", False, True)]
    assert names(other_desk, Kept.LAYOUT) == [("For all", True, False)]
    assert sues.named(Kept.LAYOUT, "clients")[0].value == {"sort": [["town", False]]}
    assert sues.named(Kept.LAYOUT, "lead-sources") == []
    with pytest.raises(NotFound, match="only who shares it"):
        sues.forget_named(Kept.LAYOUT, "clients", "For all")
    sues.keep_named(Kept.LAYOUT, "clients", "for ALL", {"sort": []})
    assert names(other_desk, Kept.LAYOUT) == [("for ALL", False, True)]
    layouts.keep_named(Kept.LAYOUT, "clients", "phone LIST", {"sort": [["name", True]]})
    (kept,) = (one.value for one in layouts.named(Kept.LAYOUT, "clients") if not one.shared)
    assert kept == {"sort": [["name", True]]}
    layouts.forget_named(Kept.LAYOUT, "clients", "phone LIST")
    assert names(services, Kept.LAYOUT) == [("For all", True, True)]
    with pytest.raises(InvalidInput):
        layouts.keep_named(Kept.LAYOUT, "clients", " \n", {})


def test_that_two_desks_of_one_person_that_save_at_once_lose_nothing(services: Services) -> None:
    """RELIABILITY B3."""
    services.layouts.keep_named(Kept.FILTER, "clients", "First", {"alternatives": []})
    desks = [
        threading.Thread(
            target=services.layouts.keep_named, args=(Kept.FILTER, "clients", f"Filter {n}", {"alternatives": []})
        )
        for n in range(6)
    ]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert len(services.layouts.named(Kept.FILTER, "clients")) == 7


def test_that_a_saved_filter_holds_with_and_and_or_wherever_the_list_is_read(services: Services) -> None:
    """B13, C24: a live query of a group and of rules beside it, usable anywhere; S4-03."""
    weddings = catalog_id(services, "client_groups", "Weddings")
    grouped = a_client(services, last_name="Abel", groups=frozenset({weddings}))
    lead = a_client(services, last_name="Bell", kind=ClientKind.LEAD, town="Fairbrook")
    a_client(services, last_name="Chen", kind=ClientKind.LEAD, town="Lodz")
    alternatives = [[["group", weddings]], [["kind", "lead"], ["column:town", "fair"]]]
    services.layouts.keep_named(Kept.FILTER, "clients", "Spring", {"alternatives": alternatives}, shared=True)
    query = Query({"saved": "spring"})
    assert services.listings.ids("clients", query) == [grouped.id, lead.id]
    assert services.listings.hidden("clients", query) == {"saved": 1}
    assert [hit.id for hit in services.listings.find("bell", query)] == [lead.id]
    assert services.listings.find("chen", query) == []
    later = a_client(services, last_name="Dahl", kind=ClientKind.LEAD, town="Fairbrook")
    assert later.id in services.listings.ids("clients", query)


def test_that_a_shared_filter_can_be_used_by_everybody_and_an_own_one_by_nobody_else(
    services: Services, other_desk: Services
) -> None:
    one = a_client(services, last_name="Abel")
    for name, shared in (("Shared", True), ("Own", False)):
        kept = {"alternatives": [[["column:name", "abel"]]]}
        services.layouts.keep_named(Kept.FILTER, "clients", name, kept, shared=shared)
    assert other_desk.listings.ids("clients", Query({"saved": "Shared"})) == [one.id]
    with pytest.raises(NotFound, match="no saved filter “Own”"):
        other_desk.listings.ids("clients", Query({"saved": "Own"}))


def test_that_a_filter_of_no_condition_lets_everybody_through_and_one_of_no_alternative_nobody(
    services: Services,
) -> None:
    a_client(services)
    services.layouts.keep_named(Kept.FILTER, "clients", "All", {"alternatives": [[]]})
    services.layouts.keep_named(Kept.FILTER, "clients", "None", {"alternatives": []})
    assert len(services.listings.ids("clients", Query({"saved": "All"}))) == 1
    assert services.listings.ids("clients", Query({"saved": "None"})) == []
