"""Dates as typed, partial dates and their anniversaries, and what is due after working days."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_desktop.domain.dates import (
    DateOrder,
    PartialDate,
    WorkCalendar,
    days_late,
    is_overdue,
    parse_day,
    parse_partial,
)
from studio_desktop.domain.errors import InvalidInput

TODAY = date(2026, 3, 10)
DMY, MDY, YMD = DateOrder.DMY, DateOrder.MDY, DateOrder.YMD
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
PARTIALS = st.builds(
    lambda day, known: PartialDate(
        day.month if "m" in known else None, day.day if "d" in known else None, day.year if "y" in known else None
    ),
    DAYS,
    st.sampled_from(["ymd", "md", "ym", "y"]),
)


def refusal(typed: str, order: DateOrder = DMY) -> str:
    with pytest.raises(InvalidInput) as refused:
        parse_day(typed, TODAY, order)
    return str(refused.value)


@pytest.mark.parametrize(
    ("typed", "order", "meant"),
    [
        ("t", DMY, date(2026, 3, 10)),
        ("Today", DMY, date(2026, 3, 10)),
        ("+3", DMY, date(2026, 3, 13)),
        ("- 2", DMY, date(2026, 3, 8)),
        ("t+30", MDY, date(2026, 4, 9)),
        ("12/3", DMY, date(2026, 3, 12)),
        ("12/3", MDY, date(2026, 12, 3)),
        ("12-3", YMD, date(2026, 12, 3)),
        ("10.3.", DMY, date(2026, 3, 10)),
        ("3/12/19", DMY, date(2019, 12, 3)),
        ("3/12/19", MDY, date(2019, 3, 12)),
        ("19-3-12", YMD, date(2019, 3, 12)),
        ("1/1/56", DMY, date(2056, 1, 1)),
        ("1/1/57", DMY, date(1957, 1, 1)),
        ("2026-03-10", MDY, date(2026, 3, 10)),
        ("2026/3/1", DMY, date(2026, 3, 1)),
        ("14 mar", MDY, date(2026, 3, 14)),
        ("14. March", DMY, date(2026, 3, 14)),
        ("mar 14", DMY, date(2026, 3, 14)),
        ("March 14th, 1987", DMY, date(1987, 3, 14)),
        ("1st may '87", DMY, date(1987, 5, 1)),
        ("14-MAY-1987", MDY, date(1987, 5, 14)),
        ("14may1987", MDY, date(1987, 5, 14)),
        ("sept 5", MDY, date(2026, 9, 5)),
        ("29 feb 2028", DMY, date(2028, 2, 29)),
        ("٣/١٢/٢٠١٩", DMY, date(2019, 12, 3)),
        ("0001-01-01", YMD, date(1, 1, 1)),
        ("1582-10-10", YMD, date(1582, 10, 10)),
        ("1752-09-03", YMD, date(1752, 9, 3)),
        ("2000-02-29", YMD, date(2000, 2, 29)),
        ("2038-01-20", YMD, date(2038, 1, 20)),
        ("9999-12-31", YMD, date(9999, 12, 31)),
    ],
)
def test_that_a_date_is_understood_however_it_is_typed(typed: str, order: DateOrder, meant: date) -> None:
    """RELIABILITY 87."""
    assert parse_day(f" {typed} ", TODAY, order) == meant


@pytest.mark.parametrize(
    ("typed", "order", "cure"),
    [
        ("", DMY, "Type a date, as in 14/3/2026 or 14 mar."),
        ("soon", MDY, "soon is not a date. Write it as in 3/14/2026 or mar 14."),
        ("31/4", DMY, "There is no day 31: April has 30 days."),
        ("29 feb", DMY, "There is no day 29: February 2026 has 28 days."),
        ("14/3", MDY, "There is no month 14. Write the date as in 3/14/2026 or mar 14."),
        ("14 mrz", DMY, "mrz is no month. Write the date as in 14/3/2026 or 14 mar."),
        ("14 ma", DMY, "ma is no month. Write the date as in 14/3/2026 or 14 mar."),
        ("may 1987", DMY, "Give the day as well, as in 14/3/2026 or 14 mar."),
        ("1987", YMD, "Give the day as well, as in 2026-03-14 or 14 mar."),
        ("3/12/19", YMD, "3/12/19 is not a date. Write it as in 2026-03-14 or 14 mar."),
        ("+99999999", DMY, "+99999999 is not a date. Write it as in 14/3/2026 or 14 mar."),
        ("1/1/0000", DMY, "There is no year 0."),
        ("1900-02-29", YMD, "There is no day 29: February 1900 has 28 days."),
        ("infinity", MDY, "infinity is not a date. Write it as in 3/14/2026 or mar 14."),
    ],
)
def test_that_what_is_no_date_is_refused_with_the_cure(typed: str, order: DateOrder, cure: str) -> None:
    """RELIABILITY 87."""
    assert refusal(typed, order) == cure


def test_that_days_past_the_calendars_end_are_refused() -> None:
    with pytest.raises(InvalidInput, match="past the end of the calendar"):
        parse_day("+99999", date(9990, 1, 1), DMY)


@given(st.text(max_size=40) | st.from_regex(r"[0-9a-z /.,'+-]{1,20}", fullmatch=True), st.sampled_from(DateOrder))
def test_that_any_text_is_a_date_or_refused_and_nothing_else_happens(typed: str, order: DateOrder) -> None:
    for parse in (parse_day, parse_partial):
        with suppress(InvalidInput):
            parse(typed, TODAY, order)


@given(DAYS, st.sampled_from(DateOrder))
def test_that_every_date_typed_in_full_is_that_date(day: date, order: DateOrder) -> None:
    y, m, d = day.year, day.month, day.day
    numbers = {DMY: f"{d}/{m}/{y}", MDY: f"{m}/{d}/{y}", YMD: f"{y}/{m}/{d}"}[order]
    for typed in (numbers, numbers.replace("/", "."), numbers.replace("/", " / "), day.isoformat()):
        assert parse_day(typed, TODAY, order) == day
        assert parse_partial(typed, TODAY, order) == PartialDate.of(day)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("4/3/86", PartialDate(3, 4, 1986)),
        ("3/12/26", PartialDate(12, 3, 2026)),
        ("3/12/27", PartialDate(12, 3, 1927)),
        ("14 may", PartialDate(5, 14)),
        ("29 feb", PartialDate(2, 29)),
        ("may 1987", PartialDate(5, None, 1987)),
        ("5/1987", PartialDate(5, None, 1987)),
        ("1987-05", PartialDate(5, None, 1987)),
        ("1987", PartialDate(None, None, 1987)),
        ("t", PartialDate(3, 10, 2026)),
    ],
)
def test_that_a_birthday_may_lack_what_nobody_knows(typed: str, meant: PartialDate) -> None:
    """S2-28, S2-29"""
    assert parse_partial(typed, TODAY, DMY) == meant


def test_that_a_word_for_today_is_no_birthday_where_only_written_dates_count() -> None:
    for typed in ("t", "+3"):
        with pytest.raises(InvalidInput):
            parse_partial(typed, TODAY, DMY, relative=False)


@pytest.mark.parametrize(
    ("month", "day", "year"),
    [
        (2, 30, None),
        (2, 29, 1987),
        (13, 1, None),
        (0, 1, None),
        (5, 0, None),
        (4, 31, 2000),
        (None, 5, 1987),
        (5, None, None),
        (5, 1, 0),
    ],
)
def test_that_dates_no_calendar_has_cannot_be_made(month: int | None, day: int | None, year: int | None) -> None:
    with pytest.raises(InvalidInput):
        PartialDate(month, day, year)


@given(PARTIALS)
def test_that_a_partial_date_comes_back_from_its_text(partial: PartialDate) -> None:
    assert PartialDate.parse(partial.iso()) == partial


def test_that_the_text_of_a_partial_date_shows_what_is_missing() -> None:
    known = [PartialDate(5, 14, 1987), PartialDate(5, 14), PartialDate(5, None, 1987), PartialDate(None, None, 1987)]
    assert [partial.iso() for partial in known] == ["1987-05-14", "--05-14", "1987-05", "1987"]
    for damaged in ("", "-", "--05", "1987-5-1", "1987-05-14T00"):
        with pytest.raises(InvalidInput):
            PartialDate.parse(damaged)


def test_that_partial_dates_have_an_order() -> None:
    no_year, year, month, day = (
        PartialDate(5, 14), PartialDate(None, None, 1987), PartialDate(5, None, 1987), PartialDate(5, 1, 1987),
    )  # fmt: skip
    assert sorted([day, month, no_year, year]) == [no_year, year, month, day]


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (PartialDate(3, 10, 2016), date(2026, 3, 10), 10),
        (PartialDate(3, 11, 2016), date(2026, 3, 10), 9),
        (PartialDate(2, 29, 2016), date(2026, 2, 27), 9),
        (PartialDate(2, 29, 2016), date(2026, 2, 28), 10),
        (PartialDate(2, 29, 2016), date(2028, 2, 28), 11),
        (PartialDate(2, 29, 2016), date(2028, 2, 29), 12),
        (PartialDate(3, None, 2016), date(2026, 2, 28), 9),
        (PartialDate(3, None, 2016), date(2026, 3, 1), 10),
        (PartialDate(None, None, 2016), date(2026, 1, 1), 10),
        (PartialDate(3, 10), date(2026, 3, 10), None),
        (PartialDate(3, 11, 2026), date(2026, 3, 10), None),
        (PartialDate(3, 10, 2026), date(2026, 3, 10), 0),
    ],
)
def test_that_an_age_changes_on_the_birthday_itself(born: PartialDate, on: date, age: int | None) -> None:
    assert born.age_on(on) == age


@pytest.mark.parametrize(
    ("partial", "after", "expected"),
    [
        (PartialDate(3, 10, 2019), date(2026, 3, 10), date(2026, 3, 10)),
        (PartialDate(3, 10, 2019), date(2026, 3, 11), date(2027, 3, 10)),
        (PartialDate(2, 29), date(2026, 3, 1), date(2027, 2, 28)),
        (PartialDate(2, 29), date(2027, 3, 1), date(2028, 2, 29)),
        (PartialDate(2, 29), date(2028, 2, 28), date(2028, 2, 29)),
        (PartialDate(9, 4, 2027), date(2026, 3, 10), date(2027, 9, 4)),
        (PartialDate(5, None, 1987), date(2026, 3, 10), None),
        (PartialDate(None, None, 1987), date(2026, 3, 10), None),
        (PartialDate(1, 1), date(9999, 6, 1), None),
    ],
)
def test_that_a_day_returns_every_year_and_a_leap_day_on_the_28th(
    partial: PartialDate, after: date, expected: date | None
) -> None:
    """RELIABILITY 87."""
    assert partial.next_occurrence(after) == expected


def test_that_the_age_to_come_is_known_only_with_the_year() -> None:
    assert PartialDate(3, 12, 2019).turns(TODAY) == 7
    assert PartialDate(3, 10, 2019).turns(TODAY) == 7
    assert PartialDate(3, 9, 2019).turns(TODAY) == 8
    assert PartialDate(9, 4, 2027).turns(TODAY) == 0
    assert PartialDate(3, 12).turns(TODAY) is None
    assert PartialDate(5, None, 1987).turns(TODAY) is None


@given(DAYS, DAYS)
def test_that_on_the_day_it_returns_a_person_has_the_age_foretold(born: date, after: date) -> None:
    partial = PartialDate.of(born)
    occurrence = partial.next_occurrence(after)
    assert occurrence is not None
    assert max(after, born) <= occurrence <= max(after, born) + timedelta(days=366)
    assert partial.age_on(occurrence) == partial.turns(after)
    if occurrence > born:
        assert partial.age_on(occurrence - timedelta(days=1)) == occurrence.year - born.year - 1


FRIDAY = date(2026, 3, 6)


def test_that_the_web_inquiry_of_two_days_is_due_on_tuesday_or_by_the_calendar_on_sunday() -> None:
    """S1-09"""
    assert WorkCalendar().due(FRIDAY, 2) == date(2026, 3, 10)
    assert WorkCalendar(business_days=False).due(FRIDAY, 2) == date(2026, 3, 8)


def test_that_no_duration_gives_no_due_date_and_none_of_it_the_same_day() -> None:
    """S1-08"""
    sunday = date(2026, 3, 8)
    for calendar in (WorkCalendar(), WorkCalendar(business_days=False)):
        assert calendar.due(FRIDAY, None) is None
        assert calendar.due(FRIDAY, 0) == FRIDAY
        assert calendar.due(sunday, 0) == sunday


def test_that_holidays_and_the_studios_own_week_are_skipped() -> None:
    tuesday_to_saturday = frozenset(range(1, 6))
    calendar = WorkCalendar(work_week=tuesday_to_saturday, holidays=frozenset({date(2026, 3, 10)}))
    assert calendar.due(FRIDAY, 1) == date(2026, 3, 7)
    assert calendar.due(FRIDAY, 2) == date(2026, 3, 11)


@given(DAYS, st.integers(0, 60), st.frozensets(st.integers(0, 6), min_size=1), st.frozensets(DAYS, max_size=5))
def test_that_as_many_working_days_pass_as_the_duration_says(
    set_on: date, days: int, week: frozenset[int], holidays: frozenset[date]
) -> None:
    due = WorkCalendar(work_week=week, holidays=holidays).due(set_on, days)
    assert due is not None
    passed = [set_on + timedelta(days=n) for n in range(1, (due - set_on).days + 1)]
    assert sum(day.weekday() in week and day not in holidays for day in passed) == days
    assert not passed or (due.weekday() in week and due not in holidays)


def test_that_a_calendar_that_never_works_and_impossible_durations_are_refused() -> None:
    for calendar, days in ((WorkCalendar(work_week=frozenset()), 1), (WorkCalendar(), -1), (WorkCalendar(), 10**7)):
        with pytest.raises(InvalidInput):
            calendar.due(FRIDAY, days)
    with pytest.raises(InvalidInput):
        WorkCalendar(business_days=False).due(FRIDAY, 10**9)


def test_that_overdue_begins_the_day_after_it_was_due() -> None:
    """S1-10"""
    assert not is_overdue(TODAY, TODAY)
    assert is_overdue(TODAY, TODAY + timedelta(days=1))
    assert not is_overdue(None, TODAY)
    assert days_late(TODAY, TODAY) == 0
    assert days_late(FRIDAY, TODAY) == 4
    assert days_late(None, TODAY) == 0
