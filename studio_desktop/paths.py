"""Where the files that travel with the program lie: in a checkout, an installed wheel or a bundle."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


FORMS = _shipped("forms")
RESOURCES = _shipped("resources")
