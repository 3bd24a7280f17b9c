"""Files longer than one part of anything: what is judged, written and undone part by part is as if it were at once."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from studio_desktop.domain.changes import Change
from studio_desktop.services import Services, new_request
from studio_desktop.services.imports.judged import JudgedRows
from studio_desktop.services.imports.plan import Matching, Plan, Rules, Tie, Verdict
from studio_desktop.services.imports.spool import Spool
from studio_desktop.services.listings.service import Query
from tests.builders import a_client

LONG = 2_100
"""Rows; they are judged, written and undone in parts of at most 2,000."""

HEADER = ("Client number", "Last name", "First name", "Phone", "Company")


def judged(services: Services, folder: Path, rows: Iterable[Sequence[str]], rules: Rules | None = None) -> Plan:
    path = folder / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows((HEADER, *rows))
    return services.imports.judge(services.imports.read(path), rules=rules or Rules())


def strangers(count: int) -> list[tuple[str, ...]]:
    return [(str(5_000 + at), f"Long{at}", "Anna", "", "") for at in range(count)]


def test_that_rows_kept_on_the_disk_come_back_as_they_were_by_place_and_in_order() -> None:
    numbers = Spool(range(20_500))
    assert (len(numbers), numbers[3], numbers[20_400], numbers[20_499]) == (20_500, 3, 20_400, 20_499)
    assert list(numbers) == list(range(20_500))
    with pytest.raises(IndexError):
        numbers[20_500]


def test_that_a_judged_row_kept_on_the_disk_is_the_one_that_was_judged(services: Services, tmp_path: Path) -> None:
    a_client(services, last_name="Adams", number="1")
    known, new = judged(
        services, tmp_path, [("1", "Adams", "", "330 555 0100", "Garden"), ("", "Berg", "Bob", "330 555 0101", "")],
        Rules(update_by=Matching.NUMBER, groups=("Long",)),
    ).rows  # fmt: skip
    tied = replace(new, ties=(Tie("7", "Chen", "sister", "brother"),))
    rows = JudgedRows()
    for number in range(20_100):
        rows.append(replace((known, new, tied)[number % 3], number=number + 2))
    assert [rows[at] for at in (20_001, 20_002, 20_003)] == [
        replace(row, number=number) for row, number in ((known, 20_003), (new, 20_004), (tied, 20_005))
    ]
    assert rows[20_000] != rows[20_003]
    assert rows.place_of(20_005) == 20_003
    assert list(rows.tied[-2:]) == [20_096, 20_099]


def test_that_rows_far_apart_that_mean_one_person_know_of_each_other(services: Services, tmp_path: Path) -> None:
    """B20: a client's later rows see what the earlier ones make of it."""
    kept = a_client(services, last_name="Adams", number="1", company="Garden")
    rows = [("1", "", "", "330 555 0100", "Stones"), ("", "Berg", "Bob", "330 555 0101", ""), *strangers(LONG)]
    rows += [("1", "", "", "330 555 0102", "Stones"), ("1", "", "", "", "Flowers"),
             ("", "berg", "BOB", "+13305550101", "")]  # fmt: skip
    plan = judged(services, tmp_path, rows, Rules(update_by=Matching.NUMBER))
    first, again, otherwise, twin = (plan.rows[at] for at in (0, LONG + 2, LONG + 3, LONG + 4))
    assert [str(one) for one in first.changes] == ["Company: Garden → Stones", "Phone: + 330 555 0100"]
    assert [str(one) for one in again.changes] == ["Phone: + 330 555 0102"]
    assert (otherwise.verdict, otherwise.why) == (
        Verdict.ERROR, "row 2 says otherwise of Adams (1): Company: Stones → Flowers.",
    )  # fmt: skip
    assert (twin.verdict, twin.why) == (Verdict.SKIP, "the same person as Berg, Bob (row 3).")
    services.imports.carry_out(plan, new_request())
    now = services.clients.get(kept.id)
    assert ([one.typed for one in now.phones], now.company) == (["330 555 0100", "330 555 0102"], "Stones")


def test_that_a_long_import_is_undone_whole_and_told_to_other_desks_as_one(services: Services, tmp_path: Path) -> None:
    """RELIABILITY 91."""
    plan = judged(services, tmp_path, strangers(LONG), Rules(groups=("Long",)))
    seen: list[int] = []
    saved = services.imports.carry_out(plan, new_request(), lambda done, _total: seen.append(done))
    assert (saved.result.imported, len(services.listings.ids("clients", Query()))) == (LONG, LONG)
    assert seen == sorted(seen)
    assert seen[-1] == LONG
    undone = services.imports.undo(saved.result.id, new_request())
    assert undone.result == ()
    assert Change("client") in undone.changes.changes
    assert not any(change.kind == "client" and change.record_id for change in undone.changes.changes)
    assert services.listings.ids("clients", Query()) == []
    assert not any(one.text == "Long" for one in services.catalogs.choices()["client_groups"])
    services.history.undo(undone.changes.request, new_request())
    assert len(services.listings.ids("clients", Query())) == LONG


def test_that_a_long_import_stopped_on_its_way_leaves_nothing(services: Services, tmp_path: Path) -> None:
    """RELIABILITY 91."""
    plan = judged(services, tmp_path, strangers(LONG))

    def stop(done: int, _total: int) -> None:
        if done >= 1_000:  # the first part is written
            raise InterruptedError

    with pytest.raises(InterruptedError):
        services.imports.carry_out(plan, new_request(), stop)
    assert services.listings.ids("clients", Query()) == []
    with services.database.snapshot() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM history WHERE record = 'client'").scalar_one() == 0


def test_that_no_client_gets_a_number_that_stands_further_down_in_the_file(services: Services, tmp_path: Path) -> None:
    """B5."""
    rows = [("", "Adams", "", "", ""), ("1001", "Berg", "", "", ""), ("1002", "Chen", "", "", "")]
    plan = judged(services, tmp_path, rows)
    services.imports.carry_out(plan, new_request())
    found = [services.clients.get(client_id) for client_id in services.listings.ids("clients", Query())]
    assert {one.last_name: one.number for one in found} == {"Adams": "1003", "Berg": "1001", "Chen": "1002"}


def test_that_everybody_of_a_file_is_listed_by_name_whatever_a_person_decides(
    services: Services, tmp_path: Path
) -> None:
    plan = judged(services, tmp_path, [("", name, "", "", "") for name in ("Ödegaard", "adams", "Olsen")])
    assert [plan.rows[place].name for place in plan.rows.by_name()] == ["adams", "Ödegaard", "Olsen"]
    plan = plan.choose(plan.rows[1], Verdict.SKIP)
    assert [list(plan.places(one)) for one in (Verdict.NEW, Verdict.SKIP)] == [[0, 2], [1]]
    assert (plan.count(Verdict.NEW), plan.count(Verdict.SKIP), plan.verdict_at(1)) == (2, 1, Verdict.SKIP)
