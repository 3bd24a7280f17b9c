"""Tables as CSV: for other programs, for import elsewhere, and for a spreadsheet that must not run what it reads."""

from __future__ import annotations

import codecs
import csv
import io
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO

from studio_desktop.reports.files import atomic_file
from studio_desktop.reports.tables import ColumnKind, Rows, TableDocument, grouped_columns, rows_with_group


def write_csv(target: Path | IO[bytes], document: TableDocument, rows: Rows, *, bom: bool = True) -> int:
    """Writes titles and rows by RFC 4180 in UTF-8 and gives the number of rows.

    The byte order mark tells Excel the encoding. Days are written as 2026-03-10, numbers plainly and flags as Yes or
    No, so that they mean the same everywhere; all else is as on paper. A text that a spreadsheet would take for a
    formula gets a leading `'` (DECISIONS 22). Raises `StudioError` if a file cannot be written; then there is none.
    """
    if isinstance(target, Path):
        with atomic_file(target) as file:
            return _write(file, document, rows, bom)
    return _write(target, document, rows, bom)


def _write(target: IO[bytes], document: TableDocument, rows: Rows, bom: bool) -> int:
    if bom:
        target.write(codecs.BOM_UTF8)
    text = io.TextIOWrapper(target, encoding="utf-8", newline="")
    writer = csv.writer(text)
    columns = grouped_columns(document)
    unguarded = [column.kind in (ColumnKind.PHONE, ColumnKind.NUMBER) for column in columns]
    writer.writerow(_guarded(column.title) for column in columns)
    count = 0
    for row in rows_with_group(document, rows):
        cells = [_UNENCODABLE.sub("\ufffd", _plain(document, value)) for value in row]
        writer.writerow(cell if free else _guarded(cell) for cell, free in zip(cells, unguarded, strict=True))
        count += 1
    text.detach()
    return count


def _plain(document: TableDocument, value: object) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return document.shown(value)


def _guarded(text: str) -> str:
    return f"'{text}" if _LIKE_A_FORMULA.match(text) else text


# Apostrophes before the sign count as well, so that an importer may always take one off.
_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_UNENCODABLE = re.compile("[\ud800-\udfff]")
