"""When a day begins on the studio's wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from studio_desktop.domain.clock import FixedClock, ServerClock, SystemClock

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize("clock", [SystemClock(NEW_YORK), ServerClock(timedelta(), NEW_YORK)])
@pytest.mark.parametrize(("day", "hour"), [(date(2026, 3, 8), 5), (date(2026, 3, 9), 4)])
def test_that_a_day_begins_at_midnight_in_the_studios_zone(
    clock: SystemClock | ServerClock, day: date, hour: int
) -> None:
    """In New York summer time began on 8 March 2026 at two."""
    assert clock.start_of(day) == datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def test_that_the_clock_that_stands_still_counts_days_in_utc() -> None:
    assert FixedClock(datetime(2026, 3, 10, 10, tzinfo=UTC)).start_of(date(2026, 3, 8)) == datetime(
        2026, 3, 8, tzinfo=UTC
    )
