"""Who sits where: the people of the studio and its workstations, and the desk that services work for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from studio_desktop.database.engine import Database
from studio_desktop.database.tables.studio import user, workstation
from studio_desktop.domain import names, text
from studio_desktop.domain.clock import Clock
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.permissions import Permission, Role
from studio_desktop.services.desk import Desk
from studio_desktop.services.service import Service, requires


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who works in the studio."""

    id: int
    name: str
    role: Role


def people(database: Database) -> list[Person]:
    """Who may sit at a desk of this studio, by name; the list that the first connect offers (DECISIONS 25)."""
    query = select(user.c.id, user.c.name, user.c.role).where(~user.c.inactive).order_by(user.c.name_key)
    return database.read(
        lambda connection: [Person(row.id, row.name, Role(row.role)) for row in connection.execute(query)]
    )


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


class Users(Service):
    """The people of the studio."""

    @requires(Permission.SIGN_IN)
    def all(self) -> list[Person]:
        """Everyone who may sit at a desk, by name."""
        return people(self.database)


def _person(connection: Connection, clock: Clock, name: str | None) -> Person:
    query = select(user.c.id, user.c.name, user.c.role).where(~user.c.inactive)
    if name is None:
        query = query.where(user.c.role == Role.OWNER).order_by(user.c.id).limit(1)
    else:
        query = query.where(user.c.name_key == names.key(name))
    row = connection.execute(query).first()
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
