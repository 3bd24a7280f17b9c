"""Any listing as a PDF, a workbook or a CSV file, with the columns and the order it is shown in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.formats import Formats
from studio_desktop.reports.tables import Align, ColumnKind, ColumnSpec, Group, Row, Rows, StudioHead, TableDocument
from studio_desktop.services import Services
from studio_desktop.services.listings.declaration import Column, Listing, Query
from studio_desktop.services.listings.declaration import ColumnKind as ShownKind
from studio_desktop.services.listings.grouping import group_text
from studio_desktop.services.listings.service import Totals, listing
from studio_desktop.services.preferences import formats_of

FORMATS = (".pdf", ".xlsx", ".csv")
"""What a list can be written as, by the file's ending; clients also as `VCARDS`."""

VCARDS = ".vcf"

Progress = Callable[[int, int], None]
"""Hears how many rows are done, of how many."""

_KINDS = {
    ShownKind.NUMBER: ColumnKind.NUMBER,
    ShownKind.DAY: ColumnKind.DAY,
    ShownKind.DUE: ColumnKind.DAY,
    ShownKind.PARTIAL_DATE: ColumnKind.PARTIAL_DATE,
    ShownKind.INSTANT: ColumnKind.INSTANT,
    ShownKind.FLAG: ColumnKind.FLAG,
    ShownKind.PHONE: ColumnKind.PHONE,
}
_LIGHTS = {2: "overdue", 1: "note", 0: ""}
_PIXELS_PER_CHARACTER = 7
_NO_GROUP_YET = object()


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was made. `remarks` are sentences about what it could not hold as it is."""

    path: Path
    rows: int
    remarks: tuple[str, ...] = ()


def head(
    services: Services,
    title: str,
    columns: tuple[ColumnSpec, ...],
    subtitles: Sequence[str] = (),
    group: str = "",
    total: Row = (),
) -> TableDocument:
    """A document on the studio's paper with its name, logo and header line, in its formats.

    It is stamped with the desk's time unless the studio wants none (B12, B25).
    """
    preferences = services.preferences.get()
    formats = formats_of(preferences)
    lines = (preferences.report_header,) if preferences.report_header else ()
    logo = services.images.load(preferences.logo) if preferences.logo else b""
    return TableDocument(
        title=title,
        columns=columns,
        studio=StudioHead(preferences.studio_name, lines, logo, preferences.logo_width),
        subtitles=tuple(subtitles),
        printed_at=formats.instant(services.desk.clock.now()) if preferences.time_stamp else "",
        group_title=group,
        total=total,
        formats=formats,
        paper="a4" if preferences.paper == "a4" else "letter",
    )


def write_document(path: Path, document: TableDocument, rows: Rows, *, headed: bool = True) -> Written:
    """Write a document as what the file's name says. Raises InvalidInput for another ending, StudioError."""
    # Each writer brings a large library along; whoever only names a report or a label sheet shall not wait for it.
    ending = path.suffix.lower()
    if ending == ".pdf":
        from studio_desktop.reports import pdf

        paper = pdf.write_pdf(path, document, rows)
        replaced = f"{paper.replaced_characters} characters are in a script no shipped font holds."
        return Written(path, paper.rows, (replaced,) if paper.replaced_characters else ())
    if ending == ".xlsx":
        from studio_desktop.reports import spreadsheet

        book = spreadsheet.write_workbook(path, document, rows, headed=headed)
        changed = f"{book.changes} cells hold what Excel cannot; the sheet Notes lists them."
        return Written(path, book.rows, (changed,) if book.changes else ())
    if ending == ".csv":
        from studio_desktop.reports import csv_file

        return Written(path, csv_file.write_csv(path, document, rows))
    raise InvalidInput(
        "{name} ends in none of {endings}; choose one of them.",
        field="output", name=path.name, endings=", ".join(FORMATS),
    )  # fmt: skip


