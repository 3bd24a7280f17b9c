"""The search index: the same people in the same order as brute force finds them, on both databases."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event, exists, insert, text, update

from studio_desktop.database import search
from studio_desktop.database.engine import Database
from studio_desktop.database.tables import people
from studio_desktop.domain.errors import DatabaseUnavailable
from studio_desktop.domain.search import Hit, Rank
from tests.database.search_oracle import Oracle
from tests.database.search_people import MOMENT, Person, Relative, changed, erase, made_up, one, save, store
from tests.database.search_questions import questions
from tests.postgres import Server

NONSENSE = (
    "%", "_", "\\", "'", '"', '""', "' OR 1=1 --", "a'b", 'a"b', "*", "smi*", "NEAR(a b)", "own:x", "-", "--", "()",
    "^a", "a & b | !c", ":*", "'l=smith':*", "\\'", "%%%", "a%b", "a_b@c", "x.y_z", "{x}", "%(x)s", ":x", "?",
    "\x00", "a\x00b", "\ud800", "\ud83d", "👪", "👨\u200d👩\u200d👧 smith", "\u202e", "e\u0301" * 20, "\ufdfa" * 80,
    "ﬁ", "İ", "ẞ", "一二三", "ไทย", "\U0010ffff", "a" * 10_000, "ab " * 4_000, "1" * 10_000, "1 a " * 3_000,
    "@" * 9_000, "a@b." * 3_000, " ".join(map(chr, range(0x4E00, 0x5E00))),
)  # fmt: skip


def test_that_every_kind_of_question_finds_what_brute_force_finds_in_the_same_order(database: Database) -> None:
    """RELIABILITY 74."""
    persons = list(made_up(3_000))
    enter(database, persons)
    oracle = Oracle(person.text for person in persons)
    asked = questions(random.Random(7), persons, 6)
    assert len(asked) > 200
    assert_same(database, oracle, (typed for _, typed in asked))


def test_that_the_index_keeps_step_with_saves_and_deletions(database: Database) -> None:
    chance = random.Random(3)
    living = {person.id: person for person in made_up(1_200, seed=2)}
    enter(database, living.values())
    for client_id in [*chance.choices(range(1, 1_201), k=250), *range(1_201, 1_241)]:
        person = changed(chance, living[client_id]) if client_id in living else one(chance, client_id)
        is_deleted = chance.random() < 0.1
        keep(database, person, is_deleted=is_deleted)
        living[client_id] = person
        if is_deleted:
            del living[client_id]
    assert database.read(search.verify) == []
    asked = questions(chance, list(living.values()), 4)
    assert_same(database, Oracle(person.text for person in living.values()), (typed for _, typed in asked))


def test_that_many_clients_entered_at_once_are_found_like_those_entered_one_by_one(database: Database) -> None:
    persons = list(made_up(1_500, seed=4))
    enter(database, persons[:400])
    database.write(lambda connection: store(connection, persons[400:]))
    database.write(lambda connection: search.update(connection, [person.id for person in persons[400:]]), patient=True)
    assert database.read(search.verify) == []
    asked = questions(random.Random(5), persons, 2)
    assert_same(database, Oracle(person.text for person in persons), (typed for _, typed in asked))


def test_that_neighbours_stay_in_list_order_however_many_come_between_them(database: Database) -> None:
    persons = [Person(1, last="Adams", first="Ann"), Person(2, last="Adams", first="Zoe"), Person(3, last="Bell")]
    enter(database, persons)
    for client_id in range(4, 160):
        first = f"B{client_id:05}" if client_id % 2 else f"B{99_999 - client_id}"
        persons.append(Person(client_id, last="Adams", first=first))
        keep(database, persons[-1])
    assert database.read(search.verify) == []
    oracle = Oracle(person.text for person in persons)
    assert_same(database, oracle, ["adams", "a", "b", "ann ad", "adams b0"], limit=200)


def test_that_a_page_further_on_continues_where_the_first_one_ended(database: Database) -> None:
    persons = list(made_up(600, seed=6))
    enter(database, persons)
    for typed in ("s", "john", "gmail", "an", "555"):
        pages = [find(database, typed, limit=20, offset=offset) for offset in range(0, 120, 20)]
        assert [hit for page in pages for hit in page] == find(database, typed, limit=120)


def test_that_a_filter_leaves_clients_out_before_they_are_counted(database: Database) -> None:
    """DECISIONS 8: a page of hits is full although most of those who answer are filtered out."""
    persons = list(made_up(1_000, seed=8))
    enter(database, persons)
    in_group = {person.id for person in persons if person.id % 9 == 0}
    client, member = people.client.c, people.client_group_member

    def group(connection: search.Connection) -> None:
        connection.execute(
            insert(people.client_group).values(id=900, description="VIP", created_at=MOMENT, updated_at=MOMENT)
        )
        connection.execute(insert(member), [{"client_id": client_id, "group_id": 900} for client_id in in_group])

    database.write(group)
    asked = [typed for _, typed in questions(random.Random(9), persons, 1)]
    filters: dict[str, tuple[search.ColumnElement[bool], Callable[[Person], bool]]] = {
        "stage": (client.stage == "archived", lambda p: p.stage == "archived"),
        "stages": (client.stage.in_(["archived", "hidden"]), lambda p: p.stage != "active"),
        "group": (
            exists().where(member.c.client_id == client.id, member.c.group_id == 900), lambda p: p.id in in_group,
        ),
        "moment": (client.created_at.in_([MOMENT]) & (client.created_at >= MOMENT), lambda p: True),
        "text": (client.company.like("%Photo%") & (client.do_not_call.is_(False)), lambda p: "Photo" in p.company),
        "nobody": (client.status_due_on.is_not(None), lambda p: False),
    }  # fmt: skip
    for where, answers in filters.values():
        oracle = Oracle(person.text for person in persons if answers(person))
        assert_same(database, oracle, asked, where=where)


@pytest.mark.parametrize("stage", ["hidden", "archived"])
def test_that_hidden_and_archived_clients_are_found_and_deleted_ones_are_not(database: Database, stage: str) -> None:
    kept, deleted = Person(1, last="Quimby", stage=stage, number="7"), Person(2, last="Quimby", number="8")
    enter(database, [kept, deleted])
    keep(database, deleted, is_deleted=True)
    assert find(database, "quimby") == [Hit(1, Rank.LIST_NAME)]
    assert find(database, "8") == []
    keep(database, deleted)
    assert find(database, "8") == [Hit(2, Rank.NUMBER)]


def test_that_a_client_number_comes_first_whatever_it_looks_like(database: Database) -> None:
    persons = [
        Person(1, last="Adams", number="A-12"),
        Person(2, last="Bell", number="0012"),
        Person(3, last="Cole", number="12"),
        Person(4, last="Doe", number="123"),
        Person(5, last="Zorn", number="#5 x"),
    ]
    enter(database, persons)
    assert find(database, " a-12 ")[0] == Hit(1, Rank.NUMBER)
    assert find(database, "0012") == [Hit(2, Rank.NUMBER)]
    assert find(database, "12") == [Hit(3, Rank.NUMBER), Hit(1, Rank.ANY_WORD), Hit(4, Rank.ANY_WORD)]
    assert find(database, "#5 X") == [Hit(5, Rank.NUMBER)]


def test_that_phones_and_emails_of_the_family_find_the_client(database: Database) -> None:
    mother = Relative("Kim", "Park", phones=("12125550188",), emails=("kim.park@example.com",))
    enter(database, [Person(1, last="Adams", first="Ann", family=(mother,)), Person(2, last="Bell")])
    for typed in ("5550188", "(212) 555-0188", "kim.park@ex", "kim", "park adams"):
        assert [hit.client_id for hit in find(database, typed)] == [1], typed


@pytest.mark.parametrize("typed", NONSENSE, ids=lambda typed: ascii(typed[:12]))
def test_that_whatever_is_typed_is_taken_literally(nonsense_studio: tuple[Database, Oracle], typed: str) -> None:
    """RELIABILITY 92."""
    database, oracle = nonsense_studio
    assert find(database, typed) == oracle.find(typed)


def test_that_names_of_any_letters_and_length_are_kept_and_found(database: Database) -> None:
    """RELIABILITY 74."""
    strange = (
        "\ufdfa" * 80, "W" * 80, "👪👪", "a'b\"c", "%_\\", "İıŞş", "e\u0301" * 40, "ﬁﬂ", "𝔄𝔫𝔫", "一二三", "O\u2019Neill"
    )  # fmt: skip
    persons = [
        Person(at, last=name, first=name[::-1][:60], emails=(f"{at}@x.example",), former_names=name)
        for at, name in enumerate(strange, 1)
    ]
    enter(database, persons)
    for person in persons:
        keep(database, replace(person, company="Acme"))
    persons = [replace(person, company="Acme") for person in persons]
    assert database.read(search.verify) == []
    oracle = Oracle(person.text for person in persons)
    assert_same(database, oracle, [typed for p in persons for typed in (p.last, p.first, p.last[:3], p.last.upper())])


def test_that_nothing_typed_finds_nobody(database: Database) -> None:
    enter(database, made_up(5))
    assert [find(database, typed) for typed in ("", "  ", "\t\n")] == [[], [], []]


@pytest.mark.parametrize("kind", ["postgresql"])
def test_that_a_question_is_one_statement_and_three_where_slips_are_looked_for(
    kind: str, fresh_studio: Callable[[str], str]
) -> None:
    with opened(fresh_studio(kind)) as database:
        enter(database, [*made_up(300), Person(999, last="Quimby")])
        assert statements(database, "s") == 1
        assert statements(database, "555") == 1
        assert statements(database, "quibmy") == 3
        assert find(database, "quibmy") == [Hit(999, Rank.TYPO)]


def test_that_a_save_that_changes_nothing_the_search_knows_writes_nothing(database: Database) -> None:
    persons = list(made_up(50))
    enter(database, persons)
    written: list[str] = []

    def listen(connection: search.Connection) -> None:
        event.listen(connection, "before_cursor_execute", lambda *args: written.append(args[2]))
        search.update(connection, [7])

    database.write(listen)
    assert database.dialect == "postgresql" or not [sql for sql in written if "SELECT" not in sql]
    assert find(database, persons[6].last) == Oracle(person.text for person in persons).find(persons[6].last)


def test_that_the_check_names_clients_whose_index_is_wrong(database: Database) -> None:
    enter(database, made_up(30))

    def spoil(connection: search.Connection) -> None:
        connection.execute(text("UPDATE client_search SET other = 'elsewhere' WHERE client_id = 3"))
        connection.execute(text("DELETE FROM client_search WHERE client_id = 5"))
        connection.execute(update(people.client).where(people.client.c.id == 8).values(company="Another"))
        erase(connection, 11)

    database.write(spoil)
    assert database.read(search.verify) == [3, 5, 8, 11]
    database.write(search.rebuild)
    assert database.read(search.verify) == []


def test_that_a_rebuild_tells_how_far_it_is(database: Database) -> None:
    told: list[tuple[int, int]] = []
    enter(database, made_up(2_500))
    database.write(lambda connection: search.rebuild(connection, lambda done, of: told.append((done, of))))
    assert told == sorted(told)
    assert told[0] == (0, 2_500)
    assert told[-1] == (2_500, 2_500)
    assert len(told) > 2


def test_that_tidying_up_after_saves_comes_to_an_end_and_loses_nobody(database: Database) -> None:
    chance = random.Random(12)
    persons = {person.id: person for person in made_up(300, seed=12)}
    enter(database, persons.values())
    for client_id in range(1, 121):
        persons[client_id] = changed(chance, persons[client_id])
        keep(database, persons[client_id])
    with database.migrating() as connection:
        steps = 0
        while search.idle(connection):
            steps += 1
            assert steps < 1_000
    assert database.dialect == "postgresql" or steps > 0
    asked = questions(chance, list(persons.values()), 2)
    assert_same(database, Oracle(person.text for person in persons.values()), (typed for _, typed in asked))


def test_that_a_server_without_trigrams_is_told_who_adds_them(postgres_server: Server) -> None:
    """DECISIONS 2: one sentence that names who runs what."""
    url = postgres_server.create()
    with opened(url, as_owner=True) as database:

        def make(connection: search.Connection) -> None:
            connection.execute(text("CREATE ROLE bare_login"))
            connection.execute(text("SET LOCAL ROLE bare_login"))
            try:
                search.create(connection)
            finally:
                connection.execute(text("RESET ROLE"))
                connection.execute(text("DROP ROLE bare_login"))

        with pytest.raises(DatabaseUnavailable, match=r"superuser .* must.*CREATE EXTENSION pg_trgm"):
            database.write(make)
    postgres_server.drop(url)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def nonsense_studio(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, postgres_server: Server
) -> Iterator[tuple[Database, Oracle]]:
    """A few clients, of whom some are called what other people type by mistake; nobody writes to them."""
    folder = tmp_path_factory.mktemp("nonsense")
    url = f"sqlite:///{folder / 'x.db'}" if request.param == "sqlite" else postgres_server.create()
    persons = [*made_up(200), Person(901, last="100%_\\", emails=("a_b@c.example", "x.y_z@c.example"), number="%")]
    with opened(url, create=True, as_owner=True) as database:
        database.write(people.client.metadata.create_all)
        database.write(search.create)
        enter(database, persons)
        yield database, Oracle(person.text for person in persons)
    if request.param == "postgresql":
        postgres_server.drop(url)


def enter(database: Database, persons: Iterable[Person]) -> None:
    """Have these clients, and no others."""
    database.write(lambda connection: store(connection, persons), patient=True)
    database.write(search.rebuild, patient=True)


def keep(database: Database, person: Person, *, is_deleted: bool = False) -> None:
    """Save the client, who may be new, as a service does."""

    def work(connection: search.Connection) -> None:
        save(connection, person)
        if is_deleted:
            connection.execute(update(people.client).where(people.client.c.id == person.id).values(deleted_at=MOMENT))
        search.update(connection, [person.id])

    database.write(work)


def find(database: Database, typed: str, **options: object) -> list[Hit]:
    return database.read(lambda connection: search.find(connection, typed, **options))  # type: ignore[arg-type]


def assert_same(
    database: Database,
    oracle: Oracle,
    asked: Iterable[str],
    limit: int = 50,
    where: search.ColumnElement[bool] | None = None,
) -> None:
    """Both find the same clients at the same ranks in the same order, whatever is asked."""
    asked = list(asked)
    found = {typed: find(database, typed, limit=limit, where=where) for typed in asked}
    assert {typed: hits for typed, hits in found.items() if hits != oracle.find(typed, limit)} == {}


def statements(database: Database, typed: str) -> int:
    count = 0

    def counted(connection: search.Connection) -> None:
        def one_more(*_: object) -> None:
            nonlocal count
            count += 1

        event.listen(connection, "before_cursor_execute", one_more)
        search.find(connection, typed)

    database.read(counted)
    return count


@contextmanager
def opened(url: str, **options: bool) -> Iterator[Database]:
    database = Database(url, **options)  # type: ignore[arg-type]
    try:
        yield database
    finally:
        database.close()
