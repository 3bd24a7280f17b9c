"""Work off the window's thread, and its result back in it.

Four lanes, so that typing waits neither for a save nor for a report: `write` (one thread, in order), `read` (one),
`bulk` (one: reports, exports, imports) and `pool` (two: rendering). Results come by one queued signal and are dropped
when their owner is gone.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Literal, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from studio_desktop.domain.errors import DatabaseUnavailable, StudioError

T = TypeVar("T")
log = logging.getLogger(__name__)
Lane = Literal["write", "read", "bulk", "pool"]


class Cancelled(Exception):
    """Raised inside work whose `Job` was cancelled; neither a result nor a failure is delivered."""


class Job(QObject):
    """Progress and cancelling of one long work: hand `report` to the work, `cancel` to the Cancel button.

    Give it to `BackgroundTasks.run`; it lives as long as somebody holds it, and at least until the work has ended.
    """

    progressed = Signal(int, int)
    """How many are done, of how many (0: not known yet). Emitted in the window's thread."""
    ended = Signal()
    """Done, failed or cancelled; emitted in the window's thread after the result was delivered."""

    _reported = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._cancelled = threading.Event()
        self._last_report = 0.0
        self._reported.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def cancelled(self) -> bool:
        """Whether somebody cancelled it."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self._cancelled.set()

    @Slot(int, int)
    def _tell(self, done: int, total: int) -> None:
        # Of a cancelled job nobody hears any more: who would have heard may be gone.
        if not self._cancelled.is_set():
            self.progressed.emit(done, total)

    def report(self, done: int, total: int) -> None:
        """Called by the work, in its thread; raises `Cancelled` when it shall stop."""
        if self._cancelled.is_set():
            raise Cancelled
        now = time.monotonic()
        if done >= total or now - self._last_report >= _SECONDS_BETWEEN_REPORTS:
            self._last_report = now
            self._reported.emit(done, total)


class BackgroundTasks(QObject):
    """Runs work in the lanes. `on_failure` gets a `StudioError` nobody took, `on_unexpected` anything else: a bug."""

    busy_changed = Signal(QObject, bool)
    """An owner has been waiting for more than 200 ms, or no longer waits."""

    _finished = Signal(int)

    def __init__(
        self,
        on_failure: Callable[[StudioError], None],
        on_unexpected: Callable[[BaseException], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._on_failure = on_failure
        self._on_unexpected = on_unexpected
        self._lanes: dict[str, _Lane] = {
            "write": _Lane("write", 1),
            "read": _Lane("read", 1),
            "bulk": _Lane("bulk", 1),
            "pool": _Lane("pool", 2),
        }
        self._tasks: dict[int, _Task] = {}
        self._tickets = itertools.count()
        self._waiting: weakref.WeakKeyDictionary[QObject, set[_Task]] = weakref.WeakKeyDictionary()
        self._newest: weakref.WeakKeyDictionary[QObject, dict[str, _Task]] = weakref.WeakKeyDictionary()
        self._unanswered: list[_Task] = []
        self._said_busy: weakref.WeakSet[QObject] = weakref.WeakSet()
        self._closed = False
        self.delivers = False
        """Whether what happens just now comes of a result, and not of a person's key."""
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def at_work(self) -> bool:
        """Whether anything was begun whose answer has not come yet."""
        return bool(self._tasks)

    def run(
        self,
        owner: QObject,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[StudioError], None] | None = None,
        lane: Lane = "write",
        *,
        always: Callable[[], None] | None = None,
        job: Job | None = None,
    ) -> None:
        """Run `work` in a lane; then, in this thread and while `owner` lives, `always()` and `done(result)`.

        A `StudioError` goes to `failed` instead (without one to `on_failure`), as does a lack of memory, any other
        exception to `on_unexpected`; `always` is called in each case, so that no form stays at *Saving…*. Nothing is
        run after `close()`.
        """
        self._start(_Task(owner, work, done, failed, lane, always=always, job=job))

    def latest(
        self,
        owner: QObject,
        key: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[StudioError], None] | None = None,
        lane: Lane = "read",
        *,
        always: Callable[[], None] | None = None,
    ) -> None:
        """As `run`, for what is asked again and again: a newer call of the same owner and key makes this one stale.

        Stale work that has not begun is not begun, and a stale result or failure is dropped. What failed because the
        database did not answer is done again by `ask_again`.
        """
        task = _Task(owner, work, done, failed, lane, key=key, always=always)
        self._unanswered = [
            one for one in self._unanswered if shiboken6.isValid(one.owner) and (one.owner, one.key) != (owner, key)
        ]
        newest = self._newest.setdefault(owner, {})
        before = newest.get(key)
        if before is not None:
            before.stale = True
            self._settle(before)
        newest[key] = task
        self._start(task)

    def ask_again(self) -> None:
        """The database answers again: ask what it left unanswered, as far as somebody still waits for it."""
        unanswered, self._unanswered = self._unanswered, []
        for task in unanswered:
            if shiboken6.isValid(task.owner):
                self.latest(task.owner, task.key, task.work, task.done, task.failed, task.lane, always=task.always)

    def close(self, seconds: float = 3.0) -> bool:
        """Write what waits to be written, drop the rest, cancel the jobs and wait for the lanes.

        False if a lane is still at work when the time is over: then end the process by `os._exit`, for its threads
        cannot be ended. After it no result is delivered.
        """
        self._closed = True
        for task in self._tasks.values():
            if task.job is not None:
                task.job.cancel()
            task.stale = task.stale or task.lane != "write"
        for lane in self._lanes.values():
            lane.stop()
        deadline = time.monotonic() + seconds
        idle = [lane.join(deadline) for lane in self._lanes.values()]
        return all(idle)

    def _start(self, task: _Task) -> None:
        if self._closed:
            return
        ticket = next(self._tickets)
        self._tasks[ticket] = task
        self._waiting.setdefault(task.owner, set()).add(task)
        QTimer.singleShot(_MILLISECONDS_UNTIL_BUSY, self, lambda: self._say_busy(task))
        # A lane knows its work by a ticket only: were it the last to hold what the work holds, a widget could be
        # destroyed in a lane's thread.
        self._lanes[task.lane].put(lambda: self._perform(ticket))

    def _perform(self, ticket: int) -> None:
        """In the lane's thread."""
        self._tasks[ticket].perform()
        if not self._closed:
            self._finished.emit(ticket)

    @Slot(int)
    def _deliver(self, ticket: int) -> None:
        task = self._tasks.pop(ticket)
        if self._closed:
            return
        self._settle(task)
        if task.stale or not shiboken6.isValid(task.owner):
            return
        self.delivers = True
        try:
            if task.always is not None:
                task.always()
            self._answer(task)
        finally:
            self.delivers = False
            if task.job is not None:
                task.job.ended.emit()

    def _answer(self, task: _Task) -> None:
        if task.error is None:
            task.done(task.result)
        elif isinstance(task.error, StudioError):
            if task.key and isinstance(task.error, DatabaseUnavailable):
                self._unanswered.append(task)
            (task.failed or self._on_failure)(task.error)
        elif not isinstance(task.error, Cancelled):
            self._on_unexpected(task.error)

    def _settle(self, task: _Task) -> None:
        task.settled = True
        newest = self._newest.get(task.owner, {})
        if newest.get(task.key) is task:
            del newest[task.key]
        waiting = self._waiting[task.owner]
        waiting.discard(task)
        if not waiting and task.owner in self._said_busy:
            self._said_busy.discard(task.owner)
            if shiboken6.isValid(task.owner):
                self.busy_changed.emit(task.owner, False)

    def _say_busy(self, task: _Task) -> None:
        if task.settled or self._closed or task.owner in self._said_busy or not shiboken6.isValid(task.owner):
            return
        self._said_busy.add(task.owner)
        self.busy_changed.emit(task.owner, True)


