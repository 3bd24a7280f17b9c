"""What is typed into a column's filter: understood by the column's kind, alike on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.records.clients import ClientKind, Stage
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.conditions import offers
from studio_desktop.services.listings.declaration import Query, column_filter
from studio_desktop.services.listings.service import LISTINGS, listing
from tests.builders import a_client, catalog_id

Found = Callable[[str, str], list[str]]


@pytest.fixture
def found(services: Services) -> Found:
    """The last names of whom a column's condition lets through, in the order of the list."""

    def find(key: str, typed: str) -> list[str]:
        query = Query({column_filter(key): typed}, sort=(("name", False),))
        ids = services.listings.ids("clients", query)
        return [services.clients.get(one).last_name for one in ids]

    return find


def test_that_text_is_found_inside_whatever_its_case_and_accents(services: Services, found: Found) -> None:
    """S4-02; the same folding as the search on both databases."""
    for name, company in (("Ångström", "Łódź Café Straße"), ("Bell", "O’Brien & Æsir"), ("Chen", "100% _Real_"),
                          ("Dora", ""), ("Elek", "Αθήνα Студия")):  # fmt: skip
        a_client(services, last_name=name, company=company)
    assert found("company", "lodz CAFE") == ["Ångström"]
    assert found("company", "strasse") == ["Ångström"]
    assert found("company", "obrien") == ["Bell"]
    assert found("company", "aesir") == ["Bell"]
    assert found("company", "0% _r") == ["Chen"]
    assert found("company", "αθηνα студия") == ["Elek"]
    assert found("name", "angst") == ["Ångström"]
    assert found("company", "empty") == ["Dora"]
    assert found("company", "not empty") == ["Ångström", "Bell", "Chen", "Elek"]
    assert found("company", "!real") == ["Ångström", "Bell", "Dora", "Elek"]
    assert found("company", "cafe | real") == ["Ångström", "Chen"]


def test_that_text_may_be_meant_whole_or_by_its_beginning_or_end(services: Services, found: Found) -> None:
    for name in ("Bell", "Bellamy", "Campbell"):
        a_client(services, last_name=name, first_name="", company=name)
    assert found("company", "=BELL") == ["Bell"]
    assert found("company", "bell*") == ["Bell", "Bellamy"]
    assert found("company", "*bell") == ["Bell", "Campbell"]
    assert found("company", "bell") == ["Bell", "Bellamy", "Campbell"]


def test_that_days_are_compared_and_ranges_and_periods_understood(services: Services, found: Found) -> None:
    """The desk's day is Tuesday, 10 March 2026."""
    days = {"Feb": date(2026, 2, 28), "Sunday": date(2026, 3, 8), "Today": date(2026, 3, 10),
            "Sat": date(2026, 3, 14), "Apr": date(2026, 4, 1), "Old": date(2025, 3, 12)}  # fmt: skip
    for name, day in days.items():
        a_client(services, last_name=name, contract_date=day)
    a_client(services, last_name="None")
    wanted = {
        "today": ["Today"],
        "this week": ["Sat", "Today"],
        "last week": ["Sunday"],
        "this month": ["Sat", "Sunday", "Today"],
        "last month": ["Feb"],
        "next month": ["Apr"],
        "last year": ["Old"],
        "this quarter": ["Feb", "Sat", "Sunday", "Today"],
        "march": ["Sat", "Sunday", "Today"],
        "mar 2025": ["Old"],
        "2025": ["Old"],
        "last 10 days": ["Feb", "Sunday", "Today"],
        "next 4 days": ["Sat", "Today"],
        "> 10 mar": ["Apr", "Sat"],
        ">= 10 mar": ["Apr", "Sat", "Today"],
        "< march": ["Feb", "Old"],
        "<= 28 feb 2026": ["Feb", "Old"],
        "8 Mar..14 Mar": ["Sat", "Sunday", "Today"],
        "1 mar..": ["Apr", "Sat", "Sunday", "Today"],
        "..2025": ["Old"],
        "empty": ["None"],
        "not this month": ["Apr", "Feb", "None", "Old"],
        "tomorrow": [],
    }
    assert {typed: found("contract", typed) for typed in wanted} == wanted


def test_that_a_due_day_can_be_asked_for_by_being_late(services: Services, found: Found) -> None:
    """S1-11."""
    web = catalog_id(services, "client_statuses", "Web Inquiry")
    for name, day in (("Late", 9), ("Now", 10), ("Soon", 11)):
        a_client(services, last_name=name, status_id=web, status_due_on=date(2026, 3, day))
    assert found("due", "late") == ["Late"]
    assert found("due", ">= today") == ["Now", "Soon"]


