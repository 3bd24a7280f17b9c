"""G9: labels with shrink-to-fit in any script, against a hand-written PDF of the same labels.

    python -m tests.benchmarks.bench_labels

The floor writes plain PDF operators in a font that the reader must have, measures each line from a table and knows no
script but Latin: what is above it buys embedded fonts, every script, wrapping and a file that appears whole or not at
all. A bare reportlab canvas, with one embedded font and nothing else, stands beside both. All run in turns in one
process and are compared by processor time; memory is that of a fresh process which writes one document.
"""

from __future__ import annotations

import multiprocessing
import random
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from studio_desktop.reports import fonts
from studio_desktop.reports.label_sheets import sheet
from studio_desktop.reports.labels import Label, write_labels
from tests.benchmarks.floors import peak

SIZES = (10_000, 100_000)
ROUNDS = {10_000: 7, 100_000: 3}
AVERY = sheet("avery-5160")
WIDTH = AVERY.label_width - 18
LARGEST = 11.0

FIRST = ("Grace", "Tom", "Anna", "Peter", "Gordon", "Folake", "Kunle", "Jonas", "Lucía", "Zofia", "Paweł", "Khai")
LAST = ("Abbott", "Adams", "Adeyemi", "Albrecht", "Alvarez", "Bąk", "Nguyễn", "Castillo", "Featherstonehaugh-Smith")
OTHER = ("محمد علي", "שרה כהן", "陳琳", "Ольга Щербакова")
STREETS = ("Larkspur Lane", "Mill Street", "Orchard Way", "Quarry Road", "Station Road")
TOWNS = ("Fairbrook", "Lakemont", "Milton Falls", "Oakhurst")


def addresses(count: int) -> Iterator[tuple[str, ...]]:
    """The same people each time; one in fifty has a name in another script."""
    chance = random.Random(9)
    for _ in range(count):
        name = f"{chance.choice(FIRST)} & {chance.choice(FIRST)} {chance.choice(LAST)}"
        yield (
            chance.choice(OTHER) if chance.random() < 0.02 else name,
            f"{chance.randrange(1, 200)} {chance.choice(STREETS)}",
            f"{chance.choice(TOWNS)}, OH {chance.randrange(44_000, 45_000)}",
        )


def ours(path: Path, count: int) -> None:
    """What the program does."""
    write_labels(path, map(Label, addresses(count)), AVERY)


def by_hand(path: Path, count: int) -> None:
    """The floor: nothing but the bytes of a PDF."""
    widths = {chr(code): fonts.load(fonts.REGULAR).widths.get(chr(code), 0.6) for code in range(0x3100)}
    offsets: list[int] = []
    with path.open("wb") as file:

        def add(content: bytes) -> int:
            offsets.append(file.tell())
            number = len(offsets) + 2  # 1 and 2 are the catalog and the list of pages
            file.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
            return number

        def add_page() -> None:
            content = zlib.compress("\n".join(code).encode("latin-1", "replace"))
            stream = add(b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(content), content))
            pages.append(add(b"<</Type/Page/Parent 2 0 R/Contents %d 0 R>>" % stream))
            code.clear()

        file.write(b"%PDF-1.4\n")
        font = add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
        pages: list[int] = []
        code: list[str] = []
        for number, lines in enumerate(addresses(count)):
            if number and number % AVERY.count == 0:
                add_page()
            left, top, _, height = AVERY.cell_rect(number % AVERY.count)
            widest = max(sum(widths.get(c, 1.0) for c in line) for line in lines)
            size = min(LARGEST, WIDTH / widest)
            x, y = left + 9, 792 - top - height / 2
            code.append(f"BT /F1 {size:.2f} Tf {size * 1.2:.2f} TL 1 0 0 1 {x:.2f} {y:.2f} Tm")
            for line in lines:
                escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
                code.append(f"({escaped}) Tj T*")
            code.append("ET")
        add_page()
        places = {1: file.tell()}
        file.write(b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n")
        places[2] = file.tell()
        kids = b" ".join(b"%d 0 R" % page for page in pages)
        shared = b"/MediaBox[0 0 612 792]/Resources<</Font<</F1 %d 0 R>>>>" % font
        file.write(b"2 0 obj\n<</Type/Pages/Count %d/Kids[%b]%b>>\nendobj\n" % (len(pages), kids, shared))
        table = file.tell()
        entries = [places[1], places[2], *offsets]
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(entries) + 1))
        file.write(b"".join(b"%010d 00000 n \n" % offset for offset in entries))
        file.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(entries) + 1, table))


def bare_reportlab(path: Path, count: int) -> None:
    """A canvas as one would first write it, in a font that holds Latin only."""
    fonts.load(fonts.REGULAR)
    canvas = Canvas(str(path), pagesize=(612, 792), pageCompression=1, initialFontName=fonts.REGULAR)
    for number, lines in enumerate(addresses(count)):
        if number and number % AVERY.count == 0:
            canvas.showPage()
        left, top, _, height = AVERY.cell_rect(number % AVERY.count)
        widest = max(pdfmetrics.stringWidth(line, fonts.REGULAR, 1) for line in lines)
        size = min(LARGEST, WIDTH / widest)
        text = canvas.beginText(left + 9, 792 - top - height / 2)
        text.setFont(fonts.REGULAR, size, size * 1.2)
        for line in lines:
            text.textLine(line)
        canvas.drawText(text)
    canvas.save()


WAYS: dict[str, Callable[[Path, int], None]] = {
    "by hand (floor)": by_hand,
    "ours": ours,
    "bare reportlab": bare_reportlab,
}


def measure_time(count: int, folder: Path) -> dict[str, float]:
    """Median processor seconds of each way, the ways taking turns; drawing the addresses by lot is not counted."""
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(ROUNDS[count]):
        begun = time.process_time()
        for _ in addresses(count):
            pass
        lots = time.process_time() - begun
        for way, write in WAYS.items():
            begun = time.process_time()
            write(folder / "labels.pdf", count)
            seconds[way].append(time.process_time() - begun - lots)
    return {way: statistics.median(times) for way, times in seconds.items()}


def memory_grown(way: str, count: int) -> int:
    """How many megabytes a process grows by writing `count` labels after a first hundred."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_grown, (way, count))


def _grown(way: str, count: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        WAYS[way](Path(folder) / "labels.pdf", 100)
        before = peak()
        WAYS[way](Path(folder) / "labels.pdf", count)
        return round(peak() - before)


def main() -> None:
    """Prints seconds, ratios to the floor, and memory."""
    say = sys.stdout.write
    with tempfile.TemporaryDirectory() as folder:
        for count in SIZES:
            for write in WAYS.values():
                write(Path(folder) / "labels.pdf", 300)
            times = measure_time(count, Path(folder))
            floor = times["by hand (floor)"]
            say(f"\nG9: {count:,} labels, median of {ROUNDS[count]} rounds\n")
            for way, seconds in times.items():
                grown = memory_grown(way, count)
                say(f"  {way:16} {seconds:7.2f} s   {seconds / floor:5.1f} × the floor   memory +{grown} MB\n")
    say("\nG9 asks for at most 6 × the floor and flat memory.\n")


if __name__ == "__main__":
    main()
