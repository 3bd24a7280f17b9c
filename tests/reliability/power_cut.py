"""Power cuts, made from what a real program told its disk: `strace` writes that down, and any moment can be rebuilt.

What was synced is on the disk. Of what was only written, chance decides: a write is there, is not, or is torn at a
sector; a new or removed name is there or not until its folder was synced. That is more than most disks do, and what
they may do.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "openat,close,pwrite64,write,ftruncate,fsync,fdatasync,unlink"
SECTOR = 512


def can_trace() -> bool:
    """Whether this machine has strace, and lets one program watch another."""
    strace = shutil.which("strace")
    return strace is not None and not subprocess.run([strace, "-qq", "-o", os.devnull, "true"], check=False).returncode


def traced(command: Sequence[str], log: Path) -> list[str]:
    """The command that runs `command` and writes down what it does with files."""
    return ["strace", "-f", "-qq", "-xx", "-s", "1000000", "-o", str(log), "-e", f"trace={CALLS}", *command]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing told to the disk, or `said` on standard output; `file` is a name in the folder, "" the folder."""

    what: str
    file: str = ""
    place: int = 0
    data: bytes = b""


def read(log: Path, folder: Path) -> list[Told]:
    """What the log tells of the files in this folder, in order."""
    told: list[Told] = []
    names: dict[tuple[str, int], str] = {}
    started: dict[str, str] = {}
    for line in log.read_text().splitlines():
        process, _, rest = line.partition(" ")
        if rest.rstrip().endswith("<unfinished ...>"):
            started[process] = rest.rpartition("<unfinished")[0]
            continue
        resumed = re.match(r"\s*<\.\.\. \w+ resumed>", rest)
        call = started.pop(process) + rest[resumed.end() :] if resumed else rest
        found = re.match(r"\s*(\w+)\((.*)\)\s+= (\d+)", call)
        if found is None:
            continue
        told += _understood(process, found[1], found[2], int(found[3]), folder, names)
    return told


def _understood(
    process: str, call: str, words: str, given: int, folder: Path, names: dict[tuple[str, int], str]
) -> list[Told]:
    text = re.search(r'"([^"]*)"', words)
    data = bytes.fromhex(text[1].replace("\\x", "")) if text else b""
    if call in ("openat", "unlink"):
        path = Path(data.decode())
        name = "" if path == folder else path.name
        names.pop((process, given), None)
        if folder not in (path, path.parent) or name.endswith(("-shm", ".lock")):
            return []
        if call == "unlink":
            return [Told("unlink", name)]
        names[process, given] = name
        return [Told("open", name)]
    number = re.match(r"\d+", words)
    assert number is not None, words
    handle = (process, int(number[0]))
    if call == "write":
        return [Told("said", data=data)] if handle[1] == 1 else []
    if handle not in names:
        return []
    if call == "close":
        del names[handle]
        return []
    if call == "pwrite64":
        return [Told("write", names[handle], int(words.rpartition(",")[2]), data)]
    if call == "ftruncate":
        return [Told("cut", names[handle], int(words.rpartition(",")[2]))]
    return [Told("sync", names[handle])]


@dataclass
class Disk:
    """A folder as it stands on the disk, and what is still on its way there."""

    files: dict[str, bytearray]
    pending: dict[str, list[Told]] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
    removed: dict[str, bytearray] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> Disk:
        """A folder in which all is synced."""
        return cls({one.name: bytearray(one.read_bytes()) for one in folder.iterdir() if one.suffix != ".lock"})

    def hear(self, told: Told) -> None:
        """Take one thing that was told."""
        if told.what == "open" and told.file and told.file not in self.files:
            self.files[told.file] = bytearray()
            self.new.add(told.file)
        elif told.what in ("write", "cut"):
            self.pending.setdefault(told.file, []).append(told)
        elif told.what == "unlink" and told.file in self.files:
            self.removed[told.file] = self.files.pop(told.file)
            self.pending.pop(told.file, None)
        elif told.what == "sync" and told.file:
            for one in self.pending.pop(told.file, []):
                _put(self.files[told.file], one)
        elif told.what == "sync":
            self.new.clear()
            self.removed.clear()

    def after_a_power_cut(self, chance: random.Random) -> Mapping[str, bytearray]:
        """The files as they may stand when the power comes back."""
        files = {name: data[:] for name, data in self.files.items() if name not in self.new or chance.random() < 0.5}
        files |= {name: data for name, data in self.removed.items() if name not in files and chance.random() < 0.5}
        for name, waiting in self.pending.items():
            for one in waiting:
                if name in files and chance.random() < 0.5:
                    torn = one.data[: chance.randrange(len(one.data) // SECTOR + 1) * SECTOR]
                    whole = one.what == "cut" or chance.random() < 0.8
                    _put(files[name], one if whole else Told("write", name, one.place, torn))
        return files


def _put(file: bytearray, told: Told) -> None:
    if told.what == "cut":
        del file[told.place :]
    end = told.place + len(told.data)
    file.extend(bytes(max(0, end - len(file))))
    file[told.place : end] = told.data


def each_cut(
    disk: Disk, told: Sequence[Told], images: int, chance: random.Random, look: Callable[[Path, bytes], None], at: Path
) -> None:
    """Cut the power at `images` moments after the first word; `look` at the folder `at` and at the last words said."""
    first = next(place for place, one in enumerate(told) if one.what == "said")
    moments = sorted(chance.randrange(first, len(told)) for _ in range(images))
    said, place = b"", 0
    for moment in moments:
        for one in told[place:moment]:
            disk.hear(one)
            said = one.data if one.what == "said" else said
        place = moment
        shutil.rmtree(at, ignore_errors=True)
        at.mkdir()
        for name, data in disk.after_a_power_cut(chance).items():
            (at / name).write_bytes(data)
        look(at, said)
