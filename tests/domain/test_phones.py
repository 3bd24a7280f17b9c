"""Phone numbers of all countries: what was typed survives, E.164 is found where there is one (RELIABILITY case 85)."""

from __future__ import annotations

import subprocess
import sys

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_desktop.domain import phones
from studio_desktop.domain.phones import Phone

TYPES = (
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.TOLL_FREE,
    phonenumbers.PhoneNumberType.PREMIUM_RATE,
    phonenumbers.PhoneNumberType.VOIP,
    phonenumbers.PhoneNumberType.SHARED_COST,
)


@pytest.mark.parametrize(
    ("typed", "region", "e164", "extension"),
    [
        ("330-555-0119", "US", "+13305550119", ""),
        ("(330) 555-0119", "us", "+13305550119", ""),
        (" 330.555.0119 ", "CA", "+13305550119", ""),
        ("1 330 555 0119", "US", "+13305550119", ""),
        ("330-555-0119 x12", "US", "+13305550119", "12"),
        ("330-555-0119 ext. 4711", "US", "+13305550119", "4711"),
        ("1-800-FLOWERS", "US", "+18003569377", ""),
        ("0171 5550142", "DE", "+491715550142", ""),
        ("+44 20 7946 0018", "US", "+442079460018", ""),
        ("020 7946 0018", "GB", "+442079460018", ""),
        ("٠٢٠٧٩٤٦٠٠١٨", "GB", "+442079460018", ""),
        ("06 698 1234", "IT", "+39066981234", ""),
        ("0048 601 234 567", "US", "+48601234567", ""),
    ],
)
def test_that_a_number_is_understood_as_its_country_dials_it(
    typed: str, region: str, e164: str, extension: str
) -> None:
    """S2-10"""
    assert phones.parse(typed, region) == Phone(typed, e164, extension)


@pytest.mark.parametrize(
    "typed",
    ["", "555-0119", "911", "+999 123", "call her mother", "9" * 40, "9" * 400, "x", "330-555-0119 ext 1234567890123"],
)
def test_that_what_is_no_dialable_number_is_kept_as_typed(typed: str) -> None:
    assert phones.parse(typed, "US") == Phone(typed, "", "")
    assert phones.display(typed, "", "", "US") == typed


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_that_every_countrys_numbers_are_understood_shown_and_understood_again(region: str) -> None:
    """RELIABILITY 85."""
    examples = [n for n in (phonenumbers.example_number_for_type(region, kind) for kind in TYPES) if n is not None]
    assert examples
    for number in examples:
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        typed = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        assert phones.parse(typed, region).e164 == e164
        for desk in (region, "US", "DE"):
            shown = phones.display(typed, e164, "12", desk)
            again = phones.parse(shown, desk)
            assert (again.e164, again.extension) == (e164, "12"), (shown, desk)


@given(st.text(max_size=300), st.sampled_from(["US", "CA", "DE", "XX", ""]))
def test_that_no_text_is_refused_or_changed(typed: str, region: str) -> None:
    """RELIABILITY 85."""
    phone = phones.parse(typed, region)
    assert phone.typed == typed
    assert phones.search_digits(phone).isascii()


@given(
    st.from_regex(r"\(?[2-9][0-9]{2}\)?[ .-]?[2-9][0-9]{2}[ .-]?[0-9]{4}", fullmatch=True),
    st.sampled_from(["US", "CA"]),
)
def test_that_the_short_way_for_north_american_numbers_says_what_the_metadata_says(typed: str, region: str) -> None:
    number = phonenumbers.parse(typed, region)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    assert phones.parse(typed, region) == Phone(typed, e164)
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    assert phones.display(typed, e164, "", region) == national


def test_that_numbers_are_shown_nationally_at_home_and_internationally_abroad() -> None:
    """S4-23"""
    assert phones.display("3305550119", "+13305550119", "12", "US") == "(330) 555-0119 ext 12"
    assert phones.display("3305550119", "+13305550119", "", "DE") == "+1 330-555-0119"
    assert phones.display("x", "+442079460018", "", "GB") == "020 7946 0018"
    assert phones.display("x", "+442079460018", "", "US") == "+44 20 7946 0018"


def test_that_a_damaged_stored_number_is_still_shown() -> None:
    assert phones.display("x", "+0", "", "DE") == "+0"


def test_that_a_list_of_north_american_numbers_loads_no_metadata() -> None:
    program = (
        "import sys\n"
        "from studio_desktop.domain import phones\n"
        "assert phones.display('', '+13305550119', '12', 'US') == '(330) 555-0119 ext 12'\n"
        "assert phones.parse('330-555-0119', 'US').e164 == '+13305550119'\n"
        "assert 'phonenumbers' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_that_a_number_is_searched_by_its_international_digits_else_by_those_typed() -> None:
    """RELIABILITY 85."""
    assert phones.search_digits(phones.parse("(330) 555-0119 x12", "US")) == "13305550119"
    assert phones.search_digits(Phone("555-0119")) == "5550119"
    assert phones.digits("٠٢٠ / 79４６-x") == "0207946"


@pytest.mark.parametrize(
    ("typed", "home", "region"),
    [
        ("+48", "US", "PL"),
        ("0048", "US", "PL"),
        ("0048 601 234 567", "US", "PL"),
        ("+44 20", "US", "GB"),
        ("+1 416 555 0123", "US", "US"),
        ("+1 416 555 0123", "DE", "CA"),
        ("+4", "US", ""),
        ("+", "US", ""),
        ("601 234 567", "US", ""),
        ("+800 1234 5678", "US", ""),
        ("ask Ann", "US", ""),
    ],
)
def test_that_a_number_names_its_country_by_its_beginning(typed: str, home: str, region: str) -> None:
    """S4-36"""
    assert phones.named_region(typed, home) == region


@pytest.mark.parametrize(
    ("typed", "region", "written"),
    [
        ("601 234 567", "PL", "+48 601 234 567"),
        ("0171 5550142 x3", "DE", "+49 171 5550142 ext 3"),
        ("+44 20 7946 0018 x12", "PL", "+48 2079460018 ext 12"),
        ("+1 330 555 0142", "US", "3305550142"),
        ("(330) 555-0142", "US", "(330) 555-0142"),
        ("+48 60", "GB", "+44 60"),
        ("12", "PL", "+48 12"),
        ("ask Ann", "PL", "ask Ann"),
        ("", "PL", ""),
    ],
)
def test_that_a_number_can_be_given_to_another_country(typed: str, region: str, written: str) -> None:
    """S4-36: at a desk in the United States."""
    assert phones.in_region(typed, region, "US") == written


def test_that_every_country_has_its_code() -> None:
    """S4-36"""
    known = phones.regions()
    assert (known["PL"], known["US"], known["BB"], known["GB"]) == (48, 1, 1, 44)
    assert all(phones.named_region(f"+{code}", "PL") for code in known.values())


@given(st.text(max_size=60), st.sampled_from(["US", "DE", "PL"]))
def test_that_no_text_is_too_odd_to_be_asked_for_its_country(typed: str, home: str) -> None:
    region = phones.named_region(typed, home) or "PL"
    assert phones.parse(phones.in_region(typed, region, home), home).typed is not None
