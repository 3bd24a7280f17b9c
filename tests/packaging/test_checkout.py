"""What is committed works on every system and betrays none."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from mypy import api as mypy
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]

# In pieces, or this file would be found itself.
SOMEONES_OWN = [
    re.escape("files.python" + "hosted.org"), "py" + r"pi\.org/simple", "registry" + r"\.npmjs",
    "deb" + r"\.debian\.org", "archive" + r"\.ubuntu\.com", "index" + "-url",
    "/wo" + "rk/(?:main|shared)", "/ro" + r"ot/\.", re.escape(str(Path.home())) + r"/\w",
]  # fmt: skip
if len(ROOT.parts) > 2:
    SOMEONES_OWN.append(re.escape(str(ROOT)) + r"\b")


def committed_files() -> list[Path]:
    """Every file under version control, or, where the checkout has no git, every one that would be."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        files = [ROOT / name for name in listed.split("\0") if name]
    else:
        parts = ("studio_desktop", "forms", "resources", "tests", "docs")
        files = [path for part in parts for path in (ROOT / part).rglob("*") if path.suffix != ".pyc"]
    return [path for path in files if path.is_file()]


def test_that_no_committed_file_names_a_package_host_or_a_place_on_someones_computer():
    found = []
    for path in committed_files():
        for line in path.read_bytes().decode("utf-8", errors="ignore").splitlines():
            hit = re.search("|".join(SOMEONES_OWN), line)
            if hit and len(line) < 2000:
                found.append(f"{path.relative_to(ROOT)}: {hit[0]}")
    assert found == []


@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_that_no_call_is_used_that_this_system_lacks(system, tmp_path):
    # The type checker knows of each standard function which systems have it, and understands a guard around it.
    report, errors, _ = mypy.run(
        [
            "--config-file=", f"--cache-dir={tmp_path}", f"--platform={system}", "--python-version=3.11",
            "--check-untyped-defs", "--no-site-packages", "--ignore-missing-imports", "--no-error-summary",
            str(ROOT / "studio_desktop"), str(ROOT / "dev.py"),
        ]
    )  # fmt: skip
    assert errors == ""
    assert [line for line in report.splitlines() if 'Module has no attribute "' in line] == []


def test_that_every_dependency_is_held_to_one_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    pinned: dict[str, list[Requirement]] = {}
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        pin = Requirement(line)
        pinned.setdefault(canonicalize_name(pin.name), []).append(pin)
    for requirement in map(Requirement, wanted):
        versions = [next(iter(pin.specifier)).version for pin in pinned.get(canonicalize_name(requirement.name), [])]
        assert any(requirement.specifier.contains(version) for version in versions), requirement


def test_that_constraints_say_versions_and_never_where_they_came_from():
    text = (ROOT / "constraints.txt").read_text()
    assert "://" not in text
    assert "--" not in text
