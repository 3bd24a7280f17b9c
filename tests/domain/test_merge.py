"""Two editors of one record (RELIABILITY D): the cases of a merge by name, then any pair of edits at all."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_desktop.domain import fields as declare
from studio_desktop.domain.errors import Conflict
from studio_desktop.domain.merge import changed, merge, resolve
from studio_desktop.domain.records.clients import AddressRow, ClientRecord, EmailRow, FamilyMember, PhoneRow

HOME = PhoneRow("p1", typed="330-555-0101", e164="+13305550101")
WORK = PhoneRow("p2", typed="330-555-0102", e164="+13305550102")
CELL = PhoneRow("p3", typed="330-555-0103")
FAX = PhoneRow("p4", typed="330-555-0104")
FLAT = AddressRow("a1", line1="1 Elm St", town="Akron", postcode="44301")
PETER = FamilyMember("f1", first_name="Peter", phones=(HOME,))

ANN = ClientRecord(id=7, version=3, last_name="Adams", first_name="Ann", phones=(HOME, WORK), addresses=(FLAT,))


def a_conflict(base: ClientRecord, mine: ClientRecord, theirs: ClientRecord) -> Conflict:
    with pytest.raises(Conflict) as raised:
        merge(base, mine, theirs)
    return raised.value


def test_that_changes_of_different_fields_are_joined() -> None:
    merged = merge(ANN, replace(ANN, first_name="Anna"), replace(ANN, last_name="Berg"))
    assert (merged.first_name, merged.last_name) == ("Anna", "Berg")


def test_that_emptying_a_field_is_a_change_like_any_other() -> None:
    assert merge(ANN, replace(ANN, first_name=""), replace(ANN, last_name="Berg")).first_name == ""


def test_that_the_same_change_on_both_sides_is_no_conflict() -> None:
    assert merge(ANN, replace(ANN, last_name="Berg"), replace(ANN, last_name="Berg")).last_name == "Berg"


def test_that_a_field_changed_differently_by_both_is_a_conflict_that_shows_all_three_records() -> None:
    mine, theirs = replace(ANN, last_name="Berg", number="5"), replace(ANN, last_name="Crane")
    conflict = a_conflict(ANN, mine, theirs)
    assert conflict.fields == ("last_name",)
    assert (conflict.base, conflict.mine, conflict.theirs) == (ANN, mine, theirs)


def test_that_the_version_and_what_the_service_computes_are_those_that_stand_now() -> None:
    now = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    merged = merge(ANN, replace(ANN, first_name="Anna"), replace(ANN, version=4, updated_at=now, updated_by="Kim"))
    assert (merged.version, merged.updated_at, merged.updated_by, merged.first_name) == (4, now, "Kim", "Anna")


def test_that_coupled_fields_conflict_even_if_each_side_changed_another_of_them() -> None:
    mine, theirs = replace(ANN, status_id=2, status_due_on=None), replace(ANN, status_reason_id=5)
    assert a_conflict(ANN, mine, theirs).fields == ("status_id", "status_reason_id")


def test_that_coupled_fields_changed_by_one_side_come_over_together() -> None:
    merged = merge(ANN, replace(ANN, tax_exempt=True, tax_exempt_number="X1"), replace(ANN, version=4, number="9"))
    assert (merged.tax_exempt, merged.tax_exempt_number, merged.number) == (True, "X1", "9")


def test_that_memberships_are_joined_as_sets_and_never_conflict() -> None:
    base = replace(ANN, groups=frozenset({1, 2, 3}))
    merged = merge(base, replace(base, groups=frozenset({2, 3, 4})), replace(base, groups=frozenset({1, 3, 5})))
    assert merged.groups == {3, 4, 5}


def test_that_rows_added_by_both_sides_are_all_kept_mine_before_theirs() -> None:
    merged = merge(ANN, replace(ANN, phones=(HOME, WORK, CELL)), replace(ANN, phones=(HOME, WORK, FAX)))
    assert merged.phones == (HOME, WORK, CELL, FAX)


def test_that_rows_removed_by_either_side_are_gone() -> None:
    merged = merge(ANN, replace(ANN, phones=(WORK,)), replace(ANN, phones=(HOME,)))
    assert merged.phones == ()


def test_that_different_fields_of_one_row_are_joined() -> None:
    mine = replace(ANN, phones=(replace(HOME, typed="330-555-9999"), WORK))
    theirs = replace(ANN, phones=(replace(HOME, sms=True), WORK))
    assert merge(ANN, mine, theirs).phones[0] == replace(HOME, typed="330-555-9999", sms=True)


def test_that_a_row_edited_here_and_removed_there_is_a_conflict_either_way_round() -> None:
    edited, removed = replace(ANN, phones=(replace(HOME, sms=True), WORK)), replace(ANN, phones=(WORK,))
    assert a_conflict(ANN, edited, removed).fields == ("phones",)
    assert a_conflict(ANN, removed, edited).fields == ("phones",)


def test_that_a_row_whose_derived_fields_alone_changed_can_be_removed() -> None:
    theirs = replace(ANN, phones=(replace(HOME, e164="+15550000"), WORK))
    assert merge(ANN, replace(ANN, phones=(WORK,)), theirs).phones == (WORK,)


def test_that_an_address_merges_as_a_whole() -> None:
    mine = replace(ANN, addresses=(replace(FLAT, line1="2 Oak St"),))
    theirs = replace(ANN, addresses=(replace(FLAT, postcode="44302"),))
    assert a_conflict(ANN, mine, theirs).fields == ("addresses",)


def test_that_rows_inside_rows_are_merged_too() -> None:
    base = replace(ANN, family=(PETER,))
    mine = replace(base, family=(replace(PETER, phones=(HOME, CELL)),))
    theirs = replace(base, family=(replace(PETER, last_name="Berg", phones=(replace(HOME, sms=True),)),))
    (peter,) = merge(base, mine, theirs).family
    assert (peter.last_name, peter.phones) == ("Berg", (replace(HOME, sms=True), CELL))


def test_that_a_conflict_inside_a_row_names_the_field_of_the_whole_record() -> None:
    base = replace(ANN, family=(PETER,))
    mine = replace(base, family=(replace(PETER, phones=(replace(HOME, typed="1"),)),))
    theirs = replace(base, family=(replace(PETER, phones=(replace(HOME, typed="2"),)),))
    assert a_conflict(base, mine, theirs).fields == ("family",)


def test_that_a_new_order_by_one_side_holds_and_takes_the_others_new_rows_in() -> None:
    mails = tuple(EmailRow(f"e{at}", f"{at}@example.com") for at in range(4))
    base = replace(ANN, emails=mails[:3])
    turned = replace(base, emails=(mails[2], mails[0], mails[1]))
    longer = replace(base, emails=(mails[0], mails[3], mails[1], mails[2]))
    expected = (mails[2], mails[0], mails[3], mails[1])
    assert merge(base, turned, longer).emails == expected
    assert merge(base, longer, turned).emails == expected


def test_that_two_different_new_orders_are_a_conflict() -> None:
    base = replace(ANN, phones=(HOME, WORK, CELL))
    mine, theirs = replace(base, phones=(WORK, HOME, CELL)), replace(base, phones=(CELL, HOME, WORK))
    assert a_conflict(base, mine, theirs).fields == ("phones",)


def test_that_a_new_row_sent_twice_stands_once() -> None:
    theirs = replace(ANN, version=4, phones=(HOME, WORK, replace(CELL, e164="+13305550103")))
    assert merge(ANN, replace(ANN, phones=(HOME, WORK, CELL)), theirs) == theirs
    moved = replace(ANN, phones=(CELL, HOME, WORK))
    assert set(merge(ANN, replace(ANN, phones=(HOME, WORK, CELL)), moved).phones) == {HOME, WORK, CELL}


def test_that_two_rows_without_uids_are_refused_because_one_would_be_lost() -> None:
    mine = replace(ANN, phones=(PhoneRow(typed="1"), PhoneRow(typed="2")))
    with pytest.raises(ValueError, match="uid"):
        merge(ANN, mine, ANN)


def test_that_a_conflict_is_resolved_field_by_field_and_the_rest_is_merged() -> None:
    mine = replace(ANN, last_name="Berg", number="5", phones=(replace(HOME, sms=True), WORK, CELL))
    theirs = replace(ANN, version=4, last_name="Crane", number="6", first_name="Anna", phones=(WORK, FAX))
    conflict = a_conflict(ANN, mine, theirs)
    assert conflict.fields == ("last_name", "number", "phones")
    saved = resolve(conflict, {"last_name": "mine", "number": "theirs", "phones": "mine"})
    assert (saved.version, saved.last_name, saved.number, saved.first_name) == (4, "Berg", "6", "Anna")
    assert saved.phones == (replace(HOME, sms=True), WORK, CELL, FAX)
    saved = resolve(conflict, {"last_name": "mine", "number": "theirs", "phones": "theirs"})
    assert saved.phones == (WORK, CELL, FAX)


def test_that_every_conflict_needs_a_choice_and_coupled_fields_the_same_one() -> None:
    conflict = a_conflict(ANN, replace(ANN, status_id=2), replace(ANN, status_reason_id=5))
    with pytest.raises(ValueError, match="status_reason_id"):
        resolve(conflict, {"status_id": "mine"})
    with pytest.raises(ValueError, match="belong together"):
        resolve(conflict, {"status_id": "mine", "status_reason_id": "theirs"})


def test_that_changed_names_the_facts_that_differ_and_nothing_else() -> None:
    after = replace(ANN, version=9, updated_by="Kim", last_name="Berg", phones=(replace(HOME, e164=""), WORK))
    assert changed(ANN, after) == ("last_name",)
    assert changed(ANN, replace(ANN, phones=(WORK, HOME))) == ("phones",)
    assert changed(ANN, ANN) == ()


@dataclass(frozen=True, slots=True)
class Leaf:
    uid: str = declare.identity("")
    word: str = declare.text("Word")


@dataclass(frozen=True, slots=True)
class Row:
    uid: str = declare.identity("")
    word: str = declare.text("Word")
    street: str = declare.text("Street", couple="place")
    town: str = declare.text("Town", couple="place")
    leaves: tuple[Leaf, ...] = declare.rows("Leaves", Leaf)


@dataclass(frozen=True, slots=True)
class Whole:
    version: int = declare.identity()
    word: str = declare.text("Word")
    street: str = declare.text("Street", couple="place")
    town: str = declare.text("Town", couple="place")
    sets: frozenset[int] = declare.members("Sets", "sets")
    rows: tuple[Row, ...] = declare.rows("Rows", Row)
    shown: str = declare.text("Shown", derived=True)


WORDS = st.sampled_from(["", "a", "b"])
UIDS = st.sampled_from(["u", "v", "w", "x"])


def rows_of(row: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(row, max_size=3, unique_by=lambda r: r.uid).map(tuple)


LEAVES = st.builds(Leaf, UIDS, WORDS)
ROWS = st.builds(Row, UIDS, WORDS, WORDS, WORDS, rows_of(LEAVES))
SETS = st.frozensets(st.integers(0, 3))
RECORDS = st.builds(Whole, st.integers(1, 9), WORDS, WORDS, WORDS, SETS, rows_of(ROWS), WORDS)


def outcome_of(base: Whole, mine: Whole, theirs: Whole) -> Whole | Conflict:
    try:
        return merge(base, mine, theirs)
    except Conflict as conflict:
        return conflict


@st.composite
def edited(draw: st.DrawFn, base: Whole) -> Whole:
    """What a person makes of a record: a few fields replaced, the others left alone."""
    other = draw(RECORDS)
    names = draw(st.sets(st.sampled_from(["word", "street", "town", "sets", "rows"]), max_size=3))
    return replace(base, **{name: getattr(other, name) for name in names})


@st.composite
def edits(draw: st.DrawFn) -> tuple[Whole, Whole, Whole]:
    base = draw(RECORDS)
    theirs = replace(draw(edited(base)), version=base.version + 1, shown=draw(WORDS))
    return base, draw(edited(base)), theirs


def facts(record: Any, at: str = "") -> dict[str, Any]:
    """A record flattened to what can be edited: each field, each membership, each row's presence and fields."""
    flat: dict[str, Any] = {}
    for field in fields(record):
        value, where = getattr(record, field.name), f"{at}{field.name}"
        if field.name == "sets":
            flat |= {f"{where} {member}": True for member in value}
        elif isinstance(value, tuple):
            for row in value:
                flat |= {f"{where} {row.uid}": True} | facts(row, f"{where} {row.uid} ")
        elif field.name not in ("uid", "version", "shown"):
            flat[where] = value
    return flat


