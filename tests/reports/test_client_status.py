"""The status reports and the listing files, read back from what was written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.records.clients import Stage
from studio_desktop.reports import REPORTS
from studio_desktop.reports.listing_file import export_listing
from studio_desktop.reports.report import find_report, write_report
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.service import LISTINGS, Query
from tests.builders import a_client, catalog_id


def cells(path: Path) -> list[tuple[object, ...]]:
    return list(load_workbook(path).worksheets[0].iter_rows(values_only=True))


def paper(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def studio_with_clients(services: Services) -> None:
    services.preferences.save({"studio_name": "Larkspur Studio", "report_header": "1 Mill Street"}, new_request())
    web = catalog_id(services, "client_statuses", "Web Inquiry")
    a_client(services, last_name="Late", first_name="Lea", status_id=web, status_due_on=date(2026, 3, 4),
             phones=["(330) 555-0142"])  # fmt: skip
    a_client(services, last_name="Timely", first_name="Tom", status_id=web, status_due_on=date(2026, 3, 10))
    a_client(services, last_name="=1+1", first_name="", company="@cmd")


@pytest.mark.parametrize("ending", [".pdf", ".xlsx"])
def test_that_the_status_report_shows_every_status_with_its_reasons_and_counts(
    services: Services, tmp_path: Path, ending: str
) -> None:
    """S1-19, S1-20, S1-21, B12."""
    studio_with_clients(services)
    report = find_report(REPORTS, "client-statuses")
    written = write_report(report, services, report.options(), tmp_path / f"statuses{ending}")
    if ending == ".pdf":
        text = paper(written.path)
        for part in ("Larkspur Studio", "1 Mill Street", "Client statuses", "Web Inquiry", "Delivery late", "1 of 1"):
            assert part in text
    else:
        row = next(row for row in cells(written.path) if "Web Inquiry" in row)
        assert row[2] == 2
        assert row[-2:] == (2, 1)


def test_that_an_inactive_status_is_left_out_unless_it_is_asked_for(services: Services, tmp_path: Path) -> None:
    """S1-18, S1-19, B12: the report respects Hide Inactive."""
    upset = next(row for row in services.catalogs.rows("client_statuses") if row.description == "Upset Client")
    services.catalogs.save("client_statuses", upset, {"inactive": True}, new_request())
    report = find_report(REPORTS, "client-statuses")
    write_report(report, services, report.options(), tmp_path / "without.pdf")
    write_report(report, services, report.options(include_inactive=True), tmp_path / "with.pdf")
    assert "Upset Client" not in paper(tmp_path / "without.pdf")
    assert "Upset Client" in paper(tmp_path / "with.pdf")


def test_that_clients_stand_under_their_status_with_the_days_they_are_late(services: Services, tmp_path: Path) -> None:
    """S1-10, S1-11."""
    studio_with_clients(services)
    report = find_report(REPORTS, "clients-by-status")
    write_report(report, services, report.options(), tmp_path / "all.xlsx")
    late = next(row for row in cells(tmp_path / "all.xlsx") if "Late, Lea" in row)
    assert late[0] == "Web Inquiry"
    assert late[-1] == 6
    write_report(report, services, report.options(overdue_only=True), tmp_path / "overdue.pdf")
    assert "Late, Lea" in paper(tmp_path / "overdue.pdf")
    assert "Timely, Tom" not in paper(tmp_path / "overdue.pdf")


def test_that_the_client_list_keeps_to_kind_and_stage(services: Services, tmp_path: Path) -> None:
    """S4-12."""
    studio_with_clients(services)
    a_client(services, last_name="Gone", stage=Stage.ARCHIVED)
    report = find_report(REPORTS, "client-list")
    write_report(report, services, report.options(), tmp_path / "list.pdf")
    assert "Timely, Tom" in paper(tmp_path / "list.pdf")
    assert "Gone" not in paper(tmp_path / "list.pdf")


@pytest.mark.parametrize("ending", [".pdf", ".xlsx", ".csv"])
@pytest.mark.parametrize("name", [one.name for one in LISTINGS])
def test_that_every_listing_is_written_in_every_format(
    services: Services, tmp_path: Path, name: str, ending: str
) -> None:
    """S1-20, S1-21, S4-12."""
    studio_with_clients(services)
    path = tmp_path / f"{name}{ending}"
    written = export_listing(services, name, path)
    assert written.rows == len(services.listings.ids(name, Query()))
    assert path.stat().st_size > 0


def test_that_names_that_look_like_formulas_stay_text(services: Services, tmp_path: Path) -> None:
    studio_with_clients(services)
    export_listing(services, "clients", tmp_path / "clients.xlsx")
    export_listing(services, "clients", tmp_path / "clients.csv")
    sheet = load_workbook(tmp_path / "clients.xlsx").worksheets[0]
    typed = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in typed] == ["s"]
    assert "'=1+1" in (tmp_path / "clients.csv").read_text("utf-8-sig")


def test_that_an_unknown_ending_is_refused_and_nothing_is_written(services: Services, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"\.pdf"):
        export_listing(services, "clients", tmp_path / "clients.doc")
    assert list(tmp_path.glob("clients*")) == []
