"""Who works in the studio: roles, PINs, and who may change them (E19, B19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from studio_desktop.database.tables.studio import history_value, request, user_pin
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.errors import InvalidInput, NotAllowed
from studio_desktop.domain.permissions import Role
from studio_desktop.services import Services, new_request
from studio_desktop.services.users import Person, prove, sit_down


def person(services: Services, name: str) -> Person:
    return next(one for one in services.users.all() if one.name == name)


def refused_at(services: Services, wanted: Person, **pin: str) -> str | None:
    with pytest.raises(InvalidInput) as refused:
        services.users.save(wanted, new_request(), **pin)
    return refused.value.field


def test_that_the_owner_adds_somebody_changes_the_role_and_keeps_the_last_owner(services: Services) -> None:
    """B19: one owner is always there."""
    kim = services.users.save(Person(0, " Kim ", Role.FRONT_DESK), new_request()).result
    assert (kim.name, kim.role, kim.has_pin) == ("Kim", Role.FRONT_DESK, False)
    assert refused_at(services, Person(0, "kim", Role.VIEWER)) == "name"
    assert refused_at(services, Person(0, "  ", Role.VIEWER)) == "name"
    owner = person(services, services.desk.user_name)
    assert refused_at(services, replace(owner, role=Role.MANAGER)) == "role"
    assert refused_at(services, replace(owner, inactive=True)) == "inactive"
    services.users.save(replace(kim, role=Role.OWNER), new_request())
    assert services.users.save(replace(owner, role=Role.MANAGER), new_request()).result.role is Role.MANAGER


def test_that_who_works_here_no_longer_cannot_sit_down(services: Services, clock: FixedClock) -> None:
    """B19."""
    sit_down(services.database, clock, "FRONT-2", "Sue")
    services.users.save(replace(person(services, "Sue"), inactive=True), new_request())
    assert "Sue" not in [one.name for one in services.users.all()]
    assert "Sue" in [one.name for one in services.users.everyone()]
    with pytest.raises(InvalidInput, match="Sue works here no longer"):
        sit_down(services.database, clock, "FRONT-2", "sue")


def test_that_a_pin_is_kept_unreadable_and_out_of_history_and_requests(services: Services, clock: FixedClock) -> None:
    """E19."""
    me = person(services, services.desk.user_name)
    assert services.users.save(me, new_request(), pin="2468").result.has_pin
    prove(services.database, clock, me.name, "2468")

    def everything(column: object) -> str:
        return repr(services.database.read(lambda c: c.execute(select(column)).all()))  # type: ignore[call-overload]

    assert "2468" not in everything(user_pin.c.kept) + everything(history_value.c.new)
    services.users.save(me, new_request(), pin="8642", current_pin="2468")
    saves = select(request.c.digest).where(request.c.kind == "users.save")
    digests = services.database.read(lambda c: c.execute(saves).scalars().all())
    assert len(digests) == 2
    assert len(set(digests)) == 1, "a digest of four digits tells them"


def test_that_ones_own_pin_is_changed_by_who_knows_it_and_a_forgotten_one_by_the_owner(
    services: Services, other_desk: Services
) -> None:
    """E19."""
    sue = person(services, "Sue")
    assert other_desk.users.save(sue, new_request(), pin="2468").result.has_pin
    assert refused_at(other_desk, sue, pin="1357", current_pin="9999") == "current_pin"
    assert refused_at(other_desk, sue, pin="12", current_pin="2468") == "pin"
    for wanted in (replace(sue, role=Role.OWNER), person(services, services.desk.user_name)):
        with pytest.raises(NotAllowed, match="may not manage users"):
            other_desk.users.save(wanted, new_request(), pin="1357", current_pin="2468")
    assert not services.users.save(sue, new_request(), pin="").result.has_pin


def test_that_wrong_pins_are_counted_in_the_studio_and_cost_time_at_every_desk(
    services: Services, other_desk: Services, clock: FixedClock
) -> None:
    """E19, RELIABILITY 102: neither a new start nor another desk shortens the wait."""
    me = person(services, services.desk.user_name)
    services.users.save(me, new_request(), pin="2468")
    for _ in range(2):
        with pytest.raises(InvalidInput, match="This is not the PIN"):
            services.users.prove(me.name, "0000")
    with pytest.raises(InvalidInput, match="Wait 5 seconds"):
        services.users.prove(me.name, "1111")
    clock.instant += timedelta(seconds=3)
    with pytest.raises(InvalidInput, match="Wait 2 seconds"):
        other_desk.users.prove(me.name, "2468")
    clock.instant += timedelta(seconds=2)
    other_desk.users.prove(me.name, "2468")
    with pytest.raises(InvalidInput, match=r"not the PIN of [A-Za-z]+\.$"):
        services.users.prove(me.name, "0000")


def test_that_who_has_no_pin_needs_none(services: Services) -> None:
    """E19: a studio without PINs is asked for none."""
    services.users.prove(services.desk.user_name, "")
