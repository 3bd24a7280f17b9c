"""The birthdays and anniversaries of a client and the family, each of which is a marketing plan of its own (B2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from studio_desktop.domain.dates import PartialDate, WorkCalendar
from studio_desktop.domain.records.clients import ClientRecord, Occasion


@dataclass(frozen=True, slots=True)
class PersonalDate:
    """An occasion of the client (`member_uid` is empty) or of a family member; `name` is that of the person."""

    member_uid: str
    occasion: Occasion
    name: str
    when: PartialDate | None


def personal_dates(record: ClientRecord) -> Iterator[PersonalDate]:
    """Every occasion that a date could be known of: the client's two, then each family member's birthday."""
    own = record.first_name or record.last_name or record.company
    yield PersonalDate("", Occasion.BIRTHDAY, own, record.birthday)
    yield PersonalDate("", Occasion.ANNIVERSARY, own, record.anniversary)
    for member in record.family:
        yield PersonalDate(member.uid, Occasion.BIRTHDAY, member.first_name or member.last_name, member.birthday)


def call_due(celebrated_on: date, days_before: int, calendar: WorkCalendar | None = None) -> date:
    """When the call is due: so many days before, with a `calendar` on the working day before where that one is free.

    B2, S3-24: from this day to the celebration itself the call is to be made, so that a week with the studio closed
    is caught up with.
    """
    due = celebrated_on - timedelta(days=days_before)
    if calendar is None or not calendar.work_week:
        return due
    for back in range(_LONGEST_CLOSED):
        if calendar.is_working_day(due - timedelta(days=back)):
            return due - timedelta(days=back)
    return due


_LONGEST_CLOSED = 60  # days: who is closed for longer calls on the day itself
