"""What a page that came out of a printer looks like: it holds no text any more, only ink."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument


def ink(path: Path, page: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is dark on a page, in points."""
    document = QPdfDocument()
    assert document.load(str(path)) is QPdfDocument.Error.None_
    size = document.pagePointSize(page)
    image = QImage(round(size.width()), round(size.height()), QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.drawImage(0, 0, document.render(page, image.size()))
    painter.end()
    pixels, line = bytes(image.constBits()), image.bytesPerLine()
    rows = [pixels[at : at + image.width()] for at in range(0, len(pixels), line)]
    dark = [(down, [x for x, grey in enumerate(row) if grey < 140]) for down, row in enumerate(rows) if min(row) < 140]
    across = [x for _, found in dark for x in found]
    return min(across), dark[0][0], max(across), dark[-1][0]
