"""Clients as vCards, which come in again as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.records.clients import (
    AddressPurpose,
    AddressRow,
    ClientRecord,
    EmailRow,
    FamilyMember,
    PhoneRow,
)
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.reports.listing_file import export_listing
from studio_desktop.reports.vcard_file import write_cards
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.service import Query
from tests.builders import a_client, catalog_id
from tests.pictures import picture


def told(record: ClientRecord) -> tuple[object, ...]:
    """All of a client that a card can hold."""
    return (
        replace(record, **dict.fromkeys(("id", "version"), 0), **dict.fromkeys(("created_at", "updated_at")), number="",
                phones=(), emails=(), addresses=(), family=()),
        [(row.label_id, row.e164, row.extension) for row in record.phones],
        [row.address for row in record.emails],
        [replace(row, uid="") for row in record.addresses],
        [(one.first_name, one.last_name, one.relationship_id, one.secondary_contact) for one in record.family],
    )  # fmt: skip


def a_whole_client(services: Services) -> ClientRecord:
    def phone(label: str, typed: str) -> PhoneRow:
        return PhoneRow(uid=new_request(), label_id=catalog_id(services, "phone_labels", label), typed=typed)

    services.catalogs.add("phone_labels", {"description": "Summer; house"}, new_request())
    group = services.catalogs.add("client_groups", {"description": "Seniors, 2027"}, new_request()).result.id
    home = AddressRow(uid=new_request(), line1="418 Larkspur Lane; rear", line2="Apt 2, left", town="Fairbrook",
                      region="OH", postcode="44199", country="USA")  # fmt: skip
    work = AddressRow(uid=new_request(), line1="ul. Łąkowa 5", town="Łódź", purpose=AddressPurpose.WORK)
    mailing = AddressRow(uid=new_request(), line1="Postfach 7", town="Köln", purpose=AddressPurpose.MAILING)
    spouse, child = (catalog_id(services, "relationships", word) for word in ("Spouse", "Child"))
    facts = ClientRecord(
        last_name="Åström; von", first_name="Zoë, 王小明", company="A, B; C\\D", salutation="Dr.",
        job_title="Gärtnerin", nickname="Zo", former_names="Berg", birthday=PartialDate(2, 29),
        anniversary=PartialDate(6, 20, 2010),
        do_not_market=True, do_not_call=True, website="https://zoe.example/a,b;c", facebook="facebook.com/zoe",
        linkedin="linkedin.com/in/zoe", twitter="twitter.com/zoe", groups=frozenset({group}),
        phones=(phone("Mobile", "(330) 555-0142"), phone("Work", "330 555 0143 ext. 12"),
                phone("Summer; house", "+48 42 123 45 67")),
        image_hash=services.images.store(picture()),
        emails=(EmailRow(uid=new_request(), address="zoe@example.com"),
                EmailRow(uid=new_request(), address="z@work.example")),
        addresses=(home, work, mailing),
        family=(FamilyMember(uid=new_request(), first_name="Bob", last_name="Adams", relationship_id=spouse,
                             secondary_contact=True),
                FamilyMember(uid=new_request(), first_name="Mia", last_name="Adams", relationship_id=child)),
    )  # fmt: skip
    return services.clients.create(facts, new_request()).result


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_that_a_client_comes_back_from_its_card_as_it_was(services: Services, tmp_path: Path, version: str) -> None:
    """B20: what was exported comes in again."""
    before = a_whole_client(services)
    note = "Likes sage; and\nlong lines, " + "ü王" * 60
    services.notes.add(NoteRecord(client_id=before.id, text=note), new_request())
    path = tmp_path / "zoe.vcf"
    assert write_cards(services, path, [before.id], version=version).rows == 1
    assert max(map(len, path.read_bytes().split(b"\r\n"))) <= 75
    services.clients.delete([before.id], new_request())
    plan = services.imports.judge(services.imports.read(path))
    assert [row.why for row in plan.rows] == [""]
    services.imports.carry_out(plan, new_request())
    (client_id,) = services.listings.ids("clients", Query())
    assert told(services.clients.get(client_id)) == told(before)
    assert [one.text for one in services.notes.of_client(client_id)] == [note]


@pytest.mark.parametrize("version", ["3.0", "4.0"])
@pytest.mark.parametrize(
    "day", [PartialDate(5, 14, 1987), PartialDate(5, 14), PartialDate(5, None, 1987), PartialDate(None, None, 1987)]
)
def test_that_a_birthday_comes_back_whatever_is_known_of_it(
    services: Services, tmp_path: Path, day: PartialDate, version: str
) -> None:
    """S2-23."""
    before = a_client(services, birthday=day, anniversary=day)
    write_cards(services, tmp_path / "c.vcf", [before.id], version=version)
    services.clients.delete([before.id], new_request())
    services.imports.carry_out(
        services.imports.judge(services.imports.read(tmp_path / "c.vcf")), new_request()
    )
    (client_id,) = services.listings.ids("clients", Query())
    again = services.clients.get(client_id)
    assert (again.birthday, again.anniversary) == (day, day)


def test_that_a_business_is_one_and_an_address_yet_to_come_or_gone_is_left_out(
    services: Services, tmp_path: Path
) -> None:
    """B22."""
    today = services.desk.clock.today()
    here = AddressRow(uid=new_request(), line1="1 Oak St", town="Fairbrook")
    later = AddressRow(uid=new_request(), line1="2 Elm St", town="Akron", effective_from=date(today.year + 1, 1, 1))
    one = services.clients.create(ClientRecord(company="Oak & Sons", addresses=(here, later)), new_request()).result
    write_cards(services, tmp_path / "c.vcf", [one.id], version="4.0")
    lines = (tmp_path / "c.vcf").read_text().splitlines()
    assert {"FN:Oak & Sons", "ORG:Oak & Sons", "KIND:org"} <= set(lines)
    assert [line for line in lines if line.startswith("ADR")] == ["ADR;TYPE=home:;;1 Oak St;Fairbrook;;;"]


def test_that_the_list_of_clients_is_written_as_cards_in_its_order(services: Services, tmp_path: Path) -> None:
    """S4-12."""
    for last in ("Berg", "Adams"):
        a_client(services, last_name=last, first_name="Bo")
    written = export_listing(services, "clients", tmp_path / "all.vcf")
    assert written.rows == 2
    names = [line for line in (tmp_path / "all.vcf").read_text().splitlines() if line.startswith("FN:")]
    assert names == ["FN:Bo Adams", "FN:Bo Berg"]
    with pytest.raises(InvalidInput, match="clients"):
        export_listing(services, "client-statuses", tmp_path / "s.vcf")
    assert not (tmp_path / "s.vcf").exists()


def test_that_only_the_versions_there_are_can_be_asked_for(services: Services, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="or"):
        write_cards(services, tmp_path / "c.vcf", [], version="5.0")
