"""Clients and what belongs to them, made through the services as a person would make them."""

from __future__ import annotations

from typing import Any

from studio_desktop.domain.records.clients import AddressRow, ClientRecord, EmailRow, FamilyMember, PhoneRow
from studio_desktop.services import Services, new_request


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


def catalog_id(services: Services, catalog: str, text: str) -> int:
    """The id of a catalog row by what it is called."""
    return next(choice.id for choice in services.catalogs.choices()[catalog] if choice.text == text)