def export_listing(
    services: Services,
    name: str,
    path: Path,
    *,
    query: Query | None = None,
    keys: Sequence[str] | None = None,
    subtitles: Sequence[str] = (),
    totals: bool = False,
    card_version: str = "3.0",
    progress: Progress | None = None,
) -> Written:
    """Write a listing with some of its columns (those shown by default) in their order; for the bulk lane.

    The groups of a grouped query have headings on paper and a column of their own elsewhere. `totals` adds a last row
    with the number of rows and the sums of the columns that add up. As vCards clients are written whole. Raises
    NotFound for an unknown listing, InvalidInput for another ending, StudioError when it cannot be written.
    """
    one = listing(name)
    if path.suffix.lower() == VCARDS:
        return _write_cards(services, one, path, query or Query(), card_version, progress)
    one = one.titled(services.preferences.get().named)
    chosen = keys or [column.key for column in one.columns if column.shown and column.chosen]
    columns = _with_warnings(one, [one.column(key) for key in chosen])
    query = query or Query()
    rows: Rows = _rows(services, one, query, columns, progress)
    group = one.column(query.group) if query.group else None
    if group is not None:
        counts: dict[object, int] = {}
        if path.suffix.lower() == ".pdf":
            counts = {found.value: found.count for found in services.listings.grouped(name, query).groups}
        rows = _with_groups(rows, group, counts, formats_of(services.preferences.get()))
    total = _total_row(columns, services.listings.totals(name, query)) if totals else ()
    specs, group_title = tuple(_spec(column) for column in columns), "" if group is None else group.title
    document = head(services, one.title, specs, subtitles, group=group_title, total=total)
    return write_document(path, document, rows, headed=False)


def _write_cards(
    services: Services, one: Listing, path: Path, query: Query, version: str, progress: Progress | None
) -> Written:
    from studio_desktop.reports.vcard_file import write_cards

    if one.name != "clients":
        raise InvalidInput("Only clients can be written as vCards (.vcf).", field="output")
    return write_cards(services, path, services.listings.ids(one.name, query), version=version, progress=progress)


def _with_warnings(one: Listing, columns: list[Column]) -> list[Column]:
    """The columns, and behind each phone what must be known before dialling: a screen has a sign for it (S2-35)."""
    chosen = {column.key for column in columns}
    complete = []
    for column in columns:
        complete.append(column)
        if column.kind is ShownKind.PHONE and column.marks and column.marks not in chosen:
            complete.append(one.column(column.marks))
    return complete


def _rows(
    services: Services, one: Listing, query: Query, columns: list[Column], progress: Progress | None
) -> Iterator[Row]:
    lights = [column.kind is ShownKind.LIGHT for column in columns]
    rows = services.listings.stream(one.name, query, [column.key for column in columns])
    for done, row in enumerate(rows, start=1):
        if progress is not None:
            progress(done, 0)
        shown = row[: len(columns)]
        cells = (_LIGHTS[value] if light else value for light, value in zip(lights, shown, strict=True))
        yield (*cells, *row[len(columns) :])


def _with_groups(rows: Rows, column: Column, counts: Mapping[object, int], formats: Formats) -> Iterator[Row | Group]:
    """A heading before each group; the value of its group, which stands behind each row, is taken away."""
    before: object = _NO_GROUP_YET
    for row in rows:
        assert not isinstance(row, Group)
        *cells, value = row
        if value != before:
            heading = group_text(column, value, formats)
            yield Group(f"{heading} ({formats.number(counts[value])})" if value in counts else heading)
            before = value
        yield cells


def _total_row(columns: Sequence[Column], totals: Totals) -> Row:
    """The number of rows below the first column of words, and each sum below its own."""
    words = next((column for column in columns if column.kind is ShownKind.TEXT), columns[0])
    rows = "1 row" if totals.count == 1 else f"{totals.count} rows"
    return [rows if column is words else totals.sums.get(column.key) for column in columns]


def _spec(column: Column) -> ColumnSpec:
    kind = _KINDS.get(column.kind, ColumnKind.TEXT)
    align = Align.LEFT if column.key == "position" else None
    return ColumnSpec(column.key, column.title, kind, max(4, column.width // _PIXELS_PER_CHARACTER), align)
