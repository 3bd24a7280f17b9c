"""The listings: filtered and sorted in the database, the same rows in the same order on both engines."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event, true

from studio_desktop.database import search
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.names import NameOrder
from studio_desktop.domain.records.clients import ClientKind, OrganizationRow, Stage
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.service import LISTINGS, Query, listing
from tests.builders import a_client, a_member, catalog_id

ACTIVE = Query({"kind": ClientKind.CLIENT, "stage": Stage.ACTIVE})


def shown(services: Services, query: Query, key: str) -> list[object]:
    place = [column.key for column in listing("clients").columns].index(key)
    return [values[place] for _, values in services.listings.first_page("clients", query).rows]


@pytest.mark.parametrize("name", [one.name for one in LISTINGS])
def test_that_every_listing_reads_counts_sorts_and_streams_each_of_its_columns(
    services: Services, name: str
) -> None:
    """S2-15: every column sorts, both ways."""
    one = listing(name)
    keys = [column.key for column in one.columns if column.chosen]
    a_client(services, last_name="Adams", town="Fairbrook", phones=["330 555 0142"], emails=["a@example.com"],
             family=(a_member("Bob", secondary_contact=True),), birthday=PartialDate(month=2, day=29))  # fmt: skip
    for key in keys:
        for descending in (False, True):
            query = Query(sort=((key, descending),))
            page = services.listings.first_page(name, query)
            assert [row_id for row_id, _ in page.rows] == services.listings.ids(name, query)
            assert page.total == len(page.rows)
    rows = list(services.listings.stream(name, Query(), keys))
    assert len(rows) == len(services.listings.ids(name, Query()))
    assert set(services.listings.rows(name, services.listings.ids(name, Query()))) == set(
        services.listings.ids(name, Query())
    )


def test_that_names_sort_by_their_letters_without_accents_case_or_language(services: Services) -> None:
    """DECISIONS 8: one order on both engines."""
    for last, first in [("Zoll", ""), ("Ångström", "Per"), ("adams", "Bea"), ("Adams", "Anna"), ("O’Brien", ""),
                        ("Obama", ""), ("Smith-Jones", "Anna"), ("Smith", "Zoe"), ("Łuk", "")]:  # fmt: skip
        a_client(services, last_name=last, first_name=first)
    assert shown(services, ACTIVE, "name") == [
        "Adams, Anna", "adams, Bea", "Ångström, Per", "Łuk", "Obama", "O’Brien", "Smith, Zoe", "Smith-Jones, Anna",
        "Zoll",
    ]  # fmt: skip


def test_that_the_studio_may_show_first_names_first(services: Services) -> None:
    """S2-03, S2-04."""
    a_client(services, last_name="Adams", first_name="Anna", family=(a_member("Bob", last_name="Bell",
             secondary_contact=True),))  # fmt: skip
    assert shown(services, ACTIVE, "name") == ["Adams, Anna"]
    services.preferences.save({"name_order": NameOrder.FIRST_LAST.value}, new_request())
    assert shown(services, ACTIVE, "name") == ["Anna Adams"]
    assert shown(services, ACTIVE, "secondary") == ["Bob Bell"]


def test_that_numbers_sort_by_their_value(services: Services) -> None:
    for number in ("10", "9", "100"):
        a_client(services, last_name=f"N{number}", number=number)
    assert shown(services, Query(sort=(("number", False),)), "number") == ["9", "10", "100"]


def test_that_the_secondary_contact_shows_in_the_hub(services: Services) -> None:
    """S2-48."""
    a_client(services, family=(a_member("Lily", last_name="Adams"),
                               a_member("Peter", last_name="Adams", secondary_contact=True)))  # fmt: skip
    assert shown(services, ACTIVE, "secondary") == ["Adams, Peter"]


def test_that_filters_combine_and_each_says_what_it_hides(services: Services) -> None:
    """S4-02, S4-35, S0-16."""
    weddings = catalog_id(services, "client_groups", "Weddings")
    a_client(services, last_name="Both", groups=frozenset({weddings}))
    a_client(services, last_name="NoGroup")
    a_client(services, last_name="Hidden", stage=Stage.HIDDEN, groups=frozenset({weddings}))
    query = Query({"stage": Stage.ACTIVE, "group": weddings})
    assert shown(services, query, "name") == ["Both"]
    assert services.listings.hidden("clients", query) == {"stage": 1, "group": 1}


def test_that_search_keeps_to_the_filters_and_says_how_it_found(services: Services) -> None:
    """S2-15, S4-02, S4-35."""
    shown_one = a_client(services, last_name="Walker", phones=["(330) 555-0142"])
    archived = a_client(services, last_name="Walkman", stage=Stage.ARCHIVED)
    assert [hit.id for hit in services.listings.find("walk", Query())] == [shown_one.id, archived.id]
    assert [hit.id for hit in services.listings.find("walk", ACTIVE)] == [shown_one.id]
    (middle,) = services.listings.find("550", Query())
    assert (middle.id, middle.similar) == (shown_one.id, True)
    assert services.listings.find("wlaker", Query())[0].similar


def test_that_hits_come_with_the_rows_that_are_shown_and_need_two_statements_beside_the_search(
    services: Services,
) -> None:
    """PERFORMANCE: round trips are the cost on a network, and every letter typed asks."""
    ids = [a_client(services, last_name="Walker", first_name=name).id for name in ("Ann", "Bea", "Cleo", "Dora")]
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        hits = services.listings.hits("walker", ACTIVE, shown=2, others=[ids[3]])
        whole = len(sent)
        services.database.read(lambda connection: search.find(connection, "walker", where=true()))
        alone = len(sent) - whole
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert hits.found == services.listings.find("walker", ACTIVE)
    assert [hit.id for hit in hits.found] == ids
    assert hits.rows == services.listings.rows("clients", [ids[0], ids[1], ids[3]])
    assert whole - alone == 2


def test_that_an_alert_note_lights_yellow_and_an_overdue_status_red(services: Services) -> None:
    """S2-22, S1-11."""
    noted = a_client(services, last_name="Noted")
    services.notes.add(NoteRecord(client_id=noted.id, text="Mind the dog", alert=True), new_request())
    web = catalog_id(services, "client_statuses", "Web Inquiry")
    a_client(services, last_name="Overdue", status_id=web, status_due_on=date(2026, 3, 9))
    a_client(services, last_name="Quiet")
    assert shown(services, ACTIVE, "light") == [1, 2, 0]


@pytest.mark.parametrize(
    "birthday",
    [PartialDate(month=None, year=1987), PartialDate(month=5, day=14), PartialDate(year=1987, month=5, day=14)],
)
def test_that_a_birthday_shows_with_the_parts_that_are_known(services: Services, birthday: PartialDate) -> None:
    """D8."""
    a_client(services, birthday=birthday)
    assert shown(services, ACTIVE, "birthday") == [birthday]


def test_that_chosen_ids_alone_are_listed(services: Services) -> None:
    made = [a_client(services, last_name=f"C{n}") for n in range(3)]
    assert services.listings.ids("clients", Query(ids=(made[2].id, made[0].id))) == [made[0].id, made[2].id]


def test_that_a_tag_finds_its_clients_and_says_whom_it_hides(services: Services) -> None:
    """S0-06, S0-07, S4-35."""
    vip, art = (services.catalogs.tag(word, new_request()).result.id for word in ("VIP", "Wall art"))
    a_client(services, last_name="Both", tags=frozenset({vip, art}))
    a_client(services, last_name="Plain")
    query = Query({"stage": Stage.ACTIVE, "tag": art})
    assert shown(services, query, "name") == ["Both"]
    assert shown(services, query, "tags") == ["VIP, Wall art"]
    assert services.listings.hidden("clients", query) == {"stage": 0, "tag": 1}


def test_that_the_first_organization_household_and_custom_fields_have_columns(services: Services) -> None:
    """S2-31, S3-14 to S3-16, S3-19."""
    school = services.catalogs.add("organizations", {"description": "Central High"}, new_request()).result.id
    rows = (
        OrganizationRow(uid=new_request(), organization_id=school, graduation_year=2027),
        OrganizationRow(uid=new_request(), role="Coach", graduation_year=1999),
    )
    a_client(services, organizations=rows, household_name="The Adams Family", deceased=True, custom_text_14="sage",
             custom_date_4=date(2026, 5, 1))  # fmt: skip
    keys = ("organization", "graduation_year", "household", "deceased", "custom_text_14", "custom_date_4", "tags")
    assert [shown(services, ACTIVE, key)[0] for key in keys] == [
        "Central High", "2027", "The Adams Family", True, "sage", date(2026, 5, 1), None,
    ]  # fmt: skip
