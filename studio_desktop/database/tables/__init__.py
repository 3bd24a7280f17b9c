"""The studio's tables, declared once for both databases.

Notes in a table's or column's `info` steer the unit of work (`services/unit.py`):
`derive` of a table computes its derived columns from a whole row; `derived` marks such a column (no history of its
own); `searched` names the columns of a table that the search index is made from;
`quiet` keeps what only the program needs out of the history that people read.
"""

from studio_desktop.database.tables import activity, people, sales, studio
from studio_desktop.database.tables.base import metadata

__all__ = ["activity", "metadata", "people", "sales", "studio"]
