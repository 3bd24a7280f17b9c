"""What clients agreed to or declined: answers that are added and never changed, the newest of which holds (D11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.sql import ColumnElement

from studio_desktop.database.tables.people import client, consent
from studio_desktop.database.tables.studio import user
from studio_desktop.domain import text
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.consents import PURPOSES, Answer, Channel, ConsentRecord, Purpose, Way
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.trash import hold_present
from studio_desktop.services.unit import Root, Unit


def answer_sql(channel: Channel, purpose: Purpose) -> ColumnElement[Any]:
    """The newest answer of the client of the statement around it; NULL where nothing was ever recorded."""
    return (
        select(consent.c.answer)
        .where(consent.c.client_id == client.c.id, consent.c.channel == channel, consent.c.purpose == purpose)
        .order_by(consent.c.id.desc())
        .limit(1)
        .correlate(client)
        .scalar_subquery()
    )


def insert_answers(unit: Unit, client_id: int, answers: Sequence[ConsentRecord]) -> None:
    """Add answers to a client, in their order. Raises InvalidFields, InvalidInput."""
    for one in answers:
        if one.purpose not in PURPOSES[one.channel]:
            raise InvalidInput(
                "Consent to {channel} is not asked for {purpose}. Choose another purpose.",
                field="purpose",
                channel=one.channel,
                purpose=one.purpose,
            )
        values = {
            "client_id": client_id,
            "channel": one.channel.value,
            "purpose": one.purpose.value,
            "answer": one.answer.value,
            # Nobody asked, so there is no way in which it was done.
            "way": "" if one.answer is Answer.NOT_ASKED else one.way.value,
            "wording": text.clean_record(one).wording,
            "at": unit.now,
            "recorded_by": unit.desk.user_id,
        }
        unit.insert(consent, values, Root(client.name, client_id))


class Consents(Service):
    """The answers of clients."""

    @requires(Permission.VIEW_CLIENTS)
    def of_client(self, client_id: int) -> list[ConsentRecord]:
        """All answers of a client, newest first: the first of each channel and purpose is the one that holds."""
        query = (
            select(consent, func.coalesce(user.c.name, "").label("by"))
            .outerjoin(user, user.c.id == consent.c.recorded_by)
            .where(consent.c.client_id == client_id)
            .order_by(consent.c.id.desc())
        )

        def load(connection: Connection) -> list[ConsentRecord]:
            return [
                ConsentRecord(
                    row.id, Channel(row.channel), Purpose(row.purpose), Answer(row.answer),
                    Way(row.way or Way.IN_PERSON), row.wording, row.at, row.by,
                )
                for row in connection.execute(query)
            ]  # fmt: skip

        return self.database.read(load)

    @requires(Permission.CHANGE_CLIENTS)
    def record(self, client_id: int, answers: Sequence[ConsentRecord], request: str) -> Saved[None]:
        """Add answers to those there are (S4-25, S4-29). Raises NotFound, InvalidFields, InvalidInput."""

        def work(unit: Unit) -> int:
            hold_present(unit, client_id)
            insert_answers(unit, client_id, answers)
            return client_id

        payload = (client_id, tuple(answers))
        return self.command(request, "consents.record", payload, work, lambda _, __: None, target_kind=client.name)
