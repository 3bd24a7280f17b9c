"""Documents made from what is shown: looked at and printed in the preview, or files with a dated name at once.

The window's bar says where each file lies and offers a copy elsewhere (FRONT_DESK job 9).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, QObject, QStandardPaths
from PySide6.QtWidgets import QWidget

from studio_desktop.domain.errors import StudioError
from studio_desktop.paths import atomic_write
from studio_desktop.settings import Settings
from studio_desktop.ui.background import Job

if TYPE_CHECKING:
    from studio_desktop.ui.page import Shell

PDF, WORKBOOK = ".pdf", ".xlsx"

Progress = Callable[[int, int], None]
"""Hears how many are done, of how many (0: not known); what it raises ends the work, and then there is no file."""


class WrittenFile(Protocol):
    """What writing a document gives: how many rows it has, and sentences about what it could not hold as it is."""

    @property
    def rows(self) -> int:
        """How many rows were written."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a person should know of the file."""


@dataclass(frozen=True, slots=True)
class Document:
    """Something that can be looked at page by page, printed, and kept as a file.

    `write` makes what the name of the file ends in, in the lane for long work. `kind` is what this workstation
    remembers a printer by; `printer` is the one it was made for, if it was made for one. Pages of `is_full_size` are
    never shrunk to the paper. `used` is called when it is printed or kept for the first time.
    """

    title: str
    kind: str
    write: Callable[[Path, Progress], WrittenFile]
    has_workbook: bool = True
    is_full_size: bool = False
    printer: str = ""
    used: Callable[[], None] | None = None


def documents_folder(settings: Settings) -> Path:
    """Where this workstation keeps documents."""
    if settings.reports_folder:
        return Path(settings.reports_folder).expanduser()
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))


def dated_path(shell: Shell, title: str, ending: str) -> Path:
    """`Clients 2026-03-10.xlsx` in that folder, with a number if there is one of that name."""
    folder = documents_folder(shell.settings)
    name = f"{_file_name(title)} {shell.services.desk.clock.today():%Y-%m-%d}"
    path, number = folder / f"{name}{ending}", 2
    while path.exists():
        path, number = folder / f"{name} ({number}){ending}", number + 1
    return path


def make_folder(folder: Path) -> None:
    """Make the folder for a document where there is none. Raises StudioError that says why it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(
            "There is no folder {folder}, and it cannot be made: {why}.", folder=folder, why=error.strerror
        ) from error


def make_document(
    shell: Shell,
    owner: QObject,
    document: Document,
    ending: str,
    *,
    path: Path | None = None,
    then: Callable[[], None] | None = None,
    failed: Callable[[StudioError], None] | None = None,
    always: Callable[[], None] | None = None,
) -> None:
    """Have a file written in the lane for long work, then show it and say where it is (FRONT_DESK job 9).

    It goes to `path` if somebody chose one. `then` is called once it is there, `failed` if it cannot be written,
    `always` before either. Leaving the program ends the work.
    """
    target = path or dated_path(shell, document.title, ending)
    job = Job()

    def written() -> WrittenFile:
        make_folder(target.parent)
        return document.write(target, job.report)

    def tell(rows: int, _: int) -> None:
        said = _tr("Writing {name}: {count} rows so far …")
        shell.say(said.format(name=target.name, count=shell.formats.number(rows)))

    def done(file: WrittenFile) -> None:
        say_written(shell, file, target)
        if target.suffix.lower() == PDF:
            shell.preview(document, target)
        else:
            open_document(shell, target)
        if then is not None:
            then()

    shell.say(_tr("Writing {name} …").format(name=target.name))
    job.progressed.connect(tell)
    shell.tasks.run(owner, written, done, failed, lane="bulk", always=always, job=job)


def say_written(shell: Shell, file: WrittenFile, path: Path) -> None:
    """Have the window's bar say how much lies where."""
    one, many = _tr("1 row in {name}, in the folder {folder}."), _tr("{count} rows in {name}, in the folder {folder}.")
    said = (one if file.rows == 1 else many).format(
        count=shell.formats.number(file.rows), name=path.name, folder=path.parent
    )
    shell.written(" ".join((said, *file.remarks)), path)


def save_elsewhere(shell: Shell, owner: QWidget, path: Path) -> None:
    """Ask where else a document is to lie, and copy it there."""
    said = _tr("Saved as {name}, in the folder {folder}.")
    save_copy(
        shell, owner, path, path, _tr("Save elsewhere"),
        lambda target: shell.say(said.format(name=target.name, folder=target.parent)),
    )  # fmt: skip


def save_copy(
    shell: Shell, owner: QWidget, path: Path, suggested: Path, title: str, done: Callable[[Path], None]
) -> None:
    """Ask where a copy of a document is to lie, and write it there in the lane for long work."""
    target = shell.prompts.save_file(owner, title, _tr(_KINDS[path.suffix]), suggested)
    if target is None or target == path:
        return

    def copy() -> None:
        try:
            with path.open("rb") as source, atomic_write(target) as file:
                shutil.copyfileobj(source, file)
        except OSError as error:
            raise StudioError(
                "{name} could not be saved in {folder}: {why}. Choose another folder.",
                name=target.name, folder=target.parent, why=error.strerror or error,
            ) from error  # fmt: skip

    shell.tasks.run(owner, copy, lambda _: done(target), lane="bulk")


def open_document(shell: Shell, path: Path) -> None:
    """Open a file we just wrote; where no program does, it is said."""
    try:
        shell.prompts.open_document(path)
    except StudioError as error:
        shell.failed(error)


_KINDS = {
    ".pdf": "PDF documents (*.pdf)",
    ".xlsx": "Excel workbooks (*.xlsx)",
    ".csv": "Text files with commas (*.csv)",
    ".zip": "ZIP files (*.zip)",
}


def _file_name(title: str) -> str:
    """The title without what some system does not take in the name of a file, and of a length that all take."""
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f\u202a-\u202e\u2066-\u2069]+', "-", title).strip(" .")
    return name.encode("utf-8", "ignore")[:_LONGEST_NAME].decode("utf-8", "ignore").strip(" .")


_LONGEST_NAME = 180  # bytes; 255 are allowed with the day, a number and the ending


def _tr(text: str) -> str:
    return QCoreApplication.translate("Documents", text)
