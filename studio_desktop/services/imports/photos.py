"""Photos that come with a file of clients: made anew as pictures are kept, each once, however often rows are judged.

They lie in the archive or in the folder that holds the table, or in the vCards themselves.
"""

from __future__ import annotations

import base64
import binascii
import tempfile
import weakref
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.services.images import MOST_BYTES, Picture, cut, read_file


@dataclass(frozen=True, slots=True)
class _Taken:
    """A picture as it will be kept, and where in the store it stands; `fault` says why there is none."""

    hash: str = ""
    width: int = 0
    height: int = 0
    at: int = 0
    length: int = 0
    fault: InvalidInput | None = None


class Photos:
    """Gives the pictures of a file by the names that its rows have for them."""

    def __init__(self, load: Callable[[str], bytes]) -> None:
        """`load` gives a picture's bytes, and raises InvalidInput where there are none."""
        self._load = load
        self._taken: dict[str, _Taken] = {}
        self._by_hash: dict[str, _Taken] = {}
        self._store: IO[bytes] | None = None

    def take(self, name: str) -> str:
        """The hash under which a picture will be kept. Raises InvalidInput that says what is wrong with it."""
        taken = self._taken.get(name)
        if taken is None:
            taken = self._taken[name] = self._made(name)
        if taken.fault is not None:
            raise taken.fault
        return taken.hash

    def picture(self, image_hash: str) -> Picture:
        """A picture that was taken, as it will be kept."""
        taken, store = self._by_hash[image_hash], self._opened()
        store.seek(taken.at)
        return Picture(taken.hash, taken.width, taken.height, store.read(taken.length))

    def _made(self, name: str) -> _Taken:
        try:
            picture = cut(self._load(name))
        except InvalidInput as fault:
            return _Taken(fault=fault)
        if picture.hash not in self._by_hash:
            store = self._opened()
            at = store.seek(0, 2)
            store.write(picture.jpeg)
            self._by_hash[picture.hash] = _Taken(picture.hash, picture.width, picture.height, at, len(picture.jpeg))
        return self._by_hash[picture.hash]

    def _opened(self) -> IO[bytes]:
        """Thousands of photos are more than memory should hold; the system removes the file whatever happens."""
        if self._store is None:
            self._store = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this
            weakref.finalize(self, self._store.close)
        return self._store


def in_folder(folder: Path) -> Photos:
    """The pictures beside a table, in its folder and those below it; nothing above."""

    def load(name: str) -> bytes:
        try:
            path = (folder / name.replace("\\", "/")).resolve()
            if path.is_relative_to(folder.resolve()) and path.is_file():
                return read_file(path)
        except (OSError, ValueError):  # too long, or signs that no name has
            pass
        raise InvalidInput("there is no such file beside the table.")

    return Photos(load)


def in_archive(path: Path, folder: PurePosixPath) -> Photos:
    """The pictures in a `.zip`, named from the folder in it that holds the table."""
    archive = zipfile.ZipFile(path)
    entries = {entry.filename: entry for entry in archive.infolist()}

    def load(name: str) -> bytes:
        entry = entries.get(str(folder / name.replace("\\", "/")))
        if entry is None or entry.is_dir():
            raise InvalidInput("there is no such file in the archive.")
        try:
            with archive.open(entry) as file:
                return file.read(MOST_BYTES + 1)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
            raise InvalidInput("the archive is damaged there.") from error

    photos = Photos(load)
    weakref.finalize(photos, archive.close)
    return photos


def in_cards(encoded: Mapping[str, str]) -> Photos:
    """The pictures that stand in vCards, in base64."""

    def load(name: str) -> bytes:
        try:
            return base64.b64decode(encoded[name])
        except (KeyError, binascii.Error) as error:
            raise InvalidInput("it is cut off, or no picture.") from error

    return Photos(load)
