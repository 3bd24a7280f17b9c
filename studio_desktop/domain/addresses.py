"""A postal address as it stands on an envelope, and whether it would arrive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

_TOWN_FIRST = {"US", "CA", "AU", "GB", "IE", "IN", "NZ", "ZA"}
"""Regions whose addresses end in town, state and postcode; elsewhere the postcode stands before the town."""

_TOWN_FIRST_NAMES = {
    "usa", "us", "united states", "united states of america", "canada", "australia", "uk", "united kingdom",
    "great britain", "england", "scotland", "wales", "ireland", "india", "new zealand", "south africa",
}  # fmt: skip


class Postal(Protocol):
    """Anything with the parts of an address."""

    @property
    def line1(self) -> str:
        """Street or box."""

    @property
    def line2(self) -> str:
        """What else stands there."""

    @property
    def town(self) -> str:
        """Town."""

    @property
    def region(self) -> str:
        """State or region."""

    @property
    def postcode(self) -> str:
        """Postcode."""

    @property
    def country(self) -> str:
        """Country; empty for the studio's own."""


class Dated(Protocol):
    """Anything that holds from a day, to a day; None is open."""

    @property
    def effective_from(self) -> date | None:
        """The first day."""

    @property
    def effective_to(self) -> date | None:
        """The last day."""


Row = TypeVar("Row", bound=Dated)


def current(rows: Iterable[Row], on: date) -> Row | None:
    """The address in force on that day: of those that have begun and not ended the newest (B22)."""
    begun = [row for row in rows if (row.effective_from or date.min) <= on <= (row.effective_to or date.max)]
    return max(begun, key=lambda row: row.effective_from or date.min, default=None)


def coming(rows: Iterable[Row], on: date) -> Row | None:
    """The next address that is not yet in force; until then both are shown (B22)."""
    ahead = [row for row in rows if row.effective_from is not None and row.effective_from > on]
    return min(ahead, key=lambda row: row.effective_from or date.max, default=None)


def is_complete(address: Postal) -> bool:
    """Whether a letter would arrive: a street or box, and a town or a postcode."""
    return bool(address.line1 and (address.town or address.postcode))


def postal_lines(address: Postal, home_region: str) -> tuple[str, ...]:
    """The lines below the name, without blank ones. `home_region` is the studio's own country, as in "US"."""
    if _town_first(address, home_region):
        town = ", ".join(part for part in (address.town, address.region) if part)
        place = " ".join(part for part in (town, address.postcode) if part)
    else:
        town = " ".join(part for part in (address.postcode, address.town) if part)
        place = ", ".join(part for part in (town, address.region) if part)
    return tuple(line for line in (address.line1, address.line2, place, address.country) if line)


def spellings(postcode: str) -> tuple[str, ...]:
    """How the same postcode is written: `sw1a1aa` also as `SW1A 1AA`, `00950` as `00-950`, ZIP+4 as its ZIP."""
    bare = "".join(sign for sign in postcode.upper() if sign.isalnum())
    written = [postcode.strip(), bare, f"{bare[:-3]} {bare[-3:]}", f"{bare[:3]} {bare[3:]}", f"{bare[:2]}-{bare[2:]}"]
    if len(bare) == 9 and bare.isdecimal():
        written += [bare[:5], f"{bare[:5]}-{bare[5:]}"]
    return tuple(dict.fromkeys(written))


def _town_first(address: Postal, home_region: str) -> bool:
    if address.country:
        return address.country.strip().casefold() in _TOWN_FIRST_NAMES
    return home_region in _TOWN_FIRST
