"""The steps from each schema to the next, run by `database/migrate.py`.

A step is a file `versions/NNNN_name.py` that only changes tables. What follows from the tables is made anew after the
last step, from its one list: triggers, grants, the search index; so a step need not care that SQLite loses triggers
when a table is altered. Rows that a new studio, or a list new to an older studio, starts with stand in
`database/seed.py`. With a new step `migrate.HEAD` moves on.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from alembic import op
from alembic.operations.base import BatchOperations


def altered(table: str) -> AbstractContextManager[BatchOperations]:
    """The way to alter a table, by a copy of it on SQLite, which would else forget never to use an id twice.

    A check that names a renamed column is to be dropped before and made again after.
    """
    return op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": True})
