"""Two clients made one: nothing dropped, findable by what they were, and taken back whole (B18)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from studio_desktop.database.check import check
from studio_desktop.database.tables import metadata
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, StudioError
from studio_desktop.domain.joining import fuller
from studio_desktop.domain.permissions import Role
from studio_desktop.domain.records.clients import (
    AddressRow,
    ClientRecord,
    EmailRow,
    Occasion,
    OrganizationRow,
    PlanDateRow,
)
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.declaration import Query
from tests.builders import a_client, a_member, a_phone, catalog_id


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    client = a_client(
        services, last_name="Adams", first_name="Anna", number="1041", phones=["330 555 0142"],
        emails=["anna@example.com"], street="12 North Street", town="Fairbrook", job_title="Baker",
        family=(a_member("Bob", last_name="Adams", phones=(a_phone("330 555 0111"),), secondary_contact=True),),
        groups=frozenset({catalog_id(services, "client_groups", "Weddings")}),
        status_id=catalog_id(services, "client_statuses", "Client"), custom_memo_1="Likes oak frames.",
    )  # fmt: skip
    services.notes.add(NoteRecord(client_id=client.id, text="Called twice"), new_request())
    return client


@pytest.fixture
def annie(services: Services) -> ClientRecord:
    bob = a_member("Bob", last_name="Adams", phones=(a_phone("330 555 0199"),), birthday=PartialDate(9, 9, 1984),
                   secondary_contact=True)  # fmt: skip
    mia = a_member("Mia", last_name="Adams", birthday=PartialDate(6, 5, 2021))
    client = a_client(
        services, last_name="Miller", first_name="Annie", number="1055", job_title="Cook",
        phones=["(330) 555-0142", "330 555 0177"], emails=[EmailRow(uid=new_request(), address="annie@example.com")],
        addresses=(AddressRow(uid=new_request(), line1="12 north st.", town="FAIRBROOK"),
                   AddressRow(uid=new_request(), line1="7 Hill Road", town="Oakdale")),
        family=(bob, mia), birthday=PartialDate(4, 3, 1986), do_not_market=True, custom_memo_1="Allergic to cats.",
        organizations=(OrganizationRow(uid=new_request(), role="Teacher"),),
        groups=frozenset(catalog_id(services, "client_groups", name) for name in ("Weddings", "Commercial")),
        plan_dates=(PlanDateRow(uid=new_request(), member_uid=mia.uid, occasion=Occasion.BIRTHDAY),
                    PlanDateRow(uid=new_request(), member_uid=bob.uid, occasion=Occasion.BIRTHDAY)),
        status_id=catalog_id(services, "client_statuses", "Prospect"),
        lead_source_id=services.catalogs.choices()["lead_sources"][0].id,
    )  # fmt: skip
    services.notes.add(NoteRecord(client_id=client.id, text="Wants albums", alert=True), new_request())
    return client


def rows_of(services: Services) -> dict[str, list[Any]]:
    """Every row of the studio, but for versions, who wrote last and the books of what happened."""
    books = {"history", "history_value", "change", "request", "counter", "presence"}
    unsaid = {"version", "updated_at", "updated_by"}

    def load(connection: Any) -> dict[str, list[Any]]:
        found = {}
        for table in metadata.sorted_tables:
            if table.name not in books:
                columns = [column for column in table.columns if column.name not in unsaid]
                found[table.name] = sorted(map(tuple, connection.execute(select(*columns))), key=repr)
        return found

    return services.database.read(load)


def merged(services: Services, kept: ClientRecord, other: ClientRecord, **picks: Any) -> ClientRecord:
    return services.merges.merge(kept, other, picks, new_request()).result


def test_that_nothing_is_dropped_and_nothing_is_there_twice(
    services: Services, anna: ClientRecord, annie: ClientRecord
) -> None:
    """B18: phones, e-mails, addresses, family, groups, plans, organizations and notes joined without doubles."""
    result = merged(services, anna, annie)
    assert [row.typed for row in result.phones] == ["330 555 0142", "330 555 0177"]
    assert [row.address for row in result.emails] == ["anna@example.com", "annie@example.com"]
    assert [row.line1 for row in result.addresses] == ["12 North Street", "7 Hill Road"]
    assert [member.first_name for member in result.family] == ["Bob", "Mia"]
    bob, mia = result.family
    assert [row.typed for row in bob.phones] == ["330 555 0111", "330 555 0199"]
    assert bob.birthday == PartialDate(9, 9, 1984)
    assert {(row.member_uid, row.occasion) for row in result.plan_dates} == {
        (bob.uid, Occasion.BIRTHDAY), (mia.uid, Occasion.BIRTHDAY),
    }  # fmt: skip
    assert len(result.groups) == 2
    assert [row.role for row in result.organizations] == ["Teacher"]
    assert result.custom_memo_1 == "Likes oak frames.\n\nAllergic to cats."
    texts = [note.text for note in services.notes.of_client(anna.id)]
    assert {"Called twice", "Wants albums"} < set(texts)
    assert "Merged with Miller, Annie (1055)." in texts[0]
    assert "Job title: Cook" in texts[0]
    assert "Status: Prospect" in texts[0]
    assert check(services.database) == []


def test_that_empty_fields_are_filled_strict_flags_hold_and_choices_are_followed(
    services: Services, anna: ClientRecord, annie: ClientRecord
) -> None:
    """B18: field by field; RELIABILITY 110: the stricter flag."""
    result = merged(services, anna, annie, job_title="other", status_id="other")
    assert (result.last_name, result.job_title) == ("Adams", "Cook")
    assert result.birthday == PartialDate(4, 3, 1986)
    assert result.lead_source_id == annie.lead_source_id
    assert result.do_not_market
    assert result.status_id == annie.status_id
    assert result.status_set_on == annie.status_set_on
    assert check(services.database) == []


def test_that_the_old_number_and_name_are_still_found_and_the_other_leads_to_the_kept_one(
    services: Services, anna: ClientRecord, annie: ClientRecord
) -> None:
    """B18: old number and name stay findable."""
    result = merged(services, anna, annie)
    assert result.former_numbers == "1055"
    assert result.former_names == "Annie Miller"
    for typed in ("1055", "miller", "annie"):
        assert [hit.id for hit in services.listings.find(typed, Query())] == [anna.id], typed
    assert services.clients.by_number("1055") == anna.id
    opened = services.clients.open(annie.id)
    assert (opened.deleted, opened.merged_into) == (True, anna.id)
    with pytest.raises(NotFound, match="merged"):
        services.clients.save(annie, replace(annie, nickname="Ann"), new_request())


def test_that_no_number_of_a_merged_client_is_given_again(
    services: Services, anna: ClientRecord, annie: ClientRecord
) -> None:
    """B5, B18: never reused, whichever number the merged client keeps."""
    result = merged(services, anna, annie, number="other")
    assert (result.number, result.former_numbers) == ("1055", "1041")
    assert services.clients.by_number("1041") == anna.id
    with pytest.raises(InvalidInput, match="1041 belongs to Adams, Anna"):
        a_client(services, last_name="New", number="1041")
    given = {a_client(services, last_name=f"New {at}").number for at in range(60)}
    assert not given & {"1041", "1055"}


def test_that_one_undo_brings_back_exactly_what_stood(
    services: Services, anna: ClientRecord, annie: ClientRecord
) -> None:
    """B18: undoable; every row of every table is as before, and redo does it again."""
    a_client(services, last_name="Sent", referred_by_client_id=annie.id)
    before = rows_of(services)
    saved = services.merges.merge(
        anna, annie, {"number": "other", "status_id": "other", "job_title": "other"}, new_request()
    )
    after = rows_of(services)
    assert after != before
    undone = services.history.undo(saved.changes.request, new_request())
    assert rows_of(services) == before
    assert {hit.id for hit in services.listings.find("330 555 0142", Query())} == {anna.id, annie.id}
    assert check(services.database) == []
    services.history.undo(undone.changes.request, new_request())
    assert rows_of(services) == after


def test_that_an_undo_after_further_work_is_refused_and_changes_nothing(
    services: Services, anna: ClientRecord, annie: ClientRecord
) -> None:
    saved = services.merges.merge(anna, annie, {"job_title": "other"}, new_request())
    services.clients.save(saved.result, replace(saved.result, job_title="Chef"), new_request())
    with pytest.raises(Conflict):
        services.history.undo(saved.changes.request, new_request())
    assert services.clients.get(anna.id).job_title == "Chef"


def test_that_who_was_sent_by_the_other_one_was_sent_by_the_kept_one_and_nobody_by_herself(
    services: Services, anna: ClientRecord, annie: ClientRecord
) -> None:
    """B18."""
    sent = a_client(services, last_name="Sent", referred_by_client_id=annie.id)
    anna = services.clients.save(anna, replace(anna, referred_by_client_id=annie.id), new_request()).result
    result = merged(services, anna, annie)
    assert services.clients.get(sent.id).referred_by_client_id == anna.id
    assert result.referred_by_client_id is None


def test_that_a_merge_over_another_desks_change_is_refused(
    services: Services, other_desk: Services, anna: ClientRecord, annie: ClientRecord
) -> None:
    """RELIABILITY 35."""
    other_desk.clients.save(annie, replace(annie, nickname="Ann"), new_request())
    with pytest.raises(StudioError, match="Miller, Annie was changed meanwhile"):
        merged(services, anna, annie)
    assert services.clients.open(annie.id).deleted is False


def test_that_a_merge_asked_for_twice_happens_once(
    services: Services, anna: ClientRecord, annie: ClientRecord
) -> None:
    request = new_request()
    first = services.merges.merge(anna, annie, {}, request).result
    assert services.merges.merge(anna, annie, {}, request).result == first


def test_that_a_chain_of_merges_leads_to_the_last(
    services: Services, anna: ClientRecord, annie: ClientRecord
) -> None:
    """B18."""
    third = a_client(services, last_name="Adams", first_name="A", number="1077")
    middle = merged(services, annie, third)
    last = merged(services, anna, middle)
    assert services.clients.by_number("1077") == anna.id
    assert last.former_numbers == "1077, 1055"
    assert services.clients.open(third.id).merged_into == annie.id


def test_that_the_fuller_record_is_kept_unless_somebody_chooses(anna: ClientRecord, annie: ClientRecord) -> None:
    """B18."""
    assert fuller(anna, annie) == fuller(annie, anna) == annie


def test_that_the_front_desk_may_not_merge(services: Services, anna: ClientRecord, annie: ClientRecord) -> None:
    """B18: a permission."""
    desk = Services(services.database, replace(services.desk, role=Role.FRONT_DESK))
    with pytest.raises(NotAllowed, match="merge clients"):
        merged(desk, anna, annie)
