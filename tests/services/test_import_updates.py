"""Files that change clients whom the studio has: matched, shown before, never erasing, undone (B20, D9)."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from studio_desktop.domain.dates import DateOrder, PartialDate
from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.permissions import Role
from studio_desktop.domain.records.clients import AddressPurpose, ClientKind, ClientRecord, Stage
from studio_desktop.services import Services, new_request
from studio_desktop.services.imports.mapping import assign, guess
from studio_desktop.services.imports.plan import ImportResult, Judged, Matching, NameRule, Plan, Rules, Verdict
from studio_desktop.services.imports.service import applied, fitting
from studio_desktop.services.imports.writing import ChangedMeanwhile
from studio_desktop.services.listings.service import Query
from tests.builders import a_client, a_member, catalog_id

BY_NUMBER = Rules(update_by=Matching.NUMBER)


def judged(services: Services, folder: Path, rows: list[list[str]], rules: Rules = BY_NUMBER) -> Plan:
    path = folder / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return services.imports.judge(services.imports.read(path), rules=rules)


def carried_out(services: Services, plan: Plan) -> ImportResult:
    return services.imports.carry_out(plan, new_request()).result


def verdicts(plan: Plan) -> list[Verdict]:
    return [plan.verdict(row) for row in plan.rows]


def told(row: Judged) -> list[str]:
    return list(map(str, row.changes))


def everybody(services: Services) -> dict[str, ClientRecord]:
    found = [services.clients.get(client_id) for client_id in services.listings.ids("clients", Query())]
    return {f"{one.first_name} {one.last_name}".strip() or one.company: one for one in found}


def named(services: Services, catalog: str, ids: frozenset[int]) -> set[str]:
    return {choice.text for choice in services.catalogs.choices()[catalog] if choice.id in ids}


@pytest.mark.parametrize(
    ("matching", "meant", "other"),
    [
        (Matching.NUMBER, ["7", "", "", "", ""], ["8", "Anna", "Adams", "Garden", ""]),
        (Matching.NUMBER_NAME, ["7", "ANNA", "Ádams", "Garden", ""], ["8", "Anna", "Adams", "Garden", ""]),
        (Matching.NAME, ["", "anna", "ADAMS", "", ""], ["", "Anne", "Adams", "Garden", ""]),
        (Matching.NAME_COMPANY, ["", "Anna", "Adams", "garden", ""], ["", "Anna", "Adams", "Stones", ""]),
        (Matching.EMAIL, ["", "", "", "", "ANNA@example.com"], ["9", "Anna", "Adams", "Garden", "a@example.com"]),
    ],
)
def test_that_a_row_finds_its_client_by_each_of_the_five_matchings(
    services: Services, tmp_path: Path, matching: Matching, meant: list[str], other: list[str]
) -> None:
    """B20: who is not meant stays as he is."""
    emails = ["anna@example.com"]
    anna = a_client(services, last_name="Adams", first_name="Anna", company="Garden", number="7", emails=emails)
    header = ["Client number", "First name", "Last name", "Company", "E-mail", "Town"]
    plan = judged(services, tmp_path, [header, [*meant, "Fairbrook"], [*other, "Akron"]], Rules(update_by=matching))
    assert verdicts(plan) == [Verdict.UPDATE, Verdict.NEW]
    assert told(plan.rows[0]) == ["Address: + Fairbrook"]
    result = carried_out(services, plan)
    assert (result.imported, result.updated) == (1, 1)
    after = services.clients.get(anna.id)
    assert [one.town for one in after.addresses] == ["Fairbrook"]
    assert (after.last_name, after.first_name, after.company, after.number) == ("Adams", "Anna", "Garden", "7")
    assert [one.address for one in after.emails] == emails


def test_that_a_client_is_found_by_the_number_it_had_before_a_merge(services: Services, tmp_path: Path) -> None:
    """B18, B20."""
    kept, gone = (a_client(services, last_name=name, number=number) for name, number in (("Adams", "7"), ("Bell", "8")))
    services.merges.merge(kept, gone, {}, new_request())
    plan = judged(services, tmp_path, [["Client number", "Company"], ["8", "Garden"]])
    assert [row.client_id for row in plan.rows] == [kept.id]


def test_that_several_clients_who_match_are_a_fault_that_names_them(services: Services, tmp_path: Path) -> None:
    """B20."""
    for number in ("7", "8"):
        a_client(services, last_name="Adams", first_name="Anna", number=number)
    a_client(services, last_name="Berg", first_name="Bob", number="9")
    rows = [["Client number", "Name", "Town"], ["", "Anna Adams", "Akron"], ["7", "Bob Berg", "Akron"]]
    (first, second) = judged(services, tmp_path, rows, Rules(update_by=Matching.NAME)).rows
    assert (first.verdict, first.why) == (Verdict.ERROR, "several clients match: Adams, Anna (7), Adams, Anna (8).")
    assert (second.verdict, second.why) == (Verdict.ERROR, "number 7 belongs to Adams, Anna (7).")
    rules = Rules(update_by=Matching.NUMBER_NAME)
    by_both = judged(services, tmp_path, [rows[0], ["7", "Bob Berg", "Akron"]], rules).rows[0]
    assert (by_both.verdict, by_both.why) == (Verdict.ERROR, "number 7 belongs to Adams, Anna (7).")


def test_that_an_import_never_lifts_a_protection_and_empty_cells_never_erase(
    services: Services, tmp_path: Path
) -> None:
    """B20, D9."""
    facts: dict[str, Any] = {
        "do_not_market": True, "do_not_call": True, "deceased": True, "saturday_only": True, "stage": Stage.ARCHIVED,
        "call_warning": "Never before noon", "company": "Garden", "birthday": PartialDate(5, 14, 1987),
        "contract_date": date(2026, 2, 3), "kind": ClientKind.PROSPECT, "town": "Fairbrook", "street": "1 Oak St",
    }  # fmt: skip
    anna = a_client(services, last_name="Adams", first_name="Anna", number="7", phones=["330 555 0100"], **facts)
    bob = a_client(services, last_name="Berg", first_name="Bob", number="8")
    header = ["Client number", "Do not market", "Do not call", "Deceased", "Saturday only", "Stage", "Call warning",
              "Company", "Birthday", "Contract", "Kind", "City", "Street", "Phone", "Notes"]  # fmt: skip
    plan = judged(services, tmp_path, [
        header, ["7", "no", "No", "false", "0", "active", "Any time", "", "May 14", "", "", "", "", "", ""],
        ["8", "yes", "x", "", "", "hidden", "Works nights", "", "", "", "", "", "", "", ""],
    ])  # fmt: skip
    assert told(plan.rows[0]) == ["Note: + Call warning: Any time"]
    assert told(plan.rows[1]) == [
        "Stage: active → hidden", "Call warning: + Works nights", "Do not market: + yes", "Do not call: + yes",
    ]  # fmt: skip
    carried_out(services, plan)
    after = services.clients.get(anna.id)
    assert {name: getattr(after, name) for name in facts if hasattr(after, name)} == {
        name: value for name, value in facts.items() if hasattr(after, name)
    }
    assert (after.phones, after.addresses) == (anna.phones, anna.addresses)
    assert [one.text for one in services.notes.of_client(anna.id)] == ["Call warning: Any time"]
    after = services.clients.get(bob.id)
    assert (after.do_not_market, after.do_not_call, after.stage, after.call_warning) == (
        True, True, Stage.HIDDEN, "Works nights",
    )  # fmt: skip


def test_that_new_rows_begin_as_the_studio_wants_new_clients_and_known_clients_stay_as_they_are(
    services: Services, tmp_path: Path
) -> None:
    """B25: allow marketing; a file that says so itself is right."""
    services.preferences.save({"allow_marketing": False}, new_request())
    known = a_client(services, number="7")
    header = ["Client number", "Last name", "Do not market"]
    rows = [header, ["7", "Adams", ""], ["8", "Berg", ""], ["9", "Clark", "no"], ["10", "Dunn", "yes"]]
    carried_out(services, judged(services, tmp_path, rows))
    found = {one.last_name: one.do_not_market for one in everybody(services).values()}
    assert found == {"Adams": False, "Berg": True, "Clark": False, "Dunn": True}
    assert services.clients.get(known.id) == known


def test_that_what_would_change_is_shown_field_by_field_and_happens_so(services: Services, tmp_path: Path) -> None:
    """B20."""
    anna = a_client(services, last_name="Adams", first_name="Anna", number="7", company="Garden", street="1 Oak St",
                    town="Fairbrook", phones=["330 555 0100"], emails=["anna@example.com"],
                    family=(a_member("Peter", last_name="Adams"),))  # fmt: skip
    header = ["Client number", "Last name", "Company", "Home phone", "Mobile", "E-mail", "Street", "City", "Spouse",
              "Groups", "Status", "Lead source", "Shoe size"]  # fmt: skip
    rows = [header, ["7", "Bell", "Garden", "(330) 555-0100", "330 555 0101", "a.bell@example.com", "2 Elm St", "Akron",
                     "peter, Zoe", "Weddings; Brand new", "VIP", "Radio", "38"]]  # fmt: skip
    services.catalogs.add("client_statuses", {"description": "VIP"}, new_request())
    plan = judged(services, tmp_path, rows)
    assert told(plan.rows[0]) == [
        "Last name: Adams → Bell", "Status: + VIP", "Phone: 330 555 0100 → Home, 330 555 0100",
        "Phone: + Mobile, 330 555 0101", "E-mail: + a.bell@example.com",
        "Address: 1 Oak St, Fairbrook → 1 Oak St, Fairbrook, until 9 Mar 2026",
        "Address: + 2 Elm St, Akron, from 10 Mar 2026",
        "Family: Peter, Adams → Peter, Adams, Spouse, Secondary contact", "Family: + Zoe, Bell, Spouse",
        "Groups: + Weddings, Brand new", "Lead source: + Radio", "Note: + Shoe size: 38",
    ]  # fmt: skip
    carried_out(services, plan)
    after = services.clients.get(anna.id)
    assert (after.last_name, after.first_name) == ("Bell", "Anna")
    assert [one.typed for one in after.phones] == ["330 555 0100", "330 555 0101"]
    assert [one.first_name for one in after.family] == ["Peter", "Zoe"]
    assert named(services, "client_groups", after.groups) == {"Weddings", "Brand new"}
    assert (after.status_set_on, after.lead_source_id) == (
        date(2026, 3, 10), catalog_id(services, "lead_sources", "Radio"),
    )  # fmt: skip
    assert [(one.line1, one.effective_from) for one in after.addresses] == [
        ("1 Oak St", None), ("2 Elm St", date(2026, 3, 10)),
    ]  # fmt: skip
    assert services.listings.find("Bell Akron", Query()) != []
    assert [row.verdict for row in judged(services, tmp_path, rows).rows] == [Verdict.SKIP]


def test_that_parts_of_an_address_fill_the_one_there_is_and_another_purpose_is_another_address(
    services: Services, tmp_path: Path
) -> None:
    anna = a_client(services, last_name="Adams", number="7", street="1 Oak St.", town="Fairbrok")
    header = ["Client number", "Home Street", "Home City", "Home Postal Code", "Business Street", "Business City"]
    carried_out(services, judged(services, tmp_path, [header, ["7", "1 oak st", "Fairbrook", "44199", "2 Elm", "Rom"]]))
    after = services.clients.get(anna.id)
    assert [(one.purpose, one.town, one.postcode, one.effective_from) for one in after.addresses] == [
        (AddressPurpose.HOME, "Fairbrook", "44199", None), (AddressPurpose.WORK, "Rom", "", None),
    ]  # fmt: skip


def test_that_rows_of_one_file_for_one_client_add_up_and_a_contradiction_is_a_fault(
    services: Services, tmp_path: Path
) -> None:
    """B20."""
    anna = a_client(services, last_name="Adams", number="7")
    plan = judged(services, tmp_path, [
        ["Client number", "Company", "Phone", "Groups"], ["7", "Garden", "330 555 0100", "Weddings"],
        ["7", "", "330 555 0101", "Weddings"], ["7", "Garden", "330 555 0100", ""], ["7", "Stones", "", ""],
    ])  # fmt: skip
    assert verdicts(plan) == [Verdict.UPDATE, Verdict.UPDATE, Verdict.SKIP, Verdict.ERROR]
    assert plan.rows[3].why == "row 2 says otherwise of Adams (7): Company: Garden → Stones."
    carried_out(services, plan)
    after = services.clients.get(anna.id)
    assert ([one.typed for one in after.phones], after.company) == (["330 555 0100", "330 555 0101"], "Garden")


def test_that_a_person_decides_row_by_row(services: Services, tmp_path: Path) -> None:
    """D9: skip what would come in, take as new what would not; a number that is somebody's is not taken away."""
    a_client(services, last_name="Adams", first_name="Anna", number="7", phones=["330 555 0100"])
    plan = judged(services, tmp_path, [
        ["Client number", "Name", "Phone"], ["7", "Anna Adams", "330 555 0100"], ["", "Bob Berg", "330 555 0101"],
        ["7", "Anna Adams", "330 555 0102"], ["", "", ""], ["", "Cleo Clark", ""],
    ], Rules())  # fmt: skip
    known, bob, taken, cleo = plan.rows
    assert verdicts(plan) == [Verdict.SKIP, Verdict.NEW, Verdict.ERROR, Verdict.NEW]
    assert [plan.offers(row) for row in (known, bob, taken)] == [(Verdict.NEW,), (Verdict.SKIP,), (Verdict.NEW,)]
    for row, choice in ((known, Verdict.NEW), (bob, Verdict.SKIP), (taken, Verdict.NEW), (cleo, Verdict.SKIP)):
        plan = plan.choose(row, choice)
    plan = plan.choose(cleo, None)
    assert [plan.count(verdict) for verdict in Verdict] == [3, 0, 1, 0]
    result = carried_out(services, plan)
    assert (result.imported, result.skipped, result.failed) == (3, 1, 0)
    found = [services.clients.get(one) for one in services.listings.ids("clients", Query())]
    assert [one.last_name for one in found] == ["Adams", "Adams", "Adams", "Clark"]
    assert len({one.number for one in found}) == 4
    notes = [one.text for client in found for one in services.notes.of_client(client.id)]
    assert notes == ["Client number: 7", "Client number: 7"]


