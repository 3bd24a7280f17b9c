"""What the whole studio agrees on, each declared once with its place on the settings page, which comes from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from dataclasses import field as dataclass_field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from studio_desktop.database.tables.people import holiday
from studio_desktop.database.tables.studio import preference, studio
from studio_desktop.domain import text
from studio_desktop.domain.completeness import WANTED
from studio_desktop.domain.dates import DateOrder, WorkCalendar
from studio_desktop.domain.duplicates import Check
from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.fields import FieldSpec
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.names import NameOrder
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import ClientKind
from studio_desktop.services import images
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.unit import Root, Unit
from studio_desktop.settings import Section


class NumberRule(StrEnum):
    """When a client gets a number by itself (B5)."""

    ON_CREATE = "on create"
    ON_STATUS = "on status"
    NEVER = "never"


def _setting(
    default: Any,
    label: str,
    help_text: str,
    section: Section,
    choices: tuple[str, ...] = (),
    bounds: tuple[int, int] | tuple[None, None] = (None, None),
) -> Any:
    metadata = {"label": label, "help": help_text, "section": section, "choices": choices, "bounds": bounds}
    return dataclass_field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class StudioPreferences:
    """Every preference with its value. `studio_name` stands on reports and labels; `logo` is the hash of an image."""

    studio_name: str = _setting("My studio", "Studio name", "Stands at the head of every report.", "studio")
    report_header: str = _setting(
        "", "Report header", "A line below the studio's name on reports: address, phone.", "reports"
    )
    logo: str = _setting("", "Logo", "Stands at the head of every report beside the studio's name.", "reports")
    logo_width: int = _setting(
        30, "Width of the logo", "In millimetres; a high one gets narrower.", "reports", bounds=(10, 60)
    )
    time_stamp: bool = _setting(
        True, "Time stamp on reports", "Say at the foot of each page when it was made.", "reports"
    )
    paper: str = _setting("letter", "Paper", "For reports and lists.", "reports", ("letter", "a4"))
    name_order: str = _setting(
        NameOrder.LAST_FIRST.value, "Name order", "How names show in lists and titles.", "names",
        tuple(order.value for order in NameOrder),
    )  # fmt: skip
    capitals: bool = _setting(
        True, "Capitals in names", "Names typed in small letters get them; F3 in the field brings back what was typed.",
        "names",
    )  # fmt: skip
    fill_places: bool = _setting(
        True, "Town by postcode", "A postcode that an address has already fills the empty town, state and country.",
        "names",
    )  # fmt: skip
    date_order: str = _setting(
        DateOrder.MDY.value, "Date order", "How typed dates such as 3/12 are read.", "names",
        tuple(order.value for order in DateOrder),
    )  # fmt: skip
    phone_region: str = _setting(
        "US", "Country of phone numbers", "Numbers typed without a country code belong here.", "names"
    )
    business_days: bool = _setting(True, "Count business days", "Due dates skip free days and holidays.", "studio")
    work_week: str = _setting("01234", "Working days", "The days the studio works.", "studio")
    number_clients: str = _setting(
        NumberRule.ON_CREATE.value, "Client numbers", "When a client gets a number by itself.", "numbers",
        tuple(rule.value for rule in NumberRule),
    )  # fmt: skip
    number_status: int = _setting(
        0, "Status for a number", "The status that gives a number to who has none, where Client numbers says so.",
        "numbers",
    )  # fmt: skip
    unchecked: str = _setting(
        "", "Look for duplicates by",
        "What is compared while a client is typed. An e-mail that somebody has is told all the same.", "new",
    )  # fmt: skip
    required: str = _setting(
        "", "Required of clients",
        "Without these nobody is added by hand, and they cannot be emptied. Otherwise a name or a number is enough.",
        "new",
    )  # fmt: skip
    allow_marketing: bool = _setting(
        True, "Allow marketing", "A new client may be written to in a group, unless somebody ticks Do not market.",
        "new",
    )  # fmt: skip
    ask_consent: bool = _setting(
        False, "Ask for consent",
        "The new client's sheet asks whether data may be kept; no answer is noted as “not asked”.", "privacy",
    )  # fmt: skip
    keep_clients: int = _setting(
        0, "Keep idle clients for", "Years without a change or a note, after which a filter of the list names them; "
        "0 is for ever.", "privacy", bounds=(0, 99),
    )  # fmt: skip
    keep_prospects: int = _setting(
        0, "Keep idle prospects for", "The same of prospects.", "privacy", bounds=(0, 99)
    )
    keep_leads: int = _setting(0, "Keep idle leads for", "The same of leads.", "privacy", bounds=(0, 99))
    hidden_tabs: str = _setting(
        "", "Tabs of a client", "Tabs that are not ticked are left out of every client's page.", "page"
    )
    age_limit: int = _setting(
        0, "Ages of the family up to", "Of who is older no age is shown; 0 is without a limit.", "page", bounds=(0, 120)
    )
    birthday_days: int = _setting(
        7, "Days before a birthday", "So long before it, whose birthday is a marketing plan is to be called.",
        "marketing", bounds=(0, 90),
    )  # fmt: skip
    anniversary_days: int = _setting(
        7, "Days before an anniversary", "The same of anniversaries.", "marketing", bounds=(0, 90)
    )
    call_on_working_days: bool = _setting(
        True, "Call on working days", "Where that day is free or a holiday, the call is due on the working day before.",
        "marketing",
    )  # fmt: skip
    custom_text_1: str = _setting("Custom 1", "Custom text 1", "What the first custom text is called.", "page")
    custom_text_2: str = _setting("Custom 2", "Custom text 2", "What the second custom text is called.", "page")
    custom_text_3: str = _setting("Custom 3", "Custom text 3", "What the third custom text is called.", "page")
    custom_text_4: str = _setting("Custom 4", "Custom text 4", "What the fourth custom text is called.", "page")
    custom_text_5: str = _setting("Custom 5", "Custom text 5", "What the fifth custom text is called.", "page")
    custom_text_6: str = _setting("Custom 6", "Custom text 6", "What the sixth custom text is called.", "page")
    custom_text_7: str = _setting("Custom 7", "Custom text 7", "What the seventh custom text is called.", "page")
    custom_text_8: str = _setting("Custom 8", "Custom text 8", "What the eighth custom text is called.", "page")
    custom_text_9: str = _setting("Custom 9", "Custom text 9", "What the ninth custom text is called.", "page")
    custom_text_10: str = _setting("Custom 10", "Custom text 10", "What the tenth custom text is called.", "page")
    custom_text_11: str = _setting("Custom 11", "Custom text 11", "What the eleventh custom text is called.", "page")
    custom_text_12: str = _setting("Custom 12", "Custom text 12", "What the twelfth custom text is called.", "page")
    custom_text_13: str = _setting("Custom 13", "Custom text 13", "What the thirteenth custom text is called.", "page")
    custom_text_14: str = _setting("Custom 14", "Custom text 14", "What the fourteenth custom text is called.", "page")
    custom_date_1: str = _setting("Custom date 1", "Custom date 1", "What the first custom date is called.", "page")
    custom_date_2: str = _setting("Custom date 2", "Custom date 2", "What the second custom date is called.", "page")
    custom_date_3: str = _setting("Custom date 3", "Custom date 3", "What the third custom date is called.", "page")
    custom_date_4: str = _setting("Custom date 4", "Custom date 4", "What the fourth custom date is called.", "page")
    custom_memo_1: str = _setting("Custom memo 1", "Custom memo 1", "What the first custom memo is called.", "page")
    custom_memo_2: str = _setting("Custom memo 2", "Custom memo 2", "What the second custom memo is called.", "page")

    def named(self, name: str, otherwise: str) -> str:
        """What a field or column of this name is called: a custom one as the studio calls it (S3-18)."""
        return str(getattr(self, name)) if name.startswith("custom_") else otherwise

    def years_kept(self) -> dict[ClientKind, int]:
        """For how many years somebody of each kind is kept who is idle; 0 is for ever (S4-30)."""
        return {
            ClientKind.CLIENT: self.keep_clients,
            ClientKind.PROSPECT: self.keep_prospects,
            ClientKind.LEAD: self.keep_leads,
        }

    def checks(self) -> frozenset[Check]:
        """What of a client is compared while he is typed (B17)."""
        return frozenset(Check) - {Check(name) for name in self.unchecked.split(",") if name}

    def insisted_on(self) -> frozenset[str]:
        """The fields without which nobody is added (C10)."""
        return frozenset(self.required.split(",")) - {""}

    def label(self, field: FieldSpec) -> str:
        """What a field is called."""
        return self.named(field.name, field.label)


def read_preferences(connection: Connection) -> StudioPreferences:
    """The studio's preferences as they stand; what was never set has its default."""
    stored = {
        key: json.loads(value) for key, value in connection.execute(select(preference.c.key, preference.c.value))
    }
    known = {field.name for field in fields(StudioPreferences)}
    return StudioPreferences(**{key: value for key, value in stored.items() if key in known})


