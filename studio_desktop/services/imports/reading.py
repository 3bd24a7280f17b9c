"""A stranger's file as rows of text: CSV of any separator and encoding, a workbook of Excel or Calc, or vCards.

One of them may come in a `.zip` together with photos.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import chain, islice, zip_longest
from pathlib import Path, PurePosixPath
from typing import Any

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.services.imports.cards import is_vcard, read_cards
from studio_desktop.services.imports.mapping import headings, understood
from studio_desktop.services.imports.photos import Photos, in_archive, in_cards, in_folder
from studio_desktop.services.whole_clients import is_whole

MOST_ROWS = 1_000_000
MOST_COLUMNS = 500
_MOST_OF_OURS = 16_384
"""Columns that a workbook can have: our own export has some for each note and each relative."""
_MOST_UNPACKED = 2_000_000_000
_SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 64 * 1024
_HEADER_WITHIN = 20
_LONGEST_TITLE = 200
_WEB_PAGE = re.compile(r"\s*<(?:!doctype|html|\?xml|table)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """The file's cells as text. `first_row` is the number of the first data row, as a spreadsheet counts."""

    path: Path
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first_row: int
    kind: str
    """How it was read, for the person who wonders: "CSV, semicolons, utf-16" or "Excel, sheet Clients"."""
    faults: Mapping[int, str] = field(default_factory=dict)
    """Rows that cannot be clients whatever their columns hold, by number, each with a sentence."""
    photos: Photos | None = None
    """The pictures that came with it, by what the column for photos says."""


def read_table(path: Path) -> Table:
    """Read the whole file. Raises InvalidInput with what is wrong and what to do."""
    if not path.is_file():
        raise InvalidInput("There is no file {path}.", field="file", path=path)
    raw = path.read_bytes()
    if raw.startswith(b"PK") and (inside := _packed(path)) is not None:
        raw = _unpacked(path, inside)
        return replace(_read(path, raw, inside.suffix), photos=in_archive(path, inside.parent))
    table = _read(path, raw, path.suffix)
    return table if table.photos is not None else replace(table, photos=in_folder(path.parent))


def _read(path: Path, raw: bytes, ending: str) -> Table:
    if raw.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return _workbook(path, raw)
    if is_vcard(raw[:200]) or ending.lower() in (".vcf", ".vcard"):
        return _vcards(path, raw)
    return _csv(path, raw)


_TABLES = (".csv", ".xlsx", ".xls", ".ods", ".vcf", ".vcard", ".tsv", ".txt")


