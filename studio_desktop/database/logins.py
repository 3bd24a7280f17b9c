"""Who was turned away by a server does not knock again and again: so many wrong passwords lock an account."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LOGIN_REFUSED = ("password authentication failed", "no password supplied", 'fatal:  role "')
"""What a server says, in small letters, who refuses a user name or password."""

FIRST_PAUSE, LONGEST_PAUSE = 15.0, 900.0
"""Seconds after a refused login in which none is tried; each further one doubles them."""


class LoginPause:
    """Connects, but not soon after the same name and password were refused."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._guard = threading.Lock()
        self._refused: Exception | None = None
        self._until = 0.0
        self._pause = FIRST_PAUSE

    def connect(self, connect: Callable[[], T]) -> T:
        """What `connect` gives, or the refusal of before while it is too early to try again."""
        with self._guard:
            refused = self._refused if self._now() < self._until else None
        if refused is not None:
            raise type(refused)(*refused.args)
        try:
            made = connect()
        except Exception as error:
            said = str(error).lower()
            if any(fragment in said for fragment in LOGIN_REFUSED):
                with self._guard:
                    self._refused, self._until = error, self._now() + self._pause
                    self._pause = min(2 * self._pause, LONGEST_PAUSE)
            raise
        with self._guard:
            self._refused, self._pause = None, FIRST_PAUSE
        return made
