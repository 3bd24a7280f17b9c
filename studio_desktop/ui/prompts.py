"""Everything the program asks in a modal dialog, and everything it opens outside: one object, replaceable in tests."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QProcess, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices  # noqa: TID251 - this is the one place
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,  # noqa: TID251
    QLineEdit,
    QMessageBox,  # noqa: TID251
    QVBoxLayout,
    QWidget,
)

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.text import is_email
from studio_desktop.ui import theme
from studio_desktop.ui.widgets.buttons import FlatButton, PrimaryButton
from studio_desktop.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

EXTERNAL_SCHEMES = ("http", "https", "mailto", "tel")
"""What a link in a record may begin with; nothing else is ever opened."""


class Prompts:
    """Asks the person at the desk. Every text is shown as it is, never as markup."""

    def confirm(self, parent: QWidget | None, question: str, explanation: str, action: str) -> bool:
        """Whether to do it; `action` names the button that does (*Delete 3 clients*). Enter and Esc do not."""
        return self.choose(parent, question, explanation, (action,)) == 0

    def choose(self, parent: QWidget | None, question: str, explanation: str, answers: Sequence[str]) -> int | None:
        """The index of the answer given; None for Cancel, which is what Enter and Esc give."""
        box = QMessageBox(parent)
        box.setWindowTitle(QCoreApplication.applicationName())
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(question)
        box.setInformativeText(explanation)
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        buttons = [box.addButton(answer, QMessageBox.ButtonRole.AcceptRole) for answer in answers]
        box.setDefaultButton(cancel)
        box.setEscapeButton(cancel)
        box.exec()
        clicked = box.clickedButton()
        return next((index for index, button in enumerate(buttons) if button is clicked), None)

    def inform(self, parent: QWidget | None, title: str, text: str) -> None:
        """Say something that must be read before work goes on."""
        box = QMessageBox(parent)
        box.setWindowTitle(QCoreApplication.applicationName())
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(title)
        box.setInformativeText(text)
        box.addButton(QMessageBox.StandardButton.Ok)
        box.exec()

    def ask_text(self, parent: QWidget | None, title: str, label: str, text: str = "") -> str | None:
        """One line of text, `text` to begin with; None for Cancel."""
        dialog = _TextDialog(parent, title, label, text)
        return dialog.text() if dialog.exec() == QDialog.DialogCode.Accepted else None

    def choose_file(self, parent: QWidget | None, title: str, kinds: str, folder: Path | None = None) -> Path | None:
        """A file to read; `kinds` as Qt writes them: `Spreadsheets (*.csv *.xlsx)`. None for Cancel."""
        chosen, _ = QFileDialog.getOpenFileName(parent, title, str(folder or _documents()), kinds)
        return Path(chosen) if chosen else None

    def save_file(self, parent: QWidget | None, title: str, kinds: str, suggested: Path) -> Path | None:
        """Where to write a file; one that exists is asked about. None for Cancel."""
        if not suggested.is_absolute():
            suggested = _documents() / suggested
        chosen, _ = QFileDialog.getSaveFileName(parent, title, str(suggested), kinds)
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix else path.with_suffix(suggested.suffix)

    def choose_folder(self, parent: QWidget | None, title: str, folder: Path | None = None) -> Path | None:
        """A folder that exists; None for Cancel."""
        chosen = QFileDialog.getExistingDirectory(parent, title, str(folder or _documents()))
        return Path(chosen) if chosen else None

    def printers(self) -> list[str]:
        """The printers of this computer, by name."""
        from PySide6.QtPrintSupport import QPrinterInfo

        return list(QPrinterInfo.availablePrinterNames())

    def printer(
        self, parent: QWidget | None, name: str, prepare: Callable[[QPrinter], None], *, ask: bool, pages: int = 1
    ) -> QPrinter | None:
        """The printer of that name, prepared, to be drawn on; `ask` lets the person choose another, None for Cancel.

        A person who is asked also says which of so many `pages`. Raises `InvalidInput` when the computer has no
        printer of that name and nobody is asked.
        """
        # Looking for printers takes time, which a start of the window shall not wait for.
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        is_known = name in self.printers()
        if not (ask or is_known):
            raise InvalidInput("There is no printer {name} here. Choose one in Settings.", name=name)
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if is_known:
            printer.setPrinterName(name)
        prepare(printer)
        if not ask:
            return printer
        dialog = QPrintDialog(printer, parent)
        dialog.setMinMax(1, pages)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, pages > 1)
        return printer if dialog.exec() == QDialog.DialogCode.Accepted else None

    def start_program(self, *words: str) -> None:
        """Start this program once more, with these words on its command line. Raises `InvalidInput` if it does not."""
        arguments = list(words) if getattr(sys, "frozen", False) else ["-m", "studio_desktop", *words]
        started, _ = QProcess.startDetached(sys.executable, arguments)
        if not started:
            raise InvalidInput("A second window could not be started: {program}.", program=sys.executable)

    def open_external(self, link: str) -> None:
        """Open a link in the browser, the mail program or the phone program.

        One without a scheme is taken for a web address. Raises `InvalidInput` for a scheme that is not among
        `EXTERNAL_SCHEMES`, and if the system has no program for it.
        """
        self._open(external_url(link), link)

    def open_document(self, path: Path) -> None:
        """Open a file we just wrote; raises `InvalidInput` if the system has no program for it."""
        self._open(QUrl.fromLocalFile(str(path.resolve())), path.name)

    def _open(self, url: QUrl, shown: str) -> None:
        if not QDesktopServices.openUrl(url):
            raise InvalidInput("This computer has no program that opens {what}.", what=shown)


def external_url(link: str) -> QUrl:
    """The link as an address that may be opened; raises `InvalidInput` for any other.

    `www.example.com` is taken for https; files, scripts and programs are refused whatever they are called, and so is
    what looks as if it led elsewhere: a name before the host, a letter with more than one receiver (RELIABILITY 83).
    """
    link = link.strip()
    if len(link) > _LONGEST_LINK:
        raise InvalidInput("This link is longer than {most} characters and is not opened.", most=_LONGEST_LINK)
    scheme, colon, rest = link.partition(":")
    # A port is no scheme: studio.example:8080.
    has_scheme = (bool(colon) and not rest[:1].isdigit()) or scheme.lower() in ("tel", "mailto")
    url = QUrl(link if has_scheme else f"https://{link}")
    if url.scheme() not in EXTERNAL_SCHEMES:
        raise InvalidInput("Links that begin with {scheme}: are not opened.", scheme=url.scheme() or scheme)
    is_page = url.scheme() in ("http", "https")
    is_one_letter = not url.hasQuery() and is_email(url.path(QUrl.ComponentFormattingOption.FullyDecoded))
    if not url.isValid() or (is_page and not url.host()) or (url.scheme() == "mailto" and not is_one_letter):
        raise InvalidInput("{link} is not an address that can be opened.", link=link)
    if is_page and url.userInfo():
        raise InvalidInput(
            "{link} leads to {host}, not to what stands before the @. Write the address without it.",
            link=link,
            host=url.host(),
        )
    return url


def shown_host(link: str) -> str:
    """Where a link would lead, to be read before it is opened; empty where it is not opened.

    Letters of other scripts that look like Latin ones show in how the host is written between computers.
    """
    try:
        url = external_url(link)
    except InvalidInput:
        return ""
    host, coded = url.host(), url.host(QUrl.ComponentFormattingOption.FullyEncoded)
    return host if host == coded else f"{host} = {coded}"


_LONGEST_LINK = 2_000


def _tr(text: str) -> str:
    return QCoreApplication.translate("Prompts", text)


def _documents() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))


class _TextDialog(QDialog):
    def __init__(self, parent: QWidget | None, title: str, label: str, text: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        caption = PlainLabel(label, self)
        self._edit = QLineEdit(text, self)
        self._edit.setTextMargins(3, 0, 0, 0)
        self._edit.setMinimumWidth(theme.scaled(320))
        self._edit.selectAll()
        caption.setBuddy(self._edit)
        buttons = QDialogButtonBox(self)
        buttons.addButton(PrimaryButton(_tr("&OK")), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(FlatButton(_tr("&Cancel")), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._edit.returnPressed.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        for widget in (caption, self._edit, buttons):
            column.addWidget(widget)

    def text(self) -> str:
        return self._edit.text()