def formats_of(preferences: StudioPreferences) -> Formats:
    """How this studio writes dates, names and phones."""
    return Formats(
        date_order=DateOrder(preferences.date_order),
        phone_region=preferences.phone_region,
        name_order=NameOrder(preferences.name_order),
        capitals=preferences.capitals,
        age_limit=preferences.age_limit,
    )


def read_calendar(connection: Connection) -> WorkCalendar:
    """The studio's working days and holidays, for due dates."""
    preferences = read_preferences(connection)
    holidays = connection.execute(select(holiday.c.on_date).where(~holiday.c.inactive)).scalars()
    return WorkCalendar(
        business_days=preferences.business_days,
        work_week=frozenset(int(day) for day in preferences.work_week),
        holidays=frozenset(holidays),
    )


class Preferences(Service):
    """Reads and changes the studio's preferences."""

    @requires(Permission.SIGN_IN)
    def get(self) -> StudioPreferences:
        """All preferences."""
        return self.database.read(read_preferences)

    @requires(Permission.SIGN_IN)
    def calendar(self) -> WorkCalendar:
        """The studio's working days and holidays."""
        return self.database.read(read_calendar)

    @requires(Permission.PREFERENCES)
    def save(self, values: Mapping[str, Any], request: str) -> Saved[StudioPreferences]:
        """Set some preferences by name.

        Raises InvalidInput for a value that is none of the choices, NotFound for a logo that is not kept.
        """
        checked = {name: _checked(name, value) for name, value in values.items()}

        def work(unit: Unit) -> int | None:
            if checked.get("logo") and not images.is_kept(unit.connection, checked["logo"]):
                raise NotFound("This logo is no longer there. Choose it again.")
            root = Root(studio.name, unit.connection.execute(select(studio.c.id)).scalar_one())
            for name, value in checked.items():
                kept = json.dumps(value)
                row = unit.connection.execute(select(preference).where(preference.c.key == name)).mappings().first()
                if row is None:
                    unit.insert(preference, {"key": name, "value": kept}, root)
                else:
                    unit.update(preference, row["id"], {"value": kept}, root, current=row)
            unit.touch("preference")
            return None

        return self.command(
            request, "preferences.save", checked, work, lambda connection, _: read_preferences(connection)
        )