def test_that_clients_changed_since_the_rows_were_judged_stop_the_import_whole(
    services: Services, other_desk: Services, tmp_path: Path
) -> None:
    anna = a_client(services, last_name="Adams", number="7")
    rows = [["Client number", "Last name", "Company"], ["7", "Adams", "Garden"], ["", "Berg", ""]]
    plan = judged(services, tmp_path, rows)
    other_desk.clients.save(anna, replace(anna, company="Stones"), new_request())
    with pytest.raises(ChangedMeanwhile, match="row 2"):
        carried_out(services, plan)
    assert list(everybody(services)) == ["Adams"]
    plan = judged(services, tmp_path, [rows[0], ["9", "Clark", ""]])
    a_client(other_desk, last_name="Dunn", number="9")
    with pytest.raises(ChangedMeanwhile, match="Number 9"):
        carried_out(services, plan)
    assert services.imports.batches() == []


def test_that_undo_restores_every_field_but_of_clients_changed_since_who_are_listed(
    services: Services, tmp_path: Path
) -> None:
    """B20, D1: new ones go, updated ones are as they were, those that somebody worked on stay and are named."""
    for number in range(4):
        a_client(services, last_name=f"Adams {number}", number=str(number), company="Before", phones=["330 555 0100"],
                 street="1 Oak St", town="Fairbrook", birthday=PartialDate(5, 14))  # fmt: skip
    before = everybody(services)
    header = ["Client number", "Last name", "Company", "Mobile", "E-mail", "Street", "City", "Birthday", "Spouse",
              "Groups", "Tags", "Status", "Do not call", "Notes"]  # fmt: skip
    more = ["After", "330 555 0199", "e@example.com", "2 Elm St", "Akron", "1987-05-14", "Zoe", "Brand new", "Fresh",
            "Client", "yes", "A note"]  # fmt: skip
    numbered = [[str(number), "", *more] for number in range(4)]
    plan = judged(services, tmp_path, [header, *numbered, *(["", name, *more] for name in ("Berg", "Bo"))])
    batch = carried_out(services, plan)
    assert (batch.imported, batch.updated) == (2, 4)
    after = everybody(services)
    touched, harmless = after["Adams 1"], after["Adams 2"]
    services.clients.save(touched, replace(touched, company="By hand"), new_request())
    services.clients.save(harmless, replace(harmless, nickname="Addy"), new_request())
    services.clients.save(after["Bo"], replace(after["Bo"], company="Kept"), new_request())
    foreseen = services.imports.foresee_undo(batch.id)
    assert (foreseen.goes, foreseen.restored) == (1, 3)
    assert [name.partition(" (")[0] for name in foreseen.stays] == ["Adams 1", "Bo"]
    left = services.imports.undo(batch.id, new_request()).result
    assert set(left) == {touched.id, after["Bo"].id}
    found = everybody(services)
    assert sorted(found) == ["Adams 0", "Adams 1", "Adams 2", "Adams 3", "Bo"]
    for name in ("Adams 0", "Adams 3"):
        assert replace(found[name], version=0) == replace(before[name], version=0)
        assert services.notes.of_client(found[name].id) == []
    assert replace(found["Adams 2"], version=0, nickname="") == replace(before["Adams 2"], version=0)
    assert (found["Adams 1"].company, len(found["Adams 1"].phones)) == ("By hand", 2)
    assert services.listings.find("Akron Adams 0", Query()) == []
    with pytest.raises(NotFound, match="already"):
        services.imports.foresee_undo(batch.id)


