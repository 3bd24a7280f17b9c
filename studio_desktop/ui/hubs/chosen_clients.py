"""What is done with the chosen clients of a list: where they are, what they are, and which groups they are in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio_desktop.domain.records.clients import ClientKind, Stage
from studio_desktop.services import new_request
from studio_desktop.services.listings.clients import CLIENTS
from studio_desktop.services.listings.declaration import Query
from studio_desktop.ui.actions import MenuEntry
from studio_desktop.ui.alike import deletion_in_words
from studio_desktop.ui.choices import offered

if TYPE_CHECKING:
    from studio_desktop.services import Saved
    from studio_desktop.services.trash import Deletion
    from studio_desktop.ui.page import Page
    from studio_desktop.ui.widgets.listing_view import ListingView

ASKED_ABOVE = 20
"""Clients above which it is asked about that they leave the list."""

CLIENT_ACTIONS = ("groups", "archive", "hide", "delete", "to_client", "to_prospect", "to_lead")
"""The actions that a page with `ChosenClients` carries out."""


class ChosenClients:
    """The handlers and drop-downs of `CLIENT_ACTIONS` for a page with a list of clients."""

    def __init__(self, page: Page, clients: ListingView) -> None:
        self._page = page
        self._shell = page.shell
        self._list = clients

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """What each does at once."""
        return {
            "archive": partial(self._set_stage, Stage.ARCHIVED),
            "hide": partial(self._set_stage, Stage.HIDDEN),
            **{f"to_{kind.value}": partial(self._set_kind, kind) for kind in ClientKind},
            "delete": self.delete,
        }

    def menus(self) -> Mapping[str, Callable[[], Iterable[MenuEntry]]]:
        """The groups that they can join or leave, and why they are archived."""
        return {"groups": self._group_entries, "archive": self._archive_entries}

    def named(self, ids: Sequence[int]) -> str:
        """The one client by name, several by their number."""
        one = self._page.client_in_hand()
        return one.name if one is not None and [one.id] == list(ids) else _count_of(len(ids))

    def delete(self) -> None:
        """Into the trash, or archived where something hangs on them (S0-19)."""
        ids, services, request = self._page.chosen_clients(), self._shell.services, new_request()
        whom = self.named(ids)
        if not self._may_leave(ids, tr("Delete {whom}").format(whom=whom)):
            return

        def done(saved: Saved[Deletion]) -> None:
            self._list.set_ticked(ids, False)
            self._shell.saved(deletion_in_words(whom, saved.result), saved.changes)

        self._shell.tasks.run(self._page, lambda: services.clients.delete(ids, request), done)

    def _set_stage(self, stage: Stage, reason_id: int | None = None) -> None:
        """Put the chosen clients there, or bring them back if all are there already (S0-14 to S0-18)."""
        ids, services, request = self._page.chosen_clients(), self._shell.services, new_request()
        asked = _STAGES[stage][1]
        if asked and not self._may_leave(ids, tr(asked).format(whom=self.named(ids))):
            return

        def work() -> tuple[Stage, Saved[int]]:
            there = services.listings.ids(CLIENTS.name, Query({"stage": stage}, ids=tuple(ids)))
            comes_back = len(there) == len(ids) and reason_id is None
            wanted = Stage.ACTIVE if comes_back else stage
            return wanted, services.clients.set_stage(ids, wanted, request, reason_id=reason_id)

        def told(outcome: tuple[Stage, Saved[int]]) -> None:
            reached, saved = outcome
            if not saved.result:
                self._shell.say(tr("Nothing changed."))
                return
            if reached is not Stage.ACTIVE:
                self._list.set_ticked(ids, False)
            whom = self.named(ids) if saved.result == len(ids) else _count_of(saved.result)
            self._shell.saved(tr(_STAGES[reached][0]).format(whom=whom), saved.changes)

        self._shell.tasks.run(self._page, work, told)

    def _set_kind(self, kind: ClientKind) -> None:
        """S0-08 to S0-12: for all that are ticked, at once."""
        ids, services, request = self._page.chosen_clients(), self._shell.services, new_request()
        whom = self.named(ids)

        def done(saved: Saved[int]) -> None:
            if saved.result:
                said = tr("{whom}: now {kind}")
                self._shell.saved(said.format(whom=whom, kind=kind.value), saved.changes)
            else:
                self._shell.say(tr("Nothing changed."))

        self._shell.tasks.run(self._page, lambda: services.clients.set_kind(ids, kind, request), done)

    def _archive_entries(self) -> list[MenuEntry]:
        why_not, reasons = self._page.why_not("archive"), offered(self._shell.choices["archive_reasons"])
        stages: list[tuple[str, Stage, int | None]] = [
            (tr("Without a reason"), Stage.ARCHIVED, None),
            *((text, Stage.ARCHIVED, reason_id) for reason_id, text, _ in reasons),
            (tr("Bring back into the lists"), Stage.ACTIVE, None),
        ]
        return [
            MenuEntry(text, partial(self._set_stage, stage, reason_id), why_not=why_not)
            for text, stage, reason_id in stages
        ]

    def _may_leave(self, ids: Sequence[int], action: str) -> bool:
        """Whether so many clients are really meant."""
        explanation = tr("Undo brings them back.")
        return len(ids) <= ASKED_ABOVE or self._shell.prompts.confirm(self._page, f"{action}?", explanation, action)

    def _join(self, group_id: int, group: str, joins: bool) -> None:
        ids, groups, request = self._page.chosen_clients(), self._shell.services.groups, new_request()
        said = tr("Added {count} to {group}") if joins else tr("Took {count} out of {group}")
        unchanged = tr("All of them are in {group} already.") if joins else tr("None of them is in {group}.")

        def done(saved: Saved[int]) -> None:
            if saved.result:
                self._shell.saved(said.format(count=_count_of(saved.result), group=group), saved.changes)
            else:
                self._shell.say(unchanged.format(group=group))

        change = groups.add if joins else groups.remove
        self._shell.tasks.run(self._page, lambda: change(ids, group_id, request), done)

    def _group_entries(self) -> list[MenuEntry]:
        groups = [one for one in self._shell.choices["client_groups"] if not one.inactive]
        why_not = self._page.why_not("groups")
        return [
            MenuEntry(words.format(group=one.text), partial(self._join, one.id, one.text, joins), why_not=why_not)
            for joins, words in ((True, tr("Add to {group}")), (False, tr("Take out of {group}")))
            for one in groups
        ]


_STAGES: Mapping[Stage, tuple[str, str]] = {
    Stage.ARCHIVED: ("Archived {whom}", "Archive {whom}"),
    Stage.HIDDEN: ("Hidden: {whom}", "Hide {whom}"),
    Stage.ACTIVE: ("{whom}: in the lists again", ""),
}
"""What is said when clients are there now, and what is asked before many go there."""


def tr(text: str) -> str:
    """The text in the language of the window."""
    return QCoreApplication.translate("ChosenClients", text)


def _count_of(clients: int) -> str:
    return tr("one client") if clients == 1 else tr("{count} clients").format(count=clients)
