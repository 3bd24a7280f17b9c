"""The cable is pulled in the middle of long work: it is done once or not at all, and nobody waits for ever.

Saving over such a line is proven in tests/database/test_engine.py.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from studio_desktop.database import backup
from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.errors import DatabaseUnavailable, StudioError
from studio_desktop.reports import REPORTS
from studio_desktop.reports.label_sheets import sheet
from studio_desktop.reports.listing_file import export_listing
from studio_desktop.reports.mailing_labels import write_mailing
from studio_desktop.reports.report import find_report, write_report
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.declaration import Query
from studio_desktop.services.mailing import Recipients
from studio_desktop.services.users import sit_down
from tests.builders import add_clients, client_record
from tests.proxy import Proxy

Network = tuple[Database, Proxy]


@pytest.fixture
def far(network: Network, clock: FixedClock) -> Services:
    """The services of a desk behind that network."""
    return Services(network[0], sit_down(network[0], clock, "FRONT-1"))


@pytest.mark.parametrize("trouble", ["cut", "silence"])
def test_that_an_import_whose_line_breaks_is_made_once_or_leaves_nothing(
    network: Network, far: Services, tmp_path: Path, trouble: str
) -> None:
    """RELIABILITY 57, 59: cut, it begins again by itself; in silence it ends with a sentence and can be repeated."""
    _, proxy = network
    rows = [("Last name", "First name", "Phone"), *(("Adams", f"Anna {n}", f"330 555 {n:04}") for n in range(600))]
    file = tmp_path / "contacts.csv"
    with file.open("w", newline="") as target:
        csv.writer(target).writerows(rows)
    plan, request = far.imports.judge(far.imports.read(file)), new_request()
    broken = []

    def break_once(_done: int, _total: int) -> None:
        if not broken:
            broken.append(trouble)
            proxy.cut() if trouble == "cut" else proxy.fall_silent()

    if trouble == "silence":
        with pytest.raises(DatabaseUnavailable, match="does not answer"):
            far.imports.carry_out(plan, request, break_once)
        proxy.heal()
        assert far.listings.ids("clients", Query()) == []
        assert far.imports.batches() == []
    assert far.imports.carry_out(plan, request, break_once).result.imported == 600
    assert len(far.listings.ids("clients", Query())) == 600
    assert len(far.imports.batches()) == 1


def labels(services: Services, path: Path) -> None:
    write_mailing(services.mailings.gather(Recipients()), path, sheet("avery-5160"))


def status_report(services: Services, path: Path) -> None:
    report = find_report(REPORTS, "clients-by-status")
    write_report(report, services, report.options(), path)


def whole_list(services: Services, path: Path) -> None:
    export_listing(services, "clients", path)


def backed_up(services: Services, path: Path) -> None:
    backup.backup(services.database, path)


@pytest.mark.parametrize(
    ("work", "name", "trouble"),
    [
        (labels, "labels.pdf", "cut"), (status_report, "status.pdf", "cut"), (whole_list, "clients.xlsx", "cut"),
        (backed_up, "studio.zip", "cut"), (labels, "labels.pdf", "silence"), (backed_up, "studio.zip", "silence"),
    ],
)  # fmt: skip
def test_that_what_is_written_over_a_line_that_breaks_keeps_the_old_file_and_can_be_written_again(
    network: Network, far: Services, tmp_path: Path, work: Callable[[Services, Path], None], name: str, trouble: str
) -> None:
    """RELIABILITY 57, 59: labels, a report, a list, a backup; half a document never takes the name of a whole one."""
    _, proxy = network
    place = {"street": "418 Larkspur Lane", "town": "Fairbrook", "region": "OH", "postcode": "44199"}
    add_clients(far, [client_record(last_name=f"Adams {n}", **place) for n in range(200)])
    file = tmp_path / name
    file.write_bytes(b"old")
    (proxy.cut_after if trouble == "cut" else proxy.fall_silent_after)(9_000)
    with pytest.raises(StudioError, match="does not answer"):
        work(far, file)
    assert file.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == [name]
    proxy.heal()
    work(far, file)
    assert file.stat().st_size > 3_000