def edits_between(base: Whole, after: Whole) -> dict[str, Any]:
    before, now = facts(base), facts(after)
    return {name: now.get(name) for name in before.keys() | now.keys() if before.get(name) != now.get(name)}


def edits_lost(base: Whole, side: Whole, outcome: Whole) -> dict[str, Any]:
    found = facts(outcome)
    return {name: value for name, value in edits_between(base, side).items() if found.get(name) != value}


@given(edits())
def test_that_no_edit_of_either_side_is_lost_unless_it_is_a_conflict(case: tuple[Whole, Whole, Whole]) -> None:
    base, mine, theirs = case
    outcome = outcome_of(base, mine, theirs)
    if isinstance(outcome, Conflict):
        for side, record in (("mine", mine), ("theirs", theirs)):
            resolved = resolve(outcome, dict.fromkeys(outcome.fields, side))
            assert edits_lost(base, record, resolved) == {}
        return
    assert edits_lost(base, mine, outcome) == {}
    assert edits_lost(base, theirs, outcome) == {}
    untouched = facts(base).keys() - edits_between(base, mine).keys() - edits_between(base, theirs).keys()
    assert {name: facts(outcome).get(name) for name in untouched} == {name: facts(base)[name] for name in untouched}
    assert (outcome.version, outcome.shown) == (theirs.version, theirs.shown)


