"""How to reach who stands in a row: phones, e-mail addresses, postal addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from studio_desktop.domain import names, phones, text
from studio_desktop.domain.records.clients import AddressRow, EmailRow, PhoneRow
from studio_desktop.services.imports.cells import (
    POWER,
    Slotted,
    first_of,
    is_true,
    own_slots,
    phone_pieces,
    pieces,
    purpose,
)
from studio_desktop.services.imports.values import Values


class Contacts:
    """Makes rows of a record of the cells that hold phones, e-mails and addresses."""

    def __init__(
        self, labels: Mapping[str, int], region: str, values: Values, uids: Iterator[str], *, is_ours: bool
    ) -> None:
        """`labels` are those of phones, by their folded names; `is_ours` says that our own export wrote the file."""
        self._labels = labels
        self._region = region
        self._values = values
        self._uids = uids
        self._is_ours = is_ours

    def phones(
        self, slotted: Slotted, target: str, owner: str, named: dict[str, str], remarks: list[str]
    ) -> Iterator[PhoneRow]:
        """The phones of the client, or those of the family member whose slot is `owner`.

        `named` gets the labels that the studio lacks, by the phones' uids.
        """
        seen: set[str] = set()
        labels, ticks = slotted.get(f"{target}_label", {}), slotted.get(f"{target}_sms", {})
        for slot, values in own_slots(slotted, target, owner):
            said = self._label_words(labels[slot][0][0]) if slot in labels else []
            sms = slot in ticks and is_true(ticks[slot][0][0])
            for value, label in values:
                for place, typed in enumerate([value] if self._is_ours else phone_pieces(value)):
                    digits = phones.digits(typed)
                    if not self._is_ours and (not digits or POWER.fullmatch(typed)):
                        remarks.append(f"Phone: {typed}")
                    elif self._is_ours or digits not in seen:
                        seen.add(digits)
                        wanted = label or (said[min(place, len(said) - 1)] if said else "")
                        label_id = self._label(wanted)
                        uid = next(self._uids)
                        if wanted and label_id is None and self._is_ours:
                            named[uid] = wanted
                        elif wanted and label_id is None and wanted.strip("* ").casefold() not in _NO_LABELS:
                            remarks.append(f"Phone {typed}: {wanted}")
                        known = phones.parse(typed, self._region)
                        yield PhoneRow(uid, label_id, typed, sms, known.e164, known.extension)

    def _label_words(self, value: str) -> list[str]:
        """The labels of several numbers in one cell; one that the studio has is one, whatever signs are in it."""
        return [value] if self._is_ours or self._label(value) is not None else pieces(value)

    def _label(self, wanted: str) -> int | None:
        labels = self._labels
        word = wanted.strip("* ").casefold()
        if word in labels or self._is_ours:
            return labels.get(names.key(wanted))
        return labels.get({"cell": "mobile", "main": "", "business": "work", "office": "work"}.get(word, word))

    def emails(self, slotted: Slotted, target: str, owner: str, remarks: list[str]) -> Iterator[EmailRow]:
        """The e-mail addresses of the client or a family member."""
        seen: set[str] = set()
        ticks = slotted.get(f"{target}_shared", {})
        for slot, values in own_slots(slotted, target, owner):
            shared = slot in ticks and is_true(ticks[slot][0][0])
            for value, _ in values:
                pieces = [piece for piece in _EMAIL_SPLIT.split(value) if piece]
                understood = list(filter(text.is_email, pieces))
                if understood != pieces:
                    remarks.append(f"E-mail: {value}")
                for typed in understood:
                    key = names.key(typed)
                    if key not in seen:
                        seen.add(key)
                        yield EmailRow(uid=next(self._uids), address=typed, shared=shared)

    def addresses(self, slotted: Slotted, remarks: list[str]) -> Iterator[AddressRow]:
        """The client's addresses, the parts of each by their slot."""
        by_part = [(part, slotted[part]) for part in _ADDRESS_PARTS if part in slotted]
        for slot in dict.fromkeys(slot for _, slots in by_part for slot in slots):
            values: dict[str, Any] = {
                part: ", ".join([value for value, _ in slots[slot]]) for part, slots in by_part if slot in slots
            }
            if not self._is_ours and values.keys() == {"country"}:
                continue
            lines = list(filter(None, map(str.strip, values.get("line1", "").splitlines())))
            if len(lines) > 1:
                values["line1"] = lines[0]
                values["line2"] = ", ".join(filter(None, (*lines[1:], values.get("line2", ""))))
            labels = slotted.get("address_label", {}).get(slot, [(slot, "")])
            for field, target in (("effective_from", "address_from"), ("effective_to", "address_until")):
                if typed := first_of(slotted, target, slot):
                    values[field] = self._values.day(target, typed, remarks)
            yield AddressRow(uid=next(self._uids), purpose=purpose(labels[0][0]), **values)


_EMAIL_SPLIT = re.compile(r"\s*:::\s*|[;,\s]+")
_NO_LABELS = {"main", "other", "voice", "primary"}
_ADDRESS_PARTS = ("line1", "line2", "town", "region", "postcode", "country")
