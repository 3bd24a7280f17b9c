"""A studio full of fictional people, the same for the same seed and day, of any size up to a million clients."""

from __future__ import annotations

import random
import tomllib
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from studio_desktop.database import search
from studio_desktop.database.tables.activity import lead, pipeline_stage
from studio_desktop.database.tables.people import client, note
from studio_desktop.domain.dates import PartialDate, WorkCalendar
from studio_desktop.domain.errors import InvalidInput, StudioError
from studio_desktop.domain.occasions import personal_dates
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import (
    AddressRow,
    ClientKind,
    ClientRecord,
    ClientType,
    EmailRow,
    FamilyMember,
    OrganizationRow,
    PhoneRow,
    PlanDateRow,
    Stage,
)
from studio_desktop.domain.records.leads import Outcome
from studio_desktop.paths import RESOURCES
from studio_desktop.services.catalogs import Catalogs, Choice
from studio_desktop.services.clients import add_many
from studio_desktop.services.preferences import Preferences, read_calendar
from studio_desktop.services.service import Service, requires
from studio_desktop.services.unit import Root, Unit

MOST_CLIENTS = 1_000_000
_CHUNK = 10_000

_STATUS_WEIGHTS = {
    "Prospect": 16, "Web Inquiry": 4, "First-Time Client": 9, "Client": 46, "Loyalty Client": 12, "Upset Client": 1,
    "Business Partner": 3, "Inactive Client": 9,
}  # fmt: skip
_KINDS = {"Prospect": ClientKind.PROSPECT, "Web Inquiry": ClientKind.LEAD}


class Demo(Service):
    """Fills an empty studio."""

    @requires(Permission.IMPORT)
    def fill(self, clients: int, seed: int, progress: Callable[[int, int], None] | None = None) -> int:
        """Add fictional clients; returns how many. What the studio holds then depends on nothing but the arguments
        and the desk's date.

        Raises StudioError when the studio has clients already (DECISIONS 26), InvalidInput for an impossible number.
        """
        if not 1 <= clients <= MOST_CLIENTS:
            raise InvalidInput("The demo has 1 to {most} clients.", field="clients", most=MOST_CLIENTS)
        if self.database.read(lambda connection: connection.execute(select(client.c.id).limit(1)).first()):
            raise StudioError(
                "{database} holds clients already; the demo fills only an empty studio. "
                "Name another file by --database.",
                database=self.database.name,
            )
        self._name_lists(seed)
        calendar = self.database.read(read_calendar)
        catalogs = Catalogs(self.database, self.desk)
        days = {row.description: row.values["default_duration"] for row in catalogs.rows("client_statuses")}
        people = _People(seed, self.desk.clock.today(), calendar, catalogs.choices(), days)
        done = 0
        while done < clients:
            count = min(_CHUNK, clients - done)
            records = list(people.take(count))
            last = done + count == clients
            self.database.write(partial(self._add, records=records, people=people, last=last), patient=True)
            done += count
            if progress is not None:
                progress(done, clients)
        return done

    def _name_lists(self, seed: int) -> None:
        """The tags, organizations and custom fields that this studio has made its own."""
        words, chance = _words(), random.Random(f"{seed} lists")  # noqa: S311 - fiction
        catalogs = Catalogs(self.database, self.desk)
        for word, colour in words["tags"]:
            catalogs.add("client_tags", {"description": word, "colour": colour}, _uid(chance))
        for name, town in words["organizations"]:
            catalogs.add("organizations", {"description": name, "town": town}, _uid(chance))
        Preferences(self.database, self.desk).save(words["custom_names"], _uid(chance))

    def _add(self, connection: Connection, records: list[ClientRecord], people: _People, last: bool) -> None:
        unit = Unit(connection, self.desk, people.uid())
        ids = add_many(unit, records)
        inquiring = [one for one, record in zip(ids, records, strict=True) if record.kind is ClientKind.LEAD]
        if inquiring:
            c = pipeline_stage.c
            stages = connection.execute(select(pipeline_stage).where(c.outcome == Outcome.OPEN).order_by(c.position))
            connection.execute(
                update(lead).where(lead.c.client_id == bindparam("whose")), people.inquiries(inquiring, stages.all())
            )
        for client_id, text in zip(ids, people.notes(len(records)), strict=True):
            if text:
                unit.insert(note, {"client_id": client_id, "text": text, "alert": True}, Root(client.name, client_id))
        unit.finish(index=False)
        if last:
            search.rebuild(connection)


@cache
def _words() -> dict[str, Any]:
    with (RESOURCES / "demo" / "people.toml").open("rb") as file:
        return tomllib.load(file)


