"""Clients and what belongs to them, made through the services as a person would make them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.records.clients import (
    AddressRow,
    ClientKind,
    ClientRecord,
    ClientType,
    EmailRow,
    FamilyMember,
    Occasion,
    OrganizationRow,
    PhoneRow,
    PlanDateRow,
    Stage,
)
from studio_desktop.services import Services, new_request
from studio_desktop.services.clients import add_many, prepared
from studio_desktop.services.unit import Unit
from tests.pictures import picture


def a_client(services: Services, **facts: Any) -> ClientRecord:
    """A saved client. `phones`, `emails` may be given as texts, `town` and `street` as the parts of an address."""
    return services.clients.create(client_record(**facts), new_request()).result


def client_record(**facts: Any) -> ClientRecord:
    """A record as the new client's form gives it, named Anna Adams unless told otherwise."""
    if not facts.keys() & {"last_name", "first_name", "company"}:
        facts |= {"last_name": "Adams", "first_name": "Anna"}
    facts["phones"] = tuple(a_phone(one) for one in facts.get("phones", ()))
    facts["emails"] = tuple(
        EmailRow(uid=new_request(), address=one) if isinstance(one, str) else one for one in facts.get("emails", ())
    )
    place = {key: facts.pop(key) for key in ("town", "postcode", "region", "country") if key in facts}
    if "street" in facts:
        place["line1"] = facts.pop("street")
    if place:
        facts["addresses"] = (AddressRow(uid=new_request(), **place),)
    return ClientRecord(**facts)


def a_phone(typed: str | PhoneRow, **facts: Any) -> PhoneRow:
    """A phone row as a form makes it."""
    return typed if isinstance(typed, PhoneRow) else PhoneRow(uid=new_request(), typed=typed, **facts)


def a_member(first_name: str, **facts: Any) -> FamilyMember:
    """A family member as a form makes it."""
    return FamilyMember(uid=new_request(), first_name=first_name, **facts)


def add_clients(services: Services, records: Sequence[ClientRecord]) -> list[int]:
    """Many clients in one transaction, as an import adds them; their ids in order."""
    preferences = services.preferences.get()
    ready = [prepared(record, preferences) for record in records]

    def write(connection: Connection) -> list[int]:
        unit = Unit(connection, services.desk, new_request())
        ids = add_many(unit, ready)
        unit.finish()
        return ids

    return services.database.write(write)


def catalog_id(services: Services, catalog: str, text: str, *, parent: int | None = None) -> int:
    """The id of a catalog row by what it is called, among those of one parent if it is given."""
    rows = services.catalogs.choices()[catalog]
    return next(one.id for one in rows if one.text == text and parent in (None, one.parent_id))


def everything(services: Services) -> ClientRecord:
    """A record in which every field that a person can set holds something, not saved yet."""
    tag = services.catalogs.add("client_tags", {"description": "VIP"}, new_request()).result.id
    school = services.catalogs.add("organizations", {"description": "Central High"}, new_request()).result.id
    mobile, work = catalog_id(services, "phone_labels", "Mobile"), catalog_id(services, "phone_labels", "Work")
    husband = catalog_id(services, "relationships", "Husband")
    return ClientRecord(
        last_name="Adams", first_name="Anna", company="Adams Garden Design", salutation="Dr", job_title="Gardener",
        nickname="Annie", former_names="Bell", client_type=ClientType.BUSINESS,
        lead_source_id=catalog_id(services, "lead_sources", "Website"), referred_by_name="Bennett, Laura",
        birthday=PartialDate(year=1987, month=5, day=14), anniversary=PartialDate(year=None, month=8, day=22),
        contract_date=date(2026, 2, 3), custom_text_1="sage", custom_text_2="walnut", custom_text_3="Biscuit",
        custom_text_4="The Adamses", custom_date_1=date(2026, 3, 20), custom_date_2=date(2026, 4, 1),
        tax_exempt=True, tax_exempt_number="EX-9", call_warning="Works nights, call after 5!", saturday_only=True,
        do_not_market=True, do_not_call=True, website="https://adams.example", facebook="https://facebook.com/adams",
        linkedin="https://linkedin.com/in/adams", twitter="https://twitter.com/adams",
        phones=(a_phone("(330) 555-0142", label_id=mobile, sms=True),
                a_phone("330-555-0119 x12", label_id=work, sms=True)),
        emails=(EmailRow(uid=new_request(), address="anna@example.com"),),
        addresses=(AddressRow(uid=new_request(), line1="418 Larkspur Lane", line2="Rear", town="Fairbrook", region="OH",
                              postcode="44199", country="USA", effective_from=date(2019, 8, 1)),),
        family=(a_member("Peter", last_name="Adams", relationship_id=husband, secondary_contact=True,
                         birthday=PartialDate(year=1985, month=6, day=2), phones=(a_phone("(330) 555-0143"),),
                         emails=(EmailRow(uid=new_request(), address="peter@example.com"),)),
                a_member("Lily", last_name="Adams", birthday=PartialDate(year=2019, month=None)),
                a_member("Max", last_name="Adams", birthday=PartialDate(year=2021, month=9))),
        groups=frozenset({catalog_id(services, "client_groups", "Weddings")}), tags=frozenset({tag}),
        plans=frozenset({catalog_id(services, "marketing_plans", "Fall colors")}),
        plan_dates=(PlanDateRow(uid=new_request(), occasion=Occasion.ANNIVERSARY),),
        organizations=(OrganizationRow(uid=new_request(), organization_id=school, role="Student", department="Arts",
                                       grade="12", graduation_year=2027, member_number="A-1", remark="cello"),),
        kind=ClientKind.LEAD, stage=Stage.ARCHIVED, status_due_set_by_hand=True, status_due_on=date(2026, 5, 1),
        archive_reason_id=catalog_id(services, "archive_reasons", "Moved"),
        status_id=catalog_id(services, "client_statuses", "Client"), status_set_on=date(2026, 3, 10),
        status_reason_id=catalog_id(services, "client_status_reasons", "Returning"), deceased=True,
        image_hash=services.images.store(picture()), household_name="The Adams Family",
        custom_date_3=date(2026, 5, 1), custom_date_4=date(2026, 6, 1),
        custom_memo_1="One\ntwo", custom_memo_2="Three",
        **{f"custom_text_{number}": f"text {number}" for number in range(5, 15)},
    )  # fmt: skip


def stage_id(services: Services, stage: str, pipeline: str = "Inquiries") -> int:
    """The id of a stage of a pipeline by what both are called."""
    return catalog_id(services, "pipeline_stages", stage, parent=catalog_id(services, "pipelines", pipeline))


def a_pipeline(services: Services, name: str, *stages: str) -> int:
    """Another pipeline, with these stages; gives its id."""
    made = services.catalogs.add("pipelines", {"description": name}, new_request()).result.id
    for stage in stages:
        services.catalogs.add("pipeline_stages", {"description": stage}, new_request(), parent_id=made)
    return made
