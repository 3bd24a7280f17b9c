"""Texts of several lines that are read from right to left begin at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit

from studio_desktop.ui.elision import runs_to_the_left


def follow_direction(edit: QPlainTextEdit) -> None:
    """Let its lines begin at the side where reading begins, whatever is typed; Qt has them all begin at the left."""

    def follow() -> None:
        side = Qt.AlignmentFlag.AlignRight if runs_to_the_left(edit.toPlainText()) else Qt.AlignmentFlag.AlignLeft
        document = edit.document()
        option = document.defaultTextOption()
        if option.alignment() != side:
            option.setAlignment(side)
            document.setDefaultTextOption(option)

    edit.textChanged.connect(follow)
    follow()
