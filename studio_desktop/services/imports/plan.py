"""What an import would do, row by row and by which rules, as far as nothing of it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, Any

from studio_desktop.domain.dates import DateOrder
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.domain.records.consents import ConsentRecord
from studio_desktop.domain.records.leads import NextAction, Outcome
from studio_desktop.services.imports.mapping import Mapped
from studio_desktop.services.imports.reading import Table

if TYPE_CHECKING:
    from studio_desktop.services.imports.judged import JudgedRows

Progress = Callable[[int, int], None]
"""Hears how many rows are done, of how many."""


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    UPDATE = "update"
    SKIP = "skip"
    ERROR = "error"


VERDICTS = tuple(Verdict)


class Matching(StrEnum):
    """By what a row is known to speak of a client of the studio (B20)."""

    NUMBER = "number"
    NUMBER_NAME = "number-name"
    NAME = "name"
    NAME_COMPANY = "name-company"
    EMAIL = "email"


class NameRule(StrEnum):
    """How a name that stands in one cell comes apart."""

    AS_WRITTEN = "as-written"
    LAST_FIRST = "last-first"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Rules:
    """How a person wants a file to be read; what is not said is guessed from the file, or is the studio's own.

    `update_by` lets rows change clients that the studio has; without it such rows are skipped. Every client that the
    import brings or changes joins `groups` and gets `tags`.
    """

    date_order: DateOrder | None = None
    country: str = ""
    names: NameRule = NameRule.AS_WRITTEN
    update_by: Matching | None = None
    groups: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def to_saved(self) -> dict[str, Any]:
        """The rules as JSON holds them."""
        return {
            "date_order": self.date_order, "country": self.country, "names": self.names, "update_by": self.update_by,
            "groups": list(self.groups), "tags": list(self.tags),
        }  # fmt: skip

    @classmethod
    def from_saved(cls, saved: Mapping[str, Any]) -> Rules:
        """What `to_saved` gave."""
        return cls(
            DateOrder(saved["date_order"]) if saved["date_order"] else None, saved["country"],
            NameRule(saved["names"]), Matching(saved["update_by"]) if saved["update_by"] else None,
            tuple(saved["groups"]), tuple(saved["tags"]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """What a row names of the studio's lists, to be looked up, and added where it lacks, once the row is written.

    Labels, relationships and organizations are named by the uid of the phone, family member or membership.
    """

    groups: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    lead_source: str = ""
    status: str = ""
    status_reason: str = ""
    archive_reason: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    relations: Mapping[str, str] = field(default_factory=dict)
    organizations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowNote:
    """A note that comes with a row; `written` is when it was, if the file says so."""

    text: str
    alert: bool = False
    written: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """Another client that a row names, `to` by number or by a reference within the file, and as what.

    With `refers` it is who sent the client; else the two are related, by a word of the studio's list or the other way
    round by its `inverse`.
    """

    to: str
    name: str = ""
    relation: str = ""
    inverse: str = ""
    is_inverse: bool = False
    refers: bool = False
    order: int = 0
    """Its place among all links of the studio that it comes from."""

    def __str__(self) -> str:
        """`Adams, Peter (1002)`, as far as the file says it."""
        return f"{self.name} ({self.to})" if self.name else self.to


@dataclass(frozen=True, slots=True)
class PastStatus:
    """A status that the client had elsewhere, or has since a while; without `until_on` it is the current one."""

    status: str
    reason: str
    from_on: date
    due_on: date | None
    until_on: date | None
    set_at: datetime | None
    set_by: str


@dataclass(frozen=True, slots=True)
class PastLead:
    """A lead of the client, as it was followed up elsewhere."""

    pipeline: str
    stage: str
    outcome: Outcome
    opened_on: date
    stage_since: date
    next_action: NextAction
    next_action_text: str
    next_action_on: date | None
    responsible: str
    lost_reason: str
    closed_on: date | None
    remark: str


@dataclass(frozen=True, slots=True)
class Past:
    """What a row says of how its client was kept elsewhere: numbers before a merge, who entered it, statuses, leads."""

    reference: str = ""
    former_numbers: tuple[str, ...] = ()
    created_at: datetime | None = None
    created_by: str = ""
    updated_at: datetime | None = None
    updated_by: str = ""
    statuses: tuple[PastStatus, ...] = ()
    leads: tuple[PastLead, ...] = ()

    @property
    def users(self) -> set[str]:
        """Who did something there."""
        told = (self.created_by, self.updated_by, *(one.set_by for one in self.statuses))
        return {name for name in (*told, *(one.responsible for one in self.leads)) if name}


NO_PAST = Past()
NO_WORDS = Words()
"""Those of nearly all rows."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What an update would make of one field, as a person reads it."""

    label: str
    old: str
    new: str

    def __str__(self) -> str:
        """`Town: Fairbrook → Akron`, or `Phone: + 330 555 0100` where something is added."""
        return f"{self.label}: {self.old} → {self.new}" if self.old else f"{self.label}: + {self.new}"


