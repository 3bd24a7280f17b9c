"""One program owns a SQLite file, and only where the file is safe (RELIABILITY D; cases 23 and 26)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from studio_desktop.database.locks import FileLock, network_filesystem, refuse_unsafe_place
from studio_desktop.domain.errors import AlreadyOpen, DatabaseUnavailable, InvalidInput

HOLD = """
import sys
from pathlib import Path
from studio_desktop.database.locks import FileLock
FileLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other_program(tmp_path):
    """Another process that holds the lock on studio.db until it is killed."""
    holding = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "studio.db.lock")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holding.stdout.readline() == "held\n"
    yield holding
    holding.kill()
    holding.communicate()


def test_that_a_second_program_is_told_who_has_the_file(tmp_path, other_program):
    lock = FileLock(tmp_path / "studio.db.lock")
    assert not lock.try_acquire()
    with pytest.raises(AlreadyOpen) as refused:
        lock.acquire()
    assert str(refused.value).startswith("Studio Desktop has this file open")
    assert str(tmp_path / "studio.db.") in str(refused.value)
    assert str(other_program.pid) in str(refused.value)


def test_that_a_killed_program_leaves_the_file_free(tmp_path, other_program):
    other_program.kill()
    other_program.communicate()
    with FileLock(tmp_path / "studio.db.lock") as lock:
        assert lock.holder() == os.getpid()


def test_that_a_second_window_of_the_same_process_is_refused_until_the_first_lets_go(tmp_path):
    first, second = FileLock(tmp_path / "a.lock"), FileLock(tmp_path / "a.lock")
    first.acquire()
    first.acquire()
    assert not second.try_acquire()
    first.release()
    first.release()
    assert second.try_acquire()
    second.release()


def test_that_the_holder_is_the_last_one_and_not_what_stood_there_before(tmp_path):
    (tmp_path / "a.lock").write_text("123456789012345")
    with FileLock(tmp_path / "a.lock") as lock:
        assert lock.holder() == os.getpid()


def test_that_asking_for_a_taken_lock_leaves_nothing_open(tmp_path, other_program):
    open_before = len(psutil.Process().open_files())
    assert not FileLock(tmp_path / "studio.db.lock").try_acquire()
    assert len(psutil.Process().open_files()) == open_before


def test_that_a_folder_that_is_not_there_gives_a_sentence_and_not_a_traceback(tmp_path):
    with pytest.raises(DatabaseUnavailable, match="cannot be written"):
        FileLock(tmp_path / "gone" / "a.lock").try_acquire()


@pytest.mark.parametrize(
    "folder",
    [
        "Dropbox", "Dropbox (Personal)", "OneDrive", "OneDrive - Adams Studio", "Google Drive", "GoogleDrive",
        "Library/Mobile Documents", "Library/CloudStorage/Box-Box", "Nextcloud", "pCloudDrive", "ICLOUD DRIVE",
    ],
)  # fmt: skip
def test_that_a_synchronised_folder_is_refused_with_the_way_out(tmp_path, folder):
    with pytest.raises(InvalidInput) as refused:
        refuse_unsafe_place(tmp_path / folder / "studio" / "studio.db")
    assert "synchronised" in str(refused.value)
    assert "PostgreSQL" in str(refused.value)
    assert refused.value.field == "database_url"


def test_that_a_link_into_a_synchronised_folder_is_seen_through(tmp_path):
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "studio").symlink_to(tmp_path / "Dropbox", target_is_directory=True)
    with pytest.raises(InvalidInput):
        refuse_unsafe_place(tmp_path / "studio" / "studio.db")


@pytest.mark.parametrize("mark", [".stfolder", ".dropbox.cache"])
def test_that_a_synchronised_folder_of_any_name_is_known_by_its_marks(tmp_path, mark):
    (tmp_path / mark).mkdir()
    with pytest.raises(InvalidInput):
        refuse_unsafe_place(tmp_path / "deep" / "studio.db")


def test_that_the_folder_onedrive_itself_names_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "Work files"))
    with pytest.raises(InvalidInput):
        refuse_unsafe_place(tmp_path / "Work files" / "studio.db")


@pytest.mark.parametrize("folder", ["", "Dropbox backups", "boxes", "Drive", "synced", "omega"])
def test_that_an_ordinary_folder_is_accepted(tmp_path, folder):
    refuse_unsafe_place(tmp_path / folder / "studio.db")


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.rclone", "afpfs", "9p"])
def test_that_every_kind_of_network_drive_is_known(kind):
    mounts = [("/", "ext4"), ("/srv/studio share", kind)]
    assert network_filesystem(Path("/srv/studio share/clients/studio.db"), mounts) == kind
    assert network_filesystem(Path("/srv/studio.db"), mounts) == ""
    assert network_filesystem(Path("/srv/studio share 2/studio.db"), mounts) == ""


def test_that_the_nearest_and_newest_mount_decides():
    mounts = [("/", "ext4"), ("/srv", "nfs"), ("/srv/disk", "xfs"), ("/home", "autofs"), ("/home", "nfs4")]
    assert network_filesystem(Path("/srv/disk/studio.db"), mounts) == ""
    assert network_filesystem(Path("/home/anna/studio.db"), mounts) == "nfs4"


@pytest.mark.skipif(sys.platform != "linux", reason="reads what this Linux has mounted")
def test_that_the_systems_own_list_of_mounts_is_understood():
    refuse_unsafe_place(Path("/dev/shm/studio.db"))
