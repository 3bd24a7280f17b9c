"""Text compared without case and accents inside the database, by the same rule as everywhere (`domain.text.fold`)."""

from __future__ import annotations

import sqlite3
from functools import cache
from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from studio_desktop.domain.text import fold


class folded(FunctionElement[str]):  # noqa: N801 - it reads like the SQL function that it is
    """`folded(expression)`: the folded text, empty for NULL. Exact for Latin, modern Greek and Cyrillic letters."""

    type = Text()
    inherit_cache = True


def teach_sqlite(raw: sqlite3.Connection) -> None:
    """Give a connection the function that `folded` calls there."""
    raw.create_function("studio_fold", 1, lambda text: "" if text is None else fold(str(text)), deterministic=True)


@compiles(folded, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"studio_fold({compiler.process(element.clauses, **options)})"


@compiles(folded, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    many, singles, replacements = _letters()
    folding = "lower(t)"
    for letter, letters in many:
        folding = f"replace({folding}, '{letter}', '{letters}')"
    # Most texts are plain ASCII, and to look every letter of them up takes ten times as long. OFFSET 0 keeps the
    # planner from working the text out once for each place that names it.
    text = f"coalesce(CAST({compiler.process(element.clauses, **options)} AS text), '')"
    plain = "translate(lower(t), '''`', '')"
    accented = f"translate({folding}, '{singles}', '{replacements}')"
    chosen = f"CASE WHEN octet_length(t) = length(t) THEN {plain} ELSE {accented} END"
    return f"(SELECT {chosen} FROM (SELECT {text} AS t OFFSET 0) AS folding)"  # noqa: S608 - letters of our own


@cache
def _letters() -> tuple[list[tuple[str, str]], str, str]:
    """Letters that become several; those that become one, and which; last in the second those that become nothing."""
    many: list[tuple[str, str]] = []
    ones: list[tuple[str, str]] = []
    dropped = ["''", "`"]
    for code in (code for first, last in _ALPHABETS for code in range(first, last + 1)):
        letter = chr(code)
        bare = fold(letter)
        if not bare:
            dropped.append(letter)
        elif len(bare) > 1 and bare.isascii():
            many.append((letter, bare))
        elif len(bare) == 1 and bare != letter:
            ones.append((letter, bare))
    singles = "".join(letter for letter, _ in ones) + "".join(dropped)
    return many, singles, "".join(bare for _, bare in ones)


_ALPHABETS = ((0xC0, 0x24F), (0x2BC, 0x2BC), (0x300, 0x36F), (0x370, 0x52F), (0x1E00, 0x1FFF), (0x2019, 0x2019))
