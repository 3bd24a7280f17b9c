"""How the window says that two clients are alike."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio_desktop.domain.duplicates import Likeness


def reasons_in_words(likeness: Likeness) -> str:
    """`same phone, same last name` in the language of the window."""
    return ", ".join(QCoreApplication.translate("Alike", reason.value) for reason in likeness.reasons)
