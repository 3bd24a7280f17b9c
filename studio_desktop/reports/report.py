"""What a report is: a name, options that a sheet and the command line ask for, and rows gathered from the services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from studio_desktop.domain import fields, names
from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.fields import FieldSpec, Kind
from studio_desktop.reports.listing_file import Progress, Written, write_document
from studio_desktop.reports.tables import Group, Row, Rows, TableDocument
from studio_desktop.services import Services
from studio_desktop.services.preferences import formats_of


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


def write_report(
    report: Report, services: Services, options: Any, path: Path, progress: Progress | None = None
) -> Written:
    """Write a report as PDF, workbook or CSV by the file's ending; for the bulk lane. Raises StudioError."""
    gathered = report.gather(services, options)
    rows = gathered.rows if progress is None else _counted(gathered.rows, progress)
    return write_document(path, gathered.document, rows)


def _counted(rows: Rows, progress: Progress) -> Iterator[Row | Group]:
    for done, row in enumerate(rows, start=1):
        progress(done, 0)
        yield row


def options_of(report: Report, typed: Mapping[str, str], services: Services) -> Any:
    """The options of a report out of texts by their names, as the command line has them. Raises InvalidInput."""
    specs = fields.specs(report.options)
    for name in typed:
        if name not in specs:
            raise InvalidInput(
                "{report} has no option {name}. It has: {names}.",
                report=report.name, name=name, names=", ".join(specs) or "none",
            )  # fmt: skip
    return report.options(**{name: _understood(specs[name], value, services) for name, value in typed.items()})


def _understood(spec: FieldSpec, value: str, services: Services) -> Any:
    wanted = names.key(value)
    match spec.kind:
        case Kind.FLAG if wanted in _SAID:
            return _SAID[wanted]
        case Kind.NUMBER if wanted.isdecimal():
            return int(wanted)
        case Kind.DAY:
            return formats_of(services.preferences.get()).typed_day(value, services.desk.clock.today())
        case Kind.CHOICE:
            known = {names.key(one.value): one for one in spec.of}
        case Kind.REFERENCE:
            known = {names.key(one.text): one.id for one in services.catalogs.choices()[spec.of]}
        case Kind.FLAG | Kind.NUMBER:
            known = {}
        case _:
            return value
    if wanted not in known:
        raise InvalidInput(
            "{name} cannot be “{value}”; it is one of: {known}.",
            field=spec.name, name=spec.name, value=value,
            known=", ".join(known or ("yes, no" if spec.kind is Kind.FLAG else "a whole number",)),
        )  # fmt: skip
    return known[wanted]


_SAID = {"yes": True, "no": False, "true": True, "false": False}


def find_report(reports: tuple[Report, ...], name: str) -> Report:
    """The report of that name. Raises NotFound, naming those there are."""
    for report in reports:
        if report.name == name:
            return report
    raise NotFound(
        "There is no report “{name}”. There are: {names}.", name=name, names=", ".join(one.name for one in reports)
    )
