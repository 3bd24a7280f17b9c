"""Clients through their service: created, numbered, saved over one another, refused with a sentence, deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from studio_desktop.database.tables.people import client
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.errors import Conflict, InvalidFields, InvalidInput, NotFound, StudioError
from studio_desktop.domain.fields import specs
from studio_desktop.domain.records.clients import (
    ClientKind,
    ClientRecord,
    ClientType,
    Occasion,
    OrganizationRow,
    PlanDateRow,
    Stage,
)
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.service import Query
from tests.builders import a_client, a_member, a_phone, catalog_id, client_record, everything

NOBODY = ClientRecord()


def save(services: Services, base: ClientRecord, **changes: object) -> ClientRecord:
    return services.clients.save(base, replace(base, **changes), new_request()).result  # type: ignore[arg-type]


def a_date(member_uid: str = "", occasion: Occasion = Occasion.BIRTHDAY) -> PlanDateRow:
    return PlanDateRow(uid=new_request(), member_uid=member_uid, occasion=occasion)


def test_that_what_a_studio_insists_on_is_asked_of_new_clients_and_is_not_emptied(services: Services) -> None:
    """C10, B25: at its field; who never had it can be saved, and a file brings whom it brings."""
    lacks = a_client(services, last_name="Lacks")
    services.preferences.save({"required": "phones,lead_source_id"}, new_request())
    source = catalog_id(services, "lead_sources", "Website")
    with pytest.raises(InvalidFields) as refused:
        a_client(services, last_name="New")
    assert set(refused.value.faults) == {"phones.0.typed", "lead_source_id"}
    assert "This studio asks every client for this: phone." in str(refused.value)
    full = a_client(services, last_name="Full", phones=["330 555 0142"], lead_source_id=source)
    services.clients.save(lacks, replace(lacks, company="Mill"), new_request())
    with pytest.raises(InvalidFields) as emptied:
        services.clients.save(full, replace(full, phones=()), new_request())
    assert set(emptied.value.faults) == {"phones.0.typed"}
    with pytest.raises(InvalidInput, match="Required of clients is of: phones, addresses"):
        services.preferences.save({"required": "shoe size"}, new_request())


def test_that_everybody_is_of_exactly_one_kind_and_a_supplier_is_a_client(services: Services) -> None:
    """S0-01, S0-02: a business contact is a client, told by its status; no fourth kind gets past the database."""
    partner = catalog_id(services, "client_statuses", "Business Partner")
    lab = a_client(services, company="Color Lab", client_type=ClientType.BUSINESS, status_id=partner)
    a_client(services, last_name="Abbott", kind=ClientKind.PROSPECT)
    a_client(services, last_name="Adams", kind=ClientKind.LEAD)
    of_kind = {kind: services.listings.ids("clients", Query({"kind": kind})) for kind in ClientKind}
    assert of_kind[ClientKind.CLIENT] == [lab.id]
    assert sorted(row_id for ids in of_kind.values() for row_id in ids) == sorted(
        services.listings.ids("clients", Query())
    )
    with pytest.raises(IntegrityError):
        services.database.write(lambda c: c.execute(update(client).values(kind="vendor")))


@pytest.mark.parametrize("kind", list(ClientKind))
def test_that_client_prospect_and_lead_are_created_changed_and_listed(services: Services, kind: ClientKind) -> None:
    """S0-21, S0-15."""
    made = a_client(services, last_name="Abbott", kind=kind)
    save(services, made, last_name="Costello")
    page = services.listings.first_page("clients", Query({"kind": kind, "stage": Stage.ACTIVE}))
    assert [row_id for row_id, _ in page.rows] == [made.id]
    assert services.clients.get(made.id).last_name == "Costello"


@pytest.mark.parametrize("stage", list(Stage))
def test_that_every_kind_can_be_at_each_of_the_three_stages_and_only_active_ones_are_listed(
    services: Services, stage: Stage
) -> None:
    """S0-14, S0-15."""
    for kind in ClientKind:
        made = a_client(services, last_name="Abbott", kind=kind, stage=stage)
        shown = services.listings.ids("clients", Query({"kind": kind, "stage": Stage.ACTIVE}))
        assert (made.id in shown) == (stage is Stage.ACTIVE)
        assert made.id in services.listings.ids("clients", Query({"kind": kind, "stage": stage}))


def test_that_a_new_client_gets_the_next_number_and_the_next_one_the_number_after(services: Services) -> None:
    """S2-17."""
    first, second = a_client(services), a_client(services, last_name="Berg")
    assert first.number.isdigit()
    assert int(second.number) == int(first.number) + 1


def test_that_a_typed_number_is_skipped_when_its_turn_comes(services: Services) -> None:
    """S2-17, B5: taken values are skipped."""
    first = a_client(services)
    typed = str(int(first.number) + 1)
    a_client(services, last_name="Berg", number=typed)
    assert a_client(services, last_name="Clark").number == str(int(typed) + 1)


@pytest.mark.parametrize("typed", ["A-7", " a-7 "])
def test_that_a_number_in_use_is_refused_and_its_holder_named(services: Services, typed: str) -> None:
    """S2-18: trimmed, case ignored, archived holders included."""
    a_client(services, last_name="Holder", first_name="Hanna", number="A-7", stage=Stage.ARCHIVED)
    with pytest.raises(InvalidInput, match="Holder, Hanna") as refused:
        a_client(services, last_name="Other", number=typed)
    assert refused.value.field == "number"
    other = a_client(services, last_name="Other")
    with pytest.raises(InvalidInput, match="Holder, Hanna"):
        save(services, other, number=typed)
    assert save(services, other, number="A-8").number == "A-8"


def test_that_the_number_of_a_deleted_client_is_not_given_again(services: Services) -> None:
    """B5."""
    gone = a_client(services, number="77")
    services.clients.delete([gone.id], new_request())
    with pytest.raises(InvalidInput, match="77"):
        a_client(services, last_name="Later", number="77")


def test_that_an_email_in_use_is_refused_and_its_holder_named(services: Services) -> None:
    """S4-15, S4-34."""
    a_client(services, last_name="Holder", first_name="Hanna", emails=["hanna@example.com"])
    with pytest.raises(InvalidInput, match="Holder, Hanna") as refused:
        a_client(services, last_name="Other", emails=["HANNA@example.com"])
    assert refused.value.field == "emails"


def test_that_a_client_without_anything_to_find_it_by_is_refused_naming_what_is_missing(services: Services) -> None:
    """S4-34."""
    with pytest.raises(InvalidFields, match="name") as refused:
        services.clients.create(replace(NOBODY, call_warning="barks"), new_request())
    assert set(refused.value.faults) == {"last_name"}


@pytest.mark.parametrize(
    "facts",
    [
        {"last_name": "Adams"}, {"company": "Adams Garden Design"}, {"last_name": "", "phones": ["330 555 0142"]},
        {"last_name": "", "emails": ["anna@example.com"]},
    ],
)  # fmt: skip
def test_that_a_name_or_a_company_or_a_phone_or_an_email_is_enough(
    services: Services, facts: dict[str, object]
) -> None:
    """S4-06."""
    assert a_client(services, **facts).id


def test_that_everything_of_a_client_comes_back_as_it_was_saved(services: Services) -> None:
    """S2-01, S2-03, S2-05, S2-06, S2-09, S2-10, S2-12, S2-16, S2-25, S2-28, S2-29, S2-30, S2-31, S2-32, S2-34,
    S2-36, S2-37, S2-42, S2-44, S2-45, S2-46, S2-47, S0-22, S0-24, S3-15, S3-16, S3-17, S3-19, S3-22."""
    record = everything(services)
    nothing, computed = ClientRecord(), {"id", "version", "number", "referred_by_client_id"}
    untouched = [name for name, spec in specs(ClientRecord).items()
                 if not spec.derived and name not in computed and getattr(record, name) == getattr(nothing, name)]
    assert untouched == []
    saved = services.clients.create(record, new_request()).result
    assert replace(services.clients.get(saved.id), id=0, version=0, number="") == record
    assert [phone.e164 for phone in saved.phones] == ["+13305550142", "+13305550119"]
    assert saved.phones[1].extension == "12"


def test_that_a_save_keeps_what_another_desk_changed_in_other_fields(services: Services, other_desk: Services) -> None:
    """RELIABILITY 28."""
    base = a_client(services, town="Fairbrook")
    save(other_desk, base, call_warning="Works nights", phones=(a_phone("330 555 0142"),))
    merged = save(services, base, first_name="Annie")
    assert (merged.first_name, merged.call_warning) == ("Annie", "Works nights")
    assert [phone.typed for phone in merged.phones] == ["330 555 0142"]


def test_that_a_save_over_another_desks_change_of_the_same_field_is_refused_and_shows_both(
    services: Services, other_desk: Services
) -> None:
    """RELIABILITY 29."""
    base = a_client(services)
    save(other_desk, base, call_warning="Works nights")
    with pytest.raises(Conflict) as conflict:
        save(services, base, call_warning="Works days", first_name="Annie")
    assert conflict.value.fields == ("call_warning",)
    assert conflict.value.theirs.call_warning == "Works nights"
    assert conflict.value.mine.call_warning == "Works days"
    assert conflict.value.who == "Sue"
    assert services.clients.get(base.id).first_name == "Anna"


def test_that_the_same_change_on_both_desks_is_no_conflict(services: Services, other_desk: Services) -> None:
    """RELIABILITY 30."""
    base = a_client(services)
    save(other_desk, base, call_warning="Works nights")
    assert save(services, base, call_warning="Works nights").call_warning == "Works nights"


def test_that_phones_added_at_two_desks_both_stay(services: Services, other_desk: Services) -> None:
    base = a_client(services, phones=["330 555 0100"])
    save(other_desk, base, phones=(*base.phones, a_phone("330 555 0111")))
    merged = save(services, base, phones=(*base.phones, a_phone("330 555 0122")))
    assert {phone.typed for phone in merged.phones} == {"330 555 0100", "330 555 0111", "330 555 0122"}


def test_that_two_desks_that_each_name_a_secondary_contact_end_with_one(
    services: Services, other_desk: Services
) -> None:
    """S2-47."""
    base = a_client(services, family=(a_member("Bob"), a_member("Mia")))
    bob, mia = base.family
    save(other_desk, base, family=(replace(bob, secondary_contact=True), mia))
    merged = save(services, base, family=(bob, replace(mia, secondary_contact=True)))
    assert [member.first_name for member in merged.family if member.secondary_contact] == ["Mia"]


def test_that_dates_to_be_called_about_go_with_their_family_member(services: Services, other_desk: Services) -> None:
    """B2: whichever desk removed the member; the client's own date stays."""
    base = a_client(services, family=(a_member("Bob", birthday=PartialDate(3, 12)), a_member("Mia")))
    bob, mia = base.family
    dates = (a_date(), a_date(bob.uid), a_date(mia.uid))
    base = save(services, base, plan_dates=dates)
    assert base.plan_dates == dates
    base = save(services, base, family=(bob,))
    assert base.plan_dates == dates[:2]
    save(other_desk, base, family=())
    merged = save(services, base, plan_dates=(*base.plan_dates, a_date(occasion=Occasion.ANNIVERSARY)))
    assert [(row.member_uid, row.occasion) for row in merged.plan_dates] == [
        ("", Occasion.BIRTHDAY), ("", Occasion.ANNIVERSARY)
    ]  # fmt: skip


