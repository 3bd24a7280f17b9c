"""Clients that name one another in a file, and photos beside it: brought in, or named where they cannot be."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from studio_desktop.services.imports.plan import Matching, Plan, Rules, Verdict
from studio_desktop.services.imports.reading import read_table
from studio_desktop.services.listings.service import Query
from tests.builders import a_client
from tests.pictures import picture

HEADER = ("Client number", "Last name", "Phone", "Referred by client number", "Referred by client name",
          "Linked client 1 - Number", "Linked client 1 - Name", "Linked client 1 - Relation")  # fmt: skip


def judged(services: Services, tmp_path: Path, rows: Sequence[Sequence[str]], rules: Rules = Rules()) -> Plan:  # noqa: B008
    path = tmp_path / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return services.imports.judge(services.imports.read(path), rules=rules)


def carried_out(services: Services, plan: Plan) -> int:
    return services.imports.carry_out(plan, new_request()).result.id


def everybody(services: Services) -> dict[str, ClientRecord]:
    found = map(services.clients.get, services.listings.ids("clients", Query()))
    return {one.last_name: one for one in found}


def linked(services: Services, one: ClientRecord) -> list[tuple[str, str]]:
    return [(other.last_name, other.word) for other in services.family.links_of(one.id)]


def test_that_a_client_who_is_not_there_is_named_and_kept_in_words(services: Services, tmp_path: Path) -> None:
    """B20: nothing is dropped in silence."""
    plan = judged(services, tmp_path, [HEADER, ("7", "Adams", "", "99", "Bennett, Laura", "98", "Chen, Bo", "Sister")])
    (row,) = plan.rows
    assert row.verdict is Verdict.NEW
    assert "Bennett, Laura (99)" in row.why
    assert "Chen, Bo (98)" in row.why
    assert row.why in "\n".join(plan.summary())
    carried_out(services, plan)
    adams = everybody(services)["Adams"]
    assert (adams.referred_by_name, adams.referred_by_client_id) == ("Bennett, Laura", None)
    assert [one.text for one in services.notes.of_client(adams.id)] == ["Linked client: Chen, Bo (98), Sister"]


def test_that_a_number_means_who_has_it_in_the_file_though_the_studio_knows_the_person_by_another(
    services: Services, tmp_path: Path
) -> None:
    """B20: 8 in the file is Berg, who is 20 here; the studio's 8 is somebody else."""
    berg = a_client(services, last_name="Berg", number="20", phones=["330 555 0100"])
    a_client(services, last_name="Stranger", number="8")
    rows = [HEADER, ("8", "Berg", "330 555 0100", "", "", "", "", ""), ("9", "Adams", "", "8", "", "8", "", "Husband"),
            ("10", "Abbot", "", "11", "", "11", "", ""), ("11", "Adams", "", "", "", "", "", "")]  # fmt: skip
    plan = judged(services, tmp_path, rows)
    assert [row.verdict for row in plan.rows] == [Verdict.SKIP, Verdict.NEW, Verdict.NEW, Verdict.NEW]
    plan = plan.choose(plan.rows[3], Verdict.SKIP)
    carried_out(services, plan)
    found = everybody(services)
    assert found["Adams"].referred_by_client_id == berg.id
    assert linked(services, found["Adams"]) == [("Berg", "Husband")]
    assert linked(services, berg) == [("Adams", "Wife")]
    assert linked(services, found["Abbot"]) == []
    assert [one.text for one in services.notes.of_client(found["Abbot"].id)] == [
        "Linked client: 11", "Referred by client: 11",
    ]  # fmt: skip


def test_that_an_update_adds_the_ties_that_lack_and_undo_takes_them_away(services: Services, tmp_path: Path) -> None:
    """B20: an update adds, and says before what."""
    adams, berg = a_client(services, last_name="Adams", number="7"), a_client(services, last_name="Berg", number="8")
    rows = [HEADER, ("7", "", "", "8", "Berg", "8", "Berg", "Husband")]
    rules = Rules(update_by=Matching.NUMBER)
    plan = judged(services, tmp_path, rows, rules)
    assert [(row.verdict, [str(one) for one in row.changes]) for row in plan.rows] == [
        (Verdict.UPDATE, ["Referred by client: + Berg (8)", "Linked client: + Berg (8)"]),
    ]  # fmt: skip
    batch = carried_out(services, plan)
    assert services.clients.get(adams.id).referred_by_client_id == berg.id
    assert linked(services, adams) == [("Berg", "Husband")]
    assert [row.verdict for row in judged(services, tmp_path, rows, rules).rows] == [Verdict.SKIP]
    services.imports.undo(batch, new_request())
    assert services.clients.get(adams.id).referred_by_client_id is None
    assert (linked(services, adams), linked(services, berg)) == ([], [])


