"""Rows that stand together under a heading with their number, and what all of them add up to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.formats import Formats
from studio_desktop.reports.listing_file import export_listing
from studio_desktop.services import Services
from studio_desktop.services.listings.declaration import Query
from studio_desktop.services.listings.grouping import can_group, group_text
from studio_desktop.services.listings.service import LISTINGS, listing
from tests.builders import a_client, catalog_id


def groups(services: Services, key: str) -> list[tuple[str, list[str]]]:
    """The headings with the last names below them."""
    found = services.listings.grouped("clients", Query(group=key))
    names, start, made = [services.clients.get(one).last_name for one in found.ids], 0, []
    for group in found.groups:
        heading = group_text(listing("clients").column(key), group.value, Formats())
        made.append((heading, names[start : start + group.count]))
        start += group.count
    assert start == len(names)
    return made


@pytest.fixture
def five(services: Services) -> None:
    """Five clients at two statuses, or at none."""
    web, loyal = (catalog_id(services, "client_statuses", name) for name in ("Web Inquiry", "Loyalty Client"))
    weddings = frozenset({catalog_id(services, "client_groups", "Weddings")})
    a_client(services, last_name="Abel", status_id=loyal, town="Łódź", contract_date=date(2026, 3, 2))
    a_client(services, last_name="Bell", status_id=web, town="Lodz", contract_date=date(2026, 3, 31), groups=weddings)
    a_client(services, last_name="Chen", contract_date=date(2025, 12, 1), birthday=PartialDate(12, 24))
    a_client(services, last_name="Dahl", status_id=web, birthday=PartialDate(2, 29, 1988), groups=weddings)
    a_client(services, last_name="Eden", status_id=web, birthday=PartialDate(2, None, 1990), saturday_only=True)


@pytest.mark.usefixtures("five")
def test_that_rows_are_put_together_in_the_order_of_the_column_and_what_is_empty_last(services: Services) -> None:
    """E5; S1-06: statuses keep the order of the workflow."""
    assert groups(services, "status") == [
        ("Web Inquiry", ["Bell", "Dahl", "Eden"]), ("Loyalty Client", ["Abel"]), ("No status", ["Chen"])
    ]  # fmt: skip
    assert groups(services, "contract") == [
        ("December 2025", ["Chen"]), ("March 2026", ["Abel", "Bell"]), ("No contract", ["Dahl", "Eden"])
    ]  # fmt: skip
    assert groups(services, "birthday") == [
        ("February", ["Dahl", "Eden"]), ("December", ["Chen"]), ("No birthday", ["Abel", "Bell"])
    ]  # fmt: skip
    assert groups(services, "saturday_only") == [
        ("Saturday only: no", ["Abel", "Bell", "Chen", "Dahl"]), ("Saturday only: yes", ["Eden"])
    ]  # fmt: skip
    assert [heading for heading, _ in groups(services, "town")] == ["Lodz", "Łódź", "No town"]


@pytest.mark.usefixtures("five")
def test_that_inside_a_group_the_chosen_order_and_the_filters_hold(services: Services) -> None:
    query = Query({"column:status": "web"}, sort=(("name", True),), group="saturday_only")
    found = services.listings.grouped("clients", query)
    assert [services.clients.get(one).last_name for one in found.ids] == ["Dahl", "Bell", "Eden"]
    assert [(bool(one.value), one.count) for one in found.groups] == [(False, 2), (True, 1)]
    assert services.listings.ids("clients", query) == found.ids


@pytest.mark.parametrize("name", [one.name for one in LISTINGS])
def test_that_every_listing_can_be_grouped_by_its_columns_and_added_up(services: Services, name: str) -> None:
    a_client(services, birthday=PartialDate(2, 29), contract_date=date(2026, 3, 2))
    everyone = set(services.listings.ids(name, Query()))
    for column in listing(name).columns:
        if can_group(column):
            found = services.listings.grouped(name, Query(group=column.key))
            assert set(found.ids) == everyone, column.key
            assert sum(one.count for one in found.groups) == len(everyone)
    assert services.listings.totals(name, Query()).count == len(everyone)


@pytest.mark.usefixtures("five")
def test_that_totals_count_and_add_up_what_is_shown(services: Services) -> None:
    """E5: the totals footer."""
    totals = services.listings.totals("clients", Query())
    assert (totals.count, totals.sums["groups"]) == (5, 2)
    totals = services.listings.totals("clients", Query({"column:name": "bell"}))
    assert (totals.count, totals.sums["groups"]) == (1, 1)


@pytest.mark.usefixtures("five")
def test_that_paper_workbook_and_csv_hold_groups_and_totals(services: Services, tmp_path: Path) -> None:
    """E5, S1-19: what is shown."""
    query, keys = Query(group="status"), ["name", "groups"]
    for ending in (".xlsx", ".csv", ".pdf"):
        export_listing(services, "clients", tmp_path / f"list{ending}", query=query, keys=keys, totals=True)
    rows = list(load_workbook(tmp_path / "list.xlsx").active.values)  # type: ignore[union-attr]
    assert rows[0] == ("Status", "Name", "Groups")
    assert rows[1] == ("Web Inquiry", "Bell", 1)
    assert rows[5] == ("No status", "Chen", 0)
    assert rows[-1][1:] == ("5 rows", 2)
    lines = (tmp_path / "list.csv").read_text("utf-8-sig").splitlines()
    assert lines[:2] == ["Status,Name,Groups", "Web Inquiry,Bell,1"]
    page = PdfReader(tmp_path / "list.pdf").pages[0].extract_text()
    for words in ("Web Inquiry (3)", "Loyalty Client (1)", "No status (1)", "5 rows"):
        assert words in page
