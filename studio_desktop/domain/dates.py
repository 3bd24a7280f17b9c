"""Dates as a studio has them: with or without a year, typed in any usual way, and due after working days."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from studio_desktop.domain.errors import InvalidInput

# calendar.month_name speaks the system's language; what is typed and shown here is English.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


LONGEST_DURATION = 3650
"""The most days that a status may last."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A birthday or anniversary of which a part may be unknown (D8).

    Known are day and month, with or without the year; month and year; or the year alone. Raises `InvalidInput` for a
    date that no calendar has; 29 February may lack its year.
    """

    month: int | None
    day: int | None = None
    year: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise InvalidInput("A day needs its month.")
        if self.day is None and self.year is None:
            raise InvalidInput("Give the day or the year as well.")
        _check_exists(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    def __lt__(self, other: PartialDate) -> bool:
        return self._order() < other._order()

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """The whole date `day`."""
        return cls(day.month, day.day, day.year)

    @classmethod
    def parse(cls, iso: str) -> PartialDate:
        """What `iso()` wrote."""
        match = _PARTIAL_ISO.fullmatch(iso)
        if not match:
            raise InvalidInput("{iso} is not a stored date.", iso=iso)
        year, month, day = (int(part) if part else None for part in match.groups())
        return cls(month, day, year)

    def iso(self) -> str:
        """`1987-05-14`; without a year `--05-14`; without a day `1987-05`; the year alone `1987`."""
        year = "-" if self.year is None else f"{self.year:04d}"
        return "-".join([year] + [f"{part:02d}" for part in (self.month, self.day) if part is not None])

    def age_on(self, on: date) -> int | None:
        """Whole years completed on that day, an unknown part taken as reached; None without a year or before it."""
        if self.year is None:
            return None
        reached = (on.month, on.day) >= (self.month or 1, self.day or 1) or on == _in_year(self, on.year)
        years = on.year - self.year - (not reached)
        return years if years >= 0 else None

    def next_occurrence(self, after: date) -> date | None:
        """The first return of the day on or after `after`, 29 February falling on the 28th in common years (B2).

        Never earlier than the date itself: a wedding to come first returns on its own day. None where day or month is
        unknown, or the calendar ends.
        """
        if self.month is None or self.day is None:
            return None
        if self.year is not None:
            after = max(after, date(self.year, self.month, self.day))
        occurrence = _in_year(self, after.year)
        if occurrence is not None and occurrence < after:
            return _in_year(self, after.year + 1)
        return occurrence

    def turns(self, after: date) -> int | None:
        """How old the person is at `next_occurrence(after)`: the 7 of "turns 7 on 12 Mar". None if that is unknown."""
        occurrence = self.next_occurrence(after)
        return None if occurrence is None or self.year is None else occurrence.year - self.year

    def _order(self) -> tuple[int, int, int]:
        return self.year or 0, self.month or 0, self.day or 0


PARTS = ("year", "month", "day")
"""What a partial date consists of; a table has a column for each."""


class DateOrder(StrEnum):
    """In which order a date of three numbers is written."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


def parse_day(text: str, today: date, order: DateOrder) -> date:
    """The date somebody typed (E9): `t`, `+3`, `-2`, `12/3`, `14 mar`, `14 May 1987`, `3/12/19`, `2026-03-10`.

    A missing year is this year, because lists leave it off; two digits are a year from 69 years ago to 30 years ahead.
    Raises `InvalidInput` with the cure.
    """
    found = _relative(text, today) or _written(text, order, newest=today.year + 30)
    if isinstance(found, date):
        return found
    if found.month is None or found.day is None:
        raise InvalidInput("Give the day as well, as in {example}.", example=_example(order))
    year = today.year if found.year is None else found.year
    _check_exists(year, found.month, found.day)
    return date(year, found.month, found.day)


def parse_partial(text: str, today: date, order: DateOrder, *, relative: bool = True) -> PartialDate:
    """As `parse_day`, and the year or the day may be missing: `14 may`, `5/1987`, `may 1987`, `1987`.

    Two digits are a year of the last hundred. `relative` False takes `t` and `+3` for no date. Raises `InvalidInput`
    with the cure.
    """
    found = _relative(text, today) if relative else None
    return PartialDate.of(found) if found else _written(text, order, newest=today.year)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """How the studio counts days until something is due (B4). `work_week` has Monday as 0."""

    business_days: bool = True
    work_week: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()

    def due(self, set_on: date, days: int | None) -> date | None:
        """`set_on` plus a duration: None without one, the same day for 0."""
        if days is None:
            return None
        if not 0 <= days <= LONGEST_DURATION:
            raise InvalidInput("A duration has 0 to {most} days.", most=LONGEST_DURATION)
        try:
            if not self.business_days:
                return set_on + timedelta(days=days)
            if days and not self.work_week:
                raise InvalidInput("The work week in the preferences has no day, so nothing can come due.")
            due = set_on
            while days:
                due += timedelta(days=1)
                days -= self.is_working_day(due)
        except OverflowError:
            raise InvalidInput("That many days lead past the end of the calendar.") from None
        return due

    def is_working_day(self, day: date) -> bool:
        """Whether the studio works on that day."""
        return day.weekday() in self.work_week and day not in self.holidays


def is_overdue(due: date | None, today: date) -> bool:
    """Overdue begins the day after it was due (B4)."""
    return due is not None and today > due


def days_late(due: date | None, today: date) -> int:
    """Calendar days since it was due; 0 when it is not overdue."""
    return (today - due).days if due is not None and today > due else 0


