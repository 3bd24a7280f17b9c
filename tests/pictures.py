"""Pictures as people have them: red at the left and blue at the right, or green above and white below."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

RED, BLUE, GREEN, WHITE = (220, 30, 30), (30, 30, 220), (30, 160, 60), (255, 255, 255)


def drawn(width: int = 600, height: int = 400) -> Image.Image:
    """Red at the left, blue at the right."""
    made = Image.new("RGB", (width, height), RED)
    made.paste(BLUE, (width // 2, 0, width, height))
    return made


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (600, 400), mode: str = "RGB", **options: Any) -> bytes:
    """The file of such a picture."""
    return saved(drawn(*size).convert(mode), kind, **options)


def saved(made: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The file of any picture."""
    target = BytesIO()
    made.save(target, kind, **options)
    return target.getvalue()


def opened(raw: bytes) -> Image.Image:
    """A picture that the program made, as another program reads it."""
    read = Image.open(BytesIO(raw))
    read.load()
    assert read.format == "JPEG"
    return read


def near(pixel: Any, colour: tuple[int, int, int], within: int = 24) -> bool:
    """Whether a pixel has about this colour: JPEG does not keep them exactly."""
    return all(abs(one - other) <= within for one, other in zip(pixel, colour, strict=True))


def a_bomb() -> bytes:
    """A file of a few kilobytes that would become a picture of 900 million pixels."""
    return saved(Image.new("1", (30_000, 30_000)), "PNG")


def with_orientation(orientation: int) -> bytes:
    """A photo as a camera held sideways writes it, with the place where it was taken."""
    made = Image.new("RGB", (400, 600), GREEN)
    made.paste(WHITE, (0, 300, 400, 600))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825).update({1: "N", 2: (41.0, 30.0, 0.0), 3: "W", 4: (81.0, 30.0, 0.0)})
    turned = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    return saved(made.transpose(turned[orientation]), "JPEG", exif=exif)
