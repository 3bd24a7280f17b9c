"""How the window says what the rules about records have found: why two are alike, and what became of the deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from studio_desktop.domain.duplicates import Likeness
    from studio_desktop.services.trash import Deletion


def tr(text: str) -> str:
    """The text in the language of the window."""
    return QCoreApplication.translate("Alike", text)


def reasons_in_words(likeness: Likeness) -> str:
    """`same phone, same last name`."""
    return ", ".join(tr(reason.value) for reason in likeness.reasons)


def deletion_in_words(whom: str, deletion: Deletion) -> str:
    """S0-20: who went into the trash, and who was archived instead and why."""
    why = ", ".join(tr(reason) for reason in deletion.why)
    if not deletion.archived:
        return tr("Deleted {whom}").format(whom=whom)
    if not deletion.deleted:
        return tr("Archived instead of deleted: {whom} ({why})").format(whom=whom, why=why)
    said = tr("{deleted} deleted, {archived} archived instead ({why})")
    return said.format(deleted=deletion.deleted, archived=deletion.archived, why=why)
