"""Leads: opened, moved, won, lost, handed over, merged, undone (S0-08 to S0-13, B14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from studio_desktop.database.check import check
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.errors import Conflict, InUse, InvalidInput, NotFound
from studio_desktop.domain.records.clients import ClientKind, ClientRecord, Stage
from studio_desktop.domain.records.leads import LeadRecord, NextAction, Outcome
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.clients import COLUMNS
from studio_desktop.services.listings.declaration import Query, column_filter
from studio_desktop.services.pipelines import PAGE
from tests.builders import a_client, a_phone, a_pipeline, catalog_id, client_record, stage_id

TUESDAY = date(2026, 3, 10)


def a_lead(services: Services, **facts: Any) -> tuple[ClientRecord, LeadRecord]:
    """A client of kind lead, and the lead it began with."""
    client = a_client(services, kind=ClientKind.LEAD, **facts)
    return client, the_lead(services, client)


def the_lead(services: Services, client: ClientRecord) -> LeadRecord:
    """The only lead of a client."""
    (found,) = services.leads.of_client(client.id)
    return found


def at(services: Services, one: LeadRecord) -> str:
    """What the stage of a lead is called."""
    return next(choice.text for choice in services.catalogs.choices()["pipeline_stages"] if choice.id == one.stage_id)


def shown(services: Services, client: ClientRecord, *keys: str) -> list[Any]:
    """What the listing of clients shows of one."""
    ((_, values),) = services.listings.first_page("clients", Query(ids=(client.id,))).rows
    known = [column.key for column in COLUMNS]
    return [values[known.index(key)] for key in keys]


def ids(services: Services, **filters: Any) -> list[int]:
    return services.listings.ids("clients", Query(filters))


def test_that_a_new_lead_begins_in_the_pipeline_for_new_leads_with_something_to_do(
    services: Services, clock: FixedClock
) -> None:
    """S0-09, S0-10, S0-13, S0-21, B14: due in the days that the first stage allows, counted in business days."""
    clock.instant += timedelta(days=3)  # a Friday
    client, lead = a_lead(services)
    assert at(services, lead) == "New inquiry"
    assert (lead.next_action, lead.next_action_on) == (NextAction.CALL, date(2026, 3, 16))
    assert shown(services, client, "pipeline", "lead_stage", "next_action", "next_action_due", "days_in_stage") == [
        "Inquiries", "New inquiry", "Call: Ask what they have in mind", date(2026, 3, 16), 0,
    ]  # fmt: skip
    assert services.clients.open(client.id).leads == 1


def test_that_each_stage_sets_the_next_action_anew_until_the_lead_is_won(
    services: Services, clock: FixedClock
) -> None:
    """S0-10, S0-12, S0-13, B14: what is typed for a stage goes with it; winning makes a client, in one request."""
    client, lead = a_lead(services)
    typed = replace(lead, next_action_text="Ask for Saturday", remark="Wedding on 12 September")
    lead = services.leads.save(lead, typed, new_request()).result
    assert lead.next_action_text == "Ask for Saturday"
    clock.instant += timedelta(days=2)
    services.leads.advance([client.id], new_request())
    lead = the_lead(services, client)
    assert (at(services, lead), lead.next_action, lead.stage_since) == (
        "Contacted", NextAction.EMAIL, TUESDAY + timedelta(days=2)
    )  # fmt: skip
    assert (lead.next_action_text, lead.remark) == ("Send prices and samples", "Wedding on 12 September")
    assert lead.next_action_on == date(2026, 3, 17)  # Thursday and three business days
    won = services.leads.move([lead.id], stage_id(services, "Booked"), new_request())
    lead = the_lead(services, client)
    assert (lead.closed_on, lead.next_action, lead.next_action_on) == (date(2026, 3, 12), NextAction.NONE, None)
    assert services.clients.get(client.id).kind is ClientKind.CLIENT
    services.history.undo(won.changes.request, new_request())
    assert services.clients.get(client.id).kind is ClientKind.LEAD
    assert at(services, the_lead(services, client)) == "Contacted"


def test_that_a_lost_lead_says_why_and_becomes_a_prospect_that_can_be_asked_again(services: Services) -> None:
    """S0-11, S0-08, S0-04: lost leads stay with their client; the next inquiry is another lead."""
    client, lead = a_lead(services)
    price = catalog_id(services, "lost_reasons", "Price")
    services.leads.move([lead.id], stage_id(services, "Lost"), new_request(), lost_reason_id=price)
    assert (the_lead(services, client).lost_reason_id, services.clients.get(client.id).kind) == (
        price, ClientKind.PROSPECT
    )  # fmt: skip
    services.clients.set_kind([client.id], ClientKind.LEAD, new_request())
    now, before = services.leads.of_client(client.id)
    assert (at(services, now), now.closed_on, at(services, before), before.closed_on) == (
        "New inquiry", None, "Lost", TUESDAY
    )  # fmt: skip
    with pytest.raises(InvalidInput, match="another open lead"):
        services.leads.move([before.id], stage_id(services, "Contacted"), new_request())


def test_that_a_lost_lead_goes_on_where_it_is_moved_back(services: Services) -> None:
    client, lead = a_lead(services)
    services.leads.move([lead.id], stage_id(services, "Lost"), new_request())
    services.leads.move([lead.id], stage_id(services, "Contacted"), new_request())
    assert (the_lead(services, client).closed_on, services.clients.get(client.id).kind) == (None, ClientKind.LEAD)
    services.leads.move([lead.id], stage_id(services, "Lost"), new_request(), converts=False)
    assert services.clients.get(client.id).kind is ClientKind.LEAD


@pytest.mark.parametrize(
    ("kind", "stage"), [(ClientKind.CLIENT, "Booked"), (ClientKind.PROSPECT, "Lost")], ids=["client", "prospect"]
)
@pytest.mark.parametrize("way", ["page", "list", "many"])
def test_that_converting_by_hand_closes_the_lead_however_it_is_done(
    services: Services, kind: ClientKind, stage: str, way: str
) -> None:
    """S0-11, S0-12, B14."""
    client, lead = a_lead(services)
    if way == "page":
        saved: Any = services.clients.save(client, replace(client, kind=kind), new_request())
    elif way == "list":
        saved = services.clients.set_kind([client.id], kind, new_request())
    else:
        saved = services.batch.change([client.id], "kind", kind, new_request())
    closed = the_lead(services, client)
    assert (at(services, closed), closed.closed_on) == (stage, TUESDAY)
    services.history.undo(saved.changes.request, new_request())
    assert the_lead(services, client) == lead


def test_that_what_was_done_to_a_lead_stands_in_the_history_of_its_client(services: Services) -> None:
    """B14: conversions and moves are logged with names instead of ids."""
    client, lead = a_lead(services)
    owner = services.desk.user_id
    services.leads.assign([client.id], owner, new_request())
    services.leads.move([lead.id], stage_id(services, "Booked"), new_request())
    told = {(line.field, line.old, line.new) for line in services.history.of_record("client", client.id)}
    assert told >= {
        ("responsible_id", None, "Owner"), ("stage_id", "New inquiry", "Booked"), ("kind", "lead", "client"),
    }  # fmt: skip


def test_that_leads_without_a_next_action_and_late_ones_are_found(services: Services, clock: FixedClock) -> None:
    """S0-10."""
    idle, lead = a_lead(services, last_name="Idle")
    services.leads.save(lead, replace(lead, next_action=NextAction.NONE), new_request())
    late, _ = a_lead(services, last_name="Late")
    a_client(services, last_name="Client")
    left, given_up = a_lead(services, last_name="Left")
    services.leads.move([given_up.id], stage_id(services, "Lost"), new_request(), converts=False)
    assert the_lead(services, idle).next_action_on is None
    assert set(ids(services, no_action=True)) == {idle.id, left.id}
    assert ids(services, action_overdue=True) == []
    clock.instant += timedelta(days=2)
    assert ids(services, action_overdue=True) == [late.id]
    assert ids(services, **{column_filter("next_action_due"): "late"}) == [late.id]
    assert services.clients.open(late.id).lead_overdue


def test_that_many_are_moved_assigned_and_put_into_a_pipeline_at_once(services: Services) -> None:
    """B14: assign to many; a prospect becomes a lead by it, a client stays one; one request, one undo."""
    school = a_pipeline(services, "Schools", "Asked", "Visited")
    prospect = a_client(services, last_name="Prospect", kind=ClientKind.PROSPECT)
    client = a_client(services, last_name="Client")
    lead, _ = a_lead(services, last_name="Lead")
    everybody = [prospect.id, client.id, lead.id]
    put = services.leads.put_in(everybody, school, new_request())
    assert put.result == 3
    assert [services.clients.get(one).kind for one in everybody] == [
        ClientKind.LEAD, ClientKind.CLIENT, ClientKind.LEAD
    ]  # fmt: skip
    assert services.leads.put_in(everybody, school, new_request()).result == 0
    visited = stage_id(services, "Visited", "Schools")
    assert services.leads.move_clients(everybody, visited, new_request()).result == 3
    assert set(ids(services, lead_stage=visited)) == set(everybody) == set(ids(services, pipeline=school))
    assert services.leads.assign(everybody, services.desk.user_id, new_request()).result == 4
    assert set(ids(services, responsible=services.desk.user_id)) == set(everybody)
    with pytest.raises(Conflict):
        services.history.undo(put.changes.request, new_request())


def test_that_a_stage_brings_those_along_who_are_not_in_its_pipeline_yet(services: Services) -> None:
    """B14."""
    prospect = a_client(services, last_name="Prospect", kind=ClientKind.PROSPECT)
    moved = services.leads.move_clients([prospect.id], stage_id(services, "Consultation"), new_request())
    assert (moved.result, at(services, the_lead(services, prospect))) == (1, "Consultation")
    assert services.clients.get(prospect.id).kind is ClientKind.LEAD
    services.history.undo(moved.changes.request, new_request())
    assert services.leads.of_client(prospect.id) == []


def test_that_two_desks_type_into_one_lead_without_loss(services: Services, other_desk: Services) -> None:
    """B14: what both changed and differ in is a conflict."""
    _, lead = a_lead(services)
    services.leads.save(lead, replace(lead, remark="Wedding"), new_request())
    both = other_desk.leads.save(lead, replace(lead, next_action_text="Ask"), new_request()).result
    assert (both.remark, both.next_action_text) == ("Wedding", "Ask")
    with pytest.raises(Conflict):
        other_desk.leads.save(lead, replace(lead, remark="Baptism"), new_request())


def test_that_merging_two_clients_drops_no_lead(services: Services) -> None:
    """B14, B18: of two open ones in a pipeline the kept client's goes on; undo gives each back its own."""
    kept, mine = a_lead(services, last_name="Adams")
    other, theirs = a_lead(services, last_name="Adams", first_name="Ann")
    schools = a_pipeline(services, "Schools", "Asked")
    services.leads.put_in([other.id], schools, new_request())
    kept, other = services.clients.get(kept.id), services.clients.get(other.id)
    merged = services.merges.merge(kept, other, {}, new_request())
    now = {one.id: one.closed_on for one in services.leads.of_client(kept.id)}
    assert (now.pop(mine.id), now.pop(theirs.id)) == (None, TUESDAY)
    assert list(now.values()) == [None]
    assert services.leads.of_client(other.id) == []
    services.history.undo(merged.changes.request, new_request())
    assert (the_lead(services, kept), len(services.leads.of_client(other.id))) == (mine, 2)


