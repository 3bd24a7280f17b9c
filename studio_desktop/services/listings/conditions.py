"""What is typed into a column's filter, understood: `fair`, `> 5`, `10 mar..20 mar`, `this month`, `=Bell`, `empty`.

The same words make the filter row, saved filters and the command line, and they are kept as they were typed: `this
month` means another month next month.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from sqlalchemy import and_, false, func, not_, or_, true
from sqlalchemy.sql import ColumnElement

from studio_desktop.database.folding import folded
from studio_desktop.domain.clock import Clock
from studio_desktop.domain.dates import MONTHS, PartialDate, parse_partial
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.text import fold
from studio_desktop.services.listings.declaration import Column, ColumnKind

Condition = ColumnElement[bool]
Value = TypeVar("Value", Decimal, date)


@dataclass(frozen=True, slots=True)
class Terms:
    """In whose words a condition is typed: the studio's dates and figures, the desk's day."""

    formats: Formats
    clock: Clock


def condition(column: Column, typed: str, terms: Terms) -> Condition:
    """The condition on a column that the typed words mean; `|` stands between words of which one must hold.

    Raises InvalidInput that names the column and says what can be typed.
    """
    parts = [part.strip() for part in typed.split("|")]
    return or_(*(_one(column, part, terms) for part in parts if part)) if any(parts) else true()


def offers(column: Column, catalog: Sequence[str] = ()) -> Sequence[str]:
    """What is worth offering to whoever has the cursor in the column's filter; `catalog` are its list's texts."""
    kind = column.kind
    if kind is ColumnKind.LIGHT:
        return [*column.words.values(), "none"]
    if kind in _DAYS:
        return [*(("late",) if kind is ColumnKind.DUE else ()), *_OFFERED_DAYS]
    if kind is ColumnKind.PARTIAL_DATE:
        return ["today", "this week", "this month", "next month", "next 7 days", "empty", "not empty"]
    if kind is ColumnKind.FLAG:
        return ["yes", "no"]
    if kind is ColumnKind.NUMBER:
        return ["> 0", "0", "1..5", "empty"]
    if kind is ColumnKind.PHONE:
        return ["empty", "not empty"]
    return [*(f"={text}" for text in (*column.offers, *catalog)), "empty", "not empty"]


def _one(column: Column, typed: str, terms: Terms) -> Condition:
    said = _NOT.match(typed)
    if said and typed[said.end() :].strip():
        return not_(func.coalesce(_one(column, typed[said.end() :].strip(), terms), false()))
    word = fold(typed)
    if word == "empty" and column.kind not in (ColumnKind.FLAG, ColumnKind.LIGHT):
        return _is_empty(column)
    return _READERS.get(column.kind, _text)(column, typed, terms)


def _is_empty(column: Column) -> Condition:
    if column.kind in _TEXTS:
        return func.coalesce(column.expression, "") == ""
    return column.expression.is_(None)


def _text(column: Column, typed: str, _terms: Terms) -> Condition:
    whole = folded(column.expression)
    if typed.startswith("="):
        wanted = fold(typed[1:].strip())
        wanted = column.synonyms.get(wanted, wanted)
        if column.lists:
            return (", " + whole + ", ").contains(f", {wanted}, ", autoescape=True)
        return whole == wanted
    begins, ends = typed.endswith("*"), typed.startswith("*")
    wanted = fold(typed.strip("*").strip())
    if wanted in column.synonyms:
        return whole == column.synonyms[wanted]
    if begins and not ends:
        return whole.startswith(wanted, autoescape=True)
    if ends and not begins:
        return whole.endswith(wanted, autoescape=True)
    return whole.contains(wanted, autoescape=True)


def _phone(column: Column, typed: str, _terms: Terms) -> Condition:
    digits = re.sub(r"\D", "", typed)
    if not digits or column.sort is None:
        raise _refused(column, typed, "a part of a phone number, as in 555 0142")
    return column.sort.contains(digits)


def _flag(column: Column, typed: str, _terms: Terms) -> Condition:
    word = fold(typed.lstrip("= "))
    if word in ("yes", "y", "true", "1", "x"):
        return column.expression.is_(True)
    if word in ("no", "n", "false", "0", "empty"):
        return column.expression.is_(False)
    raise _refused(column, typed, "yes or no")


def _light(column: Column, typed: str, _terms: Terms) -> Condition:
    wanted = fold(typed.lstrip("= "))
    if wanted in ("none", "empty", "no"):
        return column.expression == 0
    meant = [value for value, words in column.words.items() if wanted in fold(words)]
    if not meant:
        known = ", ".join([*column.words.values(), "none"])
        raise _refused(column, typed, f"one of: {known}")
    return column.expression.in_(meant)


def _number(column: Column, typed: str, terms: Terms) -> Condition:
    def read(text: str) -> tuple[Decimal, Decimal]:
        plain = text.replace(terms.formats.thousands_sign, "").replace(terms.formats.decimal_sign, ".")
        try:
            value = Decimal(plain.replace("−", "-").replace(" ", ""))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or abs(value) > _HIGHEST:
            raise _refused(column, typed, "a number, > 5, <= 10 or 3..8")
        return value, value

    low, high = _bounds(typed, read)
    return and_(
        column.expression.is_not(None),
        true() if low is None else column.expression > low[0] if low[1] else column.expression >= low[0],
        true() if high is None else column.expression < high[0] if high[1] else column.expression <= high[0],
    )


def _day(column: Column, typed: str, terms: Terms) -> Condition:
    first, last = _days(column, typed, terms)
    value = column.expression
    return and_(
        value.is_not(None),
        true() if first is None else value >= first,
        true() if last is None else value <= last,
    )


def _due(column: Column, typed: str, terms: Terms) -> Condition:
    late = fold(typed) in ("late", "overdue")
    return column.expression < terms.clock.today() if late else _day(column, typed, terms)


def _instant(column: Column, typed: str, terms: Terms) -> Condition:
    first, last = _days(column, typed, terms)
    value, begins = column.expression, terms.clock.start_of
    after = None if last is None or last == date.max else begins(last + timedelta(days=1))
    return and_(
        value.is_not(None),
        true() if first is None else value >= begins(first),
        true() if after is None else value < after,
    )


def _partial(column: Column, typed: str, terms: Terms) -> Condition:
    """A birthday: by day and month, whatever the year, unless a year alone or with its month was typed."""
    assert column.sort is not None
    try:
        written = parse_partial(typed, terms.clock.today(), terms.formats.date_order)
    except InvalidInput:
        written = None
    if written is not None and written.year is not None and _WITH_YEAR.search(typed):
        parts = [str(part) for part in (written.year, written.month, written.day) if part is not None]
        return column.expression.startswith("-".join(parts) + ("" if len(parts) == 3 else "-"))
    first, last = _days(column, typed, terms)
    if first is not None and last is not None and (last - first).days >= _WHOLE_YEAR:
        return column.expression.is_not(None)
    low = None if first is None else column.sort >= first.month * 100 + (first.day if first.day > 1 else 0)
    high = None if last is None else column.sort <= last.month * 100 + last.day
    if low is None or high is None:
        return low if low is not None else high if high is not None else true()
    assert first is not None
    assert last is not None
    return and_(low, high) if (first.month, first.day) <= (last.month, last.day) else or_(low, high)


def _days(column: Column, typed: str, terms: Terms) -> tuple[date | None, date | None]:
    """The first and the last day that are meant, both included; None for open ends."""

    def read(text: str) -> tuple[date, date]:
        try:
            return _span(text, terms)
        except InvalidInput as fault:
            raise InvalidInput(
                "{column}: {fault} Or type > 10 mar, 10 mar..20 mar, this month, last 30 days, empty.",
                field=column.key, column=column.title, fault=fault,
            ) from None  # fmt: skip

    low, high = _bounds(typed, read)
    try:
        first = None if low is None else low[0] + timedelta(days=1) if low[1] else low[0]
        last = None if high is None else high[0] - timedelta(days=1) if high[1] else high[0]
    except OverflowError:
        raise _refused(column, typed, "a day inside the calendar") from None
    return first, last


def _bounds(
    typed: str, read: Callable[[str], tuple[Value, Value]]
) -> tuple[tuple[Value, bool] | None, tuple[Value, bool] | None]:
    """The lower and the upper bound, each with whether it is left out itself; None where there is none."""
    if ".." in typed:
        low, high = (part.strip() for part in typed.split("..", 1))
        return ((read(low)[0], False) if low else None, (read(high)[1], False) if high else None)
    sign = _SIGN.match(typed)
    first, last = read(typed[sign.end() :].strip() if sign else typed)
    if sign is None or sign[1] == "=":
        return (first, False), (last, False)
    if sign[1] in (">=", "≥"):
        return (first, False), None
    if sign[1] in ("<=", "≤"):
        return None, (last, False)
    return ((last, True), None) if sign[1] == ">" else (None, (first, True))


def _span(text: str, terms: Terms) -> tuple[date, date]:
    """The days that one word or date means: `march`, `this week`, `last 30 days`, `2026`, `10 mar`."""
    today, word = terms.clock.today(), fold(text).strip()
    counted = _COUNTED.fullmatch(word)
    try:
        if word in _NAMED:
            day = today + timedelta(days=_NAMED[word])
            return day, day
        if counted:
            length = timedelta(days=int(counted[2]) * (7 if counted[3] == "week" else 1))
            return (today - length, today) if counted[1] == "last" else (today, today + length)
        period = _PERIOD.fullmatch(word)
        if period:
            return _period(period[2], {"last": -1, "this": 0, "next": 1}[period[1]], today, terms)
    except OverflowError:
        raise InvalidInput("That many days lead past the end of the calendar.") from None
    months = [at for at, name in enumerate(MONTHS, 1) if len(word) > 2 and name.lower().startswith(word)]
    written = PartialDate(months[0], 1) if len(months) == 1 else parse_partial(text, today, terms.formats.date_order)
    year = today.year if written.year is None else written.year
    if months:
        return _month(year, months[0])
    if written.month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if written.day is None:
        return _month(year, written.month)
    last = calendar.monthrange(year, written.month)[1]
    day = date(year, written.month, min(written.day, last))
    return day, day


def _period(name: str, step: int, today: date, terms: Terms) -> tuple[date, date]:
    if name == "week":
        back = (today.weekday() - terms.formats.first_day_of_week) % 7
        first = today + timedelta(days=7 * step - back)
        return first, first + timedelta(days=6)
    if name == "month":
        months = today.year * 12 + today.month - 1 + step
        return _month(months // 12, months % 12 + 1)
    if name == "quarter":
        quarters = today.year * 4 + (today.month - 1) // 3 + step
        year, first_month = quarters // 4, quarters % 4 * 3 + 1
        return date(year, first_month, 1), _month(year, first_month + 2)[1]
    return date(today.year + step, 1, 1), date(today.year + step, 12, 31)


def _month(year: int, month: int) -> tuple[date, date]:
    if not 1 <= year <= MAXYEAR:
        raise InvalidInput("There is no year {year}.", year=year)
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _refused(column: Column, typed: str, cure: str) -> InvalidInput:
    return InvalidInput(
        "{column}: “{typed}” is not understood. Type {cure}.",
        field=column.key, column=column.title, typed=typed, cure=cure,
    )  # fmt: skip


_TEXTS = (ColumnKind.TEXT, ColumnKind.STATUS, ColumnKind.COLOUR, ColumnKind.PHONE)
_DAYS = (ColumnKind.DAY, ColumnKind.DUE, ColumnKind.INSTANT)
_OFFERED_DAYS = ("today", "this week", "this month", "last month", "this year", "last 30 days", "empty", "not empty")
_NAMED = {"today": 0, "yesterday": -1, "tomorrow": 1}
_NOT = re.compile(r"!|<>|≠|not\s+", re.IGNORECASE)
_SIGN = re.compile(r"(>=|<=|[≥≤><=])\s*")
_COUNTED = re.compile(r"(last|next)\s+(\d{1,5})\s+(day|week)s?")
_PERIOD = re.compile(r"(last|this|next)\s+(week|month|quarter|year)")
_WITH_YEAR = re.compile(r"\d{4}|'\d\d\b|\D\d{1,2}\D+\d{1,2}\D+\d\d\b|^\d{1,2}\D+\d{1,2}\D+\d\d\b")
_WHOLE_YEAR = 365
_HIGHEST = Decimal(10) ** 15
_READERS: dict[ColumnKind, Callable[[Column, str, Terms], Condition]] = {
    ColumnKind.PHONE: _phone,
    ColumnKind.FLAG: _flag,
    ColumnKind.LIGHT: _light,
    ColumnKind.NUMBER: _number,
    ColumnKind.DAY: _day,
    ColumnKind.DUE: _due,
    ColumnKind.INSTANT: _instant,
    ColumnKind.PARTIAL_DATE: _partial,
}