def _checked(name: str, value: Any) -> Any:
    declared = {field.name: field for field in fields(StudioPreferences)}
    if name not in declared:
        raise InvalidInput("There is no preference {name}.", name=name)
    field = declared[name]
    if not isinstance(value, type(field.default)):
        raise InvalidInput("{label} cannot be {value}.", field=name, label=field.metadata["label"], value=value)
    if isinstance(value, str):
        value = text.clean_line(value, 200, name)
    low, high = field.metadata["bounds"]
    if low is not None and not low <= value <= high:
        raise InvalidInput(
            "{label} is a number from {low} to {high}.", field=name, label=field.metadata["label"], low=low, high=high
        )
    choices = field.metadata["choices"]
    if choices and value not in choices:
        raise InvalidInput(
            "{label} is one of: {choices}.", field=name, label=field.metadata["label"], choices=", ".join(choices)
        )
    if name == "work_week" and not (value and set(value) <= set("0123456")):
        raise InvalidInput("Choose at least one working day.", field=name)
    ticked = _TICKED.get(name)
    if ticked is not None and not {one for one in value.split(",") if one} <= set(ticked):
        raise InvalidInput(
            "{label} is of: {choices}.", field=name, label=field.metadata["label"], choices=", ".join(ticked)
        )
    return value


_TICKED: Mapping[str, tuple[str, ...]] = {"unchecked": tuple(Check), "required": tuple(WANTED)}
"""What can be ticked, of the preferences that are names with commas."""
