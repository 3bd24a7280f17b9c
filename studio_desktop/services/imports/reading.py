"""A stranger's file as rows of text: CSV of any separator and encoding, a workbook of Excel or Calc, or vCards.

One of them may come in a `.zip` together with photos.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import chain, islice, zip_longest
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.services.imports.cards import is_vcard, read_cards
from studio_desktop.services.imports.mapping import headings, understood
from studio_desktop.services.imports.photos import Photos, in_archive, in_cards, in_folder
from studio_desktop.services.imports.spool import Spool
from studio_desktop.services.whole_clients import is_whole

MOST_ROWS = 1_000_000
MOST_COLUMNS = 500
_MOST_OF_OURS = 16_384
"""Columns that a workbook can have: our own export has some for each note and each relative."""
_MOST_UNPACKED = 2_000_000_000
_ENCRYPTED = 1
_SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 64 * 1024
_GUESSED_BY = 1024 * 1024
"""Bytes by which an encoding that is no Unicode is guessed."""
_HEADER_WITHIN = 20
_LONGEST_TITLE = 200
_WEB_PAGE = re.compile(r"\s*<(?:!doctype|html|\?xml|table)\b", re.IGNORECASE)


class Rows(Protocol):
    """The cells of a file, row by row; of a long one they lie on the disk."""

    def __len__(self) -> int:
        """How many rows there are."""

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        """All rows in their order."""

    def __getitem__(self, place: int, /) -> tuple[str, ...]:
        """The row at a place, from 0."""


@dataclass(frozen=True)
class Table:
    """The file's cells as text. `first_row` is the number of the first data row, as a spreadsheet counts."""

    path: Path
    header: tuple[str, ...]
    rows: Rows
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
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    if start.startswith(b"PK") and (inside := _packed(path)) is not None:
        with _unpacked(path, inside) as file:
            return replace(_read(path, file, inside.suffix), photos=in_archive(path, inside.parent))
    with path.open("rb") as file:
        table = _read(path, file, path.suffix)
    return table if table.photos is not None else replace(table, photos=in_folder(path.parent))


def _read(path: Path, file: IO[bytes], ending: str) -> Table:
    """The table in a file that can be read from its beginning again."""
    start = file.read(_SAMPLE)
    file.seek(0)
    if start.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return _workbook(path, file.read())
    if is_vcard(start[:200]) or ending.lower() in (".vcf", ".vcard"):
        return _vcards(path, file.read())
    return _csv(path, file, start)


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


