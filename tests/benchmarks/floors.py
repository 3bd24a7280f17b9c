"""Times a thing and its floor in turns, so that a busy neighbour slows both, and says how many times the floor it is.

A floor is the least the machine can do for the same purpose: a raw query, an empty window. Only the ratio counts;
times move by half from run to run.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass
class Contest:
    """What was measured of one thing and of its floor, in seconds by `clock`."""

    figures: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    clock: Callable[[], float] = time.perf_counter

    def run(self, figure: Callable[[], object], floor: Callable[[], object], tries: int = 3) -> None:
        """Measure both in turns, so many times, and keep the best of each: what a neighbour takes is not ours."""
        turns = [(seconds(floor, self.clock), seconds(figure, self.clock)) for _ in range(tries)]
        self.floors.append(min(floor for floor, _ in turns))
        self.figures.append(min(figure for _, figure in turns))

    @property
    def ratio(self) -> float:
        """The figure's 95th percentile over the floor's."""
        return percentile(self.figures, 95) / percentile(self.floors, 95)

    def line(self, to_reach: float) -> str:
        """Figure, floor (50th/95th percentile in ms) and ratio; the mark `>` where it is over what is to be reached."""
        mark = ">" if self.ratio > to_reach else " "
        return f"{milliseconds(self.figures)}  {milliseconds(self.floors)}  {self.ratio:5.1f}{mark}"


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """How long it takes."""
    start = clock()
    work()
    return clock() - start


def processor_clock(connection: Connection) -> Callable[[], float]:
    """A clock that stands still while neighbours have their turns: the processor time of this thread.

    On a PostgreSQL server on this computer, which must be Linux, that of its processes for this database comes to it.
    """
    if connection.dialect.name == "sqlite":
        return time.thread_time
    pids = connection.exec_driver_sql("SELECT pid FROM pg_stat_activity WHERE datname = current_database()").scalars()
    spent = [Path(f"/proc/{pid}/schedstat") for pid in pids]
    return lambda: time.thread_time() + sum(int(file.read_text().split()[0]) for file in spent) / 1e9


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def milliseconds(values: Sequence[float]) -> str:
    """Median and 95th percentile."""
    return f"{statistics.median(values) * 1000:7.2f}/{percentile(values, 95) * 1000:7.2f}"


def peak() -> float:
    """The most memory this process ever had, in megabytes; `getrusage` would tell that of its parent (Linux only)."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def known_rows(connection: Connection, ids: Sequence[int]) -> list[Any]:
    """The least for a list: the rows of known clients with what a search shows, by the bare driver."""
    if not ids:
        return []
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        return list(raw.execute(_KNOWN_ROWS.format(", ".join("?" * len(ids))), ids).fetchall())
    return list(raw.execute(_KNOWN_ROWS.format(", ".join(["%s"] * len(ids))), ids).fetchall())


_KNOWN_ROWS = """
    SELECT c.id, c.last_name, c.first_name, c.company, c.stage, t.description,
        (SELECT typed FROM phone p WHERE p.client_id = c.id ORDER BY position, id LIMIT 1),
        (SELECT address FROM email e WHERE e.client_id = c.id ORDER BY position, id LIMIT 1),
        (SELECT town FROM address a WHERE a.client_id = c.id ORDER BY position, id LIMIT 1)
    FROM client c LEFT JOIN client_status t ON t.id = c.status_id WHERE c.id IN ({})
"""