def test_that_groups_and_tags_that_came_with_an_import_go_with_it(services: Services, tmp_path: Path) -> None:
    plan = judged(services, tmp_path, [["Name", "Groups", "Tags"], ["Anna Adams", "Wrong column", "Oops"]])
    services.imports.undo(carried_out(services, plan).id, new_request())
    choices = services.catalogs.choices()
    left = {one.text for name in ("client_groups", "client_tags") for one in choices[name]}
    assert not {"Wrong column", "Oops"} & left


def test_that_what_an_undone_import_brought_is_offered_no_more_and_goes_with_the_last_who_has_it(
    services: Services, tmp_path: Path
) -> None:
    """B20: clients in the trash may come back, and then have their lead source and school; erased, they leave none."""
    rows = [["Name", "Lead source", "School"], ["Anna Adams", "Wrong column", "Oops High"],
            ["Bo Berg", "Fair 2026", "Oops High"]]  # fmt: skip
    batch = carried_out(services, judged(services, tmp_path, rows))
    anna, bo = everybody(services)["Anna Adams"], everybody(services)["Bo Berg"]
    services.clients.save(bo, replace(bo, company="Kept"), new_request())

    def offered() -> dict[str, bool]:
        choices = services.catalogs.choices()
        found = [*choices["lead_sources"], *choices["organizations"]]
        return {one.text: not one.inactive for one in found if one.text in ("Wrong column", "Oops High", "Fair 2026")}

    services.imports.undo(batch.id, new_request())
    assert offered() == {"Wrong column": False, "Oops High": True, "Fair 2026": True}
    services.trash.restore([anna.id], new_request())
    assert services.clients.get(anna.id).lead_source_id == anna.lead_source_id
    services.clients.delete([anna.id], new_request())
    services.trash.erase([anna.id], new_request())
    assert offered() == {"Oops High": True, "Fair 2026": True}


