"""What stands where on the ribbon, as `resources/ribbon.toml` says."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from studio_desktop.paths import RESOURCES


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """A group: its large buttons, then its small ones in columns of three. `pages` are those it is for, none: all.

    `key_tip` are the letters of the one drop-down it becomes where there is no room.
    """

    name: str
    key_tip: str
    large: tuple[str, ...] = ()
    small: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    @property
    def actions(self) -> tuple[str, ...]:
        """The ids of all its actions."""
        return self.large + self.small


@dataclass(frozen=True, slots=True)
class TabPlan:
    """A tab and its groups. A contextual one has a `page` it shows for and the `word` that stands before its kind.

    The tab called `file` opens a page over the window instead of a strip of buttons.
    """

    id: str
    name: str
    key_tip: str
    groups: tuple[GroupPlan, ...]
    page: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class RibbonPlan:
    """The tabs in their order, and the actions of the quick access bar."""

    quick: tuple[str, ...]
    tabs: tuple[TabPlan, ...]


def read_plan(path: Path = RESOURCES / "ribbon.toml") -> RibbonPlan:
    """The plan in a file; TypeError or KeyError for one that says something we do not know."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    tabs = []
    for tab in told["tab"]:
        groups = tuple(_group(**group) for group in tab.pop("group"))
        tabs.append(TabPlan(groups=groups, **tab))
    return RibbonPlan(tuple(told["quick"]), tuple(tabs))


def _group(
    name: str, key_tip: str, large: Sequence[str] = (), small: Sequence[str] = (), pages: Sequence[str] = ()
) -> GroupPlan:
    return GroupPlan(name, key_tip, tuple(large), tuple(small), tuple(pages))
