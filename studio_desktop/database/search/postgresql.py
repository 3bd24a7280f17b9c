"""The search index on PostgreSQL: one table with a text vector and trigrams, and one statement for all ranks.

The ranks are branches of a UNION ALL, each in list order with a limit of its own. Append runs its branches one after
the other until the outer limit is reached, so a rank that is not needed is planned but never run.

A word stands in the vector as `l=smith`, by its class: `l` the word that the name in lists begins with, `r` the rest of
name and company, `s` alias, `w` other. Beside it stand its beginnings of up to three letters (`l.s`, `l.sm`, `l.smi`),
which would be too many to merge; and of each phone number the digit grams (`d5550`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from studio_desktop.domain.errors import DatabaseUnavailable
from studio_desktop.domain.search import (
    GRAM,
    TYPO_BELOW,
    Hit,
    Question,
    Rank,
    SearchText,
    digit_grams,
    has_typo_form,
    inner_grams,
    is_one_edit,
    search_words,
    typo_forms,
)

COST_ALONE = 1
"""How many times as much it costs to enter a client alone as in a rebuild."""


def create(connection: Connection) -> None:
    """Make the empty tables of the index.

    Raises DatabaseUnavailable when pg_trgm is missing and this role may not add it.
    """
    _require_trigrams(connection)
    for statement in (*_TABLES, *_INDEXES):
        connection.exec_driver_sql(statement)


def these(client_ids: Collection[int]) -> tuple[str, dict[str, Any]]:
    """The SQL that follows a column to say that it is one of these ids, and the values it needs."""
    return "= ANY(%(ids)s)", {"ids": list(client_ids)}


def find(connection: Connection, question: Question, limit: int, only: str, values: dict[str, Any]) -> list[Hit]:
    """The first `limit` clients that answer; `only` is SQL to follow a condition, with `values` for it."""
    bind = _Values(values)
    branches = _branches(question, bind, connection.info.get(_ROWS, _GUESSED_ROWS))
    statement = _union(branches, bind(limit + 1), only)  # who is found by number comes again at a later rank
    found: dict[int, Rank] = {}
    for client_id, rank, rows in connection.exec_driver_sql(statement, bind.all):
        found.setdefault(client_id, Rank(rank))
        connection.info[_ROWS] = rows
    if question.asks_words and question.typo_words and len(found) < min(TYPO_BELOW, limit):
        found.update(dict.fromkeys(_found_by_typo(connection, question, limit, found, only, values), Rank.TYPO))
    return [Hit(client_id, rank) for client_id, rank in found.items()][:limit]


def update(connection: Connection, texts: Sequence[SearchText]) -> None:
    """Enter or correct these clients, and leave alone those that are right, in one statement."""
    _write(connection, texts, set().union(*map(_names, texts)))


def remove(connection: Connection, client_ids: Collection[int]) -> None:
    """Take these clients out, those that are in."""
    connection.exec_driver_sql("DELETE FROM client_search WHERE client_id = ANY(%(ids)s)", {"ids": list(client_ids)})


def forget(connection: Connection) -> None:
    """Leave not even a word of whoever was taken out."""
    connection.exec_driver_sql(_FORGET_NAMES)


def rebuild(connection: Connection, texts: Iterator[SearchText], total: int) -> None:  # noqa: ARG001 - SQLite needs it
    """Make the index of exactly these clients.

    Where this role owns the tables they are made anew, which is faster; rights in them must then be granted again.
    """
    owned = connection.exec_driver_sql(_IS_OWNER).scalar_one()
    for statement in (*_DROPS, *_TABLES) if owned else _DELETES:
        connection.exec_driver_sql(statement)
    learnt: set[str] = set()
    while batch := list(islice(texts, _BATCH)):
        names = set().union(*map(_names, batch))
        _write(connection, batch, names - learnt)
        learnt |= names
    if owned:
        for statement in _INDEXES:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("ANALYZE client_search")


def differing(connection: Connection, texts: Sequence[SearchText]) -> Iterable[int]:
    """The ids of those whose entry is missing or says something else."""
    rows = connection.exec_driver_sql(_ENTRIES, {"ids": [text.client_id for text in texts]})
    entries = {client_id: entry for client_id, *entry in rows}
    for text in texts:
        wanted = [text.sort_key, text.own, text.alias, text.other, text.inside, text.digits, sorted(_tokens(text))]
        entry = entries.get(text.client_id)
        if entry is None or [*entry[:-1], sorted(entry[-1])] != wanted:
            yield text.client_id


def strangers(connection: Connection) -> Iterable[int]:
    """The ids in the index that are no client's, or a deleted one's."""
    return [client_id for (client_id,) in connection.exec_driver_sql(_STRANGERS)]


def idle(connection: Connection) -> bool:  # noqa: ARG001 - SQLite has something to do here
    """Nothing: autovacuum tidies up."""
    return False


_TABLES = (
    """
    CREATE TABLE client_search (
        client_id bigint CONSTRAINT pk_client_search PRIMARY KEY, sort_key text COLLATE "C" NOT NULL,
        own text COLLATE "C" NOT NULL, alias text COLLATE "C" NOT NULL, other text COLLATE "C" NOT NULL,
        inside text COLLATE "C" NOT NULL, digits text COLLATE "C" NOT NULL, tokens tsvector NOT NULL
    )
    """,
    # A word that the server knows nothing of is taken to be half as frequent as the rarest one that it knows. Of a
    # hundred it knows names of towns only: it walks the whole list for a word that nobody has.
    "ALTER TABLE client_search ALTER tokens SET STATISTICS 1000",
    # Every word of a name under each of its typo forms; one that is no longer used stays until `forget`.
    """
    CREATE TABLE search_typo (
        form text COLLATE "C", word text COLLATE "C", CONSTRAINT pk_search_typo PRIMARY KEY (form, word)
    )
    """,
)
# A short pending list: it is read by every search, and whoever fills it empties it.
_INDEXES = (
    "CREATE UNIQUE INDEX ux_search_order ON client_search (sort_key, client_id)",
    """
    CREATE INDEX ix_search_tokens ON client_search USING gin (tokens)
    WITH (fastupdate = on, gin_pending_list_limit = 256)
    """,
    """
    CREATE INDEX ix_search_inside ON client_search USING gin (inside gin_trgm_ops)
    WITH (fastupdate = on, gin_pending_list_limit = 256)
    """,
)
_DROPS = ("DROP TABLE IF EXISTS client_search", "DROP TABLE IF EXISTS search_typo")
_DELETES = ("DELETE FROM client_search", "DELETE FROM search_typo")
_IS_OWNER = """
    SELECT coalesce(
        (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('client_search')), true
    )
