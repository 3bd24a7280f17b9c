"""Files and folders that nobody may write, not even root, and disks that are soon full."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def write_protected(path: Path) -> Iterator[None]:
    """A file that may not be changed, or a folder that takes nothing new, for a while."""
    usual = path.stat().st_mode
    if os.name == "posix" and os.geteuid() == 0:
        if subprocess.run(["chattr", "+i", path], capture_output=True).returncode:
            pytest.skip("this file system protects nothing from root")
        try:
            yield
        finally:
            subprocess.run(["chattr", "-i", path], check=True)
        return
    path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        yield
    finally:
        path.chmod(usual)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A new folder that is a disk of its own of that size (`3m`), for a while."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def leave_free(ballast: Path, size: int) -> None:
    """Fill the disk that `ballast` lies on until only so many bytes are free; what it held before is given back."""
    ballast.unlink(missing_ok=True)
    disk = os.statvfs(ballast.parent)
    ballast.write_bytes(bytes(max(0, disk.f_bavail * disk.f_bsize - size)))
