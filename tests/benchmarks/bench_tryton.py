"""How many times as fast as Tryton, which a studio could pick instead: the search as you type (G2), the import (G12).

    python -m tests.benchmarks.bench_tryton --python ~/tryton/bin/python          100,000 clients, SQLite on both sides

The interpreter named must have trytond_party, in an environment of its own: nothing of it is in the program. Tryton is
asked what its entry field asks while somebody types (`autocomplete`), the program what its caller box asks; questions
are put to both in turns, and both count the processor time of the thread that answers.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import SystemClock
from studio_desktop.services import Services
from studio_desktop.services.listings.declaration import Query
from studio_desktop.services.users import sit_down
from studio_desktop.ui.caller_box import SHOWN
from tests.benchmarks.bench_import import OnSQLite, import_file, write_people
from tests.benchmarks.bench_search import say, studio
from tests.benchmarks.floors import Contest, milliseconds, seconds
from tests.database.search_people import Person, made_up
from tests.database.search_questions import questions

SEARCH_TO_REACH = 300.0
IMPORT_TO_REACH = 50.0


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--python", type=Path, required=True, help="an interpreter that has trytond_party")
    asked.add_argument("--clients", type=int, default=100_000)
    asked.add_argument("--of-each", type=int, default=2, help="questions of each kind")
    asked.add_argument("--imported", type=int, default=2_000, help="clients of the import")
    asked.add_argument("--folder", type=Path, default=None, help="keep the program's database here for the next run")
    wanted = asked.parse_args()
    with studio(wanted.clients, False, wanted.folder) as database, tryton(wanted.python) as peer:
        persons = list(made_up(wanted.clients))
        peer.ask("load", [_party(person) for person in persons])
        searches(database, peer, questions(random.Random(4), persons[:20_000], wanted.of_each))
    with tryton(wanted.python) as peer:
        imports(peer, wanted.imported)


class Peer:
    """Tryton at the other end of a pipe (`tryton_peer`)."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.hear()

    def ask(self, what: str, given: Any) -> float:
        """Let it do something; the seconds of processor time that it took."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({what: given}) + "\n")
        self._process.stdin.flush()
        return float(self.hear()["seconds"])

    def hear(self) -> dict[str, Any]:
        """The next answer. Raises RuntimeError when it has ended."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("Tryton has ended; what it said stands above.")
        told: dict[str, Any] = json.loads(line)
        return told


@contextmanager
def tryton(python: Path) -> Iterator[Peer]:
    """An empty Tryton with its module of parties."""
    script = Path(__file__).with_name("tryton_peer.py")
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as folder:
        command = [str(python), str(script), folder]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            yield Peer(process)
        finally:
            process.kill()
            process.communicate()


def searches(database: Database, peer: Peer, asked: Sequence[tuple[str, str]]) -> None:
    """G2: who is offered while somebody types."""
    services = Services(database, sit_down(database, SystemClock(), "BENCH"))
    services.listings.find("warm up", Query())
    contests = {kind: Contest() for kind, _ in asked}
    for kind, typed in asked:
        find = partial(services.listings.find, typed, Query(), limit=SHOWN)
        contests[kind].figures.append(seconds(find, time.thread_time))
        contests[kind].floors.append(peer.ask("find", typed))
    say(f"ms p50/p95 of Tryton and of the program, and how many times as fast (to reach: {SEARCH_TO_REACH:.0f})")
    for kind, contest in contests.items():
        times = sum(contest.floors) / sum(contest.figures)
        mark = " " if times >= SEARCH_TO_REACH else "<"
        say(f"G2 {kind:26}{milliseconds(contest.floors)}  {milliseconds(contest.figures)}  {times:9.1f}{mark}")


def imports(peer: Peer, count: int) -> None:
    """G12: the same people from a file, read, judged, written and found."""
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as folder:
        path = Path(folder) / "people.csv"
        write_people(path, count)
        took, _ = import_file(OnSQLite(Path(folder)).new(), path, time.process_time)
        with path.open(encoding="utf-8", newline="") as file:
            parties = [[f"{row['First name']} {row['Last name']}", "", row["E-mail"]] for row in csv.DictReader(file)]
        theirs = peer.ask("create", parties)
    ours = took.read + took.judge + took.write
    mark = " " if theirs / ours >= IMPORT_TO_REACH else "<"
    say(f"G12 {count:,} clients: Tryton {theirs:.2f} s, here {ours:.2f} s, {theirs / ours:.1f} times as fast{mark}")
    say("    (Tryton takes a name and an e-mail in, the program eleven columns with judging, history and search)")


def _party(person: Person) -> list[str]:
    phone, email = next(iter(person.phones), ""), next(iter(person.emails), "")
    return [f"{person.first} {person.last}".strip() or person.company, f"+1{phone}" if phone else "", email]


if __name__ == "__main__":
    main()
