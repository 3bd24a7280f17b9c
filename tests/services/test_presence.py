"""Who has which record open: two desks of one studio (RELIABILITY E7)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from studio_desktop.database.engine import Database
from studio_desktop.database.tables.studio import change, presence
from studio_desktop.domain.clock import FixedClock
from studio_desktop.services import Services
from studio_desktop.services.presence import COUNTS_FOR, Present

ANN = ("client", 7)
BOB = ("client", 8)


def news(database: Database) -> list[tuple[str, int]]:
    query = select(change.c.kind, change.c.record_id).where(change.c.kind == "presence").order_by(change.c.id)
    return database.read(lambda connection: [tuple(row) for row in connection.execute(query)])


def test_that_each_desk_hears_who_else_has_its_records_open_and_since_when(
    services: Services, other_desk: Services, clock: FixedClock
) -> None:
    opened_at = clock.now()
    assert other_desk.presence.say("b", {ANN: False, BOB: False}) == {ANN: (), BOB: ()}
    clock.instant += timedelta(seconds=20)
    assert services.presence.say("f", {ANN: False}) == {ANN: (Present("Sue", "FRONT-2", False, opened_at),)}
    clock.instant += timedelta(seconds=20)
    began = clock.now()
    heard = other_desk.presence.say("b", {ANN: True})
    assert [(one.user, one.is_changing) for one in heard[ANN]] == [(services.desk.user_name, False)]
    clock.instant += timedelta(seconds=20)
    assert services.presence.say("f", {ANN: False, BOB: False}) == {
        ANN: (Present("Sue", "FRONT-2", True, began),),
        BOB: (),
    }


def test_that_whoever_changes_something_stands_first(services: Services, other_desk: Services) -> None:
    other_desk.presence.say("b", {ANN: False})
    other_desk.presence.say("c", {ANN: True})
    assert [one.is_changing for one in services.presence.say("f", {ANN: False})[ANN]] == [True, False]


def test_that_only_what_is_new_is_told_to_the_other_desks(
    other_desk: Services, database: Database, clock: FixedClock
) -> None:
    other_desk.presence.say("b", {ANN: False})
    assert news(database) == [("presence", 7)]
    clock.instant += timedelta(seconds=30)
    other_desk.presence.say("b", {ANN: False})
    assert news(database) == [("presence", 7)]
    other_desk.presence.say("b", {ANN: True})
    other_desk.presence.say("b", {ANN: True})
    assert news(database) == 2 * [("presence", 7)]
    other_desk.presence.say("b", {})
    assert news(database) == 3 * [("presence", 7)]


def test_that_a_desk_which_fell_silent_is_not_there_any_more_and_comes_back_by_speaking(
    services: Services, other_desk: Services, database: Database, clock: FixedClock
) -> None:
    other_desk.presence.say("b", {ANN: True})
    clock.instant += COUNTS_FOR
    assert len(services.presence.say("f", {ANN: False})[ANN]) == 1
    clock.instant += timedelta(seconds=1)
    assert services.presence.say("f", {ANN: False}) == {ANN: ()}
    sessions = select(presence.c.session)
    assert database.read(lambda connection: list(connection.execute(sessions).scalars())) == ["f"]
    other_desk.presence.say("b", {ANN: True})
    assert [one.user for one in services.presence.say("f", {ANN: False})[ANN]] == ["Sue"]
