"""How the window says what the rules about records have found: who is alike and why, who was deleted, what is owed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from studio_desktop.domain.balances import Balance
    from studio_desktop.domain.duplicates import Likeness
    from studio_desktop.domain.formats import Formats
    from studio_desktop.services.trash import Deletion
    from studio_desktop.ui.widgets.marks import LightKind


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


def balance_in_words(balance: Balance, formats: Formats) -> list[tuple[LightKind, str, str]]:
    """B6: the lights of what is owed and of what is held for the client, each with its word and its sum."""
    lights: tuple[tuple[LightKind, str, int], ...] = (
        ("red", tr("Past due"), balance.past_due),
        ("yellow", tr("Not yet due"), balance.not_yet_due),
        ("yellow", tr("Credit available"), balance.credit),
    )
    return [(kind, word, formats.amount(amount)) for kind, word, amount in lights if amount]
