"""What the studio's own records teach its forms; nothing is kept for it, every record that is saved teaches the next.

The town of a postcode, and the countries its phone numbers are of.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from studio_desktop.database.tables.people import address, phone
from studio_desktop.domain import phones
from studio_desktop.domain.addresses import spellings
from studio_desktop.domain.permissions import Permission
from studio_desktop.services.service import Service, requires

NEWEST = 2_000
"""So many phone numbers tell which countries are called these days."""


@dataclass(frozen=True, slots=True)
class Place:
    """What most addresses of a postcode have beside it."""

    town: str
    region: str
    country: str


class Habits(Service):
    """Answers from what is stored already."""

    @requires(Permission.SIGN_IN)
    def place_of(self, postcode: str) -> Place | None:
        """The place that most addresses of this postcode name, the newest of equals; None if there is none yet (C2)."""
        named = address.c.town, address.c.region, address.c.country
        query = (
            select(*named)
            .where(address.c.postcode.in_(spellings(postcode)), address.c.town != "")
            .group_by(*named)
            .order_by(func.count().desc(), func.max(address.c.id).desc())
            .limit(1)
        )

        def find(connection: Connection) -> Place | None:
            row = connection.execute(query).first()
            return Place(row.town, row.region, row.country) if row is not None else None

        return self.database.read(find)

    @requires(Permission.SIGN_IN)
    def phone_countries(self, home: str) -> tuple[str, ...]:
        """The countries but `home` that the newest phone numbers are of, those of most numbers first (S4-36)."""
        newest = select(phone.c.e164).where(phone.c.e164 != "").order_by(phone.c.id.desc()).limit(NEWEST).subquery()
        beginning = func.substr(newest.c.e164, 1, 4)
        query = select(beginning.label("beginning"), func.count().label("numbers")).group_by(beginning)

        def count(connection: Connection) -> tuple[str, ...]:
            found: Counter[str] = Counter()
            for row in connection.execute(query):
                found[phones.named_region(row.beginning, home)] += row.numbers
            ranked = sorted(found, key=lambda region: (-found[region], region))
            return tuple(region for region in ranked if region not in ("", home))

        return self.database.read(count)
