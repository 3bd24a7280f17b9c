"""The lead source report, read back from what was written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.records.clients import ClientKind, Stage
from studio_desktop.reports import REPORTS
from studio_desktop.reports.report import find_report, write_report
from studio_desktop.services import Services, new_request
from tests.builders import a_client, catalog_id

REPORT = find_report(REPORTS, "lead-sources")


@pytest.fixture
def studio(services: Services, clock: FixedClock) -> Services:
    """Three by the website, of whom one is entered this year; one by the wedding fair; one nobody knows how."""
    website, fair = (catalog_id(services, "lead_sources", text) for text in ("Website", "Wedding fair"))
    clock.instant = datetime(2025, 12, 31, 23, 59, tzinfo=UTC)
    a_client(services, last_name="Old", lead_source_id=website)
    a_client(services, last_name="Gone", lead_source_id=website, stage=Stage.ARCHIVED, kind=ClientKind.PROSPECT)
    clock.instant = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
    a_client(services, last_name="New", lead_source_id=website, kind=ClientKind.LEAD)
    a_client(services, last_name="Bride", lead_source_id=fair)
    a_client(services, last_name="Stranger")
    deleted = a_client(services, last_name="Deleted", lead_source_id=fair)
    services.clients.delete([deleted.id], new_request())
    return services


def lines(services: Services, path: Path, **options: object) -> dict[str, tuple[object, ...]]:
    """Clients, prospects, leads, total, share and new by source."""
    write_report(REPORT, services, REPORT.options(**options), path)
    rows = list(load_workbook(path).worksheets[0].iter_rows(values_only=True))
    titles = next(at for at, row in enumerate(rows) if row[0] == "Lead source")
    assert rows[titles] == ("Lead source", "Clients", "Prospects", "Leads", "Total", "Share %", "New")
    return {str(row[0]): row[1:] for row in rows[titles + 1 :] if row[0] is not None}


def test_that_each_lead_source_tells_how_many_it_brought_and_the_last_row_all(studio: Services, tmp_path: Path) -> None:
    """S2-24."""
    found = lines(studio, tmp_path / "sources.xlsx")
    assert found["Website"] == (1, 1, 1, 3, 60, 1)
    assert found["Wedding fair"] == (1, 0, 0, 1, 20, 1)
    assert found["Not known"] == (1, 0, 0, 1, 20, 1)
    assert found["Total"] == (3, 1, 1, 5, 100, 3)
    assert list(found)[-1] == "Total"


def test_that_a_source_that_brought_nobody_is_shown_unless_it_is_inactive(studio: Services, tmp_path: Path) -> None:
    """S2-24."""
    for text in ("Walk-in", "Website"):
        row = next(row for row in studio.catalogs.rows("lead_sources") if row.description == text)
        studio.catalogs.save("lead_sources", row, {"inactive": True}, new_request())
    found = lines(studio, tmp_path / "sources.xlsx")
    assert found["Social media"] == (0, 0, 0, 0, 0, 0)
    assert "Walk-in" not in found
    assert found["Website"][3] == 3


@pytest.mark.parametrize(
    ("first", "last", "new"),
    [
        (date(2025, 12, 31), date(2025, 12, 31), 2),
        (date(2026, 1, 1), date(2026, 3, 9), 0),
        (date(2026, 3, 10), None, 1),
        (None, date(2025, 12, 31), 2),
        (date(2025, 12, 31), date(2026, 3, 10), 3),
    ],
)
def test_that_the_period_counts_both_of_its_days(
    studio: Services, tmp_path: Path, first: date | None, last: date | None, new: int
) -> None:
    """S2-24."""
    assert lines(studio, tmp_path / "sources.xlsx", first=first, last=last)["Website"][-1] == new


def test_that_the_paper_names_the_period_and_has_the_total(studio: Services, tmp_path: Path) -> None:
    """S2-24."""
    write_report(REPORT, studio, REPORT.options(), tmp_path / "sources.pdf")
    text = "\n".join(page.extract_text() for page in PdfReader(tmp_path / "sources.pdf").pages)
    for part in ("1 Jan 2026", "10 Mar 2026", "Wedding fair", "Not known", "Total", "60", "100"):
        assert part in text


def test_that_an_empty_studio_has_no_shares(services: Services, tmp_path: Path) -> None:
    assert lines(services, tmp_path / "sources.xlsx")["Total"] == (0, 0, 0, 0, None, 0)


def test_that_a_period_that_ends_before_it_begins_is_refused(services: Services, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        lines(services, tmp_path / "sources.xlsx", first=date(2026, 3, 2), last=date(2026, 3, 1))
    assert refused.value.field == "last"
    assert list(tmp_path.glob("*.xlsx")) == []
