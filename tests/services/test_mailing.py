"""Who gets a label, what stands on it, and who is left out and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.errors import NotFound
from studio_desktop.domain.records.clients import AddressPurpose, AddressRow, ClientKind, Stage
from studio_desktop.services import Services, new_request
from studio_desktop.services.mailing import LeftOutBecause, MailingOrder, NameLine, Recipients, RunFacts
from tests.builders import a_client, a_member, catalog_id

HOME: dict[str, Any] = {"street": "1 Mill Street", "town": "Fairbrook", "region": "OH", "postcode": "44199"}


def test_that_do_not_market_and_incomplete_addresses_are_left_out_of_a_group_and_listed(services: Services) -> None:
    """S2-37, S2-38. RELIABILITY 110."""
    weddings = catalog_id(services, "client_groups", "Weddings")
    member = {"groups": frozenset({weddings})}
    kept = a_client(services, last_name="Kept", **HOME, **member)
    quiet = a_client(services, last_name="Quiet", do_not_market=True, **HOME, **member)
    nowhere = a_client(services, last_name="Nowhere", town="Fairbrook", **member)
    away = a_client(services, last_name="Away", stage=Stage.ARCHIVED, **HOME, **member)
    a_client(services, last_name="Outside", **HOME)
    mailing = services.mailings.gather(Recipients(group_id=weddings))
    assert [one.client_id for one in mailing.addressees] == [kept.id]
    assert {one.client_id: one.because for one in mailing.left_out} == {
        quiet.id: LeftOutBecause.DO_NOT_MARKET,
        nowhere.id: LeftOutBecause.NO_ADDRESS,
        away.id: LeftOutBecause.ARCHIVED,
    }


def test_that_who_died_gets_no_label_of_a_group_and_is_listed_as_such(services: Services) -> None:
    """B10. RELIABILITY 113."""
    weddings = catalog_id(services, "client_groups", "Weddings")
    gone = a_client(services, deceased=True, do_not_market=True, groups=frozenset({weddings}), **HOME)
    mailing = services.mailings.gather(Recipients(group_id=weddings))
    assert [(one.client_id, one.because) for one in mailing.people] == [(gone.id, LeftOutBecause.DECEASED)]


def test_that_a_household_is_addressed_by_its_own_name_where_it_has_one(services: Services) -> None:
    """B10."""
    a_client(services, household_name="The Adams-Bell Family", **HOME, family=(a_member("Peter", last_name="Bell"),))
    (household,) = services.mailings.gather(Recipients(), name_line=NameLine.HOUSEHOLD).addressees
    assert household.lines[0] == "The Adams-Bell Family"
    (single,) = services.mailings.gather(Recipients(), name_line=NameLine.PERSON).addressees
    assert single.lines[0] == "Anna Adams"


def test_that_a_single_label_always_prints(services: Services) -> None:
    """B10, DECISIONS 26."""
    quiet = a_client(services, last_name="Quiet", do_not_market=True, **HOME)
    mailing = services.mailings.gather(Recipients(client_ids=(quiet.id,), always=frozenset({quiet.id})))
    assert [one.client_id for one in mailing.addressees] == [quiet.id]


def test_that_without_a_choice_all_active_clients_are_meant(services: Services) -> None:
    client = a_client(services, last_name="Client", **HOME)
    a_client(services, last_name="Prospect", kind=ClientKind.PROSPECT, **HOME)
    a_client(services, last_name="Hidden", stage=Stage.HIDDEN, **HOME)
    assert [one.client_id for one in services.mailings.gather(Recipients()).addressees] == [client.id]


def test_that_prospects_are_written_to_as_a_group_or_by_their_tag(services: Services) -> None:
    """S0-05, S0-06."""
    tag = services.catalogs.tag("Mini session", new_request()).result.id
    tagged = a_client(services, last_name="Tagged", kind=ClientKind.PROSPECT, tags=frozenset({tag}), **HOME)
    other = a_client(services, last_name="Untagged", kind=ClientKind.PROSPECT, **HOME)
    a_client(services, last_name="Client", **HOME)
    by_kind = services.mailings.gather(Recipients(kind=ClientKind.PROSPECT))
    assert [one.client_id for one in by_kind.addressees] == [tagged.id, other.id]
    by_tag = services.mailings.gather(Recipients(tag_id=tag))
    assert [one.client_id for one in by_tag.addressees] == [tagged.id]


def test_that_a_couple_stands_on_one_line_above_company_and_address(services: Services) -> None:
    """S2-48, B10."""
    a_client(services, last_name="Adams", first_name="Anna", company="Adams Garden Design", **HOME,
             family=(a_member("Peter", last_name="Adams", secondary_contact=True),))  # fmt: skip
    (couple,) = services.mailings.gather(Recipients()).addressees
    assert couple.lines == ("Anna & Peter Adams", "Adams Garden Design", "1 Mill Street", "Fairbrook, OH 44199")
    (single,) = services.mailings.gather(Recipients(), name_line=NameLine.PERSON).addressees
    assert single.lines[0] == "Anna Adams"


def test_that_the_address_in_force_on_the_day_is_used(services: Services, clock: FixedClock) -> None:
    """B10, B22, S2-07."""
    made = a_client(services, **HOME)
    new = AddressRow(uid=new_request(), line1="9 Chapel Hill", town="Oakhurst", region="OH", postcode="44198",
                     effective_from=date(2026, 3, 12))  # fmt: skip
    services.clients.save(made, replace(made, addresses=(*made.addresses, new)), new_request())
    assert services.mailings.gather(Recipients()).addressees[0].town == "Fairbrook"
    clock.instant += timedelta(days=2)
    assert services.mailings.gather(Recipients()).addressees[0].town == "Oakhurst"


def test_that_a_mailing_prepared_for_a_later_day_uses_the_address_of_that_day(services: Services) -> None:
    """B10, B22: labels use the print date."""
    made = a_client(services, **HOME)
    new = AddressRow(uid=new_request(), line1="9 Chapel Hill", town="Oakhurst", region="OH", postcode="44198",
                     effective_from=date(2026, 4, 1))  # fmt: skip
    services.clients.save(made, replace(made, addresses=(*made.addresses, new)), new_request())
    days = {date(2026, 3, 31): "Fairbrook", date(2026, 4, 1): "Oakhurst"}
    assert {day: services.mailings.gather(Recipients(), on=day).addressees[0].town for day in days} == days


@pytest.mark.parametrize(
    ("name_line", "expected"),
    [
        (NameLine.PERSON, ["Ann Smith", "Zoe Zell"]),
        (NameLine.COUPLE, ["Ann & Bob Smith", "Zoe Zell"]),
        (NameLine.HOUSEHOLD, ["The Smith Family", "Zoe Zell"]),
    ],
)
def test_that_the_name_line_is_for_a_person_a_couple_or_a_household(
    services: Services, name_line: NameLine, expected: list[str]
) -> None:
    """B10: a household of one is a person."""
    a_client(services, last_name="Smith", first_name="Ann", **HOME,
             family=(a_member("Bob", last_name="Smith", secondary_contact=True),))  # fmt: skip
    a_client(services, last_name="Zell", first_name="Zoe", **HOME)
    mailing = services.mailings.gather(Recipients(), name_line=name_line)
    assert [one.lines[0] for one in mailing.addressees] == expected


def test_that_a_household_gets_one_label_and_who_is_left_out_for_it_is_listed(services: Services) -> None:
    """B10: duplicates of one household; the couple's label comes before those of its two."""
    shouted = {**HOME, "street": "1 MILL  STREET"}
    abe = a_client(services, last_name="Smith", first_name="Abe", **HOME)
    bob = a_client(services, last_name="Jones", first_name="Bob", **HOME)
    couple = a_client(services, last_name="Smith", first_name="Ann", **shouted,
                      family=(a_member("Bob", last_name="Jones", secondary_contact=True),))  # fmt: skip
    other = a_client(services, last_name="Smith", first_name="Otto", **{**HOME, "street": "2 Mill Street"})
    mailing = services.mailings.gather(Recipients())
    assert {one.client_id for one in mailing.addressees} == {couple.id, other.id}
    assert {one.client_id: one.because for one in mailing.left_out} == {
        abe.id: LeftOutBecause.SAME_HOUSEHOLD, bob.id: LeftOutBecause.SAME_HOUSEHOLD,
    }  # fmt: skip
    singly = services.mailings.gather(Recipients(), name_line=NameLine.PERSON)
    assert len(singly.addressees) == 4