def _packed(path: Path) -> PurePosixPath | None:
    """Where in an archive the table lies; None for a workbook, which is an archive too, and for what is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            named = [PurePosixPath(name) for name in archive.namelist()]
    except zipfile.BadZipFile:
        return None
    if {"[Content_Types].xml", "mimetype", "content.xml"} & set(map(str, named)):
        return None
    # What a Mac adds, and what is hidden, is nobody's list.
    found = [
        one for one in named
        if one.suffix.lower() in _TABLES and not any(part.startswith((".", "__MACOSX")) for part in one.parts)
    ]  # fmt: skip
    if len(found) == 1:
        return found[0]
    if not found:
        raise InvalidInput("{name} holds no spreadsheet and no vCards.", field="file", name=path.name)
    raise InvalidInput(
        "{name} holds several lists: {lists}. Unpack it, and choose one of them.",
        field="file", name=path.name, lists=", ".join(map(str, found[:5])),
    )  # fmt: skip


def _unpacked(path: Path, inside: PurePosixPath) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(str(inside)).file_size > _MOST_UNPACKED:
                raise _too_large(path)
            return archive.read(str(inside))
    except RuntimeError as error:
        raise InvalidInput(
            "{name} is protected by a password. Unpack it, and choose the list in it.", field="file", name=path.name
        ) from error
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise InvalidInput(
            "{name} is damaged and cannot be unpacked. Have it made again.", field="file", name=path.name
        ) from error


def guarded(cell: str) -> str:
    """The cell as our own CSV holds it: with a sign before what Excel would take for a formula (DECISIONS 22)."""
    return f"'{cell}" if _LIKE_A_FORMULA.match(cell) else cell


def _csv(path: Path, raw: bytes) -> Table:
    if not raw.strip():
        raise InvalidInput("{name} is empty.", field="file", name=path.name)
    text, encoding = _decoded(raw, path)
    if _WEB_PAGE.match(text):
        raise InvalidInput(
            "{name} is a web page and no spreadsheet. Open it in Excel or Calc, save it as .xlsx and import that.",
            field="file", name=path.name,
        )  # fmt: skip
    separator, text = _separator(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    csv.field_size_limit(10_000_000)
    try:
        return _table(path, rows, f"CSV, {_NAMES[separator]}, {encoding}", is_csv=True)
    except csv.Error as error:
        raise InvalidInput("{name} cannot be read as CSV: {why}.", field="file", name=path.name, why=error) from error


def _vcards(path: Path, raw: bytes) -> Table:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in raw[:_SAMPLE]:
        raw = _decoded(raw, path)[0].encode()
    cards = read_cards(raw.removeprefix(codecs.BOM_UTF8), MOST_ROWS)
    if not cards.rows:
        raise InvalidInput("{name} holds no vCard.", field="file", name=path.name)
    if len(cards.rows) > MOST_ROWS:
        raise _too_long(path)
    kind = f"vCard {' and '.join(cards.versions)}".strip()
    return Table(path, cards.header, cards.rows, 1, kind, cards.faults, in_cards(cards.photos))


_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def _decoded(raw: bytes, path: Path) -> tuple[str, str]:
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            return raw.decode(encoding, "replace"), encoding
    if b"\x00" in raw[:_SAMPLE]:
        # UTF-16 without its mark has a zero beside every Latin letter; nothing else that is text has zeros.
        encoding = "utf-16-le" if raw[1:2] == b"\x00" else "utf-16-be"
        if raw[:_SAMPLE].count(b"\x00") < len(raw[:_SAMPLE]) // 4:
            raise InvalidInput(
                "{name} is no spreadsheet. Choose a CSV, XLSX, XLS, ODS or VCF file.", field="file", name=path.name
            )
        return raw.decode(encoding, "replace"), encoding
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(raw[: 1024 * 1024]).best()
        encoding = best.encoding if best is not None else "cp1252"
        return raw.decode(encoding, "replace"), encoding


def _separator(text: str) -> tuple[str, str]:
    """The sign that splits most lines into the same number of cells; Excel may name it in a first line `sep=;`."""
    first, _, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], rest
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample.rsplit("\n", 1)[0]
    best, best_score = ",", 0
    for separator in _SEPARATORS:
        counts = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator) if row]
        usual = max(set(counts), key=counts.count, default=1)
        score = (usual - 1) * counts.count(usual)
        if score > best_score:
            best, best_score = separator, score
    return best, text


def _workbook(path: Path, raw: bytes) -> Table:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    # calamine goes by a path's ending, and strangers' workbooks bear wrong ones.
    try:
        if raw.startswith(b"PK"):
            _check_size(path, raw)
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            cells = sheet.to_python()
            if any(any(cell != "" for cell in row) for row in cells):
                _fill_merged(cells, sheet)
                texts = ([_text(cell) for cell in row] for row in cells)
                return _table(path, texts, f"{_kind(raw)}, sheet {name}", is_csv=False)
    except PasswordError as error:
        raise InvalidInput(
            "{name} is protected by a password. Open it, take the password off and save it.",
            field="file", name=path.name,
        ) from error  # fmt: skip
    except (CalamineError, zipfile.BadZipFile) as error:
        raise InvalidInput(
            "{name} cannot be read as a workbook. Save it as .xlsx from the program that made it. ({why})",
            field="file", name=path.name, why=str(error).rstrip("."),
        ) from error  # fmt: skip
    raise InvalidInput("{name} is empty.", field="file", name=path.name)


def _check_size(path: Path, raw: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        if sum(entry.file_size for entry in package.infolist()) > _MOST_UNPACKED:
            raise _too_large(path)


def _too_large(path: Path) -> InvalidInput:
    return InvalidInput("{name} unpacks to more than 2 GB; that is no client list.", field="file", name=path.name)


def _kind(raw: bytes) -> str:
    if not raw.startswith(b"PK"):
        return "Excel 97"
    return "OpenDocument" if b"opendocument" in raw[:200] else "Excel"


def _fill_merged(cells: list[list[Any]], sheet: Any) -> None:
    """Give each row of a cell that was merged downwards its text: a family's name beside each of the family."""
    first_row, first_column = sheet.start or (0, 0)
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        top, bottom, left = top - first_row, min(bottom - first_row, len(cells) - 1), left - first_column
        if top >= 0 and 0 <= left < len(cells[0]):
            for row in range(top + 1, bottom + 1):
                cells[row][left] = cells[top][left]


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _table(path: Path, rows: Iterable[list[str]], kind: str, *, is_csv: bool) -> Table:
    if is_csv:
        rows = ([_unguarded(cell) for cell in row] for row in rows)
    numbered = enumerate(rows, start=1)
    header_row, header, begun = _header(numbered, path)
    most = _MOST_OF_OURS if is_whole(header) else MOST_COLUMNS
    if len(header) > most:
        raise InvalidInput(
            "{name} has {count} columns; at most {most} can be imported.",
            field="file", name=path.name, count=len(header), most=most,
        )  # fmt: skip
    body = tuple(_padded(row, len(header)) for _, row in _limited(chain(begun, numbered), path))
    titles = tuple(" ".join(cell.split())[:_LONGEST_TITLE] for cell in header)
    return Table(path, titles, body, header_row + 1, kind)


