"""Made-up clients for the search: as many as wanted, the same for a seed, and shaped as a studio's are.

Of the surnames 15 % come from a long tail, 4 % are double, 3 % of all names have accents; two thirds of the clients
have family.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import accumulate, islice
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from studio_desktop.database.tables import people
from studio_desktop.domain import names
from studio_desktop.domain.search import SearchText, search_text
from studio_desktop.domain.text import fold

MOMENT = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """A client with what the search knows of one."""

    id: int
    last: str = ""
    first: str = ""
    company: str = ""
    nickname: str = ""
    former_names: str = ""
    number: str = ""
    stage: str = "active"
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    family: tuple[Relative, ...] = ()

    @property
    def text(self) -> SearchText:
        """What the index should say of the client."""
        return search_text(
            self.id, names.sort_key(self.last, self.first, self.company), self.last, self.first, self.company,
            nickname=self.nickname, former_names=self.former_names, number=self.number, towns=self.towns,
            family_names=[f"{relative.first} {relative.last}" for relative in self.family],
            phone_digits=[*self.phones, *(phone for relative in self.family for phone in relative.phones)],
            emails=[*self.emails, *(email for relative in self.family for email in relative.emails)],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relative:
    """A family member."""

    first: str
    last: str
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


def made_up(count: int, seed: int = 1) -> Iterator[Person]:
    """So many different clients, with ids from 1 on."""
    chance = random.Random(seed)
    for client_id in range(1, count + 1):
        yield one(chance, client_id)


def one(chance: random.Random, client_id: int) -> Person:
    """A client by chance."""
    last, first = _surname(chance), _first_name(chance)
    family = tuple(
        Relative(
            _first_name(chance), last if chance.random() < 0.8 else _surname(chance),
            phones=(_phone(chance),) if chance.random() < 0.1 else (),
            emails=(_email(chance, _first_name(chance), last),) if chance.random() < 0.1 else (),
        )
        for _ in range(chance.choice((0, 0, 1, 1, 2, 3)))
    )  # fmt: skip
    business = chance.random() < 0.05
    return Person(
        id=client_id,
        last="" if business and chance.random() < 0.5 else last,
        first="" if business else f"{first} {_first_name(chance)}" if chance.random() < 0.1 else first,
        company=f"{_surname(chance)} {chance.choice(_TRADES)}" if business or chance.random() < 0.05 else "",
        nickname=chance.choice(_NICKNAMES) if chance.random() < 0.05 else "",
        former_names=_surname(chance) if chance.random() < 0.08 else "",
        number=f"{chance.choice('AB')}-{client_id}" if chance.random() < 0.05 else str(1_000 + client_id),
        stage=chance.choice(("active",) * 8 + ("hidden", "archived")),
        phones=tuple(_phone(chance) for _ in range(chance.choice((0, 1, 1, 2, 2, 3)))),
        emails=tuple(_email(chance, first, last) for _ in range(chance.choice((0, 1, 1, 2)))),
        towns=tuple(chance.choice(_TOWNS) for _ in range(chance.choice((0, 1, 1, 1, 2)))),
        family=family,
    )


def changed(chance: random.Random, person: Person) -> Person:
    """The client after a save by chance: moved house, married, another phone, …"""
    other = one(chance, person.id)
    fields = chance.choice(
        (("last",), ("first",), ("phones",), ("emails",), ("towns",), ("family",), ("nickname", "former_names"),
         ("company",), ("stage",), ("last", "phones", "family"))
    )  # fmt: skip
    return replace(person, **{field: getattr(other, field) for field in fields})


def store(connection: Connection, persons: Iterable[Person]) -> None:
    """Write new clients into the tables, and nothing into the index."""
    remaining = iter(persons)
    while batch := list(islice(remaining, 5_000)):
        rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in _TABLES}
        for person in batch:
            for table, row in _rows(person):
                rows[table].append(row)
        for table in _TABLES:
            # RETURNING makes SQLAlchemy put many rows into one statement, which saves a server's time.
            fast = insert(table) if connection.dialect.name == "sqlite" else insert(table).returning(table.c.id)
            if rows[table]:
                connection.execute(fast, rows[table])


def save(connection: Connection, person: Person) -> None:
    """Write a client who is in the tables already."""
    erase(connection, person.id)
    store(connection, [person])


def erase(connection: Connection, client_id: int) -> None:
    """Take a client out of the tables."""
    members = select(people.family_member.c.id).where(people.family_member.c.client_id == client_id)
    for table in (people.phone, people.email, people.address):
        of_client = (table.c.client_id == client_id) | table.c.family_member_id.in_(members)
        connection.execute(delete(table).where(of_client))
    connection.execute(delete(people.family_member).where(people.family_member.c.client_id == client_id))
    connection.execute(delete(people.client).where(people.client.c.id == client_id))


_TABLES = (people.client, people.family_member, people.phone, people.email, people.address)


def _rows(person: Person) -> Iterator[tuple[Table, dict[str, Any]]]:
    yield people.client, {
        "id": person.id, "last_name": person.last, "first_name": person.first, "company": person.company,
        "nickname": person.nickname, "former_names": person.former_names, "number": person.number,
        "stage": person.stage, "number_key": names.key(person.number) or None,
        "sort_key": names.sort_key(person.last, person.first, person.company), "number_sort": "", "company_key": "",
        "created_at": MOMENT, "updated_at": MOMENT,
    }  # fmt: skip
    yield from _contact_rows({"client_id": person.id, "family_member_id": None}, f"c{person.id}", person)
    for at, town in enumerate(person.towns):
        owner = {"client_id": person.id, "family_member_id": None}
        yield people.address, {**owner, "uid": f"c{person.id}-{at}", "town": town}
    for at, relative in enumerate(person.family):
        member_id = person.id * 10 + at
        yield people.family_member, {
            "id": member_id, "uid": f"m{member_id}", "client_id": person.id,
            "first_name": relative.first, "last_name": relative.last,
        }  # fmt: skip
        yield from _contact_rows({"client_id": None, "family_member_id": member_id}, f"m{member_id}", relative)


def _contact_rows(owner: dict[str, Any], uid: str, who: Person | Relative) -> Iterator[tuple[Table, dict[str, Any]]]:
    for at, digits in enumerate(who.phones):
        yield people.phone, {**owner, "uid": f"{uid}-{at}", "typed": digits, "e164": f"+{digits}", "digits": digits}
    for at, address in enumerate(who.emails):
        yield people.email, {**owner, "uid": f"{uid}-{at}", "address": address}


def _surname(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.03:
        return chance.choice(_ACCENTED_SURNAMES)
    if kind < 0.07:
        return f"{_common_surname(chance)}-{_common_surname(chance)}"
    if kind < 0.22:
        return "".join(chance.choice(_SYLLABLES) for _ in range(3)).capitalize() + chance.choice(("", "s", "er", "son"))
    return _common_surname(chance)


def _common_surname(chance: random.Random) -> str:
    return chance.choices(_SURNAMES, cum_weights=_SURNAME_WEIGHTS)[0]


def _first_name(chance: random.Random) -> str:
    if chance.random() < 0.03:
        return chance.choice(_ACCENTED_FIRST_NAMES)
    return chance.choices(_FIRST_NAMES, cum_weights=_FIRST_NAME_WEIGHTS)[0]


def _phone(chance: random.Random) -> str:
    if chance.random() < 0.05:
        return f"49{chance.randint(151, 179)}{chance.randint(1_000_000, 9_999_999)}"
    return f"1{chance.randint(201, 989)}{chance.randint(200, 999)}{chance.randint(0, 9_999):04}"


def _email(chance: random.Random, first: str, last: str) -> str:
    forms = ("{first}.{last}", "{first}{number}", "{first}.{last}{number}", "{first}_{last}", "{last}{number}")
    name = chance.choice(forms)
    address = name.format(first=fold(first), last=fold(last).replace("-", ""), number=chance.randint(1, 999))
    return f"{address}@{chance.choice(_DOMAINS)}".replace(" ", "")


_SYLLABLES = tuple(
    a + b
    for a in ("b", "br", "d", "f", "gr", "h", "k", "l", "m", "n", "p", "r", "st", "t", "v", "w", "z")
    for b in ("a", "e", "i", "o", "u", "an", "el", "in", "or", "ow")
)
_ACCENTED_SURNAMES = (
    "Müller", "Schäfer", "Núñez", "García", "Lefèvre", "Ångström", "Sørensen", "Łukasik", "Þórsson", "Dvořák", "Weiß",
    "Çelik", "O’Brien", "O'Neill", "D`Angelo", "Jordà", "Strauß", "Иванова", "Παπαδοπούλου", "王", "Nguyễn", "Bjørn",
)  # fmt: skip
_ACCENTED_FIRST_NAMES = ("José", "Zoë", "René", "Jörg", "Åsa", "Chloé", "Łucja", "Ольга", "Søren", "Anaïs", "Gül")
_SURNAMES = """
    Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson
    Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young
    Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter
    Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers
    Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson Watson Brooks Chavez
    Wood James Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez
    Powell Jenkins Perry Russell Sullivan Bell Coleman Butler Henderson Barnes Fisher Vasquez Simmons Romero Jordan
    Patterson Alexander Hamilton Graham Reynolds Griffin Wallace Moreno West Cole Hayes Bryant Herrera Gibson Ellis Tran
    Medina Aguilar Stevens Murray Ford Castro Marshall Owens Harrison Fernandez McDonald Woods Washington Kennedy Wells
    Leeds Hammersmith Goldsmith Smithson Smythe Johnston Brownlee Whitman Andersen Lindgren Johnsmith
