"""Who gets a label, what stands on it, and who is left out and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.records.clients import AddressPurpose, AddressRow, ClientKind, Stage
from studio_desktop.services import Services, new_request
from studio_desktop.services.mailing import LeftOutBecause, MailingOrder, Recipients
from tests.builders import a_client, a_member, catalog_id

HOME: dict[str, Any] = {"street": "1 Mill Street", "town": "Fairbrook", "region": "OH", "postcode": "44199"}


def test_that_do_not_market_and_incomplete_addresses_are_left_out_of_a_group_and_listed(services: Services) -> None:
    """S2-37, S2-38."""
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


def test_that_a_couple_stands_on_one_line_above_company_and_address(services: Services) -> None:
    """S2-48, B10."""
    a_client(services, last_name="Adams", first_name="Anna", company="Adams Garden Design", **HOME,
             family=(a_member("Peter", last_name="Adams", secondary_contact=True),))  # fmt: skip
    (couple,) = services.mailings.gather(Recipients()).addressees
    assert couple.lines == ("Anna & Peter Adams", "Adams Garden Design", "1 Mill Street", "Fairbrook, OH 44199")
    (single,) = services.mailings.gather(Recipients(), couples=False).addressees
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
