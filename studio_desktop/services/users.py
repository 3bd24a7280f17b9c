"""Who sits where: the people of the studio, their PINs and workstations, and the desk that services work for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, select, update

from studio_desktop.database.engine import Database
from studio_desktop.database.tables.studio import user, user_pin, workstation
from studio_desktop.domain import names, pins, text
from studio_desktop.domain.clock import Clock
from studio_desktop.domain.errors import InvalidInput, NotAllowed
from studio_desktop.domain.permissions import Permission, Role
from studio_desktop.services.desk import Desk
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.unit import Unit


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works in the studio, or did; one who is new has the id 0."""

    id: int
    name: str
    role: Role
    has_pin: bool = False
    inactive: bool = False


def people(database: Database) -> list[Person]:
    """Who may sit at a desk of this studio, by name; the list that the first connect offers (DECISIONS 25)."""
    query = _people().where(~user.c.inactive)
    return database.read(lambda connection: [_read(row) for row in connection.execute(query).mappings()])


def sit_down(database: Database, clock: Clock, workstation_name: str, user_name: str | None = None) -> Desk:
    """The desk of a person at this workstation.

    Without a name the studio's owner sits down: the way of a studio on one computer. On a server a name that is not
    known yet joins as front desk (DECISIONS 25). Raises InvalidInput for an empty name.
    """
    if user_name is not None:
        user_name = text.clean_line(user_name, 80, "name")
        if not user_name:
            raise InvalidInput("Type your name.", field="name")

    def work(connection: Connection) -> Desk:
        person = _person(connection, clock, user_name)
        station = _workstation(connection, clock, text.clean_line(workstation_name, 80))
        return Desk(person.id, person.name, person.role, station, workstation_name, clock)

    return database.write(work) if not database.read_only else database.read(lambda c: _reading_desk(c, clock))


def prove(database: Database, clock: Clock, name: str, pin: str) -> None:
    """Raise InvalidInput unless this is the PIN of that person, who may have none.

    Wrong ones are counted in the studio's database: another desk or a new start does not shorten the wait (E19).
    """
    query = (
        select(user_pin.c.user_id, user_pin.c.kept, user_pin.c.failures, user_pin.c.wait_until)
        .select_from(user_pin.join(user, user.c.id == user_pin.c.user_id))
        .where(user.c.name_key == names.key(name))
        .with_for_update(of=user_pin)
    )

    def tried(connection: Connection) -> timedelta | None:
        """How long to wait for the next try after a wrong one; None for the right one."""
        row, now = connection.execute(query).mappings().first(), clock.now()
        if row is None:
            return None
        if (left := _left(row["wait_until"], now)) > timedelta():
            return left
        is_right = pins.fits(pin, row["kept"])
        failures = 0 if is_right else row["failures"] + 1
        wait = pins.wait_after(failures)
        if failures != row["failures"] and not database.read_only:
            counted = update(user_pin).where(user_pin.c.user_id == row["user_id"])
            connection.execute(counted.values(failures=failures, wait_until=now + wait if wait else None))
        return None if is_right else wait

    wait = database.read(tried) if database.read_only else database.write(tried)
    if wait is None:
        return
    if not wait:
        raise InvalidInput("This is not the PIN of {name}.", field="pin", name=name)
    seconds = math.ceil(wait.total_seconds())
    raise InvalidInput(
        "This is not the PIN of {name}, or it was wrong too often. Wait {seconds} seconds, then try again.",
        field="pin", name=name, seconds=seconds,
    )  # fmt: skip


