"""The window of the end-to-end tests: the real one, with real lanes, on either database."""

from tests.ui.conftest import look, window

__all__ = ["look", "window"]
