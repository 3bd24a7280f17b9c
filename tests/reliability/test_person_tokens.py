"""Each fact about a person has a word of its own: handed over once, and after an erasure found nowhere (S4-20, S4-31).

RELIABILITY B8: the words stand in every text of every table about a client, which a new column joins by itself.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Column, Connection, String, Text, inspect

from studio_desktop.database.tables import metadata
from studio_desktop.database.tables.people import client, family_member
from studio_desktop.domain import fields
from studio_desktop.domain.fields import Kind
from studio_desktop.domain.records.clients import (
    AddressRow,
    ClientKind,
    ClientRecord,
    EmailRow,
    FamilyMember,
    OrganizationRow,
    PhoneRow,
)
from studio_desktop.domain.records.consents import Answer, ConsentRecord
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.services import Services, new_request

NOT_TYPED = {
    "address.purpose", "client.client_type", "client.kind", "client.stage", "client_plan_date.occasion",
    "consent.answer", "consent.channel", "consent.purpose", "consent.way", "lead.next_action",
    "client.number", "client.former_numbers", "client.image_hash", "client_plan_date.member_uid",
    "phone.e164", "phone.extension",
}  # fmt: skip
"""Texts about a person that nobody types: one of a few, or made by the program."""

_TYPED = {Kind.TEXT, Kind.NOTE, Kind.PHONE, Kind.EMAIL, Kind.LINK}


class Words:
    """Words that begin differently, so that none hides behind another where only the rest of a word is written."""

    def __init__(self, seed: str) -> None:
        self._numbers = itertools.count()
        self._seed = seed
        self.said: set[str] = set()

    def one(self, kind: Kind) -> str:
        """A value of that kind; what to look for is kept in `said`."""
        digest = hashlib.sha256(f"{self._seed}{next(self._numbers)}".encode()).digest()
        word = "".join(chr(ord("a") + byte % 26) for byte in digest[:10])
        if kind is Kind.PHONE:
            word = f"330 555 {int.from_bytes(digest[:4]) % 10_000:04}"
        self.said.add(word)
        return {Kind.EMAIL: f"{word}@example.com", Kind.LINK: f"https://{word}.example"}.get(kind, word)

    def are_in(self, text: str) -> bool:
        """Whether any of them stands there."""
        return any(word in text for word in self.said)

    def record(self, made: type, **facts: Any) -> Any:
        """A record of that class with a word in each of its texts."""
        typed = {
            name: self.one(spec.kind)
            for name, spec in fields.specs(made).items()
            if spec.kind in _TYPED and not spec.derived and spec.of is not Kind.IDENTITY and name not in facts
        }
        uid = {"uid": new_request()} if "uid" in {one.name for one in dataclasses.fields(made)} else {}
        return made(**uid, **typed, **facts)


def enter(services: Services, words: Words) -> ClientRecord:
    """A person of whom everything is known that can be typed, entered as the windows enter it."""
    member = words.record(
        FamilyMember,
        phones=(words.record(PhoneRow),), emails=(words.record(EmailRow),),
    )  # fmt: skip
    record = words.record(
        ClientRecord, number="", kind=ClientKind.LEAD, family=(member,), phones=(words.record(PhoneRow),),
        emails=(words.record(EmailRow),), addresses=(words.record(AddressRow),),
        organizations=(words.record(OrganizationRow),),
    )  # fmt: skip
    saved = services.clients.create(record, new_request()).result
    services.notes.add(words.record(NoteRecord, client_id=saved.id), new_request())
    answer = words.record(ConsentRecord, answer=Answer.GIVEN)
    services.consents.record(saved.id, [answer], new_request())
    (lead,) = services.leads.of_client(saved.id)
    told = {"next_action_text": words.one(Kind.TEXT), "remark": words.one(Kind.TEXT)}
    services.leads.save(lead, dataclasses.replace(lead, **told), new_request())
    return services.clients.get(saved.id)


def test_that_each_fact_is_handed_over_once_and_nothing_of_anybody_else(services: Services) -> None:
    """RELIABILITY 107."""
    mine, theirs = Words("mine"), Words("theirs")
    other = enter(services, theirs)
    anna = enter(services, mine)
    services.family.link(anna.id, other.id, None, new_request())
    told = services.personal_data.of_client(anna.id)
    rows = json.dumps({name: value for name, value in told.items() if name != "history"})
    assert {word: rows.count(word) for word in mine.said} == dict.fromkeys(mine.said, 1)
    assert [word for word in theirs.said if word in json.dumps(told)] == []
    without = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        if table is client or {link.column.table for link in table.foreign_keys} & {client, family_member}
        for column in table.columns
        if _holds_text(column) and not any(mine.are_in(str(row[column.name])) for row in told[table.name])
    }
    assert without == NOT_TYPED


def test_that_an_erased_person_is_found_nowhere(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    """RELIABILITY 108: in no table, no search index, no log, and not in the bytes of the file. RELIABILITY 105."""
    caplog.set_level("DEBUG")
    words, bystander = Words("erased"), Words("bystander")
    other = enter(services, bystander)
    anna = enter(services, words)
    renamed = dataclasses.replace(anna, last_name=words.one(Kind.TEXT), phones=())
    services.clients.save(anna, renamed, new_request())
    services.family.link(anna.id, other.id, None, new_request())
    services.clients.delete([anna.id], new_request())
    services.trash.erase([anna.id], new_request())

    with services.database.snapshot() as connection:
        kept = "".join(line for name in inspect(connection).get_table_names() for line in _rows(connection, name))
    assert [word for word in words.said if word in kept] == []
    assert [word for word in words.said | bystander.said if word in caplog.text] == []
    assert all(word in kept for word in bystander.said)
    path = services.database.path
    if path is not None:
        raw = b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))
        assert [word for word in words.said if word.encode() in raw] == []


def _rows(connection: Connection, name: str) -> Iterator[str]:
    return (repr(tuple(row)) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'))


def _holds_text(column: Column[Any]) -> bool:
    return isinstance(column.type, String | Text) and not column.info.get("derived") and column.name != "uid"