def _uid(chance: random.Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


class _People:
    """Makes people one after the other. One generator decides who they are, another what the studio noted of them."""

    def __init__(
        self,
        seed: int,
        today: date,
        calendar: WorkCalendar,
        choices: dict[str, list[Choice]],
        days: dict[str, int | None],
    ) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - fiction
        self._noting = random.Random(f"{seed} noted")  # noqa: S311 - fiction
        self._words = _words()
        self._today = today
        self._calendar = calendar
        self._days = days
        self._ids = {name: {choice.text: choice.id for choice in rows} for name, rows in choices.items()}
        self._reasons: dict[int | None, list[int]] = {}
        for choice in choices["client_status_reasons"]:
            self._reasons.setdefault(choice.parent_id, []).append(choice.id)
        self._made = 0

    def uid(self) -> str:
        """A UUID that the seed decides."""
        return _uid(self._chance)

    def notes(self, count: int) -> Iterator[str]:
        """A note for few, nothing for most."""
        for _ in range(count):
            yield self._chance.choice(self._words["notes"]) if self._chance.random() < 0.03 else ""

    def inquiries(self, client_ids: Sequence[int], stages: Sequence[Any]) -> list[dict[str, Any]]:
        """How far each of these leads has come; a few were not followed up in time."""
        chance, found = self._noting, []
        for client_id in client_ids:
            stage = stages[min(chance.randrange(6), chance.randrange(len(stages)))]
            since = self._today - timedelta(days=chance.randrange((stage.days_allowed or 0) + 3))
            inquiry = {
                "whose": client_id, "stage_id": stage.id, "stage_since": since,
                "opened_on": since - timedelta(days=stage.position * chance.randrange(5)),
                "next_action": stage.next_action, "next_action_text": stage.next_action_text,
                "next_action_on": self._calendar.due(since, stage.days_allowed),
            }
            found.append(inquiry)
        return found

    def take(self, count: int) -> Iterator[ClientRecord]:
        """The next people."""
        for _ in range(count):
            self._made += 1
            person = self._person()
            yield replace(person, **self._noted(person))

    def _person(self) -> ClientRecord:
        chance, words = self._chance, self._words
        last, first = chance.choice(words["surnames"]), chance.choice(words["first_names"])
        if chance.random() < 0.01:
            last, first = chance.choice(words["elsewhere"])
        business = chance.random() < 0.05
        company = f"{last} {chance.choice(words['companies'])}" if business else ""
        status = chance.choices(list(_STATUS_WEIGHTS), list(_STATUS_WEIGHTS.values()))[0]
        status_id = self._ids["client_statuses"].get(status)
        days = self._days.get(status)
        # Most follow-ups happen in time; a few clients have waited somewhat too long.
        patience = 400 if days is None else days + 10 if chance.random() < 0.3 else max(1, days - 3)
        set_on = self._today - timedelta(days=chance.randrange(patience))
        due = self._calendar.due(set_on, days)
        reasons = self._reasons.get(status_id, [])
        kind = _KINDS.get(status, ClientKind.CLIENT)
        stage = chance.choices([Stage.ACTIVE, Stage.HIDDEN, Stage.ARCHIVED], [92, 3, 5])[0]
        adult = self._birthday(20, 70)
        groups = frozenset(
            group_id for text, group_id in self._ids["client_groups"].items()
            if chance.random() < (0.12 if kind is ClientKind.CLIENT else 0.04)
        )  # fmt: skip
        return ClientRecord(
            last_name=last,
            first_name=first,
            company=company,
            client_type=ClientType.BUSINESS if business else ClientType.CONSUMER,
            kind=kind,
            stage=stage,
            archive_reason_id=self._one_of("archive_reasons") if stage is Stage.ARCHIVED else None,
            status_id=status_id,
            status_reason_id=chance.choice(reasons) if reasons and chance.random() < 0.5 else None,
            status_set_on=set_on if status_id is not None else None,
            status_due_on=due if status_id is not None else None,
            lead_source_id=self._one_of("lead_sources"),
            birthday=adult if chance.random() < 0.6 else None,
            anniversary=self._birthday(1, 30) if chance.random() < 0.3 else None,
            call_warning=chance.choice(words["warnings"]) if chance.random() < 0.04 else "",
            saturday_only=chance.random() < 0.05,
            do_not_market=chance.random() < 0.06,
            do_not_call=chance.random() < 0.03,
            phones=self._phones(),
            emails=self._emails(first, last),
            addresses=self._addresses(),
            family=self._family(last) if not business and chance.random() < 0.66 else (),
            groups=groups,
        )

    def _noted(self, person: ClientRecord) -> dict[str, Any]:
        """What the studio knows beyond the usual of some of its clients."""
        chance, words = self._noting, self._words
        noted: dict[str, Any] = {
            name: chance.choice(texts) for name, texts in words["custom_texts"].items() if chance.random() < 0.2
        }
        if chance.random() < 0.05:
            noted["custom_memo_1"] = chance.choice(words["memos"])
        if chance.random() < 0.1:
            noted["custom_date_1"] = self._today + timedelta(days=chance.randrange(-20, 60))
        if chance.random() < 0.25:
            noted["tags"] = frozenset(self._some_of("client_tags", 2))
        if chance.random() < 0.3:
            noted["plans"] = frozenset(self._some_of("marketing_plans", 2))
        if person.family and chance.random() < 0.1:
            noted["household_name"] = f"The {person.last_name} Family"
        if chance.random() < 0.2:
            noted["plan_dates"] = self._dates(person)
        if chance.random() < 0.12:
            noted["organizations"] = (self._organization(),)
        if person.stage is Stage.ARCHIVED and chance.random() < 0.2:
            noted["deceased"] = True
        return noted

    def _some_of(self, catalog: str, most: int) -> list[int]:
        ids = list(self._ids[catalog].values())
        return self._noting.sample(ids, self._noting.randint(1, most))

    def _dates(self, person: ClientRecord) -> tuple[PlanDateRow, ...]:
        return tuple(
            PlanDateRow(uid=_uid(self._noting), member_uid=one.member_uid, occasion=one.occasion)
            for one in personal_dates(person)
            if one.when is not None
        )

    def _organization(self) -> OrganizationRow:
        chance, words = self._noting, self._words
        years = chance.randrange(4)
        return OrganizationRow(
            uid=_uid(chance), organization_id=self._some_of("organizations", 1)[0], role=chance.choice(words["roles"]),
            department=chance.choice(words["departments"]), grade=str(12 - years),
            graduation_year=self._today.year + years, member_number=f"S-{chance.randrange(1000, 9999)}",
        )  # fmt: skip

    def _one_of(self, catalog: str) -> int | None:
        ids = list(self._ids[catalog].values())
        return self._chance.choice(ids) if ids else None

    def _birthday(self, youngest: int, oldest: int) -> PartialDate:
        born = self._today - timedelta(days=self._chance.randrange(youngest * 365, oldest * 365))
        return PartialDate(month=born.month, day=born.day, year=None if self._chance.random() < 0.1 else born.year)

    def _phone(self, label: str) -> PhoneRow:
        area = self._chance.choice((330, 234, 216))
        exchange, line = self._chance.randrange(200, 1000), self._chance.randrange(10_000)
        typed = f"({area}) {exchange:03}-{line:04}"
        return PhoneRow(
            uid=self.uid(), label_id=self._ids["phone_labels"].get(label), typed=typed, sms=label == "Mobile",
            e164=f"+1{area}{exchange:03}{line:04}",
        )  # fmt: skip

    def _phones(self) -> tuple[PhoneRow, ...]:
        sets = [("Mobile",), ("Mobile", "Home"), ("Home",), ("Mobile", "Work")]
        return tuple(self._phone(label) for label in self._chance.choices(sets, [50, 25, 10, 15])[0])

    def _emails(self, first: str, last: str) -> tuple[EmailRow, ...]:
        name = "".join(c for c in f"{first}.{last}".casefold() if c.isascii() and (c.isalnum() or c == ".")).strip(".")
        return (EmailRow(uid=self.uid(), address=f"{name or 'client'}{self._made}@example.com"),)

    def _addresses(self) -> tuple[AddressRow, ...]:
        if self._chance.random() < 0.08:
            return ()
        town, region, postcode = self._chance.choice(self._words["towns"])
        street = f"{self._chance.randrange(1, 999)} {self._chance.choice(self._words['streets'])}"
        return (AddressRow(uid=self.uid(), line1=street, town=town, region=region, postcode=postcode),)

    def _family(self, last: str) -> tuple[FamilyMember, ...]:
        chance = self._chance
        relations = self._ids["relationships"]
        members = [
            FamilyMember(
                uid=self.uid(), first_name=chance.choice(self._words["first_names"]), last_name=last,
                relationship_id=relations.get("Spouse"), birthday=self._birthday(20, 70), secondary_contact=True,
                phones=(self._phone("Mobile"),),
            )
        ]  # fmt: skip
        for _ in range(chance.choices([0, 1, 2, 3], [35, 25, 28, 12])[0]):
            relation = chance.choice(("Son", "Daughter"))
            members.append(
                FamilyMember(
                    uid=self.uid(), first_name=chance.choice(self._words["first_names"]), last_name=last,
                    relationship_id=relations.get(relation), birthday=self._birthday(0, 18),
                )
            )  # fmt: skip
        return tuple(members)