def test_that_a_former_number_stays_with_who_has_it(services: Services, tmp_path: Path) -> None:
    """B18: a number that was a client's is hers for good, and found."""
    kept, other = a_client(services, last_name="Adams", number="1"), a_client(services, last_name="Addams", number="2")
    services.merges.merge(kept, other, {}, new_request())
    rows = [("Client number", "Last name", "Former numbers"), ("2", "Berg", ""), ("3", "Chen", "2, 4, 5"),
            ("5", "Dahl", "")]  # fmt: skip
    plan = judged(services, tmp_path, rows)
    assert [row.verdict for row in plan.rows] == [Verdict.ERROR, Verdict.NEW, Verdict.ERROR]
    assert "Adams" in plan.rows[0].why
    assert "2 belongs to Adams" in plan.rows[1].why
    carried_out(services, plan)
    chen = everybody(services)["Chen"]
    assert chen.former_numbers == "4, 5"
    assert services.clients.by_number("5") == chen.id
    assert [one.text for one in services.notes.of_client(chen.id)] == ["Former numbers: 2"]


def test_that_a_photo_that_cannot_be_taken_stops_nobody_and_is_named(services: Services, tmp_path: Path) -> None:
    """RELIABILITY 84, 90: damaged, missing, outside the folder, on the net."""
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.jpg").write_bytes(picture())
    (tmp_path / "in" / "whole.jpg").write_bytes(picture())
    (tmp_path / "in" / "cut.jpg").write_bytes(picture()[:900])
    named = ("whole.jpg", "cut.jpg", "none.jpg", "../secret.jpg", "https://photos.example/a.jpg")
    rows = [("Last name", "Photo"), *((name[:4], name) for name in named)]
    plan = judged(services, tmp_path / "in", rows)
    assert [row.verdict for row in plan.rows] == [Verdict.NEW] * 5
    assert [named[place] in row.why for place, row in enumerate(plan.rows)] == [False, True, True, True, False]
    carried_out(services, plan)
    found = everybody(services)
    assert [name for name, one in found.items() if one.image_hash] == ["whol"]
    for name in named[1:]:
        assert [one.text for one in services.notes.of_client(found[name[:4]].id)] == [f"Photo: {name}"]


def an_archive(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return path


@pytest.mark.parametrize(
    ("files", "said"),
    [({"a.csv": b"x", "b.csv": b"y"}, "a.csv, b.csv"), ({"a.jpg": b"x"}, "no spreadsheet"),
     ({"__MACOSX/a.csv": b"x", "list/.a.csv": b"x"}, "no spreadsheet")],
)  # fmt: skip
def test_that_an_archive_without_one_list_is_refused_in_a_sentence(
    tmp_path: Path, files: dict[str, bytes], said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_table(an_archive(tmp_path / "x.zip", files))


def test_that_a_list_in_a_folder_of_an_archive_finds_its_photos_there(services: Services, tmp_path: Path) -> None:
    raw = b"Last name,First name,Photo\nAdams,Anna,photos\\a.jpg\n"
    path = an_archive(tmp_path / "x.zip", {"list/names.csv": raw, "list/photos/a.jpg": picture()})
    carried_out(services, services.imports.judge(services.imports.read(path)))
    assert everybody(services)["Adams"].image_hash


def test_that_the_day_on_which_a_client_was_entered_comes_along(services: Services, tmp_path: Path) -> None:
    """S4-09, S4-10: who was entered long ago is no new client; a day that is still to come is kept in the note."""
    rows = [("Last name", "Created", "Created by"), ("Adams", "2019-05-04", ""), ("Berg", "2031-05-04", "Kim")]
    carried_out(services, judged(services, tmp_path, rows))
    found = everybody(services)
    assert str(found["Adams"].created_at)[:10] == "2019-05-04"
    assert found["Berg"].created_at == services.desk.clock.now()
    notes = services.notes.of_client(found["Berg"].id)
    assert sorted(notes[0].text.splitlines()) == ["Created by: Kim", "Created: 2031-05-04"]
