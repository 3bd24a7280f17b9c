"""The report of leads, read back from what was written."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.records.clients import ClientKind
from studio_desktop.reports import REPORTS
from studio_desktop.reports.leads import By
from studio_desktop.reports.report import find_report, options_of, write_report
from studio_desktop.services import Services, new_request
from tests.builders import a_client, a_pipeline, catalog_id, stage_id

REPORT = find_report(REPORTS, "leads")


@pytest.fixture
def studio(services: Services, clock: FixedClock) -> Services:
    """Four inquiries of the tenth of March: two wait, one was won, one lost for its price; three days have gone by."""
    website = catalog_id(services, "lead_sources", "Website")
    people = [
        a_client(services, last_name=name, kind=ClientKind.LEAD, lead_source_id=source)
        for name, source in (("Waits", website), ("Asks", None), ("Won", website), ("Lost", website))
    ]
    leads = [services.leads.of_client(one.id)[0].id for one in people]
    services.leads.move([leads[1]], stage_id(services, "Consultation"), new_request())
    services.leads.move([leads[2]], stage_id(services, "Booked"), new_request())
    price = catalog_id(services, "lost_reasons", "Price")
    services.leads.move([leads[3]], stage_id(services, "Lost"), new_request(), lost_reason_id=price)
    deleted = a_client(services, last_name="Deleted", kind=ClientKind.LEAD)
    services.clients.delete([deleted.id], new_request())
    clock.instant += timedelta(days=3)
    return services


def lines(services: Services, path: Path, **options: Any) -> dict[str, tuple[Any, ...]]:
    """The rows by what stands first in them, groups left aside."""
    write_report(REPORT, services, REPORT.options(**options), path)
    rows = list(load_workbook(path).worksheets[0].iter_rows(values_only=True))
    titles = next(at for at, row in enumerate(rows) if {"Leads"} & set(row) and len(set(row)) > 2)
    first = rows[titles].index("Stage") if "Stage" in rows[titles] else 0
    return {str(row[first] or row[0]): row[first + 1 :] for row in rows[titles + 1 :] if any(row)}


def test_that_stages_tell_how_many_leads_wait_there_how_long_and_how_many_too_long(
    studio: Services, tmp_path: Path
) -> None:
    """B14: count, overdue, average days in stage; who was deleted does not count."""
    found = lines(studio, tmp_path / "leads.xlsx")
    assert found["New inquiry"] == (1, 1, 3)
    assert found["Contacted"] == (0, 0, None)
    assert found["Consultation"] == (1, 0, 3)
    assert (found["Booked"][:2], found["Lost"][:2]) == ((1, 0), (1, 0))
    assert found["Open"] == (2, 1, 3)


def test_that_lead_sources_tell_what_came_of_their_leads(studio: Services, tmp_path: Path) -> None:
    """B14: won of those that have ended; in the period in which they were opened."""
    found = lines(studio, tmp_path / "leads.xlsx", by=By.SOURCE)
    assert found == {"Website": (1, 1, 1, 3, 50), "Not known": (0, 0, 1, 1, None), "Total": (1, 1, 2, 4, 50)}
    nobody = lines(studio, tmp_path / "none.xlsx", by=By.SOURCE, last=date(2026, 3, 9))
    assert nobody == {"Total": (0, 0, 0, 0, None)}
    with pytest.raises(InvalidInput, match="ends before"):
        REPORT.gather(studio, REPORT.options(by=By.SOURCE, first=date(2026, 3, 2), last=date(2026, 3, 1)))


def test_that_lost_reasons_tell_how_often_they_were_given(studio: Services, tmp_path: Path) -> None:
    """B14."""
    again = a_client(studio, last_name="Again", kind=ClientKind.LEAD)
    studio.clients.set_kind([again.id], ClientKind.PROSPECT, new_request())
    found = lines(studio, tmp_path / "leads.xlsx", by=By.REASON)
    assert found == {"Price": (1, 50), "Not said": (1, 50), "Total": (2, 100)}


def test_that_the_report_is_for_one_pipeline_where_one_is_chosen_and_as_pdf(studio: Services, tmp_path: Path) -> None:
    """B14: as the command line gives its options."""
    a_pipeline(studio, "Schools", "Asked")
    options = options_of(REPORT, {"pipeline_id": "schools", "by": "stage"}, studio)
    write_report(REPORT, studio, options, tmp_path / "leads.pdf")
    text = PdfReader(tmp_path / "leads.pdf").pages[0].extract_text()
    assert "Asked" in text
    assert "New inquiry" not in text


def test_that_days_are_rounded_to_one_decimal(studio: Services, clock: FixedClock, tmp_path: Path) -> None:
    """B14."""
    clock.instant += timedelta(days=1)
    for name in ("One", "Two"):
        a_client(studio, last_name=name, kind=ClientKind.LEAD)
    found = lines(studio, tmp_path / "leads.xlsx")
    assert Decimal(str(found["New inquiry"][2])) == Decimal("1.3")
