"""Who has booked: the one place from which Guest and Existing come (S4-04, S4-05, S4-08, B16)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Boolean, Select, false, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

BOOKED_BY: dict[str, Select[Any]] = {}
"""What is a booking, in words, and a query for the ids of the clients who have one.

Photo sessions and appointments get their line here with their tables; what was cancelled, deleted or is only held is
left out by the query. Nothing of it is stored: a client is a Guest until one of these finds it.
"""

NEW_FOR = timedelta(days=30)
"""How long somebody counts as new after having been entered (S4-09, S4-10)."""


class has_booked(FunctionElement[bool]):  # noqa: N801 - it reads like the SQL function that it is
    """`has_booked(client_id)`: whether any source of `BOOKED_BY` knows the client."""

    type = Boolean()
    inherit_cache = True


@compiles(has_booked)
def _compiled(element: Any, compiler: Any, **options: Any) -> str:
    (client_id,) = element.clauses
    booked = or_(false(), *(client_id.in_(source) for source in BOOKED_BY.values()))
    return f"({compiler.process(booked, **options)})"
