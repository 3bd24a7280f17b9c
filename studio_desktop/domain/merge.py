"""Two desks changed one record: their changes joined field by field, so that neither loses an edit.

A field that one side changed is that side's; what both changed, and differ in, is a `Conflict`. Coupled fields count as
one, memberships are joined as sets, rows are told apart by their uid and merged in turn. Keys, versions and derived
fields are those of the record as it stands now.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from studio_desktop.domain import fields
from studio_desktop.domain.errors import Conflict
from studio_desktop.domain.fields import FieldSpec, Kind

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")
Rows = tuple[Any, ...]
Side = Literal["mine", "theirs"]


def merge(base: Record, mine: Record, theirs: Record) -> Record:
    """What to save when `mine` was made from `base` and `theirs` stands now.

    Raises `Conflict` with the names of the fields that both changed and differ in; rows count under their field.
    """
    merging = _Merging({})
    merged = merging.record(base, mine, theirs)
    if merging.conflicts:
        raise Conflict(base, mine, theirs, tuple(merging.conflicts))
    return merged


def resolve(conflict: Conflict, choices: Mapping[str, Side]) -> Any:
    """The record to save once a person chose a side for every field of the conflict; all else is merged as before.

    Of a field of rows only the rows in conflict follow the choice. Coupled fields must follow one side.
    """
    missing = [name for name in conflict.fields if name not in choices]
    if missing:
        raise ValueError(f"no side chosen for {', '.join(missing)}")
    return _Merging(choices).record(conflict.base, conflict.mine, conflict.theirs)


def changed(before: Record, after: Record) -> tuple[str, ...]:
    """The names of the fields that differ, in their order; keys and derived fields do not count."""
    return tuple(
        name
        for name, spec in fields.specs(type(before)).items()
        if _is_a_fact(spec) and not _same(spec, getattr(before, name), getattr(after, name))
    )


class _Merging:
    """One merge of three records: conflicts are collected, and settled by `choices` where a side is chosen."""

    def __init__(self, choices: Mapping[str, Side]) -> None:
        self.choices = choices
        self.conflicts: dict[str, None] = {}  # an ordered set

    def record(self, base: Record, mine: Record, theirs: Record, within: str = "") -> Record:
        """`within` is the field of the whole record that these rows stand in."""
        merged: dict[str, Any] = {}
        for unit in _units(type(theirs)):
            spec = unit[0]
            b, m, t = ({s.name: getattr(side, s.name) for s in unit} for side in (base, mine, theirs))
            if spec.kind is Kind.MEMBERS:
                name = spec.name
                merged[name] = (t[name] - (b[name] - m[name])) | (m[name] - b[name])
            elif spec.kind is Kind.ROWS:
                name = spec.name
                merged[name] = self._rows(b[name], m[name], t[name], within or name)
            elif m in (b, t):
                merged |= t
            elif t == b:
                merged |= m
            else:
                apart = [within] if within else [name for name in m if m[name] != t[name]]
                merged |= m if self._settle(apart) == "mine" else t
        return dataclasses.replace(theirs, **merged)

    def _rows(self, base: Rows, mine: Rows, theirs: Rows, field: str) -> Rows:
        b, m, t = _by_uid(base), _by_uid(mine), _by_uid(theirs)
        kept: dict[str, Any] = {}
        for uid in m.keys() | t.keys():
            row = self._row(b.get(uid), m.get(uid), t.get(uid), field)
            if row is not None:
                kept[uid] = row
        return tuple(kept[uid] for uid in self._order(list(b), list(m), list(t), set(kept), field))

    def _row(self, base: Any, mine: Any, theirs: Any, field: str) -> Any:
        """One row; None is a row that is not there."""
        if base is not None and mine is not None and theirs is not None:
            return self.record(base, mine, theirs, field)
        if mine is not None and theirs is not None:  # a new row that arrived twice
            return theirs if not changed(mine, theirs) else self._either(mine, theirs, field)
        if base is None:
            return theirs if mine is None else mine
        survivor = theirs if mine is None else mine
        return self._either(mine, theirs, field) if changed(base, survivor) else None

    def _either(self, mine: Any, theirs: Any, field: str) -> Any:
        return mine if self._settle([field]) == "mine" else theirs

    def _order(self, base: list[str], mine: list[str], theirs: list[str], kept: set[str], field: str) -> list[str]:
        """Mine's order with theirs' new rows where they stood; theirs' order if only they moved rows about."""
        shared = kept & set(base) & set(mine) & set(theirs)
        b, m, t = ([uid for uid in side if uid in shared] for side in (base, mine, theirs))
        leads: Side = "mine" if t in (b, m) else "theirs" if m == b else self._settle([field])
        leading, following = (mine, theirs) if leads == "mine" else (theirs, mine)
        order = [uid for uid in leading if uid in kept]
        for uid in following:
            if uid in kept and uid not in order:
                order.insert(_place(uid, order, following, shared), uid)
        return order

    def _settle(self, names: list[str]) -> Side:
        """The side chosen for a conflict; without a choice it is noted and what is returned does not matter."""
        sides = {self.choices[name] for name in names if name in self.choices}
        if len(sides) > 1:
            raise ValueError(f"{', '.join(names)} belong together and cannot follow two sides")
        if not sides:
            self.conflicts |= dict.fromkeys(names)
        return sides.pop() if sides else "theirs"


@cache
def _units(record: type) -> list[list[FieldSpec]]:
    """The fields that merge as one: each couple together, every other field by itself."""
    units: dict[str, list[FieldSpec]] = {}
    for name, spec in fields.specs(record).items():
        if _is_a_fact(spec):
            units.setdefault(f"couple {spec.couple}" if spec.couple else name, []).append(spec)
    return list(units.values())


def _is_a_fact(spec: FieldSpec) -> bool:
    return not spec.derived and spec.kind is not Kind.IDENTITY


def _same(spec: FieldSpec, one: Any, other: Any) -> bool:
    if spec.kind is not Kind.ROWS:
        return bool(one == other)
    return [row.uid for row in one] == [row.uid for row in other] and not any(map(changed, one, other))


def _by_uid(rows: Rows) -> dict[str, Any]:
    by_uid = {row.uid: row for row in rows}
    if len(by_uid) < len(rows):
        raise ValueError("two rows with one uid: a new row needs a uid of its own")
    return by_uid


def _place(uid: str, order: list[str], following: list[str], shared: set[str]) -> int:
    """Where a row of the side that follows stands among the leading rows: behind the row it stood behind."""
    before = [other for other in following[: following.index(uid)] if other in order]
    at = order.index(before[-1]) + 1 if before else 0
    while at < len(order) and order[at] not in shared:  # and behind what the leading side put there
        at += 1
    return at
