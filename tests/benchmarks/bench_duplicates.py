"""G13: duplicates over the whole studio: how many of those planted are found, and how long it takes.

    python -m tests.benchmarks.bench_duplicates [--clients 100000] [--planted 2000]

The floor is comparing every client with every other one, measured on a sample and scaled by the number of pairs; both
by processor time. The figure is the whole question to a service on SQLite, reading included.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from itertools import combinations
from pathlib import Path

from studio_desktop import __version__
from studio_desktop.database.migrate import prepare
from studio_desktop.domain.clock import SystemClock
from studio_desktop.domain.duplicates import compare, traits
from studio_desktop.services import Services
from studio_desktop.services.users import sit_down
from tests.builders import add_clients
from tests.twins import strangers_and_twins

FOUND_TO_REACH = 96.0
FASTER_TO_REACH = 100.0
_SAMPLE = 1_000
_AT_ONCE = 5_000


def main() -> None:
    """Plant, ask, count, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--clients", type=int, default=100_000)
    asked.add_argument("--planted", type=int, default=2_000)
    wanted = asked.parse_args()
    records, twins = strangers_and_twins(random.Random(13), wanted.clients, wanted.planted)
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as folder:
        database = prepare(
            f"sqlite:///{Path(folder) / 'studio.db'}", program_version=__version__, backup_folder=Path(folder),
            create=True,
        )  # fmt: skip
        services = Services(database, sit_down(database, SystemClock(), "BENCH"))
        ids = [
            client_id
            for start in range(0, len(records), _AT_ONCE)
            for client_id in add_clients(services, records[start : start + _AT_ONCE])
        ]
        begun = time.thread_time()
        found = {(pair.one.id, pair.other.id) for pair in services.duplicates.everywhere()}
        took = time.thread_time() - begun
        database.close()
    meant = {(ids[one], ids[other]) for one, other in twins}
    sample = [
        traits(
            last_name=one.last_name, first_name=one.first_name, phone_digits=[row.typed for row in one.phones],
            emails=[row.address for row in one.emails],
            places=[(row.line1, row.town, row.postcode) for row in one.addresses], birthday=one.birthday,
        )
        for one in records[:_SAMPLE]
    ]  # fmt: skip
    begun = time.thread_time()
    for one, other in combinations(sample, 2):
        compare(one, other)
    floor = (time.thread_time() - begun) * (len(records) / _SAMPLE) ** 2
    share, faster = 100 * len(found & meant) / len(meant), floor / took
    _say(f"found {share:.1f} % of {len(meant)} planted among {len(records):,} clients (goal {FOUND_TO_REACH:.0f} %)")
    _say(f"besides them {len(found - meant)} pairs of strangers")
    _say(f"{took:.2f} s; every pair {floor:,.0f} s: {faster:,.0f} times faster (goal {FASTER_TO_REACH:.0f})")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
