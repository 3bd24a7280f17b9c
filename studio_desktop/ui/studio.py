"""What the window works with in a studio: its services, and what is read of it once and looked at all day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio_desktop.domain.formats import Formats
    from studio_desktop.services import Services
    from studio_desktop.services.catalogs import Choice
    from studio_desktop.services.preferences import StudioPreferences


@dataclass(frozen=True, slots=True)
class Studio:
    """Read together, off the window's thread, and again when any of it changed."""

    services: Services
    preferences: StudioPreferences
    formats: Formats
    choices: Mapping[str, list[Choice]]
    catalog_kinds: frozenset[str]
    """The kinds of changes after which the choices are others."""

    @classmethod
    def read(cls, services: Services) -> Studio:
        """Three statements."""
        from studio_desktop.services.catalogs import CATALOGS
        from studio_desktop.services.preferences import formats_of

        preferences = services.preferences.get()
        kinds = frozenset({"user", *(catalog.table.name for catalog in CATALOGS)})
        countries = services.habits.phone_countries(preferences.phone_region)
        formats = replace(formats_of(preferences), phone_countries=countries)
        return cls(services, preferences, formats, services.catalogs.choices(), kinds)
