"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from studio_desktop.domain.errors import StudioError


@contextlib.contextmanager
def atomic_file(path: Path | str) -> Iterator[BinaryIO]:
    """A file that takes the name `path` only once it is complete and safely on the disk (RELIABILITY row 18).

    It is written beside its place, readable by its owner alone; an error leaves what stood there before. Raises
    `StudioError` that names the file and the cause. Where another program holds the old file open, as Windows allows,
    the new one is kept beside it and the error says under which name (DECISIONS 17).
    """
    path = Path(path)
    with _explained(path):
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.", suffix=".part")
        unfinished = Path(name)
        try:
            with open(descriptor, "w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _put_in_place(unfinished, path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise


def _put_in_place(unfinished: Path, path: Path) -> None:
    try:
        unfinished.replace(path)
    except PermissionError as error:
        # The folder took the unfinished file, so it is the old file that cannot go: another program has it open.
        beside = _free_name(path)
        unfinished.replace(beside)
        _make_names_durable(path.parent)
        raise StudioError(
            "{file} is open in another program and could not be replaced. The new one is {beside}, in the same folder.",
            file=path.name,
            beside=beside.name,
        ) from error
    _make_names_durable(path.parent)


def _free_name(path: Path) -> Path:
    number = 2
    while (beside := path.with_name(f"{path.stem} ({number}){path.suffix}")).exists():
        number += 1
    return beside


def _make_names_durable(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows opens no folders, and keeps its names by itself
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        template = _CAUSES.get(error.errno or 0, "{file} was not written: {reason}.")
        reason = error.strerror or str(error)
        raise StudioError(template, file=path.name, folder=path.parent, reason=reason) from error


_DISK_FULL = "The disk is full: {file} was not written. Make room in {folder} and try again."
_NO_PERMISSION = "{file} was not written: you may not write in {folder}. Choose another folder."
_NO_FOLDER = "{file} was not written: there is no folder {folder}."
_CAUSES = {
    errno.ENOSPC: _DISK_FULL,
    errno.EDQUOT: _DISK_FULL,
    errno.EFBIG: "{file} was not written: it is larger than {folder} can hold.",
    errno.EACCES: _NO_PERMISSION,
    errno.EPERM: _NO_PERMISSION,
    errno.EROFS: "{file} was not written: {folder} is read-only. Choose another folder.",
    errno.ENOENT: _NO_FOLDER,
    errno.ENOTDIR: _NO_FOLDER,
    errno.EISDIR: "{file} was not written: a folder has that name.",
    errno.ENAMETOOLONG: "{file} was not written: its name is too long.",
}
