"""A client's place in the studio's workflow: due dates, overdue, reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.services import Services, new_request
from studio_desktop.services.catalogs import CatalogRow
from studio_desktop.services.listings.service import Query
from tests.builders import a_client, catalog_id

FRIDAY = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)


def status(services: Services, text: str) -> int:
    return catalog_id(services, "client_statuses", text)


def row(services: Services, text: str) -> CatalogRow:
    return next(one for one in services.catalogs.rows("client_statuses") if one.description == text)


def set_status(services: Services, client_id: int, text: str) -> None:
    services.statuses.change([client_id], status(services, text), new_request())


@pytest.mark.parametrize(("business_days", "due"), [(True, date(2026, 3, 10)), (False, date(2026, 3, 8))])
def test_that_a_web_inquiry_of_friday_is_due_two_days_later(
    services: Services, clock: FixedClock, business_days: bool, due: date
) -> None:
    """S1-09, B4: business days by default, calendar days by preference."""
    clock.instant = FRIDAY
    services.preferences.save({"business_days": business_days}, new_request())
    made = a_client(services, status_id=status(services, "Web Inquiry"))
    assert made.status_due_on == due


def test_that_a_holiday_is_no_business_day(services: Services, clock: FixedClock) -> None:
    """B4."""
    clock.instant = FRIDAY
    services.catalogs.add("holidays", {"description": "Founders", "on_date": date(2026, 3, 9)}, new_request())
    assert a_client(services, status_id=status(services, "Web Inquiry")).status_due_on == date(2026, 3, 11)


def test_that_a_status_without_duration_has_no_due_date_and_one_of_zero_days_is_due_today(
    services: Services, clock: FixedClock
) -> None:
    """S1-08, B4."""
    services.catalogs.save("client_statuses", row(services, "Upset Client"), {"default_duration": 0}, new_request())
    assert a_client(services, status_id=status(services, "Client")).status_due_on is None
    assert a_client(services, status_id=status(services, "Upset Client")).status_due_on == clock.today()


def test_that_a_client_is_overdue_from_the_day_after_its_due_date(services: Services, clock: FixedClock) -> None:
    """S1-10, S1-11."""
    clock.instant = FRIDAY
    late = a_client(services, status_id=status(services, "Web Inquiry"))
    clock.instant = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
    assert services.listings.ids("clients", Query({"overdue": True})) == []
    clock.instant += timedelta(days=1)
    assert services.listings.ids("clients", Query({"overdue": True})) == [late.id]
    assert row(services, "Web Inquiry").counts["overdue"] == 1


def test_that_a_client_has_one_current_status_and_each_setting_is_kept(services: Services, clock: FixedClock) -> None:
    """S1-02, S1-04, S2-19."""
    made = a_client(services, status_id=status(services, "Prospect"))
    clock.instant += timedelta(days=3)
    set_status(services, made.id, "Client")
    set_status(services, made.id, "Prospect")
    log = services.statuses.log(made.id)
    assert [(one["status"], one["until_on"]) for one in log] == [
        ("Prospect", None), ("Client", clock.today()), ("Prospect", clock.today()),
    ]  # fmt: skip
    assert services.clients.open(made.id).status == "Prospect"


def test_that_choosing_the_same_status_again_changes_nothing(services: Services, clock: FixedClock) -> None:
    """B4."""
    made = a_client(services, status_id=status(services, "Web Inquiry"))
    clock.instant += timedelta(days=1)
    set_status(services, made.id, "Web Inquiry")
    assert services.clients.get(made.id) == made
    assert len(services.statuses.log(made.id)) == 1


def test_that_a_typed_due_date_stays_until_the_status_changes(services: Services) -> None:
    """S2-22, B4."""
    typed = date(2026, 7, 11)
    made = a_client(services, status_id=status(services, "Web Inquiry"))
    saved = services.clients.save(made, replace(made, status_due_on=typed), new_request()).result
    assert saved.status_due_set_by_hand
    services.statuses.recalculate(status(services, "Web Inquiry"), new_request())
    assert services.clients.get(made.id).status_due_on == typed
    set_status(services, made.id, "Upset Client")
    moved = services.clients.get(made.id)
    assert moved.status_due_on == date(2026, 3, 13)
    assert not moved.status_due_set_by_hand


def test_that_a_changed_duration_moves_existing_clients_only_when_asked(services: Services) -> None:
    """B4."""
    made = a_client(services, status_id=status(services, "Web Inquiry"))
    services.catalogs.save("client_statuses", row(services, "Web Inquiry"), {"default_duration": 5}, new_request())
    assert services.clients.get(made.id).status_due_on == date(2026, 3, 12)
    assert services.statuses.recalculate(status(services, "Web Inquiry"), new_request()).result == 1
    assert services.clients.get(made.id).status_due_on == date(2026, 3, 17)


def test_that_a_reason_of_another_status_is_cleared(services: Services) -> None:
    """S2-21, B4, S1-23."""
    reason = catalog_id(services, "client_status_reasons", "Price")
    made = a_client(services, status_id=status(services, "Upset Client"), status_reason_id=reason)
    assert made.status_reason_id == reason
    moved = services.clients.save(made, replace(made, status_id=status(services, "Client")), new_request()).result
    assert moved.status_reason_id is None


def test_that_an_inactive_status_is_not_given_but_stays_on_who_has_it(services: Services) -> None:
    """S1-16, B4."""
    has_it = a_client(services, status_id=status(services, "Prospect"))
    other = a_client(services, last_name="Other")
    services.catalogs.save("client_statuses", row(services, "Prospect"), {"inactive": True}, new_request())
    with pytest.raises(InvalidInput, match="Prospect"):
        set_status(services, other.id, "Prospect")
    assert services.clients.open(has_it.id).status == "Prospect"


def test_that_several_clients_change_at_once_and_one_undo_takes_it_all_back(services: Services) -> None:
    first = [a_client(services, last_name=f"Client {n}", status_id=status(services, "Prospect")) for n in range(5)]
    changed = services.statuses.change([one.id for one in first], status(services, "Client"), new_request())
    assert changed.result == 5
    services.history.undo(changed.changes.request, new_request())
    for one in first:
        assert replace(services.clients.get(one.id), version=0) == replace(one, version=0)
        assert [line["status"] for line in services.statuses.log(one.id)] == ["Prospect"]


def test_that_the_next_status_is_the_one_that_follows_in_the_studios_order(services: Services) -> None:
    """S1-02."""
    order = [one for one in services.catalogs.rows("client_statuses") if not one.inactive]
    assert services.statuses.next_after(None) == order[0].id
    assert services.statuses.next_after(order[0].id) == order[1].id
    assert services.statuses.next_after(order[-1].id) is None