def test_that_leads_go_into_the_trash_with_their_client_and_are_erased_with_it(services: Services) -> None:
    """B15: nothing keeps them."""
    client, lead = a_lead(services)
    assert services.clients.delete([client.id], new_request()).result.deleted == 1
    assert (services.pipelines.stage_counts()[0].count, services.leads.advance([client.id], new_request()).result) == (
        0, 0
    )  # fmt: skip
    services.trash.restore([client.id], new_request())
    assert the_lead(services, client) == lead
    services.clients.delete([client.id], new_request())
    services.trash.erase([client.id], new_request())
    assert services.leads.of_client(client.id) == []
    assert check(services.database) == []


def test_that_imported_leads_begin_like_typed_ones(services: Services, tmp_path: Any) -> None:
    """S0-03, S0-13: the manual's words for the kinds are understood in a file."""
    file = tmp_path / "people.csv"
    file.write_text(
        "Last name,Kind\nAdams,Inquiry\nBell,Prospective client\nCole,Prospective Lead\nDunn,Customer\n", "utf-8"
    )
    services.imports.carry_out(services.imports.judge(services.imports.read(file)), new_request())
    kinds = {kind: services.listings.ids("clients", Query({"kind": kind})) for kind in ClientKind}
    assert [len(found) for found in kinds.values()] == [1, 2, 1]
    (lead,) = services.leads.of_client(kinds[ClientKind.LEAD][0])
    assert (at(services, lead), lead.closed_on) == ("New inquiry", None)


