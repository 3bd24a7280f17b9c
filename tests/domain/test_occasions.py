"""When a birthday is thought of (B2)."""

from __future__ import annotations

from datetime import date

import pytest

from studio_desktop.domain.dates import WorkCalendar
from studio_desktop.domain.occasions import call_due

CALENDAR = WorkCalendar(holidays=frozenset({date(2026, 5, 22)}))


@pytest.mark.parametrize(
    ("celebrated_on", "days", "due"),
    [
        (date(2026, 3, 12), 2, date(2026, 3, 10)),
        (date(2026, 3, 16), 2, date(2026, 3, 13)),
        (date(2026, 3, 15), 0, date(2026, 3, 13)),
        (date(2026, 5, 25), 2, date(2026, 5, 21)),
        (date(2027, 1, 3), 7, date(2026, 12, 25)),
    ],
    ids=["so many days before", "Saturday", "Sunday itself", "a holiday and a weekend", "over the year"],
)
def test_that_a_call_is_due_so_many_days_before_or_on_the_working_day_before(
    celebrated_on: date, days: int, due: date
) -> None:
    """S3-24, B2, the rule."""
    assert call_due(celebrated_on, days, CALENDAR) == due


def test_that_without_a_calendar_free_days_count() -> None:
    """B2: whether to move is a preference; who is closed for ever calls on the day."""
    assert call_due(date(2026, 3, 16), 2) == date(2026, 3, 14)
    assert call_due(date(2026, 3, 16), 2, WorkCalendar(work_week=frozenset())) == date(2026, 3, 14)
