"""The program that the kill test kills: saves one client over and over, and says on standard output what was saved.

Started once and warmed up; each line on standard input forks a child that works until it is killed.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import SystemClock
from studio_desktop.domain.records.clients import PhoneRow
from studio_desktop.services import Services, new_request
from studio_desktop.services.users import sit_down


def work(url: str, client_id: int) -> None:
    """Save for ever. A line with first name and last phones follows each save that was answered."""
    database = Database(url)
    services = Services(database, sit_down(database, SystemClock(), "KILLED"))
    record = services.clients.get(client_id)
    while True:
        count = int(record.first_name) + 1
        phones = (*record.phones[-2:], PhoneRow(uid=new_request(), typed=f"330 555 {count % 10_000:04}"))
        mine = replace(record, first_name=str(count), call_warning=f"Saved {count}", phones=phones)
        record = services.clients.save(record, mine, new_request()).result
        os.write(1, f"saved {count}\n".encode())


def main() -> None:
    """Fork a worker for each line, and name its process."""
    url, client_id = sys.argv[1], int(sys.argv[2])
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            work(url, client_id)
        os.write(1, f"child {child}\n".encode())
        os.waitpid(child, 0)
        os.write(1, b"gone\n")


if __name__ == "__main__":
    main()
