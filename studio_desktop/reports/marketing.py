"""Reports for keeping in touch: birthdays, who sent whom, members of groups and plans, overdue statuses (B24)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from studio_desktop.domain import fields
from studio_desktop.domain.dates import MONTHS, days_late
from studio_desktop.domain.records.clients import Occasion, Stage
from studio_desktop.reports.listing_file import head
from studio_desktop.reports.report import Gathered
from studio_desktop.reports.tables import ColumnKind, ColumnSpec, Group, Row
from studio_desktop.services import Services
from studio_desktop.services.listings.declaration import Query

_REACHED = (
    ColumnSpec("phone", "Main phone", ColumnKind.PHONE, 18),
    ColumnSpec("call_warning", "Call warning", width=16, lines=6),
    ColumnSpec("email", "E-mail", width=28),
)


class Month(StrEnum):
    """A month of the year, or all."""

    ALL = "all"
    JANUARY = "January"
    FEBRUARY = "February"
    MARCH = "March"
    APRIL = "April"
    MAY = "May"
    JUNE = "June"
    JULY = "July"
    AUGUST = "August"
    SEPTEMBER = "September"
    OCTOBER = "October"
    NOVEMBER = "November"
    DECEMBER = "December"


class Celebrated(StrEnum):
    """What is celebrated."""

    BOTH = "both"
    BIRTHDAYS = "birthdays"
    ANNIVERSARIES = "anniversaries"


@dataclass(frozen=True, slots=True)
class BirthdaysOptions:
    """Of which month, and of whom."""

    month: Month = fields.choice("Month", Month.ALL)
    what: Celebrated = fields.choice("What", Celebrated.BOTH)
    family: bool = fields.flag("Family members too", True)


class Birthdays:
    """Birthdays and anniversaries by month, with the age or the years that are completed this year."""

    name = "birthdays"
    title = "Birthdays and anniversaries"
    purpose = "Who celebrates in which month, families included, with phone and e-mail"
    options = BirthdaysOptions

    def gather(self, services: Services, options: BirthdaysOptions) -> Gathered:
        """Groups by month; within each by day."""
        columns = (
            ColumnSpec("when", "Date", ColumnKind.PARTIAL_DATE, 12),
            ColumnSpec("occasion", "Occasion", width=11),
            ColumnSpec("years", "Years", ColumnKind.NUMBER, 6),
            ColumnSpec("person", "Who", width=20),
            ColumnSpec("client", "Client", width=22),
            *_REACHED,
            ColumnSpec("unreached", "Not to be reached", width=20),
        )
        year = services.desk.clock.today().year
        subtitle = f"Years: completed in {year}"
        return Gathered(
            head(services, self.title, columns, (subtitle,), "Month"), list(self._rows(services, options, year))
        )

    def _rows(self, services: Services, options: BirthdaysOptions, year: int) -> Iterator[Row | Group]:
        wanted = {
            Celebrated.BIRTHDAYS: {Occasion.BIRTHDAY},
            Celebrated.ANNIVERSARIES: {Occasion.ANNIVERSARY},
        }.get(options.what, set(Occasion))
        month = ""
        for one in services.client_reports.celebrations(family=options.family):
            name = MONTHS[(one.when.month or 1) - 1]
            if one.occasion not in wanted or options.month not in (Month.ALL, name):
                continue
            if name != month:
                month = name
                yield Group(month)
            years = year - one.when.year if one.when.year is not None and one.when.year <= year else None
            yield (
                one.when, one.occasion.value.capitalize(), years, one.person or one.client, one.client, one.phone,
                one.call_warning, one.email, one.unreached,
            )  # fmt: skip


class Ahead(StrEnum):
    """How far ahead to look."""

    NOW = "by now"
    WEEK = "within a week"
    FORTNIGHT = "within two weeks"
    MONTH = "within a month"


_DAYS = {Ahead.NOW: 0, Ahead.WEEK: 7, Ahead.FORTNIGHT: 14, Ahead.MONTH: 31}


@dataclass(frozen=True, slots=True)
class DueCallsOptions:
    """How far ahead, and whether who is left out is listed."""

    ahead: Ahead = fields.choice("Due", Ahead.WEEK)
    left_out: bool = fields.flag("Who is left out too", True)


class DueCalls:
    """Whom to call for a birthday or an anniversary that is a marketing plan (B2, S3-24)."""

    name = "date-calls"
    title = "Calls for birthdays and anniversaries"
    purpose = "Whom to call this week, of those whose dates are marketing plans, and who is left out"
    options = DueCallsOptions

    def gather(self, services: Services, options: DueCallsOptions) -> Gathered:
        """One row a call, the first due first."""
        columns = (
            ColumnSpec("due", "Call on", ColumnKind.DAY, 12),
            ColumnSpec("on", "Celebrates", ColumnKind.DAY, 12),
            ColumnSpec("occasion", "Occasion", width=11),
            ColumnSpec("years", "Years", ColumnKind.NUMBER, 6),
            ColumnSpec("person", "Who", width=20),
            ColumnSpec("client", "Client", width=22),
            *_REACHED[:2],
            ColumnSpec("left_out", "Left out", width=16),
        )
        calls = services.client_reports.due_calls(_DAYS[options.ahead])
        left_out = sum(bool(one.left_out) for one in calls)
        subtitle = f"Due {options.ahead.value}; {left_out} of {len(calls)} left out"
        rows: list[Row | Group] = [
            (
                one.due_on, one.celebrated_on, one.occasion.value.capitalize(), one.years, one.person or one.client,
                one.client, one.phone, one.call_warning, one.left_out,
            )
            for one in calls
            if options.left_out or not one.left_out
        ]  # fmt: skip
        return Gathered(head(services, self.title, columns, (subtitle,)), rows)


@dataclass(frozen=True, slots=True)
class ReferralsOptions:
    """Nothing to choose."""


class Referrals:
    """Who referred whom (S2-24, S2-115)."""

    name = "referrals"
    title = "Referrals"
    purpose = "Who referred whom, and what became of them"
    options = ReferralsOptions

    def gather(self, services: Services, options: ReferralsOptions) -> Gathered:  # noqa: ARG002 - a report's form
        """Groups by who referred, with how many; within each by name."""
        columns = (
            ColumnSpec("client", "Referred", width=28),
            ColumnSpec("number", "Number", width=9),
            ColumnSpec("kind", "Kind", width=10),
            ColumnSpec("status", "Status", width=18),
            ColumnSpec("entered", "Entered", ColumnKind.DAY, 12),
        )
        referrals = services.client_reports.referrals()
        counts: dict[tuple[str, str], int] = {}
        for one in referrals:
            counts[one.referrer, one.referrer_number] = counts.get((one.referrer, one.referrer_number), 0) + 1
        rows: list[Row | Group] = []
        at: tuple[str, str] | None = None
        for one in referrals:
            if (sender := (one.referrer, one.referrer_number)) != at:
                at = sender
                number = f" ({one.referrer_number})" if one.referrer_number else ""
                rows.append(Group(f"{one.referrer}{number}: {counts[sender]}"))
            entered = one.entered.astimezone().date()
            rows.append((one.client, one.number, one.kind.value.capitalize(), one.status, entered))
        return Gathered(head(services, self.title, columns, group="Referred by"), rows)


class Gathering(StrEnum):
    """What clients are members of."""

    GROUPS = "groups"
    PLANS = "marketing plans"
    TAGS = "tags"


@dataclass(frozen=True, slots=True)
class MembersOptions:
    """Of which list, and whether who is archived stands in it."""

    of: Gathering = fields.choice("Members of", Gathering.GROUPS)
    group_id: int | None = fields.reference("Only group", "client_groups")
    plan_id: int | None = fields.reference("Only plan", "marketing_plans")
    archived: bool = fields.flag("Archived clients too")


class Members:
    """Groups, marketing plans or tags with their members (B13, B24)."""

    name = "members"
    title = "Members"
    purpose = "Groups, marketing plans or tags, each with its clients"
    options = MembersOptions

    def gather(self, services: Services, options: MembersOptions) -> Gathered:
        """Groups in the list's order; within each by name."""
        columns = (
            ColumnSpec("name", "Name", width=26),
            ColumnSpec("number", "Number", width=9),
            ColumnSpec("status", "Status", width=16),
            *_REACHED,
            ColumnSpec("town", "Town", width=14),
        )
        title = f"{options.of.value.capitalize()} and their members"
        return Gathered(
            head(services, title, columns, group=_LISTS[options.of][2]),
            self._rows(services, options, [column.key for column in columns]),
        )

    def _rows(self, services: Services, options: MembersOptions, keys: list[str]) -> Iterator[Row | Group]:
        catalog, condition, _ = _LISTS[options.of]
        only = {Gathering.GROUPS: options.group_id, Gathering.PLANS: options.plan_id}.get(options.of)
        stages = list(Stage) if options.archived else [Stage.ACTIVE, Stage.HIDDEN]
        for choice in services.catalogs.choices()[catalog]:
            if only in (None, choice.id):
                filters: dict[str, object] = {condition: choice.id, "stage": stages}
                members = list(services.listings.stream("clients", Query(filters), keys))
                if members or only is not None:
                    yield Group(f"{choice.text}: {len(members)}")
                    yield from members


