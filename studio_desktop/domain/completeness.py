"""What is still to be asked of a client when there is a moment for it (S4-22, FRONT_DESK 3.2)."""

from __future__ import annotations

from studio_desktop.domain.records.clients import ClientRecord

WANTED = {"phones": "phone", "addresses": "address", "emails": "e-mail", "lead_source_id": "lead source"}
"""The fields a complete profile has, and what they are called in a sentence."""


def still_to_ask(record: ClientRecord) -> tuple[str, ...]:
    """What is missing, in the order in which it is asked."""
    return tuple(word for name, word in WANTED.items() if not getattr(record, name))
