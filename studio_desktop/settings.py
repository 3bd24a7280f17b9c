"""This workstation's settings: a TOML file in the person's own folder, and where this workstation's files lie.

Each setting is declared once, as a field of `Settings` with its title, its help and what it accepts; the file, the
settings page and the defaults follow from that. What the whole studio shares is kept in the database instead
(`services.preferences`).
"""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from studio_desktop.paths import atomic_write

if TYPE_CHECKING:
    from platformdirs import PlatformDirs

Section = Literal[
    "computer", "printing", "studio", "reports", "names", "numbers", "new", "page", "marketing", "privacy", "backups",
]  # fmt: skip
"""The sections of the settings page; every setting that shows there is declared with its own."""

HOME_VARIABLE = "STUDIO_HOME"
"""Names one folder for everything of this workstation: for a portable installation, and for tests."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the settings page needs to know of a setting.

    `choices` are the only values, `low` and `high` the bounds of a number. A setting without a title and a section
    is remembered by the program and not shown.
    """

    name: str
    title: str
    help: str
    default: Any
    section: Section | None = None
    choices: tuple[Any, ...] = ()
    low: int | None = None
    high: int | None = None


def _setting(
    default: Any,
    title: str = "",
    help: str = "",  # noqa: A002 - the word of the settings page
    section: Section | None = None,
    *,
    choices: tuple[Any, ...] = (),
    low: int | None = None,
    high: int | None = None,
    each: Callable[[Any], Any] | None = None,
) -> Any:
    declared = Declaration("", title, help, default, section, choices, low, high)
    metadata = {"declaration": declared, "each": each}
    if isinstance(default, dict):
        return dataclasses.field(default_factory=dict, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def _cell(value: Any) -> int:
    if type(value) is int and value >= 1:
        return value
    raise ValueError


def _millimetres(value: Any) -> tuple[float, float]:
    across, down = (float(number) for number in value)
    if abs(across) <= 50 and abs(down) <= 50:
        return across, down
    raise ValueError


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of this workstation, each with its default."""

    database_url: str = _setting("")  # sqlite:///FILE or postgresql://USER@SERVER/NAME, as asked at the start
    workstation: str = _setting(
        "", "Name of this desk", "Shown to other desks; empty is the computer's own name.", "computer"
    )
    theme: Literal["system", "light", "dark"] = _setting(
        "system", "Colours", "Light, dark, or as the system has it.", "computer", choices=("system", "light", "dark")
    )
    text_size: int = _setting(100, "Text size", "In per cent.", "computer", low=80, high=200)
    density: Literal[0, 4, 8] = _setting(
        0, "Row height", "By how many pixels each row of a list is higher.", "computer", choices=(0, 4, 8)
    )
    flash_call_warning: bool = _setting(
        True,
        "Flashing call warning",
        "Flash a client's call warning when the client is opened; it is red either way.",
        "computer",
    )
    lock_after: int = _setting(
        0,
        "Lock after",
        "Minutes without a key or a movement after which nothing stays on the screen; 0 is never. Ctrl+Shift+L locks "
        "at once. Who has a PIN is asked for it.",
        "computer",
        low=0,
        high=240,
    )
    reports_folder: str = _setting(
        "",
        "Folder for documents",
        "Where PDF and Excel files are offered to be kept; empty is the documents folder.",
        "reports",
    )
    daily_backup: bool = _setting(
        True,
        "Backup every day",
        "A verified copy of everything, made while work goes on; of the older ones some of each week and month stay.",
        "backups",
    )
    backups_folder: str = _setting(
        "", "Folder for backups", "Where they are made and looked for; empty is beside this desk's own data.", "backups"
    )
    backups_kept: Literal["few", "usual", "all"] = _setting(
        "usual",
        "How many backups stay",
        "All of two days; then usually one of 12 days, 10 weeks and 9 months, or few: 5 days, 3 weeks and 2 months.",
        "backups",
        choices=("few", "usual", "all"),
    )
    copied_number_calls: bool = _setting(
        False,
        "A copied number is a caller",
        "F12 shows at once whose phone number was copied last; Enter opens.",
        "computer",
    )
    label_sheet: str = _setting("avery-5160")  # used last
    label_order: Literal["last name", "postcode", "as chosen"] = _setting(
        "last name", choices=("last name", "postcode", "as chosen")
    )
    label_name_line: Literal["person", "couple", "household"] = _setting(
        "couple", choices=("person", "couple", "household")
    )
    label_start: Mapping[str, int] = _setting({}, each=_cell)  # sheet → next free cell, from 1
    label_shift: Mapping[str, tuple[float, float]] = _setting({}, each=_millimetres)  # shift_key() → right, down in mm
    label_pitch: Mapping[str, tuple[float, float]] = _setting({}, each=_millimetres)  # the same, per column and row
    label_printer: str = _setting("PDF")
    single_label_sheet: str = _setting(
        "", "Sheet of a single label", "A roll for single labels, or the sheet that was used last.", "printing"
    )
    single_label_printer: str = _setting(
        "", "Printer of a single label", "The printer it goes to at once; without one it is a PDF.", "printing"
    )
    single_label_prompt: bool = _setting(
        False, "Prompt for printer", "Ask for the printer each time a single label is printed.", "printing"
    )
    printers: Mapping[str, Mapping[str, Any]] = _setting({}, each=dict)  # kind of document → as it was printed last
    report_options: Mapping[str, Mapping[str, Any]] = _setting({}, each=dict)  # report → its options, as last time
    ribbon_folded: bool = _setting(False)
    quick_access: str = _setting("")  # ids of actions with spaces between; empty: as at first
    window_geometry: str = _setting("")  # Qt's saveGeometry, as base64
    recent_user: int = _setting(0)  # id of who last worked at this desk, on database_url; 0: nobody yet


DECLARATIONS: Mapping[str, Declaration] = {
    field.name: dataclasses.replace(field.metadata["declaration"], name=field.name)
    for field in dataclasses.fields(Settings)
}
"""The declaration of every setting by its name, in the order that it has in its section."""


def shift_key(printer: str, sheet: str) -> str:
    """The key in `label_shift` and `label_pitch` for one printer and one label sheet: each pair feeds differently."""
    return f"{sheet} on {printer}"


class SettingsFile:
    """The file `settings.toml` in `folder`, else in this workstation's own (`config_folder`).

    `complaint` is a sentence for the person when it could not be read whole.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or config_folder()) / "settings.toml"
        self.complaint = ""

    def load(self) -> Settings:
        """The settings as kept; for what is missing or wrong its default. A wrong file is kept aside, not lost."""
        table, faults = self._read()
        settings, wrong = _understood(table)
        faults += wrong
        if faults:
            self._keep_aside(faults, table, settings)
        return settings

    def change(self, **values: Any) -> Settings:
        """Set some settings, leave the others as the file has them now, and give the whole.

        Another window may have changed other settings meanwhile. Raises OSError when the file cannot be written.
        """
        settings = dataclasses.replace(self.load(), **values)
        table, _ = self._read()
        self._write(table, settings)
        return settings

    def _read(self) -> tuple[dict[str, Any], list[str]]:
        import tomllib

        try:
            return tomllib.loads(self.path.read_text("utf-8")), []
        except FileNotFoundError:
            return {}, []
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            return {}, [str(error)]

    def _write(self, table: Mapping[str, Any], settings: Settings) -> None:
        import tomli_w

        # What a newer program keeps in the same file stays.
        table = {**table, **{name: getattr(settings, name) for name in DECLARATIONS}}
        defaults = {name: declared.default for name, declared in DECLARATIONS.items()}
        kept = {name: value for name, value in table.items() if name not in defaults or value != defaults[name]}
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with atomic_write(self.path, private=True) as file:
            tomli_w.dump(kept, file)

    def _keep_aside(self, faults: list[str], table: Mapping[str, Any], settings: Settings) -> None:
        number = 1
        while (aside := self.path.with_name(f"{self.path.stem}.wrong-{number}.toml")).exists():
            number += 1
        self.complaint = f"The settings of this desk could not be read whole ({'; '.join(faults)}). "
        try:
            self.path.rename(aside)
            self._write(table, settings)
            self.complaint += f"For what was wrong the usual settings hold; the old file is kept as {aside}."
        except OSError as error:
            self.complaint += f"For what was wrong the usual settings hold; the file stays as it is ({error.strerror})."


