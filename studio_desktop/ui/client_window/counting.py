"""A client number typed above the counter: whether the studio goes on counting from there (B5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from studio_desktop.domain.permissions import Permission
from studio_desktop.services import new_request
from studio_desktop.services.numbers import LONGEST

if TYPE_CHECKING:
    from studio_desktop.ui.page import Shell


def offer_to_count_on(shell: Shell, owner: QObject, typed: str) -> None:
    """Ask, without stopping anybody, if `typed` was just given to a client and the counter is below it."""
    is_counted = typed.isascii() and typed.isdecimal() and len(typed) < LONGEST
    if not is_counted or not shell.services.desk.may(Permission.PREFERENCES):
        return
    numbers, following = shell.services.numbers, str(int(typed) + 1)

    def count_on() -> None:
        request, said = new_request(), _tr("The next client gets number {number}").format(number=following)
        shell.tasks.run(
            owner,
            lambda: numbers.set_next(following, request),
            lambda saved: shell.saved(said, saved.changes, undoable=False),
        )

    def compare(due: int) -> None:
        if due <= int(typed):
            sentence = _tr("Number {typed} is above the next one, {due}.").format(typed=typed, due=due)
            shell.offer("number", sentence, ((_tr("&Count on from {number}").format(number=following), count_on),))

    shell.tasks.latest(owner, "next number", numbers.next, compare)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Counting", text)
