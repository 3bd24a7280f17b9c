"""Which address holds today and which is to come (B22), and how an address stands on an envelope."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_desktop.domain.addresses import coming, current, is_complete, postal_lines, spellings
from studio_desktop.domain.records.clients import AddressRow

TODAY = date(2026, 3, 10)
_DAYS = st.none() | st.dates(date(2026, 3, 1), date(2026, 3, 20))
_ROWS = st.lists(st.builds(AddressRow, uid=st.uuids().map(str), effective_from=_DAYS, effective_to=_DAYS), max_size=5)


def a_row(uid: str, since: date | None = None, until: date | None = None) -> AddressRow:
    return AddressRow(uid, effective_from=since, effective_to=until)


def test_that_a_new_address_takes_over_on_its_day_and_not_before() -> None:
    old, new = a_row("old"), a_row("new", since=date(2026, 4, 1))
    assert current([old, new], date(2026, 3, 31)) is old
    assert coming([old, new], date(2026, 3, 31)) is new
    assert current([old, new], date(2026, 4, 1)) is new
    assert coming([old, new], date(2026, 4, 1)) is None


def test_that_an_address_ends_after_its_last_day() -> None:
    summer = a_row("summer", since=date(2026, 1, 1), until=TODAY)
    always = a_row("always")
    assert current([always, summer], TODAY) is summer
    assert current([always, summer], date(2026, 3, 11)) is always
    assert current([summer], date(2026, 3, 11)) is None


def test_that_of_two_without_a_day_the_first_stands() -> None:
    first, second = a_row("first"), a_row("second")
    assert current([first, second], TODAY) is first


@given(_ROWS)
def test_that_no_address_is_both_in_force_and_to_come(rows: list[AddressRow]) -> None:
    now, ahead = current(rows, TODAY), coming(rows, TODAY)
    assert now is None or (now.effective_from or date.min) <= TODAY <= (now.effective_to or date.max)
    assert ahead is None or (ahead.effective_from is not None and ahead.effective_from > TODAY)


def test_that_the_lines_of_an_envelope_follow_its_country() -> None:
    home = AddressRow("a", "418 Larkspur Lane", "", "Fairbrook", "OH", "44199")
    assert postal_lines(home, "US") == ("418 Larkspur Lane", "Fairbrook, OH 44199")
    abroad = AddressRow("b", "ul. Wawrzyńca 17/42", "", "Łódź", "", "90-001", "Poland")
    assert postal_lines(abroad, "US") == ("ul. Wawrzyńca 17/42", "90-001 Łódź", "Poland")


def test_that_a_letter_needs_a_street_and_a_town_or_postcode() -> None:
    assert is_complete(AddressRow("a", "1 Mill Street", town="Fairbrook"))
    assert is_complete(AddressRow("a", "1 Mill Street", postcode="44199"))
    assert not is_complete(AddressRow("a", "1 Mill Street"))
    assert not is_complete(AddressRow("a", town="Fairbrook"))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("44199", "44199"), ("44199-1234", "44199"), ("441991234", "44199-1234"), ("sw1a1aa", "SW1A 1AA"),
        ("SW1A 1AA", "SW1A1AA"), ("00950", "00-950"), ("k1a0b1", "K1A 0B1"), (" 44199 ", "44199"),
    ],
)  # fmt: skip
def test_that_a_postcode_is_known_however_it_is_written(typed: str, stored: str) -> None:
    """C2"""
    assert stored in spellings(typed)
