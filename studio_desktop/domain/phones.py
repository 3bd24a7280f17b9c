"""Phone numbers: what was typed is kept for ever, and E.164 is known beside it where the number has one.

The metadata of all countries takes a while to load, so nothing here loads it before a number needs it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as typed, in E.164 (`+13305550119`, or empty if it is not a possible number) and its extension."""

    typed: str
    e164: str = ""
    extension: str = ""


def parse(typed: str, region: str) -> Phone:
    """What `typed` means to somebody in `region` (`US`). No number is refused: one that means nothing stays typed."""
    region = region.upper()
    plain = _NANP_TYPED.fullmatch(typed.strip()) if region in _NANP_REGIONS else None
    if plain:  # an import brings a hundred thousand of these
        return Phone(typed, "+1" + "".join(plain.groups()))
    number = _understood(typed, region)
    if number is None:
        return Phone(typed)
    import phonenumbers

    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(typed, e164, number.extension or "")


def display(typed: str, e164: str, extension: str, region: str) -> str:
    """How a number is shown: `(330) 555-0119 ext 12` in its own country, `+44 20 7946 0018` abroad, else as typed."""
    if not e164:
        return typed
    shown = _shown(e164, region.upper())
    return f"{shown} ext {extension}" if extension else shown


def digits(text: str) -> str:
    """The digits in a text, of any script, as 0 to 9."""
    if text.isascii():
        return "".join(filter(str.isdecimal, text))
    return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())


def search_digits(phone: Phone) -> str:
    """What the search looks for digits in: E.164 without its plus, else the digits typed."""
    return phone.e164.removeprefix("+") or digits(phone.typed)


def country_code(region: str) -> int:
    """What is dialled before the numbers of a country from abroad: 1 for `US`, 48 for `PL`; 0 for no country."""
    if region in _NANP_REGIONS:
        return 1
    import phonenumbers

    return int(phonenumbers.country_code_for_region(region))


def regions() -> dict[str, int]:
    """All countries by their two letters, and what is dialled before their numbers."""
    import phonenumbers

    return {region: country_code(region) for region in sorted(phonenumbers.SUPPORTED_REGIONS)}


def named_region(typed: str, home: str) -> str:
    """The country that a number names by its beginning, `+48` or `0048`; empty if it names none.

    Half a number is enough. Of countries that share a code it is `home`, else the one whose number it is.
    """
    plus = _with_plus(typed)
    if not plus:
        return ""
    if home in _NANP_REGIONS and plus.startswith("+1"):
        return home
    import phonenumbers

    code = _code_of(plus)
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(plus))
    except phonenumbers.NumberParseException:
        region = None
    region = region or phonenumbers.region_code_for_country_code(code)
    if code and code == country_code(home):
        return home
    return region if len(region) == 2 and region != phonenumbers.UNKNOWN_REGION else ""


def in_region(typed: str, region: str, home: str) -> str:
    """The number written so that at `home` it means one of `region`, in place of the country it named before."""
    bare = _without_country(typed) if _with_plus(typed) else typed.strip()
    if region == home or not any(sign.isdecimal() for sign in bare):
        return bare
    meant = parse(bare, region)
    shown = _formatted(meant.e164, home) if meant.e164 else f"+{country_code(region)} {bare}"
    return f"{shown} ext {meant.extension}" if meant.extension else shown


_NANP = re.compile(r"\+1(\d{3})(\d{3})(\d{4})")
_NANP_TYPED = re.compile(r"\(?([2-9][0-9]{2})\)?[ .-]?([2-9][0-9]{2})[ .-]?([0-9]{4})")
_NANP_REGIONS = ("US", "CA")
_LONGEST_EXTENSION = 12


def _with_plus(typed: str) -> str:
    """The digits of a number written for abroad after their plus; empty for one that is not."""
    text = typed.strip()
    if text[:1] not in ("+", "＋") and text[:2] != "00":
        return ""
    return "+" + digits(text).removeprefix("00" if text[:2] == "00" else "")


def _code_of(plus: str) -> int:
    """The country code that digits after a plus begin with; 0 for none."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE as KNOWN

    return next((int(plus[1:end]) for end in (2, 3, 4) if plus[1:end] and int(plus[1:end]) in KNOWN), 0)


def _without_country(typed: str) -> str:
    number = _understood(typed, "")
    if number is None:
        plus = _with_plus(typed)
        return plus.removeprefix(f"+{_code_of(plus)}").removeprefix("+")
    import phonenumbers

    bare = str(phonenumbers.national_significant_number(number))
    return f"{bare} ext {number.extension}" if number.extension else bare


def _understood(typed: str, region: str) -> PhoneNumber | None:
    number = _read(typed, region)
    if number is None and typed.strip()[:2] == "00":
        return _read("+" + typed.strip()[2:], region)  # as half of the world dials abroad, at whatever desk
    return number


def _read(typed: str, region: str) -> PhoneNumber | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return None
    # Seven digits without an area code are possible locally only: as E.164 they would be somebody else's number.
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    return number if possible and len(number.extension or "") <= _LONGEST_EXTENSION else None


def _shown(e164: str, region: str) -> str:
    # Lists show thousands of numbers: those of a North American desk need no metadata.
    nanp = _NANP.fullmatch(e164)
    if nanp and region in _NANP_REGIONS:
        return "({}) {}-{}".format(*nanp.groups())
    return _formatted(e164, region)


@lru_cache(maxsize=10_000)
def _formatted(e164: str, region: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    own = number.country_code == phonenumbers.country_code_for_region(region)
    style = phonenumbers.PhoneNumberFormat.NATIONAL if own else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(number, style))
