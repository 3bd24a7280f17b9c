"""The time, asked of one place: the desk's clock."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import time as time_of_day
from typing import Protocol


class Clock(Protocol):
    """What time it is for the desk."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        ...

    def today(self) -> date:
        """The date on the studio's wall."""
        ...

    def start_of(self, day: date) -> datetime:
        """The instant, aware, in UTC, at which a day begins on the studio's wall."""
        ...


class SystemClock:
    """The computer's clock, with the studio's zone for dates (None: the computer's own zone)."""

    def __init__(self, zone: tzinfo | None = None) -> None:
        self._zone = zone

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the one place

    def today(self) -> date:
        """The date on the studio's wall."""
        return self.now().astimezone(self._zone).date()

    def start_of(self, day: date) -> datetime:
        """The instant, aware, in UTC, at which a day begins on the studio's wall."""
        return datetime.combine(day, time_of_day(), self._zone).astimezone(UTC)


class ServerClock:
    """The clock of a shared server, so that all desks agree: this computer's, put right by what it was off at connect.

    It goes on by the monotonic clock: setting this computer's clock meanwhile changes nothing.
    """

    def __init__(self, ahead: timedelta, zone: tzinfo | None = None) -> None:
        """`ahead` is how far the server is ahead of this computer."""
        self._zone = zone
        self._start = SystemClock().now() + ahead
        self._started = time.monotonic()

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return self._start + timedelta(seconds=time.monotonic() - self._started)

    def today(self) -> date:
        """The date on the studio's wall."""
        return self.now().astimezone(self._zone).date()

    def start_of(self, day: date) -> datetime:
        """The instant, aware, in UTC, at which a day begins on the studio's wall."""
        return datetime.combine(day, time_of_day(), self._zone).astimezone(UTC)


class FixedClock:
    """A clock that stands still until it is set: tests and the demo, whose outcome must not depend on the day."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.instant

    def today(self) -> date:
        """The date of that instant."""
        return self.instant.date()

    def start_of(self, day: date) -> datetime:
        """Midnight in UTC."""
        return datetime.combine(day, time_of_day(), UTC)
