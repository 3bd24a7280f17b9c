"""The status reports: what statuses the studio works with, and which clients stand where (B12, S1-19 to S1-21)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from studio_desktop.domain import fields
from studio_desktop.domain.dates import days_late
from studio_desktop.domain.records.clients import ClientKind, Stage
from studio_desktop.reports.listing_file import head
from studio_desktop.reports.report import Gathered
from studio_desktop.reports.tables import ColumnKind, ColumnSpec, Group, Row
from studio_desktop.services import Services
from studio_desktop.services.catalogs import CatalogRow
from studio_desktop.services.listings.declaration import Query


@dataclass(frozen=True, slots=True)
class StatusListOptions:
    """What the list of statuses asks."""

    include_inactive: bool = fields.flag("Include inactive statuses")


class ClientStatuses:
    """The studio's client statuses with durations, reasons, and how many clients stand at each."""

    name = "client-statuses"
    title = "Client statuses"
    purpose = "The steps a client passes through, with default days, reasons, and the clients at each"
    options = StatusListOptions

    def gather(self, services: Services, options: StatusListOptions) -> Gathered:
        """One row a status, in the workflow's order."""
        statuses = [
            row for row in services.catalogs.rows("client_statuses") if options.include_inactive or not row.inactive
        ]
        reasons = services.catalogs.choices()["client_status_reasons"]
        hidden = "" if options.include_inactive else "Without inactive statuses"
        columns = (
            ColumnSpec("position", "#", ColumnKind.NUMBER, 4),
            ColumnSpec("description", "Description", width=24),
            ColumnSpec("default_duration", "Default days", ColumnKind.NUMBER, 12),
            ColumnSpec("loyalty", "Loyalty rewards", ColumnKind.FLAG, 14),
            ColumnSpec("inactive", "Inactive", ColumnKind.FLAG, 9),
            ColumnSpec("reasons", "Reasons", width=44),
            ColumnSpec("clients", "Clients", ColumnKind.NUMBER, 9),
            ColumnSpec("overdue", "Overdue", ColumnKind.NUMBER, 9),
        )
        document = head(services, self.title, columns, (hidden,) if hidden else ())
        rows = [
            (
                place, row.description, row.values["default_duration"], row.values["loyalty"], row.inactive,
                ", ".join(reason.text for reason in reasons if reason.parent_id == row.id and not reason.inactive),
                row.counts["clients"], row.counts["overdue"],
            )
            for place, row in enumerate(statuses, start=1)
        ]  # fmt: skip
        return Gathered(document, rows)


@dataclass(frozen=True, slots=True)
class ClientsByStatusOptions:
    """Which statuses, and whether only those who wait too long."""

    status_id: int | None = fields.reference("Only status", "client_statuses")
    overdue_only: bool = fields.flag("Only overdue clients")


class ClientsByStatus:
    """Clients under the status they are at, with due dates and how late they are (S1-10, S1-11)."""

    name = "clients-by-status"
    title = "Clients by status"
    purpose = "Who stands at which status, until when, and who waits too long"
    options = ClientsByStatusOptions

    def gather(self, services: Services, options: ClientsByStatusOptions) -> Gathered:
        """Groups in the workflow's order; within each by name."""
        statuses = [
            row for row in services.catalogs.rows("client_statuses") if options.status_id in (None, row.id)
        ]
        columns = (
            ColumnSpec("name", "Name", width=26),
            ColumnSpec("number", "Number", width=9),
            ColumnSpec("phone", "Main phone", ColumnKind.PHONE, 18),
            ColumnSpec("call_warning", "Call warning", width=18, lines=6),
            ColumnSpec("email", "E-mail", width=26),
            ColumnSpec("reason", "Reason", width=18),
            ColumnSpec("since", "Since", ColumnKind.DAY, 12),
            ColumnSpec("due", "Due", ColumnKind.DAY, 12),
            ColumnSpec("late", "Days late", ColumnKind.NUMBER, 9),
        )
        subtitles = ("Only overdue clients",) if options.overdue_only else ()
        document = head(services, self.title, columns, subtitles, "Status")
        return Gathered(document, self._rows(services, statuses, options))

    def _rows(
        self, services: Services, statuses: list[CatalogRow], options: ClientsByStatusOptions
    ) -> Iterator[Row | Group]:
        keys = ("name", "number", "phone", "call_warning", "email", "reason", "since", "due")
        today = services.desk.clock.today()
        for status in statuses:
            filters: dict[str, object] = {"status": status.id, "stage": Stage.ACTIVE}
            if options.overdue_only:
                filters["overdue"] = True
            headed = False
            for row in services.listings.stream("clients", Query(filters), keys):
                if not headed:
                    yield Group(status.description)
                    headed = True
                yield (*row, days_late(row[-1], today) or None)


@dataclass(frozen=True, slots=True)
class ClientListOptions:
    """Which clients."""

    kind: ClientKind = fields.choice("Kind", ClientKind.CLIENT)
    stage: Stage = fields.choice("Stage", Stage.ACTIVE)
    group_id: int | None = fields.reference("Only group", "client_groups")
    status_id: int | None = fields.reference("Only status", "client_statuses")


class ClientList:
    """Names with number, status, phone, e-mail and address."""

    name = "client-list"
    title = "Client list"
    purpose = "Everybody of a kind, a group or a status, with phone, e-mail and address"
    options = ClientListOptions

    def gather(self, services: Services, options: ClientListOptions) -> Gathered:
        """One row a client, by name."""
        columns = (
            ColumnSpec("name", "Name", width=26),
            ColumnSpec("number", "Number", width=9),
            ColumnSpec("status", "Status", width=16),
            ColumnSpec("phone", "Main phone", ColumnKind.PHONE, 18),
            ColumnSpec("call_warning", "Call warning", width=18, lines=6),
            ColumnSpec("email", "E-mail", width=26),
            ColumnSpec("street", "Address", width=24),
            ColumnSpec("town", "Town", width=16),
            ColumnSpec("region", "State", width=7, lines=5),
            ColumnSpec("postcode", "Postcode", width=10),
        )
        filters: dict[str, object] = {"kind": options.kind, "stage": options.stage}
        if options.group_id is not None:
            filters["group"] = options.group_id
        if options.status_id is not None:
            filters["status"] = options.status_id
        rows = services.listings.stream("clients", Query(filters), [column.key for column in columns])
        subtitle = f"{options.kind.value.capitalize()}s, {options.stage.value}"
        return Gathered(head(services, self.title, columns, (subtitle,)), rows)
