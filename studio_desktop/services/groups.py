"""Which clients belong to which groups, many at a time; the groups themselves are a catalog (S2-49, S2-50)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from studio_desktop.database.tables.people import client, client_group_member
from studio_desktop.domain.permissions import Permission
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.unit import Root, Unit


class Groups(Service):
    """Membership in groups."""

    @requires(Permission.CHANGE_CLIENTS)
    def add(self, client_ids: Sequence[int], group_id: int, request: str) -> Saved[int]:
        """Put clients into a group; gives how many were not in it before."""
        return self._change("groups.add", client_ids, group_id, request, join=True)

    @requires(Permission.CHANGE_CLIENTS)
    def remove(self, client_ids: Sequence[int], group_id: int, request: str) -> Saved[int]:
        """Take clients out of a group; gives how many were in it."""
        return self._change("groups.remove", client_ids, group_id, request, join=False)

    def _change(
        self, kind: str, client_ids: Sequence[int], group_id: int, request: str, *, join: bool
    ) -> Saved[int]:
        def work(unit: Unit) -> int:
            query = select(client_group_member.c.client_id, client_group_member.c.id).where(
                client_group_member.c.group_id == group_id
            )
            members = {row.client_id: row.id for row in unit.connection.execute(query)}
            changed = 0
            for client_id in sorted(set(client_ids)):
                root = Root(client.name, client_id)
                if join and client_id not in members:
                    unit.insert(client_group_member, {"client_id": client_id, "group_id": group_id}, root)
                    changed += 1
                elif not join and client_id in members:
                    unit.remove(client_group_member, members[client_id], root)
                    changed += 1
            return changed

        payload = (tuple(sorted(set(client_ids))), group_id)
        return self.command(request, kind, payload, work, lambda _, changed: changed or 0)
