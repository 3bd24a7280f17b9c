"""All that is kept about a client as one file for that person, at a place that somebody chooses (S4-31)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio_desktop.ui.documents import dated_path, say_written

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from studio_desktop.reports.listing_file import Written
    from studio_desktop.ui.page import Shell


def export_person(shell: Shell, owner: QWidget, client_id: int, name: str) -> None:
    """Ask where, then write it in the lane for long work and say where it lies."""
    suggested = dated_path(shell, _tr("All data of {name}").format(name=name), ".zip")
    target = shell.prompts.save_file(owner, _tr("All data of the client"), _tr("Archives (*.zip)"), suggested)
    if target is None:
        return

    def write(path: Path = target) -> Written:
        from studio_desktop.reports.person import write_person

        return write_person(shell.services, client_id, path)

    shell.say(_tr("Writing {name} …").format(name=target.name))
    shell.tasks.run(owner, write, lambda written: say_written(shell, written, written.path), lane="bulk")


def _tr(text: str) -> str:
    return QCoreApplication.translate("HandOver", text)
