"""The program under test: shows each of its views and stays at it until the test has looked.

    python -m tests.accessibility.tour URL

A line on standard output names the view; a line on standard input leads to the next one.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QEventLoop, QSocketNotifier
from PySide6.QtWidgets import QApplication

from studio_desktop import app
from studio_desktop.ui.pictures import views


def main(url: str) -> int:
    """Go through all views; the exit status is that of the program."""
    application = QApplication(["studio-desktop"])
    looked = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, application)
    with app.unattended(url) as program:
        refused = program.wait_until_working()
        if refused:
            sys.stderr.write(refused)
            return 1
        for name, _ in views(program.window):
            sys.stdout.write(f"{name}\n")
            sys.stdout.flush()
            stay = QEventLoop()
            looked.activated.connect(stay.quit)
            stay.exec()
            sys.stdin.readline()
            looked.activated.disconnect(stay.quit)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
