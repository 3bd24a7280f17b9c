"""Clients whole, one row each with columns for everything, as CSV or workbook; our import brings it in again (B20)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.reports.listing_file import Progress, Written, head, write_document
from studio_desktop.reports.tables import ColumnKind, ColumnSpec
from studio_desktop.services import Services

ENDINGS = (".xlsx", ".csv")
"""What clients can be written whole as."""


def write_whole(
    services: Services, path: Path, ids: Sequence[int], *, progress: Progress | None = None
) -> Written:
    """Write these clients in their order; for the bulk lane. Raises InvalidInput for another ending, StudioError."""
    if path.suffix.lower() not in ENDINGS:
        raise InvalidInput(
            "Clients are written whole as {endings}; {name} ends in neither.",
            field="output", name=path.name, endings=" or ".join(ENDINGS),
        )  # fmt: skip
    whole = services.whole.gather(ids, progress)
    columns = tuple(
        ColumnSpec(title, title, ColumnKind.PHONE if title in whole.phones else ColumnKind.TEXT)
        for title in whole.titles
    )
    return write_document(path, head(services, "Clients", columns), whole.rows, headed=False)