def test_that_a_date_that_two_desks_chose_is_there_once(services: Services, other_desk: Services) -> None:
    base = a_client(services, family=(a_member("Bob", birthday=PartialDate(3, 12)),))
    theirs = save(other_desk, base, plan_dates=(a_date(base.family[0].uid),))
    merged = save(services, base, plan_dates=(a_date(base.family[0].uid), a_date()))
    assert {(row.member_uid, row.uid == theirs.plan_dates[0].uid) for row in merged.plan_dates} == {
        (base.family[0].uid, True), ("", False)
    }  # fmt: skip


def test_that_an_organization_without_anything_is_no_organization(services: Services) -> None:
    blank, coach = OrganizationRow(uid=new_request()), OrganizationRow(uid=new_request(), role="Coach")
    assert a_client(services, organizations=(blank, coach)).organizations == (coach,)


def test_that_the_secondary_contact_can_move_to_an_earlier_family_member(services: Services) -> None:
    base = a_client(services, family=(a_member("Bob"), a_member("Mia", secondary_contact=True)))
    bob, mia = base.family
    moved = save(services, base, family=(replace(bob, secondary_contact=True), replace(mia, secondary_contact=False)))
    assert [member.secondary_contact for member in moved.family] == [True, False]


def test_that_a_request_sent_twice_creates_one_client_and_gives_it_again(services: Services) -> None:
    """RELIABILITY 117."""
    request, record = new_request(), client_record(last_name="Once")
    first = services.clients.create(record, request)
    second = services.clients.create(record, request)
    assert second.result == first.result
    assert len(services.listings.ids("clients", Query())) == 1


