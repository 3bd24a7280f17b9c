"""Clients written whole and brought into an empty studio: nothing of them is lost on the way (B20)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from studio_desktop.database.engine import Database
from studio_desktop.database.tables import metadata
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.fields import Kind, specs
from studio_desktop.domain.names import list_name
from studio_desktop.domain.records.clients import ClientRecord, EmailRow, Occasion, PlanDateRow
from studio_desktop.domain.records.consents import Answer, Channel, ConsentRecord, Purpose, Way
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.reports.whole_clients import write_whole
from studio_desktop.services import Services, new_request
from studio_desktop.services.imports.plan import Matching, Rules, Verdict
from studio_desktop.services.listings.service import Query
from studio_desktop.services.preferences import NumberRule
from studio_desktop.services.users import sit_down
from tests.builders import a_client, a_member, a_phone, a_pipeline, catalog_id, everything, stage_id
from tests.pictures import picture


@pytest.fixture
def elsewhere(services: Services, fresh_studio: Callable[[str], str], clock: FixedClock) -> Iterator[Services]:
    """Another studio, without clients, on a database of the same kind."""
    with closing(Database(fresh_studio(services.database.dialect))) as database:
        yield Services(database, sit_down(database, clock, "FRONT-1"))


def brought_in(services: Services, path: Path) -> None:
    plan = services.imports.judge(services.imports.read(path))
    assert [row.why for row in plan.rows if row.verdict is not Verdict.NEW] == []
    services.imports.carry_out(plan, new_request())


def in_words(services: Services, record: ClientRecord) -> dict[str, Any]:
    """Everything that is known of a client, with names for ids, as another studio has others.

    It goes by the declared fields: one that is added is asked for here until it travels, too.
    """
    names = {name: {one.id: one.text for one in of} for name, of in services.catalogs.choices().items()}

    def said(one: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for field, spec in specs(type(one)).items():
            value = getattr(one, field)
            if spec.kind is Kind.ROWS:
                found[field] = [said(row) for row in value]
            elif spec.kind is Kind.MEMBERS:
                found[field] = {names[spec.of][each] for each in value}
            elif spec.kind is Kind.REFERENCE and spec.of in names:
                found[field] = names[spec.of].get(value)
            elif spec.kind is Kind.REFERENCE:
                found[field] = list_name_of(services, value)
            elif field == "member_uid":
                found[field] = next((who.first_name for who in record.family if who.uid == value), "")
            elif spec.kind is not Kind.IDENTITY:
                found[field] = value
        return found

    told = said(record)
    told["plan_dates"].sort(key=str)
    told["photo"] = services.images.load(record.image_hash) if record.image_hash else b""
    told["linked"] = sorted((one.last_name, one.first_name, one.word) for one in services.family.links_of(record.id))
    told["consents"] = [(one.channel, one.purpose, one.answer, one.way, one.wording, one.at, one.by)
                        for one in services.consents.of_client(record.id)]  # fmt: skip
    told |= {name: rows_in_words(services, name, record.id) for name in ("status_assignment", "lead", "client_link")}
    told["notes"] = [(one.text, one.alert, one.created_at) for one in services.notes.of_client(record.id)]
    return told


def rows_in_words(services: Services, name: str, client_id: int) -> list[dict[str, Any]]:
    """A client's rows of a table in their order, what they name by its name."""
    table = metadata.tables[name]
    said: list[Any] = []
    source: Any = table
    for column in table.c:
        if column.name in ("id", "client_id"):
            continue
        if column.foreign_keys:
            of = next(iter(column.foreign_keys)).column.table.alias(column.name)
            source = source.outerjoin(of, of.c.id == column)
            called = next(name for name in ("description", "name", "sort_key") if name in of.c)
            said.append(of.c[called].label(column.name))
        else:
            said.append(column)
    query = select(*said).select_from(source).where(table.c.client_id == client_id).order_by(table.c.id)
    with services.database.snapshot() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def list_name_of(services: Services, client_id: int | None) -> str:
    record = services.clients.get(client_id) if client_id is not None else ClientRecord()
    return list_name(record.last_name, record.first_name, record.company)


def studio_in_words(services: Services) -> list[dict[str, Any]]:
    found = (services.clients.get(client_id) for client_id in services.listings.ids("clients", Query()))
    return [in_words(services, one) for one in found]


