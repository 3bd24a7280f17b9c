"""G16: memory after opening and closing a client again and again.

    python -m tests.benchmarks.bench_memory                   20,000 times, without a screen; it takes its time
    python -m tests.benchmarks.bench_memory --times 2000

Counted from after the first 500 times, when what is made once is there. Beside the process's memory (Linux only) it
tells how often `None` is referred to, which a wrapper that leaks one reference each time gives away, and how many
objects of Python there are. Garbage is collected as in the program. PySide itself gives back two references to `None`
too few for each object that had children (6.11.3; `parent = QObject(); QObject(parent)` alone shows it), which holds
no memory.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # the platform without a screen has one for each

from tests.benchmarks.bench_client_window import TABS, DeskShell, QApplication, opened, studio, theme

GROWN_TO_REACH = 20.0
FIRST = 500


class Held(NamedTuple):
    """What this process holds."""

    megabytes: float
    nones: int
    objects: int

    @classmethod
    def now(cls) -> Held:
        """Once all garbage is gone."""
        gc.collect()
        [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS:")]
        return cls(int(line.split()[1]) / 1024, sys.getrefcount(None), len(gc.get_objects()))


def main() -> None:
    """Open, close, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--clients", type=int, default=1_000)
    asked.add_argument("--times", type=int, default=20_000)
    wanted = asked.parse_args()
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply_theme(app, "light")
    with (
        tempfile.TemporaryDirectory(prefix="studio-bench-") as folder,
        studio(f"sqlite:///{Path(folder) / 'studio.db'}", Path(folder), wanted.clients) as services,
    ):
        shell = DeskShell(services)
        open_often(shell, wanted.clients, FIRST)
        before = Held.now()
        begun = time.process_time()
        open_often(shell, wanted.clients, wanted.times)
        took, after = time.process_time() - begun, Held.now()
        shell.tasks.close()
    grown = after.megabytes - before.megabytes
    mark = ">" if grown > GROWN_TO_REACH else ""
    sys.stdout.write(
        f"G16 {wanted.times:,} times opened and closed, {took / wanted.times * 1000:.0f} ms each: "
        f"+{grown:.1f} MB{mark} (to reach: {GROWN_TO_REACH:.0f}), references to None {after.nones - before.nones:+,}, "
        f"objects {after.objects - before.objects:+,}\n"
    )


def open_often(shell: DeskShell, clients: int, times: int) -> None:
    """Open some client's page with its first tab, and take it away."""
    from studio_desktop.ui.garbage import collect

    chance = random.Random(16)
    for number in range(times):
        opened(shell, chance.randint(1, clients), len(TABS))
        if number % 10 == 0:
            collect()


if __name__ == "__main__":
    main()
