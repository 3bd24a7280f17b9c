"""Where a person was: what Back and Forward go through, parked sheets included (FRONT_DESK 6)."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

KEPT = 50
"""How many places are remembered."""


@dataclass(frozen=True, slots=True)
class Sought:
    """The text of the caller box, and where in it the cursor was."""

    typed: str
    cursor: int


@dataclass(frozen=True, slots=True)
class Place:
    """A page by its key, the sheet that lay over it, by its number, and what was half typed into the caller box."""

    page: Hashable
    sheet: int | None = None
    sought: Sought | None = None


class Trail:
    """The places behind and ahead of the one in front.

    A sheet belongs to its place: who parks it to answer the phone and opens the caller comes back to both by one
    step. The page as it stood bare, between the parking and the caller, is no place.
    """

    def __init__(self, here: Place) -> None:
        self.here = here
        self._behind: list[Place] = []
        self._ahead: list[Place] = []
        self._passing = False

    def go(self, place: Place) -> None:
        """Another page is in front."""
        if place == self.here:
            return
        if not self._passing:
            self._behind = [*self._behind, self.here][-KEPT:]
        self.here, self._ahead, self._passing = place, [], False

    def cover(self, sheet: int) -> None:
        """A sheet lies over the page in front."""
        self.here, self._passing = replace(self.here, sheet=sheet), False

    def park(self) -> None:
        """The sheet in front was parked; Back leads to it."""
        self._behind = [*self._behind, self.here][-KEPT:]
        self.here, self._passing = replace(self.here, sheet=None), True

    def seek(self, sought: Sought | None) -> None:
        """What is half typed into the caller box belongs to the page in front, or is there no more."""
        self.here, self._passing = replace(self.here, sought=sought), self._passing and sought is None

    def end(self, sheet: int) -> None:
        """The sheet is finished or thrown away; nothing leads to it any more."""
        if self.here.sheet == sheet:
            self.here = replace(self.here, sheet=None)
        self._behind = _without(sheet, self._behind, self.here)
        self._ahead = _without(sheet, self._ahead, self.here)
        self._passing = self._passing and bool(self._behind)

    def forget(self, page: Hashable) -> None:
        """The page is gone for good; nothing leads to it any more."""
        self._behind = _joined([place for place in self._behind if place.page != page], self.here)
        self._ahead = _joined([place for place in self._ahead if place.page != page], self.here)

    def back(self) -> Place | None:
        """One step back, and what is there; None at the beginning."""
        return self._step(self._behind, self._ahead)

    def forward(self) -> Place | None:
        """One step ahead again; None at the end."""
        return self._step(self._ahead, self._behind)

    def _step(self, source: list[Place], other: list[Place]) -> Place | None:
        if not source:
            return None
        if not self._passing:
            other.append(self.here)
        self.here, self._passing = source.pop(), False
        return self.here


def _without(sheet: int, places: list[Place], here: Place) -> list[Place]:
    """The places, nearest last, without the sheet; none follows its like, and the nearest is not where we are."""
    bare = [replace(place, sheet=None) if place.sheet == sheet else place for place in places]
    return _joined(bare, here)


def _joined(places: list[Place], here: Place) -> list[Place]:
    kept: list[Place] = []
    for place in places:
        if not kept or kept[-1] != place:
            kept.append(place)
    return kept[:-1] if kept and kept[-1] == here else kept