def test_that_who_gets_no_label_does_not_keep_one_from_the_household(services: Services) -> None:
    """B10, S2-37."""
    a_client(services, last_name="Smith", first_name="Ann", do_not_market=True, **HOME)
    bob = a_client(services, last_name="Smith", first_name="Bob", **HOME)
    assert [one.client_id for one in services.mailings.gather(Recipients()).addressees] == [bob.id]


def facts(whom: str = "Weddings", **more: Any) -> RunFacts:
    return RunFacts(whom, "avery-5160", more.pop("name_line", NameLine.COUPLE), date(2026, 3, 10), **more)


def test_that_a_mailing_is_kept_with_who_when_what_and_whom(services: Services, clock: FixedClock) -> None:
    """B10: each group run is one batch."""
    a_client(services, last_name="Abbott", **HOME)
    a_client(services, last_name="Quiet", do_not_market=True, **HOME)
    mailing = services.mailings.gather(Recipients())
    request = new_request()
    kept = services.mailings.keep(facts(copies=2), mailing, request).result
    clock.instant += timedelta(minutes=1)
    services.mailings.keep(facts("Seniors"), mailing, new_request())
    assert services.mailings.keep(facts(copies=2), mailing, request).result == kept
    latest, first = services.mailings.runs()
    assert (latest.facts.whom, first) == ("Seniors", kept)
    assert (kept.facts, kept.labels, kept.left_out) == (facts(copies=2), 1, 1)
    assert (kept.user, kept.at) == (services.desk.user_name, clock.instant - timedelta(minutes=1))
    assert [run.facts.whom for run in services.mailings.runs(limit=1)] == ["Seniors"]


