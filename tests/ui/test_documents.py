"""Documents that are files at once, and what becomes of one that takes long."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from studio_desktop.ui.documents import (
    WORKBOOK,
    Document,
    Progress,
    dated_path,
    documents_folder,
    make_document,
    make_folder,
)
from tests.ui.conftest import DeskShell


def test_that_leaving_the_program_ends_a_file_that_takes_long(shell: DeskShell, qtbot: QtBot, tmp_path: Path) -> None:
    """RELIABILITY B9 116: it said how far it was, and no lane stays at work behind a closed window."""
    said = threading.Event()

    def write(_: Path, progress: Progress) -> Any:
        rows = 0
        while True:
            rows += 1
            progress(rows, 0)
            said.set()

    owner = QObject()
    make_document(shell, owner, Document("Clients", "list", write), WORKBOOK, path=tmp_path / "Clients.xlsx")
    qtbot.waitUntil(said.is_set)
    qtbot.waitUntil(lambda: "rows so far" in shell.said[-1])
    assert shell.tasks.close(30)
    assert list(tmp_path.glob("*.xlsx")) == []


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    "title", ["../../etc/passwd", "C:\\x", "CON", "a\x00b", "\u202efdp.exe", "影" * 200, "x" * 400, "A: <b>?", "..."]
)
def test_that_a_document_of_any_title_is_a_file_in_its_folder(shell: DeskShell, title: str) -> None:
    """RELIABILITY 84."""
    path = dated_path(shell, title, ".pdf")
    make_folder(path.parent)
    path.write_bytes(b"")
    assert path.parent == documents_folder(shell.settings)
    assert len(path.name.encode()) < 256
    assert not set(path.name) & set('\\/:*?"<>|\x00\u202e')
