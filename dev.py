#!/usr/bin/env python3
"""Set up and use a fresh checkout of Studio Desktop; needs nothing but Python 3.11 or newer.

    python3 dev.py demo     fill a demo studio in demo/, print its labels and status report there, open its window
    python3 dev.py run      open the program on this workstation's own studio
    python3 dev.py test     the whole test suite
    python3 dev.py check    ruff, mypy and the walls between the layers

The first call makes .venv and installs into it; later ones only when what is installed has changed. What follows the
command goes to it: `dev.py test tests/ui -k ribbon`, `dev.py demo --clients 20000`, `dev.py run -- --help`.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
DEMO = ROOT / "demo"

# Debian and Ubuntu packages, each by a library that it brings: without the first group Qt does not load at all, without
# the second no window opens on a screen; the third adds printing.
NEEDED = {
    "libgl1": "libGL.so.1",
    "libegl1": "libEGL.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libxkbcommon0": "libxkbcommon.so.0",
}
ON_SCREEN = {
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libwayland-cursor0": "libwayland-cursor.so.0",
    "libwayland-egl1": "libwayland-egl.so.1",
}
PRINTING = {"libcups2": "libcups.so.2"}
# What the tests of a screen reader need beside the second group, and those of power cuts, by a program that it brings.
TESTED_WITH = {
    "xvfb": "Xvfb", "dbus": "dbus-daemon", "at-spi2-core": "/usr/libexec/at-spi-bus-launcher", "strace": "strace",
}  # fmt: skip


def main(arguments: list[str]) -> int:
    """Do what the command line asks; the exit status says whether it went well."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the one place that says so instead of a syntax error
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    commands = {"demo": demo, "run": run, "test": test, "check": check}
    command, *rest = arguments or ["help"]
    if command in {"help", "-h", "--help"}:
        print(__doc__)
        return 0
    if command not in commands:
        print(f"There is no command “{command}”. Commands: {', '.join(commands)}.", file=sys.stderr)
        return 2
    if command != "check":
        install_system_libraries(for_windows=command != "test" and has_display(), for_tests=command == "test")
    install()
    return commands[command]([word for word in rest if word != "--"])


def demo(options: list[str]) -> int:
    """A studio of its own in demo/: filled once, its documents made, its window opened or pictured."""
    DEMO.mkdir(exist_ok=True)
    environment = {**os.environ, "STUDIO_HOME": str(DEMO / "workstation")}
    studio = DEMO / "studio.db"

    def program(file: Path, *words: str) -> int:
        url = f"sqlite:///{file.as_posix()}"
        command = [str(PYTHON), "-m", "studio_desktop", "--database", url, *words]
        return subprocess.call(command, cwd=ROOT, env=environment)

    if studio.exists():
        print(f"The demo studio of an earlier call is used; remove {DEMO} to begin anew.")
    else:
        # Under another name until it is full, so that an interrupted call leaves no half studio behind.
        filling = DEMO / "filling.db"
        remove_all(DEMO.glob("filling.db*"))
        status = program(filling, "demo", *options)
        if status:
            return status
        filling.rename(studio)
        remove_all(DEMO.glob("filling.db*"))
    for words in (
        ("labels", "--output", str(DEMO / "labels.pdf")),
        ("report", "client-statuses", "--output", str(DEMO / "client-statuses.pdf")),
        ("report", "client-statuses", "--output", str(DEMO / "client-statuses.xlsx")),
    ):
        status = program(studio, *words)
        if status:
            return status
    if has_display():
        return program(studio)
    print(f"There is no display: taking a picture of every window into {DEMO / 'pictures'} instead.", flush=True)
    environment["QT_QPA_PLATFORM"] = "offscreen"
    return program(studio, "pictures", "--output", str(DEMO / "pictures"))


def run(options: list[str]) -> int:
    """The program itself, on the database that this workstation uses."""
    return subprocess.call([str(PYTHON), "-m", "studio_desktop", *options], cwd=ROOT)


def test(options: list[str]) -> int:
    """The whole suite on all cores, or the tests that are named; further options go to pytest. Needs no display.

    One process more than there are cores: a test waits for a disk or a server nearly half of its time.
    """
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    # Tests start the program hundreds of times: where compiled modules are not kept, that is most of their time.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    is_whole = all(one.startswith("-") for one in options)
    everything = ["--numprocesses", str((os.cpu_count() or 1) + 1), "--dist", "worksteal"] if is_whole else []
    return subprocess.call([str(PYTHON), "-m", "pytest", *everything, *options], cwd=ROOT, env=environment)


