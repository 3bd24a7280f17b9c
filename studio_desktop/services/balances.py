"""What clients owe and what is held for them: the one place from which balances come (B6, B7, D17)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Select, and_, case, func, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

BALANCED_BY: dict[str, Select[Any]] = {}
"""What has a balance, in words, and a query of `client_id`, `amount` and `due_on` for each such thing.

Invoices, credit memos and deposits get their line here with their tables. `amount` is in hundredths of the studio's
currency: positive what is still to be paid, negative what is held for the client. Without a `due_on` it is not yet due.
Nothing of it is stored with the client.
"""


class _SumOf(FunctionElement[int]):
    """A sum over everything in `BALANCED_BY` that is the client's: called with the client's id and today's date."""

    type = Integer()
    inherit_cache = True


class past_due(_SumOf):  # noqa: N801 - they read like the SQL functions that they are
    """What was to be paid before today."""

    inherit_cache = True


class not_yet_due(_SumOf):  # noqa: N801
    """What is to be paid today, later or at no named day."""

    inherit_cache = True


class credit(_SumOf):  # noqa: N801
    """Deposits and credits that nothing was paid with yet."""

    inherit_cache = True


@compiles(_SumOf)
def _compiled(element: Any, compiler: Any, **options: Any) -> str:
    client_id, today = element.clauses
    total: Any = literal_column("0")
    for source in BALANCED_BY.values():
        rows = source.subquery()
        late = and_(rows.c.due_on.is_not(None), rows.c.due_on < today)
        open_amount = case((rows.c.amount > 0, rows.c.amount), else_=0)
        counted = {
            past_due: case((late, open_amount), else_=0),
            not_yet_due: case((late, 0), else_=open_amount),
            credit: case((rows.c.amount < 0, -rows.c.amount), else_=0),
        }[type(element)]
        own = select(func.coalesce(func.sum(counted), 0)).where(rows.c.client_id == client_id)
        total = total + own.scalar_subquery()
    return f"({compiler.process(total, **options)})"
