"""A client was deleted at another desk while it was edited here: bring it back with what is typed, or drop that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from studio_desktop.domain.errors import Deleted
from studio_desktop.domain.permissions import Permission
from studio_desktop.services import new_request

if TYPE_CHECKING:
    from studio_desktop.services import Saved
    from studio_desktop.ui.page import Shell


def settle_deletion(
    shell: Shell,
    page: QWidget,
    client_id: int,
    name: str,
    error: Deleted,
    save: Callable[[], None],
    drop: Callable[[], None],
) -> None:
    """Say who deleted the client and when; then `save` once it is back, `drop` what is typed, or change nothing.

    Who may not delete clients may not bring them back either.
    """
    desk = shell.services.desk
    question = page.tr("{who} deleted {name} while you were editing it.").format(who=error.who, name=name)
    if error.when is not None:
        moment = shell.formats.instant(error.when, desk.clock.today())
        question = page.tr("{who} deleted {name} on {moment}, while you were editing it.").format(
            who=error.who, name=name, moment=moment
        )
    explanation, answers = page.tr("What you typed is not saved."), [page.tr("&Discard what is typed")]
    may_restore = desk.may(Permission.DELETE_CLIENTS)
    if may_restore:
        answers.insert(0, page.tr("&Restore and save"))
    else:
        explanation += " " + page.tr("The owner or a manager can bring the client back.")
    answer = shell.prompts.choose(page, question, explanation, answers)
    if answer == 0 and may_restore:
        _restore(shell, page, client_id, name, save)
    elif answer is not None:
        drop()


def _restore(shell: Shell, page: QWidget, client_id: int, name: str, then: Callable[[], None]) -> None:
    trash, request = shell.services.trash, new_request()

    def restored(saved: Saved[int]) -> None:
        shell.saved(page.tr("Restored {name}").format(name=name), saved.changes)
        then()

    shell.tasks.run(page, lambda: trash.restore([client_id], request), restored)
