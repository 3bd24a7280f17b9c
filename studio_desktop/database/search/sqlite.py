"""The search index on SQLite: three full-text tables whose rowid is the client's place in the list.

FTS5 gives its hits in order of rowid, so "the first 50 in list order" stops after 50 and is exact. The tables hold no
text of their own (`content=''`): whoever takes an entry out must say what it was, which `client_search` knows. So
nothing else may write to that table.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Sized
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection

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
    typo_forms,
)

COST_ALONE = 6
"""How many times as much it costs to enter a client alone as in a rebuild."""


def create(connection: Connection) -> None:
    """Make the empty tables of the index."""
    for statement in (*_TABLES, *_ORDERS):
        connection.exec_driver_sql(statement)


def these(client_ids: Collection[int]) -> tuple[str, dict[str, Any]]:
    """The SQL that follows a column to say that it is one of these ids, and the values it needs."""
    if len(client_ids) == 1:  # as in every save; a list costs twice as much to look up
        (client_id,) = client_ids
        return "= :id", {"id": client_id}
    return "IN (SELECT value FROM json_each(:ids))", {"ids": json.dumps(list(client_ids))}


def find(connection: Connection, question: Question, limit: int, only: str, values: dict[str, Any]) -> list[Hit]:
    """The first `limit` clients that answer; `only` is SQL to follow a condition, with `values` for it.

    Each rank is a statement of its own, asked only while clients are wanting.
    """
    found: dict[int, Rank] = {}
    for rank, statement, asked in _asked(connection, question, found):
        bound = {**values, **asked, "limit": limit + len(found)}
        for (client_id,) in connection.exec_driver_sql(statement.replace("/*only*/", only), bound).all():
            found.setdefault(client_id, rank)
        if len(found) >= limit:
            break
    return [Hit(client_id, rank) for client_id, rank in islice(found.items(), limit)]


def update(connection: Connection, texts: Sequence[SearchText]) -> None:
    """Enter or correct these clients."""
    for text in texts:
        old = _entry(connection, text.client_id)
        if old is not None and old.sort_key == text.sort_key:
            _rewrite(connection, old, _Entry.of(text, old.pos))
        else:
            if old is not None:
                _take_out(connection, old)
            _enter(connection, _Entry.of(text, _free_place(connection, text.sort_key, text.client_id)))
        _learn(connection, _names(text.own, text.alias) - (_names(old.own, old.alias) if old else set()))


def remove(connection: Connection, client_ids: Collection[int]) -> None:
    """Take these clients out, those that are in."""
    for client_id in client_ids:
        entry = _entry(connection, client_id)
        if entry is not None:
            _take_out(connection, entry)


def forget(connection: Connection) -> None:
    """Leave not even a word of whoever was taken out: FTS5 only marks it as gone until all its parts are merged."""
    for index in _INDEXES:
        connection.exec_driver_sql(index.optimize)
    for statement in _FORGET_NAMES:
        connection.exec_driver_sql(statement)


def rebuild(connection: Connection, texts: Iterator[SearchText], total: int) -> None:
    """Make the index of exactly these clients, who come in list order; `total` is about how many."""
    for statement in _DROPS:
        connection.exec_driver_sql(statement)
    for statement in _TABLES:
        connection.exec_driver_sql(statement)
    names: set[str] = set()
    gram_counts: Counter[str] = Counter()
    sampled = max(1, total // _GRAM_SAMPLE)
    entries = (_Entry.of(text, at * _GAP) for at, text in enumerate(texts, 1))
    while batch := list(islice(entries, _BATCH)):
        connection.exec_driver_sql(_ENTER, batch)
        for index in _INDEXES:
            connection.exec_driver_sql(index.enter, [(entry.pos, index.document(entry)) for entry in batch])
        for entry in batch:
            names |= _names(entry.own, entry.alias)
            if entry.pos // _GAP % sampled == 0:
                gram_counts.update({gram for gram in _trigrams(_inside(entry)) if " " not in gram})
        if len(names) >= _NAMES_HELD:
            _learn(connection, names)
            names.clear()
    for index in _INDEXES:
        connection.exec_driver_sql(index.optimize)
    if gram_counts:
        connection.exec_driver_sql(
            "INSERT INTO search_gram VALUES (?, ?)", [(gram, n * sampled) for gram, n in sorted(gram_counts.items())]
        )
    _learn(connection, names)
    for statement in _ORDERS:
        connection.exec_driver_sql(statement)


def differing(connection: Connection, texts: Sequence[SearchText]) -> Iterable[int]:
    """The ids of those whose entry is missing or says something else."""
    which, values = these([text.client_id for text in texts])
    entries = {row.client_id: row for row in map(_Entry._make, connection.exec_driver_sql(_ENTRIES + which, values))}
    for text in texts:
        entry = entries.get(text.client_id)
        if entry is None or entry != _Entry.of(text, entry.pos):
            yield text.client_id


def strangers(connection: Connection) -> Iterable[int]:
    """The ids in the index that are no client's, or a deleted one's, or lack a place in a full-text table."""
    return [client_id for (client_id,) in connection.exec_driver_sql(_STRANGERS)]


def idle(connection: Connection) -> bool:
    """Merge a few pages of what saves appended, and bring the write-ahead log home; whether there is more to merge."""
    with connection.begin():
        more = [_merged(connection, index) for index in _INDEXES]
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute("PRAGMA wal_checkpoint(PASSIVE)")  # not by SQLAlchemy, which would begin a transaction
    return any(more)


_TABLES = (
    """
    CREATE TABLE client_search (
        pos INTEGER PRIMARY KEY, client_id INTEGER NOT NULL, sort_key TEXT NOT NULL, own TEXT NOT NULL,
        alias TEXT NOT NULL, other TEXT NOT NULL, extra TEXT NOT NULL, digits TEXT NOT NULL
    )
    """,
    # Beginnings of every length are indexed (one more for the mark): merging the words that begin with a longer one
    # would have to be finished before the first hit comes.
    """
    CREATE VIRTUAL TABLE search_words USING fts5(
        tokens, content='', detail=none, tokenize='ascii', prefix='2 3 4 5 6 7 8 9 10 11 12 13'
    )
    """,
    """
    CREATE VIRTUAL TABLE search_inside USING fts5(
        text, content='', detail=none, tokenize='trigram case_sensitive 1'
    )
    """,
    "CREATE VIRTUAL TABLE search_digits USING fts5(grams, content='', detail=none, tokenize='ascii', prefix='3')",
    # How many clients have each trigram, by a sample of the last rebuild; it need only be about right.
    "CREATE TABLE search_gram (gram TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID",
    # Every word of a name under each of its typo forms; one that is no longer used stays until `forget`.
    "CREATE TABLE search_typo (form TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (form, word)) WITHOUT ROWID",
    # Merges belong into pauses (`idle`), not into the save that happens to be due.
    "INSERT INTO search_words(search_words, rank) VALUES ('automerge', 0)",
    "INSERT INTO search_words(search_words, rank) VALUES ('crisismerge', 32)",
    "INSERT INTO search_inside(search_inside, rank) VALUES ('automerge', 0)",
    "INSERT INTO search_inside(search_inside, rank) VALUES ('crisismerge', 32)",
    "INSERT INTO search_digits(search_digits, rank) VALUES ('automerge', 0)",
    "INSERT INTO search_digits(search_digits, rank) VALUES ('crisismerge', 32)",
)
_ORDERS = (
    "CREATE UNIQUE INDEX ux_search_client ON client_search (client_id)",
    "CREATE UNIQUE INDEX ux_search_order ON client_search (sort_key, client_id)",
)
_DROPS = (
    "DROP TABLE IF EXISTS client_search",
    "DROP TABLE IF EXISTS search_words",
    "DROP TABLE IF EXISTS search_inside",
    "DROP TABLE IF EXISTS search_digits",
    "DROP TABLE IF EXISTS search_gram",
    "DROP TABLE IF EXISTS search_typo",
)

_FORGET_NAMES = (
    "CREATE VIRTUAL TABLE temp.search_term USING fts5vocab(main, search_words, row)",
    """
    DELETE FROM search_typo
    WHERE word NOT IN (SELECT substr(term, 2) FROM temp.search_term WHERE substr(term, 1, 1) IN ('o', 'a'))
    """,
    "DROP TABLE temp.search_term",
)

_BATCH = 2_000
_GAP = 4_096  # between the places of neighbours after a rebuild: room for twelve halvings
_SPREAD = 64  # how many entries are spread out when there is no room left
_GRAM_SAMPLE = 20_000
_NAMES_HELD = 50_000  # words that wait to be entered with their typo forms, some ten of each
_RAREST = 4  # so many trigrams are asked for, shared among the pieces; the text itself settles the rest


class _Entry(NamedTuple):
    """A row of client_search."""

    pos: int
    client_id: int
    sort_key: str
    own: str
    alias: str
    other: str
    extra: str
    digits: str

    @classmethod
    def of(cls, text: SearchText, pos: int) -> _Entry:
        return cls(pos, text.client_id, text.sort_key, text.own, text.alias, text.other, text.extra, text.digits)


def _tokens(entry: _Entry) -> str:
    """Every word behind a mark for where it stands: own, alias or other (x)."""
    marked = (("o", entry.own), ("a", entry.alias), ("x", entry.other))
    return " ".join([mark + word for mark, text in marked for word in text.split()])


def _inside(entry: _Entry) -> str:
    return f"{entry.own} {entry.alias} {entry.extra}"


def _grams(entry: _Entry) -> str:
    return " ".join(digit_grams(entry.digits))


class _Index(NamedTuple):
    """A full-text table: what it holds of an entry, and the commands that change it."""

    document: Callable[[_Entry], str]
    enter: str
    take_out: str
    merge: str
    optimize: str


_INDEXES = (
    _Index(
        _tokens,
        "INSERT INTO search_words(rowid, tokens) VALUES (?, ?)",
        "INSERT INTO search_words(search_words, rowid, tokens) VALUES ('delete', ?, ?)",
        "INSERT INTO search_words(search_words, rank) VALUES ('merge', 16)",
        "INSERT INTO search_words(search_words) VALUES ('optimize')",
    ),
    _Index(
        _inside,
        "INSERT INTO search_inside(rowid, text) VALUES (?, ?)",
        "INSERT INTO search_inside(search_inside, rowid, text) VALUES ('delete', ?, ?)",
        "INSERT INTO search_inside(search_inside, rank) VALUES ('merge', 16)",
        "INSERT INTO search_inside(search_inside) VALUES ('optimize')",
    ),
    _Index(
        _grams,
        "INSERT INTO search_digits(rowid, grams) VALUES (?, ?)",
        "INSERT INTO search_digits(search_digits, rowid, grams) VALUES ('delete', ?, ?)",
        "INSERT INTO search_digits(search_digits, rank) VALUES ('merge', 16)",
        "INSERT INTO search_digits(search_digits) VALUES ('optimize')",
    ),
)

_ENTRIES = "SELECT pos, client_id, sort_key, own, alias, other, extra, digits FROM client_search WHERE client_id "
_ENTRY = _ENTRIES + "= ?"
_ENTER = "INSERT INTO client_search VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_CHANGE = "UPDATE client_search SET own = ?, alias = ?, other = ?, extra = ?, digits = ? WHERE pos = ?"
_TAKE_OUT = "DELETE FROM client_search WHERE pos = ?"
_NEIGHBOURS = """
    SELECT
        ifnull((SELECT pos FROM client_search WHERE (sort_key, client_id) < (?, ?)
            ORDER BY sort_key DESC, client_id DESC LIMIT 1), 0),
        (SELECT pos FROM client_search WHERE (sort_key, client_id) > (?, ?) ORDER BY sort_key, client_id LIMIT 1)