def differences(mine: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> list[tuple[str, str, Any, Any]]:
    """Of two studios in words: who, in which field, here and there."""
    assert [one["last_name"] for one in mine] == [one["last_name"] for one in theirs]
    return [
        (one["last_name"] or one["company"], field, one[field], other[field])
        for one, other in zip(mine, theirs, strict=True)
        for field in one if one[field] != other[field]
    ]  # fmt: skip


@pytest.fixture
def full(services: Services, other_desk: Services, clock: FixedClock) -> list[ClientRecord]:
    """A studio with everything: rows and lists that another one lacks, links, a merge, photos, two who work there."""
    label = services.catalogs.add("phone_labels", {"description": "Mum's, cell"}, new_request()).result.id
    aunt = {"description": "Great-aunt", "inverse": "Great-niece"}
    aunt_id = services.catalogs.add("relationships", aunt, new_request()).result.id
    group = services.catalogs.add("client_groups", {"description": "Seniors, 2027"}, new_request()).result.id
    services.catalogs.add("client_statuses", {"description": "Dormant; asleep"}, new_request())
    record = everything(services)
    lily = replace(record.family[1], phones=(a_phone("330 555 0199", label_id=label, sms=True), a_phone("555-0100")),
                   relationship_id=aunt_id)  # fmt: skip
    dates = (*record.plan_dates, PlanDateRow(uid=new_request(), member_uid=lily.uid, occasion=Occasion.BIRTHDAY))
    whole = replace(
        record, family=(record.family[0], lily, record.family[2]), groups=record.groups | {group}, plan_dates=dates,
        phones=(*record.phones, a_phone("ask at the office; ext / 3", label_id=label)),
        emails=(*record.emails, EmailRow(uid=new_request(), address="family@example.com", shared=True)),
        company="=Adams & Sons", custom_text_1="1E5", number="2E3",
    )  # fmt: skip
    anna = services.clients.create(whole, new_request()).result
    services.notes.add(NoteRecord(client_id=anna.id, text="first\nin two lines", alert=True), new_request())
    services.notes.add(NoteRecord(client_id=anna.id, text="second"), new_request())
    answers = (ConsentRecord(0, Channel.EMAIL, Purpose.MARKETING, Answer.REFUSED, Way.PHONE, "May we write?"),
               ConsentRecord(0, Channel.DATA, Purpose.SERVICE, Answer.NOT_ASKED))  # fmt: skip
    services.consents.record(anna.id, answers, new_request())
    clock.instant += timedelta(days=40, minutes=7)
    services.preferences.save({"number_clients": NumberRule.NEVER}, new_request())
    chen = a_client(services, last_name="Ångström", first_name="小龙", referred_by_client_id=anna.id,
                    phones=["+44 20 7946 0018 x7"], family=(a_member("Ann & Bob"),))  # fmt: skip
    marks = a_client(other_desk, company="Marks & Spencer", referred_by_client_id=chen.id,
                     image_hash=services.images.store(picture("PNG")))  # fmt: skip
    bea = a_client(other_desk, last_name="Bea", number="B-7")
    services.family.link(marks.id, chen.id, None, new_request())
    services.family.link(anna.id, chen.id, aunt_id, new_request())
    services.family.link(marks.id, anna.id, catalog_id(services, "relationships", "Husband"), new_request())
    a_pipeline(services, "School, spring", "Asked", "Shown, twice", "Booked")
    services.leads.move_clients([anna.id], stage_id(services, "Shown, twice", "School, spring"), new_request())
    services.leads.move_clients([bea.id], stage_id(services, "Contacted"), new_request())
    clock.instant += timedelta(days=3)
    services.leads.move_clients([bea.id], stage_id(services, "Lost"), new_request(),
                                lost_reason_id=catalog_id(services, "lost_reasons", "Price"))  # fmt: skip
    lead, *_ = services.leads.of_client(anna.id)
    users = {one.text: one.id for one in services.catalogs.choices()["users"]}
    services.leads.save(lead, replace(lead, remark="after\nnoon", responsible_id=users["Sue"]), new_request())
    other_desk.statuses.change([chen.id], catalog_id(services, "client_statuses", "Dormant; asleep"), new_request())
    clock.instant += timedelta(days=2)
    services.statuses.change([chen.id], anna.status_id or 0, new_request(), reason_id=anna.status_reason_id)
    twin = a_client(services, last_name="Bee", number="1/2")
    clock.instant += timedelta(hours=3)
    services.merges.merge(services.clients.get(bea.id), twin, {}, new_request())
    return [services.clients.get(one.id) for one in (anna, chen, marks, bea)]


@pytest.fixture
def sue_elsewhere(elsewhere: Services, clock: FixedClock) -> None:
    """Sue works in the other studio, too, which gives no numbers either."""
    elsewhere.preferences.save({"number_clients": NumberRule.NEVER}, new_request())
    sit_down(elsewhere.database, clock, "FRONT-2", "Sue")


@pytest.mark.usefixtures("sue_elsewhere")
def test_that_clients_written_whole_come_into_an_empty_studio_without_loss(
    services: Services, elsewhere: Services, full: list[ClientRecord], tmp_path: Path
) -> None:
    """B20: every field of the record, photos, links between clients, numbers before a merge, who entered it, when."""
    empty = ClientRecord()
    filled = {name for one in full for name in specs(ClientRecord) if getattr(one, name) != getattr(empty, name)}
    assert specs(ClientRecord).keys() - filled == set(), "a new field has to be filled above, and then to travel"
    path = tmp_path / "whole.zip"
    written = write_whole(services, path, services.listings.ids("clients", Query()))
    assert (written.rows, written.remarks) == (4, ())
    brought_in(elsewhere, path)
    assert differences(studio_in_words(elsewhere), studio_in_words(services)) == []
    assert elsewhere.clients.by_number("1/2") == elsewhere.clients.by_number("B-7")
    again = elsewhere.imports.judge(elsewhere.imports.read(path), rules=Rules(update_by=Matching.NAME_COMPANY))
    assert [(row.verdict, row.changes) for row in again.rows] == [(Verdict.SKIP, ())] * 4


STAYS = {
    "duplicate_verdict": "who is not whom is asked again of the clients that another studio has",
    "mailing_run": "what was printed was printed there",
}
"""Tables about clients that do not go with them."""


@pytest.mark.usefixtures("sue_elsewhere", "full")
def test_that_every_table_about_clients_goes_with_them_or_says_why_not(
    services: Services, elsewhere: Services, tmp_path: Path
) -> None:
    """B20: a new table is asked for here until it travels, or is named with a reason."""
    owned = {
        name for name, table in metadata.tables.items() if name not in STAYS
        and any(key.column.table.name in ("client", "family_member") for key in table.foreign_keys)
    }  # fmt: skip
    path = tmp_path / "whole.zip"
    write_whole(services, path, services.listings.ids("clients", Query()))
    brought_in(elsewhere, path)
    here, there = counted(services, owned), counted(elsewhere, owned)
    assert [name for name, count in here.items() if not count] == [], "fill it above, that it can be seen to travel"
    assert there == here


def counted(services: Services, names: set[str]) -> dict[str, int]:
    """The rows of tables about clients; of the client's own, those who are not part of another by a merge."""
    client = metadata.tables["client"]
    with services.database.snapshot() as connection:
        found = {
            name: connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()
            for name in sorted(names - {"client"})
        }
        alive = select(func.count()).select_from(client).where(client.c.deleted_at.is_(None))
        return {**found, "client": connection.execute(alive).scalar_one()}


@pytest.mark.usefixtures("sue_elsewhere", "full")
def test_that_only_photos_stay_behind_where_a_workbook_goes_alone_and_it_is_said(
    services: Services, elsewhere: Services, tmp_path: Path
) -> None:
    """B20."""
    path = tmp_path / "whole.xlsx"
    written = write_whole(services, path, services.listings.ids("clients", Query()))
    assert written.rows == 4
    assert [re.findall(r"\d+|\.zip", one) for one in written.remarks] == [["2", ".zip"]]
    brought_in(elsewhere, path)
    without = [one | {"photo": b"", "image_hash": ""} for one in studio_in_words(services)]
    assert differences(studio_in_words(elsewhere), without) == []


@pytest.mark.usefixtures("sue_elsewhere", "full")
def test_that_an_archive_that_was_unpacked_brings_its_photos_too(
    services: Services, elsewhere: Services, tmp_path: Path
) -> None:
    """Somebody looks into it, corrects the table, and imports that."""
    path = tmp_path / "whole.zip"
    write_whole(services, path, services.listings.ids("clients", Query()))
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "unpacked")
    brought_in(elsewhere, tmp_path / "unpacked" / "clients.csv")
    assert differences(studio_in_words(elsewhere), studio_in_words(services)) == []
