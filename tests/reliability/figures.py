"""Figures of the reliability plan that take minutes, run by hand: `python -m tests.reliability.figures commits 200`.

    commits COUNT   the line is cut under COUNT commits before the desk hears of them (C7)
    cuts COUNT      it is cut at a random byte of the answers to COUNT saves (case 57)
    news COUNT      how long another desk takes to see COUNT changes (C12)
    flips COUNT     COUNT files with a flipped bit, every fifth cut short, are opened, read and checked (C16)

Kills, power cuts and full disks are counted in the tests themselves: STUDIO_KILLS, STUDIO_IMAGES, STUDIO_STEPS.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from studio_desktop import __version__
from studio_desktop.database import check
from studio_desktop.database.changes import Feed
from studio_desktop.database.engine import Database, checked_url
from studio_desktop.database.migrate import prepare
from studio_desktop.database.notifications import Listener
from studio_desktop.database.tables.people import client
from studio_desktop.domain.clock import SystemClock
from studio_desktop.domain.errors import DatabaseUnavailable, StudioError
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from studio_desktop.services.demo import Demo
from studio_desktop.services.listings.declaration import Query
from studio_desktop.services.users import sit_down
from tests.builders import a_client, client_record
from tests.postgres import own_server
from tests.proxy import Proxy

SEED = int(os.environ.get("STUDIO_SEED", "20260310"))


@contextmanager
def far_desk() -> Iterator[tuple[Services, Proxy, str]]:
    """A desk behind a line that can be cut, that line, and the studio's URL beside it."""
    with own_server() as server, tempfile.TemporaryDirectory() as folder:
        url = server.create()
        prepare(url, program_version=__version__, backup_folder=Path(folder), create=True).close()
        proxy = Proxy(server.port)
        far = checked_url(server.tcp_url(url)).set(port=proxy.port)
        database = Database(far, password=server.password)
        yield Services(database, sit_down(database, SystemClock(), "FAR")), proxy, url
        assert check.check(database) == []
        database.close()
        proxy.close()


def names(services: Services) -> list[str]:
    """The last names of all clients, each as often as it is there."""
    return sorted(services.database.read(lambda found: found.execute(select(client.c.last_name)).scalars().all()))


def commits(count: int) -> str:
    """C7."""
    with far_desk() as (services, proxy, _):
        for number in range(count):
            proxy.lose_next_commit()
            a_client(services, last_name=f"{number:06}")
        assert names(services) == [f"{number:06}" for number in range(count)]
    return "each is there once, and the desk was told so"


def cuts(count: int) -> str:
    """Case 57."""
    chance, refused = random.Random(SEED), 0
    with far_desk() as (services, proxy, _):
        for number in range(count):
            record, request, saved = client_record(last_name=f"{number:06}"), new_request(), False
            proxy.cut_after(chance.randrange(1, 6_000))
            while not saved:
                try:
                    services.clients.create(record, request)
                    saved = True
                except DatabaseUnavailable:
                    refused += 1
        proxy.heal()
        assert names(services) == [f"{number:06}" for number in range(count)]
    return f"each is there once; {refused} times somebody had to press Retry"


def news(count: int) -> str:
    """C12."""
    seconds: list[float] = []
    with far_desk() as (services, _, url):
        other = Database(url)
        feed, heard = other.read(Feed), threading.Event()
        listener = Listener(other.url, None, heard.set)
        heard.wait(10)
        for _ in range(count):
            other.read(feed.news)
            heard.clear()
            a_client(services)
            began = time.monotonic()
            while not other.read(feed.news):
                heard.wait(5)
                heard.clear()
            seconds.append(time.monotonic() - began)
        listener.close()
        other.close()
    seconds.sort()
    return f"p50 {seconds[count // 2]:.3f} s, p99 {seconds[count * 99 // 100]:.3f} s, longest {seconds[-1]:.3f} s"


def flips(count: int) -> str:
    """C16."""
    chance, outcomes = random.Random(SEED), Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        made, harmed = Path(name) / "made.db", Path(name) / "harmed.db"
        url = f"sqlite:///{made}"
        database = prepare(url, program_version=__version__, backup_folder=Path(name), create=True)
        Demo(database, sit_down(database, SystemClock(), "FRONT-1")).fill(80, SEED)
        database.close()
        right, whole = _read(made)[0], made.read_bytes()
        for number in range(count):
            data = bytearray(whole)
            if number % 5 == 4:
                del data[chance.randrange(100, len(data)) :]
            else:
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            for ending in ("", "-wal", "-shm", ".lock"):
                harmed.with_name(harmed.name + ending).unlink(missing_ok=True)
            harmed.write_bytes(data)
            outcomes[_outcome(harmed, right)] += 1
    return ", ".join(f"{many} {what}" for what, many in outcomes.most_common())


def _outcome(file: Path, right: dict[int, ClientRecord]) -> str:
    try:
        read, found = _read(file)
    except StudioError:
        return "refused in a sentence"
    except Exception as error:
        return f"a fault of the program: {type(error).__name__}"
    return ("right values" if read == right else "WRONG values") + (", found by the check" if found else "")


def _read(file: Path) -> tuple[dict[int, ClientRecord], list[str]]:
    database = Database(f"sqlite:///{file}", read_only=True)
    try:
        services = Services(database, sit_down(database, SystemClock(), "FRONT-1"))
        read = {one: services.clients.get(one) for one in services.listings.ids("clients", Query())}
        return read, [str(one) for one in check.check(database)]
    finally:
        database.close()


def main() -> None:
    """Measure one figure and say it."""
    figure, count = sys.argv[1], int(sys.argv[2])
    began = time.monotonic()
    said = {"commits": commits, "cuts": cuts, "news": news, "flips": flips}[figure](count)
    sys.stdout.write(f"{figure} {count}, seed {SEED}: {said}; {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()
