"""One field of many clients: seen before, changed in one request, taken back by one Undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.records.clients import ClientKind
from studio_desktop.services import Services, new_request
from studio_desktop.services.batch_changes import Preview, changeable
from tests.builders import a_client, catalog_id


def test_that_a_change_is_previewed_made_in_one_request_and_undone_by_one_undo(services: Services) -> None:
    """Issue 3, 2: batch change of any suitable field with preview and undo."""
    source = catalog_id(services, "lead_sources", services.catalogs.choices()["lead_sources"][0].text)
    made = [a_client(services, last_name=f"C{n}") for n in range(4)]
    services.batch.change([made[0].id], "lead_source_id", source, new_request())
    services.clients.delete([made[3].id], new_request())
    ids = [one.id for one in made]
    assert services.batch.preview(ids, "lead_source_id", source) == Preview(changed=2, same=1, gone=1)
    request = new_request()
    saved = services.batch.change(ids, "lead_source_id", source, request)
    assert saved.result == 2
    assert [services.clients.get(one).lead_source_id for one in ids[:3]] == [source] * 3
    assert services.batch.change(ids, "lead_source_id", source, request).result == 2
    services.history.undo(request, new_request())
    assert [services.clients.get(one).lead_source_id for one in ids[:3]] == [source, None, None]


@pytest.mark.parametrize(
    ("field", "value", "stands"),
    [
        ("call_warning", "  Works\tnights ", "Works nights"),
        ("do_not_call", True, True),
        ("contract_date", date(2026, 3, 10), date(2026, 3, 10)),
        ("contract_date", None, None),
        ("kind", "lead", ClientKind.LEAD),
        ("custom_memo_1", "one\r\ntwo", "one\ntwo"),
        ("website", "studio.example", "studio.example"),
        ("custom_text_14", "", ""),
    ],
)
def test_that_each_kind_of_field_is_cleaned_as_in_its_form(
    services: Services, field: str, value: object, stands: object
) -> None:
    one = a_client(services, contract_date=date(2020, 1, 1), custom_text_14="before")
    services.batch.change([one.id], field, value, new_request())
    assert getattr(services.clients.get(one.id), field) == stands


def test_that_what_a_form_refuses_is_refused_and_nothing_changes(services: Services) -> None:
    """RELIABILITY B6."""
    one = a_client(services)
    for field, value in (("call_warning", "x" * 121), ("call_warning", "4111 1111 1111 1111"), ("last_name", "Smith"),
                         ("number", "7"), ("status_id", 1), ("stage", "archived")):  # fmt: skip
        with pytest.raises(InvalidInput):
            services.batch.change([one.id], field, value, new_request())
    with pytest.raises(NotFound, match="lead source is gone"):
        services.batch.change([one.id], "lead_source_id", 99_999, new_request())
    assert services.clients.get(one.id) == one


def test_that_a_form_open_at_another_desk_keeps_what_it_changed(services: Services) -> None:
    """RELIABILITY 34: what only they changed is theirs, what only I changed is mine."""
    base = a_client(services)
    services.batch.change([base.id], "saturday_only", True, new_request())
    saved = services.clients.save(base, replace(base, call_warning="Dog"), new_request()).result
    assert (saved.saturday_only, saved.call_warning) == (True, "Dog")


def test_that_every_offered_field_can_be_changed(services: Services) -> None:
    one = a_client(services)
    for name in changeable():
        value = getattr(services.clients.get(one.id), name)
        assert services.batch.preview([one.id], name, value) == Preview(0, 1, 0), name