def test_that_undoing_the_undo_of_an_import_offers_again_what_it_brought(services: Services, tmp_path: Path) -> None:
    batch = carried_out(services, judged(services, tmp_path, [["Name", "Lead source"], ["Anna Adams", "Fair 2026"]]))
    undo = new_request()
    services.imports.undo(batch.id, undo)
    services.history.undo(undo, new_request())
    (source,) = (one for one in services.catalogs.choices()["lead_sources"] if one.text == "Fair 2026")
    assert not source.inactive
    assert everybody(services)["Anna Adams"].lead_source_id == source.id


def test_that_all_who_come_in_join_the_chosen_groups_and_tags(services: Services, tmp_path: Path) -> None:
    """B20: several names in a cell, separated by semicolons or commas, come to those chosen for all."""
    anna = a_client(services, last_name="Adams", number="7")
    rules = replace(BY_NUMBER, groups=("Newsletter", "Weddings"), tags=("Fair 2026",))
    rows = [["Client number", "Name", "Groups", "Tags"], ["7", "", "", ""],
            ["", "Bo Berg", "Seniors; weddings", "VIP, Hot"]]  # fmt: skip
    carried_out(services, judged(services, tmp_path, rows, rules))
    after, bo = services.clients.get(anna.id), everybody(services)["Bo Berg"]
    assert named(services, "client_groups", after.groups) == {"Newsletter", "Weddings"}
    assert named(services, "client_groups", bo.groups) == {"Newsletter", "Weddings", "Seniors"}
    assert named(services, "client_tags", bo.tags) == {"Fair 2026", "VIP", "Hot"}


