"""Strangers, some of whom a studio has written down twice, in ten ways."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.records.clients import ClientRecord, EmailRow
from studio_desktop.services import new_request
from tests.builders import client_record

SURNAMES = (
    "Adams", "Baker", "Chen", "Diaz", "Evans", "Foster", "Garcia", "Hughes", "Ito", "Jansen", "Kowalski",
    "Larsen", "Mbeki", "Nguyen", "Olsen", "Petrov", "Quinn", "Rossi", "Schmidt", "Tanaka", "Ueda", "Vargas",
    "Walker", "Young", "Zimmermann", "Bauer", "Cohen", "Dubois", "Eriksson",
)  # fmt: skip
SHORT = {
    "Robert": "Bob", "William": "Bill", "Elizabeth": "Liz", "Catherine": "Kate", "Margaret": "Peggy", "James": "Jim",
    "Michael": "Mike", "Jennifer": "Jen", "Thomas": "Tom", "Patricia": "Pat", "Edward": "Ted", "Susan": "Sue",
    "Anthony": "Tony", "Deborah": "Debbie", "Nicholas": "Nick", "Victoria": "Vicky", "Daniel": "Dan",
    "Rebecca": "Becky", "Samuel": "Sam", "Christine": "Tina",
}  # fmt: skip
GIVEN = tuple(SHORT)

Facts = dict[str, Any]


def a_person(chance: random.Random, at: int) -> Facts:
    return {
        "first_name": chance.choice(GIVEN),
        "last_name": chance.choice(SURNAMES),
        "phones": [f"330 {200 + at // 9000 % 700} {at % 9000 + 1000}"],
        "emails": [f"person{at}@example.com"],
        "street": f"{chance.randrange(1, 4000)} {chance.choice(SURNAMES)} Street",
        "town": chance.choice(("Fairbrook", "Millport", "Oakdale", "Northfield")),
        "birthday": PartialDate(chance.randrange(1, 13), chance.randrange(1, 29), chance.randrange(1940, 2010)),
    }


def slip(chance: random.Random, word: str) -> str:
    at = chance.randrange(1, len(word) - 1)
    return chance.choice((word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :]))


UNKNOWN: Facts = {"phones": [], "emails": [], "street": "", "town": "", "birthday": None}


def without(person: Facts, *names: str) -> Facts:
    return person | {name: UNKNOWN[name] for name in names}


MEANS: list[Callable[[random.Random, Facts], Facts]] = [
    lambda _, p: without(p, "emails") | {"first_name": SHORT[p["first_name"]]},
    lambda c, p: without(p, "emails", "birthday") | {"last_name": slip(c, p["last_name"])},
    lambda c, p: without(p, "emails", "phones") | {"first_name": slip(c, p["first_name"])},
    lambda _, p: without(p, "emails", "phones", "birthday")
    | {"last_name": p["last_name"].upper(), "street": p["street"].replace("Street", "St.")},
    lambda _, p: without(p, "emails", "street", "town")
    | {"first_name": p["last_name"], "last_name": p["first_name"]},
    lambda _, p: without(p, "street", "town", "birthday") | {"last_name": "Married", "shares_email": True},
    lambda _, p: without(p, "emails", "birthday") | {"first_name": p["first_name"][0]},
    lambda _, p: without(p, "emails", "birthday") | {"first_name": ""},
    lambda c, p: without(p, "emails", "street")
    | {"phones": [f"330.444.{c.randrange(1000, 9999)}"], "town": "Elsewhere"},
    lambda _, p: without(p, "emails", "birthday") | {"last_name": f"{p['last_name']}-Reed"},
]  # fmt: skip


def strangers_and_twins(
    chance: random.Random, strangers: int, twins: int
) -> tuple[list[ClientRecord], list[tuple[int, int]]]:
    """So many strangers, of whom the first are there twice; with the places of each pair among the records."""
    people = [a_person(chance, at) for at in range(strangers)]
    for at in range(twins):
        twin = MEANS[at % len(MEANS)](chance, people[at])
        if twin.pop("shares_email", False):
            twin["emails"] = [EmailRow(uid=new_request(), address=people[at]["emails"][0], shared=True)]
        people.append(twin)
    records = [client_record(**{name: fact for name, fact in one.items() if fact != ""}) for one in people]
    return records, [(at, strangers + at) for at in range(twins)]