@dataclass(frozen=True, slots=True)
class Judged:
    """A row of the file with its verdict. `number` is the row's number in the spreadsheet; `why` one sentence.

    Every row that could be a client has its `record`. One that means a client of the studio has its id, with the
    version that it was judged by, and what would change; one that means the same as an earlier row has the number of
    that as its `twin`. `given` are the fields of one value that the row fills.
    """

    number: int
    verdict: Verdict
    name: str
    why: str = ""
    record: ClientRecord | None = None
    words: Words = NO_WORDS
    notes: tuple[RowNote, ...] = ()
    given: frozenset[str] = frozenset()
    ties: tuple[Tie, ...] = ()
    answers: tuple[ConsentRecord, ...] = ()
    past: Past = NO_PAST
    client_id: int = 0
    version: int = 0
    twin: int = 0
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What an import would do. `rules` are as asked for, `date_order` and `country` what the rows were read by."""

    table: Table
    mapped: Mapped
    rows: JudgedRows
    rules: Rules
    date_order: DateOrder
    country: str
    remarks: tuple[str, ...] = ()
    """Sentences about the whole file."""
    choices: Mapping[int, Verdict] = field(default_factory=dict)
    """What a person decided otherwise, by the row's number: to skip it, or to take it as a new client."""

    def verdict(self, row: Judged) -> Verdict:
        """What becomes of the row, a person's choice included."""
        return self.choices.get(row.number, row.verdict)

    def verdict_at(self, place: int) -> Verdict:
        """What becomes of the row at a place of `rows`."""
        return VERDICTS[self._codes[place]]

    def places(self, *wanted: Verdict) -> Iterator[int]:
        """Where in `rows` those stand that become one of these, in the order of the file."""
        chosen = bytes(verdict in wanted for verdict in VERDICTS).ljust(256, b"\0")
        return compress(range(len(self._codes)), self._codes.translate(chosen))

    def count(self, verdict: Verdict) -> int:
        """How many rows have this verdict."""
        return self._codes.count(VERDICTS.index(verdict))

    @property
    def writes(self) -> int:
        """How many rows bring or change a client."""
        return self.count(Verdict.NEW) + self.count(Verdict.UPDATE)

    def choose(self, row: Judged, wanted: Verdict | None) -> Plan:
        """The plan once a person decides on a row; None takes the decision back, as does what the row is anyway."""
        choices = {number: choice for number, choice in self.choices.items() if number != row.number}
        if wanted is not None and wanted is not row.verdict:
            choices[row.number] = wanted
        return replace(self, choices=choices)

    def offers(self, row: Judged) -> tuple[Verdict, ...]:
        """What a person may make of the row instead: skip what would come in, take as new whatever could be one."""
        verdict = self.verdict(row)
        skips = (Verdict.SKIP,) if verdict in (Verdict.NEW, Verdict.UPDATE) else ()
        return (*skips, Verdict.NEW) if row.record is not None and verdict is not Verdict.NEW else skips

    def summary(self) -> Iterator[str]:
        """What would happen, in lines: the counts, then each row that does not come in, with its reason."""
        shown = [one for one in Verdict if one is not Verdict.UPDATE or self.rules.update_by is not None]
        counts = ", ".join(f"{self.count(verdict):,} {_WORDS[verdict]}" for verdict in shown)
        unused = [title for title, one in zip(self.table.header, self.mapped, strict=True) if one is None and title]
        yield f"{self.table.path.name} ({self.table.kind}): {counts}."
        if unused:
            yield f"Columns kept as notes: {', '.join(unused)}."
        yield from self.remarks
        for row in self.rows:
            if self.verdict(row) is Verdict.UPDATE:
                yield f"Row {row.number}, {row.name}: {'; '.join(map(str, row.changes))}"
            elif self.verdict(row) is not Verdict.NEW or row.why:
                yield f"Row {row.number}, {row.name}: {row.why}"

    @cached_property
    def _codes(self) -> bytearray:
        """The verdict of every row, as a place in `VERDICTS`."""
        codes = bytearray(self.rows.verdicts)
        for number, chosen in self.choices.items():
            place = self.rows.place_of(number)
            if place is not None:
                codes[place] = VERDICTS.index(chosen)
        return codes


_WORDS = {
    Verdict.NEW: "new",
    Verdict.UPDATE: "updated",
    Verdict.SKIP: "skipped as known",
    Verdict.ERROR: "with errors",
}


@dataclass(frozen=True, slots=True)
class ImportResult:
    """A carried out import, or an earlier one of the list."""

    id: int
    file_name: str
    request: str
    imported: int
    updated: int
    skipped: int
    failed: int
    at: datetime
    by: str
    undone_at: datetime | None

    def sentence(self) -> str:
        """What happened, with counts."""
        updated = f", {self.updated:,} updated" if self.updated else ""
        return (
            f"{self.imported:,} clients imported from {self.file_name}{updated}, "
            f"{self.skipped:,} skipped as known, {self.failed:,} with errors."
        )


@dataclass(frozen=True, slots=True)
class UndoForeseen:
    """What undoing an import would do now: whom it takes away, whom it sets back, and who stays as somebody made it."""

    goes: int
    restored: int
    stays: tuple[str, ...]