""".split()  # noqa: SIM905 - a list of so many would fill the page
_FIRST_NAMES = """
    James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David Barbara Richard Susan Joseph Jessica
    Thomas Sarah Charles Karen Christopher Lisa Daniel Nancy Matthew Betty Anthony Margaret Mark Sandra Donald Ashley
    Steven Kimberly Paul Emily Andrew Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Dorothy George Melissa
    Edward Deborah Ronald Stephanie Timothy Rebecca Jason Sharon Jeffrey Laura Ryan Cynthia Jacob Kathleen Gary Amy
    Nicholas Angela Eric Shirley Jonathan Anna Stephen Brenda Larry Pamela Justin Emma Scott Nicole Brandon Helen Bob
    Benjamin Samantha Samuel Katherine Gregory Christine Frank Debra Alexander Rachel Raymond Carolyn Patrick Janet Jack
    Catherine Dennis Maria Jerry Heather Tyler Diane Aaron Ruth Jose Julie Adam Olivia Nathan Joyce Henry Virginia Kim
    Zachary Smith Lee Jordan Walker
""".split()  # noqa: SIM905 - a list of so many would fill the page
# The first of a list is about five times as frequent as the last: one client in eighty is a Smith.
_SURNAME_WEIGHTS = tuple(accumulate(1 / (at + 40) for at in range(len(_SURNAMES))))
_FIRST_NAME_WEIGHTS = tuple(accumulate(1 / (at + 25) for at in range(len(_FIRST_NAMES))))
_NICKNAMES = ("Bob", "Liz", "Peggy", "Red", "Buddy", "Coach", "Kate", "Ted", "Skip", "Bee")
_TRADES = ("Photo Studio", "Flowers", "Academy", "High School", "& Sons", "Catering", "Weddings", "Motors")
_TOWNS = (
    "Brookfield", "Akron", "Cleveland", "Youngstown", "St. Louis", "New York", "Münster", "Ashtabula", "Medina", "Kent",
    "North Canton", "Stow", "Hudson", "Solon", "Parma", "Lake Forest", "Jordan", "Smithfield", "San José", "Green Bay",
)  # fmt: skip
_DOMAINS = ("gmail.com", "yahoo.com", "example.com", "mail.example.co.uk", "studio-mail.net", "brookfield.edu")