_SECONDS_BETWEEN_REPORTS = 0.05
_MILLISECONDS_UNTIL_BUSY = 200


@dataclass(eq=False, slots=True)
class _Task:
    owner: QObject
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[StudioError], None] | None
    lane: Lane
    key: str = ""
    always: Callable[[], None] | None = None
    job: Job | None = None
    result: Any = None
    error: BaseException | None = None
    stale: bool = False
    settled: bool = False

    def perform(self) -> None:
        if self.stale:
            return
        if self.job is not None and self.job.cancelled:
            self.error = Cancelled()
            return
        try:
            self.result = self.work()
        except MemoryError as error:
            log.warning("out of memory", exc_info=error)
            self.error = StudioError(
                "This computer has not enough memory left for it; nothing was written. Close other programs, or choose "
                "less at once, then try again."
            )
        except BaseException as error:
            self.error = error


class _Lane:
    """Threads that take work from one queue. They are daemons: a query that hangs must not keep the program alive."""

    def __init__(self, name: str, threads: int) -> None:
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True) for number in range(1, threads + 1)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, work: Callable[[], None]) -> None:
        self._queue.put(work)

    def stop(self) -> None:
        for _ in self._threads:
            self._queue.put(None)

    def join(self, deadline: float) -> bool:
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            work()
