"""A saved filter on the command line, for lists and for labels."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import load_workbook

from studio_desktop.__main__ import main
from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import FixedClock
from studio_desktop.services import Services
from studio_desktop.services.layouts import Kept
from studio_desktop.services.users import sit_down
from tests.builders import a_client
from tests.reports.reading import page_texts


def test_that_lists_and_labels_are_written_for_a_saved_filter(
    studio_url: str, clock: FixedClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """B13: usable wherever a group is."""
    home = {"street": "1 Mill Street", "region": "OH", "postcode": "44199"}
    with closing(Database(studio_url)) as database:
        services = Services(database, sit_down(database, clock, "FRONT-1"))
        a_client(services, last_name="Adams", town="Fairbrook", **home)
        a_client(services, last_name="Berg", town="Lodz", **home)
        kept = {"alternatives": [[["column:town", "fair"]]]}
        services.layouts.keep_named(Kept.FILTER, "clients", "Near by", kept, shared=True)
    book, labels = tmp_path / "list.xlsx", tmp_path / "labels.pdf"
    start = ["--database", studio_url]
    assert main([*start, "export", "clients", "--filter", "near by", "--output", str(book)]) == 0
    rows = list(load_workbook(book).active.values)  # type: ignore[union-attr]
    assert [row[1] for row in rows[1:]] == ["Adams"]
    assert main([*start, "labels", "--filter", "Near by", "--output", str(labels)]) == 0
    (page,) = page_texts(labels)
    assert "Adams" in page
    assert "Berg" not in page
    assert main([*start, "export", "clients", "--filter", "Far", "--output", str(tmp_path / "x.csv")]) == 1
    assert "There is no saved filter “Far”" in capsys.readouterr().err
    assert not (tmp_path / "x.csv").exists()
