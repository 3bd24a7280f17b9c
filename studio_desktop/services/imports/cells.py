"""What stands in the cells of a file: dates of any order, numbers a spreadsheet spoiled, several things in one."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, timedelta

from studio_desktop.domain import phones, text
from studio_desktop.domain.dates import DateOrder
from studio_desktop.domain.records.clients import AddressPurpose
from studio_desktop.services.imports.mapping import Mapped
from studio_desktop.services.imports.reading import Table
from studio_desktop.services.whole_clients import SEPARATOR

FALSE = {"", "no", "n", "false", "0", "nein", "off"}
"""What says no."""

DAYS = ("contract_date", "status_set_on", "status_due_on", *(f"custom_date_{n}" for n in range(1, 5)))
"""Fields of a client that are whole days."""

DATED = ("birthday", "anniversary", "family_birthday", "address_from", "address_until", *DAYS)
"""What a column can hold that is a date."""

POWER = re.compile(r"(\d)(?:[.,](\d+))?E\+?(\d{1,2})", re.IGNORECASE)
"""A number that a spreadsheet took for a quantity and wrote with a power of ten."""

Slotted = dict[str, dict[str, list[tuple[str, str]]]]
"""What the columns of a row hold of its phones, addresses and so on: by target, by slot, each with its label."""


def guessed_date_order(table: Table, mapped: Mapped, preferred: DateOrder) -> DateOrder:
    """What comes first in the file's dates, as they say themselves: a number over 12 is no month, one over 31 no day.

    Where no date says it, it is the studio's order.
    """
    places = [place for place, one in enumerate(mapped) if one is not None and one.target in DATED]
    seen: Counter[DateOrder] = Counter()
    for cells in table.rows:
        for place in places:
            parts = _DATE_PARTS.split(cells[place].strip())
            if len(parts) >= 2 and parts[0].isdigit() and parts[1].isdigit() and len(parts[0]) <= 2:
                if int(parts[0]) > 31:
                    seen[DateOrder.YMD] += 1
                elif int(parts[0]) > 12:
                    seen[DateOrder.DMY] += 1
                elif int(parts[1]) > 12:
                    seen[DateOrder.MDY] += 1
    return seen.most_common(1)[0][0] if seen else preferred


def first_of(slotted: Slotted, target: str, slot: str) -> str:
    """What the first column of a slot holds."""
    values = slotted.get(target, {}).get(slot)
    return values[0][0] if values else ""


def own_slots(slotted: Slotted, target: str, owner: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The phones or e-mails of a family member, by the slot of the member; without one those of the client."""
    found = slotted.get(target, {}).items()
    return [(slot, values) for slot, values in found if not owner or slot.partition(".")[0] == owner]


def member_slots(slotted: Slotted) -> list[str]:
    """The family members that have columns of their own, in their order."""
    slots = {slot.partition(".")[0] for key, by_slot in slotted.items() if key.startswith("family_")
             for slot in by_slot}  # fmt: skip
    return sorted(slots, key=lambda slot: (len(slot), slot))


def is_true(typed: str) -> bool:
    """Whether a cell says yes."""
    return typed.casefold() in _TRUE


def note_text(said: str) -> str:
    """The text of a note as it can be kept. Raises InvalidInput."""
    return text.clean_note(said, _LONGEST_NOTE, "note", label="The note")


def moment(written: str) -> datetime | None:
    """When something was, as our own export writes it; None where it is no such moment, or says no zone."""
    try:
        found = datetime.fromisoformat(written) if written else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def whole_number(value: str) -> str:
    """The digits of a number that a spreadsheet took for a quantity: 3305550142.0, 3.305550142E+09.

    One of which digits are lost, as in 3.30555E+09, stays as it is.
    """
    if floating := _FLOATING.fullmatch(value):
        return floating[1]
    power = POWER.fullmatch(value)
    if power and len(power[2] or "") == int(power[3]):
        return power[1] + (power[2] or "")
    return value


def without_time(typed: str) -> str:
    """The day of a stamp with a time, or of the number of days that a workbook keeps for it."""
    if serial := _SERIAL.fullmatch(typed):
        return (_DAY_ZERO + timedelta(days=int(serial[1]))).isoformat()
    stamp = _STAMP.fullmatch(typed)
    return stamp[1] if stamp else typed


def purpose(label: str) -> AddressPurpose:
    """What an address is for by the word beside it; a home where that says nothing else."""
    word = label.strip("* ").casefold()
    return next((purpose for purpose, said in _PURPOSES.items() if word in said), AddressPurpose.HOME)


def several(value: str, *, ours: bool) -> tuple[str, ...]:
    """Several names of a list in one cell."""
    if ours:
        return tuple(filter(None, map(str.strip, value.split(SEPARATOR.strip()))))
    return tuple(pieces(value))


def pieces(value: str) -> list[str]:
    """Several things in one cell."""
    if ":::" in value:
        return [piece for piece in map(str.strip, value.split(":::")) if piece]
    return [piece for piece in _PIECES.split(value) if piece]


def phone_pieces(value: str) -> list[str]:
    """Several numbers in one cell; a piece too short to be a number belongs to the one before it."""
    pieces: list[str] = []
    for piece in _PHONE_SPLIT.split(value):
        if pieces and len(phones.digits(piece)) < 5:
            pieces[-1] += f" {piece}"
        elif piece.strip():
            pieces.append(piece.strip())
    return pieces


_TRUE = {"yes", "y", "true", "1", "x", "ja", "on"}
_PIECES = re.compile(r"\s*[;,\n]\s*")
_PHONE_SPLIT = re.compile(r"\s*:::\s*|\s*[;\n|]\s*|\s*,\s*(?=[+(\d])|\s+/\s*|\s*/\s+")
_LONGEST_NOTE = 64_000
_FLOATING = re.compile(r"(\d+)[.,]0+")
_SERIAL = re.compile(r"([1-7]\d{4})(?:\.\d+)?")
_STAMP = re.compile(r"(\S.*?)[T ]\s*\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?\s*(?:[AP]M|Z|[+-]\d\d:?\d\d)?", re.IGNORECASE)
_DAY_ZERO = date(1899, 12, 30)  # of Excel and Calc alike
_DATE_PARTS = re.compile(r"[/.\-\s]")
_PURPOSES = {
    AddressPurpose.WORK: ("work", "business", "office", "company"),
    AddressPurpose.MAILING: ("mailing", "postal", "post"),
}