@pytest.mark.parametrize("words", ["inquiry", "=Inquiries", "Enquiry", "lead"])
def test_that_the_kind_is_found_by_the_words_of_the_manual(services: Services, words: str) -> None:
    """S0-03."""
    lead, _ = a_lead(services)
    a_client(services, last_name="Prospect", kind=ClientKind.PROSPECT)
    assert ids(services, **{column_filter("kind"): words}) == [lead.id]


def test_that_one_pipeline_is_always_for_new_leads_and_a_hidden_one_takes_no_more(services: Services) -> None:
    """B14, S1-18."""
    schools = a_pipeline(services, "Schools", "Asked")
    first, second = services.catalogs.rows("pipelines")
    with pytest.raises(InvalidInput, match="always"):
        services.catalogs.save("pipelines", first, {"for_new_leads": False}, new_request())
    services.catalogs.save("pipelines", second, {"for_new_leads": True}, new_request())
    assert [row.values["for_new_leads"] for row in services.catalogs.rows("pipelines")] == [False, True]
    _, lead = a_lead(services, last_name="School")
    assert lead.pipeline_id == schools
    second = services.catalogs.rows("pipelines")[1]
    services.catalogs.save("pipelines", second, {"inactive": True}, new_request())
    _, later = a_lead(services, last_name="Later")
    assert later.pipeline_id == first.id
    with pytest.raises(InvalidInput, match="no longer in use"):
        services.leads.put_in([later.client_id], schools, new_request())


