"""The birthdays and anniversaries of a client and the family, each of which is a marketing plan of its own (B2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from studio_desktop.domain.dates import PartialDate
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
