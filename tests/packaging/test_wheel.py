"""The wheel that is installed at a studio holds everything the program needs, and only that."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.packaging.test_checkout import ROOT, committed_files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built with what is installed: no network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    built = subprocess.run([sys.executable, "-c", build, str(folder)], cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_that_the_wheel_holds_every_form_resource_migration_and_module(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = set()
    for path in committed_files():
        place = path.relative_to(ROOT)
        if place.parts[0] in {"forms", "resources"}:
            wanted.add(f"studio_desktop/{place.as_posix()}")
        elif place.parts[0] == "studio_desktop":
            wanted.add(place.as_posix())
    for part in ("/forms/", "/resources/", "/migrations/versions/"):
        assert any(part in name for name in wanted), part
    assert wanted - inside == set()


def test_that_the_wheel_brings_no_tests_and_nothing_of_the_developers(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"studio_desktop"}


def test_that_the_wheel_installs_the_command_and_its_licences(wheel):
    archive = zipfile.ZipFile(wheel)
    entry_points = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
    assert "studio-desktop = studio_desktop.__main__:main" in archive.read(entry_points).decode()
    licences = {Path(name).name for name in archive.namelist() if "/licenses/" in name}
    assert "LICENSE" in licences
    assert {path.name for path in (ROOT / "resources" / "licenses").iterdir()} <= licences


@pytest.mark.timeout(300)
def test_that_the_installed_wheel_passes_its_own_test(wheel, tmp_path, monkeypatch):
    installed = tmp_path / "installed"
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(installed), str(wheel)]
    subprocess.run([sys.executable, *install], check=True, timeout=60)
    monkeypatch.setenv("PYTHONPATH", str(installed))
    where = [sys.executable, "-c", "import studio_desktop.paths as p; print(p.FORMS)"]
    forms = subprocess.run(where, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.strip()
    assert Path(forms) == installed / "studio_desktop" / "forms"
    tested = subprocess.run(
        [sys.executable, "-m", "studio_desktop", "self-test"], cwd=tmp_path, capture_output=True, text=True, timeout=240
    )
    assert tested.returncode == 0, tested.stdout + tested.stderr
