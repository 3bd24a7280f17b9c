"""What the studio's formats show, and that what they show is understood again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_desktop.domain.dates import DateOrder, PartialDate
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.names import NameOrder

TODAY = date(2026, 3, 10)
ORDERS = st.sampled_from(DateOrder)


def test_that_the_current_year_is_left_off_and_another_is_shown() -> None:
    formats = Formats()
    assert formats.day(date(2026, 7, 11), TODAY) == "11 Jul"
    assert formats.day(date(2025, 11, 29), TODAY) == "29 Nov 2025"
    assert formats.day(date(2026, 7, 11)) == "11 Jul 2026"


def test_that_a_studio_that_writes_the_year_first_sees_it_first() -> None:
    formats = Formats(date_order=DateOrder.YMD)
    assert formats.day(date(2025, 11, 29), TODAY) == "2025-11-29"
    assert formats.day(date(2026, 7, 11), TODAY) == "07-11"
    assert formats.partial(PartialDate(5, None, 1987)) == "1987-05"


def test_that_of_a_partial_date_only_what_is_known_is_shown() -> None:
    formats = Formats()
    assert formats.partial(PartialDate(5, 14, 1987)) == "14 May 1987"
    assert formats.partial(PartialDate(5, 14)) == "14 May"
    assert formats.partial(PartialDate(9, None, 1987)) == "September 1987"
    assert formats.partial(PartialDate(None, None, 1987)) == "1987"


@given(st.dates(), ORDERS)
def test_that_every_day_shown_is_understood_as_the_same_day(day: date, order: DateOrder) -> None:
    formats = Formats(date_order=order)
    assert formats.typed_day(formats.day(day), TODAY) == day
    assert formats.typed_day(formats.day(day, TODAY), TODAY) == day


@given(st.dates(), st.sampled_from(["ymd", "md", "ym", "y"]), ORDERS)
def test_that_every_partial_date_shown_is_understood_as_the_same(day: date, known: str, order: DateOrder) -> None:
    partial = PartialDate(
        day.month if "m" in known else None, day.day if "d" in known else None, day.year if "y" in known else None
    )
    formats = Formats(date_order=order)
    assert formats.typed_partial(formats.partial(partial), TODAY) == partial


def test_that_a_moment_is_shown_on_the_studios_clock() -> None:
    moment = datetime(2026, 7, 11, 18, 5, tzinfo=UTC)
    akron = ZoneInfo("America/New_York")
    assert Formats().instant(moment, TODAY, akron) == "11 Jul 14:05"
    assert Formats(clock_hours=12).instant(moment, TODAY, akron) == "11 Jul 2:05 pm"
    assert Formats(clock_hours=12).time(datetime(2026, 7, 11, 4, 5, tzinfo=UTC), akron) == "12:05 am"
    late_evening = datetime(2026, 7, 11, 2, 0, tzinfo=UTC)
    assert Formats().instant(late_evening, TODAY, akron) == "10 Jul 22:00"


def test_that_numbers_carry_the_studios_signs() -> None:
    assert Formats().number(1204) == "1,204"
    assert Formats().number(Decimal("-1234567.50")) == "−1,234,567.50"
    assert Formats(decimal_sign=",", thousands_sign=".").number(Decimal("1234.5")) == "1.234,5"
    assert Formats(thousands_sign="").number(1204) == "1204"
    assert Formats().number(Decimal("1E+3")) == "1,000"


def test_that_lateness_begins_the_day_after_it_was_due() -> None:
    """S1-11"""
    formats = Formats()
    assert formats.late(TODAY, TODAY) == ""
    assert formats.late(date(2026, 3, 6), TODAY) == "late 4 d"
    assert formats.late(None, TODAY) == ""


def test_that_days_ahead_and_past_are_said_in_words() -> None:
    formats = Formats()
    assert formats.in_days(date(2026, 7, 11), TODAY) == "in 123 days"
    assert formats.in_days(date(2026, 3, 11), TODAY) == "in 1 day"
    assert formats.in_days(TODAY, TODAY) == "today"
    assert formats.in_days(date(2026, 3, 6), TODAY) == "4 days ago"


def test_that_phones_and_names_follow_the_preferences() -> None:
    formats = Formats(phone_region="GB", name_order=NameOrder.FIRST_LAST)
    assert formats.phone("020 7946 0018", "+442079460018", "") == "020 7946 0018"
    assert formats.name("Adams", "Ann", "") == "Ann Adams"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("first_day_of_week", 7),
        ("thousands_sign", "."),
        ("phone_region", "usa"),
        ("clock_hours", 13),
        ("decimal_sign", ""),
    ],
)
def test_that_a_format_that_means_nothing_is_named(name: str, value: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        Formats(**{name: value})
    assert refused.value.field == name


@pytest.mark.parametrize(
    ("hundredths", "said"), [(34_000, "340.00"), (120_450, "1,204.50"), (-5, "\N{MINUS SIGN}0.05"), (0, "0.00")]
)
def test_that_a_sum_is_written_with_its_hundredths(hundredths: int, said: str) -> None:
    assert Formats().amount(hundredths) == said
