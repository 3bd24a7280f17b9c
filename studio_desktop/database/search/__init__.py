"""The search index: who answers what was typed, best first, the same on both databases.

What it means stands in `domain/search.py`; `sqlite.py` and `postgresql.py` are two ways to the same answer. Whatever
writes names, phones, e-mails, addresses, family or numbers calls `update` before it commits.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection, exists, literal_column, select, tuple_
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from studio_desktop.database.search import postgresql, sqlite
from studio_desktop.database.tables import people
from studio_desktop.domain.search import Hit, Question, SearchText, parse, search_text

__all__ = ["SEARCH_VERSION", "Hit", "create", "find", "forget", "idle", "rebuild", "texts_of", "update", "verify"]

T = TypeVar("T")

SEARCH_VERSION = 1
"""Raised when folding or the index change: a database that holds an older index must be rebuilt."""


def create(connection: Connection) -> None:
    """Make the empty index.

    Raises DatabaseUnavailable on a PostgreSQL that lacks pg_trgm when this role may not add it.
    """
    _engine(connection).create(connection)


def find(
    connection: Connection,
    typed: str,
    limit: int = 50,
    offset: int = 0,
    where: ColumnElement[bool] | None = None,
) -> list[Hit]:
    """Who answers, in result order, from `offset` on; `where` leaves out clients by a condition on the client table.

    Nothing typed finds nobody. Deleted clients are never found; hidden and archived ones are.
    """
    question = parse(typed)
    if not question.number:
        return []
    return _engine(connection).find(connection, question, offset + limit, *_only(connection, where))[offset:]


def update(
    connection: Connection, client_ids: Collection[int], progress: Callable[[int, int], None] | None = None
) -> None:
    """Bring the index in line with these clients, inside the caller's transaction; deleted ones leave it.

    `progress` hears how many clients of how many are done.
    """
    engine = _engine(connection)
    if len(client_ids) >= _MANY and len(client_ids) * engine.COST_ALONE >= _count(connection):
        rebuild(connection, progress)
        return
    for done, ids in enumerate(_batches(client_ids, _BATCH)):
        if progress is not None:
            progress(done * _BATCH, len(client_ids))
        texts = list(texts_of(connection, ids))
        if texts:
            engine.update(connection, texts)
        gone = set(ids).difference(text.client_id for text in texts)
        if gone:
            engine.remove(connection, gone)


def rebuild(connection: Connection, progress: Callable[[int, int], None] | None = None) -> None:
    """Make the whole index anew; `progress` hears how many clients of how many are done."""
    total = _count(connection)

    def told(texts: Iterable[SearchText]) -> Iterator[SearchText]:
        for done, text in enumerate(texts):
            if progress is not None and done % _BATCH == 0:
                progress(done, total)
            yield text

    _engine(connection).rebuild(connection, told(_all_texts(connection)), total)
    if progress is not None:
        progress(total, total)


def forget(connection: Connection) -> None:
    """Leave not even a word of whoever was taken out, inside the caller's transaction: an erasure asks for it.

    It goes through the whole index.
    """
    _engine(connection).forget(connection)


def verify(connection: Connection) -> list[int]:
    """The ids of those whose index differs from what it is made from, or who should not be in it; ascending."""
    engine = _engine(connection)
    differing = set(engine.strangers(connection))
    for texts in _batches(_all_texts(connection), _BATCH):
        differing.update(engine.differing(connection, texts))
    return sorted(differing)


def idle(connection: Connection) -> bool:
    """Tidy up a little of what saves left behind, outside any transaction; whether there is more to do.

    To be called on SQLite's writing connection when nothing was written for 200 ms, and again while it says so.
    """
    return _engine(connection).idle(connection)


def texts_of(connection: Connection, client_ids: Collection[int]) -> Iterator[SearchText]:
    """The search texts of these clients as the tables say, in list order; deleted and unknown ones are left out."""
    these, ids = _engine(connection).these(client_ids)
    clients: list[Any] = []
    owned: dict[int, tuple[list[str], ...]] = {}
    for row in connection.exec_driver_sql(_PARTS.format(these=these), ids).all():
        part, client_id, value = row[:3]
        if part == _CLIENT:
            clients.append(row)
        else:
            owned.setdefault(client_id, ([], [], [], []))[part].append(value)
    for _, client_id, sort_key, last, first, company, nickname, former_names, number, former_numbers in sorted(
        clients, key=_PLACE
    ):
        phone_digits, emails, towns, family_names = owned.get(client_id, ((), (), (), ()))
        yield search_text(
            client_id, sort_key, last, first, company, nickname=nickname, former_names=former_names, number=number,
            former_numbers=former_numbers,
            phone_digits=phone_digits, emails=emails, towns=towns, family_names=family_names,
        )  # fmt: skip


class _Engine(Protocol):
    """What each database does in its own way."""

    COST_ALONE: int
    """How many times as much it costs to enter a client alone as in a rebuild."""

    def create(self, connection: Connection) -> None:
        """Make the empty tables of the index."""

    def these(self, client_ids: Collection[int]) -> tuple[str, dict[str, Any]]:
        """The SQL that follows a column to say that it is one of these ids, and the values it needs."""

    def find(
        self, connection: Connection, question: Question, limit: int, only: str, values: dict[str, Any]
    ) -> list[Hit]:
        """The first `limit` clients that answer; `only` is SQL to follow a condition, with `values` for it."""

    def update(self, connection: Connection, texts: Sequence[SearchText]) -> None:
        """Enter or correct these clients."""

    def remove(self, connection: Connection, client_ids: Collection[int]) -> None:
        """Take these clients out, those that are in."""

    def forget(self, connection: Connection) -> None:
        """Leave not even a word of whoever was taken out."""

    def rebuild(self, connection: Connection, texts: Iterator[SearchText], total: int) -> None:
        """Make the index of exactly these clients, who come in list order; `total` is about how many."""

    def differing(self, connection: Connection, texts: Sequence[SearchText]) -> Iterable[int]:
        """The ids of those whose entry is missing or says something else."""

    def strangers(self, connection: Connection) -> Iterable[int]:
        """The ids in the index that are no client's, or a deleted one's."""

    def idle(self, connection: Connection) -> bool:
        """A step of tidying; whether there is more."""


_BATCH = 2_000
_MANY = 500

_CLIENT = -1
_PLACE = itemgetter(2, 1)
# One arm per table: an empty database that has just been filled knows nothing of its sizes, and joins would go wrong.
_PARTS = """
    SELECT -1, id, sort_key, last_name, first_name, company, nickname, former_names, number, former_numbers
        FROM client WHERE id {these} AND deleted_at IS NULL
    UNION ALL SELECT 0, client_id, digits, '', '', '', '', '', '', '' FROM phone WHERE client_id {these}
    UNION ALL SELECT 0, m.client_id, p.digits, '', '', '', '', '', '', ''
        FROM family_member m JOIN phone p ON p.family_member_id = m.id WHERE m.client_id {these}
    UNION ALL SELECT 1, client_id, address, '', '', '', '', '', '', '' FROM email WHERE client_id {these}
    UNION ALL SELECT 1, m.client_id, e.address, '', '', '', '', '', '', ''
        FROM family_member m JOIN email e ON e.family_member_id = m.id WHERE m.client_id {these}
    UNION ALL SELECT 2, client_id, town, '', '', '', '', '', '', '' FROM address WHERE client_id {these}
    UNION ALL SELECT 3, client_id, first_name || ' ' || last_name, '', '', '', '', '', '', ''
        FROM family_member WHERE client_id {these}
