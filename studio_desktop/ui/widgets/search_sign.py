"""The magnifier in front of every line that searches."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLineEdit

from studio_desktop.ui.icons import icon


def add_search_sign(line: QLineEdit) -> None:
    """Put it there; pressed, by a screen reader say, it puts the cursor into the line."""
    sign = line.addAction(icon("search", "dim"), QLineEdit.ActionPosition.LeadingPosition)
    sign.setText(QCoreApplication.translate("SearchSign", "Search"))
    sign.triggered.connect(lambda: line.setFocus(Qt.FocusReason.OtherFocusReason))
