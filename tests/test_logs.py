"""The log can be read, sent to a stranger, and survives what is written into it."""

from __future__ import annotations

import faulthandler
import logging
import os
import re
import subprocess
import sys

import pytest

from studio_desktop import logs

log = logging.getLogger("studio_desktop.tests")


@pytest.fixture
def logged(tmp_path, caplog):
    """`logged()` gives the lines in the log file."""
    with logs.configure(tmp_path, stderr=None) as logging_:
        yield lambda: logging_.path.read_text("utf-8").splitlines()
    # pytest's own handler is for this test's process again.
    faulthandler.enable(sys.__stderr__)


def test_that_an_event_is_one_line_with_its_time_in_utc(logged):
    log.info("client %s saved", 1041)
    (line,) = logged()
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO MainThread studio_desktop.tests: client 1041 saved", line
    )


def test_that_no_name_can_forge_a_line_or_colour_a_terminal(logged):
    """RELIABILITY 105."""
    log.warning("%s", "Adams\n2026-01-01T00:00:00Z ERROR forged\x1b[31m\x9b\u2028\u202egnp.exe\ud800")
    (line,) = logged()
    assert "Adams\\n2026" in line
    assert "\\x1b[31m\\x9b\\u2028\\u202egnp" in line
    assert line.isprintable()


def test_that_a_traceback_stays_in_the_line_of_its_event(logged):
    def save():
        raise ValueError("two\nlines")

    try:
        save()
    except ValueError:
        log.exception("save failed")
    (line,) = logged()
    assert "Traceback" in line
    assert line.endswith("ValueError: two\\nlines")


@pytest.mark.parametrize("secret", ["hunter2", "p@ss:w/rd"])
def test_that_a_password_in_an_address_is_not_written(logged, secret):
    """RELIABILITY 101."""
    log.warning("cannot reach postgresql://studio:%s@server/studio", secret)
    (line,) = logged()
    assert secret not in line
    assert "postgresql://studio:***@server/studio" in line


def test_that_a_warning_of_a_library_is_logged_too(logged):
    logging.getLogger("some.library").warning("beware")
    assert "beware" in logged()[0]


def test_that_standard_error_hears_only_from_the_chosen_level_on(tmp_path, caplog, capsys):
    with logs.configure(tmp_path, stderr=logging.ERROR):
        log.warning("quiet")
        log.error("loud")
    faulthandler.enable(sys.__stderr__)
    assert capsys.readouterr().err == "ERROR: loud\n"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no file modes; the profile's own rights hold there")
def test_that_only_this_person_may_read_the_log(logged, tmp_path):
    """RELIABILITY 101."""
    assert (tmp_path / "studio-desktop.log").stat().st_mode & 0o077 == 0


def test_that_a_full_log_makes_room_and_keeps_the_older_part(logged, tmp_path):
    for number in range(3000):
        log.info("%d %s", number, "x" * 1000)
    files = sorted(path.name for path in tmp_path.glob("studio-desktop.log*"))
    assert files[:2] == ["studio-desktop.log", "studio-desktop.log.1"]
    assert logged()[-1].split()[4] == "2999"


def test_that_a_crash_of_the_interpreter_leaves_its_stack_in_the_crash_log(tmp_path):
    program = (
        "import sys, ctypes; from pathlib import Path; from studio_desktop import logs\n"
        "def deep_in_the_save():\n    ctypes.string_at(0)\n"
        "logs.configure(Path(sys.argv[1]), stderr=None); deep_in_the_save()"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, timeout=30)
    assert ended.returncode != 0
    assert "deep_in_the_save" in (tmp_path / "crash.log").read_text()
