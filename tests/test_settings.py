"""The settings of a workstation come back as they were kept, and no file can keep the program from starting."""

from __future__ import annotations

import dataclasses
import os
import tomllib
from pathlib import Path

import pytest

from studio_desktop.settings import (
    DECLARATIONS,
    Settings,
    SettingsFile,
    config_folder,
    data_folder,
    default_database_url,
    shift_key,
)

OTHER_VALUES = {
    "database_url": "postgresql://studio@server/studio",
    "workstation": "FRONT-2",
    "theme": "dark",
    "text_size": 150,
    "density": 4,
    "flash_call_warning": False,
    "reports_folder": "/srv/Berichte – Zürich",
    "label_sheet": "l7160",
    "label_order": "postcode",
    "label_name_line": "household",
    "label_pitch": {shift_key('Büro "2"', "l7160"): (0.25, -0.1)},
    "label_printer": 'Büro "2"',
    "single_label_sheet": "dymo-30252",
    "single_label_printer": "Label maker",
    "single_label_prompt": True,
    "label_start": {"l7160": 7, "avery-5160": 30},
    "backups_folder": "/backups", "backups_kept": "few",
    "printers": {"list": {"printer": "Laser", "copies": 2}},
    "report_options": {"client-list": {"kind": "lead", "group_id": 3, "ending": ".xlsx"}},
    "label_shift": {shift_key('Büro "2"', "l7160"): (1.5, -0.25)},
    "ribbon_folded": True,
    "quick_access": "undo save",
    "window_geometry": "AdnQywADAAA=",
    "recent_user": 3,
    "lock_after": 5,
    "daily_backup": False,
    "copied_number_calls": True,
}


def test_that_every_setting_comes_back_as_it_was_kept():
    assert OTHER_VALUES.keys() == DECLARATIONS.keys()
    SettingsFile().change(**OTHER_VALUES)
    again = SettingsFile().load()
    assert dataclasses.asdict(again) == OTHER_VALUES
    assert all(getattr(again, name) != getattr(Settings(), name) for name in DECLARATIONS)


def test_that_without_a_file_the_defaults_hold_and_nothing_is_complained_about():
    file = SettingsFile()
    assert file.load() == Settings()
    assert file.complaint == ""
    assert not file.path.exists()


def test_that_every_default_is_among_what_its_setting_accepts():
    for name, declared in DECLARATIONS.items():
        assert declared.name == name
        assert not declared.choices or declared.default in declared.choices
        assert declared.low is None or declared.low <= declared.default <= declared.high
        assert bool(declared.title) == bool(declared.help) == bool(declared.section)


def test_that_a_change_leaves_what_another_window_changed_meanwhile():
    first, second = SettingsFile(), SettingsFile()
    first.load()
    second.change(theme="dark")
    assert first.change(text_size=120).theme == "dark"
    assert SettingsFile().load() == Settings(theme="dark", text_size=120)


def test_that_a_setting_back_at_its_default_follows_a_later_programs_default():
    SettingsFile().change(theme="dark")
    SettingsFile().change(theme="system")
    assert "theme" not in tomllib.loads(SettingsFile().path.read_text())


def test_that_what_a_newer_program_keeps_in_the_file_stays(home):
    (home / "settings.toml").write_text("tomorrow = [1, 2]\n")
    SettingsFile().change(theme="dark")
    assert tomllib.loads((home / "settings.toml").read_text()) == {"tomorrow": [1, 2], "theme": "dark"}


@pytest.mark.parametrize("broken", [b'theme = "dark', b"\xff\xfe", b"theme = dark\n"])
def test_that_a_broken_file_is_kept_aside_with_a_sentence_and_the_program_starts(home, broken):
    (home / "settings.toml").write_bytes(broken)
    file = SettingsFile()
    assert file.load() == Settings()
    assert "settings.wrong-1.toml" in file.complaint
    assert (home / "settings.wrong-1.toml").read_bytes() == broken
    again = SettingsFile()
    again.load()
    assert again.complaint == ""


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('theme = "pink"', "theme"),
        ("text_size = 1000", "text_size"),
        ('text_size = "big"', "text_size"),
        ("flash_call_warning = 1", "flash_call_warning"),
        ("density = 5", "density"),
        ("recent_user = true", "recent_user"),
        ("label_start = {l7160 = 0}", "label_start"),
        ("label_shift = {l7160 = [1, 2, 3]}", "label_shift"),
        ("label_shift = {l7160 = [900, 0]}", "label_shift"),
        ("label_shift = {l7160 = [0, -900]}", "label_shift"),
        ('label_shift = {l7160 = ["nan", 0]}', "label_shift"),
    ],
)
def test_that_one_wrong_value_costs_only_itself(home, line, name):
    (home / "settings.toml").write_text(f'workstation = "FRONT-2"\n{line}\n')
    file = SettingsFile()
    assert file.load() == Settings(workstation="FRONT-2")
    assert name in file.complaint
    assert line in (home / "settings.wrong-1.toml").read_text()


def test_that_a_second_broken_file_does_not_push_out_the_first(home):
    for text in ("one", "two"):
        (home / "settings.toml").write_text(text)
        SettingsFile().load()
    assert (home / "settings.wrong-1.toml").read_text() == "one"
    assert (home / "settings.wrong-2.toml").read_text() == "two"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no file modes; the profile's own rights hold there")
def test_that_only_this_person_may_read_the_settings(home):
    """RELIABILITY 101."""
    SettingsFile().change(theme="dark")
    assert (home / "settings.toml").stat().st_mode & 0o777 == 0o600


def test_that_studio_home_holds_everything_of_the_workstation(home):
    assert config_folder() == data_folder() == home
    assert default_database_url() == f"sqlite:///{home.as_posix()}/studio.db"


def test_that_settings_of_another_folder_can_be_read(tmp_path):
    SettingsFile(tmp_path).change(theme="dark")
    assert (tmp_path / "settings.toml").is_file()
    assert SettingsFile().load() == Settings()


def test_that_without_studio_home_the_persons_own_folders_are_used(monkeypatch):
    monkeypatch.delenv("STUDIO_HOME")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    for folder in (config_folder(), data_folder()):
        assert folder.is_relative_to(Path.home())
        assert "studio" in folder.name.casefold()
