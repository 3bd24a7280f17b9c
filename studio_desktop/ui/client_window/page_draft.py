"""What is typed on a client's page and not saved, kept on this workstation until it is (RELIABILITY E10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.ui.draft_keeper import DraftKeeper
from studio_desktop.ui.drafts import Draft, pack, unpack

if TYPE_CHECKING:
    from studio_desktop.ui.page import Shell

KEPT_AFTER = 1_000
"""Milliseconds from a change to its draft; two seconds are promised."""

KIND = "client"

BringBack = Callable[[Mapping[str, Any], ClientRecord, datetime], bool]
"""Takes what was typed, the record it was typed into and when; False if there is nothing to it any more."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What is typed and not saved, the record it was typed into, and what the page is called."""

    state: dict[str, Any]
    base: ClientRecord
    title: str


class PageDraft(QObject):
    """The one draft that a person has of a client."""

    def __init__(self, shell: Shell, parent: QObject, client_id: int, typed: Callable[[], Typed | None]) -> None:
        """`typed` gives what is typed and not saved; None for nothing."""
        super().__init__(parent)
        self._shell = shell
        self._client_id = client_id
        self._typed = typed
        self._key = f"client-{client_id}-{shell.services.desk.user_id}"
        self._is_kept = False
        self._keeper = DraftKeeper(shell, self)
        self._soon = QTimer(self, singleShot=True, interval=KEPT_AFTER)
        self._soon.timeout.connect(self.keep)

    def look(self, bring_back: BringBack) -> None:
        """Read what was kept, off this thread, and hand it over."""
        drafts, user = self._shell.drafts, self._shell.services.desk.user_name
        self._shell.tasks.run(self, lambda: drafts.of(user), lambda kept: self._found(kept, bring_back), lane="pool")

    def keep_soon(self) -> None:
        """Something was typed."""
        if not self._soon.isActive():
            self._soon.start()

    def keep(self) -> None:
        """Keep what is typed, as it stands now."""
        typed = self._typed()
        if typed is None:
            self.drop()
            return
        self._is_kept = True
        base = pack(typed.base)
        self._keeper.keep(self._key, KIND, typed.title, typed.state, record_id=self._client_id, base=base)

    def drop(self) -> None:
        """It is saved, or nobody wants it."""
        self._soon.stop()
        if self._is_kept:
            self._is_kept = False
            self._keeper.discard(self._key)

    def flush(self) -> None:
        """Write or forget it here and now: the page is about to go."""
        self._keeper.flush()

    def _found(self, drafts: list[Draft], bring_back: BringBack) -> None:
        draft = next((one for one in drafts if one.key == self._key), None)
        if draft is None:
            return
        self._is_kept = True
        if not bring_back(draft.state, unpack(ClientRecord, draft.base or {}), draft.saved_at):
            self.drop()
