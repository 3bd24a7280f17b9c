"""What a client agreed to, by which channel and for what purpose; each answer is kept, the newest holds (D11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from studio_desktop.domain import fields


class Channel(StrEnum):
    """What the client was asked about."""

    DATA = "keeping data"
    CALL = "calls"
    EMAIL = "e-mails"
    SMS = "text messages"
    LETTER = "letters"
    PHOTOS = "photos published"


class Purpose(StrEnum):
    """What it is for."""

    MARKETING = "marketing"
    SERVICE = "service"
    PUBLICATION = "publication"


class Answer(StrEnum):
    """What the client said; nobody who was not asked has declined."""

    GIVEN = "given"
    REFUSED = "refused"
    NOT_ASKED = "not asked"


class Way(StrEnum):
    """How the client was asked."""

    IN_PERSON = "in person"
    PHONE = "by phone"
    WEB_FORM = "web form"
    EMAIL = "by e-mail"
    PAPER = "on paper"


PURPOSES: dict[Channel, tuple[Purpose, ...]] = {
    Channel.DATA: (Purpose.SERVICE,),
    Channel.CALL: (Purpose.MARKETING, Purpose.SERVICE),
    Channel.EMAIL: (Purpose.MARKETING, Purpose.SERVICE),
    Channel.SMS: (Purpose.MARKETING, Purpose.SERVICE),
    Channel.LETTER: (Purpose.MARKETING, Purpose.SERVICE),
    Channel.PHOTOS: (Purpose.PUBLICATION,),
}
"""What each channel may be for, the one that is asked about first."""


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One answer, with the words the client was asked in."""

    id: int = fields.identity()
    channel: Channel = fields.choice("Channel", Channel.DATA)
    purpose: Purpose = fields.choice("Purpose", Purpose.SERVICE)
    answer: Answer = fields.choice("Answer", Answer.NOT_ASKED)
    way: Way = fields.choice("How", Way.IN_PERSON)
    wording: str = fields.text("Wording", 500)
    at: datetime | None = fields.instant("When")
    by: str = fields.text("By", 80, derived=True)