_Numbered = tuple[int, list[str]]


def _header(numbered: Iterator[_Numbered], path: Path) -> tuple[int, list[str], list[_Numbered]]:
    """The row of titles with its number, and the rows that were read after it.

    It is the first that holds titles somebody knows, so that what stands above it is passed over; else the first with
    two filled cells, of a single column the first. Titles that are merged over several columns go before those below.
    """
    begun = list(islice(numbered, _HEADER_WITHIN))
    filled = [place for place, (_, row) in enumerate(begun) if _filled(row) >= 2 or (_filled(row) == 1 == len(row))]
    if not filled:
        raise InvalidInput("{name} has no row of column titles.", field="file", name=path.name)
    place = next((place for place in filled if headings(begun[place][1])), filled[0])
    number, row = begun[place]
    above = begun[place - 1][1] if place else []
    if _filled(above) >= 2 and not all(map(str.strip, above)):
        joined = _joined(above, row)
        if 2 * understood(joined) > understood(row):
            return number, joined, begun[place + 1 :]
    below = begun[place + 1][1] if place + 1 < len(begun) else []
    if not all(map(str.strip, row)) and headings(below):
        return number + 1, _joined(row, below), begun[place + 2 :]
    return number, row, begun[place + 1 :]


def _filled(row: list[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _joined(above: list[str], below: list[str]) -> list[str]:
    """Titles of two rows as one: each of the upper ones spans the columns up to the next."""
    titles, spanning = [], ""
    for upper, lower in zip_longest(map(str.strip, above), map(str.strip, below), fillvalue=""):
        spanning = upper or spanning
        titles.append(f"{spanning} {lower}".strip() if lower and lower != upper else upper)
    return titles


def _limited(numbered: Iterable[_Numbered], path: Path) -> Iterator[_Numbered]:
    for count, item in enumerate(numbered):
        if count >= MOST_ROWS:
            raise _too_long(path)
        yield item


def _too_long(path: Path) -> InvalidInput:
    return InvalidInput("{name} has more than {most:,} rows; split it.", field="file", name=path.name, most=MOST_ROWS)


def _padded(row: list[str], width: int) -> tuple[str, ...]:
    return (*row[:width], *("" for _ in range(width - len(row))))


def _unguarded(cell: str) -> str:
    """What `guarded` was given; it guards what begins with its own sign too, so that nothing is lost."""
    return cell[1:] if cell.startswith("'") and _LIKE_A_FORMULA.match(cell) else cell


_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")