_LISTS = {
    Gathering.GROUPS: ("client_groups", "group", "Group"),
    Gathering.PLANS: ("marketing_plans", "plan", "Plan"),
    Gathering.TAGS: ("client_tags", "tag", "Tag"),
}


@dataclass(frozen=True, slots=True)
class OverdueOptions:
    """Who waits how long."""

    status_id: int | None = fields.reference("Only status", "client_statuses")
    least: int | None = fields.number("At least days late")


class OverdueStatuses:
    """Clients whose status was due, longest first (S1-10, S1-11)."""

    name = "overdue-statuses"
    title = "Overdue statuses"
    purpose = "Who has been at a status longer than planned, longest first, with phone and e-mail"
    options = OverdueOptions

    def gather(self, services: Services, options: OverdueOptions) -> Gathered:
        """One row a client."""
        columns = (
            ColumnSpec("name", "Name", width=24),
            ColumnSpec("number", "Number", width=9),
            ColumnSpec("status", "Status", width=16),
            ColumnSpec("reason", "Reason", width=16),
            ColumnSpec("since", "Since", ColumnKind.DAY, 12),
            *_REACHED,
            ColumnSpec("due", "Due", ColumnKind.DAY, 12),
            ColumnSpec("late", "Days late", ColumnKind.NUMBER, 9),
        )
        subtitles = (f"At least {options.least} days late",) if options.least else ()
        return Gathered(head(services, self.title, columns, subtitles), self._rows(services, options, columns))

    def _rows(self, services: Services, options: OverdueOptions, columns: tuple[ColumnSpec, ...]) -> Iterator[Row]:
        today = services.desk.clock.today()
        filters: dict[str, object] = {"stage": Stage.ACTIVE, "overdue": True}
        if options.status_id is not None:
            filters["status"] = options.status_id
        keys = [column.key for column in columns[:-1]]
        for row in services.listings.stream("clients", Query(filters, sort=(("due", False),)), keys):
            late = days_late(row[-1], today)
            if late >= (options.least or 1):
                yield (*row, late)
