"""Clients with everything that is about the person, and the catalogs they use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
)

from studio_desktop.database.tables.base import (
    catalog,
    default_duration,
    deletion,
    derived_key,
    described,
    description,
    one_of,
    stamps,
    table,
    user_id,
    yes_no,
)
from studio_desktop.database.types import Id, Instant, line, memo
from studio_desktop.domain import names, phones
from studio_desktop.domain.phones import Phone
from studio_desktop.domain.records.clients import AddressPurpose, ClientKind, ClientType, Occasion, Stage


def _partial_date(name: str) -> tuple[Any, ...]:
    return (
        Column(f"{name}_year", SmallInteger),
        Column(f"{name}_month", SmallInteger, CheckConstraint(f"{name}_month BETWEEN 1 AND 12", name=f"{name}_month")),
        Column(f"{name}_day", SmallInteger, CheckConstraint(f"{name}_day BETWEEN 1 AND 31", name=f"{name}_day")),
    )


client_status = catalog(
    "client_status",
    default_duration(),
    yes_no("loyalty"),
    line("colour", 20),
    line("alert_text", 200),
)
client_status_reason = catalog(
    "client_status_reason",
    Column("status_id", Id, ForeignKey("client_status.id"), nullable=False),
    unique_with="status_id",
)
lead_source = catalog("lead_source")
client_group = catalog("client_group", line("remark", 200))
phone_label = catalog("phone_label")
client_tag = catalog("client_tag", line("colour", 20))
marketing_plan = catalog("marketing_plan", line("remark", 200))
organization = catalog("organization", line("town", 80), line("remark", 200))
relationship = catalog("relationship", line("inverse", 80))
archive_reason = catalog("archive_reason")
holiday = table(
    "holiday",
    *description(),
    Column("on_date", Date, nullable=False),
    Column("position", Integer, nullable=False, server_default="0", info={"quiet": True}),
    yes_no("inactive"),
    *stamps(),
    UniqueConstraint("on_date"),
    info={"derive": described},
)


def _client_keys(values: Mapping[str, Any]) -> dict[str, Any]:
    number = names.key(values["number"])
    return {
        "sort_key": names.sort_key(values["last_name"], values["first_name"], values["company"]),
        "company_key": names.sort_key(values["company"], "", ""),
        "number_key": number or None,
        # Digits are padded, so that 9 stands before 10 in a list sorted by number.
        "number_sort": number.rjust(12, "0") if number.isdigit() else number,
    }


client = table(
    "client",
    line("last_name", 80),
    line("first_name", 60),
    line("company", 120),
    line("salutation", 40),
    line("job_title", 80),
    line("nickname", 60),
    line("former_names", 120),
    line("former_numbers", 200),
    one_of("client_type", ClientType, ClientType.CONSUMER),
    one_of("kind", ClientKind, ClientKind.CLIENT),
    one_of("stage", Stage, Stage.ACTIVE),
    Column("archive_reason_id", Id, ForeignKey("archive_reason.id")),
    line("number", 30),
    Column("status_id", Id, ForeignKey("client_status.id")),
    Column("status_reason_id", Id, ForeignKey("client_status_reason.id")),
    Column("status_set_on", Date),
    Column("status_due_on", Date),
    yes_no("status_due_set_by_hand"),
    Column("lead_source_id", Id, ForeignKey("lead_source.id")),
    Column(
        "referred_by_client_id",
        Id,
        ForeignKey("client.id"),
        CheckConstraint("referred_by_client_id <> id", name="no_self_referral"),
    ),
    line("referred_by_name", 120),
    *_partial_date("birthday"),
    *_partial_date("anniversary"),
    Column("contract_date", Date),
    *(line(f"custom_text_{n}", 200) for n in range(1, 15)),
    *(Column(f"custom_date_{n}", Date) for n in range(1, 5)),
    *(memo(f"custom_memo_{n}") for n in (1, 2)),
    yes_no("tax_exempt"),
    line("tax_exempt_number", 40),
    line("call_warning", 120),
    yes_no("saturday_only"),
    yes_no("do_not_market"),
    yes_no("do_not_call"),
    yes_no("deceased"),
    line("household_name", 120),
    line("image_hash", 64),
    *(line(name, 300) for name in ("website", "facebook", "linkedin", "twitter")),
    Column(
        "merged_into_id",
        Id,
        ForeignKey("client.id"),
        CheckConstraint("merged_into_id <> id", name="not_into_itself"),
    ),
    Column("import_batch_id", Id, ForeignKey("import_batch.id"), index=True, info={"derived": True}),
    derived_key("sort_key", nullable=False, server_default=""),
    derived_key("company_key", nullable=False, server_default=""),
    derived_key("number_key", unique=True),
    derived_key("number_sort", nullable=False, server_default=""),
    *deletion(),
    *stamps(),
    info={
        "derive": _client_keys,
        "searched": {
            "last_name", "first_name", "company", "nickname", "former_names", "number", "former_numbers", "deleted_at",
        },
    },
)
# What the list of clients counts and orders by before it fetches a row: it is read without touching the table.
Index(
    "ix_client_list", client.c.sort_key, client.c.id, client.c.kind, client.c.stage,
    sqlite_where=client.c.deleted_at.is_(None), postgresql_where=client.c.deleted_at.is_(None),
)  # fmt: skip
Index("ix_client_status", client.c.status_id, client.c.status_due_on)
Index("ix_client_referrer", client.c.referred_by_client_id)
Index("ix_client_merged", client.c.merged_into_id)
Index(
    "ix_client_former_numbers", client.c.former_numbers,
    sqlite_where=client.c.former_numbers != "", postgresql_where=client.c.former_numbers != "",
)  # fmt: skip


def _owned(name: str, *items: Any, **options: Any) -> Any:
    """Rows of a client or of a family member: exactly one of the two keys is set."""
    return table(
        name,
        Column("uid", String(36), nullable=False, unique=True),
        Column("client_id", Id, ForeignKey("client.id"), index=True),
        Column("family_member_id", Id, ForeignKey("family_member.id"), index=True),
        Column("position", Integer, nullable=False, server_default="0", info={"quiet": True}),
        *items,
        CheckConstraint("(client_id IS NULL) <> (family_member_id IS NULL)", name="one_owner"),
        **options,
    )


def _member_keys(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"sort_key": names.sort_key(values["last_name"], values["first_name"], "")}


family_member = table(
    "family_member",
    Column("uid", String(36), nullable=False, unique=True),
    Column("client_id", Id, ForeignKey("client.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False, server_default="0", info={"quiet": True}),
    line("first_name", 60),
    line("last_name", 80),
    Column("relationship_id", Id, ForeignKey("relationship.id")),
    *_partial_date("birthday"),
    yes_no("secondary_contact"),
    derived_key("sort_key", nullable=False, server_default=""),
    info={"derive": _member_keys, "searched": {"first_name", "last_name"}},
)
Index(
    "uq_family_member_secondary", family_member.c.client_id, unique=True,
    sqlite_where=family_member.c.secondary_contact, postgresql_where=family_member.c.secondary_contact,
)  # fmt: skip


def _phone_digits(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"digits": phones.search_digits(Phone(values["typed"], values["e164"], values["extension"]))}


phone = _owned(
    "phone",
    Column("label_id", Id, ForeignKey("phone_label.id")),
    line("typed", 60),
    Column("e164", String(20), nullable=False, server_default="", info={"quiet": True}),
    Column("extension", String(12), nullable=False, server_default="", info={"quiet": True}),
    derived_key("digits", nullable=False, server_default="", index=True),
    yes_no("sms"),
    info={"derive": _phone_digits, "searched": {"typed", "e164", "extension"}},
)


def _address_key(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"address_key": names.key(values["address"])}


email = _owned(
    "email",
    line("address", 254),
    derived_key("address_key", nullable=False, server_default="", index=True),
    yes_no("shared"),
    info={"derive": _address_key, "searched": {"address"}},
)


def _town_key(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"town_key": names.sort_key(values["town"], "", "")}


address = _owned(
    "address",
    line("line1", 100),
    line("line2", 100),
    line("town", 80),
    line("region", 60),
    line("postcode", 20),
    line("country", 60),
    one_of("purpose", AddressPurpose, AddressPurpose.HOME),
    Column("effective_from", Date),
    Column("effective_to", Date),
    derived_key("town_key", nullable=False, server_default=""),
    info={"derive": _town_key, "searched": {"town"}},
)

Index("ix_address_place", address.c.postcode, address.c.town, address.c.region, address.c.country)

client_link = table(
    "client_link",
    Column("client_id", Id, ForeignKey("client.id"), nullable=False),
    Column("other_id", Id, ForeignKey("client.id"), nullable=False, index=True),
    Column("relationship_id", Id, ForeignKey("relationship.id")),
    # Each link is two rows; this one tells the relationship from its other side: a child's link says "parent".
    Column("inverse", Boolean, nullable=False, server_default=false(), info={"quiet": True}),
    UniqueConstraint("client_id", "other_id"),
    CheckConstraint("client_id <> other_id", name="not_to_itself"),
)
duplicate_verdict = table(
    "duplicate_verdict",
    # The lower id first, so that one row holds for both orders.
    Column("first_id", Id, ForeignKey("client.id"), nullable=False),
    Column("second_id", Id, ForeignKey("client.id"), nullable=False, index=True),
    UniqueConstraint("first_id", "second_id"),
    CheckConstraint("first_id < second_id", name="in_order"),
)


def _membership(name: str, member: str, catalog_name: str) -> Any:
    """Which clients belong to which rows of a catalog."""
    return table(
        name,
        Column("client_id", Id, ForeignKey("client.id"), nullable=False),
        Column(member, Id, ForeignKey(f"{catalog_name}.id"), nullable=False, index=True),
        UniqueConstraint("client_id", member),
    )


client_group_member = _membership("client_group_member", "group_id", "client_group")
client_tag_member = _membership("client_tag_member", "tag_id", "client_tag")
client_plan_member = _membership("client_plan_member", "plan_id", "marketing_plan")

client_plan_date = table(
    "client_plan_date",
    Column("uid", String(36), nullable=False, unique=True),
    Column("client_id", Id, ForeignKey("client.id"), nullable=False),
    Column("position", Integer, nullable=False, server_default="0", info={"quiet": True}),
    # The uid of a family member, empty for the client: rows of a record know each other by what the form gave them.
    line("member_uid", 36),
    one_of("occasion", Occasion, Occasion.BIRTHDAY),
    UniqueConstraint("client_id", "member_uid", "occasion"),
)

client_organization = table(
    "client_organization",
    Column("uid", String(36), nullable=False, unique=True),
    Column("client_id", Id, ForeignKey("client.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False, server_default="0", info={"quiet": True}),
    Column("organization_id", Id, ForeignKey("organization.id"), index=True),
    line("role", 80),
    line("department", 80),
    line("grade", 20),
    Column("graduation_year", SmallInteger, CheckConstraint("graduation_year BETWEEN 1900 AND 2200", name="year")),
    line("member_number", 40),
    line("remark", 200),
)

note = table(
    "note",
    Column("client_id", Id, ForeignKey("client.id"), nullable=False, index=True),
    Column("text", Text, CheckConstraint("length(text) <= 64000", name="text_length"), nullable=False),
    yes_no("alert"),
    *deletion(),
    *stamps(),
)

consent = table(
    "consent",
    Column("client_id", Id, ForeignKey("client.id"), nullable=False),
    line("channel", 20),
    line("purpose", 20),
    line("answer", 20),
    line("way", 20),
    line("wording", 500),
    Column("at", Instant, nullable=False, info={"quiet": True}),
    Column("recorded_by", Id, ForeignKey("user.id"), info={"quiet": True}),
    # Answers are added and never changed; an undo must not take one away, either.
    info={"appended": True},
)
Index("ix_consent_newest", consent.c.client_id, consent.c.channel, consent.c.purpose, consent.c.id)

status_assignment = table(
    "status_assignment",
    Column("client_id", Id, ForeignKey("client.id"), nullable=False, index=True),
    Column("status_id", Id, ForeignKey("client_status.id"), nullable=False),
    Column("reason_id", Id, ForeignKey("client_status_reason.id")),
    Column("from_on", Date, nullable=False),
    Column("due_on", Date),
    Column("until_on", Date),
    Column("set_at", Instant, nullable=False),
    user_id("set_by"),
    # The client's own status fields tell a reader of the history the same.
    info={"quiet": True},
)
Index(
    "uq_status_assignment_current", status_assignment.c.client_id, unique=True,
    sqlite_where=status_assignment.c.until_on.is_(None), postgresql_where=status_assignment.c.until_on.is_(None),
)  # fmt: skip
