"""The log file: one line per event, in the workstation's data folder, safe to read in a terminal.

Events name records by id, never people: a log is sent to strangers when something went wrong.
"""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import re
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

log = logging.getLogger(__name__)

_LINE = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"
_SIZE, _KEPT = 2_000_000, 5


class Logging:
    """The program's log while it runs: `studio-desktop.log`, older ones beside it, and `crash.log`.

    `crash.log` gets the stack of every thread when the interpreter itself dies. `stderr` is the level from which
    events also go to standard error, or None for silence there. Close it to give the files free.
    """

    def __init__(self, folder: Path, *, stderr: int | None = logging.WARNING) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "studio-desktop.log"
        self.crash_path = folder / "crash.log"
        self._handlers: list[logging.Handler] = [_file_handler(self.path)]
        if stderr is not None and sys.stderr is not None:
            terminal = logging.StreamHandler()
            terminal.setLevel(stderr)
            terminal.setFormatter(OneLine("%(levelname)s: %(message)s"))
            self._handlers.append(terminal)
        root = logging.getLogger()
        self._level = root.level
        root.setLevel(logging.INFO)
        for handler in self._handlers:
            root.addHandler(handler)
        logging.captureWarnings(True)
        self._crashes = self.crash_path.open("a")
        self._faulthandler_was_on = faulthandler.is_enabled()
        faulthandler.enable(self._crashes)

    def close(self) -> None:
        """Stop logging and close the files."""
        if self._faulthandler_was_on and sys.__stderr__ is not None:
            faulthandler.enable(sys.__stderr__)
        else:
            faulthandler.disable()
        self._crashes.close()
        logging.captureWarnings(False)
        root = logging.getLogger()
        root.setLevel(self._level)
        for handler in self._handlers:
            root.removeHandler(handler)
            handler.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def configure(folder: Path, *, stderr: int | None = logging.WARNING) -> Logging:
    """Log into `folder` from now on; see `Logging`."""
    return Logging(folder, stderr=stderr)


class OneLine(logging.Formatter):
    """Formats an event, its traceback included, as one line without control characters and without passwords.

    Names and notes that reach the log through an error's text cannot forge lines, colour a terminal or turn its
    writing direction.
    """

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return _UNSEEN.sub(_escaped, _PASSWORD.sub(r"\1***@", super().format(record)))


_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_PASSWORD = re.compile(r"(\w://[^\s:/@]*:)\S+@")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    return _SHORT.get(sign) or (f"\\x{ord(sign):02x}" if ord(sign) < 256 else f"\\u{ord(sign):04x}")


class _Rotating(logging.handlers.RotatingFileHandler):
    """Goes on in the same file when it cannot be renamed: on Windows, while a command runs beside the window."""

    def rotate(self, source: str, dest: str) -> None:
        try:
            super().rotate(source, dest)
        except PermissionError:
            self.maxBytes = 0


def _file_handler(path: Path) -> logging.Handler:
    handler = _Rotating(path, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8")
    path.chmod(0o600)
    handler.setFormatter(OneLine(_LINE))
    return handler