@contextmanager
def _unpacked(path: Path, inside: PurePosixPath) -> Iterator[IO[bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo(str(inside))
            if entry.flag_bits & _ENCRYPTED:
                raise InvalidInput(
                    "{name} is protected by a password. Unpack it, and choose the list in it.",
                    field="file", name=path.name,
                )  # fmt: skip
            if entry.file_size > _MOST_UNPACKED:
                raise _too_large(path)
            with archive.open(entry) as file:
                yield file
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
        raise InvalidInput(
            "{name} is damaged and cannot be unpacked. Have it made again.", field="file", name=path.name
        ) from error


def guarded(cell: str) -> str:
    """The cell as our own CSV holds it: with a sign before what Excel would take for a formula (DECISIONS 22)."""
    return f"'{cell}" if _LIKE_A_FORMULA.match(cell) else cell


def _csv(path: Path, file: IO[bytes], start: bytes) -> Table:
    if not start.strip():
        raise InvalidInput("{name} is empty.", field="file", name=path.name)
    encoding = _encoding(path, file, start)
    sample = codecs.getincrementaldecoder(encoding)("replace").decode(start)
    if _WEB_PAGE.match(sample):
        raise InvalidInput(
            "{name} is a web page and no spreadsheet. Open it in Excel or Calc, save it as .xlsx and import that.",
            field="file", name=path.name,
        )  # fmt: skip
    separator, is_named = _separator(sample, whole=len(start) < _SAMPLE)
    file.seek(0)
    lines = io.TextIOWrapper(file, encoding, "replace", newline="")
    try:
        if is_named:
            lines.readline()
        csv.field_size_limit(10_000_000)
        rows = csv.reader(lines, delimiter=separator)
        return _table(path, rows, f"CSV, {_NAMES[separator]}, {encoding}", is_csv=True)
    except csv.Error as error:
        raise InvalidInput("{name} cannot be read as CSV: {why}.", field="file", name=path.name, why=error) from error
    finally:
        lines.detach()


def _vcards(path: Path, raw: bytes) -> Table:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in raw[:_SAMPLE]:
        raw = raw.decode(_encoding(path, io.BytesIO(raw), raw[:_SAMPLE]), "replace").encode()
    cards = read_cards(raw.removeprefix(codecs.BOM_UTF8), MOST_ROWS)
    if not cards.rows:
        raise InvalidInput("{name} holds no vCard.", field="file", name=path.name)
    if len(cards.rows) > MOST_ROWS:
        raise _too_long(path)
    kind = f"vCard {' and '.join(cards.versions)}".strip()
    return Table(path, cards.header, cards.rows, 1, kind, cards.faults, in_cards(cards.photos))


_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def _encoding(path: Path, file: IO[bytes], start: bytes) -> str:
    """In what a file is written that begins with `start`; it is read through to be sure."""
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            return encoding
    if b"\x00" in start:
        # UTF-16 without its mark has a zero beside every Latin letter; nothing else that is text has zeros.
        if start.count(b"\x00") < len(start) // 4:
            raise InvalidInput(
                "{name} is no spreadsheet. Choose a CSV, XLSX, XLS, ODS or VCF file.", field="file", name=path.name
            )
        return "utf-16-le" if start[1:2] == b"\x00" else "utf-16-be"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := file.read(_GUESSED_BY):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        file.seek(0)
        best = from_bytes(file.read(_GUESSED_BY)).best()
        return best.encoding if best is not None else "cp1252"
    return "utf-8"


def _separator(sample: str, *, whole: bool) -> tuple[str, bool]:
    """The sign that splits most lines into the same number of cells, and whether Excel named it in a line `sep=;`."""
    first = sample.partition("\n")[0].strip()
    if first.casefold().startswith("sep=") and len(first) == 5:
        return first[4], True
    if not whole:
        sample = sample.rsplit("\n", 1)[0]
    best, best_score = ",", 0
    for separator in _SEPARATORS:
        counts = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator) if row]
        usual = max(set(counts), key=counts.count, default=1)
        score = (usual - 1) * counts.count(usual)
        if score > best_score:
            best, best_score = separator, score
    return best, False


def _workbook(path: Path, raw: bytes) -> Table:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    # calamine goes by a path's ending, and strangers' workbooks bear wrong ones.
    try:
        if raw.startswith(b"PK"):
            _check_size(path, raw)
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if any(any(cell != "" for cell in row) for row in sheet.iter_rows()):
                texts = ([_text(cell) for cell in row] for row in _with_merged(sheet))
                first = sheet.start[0] + 1 if sheet.start else 1
                return _table(path, texts, f"{_kind(raw)}, sheet {name}", is_csv=False, first=first)
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


def _with_merged(sheet: Any) -> Iterator[list[Any]]:
    """The rows, each with the text of a cell that was merged downwards: a family's name beside each of the family."""
    first_row, first_column = sheet.start or (0, 0)
    merged: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        if top >= first_row and left >= first_column and bottom > top:
            merged.setdefault(top - first_row, []).append((left - first_column, bottom - first_row))
    spanning: dict[int, tuple[int, Any]] = {}
    for number, row in enumerate(islice(sheet.iter_rows(), first_row, None)):
        for column, (bottom, cell) in list(spanning.items()):
            if number > bottom:
                del spanning[column]
            elif column < len(row):
                row[column] = cell
        for column, bottom in merged.get(number, ()):
            if column < len(row):
                spanning[column] = (bottom, row[column])
        yield row


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _table(path: Path, rows: Iterable[list[str]], kind: str, *, is_csv: bool, first: int = 1) -> Table:
    if is_csv:
        rows = ([_unguarded(cell) for cell in row] for row in rows)
    numbered = enumerate(rows, start=first)
    header_row, header, begun = _header(numbered, path)
    most = _MOST_OF_OURS if is_whole(header) else MOST_COLUMNS
    if len(header) > most:
        raise InvalidInput(
            "{name} has {count} columns; at most {most} can be imported.",
            field="file", name=path.name, count=len(header), most=most,
        )  # fmt: skip
    body = Spool(_padded(row, len(header)) for _, row in _limited(chain(begun, numbered), path))
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
