"""A file is written whole or not at all (RELIABILITY cases 7 and 18)."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio_desktop.paths import FileInUseError, atomic_write


def test_that_a_file_appears_with_all_that_was_written_and_nothing_beside_it(tmp_path):
    with atomic_write(tmp_path / "report.pdf") as file:
        file.write(b"%PDF")
        assert not (tmp_path / "report.pdf").exists()
    assert (tmp_path / "report.pdf").read_bytes() == b"%PDF"
    assert os.listdir(tmp_path) == ["report.pdf"]


def test_that_a_failure_half_way_leaves_the_old_file_as_it_was(tmp_path):
    report = tmp_path / "report.pdf"
    report.write_bytes(b"old")
    pieces = iter([b"half", None])
    with pytest.raises(TypeError), atomic_write(report) as file:
        file.writelines(pieces)
    assert report.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["report.pdf"]


def test_that_a_full_disk_leaves_the_old_file_as_it_was(tmp_path):
    resource = pytest.importorskip("resource", reason="only POSIX limits the size of a file")
    program = f"""
import resource, signal
from pathlib import Path
from studio_desktop.paths import atomic_write
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
with atomic_write(Path({str(tmp_path / "report.pdf")!r})) as file:
    file.write(b"x" * 1_000_000)
"""
    assert resource
    (tmp_path / "report.pdf").write_bytes(b"old")
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)
    assert os.strerror(errno.EFBIG) in ended.stderr
    assert (tmp_path / "report.pdf").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["report.pdf"]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no file modes")
def test_that_a_private_file_is_readable_by_its_owner_alone_and_another_as_the_system_has_it(tmp_path):
    """RELIABILITY 106."""
    before = os.umask(0o022)
    try:
        with atomic_write(tmp_path / "settings.toml", private=True), atomic_write(tmp_path / "report.pdf"):
            pass
    finally:
        os.umask(before)
    assert (tmp_path / "settings.toml").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "report.pdf").stat().st_mode & 0o777 == 0o644


def test_that_a_link_keeps_pointing_to_the_file_that_is_replaced(tmp_path):
    (tmp_path / "real.pdf").write_bytes(b"old")
    (tmp_path / "link.pdf").symlink_to(tmp_path / "real.pdf")
    with atomic_write(tmp_path / "link.pdf") as file:
        file.write(b"new")
    assert (tmp_path / "link.pdf").is_symlink()
    assert (tmp_path / "real.pdf").read_bytes() == b"new"


@pytest.mark.skipif(os.name != "posix", reason="devices are files on POSIX only")
def test_that_a_device_is_written_to_and_not_replaced():
    with atomic_write(Path("/dev/null")) as file:
        file.write(b"gone")
    assert Path("/dev/null").is_char_device()


def test_that_what_another_program_holds_is_named_and_the_new_file_kept_beside_it(tmp_path, monkeypatch):
    # Only Windows refuses this, so its answer is given here in the system's stead.
    def as_windows_does(source: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "The process cannot access the file", str(target))

    monkeypatch.setattr(Path, "replace", as_windows_does)
    report = tmp_path / "report.pdf"
    report.write_bytes(b"open in a viewer")
    with pytest.raises(FileInUseError) as refused, atomic_write(report) as file:
        file.write(b"new")
    assert str(report) in str(refused.value)
    assert refused.value.kept.name in str(refused.value)
    assert refused.value.kept.suffix == ".pdf"
    assert refused.value.kept.read_bytes() == b"new"
    assert report.read_bytes() == b"open in a viewer"
    assert len(os.listdir(tmp_path)) == 2
