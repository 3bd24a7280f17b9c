"""Pictures of clients and of the studio: taken from any file that people have, kept small, and without what they hide.

What comes in is not trusted (RELIABILITY case 90): only a few formats are read, their size is looked at before they
are decoded, and what is kept is a new JPEG, without the place and the time where the camera took it.
"""

from __future__ import annotations

import base64
import hashlib
import re
import warnings
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from studio_desktop.database.tables.studio import image
from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.permissions import Permission
from studio_desktop.services.service import Service, requires

if TYPE_CHECKING:
    from PIL.Image import Image

KINDS = ("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff")
"""How the names of files end that can be taken."""

MOST_BYTES = 25 * 1024 * 1024
"""A larger file is not read."""

KEPT = 480
"""The longest side, in pixels, of a photo that is kept."""

ON_PAPER = 960
"""The longest side of a logo."""

LOOKED_AT = 960
"""The longest side of a picture while a person crops it."""


@dataclass(frozen=True, slots=True)
class Crop:
    """The square of a picture that is kept, in pixels of it after `turns` quarter turns clockwise."""

    left: int
    top: int
    side: int
    turns: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: JPEG of the bytes that its hash names."""

    hash: str
    width: int
    height: int
    jpeg: bytes


class Images(Service):
    """Keeps pictures under the hash of what is kept, so that the same one is there once and none ever changes."""

    @requires(Permission.CHANGE_CLIENTS)
    def store(self, raw: bytes, crop: Crop | None = None, *, longest: int = KEPT) -> str:
        """Keep a picture, or a square of it, and give its hash. Raises InvalidInput as `looked_at` does."""
        picture, now = cut(raw, crop, longest=longest), self.desk.clock.now()
        self.database.write(lambda connection: keep(connection, picture, now))
        return picture.hash

    @requires(Permission.SIGN_IN)
    def load(self, image_hash: str) -> bytes:
        """The picture of this hash, as JPEG. Raises NotFound."""
        query = select(image.c.data).where(image.c.hash == image_hash)
        data = self.database.read(lambda connection: connection.execute(query).scalar_one_or_none())
        if data is None:
            raise NotFound("This picture is no longer there.")
        return base64.b64decode(data)


def keep(connection: Connection, picture: Picture, now: datetime) -> None:
    """Keep a picture unless it is there already."""
    if is_kept(connection, picture.hash):
        return
    data = base64.b64encode(picture.jpeg).decode()
    values = {"hash": picture.hash, "width": picture.width, "height": picture.height, "data": data, "created_at": now}
    # Another desk may keep the same picture at the same moment.
    with suppress(IntegrityError), connection.begin_nested():
        connection.execute(insert(image).values(values))


def is_kept(connection: Connection, image_hash: str) -> bool:
    """Whether there is a picture of this hash."""
    return connection.execute(select(image.c.id).where(image.c.hash == image_hash)).first() is not None


def read_file(path: Path) -> bytes:
    """The bytes of a picture's file. Raises InvalidInput where it cannot be read or is too big."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InvalidInput("{name} cannot be read: {why}.", name=path.name, why=error.strerror or error) from error
    _check_length(raw)
    return raw


def looked_at(raw: bytes) -> bytes:
    """A picture as a person looks at it before it is kept: upright, at most `LOOKED_AT` pixels long, as JPEG.

    Raises InvalidInput that says why it cannot be taken: too big, not a picture, damaged. Long work.
    """
    with _decoded(raw, LOOKED_AT) as picture:
        return _jpeg(picture)


def cut(raw: bytes, crop: Crop | None = None, *, longest: int = KEPT) -> Picture:
    """A picture, or a square of it, as it will be kept. Raises InvalidInput as `looked_at` does.

    A small JPEG that holds nothing but the picture, as those we made do, stays as it is: a photo that left for another
    studio is the same there, and does not get worse on each way.
    """
    with _decoded(raw, LOOKED_AT) as picture:
        small = _square(picture, crop) if crop is not None else picture
        if crop is None and 0 < max(_bare_size(raw)) <= longest:
            jpeg = raw
        else:
            small.thumbnail((longest, longest))
            jpeg = _jpeg(small)
        return Picture(hashlib.sha256(jpeg).hexdigest(), *small.size, jpeg)


