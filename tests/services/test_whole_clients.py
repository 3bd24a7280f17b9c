"""Clients written whole and brought into an empty studio: nothing of them is lost on the way (B20)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.fields import Kind, specs
from studio_desktop.domain.records.clients import ClientRecord, EmailRow, Occasion, PlanDateRow
from studio_desktop.domain.records.consents import Answer, Channel, ConsentRecord, Purpose, Way
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.reports.whole_clients import write_whole
from studio_desktop.services import Services, new_request
from studio_desktop.services.imports.plan import Matching, Rules, Verdict
from studio_desktop.services.listings.service import Query
from studio_desktop.services.users import sit_down
from tests.builders import a_client, a_member, a_phone, everything


@pytest.fixture
def elsewhere(services: Services, fresh_studio: Callable[[str], str], clock: FixedClock) -> Iterator[Services]:
    """Another studio, without clients, on a database of the same kind."""
    with closing(Database(fresh_studio(services.database.dialect))) as database:
        yield Services(database, sit_down(database, clock, "FRONT-1"))


_NOT_IN_A_TABLE = ("referred_by_client_id", "image_hash")
"""A reference is told by number and compared by name; photos do not fit into cells."""


def brought_in(services: Services, path: Path) -> None:
    plan = services.imports.judge(services.imports.read(path))
    assert [row.why for row in plan.rows if row.verdict is not Verdict.NEW] == []
    services.imports.carry_out(plan, new_request())


def in_words(services: Services, record: ClientRecord) -> dict[str, Any]:
    """Everything that is known of a client, with names for ids, as another studio has others."""
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
            elif field == "member_uid":
                found[field] = next((who.first_name for who in record.family if who.uid == value), "")
            elif spec.kind is not Kind.IDENTITY and not spec.derived and field not in _NOT_IN_A_TABLE:
                found[field] = value
        return found

    told = said(record)
    told["plan_dates"].sort(key=str)
    told["referred_by"] = record.referred_by
    told["consents"] = [(one.channel, one.purpose, one.answer, one.way, one.wording, one.at)
                        for one in services.consents.of_client(record.id)]  # fmt: skip
    told["notes"] = [(one.text, one.alert, one.created_at) for one in services.notes.of_client(record.id)]
    return told


def studio_in_words(services: Services) -> list[dict[str, Any]]:
    found = (services.clients.get(client_id) for client_id in services.listings.ids("clients", Query()))
    return [in_words(services, one) for one in found]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_that_clients_written_whole_come_into_an_empty_studio_without_loss(
    services: Services, elsewhere: Services, tmp_path: Path, ending: str
) -> None:
    """B20: every field a person can set, rows and lists that the other studio lacks included."""
    label = services.catalogs.add("phone_labels", {"description": "Mum's, cell"}, new_request()).result.id
    aunt = services.catalogs.add("relationships", {"description": "Great-aunt"}, new_request()).result.id
    group = services.catalogs.add("client_groups", {"description": "Seniors, 2027"}, new_request()).result.id
    services.catalogs.add("client_statuses", {"description": "Dormant; asleep"}, new_request())
    record = everything(services)
    lily = replace(record.family[1], phones=(a_phone("330 555 0199", label_id=label, sms=True), a_phone("555-0100")),
                   relationship_id=aunt)  # fmt: skip
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
    a_client(services, last_name="Ångström", first_name="小龙", referred_by_client_id=anna.id,
             phones=["+44 20 7946 0018 x7"], family=(a_member("Ann & Bob"),))  # fmt: skip
    a_client(services, company="Marks & Spencer")
    path = tmp_path / f"whole{ending}"
    written = write_whole(services, path, services.listings.ids("clients", Query()))
    assert (written.rows, written.remarks) == (3, ())
    brought_in(elsewhere, path)
    assert studio_in_words(elsewhere) == studio_in_words(services)
    again = elsewhere.imports.judge(elsewhere.imports.read(path), rules=Rules(update_by=Matching.NUMBER))
    assert [(row.verdict, row.changes) for row in again.rows] == [(Verdict.SKIP, ())] * 3
