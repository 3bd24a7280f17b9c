"""Single values out of cells; what is none of its kind goes into the remarks of the row, so that nothing is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from studio_desktop.domain import dates
from studio_desktop.domain.dates import DateOrder, PartialDate
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.records.clients import ClientKind, kind_called
from studio_desktop.services.imports.cells import FALSE, is_true, moment, without_time
from studio_desktop.services.imports.mapping import TARGETS

TITLES = {target.key: target.title for target in TARGETS}
"""What each thing that a column can hold is called."""


class Values:
    """Reads days, flags and choices; `order` is the one in which the file writes its dates."""

    def __init__(self, order: DateOrder, today: date) -> None:
        self._order = order
        self._today = today

    def choice(self, key: str, choices: Any, typed: str, remarks: list[str]) -> Any:
        """One of an enumeration's members; the first where the cell names none."""
        kind = kind_called(typed) if choices is ClientKind else None
        if kind is not None:
            return kind
        try:
            return choices(typed.casefold())
        except ValueError:
            remarks.append(f"{TITLES[key]}: {typed}")
            return next(iter(choices))

    def partial(self, key: str, typed: str, remarks: list[str]) -> PartialDate | None:
        """A date of which the year may be missing."""
        if not typed:
            return None
        day = without_time(typed)
        try:
            return PartialDate.parse(day)
        except (ValueError, InvalidInput):
            pass
        try:
            return dates.parse_partial(day, self._today, self._order)
        except InvalidInput:
            remarks.append(f"{TITLES[key]}: {typed}")
            return None

    def day(self, key: str, typed: str, remarks: list[str]) -> date | None:
        """A whole day."""
        try:
            return dates.parse_day(without_time(typed), self._today, self._order)
        except InvalidInput:
            remarks.append(f"{TITLES[key]}: {typed}")
            return None

    def flag(self, key: str, typed: str, remarks: list[str]) -> bool:
        """Yes or no."""
        if is_true(typed):
            return True
        if typed.casefold() not in FALSE:
            remarks.append(f"{TITLES[key]}: {typed}")
        return False

    def stamp(self, key: str, facts: dict[str, str], remarks: list[str]) -> datetime | None:
        """When something happened; of a day alone its noon. An hour of an unknown zone is kept in the note."""
        typed = facts.get(key, "")
        exact = moment(typed)
        if exact is None and typed:
            day = self.day(key, typed, remarks)
            if day is not None and without_time(typed) != typed:
                remarks.append(f"{TITLES[key]}: {typed}")
            exact = datetime.combine(day, time(12), UTC) if day is not None else None
        if exact is not None and exact.date() > self._today:
            remarks.append(f"{TITLES[key]}: {typed}")
            return None
        return exact
