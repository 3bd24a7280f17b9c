"""Clients whole, one row each with columns for everything, in a form that our import brings in again (B20)."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.reports import csv_file
from studio_desktop.reports.files import atomic_file
from studio_desktop.reports.listing_file import Progress, Written, head, write_document
from studio_desktop.reports.tables import ColumnKind, ColumnSpec, TableDocument
from studio_desktop.services import Services
from studio_desktop.services.whole_clients import WholeClients

ENDINGS = (".zip", ".xlsx", ".csv")
"""What clients can be written whole as; only a `.zip` has the photos, too."""

TABLE = "clients.csv"
"""What the table is called in a `.zip`."""


def write_whole(
    services: Services, path: Path, ids: Sequence[int], *, progress: Progress | None = None
) -> Written:
    """Write these clients in their order; for the bulk lane. Raises InvalidInput for another ending, StudioError."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise InvalidInput(
            "Clients are written whole as {endings}; {name} ends in none of them.",
            field="output", name=path.name, endings=", ".join(ENDINGS),
        )  # fmt: skip
    whole = services.whole.gather(ids, progress, photos=ending == ".zip")
    columns = tuple(
        ColumnSpec(title, title, ColumnKind.PHONE if title in whole.phones else ColumnKind.TEXT)
        for title in whole.titles
    )
    document = head(services, "Clients", columns)
    if ending == ".zip":
        return _write_archive(services, path, document, whole)
    written = write_document(path, document, whole.rows, headed=False)
    if not whole.photos:
        return written
    told = f"Photos left out: {len(whole.photos)}. A .zip has them beside the table."
    return Written(written.path, written.rows, (*written.remarks, told))


def _write_archive(services: Services, path: Path, document: TableDocument, whole: WholeClients) -> Written:
    with atomic_file(path) as file, zipfile.ZipFile(file, "w") as archive:
        packed = zipfile.ZipInfo(TABLE, services.desk.clock.now().timetuple()[:6])
        packed.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(packed, "w", force_zip64=True) as table:
            rows = csv_file.write_csv(table, document, whole.rows)
        for name, image_hash in whole.photos.items():
            archive.writestr(name, services.images.load(image_hash))
    return Written(path, rows)
