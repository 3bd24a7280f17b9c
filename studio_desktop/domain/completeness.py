"""What is still to be asked of a client when there is a moment for it, and what a studio insists on (S4-22, C10)."""

from __future__ import annotations

from collections.abc import Collection

from studio_desktop.domain.errors import InvalidFields, InvalidInput
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.domain.records.consents import Answer

WANTED = {"phones": "phone", "addresses": "address", "emails": "e-mail", "lead_source_id": "lead source"}
"""The fields a complete profile has, and what they are called in a sentence."""

_ASKED_AT = {"phones": "phones.0.typed", "addresses": "addresses.0.line1", "emails": "emails.0.address"}
"""Where in a form each is typed, if not in a field of its own name."""


def still_to_ask(record: ClientRecord) -> tuple[str, ...]:
    """What is missing, in the order in which it is asked."""
    missing = tuple(word for name, word in WANTED.items() if not getattr(record, name))
    return (*missing, "consent") if record.data_consent == Answer.NOT_ASKED else missing


def insist(required: Collection[str], record: ClientRecord, before: ClientRecord | None = None) -> None:
    """Raise InvalidFields where a new client lacks one of the required fields, or one that was filled is emptied.

    Who has been without it since `before` may stay so: other fields of the record can be saved.
    """
    sentence = "This studio asks every client for this: {what}."
    faults = {
        _ASKED_AT.get(name, name): InvalidInput(sentence, field=name, what=word)
        for name, word in WANTED.items()
        if name in required and not getattr(record, name) and (before is None or getattr(before, name))
    }
    if faults:
        raise InvalidFields(faults)