@pytest.mark.parametrize(
    ("country", "typed", "e164"),
    [("DE", "0171 5550142", "+491715550142"), ("gb", "020 7946 0018", "+442079460018"),
     ("", "330 555 0142", "+13305550142")],
)  # fmt: skip
def test_that_the_files_country_understands_its_phones_and_a_later_save_keeps_them(
    services: Services, tmp_path: Path, country: str, typed: str, e164: str
) -> None:
    plan = judged(services, tmp_path, [["Name", "Phone"], ["Anna Adams", typed]], Rules(country=country))
    carried_out(services, plan)
    anna = everybody(services)["Anna Adams"]
    assert anna.phones[0].e164 == e164
    saved = services.clients.save(anna, replace(anna, company="Garden"), new_request()).result
    assert saved.phones[0].e164 == e164


def test_that_a_country_that_is_none_is_refused(services: Services, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="XX is no country"):
        judged(services, tmp_path, [["Name"], ["Anna Adams"]], Rules(country="XX"))


def test_that_a_couple_in_one_name_becomes_a_client_with_the_spouse_unless_a_person_says_otherwise(
    services: Services, tmp_path: Path
) -> None:
    rows = [["Name", "Phone"], ["Dr. Ann & Bob Smith", "330 555 0100"], ["Marks & Sons", "330 555 0101"]]
    carried_out(services, judged(services, tmp_path, rows, Rules()))
    found = everybody(services)
    ann = found["Ann Smith"]
    assert ann.salutation == "Dr."
    spouse = catalog_id(services, "relationships", "Spouse")
    assert [(one.first_name, one.last_name, one.relationship_id, one.secondary_contact) for one in ann.family] == [
        ("Bob", "Smith", spouse, True)
    ]
    assert found["Marks & Sons"].company == "Marks & Sons"
    whole = judged(services, tmp_path, rows, Rules(names=NameRule.WHOLE)).rows[0].record
    last_first = Rules(names=NameRule.LAST_FIRST)
    turned = judged(services, tmp_path, [["Name"], ["Smith Ann Marie"]], last_first).rows[0].record
    assert whole is not None
    assert (whole.last_name, whole.first_name, whole.family) == ("Dr. Ann & Bob Smith", "", ())
    assert turned is not None
    assert (turned.last_name, turned.first_name) == ("Smith", "Ann Marie")


