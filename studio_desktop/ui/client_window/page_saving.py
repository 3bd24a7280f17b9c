"""Saving a client's page: the record, then what its tabs save of their own, then whatever waited for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio_desktop.domain import merge
from studio_desktop.domain.errors import (
    Conflict,
    DatabaseUnavailable,
    Deleted,
    InvalidFields,
    InvalidInput,
    StudioError,
)
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.ui.client_window.deletion import settle_deletion
from studio_desktop.ui.client_window.saver import Saver
from studio_desktop.ui.dialogs.conflict import settle_conflict

if TYPE_CHECKING:
    from studio_desktop.services import Saved
    from studio_desktop.ui.client_window.page_draft import PageDraft
    from studio_desktop.ui.client_window.tab import Tab
    from studio_desktop.ui.client_window.typed_record import TypedRecord
    from studio_desktop.ui.client_window.window import ClientPage


class PageSaving(QObject):
    """One save at a time, however often it is asked for; what is typed meanwhile stays, and is not saved yet."""

    def __init__(self, page: ClientPage, typed: TypedRecord, draft: PageDraft) -> None:
        super().__init__(page)
        self._page = page
        self._typed = typed
        self._draft = draft
        self._saver: Saver[ClientRecord] = Saver(page.shell, self)
        self._waiting: list[Callable[[], None]] = []
        self._leaving = False
        self.is_under_way = False

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Save everything that was typed, then call `then`."""
        if then is not None:
            self._waiting.append(then)
        if not self.is_under_way:
            self._settle_and_save()

    def leave(self, then: Callable[[], None]) -> None:
        """Save everything, then call `then`; what cannot be saved may wait as a draft."""
        self._leaving = True
        self.save(then)

    def _settle_and_save(self) -> None:
        unsettled = next((tab for tab in self._page.made_tabs() if not tab.is_settled()), None)
        if unsettled is None:
            self._save_record()
            return
        self._begin()
        unsettled.settle(self._settle_and_save, self._refused)

    def _save_record(self) -> None:
        base = self._typed.base
        try:
            mine = self._typed.read()
        except InvalidFields as faults:
            self._refused(faults)
            return
        if not merge.changed(base, mine):
            self._save_tabs()
            return
        self._begin()
        page = self._page
        name = page.title()
        self._saver.save(
            page.shell.services.clients.save,
            base,
            mine,
            partial(self._record_saved, mine),
            self._refused,
            lambda conflict, save: settle_conflict(page.shell, page, name, conflict, save),
        )

    def _record_saved(self, sent: ClientRecord, saved: Saved[ClientRecord]) -> None:
        self._page.take_saved(sent, saved)
        self._save_tabs()

    def _save_tabs(self) -> None:
        unsaved = [tab for tab in self._page.made_tabs() if tab.unsaved()]
        if unsaved:
            self._begin()
            unsaved[0].save(self._save_tabs, partial(self._refused, by=unsaved[0]))
        else:
            self._all_saved()

    def _begin(self) -> None:
        self.is_under_way = True
        self._page.say_state(self.tr("Saving…"))

    def _all_saved(self) -> None:
        self.is_under_way = False
        self._leaving = False
        if self._page.unsaved():  # typed while it was being saved
            if self._waiting:
                self._settle_and_save()
                return
            self._page.say_state(self.tr("Not saved yet"))
        else:
            self._draft.drop()
            self._page.say_state("")
            self._page.set_editing(False)
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._draft.flush()
        for then in waiting:
            then()

    def _refused(self, error: StudioError, by: Tab | None = None) -> None:
        """Nothing was saved; a tab that saves records of its own (`by`) has marked their faults itself."""
        page = self._page
        leaving, self._leaving, self.is_under_way = self._leaving, False, False
        waiting, self._waiting = self._waiting, []
        # Why the database does not answer, its banner says as long as that is so; the typed text outlasts it.
        is_away = isinstance(error, DatabaseUnavailable)
        page.say_state(self.tr("Not saved yet") if is_away else self.tr("Not saved: {why}").format(why=error))
        if isinstance(error, InvalidInput) and by is not None:
            page.show_tab(by.name, focus=False)
        elif isinstance(error, InvalidInput):
            page.mark(error)
        elif isinstance(error, Conflict):
            page.take_focus()
        elif isinstance(error, Deleted):
            again, drop = partial(self._save_again, waiting), partial(self._drop_typed, waiting)
            settle_deletion(page.shell, page, page.client_id, page.title(), error, again, drop)
        else:
            page.shell.failed(error, page.save if is_away else None)
            if leaving:
                self._ask_how_to_leave(error, waiting)

    def _drop_typed(self, waiting: list[Callable[[], None]]) -> None:
        self._page.revert()
        self._page.read_again()
        for then in waiting:
            then()

    def _save_again(self, waiting: list[Callable[[], None]]) -> None:
        self._waiting += waiting
        self.save()

    def _ask_how_to_leave(self, error: StudioError, waiting: list[Callable[[], None]]) -> None:
        """It cannot be saved now, and somebody wants to go."""
        page = self._page
        question = self.tr("{name} could not be saved.").format(name=page.title())
        answers = (self.tr("Close and &keep it as a draft"), self.tr("&Discard what is typed"))
        typed = self.tr("Not saved: {fields}.").format(fields=", ".join(dict.fromkeys(page.unsaved())))
        answer = page.shell.prompts.choose(page, question, f"{error} {typed}", answers)
        if answer is None:
            return
        if answer == 0:
            self._draft.keep()
            self._draft.flush()
        else:
            self._draft.drop()
        page.give_up()
        for then in waiting:
            then()