def config_folder() -> Path:
    """Where this person's settings on this workstation lie."""
    return _home() or _platform().user_config_path


def data_folder() -> Path:
    """Where this workstation keeps its own data: the default database, its backups, drafts and the log.

    Not in a roaming profile nor among the documents, which are often synchronised.
    """
    return _home() or _platform().user_data_path


def backup_folder(settings: Settings) -> Path:
    """Where this workstation keeps its backups."""
    chosen = settings.backups_folder
    return Path(chosen).expanduser().absolute() if chosen else data_folder() / "backups"


def default_database_url() -> str:
    """The studio's file on this computer, which the first run offers."""
    return f"sqlite:///{(data_folder() / 'studio.db').as_posix()}"


_FOLDER = "studio-desktop" if sys.platform == "linux" else "Studio Desktop"


def _platform() -> PlatformDirs:
    # A start of the window waits for whatever is imported up to here; a portable installation needs none of it.
    from platformdirs import PlatformDirs

    return PlatformDirs(_FOLDER, appauthor=False)


def _home() -> Path | None:
    named = os.environ.get(HOME_VARIABLE)
    return Path(named).expanduser().absolute() if named else None


def _understood(table: Mapping[str, Any]) -> tuple[Settings, list[str]]:
    values: dict[str, Any] = {}
    faults: list[str] = []
    for field in dataclasses.fields(Settings):
        if field.name not in table:
            continue
        try:
            values[field.name] = _accepted(field, table[field.name])
        except (TypeError, ValueError):
            faults.append(f"“{field.name}” cannot be {table[field.name]!r}")
    return Settings(**values), faults


def _accepted(field: dataclasses.Field[Any], value: Any) -> Any:
    declared: Declaration = field.metadata["declaration"]
    if type(value) is not type(declared.default):
        raise TypeError
    if declared.choices and value not in declared.choices:
        raise ValueError
    if (declared.low is not None and value < declared.low) or (declared.high is not None and value > declared.high):
        raise ValueError
    each = field.metadata["each"]
    return {key: each(entry) for key, entry in value.items()} if each else value