"""

_FORGET_NAMES = """
    DELETE FROM search_typo
    WHERE word NOT IN (SELECT unnest(string_to_array(own || ' ' || alias, ' ')) FROM client_search)
"""

_BATCH = 2_000
_ROWS = "rows of client_search"
_GUESSED_ROWS = 100_000

_ENTRIES = """
    SELECT client_id, sort_key, own, alias, other, inside, digits, tsvector_to_array(tokens)
    FROM client_search WHERE client_id = ANY(%(ids)s)
"""
_STRANGERS = """
    SELECT client_id FROM client_search s
    WHERE NOT EXISTS (SELECT FROM client c WHERE c.id = s.client_id AND c.deleted_at IS NULL)
"""
# Ordered, so that two desks that learn the same names at once never wait for each other in a ring.
_WRITE = """
    WITH changed AS (
        INSERT INTO client_search AS old (client_id, sort_key, own, alias, other, inside, digits, tokens)
        SELECT client_id, sort_key, own, alias, other, inside, digits, tokens::tsvector
        FROM json_to_recordset(%(entries)s::json) AS new (
            client_id bigint, sort_key text, own text, alias text, other text, inside text, digits text, tokens text
        )
        ON CONFLICT (client_id) DO UPDATE SET
            sort_key = excluded.sort_key, own = excluded.own, alias = excluded.alias, other = excluded.other,
            inside = excluded.inside, digits = excluded.digits, tokens = excluded.tokens
        WHERE (old.sort_key, old.own, old.alias, old.other, old.inside, old.digits)
            IS DISTINCT FROM
            (excluded.sort_key, excluded.own, excluded.alias, excluded.other, excluded.inside, excluded.digits)
        RETURNING 1
    )
    INSERT INTO search_typo
    SELECT form, word FROM json_to_recordset(%(forms)s::json) AS new (form text, word text)
    WHERE EXISTS (SELECT FROM changed)
        AND NOT EXISTS (SELECT FROM search_typo known WHERE (known.form, known.word) = (new.form, new.word))
    ORDER BY form, word
    ON CONFLICT DO NOTHING
