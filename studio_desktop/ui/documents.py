"""Files made from what is shown: no question asked, a dated name in the folder for documents, opened at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, QObject, QStandardPaths

from studio_desktop.domain.errors import StudioError
from studio_desktop.settings import Settings

if TYPE_CHECKING:
    from studio_desktop.ui.page import Shell


class WrittenFile(Protocol):
    """What writing a document gives: how many rows it has, and sentences about what it could not hold as it is."""

    @property
    def rows(self) -> int:
        """How many rows were written."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a person should know of the file."""


def documents_folder(settings: Settings) -> Path:
    """Where this workstation keeps documents."""
    if settings.reports_folder:
        return Path(settings.reports_folder).expanduser()
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))


def dated_path(shell: Shell, title: str, ending: str) -> Path:
    """`Clients 2026-03-10.xlsx` in that folder, with a number if there is one of that name."""
    folder = documents_folder(shell.settings)
    name = f"{title} {shell.services.desk.clock.today():%Y-%m-%d}"
    path, number = folder / f"{name}{ending}", 2
    while path.exists():
        path, number = folder / f"{name} ({number}){ending}", number + 1
    return path


def make_document(
    shell: Shell, owner: QObject, title: str, ending: str, write: Callable[[Path], WrittenFile]
) -> None:
    """Have the file written in the lane for long work, then open it and say where it is (FRONT_DESK job 9)."""
    path = dated_path(shell, title, ending)

    def written() -> WrittenFile:
        path.parent.mkdir(parents=True, exist_ok=True)
        return write(path)

    def done(file: WrittenFile) -> None:
        said = _tr("{count} rows in {name}, in the folder {folder}.").format(
            count=shell.formats.number(file.rows), name=path.name, folder=path.parent
        )
        shell.say(" ".join((said, *file.remarks)))
        try:
            shell.prompts.open_document(path)
        except StudioError as error:
            shell.failed(error)

    shell.say(_tr("Writing {name} …").format(name=path.name))
    shell.tasks.run(owner, written, done, lane="bulk")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Documents", text)
