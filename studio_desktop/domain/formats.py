"""How dates, times and numbers are shown and typed in this studio: its preferences, applied in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal

from studio_desktop.domain import dates, names, phones
from studio_desktop.domain.dates import MONTHS, DateOrder, PartialDate
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.names import NameOrder


@dataclass(frozen=True, slots=True)
class Formats:
    """The studio's formats. What `day` and `partial` show is understood again by `typed_day` and `typed_partial`.

    `first_day_of_week` has Monday as 0; `phone_region` is the two letters of the country whose numbers are local.
    `phone_countries` are those that the studio calls most. With `capitals` a name typed in small letters gets them
    (S4-23). The age of who is older than `age_limit` is not said; 0 is without a limit (B23).
    """

    date_order: DateOrder = DateOrder.MDY
    first_day_of_week: int = 0
    decimal_sign: str = "."
    thousands_sign: str = ","
    phone_region: str = "US"
    name_order: NameOrder = NameOrder.LAST_FIRST
    clock_hours: int = 24
    capitals: bool = True
    age_limit: int = 0
    phone_countries: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, allowed in _ALLOWED.items():
            if getattr(self, name) not in allowed:
                raise InvalidInput(
                    "The preference {name} cannot be {value}.", field=name, name=name, value=repr(getattr(self, name))
                )
        if self.decimal_sign == self.thousands_sign:
            raise InvalidInput("Decimals and thousands need different signs.", field="thousands_sign")
        if not (len(self.phone_region) == 2 and self.phone_region.isascii() and self.phone_region.isupper()):
            raise InvalidInput("The country of phone numbers is two capitals, as in US or DE.", field="phone_region")

    def day(self, day: date, today: date | None = None) -> str:
        """`29 Nov 2025`; in the year of `today` without the year, `11 Jul`. Year first where the studio writes so."""
        return self._date(day.year if today is None or day.year != today.year else None, day.month, day.day)

    def partial(self, partial: PartialDate) -> str:
        """What is known of a date: `14 May 1987`, `14 May`, `May 1987` or `1987`."""
        return self._date(partial.year, partial.month, partial.day)

    def typed_day(self, text: str, today: date) -> date:
        """The date somebody typed; raises `InvalidInput` with the cure."""
        return dates.parse_day(text, today, self.date_order)

    def typed_partial(self, text: str, today: date) -> PartialDate:
        """The date somebody typed, of which a part may be missing; raises `InvalidInput` with the cure."""
        return dates.parse_partial(text, today, self.date_order)

    def time(self, moment: datetime, zone: tzinfo | None = None) -> str:
        """The time of day on the studio's clock: `14:05` or `2:05 pm`."""
        local = moment.astimezone(zone)
        if self.clock_hours == 24:
            return f"{local.hour:02d}:{local.minute:02d}"
        return f"{local.hour % 12 or 12}:{local.minute:02d} {'am' if local.hour < 12 else 'pm'}"

    def instant(self, moment: datetime, today: date | None = None, zone: tzinfo | None = None) -> str:
        """A moment on the studio's clock: `11 Jul 10:04`. `zone` None is the computer's own."""
        return f"{self.day(moment.astimezone(zone).date(), today)} {self.time(moment, zone)}"

    def number(self, value: int | Decimal) -> str:
        """`1,204.50` with the studio's signs and as many decimals as the value has."""
        whole, point, decimals = f"{Decimal(value).copy_abs():,f}".partition(".")
        shown = whole.replace(",", self.thousands_sign) + point.replace(".", self.decimal_sign) + decimals
        return f"−{shown}" if value < 0 else shown

    def amount(self, hundredths: int) -> str:
        """A sum of money from hundredths of the studio's currency: `1,204.50`."""
        return self.number(Decimal(hundredths).scaleb(-2).quantize(Decimal("0.01")))

    def late(self, due: date | None, today: date) -> str:
        """`late 4 d` from the day after it was due, else nothing (B4)."""
        days = dates.days_late(due, today)
        return f"late {days} d" if days else ""

    def in_days(self, day: date, today: date) -> str:
        """How far off a day is: `today`, `in 1 day`, `in 123 days`, `4 days ago`."""
        away = (day - today).days
        if not away:
            return "today"
        days = "1 day" if abs(away) == 1 else f"{self.number(abs(away))} days"
        return f"in {days}" if away > 0 else f"{days} ago"

    def age(self, years: int | None) -> str:
        """The age of one of the family, as far as it is known and said (B23)."""
        return "" if years is None or 0 < self.age_limit < years else str(years)

    def phone(self, typed: str, e164: str, extension: str) -> str:
        """A phone number as `phones.display` shows it in the studio's country."""
        return phones.display(typed, e164, extension, self.phone_region)

    def name(self, last: str, first: str, company: str) -> str:
        """A client in a list, in the studio's name order."""
        return names.list_name(last, first, company, self.name_order)

    def _date(self, year: int | None, month: int | None, day: int | None) -> str:
        written = "" if year is None else f"{year:04d}"
        if self.date_order is DateOrder.YMD:
            parts = [written] + ["" if number is None else f"{number:02d}" for number in (month, day)]
            return "-".join(part for part in parts if part)
        # The month is a word, so that no reader takes 3/12 for the other day; a whole one where no day follows.
        name = "" if month is None else MONTHS[month - 1] if day is None else MONTHS[month - 1][:3]
        return " ".join(part for part in ("" if day is None else str(day), name, written) if part)


_ALLOWED: dict[str, tuple[object, ...]] = {
    "first_day_of_week": tuple(range(7)),
    "decimal_sign": (".", ",", "٫"),
    "thousands_sign": (",", ".", " ", "\u00a0", "\u202f", "'", "’", "٬", ""),
    "clock_hours": (12, 24),
}
