"""The studio's tables, declared once for both databases.

Three notes in a table's or column's `info` steer the unit of work (`services/unit.py`):
`derive` of a table computes its derived columns from a whole row; `derived` marks such a column (no history of its
own); `searched` marks a table whose rows the search index is made from.
"""

from studio_desktop.database.tables import people, studio
from studio_desktop.database.tables.base import metadata

__all__ = ["metadata", "people", "studio"]