_PARTIAL_ISO = re.compile(r"(?:(\d{4})|-)(?:-(\d\d))?(?:-(\d\d))?")
_RELATIVE = re.compile(r"(?:t|today)?\s*([+-]\s*\d{1,5})?", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d{1,4})\s*[/.-]\s*(\d{1,4})(?:\s*(?:[/.-]|\s)\s*(\d{1,4}))?\.?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]*([^\W\d_]+)\.?,?[\s-]*(\d{4}|'?\d\d)?", re.IGNORECASE)
_MONTH_DAY = re.compile(r"([^\W\d_]+)\.?\s*(\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)(\d{4}|'?\d\d)", re.IGNORECASE)
_MONTH_NUMBER = re.compile(r"([^\W\d_]+)\.?,?\s*(\d{4}|\d{1,2})(?:st|nd|rd|th)?", re.IGNORECASE)
_LEAP_YEAR = 2000
_LONGEST_QUOTE = 30
_YEAR = re.compile(r"\d{4}")


def years_before(moment: datetime, years: int) -> datetime:
    """The same day and time so many years earlier; of 29 February the 28th where that year has none."""
    year = moment.year - years
    return moment.replace(year=year, day=min(moment.day, calendar.monthrange(year, moment.month)[1]))


def _relative(text: str, today: date) -> date | None:
    match = _RELATIVE.fullmatch(text.strip())
    if not match or not match[0]:
        return None
    try:
        return today + timedelta(days=int((match[1] or "0").replace(" ", "")))
    except OverflowError:
        raise InvalidInput("That many days lead past the end of the calendar.") from None


def _written(text: str, order: DateOrder, newest: int) -> PartialDate:
    text = text.strip()
    if _YEAR.fullmatch(text):
        return PartialDate(None, None, int(text))
    if numbers := _NUMBERS.fullmatch(text):
        return _of_numbers([part for part in numbers.groups() if part], text, order, newest)
    if spoken := _DAY_MONTH.fullmatch(text):
        return _dated(spoken[3], _month(spoken[2], order), spoken[1], newest)
    if spoken := _MONTH_DAY.fullmatch(text):
        return _dated(spoken[3], _month(spoken[1], order), spoken[2], newest)
    if spoken := _MONTH_NUMBER.fullmatch(text):
        if len(spoken[2]) == 4:
            return PartialDate(_month(spoken[1], order), None, int(spoken[2]))
        return _dated(None, _month(spoken[1], order), spoken[2], newest)
    raise _not_a_date(text, order)


def _of_numbers(parts: list[str], text: str, order: DateOrder, newest: int) -> PartialDate:
    if len(parts[0]) == 4:  # 2026-03-10 means the same everywhere
        day = parts[2] if len(parts) == 3 else None
        return _dated(parts[0], _month_number(parts[1], order), day, newest)
    if len(parts) == 2 and len(parts[1]) == 4:
        return _dated(parts[1], _month_number(parts[0], order), None, newest)
    if order is DateOrder.YMD and len(parts) == 3:
        year, month, day = parts
    elif order is DateOrder.DMY:
        day, month, year = (*parts, "")[:3]
    else:
        month, day, year = (*parts, "")[:3]
    if len(day) > 2 or len(year) in (1, 3):
        raise _not_a_date(text, order)
    return _dated(year or None, _month_number(month, order), day, newest)


def _dated(year: str | None, month: int, day: str | None, newest: int) -> PartialDate:
    return PartialDate(month, int(day) if day else None, _year(year, newest) if year else None)


def _year(digits: str, newest: int) -> int:
    digits = digits.removeprefix("'")
    if len(digits) == 4:
        return int(digits)
    year = newest - newest % 100 + int(digits)
    return year if year <= newest else year - 100


def _month(word: str, order: DateOrder) -> int:
    word = word.casefold()
    meant = [at for at, name in enumerate(MONTHS, 1) if name.casefold().startswith(word)] if len(word) > 2 else []
    if word == "sept":
        meant = [9]
    if len(meant) != 1:
        raise InvalidInput("{word} is no month. Write the date as in {example}.", word=word, example=_example(order))
    return meant[0]


def _month_number(digits: str, order: DateOrder) -> int:
    month = int(digits)
    if not 1 <= month <= 12:
        raise InvalidInput(
            "There is no month {month}. Write the date as in {example}.", month=month, example=_example(order)
        )
    return month


def _check_exists(year: int | None, month: int, day: int) -> None:
    if year is not None and not 1 <= year <= 9999:
        raise InvalidInput("There is no year {year}.", year=year)
    if not 1 <= month <= 12:
        raise InvalidInput("There is no month {month}.", month=month)
    last = calendar.monthrange(_LEAP_YEAR if year is None else year, month)[1]
    if not 1 <= day <= last:
        named = MONTHS[month - 1] if year is None else f"{MONTHS[month - 1]} {year}"
        raise InvalidInput("There is no day {day}: {month} has {last} days.", day=day, month=named, last=last)


def _in_year(partial: PartialDate, year: int) -> date | None:
    if year > date.max.year or partial.month is None or partial.day is None:
        return None
    return date(year, partial.month, min(partial.day, calendar.monthrange(year, partial.month)[1]))


def _not_a_date(text: str, order: DateOrder) -> InvalidInput:
    if not text:
        return InvalidInput("Type a date, as in {example}.", example=_example(order))
    shown = text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"
    return InvalidInput("{text} is not a date. Write it as in {example}.", text=shown, example=_example(order))


def _example(order: DateOrder) -> str:
    return {
        DateOrder.DMY: "14/3/2026 or 14 mar",
        DateOrder.MDY: "3/14/2026 or mar 14",
        DateOrder.YMD: "2026-03-14 or 14 mar",
    }[order]