"""


def _write(connection: Connection, texts: Sequence[SearchText], names: Iterable[str]) -> None:
    """Write these texts, and have these names answer to slips of the finger."""
    entries = [
        {
            "client_id": text.client_id, "sort_key": text.sort_key, "own": text.own, "alias": text.alias,
            "other": text.other, "inside": text.inside, "digits": text.digits, "tokens": " ".join(_tokens(text)),
        }
        for text in texts
    ]  # fmt: skip
    forms = [{"form": form, "word": name} for name in names for form in typo_forms(name)]
    connection.exec_driver_sql(_WRITE, {"entries": json.dumps(entries), "forms": json.dumps(forms)})


def _require_trigrams(connection: Connection) -> None:
    if connection.exec_driver_sql("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'").first():
        return
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION pg_trgm")
    except DBAPIError as error:
        from psycopg import errors  # only here: a studio on SQLite never loads it

        if isinstance(error.orig, errors.InsufficientPrivilege):
            why = "this login may not add it. A superuser of the server must, once, connected to this database"
        elif isinstance(error.orig, errors.FeatureNotSupported | errors.UndefinedFile):
            why = "the server does not have it. Its administrator must install PostgreSQL's contrib modules, then run"
        else:
            raise
        raise DatabaseUnavailable(
            "The client search needs PostgreSQL's extension pg_trgm, but {why}: CREATE EXTENSION pg_trgm;", why=why
        ) from error


def _tokens(text: SearchText) -> set[str]:
    """The lexemes of a client: letters, digits, `=` and `.`, none of which need quotes."""
    leader = text.sort_key.split("\t")[0].split(" ")[0]
    own = text.own.split()
    classes = (
        ("l", [word for word in own if word == leader]),
        ("r", [word for word in own if word != leader]),
        ("s", text.alias.split()),
        ("w", text.other.split()),
    )
    tokens = {f"d{gram}" for gram in digit_grams(text.digits)}
    for mark, of_class in classes:
        for word in of_class:
            tokens.add(f"{mark}={word}")
            tokens.update(f"{mark}.{word[:length]}" for length in range(1, min(len(word), _LISTED) + 1))
    return tokens


def _names(text: SearchText) -> set[str]:
    return {word for word in f"{text.own} {text.alias}".split() if has_typo_form(word)}


_LISTED = 3  # beginnings up to this length are lexemes of their own

_IN_LIST_ORDER = "s.sort_key, s.client_id"
"""Lets the planner walk the list, which is best for frequent words; right where hits are spread all over it."""

_SORTED = "(s.sort_key || ''), s.client_id"
"""The same order as an expression, which no index has: the hits are fetched by their own index, then sorted."""


class _Values:
    """The values of a statement; calling it with one gives its placeholder."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.all = dict(values)

    def __call__(self, value: Any) -> str:
        name = f"value_{len(self.all)}"
        self.all[name] = value
        return f"%({name})s"


class _Branch(NamedTuple):
    """Whom to find at a rank: `where` among `rows`, in one of the two ways to say list order."""

    rank: Rank
    where: str
    order: str
    rows: str = "client_search"


_FIND = """
    SELECT h.client_id, h.rank, (SELECT reltuples FROM pg_class WHERE oid = 'client_search'::regclass)
    FROM (SELECT * FROM ({branches}) u LIMIT {limit}) h
    ORDER BY h.branch, h.sort_key, h.client_id
"""
_BRANCH = """
    (SELECT {at} AS branch, {rank} AS rank, s.sort_key, s.client_id FROM {rows} s
    WHERE {where}{only} ORDER BY {order} LIMIT {limit})
"""
_BY_NUMBER = "s.client_id = (SELECT id FROM client WHERE number_key = {number})"
_FIRST_ROWS = "(SELECT * FROM client_search ORDER BY sort_key, client_id LIMIT {first})"
# No index can serve the expression: nearly all of the list is behind the first rows.
_AFTER_FIRST_ROWS = (
    " AND (s.sort_key || '', s.client_id) > "
    "(SELECT sort_key, client_id FROM client_search ORDER BY sort_key, client_id OFFSET {first} - 1 LIMIT 1)"
)


def _union(branches: Iterable[_Branch], limit: str, only: str) -> str:
    """The statement that gives the branches' clients one after the other."""
    selects = [
        _BRANCH.format(at=at, limit=limit, only=only, **{**branch._asdict(), "rank": int(branch.rank)})
        for at, branch in enumerate(branches)
    ]
    return _FIND.format(branches=" UNION ALL ".join(selects), limit=limit)


