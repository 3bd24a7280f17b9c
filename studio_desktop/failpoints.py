"""Named places where a test can make the program fail on purpose.

The variable STUDIO_FAILPOINTS says where and how: `save.before_commit:kill, backup.copied:raise:3`. The last number
is the passage that fails (1 is the first); without it every passage does. Without the variable nothing happens.

    kill        the process ends at once, as by kill -9
    raise       InjectedError is raised
    sleep=0.5   the thread waits that many seconds
    hang        the thread never goes on
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter

VARIABLE = "STUDIO_FAILPOINTS"


class InjectedError(Exception):
    """Raised by a failpoint that a test has set to `raise`."""


def failpoint(name: str) -> None:
    """Fail here if STUDIO_FAILPOINTS says so for `name`; raises ValueError for a plan that cannot be understood."""
    plan = os.environ.get(VARIABLE)
    if plan:
        _pass(plan, name)


_passages: Counter[tuple[str, str]] = Counter()
_counting = threading.Lock()


def _pass(plan: str, name: str) -> None:
    with _counting:
        _passages[plan, name] += 1
        passage = _passages[plan, name]
    for entry in plan.split(","):
        where, _, rest = entry.strip().partition(":")
        how, _, nth = rest.partition(":")
        if where == name and (not nth or passage == int(nth)):
            _fail(name, how)


def _fail(name: str, how: str) -> None:
    if how == "kill":
        # Windows has no SIGKILL; there any signal sent to a process ends it at once.
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    elif how == "raise":
        raise InjectedError(name)
    elif how == "hang":
        threading.Event().wait()
    elif how.startswith("sleep="):
        time.sleep(float(how.removeprefix("sleep=")))
    else:
        raise ValueError(f"{VARIABLE}: “{how}” at {name} is none of kill, raise, sleep=SECONDS, hang.")