"""
_FOLLOWING = """
    SELECT pos, client_id, sort_key, own, alias, other, extra, digits FROM client_search
    WHERE pos > ? ORDER BY pos LIMIT ?
"""
_STRANGERS = """
    SELECT client_id FROM client_search s
    WHERE NOT EXISTS (SELECT 1 FROM client c WHERE c.id = s.client_id AND c.deleted_at IS NULL)
        OR NOT EXISTS (SELECT 1 FROM search_words_docsize d WHERE d.id = s.pos)
        OR NOT EXISTS (SELECT 1 FROM search_inside_docsize d WHERE d.id = s.pos)
        OR NOT EXISTS (SELECT 1 FROM search_digits_docsize d WHERE d.id = s.pos)
"""


def _merged(connection: Connection, index: _Index) -> bool:
    """Merge a few pages; whether there were any to merge (FTS5's documentation of "merge" says how one knows)."""
    before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
    connection.exec_driver_sql(index.merge)
    return bool(connection.exec_driver_sql("SELECT total_changes()").scalar_one() - before >= 2)


def _entry(connection: Connection, client_id: int) -> _Entry | None:
    row = connection.exec_driver_sql(_ENTRY, (client_id,)).one_or_none()
    return _Entry._make(row) if row is not None else None


def _enter(connection: Connection, entry: _Entry) -> None:
    connection.exec_driver_sql(_ENTER, tuple(entry))
    for index in _INDEXES:
        connection.exec_driver_sql(index.enter, (entry.pos, index.document(entry)))


def _take_out(connection: Connection, entry: _Entry) -> None:
    for index in _INDEXES:
        connection.exec_driver_sql(index.take_out, (entry.pos, index.document(entry)))
    connection.exec_driver_sql(_TAKE_OUT, (entry.pos,))


def _rewrite(connection: Connection, old: _Entry, new: _Entry) -> None:
    """Change an entry that keeps its place: only what differs."""
    if new == old:
        return
    for index in _INDEXES:
        before, after = index.document(old), index.document(new)
        if before != after:
            connection.exec_driver_sql(index.take_out, (old.pos, before))
            connection.exec_driver_sql(index.enter, (new.pos, after))
    connection.exec_driver_sql(_CHANGE, (new.own, new.alias, new.other, new.extra, new.digits, old.pos))


def _free_place(connection: Connection, sort_key: str, client_id: int) -> int:
    """A free place between the neighbours in list order."""
    low, high = connection.exec_driver_sql(_NEIGHBOURS, (sort_key, client_id) * 2).one()
    if high is None:
        return int(low) + _GAP
    if high - low > 1:
        return int(low + high) // 2
    return _made_place(connection, low)


def _made_place(connection: Connection, low: int) -> int:
    """A place right above `low`, made by spreading out the entries that follow: the fewer the better."""
    span = _SPREAD
    while True:
        following = [_Entry._make(row) for row in connection.exec_driver_sql(_FOLLOWING, (low, span + 1))]
        is_end = len(following) <= span
        high = following[-1].pos + (_GAP * span if is_end else 0)
        if high - low >= span * 16:
            break
        span *= 2
    moved = following if is_end else following[:-1]
    step = (high - low) // (len(moved) + 2)
    for entry in moved:
        _take_out(connection, entry)
    for at, entry in enumerate(moved, 2):
        _enter(connection, entry._replace(pos=low + step * at))
    return low + step


def _names(own: str, alias: str) -> set[str]:
    return {word for word in f"{own} {alias}".split() if has_typo_form(word)}


def _learn(connection: Connection, names: Iterable[str]) -> None:
    """Have these words answer to slips of the finger."""
    forms = sorted((form, name) for name in names for form in typo_forms(name))
    if forms:
        connection.exec_driver_sql("INSERT OR IGNORE INTO search_typo VALUES (?, ?)", forms)


def _trigrams(text: str) -> list[str]:
    return [text[at : at + 3] for at in range(len(text) - 2)]


_BY_NUMBER = """
    SELECT s.client_id FROM client numbered JOIN client_search s ON s.client_id = numbered.id
    WHERE numbered.number_key = :number/*only*/ LIMIT :limit
"""
_BY_LIST_NAME = """
    SELECT s.client_id FROM client_search s
    WHERE s.sort_key >= :low AND s.sort_key < :high/*only*/ ORDER BY s.sort_key, s.client_id LIMIT :limit
"""
# CROSS JOIN holds the order of the tables: the full-text table gives its hits in list order, and stops early.
_BY_WORDS = """
    SELECT s.client_id FROM search_words f CROSS JOIN client_search s ON s.pos = f.rowid
    WHERE search_words MATCH :match/*only*/ ORDER BY f.rowid LIMIT :limit
"""
_BY_WORDS_IN_RANGE = """
    SELECT s.client_id FROM search_words f CROSS JOIN client_search s ON s.pos = f.rowid
    WHERE search_words MATCH :match
        AND f.rowid >= (SELECT pos FROM client_search WHERE sort_key >= :low ORDER BY sort_key, client_id LIMIT 1)
        AND f.rowid < ifnull(
            (SELECT pos FROM client_search WHERE sort_key >= :high ORDER BY sort_key, client_id LIMIT 1),
            9223372036854775807
        )/*only*/
    ORDER BY f.rowid LIMIT :limit
"""
_BY_LETTERS = """
    SELECT s.client_id FROM search_inside f CROSS JOIN client_search s ON s.pos = f.rowid
    WHERE search_inside MATCH :letters/*checks*//*only*/ ORDER BY f.rowid LIMIT :limit
"""
# The plus keeps SQLite from asking for each row of the list by itself.
_BY_LETTERS_AND_DIGITS = """
    SELECT s.client_id FROM search_inside f CROSS JOIN client_search s ON s.pos = f.rowid
    WHERE search_inside MATCH :letters
        AND +f.rowid IN (SELECT rowid FROM search_digits WHERE search_digits MATCH :digits)/*checks*//*only*/
    ORDER BY f.rowid LIMIT :limit
"""
_BY_DIGITS = """
    SELECT s.client_id FROM search_digits f CROSS JOIN client_search s ON s.pos = f.rowid
    WHERE search_digits MATCH :digits/*checks*//*only*/ ORDER BY f.rowid LIMIT :limit
"""
_ABOVE_ALL = "\U0010ffff"

_Asked = tuple[Rank, str, dict[str, Any]]


def _asked(connection: Connection, question: Question, found: Sized) -> Iterator[_Asked]:
    """The statements of each rank in turn, with their values; `found` grows meanwhile."""
    yield Rank.NUMBER, _BY_NUMBER, {"number": question.number}
    if question.asks_words:
        yield from _asked_words(question)
    if question.asks_inside:
        yield _asked_inside(connection, question)
    if question.asks_words and len(found) < TYPO_BELOW:
        corrected = {word: _corrections(connection, word) for word in question.typo_words}
        if any(corrected.values()):
            yield Rank.TYPO, _BY_WORDS, {"match": _all_begin("oa", question.words, corrected)}


def _asked_words(question: Question) -> Iterator[_Asked]:
    asked = question.words
    ranges = [{"low": leader, "high": leader + _ABOVE_ALL} for leader in question.leaders]
    others = [[word for word in asked if word != leader] for leader in question.leaders]
    if len(asked) == 1:
        yield Rank.LIST_NAME, _BY_LIST_NAME, ranges[0]
    else:
        for limits, rest in zip(ranges, others, strict=True):
            yield Rank.LIST_NAME, _BY_WORDS_IN_RANGE, {"match": _all_begin("o", rest), **limits}
    yield Rank.OWN_NAME, _BY_WORDS, {"match": _all_begin("o", asked)}
    yield Rank.OTHER_NAME, _BY_WORDS, {"match": _all_begin("oa", asked, question.stand_ins)}
    if len(asked) > 1:
        for limits, rest in zip(ranges, others, strict=True):
            yield Rank.NAME_AND_MORE, _BY_WORDS_IN_RANGE, {"match": _all_begin("oax", rest), **limits}
    yield Rank.ANY_WORD, _BY_WORDS, {"match": _all_begin("oax", asked)}


def _asked_inside(connection: Connection, question: Question) -> _Asked:
    """Few grams lead to candidates, and their texts settle it. Four digits lead to fewer than letters mostly do."""
    checks: list[str] = []
    values: dict[str, Any] = {}

    def check(sql: str, *pieces: str) -> None:
        names = [f"piece{len(values) + at}" for at in range(len(pieces))]
        values.update(zip(names, pieces, strict=True))
        checks.append(" AND (" + " OR ".join(sql.format(f":{name}") for name in names) + ")")

    for spellings in question.digits:
        check("instr(s.digits, {})", *spellings)
    for piece in question.long_letters:
        check("instr(s.own || ' ' || s.alias || ' ' || s.extra, {})", piece)
    for piece in question.short_letters:
        check("instr(' ' || s.own || ' ' || s.alias, ' ' || {})", piece)
    if question.digits:
        values["digits"] = _digits_match(question)
    if question.digits and (question.has_telling_digits or not question.long_letters):
        statement = _BY_DIGITS
    else:
        statement = _BY_LETTERS_AND_DIGITS if question.digits else _BY_LETTERS
        each = max(1, _RAREST // len(question.long_letters))
        grams = dict.fromkeys(gram for piece in question.long_letters for gram in _rarest(connection, piece, each))
        values["letters"] = " AND ".join(map(_quoted, grams))
    return Rank.INSIDE, statement.replace("/*checks*/", "".join(checks)), values


def _digits_match(question: Question) -> str:
    def spelt(digits: str) -> str:
        return " AND ".join(map(_quoted, inner_grams(digits))) if len(digits) >= GRAM else f"{_quoted(digits)}*"

    return " AND ".join(
        "(" + " OR ".join(f"({spelt(digits)})" for digits in spellings) + ")" for spellings in question.digits
    )


def _quoted(token: str) -> str:
    return '"' + token.replace('"', '""') + '"'


def _all_begin(marks: str, words: Iterable[str], stand_ins: Mapping[str, Sequence[str]] | None = None) -> str:
    """The full-text question for clients in whom each word begins one marked so, or has a stand-in among the names."""

    def one(word: str) -> str:
        beginnings = [f"{_quoted(mark + word)}*" for mark in marks]
        whole = [_quoted(mark + other) for other in (stand_ins or {}).get(word, ()) for mark in "oa"]
        return "(" + " OR ".join(beginnings + whole) + ")"

    return " AND ".join(map(one, words))


def _rarest(connection: Connection, piece: str, count: int) -> list[str]:
    """The trigrams of the piece that the fewest clients have."""
    grams = list(dict.fromkeys(_trigrams(piece)))
    if len(grams) <= count:
        return grams
    rows = connection.exec_driver_sql(
        "SELECT gram, n FROM search_gram WHERE gram IN (SELECT value FROM json_each(?))", (json.dumps(grams),)
    )
    counts: dict[str, int] = dict(rows.all())
    return sorted(grams, key=lambda gram: counts.get(gram, 0))[:count]


def _corrections(connection: Connection, word: str) -> list[str]:
    """The words of names that are one edit away."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT word FROM search_typo WHERE form IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(typo_forms(word))),),
    )
    return [name for (name,) in rows if is_one_edit(word, name)]