def test_that_dates_with_the_year_first_are_seen_by_themselves(services: Services, tmp_path: Path) -> None:
    plan = judged(services, tmp_path, [["Name", "Birthday"], ["Anna Adams", "81/03/04"], ["Bo Berg", "03/04/05"]])
    assert plan.date_order is DateOrder.YMD
    assert plan.rows[0].record is not None
    assert plan.rows[0].record.birthday == PartialDate(3, 4, 1981)


def test_that_a_mapping_is_kept_for_the_studio_and_fits_a_file_with_the_same_columns(
    services: Services, other_desk: Services, tmp_path: Path
) -> None:
    """B20: saved templates, by name and by the columns' titles; only who made one renames or removes it."""
    table = judged(services, tmp_path, [["Alias", "Tel", "Name"], ["Annie", "0171 5550142", "Adams Anna"]]).table
    mapped = assign(guess(table.header), 0, "nickname")
    rules = Rules(DateOrder.DMY, "DE", NameRule.LAST_FIRST, Matching.NAME, ("Weddings",), ("VIP",))
    services.imports.keep_mapping("Old program", table, mapped, rules)
    turned = judged(services, tmp_path, [["Name", "ALIAS", "Tel"], ["Adams Anna", "Annie", "1"]]).table
    manager = replace(other_desk.desk, role=Role.MANAGER)
    others = Services(services.database, manager).imports
    kept = fitting(turned, others.mappings())
    assert kept is not None
    assert (kept.name, kept.mine) == ("Old program", False)
    columns, read_by = applied(turned, kept)
    assert [one.target for one in columns if one is not None] == ["name", "nickname", "phone"]
    assert read_by == rules
    assert fitting(judged(services, tmp_path, [["Name", "Tel"], ["A", "1"]]).table, [kept]) is None
    with pytest.raises(NotFound, match="not yours"):
        others.forget_mapping("Old program")
    services.imports.rename_mapping("Old program", " Lab ")
    assert [one.name for one in services.imports.mappings()] == ["Lab"]
    services.imports.forget_mapping("Lab")
    assert services.imports.mappings() == []
