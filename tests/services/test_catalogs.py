"""The maintained lists: what a studio starts with, kept in order, hidden, replaced, undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from studio_desktop.domain.errors import Conflict, InUse, InvalidInput
from studio_desktop.domain.permissions import Role
from studio_desktop.reports.listing_file import export_listing
from studio_desktop.services import Services, new_request
from studio_desktop.services.catalogs import CATALOGS, CatalogRow
from studio_desktop.services.listings.service import Query
from tests.builders import a_client, a_phone, catalog_id

IDEAS = {
    "Prospect", "Client", "Loyalty Client", "Web Inquiry", "Inactive Client", "Upset Client", "First-Time Client",
    "Business Partner",
}  # fmt: skip


def rows(services: Services, name: str = "client_statuses") -> list[CatalogRow]:
    return services.catalogs.rows(name)


def row(services: Services, text: str, name: str = "client_statuses") -> CatalogRow:
    return next(one for one in rows(services, name) if one.description == text)


def texts(services: Services, name: str = "client_statuses") -> list[str]:
    return [one.description for one in rows(services, name)]


def test_that_a_new_studio_has_the_eight_statuses_of_the_manual(services: Services) -> None:
    """S1-05."""
    assert set(texts(services)) == IDEAS


WORKFLOWS = [one.name for one in CATALOGS if one.name.endswith("_statuses")]


def test_that_clients_communications_sessions_invoices_tasks_and_production_have_statuses() -> None:
    """S1-03."""
    assert set(WORKFLOWS) == {
        "client_statuses", "communication_statuses", "photo_session_statuses", "invoice_statuses", "task_statuses",
        "production_statuses",
    }  # fmt: skip


@pytest.mark.parametrize("name", WORKFLOWS)
def test_that_statuses_of_everything_are_ordered_hidden_exported_and_give_due_dates(
    services: Services, tmp_path: Path, name: str
) -> None:
    """S1-03, S1-21."""
    before = texts(services, name)
    added = services.catalogs.add(name, {"description": "Extra", "default_duration": 4}, new_request()).result
    assert (texts(services, name), added.values["default_duration"]) == ([*before, "Extra"], 4)
    services.catalogs.move(name, added.id, -99, new_request())
    hidden = row(services, before[0], name)
    services.catalogs.save(name, hidden, {"inactive": True}, new_request())
    listing = name.replace("_", "-")
    assert hidden.id not in services.listings.ids(listing, Query({"active": True}))
    export_listing(services, listing, tmp_path / "list.xlsx")
    cells = [cell for line in load_workbook(tmp_path / "list.xlsx").active.iter_rows(values_only=True) for cell in line]
    assert [one for one in cells if one in ("Extra", *before)] == ["Extra", *before]
    deleted = services.catalogs.delete(name, added.id, new_request())
    assert texts(services, name) == before
    services.history.undo(deleted.changes.request, new_request())
    assert texts(services, name) == ["Extra", *before]


@pytest.mark.parametrize("name", [one for one in WORKFLOWS if one != "client_statuses"])
def test_that_a_workflow_has_one_first_step_and_final_ones(services: Services, name: str) -> None:
    """S1-03: the mark of the first step goes to the row that was given it last."""

    def marked(field: str) -> list[str]:
        return [one.description for one in rows(services, name) if one.values[field]]

    assert marked("first_step") == texts(services, name)[:1]
    assert marked("final_step")
    third = rows(services, name)[2]
    services.catalogs.save(name, third, {"first_step": True, "final_step": True}, new_request())
    assert marked("first_step") == [third.description]
    assert third.description in marked("final_step")
    services.catalogs.add(name, {"description": "Extra", "first_step": True}, new_request())
    assert marked("first_step") == ["Extra"]


def test_that_a_status_is_added_at_the_end_with_its_description_duration_and_loyalty(services: Services) -> None:
    """S1-06, S1-07, S1-08, S1-12."""
    values = {"description": "  VIP ", "default_duration": 30, "loyalty": True}
    added = services.catalogs.add("client_statuses", values, new_request()).result
    assert texts(services)[-1] == "VIP"
    assert (added.values["default_duration"], added.values["loyalty"]) == (30, True)


@pytest.mark.parametrize("name", [one.name for one in CATALOGS if not one.parent and one.name != "holidays"])
def test_that_every_list_refuses_a_second_row_of_the_same_name(services: Services, name: str) -> None:
    services.catalogs.add(name, {"description": "Särah’s"}, new_request())
    with pytest.raises(InvalidInput, match="already") as refused:
        services.catalogs.add(name, {"description": " SÄRAH’S "}, new_request())
    assert refused.value.field == "description"


def test_that_a_description_is_required_and_a_duration_is_a_number_of_days(services: Services) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.catalogs.add("client_statuses", {"description": "  "}, new_request())
    assert refused.value.field == "description"
    with pytest.raises(InvalidInput) as refused:
        services.catalogs.add("client_statuses", {"description": "X", "default_duration": -1}, new_request())
    assert refused.value.field == "default_duration"


def test_that_a_status_is_renamed_and_keeps_its_clients(services: Services) -> None:
    """S1-13."""
    made = a_client(services, status_id=row(services, "Prospect").id)
    services.catalogs.save("client_statuses", row(services, "Prospect"), {"description": "Maybe"}, new_request())
    assert services.clients.open(made.id).status == "Maybe"


def test_that_a_row_moves_up_and_down_among_the_others(services: Services) -> None:
    """S1-15."""
    before = texts(services)
    moved = services.catalogs.move("client_statuses", row(services, before[2]).id, -1, new_request())
    assert texts(services) == [before[0], before[2], before[1], *before[3:]]
    services.catalogs.move("client_statuses", row(services, before[2]).id, 99, new_request())
    assert texts(services)[-1] == before[2]
    services.catalogs.move("client_statuses", row(services, before[2]).id, -99, new_request())
    assert texts(services)[0] == before[2]
    assert moved.changes.touches("client_status")


def test_that_an_unused_row_is_deleted_and_undo_brings_it_back_in_its_place(services: Services) -> None:
    """S1-14."""
    before = texts(services)
    deleted = services.catalogs.delete("client_statuses", row(services, "Upset Client").id, new_request())
    assert "Upset Client" not in texts(services)
    services.history.undo(deleted.changes.request, new_request())
    assert texts(services) == before
    assert "Price" in texts(services, "client_status_reasons")


def test_that_a_row_in_use_asks_for_a_replacement_with_the_count(services: Services) -> None:
    """B4, S1-14."""
    prospect, client = row(services, "Prospect"), row(services, "Client")
    made = [a_client(services, last_name=f"P{n}", status_id=prospect.id) for n in range(3)]
    with pytest.raises(InUse) as refused:
        services.catalogs.delete("client_statuses", prospect.id, new_request())
    assert refused.value.count == 3
    deleted = services.catalogs.delete("client_statuses", prospect.id, new_request(), replacement=client.id)
    assert deleted.result == 3
    assert {services.clients.open(one.id).status for one in made} == {"Client"}
    services.history.undo(deleted.changes.request, new_request())
    assert {services.clients.open(one.id).status for one in made} == {"Prospect"}


def test_that_a_phone_label_in_use_by_clients_and_family_is_replaced_everywhere(services: Services) -> None:
    """S2-11."""
    mobile, home = (catalog_id(services, "phone_labels", text) for text in ("Mobile", "Home"))
    made = a_client(services, phones=[a_phone("330 555 0100", label_id=mobile)])
    services.catalogs.delete("phone_labels", mobile, new_request(), replacement=home)
    assert services.clients.get(made.id).phones[0].label_id == home


def test_that_deleting_a_group_takes_its_membership_only_and_undo_returns_both(services: Services) -> None:
    """S2-50, B13."""
    weddings = catalog_id(services, "client_groups", "Weddings")
    made = a_client(services, groups=frozenset({weddings}))
    deleted = services.catalogs.delete("client_groups", weddings, new_request())
    assert services.clients.get(made.id).groups == frozenset()
    services.history.undo(deleted.changes.request, new_request())
    assert services.clients.get(made.id).groups == {weddings}


def test_that_groups_are_added_and_renamed(services: Services) -> None:
    """S2-50."""
    added = services.catalogs.add("client_groups", {"description": "Problem cats"}, new_request()).result
    services.catalogs.save("client_groups", added, {"description": "Problem dogs"}, new_request())
    assert "Problem dogs" in texts(services, "client_groups")


def test_that_an_inactive_row_is_hidden_on_wish_but_not_gone(services: Services) -> None:
    """S1-16, S1-18."""
    services.catalogs.save("client_statuses", row(services, "Prospect"), {"inactive": True}, new_request())
    prospect = row(services, "Prospect").id
    assert prospect not in services.listings.ids("client-statuses", Query({"active": True}))
    assert prospect in services.listings.ids("client-statuses", Query())


def test_that_reasons_belong_to_one_status(services: Services) -> None:
    """S1-23, S1-24, S2-21."""
    upset, client = row(services, "Upset Client").id, row(services, "Client").id
    services.catalogs.add("client_status_reasons", {"description": "Too late"}, new_request(), parent_id=upset)
    services.catalogs.add("client_status_reasons", {"description": "Too late"}, new_request(), parent_id=client)
    for parent in (upset, client):
        own = services.catalogs.rows("client_status_reasons", parent)
        assert [one.description for one in own].count("Too late") == 1


def test_that_two_desks_may_change_different_fields_of_a_row_but_not_the_same_one(
    services: Services, other_desk: Services
) -> None:
    base = row(services, "Prospect")
    manager = Services(services.database, replace(other_desk.desk, role=Role.MANAGER))
    manager.catalogs.save("client_statuses", base, {"default_duration": 9}, new_request())
    services.catalogs.save("client_statuses", base, {"loyalty": True}, new_request())
    both = row(services, "Prospect").values
    assert (both["default_duration"], both["loyalty"]) == (9, True)
    with pytest.raises(Conflict) as conflict:
        services.catalogs.save("client_statuses", base, {"default_duration": 3}, new_request())
    assert conflict.value.fields == ("default_duration",)


def test_that_undoing_the_creation_of_a_row_in_use_is_refused(services: Services) -> None:
    added = services.catalogs.add("client_statuses", {"description": "VIP"}, new_request())
    a_client(services, status_id=added.result.id)
    with pytest.raises(Conflict):
        services.history.undo(added.changes.request, new_request())
    assert "VIP" in texts(services)


def test_that_an_exported_list_counts_rows_without_gaps_and_reasons_follow_their_statuses(services: Services) -> None:
    """B12."""
    services.catalogs.delete("client_statuses", row(services, "Upset Client").id, new_request())
    exported = list(services.listings.stream("client-statuses", Query(), ["position", "description"]))
    assert exported == list(enumerate(texts(services), start=1))
    services.catalogs.move("client_statuses", row(services, "Inactive Client").id, -99, new_request())
    owners = [owner for (owner,) in services.listings.stream("client-status-reasons", Query(), ["parent"])]
    assert owners[0] == "Inactive Client"


def test_that_a_word_is_a_tag_once_whoever_types_it_in_whatever_letters(
    services: Services, other_desk: Services
) -> None:
    """S0-22, B13: who may change clients needs no other right for it."""
    front_desk = Services(services.database, replace(services.desk, role=Role.FRONT_DESK))
    made = front_desk.catalogs.tag("  Wall art ", new_request())
    again = other_desk.catalogs.tag("wall ART", new_request())
    assert made.result == again.result
    assert made.result.text == "Wall art"
    assert texts(services, "client_tags") == ["Wall art"]
    assert (bool(made.changes.changes), bool(again.changes.changes)) == (True, False)
    with pytest.raises(InvalidInput, match="1 character too long"):
        services.catalogs.tag("x" * 81, new_request())


def test_that_a_tag_or_plan_that_goes_leaves_its_clients_and_undo_brings_both_back(services: Services) -> None:
    """B13, S3-28."""
    tag = services.catalogs.tag("VIP", new_request()).result.id
    plan = catalog_id(services, "marketing_plans", "Fall colors")
    anna = a_client(services, tags=frozenset({tag}), plans=frozenset({plan}))
    for name, one in (("client_tags", tag), ("marketing_plans", plan)):
        assert next(line for line in rows(services, name) if line.id == one).counts["clients"] == 1
        request = new_request()
        services.catalogs.delete(name, one, request)
        assert len(getattr(services.clients.get(anna.id), "tags" if name == "client_tags" else "plans")) == 0
        services.history.undo(request, new_request())
    assert services.clients.get(anna.id).tags == {tag}
    assert services.clients.get(anna.id).plans == {plan}
