"""Two records of one person made into one: which side each field follows, and what must not be lost (B18)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from studio_desktop.domain import names
from studio_desktop.domain.fields import FieldSpec, Kind, specs
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.domain.text import fold

Side = Literal["kept", "other"]

STRICT = ("do_not_market", "do_not_call", "deceased", "saturday_only")
"""What holds of one of the records holds of the person (RELIABILITY 110)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Fields that follow one side together: one by itself, or those that belong together. `name` is the first."""

    name: str
    fields: tuple[FieldSpec, ...]

    def differs(self, kept: ClientRecord, other: ClientRecord) -> bool:
        """Whether there is anything to choose: the other one has something, and something else."""
        return not self.is_empty(other) and any(
            getattr(kept, spec.name) != getattr(other, spec.name) for spec in self.fields
        )

    def is_empty(self, record: ClientRecord) -> bool:
        """Whether the record says nothing here."""
        return all(getattr(record, spec.name) in (None, "", False) for spec in self.fields)

    def default(self, kept: ClientRecord) -> Side:
        """The side that is taken unless a person chooses."""
        return "other" if self.is_empty(kept) else "kept"


@cache
def choices() -> tuple[Choice, ...]:
    """Everything that is chosen from one side or the other; rows, memberships and strict flags are joined instead."""
    found: dict[str, list[FieldSpec]] = {}
    for name, spec in specs(ClientRecord).items():
        joined = spec.kind in (Kind.IDENTITY, Kind.ROWS, Kind.MEMBERS, Kind.NOTE) or name in (*STRICT, "former_names")
        if not spec.derived and not joined:
            found.setdefault(f"couple {spec.couple}" if spec.couple else name, []).append(spec)
    return tuple(Choice(fields[0].name, tuple(fields)) for fields in found.values())


def fuller(one: ClientRecord, other: ClientRecord) -> ClientRecord:
    """The record that says more: the one to keep unless a person chooses; the older one when both say as much."""
    return other if _said(other) > _said(one) else one


def joined(kept: ClientRecord, other: ClientRecord, picks: Mapping[str, Side]) -> ClientRecord:
    """`kept` with what `picks` (by the names of choices) and empty fields take from `other`; rows stay its own.

    Memos hold both texts, the name that is not taken becomes a former name.
    """
    values: dict[str, Any] = {}
    for choice in choices():
        if picks.get(choice.name, choice.default(kept)) == "other":
            values |= {spec.name: getattr(other, spec.name) for spec in choice.fields}
    for name, spec in specs(ClientRecord).items():
        if spec.kind is Kind.NOTE:
            values[name] = _both(getattr(kept, name), getattr(other, name), spec.limit)
    values |= {name: getattr(kept, name) or getattr(other, name) for name in STRICT}
    result = replace(kept, **values)
    if result.referred_by_client_id in (kept.id, other.id):
        result = replace(result, referred_by_client_id=None)
    return replace(result, former_names=_former_names(result, kept, other))


def left_behind(kept: ClientRecord, other: ClientRecord, result: ClientRecord) -> Iterator[tuple[FieldSpec, Any]]:
    """The fields of either record whose value the result does not hold."""
    for choice in choices():
        for spec in choice.fields:
            mine = getattr(result, spec.name)
            for record in (kept, other):
                value = getattr(record, spec.name)
                if value != mine and value not in (None, "", False):
                    yield spec, value


def _said(record: ClientRecord) -> int:
    rows = sum(len(getattr(record, name)) for name, spec in specs(ClientRecord).items() if spec.kind is Kind.ROWS)
    return rows + sum(not choice.is_empty(record) for choice in choices())


def _both(one: str, other: str, limit: int) -> str:
    if not other or other in one:
        return one
    both = f"{one}\n\n{other}" if one else other
    return both if len(both) <= limit else one


def _former_names(result: ClientRecord, *records: ClientRecord) -> str:
    now = fold(names.full_name(result.first_name, result.last_name))
    found: dict[str, str] = {}
    for record in (result, *records):
        spoken = [names.full_name(record.first_name, record.last_name)]
        for name in (*record.former_names.split(", "), *spoken):
            if name and fold(name) != now:
                found.setdefault(fold(name), name)
    limit = specs(ClientRecord)["former_names"].limit
    kept = ""
    for name in found.values():
        longer = f"{kept}, {name}" if kept else name
        kept = longer if len(longer) <= limit else kept
    return kept
