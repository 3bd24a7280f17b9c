"""What a screen reader reads of a program: its accessible tree, over the AT-SPI bus of a screen of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path

from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
"""Where Debian, Ubuntu and others keep the program that starts the accessibility bus."""

_ACCESSIBLE = "org.a11y.atspi.Accessible"
_ROOT = "/org/a11y/atspi/accessible/root"
_SHOWING = 1 << 25  # ATSPI_STATE_SHOWING


@dataclass(frozen=True)
class Thing:
    """One accessible object that is showing: what it is and is called, with what has a name around it."""

    role: str
    name: str
    description: str
    within: tuple[str, ...]


def lacking() -> list[str]:
    """The Debian packages that this needs and this machine does not have."""
    needed = {
        "xvfb": shutil.which("Xvfb"),
        "dbus": shutil.which("dbus-daemon"),
        "at-spi2-core": next((path for path in LAUNCHERS if Path(path).exists()), None),
        "libxcb-cursor0": find_library("xcb-cursor"),
    }
    return [package for package, found in needed.items() if not found]


@contextmanager
def screen(folder: Path) -> Iterator[dict[str, str]]:
    """A virtual screen with an accessibility bus; gives the environment of a program that shows itself there."""
    display_read, display_write = os.pipe()
    started = [
        subprocess.Popen(
            ["Xvfb", "-displayfd", str(display_write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
            pass_fds=(display_write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
    ]  # fmt: skip
    try:
        os.close(display_write)
        with os.fdopen(display_read) as told:
            display = f":{told.readline().strip()}"
        bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
        )
        started.append(bus)
        assert bus.stdout is not None
        address = bus.stdout.readline().strip()
        environment = {
            **os.environ,
            "DISPLAY": display,
            "DBUS_SESSION_BUS_ADDRESS": address,
            "XDG_RUNTIME_DIR": str(folder),
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        }
        launcher = next(path for path in LAUNCHERS if Path(path).exists())
        started.append(
            subprocess.Popen(
                [launcher, "--launch-immediately"], env=environment,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
        )  # fmt: skip
        yield environment
    finally:
        for process in reversed(started):
            process.terminate()
        for process in reversed(started):
            process.wait(10)
            if process.stdout is not None:
                process.stdout.close()


class Reader:
    """Reads every program on the accessibility bus of a screen."""

    def __init__(self, environment: dict[str, str]) -> None:
        with open_dbus_connection(bus=environment["DBUS_SESSION_BUS_ADDRESS"]) as session:
            where = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            (address,) = session.send_and_get_reply(new_method_call(where, "GetAddress")).body
        self._bus: DBusConnection = open_dbus_connection(bus=address)

    def close(self) -> None:
        """Leave the bus."""
        self._bus.close()

    def things(self) -> list[Thing]:
        """Everything that is showing, from outside to inside."""
        found: list[Thing] = []
        for program, path in self._children("org.a11y.atspi.Registry", _ROOT):
            for window in self._children(program, path):
                self._read(*window, (), found)
        return found

    def _read(self, program: str, path: str, within: tuple[str, ...], found: list[Thing]) -> None:
        states = self._call(program, path, "GetState")[0]
        if not states[0] & _SHOWING:
            return
        role = self._call(program, path, "GetRoleName")[0]
        name, description = (self._property(program, path, one) for one in ("Name", "Description"))
        found.append(Thing(role, name, description, within))
        if role in ("table", "tree table", "list", "tree"):
            return  # rows are read one by one as the cursor comes to them
        for child in self._children(program, path):
            self._read(*child, (*within, f"{role} {name}") if name else within, found)

    def _children(self, program: str, path: str) -> list[tuple[str, str]]:
        return [(str(one), str(where)) for one, where in self._call(program, path, "GetChildren")[0]]

    def _call(self, program: str, path: str, method: str) -> tuple[object, ...]:
        reply = self._bus.send_and_get_reply(new_method_call(DBusAddress(path, program, _ACCESSIBLE), method))
        body: tuple[object, ...] = reply.body
        return body

    def _property(self, program: str, path: str, name: str) -> str:
        where = DBusAddress(path, program, "org.freedesktop.DBus.Properties")
        reply = self._bus.send_and_get_reply(new_method_call(where, "Get", "ss", (_ACCESSIBLE, name)))
        return str(reply.body[0][1])
