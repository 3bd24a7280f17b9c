"""Two desks edit one client, in any order and mixture: nothing that either typed is lost without being told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio_desktop.domain.errors import Conflict
from studio_desktop.services import Services, new_request
from tests.builders import a_client, a_phone

FIELDS = {
    "first_name": st.sampled_from(["Ann", "Bea", "Cleo"]),
    "call_warning": st.sampled_from(["one", "two", ""]),
    "do_not_call": st.booleans(),
    "groups": st.frozensets(st.integers(1, 4)),
    "birthday": st.none(),
    "website": st.sampled_from(["https://a.example", "https://b.example"]),
}
EDIT = st.dictionaries(st.sampled_from(sorted(FIELDS)), st.none(), max_size=4).flatmap(
    lambda chosen: st.fixed_dictionaries({name: FIELDS[name] for name in chosen})
)
STEPS = st.lists(st.tuples(st.sampled_from(["left", "right"]), EDIT, st.booleans()), min_size=1, max_size=6)


@given(steps=STEPS)
# Each example makes its own client in the same studio.
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_that_each_accepted_save_of_either_desk_stands_until_somebody_who_saw_it_changes_it(
    services: Services, steps: list[tuple[str, dict[str, Any], bool]]
) -> None:
    """RELIABILITY 28 to 30. The model: a field's value is that of the last save that changed it, and a save that had
    not seen the value it would overwrite is refused."""
    start = a_client(services, last_name="Both", phones=["330 555 0100"])
    seen = {"left": start, "right": start}
    expected: dict[str, Any] = {name: getattr(start, name) for name in FIELDS}
    phones = {start.phones[0].typed}
    for desk, edit, adds_phone in steps:
        base = seen[desk]
        mine = replace(base, **edit)
        if adds_phone:
            typed = f"330 555 {len(phones):04}"
            mine = replace(mine, phones=(*mine.phones, a_phone(typed)))
        changed = {name: value for name, value in edit.items() if value != getattr(base, name)}
        clashing = {
            name
            for name, value in changed.items()
            if name != "groups" and expected[name] not in (getattr(base, name), value)
        }
        if clashing:
            with pytest.raises(Conflict) as conflict:
                services.clients.save(base, mine, new_request())
            assert set(conflict.value.fields) == clashing
            seen[desk] = services.clients.get(start.id)
            continue
        saved = services.clients.save(base, mine, new_request()).result
        for name, value in changed.items():
            if name == "groups":
                before = getattr(base, name)
                expected[name] = (expected[name] | (value - before)) - (before - value)
            else:
                expected[name] = value
        if adds_phone:
            phones.add(typed)
        seen[desk] = saved
        assert {name: getattr(saved, name) for name in FIELDS} == expected
        assert {phone.typed for phone in saved.phones} == phones
