"""The front door: reads the command line and lets the window or a command do the work."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

NAME = "Studio Desktop"

_URL = "sqlite:///FILE or postgresql://USER@SERVER/NAME"
_OF_THE_WINDOW = ("call", "look", "pictures", "self-test")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the exit status is 0 when done, 1 when refused with one clear line, 2 for wrong usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words:
        return _open_window(None)  # the usual start waits for no command's modules
    options = _parser().parse_args(_with_call(words))
    if options.command and options.command not in _OF_THE_WINDOW:
        from studio_desktop import cli

        return cli.run(options)
    if not options.command or options.command == "call":
        return _open_window(options.database, options.number if options.command else None)
    if options.command == "look":
        return _open_window(None, looks_at=options.file)
    _application(needs_screen=False)
    from studio_desktop import app

    return app.pictures(options.database, options.output) if options.command == "pictures" else app.self_test()


def _with_call(words: list[str]) -> list[str]:
    """A link of the system's as the only argument means a call: `studio-desktop tel:+13305550142`."""
    if "call" in words:
        return words
    return [part for word in words for part in (("call", word) if word.lower().startswith("tel:") else (word,))]


def _open_window(url: str | None, caller: str | None = None, looks_at: Path | None = None) -> int:
    if _application(needs_screen=True) is None:
        sys.stderr.write(f"{_NO_SCREEN}\n")
        return 1
    from studio_desktop import app

    return app.run(url, caller) if looks_at is None else app.look(looks_at)


_NO_SCREEN = (
    "Studio Desktop needs a screen to open its window; there is no display here. "
    "The commands (studio-desktop --help) work without one."
)


def _parser() -> argparse.ArgumentParser:
    import argparse
    from pathlib import Path

    from studio_desktop import __version__, cli

    # Behind a command the option must not overrule, by its absence, the one before it.
    database = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    database.add_argument("--database", metavar="URL", help=_URL)
    parser = argparse.ArgumentParser(
        prog="studio-desktop",
        description="Client management for photography studios. Without a command it opens its window.",
    )
    parser.add_argument("--database", metavar="URL", help=_URL)
    parser.add_argument("--version", action="version", version=f"{NAME} {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    cli.add_commands(commands, database)
    call = commands.add_parser("call", parents=[database], help="show in the window who calls from a phone number")
    call.add_argument("number", metavar="NUMBER", help="as a phone system tells it; tel: links alone mean the same")
    look = commands.add_parser("look", help="open a backup in a window where nothing can be changed")
    look.add_argument("file", type=Path, metavar="FILE")
    pictures = commands.add_parser("pictures", parents=[database], help="a picture of every window, light and dark")
    pictures.add_argument("--output", type=Path, default=Path("pictures"), metavar="FOLDER")
    commands.add_parser("self-test", parents=[database], help="open every window and render every report")
    return parser


def _application(*, needs_screen: bool) -> QApplication | None:
    """The one application object; None if it needs a screen and there is none."""
    has_screen = sys.platform != "linux" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if not has_screen and "QT_QPA_PLATFORM" not in os.environ:
        if needs_screen:
            return None
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    application = QApplication(["studio-desktop"])
    application.setApplicationName(NAME)
    application.setApplicationDisplayName(NAME)
    application.setDesktopFileName("studio-desktop")
    return application


if __name__ == "__main__":
    sys.exit(main())
