"""PINs of who works in the studio: what one may be, how it is kept unreadable, and how long guessing takes (E19)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from datetime import timedelta

from studio_desktop.domain.errors import InvalidInput

SHORTEST, LONGEST = 4, 32

_COST, _BLOCK, _TURNS = 2**14, 8, 5
"""Of scrypt: 16 MiB, five times over; the least that OWASP's Password Storage Cheat Sheet allows."""

_FREE_TRIES = 2
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(minutes=15)


def checked(pin: str) -> str:
    """A PIN as somebody chose it; raises InvalidInput for one that is too short, too long or one sign repeated."""
    if not SHORTEST <= len(pin) <= LONGEST:
        raise InvalidInput(
            "A PIN has {shortest} to {longest} signs.", field="pin", shortest=SHORTEST, longest=LONGEST
        )
    if len(set(pin)) == 1:
        raise InvalidInput("The same sign again and again is guessed at once. Choose another PIN.", field="pin")
    return pin


def scrambled(pin: str) -> str:
    """What is kept in place of a PIN: salted, and dear to compute, so that a stolen backup does not give it away."""
    salt = os.urandom(16)
    return f"scrypt${_text(salt)}${_text(_digest(pin, salt))}"


def fits(pin: str, kept: str) -> bool:
    """Whether this is the PIN that was kept."""
    _, salt, digest = kept.split("$")
    return hmac.compare_digest(_digest(pin, base64.b64decode(salt)), base64.b64decode(digest))


def wait_after(failures: int) -> timedelta:
    """How long nobody may try again after so many wrong PINs in a row: nothing twice, then twice as long each time."""
    doublings = failures - _FREE_TRIES - 1
    if doublings < 0:
        return timedelta()
    return min(_FIRST_WAIT * (1 << min(doublings, 16)), _LONGEST_WAIT)


def _digest(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_COST, r=_BLOCK, p=_TURNS)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