def test_that_a_request_id_with_other_contents_is_refused(services: Services) -> None:
    request = new_request()
    services.clients.create(client_record(last_name="Once"), request)
    with pytest.raises(StudioError, match="already saved"):
        services.clients.create(client_record(last_name="Twice"), request)


def test_that_a_deleted_client_is_gone_from_lists_and_search_and_comes_back_by_undo(services: Services) -> None:
    gone = a_client(services, last_name="Vanished")
    deleted = services.clients.delete([gone.id], new_request())
    assert services.listings.ids("clients", Query()) == []
    assert services.listings.find("vanished", Query()) == []
    with pytest.raises(NotFound):
        save(services, gone, first_name="Still")
    services.history.undo(deleted.changes.request, new_request())
    assert services.listings.ids("clients", Query()) == [gone.id]
    assert [hit.id for hit in services.listings.find("vanished", Query())] == [gone.id]


def test_that_many_clients_are_archived_at_once_and_one_undo_brings_them_all_back(services: Services) -> None:
    """S0-14, S0-18, S0-26."""
    reason = catalog_id(services, "archive_reasons", "Moved")
    hidden = a_client(services, last_name="Hidden", stage=Stage.HIDDEN)
    everyone = [*(a_client(services, last_name=f"Client {n}") for n in range(3)), hidden]
    ids = [one.id for one in everyone]
    archived = services.clients.set_stage(ids, Stage.ARCHIVED, new_request(), reason_id=reason)
    assert archived.result == 4
    for client_id in ids:
        record = services.clients.get(client_id)
        assert (record.stage, record.archive_reason_id) == (Stage.ARCHIVED, reason)
    services.history.undo(archived.changes.request, new_request())
    for one in everyone:
        assert replace(services.clients.get(one.id), version=0) == replace(one, version=0)


