"""Who is left out of a run for many clients, by which channel and why: one rule for all (S2-38 to S2-43, B2, B10).

Labels and letters, e-mails, texts and calls for a group ask here; what one client gets by hand is nobody's business.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, String, case, null

from studio_desktop.database.tables.people import client
from studio_desktop.domain.records.clients import Stage
from studio_desktop.domain.records.consents import PURPOSES, Answer, Channel, Purpose
from studio_desktop.services.consents import answer_sql


class Barrier(StrEnum):
    """Why somebody is left out; the first that applies, as they stand here."""

    DECEASED = "deceased"
    DO_NOT_MARKET = "do not market"
    DO_NOT_CALL = "do not call"
    REFUSED = "refused"
    ARCHIVED = "archived"


RUN_CHANNELS = tuple(channel for channel, purposes in PURPOSES.items() if Purpose.MARKETING in purposes)
"""By what many clients are reached at once."""


def barrier_sql(channel: Channel) -> ColumnElement[str | None]:
    """Why the client of the statement around it is left out of this channel's runs; NULL for who may be reached."""
    no_calls = [(client.c.do_not_call, Barrier.DO_NOT_CALL.value)] if channel is Channel.CALL else []
    return case(
        (client.c.deceased, Barrier.DECEASED.value),
        (client.c.do_not_market, Barrier.DO_NOT_MARKET.value),
        *no_calls,
        (answer_sql(channel, Purpose.MARKETING) == Answer.REFUSED.value, Barrier.REFUSED.value),
        (client.c.stage == Stage.ARCHIVED.value, Barrier.ARCHIVED.value),
        else_=null(),
    ).cast(String)
