"""Every page and every sheet of the window, named once; each is loaded when it is first shown.

A new page is a row in `PAGES`, a new sheet a row in `SHEETS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio_desktop.ui.page import Page, Sheet, Shell


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A hub or another page of which there is one. `action` leads to it; it stands in the navigation if `listed`.

    A page that `finds` has a search box of its own, which then is the place of rest (FRONT_DESK 2.1).
    """

    name: str
    text: str
    icon: str
    action: str
    make: Callable[[Shell], Page]
    listed: bool = True
    stays: bool = False
    finds: bool = False


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """A sheet, made with the arguments that `Shell.open_sheet` was given. `action` opens it without any."""

    name: str
    make: Callable[..., Sheet]
    action: str = ""


def page_place(name: str) -> PagePlace:
    """The page of that name; StopIteration for an unknown one."""
    return next(place for place in PAGES if place.name == name)


def sheet_place(name: str) -> SheetPlace:
    """The sheet of that name; StopIteration for an unknown one."""
    return next(place for place in SHEETS if place.name == name)


def client_page(shell: Shell, client_id: int, neighbours: list[int] | None) -> Page:
    """The page of one client."""
    from studio_desktop.ui.client_window.window import ClientPage

    return ClientPage(shell, client_id, neighbours)


def _home(shell: Shell) -> Page:
    from studio_desktop.ui.hubs.home import HomePage

    return HomePage(shell)


PAGES: tuple[PagePlace, ...] = (PagePlace("home", "Home", "home", "home", _home, stays=True),)

SHEETS: tuple[SheetPlace, ...] = ()