class Users(Service):
    """The people of the studio."""

    @requires(Permission.SIGN_IN)
    def all(self) -> list[Person]:
        """Everyone who may sit at a desk, by name."""
        return people(self.database)

    @requires(Permission.USERS)
    def everyone(self) -> list[Person]:
        """Those too who work here no longer."""
        return self.database.read(lambda connection: [_read(row) for row in connection.execute(_people()).mappings()])

    @requires(Permission.SIGN_IN)
    def prove(self, name: str, pin: str) -> None:
        """Raise InvalidInput unless this is the PIN of that person, who may have none."""
        prove(self.database, self.desk.clock, name, pin)

    @requires(Permission.SIGN_IN)
    def save(
        self, wanted: Person, request: str, *, pin: str | None = None, current_pin: str = ""
    ) -> Saved[Person]:
        """Add or change somebody, with a new `pin`; an empty one takes it away, None leaves it.

        One's own PIN anybody may change who knows the one there is; all else is for who manages users. Raises
        InvalidInput at the fields `name`, `role`, `inactive`, `pin` and `current_pin`.
        """
        name = text.clean_line(wanted.name, 80, "name")
        if not name:
            raise InvalidInput("Type a name.", field="name")
        kept = pins.scrambled(pins.checked(pin)) if pin else ""
        is_own = wanted.id == self.desk.user_id
        if is_own and pin is not None:
            self._prove_own(current_pin)

        def work(unit: Unit) -> int | None:
            values = {"name": name, "role": wanted.role.value, "inactive": wanted.inactive}
            current = unit.lock(user, wanted.id) if wanted.id else None
            is_changed = current is None or any(current[column] != value for column, value in values.items())
            if not self.desk.may(Permission.USERS) and (is_changed or not is_own):
                raise NotAllowed("{user} may not manage users. Ask the owner.", user=self.desk.user_name)
            self._check(unit.connection, wanted.id, values)
            if current is None:
                person_id = unit.insert(user, values)
            else:
                person_id = wanted.id
                unit.update(user, person_id, values, current=current)
            if pin is not None:
                unit.connection.execute(delete(user_pin).where(user_pin.c.user_id == person_id))
                if kept:
                    unit.connection.execute(insert(user_pin).values(user_id=person_id, kept=kept))
            unit.touch("user")
            return person_id

        # The PIN is no part of the payload: of four digits even a digest tells all.
        payload = (wanted.id, name, wanted.role, wanted.inactive, pin is None)
        return self.command(request, "users.save", payload, work, self._one, target_kind="user")

    @requires(Permission.USERS)
    def forget_pin(self, person_id: int, request: str) -> Saved[Person]:
        """Take a forgotten PIN away, one's own too: for who can reach the database without the window."""

        def work(unit: Unit) -> int | None:
            unit.connection.execute(delete(user_pin).where(user_pin.c.user_id == person_id))
            unit.touch("user")
            return person_id

        return self.command(request, "users.forget_pin", person_id, work, self._one, target_kind="user")

    def _one(self, connection: Connection, person_id: int | None) -> Person:
        return _read(connection.execute(_people().where(user.c.id == person_id)).mappings().one())

    def _prove_own(self, current_pin: str) -> None:
        try:
            prove(self.database, self.desk.clock, self.desk.user_name, current_pin)
        except InvalidInput as error:
            raise InvalidInput(error.template, field="current_pin", **error.values) from error

    def _check(self, connection: Connection, person_id: int, values: Mapping[str, object]) -> None:
        """That the name is nobody else's, that an owner stays, and that nobody saws off the chair he sits on."""
        named = select(user.c.id).where(user.c.name_key == names.key(str(values["name"])), user.c.id != person_id)
        if connection.execute(named).first() is not None:
            raise InvalidInput("Somebody is called {name} already.", field="name", name=values["name"])
        if person_id == self.desk.user_id and values["inactive"]:
            raise InvalidInput("You sit here. Somebody else can say that you no longer do.", field="inactive")
        others = select(func.count()).where(user.c.role == Role.OWNER, ~user.c.inactive, user.c.id != person_id)
        is_owner = values["role"] == Role.OWNER.value and not values["inactive"]
        if not is_owner and connection.execute(others).scalar_one() == 0:
            raise InvalidInput("The studio needs an owner. Make somebody else one first.", field="role")


def _people() -> Select[tuple[int, str, str, bool, int]]:
    return (
        select(user.c.id, user.c.name, user.c.role, user.c.inactive, user_pin.c.user_id.label("of_pin"))
        .select_from(user.outerjoin(user_pin, user_pin.c.user_id == user.c.id))
        .order_by(user.c.name_key)
    )


def _read(row: RowMapping) -> Person:
    return Person(row["id"], row["name"], Role(row["role"]), row["of_pin"] is not None, row["inactive"])


def _left(until: datetime | None, now: datetime) -> timedelta:
    return timedelta() if until is None else max(until - now, timedelta())


def _person(connection: Connection, clock: Clock, name: str | None) -> Person:
    query = select(user.c.id, user.c.name, user.c.role, user.c.inactive)
    if name is None:
        query = query.where(user.c.role == Role.OWNER, ~user.c.inactive).order_by(user.c.id).limit(1)
    else:
        query = query.where(user.c.name_key == names.key(name))
    row = connection.execute(query).first()
    if row is not None and row.inactive:
        raise InvalidInput("{name} works here no longer. The owner can change that.", field="name", name=row.name)
    if row is not None:
        return Person(row.id, row.name, Role(row.role))
    assert name is not None, "every studio has an owner"
    values = {"name": name, "name_key": names.key(name), "role": Role.FRONT_DESK.value}
    now = clock.now()
    new_id = connection.execute(
        insert(user).values(**values, created_at=now, updated_at=now).returning(user.c.id)
    ).scalar_one()
    return Person(new_id, name, Role.FRONT_DESK)


def _workstation(connection: Connection, clock: Clock, name: str) -> int:
    key = names.key(name)
    station = connection.execute(
        update(workstation)
        .where(workstation.c.name_key == key)
        .values(seen_at=clock.now())
        .returning(workstation.c.id)
    ).scalar_one_or_none()
    if station is None:
        station = connection.execute(
            insert(workstation).values(name=name, name_key=key, seen_at=clock.now()).returning(workstation.c.id)
        ).scalar_one()
    return int(station)


def _reading_desk(connection: Connection, clock: Clock) -> Desk:
    """A desk where the studio can only be read: it leaves no trace of itself."""
    owner = _person(connection, clock, None)
    return Desk(owner.id, owner.name, owner.role, 0, "", clock, only_reads=True)
