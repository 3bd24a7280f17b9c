"""Documents written whole or not at all, and what went wrong in words."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from studio_desktop.domain.errors import StudioError
from studio_desktop.failpoints import failpoint
from studio_desktop.paths import FileInUseError, atomic_write


@contextlib.contextmanager
def atomic_file(path: Path | str) -> Iterator[BinaryIO]:
    """A file that takes the name `path` only once it is complete and safely on the disk (RELIABILITY row 18).

    An error leaves what stood there before. Raises `StudioError` that names the file and the cause. Where another
    program holds the old file open, as Windows allows, the new one is kept beside it and the error says under which
    name (DECISIONS 17).
    """
    path = Path(path)
    try:
        with atomic_write(path) as file:
            yield file
            failpoint("document.written")
    except FileInUseError as error:
        raise StudioError(
            "{file} is open in another program and could not be replaced. The new one is {beside}, in the same folder.",
            file=path.name, beside=error.kept.name,
        ) from error  # fmt: skip
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
