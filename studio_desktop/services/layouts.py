"""What each person's lists look like: widths, order, sorting, kept per list; and the searches they saved."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from studio_desktop.database.tables.studio import layout, saved_search
from studio_desktop.domain import text
from studio_desktop.domain.permissions import Permission
from studio_desktop.services.service import Service, requires


class Layouts(Service):
    """One person's layouts and saved searches. They are no facts about clients and leave no history."""

    @requires(Permission.SIGN_IN)
    def get(self, listing: str) -> dict[str, Any]:
        """The layout of a list as it was last kept, empty for none."""
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

    def _same(self, listing: str, typed: str) -> tuple[Any, ...]:
        return (
            saved_search.c.user_id == self.desk.user_id,
            saved_search.c.listing == listing,
            saved_search.c.text == typed,
        )
