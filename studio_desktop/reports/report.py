"""What a report is: a name, options that a sheet and the command line ask for, and rows gathered from the services."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from studio_desktop.domain.errors import NotFound
from studio_desktop.reports.listing_file import Written, write_document
from studio_desktop.reports.tables import Rows, TableDocument
from studio_desktop.services import Services


@dataclass(frozen=True, slots=True)
class Gathered:
    """A report ready to be written; its rows are read while they are written."""

    document: TableDocument
    rows: Rows


class Report(Protocol):
    """One report. `options` is a dataclass declared with `domain.fields`, whose defaults are what is asked mostly."""

    name: str
    title: str
    purpose: str
    options: type[Any]

    def gather(self, services: Services, options: Any) -> Gathered:
        """The document and its rows; for the bulk lane."""


def write_report(report: Report, services: Services, options: Any, path: Path) -> Written:
    """Write a report as PDF, workbook or CSV by the file's ending; for the bulk lane. Raises StudioError."""
    gathered = report.gather(services, options)
    return write_document(path, gathered.document, gathered.rows)


def find_report(reports: tuple[Report, ...], name: str) -> Report:
    """The report of that name. Raises NotFound, naming those there are."""
    for report in reports:
        if report.name == name:
            return report
    raise NotFound(
        "There is no report “{name}”. There are: {names}.", name=name, names=", ".join(one.name for one in reports)
    )