@given(edits())
def test_that_a_conflict_names_only_fields_that_both_sides_changed(case: tuple[Whole, Whole, Whole]) -> None:
    base, mine, theirs = case
    outcome = outcome_of(base, mine, theirs)
    if isinstance(outcome, Conflict):
        assert outcome.fields
        for name in outcome.fields:
            unit = {"street", "town"} if name in ("street", "town") else {name}
            assert unit & set(changed(base, mine))
            assert unit & set(changed(base, theirs))
            assert name in changed(mine, theirs)


@given(edits())
def test_that_who_saves_first_makes_no_difference_to_the_facts(case: tuple[Whole, Whole, Whole]) -> None:
    base, mine, theirs = case
    one, other = outcome_of(base, mine, theirs), outcome_of(base, theirs, mine)
    if isinstance(one, Conflict) or isinstance(other, Conflict):
        assert isinstance(one, Conflict)
        assert isinstance(other, Conflict)
        assert one.fields == other.fields
    else:
        assert facts(one) == facts(other)


@given(edits())
def test_that_with_one_side_idle_the_other_stands_as_it_is_order_included(case: tuple[Whole, Whole, Whole]) -> None:
    base, mine, theirs = case
    assert changed(mine, merge(base, mine, base)) == ()
    assert merge(base, base, theirs) == theirs
