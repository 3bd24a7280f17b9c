"""Search as you type, and what it costs a save: G1, G2 (against LIKE), G3, G4 and G14 of the performance figures, E16.

    python -m tests.benchmarks.bench_search                              SQLite, 100,000 clients
    python -m tests.benchmarks.bench_search --clients 1000000 --against 100000
    python -m tests.benchmarks.bench_search --postgresql                 a server of its own, with the settings it ships

The floor of a search is fetching 50 known rows, by the bare driver and through the service. What it is to be faster
than is one statement with LIKE over the same tables, in the order of the list, whose first 50 clients count.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, text

from studio_desktop import __version__
from studio_desktop.database import search
from studio_desktop.database.engine import Database
from studio_desktop.database.migrate import prepare
from studio_desktop.domain.clock import SystemClock
from studio_desktop.services import Services
from studio_desktop.services.listings.declaration import Query
from studio_desktop.services.users import sit_down
from tests.benchmarks.floors import Contest, known_rows, milliseconds, percentile, processor_clock, seconds
from tests.database.search_oracle import Oracle
from tests.database.search_people import Person, made_up, one, save, store
from tests.database.search_questions import SEVERAL_WORDS, questions
from tests.postgres import own_server

ONE_WORD_TO_REACH = 4.0
SEVERAL_WORDS_TO_REACH = 15.0
LARGE_TO_REACH = 2.0
LIKE_TO_REACH = 100.0
SAVE_TO_REACH = 0.001
FIXED = {"smi": "`smi`", "smiht": "`smiht`", "john sm": "`john sm`", "j s": "`j s`", "jonh smith": "`jonh smith`"}


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--clients", type=int, default=100_000)
    asked.add_argument("--against", type=int, default=0, help="measure so many as well, for G3")
    asked.add_argument("--postgresql", action="store_true")
    asked.add_argument("--of-each", type=int, default=20, help="questions of each kind")
    asked.add_argument("--tries", type=int, default=3, help="how often each is asked; the best counts")
    asked.add_argument("--check", type=int, default=0, help="compare so many of each kind with brute force")
    asked.add_argument("--processor", action="store_true", help="count processor time, on a busy machine")
    asked.add_argument("--like", type=int, default=3, help="questions of each kind that are put to LIKE as well")
    asked.add_argument("--saves", type=int, default=300)
    asked.add_argument("--folder", type=Path, default=None, help="keep SQLite databases here for the next run")
    wanted = asked.parse_args()
    contests: dict[int, dict[str, Contest]] = {}
    for count in [wanted.clients, *([wanted.against] if wanted.against else [])]:
        with studio(count, wanted.postgresql, wanted.folder) as database:
            persons = list(made_up(min(count, 20_000)))
            fixed = [(kind, text) for text, kind in FIXED.items()] * wanted.of_each
            typed = fixed + questions(random.Random(1), persons, wanted.of_each)
            if wanted.check:
                check(database, count, questions(random.Random(2), persons, wanted.check))
            contests[count] = searches(database, count, typed, wanted.tries, wanted.processor)
            if wanted.like:
                likes(database, questions(random.Random(4), persons, wanted.like), wanted.processor)
            if wanted.saves:
                saves(database, persons, wanted.saves, wanted.processor)
    if wanted.against:
        compare(*contests.values())


@contextmanager
def studio(count: int, postgresql: bool, folder: Path | None) -> Iterator[Database]:
    """A studio of so many clients."""
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as temporary:
        if postgresql:
            with own_server(durable=True) as server:
                yield from _open(server.create(), count, Path(temporary))
        else:
            yield from _open(f"sqlite:///{(folder or Path(temporary)) / f'search-{count}.db'}", count, Path(temporary))


def _open(url: str, count: int, backups: Path) -> Iterator[Database]:
    database = prepare(url, program_version=__version__, backup_folder=backups, create=True)
    try:
        if database.read(_count) != count:
            database.write(lambda connection: store(connection, made_up(count)), patient=True)
            took = seconds(lambda: database.write(search.rebuild, patient=True))
            say(f"index of {count:,} clients made in {took:.1f} s")
            analyze(database)
        yield database
    finally:
        database.close()


def _count(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT count(*) FROM client").scalar_one())


def analyze(database: Database) -> None:
    """What autovacuum does by and by."""
    if database.dialect == "postgresql":
        owner = Database(database.url, as_owner=True)
        with owner.migrating() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("VACUUM ANALYZE")
        owner.close()


def check(database: Database, count: int, asked: Sequence[tuple[str, str]]) -> None:
    """Compare ids and order with brute force."""
    oracle = Oracle(person.text for person in made_up(count))
    wrong = [
        typed
        for _, typed in asked
        if database.read(lambda connection, typed=typed: search.find(connection, typed)) != oracle.find(typed)
    ]
    say(f"{len(asked)} questions compared with brute force, {len(wrong)} differ {wrong or ''}")


def searches(
    database: Database, count: int, asked: Sequence[tuple[str, str]], tries: int, processor: bool
) -> dict[str, Contest]:
    """G1 and G4: find and fetch 50 rows, against fetching 50 known ones; by the bare driver and by the service."""
    services = Services(database, sit_down(database, SystemClock(), "BENCH"))
    chance = random.Random(3)
    with database.snapshot() as connection:
        services.listings.find("warm up", Query())
        clock = processor_clock(connection) if processor else time.perf_counter
        bare = {kind: Contest(clock=clock) for kind, _ in asked}
        whole = {kind: Contest(clock=clock) for kind, _ in asked}
        for kind, typed in asked:
            known = chance.sample(range(1, count + 1), 50)

            def bare_search(typed: str = typed) -> None:
                known_rows(connection, [hit.client_id for hit in search.find(connection, typed)])

            def service_search(typed: str = typed) -> None:
                services.listings.rows("clients", [hit.id for hit in services.listings.find(typed, Query())])

            bare[kind].run(bare_search, lambda known=known: known_rows(connection, known), tries)
            whole[kind].run(service_search, lambda known=known: services.listings.rows("clients", known), tries)
    say(f"\n{database.dialect}, {count:,} clients: ms p50/p95 of finding and fetching 50 rows, and of 50 known rows")
    say(f"{'':26}{'bare':>15}{'floor':>17}  ratio {'service':>17}{'floor':>17}  ratio")
    for kind in bare:
        is_several = kind in SEVERAL_WORDS or (kind in FIXED.values() and " " in kind)
        to_reach = SEVERAL_WORDS_TO_REACH if is_several else ONE_WORD_TO_REACH
        say(f"{kind:26}{bare[kind].line(to_reach)}  {whole[kind].line(to_reach)}")
    return whole


def compare(large: dict[str, Contest], small: dict[str, Contest]) -> None:
    """G3: the same searches among many more clients."""
    say(f"\nMany clients against few, p95 (to reach: {LARGE_TO_REACH})")
    for kind in large:
        ratio = percentile(large[kind].figures, 95) / percentile(small[kind].figures, 95)
        say(f"{kind:26}{ratio:6.1f}{'>' if ratio > LARGE_TO_REACH else ''}")


def likes(database: Database, asked: Sequence[tuple[str, str]], processor: bool) -> None:
    """G2: the first 50 ids by the index, and by LIKE."""
    say(f"\nAgainst LIKE: ms p50/p95 of finding 50, and how many times as fast (to reach: {LIKE_TO_REACH:.0f})")
    with database.snapshot() as connection:
        clock = processor_clock(connection) if processor else time.perf_counter
        contests = {kind: Contest(clock=clock) for kind, _ in asked}
        for kind, typed in asked:
            contests[kind].run(
                lambda typed=typed: like(connection, typed), lambda typed=typed: search.find(connection, typed), tries=1
            )
    for kind, contest in contests.items():
        mark = " " if contest.ratio >= LIKE_TO_REACH else "<"
        say(f"{kind:26}{milliseconds(contest.floors)}  {milliseconds(contest.figures)}  {contest.ratio:9.1f}{mark}")


def like(connection: Connection, typed: str) -> list[int]:
    """The first 50 clients in list order who have every word somewhere, as LIKE says it."""
    words = {f"word{at}": f"%{word}%" for at, word in enumerate(typed.split())}
    conditions = " AND ".join(_LIKE.format(word=word) for word in words)
    query = f"SELECT c.id FROM client c WHERE c.deleted_at IS NULL AND {conditions} ORDER BY c.sort_key, c.id LIMIT 50"
    return list(connection.execute(text(query), words).scalars())


_LIKE = """(
    lower(c.last_name) LIKE :{word} OR lower(c.first_name) LIKE :{word} OR lower(c.company) LIKE :{word}
    OR lower(c.nickname) LIKE :{word} OR lower(c.former_names) LIKE :{word} OR lower(c.number) LIKE :{word}
    OR EXISTS (SELECT 1 FROM phone p WHERE p.client_id = c.id AND p.digits LIKE :{word})
    OR EXISTS (SELECT 1 FROM email e WHERE e.client_id = c.id AND lower(e.address) LIKE :{word})
    OR EXISTS (SELECT 1 FROM address a WHERE a.client_id = c.id AND lower(a.town) LIKE :{word})
    OR EXISTS (
        SELECT 1 FROM family_member f WHERE f.client_id = c.id
            AND (lower(f.first_name) LIKE :{word} OR lower(f.last_name) LIKE :{word})
    )
)"""


def saves(database: Database, persons: Sequence[Person], rounds: int, processor: bool) -> None:
    """G14: what the index takes of a save, tidied up after each as the program does in pauses."""
    chance = random.Random()  # a kept database already holds what a seed would save again
    persons_by_id = {person.id: person for person in persons}
    say(f"\nShare of the index in a save: ms p50/p95 (to reach: p95 {SAVE_TO_REACH * 1000:.0f} ms)")
    for kind, field in {"phone": "phones", "family": "family", "rename": "last"}.items():
        shares: list[float] = []
        steps: list[float] = []
        for client_id in chance.choices(list(persons_by_id), k=rounds):
            other = one(chance, client_id)
            person = replace(persons_by_id[client_id], **{field: getattr(other, field)})
            shares.append(database.write(lambda connection, person=person: _save(connection, person, processor)))
            with database.migrating() as connection:
                steps.append(seconds(lambda connection=connection: search.idle(connection)))
        mark = ">" if percentile(shares, 95) > SAVE_TO_REACH else " "
        say(f"{kind:26}{milliseconds(shares)}{mark}  tidying up after it {milliseconds(steps)}")


def _save(connection: Connection, person: Person, processor: bool) -> float:
    save(connection, person)
    clock = processor_clock(connection) if processor else time.perf_counter
    return seconds(lambda: search.update(connection, [person.id]), clock)


def say(line: str) -> None:
    """Print at once: a run takes minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
