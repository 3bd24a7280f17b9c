"""What is still to be asked of a client when there is a moment for it (S4-22, FRONT_DESK 3.2)."""

from __future__ import annotations

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.domain.records.consents import Answer

WANTED = {"phones": "phone", "addresses": "address", "emails": "e-mail", "lead_source_id": "lead source"}
"""The fields a complete profile has, and what they are called in a sentence."""


def still_to_ask(record: ClientRecord) -> tuple[str, ...]:
    """What is missing, in the order in which it is asked."""
    missing = tuple(word for name, word in WANTED.items() if not getattr(record, name))
    return (*missing, "consent") if record.data_consent == Answer.NOT_ASKED else missing
