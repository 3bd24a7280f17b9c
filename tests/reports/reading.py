"""Reads documents back as their readers do: text with its place on the page, and the fonts it is set in."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pypdf import PdfReader

from studio_desktop.reports import fonts
from studio_desktop.reports.tables import ColumnKind, ColumnSpec, StudioHead, TableDocument

NAUGHTY = (
    "Tom <b>x",
    "</para>",
    '<img src="/etc/hostname">',
    '<font color="[[[1]]]">red</font>',
    "a & b &amp; c &#65;",
    "=1+1",
    '=HYPERLINK("x")',
    "+1", "-1", "@SUM(A1)", "#N/A", "#REF!",
    "%s {0} {name} ${HOME} \\n",
    "(paren) \\ back",
    "Robert'); DROP TABLE client;--",
)  # fmt: skip
"""Texts that mean something to reportlab, Excel, CSV or Python, of characters that every document can hold."""

SCRIPTS = {
    "Polish": "Zofia Wiśniewska-Bąk",
    "Vietnamese": "Nguyễn Thị Minh Khai",
    "Greek": "Γιώργος Παπαδόπουλος",
    "Russian": "Ольга Щербакова",
    "Chinese": "陳琳",
    "Japanese": "さくら カメラ",
    "Hebrew": "שרה כהן",
    "Arabic": "محمد علي",
    "Persian": "گلستان پژوهش",
}


class Placed(NamedTuple):
    """A piece of text, where its baseline begins in points from the bottom left, its size and its ink's width."""

    page: int
    x: float
    y: float
    size: float
    width: float
    text: str


def placed(path: Path) -> list[Placed]:
    """Every piece of text in the order in which it is drawn."""
    found: list[Placed] = []
    for number, page in enumerate(PdfReader(path).pages, 1):

        def visit(text: str, cm: Any, tm: Any, font: Any, size: float, number: int = number) -> None:
            text = text.strip("\n")
            if text.strip():
                x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
                y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
                width = fonts.width(text, "Bold" in font["/BaseFont"]) * size
                found.append(Placed(number, x, y, size, width, text))

        page.extract_text(visitor_text=visit)
    return found


class Drawn(NamedTuple):
    """A picture on the first page, with its lower left corner and its size in points."""

    x: float
    y: float
    width: float
    height: float


def pictures(path: Path) -> list[Drawn]:
    """The pictures of the first page in the order in which they are drawn."""
    found: list[Drawn] = []

    def visit(operator: bytes, _operands: Any, cm: Any, _tm: Any) -> None:
        if operator == b"Do":
            found.append(Drawn(cm[4], cm[5], cm[0], cm[3]))

    PdfReader(path).pages[0].extract_text(visitor_operand_before=visit)
    return found


def page_texts(path: Path) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(path).pages]


def plain_letters(drawn: str) -> str:
    """Text with the joined forms in which Arabic is drawn taken back to the letters that were typed."""
    return unicodedata.normalize("NFKC", drawn)


def embedded_fonts(path: Path) -> dict[str, bool]:
    """The fonts of all pages, and whether each is in the file."""
    found = {}
    for page in PdfReader(path).pages:
        for reference in page["/Resources"]["/Font"].values():
            font = reference.get_object()
            found[str(font["/BaseFont"])] = "/FontFile2" in font.get("/FontDescriptor", {})
    return found


def operators(path: Path, page: int = 0) -> list[bytes]:
    """The drawing instructions of a page."""
    contents = PdfReader(path).pages[page].get_contents()
    assert contents is not None
    return contents.get_data().split()


class Watched(list[object]):
    """A row of which one can see whether anybody still holds it: tuples know no weak references."""

    __hash__ = object.__hash__  # type: ignore[assignment]
    __eq__ = object.__eq__


STUDIO = StudioHead("Larkspur Portraits", ("19 Mill Street, Fairbrook, OH 44198", "(330) 555-0100"))

CLIENTS = TableDocument(
    "Client list",
    (
        ColumnSpec("number", "Number", ColumnKind.NUMBER, 7),
        ColumnSpec("name", "Name", ColumnKind.TEXT, 24),
        ColumnSpec("due", "Due date", ColumnKind.DAY, 11),
        ColumnSpec("phone", "Main phone", ColumnKind.PHONE, 16),
        ColumnSpec("market", "Do not market", ColumnKind.FLAG, 8),
    ),
    STUDIO,
    ("All active clients",),
    "Printed 10 Mar 2026, 10:04",
)


def client_row(number: int, name: str = "Anna Adams") -> tuple[object, ...]:
    """A row of CLIENTS."""
    return number, name, date(2026, 3, 14), "(330) 555-0119", number % 2 == 0
