"""Who is probably one person twice, found among all, and remembered when it is two (B17)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.duplicates import Reason
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.records.clients import ClientRecord, EmailRow, Stage
from studio_desktop.services import Services, new_request
from studio_desktop.services.clients import add_many, prepared
from studio_desktop.services.unit import Unit
from tests.builders import a_client, client_record


def pairs(services: Services) -> set[tuple[int, int]]:
    return {(pair.one.id, pair.other.id) for pair in services.duplicates.everywhere()}


def test_that_a_record_half_typed_finds_who_may_be_meant_with_the_reasons(services: Services) -> None:
    """B17, S4-16: another e-mail hides nobody."""
    anna = a_client(
        services, last_name="Adams", first_name="Anna", phones=["330 555 0142"], emails=["anna@example.com"]
    )
    a_client(services, last_name="Hill", first_name="Robert")
    typed = client_record(
        last_name="Adams", first_name="Annie", phones=["(330) 555-0142"], emails=["other@example.com"]
    )
    (alike,) = services.duplicates.like(typed)
    assert alike.id == anna.id
    assert Reason.SAME_PHONE in alike.likeness.reasons
    (bob,) = services.duplicates.like(client_record(last_name="Hill", first_name="Bob"))
    assert bob.likeness.reasons == (Reason.NICKNAME,)


def test_that_hidden_and_archived_clients_are_found_and_deleted_ones_are_not(services: Services) -> None:
    """B17, B15."""
    one = a_client(services, last_name="Gone", first_name="Gil", phones=["330 555 0142"])
    other = a_client(services, last_name="Gone", first_name="Gil", phones=["330 555 0142"], stage=Stage.ARCHIVED)
    assert [pair.other.id for pair in services.duplicates.of_client(one.id)] == [other.id]
    services.clients.delete([other.id], new_request())
    assert services.duplicates.of_client(one.id) == []
    assert pairs(services) == set()


def test_that_not_a_duplicate_is_remembered_in_both_orders_and_undone(
    services: Services, other_desk: Services
) -> None:
    """B17."""
    one, other = (a_client(services, phones=["330 555 0142"]) for _ in range(2))
    assert pairs(services) == {(one.id, other.id)}
    said = services.duplicates.not_the_same(other.id, one.id, new_request())
    assert pairs(other_desk) == set()
    assert services.duplicates.of_client(one.id) == services.duplicates.of_client(other.id) == []
    other_desk.duplicates.not_the_same(one.id, other.id, new_request())
    services.history.undo(said.changes.request, new_request())
    assert pairs(services) == {(one.id, other.id)}


def test_that_nobody_is_said_not_to_be_herself(services: Services) -> None:
    anna = a_client(services)
    with pytest.raises(InvalidInput):
        services.duplicates.not_the_same(anna.id, anna.id, new_request())


def test_that_an_e_mail_somebody_has_is_taken_only_when_the_family_shares_it(services: Services) -> None:
    """S4-15, B17: blocked with the holder's name unless "shared family e-mail" is said."""
    a_client(services, last_name="Adams", first_name="Anna", emails=["home@example.com"])
    bob = client_record(last_name="Adams", first_name="Bob", emails=["home@example.com"])
    with pytest.raises(InvalidInput, match=r"Adams, Anna.*Shared"):
        services.clients.create(bob, new_request())
    shared = replace(bob, emails=(EmailRow(uid=new_request(), address="home@example.com", shared=True),))
    saved = services.clients.create(shared, new_request()).result
    with pytest.raises(InvalidInput, match="Adams, Anna"):
        services.clients.save(saved, replace(saved, emails=(replace(saved.emails[0], shared=False),)), new_request())
    renamed = services.clients.save(saved, replace(saved, nickname="Bobby"), new_request()).result
    assert renamed.emails[0].shared


def test_that_a_changed_record_is_compared_anew(services: Services) -> None:
    """B17."""
    anna = a_client(services, last_name="Adams", first_name="Anna", phones=["330 555 0142"])
    zoe = a_client(services, last_name="Reed", first_name="Zoe", phones=["330 555 0142"])
    assert services.duplicates.of_client(zoe.id) == []
    services.clients.save(zoe, replace(zoe, last_name="Adams", first_name="Ana"), new_request())
    assert [pair.other.id for pair in services.duplicates.of_client(zoe.id)] == [anna.id]


def test_that_a_number_of_a_switchboard_makes_no_pairs_of_strangers(services: Services) -> None:
    """What a hundred share says nothing of two of them; of one name it does."""
    people = [client_record(last_name=f"Name{at}", first_name="Kim", phones=["330 555 0100"]) for at in range(100)]
    twins = [client_record(last_name="Adams", first_name="Ann", phones=["330 555 0100"]) for _ in range(2)]
    ids = added(services, [*people, *twins])
    assert pairs(services) == {(ids[-2], ids[-1])}


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
        "phones": [f"330 {200 + at % 700} {at % 9000 + 1000}"],
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


def added(services: Services, records: list[ClientRecord]) -> list[int]:
    preferences = services.preferences.get()
    ready = [prepared(record, preferences) for record in records]

    def write(connection: Any) -> list[int]:
        unit = Unit(connection, services.desk, new_request())
        ids = add_many(unit, ready)
        unit.finish()
        return ids

    return services.database.write(write)


def test_that_of_planted_duplicates_nearly_all_are_found_and_hardly_anybody_else(services: Services) -> None:
    """B17, G13: at least 96 % of those planted, in ten ways of writing one person down twice."""
    chance = random.Random(17)
    people = [a_person(chance, at) for at in range(3000)]
    planted: list[Facts] = []
    for at in range(300):
        twin = MEANS[at % len(MEANS)](chance, people[at])
        if twin.pop("shares_email", False):
            twin["emails"] = [EmailRow(uid=new_request(), address=people[at]["emails"][0], shared=True)]
        planted.append(twin)
    records = [client_record(**{k: v for k, v in one.items() if v != ""}) for one in [*people, *planted]]
    ids = added(services, records)
    meant = {(ids[at], ids[len(people) + at]) for at in range(len(planted))}
    found = pairs(services)
    assert len(found & meant) >= 0.96 * len(meant), f"{len(found & meant)} of {len(meant)}"
    assert len(found - meant) <= 0.02 * len(meant), f"{len(found - meant)} false"
