"""What the settings page shows: its sections, and in each the settings that are declared to stand there."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from studio_desktop.domain.text import fold
from studio_desktop.services.preferences import StudioPreferences
from studio_desktop.settings import DECLARATIONS, Section

NEXT_NUMBER = "next_number"
"""Where the counter stands is no preference, but is set among them (B5)."""


@dataclass(frozen=True, slots=True)
class SectionOfSettings:
    """One line of the list at the left; `purpose` stands beside its title."""

    name: Section
    title: str
    icon: str
    purpose: str


SECTIONS = (
    SectionOfSettings("computer", "This computer", "window_new", "Its name, its look, and what it does on a call."),
    SectionOfSettings("printing", "Printing and labels", "print", "Where a single label goes."),
    SectionOfSettings("studio", "The studio", "building", "Its name and the days it works."),
    SectionOfSettings("reports", "Reports and paper", "document_text", "What they look like and where they are kept."),
    SectionOfSettings("names", "Names, dates and phones", "person", "How they are read and written."),
    SectionOfSettings("numbers", "Client numbers", "tag", "When a client gets one, and which."),
    SectionOfSettings("new", "New clients", "person_add", "Who is taken for known, and what holds at first."),
    SectionOfSettings("page", "Client page", "contact_card", "Its tabs, and what the studio's own fields are called."),
    SectionOfSettings("marketing", "Marketing", "megaphone", "When a birthday or an anniversary is thought of."),
    SectionOfSettings("privacy", "Privacy", "shield_checkmark", "Consent, and how long people are kept."),
    SectionOfSettings("backups", "Backups", "database", "When they are made, where, and how many stay."),
)
"""In the order of the list."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One setting: of this computer, or `of_studio` and so of every desk."""

    name: str
    title: str
    help: str
    section: Section
    default: Any
    choices: tuple[Any, ...] = ()
    low: int | None = None
    high: int | None = None
    of_studio: bool = False

    def is_about(self, words: str) -> bool:
        """Whether each of these words occurs in its title or its help."""
        said = fold(f"{self.title} {self.help}")
        return all(word in said for word in fold(words).split())


def declared_in(section: Section) -> tuple[Declared, ...]:
    """The settings of a section in their order, those of this computer first."""
    return tuple(one for one in (*_of_this_computer(), *_of_the_studio()) if one.section == section)


def _of_this_computer() -> Iterator[Declared]:
    for name, one in DECLARATIONS.items():
        if one.section is not None:
            yield Declared(name, one.title, one.help, one.section, one.default, one.choices, one.low, one.high)


def _of_the_studio() -> Iterator[Declared]:
    for field in dataclasses.fields(StudioPreferences):
        said = field.metadata
        low, high = said["bounds"]
        yield Declared(
            field.name, said["label"], said["help"], said["section"], field.default, said["choices"], low, high, True
        )
    help_text = "Digits only; numbers that somebody has are skipped."
    yield Declared(NEXT_NUMBER, "Next client number", help_text, "numbers", "", of_studio=True)