def test_that_a_pipeline_in_use_is_deleted_only_with_another_for_its_leads(services: Services) -> None:
    """S1-14, B4: who stands in both keeps the lead of the one that stays; undo brings everything back."""
    schools = a_pipeline(services, "Schools", "Asked", "Visited")
    both, inquiry = a_lead(services, last_name="Both")
    only = a_client(services, last_name="Only", kind=ClientKind.PROSPECT)
    services.leads.put_in([both.id, only.id], schools, new_request())
    with pytest.raises(InUse, match="2 records"):
        services.catalogs.delete("pipelines", schools, new_request())
    deleted = services.catalogs.delete("pipelines", schools, new_request(), replacement=inquiry.pipeline_id)
    moved = the_lead(services, only)
    assert (moved.pipeline_id, at(services, moved), moved.closed_on) == (inquiry.pipeline_id, "New inquiry", None)
    assert sorted(one.closed_on is None for one in services.leads.of_client(both.id)) == [False, True]
    services.history.undo(deleted.changes.request, new_request())
    assert (the_lead(services, only).pipeline_id, check(services.database)) == (schools, [])


def test_that_a_stage_that_is_gone_or_of_another_pipeline_is_refused(services: Services) -> None:
    _, lead = a_lead(services)
    a_pipeline(services, "Schools", "Asked")
    with pytest.raises(InvalidInput, match="another pipeline"):
        services.leads.move([lead.id], stage_id(services, "Asked", "Schools"), new_request())
    with pytest.raises(NotFound):
        services.leads.move([lead.id], 999, new_request())


def test_that_the_board_shows_each_stage_with_what_is_due_first_on_top(services: Services, clock: FixedClock) -> None:
    """B14: board view, time in stage; hidden and archived clients are not on it, closed leads for a month."""
    anna, _ = a_lead(services, last_name="Adams", phones=[a_phone("330 555 0142")], call_warning="Works nights")
    clock.instant += timedelta(days=1)
    bob, _ = a_lead(services, last_name="Bell")
    _, won = a_lead(services, last_name="Won")
    a_lead(services, last_name="Hidden", stage=Stage.HIDDEN)
    services.leads.move([won.id], stage_id(services, "Booked"), new_request())
    clock.instant += timedelta(days=1)
    pipeline = catalog_id(services, "pipelines", "Inquiries")
    first, *_, booked, lost = services.pipelines.board(pipeline)
    assert (first.description, first.total, first.overdue) == ("New inquiry", 2, 1)
    assert [card.client_id for card in first.cards] == [anna.id, bob.id]
    card = first.cards[0]
    assert (card.name, card.call_warning, card.due, card.stage_since) == (
        "Adams", "Works nights", date(2026, 3, 11), TUESDAY
    )  # fmt: skip
    assert card.phone is not None
    assert (booked.outcome, booked.total, lost.total) == (Outcome.WON, 1, 0)
    clock.instant += timedelta(days=31)
    assert services.pipelines.board(pipeline)[-2].total == 0
    assert services.pipelines.board(pipeline, responsible_id=services.desk.user_id)[0].total == 0


def test_that_a_stage_gives_its_cards_page_by_page(services: Services) -> None:
    """B14."""
    people = [client_record(last_name=f"Lead {number:03}", kind=ClientKind.LEAD) for number in range(PAGE + 5)]
    for record in people:
        services.clients.create(record, new_request())
    first = services.pipelines.board(catalog_id(services, "pipelines", "Inquiries"))[0]
    rest = services.pipelines.cards(first.id, PAGE)
    assert (first.total, len(first.cards), len(rest)) == (PAGE + 5, PAGE, 5)
    assert not {one.id for one in first.cards} & {one.id for one in rest}
