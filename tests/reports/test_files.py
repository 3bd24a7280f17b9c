"""Files appear whole or not at all, and what stood there before stays until then (RELIABILITY row 18)."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from weakref import WeakSet

import pytest

from studio_desktop.domain.errors import StudioError
from studio_desktop.reports.csv_file import write_csv
from studio_desktop.reports.files import atomic_file
from studio_desktop.reports.label_sheets import sheet
from studio_desktop.reports.labels import Label, write_labels
from studio_desktop.reports.pdf import write_pdf
from studio_desktop.reports.spreadsheet import write_workbook
from tests.reports.reading import CLIENTS, Watched, client_row

Rows = Iterable[Sequence[object]]
Write = Callable[[Any, Rows], object]

WRITERS: dict[str, Write] = {
    "list.pdf": lambda target, rows: write_pdf(target, CLIENTS, rows),
    "list.xlsx": lambda target, rows: write_workbook(target, CLIENTS, rows),
    "list.csv": lambda target, rows: write_csv(target, CLIENTS, rows),
    "labels.pdf": lambda target, rows: write_labels(
        target, (Label((str(row[1]), "Fairbrook")) for row in rows), sheet("avery-5160")
    ),
}


def some_rows(count: int = 200) -> Rows:
    return map(client_row, range(count))


def test_that_the_old_file_stands_until_the_new_one_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"old")
    with atomic_file(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["report.pdf"]


def test_that_an_error_on_the_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"old")

    def write_half() -> None:
        with atomic_file(path) as file:
            file.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["report.pdf"]


@pytest.mark.parametrize("name", WRITERS)
def test_that_every_document_can_also_be_written_to_memory(name: str) -> None:
    memory = BytesIO()
    WRITERS[name](memory, some_rows())
    assert memory.getvalue()


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot limit the size of a file")
@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("room", [0, 4096])
def test_that_a_document_for_which_there_is_no_room_leaves_the_old_one_and_names_itself(
    tmp_path: Path, name: str, room: int
) -> None:
    import resource

    path = tmp_path / name
    path.write_bytes(b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        with pytest.raises(StudioError, match=name):
            WRITERS[name](path, some_rows())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == [name]


@pytest.mark.parametrize("name", WRITERS)
def test_that_rows_that_fail_midway_leave_the_old_document(tmp_path: Path, name: str) -> None:
    def failing() -> Rows:
        yield from some_rows(50)
        raise ZeroDivisionError

    path = tmp_path / name
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError):
        WRITERS[name](path, failing())
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == [name]


@pytest.mark.parametrize("name", WRITERS)
def test_that_rows_are_taken_one_by_one_and_not_kept(name: str) -> None:
    """PERFORMANCE G9 to G11: memory is flat."""
    alive: WeakSet[Watched] = WeakSet()
    most = 0

    def watched() -> Rows:
        nonlocal most
        for number in range(1000):
            alive.add(row := Watched(client_row(number)))
            most = max(most, len(alive))
            yield row

    WRITERS[name](BytesIO(), watched())
    # Paper looks at the first rows together, so that each column gets its room.
    assert most <= (250 if name == "list.pdf" else 3)


def test_that_a_full_disk_is_named_as_what_it_is(tmp_path: Path) -> None:
    """RELIABILITY 18."""
    with pytest.raises(StudioError) as refused, atomic_file(tmp_path / "report.pdf"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert "disk is full" in str(refused.value)
    assert "report.pdf" in str(refused.value)


def test_that_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudioError) as refused, atomic_file(tmp_path / "gone" / "report.pdf"):
        pass
    assert str(tmp_path / "gone") in str(refused.value)


def test_that_a_folder_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").mkdir()
    with pytest.raises(StudioError, match=r"report\.pdf"), atomic_file(tmp_path / "report.pdf") as file:
        file.write(b"new")


def test_that_beside_a_file_that_another_program_holds_the_new_one_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DECISIONS 17: Windows refuses to replace a file that is open."""
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"old")
    (tmp_path / "report (2).xlsx").write_bytes(b"older")
    replace = Path.replace

    def windows_replace(source: Path, target: Path) -> Path:
        if target == path:
            raise PermissionError(errno.EACCES, "held")
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", windows_replace)

    def write(file: BinaryIO) -> None:
        file.write(b"new")

    with pytest.raises(StudioError) as refused, atomic_file(path) as file:
        write(file)
    assert "report.xlsx is open in another program" in str(refused.value)
    assert "report (3).xlsx" in str(refused.value)
    assert path.read_bytes() == b"old"
    assert (tmp_path / "report (3).xlsx").read_bytes() == b"new"
    assert len(os.listdir(tmp_path)) == 3
