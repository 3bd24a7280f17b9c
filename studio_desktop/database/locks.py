"""Who may open a SQLite file: one program at a time, and only where the file is safe."""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from studio_desktop.domain.errors import AlreadyOpen, DatabaseUnavailable, InvalidInput


class FileLock:
    """A lock of the operating system on a file of its own, held until `release` or until the process dies.

    Never the database file itself: closing any descriptor of that file would drop SQLite's own locks. The lock
    file stays when the lock goes, for removing it would let two programs each lock a file of the same name. It
    holds the number of the process that locked it last.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def try_acquire(self) -> bool:
        """Take the lock if it is free; says whether it is now held by this object."""
        if self._descriptor is not None:
            return True
        descriptor = -1
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
            if _lock(descriptor):
                os.ftruncate(descriptor, 0)
                os.write(descriptor, str(os.getpid()).encode())
                self._descriptor = descriptor
        except OSError as error:
            raise DatabaseUnavailable(
                "The file {file}, which keeps two programs from opening one database, cannot be written: {why}.",
                file=self.path,
                why=error.strerror,
            ) from error
        finally:
            if descriptor >= 0 and self._descriptor is None:
                os.close(descriptor)
        return self._descriptor is not None

    def acquire(self) -> None:
        """Take the lock, or raise AlreadyOpen with the sentence that says who has it."""
        if not self.try_acquire():
            raise AlreadyOpen(
                "Studio Desktop has this file open (process {process}): {file}. Close it there first.",
                process=self.holder() or "?",
                file=self.path.with_suffix("") if self.path.suffix == ".lock" else self.path,
            )

    def release(self) -> None:
        """Give the lock free; nothing happens when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> int | None:
        """The process that locked the file last, or None when nobody ever did."""
        try:
            return int(self.path.read_text("ascii"))
        except (OSError, ValueError):
            return None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()


def refuse_unsafe_place(path: Path) -> None:
    """Raise InvalidInput when `path` lies where a SQLite file does not survive.

    On a network drive locks and the order of writes are not kept; a synchronising program replaces the file while
    it is open. Both lose data without a word, and both are what people try in order to share the file.
    """
    place = path.expanduser().absolute()
    real = place.resolve()
    network = _network_drive(real) or _network_drive(place)
    if network:
        raise InvalidInput(
            "{path} is on a network drive ({kind}), where a database file does not stay whole. " + _ADVICE,
            field="database_url",
            path=path,
            kind=network,
        )
    sync = _sync_folder(real) or _sync_folder(place)
    if sync:
        raise InvalidInput(
            "{path} is inside {folder}, a folder that is synchronised, where a database file does not stay whole. "
            + _ADVICE,
            field="database_url",
            path=path,
            folder=sync,
        )


def is_write_protected(path: Path) -> bool:
    """Whether a file that is there may not be changed, or its folder hold nothing new, as on a read-only disk."""
    # Asked, never tried: to open and close a database file drops the locks of whoever has it open in this process.
    return path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def network_filesystem(path: Path, mounts: list[tuple[str, str]]) -> str:
    """The kind of network or shared file system that holds `path`, or nothing when it is a disk of this computer.

    `mounts` are (mount point, file system) pairs as the system lists them; the longest mount point above `path`
    decides, and of two equal ones the later, which covers the earlier.
    """
    parents = {str(path), *(str(parent) for parent in path.parents)}
    holding = [(len(point), order, kind) for order, (point, kind) in enumerate(mounts) if point in parents]
    kind = max(holding)[2].lower() if holding else ""
    return kind if _REMOTE.fullmatch(kind) else ""


_ADVICE = (
    "Choose a folder on this computer's own disk; where several desks work together, use a PostgreSQL server "
    "(postgresql://USER@SERVER/NAME)."
)

_REMOTE = re.compile(
    r"nfs\d?|cifs|smb\w*|afpfs|webdav|davfs|ncpfs|afs|coda|ceph|lustre|gpfs|beegfs|glusterfs|9p|drvfs|prl_fs|vboxsf"
    r"|(macfuse|osxfuse|fuse)[._]?(sshfs|rclone|s3fs|davfs2?|gvfsd-fuse|glusterfs|cephfs|vmhgfs-fuse|smbnetfs"
    r"|google-drive-ocamlfuse|onedriver|gcsfuse|blobfuse2?)"
)

_SYNCHRONISED = re.compile(
    r"dropbox( \(.*\))?|onedrive( - .*)?|icloud ?drive|mobile documents|google ?drive( .*)?|cloudstorage|nextcloud\d*"
    r"|owncloud\d*|pclouddrive|pcloud drive|mega|megasync|box( sync)?|seafile|resilio sync|sync\.com|my drive"
)

# What the programs leave in a folder they synchronise, and nowhere else.
_SYNC_MARKS = (".dropbox.cache", ".stfolder", ".nextcloudsync.log", ".owncloudsync.log")

_WINDOWS_SYNC_VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")

_DRIVE_REMOTE = 4


def _sync_folder(path: Path) -> Path | None:
    roots = {Path(os.environ[name]) for name in _WINDOWS_SYNC_VARIABLES if os.environ.get(name)}
    for folder in path.parents:
        if folder in roots or _SYNCHRONISED.fullmatch(folder.name.casefold()):
            return folder
        if any((folder / mark).exists() for mark in _SYNC_MARKS):
            return folder
    return None


if sys.platform == "win32":
    import msvcrt

    # Windows keeps others from reading a locked byte, and the number of the process must stay readable.
    _LOCKED_BYTE = 1 << 30

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

    def _network_drive(path: Path) -> str:
        anchor = path.anchor
        of_this_computer = anchor.startswith(("\\\\?\\", "\\\\.\\")) and "\\UNC\\" not in anchor.upper()
        if anchor.startswith("\\\\") and not of_this_computer:
            return "UNC"
        return "SMB" if ctypes.windll.kernel32.GetDriveTypeW(anchor) == _DRIVE_REMOTE else ""

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        # flock belongs to the opened file, so a second FileLock of this very process is refused as well.
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _network_drive(path: Path) -> str:
        return network_filesystem(path, _mounts())

    def _mounts() -> list[tuple[str, str]]:
        if sys.platform == "linux":
            lines = Path("/proc/self/mounts").read_text(errors="surrogateescape").splitlines()
            return [(_unescaped(point), kind) for _, point, kind, *_ in (line.split(" ") for line in lines)]
        listing = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=True).stdout
        return re.findall(r"^.* on (.*) \(([^,)]+)", listing, re.MULTILINE)

    def _unescaped(point: str) -> str:
        return re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), point)
