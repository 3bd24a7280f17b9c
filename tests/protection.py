"""Files and folders that nobody may write, not even root."""

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
