"""Kinds, deleting, the trash and erasing (B14, B15, S0-08 to S0-12, S0-20, S4-19, S4-20)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import select

from studio_desktop.database.check import check
from studio_desktop.database.tables.people import client, email, phone
from studio_desktop.database.tables.studio import history_value
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.completeness import still_to_ask
from studio_desktop.domain.errors import InvalidInput, NotAllowed, NotFound
from studio_desktop.domain.permissions import Role
from studio_desktop.domain.records.clients import ClientKind, Stage
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.declaration import Query
from tests.builders import a_client, a_member, a_phone, client_record


@pytest.mark.parametrize(("before", "after"), list(permutations(ClientKind, 2)))
def test_that_a_record_changes_its_kind_and_keeps_all_else(
    services: Services, before: ClientKind, after: ClientKind
) -> None:
    """S0-08, S0-11, S0-12, B14: all six directions, many at once, one request, undone together."""
    several = [a_client(services, last_name=f"Kind {at}", kind=before) for at in range(3)]
    saved = services.clients.set_kind([one.id for one in several], after, new_request())
    assert saved.result == 3
    now = services.clients.get(several[0].id)
    assert replace(now, kind=before, version=0) == replace(several[0], version=0)
    assert now.kind is after
    services.history.undo(saved.changes.request, new_request())
    assert {services.clients.get(one.id).kind for one in several} == {before}


def test_that_the_deleted_are_in_the_trash_for_thirty_days_and_come_back_whole(
    services: Services, clock: FixedClock
) -> None:
    """B15, S4-19. RELIABILITY E5."""
    anna = a_client(services, phones=["330 555 0142"], family=(a_member("Bob"),))
    deleted = services.clients.delete([anna.id], new_request())
    assert (deleted.result.deleted, deleted.result.archived) == (1, 0)
    (line,) = services.trash.clients()
    assert (line.id, line.number, line.deleted_by) == (anna.id, anna.number, "Owner")
    clock.instant += timedelta(days=29)
    assert services.trash.restore([anna.id, anna.id + 99], new_request()).result == 1
    assert services.trash.clients() == []
    assert replace(services.clients.get(anna.id), version=0) == replace(anna, version=0)
    assert [hit.id for hit in services.listings.find("adams", Query())] == [anna.id]
    services.clients.delete([anna.id], new_request())
    clock.instant += timedelta(days=31)
    assert services.trash.clients() == []


def test_that_a_client_who_sent_others_is_archived_instead_and_it_is_said_why(services: Services) -> None:
    """S0-20, B15: a referral linked; S0-19: the links stay. Undo brings both back."""
    anna, bob = a_client(services, first_name="Anna"), a_client(services, first_name="Bob")
    sent = a_client(services, last_name="Sent", referred_by_client_id=anna.id)
    deleted = services.clients.delete([anna.id, bob.id], new_request())
    assert (deleted.result.deleted, deleted.result.archived) == (1, 1)
    assert deleted.result.why == ("sent other clients",)
    assert services.clients.get(anna.id).stage is Stage.ARCHIVED
    assert services.clients.get(sent.id).referred_by_client_id == anna.id
    assert [one.id for one in services.trash.clients()] == [bob.id]
    services.history.undo(deleted.changes.request, new_request())
    assert services.clients.get(anna.id).stage is Stage.ACTIVE
    assert not services.clients.open(bob.id).deleted


def test_that_who_was_sent_by_a_deleted_client_no_longer_keeps(services: Services) -> None:
    anna = a_client(services)
    sent = a_client(services, last_name="Sent", referred_by_client_id=anna.id)
    services.clients.delete([sent.id], new_request())
    assert services.clients.delete([anna.id], new_request()).result.deleted == 1


def test_that_erasing_leaves_nothing_of_the_person_and_harms_nobody_else(services: Services) -> None:
    """S4-20, DECISIONS 12: rows and values of history go; that something happened stays. RELIABILITY 108."""
    bob = a_client(services, first_name="Bob", last_name="Bystander")
    anna = a_client(
        services, last_name="Erased", phones=["330 555 0142"], emails=["gone@example.com"],
        family=(a_member("Mia", phones=(a_phone("330 555 0199"),)),),
    )  # fmt: skip
    noted = services.notes.add(NoteRecord(client_id=anna.id, text="Secret of Erased"), new_request())
    changed = services.clients.save(
        services.clients.get(anna.id), replace(services.clients.get(anna.id), phones=(), nickname="Erasy"),
        new_request(),
    )  # fmt: skip
    services.family.link(bob.id, anna.id, None, new_request())
    twin = services.clients.get(a_client(services, last_name="Erased", first_name="Twin").id)
    services.merges.merge(services.clients.get(anna.id), twin, {}, new_request())
    services.clients.delete([anna.id], new_request())
    assert services.trash.erase([anna.id], new_request()).result == 1

    def left(connection) -> tuple[list[int], int, int, str]:  # type: ignore[no-untyped-def]
        values = connection.execute(select(history_value.c.old, history_value.c.new)).all()
        told = " ".join(str(value) for row in values for value in row)
        ids = list(connection.execute(select(client.c.id)).scalars())
        return ids, len(connection.execute(select(phone)).all()), len(connection.execute(select(email)).all()), told

    ids, phones, mails, told = services.database.read(left)
    assert (ids, phones, mails) == ([bob.id], 0, 0)
    for word in ("Eras", "0142", "0199", "gone@", "Mia", "Secret"):
        assert word not in told, word
    assert services.listings.find("erased", Query()) == []
    assert services.family.links_of(bob.id) == []
    assert check(services.database) == []
    for request in (noted.changes.request, changed.changes.request):
        with pytest.raises(NotFound):
            services.history.undo(request, new_request())


def test_that_only_the_trash_is_erased_and_only_by_the_owner(services: Services) -> None:
    """S4-20: an administrator. RELIABILITY 97."""
    anna = a_client(services)
    with pytest.raises(InvalidInput, match="trash"):
        services.trash.erase([anna.id], new_request())
    services.clients.delete([anna.id], new_request())
    manager = Services(services.database, replace(services.desk, role=Role.MANAGER))
    with pytest.raises(NotAllowed, match="erase"):
        manager.trash.erase([anna.id], new_request())
    assert services.clients.open(anna.id).deleted


def test_that_a_profile_says_what_is_still_to_be_asked() -> None:
    """S4-22."""
    assert still_to_ask(client_record(phones=["330 555 0142"])) == ("address", "e-mail", "lead source")
    full = client_record(phones=["1"], emails=["a@example.com"], town="Fairbrook", lead_source_id=1)
    assert still_to_ask(full) == ()
