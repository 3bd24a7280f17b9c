"""Who is probably one person twice, found among all, and remembered when it is two (B17)."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from studio_desktop.domain.duplicates import Reason
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.records.clients import EmailRow, Stage
from studio_desktop.services import Services, new_request
from tests.builders import a_client, add_clients, client_record
from tests.twins import strangers_and_twins


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


def test_that_a_studio_chooses_by_what_somebody_is_looked_for_while_typing(services: Services) -> None:
    """B17, B25: what is left out is no reason alone; beside an open record and in the whole studio all count."""
    home = {"street": "1 Mill Street", "town": "Fairbrook", "postcode": "44199"}
    anna = a_client(services, last_name="Adams", first_name="Anna", phones=["330 555 0142"], **home)
    by_name = client_record(last_name="Adams", first_name="Anna")
    by_phone = client_record(last_name="", first_name="", phones=["330 555 0142"])
    by_place = client_record(last_name="Adams", first_name="Zoe", **home)
    found = {}
    for unchecked in ("", "name", "phone", "address", "name,phone,address"):
        services.preferences.save({"unchecked": unchecked}, new_request())
        found[unchecked] = [len(services.duplicates.like(one)) for one in (by_name, by_phone, by_place)]
    assert found == {
        "": [1, 1, 1], "name": [0, 1, 1], "phone": [1, 0, 1], "address": [1, 1, 0], "name,phone,address": [0, 0, 0],
    }  # fmt: skip
    twin = a_client(services, last_name="Adams", first_name="Anna", phones=["330 555 0142"])
    assert [pair.other.id for pair in services.duplicates.of_client(anna.id)] == [twin.id]
    with pytest.raises(InvalidInput, match="Look for duplicates by is of: name, company"):
        services.preferences.save({"unchecked": "shoe size"}, new_request())


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
    ids = add_clients(services, [*people, *twins])
    assert pairs(services) == {(ids[-2], ids[-1])}


def test_that_of_planted_duplicates_nearly_all_are_found_and_hardly_anybody_else(services: Services) -> None:
    """B17, G13: at least 96 % of those planted, in ten ways of writing one person down twice."""
    chance = random.Random(17)
    records, twins = strangers_and_twins(chance, 3000, 300)
    ids = add_clients(services, records)
    meant = {(ids[one], ids[other]) for one, other in twins}
    found = pairs(services)
    assert len(found & meant) >= 0.96 * len(meant), f"{len(found & meant)} of {len(meant)}"
    assert len(found - meant) <= 0.02 * len(meant), f"{len(found - meant)} false"
