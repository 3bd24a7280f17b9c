"""Rows of a file on the disk instead of in memory, of which a million would take gigabytes."""

from __future__ import annotations

import io
import pickle
import tempfile
import threading
import weakref
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any, Generic, TypeVar

from studio_desktop.domain.errors import StudioError

T = TypeVar("T")

_IN_MEMORY = 20_000
"""Rows that need no file: those of nearly all lists."""
_PART = 64
"""Rows that are written and read together."""
_PARTS_KEPT = 8


class Spool(Generic[T]):
    """A list that only grows, in a temporary file which goes with it; a short one never leaves memory.

    One lane may append; any may read. What comes from the file is a copy, equal to what was appended.
    """

    def __init__(self, items: Iterable[T] = (), reducers: Mapping[type, Callable[[Any], Any]] | None = None) -> None:
        """`reducers` say how objects of some classes are pickled, as in `Pickler.dispatch_table`."""
        self._reducers = dict(reducers or {})
        self._file: IO[bytes] | None = None
        self._first: list[T] = []
        self._at = array("Q", [0])
        self._last: list[T] = []
        self._near: OrderedDict[int, list[T]] = OrderedDict()
        self._lock = threading.Lock()
        for item in items:
            self.append(item)

    def append(self, item: T) -> None:
        """Add a row behind all others."""
        if len(self._first) < _IN_MEMORY:
            self._first.append(item)
            return
        self._last.append(item)
        if len(self._last) == _PART:
            written = self._packed(self._last)
            with self._lock:
                self._write(written)
                self._at.append(self._at[-1] + len(written))
                self._last = []

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._first) + (len(self._at) - 1) * _PART + len(self._last)

    def __getitem__(self, place: int) -> T:
        """The row at a place, from 0. Raises IndexError."""
        if not 0 <= place < len(self):
            raise IndexError(place)
        if place < len(self._first):
            return self._first[place]
        part, at = divmod(place - len(self._first), _PART)
        return self._part(part)[at]

    def __iter__(self) -> Iterator[T]:
        """All rows in their order."""
        yield from self._first
        for part in range(len(self._at)):
            yield from self._part(part)

    def _part(self, number: int) -> list[T]:
        with self._lock:
            if number == len(self._at) - 1:
                return self._last
            found = self._near.get(number)
            if found is None:
                file = self._opened()
                file.seek(self._at[number])
                found = pickle.loads(file.read(self._at[number + 1] - self._at[number]))  # noqa: S301 - our own
                self._near[number] = found
                if len(self._near) > _PARTS_KEPT:
                    self._near.popitem(last=False)
            else:
                self._near.move_to_end(number)
            return found

    def _write(self, written: bytes) -> None:
        try:
            file = self._opened()
            file.seek(self._at[-1])
            file.write(written)
        except OSError as error:
            raise StudioError(
                "There is no room for the rows of the file in {folder}: {why}. Make room and open the file again.",
                folder=tempfile.gettempdir(), why=error.strerror,
            ) from error  # fmt: skip

    def _packed(self, items: list[T]) -> bytes:
        into = io.BytesIO()
        pickler = pickle.Pickler(into, pickle.HIGHEST_PROTOCOL)
        pickler.dispatch_table = self._reducers
        pickler.dump(items)
        return into.getvalue()

    def _opened(self) -> IO[bytes]:
        """The file, which the system removes whatever happens."""
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this
            weakref.finalize(self, self._file.close)
        return self._file
