"""The listing of clients who came by word of mouth, and who sent them (S2-27, S2-115)."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, or_, select

from studio_desktop.database.tables.people import client
from studio_desktop.services.listings.clients import CLIENTS, shown_name
from studio_desktop.services.listings.declaration import Column, Filter, Listing

_referrer = client.alias("referrer")
_sent_by = (
    select(shown_name(_referrer)).where(_referrer.c.id == client.c.referred_by_client_id).scalar_subquery()
)

REFERRALS = Listing(
    name="referrals",
    title="Referrals",
    kind="client",
    table=client,
    source=client,
    columns=(
        Column("first_name", "First name", client.c.first_name, width=130),
        Column("last_name", "Last name", client.c.last_name, width=150, sort=client.c.sort_key, stretches=True,
               marks="stage_badge"),
        replace(CLIENTS.column("company"), shown=True),
        CLIENTS.column("phone"),
        replace(CLIENTS.column("kind"), shown=True),
        CLIENTS.column("status"),
        replace(CLIENTS.column("created"), shown=True),
        CLIENTS.column("number"),
        Column("sent_by", "Sent by", func.coalesce(_sent_by, client.c.referred_by_name), width=160, shown=False),
        *(CLIENTS.column(key) for key in ("call_warning", "status_colour", "stage_badge")),
    ),
    order=(client.c.created_at.desc(), client.c.id.desc()),
    base=(
        client.c.deleted_at.is_(None),
        or_(client.c.referred_by_client_id.is_not(None), client.c.referred_by_name != ""),
    ),
    filters=(
        Filter("of_client", lambda _: "Sent by this client", lambda sender: client.c.referred_by_client_id == sender),
    ),
    refreshed_by=CLIENTS.refreshed_by,
)  # fmt: skip
