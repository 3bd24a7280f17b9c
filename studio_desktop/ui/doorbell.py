"""One window for a studio on this computer: a second start finds the first window and says who calls.

What Qt needs for it is imported where it is used: the first painting of the window does without (PERFORMANCE G6).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QObject

from studio_desktop.paths import short_name

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

_PATIENCE = 300
"""Milliseconds for one word with another window on the same computer."""

_LONGEST_MESSAGE = 200


def reached_first_window(url: str, caller: str | None) -> bool:
    """Whether another start of this program has the studio in its window, which then comes to the front.

    A file has one window only; one on a server is disturbed by a `caller` alone, for many may be open on it.
    """
    if not url or (caller is None and not _is_file(url)):
        return False
    door = _door(url)
    if sys.platform != "win32" and not Path(door).exists():
        return False  # nobody ever opened it since this computer was started
    from PySide6.QtNetwork import QLocalSocket

    knocking = QLocalSocket()
    knocking.connectToServer(door)
    if not knocking.waitForConnected(_PATIENCE):
        return False
    knocking.write(f"{caller or ''}\n".encode()[:_LONGEST_MESSAGE])
    knocking.waitForBytesWritten(_PATIENCE)
    knocking.disconnectFromServer()
    return knocking.state() is QLocalSocket.LocalSocketState.UnconnectedState or knocking.waitForDisconnected(_PATIENCE)


def doorbell(url: str, window: QObject, tell: Callable[[str], object]) -> QLocalServer | None:
    """Hears for this window who wants it: `tell` is given what was said, perhaps the number of a caller.

    None where another window on the studio answers already.
    """
    from PySide6.QtNetwork import QLocalServer

    server = QLocalServer(window)
    server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)

    def open_door() -> None:
        visitor = server.nextPendingConnection()

        def hear() -> None:
            told = bytes(visitor.read(_LONGEST_MESSAGE).data()).decode("utf-8", "replace")
            visitor.deleteLater()
            if told:
                tell(told)

        visitor.disconnected.connect(hear)

    server.newConnection.connect(open_door)
    if server.listen(_door(url)):
        return server
    if not _is_file(url) and _is_answered(_door(url)):
        return None
    # Left by a program that was killed; of a file its lock says that nobody else has it open.
    QLocalServer.removeServer(_door(url))
    server.listen(_door(url))
    return server


def _is_answered(door: str) -> bool:
    from PySide6.QtNetwork import QLocalSocket

    knocking = QLocalSocket()
    knocking.connectToServer(door)
    return knocking.waitForConnected(_PATIENCE)


def _door(url: str) -> str:
    """Where the window on this studio answers; it is this computer's user's own."""
    studio = str(Path(url.removeprefix("sqlite:///")).expanduser().absolute()) if _is_file(url) else url
    name = f"studio-desktop-{short_name(f'{Path.home()} {studio}')}"
    if sys.platform == "win32":
        return name
    # Where the system gives the person a folder of her own, nobody else can put up a door of the same name.
    own = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    return str((own if own.is_absolute() and own.is_dir() else Path(QDir.tempPath())) / name)


def _is_file(url: str) -> bool:
    return url.startswith("sqlite:///")