def check(options: list[str]) -> int:
    """Every check, even when an earlier one has found something."""
    lint_imports = shutil.which("lint-imports", path=str(PROGRAMS)) or "lint-imports"
    checks = (
        [str(PYTHON), "-m", "ruff", "check", *(options or ["."])],
        [str(PYTHON), "-m", "mypy"],
        [lint_imports],
    )
    return max(abs(subprocess.call(command, cwd=ROOT)) for command in checks)


def remove_all(files: Iterable[Path]) -> None:
    """Remove files."""
    for file in list(files):
        file.unlink()


def has_display() -> bool:
    """Whether a window can be opened."""
    return not sys.platform.startswith("linux") or any(os.environ.get(v) for v in ("DISPLAY", "WAYLAND_DISPLAY"))


def install() -> None:
    """Make .venv hold the project and what it needs, unless it does already."""
    stamp = VENV / "studio-stamp"
    # An environment belongs to one Python and one place; its packages to the files that name them.
    home = digest(sys.version.encode(), str(ROOT).encode())
    packages = digest(*((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")))
    found = stamp.read_text().split() if stamp.exists() else [home]
    usable = found[:1] == [home] and PYTHON.exists() and succeeds([str(PYTHON), "-c", "import pip"], quiet=True)
    if usable and found == [home, packages]:
        return
    print("Installing into .venv …", flush=True)
    if not usable:
        make_environment()
    if not install_packages():
        sys.exit("The packages could not be installed; what went wrong stands above.")
    stamp.write_text(f"{home} {packages}")


def make_environment() -> None:
    """Make an empty .venv with pip; on Debian and Ubuntu Python's own package for that may be missing."""
    uv = shutil.which("uv")
    if uv and succeeds([uv, "venv", "--quiet", "--seed", "--clear", "--python", sys.executable, str(VENV)]):
        return
    if not find_spec("ensurepip") and not (shutil.which("apt-get") and apt_install(["python3-venv"])):
        sys.exit("This Python cannot make a virtual environment: its module ensurepip is missing.")
    venv.create(VENV, with_pip=True, clear=True)


def install_packages() -> bool:
    """Install the project, editable, and its packages in the versions of constraints.txt."""
    options = ["--quiet", "--constraint", str(ROOT / "constraints.txt"), "--editable", f"{ROOT}[dev]"]
    uv = shutil.which("uv")
    if uv and succeeds([uv, "pip", "install", "--compile-bytecode", "--python", str(PYTHON), *options]):
        return True
    return succeeds([str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *options])


def digest(*parts: bytes) -> str:
    """A short name for exactly this content."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def install_system_libraries(*, for_windows: bool, for_tests: bool) -> None:
    """On Debian and Ubuntu install the libraries that Qt finds missing, or say the one line that does."""
    if not (sys.platform.startswith("linux") and shutil.which("apt-get") and shutil.which("dpkg-query")):
        return
    necessary = {**NEEDED, **ON_SCREEN} if for_windows else NEEDED
    useful = {**PRINTING, **ON_SCREEN} if for_tests else PRINTING
    missing = [package for package, name in {**necessary, **useful}.items() if not loads(name)]
    if for_tests:
        missing += [package for package, program in TESTED_WITH.items() if not shutil.which(program)]
    if not any(Path("/usr/share/fonts").rglob("*.[to]tf")):
        missing.append("fonts-dejavu-core")
    if missing and not apt_install(missing) and not set(missing).isdisjoint(necessary):
        sys.exit(1)


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages if this user may without being asked; says whether they are there now."""
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if sys.platform != "win32" and os.geteuid() == 0:
        privilege = []
    elif shutil.which("sudo") and succeeds(["sudo", "--non-interactive", "true"], quiet=True):
        privilege = ["sudo", "--non-interactive"]
    else:
        print(f"System libraries are missing. Install them with:\n    sudo {shlex.join(install)}", file=sys.stderr)
        return False
    print(f"Installing system libraries: {' '.join(packages)} …", flush=True)
    quietly = [*privilege, "env", "DEBIAN_FRONTEND=noninteractive"]
    # The lists of a fresh machine are empty or old: then once more with new ones.
    if succeeds([*quietly, *install], quiet=True):
        return True
    succeeds([*quietly, "apt-get", "update", "--quiet"], quiet=True)
    return succeeds([*quietly, *install, "--quiet"])


def loads(library: str) -> bool:
    """Whether the system's loader finds the shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def succeeds(command: list[str], *, quiet: bool = False) -> bool:
    """Run a command; `quiet` keeps to itself what it prints."""
    return subprocess.run(command, cwd=ROOT, capture_output=quiet, check=False).returncode == 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
