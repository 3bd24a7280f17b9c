"""Clients linked both ways with a word for each side, and family members made clients (B23)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete

from studio_desktop.database.check import check
from studio_desktop.database.tables.people import client_link
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.records.clients import Occasion, PlanDateRow, Stage
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.declaration import Query
from tests.builders import a_client, a_member, a_phone, catalog_id


def words(services: Services, client_id: int) -> list[tuple[str, str]]:
    return [(one.first_name, one.word) for one in services.family.links_of(client_id)]


def test_that_a_link_is_told_from_both_sides_and_taken_away_from_both(
    services: Services, other_desk: Services
) -> None:
    """B23: two-way with inverse words; deleting one side removes the other; Undo."""
    anna, mia = a_client(services, first_name="Anna"), a_client(services, first_name="Mia")
    child = catalog_id(services, "relationships", "Child")
    services.family.link(anna.id, mia.id, child, new_request())
    assert words(services, anna.id) == [("Mia", "Child")]
    assert words(services, mia.id) == [("Anna", "Parent")]
    assert check(services.database) == []
    gone = other_desk.family.unlink(mia.id, anna.id, new_request())
    assert words(services, anna.id) == words(services, mia.id) == []
    services.history.undo(gone.changes.request, new_request())
    assert (words(services, anna.id), words(services, mia.id)) == ([("Mia", "Child")], [("Anna", "Parent")])
    assert check(services.database) == []


def test_that_nobody_is_linked_twice_or_to_herself(services: Services) -> None:
    """B23: never doubled, no self-link."""
    anna, bob = a_client(services, first_name="Anna"), a_client(services, first_name="Bob")
    spouse = catalog_id(services, "relationships", "Spouse")
    services.family.link(anna.id, bob.id, spouse, new_request())
    with pytest.raises(InvalidInput, match="already"):
        services.family.link(bob.id, anna.id, spouse, new_request())
    with pytest.raises(InvalidInput, match="herself"):
        services.family.link(anna.id, anna.id, spouse, new_request())
    services.clients.delete([bob.id], new_request())
    with pytest.raises(NotFound):
        services.family.link(bob.id, anna.id, spouse, new_request())


def test_that_a_deleted_relative_is_not_shown_and_comes_back_with_the_client(services: Services) -> None:
    """B15, B23."""
    anna, bob = a_client(services, first_name="Anna"), a_client(services, first_name="Bob")
    services.family.link(anna.id, bob.id, None, new_request())
    deleted = services.clients.delete([bob.id], new_request())
    assert words(services, anna.id) == []
    services.history.undo(deleted.changes.request, new_request())
    assert words(services, anna.id) == [("Bob", "")]


def test_that_a_link_known_on_one_side_only_is_found_by_the_check(services: Services) -> None:
    """Every link two-way."""
    anna, bob = a_client(services, first_name="Anna"), a_client(services, first_name="Bob")
    services.family.link(anna.id, bob.id, None, new_request())
    one_side = delete(client_link).where(client_link.c.client_id == bob.id)
    services.database.write(lambda connection: connection.execute(one_side))
    (finding,) = check(services.database)
    assert "one side" in str(finding)


def test_that_a_member_becomes_a_hidden_client_with_all_that_was_known_and_undo_takes_it_back(
    services: Services,
) -> None:
    """S0-17, B23: keeps birthday, phones and plan dates; found by search; linked both ways."""
    mia = a_member(
        "Mia", last_name="Adams", birthday=PartialDate(6, 5, 2008), phones=(a_phone("330 555 0199"),),
        relationship_id=catalog_id(services, "relationships", "Child"),
    )  # fmt: skip
    dates = (PlanDateRow(uid=new_request(), member_uid=mia.uid, occasion=Occasion.BIRTHDAY),)
    anna = a_client(services, family=(mia, a_member("Tom")), plan_dates=dates, street="12 North St", town="Fairbrook")
    made = services.family.make_client(anna.id, mia.uid, new_request())
    record = made.result
    assert (record.first_name, record.last_name, record.stage) == ("Mia", "Adams", Stage.HIDDEN)
    assert record.birthday == mia.birthday
    assert record.number
    assert [row.typed for row in record.phones] == ["330 555 0199"]
    assert [row.town for row in record.addresses] == ["Fairbrook"]
    assert [(row.member_uid, row.occasion) for row in record.plan_dates] == [("", Occasion.BIRTHDAY)]
    after = services.clients.get(anna.id)
    assert [member.first_name for member in after.family] == ["Tom"]
    assert after.plan_dates == ()
    assert words(services, anna.id) == [("Mia", "Child")]
    assert words(services, record.id) == [("Anna", "Parent")]
    assert next(hit.id for hit in services.listings.find("mia adams", Query())) == record.id
    assert check(services.database) == []
    services.history.undo(made.changes.request, new_request())
    back = services.clients.get(anna.id)
    assert replace(back, version=0) == replace(anna, version=0)
    assert words(services, anna.id) == []
    assert services.clients.open(record.id).deleted
    assert check(services.database) == []


def test_that_a_secondary_contact_made_a_client_stays_on_the_familys_labels(services: Services) -> None:
    """B10, B23: labels for couples name both."""
    bob = a_member("Bob", secondary_contact=True)
    anna = a_client(services, family=(bob,))
    services.family.make_client(anna.id, bob.uid, new_request())
    assert [member.secondary_contact for member in services.clients.get(anna.id).family] == [True]


def test_that_links_move_when_their_client_is_merged(services: Services) -> None:
    """B18, B23."""
    anna, annie, mia = (a_client(services, first_name=name) for name in ("Anna", "Annie", "Mia"))
    child = catalog_id(services, "relationships", "Child")
    services.family.link(annie.id, mia.id, child, new_request())
    merged = services.merges.merge(services.clients.get(anna.id), services.clients.get(annie.id), {}, new_request())
    assert words(services, anna.id) == [("Mia", "Child")]
    assert words(services, mia.id) == [("Anna", "Parent")]
    services.history.undo(merged.changes.request, new_request())
    assert words(services, mia.id) == [("Annie", "Parent")]
    assert check(services.database) == []