def test_that_a_mailing_prints_again_as_it_was_printed(services: Services, clock: FixedClock) -> None:
    """B10: reprintable, in its order, with the addresses of its day and who was left out and why."""
    zell = a_client(services, last_name="Zell", **HOME)
    abbott = a_client(services, last_name="Abbott", **HOME)
    quiet = a_client(services, last_name="Quiet", do_not_market=True, **HOME)
    asked_for = a_client(services, last_name="Asked", do_not_market=True, **HOME)
    chosen = Recipients(client_ids=(zell.id, quiet.id, abbott.id, asked_for.id))
    mailing = services.mailings.gather(chosen, order=MailingOrder.AS_CHOSEN)
    picked = mailing.picked(without={abbott.id}, always={asked_for.id})
    run = services.mailings.keep(facts(), picked, new_request()).result
    moved = AddressRow(uid=new_request(), line1="9 Chapel Hill", town="Oakhurst", postcode="44198",
                       effective_from=date(2026, 3, 20))  # fmt: skip
    services.clients.save(zell, replace(zell, addresses=(*zell.addresses, moved)), new_request())
    a_client(services, last_name="Newcomer", **HOME)
    clock.instant += timedelta(days=30)
    again_run, again = services.mailings.again(run.id)
    assert (again_run, again) == (run, picked)


def test_that_who_asked_for_no_more_mail_since_gets_none_of_a_mailing_printed_again(services: Services) -> None:
    kept, quiet = (a_client(services, last_name=name, **HOME) for name in ("Kept", "Quiet"))
    run = services.mailings.keep(facts(), services.mailings.gather(Recipients()), new_request()).result
    services.clients.save(quiet, replace(quiet, do_not_market=True), new_request())
    _, again = services.mailings.again(run.id)
    assert [one.client_id for one in again.addressees] == [kept.id]
    assert [one.because for one in again.left_out] == [LeftOutBecause.DO_NOT_MARKET]


def test_that_a_mailing_that_is_not_there_is_said_to_be_gone(services: Services) -> None:
    with pytest.raises(NotFound, match="no longer there"):
        services.mailings.again(1)


def test_that_a_mailing_address_comes_before_the_home_address(services: Services) -> None:
    made = a_client(services, **HOME)
    box = AddressRow(
        uid=new_request(), line1="PO Box 7", town="Lakemont", postcode="44196", purpose=AddressPurpose.MAILING
    )
    services.clients.save(made, replace(made, addresses=(*made.addresses, box)), new_request())
    assert services.mailings.gather(Recipients()).addressees[0].lines[1] == "PO Box 7"


@pytest.mark.parametrize(
    ("order", "expected"), [(MailingOrder.LAST_NAME, ["Abbott", "Zell"]), (MailingOrder.POSTCODE, ["Zell", "Abbott"])]
)
def test_that_labels_stand_in_the_order_asked_for(services: Services, order: MailingOrder, expected: list[str]) -> None:
    a_client(services, last_name="Abbott", first_name="", **{**HOME, "postcode": "44199"})
    a_client(services, last_name="Zell", first_name="", **{**HOME, "postcode": "10001"})
    assert [one.name for one in services.mailings.gather(Recipients(), order=order).addressees] == expected


def test_that_a_status_names_its_clients(services: Services) -> None:
    prospect = catalog_id(services, "client_statuses", "Prospect")
    meant = a_client(services, last_name="Meant", status_id=prospect, **HOME)
    a_client(services, last_name="Other", **HOME)
    mailing = services.mailings.gather(Recipients(status_id=prospect))
    assert [one.client_id for one in mailing.addressees] == [meant.id]


def test_that_chosen_clients_stand_by_name_or_as_they_were_chosen(services: Services) -> None:
    zell = a_client(services, last_name="Zell", first_name="", **HOME)
    abbott = a_client(services, last_name="Abbott", first_name="", **HOME)
    chosen = Recipients(client_ids=(zell.id, abbott.id))
    assert [one.name for one in services.mailings.gather(chosen).addressees] == ["Abbott", "Zell"]
    as_chosen = services.mailings.gather(chosen, order=MailingOrder.AS_CHOSEN)
    assert [one.name for one in as_chosen.addressees] == ["Zell", "Abbott"]


def test_that_a_person_may_leave_somebody_out_and_take_somebody_in(services: Services) -> None:
    """S2-38: whoever is left out stays in sight, with the reason."""
    kept = a_client(services, last_name="Kept", **HOME)
    unticked = a_client(services, last_name="Unticked", **HOME)
    quiet = a_client(services, last_name="Quiet", do_not_market=True, **HOME)
    nowhere = a_client(services, last_name="Nowhere")
    mailing = services.mailings.gather(Recipients())
    picked = mailing.picked(without={unticked.id, nowhere.id}, always={quiet.id})
    assert [one.client_id for one in picked.addressees] == [kept.id, quiet.id]
    assert {one.client_id: one.because for one in picked.left_out} == {
        unticked.id: LeftOutBecause.UNTICKED,
        nowhere.id: LeftOutBecause.NO_ADDRESS,
    }
    assert [one.client_id for one in picked.people] == [one.client_id for one in mailing.people]
