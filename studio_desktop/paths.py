"""Files: where those that travel with the program lie, and how one is written whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


FORMS = _shipped("forms")
"""The Designer forms: in a checkout, an installed wheel or a bundle."""

RESOURCES = _shipped("resources")
"""Icons, fonts, label sheets and templates: in a checkout, an installed wheel or a bundle."""


class FileInUseError(OSError):
    """A file could not be replaced because another program holds it; what was written lies at `kept`."""

    def __init__(self, path: Path, kept: Path) -> None:
        super().__init__(f"{path} is open in another program and was left as it is; the new file is {kept.name}.")
        self.path = path
        self.kept = kept


@contextlib.contextmanager
def atomic_write(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A file to write that takes the place of `path` when the block ends well; until then `path` is as it was.

    `private` lets only this computer's user read it. Neither a crash nor a full disk leaves half a file under the
    name. A device or pipe is written straight. Raises FileInUseError, or the OSError of whatever else went wrong.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        with target.open("wb") as straight:
            yield straight
        return
    part = target.with_name(f".{target.name[:100]}.{os.urandom(4).hex()}.part")
    binary = getattr(os, "O_BINARY", 0)
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | binary, 0o600 if private else 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    _settle(target.parent)


def _replace(part: Path, target: Path) -> None:
    try:
        part.replace(target)
    except PermissionError as error:
        # Windows refuses while another program, often the one that shows the last report, has the file open.
        number = 2
        while (kept := target.with_stem(f"{target.stem} ({number})")).exists():
            number += 1
        part.rename(kept)
        raise FileInUseError(target, kept) from error


def _settle(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the file system knows how."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        # Network shares, where a report may well go, refuse to sync a folder.
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
        os.close(descriptor)


def short_name(text: str) -> str:
    """A name for a file or socket that stands for a longer one."""
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]
