"""What combo boxes offer of the studio's maintained lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio_desktop.services.catalogs import Choice


def offered(choices: Iterable[Choice], shown: int | None = None) -> list[tuple[int, str, str]]:
    """Lines of a combo box: id, text, colour. A row no longer in use is offered only where it is the one shown."""
    return [(one.id, one.text, one.colour) for one in choices if not one.inactive or one.id == shown]