def _branches(question: Question, bind: _Values, rows: float) -> Iterator[_Branch]:
    """The ranks in turn; each leaves out what an earlier one of them holds."""
    yield _Branch(Rank.NUMBER, _BY_NUMBER.format(number=bind(question.number)), _IN_LIST_ORDER)
    if question.asks_words and len(question.words) == 1:
        yield from _of_one_word(question, bind)
    elif question.asks_words:
        yield from _of_several_words(question, bind, rows)
    if question.asks_inside:
        yield from _inside(question, bind, rows)


def _of_one_word(question: Question, bind: _Values) -> Iterator[_Branch]:
    (word,) = question.words
    stand_ins = [_whole(mark, other) for other in question.stand_ins.get(word, ()) for mark in "lrs"]
    in_range = _range(word, bind)
    own, alias = _all_begin("lr", question.words), _all_begin("lrs", question.words, question.stand_ins)
    yield _Branch(Rank.LIST_NAME, in_range, _IN_LIST_ORDER)
    yield _Branch(Rank.OWN_NAME, f"{_match(_begins('r', word), bind)} AND NOT ({in_range})", _IN_LIST_ORDER)
    yield _Branch(
        Rank.OTHER_NAME,
        f"{_match('|'.join([_begins('s', word), *stand_ins]), bind)} AND NOT {_match(own, bind)}",
        _IN_LIST_ORDER,
    )
    yield _Branch(Rank.ANY_WORD, f"{_match(_begins('w', word), bind)} AND NOT {_match(alias, bind)}", _IN_LIST_ORDER)


def _of_several_words(question: Question, bind: _Values, rows: float) -> Iterator[_Branch]:
    asked = question.words
    own, alias = _all_begin("lr", asked), _all_begin("lrs", asked, question.stand_ins)
    any_word = _all_begin("lrsw", asked)
    ranges = {leader: _range(leader, bind) for leader in question.leaders}
    in_a_range = " OR ".join(f"({in_range})" for in_range in ranges.values())
    others = {leader: [word for word in asked if word != leader] for leader in ranges}
    not_alias = f"NOT {_match(alias, bind)}"
    for leader, in_range in ranges.items():
        rest = _match(_all_begin("lr", others[leader]), bind)
        yield _Branch(Rank.LIST_NAME, f"{in_range} AND {rest}", _IN_LIST_ORDER)
    yield _Branch(Rank.OWN_NAME, f"{_match(own, bind)} AND NOT ({in_a_range})", _SORTED)
    yield _Branch(Rank.OTHER_NAME, f"{_match(alias, bind)} AND NOT {_match(own, bind)}", _SORTED)
    for leader, in_range in ranges.items():
        rest = _match(_all_begin("lrsw", others[leader]), bind)
        yield _Branch(Rank.NAME_AND_MORE, f"{in_range} AND {rest} AND {not_alias}", _IN_LIST_ORDER)
    where = f"{_match(any_word, bind)} AND {not_alias} AND NOT ({in_a_range})"
    # Two words of a town are frequent together, which no statistics say.
    is_like_a_town = all(len(word) >= _LISTED and word.isalpha() for word in asked)
    yield from _by_index(Rank.ANY_WORD, where, bind, rows, maybe_frequent=is_like_a_town)


def _inside(question: Question, bind: _Values, rows: float) -> Iterator[_Branch]:
    where: list[str] = []
    if question.digits:
        spelt = ["(" + "|".join(map(_digits_query, spellings)) + ")" for spellings in question.digits]
        where.append(_match("&".join(spelt), bind))
        for spellings in question.digits:
            where.append("(" + " OR ".join(f"s.digits LIKE {bind(_pattern(digits))}" for digits in spellings) + ")")
    for piece in question.long_letters:
        where += _inside_text(piece, bind)
    where += [_match(_one_begins("lrs", piece), bind) for piece in question.short_letters]
    if question.asks_words:
        answered = _all_begin("lrsw", question.words)
        if question.stand_ins:
            # Who answers at rank OTHER_NAME by a stand-in need not at ANY_WORD.
            answered = f"({answered})|({_all_begin('lrs', question.words, question.stand_ins)})"
        where.append(f"NOT {_match(answered, bind)}")
    yield from _by_index(Rank.INSIDE, " AND ".join(where), bind, rows, maybe_frequent=_is_frequent(question))


