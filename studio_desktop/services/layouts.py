"""What each person's lists look like: widths, order, sorting, kept per list; and what they saved under a name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from studio_desktop.database.engine import Database
from studio_desktop.database.tables.studio import layout, saved_search, user
from studio_desktop.domain import names, text
from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.permissions import Permission
from studio_desktop.services.desk import Desk
from studio_desktop.services.service import Service, requires


class Kept(StrEnum):
    """What of a list can be kept under a name."""

    LAYOUT = "layouts"
    FILTER = "filters"
    MAPPING = "mappings"


@dataclass(frozen=True, slots=True)
class Named:
    """A layout or a filter under its name. `owner` shares it with everybody, or keeps it to himself."""

    name: str
    value: dict[str, Any]
    shared: bool
    owner: str
    mine: bool


class Layouts(Service):
    """One person's layouts, searches and filters. They are no facts about clients and leave no history."""

    def __init__(self, database: Database, desk: Desk) -> None:
        super().__init__(database, desk)
        self._told: dict[str, dict[str, Any]] = {}
        """What waits to be kept, for whoever asks meanwhile."""

    @requires(Permission.SIGN_IN)
    def tell(self, listing: str, value: dict[str, Any]) -> None:
        """The layout of a list from now on, before `keep` has had its turn to write it."""
        self._told[listing] = value

    @requires(Permission.SIGN_IN)
    def get(self, listing: str) -> dict[str, Any]:
        """The layout of a list as it was last told or kept, empty for none."""
        told = self._told.get(listing)
        if told is not None:
            return told
        query = select(layout.c.value).where(layout.c.user_id == self.desk.user_id, layout.c.listing == listing)
        kept = self.database.read(lambda connection: connection.execute(query).scalar_one_or_none())
        return json.loads(kept) if kept else {}

    @requires(Permission.SIGN_IN)
    def keep(self, listing: str, value: dict[str, Any]) -> None:
        """Keep the layout of a list."""
        kept = json.dumps(value)

        def work(connection: Connection) -> None:
            mine = (layout.c.user_id == self.desk.user_id) & (layout.c.listing == listing)
            if connection.execute(update(layout).where(mine).values(value=kept)).rowcount == 0:
                connection.execute(insert(layout).values(user_id=self.desk.user_id, listing=listing, value=kept))

        self.database.write(work)
        if self._told.get(listing) is value:
            del self._told[listing]

    @requires(Permission.SIGN_IN)
    def named(self, kind: Kept, listing: str) -> list[Named]:
        """What this person can use of a kind, by name: the own ones, and what others share unless the own hides it."""
        return self.database.read(lambda connection: read_named(connection, self.desk.user_id, kind, listing))

    @requires(Permission.SIGN_IN)
    def keep_named(self, kind: Kept, listing: str, name: str, value: dict[str, Any], *, shared: bool = False) -> str:
        """Keep something under a name, in the place of what this person had kept under it; gives the cleaned name."""
        cleaned = _cleaned_name(name)

        def work(kept: dict[str, Any]) -> None:
            for before in [one for one in kept if names.key(one) == names.key(cleaned)]:
                del kept[before]
            kept[cleaned] = {"value": value, "shared": shared}

        self._change_named(kind, listing, work)
        return cleaned

    @requires(Permission.SIGN_IN)
    def forget_named(self, kind: Kept, listing: str, name: str) -> None:
        """Remove what this person kept under a name. Raises NotFound where it is not the person's own."""
        self._change_named(kind, listing, lambda kept: _taken_out(kept, name))

    @requires(Permission.SIGN_IN)
    def rename_named(self, kind: Kept, listing: str, name: str, new_name: str) -> str:
        """Call otherwise what this person kept under a name, in the place of an own one of the new name if there is.

        Gives the cleaned name. Raises InvalidInput for an empty one, NotFound where it is not the person's own.
        """
        cleaned = _cleaned_name(new_name)

        def work(kept: dict[str, Any]) -> None:
            one = _taken_out(kept, name)
            for before in [other for other in kept if names.key(other) == names.key(cleaned)]:
                del kept[before]
            kept[cleaned] = one

        self._change_named(kind, listing, work)
        return cleaned

    @requires(Permission.SIGN_IN)
    def searches(self, listing: str) -> list[str]:
        """The saved searches of a list, newest first."""
        query = (
            select(saved_search.c.text)
            .where(saved_search.c.user_id == self.desk.user_id, saved_search.c.listing == listing)
            .order_by(saved_search.c.saved_at.desc(), saved_search.c.id.desc())
        )
        return self.database.read(lambda connection: list(connection.execute(query).scalars()))

    @requires(Permission.SIGN_IN)
    def save_search(self, listing: str, typed: str) -> None:
        """Save a search text; an older one of the same text is replaced."""
        cleaned = text.clean_line(typed, 200)

        def work(connection: Connection) -> None:
            connection.execute(delete(saved_search).where(*self._same(listing, cleaned)))
            values = {"user_id": self.desk.user_id, "listing": listing, "text": cleaned}
            connection.execute(insert(saved_search).values(**values, saved_at=self.desk.clock.now()))

        if cleaned:
            self.database.write(work)

    @requires(Permission.SIGN_IN)
    def forget_search(self, listing: str, typed: str) -> None:
        """Remove a saved search."""
        self.database.write(lambda c: c.execute(delete(saved_search).where(*self._same(listing, typed))))

    def _change_named(self, kind: Kept, listing: str, change: Callable[[dict[str, Any]], object]) -> None:
        mine = (layout.c.user_id == self.desk.user_id) & (layout.c.listing == _key(kind, listing))

        def work(connection: Connection) -> None:
            stands = connection.execute(select(layout.c.value).where(mine).with_for_update()).scalar_one_or_none()
            kept = json.loads(stands) if stands else {}
            change(kept)
            if stands is None:
                values = {"user_id": self.desk.user_id, "listing": _key(kind, listing), "value": json.dumps(kept)}
                connection.execute(insert(layout).values(**values))
            else:
                connection.execute(update(layout).where(mine).values(value=json.dumps(kept)))

        self.database.write(work)

    def _same(self, listing: str, typed: str) -> tuple[Any, ...]:
        return (
            saved_search.c.user_id == self.desk.user_id,
            saved_search.c.listing == listing,
            saved_search.c.text == typed,
        )


def read_named(connection: Connection, user_id: int | None, kind: Kept, listing: str) -> list[Named]:
    """As `Layouts.named`, for services that need it within their own reading."""
    query = select(layout.c.user_id, layout.c.value, user.c.name).join(user, user.c.id == layout.c.user_id)
    rows = connection.execute(query.where(layout.c.listing == _key(kind, listing)).order_by(layout.c.id)).all()
    found: dict[str, Named] = {}
    for owner_id, kept, owner in sorted(rows, key=lambda row: row[0] == user_id):
        for name, one in json.loads(kept).items():
            if one["shared"] or owner_id == user_id:
                found[names.key(name)] = Named(name, one["value"], one["shared"], owner, owner_id == user_id)
    return sorted(found.values(), key=lambda one: names.key(one.name))


def _cleaned_name(name: str) -> str:
    cleaned = text.clean_line(name, 60, "name", label="The name")
    if not cleaned:
        raise InvalidInput("Type a name.", field="name")
    return cleaned


def _taken_out(kept: dict[str, Any], name: str) -> Any:
    if name not in kept:
        raise NotFound("“{name}” is not yours; only who shares it can change or remove it.", name=name)
    return kept.pop(name)


def _key(kind: Kept, listing: str) -> str:
    return f"{listing} {kind.value}"