"""


def _engine(connection: Connection) -> _Engine:
    return sqlite if connection.dialect.name == "sqlite" else postgresql


def _count(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT count(*) FROM client WHERE deleted_at IS NULL").scalar_one())


def _all_texts(connection: Connection) -> Iterator[SearchText]:
    """Every client's text in list order, read page by page along the list's own index."""
    client = people.client.c
    place = tuple_(client.sort_key, client.id)
    page = select(client.sort_key, client.id).where(client.deleted_at.is_(None)).order_by(*place).limit(_BATCH)
    rows = connection.execute(page).all()
    while rows:
        yield from texts_of(connection, [row.id for row in rows])
        rows = connection.execute(page.where(place > tuple(rows[-1]))).all()


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _only(connection: Connection, where: ColumnElement[bool] | None) -> tuple[str, dict[str, Any]]:
    """The condition as SQL with its values, for a statement in which `s` is a row of client_search."""
    if where is None:
        return "", {}
    dialect = connection.dialect
    if dialect.name == "sqlite":
        dialect = SQLiteDialect_pysqlite(paramstyle="named")
    compiled = exists().where(people.client.c.id == literal_column("s.client_id"), where).compile(dialect=dialect)
    state = compiled.construct_expanded_state()
    values = {}
    for name, value in state.parameters.items():
        process = state.processors.get(name)  # known here for members of an IN list only
        if name in compiled.binds:
            process = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
        values[name] = process(value) if callable(process) else value
    return f" AND {state.statement}", values
