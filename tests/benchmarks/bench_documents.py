"""G10 and G11: a long list as a workbook and as a PDF.

    python -m tests.benchmarks.bench_documents                 100,000 rows and 10,000: a quarter of an hour
    python -m tests.benchmarks.bench_documents --share 0.1     a tenth of that

The floor of a workbook is openpyxl's own write-only mode with bare values. The peer of the PDF is reportlab's
`LongTable`, which is what one would take for a table of many pages: there we are to be so many times as fast. All run
in turns in one process and are compared by processor time; memory is that of a fresh process which writes one document.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from reportlab.lib.pagesizes import LETTER
from reportlab.platypus import LongTable, SimpleDocTemplate

from studio_desktop.reports.pdf import write_pdf
from studio_desktop.reports.spreadsheet import write_workbook
from studio_desktop.reports.tables import ColumnKind, ColumnSpec, StudioHead, TableDocument
from tests.benchmarks.floors import Contest, peak

WORKBOOK_ROWS = 100_000
WORKBOOK_TO_REACH = 1.2
PDF_ROWS = 10_000
PDF_TO_REACH = 4.0

KINDS = (ColumnKind.TEXT,) * 12 + (ColumnKind.NUMBER,) * 4 + (ColumnKind.DAY,) * 2 + (ColumnKind.FLAG,) * 2
WIDE = TableDocument(
    "Clients", tuple(ColumnSpec(f"c{at}", f"Column {at}", kind) for at, kind in enumerate(KINDS)), StudioHead("Bench")
)
NARROW = TableDocument("Clients", WIDE.columns[7:14], StudioHead("Bench"))
WORDS = ("Larkspur Lane", "Featherstonehaugh", "Milton Falls", "Paweł", "Lucía", "anna.adams@example.com", "Oakhurst")


def rows(document: TableDocument, count: int) -> Iterator[tuple[Any, ...]]:
    """The same rows each time."""
    chance = random.Random(10)
    first = date(2020, 1, 1)
    values: dict[ColumnKind, Callable[[], Any]] = {
        ColumnKind.TEXT: lambda: chance.choice(WORDS),
        ColumnKind.NUMBER: lambda: chance.randrange(100_000),
        ColumnKind.DAY: lambda: first + timedelta(chance.randrange(2000)),
        ColumnKind.FLAG: lambda: chance.random() < 0.5,
    }
    wanted = [values[column.kind] for column in document.columns]
    for _ in range(count):
        yield tuple([value() for value in wanted])


def our_workbook(path: Path, count: int) -> None:
    """What the program does."""
    write_workbook(path, WIDE, rows(WIDE, count))


def bare_workbook(path: Path, count: int) -> None:
    """The floor: values and nothing else."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows(WIDE, count):
        sheet.append(row)
    book.save(path)


def our_pdf(path: Path, count: int) -> None:
    """What the program does."""
    write_pdf(path, NARROW, rows(NARROW, count))


def long_table(path: Path, count: int) -> None:
    """The peer: one table, which reportlab breaks into pages."""
    cells = [[str(value) for value in row] for row in rows(NARROW, count)]
    titles = [column.title for column in NARROW.columns]
    SimpleDocTemplate(str(path), pagesize=LETTER).build([LongTable([titles, *cells], repeatRows=1)])


WAYS = {"workbook": our_workbook, "openpyxl": bare_workbook, "PDF": our_pdf, "LongTable": long_table}


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--share", type=float, default=1.0, help="of the rows")
    share = asked.parse_args().share
    many, some = round(WORKBOOK_ROWS * share), round(PDF_ROWS * share)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "list"
        for write in WAYS.values():
            write(target, 300)
        workbook, pdf = Contest(clock=time.process_time), Contest(clock=time.process_time)
        for _ in range(3):
            workbook.run(lambda: our_workbook(target, many), lambda: bare_workbook(target, many), 1)
            pdf.run(lambda: our_pdf(target, some), lambda: long_table(target, some), 1)
    say("ms p50/p95, and of the floor or the peer; memory that a fresh process grows by")
    say(f"G10 {many:,} rows of {len(WIDE.columns)} cells   {workbook.line(WORKBOOK_TO_REACH)}")
    say(f"    memory +{grown('workbook', many)} MB, of openpyxl +{grown('openpyxl', many)} MB")
    times = 1 / pdf.ratio
    mark = ">" if times < PDF_TO_REACH else " "
    say(f"G11 {some:,} rows of {len(NARROW.columns)} cells    {pdf.line(1)}; {times:.1f} times as fast{mark}")
    say(f"    memory +{grown('PDF', some)} MB, of LongTable +{grown('LongTable', some)} MB")


def grown(way: str, count: int) -> int:
    """How many megabytes a process grows by writing so many rows after a first hundred."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_grown, (way, count))


def _grown(way: str, count: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        WAYS[way](Path(folder) / "list", 100)
        before = peak()
        WAYS[way](Path(folder) / "list", count)
        return round(peak() - before)


def say(line: str) -> None:
    """Print at once: a run takes minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
