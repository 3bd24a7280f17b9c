"""The folder that PyInstaller builds runs where no Python is."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

GPL = ("charts", "datavisualization", "graphs", "virtualkeyboard", "networkauth", "quick3d", "httpserver", "timeline")


def _can_build() -> bool:
    """PyInstaller carries Python's shared library along, and on Linux reads libraries with objdump."""
    if sys.platform != "linux":
        return True
    library = sysconfig.get_config_var("INSTSONAME")
    beside_python = str(Path(sysconfig.get_config_var("LIBDIR")) / library)
    return shutil.which("objdump") is not None and (_loads(library) or _loads(beside_python))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not _can_build(), reason="needs a Python with a shared library, and objdump (package binutils)")
def test_that_the_built_folder_passes_its_own_test_without_any_python(tmp_path, monkeypatch):
    monkeypatch.setenv("PYINSTALLER_CONFIG_DIR", str(tmp_path / "cache"))
    options = ["--noconfirm", "--log-level=WARN", f"--distpath={tmp_path / 'dist'}", f"--workpath={tmp_path / 'work'}"]
    build = [sys.executable, "-m", "PyInstaller", *options, str(ROOT / "studio_desktop.spec")]
    built = subprocess.run(build, cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert built.returncode == 0, built.stderr[-4000:]
    folder = tmp_path / "dist" / "Studio Desktop"
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | {"PATH": os.defpath}
    program = folder / ("studio-desktop.exe" if sys.platform == "win32" else "studio-desktop")
    tested = subprocess.run(
        [program, "self-test"], cwd=tmp_path, env=bare, capture_output=True, text=True, timeout=240
    )
    assert tested.returncode == 0, tested.stdout + tested.stderr
    # Of all that comes along with the preview of documents, nothing that is under the GPL alone.
    shipped = [path.name.lower() for path in folder.rglob("*") if "qt6" in path.name.lower() or "pyside" in str(path)]
    assert [name for name in shipped if any(part in name for part in GPL)] == []
    assert any("qt6pdf" in name for name in shipped)
    assert (folder / program.name.replace("studio-desktop", "Studio Desktop")).exists()
