"""Tests can make the program fail at a named place, and only tests can."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from studio_desktop.failpoints import VARIABLE, InjectedError, failpoint


def test_that_without_the_variable_nothing_happens():
    failpoint("save.before_commit")


def test_that_only_the_named_place_fails(monkeypatch):
    monkeypatch.setenv(VARIABLE, "save.before_commit:raise, backup.copied:raise")
    failpoint("save.after_commit")
    with pytest.raises(InjectedError, match="before_commit"):
        failpoint("save.before_commit")
    with pytest.raises(InjectedError, match="copied"):
        failpoint("backup.copied")


def test_that_a_number_chooses_the_passage(monkeypatch):
    monkeypatch.setenv(VARIABLE, "third_time_only:raise:3")
    failpoint("third_time_only")
    failpoint("third_time_only")
    with pytest.raises(InjectedError):
        failpoint("third_time_only")
    failpoint("third_time_only")


def test_that_a_plan_with_a_slip_of_the_pen_is_not_ignored(monkeypatch):
    monkeypatch.setenv(VARIABLE, "save:kil")
    with pytest.raises(ValueError, match="kil"):
        failpoint("save")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no signals that tell")
def test_that_kill_ends_the_process_as_kill_9_does(monkeypatch):
    monkeypatch.setenv(VARIABLE, "here:kill")
    program = "from studio_desktop.failpoints import failpoint; failpoint('here'); print('still alive')"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)
    assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, "")
