"""PINs: what one may be, how it is kept, how long guessing takes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from studio_desktop.domain import pins
from studio_desktop.domain.errors import InvalidInput


@pytest.mark.parametrize("pin", ["", "123", "7777", "1" * 40])
def test_that_a_pin_that_is_guessed_at_once_is_refused(pin: str) -> None:
    """E19."""
    with pytest.raises(InvalidInput) as refused:
        pins.checked(pin)
    assert refused.value.field == "pin"


def test_that_what_is_kept_does_not_show_the_pin_and_is_other_for_everybody() -> None:
    """E19."""
    first, second = pins.scrambled("2468"), pins.scrambled("2468")
    assert first != second
    assert "2468" not in first
    assert pins.fits("2468", first)
    assert pins.fits("2468", second)
    assert not pins.fits("2469", first)
    assert pins.fits("zażółć", pins.scrambled("zażółć"))


def test_that_guessing_takes_longer_each_time_but_never_for_ever() -> None:
    """E19: two slips of the finger cost nothing."""
    waits = [pins.wait_after(failures) for failures in range(1, 40)]
    assert waits[:2] == [timedelta(), timedelta()]
    assert waits[2:5] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=15)