def _decoded(raw: bytes, longest: int) -> Image:
    """The picture upright, in red, green and blue, no side longer than `longest`."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    # Between one and two times its limit Pillow only warns, and then decodes.
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    _check_length(raw)
    try:
        with Image.open(BytesIO(raw), formats=_FORMATS) as opened:
            _check_pixels(opened)
            opened.draft("RGB", (2 * longest, 2 * longest))  # a JPEG is never decoded larger than needed
            return _in_colours(ImageOps.exif_transpose(_reduced(opened, longest)))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_many_pixels(_MOST_PIXELS["PNG"]) from None
    except UnidentifiedImageError:
        raise _not_a_picture(raw) from None
    except InvalidInput:
        raise
    except Exception as error:  # whatever a decoder comes upon in bytes that somebody made
        raise InvalidInput("The picture is damaged and cannot be read. Open it elsewhere and save it anew.") from error


def _reduced(opened: Image, longest: int) -> Image:
    """Made small before anything else is done to it: each step on a large one needs its room once more."""
    from PIL import Image

    if opened.mode in ("I", "I;16", "I;16B", "F"):  # sixteen bits of grey
        brightest = 255 if opened.mode == "F" else 65_535
        opened = opened.point(lambda value: value * (255 / brightest) + 0).convert("L")
    elif opened.mode in ("1", "P") and "transparency" not in opened.info:
        opened = opened.convert("RGB")
    elif opened.mode in ("P", "PA", "RGBA", "LA"):
        # To scale well what can be seen through, Pillow makes a copy of it first.
        share = max(opened.size) // (2 * longest)
        if share > 1:
            rough = (max(1, opened.width // share), max(1, opened.height // share))
            opened = opened.resize(rough, Image.Resampling.NEAREST)
        opened = opened.convert("RGBA")
    opened.thumbnail((longest, longest))
    return opened


def _in_colours(picture: Image) -> Image:
    """In the colours of a screen, on white where one can see through it."""
    from PIL import Image, ImageCms

    if picture.mode == "RGBA":
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        return ground
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK"):
        try:
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            told = ImageCms.profileToProfile(picture, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            told = None  # a profile that is broken or of another kind of picture says nothing
        if told is not None:
            return told
    return picture.convert("RGB")


def _square(picture: Image, crop: Crop) -> Image:
    turned = picture.rotate(-90 * (crop.turns % 4), expand=True)
    side = max(1, min(crop.side, *turned.size))
    left = max(0, min(crop.left, turned.width - side))
    top = max(0, min(crop.top, turned.height - side))
    return turned.crop((left, top, left + side, top + side))


def _jpeg(picture: Image) -> bytes:
    """As JPEG with nothing but the picture in it."""
    picture.info.clear()
    target = BytesIO()
    picture.save(target, "JPEG", quality=90, optimize=True)
    return target.getvalue()


def _bare_size(raw: bytes) -> tuple[int, int]:
    """Width and height of bytes that are one JPEG from first to last, with no place where anything else could stand.

    Nothing and nothing for all other bytes.
    """
    if not (raw.startswith(b"\xff\xd8") and raw.endswith(b"\xff\xd9")):
        return 0, 0
    at, size = 2, (0, 0)
    while (head := _SEGMENT.match(raw, at)) is not None:
        at = head.end() - 2 + int.from_bytes(head[2])
        is_jfif = head[1] == b"\xe0"
        if is_jfif and (int.from_bytes(head[2]) != _JFIF_LENGTH or raw[head.end() : head.end() + 5] != b"JFIF\0"):
            return 0, 0
        if head[1] == b"\xc0":  # the frame: bits of a sample, height, width
            frame = raw[head.end() : head.end() + 5]
            size = int.from_bytes(frame[3:5]), int.from_bytes(frame[1:3])
        if head[1] == b"\xda":
            return size if _SCAN.fullmatch(raw, at, len(raw) - 2) is not None else (0, 0)
    return 0, 0


_SEGMENT = re.compile(rb"\xff([\xe0\xdb\xc0\xc4\xda])(..)", re.DOTALL)
"""JFIF's head, the tables, the frame and the scan; no comment, and nothing that a camera or a program adds."""
_SCAN = re.compile(rb"(?:[^\xff]|\xff\x00)*+")
_JFIF_LENGTH = 16  # without a picture within it


def _check_pixels(opened: Image) -> None:
    kind = "progressive" if "progressive" in opened.info else str(opened.format)
    if opened.width * opened.height > _MOST_PIXELS[kind]:
        raise _too_many_pixels(_MOST_PIXELS[kind])


def _check_length(raw: bytes) -> None:
    if not raw:
        raise InvalidInput("The file is empty.")
    if len(raw) > MOST_BYTES:
        raise InvalidInput(
            "The picture is larger than {most} MB. Save it smaller, and choose that one.", most=MOST_BYTES // 1024**2
        )


def _too_many_pixels(most: int) -> InvalidInput:
    return InvalidInput(
        "The picture has more than {most} million pixels. Save it smaller, and choose that one.",
        most=most // 1_000_000,
    )


def _not_a_picture(raw: bytes) -> InvalidInput:
    if raw[4:8] == b"ftyp":
        return InvalidInput("Pictures in HEIC, AVIF or a film cannot be taken. Save it as JPEG, and choose that one.")
    return InvalidInput("This is not a picture that can be taken. Choose a JPEG, PNG, WebP, GIF, BMP or TIFF file.")


_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")

_MOST_PIXELS = {
    "JPEG": 64_000_000, "progressive": 32_000_000, "WEBP": 13_000_000, "PNG": 25_000_000, "GIF": 25_000_000,
    "BMP": 25_000_000, "TIFF": 25_000_000,
}  # fmt: skip
"""As much as is decoded within about 300 MB: only a JPEG, unless it is a progressive one, is made small meanwhile."""