def _by_index(rank: Rank, where: str, bind: _Values, rows: float, *, maybe_frequent: bool) -> Iterator[_Branch]:
    """Hits by their own index, all of which must be fetched and sorted.

    Where the beginning of the list may well hold enough of them, it is read as it stands before: so many rows that
    they cost about what the index costs for the hits of a 50-th of them.
    """
    if maybe_frequent:
        first = bind(int((50 * max(rows, 1)) ** 0.5))
        yield _Branch(rank, where, _IN_LIST_ORDER, _FIRST_ROWS.format(first=first))
        where += _AFTER_FIRST_ROWS.format(first=first)
    yield _Branch(rank, where, _SORTED)


def _inside_text(piece: str, bind: _Values) -> list[str]:
    """Conditions for a piece anywhere in the text: the one that an index serves best, then the rest.

    Of an address, words between separators and what stands before the @ are far rarer than a mail domain.
    """
    before, at, _ = piece.partition("@")
    parts = search_words(before)
    whole = ["(" + "|".join(_whole(mark, part) for mark in "lrsw") + ")" for part in (parts[1:] if at else parts[1:-1])]
    unindexed = f"(s.inside || '') LIKE {bind(_pattern(piece))}"
    if whole:
        return [_match("&".join(whole if at else [*whole, _one_begins("lrsw", parts[-1])]), bind), unindexed]
    if at and len(before) > _LISTED:
        return [f"s.inside LIKE {bind(_pattern(before + at))}", unindexed]
    return [f"s.inside LIKE {bind(_pattern(piece))}"]


def _is_frequent(question: Question) -> bool:
    """Whether this is one fragment so short, or a mail domain, that the first rows may well hold enough of it."""
    if question.digits:
        return not question.has_telling_digits and not question.long_letters
    piece, *more = question.long_letters
    return not more and (piece.startswith("@") or (len(piece) <= GRAM and not re.search(r"[@._]", piece)))


def _found_by_typo(
    connection: Connection, question: Question, limit: int, found: Iterable[int], only: str, values: Mapping[str, Any]
) -> list[int]:
    """The clients that answer when slips are forgiven, without those `found` already."""
    forms = {word: typo_forms(word) for word in question.typo_words}
    asked = sorted(set().union(*forms.values()))
    names = [name for (name,) in connection.exec_driver_sql(_CORRECTIONS, {"forms": asked})]
    corrected = {word: [name for name in names if is_one_edit(word, name)] for word in forms}
    if not any(corrected.values()):
        return []
    bind = _Values(values)
    match = _match(_all_begin("lrs", question.words, corrected), bind)
    where = f"{match} AND s.client_id <> ALL({bind(list(found))}::bigint[])"
    statement = _union([_Branch(Rank.TYPO, where, _SORTED)], bind(limit), only)
    return [client_id for client_id, *_ in connection.exec_driver_sql(statement, bind.all)]


_CORRECTIONS = "SELECT DISTINCT word FROM search_typo WHERE form = ANY(%(forms)s)"


def _range(leader: str, bind: _Values) -> str:
    """The part of the list whose names begin so."""
    return f"s.sort_key >= {bind(leader)} AND s.sort_key < {bind(leader + _ABOVE_ALL)}"


_ABOVE_ALL = "\U0010ffff"


def _match(query: str, bind: _Values) -> str:
    return f"s.tokens @@ {bind(query)}::tsquery"


def _lexeme(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _whole(mark: str, word: str) -> str:
    return _lexeme(f"{mark}={word}")


def _begins(mark: str, word: str) -> str:
    return _lexeme(f"{mark}.{word}") if len(word) <= _LISTED else f"{_whole(mark, word)}:*"


def _one_begins(marks: str, word: str, stand_ins: Iterable[str] = ()) -> str:
    """The text query for clients in whom the word begins one of these classes, or has a stand-in among the names."""
    beginnings = [_begins(mark, word) for mark in marks]
    return "(" + "|".join(beginnings + [_whole(mark, other) for other in stand_ins for mark in "lrs"]) + ")"


def _all_begin(marks: str, words: Iterable[str], stand_ins: Mapping[str, Sequence[str]] | None = None) -> str:
    return "&".join(_one_begins(marks, word, (stand_ins or {}).get(word, ())) for word in words)


def _digits_query(digits: str) -> str:
    if len(digits) < GRAM:
        return f"{_lexeme(f'd{digits}')}:*"
    return "(" + "&".join(_lexeme(f"d{gram}") for gram in inner_grams(digits)) + ")"


def _pattern(piece: str) -> str:
    """What LIKE finds wherever the piece stands."""
    return "%" + piece.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