def test_that_birthdays_are_found_by_their_day_in_any_year_and_by_their_year(services: Services, found: Found) -> None:
    """D8, B2."""
    born = {"Anna": PartialDate(5, 14, 1987), "Ben": PartialDate(3, 16), "Cleo": PartialDate(5, None, 1990),
            "Dan": PartialDate(None, None, 1987), "Eve": PartialDate(12, 31, 2001),
            "Fay": PartialDate(1, 2)}  # fmt: skip
    for name, birthday in born.items():
        a_client(services, last_name=name, birthday=birthday)
    a_client(services, last_name="Nobody")
    assert found("birthday", "may") == ["Anna", "Cleo"]
    assert found("birthday", "14 may") == ["Anna"]
    assert found("birthday", "next 7 days") == ["Ben"]
    assert found("birthday", "this month") == ["Ben"]
    assert found("birthday", "20 dec..5 jan") == ["Eve", "Fay"]
    assert found("birthday", "1987") == ["Anna", "Dan"]
    assert found("birthday", "may 1990") == ["Cleo"]
    assert found("birthday", "14 may 1987") == ["Anna"]
    assert found("birthday", "empty") == ["Nobody"]


def test_that_numbers_flags_phones_and_lights_are_understood(services: Services, found: Found) -> None:
    groups = [catalog_id(services, "client_groups", name) for name in ("Weddings", "Commercial")]
    noted = a_client(services, last_name="Two", groups=frozenset(groups), saturday_only=True)
    a_client(services, last_name="One", groups=frozenset(groups[:1]), phones=["(330) 555-0142"])
    a_client(services, last_name="Zero", phones=["330 555 0199"])
    services.notes.add(NoteRecord(client_id=noted.id, text="Mind the dog", alert=True), new_request())
    assert found("groups", "> 0") == ["One", "Two"]
    assert found("groups", "1..2") == ["One", "Two"]
    assert found("groups", "!1") == ["Two", "Zero"]
    assert found("groups", "0 | 2") == ["Two", "Zero"]
    assert found("saturday_only", "yes") == ["Two"]
    assert found("saturday_only", "no") == ["One", "Zero"]
    assert found("phone", "555-0142") == ["One"]
    assert found("phone", "empty") == ["Two"]
    assert found("light", "note") == ["Two"]
    assert found("light", "none") == ["One", "Zero"]


def test_that_a_moment_is_asked_for_by_the_days_of_the_studio(services: Services, found: Found) -> None:
    a_client(services, last_name="New")
    assert found("created", "today") == ["New"]
    assert found("created", "yesterday") == []
    assert found("created", ">= this month") == ["New"]
    assert found("created", "< today") == []


@pytest.mark.parametrize(
    ("key", "typed"),
    [("contract", "soon"), ("contract", "31 feb"), ("contract", "last 99999 days | x"), ("groups", "many"),
     ("groups", "> "), ("groups", "nan"), ("saturday_only", "perhaps"), ("phone", "anna"), ("light", "green"),
     ("birthday", "13/13"), ("contract", "> 31 dec 9999"), ("groups", "1e400")],
)  # fmt: skip
def test_that_what_means_nothing_is_refused_naming_the_column(services: Services, key: str, typed: str) -> None:
    """RELIABILITY B6: every field, filters included."""
    with pytest.raises(InvalidInput) as refused:
        services.listings.ids("clients", Query({column_filter(key): typed}))
    assert refused.value.field == key
    assert listing("clients").column(key).title in str(refused.value)


def test_that_typed_conditions_combine_with_filters_and_search_and_each_says_what_it_hides(services: Services) -> None:
    """S4-02, S4-35, S0-16."""
    both = a_client(services, last_name="Walker", company="Fair", kind=ClientKind.LEAD)
    a_client(services, last_name="Walker", company="Other", kind=ClientKind.LEAD)
    a_client(services, last_name="Walker", company="Fair", kind=ClientKind.LEAD, stage=Stage.HIDDEN)
    a_client(services, last_name="Jones", company="Fair")
    typed = column_filter("company")
    query = Query({"kind": "lead", "stage": Stage.ACTIVE, typed: "fair"})
    assert services.listings.ids("clients", query) == [both.id]
    assert [hit.id for hit in services.listings.find("walk", query)] == [both.id]
    assert services.listings.hidden("clients", query) == {"kind": 1, "stage": 1, typed: 1}
    rows = list(services.listings.stream("clients", query, ["company"]))
    assert rows == [("Fair",)]


@pytest.mark.parametrize("name", [one.name for one in LISTINGS])
def test_that_every_offer_of_every_column_is_understood(services: Services, name: str) -> None:
    for column in listing(name).columns:
        if column.chosen:
            for typed in offers(column, ["Weddings & more"]):
                services.listings.ids(name, Query({column_filter(column.key): typed}))