def test_that_who_is_archived_already_keeps_the_reason_and_who_was_deleted_stays_as_it_was(
    services: Services,
) -> None:
    reason = catalog_id(services, "archive_reasons", "Moved")
    moved = a_client(services, stage=Stage.ARCHIVED, archive_reason_id=reason)
    gone, here = a_client(services, last_name="Gone"), a_client(services, last_name="Here")
    services.clients.delete([gone.id], new_request())
    ids = [moved.id, gone.id, here.id]
    assert services.clients.set_stage(ids, Stage.ARCHIVED, new_request()).result == 1
    assert services.clients.get(moved.id).archive_reason_id == reason
    assert services.clients.get(gone.id).stage is Stage.ACTIVE
    assert services.clients.set_stage(ids, Stage.ACTIVE, new_request()).result == 2
    assert services.clients.get(moved.id).archive_reason_id is None


def test_that_history_tells_who_changed_which_field_from_what_to_what_when_and_where(
    services: Services, other_desk: Services, clock: FixedClock
) -> None:
    base = a_client(services)
    clock.instant += timedelta(hours=1)
    save(other_desk, base, lead_source_id=catalog_id(services, "lead_sources", "Website"), first_name="Annie")
    changes = [line for line in services.history.of_record("client", base.id) if line.action == "change"]
    assert {(line.field, line.old, line.new) for line in changes} == {
        ("first_name", "Anna", "Annie"),
        ("lead_source_id", None, "Website"),
    }
    assert {(line.user, line.workstation, line.at) for line in changes} == {("Sue", "FRONT-2", clock.instant)}
    assert [line.action for line in services.history.of_record("client", base.id)][-1] == "create"


def test_that_opening_a_client_is_one_statement(services: Services) -> None:
    """RELIABILITY 61, C10."""
    from sqlalchemy import event

    made = a_client(services, phones=["330 555 0142"], family=(a_member("Bob", phones=(a_phone("330 555 0143"),)),))
    seen: list[str] = []
    engine = services.database._read
    event.listen(engine, "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))
    services.clients.open(made.id)
    assert len(seen) <= 2
